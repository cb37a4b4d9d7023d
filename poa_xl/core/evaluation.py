"""The whole plan at a cut-off: figures for everything, for units and objectives, and the curve of the year."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from poa_xl.core.blocks import unit_names
from poa_xl.core.codes import Code
from poa_xl.core.dates import MONTHS
from poa_xl.core.plan import Kind, Plan, Row, TargetKind
from poa_xl.core.reports import NOTHING, Assessed, Report, assess, rounded, total
from poa_xl.core.text import fold
from poa_xl.core.totals import objectives
from poa_xl.core.tracking import Mean, Progress, Scale, Sense, share, track, weighted

Weigh = Callable[[int], Decimal | None]
_ZERO = Decimal(0)
_MEANS = (TargetKind.CONSTANT, TargetKind.MEAN)


def equal(_index: int) -> Decimal | None:
    """Weigh all operations the same."""
    return Decimal(1)


@dataclass(frozen=True)
class Operation:
    """An operation under evaluation.

    Attributes:
        index: Its index in the plan.
        row: Its row.
        report: What was reported.
        budget: Presupuesto vigente.
        said: How it stands.
    """

    index: int
    row: Row
    report: Report
    budget: Decimal | None
    said: Assessed


@dataclass(frozen=True)
class Share:
    """A part of the plan.

    Attributes:
        name: What it is called.
        code: Its code, of an objective.
        operations: How many operations it has.
        physical: The mean of their Eficacia.
        budget: Their Presupuesto vigente.
        spent: What was spent of it; None where nobody said.
        unreported: How many have not reported all that they should.
    """

    name: str
    code: str
    operations: int
    physical: Mean
    budget: Decimal
    spent: Decimal | None
    unreported: int

    @property
    def financial(self) -> Decimal | None:
        """Ejecución financiera: sums over sums, in percent."""
        return share(self.spent, self.budget)


@dataclass(frozen=True)
class Evaluation:
    """A plan at a cut-off.

    Attributes:
        plan: The plan.
        cutoff: Index of the last month that counts.
        scale: The office's bands.
        operations: Its operations, in the order of the plan.
        weigh: Index of an operation to its weight.
    """

    plan: Plan
    cutoff: int
    scale: Scale
    operations: Sequence[Operation]
    weigh: Weigh = equal

    @cached_property
    def whole(self) -> Share:
        """All of it."""
        return self._share("", "", self.operations)

    @cached_property
    def by_unit(self) -> list[Share]:
        """Every unit, in the order of the plan."""
        names = unit_names(self.plan)
        found: dict[str, list[Operation]] = defaultdict(list)
        for each in self.operations:
            found[names[fold(each.row.unit)]].append(each)
        return [self._share(unit, "", mine) for unit, mine in found.items()]

    @cached_property
    def by_objective(self) -> list[Share]:
        """Every objective: the groups of the second level, or of the only one there is."""
        found = []
        for group in objectives(self.plan):
            below = [each for each in self.operations if group.code in _above(each.row)]
            found.append(self._share(group.name, str(group.code), below))
        return found

    @cached_property
    def states(self) -> dict[str, int]:
        """How many operations stand in each band, then in each word for none; those that occur."""
        count = Counter(each.said.state for each in self.operations)
        bands = {band.name: count.pop(band.name, 0) for band in self.scale.bands}
        return {**bands, **dict(count.most_common())}

    @property
    def red(self) -> list[Operation]:
        """The operations in a band that has to be explained, the worst first."""
        found = [each for each in self.operations if self.scale.is_red(each.said.band)]
        return sorted(found, key=lambda each: each.said.efficacy or _ZERO)

    @property
    def unreported(self) -> list[Operation]:
        """The operations of which programmed months were not reported."""
        return [each for each in self.operations if each.said.progress.unreported]

    def curve(self) -> list[tuple[str, Decimal | None, Decimal | None]]:
        """Return for every month how much of the year was programmed by then and how much executed, in percent.

        Each operation counts by how much of its own year it is, with its weight. What is not reported is not
        executed here. Months after the cut-off have no execution yet.
        """
        found = []
        for month, name in enumerate(MONTHS):
            points = [
                (self.weigh(each.index), *advance(each, month)) for each in self.operations if each.row.programmed
            ]
            due = weighted((programmed, weight) for weight, programmed, _ in points).value
            done = weighted((executed, weight) for weight, _, executed in points).value
            found.append((name, rounded(due), rounded(done) if month <= self.cutoff else None))
        return found

    def _share(self, name: str, code: str, mine: Sequence[Operation]) -> Share:
        spent = [amount for each in mine if (amount := total(each.report.spent, self.cutoff)) is not None]
        return Share(
            name,
            code,
            len(mine),
            weighted((each.said.efficacy, self.weigh(each.index)) for each in mine),
            sum((each.budget for each in mine if each.budget is not None), _ZERO),
            sum(spent, _ZERO) if spent else None,
            sum(bool(each.said.progress.unreported) for each in mine),
        )


def _above(row: Row) -> tuple[object, ...]:
    return tuple(row.code.ancestors()) if isinstance(row.code, Code) else ()


def advance(each: Operation, month: int) -> tuple[Decimal, Decimal]:
    """Return how much of its year an operation had programmed by a month, and executed, in percent.

    Of means a month counts as one of those that are programmed, executed as far as its mean is reached.
    """
    progress = each.said.progress
    kind, programmed = progress.kind, each.row.programmed
    by_then = track(kind, progress.sense, each.row.months, each.report.executed, month)
    if kind in _MEANS:
        due = share(Decimal(sum(m <= month for m in programmed)), Decimal(len(programmed))) or _ZERO
        reported = sum(m <= month and isinstance(each.report.executed[m], Decimal) for m in programmed)
        done = share(Decimal(reported), Decimal(len(programmed))) or _ZERO
        return due, done * _ratio(by_then)
    whole = track(kind, Sense.MORE, each.row.months, each.report.executed, len(MONTHS) - 1).programmed
    due = share(by_then.programmed, whole) or _ZERO
    if progress.sense is Sense.LESS:
        return due, due * _ratio(by_then)
    return due, share(by_then.executed, whole) or _ZERO


def _ratio(progress: Progress) -> Decimal:
    """How far what was executed reaches what was programmed, 1 for all of it; 0 where nobody can say."""
    due, done = progress.programmed, progress.executed
    if not due or done is None:
        return _ZERO
    if progress.sense is Sense.MORE:
        return done / due
    return due / done if done else _ZERO


def evaluate(
    plan: Plan,
    reports: Mapping[int, Report],
    budgets: Mapping[int, Decimal | None],
    cutoff: int,
    scale: Scale,
    weigh: Weigh = equal,
) -> Evaluation:
    """Evaluate a plan.

    Args:
        plan: The plan.
        reports: Index of an operation to what was reported of it.
        budgets: Index of a row to its Presupuesto vigente.
        cutoff: Index of the last month that counts, 0 for January.
        scale: The office's bands.
        weigh: Index of an operation to its weight.
    """
    operations = []
    for index, row in enumerate(plan.rows):
        if row.kind is Kind.OPERATION:
            report, budget = reports.get(index, NOTHING), budgets.get(index)
            operations.append(Operation(index, row, report, budget, assess(row, report, budget, cutoff, scale)))
    return Evaluation(plan, cutoff, scale, tuple(operations), weigh)
