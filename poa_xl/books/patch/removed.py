"""References after rows were taken out of a sheet, and after other sheets went."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable

from poa_xl.books.patch.references import is_cell, replace_rows

_ROWS = re.compile(r"(\$?)(\d{1,7}):(\$?)(\d{1,7})")
_SHEETS = re.compile(r"('(?:[^']|'')*'|[\w.\\]+(?::[\w.\\]+)?)!")
_TEXT = re.compile(r'"(?:[^"]|"")*"')


class GoneError(Exception):
    """A reference points at what is not there any more."""


class Removal:
    """Rows taken out of a sheet.

    Args:
        sheet: Name of the sheet.
        gone: Numbers of the rows that go.
        kept: Names of the sheets that stay, this one among them.
    """

    def __init__(self, sheet: str, gone: Iterable[int], kept: Iterable[str]) -> None:
        self.sheet = sheet
        self._gone = sorted(set(gone))
        self._known = frozenset(self._gone)
        self._kept = {name.casefold() for name in kept}

    def is_gone(self, row: int) -> bool:
        """Whether a row goes."""
        return row in self._known

    def row(self, number: int) -> int:
        """Return the new number of a row; of one that goes that of the next one that stays."""
        return number - bisect_left(self._gone, number)

    def rows_of(self, first: int, last: int) -> tuple[int, int]:
        """Return the new rows of a range.

        Raises:
            GoneError: All of its rows go.
        """
        top, bottom = self.row(first), last - bisect_right(self._gone, last)
        if first <= last and top > bottom:
            raise GoneError
        return top, bottom

    def area(self, ref: str) -> str:
        """Return a cell, a range or rows of this sheet as they are called then; empty where all of it goes."""
        first, colon, second = ref.partition(":")
        one, other = is_cell(first), is_cell(second) if colon else None
        try:
            if one and other:
                top, bottom = self.rows_of(int(one[4]), int(other[4]))
                return f"{one[1]}{one[2]}{one[3]}{top}:{other[1]}{other[2]}{other[3]}{bottom}"
            if one and not colon:
                return f"{one[1]}{one[2]}{one[3]}{self.rows_of(int(one[4]), int(one[4]))[0]}"
            if match := _ROWS.fullmatch(ref):
                top, bottom = self.rows_of(int(match[2]), int(match[4]))
                return f"{match[1]}{top}:{match[3]}{bottom}"
        except GoneError:
            return ""
        return ref

    def areas(self, refs: str) -> str:
        """Return a list of ranges, blanks between them, without those that go."""
        return " ".join(filter(None, map(self.area, refs.split())))

    def formula(self, text: str, sheet: str) -> str:
        """Return a formula whose references follow.

        Args:
            text: The formula without its equals sign.
            sheet: The sheet it stands in; empty where every reference names its sheet.

        Raises:
            GoneError: It looks at something that goes.
        """
        if not sheets_in(text) <= self._kept:
            raise GoneError
        own = sheet.casefold() == self.sheet.casefold()

        def move(sheet: str, first: int, last: int, *, runs_down: bool) -> tuple[int, int]:
            del runs_down
            is_here = _bare(sheet).casefold() == self.sheet.casefold() if sheet else own
            return self.rows_of(first, last) if is_here else (first, last)

        return replace_rows(text, move)

    def loses(self, text: str) -> bool:
        """Whether a formula of this sheet looks at rows that go, besides others."""
        found = [False]

        def look(sheet: str, first: int, last: int, *, runs_down: bool) -> tuple[int, int]:
            del runs_down
            is_here = not sheet or _bare(sheet).casefold() == self.sheet.casefold()
            found[0] |= is_here and bisect_left(self._gone, first) < bisect_right(self._gone, last)
            return first, last

        replace_rows(text, look)
        return found[0]


def sheets_in(text: str) -> set[str]:
    """Return the sheets that a formula names, folded; a range of sheets as it is written."""
    return {_bare(match[1]).casefold() for match in _SHEETS.finditer(_TEXT.sub("", text))}


def _bare(name: str) -> str:
    return name[1:-1].replace("''", "'") if name.startswith("'") else name
