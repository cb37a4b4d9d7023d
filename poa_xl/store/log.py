"""The log of this user: what went wrong, with its traceback, and what a program refused."""

import contextlib
import logging
from collections.abc import Iterator
from logging.handlers import RotatingFileHandler
from pathlib import Path

from poa_xl.store.journal import folder

LOG = logging.getLogger("poa_xl")
_LARGEST = 500_000


def log_file() -> Path:
    """Return the file that the log goes to."""
    return folder() / "poa-xl.log"


def excel_log() -> Path | None:
    """Return the file in which Excel for Mac says what it refused: it may write in a folder of its own only."""
    path = Path.home() / "Library/Containers/com.microsoft.Excel/Data" / log_file().name
    return path if path.is_file() else None


@contextlib.contextmanager
def logged() -> Iterator[None]:
    """Write to the log whatever is said to `LOG` meanwhile; the file is open no longer than that."""
    handler = RotatingFileHandler(log_file(), maxBytes=_LARGEST, backupCount=1, encoding="utf-8", delay=True)
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
    LOG.addHandler(handler)
    try:
        yield
    finally:
        LOG.removeHandler(handler)
        handler.close()
