"""What few workbooks have, all of it legal: written as it is, in no dialect, since it is about the very bytes."""

import io
import re
import zipfile
from collections.abc import Callable, Mapping

from poa_xl.sheet.grid import letters
from tests.books.zoo.features import BOOK, SHEET, Parts, add, at_end, in_row, link, sub
from tests.books.zoo.workbooks import MAIN, plan_workbook

_MICROSOFT = "http://schemas.microsoft.com/office"
_DECLARED = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def _extended_rows_and_cells(parts: Parts) -> None:
    more = '<extLst><ext uri="{A}"/></extLst>'
    in_row(parts, 7, f'<c r="AB7"><f>X7</f><v>1</v>{more}</c>')
    for row in (6, 9):
        in_row(parts, row, more)
    in_row(parts, 10, "<extLst/>")
    in_row(parts, 11, "<extLst />")


def _sections(parts: Parts) -> None:
    in_row(
        parts,
        7,
        '<c r="AA7"><f><![CDATA[IF(X7<X8,X7&"</f>",X9)]]></f><v>1</v></c>'
        '<c r="AB7" t="inlineStr"><is><t><![CDATA[<c r="AC7"><v>1</v></c>]]></t></is></c>'
        '<c r="AC7"><f t="shared" ref="AC7:AC8" si="3"><![CDATA[IF(X7<1,"</f>",X7)]]></f><v>1</v></c>',
    )
    in_row(parts, 8, '<c r="AC8"><f t="shared" si="3"/><v>1</v></c>')
    sub(parts, SHEET, '<row r="9"', '<!-- <row r="9"> --><?x <row r="9"/> ?><row r="9"')


def _shared_numbers_taken_again(parts: Parts) -> None:
    in_row(parts, 6, '<c r="AA6"><f t="shared" ref="AA6:AA7" si="7">X6+1</f><v>1</v></c>')
    in_row(parts, 7, '<c r="AA7"><f t="shared" si="7"/><v>1</v></c>')
    in_row(parts, 9, '<c r="AA9"><f t="shared" ref="AA9:AA10" si="7">X9*SUM(X$6:X9)</f><v>1</v></c>')
    in_row(parts, 10, '<c r="AA10"><f t="shared" si="7"/><v>1</v></c>')


def _views_with_names(parts: Parts) -> None:
    add(
        parts,
        "xl/namedSheetViews/namedSheetView1.xml",
        f'<namedSheetViews xmlns="{_MICROSOFT}/spreadsheetml/2019/namedsheetviews"><namedSheetView name="v" '
        'id="{1A111111-1111-1111-1111-111111111111}"><nsvFilter filterId="{2A111111-1111-1111-1111-111111111111}" '
        'ref="A4:X11" tableId="0"><columnFilter colId="0"/></nsvFilter></namedSheetView></namedSheetViews>',
        "application/vnd.ms-excel.namedsheetviews+xml",
    )
    link(
        parts,
        SHEET,
        "rNV",
        "namedSheetView",
        "../namedSheetViews/namedSheetView1.xml",
        f"{_MICROSOFT}/2019/04/relationships",
    )


def _renamed(parts: Parts, name: str) -> None:
    parts[f"xl/worksheets/{name}"] = parts.pop(SHEET)
    sub(parts, "xl/_rels/workbook.xml.rels", "worksheets/sheet1.xml", "worksheets/hoja%20uno%c3%b1.xml")
    sub(parts, "[Content_Types].xml", "worksheets/sheet1.xml", "worksheets/hoja%20uno%C3%B1.xml")


def _part_names_as_in_the_net(parts: Parts) -> None:
    _renamed(parts, "hoja uno\N{LATIN SMALL LETTER N WITH TILDE}.xml")


def _part_names_as_written(parts: Parts) -> None:
    _renamed(parts, "hoja%20uno%c3%b1.xml")


def _poor_formats(parts: Parts) -> None:
    parts["xl/styles.xml"] = (
        f'<styleSheet xmlns="{MAIN}"><cellXfs><xf/><xf numFmtId="4"/><xf numFmtId="14"/><xf/></cellXfs></styleSheet>'
    )


def _no_formats_at_all(parts: Parts) -> None:
    parts["xl/styles.xml"] = f'<styleSheet xmlns="{MAIN}"/>'
    parts[SHEET] = re.sub(r'(<c [^>]*?) s="\d"', r"\1", str(parts[SHEET]))


def _a_merge_beyond_the_plan(parts: Parts) -> None:
    sub(
        parts,
        SHEET,
        "</sheetData>",
        '</sheetData><mergeCells count="2"><mergeCell ref="AC1:AC1048576"/><mergeCell ref="A3:XFD3"/></mergeCells>',
    )


def _something_in_the_last_column(parts: Parts) -> None:
    in_row(parts, 9, '<c r="AB9"><v>4</v></c><c r="XFD9"><v>5</v></c>')


def _arrays_that_reach_further_than_cells(parts: Parts) -> None:
    in_row(parts, 6, '<c r="Y6"><f t="array" ref="Y6:AB6">$X6*{1,2,3,4}</f><v>1</v></c>')
    in_row(parts, 9, '<c r="AA9"><f t="dataTable" ref="AA9:AD9" dt2D="0" dtr="1" r1="X7"/><v>1</v></c>')


def _a_filter_by_its_name(parts: Parts) -> None:
    sub(parts, SHEET, "<pageMargins", '<autoFilter ref="A4:X11"/><pageMargins')
    name = '<definedName name="_xlnm._FilterDatabase" function="0" localSheetId="0" hidden="1">POA!$A$4:$X$11</definedName>'
    sub(parts, BOOK, "</sheets>", f"</sheets><definedNames>{name}</definedNames>")


def _a_filter_named_without_signs(parts: Parts) -> None:
    sub(parts, SHEET, "<pageMargins", '<autoFilter ref="A4:X11"/><pageMargins')
    name = '<definedName name="_xlnm._FilterDatabase" localSheetId="0" hidden="1">\'POA\'!A4:X$11</definedName>'
    sub(parts, BOOK, "</sheets>", f"</sheets><definedNames>{name}</definedNames>")


def _a_filter_in_small_letters(parts: Parts) -> None:
    sub(parts, SHEET, "<pageMargins", '<autoFilter ref="$a$4:x11"/><pageMargins')
    name = '<definedName name="_xlnm._FilterDatabase" localSheetId="0" hidden="1">POA!$A$4:$x$11</definedName>'
    sub(parts, BOOK, "</sheets>", f"</sheets><definedNames>{name}</definedNames>")


def _part_names_in_capitals(parts: Parts) -> None:
    for name in (SHEET, BOOK, "xl/styles.xml", "xl/_rels/workbook.xml.rels", "xl/worksheets/_rels/sheet1.xml.rels"):
        if name in parts:
            parts[name.upper()] = parts.pop(name)


def _rows_with_a_look_to_the_end(parts: Parts) -> None:
    for row in (5, 7, 9):
        in_row(parts, row, "".join(f'<c r="{letters(column)}{row}" s="1"/>' for column in range(25, 1025)))


def _odd_addresses(parts: Parts) -> None:
    sub(parts, SHEET, '<c r="H7"', '<c r="$H$7"')
    sub(parts, SHEET, '<c r="H8"', "<c\n\tr = 'h8'\n")
    sub(parts, SHEET, '<row r="8" spans="1:24"', '<row spans="1:3 5:24" thickBot="1"\n r = "8"')


def _cells_that_say_nothing(parts: Parts) -> None:
    in_row(
        parts,
        7,
        '<c r="AA7"><v/></c><c r="AB7" t="s"/><c r="AC7" t="inlineStr"><is/></c><c r="AD7" t="str"><v> </v></c>'
        '<c r="AE7"><f/></c><c r="AF7"><f>X7</f></c><c r="AG7" t="n"/><c r="AH7"><f ca="1"></f></c>',
    )


def _a_query(parts: Parts) -> None:
    add(
        parts,
        "xl/tables/table8.xml",
        f'<table xmlns="{MAIN}" id="8" name="Q" displayName="Q" ref="Z6:Z9" tableType="queryTable" totalsRowShown="0">'
        '<autoFilter ref="Z6:Z9"/><tableColumns count="1"><tableColumn id="1" uniqueName="1" name="q" queryTableFieldId="1"/>'
        "</tableColumns></table>",
        "spreadsheetml.table+xml",
    )
    add(
        parts,
        "xl/queryTables/queryTable1.xml",
        f'<queryTable xmlns="{MAIN}" name="q" connectionId="1" autoFormatId="16"><queryTableRefresh nextId="2">'
        '<queryTableFields count="1"><queryTableField id="1" name="q" tableColumnId="1"/></queryTableFields>'
        '<sortState ref="Z7:Z9"><sortCondition ref="Z7:Z9"/></sortState></queryTableRefresh></queryTable>',
        "spreadsheetml.queryTable+xml",
    )
    add(
        parts,
        "xl/connections.xml",
        f'<connections xmlns="{MAIN}"><connection id="1" name="c" type="1" refreshedVersion="6"><dbPr connection="x" '
        'command="y"/><parameters count="1"><parameter name="p" parameterType="cell" cell="POA!$X$7"/></parameters>'
        "</connection></connections>",
        "spreadsheetml.connections+xml",
    )
    link(parts, BOOK, "rC", "connections", "connections.xml")
    in_row(parts, 6, '<c r="Z6" t="inlineStr"><is><t>q</t></is></c>')
    link(parts, SHEET, "rQ", "table", "../tables/table8.xml")
    link(parts, "xl/tables/table8.xml", "r1", "queryTable", "../queryTables/queryTable1.xml")
    at_end(parts, '<tableParts count="1"><tablePart r:id="rQ"/></tableParts>')


def _a_list_in_wide_letters(parts: Parts) -> None:
    add(
        parts,
        "xl/drawings/vmlDrawing7.vml",
        (
            '<?xml version="1.0" encoding="utf-16"?><xml xmlns:v="urn:schemas-microsoft-com:vml" '
            'xmlns:x="urn:schemas-microsoft-com:office:excel"><v:shape id="s"><x:ClientData ObjectType="Drop">'
            "<x:Anchor>1,2,6,4,5,6,8,8</x:Anchor><x:FmlaLink>$X$7</x:FmlaLink><x:FmlaRange>POA!$C$6:$C$9</x:FmlaRange>"
            "</x:ClientData></v:shape></xml>"
        ).encode("utf-16"),
        "vmlDrawing",
    )
    link(parts, SHEET, "rV", "vmlDrawing", "../drawings/vmlDrawing7.vml")
    at_end(parts, '<legacyDrawing r:id="rV"/>')


def _names_of_every_kind(parts: Parts) -> None:
    names = (
        ('_xlnm.Print_Area" localSheetId="0', "POA!$A$1:$X$11,POA!$Z$1:$Z$5"),
        ('_xlnm.Print_Titles" localSheetId="0', "POA!$A:$B,POA!$4:$4"),
        ('_xlnm.Criteria" localSheetId="0" hidden="1', "POA!$A$1:$A$2"),
        ('propio" localSheetId="0', "POA!$X$7"),
        ('propio" localSheetId="1', "POA!$X$8"),
        ("propio", "POA!$X$9"),
        ("nulo", ""),
        ("falla", "#N/A"),
        ("suelto", "POA!A7:B9"),
        ("lam", "_xlfn.LAMBDA(_xlpm.x,_xlpm.x+POA!$X$7)"),
        ('dicho" comment="X7" customMenu="POA!X7" shortcutKey="a" publishToServer="1', "POA!$X$7"),
    )
    listed = "".join(f'<definedName name="{name}">{text}</definedName>' for name, text in names)
    sub(parts, BOOK, "</sheets>", f"</sheets><definedNames>{listed}</definedNames>")


RARITIES: Mapping[str, Callable[[Parts], None]] = {
    each.__name__.strip("_").replace("_", " "): each
    for each in (
        _extended_rows_and_cells,
        _sections,
        _shared_numbers_taken_again,
        _views_with_names,
        _part_names_as_in_the_net,
        _part_names_as_written,
        _poor_formats,
        _no_formats_at_all,
        _a_merge_beyond_the_plan,
        _something_in_the_last_column,
        _arrays_that_reach_further_than_cells,
        _a_filter_by_its_name,
        _a_filter_named_without_signs,
        _a_filter_in_small_letters,
        _part_names_in_capitals,
        _rows_with_a_look_to_the_end,
        _odd_addresses,
        _cells_that_say_nothing,
        _a_query,
        _a_list_in_wide_letters,
        _names_of_every_kind,
    )
}


def with_rarity(name: str) -> bytes:
    """Return a bare plan workbook with one rare thing in it."""
    parts = plan_workbook()
    RARITIES[name](parts)
    return packed(parts)


def packed(parts: Parts) -> bytes:
    """Zip parts as they are."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content if isinstance(content, bytes) else _DECLARED + content)
    return buffer.getvalue()
