"""Widths and outline levels of columns: `cols` split around ours, and healed when ours go."""

from collections.abc import Collection, Mapping

from poa_xl.books.patch import spans
from poa_xl.books.patch.newsheet import column_xml
from poa_xl.books.patch.scan import Part, Scan
from poa_xl.books.patch.spans import Node, Splice


def column_splices(
    data: bytes, found: Scan, wanted: Mapping[int, tuple[float, int]], dropped: Collection[int]
) -> list[Splice]:
    """Set columns, or take those away that were set before.

    Args:
        data: The worksheet part.
        found: Its places.
        wanted: Column number to width and outline level.
        dropped: Columns to take away.

    Returns:
        Splices; a `col` that covered ours is cut, and put together again when ours go.
    """
    if not wanted and not dropped:
        return []
    part = found.part("cols")
    entries = _entries(data, part)
    kept = _cut(entries, {*wanted, *dropped}) if wanted else _healed(entries, dropped)
    prefix = found.prefix
    kept += [(column, column, column_xml(column, width, level, prefix)) for column, (width, level) in wanted.items()]
    inside = "".join(xml for _, _, xml in sorted(kept))
    level = max((level for _, level in wanted.values()), default=0)
    splices = _levels(data, found, level, is_outlined='outlineLevel="' in inside)
    if part is None:
        data_part = found.part("sheetData")
        at = data_part.start if data_part else found.inner
        new = f"<{prefix}cols>{inside}</{prefix}cols>" if inside else ""
        return [*splices, Splice(at, at, new.encode())]
    node = spans.read(data[part.start : part.end], "")
    if not inside:
        return [*splices, Splice(part.start, part.end, b"")]
    return [*splices, Splice(part.start + node.inner, part.start + node.close, inside.encode())]


Entry = tuple[int, int, str]


def _entries(data: bytes, part: Part | None) -> list[Entry]:
    if part is None:
        return []
    text = data[part.start : part.end]
    node = spans.read(text, "")
    return [(int(col.get("min")), int(col.get("max")), text[col.start : col.end].decode()) for col in node.children]


def _cut(entries: list[Entry], columns: Collection[int]) -> list[Entry]:
    """Cut a gap for our columns, which stand side by side."""
    first, last = min(columns), max(columns)
    kept: list[Entry] = []
    for low, high, xml in entries:
        if high < first or low > last:
            kept.append((low, high, xml))
            continue
        if low < first:
            kept.append(_resized(low, first - 1, xml))
        if high > last:
            kept.append(_resized(last + 1, high, xml))
    return kept


def _healed(entries: list[Entry], columns: Collection[int]) -> list[Entry]:
    """Take our columns out and join what was cut for them."""
    first, last = min(columns), max(columns)
    kept = [entry for entry in entries if not first <= entry[0] <= entry[1] <= last]
    before = next((entry for entry in kept if entry[1] == first - 1), None)
    after = next((entry for entry in kept if entry[0] == last + 1), None)
    if after is None:
        return kept
    if before is not None and _resized(0, 0, before[2]) == _resized(0, 0, after[2]):
        whole = _resized(before[0], after[1], before[2])
        return [entry for entry in kept if entry not in (before, after)] + [whole]
    return kept


def _resized(low: int, high: int, xml: str) -> Entry:
    data = xml.encode()
    node: Node = spans.read(data, "")
    first = spans.with_attribute(data, node, "min", str(low))
    last = spans.with_attribute(data, node, "max", str(high))
    return low, high, spans.apply(data, [first, last]).decode()


def _levels(data: bytes, found: Scan, level: int, *, is_outlined: bool) -> list[Splice]:
    """Let the sheet say how deep its columns are outlined; Excel shows no outline otherwise."""
    part = found.part("sheetFormatPr")
    if part is None:
        return []
    text = data[part.start : part.end]
    node = spans.read(text, "")
    present = int(node.get("outlineLevelCol", "0"))
    if level > present:
        splice = spans.with_attribute(text, node, "outlineLevelCol", str(level))
    elif present and not is_outlined:
        splice = spans.without_attribute(text, node, "outlineLevelCol")
    else:
        return []
    return [splice.moved(part.start)]
