"""The proof after an insertion: every row is found again at its new number, every reference as rows moved.

A judge of its own: it walks over rows and numbers and shares no code with what inserts.
"""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from poa_xl.books.patch import spans
from poa_xl.books.patch.gate import Cell, Place, cells_of, cut_data, fault, rows_in
from poa_xl.books.patch.moved import Insertion
from poa_xl.core import limits
from poa_xl.errors import BookError
from poa_xl.i18n import say

_DIGITS = re.compile(r"(\d+)")
_FORMULA = re.compile(rb"<(?:[\w.-]+:)?f[\s/>]")
_ROW = re.compile(rb'r="([A-Za-z]{0,3})\d+"')


def verify_moves(
    read: Callable[[str], bytes], moved: Mapping[str, bytes], name: str, insertions: Mapping[str, Sequence[Insertion]]
) -> None:
    """Compare the members that an insertion changed with what they were.

    Args:
        read: Gives a member as it was, in UTF-8.
        moved: Member to new content.
        name: Name of the file, for messages.
        insertions: Worksheet member to what was inserted there.

    Raises:
        BookError: A row, a cell or a reference is not where it should be: a bug of ours, and nothing is written.
    """
    walk = _Walk([each for found in insertions.values() for each in found])
    for member, data in moved.items():
        before, place = read(member), f"{name}: {member}"
        if member.lower().endswith(".vml"):
            if not walk.may_become(before.decode("latin-1"), data.decode("latin-1")):
                raise BookError(fault(place, say("los números")))
            continue
        _compare_around(before, data, walk, place)
        cell = _first_moved_wrong(before, data, place, insertions.get(member, ()), walk)
        if cell is not None:
            raise BookError(fault(place, f"R{cell[0]}C{cell[1]}"))


def _compare_around(before: bytes, after: bytes, walk: "_Walk", place: str) -> None:
    """Compare what stands around the rows, or a whole part: elements, attributes and texts, numbers as rows move."""
    one, other = ([*_words(b"".join(cut_data(data)[::2]), place)] for data in (before, after))
    if len(one) != len(other) or not all(map(walk.may_become, one, other)):
        raise BookError(fault(place, say("los números")))


def _words(data: bytes, place: str) -> list[str]:
    root = spans.read(data, place)
    found: list[str] = []
    for node in (root, *root.walk()):
        found += [node.name, *(f"{key}={value}" for key, value in node.attributes.items()), node.text.strip()]
    return found


def _first_moved_wrong(
    before: bytes, after: bytes, place: str, insertions: Sequence[Insertion], walk: "_Walk"
) -> Place | None:
    """Find the first cell that is not what it was, at its new place."""
    was, now = rows_in(cut_data(before)[1]), rows_in(cut_data(after)[1])
    added: set[int] = set()
    for insertion in insertions:
        was = _renumbered(was, insertion)
        added |= set(insertion.numbers)
    for row in sorted({*was, *now}):
        one, other = was.get(row, b""), now.get(row, b"")
        if one == other or (row in added and not one):
            continue
        if not _FORMULA.search(one) and _ROW.split(one) == _ROW.split(other):
            continue
        old, new = cells_of(one, place, row), cells_of(other, place, row)
        wrong = [cell for cell in {*old, *new} if not _is_same_cell(old.get(cell), new.get(cell), walk)]
        if wrong:
            return min(wrong)
    return None


def _renumbered(found: Mapping[int, bytes], insertion: Insertion) -> dict[int, bytes]:
    """Count every row again, walking down the sheet with the new rows at hand."""
    waiting = [each.before for each in insertion.rows]
    moved: dict[int, bytes] = {}
    passed = 0
    for number, text in found.items():
        while passed < len(waiting) and waiting[passed] <= number:
            passed += 1
        if number + passed <= limits.ROWS:
            moved[number + passed] = text
    return moved


class _Walk:
    """Where rows come to stand, counted by walking over the new ones; a judge of its own, apart from what it judges."""

    def __init__(self, insertions: Sequence[Insertion]) -> None:
        self.counts = Counter(each.before for one in insertions for each in one.rows)
        self._befores = sorted(self.counts.elements())

    def may_be(self, old: int, new: int) -> bool:
        """Return whether a row number may have become another: as it was, moved, or grown by rows right below."""
        if old == new:
            return True
        passed = bisect_right(self._befores, old)
        return old + passed <= new <= old + passed + self.counts[old + 1] or new == limits.ROWS < old + passed

    def may_become(self, old: str, new: str) -> bool:
        """Return whether a text may have become another: the same but for numbers, those as rows move.

        Rows count from 1 in references, from 0 in anchors.
        """
        if old == new:
            return True
        one, other = _DIGITS.split(old), _DIGITS.split(new)
        if one[::2] != other[::2]:
            return False
        return all(
            was == now or self.may_be(int(was), int(now)) or self.may_be(int(was) + 1, int(now) + 1)
            for was, now in zip(one[1::2], other[1::2], strict=True)
        )


def _is_same_cell(old: Cell | None, new: Cell | None, walk: _Walk) -> bool:
    """Whether a cell is what it was; its formula but for the rows that it speaks of."""
    if old is None or new is None:
        return old == new
    if old[2].startswith("shared") and not new[2].startswith("shared"):
        # It has a text of its own now.
        return (old[:2], old[3], bool(new[2])) == (new[:2], new[3], True)
    return (old[:2], old[3]) == (new[:2], new[3]) and walk.may_become(old[2], new[2])
