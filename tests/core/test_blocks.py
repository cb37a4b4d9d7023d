from dataclasses import replace
from decimal import Decimal

import pytest

from poa_xl.core.aliases import Aliases
from poa_xl.core.blocks import adds_up, blocks, split, unit_names, unite
from poa_xl.core.plan import FIELDS, Kind, Plan, Row
from poa_xl.core.values import Flaw, Invalid
from tests.plans import change, code, group, line, operation, small


def content(plan: Plan) -> list[tuple[object, ...]]:
    return [(row.kind, *(row.get(name) for name in FIELDS)) for row in plan.rows]


def test_blocks_hold_an_operation_with_its_lines() -> None:
    assert [len(block.rows) for block in blocks(small())] == [1, 1, 1, 1, 1, 3]


def test_split_gives_each_unit_its_operations_lines_and_groups() -> None:
    parts = split(small())
    assert list(parts) == ["Unidad Legal", "Adm Aduana Pisiga"]
    legal = [str(row.code) for row in parts["Unidad Legal"].rows if row.kind is not Kind.LINE]
    assert legal == ["GRO1", "GRO1.1", "GRO1.1.1", "GRO1.2", "GRO1.2.1"]
    assert [row.budget for row in parts["Adm Aduana Pisiga"].rows] == [200, 200, 200]


def test_united_splits_are_the_plan() -> None:
    united = unite(list(split(small()).values()))
    assert content(united.plan) == content(small())
    assert not united.disputes
    assert united.repeated == 0


def test_a_group_without_operations_is_not_lost() -> None:
    plan = Plan((*small().rows, group("GRO1.3", 0, 9)), 2020)
    parts = split(plan)
    assert sum(row.code == code("GRO1.3") for part in parts.values() for row in part.rows) == 1
    assert content(unite(list(parts.values())).plan) == content(plan)


def test_a_group_without_operations_goes_to_its_own_unit() -> None:
    lonely = replace(group("GRO1.3", 0, 9), unit="Adm Aduana Pisiga")
    parts = split(Plan((*small().rows, lonely), 2020))
    assert lonely in parts["Adm Aduana Pisiga"].rows


def test_a_plan_of_groups_only_is_one_part() -> None:
    plan = Plan((group("GRO1", 0),))
    assert content(split(plan)[""]) == content(plan)


def test_different_versions_are_both_kept_and_none_counts() -> None:
    mine = small()
    theirs = change(small(), "GRO1.1.1", budget=Decimal(150))
    united = unite([mine, theirs])
    assert list(united.disputes) == [code("GRO1.1.1")]
    budgets = {str(row.code): row.budget for row in united.plan.rows if row.kind is Kind.GROUP}
    assert budgets == {"GRO1": 500, "GRO1.1": 200, "GRO1.2": 300}
    versions = [row.budget for row in united.plan.rows if row.code == code("GRO1.1.1")]
    assert versions == [100, 150]
    assert {united.plan.rows[index].code for index in united.plan.disputed} == {code("GRO1.1.1")}


def test_versions_that_differ_in_a_line_are_disputed_with_their_lines() -> None:
    rows = small().rows
    theirs = Plan((*rows[:-1], line("25900", 999)), 2020)
    united = unite([small(), theirs])
    assert len(united.plan.disputed) == 6


def test_the_same_content_in_two_files_is_taken_once() -> None:
    spaced = change(small(), "GRO1.1.1", name="Operación  GRO1.1.1 ", budget=Decimal("100.00"))
    united = unite([small(), spaced])
    assert len(united.plan.rows) == len(small().rows)
    assert united.repeated == 3


def test_the_base_stands_where_nothing_was_received() -> None:
    received = Plan(small().rows[:3], 2020)
    united = unite([change(received, "GRO1.1.1", budget=Decimal(70))], small())
    assert [str(row.code) for row in united.plan.rows if row.kind is Kind.OPERATION] == [
        "GRO1.1.1",
        "GRO1.1.2",
        "GRO1.2.1",
    ]
    assert united.plan.rows[0].budget == 570


def test_rows_without_a_valid_code_are_kept_at_the_end() -> None:
    odd = replace(operation("GRO1.9", "Unidad Legal"), code=Invalid("1.1", Flaw.NUMERIC))
    plan = Plan((*small().rows, odd, odd), 2020)
    united = unite([plan], plan)
    assert [row.code for row in united.plan.rows].count(odd.code) == 2
    assert content(unite(list(split(plan).values())).plan) == content(plan)


def test_codes_come_in_natural_order() -> None:
    rows = (operation("GRO1.10", "A"), operation("GRO1.9", "A"), group("GRO1", 0))
    united = unite([Plan(rows)])
    assert [str(row.code) for row in united.plan.rows] == ["GRO1", "GRO1.9", "GRO1.10"]
    assert united.plan.year is None


@pytest.mark.parametrize(
    ("field", "before", "after"),
    [
        ("unit", "Aduana ZFI Orouro", "Adm Aduana ZFI Oruro"),
        ("owner", "ADUANA ZFI ORURO", "Adm Aduana ZFI Oruro"),
        ("name", "Despacho en Orouro", "Despacho en Oruro"),
        ("measure", "Orourito", "Orourito"),
    ],
)
def test_aliases_put_texts_right(field: str, before: str, after: str) -> None:
    aliases = Aliases({"Orouro": "Oruro"}, {"aduana zfi oruro": "Adm Aduana ZFI Oruro"})
    row = Row(Kind.OPERATION, **{field: before})  # type: ignore[arg-type]
    assert getattr(aliases.plan(Plan((row,))).rows[0], field) == after


def test_a_group_of_a_unit_that_no_operation_has_goes_with_the_first_operation() -> None:
    lonely = replace(group("GRO1.3"), unit="Unidad desconocida")
    parts = split(replace(small(), rows=(*small().rows, lonely)))
    assert [unit for unit, plan in parts.items() if code("GRO1.3") in plan.by_code] == ["Unidad Legal"]
    assert list(parts) == ["Unidad Legal", "Adm Aduana Pisiga"]


@pytest.mark.parametrize(
    ("budget", "lines", "expected"),
    [
        (9, [4, 5], True),
        (9, [4, 4], False),
        (9, [], False),
        (9, [9, None], False),
        (9, [4, 5, None], False),
        (0, [], False),
        (None, [4, 5], False),
    ],
)
def test_a_budget_adds_up_when_every_line_states_its_part(
    budget: int | None, lines: list[int | None], expected: bool
) -> None:
    parts = [replace(line("25220", 0), budget=None if each is None else Decimal(each)) for each in lines]
    whole = replace(operation("G1", "U"), budget=None if budget is None else Decimal(budget))
    assert adds_up(whole, parts) is expected


def test_a_unit_is_called_as_most_of_its_rows_call_it() -> None:
    rows = (
        group("G1"),
        operation("G1.1", "unidad legal"),
        operation("G1.2", "Unidad Legal"),
        operation("G1.3", "Unidad Legal"),
    )
    assert list(unit_names(Plan(rows, 2020)).values()) == ["Unidad Legal"]


def test_parts_and_what_is_united_of_them_keep_the_year_and_know_what_they_are() -> None:
    parts = split(small())
    assert {part.year for part in parts.values()} == {2020}
    assert all(part.partial for part in parts.values())
    assert unite(list(parts.values())).plan.year == 2020


def test_a_part_holds_the_groups_above_its_operations_and_no_others() -> None:
    parts = split(small())
    for part in parts.values():
        coded = [(row.kind, str(row.code)) for row in part.rows if row.kind is not Kind.LINE]
        groups = {text for kind, text in coded if kind is Kind.GROUP}
        above = {text.rpartition(".")[0] for _, text in coded} - {""}
        assert groups == above | {"GRO1"}
