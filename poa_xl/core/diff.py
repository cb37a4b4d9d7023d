"""What changed between two plans, operation by operation: `apply(compare(a, b), a)` has the content of `b`.

Blocks (a group, or an operation with its lines) are matched by code. A block whose code is gone and whose content
turns up unchanged under a new one has moved.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from poa_xl.core.blocks import Block, blocks, identity
from poa_xl.core.codes import Code
from poa_xl.core.enums import StrEnum
from poa_xl.core.plan import DECIDED, Kind, Plan

# The field of a change of the lines of an operation.
LINES = "lines"


class ChangeKind(StrEnum):
    """What happened to a block. The values are what people see."""

    NEW = "nueva"
    REMOVED = "quitada"
    CHANGED = "cambiada"
    MOVED = "trasladada"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field of the head of a block, before and after; `lines` stands for its partida lines as a whole."""

    field: str
    before: object
    after: object


@dataclass(frozen=True, slots=True)
class BlockChange:
    """A change of one block.

    Attributes:
        kind: What happened.
        before: The block as it was; None for a new one.
        after: The block as it is; None for a removed one.
        fields: What differs, for a changed or a moved one.
        loose: Whether the block has no code of its own: an invalid one, or one that stands twice.
    """

    kind: ChangeKind
    before: Block | None
    after: Block | None
    fields: tuple[FieldChange, ...] = ()
    loose: bool = False

    @property
    def code(self) -> Code | None:
        """The code it is about: the new one where there is one."""
        block = self.after or self.before
        code = block.head.code if block is not None else None
        return code if isinstance(code, Code) else None


def compare(before: Plan, after: Plan) -> list[BlockChange]:
    """Compare two plans.

    Blocks without a valid code, and second ones of a code, are compared by content only: new or removed.

    Returns:
        Changes in the order of the codes. Group budgets are derived and count as changed only where they differ
        in a plan whose group is otherwise the same.
    """
    old, old_loose = _by_code(before)
    new, new_loose = _by_code(after)
    gone = {code: block for code, block in old.items() if code not in new}
    come = {code: block for code, block in new.items() if code not in old}
    changes = [
        BlockChange(ChangeKind.CHANGED, old[code], block, fields)
        for code, block in new.items()
        if code in old and (fields := _fields(old[code], block))
    ]
    changes += _moves(gone, come)
    changes += [BlockChange(ChangeKind.REMOVED, block, None) for block in gone.values()]
    changes += [BlockChange(ChangeKind.NEW, None, block) for block in come.values()]
    changes += _loose(old_loose, new_loose)
    return sorted(changes, key=lambda change: (change.code is None, change.code or Code("", ())))


def apply(changes: Iterable[BlockChange], plan: Plan) -> Plan:
    """Carry changes out on a plan; the result is in the order of the codes, what has none at the end."""
    found, loose = _by_code(plan)
    changes = list(changes)
    for change in changes:
        if change.before is not None:
            _take(change.before, found, loose, is_loose=change.loose)
    for change in changes:
        if change.after is not None:
            _put(change.after, found, loose, is_loose=change.loose)
    ordered = [found[code] for code in sorted(found)] + loose
    return replace(plan, rows=tuple(row for block in ordered for row in block.rows))


def _take(block: Block, found: dict[Code, Block], loose: list[Block], *, is_loose: bool) -> None:
    code = block.head.code
    if isinstance(code, Code) and not is_loose:
        found.pop(code, None)
    else:
        del loose[next(i for i, each in enumerate(loose) if each.content == block.content)]


def _put(block: Block, found: dict[Code, Block], loose: list[Block], *, is_loose: bool) -> None:
    code = block.head.code
    if isinstance(code, Code) and not is_loose:
        found[code] = block
    else:
        loose.append(block)


def _by_code(plan: Plan) -> tuple[dict[Code, Block], list[Block]]:
    found: dict[Code, Block] = {}
    loose: list[Block] = []
    for block in blocks(plan):
        code = block.head.code
        if isinstance(code, Code) and code not in found:
            found[code] = block
        else:
            loose.append(block)
    return found, loose


def _fields(before: Block, after: Block) -> tuple[FieldChange, ...]:
    # What both say of a column of the office's own; one that came or went says nothing of its rows.
    names = (*DECIDED, *(name for name in after.head.own if name in before.head.own))
    found = [
        FieldChange(name, one, other)
        for name in names
        if (one := before.head.get(name)) != (other := after.head.get(name))
    ]
    if before.content[1:] != after.content[1:]:
        found.append(FieldChange(LINES, len(before.lines), len(after.lines)))
    return tuple(found)


def _moves(gone: dict[Code, Block], come: dict[Code, Block]) -> list[BlockChange]:
    """Take blocks out of both sides that are one operation under two codes; Ids may differ."""
    homeless: dict[object, list[Code]] = defaultdict(list)
    for code, block in gone.items():
        if block.head.kind is Kind.OPERATION:
            homeless[identity(block)].append(code)
    moves = []
    for code, block in list(come.items()):
        former = homeless.get(identity(block), [])
        if block.head.kind is Kind.OPERATION and former:
            was = gone.pop(former.pop(0))
            moves.append(BlockChange(ChangeKind.MOVED, was, come.pop(code), _fields(was, block)))
    return moves


def _loose(before: Sequence[Block], after: Sequence[Block]) -> list[BlockChange]:
    left = [block.content for block in before]
    changes = []
    for block in after:
        if block.content in left:
            left.remove(block.content)
        else:
            changes.append(BlockChange(ChangeKind.NEW, None, block, loose=True))
    for block in before:
        if block.content in left:
            left.remove(block.content)
            changes.append(BlockChange(ChangeKind.REMOVED, block, None, loose=True))
    return changes
