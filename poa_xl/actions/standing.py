"""Where every unit stands: what came of it, what is missing, and a reminder that can be sent as it is."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from poa_xl.actions.load import load_one
from poa_xl.actions.naming import root_of
from poa_xl.actions.past.opening import present_history
from poa_xl.actions.regional import answers
from poa_xl.actions.settings import load_aliases, load_profile
from poa_xl.actions.submissions import submission_lines
from poa_xl.actions.syncing import SyncOptions, sync
from poa_xl.books.book import FileBook
from poa_xl.books.package import open_package
from poa_xl.core.checks import check
from poa_xl.core.findings import Finding, Severity
from poa_xl.core.flags import flag
from poa_xl.core.outcomes import Fate
from poa_xl.core.plan import Plan
from poa_xl.core.text import fold
from poa_xl.i18n import say
from poa_xl.sheet.ledger import MISSING, PARTIAL, REFUSED, SENT, ChangeLine, SubmissionLine
from poa_xl.sheet.mark import RUN_MARK, read_mark
from poa_xl.store.history import database_errors

# Red rows that a reminder names.
_MOST = 10
# Changes about which a unit, and not the office, has to do something.
_TO_ASK = {str(Fate.REJECTED), str(Fate.MISSING)}


@dataclass(frozen=True)
class Standing:
    """Where a unit stands.

    Attributes:
        line: What came, and what it is worth.
        reminder: What to write to it; empty where nothing is missing.
        subject: The subject of that letter.
    """

    line: SubmissionLine
    reminder: str = ""
    subject: str = ""

    @property
    def mailto(self) -> str:
        """The letter as a link that mail programs open; the address is left to be chosen."""
        return f"mailto:?subject={quote(self.subject)}&body={quote(self.reminder)}" if self.reminder else ""


def standings(master: Path, folder: Path | None = None, store: str | None = None) -> list[Standing]:
    """Say where every unit stands; nothing is written.

    Args:
        master: The regional plan.
        folder: Where the answers are; by default `recibidos` beside the master. It may be missing or empty.
        store: Where the history is; by default beside the master.

    Raises:
        BookError: The master cannot be read.
        LayoutError: It holds no plan, or several.
    """
    source = folder or answers(master)
    if source.is_dir() and any(each.is_file() and not each.name.startswith(".") for each in source.rglob("*")):
        done = sync([source], master, SyncOptions(dry_run=True, store=store)).result
        return list(_told(done.submissions, done.plan, done.findings, done.changes))
    package = open_package(master)
    opened = load_one(FileBook(master, package), profile=load_profile(None, master.parent))
    plan = load_aliases(None, master.parent).plan(opened.plan)
    findings = check(plan)
    with database_errors():
        history = present_history(store, master)
        run = read_mark(package.marks.get(RUN_MARK)).get("run")
        lineage = history.lineage(run) if history is not None else []
        lines = list(
            submission_lines((), plan, flag(plan, findings), history, root_of(plan), plan.planned_year, lineage)
        )
    return list(_told(lines, plan, findings, ()))


def _told(
    lines: Sequence[SubmissionLine], plan: Plan, findings: Sequence[Finding], changes: Sequence[ChangeLine]
) -> Iterator[Standing]:
    red: dict[str, dict[str, str]] = defaultdict(dict)
    for finding in findings:
        row = plan.row_of(finding)
        if finding.severity is Severity.ERROR and row.unit:
            red[fold(row.unit)].setdefault(str(row.code or ""), finding.message)
    asked: dict[str, list[str]] = defaultdict(list)
    for change in changes:
        if change.fate in _TO_ASK:
            asked[change.file].append(f"{change.code} {change.field}: {change.reason or change.fate}".strip())
    for line in lines:
        missing = list(_missing(line, asked[line.file], red[fold(line.unit)]))
        if not missing:
            yield Standing(line)
            continue
        year = str(plan.planned_year or "")
        head = say("Buenos días: sobre el POA {year} de {unit}, falta lo siguiente.", year=year, unit=line.unit)
        end = say("Por favor, corregirlo en el libro que se les envió y devolverlo con el mismo nombre. Gracias.")
        text = "\n".join([head, "", *(f"- {each}" for each in missing), "", end])
        yield Standing(line, text, say("POA {year} de {unit}: lo que falta", year=year, unit=line.unit))


def _missing(line: SubmissionLine, asked: Sequence[str], red: dict[str, str]) -> Iterator[str]:
    if line.received in (MISSING, SENT):
        yield say("No llegó ninguna respuesta: enviar el libro con los cambios, o decir que no los hay.")
    elif line.received == REFUSED:
        yield say("{file} no se pudo tomar: {reason}", file=line.file, reason=line.note)
    elif line.received == PARTIAL:
        yield from (say("{file}, no se tomó: {what}", file=line.file, what=each) for each in asked)
    shown = list(red.items())[:_MOST]
    yield from (say("{code} en rojo: {reason}", code=code, reason=reason) for code, reason in shown)
    if len(red) > _MOST:
        yield say("y {count} operaciones más en rojo", count=len(red) - _MOST)
