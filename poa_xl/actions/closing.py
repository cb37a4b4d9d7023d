"""Quarters closed and opened again: whose months are not changed any more by what units send."""

import hashlib
import uuid
from dataclasses import dataclass, replace
from pathlib import Path

from poa_xl.actions.load import load_one
from poa_xl.actions.moment import now
from poa_xl.actions.past.locking import locked
from poa_xl.actions.past.opening import open_history
from poa_xl.actions.past.recovering import recover
from poa_xl.actions.past.stepping import Step, take
from poa_xl.actions.receiving import saved
from poa_xl.actions.settings import load_profile
from poa_xl.actions.tracking import CLOSED, Placed, reported_plan, tracked_in
from poa_xl.actions.updating import Options, update_data
from poa_xl.books.book import FileBook, MemoryBook
from poa_xl.books.package import open_package
from poa_xl.books.patch.editor import Editor
from poa_xl.core.record import recorded
from poa_xl.errors import BookError
from poa_xl.i18n import say
from poa_xl.sheet.mark import MARK, RUN_MARK, read_mark, write_mark
from poa_xl.sheet.tracking_read import TRACKING
from poa_xl.store.history import CLOSING, Entry, database_errors
from poa_xl.store.packing import pack


@dataclass(frozen=True)
class Closed:
    """What came of it: the workbook, the backup, the quarters that are closed now, the sheet as it stands."""

    path: Path
    backup: Path | None
    closed: tuple[str, ...]
    tracked: Placed | None


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
        history = open_history(store, path)
        recover(history)
        package = open_package(path)
        profile = options.profile or load_profile(None, path.parent)
        opened = load_one(FileBook(path, package), options.sheet, options.year, profile)
        if tracked_in(opened).grid is None:
            raise BookError(say("{file}: no tiene la hoja Seguimiento; poa track la pone", file=path.name))
        closed = {each for each in opened.mark.get(CLOSED, "").split(",") if each}
        if (quarter in closed) is not reopen:
            text = say("{file}: {quarter} no está cerrado") if reopen else say("{file}: {quarter} ya está cerrado")
            raise BookError(text.format(file=path.name, quarter=quarter))
        if reopen and not reason.strip():
            raise BookError(say("para abrir {quarter} otra vez hay que decir por qué: --reason", quarter=quarter))
        left = sorted(closed - {quarter} if reopen else {*closed, quarter})
        run, moment = uuid.uuid4().hex, now()
        mark = {key: value for key, value in opened.mark.items() if key != CLOSED}
        editor = Editor(package.data, path.name, force=options.force)
        editor.set_name(MARK, write_mark({**mark, **({CLOSED: ",".join(left)} if left else {})}))
        data, done = update_data(editor.save(), path.name, replace(options, profile=profile, track=True))
        former = read_mark(package.marks.get(RUN_MARK))
        editor = Editor(data, path.name, force=options.force)
        editor.set_name(RUN_MARK, write_mark({**former, "run": run}))
        data = editor.save()
        plan = reported_plan(load_one(MemoryBook(path.name, data), opened.sheet, options.year, profile))
        author, _ = saved(package, path)
        fate = say("abierto otra vez") if reopen else say("cerrado")
        entry = Entry(fate, quarter, 0, TRACKING, "", "", author, path.name, "", reason)
        step = Step(
            run, former.get("run"), moment, data, hashlib.sha256(package.data).hexdigest(),
            pack(recorded(plan.rows)), CLOSING, became=[entry],
        )  # fmt: skip
        _, backup = take(step, path, history, options.backups)
    return Closed(path, backup, tuple(left), done.tracked)
