"""Approved versions of a plan, and what was modified since, for people and for programs."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date

from rich.console import Group

from poa_xl.actions.approving import Done, version_line
from poa_xl.actions.past.versioning import Approved
from poa_xl.core.modifications import Modified
from poa_xl.i18n import number, say
from poa_xl.sheet.cells import shown
from poa_xl.sheet.modified import caption_of
from poa_xl.sheet.versions import VersionLine
from poa_xl.terminal import findings, records
from poa_xl.terminal.listing import Column, Listing, cut


def as_json(found: Sequence[Approved]) -> str:
    """Write versions as a JSON list, the first one first."""
    return records.as_json([_record(version_line(each)) for each in found])


def _record(line: VersionLine) -> dict[str, object]:
    budget = line.budget if isinstance(line.budget, str) else str(line.budget)
    return asdict(line) | {"day": line.day.isoformat(), "budget": budget}


def listed(found: Sequence[Approved]) -> Listing:
    """List versions, the first one first."""
    listed = Listing(
        (
            Column(say("Versión"), "bold", is_key=True, is_whole=True),
            Column(say("Resolución"), is_key=True),
            Column(say("Fecha"), is_whole=True),
            Column(say("Registró")),
            Column(say("Operaciones"), is_number=True),
            Column(say("Presupuesto"), is_number=True),
            Column(say("Contenido")),
        )
    )
    for each in map(version_line, found):
        budget = each.budget if isinstance(each.budget, str) else number(each.budget)
        listed.add(
            each.name, each.resolution, _day(each.day), each.author, str(each.operations), budget, each.sha256[:12]
        )
    return listed


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def modified(found: Sequence[Modified]) -> Listing:
    """List what differs from an approved version."""
    listed = Listing(
        (
            Column(say("Código"), "bold", is_key=True, is_whole=True),
            Column(say("Columna"), is_key=True),
            Column(say("Tipo"), is_key=True),
            Column(say("Aprobado"), share=1),
            Column(say("Vigente"), share=1),
            Column(say("Diferencia"), is_number=True),
        )
    )
    for each in found:
        difference = number(each.difference) if each.difference is not None else ""
        listed.add(
            cut(each.called),
            caption_of(each),
            str(each.kind),
            cut(shown(each.before)),
            cut(shown(each.after)),
            difference,
        )
    return listed


def findings_of(done: Done) -> Group:
    """List what the checks say of the differences."""
    return findings.listed(done.findings)


def done_as_json(done: Done) -> str:
    """Write what an approval or a list of modifications came to as a JSON object."""
    changed = [
        {
            "code": each.code,
            "field": caption_of(each),
            "approved": shown(each.before),
            "present": shown(each.after),
            "difference": None if each.difference is None else str(each.difference),
            "kind": str(each.kind),
        }
        for each in done.modified
    ]
    return records.as_json(
        {
            "version": done.version.name,
            "resolution": done.version.resolution,
            "day": done.version.day,
            "run": done.run,
            "modifications": changed,
            "findings": findings.records(done.findings),
            "backup": str(done.backup) if done.backup is not None else None,
        }
    )
