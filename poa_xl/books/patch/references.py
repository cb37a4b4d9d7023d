"""References in formulas: found, and given other rows and columns; everything else keeps every character.

A formula is read as far as references go: texts, functions, names, structured references and errors are passed over
whole, so that nothing in them is taken for a cell.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import Protocol

from poa_xl.books.patch.ranges import area_of
from poa_xl.sheet.grid import LAST_COLUMN, LAST_ROW, Merge, column_number, letters

_SHEET = r"(?:'(?:[^']|'')*'|(?:\[[^\[\]]*\])?[\w.\\]*(?::[\w.\\]+)?)!"
_CELL = r"\$?[A-Za-z]{1,3}\$?\d{1,7}"
_ROWS = r"\$?\d{1,7}:\$?\d{1,7}"
_COLUMNS = r"\$?[A-Za-z]{1,3}:\$?[A-Za-z]{1,3}"
_NO_NAME = r"(?![\w.\\?(!\[])"
_TOKEN = re.compile(
    rf'"(?:[^"]|"")*"'
    rf"|(?P<sheet>{_SHEET})?(?:(?P<first>{_CELL}){_NO_NAME}(?:(?P<colon>:(?P<again>{_SHEET})?)(?P<second>{_CELL}){_NO_NAME})?"
    rf"|(?P<rows>{_ROWS}){_NO_NAME}|(?P<columns>{_COLUMNS}){_NO_NAME})"
    rf"|{_SHEET}[\w.\\?]*|[\w.\\?$]+|#[\w/]+[!?]?(?:[\w.$]+(?::[\w.$]+)?)?"
    r"|\[(?:'.|[^\[\]']|\[(?:'.|[^\[\]'])*\])*\]"
)
_PARTS = re.compile(r"(\$?)([A-Za-z]{1,3})(\$?)(\d{1,7})")
_LINES = re.compile(r"(\$?)(\d{1,7}):(\$?)(\d{1,7})")
_RELATIVE_ROW = re.compile(r"\$?[A-Za-z]{1,3}(?P<row>\d{1,7})")
_RELATIVE_LINE = re.compile(r"(?<![$\d])(?P<row>\d{1,7})")
_BANDS = re.compile(r"(\$?)([A-Za-z]{1,3}):(\$?)([A-Za-z]{1,3})")


class Move(Protocol):
    """Moves a reference to its new rows."""

    def __call__(self, sheet: str, first: int, last: int, *, runs_down: bool) -> tuple[int, int]:
        """See `replace_rows`.

        Args:
            sheet: As written, with its quotes and without the mark.
            first: The first row.
            last: The last row; the same for one cell.
            runs_down: Whether the reference may take in a row below it: `A2:A5` and `A5:A5` do, `J5:U5` does not.
        """


def replace_rows(formula: str, move: Move) -> str:
    """Return a formula whose references have other rows.

    Args:
        formula: Without the equals sign.
        move: Gives the new rows of a reference.
    """

    def moved(match: re.Match[str]) -> str:
        sheet, mark = (match["sheet"] or "")[:-1], match["sheet"] or ""
        if match["rows"]:
            line = _LINES.fullmatch(match["rows"])
            return (
                match[0]
                if line is None
                else mark + _lines(line, *move(sheet, int(line[2]), int(line[4]), runs_down=False))
            )
        if not match["first"]:
            return match[0]
        first = is_cell(match["first"])
        second = is_cell(match["second"]) if match["second"] else None
        again = (match["again"] or match["sheet"] or "")[:-1]
        if first is not None and second is not None and again.casefold() == sheet.casefold():
            runs_down = int(first[4]) < int(second[4]) or first[2].upper() == second[2].upper()
            top, bottom = move(sheet, int(first[4]), int(second[4]), runs_down=runs_down)
            return f"{mark}{_with_row(first, top)}{match['colon']}{_with_row(second, bottom)}"
        start = f"{mark}{_alone(match['first'], first, sheet, move)}"
        return f"{start}{match['colon']}{_alone(match['second'], second, again, move)}" if match["second"] else start

    return _TOKEN.sub(moved, formula)


def shifted(formula: str, rows: int, columns: int) -> str:
    """Return a formula as it reads when it is copied some rows down and some columns to the right."""

    def moved(match: re.Match[str]) -> str:
        mark = match["sheet"] or ""
        if match["rows"] and (line := _LINES.fullmatch(match["rows"])):
            return mark + _lines(line, _row(line[1], line[2], rows), _row(line[3], line[4], rows))
        if match["columns"] and (band := _BANDS.fullmatch(match["columns"])):
            low, high = _column(band[1], band[2], columns), _column(band[3], band[4], columns)
            return f"{mark}{band[1]}{low}:{band[3]}{high}"
        if not match["first"]:
            return match[0]
        second = f"{match['colon']}{_copied(match['second'], rows, columns)}" if match["second"] else ""
        return f"{mark}{_copied(match['first'], rows, columns)}{second}"

    return _TOKEN.sub(moved, formula)


@dataclass(frozen=True, slots=True)
class Template:
    """A formula as it may stand in any row: texts, and between them how far below that row another one is."""

    texts: tuple[str, ...]
    offsets: tuple[int, ...]
    is_own: bool

    def at(self, row: int) -> str:
        """Return the formula as it reads in a row."""
        if self.is_own:
            return str(row).join(self.texts)
        rows = (str(row + offset) for offset in self.offsets)
        return "".join(chain.from_iterable(zip(self.texts, rows, strict=False))) + self.texts[-1]


@lru_cache(maxsize=512)
def template(formula: str, row: int) -> Template:
    """Return a formula of a row as it may stand in any other."""
    texts: list[str] = []
    offsets: list[int] = []
    at = 0
    for match in _TOKEN.finditer(formula):
        for name in ("rows", "first", "second"):
            if not match[name]:
                continue
            for digits in _relative_digits(match[name]):
                start = match.start(name) + digits.start("row")
                texts.append(formula[at:start])
                offsets.append(int(digits["row"]) - row)
                at = match.start(name) + digits.end("row")
    return Template((*texts, formula[at:]), tuple(offsets), not any(offsets))


def _relative_digits(reference: str) -> list[re.Match[str]]:
    if reference[0].isdigit() or ":" in reference:
        return list(_RELATIVE_LINE.finditer(reference))
    cell = is_cell(reference)
    match = _RELATIVE_ROW.fullmatch(reference) if cell else None
    return [match] if match else []


def relative_rows(formula: str) -> list[tuple[str, bool, int]]:
    """List the rows that a formula refers to, ranges with both ends: sheet as written, whether `$`, row."""
    found: list[tuple[str, bool, int]] = []
    for match in _TOKEN.finditer(formula):
        sheet = (match["sheet"] or "")[:-1]
        if match["rows"] and (line := _LINES.fullmatch(match["rows"])):
            found += [(sheet, bool(line[1]), int(line[2])), (sheet, bool(line[3]), int(line[4]))]
        for name in ("first", "second"):
            if match[name] and (cell := is_cell(match[name])):
                found.append((sheet, bool(cell[3]), int(cell[4])))
    return found


def looked_at(formula: str) -> Iterator[tuple[str, Merge | str]]:
    """Yield what a formula looks at: sheet as written, empty for its own; and an area of it, or a name.

    Functions are among the names.
    """
    for match in _TOKEN.finditer(formula):
        sheet = (match["sheet"] or "")[:-1]
        if match["rows"] and (line := _LINES.fullmatch(match["rows"])):
            top, bottom = sorted((int(line[2]), int(line[4])))
            yield sheet, Merge(top, 1, bottom, LAST_COLUMN)
        elif match["columns"] and (band := _BANDS.fullmatch(match["columns"])):
            left, right = sorted((column_number(band[2].upper()), column_number(band[4].upper())))
            yield sheet, Merge(1, left, LAST_ROW, right)
        elif match["first"]:
            ends = [each for each in (match["first"], match["second"]) if each]
            cells = [each for each in ends if is_cell(each)]
            area = area_of(":".join(cells))
            if area is not None:
                (top, bottom), (left, right) = sorted((area.top, area.bottom)), sorted((area.left, area.right))
                yield sheet, Merge(top, left, bottom, right)
            yield from ((sheet, each) for each in ends if each not in cells)
        elif match[0][0] not in '"#[':
            sheet, _, name = match[0].rpartition("!")
            yield sheet, name


@lru_cache(maxsize=4096)
def is_cell(text: str) -> re.Match[str] | None:
    """Match a cell that the sheet has; `YTD2026` is a name, since no column is called YTD."""
    match = _PARTS.fullmatch(text)
    if match is None or column_number(match[2].upper()) > LAST_COLUMN or not 1 <= int(match[4]) <= LAST_ROW:
        return None
    return match


def _alone(text: str, cell: re.Match[str] | None, sheet: str, move: Move) -> str:
    """Move one end of a reference by itself; a name stays."""
    return text if cell is None else _with_row(cell, move(sheet, int(cell[4]), int(cell[4]), runs_down=False)[0])


def _with_row(cell: re.Match[str], row: int) -> str:
    return f"{cell[1]}{cell[2]}{cell[3]}{row}"


def _lines(line: re.Match[str], first: int, last: int) -> str:
    return f"{line[1]}{first}:{line[3]}{last}"


def _copied(text: str, rows: int, columns: int) -> str:
    cell = is_cell(text)
    if cell is None:
        return text
    return f"{cell[1]}{_column(cell[1], cell[2], columns)}{cell[3]}{_row(cell[3], cell[4], rows)}"


def _row(fixed: str, row: str, by: int) -> int:
    """Rows run round at the end of the sheet, as in Excel."""
    return int(row) if fixed else (int(row) + by - 1) % LAST_ROW + 1


def _column(fixed: str, name: str, by: int) -> str:
    return name if fixed else letters((column_number(name.upper()) + by - 1) % LAST_COLUMN + 1)
