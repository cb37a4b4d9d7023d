"""Columns that an office has besides those of fields: kept, compared, and merged like any other."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from poa_xl.core.blocks import Block, all_fields, value_of, with_fields
from poa_xl.core.codes import Code
from poa_xl.core.outcomes import Fate, Limits, Policy
from poa_xl.core.plan import OWN, Kind, Plan, Row
from poa_xl.core.record import recorded, restored
from poa_xl.core.returned import by_code, examine
from poa_xl.core.threeway import merge
from poa_xl.core.values import Computed, Flaw, Invalid

NAME = f"{OWN}INDICADOR"


def row(value: object, number: int = 1) -> Row:
    return Row(Kind.OPERATION, number, code=Code("A", (number,)), name="Actividad", unit="U", own={NAME: value})


@pytest.mark.parametrize(
    "value",
    [
        None,
        "texto",
        Decimal("1.50"),
        True,
        date(2026, 1, 5),
        datetime(2026, 1, 5, 8, 30),  # noqa: DTZ001 - cells know no zone
        Computed(),
        Invalid("#REF!", Flaw.ERROR),
    ],
)
def test_what_stands_there_is_remembered(value: object) -> None:
    (again,) = restored(recorded([row(value)]))
    assert value_of(again, NAME) == value
    assert NAME in all_fields(again)


def test_a_formula_is_a_formula_whatever_it_came_to() -> None:
    assert restored(recorded([row(Computed(Decimal(7)))]))[0].own == {NAME: Computed(Decimal(9))}


def test_a_column_that_is_not_there_says_what_a_blank_one_says() -> None:
    one, other = Block(row(None)), Block(with_fields(Row(Kind.OPERATION, 1, code=Code("A", (1,))), {}))
    named = Block(with_fields(one.head, {NAME: "x"}))
    assert one.content[0] == Block(with_fields(one.head, {NAME: ""})).content[0]
    assert one.content != named.content
    assert other.content != one.content


@pytest.mark.parametrize(
    ("sent", "came", "fates"),
    [
        ("a", "a", []),
        ("a", "b", [Fate.TAKEN]),
        (None, "b", [Fate.TAKEN]),
        ("a", None, [Fate.TAKEN]),
        # What a formula comes to stands for it where none was sent.
        (Decimal(5), Computed(Decimal(5)), []),
        (Decimal(5), Computed(Decimal(6)), [Fate.TAKEN]),
        (Computed(Decimal(5)), Computed(Decimal(6)), []),
        (Computed(Decimal(5)), Decimal(6), [Fate.CONFLICT]),
    ],
)
def test_changes_of_it_are_merged(sent: object, came: object, fates: list[Fate]) -> None:
    base = Plan((row(sent), row("otra", 2)))
    known = {code: found[0] for code, found in by_code(base)[0].items()}
    returned = examine("u.xlsx", Plan((row(came), row("otra", 2))), known, "U")
    limits = Limits(frozenset({(0, NAME)} if isinstance(sent, Computed) else ()), lambda *_: None)
    merged = merge(base, [returned], Policy(), limits)
    assert [each.fate for each in merged.outcomes] == fates
    if fates == [Fate.TAKEN]:
        taken = came.value if isinstance(came, Computed) else came
        assert merged.rows[0].row.own == {NAME: taken}


def test_a_column_that_a_file_lacks_is_no_change() -> None:
    known = {code: found[0] for code, found in by_code(Plan((row("a"),)))[0].items()}
    bare = Plan((Row(Kind.OPERATION, 1, code=Code("A", (1,)), name="Actividad", unit="U"),))
    assert not examine("u.xlsx", bare, known, "U", absent=frozenset({NAME})).is_news
    assert examine("u.xlsx", bare, known, "U").is_news
