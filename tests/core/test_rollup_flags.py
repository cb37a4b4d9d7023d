from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poa_xl.core.blocks import with_totals
from poa_xl.core.checks import check
from poa_xl.core.codes import Code
from poa_xl.core.dates import MONTHS
from poa_xl.core.findings import Finding, Severity
from poa_xl.core.flags import State, flag
from poa_xl.core.plan import Kind, Plan, Row
from poa_xl.core.rollup import Total, Unknown, money_by_code, roll_up
from poa_xl.core.values import Flaw, Invalid
from poa_xl.sheet.render import place
from tests.plans import change, code, group, line, operation, small
from tests.strategies import plans


def by_definition(plan: Plan, code: Code) -> Decimal:
    """Sum of the children; of an operation, of its lines; else its own amount."""
    children = [row.code for row in plan.rows if isinstance(row.code, Code) and row.code.parent == code]
    if children:
        return sum((by_definition(plan, child) for child in children), Decimal(0))
    index = plan.by_code[code]
    lines = [plan.rows[i].budget for i in plan.lines.get(index, ())]
    amounts = [amount for amount in lines if isinstance(amount, Decimal)]
    own = plan.rows[index].budget
    return sum(amounts, Decimal(0)) if amounts else own if isinstance(own, Decimal) else Decimal(0)


@given(plans())
def test_roll_up_is_its_definition(plan: Plan) -> None:
    totals = roll_up(plan)
    for index, each in plan.coded():
        assert totals[index] == by_definition(plan, each)


@given(plans(), st.randoms(use_true_random=False))
def test_the_order_of_blocks_is_irrelevant(plan: Plan, random: object) -> None:
    blocks: list[list[Row]] = []
    for row in plan.rows:
        if row.kind is Kind.LINE:
            blocks[-1].append(row)
        else:
            blocks.append([row])
    random.shuffle(blocks)  # type: ignore[attr-defined]
    shuffled = Plan(tuple(row for block in blocks for row in block))
    before = {plan.rows[i].code: total for i, total in enumerate(roll_up(plan)) if plan.rows[i].code}
    after = {shuffled.rows[i].code: total for i, total in enumerate(roll_up(shuffled)) if shuffled.rows[i].code}
    assert before == after


def totals(*rows: Row) -> list[Total]:
    return roll_up(Plan(rows))


def test_ten_does_not_count_under_one() -> None:
    assert totals(group("G1"), group("G1.1"), operation("G1.1.1", "U", 5), operation("G1.10", "U", 7)) == [
        12,
        5,
        5,
        7,
    ]


def test_a_child_without_a_parent_counts_for_the_nearest_ancestor() -> None:
    assert totals(group("G1"), operation("G1.2.3", "U", 5)) == [5, 5]
    assert totals(operation("G1.2.3", "U", 5), group("H1")) == [5, 0]


def test_lines_make_up_their_operation_and_an_amount_alone_stands() -> None:
    assert totals(operation("G1", "U", 9), line("25220", 4), line("25900", 4)) == [8, 4, 4]
    bare = replace(line("25220", 0), budget=None)
    assert totals(operation("G1", "U", 9), bare) == [9, None]


UNREAD = [
    Invalid("s/n", Flaw.MALFORMED),
    Invalid("1.234", Flaw.AMBIGUOUS),
    Invalid("#REF!", Flaw.ERROR),
    Invalid("=A1", Flaw.UNCALCULATED),
]


@pytest.mark.parametrize("budget", UNREAD, ids=lambda each: each.flaw.name)
def test_a_sum_with_a_term_that_cannot_be_read_is_unknown(budget: Invalid) -> None:
    top, middle, odd = group("G1", 9), group("G1.1", 9), replace(operation("G1.1.1", "U"), budget=budget)
    here = Unknown(2, "budget")
    assert totals(top, middle, odd, operation("G1.1.2", "U", 5), group("G1.2"), operation("G1.2.1", "U", 7)) == [
        here,
        here,
        here,
        5,
        7,
        7,
    ]


def test_an_unread_line_hinders_its_operation_and_an_unread_total_of_read_lines_does_not() -> None:
    odd = replace(line("25220", 0), budget=UNREAD[1])
    assert totals(group("G1"), operation("G1.1", "U", 9), line("25900", 4), odd) == [
        Unknown(3, "budget"),
        Unknown(3, "budget"),
        4,
        Unknown(3, "budget"),
    ]
    assert totals(operation("G1", "U", 9), odd) == [Unknown(1, "budget"), Unknown(1, "budget")]
    assert totals(replace(operation("G1", "U"), budget=UNREAD[1]), line("25900", 4)) == [4, 4]
    assert totals(replace(group("G1"), budget=UNREAD[1]), operation("G1.1", "U", 5)) == [5, 5]


def nameless(kind: Row, code: Invalid | None) -> Row:
    return replace(kind, code=code)


NUMERIC, BROKEN = Invalid("1.1", Flaw.NUMERIC), Invalid("G1..2", Flaw.MALFORMED)


@pytest.mark.parametrize(
    ("code", "hindered"),
    [
        (None, {0, 3}),
        (BROKEN, {0, 3}),
        (Invalid("#REF!", Flaw.ERROR), {0, 3}),
        (NUMERIC, {0}),
        (Invalid("7.7", Flaw.NUMERIC), {0, 3}),
    ],
)
def test_an_operation_without_a_readable_code_hinders_the_groups_that_it_may_belong_to(
    code: Invalid | None, hindered: set[int]
) -> None:
    found = totals(
        group("G1"),
        group("G1.1"),
        operation("G1.1.1", "U", 5),
        group("G1.2"),
        operation("G1.2.1", "U", 7),
        nameless(operation("G1", "U", 9), code),
        group("G1.3"),
        operation("G1.3.1", "U", 2),
    )
    assert {index for index, total in enumerate(found) if total == Unknown(5, "code")} == hindered


def test_a_row_without_a_readable_code_hinders_nobody_where_it_costs_nothing_or_is_the_missing_group() -> None:
    free = nameless(operation("G1", "U", 0), None)
    assert totals(group("G1"), operation("G1.1", "U", 5), free)[0] == 5
    lost = nameless(group("G1", 5), BROKEN)
    assert totals(group("G1"), lost, operation("G1.2.1", "U", 5))[0] == 5
    assert totals(group("G1"), operation("G1.1", "U", 5), lost)[0] == Unknown(2, "code")
    first = nameless(operation("G1", "U", 9), None)
    assert totals(first, group("G1"), operation("G1.1", "U", 5)) == [9, 5, 5]
    assert totals(first, operation("G1.1", "U", 5), group("G1"))[2] == Unknown(0, "code")
    assert totals(first) == [9]
    rows = (group("G1"), first, operation("G1.1", "U", 5))
    assert roll_up(Plan(rows, None, frozenset({1})))[0] == 5


def test_lines_that_repeat_the_code_of_their_operation_are_parts_like_it() -> None:
    part = replace(line("34110", 2000), code=code("G1.1"))
    assert totals(group("G1"), operation("G1.1", "U", 4000), part)[:2] == [6000, 6000]


def test_an_unknown_sum_is_said_with_its_cell_and_gets_no_figure() -> None:
    odd = replace(operation("GRO1.1.1", "U"), budget=UNREAD[1], partida="25220")
    plan = place(Plan((group("GRO1", 6), group("GRO1.1", 5), odd), 2020), "p.xlsx", "POA", ())
    findings = [each for each in check(plan) if each.rule.startswith("presupuesto-")]
    assert [(each.rule, each.index) for each in findings] == [
        ("presupuesto-ambiguo", 2),
        ("presupuesto-desconocido", 0),
        ("presupuesto-desconocido", 1),
    ]
    assert all("X4" in each.message and not each.expected and "poner" not in each.suggestion for each in findings[1:])
    flags = flag(plan, check(plan))
    assert [(each.computed, each.is_unknown, each.budget, each.state) for each in flags[:2]] == [
        (None, True, WARN, WARN),
        (None, True, WARN, WARN),
    ]
    assert with_totals(plan).rows == plan.rows


def test_a_group_in_which_nothing_costs_anything_is_silent() -> None:
    free = replace(operation("GRO1.1", "U"), budget=None)
    plan = place(Plan((group("GRO1"), free), 2020), "p.xlsx", "POA", ())
    top = flag(plan, check(plan))[0]
    assert (top.state, top.budget, top.reason) == (NONE, NONE, "")


def test_disputed_rows_count_for_nobody() -> None:
    rows = (group("G1"), operation("G1.1", "U", 5), operation("G1.1", "U", 6), operation("G1.2", "U", 7))
    assert roll_up(Plan(rows, None, frozenset({1, 2})))[0] == 7


def test_two_rows_with_one_code_both_count() -> None:
    assert totals(group("G1"), operation("G1.1", "U", 5), operation("G1.1", "U", 6))[0] == 11


def states(plan: Plan) -> list[tuple[State, State, State]]:
    placed = place(plan, "p.xlsx", "POA", ())
    return [(each.target, each.budget, each.state) for each in flag(placed, check(placed))]


GREEN, RED, WARN, NONE = State.GREEN, State.RED, State.WARNING, State.NONE


def test_a_right_plan_is_green() -> None:
    assert states(small()) == [
        (NONE, GREEN, GREEN),
        (NONE, GREEN, GREEN),
        (GREEN, GREEN, GREEN),
        (GREEN, GREEN, GREEN),
        (NONE, GREEN, GREEN),
        (GREEN, GREEN, GREEN),
        (NONE, GREEN, NONE),
        (NONE, GREEN, NONE),
    ]


def test_a_fault_paints_its_own_cells() -> None:
    target = states(change(small(), "GRO1.1.1", target=Decimal(13)))
    assert target[2] == (RED, GREEN, RED)
    budget = states(change(small(), "GRO1.2", budget=Decimal(1)))
    assert budget[4] == (NONE, RED, RED)
    assert budget[0] == (NONE, RED, RED)
    owner = states(change(small(), "GRO1.1.1", owner=""))
    assert owner[2] == (GREEN, GREEN, RED)
    partida = states(change(small(), "GRO1.1.1", partida="4350"))
    assert partida[2] == (GREEN, GREEN, WARN)


def test_reasons_say_what_is_wrong_and_what_is_right() -> None:
    plan = place(change(small(), "GRO1.1.1", target=Decimal(13), partida="4350"), "p.xlsx", "POA", ())
    flags = flag(plan, check(plan))
    assert flags[2].reason.startswith("Acumulada (según la unidad de medida): los meses suman 12")
    assert "→ puede ser 43500" in flags[2].reason
    assert flags[3].reason.endswith("los meses cuadran con la Meta.")
    assert flags[0].reason == "El presupuesto es la suma de sus filas."
    assert flags[6].reason == ""
    assert flags[0].computed == 600
    assert flags[2].verdict is not None


def test_planned_year_and_prefix_of_an_empty_plan() -> None:
    assert (Plan(()).planned_year, Plan(()).prefix) == (None, "")
    assert Plan((group("GRO1"),)).planned_year == 2020
    assert Plan((group("GRO1"), operation("H1", "U"), group("GRO2"))).prefix == "GRO"
    assert code("GRO1").parent is None


def finding(severity: Severity, field: str = "owner", index: int = 0) -> Finding:
    return Finding("una-regla", severity, index, field, "", "", f"{severity.label} {field}")


@pytest.mark.parametrize(
    ("severities", "expected"),
    [
        ([], GREEN),
        ([Severity.WARNING], WARN),
        ([Severity.ERROR], RED),
        ([Severity.WARNING, Severity.ERROR], RED),
        ([Severity.ERROR, Severity.WARNING], RED),
        ([Severity.WARNING, Severity.WARNING], WARN),
    ],
)
@pytest.mark.parametrize("field", ["owner", "target", "budget"])
def test_the_worst_finding_decides_the_state(severities: list[Severity], expected: State, field: str) -> None:
    plan = Plan((operation("G1", "U", 100),))
    flagged = flag(plan, [finding(severity, field) for severity in severities])[0]
    assert flagged.state is expected
    assert (flagged.target if field == "target" else flagged.budget if field == "budget" else flagged.state) is expected
    others = {"target": flagged.budget, "budget": flagged.target}.get(field, GREEN)
    assert others is GREEN


def test_reasons_come_the_worst_first_then_in_the_order_of_the_columns() -> None:
    plan = Plan((operation("G1", "U", 100), operation("G2", "U", 100)))
    found = [
        finding(Severity.WARNING, "name"),
        finding(Severity.ERROR, "budget"),
        finding(Severity.ERROR, "unit"),
        finding(Severity.ERROR, "unit", 1),
    ]
    reason = flag(plan, found)[0].reason
    assert reason.split(". ")[:3] == ["ROJO unit", "ROJO budget", "AVISO name"]


def test_a_sum_that_a_code_hinders_names_the_cell_of_the_code() -> None:
    plan = place(Plan((group("G1"), nameless(operation("G1", "U", 9), BROKEN)), 2020), "p.xlsx", "POA", ())
    (unknown,) = (each for each in check(plan) if each.rule == "presupuesto-desconocido")
    assert unknown.index == 0
    assert "el código de B3" in unknown.message
    assert unknown.suggestion == "corregir B3"
    plan = place(Plan((group("G1"), nameless(operation("G1", "U", 9), None)), 2020), "p.xlsx", "POA", ())
    (unknown,) = (each for each in check(plan) if each.rule == "presupuesto-desconocido")
    assert "falta el código de B3" in unknown.message


def test_a_sum_over_a_formula_that_was_never_calculated_asks_nobody_to_correct_it() -> None:
    waiting = replace(operation("G1.1", "U"), budget=Invalid("=SUM(X9)", Flaw.UNCALCULATED))
    plan = place(Plan((group("G1", 9), waiting), 2020), "p.xlsx", "POA", ())
    (unknown,) = (each for each in check(plan) if each.rule == "presupuesto-desconocido")
    assert unknown.message == "no se puede sumar: la fórmula de X3 nunca se calculó"
    assert unknown.suggestion == "abrir el libro en Excel o Calc y guardarlo"


def test_codes_without_a_row_of_their_own_are_summed_too() -> None:
    def found(*rows: Row) -> dict[str, Total]:
        return {str(each): total for each, total in money_by_code(Plan(rows)).items()}

    assert found(operation("G1.2.3", "U", 5), group("H1")) == {"G1.2.3": 5, "G1.2": 5, "G1": 5, "H1": 0}
    assert found(group("G1"), operation("G1.2.3", "U", 5), operation("G1.2.4", "U", 7)) == {
        "G1": 12,
        "G1.2": 12,
        "G1.2.3": 5,
        "G1.2.4": 7,
    }
    odd = replace(operation("G1.2.3", "U"), budget=UNREAD[1])
    assert found(odd, operation("G1.4", "U", 2)) == {
        "G1.2.3": Unknown(0, "budget"),
        "G1.2": Unknown(0, "budget"),
        "G1": Unknown(0, "budget"),
        "G1.4": 2,
    }
    assert found(replace(operation("G1.1", "U"), budget=None)) == {"G1.1": None, "G1": None}


def test_a_missing_group_does_not_hide_the_next_row_without_a_code() -> None:
    lost, free = nameless(group("G1", 5), BROKEN), nameless(operation("G1", "U", 9), None)
    found = totals(group("G1"), lost, operation("G1.2.1", "U", 5), free)
    assert found[0] == Unknown(3, "code")


def painted(**changes: object) -> dict[str, State]:
    plan = change(small(), "GRO1.1.1", **changes)
    return dict(flag(plan, check(plan))[2].painted)


def test_a_wrong_month_of_a_constant_target_marks_that_month() -> None:
    months = tuple(Decimal(40 if number == 4 else 36) for number in range(12))
    states = painted(measure="Horas Promedio", target=Decimal(36), months=months)
    assert [name for name, state in states.items() if state is State.RED] == ["MAY"]
    assert states["target"] is State.PART
    assert states["ENE"] is State.GREEN


def test_months_that_do_not_make_up_the_target_are_marked_where_nobody_can_say_which() -> None:
    states = painted(months=(Decimal(2),) * 12)
    assert {name for name, state in states.items() if state is State.RED} == {"target", *MONTHS}
    many = tuple(Decimal(40 if number < 7 else 36) for number in range(12))
    states = painted(measure="Horas Promedio", target=Decimal(36), months=many)
    assert {name for name, state in states.items() if state is State.RED} == {"target", *MONTHS}


def test_a_finding_marks_its_own_cell() -> None:
    states = painted(owner="", start=date(2021, 1, 1), end=date(2020, 12, 31))
    assert {name for name, state in states.items() if state is State.RED} == {"owner", "start", "end"}
    assert states["target"] is states["DIC"] is State.GREEN
    lines = flag(small(), check(small()))
    assert [each.painted for row, each in zip(small().rows, lines, strict=True) if row.kind is Kind.LINE] == [
        {"budget": State.GREEN},
        {"budget": State.GREEN},
    ]


def test_what_a_budget_is_off_by_is_told_where_it_says_the_whole() -> None:
    part = replace(line("31110", 40), code=code("G1.2"), name="Operación G1.2", unit="U")
    unread = replace(operation("G2.1", "U"), budget=Invalid("mil", Flaw.MALFORMED))
    rows = (
        group("G1", 150),
        operation("G1.1", "U", 60),
        operation("G1.2", "U", 50),
        part,
        group("G2", 7),
        unread,
        group("G3"),
        operation("G3.1", "U", 5),
    )
    plan = Plan(rows, 2020)
    assert plan.shared == {2}
    flags = flag(plan, check(plan))
    assert [each.budget_difference for each in flags] == [0, 0, None, 0, None, None, None, 0]
    wrong = replace(plan, rows=(replace(rows[0], budget=Decimal(100)), *rows[1:]))
    assert flag(wrong, check(wrong))[0].budget_difference == -50


def test_an_operation_that_costs_nothing_is_right_and_no_empty_group() -> None:
    plan = Plan((group("G1"), operation("G1.1", "U", 0)), 2020)
    assert [each.state for each in flag(plan, check(plan))] == [State.NONE, State.GREEN]


@pytest.mark.parametrize(
    ("budget", "says", "remedy"),
    [
        (Decimal(-500), "dice 300 y sus 2 filas suman -300: diferencia 600", ""),
        (Decimal(50), "dice 300 y sus 2 filas suman 250: diferencia 50", "poner 250"),
        (Decimal(-200), "dice 300 y sus 2 filas suman 0: diferencia 300", "poner 0"),
    ],
)
def test_a_sum_below_zero_offers_no_remedy(budget: Decimal, says: str, remedy: str) -> None:
    found = [each for each in check(change(small(), "GRO1.1.1", budget=budget)) if each.rule == "presupuesto-grupo"]
    assert [(each.message, each.suggestion) for each in found] == [(says, remedy)]


def test_one_row_is_spoken_of_as_one() -> None:
    found = check(change(small(), "GRO1.2", budget=Decimal(7)))
    assert "dice 7 y su única fila suma 300: diferencia -293" in [each.message for each in found]
