"""What a workbook says of the run that it comes from."""

from pathlib import Path

from poa_xl.books.package import open_package
from poa_xl.errors import PoaError
from poa_xl.sheet.mark import RUN_MARK, read_mark


def carried_by(path: Path) -> dict[str, str]:
    """Return what a master carries of its last run: the id, and the sheets that it keeps.

    Raises:
        BookError: It cannot be read.
    """
    return read_mark(open_package(path).marks.get(RUN_MARK))


def run_of(path: Path) -> str | None:
    """Return the run that a master carries; None when it carries none, or cannot be read."""
    try:
        return carried_by(path).get("run")
    except PoaError:
        return None
