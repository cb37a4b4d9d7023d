"""Red and green: one flag per row, from its verdict, its budget and its findings."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import field
from decimal import Decimal

from poa_xl.core.dates import MONTHS
from poa_xl.core.enums import StrEnum
from poa_xl.core.findings import Finding, Severity
from poa_xl.core.plan import DECIDED, Kind, Plan
from poa_xl.core.quick import quick
from poa_xl.core.rollup import Total, Unknown, roll_up
from poa_xl.core.targets import Verdict, judge_row
from poa_xl.i18n import say

TARGET_FIELDS = {"target", "stated", *MONTHS}
# The one rule that speaks of all months together.
MONTHS_DISAGREE = "meta-meses"


class State(StrEnum):
    """What a cell is painted by. The values are what the sheet shows."""

    GREEN = "VERDE"
    RED = "ROJO"
    WARNING = "AVISO"
    FAILED = "ERROR"  # only formulas come to it
    PART = "PARTE"  # of a Meta whose months, or whose type, are red while it is not
    NONE = ""


@quick(frozen=True, slots=True)
class Flag:
    """The state of a row and why.

    Attributes:
        verdict: Months against target; None where a row has no target to judge.
        target: State of target and months; blank on rows that are no operation.
        computed: Rolled-up budget, bolivianos; None where there is none or nobody knows it.
        budget: State of the budget.
        state: The worst of all findings of the row; green when there is none, blank on lines.
        reason: Sentences, the worst first.
        is_unknown: Whether the rolled-up budget has a term that cannot be read.
        budget_difference: What the row says it costs, less `computed`; None where it does not say the whole.
        painted: Field to the state of its own cell; what is neither good nor bad is missing.
    """

    verdict: Verdict | None
    target: State
    computed: Decimal | None
    budget: State
    state: State
    reason: str
    is_unknown: bool = False
    budget_difference: Decimal | None = None
    painted: Mapping[str, State] = field(default_factory=dict)


def flag(plan: Plan, findings: Sequence[Finding]) -> list[Flag]:
    """Return the flag of every row.

    Args:
        plan: The plan.
        findings: What `check` and others found in this plan.

    Returns:
        One flag per row.
    """
    at: dict[int, list[Finding]] = defaultdict(list)
    for finding in sorted(findings, key=_order):
        at[finding.index].append(finding)
    totals = roll_up(plan)
    return [_flag(plan, index, at.get(index, []), totals[index]) for index in range(len(plan.rows))]


def _order(finding: Finding) -> tuple[Severity, int]:
    return finding.severity, DECIDED.index(finding.field)


def _flag(plan: Plan, index: int, mine: Sequence[Finding], total: Total) -> Flag:
    row = plan.rows[index]
    verdict = judge_row(row)
    target = state_of([f for f in mine if f.field in TARGET_FIELDS], seen=row.kind is Kind.OPERATION)
    budget = state_of([f for f in mine if f.field == "budget"], seen=row.budget is not None)
    computed = None if isinstance(total, Unknown) else total
    # A group in which nothing costs anything has nothing to be right about.
    is_empty = row.kind is Kind.GROUP and row.budget is None and not computed
    state = state_of(mine, seen=row.kind is not Kind.LINE and not is_empty)
    reasons = [clause(f) for f in mine]
    if verdict is not None and verdict.holds:
        reasons.append(verdict.reason)
    elif row.kind is Kind.GROUP and state is State.GREEN:
        reasons.append(say("el presupuesto es la suma de sus filas"))
    says_all = isinstance(row.budget, Decimal) and computed is not None and index not in plan.shared
    gap = row.budget - computed if says_all else None  # type: ignore[operator]
    painted = _painted(mine, verdict, budget, is_judged=row.kind is Kind.OPERATION)
    return Flag(
        verdict,
        target,
        computed,
        budget,
        state,
        " ".join(map(sentences, reasons)),
        isinstance(total, Unknown),
        gap,
        painted,
    )


def _painted(
    mine: Sequence[Finding], verdict: Verdict | None, budget: State, *, is_judged: bool
) -> Mapping[str, State]:
    """Tell of each cell of a row how it stands: a finding marks the cell that it is about, and no other.

    Months that do not make up the Meta are marked where one can say which; all of them and the Meta, where nobody can.
    """
    found: dict[str, list[Finding]] = defaultdict(list)
    for each in mine:
        found[each.field].append(each)
        if each.rule == MONTHS_DISAGREE and verdict is not None:
            for name in [MONTHS[month] for month in verdict.off] or ("target", *MONTHS):
                found[name].append(each)
    painted = {name: state_of(some, seen=True) for name, some in found.items()}
    if is_judged:
        is_red = any(state is State.RED and name in TARGET_FIELDS for name, state in painted.items())
        painted.setdefault("target", State.PART if is_red else State.GREEN)
        painted = dict.fromkeys(MONTHS, State.GREEN) | painted
    return painted | ({"budget": budget} if budget else {})


def state_of(findings: Sequence[Finding], *, seen: bool) -> State:
    """Return the worst state of some findings; without any, green or nothing, as a cell was `seen`."""
    if not findings:
        return State.GREEN if seen else State.NONE
    return State.RED if min(f.severity for f in findings) is Severity.ERROR else State.WARNING


def clause(finding: Finding) -> str:
    """Return what a finding says, and what would fix it, as part of a longer sentence."""
    return f"{finding.message} → {finding.suggestion}" if finding.suggestion else finding.message


def sentence(finding: Finding) -> str:
    """Return what a finding says, and what would fix it, as sentences."""
    return " → ".join(sentences(part) for part in (finding.message, finding.suggestion) if part)


def sentences(text: str) -> str:
    """Begin a text with a capital and end it with a stop."""
    return stopped(f"{text[:1].upper()}{text[1:]}")


def stopped(text: str) -> str:
    """End a text with a stop, where it has none of any kind yet."""
    return text if not text or text.endswith((".", "?", "!", "…")) else f"{text}."
