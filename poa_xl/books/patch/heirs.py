"""Shared formulas whose master is overwritten: the next user takes the text over."""

from collections.abc import Collection, Iterable, Sequence

from poa_xl.books.patch import rows, spans
from poa_xl.books.patch.edits import Place
from poa_xl.books.patch.ranges import address
from poa_xl.books.patch.rows import CellBytes
from poa_xl.books.patch.shared import Group
from poa_xl.books.patch.spans import Splice
from poa_xl.books.xml import escape


def heirs_of(formulas: Iterable[Group], gone: Collection[Place]) -> dict[int, list[tuple[Place, Group]]]:
    """Find who takes over the text of a shared formula whose master is overwritten.

    Args:
        formulas: The shared formulas of the sheet.
        gone: Cells that are overwritten.

    Returns:
        Row to heirs: the place, and what is left of the formula's users.
    """
    found: dict[int, list[tuple[Place, Group]]] = {}
    for group in formulas:
        users = [place for place in group.users if place not in gone]
        if group.master in gone and users:
            left = Group(group.index, group.master, group.text, users)
            found.setdefault(users[0][0], []).append((users[0], left))
    return found


def with_heirs(text: bytes, prefix: str, heirs: Sequence[tuple[Place, Group]]) -> bytes:
    """Hand each heir in a row the text of the formula, moved to its place, and the range of the remaining users."""
    present = {cell.column: cell for cell in rows.cells(text, prefix)}
    return spans.apply(text, [_heir(text, present[place[1]], *heir) for heir in heirs for place in [heir[0]]])


def _heir(text: bytes, cell: CellBytes, place: Place, group: Group) -> Splice:
    tree = spans.read(text[cell.start : cell.end], "")
    node = tree.child("f") or tree
    lines, columns = [row for row, _ in group.users], [column for _, column in group.users]
    ref = f"{address(min(lines), min(columns))}:{address(max(lines), max(columns))}"
    kept = "".join(
        f' {key}="{escape(value)}"' for key, value in node.attributes.items() if key not in ("t", "ref", "si")
    )
    opened = f'<{node.qualified} t="shared" ref="{ref}" si="{group.index}"{kept}>'
    xml = f"{opened}{escape(group.at(place))}</{node.qualified}>"
    return Splice(cell.start + node.start, cell.start + node.end, xml.encode())
