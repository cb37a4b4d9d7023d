"""Widths and outline levels of columns: `cols` split around ours, and given back as it was when ours go."""

from collections.abc import Mapping
from typing import Protocol

from poa_xl.books.patch import containers, spans
from poa_xl.books.patch.memory import FormerLooks
from poa_xl.books.patch.newsheet import column_xml
from poa_xl.books.patch.spans import Node, Splice
from poa_xl.books.xml import quoteattr
from poa_xl.sheet.grid import LAST_COLUMN

# First and last column, and the other attributes as written.
Entry = tuple[int, int, dict[str, str]]


class ColumnEdits(Protocol):
    """What is to change; see `SheetEdits`."""

    columns: dict[int, tuple[float, int]]
    drop_columns: set[int]
    former: FormerLooks


def column_splices(data: bytes, root: Node, edits: ColumnEdits) -> list[Splice]:
    """Set columns, or take those away that were set before.

    Args:
        data: The worksheet part without its rows.
        root: Its tree.
        edits: Which columns, and what stood there before.

    Returns:
        Splices; a `col` that covered ours is cut, and put together again when ours go.
    """
    if not edits.columns and not edits.drop_columns:
        return []
    node = root.child("cols")
    entries = _entries(node)
    kept = _cut(entries, {*edits.columns, *edits.drop_columns})
    prefix = root.prefix
    if edits.columns:
        added = [(column, column_xml(column, *look, prefix)) for column, look in edits.columns.items()]
    else:
        kept, added = _healed(kept, edits), []
    written = [*added, *((entry[0], _xml(entry, prefix)) for entry in kept)]
    xml = "".join(text for _, text in sorted(written))
    splices = _levels(data, root, edits, is_outlined=any(each[2].get("outlineLevel", "0") != "0" for each in kept))
    if node is not None and not xml:
        return [*splices, Splice(node.start, node.end, b"")]
    if node is None or node.is_empty:
        return splices + (containers.put(data, root, "cols", xml) if xml else [])
    return [*splices, Splice(node.inner, node.close, xml.encode())]


def _entries(node: Node | None) -> list[Entry]:
    return [
        (int(each.get("min", "1")), int(each.get("max", "1")), dict(each.attributes))
        for each in (node.children if node is not None else ())
        if each.name == "col"
    ]


def _cut(entries: list[Entry], columns: set[int]) -> list[Entry]:
    """Cut a gap for our columns, which stand side by side."""
    first, last = min(columns), max(columns)
    pieces = [
        piece
        for low, high, looks in entries
        for piece in ((low, min(high, first - 1), looks), (max(low, last + 1), high, looks))
    ]
    return [piece for piece in pieces if piece[0] <= piece[1]]


def _healed(kept: list[Entry], edits: ColumnEdits) -> list[Entry]:
    """Put what stood at our columns back and join what was cut for them."""
    former = edits.former
    first, last = min(edits.drop_columns), max(edits.drop_columns)
    if not former.first:
        return _bridged(kept, first, last)
    moved = first - former.first
    back = [
        (max(int(each["min"]) + moved, first), min(int(each["max"]) + moved, last), each) for each in former.columns
    ]
    joined: list[Entry] = []
    for low, high, looks in sorted([*kept, *(each for each in back if each[0] <= each[1])], key=lambda each: each[0]):
        before: Entry = joined[-1] if joined else (0, -1, {})
        if before[1] == low - 1 and _look(before[2]) == _look(looks) and _was_one(former, low - moved):
            joined[-1] = (before[0], high, before[2])
        else:
            joined.append((low, high, looks))
    return joined


def _bridged(kept: list[Entry], first: int, last: int) -> list[Entry]:
    """Join what looks alike on both sides of our columns; earlier versions did not write down what they cut."""
    before = next((each for each in kept if each[1] == first - 1), None)
    after = next((each for each in kept if each[0] == last + 1), None)
    if before is None or after is None or _look(before[2]) != _look(after[2]):
        return kept
    return [each for each in kept if each not in (before, after)] + [(before[0], after[1], before[2])]


def _was_one(former: FormerLooks, column: int) -> bool:
    """Whether an entry reached over the border before a column when ours were set."""
    return any(int(each["min"]) < column <= min(int(each["max"]), LAST_COLUMN) for each in former.columns)


def _look(attributes: Mapping[str, str]) -> dict[str, str]:
    return {key: value for key, value in attributes.items() if key not in ("min", "max")}


def _xml(entry: Entry, prefix: str) -> str:
    low, high, looks = entry
    ends = {"min": str(low), "max": str(high)}
    return f"<{prefix}col" + "".join(f" {key}={quoteattr(ends.get(key, value))}" for key, value in looks.items()) + "/>"


def _levels(data: bytes, root: Node, edits: ColumnEdits, *, is_outlined: bool) -> list[Splice]:
    """Let the sheet say how deep its columns are outlined; Excel shows no outline otherwise."""
    node = root.child("sheetFormatPr")
    if node is None:
        return []
    level = max((level for _, level in edits.columns.values()), default=0)
    written = node.get("outlineLevelCol")
    present = int(written) if written.isdigit() else 0
    former = edits.former.level
    if level > present:
        return [spans.with_attribute(data, node, "outlineLevelCol", str(level))]
    if edits.columns or not written:
        return []
    if former:
        return [spans.with_attribute(data, node, "outlineLevelCol", former)]
    if former == "" or not is_outlined:
        return [spans.without_attribute(data, node, "outlineLevelCol")]
    return []
