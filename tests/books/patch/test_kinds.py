"""Kinds of workbooks that an edit once made invalid, or refused, or lost something of."""

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from poa_xl.actions.cleaning import clean_book
from poa_xl.actions.updating import Options, update_book
from poa_xl.books.package import Package
from poa_xl.books.patch.editor import Editor
from poa_xl.books.patch.moved import Insertion, NewRow
from poa_xl.books.patch.references import shifted
from poa_xl.books.sheetxml import read_workbook
from poa_xl.core.values import Flaw, Invalid
from poa_xl.errors import BookError
from poa_xl.sheet.spec import Cell, Choice, ConditionalFormat, SheetSpec, Style
from tests.books import packages as p
from tests.books.patch.torture import members, with_parts
from tests.books.zoo.validity import faults
from tests.plans import save, small

SHEET, BOOK = "xl/worksheets/sheet1.xml", "xl/workbook.xml"
RED = Style(fill="#FF0000")


def edited(data: bytes, *, sheet: str = "POA", **edits: object) -> bytes:
    editor = Editor(data, "p.xlsx")
    for key, value in edits.items():
        setattr(editor.sheet(sheet), key, value)
    return editor.save()


def sheet_of(data: bytes) -> str:
    return members(data)[SHEET].decode()


def book_with(old: str, new: str, *, part: str = SHEET) -> bytes:
    data = p.pack(p.parts([("POA", p.plan_sheet())]))
    text = members(data)[part].decode()
    assert old in text
    return with_parts(data, {part: text.replace(old, new, 1).encode()})


# Containers


@pytest.mark.parametrize("empty", ["<definedNames/>", "<definedNames />", "<definedNames></definedNames>", ""])
def test_names_go_into_their_container(empty: str) -> None:
    data = book_with("</sheets>", f"</sheets>{empty}", part=BOOK)
    editor = Editor(data, "p.xlsx")
    editor.set_name("_poa_xl", "a=1")
    editor.set_print_area("POA", "$A$1:$X$3")
    after = editor.save()
    assert not [fault for fault in faults(after) if "definedName" in fault]
    assert (
        len(
            re.findall(
                r"<definedNames>(?:<definedName [^>]*>[^<]*</definedName>){2}</definedNames>",
                members(after)[BOOK].decode(),
            )
        )
        == 1
    )
    assert Package(after, "p.xlsx").marks["_poa_xl"] == "a=1"


@pytest.mark.parametrize("container", ["<cols/>", "<cols></cols>", ""])
def test_columns_go_into_their_container(container: str) -> None:
    after = edited(book_with("<sheetData>", f"{container}<sheetData>"), columns={30: (12, 1)})
    assert re.search(r'<cols><col min="30" max="30" [^>]*/></cols><sheetData>', sheet_of(after))


@pytest.mark.parametrize(
    "container",
    ['<dataValidations count="0"/>', "<dataValidations/>", '<dataValidations count="0"></dataValidations>', ""],
)
def test_lists_go_into_their_container(container: str) -> None:
    after = edited(book_with("</sheetData>", f"</sheetData>{container}"), choices=[Choice("A3:A3", ("a", "b"))])
    assert sheet_of(after).count("<dataValidations") == 1
    assert not [fault for fault in faults(after) if "dataValidation" in fault]


def test_formats_are_counted_where_there_were_none() -> None:
    data = p.pack(p.parts([("POA", p.plan_sheet())]))
    styles = p.STYLES.replace("</styleSheet>", '<dxfs count="0"/></styleSheet>')
    after = edited(
        with_parts(data, {"xl/styles.xml": styles.encode()}), rules=[ConditionalFormat("A3:A3", "=$B3=1", RED)]
    )
    assert '<dxfs count="1">' in members(after)["xl/styles.xml"].decode()


# What earlier versions left


def test_names_and_columns_left_astray_are_put_in_their_places_and_said_so(tmp_path: Path) -> None:
    path = save(small(), tmp_path / "p.xlsx")
    update_book(path, Options())
    data = path.read_bytes()
    book, sheet = members(data)[BOOK].decode(), sheet_of(data)
    names = re.search(r"<definedNames>(.*?)</definedNames>", book)
    columns = re.search(r"<cols>(.*?)</cols>", sheet)
    assert names is not None
    assert columns is not None
    ours = re.search(r'<definedName name="_poa_xl".*?</definedName>', names[1])
    assert ours is not None
    book = book.replace(names[0], f"<definedNames/>{ours[0]}{ours[0]}{names[1].replace(ours[0], '')}")
    sheet = sheet.replace(columns[0], f"<cols/>{columns[1]}")
    broken = with_parts(data, {BOOK: book.encode(), SHEET: sheet.encode()})
    assert faults(broken) != []
    path.write_bytes(broken)
    done = update_book(path, Options())
    assert {"_poa_xl", "col"} <= set(done.mended)
    assert faults(path.read_bytes()) == []
    clean_book(path, Options())
    assert "_poa_xl" not in members(path.read_bytes())[BOOK].decode()


# What clean gives back


@pytest.mark.parametrize(
    "columns",
    [
        '<col min="25" max="16384" width="11.5" style="1" hidden="1" customWidth="1"/>',
        '<col min="20" max="28" width="7" customWidth="1"/><col min="30" max="31" width="3" customWidth="1"/>',
        '<col min="26" max="26" width="7" customWidth="1"/>',
        '<col min="1" max="16384" width="9" style="2"/>',
        "",
    ],
)
@pytest.mark.parametrize(
    "form", ["", '<sheetFormatPr defaultRowHeight="15"/>', '<sheetFormatPr defaultRowHeight="15" outlineLevelCol="0"/>']
)
def test_columns_and_levels_come_back(columns: str, form: str, tmp_path: Path) -> None:
    cols = f"<cols>{columns}</cols>" if columns else ""
    path = tmp_path / "p.xlsx"
    path.write_bytes(book_with("<sheetData>", f'<dimension ref="A1:Z3"/>{form}{cols}<sheetData>'))
    before = sheet_of(path.read_bytes())
    update_book(path, Options())
    update_book(path, Options())
    assert sheet_of(path.read_bytes()) != before
    clean_book(path, Options())
    assert sheet_of(path.read_bytes()) == before


@pytest.mark.parametrize(
    "calculation",
    ["", "<calcPr/>", '<calcPr calcId="191029"/>', '<calcPr fullCalcOnLoad="0"/>', '<calcPr fullCalcOnLoad="1"/>'],
)
def test_the_request_to_calculate_comes_back(calculation: str, tmp_path: Path) -> None:
    path = tmp_path / "p.xlsx"
    path.write_bytes(book_with("</sheets>", f"</sheets>{calculation}", part=BOOK))
    before = members(path.read_bytes())[BOOK]
    update_book(path, Options())
    assert b'fullCalcOnLoad="1"' in members(path.read_bytes())[BOOK]
    clean_book(path, Options())
    assert members(path.read_bytes())[BOOK] == before


@pytest.mark.parametrize("hint", ["1:24", "1:40", "5:24"])
def test_hints_of_size_come_back(hint: str, tmp_path: Path) -> None:
    path = tmp_path / "p.xlsx"
    path.write_bytes(book_with('<row r="3" ', f'<row r="3" spans="{hint}" '))
    before = sheet_of(path.read_bytes())
    update_book(path, Options())
    clean_book(path, Options())
    assert sheet_of(path.read_bytes()) == before


def test_a_size_that_leaves_far_cells_out_comes_back(tmp_path: Path) -> None:
    path = tmp_path / "p.xlsx"
    operation = {**p.OPERATION, "XFD": p.text("lejos")}
    sheet = p.sheet({1: p.HEADER, 2: p.GROUP, 3: operation}, attributes={3: 'spans="1:24"'})
    path.write_bytes(p.pack(p.parts([("POA", sheet.replace("<sheetData>", '<dimension ref="A1:X3"/><sheetData>'))])))
    before = sheet_of(path.read_bytes())
    update_book(path, Options())
    assert sheet_of(path.read_bytes()) != before
    clean_book(path, Options())
    assert sheet_of(path.read_bytes()) == before


def test_hints_of_size_grow_to_the_left_too() -> None:
    data = book_with('<row r="3" ', '<row r="3" spans="4:24" ')
    assert 'spans="2:24"' in sheet_of(edited(data, cells={(3, 2): Cell("x")}))


# Formats


def test_a_cell_whose_format_is_not_there_does_not_take_the_look_of_ours() -> None:
    data = book_with('<c r="H3" s="0">', '<c r="H3" s="7">')
    after = members(edited(data, cells={(3, 30): Cell("x", RED), (3, 31): Cell("y", Style(bold=True))}))
    formats = re.search(r"<cellXfs[^>]*>(.*?)</cellXfs>", after["xl/styles.xml"].decode())
    assert formats is not None
    assert 'applyFill="1"' not in re.findall(r"<xf .*?(?:/>|</xf>)", formats[1])[7]


def test_a_format_of_numbers_that_is_not_there_does_not_take_ours() -> None:
    data = p.pack(p.parts([("POA", p.plan_sheet())]))
    styles = p.STYLES.replace('<xf numFmtId="9"/>', '<xf numFmtId="167"/>')
    after = edited(
        with_parts(data, {"xl/styles.xml": styles.encode()}), cells={(3, 30): Cell("x", Style(number_format="0.0000"))}
    )
    assert 'numFmtId="168" formatCode="0.0000"' in members(after)["xl/styles.xml"].decode()


def test_an_heir_keeps_how_its_formula_is_calculated() -> None:
    rows = {
        1: p.HEADER,
        2: {"Z": p.raw('<f t="shared" ca="1" ref="Z2:Z3" si="0">NOW()+A2</f><v>1</v>')},
        3: {"Z": p.raw('<f t="shared" ca="1" si="0"/><v>1</v>')},
    }
    after = sheet_of(edited(p.pack(p.parts([("POA", p.sheet(rows))])), cells={(2, 26): Cell("x")}))
    assert '<f t="shared" ref="Z3:Z3" si="0" ca="1">NOW()+A3</f>' in after


def test_two_rows_go_into_a_sheet_without_any() -> None:
    data = p.pack(p.parts([("POA", f'<worksheet xmlns="{p.MAIN}"><dimension ref="A1"/><sheetData/></worksheet>')]))
    after = sheet_of(edited(data, cells={(3, 2): Cell("x"), (5, 1): Cell("y")}))
    assert re.findall(r'<row r="(\d)">', after) == ["3", "5"]
    assert '<dimension ref="A3:B5"/>' in after


# What moves and what does not


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("a5+$b$9", "a6+$b$10"),
        ("SUM(A6:INDEX(A:A,9))", "SUM(A7:INDEX(A:A,9))"),
        ("SUM('POA'!B4:'POA'!C6)", "SUM('POA'!B4:'POA'!C7)"),
        ("YTD2026*XFE9", "YTD2026*XFE9"),
        ("TAX2020", "TAX2021"),
        ("A5 :\nB9", "A6 :\nB10"),
        ("  SUM( A5 ,\n\tA9 ) ", "  SUM( A6 ,\n\tA10 ) "),
        ("#REF!:#REF! #REF!", "#REF!:#REF! #REF!"),
        ("#REF!A5", "#REF!A5"),
        ("[1]!POA_TIPO(A5)", "[1]!POA_TIPO(A6)"),
        ("'[1]POA'!A5", "'[1]POA'!A5"),
        ("POA!nombre+nombre.A5", "POA!nombre+nombre.A5"),
        ("SUM(J5:U5)", "SUM(J6:U6)"),
        ("A5#", "A6#"),
        ("@A5", "@A6"),
        ("Tabla1[[#This Row],[A5]]", "Tabla1[[#This Row],[A5]]"),
        ("Tabla1['[A5']]", "Tabla1['[A5']]"),
        ("LOG10(A5)", "LOG10(A6)"),
        ("A5:XFE1", "A6:XFE1"),
        ("", ""),
    ],
)
def test_formulas_move_and_keep_everything_else(formula: str, expected: str) -> None:
    assert Insertion("POA", (NewRow(5),)).formula(formula, "POA") == expected


@pytest.mark.parametrize("formula", ["SUM(J5:U5)", "SUM($J$5:U5)"])
def test_a_sum_across_does_not_take_in_the_row_below(formula: str) -> None:
    assert Insertion("POA", (NewRow(6, 5, grows=True),)).formula(formula, "POA") == formula


@pytest.mark.parametrize(
    ("formula", "down", "right", "expected"),
    [
        ("A1+$B2+C$3+$D$4", 2, 1, "B3+$B4+D$3+$D$4"),
        ("SUM(J5:J9)", 0, 1, "SUM(K5:K9)"),
        ("'Hoja A1'!A1+LOG10(B2)", 1, 0, "'Hoja A1'!A2+LOG10(B3)"),
        ("YTD2026+A1B", 1, 1, "YTD2026+A1B"),
        ("a1+Z1", 1, 1, "B2+AA2"),
        ("SUM(A:C)+SUM(5:9)+SUM($A:C)", 1, 1, "SUM(B:D)+SUM(6:10)+SUM($A:D)"),
        ("A1", -1, 0, "A1048576"),
        ('LOG10(A1)&"A1"', 1, 0, 'LOG10(A2)&"A1"'),
    ],
)
def test_formulas_are_copied(formula: str, down: int, right: int, expected: str) -> None:
    assert shifted(formula, down, right) == expected


def test_what_a_sheet_says_of_rows_moves_and_what_it_says_of_columns_stays() -> None:
    tail = (
        '<scenarios sqref="A3"><scenario name="s" count="1"><inputCells r="H3" val="1"/></scenario></scenarios>'
        '<rowBreaks count="2"><brk id="2" max="16383"/><brk/></rowBreaks><colBreaks count="1"><brk id="5"/></colBreaks>'
        '<cellWatches><cellWatch r="X3"/></cellWatches>'
    )
    data = p.pack(p.parts([("POA", p.plan_sheet(after=tail))]))
    editor = Editor(data, "p.xlsx")
    editor.insert("POA", [NewRow(2)])
    after = sheet_of(editor.save())
    for piece in (
        'sqref="A4"',
        'inputCells r="H4"',
        '<rowBreaks count="2"><brk id="3" max="16383"/><brk/>',
        '<brk id="5"/>',
        'cellWatch r="X4"',
    ):
        assert piece in after


def test_the_inputs_of_a_data_table_move() -> None:
    data = p.pack(
        p.parts(
            [("POA", p.plan_sheet({"Z": p.raw('<f t="dataTable" ref="Z3:AA3" dt2D="1" r1="A3" r2="B1"/><v>1</v>')}))]
        )
    )
    editor = Editor(data, "p.xlsx")
    editor.insert("POA", [NewRow(2)])
    assert '<f t="dataTable" ref="Z4:AA4" dt2D="1" r1="A4" r2="B1"/>' in sheet_of(editor.save())


@pytest.mark.parametrize(("last", "lost"), [('<c r="A1048576" s="1"/>', False), ('<c r="A1048576"><v>1</v></c>', True)])
def test_blank_rows_may_fall_off_the_sheet_and_filled_ones_not(last: str, *, lost: bool) -> None:
    xml = p.sheet({1: p.HEADER}).replace("</sheetData>", f'<row r="1048576">{last}</row></sheetData>')
    editor = Editor(p.pack(p.parts([("POA", xml)])), "p.xlsx")
    editor.insert("POA", [NewRow(2)])
    if lost:
        with pytest.raises(BookError, match=r"1\.?048\.?576"):
            editor.save()
    else:
        assert "1048576" not in sheet_of(editor.save())


def test_a_formula_of_one_array_cell_is_replaced_whole() -> None:
    data = p.pack(p.parts([("POA", p.plan_sheet({"Z": p.raw('<f t="array" ref="Z3">SUM(A1:A2)</f><v>1</v>')}))]))
    assert "array" not in sheet_of(edited(data, cells={(3, 26): Cell("x")}))


# What is read


def grid(data: bytes) -> dict[int, dict[int, object]]:
    return {row: dict(cells) for row, cells in read_workbook(Package(data, "p.xlsx")).grids[0].cells.items()}


def test_an_address_in_small_letters_is_an_address() -> None:
    assert grid(p.pack(p.parts([("POA", p.sheet({3: {"x": p.text("aquí")}}))])))[3] == {24: "aquí"}


def test_a_row_without_a_number_is_where_its_first_cell_says() -> None:
    xml = p.sheet({3: {"A": p.text("a")}, 7: {"B": p.text("b")}}).replace('row r="7"', "row")
    assert grid(p.pack(p.parts([("POA", xml)]))) == {3: {1: "a"}, 7: {2: "b"}}
    after = edited(p.pack(p.parts([("POA", xml)])), cells={(7, 3): Cell("c")})
    assert grid(after)[7] == {2: "b", 3: "c"}


def test_a_picture_in_a_cell_is_no_error() -> None:
    cells = {"A": '<c r="@" t="e" vm="1"><v>#VALUE!</v></c>', "B": '<c r="@" t="e"><v>#VALUE!</v></c>'}
    assert grid(p.pack(p.parts([("POA", p.sheet({1: cells}))]))) == {1: {2: Invalid("#VALUE!", Flaw.ERROR)}}


@pytest.mark.parametrize("ref", ["D8:D9999999", "A1:XFE1"])
def test_cells_joined_beyond_the_sheet_are_named(ref: str) -> None:
    with pytest.raises(BookError, match=rf"sheet1\.xml.*{ref}"):
        grid(p.pack(p.parts([("POA", p.plan_sheet(after=f'<mergeCells><mergeCell ref="{ref}"/></mergeCells>'))])))


def test_a_sheet_without_a_part_does_not_hinder_the_others() -> None:
    parts = p.parts([("POA", p.plan_sheet()), ("Vacía", p.plan_sheet())])
    del parts["xl/worksheets/sheet2.xml"]
    data = p.pack(parts)
    assert [sheet.name for sheet in Package(data, "p.xlsx").sheets] == ["POA"]
    assert "AD3" in sheet_of(edited(data, cells={(3, 30): Cell("x")}))


def test_a_new_sheet_takes_no_name_that_a_lost_part_is_still_called_by() -> None:
    parts = p.parts([("POA", p.plan_sheet()), ("Vacía", p.plan_sheet())])
    del parts["xl/worksheets/sheet2.xml"]
    editor = Editor(p.pack(parts), "p.xlsx")
    editor.add_sheet(SheetSpec("Hallazgos", cells={(1, 1): Cell("x")}))
    added = members(editor.save()).keys() - parts.keys()
    assert added == {"xl/worksheets/sheet3.xml"}


@pytest.mark.parametrize(
    "ask", [lambda e: e.obstacles("POA"), lambda e: e.looks("POA", [30])], ids=["obstacles", "looks"]
)
def test_columns_that_are_no_numbers_are_told_when_they_are_read(ask: Callable[[Editor], object]) -> None:
    data = book_with("<sheetData>", '<cols><col min="1" max="b" width="9"/></cols><sheetData>')
    editor = Editor(data, "p.xlsx")
    editor.sheet("POA").cells[3, 30] = Cell("x")
    editor.sheet("POA").keep_format.add((3, 30))
    with pytest.raises(BookError, match=r"p\.xlsx: hay una parte que no se entiende"):
        ask(editor)


def test_a_part_whose_check_sum_is_wrong_is_told_and_nothing_is_written() -> None:
    buffer = io.BytesIO(p.book())
    with zipfile.ZipFile(buffer, "a") as package:
        package.writestr("docProps/note.bin", b"as it was written", zipfile.ZIP_STORED)
    damaged = buffer.getvalue().replace(b"as it was written", b"as it was not so!")
    with pytest.raises(BookError, match=r"note\.bin"):
        edited(damaged, cells={(3, 30): Cell("x")})
