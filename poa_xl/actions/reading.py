"""Workbooks of every kind that can be read: our own kinds byte by byte, others as values only."""

from collections.abc import Callable, Mapping
from pathlib import Path

from poa_xl.books.book import FileBook
from poa_xl.books.carried import notices
from poa_xl.books.excel97 import read_xls
from poa_xl.books.opendocument import read_ods
from poa_xl.books.package import is_book_name, open_package
from poa_xl.sheet.grid import Workbook

# Kinds that are read and never edited, by how their names end.
_OTHERS: Mapping[str, Callable[[Path], Workbook]] = {".xls": read_xls, ".ods": read_ods}


def is_other(path: Path) -> bool:
    """Whether a workbook is of a kind that is read and never edited."""
    return path.suffix.lower() in _OTHERS


def is_workbook_name(path: Path) -> bool:
    """Whether a file is called like a workbook of any kind that is read."""
    return is_other(path) or is_book_name(path)


def read_workbook_of(path: Path) -> tuple[Workbook, list[str]]:
    """Read a workbook of any kind.

    Returns:
        The workbook, and what else whoever opens it should know.

    Raises:
        BookError: It cannot be read.
    """
    if is_other(path) and path.is_file():
        return _OTHERS[path.suffix.lower()](path), []
    package = open_package(path)
    return FileBook(path, package).read(), list(notices(package))
