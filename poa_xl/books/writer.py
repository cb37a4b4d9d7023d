"""New workbooks: sheet images written through XlsxWriter, the same bytes for the same images."""

import io
import re
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import TypeAlias
from zipfile import ZipFile

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_cell_to_rowcol
from xlsxwriter.worksheet import Worksheet

from poa_xl.books.pages import Page
from poa_xl.books.patch.members import rewrite
from poa_xl.books.xml import escape
from poa_xl.sheet import paper
from poa_xl.sheet.grid import letters
from poa_xl.sheet.spec import Bound, Chart, Series, SheetSpec, Style

_CREATED = datetime(2020, 1, 1)  # noqa: DTZ001 - the package stores no zone; fixed, so that bytes repeat

_PROPERTIES = "docProps/custom.xml"
# What stands in the place of a property until it is known.
_WAITING = "poa-xl {}"
_WAITS = re.compile(r">poa-xl (\d+)<")

# What a protected sheet still lets people do.
_ALLOWED = dict.fromkeys(
    ("autofilter", "format_cells", "format_columns", "format_rows", "insert_rows", "insert_hyperlinks"), True
)

_EDGES = {"thin": 1, "dashed": 3, "dotted": 4}

Formats: TypeAlias = dict[Style, Format]


def build(sheets: Sequence[SheetSpec], properties: Mapping[str, str] | None = None) -> bytes:
    """Build a workbook.

    Args:
        sheets: Its sheets in tab order, at least one.
        properties: Custom document properties, text by name.

    Returns:
        The bytes of an .xlsx file. Texts that begin with `=` stay texts.
    """
    given = properties or {}
    return pack(draw(sheets, given), given)


def draw(sheets: Sequence[SheetSpec], names: Collection[str] = ()) -> bytes:
    """Draw a workbook: its package, not packed yet, with properties whose values are still to come.

    Args:
        sheets: As for `build`.
        names: Names of its custom document properties.
    """
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = Workbook(buffer, options)
    book.set_properties({"created": _CREATED, "title": sheets[0].name, "comments": "poa-xl"})
    for number, name in enumerate(names):
        book.set_custom_property(name, _WAITING.format(number), "text")
    formats: Formats = {}
    pages = [(book.add_worksheet(image.name, Page), image) for image in sheets]
    for page, image in pages:
        _write_cells(book, page, image, formats)
        _shape(page, image)
        _print(page, image)
        for rule in image.rules:
            page.conditional_format(
                rule.area,
                {"type": "formula", "criteria": rule.formula, "format": _format(book, formats, rule.style)},
            )
        for choice in image.choices:
            page.data_validation(
                choice.area,
                {
                    "validate": "list",
                    "source": list(choice.values),
                    "input_title": choice.title,
                    "input_message": choice.message,
                    "error_type": "stop",
                    "show_error": choice.strict,
                },
            )
        for bound in image.bounds:
            first, *others = bound.area.split()
            page.data_validation(first, _limits(bound) | {"other_cells": [_corners(each) for each in others]})
        if image.protect:
            page.protect("", _ALLOWED)
        for chart in image.charts:
            _draw(book, page, chart)
    book.close()
    return buffer.getvalue()


def pack(made: bytes, properties: Mapping[str, str]) -> bytes:
    """Pack what `draw` made as tightly as the format allows, which the library does not.

    Args:
        made: The workbook.
        properties: Its custom document properties, those that it was drawn with, in their order.
    """
    values = [escape(value) for value in properties.values()]

    def known(waiting: re.Match[str]) -> str:
        return f">{values[int(waiting[1])]}<"

    with ZipFile(io.BytesIO(made)) as package:
        contents = {member: package.read(member) for member in package.namelist()}
    if _PROPERTIES in contents:
        contents[_PROPERTIES] = _WAITS.sub(known, contents[_PROPERTIES].decode()).encode()
    return rewrite(made, "", contents, tightly=True)


def _corners(area: str) -> list[int]:
    """Return an area as the library numbers its corners."""
    return [number for corner in area.split(":") for number in xl_cell_to_rowcol(corner)]


def _limits(bound: Bound) -> dict[str, object]:
    if bound.kind == "any":
        return {
            "validate": "any",
            "ignore_blank": False,
            "input_title": bound.title,
            "input_message": bound.message,
            "show_error": False,
        }
    return {
        "validate": bound.kind,
        "criteria": "between",
        "minimum": bound.low,
        "maximum": bound.high,
        "error_title": bound.title,
        "error_message": bound.message,
        "error_type": "stop",
    }


def _write_cells(book: Workbook, page: Page, image: SheetSpec, formats: Formats) -> None:
    merged = {area.partition(":")[0]: area for area in image.merges}
    page.take({place: cell.formula for place, cell in image.cells.items() if cell.formula})
    # Many cells hold the same object for a look: it is told by that, and hashed once.
    looks: dict[int, Format | None] = {}
    for row, column in sorted(image.cells):
        cell = image.cells[row, column]
        if id(cell.style) not in looks:
            looks[id(cell.style)] = _format(book, formats, cell.style)
        look = looks[id(cell.style)]
        area = merged.get(f"{letters(column)}{row}") if merged else None
        if area:
            page.merge_range(area, "", look)
        if cell.formula or not cell.link:
            page.put(row, column, _plain(cell.value), look, is_formula=bool(cell.formula))
        else:
            link = cell.link if cell.leads_out else f"internal:{cell.link}"
            page.write_url(row - 1, column - 1, link, look, str(cell.value))


def _plain(value: object) -> object:
    """Whole numbers as whole numbers, so that the file holds `36` and not `36.0`."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value


def _format(book: Workbook, formats: Formats, style: Style) -> Format | None:
    if not style.size:
        return None
    if style in formats:
        return formats[style]
    look: dict[str, object] = {
        "num_format": style.number_format,
        "bold": style.bold,
        "italic": style.italic,
        "font_size": style.size,
        "font_name": "Calibri",
        "text_wrap": style.wrap,
        "valign": "vcenter",
        "indent": style.indent,
        "locked": style.locked,
    }
    if style.color:
        look["font_color"] = style.color
    if style.fill:
        look["bg_color"] = style.fill
    if style.align:
        look["align"] = style.align
    if style.border:
        look |= {"border": 1, "border_color": "#BFBFBF"}
    if style.edge:
        look |= {"border": _EDGES[style.edge], "border_color": style.color}
    return formats.setdefault(style, book.add_format(look))


def _shape(page: Worksheet, image: SheetSpec) -> None:
    page.hide_gridlines(2)
    page.outline_settings(visible=True, symbols_below=False, symbols_right=False)
    for column in sorted({*image.widths, *image.column_levels}):
        width = image.widths.get(column)
        options = {"level": image.column_levels.get(column, 0), "hidden": width == 0}
        page.set_column(column - 1, column - 1, width or None, None, options)
    for row in sorted({*image.heights, *image.levels}):
        page.set_row(row - 1, image.heights.get(row), None, {"level": image.levels.get(row, 0)})
    if image.freeze:
        page.freeze_panes(image.freeze[0] - 1, image.freeze[1] - 1)
    if image.filter:
        page.autofilter(image.filter)
    if image.tab:
        page.set_tab_color(image.tab)


def _print(page: Worksheet, image: SheetSpec) -> None:
    page.set_landscape()
    page.set_paper(paper.FOLIO)
    page.set_margins(left=paper.SIDE, right=paper.SIDE, top=paper.HEAD, bottom=paper.FOOT)
    page.fit_to_pages(paper.pages_across(image), 1 if image.one_page else 0)
    if paper.pages_across(image) > 1:
        page.print_across()
    page.set_footer(paper.footer(image))
    if image.repeat:
        page.repeat_rows(image.repeat[0] - 1, image.repeat[1] - 1)
    if columns := paper.repeated_columns(image):
        page.repeat_columns(columns[0] - 1, columns[1] - 1)
    if image.is_mapped:
        page.print_row_col_headers()
    if image.print_columns:
        last_row = max(row for row, _ in image.cells)
        page.print_area(0, image.print_columns[0] - 1, last_row - 1, image.print_columns[1] - 1)


def _draw(book: Workbook, page: Worksheet, chart: Chart) -> None:
    options = {"type": "line" if chart.line else "bar"}
    if chart.stacked:
        options["subtype"] = "stacked"
    drawn = book.add_chart(options)
    for series in chart.series:
        drawn.add_series(
            {
                "name": series.name,
                "categories": f"={series.labels}",
                "values": f"={series.values}",
                **(_line(series) if chart.line else _bar(series, chart)),
            }
        )
    drawn.set_title({"name": chart.title, "name_font": {"size": 12, "bold": True, "color": "#1F3864"}})
    labels = {"num_font": {"size": 8}, "line": {"color": "#BFBFBF"}}
    amounts = {
        "num_format": chart.number_format,
        "num_font": {"size": 8},
        "major_gridlines": {"visible": True, "line": {"color": "#E7E6E6"}},
    }
    if chart.line:
        drawn.set_x_axis(labels)
        drawn.set_y_axis({**amounts, "min": 0})
    else:
        drawn.set_y_axis({**labels, "reverse": True})
        drawn.set_x_axis({**amounts, "label_position": "high"})
    if len(chart.series) == 1:
        drawn.set_legend({"none": True})
    else:
        drawn.set_legend({"position": "bottom"})
    drawn.set_size({"width": chart.size[0], "height": chart.size[1]})
    page.insert_chart(chart.cell, drawn, {"y_offset": chart.down})


def _bar(series: Series, chart: Chart) -> dict[str, object]:
    return {
        "fill": {"color": series.color},
        "gap": 60,
        "data_labels": {
            "value": True,
            "num_format": f"{chart.number_format};;",
            "font": {"size": 8, "color": "#404040"},
        },
    }


def _line(series: Series) -> dict[str, object]:
    marker = {"type": "circle", "size": 5, "fill": {"color": series.color}, "border": {"color": series.color}}
    return {"line": {"color": series.color, "width": 2.25}, "marker": marker}
