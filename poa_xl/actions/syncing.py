"""Many workbooks into one: read, held against what was sent, merged, checked, flagged, written, remembered."""

import contextlib
import uuid
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from poa_xl.actions.against import Terms
from poa_xl.actions.choosing import choose, dated, of_version, placed, superseded
from poa_xl.actions.collecting import rarely_collecting
from poa_xl.actions.consolidated import Result, in_place, made_new, unchanged
from poa_xl.actions.explaining import Context, change_line
from poa_xl.actions.figures import Figures
from poa_xl.actions.gathering import gather
from poa_xl.actions.load import load_one
from poa_xl.actions.master import Existing, Fresh, Master
from poa_xl.actions.merging import merge_into, unite_all
from poa_xl.actions.moment import now
from poa_xl.actions.past.locking import locked
from poa_xl.actions.past.opening import open_history, present_history
from poa_xl.actions.past.recovering import recover
from poa_xl.actions.past.stepping import Step, take
from poa_xl.actions.past.versioning import approved_in
from poa_xl.actions.placing import Placed, put
from poa_xl.actions.receiving import Received, fully_taken, receive, saved
from poa_xl.actions.settings import load_aliases, load_profile
from poa_xl.actions.submissions import worth
from poa_xl.books.book import FileBook
from poa_xl.books.carried import foreign_settings
from poa_xl.books.files import keep_apart, stamp
from poa_xl.books.package import open_package
from poa_xl.books.patch.editor import Editor
from poa_xl.core.aliases import Aliases
from poa_xl.core.blocks import unit_names
from poa_xl.core.outcomes import Fate, Merged, Outcome, Policy, Side
from poa_xl.core.record import recorded
from poa_xl.errors import PoaError, SyncError
from poa_xl.i18n import say
from poa_xl.sheet.identity import identity_of
from poa_xl.sheet.ledger import SENT
from poa_xl.sheet.mark import RUN_MARK, read_mark
from poa_xl.store.history import History, database_errors
from poa_xl.store.packing import pack, pack_settled
from poa_xl.store.records import Entry, Input

Watch = Callable[[Iterable[Received], int], Iterable[Received]]


@dataclass(frozen=True)
class SyncOptions:
    """How to consolidate.

    Attributes:
        prefer: Whose value wins a conflict; None for nobody's.
        accept_removals: Take rows away that a unit took away.
        only: Files that count where several of one unit came.
        newest: Of several files of one unit, the one saved last counts.
        dry_run: Write nothing.
        output: Write here instead; the master stays as it is.
        jobs: Number of processes; None to choose by the number of files.
        store: Where the history is; by default beside the master.
        aliases: The office's list of unit names; by default `unidades.toml` beside master or sources.
        year: The year planned; by default the commonest of the dates.
        sheet: The plan sheet of the master, when it has several.
        force: Edit a digitally signed master too.
        watch: Wraps the files as they are read, to show how far it is; gets their number too.
    """

    prefer: Side | None = None
    accept_removals: bool = False
    only: tuple[str, ...] = ()
    newest: bool = False
    dry_run: bool = False
    output: Path | None = None
    jobs: int | None = None
    store: str | None = None
    aliases: Path | None = None
    year: int | None = None
    sheet: str | None = None
    force: bool = False
    watch: Watch = lambda files, _: files


@dataclass(frozen=True)
class Synced:
    """What a consolidation came to. Of every file, rows read = rows taken + rows rejected.

    Attributes:
        received: One entry per file, in order of name.
        outcomes: What became of every change that a file asked for.
        result: The consolidated plan and all that goes with it.
        notes: What else there is to say, sentences.
        run: Number of the run in the history; None when nothing was written.
        path: The workbook written; None when nothing was.
        backup: What stood there before.
    """

    received: tuple[Received, ...]
    outcomes: tuple[Outcome, ...]
    result: Result
    notes: tuple[str, ...] = ()
    run: int | None = None
    path: Path | None = None
    backup: Path | None = None

    @property
    def is_clean(self) -> bool:
        """Whether everything was taken."""
        return not any(each.problem for each in self.received) and not any(o.fate.is_open for o in self.outcomes)


@dataclass
class _Work:
    """A consolidation under way.

    Attributes:
        path: Where the master is.
        target: What is written.
        options: How to consolidate.
        history: The history; None for none.
        names: The office's list of unit names.
        master: The master, or that there is none.
        notes: What there is to say.
        moment: When, ISO.
        run: Its id.
    """

    path: Path
    target: Path
    options: SyncOptions
    history: History | None
    names: Aliases
    master: Master = field(default_factory=Fresh)
    notes: list[str] = field(default_factory=list)
    moment: str = field(default_factory=now)
    run: str = field(default_factory=lambda: uuid.uuid4().hex)


@rarely_collecting()
def sync(sources: Sequence[Path], master: Path, options: SyncOptions | None = None) -> Synced:
    """Consolidate workbooks into the master.

    Args:
        sources: Workbooks, and folders that hold some.
        master: The regional plan. If it does not exist, it is made from what came.
        options: How.

    Raises:
        SyncError: There is nothing to consolidate, somebody else is at it, or the master cannot be edited in place;
            the message says why and what to do.
        BookError: The master cannot be read or written.
        StaleBookError: The master changed meanwhile.
    """
    chosen = options or SyncOptions()
    target = chosen.output or master
    keep_apart(chosen.output, master, *sources)
    with contextlib.nullcontext() if chosen.dry_run else locked(target), database_errors():
        work = _begin(sources, master, target, chosen)
        received = _receive(work, sources)
        if isinstance(work.master, Fresh):
            return _finish(work, received, unite_all(received), None)
        place = partial(_put, work, work.master) if _keeps_the_masters_form(work, work.master) else None
        policy = Policy(chosen.prefer, chosen.accept_removals)
        merged, placed, notes = merge_into(work.master, received, policy, place)
        work.notes += notes
        return _finish(work, received, merged, placed)


def _begin(sources: Sequence[Path], master: Path, target: Path, options: SyncOptions) -> _Work:
    history = present_history(options.store, master) if options.dry_run else open_history(options.store, master)
    if history is not None and not options.dry_run:
        recover(history)
    folders = [each if each.is_dir() else each.parent for each in sources]
    work = _Work(master, target, options, history, load_aliases(options.aliases, master.parent, *folders))
    if master.exists():
        package = open_package(master)
        opened = load_one(FileBook(master, package), options.sheet, options.year, load_profile(None, master.parent))
        mark = read_mark(package.marks.get(RUN_MARK))
        work.master = Existing(opened, package.data, package.stamp, mark, saved(package, master), work.names)
        work.notes += [*opened.aside, *foreign_settings(grid.name for grid in opened.book)]
        identity = identity_of(package.properties)
        if identity is not None:
            raise SyncError(
                say("{file}: es el libro de {unit}, no el maestro", file=master.name, unit=identity.unit or "—")
            )
    return work


def _receive(work: _Work, sources: Sequence[Path]) -> list[Received]:
    """Read the files, and keep of each what it changes and where its rows stand in the master."""
    options, history = work.options, work.history
    lineage = tuple(history.lineage(work.master.run)) if history is not None else ()
    plan = work.master.plan
    year = options.year or plan.planned_year
    url = history.url if history is not None else None
    is_fresh = isinstance(work.master, Fresh)
    taken = {} if history is None or is_fresh else fully_taken(history, lineage)
    master = work.master
    terms = Terms(url, lineage, work.names, master.root, year, options.year, is_fresh, master.profile, master.own)
    files = gather(sources, [work.path, work.target])
    read = options.watch(receive(files, terms, taken, options.jobs), len(files))
    copies = history.copies() if history is not None else {}
    latest = history.latest(terms.root, plan.planned_year) if history is not None else {}
    units = [*unit_names(plan).values(), *(history.units(terms.root, plan.planned_year) if history is not None else ())]
    carried = {"run": work.master.run} if work.master.run else {}
    approved = approved_in(history, work.path, carried) if history is not None else ""
    came = [
        dated(placed(replace(each, status=SENT) if each.sha256 in copies else each, units), latest)
        for each in sorted(read, key=lambda each: each.file)
    ]
    came = [of_version(each, approved) for each in came] if approved else came
    received = list(choose(came, options.only, newest=options.newest, aliases=work.names, profile=master.profile))
    earlier: dict[str, list[tuple[int, str, str, str]]] = defaultdict(list)
    for past in history.taken(lineage) if history is not None else ():
        earlier[past.base].append((past.run, past.sha256, past.file, past.saved_at))
    for number, each in enumerate(received):
        is_chosen = each.file in options.only or each.path.name in options.only
        late = "" if each.problem or is_chosen else superseded(each, earlier)
        if late:
            untaken = replace(each, returned=None, plan=None, instead=earlier[each.base][-1][2])
            is_sent = each.status == SENT
            received[number] = replace(untaken, note=late, rows=0) if is_sent else replace(untaken, problem=late)
    unknown = [each.file for each in received if each.identity is not None and not each.known and each.returned]
    if unknown and not is_fresh:
        text = ", ".join(unknown)
        work.notes.append(
            say("no se sabe qué se envió (la historia no lo tiene); se compara a dos: {files}", files=text)
        )
    return sorted(received, key=lambda each: each.file)


def _keeps_the_masters_form(work: _Work, master: Existing) -> bool:
    """Whether what is written is the master's own workbook: in its place, or a copy of it where its form is another."""
    return work.options.output is None or master.opened.layout.recognised is not None


def _put(work: _Work, master: Existing, merged: Merged) -> Placed:
    """Put a merged plan into the master's workbook."""
    with _offering_another(work):
        editor = Editor(master.data, work.path.name, force=work.options.force)
        placed = put(editor, master.opened, merged, work.options.year)
    if not merged.is_as_it_was and not placed.barred:
        work.notes += Figures(placed.opened).outdated(Figures(master.opened))
    if editor.unmoved:
        work.notes.append(
            say(
                "hay fórmulas que miran varias hojas a la vez; con las filas nuevas siguen mirando las mismas celdas, "
                "como en Excel; conviene revisarlas: {formulas}",
                formulas=", ".join(editor.unmoved),
            )
        )
    return placed


@contextlib.contextmanager
def _offering_another(work: _Work) -> Iterator[None]:
    """Say of a master that cannot be edited in place that another workbook can be written."""
    try:
        yield
    except PoaError as error:
        if work.options.output is not None:
            raise
        raise SyncError(
            say("{error}; con -o NUEVO.xlsx se escribe un libro consolidado aparte", error=error)
        ) from error


# The result


def _finish(work: _Work, received: Sequence[Received], merged: Merged, placed: Placed | None) -> Synced:
    changed: dict[str, set[object]] = defaultdict(set)
    for each in merged.outcomes:
        if each.fate in (Fate.TAKEN, Fate.ADDED, Fate.REMOVED):
            changed[each.file].add((each.code, each.line))
    received = [
        replace(
            each,
            taken=merged.taken.get(each.file, 0),
            changed=len(changed[each.file]),
            status=worth(each, merged.outcomes),
        )
        for each in received
    ]
    context = Context(work.run, work.moment, work.names, work.master, work.history, tuple(received), merged)
    master = work.master
    if placed is None or isinstance(master, Fresh):
        result = made_new(context, work.target.name, work.options.year)
    elif not work.options.dry_run and work.options.output is None and _is_old(work, received, merged):
        notes = (*work.notes, say("nada cambió desde la última consolidación; no se escribió nada"))
        return Synced(tuple(received), merged.outcomes, unchanged(context, master), notes)
    else:
        with _offering_another(work):
            result = in_place(context, master, placed, work.options.year)
    done = Synced(tuple(received), merged.outcomes, result, (*work.notes, *result.notes))
    if work.options.dry_run or work.history is None:
        return done
    if not any(each.returned for each in received):
        return replace(done, notes=(*done.notes, say("ningún archivo se pudo tomar; no se escribió nada")))
    return _write(work, done, merged)


def _is_old(work: _Work, received: Sequence[Received], merged: Merged) -> bool:
    """Return whether the master is already what this run would make of it."""
    if work.history is None:
        return False
    known = {each.sha256 for each in work.history.taken(work.history.lineage(work.master.run))}
    came = [each.sha256 for each in received if each.returned is not None]
    decided = any(each.fate in (Fate.MASTER, Fate.REMOVED) for each in merged.outcomes)
    return bool(came) and known.issuperset(came) and merged.is_as_it_was and not decided


def _write(work: _Work, done: Synced, merged: Merged) -> Synced:
    """Write the history first, then the workbook; whichever is cut short, the workbook tells which it is."""
    history, target = work.history, work.target
    if history is None:
        return done
    before = None if isinstance(work.master, Fresh) else work.master.stamp
    expected = before if target == work.path else stamp(target)
    units = {each.file: each.unit for each in done.received}
    waiting = Counter(each.file for each in done.outcomes if each.fate.is_open)
    inputs = [
        Input(
            each.sha256,
            each.file,
            each.unit,
            each.base,
            each.author,
            each.saved_at,
            each.rows,
            each.taken,
            waiting[each.file],
            each.sheet,
            each.passed,
            "\n".join(each.unknown),
            each.returned.places,
            pack_settled(merged.settled.get(each.file, {})),
            each.status,
        )
        for each in done.received
        if each.returned is not None
    ]
    entries = [_entry(each, units) for each in done.outcomes]
    content = pack(recorded(done.result.plan.rows))
    step = Step(
        work.run, work.master.run, work.moment, done.result.data, expected, content, read=inputs, became=entries
    )
    run, kept = take(step, target, history)
    return replace(done, run=run.number, path=target, backup=kept)


def _entry(outcome: Outcome, units: dict[str, str]) -> Entry:
    line = change_line(outcome, units, {})
    return Entry(
        line.fate,
        line.code,
        outcome.line,
        line.field,
        line.master,
        line.theirs,
        line.unit,
        line.file,
        line.cell,
        line.reason,
    )
