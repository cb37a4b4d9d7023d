"""Consolidations and their history for people and for programs."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from poa_xl.actions import moment
from poa_xl.actions.past.telling import Told
from poa_xl.actions.syncing import Synced
from poa_xl.i18n import say
from poa_xl.report import counts
from poa_xl.sheet.ledger import MISSING, PARTIAL, REFUSED, SAME, SENT, ChangeLine, SubmissionLine

if TYPE_CHECKING:
    from poa_xl.store.history import Past

_MOST = 200
_LONGEST = 40


def as_json(done: Synced) -> str:
    """Write a consolidation as a JSON object."""
    return json.dumps(
        {
            "run": done.run,
            "path": str(done.path) if done.path is not None else None,
            "backup": str(done.backup) if done.backup is not None else None,
            "read": sum(each.rows for each in done.received),
            "taken": sum(each.taken for each in done.received),
            "rejected": sum(each.rejected for each in done.received),
            "open": sum(each.is_open for each in done.result.changes),
            "files": [
                {
                    "file": each.file,
                    "unit": each.unit,
                    "sha256": each.sha256,
                    "read": each.rows,
                    "taken": each.taken,
                    "changed": each.changed,
                    "rejected": each.rejected,
                    "problem": each.problem,
                    "status": each.status,
                }
                for each in done.received
            ],
            "submissions": [asdict(each) for each in done.result.submissions],
            "changes": [asdict(each) for each in done.result.changes],
            "notes": list(done.notes),
        },
        ensure_ascii=False,
        indent=2,
    )


def as_text(done: Synced, *, several: bool = False) -> RenderableType:
    """Draw a consolidation for a terminal.

    Args:
        done: What it came to.
        several: Whether there are so many files that only those with something to say are listed.
    """
    lines = done.result.submissions
    told = [each for each in lines if not several or _is_news(each)]
    parts: list[RenderableType] = [_submissions(told)]
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
        parts.append(Text(say("No enviaron: {units}", units=", ".join(missing)), style="yellow"))
    parts += [Text(note, style="yellow") for note in done.notes]
    line = Text(say("{count} por resolver;", count=len(waiting)) + " ")
    parts.append(line.append_text(counts(done.result.findings)))
    return Group(*parts)


def _is_news(line: SubmissionLine) -> bool:
    """Whether a unit has something to say: it answered, or something is the matter."""
    return bool(line.changed or line.rejected or (line.note and line.received not in (SENT, SAME)))


def history_json(told: Told) -> str:
    """Write a history as a JSON object."""
    runs = [
        {"run": run.number, "time": run.started_at, "master": run.master, "state": run.state, "backup": run.backup}
        for run in told.runs
    ]
    return json.dumps({"runs": runs, "changes": [_flat(each) for each in told.past]}, ensure_ascii=False, indent=2)


def history_text(told: Told) -> RenderableType:
    """Draw a history for a terminal, the latest run first."""
    per_run = Counter(each.run for each in told.past)
    runs = _table(say("Consolidación"), say("Cuándo"), say("Maestro"), say("Cambios"), say("Estado"))
    for run in told.runs:
        state = say("deshecha") if run.state == "undone" else say("vigente")
        count = str(per_run[run.number])
        runs.add_row(*map(Text, (str(run.number), moment.shown(run.started_at), run.master, count, state)))
    table = _table(
        say("N.º"), say("Cuándo"), say("Qué"), say("Código"), say("Columna"), say("Antes"), say("Después"),
        say("De dónde"),
    )  # fmt: skip
    for each in told.past[:_MOST]:
        entry = each.entry
        who = " · ".join(part for part in (entry.file, entry.cell, each.author) if part)
        cells = (
            str(each.run), each.time[:10], entry.fate, _spot(entry.code, entry.line), entry.field,
            _cut(entry.before), _cut(entry.after), who,
        )  # fmt: skip
        table.add_row(*map(Text, cells), style="dim strike" if each.undone else "")
    parts: list[RenderableType] = [runs, table]
    if len(told.past) > _MOST:
        parts.append(Text(say("y {count} cambios más; --json los da todos", count=len(told.past) - _MOST), style="dim"))
    return Group(*parts)


def _submissions(lines: Sequence[SubmissionLine]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column(say("Unidad"), overflow="fold", min_width=22)
    table.add_column(say("Recibido"), no_wrap=True)
    for caption in (say("Filas"), say("Tomadas"), say("Cambian"), say("No tomadas"), say("En rojo")):
        table.add_column(caption, justify="right")
    table.add_column(say("Observación"), overflow="fold", ratio=1)
    for each in lines:
        numbers = (each.rows, each.taken, each.changed, each.rejected, each.red)
        shown = ["" if each.received == MISSING and n < len(numbers) - 1 else str(v) for n, v in enumerate(numbers)]
        bad = "bold red" if each.rejected or each.received in (MISSING, PARTIAL, REFUSED) else "green"
        # A file that is called like its unit, as `poa split` names it, needs no mention.
        note = "; ".join(part for part in (each.file.removeprefix(f"{each.unit}.xlsx"), each.note) if part)
        table.add_row(Text(each.unit), Text(each.received, style=bad), *map(Text, shown), Text(note))
    return table


def _changes(lines: Sequence[ChangeLine], title: str) -> RenderableType:
    captions = (
        say("Estado"), say("Código"), say("Columna"), say("Maestro"), say("Unidad trae"), say("De dónde"),
        say("Por qué"),
    )  # fmt: skip
    rows = [
        (
            each.fate,
            _spot(each.code, int(each.row or 0)),
            each.field,
            _cut(each.master),
            _cut(each.theirs),
            " · ".join(part for part in (f"{each.file} {each.cell}".strip(), each.author, each.time) if part),
            each.reason,
        )
        for each in lines[:_MOST]
    ]
    wanted = [number for number in range(len(captions)) if any(row[number] for row in rows)]
    table = _table(*(captions[number] for number in wanted), title=f"{title} ({len(lines)})")
    for each, row in zip(lines, rows, strict=False):
        fate = Text(row[0], style="red" if each.is_open else "")
        table.add_row(fate, *(Text(row[number]) for number in wanted[1:]))
    if len(lines) > _MOST:
        more = say("y {count} cambios más; --json los da todos", count=len(lines) - _MOST)
        return Group(table, Text(more, style="dim"))
    return table


def _cut(text: str) -> str:
    """Shorten a name that would fill the screen."""
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _spot(code: str, line: int) -> str:
    return f"{code} · {say('partida')} {line}" if line else code


def _flat(past: "Past") -> dict[str, object]:
    return {"run": past.run, "time": past.time, "undone": past.undone, "author": past.author} | asdict(past.entry)


def _table(*captions: str, title: str = "") -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, title=title or None, title_justify="left", title_style="bold")
    for caption in captions:
        table.add_column(caption, overflow="fold", no_wrap=caption in (say("Código"), say("Estado"), say("Qué")))
    return table
