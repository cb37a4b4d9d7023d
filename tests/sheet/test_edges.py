"""What lists and columns of ours do at their edges: a column that is not there, a line of somebody's, a text too long."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from poa_xl.sheet.approved import approved_cells
from poa_xl.sheet.cells import text_of
from poa_xl.sheet.grid import Grid, Value
from poa_xl.sheet.ledger import BULLET, SubmissionLine
from poa_xl.sheet.listing import TOP
from poa_xl.sheet.versions import read_versions
from tests.plans import change, small


def test_a_plan_without_budget_gets_the_approved_meta_alone() -> None:
    letters = {"approved_target": "Z", "target_change": "AA", "approved_budget": "AB", "budget_change": "AC"}
    rows = tuple(replace(row, line=line) for line, row in enumerate(small().rows, 6))
    approved = change(small(), "GRO1.1.1", target=Decimal(10), budget=Decimal(5))
    cells = approved_cells(replace(small(), rows=rows), {"target": "H"}, letters, approved)
    assert str(rows[2].code) == "GRO1.1.1"
    assert cells[8, "approved_target"].value == 10
    assert cells[8, "target_change"].formula == '=IF(AND(ISNUMBER($H8),ISNUMBER($Z8)),$H8-$Z8,"")'
    assert (8, "approved_budget") not in cells


@pytest.mark.parametrize(
    ("value", "text"), [(Decimal("1E+999"), "1E+999"), (Decimal("1E-999"), "1E-999"), (Decimal("1.50"), "1.50")]
)
def test_a_number_is_never_written_out_beyond_what_a_cell_holds(value: Decimal, text: str) -> None:
    assert text_of(value) == text


@pytest.mark.parametrize(
    ("column", "value"), [(8, None), (3, "ayer"), (6, "varias"), (6, None)], ids=["no content", "day", "text", "none"]
)
def test_what_somebody_wrote_below_the_versions_is_none(column: int, value: Value) -> None:
    line: dict[int, Value] = {1: "Aprobado", 3: date(2020, 1, 2), 6: Decimal(4), 7: Decimal(9), 8: "ab12"}
    assert [each.name for each in read_versions(Grid("Versiones", {TOP + 1: line}))] == ["Aprobado"]
    assert read_versions(Grid("Versiones", {TOP + 1: {**line, column: value}})) == []


@pytest.mark.parametrize(("letter", "listed"), [("", 0), ("Buenos días.\n", 200), ("x" * 3000 + "\n", 3)])
def test_a_reminder_becomes_a_link_that_mail_programs_open(letter: str, listed: int) -> None:
    reminder = letter + "\n".join([f"{BULLET}falta la Meta de GRO1.1.{number}" for number in range(listed)])
    sending = SubmissionLine("Legal", "", "", "", "", 1, 0, 0, 0, 0, 0, "", "", "POA", reminder)
    # A letter that is too long without its list stays as it is, but for the list.
    assert bool(sending.mailto) is bool(reminder)
    assert len(sending.mailto) <= 2000 or len(letter) > 2000
    assert "GRO1.1.199" not in sending.mailto
