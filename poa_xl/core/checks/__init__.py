"""The checks: functions that yield faults, in one tuple with their rule and severity.

A new check is one function in the module of its subject, one entry in `CHECKS`, one case in
`tests/core/test_checks.py`.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from poa_xl.core.checks import budget, schedule, structure, target, wording
from poa_xl.core.checks.fault import Fault
from poa_xl.core.findings import Finding, Severity
from poa_xl.core.plan import Plan

ERROR, WARNING = Severity.ERROR, Severity.WARNING


class Check(NamedTuple):
    """A rule: its name for the user, how bad a breach is, and the function that finds the breaches."""

    rule: str
    severity: Severity
    find: Callable[[Plan], Iterable[Fault]]


CHECKS: tuple[Check, ...] = (
    Check("codigo-mal-formado", ERROR, structure.malformed_code),
    Check("codigo-numerico", ERROR, structure.numeric_code),
    Check("codigo-ausente", ERROR, structure.missing_code),
    Check("codigo-escritura", WARNING, structure.unusual_spelling),
    Check("codigo-duplicado", ERROR, structure.duplicate_code),
    Check("codigo-sin-superior", ERROR, structure.missing_parent),
    Check("codigo-orden", ERROR, structure.wrong_order),
    Check("codigo-salto", WARNING, structure.numbering_gap),
    Check("id-orden", ERROR, structure.wrong_id),
    Check("celda-error", ERROR, structure.cell_error),
    Check("formula-sin-calcular", ERROR, structure.uncalculated),
    Check("presupuesto-grupo", ERROR, budget.group_sum),
    Check("presupuesto-partidas", ERROR, budget.line_sum),
    Check("presupuesto-no-numero", ERROR, budget.not_a_number),
    Check("presupuesto-ambiguo", ERROR, budget.two_readings),
    Check("presupuesto-negativo", ERROR, budget.negative),
    Check("presupuesto-sin-partida", WARNING, budget.no_partida),
    Check("partida-cifras", WARNING, budget.partida_digits),
    Check("meta-meses", ERROR, target.months_disagree),
    Check("meta-mes-vacio", WARNING, target.blank_month),
    Check("meta-sin-meses", ERROR, target.no_months),
    Check("meta-ausente", ERROR, target.no_target),
    Check("meta-no-numero", ERROR, target.not_a_number),
    Check("meta-ambigua", ERROR, target.two_readings),
    Check("meta-negativa", ERROR, target.negative),
    Check("meta-tipo", ERROR, target.unknown_kind),
    Check("fecha-invalida", ERROR, schedule.not_a_date),
    Check("fecha-orden", ERROR, schedule.end_before_start),
    Check("fecha-gestion", ERROR, schedule.outside_year),
    Check("fecha-meses", ERROR, schedule.months_outside),
    Check("unidad-parecida", WARNING, wording.near_alike_unit),
    Check("unidad-contradice", WARNING, wording.unit_contradicts),
    Check("otra-regional", WARNING, wording.other_region),
    Check("responsable-ausente", ERROR, wording.missing_owner),
)


# What the target and the months of a row say by themselves.
TARGET_CHECKS: tuple[Check, ...] = tuple(
    each for each in CHECKS if each.rule.startswith("meta-") or each.rule == "celda-error"
)


def check(plan: Plan, checks: Sequence[Check] = CHECKS) -> list[Finding]:
    """Run every check, or some of them.

    Returns:
        Findings, errors first, then in the order of sheet and row. Cost: rows x depth.
    """
    found = [(each.severity, fault.index, finding) for each in checks for fault, finding in _run(each, plan)]
    found.sort(key=lambda entry: entry[:2])
    return [finding for _, _, finding in found]


def _run(each: Check, plan: Plan) -> Iterator[tuple[Fault, Finding]]:
    for fault in each.find(plan):
        row = plan.rows[fault.index]
        yield (
            fault,
            Finding(
                each.rule,
                each.severity,
                row.where(fault.field),
                fault.value,
                fault.expected,
                fault.message,
                fault.suggestion,
            ),
        )
