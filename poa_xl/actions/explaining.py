"""What the sheets hold that tell of a consolidation: who sent, what became of every change, where rows come from."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from poa_xl.actions import moment
from poa_xl.actions.master import Existing, Fresh, Master
from poa_xl.actions.naming import root_of
from poa_xl.actions.receiving import Received
from poa_xl.actions.reminding import with_reminders
from poa_xl.actions.submissions import submission_lines
from poa_xl.core.aliases import Aliases
from poa_xl.core.codes import Code
from poa_xl.core.findings import Finding
from poa_xl.core.flags import Flag
from poa_xl.core.keys import keyed, keys_of
from poa_xl.core.outcomes import ROW, Fate, Merged, Outcome, Side
from poa_xl.core.plan import REPORTED, Kind, Plan, Row
from poa_xl.core.text import fold, squeeze
from poa_xl.i18n import say
from poa_xl.sheet import ledger
from poa_xl.sheet.cells import shown
from poa_xl.sheet.fields import CAPTIONS
from poa_xl.sheet.grid import quoted
from poa_xl.sheet.headers import CONTROL
from poa_xl.sheet.ledger import ChangeLine, ProvenanceLine, SubmissionLine
from poa_xl.sheet.listing import CHANGES, PROVENANCE
from poa_xl.sheet.own import heading_of
from poa_xl.sheet.spec import SheetSpec
from poa_xl.sheet.tracking_columns import BY_NAME as TRACK_COLUMNS
from poa_xl.store.history import History

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
class Decisions:
    """What the office wrote in `Cambios`, by what it is about; and what of it nobody understands."""

    rulings: Mapping[tuple[str, ...], Side | Code] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def told_of(
    context: Context, plan: Plan, flags: Sequence[Flag], findings: Sequence[Finding]
) -> tuple[list[SubmissionLine], list[ChangeLine]]:
    """Return who sent, with what to write to whom, and what became of every change."""
    changes = _changes(context)
    return list(with_reminders(_submissions(context, plan, flags), plan, findings, changes)), changes


def telling_sheets(
    context: Context,
    told: tuple[Sequence[SubmissionLine], Sequence[ChangeLine]],
    plan: Plan,
    files: Mapping[int, str],
    sheet: str,
) -> list[SheetSpec]:
    """Draw the sheets that say how the plan came to be."""
    title = heading(context)
    submissions, changes = told
    return [
        ledger.submissions_sheet(submissions, title),
        ledger.changes_sheet(changes, title, _places(plan, sheet)),
        ledger.provenance_sheet(_provenance(context, _told_apart(context, plan), files), sheet, title),
    ]


def heading(context: Context) -> str:
    """Return what stands above each of them: when it was."""
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
        if not squeeze(line.decision):
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
    saved = say("última vez que se guardó el maestro: {who}", who=who) if who else ""
    return replace(line, reason="; ".join(part for part in (line.reason, saved) if part))


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
