"""The planner's own workbook, flagged in place and cleaned again, nothing of it lost."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from xml.sax.saxutils import escape

from poa_xl.actions.load import layout_of
from poa_xl.books import files
from poa_xl.books.files import stamp
from poa_xl.books.package import open_package
from poa_xl.books.patch.editor import Editor
from poa_xl.books.patch.scan import scan
from poa_xl.books.patch.sheet import SheetEdits
from poa_xl.books.sheetxml import read_grids
from poa_xl.core.checks import check
from poa_xl.core.findings import Finding
from poa_xl.core.flags import flag
from poa_xl.core.merge import with_totals
from poa_xl.core.plan import FIELDS, Kind, Plan, Row, TargetKind
from poa_xl.core.rollup import roll_up
from poa_xl.errors import BookError, LayoutError
from poa_xl.i18n import number, say
from poa_xl.sheet import control
from poa_xl.sheet.control_columns import BY_NAME
from poa_xl.sheet.extras import FINDINGS, findings_sheet, is_findings_sheet, read_replaced
from poa_xl.sheet.fields import COMPUTED
from poa_xl.sheet.formulas import RowFormulas, Sheet, role_of
from poa_xl.sheet.grid import Grid, column_number, letters
from poa_xl.sheet.headers import CONTROL, Layout
from poa_xl.sheet.image import Cell, Style
from poa_xl.sheet.parse import parse

# Hidden name in which an update writes down what it added, for the next one and for `clean`.
MARK = "_poa_xl"
_FARTHEST = 200
_OUR_RULE = re.compile(r'\$([A-Z]{1,3})\d+="(?:ROJO|AVISO|VERDE)"')


@dataclass(frozen=True, slots=True)
class Change:
    """A cell that changes: where, what it showed, what it will show."""

    cell: str
    field: str
    before: str
    after: str


@dataclass(frozen=True)
class Updated:
    """What an update or a clean-up came to.

    Attributes:
        path: The file written; None for a dry run.
        backup: What stood there before.
        sheet: The plan sheet.
        changes: Cells whose content changes, row by row.
        findings: What the checks say.
        fixed: Rows that hold values instead of formulas, because their numbers are texts or percentages.
        pending: Group budgets that `rollup` would change.
    """

    path: Path | None
    backup: Path | None
    sheet: str
    changes: tuple[Change, ...]
    findings: tuple[Finding, ...] = ()
    fixed: tuple[int, ...] = ()
    pending: tuple[Change, ...] = ()


@dataclass(frozen=True)
class Options:
    """How to update.

    Attributes:
        sheet: The plan sheet, when there are several.
        year: The year planned; by default the commonest of the dates.
        values: Write values instead of formulas.
        functions: Write `POA_*` functions instead of native formulas.
        rollup: Write group budgets too, as formulas over the rows below.
        output: Write here instead; the workbook read stays as it is.
        backups: Folder for the backup.
        dry_run: Write nothing.
        force: Edit a digitally signed workbook too.
    """

    sheet: str | None = None
    year: int | None = None
    values: bool = False
    functions: bool = False
    rollup: bool = False
    output: Path | None = None
    backups: Path | None = None
    dry_run: bool = False
    force: bool = False


@dataclass
class _Opened:
    """A workbook under update."""

    name: str
    editor: Editor
    grid: Grid
    layout: Layout
    mark: dict[str, str] = field(default_factory=dict)
    replaced: dict[str, tuple[str, str]] = field(default_factory=dict)
    listed: str = ""

    @property
    def edits(self) -> SheetEdits:
        return self.editor.sheet(self.grid.name)


def update_book(path: Path, options: Options) -> Updated:
    """Add or refresh control columns, conditional formats and the list of findings in a planner's workbook.

    The planner's columns do not move and their values do not change, but for group budgets with `rollup`.

    Raises:
        BookError: It cannot be read, edited safely, or written.
        CellError: A cell of the control columns cannot be written.
        LayoutError: It holds no plan, or several.
        StaleBookError: It changed meanwhile.
    """
    data = _read(path, options)
    after, done = update_data(data, path.name, options)
    written, backup = _write(path, data, after, options)
    return replace(done, path=written, backup=backup)


def update_data(
    data: bytes, name: str, options: Options, stated: Mapping[int, TargetKind] | None = None
) -> tuple[bytes, Updated]:
    """Do the work of `update_book` on the bytes of a workbook.

    Args:
        data: The workbook.
        name: Name of its file, for addresses and messages.
        options: How to update; nothing is written, whatever they say.
        stated: Row number to Tipo de meta, to be written where the planner's stands.
    """
    book = _open(data, name, options)
    typed = parse(book.grid, book.layout, name, options.year).plan
    if stated:
        rows = (replace(row, stated=stated.get(row.line, row.stated)) for row in typed.rows)
        typed = replace(typed, rows=tuple(rows))
    plan = with_totals(typed) if options.rollup else typed
    columns = _columns(book)
    findings = check(plan)
    flags = flag(plan, findings)
    live = {row.line for row in plan.rows if not options.values and _is_live(book, row)}
    cells = control.control_cells(
        plan, flags, findings, columns, lambda row: row.line in live, functions=options.functions
    )
    changes = _place_control(book, plan, columns, cells)
    budgets = _roll_up(book, typed, columns, write=options.rollup)
    if options.rollup:
        changes += budgets
    _place_findings(book, plan, findings)
    fixed = () if options.values else tuple(row.line for row in plan.rows if row.line not in live)
    pending = () if options.rollup else tuple(budgets)
    done = Updated(None, None, book.grid.name, tuple(changes), tuple(findings), fixed, pending)
    return book.editor.save(), done


def clean_book(path: Path, options: Options) -> Updated:
    """Take out of a workbook everything that `update_book` put in.

    Raises:
        BookError: It cannot be read, edited safely, or written; or there is nothing of ours in it.
        LayoutError: It holds no plan, or several.
        StaleBookError: It changed meanwhile.
    """
    data = _read(path, options)
    book = _open(data, path.name, options)
    if not book.mark:
        raise BookError(say("{file}: no tiene nada que poa-xl haya agregado", file=path.name))
    added = [name for name in book.mark["columns"].split(",") if name in book.layout.columns]
    numbers = {book.layout.columns[name] for name in added}
    changes: list[Change] = []
    for line in (book.layout.bottom, *_lines(book)):
        for name in added:
            column = book.layout.columns[name]
            book.edits.cells[line, column] = None
            before = book.grid.get(line, column)
            if before is not None:
                changes.append(Change(f"{letters(column)}{line}", name, shown(before), ""))
    changes += _put_back(book)
    _drop_formats(book, {letters(column) for column in numbers})
    book.edits.drop_columns = numbers
    book.editor.drop_sheet(book.mark["sheet"])
    book.editor.set_name(MARK, None)
    if "area" in book.mark:
        book.editor.set_print_area(book.grid.name, None)
    if "calc" in book.mark:
        book.editor.recalculate(on_load=False)
    written, backup = _write(path, data, book.editor.save(), options)
    return Updated(written, backup, book.grid.name, tuple(changes))


def shown(value: object) -> str:
    """Write a value as a list of changes shows it."""
    return "" if value is None else number(value) if isinstance(value, Decimal) else str(getattr(value, "text", value))


def _read(path: Path, options: Options) -> bytes:
    output = options.output
    files.keep_apart(output, path)
    if output is not None and output.suffix.lower() != path.suffix.lower():
        # Excel does not open a workbook with macros under the name of one without, nor the other way round.
        raise BookError(
            say("{file}: tiene que terminar en {suffix}, como el libro que se lee", file=output.name,
                suffix=path.suffix)
        )  # fmt: skip
    return open_package(path).data


def _open(data: bytes, name: str, options: Options) -> _Opened:
    editor = Editor(data, name, force=options.force)
    grids = read_grids(editor.package)
    mark = dict(part.partition("=")[::2] for part in (editor.name_text(MARK) or "").split(";") if part)
    names = [grid for grid in grids if options.sheet is None or grid.name.casefold() == options.sheet.casefold()]
    found = [(grid, layout) for grid in names if (layout := layout_of(grid, name)) is not None]
    if len(found) != 1:
        named = ", ".join(f"«{grid.name}»" for grid, _ in found) or say("ninguna")
        raise LayoutError(say("{file}: se necesita una hoja con un plan y hay: {names}", file=name, names=named))
    listed = mark.get("sheet") or next((grid.name for grid in grids if is_findings_sheet(grid)), "")
    ours = next((grid for grid in grids if grid.name == listed), None)
    return _Opened(name, editor, *found[0], mark, read_replaced(ours) if ours is not None else {}, listed)


def _lines(book: _Opened) -> list[int]:
    """Rows below the header that may hold something of ours."""
    ours = {book.layout.columns[name] for name in CONTROL if name in book.layout.columns}
    return [line for line, cells in sorted(book.grid.cells.items()) if line > book.layout.bottom and ours & {*cells}]


def _columns(book: _Opened) -> dict[str, str]:
    """Give the letters of all columns; control columns that are not there yet stand behind everything else."""
    part = next(each.part for each in book.editor.package.sheets if each.name == book.grid.name)
    used = set(scan(book.editor.package.read(part), book.name, ()).columns)
    filled = {column for cells in book.grid.cells.values() for column in cells}
    last = max({column for column in used if column < _FARTHEST} | filled)
    columns = book.layout.addresses
    missing = [name for name in CONTROL if name not in columns]
    return columns | {name: letters(column) for column, name in enumerate(missing, last + 1)}


def _is_live(book: _Opened, row: Row) -> bool:
    """Tell whether formulas read what we read: numbers and dates that are no texts and no percentages."""
    for name in COMPUTED:
        column = book.layout.columns.get(name)
        if column is None:
            continue
        if isinstance(book.grid.get(row.line, column), str) or (row.line, column) in book.grid.scaled:
            return False
    return True


def _place_control(
    book: _Opened, plan: Plan, columns: Mapping[str, str], cells: Sequence[Mapping[str, Cell]]
) -> list[Change]:
    numbers = {name: column_number(columns[name]) for name in CONTROL}
    new = [name for name in CONTROL if name not in book.layout.columns]
    changes: list[Change] = []
    for name, cell in control.header_cells().items():
        if name in new:
            book.edits.cells[book.layout.bottom, numbers[name]] = cell
    for row, filled in zip(plan.rows, cells, strict=True):
        for name, cell in filled.items():
            place = (row.line, numbers[name])
            book.edits.cells[place] = cell
            before, after = shown(book.grid.get(*place)), shown(cell.value)
            if before != after:
                changes.append(Change(f"{columns[name]}{row.line}", CONTROL[name], before, after))
    last = max((row.line for row in plan.rows), default=book.layout.bottom + 1)
    _drop_formats(book, {columns[name] for name in CONTROL})
    book.edits.rules = control.rules(columns, book.layout.bottom + 1, last)
    book.edits.choices = [control.choice(columns, book.layout.bottom + 1, last)]
    book.edits.columns = {numbers[name]: (BY_NAME[name].width, 1) for name in CONTROL}
    _remember(book, new, columns, last)
    return changes


def _remember(book: _Opened, new: Sequence[str], columns: Mapping[str, str], last: int) -> None:
    """Write down what is added, and keep the control columns off the printed page."""
    mark = book.mark or {"columns": ",".join(new)}
    if not book.editor.recalculates:
        mark["calc"] = "1"
    book.editor.recalculate(on_load=True)
    if not book.editor.has_print_area(book.grid.name):
        mark["area"] = "1"
        planner = {column_number(columns[name]) for name in FIELDS if name in columns} | set(
            book.layout.unknown.values()
        )
        right = letters(max(planner))
        bottom = max([last, *book.grid.cells])
        book.editor.set_print_area(book.grid.name, f"$A$1:${right}${bottom}")
    book.mark = mark


def _drop_formats(book: _Opened, ours: set[str]) -> None:
    def is_ours(formula: str) -> bool:
        match = _OUR_RULE.fullmatch(formula)
        return match is not None and match[1] in ours

    listed = '"' + ",".join(control.KINDS) + '"'
    book.edits.drop_rule = is_ours
    book.edits.drop_choice = lambda formula: formula == listed


def _place_findings(book: _Opened, plan: Plan, findings: Sequence[Finding]) -> None:
    image = findings_sheet(findings, plan, book.replaced)
    present = [sheet.name for sheet in book.editor.package.sheets]
    if book.listed:
        book.editor.drop_sheet(book.listed)
        present = [name for name in present if name != book.listed]
    image.name = FINDINGS if FINDINGS not in present else f"{FINDINGS} POA"
    book.editor.add_sheet(image)
    book.mark["sheet"] = image.name
    book.editor.set_name(MARK, ";".join(f"{key}={value}" for key, value in sorted(book.mark.items())))


def _roll_up(book: _Opened, plan: Plan, columns: Mapping[str, str], *, write: bool) -> list[Change]:
    """Write group budgets as formulas, but for formulas of the planner's that come to the same; give what differs."""
    totals = roll_up(plan)
    sheet = Sheet(columns, max((row.line for row in plan.rows), default=0), plan.planned_year or 0)
    column = book.layout.columns["budget"]
    changes = []
    wanted = {(row.line, column) for row in plan.rows if row.kind is Kind.GROUP}
    former = book.editor.content(book.grid.name, wanted) if write else {}
    for index, row in enumerate(plan.rows):
        total = totals[index]
        place = (row.line, column)
        if row.kind is not Kind.GROUP or index not in plan.children or total is None:
            continue
        if place in book.grid.formulas and row.budget == total:
            continue
        if write:
            book.replaced.setdefault(str(row.code), _portable(former.get(place, ("", "")), row.budget))
            formula = RowFormulas(sheet, row.line, role_of(plan, index)).children()
            book.edits.cells[place] = Cell(total, Style(), f"={formula}")
            book.edits.keep_format.add(place)
        before, after = shown(book.grid.get(*place)), number(total)
        if before != after:
            changes.append(Change(f"{columns['budget']}{row.line}", "Presupuesto", before, after))
    return changes


def _portable(content: tuple[str, str], budget: object) -> tuple[str, str]:
    """Spell out a shared text: its number means nothing once another program has saved the workbook."""
    kind, inside = content
    return ("inlineStr", f"<is><t>{escape(shown(budget))}</t></is>") if kind == "s" else (kind, inside)


def _put_back(book: _Opened) -> list[Change]:
    """Give groups the budgets that a roll-up replaced, where its formula still stands; codes tell which is whose."""
    column = book.layout.columns["budget"]
    changes = []
    for row in parse(book.grid, book.layout).plan.rows:
        place = (row.line, column)
        if str(row.code) in book.replaced and place in book.grid.formulas:
            book.edits.cells[place] = Cell(None)
            book.edits.raw[place] = book.replaced[str(row.code)]
            text = re.sub(r"<[^>]*>", "", book.replaced[str(row.code)][1])
            changes.append(Change(f"{letters(column)}{row.line}", "Presupuesto", shown(row.budget), text))
    return changes


def _write(path: Path, data: bytes, after: bytes, options: Options) -> tuple[Path | None, Path | None]:
    if options.dry_run:
        return None, None
    target = options.output or path
    expected = hashlib.sha256(data).hexdigest() if target == path else stamp(target)
    return target, files.replace(target, after, expected=expected, backups=options.backups)
