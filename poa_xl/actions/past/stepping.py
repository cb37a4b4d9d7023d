"""A step of a master: the history is written first, then the workbook; whichever is cut short, the workbook tells."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from poa_xl.actions.past.opening import relative
from poa_xl.actions.past.recovering import recover
from poa_xl.books.files import backup_name, replace
from poa_xl.store.history import History
from poa_xl.store.records import PENDING, SYNC, Entry, Input, Run, Version


@dataclass(frozen=True)
class Step:
    """What a workbook is to become, and what the history is to know of it.

    Attributes:
        run: Id of the run; the workbook carries it.
        parent: The run that the workbook carried before; None for none.
        moment: When, ISO.
        data: The workbook to be written.
        expected: Hash of what stands there; None for nothing.
        content: The plan that comes of it, packed.
        kind: What the run is.
        read: The files that it read.
        became: What became of every change.
        version: The version that it approves.
    """

    run: str
    parent: str | None
    moment: str
    data: bytes
    expected: str | None
    content: bytes
    kind: str = SYNC
    read: Sequence[Input] = ()
    became: Sequence[Entry] = ()
    version: Version | None = None


def take(step: Step, target: Path, history: History, backups: Path | None = None) -> tuple[Run, Path | None]:
    """Write a step; give its run with the number that it got, and the backup of what stood there.

    Raises:
        BookError: The workbook cannot be written.
        StaleBookError: It changed meanwhile.
    """
    backup = backup_name(target, backups) if step.expected is not None else None
    run = Run(
        step.run,
        0,
        step.parent,
        PENDING,
        step.moment,
        relative(history, target),
        step.expected,
        hashlib.sha256(step.data).hexdigest(),
        relative(history, backup) if backup else None,
        step.kind,
    )
    run = history.begin(run, step.content, step.read, step.became, step.version)
    try:
        kept = replace(target, step.data, expected=step.expected, backup=backup)
    finally:
        recover(history)
    return run, kept
