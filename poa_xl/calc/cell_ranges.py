"""Ranges of cells in Calc, as xlwings sees them."""

from typing import TYPE_CHECKING, Any

import uno

from poa_xl.calc.appearance import ConditionalFormats, Font, from_color, to_rgb
from poa_xl.calc.attributes import DataValidation, Note
from poa_xl.calc.cell_contents import CONTENTS, Contents
from poa_xl.sheet.grid import letters

if TYPE_CHECKING:
    from poa_xl.calc.sheets import Sheet

_ACROSS = {"STANDARD": "general", "LEFT": "left", "CENTER": "center", "RIGHT": "right"}
_DOWN = {0: "bottom", 1: "top", 2: "center", 3: "bottom"}  # com.sun.star.table.CellVertJustify2
_WIDTH = 212  # hundredths of a millimetre for a character of the standard font, as Excel counts widths
_POINT = 2540 / 72  # hundredths of a millimetre


class Range(Contents):
    """A range of cells; rows and columns count from 1."""

    __slots__ = ("options",)
    max_cells_per_read = max_cells_per_write = None
    has_array = False

    def __init__(self, sheet: "Sheet", first: Any, last: Any = None) -> None:
        if isinstance(first, str):
            area = sheet.api.getCellRangeByName(first.replace("$", "")).RangeAddress
            first, last = (area.StartRow + 1, area.StartColumn + 1), (area.EndRow + 1, area.EndColumn + 1)
        if isinstance(first, Range):
            first = (first.row, first.column)
        if isinstance(last, Range):
            last = (last.bottom, last.right)
        self.sheet = sheet
        self.options = None
        (self.row, self.column), (self.bottom, self.right) = first, last or first
        self._cells = sheet.api.getCellRangeByPosition(self.column - 1, self.row - 1, self.right - 1, self.bottom - 1)

    @property
    def api(self) -> Any:
        return self._cells

    def __call__(self, row: int, column: int | None = None) -> "Range":
        if column is None:
            down, right = divmod(row - 1, self.shape[1])
            row, column = down + 1, right + 1
        return Range(self.sheet, (self.row + row - 1, self.column + column - 1))

    def get_address(self, row_absolute: bool, column_absolute: bool, external: bool) -> str:  # noqa: FBT001 - as xlwings
        def one(row: int, column: int) -> str:
            dollars = ("$" if column_absolute else "", "$" if row_absolute else "")
            return f"{dollars[0]}{letters(column)}{dollars[1]}{row}"

        text = one(self.row, self.column)
        if len(self) > 1:
            text += ":" + one(self.bottom, self.right)
        return f"[{self.sheet.book.name}]{self.sheet.name}!{text}" if external else text

    @property
    def address(self) -> str:
        return self.get_address(row_absolute=True, column_absolute=True, external=False)

    @property
    def number_format(self) -> str:
        key = self._cells.getCellByPosition(0, 0).NumberFormat
        return str(self.sheet.book.document.NumberFormats.getByKey(key).FormatString)

    @number_format.setter
    def number_format(self, value: str) -> None:
        self._cells.NumberFormat = self._format(value)

    @property
    def color(self) -> tuple[int, int, int] | None:
        return to_rgb(self._cells.CellBackColor)

    @color.setter
    def color(self, value: Any) -> None:
        self._cells.CellBackColor = -1 if value is None else from_color(value)

    @property
    def font(self) -> "Font":
        return Font(self._cells)

    @property
    def wrap_text(self) -> bool:
        return bool(self._cells.IsTextWrapped)

    @wrap_text.setter
    def wrap_text(self, value: bool) -> None:
        self._cells.IsTextWrapped = value

    @property
    def horizontal_alignment(self) -> str | None:
        return _ACROSS.get(self._cells.HoriJustify.value)

    @horizontal_alignment.setter
    def horizontal_alignment(self, value: str) -> None:
        names = {ours: calc for calc, ours in _ACROSS.items()}
        if value not in names:
            raise NotImplementedError(f"Range.horizontal_alignment ({value})")
        self._cells.HoriJustify = uno.Enum("com.sun.star.table.CellHoriJustify", names[value])

    @property
    def vertical_alignment(self) -> str | None:
        return _DOWN.get(self._cells.VertJustify)

    @vertical_alignment.setter
    def vertical_alignment(self, value: str) -> None:
        names = {ours: calc for calc, ours in _DOWN.items()}
        if value not in names:
            raise NotImplementedError(f"Range.vertical_alignment ({value})")
        self._cells.VertJustify = names[value]

    @property
    def column_width(self) -> float:
        return float(self._cells.Columns.getByIndex(0).Width) / _WIDTH

    @column_width.setter
    def column_width(self, value: float) -> None:
        self._cells.Columns.IsVisible = bool(value)
        if value:
            self._cells.Columns.Width = int(value * _WIDTH)

    @property
    def merge_cells(self) -> bool | None:
        """Whether the cells are merged; None when some are."""
        cursor = self.sheet.api.createCursorByRange(self._cells)
        cursor.collapseToMergedArea()
        grown = cursor.RangeAddress
        if not self._cells.getIsMerged() and (grown.EndRow, grown.EndColumn) == (self.bottom - 1, self.right - 1):
            return False
        first = self.merge_area
        return True if first.bottom >= self.bottom and first.right >= self.right else None

    @property
    def merge_area(self) -> "Range":
        cursor = self.sheet.api.createCursorByRange(self._cells.getCellByPosition(0, 0))
        cursor.collapseToMergedArea()
        area = cursor.RangeAddress
        return Range(self.sheet, (area.StartRow + 1, area.StartColumn + 1), (area.EndRow + 1, area.EndColumn + 1))

    def merge(self, across: bool) -> None:  # noqa: FBT001 - as xlwings
        if across:
            raise NotImplementedError("Range.merge(across)")
        self._cells.merge(True)  # noqa: FBT003 - UNO takes no names

    @property
    def row_height(self) -> float:
        return float(self._cells.Rows.getByIndex(0).Height) / _POINT

    @row_height.setter
    def row_height(self, value: float) -> None:
        self._cells.Rows.Height = int(value * _POINT)

    def insert(self, shift: str | None, copy_origin: str | None) -> None:
        mode = "RIGHT" if shift == "right" else "DOWN"
        if copy_origin == "format_from_right_or_below":
            raise NotImplementedError(f"Range.insert ({copy_origin})")
        whole = self._whole(mode)
        self.sheet.api.insertCells(self._cells.RangeAddress, uno.Enum("com.sun.star.sheet.CellInsertMode", whole))

    def delete(self, shift: str | None) -> None:
        mode = "LEFT" if shift == "left" else "UP"
        whole = self._whole(mode)
        self.sheet.api.removeRange(self._cells.RangeAddress, uno.Enum("com.sun.star.sheet.CellDeleteMode", whole))

    def copy(self, destination: "Range | None") -> None:
        if destination is None:
            raise NotImplementedError("Range.copy()")
        self.sheet.api.copyRange(destination.api.getCellByPosition(0, 0).CellAddress, self._cells.RangeAddress)

    def _whole(self, mode: str) -> str:
        """Take whole rows or columns for what they are."""
        area, all_of_it = self._cells.RangeAddress, self.sheet.api.RangeAddress
        if area.EndColumn - area.StartColumn == all_of_it.EndColumn:
            return "ROWS"
        return "COLUMNS" if area.EndRow - area.StartRow == all_of_it.EndRow else mode

    def group(self, by: str) -> None:
        self.sheet.api.group(self._cells.RangeAddress, _grouped(by))

    def ungroup(self, by: str) -> None:
        self.sheet.api.ungroup(self._cells.RangeAddress, _grouped(by))

    @property
    def arg1_input(self) -> str:
        """What xlwings looks at to tell rows from columns."""
        area, all_of_it = self._cells.RangeAddress, self.sheet.api.RangeAddress
        if area.EndColumn - area.StartColumn == all_of_it.EndColumn:
            return f"{self.row}:{self.bottom}"
        if area.EndRow - area.StartRow == all_of_it.EndRow:
            return f"{letters(self.column)}:{letters(self.right)}"
        return ""

    @property
    def hyperlink(self) -> str:
        fields = self._cells.getCellByPosition(0, 0).TextFields
        return str(fields.getByIndex(0).URL) if fields.Count else ""

    def add_hyperlink(self, address: str, text_to_display: str | None, _screen_tip: str | None) -> None:
        """Put a link into the cell; Calc shows its address by itself when the mouse is over it."""
        cell = self._cells.getCellByPosition(0, 0)
        field = self.sheet.book.document.createInstance("com.sun.star.text.TextField.URL")
        field.URL, field.Representation = address, text_to_display or address
        cell.setString("")
        cell.insertTextContent(cell.createTextCursor(), field, False)  # noqa: FBT003 - UNO takes no names

    @property
    def note(self) -> "Note | None":
        cell = self._cells.getCellByPosition(0, 0)
        return Note(cell) if cell.Annotation.String else None

    def add_note(self, text: str) -> "Note":
        cell = self._cells.getCellByPosition(0, 0)
        self.sheet.api.Annotations.insertNew(cell.CellAddress, text)
        return Note(cell)

    @property
    def data_validation(self) -> "DataValidation":
        return DataValidation(self)

    @property
    def conditional_formats(self) -> "ConditionalFormats":
        return ConditionalFormats(self)

    def clear(self) -> None:
        self._cells.clearContents(CONTENTS | 32 | 64)

    def select(self) -> None:
        controller = self.sheet.book.document.getCurrentController()
        if controller is not None:
            controller.select(self._cells)


def _grouped(by: str) -> Any:
    return uno.Enum("com.sun.star.table.TableOrientation", by.upper().removesuffix("S") + "S")
