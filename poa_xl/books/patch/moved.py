"""References after rows were inserted: formulas, ranges, lists of ranges."""

import re
from dataclasses import dataclass

from poa_xl.errors import BookError
from poa_xl.i18n import say

_CELL = re.compile(r"(\$?[A-Z]{1,3}\$?)(\d{1,7})")
_ROWS = re.compile(r"(\$?)(\d{1,7}):(\$?)(\d{1,7})")
_RANGE = re.compile(r"(\$?[A-Z]{1,3}\$?)(\d{1,7}):(\$?[A-Z]{1,3}\$?)(\d{1,7})")
_LAST_ROW = 1_048_576


@dataclass(frozen=True, slots=True)
class Insertion:
    """Rows put into a sheet.

    Attributes:
        sheet: Name of the sheet.
        before: The row that moves down first.
        count: How many rows.
    """

    sheet: str
    before: int
    count: int

    def row(self, number: int) -> int:
        """Give the new number of a row."""
        if number < self.before or number == _LAST_ROW:
            return number
        return number + self.count if number + self.count <= _LAST_ROW else self._refuse(str(number))

    def area(self, ref: str) -> str:
        """Move a cell, a range, rows or columns of this sheet."""
        if match := _RANGE.fullmatch(ref):
            return f"{match[1]}{self.row(int(match[2]))}:{match[3]}{self.row(int(match[4]))}"
        if match := _CELL.fullmatch(ref):
            return f"{match[1]}{self.row(int(match[2]))}"
        if match := _ROWS.fullmatch(ref):
            return f"{match[1]}{self.row(int(match[2]))}:{match[3]}{self.row(int(match[4]))}"
        return ref

    def areas(self, refs: str) -> str:
        """Move a list of ranges, blanks between them."""
        return " ".join(map(self.area, refs.split(" ")))

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
        return f"{name}{mark}{self.area(ref)}"

    def _refuse(self, what: str) -> int:
        raise BookError(
            say("no se puede insertar una fila en «{sheet}»: la referencia {what} no se puede mover", sheet=self.sheet,
                what=what)
        )  # fmt: skip
