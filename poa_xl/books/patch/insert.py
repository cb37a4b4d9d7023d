"""Rows inserted into a sheet, and every reference of the package moved with them."""

import re
from collections.abc import Callable, Iterator
from xml.sax.saxutils import escape

from poa_xl.books.package import Package
from poa_xl.books.patch import spans
from poa_xl.books.patch.moved import Insertion
from poa_xl.books.patch.spans import Node, Splice
from poa_xl.errors import BookError
from poa_xl.i18n import say

# Texts that are formulas, by local name of their element: cells, formats, validations, charts, sparklines, names.
_FORMULAS = {"f", "formula", "formula1", "formula2", "definedName"}
# Attributes that hold ranges of their own sheet.
_RANGES = {"ref", "sqref", "topLeftCell", "activeCell"}
# Elements whose range is that of a thing, which does not grow with what is put below it.
_FIXED = {"mergeCell", "f", "hyperlink", "selection", "pane"}
# Attributes of form controls that hold formulas.
_CONTROL = {"fmlaLink", "fmlaRange", "fmlaTxbx", "fmlaGroup", "fmlaPict"}
_OWN = ("drawing", "comments", "table", "vmlDrawing", "threadedComment", "ctrlProp", "pivotTable", "queryTable")
# What a new row takes over from the row that it is like.
_ROW_LOOKS = ("spans", "s", "customFormat", "ht", "customHeight", "outlineLevel", "thickTop", "thickBot")
_VML_ROW = re.compile(r"(<x:Row>)(\d+)(</x:Row>)")
_VML_ANCHOR = re.compile(r"(<x:Anchor>)([^<]*)(</x:Anchor>)")

Read = Callable[[str], bytes]


def insert_rows(package: Package, read: Read, insertion: Insertion) -> dict[str, bytes]:
    """Insert rows and move references.

    Args:
        package: The workbook.
        read: Gives the present content of a member.
        insertion: Sheet, place and number of rows.

    Returns:
        Member to new content, of the members that change.

    Raises:
        BookError: A reference cannot be moved: the rows would tear an array formula or a pivot table apart, or a
            reference spans several sheets.
    """
    changed: dict[str, bytes] = {}
    for part, sheet in _parts(package):
        data = read(part)
        if part.lower().endswith(".vml"):
            new = _vml(data, insertion) if sheet == insertion.sheet else data
        else:
            root = spans.read(data, f"{package.name}: {part}")
            splices = _moves(data, root, sheet, insertion)
            if root.name == "worksheet" and sheet == insertion.sheet:
                splices += _new_rows(root, insertion)
            new = spans.apply(data, splices)
        if new != data:
            changed[part] = new
    return changed


def _parts(package: Package) -> Iterator[tuple[str, str]]:
    """Yield every member that may hold references, with the sheet it belongs to; empty where it names sheets."""
    yield package.member(package.workbook_part), ""
    seen: set[str] = set()
    for sheet in package.sheets:
        yield package.member(sheet.part), sheet.name
        for kind in _OWN:
            for part in package.related(sheet.part, kind).values():
                if package.has(part) and part not in seen:
                    seen.add(part)
                    yield package.member(part), sheet.name
    for part in package.parts:
        if re.fullmatch(r"xl/(charts/chart[^/]*|pivotcache/pivotcachedefinition[^/]*)\.xml", part):
            yield package.member(part), ""


def _moves(data: bytes, root: Node, sheet: str, insertion: Insertion) -> list[Splice]:
    own = sheet.casefold() == insertion.sheet.casefold()
    splices: list[Splice] = []
    unshared = _unshared(root, sheet, insertion) if root.name == "worksheet" else {}
    for node in (root, *root.walk()):
        if node.name in _FORMULAS and not node.children:
            splices += _moved_formula(node, sheet, insertion, unshared)
        if own:
            splices += _moved_ranges(data, node, root, insertion)
        elif node.name == "worksheetSource" and node.get("sheet").casefold() == insertion.sheet.casefold():
            splices.append(spans.with_attribute(data, node, "ref", insertion.area(node.get("ref"))))
        splices += [
            spans.with_attribute(data, node, key, escape(insertion.formula(value, sheet)))
            for key, value in node.attributes.items()
            if key in _CONTROL
        ]
    return [splice for splice in splices if data[splice.start : splice.end] != splice.new]


def _new_rows(root: Node, insertion: Insertion) -> list[Splice]:
    """Write the new rows that are like others: their height and the formats of their cells, no content."""
    part = root.child("sheetData")
    if part is None:
        return []
    present = {int(row.get("r", "0")): row for row in part.children}
    splices = []
    for number, each in zip(insertion.numbers, insertion.rows, strict=True):
        model = present.get(each.like or 0)
        if model is None:
            continue
        at = next((row.start for place, row in sorted(present.items()) if place >= each.before), part.close)
        cells = "".join(_blank_cell(cell, number) for cell in model.children if cell.name == "c")
        kept = "".join(f' {key}="{escape(value)}"' for key, value in model.attributes.items() if key in _ROW_LOOKS)
        xml = f'<{model.prefix}row r="{number}"{kept}>{cells}</{model.prefix}row>'
        splices.append(Splice(at, at, xml.encode()))
    return splices


def _blank_cell(cell: Node, number: int) -> str:
    style = f' s="{cell.get("s")}"' if cell.get("s") else ""
    return f'<{cell.prefix}c r="{cell.get("r").rstrip("0123456789")}{number}"{style}/>'


def _moved_formula(node: Node, sheet: str, insertion: Insertion, unshared: dict[int, str]) -> list[Splice]:
    if node.start in unshared:
        prefix = node.prefix
        xml = f"<{prefix}f>{escape(unshared[node.start])}</{prefix}f>"
        return [Splice(node.start, node.end, xml.encode())]
    if not node.text or node.is_empty:
        return []
    moved = insertion.formula(node.text, sheet)
    if moved == node.text:
        return []
    return [Splice(node.inner, node.close, escape(moved).encode())]


def _unshared(root: Node, sheet: str, insertion: Insertion) -> dict[int, str]:
    """Give shared formulas a text of their own: after the insertion their users no longer move alike."""
    from openpyxl.formula.translate import Translator  # noqa: PLC0415 - heavy, and rarely needed

    cells = [(cell, formula) for cell in root.walk() if cell.name == "c" and (formula := cell.child("f")) is not None]
    masters = {
        formula.get("si"): (cell.get("r"), formula.text)
        for cell, formula in cells
        if formula.get("t") == "shared" and formula.text
    }
    found: dict[int, str] = {}
    for cell, formula in cells:
        if formula.get("t") == "shared" and formula.get("si") in masters:
            origin, text = masters[formula.get("si")]
            own = Translator(f"={text}", origin).translate_formula(cell.get("r")).removeprefix("=")
            found[formula.start] = insertion.formula(own, sheet)
    return found


def _moved_ranges(data: bytes, node: Node, root: Node, insertion: Insertion) -> list[Splice]:
    splices = []
    if node.name in ("row", "c") and "r" in node.attributes:
        old = node.get("r")
        new = str(insertion.row(int(old))) if node.name == "row" else insertion.area(old)
        splices.append(spans.with_attribute(data, node, "r", new))
    elif node.name == "brk":
        splices.append(spans.with_attribute(data, node, "id", str(insertion.row(int(node.get("id")) + 1) - 1)))
    elif node.name == "f" and node.get("t") == "shared":
        return []
    elif node.name == "sqref" and node.text:
        splices.append(Splice(node.inner, node.close, insertion.areas(node.text).encode()))
    elif node.name in ("from", "to"):
        row = node.child("row")
        if row is not None:
            splices.append(Splice(row.inner, row.close, str(insertion.row(int(row.text) + 1) - 1).encode()))
    for key, value in node.attributes.items():
        if key in _RANGES:
            _check_whole(node, root, value, insertion)
            grow = node.name not in _FIXED
            splices.append(spans.with_attribute(data, node, key, insertion.areas(value, grow=grow)))
    return splices


def _check_whole(node: Node, root: Node, ref: str, insertion: Insertion) -> None:
    """Refuse to tear apart what is one thing: an array formula, a data table, a pivot table."""
    match = re.fullmatch(r"\$?[A-Z]+\$?(\d+):\$?[A-Z]+\$?(\d+)", ref)
    is_whole = (node.name == "f" and node.get("t") in ("array", "dataTable")) or root.name == "pivotTableDefinition"
    if is_whole and match and insertion.tears(int(match[1]), int(match[2])):
        raise BookError(
            say("no se puede insertar en «{sheet}»: partiría {ref}, que es una sola cosa", sheet=insertion.sheet,
                ref=ref)
        )  # fmt: skip


def _vml(data: bytes, insertion: Insertion) -> bytes:
    """Move the anchors of notes and controls; rows count from 0 there."""

    def row(match: re.Match[str]) -> str:
        return f"{match[1]}{insertion.row(int(match[2]) + 1) - 1}{match[3]}"

    def anchor(match: re.Match[str]) -> str:
        values = [value.strip() for value in match[2].split(",")]
        for i in (2, 6):
            values[i] = str(insertion.row(int(values[i]) + 1) - 1)
        return f"{match[1]}{', '.join(values)}{match[3]}"

    return _VML_ANCHOR.sub(anchor, _VML_ROW.sub(row, data.decode("utf-8"))).encode()
