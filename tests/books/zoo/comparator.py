"""An independent judge of edited packages: lxml and openpyxl's own reading of formulas, nothing of the patcher.

It reads two packages into facts (where, what) and says which facts went, came or changed. Rows inserted in between are
counted by a walk of its own; references are read by openpyxl's tokenizer.
"""

import io
import posixpath
import re
import zipfile
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import unquote

from lxml import etree
from openpyxl.formula.tokenizer import Token, Tokenizer, TokenizerError
from openpyxl.formula.translate import Translator
from openpyxl.utils import column_index_from_string, get_column_letter

# Elements that hold ranges or cells of their own sheet in attributes, and those that hold formulas as text.
_PLACES = {"ref", "sqref", "topLeftCell", "activeCell", "sourceRef"}
_FORMULAS = {"f", "formula", "formula1", "formula2", "definedName", "calculatedColumnFormula", "totalsRowFormula"}
_HINTS = {"spans", "count", "uniqueCount", "dyDescent"}
_REFERENCE = re.compile(r"(\$?)([A-Za-z]{1,3})(\$?)(\d{1,7})")
_LINES = re.compile(r"(\$?)(\d{1,7}):(\$?)(\d{1,7})")
_BOOLEANS = {"true": "1", "false": "0"}

Facts = dict[str, str]


@dataclass(frozen=True)
class Inserted:
    """Rows put into a sheet, by the row that each stood before."""

    sheet: str
    befores: Sequence[int]

    def row(self, number: int) -> int:
        moved = number
        for before in sorted(self.befores):
            moved += before <= number
        return min(moved, 1_048_576)


@dataclass
class Read:
    """A package taken apart."""

    parts: dict[str, bytes]
    trees: dict[str, etree._Element] = field(default_factory=dict)
    sheets: dict[str, str] = field(default_factory=dict)


def local(node: etree._Element) -> str:
    return etree.QName(node).localname


def read(data: bytes) -> Read:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        # Names of parts are the same in capitals.
        members = {name.replace("\\", "/").lstrip("/").lower(): package.read(name) for name in package.namelist()}
    found = Read(members)
    parser = etree.XMLParser(remove_comments=True, remove_pis=True)
    for name, content in members.items():
        if name.endswith((".xml", ".rels")):
            found.trees[name] = etree.fromstring(content, parser)
    targets = relations(found, book_part(found))
    for sheet in found.trees[book_part(found)].iter("{*}sheet"):
        identity = next((value for key, value in sheet.attrib.items() if etree.QName(key).localname == "id"), "")
        if identity in targets and targets[identity][0] == "worksheet":
            found.sheets[str(sheet.get("name"))] = targets[identity][1]
    return found


def book_part(found: Read) -> str:
    return next(target for kind, target in relations(found, "").values() if kind == "officeDocument")


def relations(found: Read, part: str) -> dict[str, tuple[str, str]]:
    """Id to kind and target of the relationships of a part."""
    folder, base = posixpath.split(part)
    tree = found.trees.get(posixpath.join(folder, "_rels", f"{base}.rels").lower())
    result = {}
    for each in tree if tree is not None else ():
        target = str(each.get("Target")).replace("\\", "/").lower()
        full = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
        full = full if full in found.parts else unquote(full)
        if each.get("TargetMode") != "External":
            result[str(each.get("Id"))] = (str(each.get("Type")).rpartition("/")[2], full)
    return result


# Facts


def facts(found: Read, moves: Sequence[Inserted] = (), *, bare: Collection[str] = ()) -> Facts:
    """Return everything that a package says, place by place, as it would stand once rows were inserted.

    Args:
        found: The package.
        moves: The rows.
        bare: Collections of formats that the workbook it came of does not have: what is first in them says nothing.
    """
    said: Facts = {}
    looks = _looks(found, bare)
    looks[0] = "" if "cellXfs" in bare else looks[0]
    owners = _owners(found)
    strings = _strings(found)
    for name, part in found.sheets.items():
        said |= {f"{name}!{place}": what for place, what in _cells(found.trees[part], name, looks, strings, moves)}
    for part, tree in found.trees.items():
        if (
            part.endswith(".rels")
            or part.lower() == "[content_types].xml"
            or local(tree) in ("styleSheet", "sst", "calcChain")
        ):
            continue
        owner = owners.get(part, "")
        base = next((f"hoja {name}" for name, each in found.sheets.items() if each == part), part)
        for place, what in _around(tree, owner, moves):
            said[f"{base}: {place}"] = what
    for part, content in found.parts.items():
        if part.endswith(".vml"):
            wide = content[:2] in (b"\xff\xfe", b"\xfe\xff")
            said[part] = _notes(content.decode("utf-16" if wide else "latin-1"), owners.get(part, ""), moves)
        elif part not in found.trees:
            said[part] = repr(hash(content))
    return said


def _notes(text: str, owner: str, moves: Sequence[Inserted]) -> str:
    """A legacy drawing; rows count from 0 in it."""

    def row(number: str) -> str:
        return str(_moved_row(int(number) + 1, owner, moves) - 1)

    def anchor(match: re.Match[str]) -> str:
        numbers = [row(each) if at in (2, 6) else each.strip() for at, each in enumerate(match[1].split(","))]
        return f"Anchor>{numbers}<"

    # An edited part may come in another encoding than it had.
    text = re.sub(r"<\?xml[^>]*\?>", "", text)
    text = re.sub(
        r"(<\w+:Fmla(?:Link|Range|Txbx))>([^<]*)<", lambda each: f"{each[1]}>{moved(each[2], owner, moves)}<", text
    )
    text = re.sub(r"Row>(\d+)<", lambda match: f"Row>{row(match[1])}<", text)
    return re.sub(r"Anchor>([^<]*)<", anchor, text)


def _owners(found: Read) -> dict[str, str]:
    """The sheet that each part belongs to, through tables to their queries too."""
    owners = {part: name for name, part in found.sheets.items()}
    for part, name in list(owners.items()):
        for kind, target in relations(found, part).values():
            if kind != "hyperlink":
                owners[target] = name
                owners |= {
                    query: name for query_kind, query in relations(found, target).values() if query_kind == "queryTable"
                }
    return owners


def _cells(
    tree: etree._Element, sheet: str, looks: Sequence[str], strings: Sequence[str], moves: Sequence[Inserted]
) -> Iterator[tuple[str, str]]:
    masters: dict[str, tuple[str, str]] = {}
    row = 0
    for line in tree.iterfind("{*}sheetData/{*}row"):
        row = int(line.get("r") or row + 1)
        new_row = _moved_row(row, sheet, moves)
        attributes = {
            key: value for key, value in line.attrib.items() if etree.QName(key).localname not in ("r", *_HINTS)
        }
        look = looks[int(attributes.pop("s", "0"))] if attributes.get("customFormat") in ("1", "true") else ""
        attributes.pop("s", None)
        if attributes or look:
            yield (
                f"fila {new_row}",
                f"{sorted((k, _BOOLEANS.get(str(v), str(v))) for k, v in attributes.items())} {look}",
            )
        column = 0
        for cell in line.iterfind("{*}c"):
            address = re.fullmatch(r"([A-Za-z]+)\d+", cell.get("r") or "")
            column = column_index_from_string(address[1].upper()) if address else column + 1
            here = f"{get_column_letter(column)}{row}"
            formula = cell.find("{*}f")
            text = ""
            if formula is not None:
                text = _formula(formula, here, masters)
                text = f"{formula.get('t') or 'normal'}=".replace("shared", "normal") + "".join(
                    moved(text, sheet, moves).split()
                )
            number = int(cell.get("s") or 0)
            style = looks[number] if number < len(looks) else f"dangling {number}"
            yield f"{get_column_letter(column)}{new_row}", f"{text}|{_value(cell, strings)}|{style}"


def _formula(formula: etree._Element, here: str, masters: dict[str, tuple[str, str]]) -> str:
    text = formula.text or ""
    index = formula.get("si") or ""
    if formula.get("t") == "shared" and not text and index in masters:
        origin, master = masters[index]
        return str(Translator(f"={master}", origin).translate_formula(here)).removeprefix("=")
    if formula.get("t") == "shared" and text:
        masters[index] = (here, text)
    return text


def _value(cell: etree._Element, strings: Sequence[str]) -> str:
    kind = cell.get("t") or "n"
    value = cell.find("{*}v")
    raw = (value.text or "") if value is not None else ""
    if kind == "s" and raw:
        return "texto " + strings[int(raw)]
    if kind in ("inlineStr", "str"):
        inline = cell.find("{*}is")
        return "texto " + ("".join(map(str, inline.itertext())) if inline is not None else raw)
    if kind == "n" and raw:
        return f"número {float(raw)!r}"
    return f"{kind} {raw}" if raw else ""


def _strings(found: Read) -> list[str]:
    tree = next((tree for tree in found.trees.values() if local(tree) == "sst"), None)
    return ["".join(map(str, each.itertext())) for each in tree] if tree is not None else []


def _looks(found: Read, bare: Collection[str] = ()) -> list[str]:
    """What each cell format looks like, spelled out."""
    tree = next((tree for tree in found.trees.values() if local(tree) == "styleSheet"), None)
    if tree is None:
        return [""]
    lists = {local(each): list(each) for each in tree}
    codes = {str(each.get("numFmtId")): str(each.get("formatCode")) for each in lists.get("numFmts", [])}
    looks = []
    for each in lists.get("cellXfs", []):
        look = [codes.get(str(each.get("numFmtId")), str(each.get("numFmtId")))]
        for key, name in (("fontId", "fonts"), ("fillId", "fills"), ("borderId", "borders")):
            number = int(each.get(key) or 0)
            is_told = number < len(lists.get(name, [])) and (number or name not in bare)
            look.append(_shape(lists[name][number]) if is_told else f"{key} {number}")
        look += [_shape(inside) for inside in each]
        looks.append("; ".join(look))
    return looks or [""]


def _shape(node: etree._Element) -> str:
    attributes = sorted(
        (etree.QName(key).localname, _BOOLEANS.get(str(value), str(value))) for key, value in node.attrib.items()
    )
    inside = "".join(_shape(each) for each in node)
    return f"<{local(node)} {attributes}{(node.text or '').strip()}{inside}>"


def _around(tree: etree._Element, owner: str, moves: Sequence[Inserted]) -> Iterator[tuple[str, str]]:
    """Everything of a part but its rows: path of each element with what it says."""
    seen: dict[str, int] = {}

    def walk(node: etree._Element, path: str) -> Iterator[tuple[str, str]]:
        name = local(node)
        if name in ("sheetData", "dimension"):
            return
        if name == "cols":
            for each in node:
                looks = sorted((key, value) for key, value in each.attrib.items() if key not in ("min", "max", "style"))
                yield f"columnas {each.get('min')}-{each.get('max')}", f"{looks}"
            return
        key = f"{path}/{name}" + (f"[{node.get('name')}]" if node.get("name") else "")
        if name in ("sheet", "definedName"):
            key += f"@{node.get('localSheetId') or ''}"
        seen[key] = seen.get(key, 0) + 1
        here = f"{key}#{seen[key]}"
        attributes = [
            (etree.QName(key).localname, _attribute(str(key), str(value), node, owner, moves))
            for key, value in node.attrib.items()
            if etree.QName(key).localname not in _HINTS
        ]
        text = _text(node, owner, moves)
        if attributes or text or not len(node):
            yield here, f"{sorted(attributes)} {text}"
        for each in node:
            yield from walk(each, here)

    yield from walk(tree, "")


def _attribute(key: str, value: str, node: etree._Element, owner: str, moves: Sequence[Inserted]) -> str:
    name = etree.QName(key).localname
    if name in _PLACES or (
        name == "r" and local(node) in ("inputCells", "cellWatch", "singleXmlCell", "cellSmartTags")
    ):
        if local(node) == "worksheetSource":
            owner = node.get("sheet") or owner
        return " ".join(_area(each, owner, moves) for each in value.split())
    if name in ("fmlaLink", "fmlaRange", "textlink", "linkedCell", "listFillRange", "cellRange", "cell"):
        return moved(value, owner, moves)
    parent = node.getparent()
    if name == "id" and local(node) == "brk" and parent is not None and local(parent) == "rowBreaks":
        return str(_moved_row(int(value) + 1, owner, moves) - 1)
    return _BOOLEANS.get(value, value)


def _text(node: etree._Element, owner: str, moves: Sequence[Inserted]) -> str:
    text = (node.text or "").strip()
    parent = node.getparent()
    if local(node) in _FORMULAS and len(node) == 0:
        return moved(text, owner, moves)
    if local(node) == "sqref":
        return " ".join(_area(each, owner, moves) for each in text.split())
    if local(node) == "row" and parent is not None and local(parent) in ("from", "to"):
        return str(_moved_row(int(text) + 1, owner, moves) - 1)
    return text


# Rows and references


def _moved_row(row: int, sheet: str, moves: Sequence[Inserted]) -> int:
    for each in moves:
        row = each.row(row) if each.sheet.casefold() == sheet.casefold() else row
    return row


def _area(ref: str, sheet: str, moves: Sequence[Inserted]) -> str:
    def one(match: re.Match[str]) -> str:
        return f"{match[1]}{match[2]}{match[3]}{_moved_row(int(match[4]), sheet, moves)}"

    if line := _LINES.fullmatch(ref):
        return f"{line[1]}{_moved_row(int(line[2]), sheet, moves)}:{line[3]}{_moved_row(int(line[4]), sheet, moves)}"
    return ":".join(
        one(match) if (match := _REFERENCE.fullmatch(end)) and _is_cell(match) else end for end in ref.split(":")
    )


def _is_cell(match: re.Match[str]) -> bool:
    return (
        column_index_from_string(match[2].upper()) <= 16_384
        if len(match[2]) < 3 or match[2].upper() <= "XFD"
        else False
    )


def moved(formula: str, sheet: str, moves: Sequence[Inserted]) -> str:
    """Move the references of a formula, token by token; what openpyxl cannot read stays as it is."""
    if not moves:
        return formula
    try:
        tokens = Tokenizer(f"={formula}").items
    except (TokenizerError, IndexError):
        return formula
    return "".join(_token(each, sheet, moves) for each in tokens)


def _token(token: Token, sheet: str, moves: Sequence[Inserted]) -> str:
    if token.type == Token.OPERAND and token.subtype == Token.RANGE:
        return _operand(token.value, sheet, moves)
    if token.type == Token.FUNC and ":" in token.value:
        # A range whose second end is what a function gives.
        first, _, name = token.value.rpartition(":")
        return f"{_operand(first, sheet, moves)}:{name}"
    return str(token.value)


def _operand(value: str, sheet: str, moves: Sequence[Inserted]) -> str:
    pieces = re.split(r"('(?:[^']|'')*'!|(?<![\w.!])[\w.\[\]:]+!)", value)
    where, out = sheet, ""
    for number, piece in enumerate(pieces):
        if number % 2:
            where = piece[:-1].lstrip(":").strip("'").replace("''", "'")
            # From a sheet to itself is that sheet; other spans of sheets stay, whatever comes into one of them.
            first, _, last = where.partition(":")
            where = first if first.casefold() == last.casefold() else where
            out += piece
        else:
            out += (
                ":".join(_area(end, where, moves) for end in [piece])
                if ":" not in piece
                else _area(piece, where, moves)
            )
    return out


def differences(before: bytes, after: bytes, moves: Sequence[Inserted] = (), allowed: Sequence[str] = ()) -> list[str]:
    """List what differs between two packages and was not allowed to.

    Args:
        before: The package that was read.
        after: The edited package.
        moves: Rows inserted in between.
        allowed: Patterns of facts that may come, go or change.
    """
    first = read(before)
    present = {local(each) for tree in first.trees.values() if local(tree) == "styleSheet" for each in tree}
    old = facts(first, moves)
    new = facts(read(after), bare={"fonts", "fills", "borders", "cellXfs"} - present)
    found = []
    for place in sorted({*old, *new}):
        if old.get(place) == new.get(place) or any(re.search(pattern, place) for pattern in allowed):
            continue
        found.append(f"{place}: {old.get(place)} -> {new.get(place)}")
    return found
