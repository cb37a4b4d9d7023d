"""What cells in Calc hold: values as xlwings sees them, formulas as Excel writes them."""

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from com.sun.star.lang import Locale

from poa_xl.calc.grammar import to_calc, to_excel
from poa_xl.calc.member import CellError, Member

if TYPE_CHECKING:
    from poa_xl.calc.sheets import Sheet

_DATE, _LOGICAL = 2, 1024  # com.sun.star.util.NumberFormat
_ERRORS = 4  # com.sun.star.sheet.FormulaResult
_EXCEL_ADDRESSES, _EXCEL_ENGLISH, _ALL_NAMES = 1, 3, 0x7FFFFFFF
CONTENTS = 1 | 2 | 4 | 16  # com.sun.star.sheet.CellFlags: numbers, dates, texts, formulas
_ENGLISH = Locale("en", "US", "")
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


class Contents(Member):
    """The contents of a range of cells; rows and columns count from 1."""

    __slots__ = ("_cells", "bottom", "column", "right", "row", "sheet")
    _cells: Any
    sheet: "Sheet"
    row: int
    column: int
    bottom: int
    right: int

    @property
    def shape(self) -> tuple[int, int]:
        return self.bottom - self.row + 1, self.right - self.column + 1

    def __len__(self) -> int:
        rows, columns = self.shape
        return rows * columns

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
            self._cells.clearContents(CONTENTS)
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
