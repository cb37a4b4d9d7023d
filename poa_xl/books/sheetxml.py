"""Worksheet parts: every cell with its value, its error or its missing calculation told apart.

The fast readers hand over `''` for an error, for a formula without a value and for a blank alike; whoever
reads money cannot use them on their own. This pass sees all three. Cells written the way that Excel, Calc and the
common libraries write them are taken by one regular expression, which must account for every byte of the sheet's
data; for any other sheet, and for all that is not cells, there is expat.
"""

import contextlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from xml.etree.ElementTree import ParseError, fromstring

from poa_xl.books.colours import colours_of
from poa_xl.books.package import Package, SheetPart
from poa_xl.books.sharing import Texts
from poa_xl.books.xml import Closed, Opened, parse
from poa_xl.core.amounts import parse_number
from poa_xl.core.limits import writable
from poa_xl.core.values import Flaw, Invalid
from poa_xl.errors import BookError
from poa_xl.i18n import say
from poa_xl.sheet.grid import LAST_COLUMN, LAST_ROW, Grid, Merge, Value, Workbook, column_number, letters
from poa_xl.sheet.number_format import FACTORS, WRITTEN, fixed, kind_of, scaled_by

_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_COLUMN = re.compile("[A-Za-z]{1,3}")
_RANGE = re.compile(r"([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})")
_DIGITS = "0123456789"
_UTF_8 = re.compile(
    rb"(?!\xff|\xfe)(?:\xef\xbb\xbf)?\s*(?:<\?xml(?![^>]*encoding=['\"](?!utf-8['\"])))?", re.IGNORECASE
)
_CONTROL = bytes({*range(32)} - {9, 10, 13})
# A row's start tag or its end, or a whole cell; attributes in the order in which all common programs write them.
_PLAIN = re.compile(
    r'<c r="([A-Z]{1,3})\d{1,7}"(?: s="(\d{1,9})")?(?: t="([a-zA-Z]+)")?'
    r"(?:/>|>(<f(?: [^<>]*)?(?:/>|>([^<]*)</f>))?"
    r'(?:<v>([^<]*)</v>|<v ?/>|<is><t(?: xml:space="preserve")?>([^<]*)</t></is>)?</c>)'
    r'|<row r="(\d{1,7})"([^<>]*?)(/?)>|</row>'
)
_SHARED = re.compile(r' si="(\d+)"')
# What a cell holds that shares a formula and was never calculated.
_UNCALCULATED = Invalid("=", Flaw.UNCALCULATED)
_BUILT_IN_DATES = {*range(14, 23), *range(27, 37), 45, 47, *range(50, 59)}
_BUILT_IN_HOURS = "46"
_BUILT_IN_CENTS = "2"
_BUILT_IN_PERCENTS = {9, 10}
_DAYS_TO_1904 = 1462
_PICTURE = "#VALUE!"
_LEAP_BUG = 60  # 1900 was no leap year, but day 60 exists


@dataclass(frozen=True)
class Shared:
    """What the sheets of a workbook share.

    Attributes:
        strings: Shared strings by index.
        formats: Per cell format what `number_format.kind_of` says.
        date1904: Whether day numbers count from 1904.
        colours: Cell format to the colour that its cells are filled with, of those that are.
    """

    strings: list[str | Invalid]
    formats: list[str]
    date1904: bool
    colours: Mapping[int, str] = field(default_factory=dict)


def read_workbook(package: Package, known: Mapping[str, Grid] | None = None, shared: Shared | None = None) -> Workbook:
    """Read a package.

    Args:
        package: The package.
        known: Sheets that were read before and are as they were, by their parts.
        shared: What its sheets share, where that was read.

    Raises:
        BookError: A part is missing or damaged.
    """
    common, before = shared or shared_of(package), known or {}
    grids = tuple(before.get(sheet.part) or read_sheet(package, sheet, common) for sheet in package.sheets)
    return Workbook(package.name, grids, package.properties, package.marks)


def shared_of(package: Package) -> Shared:
    """Return what the sheets of a package share.

    Raises:
        BookError: A part is missing or damaged.
    """
    return Shared(_strings(package), _formats(package), package.date1904, colours_of(package))


def read_sheet(package: Package, sheet: SheetPart, shared: Shared, data: bytes | None = None) -> Grid:
    """Read a sheet.

    Args:
        package: The package.
        sheet: The sheet.
        shared: What the sheets of the package share.
        data: What stands in its part, where that is to be something else.

    Raises:
        BookError: The part is missing or damaged.
    """
    reader = _SheetReader(shared, f"{package.name}: {sheet.part}")
    reader.read(package.read(sheet.part) if data is None else data)
    return Grid(
        sheet.name,
        reader.cells,
        tuple(reader.merges),
        frozenset(reader.hidden),
        shared.date1904,
        sheet.visible,
        reader.formulas,
        reader.scaled,
        reader.shown,
        totals=_totals(package, sheet.part),
        painted=reader.painted,
    )


def _totals(package: Package, part: str) -> frozenset[tuple[int, int]]:
    """Find the cells in the totals rows of a sheet's tables."""
    found: set[tuple[int, int]] = set()
    for table in package.related(part, "table").values():
        with contextlib.suppress(BookError):  # what a table says of a row is a help, and no reason to refuse a sheet
            root = package.tree(table)
            match = _RANGE.fullmatch(root.get("ref", ""))
            if match and root.get("totalsRowCount", "0") != "0":
                left, _, right, bottom = match.groups()
                found |= {(int(bottom), column) for column in range(column_number(left), column_number(right) + 1)}
    return frozenset(found)


def plain_parts(data: bytes) -> tuple[bytes, str, bytes] | None:
    """Take a sheet apart: what stands before its rows, its rows, what follows; None where it is not plainly written."""
    start, end = data.find(b"<sheetData>"), data.rfind(b"</sheetData>")
    head = data[:start]
    if start < 0 or end < start or b"<!" in head or b"\r" in data or not _UTF_8.match(head):
        return None
    if len(data.translate(None, _CONTROL)) < len(data):
        return None
    try:
        return head, data[start + len("<sheetData>") : end].decode(), data[end + len("</sheetData>") :]
    except UnicodeDecodeError:
        return None


class _SheetReader:
    """Handlers over one worksheet part."""

    def __init__(self, shared: Shared, place: str) -> None:
        self.cells: dict[int, dict[int, Value]] = {}
        self.merges: list[Merge] = []
        self.hidden: set[int] = set()
        self.formulas = Texts()
        self.scaled: dict[tuple[int, int], int] = {}
        self.shown: dict[tuple[int, int], str] = {}
        self.painted: dict[tuple[int, int], str] = {}
        self._shared = shared
        self._place = place
        self._row = self._column = 0
        self._columns: dict[str, int] = {}
        # What cells hold that say the same in the same format, but for those that show something else than they hold.
        self._alike: dict[tuple[str, str, str], Value] = {}
        self._type = "n"
        self._style = 0
        self._is_numbered = True
        self._is_rich = False
        self._value: str | None = None
        self._formula: str | None = None
        self._group = ""
        self._masters: dict[str, tuple[tuple[int, int], str]] = {}
        # What `f` elements of cells that share a formula say, as written, to that formula and where it stands.
        self._copied: dict[str, tuple[str, tuple[int, int]]] = {}
        self._pieces: list[str] | None = None
        self._aside: str | None = None

    def read(self, data: bytes) -> None:
        self._parse(self._read_plain(data) or data)

    def _read_plain(self, data: bytes) -> bytes:
        """Take the cells of a plainly written sheet; give the rest of it, nothing when it is not written so."""
        parts = plain_parts(data)
        if parts is None:
            return b""
        head, text, tail = parts
        if not self._take_cells(text):
            self.cells.clear()
            self.hidden.clear()
            self.formulas.clear()
            self.scaled.clear()
            self.shown.clear()
            self.painted.clear()
            self._row = 0
            return b""
        return head + b"<sheetData/>" + tail

    def _take_cells(self, text: str) -> bool:  # noqa: C901 - the loop over every cell there is
        """Take cell after cell; tell whether there was nothing else."""
        at = 0
        cells: dict[int, Value] | None = None
        filled = {str(style): colour for style, colour in self._shared.colours.items()}
        for match in _PLAIN.finditer(text):
            start, end = match.span()
            if start != at:
                return False
            at = end
            name, style, kind, calculated, _, value, inline, row, looks, closed = match.groups()
            if name is None:
                # A row begins where none is open, and ends where one is.
                if (row is None) is (cells is None):
                    return False
                cells = self._open_plain_row(int(row), looks) if row is not None else None
                cells = None if closed else cells
            elif cells is None:
                return False
            elif value and calculated is None and (style, kind, value) in self._alike:
                cells[self._columns.get(name) or self._number_of(name)] = self._alike[style, kind, value]
            elif calculated in self._copied and self._is_known(style, kind, value, inline):
                column = self._columns.get(name) or self._number_of(name)
                self.formulas.add_copy((self._row, column), *self._copied[calculated])
                cells[column] = self._alike[style, kind, value] if value else _UNCALCULATED
            elif value or inline or calculated is not None:
                if not self._take_cell(cells, match):
                    return False
            elif style in filled:
                self.painted[self._row, self._columns.get(name) or self._number_of(name)] = filled[style]
        self._drop_blank_rows()
        return at == len(text) and cells is None

    def _is_known(self, style: str, kind: str, value: str, inline: str) -> bool:
        """Whether a cell that shares a formula holds what another one did, or was never calculated."""
        return (style, kind, value) in self._alike if value else not inline and kind != "str"

    def _drop_blank_rows(self) -> None:
        for number in [number for number, cells in self.cells.items() if not cells]:
            del self.cells[number]

    def _take_cell(self, cells: dict[int, Value], match: re.Match[str]) -> bool:
        """Take a cell that holds something; tell whether it was understood."""
        name, style, kind, calculated, formula, value, inline = match.groups()[:7]
        self._column = self._columns.get(name) or self._number_of(name)
        self._type, self._style = kind or "n", int(style or 0)
        try:
            self._value = entities(inline or value or "")
            self._formula = None if calculated is None else entities(formula or "")
        except ParseError:
            return False
        group = _SHARED.search(calculated) if calculated and "shared" in calculated else None
        self._group = group[1] if group else ""
        self._close_plain_cell(cells)
        place = self._row, self._column
        is_shown = self._column in cells and place not in self.scaled and place not in self.shown
        if value and is_shown:
            self._alike[style, kind, value] = cells[self._column]
        if calculated is not None and not self._formula and self._group in self._masters:
            first, shared = self._masters[self._group]
            self._copied[calculated] = shared, first
        return True

    def _close_plain_cell(self, cells: dict[int, Value]) -> None:
        found = self._convert()
        if self._formula is not None:
            self._keep_formula(self._formula)
        if found is not None:
            cells[self._column] = found

    def _open_plain_row(self, number: int, looks: str) -> dict[int, Value]:
        self._row = number
        if ' hidden="1"' in looks or ' hidden="true"' in looks:
            self.hidden.add(number)
        return self.cells.setdefault(number, {})

    def _parse(self, data: bytes) -> None:
        opened: dict[str, Opened] = {
            "row": self._open_row,
            "c": self._open_cell,
            "v": self._open_text,
            "f": self._open_formula,
            "t": self._open_text,
            "rPh": self._open_phonetic,
            "mergeCell": self._add_merge,
        }
        closed: dict[str, Closed] = {
            "c": self._close_cell,
            "v": self._close_value,
            "f": self._close_formula,
            "t": self._close_run,
            "rPh": self._close_phonetic,
        }
        parse(data, self._place, opened, closed, self._add_text)

    def _open_row(self, attributes: dict[str, str]) -> None:
        self._row = int(attributes.get("r", self._row + 1))
        self._is_numbered = "r" in attributes
        self._column = 0
        if attributes.get("hidden") in ("1", "true"):
            self.hidden.add(self._row)

    def _open_cell(self, attributes: dict[str, str]) -> None:
        address = attributes.get("r")
        if address:
            name = address.rstrip(_DIGITS)
            self._column = self._columns.get(name) or self._number_of(name)
            if not self._is_numbered:
                # A row that does not say its number may have its first cell say it.
                self._row = max(self._row, int(address[len(name) :]))
        else:
            self._column += 1
        self._is_numbered = True
        self._is_rich = "vm" in attributes
        self._type = attributes.get("t", "n")
        self._style = int(attributes.get("s", 0))
        self._value = self._formula = None

    def _number_of(self, name: str) -> int:
        """Return the number of a column that is met for the first time; names that none has are refused."""
        bare = name.replace("$", "")
        number = column_number(bare.upper()) if _COLUMN.fullmatch(bare) else 0
        if not 0 < number <= LAST_COLUMN:
            raise BookError(
                say(
                    "{place}: hay una celda en la columna «{name}», que no existe; abrir en Excel o Calc y guardar de "
                    "nuevo",
                    place=self._place,
                    name=name,
                )
            )
        return self._columns.setdefault(name, number)

    def _close_cell(self) -> None:
        value = self._convert()
        if self._formula is not None:
            self._keep_formula(self._formula)
        if value is not None:
            self.cells.setdefault(self._row, {})[self._column] = value
        elif self._style in self._shared.colours:
            self.painted[self._row, self._column] = self._shared.colours[self._style]

    def _open_formula(self, attributes: dict[str, str]) -> None:
        self._pieces = []
        self._group = attributes.get("si", "") if attributes.get("t") == "shared" else ""

    def _keep_formula(self, text: str) -> None:
        """Keep a formula; one that is shared is written down where it stands first, and meant relative to that."""
        place = self._row, self._column
        if self._group in self._masters and not text:
            first, shared = self._masters[self._group]
            self.formulas.add_copy(place, shared, first)
            return
        if self._group and text:
            self._masters[self._group] = place, text
            self._copied.clear()
        self.formulas.add(place, text)

    def _open_text(self, _: dict[str, str]) -> None:
        self._pieces = []

    def _add_text(self, data: str) -> None:
        if self._pieces is not None:
            self._pieces.append(data)

    def _taken(self) -> str:
        text = "".join(self._pieces or ())
        self._pieces = None
        return text

    def _close_value(self) -> None:
        self._value = self._taken()

    def _close_formula(self) -> None:
        self._formula = self._taken()

    def _close_run(self) -> None:
        self._value = (self._value or "") + self._taken()

    def _open_phonetic(self, _: dict[str, str]) -> None:
        """Put aside what was read: the reading aid that follows is no part of the text."""
        self._aside = self._value

    def _close_phonetic(self) -> None:
        self._value = self._aside

    def _add_merge(self, attributes: dict[str, str]) -> None:
        match = _RANGE.fullmatch(attributes.get("ref", ""))
        if match:
            left, top, right, bottom = match.groups()
            merge = Merge(int(top), column_number(left), int(bottom), column_number(right))
            if merge.bottom > LAST_ROW or merge.right > LAST_COLUMN:
                raise BookError(
                    say(
                        "{place}: las celdas combinadas {ref} pasan el final de la hoja; abrir en Excel o Calc y "
                        "guardar de nuevo",
                        place=self._place,
                        ref=match[0],
                    )
                )
            self.merges.append(merge)

    def _convert(self) -> Value:
        raw, kind = self._value, self._type
        if not raw:
            if self._formula is not None and kind != "str":
                return Invalid(f"={self._formula}", Flaw.UNCALCULATED)
            return None
        if kind == "n":
            return self._number(raw)
        if kind == "s":
            return self._shared_string(raw)
        if kind in ("str", "inlineStr"):
            return unescape(raw)
        if kind == "e":
            # A picture in a cell says #VALUE! to programs that cannot show it.
            return None if self._is_rich and raw == _PICTURE else Invalid(raw, Flaw.ERROR)
        return raw == "1" if kind == "b" else _iso(raw)

    def _shared_string(self, raw: str) -> Value:
        try:
            return self._shared.strings[int(raw)]
        except (ValueError, IndexError) as error:
            cell = f"{letters(self._column)}{self._row}"
            raise BookError(
                say(
                    "{place}: al texto de la celda {cell} le falta su entrada en sharedStrings; "
                    "abrir en Excel o Calc y guardar de nuevo",
                    place=self._place,
                    cell=cell,
                )
            ) from error

    def _number(self, raw: str) -> Value:
        try:
            number = parse_number(raw)
        except (ValueError, ArithmeticError):
            return Invalid(raw, Flaw.MALFORMED)
        formats = self._shared.formats
        kind = formats[self._style] if self._style < len(formats) else ""
        if kind.startswith(WRITTEN):
            text = fixed(number, kind)
            if text != f"{number:f}":
                self.shown[self._row, self._column] = text
            return number
        if not kind:
            return number
        if kind == "date":
            day = from_day_number(float(raw), date1904=self._shared.date1904)
            if day is None:
                self.shown[self._row, self._column] = kind
            return day or number
        # A cell that shows 36 % holds 0.36, one that shows 40:00 holds 40 / 24; what people read is 36 and 40.
        self.scaled[self._row, self._column] = FACTORS[kind]
        return scaled_by(number, kind)


def from_day_number(value: float, *, date1904: bool) -> date | None:
    """Take a day number for the date or time that a spreadsheet shows; None outside 1900 to 9999."""
    days = value + (_DAYS_TO_1904 if date1904 else 0)
    # Day 60 is 29 February 1900, which never was; the last one may be rounded up beyond the last.
    if not 1 <= days < 2958465.999988 or int(days) == _LEAP_BUG:  # noqa: PLR2004 - 1 January 10000
        return None
    moment = datetime(1899, 12, 30) + timedelta(days=days + (days < _LEAP_BUG))  # noqa: DTZ001 - cells know no zone
    moment = (moment + timedelta(microseconds=500)).replace(microsecond=0)
    return moment.date() if moment.time() == datetime.min.time() else moment


def unescape(text: str) -> str | Invalid:
    """Resolve the `_x000D_` escapes of a string; half a character, or more than a cell holds, makes no text."""
    if "_x" in text:
        text = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)
        # Two halves that were escaped one by one are a whole.
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
    return writable(text)


def entities(text: str) -> str:
    """Resolve the entities of a text without tags."""
    # No tag and no document type can be in it: nothing that could explode.
    return "".join(fromstring(f"<t>{text}</t>").itertext()) if "&" in text else text  # noqa: S314


def _iso(raw: str) -> Value:
    try:
        return datetime.fromisoformat(raw)
    except ValueError:
        return Invalid(raw, Flaw.MALFORMED)


class _StringReader:
    """Handlers over the shared strings; phonetic readings are left out."""

    def __init__(self) -> None:
        self.found: list[str | Invalid] = []
        self._pieces: list[str] = []
        self._in_text = self._phonetic = False

    def read(self, data: bytes, place: str) -> None:
        opened: dict[str, Opened] = {"t": self._open_text, "rPh": self._open_phonetic}
        closed: dict[str, Closed] = {
            "t": self._close_text,
            "rPh": self._close_phonetic,
            "si": self._close_string,
        }
        parse(data, place, opened, closed, self._add_text)

    def _open_text(self, _: dict[str, str]) -> None:
        self._in_text = not self._phonetic

    def _close_text(self) -> None:
        self._in_text = False

    def _open_phonetic(self, _: dict[str, str]) -> None:
        self._phonetic = True

    def _close_phonetic(self) -> None:
        self._phonetic = False

    def _close_string(self) -> None:
        self.found.append(unescape("".join(self._pieces)))
        self._pieces.clear()

    def _add_text(self, data: str) -> None:
        if self._in_text:
            self._pieces.append(data)


def _strings(package: Package) -> list[str | Invalid]:
    part = package.only("sharedStrings")
    if part is None:
        return []
    reader = _StringReader()
    reader.read(package.read(part), f"{package.name}: {part}")
    return reader.found


def _formats(package: Package) -> list[str]:
    part = package.only("styles")
    if part is None:
        return []
    tree = package.tree(part)
    codes = {each.get("numFmtId", ""): each.get("formatCode", "") for each in tree.iter("numFmt")}
    formats = tree.find("cellXfs")
    return [_format_kind(each.get("numFmtId", "0"), codes) for each in (formats if formats is not None else ())]


def _format_kind(number: str, codes: dict[str, str]) -> str:
    if number in codes:
        return kind_of(codes[number])
    if number == _BUILT_IN_CENTS:
        return kind_of("0.00")
    if number == _BUILT_IN_HOURS:
        return "hours"
    if number.isdigit() and int(number) in _BUILT_IN_DATES:
        return "date"
    return "percent" if number.isdigit() and int(number) in _BUILT_IN_PERCENTS else ""
