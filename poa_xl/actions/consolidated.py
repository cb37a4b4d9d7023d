"""The consolidated workbook: the master edited in place, or a new one; with the sheets that say how it came to be."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from poa_xl.actions import moment
from poa_xl.actions.load import Opened
from poa_xl.actions.master import Existing, Fresh, Master
from poa_xl.actions.naming import root_of, sheet_name, title_of
from poa_xl.actions.placing import Placed
from poa_xl.actions.receiving import Received
from poa_xl.actions.recording import tracking_of
from poa_xl.actions.reminding import with_reminders
from poa_xl.actions.submissions import submission_lines
from poa_xl.actions.tracking import Known, closed_mark, closed_months, known_of, tracked_in
from poa_xl.actions.updating import Options, Updated, update_in
from poa_xl.books.book import MemoryBook
from poa_xl.books.patch.editor import Editor
from poa_xl.core.aliases import Aliases
from poa_xl.core.blocks import Block
from poa_xl.core.checks import check
from poa_xl.core.codes import Code
from poa_xl.core.findings import Finding, Severity
from poa_xl.core.flags import Flag, flag
from poa_xl.core.keys import keyed, keys_of
from poa_xl.core.outcomes import ROW, Fate, Merged, Outcome, Side
from poa_xl.core.plan import FIELDS, REPORTED, Kind, Plan, Row
from poa_xl.core.text import fold
from poa_xl.errors import BookError
from poa_xl.i18n import say
from poa_xl.sheet import ledger
from poa_xl.sheet.cells import shown
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
from poa_xl.sheet.grid import free_name, letters, quoted
from poa_xl.sheet.headers import CONTROL
from poa_xl.sheet.ledger import ChangeLine, ProvenanceLine, SubmissionLine
from poa_xl.sheet.listing import CHANGES, FINDINGS, PROVENANCE
from poa_xl.sheet.mark import MARK, RUN_MARK, write_mark
from poa_xl.sheet.modified import modified_again
from poa_xl.sheet.own import heading_of
from poa_xl.sheet.render import COLUMNS, Flagged, place, plan_sheet
from poa_xl.sheet.spec import SheetSpec
from poa_xl.sheet.tracking_columns import BY_NAME as TRACK_COLUMNS
from poa_xl.sheet.versions import read_versions, versions_sheet
from poa_xl.store.history import History

# Formulas of the control columns run to some kilobytes a row; beyond this many rows programs open them slowly.
MOST_LIVE = 3000
_NAMES = {**CAPTIONS, **CONTROL, **{name: TRACK_COLUMNS[name].caption for name in REPORTED}}


@dataclass(frozen=True)
class Context:
    """What a consolidation knows when it comes to writing.

    Attributes:
        run: Its id.
        moment: When, ISO.
        names: The office's list of unit names.
        master: What there was before.
        history: The history; None for none.
        received: The files.
        merged: What came of them.
    """

    run: str
    moment: str
    names: Aliases
    master: Master
    history: History | None
    received: Sequence[Received]
    merged: Merged


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


@dataclass(frozen=True)
class Decisions:
    """What the office wrote in `Cambios`, by what it is about; and what of it nobody understands."""

    rulings: Mapping[tuple[str, ...], Side | Code] = field(default_factory=dict)
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
    rows = (replace(row, reported=reported.get(row.line, {})) for row in updated.plan.rows)
    updated = replace(updated, plan=replace(updated.plan, rows=tuple(rows)))
    lines = {line: each.file for line, each in zip(placed.lines, merged.rows, strict=True)}
    told = _told(context, updated.plan, updated.flags, updated.findings)
    sheets = _ledger(context, told, updated.plan, lines, opened.sheet)
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
    return Result(editor.save(), updated.plan, updated.findings, *told, notes)


def unchanged(context: Context, master: Existing) -> Result:
    """Tell what the master holds; nothing of it is drawn again."""
    plan = master.opened.plan
    findings = check(plan)
    return Result(master.data, plan, findings, *_told(context, plan, flag(plan, findings), findings))


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
    told = _told(context, placed, flags, findings)
    sheets = _ledger(context, told, placed, files, sheet)
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
        image.printed = image.printed or _title(context)
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


# The ledger


def _told(
    context: Context, plan: Plan, flags: Sequence[Flag], findings: Sequence[Finding]
) -> tuple[list[SubmissionLine], list[ChangeLine]]:
    """Return who sent, with what to write to whom, and what became of every change."""
    changes = _changes(context)
    return list(with_reminders(_submissions(context, plan, flags), plan, findings, changes)), changes


def _ledger(
    context: Context,
    told: tuple[Sequence[SubmissionLine], Sequence[ChangeLine]],
    plan: Plan,
    files: Mapping[int, str],
    sheet: str,
) -> list[SheetSpec]:
    """Draw the sheets that say how the plan came to be."""
    title = _title(context)
    submissions, changes = told
    return [
        ledger.submissions_sheet(submissions, title),
        ledger.changes_sheet(changes, title, _places(plan, sheet)),
        ledger.provenance_sheet(_provenance(context, _told_apart(context, plan), files), sheet, title),
    ]


def _title(context: Context) -> str:
    return say("Consolidación del {time}", time=moment.shown(context.moment))


def _places(plan: Plan, sheet: str) -> dict[tuple[str, str], str]:
    """Return by code, and number of the partida line, in which cell of the plan a row begins."""
    found: dict[tuple[str, str], str] = {}
    for index, code in plan.coded():
        for number, line in enumerate((index, *plan.lines.get(index, ()))):
            key = (str(code), str(number) if number else "")
            found.setdefault(key, f"{quoted(sheet)}!A{plan.rows[line].line}")
    return found


def decisions(master: Existing) -> Decisions:
    """Read what the office decided."""
    grid = master.written(CHANGES)
    rulings: dict[tuple[str, ...], Side | Code] = {}
    notes = []
    for line in ledger.read_changes(grid) if grid is not None else ():
        if not line.decision:
            continue
        ruling = ledger.ruling_of(line.decision)
        if ruling is not None:
            rulings[line.key] = ruling
        else:
            notes.append(
                say(
                    "{code}: la decisión «{text}» no se entiende; escribir unidad, maestro, o código y el código nuevo",
                    code=line.code,
                    text=line.decision,
                )
            )
    return Decisions(rulings, tuple(notes))


def change_line(outcome: Outcome, units: Mapping[str, str], files: Mapping[str, Received]) -> ChangeLine:
    """Write an outcome as a line of texts."""
    source = files.get(outcome.file)
    return ChangeLine(
        str(outcome.fate),
        "",
        str(outcome.code or ""),
        str(outcome.line) if outcome.line else "",
        heading_of(outcome.field, _NAMES) if outcome.field != ROW else "",
        shown(outcome.master),
        shown(outcome.theirs),
        shown(outcome.base),
        units.get(outcome.file, ""),
        outcome.file,
        outcome.where.cell,
        source.author if source is not None else "",
        moment.shown(source.saved_at) if source is not None else "",
        outcome.reason,
    )


def _changes(context: Context) -> list[ChangeLine]:
    """List what became of every change; and what earlier runs left open of units that did not send now."""
    files = {each.file: each for each in context.received}
    units = {each.file: each.unit for each in context.received}
    lines = [change_line(each, units, files) for each in context.merged.outcomes]
    lines = [_with_master(line, *context.master.saved) if line.fate == Fate.CONFLICT else line for line in lines]
    present = {fold(each.unit) for each in context.received if each.returned is not None}
    grid = context.master.written(CHANGES)
    former = ledger.read_changes(grid) if grid is not None else []
    typed = {line.key: line.decision for line in former if line.decision}
    # What the office typed stays beside what is still open, whether or not it was understood.
    lines = [replace(line, decision=typed.get(line.key, "")) if line.is_open else line for line in lines]
    return lines + [line for line in former if line.is_open and fold(line.unit) not in present]


def _with_master(line: ChangeLine, author: str, saved_at: str) -> ChangeLine:
    """Say of a conflict who saved the master, and when; of the file the line says so already."""
    who = ", ".join(part for part in (author, moment.shown(saved_at)) if part)
    reason = "; ".join(part for part in (line.reason, say("maestro guardado: {who}", who=who) if who else "") if part)
    return replace(line, reason=reason)


def _submissions(context: Context, plan: Plan, flags: Sequence[Flag]) -> list[SubmissionLine]:
    history = context.history
    lineage = history.lineage(context.master.run) if history is not None else []
    master = plan if isinstance(context.master, Fresh) else context.master.plan
    lines = submission_lines(
        context.received, plan, flags, history, context.master.root or root_of(master), master.planned_year, lineage
    )
    return list(lines)


def _told_apart(context: Context, plan: Plan) -> Plan:
    """Return the plan, its rows told apart as those that came are."""
    layout = context.master.opened.layout if isinstance(context.master, Existing) else None
    is_theirs = layout is not None and layout.recognised is not None
    return keyed(plan, keys_of(plan, by_row=layout.profile.by_row)) if layout is not None and is_theirs else plan


def _provenance(context: Context, plan: Plan, files: Mapping[int, str]) -> Iterator[tuple[int, ProvenanceLine]]:
    """List of every row where it comes from: from a file of this run, from an earlier one, from the master itself."""
    grid = context.master.written(PROVENANCE)
    former = ledger.read_provenance(grid) if grid is not None else {}
    places: dict[str, list[tuple[Received, tuple[int, ...]]]] = defaultdict(list)
    for each in context.received:
        for spot, lines in each.returned.lines() if each.returned is not None else ():
            places[spot].append((each, lines))
    head: Row | None = None
    number = 0
    for row in plan.rows:
        head, number = (row, 0) if row.kind is not Kind.LINE else (head, number + 1)
        code = head.code if head is not None and isinstance(head.code, Code) else None
        key = (str(code or ""), str(number) if number else "")
        is_of_a_unit = code is not None and head is not None and head.kind is not Kind.GROUP
        came = places.get(str(code), []) if is_of_a_unit else []
        wanted = files.get(row.line, "")
        found = next(((each, lines) for each, lines in came if each.file == wanted or not wanted), None)
        if found is not None and number < len(found[1]):
            each, lines = found
            yield (
                row.line,
                ProvenanceLine(
                    *key, each.file, each.sheet, str(lines[number]), each.sha256, moment.shown(context.moment)
                ),
            )
        else:
            yield row.line, former.get(key) or ProvenanceLine(*key, say("maestro"), "", "", "", "")
