"""The checks: functions that yield faults, in one tuple with their rule and severity.

A new check is one function in the module of its subject, one entry in `CHECKS`, one case in
`tests/core/test_checks.py`.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from poa_xl.core.checks import budget, schedule, structure, target, wording
from poa_xl.core.checks.fault import Fault
from poa_xl.core.findings import Finding, Severity
from poa_xl.core.plan import Plan

ERROR, WARNING = Severity.ERROR, Severity.WARNING


class Check(NamedTuple):
    """A rule.

    Attributes:
        rule: Its name for the user.
        severity: How bad a breach is.
        find: The function that finds the breaches.
        live: Whether the formulas of the control columns see a breach for themselves.
        of_target: Whether it looks at the target and the months of one row and at nothing else.
    """

    rule: str
    severity: Severity
    find: Callable[[Plan], Iterable[Fault]]
    live: bool = False
    of_target: bool = False


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
    Check("celda-error", ERROR, structure.cell_error, of_target=True),
    Check("formula-sin-calcular", ERROR, structure.uncalculated),
    Check("presupuesto-desconocido", WARNING, budget.unknown_sum),
    Check("presupuesto-grupo", ERROR, budget.group_sum, live=True),
    Check("presupuesto-partidas", ERROR, budget.line_sum, live=True),
    Check("presupuesto-no-numero", ERROR, budget.not_a_number, live=True),
    Check("presupuesto-ambiguo", ERROR, budget.two_readings, live=True),
    Check("presupuesto-negativo", ERROR, budget.negative, live=True),
    Check("presupuesto-sin-partida", WARNING, budget.no_partida),
    Check("partida-cifras", WARNING, budget.partida_digits),
    Check("meta-meses", ERROR, target.months_disagree, live=True, of_target=True),
    Check("meta-mes-vacio", WARNING, target.blank_month, live=True, of_target=True),
    Check("meta-sin-meses", ERROR, target.no_months, live=True, of_target=True),
    Check("meta-ausente", ERROR, target.no_target, live=True, of_target=True),
    Check("meta-no-numero", ERROR, target.not_a_number, live=True, of_target=True),
    Check("meta-ambigua", ERROR, target.two_readings, live=True, of_target=True),
    Check("meta-negativa", ERROR, target.negative, live=True, of_target=True),
    Check("meta-tipo", ERROR, target.unknown_kind, live=True, of_target=True),
    Check("fecha-invalida", ERROR, schedule.not_a_date),
    Check("fecha-orden", ERROR, schedule.end_before_start),
    Check("fecha-gestion", ERROR, schedule.outside_year),
    Check("fecha-meses", ERROR, schedule.months_outside, live=True),
    Check("unidad-parecida", WARNING, wording.near_alike_unit),
    Check("unidad-contradice", WARNING, wording.unit_contradicts),
    Check("otra-regional", WARNING, wording.other_region),
    Check("responsable-ausente", ERROR, wording.missing_owner),
)


TARGET_CHECKS = tuple(each for each in CHECKS if each.of_target)
LIVE_RULES = frozenset(each.rule for each in CHECKS if each.live)


def check(plan: Plan, checks: Sequence[Check] = CHECKS) -> list[Finding]:
    """Run every check, or some of them.

    Returns:
        Findings, errors first, then in the order of sheet and row. Cost: rows x depth.
    """
    found = [
        Finding(
            each.rule,
            each.severity,
            fault.index,
            fault.field,
            fault.value,
            fault.expected,
            fault.message,
            fault.suggestion,
        )
        for each in checks
        for fault in each.find(plan)
    ]
    return sorted(found, key=lambda finding: (finding.severity, finding.index))
