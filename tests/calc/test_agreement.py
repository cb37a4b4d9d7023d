"""Native formulas, recalculated by LibreOffice and by IronCalc, say what the core says."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from poa_xl.actions.importing import import_text
from poa_xl.actions.load import load_one
from poa_xl.books.book import FileBook
from poa_xl.core.checks import check
from poa_xl.core.codes import parse_code
from poa_xl.core.findings import Finding
from poa_xl.core.flags import Flag, flag
from poa_xl.core.plan import Kind, Plan, Row, TargetKind
from poa_xl.core.values import Flaw, Invalid
from poa_xl.sheet.control import control_cells
from poa_xl.sheet.control_columns import CONTROL_COLUMNS
from poa_xl.sheet.grid import letters
from poa_xl.sheet.headers import field_of
from poa_xl.sheet.render import COLUMNS, Flagged, place, plan_sheet
from poa_xl.sheet.spec import SheetSpec
from tests.engines import Engine, Shown, calc, iron, without_results
from tests.office import Office
from tests.paths import ALIASES, PRINTED
from tests.plans import group, line, operation

COMPARED = (
    "kind",
    "programmed",
    "difference",
    "target_state",
    "computed",
    "budget_difference",
    "budget_state",
    "state",
    *(column.name for column in CONTROL_COLUMNS if column.name.startswith("paint_")),
)


def agree(plan: Plan, office: Office | None, folder: Path, apart: int = 1, *more: Engine) -> dict[int, str]:
    """Let Calc and IronCalc compute the formulas of a plan whose file holds no results, and compare with the core.

    Args:
        plan: The plan.
        office: LibreOffice; None to leave it and IronCalc out.
        folder: Where to put the file.
        apart: How far the months stand from each other.
        more: Other engines.

    Returns:
        Row number to *Motivo* as the last engine shows it.
    """
    placed = place(plan, "p.xlsx", "POA", ())
    findings = check(placed)
    flags = flag(placed, findings)
    image = moved(plan_sheet(placed, "POA", (), Flagged(flags, findings)), placed, flags, findings, apart)
    columns = {field_of(cell.value): column for (row, column), cell in image.cells.items() if row == 1}
    names = {columns[name]: name for name in COMPARED}
    expected = {place: cell.value for place, cell in image.cells.items() if cell.formula and place[1] in names}
    assert {column for _, column in expected} == {*names}
    path = folder / "p.xlsx"
    path.unlink(missing_ok=True)
    FileBook(path).write([image])
    bare = without_results(path, wrong="?")
    shown: Shown = {}
    for engine in (*((iron, calc(office)) if office else ()), *more):
        shown = engine(bare)
        for (row, column), value in expected.items():
            found = shown.get((row, column)) or None
            where = (engine.__name__, names[column], row, placed.rows[row - 2], shown.get((row, columns["reason"])))
            if isinstance(value, Decimal):
                assert float(str(found or 0)) == pytest.approx(float(value), abs=1e-6), where
            else:
                assert (found or "") == (value or ""), where
        for each in placed.rows:
            state, reason = (shown.get((each.line, columns[name])) for name in ("state", "reason"))
            assert not state or reason, (engine.__name__, each)
    return {row.line: str(shown.get((row.line, columns["reason"])) or "") for row in placed.rows}


def moved(image: SheetSpec, plan: Plan, flags: Sequence[Flag], findings: Sequence[Finding], apart: int) -> SheetSpec:
    """Put columns of the planner's between the months."""
    if apart == 1:
        return image
    first, last = COLUMNS["ENE"], COLUMNS["DIC"]
    gap = (apart - 1) * 11

    def column(old: int) -> int:
        return old if old < first else first + (old - first) * apart if old <= last else old + gap

    addresses = {name: letters(column(number)) for name, number in COLUMNS.items()}
    cells = control_cells(plan, flags, findings, addresses, lambda _: True, first=2)
    image.cells = {(row, column(old)): cell for (row, old), cell in image.cells.items()}
    image.widths, image.column_levels, image.rules, image.choices = {}, {}, [], []
    for row, filled in zip(plan.rows, cells, strict=True):
        for name, cell in filled.items():
            image.cells[row.line, column(COLUMNS[name])] = cell
    return image


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
    ("36", "Horas/trámite", year("36"), None),
    ("36", "Hrs. promedio", year("36", "0", "-", "36"), None),
    ("12", "Hrs. de capacitación", year("1"), None),
    ("3", "Meses", year("0", "1", "0", "1", "0", "1", "0"), None),
    ("12", "Trámites/mes", year("12"), None),
    ("89", "(Días perdidos/Días)", year("0", "89", "0"), None),
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
    (
        "100",
        RATIO,
        year("5.93", "6.36", "9.85", "11.14", "21.77", "10.36", "6.54", "6.14", "6.11", "5.19", "4.85", "-"),
        None,
    ),
    ("12", COUNT, year("0"), None),
    ("0", COUNT, year("0"), None),
    ("12", COUNT, year("-"), None),
    ("12", COUNT, year("1", *["1"] * 9, "2", "-"), None),
    ("-1", COUNT, year("-1", "0"), None),
    *[
        (target, COUNT, months, kind)
        for kind in TargetKind
        for target, months in (
            ("12", year("1")),
            ("1", year("1")),
            ("1", year("0", "1", "0")),
            ("30", year("10", "20", "15", "30")),
            ("30", year("10", "0", "20", "20", "30")),
            ("1.5", year("1", "2", "0")),
        )
    ],
]


@pytest.mark.parametrize("apart", [1, 4])
def test_every_type_of_target_with_right_and_wrong_months(office: Office, tmp_path: Path, apart: int) -> None:
    rows = [op(i, target, measure, months, stated=kind) for i, (target, measure, months, kind) in enumerate(CASES, 1)]
    agree(Plan((group("G1", 0), *rows), 2020), office, tmp_path, apart)


ODD_MEASURES = (
    "Horas\nPromedio",
    "Horas\u00a0Promedio",
    "Horas\tPromedio",
    "Horas\r\nPromedio",
    "Horas\u202fPromedio",
    "  HORAS   PROMEDIO  ",
    "Ho\u0301ras",
    "ÍNDICE de logro",
    "I\u0301ndice de logro",
    "Dias promedio",
    "Días Promedio",
    "Tasa\nde logro",
    "(a /\n b)",
    "Porcentaje",
    "%",
    "",
    "Minutos\u00a0",
    "tiempo de despacho",
    "Un índice",
    "Razón",
    "Días",
    "Horas de capacitación",
    "Horas por trámite",
    "Trámites por día",
    "Tiempo",
    "Plazo en días",
    "Plazo (meses)",
)


def test_units_of_measure_whatever_blanks_and_accents_they_have(office: Office, tmp_path: Path) -> None:
    rows = [
        op(4 * i + j, target, measure, months)
        for i, measure in enumerate(ODD_MEASURES)
        for j, (target, months) in enumerate(
            (("36", year("36")), ("4", year("3", "5", "0")), ("30", year("10", "20", "0"))), 1
        )
    ]
    agree(Plan((group("G1", 0), *rows), 2020), office, tmp_path)


def test_thousands_of_millions_with_centavos_are_added_to_the_centavo(office: Office, tmp_path: Path) -> None:
    chance = random.Random(9)  # noqa: S311 - figures to add up, no secrets
    budgets = [Decimal(chance.randrange(10**11, 10**12)) / 100 for _ in range(300)]
    rows = [replace(operation(f"G1.{i}", "A"), budget=budget) for i, budget in enumerate(budgets, 1)]
    total = sum(budgets, Decimal(0))
    agree(Plan((replace(group("G1"), budget=total), *rows), 2020), office, tmp_path)
    wrong = replace(group("G1"), budget=total + Decimal("0.01"))
    why = agree(Plan((wrong, *rows[:40], replace(group("G2"), budget=Decimal("0.01"))), 2020), office, tmp_path)
    assert "El Presupuesto dice" in why[2]


def test_codes_that_look_like_numbers_and_codes_that_are_none(office: Office, tmp_path: Path) -> None:
    def code(row: Row, value: object) -> Row:
        return replace(row, code=value)  # type: ignore[arg-type]

    plan = Plan(
        (
            group("1", 77),
            group("1.1", 30),
            operation("1.1.1", "A", 10),
            operation("1.1.10", "A", 20),
            group("1.10", 5),
            operation("1.10.1", "A", 5),
            group("1.2", 7),
            code(operation("1.2.1", "A", 3), parse_code("1.2.1.")),
            code(operation("1.2.2", "A", 4), parse_code(" 1.2. 2 ")),
            group("1.3", 1),
            operation("1.3.1", "A", 1),
            operation("1.3.1", "B", 2),
            code(operation("1.3.2", "A", 2), Invalid("1.3", Flaw.NUMERIC)),
            group("1.4", 9),
            code(operation("1.4.1", "A", 9), None),
            group("1.5", 9),
            code(operation("1.5.1", "A", 9), Invalid("1-5-1", Flaw.MALFORMED)),
            group("1.6"),
            operation("1.6.1.1", "A", 4),
            group("1.7", 3),
            code(operation("1.7.1", "A", 3), parse_code("1.07.1")),
        ),
        2020,
    )
    why = agree(plan, office, tmp_path)
    assert why[13] == "El código ya está en la fila 12 → dar otro código a una de las dos."


def test_a_sum_with_a_term_that_cannot_be_read_is_unknown(office: Office, tmp_path: Path) -> None:
    unread = Invalid("1.234", Flaw.AMBIGUOUS)
    plan = Plan(
        (
            group("G1", 600),
            group("G1.1", 300),
            replace(operation("G1.1.1", "A", 1), budget=unread),
            operation("G1.1.2", "A", 200),
            group("G1.2"),
            operation("G1.2.1", "A", 10),
            line("25220", 10),
            replace(line("25220", 10), budget=Invalid("s/n", Flaw.MALFORMED)),
            group("G1.3", 5),
            operation("G1.3.1", "A", 5),
            group("G1.4"),
            replace(group("G1.5"), budget=Invalid("#REF!", Flaw.ERROR)),
            replace(group("G2"), budget=Invalid("mil", Flaw.MALFORMED)),
            operation("G2.1", "A", 5),
        ),
        2020,
    )
    why = agree(plan, office, tmp_path)
    assert "No se puede sumar: 3 montos no se leen" in why[2]
    assert "No se puede sumar: X4" in why[3]
    assert "No se puede sumar: X7" in why[6]
    assert "una de sus partidas no es un número" in why[7]
    assert "no es un número" in why[9]


def test_parts_that_repeat_a_code_are_added_up(office: Office, tmp_path: Path) -> None:
    head = replace(operation("G1.1.1", "A", 100), partida="25220")
    part = replace(line("31110", 50), code=head.code, name=head.name, unit=head.unit)
    plan = Plan(
        (group("G1", 180), group("G1.1", 150), head, part, group("G1.2", 30), operation("G1.2.1", "A", 30)), 2020
    )
    assert plan.shared
    agree(plan, office, tmp_path)


def test_what_stands_in_a_month_or_a_date_or_nowhere(office: Office, tmp_path: Path) -> None:
    months = (Decimal(1),) * 12

    def text(value: str, flaw: Flaw = Flaw.MALFORMED) -> Invalid:
        return Invalid(value, flaw)

    rows = [
        op(1, "12", COUNT, months, owner=""),
        op(2, "12", COUNT, months, start=None),
        op(3, "12", COUNT, months, end=None, start=None),
        op(4, "12", COUNT, months, start=date(2021, 1, 1)),
        op(5, "12", COUNT, months, end=date(2019, 12, 31)),
        op(6, "12", COUNT, months, start=date(2020, 10, 1), end=date(2020, 3, 1)),
        op(7, "12", COUNT, months, start=date(2020, 2, 1), end=date(2020, 11, 30)),
        replace(op(8, "12", COUNT, months), months=(text("X"), *months[:11])),
        replace(op(9, "12", COUNT, months), months=(*months[:11], text("#DIV/0!", Flaw.ERROR))),
        replace(op(10, "12", COUNT, months), target=text("36 horas")),
        replace(op(11, "12", COUNT, months), target=text("#REF!", Flaw.ERROR)),
        replace(op(12, "12", COUNT, months), target=None),
        replace(op(13, "12", COUNT, months), target=None, months=(None,) * 12),
        replace(op(14, "12", COUNT, months), stated=text("Mensual")),
        replace(op(15, "-12", COUNT, months), months=(Decimal(-1),) * 12),
        op(16, "1.23456", COUNT, (Decimal("1.23456"), *[None] * 11)),
        op(17, "3.70368", COUNT, (Decimal("1.23456"),) * 3 + (Decimal(0),) * 9),
        op(18, "3.70369", COUNT, (Decimal("1.23456"),) * 3 + (Decimal(0),) * 9),
        op(19, "3.7038", COUNT, (Decimal("1.23456"),) * 3 + (Decimal(0),) * 9),
    ]
    why = agree(Plan((group("G1", 0), *rows), 2020), office, tmp_path)
    for number, clause in enumerate(
        (
            "falta el Responsable",
            "falta Inicio",
            "falta Inicio. falta Fin",
            "Inicio está fuera de la gestión 2020",
            "Fin está fuera de la gestión 2020. Fin es antes de Inicio",
            "Fin es antes de Inicio",
            "programado fuera del plazo: ENE DIC",
            "no es un número: ENE",
            "no es un número: DIC",
            "la Meta no es un número",
            "la Meta no es un número",
            "hay meses programados y falta la Meta",
            "sin Meta ni meses",
            "ese Tipo de meta no existe",
            "la Meta es negativa. hay un mes negativo",
        ),
        3,
    ):
        said = why[number].replace("\u00a0", " ").replace("\u2002", " ")
        assert clause.casefold() in said.casefold(), number


def test_a_hundred_rows_are_right_when_calc_computes_them_in_threads(office: Office, tmp_path: Path) -> None:
    rows = [op(i, *CASES[i % len(CASES)][:3], stated=CASES[i % len(CASES)][3]) for i in range(1, 301)]
    for count in (110, 300):
        agree(Plan((group("G1", 0), *rows[:count]), 2020), office, tmp_path)


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
        rows.append(
            op(
                i,
                str(target),
                measure,
                months,
                stated=draw(st.none() | st.sampled_from(TargetKind)),
                budget=Decimal(draw(st.integers(0, 10**6))),
            )
        )
    total = sum((row.budget for row in rows if isinstance(row.budget, Decimal)), Decimal(0))
    wrong = draw(st.sampled_from([Decimal(0), Decimal(1)]))
    return Plan((replace(group("G1"), budget=total + wrong), *rows), 2020)


@settings(max_examples=12)
@given(plan=drawn())
def test_plans_that_are_drawn(plan: Plan, office: Office, tmp_path: Path) -> None:
    assert any(row.kind is Kind.OPERATION for row in plan.rows)
    agree(plan, office, tmp_path)
