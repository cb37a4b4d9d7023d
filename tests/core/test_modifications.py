"""What differs from the approved plan: each difference once, of one kind, and nothing once it is taken back."""

from collections import Counter
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poa_xl.core.blocks import blocks, value_of
from poa_xl.core.dates import MONTHS
from poa_xl.core.diff import apply, compare
from poa_xl.core.modifications import MONEY, Modification, Modified, modifications, money_of, told_apart
from poa_xl.core.plan import Kind, Plan, Row
from poa_xl.core.values import Flaw, Invalid
from tests.plans import change, code, line, operation, small
from tests.strategies import plans

M = Modification
INVERSE = {M.NEW: M.GONE, M.GONE: M.NEW, M.INCREASE: M.REDUCTION, M.REDUCTION: M.INCREASE}


def told(before: Plan, after: Plan) -> list[tuple[str, str, str, Modification]]:
    return [(each.code, each.field, each.partida, each.kind) for each in modifications(before, after)]


def without(plan: Plan, text: str) -> Plan:
    gone = code(text)
    kept: list[Row] = []
    inside = False
    for row in plan.rows:
        inside = row.code == gone if row.kind is not Kind.LINE else inside
        kept += [] if inside else [row]
    return replace(plan, rows=tuple(kept))


@pytest.mark.parametrize(
    ("fields", "kinds"),
    [
        ({"name": "Otra"}, {"name": M.NAME}),
        ({"evidence": "Acta"}, {"evidence": M.NAME}),
        ({"unit": "Unidad Legal 2", "owner": "Ana"}, {"unit": M.OWNER, "owner": M.OWNER}),
        ({"end": None}, {"end": M.SCHEDULE}),
        ({"months": (Decimal(2), Decimal(0), *[Decimal(1)] * 10)}, {"ENE": M.SCHEDULE, "FEB": M.SCHEDULE}),
        ({"months": (Decimal(2), *[Decimal(1)] * 11), "target": Decimal(13)}, {"ENE": M.TARGET, "target": M.TARGET}),
        ({"measure": "Informes"}, {"measure": M.TARGET}),
        ({"budget": Decimal(150)}, {"budget": M.INCREASE}),
        ({"budget": Decimal(50)}, {"budget": M.REDUCTION}),
        ({"budget": Invalid("x", Flaw.MALFORMED)}, {"budget": M.REDUCTION}),
        ({"partida": "31110"}, {"partida": M.TRANSFER}),
        ({"id": 99}, {}),
        ({"name": "Operación  GRO1.1.1 "}, {}),
    ],
)
def test_the_kind_follows_from_what_differs(fields: dict[str, object], kinds: dict[str, Modification]) -> None:
    found = modifications(small(), change(small(), "GRO1.1.1", **fields))
    assert {each.field: each.kind for each in found} == kinds
    assert all(each.code == "GRO1.1.1" and each.row.name == each.name for each in found)


def test_a_blank_budget_and_one_of_nothing_are_one() -> None:
    before = change(small(), "GRO1.1.1", budget=Decimal(0))
    assert modifications(before, change(before, "GRO1.1.1", budget=None)) == []


def test_money_up_and_money_down_is_a_traspaso_under_one_document() -> None:
    after = change(change(small(), "GRO1.1.1", budget=Decimal(150)), "GRO1.1.2", budget=Decimal(150))
    assert {each.kind for each in modifications(small(), after)} == {M.TRANSFER}
    named = {("GRO1.1.1", "budget", ""): "RA 5"}
    kinds = {each.code: (each.kind, each.document) for each in modifications(small(), after, named)}
    assert kinds == {"GRO1.1.1": (M.INCREASE, "RA 5"), "GRO1.1.2": (M.REDUCTION, "")}


def test_an_operation_that_goes_pays_for_another_one() -> None:
    after = change(without(small(), "GRO1.1.2"), "GRO1.1.1", budget=Decimal(300))
    assert told(small(), after) == [
        ("GRO1.1.1", "budget", "", M.TRANSFER),
        ("GRO1.1.2", "", "25220", M.GONE),
    ]
    (_, gone) = modifications(small(), after)
    assert (gone.before, gone.after, gone.difference) == (Decimal(200), None, Decimal(-200))


def test_what_comes_or_goes_is_told_partida_by_partida() -> None:
    less = without(small(), "GRO1.2.1")
    assert told(less, small()) == [("GRO1.2.1", "", "25220", M.NEW), ("GRO1.2.1", "", "25900", M.NEW)]
    free = Plan((*small().rows, operation("GRO1.2.2", "Unidad Legal")), 2020)
    (new,) = modifications(small(), replace(free, rows=(*free.rows[:-1], replace(free.rows[-1], budget=None))))
    assert (new.partida, new.before, new.after, new.difference) == ("", None, None, None)
    (group,) = modifications(without(small(), "GRO1.1"), small())
    assert (group.kind, group.field, group.partida) == (M.NEW, "", "")


def test_money_of_lines_counts_by_partida_and_their_sum_does_not() -> None:
    rows = [replace(row, budget=Decimal(150)) if row.partida == "25900" else row for row in small().rows]
    rows = [replace(row, budget=Decimal(250)) if str(row.code) == "GRO1.2.1" else row for row in rows]
    (found,) = modifications(small(), Plan(tuple(rows), 2020))
    assert (found.field, found.partida, found.kind, found.row.partida) == ("budget", "25900", M.REDUCTION, "25900")
    assert (found.code, found.before, found.after) == ("GRO1.2.1", Decimal(200), Decimal(150))
    renamed = [replace(row, name="Otra tarea") if row.partida == "25900" else row for row in small().rows]
    assert told(small(), Plan(tuple(renamed), 2020)) == [("GRO1.2.1", "name", "25900", M.NAME)]


def test_lines_that_come_and_go_are_told_with_money_and_without() -> None:
    more = Plan((*small().rows, line("31110", 50), line("32100", 0)), 2020)
    assert told(small(), more) == [
        ("GRO1.2.1", "budget", "31110", M.INCREASE),
        ("GRO1.2.1", "partida", "32100", M.TRANSFER),
    ]
    assert told(more, small()) == [
        ("GRO1.2.1", "budget", "31110", M.REDUCTION),
        ("GRO1.2.1", "partida", "32100", M.TRANSFER),
    ]
    bare = Plan(small().rows[:-2], 2020)
    assert told(bare, small()) == [
        ("GRO1.2.1", "budget", "25220", M.TRANSFER),
        ("GRO1.2.1", "budget", "25900", M.TRANSFER),
    ]
    assert all(each.row.code == code("GRO1.2.1") for each in modifications(small(), bare) if each.partida == "25900")


def test_lines_that_repeat_the_code_share_its_money_with_the_head() -> None:
    head = operation("GRO1.1", "Unidad Legal", 100)
    plan = Plan((head, replace(line("31110", 50), code=code("GRO1.1"))), 2020)
    (block,) = blocks(plan)
    assert money_of(block) == {"25220": Decimal(100), "31110": Decimal(50)}


def test_a_code_that_changed_is_the_same_operation_under_another_name() -> None:
    rows = [replace(row, code=code("GRO1.1.7")) if str(row.code) == "GRO1.1.2" else row for row in small().rows]
    assert told(small(), Plan(tuple(rows), 2020)) == [("GRO1.1.7", "code", "", M.NAME)]
    bad = [replace(row, code=Invalid("1.2", Flaw.NUMERIC)) if str(row.code) == "GRO1.1.2" else row for row in rows]
    loose = Plan((*small().rows, replace(operation("GRO1.3", "Unidad Legal"), code=Invalid("1.2", Flaw.NUMERIC))), 2020)
    assert bad
    assert told(small(), loose) == [("1.2", "", "", M.NEW)]
    nameless = Plan((*small().rows, replace(operation("GRO1.3", "Unidad Legal"), code=None)), 2020)
    assert told(small(), nameless) == [("", "", "", M.NEW)]


@st.composite
def edited(draw: st.DrawFn) -> tuple[Plan, Plan]:
    """A plan, and what became of it in a year."""
    before = draw(plans())
    rows: list[Row] = []
    for row in before.rows:
        fate = draw(st.integers(0, 9))
        if row.kind is Kind.GROUP or fate > 6:
            rows.append(row)
        elif fate == 0:
            months = (draw(st.sampled_from([Decimal(2), Decimal(3)])), *row.months[1:])
            rows.append(replace(row, months=months) if row.kind is Kind.OPERATION else row)
        elif fate == 1:
            rows.append(replace(row, target=Decimal(13)) if row.kind is Kind.OPERATION else row)
        elif fate == 2:
            rows.append(replace(row, budget=Decimal(draw(st.integers(0, 10**6)))))
        elif fate == 3:
            rows.append(replace(row, partida=draw(st.sampled_from(["25220", "31110", "42230"]))))
        elif fate == 4:
            rows.append(replace(row, owner="Otra persona", name="Otro nombre"))
        elif fate == 5:
            rows += [row, line("31110", draw(st.integers(0, 100)))] if row.kind is Kind.OPERATION else []
        elif row.kind is Kind.LINE:
            continue
        else:
            rows += [row, operation(f"{row.code}.1", "Unidad Legal", draw(st.integers(0, 500)))]
    return before, replace(before, rows=tuple(rows))


@given(edited())
def test_every_difference_is_told_once_and_of_one_kind(pair: tuple[Plan, Plan]) -> None:
    before, after = pair
    found = modifications(before, after)
    keys = Counter(each.key for each in found)
    assert all(count == 1 for count in keys.values())
    named = {(str(change.code), field.field) for change in compare(before, after) for field in change.fields}
    heads = {
        (each.code, each.field) for each in found if each.field and not each.partida and each.row.kind is not Kind.LINE
    }
    derived = {(each, "id") for each, _ in named} | {(each, "budget") for each, _ in named}
    assert heads - {(each.code, "partida") for each in found} <= named
    assert {pair for pair in named if pair[1] != "lines"} - derived <= heads
    for each in found:
        assert (each.kind in (M.NEW, M.GONE)) is not bool(each.field)
        assert (each.kind is M.SCHEDULE) is (each.field in (*MONTHS, "start", "end") and each.kind is not M.TARGET)


@given(edited())
def test_taking_it_back_leaves_nothing_and_turns_every_kind_round(pair: tuple[Plan, Plan]) -> None:
    before, after = pair
    assert modifications(before, apply(compare(after, before), after)) == []
    assert modifications(before, before) == modifications(after, after) == []
    there, back = modifications(before, after), modifications(after, before)
    turned = Counter(
        (each.key, repr(each.after), repr(each.before), INVERSE.get(each.kind, each.kind)) for each in there
    )
    assert turned == Counter((each.key, repr(each.before), repr(each.after), each.kind) for each in back)


@given(edited())
def test_what_is_more_is_what_the_plans_differ_by(pair: tuple[Plan, Plan]) -> None:
    before, after = pair
    costs = [sum((sum(money_of(each).values(), Decimal(0)) for each in blocks(plan)), Decimal(0)) for plan in pair]
    moved = [each for each in modifications(before, after) if each.field in ("budget", "")]
    assert sum((each.difference or Decimal(0) for each in moved), Decimal(0)) == costs[1] - costs[0]
    ways = {each.kind for each in moved if each.field == "budget"}
    assert len(ways) <= 1
    assert told_apart(moved) == moved
    assert all(each.kind in MONEY for each in moved)


def test_what_holds_is_read_from_the_row_that_pays() -> None:
    after = change(small(), "GRO1.1.1", budget=Decimal(7))
    (found,) = modifications(small(), after)
    assert isinstance(found, Modified)
    assert value_of(found.row, found.field) == found.after
