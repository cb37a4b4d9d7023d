"""Budgets, rolled up the code hierarchy in one pass from the leaves to the root.

A sum with a term that cannot be read is unknown, and so is every sum above it: nothing is written and nothing is
painted green on it.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import takewhile
from typing import TypeAlias, cast

from poa_xl.core.codes import Code, candidates
from poa_xl.core.plan import Kind, Plan
from poa_xl.core.values import Flaw, Invalid
from poa_xl.i18n import say

_HALF_A_CENTAVO = Decimal("0.005")


@dataclass(frozen=True, slots=True)
class Unknown:
    """A sum that nobody knows.

    Attributes:
        index: Index of the row that hinders it.
        field: `budget` where its amount cannot be read, `code` where nobody can tell whether it belongs to the sum.
    """

    index: int
    field: str


Total: TypeAlias = Decimal | None | Unknown


def roll_up(plan: Plan) -> list[Total]:
    """Compute the budget of every row.

    A row with children has the sum of its children, an operation without has the sum of its lines, any other
    row its own amount. A child whose parent is missing counts for its nearest ancestor, so that no money is
    lost on the way. Where an operation has its own amount and its lines state none, the own amount stands.
    Rows in dispute count for nobody. An operation whose code is not understood makes the sum of the group unknown
    to which it may belong.

    Returns:
        One amount per row, bolivianos; None where the row states none and nothing adds up to one. Cost: rows x depth,
        once for each plan.
    """
    if "totals" not in plan.derived:
        plan.derived["totals"] = _totals(plan)
    return [*cast("list[Total]", plan.derived["totals"])]


def _totals(plan: Plan) -> list[Total]:
    totals = [own_amount(plan, index) for index in range(len(plan.rows))]
    for operation, lines in plan.lines.items():
        terms = [totals[line] for line in (*lines, *([operation] if operation in plan.shared else []))]
        if any(term is not None for term in terms):
            totals[operation] = add(terms)
    hindered = _hindered(plan, totals)
    parents = [(code.depth, plan.by_code[code]) for _, code in plan.coded()]
    for _, index in sorted(set(parents), reverse=True):
        children = plan.children.get(index)
        if children or index in hindered:
            counted = [totals[child] for child in children or () if child not in plan.disputed]
            totals[index] = add([*counted, *hindered.get(index, ())])
        elif plan.rows[index].kind is Kind.GROUP and totals[index] is None:
            totals[index] = Decimal(0)
    return totals


def why_unknown(plan: Plan, total: Unknown) -> str:
    """Say which cell hinders a sum."""
    row = plan.rows[total.index]
    cell = row.where(total.field).cell
    if total.field == "budget":
        if is_uncalculated(plan, total):
            return say("no se puede sumar: la fórmula de {cell} nunca se calculó", cell=cell)
        text = row.budget.text if isinstance(row.budget, Invalid) else ""
        return say("no se puede sumar: {cell} («{text}») no se entiende", cell=cell, text=text)
    if row.code is None:
        return say("no se puede sumar: falta el código de {cell} y su fila puede ser de este grupo", cell=cell)
    return say(
        "no se puede sumar: el código de {cell} no se entiende y su fila puede ser de este grupo",
        cell=cell,
    )


def is_uncalculated(plan: Plan, total: Unknown) -> bool:
    """Whether what hinders a sum is a formula that was never calculated: nobody has to correct it."""
    amount = plan.rows[total.index].budget
    return total.field == "budget" and isinstance(amount, Invalid) and amount.flaw is Flaw.UNCALCULATED


def own_amount(plan: Plan, index: int) -> Total:
    """Return what the budget cell of a row says."""
    amount = plan.rows[index].budget
    return Unknown(index, "budget") if isinstance(amount, Invalid) else amount


def add(terms: Iterable[Total]) -> Decimal | Unknown:
    """Add terms up; the first that is unknown makes the sum so."""
    total = Decimal(0)
    for term in terms:
        if isinstance(term, Unknown):
            return term
        total += term or 0
    return total


def _hindered(plan: Plan, totals: list[Total]) -> dict[int, list[Unknown]]:
    """Map groups to the rows that cost something and of which nobody knows whether they belong to it."""
    homeless = [
        index
        for index, row in enumerate(plan.rows)
        if row.kind is not Kind.LINE and not isinstance(row.code, Code) and totals[index] and index not in plan.disputed
    ]
    found: dict[int, list[Unknown]] = defaultdict(list)
    before, after = (_neighbours(plan, homeless, step) for step in (1, -1))
    for index in homeless:
        above, below = before[index], after[index]
        if plan.rows[index].kind is Kind.GROUP and _lacks_parent(plan, below):
            # It is taken for the parent that is missing: what it costs is counted with the rows below it.
            continue
        for group in _likely(plan, index) or _near(plan, above, below):
            found[group].append(Unknown(index, "code"))
    return found


def _neighbours(plan: Plan, wanted: Sequence[int], step: int) -> dict[int, int | None]:
    """Find the nearest row with a code above (step 1) or below (step -1) each of some rows."""
    coded = dict(plan.coded())
    found: dict[int, int | None] = dict.fromkeys(wanted)
    last: int | None = None
    for index in range(len(plan.rows))[::step] if wanted else ():
        if index in found:
            found[index] = last
        last = index if index in coded else last
    return found


def _lacks_parent(plan: Plan, index: int | None) -> bool:
    code = plan.rows[index].code if index is not None else None
    return isinstance(code, Code) and code.parent is not None and code.parent not in plan.by_code


def _likely(plan: Plan, index: int) -> set[int]:
    """Return the groups right above what a numeric code was before the program took it for a number."""
    code = plan.rows[index].code
    likely = candidates(code.text, plan.prefix) if isinstance(code, Invalid) and code.flaw is Flaw.NUMERIC else []
    return {parent for each in likely if (parent := plan.parent_of(each)) is not None}


def _near(plan: Plan, above: int | None, below: int | None) -> set[int]:
    """Return the group that a row stands in."""
    index = above if above is not None else below
    code = plan.rows[index].code if index is not None else None
    if index is None or not isinstance(code, Code):
        return set()
    group = index if index == above and plan.rows[index].kind is Kind.GROUP else plan.parent_of(code)
    return {group} if group is not None else set()


def money_by_code(plan: Plan) -> dict[Code, Total]:
    """Compute the budget of every code, and of codes that have no row of their own but rows below.

    Rows that share a code are summed, as whatever stands above them counts them all.

    Returns:
        Bolivianos; None where nothing states any.
    """
    totals = roll_up(plan)
    found: dict[Code, Total] = {}
    for index, code in plan.coded():
        missing = list(takewhile(lambda above: above not in plan.by_code, code.ancestors()))
        for each in (code, *missing):
            terms = [term for term in (found.get(each), totals[index]) if term is not None]
            found[each] = add(terms) if terms else None
    return found


def differ(own: Decimal, total: Decimal) -> bool:
    """Whether two amounts differ by a centavo; formulas leave fractions of it that no budget has."""
    return abs(own - total) >= _HALF_A_CENTAVO
