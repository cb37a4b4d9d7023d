"""Workbooks as the rest of the program sees them: read whole, sheet images written."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

from poa_xl.books.files import replace, stamp
from poa_xl.books.package import Package, open_package
from poa_xl.books.sheetxml import read_workbook
from poa_xl.core.text import readable
from poa_xl.errors import BookError
from poa_xl.i18n import say
from poa_xl.sheet.grid import Workbook
from poa_xl.sheet.spec import SheetSpec


class Book(Protocol):
    """What every kind of workbook can do; `tests/books/test_contract.py` holds them to it."""

    @property
    def name(self) -> str:
        """Name of the workbook, without folders."""

    def read(self) -> Workbook:
        """Read the whole workbook.

        Raises:
            BookError: It cannot be read.
        """

    def write(self, sheets: Sequence[SheetSpec], properties: Mapping[str, str] | None = None) -> Path | None:
        """Put new sheets in the place of all old ones.

        Args:
            sheets: The sheets in tab order, at least one.
            properties: Custom properties of the workbook.

        Returns:
            The backup of what stood there; None when nothing did, or nothing would change.

        Raises:
            BookError: It cannot be written.
            StaleBookError: It changed since it was opened.
        """


class FileBook:
    """A closed file.

    Args:
        path: The file; it may not exist yet.
        package: Its content, when it was read already.
    """

    def __init__(self, path: Path, package: Package | None = None) -> None:
        self.path = path
        self._package = package
        self._stamp = package.stamp if package is not None else stamp(path) if path.is_file() else None

    @property
    def name(self) -> str:
        """Name of the file."""
        return readable(self.path.name)

    @property
    def exists(self) -> bool:
        """Whether the file was there when this was made."""
        return self._stamp is not None

    def read(self) -> Workbook:
        """Read it; see `Book`. A write is refused when the file changed since."""
        package = self._package or open_package(self.path)
        self._stamp = package.stamp
        return read_workbook(package)

    def write(self, sheets: Sequence[SheetSpec], properties: Mapping[str, str] | None = None) -> Path | None:
        """Replace the file in one atomic step, after a backup; see `Book`."""
        if self.path.suffix.lower() != ".xlsx":
            raise BookError(say("{file}: solo se escriben libros .xlsx", file=self.name))
        data = _build(sheets, properties)
        backup = replace(self.path, data, expected=self._stamp)
        self._stamp = stamp(self.path)
        return backup


class MemoryBook:
    """A workbook that never touches a disk: for tests and previews.

    Args:
        name: Name for addresses and messages.
        data: The bytes of an .xlsx file; none for a new workbook.
    """

    def __init__(self, name: str, data: bytes | None = None) -> None:
        self._name = name
        self.data = data

    @property
    def name(self) -> str:
        """Name as given."""
        return self._name

    def read(self) -> Workbook:
        """Read it; see `Book`."""
        return read_workbook(Package(self.data or b"", self._name))

    def write(self, sheets: Sequence[SheetSpec], properties: Mapping[str, str] | None = None) -> Path | None:
        """Replace the bytes; see `Book`."""
        self.data = _build(sheets, properties)
        return None


def _build(sheets: Sequence[SheetSpec], properties: Mapping[str, str] | None) -> bytes:
    from poa_xl.books.writer import build  # noqa: PLC0415 - who only reads need not load XlsxWriter

    return build(sheets, properties)
