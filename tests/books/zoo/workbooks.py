"""A plan with what planners' workbooks hold, as parts; `dialects` writes it as different programs would."""

from xml.sax.saxutils import escape

from poa_xl.core.plan import FIELDS
from poa_xl.sheet.fields import CAPTIONS
from poa_xl.sheet.grid import letters

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.{}+xml"
HEADER, GROUP, FIRST, LAST = 4, 5, 6, 11
STYLES = (
    f'<styleSheet xmlns="{MAIN}"><numFmts count="1"><numFmt numFmtId="164" formatCode="dd/mm/yy"/></numFmts>'
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="4"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="4" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
    '<dxfs count="1"><dxf><font><color rgb="FFFF0000"/></font></dxf></dxfs></styleSheet>'
)


class _Texts:
    """Texts, shared or in their cells."""

    def __init__(self, *, inline: bool) -> None:
        self._inline = inline
        self.shared: list[str] = []

    def cell(self, address: str, value: object, style: int = 0, formula: str = "") -> str:
        look = f' s="{style}"' if style else ""
        if formula:
            return f'<c r="{address}"{look}>{formula}<v>{value}</v></c>'
        if not isinstance(value, str):
            return f'<c r="{address}"{look}/>' if value is None else f'<c r="{address}"{look}><v>{value}</v></c>'
        if self._inline:
            return f'<c r="{address}"{look} t="inlineStr"><is><t>{escape(value)}</t></is></c>'
        self.shared.append(value)
        return f'<c r="{address}"{look} t="s"><v>{len(self.shared) - 1}</v></c>'


def plan_workbook(*, inline: bool = False, wide: bool = False) -> dict[str, str | bytes]:
    """The parts of a workbook with a plan in rows 4 to 11 of its first sheet.

    Args:
        inline: Texts stand in their cells.
        wide: With tables, notes, a drawing and controls; bare otherwise.
    """
    texts = _Texts(inline=inline)
    sheets = {"POA": _plan(texts, wide=wide), "Datos d'Oruro": _data(texts, wide=wide)}
    relations = "".join(
        f'<Relationship Id="rId{i}" Type="{R}/worksheet" Target="worksheets/sheet{i}.xml"/>' for i in (1, 2)
    )
    strings = "".join(f"<si><t>{escape(text)}</t></si>" for text in texts.shared)
    types = "".join(
        f'<Override PartName="/xl/{name}" ContentType="{_SHEET_TYPE.format(kind)}"/>'
        for name, kind in (
            ("workbook.xml", "sheet.main"),
            ("worksheets/sheet1.xml", "worksheet"),
            ("worksheets/sheet2.xml", "worksheet"),
            ("styles.xml", "styles"),
            *([] if inline else [("sharedStrings.xml", "sharedStrings")]),
            *(_more_types() if wide else []),
        )
    )
    names = (
        "<definedNames><definedName name=\"Lista\">'Datos d''Oruro'!$A$2:$A$4</definedName>"
        '<definedName name="Total">POA!$X$5</definedName><definedName name="YTD2026">poa!$X$6:$X$11</definedName>'
        '<definedName name="Roto">#REF!:#REF! #REF!</definedName><definedName name="Ajeno">[1]!POA</definedName>'
        "</definedNames>"
        if wide
        else ""
    )
    tabs = "".join(f'<sheet name="{escape(name)}" sheetId="{i}" r:id="rId{i}"/>' for i, name in enumerate(sheets, 1))
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": f'<Types xmlns="{_TYPES}"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/><Default Extension="vml" ContentType="application/vnd.openxmlformats-officedocument.vmlDrawing"/>'
        + (
            '<Override PartName="/xl/drawings/drawing1.xml" ContentType="application/vnd.openxmlformats-officedocument.drawing+xml"/>'
            if wide
            else ""
        )
        + f"{types}</Types>",
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="rId1" Type="{R}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{R}"><workbookPr/><bookViews><workbookView activeTab="0"/></bookViews><sheets>{tabs}</sheets>{names}</workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}">{relations}<Relationship Id="rId8" Type="{R}/styles" Target="styles.xml"/>'
        + ("" if inline else f'<Relationship Id="rId9" Type="{R}/sharedStrings" Target="sharedStrings.xml"/>')
        + "</Relationships>",
        "xl/styles.xml": STYLES,
        **{f"xl/worksheets/sheet{i}.xml": xml for i, xml in enumerate(sheets.values(), 1)},
    }
    if not inline:
        parts["xl/sharedStrings.xml"] = (
            f'<sst xmlns="{MAIN}" count="{len(texts.shared)}" uniqueCount="{len(texts.shared)}">{strings}</sst>'
        )
    return parts | (_more_parts() if wide else {})


def _plan(texts: _Texts, *, wide: bool) -> str:
    columns = {letters(number): name for number, name in enumerate(FIELDS, 1)}
    rows = {1: texts.cell("A1", "PLAN OPERATIVO ANUAL", 3) if wide else ""}
    rows[HEADER] = "".join(texts.cell(f"{column}{HEADER}", CAPTIONS[name], 3) for column, name in columns.items())
    rows[GROUP] = texts.cell(f"A{GROUP}", 1) + texts.cell(f"B{GROUP}", "G1") + texts.cell(f"C{GROUP}", "Grupo & más")
    total = "<f>SUM(X6:\nX11)  +0</f>" if wide else "<f>SUM(X6:X11)</f>"
    rows[GROUP] += texts.cell(f"X{GROUP}", 600, 1, total)
    for line in range(FIRST, LAST + 1):
        values = [line - 4, f"G1.{line - 5}", f"Operación {line}", "Unidad Legal", "Jefe", 43832, 44196, 12, "Trámites"]
        values += [1] * 12 + ["Informe", "25220", 100]
        looks = {6: 2, 7: 2, 24: 1}
        rows[line] = "".join(
            texts.cell(f"{letters(number)}{line}", value, looks.get(number, 0))
            for number, value in enumerate(values, 1)
        )
    data = "".join(f'<row r="{line}" spans="1:24">{cells}</row>' for line, cells in rows.items() if cells)
    head = '<sheetPr/><dimension ref="A1:X11"/><sheetViews><sheetView workbookViewId="0"><pane xSplit="3" ySplit="4" topLeftCell="D5" activePane="bottomRight" state="frozen"/></sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"/>'
    head += (
        '<cols><col min="1" max="1" width="6" customWidth="1"/><col min="3" max="3" width="40" customWidth="1"/></cols>'
    )
    tail = '<pageMargins left="0.7" right="0.7" top="0.75" bottom="0.75" header="0.3" footer="0.3"/>'
    if wide:
        tail = (
            '<scenarios current="0"><scenario name="Uno" count="1"><inputCells r="X6" val="1"/></scenario></scenarios>'
            '<autoFilter ref="A4:X11"/><mergeCells count="1"><mergeCell ref="A1:D1"/></mergeCells>'
            '<conditionalFormatting sqref="X6:X11"><cfRule type="expression" dxfId="0" priority="1"><formula>$X6&gt;$X$5</formula></cfRule></conditionalFormatting>'
            '<dataValidations count="1"><dataValidation type="list" allowBlank="1" sqref="D6:D11"><formula1>Lista</formula1></dataValidation></dataValidations>'
            f'{tail}<rowBreaks count="1" manualBreakCount="1"><brk id="8" max="16383" man="1"/></rowBreaks>'
            '<colBreaks count="1" manualBreakCount="1"><brk id="9" max="1048575" man="1"/></colBreaks>'
            '<cellWatches><cellWatch r="X9"/></cellWatches><drawing r:id="rId1"/><legacyDrawing r:id="rId2"/>'
        )
    return f'<worksheet xmlns="{MAIN}" xmlns:r="{R}">{head}<sheetData>{data}</sheetData>{tail}</worksheet>'


def _data(texts: _Texts, *, wide: bool) -> str:
    rows = {
        1: texts.cell("A1", "unidad") + texts.cell("B1", "suma"),
        2: texts.cell("A2", "Unidad Legal")
        + texts.cell("B2", 100, formula='<f t="shared" ref="B2:B4" si="0">POA!X6*1</f>'),
        3: texts.cell("A3", "Pisiga") + texts.cell("B3", 100, formula='<f t="shared" si="0"/>'),
        4: texts.cell("A4", "Tambo Quemado") + texts.cell("B4", 100, formula='<f t="shared" si="0"/>'),
    }
    for line, formula in enumerate(_FORMULAS if wide else _FORMULAS[:1], 6):
        rows[line] = texts.cell(f"A{line}", 1, formula=f"<f>{escape(formula)}</f>")
    data = "".join(f'<row r="{line}">{cells}</row>' for line, cells in rows.items())
    table = '<tableParts count="1"><tablePart r:id="rId1"/></tableParts>' if wide else ""
    return f'<worksheet xmlns="{MAIN}" xmlns:r="{R}"><dimension ref="A1:B4"/><sheetFormatPr defaultRowHeight="15"/><cols><col min="1" max="1" width="30" customWidth="1"/></cols><sheetData>{data}</sheetData>{table}</worksheet>'


_FORMULAS = (
    "POA!X5*2",
    "SUM(POA!$X$6:$X$11)+'POA'!x7",
    "SUM(poa!X6:poa!X9)",
    "SUM(POA!A6:INDEX(POA!A:A,9))",
    'IF(POA!X6="POA!X9",LOG10(POA!X6),{1,2;3,4})',
    "YTD2026+Total",
    "SUM(POA!$6:$8)",
    "'Datos d''Oruro'!B2+A1",
    "SUM('Datos d''Oruro:Datos d''Oruro'!B2)+SUM('POA:poa'!X7:X9)",
    "SUM(POA:POA!X8)+SUM(POA:'Datos d''Oruro'!X8)",
    "#REF!:#REF! #REF!",
)


def _more_types() -> list[tuple[str, str]]:
    return [("tables/table1.xml", "table"), ("comments1.xml", "comments")]


def _more_parts() -> dict[str, str | bytes]:
    xdr = "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"
    a = "http://schemas.openxmlformats.org/drawingml/2006/main"
    place = "<xdr:col>25</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>{}</xdr:row><xdr:rowOff>0</xdr:rowOff>"
    return {
        "xl/worksheets/_rels/sheet1.xml.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="rId1" Type="{R}/drawing" Target="../drawings/drawing1.xml"/>'
        f'<Relationship Id="rId2" Type="{R}/vmlDrawing" Target="../drawings/vmlDrawing1.vml"/><Relationship Id="rId3" Type="{R}/comments" Target="../comments1.xml"/></Relationships>',
        "xl/worksheets/_rels/sheet2.xml.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="rId1" Type="{R}/table" Target="../tables/table1.xml"/></Relationships>',
        "xl/drawings/drawing1.xml": f'<xdr:wsDr xmlns:xdr="{xdr}" xmlns:a="{a}"><xdr:twoCellAnchor><xdr:from>{place.format(7)}</xdr:from><xdr:to>{place.format(9)}</xdr:to>'
        '<xdr:sp textlink="$X$8"><xdr:nvSpPr><xdr:cNvPr id="2" name="Texto"/><xdr:cNvSpPr/></xdr:nvSpPr><xdr:spPr><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></xdr:spPr></xdr:sp><xdr:clientData/></xdr:twoCellAnchor></xdr:wsDr>',
        "xl/drawings/vmlDrawing1.vml": (
            '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:x="urn:schemas-microsoft-com:office:excel">'
            '<v:shape id="_x0000_s1"><x:ClientData ObjectType="Note"><x:Anchor>\n 4, 15, 7, 2, 6, 15, 11, 4</x:Anchor>'
            "<x:Row>7</x:Row><x:Column>2</x:Column></x:ClientData></v:shape></xml>"
        ).encode("latin-1"),
        "xl/comments1.xml": f'<comments xmlns="{MAIN}"><authors><author>Ana</author></authors><commentList><comment ref="C8" authorId="0"><text><t>revisar</t></text></comment></commentList></comments>',
        "xl/tables/table1.xml": f'<table xmlns="{MAIN}" id="1" name="Unidades" displayName="Unidades" ref="A1:B4" totalsRowShown="0"><autoFilter ref="A1:B4"/><tableColumns count="2"><tableColumn id="1" name="unidad"/>'
        '<tableColumn id="2" name="suma"><calculatedColumnFormula>POA!$X$9+1</calculatedColumnFormula></tableColumn></tableColumns></table>',
    }
