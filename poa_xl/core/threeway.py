"""Three-way merge by code and field: what was sent, what came back, and what the office has by now.

The master's value stands until exactly one other value is offered for a field that the office left as it was sent.
Everything else is a conflict, which only a stated preference or a decision resolves.
"""

import difflib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import cast

from poa_xl.core.codes import Code, parse_code
from poa_xl.core.merge import Block, adds_up, own_fields, value_of, with_fields
from poa_xl.core.outcomes import ROW, Fate, Merged, MergedRow, Outcome, Policy, Side
from poa_xl.core.plan import Kind, Plan, Row
from poa_xl.core.returned import Pair, Returned, is_blank, same
from poa_xl.core.rollup import roll_up
from poa_xl.core.text import fold
from poa_xl.i18n import say


def merge(
    master: Plan,
    returned: Sequence[Returned],
    policy: Policy | None = None,
    formulas: frozenset[tuple[int, str]] = frozenset(),
) -> Merged:
    """Merge what came back into the master.

    Args:
        master: The plan as the office has it.
        returned: What the files bring; their order plays no part.
        policy: How to settle conflicts; by default not at all.
        formulas: Row index and field of the master's cells that hold formulas, which no value replaces unasked.

    Returns:
        The plan that comes of it. Budgets of groups above a change are summed anew, others stay as typed.
    """
    run = _Merge(master, policy or Policy(), formulas)
    for each in sorted(returned, key=lambda one: one.file):
        run.receive(each)
    run.settle()
    return run.result()


@dataclass
class _Contribution:
    """A block that a file offers."""

    source: Returned
    pair: Pair
    lost: int = 0


@dataclass
class _Merge:
    """A merge under way."""

    master: Plan
    policy: Policy
    formulas: frozenset[tuple[int, str]]
    offers: dict[Code, list[_Contribution]] = field(default_factory=lambda: defaultdict(list))
    removals: dict[Code, list[tuple[Returned, Block]]] = field(default_factory=lambda: defaultdict(list))
    outcomes: list[Outcome] = field(default_factory=list)
    settled: dict[str, dict[Code, Block | None]] = field(default_factory=lambda: defaultdict(dict))
    lost: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    read: dict[str, int] = field(default_factory=dict)
    heads: dict[int, dict[str, object]] = field(default_factory=dict)
    after: dict[int, list[MergedRow]] = field(default_factory=lambda: defaultdict(list))
    new: dict[Code, tuple[Block, str]] = field(default_factory=dict)
    gone: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.indices: dict[Code, list[int]] = defaultdict(list)
        for index, code in self.master.coded():
            self.indices[code].append(index)
        self.known = {str(code) for code in self.indices}

    def receive(self, source: Returned) -> None:
        """Sort out what a file brings."""
        self.read[source.file] = source.read
        for each in source.rejected:
            self.lost[source.file] += len(each.block.rows)
            code = each.block.head.code if isinstance(each.block.head.code, Code) else None
            shown = each.value or _title(each.block)
            self._note(
                Outcome(
                    Fate.REJECTED, source.file, code, field=each.field, theirs=shown, where=each.where,
                    reason=each.reason,
                )
            )  # fmt: skip
        for pair in source.changed:
            self._offer(source, pair)
        for block in source.removed:
            self.removals[_code(block.head)].append((source, block))
        touched = {pair.theirs.head.code for pair in source.changed} | {
            each.block.head.code for each in source.rejected
        }
        for text, _ in source.lines():
            gone = parse_code(text) if text not in self.known else None
            if isinstance(gone, Code) and gone not in touched:
                self._note(Outcome(Fate.GONE, source.file, gone))

    def _offer(self, source: Returned, pair: Pair) -> None:
        head = pair.theirs.head
        code = _code(head)
        known = self.indices.get(code, [])
        if pair.base is None and any(self._block(index).content == pair.theirs.content for index in known):
            return
        reason = ""
        if len(known) > 1:
            lines = ", ".join(str(self.master.rows[index].line) for index in known)
            reason = say("el código está repetido en el maestro, filas {lines}", lines=lines)
        elif pair.base is None and source.unit is not None and head.kind is not Kind.GROUP:
            owner = self.master.rows[known[0]].unit if known else head.unit
            if owner and fold(owner) != fold(source.unit):
                reason = say("la fila es de {owner}", owner=owner)
        elif pair.base is None and source.unit is not None and known:
            reason = say("los grupos son de la oficina regional")
        if code in source.moved and not self.policy.accept_removals and not reason:
            former = source.moved[code]
            reason = say("es {former} con otro código; --accept-removals lo acepta", former=str(former))
        if known and not reason and self.master.rows[known[0]].kind is not head.kind:
            reason = say("en el maestro es otra clase de fila: grupo u operación, según su Meta y sus meses")
        if reason:
            self.lost[source.file] += len(pair.theirs.rows)
            shown = _title(pair.theirs)
            self._note(Outcome(Fate.REJECTED, source.file, code, theirs=shown, where=head.where("code"), reason=reason))
        else:
            self.offers[code].append(_Contribution(source, pair))

    def _note(self, outcome: Outcome) -> None:
        self.outcomes.append(outcome)

    # Settling

    def settle(self) -> None:
        """Decide about every code that some file touches."""
        for code in sorted(self.offers):
            offers = self.offers[code]
            known = self.indices.get(code)
            if known:
                self._merge_block(known[0], offers)
            else:
                self._add(code, offers)
            for each in offers:
                self.lost[each.source.file] += each.lost
        for code in sorted(self.removals):
            for source, block in self.removals[code]:
                self._remove(code, source, block)

    def _add(self, code: Code, offers: Sequence[_Contribution]) -> None:
        """Add a block that the master does not have: a new one, or one that the office removed since."""
        contents = {each.pair.theirs.content for each in offers}
        office_removed = any(each.pair.base is not None for each in offers)
        if len(contents) == 1 and not office_removed:
            self._put(code, offers[0], offers)
            return
        reason = (
            say("la oficina quitó la fila y la unidad la cambió")
            if office_removed
            else say("varios archivos crearon este código: {files}", files=", ".join(o.source.file for o in offers))
        )
        conflicts = [_whole(Fate.CONFLICT, each, reason) for each in offers]
        decided = [self.policy.decide(conflict) for conflict in conflicts]
        if len(offers) == 1:
            decided = [self.policy.side(conflicts[0])]
        chosen = [each for each, side in zip(offers, decided, strict=True) if side is Side.UNIT]
        if len(chosen) == 1:
            self._put(code, chosen[0], offers)
        elif all(side is Side.MASTER for side in decided):
            for each, conflict in zip(offers, conflicts, strict=True):
                self._note(replace(conflict, fate=Fate.MASTER))
                self.settled[each.source.file][code] = each.pair.theirs
        else:
            for each, conflict in zip(offers, conflicts, strict=True):
                each.lost = len(each.pair.theirs.rows)
                self._note(conflict)

    def _put(self, code: Code, chosen: _Contribution, offers: Sequence[_Contribution]) -> None:
        self.new[code] = (chosen.pair.theirs, chosen.source.file)
        for each in offers:
            is_same = each.pair.theirs.content == chosen.pair.theirs.content
            self._note(_whole(Fate.ADDED if is_same else Fate.MASTER, each, ""))
            self.settled[each.source.file][code] = each.pair.theirs

    def _remove(self, code: Code, source: Returned, block: Block) -> None:
        known = self.indices.get(code, [])
        if len(known) != 1:
            self.settled[source.file][code] = None
            return
        index = known[0]
        present = self._block(index)
        outcome = Outcome(Fate.MISSING, source.file, code, base=block.head.name, master=present.head.name)
        is_untouched = present.content == block.content and index not in self.heads and index not in self.after
        if not source.is_whole:
            outcome = replace(outcome, reason=say("el archivo tiene filas sin código válido: puede ser una de ellas"))
        elif not is_untouched:
            outcome = replace(outcome, reason=say("la oficina la cambió mientras tanto"))
        side = self.policy.decide(outcome)
        accepted = self.policy.accept_removals and source.is_whole and is_untouched
        if block.head.kind is Kind.GROUP:
            side, accepted = None, False
            outcome = replace(outcome, reason=say("los grupos son de la oficina regional"))
        if side is Side.UNIT or (accepted and side is None):
            self.gone |= {index, *self.master.lines.get(index, ())}
            self._note(replace(outcome, fate=Fate.REMOVED, reason=""))
            self.settled[source.file][code] = None
        elif side is Side.MASTER:
            self._note(replace(outcome, fate=Fate.MASTER))
            self.settled[source.file][code] = None
        else:
            self._note(outcome)

    def _block(self, index: int) -> Block:
        """Give the master's block with a head."""
        lines = self.master.lines.get(index, ())
        return Block(self.master.rows[index], tuple(self.master.rows[i] for i in lines))

    # One block that the master has

    def _merge_block(self, index: int, offers: Sequence[_Contribution]) -> None:
        head = self.master.rows[index]
        versions = [(o, o.pair.base.head if o.pair.base else None, o.pair.theirs.head) for o in offers]
        values, open_fields = self._merge_row(index, head, versions, 0)
        if values:
            self.heads[index] = values
        line_offers = [o for o in offers if _lines_differ(o.pair)]
        contents = {tuple(_contents(o.pair.theirs.lines)) for o in line_offers}
        for each in offers:
            lines, is_open = each.pair.theirs.lines, False
            if each in line_offers:
                if len(contents) > 1:
                    is_open = self._dispute_lines(index, each)
                elif each is line_offers[0]:
                    lines, is_open = self._merge_lines(index, each)
            fields = open_fields.get(id(each), set())
            if each.pair.base is not None:
                kept = {name: value_of(each.pair.base.head, name) for name in fields}
                settled = Block(with_fields(each.pair.theirs.head, kept), each.pair.base.lines if is_open else lines)
                self.settled[each.source.file][_code(head)] = settled
            elif not fields and not is_open:
                self.settled[each.source.file][_code(head)] = each.pair.theirs
            each.lost += bool(fields)

    def _merge_row(
        self,
        index: int,
        present: Row,
        versions: Sequence[tuple[_Contribution, Row | None, Row]],
        line: int,
    ) -> tuple[dict[str, object], dict[int, set[str]]]:
        """Merge the fields of one row; give what changes, and what stays open of each offer, by its `id`."""
        taken: dict[str, object] = {}
        still_open: dict[int, set[str]] = defaultdict(set)
        for name in own_fields(present):
            if name == "code" and line == 0:
                continue
            master = value_of(present, name)
            wanted = [(each, base, row) for each, base, row in versions if _wants(name, base, row, master)]
            distinct: list[object] = []
            for _, _, row in wanted:
                if not any(same(value_of(row, name), other) for other in distinct):
                    distinct.append(value_of(row, name))
            is_clean = any(
                is_blank(master) if base is None else same(master, value_of(base, name)) for _, base, _ in wanted
            )
            for each, base, row in wanted:
                theirs = value_of(row, name)
                was = value_of(base, name) if base is not None else None
                outcome = Outcome(
                    Fate.TAKEN, each.source.file, _code_of(each), line, name, was, master, theirs, row.where(name)
                )
                reason = ""
                if len(distinct) > 1:
                    reason = say("otro archivo trae otro valor")
                elif (index, name) in self.formulas and not (name == "budget" and adds_up(row, each.pair.theirs.lines)):
                    reason = say("la celda del maestro tiene una fórmula")
                side = Side.UNIT if is_clean and not reason else self._side(outcome, several=len(distinct) > 1)
                if side is Side.UNIT:
                    taken[name] = theirs
                    self._note(outcome)
                elif side is Side.MASTER:
                    self._note(replace(outcome, fate=Fate.MASTER))
                else:
                    still_open[id(each)].add(name)
                    self._note(replace(outcome, fate=Fate.CONFLICT, reason=reason))
        return taken, still_open

    def _side(self, outcome: Outcome, *, several: bool) -> Side | None:
        conflict = replace(outcome, fate=Fate.CONFLICT)
        return self.policy.decide(conflict) if several else self.policy.side(conflict)

    # Partida lines

    def _dispute_lines(self, index: int, offer: _Contribution) -> bool:
        count = len(self.master.lines.get(index, ()))
        outcome = Outcome(
            Fate.CONFLICT, offer.source.file, _code_of(offer), 1, ROW, None, count, len(offer.pair.theirs.lines),
            offer.pair.theirs.head.where("partida"), say("otro archivo trae otras partidas"),
        )  # fmt: skip
        offer.lost += len(offer.pair.theirs.lines)
        self._note(outcome)
        return True

    def _merge_lines(self, index: int, offer: _Contribution) -> tuple[tuple[Row, ...], bool]:
        """Merge the lines of an operation; give what they are held against next time, and whether something is open."""
        numbers = self.master.lines.get(index, [])
        present = [self.master.rows[i] for i in numbers]
        theirs = offer.pair.theirs.lines
        base = offer.pair.base.lines if offer.pair.base is not None else tuple(present)
        back = dict(_aligned(base, theirs))
        here = dict(_aligned(base, present))
        was = {j: i for i, j in back.items() if j is not None and i is not None}
        stands = {j: i for i, j in here.items() if i is not None and j is not None}
        is_open = False
        settled: list[Row] = []
        anchor = index
        added = {i for i, each in enumerate(present) if i not in stands}
        for number, row in enumerate(theirs):
            former = was.get(number)
            at = here.get(former) if former is not None else None
            base_row = base[former] if former is not None and offer.pair.base is not None else None
            if former is None:
                twin = next((i for i in sorted(added) if _contents([present[i]]) == _contents([row])), None)
                if twin is None and offer.pair.base is None and present:
                    is_open |= self._open_line(offer, number, row, say("el maestro no tiene esta partida"))
                    continue
                if twin is None:
                    self.after[anchor].append(MergedRow(row, None, file=offer.source.file))
                    self._note(_line(Fate.ADDED, offer, number, row))
                else:
                    added.discard(twin)
                    anchor = numbers[twin]
                settled.append(row)
            elif at is None:
                if base_row is not None and _contents([base_row]) == _contents([row]):
                    settled.append(row)
                    continue
                is_open |= self._open_line(offer, number, row, say("la oficina quitó la partida y la unidad la cambió"))
                settled.append(base[former])
            else:
                anchor = numbers[at]
                values, fields = self._merge_row(anchor, present[at], [(offer, base_row, row)], number + 1)
                if values:
                    self.heads[anchor] = values
                kept = {name: value_of(base[former], name) for names in fields.values() for name in names}
                offer.lost += bool(kept)
                is_open |= bool(kept) and offer.pair.base is None
                settled.append(with_fields(row, kept))
        if offer.pair.base is not None:
            settled += self._missing_lines(offer, base, back, here, numbers)
        return tuple(settled), is_open

    def _open_line(self, offer: _Contribution, number: int, row: Row, reason: str) -> bool:
        offer.lost += 1
        self._note(replace(_line(Fate.CONFLICT, offer, number, row), reason=reason))
        return True

    def _missing_lines(
        self,
        offer: _Contribution,
        base: Sequence[Row],
        back: Mapping[int | None, int | None],
        here: Mapping[int | None, int | None],
        numbers: Sequence[int],
    ) -> list[Row]:
        """Report or carry out the lines that the unit removed; give those that it will be asked about again."""
        left = []
        for i, row in enumerate(base):
            at = here.get(i)
            if back.get(i) is not None or at is None:
                continue
            present = self.master.rows[numbers[at]]
            shown = _shown_line(row)
            outcome = Outcome(Fate.MISSING, offer.source.file, _code_of(offer), i + 1, ROW, shown, shown)
            is_untouched = _contents([present]) == _contents([row])
            side = self.policy.decide(outcome)
            if side is Side.UNIT or (self.policy.accept_removals and is_untouched and side is None):
                self.gone.add(numbers[at])
                self._note(replace(outcome, fate=Fate.REMOVED))
            elif side is Side.MASTER:
                self._note(replace(outcome, fate=Fate.MASTER))
            else:
                left.append(row)
                self._note(outcome)
        return left

    # The result

    def result(self) -> Merged:
        """Put the rows together and sum the groups above a change anew."""
        rows: list[MergedRow] = []
        for index, row in enumerate(self.master.rows):
            if index not in self.gone:
                values = self.heads.get(index, {})
                rows.append(MergedRow(with_fields(row, values), index, frozenset(values)))
            rows += self.after.get(index, [])
        for code in sorted(self.new):
            block, file = self.new[code]
            at = _place(rows, code)
            rows[at:at] = [MergedRow(each, None, file=file) for each in block.rows]
        rows = self._totals(rows)
        taken = {file: count - self.lost[file] for file, count in self.read.items()}
        order = {fate: number for number, fate in enumerate(Fate)}
        outcomes = sorted(
            self.outcomes,
            key=lambda each: (each.code is None, each.code or Code("", ()), each.line, order[each.fate], each.file),
        )
        return Merged(tuple(rows), frozenset(self.gone), tuple(outcomes), dict(self.settled), taken)

    def _totals(self, rows: list[MergedRow]) -> list[MergedRow]:
        """Sum the groups above a change of a budget anew, but for formulas of the office's that were wrong before."""
        above = self._above_changes(rows)
        if not above:
            return rows
        before = roll_up(self.master)
        wrong = {
            index
            for index, name in self.formulas
            if name == "budget"
            and isinstance(before[index], Decimal)
            and before[index] != self.master.rows[index].budget
        }
        children = Plan(tuple(each.row for each in rows)).children
        emptied = [
            index not in children and each.index in self.master.children and each.row.code in above
            for index, each in enumerate(rows)
        ]
        plan = Plan(
            tuple(
                replace(each.row, budget=Decimal(0)) if is_empty else each.row
                for each, is_empty in zip(rows, emptied, strict=True)
            )
        )
        summed = []
        for index, (each, total) in enumerate(zip(rows, roll_up(plan), strict=True)):
            row = each.row
            is_sum = row.kind is Kind.GROUP and row.code in above and (index in children or emptied[index])
            if not is_sum or not isinstance(total, Decimal) or total == row.budget or each.index in wrong:
                summed.append(each)
                continue
            self._note(Outcome(Fate.TOTAL, "", _code(row), 0, "budget", None, row.budget, total))
            summed.append(replace(each, row=replace(row, budget=total), changed=each.changed | {"budget"}))
        return summed

    def _above_changes(self, rows: Sequence[MergedRow]) -> set[Code]:
        """Give the codes whose budget changed, came or went, and those above them."""
        touched: set[Code] = set()
        heads = [*_heads(each.row for each in rows)]
        touched |= {
            head
            for each, head in zip(rows, heads, strict=True)
            if head is not None and (each.index is None or "budget" in each.changed)
        }
        former = [*_heads(self.master.rows)]
        touched |= {head for index in self.gone if (head := former[index]) is not None}
        return {code for head in touched for code in (head, *head.ancestors())}


def _heads(rows: Iterable[Row]) -> Iterator[Code | None]:
    """Yield the code of the block that each row belongs to; None where it has none."""
    code: Code | None = None
    for row in rows:
        if row.kind is not Kind.LINE:
            code = row.code if isinstance(row.code, Code) else None
        yield code


def _title(block: Block) -> str:
    return block.head.name or block.head.partida


def _wants(name: str, base: Row | None, row: Row, master: object) -> bool:
    """Tell whether a version asks for another value than the master's."""
    theirs = value_of(row, name)
    if same(theirs, master):
        return False
    return not is_blank(theirs) if base is None else not same(theirs, value_of(base, name))


def _code(row: Row) -> Code:
    """Give the code of a row that is known to have a valid one."""
    return cast("Code", row.code)


def _code_of(offer: _Contribution) -> Code:
    return _code(offer.pair.theirs.head)


def _whole(fate: Fate, offer: _Contribution, reason: str) -> Outcome:
    head = offer.pair.theirs.head
    base = offer.pair.base.head.name if offer.pair.base is not None else None
    return Outcome(fate, offer.source.file, _code(head), 0, ROW, base, None, head.name, head.where("code"), reason)


def _line(fate: Fate, offer: _Contribution, number: int, row: Row) -> Outcome:
    where = row.where("partida")
    return Outcome(fate, offer.source.file, _code_of(offer), number + 1, ROW, None, None, _shown_line(row), where)


def _shown_line(row: Row) -> str:
    return " ".join(part for part in (row.partida, row.name) if part) or str(row.budget)


def _lines_differ(pair: Pair) -> bool:
    if pair.base is None:
        return bool(pair.theirs.lines)
    return _contents(pair.base.lines) != _contents(pair.theirs.lines)


def _contents(rows: Iterable[Row]) -> list[object]:
    return [Block(row).content for row in rows]


def _aligned(before: Sequence[Row], after: Sequence[Row]) -> Iterator[tuple[int | None, int | None]]:
    """Pair lines: equal ones in order, then those of one partida, then by position between equal ones."""
    matcher = difflib.SequenceMatcher(None, _contents(before), _contents(after), autojunk=False)
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


def _place(rows: Sequence[MergedRow], code: Code) -> int:
    """Find where a new code goes: behind the last row of the block whose code comes right before it."""
    best: tuple[Code, int] | None = None
    for index, each in enumerate(rows):
        other = each.row.code
        if each.row.kind is not Kind.LINE and isinstance(other, Code) and other < code:
            best = max(best or (other, index), (other, index))
    at = best[1] + 1 if best is not None else 0
    while best is not None and at < len(rows) and rows[at].row.kind is Kind.LINE:
        at += 1
    return at
