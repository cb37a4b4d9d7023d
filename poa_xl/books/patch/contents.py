"""Cells as they are, to be put back as they were."""

from collections.abc import Collection

from poa_xl.books.patch import rows, spans
from poa_xl.books.patch.rows import Rows
from poa_xl.books.patch.shared import groups
from poa_xl.books.patch.spans import Splice
from poa_xl.books.xml import escape

Place = tuple[int, int]


def content(data: bytes, place: str, wanted: Collection[Place]) -> dict[Place, tuple[str, str]]:
    """Return type and inner XML of cells of a worksheet part; blank ones are left out.

    A formula that a cell shares with others comes with a text of its own.

    Args:
        data: The part, in UTF-8.
        place: File and part, for messages.
        wanted: Rows and columns.
    """
    part = rows.cut(data, place)
    found: dict[Place, tuple[str, str]] = {}
    for number in sorted({row for row, _ in wanted}):
        text = part.get(number) or b""
        for cell in rows.cells(text, part.prefix):
            if (number, cell.column) in wanted:
                node = spans.read(text[cell.start : cell.end], place)
                inside = text[cell.start + node.inner : cell.start + node.close].decode()
                found[number, cell.column] = (node.get("t"), inside)
    return _unshared(part, found)


def _unshared(part: Rows, found: dict[Place, tuple[str, str]]) -> dict[Place, tuple[str, str]]:
    """Spell out formulas that are shared in a text of their own: the cell may be put back when its master has gone."""
    if not any("shared" in inside for _, inside in found.values()):
        return found
    own = {place: group.at(place) for group in groups(part) for place in group.users if group.master}
    for place, (kind, inside) in found.items():
        tree = spans.read(f"<_>{inside}</_>".encode(), "")
        node = tree.child("f")
        if place in own and node is not None and node.get("t") == "shared":
            data = f"<_>{inside}</_>".encode()
            xml = f"<{node.qualified}>{escape(own[place])}</{node.qualified}>".encode()
            found[place] = (kind, spans.apply(data, [Splice(node.start, node.end, xml)])[3:-4].decode())
    return found
