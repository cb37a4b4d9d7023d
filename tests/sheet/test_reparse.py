"""A plan read again by the rows that changed: it reads as it does whole, or it is said that it has to be read whole."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poa_xl.sheet.fields import CAPTIONS
from poa_xl.sheet.grid import Grid, Merge, Value
from poa_xl.sheet.headers import find_layout
from poa_xl.sheet.parse import Parsed, parse
from poa_xl.sheet.reparse import reparse

COLUMNS = {name: column for column, name in enumerate(CAPTIONS, 1)}
Cells = Mapping[str, Value]

GROUP: Cells = {"code": "G1", "name": "Grupo", "budget": Decimal(5)}
OPERATION: Cells = {"code": "G1.1", "name": "Op", "target": Decimal(12), "ENE": Decimal(12), "budget": Decimal(5)}
LINE: Cells = {"name": "Tarea", "partida": "25220", "budget": Decimal(5)}
TOTAL: Cells = {"name": "TOTAL", "budget": Decimal(5)}
NOTE: Cells = {"name": "Nota al pie"}
ROWS: list[Cells] = [
    GROUP,
    OPERATION,
    LINE,
    {**OPERATION, "code": "G1.2"},
    {**OPERATION, "code": "G1.3"},
    NOTE,
    {**GROUP, "code": "G2"},
    {**OPERATION, "code": "G2.1"},
    LINE,
    LINE,
    TOTAL,
]


def sheet(rows: list[Cells], merges: tuple[Merge, ...] = ()) -> Grid:
    """A sheet of rows that stand from row 2 on."""
    cells: dict[int, dict[int, Value]] = {1: {COLUMNS[name]: caption for name, caption in CAPTIONS.items()}}
    for number, row in enumerate(rows, 2):
        if row:
            cells[number] = {COLUMNS[name]: value for name, value in row.items()}
    return Grid("POA", cells, merges)


def read(grid: Grid) -> Parsed:
    layout = find_layout(grid)
    assert layout is not None
    return parse(grid, layout, "p.xlsx", 2020)


def changed(*edits: tuple[int, Cells]) -> list[Cells]:
    rows = list(ROWS)
    for line, row in edits:
        rows[line - 2] = row
    return rows


@pytest.mark.parametrize(
    "edits",
    [
        [(2, {**GROUP, "name": "Otro"})],
        [(3, {**OPERATION, "name": "Otra"})],
        [(4, {**LINE, "budget": Decimal(9)}), (9, {**OPERATION, "code": "G2.1", "ENE": Decimal(1)})],
        [(6, {})],
        [(7, {})],
        [(7, {**OPERATION, "code": "G1.4"})],
        [(5, NOTE)],
        [(11, {**LINE, "code": "G2.1"})],
        [(12, LINE)],
    ],
)
def test_it_reads_as_it_does_whole(edits: list[tuple[int, Cells]]) -> None:
    grid = sheet(changed(*edits))
    assert reparse(read(sheet(ROWS)), grid, {line for line, _ in edits}, "p.xlsx") == read(grid)


@pytest.mark.parametrize(
    ("before", "edits", "merges"),
    [
        (ROWS, [(2, NOTE)], ()),  # may be taken for the second line of the header
        (ROWS, [(5, {**OPERATION, "code": Decimal("1.1")})], ()),  # a number for a code
        (ROWS, [(5, {**OPERATION, "code": "G1.2", "start": "3/4/2020"})], ()),  # dates that are texts
        (ROWS, [(5, {"budget": Decimal(7)})], ()),  # money that nothing explains
        (ROWS, [(5, {**OPERATION, "code": "G1.2"})], (Merge(4, 3, 5, 3),)),  # a merge reaches over rows
        ([{}, *ROWS[1:6]], [(5, {**OPERATION, "code": "G1.2"})], ()),  # a plan without groups
        (ROWS, [(9, {**GROUP, "code": "G2.2"})], ()),  # its lines are nobody's
        ([*ROWS[:3], {**OPERATION, "code": "G1.1.1"}, *ROWS[4:]], [(3, NOTE)], ()),  # its operation went
    ],
)
def test_where_rows_say_how_others_are_read_it_is_read_whole(
    before: list[Cells], edits: list[tuple[int, Cells]], merges: tuple[Merge, ...]
) -> None:
    rows = list(before)
    for line, row in edits:
        rows[line - 2] = row
    assert reparse(read(sheet(before)), sheet(rows, merges), {line for line, _ in edits}, "p.xlsx") is None


def test_the_hidden_rows_are_counted_again() -> None:
    grid = replace(sheet(ROWS), hidden=frozenset({3, 7}))
    again = reparse(read(sheet(ROWS)), grid, {3}, "p.xlsx")
    assert again is not None
    assert again.hidden == 1


POOL: list[Cells] = [
    {},
    GROUP,
    OPERATION,
    LINE,
    TOTAL,
    NOTE,
    {**GROUP, "code": "G1.1"},
    {**OPERATION, "code": "G1.1.1"},
    {**OPERATION, "code": "G2.7"},
    {**LINE, "code": "G1.1.1"},
    {**OPERATION, "code": "no hay"},
    {"budget": Decimal(3)},
]


@given(
    st.lists(st.sampled_from(POOL), min_size=1, max_size=14),
    st.dictionaries(st.integers(2, 15), st.sampled_from(POOL), max_size=4),
)
def test_whatever_changes_it_reads_as_it_does_whole(rows: list[Cells], edits: dict[int, Cells]) -> None:
    after = [edits.get(number, row) for number, row in enumerate(rows, 2)]
    grid = sheet(after)
    again = reparse(read(sheet(rows)), grid, {line for line in edits if line < len(rows) + 2}, "p.xlsx")
    assert again in (None, read(grid))
