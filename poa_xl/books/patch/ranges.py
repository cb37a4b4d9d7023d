"""Ranges as the parts of a workbook write them."""

import re

from poa_xl.sheet.grid import Merge, column_number, letters

_RANGE = re.compile(r"\$?([A-Za-z]{1,3})\$?(\d{1,7})(?::\$?([A-Za-z]{1,3})\$?(\d{1,7}))?")


def area_of(ref: str) -> Merge | None:
    """Read a range or a single address; None when it is neither."""
    match = _RANGE.fullmatch(ref)
    if match is None:
        return None
    left, top, right, bottom = match[1], int(match[2]), match[3] or match[1], int(match[4] or match[2])
    return Merge(top, column_number(left.upper()), bottom, column_number(right.upper()))


def address(row: int, column: int) -> str:
    """Return the address of a cell."""
    return f"{letters(column)}{row}"
