"""One compact case per check: where it speaks, and where it keeps silent."""

from collections.abc import Callable  # noqa: TC003 - a test names it in a local annotation
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given

from poa_xl.core.checks import CHECKS, check
from poa_xl.core.dates import MONTHS
from poa_xl.core.findings import Finding, Located, Severity, Where
from poa_xl.core.modifications import Modified
from poa_xl.core.plan import Kind, Origin, Plan, Row, TargetKind
from poa_xl.core.values import Flaw, Invalid, Shown
from poa_xl.sheet.render import place
from tests.faults import CASES, STRAY, TOP, TWO, bad, op
from tests.plans import change, group, line, small
from tests.strategies import plans


def located(*rows: Row | Modified, year: int | None = 2020) -> tuple[Located, ...]:
    """Check rows that stand from row 2 of sheet POA on, in the columns A to X of the printed plan."""
    kept = (row for row in rows if isinstance(row, Row) and row is not STRAY)
    plan = place(Plan(tuple(kept), year), "p.xlsx", "POA", ())
    strays = tuple(replace(STRAY, origin=plan.rows[0].origin, line=9) for row in rows if row is STRAY)
    plan = replace(plan, strays=strays, modified=tuple(row for row in rows if isinstance(row, Modified)))
    return plan.located(check(plan))


def found(*rows: Row | Modified, year: int | None = 2020) -> list[Finding]:
    return [finding for _, finding in located(*rows, year=year)]


def cells(rule: str, *rows: Row | Modified, year: int | None = 2020) -> list[str]:
    return [where.cell for where, finding in located(*rows, year=year) if finding.rule == rule]


@pytest.mark.parametrize("rule", CASES)
def test_a_check_speaks_at_the_right_cell(rule: str) -> None:
    rows, expected, _ = CASES[rule]
    mine = [(where, finding) for where, finding in located(*rows) if finding.rule == rule]
    assert {where.cell for where, _ in mine} == expected
    assert all(where.file == "p.xlsx" and where.sheet == "POA" for where, _ in mine)
    assert all(finding.message for _, finding in mine)


@pytest.mark.parametrize("rule", CASES)
def test_a_check_keeps_silent_beside_it(rule: str) -> None:
    assert rule not in {finding.rule for finding in found(*CASES[rule][2])}


def test_every_check_has_a_case_and_every_case_a_check() -> None:
    assert list(CASES) == [each.rule for each in CHECKS]


def test_rules_have_names_of_their_own() -> None:
    names: list[Callable[..., object]] = [each.find for each in CHECKS]
    assert len(set(names)) == len({each.rule for each in CHECKS}) == len(CHECKS)


@pytest.mark.parametrize(
    "rule",
    [
        "codigo-salto",
        "codigo-escritura",
        "presupuesto-hereda",
        "presupuesto-sin-partida",
        "partida-cifras",
        "meta-mes-vacio",
        "unidad-parecida",
        "unidad-contradice",
        "otra-regional",
    ],
)
def test_what_may_be_right_is_a_warning(rule: str) -> None:
    (severity,) = {each.severity for each in CHECKS if each.rule == rule}
    assert severity is Severity.WARNING
    assert severity.label == "AVISO"


@given(plans())
def test_a_right_plan_has_no_errors(plan: Plan) -> None:
    assert [finding for finding in check(plan) if finding.severity is Severity.ERROR] == []


def only(rule: str, *rows: Row) -> Finding:
    (finding,) = (each for each in found(*rows) if each.rule == rule)
    return finding


@pytest.mark.parametrize("unread", [bad("1.2", Flaw.NUMERIC), bad("G1.2.x"), bad("G 1,2")])
def test_a_number_is_not_missing_whose_code_stands_there_and_is_not_understood(unread: Invalid) -> None:
    rows = [group("G1", 300), op("G1.1"), op(code=unread), op("G1.3")]
    rules = {each.rule for each in found(*rows)}
    assert "codigo-salto" not in rules
    assert rules & {"codigo-numerico", "codigo-mal-formado"}
    assert only("codigo-salto", *rows[:-1], op("G1.5")).message == "falta G1.3: la numeración salta a G1.5"


@pytest.mark.parametrize("unread", [bad("#N/A", Flaw.ERROR), bad("=B3", Flaw.UNCALCULATED), None])
def test_nor_is_one_for_which_a_row_without_any_stands(unread: Invalid | None) -> None:
    rows = [group("G1", 300), op("G1.1"), op(code=unread), line("25220", 50), line("25900", 50), op("G1.3")]
    assert "codigo-salto" not in {each.rule for each in found(*rows)}
    assert only("codigo-salto", *rows[:-1], op("G1.4")).rule == "codigo-salto"


@pytest.mark.parametrize(("text", "said"), [("2.3", "2.30 y 2.3 ya no se distinguen"), ("7", ""), ("2020-02-01", "")])
def test_a_code_that_became_a_number_says_what_it_may_have_lost(text: str, said: str) -> None:
    finding = only("codigo-numerico", group("G1"), op(code=bad(text, Flaw.NUMERIC)))
    assert said in finding.message
    assert ("ya no se distinguen" in finding.message) == bool(said)


def test_a_wrong_group_is_told_with_both_figures_and_the_difference() -> None:
    finding = only("presupuesto-grupo", group("G1", 1500), op(), op("G1.2"))
    assert (finding.value, finding.expected) == ("1.500", "200")
    assert all(figure in finding.message for figure in ("1.500", "200", "1.300"))


def test_a_group_is_held_against_what_its_children_say() -> None:
    rows = group("G1", 100), group("G1.1", 100), op("G1.1.1", budget=Decimal(70))
    assert cells("presupuesto-grupo", *rows) == ["X3"]


def test_one_negative_budget_is_one_red_and_the_groups_above_name_it() -> None:
    top, middle = group("G1", -5), group("G1.1", -5)
    below = [op("G1.1.1", budget=Decimal(-5)), op("G1.1.2", budget=Decimal(0))]
    told = [each for each in found(top, middle, *below) if each.field == "budget"]
    assert [(each.index, each.severity, each.message) for each in told] == [
        (2, Severity.ERROR, "el presupuesto es negativo"),
        (0, Severity.WARNING, "el presupuesto es negativo por G1.1.1"),
        (1, Severity.WARNING, "el presupuesto es negativo por G1.1.1"),
    ]
    both = [op("G1.1.1", budget=Decimal(-2)), op("G1.1.2", budget=Decimal(-3))]
    assert "el presupuesto es negativo por G1.1.1 y 1 más" in [each.message for each in found(top, middle, *both)]
    # A group that says something else than its sum is wrong itself.
    right = (replace(each, budget=Decimal(1)) for each in below)
    assert [each.rule for each in found(top, group("G1.1", 2), *right) if each.index == 0] == ["presupuesto-grupo"]


def test_a_child_without_an_amount_counts_as_what_lies_below_it() -> None:
    rows = group("G1", 100), group("G1.1"), op("G1.1.1"), op("G1.2", budget=None)
    assert "presupuesto-grupo" not in {f.rule for f in found(*rows)}


def test_a_group_without_an_amount_is_not_compared() -> None:
    assert "presupuesto-grupo" not in {f.rule for f in found(group("G1"), op())}


def test_a_numeric_code_comes_with_candidates_that_are_free() -> None:
    finding = only("codigo-numerico", TOP, op("G1.1"), op(code=bad("1.1", Flaw.NUMERIC)))
    assert finding.expected == "G1.10"
    nothing = only("codigo-numerico", TOP, op(code=bad("VERDADERO", Flaw.NUMERIC)))
    assert nothing.expected == ""
    assert nothing.suggestion


def test_a_plan_without_codes_has_an_example_anyway() -> None:
    assert "GROGR1.2.5" in only("codigo-mal-formado", replace(TOP, code=bad("?1"))).suggestion


@pytest.mark.parametrize(
    ("partidas", "suggestion"),
    [
        (["4350"], "puede ser 43500"),
        (["4350", "43509", "43501"], "puede ser 43501 o 43509"),
        (["43"], ""),
        (["abcd"], ""),
    ],
)
def test_a_cut_partida_is_told_what_it_may_be(partidas: list[str], suggestion: str) -> None:
    rows = [TOP, *(op(f"G1.{i}", partida=partida) for i, partida in enumerate(partidas, 1))]
    found = only("partida-cifras", *rows)
    assert found.suggestion == suggestion
    assert (found.remedy, found.at) == ("43500" if suggestion == "puede ser 43500" else None, "partida")


def test_a_cut_partida_among_others_is_put_right_in_its_place() -> None:
    found = only("partida-cifras", TOP, op("G1.1", partida="24300;4350"))
    assert (found.value, found.remedy) == ("24300;4350", "24300;43500")
    assert only("partida-cifras", TOP, op("G1.1", partida="44350;4350")).remedy is None


def test_a_text_that_is_no_partida_is_told_in_a_line() -> None:
    found = only("partida-cifras", TOP, op("G1.1", partida="9" * 5000))
    assert len(found.message) < 100
    assert found.value == "9" * 5000


def test_a_duplicate_names_the_first_one_also_in_another_file() -> None:
    assert "B3" in only("codigo-duplicado", TWO, op(), op()).message
    there = place(Plan((TWO, op()), 2020), "a.xlsx", "POA", ()).rows
    here = place(Plan((op(),), 2020), "b.xlsx", "POA", ()).rows
    (finding,) = (f for f in check(Plan((*there, *here))) if f.rule == "codigo-duplicado")
    assert "a.xlsx POA!B3" in finding.message


def test_rows_in_dispute_are_neither_duplicates_nor_counted() -> None:
    rows = (group("G1", 0), replace(op(), id=4), replace(op(budget=Decimal(7)), id=4))
    rules = {f.rule for f in check(Plan(rows, 2020, frozenset({1, 2})))}
    assert not rules & {"codigo-duplicado", "id-orden", "presupuesto-grupo"}


def test_the_topmost_level_needs_no_parent() -> None:
    assert "codigo-sin-superior" not in {f.rule for f in found(group("G1.2", 100), op("G1.2.1"))}


def test_an_ambiguous_amount_is_told_in_both_readings() -> None:
    finding = only("presupuesto-ambiguo", TOP, op(budget=bad("1.234", Flaw.AMBIGUOUS)))
    assert all(figure in finding.message for figure in ("1.234", "1,234"))


def test_without_dates_there_is_no_year_and_no_finding() -> None:
    row = op(start=None, end=None)
    assert not {f.rule for f in found(replace(TOP, start=None, end=None), row, year=None)} & {
        "fecha-gestion",
        "fecha-meses",
    }


def test_the_year_is_that_of_most_dates() -> None:
    odd = op("G1.2", start=date(2021, 1, 2))
    assert cells("fecha-gestion", TWO, op(), odd, year=None) == ["F4"]


def test_where_the_sheet_lacks_a_column_the_code_is_pointed_at() -> None:
    row = replace(op(owner=""), origin=Origin("p", "POA", {"code": "B"}), line=9)
    plan = Plan((row,))
    finding = next(f for f in check(plan) if f.rule == "responsable-ausente")
    assert plan.where(finding) == Where("p", "POA", "B9")
    nowhere = replace(op(owner=""), line=9)
    assert nowhere.where("owner").cell == ""


def test_findings_come_errors_first_then_by_row() -> None:
    findings = found(TWO, op(partida="1"), op("G1.2", owner=""))
    assert [f.severity for f in findings] == sorted(f.severity for f in findings)


def test_lines_that_follow_nothing_belong_to_nobody() -> None:
    plan = Plan((line("25220", 5), TOP, line("25220", 7), op(), line("25220", 100)))
    assert plan.lines == {3: [4]}
    assert plan.rows[0].kind is Kind.LINE


def test_months_are_fields() -> None:
    assert [op().get(month) for month in MONTHS] == [1] * 12
    assert str(Where("a.xlsx", "POA", "B3")) == "a.xlsx POA!B3"
    assert str(Where("a.xlsx")) == "a.xlsx"


def test_a_part_of_a_plan_may_skip_numbers() -> None:
    rows = (TWO, op("G1.1"), op("G1.3"))
    assert "codigo-salto" not in {f.rule for f in check(Plan(rows, 2020, partial=True))}


def test_a_percentage_beside_a_plain_share_is_told_as_what_it_is() -> None:
    share = dict.fromkeys(("target", *MONTHS[:11]), Shown.PERCENT)
    row = op(target=Decimal(36), measure="% de avance", months=(*[Decimal(36)] * 11, Decimal("0.36")), dresses=share)
    finding = only("meta-meses", TOP, row)
    assert all(word in finding.message for word in ("Meta es 36 %", "DIC es 0,36"))
    assert finding.expected == ""
    other = only("meta-meses", TOP, replace(row, dresses={"DIC": Shown.PERCENT}))
    assert all(word in other.message for word in ("DIC es 0,36 %", "Meta es 36"))
    same = only("meta-meses", TOP, replace(row, dresses={}))
    assert "formatos" not in same.message


def test_a_number_that_shows_as_something_else_is_named_with_what_it_is() -> None:
    messages = [f.message for f in found(*CASES["celda-formato"][0]) if f.rule == "celda-formato"]
    assert [
        next(word for word in ("fecha", "duración", "porcentaje", "miles") if word in each) for each in messages
    ] == [
        "fecha",
        "duración",
        "porcentaje",
        "miles",
    ]


@pytest.mark.parametrize(
    ("kind", "months", "cell", "value", "expected"),
    [
        (TargetKind.CONSTANT, (5, 5, 4, 5), "L3", "4", "5"),
        (TargetKind.CONSTANT, (5, 0, 5, 9, 5), "M3", "9", "5"),
        (TargetKind.CONSTANT, (4, 4, 4, 4), "H3", "5", "4"),
        (TargetKind.CONSTANT, (5, 4, 5, 3), "H3", "5", "3"),
        (TargetKind.CONSTANT, (4,), "H3", "5", "4"),
        (TargetKind.PROGRESS, (1, 3, 2, 5), "L3", "2", ""),
        (TargetKind.PROGRESS, (1, 3, 2, 4), "H3", "5", "4"),
        (TargetKind.PROGRESS, (3, 2, 4, 3, 5), "H3", "5", "5"),
        (TargetKind.CUMULATIVE, (1, 1, 1), "H3", "5", "3"),
    ],
)
def test_a_finding_points_at_the_month_where_all_others_are_right(
    kind: TargetKind, months: tuple[int, ...], cell: str, value: str, expected: str
) -> None:
    twelve = tuple(Decimal(month) for month in (*months, *[0] * (12 - len(months))))
    (only,) = located(TOP, op(target=Decimal(5), months=twelve, stated=kind))
    assert (only.finding.rule, only.where.cell) == ("meta-meses", cell)
    assert (only.finding.value, only.finding.expected) == (value, expected)


def test_a_date_in_doubt_is_told_as_it_stands() -> None:
    assert "1/2/20" in only("fecha-dudosa", TOP, op(start=bad("1/2/20", Flaw.AMBIGUOUS))).message


@pytest.mark.parametrize(
    ("rule", "text", "count", "said"),
    [
        ("presupuesto-grupo", "GRO1.2", 1, "dice 7 y su única fila suma 300"),
        ("presupuesto-grupo", "GRO1.1", 2, "dice 7 y sus 2 filas suman 300"),
        ("presupuesto-partidas", "GRO1.2.1", 1, "dice 7 y su única partida suma 100"),
        ("presupuesto-partidas", "GRO1.2.1", 2, "dice 7 y sus 2 partidas suman 300"),
    ],
)
def test_what_adds_up_is_said_as_people_count(rule: str, text: str, count: int, said: str) -> None:
    plan = change(small(), text, budget=Decimal(7))
    if count == 1 and rule == "presupuesto-partidas":
        plan = replace(plan, rows=plan.rows[:-1])
    (found,) = [each for each in check(plan) if each.rule == rule and each.message.startswith("dice 7")]
    assert found.message.startswith(f"{said}:")


@pytest.mark.parametrize(
    ("amount", "is_red"),
    [
        # What formulas leave behind: a third of something, a sum of doubles.
        ("100.0049999", False),
        ("99.9950001", False),
        ("100.00000000000001", False),
        ("100.005", True),
        ("99.995", True),
        ("100.01", True),
    ],
)
@pytest.mark.parametrize("rule", ["presupuesto-grupo", "presupuesto-partidas"])
def test_budgets_are_compared_to_the_centavo(rule: str, amount: str, is_red: bool) -> None:
    plan = small()
    rows = [replace(row, budget=Decimal(amount)) if row.budget == 100 else row for row in plan.rows]
    assert (rule in {each.rule for each in check(replace(plan, rows=tuple(rows)))}) is is_red
