"""The run that a workbook says it comes from."""

from pathlib import Path

from poa_xl.books.package import open_package
from poa_xl.errors import PoaError
from poa_xl.sheet.mark import RUN_MARK, read_mark


def run_of(path: Path) -> str | None:
    """Return the run that a master carries; None when it carries none, or cannot be read."""
    try:
        return read_mark(open_package(path).marks.get(RUN_MARK)).get("run")
    except PoaError:
        return None
