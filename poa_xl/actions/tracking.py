"""The sheet `Seguimiento` in the planner's own workbook: made, refreshed in place, taken out."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from poa_xl.actions.load import Opened
from poa_xl.books.book import FileBook
from poa_xl.books.patch.editor import Editor
from poa_xl.core.checks.changed import check_changes
from poa_xl.core.checks.following import check_reports
from poa_xl.core.dates import MONTHS
from poa_xl.core.findings import Located, Where
from poa_xl.core.flags import Flag, flag
from poa_xl.core.plan import Amount, Plan
from poa_xl.core.reports import NOTHING, Report
from poa_xl.core.tracking import USUAL, Scale
from poa_xl.errors import BookError, LayoutError
from poa_xl.i18n import say
from poa_xl.sheet.cells import shown
from poa_xl.sheet.executed import Spots, executed_spots, with_executed, with_executed_rows
from poa_xl.sheet.formulas.tracking import executed_of, spent_of
from poa_xl.sheet.grid import Grid, free_name, letters, quoted
from poa_xl.sheet.listing import TOP
from poa_xl.sheet.render import COLUMNS
from poa_xl.sheet.spec import Cell, SheetSpec
from poa_xl.sheet.tracking import Source, is_our_rule, lines_of, linked, tracking_sheet, typed
from poa_xl.sheet.tracking_columns import ADDRESSES, PLACES, SENSES, TYPED, Part
from poa_xl.sheet.tracking_columns import BY_NAME as TRACK_BY_NAME
from poa_xl.sheet.tracking_read import (
    TRACKING,
    Tracked,
    amount_in,
    find_tracking,
    match,
    read_tracking,
    retyped,
    with_reports,
)

# What we write down of the sheet's name.
NAME = "tracking"
# And of the quarters that are closed: `T1,T2`.
CLOSED = "closed"


def tracked_in(opened: Opened) -> Tracked:
    """Read the sheet of a workbook; nothing where it has none. What the plan sheet says was executed comes first."""
    tracked = read_tracking(find_tracking(opened.others, opened.mark.get(NAME, TRACKING)))
    spots = executed_spots(opened.layout, opened.plan)
    if not spots or tracked.grid is None:
        return tracked
    places = {entry.line: index for index, entry in match(opened.plan, tracked.entries)[0].items()}
    entries = (
        replace(entry, report=with_executed(entry.report, opened.grid, spots.get(places.get(entry.line, -1), {})))
        for entry in tracked.entries
    )
    return replace(tracked, entries=tuple(entries))


def reports_in(opened: Opened) -> tuple[dict[int, Report], int] | None:
    """Return what was reported, by index of an operation, and the index of the cut-off month.

    From the sheet `Seguimiento`; without one, from what the plan sheet itself says, up to the last month of which it
    says anything. None where nothing says anything.

    Raises:
        LayoutError: The year planned begins in another month than January.
    """
    refuse_turned(opened)
    tracked = tracked_in(opened)
    if tracked.grid is not None:
        found, _ = match(opened.plan, tracked.entries)
        return {index: entry.report for index, entry in found.items()}, cutoff_of(tracked)
    spots = executed_spots(opened.layout, opened.plan)
    if not spots:
        return None
    reports = {index: with_executed(NOTHING, opened.grid, cells) for index, cells in spots.items()}
    months = [m for m in range(len(MONTHS)) if any(each.executed[m] is not None for each in reports.values())]
    return reports, max(months, default=0)


def refuse_turned(opened: Opened) -> None:
    """Refuse to follow a plan whose year begins in another month: up to a month would mean other months than are meant.

    Raises:
        LayoutError: It does.
    """
    columns = opened.layout.columns
    months = [month for month in MONTHS if month in columns]
    first = min(months, key=lambda month: columns[month], default="")
    if months and first != months[0]:
        raise LayoutError(
            say(
                "{file}: la gestión de este plan empieza en {month}; el seguimiento cuenta de enero a diciembre y "
                "daría otras cifras, así que no se hace. poa check, update, split y sync sirven igual",
                file=opened.book.name,
                month=first,
            )
        )


def last_reported(tracked: Tracked) -> int | None:
    """Return the index of the last month of which anything is reported."""
    months = range(len(MONTHS) - 1, -1, -1)
    return next((m for m in months if any(each.report.executed[m] is not None for each in tracked.entries)), None)


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


def cutoff_of(former: Tracked, wanted: int | None = None) -> int:
    """Return the cut-off month: as wanted, as the sheet says, the last one reported, or January."""
    return next((each for each in (wanted, former.cutoff, last_reported(former)) if each is not None), 0)


def closed_months(opened: Opened) -> frozenset[int]:
    """Return the indexes of the months that the office closed."""
    quarters = [int(each[1:]) for each in opened.mark.get(CLOSED, "").split(",") if each]
    return frozenset(month for quarter in quarters for month in range(3 * quarter - 3, 3 * quarter))


def closed_mark(months: frozenset[int]) -> dict[str, str]:
    """Return what is written down of closed months: their quarters; nothing where none is closed."""
    quarters = sorted({month // 3 + 1 for month in months})
    return {CLOSED: ",".join(f"T{quarter}" for quarter in quarters)} if quarters else {}


def closed_fields(opened: Opened) -> dict[str, str]:
    """Return the columns of the months that the office closed, each with what to say about it."""
    return {
        name: say(
            "{month} está cerrado (T{quarter}); poa track --reopen lo abre", month=MONTHS[month], quarter=month // 3 + 1
        )
        for month in closed_months(opened)
        for name in (executed_of(MONTHS[month]), spent_of(MONTHS[month]))
    }


def reported_plan(
    opened: Opened, plan: Plan | None = None, others: Mapping[str, Mapping[str, object]] | None = None
) -> Plan:
    """Return the plan of a workbook with what was reported of its operations, beside the plan or in its own sheet.

    Args:
        opened: The workbook.
        plan: Its plan, where that is wanted otherwise than it was opened.
        others: By `key_of`, what holds of operations that have no place there.
    """
    wanted, tracked = opened.plan if plan is None else plan, tracked_in(opened)
    spots = executed_spots(opened.layout, wanted) if tracked.grid is None else {}
    return with_executed_rows(wanted, opened.grid, spots, others) if spots else with_reports(wanted, tracked, others)


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
        refresh(editor, image, former)
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
    """Return where the plan sheet says what was executed, and what; what was reported otherwise is written there."""
    edits, grid = editor.sheet(opened.sheet), opened.grid
    found: dict[int, dict[int, tuple[str, Amount]]] = {}
    for index, cells in executed_spots(opened.layout, opened.plan).items():
        told = reported.get(opened.plan.rows[index].line, {})
        found[index] = {}
        for month, (row, column) in cells.items():
            value, name = grid.get(row, column), executed_of(MONTHS[month])
            if name in told and shown(told[name]) != shown(value):
                value = told[name]  # type: ignore[assignment]
                edits.cells[row, column] = Cell(typed(value))
                edits.keep_format.add((row, column))
            found[index][month] = (f"{quoted(opened.sheet)}!${letters(column)}${row}", amount_in(value))
    return found


def _last_done(source: Source) -> int:
    """Index of the last month of which the plan sheet says that anything was executed; else January."""
    return max(
        (month for cells in source.done.values() for month, (_, amount) in cells.items() if amount is not None),
        default=0,
    )


def findings_in(
    source: Source,
    tracked: Tracked,
    sheet: str,
    cutoff: int,
    lines: Mapping[int, int] | None = None,
    reported: Mapping[int, Mapping[str, object]] | None = None,
) -> tuple[Located, ...]:
    """Check what was reported, each finding with its cell.

    Args:
        source: The plan.
        tracked: What people typed.
        sheet: Name of the sheet.
        cutoff: Index of the cut-off month.
        lines: Index of an operation to its row in the sheet; by default where it stands now.
        reported: What stands there instead of what people typed, by row number in the plan.
    """
    found, _ = match(source.plan, tracked.entries)
    for index, row in enumerate(source.plan.rows):
        if reported and row.line in reported:
            found[index] = retyped(found.get(index), reported[row.line])
    places = lines if lines is not None else {index: entry.line for index, entry in found.items()}
    budgets = {index: flag.computed for index, flag in enumerate(source.flags)}
    reports = {index: source.reported(index, entry.report) for index, entry in found.items()}
    reports |= {index: source.reported(index, NOTHING) for index in source.done if index not in reports}
    listed = check_reports(source.plan, reports, budgets, cutoff, source.scale)
    file = source.plan.rows[0].origin.file if source.plan.rows else ""
    return tuple(
        Located(Where(file, sheet, f"{ADDRESSES[each.field]}{places[each.index]}"), each)
        for each in listed
        if each.index in places
    )


def modified_findings(opened: Opened) -> tuple[Located, ...]:
    """Check what was modified since the plan was approved against what was reported and closed, each with its cell."""
    tracked = tracked_in(opened)
    if tracked.grid is None or not opened.plan.modified:
        return ()
    found, _ = match(opened.plan, tracked.entries)
    reports = {index: entry.report for index, entry in found.items()}
    return opened.plan.located(check_changes(opened.plan, reports, closed_months(opened)))


def tracking_findings(plans: Sequence[Opened], scale: Scale) -> tuple[Located, ...]:
    """Check the sheet of a workbook as it stands, against the plan that it is about."""
    for opened in plans:
        tracked = tracked_in(opened)
        if tracked.grid is not None and match(opened.plan, tracked.entries)[0]:
            flags = flag(opened.plan, ())
            source = Source(opened.plan, flags, opened.sheet, {}, opened.is_live, scale, opened.grid)
            found = findings_in(source, tracked, tracked.grid.name, cutoff_of(tracked))
            return (*found, *modified_findings(opened))
        spots, told = executed_spots(opened.layout, opened.plan), reports_in(opened)
        if tracked.grid is None and told is not None:
            return _findings_beside(opened, spots, *told, scale)
    return ()


def _findings_beside(
    opened: Opened, spots: Spots, reports: Mapping[int, Report], cutoff: int, scale: Scale
) -> tuple[Located, ...]:
    """Check what the plan sheet itself says was executed, each finding with its cell there."""
    plan = opened.plan
    budgets = {index: each.computed for index, each in enumerate(flag(plan, ()))}
    executed = {executed_of(month): number for number, month in enumerate(MONTHS)}
    found = []
    for each in check_reports(plan, reports, budgets, cutoff, scale):
        if each.field in ("cause", "action", "proof"):
            # There is no place for them before `Seguimiento` is there.
            continue
        row, column = spots.get(each.index, {}).get(executed.get(each.field, -1), (0, 0))
        where = plan.rows[each.index].where("name")
        at = replace(where, cell=f"{letters(column)}{row}") if row else where
        found.append(Located(at, each))
    return tuple(found)


def refresh(editor: Editor, image: SheetSpec, former: Tracked) -> None:
    """Bring a sheet to what was drawn anew, and leave everything else of it as people made it."""
    grid = former.grid
    if grid is None:
        raise TypeError
    edits = editor.sheet(grid.name)
    dressed = {1, 2, 3, TOP, *(entry.line for entry in former.entries)}
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
    if rows and keep is None:
        raise BookError(
            say(
                "{file}: en la hoja «{sheet}» hay {count} filas con lo que se informó; --keep-data las deja, sin "
                "fórmulas; --drop-data las quita también",
                file=opened.book.name,
                sheet=grid.name,
                count=rows,
            )
        )
    if not rows or not keep:
        editor.drop_sheet(grid.name)
        return
    edits = editor.sheet(grid.name)
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


def typed_rows(path: Path) -> int:
    """Return how many rows of the sheet in a file hold something that people typed.

    Raises:
        BookError: It cannot be read.
    """
    return sum(bool(each.typed) for each in read_tracking(find_tracking(FileBook(path).read())).entries)


@dataclass(frozen=True)
class Known:
    """What holds of the `Seguimiento` of a whole plan.

    Attributes:
        cutoff: Index of the cut-off month; None for the last month of which anything is reported.
        closed: Indexes of the months that are closed.
        scale: The office's bands.
    """

    cutoff: int | None = None
    closed: frozenset[int] = frozenset()
    scale: Scale = USUAL


def known_of(opened: Opened) -> Known | None:
    """Return what holds of the `Seguimiento` of a workbook; None where it has none."""
    tracked = tracked_in(opened)
    if tracked.grid is None:
        return None
    return Known(cutoff_of(tracked), closed_months(opened), opened.layout.profile.scale or USUAL)


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
