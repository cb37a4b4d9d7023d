"""The checks: functions that yield faults, in one tuple with their rule and severity.

A new check is one function in the module of its subject, one entry in `CHECKS`, one case in
`tests/core/test_checks.py`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple, cast

from poa_xl.core.checks import budget, modified, schedule, structure, target, wording
from poa_xl.core.checks.fault import Fault
from poa_xl.core.dates import MONTHS
from poa_xl.core.findings import Finding, Severity
from poa_xl.core.plan import Plan
from poa_xl.core.targets import judge_row, kind_that_holds
from poa_xl.i18n import language, say

ERROR, WARNING = Severity.ERROR, Severity.WARNING


class Check(NamedTuple):
    """A rule.

    Attributes:
        rule: Its name for the user.
        severity: How bad a breach is.
        find: The function that finds the breaches.
        live: Whether the formulas of the control columns see a breach for themselves.
        of_target: Whether it looks at the target and the months of one row and at nothing else.
        needs: The fields that it speaks of; a plan without columns for them is not held against it.
        is_custom: Whether it is the custom of a house and no arithmetic: another house may well not keep it.
        cases: How many rows it can speak of; where it is broken in nearly all of them, the layout was misread.
    """

    rule: str
    severity: Severity
    find: Callable[[Plan], Iterable[Fault]]
    live: bool = False
    of_target: bool = False
    needs: tuple[str, ...] = ()
    is_custom: bool = False
    cases: Callable[[Plan], int] | None = None


# Departures that are too few to be a habit, and the shares of all rows that make one.
_FEW = 3
_MANY = 0.15
_NEARLY_ALL = 0.8


def _judged(plan: Plan) -> int:
    return sum(judge_row(row) is not None for row in plan.rows)


def _with_target(plan: Plan) -> int:
    return sum(bool(row.target) for row in plan.rows)


def _with_months(plan: Plan) -> int:
    return sum(bool(row.programmed) for row in plan.rows)


# What was modified since the plan was approved.
MODIFIED_CHECKS: tuple[Check, ...] = (
    Check("modificacion-sin-motivo", WARNING, modified.without_motive),
    Check("traspaso-descuadrado", ERROR, modified.unbalanced),
    Check("traspaso-entre-grupos", WARNING, modified.between_groups),
)

CHECKS: tuple[Check, ...] = (
    Check("codigo-mal-formado", ERROR, structure.malformed_code, needs=("code",), is_custom=True),
    Check("codigo-numerico", ERROR, structure.numeric_code, live=True, needs=("code",), is_custom=True),
    Check("codigo-ausente", ERROR, structure.missing_code, live=True, needs=("code",), is_custom=True),
    Check("codigo-escritura", WARNING, structure.unusual_spelling, needs=("code",), is_custom=True),
    Check("codigo-duplicado", ERROR, structure.duplicate_code, live=True, needs=("code",), is_custom=True),
    Check("codigo-sin-superior", ERROR, structure.missing_parent, live=True, needs=("code",), is_custom=True),
    Check("codigo-orden", ERROR, structure.wrong_order, needs=("code",), is_custom=True),
    Check("codigo-salto", WARNING, structure.numbering_gap, needs=("code",), is_custom=True),
    Check("fila-sin-explicar", WARNING, structure.unexplained),
    Check("id-orden", ERROR, structure.wrong_id, needs=("id",), is_custom=True),
    Check("celda-error", ERROR, structure.cell_error, live=True, of_target=True),
    Check("celda-limite", ERROR, structure.beyond_limit, of_target=True),
    Check("celda-formato", WARNING, structure.unusual_format),
    Check("formula-sin-calcular", WARNING, structure.uncalculated, live=True),
    Check("presupuesto-desconocido", WARNING, budget.unknown_sum, live=True),
    Check("presupuesto-grupo", ERROR, budget.group_sum, live=True, cases=lambda plan: len(plan.children)),
    Check("presupuesto-partidas", ERROR, budget.line_sum, live=True, cases=lambda plan: len(plan.lines)),
    Check("presupuesto-no-numero", ERROR, budget.not_a_number, live=True, is_custom=True),
    Check("presupuesto-moneda", ERROR, budget.not_bolivianos),
    Check("presupuesto-ambiguo", ERROR, budget.two_readings, live=True),
    Check("presupuesto-negativo", ERROR, budget.negative, live=True),
    Check("presupuesto-hereda", WARNING, budget.inherited, live=True),
    Check("presupuesto-sin-partida", WARNING, budget.no_partida, needs=("partida", "budget"), is_custom=True),
    Check("partida-cifras", WARNING, budget.partida_digits, needs=("partida",), is_custom=True),
    Check("meta-meses", ERROR, target.months_disagree, live=True, of_target=True, cases=_judged),
    Check("meta-mes-vacio", WARNING, target.blank_month, live=True, of_target=True, is_custom=True),
    Check("meta-sin-meses", ERROR, target.no_months, live=True, of_target=True, is_custom=True, cases=_with_target),
    Check(
        "meta-ausente",
        ERROR,
        target.no_target,
        live=True,
        of_target=True,
        is_custom=True,
        needs=("target",),
        cases=_with_months,
    ),
    Check("meta-no-numero", ERROR, target.not_a_number, live=True, of_target=True, is_custom=True),
    Check("meta-ambigua", ERROR, target.two_readings, live=True, of_target=True),
    Check("meta-negativa", ERROR, target.negative, live=True, of_target=True),
    Check("meta-tipo", ERROR, target.unknown_kind, live=True, of_target=True),
    Check("fecha-invalida", ERROR, schedule.not_a_date, is_custom=True),
    Check("fecha-dudosa", ERROR, schedule.month_first),
    Check("fecha-orden", ERROR, schedule.end_before_start, live=True),
    Check("fecha-gestion", ERROR, schedule.outside_year, live=True, is_custom=True),
    Check("fecha-meses", ERROR, schedule.months_outside, live=True, needs=MONTHS, is_custom=True),
    Check("unidad-parecida", WARNING, wording.near_alike_unit, is_custom=True),
    Check("unidad-contradice", WARNING, wording.unit_contradicts, is_custom=True),
    Check("otra-regional", WARNING, wording.other_region, is_custom=True),
    Check("responsable-ausente", ERROR, wording.missing_owner, live=True, needs=("owner",), is_custom=True),
    *MODIFIED_CHECKS,
)


TARGET_CHECKS = tuple(each for each in CHECKS if each.of_target)


@dataclass(frozen=True)
class Checked:
    """What the checks came to.

    Attributes:
        findings: Errors first, then by row.
        habits: Rule to how many rows depart from it, of the rules that this house does not keep.
        kept: Rule to how bad a breach of it is, of the rules that it keeps.
    """

    findings: list[Finding]
    habits: Mapping[str, int]
    kept: Mapping[str, Severity]


def check(plan: Plan, checks: Sequence[Check] = CHECKS) -> list[Finding]:
    """Run every check, or some of them.

    Returns:
        Findings, errors first, then in the order of sheet and row. Cost: rows x depth.
    """
    return [*judged(plan, checks).findings]


def judged(plan: Plan, checks: Sequence[Check] = CHECKS) -> Checked:
    """Run the checks that this house keeps; the others are named with what speaks against them. All run once."""
    if checks is not CHECKS:
        return _judge(plan, checks)
    name = f"judged in {language()}"
    if name not in plan.derived:
        plan.derived[name] = _judge(plan, CHECKS)
    return cast("Checked", plan.derived[name])


def _judge(plan: Plan, checks: Sequence[Check]) -> Checked:
    findings: list[Finding] = []
    habits: dict[str, int] = {}
    kept: dict[str, Severity] = {}
    for each in checks:
        severity = plan.house.rules.get(each.rule, each.severity)
        if severity is None or not plan.house.has(*each.needs):
            continue
        faults = list(each.find(plan))
        if plan.house.learns and each.rule not in plan.house.rules:
            count = len(faults)
            faults, softened = _split(each, plan, faults)
            # Where nearly all of them are right under another type of target, the plan was read well.
            if _is_habit(each, plan, count) and len(softened) <= _NEARLY_ALL * count:
                habits[each.rule] = count
                continue
            severity = WARNING if each.is_custom else severity
            findings += (fault.finding(each.rule, WARNING) for fault in softened)
        kept[each.rule] = severity
        findings += (fault.finding(each.rule, severity) for fault in faults)
    return Checked(sorted(findings, key=lambda finding: (finding.severity, finding.index)), habits, kept)


def _is_habit(each: Check, plan: Plan, count: int) -> bool:
    """Whether so many rows depart from a rule that it is not this house's."""
    if each.cases is not None and count > _FEW and count > _NEARLY_ALL * each.cases(plan):
        return True
    return each.is_custom and count > max(_FEW, _MANY * len(plan.rows))


def _split(each: Check, plan: Plan, faults: list[Fault]) -> tuple[list[Fault], list[Fault]]:
    """Tell what is wrong from what is right under a type of target that only the planner can state."""
    other = {
        fault.index: kind
        for fault in faults
        if each.cases is _judged and (kind := kind_that_holds(plan.rows[fault.index]))
    }
    softened = [
        replace(fault, suggestion=say("poner {kind} como Tipo de meta, si lo es", kind=str(other[fault.index])))
        for fault in faults
        if fault.index in other
    ]
    return [fault for fault in faults if fault.index not in other], softened
