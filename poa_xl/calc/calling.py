"""Worksheet functions as Calc calls them: ranges and values in, values and real cell errors out."""

import struct
from collections.abc import Callable
from inspect import signature
from typing import Any

import uno
import unohelper
from com.sun.star.sheet import ResultEvent, XVolatileResult

from poa_xl.calc.cell_contents import error_name
from poa_xl.sheet.areas import Placed

# A number that is none, with an error of Calc in its lower half: that is how Calc itself keeps errors among numbers.
_NO_NUMBER = 0x7FF80000
# What our functions answer, as Calc numbers it.
_ERRORS = {"#VALUE!": 519, "#N/A": 32767}
_BLANK: list[list[object]] = [[None]]
_LAST_ROW = 1_048_575
# Arguments that are figures, of which 0 is one.
_FIGURES = ("eficacia",)
# Arguments that are a whole plan, which is read by the settings beside its workbook.
_PLANS = ("rango_con_encabezado",)


def called(function: Callable[..., object]) -> Callable[..., object]:
    """Make of a worksheet function one that Calc can call. It never raises: what fails is `#VALUE!`."""
    names = [*signature(function).parameters]

    def call(*arguments: Any) -> object:
        try:
            given = list(arguments)
            while given and given[-1] is None:  # optional arguments that were left out
                given.pop()
            return _result(function(*map(_cells, given, names)))
        except Exception:  # noqa: BLE001 - a cell shows an error, whatever went wrong
            return _result("#VALUE!")

    return call


def _cells(argument: Any, name: str) -> list[list[object]]:
    """Take an argument as rows of cells."""
    if isinstance(argument, tuple):
        return [list(row) for row in argument]
    if argument is None or (argument == 0 and name not in _FIGURES):  # Calc makes a zero of a blank cell
        return _BLANK
    if isinstance(argument, float | int | str):
        return [[argument]]
    return _placed(argument) if name in _PLANS else _read(argument)


def _placed(cells: Any) -> Placed:
    """Read a range with a whole plan, and say where it stands; its document is that of the shapes on its sheet."""
    url, area = cells.Spreadsheet.DrawPage.Forms.Parent.URL, cells.RangeAddress
    address = uno.fileUrlToSystemPath(url) if url.startswith("file:") else url
    return Placed(_read(cells), address, cells.Spreadsheet.Name, area.StartRow + 1, area.StartColumn + 1)


def _read(cells: Any) -> list[list[object]]:
    """Read a range; of whole columns only the part that is in use, so that they cost what their content costs."""
    area = cells.RangeAddress
    if area.EndRow >= _LAST_ROW:
        cursor = cells.Spreadsheet.createCursor()
        cursor.gotoEndOfUsedArea(False)  # noqa: FBT003 - UNO takes no names
        last = max(cursor.RangeAddress.EndRow - area.StartRow, 0)
        cells = cells.getCellRangeByPosition(0, 0, area.EndColumn - area.StartColumn, last)
    rows: list[list[object]] = [list(row) for row in cells.getDataArray()]
    if any(None in row for row in rows):  # errors come as nothing
        for row in range(len(rows)):
            for column, value in enumerate(rows[row]):
                if value is None:
                    rows[row][column] = error_name(cells.getCellByPosition(column, row).getError())
    return rows


def _result(value: object) -> object:
    """Return one value as it is, more as rows."""
    if not isinstance(value, list):
        return _element(value)
    return _Rows(tuple(tuple(map(_element, row)) for row in value))


class _Rows(unohelper.Base, XVolatileResult):  # type: ignore[misc]
    """Rows of values, handed over as a result that could change and never does.

    Python gives Calc rows of untyped rows, which it refuses; only here can they be given a type. What is declared to
    return rows always cannot return one text as it must be: Calc 7.4 takes no text out of rows for equal to any other.
    """

    def __init__(self, rows: tuple[tuple[object, ...], ...]) -> None:
        self._rows = rows

    def addResultListener(self, listener: Any) -> None:  # named by UNO
        event = ResultEvent()
        event.Value = uno.Any("[][]any", self._rows)
        listener.modified(event)

    def removeResultListener(self, _listener: Any) -> None:
        """Nothing is kept."""


def _element(value: object) -> object:
    if value is None:
        return ""
    if isinstance(value, str):
        return _error(value) if value in _ERRORS else value
    return float(value)  # type: ignore[arg-type] # truth values and whole numbers


def _error(name: str) -> float:
    packed = struct.pack("<II", _ERRORS[name], _NO_NUMBER)
    return float(struct.unpack("<d", packed)[0])
