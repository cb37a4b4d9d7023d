"""One plan taken apart by unit, and many put together by code.

`unite(split(plan).values())` gives the plan back, rows in the order of their codes.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from operator import attrgetter
from typing import Any, cast

from poa_xl.core.codes import Code
from poa_xl.core.dates import MONTHS
from poa_xl.core.plan import DECIDED, FIELDS, OWN, REPORTED, Kind, Plan, Row
from poa_xl.core.rollup import Unknown, roll_up
from poa_xl.core.text import fold, squeeze
from poa_xl.core.values import Invalid

# All that a row says, its group budget included.
_BESIDES = ("kind", "months", "stated", "flaws", "reported", "own")
_LETTER = attrgetter(*(name for name in FIELDS if name not in MONTHS), *_BESIDES)
# The budget of a group is derived.
_DECIDED_OF_GROUPS = tuple(name for name in DECIDED if name != "budget")
# What is reported of a row of which nothing is.
_NOTHING: tuple[object, ...] = (None,) * len(REPORTED)


@dataclass(frozen=True)
class Block:
    """A group, or an operation with its lines: what is compared and moved as one."""

    head: Row
    lines: tuple[Row, ...] = ()

    @property
    def rows(self) -> tuple[Row, ...]:
        """Head and lines in order."""
        return (self.head, *self.lines)

    @property
    def code(self) -> Code:
        """Its code, of a block that is known to have a valid one."""
        return cast("Code", self.head.code)

    @property
    def content(self) -> tuple[object, ...]:
        """What makes two blocks the same; a group's budget is derived and plays no part."""
        return tuple(_content(row) for row in self.rows)

    def says_the_same_as(self, other: "Block") -> bool:
        """Return whether two blocks have the same content; quick where they are alike to the letter."""
        pairs = zip(self.rows, other.rows, strict=False)
        is_alike = len(self.lines) == len(other.lines) and all(_LETTER(one) == _LETTER(two) for one, two in pairs)
        return is_alike or self.content == other.content


@dataclass(frozen=True)
class United:
    """Several plans as one.

    Attributes:
        plan: All blocks in the order of their codes, those without a valid code at the end. Versions of one
            operation that differ are all there, and marked as disputed.
        disputes: The codes in dispute, each with its versions.
        repeated: How many operations came more than once, the same each time.
    """

    plan: Plan
    disputes: dict[Code, list[Block]] = field(default_factory=dict)
    repeated: int = 0


def blocks(plan: Plan) -> Iterator[Block]:
    """Yield the groups and operations of a plan; lines that follow nothing stand alone."""
    owned = {line for lines in plan.lines.values() for line in lines}
    for index, row in enumerate(plan.rows):
        if index not in owned:
            yield Block(row, tuple(plan.rows[line] for line in plan.lines.get(index, ())))


def split(plan: Plan) -> dict[str, Plan]:
    """Take a plan apart by executing unit.

    Each unit gets its operations with their lines, and the groups above them with the unit's own totals. Spellings
    that differ in accents, case or blanks are one unit, called as most of its rows do. A
    group without operations goes to its unit, or to the unit of the first operation of the plan, so that no
    row is lost.

    Returns:
        Unit to plan, in the order of the plan; operations without a unit come under the empty name.
    """
    heads = list(blocks(plan))
    names = unit_names(plan)
    wanted: dict[str, set[int]] = {}
    by_code = {block.head.code: i for i, block in enumerate(heads) if isinstance(block.head.code, Code)}
    above: set[int] = set()
    for i, block in enumerate(heads):
        if block.head.kind is Kind.GROUP:
            continue
        mine = wanted.setdefault(names[fold(block.head.unit)], set())
        mine.add(i)
        if isinstance(block.head.code, Code):
            groups = {by_code[code] for code in block.head.code.ancestors() if code in by_code}
            mine |= groups
            above |= groups
    for i, block in enumerate(heads):
        if block.head.kind is Kind.GROUP and i not in above:
            own = names.get(fold(block.head.unit), block.head.unit)
            home = own if own in wanted else next(iter(wanted), block.head.unit)
            wanted.setdefault(home, set()).add(i)
    return {
        unit: with_totals(Plan(tuple(row for i in sorted(mine) for row in heads[i].rows), plan.year, partial=True))
        for unit, mine in wanted.items()
    }


def unit_names(plan: Plan) -> dict[str, str]:
    """Return what each unit that has operations is called: the commonest spelling, or the first, by the folded one."""
    spellings: dict[str, Counter[str]] = defaultdict(Counter)
    for row in plan.rows:
        if row.kind is Kind.OPERATION:
            spellings[fold(row.unit)][row.unit] += 1
    return {key: found.most_common(1)[0][0] for key, found in spellings.items()}


def unite(plans: Sequence[Plan], base: Plan | None = None) -> United:
    """Put plans together by code.

    Args:
        plans: What was received. The same block in several plans is taken once; different versions of one
            code are all kept and disputed.
        base: The plan so far. Its blocks stand where no received plan holds their code.

    Returns:
        The united plan with rolled-up group budgets.
    """
    versions: dict[Code, list[Block]] = {}
    loose: list[Block] = []
    repeated = 0
    for plan in plans:
        for block in blocks(plan):
            if not isinstance(block.head.code, Code):
                loose.append(block)
            elif not _add(versions.setdefault(block.head.code, []), block):
                repeated += block.head.kind is not Kind.GROUP
    received = set(versions)
    for block in blocks(base) if base is not None else ():
        if not isinstance(block.head.code, Code):
            _add(loose, block)
        elif block.head.code not in received:
            versions.setdefault(block.head.code, []).append(block)
    year = next((plan.year for plan in (*plans, base) if plan is not None and plan.year is not None), None)
    rows, disputed = _in_order(versions)
    rows += (row for block in loose for row in block.rows)
    united = with_totals(Plan(tuple(rows), year, disputed))
    return United(united, {code: found for code, found in versions.items() if len(found) > 1}, repeated)


def _in_order(versions: Mapping[Code, list[Block]]) -> tuple[list[Row], frozenset[int]]:
    """Return all rows in the order of their codes, and the indices of those in dispute."""
    rows: list[Row] = []
    disputed: set[int] = set()
    for code in sorted(versions):
        for block in versions[code]:
            if len(versions[code]) > 1:
                disputed |= set(range(len(rows), len(rows) + len(block.rows)))
            rows += block.rows
    return rows, frozenset(disputed)


def with_totals(plan: Plan) -> Plan:
    """Write the rolled-up budget into every group that has children; one that nobody knows stays as it was."""
    rows = (
        replace(row, budget=total)
        if row.kind is Kind.GROUP
        and plan.children.get(index)
        and not isinstance(total, Unknown)
        and row.budget != total
        else row
        for index, (row, total) in enumerate(zip(plan.rows, roll_up(plan), strict=True))
    )
    return replace(plan, rows=tuple(rows))


def _add(known: list[Block], block: Block) -> bool:
    """Add a block unless one of the same content is there."""
    if any(block.content == other.content for other in known):
        return False
    known.append(block)
    return True


def _content(row: Row) -> tuple[object, ...]:
    decided = (comparable(value_of(row, name), name) for name in _decided(row))
    reported = () if row.kind is Kind.LINE else _NOTHING
    if reported and (row.reported or row.flaws):
        reported = tuple(comparable(value_of(row, name), name) for name in REPORTED)
    known = (row.kind, *decided, *reported)
    # Blank is what is not there: of two sheets one may have a column more.
    more = ((name, comparable(value)) for name, value in sorted(row.own.items()) if value not in (None, ""))
    return (*known, *more)


def adds_up(row: Row, lines: Sequence[Row]) -> bool:
    """Return whether a budget is what its lines add up to, so that a formula over them comes to it too."""
    amounts = [line.budget for line in lines if isinstance(line.budget, Decimal)]
    return bool(lines) and len(amounts) == len(lines) and sum(amounts) == row.budget


def identity(block: Block) -> object:
    """Return what makes an operation the same under any code and Id."""
    return replace(block, head=replace(block.head, code=None, id=None)).content


def own_fields(row: Row) -> Iterator[str]:
    """Yield the fields that a row has of its own; a group's budget is derived, of partida lines nothing is reported."""
    yield from _decided(row)
    if row.kind is not Kind.LINE:
        yield from REPORTED


def _decided(row: Row) -> tuple[str, ...]:
    return _DECIDED_OF_GROUPS if row.kind is Kind.GROUP else DECIDED


def all_fields(row: Row) -> Iterator[str]:
    """Yield what may be merged of a row: its own fields, and the columns that its office has besides."""
    yield from own_fields(row)
    yield from row.own


def value_of(row: Row, name: str) -> object:
    """Return a field; where its text could not be read, what stands there."""
    return row.flaws[name] if name in row.flaws else row.get(name)


def with_fields(row: Row, values: Mapping[str, object]) -> Row:
    """Return a row with other values in some fields, as `value_of` gives them, months by their names."""
    if not values:
        return row
    told = {name: value for name, value in values.items() if name in REPORTED}
    if told:
        reported = {name: value for name, value in {**row.reported, **told}.items() if value not in (None, "")}
        row = replace(row, reported=reported)
        values = {name: value for name, value in values.items() if name not in told}
    more = {name: value for name, value in values.items() if name.startswith(OWN)}
    if more:
        row = replace(row, own={**row.own, **more})
        values = {name: value for name, value in values.items() if name not in more}
    flaws = {name: flaw for name, flaw in row.flaws.items() if name not in values}
    others: dict[str, Any] = {}
    for name, value in values.items():
        if isinstance(value, Invalid) and name not in MONTHS and isinstance(getattr(row, name), str):
            flaws[name], others[name] = value, ""
        elif name not in MONTHS:
            others[name] = value
    months: Any = tuple(values.get(month, old) for month, old in zip(MONTHS, row.months, strict=True))
    return replace(row, months=months, flaws=flaws, **others)


def comparable(value: object, name: str = "") -> object:
    """Make values equal that people take for the same: texts but for blanks, numbers but for trailing zeros.

    Args:
        value: A value.
        name: Its field; spellings of a unit that differ in capitals and accents are one.
    """
    if isinstance(value, str):
        return fold(value) if name == "unit" else squeeze(value)
    return value.normalize() if isinstance(value, Decimal) else value
