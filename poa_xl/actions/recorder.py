"""What a button changes in an open workbook, kept so that it can be taken back."""

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from poa_xl.actions.load import Opened
from poa_xl.actions.pressing import open_plan, unlocked
from poa_xl.actions.redrawing import frame_of
from poa_xl.books.live import LiveBook, address, area_box
from poa_xl.errors import BookError
from poa_xl.i18n import say
from poa_xl.sheet import control, looks
from poa_xl.sheet.areas import Area
from poa_xl.sheet.control_columns import BY_NAME
from poa_xl.sheet.grid import is_same_sheet
from poa_xl.sheet.headers import CONTROL
from poa_xl.sheet.spec import SheetSpec
from poa_xl.store import journal
from poa_xl.store.journal import Press


@dataclass
class Recorder:
    """Writes cells and keeps what they held."""

    book: LiveBook
    opened: Opened
    press: Press

    def put(self, area: Area) -> None:
        """Write contents."""
        before = self.book.contents(area.sheet, area_box(area))
        self.press.before.append(before)
        self.book.put(area)
        _dress(self.book, area, before)

    def insert(self, row: int, like: int, count: int = 1) -> None:
        """Put rows into the plan sheet."""
        self.book.insert(self.opened.sheet, row, like, count)
        self.press.inserted.append((row, count))

    def drop(self, name: str) -> None:
        """Take a sheet away."""
        self.press.gone.append(self.book.contents(name))
        self.book.drop(name)

    def draw(self, image: SheetSpec) -> None:
        """Make a sheet."""
        # Made is said first: what fails half-way is taken away again.
        self.press.made.append(image.name)
        self.book.draw(image, after=self.opened.sheet)

    def paint(self, *, on: bool) -> None:
        """Paint or unpaint the plan."""
        self.press.painted, self.press.was_painted = self.opened.sheet, not on
        change = _paint if on else unpaint
        change(self.book, self.opened)

    def give_names(self, wanted: Mapping[str, str]) -> None:
        """Have names stand for cells; an empty text takes one away."""
        present = self.book.names
        changed = {called: cells for called, cells in wanted.items() if present.get(called, "") != cells}
        self.press.named |= {called: present.get(called, "") for called in changed}
        self.book.give_names(changed)
        # A program that has no word for names leaves them as they were.
        now = self.book.names
        self.press.named = {called: cells for called, cells in self.press.named.items() if now.get(called, "") != cells}

    def filter(self, cells: str) -> None:
        """Put filter arrows over cells of the plan sheet; empty for none."""
        before = self.book.arrows(self.opened.sheet)
        self.book.filter(self.opened.sheet, cells)
        if self.book.arrows(self.opened.sheet) != before:
            self.press.arrows = before

    def finish(self) -> None:
        """Keep what was done; a button that changed nothing leaves the one before to be undone."""
        book, press = self.book, self.press
        press.after = [book.contents(area.sheet, area_box(area)) for area in press.before]
        is_seen = any((press.made, press.gone, press.painted, press.inserted, press.named))
        is_seen |= press.hidden is not None or press.arrows is not None
        if press.after != press.before or is_seen:
            journal.remember(book.address, press)


@contextlib.contextmanager
def recorded(book: LiveBook, opened: Opened, button: str) -> Iterator[Recorder]:
    """Change cells without flicker and keep what they held; put it back when something goes wrong half-way."""
    done = Recorder(book, opened, Press(button, opened.sheet))
    with book.step(f"POA: {button}"):
        try:
            yield done
            done.finish()
        except Exception:
            _restore(book, done.press)
            raise


def undo(book: LiveBook) -> Press:
    """Bring back what the last button changed.

    Raises:
        BookError: There is nothing to take back, or cells were edited since.
    """
    press = journal.recall(book.address)
    if press is None:
        raise BookError(say("no hay nada que deshacer en {file}", file=book.name))
    for area in press.after:
        edited = edited_in(book, area)
        if edited:
            raise BookError(
                say(
                    "{sheet}!{cell} se editó después de «{button}»; deshacer borraría ese cambio y no se hace",
                    sheet=area.sheet,
                    cell=edited,
                    button=press.button,
                )
            )
    with book.step(say("POA: deshacer «{button}»", button=press.button)):
        _restore(book, press)
    journal.forget(book.address)
    return press


def take_back(book: LiveBook) -> None:
    """Bring back what stood there before a button whose changes the program took in part only."""
    press = journal.recall(book.address)
    if press is not None:
        with book.step(say("POA: deshacer «{button}»", button=press.button)):
            _restore(book, press)
        journal.forget(book.address)


def _restore(book: LiveBook, press: Press) -> None:
    """Put back contents, looks and sheets that a button changed."""
    if press.made:
        book.help(press.sheet, ())
    book.give_names(press.named)
    for name in press.made:
        if any(is_same_sheet(name, sheet) for sheet in book.sheets):
            book.drop(name)
    book.select(press.sheet)
    opened = open_plan(book)
    if press.painted and not press.was_painted and is_painted(book, opened):
        unpaint(book, opened)
    # Rows that were put into the workbook of a unit stand among cells that are locked.
    with book.unlocked(press.sheet) if press.inserted else contextlib.nullcontext():
        for area in reversed(press.before):
            now = book.contents(area.sheet, area_box(area))
            book.put(area)
            _dress(book, area, now)
        for row, count in reversed(press.inserted):
            book.take_out(press.sheet, row, count)
    for area in press.gone:
        book.draw(frame_of(area, opened), after=opened.sheet)
        book.put(area)
    if press.painted and press.was_painted:
        _paint(book, open_plan(book))
    _restore_shown(book, opened, press)


def _restore_shown(book: LiveBook, opened: Opened, press: Press) -> None:
    """Put back what stands in no cell: rows that were hidden, filter arrows, which reach as far as something stands."""
    if press.hidden is not None:
        present, former = opened.grid.hidden & {*range(opened.first, opened.last + 1)}, {*press.hidden}
        with unlocked(book, opened):
            book.hide(press.sheet, present - former, hidden=False)
            book.hide(press.sheet, former - present, hidden=True)
    if press.arrows is not None:
        book.filter(press.sheet, press.arrows)


def edited_in(book: LiveBook, area: Area) -> str:
    """Return the first cell of an area that holds something else by now; empty for none."""
    if area.sheet not in book.sheets:
        return area.sheet
    now = book.contents(area.sheet, area_box(area))
    for row, (was, is_) in enumerate(zip(area.contents, now.contents, strict=True), area.row):
        for column, pair in enumerate(zip(was, is_, strict=True), area.column):
            if pair[0] != pair[1]:
                return address(row, column)
    return ""


def _dress(book: LiveBook, area: Area, before: Area) -> None:
    """Apply their look to control columns, and take it from what was one before."""
    name, former = (_control_column(each) for each in (area, before))
    if name is not None and BY_NAME[name].is_helper:
        return
    box = area_box(area)
    if name is not None:
        book.dress(area.sheet, box._replace(bottom=box.top), looks.CONTROL_HEADER)
        # As in a file, but for lines and indents, which are the sheet's own here.
        look = replace(BY_NAME[name].look, border=False, indent=0)
        book.dress(area.sheet, box._replace(top=box.top + 1), look)
    elif former is not None:
        book.dress(area.sheet, box, None)


def _control_column(area: Area) -> str | None:
    """Return which control column an area is; None for one of the planner's."""
    return next((name for name, caption in CONTROL.items() if caption == area.contents[0][0]), None)


def is_painted(book: LiveBook, opened: Opened) -> bool:
    """Whether our conditional formats stand on the plan."""
    ours = _letters(opened)
    return any(control.is_our_rule(formula, ours) for formula in book.rules(opened.sheet))


def _paint(book: LiveBook, opened: Opened) -> None:
    book.paint(opened.sheet, control.rules(opened.columns(), opened.first, opened.last))


def unpaint(book: LiveBook, opened: Opened) -> None:
    """Take our conditional formats off the plan."""
    ours = _letters(opened)
    book.unpaint(opened.sheet, lambda formula: control.is_our_rule(formula, ours))


def _letters(opened: Opened) -> set[str]:
    """Return the letters of the control columns."""
    columns = opened.columns()
    return {columns[name] for name in CONTROL}
