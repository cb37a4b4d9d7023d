"""What a formula looks at: cell references of A1 style, as far as a reader of plans has to know them."""

import re
from collections.abc import Iterator

from poa_xl.sheet.grid import column_number, letters

# Names and functions that merely begin like a cell are stepped over.
_CELL = re.compile(r"(?<![A-Za-z0-9_.$])\$?(?P<column>[A-Za-z]{1,3})\$?\d{1,7}(?![A-Za-z0-9_(.])")
_AREA = re.compile(
    r"(?<![A-Za-z0-9_.$!])\$?([A-Z]{1,3})\$?(\d{0,7}):\$?([A-Z]{1,3})\$?(\d{0,7})(?![A-Za-z0-9_(.])", re.IGNORECASE
)
_COLUMN_OF_TABLE = re.compile(r"\b(?:SUM|SUBTOTAL|AGGREGATE)\([^()]*\[[^\]@#]+\]\)", re.IGNORECASE)
_ADDED = re.compile(r"[+\s]*\$?([A-Z]{1,3})\$?\d{1,7}(?:\s*\+\s*\$?[A-Z]{1,3}\$?\d{1,7})+\s*", re.IGNORECASE)

_ROW_SUM = re.compile(r"\s*(?:SUM\s*\(([^()]*)\)|([^()]*))\s*", re.IGNORECASE)
_TERM = re.compile(r"\s*\$?([A-Z]{1,3})\$?(\d{1,7})(?:\s*:\s*\$?([A-Z]{1,3})\$?(\d{1,7}))?\s*", re.IGNORECASE)


def sums_row(formula: str, row: int) -> frozenset[int]:
    """Return the columns whose cells in its own row a formula adds up; none where it does anything else."""
    match = _ROW_SUM.fullmatch(formula)
    inside = (match[1] or match[2] or "") if match is not None else ""
    terms = [_TERM.fullmatch(each) for each in re.split(r"[,;+]", inside)]
    found: set[int] = set()
    for term in terms:
        if term is None or {int(term[2]), int(term[4] or term[2])} != {row}:
            return frozenset()
        first, last = column_number(term[1].upper()), column_number((term[3] or term[1]).upper())
        found |= {*range(min(first, last), max(first, last) + 1)}
    return frozenset(found)


def sums_column(formula: str, row: int, column: int) -> bool:
    """Whether a formula adds up other cells of its own column: a range of them, single ones, or a table's column."""
    own = letters(column)
    if _COLUMN_OF_TABLE.search(formula):
        return True
    if any(left == right == own and _is_range(top, bottom, row) for left, top, right, bottom in _areas(formula)):
        return True
    return _ADDED.fullmatch(formula) is not None and {match["column"].upper() for match in _CELL.finditer(formula)} == {
        own
    }


def _areas(formula: str) -> Iterator[tuple[str, str, str, str]]:
    for left, top, right, bottom in _AREA.findall(re.sub(r"\"[^\"]*\"", "", formula)):
        yield left.upper(), top, right.upper(), bottom


def _is_range(top: str, bottom: str, row: int) -> bool:
    """Whether an area reaches over more than the formula's own row; without row numbers it is a whole column."""
    return not top or not bottom or {int(top), int(bottom)} != {row}
