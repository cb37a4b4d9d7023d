"""What a row is: a table of neighbours for every kind of evidence."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

import pytest

from poa_xl.core.checks import check
from poa_xl.core.codes import parse_code
from poa_xl.core.findings import Severity
from poa_xl.core.flags import State, flag
from poa_xl.core.plan import Kind, Row
from poa_xl.core.rollup import roll_up
from poa_xl.core.values import Flaw, Invalid
from poa_xl.sheet.grid import Grid, Value
from poa_xl.sheet.headers import find_layout
from poa_xl.sheet.parse import Parsed, parse
from poa_xl.sheet.rows import Evidence, Outside, is_total, rule
from tests.sheet.test_parse import COLUMNS, GROUP, HEADER, LINE, OPERATION

Cells = Mapping[str, Value]
SIX = Decimal(6)


def read(*rows: Cells, formulas: Mapping[str, str] | None = None, table_row: int = 0, without: str = "") -> Parsed:
    """Parse rows that stand from row 2 on; formulas by field stand in the last one."""
    cells: dict[int, dict[int, Value]] = {1: {c: text for c, text in HEADER.items() if c != COLUMNS.get(without)}}
    for number, row in enumerate(rows, 2):
        cells[number] = {COLUMNS.get(name, 30): value for name, value in row.items()}
    last = len(rows) + 1
    placed = {(last, COLUMNS[name]): text for name, text in (formulas or {}).items()}
    totals = frozenset((table_row, column) for column in range(1, 25)) if table_row else frozenset()
    sheet = Grid("POA", {n: row for n, row in cells.items() if row}, formulas=placed, totals=totals)
    layout = find_layout(sheet)
    assert layout is not None
    return parse(sheet, layout, "p.xlsx", 2020)


def last(*rows: Cells, **options: object) -> Kind | Outside:
    """What the last row is, below a group and an operation."""
    parsed = read(GROUP, OPERATION, *rows, **options)  # type: ignore[arg-type]
    line = len(rows) + 3
    found: dict[int, Kind | Outside] = {row.line: row.kind for row in parsed.plan.rows}
    return (found | {each.line: each.kind for each in parsed.passed})[line]


WORDS = [
    "TOTAL",
    "Total general",
    "TOTALES",
    "Sub total",
    "SUBTOTAL GROGR1.1",
    "Sub-total Unidad Legal",
    "Gran total",
    "GRAN TOTAL:",
    "Importe total",
    "Presupuesto total",
    "Monto Total Bs.",
    "Suma",
    "SUMAS",
    "Suma total",
    "Sumas iguales",
    "Saldo",
    "SALDO Bs",
    "Importe",
    "Presupuesto general",
    "PRESUPUESTO POA 2020",
    "Total Unidad Legal",
    "Costo total",
    "Suman",
    "T O T A L",
    "S U B T O T A L",
    "TOT.",
    "Tot. gral.",
    "Sub Tot.",
    "Sumatoria",
    "SUMATORIA TOTAL",
    "1. TOTAL",
    "Gasto total",
    "INVERSIÓN TOTAL",
    "Valor total",
    "Recursos totales",
    "Totals",
    "TotalGeneral",
    "Total geral",
    "TOTAIS",
    "Subtotais",
    "Sum",
    "Soma",
    "Overall total",
    "Somatório",
]
NO_WORDS = [
    "Totalizar informes",
    "Elaborar presupuesto",
    "Atender saldos pendientes",
    "Presupuesto participativo",
    "",
    "Tarea",
    "Control social total",
    "A B C",
    "Totora",
    "Acta 1 total anual",
    "Sum up the reports",
    "Somar relatórios",
]


@pytest.mark.parametrize("text", WORDS)
def test_the_words_of_a_total_are_known(text: str) -> None:
    assert is_total(text)


@pytest.mark.parametrize("text", NO_WORDS)
def test_other_words_are_not(text: str) -> None:
    assert not is_total(text)


@pytest.mark.parametrize("field", ["id", "code", "name", "unit", "owner", "measure", "evidence", "partida", "otra"])
@pytest.mark.parametrize("text", ["TOTAL", "Suma", "Presupuesto general"])
def test_a_total_is_known_by_its_word_in_any_column(field: str, text: str) -> None:
    assert last({field: text, "budget": SIX}) is Outside.TOTAL
    assert last({field: text, "target": SIX, "ENE": SIX}) is Outside.TOTAL


@pytest.mark.parametrize(
    "row",
    [
        {**OPERATION, "code": None, "name": "Elaborar", "measure": "Presupuesto", "evidence": "Total de informes"},
        {**OPERATION, "code": None, "name": "Elaborar", "evidence": "Presupuesto general"},
        {**OPERATION, "code": None, "measure": "Total de trámites"},
        {**OPERATION, "code": "G1.2", "name": "TOTAL"},
    ],
)
def test_an_operation_that_speaks_of_totals_is_none(row: Cells) -> None:
    assert last({name: value for name, value in row.items() if value is not None}) is Kind.OPERATION


def test_a_line_or_a_group_that_speaks_of_totals_beside_is_none() -> None:
    assert last({**LINE, "evidence": "Total según informe", "otra": "Suma"}) is Kind.LINE
    assert last({"code": "G1.2", "name": "Total de la unidad", "budget": SIX}) is Kind.GROUP


@pytest.mark.parametrize(
    ("row", "formulas", "expected"),
    [
        ({"budget": SIX}, {"budget": "SUM(X2:X3)"}, Outside.TOTAL),
        ({"budget": SIX}, {"budget": "SUBTOTAL(109,[Presupuesto])"}, Outside.TOTAL),
        ({"budget": SIX, "partida": "25220"}, {"budget": "SUMIF(W:W,W4,X:X)"}, Outside.TOTAL),
        ({"budget": SIX, "name": "En todo"}, {"budget": "X2+X3"}, Outside.TOTAL),
        ({"budget": SIX, "ENE": SIX, "name": "En todo"}, {"ENE": "SUM(J2:J3)"}, Outside.TOTAL),
        ({"budget": SIX, "partida": "25220"}, {"budget": "X3*0.13"}, Kind.LINE),
        ({"budget": SIX, "target": SIX, "name": "Op"}, {"target": "SUM(J4:U4)"}, Kind.OPERATION),
        ({"budget": SIX, "target": SIX, "name": "Op"}, {"budget": "SUM(X5:X6)"}, Kind.OPERATION),
        ({"budget": SIX, "code": "G1.2", "name": "Grupo"}, {"budget": "SUM(X5:X6)"}, Kind.GROUP),
    ],
)
def test_a_formula_over_its_own_column_makes_a_total(
    row: Cells, formulas: Mapping[str, str], expected: Kind | Outside
) -> None:
    assert last(row, formulas=formulas) is expected


def test_the_totals_row_of_a_table_is_one_whatever_it_says() -> None:
    assert last({"budget": SIX, "name": "En todo", "partida": "25220"}, table_row=4) is Outside.TOTAL
    assert last({"budget": SIX, "code": "G1.2"}, table_row=4) is Kind.GROUP


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"budget": SIX}, Outside.AMOUNT),
        ({"budget": SIX, "name": "Imprevistos"}, Outside.AMOUNT),
        ({"budget": "1.234"}, Outside.AMOUNT),
        ({"budget": "10 mil"}, Outside.AMOUNT),
        ({"budget": "Bs.-500"}, Outside.AMOUNT),
        ({"budget": "500USD"}, Outside.AMOUNT),
        ({"budget": "~ 500"}, Outside.AMOUNT),
        ({"budget": "Hoja 1 de 3"}, Outside.NOTE),
        ({"target": SIX, "ENE": SIX}, Outside.AMOUNT),
        ({"budget": Decimal(0)}, Outside.NOTE),
        ({"budget": "Bs"}, Outside.NOTE),
        ({"name": "Firma"}, Outside.NOTE),
        ({"partida": "25220"}, Kind.LINE),
        ({"partida": "#REF!", "budget": SIX}, Kind.LINE),
        ({"code": "Elaborado por", "budget": SIX}, Outside.AMOUNT),
        ({"code": "TOTAL 2020", "budget": SIX}, Outside.TOTAL),
        ({"measure": "Trámites", "ENE": SIX}, Kind.OPERATION),
    ],
)
def test_an_amount_that_nothing_explains_is_passed_over_by_name(row: Cells, expected: Kind | Outside) -> None:
    assert last(row) is expected


EXTRA: Cells = {"name": "Total de horas extra", "partida": "25220", "budget": SIX}
TRIPS: Cells = {"name": "Total de viajes", "measure": "Viajes", "target": SIX, "ENE": SIX}


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (EXTRA, Outside.AMOUNT),
        ({**EXTRA, "name": "Suma asegurada"}, Outside.AMOUNT),
        ({**EXTRA, "name": "Subtotal de materiales"}, Outside.AMOUNT),
        ({**EXTRA, "partida": Decimal(25220)}, Outside.AMOUNT),
        ({**EXTRA, "budget": None}, Outside.NOTE),
        ({**EXTRA, "name": "Horas extra"}, Kind.LINE),
        ({**EXTRA, "code": "G1.2"}, Kind.GROUP),
        ({**EXTRA, "name": "TOTAL"}, Outside.TOTAL),
        ({**EXTRA, "name": "Total partida 25220"}, Outside.TOTAL),
        ({**EXTRA, "name": "Importe total Bs"}, Outside.TOTAL),
        ({**EXTRA, "partida": "TOTAL"}, Outside.TOTAL),
        ({**EXTRA, "partida": None}, Outside.TOTAL),
        (TRIPS, Outside.AMOUNT),
        ({**TRIPS, "measure": None}, Outside.TOTAL),
        ({**TRIPS, "name": "Total"}, Outside.TOTAL),
        ({**TRIPS, "target": None, "ENE": None, "budget": SIX}, Outside.TOTAL),
        ({**TRIPS, "code": "G1.2"}, Kind.OPERATION),
    ],
)
def test_a_row_named_a_total_that_has_what_totals_lack_is_passed_over_by_name(
    row: Cells, expected: Kind | Outside
) -> None:
    assert last({name: value for name, value in row.items() if value is not None}) is expected


def test_a_formula_or_a_table_settles_what_name_and_partida_leave_open() -> None:
    assert last(EXTRA, formulas={"budget": "SUM(X2:X3)"}) is Outside.TOTAL
    assert last(EXTRA, table_row=4) is Outside.TOTAL


def test_what_name_and_partida_leave_open_counts_nowhere_and_ends_nothing() -> None:
    parsed = read(GROUP, OPERATION, EXTRA, LINE)
    found = next(each for each in check(parsed.plan) if each.rule == "fila-sin-explicar")
    assert (found.severity, parsed.plan.where(found).cell) == (Severity.WARNING, "X4")
    assert "25220" in found.message
    assert parsed.plan.rows[-1].kind is Kind.LINE
    assert parsed.passed[0].text.startswith("Total de horas extra")
    assert last({"name": "TOTAL", "budget": SIX}, LINE) is Outside.AMOUNT
    below = check(read(GROUP, OPERATION, {"name": "TOTAL", "budget": SIX}, LINE).plan)
    assert any("la partida" in each.message for each in below if each.rule == "fila-sin-explicar")


def test_such_a_row_is_a_warning_with_its_cell_and_counts_nowhere() -> None:
    parsed = read(GROUP, OPERATION, {}, {"budget": SIX})
    found = parsed.plan.located(check(parsed.plan))
    assert [
        (each.where.cell, each.finding.severity.label) for each in found if each.finding.rule == "fila-sin-explicar"
    ] == [("X5", "AVISO")]
    assert roll_up(parsed.plan) == [5, 5]
    assert len(flag(parsed.plan, check(parsed.plan))) == 2
    assert (parsed.last, parsed.read) == (3, 3)
    months = read(GROUP, OPERATION, {"FEB": "1.234", "MAR": Decimal(1)})
    assert months.plan.located(check(months.plan))[-1].where.cell == "K4"


def test_below_a_total_nothing_belongs_to_the_operation_above_it() -> None:
    total: Cells = {"name": "TOTAL", "budget": SIX}
    assert last(total, LINE) is Outside.AMOUNT
    assert last(total, {**OPERATION, "code": "G1.2"}, LINE) is Kind.LINE
    assert last({"name": "Van", "budget": SIX}, {"name": "Vienen", "budget": SIX}, LINE) is Kind.LINE
    assert last({"name": "Van", "budget": SIX}) is Outside.TOTAL


def test_without_a_column_for_partidas_a_named_amount_is_a_line() -> None:
    assert last({"name": "Tarea", "budget": SIX}, without="partida") is Kind.LINE
    assert last({"budget": SIX}, without="partida") is Outside.AMOUNT


PART: Cells = {**OPERATION, "unit": "U", "partida": "25220", "budget": Decimal(4000)}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"partida": "34110"}, Kind.LINE),
        ({"partida": "34110", "name": " OP "}, Kind.LINE),
        ({"partida": "34110", "target": None, "ENE": None, "name": None, "unit": None}, Kind.LINE),
        ({"partida": "25220"}, Kind.OPERATION),
        ({"partida": None}, Kind.OPERATION),
        ({"partida": "34110", "budget": None}, Kind.OPERATION),
        ({"partida": "34110", "name": "Otra"}, Kind.OPERATION),
        ({"partida": "34110", "unit": "V"}, Kind.OPERATION),
        ({"partida": "34110", "ENE": Decimal(11)}, Kind.OPERATION),
        ({"partida": "34110", "code": "G1.2"}, Kind.OPERATION),
    ],
)
def test_a_code_repeated_with_another_partida_is_a_line_of_its_operation(
    change: Mapping[str, Value], expected: Kind
) -> None:
    row = {name: value for name, value in {**PART, "budget": Decimal(2000), **change}.items() if value is not None}
    parsed = read({**GROUP, "budget": Decimal(6000)}, PART, row)
    assert parsed.plan.rows[2].kind is expected
    if expected is Kind.LINE:
        assert roll_up(parsed.plan)[:2] == [6000, 6000]
        rules = {each.rule for each in check(parsed.plan)}
        assert not rules & {"codigo-duplicado", "presupuesto-partidas", "presupuesto-grupo", "id-orden"}


def test_lines_that_split_the_partidas_of_their_operation_are_a_breakdown() -> None:
    whole: Cells = {**PART, "partida": "25220;34110", "budget": Decimal(6000)}
    parts = [{**PART, "partida": p, "budget": Decimal(b)} for p, b in (("25220", 4000), ("34110", 2000))]
    assert roll_up(read(GROUP, whole, *parts).plan)[:2] == [6000, 6000]
    without = {name: value for name, value in whole.items() if name != "partida"}
    assert roll_up(read(GROUP, without, *parts).plan)[:2] == [6000, 6000]


def test_an_empty_group_stays_silent_after_reading() -> None:
    free = {name: value for name, value in OPERATION.items() if name != "budget"}
    plan = read({"code": "G1", "name": "Grupo"}, free).plan
    assert flag(plan, check(plan))[0].state is State.NONE
    assert replace(plan, strays=()).rows == plan.rows


def elsewhere(row: Row, above: Row, **evidence: object) -> Kind | Outside:
    return rule(Evidence(row, {}, is_elsewhere=True, **evidence), [above]).kind  # type: ignore[arg-type]


OPEN = Row(Kind.OPERATION, name="Op")
SIGNED = (Invalid("Vo.Bo.", Flaw.MALFORMED), *[None] * 11)
CODED = replace(OPEN, code=parse_code("7"))


@pytest.mark.parametrize(
    ("row", "above", "evidence", "expected"),
    [
        (Row(Kind.LINE, name="Otra"), OPEN, {"filled": 3}, Kind.OPERATION),
        (Row(Kind.LINE, name="Otra"), OPEN, {"filled": 2}, Outside.NOTE),
        (Row(Kind.LINE, budget=SIX), CODED, {}, Kind.LINE),
        (Row(Kind.LINE, budget=SIX), OPEN, {}, Outside.AMOUNT),
        (Row(Kind.LINE, partida="25220"), CODED, {}, Kind.LINE),
        (Row(Kind.LINE, partida="25220"), OPEN, {}, Outside.NOTE),
        (Row(Kind.LINE, name="TOTAL", code=parse_code("8"), target=SIX), CODED, {}, Outside.TOTAL),
        (
            Row(Kind.LINE, name="Total de viajes", code=parse_code("8"), target=SIX, measure="V"),
            CODED,
            {},
            Kind.OPERATION,
        ),
        (Row(Kind.LINE, name="Total de viajes", code=parse_code("8"), target=SIX), CODED, {}, Outside.TOTAL),
        (Row(Kind.LINE, name="Pie", budget=SIX), CODED, {"is_below": True}, Outside.NOTE),
        (Row(Kind.LINE, unit="U", target=SIX), OPEN, {}, Kind.OPERATION),
        (Row(Kind.LINE, name="Firma", months=SIGNED), OPEN, {"filled": 2}, Outside.NOTE),
        (Row(Kind.LINE, name="Firmar convenios", months=SIGNED), OPEN, {"filled": 4}, Kind.OPERATION),
        (Row(Kind.LINE, name="Financiera", target=SIX), CODED, {"is_continued": True}, Kind.OPERATION),
        (Row(Kind.LINE, name="Financiera"), CODED, {"is_continued": True}, Kind.LINE),
    ],
)
def test_in_the_plan_of_another_office_less_is_taken_for_granted(
    row: Row, above: Row, evidence: Mapping[str, object], expected: Kind | Outside
) -> None:
    assert elsewhere(row, above, **evidence) is expected
