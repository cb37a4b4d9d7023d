"""The text of a plan in the form of another office, imported as that form."""

from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from poa_xl.actions.importing import import_text
from poa_xl.actions.load import load_one
from poa_xl.books.book import FileBook
from poa_xl.core.blocks import comparable, value_of
from poa_xl.core.plan import FIELDS, Kind
from poa_xl.errors import LayoutError
from poa_xl.sheet.cells import text_of
from poa_xl.sheet.grid import Grid
from tests.judges.excel_rules import broken
from tests.layouts import FORMS, draw, items, saved

# Colours are no text; dates above months are texts that are no months any more. Numbers below one caption are the parts of a
# code as long as they are numbers.
REFUSED = "numbers as codes below one caption"
DRAWN = [name for name in FORMS if "painted" not in name and name not in ("months as dates", REFUSED)]


def text(grid: Grid) -> str:
    width = max(max(cells) for cells in grid.cells.values())
    lines = range(1, max(grid.cells) + 1)
    return "\n".join("\t".join(text_of(grid.get(line, k)) for k in range(1, width + 1)) for line in lines)


@pytest.mark.parametrize("name", DRAWN)
def test_the_text_of_a_form_becomes_that_form(name: str, tmp_path: Path) -> None:
    grid = draw(FORMS[name], items()).grid
    source = tmp_path / "plan.txt"
    source.write_text(text(grid), "utf-8")
    done = import_text(source, tmp_path / "plan.xlsx")
    assert broken(done.path.read_bytes()) == []
    wanted = load_one(FileBook(saved(tmp_path / "dibujado.xlsx", grid)))
    found = load_one(FileBook(done.path))
    assert found.layout.columns == wanted.layout.columns
    # Codes that were numbers are texts now, and say the same.
    fields = [each for each in FIELDS if each != "code"]
    assert [[comparable(value_of(row, each)) for each in fields] for row in found.plan.rows] == [
        [comparable(value_of(row, each)) for each in fields] for row in wanted.plan.rows
    ]
    assert [str(row.code) for row in found.plan.rows] == [str(row.code) for row in wanted.plan.rows]
    assert len(done.printed.rows) == len(done.plan.rows) == len(wanted.plan.rows)


def test_a_form_that_its_text_would_not_read_as_is_refused_whole(tmp_path: Path) -> None:
    source = tmp_path / "plan.txt"
    source.write_text(text(draw(FORMS[REFUSED], items()).grid), "utf-8")
    with pytest.raises(LayoutError, match="no se escribió nada"):
        import_text(source, tmp_path / "plan.xlsx")
    assert [each.name for each in tmp_path.iterdir()] == ["plan.txt"]


def test_numbers_are_numbers_and_codes_are_texts(tmp_path: Path) -> None:
    grid = draw(FORMS["totals of quantity and of money"], items()).grid
    source = tmp_path / "plan.txt"
    source.write_text(text(grid), "utf-8")
    page = openpyxl.load_workbook(import_text(source, tmp_path / "plan.xlsx").path)["Plan"]
    assert (page["B4"].value, page["B4"].number_format) == ("R1.P2.1", "@")
    assert (page["E4"].value, page["R4"].value) == (1, 5000)
    assert [row.kind for row in load_one(FileBook(tmp_path / "plan.xlsx")).plan.rows] == [Kind.OPERATION] * 14


@pytest.mark.parametrize("shown", ["007", "1.234", "5 %", "3-4"])
def test_what_may_be_no_number_stays_as_it_is(shown: str, tmp_path: Path) -> None:
    grid = draw(FORMS["baseline beside the target"], items()).grid
    grid.cells[4][6 - 1] = shown  # type: ignore[index]
    source = tmp_path / "plan.txt"
    source.write_text(text(grid), "utf-8")
    page = openpyxl.load_workbook(import_text(source, tmp_path / "plan.xlsx").path)["Plan"]
    assert page["E4"].value == shown
    assert isinstance(load_one(FileBook(tmp_path / "plan.xlsx")).plan.rows[0].target, Decimal)
