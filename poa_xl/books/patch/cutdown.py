"""A workbook cut down to some rows of one sheet: looks and layout stay; all that speaks of other rows goes.

What goes is not hidden: texts that no cell shows any more, notes, charts, other sheets and every part that nothing
refers to leave the package.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from poa_xl.books.package import Package
from poa_xl.books.patch import containers, rows, spans
from poa_xl.books.patch.members import rewrite
from poa_xl.books.patch.removed import GoneError, Removal, sheets_in
from poa_xl.books.patch.rows import Rows
from poa_xl.books.patch.shared import groups
from poa_xl.books.patch.spans import Node, Splice
from poa_xl.books.patch.vml import moved_vml, shapes_but_for
from poa_xl.books.xml import escape, quoteattr
from poa_xl.errors import BookError
from poa_xl.i18n import say
from poa_xl.sheet.grid import column_number

_FORMULA = re.compile(rb"<((?:[\w.-]+:)?)f((?:\s[^<>]*?)?)(?:/>|>(.*?)</(?:[\w.-]+:)?f\s*>)", re.DOTALL)
_WHOLE = re.compile(rb"\st\s*=\s*[\"'](?:array|dataTable)")
_STRING = re.compile(
    rb"<(?:[\w.-]+:)?c\s(?=[^<>]*\st\s*=\s*[\"']s[\"'])[^<>]*>.*?<(?:[\w.-]+:)?v>\s*(\d+)\s*<", re.DOTALL
)
# Things of a sheet that go with the rows that they stand in.
_THINGS = {
    "mergeCell",
    "conditionalFormatting",
    "dataValidation",
    "hyperlink",
    "protectedRange",
    "ignoredError",
    "cellWatch",
    "sparkline",
    "comment",
    "threadedComment",
}
_RANGES = ("ref", "sqref")
_FORMULAS = ("formula", "formula1", "formula2", "f")
# What of a sheet may speak of rows that go, and is no part of how it looks.
_DROPPED = {
    "controls",
    "oleObjects",
    "customProperties",
    "customSheetViews",
    "scenarios",
    "sortState",
    "cellWatches",
    "webPublishItems",
}
# Relationships of the plan sheet that stay.
_KEPT = {"drawing", "comments", "vmlDrawing", "table", "hyperlink", "printerSettings", "threadedComment", "image"}
_BOOK_DROPPED = {"pivotCaches", "customWorkbookViews", "functionGroups", "webPublishObjects"}
_BOOK_KEPT = {"worksheet", "styles", "theme", "sharedStrings", "externalLink", "person", "vbaProject", "sheetMetadata"}
_TYPES = "[Content_Types].xml"
_CUSTOM = "custom-properties"
# Where a new part with custom properties is told of.
_DECLARED = (
    (_TYPES, "Override", f'PartName="/{{}}" ContentType="application/vnd.openxmlformats-officedocument.{_CUSTOM}+xml"'),
    (
        "_rels/.rels",
        "Relationship",
        f'Id="rIdPoaCustom" Target="{{}}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{_CUSTOM}"',
    ),
)


@dataclass
class _Work:
    """A package that is cut down."""

    package: Package
    removal: Removal
    kept: Collection[str]
    changed: dict[str, bytes] = field(default_factory=dict)
    shrunk: set[tuple[int, int]] = field(default_factory=set)

    def read(self, part: str) -> bytes:
        member = self.package.member(part)
        if member not in self.changed:
            return spans.as_utf8(self.package.read(part), f"{self.package.name}: {part}")
        return self.changed[member]

    def tree(self, part: str) -> tuple[bytes, Node]:
        data = self.read(part)
        return data, spans.read(data, f"{self.package.name}: {part}")

    def write(self, part: str, data: bytes) -> None:
        self.changed[self.package.member(part)] = data


def cut_down(data: bytes, name: str, sheet: str, gone: Collection[int]) -> tuple[bytes, set[tuple[int, int]]]:
    """Take rows out of a sheet, and all that is not needed for those that stay.

    Args:
        data: The workbook.
        name: Name of the file, for messages.
        sheet: The sheet; others stay only where its cells, lists or formats look at them.
        gone: Numbers of the rows that go.

    Returns:
        The new workbook, and the cells whose formulas look at fewer rows than before. A formula that looked at what is
        gone is its value now.

    Raises:
        BookError: A part cannot be read, or a table would lose all its rows.
    """
    package = Package(data, name)
    part = next(each.part for each in package.sheets if each.name == sheet)
    kept = _needed(package, sheet, part, set(gone))
    work = _Work(package, Removal(sheet, gone, kept), kept)
    for each in package.sheets:
        if each.name in kept:
            _cut_sheet(work, each.name, each.part, is_own=each.name == sheet)
    _cut_book(work)
    _forget_texts(work)
    return rewrite(data, name, *_without_orphans(work)), work.shrunk


def _needed(package: Package, sheet: str, part: str, gone: set[int]) -> set[str]:
    """Return the sheets that the rows that stay look at, and the sheets that those look at."""
    parts = {each.name: each.part for each in package.sheets}
    folded = {name.casefold(): name for name in parts}
    found, waiting = {sheet}, [(part, gone)]
    while waiting:
        at, without = waiting.pop()
        cut = rows.cut(spans.as_utf8(package.read(at), at), at)
        kept = b"".join(text for number, text in zip(cut.numbers, cut.texts, strict=True) if number not in without)
        texts = re.findall(rb"<(?:[\w.-]+:)?(?:f|formula\d?)(?:\s[^<>]*)?>([^<]*)<", cut.head + kept + cut.tail)
        named = {name for text in texts for name in sheets_in(_plain(text))}
        for name in (folded[each] for each in named if each in folded):
            if name not in found:
                found.add(name)
                waiting.append((parts[name], set()))
    return found


def _plain(text: bytes) -> str:
    return spans.read(b"<t>" + text + b"</t>", "").text


# Worksheets


def _cut_sheet(work: _Work, name: str, part: str, *, is_own: bool) -> None:
    cut = rows.cut(work.read(part), f"{work.package.name}: {part}")
    around, root = cut.around()
    if is_own:
        _lift(cut, root, work.removal)
    texts = _formulas_of(cut)
    kept: list[tuple[int, bytes]] = []
    for number, text in zip(cut.numbers, cut.texts, strict=True):
        if is_own and work.removal.is_gone(number):
            continue
        new = work.removal.row(number) if is_own else number
        moved = _row(work, cut, name, number, text, texts)
        kept.append((new, rows.numbered(moved, cut.prefix, number, new)))
    cut.numbers, cut.texts = [number for number, _ in kept], [text for _, text in kept]
    cut.replace_around(spans.apply(around, [*_trimmed(work, around, root, name, is_own=is_own)]))
    work.write(part, cut.joined())
    _cut_related(work, part, name, is_own=is_own)


def _lift(cut: Rows, root: Node, removal: Removal) -> None:
    """Give what a merged range shows to its first row that stays."""
    for node in (each for each in root.walk() if each.name == "mergeCell"):
        first, _, last = node.get("ref").partition(":")
        match, end = re.fullmatch(r"([A-Z]+)(\d+)", first), re.fullmatch(r"[A-Z]+(\d+)", last)
        if match is None or end is None or not removal.is_gone(int(match[2])):
            continue
        line = next((row for row in range(int(match[2]), int(end[1]) + 1) if not removal.is_gone(row)), None)
        source, target = cut.get(int(match[2])), cut.get(line) if line is not None else None
        if source is None or target is None or line is None:
            continue
        column = column_number(match[1])
        shown = {cell.column: source[cell.start : cell.end] for cell in rows.cells(source, cut.prefix)}
        places = {cell.column: cell for cell in rows.cells(target, cut.prefix)}
        if column in shown and column in places:
            place = places[column]
            cut.texts[cut.index(line)] = target[: place.start] + shown[column] + target[place.end :]


def _formulas_of(cut: Rows) -> dict[tuple[int, int], str]:
    """Return the text of every cell that shares a formula."""
    return {place: group.at(place) for group in groups(cut) if group.master for place in group.users}


def _row(work: _Work, cut: Rows, sheet: str, number: int, text: bytes, shared: Mapping[tuple[int, int], str]) -> bytes:
    """Let the formulas of a row follow; one that looks at what goes gives way to its value."""
    splices = []
    for cell in rows.cells(text, cut.prefix) if f"<{cut.prefix}f".encode() in text else ():
        match = _FORMULA.search(text, cell.inner, cell.end)
        if match is None:
            continue
        own = shared.get((number, cell.column))
        old = own if own is not None else _plain(match[3] or b"")
        new = None if _WHOLE.search(match[2]) or not old else _followed(work, old, sheet)
        if new is None:
            written = b""
        else:
            prefix = match[1].decode()
            written = match[0] if new == old and own is None else f"<{prefix}f>{escape(new)}</{prefix}f>".encode()
            if sheet == work.removal.sheet and work.removal.loses(old):
                work.shrunk.add((work.removal.row(number), cell.column))
        splices.append(Splice(match.start(), match.end(), written))
    return spans.apply(text, splices)


def _followed(work: _Work, formula: str, sheet: str) -> str | None:
    """Return a formula whose references follow; None where it looks at what goes."""
    try:
        return work.removal.formula(formula, sheet)
    except GoneError:
        return None


def _trimmed(work: _Work, data: bytes, root: Node, sheet: str, *, is_own: bool) -> Iterator[Splice]:
    """What stands around the rows of a sheet, or in another part of it, without what goes."""
    for node in root.children:
        if node.name in _DROPPED and node.prefix == root.prefix:
            yield Splice(node.start, node.end, b"")
        else:
            yield from _things(work, data, node, sheet, is_own=is_own)


def _things(work: _Work, data: bytes, node: Node, sheet: str, *, is_own: bool) -> Iterator[Splice]:
    gone = [each for each in node.children if each.name in _THINGS and _goes(work, each, sheet, is_own=is_own)]
    breaks = [each for each in node.children if is_own and each.name == "brk" and node.name == "rowBreaks"]
    gone += [each for each in breaks if work.removal.is_gone(int(each.get("id") or 0))]
    if node.name in _THINGS and _goes(work, node, sheet, is_own=is_own):
        yield Splice(node.start, node.end, b"")
        return
    if gone and len(gone) == len(node.children):
        yield Splice(node.start, node.end, b"")
        return
    yield from containers.take(data, node, gone)
    yield from _moved(work, data, node, sheet, is_own=is_own)
    for each in node.children:
        if each not in gone:
            yield from _things(work, data, each, sheet, is_own=is_own)


def _goes(work: _Work, node: Node, sheet: str, *, is_own: bool) -> bool:
    """Whether a thing stands in rows that go only, or says something about them."""
    refs = [node.get(key) for key in _RANGES if node.get(key)] or [
        each.text for each in node.walk() if each.name == "sqref"
    ]
    if is_own and refs and not any(work.removal.areas(each) for each in refs):
        return True
    formulas = [each.text for each in node.walk() if each.name in _FORMULAS and not each.children]
    formulas += [node.get("location")] if node.get("location") else []
    return any(_followed(work, each, sheet) is None for each in formulas)


def _moved(work: _Work, data: bytes, node: Node, sheet: str, *, is_own: bool) -> Iterator[Splice]:
    removal = work.removal
    if is_own:
        for key in (*_RANGES, "topLeftCell", "activeCell"):
            if node.get(key) and key in node.attributes:
                yield spans.with_attribute(data, node, key, removal.areas(node.get(key)) or "A1")
        if node.name == "sqref" and not node.is_empty:
            yield Splice(node.inner, node.close, removal.areas(node.text).encode())
        if node.name == "brk" and node.get("id").isdigit():
            yield spans.with_attribute(data, node, "id", str(removal.row(int(node.get("id")) + 1) - 1))
        if node.name in ("from", "to") and (row := node.child("row")) is not None and row.text.strip().isdigit():
            yield Splice(row.inner, row.close, str(removal.row(int(row.text) + 1) - 1).encode())
    if node.name in _FORMULAS and not node.children and not node.is_empty:
        yield Splice(node.inner, node.close, escape(removal.formula(node.text, sheet)).encode())


def _cut_related(work: _Work, part: str, name: str, *, is_own: bool) -> None:
    """Cut what belongs to a sheet down too; what is no part of how it looks is let go."""
    rels = _rels(part)
    if not work.package.has(rels):
        return
    data, root = work.tree(rels)
    charts = [each for each in work.package.related(part, "drawing").values() if work.package.related(each, "chart")]
    gone = [
        each
        for each in root.children
        if each.get("Type").rpartition("/")[2] not in _KEPT or (charts and each.get("Type").endswith("/drawing"))
    ]
    if gone:
        work.write(rels, spans.apply(data, [Splice(each.start, each.end, b"") for each in gone]))
        _without(work, part, {each.get("Id") for each in gone})
    for kind in ("comments", "threadedComment", "drawing", "table", "vmlDrawing"):
        for each in work.package.related(part, kind).values():
            if work.package.has(each) and is_own and each not in charts:
                _cut_part(work, each, name)


def _cut_part(work: _Work, part: str, name: str) -> None:
    if part.lower().endswith(".vml"):
        data = shapes_but_for(work.package.read(part), work.removal.is_gone)
        work.write(part, moved_vml(data, name, work.removal))
        return
    data, root = work.tree(part)
    if root.name == "table" and _is_emptied(root, work.removal):
        raise BookError(
            say("{file}: la tabla {ref} se quedaría sin filas", file=work.package.name, ref=root.get("ref"))
        )
    splices = [*_moved(work, data, root, name, is_own=True), *_trimmed(work, data, root, name, is_own=True)]
    work.write(part, spans.apply(data, splices))


def _is_emptied(table: Node, removal: Removal) -> bool:
    """Whether a table would keep its heading alone, which no table may."""
    found = re.fullmatch(r"[A-Z]+(\d+):[A-Z]+(\d+)", removal.area(table.get("ref")))
    around = int(table.get("headerRowCount", "1")) + int(table.get("totalsRowCount", "0"))
    return found is None or int(found[2]) - int(found[1]) < around


def _without(work: _Work, part: str, ids: set[str]) -> None:
    """Take elements out of a sheet whose relationships went."""
    cut = rows.cut(work.read(part), part)
    around, root = cut.around()
    gone = [each for each in root.children if each.get("id") in ids and each.name != "sheetData"]
    cut.replace_around(spans.apply(around, [Splice(each.start, each.end, b"") for each in gone]))
    work.write(part, cut.joined())


# The workbook


def _cut_book(work: _Work) -> None:
    package = work.package
    data, root = work.tree(package.workbook_part)
    rels = _rels(package.workbook_part)
    sheets = root.child("sheets")
    listed = sheets.children if sheets is not None else []
    stay = [each for each in listed if each.get("name") in work.kept]
    numbers = {str(listed.index(each)): str(number) for number, each in enumerate(stay)}
    ids = {each.get("id") for each in listed if each not in stay}
    splices = [Splice(each.start, each.end, b"") for each in listed if each not in stay]
    splices += [Splice(each.start, each.end, b"") for each in root.children if each.name in _BOOK_DROPPED]
    splices += _names(work, data, root, numbers)
    for view in (each for each in root.walk() if each.name == "workbookView"):
        at = next(number for number, each in enumerate(stay) if each.get("name") == work.removal.sheet)
        splices += [
            spans.with_attribute(data, view, "activeTab", str(at)),
            spans.with_attribute(data, view, "firstSheet", "0"),
        ]
    calc = root.child("calcPr")
    if calc is not None:
        splices.append(spans.with_attribute(data, calc, "fullCalcOnLoad", "1"))
    else:
        splices += containers.child(data, root, "calcPr", f'<{root.prefix}calcPr fullCalcOnLoad="1"/>')
    work.write(package.workbook_part, spans.apply(data, splices))
    data, root = work.tree(rels)
    gone = [
        each for each in root.children if each.get("Id") in ids or each.get("Type").rpartition("/")[2] not in _BOOK_KEPT
    ]
    work.write(rels, spans.apply(data, [Splice(each.start, each.end, b"") for each in gone]))


def _names(work: _Work, data: bytes, root: Node, numbers: Mapping[str, str]) -> Iterable[Splice]:
    """Names that look at what goes go too; those of a sheet get its new number."""
    node = root.child("definedNames")
    if node is None:
        return
    gone, moved = [], []
    for each in node.children:
        scope = each.get("localSheetId")
        is_ours = each.get("name").casefold().startswith("_poa")
        text = None if (scope and scope not in numbers) or is_ours else _followed(work, each.text, "")
        if text is None:
            gone.append(each)
            continue
        moved.append(Splice(each.inner, each.close, escape(text).encode()))
        if scope:
            moved.append(spans.with_attribute(data, each, "localSheetId", numbers[scope]))
    yield from containers.take(data, node, gone)
    yield from moved if len(gone) < len(node.children) else ()


def _forget_texts(work: _Work) -> None:
    """Blank the texts that no cell of a sheet that stays shows."""
    part = work.package.only("sharedStrings")
    if part is None or not work.package.has(part):
        return
    parts = [each.part for each in work.package.sheets if each.name in work.kept]
    used = {int(number) for each in parts for number in _STRING.findall(work.read(each))}
    data, root = work.tree(part)
    blank = f"<{root.prefix}si><{root.prefix}t/></{root.prefix}si>".encode()
    texts = [each for each in root.children if each.name == "si"]
    work.write(
        part,
        spans.apply(
            data, [Splice(each.start, each.end, blank) for number, each in enumerate(texts) if number not in used]
        ),
    )


def _rels(part: str) -> str:
    folder, _, base = part.rpartition("/")
    return f"{folder}/_rels/{base}.rels" if folder else f"_rels/{base}.rels"


def _without_orphans(work: _Work) -> tuple[dict[str, bytes], set[str]]:
    """Return what changed, and the members that nothing refers to any more."""
    package = work.package
    present = dict(work.changed)
    again = Package(rewrite(package.data, package.name, present), package.name)
    reached, waiting = {_TYPES, "_rels/.rels"}, [""]
    while waiting:
        part = waiting.pop()
        for each in again.related(part, "").values():
            member = again.member(each)
            if member not in reached and again.has(each):
                reached |= {member, again.member(_rels(each))}
                waiting.append(each)
    dropped = {name for name in again.names if name not in reached}
    types = again.member(_TYPES)
    data = spans.as_utf8(again.read(_TYPES), types)
    gone = [
        each
        for each in spans.read(data, types).children
        if each.get("PartName") and again.member(each.get("PartName").lstrip("/")) in dropped
    ]
    present[types] = spans.apply(data, [Splice(each.start, each.end, b"") for each in gone])
    return {name: data for name, data in present.items() if name not in dropped}, dropped


def with_properties(data: bytes, name: str, properties: Mapping[str, str]) -> bytes:
    """Return a workbook whose custom properties are these."""
    package = Package(data, name)
    part = next(iter(package.related("", "custom-properties").values()), "docProps/custom.xml")
    listed = "".join(
        f'<property fmtid="{{D5CDD505-2E9C-101B-9397-08002B2CF9AE}}" pid="{number}" name={quoteattr(key)}>'
        f"<vt:lpwstr>{escape(value)}</vt:lpwstr></property>"
        for number, (key, value) in enumerate(properties.items(), 2)
    )
    xml = (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties" '
        'xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes">'
        f"{listed}</Properties>"
    )
    changed = {package.member(part): xml.encode()}
    for member, name_of, line in _DECLARED if not package.has(part) else ():
        text = spans.as_utf8(package.read(member), member)
        root = spans.read(text, member)
        changed[package.member(member)] = spans.apply(
            text, [containers.into(text, root, f"<{root.prefix}{name_of} {line.format(part)}/>")]
        )
    return rewrite(data, name, changed)
