"""A worksheet part: where its elements, its rows and the cells of some rows stand, in one pass."""

import re
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass, field

from poa_xl.books.patch.spans import check_encoding, tag_end
from poa_xl.books.xml import feed, local, make_parser
from poa_xl.errors import BookError
from poa_xl.i18n import say
from poa_xl.sheet.grid import Merge, column_number

_DIGITS = "0123456789"
_RANGE = re.compile(r"\$?([A-Z]{1,3})\$?(\d+)(?::\$?([A-Z]{1,3})\$?(\d+))?")
_SHEET, _CHILD, _ROW, _CELL = 1, 2, 3, 4


@dataclass(slots=True)
class CellSpan:
    """A cell of a wanted row.

    Attributes:
        column: Its column number.
        start: Where it begins.
        end: Behind its last byte.
        style: Number of its format, None for none.
        formula: Type of its formula (`normal`, `shared`, `array`, `dataTable`), empty for none.
        shared: Index of its shared formula, empty for none.
        is_master: Whether it holds the text and range of a shared formula.
        text: Text of its formula.
        is_blank: Whether it holds neither value nor formula.
    """

    column: int
    start: int
    end: int = 0
    style: int | None = None
    formula: str = ""
    shared: str = ""
    is_master: bool = False
    text: str = ""
    is_blank: bool = True


@dataclass(slots=True)
class RowSpan:
    """A wanted row: its place, its start tag, its content, its cells."""

    number: int
    start: int
    inner: int
    close: int = 0
    end: int = 0
    cells: list[CellSpan] = field(default_factory=list)


@dataclass(slots=True)
class Part:
    """A child of the worksheet element; `name` is that of its content for mc:AlternateContent."""

    name: str
    start: int
    end: int = 0


@dataclass
class Scan:
    """What a worksheet part holds, by place.

    Attributes:
        prefix: Prefix of its elements, with the colon.
        inner: Where the content of the worksheet element begins.
        parts: Its children in order.
        rows: Wanted rows by number.
        starts: Number and place of every row, in order.
        columns: How many cell elements each column has.
        merges: Merged ranges.
        arrays: Ranges of array, spill and data-table formulas.
        shared: Addresses (row, column) that use each shared formula, in order.
        priorities: Priorities of all conditional formats, x14 ones too.
    """

    prefix: str = ""
    inner: int = 0
    parts: list[Part] = field(default_factory=list)
    rows: dict[int, RowSpan] = field(default_factory=dict)
    starts: list[tuple[int, int]] = field(default_factory=list)
    columns: Counter[int] = field(default_factory=Counter)
    merges: list[Merge] = field(default_factory=list)
    arrays: list[Merge] = field(default_factory=list)
    shared: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    priorities: list[int] = field(default_factory=list)

    def part(self, name: str) -> Part | None:
        """Give the first child with a name."""
        return next((part for part in self.parts if part.name == name), None)


def scan(data: bytes, place: str, wanted: Collection[int]) -> Scan:
    """Find the places of a worksheet part.

    Args:
        data: The part.
        place: File and part, for messages.
        wanted: Numbers of the rows whose cells matter.

    Raises:
        BookError: It is no XML, not UTF-8, or its rows are out of order or doubled.
    """
    check_encoding(data, place)
    scanner = _Scanner(data, place, wanted)
    parser = make_parser(place)
    parser.StartElementHandler = scanner.start(lambda: parser.CurrentByteIndex)
    parser.EndElementHandler = scanner.end(lambda: parser.CurrentByteIndex)
    parser.CharacterDataHandler = scanner.text
    feed(parser, data, place)
    return scanner.found


def area(ref: str) -> Merge | None:
    """Read a range or a single address; None when it is neither."""
    match = _RANGE.fullmatch(ref)
    if match is None:
        return None
    left, top, right, bottom = match[1], int(match[2]), match[3] or match[1], int(match[4] or match[2])
    return Merge(top, column_number(left), bottom, column_number(right))


class _Scanner:
    """Handlers that note places."""

    def __init__(self, data: bytes, place: str, wanted: Collection[int]) -> None:
        self.found = Scan()
        self._data = data
        self._place = place
        self._wanted = wanted
        self._depth = 0
        self._in_data = False
        self._number = self._column = 0
        self._row: RowSpan | None = None
        self._cell: CellSpan | None = None
        self._in_formula = False

    def start(self, where: Callable[[], int]) -> Callable[[str, dict[str, str]], None]:
        def handle(name: str, attributes: dict[str, str]) -> None:
            self._depth += 1
            if self._in_data and self._depth == _CELL:
                self._open_cell(where(), attributes)
            elif self._in_data and self._depth > _CELL:
                if self._cell is not None or name.endswith("f"):
                    self._open_inside(local(name), attributes)
            elif self._in_data and self._depth == _ROW:
                self._open_row(where(), attributes)
            elif self._depth == _SHEET:
                self.found.prefix = name[: -len(local(name))]
                self.found.inner = tag_end(self._data, where())
            else:
                self._open_part(local(name), where, attributes)

        return handle

    def end(self, where: Callable[[], int]) -> Callable[[str], None]:
        def handle(_: str) -> None:
            depth, self._depth = self._depth, self._depth - 1
            if self._in_data and depth == _CELL:
                if self._cell is not None:
                    self._cell.end = self._closed(where(), self._cell.start)
                    self._cell = None
            elif self._in_data and depth == _ROW:
                if self._row is not None:
                    at = where()
                    self._row.end = self._closed(at, self._row.start)
                    self._row.close = self._row.end if self._row.inner == self._row.end else at
                    self._row = None
            elif depth == _CHILD:
                part = self.found.parts[-1]
                part.end = self._closed(where(), part.start)
                self._in_data = False
            elif self._in_data:
                self._in_formula = False

        return handle

    def text(self, data: str) -> None:
        if self._in_formula and self._cell is not None:
            self._cell.text += data

    def _closed(self, at: int, start: int) -> int:
        """Behind an element; of `<a/>`, the end event says nothing useful about the place."""
        inner = tag_end(self._data, start)
        return inner if self._data[inner - 2 : inner] == b"/>" else tag_end(self._data, at)

    def _open_part(self, name: str, where: Callable[[], int], attributes: dict[str, str]) -> None:
        if self._depth == _CHILD:
            self.found.parts.append(Part(name, where()))
            self._in_data = name == "sheetData"
        elif self.found.parts[-1].name in ("AlternateContent", "Choice", "Fallback"):
            self.found.parts[-1].name = name
        if name == "mergeCell" and (merge := area(attributes.get("ref", ""))):
            self.found.merges.append(merge)
        elif name == "cfRule":
            self.found.priorities.append(int(attributes.get("priority", "0") or 0))

    def _open_row(self, at: int, attributes: dict[str, str]) -> None:
        number = int(attributes.get("r", self._number + 1))
        if number <= self._number:
            raise BookError(
                say("{place}: la fila {row} está repetida o fuera de orden; abrir en Excel o Calc y guardar de nuevo",
                    place=self._place, row=str(number))
            )  # fmt: skip
        self._number, self._column = number, 0
        self.found.starts.append((number, at))
        if number in self._wanted:
            self._row = RowSpan(number, at, tag_end(self._data, at))
            self.found.rows[number] = self._row

    def _open_cell(self, at: int, attributes: dict[str, str]) -> None:
        address = attributes.get("r")
        self._column = column_number(address.rstrip(_DIGITS)) if address else self._column + 1
        self.found.columns[self._column] += 1
        if self._row is not None:
            style = attributes.get("s")
            self._cell = CellSpan(self._column, at, style=int(style) if style else None)
            self._row.cells.append(self._cell)
        if attributes.get("cm") and address and (spilled := area(address)):
            self.found.arrays.append(spilled)

    def _open_inside(self, name: str, attributes: dict[str, str]) -> None:
        if self._cell is not None and name in ("v", "is", "f"):
            self._cell.is_blank = False
        if name != "f":
            return
        self._in_formula = True
        kind, ref = attributes.get("t", "normal"), attributes.get("ref", "")
        if kind in ("array", "dataTable") and (covered := area(ref)):
            self.found.arrays.append(covered)
        if kind == "shared":
            self.found.shared.setdefault(attributes.get("si", ""), []).append((self._number, self._column))
        if self._cell is not None:
            self._cell.formula = kind
            self._cell.shared = attributes.get("si", "") if kind == "shared" else ""
            self._cell.is_master = kind == "shared" and bool(ref)
