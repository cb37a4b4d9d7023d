"""Each Meta held against its months: five types of target, stated by the planner or inferred.

Inference reads the unit of measure first. Averages of time allow Constante and Promedio, quantities allow
Acumulada only; ratios, percentages, averages of anything else and bare units of time (`Días`) allow every type, and
there the values choose.
Where no allowed type holds, averages of time are reported as Constante, ratios as Acumulada or Constante, whichever
comes nearer.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise

from poa_xl.core.amounts import decimals
from poa_xl.core.dates import MONTHS
from poa_xl.core.measures import measure_kind
from poa_xl.core.plan import Amount, Kind, Row, TargetKind
from poa_xl.core.quick import quick
from poa_xl.core.values import Invalid, Shown
from poa_xl.i18n import number, say


@quick(frozen=True, slots=True)
class Verdict:
    """How the months stand against the target.

    Attributes:
        kind: The type of target used.
        stated: Whether the planner chose it.
        target: Meta.
        months: The twelve months judged.
        first: Index of the month with which their year begins.
        programmed: What the months amount to under that type.
        holds: Whether months and target agree.
    """

    kind: TargetKind
    stated: bool
    target: Decimal
    months: Sequence[Amount]
    programmed: Decimal
    holds: bool
    first: int = 0

    @property
    def difference(self) -> Decimal:
        """`programmed` less target."""
        return self.programmed - self.target

    @property
    def rounding(self) -> bool:
        """Whether months and target agree but for rounding."""
        return self.holds and self.difference != 0

    @property
    def off(self) -> tuple[int, ...]:
        """Indices of the months that are wrong; none where it may as well be the others, or the target."""
        programmed = _programmed(self.months, self.first)
        wrong = [i for i, value in programmed.items() if value != self.target]
        is_few = self.kind is TargetKind.CONSTANT and len(wrong) * 2 <= len(programmed)
        return tuple(wrong) if is_few and not self.holds else ()

    @property
    def field(self) -> str:
        """Name of the field that is off: the month where all others are right, else the target."""
        off = list(self.off)
        if self.kind is TargetKind.PROGRESS and not self.difference:
            programmed = _programmed(self.months, self.first)
            off = [after for before, after in pairwise(programmed) if programmed[after] < programmed[before]]
        return MONTHS[off[0]] if len(off) == 1 else "target"

    @property
    def reason(self) -> str:
        """A sentence that says which type, where from, and how it came out."""
        source = say("declarada") if self.stated else say("según la unidad de medida")
        if self.rounding:
            outcome = say("cuadra salvo redondeo de {gap}", gap=_brief(abs(self.difference), Decimal(0)))
        elif self.holds:
            outcome = say("los meses cuadran con la Meta")
        else:
            outcome = "; ".join(_faults(self))
        return say("{kind} ({source}): {outcome}", kind=str(self.kind), source=source, outcome=outcome)

    @property
    def suggestion(self) -> str:
        """What would fix it; empty when it holds or nobody can tell."""
        return "" if self.holds else _remedy(self)[0]

    @property
    def remedy(self) -> tuple[str, Decimal] | None:
        """The month and the amount in it with which all would hold; None when it holds or no single one is that."""
        found = None if self.holds else _remedy(self)[1]
        if found is None:
            return None
        index, amount = found
        months = [amount if i == index else month for i, month in enumerate(self.months)]
        programmed = _programmed(months, self.first)
        reached = amount_under(self.kind, self.target, programmed)
        is_all = _holds(self.kind, self.target, reached, [*programmed.values()])
        return (MONTHS[index], amount) if is_all else None


def holds_when(kind: TargetKind) -> str:
    """Return when a type of target holds, as a sentence."""
    return {
        TargetKind.CUMULATIVE: say("Los meses suman la Meta."),
        TargetKind.CONSTANT: say("Cada mes programado es igual a la Meta."),
        TargetKind.MEAN: say("El promedio de los meses programados es la Meta."),
        TargetKind.PROGRESS: say("Los meses nunca bajan y el último programado es la Meta."),
        TargetKind.MILESTONE: say("Un solo mes está programado y es igual a la Meta."),
    }[kind]


def judge(
    target: Decimal, measure: str, months: Sequence[Amount], stated: TargetKind | None = None, first: int = 0
) -> Verdict | None:
    """Hold a target against its months.

    Args:
        target: Meta.
        measure: Its unit of measure.
        months: Twelve amounts; blank and 0 are not programmed.
        stated: Tipo de meta that the planner chose.
        first: Index of the month with which the year begins.

    Returns:
        The verdict; None when no month is programmed, or one is `Invalid`: those are faults of their own.
    """
    return _judge(target, measure, tuple(months), stated, first)


# Checks and flags ask about the same rows, one after the other.
@lru_cache(maxsize=32_768)
def _judge(
    target: Decimal, measure: str, months: tuple[Amount, ...], stated: TargetKind | None, first: int
) -> Verdict | None:
    programmed = {}
    for index in _order(len(months), first):
        month = months[index]
        if isinstance(month, Invalid):
            return None
        if month:
            programmed[index] = month
    if not programmed:
        return None
    allowed = (stated,) if stated else measure_kind(measure).value
    tried: dict[TargetKind, Verdict] = {}
    for kind in allowed:
        amount = amount_under(kind, target, programmed)
        holds = _holds(kind, target, amount, list(programmed.values()))
        tried[kind] = Verdict(kind, stated is not None, target, months, _short(amount), holds, first)
        if holds:
            return tried[kind]
    likely = [tried[kind] for kind in (TargetKind.CONSTANT, TargetKind.CUMULATIVE) if kind in tried]
    return min(likely or tried.values(), key=lambda each: abs(each.difference))


def judge_row(row: Row) -> Verdict | None:
    """Hold the target of a row against its months; None when either is missing or `Invalid`."""
    stated = row.stated if isinstance(row.stated, TargetKind) else None
    # What a group says its rows say too.
    if row.marked or row.kind is Kind.GROUP or not isinstance(row.target, Decimal):
        return None
    # A Meta that shows as a percentage is a ratio, whatever the unit of measure leaves unsaid.
    measure = f"{row.measure} %" if row.dresses.get("target") is Shown.PERCENT else row.measure
    return judge(row.target, measure, row.months, stated, row.first)


def kind_that_holds(row: Row) -> TargetKind | None:
    """Return the type of target that holds whatever the unit of measure says; of two months or more, for chance."""
    programmed = list(row.programmed.values())
    if not isinstance(row.target, Decimal) or len(programmed) <= 1:
        return None
    kinds = (TargetKind.CONSTANT, TargetKind.PROGRESS)
    amounts = {kind: amount_under(kind, row.target, row.programmed) for kind in kinds}
    return next((kind for kind in kinds if _holds(kind, row.target, amounts[kind], programmed)), None)


def amount_under(kind: TargetKind, target: Decimal, programmed: Mapping[int, Decimal]) -> Decimal:
    """What the programmed months (index to amount, at least one, as the year goes) amount to under a type of target.

    Sum for Acumulada; mean for Promedio; the last one for Avance; the one farthest from the target for
    Constante and Hito, of two that are equally far the higher one.
    """
    values = list(programmed.values())
    if kind is TargetKind.CUMULATIVE:
        return sum(values, Decimal(0))
    if kind is TargetKind.MEAN:
        return sum(values, Decimal(0)) / len(values)
    if kind is TargetKind.PROGRESS:
        return values[-1]
    return max(values, key=lambda value: (abs(value - target), value))


def _holds(kind: TargetKind, target: Decimal, amount: Decimal, values: Sequence[Decimal]) -> bool:
    if kind is TargetKind.PROGRESS and any(after < before for before, after in pairwise(values)):
        return False
    if kind is TargetKind.MILESTONE and len(values) > 1:
        return False
    difference = abs(amount - target)
    return not difference or difference <= _tolerance(kind, target, values)


def _tolerance(kind: TargetKind, target: Decimal, values: Sequence[Decimal]) -> Decimal:
    """Half a unit of the last decimal place, for each programmed month; nothing where no decimals are used.

    Whole numbers are counted, not rounded. A mean of rounded numbers is off by half a unit at most, and is
    itself rounded to the places of the target.
    """
    if kind not in (TargetKind.CUMULATIVE, TargetKind.MEAN):
        return Decimal(0)
    mean = kind is TargetKind.MEAN
    places = max(map(decimals, (*values, target) if mean else values))
    if not places:
        return Decimal(0)
    return Decimal(5).scaleb(-places - 1) * (1 if mean else len(values))


def _short(value: Decimal) -> Decimal:
    """Keep what a spreadsheet would show of a mean."""
    return Decimal(f"{value:.15g}")


def _faults(verdict: Verdict) -> Iterator[str]:
    difference, target = verdict.difference, verdict.target
    programmed = _programmed(verdict.months, verdict.first)
    if verdict.kind is TargetKind.CUMULATIVE:
        word = say("sobran {gap}", gap=difference) if difference > 0 else say("faltan {gap}", gap=-difference)
        yield say(
            "los meses suman {total}, la Meta es {target}: {word}",
            total=verdict.programmed,
            target=target,
            word=word,
        )
    elif verdict.kind is TargetKind.MEAN:
        yield say(
            "el promedio de los meses es {mean}, la Meta es {target}",
            mean=_brief(verdict.programmed, target),
            target=target,
        )
    elif verdict.kind is TargetKind.CONSTANT:
        yield _differing(programmed, target)
    elif verdict.kind is TargetKind.PROGRESS:
        for before, after in pairwise(programmed):
            if programmed[after] < programmed[before]:
                yield say("el avance baja en {month}", month=MONTHS[after])
        if difference:
            yield say(
                "el último mes programado llega a {last}, la Meta es {target}",
                last=verdict.programmed,
                target=target,
            )
    else:
        if len(programmed) > 1:
            yield say("hay {count} meses programados y un hito tiene uno solo", count=len(programmed))
        if difference:
            yield _differing(programmed, target)


def _differing(programmed: Mapping[int, Decimal], target: Decimal) -> str:
    off = [i for i, value in programmed.items() if value != target]
    if len(off) == 1:
        return say("{months} no es igual a la Meta {target}", months=listed(off, programmed), target=target)
    return say("{months} no son iguales a la Meta {target}", months=listed(off, programmed), target=target)


def _programmed(months: Sequence[Amount], first: int) -> dict[int, Decimal]:
    """Programmed months as the year goes."""
    return {i: month for i in _order(len(months), first) if isinstance(month := months[i], Decimal) and month}


def _order(count: int, first: int) -> Sequence[int]:
    """Return the indexes of so many months as the year goes that begins with one."""
    return (*range(first, count), *range(first)) if first else range(count)


def listed(months: Sequence[int], programmed: Mapping[int, Decimal]) -> str:
    """Write months with their amounts; those of one amount that follow each other together: `ENE–MAR (40)`."""
    runs: list[list[int]] = []
    for i in months:
        if runs and runs[-1][-1] == i - 1 and programmed[i] == programmed[i - 1]:
            runs[-1].append(i)
        else:
            runs.append([i])
    names = ["–".join(MONTHS[i] for i in (*run[:1], *run[1:][-1:])) for run in runs]
    return ", ".join(f"{name} ({number(programmed[run[0]])})" for name, run in zip(names, runs, strict=True))


def _brief(value: Decimal, other: Decimal) -> Decimal:
    """Round to cents, as people read amounts, unless that would hide how it differs from another one."""
    rounded = round(value, 2)
    return value if rounded == other else rounded


def _remedy(verdict: Verdict) -> tuple[str, tuple[int, Decimal] | None]:
    """Say what would fix it, and where that is one month, which one and the amount in it."""
    kind, target = verdict.kind, verdict.target
    programmed = _programmed(verdict.months, verdict.first)
    is_level = len(programmed) > 1 and all(value == target for value in programmed.values())
    if is_level and not verdict.stated:
        text = say("si cada mes se cumple la Meta entera, elegir {kind} en Tipo de meta", kind=str(TargetKind.CONSTANT))
        return text, None
    if kind is TargetKind.CUMULATIVE:
        return _remedy_sum(verdict.difference, verdict.months, programmed)
    if kind is TargetKind.CONSTANT:
        text = say("poner {target} en cada mes programado, o cambiar la Meta", target=target)
        return text, (verdict.off[0], target) if len(verdict.off) == 1 else None
    last = kind is TargetKind.PROGRESS and verdict.difference
    if last or (kind is TargetKind.MILESTONE and len(programmed) == 1):
        at = [*programmed][-1]
        return say("en {month} poner {target}", month=MONTHS[at], target=target), (at, target)
    return "", None


def _remedy_sum(
    difference: Decimal, months: Sequence[Amount], programmed: Mapping[int, Decimal]
) -> tuple[str, tuple[int, Decimal] | None]:
    blank = [i for i, month in enumerate(months) if month is None]
    if difference < 0 and len(blank) == 1:
        text = say(
            "poner {gap} en {month}, que está vacío: así se alcanza la Meta", month=MONTHS[blank[0]], gap=-difference
        )
        return text, (blank[0], -difference)
    equal = [i for i, value in programmed.items() if value == difference]
    if len(equal) == 1:
        text = say("sobra {month}: sin sus {gap} se llega a la Meta", month=MONTHS[equal[0]], gap=difference)
        return text, (equal[0], Decimal(0))
    return say("sobra un mes de {gap}", gap=difference) if equal else "", None
