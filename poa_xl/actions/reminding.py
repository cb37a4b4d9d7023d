"""What to write to a unit of whose answer something is missing: a letter that can be sent as it is."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from poa_xl.core.findings import Finding, Severity
from poa_xl.core.flags import sentence, stopped
from poa_xl.core.outcomes import Fate
from poa_xl.core.plan import Plan
from poa_xl.core.text import fold
from poa_xl.i18n import say
from poa_xl.sheet.ledger import BULLET, MISSING, PARTIAL, REFUSED, SENT, ChangeLine, SubmissionLine

# Red rows that a reminder names.
_MOST = 10
# Changes about which a unit, and not the office, has to do something.
_TO_ASK = {str(Fate.REJECTED), str(Fate.MISSING)}


def with_reminders(
    lines: Sequence[SubmissionLine], plan: Plan, findings: Sequence[Finding], changes: Sequence[ChangeLine]
) -> Iterator[SubmissionLine]:
    """Yield the lines of `Envíos`, each with what to write to the unit; nothing where nothing is missing.

    What waits for the office alone is told beside the line and asked of nobody.

    Args:
        lines: Unit by unit, what came.
        plan: The consolidated plan.
        findings: What the checks say of it.
        changes: What became of every change.
    """
    red: dict[str, dict[str, str]] = defaultdict(dict)
    for finding in findings:
        row = plan.row_of(finding)
        if finding.severity is Severity.ERROR and row.unit:
            red[fold(row.unit)].setdefault(str(row.code or ""), sentence(finding))
    asked: dict[str, list[str]] = defaultdict(list)
    for change in changes:
        if change.fate in _TO_ASK:
            asked[change.file].append(_asked(change))
    # Those of no file are about formulas of the master.
    conflicts = Counter(change.file for change in changes if change.fate == Fate.CONFLICT and change.file)
    for each in lines:
        missing = [] if each.instead else [*_missing(each, asked[each.file], red[fold(each.unit)])]
        line = _undecided(each, conflicts[each.file])
        if not missing:
            yield line
            continue
        year = str(plan.planned_year or "")
        head = say("Buenos días: sobre el POA {year} de {unit}, falta lo siguiente.", year=year, unit=line.unit)
        end = say("Por favor, corregirlo en el libro que se les envió y devolverlo con el mismo nombre. Gracias.")
        text = "\n".join([head, "", *(BULLET + each for each in missing), "", end])
        yield replace(line, subject=say("POA {year} de {unit}: lo que falta", year=year, unit=line.unit), reminder=text)


def _undecided(line: SubmissionLine, count: int) -> SubmissionLine:
    """Return a line with what the office has not decided yet of its file."""
    if not count:
        return line
    said = say("por decidir en la hoja Cambios: {count}", count=count)
    return replace(line, undecided=count, note="; ".join(part for part in (line.note, said) if part))


def _asked(change: ChangeLine) -> str:
    """Say of a change what is to be put right, and where: the unit has its own file before it."""
    place = " ".join(part for part in (change.code, change.field, change.cell and f"({change.cell})") if part)
    return stopped(
        ": ".join(
            part for part in (place, change.theirs and f"«{change.theirs}»", change.reason or change.fate) if part
        )
    )


def _missing(line: SubmissionLine, asked: Sequence[str], red: dict[str, str]) -> Iterator[str]:
    if line.received == MISSING:
        yield say("No llegó ninguna respuesta: enviar el libro con los cambios, o decir que no los hay.")
    elif line.received == SENT:
        yield say("El libro está tal como se les envió: devolverlo con los cambios, o decir que no los hay.")
    elif line.received == REFUSED:
        yield say("{file} no se pudo tomar: {reason}", file=line.file, reason=stopped(line.note))
    elif line.received == PARTIAL:
        # Where no row is at fault it is the sheet: a column that did not come back, an amount that is nobody's.
        yield from (
            say("{file}, no se tomó: {what}", file=line.file, what=each) for each in asked or [stopped(line.note)]
        )
    shown = list(red.items())[:_MOST]
    yield from (say("{code} en rojo: {reason}", code=code, reason=reason) for code, reason in shown)
    if len(red) > _MOST:
        yield say("Y {count} operaciones más en rojo.", count=len(red) - _MOST)
