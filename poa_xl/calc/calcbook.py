"""Files that a running Calc reads and writes: the third kind of `poa_xl.books.book.Book`.

Formulas are calculated as they are read, whatever the file says they came to. What Calc writes is Calc's own
rendering of a workbook: for new files, never for one of a planner.
"""

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import xlwings as xw

from poa_xl.books.files import replace as put_in_place
from poa_xl.books.files import stamp
from poa_xl.calc.program import live_book
from poa_xl.errors import BookError
from poa_xl.i18n import say
from poa_xl.sheet.grid import Workbook
from poa_xl.sheet.spec import SheetSpec


class CalcBook:
    """A workbook file, through Calc.

    Args:
        app: The running Calc, as `poa_xl.calc.engine.attach` gives it.
        path: The file; it may not exist yet.
    """

    def __init__(self, app: xw.App, path: Path) -> None:
        self._app = app
        self.path = path
        self._stamp = stamp(path) if path.is_file() else None

    @property
    def name(self) -> str:
        """Name of the file."""
        return self.path.name

    def read(self) -> Workbook:
        """Read it; see `Book`."""
        if not self.path.is_file():
            raise BookError(say("{file}: no existe", file=self.name))
        self._stamp = stamp(self.path)
        book = self._app.books.open(str(self.path))
        try:
            book.api.calculateAll()
            return replace(live_book(book).read(), name=self.name)
        finally:
            book.close()

    def write(self, sheets: Sequence[SheetSpec], properties: Mapping[str, str] | None = None) -> Path | None:
        """Replace the file in one atomic step, after a backup; see `Book`."""
        with tempfile.TemporaryDirectory() as folder:
            made = Path(folder) / self.name
            book = self._app.books.add()
            try:
                blank = list(book.sheets)
                for image in sheets:
                    live_book(book).draw(image, after=book.sheets[len(book.sheets) - 1].name)
                for sheet in blank:
                    sheet.delete()
                known = book.api.DocumentProperties.UserDefinedProperties
                for key, value in (properties or {}).items():
                    known.addProperty(key, 0, value)
                book.save(str(made))
            finally:
                book.close()
            backup = put_in_place(self.path, made.read_bytes(), expected=self._stamp)
        self._stamp = stamp(self.path)
        return backup
