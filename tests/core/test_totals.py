"""Totals by unit, partida and quarter: every boliviano once."""

from dataclasses import replace
from decimal import Decimal

from hypothesis import given

from poa_xl.core.plan import Plan, TargetKind
from poa_xl.core.rollup import add, roll_up
from poa_xl.core.totals import by_partida, by_quarter, leaves, money_of_unit, objectives
from poa_xl.sheet.areas import as_area, flat
from tests.plans import group, line, operation, small
from tests.strategies import plans


@given(plans())
def test_every_way_to_sum_up_comes_to_the_whole(plan: Plan) -> None:
    whole = roll_up(plan)[0] or Decimal(0)
    _, money, idle = by_quarter(plan)
    assert add(by_partida(plan).values()) == whole
    assert add((*money, idle)) == whole


def test_lines_carry_the_money_of_their_operation() -> None:
    assert [(row.partida, str(amount)) for row, amount in leaves(small())] == [
        ("25220", "100"),
        ("25220", "200"),
        ("25220", "100"),
        ("25900", "200"),
    ]


def test_a_row_that_states_nothing_carries_nothing() -> None:
    plan = Plan((group("G1"), replace(operation("G1.1", "A"), budget=None), line("25220", 5), group("G1.2")))
    assert [(row.partida, str(amount)) for row, amount in leaves(plan)] == [("25220", "5"), ("", "0")]
    assert by_partida(plan) == {("25220",): 5}
    assert list(leaves(Plan((replace(operation("G1.1", "A"), budget=None),)))) == []


def test_a_budget_follows_the_months_it_is_programmed_in() -> None:
    months = [None] * 12
    rising = replace(
        operation("G1.1", "A", 100), target=Decimal(3), months=(Decimal(1), None, None, Decimal(2), *months[4:])
    )
    level = replace(
        operation("G1.2", "A", 99),
        stated=TargetKind.CONSTANT,
        target=Decimal(8),
        months=(Decimal(8), *months[1:11], Decimal(8)),
    )
    idle = replace(operation("G1.3", "A", 7), months=tuple(months))
    operations, money, rest = by_quarter(Plan((group("G1"), rising, level, idle)))
    assert operations == [2, 1, 0, 1]
    assert money == [Decimal("33.33") + Decimal("49.5"), Decimal("66.67"), 0, Decimal("49.5")]
    assert rest == 7


def test_what_is_in_dispute_counts_for_nobody() -> None:
    plan = Plan((group("G1"), operation("G1.1", "A", 5), operation("G1.1", "A", 6)), disputed=frozenset({1, 2}))
    assert list(leaves(plan)) == []
    operations, money, rest = by_quarter(plan)
    assert operations == [0] * 4
    assert add((*money, rest)) == 0


def test_objectives_are_the_groups_of_the_second_level_or_of_the_only_one() -> None:
    assert [str(row.code) for row in objectives(small())] == ["GRO1.1", "GRO1.2"]
    assert [str(row.code) for row in objectives(Plan((group("G1"), operation("G1.1", "A"))))] == ["G1"]


def test_a_row_of_cells_is_an_area() -> None:
    assert as_area([1, "", "x"]) == [[1, None, "x"]]
    assert flat(5) == (5,)
    assert flat([5, [6, 7]]) == (5, 6, 7)


def test_a_unit_that_no_row_has_costs_nothing_known() -> None:
    assert money_of_unit(small(), "Nadie") is None
