"""A master written anew as a step of its history: whatever a command makes of it, `undo` takes it back."""

import hashlib
import uuid
from collections.abc import Callable, Sequence
from pathlib import Path

from poa_xl.actions.moment import now
from poa_xl.actions.past.locking import locked
from poa_xl.actions.past.marks import carried_by
from poa_xl.actions.past.opening import open_history, present_history
from poa_xl.actions.past.recovering import recover
from poa_xl.actions.past.stepping import Step, take
from poa_xl.actions.past.versioning import parent_of
from poa_xl.books.package import Package
from poa_xl.books.patch.editor import Editor
from poa_xl.core.plan import Plan
from poa_xl.core.record import recorded
from poa_xl.sheet.mark import RUN_MARK, read_mark, write_mark
from poa_xl.store.history import History, database_errors
from poa_xl.store.packing import pack
from poa_xl.store.records import CLEANED, Entry, Run


def has_past(path: Path, store: str | None) -> bool:
    """Whether a workbook is a master that its history knows."""
    with database_errors():
        history = present_history(store, path)
        if history is None:
            return False
        parent = parent_of(history, path, carried_by(path))
        return any(run.id == parent for run in history.runs())


def rewrite(  # noqa: PLR0913 - what a step is
    path: Path,
    before: bytes,
    after: bytes,
    kind: str,
    history: History,
    read: Callable[[bytes], Plan],
    *,
    backups: Path | None = None,
    became: Sequence[Entry] = (),
) -> tuple[Run, Path | None]:
    """Write a master as a step; whoever calls holds its lock. Give the run, and the backup of what stood there.

    Args:
        path: The master.
        before: What it was.
        after: What it is to be.
        kind: What the step is.
        history: Its history.
        read: Reads the plan of a workbook.
        backups: Folder for the backup.
        became: What the history is to tell of it.

    Raises:
        BookError: It cannot be written.
        StaleBookError: It changed meanwhile.
    """
    former, run = read_mark(Package(before, path.name).marks.get(RUN_MARK)), uuid.uuid4().hex
    # Where a clean-up left nothing of ours it stays so.
    if kind != CLEANED or RUN_MARK in Package(after, path.name).marks:
        editor = Editor(after, path.name, force=True)
        editor.set_name(RUN_MARK, write_mark({**former, "run": run}))
        after = editor.save()
    parent, expected = parent_of(history, path, former), hashlib.sha256(before).hexdigest()
    step = Step(run, parent, now(), after, expected, pack(recorded(read(after).rows)), kind, became=became)
    return take(step, path, history, backups)


def rewrite_alone(
    path: Path,
    before: bytes,
    after: bytes,
    kind: str,
    store: str | None,
    read: Callable[[bytes], Plan],
    *,
    backups: Path | None = None,
) -> tuple[Run, Path | None]:
    """Write a master as a step while nobody else is at it; see `rewrite`.

    Raises:
        SyncError: Somebody else is at it.
    """
    with locked(path), database_errors():
        history = open_history(store, path)
        recover(history)
        return rewrite(path, before, after, kind, history, read, backups=backups)
