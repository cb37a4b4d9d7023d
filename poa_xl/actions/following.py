"""What was reported and modified during the year, held against the rules; each finding with its cell."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from poa_xl.actions.load import Opened
from poa_xl.actions.tracking import closed_months, cutoff_of, reports_in, tracked_in
from poa_xl.core.checks.changed import check_changes
from poa_xl.core.checks.following import check_reports
from poa_xl.core.dates import MONTHS
from poa_xl.core.findings import Located, Where
from poa_xl.core.flags import flag
from poa_xl.core.reports import NOTHING, Report
from poa_xl.core.tracking import Scale
from poa_xl.sheet.executed import Spots, executed_spots
from poa_xl.sheet.formulas.tracking import executed_of
from poa_xl.sheet.grid import letters
from poa_xl.sheet.tracking import Source
from poa_xl.sheet.tracking_columns import ADDRESSES
from poa_xl.sheet.tracking_read import Tracked, match, retyped


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
    tracked = tracked_in(opened) if opened.plan.modified else None
    if tracked is None or tracked.grid is None:
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
