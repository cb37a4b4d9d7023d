"""Ranges of cells in Calc, as xlwings sees them."""

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import uno
from com.sun.star.lang import Locale

from poa_xl.calc.appearance import ConditionalFormats, Font, from_color, to_rgb
from poa_xl.calc.attributes import DataValidation, Note
from poa_xl.calc.grammar import to_calc, to_excel
from poa_xl.calc.member import CellError, Member
from poa_xl.sheet.grid import letters

if TYPE_CHECKING:
    from poa_xl.calc.engine import Sheet

_DATE, _LOGICAL = 2, 1024  # com.sun.star.util.NumberFormat
_ERRORS = 4  # com.sun.star.sheet.FormulaResult
_EXCEL_ADDRESSES, _EXCEL_ENGLISH, _ALL_NAMES = 1, 3, 0x7FFFFFFF
_CONTENTS = 1 | 2 | 4 | 16  # com.sun.star.sheet.CellFlags: numbers, dates, texts, formulas
_ENGLISH = Locale("en", "US", "")
_ACROSS = {"STANDARD": "general", "LEFT": "left", "CENTER": "center", "RIGHT": "right"}
_DOWN = {0: "bottom", 1: "top", 2: "center", 3: "bottom"}  # com.sun.star.table.CellVertJustify2
_WIDTH = 212  # hundredths of a millimetre for a character of the standard font, as Excel counts widths
_POINT = 2540 / 72  # hundredths of a millimetre
# What Excel calls Calc's errors.
_NAMES = {
    502: "#VALUE!",
    503: "#NUM!",
    504: "#REF!",
    519: "#VALUE!",
    524: "#REF!",
    525: "#NAME?",
    532: "#DIV/0!",
    32767: "#N/A",
}


def error_name(number: int) -> str:
    """Return what Excel calls an error of Calc."""
    return _NAMES.get(number, f"#ERR{number}")


class Range(Member):
    """A range of cells; rows and columns count from 1."""

    __slots__ = ("_cells", "bottom", "column", "options", "right", "row", "sheet")
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
        self.row: int
        self.column: int
        self.bottom: int
        self.right: int
        (self.row, self.column), (self.bottom, self.right) = first, last or first
        self._cells = sheet.api.getCellRangeByPosition(self.column - 1, self.row - 1, self.right - 1, self.bottom - 1)

    @property
    def api(self) -> Any:
        return self._cells

    @property
    def shape(self) -> tuple[int, int]:
        return self.bottom - self.row + 1, self.right - self.column + 1

    def __len__(self) -> int:
        rows, columns = self.shape
        return rows * columns

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
    def raw_value(self) -> list[list[object]]:
        """Values row by row: float, str, bool, datetime, `CellError`."""
        rows: list[list[Any]] = [list(row) for row in self._cells.getDataArray()]
        formats = self.sheet.book.document.NumberFormats
        looks, epoch = self._cells.getUniqueCellFormatRanges(), self._epoch
        for number in range(looks.getCount()):
            look = looks.getByIndex(number)
            kind = formats.getByKey(look.NumberFormat).Type
            for area in look.RangeAddresses if kind & (_DATE | _LOGICAL) else ():
                for line, place in self._places(area):
                    if isinstance(rows[line][place], float):
                        rows[line][place] = _typed(rows[line][place], kind, epoch)
        for area in self._cells.queryFormulaCells(_ERRORS).RangeAddresses:
            for line, place in self._places(area):
                number = self._cells.getCellByPosition(place, line).getError()
                rows[line][place] = CellError(error_name(number))
        return rows

    @raw_value.setter
    def raw_value(self, value: Any) -> None:
        rows, columns = self.shape
        given = value if isinstance(value, list | tuple) else [[value] * columns for _ in range(rows)]
        easy = any(_easy(each) is not None for row in given for each in row)
        hard = [
            (line, place, each)
            for line, row in enumerate(given)
            for place, each in enumerate(row)
            if _is_special(each) and _easy(each) is None
        ]
        if self._cells.queryEmptyCells().Count:
            # Undoing a bulk of values, Calc leaves them where nothing stood before; it undoes a matrix wholly. Doing
            # the bulk again, it leaves what stands where the bulk has nothing; so nothing must stand there.
            self._cells.setArrayFormula("=0")
            self._cells.clearContents(_CONTENTS)
        if easy:
            self._cells.setFormulaArray(tuple(tuple(map(_typeable, row)) for row in given))
        else:
            self._cells.setDataArray(tuple(tuple(map(_plain, row)) for row in given))
        parser = self._parser() if any(isinstance(each, str) for _, _, each in hard) else None
        for line, place, each in hard:
            self._set(self._cells.getCellByPosition(place, line), each, parser)

    @property
    def _epoch(self) -> dt.datetime:
        """The day from which day numbers of this workbook count."""
        zero = self.sheet.book.document.NullDate
        return dt.datetime(zero.Year, zero.Month, zero.Day)  # noqa: DTZ001 - cells know no time zones

    def _places(self, area: Any) -> Iterator[tuple[int, int]]:
        # Asked for cells with errors, Calc names one beside the range too.
        for row in range(max(area.StartRow + 1, self.row), min(area.EndRow + 1, self.bottom) + 1):
            for column in range(max(area.StartColumn + 1, self.column), min(area.EndColumn + 1, self.right) + 1):
                yield row - self.row, column - self.column

    def _set(self, cell: Any, value: Any, parser: Any) -> None:
        """Set what no data array takes: a formula, a truth value or a date."""
        if isinstance(value, str):
            cell.setTokens(parser.parseFormula(value[1:], cell.CellAddress))
        elif isinstance(value, bool):
            cell.Value = float(value)
            cell.NumberFormat = self._format("BOOLEAN")
        else:
            moment = value if isinstance(value, dt.datetime) else dt.datetime.combine(value, dt.time())
            cell.Value = (moment.replace(tzinfo=None) - self._epoch) / dt.timedelta(days=1)
            cell.NumberFormat = self._format("dd/mm/yyyy")

    def _parser(self) -> Any:
        """Return a parser for formulas as Excel writes them: English names, commas, A1."""
        document = self.sheet.book.document
        parser = document.createInstance("com.sun.star.sheet.FormulaParser")
        parser.FormulaConvention = _EXCEL_ADDRESSES
        mapper = document.createInstance("com.sun.star.sheet.FormulaOpCodeMapper")
        parser.OpCodeMap = mapper.getAvailableMappings(_EXCEL_ENGLISH, _ALL_NAMES)
        return parser

    @property
    def formula(self) -> Any:
        parser: Any = None

        def one(line: int, place: int, shown: str) -> str:
            # A text may start with an equals sign too, and one that reads like a number comes with an apostrophe.
            value = values[line][place]
            if not shown.startswith("=") or value == shown:
                return value if isinstance(value, str) else shown
            nonlocal parser
            if (easy := to_excel(shown)) is not None:
                return easy
            parser = parser or self._parser()
            cell = self._cells.getCellByPosition(place, line)
            return "=" + str(parser.printFormula(cell.getTokens(), cell.CellAddress))

        shown, values = self._cells.getFormulaArray(), self._cells.getDataArray()
        rows = tuple(tuple(one(i, j, text) for j, text in enumerate(row)) for i, row in enumerate(shown))
        return rows[0][0] if len(self) == 1 else rows

    @formula.setter
    def formula(self, value: Any) -> None:
        if not isinstance(value, list | tuple) and len(self) > 1:
            raise NotImplementedError("Range.formula (one for many cells)")
        self.raw_value = value

    def _format(self, text: str) -> int:
        formats = self.sheet.book.document.NumberFormats
        key = formats.queryKey(text, _ENGLISH, False)  # noqa: FBT003 - UNO takes no names
        return int(formats.addNew(text, _ENGLISH) if key == -1 else key)

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
        self._cells.clearContents(_CONTENTS | 32 | 64)

    def select(self) -> None:
        controller = self.sheet.book.document.getCurrentController()
        if controller is not None:
            controller.select(self._cells)


def _grouped(by: str) -> Any:
    return uno.Enum("com.sun.star.table.TableOrientation", by.upper().removesuffix("S") + "S")


def _is_special(value: object) -> bool:
    """Return what no data array takes: formulas, truth values, dates."""
    return isinstance(value, bool | dt.date) or (isinstance(value, str) and value.startswith("=") and len(value) > 1)


def _easy(value: object) -> str | None:
    """Return a formula as Calc takes it at once; None for one that needs a parser, and for anything else."""
    return to_calc(value) if isinstance(value, str) and _is_special(value) else None


def _typeable(value: object) -> object:
    """Return what makes a cell hold a value when it is typed: texts behind an apostrophe, so that they stay texts."""
    easy, plain = _easy(value), _plain(value)
    return easy if easy is not None else f"'{plain}" if isinstance(plain, str) and plain else plain


def _plain(value: object) -> object:
    if value is None or _is_special(value):
        return ""
    if isinstance(value, str) and value.startswith("'"):
        return value[1:]  # as in Excel, a text that must stay one
    return float(value) if isinstance(value, int) else value


def _typed(value: float, kind: int, epoch: dt.datetime) -> object:
    return bool(value) if kind & _LOGICAL else epoch + dt.timedelta(seconds=round(value * 86400))
