"""Areas of cells as programs hand them over."""

from decimal import Decimal

from poa_xl.sheet.areas import Placed, as_grid
from poa_xl.sheet.grid import Grid, Value


def test_rows_of_a_known_place_are_a_sheet_that_begins_with_them_and_has_their_name() -> None:
    rows: list[list[object]] = [["Meta", None], [None, None], [2.0, ""]]
    cells: dict[int, dict[int, Value]] = {1: {1: "Meta"}, 3: {1: Decimal(2)}}
    assert as_grid(rows) == Grid("", cells)
    placed = Placed(rows, "/oficina/plan.xlsx", "POA", 5, 4)
    assert placed == rows
    assert as_grid(placed) == Grid("POA", cells)
