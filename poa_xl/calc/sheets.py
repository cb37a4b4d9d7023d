"""Sheets of a workbook in Calc, as xlwings sees them."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import xlwings as xw

from poa_xl.calc.attributes import FreezePanes
from poa_xl.calc.cell_ranges import Range
from poa_xl.calc.member import Member

if TYPE_CHECKING:
    from poa_xl.calc.engine import Book


class Sheets(Member):
    """The sheets of a workbook."""

    __slots__ = ("_sheets", "book")

    def __init__(self, book: "Book") -> None:
        self.book = book
        self._sheets = book.document.Sheets

    @property
    def api(self) -> Any:
        return self._sheets

    @property
    def active(self) -> "Sheet":
        controller = self.book.document.getCurrentController()
        return Sheet(self.book, controller.getActiveSheet() if controller else self._sheets.getByIndex(0))

    def __call__(self, key: int | str) -> "Sheet":
        if isinstance(key, int):
            return Sheet(self.book, self._sheets.getByIndex(key - 1))
        for name in self._sheets.ElementNames:
            if name.casefold() == key.casefold():
                return Sheet(self.book, self._sheets.getByName(name))
        raise xw.NoSuchObjectError(key)

    def __len__(self) -> int:
        return int(self._sheets.Count)

    def __iter__(self) -> Iterator["Sheet"]:
        return (Sheet(self.book, self._sheets.getByIndex(i)) for i in range(len(self)))

    def add(self, before: "Sheet | None" = None, after: "Sheet | None" = None, name: str | None = None) -> "Sheet":
        place = before.index - 1 if before else after.index if after else self.active.index - 1
        taken = {*self._sheets.ElementNames}
        chosen = name or next(free for i in range(1, len(taken) + 2) if (free := f"Sheet{i}") not in taken)
        self._sheets.insertNewByName(chosen, place)
        return Sheet(self.book, self._sheets.getByName(chosen))


class Sheet(Member):
    """A sheet."""

    __slots__ = ("_sheet", "book")

    def __init__(self, book: "Book", sheet: Any) -> None:
        self.book = book
        self._sheet = sheet

    @property
    def api(self) -> Any:
        return self._sheet

    @property
    def name(self) -> str:
        return str(self._sheet.Name)

    @name.setter
    def name(self, value: str) -> None:
        self._sheet.Name = value

    @property
    def index(self) -> int:
        return int(self._sheet.RangeAddress.Sheet) + 1

    @property
    def visible(self) -> bool:
        return bool(self._sheet.IsVisible)

    @visible.setter
    def visible(self, value: bool) -> None:
        self._sheet.IsVisible = bool(value)

    def range(self, first: Any, last: Any = None) -> "Range":
        return Range(self, first, last)

    @property
    def cells(self) -> "Range":
        whole = self._sheet.RangeAddress
        return Range(self, (1, 1), (whole.EndRow + 1, whole.EndColumn + 1))

    @property
    def used_range(self) -> "Range":
        cursor = self._sheet.createCursor()
        cursor.gotoEndOfUsedArea(False)  # noqa: FBT003 - UNO takes no names
        end = cursor.RangeAddress
        cursor.gotoStartOfUsedArea(False)  # noqa: FBT003
        start = cursor.RangeAddress
        return Range(self, (start.StartRow + 1, start.StartColumn + 1), (end.EndRow + 1, end.EndColumn + 1))

    def activate(self) -> None:
        controller = self.book.document.getCurrentController()
        if controller is not None:
            controller.setActiveSheet(self._sheet)

    select = activate

    @property
    def freeze_panes(self) -> FreezePanes:
        return FreezePanes(self)

    def clear(self) -> None:
        self.cells.clear()

    def delete(self) -> None:
        self.book.document.Sheets.removeByName(self.name)
