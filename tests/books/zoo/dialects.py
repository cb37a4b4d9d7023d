"""The same workbook as different programs would write it: prefixes, empty containers, encodings, order, names."""

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from xml.sax.saxutils import escape

from lxml import etree

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"


@dataclass(frozen=True)
class Dialect:
    """How a program writes.

    Attributes:
        prefix: Prefix of the spreadsheet elements, with the colon.
        closing: How an empty element ends.
        quote: The quotation mark of attributes.
        turned: Whether attributes come in the other order.
        newline: What stands between elements; empty for nothing.
        declaration: What stands before the root, `{}` for the encoding.
        encoding: Of every part; `utf-8-sig` has a mark.
        empty: Containers that are written even where nothing is in them.
        drop: Attributes that are left out, as `element/attribute`.
        words: Whether truth is spelled in words.
        rooted: Whether relationships have absolute targets, and members begin with a slash.
        inline: Whether texts stand in their cells.
        strict: Whether the namespaces are those of ISO 29500 strict.
        columns: A column entry that reaches the last column.
        styleless: Whether there is no part with formats.
        bare: Whether the part with formats is there and empty.
    """

    prefix: str = ""
    closing: str = "/>"
    quote: str = '"'
    turned: bool = False
    newline: str = ""
    declaration: str = '<?xml version="1.0" encoding="{}" standalone="yes"?>\n'
    encoding: str = "utf-8"
    empty: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    words: bool = False
    rooted: bool = False
    inline: bool = False
    strict: bool = False
    columns: str = ""
    styleless: bool = False
    bare: bool = False


_WIDE = '<col min="{}" max="16384" width="11.5" style="1" customWidth="1"/>'
_NAMELESS = ("definedNames", "calcPr")
_LISTLESS = ("mergeCells", "dataValidations", "cols", "conditionalFormatting", "hyperlinks")

DIALECTS: Mapping[str, Dialect] = {
    "plain": Dialect(),
    "openpyxl": Dialect(closing=" />", declaration="", empty=_NAMELESS),
    "closedxml": Dialect(
        prefix="x:", closing=" />", encoding="utf-8-sig", empty=_NAMELESS, rooted=True, columns=_WIDE.format(26)
    ),
    "epplus": Dialect(encoding="utf-8-sig", newline="\r\n", empty=("definedNames", "dataValidations"), turned=True),
    "phpspreadsheet": Dialect(empty=(*_NAMELESS, "mergeCells", "dataValidations", "cols"), inline=True),
    "poi": Dialect(declaration='<?xml version="1.0" encoding="{}"?>\n', drop=("row/spans",), inline=True),
    "sheetjs": Dialect(drop=("row/spans", "c/s"), styleless=True, empty=("cols", "calcPr")),
    "pyexcelerate": Dialect(drop=("row/spans", "c/s"), bare=True, inline=True),
    "exceljs": Dialect(drop=("workbook/date1904",), turned=True, columns=_WIDE.format(25)),
    "gnumeric": Dialect(newline="\n  ", quote="'", empty=("definedNames",), columns=_WIDE.format(24)),
    "libreoffice": Dialect(
        words=True, columns=_WIDE.format(25), declaration='<?xml version="1.0" encoding="{}" standalone="yes"?>\r\n'
    ),
    "numberless": Dialect(drop=("row/r", "c/r", "row/spans", "dimension/ref"), inline=True),
    "cells-without-r": Dialect(drop=("c/r",), closing="></{}>"),
    "utf-16": Dialect(encoding="utf-16", prefix="s:", empty=_NAMELESS),
    "latin-1": Dialect(encoding="iso-8859-1", closing="></{}>", empty=(*_NAMELESS, *_LISTLESS)),
    "strict": Dialect(strict=True, empty=_NAMELESS, turned=True),
    "opened": Dialect(closing="></{}>", empty=(*_NAMELESS, *_LISTLESS), rooted=True),
}
_WORDED = {"hidden", "customWidth", "customFormat", "customHeight", "showGridLines", "allowBlank"}


def written(parts: Mapping[str, str | bytes], dialect: Dialect) -> bytes:
    """Write a workbook's parts as a program would."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            if dialect.styleless and name == "xl/styles.xml":
                continue
            data = content if isinstance(content, bytes) else _xml(name, content, dialect)
            rooted = dialect.rooted and not name.startswith(("[", "_rels"))
            package.writestr(f"/{name}" if rooted and name.startswith("xl/w") else name, data)
    return buffer.getvalue()


def _xml(name: str, content: str, dialect: Dialect) -> bytes:
    root = etree.fromstring(content.encode())
    _adapt(name, root, dialect)
    is_main = etree.QName(root).namespace in (MAIN, STRICT)
    text = _element(root, dialect, {}, is_main=is_main)
    if dialect.strict:
        text = text.replace(MAIN, STRICT).replace(
            "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
            "http://purl.oclc.org/ooxml/officeDocument/relationships",
        )
    encoding = dialect.encoding if is_main else "utf-8"
    declared = dialect.declaration.format(encoding.removesuffix("-sig").upper())
    return (declared + text).encode(encoding)


def _adapt(name: str, root: etree._Element, dialect: Dialect) -> None:
    kind = etree.QName(root).localname
    if kind == "styleSheet" and dialect.bare:
        del root[:]
    if kind == "workbook":
        _empty(root, ["definedNames"], "sheets", dialect)
        _empty(root, ["calcPr"], "definedNames", dialect)
    elif kind == "worksheet":
        cols = root.find("{*}cols")
        if dialect.columns and cols is not None and name.endswith("sheet1.xml"):
            cols.append(etree.fromstring(dialect.columns.replace("<col ", f'<col xmlns="{MAIN}" ')))
        _empty(root, ["cols"], "sheetFormatPr", dialect)
        _empty(root, ["mergeCells"], "sheetData", dialect)
        _empty(root, ["conditionalFormatting", "dataValidations", "hyperlinks"], "mergeCells", dialect)
    if dialect.rooted and name in ("_rels/.rels", "xl/_rels/workbook.xml.rels"):
        for each in root:
            each.set("Target", f"/{'' if name == '_rels/.rels' else 'xl/'}{each.get('Target')}")
    if dialect.styleless:
        for each in list(root):
            if str(each.get("Type")).endswith("/styles") or str(each.get("PartName")) == "/xl/styles.xml":
                root.remove(each)
    _reword(root, dialect)


def _reword(root: etree._Element, dialect: Dialect) -> None:
    for node in root.iter():
        tag = etree.QName(node).localname
        for key in list(node.attrib):
            if f"{tag}/{key!s}" in dialect.drop:
                del node.attrib[key]
            elif dialect.words and key in _WORDED:
                node.set(key, {"1": "true", "0": "false"}.get(str(node.get(key)), str(node.get(key))))


def _empty(root: etree._Element, names: list[str], behind: str, dialect: Dialect) -> None:
    """Write empty containers behind an element, where there are none."""
    after = root.find(f"{{*}}{behind}")
    for name in names:
        present = root.find(f"{{*}}{name}")
        if name in dialect.empty and present is None and after is not None:
            count = {"count": "0"} if name in ("mergeCells", "dataValidations") else {}
            node = etree.Element(f"{{{MAIN}}}{name}", {"sqref": "A900"} if name == "conditionalFormatting" else count)
            after.addnext(node)
            present = node
        after = present if present is not None else after


def _element(node: etree._Element, dialect: Dialect, known: Mapping[str | None, str], *, is_main: bool) -> str:
    name = _name(node, dialect)
    attributes = [(_attribute_name(str(key), node), str(value)) for key, value in node.attrib.items()]
    if dialect.turned and len(known):
        attributes.reverse()
    declared = {key: uri for key, uri in node.nsmap.items() if known.get(key) != uri}
    spaces = [(_space(key, uri, dialect), uri) for key, uri in declared.items()]
    quote = dialect.quote
    tag = name + "".join(
        f" {key}={quote}{escape(value, {quote: '&quot;' if quote == chr(34) else '&apos;', chr(10): '&#10;'})}{quote}"
        for key, value in [*spaces, *attributes]
    )
    inside = "".join(
        _element(each, dialect, node.nsmap, is_main=is_main) + escape((each.tail or "").strip()) for each in node
    )
    text = escape(node.text or "") if not len(node) else ""
    if not text and not inside:
        return f"<{tag}{dialect.closing.format(name)}"
    between = dialect.newline if len(node) and is_main and etree.QName(node).localname not in ("c", "is", "si") else ""
    if between:
        inside = "".join(between + _element(each, dialect, node.nsmap, is_main=is_main) for each in node) + between
    return f"<{tag}>{text}{inside}</{name}>"


def _name(node: etree._Element, dialect: Dialect) -> str:
    name = etree.QName(node)
    if name.namespace == MAIN:
        return f"{dialect.prefix}{name.localname}"
    return f"{node.prefix}:{name.localname}" if node.prefix else name.localname


def _attribute_name(key: str, node: etree._Element) -> str:
    name = etree.QName(key)
    if not name.namespace:
        return name.localname
    if name.namespace.endswith("/namespace"):
        return f"xml:{name.localname}"
    return f"{next(short for short, uri in node.nsmap.items() if uri == name.namespace)}:{name.localname}"


def _space(key: str | None, uri: str, dialect: Dialect) -> str:
    if uri == MAIN and dialect.prefix:
        return f"xmlns:{dialect.prefix[:-1]}"
    return f"xmlns:{key}" if key else "xmlns"
