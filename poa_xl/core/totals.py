"""What a plan adds up to: by unit, objective, partida and quarter; each boliviano counts once."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from poa_xl.core.blocks import unit_names
from poa_xl.core.codes import Code
from poa_xl.core.flags import Flag, State
from poa_xl.core.plan import Kind, Plan, Row, TargetKind
from poa_xl.core.rollup import Total, Unknown, add, own_amount, roll_up
from poa_xl.core.targets import judge_row
from poa_xl.core.text import fold
from poa_xl.core.values import Invalid

_CENT = Decimal("0.01")
_QUARTERS = 4
_MONTHS_PER_QUARTER = 3


@dataclass(frozen=True, slots=True)
class Tally:
    """Operations of a unit: how many, what they cost, how many are in each state; and how rows spell its name."""

    operations: int
    budget: Decimal | Unknown
    states: Mapping[State, int]
    spellings: tuple[str, ...] = ()


def by_unit(plan: Plan, flags: Sequence[Flag]) -> dict[str, Tally]:
    """Sum operations up by unit, whichever way rows spell it, the dearest unit first.

    An amount that cannot be read makes the sum unknown.
    """
    names = unit_names(plan)
    found: dict[str, list[tuple[Total, State, str]]] = defaultdict(list)
    for row, flag, total in zip(plan.rows, flags, roll_up(plan), strict=True):
        if row.kind is Kind.OPERATION and row.unit:
            found[names[fold(row.unit)]].append((total, flag.state, row.unit))
    tallies = {
        unit: Tally(
            len(each),
            add(total for total, _, _ in each),
            {state: sum(one is state for _, one, _ in each) for state in State},
            tuple(dict.fromkeys(spelling for _, _, spelling in each)),
        )
        for unit, each in found.items()
    }
    return dict(sorted(tallies.items(), key=lambda item: -_money(item[1].budget)))


def objectives(plan: Plan) -> list[Row]:
    """Return the groups that count as objectives: those of the second level, or of the only one there is."""
    groups = [(row.code.depth, row) for row in plan.rows if row.kind is Kind.GROUP and isinstance(row.code, Code)]
    wanted = sorted({depth for depth, _ in groups})[:2][-1:]
    return [row for depth, row in groups if depth in wanted]


def counted(plan: Plan) -> Iterator[tuple[int, Decimal | Unknown]]:
    """Yield the index of each row whose money counts in a sum over all rows, with the amount: each boliviano once.

    Those are lines that state an amount, and operations above none.
    """
    totals = roll_up(plan)
    for index, row in enumerate(plan.rows):
        if row.kind is Kind.LINE or index in plan.children or index in plan.disputed:
            continue
        parts = [*([index] if index in plan.shared else ()), *plan.lines.get(index, ())]
        split = [(part, amount) for part in parts if (amount := own_amount(plan, part)) is not None]
        if index in plan.lines and split:
            yield from split
        elif (amount := totals[index]) is not None:
            yield index, amount


def leaves(plan: Plan) -> Iterator[tuple[Row, Decimal | Unknown]]:
    """Yield what carries money of its own, with the amount: the rows of `counted`."""
    return ((plan.rows[index], amount) for index, amount in counted(plan))


def by_partida(plan: Plan) -> dict[tuple[str, ...], Decimal | Unknown]:
    """Sum money up by the partidas it is booked under; a cell with several that no line splits stays together."""
    found: dict[tuple[str, ...], Decimal | Unknown] = {}
    for row, amount in leaves(plan):
        if amount or row.partida:
            found[tuple(row.partidas)] = add((found.get(tuple(row.partidas)), amount))
    return dict(sorted(found.items()))


def by_quarter(plan: Plan) -> tuple[list[int], list[Decimal | Unknown], Decimal | Unknown]:
    """Spread the budgets of the operations over the quarters in which they are programmed.

    Under Acumulada a budget goes to the months in proportion to their amounts, under the other types in equal
    parts to every programmed month; cents that do not divide go to the last one.

    Returns:
        Operations programmed in each quarter, bolivianos of each quarter, bolivianos of what no month programs.
    """
    operations = [0] * _QUARTERS
    money: list[Decimal | Unknown] = [Decimal(0)] * _QUARTERS
    idle: Decimal | Unknown = Decimal(0)
    totals = roll_up(plan)
    for index, row in enumerate(plan.rows):
        if row.kind is Kind.LINE or index in plan.children or index in plan.disputed:
            continue
        for quarter in {month // _MONTHS_PER_QUARTER for month in row.programmed}:
            operations[quarter] += 1
        budget = totals[index] or Decimal(0)
        shares = dict.fromkeys(row.programmed, budget) if isinstance(budget, Unknown) else _shares(row, budget)
        if not shares:
            idle = add((idle, budget))
        for month, share in shares.items():
            quarter = month // _MONTHS_PER_QUARTER
            money[quarter] = add((money[quarter], share))
    return operations, money, idle


def _shares(row: Row, budget: Decimal) -> dict[int, Decimal]:
    programmed = row.programmed
    verdict = judge_row(row)
    is_sum = verdict is not None and verdict.kind is TargetKind.CUMULATIVE and min(programmed.values()) > 0
    weights = programmed if is_sum else dict.fromkeys(programmed, Decimal(1))
    whole = sum(weights.values(), Decimal(0))
    shares = {month: (budget * weight / whole).quantize(_CENT) for month, weight in weights.items()}
    if shares:
        shares[max(shares)] += budget - sum(shares.values(), Decimal(0))
    return shares


def money_of_unit(plan: Plan, unit: str) -> Total:
    """Sum up what the rows of a unit cost, groups above other rows left out.

    Returns:
        Bolivianos; None when no row is of that unit.
    """
    mine = [index for index, row in enumerate(plan.rows) if fold(row.unit) == fold(unit)]
    if not mine:
        return None
    totals = roll_up(plan)
    counted = [i for i in mine if plan.rows[i].kind is not Kind.LINE and i not in plan.children]
    return add(totals[i] for i in counted)


def money_by_text(plan: Plan, text: Callable[[Row], str]) -> dict[str, Total]:
    """Sum money up by a text of the rows that carry it; lines that have none take that of their operation.

    Args:
        plan: The plan.
        text: Returns it of a row; empty for none.
    """
    heads = {line: head for head, lines in plan.lines.items() for line in lines}
    at = {id(row): index for index, row in enumerate(plan.rows)}
    found: dict[str, list[Total]] = defaultdict(list)
    for row, amount in leaves(plan):
        index = at[id(row)]
        found[text(row) or text(plan.rows[heads.get(index, index)])].append(amount)
    return {key: add(amounts) for key, amounts in found.items() if key}


def money_of_partida(plan: Plan, partida: str) -> tuple[Decimal | Invalid, Decimal] | None:
    """Sum up what is booked under a partida or a group of the classifier.

    The rows are taken as they come, without codes: a cell with several partidas is split when the rows right
    below it hold single ones of them and add up to it; otherwise it counts whole.

    Args:
        plan: The rows; only partida and budget are looked at.
        partida: Its leading digits: `2`, `25`, `25220`.

    Returns:
        Bolivianos, or the first `Invalid` amount; and how many of them stand in cells that other partidas share.
        None when no row matches.
    """
    hits = [i for i, row in enumerate(plan.rows) if any(part.startswith(partida) for part in row.partidas)]
    if not hits:
        return None
    counted = [plan.rows[i] for i in hits if not _is_split(plan, i)]
    shared = [row for row in counted if not all(part.startswith(partida) for part in row.partidas)]
    unread = next((row.budget for row in counted if isinstance(row.budget, Invalid)), None)
    total, unsure = (sum((_money(row.budget) for row in some), Decimal(0)) for some in (counted, shared))
    return unread or total, unsure


def _is_split(plan: Plan, head: int) -> bool:
    row = plan.rows[head]
    several, rest = set(row.partidas), _money(row.budget)
    if len(several) == 1 or not rest:
        return False
    for below in plan.rows[head + 1 :]:
        if len(below.partidas) != 1 or below.partidas[0] not in several or rest <= 0:
            break
        rest -= _money(below.budget)
    return not rest


def _money(amount: object) -> Decimal:
    return amount if isinstance(amount, Decimal) else Decimal(0)
