"""A plan in a workbook that holds nearly everything a workbook can hold."""

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping
from datetime import datetime

import xlsxwriter

from poa_xl.core.plan import FIELDS
from poa_xl.sheet.fields import CAPTIONS

# Parts that XlsxWriter does not write. Their content does not matter to us: it must come out as it went in.
EXTRA: Mapping[str, bytes] = {
    "xl/vbaProject.bin": b"\xd0\xcf\x11\xe0 macro " * 40,
    "xl/threadedComments/threadedComment1.xml": b'<ThreadedComments xmlns="x"><a/></ThreadedComments>',
    "xl/persons/person.xml": b'<personList xmlns="x"/>',
    "xl/pivotTables/pivotTable1.xml": b'<pivotTableDefinition xmlns="x" name="P"/>',
    "xl/pivotCache/pivotCacheDefinition1.xml": b'<pivotCacheDefinition xmlns="x"/>',
    "xl/slicers/slicer1.xml": b'<slicers xmlns="x"/>',
    "xl/externalLinks/externalLink1.xml": b'<externalLink xmlns="x"/>',
    "xl/printerSettings/printerSettings1.bin": bytes(range(256)),
    "customXml/item1.xml": b"<datos><x/></datos>",
    "customUI/customUI14.xml": b'<customUI xmlns="x"/>',
    "xl/ctrlProps/ctrlProp1.xml": b'<formControlPr xmlns="x" objectType="Button"/>',
}


def png() -> bytes:
    """A picture of one pixel."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0\xff\0\0"))
        + chunk(b"IEND", b"")
    )


def torture() -> bytes:  # noqa: PLR0915 - a list of everything
    """A workbook with a plan of one group and three operations in rows 4 to 8 of sheet `POA`."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    book.set_properties({"created": datetime(2020, 1, 1)})  # noqa: DTZ001 - the same bytes every time
    page = book.add_worksheet("POA")
    money = book.add_format({"num_format": "#,##0.00", "bg_color": "#DDEBF7", "border": 1})
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    bold = book.add_format({"bold": True, "color": "red"})
    page.merge_range("A1:D1", "PLAN", bold)
    for column, field in enumerate(FIELDS):
        page.write(3, column, CAPTIONS[field], bold)
    _row(page, 4, [1, "G1", "Grupo", "", "", 43832, 44196, None, "", *[None] * 12, "", "", 400], day, money)
    for i in (1, 2, 3):
        months = [1.1] * 11 + [0.9] if i == 1 else [1] * 12
        values = [
            i + 1,
            f"G1.{i}",
            f"Operación {i}",
            "Unidad Legal",
            "Jefe",
            43832,
            44196,
            13 if i == 1 else 12,
            "Millones",
            *months,
            "Informe",
            "25220",
            100 * i if i < 3 else 100,
        ]
        _row(page, 4 + i, values, day, money)
    page.write_rich_string("C6", "Operación ", bold, "roja", " 1")
    page.write_formula("X5", "=SUM(X6:X8)", money, 400)
    page.write_array_formula("AH4:AH5", "{=TRANSPOSE(A6:B6)}", None, 2)
    page.write_comment("C6", "revisar esto", {"author": "Ana"})
    page.insert_image("Z12", "punto.png", {"image_data": io.BytesIO(png())})
    page.insert_textbox("Z20", "Nota\nde dos líneas")
    page.insert_button("Z26", {"macro": "Saludar", "caption": "Saludar"})
    page.add_sparkline("AJ6", {"range": "POA!J6:U6"})
    page.conditional_format("H6:H8", {"type": "data_bar", "data_bar_2010": True})
    page.conditional_format("X6:X8", {"type": "icon_set", "icon_style": "3_traffic_lights"})
    page.conditional_format("D6:D8", {"type": "text", "criteria": "containing", "value": "Legal", "format": bold})
    page.data_validation("D6:D20", {"validate": "list", "source": "=Listas!$A$1:$A$3"})
    page.data_validation("F6:G20", {"validate": "date", "criteria": ">", "value": 43831})
    page.set_column("A:A", 6)
    page.set_column("Y:XFD", 11, None, {"level": 0})
    page.set_row(6, 30, None, {"hidden": True, "level": 1})
    page.freeze_panes(4, 3)
    page.autofilter("A4:X8")
    page.set_header("&L&G", {"image_left": "punto.png", "image_data_left": io.BytesIO(png())})
    page.repeat_rows(3)
    page.print_area("A1:X8")
    page.write_url("D12", "https://www.aduana.gob.bo", string="Aduana")
    page.protect("", {"format_cells": True})
    lists = book.add_worksheet("Listas")
    for i, unit in enumerate(("Unidad Legal", "Unidad Administrativa", "Pisiga")):
        lists.write(i, 0, unit)
    lists.add_table("C1:D3", {"columns": [{"header": "a"}, {"header": "b"}]})
    lists.write_formula("F1", "=POA!X5*2", None, 800)
    lists.write_dynamic_array_formula("G1:G3", "=_xlfn.SEQUENCE(3)", None, 1)
    lists.hide()
    chart_page = book.add_worksheet("Gráficos")
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": "=POA!$X$6:$X$8", "categories": "=POA!$C$6:$C$8"})
    chart_page.insert_chart("B2", chart)
    secret = book.add_worksheet("Oculta")
    secret.very_hidden()
    book.define_name("Total", "=POA!$X$5")
    book.define_name("POA!Local", "=POA!$A$1")
    book.set_custom_property("Oficina", "Oruro")
    book.close()
    return with_parts(buffer.getvalue(), EXTRA)


def _row(page: object, row: int, values: list[object], day: object, money: object) -> None:
    for column, value in enumerate(values):
        if value is None or value == "":
            continue
        look = day if column in (5, 6) else money if column == 23 else None
        page.write(row, column, value, look)  # type: ignore[attr-defined]


def with_parts(data: bytes, parts: Mapping[str, bytes]) -> bytes:
    """Add members to a package, or replace them."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            new.writestr(info, parts.get(info.filename, old.read(info.filename)))
        for name, content in parts.items():
            if name not in old.namelist():
                new.writestr(name, content)
    return out.getvalue()


def members(data: bytes) -> dict[str, bytes]:
    """Return every member of a package."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}
