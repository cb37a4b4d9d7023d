"""Cells to rows: kinds, values, merges, and what is passed over."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

import pytest

from poa_xl.core.codes import Code
from poa_xl.core.plan import DECIDED, Kind, TargetKind
from poa_xl.core.values import Flaw, Invalid, Shown
from poa_xl.sheet.fields import CAPTIONS
from poa_xl.sheet.grid import Grid, Merge, Value
from poa_xl.sheet.headers import find_layout
from poa_xl.sheet.parse import Parsed, parse

COLUMNS = {name: column for column, name in enumerate(DECIDED, 1)}
HEADER = {COLUMNS[name]: caption for name, caption in CAPTIONS.items()} | {25: "Tipo de meta"}

Cells = Mapping[str, Value]

GROUP: Cells = {"code": "G1", "name": "Grupo", "budget": Decimal(5)}
OPERATION: Cells = {
    "code": "G1.1",
    "name": "Op",
    "target": Decimal(12),
    "ENE": Decimal(12),
    "budget": Decimal(5),
}
LINE: Cells = {"name": "Tarea", "partida": "25220", "budget": Decimal(5)}


def read(
    *rows: Cells, merges: tuple[Merge, ...] = (), hidden: frozenset[int] = frozenset(), date1904: bool = False
) -> Parsed:
    """Parse rows that stand from row 2 on."""
    cells: dict[int, dict[int, Value]] = {1: dict(HEADER)}
    for number, row in enumerate(rows, 2):
        cells[number] = {COLUMNS[name]: value for name, value in row.items() if value is not None}
    sheet = Grid("POA", {number: row for number, row in cells.items() if row}, merges, hidden, date1904)
    layout = find_layout(sheet)
    assert layout is not None
    return parse(sheet, layout, "p.xlsx", 2020)


def kinds(*rows: Cells) -> list[Kind]:
    return [row.kind for row in read(*rows).plan.rows]


def test_groups_operations_and_lines_are_told_apart() -> None:
    assert kinds(GROUP, OPERATION, LINE, {**LINE, "code": "G1.1.1"}) == [
        Kind.GROUP,
        Kind.OPERATION,
        Kind.LINE,
        Kind.LINE,
    ]


def test_a_code_that_is_not_right_below_is_a_group() -> None:
    assert kinds(GROUP, OPERATION, {**GROUP, "code": "G1.2", "partida": "25220"}) == [
        Kind.GROUP,
        Kind.OPERATION,
        Kind.GROUP,
    ]
    assert kinds(OPERATION, {"code": "G1.1.1", "name": "sin monto"}) == [Kind.OPERATION, Kind.GROUP]


def test_an_operation_needs_a_target_or_a_month() -> None:
    assert kinds({"code": "G1", "target": Decimal(1)}, {"code": "G2", "ENE": Decimal(0)}) == [Kind.OPERATION] * 2


def test_a_target_without_a_code_is_an_operation_all_the_same() -> None:
    assert kinds({"name": "Op", "target": Decimal(1)}) == [Kind.OPERATION]


@pytest.mark.parametrize(
    ("row", "kind"),
    [
        ({"name": "TOTAL", "budget": Decimal(5)}, "total"),
        ({"name": "SUBTOTAL GROGR1.1", "budget": Decimal(5)}, "total"),
        ({"name": "Total general", "ENE": Decimal(5), "target": Decimal(1)}, "total"),
        ({"name": "Firma: el Gerente"}, "note"),
        ({"code": "Elaborado por:", "name": "Ana"}, "note"),
        ({"id": Decimal(7)}, "note"),
        (dict(CAPTIONS), "header"),
    ],
)
def test_rows_that_are_no_plan_are_passed_over_by_name(row: Cells, kind: str) -> None:
    parsed = read(GROUP, OPERATION, row)
    assert [(each.line, each.kind.value) for each in parsed.passed] == [(4, kind)]
    assert parsed.passed[0].text
    assert parsed.read == 3


def test_money_without_anything_to_belong_to_is_passed_over_and_shown() -> None:
    parsed = read(LINE, GROUP, LINE)
    assert [each.line for each in parsed.passed] == [2, 4]


def test_blank_rows_are_nothing() -> None:
    parsed = read(GROUP, {}, {"name": "  "}, OPERATION)
    assert (len(parsed.plan.rows), parsed.read) == (2, 2)
    assert [row.line for row in parsed.plan.rows] == [2, 5]


def test_a_broken_code_with_a_digit_stays_in_the_plan() -> None:
    (row,) = read({"code": "G1..2", "name": "x"}).plan.rows
    assert row.code == Invalid("G1..2", Flaw.MALFORMED)
    (row,) = read({"code": Invalid("#REF!", Flaw.ERROR), "name": "x"}).plan.rows
    assert row.kind is Kind.GROUP


def test_hidden_rows_are_read_and_counted() -> None:
    parsed = read(GROUP, OPERATION, hidden=frozenset({3, 9}))
    assert (len(parsed.plan.rows), parsed.hidden) == (2, 1)


def test_texts_above_the_header_are_the_title() -> None:
    sheet = Grid("POA", {1: {1: "PLAN"}, 2: {1: Decimal(3)}, 3: {2: "Oruro ", 3: " "}, 5: dict(HEADER)})
    layout = find_layout(sheet)
    assert layout is not None
    assert parse(sheet, layout).title == ("PLAN", "Oruro")


ERROR = Invalid("#REF!", Flaw.ERROR)
UNCALCULATED = Invalid("=A1", Flaw.UNCALCULATED)


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("budget", "1.234,56", Decimal("1234.56")),
        ("budget", "1.234", Invalid("1.234", Flaw.AMBIGUOUS)),
        ("budget", True, Invalid("VERDADERO", Flaw.MALFORMED)),
        ("budget", date(2020, 1, 2), Decimal(43832)),
        ("budget", date(1850, 1, 2), Invalid("02/01/1850", Flaw.MALFORMED)),
        ("budget", "12,5 %", Invalid("12,5 %", Flaw.FOREIGN)),
        ("budget", "$us 5", Invalid("$us 5", Flaw.FOREIGN)),
        ("budget", Decimal("1E+300"), Invalid("1E+300", Flaw.LIMIT)),
        ("budget", Decimal("1E-300"), Invalid("1E-300", Flaw.LIMIT)),
        ("ENE", "36 %", Decimal(36)),
        ("name", "x" * 40_000, ""),
        ("name", "a\ud800b", ""),
        ("start", date(1850, 1, 2), Invalid("02/01/1850", Flaw.LIMIT)),
        ("budget", ERROR, ERROR),
        ("budget", UNCALCULATED, UNCALCULATED),
        ("target", "36 horas", Invalid("36 horas", Flaw.MALFORMED)),
        ("FEB", "X", Invalid("X", Flaw.MALFORMED)),
        ("FEB", "", None),
        ("id", Decimal(7), 7),
        ("id", "7", 7),
        ("id", Decimal("7.5"), Invalid("7.5", Flaw.MALFORMED)),
        ("id", "siete", Invalid("siete", Flaw.MALFORMED)),
        ("code", "G1.1", Code("G", (1, 1))),
        ("code", Decimal("1.1"), Invalid("1.1", Flaw.NUMERIC)),
        ("code", date(2020, 2, 1), Invalid("2020-02-01", Flaw.NUMERIC)),
        ("code", False, Invalid("FALSO", Flaw.MALFORMED)),
        ("code", "#N/A", Invalid("#N/A", Flaw.ERROR)),
        ("start", date(2020, 1, 2), date(2020, 1, 2)),
        ("start", datetime(2020, 1, 2, 13), date(2020, 1, 2)),  # noqa: DTZ001 - cells know no zone
        ("start", "02/01/20", date(2020, 1, 2)),
        ("start", "#REF!", ERROR),
        ("start", Decimal(43832), date(2020, 1, 2)),
        ("start", Decimal(36), Invalid("36", Flaw.MALFORMED)),
        ("start", True, Invalid("VERDADERO", Flaw.MALFORMED)),
        ("start", ERROR, ERROR),
        ("stated", "acumulada", TargetKind.CUMULATIVE),
        ("stated", "Mensual", Invalid("Mensual", Flaw.MALFORMED)),
        ("stated", ERROR, ERROR),
        ("stated", "", None),
        ("partida", Decimal(25220), "25220"),
        ("name", "  dos\npalabras ", "dos palabras"),
        ("evidence", True, "VERDADERO"),
        ("evidence", date(2020, 1, 2), "02/01/2020"),
    ],
)
def test_values_are_read_or_kept_as_invalid(field: str, value: Value, expected: object) -> None:
    (row,) = read({**OPERATION, field: value}).plan.rows
    assert row.get(field) == expected
    assert row.where(field).file == "p.xlsx"


def test_dates_count_from_1904_where_the_workbook_says_so() -> None:
    (row,) = read({**OPERATION, "start": Decimal(42370)}, date1904=True).plan.rows
    assert row.start == date(2020, 1, 2)


@pytest.mark.parametrize("value", [ERROR, UNCALCULATED, "#REF!"])
def test_errors_in_text_fields_are_kept_apart(value: Value) -> None:
    (row,) = read({**OPERATION, "owner": value}).plan.rows
    assert row.owner == ""
    assert row.flaws["owner"].text in ("#REF!", "=A1")


def test_a_code_merged_over_lines_makes_them_lines_and_texts_fill_down() -> None:
    parsed = read(
        GROUP,
        {**OPERATION, "unit": "Unidad Legal", "start": date(2020, 1, 2)},
        LINE,
        {**LINE, "target": Decimal(1)},
        {"name": "ni monto ni partida"},
        merges=(
            Merge(3, COLUMNS["code"], 6, COLUMNS["code"]),
            Merge(3, COLUMNS["unit"], 4, COLUMNS["unit"]),
            Merge(3, COLUMNS["start"], 6, COLUMNS["start"]),
            Merge(3, COLUMNS["budget"], 6, COLUMNS["budget"]),
            Merge(3, 40, 6, 40),
            Merge(1, 30, 1, 31),
        ),
    )
    rows = parsed.plan.rows
    assert [row.kind for row in rows] == [Kind.GROUP, Kind.OPERATION, Kind.LINE, Kind.LINE, Kind.LINE]
    assert [row.unit for row in rows] == ["", "Unidad Legal", "Unidad Legal", "", ""]
    assert rows[4].start == date(2020, 1, 2)
    assert rows[4].budget is None


def test_blanks_below_are_not_filled_without_a_merge() -> None:
    rows = read({**OPERATION, "unit": "Unidad Legal"}, {**OPERATION, "code": "G1.2"}).plan.rows
    assert rows[1].unit == ""


def test_a_merge_across_holds_its_text_once() -> None:
    rows = read({"code": "G1", "name": "Grupo"}, merges=(Merge(2, 3, 2, 9),)).plan.rows
    assert (rows[0].name, rows[0].unit) == ("Grupo", "")


def test_every_row_knows_its_address() -> None:
    rows = read(GROUP, OPERATION).plan.rows
    assert [str(row.where("budget")) for row in rows] == ["p.xlsx POA!X2", "p.xlsx POA!X3"]
    assert rows[0].origin is rows[1].origin


@pytest.mark.parametrize(
    ("starts", "invalid"),
    [
        (["1/2/20", "12/31/20"], [True, True]),
        (["1/2/20", "31/12/20"], [False, False]),
        (["1/2/20", date(2020, 12, 31)], [False, False]),
        (["2/2/20", "12/31/20"], [False, True]),
        (["1/2/1850", "12/31/20"], [True, True]),
        (["2 de enero de 2020", "12/31/20"], [False, True]),
        ([date(2020, 2, 1), "12/31/20"], [False, True]),
    ],
)
def test_the_dates_of_a_sheet_are_judged_together(starts: list[Value], invalid: list[bool]) -> None:
    rows = read({**OPERATION, "start": starts[0]}, {**OPERATION, "code": "G1.2", "end": starts[1]}).plan.rows
    assert [isinstance(each, Invalid) for each in (rows[0].start, rows[1].end)] == invalid


def test_thousands_and_signs_behind_numbers_are_known_by_what_their_formats_show() -> None:
    cells: Cells = {**OPERATION, "target": Decimal(12000), "ENE": Decimal(12000), "budget": Decimal(500)}
    sheet = Grid(
        "POA",
        {1: dict(HEADER), 2: {COLUMNS[name]: value for name, value in cells.items()}},
        shown={(2, COLUMNS["target"]): ",1 12000", (2, COLUMNS["ENE"]): "12000%", (2, COLUMNS["budget"]): "500%"},
    )
    layout = find_layout(sheet)
    assert layout is not None
    (row,) = parse(sheet, layout).plan.rows
    assert [row.target, row.months[0], row.budget] == [12000, 12000, 500]
    assert row.dresses == {"target": Shown.THOUSANDS, "budget": Shown.PERCENT}


def test_numbers_that_show_as_something_else_are_used_and_known() -> None:
    odd: Cells = {
        "target": date(1900, 4, 29),
        "ENE": Decimal(40),
        "FEB": "36 %",
        "MAR": Decimal(36),
        "budget": Decimal(500),
    }
    cells: Cells = {**OPERATION, **odd}
    sheet = Grid(
        "POA",
        {1: dict(HEADER), 2: {COLUMNS[name]: value for name, value in cells.items()}},
        scaled={(2, COLUMNS["ENE"]): 24, (2, COLUMNS["MAR"]): 100, (2, COLUMNS["budget"]): 100},
    )
    layout = find_layout(sheet)
    assert layout is not None
    (row,) = parse(sheet, layout).plan.rows
    assert [row.target, *row.months[:3], row.budget] == [120, 40, 36, 36, 5]
    assert row.dresses == {
        "target": Shown.DATE,
        "ENE": Shown.DURATION,
        "FEB": Shown.PERCENT,
        "MAR": Shown.PERCENT,
        "budget": Shown.PERCENT,
    }
