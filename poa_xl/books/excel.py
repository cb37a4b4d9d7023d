"""What only Excel does, on Windows over COM and on macOS over Apple events: the one place that touches `api`.

The two name the same thing differently (`ProtectContents`, `protect_contents.get()`); `_ask` knows how.
"""

import contextlib
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlwings as xw

from poa_xl.books.attached import AttachedBook
from poa_xl.books.host import LOG, Cells, Details, has_password, optional
from poa_xl.books.live import Box
from poa_xl.books.opencells import box_of, is_formula, two_dimensional, used_box
from poa_xl.books.package import open_package
from poa_xl.books.pagesetup import set_page
from poa_xl.errors import BookError
from poa_xl.i18n import say
from poa_xl.sheet.areas import Content
from poa_xl.sheet.grid import Merge
from poa_xl.sheet.number_format import kind_of
from poa_xl.sheet.prompts import is_our_prompt
from poa_xl.sheet.spec import Prompt, SheetSpec, Style


def caller() -> AttachedBook:
    """Return the workbook from which a button was pressed.

    Raises:
        BookError: There is none.
    """
    try:
        return AttachedBook(xw.Book.caller(), Excel())
    except Exception as error:
        LOG.warning("no workbook: %s: %s", type(error).__name__, error)
        raise BookError(
            say(
                "no hay ningún libro abierto que se pueda editar: abrir el libro del POA (si está en Vista protegida, "
                "pulsar Habilitar edición) y repetir"
            )
        ) from error


def tell(text: str, title: str) -> None:
    """Show a message box where no workbook is open, over Excel itself."""
    with optional("show a message"):
        app: Any = xw.apps.active
        app.alert(text, title, mode="critical")


class Excel:
    """Excel, as `AttachedBook` asks it."""

    name = "Excel"
    counts_true_days = False

    def address(self, book: xw.Book) -> str:
        """Where a workbook is. Of one in OneDrive xlwings looks for the folder, and raises when it finds none."""
        try:
            return str(book.fullname)
        except Exception as error:  # noqa: BLE001 - it raises several kinds
            LOG.warning("no folder for %s: %s", book.name, error)
            return str(_ask(book.api, "FullName", default=f"https://{book.name}"))

    def details(self, sheet: xw.Sheet, cells: Cells) -> Details:
        """Look at cells: what a range of them has in common is asked, and its halves where they have not."""
        box = used_box(sheet)
        formulas = two_dimensional(sheet.used_range.formula)
        found = {
            (row, column): formula[1:]
            for row, line in enumerate(formulas, box.top)
            for column, formula in enumerate(line, box.left)
            if is_formula(formula, cells.get(row, {}).get(column))
        }
        merges, hidden = tuple(_merges(sheet, box)), frozenset(_hidden(sheet))
        return Details(found, dict(_kinds(sheet, cells)), merges, hidden, _totals(sheet))

    def counts_from_1904(self, book: xw.Book) -> bool:
        """Whether day numbers count from 1904."""
        return bool(_ask(book.api, "Date1904", default=False))

    def properties(self, book: xw.Book) -> dict[str, str]:
        """Read the custom properties; Excel for macOS does not tell them, but the file does."""
        known = _ask(book.api, "CustomDocumentProperties", default=None)
        found: dict[str, str] = {}
        with optional("read the properties of the workbook"):
            if known is not None:
                found |= {str(each.Name): str(each.Value) for each in known}
            elif Path(self.address(book)).is_file():
                found |= open_package(Path(self.address(book))).properties
        return found

    def typed(self, content: Content) -> Content:
        """Keep Excel from reading a text as it reads what people type: `1-2` is no date."""
        is_text = isinstance(content, str) and not content.startswith(("=", "'="))
        return f"'{content}" if is_text else content

    def is_protected(self, sheet: xw.Sheet) -> bool:
        """Whether locked cells refuse to be changed."""
        return bool(_ask(sheet.api, "ProtectContents", default=False))

    def is_locked(self, cells: xw.Range) -> bool:
        """Whether some of these cells are locked; where only some are, Excel says neither."""
        return _ask(cells.api, "Locked", default=True) is not False

    @contextlib.contextmanager
    def unlocked(self, sheet: xw.Sheet) -> Iterator[None]:
        """Lift the protection for a while; what it allows is asked first and said again. Windows only."""
        api = sheet.api
        allowed = _ask(api, "Protection", default=None)
        kept = {name: bool(_ask(allowed, name, default=False)) for name in _ALLOWED}
        with optional("lift the protection of a sheet"):
            api.Unprotect("")
        if self.is_protected(sheet):
            raise BookError(has_password(sheet.name))
        try:
            yield
        finally:
            api.Protect("", True, True, True, **kept)  # noqa: FBT003 - drawings, contents, scenarios: as we protect

    def refuses_sheets(self, book: xw.Book) -> bool:
        """Whether sheets cannot come or go."""
        return bool(_ask(book.api, "ProtectStructure", default=False))

    def place(self, book: xw.Book) -> Callable[[], None]:
        """Remember where the window is scrolled to."""
        window = _ask(book.app.api, "ActiveWindow", default=None)
        row, column = (_ask(window, name, default=None) for name in ("ScrollRow", "ScrollColumn"))

        def back() -> None:
            if row and column:
                _tell(window, "ScrollRow", row)
                _tell(window, "ScrollColumn", column)

        return back

    def step(self, book: xw.Book, name: str) -> AbstractContextManager[None]:  # noqa: ARG002 - Calc needs both
        """Excel forgets its own undo list when a macro runs: there are no steps in it."""
        return contextlib.nullcontext()

    def finish(self, painted: Any, style: Style) -> None:  # noqa: ANN401 - Excel's own object
        """Draw the box of a conditional format, and set its number format."""
        if style.number_format != "General":
            _tell(painted.api, "NumberFormat", style.number_format)
        if style.edge:
            box = _ask(painted.api, "Borders", default=None)
            _tell(box, "LineStyle", _LINES[style.edge])
            _tell(box, "Color", int.from_bytes(bytes.fromhex(style.color[1:]), "little"))

    def help(self, sheet: xw.Sheet, prompts: Sequence[Prompt]) -> None:
        """Set the input help of cells; Excel finds only those with a validation, and fails where there are none."""
        try:
            found = list(sheet.api.Cells.SpecialCells(_VALIDATED).Cells)
        except Exception:  # noqa: BLE001 - COM raises in many ways
            found = []
        taken = set()
        for cell in found:
            if is_our_prompt(str(cell.Validation.InputTitle)):
                cell.Validation.Delete()
            else:
                taken.add((cell.Row, cell.Column))
        for prompt in prompts:
            cells = sheet.range(prompt.area)
            if (cells.row, cells.column) not in taken:
                rule = cells.api.Validation
                rule.Add(_HELP_ONLY)
                rule.InputTitle, rule.InputMessage = prompt.title, prompt.message

    def hide(self, sheet: xw.Sheet, top: int, bottom: int, *, hidden: bool) -> None:
        """Hide rows, or show them again."""
        _tell(_ask(sheet.range((top, 1), (bottom, 1)).api, "EntireRow", default=None), "Hidden", hidden)

    def arrows(self, sheet: xw.Sheet) -> str:
        """Return the cells over which filter arrows stand. Windows only: Excel for macOS has other words for it."""
        found = getattr(sheet.api, "AutoFilter", None)
        return str(found.Range.Address).replace("$", "") if found is not None else ""

    def filter(self, sheet: xw.Sheet, cells: str) -> None:
        """Put filter arrows over cells; of a column alone, so that nothing is filtered out. Windows only."""
        if getattr(sheet.api, "AutoFilterMode", None) is None:
            return
        sheet.api.AutoFilterMode = False
        if cells:
            sheet.api.Range(cells).AutoFilter(1)

    def open(self, app: xw.App, path: Path) -> None:
        """Open a workbook."""
        app.books.open(str(path))

    def print_as(self, sheet: xw.Sheet, image: SheetSpec) -> None:
        """Say how a sheet comes onto paper. Windows only: Excel for macOS has other words for it."""
        page = _ask(sheet.api, "PageSetup", default=None)
        if page is not None:
            set_page(page, image)

    def prompt(self, app: xw.App, question: str, title: str, given: str) -> str | None:
        """Ask for a line of text; where Excel has no such box, whether to take what stands there."""
        if len(question) > _LONGEST_QUESTION:
            head, _, question = question.rpartition("\n")
            app.alert(head, title, mode="info")
        try:
            answer = _box(app.api)(question, title, given)
        except Exception as error:  # noqa: BLE001 - COM and Apple events raise in many ways
            LOG.warning("Excel asks for no text: %s: %s", type(error).__name__, error)
            return given if app.alert(f"{question}\n\n{given}", title, "ok_cancel") != "cancel" else None
        return None if answer is False else str(answer)


_MISSING = object()
# Of a longer one Excel's box says that the type does not match.
_LONGEST_QUESTION = 250
_VALIDATED = -4174  # xlCellTypeAllValidation
_HELP_ONLY = 0  # xlValidateInputOnly
# What a protected sheet may still let people do.
_ALLOWED = (
    "AllowFormattingCells",
    "AllowFormattingColumns",
    "AllowFormattingRows",
    "AllowInsertingColumns",
    "AllowInsertingRows",
    "AllowInsertingHyperlinks",
    "AllowDeletingColumns",
    "AllowDeletingRows",
    "AllowSorting",
    "AllowFiltering",
    "AllowUsingPivotTables",
)
# XlLineStyle
_LINES = {"thin": 1, "dashed": -4115, "dotted": -4118}


def _snake(name: str) -> str:
    """Return the name by which Apple events know a member: of `ScrollRow` it is `scroll_row`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z0-9])|(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def _box(api: Any) -> Callable[[str, str, str], Any]:  # noqa: ANN401 - Excel's own object
    """Return what asks for a line of text."""
    found = getattr(api, "InputBox", None)
    if found is not None:
        return found  # type: ignore[no-any-return] # has no types
    return lambda question, title, given: api.input_box(question, title=title, default=given)


def _ask(api: Any, name: str, *, default: Any) -> Any:  # noqa: ANN401 - whatever the program gives
    """Return a member of Excel's own object, by its name on Windows.

    Args:
        api: The object.
        name: The member.
        default: What to return where Excel refuses.
    """
    try:
        found = getattr(api, name, _MISSING)
        return getattr(api, _snake(name)).get() if found is _MISSING else found
    except Exception as error:  # noqa: BLE001 - COM and Apple events raise in many ways
        LOG.warning("Excel does not tell %s: %s: %s", name, type(error).__name__, error)
        return default


def _tell(api: Any, name: str, value: object) -> None:  # noqa: ANN401 - Excel's own object
    """Set a member of Excel's own object, by its name on Windows."""
    if getattr(api, name, _MISSING) is _MISSING:
        getattr(api, _snake(name)).set(value)
    else:
        setattr(api, name, value)


def _totals(sheet: xw.Sheet) -> frozenset[tuple[int, int]]:
    """Find the cells in the totals rows of a sheet's tables."""
    found: set[tuple[int, int]] = set()
    with optional("look at the tables of a sheet"):
        rows = [each.totals_row_range for each in sheet.tables if each.show_totals]
        for box in (box_of(each) for each in rows if each is not None):
            found |= {(box.top, column) for column in range(box.left, box.right + 1)}
    return frozenset(found)


def _kinds(sheet: xw.Sheet, cells: Cells) -> Iterator[tuple[tuple[int, int], str]]:
    """Find what formats show numbers as, column by column; dates come as dates, but for numbers that are none."""
    columns: dict[int, list[int]] = {}
    for row, line in cells.items():
        for column in line:
            columns.setdefault(column, []).append(row)
    for column, rows in columns.items():
        for top, bottom, text in _alike(sheet, column, min(rows), max(rows)):
            kind = kind_of(text)
            inside = [row for row in rows if top <= row <= bottom]
            if kind == "date":
                inside = [row for row in inside if isinstance(cells[row][column], Decimal)]
            yield from (((row, column), kind) for row in inside if kind)


def _alike(sheet: xw.Sheet, column: int, top: int, bottom: int) -> Iterator[tuple[int, int, str]]:
    """Split a column into runs of one number format; of cells that differ Excel gives none."""
    shown: Any = sheet.range((top, column), (bottom, column)).number_format
    if isinstance(shown, str) or top == bottom:
        yield top, bottom, str(shown)
        return
    middle = (top + bottom) // 2
    yield from _alike(sheet, column, top, middle)
    yield from _alike(sheet, column, middle + 1, bottom)


def _merges(sheet: xw.Sheet, box: Box) -> Iterator[Merge]:
    """Find merged ranges; of cells some of which are merged Excel says neither."""
    cells = sheet.range((box.top, box.left), (box.bottom, box.right))
    is_merged: Any = cells.merge_cells
    if is_merged is False:
        return
    area = cells.merge_area if is_merged and box.top == box.bottom and box.left == box.right else None
    if area is not None:
        rows, columns = area.shape
        if (area.row, area.column) == (box.top, box.left) and (rows, columns) != (1, 1):
            yield Merge(area.row, area.column, area.row + rows - 1, area.column + columns - 1)
    elif box.bottom - box.top >= box.right - box.left:
        middle = (box.top + box.bottom) // 2
        yield from _merges(sheet, box._replace(bottom=middle))
        yield from _merges(sheet, box._replace(top=middle + 1))
    else:
        middle = (box.left + box.right) // 2
        yield from _merges(sheet, box._replace(right=middle))
        yield from _merges(sheet, box._replace(left=middle + 1))


def _hidden(sheet: xw.Sheet) -> Iterator[int]:
    box = used_box(sheet)
    yield from _hidden_rows(sheet, box.top, box.bottom)


def _hidden_rows(sheet: xw.Sheet, top: int, bottom: int) -> Iterator[int]:
    """Find hidden rows; of rows some of which are hidden Excel says neither."""
    rows = _ask(sheet.range((top, 1), (bottom, 1)).api, "EntireRow", default=None)
    is_hidden = _ask(rows, "Hidden", default=False)
    if is_hidden is True:
        yield from range(top, bottom + 1)
    elif is_hidden is not False and top < bottom:
        middle = (top + bottom) // 2
        yield from _hidden_rows(sheet, top, middle)
        yield from _hidden_rows(sheet, middle + 1, bottom)
