"""A stand-in for Excel: what xlwings gives on Windows and on macOS, over the cells of a file.

It does as Excel does where our adapter depends on it: numbers come with a point, errors as whole numbers, of cells that
differ there is no common format, and what `api` is differs between the two systems. It calculates nothing.
"""

# ruff: noqa: ANN401 - a stand-in of objects without types

from collections.abc import Callable, Iterator
from copy import copy
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import openpyxl
import xlwings as xw
from openpyxl.cell.cell import MergedCell
from openpyxl.utils import absolute_coordinate, get_column_letter, range_boundaries
from openpyxl.workbook.defined_name import DefinedName

from poa_xl.books.attached import AttachedBook
from poa_xl.books.excel import Excel
from poa_xl.books.patch.moved import Insertion, NewRow
from poa_xl.books.patch.references import replace_rows, shifted

ERRORS = {
    "#DIV/0!": -2146826281,
    "#N/A": -2146826246,
    "#NAME?": -2146826259,
    "#NULL!": -2146826288,
    "#NUM!": -2146826252,
    "#REF!": -2146826265,
    "#VALUE!": -2146826273,
}
SPILL = -2146826243  # an error that xlwings has no name for
# What Excel on Windows knows of a page.
_PAGE = (
    *("PaperSize", "Orientation", "Zoom", "Order", "FitToPagesWide", "FitToPagesTall", "PrintArea"),
    *("LeftMargin", "RightMargin", "TopMargin", "BottomMargin", "LeftFooter", "CenterFooter", "RightFooter"),
    *("PrintTitleRows", "PrintTitleColumns"),
)
_NAMES = {number: name for name, number in ERRORS.items()}


class Com:
    """An object of Excel on Windows: members by their names, as they are."""

    def __init__(self, members: dict[str, Callable[[], Any]], kept: dict[str, Any] | None = None) -> None:
        self.__dict__["_members"] = members
        self.__dict__["_kept"] = kept if kept is not None else {}

    def __getattr__(self, name: str) -> Any:
        if name in self._kept:
            return self._kept[name]
        if name in self._members:
            return self._members[name]()
        raise AttributeError(name)

    def __setattr__(self, name: str, value: object) -> None:
        if name not in self._kept:
            raise AttributeError(name)
        self._kept[name] = value


class Apple:
    """An object of Excel on macOS, as appscript has it: small letters, `get` and `set`, else an AttributeError."""

    # What the dictionary of Excel for macOS has no word for.
    UNKNOWN = ("CustomDocumentProperties", "Protection", "Unprotect", "Protect")

    def __init__(self, members: dict[str, Callable[[], Any]], kept: dict[str, Any] | None = None) -> None:
        self._com = Com({name: get for name, get in members.items() if name not in self.UNKNOWN}, kept)

    def __getattr__(self, name: str) -> Any:
        known = {_snake(each): each for each in (*self._com._members, *self._com._kept)}
        if name not in known:
            raise AttributeError(f"Unknown property, element or command: {name!r}")
        return _Reference(self._com, known[name])


@dataclass
class _Reference:
    com: Com
    name: str

    def get(self) -> Any:
        return getattr(self.com, self.name)

    def set(self, value: object) -> None:
        setattr(self.com, self.name, value)

    def __call__(self, *arguments: object, **named: object) -> Any:
        return self.get()(*arguments, **named)


def _snake(name: str) -> str:
    known = {
        "ProtectContents": "protect_contents",
        "ProtectStructure": "protect_structure",
        "FullName": "full_name",
        "Date1904": "date_1904",
        "ActiveWindow": "active_window",
        "ScrollRow": "scroll_row",
        "ScrollColumn": "scroll_column",
        "EntireRow": "entire_row",
        "Locked": "locked",
        "Hidden": "hidden",
        "CustomDocumentProperties": "custom_document_properties",
        "InputBox": "input_box",
    }
    return known[name]


class Engine:
    name, type = "excel", "desktop"

    def __init__(self) -> None:
        self.apps: list[App] = []

    @staticmethod
    def clean_value_data(
        data: Any,
        _datetime: Any,
        empty_as: object,
        _number: Any,
        err_to_str: bool,
    ) -> list[list[object]]:
        def clean(value: Any) -> object:
            if value is None or value == "":
                return empty_as
            if type(value) is int and value in _NAMES:
                return _NAMES[value] if err_to_str else None
            return value

        return [[clean(value) for value in row] for row in data]

    @staticmethod
    def prepare_xl_data_element(value: object, _options: object) -> object:
        return "" if value is None else value


@dataclass
class App:
    """Excel."""

    system: type[Com] | type[Apple]
    answer: str = "ok"
    said: list[str] = field(default_factory=list)
    bar: list[object] = field(default_factory=list)
    screen_updating: bool = True
    calculation: str = "automatic"
    pid: int = 7
    engine: Engine = field(default_factory=Engine, repr=False)
    open_books: list["Book"] = field(default_factory=list)
    window: dict[str, Any] = field(default_factory=lambda: {"ScrollRow": 3, "ScrollColumn": 2})
    refuses: tuple[str, ...] = ()
    # What is written into boxes, in turn; None for Cancel. After these what stands there is taken.
    written: list[str | None] = field(default_factory=list)

    @property
    def api(self) -> Any:
        members: dict[str, Callable[[], Any]] = {"ActiveWindow": lambda: self.system({}, self.window)}
        if "input_box" not in self.refuses:
            members["InputBox"] = lambda: self.input_box
        return self.system(members)

    def input_box(self, question: str, title: str, default: str) -> object:
        if len(question) > 255:
            raise OSError(-2147352571, "Type mismatch.")
        self.said.append(f"{title}: {question}")
        answer = self.written.pop(0) if self.written else default
        return False if answer is None else answer

    @property
    def status_bar(self) -> object:
        return False

    @status_bar.setter
    def status_bar(self, value: object) -> None:
        if "status_bar" in self.refuses:
            raise OSError(-2147352567, "Exception occurred.")
        self.bar.append(value)

    def alert(self, prompt: str, _title: str | None, _buttons: str, _mode: str | None, _callback: object) -> str:
        self.said.append(prompt)
        return self.answer

    @property
    def books(self) -> "Books":
        return Books(self)

    @property
    def selection(self) -> "Range | None":
        return self.books.active.selection

    def activate(self, steal_focus: bool) -> None:
        pass


@dataclass
class Books:
    app: App

    def __len__(self) -> int:
        return len(self.app.open_books)

    def __iter__(self) -> Iterator["Book"]:
        return iter(list(self.app.open_books))

    def __call__(self, key: int | str) -> "Book":
        if isinstance(key, int):
            return self.app.open_books[key - 1]
        for book in self.app.open_books:
            if key in (book.name, book.fullname):
                return book
        raise KeyError(key)

    @property
    def active(self) -> "Book":
        return self.app.open_books[0]

    def open(self, fullname: str, *_: object, **__: object) -> "Book":
        book = Book(self.app, Path(fullname))
        self.app.open_books.append(book)
        return book


class Book:
    """An open workbook.

    Args:
        app: The program.
        path: The file that it was opened from.
        address: Where Excel says that it is; xlwings does not find a folder for the address of a cloud.
    """

    def __init__(self, app: App, path: Path, address: str = "") -> None:
        self.app, self.path, self.place = app, path, address
        self.held: Any = openpyxl.load_workbook(path)
        self.shown = openpyxl.load_workbook(path, data_only=True)
        self.looks: dict[str, SimpleNamespace] = {}
        self.pages: dict[str, Com] = {}
        self.painted: dict[str, list[tuple[str, str]]] = {
            page.title: [
                (str(area.sqref), f"={rule.formula[0]}")
                for area in page.conditional_formatting
                for rule in area.rules
                if rule.type == "expression"
            ]
            for page in self.held.worksheets
        }
        self.current = self.held.worksheets[0].title
        self.area: str | None = "A1"
        self.structure = False
        self.password = ""
        self.allowed: dict[str, bool] = {}
        self.saved = 0

    @property
    def api(self) -> Any:
        properties = [_Property(each.name, each.value) for each in self.held.custom_doc_props.props]
        return self.app.system(
            {
                "ProtectStructure": lambda: self.structure,
                "FullName": lambda: self.place or str(self.path),
                "Date1904": lambda: self.held.epoch.year == 1904,
                "CustomDocumentProperties": lambda: properties,
            }
        )

    @property
    def name(self) -> str:
        return (self.place or str(self.path)).rpartition("/")[2]

    @property
    def fullname(self) -> str:
        if self.place:
            raise xw.XlwingsError("Couldn't find the local OneDrive folder.")
        return str(self.path)

    @property
    def sheets(self) -> "Sheets":
        return Sheets(self)

    @property
    def names(self) -> "Names":
        return Names(self)

    @property
    def selection(self) -> "Range | None":
        return Range(Sheet(self, self.current), self.area) if self.area is not None else None

    def activate(self) -> None:
        pass

    def save(self, *_: object, **__: object) -> None:
        self.saved += 1

    def close(self) -> None:
        self.app.open_books.remove(self)


@dataclass
class _Property:
    Name: str
    Value: object


@dataclass
class Names:
    book: Book

    def __len__(self) -> int:
        return len(self.book.held.defined_names)

    def snapshot(self) -> list[tuple[str, "Name"]]:
        return [(name, Name(name, self.book)) for name in self.book.held.defined_names]

    def contains(self, key: str) -> bool:
        return key in self.book.held.defined_names

    def __call__(self, key: int | str) -> "Name":
        names = list(self.book.held.defined_names)
        return Name(names[key - 1] if isinstance(key, int) else key, self.book)

    def add(self, name: str, refers_to: str) -> "Name":
        self.book.held.defined_names[name] = DefinedName(name, attr_text=refers_to.removeprefix("="))
        return Name(name, self.book)


@dataclass
class Name:
    name: str
    book: Book

    @property
    def refers_to(self) -> str:
        return f"={self.book.held.defined_names[self.name].attr_text}"

    @refers_to.setter
    def refers_to(self, value: str) -> None:
        self.book.held.defined_names[self.name].attr_text = value.removeprefix("=")

    def delete(self) -> None:
        del self.book.held.defined_names[self.name]


class Sheets:
    def __init__(self, book: Book) -> None:
        self.book = book

    @property
    def active(self) -> "Sheet":
        return Sheet(self.book, self.book.current)

    def __len__(self) -> int:
        return len(self.book.held.worksheets)

    def __iter__(self) -> Iterator["Sheet"]:
        return (Sheet(self.book, page.title) for page in self.book.held.worksheets)

    def __call__(self, key: int | str) -> "Sheet":
        titles = self.book.held.sheetnames
        if isinstance(key, int):
            return Sheet(self.book, titles[key - 1])
        for title in titles:
            if title.casefold() == key.casefold():
                return Sheet(self.book, title)
        raise xw.NoSuchObjectError(key)

    def add(self, before: "Sheet | None" = None, after: "Sheet | None" = None, name: str | None = None) -> "Sheet":
        if name is None or before is not None or after is None:
            raise NotImplementedError
        if name.casefold() in {title.casefold() for title in self.book.held.sheetnames}:
            raise OSError(-2147352567, "That name is already taken.")
        for each in (self.book.held, self.book.shown):
            each.create_sheet(name, each.sheetnames.index(after.name) + 1)
        self.book.painted[name] = []
        self.book.current = name
        return Sheet(self.book, name)


class Sheet:
    """A sheet, by its name."""

    def __init__(self, book: Book, name: str) -> None:
        self.book, self.name = book, name

    @property
    def held(self) -> Any:
        return self.book.held[self.name]

    @property
    def shown(self) -> Any:
        return self.book.shown[self.name]

    @property
    def api(self) -> Any:
        is_windows = self.book.app.system is Com
        return self.book.app.system(
            {
                "ProtectContents": lambda: self.held.protection.sheet,
                "Protection": lambda: Com({}, dict.fromkeys(("AllowInsertingRows", "AllowFiltering"), True)),
                "Unprotect": lambda: self._unprotect,
                "Protect": lambda: self._protect,
                **({"PageSetup": lambda: self.page, **self._filtering()} if is_windows else {}),
            },
            _Arrows(self.held) if is_windows else None,
        )

    def _filtering(self) -> dict[str, Callable[[], Any]]:
        page = self.held

        def put(cells: str) -> Callable[[int], None]:
            def over(_column: int) -> None:
                page.auto_filter.ref = cells

            return over

        def found() -> Com | None:
            ref = page.auto_filter.ref
            return Com({"Range": lambda: Com({"Address": lambda: absolute_coordinate(ref)})}) if ref else None

        return {"AutoFilter": found, "Range": lambda: lambda cells: Com({"AutoFilter": lambda: put(cells)})}

    @property
    def page(self) -> Com:
        """How it comes onto paper."""
        return self.book.pages.setdefault(self.name, Com({}, dict.fromkeys(_PAGE)))

    def _unprotect(self, password: str) -> None:
        if password != self.book.password:
            raise OSError(-2147352567, "The password you supplied is not correct.")
        self.held.protection.sheet = False

    def _protect(self, _password: str, _drawings: bool, contents: bool, _scenarios: bool, **allowed: bool) -> None:
        self.held.protection.sheet = contents
        self.book.allowed = {name: True for name, is_allowed in allowed.items() if is_allowed}

    @property
    def tables(self) -> "Tables":
        return Tables(self)

    @property
    def visible(self) -> bool:
        return bool(self.held.sheet_state == "visible")

    @property
    def index(self) -> int:
        return int(self.book.held.sheetnames.index(self.name)) + 1

    def range(self, first: Any, last: Any = None) -> "Range":
        return Range(self, first, last)

    @property
    def used_range(self) -> "Range":
        page = self.held
        return Range(self, (page.min_row, page.min_column), (page.max_row, page.max_column))

    def activate(self) -> None:
        self.book.current = self.name

    select = activate

    def delete(self) -> None:
        for each in (self.book.held, self.book.shown):
            del each[self.name]
        self.book.painted.pop(self.name)


class _Arrows(dict[str, Any]):
    """Whether a sheet has filter arrows; setting it to no takes them away."""

    def __init__(self, page: Any) -> None:
        super().__init__(AutoFilterMode=bool(page.auto_filter.ref))
        self.page = page

    def __setitem__(self, name: str, value: object) -> None:
        assert value is False
        self.page.auto_filter.ref = None


class Tables:
    """The tables of a sheet."""

    def __init__(self, sheet: Sheet) -> None:
        self.kept = [Table(sheet, each) for each in sheet.held.tables.values()]

    def __len__(self) -> int:
        return len(self.kept)

    def __call__(self, number: int) -> "Table":
        return self.kept[number - 1]

    def __iter__(self) -> Iterator["Table"]:
        return iter(self.kept)


@dataclass
class Table:
    sheet: Sheet
    kept: Any

    @property
    def show_totals(self) -> bool:
        return bool(self.kept.totalsRowCount)

    @property
    def totals_row_range(self) -> "Range":
        left, _, right, bottom = range_boundaries(self.kept.ref)
        return Range(self.sheet, (bottom, left), (bottom, right))


class Range:
    """A range of cells."""

    max_cells_per_read = max_cells_per_write = None
    has_array = False

    def __init__(self, sheet: Sheet, first: Any, last: Any = None) -> None:
        if isinstance(first, str):
            left, top, right, bottom = range_boundaries(first.replace("$", ""))
            first, last = (top, left or 1), (bottom, right or 16384)
        first, last = (((each.row, each.column) if isinstance(each, Range) else each) for each in (first, last))
        self.sheet = sheet
        self.options = None
        self.row: int
        self.column: int
        self.bottom: int
        self.right: int
        (self.row, self.column), (self.bottom, self.right) = first, last or first

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

    @property
    def address(self) -> str:
        text = f"${get_column_letter(self.column)}${self.row}"
        return text if len(self) == 1 else f"{text}:${get_column_letter(self.right)}${self.bottom}"

    @property
    def api(self) -> Any:
        locked = {cell.protection.locked for row in self._cells(self.sheet.held) for cell in row}
        hidden = {self.sheet.held.row_dimensions[row].hidden for row in range(self.row, self.bottom + 1)}
        system = self.sheet.book.app.system
        mixed = None if system is Com else object()

        def common(found: set[bool]) -> object:
            return next(iter(found)) if len(found) == 1 else mixed

        rows = _Rows(self.sheet.held, range(self.row, self.bottom + 1), common(hidden))
        return system({"EntireRow": lambda: system({}, rows), "Locked": lambda: common(locked)})

    def _cells(self, page: Any) -> list[list[Any]]:
        return [
            [page.cell(row, column) for column in range(self.column, self.right + 1)]
            for row in range(self.row, self.bottom + 1)
        ]

    @property
    def raw_value(self) -> list[list[object]]:
        return [[_com(cell) for cell in row] for row in self._cells(self.sheet.shown)]

    @raw_value.setter
    def raw_value(self, value: Any) -> None:
        rows = value if isinstance(value, list | tuple) else [[value]]
        for cells, shown, row in zip(self._cells(self.sheet.held), self._cells(self.sheet.shown), rows, strict=True):
            for cell, seen, content in zip(cells, shown, row, strict=True):
                _type(cell, seen, content)

    @property
    def formula(self) -> Any:
        rows = tuple(tuple(_formula(cell) for cell in row) for row in self._cells(self.sheet.held))
        return rows[0][0] if len(self) == 1 else rows

    @property
    def number_format(self) -> Any:
        found = {cell.number_format for row in self._cells(self.sheet.held) for cell in row}
        return found.pop() if len(found) == 1 else None

    @number_format.setter
    def number_format(self, value: str) -> None:
        for row in self._cells(self.sheet.held):
            for cell in row:
                cell.number_format = value

    @property
    def _merge(self) -> set[str]:
        # Asking a range whether it holds an address builds a range of that each time.
        areas = [(str(area), *area.bounds) for area in self.sheet.held.merged_cells.ranges]
        return {
            next(
                (
                    name
                    for name, left, top, right, bottom in areas
                    if top <= cell.row <= bottom and left <= cell.column <= right
                ),
                "",
            )
            for row in self._cells(self.sheet.held)
            for cell in row
        }

    @property
    def merge_cells(self) -> bool | None:
        areas = self._merge
        return None if "" in areas and len(areas) > 1 else "" not in areas

    @property
    def merge_area(self) -> "Range":
        area = Range(self.sheet, (self.row, self.column))._merge.pop()
        return Range(self.sheet, area) if area else Range(self.sheet, (self.row, self.column))

    def merge(self, _across: bool) -> None:
        self.sheet.held.merge_cells(self.address.replace("$", ""))

    # Looks: what is set is kept for a test to look at.
    @property
    def color(self) -> object:
        return self.sheet.held.cell(self.row, self.column).fill.fgColor.rgb

    @color.setter
    def color(self, value: object) -> None:
        text = "00000000" if value is None else f"FF{str(value).lstrip('#')}"
        for row in self._cells(self.sheet.held):
            for cell in row:
                if not isinstance(cell, MergedCell):
                    fill = copy(cell.fill)
                    fill.patternType, fill.fgColor = (None if value is None else "solid"), text
                    cell.fill = fill

    @property
    def font(self) -> "Kept":
        return Kept()

    wrap_text = horizontal_alignment = vertical_alignment = column_width = row_height = None

    def group(self, _by: str) -> None:
        pass

    @property
    def arg1_input(self) -> str:
        return f"{self.row}:{self.bottom}"

    @property
    def data_validation(self) -> "Kept":
        return Kept()

    @property
    def conditional_formats(self) -> "Formats":
        return Formats(self)

    def insert(self, _shift: str, _origin: str) -> None:
        rows = tuple(NewRow(self.row) for _ in range(self.shape[0]))
        self._shift(Insertion(self.sheet.name, rows))
        for page in (self.sheet.held, self.sheet.shown):
            page.insert_rows(self.row, len(rows))

    def delete(self, _shift: str) -> None:
        for page in (self.sheet.held, self.sheet.shown):
            page.delete_rows(self.row, self.shape[0])
        back = {row: row - self.shape[0] * (row > self.row) for row in range(1, 1000)}
        for cell in self._formulas():
            cell.value = replace_rows(cell.value, lambda _, a, b, runs_down: (back[a], back[b]))  # noqa: ARG005

    def _shift(self, insertion: Insertion) -> None:
        for cell in self._formulas():
            cell.value = f"={insertion.formula(cell.value[1:], self.sheet.name)}"

    def _formulas(self) -> list[Any]:
        page = self.sheet.held
        return [cell for row in page.iter_rows() for cell in row if _formula(cell).startswith("=")]

    def copy(self, destination: "Range") -> None:
        down = destination.row - self.row
        for page in (self.sheet.held, self.sheet.shown):
            for column in range(self.column, self.right + 1):
                source, target = page.cell(self.row, column), page.cell(destination.row, column)
                text = _formula(source)
                target.value = f"={shifted(text[1:], down, 0)}" if text.startswith("=") else source.value
                target._style = copy(source._style)

    def select(self) -> None:
        self.sheet.book.area = self.address.replace("$", "")


class _Rows(dict[str, Any]):
    """What rows have in common; they are hidden and shown by it."""

    def __init__(self, page: Any, rows: range, hidden: object) -> None:
        super().__init__(Hidden=hidden)
        self._page, self._rows = page, rows

    def __setitem__(self, name: str, value: object) -> None:
        super().__setitem__(name, value)
        for row in self._rows:
            self._page.row_dimensions[row].hidden = value


class Kept:
    """Looks that nobody asks for again."""

    bold = color = size = None

    def set_list(self, *_: object) -> None:
        pass


class Formats:
    """Conditional formats of a range."""

    def __init__(self, cells: Range) -> None:
        self.cells = cells
        self.kept = cells.sheet.book.painted[cells.sheet.name]

    def __len__(self) -> int:
        return len(self.kept)

    def __call__(self, number: int) -> "Format":
        return Format(self.kept, number - 1)

    def __iter__(self) -> Iterator["Format"]:
        return (Format(self.kept, number) for number in range(len(self)))

    def add_custom(self, spec: dict[str, Any]) -> "Format":
        book = self.cells.sheet.book
        # Excel reads the formula from the active cell.
        first = self.cells(1, 1).address.replace("$", "")
        assert (book.current, book.area) == (self.cells.sheet.name, first)
        self.kept.append((self.cells.address.replace("$", ""), spec["formula"]))
        look = SimpleNamespace(NumberFormat="General", Borders=SimpleNamespace(LineStyle=0, Color=0))
        self.cells.sheet.book.looks[spec["formula"]] = look
        return Format(self.kept, len(self.kept) - 1, api=look)


@dataclass
class Format:
    kept: list[tuple[str, str]]
    number: int
    type: str = "custom"
    api: Any = None

    @property
    def formula(self) -> str:
        return self.kept[self.number][1]

    def delete(self) -> None:
        del self.kept[self.number]


def _com(cell: Any) -> object:
    value = cell.value
    if isinstance(value, str) and cell.data_type == "e":
        return ERRORS.get(value, SPILL)
    if isinstance(value, bool | str) or value is None:
        return value
    if isinstance(value, int | float):
        return float(value)
    # What shows as a time comes as a moment.
    zero = datetime(1904, 1, 1) if cell.parent.parent.epoch.year == 1904 else datetime(1899, 12, 30)  # noqa: DTZ001
    if isinstance(value, timedelta):
        return zero + value
    if isinstance(value, time):
        return datetime.combine(zero, value)
    return value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)  # noqa: DTZ001


def _formula(cell: Any) -> str:
    return "" if cell.value is None else str(cell.value)


def _type(cell: Any, seen: Any, content: Any) -> None:
    if isinstance(cell, MergedCell):
        return
    is_text = isinstance(content, str)
    if is_text and content.startswith("'"):
        content = content[1:]
        for each in (cell, seen):
            each.value = content
            each.data_type = "s"
        return
    assert not is_text or content == "" or content.startswith("="), f"Excel would read {content!r} as it likes"
    cell.value = None if content == "" else content
    seen.value = None if is_text else content
    if isinstance(content, date) and not isinstance(content, datetime):
        raise TypeError(content)


def excel_book(path: Path, system: type[Com] | type[Apple] = Com, address: str = "") -> tuple[AttachedBook, Book, App]:
    """Open a file in the stand-in: as buttons see it, what it holds, and the program."""
    app = App(system)
    app.engine.apps.append(app)
    book = Book(app, path, address)
    app.open_books.append(book)
    return AttachedBook(xw.Book(impl=book), Excel()), book, app
