"""Rules of Excel that no schema and no validator checks: what it would repair, refuse or show as an error.

Each rule is a function that yields what it finds; `broken` runs them all.
"""

import io
import posixpath
import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from lxml import etree
from openpyxl.formula.tokenizer import Token, Tokenizer, TokenizerError
from openpyxl.utils import column_index_from_string

# Functions that Excel 2016 knows without a prefix, as far as sheets of ours use them.
_KNOWN = """ABS ADDRESS AND AVERAGE AVERAGEA AVERAGEIF AVERAGEIFS CEILING CHAR CHOOSE CLEAN CODE COLUMN COLUMNS CONCATENATE COUNT
COUNTA COUNTBLANK COUNTIF COUNTIFS DATE DATEVALUE DAY EDATE EOMONTH EXACT FALSE FIND FIXED FLOOR HLOOKUP HOUR HYPERLINK IF
IFERROR INDEX INDIRECT INT ISBLANK ISERR ISERROR ISLOGICAL ISNA ISNONTEXT ISNUMBER ISTEXT LARGE LEFT LEN LN LOG LOG10
LOOKUP LOWER MATCH MAX MEDIAN MID MIN MINUTE MOD MONTH MROUND N NA NOT NOW OFFSET OR POWER PRODUCT PROPER RANK REPLACE
REPT RIGHT ROUND ROUNDDOWN ROUNDUP ROW ROWS SEARCH SECOND SIGN SMALL SQRT SUBSTITUTE SUBTOTAL SUM SUMIF SUMIFS SUMPRODUCT SUMSQ T
TEXT TIME TODAY TRANSPOSE TRIM TRUE TRUNC TYPE UPPER VALUE VLOOKUP WEEKDAY YEAR"""
_FUNCTIONS = set(_KNOWN.split())
_LIMITS = {"promptTitle": 32, "errorTitle": 32, "prompt": 255, "error": 225}
_BOOLEANS = {"customHeight", "customWidth", "customFormat", "hidden", "collapsed", "sheet", "allowBlank"}
_NAME = re.compile(r"[^\W\d][\w.\\?]*|\\[\w.]*")
_SHEET_NAME = re.compile(r"(?!')[^\[\]:*?/\\]{1,31}(?<!')")
_LONGEST_FORMULA, _LONGEST_LITERAL, _DEEPEST, _LONGEST_TEXT = 8192, 255, 64, 32_767
_HIGHEST, _WIDEST, _LAST_COLUMN, _DEEPEST_OUTLINE = 409.5, 255, 16_384, 7


@dataclass
class Book:
    """A package taken apart: members, trees, relationships by part."""

    names: list[str]
    trees: dict[str, etree._Element]
    damaged: list[str]
    rels: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def workbook(self) -> etree._Element:
        return self.trees["xl/workbook.xml"]

    def sheets(self) -> Iterator[tuple[str, etree._Element]]:
        for name, tree in self.trees.items():
            if etree.QName(tree).localname == "worksheet":
                yield name, tree

    def styles(self, collection: str) -> Sequence[etree._Element]:
        tree = self.trees.get("xl/styles.xml")
        found = tree.find(f"{{*}}{collection}") if tree is not None else None
        return list(found) if found is not None else []

    def texts(self) -> Sequence[etree._Element]:
        tree = self.trees.get("xl/sharedStrings.xml")
        return list(tree) if tree is not None else []


Rule = Callable[[Book], Iterator[str]]


def broken(data: bytes) -> list[str]:
    """List what Excel would not take as it is."""
    book = taken_apart(data)
    return book.damaged or [fault for rule in RULES for fault in rule(book)]


def taken_apart(data: bytes) -> Book:
    """Read a package; what is no XML is named, and then nothing else is looked at."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        names = package.namelist()
        members = {name: package.read(name) for name in names}
    book = Book(names, {}, [])
    for name, content in members.items():
        if name.endswith((".xml", ".rels")):
            try:
                book.trees[name] = etree.fromstring(content)
            except etree.XMLSyntaxError as error:
                book.damaged.append(f"{name}: {error}")
    for name, tree in book.trees.items():
        if name.endswith(".rels"):
            book.rels[name] = dict(_targets(name, tree))
    return book


def _targets(name: str, tree: etree._Element) -> Iterator[tuple[str, str]]:
    base = posixpath.dirname(posixpath.dirname(name))
    for each in tree:
        target = str(each.get("Target"))
        if each.get("TargetMode") != "External":
            full = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(base, target))
            yield str(each.get("Id")), full


def members_are_typed_and_single(book: Book) -> Iterator[str]:
    low = [name.lower() for name in book.names]
    yield from (f"{name}: dos veces" for name in sorted({name for name in low if low.count(name) > 1}))
    types = book.trees["[Content_Types].xml"]
    parts = [str(each.get("PartName")).lower() for each in types if each.get("PartName")]
    endings = {str(each.get("Extension")).lower() for each in types if each.get("Extension")}
    for name in book.names:
        if f"/{name}".lower() in parts or name == "[Content_Types].xml":
            continue
        if name.rsplit(".", 1)[-1].lower() not in endings or (name.startswith("xl/") and name.endswith(".xml")):
            yield f"{name}: sin tipo de contenido"
    yield from (f"{part}: tipo de una parte que no está" for part in parts if part[1:] not in low)


def relationships_lead_somewhere(book: Book) -> Iterator[str]:
    for name, targets in book.rels.items():
        identities = [each.get("Id") for each in book.trees[name]]
        yield from (f"{name}: {each} dos veces" for each in {i for i in identities if identities.count(i) > 1})
        yield from (f"{name}: {target} no está" for target in targets.values() if target not in book.names)


def sheets_have_good_names(book: Book) -> Iterator[str]:
    sheets = list(book.workbook.iterfind("{*}sheets/{*}sheet"))
    names = [str(sheet.get("name")) for sheet in sheets]
    low = [name.casefold() for name in names]
    numbers = [sheet.get("sheetId") for sheet in sheets]
    yield from (f"hoja {name!r}" for name in names if not _SHEET_NAME.fullmatch(name) or name.lower() == "history")
    yield from (f"hoja {name!r} dos veces" for name in {each for each in low if low.count(each) > 1})
    yield from (f"sheetId {number} dos veces" for number in {each for each in numbers if numbers.count(each) > 1})
    if all(sheet.get("state", "visible") != "visible" for sheet in sheets):
        yield "ninguna hoja se ve"


def names_are_possible(book: Book) -> Iterator[str]:
    count = len(list(book.workbook.iterfind("{*}sheets/{*}sheet")))
    seen: set[tuple[str, str | None]] = set()
    for each in book.workbook.iterfind("{*}definedNames/{*}definedName"):
        name, scope = str(each.get("name")), each.get("localSheetId")
        if (name.casefold(), scope) in seen:
            yield f"nombre {name} dos veces"
        seen.add((name.casefold(), scope))
        if scope and int(scope) >= count:
            yield f"nombre {name} de una hoja que no está"
        if _is_address(name) or not _NAME.fullmatch(name) or len(name) > _LONGEST_LITERAL:
            yield f"nombre {name!r} imposible"
        yield from _formula(each.text or "", f"nombre {name}")


def _is_address(name: str) -> bool:
    match = re.fullmatch(r"([A-Za-z]{1,3})(\d+)", name)
    if re.fullmatch(r"[Rr]\d*([Cc]\d*)?|[Cc]\d*", name):
        return True
    return match is not None and (len(match[1]) < 3 or match[1].upper() <= "XFD")


def styles_are_whole(book: Book) -> Iterator[str]:
    tree = book.trees.get("xl/styles.xml")
    for each in tree if tree is not None else ():
        if (each.get("count") or "").isdigit() and int(str(each.get("count"))) != len(each):
            yield f"styles {etree.QName(each).localname}: count"
    codes = {each.get("numFmtId") for each in book.styles("numFmts")}
    ends = {"fontId": "fonts", "fillId": "fills", "borderId": "borders", "xfId": "cellStyleXfs"}
    for number, each in enumerate(book.styles("cellXfs")):
        for key, collection in ends.items():
            if each.get(key) and int(str(each.get(key))) >= len(book.styles(collection)):
                yield f"styles xf {number}: {key}"
        if int(each.get("numFmtId") or 0) >= 164 and each.get("numFmtId") not in codes:
            yield f"styles xf {number}: numFmtId"


def columns_do_not_overlap(book: Book) -> Iterator[str]:
    for name, tree in book.sheets():
        last = 0
        for each in tree.iterfind("{*}cols/{*}col"):
            low, high = int(str(each.get("min"))), int(str(each.get("max")))
            if low <= last or high < low or high > _LAST_COLUMN:
                yield f"{name}: columnas {low}-{high}"
            if float(each.get("width") or 9) > _WIDEST or int(each.get("outlineLevel") or 0) > _DEEPEST_OUTLINE:
                yield f"{name}: ancho o nivel de {low}"
            last = high


def rows_and_cells_rise(book: Book) -> Iterator[str]:
    for name, tree in book.sheets():
        last = 0
        for row in tree.iterfind("{*}sheetData/{*}row"):
            number = int(row.get("r") or last + 1)
            if number <= last:
                yield f"{name}: fila {number}"
            if float(row.get("ht") or 0) > _HIGHEST or int(row.get("outlineLevel") or 0) > _DEEPEST_OUTLINE:
                yield f"{name}: alto o nivel de la fila {number}"
            last, before = number, 0
            for cell in row:
                match = re.fullmatch(r"([A-Z]{1,3})(\d+)", str(cell.get("r")))
                column = column_index_from_string(match[1]) if match else 0
                if match is None or int(match[2]) != number or column <= before:
                    yield f"{name}: celda {cell.get('r')}"
                before = column


def cells_hold_what_they_say(book: Book) -> Iterator[str]:
    formats, texts = len(book.styles("cellXfs")), len(book.texts())
    for name, tree in book.sheets():
        masters = {each.get("si") for each in tree.iter("{*}f") if each.get("t") == "shared" and each.text}
        for cell in tree.iterfind("{*}sheetData/{*}row/{*}c"):
            where, kind = f"{name}: {cell.get('r')}", cell.get("t") or "n"
            value, formula = cell.find("{*}v"), cell.find("{*}f")
            raw = value.text or "" if value is not None else ""
            if int(cell.get("s") or 0) >= max(formats, 1):
                yield f"{where}: formato {cell.get('s')}"
            if kind == "s" and not (raw.isdigit() and int(raw) < texts):
                yield f"{where}: texto compartido {raw}"
            if kind == "n" and raw and not _is_number(raw):
                yield f"{where}: número {raw!r}"
            if sum(len(str(each)) for each in cell.itertext()) > _LONGEST_TEXT and kind in ("str", "inlineStr"):
                yield f"{where}: texto largo"
            if formula is not None and formula.get("t") == "shared" and formula.get("si") not in masters:
                yield f"{where}: fórmula compartida sin texto"
            if formula is not None and formula.text:
                yield from _formula(formula.text, where)
    yield from (
        "sharedStrings: texto largo" for each in book.texts() if len("".join(map(str, each.itertext()))) > _LONGEST_TEXT
    )


def _is_number(raw: str) -> bool:
    return re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", raw) is not None


def formats_and_lists_are_allowed(book: Book) -> Iterator[str]:
    count = len(book.styles("dxfs"))
    for name, tree in book.sheets():
        priorities = [each.get("priority") for each in tree.iter("{*}cfRule")]
        yield from (f"{name}: prioridad {each}" for each in {p for p in priorities if priorities.count(p) > 1})
        for rule in tree.iter("{*}cfRule"):
            if int(rule.get("dxfId") or 0) >= max(count, 1):
                yield f"{name}: dxfId {rule.get('dxfId')}"
            for each in rule.iterfind("{*}formula"):
                yield from _formula(each.text or "", f"{name}: formato condicional")
        for each in tree.iter("{*}dataValidation"):
            yield from (
                f"{name}: {key} de {len(str(each.get(key)))}"
                for key, most in _LIMITS.items()
                if len(each.get(key) or "") > most
            )
            for one in each:
                if len((one.text or "").strip('"')) > _LONGEST_LITERAL:
                    yield f"{name}: lista larga"
                yield from _formula(one.text or "", f"{name}: validación")


def elements_stand_in_order(book: Book) -> Iterator[str]:
    order = [
        "cols",
        "sheetData",
        "sheetProtection",
        "autoFilter",
        "mergeCells",
        "conditionalFormatting",
        "dataValidations",
        "hyperlinks",
        "pageMargins",
        "pageSetup",
        "headerFooter",
        "rowBreaks",
        "colBreaks",
        "drawing",
        "legacyDrawing",
        "tableParts",
        "extLst",
    ]
    for name, tree in book.sheets():
        ranks = [order.index(local) for each in tree if (local := etree.QName(each).localname) in order]
        if ranks != sorted(ranks):
            yield f"{name}: elementos fuera de orden"


def attributes_are_what_they_are(book: Book) -> Iterator[str]:
    panes = {"bottomRight", "topRight", "bottomLeft", "topLeft"}
    for name, tree in book.sheets():
        for each in tree.iter():
            for key in _BOOLEANS & {str(key) for key in each.attrib}:
                if (
                    each.get(key) not in ("0", "1", "true", "false")
                    and etree.QName(each).localname != "worksheetSource"
                ):
                    yield f"{name}: {key}={each.get(key)}"
            if each.get("activePane", "topLeft") not in panes:
                yield f"{name}: activePane={each.get('activePane')}"


def _formula(text: str, where: str) -> Iterator[str]:
    if len(text) > _LONGEST_FORMULA:
        yield f"{where}: fórmula de {len(text)}"
        return
    try:
        tokens = Tokenizer(f"={text}").items
    except (TokenizerError, IndexError):
        yield f"{where}: fórmula que no se entiende"
        return
    depth = 0
    for token in tokens:
        opens = token.type in (Token.FUNC, Token.PAREN) and token.subtype == Token.OPEN
        depth += opens - (token.type in (Token.FUNC, Token.PAREN) and token.subtype == Token.CLOSE)
        if depth > _DEEPEST or depth < 0:
            yield f"{where}: paréntesis"
            return
        if token.type == Token.OPERAND and token.subtype == Token.TEXT and len(token.value) - 2 > _LONGEST_LITERAL:
            yield f"{where}: literal de {len(token.value) - 2}"
        if token.type == Token.SEP and token.subtype == Token.ROW:
            yield f"{where}: punto y coma"
        name = token.value.rstrip("(").rpartition(":")[2].upper()
        if token.type == Token.FUNC and opens and name not in _FUNCTIONS and not name.startswith(("_XLFN.", "POA_")):
            yield f"{where}: función {name}"
    if depth:
        yield f"{where}: paréntesis"


RULES: Sequence[Rule] = (
    members_are_typed_and_single,
    relationships_lead_somewhere,
    sheets_have_good_names,
    names_are_possible,
    styles_are_whole,
    columns_do_not_overlap,
    rows_and_cells_rise,
    cells_hold_what_they_say,
    formats_and_lists_are_allowed,
    elements_stand_in_order,
    attributes_are_what_they_are,
)
