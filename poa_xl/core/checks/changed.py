"""Checks of what was modified while the plan is carried out: against what was done, and what is closed already."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from poa_xl.core.checks.fault import Fault
from poa_xl.core.checks.modified import listed
from poa_xl.core.codes import Code
from poa_xl.core.dates import MONTHS
from poa_xl.core.findings import Finding, Severity
from poa_xl.core.keys import key_of_texts
from poa_xl.core.modifications import Modified
from poa_xl.core.plan import Plan
from poa_xl.core.reports import NOTHING, Report, assess
from poa_xl.core.tracking import USUAL, Sense
from poa_xl.i18n import number, say


@dataclass(frozen=True)
class Changed:
    """A modification during the year.

    Attributes:
        index: Index of the line that lists it.
        what: The modification.
        report: What was reported of its operation.
        closed: Indexes of the months of closed quarters.
    """

    index: int
    what: Modified
    report: Report
    closed: Collection[int]

    def fault(self, field: str, value: str, message: str, suggestion: str, expected: str = "") -> Fault:
        """Return what is wrong with a column of its line."""
        return Fault(self.index, field, value, message, suggestion, expected)


class ChangedCheck(NamedTuple):
    """A rule, its severity, and the function that finds the breaches; see `Check`."""

    rule: str
    severity: Severity
    find: Callable[[Changed], Iterable[Fault]]


def below_executed(each: Changed) -> Iterator[Fault]:
    """Find a Meta that was lowered below what is executed already."""
    what, row = each.what, each.what.row
    if what.field != "target" or not isinstance(what.before, Decimal) or not isinstance(what.after, Decimal):
        return
    progress = assess(row, each.report, None, len(MONTHS) - 1, USUAL).progress
    done = progress.executed
    if progress.sense is Sense.MORE and done is not None and what.after < min(what.before, done):
        yield each.fault(
            "budget",
            number(what.after),
            say(
                "{code}: la Meta baja de {before} a {after} y ya se ejecutó {done}",
                code=what.called,
                before=what.before,
                after=what.after,
                done=done,
            ),
            say("dejar la Meta en lo ejecutado, o más"),
            number(done),
        )


def closed_month(each: Changed) -> Iterator[Fault]:
    """Find a month that was programmed otherwise after its quarter was closed."""
    month = MONTHS.index(each.what.field) if each.what.field in MONTHS else None
    if month is not None and month in each.closed:
        yield each.fault(
            "budget",
            each.what.field,
            say(
                "{code}: {month} cambió y su trimestre está cerrado (T{quarter})",
                code=each.what.called,
                month=each.what.field,
                quarter=str(month // 3 + 1),
            ),
            say(
                "devolver el mes a lo aprobado y reprogramar los que siguen, o abrir el trimestre con poa track "
                "--reopen"
            ),
        )


def evaluated(each: Changed) -> Iterator[Fault]:
    """Find a change of an operation whose last programmed month is in a closed quarter: it was evaluated in full."""
    row = each.what.row
    due = [month for month, amount in enumerate(row.months) if isinstance(amount, Decimal) and amount]
    if due and each.closed and max(due) in each.closed and each.what.field not in MONTHS:
        yield each.fault(
            "name",
            each.what.called,
            say(
                "{code} cambió y ya se evaluó: todo lo que programó es hasta {month}, en un trimestre cerrado",
                code=each.what.called,
                month=MONTHS[max(due)],
            ),
            say("confirmar que la norma permite modificar lo que ya se evaluó"),
        )


CHANGED_CHECKS: tuple[ChangedCheck, ...] = (
    ChangedCheck("modificacion-bajo-ejecutado", Severity.ERROR, below_executed),
    ChangedCheck("modificacion-mes-cerrado", Severity.ERROR, closed_month),
    ChangedCheck("modificacion-evaluada", Severity.WARNING, evaluated),
)


def check_changes(plan: Plan, reports: Mapping[int, Report], closed: Collection[int]) -> list[Finding]:
    """Return what is wrong with the modifications of a plan that is being carried out, errors first.

    Args:
        plan: The plan, with what the workbook lists as modified.
        reports: Index of an operation to what was reported of it.
        closed: Indexes of the months of closed quarters.
    """
    by_code = {str(row.code): index for index, row in enumerate(plan.rows) if isinstance(row.code, Code)}
    by_texts = (
        {key_of_texts(row): index for index, row in enumerate(plan.rows)}
        if any(each.mark for each in plan.modified)
        else {}
    )
    found: list[Finding] = []
    for index, what in listed(plan):
        at = by_texts.get(what.seen, -1) if what.mark else by_code.get(what.code, -1)
        each = Changed(index, what, reports.get(at, NOTHING), closed)
        for check in CHANGED_CHECKS:
            severity = plan.house.rules.get(check.rule, check.severity)
            if severity is not None:
                found += (fault.finding(check.rule, severity) for fault in check.find(each))
    return sorted(found, key=lambda each: each.severity)
