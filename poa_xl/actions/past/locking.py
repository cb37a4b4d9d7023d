"""One consolidation at a time: whoever writes into a master holds its lock."""

import contextlib
import math
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from poa_xl.books.files import real, sweep
from poa_xl.errors import BookError, SyncError
from poa_xl.i18n import reason, say
from poa_xl.store.records import FOLDER

_PATIENCE = 30.0


@contextlib.contextmanager
def locked(master: Path) -> Iterator[None]:
    """Keep others from consolidating into a master meanwhile.

    Raises:
        SyncError: Somebody else has been at it for half a minute.
        BookError: Its folder cannot be written in.
    """
    if sys.platform == "emscripten":
        # Nobody else sees the files of a page.
        yield
        return
    from filelock import FileLock, Timeout  # noqa: PLC0415 - not in a page

    master = real(master)
    folder = master.parent / FOLDER
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / f"{master.name}.lock", timeout=patience()):
            sweep(master)
            yield
    except Timeout as error:
        raise SyncError(
            say("{file}: otra consolidación está en marcha; esperar y repetir", file=master.name)
        ) from error
    except OSError as error:
        raise BookError(
            say("{file}: no se puede escribir en su carpeta ({detail})", file=str(master), detail=reason(error))
        ) from error


def patience() -> float:
    """Return how long to wait for another consolidation, seconds.

    Raises:
        SyncError: `POA_WAIT` says something else.
    """
    text = os.environ.get("POA_WAIT", "").strip()
    if not text:
        return _PATIENCE
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not 0 <= seconds < math.inf:
        raise SyncError(say("POA_WAIT: «{text}» no es un número de segundos", text=text))
    return seconds
