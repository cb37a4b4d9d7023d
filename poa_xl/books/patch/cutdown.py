"""A workbook cut down to some rows of one sheet: looks and layout stay; all that speaks of other rows goes.

What goes is not hidden: texts that no cell shows any more, notes, charts, other sheets and every part that nothing
refers to leave the package.
"""

import re
from collections.abc import Collection

from poa_xl.books.package import Package
from poa_xl.books.patch import rows, spans
from poa_xl.books.patch.cutbook import cut_book, forget_texts
from poa_xl.books.patch.cutsheet import cut_sheet
from poa_xl.books.patch.cutwork import CutWork, plain, rels_of
from poa_xl.books.patch.members import rewrite
from poa_xl.books.patch.removed import Removal, sheets_in
from poa_xl.books.patch.spans import Splice

_TYPES = "[Content_Types].xml"


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
    work = CutWork(package, Removal(sheet, gone, kept), kept)
    for each in package.sheets:
        if each.name in kept:
            cut_sheet(work, each.name, each.part, is_own=each.name == sheet)
    cut_book(work)
    forget_texts(work)
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
        named = {name for text in texts for name in sheets_in(plain(text))}
        for name in (folded[each] for each in named if each in folded):
            if name not in found:
                found.add(name)
                waiting.append((parts[name], set()))
    return found


def _without_orphans(work: CutWork) -> tuple[dict[str, bytes], set[str]]:
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
                reached |= {member, again.member(rels_of(each))}
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
