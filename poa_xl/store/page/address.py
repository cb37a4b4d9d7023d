"""Where the history of a master is, in a page: in a file."""

from pathlib import Path
from typing import TypeAlias

from poa_xl.core.text import readable
from poa_xl.errors import BookError
from poa_xl.i18n import say
from poa_xl.store.records import FILE, FOLDER

URL: TypeAlias = Path


def location(store: str | None, master: Path) -> Path:
    """Return the file of the history of a master.

    Raises:
        BookError: It is to be a database on a server.
    """
    if store is not None and "://" in store:
        raise BookError(say("--store {url}: tiene que ser un archivo", url=store))
    return Path(store) if store is not None else master.parent / FOLDER / FILE


def file_of(url: Path) -> Path:
    """Return the file."""
    return url


def shown(url: Path) -> str:
    """Return the address of a history for people."""
    return readable(str(url))
