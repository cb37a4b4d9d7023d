"""Codes for new operations."""

from dataclasses import replace
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poa_xl.core.codes import Code, parse_any_code
from poa_xl.core.numbering import Turn, codes_after, free_codes, read_turns, turns, write_turns
from poa_xl.core.plan import Plan
from tests.plans import code, group, line, operation, small


def first(plan: Plan, text: str, turn: Turn | None = None) -> list[str]:
    return [each.written or str(each) for each in islice(free_codes(plan, code(text), turn), 3)]


def test_each_unit_of_a_group_takes_turns() -> None:
    given = turns(small())
    shared = code("GRO1.1")
    assert {unit: turn[shared] for unit, turn in given.items()} == {
        "adm aduana pisiga": Turn(2, 0, 2),
        "unidad legal": Turn(2, 1, 2),
    }
    assert given["unidad legal"][code("GRO1.2")] == Turn(1, 0, 1)
    assert first(small(), "GRO1.1", given["unidad legal"][shared]) == ["GRO1.1.3", "GRO1.1.5", "GRO1.1.7"]
    assert first(small(), "GRO1.1", given["adm aduana pisiga"][shared]) == ["GRO1.1.4", "GRO1.1.6", "GRO1.1.8"]


@given(st.lists(st.integers(1, 30), min_size=1, max_size=12, unique=True), st.integers(1, 5), st.data())
def test_no_two_units_ever_take_the_same_number(numbers: list[int], count: int, data: st.DataObject) -> None:
    owner = {each: data.draw(st.integers(0, count - 1)) for each in numbers}
    rows = [group("GRO1"), group("GRO1.1")]
    rows += [operation(f"GRO1.1.{each}", f"Unidad {owner[each]}") for each in numbers]
    plan = Plan(tuple(rows), 2020)
    # A sending of today, and one of tomorrow when somebody's new operation is in the plan.
    taken: list[str] = []
    for unit, given_ in turns(plan).items():
        own = Plan(tuple(row for row in rows if not row.unit or row.unit.casefold() == unit), 2020)
        taken += first(own, "GRO1.1", given_[code("GRO1.1")])
    assert len(set(taken)) == len(taken)
    assert not {*taken} & {f"GRO1.1.{each}" for each in numbers}
    later = replace(plan, rows=(*rows, operation(taken[0], f"Unidad {owner[numbers[0]]}")))
    steps = {unit: each[code("GRO1.1")] for unit, each in turns(plan).items()}
    assert {unit: (each[code("GRO1.1")].rest, each[code("GRO1.1")].step) for unit, each in turns(later).items()} == {
        unit: (turn.rest, turn.step) for unit, turn in steps.items()
    }


def test_units_that_number_for_themselves_go_on_with_their_own() -> None:
    rows = (group("GRO1"), *(operation(f"GRO1.{n}", unit) for unit in ("A", "B") for n in (1, 2)))
    assert turns(Plan(rows, 2020)) == {"a": {code("GRO1"): Turn(2)}, "b": {code("GRO1"): Turn(2)}}


def test_operations_without_a_group_or_a_code_have_no_turns() -> None:
    rows = (operation("7", "A"), replace(operation("8", "A"), code=None), line("25220", 1))
    assert turns(Plan(rows, 2020)) == {}


def test_a_number_that_is_taken_is_left_out_and_so_is_a_gap() -> None:
    plan = Plan((group("GRO1"), operation("GRO1.1", ""), operation("GRO1.5", "")), 2020)
    assert first(plan, "GRO1") == ["GRO1.6", "GRO1.7", "GRO1.8"]
    assert first(plan, "GRO1", Turn(4, 1, 2)) == ["GRO1.7", "GRO1.9", "GRO1.11"]
    assert first(Plan((group("GRO1"),), 2020), "GRO1") == ["GRO1.1", "GRO1.2", "GRO1.3"]


@pytest.mark.parametrize(
    ("beside", "expected"),
    [
        ("1-02-09", "1-02-10"),
        ("R1.P1.3", "R1.P1.4"),
        ("AO.1.a2", "AO.1.a3"),
        ("gro 1.2.09", "gro 1.2.10"),
        ("1.2.9.", "1.2.10."),
        ("AO.1(a)", None),
    ],
)
def test_a_code_is_written_like_those_beside_it(beside: str, expected: str | None) -> None:
    model = parse_any_code(beside)
    assert isinstance(model, Code)
    assert model.parent is not None
    found = next(codes_after([model], model.parent), None)
    assert (found.written if found is not None else None) == expected


def test_a_first_code_has_the_letters_of_its_group() -> None:
    found = parse_any_code("R1.P1")
    assert isinstance(found, Code)
    assert str(next(codes_after([], found))) == "R1.P1.1"


def test_what_would_not_read_as_its_code_is_written_plainly() -> None:
    model = replace(code("GRO1.2"), written="Código GRO1.2 (nuevo)")
    assert next(codes_after([model], code("GRO1"))).written == "GRO1.3"


def test_turns_are_written_and_read_again() -> None:
    given = turns(small())["unidad legal"]
    text = write_turns(given)
    assert text == "GRO1.1>2:1/2 GRO1.2>1:0/1"
    assert read_turns(text) == given
    assert read_turns("·>1:0/1 otra cosa GRO1>1:0/0") == {}
