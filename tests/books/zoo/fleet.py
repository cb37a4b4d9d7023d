"""Plan workbooks as XlsxWriter and openpyxl themselves write them, with features drawn by chance, and then spelled otherwise."""

import io
import random
import re
import zipfile
from base64 import b64decode
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import openpyxl
import xlsxwriter
from lxml import etree
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.formatting.rule import Rule
from openpyxl.styles import Font, PatternFill
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.formula import ArrayFormula
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.scenario import InputCells, Scenario, ScenarioList
from openpyxl.worksheet.table import Table

from poa_xl.core.plan import FIELDS
from poa_xl.sheet.fields import CAPTIONS
from tests.books.zoo.workbooks import MAIN

_PICTURE = b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")
_FORMULAS = (
    "=POA!X5*2",
    "=SUM(POA!$X$6:$X$11)",
    '=SUMIFS(POA!X6:X11,POA!D6:D11,"Pis*")',
    "=SUM(POA!6:8)",
    "=INDEX(POA!A6:X11,2,3)",
)


def _rows() -> Mapping[int, list[object]]:
    """The plan in rows 4 to 11."""
    rows: dict[int, list[object]] = {1: ["PLAN OPERATIVO ANUAL 2020"], 4: [CAPTIONS[field] for field in FIELDS]}
    rows[5] = [None, "G1", "Grupo & más", *[None] * 20, "=SUM(X6:X11)"]
    for row in range(6, 12):
        head = [row - 4, f"G1.{row - 5}", f"Operación {row} «ñ» <&>", "Pisiga", "Jefe", 43832, 44196, 12, "Trámites"]
        rows[row] = [*head, *[1] * 12, "Informe", "25220", 100]
    return rows


def by_xlsxwriter(chance: random.Random) -> bytes:
    """Write a plan with XlsxWriter."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "use_zip64": chance.random() < 0.3})
    page, other = book.add_worksheet("POA"), book.add_worksheet("Datos d'Oruro")
    look = book.add_format({"bold": True, "bg_color": "#FFC7CE"})
    for row, values in _rows().items():
        for column, value in enumerate(values):
            page.write(row - 1, column, value, look if row == 4 else None)
    other.write_column("A1", ["unidad", "Unidad Legal", "Pisiga"])
    other.write_column("A6", _FORMULAS)
    chart = book.add_chart({"type": "line"})
    chart.add_series({"values": "=POA!$X$6:$X$11", "categories": "=POA!$B$6:$B$11", "name": "=POA!$C$5"})
    features: list[Callable[[], object]] = [
        lambda: page.insert_chart("Z20", chart),
        lambda: page.insert_image("Z8", "p.png", {"image_data": io.BytesIO(_PICTURE), "object_position": 2}),
        lambda: page.write_comment("C8", "revisar", {"visible": True}),
        lambda: page.insert_button("Z7", {"macro": "x"}),
        lambda: page.insert_textbox("AA9", "texto", {"textlink": "=$X$8"}),
        lambda: page.conditional_format("X6:X11", {"type": "data_bar", "data_bar_2010": True}),
        lambda: page.conditional_format("H6:H11", {"type": "icon_set", "icon_style": "3_flags"}),
        lambda: page.data_validation("D6:D11", {"validate": "list", "source": "='Datos d''Oruro'!$A$2:$A$3"}),
        lambda: page.add_sparkline("AD6", {"range": "POA!J6:U6"}),
        lambda: page.add_table("Z30:AA33", {"columns": [{"header": "a"}, {"header": "b"}]}),
        lambda: page.autofilter("A4:X11"),
        lambda: page.freeze_panes(4, 3),
        lambda: page.merge_range("A1:D1", "PLAN", look),
        lambda: page.set_column("Y:XFD", 11, None, {"hidden": True}),
        lambda: page.set_column("Z:AB", 12, look, {"level": 1}),
        lambda: page.set_row(8, 30, look, {"level": 1}),
        lambda: page.set_h_pagebreaks([7]),
        lambda: page.print_area("A1:X11"),
        lambda: page.set_header("&L&G", {"image_left": "p.png", "image_data_left": io.BytesIO(_PICTURE)}),
        lambda: page.write_url("V6", "internal:'Datos d''Oruro'!A1", string="Informe"),
        lambda: page.protect("x"),
        lambda: page.unprotect_range("H6:H9", "r1"),
        lambda: page.ignore_errors({"number_stored_as_text": "W6:W11"}),
        lambda: other.write_array_formula("D30:D32", "{=POA!X6:X8*2}"),
        lambda: other.write_dynamic_array_formula("E40", "=LEN(POA!C6:C8)"),
        lambda: other.embed_image("B30", "p.png", {"image_data": io.BytesIO(_PICTURE)}),
        lambda: book.define_name("Total", "=POA!$X$5"),
        lambda: book.define_name("POA!propio", "=POA!$X$7"),
        lambda: book.set_custom_property("uno", 1),
    ]
    _some(features, chance)
    book.close()
    return buffer.getvalue()


def by_openpyxl(chance: random.Random) -> bytes:
    """Write a plan with openpyxl."""
    book = openpyxl.Workbook()
    page, other = book.worksheets[0], book.create_sheet("Datos d'Oruro")
    page.title = "POA"
    for row, values in _rows().items():
        for column, value in enumerate(values, 1):
            page.cell(row, column).value = value  # type: ignore[assignment]
    for row, formula in enumerate(_FORMULAS, 6):
        other.cell(row, 1, formula)
    chart = BarChart()
    chart.add_data(Reference(page, min_col=24, min_row=4, max_row=11), titles_from_data=True)
    for row in range(30, 33):
        page.cell(row, 27, "k" if row == 30 else row)
        page.cell(row, 28, "v" if row == 30 else row)
    rules: Mapping[str, Any] = {
        "X6:X11 Z6:Z9": Rule("expression", formula=["$X6>$X$5"], dxf=DifferentialStyle(font=Font(bold=True))),
        "J6:U11": Rule("aboveAverage", dxf=DifferentialStyle(font=Font(italic=True))),
    }
    supposed = ScenarioList(scenario=[Scenario(name="e", inputCells=[InputCells(r="X7", val="3")])])
    choice = DataValidation("list", formula1="'Datos d''Oruro'!$A$2:$A$4", sqref="D6:D11 D30")
    features: list[Callable[[], object]] = [
        lambda: page.add_chart(chart, "Z14"),
        lambda: page.add_table(Table(displayName="T1", ref="AA30:AB32")),
        lambda: page.add_data_validation(choice),
        *(partial(page.conditional_formatting.add, area, rule) for area, rule in rules.items()),
        lambda: setattr(page["C8"], "comment", Comment("revisar", "Ana")),
        lambda: setattr(page["C9"], "fill", PatternFill("solid", "00FF00")),
        lambda: setattr(page["V6"], "hyperlink", "https://example.org/?a=1&b=2"),
        lambda: setattr(page, "freeze_panes", "D5"),
        lambda: setattr(page.auto_filter, "ref", "A4:X11"),
        lambda: setattr(page, "scenarios", supposed),
        lambda: page.merge_cells("A1:D1"),
        lambda: page.row_breaks.append(Break(8)),
        lambda: page.column_dimensions.group("Y", "AB", outline_level=1, hidden=True),
        lambda: setattr(page.row_dimensions[9], "hidden", True),
        lambda: setattr(page, "print_area", "A1:X11"),
        lambda: setattr(page, "print_title_rows", "1:4"),
        lambda: setattr(page.protection, "sheet", True),
        lambda: setattr(other["D30"], "value", ArrayFormula("D30:D32", "=POA!X6:X8*2")),
        lambda: setattr(other, "sheet_state", "hidden"),
        lambda: book.defined_names.add(DefinedName("Total", attr_text="POA!$X$5")),
        lambda: page.defined_names.add(DefinedName("propio", attr_text="POA!$X$7")),
    ]
    _some(features, chance)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _some(features: list[Callable[[], object]], chance: random.Random) -> None:
    for feature in features:
        if chance.random() < 0.4:
            feature()


# Spellings


def _prefixed(text: str) -> str:
    if f'xmlns="{MAIN}"' not in text or "xmlns:q" in text:
        return text
    named = re.sub(r"<(/?)([A-Za-z]\w*)(?=[\s/>])", r"<\1q:\2", text)
    return named.replace(f'xmlns="{MAIN}"', f'xmlns:q="{MAIN}"', 1)


def _in_small_letters(text: str) -> str:
    return re.sub(r' (r|ref|sqref|topLeftCell|activeCell)="(\$?[A-Z][^"]*)"', lambda each: each[0].lower(), text)


def _with_comments(text: str) -> str:
    return re.sub(r"(?=<(?:row|cols|mergeCell|definedName|xf)[ >])", '<!-- <row r="1"><c r="A1"/> -->', text)


def _set_in(text: str) -> str:
    root = etree.fromstring(text.encode())
    etree.indent(root, "\t")
    return str(etree.tostring(root, encoding="unicode"))


def _in_references(text: str) -> str:
    return re.sub(r"(?<=>)([A-Za-z])(?=[A-Za-z ]+</)", lambda each: f"&#{ord(each[1])};", text)


def _in_single_quotes(text: str) -> str:
    return re.sub(r"=\"([^\"']*)\"", r"='\1'", text)


_SPELLINGS = (_prefixed, _in_small_letters, _with_comments, _set_in, _in_references, _in_single_quotes)


class _Stream(io.RawIOBase):
    """A file that cannot go back, as of a server: the zip has its sizes behind the data."""

    def __init__(self) -> None:
        self.data = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        self.data += bytes(data)  # type: ignore[call-overload]
        return len(bytes(data))  # type: ignore[call-overload]


def respelled(data: bytes, chance: random.Random) -> bytes:
    """Write a package once more, in spellings that few programs use and all may."""
    spellings = [spell for spell in _SPELLINGS if chance.random() < 0.4]
    encoding = chance.choice(["utf-8", "utf-8", "utf-8-sig", "utf-16"])
    in_capitals = chance.random() < 0.3
    stream = _Stream()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        new.writestr("xl/", b"")
        for name in old.namelist():
            content = old.read(name)
            if name.endswith(".xml") and MAIN.encode() in content:
                text = re.sub(r"^\s*<\?xml[^>]*\?>\s*", "", content.decode("utf-8-sig"))
                for spell in spellings:
                    text = spell(text)
                declared = "UTF-16" if encoding == "utf-16" else "UTF-8"
                content = f'<?xml version="1.0" encoding="{declared}"?>{text}'.encode(encoding)
            is_plain = not in_capitals or not name.startswith("xl/w")
            new.writestr(name if is_plain else name.upper(), content)
    return bytes(stream.data)
