"""Who answered, and what each answer is worth: the lines of `Envíos`."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from poa_xl.actions import moment
from poa_xl.actions.otherwise import named
from poa_xl.actions.receiving import Received
from poa_xl.core.flags import Flag, State
from poa_xl.core.outcomes import Fate, Outcome
from poa_xl.core.plan import Kind, Plan
from poa_xl.core.text import fold
from poa_xl.i18n import say
from poa_xl.sheet import ledger
from poa_xl.sheet.ledger import SubmissionLine
from poa_xl.store.history import History


def worth(received: Received, outcomes: Iterable[Outcome]) -> str:
    """Return what a file is worth as an answer: one of the words of `Envíos`."""
    if received.problem:
        return ledger.REFUSED
    if received.status == ledger.SENT:
        return ledger.SENT
    is_open = any(each.file == received.file and each.fate in (Fate.REJECTED, Fate.MISSING) for each in outcomes)
    # A column that nobody knows may be the one that is missing, under another name.
    is_renamed = bool(received.lacking and received.unknown)
    if is_open or is_renamed or received.strays or received.elsewhere:
        return ledger.PARTIAL
    return ledger.SAME if received.is_same or received.status == ledger.SAME else ledger.RECEIVED


def submission_lines(
    received: Sequence[Received],
    plan: Plan,
    flags: Sequence[Flag],
    history: History | None,
    root: str,
    year: int | None,
    lineage: Sequence[str],
) -> Iterator[SubmissionLine]:
    """Yield a line for every unit of the plan or of the history, and for every file.

    Args:
        received: The files, each with its status.
        plan: The consolidated plan.
        flags: What the checks say of its rows.
        history: The history; None for none.
        root: Code of the master's root.
        year: The year planned.
        lineage: The runs that the master builds on.
    """
    red: dict[str, int] = defaultdict(int)
    units: dict[str, str] = {}
    for row, flag in zip(plan.rows, flags, strict=True):
        if row.kind is Kind.OPERATION:
            units.setdefault(fold(row.unit), row.unit)
            red[fold(row.unit)] += flag.state is State.RED
    latest = history.latest(root, year) if history is not None else {}
    sent = history.units(root, year) if history is not None else []
    for unit in (*sent, *(each.unit for each in received)):
        units.setdefault(fold(unit), unit)
    earlier = {fold(past.unit): past for past in (history.taken(lineage) if history is not None else ())}
    for key, unit in sorted(units.items()):
        came = [each for each in received if fold(each.unit) == key]
        label = unit or say("Sin unidad")
        unknown = say("no se sabe de quién")
        sent_at = moment.shown(latest[key][1]) if key in latest else ""
        for each in came:
            is_known = bool(unit) or not each.problem
            line = _line(label if is_known else unknown, each, red[key], sent_at)
            yield line if is_known else replace(line, known=False)
        if not came and key in earlier:
            past = earlier[key]
            note = say("en la consolidación {number}", number=str(past.run))
            status = past.status or ledger.RECEIVED
            yield SubmissionLine(
                label,
                status,
                past.file,
                past.author,
                moment.shown(past.saved_at),
                0,
                past.read,
                past.taken,
                0,
                past.read - past.taken,
                red[key],
                note,
                sent_at,
            )
        elif not came:
            note = say("se le envió el {time}", time=sent_at) if sent_at else ""
            yield SubmissionLine(label, ledger.MISSING, "", "", "", 0, 0, 0, 0, 0, red[key], note, sent_at)


def _line(unit: str, received: Received, red: int, sent: str) -> SubmissionLine:
    return SubmissionLine(
        unit,
        received.status,
        received.file,
        received.author,
        moment.shown(received.saved_at),
        received.identity.version if received.identity is not None else 0,
        received.rows,
        received.taken,
        received.changed,
        received.rejected,
        red,
        "; ".join(_notes(received)),
        sent,
        instead=received.instead,
    )


def _notes(received: Received) -> Iterator[str]:
    if received.problem:
        yield received.problem.removeprefix(f"{received.file}: ")
    elif received.status == ledger.SENT and received.rows:
        yield say("sin cambios desde que se envió")
    elif received.status == ledger.SAME:
        yield say("se guardó otra vez, sin cambios")
    if received.note:
        yield received.note
    yield from _left_out(received)
    if received.passed:
        yield say("filas fuera del plan: {count}", count=received.passed)
    for name in received.unknown:
        yield say("columna desconocida «{name}»", name=name)
    yield from received.aside
    if received.identity is None and not received.problem:
        yield say("no lo hizo poa split: se compara a dos")


def _left_out(received: Received) -> Iterator[str]:
    """Say what of a file was not taken, and what did not come back."""
    if received.strays:
        lines = ", ".join(map(str, received.strays))
        yield say("con un importe y sin código ni partida, no se tomó: fila {lines}", lines=lines)
    if received.elsewhere:
        yield say("no se tomó lo que solo una copia de la hoja dice: {told}", told=named(received.elsewhere))
    for name in received.lacking:
        yield say("no volvió la columna «{name}»: vale lo que se envió", name=name)
