"""Buttons and what they find, on a workbook of Calc as tests hold it: one of xlwings."""

from collections.abc import Callable

import xlwings as xw

from poa_xl.actions import pressing, recorder
from poa_xl.actions.load import Opened
from poa_xl.books.attached import AttachedBook
from poa_xl.books.live import Box
from poa_xl.ribbon import BUTTONS
from poa_xl.sheet.areas import Area, Matrix
from poa_xl.sheet.grid import Grid


def live(book: xw.Book) -> AttachedBook:
    from poa_xl.calc.program import live_book  # noqa: PLC0415 - it needs UNO

    return live_book(book)


def open_plan(book: xw.Book) -> Opened:
    return pressing.open_plan(live(book))


def is_painted(book: xw.Book) -> bool:
    return recorder.is_painted(live(book), open_plan(book))


def contents(sheet: xw.Sheet, rows: int, columns: int) -> Matrix:
    return live(sheet.book).contents(sheet.name, Box(1, 1, rows, columns)).contents


def put(book: xw.Book, area: Area) -> None:
    live(book).put(area)


def grid(book: xw.Book, name: str) -> Grid:
    return next(each for each in live(book).read() if each.name == name)


class _Buttons:
    """The buttons, by their names."""

    def __getattr__(self, name: str) -> Callable[[xw.Book], None]:
        def press(book: xw.Book) -> None:
            BUTTONS[name](live(book))

        press.__name__ = name
        return press


ribbon = _Buttons()
