"""The steps of the year in a master: quarters closed and opened again, its `Seguimiento` brought up to date.

What units send does not change the months of a closed quarter any more. Each step can be taken back.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from poa_xl.actions.load import Opened, load_one
from poa_xl.actions.past.locking import locked
from poa_xl.actions.past.opening import open_history
from poa_xl.actions.past.recovering import recover
from poa_xl.actions.past.writing import has_past, rewrite
from poa_xl.actions.receiving import saved
from poa_xl.actions.recording import Placed
from poa_xl.actions.settings import load_profile
from poa_xl.actions.tracking import CLOSED, reported_plan, tracked_in
from poa_xl.actions.updating import Options, Updated, update_book, update_data
from poa_xl.books.book import FileBook, MemoryBook
from poa_xl.books.carried import without_paths
from poa_xl.books.package import Package, open_package
from poa_xl.books.patch.editor import Editor
from poa_xl.errors import BookError
from poa_xl.i18n import say
from poa_xl.sheet.mark import write_mark
from poa_xl.sheet.profile import Profile
from poa_xl.sheet.tracking_read import TRACKING
from poa_xl.store.history import History, database_errors
from poa_xl.store.records import CLOSING, TRACKED, Entry


@dataclass(frozen=True)
class Closed:
    """What came of it: the workbook, the backup, the quarters closed now, the sheet, the number of the step."""

    path: Path
    backup: Path | None
    closed: tuple[str, ...]
    tracked: Placed | None
    run: int


@dataclass
class _Work:
    """A master under work, and its history."""

    path: Path
    options: Options
    history: History
    package: Package = field(init=False)
    profile: Profile = field(init=False)

    def __post_init__(self) -> None:
        recover(self.history)
        self.package = open_package(self.path)
        self.profile = self.options.profile or load_profile(None, self.path.parent)
        self.options = replace(self.options, track=True, profile=self.profile)

    @cached_property
    def opened(self) -> Opened:
        return self.read(FileBook(self.path, self.package))

    def read(self, book: FileBook | MemoryBook) -> Opened:
        return load_one(book, self.options.sheet, self.options.year, self.profile)

    def step(self, data: bytes, kind: str, became: Sequence[Entry] = ()) -> tuple[int, Path | None]:
        """Write a workbook as a step; give its number, and the backup of what stood there."""
        run, backup = rewrite(
            self.path,
            self.package.data,
            data,
            kind,
            self.history,
            lambda after: reported_plan(self.read(MemoryBook(self.path.name, after))),
            backups=self.options.backups,
            became=became,
        )
        return run.number, backup


def track_book(path: Path, options: Options, store: str | None = None) -> Updated:
    """Put `Seguimiento` into a workbook, or refresh it; in a master with a history that is a step of it.

    Raises:
        BookError: It cannot be read, edited safely, or written.
        LayoutError: It holds no plan, or several.
        StaleBookError: It changed meanwhile.
        SyncError: Somebody else is at it.
    """
    chosen = replace(options, track=True)
    if options.dry_run or options.output is not None or not has_past(path, store):
        return update_book(path, chosen)
    with locked(path), database_errors():
        work = _Work(path, options, open_history(store, path))
        data, done = update_data(without_paths(work.package.data, path.name), path.name, work.options)
        if data == work.package.data:
            return done
        number, backup = work.step(data, TRACKED)
        return replace(done, path=path, backup=backup, run=number)


def close_quarter(
    path: Path, quarter: str, options: Options, store: str | None = None, *, reopen: bool = False, reason: str = ""
) -> Closed:
    """Close a quarter of a master, or open it again; the workbook and the history remember it.

    Args:
        path: The master.
        quarter: T1 to T4.
        options: How to update the workbook.
        store: Where the history is; by default beside the master.
        reopen: Open it again.
        reason: Why.

    Raises:
        BookError: There is no `Seguimiento`, the quarter is closed already or is not, no reason is given, or the
            workbook cannot be written.
    """
    with locked(path), database_errors():
        work = _Work(path, options, open_history(store, path))
        opened = work.opened
        if tracked_in(opened).grid is None:
            raise BookError(say("{file}: no tiene la hoja Seguimiento; poa track la pone", file=path.name))
        closed = {each for each in opened.mark.get(CLOSED, "").split(",") if each}
        if (quarter in closed) is not reopen:
            text = say("{file}: {quarter} no está cerrado") if reopen else say("{file}: {quarter} ya está cerrado")
            raise BookError(text.format(file=path.name, quarter=quarter))
        if reopen and not reason.strip():
            raise BookError(say("para abrir {quarter} otra vez hay que decir por qué: --reason", quarter=quarter))
        left = sorted(closed - {quarter} if reopen else {*closed, quarter})
        mark = {key: value for key, value in opened.mark.items() if key != CLOSED}
        editor = Editor(work.package.data, path.name, force=options.force)
        editor.set_name(opened.mark_name, write_mark({**mark, **({CLOSED: ",".join(left)} if left else {})}))
        data, done = update_data(editor.save(), path.name, work.options)
        author, _ = saved(work.package, path)
        fate = say("abierto otra vez") if reopen else say("cerrado")
        entry = Entry(fate, quarter, 0, TRACKING, "", "", author, path.name, "", reason)
        number, backup = work.step(data, CLOSING, [entry])
    return Closed(path, backup, tuple(left), done.tracked, number)
