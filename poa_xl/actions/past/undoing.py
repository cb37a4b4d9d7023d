"""A run, taken back."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from poa_xl.actions.past.locking import locked
from poa_xl.actions.past.opening import required_history, resolve
from poa_xl.actions.past.recovering import UNDOING, recover
from poa_xl.actions.past.since import written_since
from poa_xl.actions.past.words import called
from poa_xl.books.files import read_file, real, replace, retire, stamp
from poa_xl.errors import BookError, SyncError
from poa_xl.i18n import say
from poa_xl.store.history import History, database_errors
from poa_xl.store.records import DONE, UNDONE, Run

_FEW = 10


@dataclass
class Undone:
    """What an undo came to.

    Attributes:
        run: The run that was taken back.
        master: The workbook, as it was before the run; gone when the run had made it.
        backup: What it was until now.
        lost: What people wrote after the run, which stands in the backup alone now, a line each.
    """

    run: Run
    master: Path
    backup: Path | None
    lost: Sequence[str] = ()


def undo(
    number: int | None = None,
    store: str | None = None,
    master: Path | None = None,
    *,
    drop: bool = False,
    dry_run: bool = False,
) -> Undone:
    """Take a run back: the master becomes what it was before.

    Args:
        number: The run; by default the last one that stands.
        store: Where the history is; by default beside the master.
        master: Only runs into this workbook.
        drop: Take it back also where people wrote into the master after it, and with it what they wrote.
        dry_run: Only say what would be.

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
            present, lost = stamp(path), _check_untouched(history, run, path, drop=drop)
            data = _backup(history, run)
            if dry_run:
                return Undone(run, path, None, lost)
            history.confirm(run.id, UNDOING)
            try:
                kept = retire(path) if data is None else replace(path, data, expected=present)
            finally:
                recover(history)
    return Undone(run, path, kept, lost)


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


def _check_untouched(history: History, run: Run, path: Path, *, drop: bool) -> Sequence[str]:
    """Refuse where the master is not as the run left it, unless that may be lost; give what will be."""
    if stamp(path) == run.after:
        return ()
    step = called(run.kind, run.number)
    for later in history.runs():
        if later.number > run.number and later.state != UNDONE and resolve(history, later.master) == path:
            raise SyncError(
                say(
                    "{file}: antes de deshacer {step} hay que deshacer {later}",
                    file=path.name,
                    step=step,
                    later=called(later.kind, later.number),
                )
            )
    is_there = path.is_file()
    found = written_since(history, run, path) if is_there else []
    if drop and is_there:
        return found
    shown = found[:_FEW]
    more = [say("y {count} cambios más", count=len(found) - _FEW)] if len(found) > _FEW else []
    said = say(
        "{file}: cambió después de {step}, no se deshace: {changes}",
        file=path.name,
        step=step,
        changes="; ".join(shown + more) or say("se guardó de nuevo o no está, el plan no dice qué cambió"),
    )
    way = say("Con --drop-data se deshace igual, y lo que hay ahora queda en respaldos")
    raise SyncError(f"{said}. {way}" if is_there else said)


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
