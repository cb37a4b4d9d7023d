"""Use cases on a workbook that is open: what the buttons do, and how it is taken back."""

import contextlib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import xlwings as xw

from poa_xl.actions.load import Opened as Found
from poa_xl.actions.load import find_plan
from poa_xl.books import live
from poa_xl.core.checks import check
from poa_xl.core.findings import Finding
from poa_xl.core.flags import flag
from poa_xl.core.plan import Kind, Plan, Row
from poa_xl.core.rollup import roll_up
from poa_xl.errors import BookError
from poa_xl.i18n import say
from poa_xl.sheet import control, looks
from poa_xl.sheet.areas import Area, Content
from poa_xl.sheet.control_columns import BY_NAME
from poa_xl.sheet.extras import FINDINGS, findings_sheet
from poa_xl.sheet.fields import FILLED
from poa_xl.sheet.formulas import RowFormulas, Sheet, role_of
from poa_xl.sheet.grid import Grid, Workbook, column_number, free_name, is_same_sheet, runs
from poa_xl.sheet.headers import CONTROL, Layout
from poa_xl.sheet.image import Style
from poa_xl.store import journal
from poa_xl.store.journal import Press


@dataclass
class Opened:
    """The plan of an open workbook.

    Attributes:
        book: The workbook.
        sheet: The sheet that the plan stands on.
        found: The plan as it was read.
        listed: Name of the sheet of findings; empty when there is none.
    """

    book: xw.Book
    sheet: xw.Sheet
    found: Found
    listed: str = ""

    @property
    def grid(self) -> Grid:
        """Cells of the plan sheet."""
        return self.found.grid

    @property
    def layout(self) -> Layout:
        """Where the plan stands."""
        return self.found.layout

    @property
    def plan(self) -> Plan:
        """The plan."""
        return self.found.plan

    @property
    def columns(self) -> dict[str, str]:
        """Column letters of all fields; see `Found.columns`."""
        return self.found.columns()

    @property
    def first(self) -> int:
        """First row below the header."""
        return self.found.first

    @property
    def last(self) -> int:
        """Last row of the plan."""
        return self.found.last

    @property
    def is_flagged(self) -> bool:
        """Whether the control columns are there."""
        return self.found.is_flagged


def open_plan(book: xw.Book) -> Opened:
    """Find the plan in an open workbook: on the active sheet, else on the best of those that have one.

    Raises:
        LayoutError: There is none, or there are several and none of them is active.
    """
    active = book.sheets.active.name
    read = Workbook(book.name, tuple(live.read_grid(sheet) for sheet in book.sheets))
    found = find_plan(read, active=active)
    sheet, layout = book.sheets[found.sheet], found.layout
    columns = [layout.columns[field] for field in (*FILLED, "code") if field in layout.columns]
    merges = live.read_merges(sheet, columns, layout.bottom + 1, max(found.grid.cells))
    if merges:
        grids = (replace(grid, merges=merges) if grid is found.grid else grid for grid in read)
        found = find_plan(replace(read, grids=tuple(grids)), active=active)
    return Opened(book, sheet, found, found.listed.name if found.listed is not None else "")


def verify(book: xw.Book, button: str) -> tuple[Opened, list[Finding]]:
    """Write control columns, red and green and the list of findings; the planner's columns stay as they are.

    The workbook of a unit is protected and has live control columns and colours already: there only the list is new.

    Raises:
        LayoutError: There is no plan.
        BookError: The workbook is protected, or the sheet is and has no control columns.
    """
    opened = open_plan(book)
    findings = check(opened.plan)
    has_all = live.is_protected(opened.sheet) and opened.is_flagged
    _need_sheets(opened)
    if not has_all:
        _need_cells(opened)
    was_painted = has_all or is_painted(opened)
    with _recorded(opened, button) as done:
        if not has_all:
            _write_control(opened, done, findings)
        if not was_painted:
            done.paint(on=True)
        _write_findings(opened, done, findings)
    return opened, findings


def total(book: xw.Book, button: str) -> tuple[int, list[tuple[Row, Decimal]]]:
    """Write the budget of every group as a formula over its rows.

    Returns:
        How many budgets became formulas, and the rows whose budget changed with what it is now.
    """
    opened = open_plan(book)
    totals = roll_up(opened.plan)
    sheet = Sheet(opened.columns, opened.last, opened.plan.planned_year or 0)
    column = opened.layout.columns["budget"]
    changed: list[tuple[Row, Decimal]] = []
    with _recorded(opened, button) as done:
        now = live.contents(opened.sheet, opened.first, column, (opened.last - opened.first + 1, 1)).contents
        written: dict[int, Content] = {}
        for index, row in enumerate(opened.plan.rows):
            amount = totals[index]
            if row.kind is not Kind.GROUP or index not in opened.plan.children or not isinstance(amount, Decimal):
                continue
            is_formula = str(now[row.line - opened.first][0]).startswith("=")
            if row.budget != amount:
                changed.append((row, amount))
            if row.budget != amount or not is_formula:
                written[row.line] = f"={RowFormulas(sheet, row.line, role_of(opened.plan, index)).children()}"
        if written:
            _need_cells(opened)
        for top, left, bottom, _ in runs([(line, column) for line in written]):
            done.put(Area(opened.sheet.name, top, left, [[written[line]] for line in range(top, bottom + 1)]))
    return len(written), changed


def toggle(book: xw.Book, button: str) -> bool:
    """Paint or unpaint the planner's cells; control columns are written when they are missing.

    Returns:
        Whether they are painted now.
    """
    opened = open_plan(book)
    if not opened.is_flagged:
        verify(book, button)
        return True
    _need_cells(opened)
    was_painted = is_painted(opened)
    with _recorded(opened, button) as done:
        done.paint(on=not was_painted)
    return not was_painted


def remove(book: xw.Book, button: str) -> int:
    """Take out what `verify` put in: control columns, red and green, the list of findings.

    Returns:
        How many columns and sheets were removed.
    """
    opened = open_plan(book)
    # Single columns of these names may be the planner's own.
    ours = list(CONTROL) if opened.is_flagged else []
    if not opened.is_flagged and not opened.listed:
        raise BookError(say("{file}: no tiene nada que poa-xl haya agregado", file=book.name))
    _need_cells(opened)
    if opened.listed:
        _need_sheets(opened)
    with _recorded(opened, button) as done:
        if is_painted(opened):
            done.paint(on=False)
        height = opened.last - opened.layout.bottom + 1
        for name in ours:
            column = opened.layout.columns[name]
            done.put(Area(opened.sheet.name, opened.layout.bottom, column, [[None]] * height))
        if opened.listed:
            done.drop(opened.listed)
    return len(ours) + bool(opened.listed)


def _need_cells(opened: Opened) -> None:
    """Say beforehand what could not be done half-way.

    Raises:
        BookError: The sheet of the plan is protected.
    """
    if live.is_protected(opened.sheet):
        raise BookError(
            say("la hoja «{sheet}» está protegida y no se cambió nada: quitarle la protección (en Excel, Revisar; en "
                "Calc, Herramientas) y repetir", sheet=opened.sheet.name)
        )  # fmt: skip


def _need_sheets(opened: Opened) -> None:
    """Say beforehand what could not be done half-way.

    Raises:
        BookError: The workbook is protected against sheets that come or go.
    """
    if live.refuses_sheets(opened.book):
        raise BookError(
            say("{file}: el libro está protegido contra hojas nuevas y no se cambió nada: quitarle la protección (en "
                "Excel, Revisar; en Calc, Herramientas) y repetir", file=opened.book.name)
        )  # fmt: skip


def undo(book: xw.Book) -> Press:
    """Bring back what the last button changed.

    Raises:
        BookError: There is nothing to take back, or cells were edited since.
    """
    press = journal.recall(book.fullname)
    if press is None:
        raise BookError(say("no hay nada que deshacer en {file}", file=book.name))
    for area in press.after:
        edited = _edited(book, area)
        if edited:
            raise BookError(
                say(
                    "{sheet}!{cell} se editó después de «{button}»; deshacer borraría ese cambio y no se hace",
                    sheet=area.sheet,
                    cell=edited,
                    button=press.button,
                )
            )
    with live.undisturbed(book, say("POA: deshacer «{button}»", button=press.button)):
        _restore(book, press)
    journal.forget(book.fullname)
    return press


def _restore(book: xw.Book, press: Press) -> None:
    """Put back contents, looks and sheets that a button changed."""
    for name in press.made:
        if any(is_same_sheet(name, sheet.name) for sheet in book.sheets):
            book.sheets[name].delete()
    book.sheets[press.sheet].activate()
    opened = open_plan(book)
    if press.painted and press.was_painted is not is_painted(opened) and not press.was_painted:
        _unpaint(opened)
    for area in reversed(press.before):
        live.put(book, area)
        _dress(book.sheets[area.sheet], area)
    for area in press.gone:
        image = findings_sheet((), opened.plan)
        image.name = area.sheet
        live.put(book, area, live.draw(book, image, after=opened.sheet))
    if press.painted and press.was_painted:
        _paint(open_plan(book))


def _edited(book: xw.Book, area: Area) -> str:
    """Give the first cell of an area that holds something else by now."""
    if area.sheet not in [sheet.name for sheet in book.sheets]:
        return area.sheet
    now = live.contents(book.sheets[area.sheet], area.row, area.column, area.shape)
    for row, (was, is_) in enumerate(zip(area.contents, now.contents, strict=True), area.row):
        for column, pair in enumerate(zip(was, is_, strict=True), area.column):
            if pair[0] != pair[1]:
                return live.address(row, column)
    return ""


def is_painted(opened: Opened) -> bool:
    """Tell whether our conditional formats stand on the plan."""
    whole = opened.sheet.range((opened.first, 1), (opened.last, max(opened.layout.columns.values())))
    ours = _letters(opened)
    return any(_is_ours(each, ours) for each in whole.conditional_formats)


@dataclass
class _Recorder:
    """Writes cells and keeps what they held."""

    opened: Opened
    press: Press

    def put(self, area: Area) -> None:
        sheet = self.opened.book.sheets[area.sheet]
        self.press.before.append(live.contents(sheet, area.row, area.column, area.shape))
        live.put(self.opened.book, area)
        _dress(sheet, area)

    def drop(self, name: str) -> None:
        sheet = self.opened.book.sheets[name]
        used = sheet.used_range
        self.press.gone.append(live.contents(sheet, used.row, used.column, used.shape))
        sheet.delete()

    def paint(self, *, on: bool) -> None:
        self.press.painted, self.press.was_painted = self.opened.sheet.name, not on
        _paint(self.opened) if on else _unpaint(self.opened)

    def finish(self) -> None:
        """Keep what was done; a button that changed nothing leaves the one before to be undone."""
        book, press = self.opened.book, self.press
        press.after = [
            live.contents(book.sheets[area.sheet], area.row, area.column, area.shape) for area in press.before
        ]
        if press.after != press.before or press.made or press.gone or press.painted:
            journal.remember(book.fullname, press)


@contextlib.contextmanager
def _recorded(opened: Opened, button: str) -> Iterator[_Recorder]:
    """Change cells without flicker and keep what they held; put it back when something goes wrong half-way."""
    done = _Recorder(opened, Press(button, opened.sheet.name))
    with live.undisturbed(opened.book, f"POA: {button}"):
        try:
            yield done
            done.finish()
        except Exception:
            _restore(opened.book, done.press)
            raise


def _write_control(opened: Opened, done: _Recorder, findings: Sequence[Finding]) -> None:
    """Fill the control columns, one write for each."""
    columns = opened.columns
    plan = opened.plan
    filled = control.control_cells(plan, flag(plan, findings), findings, columns, opened.found.is_live)
    for name in CONTROL:
        column = column_number(columns[name])
        cells = {row.line: each[name] for row, each in zip(plan.rows, filled, strict=True)}
        rows: list[list[Content]] = [
            [live.content_of(cells.get(line))] for line in range(opened.first, opened.last + 1)
        ]
        done.put(Area(opened.sheet.name, opened.layout.bottom, column, [[CONTROL[name]], *rows]))
        if name not in opened.layout.columns:
            opened.sheet.range((opened.first, column)).column_width = BY_NAME[name].width


def _dress(sheet: xw.Sheet, area: Area) -> None:
    """Give control columns their look, and take it from cells that are blank again."""
    name = next((name for name, caption in CONTROL.items() if caption == area.contents[0][0]), None)
    bottom = area.row + area.shape[0] - 1
    if name is not None:
        live.dress(sheet.range((area.row, area.column)), looks.CONTROL_HEADER)
        live.dress(sheet.range((area.row + 1, area.column), (bottom, area.column)), _look(name))
    elif all(content is None for row in area.contents for content in row):
        sheet.range((area.row, area.column), (bottom, area.column)).color = None


def _look(name: str) -> Style:
    is_money = name in ("computed", "budget_difference")
    is_number = is_money or name in ("programmed", "difference")
    return Style(
        fill="" if name == "stated" else looks.CONTROL_FILL,
        align="right" if is_number else "left" if name == "reason" else "center",
        wrap=name == "reason",
        number_format=looks.MONEY if is_money else "General",
    )


def _write_findings(opened: Opened, done: _Recorder, findings: Sequence[Finding]) -> None:
    image = findings_sheet(findings, opened.plan, former=opened.found.listed)
    image.name = opened.listed or free_name(FINDINGS, (sheet.name for sheet in opened.book.sheets))
    wanted = live.matrix_of(image.cells, image.name)
    if opened.listed:
        used = opened.book.sheets[opened.listed].used_range
        if used.shape == wanted.shape and not _edited(opened.book, wanted):
            return
        done.drop(opened.listed)
    # Made is said first: what fails half-way is taken away again.
    done.press.made.append(image.name)
    live.draw(opened.book, image, after=opened.sheet)
    opened.listed = image.name


def _paint(opened: Opened) -> None:
    live.paint(opened.sheet, control.rules(opened.columns, opened.first, opened.last))


def _unpaint(opened: Opened) -> None:
    whole = opened.sheet.range((opened.first, 1), (opened.last, max(opened.layout.columns.values())))
    ours = _letters(opened)
    for number in range(len(whole.conditional_formats), 0, -1):
        each = whole.conditional_formats[number - 1]
        if _is_ours(each, ours):
            each.delete()


def _letters(opened: Opened) -> set[str]:
    """Return the letters of the control columns."""
    return {opened.columns[name] for name in CONTROL}


def _is_ours(rule: xw.ConditionalFormat, columns: Collection[str]) -> bool:
    return rule.type == "custom" and control.is_our_rule(str(rule.formula), columns)
