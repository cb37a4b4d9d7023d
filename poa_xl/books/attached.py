"""Workbooks that are open in a program that xlwings speaks with: Excel, or Calc with the engine of `poa_xl.calc`.

Reads and writes go in bulk. What the person at the screen looks at stays as it was: selection, scroll position,
calculation mode. What a program may refuse and nobody needs is swallowed, with a line in the log.
"""

import contextlib
from collections.abc import Iterator, Mapping
from pathlib import Path

import xlwings as xw

from poa_xl.books.host import Program, optional
from poa_xl.books.live import Box
from poa_xl.books.opencells import (
    box_of,
    grid_of,
)
from poa_xl.books.opensheets import AttachedSheets
from poa_xl.sheet.grid import Workbook
from poa_xl.sheet.mark import is_mark_name


class AttachedBook(AttachedSheets):
    """A workbook open in a program; see `LiveBook`.

    Args:
        book: The workbook.
        program: The program that has it open.
    """

    def __init__(self, book: xw.Book, program: Program) -> None:
        super().__init__(book, program)
        # Once a workbook is closed it does not say any more which program that was.
        self._app = book.app

    @property
    def name(self) -> str:
        """Name of the workbook."""
        return str(self._book.name)

    @property
    def address(self) -> str:
        """Where it is."""
        return self._program.address(self._book)

    @property
    def program(self) -> str:
        """Which program has it open."""
        return f"{self._program.name} · xlwings {xw.__version__}"

    @property
    def sheets(self) -> list[str]:
        """Names of the sheets."""
        return [sheet.name for sheet in self._book.sheets]

    @property
    def active(self) -> str:
        """Name of the active sheet."""
        return str(self._book.sheets.active.name)

    @property
    def selected(self) -> Box | None:
        """The selected cells."""
        selected = self._book.selection
        return box_of(selected) if selected is not None else None

    @property
    def properties(self) -> Mapping[str, str]:
        """Its custom properties."""
        return self._program.properties(self._book)

    def read(self) -> Workbook:
        """Read all of it."""
        from_1904 = self._program.counts_from_1904(self._book)
        grids = tuple(grid_of(self._program, sheet, date1904=from_1904) for sheet in self._book.sheets)
        return Workbook(self.name, grids, self.properties, self._marks())

    def _marks(self) -> dict[str, str]:
        names = {each.name: each for each in self._book.names}
        found = {name: str(names[name].refers_to) for name in names if is_mark_name(name)}
        return {name: text.removeprefix("=")[1:-1].replace('""', '"') for name, text in found.items()}

    @property
    def names(self) -> dict[str, str]:
        """What its names stand for."""
        return {str(each.name): str(each.refers_to).removeprefix("=") for each in self._book.names}

    def give_names(self, wanted: Mapping[str, str]) -> None:
        """Have names stand for cells."""
        known = {str(each.name): each for each in self._book.names}
        for called, cells in self._in_steps(list(wanted.items())):
            if not cells and called in known:
                known[called].delete()
            elif called in known:
                known[called].refers_to = f"={cells}"
            elif cells:
                self._book.names.add(called, f"={cells}")

    def is_protected(self, sheet: str, box: Box | None = None) -> bool:
        """Whether cells of a sheet refuse to be changed."""
        page = self._book.sheets[sheet]
        if not self._program.is_protected(page):
            return False
        return box is None or self._program.is_locked(page.range((box.top, box.left), (box.bottom, box.right)))

    @property
    def refuses_sheets(self) -> bool:
        """Whether the workbook is protected."""
        return self._program.refuses_sheets(self._book)

    def select(self, sheet: str, place: tuple[int, int] | None = None) -> None:
        """Show a sheet and a cell of it."""
        page = self._book.sheets[sheet]
        page.activate()
        if place is not None:
            page.range(place).select()

    @contextlib.contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Work in one step, without flicker; put what the person looks at back as it was."""
        app, book = self._app, self._book
        sheet, selected, scroll = book.sheets.active, book.selection, self._program.place(book)
        updating, calculation = app.screen_updating, app.calculation
        app.screen_updating, app.calculation = False, "manual"
        try:
            with self._program.step(book, name):
                yield
        finally:
            app.calculation = calculation
            with optional("put the selection back"):  # the sheet may be gone
                sheet.activate()
                if selected is not None:
                    selected.select()
                scroll()
            app.screen_updating = updating
            self.report("")

    def report(self, text: str) -> None:
        """Say in the status bar what is going on."""
        with optional("write the status bar"):
            self._app.status_bar = text or False

    def tell(self, text: str, title: str, *, is_error: bool = False) -> None:
        """Show a message box."""
        self._app.alert(text, title, mode="critical" if is_error else "info")

    def ask(self, question: str, title: str) -> bool:
        """Ask whether to go on."""
        return self._app.alert(question, title, "ok_cancel") != "cancel"

    def prompt(self, question: str, title: str, given: str = "") -> str | None:
        """Ask for a line of text."""
        return self._program.prompt(self._app, question, title, given)

    def save(self) -> None:
        """Save the workbook."""
        self._book.save()

    def show(self, path: Path) -> None:
        """Open another workbook."""
        self._program.open(self._app, path)

    @contextlib.contextmanager
    def closed(self) -> Iterator[None]:
        """Close the workbook for a while."""
        path = Path(self.address)
        self._book.close()
        try:
            yield
        finally:
            self._program.open(self._app, path)
            books = (each for each in self._app.books if self._program.address(each) == str(path))
            self._book = next(books, self._book)
