"""Numbers that show as something else than they count as: a date, hours, a share, thousands, other money."""

from collections.abc import Iterable, Iterator
from decimal import Decimal

from poa_xl.core.plan import Row
from poa_xl.core.values import Shown
from poa_xl.i18n import say


def undressed(row: Row) -> Iterator[tuple[str, Decimal, str]]:
    """Yield the fields of a row whose number shows as something else, with that number and what is to be said of it.

    A percentage is named where it is money: a Meta may be one.
    """
    for field, dress in row.dresses.items():
        value = row.get(field)
        if isinstance(value, Decimal) and (dress is not Shown.PERCENT or field == "budget"):
            yield field, value, _said(dress, value)


def said_of(rows: Iterable[Row], name: str = "") -> str:
    """Say of rows, or of a field of theirs, which numbers show as something else; nothing where none does."""
    found = (text for row in rows for field, _, text in undressed(row) if name in ("", field))
    return "; ".join(dict.fromkeys(found))


def _said(dress: Shown, value: Decimal) -> str:
    if dress is Shown.DATE:
        return say("tiene formato de fecha y es el número {value}", value=value)
    if dress is Shown.DURATION:
        return say("tiene formato de duración y se lee {value}", value=value)
    if dress is Shown.CURRENCY:
        return say("tiene formato de otra moneda y cuenta como {value} bolivianos", value=value)
    if dress is Shown.THOUSANDS:
        return say("tiene formato de miles o de millones y es el número {value}", value=value)
    return say("tiene formato de porcentaje y es el número {value}", value=value)
