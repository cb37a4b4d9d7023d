"""Formulas that a workbook brought and Calc did not know while it read the file.

Calc 7.4 knows the functions of extensions by their names in Excel only when somebody types them. Read from an .xlsx
file they are unknown names: the file's results show until something changes, and then an error. Typed again, they are
known. Later versions know them at once. What Excel saved by the place of its add-in no version knows.
"""

import re
from collections.abc import Iterator
from typing import Any

from poa_xl.sheet.called import bare

_FORMULAS = 16  # com.sun.star.sheet.CellFlags
# As Calc writes a name that it does not know: in small letters.
_UNKNOWN = re.compile(r"\bpoa_[a-z_]+\(")


def wake(document: Any) -> int:
    """Enter the formulas with unknown `POA_*` names again; the workbook counts as modified only if it did before.

    Returns:
        How many cells were entered.
    """
    found = [(cell, text) for sheet in document.Sheets for cell, text in _unknown(sheet)]
    if not found:
        return 0
    was_modified = document.isModified()
    document.UndoManager.lock()
    document.addActionLock()
    try:
        for cell, text in found:
            if text.startswith("{"):
                block = cell.Spreadsheet.createCursorByRange(cell)
                block.collapseToCurrentArray()
                block.setArrayFormula(text[1:-1])
            else:
                cell.setFormula(text)
    finally:
        document.removeActionLock()
        document.UndoManager.unlock()
        document.setModified(was_modified)
    return len(found)


def _unknown(sheet: Any) -> Iterator[tuple[Any, str]]:
    """Find cells with unknown names, and what to enter there; of an array formula its first cell."""
    for area in sheet.queryContentCells(_FORMULAS):
        for i, row in enumerate(area.getFormulaArray()):
            for j, text in enumerate(row):
                known = bare(text)
                if known != text or _UNKNOWN.search(text):
                    cell = area.getCellByPosition(j, i)
                    if not text.startswith("{") or _is_first(cell):
                        yield cell, known


def _is_first(cell: Any) -> bool:
    block = cell.Spreadsheet.createCursorByRange(cell)
    block.collapseToCurrentArray()
    place, area = cell.CellAddress, block.RangeAddress
    return (place.Column, place.Row) == (area.StartColumn, area.StartRow)
