"""The sheet `Seguimiento` in a workbook: made, refreshed in place, taken out; what was executed in the plan itself."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from poa_xl.actions.beside import left
from poa_xl.actions.computed import Sheet, refreshed
from poa_xl.actions.following import findings_in, modified_findings
from poa_xl.actions.load import Opened
from poa_xl.actions.tracking import Known, cutoff_of, tracked_in
from poa_xl.books.patch.editor import Editor
from poa_xl.core.dates import MONTHS
from poa_xl.core.findings import Located
from poa_xl.core.flags import Flag, flag
from poa_xl.core.plan import Amount, Plan
from poa_xl.i18n import say
from poa_xl.sheet.cells import shown
from poa_xl.sheet.executed import executed_spots, group_spots
from poa_xl.sheet.formulas.tracking import executed_of
from poa_xl.sheet.grid import Grid, Value, free_name, letters, quoted
from poa_xl.sheet.headers import OURS
from poa_xl.sheet.listing import TOP
from poa_xl.sheet.render import COLUMNS
from poa_xl.sheet.spec import Cell, SheetSpec
from poa_xl.sheet.tracking import Source, is_our_rule, lines_of, linked, tracking_sheet, typed
from poa_xl.sheet.tracking_columns import ADDRESSES, PLACES, SENSES, TYPED, Part
from poa_xl.sheet.tracking_columns import BY_NAME as TRACK_BY_NAME
from poa_xl.sheet.tracking_read import TRACKING, Entry, Tracked, amount_in, match


@dataclass(frozen=True)
class Placed:
    """What came of it.

    Attributes:
        sheet: Name of the sheet.
        cutoff: Index of the cut-off month.
        findings: What the checks say of what was reported.
        states: How many operations stand in each band, or without one.
    """

    sheet: str
    cutoff: int
    findings: tuple[Located, ...]
    states: Mapping[str, int]


def place_tracking(
    editor: Editor,
    opened: Opened,
    source: Source,
    cutoff: int | None,
    reported: Mapping[int, Mapping[str, object]] | None = None,
    *,
    guard: bool = False,
) -> Placed:
    """Put the sheet into a workbook under edit, or refresh it where it stands.

    Args:
        editor: The workbook.
        opened: Its plan.
        source: The plan, checked.
        cutoff: Index of the cut-off month; None for what the sheet says, else for the last month reported, else for
            January.
        reported: What is to stand there instead of what does; see `tracking_sheet`.
        guard: Protect a sheet that is made, but for what people type.
    """
    former = tracked_in(opened)
    source = replace(source, done=place_executed(editor, opened, reported or {}))
    until = cutoff_of(former, cutoff) if former.grid is not None or cutoff is not None else _last_done(source)
    image = tracking_sheet(source, former, until, reported)
    if former.grid is None:
        image.name = free_name(TRACKING, editor.names)
        image.protect = guard
        editor.add_sheet(image)
    else:
        image.name = former.grid.name
        _refresh(editor, image, former.grid, former.entries)
    last = max(row for row, _ in image.cells)
    # Calc prints no sheet without a print area where another sheet has one, as the plan has.
    editor.set_print_area(image.name, f"$A$1:${ADDRESSES['proof']}${last}")
    told = reported or {}
    reported_wrong = findings_in(source, former, image.name, until, lines_of(source.plan), told)
    found = (*reported_wrong, *modified_findings(opened))
    column = PLACES["state"]
    states = Counter(str(image.cells[line, column].value) for line in lines_of(source.plan).values())
    return Placed(image.name, until, found, dict(states.most_common()))


def place_executed(
    editor: Editor, opened: Opened, reported: Mapping[int, Mapping[str, object]]
) -> dict[int, dict[int, tuple[str, Amount]]]:
    """Return where the plan sheet says what was executed of operations, and what.

    What was reported otherwise, of groups too, is written there, and formulas that look at it come to something else.
    """
    edits, grid = editor.sheet(opened.sheet), opened.grid
    found: dict[int, dict[int, tuple[str, Amount]]] = {}
    written: dict[tuple[int, int], Value] = {}
    operations = executed_spots(opened.layout, opened.plan)
    groups = group_spots(opened.layout, opened.plan, grid)
    for index, cells in {**groups, **operations}.items():
        told = reported.get(opened.plan.rows[index].line, {})
        here: dict[int, tuple[str, Amount]] = {}
        for month, (row, column) in cells.items():
            value, name = grid.get(row, column), executed_of(MONTHS[month])
            if name in told and shown(told[name]) != shown(value):
                value = told[name]  # type: ignore[assignment]
                edits.cells[row, column] = Cell(typed(value))
                edits.keep_format.add((row, column))
                written[row, column] = value
            here[month] = (f"{quoted(opened.sheet)}!${letters(column)}${row}", amount_in(value))
        if index in operations:
            found[index] = here
    if written:
        _follow(editor, opened, written)
    return found


def _follow(editor: Editor, opened: Opened, written: Mapping[tuple[int, int], Value]) -> None:
    """Put beside the planner's formulas that look at what was written what they come to now."""
    edits, grid = editor.sheet(opened.sheet), opened.grid
    known = Sheet(grid, written)
    ours = {column for name, column in opened.layout.columns.items() if name in OURS}
    theirs = [place for place in grid.formulas if place[1] not in ours and place not in edits.cells]
    values = {place: known.comes_to(place) for place in theirs}
    values = {place: value for place, value in values.items() if place in known.reached}
    for place, (kind, inside) in editor.content(opened.sheet, values.keys()).items() if values else ():
        edits.cells[place] = Cell(None)
        edits.raw[place] = refreshed(kind, inside, values[place])


def _last_done(source: Source) -> int:
    """Index of the last month of which the plan sheet says that anything was executed; else January."""
    return max(
        (month for cells in source.done.values() for month, (_, amount) in cells.items() if amount is not None),
        default=0,
    )


def _refresh(editor: Editor, image: SheetSpec, grid: Grid, entries: Iterable[Entry]) -> None:
    """Bring a sheet to what was drawn anew, and leave everything else of it as people made it."""
    edits = editor.sheet(grid.name)
    dressed = {1, 2, 3, TOP, *(entry.line for entry in entries)}
    for place, cell in image.cells.items():
        if _differs(grid, place, cell) or place[0] not in dressed:
            edits.cells[place] = cell
            if place[0] in dressed:
                edits.keep_format.add(place)
    ours = {*PLACES.values()}
    for row, cells in grid.cells.items():
        for column in cells:
            if row > TOP and column in ours and (row, column) not in image.cells:
                edits.cells[row, column] = None
    edits.rules, edits.drop_rule = image.rules, is_our_rule
    lists = {'"' + ",".join(values) + '"' for values in (MONTHS, SENSES)}
    edits.choices, edits.drop_choice = image.choices, lists.__contains__


def _differs(grid: Grid, place: tuple[int, int], cell: Cell) -> bool:
    """Whether a cell shows something else, or by another formula."""
    formula, value = grid.formulas.get(place, ""), grid.get(*place)
    if cell.formula.removeprefix("=") != formula:
        return True
    if type(cell.value) is type(value) and cell.value == value:
        return False
    # Nobody writes down what helpers come to.
    return not (formula and cell.value is None) and shown(cell.value) != shown(value)


def without_tracking(editor: Editor, opened: Opened, *, keep: bool | None) -> None:
    """Take the sheet out again, or leave of it what people typed, beside code and name.

    Raises:
        BookError: People typed something, and nobody said what is to become of it.
    """
    tracked = tracked_in(opened)
    grid = tracked.grid
    if grid is None:
        return
    rows = sum(bool(entry.typed) for entry in tracked.entries)
    refusal = say(
        "{file}: en la hoja «{sheet}» hay {count} filas con lo que se informó; --keep-data las deja, sin "
        "fórmulas; --drop-data las quita también",
        file=opened.book.name,
        sheet=grid.name,
        count=rows,
    )
    edits = left(editor, grid, refusal if rows else "", keep=keep)
    if edits is None:
        return
    found, _ = match(opened.plan, tracked.entries)
    flags = flag(opened.plan, ())
    values = {entry.line: linked(opened.plan.rows[index], flags[index]) for index, entry in found.items()}
    ours = {column: name for name, column in PLACES.items() if name not in TYPED}
    for row, column in grid.formulas:
        if column in ours:
            is_told = TRACK_BY_NAME[ours[column]].part is Part.LINKED
            value = values.get(row, {}).get(ours[column]) if is_told else None
            edits.cells[row, column] = None if value is None else Cell(value)
            edits.keep_format.add((row, column))
    edits.drop_rule = is_our_rule


def tracking_of(
    plan: Plan,
    flags: Sequence[Flag],
    sheet: str,
    reported: Mapping[int, Mapping[str, object]],
    known: Known,
    former: Tracked = Tracked(),  # noqa: B008 - nothing changes it
) -> SheetSpec:
    """Draw the sheet of a plan that is drawn anew too.

    Args:
        plan: The plan, placed.
        flags: One flag per row.
        sheet: Name of its sheet.
        reported: Row number to what was reported, by column.
        known: What holds of all of it.
        former: The sheet of before, of which notes and rows whose operation is gone are kept.
    """
    columns = {name: letters(column) for name, column in COLUMNS.items()}
    source = Source(plan, flags, sheet, columns, lambda _: True, known.scale, None, known.closed)
    months = [m for m, month in enumerate(MONTHS) if any(executed_of(month) in each for each in reported.values())]
    until = known.cutoff if known.cutoff is not None else max(months, default=0)
    return tracking_sheet(source, former, until, reported)
