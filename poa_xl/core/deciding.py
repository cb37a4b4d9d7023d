"""Three-way merge by code and field, the first half: what becomes of every change, as a list that can be printed.

The master's value stands until exactly one other value is offered for a field that the office left as it was sent.
Everything else is a conflict, which only a stated preference or a decision resolves.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace

from poa_xl.core.blocks import Block, value_of, with_fields
from poa_xl.core.codes import Code, read_code
from poa_xl.core.dress import said_of
from poa_xl.core.fieldwise import Version, decide_row, open_fields
from poa_xl.core.linewise import contents, decide_lines, dispute, lines_differ, without_barred
from poa_xl.core.offers import Offer, Target, View
from poa_xl.core.outcomes import (
    AddBlock,
    AddLine,
    Decision,
    Event,
    Fate,
    Limits,
    Loss,
    Outcome,
    Policy,
    Remove,
    SetField,
    Settlement,
    Side,
)
from poa_xl.core.plan import Kind, Plan
from poa_xl.core.returned import Returned
from poa_xl.core.text import fold
from poa_xl.i18n import say


def decide(master: Plan, returned: Sequence[Returned], policy: Policy, limits: Limits) -> list[Event]:
    """Decide what becomes of what came back.

    Args:
        master: The plan as the office has it.
        returned: What the files bring; their order plays no part.
        policy: How to settle conflicts.
        limits: What to know of the master's cells.
    """
    view = View(master, policy, limits)
    sources = sorted(returned, key=lambda one: one.file)
    events: list[Event] = []
    known = {str(code) for code in view.indices}
    offers: dict[Target, list[Offer]] = defaultdict(list)
    for source in sources:
        events += _rejected(source)
        events += _gone(known, source)
        for offer in (Offer(source, pair) for pair in source.changed):
            reason = _refusal(view, offer)
            if _is_there(view, offer):
                continue
            if reason:
                events += [Decision(offer.whole(Fate.REJECTED, reason)), Loss(offer.file, len(offer.theirs.rows))]
            else:
                offers[view.target(offer.code, offer.unit)].append(offer)
    for target in sorted(offers):
        found = view.find(offers[target][0].code, offers[target][0].unit)
        events += _merge_block(view, found[0], offers[target]) if found else _create(view, offers[target])
    edits = [each.edit for each in events if isinstance(each, Decision)]
    changed = {edit.index for edit in edits if isinstance(edit, SetField)}
    changed |= {edit.after for edit in edits if isinstance(edit, AddLine)}
    for source in sources:
        for block in source.removed:
            events += _remove(view, source, block, changed)
    return events


# What is refused


def _rejected(source: Returned) -> Iterator[Event]:
    for each in source.rejected:
        head = each.block.head
        yield Loss(source.file, len(each.block.rows))
        yield Decision(
            Outcome(
                Fate.REJECTED,
                source.file,
                head.code if isinstance(head.code, Code) else None,
                field=each.field,
                theirs=each.value or head.name or head.partida,
                where=each.where,
                reason=each.reason,
            )
        )


def _gone(known: Collection[str], source: Returned) -> Iterator[Event]:
    """Tell of rows that a file left as they were sent and that the office took away: whose codes are not known."""
    touched = {pair.theirs.head.code for pair in source.changed} | {each.block.head.code for each in source.rejected}
    for text, _ in source.lines():
        code = read_code(text) if text not in known else None
        if isinstance(code, Code) and code not in touched:
            yield Decision(Outcome(Fate.GONE, source.file, code))


def _is_there(view: View, offer: Offer) -> bool:
    known = view.find(offer.code, offer.unit)
    return offer.base is None and any(view.block(index).content == offer.theirs.content for index in known)


def _refusal(view: View, offer: Offer) -> str:
    """Say why a block cannot be taken, whatever anybody decides; nothing when it may."""
    source, head, code = offer.source, offer.theirs.head, offer.code
    rows = [view.master.rows[index] for index in view.find(code, offer.unit)]
    if len(rows) > 1:
        lines = ", ".join(str(row.line) for row in rows)
        return say("el código está repetido en el maestro, filas {lines}", lines=lines)
    if offer.base is None and source.unit is not None and head.kind is not Kind.GROUP:
        owner = rows[0].unit if rows else head.unit
        if owner and fold(owner) != fold(source.unit):
            return say("la fila es de {owner}", owner=owner)
    elif offer.base is None and source.unit is not None and rows:
        return say("los grupos son de la oficina regional")
    if code in source.moved and not view.policy.accept_removals:
        former = str(source.moved[code])
        return say("es {former} con otro código; --accept-removals lo acepta", former=former)
    if rows and rows[0].kind is not head.kind:
        return say("en el maestro es otra clase de fila: grupo u operación, según su Meta y sus meses")
    return ""


# Blocks that the master does not have


def _create(view: View, offers: Sequence[Offer]) -> Iterator[Event]:
    """Decide about a block that the master does not have: a new one, or one that the office removed since."""
    office_removed = any(each.base is not None for each in offers)
    if len({each.theirs.content for each in offers}) == 1 and not office_removed:
        yield from _put(view, offers[0], offers)
        return
    reason = (
        say("la oficina quitó la fila y la unidad la cambió")
        if office_removed
        else say("varios archivos crearon este código: {files}", files=", ".join(each.file for each in offers))
    )
    conflicts = [each.whole(Fate.CONFLICT, reason) for each in offers]
    decided = [view.policy.decide(conflict) for conflict in conflicts]
    if len(offers) == 1:
        decided = [view.policy.side(conflicts[0])]
    renamed = {number: code for number, code in enumerate(decided) if isinstance(code, Code)}
    if renamed:
        yield from _rename(view, offers, renamed)
        return
    chosen = [each for each, side in zip(offers, decided, strict=True) if side is Side.UNIT]
    if len(chosen) == 1:
        yield from _put(view, chosen[0], offers)
    elif all(side is Side.MASTER for side in decided):
        for each, conflict in zip(offers, conflicts, strict=True):
            yield Decision(replace(conflict, fate=Fate.MASTER))
            yield Settlement(each.file, each.code, each.theirs)
    else:
        clash = say(
            "varias decisiones dicen unidad; dar a una otro código, escribiendo en Decisión por ejemplo: código {code}",
            code=str(view.free(offers[0].code, [offers[0].code])),
        )
        yield from _wait(offers, [replace(each, reason=clash) if chosen else each for each in conflicts])


def _wait(offers: Iterable[Offer], conflicts: Iterable[Outcome]) -> Iterator[Event]:
    for each, conflict in zip(offers, conflicts, strict=True):
        yield Loss(each.file, len(each.theirs.rows))
        yield Decision(conflict)


def _rename(view: View, offers: Sequence[Offer], codes: dict[int, Code]) -> Iterator[Event]:
    """Apply the codes that the office chose to new blocks; what is left is decided without them."""
    taken = {*view.indices, *(each.code for each in offers)}
    left = [each for number, each in enumerate(offers) if number not in codes]
    for number, code in codes.items():
        offer = offers[number]
        if code in taken:
            reason = say(
                "el código {code} ya está en uso; escribir en Decisión por ejemplo: código {free}",
                code=str(code),
                free=str(view.free(code, taken)),
            )
            yield from _wait([offer], [offer.whole(Fate.CONFLICT, reason)])
            continue
        taken.add(code)
        block = replace(offer.theirs, head=replace(offer.theirs.head, code=code))
        added = offer.whole(Fate.ADDED, said_of(block.rows))
        yield Decision(replace(added, master=str(code)), AddBlock(block, offer.file))
        yield Settlement(offer.file, offer.code, block)
    if left:
        yield from _create(view, left)


def _put(view: View, chosen: Offer, offers: Sequence[Offer]) -> Iterator[Event]:
    """Add a block; the other offers for its code come to nothing."""
    rows = []
    for number, row in enumerate(chosen.theirs.rows):
        kept, barred = without_barred(view, chosen, row, number)
        rows.append(kept)
        yield from barred
    block = Block(rows[0], tuple(rows[1:]))
    for each in offers:
        is_same = each.theirs.content == chosen.theirs.content
        edit = AddBlock(block, each.file) if each is chosen else None
        said = said_of(block.rows) if is_same else ""
        yield Decision(each.whole(Fate.ADDED if is_same else Fate.MASTER, said), edit)
        yield Settlement(each.file, each.code, block if each is chosen else each.theirs)


# Blocks that the master has


def _merge_block(view: View, index: int, offers: Sequence[Offer]) -> Iterator[Event]:
    versions = [Version(each, each.base.head if each.base else None, each.theirs.head) for each in offers]
    decided = decide_row(view, index, versions)
    yield from decided
    with_lines = [each for each in offers if lines_differ(each)]
    is_disputed = len({contents(each.theirs.lines) for each in with_lines}) > 1
    for each in offers:
        lines, is_open = each.theirs.lines, False
        if is_disputed and each in with_lines:
            is_open = True
            yield from dispute(view, index, each)
        elif with_lines and each is with_lines[0]:
            merged = decide_lines(view, index, each)
            lines, is_open = tuple(merged.settled), merged.is_open
            yield from merged.events
        fields = open_fields(decided, each.file)
        if each.base is not None:
            kept = {name: value_of(each.base.head, name) for name in fields}
            settled = Block(with_fields(each.theirs.head, kept), each.base.lines if is_open else lines)
            yield Settlement(each.file, each.code, settled)
        elif not fields and not is_open:
            yield Settlement(each.file, each.code, each.theirs)
        if fields:
            yield Loss(each.file, 1)


def _remove(view: View, source: Returned, block: Block, changed: set[int]) -> Iterator[Event]:
    """Decide about a block that a unit took away.

    Args:
        view: The master.
        source: The file.
        block: The block as it was sent.
        changed: Rows of the master that something else changes.
    """
    code = block.code
    known = view.find(code, source.unit if source.unit is not None else block.head.unit)
    if not known:
        yield Settlement(source.file, code, None)
        return
    index = known[0]
    rows = (index, *view.master.lines.get(index, ()))
    present = view.block(index)
    is_untouched = present.content == block.content and not changed & {*rows}
    outcome = Outcome(Fate.MISSING, source.file, code, base=block.head.name, master=present.head.name)
    ruling = view.policy.decide(outcome)
    accepted = view.policy.accept_removals and source.is_whole and is_untouched
    if len(known) > 1:
        lines = ", ".join(str(view.master.rows[each].line) for each in known)
        reason, ruling, accepted = say("el código está repetido en el maestro, filas {lines}", lines=lines), None, False
    elif block.head.kind is Kind.GROUP:
        reason, ruling, accepted = say("los grupos son de la oficina regional"), None, False
    elif not source.is_whole:
        reason = say("el archivo tiene filas sin código válido: puede ser una de ellas")
    else:
        reason = "" if is_untouched else say("la oficina la cambió mientras tanto")
    if ruling is Side.UNIT or (accepted and ruling is None):
        yield Decision(replace(outcome, fate=Fate.REMOVED), Remove(rows))
        yield Settlement(source.file, code, None)
    elif ruling is Side.MASTER:
        yield Decision(replace(outcome, fate=Fate.MASTER, reason=reason))
        yield Settlement(source.file, code, None)
    else:
        yield Decision(replace(outcome, reason=reason))
