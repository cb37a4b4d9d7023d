"""Native formulas, recalculated by LibreOffice, say what the core says."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from poa_xl.actions.importing import import_text
from poa_xl.actions.load import load_one
from poa_xl.books.book import FileBook
from poa_xl.core.checks import check
from poa_xl.core.flags import flag
from poa_xl.core.plan import Kind, Plan, Row, TargetKind
from poa_xl.sheet.image import Cell
from poa_xl.sheet.render import COLUMNS, Flagged, place, plan_sheet
from tests.office import Office
from tests.paths import ALIASES, PRINTED
from tests.plans import group, line, operation

COMPARED = (
    "kind", "programmed", "difference", "target_state", "computed", "budget_difference", "budget_state", "state",
)  # fmt: skip


def agree(plan: Plan, office: Office, folder: Path) -> None:
    """Let Calc compute the formulas of a plan whose file holds wrong results, and compare with the core."""
    placed = place(plan, "p.xlsx", "POA", ())
    findings = check(placed)
    image = plan_sheet(placed, "POA", (), Flagged(flag(placed, findings), findings))
    expected = {place: cell.value for place, cell in image.cells.items() if cell.formula}
    image.cells |= {place: Cell("?", cell.style, cell.formula) for place, cell in image.cells.items() if cell.formula}
    path = folder / "p.xlsx"
    path.unlink(missing_ok=True)
    (folder / "xlsx" / "p.xlsx").unlink(missing_ok=True)
    FileBook(path).write([image])
    page = openpyxl.load_workbook(office.convert(path, "xlsx"), data_only=True)["POA"]
    names = {COLUMNS[name]: name for name in COMPARED}
    assert {column for _, column in expected} >= {*names}
    for (row, column), value in expected.items():
        if column not in names:
            continue
        shown = page.cell(row, column).value or None
        where = (names[column], row, placed.rows[row - 2])
        if isinstance(value, Decimal):
            assert float(str(shown or 0)) == pytest.approx(float(value), abs=1e-6), where
        else:
            assert shown == value, where


def year(*values: str) -> tuple[Decimal | None, ...]:
    full = [*values, *[values[-1]] * (12 - len(values))]
    return tuple(None if value == "-" else Decimal(value) for value in full)


def op(number: int, target: str, measure: str, months: Sequence[Decimal | None], **fields: object) -> Row:
    base = operation(f"G1.{number}", "Unidad Legal")
    return replace(base, target=Decimal(target), measure=measure, months=tuple(months), **fields)  # type: ignore[arg-type]


RATIO, TIME, COUNT = "% de avance", "Horas Promedio", "Trámites"
K = TargetKind
CASES: list[tuple[str, str, tuple[Decimal | None, ...], TargetKind | None]] = [
    ("36", TIME, year("36"), None),
    ("36", "Días Promedio: 75% de las DUIS", year("36", "0", "-", "36"), None),
    ("4", TIME, year("3", "5", "3", "5", "0"), None),
    ("36", TIME, year("40", "36"), None),
    ("36", TIME, year("40", "32", "36"), None),
    ("36", "Índice de horas", year("36", "30"), None),
    ("12", COUNT, year("1"), None),
    ("12", COUNT, year("12"), None),
    ("13", COUNT, year("1"), None),
    ("2210.23", "Millones de Bs.", year(*["184.2"] * 11, "184"), None),
    ("18.21", "Millones de Bs.", year(*["1.51"] * 11, "1.54"), None),
    ("18.22", "Millones de Bs.", year(*["1.51"] * 11, "1.54"), None),
    ("0.46", "Millones de Bs.", year("0.1", "0.1", "0.1", "0"), None),
    ("89", RATIO, year("0", "89", "0"), None),
    ("60", "(Firmes / Total)*100", year("0", "60", "0", "0", "60", "0"), None),
    ("100", RATIO, year("0", "25", "0", "0", "25", "0", "0", "25", "0", "0", "25", "-"), None),
    ("100", RATIO, year("10", "10", "40", "60", "100"), None),
    ("50", RATIO, year("40", "60", "50", "45", "55", "0"), None),
    ("33.33", "Tasa de logro", year("33", "33", "34", "0"), None),
    ("100", RATIO, year("10", "20", "0"), None),
    ("100", RATIO, year("10", "90", "20", "0"), None),
    ("100", RATIO, year("5.93", "6.36", "9.85", "11.14", "21.77", "10.36", "6.54", "6.14", "6.11", "5.19", "4.85", "-"), None),
    ("12", COUNT, year("0"), None),
    ("0", COUNT, year("0"), None),
    ("12", COUNT, year("-"), None),
    ("12", COUNT, year("1", *["1"] * 9, "2", "-"), None),
    ("-1", COUNT, year("-1", "0"), None),
    *[(target, COUNT, months, kind) for kind in TargetKind for target, months in (
        ("12", year("1")), ("1", year("1")), ("1", year("0", "1", "0")), ("30", year("10", "20", "15", "30")),
        ("30", year("10", "0", "20", "20", "30")), ("1.5", year("1", "2", "0")))],
]  # fmt: skip


def test_every_type_of_target_with_right_and_wrong_months(office: Office, tmp_path: Path) -> None:
    rows = [op(i, target, measure, months, stated=kind) for i, (target, measure, months, kind) in enumerate(CASES, 1)]
    agree(Plan((group("G1", 0), *rows), 2020), office, tmp_path)


def test_budgets_right_and_wrong_with_lines_and_gaps(office: Office, tmp_path: Path) -> None:
    plan = Plan(
        (
            group("G1", 1000),
            group("G1.1", 600),
            operation("G1.1.1", "A", 100),
            line("25220", 40),
            line("25900", 50),
            operation("G1.1.2", "A", 500),
            line("25220", 500),
            operation("G1.10", "A", 300),
            group("G1.11", 0),
            replace(operation("G1.12", "A", 5), owner=""),
            replace(operation("G1.13", "A", 5), partida="4350"),
            replace(operation("G1.14", "A", 7), start=date(2020, 3, 1), end=date(2020, 10, 31)),
            replace(operation("G1.15", "A", 7), start=date(2020, 10, 31), end=date(2020, 3, 1)),
            replace(operation("G1.16", "A"), budget=Decimal(-5)),
            replace(operation("G1.17", "A"), target=None),
        ),
        2020,
    )
    agree(plan, office, tmp_path)


def test_the_plan_of_2020(office: Office, tmp_path: Path) -> None:
    master = import_text(PRINTED, tmp_path / "m.xlsx", ALIASES).path
    agree(load_one(FileBook(master)).parsed.plan, office, tmp_path)


cents = st.decimals(0, 500, places=2) | st.integers(0, 500).map(Decimal)
month = st.one_of(st.none(), st.just(Decimal(0)), cents)


@st.composite
def drawn(draw: st.DrawFn) -> Plan:
    rows: list[Row] = []
    for i in range(1, draw(st.integers(5, 25)) + 1):
        months = draw(st.lists(month, min_size=12, max_size=12))
        total = sum((each for each in months if each), Decimal(0))
        target = draw(st.sampled_from([total, max([each or Decimal(0) for each in months]), Decimal(36)]) | cents)
        measure = draw(st.sampled_from([RATIO, TIME, COUNT, "(a/b)*100", ""]))
        rows.append(op(i, str(target), measure, months, stated=draw(st.none() | st.sampled_from(TargetKind)),
                       budget=Decimal(draw(st.integers(0, 10**6)))))  # fmt: skip
    total = sum((row.budget for row in rows if isinstance(row.budget, Decimal)), Decimal(0))
    wrong = draw(st.sampled_from([Decimal(0), Decimal(1)]))
    return Plan((replace(group("G1"), budget=total + wrong), *rows), 2020)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(plan=drawn())
def test_plans_that_are_drawn(plan: Plan, office: Office, tmp_path: Path) -> None:
    assert any(row.kind is Kind.OPERATION for row in plan.rows)
    agree(plan, office, tmp_path)
