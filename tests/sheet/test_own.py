"""The columns that an office has besides those of fields."""

from datetime import date
from decimal import Decimal

import pytest

from poa_xl.core.plan import OWN, Kind, Row
from poa_xl.core.values import Computed, Flaw, Invalid
from poa_xl.sheet.cells import shown
from poa_xl.sheet.fields import CAPTIONS
from poa_xl.sheet.headers import find_layout
from poa_xl.sheet.own import addresses, heading_of, own_columns
from poa_xl.sheet.parse import parse
from poa_xl.sheet.render import content_of
from tests.layouts import FORMS, NAME, NUMBER, TARGET, column, draw, items, months, of


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, None),
        ("", None),
        ("x", "x"),
        (Decimal(5), Decimal(5)),
        (False, False),
        (date(2026, 1, 5), date(2026, 1, 5)),
        (Computed(Decimal(5)), Decimal(5)),
        (Invalid("#REF!", Flaw.ERROR), "#REF!"),
    ],
)
def test_a_cell_gets_what_was_read(value: object, written: object) -> None:
    assert content_of(Row(Kind.OPERATION, own={f"{OWN}X": value}), f"{OWN}X") == written


def test_headings_that_repeat_are_told_apart() -> None:
    note = [column("NOTA", lambda item: f"a{item.number}"), column("NOTA", lambda item: f"b{item.number}")]
    grid = draw(of(NUMBER, NAME, note, TARGET, months()), items()).grid
    layout = find_layout(grid)
    assert layout is not None
    assert own_columns(layout) == {f"{OWN}NOTA": 3, f"{OWN}NOTA (2)": 4}
    assert addresses(layout)[f"{OWN}NOTA (2)"] == "D"
    row = parse(grid, layout).plan.rows[0]
    assert (row.own, row.where(f"{OWN}NOTA").cell) == ({f"{OWN}NOTA": "a1", f"{OWN}NOTA (2)": "b1"}, "C4")


# Of four columns a month one is planned and one was done, which reports tell of.
@pytest.mark.parametrize(("name", "count"), [("weeks with marks", 48), ("four columns a month", 24)])
def test_every_column_is_a_field_or_the_offices_own(name: str, count: int) -> None:
    layout = find_layout(draw(FORMS[name], items()).grid)
    assert layout is not None
    assert len(own_columns(layout)) == count


def test_people_read_its_heading() -> None:
    assert (heading_of(f"{OWN}LÍNEA BASE", CAPTIONS), heading_of("target", CAPTIONS)) == ("LÍNEA BASE", "Meta")
    assert shown(Computed(Decimal(5))) == "(fórmula)"
