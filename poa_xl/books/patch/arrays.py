"""Cells that are one formula together: arrays, what spills, tables of data."""

import re
from collections.abc import Iterator

from poa_xl.books.patch import rows
from poa_xl.books.patch.ranges import area_of
from poa_xl.books.patch.rows import Rows
from poa_xl.sheet.grid import Merge

_WHOLE = re.compile(rb"\st\s*=\s*[\"'](?:array|dataTable)[\"']")
_REF = re.compile(rb"\sref\s*=\s*[\"']([^\"']*)")


def arrays(part: Rows) -> Iterator[Merge]:
    """Yield the ranges of array, spilled and data-table formulas; cells of them need not stand in the sheet."""
    for number, text in zip(part.numbers, part.texts, strict=True):
        if b"array" not in text and b"dataTable" not in text:
            continue
        for cell in rows.cells(text, part.prefix):
            body = text[cell.inner : cell.end]
            if not _WHOLE.search(body):
                continue
            ref = _REF.search(body)
            covered = area_of(ref[1].decode()) if ref else None
            yield covered or Merge(number, cell.column, number, cell.column)
