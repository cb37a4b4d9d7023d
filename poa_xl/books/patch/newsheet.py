"""A sheet image as the XML of a new worksheet part."""

from itertools import count

from poa_xl.books.patch.cellxml import cell_xml, xml_text
from poa_xl.books.patch.styles import Styles
from poa_xl.books.xml import escape, quoteattr
from poa_xl.sheet import paper
from poa_xl.sheet.grid import letters
from poa_xl.sheet.spec import Choice, ConditionalFormat, Prompt, SheetSpec

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
# A protected sheet still lets people filter, format and insert; writers of whole workbooks say the same.
_PROTECTED = (
    '<sheetProtection sheet="1" objects="1" scenarios="1" formatCells="0" formatColumns="0" formatRows="0" '
    'insertRows="0" insertHyperlinks="0" autoFilter="0"/>'
)
_STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def sheet_xml(image: SheetSpec, styles: Styles, relations: str, *, strict: bool) -> bytes:
    """Write a worksheet part.

    Args:
        image: The sheet; charts are left out.
        styles: Where its formats go.
        relations: The namespace of relationships of the workbook.
        strict: Whether the workbook uses the namespaces of ISO 29500 strict.
    """
    tab = f'<tabColor rgb="FF{image.tab.removeprefix("#")}"/>' if image.tab else ""
    return "".join(
        (
            '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n',
            f'<worksheet xmlns="{_STRICT if strict else _MAIN}" xmlns:r="{relations}">',
            f'<sheetPr>{tab}<pageSetUpPr fitToPage="1"/></sheetPr>',
            _view(image),
            '<sheetFormatPr defaultRowHeight="15"/>',
            columns_xml(image.widths, image.column_levels),
            _data(image, styles),
            _PROTECTED if image.protect else "",
            f'<autoFilter ref="{image.filter}"/>' if image.filter else "",
            rules_xml(image.rules, styles, 0),
            _choices(image),
            _links(image),
            '<printOptions headings="1"/>' if image.is_mapped else "",
            _paper(image),
            f"<headerFooter><oddFooter>{escape(xml_text(paper.footer(image)))}</oddFooter></headerFooter>",
            "</worksheet>",
        )
    ).encode()


def _paper(image: SheetSpec) -> str:
    across = paper.pages_across(image)
    order = ' pageOrder="overThenDown"' if across > 1 else ""
    return (
        f'<pageMargins left="{paper.SIDE}" right="{paper.SIDE}" top="{paper.HEAD}" bottom="{paper.FOOT}" '
        f'header="0.3" footer="0.3"/><pageSetup paperSize="{paper.FOLIO}" fitToWidth="{across}" '
        f'fitToHeight="{int(image.one_page)}"{order} orientation="landscape"/>'
    )


def columns_xml(widths: dict[int, float], levels: dict[int, int], prefix: str = "") -> str:
    """Write the `cols` element; empty when there is nothing to say."""
    columns = "".join(
        column_xml(column, widths.get(column), levels.get(column, 0), prefix) for column in sorted(widths)
    )
    return f"<{prefix}cols>{columns}</{prefix}cols>" if columns else ""


def column_xml(column: int, width: float | None, level: int, prefix: str = "") -> str:
    """Write one `col` element; a width of 0 hides the column."""
    outline = f' outlineLevel="{level}"' if level else ""
    hidden = ' hidden="1"' if width == 0 else ""
    return f'<{prefix}col min="{column}" max="{column}" width="{width or 9:g}"{hidden} customWidth="1"{outline}/>'


def rules_xml(rules: list[ConditionalFormat], styles: Styles, priority: int, prefix: str = "") -> str:
    """Write conditional formats, their priorities following the highest of the sheet."""
    return "".join(
        f'<{prefix}conditionalFormatting sqref="{rule.area}"><{prefix}cfRule type="expression" '
        f'dxfId="{styles.differential(rule.style)}" priority="{priority + number}">'
        f"<{prefix}formula>{escape(rule.formula.removeprefix('='))}</{prefix}formula></{prefix}cfRule></{prefix}conditionalFormatting>"
        for number, rule in enumerate(rules, 1)
    )


def choice_xml(choice: Choice, prefix: str = "") -> str:
    """Write a drop-down list."""
    listed = escape(xml_text('"' + ",".join(choice.values) + '"'))
    shown = f'showInputMessage="1" showErrorMessage="{int(choice.strict)}"'
    return (
        f'<{prefix}dataValidation type="list" allowBlank="1" {shown} '
        f"promptTitle={quoteattr(choice.title)} prompt={quoteattr(choice.message)} "
        f'sqref="{choice.area}"><{prefix}formula1>{listed}</{prefix}formula1></{prefix}dataValidation>'
    )


def prompt_xml(prompt: Prompt, prefix: str = "") -> str:
    """Write an input help, which refuses nothing."""
    text = quoteattr(xml_text(prompt.message), {"\n": "&#10;"})
    return (
        f'<{prefix}dataValidation allowBlank="1" showInputMessage="1" promptTitle={quoteattr(prompt.title)} '
        f'prompt={text} sqref="{prompt.area}"/>'
    )


def _choices(image: SheetSpec) -> str:
    listed = "".join(map(choice_xml, image.choices))
    return f'<dataValidations count="{len(image.choices)}">{listed}</dataValidations>' if listed else ""


def _view(image: SheetSpec) -> str:
    if not image.freeze:
        return '<sheetViews><sheetView showGridLines="0" workbookViewId="0"/></sheetViews>'
    row, column = image.freeze
    across = f' xSplit="{column - 1}"' if column > 1 else ""
    down = f' ySplit="{row - 1}"' if row > 1 else ""
    pane = "bottomRight" if across and down else "bottomLeft" if down else "topRight"
    return (
        '<sheetViews><sheetView showGridLines="0" workbookViewId="0">'
        f'<pane{across}{down} topLeftCell="{letters(column)}{row}" activePane="{pane}" state="frozen"/>'
        "</sheetView></sheetViews>"
    )


def _data(image: SheetSpec, styles: Styles) -> str:
    rows: dict[int, list[str]] = {}
    for (row, column), cell in sorted(image.cells.items()):
        address = f"{letters(column)}{row}"
        xml = cell_xml(address, cell.value, cell.formula, styles.cell_format(cell.style) if cell.style.size else None)
        rows.setdefault(row, []).append(xml)
    return (
        "<sheetData>"
        + "".join(f'<row r="{row}"{_height(image, row)}>{"".join(cells)}</row>' for row, cells in rows.items())
        + "</sheetData>"
    )


def _height(image: SheetSpec, row: int) -> str:
    return f' ht="{image.heights[row]:g}" customHeight="1"' if row in image.heights else ""


def relations_xml(image: SheetSpec, relations: str) -> bytes:
    """Write the relationships of a worksheet part: what its links lead to outside of the workbook; empty for none.

    Args:
        image: The sheet.
        relations: The namespace of relationships of the workbook.
    """
    links = "".join(
        f'<Relationship Id="rId{number}" Type="{relations}/hyperlink" Target={quoteattr(link)} TargetMode="External"/>'
        for number, link in enumerate(_out(image), 1)
    )
    return f'<Relationships xmlns="{_PACKAGE}">{links}</Relationships>'.encode() if links else b""


def _out(image: SheetSpec) -> list[str]:
    """List what links lead to outside of the workbook, in the order of their cells."""
    return [cell.link for _, cell in sorted(image.cells.items(), key=lambda each: each[0]) if cell.leads_out]


def _links(image: SheetSpec) -> str:
    numbers = count(1)
    links = "".join(
        f'<hyperlink ref="{letters(column)}{row}" '
        + (f'r:id="rId{next(numbers)}" ' if cell.leads_out else f"location={quoteattr(cell.link)} ")
        + f"display={quoteattr(str(cell.value))}/>"
        for (row, column), cell in sorted(image.cells.items(), key=lambda each: each[0])
        if cell.link
    )
    return f"<hyperlinks>{links}</hyperlinks>" if links else ""
