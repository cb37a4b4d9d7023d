"""What the months of an operation amount to on the way: up to a month, and quarter by quarter."""

from collections import Counter
from collections.abc import Mapping
from decimal import Decimal

from poa_xl.core.plan import TargetKind
from poa_xl.core.targets import amount_under

_MONTHS_PER_QUARTER = 3
_DECEMBER = 11
# Types under which nothing programmed yet means nothing reached yet.
_FROM_ZERO = (TargetKind.CUMULATIVE, TargetKind.PROGRESS)


def reached(kind: TargetKind, programmed: Mapping[int, Decimal], last: int = _DECEMBER) -> Decimal | None:
    """What the programmed months amount to, up to and with a month.

    Args:
        kind: Tipo de meta.
        programmed: Month index to amount, all months of the year.
        last: Index of the month, 0 for January.

    Returns:
        The amount as `amount_under` has it; the level of a Constante or Hito is the commonest amount of the
        year, since no Meta is at hand. None when nothing is programmed by then and that is no zero.
    """
    if not programmed:
        return None
    if last == _DECEMBER:
        return amount_under(kind, level(programmed), programmed)
    by_then = {month: amount for month, amount in programmed.items() if month <= last}
    if not by_then:
        return Decimal(0) if kind in _FROM_ZERO else None
    return amount_under(kind, level(programmed), by_then)


def quarters(kind: TargetKind, programmed: Mapping[int, Decimal]) -> list[Decimal | None]:
    """What each quarter amounts to: the sum of an Acumulada, where an Avance stands at its end, else its months."""
    if not programmed:
        return [None] * 4
    if kind is TargetKind.PROGRESS:
        return [reached(kind, programmed, last) for last in range(2, 12, _MONTHS_PER_QUARTER)]
    found: list[Decimal | None] = []
    usual = level(programmed)
    for quarter in range(4):
        within = {month: amount for month, amount in programmed.items() if month // _MONTHS_PER_QUARTER == quarter}
        blank = Decimal(0) if kind is TargetKind.CUMULATIVE else None
        found.append(amount_under(kind, usual, within) if within else blank)
    return found


def level(programmed: Mapping[int, Decimal]) -> Decimal:
    """Return the amount that comes most often, the first of several."""
    return Counter(programmed.values()).most_common(1)[0][0]
