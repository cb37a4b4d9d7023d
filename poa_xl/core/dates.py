"""Dates as a plan writes them: day, month, year."""

import re
from datetime import date, timedelta

from poa_xl.core.text import fold, squeeze
from poa_xl.core.values import Flaw, Invalid

MONTHS = ("ENE", "FEB", "MAR", "ABR", "MAY", "JUN", "JUL", "AGO", "SEP", "OCT", "NOV", "DIC")

_NAMES = (
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "octubre",
    "noviembre",
    "diciembre",
)
_CENTURY = 2000
_NUMERIC = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[t ][\d:.]+)?")
_NAMED = re.compile(r"(\d{1,2})(?: de | |-|/)([a-z]{3,10})\.?(?: de | del | |-|/)(\d{4}|\d{2})")
# Serial numbers are believed only where a plan may lie: 1 January 1990 to 31 December 2099.
SERIALS = range(32874, 73051)


def parse_date(text: str) -> date | None | Invalid:
    """Read a date: `2/1/20`, `02-01-2020`, `2020-01-02`, `2 de enero de 2020`, `02-ene-20`.

    Day always comes before month: `01/13/20` is no date, whatever a machine set to another country thinks.

    Returns:
        The date; None for a blank text; `Invalid` for anything else, 31/02/20 included.
    """
    shown = squeeze(text)
    if not shown:
        return None
    folded = fold(shown)
    if match := _ISO.fullmatch(folded):
        return _make(shown, int(match[1]), int(match[2]), int(match[3]))
    if match := _NUMERIC.fullmatch(folded):
        return _make(shown, _year(match[3]), int(match[2]), int(match[1]))
    if (match := _NAMED.fullmatch(folded)) and (month := month_number(match[2])):
        return _make(shown, _year(match[3]), month, int(match[1]))
    return Invalid(shown, Flaw.MALFORMED)


def from_serial(serial: float, *, date1904: bool = False) -> date | None:
    """Take a spreadsheet's day number for a date; None when it lies outside 1990 to 2099."""
    days = int(serial) + (1462 if date1904 else 0)
    return date(1899, 12, 30) + timedelta(days) if days in SERIALS else None


def month_number(text: str) -> int | None:
    """Tell which month a name means, 1 to 12: `ENE`, `Enero`, `ene.`, `Set`; None when it is none."""
    name = fold(text).rstrip(".")
    if name in ("set", "sept", "setiembre"):
        return 9
    return next((i for i, month in enumerate(_NAMES, 1) if name in (month, month[:3])), None)


def _year(text: str) -> int:
    year = int(text)
    return year if year > 99 else _CENTURY + year  # noqa: PLR2004 - two digits


def _make(shown: str, year: int, month: int, day: int) -> date | Invalid:
    try:
        return date(year, month, day)
    except ValueError:
        return Invalid(shown, Flaw.MALFORMED)
