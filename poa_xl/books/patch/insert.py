"""Rows inserted into a sheet, and every reference of the package moved with them."""

import re
from collections.abc import Callable, Iterator

from poa_xl.books.package import Package
from poa_xl.books.patch import rows, spans
from poa_xl.books.patch.moved import Insertion
from poa_xl.books.patch.rows import Rows
from poa_xl.books.patch.shared import SharedFormulas
from poa_xl.books.patch.spans import Node, Splice
from poa_xl.books.patch.vml import moved_vml
from poa_xl.books.xml import escape, quoteattr, without_hidden
from poa_xl.errors import BookError
from poa_xl.i18n import say
from poa_xl.sheet.grid import letters

# Texts that are formulas, by local name of their element: formats, validations, charts, sparklines, names, tables.
_FORMULAS = {"f", "formula", "formula1", "formula2", "definedName", "calculatedColumnFormula", "totalsRowFormula"}
# Attributes that hold formulas: of form controls, of ActiveX controls, of shapes, of camera pictures, of queries.
_FORMULA_ATTRIBUTES = {
    "fmlaLink",
    "fmlaRange",
    "fmlaTxbx",
    "fmlaGroup",
    "fmlaPict",
    "linkedCell",
    "listFillRange",
    "textlink",
    "cellRange",
    "cell",
}
# Attributes that hold ranges of their own sheet.
_RANGES = {"ref", "sqref", "topLeftCell", "activeCell", "syncRef", "sourceRef"}
# Elements whose `r` is a cell: of scenarios, of the watch window, of smart tags, of XML maps.
_PLACED = {"inputCells", "cellWatch", "cellSmartTags", "singleXmlCell"}
# Elements whose range is that of a thing, which does not grow with what is put below it.
_FIXED = {"mergeCell", "hyperlink", "selection", "pane", "scenarios", "location"}
# What belongs to a sheet, by kind of relationship; what comes behind it names the sheets that it speaks of.
_OWN = {
    "drawing",
    "comments",
    "table",
    "tableSingleCells",
    "vmlDrawing",
    "threadedComment",
    "ctrlProp",
    "pivotTable",
    "queryTable",
    "namedSheetView",
    "control",
}
_NAMING = {"chart", "chartEx", "chartUserShapes", "pivotCacheDefinition"}
# What a new row takes over from the row that it is like.
_ROW_LOOKS = ("spans", "s", "customFormat", "ht", "customHeight", "outlineLevel", "thickTop", "thickBot")
_FORMULA = re.compile(rb"<((?:[\w.-]+:)?)f((?:\s[^<>]*?)?)(?:/>|>(.*?)</(?:[\w.-]+:)?f\s*>)", re.DOTALL)
_REF = re.compile(rb"(\s(?:ref|r1|r2)\s*=\s*[\"'])([^\"']*)")

Read = Callable[[str], bytes]


def insert_rows(package: Package, read: Read, insertion: Insertion) -> dict[str, bytes]:
    """Insert rows and move references.

    Args:
        package: The workbook.
        read: Gives the present content of a member, in UTF-8.
        insertion: Sheet, place and number of rows.

    Returns:
        Member to new content, of the members that change.

    Raises:
        BookError: The rows would tear an array formula or a pivot table apart.
    """
    changed: dict[str, bytes] = {}
    worksheets = {package.member(sheet.part) for sheet in package.sheets}
    for part, sheet in referring_parts(package):
        data = read(part)
        place = f"{package.name}: {part}"
        if part in worksheets:
            new = _Worksheet(rows.cut(data, place), sheet, insertion).moved(data)
        elif part.lower().endswith(".vml"):
            new = moved_vml(data, sheet, insertion)
        else:
            root = spans.read(data, place)
            new = spans.apply(data, _moves(data, root, sheet, insertion))
        if new != data:
            changed[part] = new
    return changed


def referring_parts(package: Package) -> Iterator[tuple[str, str]]:
    """Yield every member that may hold references, with the sheet it belongs to; empty where it names sheets."""
    book = package.member(package.workbook_part)
    waiting = [(book, "")]
    waiting += [(package.member(sheet.part), sheet.name) for sheet in package.sheets]
    waiting += [
        (package.member(part), "")
        for kind in ("chartsheet", "dialogsheet", "pivotCacheDefinition", "connections")
        for part in package.related(package.workbook_part, kind).values()
    ]
    seen: set[str] = set()
    for part, sheet in waiting:
        if part in seen or not package.has(part):
            continue
        seen.add(part)
        yield part, sheet
        if part == book:
            continue
        for kind in _OWN | _NAMING:
            owner = sheet if kind in _OWN else ""
            waiting += [
                (package.member(each), owner)
                for each in package.related(part, kind).values()
                if each.lower().endswith((".xml", ".vml"))
            ]


class _Worksheet:
    """A worksheet part whose references move."""

    def __init__(self, part: Rows, sheet: str, insertion: Insertion) -> None:
        self._part = part
        self._sheet = sheet
        self._insertion = insertion
        self._is_own = sheet.casefold() == insertion.sheet.casefold()
        self._known: dict[bytes, bytes] = {}
        self._tag = f"<{part.prefix}f".encode()

    def moved(self, data: bytes) -> bytes:
        """Return the new part."""
        part = self._part
        around, root = part.around()
        splices = _moves(around, root, self._sheet, self._insertion)
        shared = SharedFormulas(part, self._sheet, self._insertion)
        models = {each.like: b"" for each in self._insertion.rows} if self._is_own else {}
        is_changed = bool(splices) or self._is_own
        for at, (number, text) in enumerate(zip(part.numbers, part.texts, strict=True)):
            if number in models:
                models[number] = text
            new = self._row(number, text, shared) if self._tag in text else text
            if self._is_own and (number >= self._insertion.first or number in part.unnumbered):
                new = rows.numbered(new, part.prefix, number, self._insertion.row(number))
            is_changed |= new is not text
            part.texts[at] = new
        if not is_changed:
            return data
        if splices:
            part.replace_around(spans.apply(around, splices))
        if self._is_own:
            self._clip()
            part.numbers = [self._insertion.row(number) for number in part.numbers]
            self._add(models)
        return part.joined()

    def _row(self, number: int, text: bytes, shared: SharedFormulas) -> bytes:
        """Move the formulas of a row; those not concerned keep every byte."""
        splices: list[Splice] = []
        bare = without_hidden(text)
        for cell in rows.cells(text, self._part.prefix):
            match = _FORMULA.search(bare, cell.inner, cell.end)
            if match is None:
                continue
            old = text[match.start() : match.end()]
            own = shared.own_text(number, cell.column)
            if own is not None:
                prefix = match[1].decode()
                new = f"<{prefix}f>{escape(own)}</{prefix}f>".encode()
            else:
                master = shared.master_text(number, cell.column)
                inside = text[match.start(3) : match.end(3)] if match[3] is not None else b""
                new = self._attributes(match, text) + (escape(master).encode() if master else self._formula(inside))
                new += text[match.end(3) : match.end()] if match[3] is not None else b""
            if new != old:
                splices.append(Splice(match.start(), match.end(), new))
        return spans.apply(text, splices) if splices else text

    def _attributes(self, match: re.Match[bytes], text: bytes) -> bytes:
        """Return everything of a formula before its text, its ranges moved."""
        end = match.start(3) if match[3] is not None else match.end()
        tag = text[match.start() : end]
        if not self._is_own or b"r" not in match[2]:
            return tag
        is_whole = b"array" in match[2] or b"dataTable" in match[2]

        def moved(found: re.Match[bytes]) -> bytes:
            ref = found[2].decode()
            if is_whole:
                check_whole(ref, self._insertion)
            return found[1] + self._insertion.area(ref).encode()

        return _REF.sub(moved, tag)

    def _formula(self, inside: bytes) -> bytes:
        if inside not in self._known:
            text = _text(inside)
            new = self._insertion.formula(text, self._sheet)
            self._known[inside] = inside if new == text else escape(new).encode()
        return self._known[inside]

    def _clip(self) -> None:
        """Let blank rows fall off the end of the sheet; filled ones may not."""
        part, insertion = self._part, self._insertion
        while part.numbers and insertion.falls(part.numbers[-1]):
            if b"<%sv" % part.prefix.encode() in part.texts[-1] or self._tag in part.texts[-1]:
                raise BookError(
                    say(
                        "no se puede insertar una fila en «{sheet}»: la fila {row} se saldría de la hoja",
                        sheet=self._sheet,
                        row=str(part.numbers[-1]),
                    )
                )
            part.numbers.pop()
            part.texts.pop()

    def _add(self, models: dict[int | None, bytes]) -> None:
        """Write the new rows that are like others: their height and the formats of their cells, no content."""
        part, insertion = self._part, self._insertion
        new = {
            number: _blank_row(models[each.like], part.prefix, number)
            for number, each in zip(insertion.numbers, insertion.rows, strict=True)
            if models.get(each.like)
        }
        merged = {**dict(zip(part.numbers, part.texts, strict=True)), **new}
        part.numbers = sorted(merged)
        part.texts = [merged[number] for number in part.numbers]


def check_whole(ref: str, insertion: Insertion) -> None:
    """Refuse to tear apart what is one thing: an array formula, a data table, a pivot table."""
    match = re.fullmatch(r"\$?[A-Za-z]+\$?(\d+):\$?[A-Za-z]+\$?(\d+)", ref)
    if match and insertion.tears(int(match[1]), int(match[2])):
        raise BookError(
            say(
                "no se puede insertar en «{sheet}»: partiría {ref}, que es una sola cosa",
                sheet=insertion.sheet,
                ref=ref,
            )
        )


def _blank_row(model: bytes, prefix: str, number: int) -> bytes:
    node = spans.read(model, "")
    kept = "".join(f" {key}={quoteattr(value)}" for key, value in node.attributes.items() if key in _ROW_LOOKS)
    styles = [each.get("s") for each in node.children if each.name == "c"]
    looks = [f" s={quoteattr(style)}" if style else "" for style in styles]
    columns = [letters(cell.column) for cell in rows.cells(model, prefix)]
    written = [f'<{prefix}c r="{column}{number}"{look}/>' for column, look in zip(columns, looks, strict=True)]
    return f'<{prefix}row r="{number}"{kept}>{"".join(written)}</{prefix}row>'.encode()


def _moves(data: bytes, root: Node, sheet: str, insertion: Insertion) -> list[Splice]:
    """Move what a part refers to, all but the rows of a worksheet."""
    own = sheet.casefold() == insertion.sheet.casefold()
    splices: list[Splice] = []
    for parent, node in ((root, root), *_with_parents(root)):
        if node.name in _FORMULAS and not node.children and not node.is_empty:
            moved = insertion.formula(node.text, sheet)
            splices += [] if moved == node.text else [Splice(node.inner, node.close, escape(moved).encode())]
        if own:
            splices += _moved_places(data, node, parent, root, insertion)
        elif node.get("sheet").casefold() == insertion.sheet.casefold() and not node.get("id"):
            # The source of a pivot table, or of a consolidation.
            splices += _with(data, node, "ref", insertion.area(node.get("ref"), grow=True))
        for key, value in node.attributes.items():
            if key in _FORMULA_ATTRIBUTES:
                splices += _with(data, node, key, insertion.formula(value, sheet))
    return splices


def _with_parents(node: Node) -> Iterator[tuple[Node, Node]]:
    for each in node.children:
        yield node, each
        yield from _with_parents(each)


def _with(data: bytes, node: Node, key: str, value: str) -> list[Splice]:
    """Set an attribute that is there to another value."""
    if node.attributes.get(key, value) == value:
        return []
    return [spans.with_attribute(data, node, key, escape(value, {'"': "&quot;"}))]


def _moved_places(data: bytes, node: Node, parent: Node, root: Node, insertion: Insertion) -> list[Splice]:
    """Move the places of a part of the sheet itself."""
    splices: list[Splice] = []
    if node.name == "brk" and parent.name == "rowBreaks" and node.get("id").isdigit():
        splices += _with(data, node, "id", str(insertion.row(int(node.get("id")) + 1) - 1))
    elif node.name == "sqref" and not node.is_empty:
        splices.append(Splice(node.inner, node.close, insertion.areas(node.text).encode()))
    elif node.name in ("from", "to") and (row := node.child("row")) is not None and row.text.strip().isdigit():
        splices.append(Splice(row.inner, row.close, str(insertion.row(int(row.text) + 1) - 1).encode()))
    elif node.name in _PLACED:
        splices += _with(data, node, "r", insertion.area(node.get("r")))
    for key in _RANGES & node.attributes.keys():
        if node.name in ("worksheetSource", "dataRef") and node.get("sheet"):
            continue
        if root.name == "pivotTableDefinition":
            check_whole(node.attributes[key], insertion)
        splices += _with(data, node, key, insertion.areas(node.attributes[key], grow=node.name not in _FIXED))
    if node.name in ("worksheetSource", "dataRef") and node.get("sheet").casefold() == insertion.sheet.casefold():
        splices += _with(data, node, "ref", insertion.area(node.get("ref"), grow=True))
    return [splice for splice in splices if data[splice.start : splice.end] != splice.new]


def _text(inside: bytes) -> str:
    """Read the text of an element without children."""
    if b"&" not in inside and b"<" not in inside:
        return inside.decode()
    return spans.read(b"<t>" + inside + b"</t>", "").text
