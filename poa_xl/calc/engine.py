"""An xlwings engine for LibreOffice Calc, over UNO: `xlwings.Book` and what hangs on it, for our buttons.

It holds the part of xlwings that poa-xl uses and no more; anything else raises `NotImplementedError` with the name
of the member. Only the BSD-licensed part of xlwings is needed. Where Excel and Calc differ, it acts as Excel does:
formulas are English with commas, blank cells are None, errors keep their names.

Loads where UNO does: in the Python inside LibreOffice, or in one of the same version.
"""

import datetime as dt
import os
from collections.abc import Iterator, Sequence
from typing import Any

import uno
import xlwings as xw
from com.sun.star.awt.MessageBoxType import ERRORBOX, INFOBOX, QUERYBOX
from com.sun.star.beans import PropertyValue
from com.sun.star.lang import Locale

from poa_xl.sheet.grid import letters

_DATE, _LOGICAL = 2, 1024  # com.sun.star.util.NumberFormat
_EXPRESSION = uno.getConstantByName("com.sun.star.sheet.ConditionFormatOperator.EXPRESSION")
_ERRORS = 4  # com.sun.star.sheet.FormulaResult
_EXCEL_ADDRESSES, _EXCEL_ENGLISH, _ALL_NAMES = 1, 3, 0x7FFFFFFF
_CONTENTS = 1 | 2 | 4 | 16  # com.sun.star.sheet.CellFlags: numbers, dates, texts, formulas
_EPOCH = dt.datetime(1899, 12, 30)  # noqa: DTZ001 - cells know no time zones
_ENGLISH = Locale("en", "US", "")
# What Excel calls Calc's errors.
_NAMES = {502: "#VALUE!", 503: "#NUM!", 504: "#REF!", 519: "#VALUE!", 524: "#REF!", 525: "#NAME?", 532: "#DIV/0!",
          32767: "#N/A"}  # fmt: skip
_FILTERS = {".xlsx": "Calc MS Excel 2007 XML", ".xlsm": "Calc MS Excel 2007 VBA XML", ".ods": "calc8"}
_ACROSS = {"STANDARD": "general", "LEFT": "left", "CENTER": "center", "RIGHT": "right"}
_DOWN = {0: "bottom", 1: "top", 2: "center", 3: "bottom"}  # com.sun.star.table.CellVertJustify2
_WIDTH = 212  # hundredths of a millimetre for a character of the standard font, as Excel counts widths


class CellError(str):
    """The name of a cell error, told apart from a text that reads the same."""

    __slots__ = ()


class _Member:
    """Anything of xlwings; says by name what it cannot do."""

    __slots__ = ()

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        raise NotImplementedError(f"{type(self).__name__}.{name}")

    def __setattr__(self, name: str, value: object) -> None:
        try:
            object.__setattr__(self, name, value)
        except AttributeError:
            raise NotImplementedError(f"{type(self).__name__}.{name}") from None


class Engine(_Member):
    """What xlwings asks about values, and the running programs."""

    __slots__ = ("apps",)
    name, type = "libreoffice", "desktop"

    def __init__(self) -> None:
        self.apps = Apps()

    @staticmethod
    def clean_value_data(
        data: Any,
        datetime_builder: Any,
        empty_as: object,
        number_builder: Any,
        err_to_str: bool,  # noqa: FBT001 - xlwings passes it by place
    ) -> list[list[object]]:
        """Turn what `Range.raw_value` gives into what `Range.value` promises."""

        def clean(value: Any) -> object:
            if value is None or value == "":
                return empty_as
            if isinstance(value, CellError):
                return str(value) if err_to_str else None
            if isinstance(value, dt.datetime):
                parts = value.timetuple()[:6]
                names = ("year", "month", "day", "hour", "minute", "second")
                return datetime_builder(**dict(zip(names, parts, strict=True)), microsecond=0, tzinfo=None)
            return number_builder(value) if number_builder is not None and type(value) is float else value

        rows = data if isinstance(data, list | tuple) else [[data]]
        return [[clean(value) for value in row] for row in rows]

    @staticmethod
    def prepare_xl_data_element(value: object, _options: object) -> object:
        """Make a value one that a cell takes."""
        return "" if value is None else value


class Apps(_Member):
    """The running programs that were attached."""

    __slots__ = ("_attached",)

    def __init__(self) -> None:
        self._attached: list[App] = []

    def attach(self, context: Any) -> "App":
        """Add a program by its component context."""
        self._attached = [App(context)]
        return self._attached[0]

    def keys(self) -> list[int]:
        return [app.pid for app in self._attached]

    def __iter__(self) -> Iterator["App"]:
        return iter(self._attached)

    def __len__(self) -> int:
        return len(self._attached)

    def __getitem__(self, pid: int) -> "App":
        return next(app for app in self._attached if app.pid == pid)


class App(_Member):
    """LibreOffice."""

    __slots__ = ("_context", "desktop", "display_alerts")
    pid = 1
    visible = True

    def __init__(self, context: Any) -> None:
        self._context = context
        # Calc asks nothing that Excel would ask here.
        self.display_alerts = True
        self.desktop = context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)

    @property
    def engine(self) -> Engine:
        return ENGINE

    @property
    def api(self) -> Any:
        return self.desktop

    @property
    def books(self) -> "Books":
        return Books(self)

    @property
    def selection(self) -> "Range | None":
        book = self.books.active
        return book.selection if book is not None else None

    @property
    def screen_updating(self) -> bool:
        return not self.desktop.getCurrentComponent().hasControllersLocked()

    @screen_updating.setter
    def screen_updating(self, value: bool) -> None:
        document = self.desktop.getCurrentComponent()
        if value and document.hasControllersLocked():
            document.unlockControllers()
        elif not value and not document.hasControllersLocked():
            document.lockControllers()

    @property
    def calculation(self) -> str:
        return "automatic" if self.desktop.getCurrentComponent().isAutomaticCalculationEnabled() else "manual"

    @calculation.setter
    def calculation(self, value: str) -> None:
        self.desktop.getCurrentComponent().enableAutomaticCalculation(value == "automatic")

    def activate(self, steal_focus: bool) -> None:  # noqa: FBT001 - as xlwings
        """Nothing to do: Calc has one window for each workbook."""

    def calculate(self) -> None:
        self.desktop.getCurrentComponent().calculateAll()

    @property
    def status_bar(self) -> Any:
        return False

    @status_bar.setter
    def status_bar(self, value: Any) -> None:
        controller = self.desktop.getCurrentComponent().getCurrentController()
        if controller is not None:
            indicator = controller.Frame.createStatusIndicator()
            indicator.start(value, 0) if value else indicator.end()

    def alert(self, prompt: str, title: str | None, buttons: str, mode: str | None, _callback: object) -> str:
        """Show a message box over the window; without one nobody answers, which is `cancel`."""
        window = self.desktop.getCurrentFrame() and self.desktop.getCurrentFrame().getContainerWindow()
        if not window:
            return "cancel"
        kinds = {"critical": ERRORBOX, "info": INFOBOX, None: QUERYBOX if buttons != "ok" else INFOBOX}
        sets = {"ok": 1, "ok_cancel": 2, "yes_no": 3, "yes_no_cancel": 4}
        box = window.getToolkit().createMessageBox(window, kinds[mode], sets[buttons], title or "", prompt)
        answer = box.execute()
        box.dispose()
        return {0: "cancel", 1: "ok", 2: "yes", 3: "no"}.get(answer, "ok")


class Books(_Member):
    """The open workbooks."""

    __slots__ = ("app",)

    def __init__(self, app: App) -> None:
        self.app = app

    def _all(self) -> list["Book"]:
        documents = self.app.desktop.Components.createEnumeration()
        found = []
        while documents.hasMoreElements():
            document = documents.nextElement()
            if document.supportsService("com.sun.star.sheet.SpreadsheetDocument"):
                found.append(Book(self.app, document))
        return found

    @property
    def active(self) -> "Book | None":
        document = self.app.desktop.getCurrentComponent()
        if document is not None and document.supportsService("com.sun.star.sheet.SpreadsheetDocument"):
            return Book(self.app, document)
        return next(iter(self._all()), None)

    def __call__(self, key: int | str) -> "Book":
        books = self._all()
        if isinstance(key, int):
            return books[key - 1]
        for book in books:
            if key in (book.name, book.fullname):
                return book
        raise KeyError(key)

    def __len__(self) -> int:
        return len(self._all())

    def __iter__(self) -> Iterator["Book"]:
        return iter(self._all())

    def add(self) -> "Book":
        return self._load("private:factory/scalc")

    def open(self, fullname: str, *_: object, **__: object) -> "Book":
        return self._load(uno.systemPathToFileUrl(os.path.abspath(fullname)))  # noqa: PTH100 - as Excel takes it

    def _load(self, url: str) -> "Book":
        return Book(self.app, self.app.desktop.loadComponentFromURL(url, "_default", 0, ()))


class Book(_Member):
    """An open workbook."""

    __slots__ = ("app", "document")

    def __init__(self, app: App, document: Any) -> None:
        self.app = app
        self.document = document

    @property
    def api(self) -> Any:
        return self.document

    @property
    def sheets(self) -> "Sheets":
        return Sheets(self)

    @property
    def fullname(self) -> str:
        url = self.document.URL
        return str(uno.fileUrlToSystemPath(url)) if url else str(self.document.Title)

    @property
    def name(self) -> str:
        return os.path.basename(self.fullname)  # noqa: PTH119 - it may be no path

    @property
    def selection(self) -> "Range | None":
        selected = self.document.getCurrentSelection()
        if selected is None or not hasattr(selected, "RangeAddress"):
            return None
        area = selected.RangeAddress
        sheet = Sheet(self, self.document.Sheets.getByIndex(area.Sheet))
        return Range(sheet, (area.StartRow + 1, area.StartColumn + 1), (area.EndRow + 1, area.EndColumn + 1))

    def activate(self, *_: object) -> None:
        controller = self.document.getCurrentController()
        if controller is not None:
            controller.Frame.activate()

    def save(self, path: str | None = None, password: str | None = None) -> None:
        if password is not None:
            raise NotImplementedError("Book.save(password)")
        if path is None:
            self.document.store()
            return
        form = PropertyValue("FilterName", 0, _FILTERS[os.path.splitext(path)[1].lower()], 0)  # noqa: PTH122
        self.document.storeAsURL(uno.systemPathToFileUrl(os.path.abspath(path)), (form,))  # noqa: PTH100

    def close(self) -> None:
        self.document.close(True)  # noqa: FBT003 - UNO takes no names


class Sheets(_Member):
    """The sheets of a workbook."""

    __slots__ = ("_sheets", "book")

    def __init__(self, book: Book) -> None:
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


class Sheet(_Member):
    """A sheet."""

    __slots__ = ("_sheet", "book")

    def __init__(self, book: Book, sheet: Any) -> None:
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

    def clear(self) -> None:
        self.cells.clear()

    def delete(self) -> None:
        self.book.document.Sheets.removeByName(self.name)


class Range(_Member):
    """A range of cells; rows and columns count from 1."""

    __slots__ = ("_cells", "bottom", "column", "options", "right", "row", "sheet")
    max_cells_per_read = max_cells_per_write = None
    has_array = False

    def __init__(self, sheet: Sheet, first: Any, last: Any = None) -> None:
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

    @property
    def coords(self) -> tuple[str, int, int, int, int]:
        return (self.sheet.name, self.row, self.column, *self.shape)

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
        looks = self._cells.getUniqueCellFormatRanges()
        for number in range(looks.getCount()):
            look = looks.getByIndex(number)
            kind = formats.getByKey(look.NumberFormat).Type
            for area in look.RangeAddresses if kind & (_DATE | _LOGICAL) else ():
                for line, place in self._places(area):
                    if isinstance(rows[line][place], float):
                        rows[line][place] = _typed(rows[line][place], kind)
        for area in self._cells.queryFormulaCells(_ERRORS).RangeAddresses:
            for line, place in self._places(area):
                number = self._cells.getCellByPosition(place, line).getError()
                rows[line][place] = CellError(_NAMES.get(number, f"#ERR{number}"))
        return rows

    @raw_value.setter
    def raw_value(self, value: Any) -> None:
        rows, columns = self.shape
        given = value if isinstance(value, list | tuple) else [[value] * columns for _ in range(rows)]
        special: list[tuple[int, int, Any]] = []
        plain: list[tuple[object, ...]] = []
        for line, row in enumerate(given):
            special += ((line, place, each) for place, each in enumerate(row) if _is_special(each))
            plain.append(tuple(map(_plain, row)))
        self._cells.setDataArray(tuple(plain))
        parser = self._parser() if any(isinstance(each, str) for _, _, each in special) else None
        for line, place, each in special:
            self._set(self._cells.getCellByPosition(place, line), each, parser)

    def _places(self, area: Any) -> Iterator[tuple[int, int]]:
        for line in range(area.StartRow - self.row + 1, area.EndRow - self.row + 2):
            for place in range(area.StartColumn - self.column + 1, area.EndColumn - self.column + 2):
                yield line, place

    def _set(self, cell: Any, value: Any, parser: Any) -> None:
        """Set what no data array takes: a formula, a truth value or a date."""
        if isinstance(value, str):
            cell.setTokens(parser.parseFormula(value[1:], cell.CellAddress))
        elif isinstance(value, bool):
            cell.Value = float(value)
            cell.NumberFormat = self._format("BOOLEAN")
        else:
            moment = value if isinstance(value, dt.datetime) else dt.datetime.combine(value, dt.time())
            cell.Value = (moment.replace(tzinfo=None) - _EPOCH) / dt.timedelta(days=1)
            cell.NumberFormat = self._format("dd/mm/yyyy")

    def _parser(self) -> Any:
        """Give a parser for formulas as Excel writes them: English names, commas, A1."""
        document = self.sheet.book.document
        parser = document.createInstance("com.sun.star.sheet.FormulaParser")
        parser.FormulaConvention = _EXCEL_ADDRESSES
        mapper = document.createInstance("com.sun.star.sheet.FormulaOpCodeMapper")
        parser.OpCodeMap = mapper.getAvailableMappings(_EXCEL_ENGLISH, _ALL_NAMES)
        return parser

    @property
    def formula(self) -> Any:
        parser = self._parser()

        def one(line: int, place: int, shown: str) -> str:
            # A text may start with an equals sign too, and one that reads like a number comes with an apostrophe.
            value = values[line][place]
            if not shown.startswith("=") or value == shown:
                return value if isinstance(value, str) else shown
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
        return _rgb(self._cells.CellBackColor)

    @color.setter
    def color(self, value: Any) -> None:
        self._cells.CellBackColor = -1 if value is None else _color(value)

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
    def conditional_formats(self) -> "ConditionalFormats":
        return ConditionalFormats(self)

    def clear_contents(self) -> None:
        self._cells.clearContents(_CONTENTS)

    def clear(self) -> None:
        self._cells.clearContents(_CONTENTS | 32 | 64)

    def select(self) -> None:
        controller = self.sheet.book.document.getCurrentController()
        if controller is not None:
            controller.select(self._cells)


class Font(_Member):
    """The font of a range."""

    __slots__ = ("_cells",)

    def __init__(self, cells: Any) -> None:
        self._cells = cells

    @property
    def bold(self) -> bool:
        return bool(self._cells.CharWeight > 100)  # noqa: PLR2004 - normal

    @bold.setter
    def bold(self, value: bool) -> None:
        self._cells.CharWeight = 150.0 if value else 100.0

    @property
    def size(self) -> float:
        return float(self._cells.CharHeight)

    @size.setter
    def size(self, value: float) -> None:
        self._cells.CharHeight = float(value)

    @property
    def color(self) -> tuple[int, int, int] | None:
        return _rgb(self._cells.CharColor)

    @color.setter
    def color(self, value: Any) -> None:
        self._cells.CharColor = _color(value)


class ConditionalFormats(_Member):
    """The conditional formats that stand on exactly this range, or on a part of it."""

    __slots__ = ("_range",)

    def __init__(self, cells: Range) -> None:
        self._range = cells

    def _all(self) -> list["ConditionalFormat"]:
        own = self._range
        found = []
        for each in own.sheet.api.ConditionalFormats.getConditionalFormats():
            areas = each.Range.RangeAddresses if each.Range is not None else ()
            if any(_meet(area, own) for area in areas):
                found += [ConditionalFormat(own.sheet, each, i) for i in range(each.Count)]
        return found

    def __iter__(self) -> Iterator["ConditionalFormat"]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())

    def __call__(self, number: int) -> "ConditionalFormat":
        return self._all()[number - 1]

    def add_custom(self, spec: dict[str, Any]) -> "ConditionalFormat":
        """Add a format that a formula switches on; fill and font come as a cell style of its own."""
        sheet = self._range.sheet
        document = sheet.book.document
        ranges = document.createInstance("com.sun.star.sheet.SheetCellRanges")
        ranges.addRangeAddress(self._range.api.RangeAddress, False)  # noqa: FBT003 - UNO takes no names
        formats = sheet.api.ConditionalFormats
        key = formats.createByRange(ranges)
        created = next(each for each in formats.getConditionalFormats() if key == each.ID)
        created.createEntry(0, 0)
        entry = created.getByIndex(0)
        entry.Operator = _EXPRESSION
        entry.Formula1 = spec["formula"].removeprefix("=")
        entry.StyleName = _style(document, spec)
        return ConditionalFormat(sheet, created, 0)


class ConditionalFormat(_Member):
    """One conditional format."""

    __slots__ = ("_entry", "_id", "_sheet")
    type = "custom"

    def __init__(self, sheet: Sheet, created: Any, number: int) -> None:
        self._sheet = sheet
        self._id = created.ID
        self._entry = created.getByIndex(number)

    @property
    def formula(self) -> str:
        return "=" + str(self._entry.Formula1)

    def delete(self) -> None:
        self._sheet.api.ConditionalFormats.removeByID(self._id)


def _meet(area: Any, cells: Range) -> bool:
    down = area.StartRow < cells.bottom and area.EndRow + 1 >= cells.row
    return bool(down and area.StartColumn < cells.right and area.EndColumn + 1 >= cells.column)


def _style(document: Any, spec: dict[str, Any]) -> str:
    """Give the cell style for a look, made when it is not there yet."""
    fill, font = spec.get("fill_color"), spec.get("font_color")
    bold = bool(spec.get("font_bold"))
    name = f"POA {_hex(fill)} {_hex(font)}{' N' if bold else ''}"
    styles = document.StyleFamilies.getByName("CellStyles")
    if not styles.hasByName(name):
        style = document.createInstance("com.sun.star.style.CellStyle")
        styles.insertByName(name, style)
        if fill is not None:
            style.CellBackColor = _color(fill)
        if font is not None:
            style.CharColor = _color(font)
        if bold:
            style.CharWeight = 150.0
    return name


def _is_special(value: object) -> bool:
    """Tell what no data array takes: formulas, truth values, dates."""
    return isinstance(value, bool | dt.date) or (isinstance(value, str) and value.startswith("=") and len(value) > 1)


def _plain(value: object) -> object:
    if value is None or _is_special(value):
        return ""
    if isinstance(value, str) and value.startswith("'"):
        return value[1:]  # as in Excel, a text that must stay one
    return float(value) if isinstance(value, int) else value


def _typed(value: float, kind: int) -> object:
    return bool(value) if kind & _LOGICAL else _EPOCH + dt.timedelta(seconds=round(value * 86400))


def _color(value: Any) -> int:
    if isinstance(value, str):
        return int(value.lstrip("#"), 16)
    if isinstance(value, Sequence):
        red, green, blue = value
        return int((red << 16) + (green << 8) + blue)
    # Excel's one number has red in the lowest byte.
    return int(((value & 255) << 16) + (value & 0xFF00) + (value >> 16))


def _hex(value: object) -> str:
    return "" if value is None else f"{_color(value):06X}"


def _rgb(value: int) -> tuple[int, int, int] | None:
    return None if value == -1 else ((value >> 16) & 255, (value >> 8) & 255, value & 255)


ENGINE = Engine()


def attach(context: Any) -> xw.App:
    """Make a running LibreOffice the active program of xlwings.

    Args:
        context: Its UNO component context, from a socket or from inside the program.
    """
    engine = xw.Engine(impl=ENGINE)
    if ENGINE.name not in [each.name for each in xw.engines]:
        xw.engines.add(engine)
    app = ENGINE.apps.attach(context)
    engine.activate()
    return xw.App(impl=app)
