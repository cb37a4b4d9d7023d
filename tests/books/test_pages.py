"""Rows that we write ourselves are those that the library would have written."""

import io
import zipfile
from datetime import date, datetime

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from poa_xl.books.pages import Page

VALUES = (
    None,
    "texto",
    "",
    " con blancos ",
    "<&>\x01",
    "=1+1",
    "#N/A",
    "x" * 40_000,
    True,
    False,
    0,
    -7,
    1.5,
    0.1 + 0.2,
    10**17,
    date(2020, 2, 29),
    datetime(2020, 2, 29, 6, 30),  # noqa: DTZ001 - cells know no zone
)
RESULTS = (None, "", "VERDE", "#N/A", True, 3, 2.5)


def drawn(kind: type[Worksheet]) -> dict[str, bytes]:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        page = book.add_worksheet("A", kind)
        for column, look in enumerate((None, book.add_format({"bold": True}), book.add_format({"num_format": "0.0"}))):
            for row, value in enumerate(VALUES):
                if isinstance(page, Page):
                    page.put(row + 1, column + 1, value, look)
                elif isinstance(value, str):
                    page.write_string(row, column, value, look)
                else:
                    page.write(row, column, value, look)
        page.merge_range("E20:F21", "", book.add_format({"italic": True}))
        page.write_url("E23", "internal:'A'!A1", None, "ver")
        page.set_row(30, 40)
        page.set_row(1, 20, None, {"level": 2})
    with zipfile.ZipFile(buffer) as archive:
        return {name: archive.read(name) for name in archive.namelist() if "core.xml" not in name}


def test_a_page_writes_the_bytes_of_the_library() -> None:
    assert drawn(Page) == drawn(Worksheet)


def test_a_formula_is_written_with_what_it_came_to_and_shared_where_it_is_alike() -> None:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        page = book.add_worksheet("A", Page)
        page.take({(row, 2): f"=A{row}+1" for row in range(1, len(RESULTS) + 1)} | {(1, 3): '=IF(A1<2,"a&b","")'})
        for row, result in enumerate(RESULTS, 1):
            page.put(row, 2, result, None, is_formula=True)
        page.put(1, 3, "a&b", None, is_formula=True)
    with zipfile.ZipFile(buffer) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    first, *others = (
        '<c r="B1"><f t="shared" ref="B1:B7" si="0">A1+1</f></c>',
        '<c r="B2" t="str"><f t="shared" si="0"/><v></v></c>',
        '<c r="B3" t="str"><f t="shared" si="0"/><v>VERDE</v></c>',
        '<c r="B4" t="e"><f t="shared" si="0"/><v>#N/A</v></c>',
        '<c r="B5" t="b"><f t="shared" si="0"/><v>1</v></c>',
        '<c r="B6"><f t="shared" si="0"/><v>3</v></c>',
        '<c r="B7"><f t="shared" si="0"/><v>2.5</v></c>',
    )
    assert all(cell in sheet for cell in (first, *others))
    assert '<c r="C1" t="str"><f>IF(A1&lt;2,"a&amp;b","")</f><v>a&amp;b</v></c>' in sheet
