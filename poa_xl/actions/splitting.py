"""One workbook per executing unit, its flags live: they follow every change with no Python at all.

What each unit gets is kept in the history, to be held against what it sends back.
"""

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from poa_xl.actions.apart import apart, guarded, processes
from poa_xl.actions.collecting import rarely_collecting
from poa_xl.actions.cutting import Cutter
from poa_xl.actions.inplace import in_the_way, sent_key
from poa_xl.actions.load import load_one
from poa_xl.actions.moment import now
from poa_xl.actions.naming import file_name, root_of, sheet_name, title_of
from poa_xl.actions.past.opening import open_history, present_history
from poa_xl.actions.past.versioning import approved_in
from poa_xl.actions.recording import tracking_of
from poa_xl.actions.regional import SENT
from poa_xl.actions.rereading import kept_texts
from poa_xl.actions.settings import load_aliases, load_profile
from poa_xl.actions.tracking import Known, known_of, reported_plan
from poa_xl.books import files
from poa_xl.books.book import FileBook
from poa_xl.books.package import Package, open_package
from poa_xl.books.patch.custom import with_properties
from poa_xl.books.writer import draw
from poa_xl.books.writer import pack as pack_book
from poa_xl.core.blocks import split
from poa_xl.core.checks import check
from poa_xl.core.codes import Code
from poa_xl.core.flags import flag
from poa_xl.core.keys import keyed, keys_of
from poa_xl.core.numbering import Turn, turns
from poa_xl.core.offers import View, lost_rows
from poa_xl.core.outcomes import Limits, Policy
from poa_xl.core.plan import Kind, Plan
from poa_xl.core.record import recorded
from poa_xl.core.text import fold
from poa_xl.errors import LayoutError, PoaError, SyncError
from poa_xl.i18n import say
from poa_xl.sheet.cells import shown
from poa_xl.sheet.identity import Identity
from poa_xl.sheet.render import Flagged, place
from poa_xl.sheet.spec import SheetSpec
from poa_xl.sheet.unit import SPARES, room, unit_sheet
from poa_xl.store.history import History, database_errors
from poa_xl.store.packing import pack
from poa_xl.store.records import Sent

# So many workbooks are kept in memory before they are written down in the history, all of them at once.
_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Part:
    """The workbook of a unit: its operations, their lines, and the groups above them.

    Attributes:
        path: Where it is.
        unit: Whose it is.
        groups: Rows that are groups.
        operations: Rows that are operations.
        lines: Rows that are partida lines.
        backup: What stood there before; None when nothing did, or it was the same.
        problem: Why it could not be written; empty when it was.
        doubts: Of rows whose changes could not be taken when they come back, which and why; and which figures of the
            whole office were left out.
    """

    path: Path
    unit: str
    groups: int
    operations: int
    lines: int
    backup: Path | None = None
    problem: str = ""
    doubts: tuple[str, ...] = ()


@rarely_collecting()
def split_book(  # noqa: PLR0913 - one for each option of the command
    master: Path,
    folder: Path | None = None,
    sheet: str | None = None,
    aliases: Path | None = None,
    year: int | None = None,
    store: str | None = None,
    *,
    resend: bool = False,
    jobs: int | None = None,
    units: Collection[str] = (),
    dry_run: bool = False,
) -> list[Part]:
    """Write the workbook of each unit.

    Args:
        master: The regional plan.
        folder: Where the workbooks go, by default `enviados` beside the master; it is made when missing.
        sheet: The plan sheet of the master, when it has several.
        aliases: The office's list of unit names; by default `unidades.toml` beside the master.
        year: The year planned; by default the commonest of the dates.
        store: Where the history is; by default beside the master.
        resend: Put new workbooks also in the place of files that are not as they were sent; backups of them stay.
        jobs: Number of processes that draw; None to choose by the number of units.
        units: Only workbooks of these units; by default of all.
        dry_run: Write nothing, and say what would be written.

    Returns:
        One entry per unit; those that could not be written say why, and do not stop the others.

    Raises:
        SyncError: A file in the way is not what was sent: an answer, or somebody else's. Nothing was written. Or there
            is no such unit.
        BookError: The master cannot be read, or the history does not open.
        LayoutError: The master holds no plan, or several.
    """
    package = open_package(master)
    source = load_one(FileBook(master, package), sheet, year, load_profile(None, master.parent))
    names = load_aliases(aliases, master.parent)
    plan = names.plan(reported_plan(source))
    root = root_of(plan)
    cutter = None
    if source.layout.recognised is not None:
        keys = keys_of(plan, by_row=source.layout.profile.by_row)
        plan = keyed(plan, keys)
        cutter = Cutter(package.data, master, source, plan, keys)
    if not plan.rows:
        raise LayoutError(say("{file}: el plan no tiene ninguna fila", file=master.name))
    target = folder if folder is not None else master.parent / SENT
    taken: set[str] = set()
    suffix = master.suffix.lower() if cutter is not None else ".xlsx"
    parts = {(target / file_name(unit, taken)).with_suffix(suffix): (unit, part) for unit, part in split(plan).items()}
    parts = _of(parts, units)
    name, title = source.sheet if cutter is not None else sheet_name(plan), source.parsed.title or title_of(plan)
    moment = now()
    view, given = View(plan, Policy(), Limits()), turns(plan)
    tracking = known_of(source)
    written: dict[Path, Part] = {}
    with database_errors():
        if dry_run:
            in_the_way(parts, master, present_history(store, master), names, resend=resend)
            return [_part(path, unit, part) for path, (unit, part) in parts.items()]
        history = open_history(store, master)
        present = in_the_way(parts, master, history, names, resend=resend)
        approved = approved_in(history, master, source.carried)
        tasks = [
            _Task(
                path,
                unit,
                part,
                name,
                (*title, unit or say("Sin unidad")),
                given.get(fold(unit), {}),
                tracking,
                cutter,
                approved,
            )
            for path, (unit, part) in parts.items()
        ]
        # A process of its own would get the whole master for each unit.
        drawn = _all_drawn(tasks, processes(len(tasks), jobs) if cutter is None else 1)
        while some := list(islice(drawn, _AT_ONCE)):
            books = [each for each in some if isinstance(each, _Drawn)]
            written |= {each.path: each for each in some if isinstance(each, Part)}
            for each, data in _recorded(history, books, root, plan.planned_year, moment):
                path, unit = each.task.path, each.task.unit
                part = _write(path, unit, each.task.part, data, present[path])
                written[path] = replace(part, doubts=(*each.said, *_doubts(view, each.plan, unit)))
    return [written[path] for path in parts]


@dataclass(frozen=True)
class _Task:
    """A unit's workbook to be drawn."""

    path: Path
    unit: str
    part: Plan
    sheet: str
    title: Sequence[str]
    turns: Mapping[Code, Turn]
    tracking: Known | None = None
    cutter: Cutter | None = None
    approved: str = ""


@dataclass(frozen=True)
class _Drawn:
    """A unit's workbook, not packed yet, its plan as it will be read again, its rows as one text each, what is said."""

    task: _Task
    book: bytes
    plan: Plan
    texts: bytes = b""
    said: tuple[str, ...] = ()

    def packed(self, identity: Identity) -> bytes:
        """Return the bytes of a workbook that says whose it is."""
        if self.task.cutter is not None:
            return with_properties(self.book, self.task.path.name, identity.properties)
        return pack_book(self.book, identity.properties)


def _all_drawn(tasks: Sequence[_Task], jobs: int) -> Iterator[_Drawn | Part]:
    """Draw workbooks, in processes where there are many; one that cannot be drawn is a part with its problem."""
    here = (guarded(_draw, task, _called(task)) for task in tasks)
    for done in apart(_draw, tasks, _called, jobs) if jobs > 1 else here:
        yield done.found or _part(done.task.path, done.task.unit, done.task.part, done.problem)


def _called(task: _Task) -> str:
    return task.path.name


def _draw(task: _Task) -> _Drawn:
    """Draw a unit's workbook, or cut it out of the master, and read it again."""
    if task.cutter is not None:
        draft = task.cutter.draft(task.unit, task.part, task.path.name, task.tracking)
        return _Drawn(task, draft.data, draft.plan, said=draft.said)
    book = draw(_images(task), Identity("", turns=task.turns, approved=task.approved).properties)
    package = Package(book, task.path.name)
    opened = load_one(FileBook(task.path, package))
    return _Drawn(task, book, reported_plan(opened), kept_texts(package, opened))


def _recorded(
    history: History, books: Sequence[_Drawn], root: str, year: int | None, moment: str
) -> list[tuple[_Drawn, bytes]]:
    """Pack workbooks once they are written down: none is about that the history does not know."""
    rows = [
        Sent(
            sent_key(root, year, each.task.unit, each.plan),
            root,
            year,
            each.task.unit,
            0,
            moment,
            each.task.path.name,
            pack(recorded(each.plan.rows)),
            each.task.approved,
            each.texts,
        )
        for each in books
    ]
    sent = history.send(rows)
    packed = [each.packed(_identity(as_sent, each.task)) for each, as_sent in zip(books, sent, strict=True)]
    keys = (each.id for each in sent)
    history.copied({hashlib.sha256(data).hexdigest(): key for data, key in zip(packed, keys, strict=True)})
    return list(zip(books, packed, strict=True))


def _identity(sent: Sent, task: _Task) -> Identity:
    """Return what a workbook says of itself."""
    return Identity(
        sent.unit, sent.plan, sent.year, sent.version, sent.sent_at, sent.id, task.sheet, task.turns, sent.approved
    )


def _doubts(view: View, read: Plan, unit: str) -> Iterator[str]:
    for row, reason in lost_rows(view, read, unit):
        yield say(
            "fila {line} ({code}): {reason}; lo que la unidad cambie en ella no se podrá tomar",
            line=row.line,
            code=shown(row.code) or row.name,
            reason=reason,
        )


def _part(path: Path, unit: str, part: Plan, problem: str = "") -> Part:
    groups, operations, lines = ([row.kind for row in part.rows].count(kind) for kind in Kind)
    return Part(path, unit, groups, operations, lines, problem=problem)


def _write(path: Path, unit: str, part: Plan, data: bytes, present: str | None) -> Part:
    written = _part(path, unit, part)
    try:
        return replace(written, backup=files.replace(path, data, expected=present))
    except PoaError as error:
        return replace(written, problem=str(error))


def _of(parts: Mapping[Path, tuple[str, Plan]], units: Collection[str]) -> dict[Path, tuple[str, Plan]]:
    """Leave the workbooks of some units, by their names; all where none are named.

    Raises:
        SyncError: There is no such unit.
    """
    known = {fold(unit): unit for unit, _ in parts.values()}
    absent = [unit for unit in units if fold(unit) not in known]
    if absent:
        raise SyncError(
            say(
                "en el plan no está la unidad «{unit}»; están: {units}",
                unit=absent[0],
                units=", ".join(filter(None, known.values())),
            )
        )
    wanted = {fold(unit) for unit in units} or {*known}
    return {path: (unit, part) for path, (unit, part) in parts.items() if fold(unit) in wanted}


def _images(task: _Task) -> list[SheetSpec]:
    """Draw what a unit gets: its plan, and its `Seguimiento` where the master has one."""
    placed = place(task.part, task.path.name, task.sheet, task.title, room(task.part), SPARES)
    findings = check(placed)
    flags = flag(placed, findings)
    images = [unit_sheet(placed, task.sheet, task.title, Flagged(flags, findings), task.turns)]
    if task.tracking is not None:
        reported = {row.line: row.reported for row in placed.rows}
        image = tracking_of(placed, flags, task.sheet, reported, task.tracking)
        image.protect = True
        images.append(image)
    return images
