"""What only Calc does, over UNO: the other program behind `poa_xl.books.attached`."""

import contextlib
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import uno
import xlwings as xw

from poa_xl.books.attached import AttachedBook
from poa_xl.books.host import Cells, Details, has_password
from poa_xl.calc.pagesetup import set_page
from poa_xl.errors import BookError
from poa_xl.sheet.areas import Content
from poa_xl.sheet.grid import Merge
from poa_xl.sheet.number_format import kind_of
from poa_xl.sheet.prompts import is_our_prompt
from poa_xl.sheet.spec import Prompt, SheetSpec, Style

_TIME, _CURRENCY, _NUMBER, _PERCENT = 4, 8, 16, 128  # com.sun.star.util.NumberFormat
_ZEROS = re.compile(r"0+([.,]0+)?")
# Signs that part thousands, in any language, where no digit follows.
_LEFT_OUT = re.compile(r"(?<=[0#?])[.,]+(?=[^0#?.,]|$)")
_ANYTHING = uno.Enum("com.sun.star.sheet.ValidationType", "ANY")
# Changes in one step of the undo list, well below the hundred that Calc keeps.
_SHORT = 40
_NO_COLOUR = (-1, 0xFFFFFF)
_FORMULAS = 16  # com.sun.star.sheet.CellFlags


def live_book(book: xw.Book) -> AttachedBook:
    """Return a workbook that is open in Calc, as buttons see it."""
    return AttachedBook(book, Calc())


class Calc:
    """LibreOffice Calc, as `AttachedBook` asks it."""

    name = "LibreOffice Calc"
    counts_true_days = True

    def address(self, book: xw.Book) -> str:
        """Where a workbook is."""
        return str(book.fullname)

    def details(self, sheet: xw.Sheet, cells: Cells) -> Details:
        """Look at cells; Calc groups them by how they look."""
        page = sheet.api
        return Details(
            dict(_formulas(page, cells)),
            dict(_kinds(page, sheet.book.api, cells)),
            tuple(_merges(page)),
            frozenset(_hidden(page, max(cells, default=1))),
            frozenset(_totals(page, sheet.book.api)),
            dict(_painted(page, cells)),
        )

    def counts_from_1904(self, book: xw.Book) -> bool:
        """Whether day numbers count from 1904."""
        return bool(book.api.NullDate.Year == 1904)  # noqa: PLR2004 - a year

    def properties(self, book: xw.Book) -> dict[str, str]:
        """Read the custom properties."""
        known = book.api.DocumentProperties.UserDefinedProperties
        # What Calc keeps among them is no property of the workbook.
        names = [each.Name for each in known.PropertySetInfo.Properties if each.Name != "AppVersion"]
        return {name: str(known.getPropertyValue(name)) for name in names}

    def typed(self, content: Content) -> Content:
        """Return a content as it is: the engine sets texts as texts."""
        return content

    def is_protected(self, sheet: xw.Sheet) -> bool:
        """Whether locked cells refuse to be changed."""
        return bool(sheet.api.isProtected())

    def is_locked(self, cells: xw.Range) -> bool:
        """Whether some of these cells are locked."""
        looks = cells.api.getUniqueCellFormatRanges()
        return any(looks.getByIndex(number).CellProtection.IsLocked for number in range(looks.getCount()))

    @contextlib.contextmanager
    def unlocked(self, sheet: xw.Sheet) -> Iterator[None]:
        """Lift the protection for a while; Calc keeps what it allows."""
        page = sheet.api
        page.unprotect("")
        if page.isProtected():
            raise BookError(has_password(sheet.name))
        try:
            yield
        finally:
            page.protect("")

    def refuses_sheets(self, book: xw.Book) -> bool:
        """Whether sheets cannot come or go."""
        return bool(book.api.isProtected())

    def place(self, book: xw.Book) -> Callable[[], None]:
        """Remember where the window is scrolled to."""
        controller = book.api.getCurrentController()
        if controller is None:
            return lambda: None
        row, column = controller.getFirstVisibleRow(), controller.getFirstVisibleColumn()

        def back() -> None:
            controller.setFirstVisibleRow(row)
            controller.setFirstVisibleColumn(column)

        return back

    @contextlib.contextmanager
    def step(self, book: xw.Book, name: str) -> Iterator[None]:
        """Make all changes inside one step of Calc's undo list, which holds a hundred.

        Steps stand within steps: of one with more than a hundred parts Calc would forget the first ones.
        """
        steps = book.api.UndoManager
        steps.enterUndoContext(name)
        try:
            yield
        except Exception as error:
            # Python's context managers write into an exception that passes, and those of UNO let nobody.
            if hasattr(error, "Message"):
                raise RuntimeError(f"{type(error).__name__}: {error.Message}") from error
            raise
        finally:
            steps.leaveUndoContext()

    def finish(self, painted: Any, style: Style) -> None:
        """Draw the box of a conditional format, and set its number format."""
        painted.finish(style.edge, style.color, "" if style.number_format == "General" else style.number_format)

    def help(self, sheet: xw.Sheet, prompts: Sequence[Prompt]) -> None:
        """Set the input help of cells; Calc groups cells by all that is set for them."""
        page, steps = sheet.api, range(0, len(prompts), _SHORT)
        looks = page.getUniqueCellFormatRanges()
        for look in (looks.getByIndex(number) for number in range(looks.getCount())):
            areas = look.RangeAddresses
            if is_our_prompt(page.getCellByPosition(areas[0].StartColumn, areas[0].StartRow).Validation.InputTitle):
                for area in areas:
                    corners = area.StartColumn, area.StartRow, area.EndColumn, area.EndRow
                    _say_beside(page.getCellRangeByPosition(*corners), "", "")
        for start in steps:
            with self.step(sheet.book, "POA"):
                for prompt in prompts[start : start + _SHORT]:
                    cells = page.getCellRangeByName(prompt.area)
                    if cells.Validation.Type == _ANYTHING and not cells.Validation.InputTitle:
                        _say_beside(cells, prompt.title, prompt.message)

    def hide(self, sheet: xw.Sheet, top: int, bottom: int, *, hidden: bool) -> None:
        """Hide rows, or show them again."""
        sheet.api.getCellRangeByPosition(0, top - 1, 0, bottom - 1).Rows.IsVisible = not hidden

    def arrows(self, sheet: xw.Sheet) -> str:  # noqa: ARG002 - Excel needs it
        """Tell no cells: arrows that a button puts are not taken back with the rest of its step for sure."""
        return ""

    def filter(self, sheet: xw.Sheet, cells: str) -> None:
        """Put no arrows; see `arrows`."""

    def open(self, app: xw.App, path: Path) -> None:
        """Open a workbook, beside another one of its name too, which xlwings takes for a mistake."""
        app.impl.books.open(str(path))

    def print_as(self, sheet: xw.Sheet, image: SheetSpec) -> None:
        """Say how a sheet comes onto paper."""
        set_page(sheet.book.api, sheet.api, image)

    def prompt(self, app: xw.App, question: str, title: str, given: str) -> str | None:
        """Ask for a line of text."""
        answer: str | None = app.impl.prompt(question, title, given)
        return answer


def _say_beside(cells: Any, title: str, message: str) -> None:
    rule = cells.Validation
    rule.InputTitle, rule.InputMessage, rule.ShowInputMessage = title, message, bool(title)
    cells.Validation = rule


def _places(areas: Any) -> Iterator[tuple[int, int]]:
    for area in areas:
        for row in range(area.StartRow + 1, area.EndRow + 2):
            for column in range(area.StartColumn + 1, area.EndColumn + 2):
                yield row, column


def _formulas(page: Any, cells: Cells) -> Iterator[tuple[tuple[int, int], str]]:
    """Yield the cells that hold a formula, with its text as Calc writes it: English names, semicolons."""
    for area in page.queryContentCells(_FORMULAS).RangeAddresses:
        corners = area.StartColumn, area.StartRow, area.EndColumn, area.EndRow
        texts = (text for row in page.getCellRangeByPosition(*corners).getFormulaArray() for text in row)
        for (row, column), text in zip(_places([area]), texts, strict=True):
            # Calc keeps truth values as formulas.
            if not isinstance(cells.get(row, {}).get(column), bool):
                yield (row, column), text.removeprefix("=")


def _hidden(page: Any, bottom: int) -> set[int]:
    """Find hidden rows down to a last one."""
    column = page.getCellRangeByPosition(0, 0, 0, bottom - 1)
    return {*range(1, bottom + 1)} - {row for row, _ in _places(column.queryVisibleCells().RangeAddresses)}


def _totals(page: Any, document: Any) -> Iterator[tuple[int, int]]:
    """Find the cells in the totals rows of a sheet's tables."""
    ranges = document.DatabaseRanges
    for each in (ranges.getByIndex(number) for number in range(ranges.getCount())):
        area = each.DataArea
        if area.Sheet == page.RangeAddress.Sheet and getattr(each, "TotalsRow", False):
            yield from ((area.EndRow + 1, column) for column in range(area.StartColumn + 1, area.EndColumn + 2))


def _kind(look: Any) -> str:
    """Return what a number format shows numbers as; its text is written as its own language does."""
    if look.Type & _PERCENT:
        return "percent"
    text = str(look.FormatString)
    if look.Type & (_TIME | _CURRENCY):
        return kind_of(text)
    if not look.Type & _NUMBER:
        return ""
    # Whichever sign parts thousands where it is written: behind the last digit it leaves them out.
    if _ZEROS.fullmatch(text):
        return kind_of(text.replace(",", "."))
    return (
        kind_of(_LEFT_OUT.sub(lambda match: "," * len(match[0]), text)) if "%" in text or _LEFT_OUT.search(text) else ""
    )


def _kinds(page: Any, document: Any, cells: Cells) -> Iterator[tuple[tuple[int, int], str]]:
    """Find what formats show numbers as; dates come as dates."""
    if not cells:
        return
    right = max(column for line in cells.values() for column in line)
    used = page.getCellRangeByPosition(0, 0, right - 1, max(cells) - 1)
    looks = used.getUniqueCellFormatRanges()
    for look in (looks.getByIndex(number) for number in range(looks.getCount())):
        kind = _kind(document.NumberFormats.getByKey(look.NumberFormat))
        if kind not in ("", "date"):
            yield from ((place, kind) for place in _places(look.RangeAddresses))


def _painted(page: Any, cells: Cells) -> Iterator[tuple[tuple[int, int], str]]:
    """Find the blank cells that have a colour of their own; white is none."""
    if not cells:
        return
    right = max(column for line in cells.values() for column in line)
    looks = page.getCellRangeByPosition(0, 0, right - 1, max(cells) - 1).getUniqueCellFormatRanges()
    for look in (looks.getByIndex(number) for number in range(looks.getCount())):
        colour = int(look.CellBackColor)
        if colour not in _NO_COLOUR:
            places = (place for place in _places(look.RangeAddresses) if place[1] not in cells.get(place[0], {}))
            yield from ((place, f"#{colour:06x}") for place in places)


def _merges(page: Any) -> Iterator[Merge]:
    """Find merged ranges by the cells that look alike: being merged is part of how a cell looks."""
    looks = page.getUniqueCellFormatRanges()
    for look in (looks.getByIndex(number) for number in range(looks.getCount())):
        areas = look.RangeAddresses
        first = page.getCellByPosition(areas[0].StartColumn, areas[0].StartRow)
        for row, column in _places(areas) if first.getIsMerged() else ():
            cursor = page.createCursorByRange(page.getCellByPosition(column - 1, row - 1))
            cursor.collapseToMergedArea()
            area = cursor.RangeAddress
            yield Merge(area.StartRow + 1, area.StartColumn + 1, area.EndRow + 1, area.EndColumn + 1)
