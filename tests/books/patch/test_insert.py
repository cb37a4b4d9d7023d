"""Rows inserted into foreign workbooks; Calc, inserting the same row, is the judge."""

import io
import re
from pathlib import Path

import openpyxl
import pytest

from poa_xl.books.patch.editor import Editor
from poa_xl.books.patch.moved import Insertion, NewRow
from poa_xl.errors import BookError
from poa_xl.sheet.spec import Cell
from tests.books import packages as p
from tests.books.patch.torture import members, torture, with_parts
from tests.office import Office

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported")


def inserted(data: bytes, before: int, count: int = 1, sheet: str = "POA") -> bytes:
    editor = Editor(data, "p.xlsx")
    editor.insert(sheet, [NewRow(before)] * count)
    return editor.save()


@pytest.mark.parametrize(
    ("formula", "sheet", "expected"),
    [
        ("A5", "POA", "A7"),
        ("A4", "POA", "A4"),
        ("$A$5+B$9*C3", "POA", "$A$7+B$11*C3"),
        ("SUM(A1:A4)", "POA", "SUM(A1:A4)"),
        ("SUM(A1:A5)", "POA", "SUM(A1:A7)"),
        ("SUM(A5:A9)", "POA", "SUM(A7:A11)"),
        ("SUM(5:9)", "POA", "SUM(7:11)"),
        ("SUM($1:$4)", "POA", "SUM($1:$4)"),
        ("SUM(A:A)", "POA", "SUM(A:A)"),
        ("A5", "Otra", "A5"),
        ("POA!A5", "Otra", "POA!A7"),
        ("'POA'!A5", "Otra", "'POA'!A7"),
        ("poa!A5", "Otra", "poa!A7"),
        ("Otra!A5", "POA", "Otra!A5"),
        ("[1]POA!A5", "Otra", "[1]POA!A5"),
        ('"A5"&A5', "POA", '"A5"&A7'),
        ("Total+A5", "POA", "Total+A7"),
        ("SUM(Tabla1[x])+A5", "POA", "SUM(Tabla1[x])+A7"),
        ('IF(A5="POA!A5",LOG10(A5),{1,2;3,4})', "POA", 'IF(A7="POA!A5",LOG10(A7),{1,2;3,4})'),
        ("OFFSET($B5,1,22,500,1)", "POA", "OFFSET($B7,1,22,500,1)"),
        ("A1048576", "POA", "A1048576"),
    ],
)
def test_formulas_move(formula: str, sheet: str, expected: str) -> None:
    assert Insertion("POA", (NewRow(5), NewRow(5))).formula(formula, sheet) == expected


def test_a_quoted_sheet_is_known() -> None:
    assert Insertion("Plan d'Oruro", (NewRow(2),)).formula("'Plan d''Oruro'!A2", "x") == "'Plan d''Oruro'!A3"


@pytest.mark.parametrize(
    "formula", ["SUM(Uno:Tres!A5)", "SUM('Uno:Tres'!A1:A9)", "SUM(POA:Tres!A5)", "SUM(tres:uno!$5:$6)"]
)
def test_references_over_several_sheets_stay_as_in_excel_and_are_told_of(formula: str) -> None:
    insertion = Insertion("POA", (NewRow(5), NewRow(5)), ("Uno", "POA", "Tres", "Otra"))
    assert insertion.formula(f"{formula}+A5", "POA") == f"{formula}+A7"
    assert insertion.unmoved == [f"{formula}+A5"]


@pytest.mark.parametrize(
    "formula", ["SUM(Uno:Tres!A1:A4)", "SUM(Tres:Otra!A9)", "SUM('[1]Uno:Tres'!A9)", "SUM(Uno:Tres!A:A)"]
)
def test_references_over_several_sheets_that_are_not_concerned_stay(formula: str) -> None:
    insertion = Insertion("POA", (NewRow(5),), ("Uno", "POA", "Tres", "Otra"))
    assert insertion.formula(formula, "POA") == formula
    assert insertion.unmoved == []


def test_references_are_clipped_at_the_end_of_the_sheet() -> None:
    insertion = Insertion("POA", (NewRow(5), NewRow(5)))
    assert [insertion.area(ref) for ref in ("A1048575", "A9:A1048575", "A9:A1048576")] == [
        "A1048576",
        "A11:A1048576",
        "A11:A1048576",
    ]


def test_every_reference_of_the_torture_moves() -> None:
    after = members(inserted(torture(), 7, 2))
    sheet = after["xl/worksheets/sheet1.xml"].decode()
    assert "<f>SUM(X6:X10)</f>" in sheet
    assert '<row r="9" hidden="1" ' in sheet.replace('spans="1:36" ', "") or re.search(
        r'<row r="9"[^>]*hidden="1"', sheet
    )
    assert 'sqref="H6:H10"' in sheet
    assert 'sqref="D6:D22"' in sheet
    assert '<hyperlink ref="D14"' in sheet
    assert '<autoFilter ref="A4:X10"/>' in sheet
    assert "<xm:f>POA!J6:U6</xm:f><xm:sqref>AJ6</xm:sqref>" in sheet
    workbook = after["xl/workbook.xml"].decode()
    assert "POA!$A$1:$X$10" in workbook
    assert "POA!$A$4:$X$10" in workbook
    assert "POA!$X$5" in workbook
    assert "POA!$X$6:$X$10" in after["xl/charts/chart1.xml"].decode()
    drawing = after["xl/drawings/drawing1.xml"].decode()
    assert "<xdr:row>13</xdr:row>" in drawing
    assert "<xdr:row>21</xdr:row>" in drawing
    assert 'ref="C6"' in after["xl/comments1.xml"].decode()


def test_notes_and_controls_below_move_with_their_cells() -> None:
    after = members(inserted(torture(), 6))
    assert 'ref="C7"' in after["xl/comments1.xml"].decode()
    before = re.findall(r"<x:Row>(\d+)</x:Row>", members(torture())["xl/drawings/vmlDrawing1.vml"].decode())
    moved = re.findall(r"<x:Row>(\d+)</x:Row>", after["xl/drawings/vmlDrawing1.vml"].decode())
    assert [int(row) for row in moved] == [int(row) + 1 for row in before]


def test_shared_formulas_get_texts_of_their_own_only_where_they_no_longer_move_alike() -> None:
    rows = {line: {"A": p.number(line), "B": p.raw('<f t="shared" si="0"/><v>1</v>')} for line in (2, 3, 4)}
    rows[1] = {"A": p.number(1), "B": p.raw('<f t="shared" ref="B1:B4" si="0">A1*$A$4</f><v>1</v>')}
    rows = dict(sorted(rows.items()))
    data = p.pack(p.parts([("POA", p.sheet(rows))]))
    sheet = members(inserted(data, 3))["xl/worksheets/sheet1.xml"].decode()
    assert re.findall(r"<f [^>]*>([^<]*)</f>", sheet) == ["A1*$A$5"]
    assert sheet.count('<f t="shared" si="0"/>') == 3
    rows[1]["B"] = p.raw('<f t="shared" ref="B1:B4" si="0">A1+A2</f><v>1</v>')
    data = p.pack(p.parts([("POA", p.sheet(rows))]))
    sheet = members(inserted(data, 3))["xl/worksheets/sheet1.xml"].decode()
    assert re.findall(r"<f[^>]*>([^<]*)</f>", sheet) == ["A1+A2", "A2+A4"]
    assert re.findall(r'<c r="(B\d)"[^>]*><f t="shared" si="0"/>', sheet) == ["B4", "B5"]


def test_what_is_one_thing_is_not_torn_apart() -> None:
    with pytest.raises(BookError, match="AH4:AH5"):
        inserted(torture(), 5)
    pivot = b'<pivotTableDefinition xmlns="x"><location ref="A3:B9"/></pivotTableDefinition>'
    data = with_parts(p.pack(p.parts([("POA", p.plan_sheet())])), {"xl/pivotTables/pivotTable1.xml": pivot})
    rels = f'<Relationships xmlns="{p.PACKAGE}"><Relationship Id="r" Type="{p.RELATIONS}/pivotTable" Target="../pivotTables/pivotTable1.xml"/></Relationships>'
    data = with_parts(data, {"xl/worksheets/_rels/sheet1.xml.rels": rels.encode()})
    with pytest.raises(BookError, match="A3:B9"):
        inserted(data, 5)
    assert b'ref="A4:B10"' in members(inserted(data, 2))["xl/pivotTables/pivotTable1.xml"]


def test_the_source_of_a_pivot_table_moves_wherever_it_stands() -> None:
    cache = b'<pivotCacheDefinition xmlns="x"><cacheSource><worksheetSource ref="A1:X3" sheet="POA"/></cacheSource></pivotCacheDefinition>'
    parts = p.parts([("POA", p.plan_sheet())], more={"otra/fuente.xml": cache})
    rels = str(parts["xl/_rels/workbook.xml.rels"]).removesuffix("</Relationships>")
    link = f'<Relationship Id="rIdP" Type="{p.RELATIONS}/pivotCacheDefinition" Target="/otra/fuente.xml"/>'
    parts["xl/_rels/workbook.xml.rels"] = f"{rels}{link}</Relationships>"
    assert b'ref="A1:X4"' in members(inserted(p.pack(parts), 2))["otra/fuente.xml"]


def test_page_breaks_and_controls_move() -> None:
    control = '<formControlPr xmlns="x" fmlaLink="$A$3" fmlaRange="POA!$B$1:$B$5"/>'
    xml = p.plan_sheet(after='<rowBreaks count="1"><brk id="2" max="16383"/></rowBreaks>')
    data = with_parts(p.pack(p.parts([("POA", xml)])), {"xl/ctrlProps/ctrlProp1.xml": control.encode()})
    rels = f'<Relationships xmlns="{p.PACKAGE}"><Relationship Id="r" Type="{p.RELATIONS}/ctrlProp" Target="../ctrlProps/ctrlProp1.xml"/></Relationships>'
    after = members(inserted(with_parts(data, {"xl/worksheets/_rels/sheet1.xml.rels": rels.encode()}), 2))
    assert b'<brk id="3"' in after["xl/worksheets/sheet1.xml"]
    assert b'fmlaLink="$A$4" fmlaRange="POA!$B$1:$B$6"' in after["xl/ctrlProps/ctrlProp1.xml"]


def test_other_sheets_that_do_not_look_here_stay_to_the_byte() -> None:
    before, after = members(torture()), members(inserted(torture(), 7))
    assert before["xl/worksheets/sheet3.xml"] == after["xl/worksheets/sheet3.xml"]
    assert before["xl/styles.xml"] == after["xl/styles.xml"]


def test_new_rows_can_be_filled_at_once() -> None:
    editor = Editor(torture(), "p.xlsx")
    editor.insert("POA", [NewRow(7)])
    editor.sheet("POA").cells[7, 2] = Cell("G1.1.1")
    page = openpyxl.load_workbook(io.BytesIO(editor.save()))["POA"]
    assert (page["B7"].value, page["B8"].value, page["X5"].value) == ("G1.1.1", "G1.2", "=SUM(X6:X9)")


def test_an_unknown_sheet_is_refused() -> None:
    with pytest.raises(BookError, match="«Nada»"):
        inserted(torture(), 7, sheet="Nada")


@pytest.mark.parametrize("before", [2, 7, 8, 9])
def test_calc_inserting_the_same_row_comes_to_the_same(before: int, office: Office, tmp_path: Path) -> None:
    path = tmp_path / "p.xlsx"
    path.write_bytes(torture())
    calc = openpyxl.load_workbook(office.edit(path, ["insert", "POA", before]))
    values = openpyxl.load_workbook(tmp_path / "edited" / "p.xlsx", data_only=True)
    path.write_bytes(inserted(torture(), before))
    ours = openpyxl.load_workbook(path)
    recalculated = openpyxl.load_workbook(office.convert(path, "xlsx"), data_only=True)
    for sheet in ("POA", "Listas"):
        for row in calc[sheet].iter_rows(min_row=1, max_row=32, max_col=33):
            for cell in row:
                mine = ours[sheet][cell.coordinate].value
                if isinstance(cell.value, str) and cell.value.startswith("="):
                    assert str(mine).replace("POA!", "$POA.").replace("$POA.", "POA!") == cell.value, cell.coordinate
                assert recalculated[sheet][cell.coordinate].value == values[sheet][cell.coordinate].value
        assert sorted(map(str, ours[sheet].merged_cells.ranges)) == sorted(map(str, calc[sheet].merged_cells.ranges))
    assert ours.defined_names["Total"].attr_text == calc.defined_names["Total"].attr_text
    assert ours["POA"].print_area == calc["POA"].print_area
    assert ours["POA"].auto_filter.ref == calc["POA"].auto_filter.ref
    validations = [
        sorted(str(each.sqref) for each in book["POA"].data_validations.dataValidation) for book in (ours, calc)
    ]
    assert validations[0] == validations[1]


@pytest.mark.parametrize(
    ("row", "formula", "expected"),
    [
        (NewRow(6, 5, grows=True), "SUM(A2:A5)", "SUM(A2:A6)"),
        (NewRow(6, 5, grows=True), "SUM(A2:A4)+A5", "SUM(A2:A4)+A5"),
        (NewRow(6, 5), "SUM(A2:A5)", "SUM(A2:A5)"),
        (NewRow(7, 5, grows=True), "SUM(A2:A5)", "SUM(A2:A5)"),
        (NewRow(4, 3, grows=True), "SUM(A2:A5)", "SUM(A2:A6)"),
    ],
)
def test_a_sum_that_ends_right_above_takes_in_a_row_that_is_like_its_own(
    row: NewRow, formula: str, expected: str
) -> None:
    assert Insertion("POA", (row,)).formula(formula, "POA") == expected


def test_a_new_row_gets_the_formats_of_the_row_that_it_is_like_and_none_of_its_content() -> None:
    rows = {
        2: {"A": p.number(1, 3), "B": p.text("x")},
        3: {"A": p.number(2, 3), "B": p.raw("<f>A2</f><v>1</v>", style=1)},
    }
    after = '<conditionalFormatting sqref="A2:A3"><cfRule type="expression" priority="1"><formula>A2=1</formula></cfRule></conditionalFormatting>'
    xml = p.sheet(rows, after, {3: 'ht="30" customHeight="1"'})
    editor = Editor(p.pack(p.parts([("POA", xml)])), "p.xlsx")
    editor.insert("POA", [NewRow(4, 3), NewRow(3, 2), NewRow(3, 2)])
    edits = editor.sheet("POA")
    edits.cells[4, 1] = Cell(None)
    edits.raw[4, 1] = ("", "<v>7</v>")
    sheet = members(editor.save())["xl/worksheets/sheet1.xml"].decode()
    assert [int(number) for number in re.findall(r'<row r="(\d+)"', sheet)] == [2, 3, 4, 5, 6]
    assert '<row r="6" ht="30" customHeight="1"><c r="A6" s="3"/><c r="B6" s="1"/></row>' in sheet
    assert '<c r="A4" s="3"><v>7</v></c>' in sheet
    assert 'sqref="A2:A6"' in sheet


@pytest.mark.parametrize(
    ("before", "breaks"), [(1, (3, 5)), (2, (3, 5)), (3, (3, 5)), (4, (2, 5)), (5, (2, 5)), (6, (2, 4))]
)
def test_a_page_break_stays_above_its_row(before: int, breaks: tuple[int, int]) -> None:
    # Breaks stand above rows 3 and 5; a row that goes in right there pushes them down.
    xml = p.plan_sheet(after='<rowBreaks count="2"><brk id="2" max="16383"/><brk id="4" max="16383"/></rowBreaks>')
    after = members(inserted(p.pack(p.parts([("POA", xml)])), before))["xl/worksheets/sheet1.xml"].decode()
    assert tuple(map(int, re.findall(r'<brk id="(\d+)"', after))) == breaks
