"""Hints of size that readers may trust: which columns a row spans, which cells a sheet uses."""

import re
from collections.abc import Mapping

from poa_xl.books.patch import rows, spans
from poa_xl.books.patch.edits import SheetEdits
from poa_xl.books.patch.ranges import address, area_of
from poa_xl.books.patch.rows import Rows
from poa_xl.books.patch.spans import Node, Splice
from poa_xl.sheet.grid import Merge
from poa_xl.sheet.spec import Cell

_SPANS = re.compile(rb"(\sspans\s*=\s*[\"'])(\d+):(\d+)")


class Extent:
    """How far the cells of a worksheet reach once they are edited.

    Args:
        part: The worksheet, before.
        edits: What is to change in it.
    """

    def __init__(self, part: Rows, edits: SheetEdits) -> None:
        self._part = part
        self._edits = edits
        self._known: dict[int, int] = {}

    def spanned(self, number: int, text: bytes, wanted: Mapping[int, Cell | None]) -> bytes:
        """Let the row's `spans`, a hint that readers may trust, cover its cells."""
        inner = spans.tag_end(text, 0)
        match = _SPANS.search(text, 0, inner)
        if not match:
            return text
        first, last = int(match[2]), int(match[3])
        kept = [column for column, cell in wanted.items() if cell is not None]
        low = min([first, *kept])
        high = max(low, self._right(last, wanted, self._edits.former.span(number)))
        if (low, high) == (first, last):
            return text
        return text[: match.end(1)] + f"{low}:{high}".encode() + text[match.end() :]

    def _right(self, last: int, wanted: Mapping[int, Cell | None], former: int) -> int:
        """Where a hint that ended at a column ends now: farther for new cells, nearer when the last ones went."""
        kept = [column for column, cell in wanted.items() if cell is not None]
        gone = [column for column, cell in wanted.items() if cell is None]
        if gone and last <= max(gone) and max(kept, default=0) < last:
            return min(last, max(former, self._remaining(last)))
        return max([last, *kept])

    def _remaining(self, last: int) -> int:
        """Highest column that has a cell once the edits are done; cells that a hint left out before do not count."""
        if last not in self._known:
            part, cells = self._part, self._edits.cells
            kept = max(
                (column for (_, column), cell in cells.items() if cell is not None and column <= last), default=1
            )
            for number, text in zip(part.numbers, part.texts, strict=True):
                if rows.last_column(text, part.prefix) > kept:
                    found = (cell.column for cell in rows.cells(text, part.prefix) if cell.column <= last)
                    kept = max([kept, *(column for column in found if cells.get((number, column), self) is not None)])
            self._known[last] = kept
        return self._known[last]

    def dimension(self, around: bytes, root: Node) -> list[Splice]:
        """Let the `dimension` of the sheet, another hint, cover its cells."""
        node = root.child("dimension")
        covered = area_of(node.get("ref")) if node is not None else None
        if node is None or covered is None or not self._edits.cells:
            return []
        kept = [place for place, cell in self._edits.cells.items() if cell is not None]
        former = self._edits.former.right
        right = self._right(covered.right, {column: cell for (_, column), cell in self._edits.cells.items()}, former)
        if not self._part.texts and covered == Merge(1, 1, 1, 1):
            # `A1` is what an empty sheet says.
            covered = Merge(min(kept)[0], min(column for _, column in kept), 1, 1) if kept else covered
        top, left = (min([covered.top, *(row for row, _ in kept)]), min([covered.left, *(col for _, col in kept)]))
        bottom = max([covered.bottom, *(row for row, _ in kept)])
        if (top, left, bottom, right) == (covered.top, covered.left, covered.bottom, covered.right):
            return []
        ends = address(top, left), address(bottom, right)
        ref = ends[0] if ends[0] == ends[1] else ":".join(ends)
        return [spans.with_attribute(around, node, "ref", ref)]
