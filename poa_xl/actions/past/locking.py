"""One consolidation at a time: whoever writes into a master holds its lock."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from filelock import FileLock, Timeout

from poa_xl.books.files import sweep
from poa_xl.errors import BookError, SyncError
from poa_xl.i18n import say
from poa_xl.store.history import FOLDER

_PATIENCE = 30.0


@contextlib.contextmanager
def locked(master: Path) -> Iterator[None]:
    """Keep others from consolidating into a master meanwhile.

    Raises:
        SyncError: Somebody else has been at it for half a minute.
    """
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
        raise BookError(say("{file}: no se puede escribir en su carpeta ({detail})", file=str(master),
                            detail=error.strerror)) from error  # fmt: skip


def patience() -> float:
    """Return how long to wait for another consolidation, seconds."""
    return float(os.environ.get("POA_WAIT", _PATIENCE))
