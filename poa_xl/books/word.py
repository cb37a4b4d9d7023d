"""A Word document filled in from a template: its texts and tables by docxtpl, the figures of its charts by us.

A chart of the template stays as the office drew it; it is told by its alternative text, and gets new figures in the
part that shows them and in the workbook behind it.
"""

import io
import posixpath
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import SandboxedEnvironment
from lxml import etree
from xlsxwriter import Workbook

from poa_xl.errors import BookError
from poa_xl.i18n import say

_BODY = "word/document.xml"
_CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_R_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"


@dataclass(frozen=True)
class Figures:
    """What a chart shows.

    Attributes:
        categories: What stands below the axis.
        series: Name and values of each series, in the order that the template has them; None for a gap.
    """

    categories: Sequence[str]
    series: Sequence[tuple[str, Sequence[Decimal | None]]]


def fill(template: bytes, name: str, texts: Mapping[str, object], charts: Mapping[str, Figures]) -> bytes:
    """Return a template filled in.

    Args:
        template: The document.
        name: Name of its file, for messages.
        texts: What its tags say.
        charts: Alternative text of a chart to what it shows.

    Raises:
        BookError: It is no Word document, or a tag in it is not understood; the message says which.
    """
    environment = SandboxedEnvironment(autoescape=True, undefined=StrictUndefined)
    out = io.BytesIO()
    try:
        document = DocxTemplate(io.BytesIO(template))
        document.render(dict(texts), environment, autoescape=True)
        document.save(out)
    except TemplateError as error:
        raise BookError(
            say(
                "{file}: una marca de la plantilla no se entiende: {detail}; las que hay están en docs/guia.md, «El "
                "informe en Word»",
                file=name,
                detail=str(error),
            )
        ) from error
    except (KeyError, ValueError, zipfile.BadZipFile) as error:
        raise BookError(say("{file}: no es un documento de Word (.docx)", file=name)) from error
    return _with_charts(out.getvalue(), charts)


def _with_charts(data: bytes, charts: Mapping[str, Figures]) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        parts = {each.filename: package.read(each) for each in package.infolist()}
    relations = _relations(parts, _BODY)
    for inline in etree.fromstring(parts[_BODY]).iter(f"{_DRAWING}inline", f"{_DRAWING}anchor"):
        properties, chart = inline.find(f"{_DRAWING}docPr"), next(inline.iter(f"{_CHART}chart"), None)
        figures = charts.get(properties.get("descr", "")) if properties is not None else None
        if chart is None or figures is None:
            continue
        part = relations[chart.get(_R_ID, "")]
        parts[part] = _redrawn(parts[part], figures)
        for behind in _relations(parts, part).values():
            if behind.endswith(".xlsx"):
                parts[behind] = workbook_of(figures)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for filename, content in parts.items():
            package.writestr(filename, content)
    return out.getvalue()


def _relations(parts: Mapping[str, bytes], part: str) -> dict[str, str]:
    """Return the parts that a part refers to, by the id that it calls them."""
    folder, name = posixpath.split(part)
    listed = parts.get(f"{folder}/_rels/{name}.rels")
    found = etree.fromstring(listed).iter(_RELATION) if listed is not None else ()
    return {
        each.get("Id", ""): posixpath.normpath(posixpath.join("/" + folder, each.get("Target", ""))).lstrip("/")
        for each in found
        if each.get("TargetMode") != "External"
    }


def _redrawn(chart: bytes, figures: Figures) -> bytes:
    """Put figures into the part of a chart: those that it shows until somebody opens the workbook behind it."""
    root = etree.fromstring(chart)
    last = len(figures.categories) + 1
    for number, (series, (name, values)) in enumerate(zip(root.iter(f"{_CHART}ser"), figures.series, strict=False)):
        column = chr(ord("B") + number)
        _put(series, "tx", f"Sheet1!${column}$1", [name])
        _put(series, "cat", f"Sheet1!$A$2:$A${last}", figures.categories)
        _put(series, "val", f"Sheet1!${column}$2:${column}${last}", values)
    data: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return data


def _put(series: etree._Element, what: str, area: str, values: Sequence[object]) -> None:
    holder = series.find(f"{_CHART}{what}")
    reference = holder[0] if holder is not None and len(holder) else None
    if reference is None:
        return
    cache = next((each for each in reference if each.tag in (f"{_CHART}strCache", f"{_CHART}numCache")), None)
    formula = reference.find(f"{_CHART}f")
    if cache is None or formula is None:
        return
    formula.text = area
    for old in [each for each in cache if each.tag in (f"{_CHART}pt", f"{_CHART}ptCount")]:
        cache.remove(old)
    etree.SubElement(cache, f"{_CHART}ptCount").set("val", str(len(values)))
    for index, value in enumerate(values):
        if value is not None:
            point = etree.SubElement(cache, f"{_CHART}pt")
            point.set("idx", str(index))
            etree.SubElement(point, f"{_CHART}v").text = str(value)


def workbook_of(figures: Figures) -> bytes:
    """Return the workbook behind a chart, which Word opens to edit its data."""
    out = io.BytesIO()
    with Workbook(out, {"in_memory": True}) as book:
        page = book.add_worksheet("Sheet1")
        for row, text in enumerate(figures.categories, 1):
            page.write_string(row, 0, text)
        for column, (name, values) in enumerate(figures.series, 1):
            page.write_string(0, column, name)
            for row, value in enumerate(values, 1):
                if value is not None:
                    page.write_number(row, column, float(value))
    return out.getvalue()
