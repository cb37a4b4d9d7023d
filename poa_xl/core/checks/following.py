"""Checks of what was reported during the year: of one operation each, at the cut-off month."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from poa_xl.core.checks.fault import Fault
from poa_xl.core.dates import MONTHS
from poa_xl.core.findings import Finding, Severity
from poa_xl.core.plan import Kind, Plan, Row, TargetKind, monthly
from poa_xl.core.reports import NOTHING, Assessed, Report, assess, total
from poa_xl.core.tracking import Scale, Standing
from poa_xl.core.values import Invalid
from poa_xl.i18n import number, say


@dataclass(frozen=True)
class Followed:
    """An operation and what was reported of it.

    Attributes:
        index: Its index in the plan.
        row: Its row in the plan.
        report: What was reported.
        budget: Presupuesto vigente.
        cutoff: Index of the last month that counts.
        scale: The office's bands.
        said: How it stands.
    """

    index: int
    row: Row
    report: Report
    budget: Decimal | None
    cutoff: int
    scale: Scale
    said: Assessed

    def fault(self, field: str, value: object, message: str, suggestion: str) -> Fault:
        """Return what is wrong with a column of its row."""
        shown = number(value) if isinstance(value, Decimal) else value.text if isinstance(value, Invalid) else value
        return Fault(self.index, field, str(shown), message, suggestion)

    @property
    def did(self) -> bool:
        """Whether anything was done by the cut-off."""
        return bool(total(self.report.executed, self.cutoff))

    @property
    def spent(self) -> bool:
        """Whether anything was spent by the cut-off."""
        return bool(total(self.report.spent, self.cutoff))


class TrackCheck(NamedTuple):
    """A rule, its severity, and the function that finds the breaches; see `Check`."""

    rule: str
    severity: Severity
    find: Callable[[Followed], Iterable[Fault]]


def unknown_sense(each: Followed) -> Iterator[Fault]:
    """Find a Sentido that is neither of the two."""
    if isinstance(each.report.sense, Invalid):
        yield each.fault(
            "sense", each.report.sense, say("ese Sentido no existe"), say("elegir de la lista, o dejar vacío")
        )


def not_a_number(each: Followed) -> Iterator[Fault]:
    """Find what was reported and is no number."""
    for month, column, amount in each.report.amounts():
        if isinstance(amount, Invalid):
            yield each.fault(
                column,
                amount,
                say("{month}: lo ejecutado no es un número", month=month),
                say("escribir el número solo; vacío si no se informa"),
            )


def negative(each: Followed) -> Iterator[Fault]:
    """Find what was reported below zero."""
    for month, column, amount in each.report.amounts():
        if isinstance(amount, Decimal) and amount < 0:
            yield each.fault(
                column, amount, say("{month}: lo ejecutado es negativo", month=month), say("corregir el mes")
            )


def falls(each: Followed) -> Iterator[Fault]:
    """Find an Avance that falls."""
    if each.said.progress.kind is not TargetKind.PROGRESS:
        return
    months = [(i, amount) for i, amount in enumerate(each.report.executed) if isinstance(amount, Decimal)]
    for (_, before), (index, amount) in pairwise(months):
        if amount < before:
            yield each.fault(
                monthly("executed", MONTHS[index]),
                amount,
                say("el avance baja de {before} a {after}", before=before, after=amount),
                say("escribir cuánto se lleva en total hasta el mes, no lo del mes"),
            )


def after_cutoff(each: Followed) -> Iterator[Fault]:
    """Find what was reported of months after the cut-off."""
    for month, column, amount in each.report.amounts():
        if isinstance(amount, Decimal) and MONTHS.index(month) > each.cutoff:
            yield each.fault(
                column,
                amount,
                say("hay algo informado en {month} y el corte es {cutoff}", month=month, cutoff=MONTHS[each.cutoff]),
                say("cambiar el Corte, o borrar el mes"),
            )


def unprogrammed(each: Followed) -> Iterator[Fault]:
    """Find what was done without being programmed."""
    if each.said.progress.standing is Standing.UNPROGRAMMED:
        yield each.fault("done", each.said.progress.executed, each.said.reason, say("reprogramar la operación"))


def over(each: Followed) -> Iterator[Fault]:
    """Find an over-execution beyond what the office takes for one."""
    if each.said.efficacy is not None and each.scale.is_over(each.said.efficacy):
        yield each.fault(
            "efficacy",
            each.said.efficacy,
            say(
                "Eficacia de {efficacy} %, más de {most} %", efficacy=round(each.said.efficacy, 1), most=each.scale.most
            ),
            say("revisar lo programado, o lo informado"),
        )


def unreported(each: Followed) -> Iterator[Fault]:
    """Find programmed months without a report."""
    months = [MONTHS[month] for month in each.said.progress.unreported]
    if months:
        yield each.fault(
            monthly("executed", months[0]),
            "",
            say("falta informar: {months}", months=" ".join(months)),
            say("escribir lo ejecutado; 0 si no se hizo nada"),
        )


def late_milestone(each: Followed) -> Iterator[Fault]:
    """Find an Hito that is overdue."""
    progress = each.said.progress
    wanted, done = progress.programmed, progress.executed
    if progress.kind is TargetKind.MILESTONE and wanted is not None and (done is None or done < wanted):
        yield each.fault(
            "done",
            "" if done is None else done,
            say("el hito venció: meses de atraso: {count}", count=progress.late)
            if progress.late
            else say("el hito vence en {month} y no se cumplió", month=MONTHS[each.cutoff]),
            say("informar cuándo se cumplió, o por qué no"),
        )


def _is_red(each: Followed) -> bool:
    return each.scale.is_red(each.said.band)


def no_cause(each: Followed) -> Iterator[Fault]:
    """Find operations in the red without a cause."""
    if _is_red(each) and not each.report.cause:
        yield each.fault(
            "cause",
            "",
            say("está en {state} y falta la Causa del desvío", state=each.said.state),
            say("escribir por qué"),
        )


def no_action(each: Followed) -> Iterator[Fault]:
    """Find operations in the red without a corrective action."""
    if _is_red(each) and not each.report.action:
        yield each.fault(
            "action",
            "",
            say("está en {state} y falta la Acción correctiva", state=each.said.state),
            say("escribir qué se hará y hasta cuándo"),
        )


def no_evidence(each: Followed) -> Iterator[Fault]:
    """Find what was done without anything that proves it."""
    if each.did and not each.report.proof:
        yield each.fault(
            "proof", "", say("hay ejecución y falta el Medio de verificación"), say("escribir qué documento lo prueba")
        )


def money_without_work(each: Followed) -> Iterator[Fault]:
    """Find money that was spent while nothing was done."""
    if each.spent and not each.did:
        yield each.fault(
            "financial",
            total(each.report.spent, each.cutoff),
            say("hay ejecución financiera y ninguna física"),
            say("revisar lo informado"),
        )


def work_without_money(each: Followed) -> Iterator[Fault]:
    """Find what was done without spending anything of its budget."""
    # The money is optional: who reports none of it at all has no gap.
    reports_money = any(amount is not None for amount in each.report.spent)
    if reports_money and each.budget and each.did and not each.spent:
        yield each.fault(
            "done",
            each.said.progress.executed,
            say("hay ejecución física y ninguna financiera"),
            say("revisar lo informado"),
        )


def over_budget(each: Followed) -> Iterator[Fault]:
    """Find what was spent beyond the budget."""
    spent = total(each.report.spent, len(MONTHS) - 1)
    if spent is not None and each.budget is not None and spent > each.budget:
        yield each.fault(
            "current",
            spent,
            say("se ejecutó Bs {spent} y el presupuesto vigente es Bs {budget}", spent=spent, budget=each.budget),
            say("revisar lo informado, o modificar el presupuesto"),
        )


ERROR, WARNING = Severity.ERROR, Severity.WARNING
TRACK_CHECKS: tuple[TrackCheck, ...] = (
    TrackCheck("seguimiento-sentido", ERROR, unknown_sense),
    TrackCheck("seguimiento-no-numero", ERROR, not_a_number),
    TrackCheck("seguimiento-negativo", ERROR, negative),
    TrackCheck("seguimiento-avance", ERROR, falls),
    TrackCheck("seguimiento-hito", ERROR, late_milestone),
    TrackCheck("seguimiento-causa", ERROR, no_cause),
    TrackCheck("seguimiento-accion", ERROR, no_action),
    TrackCheck("seguimiento-excede", ERROR, over_budget),
    TrackCheck("seguimiento-sin-informar", WARNING, unreported),
    TrackCheck("seguimiento-corte", WARNING, after_cutoff),
    TrackCheck("seguimiento-sin-programar", WARNING, unprogrammed),
    TrackCheck("seguimiento-exceso", WARNING, over),
    TrackCheck("seguimiento-verificacion", WARNING, no_evidence),
    TrackCheck("seguimiento-gasto-solo", WARNING, money_without_work),
    TrackCheck("seguimiento-avance-solo", WARNING, work_without_money),
)


def check_reports(
    plan: Plan, reports: Mapping[int, Report], budgets: Mapping[int, Decimal | None], cutoff: int, scale: Scale
) -> list[Finding]:
    """Return everything that is wrong with what was reported, errors first, then by row.

    Args:
        plan: The plan.
        reports: Index of an operation to what was reported of it.
        budgets: Index of a row to its Presupuesto vigente.
        cutoff: Index of the last month that counts, 0 for January.
        scale: The office's bands.
    """
    found: list[Finding] = []
    for index, row in enumerate(plan.rows):
        if row.kind is not Kind.OPERATION:
            continue
        report, budget = reports.get(index, NOTHING), budgets.get(index)
        each = Followed(index, row, report, budget, cutoff, scale, assess(row, report, budget, cutoff, scale))
        for check in TRACK_CHECKS:
            severity = plan.house.rules.get(check.rule, check.severity)
            if severity is not None:
                found += (fault.finding(check.rule, severity) for fault in check.find(each))
    return sorted(found, key=lambda each: each.severity)
