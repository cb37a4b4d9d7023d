"""A run, taken back."""

from dataclasses import dataclass
from pathlib import Path

from poa_xl.actions.comparing import Difference, differences
from poa_xl.actions.load import load_one
from poa_xl.actions.past.locking import locked
from poa_xl.actions.past.opening import required_history, resolve
from poa_xl.actions.past.recovering import UNDOING, recover
from poa_xl.actions.past.words import called
from poa_xl.actions.settings import load_profile
from poa_xl.books.book import FileBook
from poa_xl.books.files import read_file, real, replace, retire, stamp
from poa_xl.core.plan import Plan
from poa_xl.errors import BookError, PoaError, SyncError
from poa_xl.i18n import say
from poa_xl.store.history import History, database_errors
from poa_xl.store.packing import unpack_rows
from poa_xl.store.records import DONE, UNDONE, Run

_FEW = 10


@dataclass
class Undone:
    """What an undo came to.

    Attributes:
        run: The run that was taken back.
        master: The workbook, as it was before the run; gone when the run had made it.
        backup: What it was until now.
    """

    run: Run
    master: Path
    backup: Path | None


def undo(number: int | None = None, store: str | None = None, master: Path | None = None) -> Undone:
    """Take a run back: the master becomes what it was before.

    Args:
        number: The run; by default the last one that stands.
        store: Where the history is; by default beside the master.
        master: Only runs into this workbook.

    Raises:
        SyncError: There is no such run, or the master is not as the run left it; the message tells what changed.
        BookError: The backup is gone, or the master cannot be written.
    """
    history = required_history(store, master)
    with database_errors():
        first = _wanted(history, number, master)
        with locked(resolve(history, first.master)):
            recover(history)
        # A run that was cut short never was; an undo that was is this one, not one more.
        run = _wanted(history, first.number if first.state == UNDOING else number, master)
        path = resolve(history, run.master)
        if first.state == UNDOING and run.state == UNDONE:
            return Undone(run, path, None)
        with locked(path):
            run = _wanted(history, run.number, None)
            if run.state != DONE:
                raise SyncError(say("{step} ya no está vigente", step=called(run.kind, run.number)))
            _check_untouched(history, run, path)
            data = _backup(history, run)
            history.confirm(run.id, UNDOING)
            try:
                kept = retire(path) if data is None else replace(path, data, expected=run.after)
            finally:
                recover(history)
    return Undone(run, path, kept)


def _wanted(history: History, number: int | None, master: Path | None) -> Run:
    """Find a run by its number; without one, the last that stands or whose end nobody wrote down."""
    found = [
        run
        for run in history.runs()
        if (run.number == number if number is not None else run.state != UNDONE)
        and (master is None or real(resolve(history, run.master)) == real(master))
    ]
    if not found:
        raise SyncError(
            say("no hay nada que deshacer")
            if number is None
            else say("no hay ningún paso {number} que deshacer; poa history los cuenta", number=str(number))
        )
    return found[0]


def _check_untouched(history: History, run: Run, path: Path) -> None:
    if stamp(path) == run.after:
        return
    changed = _since(history, run, path) if path.is_file() else []
    shown = [f"{each.code} {each.field or each.kind}: {each.before} → {each.after}" for each in changed[:_FEW]]
    more = [say("y {count} cambios más", count=len(changed) - _FEW)] if len(changed) > _FEW else []
    raise SyncError(
        say(
            "{file}: cambió después de {step}, no se deshace: {changes}",
            file=path.name,
            step=called(run.kind, run.number),
            changes="; ".join(shown + more) or say("se guardó de nuevo o no está, el plan no dice qué cambió"),
        )
    )


def _since(history: History, run: Run, path: Path) -> list[Difference]:
    try:
        present = load_one(FileBook(path), profile=load_profile(None, path.parent)).parsed
    except PoaError:
        return []
    before = Plan(unpack_rows(history.plan_of(run.id)))
    return differences(before, present.plan, by_row=present.layout.profile.by_row)


def _backup(history: History, run: Run) -> bytes | None:
    """Read the backup of a run; None where the run made the workbook."""
    if run.before is None:
        return None
    path = resolve(history, run.backup or "")
    if stamp(path) != run.before if path.is_file() else True:
        raise BookError(
            say("{file}: el respaldo de {step} no está o cambió", file=str(path), step=called(run.kind, run.number))
        )
    return read_file(path)
