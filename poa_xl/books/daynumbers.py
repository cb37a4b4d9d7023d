"""Day numbers of cells as the days that spreadsheets show."""

from datetime import date, datetime, timedelta

_DAYS_TO_1904 = 1462
_LEAP_BUG = 60  # 1900 was no leap year, but day 60 exists


def from_day_number(value: float, *, date1904: bool) -> date | None:
    """Take a day number for the date or time that a spreadsheet shows; None outside 1900 to 9999."""
    days = value + (_DAYS_TO_1904 if date1904 else 0)
    # Day 60 is 29 February 1900, which never was; the last one may be rounded up beyond the last.
    if not 1 <= days < 2958465.999988 or int(days) == _LEAP_BUG:  # noqa: PLR2004 - 1 January 10000
        return None
    moment = datetime(1899, 12, 30) + timedelta(days=days + (days < _LEAP_BUG))  # noqa: DTZ001 - cells know no zone
    moment = (moment + timedelta(microseconds=500)).replace(microsecond=0)
    return moment.date() if moment.time() == datetime.min.time() else moment
