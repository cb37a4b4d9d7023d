"""Makes the Word template of the report: `python -m tests.word` writes it anew, for an office to edit."""

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt, RGBColor

from poa_xl.actions.document import BANDS, CURVE
from poa_xl.books.word import Figures, workbook_of
from tests.paths import ROOT

TARGET = ROOT / "poa_xl" / "templates" / "informe.docx"
NAVY, GREY, LINE = "1F3864", "595959", "BFBFBF"
_CHART = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
_BOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_NS = (
    'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
_SHARES = (
    ("Oper.", "operaciones", 1.4),
    ("Avance físico", "eficacia", 2.1),
    ("Vigente, Bs", "vigente", 2.7),
    ("Ejecutado, Bs", "ejecutado", 2.7),
    ("Ejecución financiera", "financiera", 2.3),
    ("Sin informar", "sin_informar", 1.7),
)


def main(target: Path = TARGET) -> None:
    document = Document()
    _page(document)
    _head(document)
    document.add_heading("1. Resumen", 1)
    document.add_paragraph(
        "Hasta {{ corte }} de {{ gestion }}, el avance físico del plan es {{ fisico }} y la ejecución financiera, "
        "{{ financiero }}: Bs {{ ejecutado }} de Bs {{ vigente }}. El plan tiene {{ operaciones }} operaciones; "
        "{{ con_eficacia }} se pueden evaluar a la fecha y {{ sin_informar }} no informaron todos sus meses."
    )
    _table(document, "estados", (("Estado", "nombre", 6.0), ("Operaciones", "cantidad", 3.0)))
    document.add_paragraph()
    _chart(
        document,
        BANDS,
        "Operaciones por estado",
        bars=True,
        figures=Figures(["Bajo", "Medio", "Alto"], [("Operaciones", [Decimal(2), Decimal(3), Decimal(5)])]),
    )
    document.add_heading("2. Avance en el año", 1)
    _chart(
        document,
        CURVE,
        "Avance acumulado en el año, en %",
        bars=False,
        figures=Figures(
            ["ENE", "FEB", "MAR"],
            [("Programado", [Decimal(10), Decimal(20), Decimal(30)]), ("Ejecutado", [Decimal(8), Decimal(18), None])],
        ),
    )
    _note(document, "Ponderación de las operaciones: {{ ponderacion }}. {{ bandas }}")
    document.add_heading("3. Por unidad", 1)
    _table(document, "unidades", (("Unidad", "nombre", 4.9), *_SHARES))
    document.add_heading("4. Por objetivo", 1)
    _table(document, "objetivos", (("Código", "codigo", 2.1), ("Objetivo", "nombre", 4.5), *_SHARES[:-1]))
    document.add_heading("5. En rojo: causa y acción correctiva", 1)
    _where(document, "not rojas", "Ninguna operación está en rojo.")
    _table(
        document,
        "rojas",
        (
            ("Código", "codigo", 2.9),
            ("Operación", "accion", 3.8),
            ("Unidad", "unidad", 2.4),
            ("Eficacia", "eficacia", 1.7),
            ("Causa del desvío", "causa", 3.4),
            ("Acción correctiva", "correccion", 3.6),
        ),
    )
    document.add_heading("6. Sin informar", 1)
    _where(document, "not faltan", "Todas las operaciones informaron sus meses.")
    _table(
        document,
        "faltan",
        (
            ("Código", "codigo", 3.0),
            ("Operación", "accion", 6.4),
            ("Unidad", "unidad", 3.4),
            ("Meses", "meses", 5.0),
        ),
    )
    _signatures(document)
    target.parent.mkdir(exist_ok=True)
    document.save(str(target))


def _page(document: Any) -> None:  # noqa: ANN401 - python-docx has no types
    section = document.sections[0]
    section.orientation = WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Cm(21.59), Cm(27.94)
    section.left_margin = section.right_margin = Cm(1.9)
    section.top_margin = section.bottom_margin = Cm(2)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = "Calibri", Pt(10.5)
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), "Calibri")
    normal.paragraph_format.space_after = Pt(6)
    # Words for the spelling of the program: Spanish of Bolivia.
    normal.element.rPr.append(parse_xml(f'<w:lang {nsdecls("w")} w:val="es-BO"/>'))
    for name, size in (("Title", 20), ("Heading 1", 13)):
        style = document.styles[name]
        style.font.name, style.font.size, style.font.color.rgb = "Calibri", Pt(size), RGBColor.from_string(NAVY)
        fonts = style.element.rPr.rFonts
        for theme in [each for each in fonts.attrib if each.endswith("Theme")]:
            del fonts.attrib[theme]
    document.styles["Heading 1"].paragraph_format.space_before = Pt(14)
    document.styles["Heading 1"].paragraph_format.space_after = Pt(4)
    foot = section.footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    run = foot.add_run("{{ titulo }} · informe hasta {{ corte }} · página ")
    _small(run)
    run = foot.add_run()
    _small(run)
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        xml = (
            f'<w:fldChar {nsdecls("w")} w:fldCharType="{kind}"/>'
            if kind
            else (f'<w:instrText {nsdecls("w")} xml:space="preserve">{text}</w:instrText>')
        )
        run._r.append(parse_xml(xml))


def _small(run: Any) -> None:  # noqa: ANN401 - see above
    run.font.size, run.font.color.rgb = Pt(8), RGBColor.from_string(GREY)


def _head(document: Any) -> None:  # noqa: ANN401 - see above
    document.add_heading("Informe de seguimiento", 0)
    for text, size in (("{{ titulo }}", 13), ("{{ entidad }}", 11)):
        paragraph = document.add_paragraph()
        paragraph.paragraph_format.space_after = Pt(0)
        run = paragraph.add_run(text)
        run.bold, run.font.size = True, Pt(size)
    _note(document, "Corte: {{ corte }} de {{ gestion }} ({{ trimestre }}). Fecha del informe: {{ fecha }}.")


def _note(document: Any, text: str) -> None:  # noqa: ANN401 - see above
    _small(document.add_paragraph().add_run(text))


def _where(document: Any, condition: str, text: str) -> None:  # noqa: ANN401 - see above
    """A paragraph that stands there only where something holds."""
    for each in (f"{{%p if {condition} %}}", text, "{%p endif %}"):
        document.add_paragraph(each)


def _table(document: Any, listed: str, columns: Sequence[tuple[str, str, float]]) -> None:  # noqa: ANN401 - see above
    """A table with one row for each entry of a list; the rows of its tags are gone when it is filled in."""
    table = document.add_table(rows=4, cols=len(columns))
    table.style, table.alignment, table.autofit = "Table Grid", WD_TABLE_ALIGNMENT.CENTER, False
    table.rows[0]._tr.get_or_add_trPr().append(parse_xml(f"<w:tblHeader {nsdecls('w')}/>"))
    borders = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:color="{LINE}"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    # The schema wants them before how columns are laid out.
    layout = table._tbl.tblPr.find(qn("w:tblLayout"))
    layout.addprevious(parse_xml(f"<w:tblBorders {nsdecls('w')}>{borders}</w:tblBorders>"))
    for row in table.rows:
        row._tr.get_or_add_trPr().append(parse_xml(f"<w:cantSplit {nsdecls('w')}/>"))
    for number, (caption, field, width) in enumerate(columns):
        table.columns[number].width = Cm(width)
        texts = (caption, "", f"{{{{ x.{field} }}}}", "")
        for row, text in zip(table.rows, texts, strict=True):
            cell = row.cells[number]
            cell.width = Cm(width)
            paragraph = cell.paragraphs[0]
            paragraph.paragraph_format.space_after = Pt(1)
            run = paragraph.add_run(text)
            run.font.size = Pt(9)
            if row is not table.rows[0] and field in _NUMBERS:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            if text == caption and row._tr is table.rows[0]._tr:
                run.bold, run.font.color.rgb = True, RGBColor(255, 255, 255)
                cell._tc.get_or_add_tcPr().append(
                    parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="{NAVY}"/>')
                )
    table.rows[1].cells[0].paragraphs[0].runs[0].text = f"{{%tr for x in {listed} %}}"
    table.rows[3].cells[0].paragraphs[0].runs[0].text = "{%tr endfor %}"


_NUMBERS = {field for _, field, _ in _SHARES} | {"cantidad"}


def _signatures(document: Any) -> None:  # noqa: ANN401 - see above
    document.add_paragraph()
    table = document.add_table(rows=1, cols=2)
    for cell, text in zip(table.rows[0].cells, ("Elaborado por", "Aprobado por"), strict=True):
        paragraph = cell.paragraphs[0]
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.paragraph_format.space_before = Pt(48)
        paragraph.add_run(f"______________________________\n{text}")


def _chart(document: Any, name: str, title: str, figures: Figures, *, bars: bool) -> None:  # noqa: ANN401 - see above
    """A native chart with the workbook behind it; its alternative text tells which one it is."""
    package = document.part.package
    number = sum("chart" in each.partname for each in package.iter_parts()) + 1
    part = Part(PackURI(f"/word/charts/chart{number}.xml"), _CHART, b"", package)
    book = Part(PackURI(f"/word/embeddings/grafico{number}.xlsx"), _BOOK, workbook_of(figures), package)
    behind = part.relate_to(book, RELATIONSHIP_TYPE.PACKAGE)
    part._blob = _chart_xml(title, figures, behind, bars=bars).encode()
    relation = document.part.relate_to(part, RELATIONSHIP_TYPE.CHART)
    width, height = int(Cm(16.5)), int(Cm(6.2 if bars else 7.6))
    paragraph = document.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.add_run()._r.append(
        parse_xml(
            f'<w:drawing {nsdecls("w", "wp", "a", "r")}><wp:inline distT="0" distB="0" distL="0" distR="0">'
            f'<wp:extent cx="{width}" cy="{height}"/><wp:docPr id="{100 + number}" name="{title}" descr="{name}"/>'
            '<wp:cNvGraphicFramePr/><a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/chart">'
            f'<c:chart xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" r:id="{relation}"/>'
            "</a:graphicData></a:graphic></wp:inline></w:drawing>"
        )
    )


def _chart_xml(title: str, figures: Figures, behind: str, *, bars: bool) -> str:
    last = len(figures.categories) + 1
    colors = ("2F5597",) if bars else ("7F7F7F", "2F5597")
    series = "".join(
        _series(i, color, text, figures, values, last, bars=bars)
        for i, (color, (text, values)) in enumerate(zip(colors, figures.series, strict=True))
    )
    labels = '<c:dLbls><c:showLegendKey val="0"/><c:showVal val="1"/><c:showCatName val="0"/><c:showSerName val="0"/><c:showPercent val="0"/><c:showBubbleSize val="0"/></c:dLbls>'
    axes = '<c:axId val="111"/><c:axId val="112"/>'
    plot = (
        f'<c:barChart><c:barDir val="bar"/><c:grouping val="clustered"/><c:varyColors val="0"/>{series}{labels}<c:gapWidth val="60"/>{axes}</c:barChart>'
        if bars
        else f'<c:lineChart><c:grouping val="standard"/><c:varyColors val="0"/>{series}<c:marker val="1"/>{axes}</c:lineChart>'
    )
    order = "maxMin" if bars else "minMax"
    grid = f'<c:majorGridlines><c:spPr><a:ln w="6350"><a:solidFill><a:srgbClr val="{"FFFFFF" if bars else "D9D9D9"}"/></a:solidFill></a:ln></c:spPr></c:majorGridlines>'
    head = f'<c:title><c:tx><c:rich><a:bodyPr/><a:p><a:pPr><a:defRPr sz="1100" b="1"/></a:pPr><a:r><a:rPr lang="es-BO" sz="1100" b="1"><a:latin typeface="Calibri"/></a:rPr><a:t>{title}</a:t></a:r></a:p></c:rich></c:tx><c:overlay val="0"/></c:title>'
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><c:chartSpace {_NS}><c:roundedCorners val="0"/><c:chart>{head}'
        f'<c:autoTitleDeleted val="0"/><c:plotArea><c:layout/>{plot}'
        f'<c:catAx><c:axId val="111"/><c:scaling><c:orientation val="{order}"/></c:scaling><c:delete val="0"/><c:axPos val="{"l" if bars else "b"}"/>'
        '<c:numFmt formatCode="General" sourceLinked="0"/><c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="nextTo"/><c:crossAx val="112"/><c:crosses val="autoZero"/></c:catAx>'
        f'<c:valAx><c:axId val="112"/><c:scaling><c:orientation val="minMax"/><c:min val="0"/></c:scaling><c:delete val="{int(bars)}"/><c:axPos val="{"b" if bars else "l"}"/>{grid}'
        '<c:numFmt formatCode="0" sourceLinked="0"/><c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="nextTo"/><c:crossAx val="111"/><c:crosses val="autoZero"/></c:valAx>'
        f"</c:plotArea>{'' if bars else '<c:legend><c:legendPos val=' + chr(34) + 'b' + chr(34) + '/><c:overlay val=' + chr(34) + '0' + chr(34) + '/></c:legend>'}"
        f'<c:plotVisOnly val="1"/><c:dispBlanksAs val="gap"/></c:chart><c:txPr><a:bodyPr/><a:p><a:pPr><a:defRPr sz="900"><a:latin typeface="Calibri"/></a:defRPr></a:pPr><a:endParaRPr lang="es-BO"/></a:p></c:txPr><c:externalData r:id="{behind}"><c:autoUpdate val="0"/></c:externalData></c:chartSpace>'
    )


def _series(
    number: int, color: str, text: str, figures: Figures, values: Sequence[Decimal | None], last: int, *, bars: bool
) -> str:
    column = chr(ord("B") + number)
    fill = f'<a:solidFill><a:srgbClr val="{color}"/></a:solidFill>'
    look = fill if bars else f'<a:ln w="28575" cap="rnd">{fill}</a:ln>'
    marker = (
        ""
        if bars
        else f'<c:marker><c:symbol val="{("square", "circle")[number]}"/><c:size val="6"/><c:spPr>{fill}</c:spPr></c:marker>'
    )
    names = "".join(f'<c:pt idx="{i}"><c:v>{each}</c:v></c:pt>' for i, each in enumerate(figures.categories))
    points = "".join(f'<c:pt idx="{i}"><c:v>{each}</c:v></c:pt>' for i, each in enumerate(values) if each is not None)
    count = len(figures.categories)
    return (
        f'<c:ser><c:idx val="{number}"/><c:order val="{number}"/><c:tx><c:strRef><c:f>Sheet1!${column}$1</c:f><c:strCache><c:ptCount val="1"/>'
        f'<c:pt idx="0"><c:v>{text}</c:v></c:pt></c:strCache></c:strRef></c:tx><c:spPr>{look}</c:spPr>{"<c:invertIfNegative val=" + chr(34) + "0" + chr(34) + "/>" if bars else marker}'
        f'<c:cat><c:strRef><c:f>Sheet1!$A$2:$A${last}</c:f><c:strCache><c:ptCount val="{count}"/>{names}</c:strCache></c:strRef></c:cat>'
        f'<c:val><c:numRef><c:f>Sheet1!${column}$2:${column}${last}</c:f><c:numCache><c:formatCode>General</c:formatCode><c:ptCount val="{count}"/>{points}</c:numCache></c:numRef></c:val>'
        f"{'' if bars else '<c:smooth val=' + chr(34) + '0' + chr(34) + '/>'}</c:ser>"
    )


if __name__ == "__main__":
    main()
