"""Where the history of a master is."""

from pathlib import Path

from sqlalchemy.engine import URL as URL  # noqa: PLC0414 - of whoever speaks of addresses
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from poa_xl.core.text import readable
from poa_xl.errors import BookError
from poa_xl.i18n import say
from poa_xl.store.records import FILE, FOLDER


def location(store: str | None, master: Path) -> URL:
    """Return the address of the history of a master.

    Args:
        store: A database URL or a file; None for the file beside the master.
        master: The master.

    Raises:
        BookError: `store` is no address, or one that keeps nothing.
    """
    if store is None or "://" not in store:
        # Made of its parts: `?`, `#` and `%20` are letters of a path here.
        path = master.parent / FOLDER / FILE if store is None else Path(store)
        if store is not None and (not store.strip() or path.is_dir()):
            raise BookError(
                say("--store {url}: tiene que ser un archivo o la dirección de una base de datos", url=store)
            )
        return URL.create("sqlite", database=str(path))
    try:
        url = make_url(store)
    except (ArgumentError, ValueError) as error:
        raise BookError(no_address(store, error)) from error
    if url.get_backend_name() == "sqlite" and (not url.database or url.database == ":memory:"):
        raise BookError(say("--store {url}: tiene que ser un archivo o la dirección de una base de datos", url=store))
    return url


def file_of(url: URL) -> Path | None:
    """Return the file of a SQLite database; None for others."""
    return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None


def shown(url: URL) -> str:
    """Return the address of a history for people: a file by its path, any other without its password."""
    return readable(str(file_of(url) or url.render_as_string()))


def no_address(url: str, error: Exception) -> str:
    """Return the sentence for an address that is none."""
    return say("{url}: no es la dirección de una base de datos ({detail})", url=url, detail=error)
