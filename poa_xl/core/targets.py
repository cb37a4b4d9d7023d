"""Each Meta held against its months: five types of target, stated by the planner or inferred.

Inference reads the unit of measure first. Averages of time allow Constante and Promedio, quantities allow
Acumulada only; ratios and percentages allow every type, and there the values choose. Where no allowed type
holds, the one that comes nearest is reported.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from itertools import pairwise

from poa_xl.core.amounts import decimals
from poa_xl.core.dates import MONTHS
from poa_xl.core.plan import Amount, Row, TargetKind
from poa_xl.core.text import fold
from poa_xl.core.values import Invalid
from poa_xl.i18n import number, say

_TIME = re.compile(
    r"\b(horas?|dias?|minutos?|meses|tiempo)\b.*\bpromedio\b|\bpromedio\b.*\b(horas?|dias?|tiempo)\b"
    r"|^(horas|dias|minutos|tiempo)\b"
)
_RATIO = re.compile(r"%|\bporcentaje\b|\bindice\b|\btasa\b|\bratio\b|\(.*/.*\)|\*\s*100")


class MeasureKind(Enum):
    """What a unit of measure counts, and the types of target that it allows, the likeliest first."""

    TIME = (TargetKind.CONSTANT, TargetKind.MEAN)
    QUANTITY = (TargetKind.CUMULATIVE,)
    RATIO = (
        TargetKind.MILESTONE,
        TargetKind.CONSTANT,
        TargetKind.CUMULATIVE,
        TargetKind.PROGRESS,
        TargetKind.MEAN,
    )


@dataclass(frozen=True, slots=True)
class Verdict:
    """How the months stand against the target.

    Attributes:
        kind: The type of target used.
        stated: Whether the planner chose it.
        programmed: What the months amount to under that type.
        difference: `programmed` less target.
        holds: Whether months and target agree.
        rounding: Whether they agree but for rounding.
        reason: A sentence that says which type, where from, and how it came out.
        suggestion: What would fix it, empty when it holds or nobody can tell.
    """

    kind: TargetKind
    stated: bool
    programmed: Decimal
    difference: Decimal
    holds: bool
    rounding: bool
    reason: str
    suggestion: str = ""


def measure_kind(measure: str) -> MeasureKind:
    """Tell what a unit of measure counts; a blank one counts quantities."""
    text = fold(measure)
    if _TIME.search(text):
        return MeasureKind.TIME
    return MeasureKind.RATIO if _RATIO.search(text) else MeasureKind.QUANTITY


def judge(
    target: Decimal, measure: str, months: Sequence[Amount], stated: TargetKind | None = None
) -> Verdict | None:
    """Hold a target against its months.

    Args:
        target: Meta.
        measure: Its unit of measure.
        months: Twelve amounts; blank and 0 are not programmed.
        stated: Tipo de meta that the planner chose.

    Returns:
        The verdict; None when no month is programmed, or one is `Invalid`: those are faults of their own.
    """
    if any(isinstance(month, Invalid) for month in months):
        return None
    programmed = {i: month for i, month in enumerate(months) if isinstance(month, Decimal) and month}
    if not programmed:
        return None
    allowed = (stated,) if stated else measure_kind(measure).value
    tried = [_try(kind, target, programmed) for kind in allowed]
    nearest = min(tried, key=lambda each: abs(each.difference))
    chosen = next((each for each in tried if each.holds), nearest)
    return _explain(chosen, target, months, programmed, stated=stated is not None)


def judge_row(row: Row) -> Verdict | None:
    """Hold the target of a row against its months; None when either is missing or `Invalid`."""
    stated = row.stated if isinstance(row.stated, TargetKind) else None
    return judge(row.target, row.measure, row.months, stated) if isinstance(row.target, Decimal) else None


@dataclass(frozen=True, slots=True)
class _Trial:
    kind: TargetKind
    programmed: Decimal
    difference: Decimal
    holds: bool


def _try(kind: TargetKind, target: Decimal, programmed: Mapping[int, Decimal]) -> _Trial:
    amount = amount_under(kind, target, programmed)
    values = list(programmed.values())
    fits = {
        TargetKind.PROGRESS: values == sorted(values),
        TargetKind.MILESTONE: len(values) == 1,
    }.get(kind, True)
    difference = amount - target
    return _Trial(kind, amount, difference, fits and abs(difference) <= _tolerance(kind, target, values))


def amount_under(kind: TargetKind, target: Decimal, programmed: Mapping[int, Decimal]) -> Decimal:
    """What the programmed months (index to amount, at least one) amount to under a type of target.

    Sum for Acumulada; mean for Promedio; the last one for Avance; the one farthest from the target for
    Constante and Hito, the first of equals.
    """
    values = list(programmed.values())
    if kind is TargetKind.CUMULATIVE:
        return sum(values, Decimal(0))
    if kind is TargetKind.MEAN:
        return sum(values, Decimal(0)) / len(values)
    if kind is TargetKind.PROGRESS:
        return programmed[max(programmed)]
    return max(values, key=lambda value: abs(value - target))


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


def _explain(
    trial: _Trial,
    target: Decimal,
    months: Sequence[Amount],
    programmed: Mapping[int, Decimal],
    *,
    stated: bool,
) -> Verdict:
    rounding = trial.holds and trial.difference != 0
    source = say("declarada") if stated else say("según la unidad de medida")
    if rounding:
        outcome = say("cuadra salvo redondeo de {gap}", gap=abs(_short(trial.difference)))
    elif trial.holds:
        outcome = say("los meses cuadran con la Meta")
    else:
        outcome = "; ".join(_faults(trial, target, programmed))
    shown = _short(trial.programmed)
    return Verdict(
        trial.kind,
        stated,
        shown,
        shown - target,
        trial.holds,
        rounding,
        say("{kind} ({source}): {outcome}", kind=str(trial.kind), source=source, outcome=outcome),
        "" if trial.holds else _remedy(trial, target, months, programmed),
    )


def _short(value: Decimal) -> Decimal:
    """Keep what a spreadsheet would show of a mean."""
    return Decimal(f"{value:.15g}")


def _faults(trial: _Trial, target: Decimal, programmed: Mapping[int, Decimal]) -> Iterator[str]:
    difference = _short(trial.difference)
    if trial.kind is TargetKind.CUMULATIVE:
        word = say("sobran {gap}", gap=difference) if difference > 0 else say("faltan {gap}", gap=-difference)
        yield say(
            "los meses suman {total}, la Meta es {target}: {word}",
            total=trial.programmed,
            target=target,
            word=word,
        )
    elif trial.kind is TargetKind.MEAN:
        yield say(
            "el promedio de los meses es {mean}, la Meta es {target}",
            mean=_short(trial.programmed),
            target=target,
        )
    elif trial.kind is TargetKind.CONSTANT:
        off = [i for i, value in programmed.items() if value != target]
        yield say("{months} no es igual a la Meta {target}", months=_listed(off, programmed), target=target)
    elif trial.kind is TargetKind.PROGRESS:
        order = sorted(programmed)
        for before, after in pairwise(order):
            if programmed[after] < programmed[before]:
                yield say("el avance baja en {month}", month=MONTHS[after])
        if difference:
            yield say(
                "el último mes programado llega a {last}, la Meta es {target}",
                last=trial.programmed,
                target=target,
            )
    else:
        if len(programmed) > 1:
            yield say("hay {count} meses programados y un hito tiene uno solo", count=len(programmed))
        if difference:
            yield say(
                "{months} no es igual a la Meta {target}",
                months=_listed([i for i, v in programmed.items() if v != target], programmed),
                target=target,
            )


def _listed(months: Sequence[int], programmed: Mapping[int, Decimal]) -> str:
    return ", ".join(f"{MONTHS[i]} ({number(programmed[i])})" for i in months)


def _remedy(
    trial: _Trial, target: Decimal, months: Sequence[Amount], programmed: Mapping[int, Decimal]
) -> str:
    if trial.kind is TargetKind.CUMULATIVE:
        return _remedy_sum(trial.difference, months, programmed)
    if trial.kind is TargetKind.CONSTANT:
        return say("poner {target} en cada mes programado, o cambiar la Meta", target=target)
    if trial.kind is TargetKind.PROGRESS and trial.difference:
        return say("en {month} poner {target}", month=MONTHS[max(programmed)], target=target)
    if trial.kind is TargetKind.MILESTONE and len(programmed) == 1:
        return say("en {month} poner {target}", month=MONTHS[max(programmed)], target=target)
    return ""


def _remedy_sum(difference: Decimal, months: Sequence[Amount], programmed: Mapping[int, Decimal]) -> str:
    blank = [i for i, month in enumerate(months) if month is None]
    if difference < 0 and len(blank) == 1:
        return say("falta {month}: con {gap} se alcanza la Meta", month=MONTHS[blank[0]], gap=-difference)
    equal = [i for i, value in programmed.items() if value == difference]
    if len(equal) == 1:
        return say("sobra {month}: sin sus {gap} se llega a la Meta", month=MONTHS[equal[0]], gap=difference)
    if equal:
        return say("sobra un mes de {gap}", gap=difference)
    return ""
