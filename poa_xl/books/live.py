"""Workbooks that are open in a program, as the buttons see them: one protocol, an adapter for each program.

`poa_xl.books.attached` is the adapter for what xlwings speaks with; what Excel and Calc do in different ways stands in
`poa_xl.books.excel` and `poa_xl.calc.program`.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple, Protocol

from poa_xl.sheet.areas import Area, Content, Matrix
from poa_xl.sheet.grid import Workbook, letters
from poa_xl.sheet.spec import Cell, ConditionalFormat, Prompt, SheetSpec, Style


class Box(NamedTuple):
    """A rectangle of cells on a sheet, all four numbers from 1, inclusive."""

    top: int
    left: int
    bottom: int
    right: int


class LiveBook(Protocol):
    """What buttons need of a workbook that is open; `tests/books/test_contract.py` holds the adapters to it."""

    @property
    def name(self) -> str:
        """Name of the workbook, without folders."""

    @property
    def address(self) -> str:
        """Where it is: a path, the address of a cloud, or its name where it was never saved."""

    @property
    def program(self) -> str:
        """Which program has it open."""

    @property
    def sheets(self) -> list[str]:
        """Names of its sheets, in tab order."""

    @property
    def active(self) -> str:
        """Name of the sheet that is looked at."""

    @property
    def selected(self) -> Box | None:
        """The selected cells of the active sheet; None where something else is selected."""

    @property
    def properties(self) -> Mapping[str, str]:
        """Its custom properties."""

    @property
    def names(self) -> Mapping[str, str]:
        """What its names stand for, cells as formulas write them."""

    def give_names(self, wanted: Mapping[str, str]) -> None:
        """Have names stand for cells; those with an empty text go."""

    def read(self) -> Workbook:
        """Read all of it, as a closed file is read."""

    def contents(self, sheet: str, box: Box | None = None) -> Area:
        """Return what cells hold, by default all used ones: formulas where there are some, else values.

        Texts that look like formulas get an apostrophe in front.
        """

    def put(self, area: Area) -> None:
        """Write contents as `contents` gives them: texts stay texts, formulas are English with commas."""

    def insert(self, sheet: str, row: int, like: int, count: int = 1) -> None:
        """Put rows in before a row: looks, lists and contents of another one, formulas as they read there."""

    def take_out(self, sheet: str, row: int, count: int = 1) -> None:
        """Take rows out of a sheet."""

    def unlocked(self, sheet: str) -> AbstractContextManager[None]:
        """Lift the protection of a sheet for a while, where it has no password, and put it back as it was.

        Raises:
            BookError: It has a password, or the program does not do so.
        """

    def dress(self, sheet: str, box: Box, style: Style | None) -> None:
        """Apply the part of a look that all programs share to cells; None takes their fill away."""

    def widen(self, sheet: str, column: int, width: float, count: int = 1) -> None:
        """Set the width of some columns from one on, in characters; 0 hides them."""

    def hide(self, sheet: str, rows: Collection[int], *, hidden: bool) -> None:
        """Hide rows of a sheet, or show them again."""

    def arrows(self, sheet: str) -> str:
        """Return the cells over which filter arrows stand, `A4:AH138`; empty for none, or where nobody tells."""

    def filter(self, sheet: str, cells: str) -> None:
        """Put filter arrows over cells, in place of those that are there, where the program does so; empty for none."""

    def draw(self, image: SheetSpec, after: str) -> None:
        """Make a sheet behind another one: contents, looks, sizes, merges, outline levels, lists, formats."""

    def drop(self, sheet: str) -> None:
        """Take a sheet away."""

    def rules(self, sheet: str) -> list[str]:
        """Return the formulas of the conditional formats of a sheet."""

    def paint(self, sheet: str, rules: Sequence[ConditionalFormat]) -> None:
        """Add conditional formats."""

    def unpaint(self, sheet: str, is_ours: Callable[[str], bool]) -> None:
        """Take the conditional formats away whose formula is ours."""

    def help(self, sheet: str, prompts: Sequence[Prompt]) -> None:
        """Say these things beside cells that are selected, where nothing is said yet, and nothing else of ours."""

    def is_protected(self, sheet: str, box: Box | None = None) -> bool:
        """Whether cells of a sheet, by default any of them, refuse to be changed."""

    @property
    def refuses_sheets(self) -> bool:
        """Whether the workbook is protected against sheets that come or go."""

    def select(self, sheet: str, place: tuple[int, int] | None = None) -> None:
        """Show a sheet, and select a cell of it."""

    def step(self, name: str) -> AbstractContextManager[None]:
        """Make all changes inside one step of the program's undo list, without flicker.

        Screen, calculation, sheet, selection and scroll position are put back as they were.
        """

    def report(self, text: str) -> None:
        """Say in the status bar what is going on; an empty text gives the bar back."""

    def tell(self, text: str, title: str, *, is_error: bool = False) -> None:
        """Show a message box."""

    def ask(self, question: str, title: str) -> bool:
        """Ask in a message box whether to go on."""

    def prompt(self, question: str, title: str, given: str = "") -> str | None:
        """Ask in a box for a line of text, where something stands already; None when people do not go on."""

    def save(self) -> None:
        """Save the workbook where it is."""

    def show(self, path: Path) -> None:
        """Open another workbook in the same program, and look at it."""

    def closed(self) -> AbstractContextManager[None]:
        """Close the workbook while something writes its file, and open it again whatever happens."""


def file_of(book: LiveBook) -> Path | None:
    """Return the file of a workbook; None where it is in no folder of this machine."""
    path = Path(book.address)
    return path if path.is_absolute() and path.is_file() else None


def is_in_a_cloud(book: LiveBook) -> bool:
    """Whether a workbook is opened from OneDrive, SharePoint or another address, and no folder of this machine."""
    return "://" in book.address


def matrix_of(cells: Mapping[tuple[int, int], Cell], name: str) -> Area:
    """Turn the cells of an image into one area; links become formulas that jump."""
    rows, columns = ([place[i] for place in cells] for i in (0, 1))
    top, left = min(rows), min(columns)
    matrix: Matrix = [
        [content_of(cells.get((row, column))) for column in range(left, max(columns) + 1)]
        for row in range(top, max(rows) + 1)
    ]
    return Area(name, top, left, matrix)


def content_of(cell: Cell | None) -> Content:
    """Return what a drawn cell holds once it stands in a sheet."""
    if cell is None:
        return None
    if cell.link:
        target, shown = (str(text).replace('"', '""') for text in (cell.link, cell.value))
        return f'=HYPERLINK("#{target}","{shown}")'
    if isinstance(cell.value, str) and not cell.formula and cell.value.startswith("="):
        return f"'{cell.value}"
    value = cell.formula or cell.value
    return float(value) if isinstance(value, Decimal) else str(value) if isinstance(value, date) else value


def area_box(area: Area) -> Box:
    """Return the cells that an area stands on."""
    rows, columns = area.shape
    return Box(area.row, area.column, area.row + rows - 1, area.column + columns - 1)


def address(row: int, column: int) -> str:
    """Return the address of a cell: `H12`."""
    return f"{letters(column)}{row}"
