"""Workbooks of LibreOffice, `.ods`: read as values, with their errors, merges and hidden rows; never written."""

import io
import re
import zipfile
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from poa_xl.books.xml import Closed, Opened, parse
from poa_xl.core.amounts import parse_number, sign_of
from poa_xl.core.values import Flaw, Invalid
from poa_xl.errors import BookError
from poa_xl.i18n import reason, say
from poa_xl.sheet.grid import LAST_COLUMN, Grid, Merge, Value, Workbook
from poa_xl.sheet.number_format import FACTORS, MONEY, fixed

_CONTENT = "content.xml"
_LARGEST = 200_000_000
# Rows and columns that repeat more often than this are the rest of the sheet.
_MOST_REPEATED = 1000
# Kinds of values that show another number than they hold.
_SCALED = {"percentage": "percent", "time": "hours"}
_DURATION = re.compile(r"(-)?PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?")
_LENGTH = re.compile(r"(\d+(?:\.\d+)?)(cm|mm|in|pt)")
_POINTS = {"cm": 72 / 2.54, "mm": 7.2 / 2.54, "in": 72, "pt": 1}
_NO_COLOUR = ("transparent", "#ffffff")
_ERROR = re.compile(r"#[\w/]+[!?]?|Err:\d+|#N/[AD]")


def read_ods(path: Path) -> Workbook:
    """Read a workbook of LibreOffice.

    Raises:
        BookError: It cannot be read.
    """
    place = f"{path.name}: {_CONTENT}"
    try:
        with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as archive:
            if archive.getinfo(_CONTENT).file_size > _LARGEST:
                raise BookError(say("{place}: es demasiado grande para un plan; no se lee", place=place))
            data = archive.read(_CONTENT)
    except OSError as error:
        raise BookError(f"{path}: {reason(error)}") from error
    except (zipfile.BadZipFile, KeyError, NotImplementedError, RuntimeError) as error:
        text = say("{file}: no es un libro de LibreOffice que se pueda leer ({detail})", file=path.name, detail=error)
        raise BookError(text) from error
    reader = _Reader()
    reader.read(data, place)
    return Workbook(path.name, tuple(reader.grids))


class _Reader:
    """Handlers over the content of a workbook."""

    def __init__(self) -> None:
        self.grids: list[Grid] = []
        self._name = ""
        self._cells: dict[int, dict[int, Value]] = {}
        self._merges: list[Merge] = []
        self._hidden: set[int] = set()
        self._formulas: dict[tuple[int, int], str] = {}
        self._scaled: dict[tuple[int, int], int] = {}
        self._shown: dict[tuple[int, int], str] = {}
        self._painted: dict[tuple[int, int], str] = {}
        self._margins: dict[str, int] = {}
        self._indents: dict[tuple[int, int], int] = {}
        self._style = ""
        self._colours: dict[str, str] = {}
        self._row = self._rows = self._column = 0
        self._cell: dict[str, str] = {}
        self._text: list[str] = []
        self._depth = 0
        self._aside = 0

    def read(self, data: bytes, place: str) -> None:
        opened: dict[str, Opened] = {
            "style": self._open_style,
            "table-cell-properties": self._take_colour,
            "paragraph-properties": self._take_margin,
            "table": self._open_table,
            "table-row": self._open_row,
            "table-cell": self._open_cell,
            "covered-table-cell": self._open_cell,
            "p": self._open_line,
            "annotation": self._open_note,
            "s": lambda _: self._add(" "),
            "line-break": lambda _: self._add("\n"),
        }
        closed: dict[str, Closed] = {
            "table": self._close_table,
            "table-row": self._close_row,
            "table-cell": self._close_cell,
            "covered-table-cell": self._close_cell,
            "p": self._close_line,
            "annotation": self._close_note,
        }
        parse(data, place, opened, closed, self._add)

    def _open_table(self, attributes: dict[str, str]) -> None:
        self._name = attributes.get("table:name", "")
        self._cells, self._merges, self._hidden, self._formulas, self._scaled, self._shown = (
            {},
            [],
            set(),
            {},
            {},
            {},
        )
        self._painted, self._indents = {}, {}
        self._row = 1

    def _open_style(self, attributes: dict[str, str]) -> None:
        self._style = attributes.get("style:name", "")

    def _take_colour(self, attributes: dict[str, str]) -> None:
        """Write down the colour that a format fills cells with; white is none."""
        colour = attributes.get("fo:background-color", _NO_COLOUR[0]).lower()
        if colour not in _NO_COLOUR:
            self._colours[self._style] = colour

    def _take_margin(self, attributes: dict[str, str]) -> None:
        """Write down how far a format sets texts in."""
        match = _LENGTH.fullmatch(attributes.get("fo:margin-left", ""))
        if match and (indent := round(float(match[1]) * _POINTS[match[2]])):
            self._margins[self._style] = indent

    def _close_table(self) -> None:
        self.grids.append(
            Grid(
                self._name,
                self._cells,
                tuple(self._merges),
                frozenset(self._hidden),
                formulas=self._formulas,
                scaled=self._scaled,
                shown=self._shown,
                painted=self._painted,
                indents=self._indents,
            )
        )

    def _open_row(self, attributes: dict[str, str]) -> None:
        self._rows = int(attributes.get("table:number-rows-repeated", "1"))
        self._column = 1
        if attributes.get("table:visibility", "visible") != "visible" and self._rows <= _MOST_REPEATED:
            self._hidden |= set(range(self._row, self._row + self._rows))

    def _close_row(self) -> None:
        first = self._cells.get(self._row)
        if 1 < self._rows <= _MOST_REPEATED:
            colours = {column: colour for (row, column), colour in self._painted.items() if row == self._row}
            for row in range(self._row + 1, self._row + self._rows):
                if first:
                    self._cells[row] = dict(first)
                self._painted |= {(row, column): colour for column, colour in colours.items()}
        self._row += self._rows

    def _open_cell(self, attributes: dict[str, str]) -> None:
        self._cell = attributes
        self._text = []

    def _close_cell(self) -> None:
        repeated = int(self._cell.get("table:number-columns-repeated", "1"))
        value = self._value()
        if value is not None and repeated <= _MOST_REPEATED and self._column <= LAST_COLUMN:
            for column in range(self._column, self._column + repeated):
                self._put(column, value)
        colour = self._colours.get(self._cell.get("table:style-name", ""))
        if value is None and colour and repeated <= _MOST_REPEATED:
            self._painted |= {(self._row, column): colour for column in range(self._column, self._column + repeated)}
        down = int(self._cell.get("table:number-rows-spanned", "1"))
        right = int(self._cell.get("table:number-columns-spanned", "1"))
        if down > 1 or right > 1:
            self._merges.append(Merge(self._row, self._column, self._row + down - 1, self._column + right - 1))
        self._column += repeated

    def _put(self, column: int, value: Value) -> None:
        place = (self._row, column)
        self._cells.setdefault(self._row, {})[column] = value
        if isinstance(value, str) and (indent := self._margins.get(self._cell.get("table:style-name", ""))):
            self._indents[place] = indent
        if "table:formula" in self._cell:
            self._formulas[place] = ""
        kind = self._cell.get("office:value-type")
        if kind in _SCALED:
            self._scaled[place] = FACTORS[_SCALED[kind]]
        # Of a sign that was typed into the format the sheet tells nothing but what the cell shows.
        sign = sign_of(f"{self._cell.get('office:currency', '')} 1") or sign_of("".join(self._text))
        if sign and isinstance(value, Decimal):
            self._shown[place] = fixed(value, f"{MONEY}{sign}")

    def _value(self) -> Value:
        text = "".join(self._text)
        kind = self._cell.get("office:value-type") or self._cell.get("calcext:value-type")
        is_formula = "table:formula" in self._cell
        if (
            kind == "error"
            or self._cell.get("calcext:value-type") == "error"
            or (is_formula and _ERROR.fullmatch(text))
        ):
            return Invalid(text, Flaw.ERROR)
        if kind is None:
            return Invalid("", Flaw.UNCALCULATED) if is_formula else text or None
        if kind in ("float", "currency", "percentage"):
            return _number(self._cell.get("office:value", text), 100 if kind == "percentage" else 1)
        if kind == "time":
            return _hours(self._cell.get("office:time-value", ""))
        if kind == "date":
            return _day(self._cell.get("office:date-value", text))
        if kind == "boolean":
            return self._cell.get("office:boolean-value") == "true"
        return text or None

    def _open_line(self, _: dict[str, str]) -> None:
        if self._text and not self._aside:
            self._text.append("\n")
        self._depth += 1

    def _close_line(self) -> None:
        self._depth -= 1

    def _open_note(self, _: dict[str, str]) -> None:
        self._aside += 1

    def _close_note(self) -> None:
        self._aside -= 1

    def _add(self, data: str) -> None:
        if self._depth and not self._aside:
            self._text.append(data)


def _number(text: str, factor: int) -> Value:
    try:
        return parse_number(text) * Decimal(factor)
    except (ValueError, ArithmeticError):
        return Invalid(text, Flaw.MALFORMED)


def _hours(text: str) -> Value:
    """Return how many hours a duration has: `PT36H30M00S`."""
    found = _DURATION.fullmatch(text)
    if found is None:
        return Invalid(text, Flaw.MALFORMED)
    sign, hours, minutes, seconds = found.groups(default="0")
    amount = parse_number(f"{int(hours) + int(minutes) / 60 + float(seconds) / 3600:.12g}")
    return amount.copy_negate() if sign == "-" else amount


def _day(text: str) -> Value:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return Invalid(text, Flaw.MALFORMED)
    return moment.date() if moment.time() == datetime.min.time() else moment
