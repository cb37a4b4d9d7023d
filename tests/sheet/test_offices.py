"""The plans of offices of several countries: every row read, no red without a reason, the slip red."""

from dataclasses import replace

import pytest

from poa_xl.actions.load import Opened, find_plans
from poa_xl.core.checks import judged
from poa_xl.core.findings import Severity
from poa_xl.core.plan import Kind
from poa_xl.sheet.executed import last_of
from poa_xl.sheet.grid import Value, Workbook, letters
from tests.offices import OFFICES, SLIP, Office

MARKED = {"individual"}
UNNAMED = {"individual", "goals_by_quarter"}
UNITS = {
    "ceplan": {"100 Sede central"},
    "lines_of_action": {"Secretaría de Desarrollo"},
    "cost_centres": {"Dirección General", "Planificación", "Auditoría"},
    "individual": {"Dirección de Planificación"},
    "tasks": {"Ciencias Económicas"},
}
CODES = {
    "municipality": "ABC",
    "split_codes": "ABCD",
    "ceplan": "E",
    "both_series": "B",
    "lines_of_action": "A",
    "results_above": "A",
}


def opened(office: Office) -> Opened:
    (found,) = find_plans(Workbook("p.xlsx", (office.grid,)))
    return found


def red(plan: Opened) -> set[int]:
    findings = judged(plan.plan).findings
    return {plan.plan.rows[each.index].line for each in findings if each.severity is Severity.ERROR}


@pytest.mark.parametrize("name", OFFICES)
def test_every_activity_of_an_office_is_read_with_its_months_and_nothing_is_red(name: str) -> None:
    office = OFFICES[name](0)
    plan = opened(office)
    operations = [row for row in plan.plan.rows if row.kind is Kind.OPERATION]
    assert {row.line: (row.name, sum(row.programmed.values())) for row in operations} == office.rows
    assert red(plan) == set()
    assert plan.layout.recognised is not None
    assert {each.field for each in plan.layout.recognised.doubts} <= ({"name"} if name in UNNAMED else set())


@pytest.mark.parametrize("name", sorted({*OFFICES} - MARKED))
def test_a_target_that_the_months_miss_is_red_in_every_office(name: str) -> None:
    office = OFFICES[name](SLIP)
    assert red(opened(office)) == {office.slip}


@pytest.mark.parametrize(("name", "units"), UNITS.items())
def test_the_unit_is_what_the_office_says_above_the_rows(name: str, units: set[str]) -> None:
    assert {row.unit for row in opened(OFFICES[name](0)).plan.rows} == units


@pytest.mark.parametrize(("name", "columns"), CODES.items())
def test_the_code_stands_in_the_columns_that_make_it_up(name: str, columns: str) -> None:
    layout = opened(OFFICES[name](0)).layout
    assert "".join(map(letters, layout.code or (layout.columns["code"],))) == columns


@pytest.mark.parametrize(("name", "below"), [("ceplan", 1), ("two_rows", 1), ("four_rows", 3)])
def test_rows_of_what_was_done_and_what_it_costs_go_with_the_row_above(name: str, below: int) -> None:
    office = OFFICES[name](0)
    layout = opened(office).layout
    assert [last_of(layout, line) - line for line in office.rows] == [below] * len(office.rows)


def test_what_kind_of_target_an_activity_has_makes_no_row_of_money_of_it() -> None:
    office = OFFICES["ceplan"](0)
    rows: dict[int, dict[int, Value]] = {
        line: dict(cells) | ({6: f"Pagar {line}"} if cells.get(8) == "Financiero" else {})
        for line, cells in office.grid.cells.items()
    }
    plan = opened(replace(office, grid=replace(office.grid, cells=rows, merges=())))
    assert len(plan.plan.rows) == 2 * len(office.rows)


def test_parts_of_a_code_that_tell_no_rows_apart_are_no_code() -> None:
    office = OFFICES["split_codes"](0)
    rows = {line: {c: v for c, v in cells.items() if c != 4} for line, cells in office.grid.cells.items()}
    assert "code" not in opened(replace(office, grid=replace(office.grid, cells=rows))).layout.columns
