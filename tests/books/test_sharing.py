"""Formulas that are alike are written once, and read back as what they were."""

import re
import zipfile
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from poa_xl.actions.importing import import_text
from poa_xl.actions.load import load_one
from poa_xl.actions.updating import Options, update_book
from poa_xl.books.book import FileBook, MemoryBook
from poa_xl.books.patch.editor import Editor
from poa_xl.books.patch.moved import NewRow
from poa_xl.books.sharing import Share, shares
from poa_xl.books.writer import build
from poa_xl.core.checks import check
from poa_xl.core.flags import flag
from poa_xl.sheet.grid import letters
from poa_xl.sheet.render import Flagged, place, plan_sheet
from poa_xl.sheet.spec import Cell, SheetSpec
from poa_xl.sheet.unit import room, unit_sheet
from tests.paths import PRINTED
from tests.plans import save, small

Formulas = dict[tuple[int, int], str]


def spelled_out(data: bytes, sheet: str = "") -> Formulas:
    """Read the formulas of a sheet as another library reads them: shared ones as each cell has them."""
    book = openpyxl.load_workbook(BytesIO(data))
    page = book[sheet] if sheet else book.worksheets[0]
    found: Formulas = {}
    for row in page.iter_rows():
        for cell in row:
            if cell.data_type == "f":
                found[int(cell.row or 0), int(cell.column or 0)] = str(cell.value)
    return found


def part(data: bytes, number: int = 1) -> str:
    return zipfile.ZipFile(BytesIO(data)).read(f"xl/worksheets/sheet{number}.xml").decode()


@pytest.mark.parametrize(
    ("formulas", "expected"),
    [
        ({(2, 1): "=B2+1", (3, 1): "=B3+1"}, {(2, 1): Share(0, "A2:A3"), (3, 1): Share(0)}),
        ({(2, 1): "=B2+$C$1", (5, 1): "=B5+$C$1"}, {(2, 1): Share(0, "A2:A5"), (5, 1): Share(0)}),
        ({(2, 1): "=B2", (3, 1): "=B4"}, {}),
        ({(2, 1): "=B$2", (3, 1): "=B$3"}, {}),
        ({(2, 1): "=B2", (2, 2): "=C2"}, {}),
        ({(2, 1): '=B2&"B2"', (3, 1): '=B3&"B2"'}, {(2, 1): Share(0, "A2:A3"), (3, 1): Share(0)}),
        ({(2, 1): '=B2&"B2"', (3, 1): '=B3&"B3"'}, {}),
        ({(2, 1): "='A2'!B2", (3, 1): "='A2'!B3"}, {(2, 1): Share(0, "A2:A3"), (3, 1): Share(0)}),
        ({(2, 1): "=LOG10(B2)", (3, 1): "=LOG10(B3)"}, {(2, 1): Share(0, "A2:A3"), (3, 1): Share(0)}),
        ({(2, 1): "=B1", (1, 1): "=B2"}, {}),
        ({}, {}),
    ],
)
def test_formulas_are_shared_where_they_say_the_same_of_their_own_row(
    formulas: Formulas, expected: dict[tuple[int, int], Share]
) -> None:
    assert shares(formulas) == expected


def test_numbers_that_are_taken_are_left_alone() -> None:
    found = shares({(1, 1): "=B1", (2, 1): "=B2", (1, 2): "=C1", (2, 2): "=C2"}, 7)
    assert [each.number for each in found.values()] == [7, 7, 8, 8]


def test_a_new_workbook_holds_each_text_once_and_is_read_as_what_was_meant() -> None:
    placed = place(small(), "p.xlsx", "POA", ())
    findings = check(placed)
    image = plan_sheet(placed, "POA", (), Flagged(flag(placed, findings), findings))
    data = build([image])
    wanted = {place: cell.formula for place, cell in image.cells.items() if cell.formula}
    assert spelled_out(data) == wanted
    texts = re.findall(r"<f[^>]*>([^<]+)</f>", part(data))
    assert len(texts) < len(wanted) / 2
    assert re.search(r'<c r="AJ\d+"[^>]*><f t="shared" si="\d+"/></c>', part(data)), "a helper has no result"
    for (row, column), cell in image.cells.items():
        if cell.formula and isinstance(cell.value, Decimal):
            assert _value(data, row, column) == float(cell.value)


def _value(data: bytes, row: int, column: int) -> object:
    return openpyxl.load_workbook(BytesIO(data), data_only=True).worksheets[0].cell(row, column).value


def test_an_empty_text_is_a_result_and_none_is_none() -> None:
    image = SheetSpec(
        "A",
        {(1, 1): Cell("", formula='=""'), (2, 1): Cell(None, formula="=B2"), (3, 1): Cell(Decimal(1), formula="=1&2")},
    )
    xml = part(build([image]))
    assert '<c r="A1" s="1" t="str"><f>""</f><v></v></c>' in xml
    assert '<c r="A2" s="1"><f>B2</f></c>' in xml
    assert '<c r="A3" s="1"><f>1&amp;2</f><v>1</v></c>' in xml


def test_an_update_shares_its_formulas_beside_those_that_the_planner_shares(tmp_path: Path) -> None:
    path = save(small(), tmp_path / "p.xlsx")
    page = openpyxl.load_workbook(path)
    sheet = page["POA 2020"]
    path.write_bytes(_with_shared(path.read_bytes(), sheet.max_column + 1))
    before = spelled_out(path.read_bytes(), "POA 2020")
    assert before
    update_book(path, Options())
    once = spelled_out(path.read_bytes(), "POA 2020")
    assert before.items() <= once.items()
    numbers = re.findall(r'ref="[A-Z0-9:]+" si="(\d+)"', part(path.read_bytes()))
    assert len(numbers) == len({*numbers}) > 20
    update_book(path, Options())
    assert spelled_out(path.read_bytes(), "POA 2020") == once


def test_rows_that_are_inserted_leave_shared_formulas_right(tmp_path: Path) -> None:
    path = save(small(), tmp_path / "p.xlsx")
    update_book(path, Options())
    before = spelled_out(path.read_bytes(), "POA 2020")
    editor = Editor(path.read_bytes(), "p.xlsx")
    editor.insert("POA 2020", [NewRow(8)])
    after = spelled_out(editor.save(), "POA 2020")
    assert len(after) == len(before)
    for (row, column), formula in before.items():
        moved = after[row + (row >= 8), column]
        own = re.findall(r"(?<![$\d])H(\d+)", formula)
        assert [int(each) + (int(each) >= 8) for each in own] == [
            int(each) for each in re.findall(r"(?<![$\d])H(\d+)", moved)
        ]


def _with_shared(data: bytes, column: int) -> bytes:
    """Let a planner's column hold a shared formula of its own."""
    name = letters(column)
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for each in old.namelist():
            text = old.read(each)
            if each == "xl/worksheets/sheet1.xml":
                xml = text.decode()
                for row in (5, 6, 7):
                    shared = f't="shared" ref="{name}5:{name}7" si="0"' if row == 5 else 't="shared" si="0"'
                    inside = "X5*2" if row == 5 else ""
                    cell = f'<c r="{name}{row}"><f {shared}>{inside}</f><v>1</v></c>'
                    at = xml.index("</row>", xml.index(f'<row r="{row}"'))
                    xml = xml[:at] + cell + xml[at:]
                text = xml.encode()
            new.writestr(each, text)
    return out.getvalue()


def test_cells_that_share_a_formula_read_alike_whether_plainly_written_or_not() -> None:
    """Never calculated, with what another one came to, with an empty text, and below a formula of the same number."""
    cells = {(row, 1): Cell(Decimal(row)) for row in range(1, 8)}
    data = build([SheetSpec("A", cells | {(row, 2): Cell(None, formula=f"=A{row}+1") for row in range(1, 8)})])
    results = {3: "<v>4</v>", 4: "<v>4</v>", 5: "<v></v>", 7: "<v>8</v>"}
    text = part(data)
    for row, result in results.items():
        text = re.sub(rf'(<c r="B{row}"[^>]*><f[^>]*/>)', rf"\1{result}", text)
    text = text.replace('<c r="B5"', '<c r="B5" t="str"')
    text = re.sub(
        r'<c r="B6"[^>]*><f[^>]*/></c>', '<c r="B6"><f t="shared" ref="B6:B7" si="0">A6+2</f><v>8</v></c>', text
    )
    # A comment among the rows sends the sheet to the careful reader.
    careful = text.replace("</sheetData>", "<!-- --></sheetData>")
    grids = [MemoryBook("b.xlsx", with_part(data, each)).read()[0] for each in (text, careful)]
    assert grids[0].cells == grids[1].cells
    assert dict(grids[0].formulas) == dict(grids[1].formulas)
    assert {grids[0].formulas[row, 2] for row in (2, 3, 5)} == {"A2+1", "A3+1", "A5+1"}
    assert (grids[0].formulas[7, 2], grids[0].get(4, 2), grids[0].get(5, 2)) == ("A7+2", Decimal(4), None)


def with_part(data: bytes, text: str, number: int = 1) -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            new.writestr(name, text if name == f"xl/worksheets/sheet{number}.xml" else old.read(name))
    return buffer.getvalue()


def test_a_unit_that_has_all_of_a_plan_gets_a_small_workbook(tmp_path: Path) -> None:
    plan = load_one(FileBook(import_text(PRINTED, tmp_path / "m.xlsx").path)).plan
    placed = place(plan, "u.xlsx", "POA 2020", ("POA",), room(plan))
    findings = check(placed)
    data = build([unit_sheet(placed, "POA 2020", ("POA",), Flagged(flag(placed, findings), findings, live=True))])
    assert len(data) <= 56_000
    with zipfile.ZipFile(BytesIO(data)) as package:
        assert package.getinfo("xl/worksheets/sheet1.xml").file_size <= 450_000
