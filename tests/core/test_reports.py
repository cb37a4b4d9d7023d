"""What was reported of operations: Estado, Motivo, and what the checks find."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from poa_xl.core.checks.following import TRACK_CHECKS, check_reports
from poa_xl.core.findings import Severity
from poa_xl.core.house import House
from poa_xl.core.plan import Amount, Plan, Row, TargetKind
from poa_xl.core.reports import NOTHING, Report, assess, figure, parse_sense, total
from poa_xl.core.tracking import USUAL, Sense
from poa_xl.core.values import Flaw, Invalid
from tests.plans import group, operation

MAR = 2
TWELVE = (None,) * 12


def year(*amounts: float | str | None) -> tuple[Amount, ...]:
    read = (Invalid(each, Flaw.MALFORMED) if isinstance(each, str) else each for each in amounts)
    found = [Decimal(str(each)) if isinstance(each, int | float) else each for each in read]
    return (*found, *TWELVE[len(found) :])


OPERATION = operation("G1.1", "Unidad Legal", 1000)
FINE = Report(executed=year(1, 1, 1), cause="c", action="a", proof="informe")
CASES: dict[str, tuple[Report, str, Callable[[Row], Row]]] = {
    "seguimiento-sentido": (replace(FINE, sense=Invalid("?", Flaw.MALFORMED)), "sense", lambda row: row),
    "seguimiento-no-numero": (replace(FINE, executed=year(1, 1, 1, "n/d")), "executed_ABR", lambda row: row),
    "seguimiento-negativo": (replace(FINE, spent=year(5, -1)), "spent_FEB", lambda row: row),
    "seguimiento-avance": (
        replace(FINE, executed=year(10, 8, 12)),
        "executed_FEB",
        lambda row: replace(row, stated=TargetKind.PROGRESS, months=year(10, 11, 12), target=Decimal(12)),
    ),
    "seguimiento-hito": (
        replace(FINE, executed=year(None, None, 0)),
        "done",
        lambda row: replace(row, stated=TargetKind.MILESTONE, months=year(None, 1), target=Decimal(1)),
    ),
    "seguimiento-causa": (replace(FINE, executed=year(0, 0, 1), cause=""), "cause", lambda row: row),
    "seguimiento-accion": (replace(FINE, executed=year(0, 0, 1), action=""), "action", lambda row: row),
    "seguimiento-excede": (replace(FINE, spent=year(900, 101)), "current", lambda row: row),
    "seguimiento-sin-informar": (replace(FINE, executed=year(1, None, 1)), "executed_FEB", lambda row: row),
    "seguimiento-corte": (replace(FINE, executed=year(1, 1, 1, 1)), "executed_ABR", lambda row: row),
    "seguimiento-sin-programar": (FINE, "done", lambda row: replace(row, months=year(None, None, None, 12))),
    "seguimiento-exceso": (replace(FINE, executed=year(2, 2, 2)), "efficacy", lambda row: row),
    "seguimiento-verificacion": (replace(FINE, proof=""), "proof", lambda row: row),
    "seguimiento-gasto-solo": (replace(FINE, executed=year(0, 0, 0), spent=year(5)), "financial", lambda row: row),
    "seguimiento-avance-solo": (replace(FINE, spent=year(0, 0)), "done", lambda row: row),
}


def found(row: Row, report: Report, house: House | None = None) -> list[tuple[str, str, Severity]]:
    plan = Plan((group("G1"), row), 2020, house=house or House())
    findings = check_reports(plan, {1: report}, {1: Decimal(1000)}, MAR, USUAL)
    assert all(each.index == 1 and each.message and each.suggestion for each in findings)
    return [(each.rule, each.field, each.severity) for each in findings]


def test_every_check_has_a_case() -> None:
    assert list(CASES) == [each.rule for each in TRACK_CHECKS]


def test_a_right_report_has_no_findings() -> None:
    assert found(OPERATION, FINE) == []
    assert found(OPERATION, replace(FINE, spent=year(5, 5))) == []


@pytest.mark.parametrize("rule", CASES)
def test_what_is_wrong_is_found_where_it_stands(rule: str) -> None:
    report, field, changed = CASES[rule]
    row = changed(OPERATION)
    severity = next(each.severity for each in TRACK_CHECKS if each.rule == rule)
    assert (rule, field, severity) in found(row, report)
    assert not any(each == rule for each, *_ in found(row, report, House(rules={rule: None})))
    assert (rule, field, Severity.WARNING) in found(row, report, House(rules={rule: Severity.WARNING}))


def test_nothing_reported_is_told_once_and_nothing_else() -> None:
    assert found(OPERATION, NOTHING) == [("seguimiento-sin-informar", "executed_ENE", Severity.WARNING)]


def test_errors_come_first() -> None:
    severities = [each for *_, each in found(OPERATION, Report(executed=year(0, 0, 1), spent=year(2000)))]
    assert severities == sorted(severities)
    assert len(set(severities)) == 2


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("10", "10"),
        ("100", "100"),
        ("0", "0"),
        ("-0.001", "0"),
        ("0.005", "0,01"),
        ("1234.5", "1234,5"),
        ("-0.5", "-0,5"),
        ("33.333", "33,33"),
        ("-10", "-10"),
    ],
)
def test_figures_have_two_places_at_most(value: str, shown: str) -> None:
    assert figure(Decimal(value)) == shown


def test_a_missing_figure_is_a_zero() -> None:
    assert figure(None) == "0"


def test_a_sense_is_read_as_people_type_it() -> None:
    assert parse_sense("") is None
    assert parse_sense("MENOS es  mejor") is Sense.LESS
    assert parse_sense("mas es mejor") is Sense.MORE
    assert parse_sense("al revés") == Invalid("al revés", Flaw.MALFORMED)


def test_money_up_to_a_month() -> None:
    assert total(year(5, "x", 7, 9), MAR) == 12
    assert total(TWELVE, MAR) is None


def test_physical_and_financial_stand_side_by_side() -> None:
    said = assess(OPERATION, replace(FINE, spent=year(100, 100, 300)), Decimal(1000), MAR, USUAL)
    assert [said.efficacy, said.financial, said.efficiency] == [100, 50, 2]
    assert said.band is not None
    assert said.state == said.band.name == "Alto"
    assert assess(OPERATION, FINE, None, MAR, USUAL).financial is None


def test_a_programme_of_nothing_cannot_be_divided_by() -> None:
    said = assess(replace(OPERATION, months=year(5, -5)), replace(FINE, executed=year(1, 1)), None, MAR, USUAL)
    assert (said.state, said.reason) == ("Sin base", "no se puede dividir: programado 0, ejecutado 2")
    assert said.band is None
