"""The plan approved, and what was modified since: written into the workbook, and kept in its history as steps."""

import getpass
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from poa_xl.actions.approved import place_approved
from poa_xl.actions.following import modified_findings
from poa_xl.actions.load import Opened, find_plan, load_one
from poa_xl.actions.moment import now, shown
from poa_xl.actions.past.locking import locked
from poa_xl.actions.past.opening import open_history
from poa_xl.actions.past.recovering import recover
from poa_xl.actions.past.stepping import Step, take
from poa_xl.actions.past.versioning import Approved, named, parent_of, versions_of, with_plan
from poa_xl.actions.settings import load_profile
from poa_xl.books.book import MemoryBook
from poa_xl.books.package import open_package
from poa_xl.books.patch.editor import Editor
from poa_xl.books.sheetxml import read_workbook
from poa_xl.core.checks import MODIFIED_CHECKS, check
from poa_xl.core.findings import Located
from poa_xl.core.modifications import Modified, modifications
from poa_xl.core.plan import Kind, Plan
from poa_xl.core.record import recorded
from poa_xl.core.rollup import Unknown, add, why_unknown
from poa_xl.core.text import fold, squeeze
from poa_xl.core.totals import leaves
from poa_xl.errors import SyncError
from poa_xl.i18n import say
from poa_xl.sheet.approved import approved_here
from poa_xl.sheet.grid import free_name
from poa_xl.sheet.identity import identity_of
from poa_xl.sheet.mark import RUN_MARK, write_mark
from poa_xl.sheet.modified import Place, as_grid, documents_of, is_up_to_date, modified_sheet, read_modified
from poa_xl.sheet.spec import SheetSpec
from poa_xl.sheet.versions import VersionLine, name_of, versions_sheet
from poa_xl.store.history import History, database_errors
from poa_xl.store.packing import key_of, pack
from poa_xl.store.records import APPROVAL, MODIFICATIONS, Version


@dataclass(frozen=True)
class Approval:
    """What is said of a version.

    Attributes:
        resolution: The document that approves it.
        name: What it is called; by default Aprobado for the first one, then Reformulado 1, 2, …
        day: The day of the document; by default today.
        author: Who writes it down; by default who is logged in.
    """

    resolution: str
    name: str = ""
    day: date | None = None
    author: str = ""


@dataclass(frozen=True)
class Terms:
    """Where and how to write.

    Attributes:
        sheet: The plan sheet, when there are several.
        year: The year planned; by default the commonest of the dates.
        store: Where the history is; by default beside the workbook.
        backups: Folder for the backup.
        force: Edit a digitally signed workbook too.
        dry_run: Write nothing.
    """

    sheet: str | None = None
    year: int | None = None
    store: str | None = None
    backups: Path | None = None
    force: bool = False
    dry_run: bool = False


@dataclass(frozen=True)
class Done:
    """What an approval or a list of modifications came to.

    Attributes:
        version: The version approved, or the one that the plan was held against.
        modified: What differs from the version before.
        findings: What the checks say of these differences, with their cells.
        run: Number of the step in the history; None when nothing was written.
        path: The workbook written; None when nothing was.
        backup: What stood there before.
        is_first: Whether it is an approval and none came before it.
    """

    version: Version
    modified: Sequence[Modified] = ()
    findings: Sequence[Located] = ()
    run: int | None = None
    path: Path | None = None
    backup: Path | None = None
    is_first: bool = False


@dataclass
class _Work:
    """A workbook under work, its history and the versions that it builds on."""

    path: Path
    terms: Terms
    data: bytes
    stamp: str
    opened: Opened
    history: History
    versions: list[Version]
    moment: str = field(default_factory=now)
    run: str = field(default_factory=lambda: uuid.uuid4().hex)

    @property
    def plan(self) -> Plan:
        return self.opened.plan


def approve(path: Path, approval: Approval, terms: Terms | None = None) -> Done:
    """Freeze the plan of a workbook as an approved version: in the history, and in the sheet `Versiones`.

    What differs from the version before stays in the sheet `Modificaciones`, as it is on this day.

    Raises:
        SyncError: There is a version of this name; or it is the workbook of a unit; or somebody else is at it.
        BookError: The workbook cannot be read, edited safely, or written.
        LayoutError: It holds no plan, or several.
        StaleBookError: It changed meanwhile.
    """
    with locked(path), database_errors():
        work = _begin(path, terms or Terms())
        version = _version(work, approval)
        editor = Editor(work.data, path.name, force=work.terms.force)
        names = dict(work.opened.carried)
        done = Done(version, is_first=not work.versions)
        if work.versions:
            found, image = _modified(work, work.versions[-1], is_frozen=True)
            settled = as_grid(image)
            plan = replace(work.plan, modified=read_modified(settled, work.plan, path.name))
            parsed = replace(work.opened.parsed, plan=plan)
            done = Done(version, found, _findings(replace(work.opened, parsed=parsed)))
            # What was open is past from now on, and the list begins anew.
            image = modified_sheet((), version.name, settled, None)
            names["modifications"] = _replace(editor, work.opened, image, work.opened.modifications)
        if approved_here(work.opened.layout, work.opened.grid, work.plan) is not None:
            columns = work.opened.layout.addresses
            place_approved(editor.sheet(work.opened.sheet), work.opened, work.plan, columns, work.plan)
        known = [with_plan(work.history, each) for each in work.versions]
        lines = [version_line(each) for each in (*known, Approved(version, work.moment, work.plan))]
        listed = work.opened.versions
        names["versions"] = _replace(editor, work.opened, versions_sheet(lines, listed), listed)
        return _finish(work, editor, names, done, APPROVAL)


def modify(path: Path, terms: Terms | None = None) -> Done:
    """List in the sheet `Modificaciones` what differs from the last approved version; reasons that are there stay.

    Raises:
        SyncError: No version was approved; or it is the workbook of a unit; or somebody else is at it.
        BookError: The workbook cannot be read, edited safely, or written.
        LayoutError: It holds no plan, or several.
        StaleBookError: It changed meanwhile.
    """
    with locked(path), database_errors():
        work = _begin(path, terms or Terms())
        version = named(work.versions, "", path.name)
        found, image = _modified(work, version, is_frozen=False)
        listed = work.opened.modifications
        if listed is not None and is_up_to_date(listed, image):
            return Done(version, found, _findings(work.opened))
        editor = Editor(work.data, path.name, force=work.terms.force)
        names = dict(work.opened.carried)
        names["modifications"] = _replace(editor, work.opened, image, listed)
        return _finish(work, editor, names, Done(version, found), MODIFICATIONS)


def _begin(path: Path, terms: Terms) -> _Work:
    history = open_history(terms.store, path)
    recover(history)
    package = open_package(path)
    identity = identity_of(package.properties)
    if identity is not None:
        raise SyncError(say("{file}: es el libro de {unit}, no el maestro", file=path.name, unit=identity.unit or "—"))
    opened = find_plan(read_workbook(package), terms.sheet, terms.year, profile=load_profile(None, path.parent))
    versions = versions_of(history, path, opened.carried)
    return _Work(path, terms, package.data, package.stamp, opened, history, versions)


def _version(work: _Work, approval: Approval) -> Version:
    name = squeeze(approval.name) or name_of(len(work.versions))
    if any(fold(each.name) == fold(name) for each in work.versions):
        raise SyncError(
            say(
                "{file}: ya hay una versión «{name}»; dar otro nombre con --as, o no dar ninguno",
                file=work.path.name,
                name=name,
            )
        )
    day = approval.day or date.fromisoformat(work.moment[:10])
    return Version(
        work.run,
        name,
        squeeze(approval.resolution),
        day.isoformat(),
        approval.author or _user(),
        key_of(recorded(work.plan.rows)),
    )


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        # Nobody is logged in where a service runs.
        return ""


def version_line(each: Approved) -> VersionLine:
    """Return a version as it is listed."""
    total = add(amount for _, amount in leaves(each.plan))
    version = each.version
    return VersionLine(
        version.name,
        version.resolution,
        date.fromisoformat(version.day),
        version.author,
        shown(each.moment),
        [row.kind for row in each.plan.rows].count(Kind.OPERATION),
        why_unknown(each.plan, total) if isinstance(total, Unknown) else total,
        version.sha256,
    )


def _modified(work: _Work, version: Version, *, is_frozen: bool) -> tuple[list[Modified], SheetSpec]:
    """Find what differs from a version, and draw it."""
    opened = work.opened
    former = opened.modifications
    approved = with_plan(work.history, version).plan
    named = documents_of(former, version.name) if former is not None else {}
    found = modifications(approved, work.plan, named, by_row=opened.layout.profile.by_row)
    place = None if is_frozen else Place(opened.sheet, opened.grid, opened.layout.addresses)
    return found, modified_sheet(found, version.name, former, place)


def _replace(editor: Editor, opened: Opened, image: SheetSpec, former: object) -> str:
    """Put a sheet in the place of the one of before; give its name."""
    taken = [grid.name for grid in opened.book]
    old = getattr(former, "name", None)
    if old is not None:
        editor.drop_sheet(old)
        taken.remove(old)
    image.name = free_name(image.name, taken)
    editor.add_sheet(image)
    return image.name


def _findings(opened: Opened) -> tuple[Located, ...]:
    return (*opened.plan.located(check(opened.plan, MODIFIED_CHECKS)), *modified_findings(opened))


def _finish(work: _Work, editor: Editor, names: Mapping[str, str], done: Done, kind: str) -> Done:
    """Write the step, unless nothing is to be written; say what the checks find in a list that is open."""
    parent = parent_of(work.history, work.path, work.opened.carried)
    editor.set_name(RUN_MARK, write_mark({**names, "run": work.run}))
    data = editor.save()
    if kind == MODIFICATIONS:
        book = MemoryBook(work.path.name, data)
        again = load_one(book, work.opened.sheet, work.terms.year, work.opened.layout.profile)
        done = replace(done, findings=_findings(again))
    if work.terms.dry_run:
        return done
    version = done.version if kind == APPROVAL else None
    step = Step(work.run, parent, work.moment, data, work.stamp, pack(recorded(work.plan.rows)), kind, version=version)
    run, backup = take(step, work.path, work.history, work.terms.backups)
    return replace(done, run=run.number, path=work.path, backup=backup)
