"""The partida lines of one operation against those that a file offers."""

import difflib
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from poa_xl.core.blocks import Block, all_fields, value_of, with_fields
from poa_xl.core.codes import Code
from poa_xl.core.dress import said_of
from poa_xl.core.fieldwise import Version, decide_row, open_fields
from poa_xl.core.offers import Offer, View
from poa_xl.core.outcomes import ROW, AddLine, Decision, Event, Fate, Loss, Outcome, Remove, Side
from poa_xl.core.plan import Row
from poa_xl.core.returned import Returned, is_blank, same
from poa_xl.i18n import say


@dataclass
class Lines:
    """What was decided about the lines of an operation.

    Attributes:
        events: The decisions, and what was lost.
        settled: What the lines will be held against next time.
        is_open: Whether something waits for somebody.
    """

    events: list[Event] = field(default_factory=list)
    settled: list[Row] = field(default_factory=list)
    is_open: bool = False

    def leave_open(self, outcome: Outcome) -> None:
        """Note a line about which nothing can be decided."""
        self.events += [Decision(outcome), Loss(outcome.file, 1)]
        self.is_open = True


@dataclass(frozen=True)
class _Move:
    """A line that a file took away from one operation and brings under another: one change, and no new money.

    Attributes:
        said: What the line says.
        origin: The operation that it was sent under.
        twin: Which of the moved lines of that operation that say the same it is, from 0.
        outcome: What is asked about it, with the operation that it came under.
    """

    said: object
    origin: Code
    twin: int
    outcome: Outcome


def _moves(source: Returned) -> list[_Move]:
    """Find the lines that a file moved: what went from some operations came under others as many times.

    Which of several that say the same came from where makes no difference. Where more came than went, or fewer, nobody
    knows which ones are new, and none is taken for moved.
    """
    pairs = [(pair.base.lines, pair.theirs) for pair in source.changed if pair.base is not None]
    said = [(Counter(contents(base)), Counter(contents(theirs.lines))) for base, theirs in pairs]
    went: dict[object, list[Code]] = defaultdict(list)
    came: Counter[object] = Counter()
    for (_, theirs), (before, after) in zip(pairs, said, strict=True):
        for each in (before - after).elements():
            went[each].append(theirs.code)
        came += after - before
    moved = {each for each, count in came.items() if len(went[each]) == count}
    found: list[_Move] = []
    for (base, theirs), (before, after) in zip(pairs, said, strict=True):
        if moved.isdisjoint(before - after) and moved.isdisjoint(after - before):
            continue
        arrived = {theirs for _, theirs in _aligned(base, theirs.lines, moved)}
        for number, row in enumerate(theirs.lines):
            (each,) = contents([row])
            if number not in arrived and each in moved:
                origin = went[each].pop(0)
                twin = sum((other.said, other.origin) == (each, origin) for other in found)
                reason = say("la partida estaba en {code}; unidad la traslada", code=str(origin))
                outcome = Outcome(
                    Fate.CONFLICT,
                    source.file,
                    theirs.code,
                    number + 1,
                    ROW,
                    None,
                    None,
                    _shown(row),
                    row.where("partida"),
                    reason,
                )
                found.append(_Move(each, origin, twin, outcome))
    return found


@dataclass(frozen=True)
class _Matched:
    """Lines of the master, of what was sent and of what came, and which is which."""

    base: Sequence[Row]
    theirs: Sequence[Row]
    numbers: Sequence[int]
    sent: Mapping[int, int]
    here: Mapping[int, int]
    added: frozenset[int]
    came: list[_Move]
    went: list[_Move]


def lines_differ(offer: Offer) -> bool:
    """Whether a file brings other lines than it was sent."""
    if offer.base is None:
        return bool(offer.theirs.lines)
    return contents(offer.base.lines) != contents(offer.theirs.lines)


def contents(rows: Iterable[Row]) -> tuple[object, ...]:
    """Return what rows say, to be compared."""
    return tuple(Block(row).content for row in rows)


def dispute(view: View, index: int, offer: Offer) -> list[Event]:
    """Leave the lines of an operation open about which files differ."""
    count = len(view.master.lines.get(index, ()))
    outcome = Outcome(
        Fate.CONFLICT,
        offer.file,
        offer.code,
        1,
        ROW,
        None,
        count,
        len(offer.theirs.lines),
        offer.theirs.head.where("partida"),
        say("otro archivo trae otras partidas"),
    )
    return [Decision(outcome), Loss(offer.file, len(offer.theirs.lines))]


def decide_lines(view: View, index: int, offer: Offer) -> Lines:
    """Decide about the lines of an operation that one file brings, or several files alike."""
    done = Lines()
    matched = _match(view, index, offer)
    anchor, taken = index, set(matched.added)
    for number, row in enumerate(matched.theirs):
        former = matched.sent.get(number)
        if former is None:
            anchor = _new_line(view, offer, matched, done, (number, row, anchor), taken)
        elif former not in matched.here:
            _gone_line(offer, matched.base[former], number, row, done)
        else:
            anchor = matched.numbers[matched.here[former]]
            base = matched.base[former] if offer.base is not None else None
            decided = decide_row(view, anchor, [Version(offer, base, row)], number + 1)
            kept = {name: value_of(matched.base[former], name) for name in open_fields(decided, offer.file)}
            done.events += [*decided, *([Loss(offer.file, 1)] if kept else ())]
            done.is_open |= bool(kept) and offer.base is None
            done.settled.append(with_fields(row, kept))
    if offer.base is not None:
        _missing_lines(view, offer, matched, done)
    return done


def _match(view: View, index: int, offer: Offer) -> _Matched:
    numbers = view.master.lines.get(index, [])
    present = [view.master.rows[i] for i in numbers]
    base = offer.base.lines if offer.base is not None else tuple(present)
    moves = _moves(offer.source)
    moved = {each.said for each in moves}
    sent = {theirs: was for was, theirs in _aligned(base, offer.theirs.lines, moved) if theirs is not None}
    here = {was: now for was, now in _aligned(base, present) if now is not None}
    added = frozenset(range(len(present))) - {*here.values()}
    came = [each for each in moves if each.outcome.code == offer.code]
    went = [each for each in moves if each.origin == offer.code]
    return _Matched(base, offer.theirs.lines, numbers, sent, here, added, came, went)


def _new_line(
    view: View, offer: Offer, matched: _Matched, done: Lines, new: tuple[int, Row, int], free: set[int]
) -> int:
    """Decide about a line that was not sent; return the row of the master that the next one comes behind."""
    number, row, anchor = new
    present = [view.master.rows[i] for i in matched.numbers]
    twin = next((i for i in sorted(free) if contents([present[i]]) == contents([row])), None)
    if twin is not None:
        free.discard(twin)
        done.settled.append(row)
        return matched.numbers[twin]
    move = next((each for each in matched.came if each.outcome.line == number + 1), None)
    if move is not None:
        _move(view, offer, move, done, (row, anchor))
        return anchor
    if offer.base is None and present:
        reason = say("el maestro no tiene esta partida")
        done.leave_open(replace(_outcome(Fate.CONFLICT, offer, number, row), reason=reason))
        return anchor
    row, barred = without_barred(view, offer, row, number + 1)
    added = replace(_outcome(Fate.ADDED, offer, number, row), reason=said_of([row]))
    done.events += [*barred, Decision(added, AddLine(anchor, row, offer.file))]
    done.settled.append(row)
    return anchor


def _move(view: View, offer: Offer, move: _Move, done: Lines, new: tuple[Row, int]) -> None:
    """Decide about a line that the unit put under another operation: it is asked, for a sorted sheet looks the same."""
    row, anchor = new
    known = [line for head in view.find(move.origin, offer.unit) for line in view.master.lines.get(head, ())]
    there = [line for line in known if contents([view.master.rows[line]]) == contents([row])]
    ruling = view.policy.side(move.outcome)
    if ruling is Side.UNIT and len(there) > move.twin:
        outcome = replace(move.outcome, fate=Fate.ADDED)
        done.events.append(Decision(outcome, AddLine(anchor, row, offer.file)))
        done.events.append(Decision(replace(outcome, fate=Fate.REMOVED, code=move.origin), Remove((there[move.twin],))))
        done.settled.append(row)
    elif ruling is Side.MASTER:
        done.events.append(Decision(replace(move.outcome, fate=Fate.MASTER)))
        done.settled.append(row)
    else:
        done.leave_open(move.outcome)


def without_barred(view: View, offer: Offer, row: Row, line: int) -> tuple[Row, list[Event]]:
    """Return a new row without what the master has no cell for, and what to say about it."""
    reasons = {name: view.limits.bar(((offer.file, row.line), name)) for name in all_fields(row)}
    barred = {name: reason for name, reason in reasons.items() if reason and not is_blank(value_of(row, name))}
    outcomes = [
        Outcome(
            Fate.CONFLICT, offer.file, offer.code, line, name, None, None, value_of(row, name), row.where(name), reason
        )
        for name, reason in sorted(barred.items())
    ]
    events: list[Event] = [Decision(each) for each in outcomes]
    blank = {name: "" if isinstance(value_of(row, name), str) else None for name in barred}
    return with_fields(row, blank), [*events, *([Loss(offer.file, 1)] if barred else ())]


def _gone_line(offer: Offer, base: Row, number: int, row: Row, done: Lines) -> None:
    """Decide about a line that the office took away."""
    if offer.base is not None and contents([base]) == contents([row]):
        done.settled.append(row)
        return
    reason = say("la oficina quitó la partida y la unidad la cambió")
    done.leave_open(replace(_outcome(Fate.CONFLICT, offer, number, row), reason=reason))
    done.settled.append(base)


def _missing_lines(view: View, offer: Offer, matched: _Matched, done: Lines) -> None:
    """Decide about the lines that the unit took away; those that wait it will be asked about again."""
    for i, row in enumerate(matched.base):
        if i in matched.sent.values() or i not in matched.here:
            continue
        move = next((each for each in matched.went if each.said == contents([row])[0]), None)
        if move is not None:
            matched.went.remove(move)
            done.settled += [row] if view.policy.side(move.outcome) not in (Side.UNIT, Side.MASTER) else []
            continue
        index = matched.numbers[matched.here[i]]
        outcome = Outcome(Fate.MISSING, offer.file, offer.code, i + 1, ROW, _shown(row), _shown(row))
        is_untouched = contents([view.master.rows[index]]) == contents([row])
        if not offer.source.is_whole:
            reason = say("el archivo tiene filas sin código válido: puede ser una de ellas")
            outcome, is_untouched = replace(outcome, reason=reason), False
        ruling = view.policy.decide(outcome)
        if ruling is Side.UNIT or (view.policy.accept_removals and is_untouched and ruling is None):
            done.events.append(Decision(replace(outcome, fate=Fate.REMOVED), Remove((index,))))
        elif ruling is Side.MASTER:
            done.events.append(Decision(replace(outcome, fate=Fate.MASTER)))
        else:
            done.settled.append(row)
            done.events.append(Decision(outcome))


def _outcome(fate: Fate, offer: Offer, number: int, row: Row) -> Outcome:
    return Outcome(fate, offer.file, offer.code, number + 1, ROW, None, None, _shown(row), row.where("partida"))


def _shown(row: Row) -> str:
    return " ".join(part for part in (row.partida, row.name) if part) or str(row.budget)


def _aligned(
    before: Sequence[Row], after: Sequence[Row], moved: Collection[object] = ()
) -> Iterator[tuple[int, int | None]]:
    """Pair lines: equal ones in order, then wherever they stand, others by position between these, then by partida.

    Args:
        before: The lines as they were.
        after: The lines as they are.
        moved: What lines say that went to other operations or came from there; such a line has an equal one or none.
    """
    were, are = contents(before), contents(after)
    steps = difflib.SequenceMatcher(None, were, are, autojunk=False).get_opcodes()
    pairs: dict[int, int] = {}
    for _, left, right, top, bottom in (step for step in steps if step[0] == "equal"):
        pairs.update(zip(range(left, right), range(top, bottom), strict=True))
    old = [i for i in range(len(before)) if i not in pairs]
    new = [j for j in range(len(after)) if j not in {*pairs.values()}]
    _pair_up(pairs, old, new, lambda i, j: were[i] == are[j])
    old = [i for i in old if were[i] not in moved]
    new = [j for j in new if are[j] not in moved]
    for _, left, right, top, bottom in steps:
        here, there = [i for i in old if left <= i < right], [j for j in new if top <= j < bottom]
        if len(here) == len(there):
            pairs.update(zip(here, there, strict=True))
    old, new = [i for i in old if i not in pairs], [j for j in new if j not in {*pairs.values()}]
    _pair_up(pairs, old, new, lambda i, j: same(after[j].partida, before[i].partida))
    yield from ((i, pairs.get(i)) for i in range(len(before)))


def _pair_up(pairs: dict[int, int], old: list[int], new: list[int], is_pair: Callable[[int, int], bool]) -> None:
    """Pair what is left, in order, and take it away from both."""
    for i in list(old):
        twin = next((j for j in new if is_pair(i, j)), None)
        if twin is not None:
            pairs[i] = twin
            old.remove(i)
            new.remove(twin)
