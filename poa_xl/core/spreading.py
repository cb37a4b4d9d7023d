"""A Meta spread over months, so that its type of target holds."""

from collections.abc import Sequence
from datetime import date
from decimal import ROUND_DOWN, Decimal

from poa_xl.core.amounts import decimals
from poa_xl.core.dates import MONTHS
from poa_xl.core.measures import MeasureKind, measure_kind
from poa_xl.core.plan import Row, TargetKind


def kind_to_spread(row: Row) -> TargetKind:
    """Return the type by which a Meta is spread: the stated one, else the likeliest for its unit of measure."""
    if isinstance(row.stated, TargetKind):
        return row.stated
    likely = {MeasureKind.TIME: TargetKind.CONSTANT, MeasureKind.RATIO: TargetKind.CONSTANT}
    return likely.get(measure_kind(row.measure), TargetKind.CUMULATIVE)


def months_of(row: Row, year: int | None) -> tuple[int, ...]:
    """Return the months, from 0, in which a row works: those programmed already, else from Inicio to Fin, else all."""
    if row.programmed:
        return tuple(row.programmed)
    first, last = 0, len(MONTHS) - 1
    if isinstance(row.start, date) and row.start.year == year:
        first = row.start.month - 1
    if isinstance(row.end, date) and row.end.year == year:
        last = row.end.month - 1
    return tuple(range(first, last + 1)) or tuple(range(len(MONTHS)))


def spread(target: Decimal, kind: TargetKind, months: Sequence[int]) -> tuple[Decimal, ...]:
    """Spread a Meta.

    Args:
        target: Meta.
        kind: Type of target.
        months: Months to work in, from 0; at least one.

    Returns:
        Twelve amounts that hold under that type; 0 in the months left out. An Acumulada falls into equal parts with as
        many decimals as the Meta has, and the last month takes the rest; where there are more months than units, they
        are as far apart as they can be. An Avance grows evenly, a Hito stands in the last month.
    """
    chosen = sorted({*months})
    if kind is TargetKind.CUMULATIVE:
        amounts = _parts(target, len(chosen))
    elif kind is TargetKind.PROGRESS:
        amounts = _steps(target, len(chosen))
    elif kind is TargetKind.MILESTONE:
        amounts = [Decimal(0)] * (len(chosen) - 1) + [target]
    else:
        amounts = [target] * len(chosen)
    found = dict(zip(chosen, amounts, strict=True))
    return tuple(found.get(month, Decimal(0)) for month in range(len(MONTHS)))


def _parts(target: Decimal, count: int) -> list[Decimal]:
    unit = Decimal(1).scaleb(-decimals(target))
    part = (target / count).quantize(unit, ROUND_DOWN)
    if part:
        return [part] * (count - 1) + [target - part * (count - 1)]
    steps = _steps(target, count)
    return [after - before for before, after in zip([Decimal(0), *steps], steps, strict=False)]


def _steps(target: Decimal, count: int) -> list[Decimal]:
    """Return amounts that grow evenly up to the target, none with more decimals than it has."""
    unit = Decimal(1).scaleb(-decimals(target))
    return [(target * number / count).quantize(unit, ROUND_DOWN) for number in range(1, count)] + [target]
