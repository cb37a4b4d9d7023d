"""The consolidated workbook: the master edited in place, or a new one; with the sheets that say how it came to be."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from poa_xl.actions.explaining import Context, heading, telling_sheets, told_of
from poa_xl.actions.load import Opened
from poa_xl.actions.master import Existing, Fresh
from poa_xl.actions.naming import sheet_name, title_of
from poa_xl.actions.outdated import refresh
from poa_xl.actions.placing import Placed
from poa_xl.actions.recording import tracking_of
from poa_xl.actions.tracking import Known, closed_mark, closed_months, known_of, tracked_in
from poa_xl.actions.updating import Options, Updated, update_in
from poa_xl.books.book import MemoryBook
from poa_xl.books.patch.editor import Editor
from poa_xl.core.blocks import Block
from poa_xl.core.checks import check
from poa_xl.core.codes import Code
from poa_xl.core.findings import Finding, Severity
from poa_xl.core.flags import Flag, flag
from poa_xl.core.outcomes import Fate, Merged
from poa_xl.core.plan import FIELDS, REPORTED, Kind, Plan
from poa_xl.errors import BookError
from poa_xl.i18n import say
from poa_xl.sheet import ledger
from poa_xl.sheet.extras import (
    REPAIRS,
    SUMMARY,
    findings_sheet,
    is_summary_sheet,
    read_repairs,
    repairs_sheet,
    summary_sheet,
)
from poa_xl.sheet.fields import CAPTIONS
from poa_xl.sheet.grid import free_name, letters
from poa_xl.sheet.headers import CONTROL
from poa_xl.sheet.ledger import ChangeLine, SubmissionLine
from poa_xl.sheet.listing import FINDINGS
from poa_xl.sheet.mark import MARK, RUN_MARK, write_mark
from poa_xl.sheet.modified import modified_again
from poa_xl.sheet.render import COLUMNS, Flagged, place, plan_sheet
from poa_xl.sheet.spec import SheetSpec
from poa_xl.sheet.versions import read_versions, versions_sheet

# Formulas of the control columns run to some kilobytes a row; beyond this many rows programs open them slowly.
MOST_LIVE = 3000


@dataclass(frozen=True)
class Result:
    """The workbook to be written, and its plan as it reads.

    Attributes:
        data: Its bytes.
        plan: The plan, placed in its sheet.
        findings: What the checks say.
        submissions: Unit by unit, who sent.
        changes: What became of every change, and what earlier runs left open.
        notes: What else there is to say.
    """

    data: bytes
    plan: Plan
    findings: Sequence[Finding]
    submissions: Sequence[SubmissionLine]
    changes: Sequence[ChangeLine]
    notes: tuple[str, ...] = ()


def in_place(context: Context, master: Existing, placed: Placed, year: int | None) -> Result:
    """Finish the master's own workbook, in which the merged plan stands already.

    Args:
        context: What is known.
        master: The master as it was.
        placed: Its workbook under edit.
        year: The year planned, when it is known.

    Raises:
        BookError: It cannot be edited safely.
        CellError: A cell cannot be written.
    """
    merged, editor, opened = context.merged, placed.editor, placed.opened
    stated = {line: kind for line, kind in placed.stated.items() if kind is not None}
    is_large = len(merged.rows) > MOST_LIVE
    options = Options(year=year, values=is_large, profile=opened.layout.profile)
    updated = update_in(editor, opened, options, stated, _reported(merged, placed))
    reported = {line: each.row.reported for line, each in zip(placed.lines, merged.rows, strict=True)}
    rows = (
        row if row.reported == (said := reported.get(row.line, {})) else replace(row, reported=said)
        for row in updated.plan.rows
    )
    updated = replace(updated, plan=replace(updated.plan, rows=tuple(rows)))
    lines = {line: each.file for line, each in zip(placed.lines, merged.rows, strict=True)}
    told = told_of(context, updated.plan, updated.flags, updated.findings)
    sheets = telling_sheets(context, told, updated.plan, lines, opened.sheet)
    former = ledger.own_sheets(opened.others, master.sheets)
    dropped = {grid.name for grid in former.values()}
    taken = [*(name for name in editor.names if name not in dropped)]
    for image in sheets:
        old = former.get(image.name)
        if old is not None:
            ledger.keep_typed(image, old)
            editor.drop_sheet(old.name)
        image.name = free_name(image.name, taken)
        editor.add_sheet(image)
    editor.set_name(RUN_MARK, _mark(context, sheets))
    notes = (*_size_notes(merged), *_refresh_summary(editor, opened, updated))
    refresh(editor, opened, placed.lines, placed.written)
    return Result(editor.save(), updated.plan, updated.findings, *told, notes)


def unchanged(context: Context, master: Existing) -> Result:
    """Tell what the master holds; nothing of it is drawn again."""
    plan = master.opened.plan
    findings = check(plan)
    return Result(master.data, plan, findings, *told_of(context, plan, flag(plan, findings), findings))


def _reported(merged: Merged, placed: Placed) -> dict[int, dict[str, object]]:
    """Return what is to be written into `Seguimiento`: what was reported otherwise, and all of new operations."""
    told: dict[int, dict[str, object]] = {}
    for line, each in zip(placed.lines, merged.rows, strict=True):
        names = [name for name in REPORTED if name in (each.changed if each.index is not None else each.row.reported)]
        if names:
            told[line] = {name: each.row.get(name) for name in names}
    return told


def made_new(context: Context, name: str, year: int | None) -> Result:
    """Draw a workbook of its own for the consolidated plan.

    Raises:
        BookError: The name is not that of an .xlsx file.
        CellError: A cell cannot be written.
    """
    if not name.lower().endswith(".xlsx"):
        raise BookError(say("{file}: solo se escriben libros .xlsx", file=name))
    merged, master = context.merged, context.master
    base = None if isinstance(master, Fresh) else master.opened
    rows = tuple(each.row for each in merged.rows)
    plan = Plan(rows, base.parsed.plan.year if base is not None else year, merged.disputed)
    title = base.parsed.title if base is not None else _common_title(context)
    title = title or title_of(plan)
    sheet = base.sheet if base is not None else sheet_name(plan)
    placed = place(plan, name, sheet, title)
    conflicts = _dispute_findings(plan, merged)
    findings = sorted((*conflicts, *check(placed)), key=lambda finding: finding.severity)
    flags = flag(placed, findings)
    files = {row.line: each.file for row, each in zip(placed.rows, merged.rows, strict=True)}
    told = told_of(context, placed, flags, findings)
    sheets = telling_sheets(context, told, placed, files, sheet)
    live = len(rows) <= MOST_LIVE
    images = [
        plan_sheet(placed, sheet, title, Flagged(flags, findings, live=live)),
        *_tracking(base, placed, flags, sheet),
        *_versions(base, placed, name),
        findings_sheet(findings, placed),
        summary_sheet(placed, sheet, flags),
        *_repairs(base),
        *sheets,
    ]
    for image in images:
        image.printed = image.printed or heading(context)
    book = MemoryBook(name)
    book.write(images)
    editor = Editor(book.data or b"", name)
    editor.set_name(RUN_MARK, _mark(context, sheets))
    closed = closed_mark(closed_months(base)) if base is not None else {}
    editor.set_name(MARK, write_mark({"columns": ",".join(CONTROL), "sheet": FINDINGS, **closed}))
    return Result(editor.save(), placed, findings, *told, tuple(_size_notes(merged)))


def _tracking(base: Opened | None, plan: Plan, flags: Sequence[Flag], sheet: str) -> list[SheetSpec]:
    """Draw what was reported, where anything was or the master has the sheet."""
    reported = {row.line: row.reported for row in plan.rows if row.reported}
    known = known_of(base) if base is not None else None
    if known is not None and base is not None:
        # What the merge settled takes the place of all that was typed.
        told = {row.line: {name: row.reported.get(name) for name in REPORTED} for row in plan.rows}
        return [tracking_of(plan, flags, sheet, told, known, tracked_in(base))]
    return [tracking_of(plan, flags, sheet, reported, Known())] if reported else []


def _versions(base: Opened | None, plan: Plan, name: str) -> list[SheetSpec]:
    """Draw again what the master tells of its versions and of what was modified since."""
    found = []
    if base is not None and base.modifications is not None:
        found.append(modified_again(base.modifications, plan, name))
    if base is not None and base.versions is not None:
        found.append(versions_sheet(read_versions(base.versions), base.versions))
    return found


def _mark(context: Context, sheets: Sequence[SheetSpec]) -> str:
    """Write down the run and its sheets, and those of versions and modifications, which other steps keep."""
    master = context.master
    kept = master.mark if isinstance(master, Existing) else {}
    beside = {name: kept[name] for name in ("versions", "modifications") if name in kept}
    return write_mark({**beside, "run": context.run, "sheets": "|".join(image.name for image in sheets)})


def _common_title(context: Context) -> tuple[str, ...]:
    """Return the title lines that all workbooks share; each one's last line names its unit."""
    titles = [each.title for each in context.received if each.plan is not None]
    if len(titles) == 1:
        return titles[0][:-1]
    return tuple(line for line in titles[0] if all(line in title for title in titles[1:])) if titles else ()


def _repairs(base: Opened | None) -> list[SheetSpec]:
    """Draw again what the master held of an import: its list of repairs."""
    others = base.others if base is not None else ()
    return [repairs_sheet(read_repairs(grid)) for grid in others if grid.name == REPAIRS]


def _dispute_findings(plan: Plan, merged: Merged) -> Iterator[Finding]:
    """Say of every version in dispute where it comes from."""
    reasons = {each.code: each.reason for each in merged.outcomes if each.fate is Fate.CONFLICT}
    for index in sorted(merged.disputed):
        row = plan.rows[index]
        if row.kind is not Kind.LINE and isinstance(row.code, Code):
            yield Finding(
                "sincronizacion-conflicto",
                Severity.ERROR,
                index,
                "code",
                str(row.code),
                "",
                say(
                    "{reason}; esta viene de {source}", reason=reasons.get(row.code, ""), source=str(row.where("code"))
                ),
                say("decidir cuál vale, corregir los archivos y consolidar otra vez; su presupuesto no se suma"),
            )


def differing(versions: Sequence[Block]) -> str:
    """Name the fields in which versions of one block differ."""
    heads = [block.head for block in versions]
    found = [CAPTIONS[name] for name in FIELDS if len({repr(head.get(name)) for head in heads}) > 1]
    if len({block.content[1:] for block in versions}) > 1:
        found.append(say("partidas"))
    return ", ".join(found)


def _size_notes(merged: Merged) -> Iterator[str]:
    if len(merged.rows) > MOST_LIVE:
        yield say("son más de {count} filas: el semáforo va con valores y no con fórmulas", count=MOST_LIVE)


def _refresh_summary(editor: Editor, opened: Opened, updated: Updated) -> Iterator[str]:
    """Bring the summary of a workbook that an earlier run made up to date; its charts look at the same cells."""
    grid = next((each for each in opened.others if each.name == SUMMARY), None)
    if grid is None or not is_summary_sheet(grid):
        return
    image = summary_sheet(updated.plan, opened.sheet, updated.flags)
    wanted = {spot for spot, cell in image.cells.items() if cell.value is not None}
    present = {(row, column) for row, cells in grid.cells.items() for column in cells}
    is_ours = all(updated.columns.get(name) == letters(COLUMNS[name]) for name in ("unit", "computed", "state"))
    if wanted != present or not is_ours:
        yield say("la hoja Resumen no tiene lugar para lo nuevo; con -o NUEVO.xlsx se hace otra")
        return
    edits = editor.sheet(grid.name)
    edits.cells |= {spot: image.cells[spot] for spot in wanted}
    edits.keep_format |= wanted
