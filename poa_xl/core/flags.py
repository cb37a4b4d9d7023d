"""Red and green: one flag per row, from its verdict, its budget and its findings."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from poa_xl.core.dates import MONTHS
from poa_xl.core.enums import StrEnum
from poa_xl.core.findings import Finding, Severity, Where
from poa_xl.core.plan import DECIDED, Kind, Plan
from poa_xl.core.rollup import roll_up
from poa_xl.core.targets import Verdict, judge_row
from poa_xl.i18n import say

_TARGET = {"target", "stated", *MONTHS}


class State(StrEnum):
    """What a cell is painted by. The values are what the sheet shows."""

    GREEN = "VERDE"
    RED = "ROJO"
    WARNING = "AVISO"
    NONE = ""


@dataclass(frozen=True, slots=True)
class Flag:
    """The state of a row and why.

    Attributes:
        verdict: Months against target; None where a row has no target to judge.
        target: State of target and months; blank on rows that are no operation.
        computed: Rolled-up budget, bolivianos; None where there is none.
        budget: State of the budget.
        state: The worst of all findings of the row; green when there is none, blank on lines.
        reason: Sentences, the worst first.
    """

    verdict: Verdict | None
    target: State
    computed: Decimal | None
    budget: State
    state: State
    reason: str


def flag(plan: Plan, findings: Sequence[Finding]) -> list[Flag]:
    """Give every row its flag.

    Args:
        plan: The plan.
        findings: What `check` and others found; those of other files and sheets do no harm.

    Returns:
        One flag per row.
    """
    at: dict[Where, list[Finding]] = defaultdict(list)
    for finding in findings:
        at[finding.where].append(finding)
    totals = roll_up(plan)
    lines = {_line(finding.where) for finding in findings}
    return [
        _flag(plan, index, at if row.line in lines or 0 in lines else {}, totals[index])
        for index, row in enumerate(plan.rows)
    ]


def _line(where: Where) -> int:
    return int("".join(filter(str.isdecimal, where.cell)) or 0)


def _flag(plan: Plan, index: int, at: Mapping[Where, list[Finding]], computed: Decimal | None) -> Flag:
    row = plan.rows[index]
    places: dict[Where, str] = {}
    for name in DECIDED if at else ():
        places.setdefault(row.where(name), name)
    mine = sorted(
        ((finding, name) for where, name in places.items() for finding in at.get(where, ())),
        key=lambda pair: pair[0].severity,
    )
    verdict = judge_row(row)
    target = state_of([f for f, name in mine if name in _TARGET], seen=row.kind is Kind.OPERATION)
    budget = state_of([f for f, name in mine if name == "budget"], seen=row.budget is not None)
    state = state_of([f for f, _ in mine], seen=row.kind is not Kind.LINE)
    reasons = [_sentence(f) for f, _ in mine]
    if verdict is not None and verdict.holds:
        reasons.append(verdict.reason)
    elif row.kind is Kind.GROUP and state is State.GREEN:
        reasons.append(say("el presupuesto es la suma de sus filas"))
    return Flag(verdict, target, computed, budget, state, "; ".join(reasons))


def state_of(findings: Sequence[Finding], *, seen: bool) -> State:
    """Give the worst state of some findings; without any, green or nothing, as a cell was `seen`."""
    if not findings:
        return State.GREEN if seen else State.NONE
    return State.RED if min(f.severity for f in findings) is Severity.ERROR else State.WARNING


def _sentence(finding: Finding) -> str:
    return f"{finding.message} → {finding.suggestion}" if finding.suggestion else finding.message
