"""Workbooks made part by part, so that anything that real ones have, or lack, can be expressed."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

from poa_xl.core.plan import FIELDS
from poa_xl.sheet.fields import CAPTIONS
from poa_xl.sheet.grid import letters

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT_RELATIONS = "http://purl.oclc.org/ooxml/officeDocument/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"

# Cell formats of `STYLES`: 0 General, 1 dd/mm/yy, 2 0%, 3 #,##0.00, 4 mmm, 5 "text with d" (no date).
STYLES = (
    f'<styleSheet xmlns="{MAIN}"><numFmts count="3"><numFmt numFmtId="164" formatCode="dd/mm/yy"/>'
    '<numFmt numFmtId="165" formatCode="mmm"/><numFmt numFmtId="166" formatCode="0&quot; dias&quot;"/></numFmts>'
    "<fills><fill/></fills>"
    '<cellXfs count="6"><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="9"/><xf numFmtId="4"/>'
    '<xf numFmtId="165"/><xf numFmtId="166"/></cellXfs></styleSheet>'
)

Cells = Mapping[str, str]


def number(value: object, style: int = 0) -> str:
    return f'<c r="@" s="{style}"><v>{value}</v></c>'


def text(value: str) -> str:
    return f'<c r="@" t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'


def raw(inside: str, kind: str = "n", style: int = 0) -> str:
    return f'<c r="@" t="{kind}" s="{style}">{inside}</c>'


def sheet(rows: Mapping[int, Mapping[str, str]], after: str = "", attributes: Mapping[int, str] | None = None) -> str:
    """Write a worksheet; rows map column letters to cells, whose `@` becomes their address."""
    body = "".join(
        f'<row r="{row}" {(attributes or {}).get(row, "")}>'
        + "".join(cell.replace("@", f"{column}{row}") for column, cell in cells.items())
        + "</row>"
        for row, cells in rows.items()
    )
    return f'<worksheet xmlns="{MAIN}"><sheetData>{body}</sheetData>{after}</worksheet>'


HEADER = {letters(column): text(CAPTIONS[name]) for column, name in enumerate(FIELDS, 1)}

OPERATION = {
    "A": number(1),
    "B": text("G1.1"),
    "C": text("Operación"),
    "D": text("Unidad Legal"),
    "E": text("Jefe"),
    "F": number(43832, 1),
    "G": number(44196, 1),
    "H": number(12),
    "I": text("Trámites"),
    **{letters(column): number(1) for column in range(10, 22)},
    "W": text("25220"),
    "X": number(100),
}
GROUP = {"A": number(0), "B": text("G1"), "C": text("Grupo"), "X": number(100)}


def plan_sheet(operation: Mapping[str, str] | None = None, after: str = "") -> str:
    """A plan of one group and one operation in rows 1 to 3; cells of the operation may be changed."""
    return sheet({1: HEADER, 2: GROUP, 3: {**OPERATION, **(operation or {})}}, after)


def parts(
    sheets: Sequence[tuple[str, str]],
    *,
    workbook: str = "",
    strings: str = "",
    relations: str = RELATIONS,
    main: str = MAIN,
    more: Mapping[str, str | bytes] | None = None,
) -> dict[str, str | bytes]:
    """The parts of a workbook with these sheets (name, XML)."""
    tabs = "".join(
        f'<sheet name="{escape(name)}" sheetId="{i}" r:id="rId{i}"/>' for i, (name, _) in enumerate(sheets, 1)
    )
    rels = "".join(
        f'<Relationship Id="rId{i}" Type="{relations}/worksheet" Target="worksheets/sheet{i}.xml"/>'
        for i in range(1, len(sheets) + 1)
    )
    rels += f'<Relationship Id="rIdS" Type="{relations}/styles" Target="styles.xml"/>'
    if strings:
        rels += f'<Relationship Id="rIdT" Type="{relations}/sharedStrings" Target="sharedStrings.xml"/>'
    found: dict[str, str | bytes] = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="rId1" '
        f'Type="{relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{relations}">{workbook}'
        f"<sheets>{tabs}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}">{rels}</Relationships>',
        "xl/styles.xml": STYLES,
        **{f"xl/worksheets/sheet{i}.xml": xml for i, (_, xml) in enumerate(sheets, 1)},
    }
    if strings:
        found["xl/sharedStrings.xml"] = f'<sst xmlns="{main}">{strings}</sst>'
    return found | dict(more or {})


def pack(members: Mapping[str, str | bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in members.items():
            package.writestr(name, content)
    return buffer.getvalue()


def book(operation: Mapping[str, str] | None = None, after: str = "") -> bytes:
    """A workbook with the plan of `plan_sheet`."""
    return pack(parts([("POA", plan_sheet(operation, after))]))


def save(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path
