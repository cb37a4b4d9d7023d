"""The partida lines of one operation against those that a file offers."""

import difflib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from poa_xl.core.blocks import Block, all_fields, value_of, with_fields
from poa_xl.core.codes import Code
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
    """A line that a file took away from one operation and brings under another: one change, and no new money."""

    origin: Code
    outcome: Outcome


def _moves(source: Returned) -> dict[object, _Move]:
    """Find the lines that a file moved, by what they say; those that say the same as others are not guessed at."""
    lost: list[tuple[object, Code]] = []
    came: list[tuple[object, Code, int, Row]] = []
    for pair in source.changed:
        if pair.base is not None:
            before, after = Counter(contents(pair.base.lines)), Counter(contents(pair.theirs.lines))
            lost += [(each, pair.theirs.code) for each in (before - after).elements()]
            came += [
                (each, pair.theirs.code, number, row)
                for number, row in enumerate(pair.theirs.lines, 1)
                if (each := contents([row])[0]) in after - before
            ]
    left, new = Counter(each for each, _ in lost), Counter(each for each, *_ in came)
    found = {}
    for each, code, number, row in came:
        if left[each] == new[each] == 1:
            origin = next(code for other, code in lost if other == each)
            reason = say("la partida estaba en {code}; unidad la traslada", code=str(origin))
            shown = _shown(row)
            found[each] = _Move(
                origin,
                Outcome(Fate.CONFLICT, source.file, code, number, ROW, None, None, shown, row.where("partida"), reason),
            )
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
    moves: Mapping[object, _Move]


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
    sent = {theirs: was for was, theirs in _aligned(base, offer.theirs.lines) if theirs is not None}
    here = {was: now for was, now in _aligned(base, present) if now is not None}
    added = frozenset(range(len(present))) - {*here.values()}
    return _Matched(base, offer.theirs.lines, numbers, sent, here, added, _moves(offer.source))


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
    move = matched.moves.get(contents([row])[0])
    if move is not None:
        _move(view, offer, move, done, (row, anchor))
        return anchor
    if offer.base is None and present:
        reason = say("el maestro no tiene esta partida")
        done.leave_open(replace(_outcome(Fate.CONFLICT, offer, number, row), reason=reason))
        return anchor
    row, barred = without_barred(view, offer, row, number + 1)
    done.events += [*barred, Decision(_outcome(Fate.ADDED, offer, number, row), AddLine(anchor, row, offer.file))]
    done.settled.append(row)
    return anchor


def _move(view: View, offer: Offer, move: _Move, done: Lines, new: tuple[Row, int]) -> None:
    """Decide about a line that the unit put under another operation: it is asked, for a sorted sheet looks the same."""
    row, anchor = new
    known = [line for head in view.find(move.origin, offer.unit) for line in view.master.lines.get(head, ())]
    there = [line for line in known if contents([view.master.rows[line]]) == contents([row])]
    ruling = view.policy.side(move.outcome)
    if ruling is Side.UNIT and len(there) == 1:
        outcome = replace(move.outcome, fate=Fate.ADDED)
        done.events.append(Decision(outcome, AddLine(anchor, row, offer.file)))
        done.events.append(Decision(replace(outcome, fate=Fate.REMOVED, code=move.origin), Remove((there[0],))))
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
        move = matched.moves.get(contents([row])[0])
        if move is not None and move.origin == offer.code:
            done.settled += [row] if view.policy.side(move.outcome) not in (Side.UNIT, Side.MASTER) else []
            continue
        index = matched.numbers[matched.here[i]]
        outcome = Outcome(Fate.MISSING, offer.file, offer.code, i + 1, ROW, _shown(row), _shown(row))
        is_untouched = contents([view.master.rows[index]]) == contents([row])
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


def _aligned(before: Sequence[Row], after: Sequence[Row]) -> Iterator[tuple[int, int | None]]:
    """Pair lines: equal ones in order, then those of one partida, then by position between equal ones."""
    matcher = difflib.SequenceMatcher(None, contents(before), contents(after), autojunk=False)
    for _, left, right, top, bottom in matcher.get_opcodes():
        if right - left == bottom - top:
            yield from zip(range(left, right), range(top, bottom), strict=True)
            continue
        free = list(range(top, bottom))
        for i in range(left, right):
            twin = next((j for j in free if same(after[j].partida, before[i].partida)), None)
            if twin is not None:
                free.remove(twin)
            yield i, twin
