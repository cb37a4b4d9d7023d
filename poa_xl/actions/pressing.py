"""Use cases on a workbook that is open: what the buttons do, and how it is taken back."""

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from decimal import Decimal

from poa_xl.actions.load import Opened, find_plan
from poa_xl.actions.moment import day, now
from poa_xl.actions.redrawing import frame_of
from poa_xl.actions.settings import load_profile
from poa_xl.books.live import Box, LiveBook, address, area_box, content_of, file_of, matrix_of
from poa_xl.core.checks import check
from poa_xl.core.dates import MONTHS
from poa_xl.core.findings import Finding, Located
from poa_xl.core.flags import flag
from poa_xl.core.plan import Kind, Row, TargetKind
from poa_xl.core.rollup import roll_up
from poa_xl.core.spreading import kind_to_spread, months_of, spread
from poa_xl.errors import BookError
from poa_xl.i18n import say
from poa_xl.sheet import control, looks
from poa_xl.sheet.areas import Area, Content
from poa_xl.sheet.control_columns import BY_NAME
from poa_xl.sheet.extras import findings_sheet
from poa_xl.sheet.formulas import budgets
from poa_xl.sheet.formulas.place import Place, role_of, sheet_of
from poa_xl.sheet.grid import column_number, free_name, is_same_sheet, runs
from poa_xl.sheet.headers import CONTROL
from poa_xl.sheet.identity import identity_of
from poa_xl.sheet.listing import FINDINGS
from poa_xl.sheet.named import named_ranges
from poa_xl.sheet.prompts import prompts
from poa_xl.sheet.spec import SheetSpec
from poa_xl.store import journal
from poa_xl.store.journal import Press


def open_plan(book: LiveBook) -> Opened:
    """Find the plan in an open workbook: on the active sheet, else on the best of those that have one.

    What the office says of its plan in `poa.toml` counts as it does for commands.

    Raises:
        BookError: There are settings beside the workbook that cannot be read.
        LayoutError: There is none, or there are several and none of them is active.
    """
    path = file_of(book)
    profile = load_profile(None, *([] if path is None else [path.parent]))
    return find_plan(book.read(), active=book.active, profile=profile)


def verify(book: LiveBook, button: str) -> tuple[Opened, list[Finding]]:
    """Write control columns, red and green and the list of findings; the planner's columns stay as they are.

    The workbook of a unit is protected and has live control columns and colours already: there only the list is new.

    Raises:
        LayoutError: There is no plan.
        BookError: The workbook is protected, or the sheet is and has no control columns.
    """
    opened = open_plan(book)
    findings = check(opened.plan)
    has_all = book.is_protected(opened.sheet) and opened.is_flagged
    need_sheets(book)
    if not has_all:
        need_cells(book, opened)
    was_painted = has_all or is_painted(book, opened)
    # Colours of before looked at fewer columns.
    is_older = was_painted and not has_all and not opened.layout.columns.keys() >= CONTROL.keys()
    with recorded(book, opened, button) as done:
        if not has_all:
            _write_control(done, findings)
        if is_older:
            done.paint(on=False)
        if is_older or not was_painted:
            done.paint(on=True)
        _write_findings(done, findings)
        if not has_all:
            done.give_names(our_names(book, opened))
            book.help(opened.sheet, prompts(opened.plan, findings, opened.columns(), day(now())))
    return opened, findings


def our_names(book: LiveBook, opened: Opened) -> dict[str, str]:
    """Return what names of columns are to stand for; one that stands for something else already is left out."""
    present = book.names
    wanted = named_ranges(opened.sheet, opened.columns(), opened.layout.bottom, opened.last)
    return {name: cells for name, cells in wanted.items() if _begins(present.get(name, cells)) == _begins(cells)}


def _begins(cells: str) -> str:
    """Return where cells begin: programs let a name grow with its rows, and quote the sheet where they have to."""
    return cells.partition(":")[0].replace("'", "")


def list_findings(book: LiveBook, opened: Opened, button: str, more: Sequence[Located]) -> None:
    """Write the list of findings, with others about its rows; nothing else changes."""
    need_sheets(book)
    with recorded(book, opened, button) as done:
        _write_findings(done, check(opened.plan), more)


def total(book: LiveBook, button: str) -> tuple[int, list[tuple[Row, Decimal]]]:
    """Write the budget of every group as a formula over its rows.

    Returns:
        How many budgets became formulas, and the rows whose budget changed with what it is now.
    """
    opened = open_plan(book)
    totals = roll_up(opened.plan)
    sheet = sheet_of(opened.plan, opened.columns(), opened.first)
    column = opened.layout.columns.get("budget", 0)
    if not column:
        return 0, []
    changed: list[tuple[Row, Decimal]] = []
    fixed = opened.untold("budget")
    with recorded(book, opened, button) as done:
        now = book.contents(opened.sheet, Box(opened.first, column, opened.last, column)).contents
        written: dict[int, Content] = {}
        for index, row in enumerate(opened.plan.rows):
            amount = totals[index]
            if row.kind is not Kind.GROUP or index not in opened.plan.children or not isinstance(amount, Decimal):
                continue
            is_formula = str(now[row.line - opened.first][0]).startswith("=")
            if row.budget != amount:
                changed.append((row, amount))
            if row.budget != amount or not is_formula:
                role = role_of(opened.plan, index, fixed)
                written[row.line] = f"={budgets.roll_up(Place(sheet, row.line, role))}"
        if written:
            need_cells(book, opened)
        for top, left, bottom, _ in runs([(line, column) for line in written]):
            done.put(Area(opened.sheet, top, left, [[written[line]] for line in range(top, bottom + 1)]))
    return len(written), changed


def spread_targets(book: LiveBook, button: str) -> list[tuple[Row, TargetKind, int]]:
    """Write the months of the selected operations so that they make up their Meta, under its type.

    Selected months are those to work in, where months are selected and nothing else.

    Returns:
        The rows as they were, each with the type used and the number of months.

    Raises:
        BookError: No operation with a Meta is selected, or its months cannot be written.
    """
    opened = open_plan(book)
    selected = book.selected if book.active == opened.sheet else None
    columns = [opened.layout.columns[month] for month in MONTHS]
    rows = [row for row in opened.plan.rows if selected is not None and selected.top <= row.line <= selected.bottom]
    rows = [row for row in rows if row.kind is Kind.OPERATION and isinstance(row.target, Decimal) and row.target > 0]
    if selected is None or not rows:
        raise BookError(
            say(
                "elegir primero una celda en la fila de una operación que tenga Meta, o los meses en que se trabaja, "
                "y repetir"
            )
        )
    chosen = tuple(i for i, column in enumerate(columns) if selected.left <= column <= selected.right)
    if not {*range(selected.left, selected.right + 1)} <= {*columns}:
        chosen = ()
    done = []
    with recorded(book, opened, button) as recorder:
        for row in rows:
            _need_numbers(opened, row)
            kind, months = kind_to_spread(row), chosen or months_of(row, opened.plan.planned_year)
            amounts = spread(row.target, kind, months)  # type: ignore[arg-type] # only rows with an amount are here
            for top, left, bottom, right in _neighbours(row.line, columns):
                need_cells(book, opened, Box(top, left, bottom, right))
                values: list[Content] = [float(amounts[columns.index(column)]) for column in range(left, right + 1)]
                recorder.put(Area(opened.sheet, top, left, [values]))
            done.append((row, kind, len([amount for amount in amounts if amount])))
    return done


def _neighbours(row: int, columns: Sequence[int]) -> Iterator[tuple[int, int, int, int]]:
    """Join columns of a row into runs of neighbours."""
    for left, top, right, bottom in runs([(column, row) for column in columns]):
        yield top, left, bottom, right


def _need_numbers(opened: Opened, row: Row) -> None:
    """Say of percentages that they are not written here: blank months do not say whether they show one.

    Raises:
        BookError: The row shows percentages.
    """
    if any(line == row.line for line, _ in opened.grid.scaled):
        raise BookError(
            say(
                "{sheet}!{cell}: la Meta o sus meses están en porcentaje; repartirla a mano",
                sheet=opened.sheet,
                cell=row.where("target").cell,
            )
        )


def toggle(book: LiveBook, button: str) -> bool:
    """Paint or unpaint the planner's cells; control columns are written when they are missing.

    Returns:
        Whether they are painted now.
    """
    opened = open_plan(book)
    is_older = not opened.layout.columns.keys() >= CONTROL.keys() and not book.is_protected(opened.sheet)
    if not opened.is_flagged or is_older:
        verify(book, button)
        return True
    need_cells(book, opened)
    was_painted = is_painted(book, opened)
    with recorded(book, opened, button) as done:
        done.paint(on=not was_painted)
    return not was_painted


def need_cells(book: LiveBook, opened: Opened, box: Box | None = None) -> None:
    """Say beforehand what could not be done half-way.

    Raises:
        BookError: The sheet of the plan is protected, and some of the cells are locked.
    """
    if book.is_protected(opened.sheet, box) and identity_of(opened.book.properties) is not None:
        raise BookError(
            say(
                "la oficina regional bloqueó esas celdas de «{sheet}» y no se cambió nada: pedirle el cambio; lo "
                "demás se puede editar",
                sheet=opened.sheet,
            )
        )
    if book.is_protected(opened.sheet, box):
        raise BookError(
            say(
                "la hoja «{sheet}» está protegida y no se cambió nada: quitarle la protección (en Excel, Revisar; en "
                "Calc, Herramientas) y repetir",
                sheet=opened.sheet,
            )
        )


def unlocked(book: LiveBook, opened: Opened) -> AbstractContextManager[None]:
    """Lift the protection of the plan sheet for a while, where it is protected."""
    return book.unlocked(opened.sheet) if book.is_protected(opened.sheet) else contextlib.nullcontext()


def need_sheets(book: LiveBook) -> None:
    """Say beforehand what could not be done half-way.

    Raises:
        BookError: The workbook is protected against sheets that come or go.
    """
    if book.refuses_sheets:
        raise BookError(
            say(
                "{file}: el libro está protegido contra hojas nuevas y no se cambió nada: quitarle la protección (en "
                "Excel, Revisar; en Calc, Herramientas) y repetir",
                file=book.name,
            )
        )


def undo(book: LiveBook) -> Press:
    """Bring back what the last button changed.

    Raises:
        BookError: There is nothing to take back, or cells were edited since.
    """
    press = journal.recall(book.address)
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
    with book.step(say("POA: deshacer «{button}»", button=press.button)):
        _restore(book, press)
    journal.forget(book.address)
    return press


def take_back(book: LiveBook) -> None:
    """Bring back what stood there before a button whose changes the program took in part only."""
    press = journal.recall(book.address)
    if press is not None:
        with book.step(say("POA: deshacer «{button}»", button=press.button)):
            _restore(book, press)
        journal.forget(book.address)


def _restore(book: LiveBook, press: Press) -> None:
    """Put back contents, looks and sheets that a button changed."""
    if press.made:
        book.help(press.sheet, ())
    book.give_names(press.named)
    for name in press.made:
        if any(is_same_sheet(name, sheet) for sheet in book.sheets):
            book.drop(name)
    book.select(press.sheet)
    opened = open_plan(book)
    if press.painted and not press.was_painted and is_painted(book, opened):
        _unpaint(book, opened)
    # Rows that were put into the workbook of a unit stand among cells that are locked.
    with book.unlocked(press.sheet) if press.inserted else contextlib.nullcontext():
        for area in reversed(press.before):
            now = book.contents(area.sheet, area_box(area))
            book.put(area)
            _dress(book, area, now)
        for row, count in reversed(press.inserted):
            book.take_out(press.sheet, row, count)
    for area in press.gone:
        book.draw(frame_of(area, opened), after=opened.sheet)
        book.put(area)
    if press.painted and press.was_painted:
        _paint(book, open_plan(book))
    if press.hidden is not None:
        present, former = opened.grid.hidden & {*range(opened.first, opened.last + 1)}, {*press.hidden}
        with unlocked(book, opened):
            book.hide(press.sheet, present - former, hidden=False)
            book.hide(press.sheet, former - present, hidden=True)


def _edited(book: LiveBook, area: Area) -> str:
    """Return the first cell of an area that holds something else by now; empty for none."""
    if area.sheet not in book.sheets:
        return area.sheet
    now = book.contents(area.sheet, area_box(area))
    for row, (was, is_) in enumerate(zip(area.contents, now.contents, strict=True), area.row):
        for column, pair in enumerate(zip(was, is_, strict=True), area.column):
            if pair[0] != pair[1]:
                return address(row, column)
    return ""


def is_painted(book: LiveBook, opened: Opened) -> bool:
    """Whether our conditional formats stand on the plan."""
    ours = _letters(opened)
    return any(control.is_our_rule(formula, ours) for formula in book.rules(opened.sheet))


@dataclass
class Recorder:
    """Writes cells and keeps what they held."""

    book: LiveBook
    opened: Opened
    press: Press

    def put(self, area: Area) -> None:
        """Write contents."""
        before = self.book.contents(area.sheet, area_box(area))
        self.press.before.append(before)
        self.book.put(area)
        _dress(self.book, area, before)

    def insert(self, row: int, like: int, count: int = 1) -> None:
        """Put rows into the plan sheet."""
        self.book.insert(self.opened.sheet, row, like, count)
        self.press.inserted.append((row, count))

    def drop(self, name: str) -> None:
        """Take a sheet away."""
        self.press.gone.append(self.book.contents(name))
        self.book.drop(name)

    def draw(self, image: SheetSpec) -> None:
        """Make a sheet."""
        # Made is said first: what fails half-way is taken away again.
        self.press.made.append(image.name)
        self.book.draw(image, after=self.opened.sheet)

    def paint(self, *, on: bool) -> None:
        """Paint or unpaint the plan."""
        self.press.painted, self.press.was_painted = self.opened.sheet, not on
        change = _paint if on else _unpaint
        change(self.book, self.opened)

    def give_names(self, wanted: Mapping[str, str]) -> None:
        """Have names stand for cells; an empty text takes one away."""
        present = self.book.names
        changed = {called: cells for called, cells in wanted.items() if present.get(called, "") != cells}
        self.press.named |= {called: present.get(called, "") for called in changed}
        self.book.give_names(changed)
        # A page has no word for names, and leaves them as they were.
        now = self.book.names
        self.press.named = {called: cells for called, cells in self.press.named.items() if now.get(called, "") != cells}

    def finish(self) -> None:
        """Keep what was done; a button that changed nothing leaves the one before to be undone."""
        book, press = self.book, self.press
        press.after = [book.contents(area.sheet, area_box(area)) for area in press.before]
        hid = press.hidden is not None
        is_seen = any((press.made, press.gone, press.painted, press.inserted, press.named, hid))
        if press.after != press.before or is_seen:
            journal.remember(book.address, press)


@contextlib.contextmanager
def recorded(book: LiveBook, opened: Opened, button: str) -> Iterator[Recorder]:
    """Change cells without flicker and keep what they held; put it back when something goes wrong half-way."""
    done = Recorder(book, opened, Press(button, opened.sheet))
    with book.step(f"POA: {button}"):
        try:
            yield done
            done.finish()
        except Exception:
            _restore(book, done.press)
            raise


def _write_control(done: Recorder, findings: Sequence[Finding]) -> None:
    """Fill the control columns, one write for each block: programs keep a hundred steps to be undone, and no more."""
    opened = done.opened
    columns, plan = opened.columns(), opened.plan
    filled = control.control_cells(plan, flag(plan, findings), findings, columns, opened.is_live, first=opened.first)
    cells = {row.line: each for row, each in zip(plan.rows, filled, strict=True)}
    for block in side_by_side({name: column_number(columns[name]) for name in CONTROL}):
        rows: list[list[Content]] = [
            [content_of(cells[line][name]) if name in cells.get(line, ()) else None for name in block]
            for line in range(opened.first, opened.last + 1)
        ]
        column = column_number(columns[block[0]])
        done.put(Area(opened.sheet, opened.layout.bottom, column, [[CONTROL[name] for name in block], *rows]))
        if not {*block} <= opened.layout.columns.keys():
            done.book.widen(opened.sheet, column, BY_NAME[block[0]].width, len(block))


def side_by_side(columns: Mapping[str, int]) -> list[list[str]]:
    """Group control columns into what is written at once: each that shows, and helpers that stand side by side."""
    found: list[list[str]] = []
    for name, column in columns.items():
        last = found[-1][-1] if found else name
        if BY_NAME[name].is_helper and BY_NAME[last].is_helper and columns[last] == column - 1:
            found[-1].append(name)
        else:
            found.append([name])
    return found


def _dress(book: LiveBook, area: Area, before: Area) -> None:
    """Apply their look to control columns, and take it from what was one before."""
    name, former = (_control_column(each) for each in (area, before))
    if name is not None and BY_NAME[name].is_helper:
        return
    box = area_box(area)
    if name is not None:
        book.dress(area.sheet, box._replace(bottom=box.top), looks.CONTROL_HEADER)
        # As in a file, but for lines and indents, which are the sheet's own here.
        look = replace(BY_NAME[name].look, border=False, indent=0)
        book.dress(area.sheet, box._replace(top=box.top + 1), look)
    elif former is not None:
        book.dress(area.sheet, box, None)


def _control_column(area: Area) -> str | None:
    """Return which control column an area is; None for one of the planner's."""
    return next((name for name, caption in CONTROL.items() if caption == area.contents[0][0]), None)


def _write_findings(done: Recorder, findings: Sequence[Finding], more: Sequence[Located] = ()) -> None:
    book, opened, listed = done.book, done.opened, done.opened.listed
    image = findings_sheet(findings, opened.plan, former=listed, more=more, day=day(now()))
    image.name = listed.name if listed is not None else free_name(FINDINGS, book.sheets)
    if listed is not None:
        wanted = matrix_of(image.cells, image.name)
        if book.contents(listed.name).shape == wanted.shape and not _edited(book, wanted):
            return
        done.drop(listed.name)
    done.draw(image)


def _paint(book: LiveBook, opened: Opened) -> None:
    book.paint(opened.sheet, control.rules(opened.columns(), opened.first, opened.last))


def _unpaint(book: LiveBook, opened: Opened) -> None:
    ours = _letters(opened)
    book.unpaint(opened.sheet, lambda formula: control.is_our_rule(formula, ours))


def _letters(opened: Opened) -> set[str]:
    """Return the letters of the control columns."""
    columns = opened.columns()
    return {columns[name] for name in CONTROL}
