"""What a history keeps: what was sent, the steps of a master, the files that they read, what became of every change."""

from collections.abc import Mapping
from dataclasses import dataclass

from poa_xl.core.blocks import Block

# Where a history stands that nobody put elsewhere: in this folder beside its master, under this name.
FOLDER, FILE = ".poa", "history.sqlite"
PENDING, DONE, UNDONE = "pending", "done", "undone"
# What a run can be.
SYNC, APPROVAL, MODIFICATIONS = "sync", "approval", "modifications"
TRACKED, CLOSING = "tracked", "closing"
UPDATED, CLEANED = "updated", "cleaned"

Settled = Mapping[str, Block | None]


@dataclass(frozen=True, slots=True)
class Sent:
    """What a unit was sent.

    `id` is the hash of `content`, `approved` the name of the approved version of then, `texts` what `kept_texts` gave
    of the workbook that went out last; None or nothing where it is not known.
    """

    id: str
    plan: str
    year: int | None
    unit: str
    version: int
    sent_at: str
    file: str
    content: bytes
    approved: str = ""
    texts: bytes | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """A consolidation, or whatever else `kind` says: the master before and after by hash, and the backup."""

    id: str
    number: int
    parent: str | None
    state: str
    started_at: str
    master: str
    before: str | None
    after: str
    backup: str | None
    kind: str = SYNC


@dataclass(frozen=True, slots=True)
class Version:
    """A version of the plan that somebody approved.

    Attributes:
        run: The run that approved it; what it holds is that run's plan.
        name: What it is called: Aprobado, Reformulado 1.
        resolution: The document that approves it.
        day: Its day, ISO.
        author: Who wrote it down.
        sha256: Hash of what it holds.
    """

    run: str
    name: str
    resolution: str
    day: str
    author: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Taken:
    """A file that an earlier run read: which run, and what there is to say of it; see `Input`."""

    run: int
    sha256: str
    file: str
    unit: str
    base: str
    author: str
    saved_at: str
    read: int
    taken: int
    open: int
    status: str


@dataclass(frozen=True, slots=True)
class Input:
    """A file that a run read.

    `base` names what it was held against; `open` counts what waits for somebody; `unknown` are headers, one a line;
    `places` are as in `Returned`; `status` is what the answer was worth, as `Envíos` says it.
    """

    sha256: str
    file: str
    unit: str
    base: str
    author: str
    saved_at: str
    read: int
    taken: int
    open: int
    sheet: str
    passed: int
    unknown: str
    places: str
    settled: bytes
    status: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """What became of one change, in words."""

    fate: str
    code: str
    line: int
    field: str
    before: str
    after: str
    unit: str
    file: str
    cell: str
    reason: str


@dataclass(frozen=True, slots=True)
class Past:
    """A change with its run: number, time, and whether the run was undone since."""

    run: int
    time: str
    undone: bool
    author: str
    entry: Entry
