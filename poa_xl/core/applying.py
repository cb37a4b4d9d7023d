"""Three-way merge, the second half: decisions carried out on the master, and the groups above a change summed anew."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from poa_xl.core.blocks import Block, with_fields
from poa_xl.core.codes import Code
from poa_xl.core.outcomes import (
    AddBlock,
    AddLine,
    Decision,
    Event,
    Fate,
    Limits,
    Loss,
    Merged,
    MergedRow,
    Outcome,
    Remove,
    SetField,
    Settlement,
)
from poa_xl.core.plan import Kind, Plan, Row
from poa_xl.core.rollup import Unknown, roll_up


def apply(master: Plan, events: Sequence[Event], limits: Limits, read: Mapping[str, int]) -> Merged:
    """Carry decisions out.

    Args:
        master: The plan that they were made about.
        events: What `decide` said.
        limits: What to know of the master's cells.
        read: Rows of each file.

    Returns:
        The plan that comes of it. Budgets of groups above a change are summed anew, others stay as typed.
    """
    decisions = [each for each in events if isinstance(each, Decision)]
    gone = frozenset(row for each in decisions if isinstance(each.edit, Remove) for row in each.edit.rows)
    rows, sums = _totals(master, limits, _rows(master, decisions, gone), gone)
    settled: dict[str, dict[Code, Block | None]] = defaultdict(dict)
    taken = dict(read)
    for each in events:
        if isinstance(each, Settlement):
            settled[each.file][each.code] = each.block
        elif isinstance(each, Loss):
            taken[each.file] -= each.rows
    order = {fate: number for number, fate in enumerate(Fate)}
    outcomes = sorted(
        (*(each.outcome for each in decisions), *sums),
        key=lambda each: (each.code is None, each.code or Code("", ()), each.line, order[each.fate], each.file),
    )
    return Merged(tuple(rows), gone, tuple(outcomes), dict(settled), taken)


def _rows(master: Plan, decisions: Sequence[Decision], gone: frozenset[int]) -> list[MergedRow]:
    """Return the master's rows as they become, with the new ones in their places."""
    values: dict[int, dict[str, object]] = defaultdict(dict)
    after: dict[int, list[MergedRow]] = defaultdict(list)
    blocks: list[AddBlock] = []
    for edit in (each.edit for each in decisions):
        if isinstance(edit, SetField):
            values[edit.index][edit.field] = edit.value
        elif isinstance(edit, AddLine):
            after[edit.after].append(MergedRow(edit.row, None, file=edit.file))
        elif isinstance(edit, AddBlock):
            blocks.append(edit)
    rows: list[MergedRow] = []
    for index, row in enumerate(master.rows):
        if index not in gone:
            changed = values.get(index, {})
            rows.append(MergedRow(with_fields(row, changed), index, frozenset(changed)))
        rows += after.get(index, ())
    for code, each in sorted(((each.block.code, each) for each in blocks), key=lambda pair: pair[0]):
        at = _place(rows, code)
        rows[at:at] = [MergedRow(row, None, file=each.file) for row in each.block.rows]
    return rows


def _place(rows: Sequence[MergedRow], code: Code) -> int:
    """Find where a new code goes: behind the last row of the block whose code comes right before it."""
    best: tuple[Code, int] | None = None
    for index, each in enumerate(rows):
        other = each.row.code
        if each.row.kind is not Kind.LINE and isinstance(other, Code) and other <= code:
            best = max(best or (other, index), (other, index))
    at = best[1] + 1 if best is not None else 0
    while best is not None and at < len(rows) and rows[at].row.kind is Kind.LINE:
        at += 1
    return at


def _totals(
    master: Plan, limits: Limits, rows: list[MergedRow], gone: frozenset[int]
) -> tuple[list[MergedRow], list[Outcome]]:
    """Sum the groups above a change of a budget anew; a sum that nobody knows, or that was wrong before, stays.

    Only formulas of the office's are taken for wrong: what is typed was a sum once.
    """
    above = _above_changes(master, rows, gone)
    if not above:
        return rows, []
    before = roll_up(master)
    wrong = {
        index
        for index, name in limits.formulas
        if name == "budget" and isinstance(before[index], Decimal) and before[index] != master.rows[index].budget
    }
    children = Plan(tuple(each.row for each in rows)).children
    emptied = [
        index not in children and each.index in master.children and each.row.code in above
        for index, each in enumerate(rows)
    ]
    plan = Plan(
        tuple(
            replace(each.row, budget=Decimal(0)) if is_empty else each.row
            for each, is_empty in zip(rows, emptied, strict=True)
        )
    )
    summed: list[MergedRow] = []
    outcomes = []
    for index, (each, total) in enumerate(zip(rows, roll_up(plan), strict=True)):
        row = each.row
        is_sum = row.kind is Kind.GROUP and row.code in above and (index in children or emptied[index])
        is_barred = (each.index, "budget") in limits.barred
        if not is_sum or isinstance(total, Unknown) or total in (None, row.budget) or each.index in wrong or is_barred:
            summed.append(each)
            continue
        code = row.code if isinstance(row.code, Code) else None
        outcomes.append(Outcome(Fate.TOTAL, "", code, 0, "budget", None, row.budget, total))
        summed.append(replace(each, row=replace(row, budget=total), changed=each.changed | {"budget"}))
    return summed, outcomes


def _above_changes(master: Plan, rows: Sequence[MergedRow], gone: frozenset[int]) -> set[Code]:
    """Return the codes whose budget changed, came or went, and those above them."""
    heads = _heads(each.row for each in rows)
    touched = {
        head
        for each, head in zip(rows, heads, strict=True)
        if head is not None and (each.index is None or "budget" in each.changed)
    }
    former = [*_heads(master.rows)]
    touched |= {head for index in gone if (head := former[index]) is not None}
    return {code for head in touched for code in (head, *head.ancestors())}


def _heads(rows: Iterable[Row]) -> Iterator[Code | None]:
    """Yield the code of the block that each row belongs to; None where it has none."""
    code: Code | None = None
    for row in rows:
        if row.kind is not Kind.LINE:
            code = row.code if isinstance(row.code, Code) else None
        yield code
