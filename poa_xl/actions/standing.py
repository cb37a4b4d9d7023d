"""Where every unit stands, before and after answers came; nothing of the plan is written."""

from collections.abc import Sequence
from pathlib import Path

from poa_xl.actions import moment
from poa_xl.actions.load import load_one
from poa_xl.actions.naming import root_of
from poa_xl.actions.past.opening import present_history
from poa_xl.actions.regional import answers
from poa_xl.actions.reminding import with_reminders
from poa_xl.actions.settings import load_aliases, load_profile
from poa_xl.actions.sheetwise import by_sheet, sheets_of
from poa_xl.actions.submissions import submission_lines
from poa_xl.actions.syncing import SyncOptions, sync
from poa_xl.books.book import FileBook, MemoryBook
from poa_xl.books.files import replace, stamp
from poa_xl.books.package import open_package
from poa_xl.core.checks import check
from poa_xl.core.flags import flag
from poa_xl.core.text import fold
from poa_xl.errors import BookError, LayoutError
from poa_xl.i18n import say
from poa_xl.sheet.ledger import SubmissionLine, own_sheets, read_changes, submissions_sheet
from poa_xl.sheet.listing import CHANGES
from poa_xl.sheet.mark import RUN_MARK, read_mark
from poa_xl.store.history import database_errors


def standings(master: Path, folder: Path | None = None, store: str | None = None) -> list[SubmissionLine]:
    """Say where every unit stands; nothing is written.

    Args:
        master: The regional plan.
        folder: Where the answers are; by default `recibidos` beside the master. It may be missing or empty.
        store: Where the history is; by default beside the master.

    Raises:
        BookError: The master cannot be read.
        LayoutError: It holds no plan, or several.
    """
    if not master.exists():
        raise BookError(say("{file}: no existe", file=str(master)))
    source = folder or answers(master)
    came = source.is_dir() and any(each.is_file() and not each.name.startswith(".") for each in source.rglob("*"))
    try:
        return _standings(master, [source] if came else [], store)
    except LayoutError:
        sheets = sheets_of(master)
        if not sheets:
            raise
    files = by_sheet([source], master, sheets) if came else {}
    return [
        line
        for sheet, units in sheets.items()
        for line in _standings(master, files.get(sheet, []), store, sheet)
        if fold(line.unit) in units
    ]


def _standings(
    master: Path, sources: Sequence[Path], store: str | None, sheet: str | None = None
) -> list[SubmissionLine]:
    """Say where every unit of a sheet stands."""
    if sources:
        return list(sync(sources, master, SyncOptions(dry_run=True, store=store, sheet=sheet)).result.submissions)
    package = open_package(master)
    opened = load_one(FileBook(master, package), sheet, profile=load_profile(None, master.parent))
    plan = load_aliases(None, master.parent).plan(opened.plan)
    findings = check(plan)
    mark = read_mark(package.marks.get(RUN_MARK))
    told = own_sheets(opened.others, mark.get("sheets", "").split("|")).get(CHANGES)
    with database_errors():
        history = present_history(store, master)
        lineage = history.lineage(mark.get("run")) if history is not None else []
        lines = list(
            submission_lines((), plan, flag(plan, findings), history, root_of(plan), plan.planned_year, lineage)
        )
    return list(with_reminders(lines, plan, findings, read_changes(told) if told is not None else ()))


def title(now: str) -> str:
    """Return what stands above the list: when it was made."""
    return say("Al {time}", time=moment.shown(now))


def write_standings(lines: list[SubmissionLine], output: Path) -> Path | None:
    """Write where every unit stands as a workbook of one sheet.

    Args:
        lines: Unit by unit.
        output: Where to write it.

    Returns:
        What stood there before, kept; None for nothing.

    Raises:
        BookError: The name is not that of an .xlsx file, or it cannot be written.
    """
    if output.suffix.lower() != ".xlsx":
        raise BookError(say("{file}: solo se escriben libros .xlsx", file=output.name))
    before = stamp(output)
    book = MemoryBook(output.name)
    book.write([submissions_sheet(lines, title(moment.now()))])
    return replace(output, book.data or b"", expected=before)
