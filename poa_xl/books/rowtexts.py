"""The rows of a sheet as one text each, to be held against those of another time without reading a single cell.

A text tells apart what people would: numbers as they are written, with what their format shows them as; texts; errors;
formulas that were never calculated. It says that a cell has a formula, and not which. Two rows of the same text have
the same values. What is not plainly written has no such texts: for that there is the reader of cells.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from xml.etree.ElementTree import ParseError

from poa_xl.books.package import Package, SheetPart
from poa_xl.books.plaincells import entities, plain_parts
from poa_xl.books.sharedparts import Shared, unescape
from poa_xl.sheet.grid import column_number

_ROW = '<row r="'
_END = "</row>"
_FIRST = '<c r="'
# A whole cell; attributes in the order in which all common programs write them.
_CELL = re.compile(
    r'<c r="([A-Z]{1,3})\d{1,7}"(?: s="(\d{1,9})")?(?: t="([a-zA-Z]+)")?'
    r"(?:/>|>(<f(?: [^<>]*)?(?:/>|>[^<]*</f>))?"
    r'(?:<v>([^<]*)</v>|<v ?/>|<is><t(?: xml:space="preserve")?>([^<]*)</t></is>)?</c>)'
)
_LAST = re.compile(r'<c r="([A-Z]{1,3})\d')
# Between two cells of a text, and between a column and what stands in it.
_CELLS, _COLUMN = "\x1f", "\x1e"


@dataclass(frozen=True, slots=True)
class Extent:
    """Which cells of a sheet its texts hold: those of the planner's, and of the header all.

    Attributes:
        bottom: Last row of the header.
        ours: Letter of the first column that is ours alone.
        last: Number of the last one.
    """

    bottom: int
    ours: str
    last: int


@dataclass(frozen=True)
class RowTexts:
    """A sheet taken apart.

    Attributes:
        texts: Row number to text; rows without anything are left out.
        head: What stands before the rows.
        rows: Row number to the row as it is written.
        tail: What follows the rows.
    """

    texts: Mapping[int, str]
    head: bytes
    rows: Mapping[int, str]
    tail: bytes

    def with_only(self, lines: Collection[int]) -> bytes:
        """Return the sheet as if it held some of its rows alone."""
        kept = "".join(row for line, row in self.rows.items() if line in lines)
        return self.head + b"<sheetData>" + kept.encode() + b"</sheetData>" + self.tail


def row_texts(package: Package, sheet: SheetPart, shared: Shared, extent: Extent) -> RowTexts | None:
    """Write every row of a sheet as one text.

    Args:
        package: The package.
        sheet: The sheet.
        shared: What the sheets of the package share.
        extent: Which cells count.

    Returns:
        The texts; None for a sheet that is not plainly written, or holds what is no matter of single rows: merged
        cells, hidden rows, tables, anything right of our columns.
    """
    parts = plain_parts(package.read(sheet.part))
    if parts is None or shared.date1904 or package.related(sheet.part, "table"):
        return None
    head, text, tail = parts
    before, *rows = text.split(_ROW)
    if before or "<!" in text or b"<mergeCell " in tail:
        return None
    texts: dict[int, str] = {}
    found: dict[int, str] = {}
    for row in rows:
        number, _, rest = row.partition('"')
        looks, _, cells = rest.partition(">")
        if not number.isdecimal() or int(number) in found or "hidden" in looks:
            return None
        line = int(number)
        found[line] = _ROW + row
        kept = _kept(cells, extent, is_header=line <= extent.bottom) if cells else "" if looks.endswith("/") else None
        said = _said(kept, shared) if kept is not None else None
        if said is None:
            return None
        if said:
            texts[line] = said
    return RowTexts(texts, head, found, tail)


def _kept(cells: str, extent: Extent, *, is_header: bool) -> str | None:
    """Return the cells of a row that count; None where others stand among ours or beyond."""
    if not cells.endswith(_END):
        return None
    if is_header:
        return cells[: -len(_END)]
    rightmost = _LAST.match(cells, max(cells.rfind(_FIRST), 0))
    if rightmost is not None and column_number(rightmost[1]) > extent.last:
        return None
    ours, theirs = _patterns(extent.ours)
    cut = ours.search(cells)
    if cut is None:
        return cells[: -len(_END)]
    return None if theirs.search(cells, cut.start()) else cells[: cut.start()]


@lru_cache(maxsize=8)
def _patterns(ours: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return what finds a cell in our columns, and one left of them."""
    return re.compile(rf'<c r="(?:[{ours}-Z]|[A-Z][A-Z]{{1,2}})\d'), re.compile(rf'<c r="[A-{chr(ord(ours) - 1)}]\d')


def _said(cells: str, shared: Shared) -> str | None:
    """Write what stands in some cells; None where they are not plainly written."""
    found = _CELL.findall(cells)
    if len(found) != cells.count("<c "):
        return None
    texts: list[str] = []
    try:
        for column, style, kind, formula, value, inline in found:
            said = _content(style, kind, value, inline, shared) if value or inline else ""
            if said is None:
                return None
            if not said and formula and kind != "str":
                said = "?"
            if said:
                texts.append(f"{column}{_COLUMN}={said}" if formula else f"{column}{_COLUMN}{said}")
    except (ParseError, ValueError, IndexError):
        return None
    return _CELLS.join(texts)


def _content(style: str, kind: str, value: str, inline: str, shared: Shared) -> str | None:
    """Write the value of a cell, its kind first; None for what is no text though it is written as one."""
    if kind == "s":
        text = shared.strings[int(value)]
        return f"t{text}" if isinstance(text, str) else None
    if not kind or kind == "n":
        shows = shared.formats[int(style)] if style and int(style) < len(shared.formats) else ""
        return f"n{shows} {value}"
    if kind in ("str", "inlineStr"):
        plain = inline or value
        text = unescape(entities(plain)) if "&" in plain or "_x" in plain else plain
        return f"t{text}" if isinstance(text, str) else None
    return f"{kind} {value}"
