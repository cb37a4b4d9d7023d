"""What people typed into the sheet `Seguimiento`, read back and found again in the plan by code."""

from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from poa_xl.core.codes import Code
from poa_xl.core.dates import MONTHS, month_number
from poa_xl.core.plan import SERIES, Amount, Kind, Origin, Plan, Row, monthly
from poa_xl.core.reports import NOTHING, Report, parse_sense
from poa_xl.core.text import fold
from poa_xl.core.tracking import Sense
from poa_xl.core.values import Flaw, Invalid
from poa_xl.sheet.cells import amount_of, flaw_of, text_of
from poa_xl.sheet.formulas.place import SIGN
from poa_xl.sheet.formulas.tracking import executed_of, is_link
from poa_xl.sheet.grid import Grid, Value
from poa_xl.sheet.listing import TOP, find_ours, is_list
from poa_xl.sheet.tracking_columns import ADDRESSES, BY_NAME, PLACES, TYPED

TRACKING = "Seguimiento"
# Row of the month that people choose, and its column.
CUTOFF = (2, 2)
# Column number to name.
_NAMES = {column: name for name, column in PLACES.items()}


@dataclass(frozen=True)
class Entry:
    """A row of the sheet.

    Attributes:
        line: Its row number.
        key: The code whose row it is, as `key_of` writes it.
        shown: What the linked columns show, by column.
        typed: What people typed, by column, as it stands; blanks are left out.
        formulas: The formulas among it.
        report: What that reports.
        who: As `who_of` writes it, where several operations had that code; empty else.
    """

    line: int
    key: str
    shown: Mapping[str, Value] = field(default_factory=dict)
    typed: Mapping[str, Value] = field(default_factory=dict)
    formulas: Mapping[str, str] = field(default_factory=dict)
    report: Report = NOTHING
    who: str = ""

    @property
    def mark(self) -> str:
        """What is written down of whose row it is."""
        return f"{self.key}\n{self.who}" if self.who else self.key


@dataclass(frozen=True)
class Tracked:
    """The sheet as it stands.

    Attributes:
        grid: Its cells; None where there is no such sheet.
        cutoff: Index of the cut-off month; None where none is chosen.
        entries: Its rows.
    """

    grid: Grid | None = None
    cutoff: int | None = None
    entries: tuple[Entry, ...] = ()


def is_tracking_sheet(grid: Grid) -> bool:
    """Whether a sheet has the shape of a `Seguimiento` of ours."""
    names = ("code", "kind", "sense", executed_of(MONTHS[0]), "state", "clean")
    return is_list(grid, {PLACES[name]: BY_NAME[name].caption for name in names})


def find_tracking(grids: Iterable[Grid], name: str = TRACKING) -> Grid | None:
    """Return the sheet `Seguimiento`, whatever it was called since; the one of a name first."""
    return find_ours(grids, TRACKING, [name], is_tracking_sheet)


def read_tracking(grid: Grid | None) -> Tracked:
    """Read the sheet; nothing where there is none."""
    if grid is None:
        return Tracked()
    month = month_number(text_of(grid.get(*CUTOFF)))
    entries = (_entry(grid, line) for line in sorted(grid.cells) if line > TOP)
    return Tracked(grid, None if month is None else month - 1, tuple(each for each in entries if each is not None))


def _entry(grid: Grid, line: int) -> Entry | None:
    filled = grid.cells[line]
    cells = {_NAMES[column]: value for column, value in filled.items() if column in _NAMES and value is not None}
    mark = cells.get("clean")
    if not isinstance(mark, str) or not mark.startswith(SIGN):
        return None
    key, _, who = mark.partition("\n")
    told_by = {name: text for name in TYPED if (text := grid.formulas.get((line, PLACES[name])))}
    linked = {name for name, text in told_by.items() if is_link(text)}
    typed = {name: cells[name] for name in TYPED if name in cells and name not in linked}
    formulas = {name: told_by[name] for name in typed if name in told_by}
    shown = {name: value for name, value in cells.items() if name not in typed}
    told = {name: cells[name] for name in TYPED if name in cells}
    return Entry(line, key, shown, typed, formulas, _report(told), who)


def _report(typed: Mapping[str, Value]) -> Report:
    told: dict[str, Any] = {name: text_of(typed.get(name)) for name in ("cause", "action", "proof")}
    for series in SERIES:
        told[series] = tuple(amount_in(typed.get(monthly(series, month))) for month in MONTHS)
    return Report(parse_sense(text_of(typed.get("sense"))), **told)


def amount_in(value: Value) -> Amount:
    """Read a number; a text is none, however it looks, since formulas do not count it either."""
    if isinstance(value, str):
        return (flaw_of(value) or Invalid(value.strip(), Flaw.MALFORMED)) if value.strip() else None
    if isinstance(value, bool):
        return Invalid(text_of(value), Flaw.MALFORMED)
    return amount_of(value)


def key_of(row: Row) -> str:
    """Write down whose row it is: its code; where that cannot be read, what stands there and its name."""
    if isinstance(row.code, Code):
        return f"{SIGN}{row.code}"
    shown = row.code.text if row.code is not None else ""
    return f"{SIGN}{SIGN}{fold(shown)} {fold(row.name)}"


def who_of(row: Row) -> str:
    """Write down which of several operations with one code a row is about."""
    return f"{fold(row.unit)} {fold(row.name)}"


def marks_of(plan: Plan) -> dict[int, str]:
    """Write down of every operation whose row it is: its key; where several have the same also which of them."""
    keys = {index: key_of(row) for index, row in enumerate(plan.rows) if row.kind is Kind.OPERATION}
    count = Counter(keys.values())
    return {
        index: Entry(0, key, who=who_of(plan.rows[index]) if count[key] > 1 else "").mark for index, key in keys.items()
    }


def match(plan: Plan, entries: Sequence[Entry]) -> tuple[dict[int, Entry], list[Entry]]:
    """Find the operation of every row.

    By the code for which a row was made. Of several operations with one code to the one with its unit and name; what
    is left goes first to first. Where a code is gone, an operation that took its place in the plan, and that has no
    row yet, was given a new code.

    Returns:
        Index of an operation to its row, and the rows whose operation is gone.
    """
    waiting: dict[str, deque[int]] = defaultdict(deque)
    for index, row in enumerate(plan.rows):
        if row.kind is Kind.OPERATION:
            waiting[key_of(row)].append(index)
    found: dict[int, Entry] = {}
    for entry in entries:
        mine = (index for index in waiting[entry.key] if entry.who and who_of(plan.rows[index]) == entry.who)
        if (at := next(mine, None)) is not None:
            waiting[entry.key].remove(at)
            found[at] = entry
    placed = {id(entry) for entry in found.values()}
    rest: list[Entry] = []
    for entry in entries:
        if id(entry) in placed:
            continue
        if waiting[entry.key]:
            found[waiting[entry.key].popleft()] = entry
        else:
            rest.append(entry)
    gone = []
    for entry in rest:
        renamed = waiting[f"{SIGN}{text_of(entry.shown.get('code'))}"] if entry.shown.get("code") else deque()
        if renamed:
            found[renamed.popleft()] = entry
        else:
            gone.append(entry)
    return found, gone


def reported_of(entry: Entry) -> dict[str, object]:
    """Return what was reported in a row as the plan's rows hold it: numbers, texts, flaws; blanks left out."""
    report = entry.report
    values: dict[str, object] = {
        "sense": str(report.sense) if isinstance(report.sense, Sense) else report.sense,
        **{name: amount for _, name, amount in report.amounts()},
        "cause": report.cause,
        "action": report.action,
        "proof": report.proof,
    }
    return {name: value for name, value in values.items() if value not in (None, "")}


def with_reports(plan: Plan, tracked: Tracked, others: Mapping[str, Mapping[str, object]] | None = None) -> Plan:
    """Return a plan whose operations hold what was reported of them.

    Args:
        plan: The plan.
        tracked: The sheet beside it.
        others: By `key_of`, what holds of operations that have no row there.
    """
    if tracked.grid is None and not others:
        return plan
    found, _ = match(plan, tracked.entries)
    file = plan.rows[0].origin.file if plan.rows else ""
    beside = Origin(file, tracked.grid.name if tracked.grid is not None else "", ADDRESSES)
    rows = []
    for index, row in enumerate(plan.rows):
        if index in found:
            entry = found[index]
            rows.append(replace(row, reported=reported_of(entry), beside=beside, beside_line=entry.line))
        else:
            rows.append(replace(row, reported=(others or {}).get(key_of(row), {})))
    return replace(plan, rows=tuple(rows))


def retyped(entry: Entry | None, told: Mapping[str, object]) -> Entry:
    """Return a row with other values typed; a formula gives way to a value."""
    former = entry or Entry(0, "")
    typed = {name: value for name, value in {**former.typed, **told}.items() if value is not None and value != ""}
    formulas = {name: text for name, text in former.formulas.items() if name not in told}
    return replace(former, typed=typed, formulas=formulas, report=_report(typed))  # type: ignore[arg-type]
