"""Budgets, rolled up the code hierarchy in one pass from the leaves to the root."""

from decimal import Decimal
from itertools import takewhile

from poa_xl.core.codes import Code
from poa_xl.core.plan import Kind, Plan
from poa_xl.core.values import Invalid


def roll_up(plan: Plan) -> list[Decimal | None]:
    """Compute the budget of every row.

    A row with children has the sum of its children, an operation without has the sum of its lines, any other
    row its own amount. A child whose parent is missing counts for its nearest ancestor, so that no money is
    lost on the way. Where an operation has its own amount and its lines state none, the own amount stands.
    Rows in dispute count for nobody.

    Returns:
        One amount per row, bolivianos; None where the row states none and nothing adds up to one.
        Cost: rows x depth.
    """
    totals: list[Decimal | None] = [row.budget if isinstance(row.budget, Decimal) else None for row in plan.rows]
    for operation, lines in plan.lines.items():
        amounts = [amount for line in lines if (amount := totals[line]) is not None]
        if amounts:
            totals[operation] = sum(amounts, Decimal(0))
    parents = [(code.depth, plan.by_code[code]) for _, code in plan.coded()]
    for _, index in sorted(set(parents), reverse=True):
        children = plan.children.get(index)
        if children:
            counted = [totals[child] or Decimal(0) for child in children if child not in plan.disputed]
            totals[index] = sum(counted, Decimal(0))
        elif plan.rows[index].kind is Kind.GROUP and totals[index] is None:
            totals[index] = Decimal(0)
    return totals


def money_by_code(plan: Plan) -> dict[Code, Decimal | None | Invalid]:
    """Compute the budget of every code, and of codes that have no row of their own but rows below.

    Rows that share a code are summed, as whatever stands above them counts them all.

    Returns:
        Bolivianos; None where nothing states any; the first `Invalid` amount below where one is not understood.
    """
    totals = roll_up(plan)
    found: dict[Code, Decimal | None | Invalid] = {}
    for index, code in plan.coded():
        unread = None if index in plan.children else _unread(plan, index)
        missing = list(takewhile(lambda above: above not in plan.by_code, code.ancestors()))
        for each in (code, *missing):
            found[each] = _plus(found.get(each), totals[index])
        for each in (code, *code.ancestors()) if unread else ():
            found[each] = unread
    return found


def _plus(one: Decimal | None | Invalid, other: Decimal | None) -> Decimal | None | Invalid:
    if isinstance(one, Invalid) or other is None:
        return one
    return other + (one or Decimal(0))


def _unread(plan: Plan, index: int) -> Invalid | None:
    lines = [plan.rows[line].budget for line in plan.lines.get(index, ())]
    own = plan.rows[index].budget
    amounts = lines if any(isinstance(amount, Decimal) for amount in lines) else [own, *lines]
    return next((amount for amount in amounts if isinstance(amount, Invalid)), None)
