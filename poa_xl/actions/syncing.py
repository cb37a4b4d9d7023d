"""Many workbooks into one: read, unite by code, roll up, check, flag, write."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from poa_xl.actions.load import Source, load_aliases, load_one
from poa_xl.actions.naming import sheet_name, title_of
from poa_xl.books.book import FileBook
from poa_xl.books.package import is_book_name
from poa_xl.core.checks import check
from poa_xl.core.codes import Code
from poa_xl.core.findings import Finding, Severity
from poa_xl.core.flags import flag
from poa_xl.core.merge import Block, United, unite
from poa_xl.core.plan import FIELDS, Plan
from poa_xl.errors import PoaError, SyncError
from poa_xl.i18n import say
from poa_xl.sheet.extras import (
    FINDINGS,
    REPAIRS,
    SUMMARY,
    findings_sheet,
    read_repairs,
    repairs_sheet,
    summary_sheet,
)
from poa_xl.sheet.headers import CAPTIONS
from poa_xl.sheet.image import SheetImage
from poa_xl.sheet.render import Flagged, place, plan_sheet


@dataclass(frozen=True, slots=True)
class Received:
    """What one file brought.

    Attributes:
        file: Its name.
        rows: Rows of the plan in it.
        passed: Rows that are no part of the plan.
        unknown: Headers of columns that do not go into the consolidated workbook.
        problem: Why it could not be read; empty when it could.
    """

    file: str
    rows: int = 0
    passed: int = 0
    unknown: tuple[str, ...] = ()
    problem: str = ""


@dataclass(frozen=True)
class Synced:
    """What a consolidation came to. Received rows + rows kept from the master = written rows + repeated rows.

    Attributes:
        received: One entry per file, in order of name.
        plan: The consolidated plan, placed in its sheet.
        kept: Rows that no file brought and that stay as the master had them.
        repeated: Rows that several files brought alike (the groups above all), written once.
        conflicts: One finding per version of each operation in dispute.
        findings: All findings of the consolidated plan, conflicts included.
        path: The workbook written; None when nothing was.
        backup: The workbook that stood there before.
    """

    received: tuple[Received, ...]
    plan: Plan
    kept: int
    repeated: int
    conflicts: tuple[Finding, ...]
    findings: tuple[Finding, ...]
    path: Path | None
    backup: Path | None


def sync_folder(
    folder: Path,
    master: Path,
    *,
    partial: bool = False,
    aliases: Path | None = None,
    year: int | None = None,
    progress: Callable[[Sequence[Path]], Iterable[Path]] = iter,
) -> Synced:
    """Consolidate the workbooks of a folder.

    Args:
        folder: Holds the workbooks of the units; lock files, hidden files and the master are passed over.
        master: The consolidated workbook. If it exists, rows that no file brings stay in it.
        partial: Write even though some file could not be read.
        aliases: The office's list of unit names; by default `unidades.toml` beside master or sources.
        year: The year planned; by default the commonest of the dates.
        progress: Wraps the files to show how far the reading is.

    Raises:
        SyncError: There is nothing to consolidate, or the master holds what this would lose.
        BookError: The master cannot be read or written.
        StaleBookError: The master changed meanwhile.
    """
    names = load_aliases(aliases, master.parent, folder)
    book = FileBook(master)
    base = _base(book, year) if book.exists else None
    paths = _sources(folder, master)
    outcomes = [_receive(path, year) for path in progress(paths)]
    sources = [source for _, source in outcomes if source is not None]
    plans = [names.plan(source.parsed.plan) for source in sources]
    former = names.plan(base.parsed.plan) if base is not None else None
    united = unite(plans, former)
    title = base.parsed.title if base is not None else _common_title([each.parsed.title for each in sources])
    title = title or title_of(united.plan)
    sheet = base.sheet if base is not None else sheet_name(united.plan)
    placed = place(united.plan, book.name, sheet, title)
    conflicts = tuple(_conflicts(united, placed))
    findings = tuple(sorted((*conflicts, *check(placed)), key=lambda finding: finding.severity))
    write = bool(sources) and (partial or len(sources) == len(paths))
    images = _images(placed, sheet, title, findings) + _carried(base)
    backup = book.write(images) if write else None
    kept = _count_kept(united.plan, former)
    repeated = sum(len(plan.rows) for plan in plans) + kept - len(placed.rows)
    received = tuple(outcome for outcome, _ in outcomes)
    return Synced(received, placed, kept, repeated, conflicts, findings, master if write else None, backup)


def _sources(folder: Path, master: Path) -> list[Path]:
    if not folder.is_dir():
        raise SyncError(say("{folder}: no es una carpeta", folder=str(folder)))
    found = [each for each in sorted(folder.iterdir()) if is_book_name(each) and each.is_file()]
    paths = [each for each in found if each.resolve() != master.resolve()]
    if not paths:
        raise SyncError(say("{folder}: no hay ningún libro .xlsx o .xlsm", folder=str(folder)))
    return paths


def _base(master: FileBook, year: int | None) -> Source:
    """Read the master and refuse when writing it anew would lose something of it."""
    base = load_one(master, None, year)
    foreign = [grid.name for grid in base.others if grid.name not in (FINDINGS, SUMMARY, REPAIRS)]
    lost = [say("la hoja «{name}»", name=name) for name in foreign]
    lost += [say("la parte {part}", part=part) for part in master.extras()]
    lost += [say("la columna «{name}»", name=name) for name in base.parsed.layout.unknown]
    lost += [say("la fila {line}", line=str(row.line)) for row in base.parsed.passed]
    if lost:
        raise SyncError(
            say(
                "{file}: consolidar aquí perdería {lost}; consolidar en un archivo nuevo",
                file=master.name,
                lost=", ".join(lost),
            )
        )
    return base


def _receive(path: Path, year: int | None) -> tuple[Received, Source | None]:
    try:
        source = load_one(FileBook(path), None, year)
    except PoaError as error:
        return Received(path.name, problem=str(error)), None
    parsed = source.parsed
    return Received(path.name, len(parsed.plan.rows), len(parsed.passed), tuple(parsed.layout.unknown)), source


def _common_title(titles: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """Give the title lines that all workbooks share; each one's last line names its unit."""
    if len(titles) == 1:
        return titles[0][:-1]
    return tuple(line for line in titles[0] if all(line in title for title in titles[1:])) if titles else ()


def _carried(base: Source | None) -> list[SheetImage]:
    """Draw again what the master held of an import: its list of repairs."""
    others = base.others if base is not None else ()
    return [repairs_sheet(read_repairs(grid)) for grid in others if grid.name == REPAIRS]


def _count_kept(united: Plan, former: Plan | None) -> int:
    if former is None or not former.rows:
        return 0
    return sum(row.origin is former.rows[0].origin for row in united.rows)


def _conflicts(united: United, placed: Plan) -> Iterable[Finding]:
    for index in sorted(united.plan.disputed):
        row = united.plan.rows[index]
        versions = united.disputes.get(row.code, []) if isinstance(row.code, Code) else []
        if row.where("code") not in [block.head.where("code") for block in versions]:
            continue
        fields = ", ".join(_differing(versions))
        yield Finding(
            "sincronizacion-conflicto",
            Severity.ERROR,
            placed.rows[index].where("code"),
            str(row.code),
            "",
            say(
                "hay {count} versiones de {code}; esta viene de {source}; difieren en: {fields}",
                count=len(versions),
                code=str(row.code),
                source=str(row.where("code")),
                fields=fields,
            ),
            say("decidir cuál vale, corregir los archivos y consolidar otra vez; su presupuesto no se suma"),
        )


def _differing(versions: Sequence[Block]) -> list[str]:
    heads = [block.head for block in versions]
    found = [CAPTIONS[name] for name in FIELDS if len({repr(head.get(name)) for head in heads}) > 1]
    if len({block.content[1:] for block in versions}) > 1:
        found.append(say("partidas"))
    return found


def _images(placed: Plan, sheet: str, title: Sequence[str], findings: Sequence[Finding]) -> list[SheetImage]:
    flags = flag(placed, findings)
    return [
        plan_sheet(placed, sheet, title, Flagged(flags, findings)),
        findings_sheet(findings, placed),
        summary_sheet(placed, sheet, flags),
    ]
