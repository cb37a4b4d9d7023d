"""A sheet without the rows that go: cells, formulas, and all that belongs to the sheet."""

import re
from collections.abc import Iterator, Mapping

from poa_xl.books.patch import containers, rows, spans
from poa_xl.books.patch.cutwork import CutWork, followed, plain, rels_of
from poa_xl.books.patch.removed import Removal
from poa_xl.books.patch.rows import Rows
from poa_xl.books.patch.shared import groups
from poa_xl.books.patch.spans import Node, Splice
from poa_xl.books.patch.vml import moved_vml, shapes_but_for
from poa_xl.books.xml import escape
from poa_xl.errors import BookError
from poa_xl.i18n import say
from poa_xl.sheet.grid import column_number

_FORMULA = re.compile(rb"<((?:[\w.-]+:)?)f((?:\s[^<>]*?)?)(?:/>|>(.*?)</(?:[\w.-]+:)?f\s*>)", re.DOTALL)
_WHOLE = re.compile(rb"\st\s*=\s*[\"'](?:array|dataTable)")
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


def cut_sheet(work: CutWork, name: str, part: str, *, is_own: bool) -> None:
    """Cut a sheet down: the one that loses rows, or another one whose formulas and formats look at it."""
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
    """Move what a merged range shows to its first row that stays."""
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


def _row(
    work: CutWork, cut: Rows, sheet: str, number: int, text: bytes, shared: Mapping[tuple[int, int], str]
) -> bytes:
    """Let the formulas of a row follow; one that looks at what goes gives way to its value."""
    splices = []
    for cell in rows.cells(text, cut.prefix) if f"<{cut.prefix}f".encode() in text else ():
        match = _FORMULA.search(text, cell.inner, cell.end)
        if match is None:
            continue
        own = shared.get((number, cell.column))
        old = own if own is not None else plain(match[3] or b"")
        new = None if _WHOLE.search(match[2]) or not old else followed(work, old, sheet)
        if new is None:
            written = b""
        else:
            prefix = match[1].decode()
            written = match[0] if new == old and own is None else f"<{prefix}f>{escape(new)}</{prefix}f>".encode()
            if sheet == work.removal.sheet and work.removal.loses(old):
                work.shrunk.add((work.removal.row(number), cell.column))
        splices.append(Splice(match.start(), match.end(), written))
    return spans.apply(text, splices)


def _trimmed(work: CutWork, data: bytes, root: Node, sheet: str, *, is_own: bool) -> Iterator[Splice]:
    """What stands around the rows of a sheet, or in another part of it, without what goes."""
    for node in root.children:
        if node.name in _DROPPED and node.prefix == root.prefix:
            yield Splice(node.start, node.end, b"")
        else:
            yield from _things(work, data, node, sheet, is_own=is_own)


def _things(work: CutWork, data: bytes, node: Node, sheet: str, *, is_own: bool) -> Iterator[Splice]:
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


def _goes(work: CutWork, node: Node, sheet: str, *, is_own: bool) -> bool:
    """Whether a thing stands in rows that go only, or says something about them."""
    refs = [node.get(key) for key in _RANGES if node.get(key)] or [
        each.text for each in node.walk() if each.name == "sqref"
    ]
    if is_own and refs and not any(work.removal.areas(each) for each in refs):
        return True
    formulas = [each.text for each in node.walk() if each.name in _FORMULAS and not each.children]
    formulas += [node.get("location")] if node.get("location") else []
    return any(followed(work, each, sheet) is None for each in formulas)


def _moved(work: CutWork, data: bytes, node: Node, sheet: str, *, is_own: bool) -> Iterator[Splice]:
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


def _cut_related(work: CutWork, part: str, name: str, *, is_own: bool) -> None:
    """Cut what belongs to a sheet down too; what is no part of how it looks is let go."""
    rels = rels_of(part)
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


def _cut_part(work: CutWork, part: str, name: str) -> None:
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


def _without(work: CutWork, part: str, ids: set[str]) -> None:
    """Take elements out of a sheet whose relationships went."""
    cut = rows.cut(work.read(part), part)
    around, root = cut.around()
    gone = [each for each in root.children if each.get("id") in ids and each.name != "sheetData"]
    cut.replace_around(spans.apply(around, [Splice(each.start, each.end, b"") for each in gone]))
    work.write(part, cut.joined())
