"""Files that came back: found, read, held against what was sent; many at a time."""

import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from poa_xl.actions.against import Base, Terms, base_of
from poa_xl.actions.apart import apart, processes
from poa_xl.actions.converting import package_of
from poa_xl.actions.cutting import with_sent_keys
from poa_xl.actions.gathering import Found
from poa_xl.actions.load import Opened, beside, find_plan, find_plans
from poa_xl.actions.otherwise import named, said_elsewhere
from poa_xl.actions.rereading import reread
from poa_xl.books.book import FileBook
from poa_xl.books.carried import foreign_settings
from poa_xl.books.files import stamp
from poa_xl.books.package import Package
from poa_xl.books.xml import parse_tree
from poa_xl.core.blocks import Block
from poa_xl.core.codes import Code
from poa_xl.core.plan import DECIDED, Kind, Plan, Row
from poa_xl.core.returned import Returned, examine
from poa_xl.core.text import fold
from poa_xl.errors import LayoutError, PoaError
from poa_xl.i18n import say
from poa_xl.sheet.headers import Layout
from poa_xl.sheet.identity import UNIT, Identity, identity_of
from poa_xl.sheet.ledger import PARTIAL
from poa_xl.sheet.own import places
from poa_xl.sheet.rows import Outside
from poa_xl.store.history import History

# When our own writer says that a workbook was saved; no news.
_WRITER_TIME = "2020-01-01T00:00:00Z"
_MOST_META = 1_000_000


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
        strays: Of those, the numbers of rows that state an amount and do not say whose.
        elsewhere: By sheet, what a copy of the plan sheet says and that itself does not: cells.
        unknown: Headers of columns that do not come along.
        lacking: Captions of columns that were sent, with something in them, and did not come back.
        sheet: Its plan sheet.
        aside: Of other sheets that look like a plan, why they were not taken.
        title: Texts above its header.
        taken: Rows taken, unchanged ones included.
        changed: Rows that changed something in the master.
        problem: Why nothing of it was taken; empty when it was.
        instead: The file of its unit that counts in its place; empty when it counts itself, or none does.
        note: What else there is to know about it.
        is_same: Whether it says what was sent.
        status: What its answer is worth, one of the words of `Envíos`; empty until that is known.
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
    strays: tuple[int, ...] = ()
    elsewhere: Mapping[str, Sequence[str]] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()
    sheet: str = ""
    aside: tuple[str, ...] = ()
    title: tuple[str, ...] = ()
    taken: int = 0
    changed: int = 0
    problem: str = ""
    instead: str = ""
    note: str = ""
    is_same: bool = False
    status: str = ""
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


def receive(
    files: Sequence[Found], terms: Terms, taken: Mapping[str, Received], jobs: int | None = None
) -> Iterator[Received]:
    """Read workbooks in processes of their own: what one of them does to its reader is no other's problem.

    Args:
        files: What came back.
        terms: What they are held against.
        taken: By hash, files that an earlier run took as a whole: they bring nothing new and are not read.
        jobs: Number of processes; by default one for every two dozen files, as many as there are processors.

    Yields:
        One entry per file, in no particular order.
    """
    tasks = []
    for each in files:
        same = _known(each.path, taken) if not each.problem else None
        if each.problem:
            yield Received(each.name, each.path, problem=each.problem)
        elif same is not None and same.returned is not None:
            returned = replace(same.returned, file=each.name)
            yield replace(same, file=each.name, path=each.path, note=each.note, returned=returned)
        else:
            tasks.append((each, terms))
    for done in apart(receive_one, tasks, lambda task: task[0].name, processes(len(tasks), jobs)):
        found, _ = done.task
        yield done.found or Received(found.name, found.path, problem=done.problem, note=found.note)


def _known(path: Path, taken: Mapping[str, Received]) -> Received | None:
    try:
        return taken.get(stamp(path) or "") if taken else None
    except OSError:  # whoever reads it will say so
        return None


def receive_one(task: tuple[Found, Terms]) -> Received:
    """Read one file: `receive` does so for many."""
    found, terms = task
    path, name = found.path, found.name
    identity: Identity | None = None
    received = Received(name, path, note=found.note)
    try:
        package = package_of(path)
        identity = identity_of(package.properties)
        author, moment = saved(package, path)
        unit = identity.unit if identity is not None else ""
        received = replace(received, sha256=package.stamp, author=author, saved_at=moment, identity=identity, unit=unit)
        base = base_of(package.stamp, identity, terms)
        known = reread(package, base.as_sent, terms.stated_year) if base.as_sent is not None else None
        source = known or _open(FileBook(path, package), base, terms)
    except PoaError as error:
        return replace(received, unit=received.unit or _unit_of_other(path), problem=str(error))
    parsed = source.parsed
    plan = _plan(source, base, terms)
    units = {row.unit for row in plan.rows if row.kind is Kind.OPERATION and row.unit}
    if identity is None and len({fold(each) for each in units}) == 1:
        received = replace(received, unit=units.pop())
    received = replace(
        received,
        rows=len(plan.rows),
        passed=len(parsed.passed),
        unknown=_strange(parsed.layout, terms.own),
        strays=tuple(each.line for each in parsed.passed if each.kind is Outside.AMOUNT),
        sheet=source.sheet,
        title=parsed.title,
        aside=(*source.aside, *foreign_settings(grid.name for grid in source.book)),
    )
    problem = _foreign(identity, terms) or base.problem
    if problem:
        return replace(received, problem=problem)
    owner = identity.unit if identity is not None else None

    def held(opened: Opened, plan: Plan, against: Mapping[Code, Block] | None) -> Returned:
        absent = frozenset((*DECIDED, *terms.own)) - places(opened.layout).keys()
        return examine(name, plan, against, owner if base.known else owner or None, base.loose, absent)

    returned = held(source, plan, base.blocks)
    against_sent = returned if base.blocks is base.sent else held(source, plan, base.sent)
    is_same = base.known and not against_sent.is_news
    elsewhere = (
        said_elsewhere(
            source,
            base.blocks or {},
            returned,
            lambda other: held(other, _plan(other, base, terms), base.blocks),
            terms.stated_year,
            terms.profile,
        )
        if base.known
        else {}
    )
    if elsewhere and (is_same or not returned.is_news):
        text = say(
            "la hoja «{sheet}» está como se envió y lo que cambió está en una copia: {told}; dejar en el libro solo "
            "la hoja que vale",
            sheet=source.sheet,
            told=named(elsewhere),
        )
        return replace(received, problem=text)
    return replace(
        received,
        known=base.known,
        is_same=is_same,
        elsewhere=elsewhere,
        lacking=tuple(base.lacking(parsed.layout, terms.profile)),
        returned=returned,
        plan=plan if terms.whole else None,
    )


def _plan(source: Opened, base: Base, terms: Terms) -> Plan:
    """Return the plan of a sheet, with the codes, names and reports that the office knows its rows by."""
    plan = base.renamed(terms.aliases.plan(with_sent_keys(source, base.reported(source, source.plan))))
    return replace(plan, rows=tuple(_with_columns(row, terms.own) for row in plan.rows))


def _with_columns(row: Row, names: frozenset[str]) -> Row:
    """Return a row with what stands in some of the office's own columns alone."""
    if row.own.keys() <= names:
        return row
    return replace(row, own={name: value for name, value in row.own.items() if name in names})


def _strange(layout: Layout, names: frozenset[str]) -> tuple[str, ...]:
    """Return the headings of the columns that do not come along."""
    known = {column for name, column in places(layout).items() if name in names}
    return tuple(text for text, column in layout.unknown.items() if column not in known)


def _open(book: FileBook, base: Base, terms: Terms) -> Opened:
    """Open the plan of a workbook; of several equally good sheets the one that holds most of what was sent.

    Raises:
        BookError: It cannot be read.
        LayoutError: It holds no plan, or nobody can say which.
    """
    workbook = book.read()
    try:
        return find_plan(workbook, None, terms.stated_year, profile=terms.profile)
    except LayoutError:
        found = find_plans(workbook, None, terms.stated_year, terms.profile)
    shared = [len(base.codes & {row.code for row in each.plan.rows}) for each in found]
    if shared.count(max(shared)) > 1:
        names = ", ".join(f"«{each.sheet}»" for each in found)
        raise LayoutError(
            say(
                "{file}: hay más de una hoja con un plan: {names}; dejar en el libro solo la que vale",
                file=book.name,
                names=names,
            )
        )
    best = found[shared.index(max(shared))]
    return replace(best, aside=(*beside(each.sheet for each in found if each is not best), *best.aside))


def _unit_of_other(path: Path) -> str:
    """Return whose a workbook is that Calc saved in its own format; nothing when that does not say so."""
    try:
        with zipfile.ZipFile(path) as package:
            tree = parse_tree(package.read("meta.xml")[:_MOST_META], path.name)
    except (OSError, KeyError, ValueError, RuntimeError, NotImplementedError, zipfile.BadZipFile, PoaError):
        return ""
    named = (each for each in tree.iter("user-defined") if each.get("name", "").strip() == UNIT)
    return next(((each.text or "").strip() for each in named), "")


def fully_taken(history: History, lineage: Sequence[str]) -> dict[str, Received]:
    """List the last file taken of each sending of which nothing was left open, by its hash.

    Args:
        history: The history.
        lineage: The runs that the master builds on.
    """
    last = {each.base: each for each in history.last_taken(lineage)}
    sent = history.all_sent(last)
    found = {}
    for key, each in last.items():
        if key not in sent or each.open or each.status == PARTIAL:
            continue
        was = sent[key]
        found[each.sha256] = Received(
            each.file,
            Path(),
            each.sha256,
            each.author,
            each.saved_at,
            Identity(was.unit, was.plan, was.year, was.version, was.sent_at, was.id, approved=was.approved),
            each.unit,
            known=True,
            rows=each.read,
            passed=each.passed,
            unknown=tuple(each.unknown.splitlines()),
            sheet=each.sheet,
            status=each.status,
            returned=Returned(each.file, was.unit, each.read, places=each.places),
        )
    return found


def _foreign(identity: Identity | None, terms: Terms) -> str:
    if identity is None:
        return ""
    if identity.year and terms.year and identity.year != terms.year:
        return say("es de la gestión {year}, y el maestro de {other}", year=str(identity.year), other=str(terms.year))
    if identity.plan and terms.root and fold(identity.plan) != fold(terms.root):
        return say("es de otro plan: {plan}, y el maestro es {other}", plan=identity.plan, other=terms.root)
    return ""


def saved(package: Package, path: Path) -> tuple[str, str]:
    """Return who saved a workbook last, empty when it does not say, and when, ISO."""
    part = next(iter(package.related("", "core-properties").values()), None)
    tree = package.tree(part) if part is not None and package.has(part) else None
    texts = {each.tag: (each.text or "").strip() for each in tree} if tree is not None else {}
    moment = texts.get("modified", "")
    if not moment or moment == _WRITER_TIME:
        moment = datetime.fromtimestamp(path.stat().st_mtime, UTC).isoformat(timespec="seconds")
    return texts.get("lastModifiedBy", ""), moment.replace("Z", "+00:00")
