"""An xlwings engine for LibreOffice Calc, over UNO: `xlwings.Book` and what hangs on it, for our buttons.

It holds the part of xlwings that poa-xl uses and no more; anything else raises `NotImplementedError` with the name
of the member. Only the BSD-licensed part of xlwings is needed. Where Excel and Calc differ, it acts as Excel does:
formulas are English with commas, blank cells are None, errors keep their names.

Loads where UNO does: in the Python inside LibreOffice, or in one of the same version.
"""

import datetime as dt
import os
from collections.abc import Iterator
from typing import Any

import uno
import xlwings as xw
from com.sun.star.beans import PropertyValue

from poa_xl.calc import window
from poa_xl.calc.asking import ask_line
from poa_xl.calc.attributes import Names
from poa_xl.calc.cell_ranges import Range
from poa_xl.calc.member import CellError, Member
from poa_xl.calc.sheets import Sheet, Sheets

_FILTERS = {".xlsx": "Calc MS Excel 2007 XML", ".xlsm": "Calc MS Excel 2007 VBA XML", ".ods": "calc8"}


class Engine(Member):
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


class Apps(Member):
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


class App(Member):
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
    def _document(self) -> Any:
        """The active workbook; the program may take a while to know it after one was opened."""
        book = self.books.active
        if book is None:
            raise xw.NoSuchObjectError("Book")
        return book.document

    @property
    def screen_updating(self) -> bool:
        return not self._document.hasControllersLocked()

    @screen_updating.setter
    def screen_updating(self, value: bool) -> None:
        document = self._document
        if value and document.hasControllersLocked():
            document.unlockControllers()
        elif not value and not document.hasControllersLocked():
            document.lockControllers()

    @property
    def calculation(self) -> str:
        return "automatic" if self._document.isAutomaticCalculationEnabled() else "manual"

    @calculation.setter
    def calculation(self, value: str) -> None:
        self._document.enableAutomaticCalculation(value == "automatic")

    def activate(self, steal_focus: bool) -> None:  # noqa: FBT001 - as xlwings
        """Nothing to do: Calc has one window for each workbook."""

    def calculate(self) -> None:
        self._document.calculateAll()

    @property
    def status_bar(self) -> Any:
        return False

    @status_bar.setter
    def status_bar(self, value: Any) -> None:
        book = self.books.active
        window.report(book.document.getCurrentController() if value and book is not None else None, value or "")

    def alert(self, prompt: str, title: str | None, buttons: str, mode: str | None, _callback: object) -> str:
        return window.ask(self.desktop, prompt, title or "", buttons, mode)

    def prompt(self, question: str, title: str, given: str) -> str | None:
        """Ask for a line of text, which xlwings has no word for; without a window nobody answers."""
        over = window.current(self.desktop)
        return None if over is None else ask_line(self._context, over, question, title, given)


class Books(Member):
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
        book = Book(self.app, self.app.desktop.loadComponentFromURL(url, "_blank", 0, ()))
        book.activate()
        return book


class Book(Member):
    """An open workbook."""

    __slots__ = ("app", "document")

    def __init__(self, app: App, document: Any) -> None:
        self.app = app
        self.document = document

    @property
    def api(self) -> Any:
        return self.document

    @property
    def sheets(self) -> Sheets:
        return Sheets(self)

    @property
    def fullname(self) -> str:
        url = self.document.URL
        return str(uno.fileUrlToSystemPath(url)) if url else str(self.document.Title)

    @property
    def name(self) -> str:
        return os.path.basename(self.fullname)  # noqa: PTH119 - it may be no path

    @property
    def names(self) -> Names:
        return Names(self)

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
