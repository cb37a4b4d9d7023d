"""The history of a master for people and for programs."""

from collections import Counter
from dataclasses import asdict

from rich.console import Group, RenderableType
from rich.text import Text

from poa_xl.actions import moment
from poa_xl.actions.past.telling import Told
from poa_xl.actions.past.words import what
from poa_xl.core.outcomes import Fate
from poa_xl.i18n import say
from poa_xl.store.records import UNDONE, Past, Version
from poa_xl.terminal import records
from poa_xl.terminal.listing import MOST, Column, Listing, cut, spot

_NOT_TAKEN = frozenset(str(fate) for fate in Fate if fate.is_open or fate is Fate.MASTER)


def as_json(told: Told) -> str:
    """Write a history as a JSON object."""
    runs = [
        {
            "run": run.number,
            "kind": run.kind,
            "time": run.started_at,
            "master": run.master,
            "state": run.state,
            "backup": run.backup,
            **_version(told.versions.get(run.id)),
        }
        for run in told.runs
    ]
    versions = [each.name for each in told.versions.values()]
    return records.as_json({"runs": runs, "versions": versions, "changes": [_flat(each) for each in told.past]})


def _version(version: Version | None) -> dict[str, str]:
    if version is None:
        return {}
    return {"version": version.name, "resolution": version.resolution, "day": version.day, "sha256": version.sha256}


def drawn(told: Told) -> RenderableType:
    """Draw a history, the latest run first."""
    if not told.runs:
        return Text(say("Todavía no hay ningún paso: nada se consolidó ni se aprobó."))
    parts: list[RenderableType] = [_runs(told), _changes(told)]
    if len(told.past) > MOST:
        parts.append(Text(say("y {count} cambios más; --json los da todos", count=len(told.past) - MOST), style="dim"))
    return Group(*parts)


def _runs(told: Told) -> Listing:
    per_run = Counter(each.run for each in told.past)
    found = Listing(
        (
            Column(say("N.º"), is_key=True),
            Column(say("Cuándo"), is_key=True),
            Column(say("Qué"), is_key=True),
            Column(say("Maestro")),
            Column(say("Cambios"), is_number=True),
            Column(say("Estado"), is_whole=True),
        )
    )
    for run in told.runs:
        state = say("deshecha") if run.state == UNDONE else say("vigente")
        version = told.versions.get(run.id)
        said = what(run.kind, version.name, version.resolution) if version is not None else what(run.kind)
        found.add(str(run.number), moment.shown(run.started_at), said, run.master, str(per_run[run.number]), state)
    return found


def _changes(told: Told) -> Listing:
    captions = (say("Columna"), say("Antes"), say("Después"), say("Se pidió"), say("De dónde"))
    found = Listing(
        (
            Column(say("N.º"), is_key=True),
            Column(say("Cuándo"), is_key=True),
            Column(say("Qué"), is_key=True, is_whole=True),
            Column(say("Código"), is_key=True, is_whole=True),
            *(Column(caption) for caption in captions),
        )
    )
    for each in told.past[:MOST]:
        entry = each.entry
        who = " · ".join(part for part in (entry.file, entry.cell, each.author) if part)
        cells = (
            str(each.run),
            moment.day(each.time),
            entry.fate,
            spot(entry.code, entry.line),
            entry.field,
            cut(entry.before),
            # What was not taken was asked for, and never stood there.
            *(("", cut(entry.after)) if entry.fate in _NOT_TAKEN else (cut(entry.after), "")),
            who,
        )
        found.add(*cells, style="dim strike" if each.undone else "")
    return found


def _flat(past: Past) -> dict[str, object]:
    return {"run": past.run, "time": past.time, "undone": past.undone, "author": past.author} | asdict(past.entry)
