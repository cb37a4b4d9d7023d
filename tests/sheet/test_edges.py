"""What lists and columns of ours do at their edges: a column that is not there, a line of somebody's, a text too long."""

from datetime import date
from decimal import Decimal

import pytest

from poa_xl.sheet.cells import text_of
from poa_xl.sheet.grid import Grid, Value
from poa_xl.sheet.ledger import BULLET, SubmissionLine
from poa_xl.sheet.listing import TOP
from poa_xl.sheet.versions import read_versions


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
