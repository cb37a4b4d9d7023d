"""References after rows were inserted: formulas, ranges, lists of ranges."""

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cached_property

from poa_xl.books.patch.references import is_cell, replace_rows
from poa_xl.sheet.grid import LAST_ROW

_ROWS = re.compile(r"(\$?)(\d{1,7}):(\$?)(\d{1,7})")


@dataclass(frozen=True, slots=True)
class NewRow:
    """A row to put into a sheet.

    Attributes:
        before: The row that it stands before.
        like: The row whose formats it gets; None for none.
        grows: Whether ranges of formulas that end right above, and hold the row it is like, take it in. Formats,
            drop-downs and filters always do.
    """

    before: int
    like: int | None = None
    grows: bool = False


@dataclass(frozen=True)
class Insertion:
    """Rows put into a sheet.

    Attributes:
        sheet: Name of the sheet.
        rows: The new rows, in the order of their places.
        tabs: Names of all sheets in their order, which say what a reference over several sheets covers.
        unmoved: Formulas met so far that look at rows below in several sheets at once, and were left as they are.
    """

    sheet: str
    rows: tuple[NewRow, ...]
    tabs: tuple[str, ...] = ()
    unmoved: list[str] = field(default_factory=list, compare=False, repr=False)

    @cached_property
    def _befores(self) -> list[int]:
        return [each.before for each in self.rows]

    @cached_property
    def _alike(self) -> dict[int, list[NewRow]]:
        """New rows that are like others, by the row that they stand before."""
        found: dict[int, list[NewRow]] = {}
        for each in self.rows:
            if each.like is not None:
                found.setdefault(each.before, []).append(each)
        return found

    @property
    def first(self) -> int:
        """The first row that moves."""
        return self._befores[0] if self.rows else LAST_ROW + 1

    @property
    def numbers(self) -> list[int]:
        """What the new rows are numbered."""
        return [each.before + number for number, each in enumerate(self.rows)]

    def row(self, number: int) -> int:
        """Return the new number of a row; what would fall off the sheet is clipped to its last row."""
        return min(number + bisect_right(self._befores, number), max(number, LAST_ROW))

    def falls(self, number: int) -> bool:
        """Return whether a row would fall off the sheet."""
        return number + bisect_right(self._befores, number) > LAST_ROW

    def tears(self, first: int, last: int) -> bool:
        """Return whether a new row comes between two rows."""
        return bisect_right(self._befores, first) < bisect_right(self._befores, last)

    def rows_of(self, first: int, last: int, *, grow: bool, all_alike: bool = False) -> tuple[int, int]:
        """Return the new rows of a range.

        Args:
            first: Its first row.
            last: Its last row.
            grow: Whether it takes in new rows right below that are like one of its own.
            all_alike: Whether it takes in those that do not make formulas grow, too.
        """
        taken = self._alike.get(last + 1, ()) if grow and first <= last else ()
        more = sum(first <= (each.like or 0) and (all_alike or each.grows) for each in taken)
        return self.row(first), min(self.row(last) + more, LAST_ROW)

    def area(self, ref: str, *, grow: bool = False) -> str:
        """Move a cell, a range, rows or columns of this sheet; see `rows_of` for what grows."""
        first, colon, second = ref.partition(":")
        one, other = is_cell(first), is_cell(second) if colon else None
        if one and other:
            top, bottom = self.rows_of(int(one[4]), int(other[4]), grow=grow, all_alike=True)
            return f"{one[1]}{one[2]}{one[3]}{top}:{other[1]}{other[2]}{other[3]}{bottom}"
        if one and not colon:
            return f"{one[1]}{one[2]}{one[3]}{self.row(int(one[4]))}"
        if match := _ROWS.fullmatch(ref):
            return f"{match[1]}{self.row(int(match[2]))}:{match[3]}{self.row(int(match[4]))}"
        return ref

    def areas(self, refs: str, *, grow: bool = True) -> str:
        """Move a list of ranges, blanks between them; new rows right below that are like one of them come along."""
        return re.sub(r"\S+", lambda match: self.area(match[0], grow=grow), refs)

    def formula(self, text: str, sheet: str) -> str:
        """Move the references of a formula that point into this sheet.

        One over several sheets, this one among them, stays: it names the same cells of all of them, and rows come in
        one only. So does Excel; see `unmoved`.

        Args:
            text: The formula without its equals sign.
            sheet: The sheet it stands in; empty where every reference names its sheet.
        """
        own = sheet.casefold() == self.sheet.casefold()
        if not own and "!" not in text:
            return text

        def move(sheet: str, first: int, last: int, *, runs_down: bool) -> tuple[int, int]:
            if sheet and self._is_spanned(sheet):
                if (self.row(first), self.row(last)) != (first, last) and text not in self.unmoved:
                    self.unmoved.append(text)
            elif self._is_here(sheet) if sheet else own:
                return self.rows_of(first, last, grow=runs_down)
            return first, last

        return replace_rows(text, move)

    def _is_here(self, name: str) -> bool:
        """Return whether a sheet as a formula writes it is this one."""
        first, _, last = _bare(name).partition(":")
        return first.casefold() == self.sheet.casefold() and last.casefold() in ("", first.casefold())

    def _is_spanned(self, name: str) -> bool:
        """Return whether a reference over several sheets covers this one."""
        first, colon, last = _bare(name).partition(":")
        if not colon or "[" in name or first.casefold() == last.casefold():
            return False
        tabs = [each.casefold() for each in self.tabs]
        ends = [first.casefold(), last.casefold(), self.sheet.casefold()]
        if any(each not in tabs for each in ends):
            return not tabs
        low, high, own = (tabs.index(each) for each in ends)
        return min(low, high) <= own <= max(low, high)


def _bare(name: str) -> str:
    """Take the quotes off a sheet name."""
    return name[1:-1].replace("''", "'") if name.startswith("'") else name
