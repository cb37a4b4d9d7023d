"""The filter arrows of a worksheet: where they stand, how they come, grow and go."""

from collections.abc import Sequence
from dataclasses import dataclass

from poa_xl.books.patch import containers, spans
from poa_xl.books.patch.ranges import area_of
from poa_xl.books.patch.spans import Node, Splice
from poa_xl.books.xml import quoteattr
from poa_xl.sheet.grid import Merge

# The name under which programs keep the cells of a filter.
FILTERED = "_xlnm._FilterDatabase"


@dataclass(frozen=True)
class Arrows:
    """What a worksheet says of filters.

    Attributes:
        ref: The cells of its filter, as written; empty where it has none.
        columns: Numbers of the columns by which rows are filtered out now.
        tables: The tables, which have arrows of their own.
        is_protected: Whether the sheet is.
        was_filtered: Whether programs keep the name of a filter; of one that was taken away, where there is none.
    """

    ref: str
    columns: frozenset[int]
    tables: Sequence[Merge]
    is_protected: bool
    was_filtered: bool

    @property
    def area(self) -> Merge | None:
        """The cells of its filter."""
        return area_of(self.ref)


def arrows(root: Node, tables: Sequence[Merge], *, is_named: bool) -> Arrows:
    """Read what stands around the rows of a worksheet, whose filter has a name or not."""
    node = root.child("autoFilter")
    ref = node.get("ref") if node is not None else ""
    area = area_of(ref)
    chosen = [each.get("colId") for each in (node.children if node is not None else ()) if each.name == "filterColumn"]
    left = area.left if area is not None else 1
    columns = frozenset(left + int(each) for each in chosen if each.isdigit())
    return Arrows(ref, columns, tables, root.child("sheetProtection") is not None, is_named)


def filter_splices(data: bytes, root: Node, ref: str | None) -> list[Splice]:
    """Set the cells of the filter; an empty text takes it away, None leaves it as it is."""
    node = root.child("autoFilter")
    if ref is None:
        return []
    if node is None:
        xml = f"<{root.prefix}autoFilter ref={quoteattr(ref)}/>"
        return containers.child(data, root, "autoFilter", xml) if ref else []
    return [spans.with_attribute(data, node, "ref", ref) if ref else Splice(node.start, node.end, b"")]
