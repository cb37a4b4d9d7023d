"""Dates as a plan writes them: day, month, year."""

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Final

from poa_xl.core.limits import FIRST_YEAR, cut
from poa_xl.core.text import fold, squeeze
from poa_xl.core.values import Flaw, Invalid

MONTHS: Final = ("ENE", "FEB", "MAR", "ABR", "MAY", "JUN", "JUL", "AGO", "SEP", "OCT", "NOV", "DIC")

# What months are called in Spanish, English and Portuguese, January first.
MONTH_NAMES: Final = {
    name: number
    for number, names in enumerate(
        (
            "ene enero jan january janeiro",
            "feb febrero february fev fevereiro",
            "mar marzo march marco",
            "abr abril apr april",
            "may mayo mai maio",
            "jun junio june junho",
            "jul julio july julho",
            "ago agosto aug august",
            "sep sept set septiembre setiembre september setembro",
            "oct octubre october out outubro",
            "nov noviembre november novembro",
            "dic diciembre dec december dez dezembro",
        ),
        1,
    )
    for name in names.split()
}
_CENTURY = 2000
_TIME = r"(?:[t ] ?\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?: ?[ap]\.? ?m\.?)?(?:z|[+-]\d{2}:?\d{2})?)?"
_MARK = r" ?[/.|-] ?"
_YEAR = r"(\d{4}|['’]?\d{2})"
_NUMERIC = re.compile(rf"(\d{{1,2}}){_MARK}(\d{{1,2}}){_MARK}{_YEAR}{_TIME}")
_ISO = re.compile(rf"(\d{{4}}){_MARK}(\d{{1,2}}){_MARK}(\d{{1,2}}){_TIME}")
_BASIC = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})")
_WEEKDAY = r"(?:(?:lunes|martes|miercoles|jueves|viernes|sabado|domingo|lun|mar|mie|jue|vie|sab|dom)\.?,? (?:el )?)?"
_NAMED = re.compile(
    _WEEKDAY + r"(\d{1,2}|primero)(?:°|o|r?o\.?|er\.?|ero)?"
    rf"(?: de | |{_MARK})([a-z]{{3,10}})\.?,?(?: de | del | |{_MARK}){_YEAR}{_TIME}"
)
# The month first, in words: `enero 2, 2020`.
_WORD_FIRST = re.compile(rf"([a-z]{{3,10}})\.? (\d{{1,2}}),? (?:de |del )?(\d{{4}}){_TIME}")
# Serial numbers are believed only where a plan may lie: 1 January 1990 to 31 December 2099.
SERIALS = range(32874, 73051)
_DAY_ZERO = date(1899, 12, 30)
_DAYS_TO_1904 = 1462
_LEAP_BUG = 60  # 1900 was no leap year, but day 60 exists
_LONGEST = 60


def parse_date(text: str) -> date | None | Invalid:
    """Read a date: `2/1/20`, `2020-01-02`, `02.01.2020 0:00`, `jueves, 2 de enero de 2020`, `1º/ene/20`, `Jan 2, 2020`.

    Day always comes before month: `01/13/20` is no date, whatever a machine set to another country thinks.

    Returns:
        The date; None for a blank text; `Invalid` for anything else, 31/02/20 included.
    """
    shown = squeeze(text)
    if not shown:
        return None
    folded = _folded(shown)
    if match := _ISO.fullmatch(folded) or _BASIC.fullmatch(folded):
        return _make(shown, int(match[1]), int(match[2]), int(match[3]))
    if match := _NUMERIC.fullmatch(folded):
        return _make(shown, _year(match[3]), int(match[2]), int(match[1]))
    if (match := _NAMED.fullmatch(folded)) and (month := month_number(match[2])):
        return _make(shown, _year(match[3]), month, 1 if match[1] == "primero" else int(match[1]))
    if (match := _WORD_FIRST.fullmatch(folded)) and (month := month_number(match[1])):
        return _make(shown, _year(match[3]), month, int(match[2]))
    return Invalid(cut(shown), Flaw.MALFORMED)


def is_month_first(text: str) -> bool:
    """Whether a text is a date only when the month comes before the day: `12/31/20`."""
    match = _NUMERIC.fullmatch(_folded(text))
    return match is not None and int(match[1]) <= len(MONTHS) < int(match[2]) <= 31  # noqa: PLR2004 - days


def has_two_readings(text: str) -> bool:
    """Whether a text is one date with the day first and another one with the month first: `1/2/20`."""
    match = _NUMERIC.fullmatch(_folded(text))
    return match is not None and int(match[1]) != int(match[2]) and max(int(match[1]), int(match[2])) <= len(MONTHS)


def from_serial(serial: float, *, date1904: bool = False) -> date | None:
    """Take a spreadsheet's day number for a date; None when it lies outside 1990 to 2099."""
    days = int(serial) + (_DAYS_TO_1904 if date1904 else 0)
    return _DAY_ZERO + timedelta(days) if days in SERIALS else None


def to_serial(day: date, *, date1904: bool = False) -> Decimal:
    """Return the number that a cell holds which shows as a date: what was typed before it got that format."""
    moment = day if isinstance(day, datetime) else datetime(day.year, day.month, day.day)  # noqa: DTZ001 - cells know no zone
    past = moment.replace(tzinfo=None) - datetime.combine(_DAY_ZERO, time())
    days = past.days - (_DAYS_TO_1904 if date1904 else 0) - (past.days <= _LEAP_BUG and not date1904)
    return (Decimal(days) + Decimal(past.seconds) / 86400).quantize(Decimal("1e-9")).normalize() + 0


def month_number(text: str) -> int | None:
    """Return which month a name means, 1 to 12: `ENE`, `Enero`, `ene.`, `Set`; None when it is none."""
    return MONTH_NAMES.get(fold(text).rstrip("."))


def _folded(text: str) -> str:
    """Return a text as dates are looked for in it, without a stop at its end; nothing of one that is too long."""
    folded = fold(text) if len(text) <= _LONGEST else ""
    return folded if folded.endswith("m.") else folded.rstrip(".")


def _year(text: str) -> int:
    year = int(text.lstrip("'’"))
    return year if year > 99 else _CENTURY + year  # noqa: PLR2004 - two digits


def _make(shown: str, year: int, month: int, day: int) -> date | Invalid:
    try:
        found = date(year, month, day)
    except ValueError:
        return Invalid(shown, Flaw.MALFORMED)
    return found if found.year >= FIRST_YEAR else Invalid(shown, Flaw.LIMIT)
