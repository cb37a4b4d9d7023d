"""Workbooks of every kind that can be read: our own kinds byte by byte, others as values only."""

from pathlib import Path

from poa_xl.books.book import FileBook
from poa_xl.books.carried import notices
from poa_xl.books.excel97 import read_xls
from poa_xl.books.opendocument import read_ods
from poa_xl.books.package import open_package
from poa_xl.sheet.grid import Workbook


def read_workbook_of(path: Path) -> tuple[Workbook, list[str]]:
    """Read a workbook of any kind.

    Returns:
        The workbook, and what else whoever opens it should know.

    Raises:
        BookError: It cannot be read.
    """
    if path.suffix.lower() == ".ods" and path.is_file():
        return read_ods(path), []
    if path.suffix.lower() == ".xls" and path.is_file():
        return read_xls(path), []
    package = open_package(path)
    return FileBook(path, package).read(), list(notices(package))
