"""Plans, findings and changes as tables for other programs: typed columns, one row each."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from poa_xl.actions.load import Opened, load
from poa_xl.actions.settings import load_profile
from poa_xl.books.book import FileBook
from poa_xl.core.checks import check
from poa_xl.core.codes import Code
from poa_xl.core.findings import Located
from poa_xl.core.flags import Flag, flag
from poa_xl.core.plan import AMOUNTS, FIELDS, Row
from poa_xl.core.values import Invalid

Value = str | int | Decimal | date | datetime | bool | None
Record = dict[str, Value]
Columns = Mapping[str, type]

# The columns of each table and what they hold; every value may be missing.
PLAN: Columns = {
    "file": str,
    "sheet": str,
    "row": int,
    "kind": str,
    "level": int,
    **dict.fromkeys(FIELDS, str),
    **dict.fromkeys(("start", "end"), date),
    **dict.fromkeys(AMOUNTS, Decimal),
    "id": int,
    "stated": str,
    "target_kind": str,
    "programmed": Decimal,
    "computed_budget": Decimal,
    "state": str,
    "reason": str,
    "unread": str,
}
FINDINGS: Columns = dict.fromkeys(
    ("severity", "rule", "file", "sheet", "cell", "code", "field", "value", "expected", "message", "suggestion"), str
) | {"row": int}
CHANGES: Columns = {
    "run": int,
    "time": datetime,
    "undone": bool,
    **dict.fromkeys(("author", "fate", "code", "field", "before", "after", "unit", "file", "cell", "reason"), str),
    "line": int,
}
TABLES = {"plan": PLAN, "findings": FINDINGS, "changes": CHANGES}


def plan_table(paths: Sequence[Path], sheet: str | None = None, year: int | None = None) -> Iterator[Record]:
    """Yield every row of the plans of some workbooks, with what the checks say of it.

    What cannot be read as what its column holds is missing there, and stands in `unread`.

    Args:
        paths: The workbooks.
        sheet: Only this sheet.
        year: The year planned; by default the commonest of the dates.

    Raises:
        BookError: One cannot be read.
        LayoutError: One holds no plan.
    """
    for opened in _opened(paths, sheet, year):
        plan = opened.plan
        for row, found in zip(plan.rows, flag(plan, check(plan)), strict=True):
            yield row_record(row, found)


def findings_table(paths: Sequence[Path], sheet: str | None = None, year: int | None = None) -> Iterator[Record]:
    """Yield every finding of some workbooks; see `plan_table`."""
    for opened in _opened(paths, sheet, year):
        plan = opened.plan
        for located in plan.located(check(plan)):
            row = plan.row_of(located.finding)
            code = str(row.code) if isinstance(row.code, Code) else None
            record = {name: value or None for name, value in finding_record(located).items()}
            yield record | {"row": row.line, "code": code, "field": located.finding.field}


def finding_record(located: Located) -> dict[str, Value]:
    """Return a finding as a flat record."""
    where, finding = located
    return {
        "severity": finding.severity.label,
        "rule": finding.rule,
        "file": where.file,
        "sheet": where.sheet,
        "cell": where.cell,
        "value": finding.value,
        "expected": finding.expected,
        "message": finding.message,
        "suggestion": finding.suggestion,
    }


def changes_table(master: Path, store: str | None = None) -> Iterator[Record]:
    """Yield what became of every change that units brought, the latest consolidation first.

    Args:
        master: The master.
        store: Where its history is; by default beside it.

    Raises:
        SyncError: There is no history.
        BookError: It cannot be read.
    """
    # The history needs a database, which a planner's installation has not.
    from poa_xl.actions.past.telling import tell  # noqa: PLC0415

    for each in tell(store, master).past:
        values = {name: value if value != "" else None for name, value in asdict(each.entry).items() if name != "line"}
        moment = datetime.fromisoformat(each.time)
        yield {
            "run": each.run,
            "time": moment,
            "undone": each.undone,
            "author": each.author,
            **values,
            "line": each.entry.line,
        }


def _opened(paths: Sequence[Path], sheet: str | None, year: int | None) -> Iterator[Opened]:
    for path in paths:
        yield from load(FileBook(path), sheet, year, load_profile(None, path.parent))


def row_record(row: Row, found: Flag) -> Record:
    """Return a row of a plan, with what the checks say of it, as a flat record."""
    values = {name: row.get(name) for name in (*FIELDS, "stated")}
    unread = {name: value.text for name, value in values.items() if isinstance(value, Invalid)}
    unread |= {name: flaw.text for name, flaw in row.flaws.items()}
    read = {name: None if isinstance(value, Invalid) else _plain(value) for name, value in values.items()}
    verdict = found.verdict
    return {
        "file": row.origin.file,
        "sheet": row.origin.sheet,
        "row": row.line,
        "kind": row.kind.value,
        "level": row.code.depth if isinstance(row.code, Code) else None,
        **read,
        "target_kind": verdict.kind.value if verdict is not None else None,
        "programmed": verdict.programmed if verdict is not None else None,
        "computed_budget": found.computed,
        "state": found.state.value or None,
        "reason": found.reason or None,
        "unread": "; ".join(f"{name}: {text}" for name, text in unread.items()) or None,
    }


def _plain(value: object) -> Value:
    if value is None or value == "":
        return None
    if isinstance(value, Decimal | int | date):
        return value
    return str(value)
