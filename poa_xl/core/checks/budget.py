"""Budgets and the classifier codes they are booked under."""

import re
from collections.abc import Iterator
from decimal import Decimal

from poa_xl.core.checks.fault import Fault, invalid
from poa_xl.core.plan import Kind, Plan
from poa_xl.core.rollup import roll_up
from poa_xl.core.values import Flaw
from poa_xl.i18n import number, say

_PARTIDA_DIGITS = 5


def group_sum(plan: Plan) -> Iterator[Fault]:
    """A row whose budget is not the sum of its children's."""
    totals = roll_up(plan)
    for parent, children in plan.children.items():
        own = plan.rows[parent].budget
        counted = [child for child in children if child not in plan.disputed]
        total = sum((_counted(plan, child, totals) for child in counted), Decimal(0))
        if isinstance(own, Decimal) and own != total:
            yield Fault(
                parent,
                "budget",
                number(own),
                say(
                    "dice {own} y sus {count} filas suman {total}: diferencia {gap}",
                    own=own,
                    count=len(counted),
                    total=total,
                    gap=own - total,
                ),
                say("poner {total}", total=total),
                number(total),
            )


def _counted(plan: Plan, child: int, totals: list[Decimal | None]) -> Decimal:
    """What a child says it costs; what adds up below it where it says nothing."""
    own = plan.rows[child].budget
    return own if isinstance(own, Decimal) else totals[child] or Decimal(0)


def line_sum(plan: Plan) -> Iterator[Fault]:
    """An operation whose budget is not the sum of its partida lines."""
    for operation, lines in plan.lines.items():
        own = plan.rows[operation].budget
        amounts = [plan.rows[line].budget for line in lines]
        known = [amount for amount in amounts if isinstance(amount, Decimal)]
        total = sum(known, Decimal(0))
        if known and isinstance(own, Decimal) and own != total:
            yield Fault(
                operation,
                "budget",
                number(own),
                say(
                    "dice {own} y sus {count} partidas suman {total}: diferencia {gap}",
                    own=own,
                    count=len(known),
                    total=total,
                    gap=own - total,
                ),
                say("poner {total}", total=total),
                number(total),
            )


def not_a_number(plan: Plan) -> Iterator[Fault]:
    """A budget that is text."""
    for index, field, text in invalid(plan, ("budget",), Flaw.MALFORMED):
        yield Fault(index, field, text, say("«{text}» no es un monto", text=text), say("escribir solo el número"))


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
    """A budget below zero."""
    for index, row in enumerate(plan.rows):
        if isinstance(row.budget, Decimal) and row.budget < 0:
            yield Fault(index, "budget", number(row.budget), say("el presupuesto es negativo"))


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
                say("la partida «{part}» no tiene cinco cifras", part=part),
                say("puede ser {likely}", likely=" o ".join(likely)) if likely else "",
            )


def _completions(digits: str, known: set[str]) -> list[str]:
    """Partidas that a cut one may have been: those of the plan, else the classifier's round number."""
    if not digits.isdigit() or len(digits) != _PARTIDA_DIGITS - 1:
        return []
    return sorted(part for part in known if part.startswith(digits)) or [digits + "0"]
