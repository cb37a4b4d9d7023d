"""Budgets and the classifier codes they are booked under."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from poa_xl.core.checks.fault import Fault, invalid
from poa_xl.core.limits import cut
from poa_xl.core.plan import Amount, Kind, Plan
from poa_xl.core.rollup import Total, Unknown, differ, is_uncalculated, roll_up, why_unknown
from poa_xl.core.values import Flaw
from poa_xl.i18n import number, say

_PARTIDA_DIGITS = 5


def unknown_sum(plan: Plan) -> Iterator[Fault]:
    """A group, or an operation with lines, one of whose terms cannot be read."""
    for index, (row, total) in enumerate(zip(plan.rows, roll_up(plan), strict=True)):
        if not isinstance(total, Unknown) or row.kind is Kind.LINE or total == Unknown(index, "budget"):
            continue
        remedy = say("corregir {cell}", cell=plan.rows[total.index].where(total.field).cell)
        if is_uncalculated(plan, total):
            remedy = say("abrir el libro en Excel o Calc y guardarlo")
        yield Fault(index, "budget", _shown(row.budget), why_unknown(plan, total), remedy)


def _shown(amount: Amount) -> str:
    return number(amount) if isinstance(amount, Decimal) else amount.text if amount is not None else ""


def group_sum(plan: Plan) -> Iterator[Fault]:
    """A row whose budget is not the sum of its children's."""
    for each in _sums(plan):
        if differ(each.own, each.total):
            count = len(each.counted)
            parts = say("su única fila suma") if count == 1 else say("sus {count} filas suman", count=count)
            # Where rows below are off themselves, nobody knows yet what they will add up to.
            yield _off(each.parent, each.own, each.total, parts, is_sure=each.total == each.below)


@dataclass(frozen=True, slots=True)
class _Sum:
    """A row with rows below it, what it says, what they say, and what is below them all."""

    parent: int
    own: Decimal
    total: Decimal
    below: Decimal | None
    counted: Sequence[int]


def _sums(plan: Plan) -> Iterator[_Sum]:
    """Yield the rows that say what those below them add up to, where that is known."""
    totals = roll_up(plan)
    for parent, children in plan.children.items():
        own, below = plan.rows[parent].budget, totals[parent]
        if isinstance(below, Unknown) or not isinstance(own, Decimal):
            continue
        counted = [child for child in children if child not in plan.disputed]
        total = sum((_counted(plan, child, totals) for child in counted), Decimal(0))
        yield _Sum(parent, own, total, below, counted)


def _counted(plan: Plan, child: int, totals: Sequence[Total]) -> Decimal:
    """Return what a child says it costs; what adds up below it where it says nothing, or only a part."""
    own, total = plan.rows[child].budget, totals[child]
    if isinstance(own, Decimal) and child not in plan.shared:
        return own
    return total if isinstance(total, Decimal) else Decimal(0)


def line_sum(plan: Plan) -> Iterator[Fault]:
    """An operation whose budget is not the sum of its partida lines."""
    totals = roll_up(plan)
    for operation, lines in plan.lines.items():
        own, total = plan.rows[operation].budget, totals[operation]
        is_sum = isinstance(total, Decimal) and operation not in plan.shared and operation not in plan.children
        if is_sum and isinstance(own, Decimal) and isinstance(total, Decimal) and differ(own, total):
            count = sum(plan.rows[line].budget is not None for line in lines)
            parts = say("su única partida suma") if count == 1 else say("sus {count} partidas suman", count=count)
            yield _off(operation, own, total, parts)


def _off(index: int, own: Decimal, total: Decimal, parts: str, *, is_sure: bool = True) -> Fault:
    return Fault(
        index,
        "budget",
        number(own),
        say("dice {own} y {parts} {total}: diferencia {gap}", own=own, parts=parts, total=total, gap=own - total),
        # A sum below zero is wrong in what it adds up.
        say("poner {total}", total=total) if total >= 0 else "",
        number(total),
        total if is_sure and total >= 0 else None,
    )


def not_a_number(plan: Plan) -> Iterator[Fault]:
    """A budget that is text."""
    for index, field, text in invalid(plan, ("budget",), Flaw.MALFORMED):
        yield Fault(index, field, text, say("«{text}» no es un monto", text=text), say("escribir solo el número"))


def not_bolivianos(plan: Plan) -> Iterator[Fault]:
    """A budget in another currency, or a percentage."""
    for index, field, text in invalid(plan, ("budget",), Flaw.FOREIGN):
        yield Fault(
            index, field, text, say("«{text}» no son bolivianos", text=text), say("escribir el monto en bolivianos")
        )


def two_readings(plan: Plan) -> Iterator[Fault]:
    """A budget written as text that can be read in two ways: 1.234."""
    for index, field, text in invalid(plan, ("budget",), Flaw.AMBIGUOUS):
        yield Fault(index, field, text, ambiguous(text), say("escribir el número sin separador de miles"))


def ambiguous(text: str) -> str:
    """Say which two amounts a text may mean."""
    digits = re.sub(r"\D", "", text)
    whole = Decimal(digits)
    return say(
        "el texto «{text}» puede ser {thousands} o {fraction}",
        text=text,
        thousands=whole,
        fraction=whole.scaleb(-3),
    )


def negative(plan: Plan) -> Iterator[Fault]:
    """A budget below zero; not one that adds others up: those are wrong, or the sum is."""
    summed = {each.parent for each in _sums(plan)}
    for index, row in enumerate(plan.rows):
        if isinstance(row.budget, Decimal) and row.budget < 0 and index not in summed:
            yield Fault(index, "budget", number(row.budget), say("el presupuesto es negativo"))


def inherited(plan: Plan) -> Iterator[Fault]:
    """A budget that is below zero only because those below it are."""
    totals = roll_up(plan)
    for each in _sums(plan):
        if each.own < 0 and not differ(each.own, each.total):
            first, *others = _blamed(plan, each.parent, totals)
            why = (
                say("el presupuesto es negativo por {row} y {count} más", row=first, count=len(others))
                if others
                else say("el presupuesto es negativo por {row}", row=first)
            )
            yield Fault(each.parent, "budget", number(each.own), why)


def _blamed(plan: Plan, parent: int, totals: Sequence[Total]) -> Iterator[str]:
    """Name the lowest rows below one that are below zero."""
    for child in plan.children.get(parent, ()):
        if child not in plan.disputed and _counted(plan, child, totals) < 0:
            row = plan.rows[child]
            yield from [*_blamed(plan, child, totals)] or [str(row.code or row.name)]


def no_partida(plan: Plan) -> Iterator[Fault]:
    """An operation that costs money and names no partida, neither itself nor in its lines."""
    for index, row in enumerate(plan.rows):
        if row.kind is not Kind.OPERATION or not isinstance(row.budget, Decimal) or row.budget <= 0:
            continue
        if not row.partida and not any(plan.rows[line].partida for line in plan.lines.get(index, ())):
            yield Fault(
                index,
                "partida",
                "",
                say("hay un presupuesto de {budget} y ninguna partida", budget=row.budget),
            )


def partida_digits(plan: Plan) -> Iterator[Fault]:
    """A partida that has not five digits."""
    known = {part for row in plan.rows for part in row.partidas if re.fullmatch(r"\d{5}", part)}
    for index, row in enumerate(plan.rows):
        for part in row.partidas:
            digits = part.split()[0].rstrip(".-:")
            if re.fullmatch(r"\d{5}", digits):
                continue
            likely = _completions(digits, known)
            yield Fault(
                index,
                "partida",
                row.partida,
                say("la partida «{part}» no tiene cinco cifras", part=cut(part)),
                say("puede ser {likely}", likely=" o ".join(likely)) if likely else "",
                # What a person sees and confirms: one code that it may be, in the place of one that stands there once.
                remedy=row.partida.replace(digits, likely[0])
                if len(likely) == 1 and row.partida.count(digits) == 1
                else None,
            )


def _completions(digits: str, known: set[str]) -> list[str]:
    """Partidas that a cut one may have been: those of the plan, else the classifier's round number."""
    if not digits.isdigit() or len(digits) != _PARTIDA_DIGITS - 1:
        return []
    return sorted(part for part in known if part.startswith(digits)) or [digits + "0"]
