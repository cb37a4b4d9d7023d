"""How the codes of a plan are written is learned from the plan."""

from decimal import Decimal

import pytest

from poa_xl.core.checks import judged
from poa_xl.core.codes import Code, parse_any_code
from poa_xl.core.values import Flaw, Invalid
from poa_xl.sheet.coding import code_reader
from poa_xl.sheet.grid import Grid, Value
from poa_xl.sheet.headers import find_layout
from poa_xl.sheet.number_format import fixed, kind_of
from poa_xl.sheet.parse import parse
from tests.layouts import NAME, NUMBER, TARGET, Item, column, draw, items, months, of


def codes(*values: Value, shown: dict[tuple[int, int], str] | None = None) -> list[str]:
    cells = {line: {1: value} for line, value in enumerate(values, 1) if value is not None}
    read, _, _ = code_reader(Grid("POA", cells, shown=shown or {}), (1,), list(range(1, len(values) + 1)))
    return [
        each.text if isinstance(each, Invalid) else str(each or "") for each in map(read, range(1, len(values) + 1))
    ]


@pytest.mark.parametrize(
    ("text", "code", "parent"),
    [
        ("R1.P1.1", "R1.P1.1", "R1.P1"),
        ("R1.P1", "R1.P1", "R1"),
        ("AO.1(a)", "AO1.A", "AO1"),
        ("1-02-03", "1.2.3", "1.2"),
        ("E1.01.01.01", "E1.1.1.1", "E1.1.1"),
        ("2a", "2.A", "2"),
        ("7", "7", None),
        ("oe 3", "OE3", None),
    ],
)
def test_letters_and_numbers_in_turn_are_a_code(text: str, code: str, parent: str | None) -> None:
    found = parse_any_code(text)
    assert isinstance(found, Code)
    assert (str(found), str(found.parent) if found.parent else None) == (code, parent)
    assert parse_any_code(found.written) == found


@pytest.mark.parametrize("text", ["abc", "--", "x" * 40 + "1", "ñ1"])
def test_what_has_no_number_is_no_code(text: str) -> None:
    found = parse_any_code(text)
    assert isinstance(found, Invalid)
    assert found.flaw is Flaw.MALFORMED
    assert parse_any_code("  ") is None


def test_levels_are_told_by_their_letters() -> None:
    one, other = parse_any_code("R1.P1"), parse_any_code("R1.A1")
    assert one != other
    assert str(one) == "R1.P1"


def test_a_few_strange_codes_are_departures_and_many_are_the_form_of_the_house() -> None:
    assert codes("G1.1", "G1.2", "G1.3", "R1.P1.1") == ["G1.1", "G1.2", "G1.3", "R1.P1.1"]
    few, _, _ = code_reader(Grid("POA", {1: {1: "R1.P1"}, 2: {1: "G1"}}), (1,), [1, 2])
    assert isinstance(few(1), Invalid)
    many, is_free, _ = code_reader(Grid("POA", {n: {1: f"R1.P{n}"} for n in range(1, 5)}), (1,), [1, 2, 3, 4])
    assert is_free
    assert isinstance(many(1), Code)


def test_codes_that_are_numbers_are_read_as_they_show() -> None:
    numbers = (Decimal("1.1"), Decimal("1.1"), Decimal("1.2"))
    assert codes(*numbers, shown={(2, 1): "1.10"}) == ["1.1", "1.10", "1.2"]
    # One among texts is what a program made of a code.
    read, _, _ = code_reader(Grid("POA", {1: {1: Decimal("1.1")}, 2: {1: "G1.2"}, 3: {1: "G1.3"}}), (1,), [1, 2, 3])
    assert read(1) == Invalid("1.1", Flaw.NUMERIC)


@pytest.mark.parametrize(
    ("values", "learns", "said"),
    [
        ([Decimal(1), "1.1", "1.2"], True, "1"),
        ([Decimal(1), "1.1", "1.2"], False, None),
        ([Decimal("1.1"), "1.1", "1.2"], True, None),
        ([Decimal(1), "A1.1", "1.2"], True, None),
        ([Decimal(1), "R1.P1", "R1.P2", "R1.P3"], True, None),
    ],
)
def test_a_whole_number_among_codes_of_numbers_has_lost_nothing(
    values: list[Value], learns: bool, said: str | None
) -> None:
    grid = Grid("POA", {line: {1: value} for line, value in enumerate(values, 1)})
    found = code_reader(grid, (1,), list(grid.cells), learns=learns).read(1)
    assert (found if isinstance(found, Invalid) else str(found)) == (said or Invalid(str(values[0]), Flaw.NUMERIC))


@pytest.mark.parametrize(
    ("number", "form", "text"),
    [("1.1", "0.00", "1.10"), ("7", "000", "007"), ("1.5", "00.0", "01.5"), ("12", "00", "12")],
)
def test_a_form_of_zeros_shows_digits(number: str, form: str, text: str) -> None:
    assert kind_of(form) == form
    assert fixed(Decimal(number), form) == text
    assert kind_of("0") == kind_of("#,##0.00") == ""


def test_parts_of_a_code_stand_in_columns_and_the_upper_ones_once() -> None:
    rows: list[dict[int, Value]] = [
        {1: "A1"},
        {2: Decimal(1)},
        {2: Decimal(2)},
        {3: "x"},
        {1: "A2", 2: Decimal(1)},
        {4: "nota"},
        {2: Decimal(2)},
    ]
    grid = Grid("POA", dict(enumerate(rows, 1)))
    read, _, _ = code_reader(grid, (1, 2), list(range(1, 8)))
    assert [str(each) if (each := read(line)) else "" for line in range(1, 8)] == [
        "A1",
        "A1.1",
        "A1.2",
        "",
        "A2.1",
        "",
        "A2.2",
    ]


def written(item: Item) -> Value:
    return f"E1.01.{item.number}" if item.number == 9 else f"E1.01.{item.number:02}"


def test_the_way_most_codes_are_written_is_right_and_only_departures_are_told() -> None:
    form = of(column("CÓDIGO", written, "code"), NAME, TARGET, months())
    grid = draw(form, items()).grid
    layout = find_layout(grid)
    assert layout is not None
    plan = parse(grid, layout).plan
    odd = [each for each in judged(plan).findings if each.rule == "codigo-escritura"]
    assert [(each.value, plan.rows[each.index].name) for each in odd] == [("E1.01.9", items()[8].name)]
    assert "E1.01.01" in odd[0].suggestion


def test_a_code_with_a_second_one_that_counts_within_it_is_both() -> None:
    form = of(
        column("CÓDIGO", lambda item: f"A-{item.number // 5}"),
        column("CÓD. TAREA", lambda item: Decimal(item.number % 5 + 1), "code"),
        NAME,
        TARGET,
        months(),
    )
    drawn = draw(form, items())
    layout = find_layout(drawn.grid)
    assert layout is not None
    assert layout.code == (1, 2)
    assert NUMBER.field == "id"
