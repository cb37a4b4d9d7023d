"""Dates, and months programmed outside them."""

from collections.abc import Iterator
from datetime import date

from poa_xl.core.checks.fault import Fault, invalid
from poa_xl.core.dates import MONTHS
from poa_xl.core.plan import Plan
from poa_xl.core.values import Flaw
from poa_xl.i18n import say


def not_a_date(plan: Plan) -> Iterator[Fault]:
    """A date that is none: 31/02/20."""
    for index, field, text in invalid(plan, ("start", "end"), Flaw.MALFORMED):
        yield Fault(index, field, text, say("«{text}» no es una fecha", text=text), say("día/mes/año"))


def month_first(plan: Plan) -> Iterator[Fault]:
    """A date that may have the month first, in a sheet where others must have it so: 1/2/20 beside 12/31/20."""
    for index, field, text in invalid(plan, ("start", "end"), Flaw.AMBIGUOUS):
        message = say("«{text}» puede tener primero el mes, como otras fechas de la hoja", text=text)
        yield Fault(index, field, text, message, say("escribir las fechas día/mes/año"))


def end_before_start(plan: Plan) -> Iterator[Fault]:
    """An end that comes before its start."""
    for index, row in enumerate(plan.rows):
        if isinstance(row.start, date) and isinstance(row.end, date) and row.end < row.start:
            yield Fault(
                index,
                "end",
                _day(row.end),
                say("termina el {end}, antes de empezar el {start}", end=_day(row.end), start=_day(row.start)),
            )


def outside_year(plan: Plan) -> Iterator[Fault]:
    """A date outside the planned year."""
    year = plan.planned_year
    for index, row in enumerate(plan.rows):
        for field, day in (("start", row.start), ("end", row.end)):
            if isinstance(day, date) and day.year != year:
                yield Fault(
                    index,
                    field,
                    _day(day),
                    say("el {day} está fuera de la gestión {year}", day=_day(day), year=str(year)),
                )


def months_outside(plan: Plan) -> Iterator[Fault]:
    """A month that is programmed before the start or after the end."""
    for index, row in enumerate(plan.rows):
        if not isinstance(row.start, date) or not isinstance(row.end, date) or row.end < row.start:
            continue
        year = plan.planned_year or row.start.year
        first, last = (row.start.year, row.start.month), (row.end.year, row.end.month)
        if first <= (year, 1) and (year, len(MONTHS)) <= last:
            continue
        for month in row.programmed:
            if not first <= (year, month + 1) <= last:
                yield Fault(
                    index,
                    MONTHS[month],
                    str(row.months[month]),
                    say(
                        "{month} está programado fuera del plazo {start} a {end}",
                        month=MONTHS[month],
                        start=_day(row.start),
                        end=_day(row.end),
                    ),
                )


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"
