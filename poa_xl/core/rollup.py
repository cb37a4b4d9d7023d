"""Budgets, rolled up the code hierarchy in one pass from the leaves to the root."""

from decimal import Decimal

from poa_xl.core.plan import Kind, Plan


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
