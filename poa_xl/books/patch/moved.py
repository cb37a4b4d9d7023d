"""References after rows were inserted: formulas, ranges, lists of ranges."""

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from poa_xl.errors import BookError
from poa_xl.i18n import say

_CELL = re.compile(r"(\$?[A-Z]{1,3}\$?)(\d{1,7})")
_ROWS = re.compile(r"(\$?)(\d{1,7}):(\$?)(\d{1,7})")
_RANGE = re.compile(r"(\$?[A-Z]{1,3}\$?)(\d{1,7}):(\$?[A-Z]{1,3}\$?)(\d{1,7})")
_LAST_ROW = 1_048_576


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
    """

    sheet: str
    rows: tuple[NewRow, ...]

    @cached_property
    def _befores(self) -> list[int]:
        return [each.before for each in self.rows]

    @property
    def numbers(self) -> list[int]:
        """What the new rows are numbered."""
        return [each.before + number for number, each in enumerate(self.rows)]

    def row(self, number: int) -> int:
        """Give the new number of a row."""
        if number == _LAST_ROW:
            return number
        moved = number + bisect_right(self._befores, number)
        return moved if moved <= _LAST_ROW else self._refuse(str(number))

    def tears(self, first: int, last: int) -> bool:
        """Tell whether a new row comes between two rows."""
        return any(first < before <= last for before in self._befores)

    def area(self, ref: str, grown: Iterable[NewRow] = ()) -> str:
        """Move a cell, a range, rows or columns of this sheet.

        Args:
            ref: What to move.
            grown: New rows that a range takes in when it ends right above them and holds the row they are like.
        """
        if match := _RANGE.fullmatch(ref):
            first, last = int(match[2]), int(match[4])
            more = sum(each.before == last + 1 and first <= (each.like or 0) for each in grown)
            return f"{match[1]}{self.row(first)}:{match[3]}{self.row(last) + more}"
        if match := _CELL.fullmatch(ref):
            return f"{match[1]}{self.row(int(match[2]))}"
        if match := _ROWS.fullmatch(ref):
            return f"{match[1]}{self.row(int(match[2]))}:{match[3]}{self.row(int(match[4]))}"
        return ref

    def areas(self, refs: str, *, grow: bool = True) -> str:
        """Move a list of ranges, blanks between them; new rows right below that are like one of them come along."""
        grown = [each for each in self.rows if each.like is not None] if grow else []
        return " ".join(self.area(ref, grown) for ref in refs.split(" "))

    def formula(self, text: str, sheet: str) -> str:
        """Move the references of a formula that point into this sheet.

        Args:
            text: The formula without its equals sign.
            sheet: The sheet it stands in; empty where every reference names its sheet.

        Raises:
            BookError: A reference spans several sheets, this one among them perhaps.
        """
        from openpyxl.formula.tokenizer import Token, Tokenizer  # noqa: PLC0415 - heavy, and rarely needed

        tokenizer = Tokenizer(f"={text}")
        moved = [
            self._operand(token.value, sheet, text)
            if token.type == Token.OPERAND and token.subtype == Token.RANGE
            else token.value
            for token in tokenizer.items
        ]
        return "".join(moved)

    def _operand(self, operand: str, sheet: str, formula: str) -> str:
        name, mark, ref = operand.rpartition("!")
        bare = name[1:-1].replace("''", "'") if name.startswith("'") else name
        if mark and ":" in bare and "[" not in bare:
            self._refuse(formula)
        if (bare or sheet).casefold() != self.sheet.casefold():
            return operand
        return f"{name}{mark}{self.area(ref, [each for each in self.rows if each.grows])}"

    def _refuse(self, what: str) -> int:
        raise BookError(
            say("no se puede insertar una fila en «{sheet}»: la referencia {what} no se puede mover", sheet=self.sheet,
                what=what)
        )  # fmt: skip
