"""Edits of foreign workbooks: what is meant changes, everything else stays to the byte."""

import contextlib
import io
import re
import zipfile
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from poa_xl.books.book import MemoryBook
from poa_xl.books.package import Package
from poa_xl.books.patch.editor import Editor
from poa_xl.books.patch.edits import Edited
from poa_xl.books.patch.gate import read_cells, verify, verify_part
from poa_xl.books.patch.members import rewrite
from poa_xl.books.patch.moved import NewRow
from poa_xl.books.patch.sheet import SheetEditor
from poa_xl.books.patch.spans import Splice, apply
from poa_xl.books.sheetxml import read_workbook
from poa_xl.core.values import Flaw, Invalid
from poa_xl.errors import BookError, CellError
from poa_xl.sheet.spec import Cell, Choice, ConditionalFormat, Content, SheetSpec, Style
from tests.books import packages as p
from tests.books.patch.torture import members, torture, with_parts
from tests.office import Office

SHEET = "xl/worksheets/sheet1.xml"
RED = Style(bold=True, fill="#FF0000", color="#00FF00", number_format="0.0000", border=True, align="center")


def package(data: bytes) -> Package:
    return Package(data, "p.xlsx")


def value(data: bytes, row: int, column: int, sheet: int = 0) -> object:
    return read_workbook(package(data))[sheet].get(row, column)


def edited(data: bytes, cells: dict[tuple[int, int], Cell | None], sheet: str = "POA") -> bytes:
    editor = Editor(data, "p.xlsx")
    editor.sheet(sheet).cells.update(cells)
    return editor.save()


def differing(before: bytes, after: bytes) -> set[str]:
    old, new = members(before), members(after)
    return {name for name in {*old, *new} if old.get(name) != new.get(name)}


def full(data: bytes) -> bytes:
    """An edit of every kind."""
    editor = Editor(data, "p.xlsx")
    edits = editor.sheet("POA")
    edits.cells = {(4, 40): Cell("Estado", RED), (5, 40): Cell("VERDE"), (6, 40): Cell(Decimal(3), RED, "=1+2")}
    edits.rules = [ConditionalFormat("H5:H8", '=$AN5="VERDE"', Style(fill="#E2F0D9", color="#375623"))]
    edits.choices = [Choice("AM5:AM8", ("uno", "dos"), "Título", "Mensaje")]
    edits.columns = {40: (12, 1), 41: (20, 1)}
    editor.add_sheet(SheetSpec("Nueva", {(1, 1): Cell("H", RED), (2, 1): Cell("ir", link="'POA'!H6")}, freeze=(2, 1)))
    editor.set_name("_poa_xl", "a=1;b=«dos»")
    editor.recalculate(on_load=True)
    return editor.save()


def undone(data: bytes) -> bytes:
    editor = Editor(data, "p.xlsx")
    edits = editor.sheet("POA")
    edits.cells = dict.fromkeys([(4, 40), (5, 40), (6, 40)])
    edits.drop_rule = lambda formula: formula.startswith("$AN")
    edits.drop_choice = lambda formula: formula == '"uno,dos"'
    edits.drop_columns = {40, 41}
    editor.drop_sheet("Nueva")
    editor.set_name("_poa_xl", None)
    return editor.save()


def test_an_edit_of_every_kind_changes_five_parts_and_adds_one() -> None:
    before = torture()
    after = full(before)
    assert differing(before, after) == {
        SHEET,
        "xl/worksheets/sheet5.xml",
        "xl/workbook.xml",
        "xl/_rels/workbook.xml.rels",
        "xl/styles.xml",
        "[Content_Types].xml",
    }


def test_untouched_members_are_copied_as_compressed_bytes_in_their_order() -> None:
    before = torture()
    after = full(before)
    old, new = (zipfile.ZipFile(io.BytesIO(data)).infolist() for data in (before, after))
    assert [info.filename for info in new][: len(old)] == [info.filename for info in old]
    for one, other in zip(old, new, strict=False):
        if one.filename not in differing(before, after):
            assert (one.compress_size, one.CRC, one.date_time) == (other.compress_size, other.CRC, other.date_time)


def test_in_the_sheet_only_declared_elements_differ() -> None:
    before = torture()
    after = full(before)
    old, new = members(before)[SHEET].decode(), members(after)[SHEET].decode()
    for pattern in (
        r'<c r="AN\d+"[^>]*?(?:/>|>.*?</c>)',
        r'<conditionalFormatting sqref="H5:H8">(?:(?!</conditionalFormatting>).)*AN5.*?</conditionalFormatting>',
        r'<dataValidation [^>]*promptTitle="Título".*?</dataValidation>',
        r"<cols>.*?</cols>",
        r' spans="\d+:\d+"',
        r'<dimension ref="[^"]*"/>',
        r' outlineLevelCol="1"',
        r'<dataValidations count="\d+">',
    ):
        old, new = re.sub(pattern, "", old), re.sub(pattern, "", new)
    assert new == old


def test_what_was_put_in_comes_out_again() -> None:
    before = torture()
    after = undone(full(before))
    assert differing(before, after) == {"xl/styles.xml"}


def test_doing_it_twice_is_doing_it_once() -> None:
    once = full(torture())
    editor = Editor(once, "p.xlsx")
    editor.sheet("POA").cells = {(5, 40): Cell("VERDE")}
    assert editor.save() == once


@pytest.mark.filterwarnings("ignore:.*extension is not supported")
def test_other_readers_see_the_edit_and_everything_else(office: Office, tmp_path: Path) -> None:
    path = tmp_path / "p.xlsx"
    path.write_bytes(full(torture()))
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["POA", "Listas", "Gráficos", "Oculta", "Nueva"]
    assert book["POA"]["AN6"].value == "=1+2"
    assert book["POA"]["AN4"].fill.fgColor.rgb == "FFFF0000"
    assert book["POA"]["AN4"].number_format == "0.0000"
    assert book["Listas"].sheet_state == "hidden"
    calculated = openpyxl.load_workbook(office.convert(path, "xlsx"), data_only=True)
    assert calculated["POA"]["AN6"].value == 3
    assert calculated["POA"]["X5"].value == 400
    assert calculated["Listas"]["F1"].value == 800


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("texto", "texto"),
        ("  con blancos\n", "  con blancos\n"),
        ("=no es fórmula", "=no es fórmula"),
        ("_x000D_ & <a> ñ 😀", "_x000D_ & <a> ñ 😀"),
        ("control \x01 y \r", "control \x01 y \r"),
        (Decimal("0.1"), Decimal("0.1")),
        (Decimal(10) ** 14, Decimal(10) ** 14),
        (True, True),
        (None, None),
    ],
)
@pytest.mark.parametrize("place", [(6, 40), (6, 3), (2, 7), (5, 8), (30, 1)])
def test_any_value_can_be_put_anywhere(content: Content, expected: object, place: tuple[int, int]) -> None:
    assert value(edited(torture(), {place: Cell(content)}), *place) == expected


def test_a_text_that_no_cell_can_hold_is_refused() -> None:
    with pytest.raises(CellError, match=r"AN6.*40\.000.*32\.767"):
        edited(torture(), {(6, 40): Cell("x" * 40_000)})


# Pitfalls, each by its number in the notes on editing workbooks in place.


def test_1_prefixes_and_ignorable_namespaces_stay() -> None:
    xml = p.plan_sheet().replace(
        "<worksheet ", '<worksheet xmlns:mc="m" xmlns:x14ac="a" mc:Ignorable="x14ac" xmlns:xr="r" xr:uid="{1}" '
    )
    data = p.pack({**p.parts([("POA", p.plan_sheet())]), SHEET: xml, "xl/styles.xml": styles()})
    after = members(edited(data, {(3, 40): Cell("x")}))[SHEET].decode()
    assert after.startswith(xml[: xml.index("<sheetData>")])


def styles() -> str:
    return (
        f'<styleSheet xmlns="{p.MAIN}"><fonts count="1"><font/></fonts><fills count="1"><fill/></fills>'
        '<borders count="1"><border/></borders><cellStyleXfs><xf/></cellStyleXfs>'
        '<cellXfs count="6"><xf numFmtId="0"/><xf numFmtId="14"/><xf/><xf/><xf/><xf/></cellXfs></styleSheet>'
    )


def book(xml: str, **more: str) -> bytes:
    return p.pack({**p.parts([("POA", xml)]), "xl/styles.xml": styles(), **more})


def test_2_the_master_of_a_shared_formula_moves_to_the_next_user() -> None:
    cells = {
        "Z": p.raw('<f t="shared" ref="Z3:Z5" si="4">A3*$B$1+"&lt;"</f><v>1</v>'),
    }
    rows = {line: {**p.OPERATION, "Z": p.raw('<f t="shared" si="4"/><v>1</v>')} for line in (4, 5)}
    data = book(p.sheet({1: p.HEADER, 2: p.GROUP, 3: {**p.OPERATION, **cells}, **rows}))
    after = members(edited(data, {(3, 26): Cell("fija")}))[SHEET].decode()
    assert '<f t="shared" ref="Z4:Z5" si="4">A4*$B$1+"&lt;"</f>' in after
    gone = edited(data, {(3, 26): Cell("a"), (4, 26): Cell("b"), (5, 26): Cell("c")})
    assert b"shared" not in members(gone)[SHEET]


@pytest.mark.parametrize("place", [(4, 34), (5, 34)])
def test_2_array_formulas_are_refused(place: tuple[int, int]) -> None:
    with pytest.raises(CellError, match="matricial"):
        edited(torture(), {place: Cell("x")})


def test_2_spilled_formulas_are_refused() -> None:
    with pytest.raises(CellError, match="matricial"):
        edited(torture(), {(1, 7): Cell("x")}, "Listas")


def test_2_data_tables_are_refused() -> None:
    data = book(p.plan_sheet({"Z": p.raw('<f t="dataTable" ref="Z3:AA9" dt2D="1"/><v>1</v>')}))
    for place in ((3, 26), (3, 27)):
        with pytest.raises(CellError, match="tabla de datos"):
            edited(data, {place: Cell("x")})


def test_3_new_text_is_inline_and_keeps_its_blanks() -> None:
    after = members(edited(torture(), {(6, 40): Cell(" a ")}))[SHEET].decode()
    assert re.search(r'<c r="AN6" s="\d+" t="inlineStr"><is><t xml:space="preserve"> a </t></is></c>', after)


def test_4_elements_stand_in_the_order_of_the_standard() -> None:
    bare = book(p.plan_sheet())
    after = members(full_on(bare))[SHEET].decode()
    order = [after.index(f"<{name}") for name in ("cols", "sheetData", "conditionalFormatting", "dataValidations")]
    assert order == sorted(order)
    tail = '<mc:AlternateContent xmlns:mc="m"><mc:Choice Requires="x14"><controls/></mc:Choice></mc:AlternateContent>'
    xml = p.plan_sheet(after=f'<sheetProtection sheet="1"/><hyperlinks/><pageMargins/>{tail}')
    after = members(full_on(book(xml)))[SHEET].decode()
    names = ("sheetProtection", "conditionalFormatting", "dataValidations", "hyperlinks", "pageMargins", "mc:Alternate")
    order = [after.index(f"<{name}") for name in names]
    assert order == sorted(order)


def full_on(data: bytes) -> bytes:
    editor = Editor(data, "p.xlsx")
    edits = editor.sheet("POA")
    edits.cells = {(3, 40): Cell("x", RED)}
    edits.rules = [ConditionalFormat("H3:H3", '=$AN3="x"', RED)]
    edits.choices = [Choice("AM3:AM3", ("a",))]
    edits.columns = {40: (9, 1)}
    return editor.save()


def test_5_formats_are_appended_and_the_old_ones_keep_their_numbers() -> None:
    before = torture()
    old, new = members(before)["xl/styles.xml"].decode(), members(full(before))["xl/styles.xml"].decode()
    for name in ("fonts", "fills", "borders", "cellXfs", "dxfs"):
        was = re.search(rf"<{name} .*?</{name}>", old)
        now = re.search(rf"<{name} .*?</{name}>", new)
        assert now is not None
        inside = re.sub(r"^<[^>]*>|</[^>]*>$", "", was[0]) if was else ""
        assert re.sub(r"^<[^>]*>", "", now[0]).startswith(inside)
        count = re.search(r'count="(\d+)"', now[0])
        assert count is not None
        single = {"fonts": "font", "fills": "fill", "borders": "border", "cellXfs": "xf", "dxfs": "dxf"}[name]
        assert int(count[1]) == len(re.findall(rf"<{single}[ >/]", now[0]))


def test_5_a_workbook_without_formats_gets_some() -> None:
    parts = p.parts([("POA", p.plan_sheet().replace(' s="1"', ""))])
    del parts["xl/styles.xml"]
    rels = str(parts["xl/_rels/workbook.xml.rels"])
    parts["xl/_rels/workbook.xml.rels"] = re.sub(r'<Relationship Id="rIdS"[^>]*/>', "", rels)
    after = edited(p.pack(parts), {(3, 40): Cell("x", RED)})
    assert value(after, 3, 40) == "x"
    assert b"FFFF0000" in members(after)["xl/styles.xml"]
    assert b'Target="styles.xml"' in members(after)["xl/_rels/workbook.xml.rels"]
    assert b'PartName="/xl/styles.xml"' in members(after)["[Content_Types].xml"]


@pytest.mark.filterwarnings("ignore:.*extension is not supported")
def test_5_a_cell_keeps_its_format_when_asked() -> None:
    editor = Editor(torture(), "p.xlsx")
    editor.sheet("POA").cells[5, 24] = Cell(Decimal(7), RED)
    editor.sheet("POA").keep_format.add((5, 24))
    cell = openpyxl.load_workbook(io.BytesIO(editor.save()))["POA"]["X5"]
    assert (cell.value, cell.number_format) == (7, "#,##0.00")


def test_6_priorities_follow_those_of_the_sheet() -> None:
    after = members(full(torture()))[SHEET].decode()
    priorities = re.findall(r'priority="(\d+)"', after)
    assert len(priorities) == len(set(priorities))


@pytest.mark.parametrize("place", [(1, 2), (1, 4)])
def test_7_only_the_anchor_of_a_merge_is_written(place: tuple[int, int]) -> None:
    with pytest.raises(CellError, match="combinación"):
        edited(torture(), {place: Cell("x")})
    assert value(edited(torture(), {(1, 1): Cell("x")}), 1, 1) == "x"


def test_7_headers_of_tables_are_column_names_and_are_refused() -> None:
    with pytest.raises(CellError, match="encabezado de una tabla"):
        edited(torture(), {(1, 3): Cell("x")}, "Listas")
    assert value(edited(torture(), {(2, 3): Cell("x")}, "Listas"), 2, 3, sheet=1) == "x"


def test_8_dimension_and_spans_grow() -> None:
    xml = p.plan_sheet().replace("<sheetData>", '<dimension ref="A1:X3"/><sheetData>')
    xml = xml.replace('<row r="3" ', '<row r="3" spans="1:24" ')
    after = members(edited(book(xml), {(3, 40): Cell("x"), (9, 1): Cell("y")}))[SHEET].decode()
    assert '<dimension ref="A1:AN9"/>' in after
    assert 'spans="1:40"' in after


def test_8_rows_and_cells_without_addresses_are_found_by_position() -> None:
    xml = re.sub(r' r="\w+"', "", p.sheet({1: {"A": p.text("a"), "B": p.text("b")}, 2: {"A": p.text("c")}}))
    data = edited(book(xml), {(1, 2): Cell("B"), (2, 3): Cell("C")})
    assert [value(data, 1, 1), value(data, 1, 2), value(data, 2, 1), value(data, 2, 3)] == ["a", "B", "c", "C"]


@pytest.mark.parametrize("rows", ['<row r="2"/><row r="1"/>', '<row r="2"/><row r="2"/>'])
def test_8_rows_out_of_order_or_doubled_are_refused(rows: str) -> None:
    xml = f'<worksheet xmlns="{p.MAIN}"><sheetData>{rows}</sheetData></worksheet>'
    with pytest.raises(BookError, match=r"fila [12]"):
        edited(book(xml), {(3, 1): Cell("x")})


@pytest.mark.parametrize("rows", ['<row r="3"/>', '<row r="3" />', '<row r="3"></row>', ""])
def test_8_empty_rows_are_opened(rows: str) -> None:
    xml = f'<worksheet xmlns="{p.MAIN}"><sheetData>{rows}</sheetData></worksheet>'
    assert value(edited(book(xml), {(3, 2): Cell("x"), (3, 1): Cell("w")}), 3, 2) == "x"


@pytest.mark.parametrize("inside", ["<sheetData/>", "<sheetData />", "<sheetData></sheetData>", "", "<pageMargins/>"])
def test_8_a_sheet_without_rows_is_opened(inside: str) -> None:
    xml = f'<worksheet xmlns="{p.MAIN}">{inside}</worksheet>'
    after = edited(book(xml), {(3, 2): Cell("x"), (5, 1): Cell("y")})
    assert (value(after, 3, 2), value(after, 5, 1)) == ("x", "y")


def chained() -> bytes:
    xml = p.plan_sheet({"Z": p.raw("<f>1+1</f><v>2</v>")})
    parts = p.parts([("POA", xml)], more={"xl/calcChain.xml": '<calcChain><c r="Z3" i="1"/></calcChain>'})
    parts["xl/styles.xml"] = styles()
    rels = str(parts["xl/_rels/workbook.xml.rels"])
    link = f'<Relationship Id="rIdC" Type="{p.RELATIONS}/calcChain" Target="calcChain.xml"/>'
    parts["xl/_rels/workbook.xml.rels"] = rels.replace("</Relationships>", f"{link}</Relationships>")
    types = str(parts["[Content_Types].xml"]).removesuffix("/>")
    parts["[Content_Types].xml"] = f'{types}><Override PartName="/xl/calcChain.xml" ContentType="x"/></Types>'
    return p.pack(parts)


def test_9_the_calculation_chain_goes_only_when_formulas_come_or_go() -> None:
    assert "xl/calcChain.xml" in members(edited(chained(), {(3, 27): Cell("x")}))
    changes: list[dict[tuple[int, int], Cell | None]] = [
        {(3, 27): Cell(Decimal(1), formula="=1")},
        {(3, 26): Cell("x")},
        {(3, 26): None},
    ]
    for cells in changes:
        after = members(edited(chained(), cells))
        assert "xl/calcChain.xml" not in after
        assert b"calcChain" not in after["xl/_rels/workbook.xml.rels"] + after["[Content_Types].xml"]


def test_9_programs_are_asked_to_calculate_on_opening() -> None:
    after = full(torture())
    assert b'fullCalcOnLoad="1"' in members(after)["xl/workbook.xml"]
    bare = Editor(book(p.plan_sheet()), "p.xlsx")
    bare.recalculate(on_load=True)
    asked = bare.save()
    assert Editor(asked, "p.xlsx").recalculates
    back = Editor(asked, "p.xlsx")
    back.recalculate(on_load=False)
    assert members(back.save())["xl/workbook.xml"] == members(book(p.plan_sheet()))["xl/workbook.xml"]


def test_10_strict_workbooks_stay_strict() -> None:
    xml = p.plan_sheet().replace(p.MAIN, p.STRICT)
    data = p.pack(
        {
            **p.parts([("POA", xml)], relations=p.STRICT_RELATIONS, main=p.STRICT),
            "xl/styles.xml": styles().replace(p.MAIN, p.STRICT),
        }
    )
    editor = Editor(data, "p.xlsx")
    editor.add_sheet(SheetSpec("Nueva", {(1, 1): Cell("a")}))
    after = members(editor.save())
    assert p.STRICT.encode() in after["xl/worksheets/sheet2.xml"]
    assert p.MAIN.encode() not in after["xl/worksheets/sheet2.xml"]


def test_10_parts_with_a_prefix_stay_so() -> None:
    xml = p.plan_sheet().replace(f'xmlns="{p.MAIN}"', f'xmlns:x="{p.MAIN}"')
    for tag in ("worksheet", "sheetData", "row", "c", "v", "is", "t"):
        xml = (
            xml.replace(f"<{tag} ", f"<x:{tag} ").replace(f"<{tag}>", f"<x:{tag}>").replace(f"</{tag}>", f"</x:{tag}>")
        )
    after = full_on(book(xml))
    assert re.search(
        r'<x:c r="AN3" s="\d+" t="inlineStr"><x:is><x:t>x</x:t></x:is></x:c>', members(after)[SHEET].decode()
    )
    assert value(after, 3, 40) == "x"


@pytest.mark.parametrize("encoding", ["utf-16", "iso-8859-1", "windows-1252"])
def test_10_parts_in_other_encodings_become_utf8(encoding: str) -> None:
    xml = f'<?xml version="1.0" encoding="{encoding.upper()}"?>{p.plan_sheet()}'.encode(encoding)
    data = p.pack({**p.parts([("POA", "")]), SHEET: xml, "xl/styles.xml": styles()})
    after = edited(data, {(3, 40): Cell("ñ")})
    assert members(after)[SHEET].startswith(b'<?xml version="1.0" encoding="UTF-8"?>')
    assert (value(after, 3, 40), value(after, 1, 2)) == ("ñ", "Código")


def test_10_parts_that_are_not_in_what_they_declare_are_refused_by_name() -> None:
    xml = f'<?xml version="1.0" encoding="UTF-16LE"?>{p.plan_sheet()}'.encode() + b"x"
    with pytest.raises(BookError, match=r"sheet1\.xml: .*utf-16le"):
        edited(p.pack({**p.parts([("POA", "")]), SHEET: xml, "xl/styles.xml": styles()}), {(3, 40): Cell("x")})


def test_11_headers_with_descriptors_are_written_with_sizes() -> None:
    stream = io.BytesIO()
    stream.seekable = lambda: False  # type: ignore[method-assign]
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package_:
        for name, content in {
            **p.parts([("POA", p.plan_sheet())]),
            "xl/styles.xml": styles(),
            "xl/ñandú.bin": "x",
        }.items():
            package_.writestr(name, content)
    after = edited(stream.getvalue(), {(3, 40): Cell("x")})
    infos = zipfile.ZipFile(io.BytesIO(after)).infolist()
    assert all(not info.flag_bits & 0x08 for info in infos)
    assert "xl/ñandú.bin" in {info.filename for info in infos}


def test_11_encrypted_members_are_refused() -> None:
    data = bytearray(with_parts(book(p.plan_sheet()), {"secreto.bin": b"x"}))
    at = data.rfind(b"PK\x01\x02")
    data[at + 8] |= 1
    with pytest.raises(BookError, match="cifrada"):
        edited(bytes(data), {(3, 40): Cell("x")})


def test_11_members_without_a_header_are_refused() -> None:
    data = bytearray(book(p.plan_sheet()))
    at = data.rfind(b"PK\x03\x04")
    data[at : at + 4] = b"XXXX"
    with pytest.raises(BookError, match=r"no se puede copiar|dañada"):
        rewrite(bytes(data), "p.xlsx", {})


def test_12_signed_workbooks_are_refused_unless_forced() -> None:
    data = with_parts(torture(), {"_xmlsignatures/sig1.xml": b"<Signature/>"})
    with pytest.raises(BookError, match="firma"):
        Editor(data, "p.xlsx")
    editor = Editor(data, "p.xlsx", force=True)
    editor.sheet("POA").cells[6, 40] = Cell("x")
    assert value(editor.save(), 6, 40) == "x"


@pytest.mark.parametrize("start", ["", '<workbookPr date1904="1"/>'])
def test_12_dates_count_from_where_the_workbook_counts(start: str) -> None:
    data = p.pack({**p.parts([("POA", p.plan_sheet())], workbook=start), "xl/styles.xml": styles()})
    look = Style(number_format="dd/mm/yy")
    cells: dict[tuple[int, int], Cell | None] = {
        (3, 30): Cell(date(2020, 1, 2), look),
        (3, 31): Cell(datetime(2020, 1, 2, 12), look),  # noqa: DTZ001 - cells know no zone
    }
    after = edited(data, cells)
    assert value(after, 3, 30) == date(2020, 1, 2)
    assert value(after, 3, 31) == datetime(2020, 1, 2, 12)  # noqa: DTZ001 - cells know no zone


@pytest.mark.parametrize("name", ["xl\\media\\x.bin", "/xl/x.bin"])
def test_11_members_with_names_of_another_kind_stay(name: str) -> None:
    data = p.pack({**p.parts([("POA", p.plan_sheet())]), "xl/styles.xml": styles(), name: "x"})
    assert members(edited(data, {(3, 40): Cell("x")}))[name] == b"x"


@pytest.mark.parametrize("start", ["/", "\\", "./"])
def test_11_packages_whose_members_are_absolute_are_edited(start: str) -> None:
    def renamed(name: str) -> str:
        return name if name.startswith("[") else "xl\\".join(name.split("xl/")) if start == "\\" else f"/{name}"

    parts = {renamed(name): content for name, content in p.parts([("POA", p.plan_sheet())]).items()}
    after = edited(p.pack({**parts, renamed("xl/styles.xml"): styles()}), {(3, 40): Cell("x", RED)})
    assert value(after, 3, 40) == "x"


def test_13_the_gate_finds_what_nobody_asked_for() -> None:
    before = torture()
    for part, new in (
        (SHEET, members(before)[SHEET].replace(b"<v>1.1</v>", b"<v>1.2</v>", 1)),
        ("xl/workbook.xml", b"<workbook/>"),
    ):
        after = with_parts(before, {part: new})
        with pytest.raises(BookError, match="comprobación"):
            verify(before, after, "p.xlsx", {SHEET}, {SHEET: {(1, 1)}})
    touched = with_parts(before, {SHEET: members(before)[SHEET].replace(b' ht="30"', b' ht="31"', 1)})
    with pytest.raises(BookError, match="R7C0"):
        verify(before, touched, "p.xlsx", {SHEET}, {SHEET: {(1, 1)}})
    verify(before, before, "p.xlsx", set(), {SHEET: set()})


@pytest.mark.parametrize(
    ("row", "is_right"),
    [
        (b'<row r="2"><c r="A2"><v>5</v></c><c r="B2"><v>7</v></c></row>', True),
        (b'<row r="2" spans="1:2"><c r="A2"><v>5</v></c><c r="B2"/></row>', True),
        (b'<row r="2"><c r="A2"><v>5</v></c><c r="C2"><v>7</v></c></row>', False),
        (b'<row r="2"><c r="A2"><v>5</v></c><c r="B2"><v>7</v></c><c r="C2"/></row>', False),
        (b'<row r="2"><c r="A2"><v>6</v></c><c r="B2"><v>7</v></c></row>', False),
        (b'<row r="2"><c r="B2"><v>7</v></c></row>', False),
    ],
)
def test_the_gate_proves_cells_at_the_end_of_a_row(row: bytes, *, is_right: bool) -> None:
    was = b'<worksheet><sheetData><row r="2"><c r="A2"><v>5</v></c></row></sheetData></worksheet>'
    now = b"<worksheet><sheetData>" + row + b"</sheetData></worksheet>"
    with contextlib.nullcontext() if is_right else pytest.raises(BookError, match="comprobación"):
        verify_part(was, now, SHEET, "p.xlsx", {(2, 2)})


def test_sheets_that_are_not_there_are_refused_by_name() -> None:
    with pytest.raises(BookError, match=r"«Nada».*POA"):
        edited(torture(), {(1, 1): Cell("x")}, "Nada")


def test_dropping_a_sheet_moves_the_names_of_later_ones_up() -> None:
    editor = Editor(torture(), "p.xlsx")
    editor.drop_sheet("Listas")
    editor.drop_sheet("No hay")
    after = editor.save()
    assert [sheet.name for sheet in package(after).sheets] == ["POA", "Gráficos", "Oculta"]
    names = re.findall(r'<definedName name="([^"]*)" localSheetId="(\d)"', members(after)["xl/workbook.xml"].decode())
    assert ("Local", "0") in names
    assert "xl/worksheets/sheet2.xml" not in members(after)


def test_names_and_print_areas_come_and_go() -> None:
    bare = book(p.plan_sheet())
    editor = Editor(bare, "p.xlsx")
    assert not editor.has_print_area("POA")
    editor.set_name("_poa_xl", 'a="1"')
    editor.set_print_area("POA", "$A$1:$X$9")
    with_names = editor.save()
    again = Editor(with_names, "p.xlsx")
    assert again.package.marks.get("_poa_xl") == 'a="1"'
    assert again.package.marks.get("otro") is None
    assert again.has_print_area("POA")
    again.set_name("_poa_xl", None)
    again.set_print_area("POA", None)
    assert members(again.save())["xl/workbook.xml"] == members(bare)["xl/workbook.xml"]
    assert Editor(torture(), "p.xlsx").has_print_area("POA")


def test_columns_that_a_wide_format_covers_are_cut_and_healed() -> None:
    before = torture()
    after = members(full(before))[SHEET].decode()
    columns = re.findall(r'<col min="(\d+)" max="(\d+)"', after)
    assert ("40", "40") in columns
    assert ("42", "16384") in columns
    assert ("25", "39") in columns


@pytest.mark.parametrize("form", ["", '<sheetFormatPr defaultRowHeight="15"/>', '<sheetFormatPr outlineLevelCol="3"/>'])
def test_outline_levels_are_declared_and_taken_back(form: str) -> None:
    xml = p.plan_sheet().replace(
        "<sheetData>", f'{form}<cols><col min="2" max="2" outlineLevel="1"/></cols><sheetData>'
    )
    xml = xml if form else xml.replace('<cols><col min="2" max="2" outlineLevel="1"/></cols>', "")
    if "3" not in form:
        xml = xml.replace(' outlineLevel="1"', "")
    data = book(xml)
    editor = Editor(data, "p.xlsx")
    editor.sheet("POA").columns = {40: (9, 1)}
    after = editor.save()
    back = Editor(after, "p.xlsx")
    back.sheet("POA").drop_columns = {40}
    assert members(back.save())[SHEET] == members(data)[SHEET]


def test_overlapping_splices_are_a_bug() -> None:
    with pytest.raises(ValueError, match="overlapping"):
        apply(b"abcdef", [Splice(0, 3, b""), Splice(2, 4, b"")])


plain = st.one_of(st.none(), st.booleans(), st.decimals(-(10**9), 10**9, places=3), st.text(max_size=12))
places = st.tuples(st.integers(1, 12), st.integers(1, 12))


@settings(max_examples=60)
@given(
    present=st.dictionaries(places, plain, min_size=1, max_size=20),
    wanted=st.dictionaries(places, st.one_of(st.none(), plain.map(Cell)), min_size=1, max_size=8),
)
def test_any_edits_land_and_nothing_else_moves(
    present: dict[tuple[int, int], Content], wanted: dict[tuple[int, int], Cell | None]
) -> None:
    memory = MemoryBook("p.xlsx")
    memory.write([SheetSpec("POA", {place: Cell(content) for place, content in present.items()})])
    assert memory.data is not None
    after = edited(memory.data, wanted)
    grid = read_workbook(package(after))[0]
    before = memory.read()[0]
    for place in {*present, *wanted}:
        expected = before.get(*place)
        if place in wanted:
            cell = wanted[place]
            expected = cell.value if cell is not None else None
            expected = None if expected == "" else expected
        assert grid.get(*place) == expected
    assert set(read_cells(members(after)[SHEET], "")) <= {*present, *wanted}


def test_an_error_stays_an_error() -> None:
    data = book(p.plan_sheet({"Z": p.raw("<v>#REF!</v>", "e")}))
    assert value(edited(data, {(3, 40): Cell("x")}), 3, 26) == Invalid("#REF!", Flaw.ERROR)


@pytest.mark.parametrize(
    ("text", "is_kept"),
    [
        ("a", False),
        ("a b", False),
        (" a", True),
        ("a ", True),
        ("a\nb", True),
        ("\ta", True),
        ("a\u00a0", True),
        ("", False),
    ],
)
def test_blanks_at_the_ends_and_line_breaks_are_said_to_count(text: str, is_kept: bool) -> None:
    after = members(edited(book(p.plan_sheet()), {(6, 40): Cell(text)}))[SHEET].decode()
    (cell,) = re.findall(r'<c r="AN6".*?</c>|<c r="AN6"[^>]*/>', after, re.DOTALL)
    assert ('xml:space="preserve"' in cell) is is_kept


@pytest.mark.parametrize(
    ("active", "dropped", "after"),
    [
        (0, "A", 0),
        (1, "A", 0),
        (2, "A", 1),
        (0, "B", 0),
        (1, "B", 0),
        (2, "B", 1),
        (0, "C", 0),
        (1, "C", 1),
        (2, "C", 1),
    ],
)
def test_the_tab_that_is_looked_at_stays_that_one_or_its_neighbour(active: int, dropped: str, after: int) -> None:
    sheets = [(name, p.sheet({1: {"A": p.text(name)}})) for name in "ABC"]
    parts = p.parts(sheets)
    xml = str(parts["xl/workbook.xml"]).replace(
        "<sheets>", f'<bookViews><workbookView activeTab="{active}" firstSheet="{active}"/></bookViews><sheets>', 1
    )
    editor = Editor(p.pack({**parts, "xl/workbook.xml": xml}), "p.xlsx")
    editor.drop_sheet(dropped)
    saved = editor.save()
    view = members(saved)["xl/workbook.xml"].decode()
    assert f'activeTab="{after}"' in view
    assert f'firstSheet="{after}"' in view
    assert len(package(saved).sheets) == 2


def staged(data: bytes, *, at_once: bool) -> bytes:
    """Rows inserted, cells written, cells written beside them, a sheet put in the place of another."""
    editor = Editor(data, "p.xlsx")
    book = read_workbook(editor.package)

    def next_stage() -> None:
        nonlocal editor, book
        if at_once:
            book = editor.workbook(book)
        else:
            editor = Editor(editor.save(), "p.xlsx")
            book = read_workbook(editor.package)

    editor.insert("POA", [NewRow(6)] * 2)
    next_stage()
    place = next((row, column) for row, cells in book[0].cells.items() for column in cells if row > 8)
    edits = editor.sheet("POA")
    edits.cells = {place: Cell(Decimal(7))}
    edits.keep_format = {place}
    next_stage()
    assert book[0].get(*place) == Decimal(7)
    edits = editor.sheet("POA")
    edits.cells = {(row, 40): Cell("VERDE", RED) for row in range(5, 12)}
    edits.columns = {40: (12, 1)}
    editor.add_sheet(SheetSpec("Nueva", {(1, 1): Cell("H", RED)}))
    editor.drop_sheet(book[1].name)
    editor.set_name("_poa_xl", "x=1")
    return editor.save()


def test_stages_come_to_what_as_many_saves_come_to() -> None:
    assert members(staged(torture(), at_once=True)) == members(staged(torture(), at_once=False))


def test_each_stage_is_proved(monkeypatch: pytest.MonkeyPatch) -> None:
    editor = Editor(book(p.plan_sheet()), "p.xlsx")
    before = read_workbook(editor.package)
    editor.sheet("POA").cells[5, 40] = Cell("x")
    work = SheetEditor.run

    def fails(self: SheetEditor) -> Edited:
        done = work(self)
        return replace(done, data=done.data.replace(b"</row>", b'<c r="AZ9"/></row>', 1))

    monkeypatch.setattr(SheetEditor, "run", fails)
    with pytest.raises(BookError, match="no pedido"):
        editor.workbook(before)


@pytest.mark.parametrize(
    "inside",
    [
        '<c r="A5"><v>1</v></c><c r="AN5"><v>2</v></c><c r="AO5"><f>1+1</f><v>2</v></c>',
        '<c r="A5"><v>1</v></c><c r="AO5"/>',
        '<c r="A5"><v>1</v></c><c r="AN5"><v>2</v></c><c r="B5"><v>3</v></c><c r="AO5"><v>2</v></c>',
        '<c r="A5"><v>1</v></c>\n<c r="AN5"><v>2</v></c>\n<c r="AO5"><v>2</v></c>\n',
        '<c r="A5"><v>1</v></c><c r="AN5"><v>2</v></c><!-- <c r="AO5"/> --><c r="AP5"><v>4</v></c>',
        '<c r="A5"><v>1</v></c><c r="AN5"><v>2</v></c><c><v>3</v></c>',
        '<c r="A5"><v>1</v></c><c r="AN5"><v>2</v></c><c r="AP5"><v>4</v></c><c r="AQ5"><v>5</v></c>',
        "",
    ],
)
@pytest.mark.parametrize("gone", [False, True])
def test_cells_at_the_end_of_a_row_take_the_place_of_those_there(inside: str, *, gone: bool) -> None:
    """The columns AN, AO and AP are written; whatever else stands in the row stays."""
    sheet = f'<worksheet xmlns="{p.MAIN}"><sheetData><row r="5">{inside}</row></sheetData></worksheet>'
    before = read_cells(sheet.encode(), "")
    cells: dict[tuple[int, int], Cell | None] = {(5, 40): Cell("x"), (5, 41): None, (5, 42): Cell(Decimal(8))}
    if gone:
        cells = dict.fromkeys(cells)
    after = members(edited(book(sheet), cells))[SHEET]
    found = read_cells(after, "")
    assert {place: found[place] for place in found.keys() - cells} == {
        place: cell for place, cell in before.items() if place not in cells
    }
    assert found.keys() & cells.keys() == (set() if gone else {(5, 40), (5, 42)})
    assert (b"<!--" in after) is ("<!--" in inside)
