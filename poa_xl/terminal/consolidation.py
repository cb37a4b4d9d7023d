"""Consolidations for people and for programs."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict

from rich.console import Group, RenderableType
from rich.text import Text

from poa_xl.actions.syncing import Synced
from poa_xl.core.flags import sentences
from poa_xl.i18n import say
from poa_xl.sheet.ledger import MISSING, PARTIAL, REFUSED, SAME, SENT, ChangeLine, SubmissionLine
from poa_xl.terminal import records
from poa_xl.terminal.door import harmless
from poa_xl.terminal.findings import counts
from poa_xl.terminal.listing import MOST, Column, Listing, cut, spot


def as_json(done: Synced) -> str:
    """Write a consolidation as a JSON object."""
    return records.as_json(_as_data(done))


def sheets_as_json(done: Mapping[str, Synced]) -> str:
    """Write the consolidation of each sheet of a master as a JSON object: what all came to, as of one, then each."""
    sheets = [{"sheet": sheet, **_as_data(each)} for sheet, each in done.items()]
    return records.as_json({**_as_data(*done.values()), "sheets": sheets})


def _as_data(*done: Synced) -> dict[str, object]:
    """Return what consolidations one after the other came to: the last step, and what stood there before the first."""
    received = [each for one in done for each in one.received]
    changes = [each for one in done for each in one.result.changes]
    written = [one for one in done if one.path is not None]
    backup = written[0].backup if written else None
    return {
        "run": written[-1].run if written else None,
        "path": str(written[-1].path) if written else None,
        "backup": str(backup) if backup is not None else None,
        "read": sum(each.rows for each in received),
        "taken": sum(each.taken for each in received),
        "rejected": sum(each.rejected for each in received),
        "open": sum(each.is_open for each in changes),
        "files": [
            {
                "file": each.file,
                "unit": each.unit,
                "sha256": each.sha256,
                "saved_at": each.saved_at,
                "read": each.rows,
                "taken": each.taken,
                "changed": each.changed,
                "rejected": each.rejected,
                "problem": each.problem,
                "status": each.status,
            }
            for each in received
        ],
        "submissions": [asdict(each) for one in done for each in one.result.submissions],
        "changes": [asdict(each) for each in changes],
        "notes": [note for one in done for note in one.notes],
    }


def drawn(done: Synced, *, several: bool = False) -> RenderableType:
    """Draw a consolidation.

    Args:
        done: What it came to.
        several: Whether there are so many files that only those with something to say are listed.
    """
    lines = done.result.submissions
    told = [each for each in lines if not several or _is_news(each)]
    parts: list[RenderableType] = [submissions(told)]
    if len(told) < len(lines):
        parts.append(Text(say("y {count} unidades sin novedad", count=len(lines) - len(told)), style="dim"))
    changes = done.result.changes
    waiting = [each for each in changes if each.is_open]
    others = [each for each in changes if not each.is_open]
    parts += [
        _changes(rows, title) for title, rows in ((say("POR RESOLVER"), waiting), (say("CAMBIOS"), others)) if rows
    ]
    read, taken = sum(each.rows for each in done.received), sum(each.taken for each in done.received)
    parts.append(
        Text(
            say(
                "{read} filas leídas = {taken} tomadas ({changed} cambian algo) + {rejected} no tomadas",
                read=read,
                taken=taken,
                changed=sum(each.changed for each in done.received),
                rejected=read - taken,
            )
        )
    )
    missing = [each.unit for each in lines if each.received == MISSING]
    if missing:
        parts.append(Text(harmless(say("No enviaron: {units}", units=", ".join(missing))), style="yellow"))
    parts += [Text(harmless(note), style="yellow") for note in done.notes]
    line = Text(say("{count} por resolver;", count=len(waiting)) + " ")
    parts.append(line.append_text(counts(done.result.findings)))
    return Group(*parts)


def _is_news(line: SubmissionLine) -> bool:
    """Whether a unit has something to say: it answered, or something is the matter."""
    return bool(line.changed or line.rejected or (line.note and line.received not in (SENT, SAME)))


def submissions(lines: Sequence[SubmissionLine]) -> Listing:
    """Draw who answered, and what each answer is worth."""
    captions = (say("Filas"), say("Tomadas"), say("Cambian"), say("No tomadas"), say("En rojo"))
    found = Listing(
        (
            Column(say("Unidad"), is_key=True),
            Column(say("Recibido"), is_key=True, is_whole=True),
            *(Column(caption, is_number=True) for caption in captions),
            Column(say("Observación"), share=1),
        )
    )
    for each in lines:
        numbers = (each.rows, each.taken, each.changed, each.rejected, each.red)
        shown = ["" if each.received == MISSING and n < len(numbers) - 1 else str(v) for n, v in enumerate(numbers)]
        bad = "bold red" if each.rejected or each.received in (MISSING, PARTIAL, REFUSED) else "green"
        # A file that is called like its unit, as `poa split` names it, needs no mention.
        note = "; ".join(part for part in (each.file.removeprefix(f"{each.unit}.xlsx"), sentences(each.note)) if part)
        found.add(each.unit, (each.received, bad), *shown, note)
    return found


def _changes(lines: Sequence[ChangeLine], title: str) -> RenderableType:
    columns = (
        Column(say("Estado"), is_key=True, is_whole=True),
        Column(say("Código"), is_key=True, is_whole=True),
        Column(say("Columna"), is_key=True),
        *(Column(caption) for caption in (say("Maestro"), say("Unidad trae"), say("De dónde"), say("Por qué"))),
    )
    rows = [
        (
            each.fate,
            spot(each.code, int(each.row or 0)),
            each.field,
            cut(each.master),
            cut(each.theirs),
            " · ".join(part for part in (f"{each.file} {each.cell}".strip(), each.author, each.time) if part),
            sentences(each.reason),
        )
        for each in lines[:MOST]
    ]
    wanted = [number for number in range(len(columns)) if any(row[number] for row in rows)]
    found = Listing([columns[number] for number in wanted], f"{title} ({len(lines)})")
    for each, row in zip(lines, rows, strict=False):
        cells = [row[number] for number in wanted]
        found.add((cells[0], "red" if each.is_open else ""), *cells[1:])
    if len(lines) > MOST:
        more = say("y {count} cambios más; --json los da todos", count=len(lines) - MOST)
        return Group(found, Text(more, style="dim"))
    return found
