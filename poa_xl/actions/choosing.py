"""Several files of one unit, and late ones: which of them counts."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TypeAlias

from poa_xl.actions import moment
from poa_xl.actions.comparing import differences
from poa_xl.actions.load import load_one
from poa_xl.actions.naming import file_name
from poa_xl.actions.receiving import Received
from poa_xl.books.book import FileBook
from poa_xl.core.aliases import Aliases
from poa_xl.core.text import fold
from poa_xl.errors import SyncError
from poa_xl.i18n import say
from poa_xl.sheet.ledger import SENT
from poa_xl.sheet.profile import PLAIN, Profile

_FEW = 6

Differ: TypeAlias = Callable[[Received, Received], list[str]]


def choose(
    received: Sequence[Received], only: Sequence[str], *, newest: bool, aliases: Aliases, profile: Profile = PLAIN
) -> Iterator[Received]:
    """Settle which file of a unit counts, where several came.

    Args:
        received: What came.
        only: Names of files that count.
        newest: Take the one saved last.
        aliases: The office's list of unit names.
        profile: What is known of the layout of the master.

    Yields:
        The files, those that do not count with a problem that says why. Equal ones count once.

    Raises:
        SyncError: `only` names a file that did not come.
    """
    differ = partial(_differences, aliases=aliases, profile=profile)
    for name in only:
        if not any(_is_named(each, name) for each in received):
            raise SyncError(say("--only {name}: no hay tal archivo", name=name))
    groups: dict[object, list[Received]] = defaultdict(list)
    for each in received:
        alone = each.problem or each.identity is None
        groups[each.file if alone else ("unit", fold(each.unit))].append(each)
    for group in groups.values():
        yield from group if len(group) == 1 else _choose(group, only, differ, newest=newest)


def _choose(whole: list[Received], only: Sequence[str], differ: Differ, *, newest: bool) -> Iterator[Received]:
    answers = [each for each in whole if each.status != SENT or any(_is_named(each, name) for name in only)]
    if answers and len(answers) < len(whole):
        file = ", ".join(each.file for each in answers)
        yield from (
            replace(
                _refused(each, "", file),
                rows=0,
                note=say("sin cambios desde que se envió; cuenta {file}", file=file),
            )
            for each in whole
            if each not in answers
        )
    group = answers or whole
    if len(group) == 1:
        yield from group
        return
    chosen = [each for each in group if any(_is_named(each, name) for name in only)]
    if not chosen and newest:
        latest = max(each.saved_at for each in group)
        chosen = [each for each in group if each.saved_at == latest]
    first = (chosen or group)[0]
    if not chosen and all(differ(first, each) == [] for each in group[1:]):
        chosen = [first]
    for each in group:
        others = ", ".join(other.file for other in group if other is not each)
        if len(chosen) == 1 and each is chosen[0]:
            yield each
        elif len(chosen) == 1 and not differ(chosen[0], each):
            file = chosen[0].file
            yield _refused(each, say("es igual a {file}, que ya cuenta", file=file), file)
        elif len(chosen) == 1:
            file = chosen[0].file
            yield _refused(each, say("se tomó {file}, de la misma unidad", file=file), file)
        else:
            other = next(other for other in group if other is not each)
            text = "; ".join(differ(each, other)[:_FEW])
            yield _refused(each, _undecided(others, text, is_tie=len(chosen) > 1))


def _undecided(others: str, text: str, *, is_tie: bool) -> str:
    """Say that nobody knows which of several files counts, and what would settle it."""
    if is_tie:
        return say(
            "hay otro archivo de la misma unidad, guardado en el mismo momento: {others}; elegir con --only; "
            "difieren en: {text}",
            others=others,
            text=text,
        )
    return say(
        "hay otro archivo de la misma unidad: {others}; elegir con --only o --newest; difieren en: {text}",
        others=others,
        text=text,
    )


def placed(received: Received, units: Sequence[str]) -> Received:
    """Return a file with its unit, by what it is called, where it does not say whose it is and was not read."""
    if received.unit or not received.problem:
        return received
    stem = fold(Path(received.file).stem)
    named = [unit for unit in units if unit and stem.startswith(fold(file_name(unit, set()).removesuffix(".xlsx")))]
    return replace(received, unit=max(named, key=len, default=""))


def of_version(received: Received, approved: str) -> Received:
    """Return a file with a note where it was sent under another approved version than the master's of now."""
    identity = received.identity
    if identity is None or identity.approved == approved:
        return received
    if identity.approved:
        note = say("se envió con {sent}; el maestro está en {now}", sent=identity.approved, now=approved)
    else:
        note = say("se envió antes de que se aprobara; el maestro está en {now}", now=approved)
    return replace(received, note="; ".join(part for part in (received.note, note) if part))


def dated(received: Received, latest: Mapping[str, tuple[int, str]]) -> Received:
    """Return a file with a note where it answers a sending that was not the last one to its unit."""
    identity = received.identity
    last = latest.get(fold(received.unit)) if identity is not None else None
    if identity is None or last is None or identity.version >= last[0]:
        return received
    note = say(
        "responde al envío {version} ({time}); el último a esta unidad es el {last} ({last_time})",
        version=identity.version,
        time=moment.shown(identity.sent_at),
        last=last[0],
        last_time=moment.shown(last[1]),
    )
    return replace(received, note="; ".join(part for part in (received.note, note) if part))


def _refused(received: Received, problem: str, instead: str = "") -> Received:
    return replace(received, problem=problem, returned=None, plan=None, instead=instead)


def is_named(path: Path, name: str) -> bool:
    """Whether somebody who names a file means this one."""
    return name == path.name or Path(name).resolve() == path.resolve()


def _is_named(received: Received, name: str) -> bool:
    return name == received.file or is_named(received.path, name)


def _differences(one: Received, other: Received, *, aliases: Aliases, profile: Profile) -> list[str]:
    if one.sha256 == other.sha256:
        return []
    plans = [aliases.plan(load_one(FileBook(each.path), profile=profile).parsed.plan) for each in (one, other)]
    return [
        f"{each.code} {each.field or each.kind}: {each.before or '—'} / {each.after or '—'}"
        for each in differences(*plans)
    ]


def superseded(received: Received, earlier: Mapping[str, Sequence[tuple[int, str, str, str]]]) -> str:
    """Return why a file is older than what was taken of its unit already; empty when it is not.

    Args:
        received: The file.
        earlier: By base: number of the run, hash, name and time of the files taken so far, in order.
    """
    taken = earlier.get(received.base, ())
    if not taken or taken[-1][1] == received.sha256:
        return ""
    number, _, file, saved = taken[-1]
    if received.status == SENT:
        return say(
            "sin cambios desde que se envió; cuenta {file}, ya tomado en la consolidación {number}",
            file=file,
            number=str(number),
        )
    if any(sha256 == received.sha256 for _, sha256, _, _ in taken) or received.saved_at < saved:
        return say(
            "es anterior a {file}, ya tomado en la consolidación {number}; --only lo toma igual",
            file=file,
            number=str(number),
        )
    return ""
