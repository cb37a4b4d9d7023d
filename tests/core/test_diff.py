from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poa_xl.core.codes import Code
from poa_xl.core.diff import ChangeKind, apply, compare
from poa_xl.core.plan import FIELDS, Plan
from poa_xl.core.values import Flaw, Invalid
from tests.plans import change, code, line, operation, small
from tests.strategies import plans


def summary(before: Plan, after: Plan) -> list[tuple[str, str, list[str]]]:
    return [
        (str(each.code), each.kind.value, [field.field for field in each.fields]) for each in compare(before, after)
    ]


def content(plan: Plan) -> list[object]:
    rows = [(row.kind, *(row.get(name) for name in FIELDS)) for row in plan.rows]
    return sorted(rows, key=repr)


def test_equal_plans_do_not_differ() -> None:
    assert compare(small(), small()) == []


def test_changes_name_their_fields() -> None:
    after = change(small(), "GRO1.1.1", budget=Decimal(5), owner="Otro", months=(Decimal(2), *[Decimal(1)] * 11))
    assert summary(small(), after) == [("GRO1.1.1", "cambiada", ["owner", "ENE", "budget"])]
    (field, *_) = compare(small(), after)[0].fields
    assert (field.before, field.after) == ("Jefe Unidad Legal", "Otro")


def test_rows_come_and_go() -> None:
    extra = operation("GRO1.1.3", "Unidad Legal")
    more = Plan((*small().rows[:4], extra, *small().rows[4:]), 2020)
    assert summary(small(), more) == [("GRO1.1.3", "nueva", [])]
    assert summary(more, small()) == [("GRO1.1.3", "quitada", [])]


def test_an_operation_under_another_code_has_moved() -> None:
    after = change(small(), "GRO1.1.2", code=code("GRO1.2.9"), id=99)
    assert summary(small(), after) == [("GRO1.2.9", "trasladada", ["id", "code"])]


def test_two_alike_operations_move_once_each() -> None:
    twins = [replace(operation(f"GRO1.{i}", "U"), name="igual") for i in (1, 2)]
    moved = [replace(operation(f"GRO1.{i}", "U"), name="igual") for i in (8, 9)]
    assert [kind for _, kind, _ in summary(Plan(tuple(twins)), Plan(tuple(moved)))] == ["trasladada"] * 2


def test_lines_count_as_a_whole() -> None:
    rows = small().rows
    assert summary(small(), Plan((*rows, line("31110", 5)), 2020)) == [("GRO1.2.1", "cambiada", ["lines"])]


@pytest.mark.parametrize("odd", [Invalid("1.1", Flaw.NUMERIC), code("GRO1.1.1")])
def test_rows_without_a_code_of_their_own_are_compared_by_content(odd: Code | Invalid) -> None:
    extra = replace(operation("GRO1.9", "U"), code=odd)
    more = Plan((*small().rows, extra), 2020)
    assert [kind for _, kind, _ in summary(small(), more)] == ["nueva"]
    assert [kind for _, kind, _ in summary(more, small())] == ["quitada"]
    assert summary(more, more) == []
    assert content(apply(compare(small(), more), small())) == content(more)
    assert content(apply(compare(more, small()), more)) == content(small())


@given(plans(), plans(), st.data())
def test_applying_the_difference_gives_the_other_plan(before: Plan, after: Plan, data: st.DataObject) -> None:
    if data.draw(st.booleans()) and after.rows:
        index = data.draw(st.integers(0, len(after.rows) - 1))
        rows = list(after.rows)
        rows[index] = replace(rows[index], evidence="otra")
        after = Plan(tuple(rows), after.year)
    assert content(apply(compare(before, after), before)) == content(after)
    assert compare(after, after) == []


def test_kinds_are_words_for_people() -> None:
    assert {kind.value for kind in ChangeKind} == {"nueva", "quitada", "cambiada", "trasladada"}
