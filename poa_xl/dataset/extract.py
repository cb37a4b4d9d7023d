"""One file as records of all tables: what its plan holds, what the checks say of it, what the unit changed."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import pyarrow as pa

from poa_xl.actions.against import Terms
from poa_xl.actions.exporting import Record, finding_record, row_record
from poa_xl.actions.receiving import Received, receive_one, saved
from poa_xl.actions.submissions import worth
from poa_xl.books.package import open_package
from poa_xl.core.blocks import Block, own_fields, value_of
from poa_xl.core.checks import check
from poa_xl.core.codes import Code
from poa_xl.core.flags import State, flag
from poa_xl.core.plan import Plan, Row
from poa_xl.core.returned import Returned, same
from poa_xl.core.rollup import Unknown
from poa_xl.core.totals import counted
from poa_xl.dataset.schema import CHANGES, FINDINGS, ROWS, SUBMISSIONS, is_exact, table
from poa_xl.dataset.sources import Source, at_hand
from poa_xl.errors import PoaError
from poa_xl.sheet.cells import shown
from poa_xl.sheet.identity import identity_of

# What is kept of an average: as many decimals as an amount has room for.
_DECIMALS = Decimal(1).scaleb(-18)


@dataclass(frozen=True)
class Task:
    """A file to read, and what it is held against."""

    source: Source
    terms: Terms


@dataclass(frozen=True)
class Extract:
    """What one file holds.

    Attributes:
        received: Who it is from, and whether it was taken.
        tables: Its records, by the names of `schema.TABLES`.
    """

    received: Received
    tables: Mapping[str, pa.Table]


def look(source: Source) -> Received:
    """Read whose a file is, who saved it and when, and its hash; none of its rows."""
    found = source.found
    if found.problem:
        return Received(found.name, found.path, problem=found.problem)
    with at_hand(source) as here:
        blank = Received(found.name, found.path, note=found.note)
        try:
            package = open_package(here.path)
        except PoaError as error:
            return replace(blank, problem=str(error))
        identity = identity_of(package.properties)
        author, moment = saved(package, here.path)
        unit = identity.unit if identity is not None else ""
        return replace(
            blank,
            sha256=package.stamp,
            author=author,
            saved_at=moment,
            identity=identity,
            unit=unit,
            known=identity is not None,
        )


def extract(task: Task) -> Extract:
    """Read one file whole."""
    source = task.source
    with at_hand(source) as here:
        received = receive_one((here, replace(task.terms, whole=True)))
    received = replace(received, file=source.found.name, path=source.found.path)
    plan, returned = received.plan, received.returned
    records: dict[str, Sequence[Record]] = {"rows": [], "findings": [], "changes": []}
    if plan is not None and not received.problem:
        records = _of_plan(plan) | {
            "changes": list(_changes(received, returned)) if returned is not None and received.known else []
        }
    states = Counter(each["state"] for each in records["rows"])
    line: Record = submission(received, source) | {
        "status": worth(received, ()),
        "red": states[State.RED.value],
        "warned": states[State.WARNING.value],
        "changed": len({(each["code"], each["kind"]) for each in records["changes"]}),
    }
    tables = {name: table(columns, records[name]) for name, columns in _COLUMNS.items()}
    light = replace(received, plan=None, returned=None)
    return Extract(light, tables | {"submissions": table(SUBMISSIONS, [line])})


_COLUMNS = {"rows": ROWS, "findings": FINDINGS, "changes": CHANGES}


def submission(received: Received, source: Source) -> Record:
    """Return what there is to say of a file as a whole."""
    identity = received.identity
    return {
        "file": received.file,
        "path": source.place,
        "sha256": received.sha256 or None,
        "unit": received.unit or None,
        "author": received.author or None,
        "saved_at": received.saved_at or None,
        "year": identity.year if identity is not None else None,
        "version": identity.version if identity is not None else None,
        "known": received.known,
        "status": worth(received, ()),
        "sheet": received.sheet or None,
        "read": received.rows if not received.problem else 0,
        "passed": received.passed,
        "problem": received.problem or None,
        "note": received.note or None,
    }


def _of_plan(plan: Plan) -> dict[str, Sequence[Record]]:
    findings = check(plan)
    flags = flag(plan, findings)
    amounts = dict(counted(plan))
    heads = {line: head for head, lines in plan.lines.items() for line in lines}
    rows = [
        _row(row_record(row, found), plan.rows[heads.get(index, index)], amounts.get(index))
        for index, (row, found) in enumerate(zip(plan.rows, flags, strict=True))
    ]
    located = ((plan.row_of(each.finding), each.finding.field, finding_record(each)) for each in plan.located(findings))
    said = [record | {"row": row.line, "code": _code(row), "field": field} for row, field, record in located]
    return {"rows": rows, "findings": said}


def _row(record: Record, head: Row, amount: Decimal | Unknown | None) -> Record:
    """Complete a record of a row; an amount that has no exact place in its column stands in `unread`, as it is."""
    record = record | {
        "operation": _code(head),
        "of_unit": head.unit or None,
        "counted": amount if isinstance(amount, Decimal) else None,
        "hindered": isinstance(amount, Unknown),
    }
    derived = ("programmed", "computed_budget")
    rounded = {name: _rounded(record[name]) for name in derived}
    record |= rounded
    lost = {name: value for name, value in record.items() if isinstance(value, Decimal) and not is_exact(value)}
    if lost:
        told = [str(record["unread"])] if record["unread"] else []
        told += [f"{name}: {value}" for name, value in lost.items()]
        record |= dict.fromkeys(lost) | {"unread": "; ".join(told), "hindered": record["hindered"] or "counted" in lost}
    return record


def _rounded(value: object) -> Decimal | None:
    if not isinstance(value, Decimal):
        return None
    return value if is_exact(value) else value.quantize(_DECIMALS)


def _changes(received: Received, returned: Returned) -> Iterator[Record]:
    """Yield what a unit changed in what was sent to it, field by field; a whole block is one line."""
    shared: Record = {"file": received.file, "unit": received.unit or None}

    def line(
        kind: str, row: Row, field: str = "", before: object = None, after: object = None, why: str = ""
    ) -> Record:
        where = row.where(field or "code")
        return shared | {
            "kind": kind,
            "code": _code(row),
            "field": field or None,
            "before": shown(before) or None,
            "after": shown(after) or None,
            "sheet": where.sheet or None,
            "cell": where.cell or None,
            "reason": why or None,
        }

    for pair in returned.changed:
        if pair.base is None:
            yield line("added", pair.theirs.head, after=pair.theirs.head.name)
            continue
        yield from (line("changed", *each) for each in _fields(pair.base, pair.theirs))
    for block in returned.removed:
        yield line("removed", block.head, before=block.head.name)
    for each in returned.rejected:
        yield line("rejected", each.block.head, each.field, after=each.value, why=each.reason)


def _fields(base: Block, theirs: Block) -> Iterator[tuple[Row, str, object, object]]:
    """Yield the fields in which two blocks differ; lines that only one of them has are one difference each."""
    for one, two in zip(base.rows, theirs.rows, strict=False):
        for name in own_fields(two):
            before, after = value_of(one, name), value_of(two, name)
            if not same(before, after):
                yield two, name, before, after
    for row in base.lines[len(theirs.lines) :]:
        yield theirs.head, "line", f"{row.partida} {shown(row.budget)}".strip(), None
    for row in theirs.lines[len(base.lines) :]:
        yield row, "line", None, f"{row.partida} {shown(row.budget)}".strip()


def _code(row: Row) -> str | None:
    return str(row.code) if isinstance(row.code, Code) else None
