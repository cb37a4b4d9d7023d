"""Workbooks of LibreOffice and of Excel 97 are read as the same plan."""

import zipfile
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from openpyxl.styles import Alignment, PatternFill

from poa_xl.actions.checking import check_file
from poa_xl.actions.load import find_plan
from poa_xl.actions.reading import read_workbook_of
from poa_xl.books.excel97 import read_xls
from poa_xl.books.opendocument import read_ods
from poa_xl.core.values import Flaw, Invalid
from poa_xl.errors import BookError
from poa_xl.sheet.grid import Merge
from tests.books import packages as p
from tests.layouts import FORMS, draw, items, saved
from tests.office import Office
from tests.plans import change, save, small

SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for name in ("office", "table", "text", "style", "fo")
)


def ods(path: Path, rows: str, styles: str = "") -> Path:
    content = (
        f'<?xml version="1.0"?><office:document-content {SPACES} xmlns:calcext="urn:org:documentfoundation">'
        f'<office:automatic-styles>{styles}</office:automatic-styles><office:body><office:spreadsheet><table:table table:name="POA">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("content.xml", content)
    return path


def cell(text: str = "", **more: str) -> str:
    names = " ".join(f'{name.replace("__", ":").replace("_", "-")}="{value}"' for name, value in more.items())
    return f"<table:table-cell {names}>{f'<text:p>{text}</text:p>' if text else ''}</table:table-cell>"


KINDS = [
    (cell("Código"), "Código"),
    (cell("1,5", office__value_type="float", office__value="1.5"), Decimal("1.5")),
    (cell("36 %", office__value_type="percentage", office__value="0.36"), Decimal(36)),
    (cell("36:30", office__value_type="time", office__time_value="PT36H30M00S"), Decimal("36.5")),
    (cell("1:30", office__value_type="time", office__time_value="PT01H30M00.000000000S"), Decimal("1.5")),
    (cell("-0:30", office__value_type="time", office__time_value="-PT30M"), Decimal("-0.5")),
    (cell("x", office__value_type="time", office__time_value="P1D"), Invalid("P1D", Flaw.MALFORMED)),
    (cell("$ 5", office__value_type="currency", office__value="5", office__currency="USD"), Decimal(5)),
    (cell("02/01/20", office__value_type="date", office__date_value="2020-01-02"), date(2020, 1, 2)),
    (cell("x", office__value_type="date", office__date_value="2020-01-02T10:00:00"), datetime(2020, 1, 2, 10)),  # noqa: DTZ001
    (cell("x", office__value_type="date", office__date_value="ayer"), Invalid("ayer", Flaw.MALFORMED)),
    (cell("x", office__value_type="float", office__value="x"), Invalid("x", Flaw.MALFORMED)),
    (cell("SI", office__value_type="boolean", office__boolean_value="true"), True),
    (cell("x", office__value_type="string"), "x"),
    (cell("#REF!", table__formula="of:=[.A1]", calcext__value_type="error"), Invalid("#REF!", Flaw.ERROR)),
    (cell("Err:502", table__formula="of:=[.A1]", office__value_type="string"), Invalid("Err:502", Flaw.ERROR)),
    (cell(table__formula="of:=[.A1]"), Invalid("", Flaw.UNCALCULATED)),
    (cell(), None),
]


@pytest.mark.parametrize(("xml", "value"), KINDS)
def test_a_cell_says_what_it_holds_and_an_error_is_no_blank(xml: str, value: object, tmp_path: Path) -> None:
    (grid,) = read_ods(ods(tmp_path / "p.ods", f"<table:table-row>{xml}</table:table-row>"))
    assert grid.get(1, 1) == value
    assert ((1, 1) in grid.scaled) == ("percentage" in xml or 'value-type="time"' in xml)
    assert grid.shown == ({(1, 1): "USD 5"} if "USD" in xml else {})


def test_what_repeats_is_spelled_out_and_the_rest_of_the_sheet_is_not(tmp_path: Path) -> None:
    rows = (
        '<table:table-row table:number-rows-repeated="2">'
        + cell(table__number_columns_repeated="2")
        + cell("x", table__number_columns_repeated="2")
        + "</table:table-row>"
        '<table:table-row table:visibility="filter">'
        + cell("a", table__number_rows_spanned="2", table__number_columns_spanned="3")
        + "<table:covered-table-cell/>"
        + cell("b", table__number_columns_repeated="16380")
        + "</table:table-row>"
        '<table:table-row table:number-rows-repeated="1048570">' + cell("z") + "</table:table-row>"
    )
    (grid,) = read_ods(ods(tmp_path / "p.ods", rows))
    assert grid.cells[1] == grid.cells[2] == {3: "x", 4: "x"}
    assert grid.cells[3] == {1: "a"}
    assert grid.merges == (Merge(3, 1, 4, 3),)
    assert grid.hidden == {3}
    assert max(grid.cells) == 4


def style(name: str, colour: str) -> str:
    inside = f'<style:table-cell-properties fo:background-color="{colour}"/>' if colour else ""
    return f'<style:style style:name="{name}" style:family="table-cell">{inside}</style:style>'


def test_blank_cells_that_are_painted_are_known_by_their_colour(tmp_path: Path) -> None:
    styles = style("ce1", "#92D050") + style("ce2", "#ffffff") + style("ce3", "transparent") + style("ce4", "")
    rows = (
        '<table:table-row table:number-rows-repeated="2">'
        + cell(table__style_name="ce1", table__number_columns_repeated="2")
        + "".join(cell(table__style_name=f"ce{number}") for number in (2, 3, 4))
        + cell("x", table__style_name="ce1")
        + cell(table__style_name="ce1", table__number_columns_repeated="16000")
        + "</table:table-row>"
        "<table:table-row>" + cell(table__style_name="ce1") + "</table:table-row>"
    )
    (grid,) = read_ods(ods(tmp_path / "p.ods", rows, styles))
    assert grid.painted == dict.fromkeys([(1, 1), (1, 2), (2, 1), (2, 2), (3, 1)], "#92d050")
    assert grid.cells == {1: {6: "x"}, 2: {6: "x"}}


def test_lines_blanks_and_notes_are_told_apart(tmp_path: Path) -> None:
    inside = (
        "<office:annotation><text:p>nota</text:p></office:annotation><text:p>uno<text:s/>dos</text:p>"
        "<text:p>tres<text:line-break/>cuatro</text:p>"
    )
    path = ods(tmp_path / "p.ods", f"<table:table-row><table:table-cell>{inside}</table:table-cell></table:table-row>")
    assert read_ods(path)[0].get(1, 1) == "uno dos\ntres\ncuatro"


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"nada"])
def test_what_is_no_workbook_is_refused_by_name(data: bytes, tmp_path: Path) -> None:
    for reader, name in ((read_ods, "p.ods"), (read_xls, "p.xls")):
        (tmp_path / name).write_bytes(data)
        with pytest.raises(BookError, match=name):
            reader(tmp_path / name)
    with zipfile.ZipFile(tmp_path / "otro.ods", "w") as archive:
        archive.writestr("hola.txt", "hola")
    with pytest.raises(BookError, match="otro"):
        read_ods(tmp_path / "otro.ods")
    with pytest.raises(BookError, match="nadie"):
        read_ods(tmp_path / "nadie.ods")


def test_an_older_workbook_needs_its_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "xlrd", None)
    (tmp_path / "p.xls").write_bytes(b"x")
    with pytest.raises(BookError, match=r"poa-xl\[xls\]"):
        read_xls(tmp_path / "p.xls")


@pytest.mark.parametrize("form", ["ods", "xls"])
def test_the_same_plan_has_the_same_findings_in_every_kind_of_file(form: str, office: Office, tmp_path: Path) -> None:
    path = save(change(small(), "GRO1.1", budget=Decimal(999)), tmp_path / "plan.xlsx")
    book = openpyxl.load_workbook(path)
    page = book["POA 2020"]
    page["I6"] = 0.36
    page["I6"].number_format = "0%"
    page["X9"] = "=1/0"
    page["A6"].number_format = "000"
    page["X7"].number_format = "[$$-409]#,##0.00"
    page["X8"].number_format = '"$us" #,##0.00'
    page["X10"].number_format = '#,##0.00 "Bs"'
    page["J7"].number_format = "[h]:mm"
    page.row_dimensions[7].hidden = True
    page["Z4"] = True
    page["Z5"] = datetime(2020, 1, 2, 10)  # noqa: DTZ001
    page.merge_cells("E6:E7")
    book.save(path)
    made = office.convert(path, form)
    was = office.convert(path, "xlsx")
    one, other = check_file(was), check_file(made)
    assert (one.problem, other.problem) == ("", "")
    told = [[(each.finding.rule, each.where.cell) for each in done.findings] for done in (one, other)]
    assert sorted(told[0]) == sorted(told[1])
    assert ("celda-error", "X9") in told[0]
    grids = [read_workbook_of(each)[0][0] for each in (was, made)]
    assert grids[0].merges == grids[1].merges
    assert grids[0].hidden == grids[1].hidden
    assert {row: cells for row, cells in grids[0].cells.items() if row > 4} == {
        row: cells for row, cells in grids[1].cells.items() if row > 4
    }


@pytest.mark.parametrize("form", ["ods", "xls"])
def test_months_that_are_painted_are_read_in_every_kind_of_file(form: str, office: Office, tmp_path: Path) -> None:
    drawn = draw(FORMS["painted months"], items())
    path = saved(tmp_path / "plan.xlsx", drawn.grid)
    page = (book := openpyxl.load_workbook(path)).worksheets[0]
    page["T2"].fill = PatternFill("solid", fgColor="FFFFFFFF")
    page["T3"].value, page["T3"].fill = "nota", PatternFill("solid", fgColor="FF92D050")
    book.save(path)
    plans = [find_plan(read_workbook_of(each)[0]).plan for each in (path, office.convert(path, form))]
    assert [row.months for row in plans[0].rows] == [row.months for row in plans[1].rows]
    assert all(row.marked for row in plans[1].rows)


@pytest.mark.parametrize("form", ["ods", "xls"])
def test_how_far_formats_set_texts_in_is_read_in_every_kind_of_file(form: str, office: Office, tmp_path: Path) -> None:
    path = saved(tmp_path / "plan.xlsx", draw(FORMS["painted months"], items()).grid)
    page = (book := openpyxl.load_workbook(path)).worksheets[0]
    for row, indent in {4: 0, 5: 1, 6: 2}.items():
        page.cell(row, 2).alignment = Alignment(indent=indent)
    page["A5"].alignment = Alignment(indent=1)
    book.save(path)
    wanted = {(5, 2): 1, (6, 2): 2}
    assert read_workbook_of(path)[0][0].indents == wanted
    found = read_workbook_of(office.convert(path, form))[0][0].indents
    assert found.keys() == wanted.keys()
    assert found[5, 2] < found[6, 2]
    # The same, written as hardly any program does.
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = next(name for name in parts if name.endswith("sheet1.xml"))
    path.write_bytes(p.pack({**parts, sheet: parts[sheet].replace(b"<sheetData>", b"<sheetData >")}))
    assert read_workbook_of(path)[0][0].indents == wanted
