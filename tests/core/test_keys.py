"""What tells rows apart where codes do not."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poa_xl.core.codes import Code, parse_code, read_code
from poa_xl.core.house import House
from poa_xl.core.keys import comparable_plans, keyed, keys_of
from poa_xl.core.plan import Kind, Plan, Row
from poa_xl.core.values import Flaw, Invalid


def row(name: str = "", unit: str = "", code: str = "", measure: str = "") -> Row:
    return Row(Kind.OPERATION, name=name, unit=unit, code=parse_code(code), measure=measure)


def texts(*rows: Row) -> list[str]:
    plan = Plan(rows)
    return [str(each.code) for each in keyed(plan, keys_of(plan)).rows]


def test_codes_that_tell_rows_apart_are_the_keys() -> None:
    plan = Plan((row("A", code="1.1"), row("B", code="1.2"), Row(Kind.LINE, partida="25220")))
    assert keys_of(plan) == {}
    assert keyed(plan, {}) is plan
    assert keys_of(plan, by_row=True).keys() == {0, 1}


def test_a_key_says_what_its_row_is_called_and_reads_as_a_code() -> None:
    first, second, third = texts(row("Capacitar al personal"), row("Ir"), row("Capacitar al personal"))
    assert first.startswith("CAPACITARPERSONA")
    assert second.startswith("FILA")
    assert first != third
    assert all(isinstance(read_code(each), Code) and str(read_code(each)) == each for each in (first, second, third))


def test_only_rows_whose_codes_repeat_get_one() -> None:
    found = texts(row("A", "Norte", "1"), row("B", "Norte", "2"), row("A", "Sur", "1"))
    assert found[1] == "2"
    assert len(set(found)) == 3


def test_a_key_stays_when_other_rows_come_and_when_amounts_change() -> None:
    rows = (row("Uno", "Norte"), row("Dos", "Norte"))
    moved = (row("Cero", "Norte"), rows[0], replace(rows[1], owner="Otra"))
    assert texts(*moved)[1:] == texts(*rows)
    assert texts(row(measure="Taller")) != texts(row(measure="Visita"))


def test_a_code_that_nobody_reads_is_part_of_the_key() -> None:
    one, other = (replace(row("Uno"), code=Invalid(text, Flaw.MALFORMED)) for text in ("?", "!"))
    assert texts(one) != texts(other)


@given(st.lists(st.sampled_from("abc"), min_size=2, max_size=40))
def test_no_two_rows_share_a_key(names: list[str]) -> None:
    assert len(set(texts(*map(row, names)))) == len(names)


def test_keys_that_would_be_equal_are_not() -> None:
    rows = [row(f"Nombre {chr(97 + i % 26)}{chr(97 + i // 26)}") for i in range(26 * 26)] * 3
    assert len(set(texts(*rows))) == len(rows)


def listed(*rows: tuple[str, str]) -> Plan:
    """Return a plan of an office whose rows have a code, or none, and a name."""
    found = (Row(Kind.OPERATION, code=read_code(code), name=name, unit="U") for code, name in rows)
    return Plan(tuple(found), house=House("reconocido"))


@pytest.mark.parametrize(
    ("before", "after", "same"),
    [
        # Rows with codes of their own are told apart by them.
        ([("A1", "uno"), ("A2", "dos")], [("A1", "uno"), ("A2", "otra")], [(0, 0), (1, 1)]),
        # What is called otherwise in its place is the same row.
        ([("", "uno"), ("", "dos"), ("", "tres")], [("", "uno"), ("", "otra"), ("", "tres")], [(0, 0), (1, 1), (2, 2)]),
        # One for two is nobody's place.
        ([("", "uno"), ("", "dos"), ("", "tres")], [("", "uno"), ("", "otra")], [(0, 0)]),
        # Rows that changed places, and rows under another code, are found by what they are.
        ([("", "uno"), ("", "dos")], [("", "dos"), ("", "uno")], [(0, 1), (1, 0)]),
        ([("A1", "uno"), ("A1", "dos")], [("A1", "uno"), ("A9", "dos"), ("A9", "tres")], [(0, 0)]),
        ([("A1", "uno"), ("A1", "dos")], [("A1", "uno"), ("A2", "dos")], [(0, 0)]),
        ([("A1", "uno"), ("A1", "dos")], [("A9", "uno"), ("A9", "dos")], []),
    ],
)
def test_versions_of_a_plan_are_told_apart_alike(
    before: list[tuple[str, str]], after: list[tuple[str, str]], same: list[tuple[int, int]]
) -> None:
    one, other = comparable_plans(listed(*before), listed(*after))
    codes = [row.code for row in one.rows]
    assert [(codes.index(row.code), i) for i, row in enumerate(other.rows) if row.code in codes] == sorted(
        same, key=lambda pair: pair[1]
    )


def test_the_customs_plan_is_compared_as_it_stands() -> None:
    plan = Plan((Row(Kind.OPERATION, name="uno"),))
    assert comparable_plans(plan, plan) == (plan, plan)
