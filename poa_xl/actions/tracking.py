"""What a workbook says was reported of its plan, in `Seguimiento` or in the plan itself, and what of it is closed."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from poa_xl.actions.load import Opened
from poa_xl.books.book import FileBook
from poa_xl.core.dates import MONTHS
from poa_xl.core.plan import SERIES, Plan, monthly
from poa_xl.core.reports import NOTHING, Report
from poa_xl.core.tracking import USUAL, Scale
from poa_xl.errors import LayoutError
from poa_xl.i18n import say
from poa_xl.sheet.executed import executed_spots, group_spots, with_executed, with_executed_rows
from poa_xl.sheet.tracking_read import (
    TRACKING,
    Tracked,
    find_tracking,
    match,
    read_tracking,
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
    return (reports, max(months)) if months else None


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
        for name in (monthly(series, MONTHS[month]) for series in SERIES)
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
    groups = group_spots(opened.layout, wanted, opened.grid)
    if spots:
        return with_executed_rows(wanted, opened.grid, {**groups, **spots}, others)
    reported = with_reports(wanted, tracked, others)
    return with_executed_rows(reported, opened.grid, groups, others) if groups else reported


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
