"""What Excel and other programs put around a plan, one thing at a time: parts of a bare plan workbook and their links."""

import posixpath
import re
from collections.abc import Callable, Mapping
from xml.sax.saxutils import escape

from tests.books.zoo.workbooks import MAIN, PACKAGE, R, plan_workbook

Parts = dict[str, str | bytes]
SHEET, BOOK = "xl/worksheets/sheet1.xml", "xl/workbook.xml"
_MICROSOFT = "http://schemas.microsoft.com/office"
_X14 = f'xmlns:x14="{_MICROSOFT}/spreadsheetml/2009/9/main" xmlns:xm="{_MICROSOFT}/excel/2006/main"'
_ODD_FORMULAS = (
    "SUM(X6:X9)",
    "sum(x6:X9)",
    "A7:INDEX(X6:X9,3)",
    "'POA'!B6:'POA'!C8",
    "YTD2026+X7",
    "OFFSET(X7,0,0,3)",
    'INDIRECT("X7")&"X7"',
    "SUM(X:X)+SUM(7:8)",
    "X$7+$X7+$X$7",
    "#REF!+X7",
    'IF(X7="a""X7",{1,2;3,4},-X8%)',
    "SUM(  X7 :\n X8 )",
    "T[[#This Row],[X7]]+X7",
    "[1]POA!X7+'[1]PO A'!X7",
    "_xlfn.ANCHORARRAY(X7)+_xlfn.SINGLE(X7:X8)",
    "SUM(X6:X9 A7:X7)",
    "LOG10(X7)+ATAN2(X7,1)",
    "R1C1+X7",
    "X7:X8:X9",
    "POA!X7:POA!X8",
    "SUM((X7,X8))",
    "1E5+X7",
    '"it\'s"&X7',
    "SUM(POA:'Datos d''Oruro'!A1)",
)


def sub(parts: Parts, part: str, old: str, new: str) -> None:
    """Replace a text of a part that is there once at least."""
    text = str(parts[part])
    assert old in text, (part, old)
    parts[part] = text.replace(old, new, 1)


def link(parts: Parts, part: str, name: str, kind: str, target: str, base: str = R) -> None:
    """Relate a part to another, or to a file where the target has a scheme."""
    folder, own = posixpath.split(part)
    place = posixpath.join(folder, "_rels", f"{own}.rels")
    mode = ' TargetMode="External"' if ":" in target else ""
    made = f'<Relationship Id="{name}" Type="{base}/{kind}" Target="{target}"{mode}/>'
    known = str(parts.get(place, f'<Relationships xmlns="{PACKAGE}"></Relationships>'))
    parts[place] = known.replace("</Relationships>", f"{made}</Relationships>")


def add(parts: Parts, part: str, content: str | bytes, kind: str) -> None:
    """Add a part of a kind, `spreadsheetml.table+xml` or a whole content type."""
    parts[part] = content
    kind = kind if "/" in kind else f"application/vnd.openxmlformats-officedocument.{kind}"
    sub(parts, "[Content_Types].xml", "</Types>", f'<Override PartName="/{part}" ContentType="{kind}"/></Types>')


def in_row(parts: Parts, row: int, cells: str) -> None:
    """Put cells at the end of a row."""
    parts[SHEET] = re.sub(rf'(<row r="{row}".*?)</row>', lambda found: f"{found[1]}{cells}</row>", str(parts[SHEET]))


def at_end(parts: Parts, xml: str, part: str = SHEET) -> None:
    """Put elements at the end of a part."""
    root = "worksheet" if part == SHEET else "workbook"
    sub(parts, part, f"</{root}>", f"{xml}</{root}>")


def _threaded_comments(parts: Parts) -> None:
    talk, person = "{21111111-1111-1111-1111-111111111111}", "{11111111-1111-1111-1111-111111111111}"
    base = f"{_MICROSOFT}/2017/10/relationships"
    add(
        parts,
        "xl/threadedComments/threadedComment1.xml",
        f'<ThreadedComments xmlns="{_MICROSOFT}/spreadsheetml/2018/threadedcomments"><threadedComment ref="C7" '
        f'dT="2020-01-01T00:00:00.00" personId="{person}" id="{talk}"><text>mirar C9</text></threadedComment></ThreadedComments>',
        "application/vnd.ms-excel.threadedcomments+xml",
    )
    add(
        parts,
        "xl/persons/person.xml",
        f'<personList xmlns="{_MICROSOFT}/spreadsheetml/2018/threadedcomments"><person displayName="Yo" id="{person}" '
        'userId="yo" providerId="None"/></personList>',
        "application/vnd.ms-excel.person+xml",
    )
    add(
        parts,
        "xl/comments1.xml",
        f'<comments xmlns="{MAIN}"><authors><author>tc={talk}</author></authors><commentList><comment ref="C7" authorId="0">'
        "<text><t>[Comentario]</t></text></comment></commentList></comments>",
        "spreadsheetml.comments+xml",
    )
    link(parts, SHEET, "rT", "threadedComment", "../threadedComments/threadedComment1.xml", base)
    link(parts, SHEET, "rC", "comments", "../comments1.xml")
    link(parts, BOOK, "rP", "person", "persons/person.xml", base)


def _views(parts: Parts) -> None:
    view = "{AAAAAAAA-1111-1111-1111-111111111111}"
    before = (
        '<sheetProtection algorithmName="SHA-512" hashValue="eA==" saltValue="eA==" spinCount="100000" sheet="0"/>'
        '<protectedRanges><protectedRange sqref="H6:H9 X7" name="r1"/></protectedRanges>'
        '<scenarios current="0" show="0" sqref="X9"><scenario name="e" count="1"><inputCells r="X7" val="3"/></scenario></scenarios>'
        '<autoFilter ref="A4:X11"><filterColumn colId="3"><filters><filter val="Unidad Legal"/></filters></filterColumn>'
        '<sortState ref="A5:X11"><sortCondition ref="X5:X11"/></sortState></autoFilter>'
        '<dataConsolidate><dataRefs count="1"><dataRef ref="A6:B9" sheet="POA"/></dataRefs></dataConsolidate>'
        f'<customSheetViews><customSheetView guid="{view}"><pane ySplit="4" topLeftCell="A7" state="frozen"/>'
        '<selection pane="bottomLeft" activeCell="F7" sqref="F7:F8"/><rowBreaks count="1" manualBreakCount="1">'
        '<brk id="7" max="16383" man="1"/></rowBreaks></customSheetView></customSheetViews><phoneticPr fontId="0"/>'
    )
    sub(parts, SHEET, "</sheetData>", f"</sheetData>{before}")
    at_end(
        parts,
        '<rowBreaks count="1" manualBreakCount="1"><brk id="7" max="16383" man="1"/></rowBreaks><colBreaks count="1" '
        'manualBreakCount="1"><brk id="7" max="1048575" man="1"/></colBreaks><cellWatches><cellWatch r="X7"/></cellWatches>'
        '<ignoredErrors><ignoredError sqref="W6:W9 B7" numberStoredAsText="1"/></ignoredErrors><smartTags><cellSmartTags '
        'r="C7"><cellSmartTag type="0"/></cellSmartTags></smartTags>',
    )
    at_end(
        parts,
        f'<customWorkbookViews><customWorkbookView name="yo" guid="{view}" windowWidth="100" windowHeight="100" '
        'activeSheetId="1"/></customWorkbookViews>',
        BOOK,
    )


def _newer_lists(parts: Parts) -> None:
    def listed(identity: str, inside: str) -> str:
        return f'<ext uri="{{{identity}}}" {_X14}>{inside}</ext>'

    formats = (
        '<x14:conditionalFormattings><x14:conditionalFormatting><x14:cfRule type="expression" priority="9" '
        'id="{00000000-0000-0000-0000-000000000001}"><xm:f>POA!$X7&gt;3</xm:f></x14:cfRule><xm:sqref>A7:X9</xm:sqref>'
        "</x14:conditionalFormatting></x14:conditionalFormattings>"
    )
    choices = (
        '<x14:dataValidations count="1"><x14:dataValidation type="list" allowBlank="1"><x14:formula1><xm:f>POA!$C$6:$C$9</xm:f>'
        "</x14:formula1><xm:sqref>D6:D9</xm:sqref></x14:dataValidation></x14:dataValidations>"
    )
    lines = (
        '<x14:sparklineGroups><x14:sparklineGroup><x14:colorSeries rgb="FF000000"/><x14:sparklines><x14:sparkline>'
        "<xm:f>POA!J7:U7</xm:f><xm:sqref>Z7</xm:sqref></x14:sparkline></x14:sparklines></x14:sparklineGroup></x14:sparklineGroups>"
    )
    at_end(
        parts,
        "<extLst>"
        + listed("78C0D931-6437-407d-A8EE-F0AAD7539E65", formats)
        + listed("CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF", choices)
        + listed("05C60535-1F16-4fd2-B633-F4F36F0B64E0", lines)
        + "</extLst>",
    )


def _pivot_with_slicer(parts: Parts) -> None:
    add(
        parts,
        "xl/otra/fuente.xml",
        f'<pivotCacheDefinition xmlns="{MAIN}" saveData="0"><cacheSource type="worksheet"><worksheetSource ref="A4:X11" '
        'sheet="POA"/></cacheSource><cacheFields count="1"><cacheField name="Id"><sharedItems/></cacheField></cacheFields>'
        "</pivotCacheDefinition>",
        "spreadsheetml.pivotCacheDefinition+xml",
    )
    add(
        parts,
        "xl/otra/tabla.xml",
        f'<pivotTableDefinition xmlns="{MAIN}" name="P" cacheId="1" dataCaption="v"><location ref="CZ20:DB30" '
        'firstHeaderRow="1" firstDataRow="1" firstDataCol="0"/></pivotTableDefinition>',
        "spreadsheetml.pivotTable+xml",
    )
    add(
        parts,
        "xl/slicerCaches/slicerCache1.xml",
        f'<slicerCacheDefinition xmlns="{_MICROSOFT}/spreadsheetml/2009/9/main" name="S" sourceName="Id"/>',
        "application/vnd.ms-excel.slicerCache+xml",
    )
    link(parts, BOOK, "rPC", "pivotCacheDefinition", "otra/fuente.xml")
    link(parts, SHEET, "rPT", "pivotTable", "../otra/tabla.xml")
    link(parts, "xl/otra/tabla.xml", "r1", "pivotCacheDefinition", "fuente.xml")
    link(parts, BOOK, "rSC", "slicerCache", "slicerCaches/slicerCache1.xml", f"{_MICROSOFT}/2007/relationships")
    at_end(
        parts,
        '<pivotCaches><pivotCache cacheId="1" r:id="rPC"/></pivotCaches><extLst><ext '
        f'uri="{{BBE1A952-AA13-448e-AADC-164F8A28A991}}" {_X14}><x14:slicerCaches><x14:slicerCache r:id="rSC"/>'
        "</x14:slicerCaches></ext></extLst>",
        BOOK,
    )


def _outside_and_odd_names(parts: Parts) -> None:
    add(
        parts,
        "xl/externalLinks/externalLink1.xml",
        f'<externalLink xmlns="{MAIN}" xmlns:r="{R}"><externalBook r:id="rId1"><sheetNames><sheetName val="POA"/></sheetNames>'
        '<sheetDataSet><sheetData sheetId="0"><row r="7"><cell r="X7"><v>1</v></cell></row></sheetData></sheetDataSet>'
        "</externalBook></externalLink>",
        "spreadsheetml.externalLink+xml",
    )
    link(parts, "xl/externalLinks/externalLink1.xml", "rId1", "externalLinkPath", "file:///otro.xlsx")
    link(parts, BOOK, "rEL", "externalLink", "externalLinks/externalLink1.xml")
    names = {
        '_xlnm._FilterDatabase" localSheetId="0" hidden="1': "POA!$A$4:$X$11",
        "a.b\\c?": "#REF!",
        "ext": "[1]POA!$X$7",
        'fn" function="1" vbProcedure="1" xlm="1': "x",
        "uno": "POA!$A$7,POA!$X$7:$X$8 POA!$X$8",
        "dde": "Word|'c:\\a'!b",
        "lista": "{1,2;3,4}",
        "texto": '"X7 ""A7"""',
    }
    listed = "".join(f'<definedName name="{name}">{escape(text)}</definedName>' for name, text in names.items())
    sub(
        parts,
        BOOK,
        "</sheets>",
        '</sheets><externalReferences><externalReference r:id="rEL"/></externalReferences>'
        f"<definedNames>{listed}</definedNames>",
    )


def _shared_with_revisions(parts: Parts) -> None:
    identity = "{AAAAAAAA-1111-1111-1111-111111111111}"
    add(
        parts,
        "xl/revisions/revisionHeaders.xml",
        f'<headers xmlns="{MAIN}" xmlns:r="{R}" guid="{identity}"><header guid="{identity}" dateTime="2020-01-01T00:00:00" '
        'maxSheetId="3" userName="yo" r:id="rId1"><sheetIdMap count="1"><sheetId val="1"/></sheetIdMap></header></headers>',
        "spreadsheetml.revisionHeaders+xml",
    )
    add(parts, "xl/revisions/revisionLog1.xml", f'<revisions xmlns="{MAIN}"/>', "spreadsheetml.revisionLog+xml")
    link(parts, BOOK, "rRH", "revisionHeaders", "revisions/revisionHeaders.xml")
    link(parts, "xl/revisions/revisionHeaders.xml", "rId1", "revisionLog", "revisionLog1.xml")


def _maps_and_model(parts: Parts) -> None:
    add(
        parts,
        "xl/tables/tableSingleCells1.xml",
        f'<singleXmlCells xmlns="{MAIN}"><singleXmlCell id="1" r="X7" connectionId="0"><xmlCellPr id="1"><xmlPr mapId="1" '
        'xpath="/r" xmlDataType="string"/></xmlCellPr></singleXmlCell></singleXmlCells>',
        "spreadsheetml.tableSingleCells+xml",
    )
    add(
        parts,
        "xl/connections.xml",
        f'<connections xmlns="{MAIN}"><connection id="1" name="c" type="102" refreshedVersion="6"/></connections>',
        "spreadsheetml.connections+xml",
    )
    add(parts, "xl/model/item.data", bytes(range(256)), "application/vnd.openxmlformats-officedocument.model+data")
    add(parts, "customXml/item1.xml", '<a xmlns="urn:x">POA!X7</a>', "application/xml")
    link(parts, SHEET, "rSX", "tableSingleCells", "../tables/tableSingleCells1.xml")
    link(parts, BOOK, "rCN", "connections", "connections.xml")
    link(parts, BOOK, "rMD", "powerPivotData", "model/item.data", f"{_MICROSOFT}/2011/relationships")
    link(parts, BOOK, "rCX", "customXml", "../customXml/item1.xml")


def _table_with_totals(parts: Parts) -> None:
    add(
        parts,
        "xl/tables/table1.xml",
        f'<table xmlns="{MAIN}" id="1" name="T" displayName="T" ref="Z6:AA11" totalsRowCount="1"><autoFilter ref="Z6:AA10"/>'
        '<sortState ref="Z7:AA10"><sortCondition ref="AA7:AA10"/></sortState><tableColumns count="2"><tableColumn id="1" '
        'name="k" totalsRowLabel="Total"/><tableColumn id="2" name="v" totalsRowFunction="custom"><calculatedColumnFormula>'
        "POA!$X$7+T[[#This Row],[k]]</calculatedColumnFormula><totalsRowFormula>SUM(POA!X7:X9)</totalsRowFormula></tableColumn>"
        "</tableColumns></table>",
        "spreadsheetml.table+xml",
    )
    for row in range(6, 12):
        texts = ("k", "v") if row == 6 else ("Total", "") if row == 11 else (str(row), str(row))
        in_row(
            parts,
            row,
            "".join(
                f'<c r="{column}{row}" t="inlineStr"><is><t>{text}</t></is></c>'
                for column, text in zip(("Z", "AA"), texts, strict=True)
            ),
        )
    link(parts, SHEET, "rTB", "table", "../tables/table1.xml")
    at_end(parts, '<tableParts count="1"><tablePart r:id="rTB"/></tableParts>')


def _sheets_of_other_kinds(parts: Parts) -> None:
    add(
        parts,
        "xl/macrosheets/sheet9.xml",
        f'<xm:macrosheet xmlns="{MAIN}" xmlns:xm="{_MICROSOFT}/excel/2006/main"><sheetData><row r="1"><c r="A1"><f>POA!X7</f>'
        "<v>1</v></c></row></sheetData></xm:macrosheet>",
        "application/vnd.ms-excel.macrosheet+xml",
    )
    add(parts, "xl/dialogsheets/sheet1.xml", f'<dialogsheet xmlns="{MAIN}"/>', "spreadsheetml.dialogsheet+xml")
    add(
        parts,
        "xl/chartsheets/sheet1.xml",
        f'<chartsheet xmlns="{MAIN}"><sheetViews><sheetView workbookViewId="0"/></sheetViews></chartsheet>',
        "spreadsheetml.chartsheet+xml",
    )
    link(parts, BOOK, "rMS", "xlMacrosheet", "macrosheets/sheet9.xml", f"{_MICROSOFT}/2006/relationships")
    link(parts, BOOK, "rDS", "dialogsheet", "dialogsheets/sheet1.xml")
    link(parts, BOOK, "rCS", "chartsheet", "chartsheets/sheet1.xml")
    sub(parts, BOOK, "<sheets>", '<sheets><sheet name="Macro1" sheetId="9" state="hidden" r:id="rMS"/>')
    sub(
        parts,
        BOOK,
        "</sheets>",
        '<sheet name="Dialogo1" sheetId="8" state="veryHidden" r:id="rDS"/>'
        '<sheet name="Gráfico" sheetId="7" r:id="rCS"/></sheets>',
    )


def _published_and_extended(parts: Parts) -> None:
    at_end(
        parts,
        '<webPublishItems count="1"><webPublishItem id="1" divId="x" sourceType="range" sourceRef="A7:X9" '
        'destinationFile="a.htm"/></webPublishItems><extLst><ext uri="{F7C9EE02-42E1-4005-9D12-6889AFFD525C}" '
        f'xmlns:x15="{_MICROSOFT}/spreadsheetml/2010/11/main" xmlns:xm="{_MICROSOFT}/excel/2006/main">'
        '<x15:webExtensions><x15:webExtension appRef="{1}"><xm:f>POA!$A$7:$X$9</xm:f></x15:webExtension>'
        "</x15:webExtensions></ext></extLst>",
    )
    sub(
        parts,
        BOOK,
        "<workbookPr/>",
        '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"><mc:Choice Requires="x15">'
        f'<x15ac:absPath url="C:\\" xmlns:x15ac="{_MICROSOFT}/spreadsheetml/2010/11/ac" '
        f'xmlns:x15="{_MICROSOFT}/spreadsheetml/2010/11/main"/></mc:Choice></mc:AlternateContent><workbookPr/>',
    )


def _cells_of_all_kinds(parts: Parts) -> None:
    in_row(
        parts,
        9,
        '<c r="AA9" t="e"><v>#N/A</v></c><c r="AB9" t="b"><v>1</v></c><c r="AC9" t="d"><v>2020-01-01</v></c>'
        '<c r="AD9" t="str"><f>"a"&amp;"b"</f><v>ab</v></c><c r="AE9" t="inlineStr"><is><r><rPr><b/></rPr>'
        '<t xml:space="preserve"> a </t></r><rPh sb="0" eb="1"><t>k</t></rPh><phoneticPr fontId="1"/></is></c>'
        '<c r="AF9" ph="1"><v>1</v></c><c r="AG9"><f t="dataTable" ref="AG9:AG9" dt2D="0" dtr="0" r1="X7"/>'
        "<v>1</v></c>",
    )


def _formulas_of_all_kinds(parts: Parts) -> None:
    cells = "".join(
        f'<c r="{"ABCDEFGHIJKLMNOPQRSTUVWXYZ"[number]}14"><f>{escape(text)}</f><v>1</v></c>'
        for number, text in enumerate(_ODD_FORMULAS)
    )
    sub(parts, SHEET, "</sheetData>", f'<row r="14">{cells}</row></sheetData>')


def _sizes_that_are_wrong(parts: Parts) -> None:
    parts[SHEET] = re.sub("<dimension[^>]*>", '<dimension ref="A1"/>', str(parts[SHEET]))
    empty = "".join(f'<row r="{row}" ht="15"/>' for row in range(40, 2000))
    sub(parts, SHEET, "</sheetData>", f"{empty}</sheetData>")


FEATURES: Mapping[str, Callable[[Parts], None]] = {
    each.__name__.strip("_").replace("_", " "): each
    for each in (
        _threaded_comments,
        _views,
        _newer_lists,
        _pivot_with_slicer,
        _outside_and_odd_names,
        _shared_with_revisions,
        _maps_and_model,
        _table_with_totals,
        _sheets_of_other_kinds,
        _published_and_extended,
        _cells_of_all_kinds,
        _formulas_of_all_kinds,
        _sizes_that_are_wrong,
    )
}


def with_feature(name: str) -> Parts:
    """Return the parts of a bare plan workbook with one thing around the plan."""
    parts = plan_workbook()
    FEATURES[name](parts)
    return parts
