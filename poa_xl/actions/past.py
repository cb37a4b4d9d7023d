"""What was done to a master: told, and undone."""

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from filelock import FileLock, Timeout
from sqlalchemy.exc import DatabaseError

from poa_xl.actions.comparing import Difference, differences
from poa_xl.actions.load import load_one
from poa_xl.books.book import FileBook
from poa_xl.books.files import replace, retire, stamp, sweep
from poa_xl.books.package import open_package
from poa_xl.books.patch.editor import name_text
from poa_xl.core.plan import Plan
from poa_xl.core.record import restored
from poa_xl.errors import BookError, PoaError, SyncError
from poa_xl.i18n import say
from poa_xl.store.history import (
    DONE,
    FOLDER,
    PENDING,
    UNDONE,
    History,
    Past,
    Run,
    database_errors,
    file_of,
    location,
    unpack,
)

# Hidden name in which a master carries the run that made it what it is.
RUN_MARK = "_poa_xl_run"
UNDOING = "undoing"
_PATIENCE = 30.0
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


@dataclass
class Told:
    """A history as it is told: what became of changes, and the runs, the latest first."""

    past: list[Past]
    runs: list[Run] = field(default_factory=list)


def open_history(store: str | None, master: Path) -> History:
    """Open the history of a master; one that is no database is put aside and a new one begun.

    Raises:
        BookError: It cannot be opened.
    """
    url = location(store, master)
    try:
        return History(url)
    except DatabaseError as error:
        file = file_of(url)
        if file is None or not file.is_file() or "not a database" not in str(error.orig):
            raise BookError(say("{url}: la historia no se puede abrir ({detail})", url=url,
                                detail=error.orig)) from error  # fmt: skip
        file.replace(file.with_name(f"{file.name}.{stamp(file) or ''}.ajeno"))
        return History(url)


def present_history(store: str | None, master: Path) -> History | None:
    """Open the history of a master without making anything; None when there is none that can be read."""
    file = file_of(location(store, master))
    if file is not None and not file.is_file():
        return None
    try:
        return History(location(store, master), migrate=file is None)
    except DatabaseError:
        return None


@contextlib.contextmanager
def locked(master: Path) -> Iterator[None]:
    """Keep others from consolidating into a master meanwhile.

    Raises:
        SyncError: Somebody else has been at it for half a minute.
    """
    folder = master.parent / FOLDER
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / f"{master.name}.lock", timeout=patience()):
            sweep(master)
            yield
    except Timeout as error:
        raise SyncError(
            say("{file}: otra consolidación está en marcha; esperar y repetir", file=master.name)
        ) from error
    except OSError as error:
        raise BookError(say("{file}: no se puede escribir en su carpeta ({detail})", file=str(master),
                            detail=error.strerror)) from error  # fmt: skip


def patience() -> float:
    """Give how long to wait for another consolidation, seconds."""
    return float(os.environ.get("POA_WAIT", _PATIENCE))


def run_of(path: Path) -> str | None:
    """Give the run that a master carries; None when it carries none, or cannot be read."""
    try:
        return read_mark(name_text(open_package(path), RUN_MARK)).get("run")
    except PoaError:
        return None


def read_mark(text: str | None) -> dict[str, str]:
    """Read a hidden name of ours: `key=value` parts, semicolons between."""
    return dict(part.partition("=")[::2] for part in (text or "").split(";") if part)


def write_mark(mark: dict[str, str]) -> str:
    """Write what `read_mark` reads."""
    return ";".join(f"{key}={value}" for key, value in sorted(mark.items()))


def recover(history: History) -> None:
    """Finish what a run or an undo that was cut short left open; the workbook itself says how it ended."""
    for run in history.runs(PENDING, UNDOING):
        path = resolve(history, run.master)
        if run.state == PENDING:
            if path.is_file() and (stamp(path) == run.after or run_of(path) == run.id):
                history.confirm(run.id)
            else:
                history.drop(run.id)
        elif run.state == UNDOING:
            history.confirm(run.id, UNDONE if stamp(path) == run.before else DONE)


def tell(store: str | None = None, master: Path | None = None, code: str = "", unit: str = "", since: str = "") -> Told:
    """Tell who changed what, when, from which file.

    Args:
        store: Where the history is; by default beside the master.
        master: The master; by default any in this folder.
        code: Only of this code and what is below it.
        unit: Only of this unit.
        since: Only from this day on, ISO.

    Raises:
        SyncError: There is no history.
        BookError: It cannot be read.
    """
    beside = master or Path("maestro.xlsx")
    history = present_history(store, beside)
    if history is None:
        raise SyncError(_nothing(store, master))
    with database_errors():
        return Told(history.past(code, unit, since), [run for run in history.runs() if run.state != PENDING])


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
    beside = master or Path("maestro.xlsx")
    history = present_history(store, beside)
    if history is None:
        raise SyncError(_nothing(store, master))
    with database_errors():
        first = _wanted(history, number, master)
        path = resolve(history, first.master)
        with locked(path):
            recover(history)
            run = _wanted(history, number, master)
            if run.id != first.id or run.state != DONE:
                raise SyncError(say("la consolidación {number} ya no está vigente", number=str(first.number)))
            _check_untouched(run, path)
            data = _backup(history, run)
            history.confirm(run.id, UNDOING)
            try:
                kept = retire(path) if data is None else replace(path, data, expected=run.after)
            finally:
                recover(history)
    return Undone(run, path, kept)


def resolve(history: History, text: str) -> Path:
    """Give a path that the history holds: relative to the folder that the history is in."""
    return _home(history) / text


def relative(history: History, path: Path) -> str:
    """Write a path as the history keeps it, so that the folder can move as a whole."""
    absolute, home = path.resolve(), _home(history).resolve()
    return absolute.relative_to(home).as_posix() if absolute.is_relative_to(home) else str(absolute)


def _home(history: History) -> Path:
    file = file_of(history.url)
    return Path() if file is None else file.parent.parent if file.parent.name == FOLDER else file.parent


def _wanted(history: History, number: int | None, master: Path | None) -> Run:
    found = [
        run
        for run in history.runs()
        if (run.number == number if number is not None else run.state in (DONE, PENDING))
        and (master is None or resolve(history, run.master).resolve() == master.resolve())
    ]
    if not found:
        raise SyncError(
            say("no hay ninguna consolidación que deshacer")
            if number is None
            else say("no hay ninguna consolidación {number}", number=str(number))
        )
    return found[0]


def _check_untouched(run: Run, path: Path) -> None:
    if stamp(path) == run.after:
        return
    changed = _since(run, path) if path.is_file() else []
    shown = [f"{each.code} {each.field or each.kind}: {each.before} → {each.after}" for each in changed[:_FEW]]
    more = [say("y {count} cambios más", count=len(changed) - _FEW)] if len(changed) > _FEW else []
    raise SyncError(
        say(
            "{file}: cambió después de la consolidación {number}, no se deshace: {changes}",
            file=path.name,
            number=str(run.number),
            changes="; ".join(shown + more) or say("se guardó de nuevo o no está, el plan no dice qué cambió"),
        )
    )


def _since(run: Run, path: Path) -> list[Difference]:
    try:
        present = load_one(FileBook(path)).parsed.plan
    except PoaError:
        return []
    return differences(Plan(restored(unpack(run.content))), present)


def _backup(history: History, run: Run) -> bytes | None:
    """Read the backup of a run; None where the run made the workbook."""
    if run.before is None:
        return None
    path = resolve(history, run.backup or "")
    if stamp(path) != run.before if path.is_file() else True:
        raise BookError(
            say("{file}: el respaldo de la consolidación {number} no está o cambió", file=str(path),
                number=str(run.number))
        )  # fmt: skip
    return path.read_bytes()


def _nothing(store: str | None, master: Path | None) -> str:
    if master is not None and store is None:
        return say("{file}: todavía no tiene consolidaciones.", file=master.name)
    return say(
        "{url}: no hay historia; decir con --into cuál es el maestro o con --store dónde está", url=store or FOLDER
    )
