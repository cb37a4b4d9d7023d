"""Workbooks that are open in a program that xlwings speaks with: Excel, or Calc with the engine of `poa_xl.calc`.

Reads and writes go in bulk. What the person at the screen looks at stays as it was: selection, scroll position,
calculation mode. What a program may refuse and nobody needs is swallowed, with a line in the log.
"""

import contextlib
import logging
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Protocol, TypeVar

import xlwings as xw

from poa_xl.books.live import Box, matrix_of
from poa_xl.core.values import Flaw, Invalid
from poa_xl.i18n import say
from poa_xl.sheet.areas import Area, Content, Matrix, value_of
from poa_xl.sheet.grid import Grid, Merge, Value, Workbook, runs
from poa_xl.sheet.mark import is_mark_name
from poa_xl.sheet.number_format import FACTORS, fixed, scaled_by
from poa_xl.sheet.spec import ConditionalFormat, Prompt, SheetSpec, Style

Item = TypeVar("Item")
Cells = dict[int, dict[int, Value]]
LOG = logging.getLogger("poa_xl")
# Changes in one step of Calc's undo list, well below the hundred that it keeps.
_SHORT = 40
# Excel gives the newer errors, for which xlwings has no names, as whole numbers.
_ERRORS = range(-2_146_826_300, -2_146_826_200)
_FIRST_DAY = datetime(1900, 1, 1)  # noqa: DTZ001 - cells know no zone
_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001
# From this month on all count alike.
_COUNTED = (1900, 3)
_ZERO_1904 = datetime(1904, 1, 1)  # noqa: DTZ001


@dataclass(frozen=True)
class Details:
    """What there is to know of the cells of a sheet besides their values; see `Grid`.

    Attributes:
        formulas: As in the grid.
        kinds: What formats show numbers as, where that is no number and no day; see `kind_of`.
        merges: As in the grid.
        hidden: As in the grid.
        totals: As in the grid.
    """

    formulas: Mapping[tuple[int, int], str] = field(default_factory=dict)
    kinds: Mapping[tuple[int, int], str] = field(default_factory=dict)
    merges: tuple[Merge, ...] = ()
    hidden: frozenset[int] = frozenset()
    totals: frozenset[tuple[int, int]] = frozenset()


class Program(Protocol):
    """What Excel and Calc do in different ways."""

    @property
    def name(self) -> str:
        """What it is called, for diagnosis."""

    @property
    def counts_true_days(self) -> bool:
        """Whether 29 February 1900 is no day for it: its dates before come a day earlier than those of a file."""

    def address(self, book: xw.Book) -> str:
        """Where a workbook is: a path, or the address of a cloud."""

    def details(self, sheet: xw.Sheet, cells: Cells) -> Details:
        """Look at cells; `cells` are those that hold something."""

    def counts_from_1904(self, book: xw.Book) -> bool:
        """Whether day numbers of a workbook count from 1904."""

    def properties(self, book: xw.Book) -> dict[str, str]:
        """Read the custom properties of a workbook."""

    def typed(self, content: Content) -> Content:
        """Return what makes a cell hold a content when it is set."""

    def is_protected(self, sheet: xw.Sheet) -> bool:
        """Whether locked cells of a sheet refuse to be changed."""

    def is_locked(self, cells: xw.Range) -> bool:
        """Whether some of these cells are locked."""

    def unlocked(self, sheet: xw.Sheet) -> AbstractContextManager[None]:
        """Lift the protection of a sheet for a while; see `LiveBook`."""

    def refuses_sheets(self, book: xw.Book) -> bool:
        """Whether a workbook is protected against sheets that come or go."""

    def place(self, book: xw.Book) -> Callable[[], None]:
        """Return what scrolls back to where the window is now."""

    def step(self, book: xw.Book, name: str) -> AbstractContextManager[None]:
        """Make all changes inside one step of the program's own undo list."""

    def finish(self, painted: Any, style: Style) -> None:  # noqa: ANN401 - xlwings has no name for it
        """Give a conditional format what xlwings has no words for: its box and its number format."""

    def help(self, sheet: xw.Sheet, prompts: Sequence[Prompt]) -> None:
        """Give cells input help in place of all of ours; a cell with a validation keeps that."""

    def hide(self, sheet: xw.Sheet, top: int, bottom: int, *, hidden: bool) -> None:
        """Hide rows from one to another, or show them again."""

    def open(self, app: xw.App, path: Path) -> None:
        """Open a workbook, beside another one of its name too."""


class AttachedBook:
    """A workbook open in a program; see `LiveBook`.

    Args:
        book: The workbook.
        program: The program that has it open.
    """

    def __init__(self, book: xw.Book, program: Program) -> None:
        self._book = book
        # Once a workbook is closed it does not say any more which program that was.
        self._app = book.app
        self._program = program

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
        grids = tuple(self._grid(sheet, date1904=from_1904) for sheet in self._book.sheets)
        return Workbook(self.name, grids, self.properties, self._marks())

    def _grid(self, sheet: xw.Sheet, *, date1904: bool) -> Grid:
        cells = read_cells(sheet)
        seen = self._program.details(sheet, cells)
        scaled: dict[tuple[int, int], int] = {}
        shown: dict[tuple[int, int], str] = {}
        for place, kind in seen.kinds.items():
            number = _number(cells.get(place[0], {}).get(place[1]), date1904=date1904)
            if number is not None and kind in FACTORS:
                cells[place[0]][place[1]] = scaled_by(number, kind)
                scaled[place] = FACTORS[kind]
            elif number is not None and kind == "date":
                shown[place] = kind
            elif number is not None and fixed(number, kind) != f"{number:f}":
                shown[place] = fixed(number, kind)
        if not date1904:
            _tell_no_days(cells, shown)
        if self._program.counts_true_days and not date1904:
            _count_as_files_do(cells, seen.kinds)
        return Grid(
            sheet.name,
            cells,
            seen.merges,
            seen.hidden,
            date1904,
            bool(sheet.visible),
            seen.formulas,
            scaled,
            shown,
            seen.totals,
        )

    def _marks(self) -> dict[str, str]:
        names = {each.name: each for each in self._book.names}
        found = {name: str(names[name].refers_to) for name in names if is_mark_name(name)}
        return {name: text.removeprefix("=")[1:-1].replace('""', '"') for name, text in found.items()}

    def contents(self, sheet: str, box: Box | None = None) -> Area:
        """Read what cells hold."""
        return contents(self._book.sheets[sheet], box)

    def put(self, area: Area) -> None:
        """Write contents."""
        self._put(self._book.sheets[area.sheet], area)

    def _put(self, sheet: xw.Sheet, area: Area) -> None:
        width = max(map(len, area.contents))
        with self._program.step(self._book, "POA"):
            for column in range(width):
                at = area.column + column
                values = [[self._program.typed(row[column])] for row in area.contents]
                sheet.range((area.row, at), (area.row + len(values) - 1, at)).value = values

    def insert(self, sheet: str, row: int, like: int, count: int = 1) -> None:
        """Put rows in before a row."""
        page = self._book.sheets[sheet]
        with self._program.step(self._book, "POA"):
            page.range(f"{row}:{row + count - 1}").insert("down")
            model = like if like < row else like + count
            right = used_box(page).right
            try:
                for line in range(row, row + count):
                    page.range((model, 1), (model, right)).copy(page.range((line, 1)))
                    page.range((line, 1)).row_height = page.range((model, 1)).row_height or 15
            except Exception:
                self.take_out(sheet, row, count)
                raise

    def take_out(self, sheet: str, row: int, count: int = 1) -> None:
        """Take rows out."""
        self._book.sheets[sheet].range(f"{row}:{row + count - 1}").delete("up")

    def unlocked(self, sheet: str) -> AbstractContextManager[None]:
        """Lift the protection of a sheet for a while."""
        page = self._book.sheets[sheet]
        return self._program.unlocked(page) if self._program.is_protected(page) else contextlib.nullcontext()

    def dress(self, sheet: str, box: Box, style: Style | None) -> None:
        """Apply a look to cells."""
        self._dress(self._book.sheets[sheet].range((box.top, box.left), (box.bottom, box.right)), style)

    def _dress(self, cells: xw.Range, style: Style | None) -> None:
        if style is None:
            cells.color = None
            return
        if not style.size:
            return
        with self._program.step(self._book, "POA"):
            if style.fill:
                cells.color = style.fill
            if style.color:
                cells.font.color = style.color
            if style.bold:
                cells.font.bold = True
            cells.font.size = style.size
            cells.vertical_alignment = "center"
            if style.align:
                cells.horizontal_alignment = style.align  # type: ignore[assignment] # ours are three of theirs
            if style.wrap:
                cells.wrap_text = True
            if style.number_format not in ("General", "@"):
                cells.number_format = style.number_format

    def widen(self, sheet: str, column: int, width: float, count: int = 1) -> None:
        """Set the width of columns."""
        self._book.sheets[sheet].range((1, column), (1, column + count - 1)).column_width = width

    def hide(self, sheet: str, rows: Collection[int], *, hidden: bool) -> None:
        """Hide rows, or show them again."""
        page = self._book.sheets[sheet]
        for top, _, bottom, _ in self._in_steps(list(runs([(row, 1) for row in sorted(rows)]))):
            self._program.hide(page, top, bottom, hidden=hidden)

    def draw(self, image: SheetSpec, after: str) -> None:
        """Make a sheet."""
        with self._program.step(self._book, "POA"):
            sheet = self._book.sheets.add(image.name, after=self._book.sheets[after])
            self._put(sheet, matrix_of(image.cells, image.name))
            self._fill_in_dates(sheet, image)
            self._lay_out(sheet, image)
            lines: dict[Style, list[tuple[int, int]]] = {}
            for place, cell in sorted(image.cells.items()):
                lines.setdefault(cell.style, []).append(place)
            for style, places in lines.items():
                for top, left, bottom, right in self._in_steps(list(runs(places))):
                    self._dress(sheet.range((top, left), (bottom, right)), style)
            self.paint(image.name, image.rules)

    def _fill_in_dates(self, sheet: xw.Sheet, image: SheetSpec) -> None:
        days = [place for place, cell in image.cells.items() if isinstance(cell.value, date) and not cell.formula]
        for place in self._in_steps(days):
            sheet.range(place).value = image.cells[place].value

    def _lay_out(self, sheet: xw.Sheet, image: SheetSpec) -> None:
        for column, width in self._in_steps(list(image.widths.items())):
            sheet.range((1, column)).column_width = width
        for row, height in self._in_steps(list(image.heights.items())):
            sheet.range((row, 1)).row_height = height
        for area in self._in_steps(image.merges):
            sheet.range(area).merge()
        for row, level in self._in_steps(list(image.levels.items())):
            for _ in range(level):
                sheet.range(f"{row}:{row}").group()
        for choice in self._in_steps(image.choices):
            sheet.range(choice.area).data_validation.set_list(choice.values)

    def _in_steps(self, items: Sequence[Item]) -> Iterator[Item]:
        """Go through items with what is done about them in steps that are short enough."""
        for start in range(0, len(items), _SHORT):
            with self._program.step(self._book, "POA"):
                yield from items[start : start + _SHORT]

    def drop(self, sheet: str) -> None:
        """Take a sheet away."""
        self._book.sheets[sheet].delete()

    def rules(self, sheet: str) -> list[str]:
        """Read the formulas of the conditional formats."""
        return [str(each.formula) for each in self._formats(sheet) if each.type == "custom"]

    def _formats(self, sheet: str) -> Any:  # noqa: ANN401 - xlwings has no name for it
        return self._book.sheets[sheet].used_range.conditional_formats

    def paint(self, sheet: str, rules: Sequence[ConditionalFormat]) -> None:
        """Add conditional formats. Excel reads their formulas from the active cell, so that must be their first one."""
        page = self._book.sheets[sheet]
        page.activate()
        for rule in self._in_steps(rules):
            cells, style = page.range(rule.area), rule.style
            page.range((cells.row, cells.column)).select()
            made = cells.conditional_formats.add_custom(
                rule.formula,
                fill_color=style.fill,
                font_color=style.color or None,
                font_bold=style.bold or None,
                font_italic=style.italic or None,
            )
            with optional("give a conditional format its box and its sign"):
                self._program.finish(made.impl, style)

    def unpaint(self, sheet: str, is_ours: Callable[[str], bool]) -> None:
        """Take conditional formats away, the last one first."""
        # Asked for once: programs look through all of them whenever somebody asks for one.
        found = [each for each in self._formats(sheet) if each.type == "custom" and is_ours(str(each.formula))]
        for each in self._in_steps(found[::-1]):
            each.delete()

    def help(self, sheet: str, prompts: Sequence[Prompt]) -> None:
        """Say things beside cells that are selected."""
        with optional("say things beside cells"):
            self._program.help(self._book.sheets[sheet], prompts)

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


def has_password(sheet: str) -> str:
    """Say that the protection of a sheet stays."""
    return say(
        "la hoja «{sheet}» está protegida con contraseña y no se cambió nada: pedir el cambio a quien la protegió",
        sheet=sheet,
    )


@contextlib.contextmanager
def optional(what: str) -> Iterator[None]:
    """Go on when a program refuses what nobody needs; the log says so."""
    try:
        yield
    except Exception as error:  # noqa: BLE001 - every program refuses in its own way
        LOG.warning("could not %s: %s: %s", what, type(error).__name__, error)


def read_cells(sheet: xw.Sheet) -> Cells:
    """Read the values of a sheet; errors are told apart from texts that read the same."""
    used = sheet.used_range
    named = used.options(ndim=2, err_to_str=True).value
    is_doubtful = any(isinstance(each, str) and each.startswith("#") for row in named for each in row)
    # Asked without names, an error is nothing.
    plain = used.options(ndim=2).value if is_doubtful else named
    cells: Cells = {}
    for line, pair in enumerate(zip(named, plain, strict=True), used.row):
        found = {
            column: _value(content, is_error=bare is None and content is not None)
            for column, (content, bare) in enumerate(zip(*pair, strict=True), used.column)
            if content not in (None, "")
        }
        if found:
            cells[line] = found
    return cells


def _value(content: Any, *, is_error: bool) -> Value:  # noqa: ANN401 - whatever a cell gives
    if is_error or (type(content) is int and content in _ERRORS):
        return Invalid(content if isinstance(content, str) else "#¡ERROR!", Flaw.ERROR)
    if isinstance(content, datetime) and content < _FIRST_DAY:
        # A time of day without a day.
        return value_of((content - _ZERO).total_seconds() / 86400)
    return value_of(content)


def _count_as_files_do(cells: Cells, others: Collection[tuple[int, int]]) -> None:
    """Move dates before March 1900 to the day that their number is in a file; `others` show no dates."""
    for row, line in cells.items():
        for column, value in line.items():
            if isinstance(value, date) and (value.year, value.month) < _COUNTED and (row, column) not in others:
                line[column] = value + timedelta(days=1)


def _tell_no_days(cells: Cells, shown: dict[tuple[int, int], str]) -> None:
    """Give moments before the first day that a file can show as the numbers that they are: hours of a day, a 0."""
    for row, line in cells.items():
        for column, value in line.items():
            number = _number(value, date1904=False) if isinstance(value, date) else None
            if number is not None and number < 1:
                line[column] = number
                shown[row, column] = "date"


def _number(value: Value, *, date1904: bool) -> Decimal | None:
    """Return a value as the number that the cell holds; programs give hours as a moment. None for what is no number."""
    if isinstance(value, date):
        moment = value if isinstance(value, datetime) else datetime.combine(value, time())
        days = (moment.replace(tzinfo=None) - (_ZERO_1904 if date1904 else _ZERO)).total_seconds() / 86400
        return Decimal(repr(days))
    return value if isinstance(value, Decimal) else None


def contents(sheet: xw.Sheet, box: Box | None = None) -> Area:
    """Read what cells of a sheet hold, by default all used ones."""
    used = sheet.used_range if box is None else sheet.range((box.top, box.left), (box.bottom, box.right))
    values = used.options(ndim=2, err_to_str=True).value
    formulas = two_dimensional(used.formula)
    matrix: Matrix = [
        [_content(formula, value) for formula, value in zip(*pair, strict=True)]
        for pair in zip(formulas, values, strict=True)
    ]
    return Area(sheet.name, used.row, used.column, matrix)


def _content(formula: object, value: Any) -> Content:  # noqa: ANN401 - whatever a cell gives
    if isinstance(formula, str) and formula.startswith("="):
        return formula if formula != value else f"'{formula}"
    return value.isoformat() if isinstance(value, date) else value


def two_dimensional(cells: Any) -> list[list[Any]]:  # noqa: ANN401 - a text, a row or rows of texts
    """Return the formulas of a range row by row."""
    if not isinstance(cells, list | tuple):
        return [[cells]]
    return [list(row) if isinstance(row, list | tuple) else [row] for row in cells]


def is_formula(formula: object, value: object) -> bool:
    """Whether a cell holds a formula, and no text that looks like one."""
    return isinstance(formula, str) and formula.startswith("=") and formula != value


def used_box(sheet: xw.Sheet) -> Box:
    """Return the cells of a sheet that are used."""
    return box_of(sheet.used_range)


def box_of(cells: xw.Range) -> Box:
    """Return where a range stands."""
    rows, columns = cells.shape
    return Box(cells.row, cells.column, cells.row + rows - 1, cells.column + columns - 1)
