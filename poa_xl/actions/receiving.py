"""Files that came back: found, read, held against what was sent; many at a time."""

import os
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from sqlalchemy.engine import URL

from poa_xl.actions.comparing import differences
from poa_xl.actions.load import load_one
from poa_xl.books.book import FileBook
from poa_xl.books.carried import foreign_settings
from poa_xl.books.files import BACKUPS, stamp
from poa_xl.books.package import Package, is_book_name, open_package
from poa_xl.core.aliases import Aliases
from poa_xl.core.codes import Code
from poa_xl.core.merge import Block
from poa_xl.core.plan import DECIDED, Kind, Plan
from poa_xl.core.returned import Returned, by_code, examine
from poa_xl.core.text import fold
from poa_xl.errors import PoaError, SyncError
from poa_xl.i18n import say
from poa_xl.sheet.identity import Identity, identity_of
from poa_xl.store.history import History
from poa_xl.store.packing import unpack_rows

# When our own writer says that a workbook was saved; no news.
_WRITER_TIME = "2020-01-01T00:00:00Z"
_FEW = 6
_FILES_PER_PROCESS = 24
_CHUNK = 4


@dataclass(frozen=True)
class Received:
    """What one file brought.

    Attributes:
        file: What it is called: its name, with folders where names repeat.
        path: Where it is.
        sha256: Hash of its bytes; empty when it could not be read.
        author: Who saved it last, as the workbook says.
        saved_at: When, ISO; of the file where the workbook does not say.
        identity: What it says of itself; None for a workbook that no split made.
        unit: Whose it is; the one unit of its operations where it does not say.
        known: Whether what was sent is known.
        rows: Rows of the plan in it.
        passed: Rows that are no part of the plan.
        unknown: Headers of columns that do not come along.
        sheet: Its plan sheet.
        aside: Of other sheets that look like a plan, why they were not taken.
        title: Texts above its header.
        taken: Rows taken, unchanged ones included.
        changed: Rows that changed something in the master.
        problem: Why nothing of it was taken; empty when it was.
        returned: What it brings, held against what was sent.
        plan: Its plan, where it is wanted whole.
    """

    file: str
    path: Path
    sha256: str = ""
    author: str = ""
    saved_at: str = ""
    identity: Identity | None = None
    unit: str = ""
    known: bool = False
    rows: int = 0
    passed: int = 0
    unknown: tuple[str, ...] = ()
    sheet: str = ""
    aside: tuple[str, ...] = ()
    title: tuple[str, ...] = ()
    taken: int = 0
    changed: int = 0
    problem: str = ""
    returned: Returned | None = field(default=None, repr=False)
    plan: Plan | None = field(default=None, repr=False)

    @property
    def rejected(self) -> int:
        """Rows that were not taken."""
        return self.rows - self.taken

    @property
    def base(self) -> str:
        """Key under which the history keeps what this file is held against."""
        return self.identity.base if self.identity is not None and self.known else self.sha256


@dataclass(frozen=True)
class Terms:
    """What files are held against.

    Attributes:
        url: The history; None for none.
        lineage: Runs that the master builds on.
        aliases: The office's list of unit names.
        root: Code of the master's root; empty when nobody knows.
        year: The year that the master plans.
        stated_year: The year as the user states it.
        whole: Whether the plans are wanted whole, because there is no master.
    """

    url: URL | None
    lineage: tuple[str, ...]
    aliases: Aliases
    root: str
    year: int | None
    stated_year: int | None
    whole: bool


def find_books(sources: Sequence[Path], others: Sequence[Path]) -> list[tuple[Path, str]]:
    """Find the workbooks of files and folders, sub-folders included.

    Args:
        sources: Files and folders.
        others: Workbooks to pass over, such as the master.

    Returns:
        Paths in order, each with a name that no other has. Lock files, hidden files and backups are passed over.

    Raises:
        SyncError: A source does not exist, or there is no workbook.
    """
    missing = [str(each) for each in sources if not each.exists()]
    if missing:
        raise SyncError(say("{files}: no existe", files=", ".join(missing)))
    skipped = {each.resolve() for each in others}
    found: dict[Path, Path] = {}
    for source in sources:
        for path in [source] if source.is_file() else sorted(_walk(source)):
            if path.resolve() not in skipped and (path == source or is_book_name(path)):
                found.setdefault(path.resolve(), path)
    if not found:
        raise SyncError(say("{folder}: no hay ningún libro .xlsx o .xlsm", folder=", ".join(map(str, sources))))
    names = defaultdict(list)
    for path in found.values():
        names[path.name].append(path)
    named = [(path, path.name if len(names[path.name]) == 1 else path.as_posix()) for path in found.values()]
    return sorted(named, key=lambda each: each[1])


def _walk(folder: Path) -> Iterator[Path]:
    for top, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".") and name != BACKUPS]
        yield from (Path(top) / name for name in files)


def receive(
    books: Sequence[tuple[Path, str]], terms: Terms, taken: Mapping[str, Received], jobs: int | None = None
) -> Iterator[Received]:
    """Read workbooks, over several processes when there are many.

    Args:
        books: Paths and names.
        terms: What they are held against.
        taken: By hash, files that an earlier run took as a whole: they bring nothing new and are not read.
        jobs: Number of processes; by default one for every two dozen files, as many as there are processors.

    Yields:
        One entry per workbook, in no particular order.
    """
    tasks = []
    for path, name in books:
        same = taken.get(stamp(path) or "") if taken else None
        if same is not None and same.returned is not None:
            yield replace(same, file=name, path=path, returned=replace(same.returned, file=name))
        else:
            tasks.append((path, name, terms))
    wanted = jobs or min(os.cpu_count() or 1, 1 + len(tasks) // _FILES_PER_PROCESS)
    if wanted == 1:
        yield from map(_receive, tasks)
        return
    with ProcessPoolExecutor(wanted) as pool:
        yield from pool.map(_receive, tasks, chunksize=_CHUNK)


def _receive(task: tuple[Path, str, Terms]) -> Received:
    path, name, terms = task
    try:
        package = open_package(path)
        identity = identity_of(package.properties)
        source = load_one(FileBook(path, package), None, terms.stated_year)
    except PoaError as error:
        return Received(name, path, problem=str(error))
    parsed = source.parsed
    plan = terms.aliases.plan(parsed.plan)
    author, moment = saved(package, path)
    units = {row.unit for row in plan.rows if row.kind is Kind.OPERATION and row.unit}
    unit = identity.unit if identity is not None else units.pop() if len(units) == 1 else ""
    received = Received(
        name, path, package.stamp, author, moment, identity, unit, rows=len(plan.rows), passed=len(parsed.passed),
        unknown=tuple(parsed.layout.unknown), sheet=source.sheet, title=parsed.title,
        aside=(*source.aside, *foreign_settings(grid.name for grid in source.book)),
    )  # fmt: skip
    problem = _foreign(identity, terms)
    if problem:
        return replace(received, problem=problem)
    base, loose, known = _base(package.stamp, identity, terms)
    owner = identity.unit if identity is not None else None
    absent = frozenset(DECIDED) - parsed.layout.columns.keys()
    returned = examine(name, plan, base, owner if known else owner or None, loose, absent)
    return replace(received, known=known, returned=returned, plan=plan if terms.whole else None)


def fully_taken(history: History, lineage: Sequence[str]) -> dict[str, Received]:
    """List the last file taken of each sending of which nothing was left open, by its hash.

    Args:
        history: The history.
        lineage: The runs that the master builds on.
    """
    last = {each.base: each for _, each in history.inputs(lineage)}
    sent = history.all_sent(last)
    found = {}
    for key, each in last.items():
        if key not in sent or each.open:
            continue
        was = sent[key]
        found[each.sha256] = Received(
            each.file,
            Path(),
            each.sha256,
            each.author,
            each.saved_at,
            Identity(was.unit, was.plan, was.year, was.version, was.sent_at, was.id),
            each.unit,
            known=True,
            rows=each.read,
            passed=each.passed,
            unknown=tuple(each.unknown.splitlines()),
            sheet=each.sheet,
            returned=Returned(each.file, was.unit, each.read, places=each.places),
        )
    return found


def _foreign(identity: Identity | None, terms: Terms) -> str:
    if identity is None:
        return ""
    if identity.year and terms.year and identity.year != terms.year:
        return say("es de la gestión {year}, y el maestro de {other}", year=str(identity.year), other=str(terms.year))
    if identity.plan and terms.root and identity.plan != terms.root:
        return say("es de otro plan: {plan}, y el maestro es {other}", plan=identity.plan, other=terms.root)
    return ""


def _base(sha256: str, identity: Identity | None, terms: Terms) -> tuple[dict[Code, Block] | None, list[Block], bool]:
    """Give what was sent, by code, as later runs settled it; what has no code; and whether the history knows it."""
    if terms.url is None:
        return None, [], False
    history = _history(terms.url)
    sent = history.sent(identity.base) if identity is not None and identity.base else None
    settled = history.settled(sent.id if sent is not None else sha256, terms.lineage)
    if sent is None and not settled:
        return None, [], False
    plan = terms.aliases.plan(Plan(unpack_rows(sent.content))) if sent is not None else Plan(())
    found, loose = by_code(plan)
    base = {str(code): blocks[0] for code, blocks in found.items() if len(blocks) == 1}
    loose += [block for blocks in found.values() if len(blocks) > 1 for block in blocks]
    base |= {code: block for code, block in settled.items() if block is not None}
    for code, block in settled.items():
        if block is None:
            base.pop(code, None)
    return {_code(block): block for block in base.values()}, loose, sent is not None


def _code(block: Block) -> Code:
    if not isinstance(block.head.code, Code):
        raise TypeError(block.head.code)
    return block.head.code


@lru_cache(maxsize=1)
def _history(url: URL) -> History:
    return History(url, migrate=False)


def saved(package: Package, path: Path) -> tuple[str, str]:
    """Tell who saved a workbook last, empty when it does not say, and when, ISO."""
    part = next(iter(package.related("", "core-properties").values()), None)
    tree = package.tree(part) if part is not None and package.has(part) else None
    texts = {each.tag: (each.text or "").strip() for each in tree} if tree is not None else {}
    moment = texts.get("modified", "")
    if not moment or moment == _WRITER_TIME:
        moment = datetime.fromtimestamp(path.stat().st_mtime, UTC).isoformat(timespec="seconds")
    return texts.get("lastModifiedBy", ""), moment.replace("Z", "+00:00")


# Several files of one unit


def choose(received: Sequence[Received], only: Sequence[str], *, newest: bool, aliases: Aliases) -> Iterator[Received]:
    """Settle which file of a unit counts, where several came.

    Args:
        received: What came.
        only: Names of files that count.
        newest: Take the one saved last.
        aliases: The office's list of unit names.

    Yields:
        The files, those that do not count with a problem that says why. Equal ones count once.

    Raises:
        SyncError: `only` names a file that did not come.
    """
    for name in only:
        if not any(_is_named(each, name) for each in received):
            raise SyncError(say("--only {name}: no hay tal archivo", name=name))
    groups: dict[object, list[Received]] = defaultdict(list)
    for each in received:
        alone = each.problem or each.identity is None
        groups[each.file if alone else ("unit", fold(each.unit))].append(each)
    for group in groups.values():
        yield from group if len(group) == 1 else _choose(group, only, newest=newest, aliases=aliases)


def _choose(group: list[Received], only: Sequence[str], *, newest: bool, aliases: Aliases) -> Iterator[Received]:
    chosen = [each for each in group if any(_is_named(each, name) for name in only)]
    if not chosen and newest:
        latest = max(each.saved_at for each in group)
        chosen = [each for each in group if each.saved_at == latest]
    first = (chosen or group)[0]
    if not chosen and all(_differences(first, each, aliases) == [] for each in group[1:]):
        chosen = [first]
    for each in group:
        others = ", ".join(other.file for other in group if other is not each)
        if len(chosen) == 1 and each is chosen[0]:
            yield each
        elif len(chosen) == 1 and not _differences(chosen[0], each, aliases):
            yield _refused(each, say("es igual a {file}, que ya cuenta", file=chosen[0].file))
        elif len(chosen) == 1:
            yield _refused(each, say("se tomó {file}, de la misma unidad", file=chosen[0].file))
        else:
            other = next(other for other in group if other is not each)
            text = "; ".join(_differences(each, other, aliases)[:_FEW])
            yield _refused(
                each,
                say(
                    "hay otro archivo de la misma unidad: {others}; elegir con --only o --newest; difieren en: {text}",
                    others=others,
                    text=text,
                ),
            )


def _refused(received: Received, problem: str) -> Received:
    return replace(received, problem=problem, returned=None, plan=None)


def _is_named(received: Received, name: str) -> bool:
    return name in (received.file, received.path.name) or Path(name).resolve() == received.path.resolve()


def _differences(one: Received, other: Received, aliases: Aliases) -> list[str]:
    if one.sha256 == other.sha256:
        return []
    plans = [aliases.plan(load_one(FileBook(each.path)).parsed.plan) for each in (one, other)]
    return [
        f"{each.code} {each.field or each.kind}: {each.before or '—'} / {each.after or '—'}"
        for each in differences(*plans)
    ]


def superseded(received: Received, earlier: Mapping[str, Sequence[tuple[int, str, str, str]]]) -> str:
    """Tell why a file is older than what was taken of its unit already; empty when it is not.

    Args:
        received: The file.
        earlier: By base: number of the run, hash, name and time of the files taken so far, in order.
    """
    taken = earlier.get(received.base, ())
    if not taken or taken[-1][1] == received.sha256:
        return ""
    number, _, file, saved = taken[-1]
    if any(sha256 == received.sha256 for _, sha256, _, _ in taken) or received.saved_at < saved:
        return say(
            "es anterior a {file}, ya tomado en la consolidación {number}; --only lo toma igual",
            file=file,
            number=str(number),
        )
    return ""
