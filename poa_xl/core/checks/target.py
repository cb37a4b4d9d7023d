"""Meta and months."""

from collections.abc import Iterator
from decimal import Decimal

from poa_xl.core.checks.budget import ambiguous
from poa_xl.core.checks.fault import Fault, invalid
from poa_xl.core.dates import MONTHS
from poa_xl.core.plan import Kind, Plan, Row, TargetKind
from poa_xl.core.targets import judge_row
from poa_xl.core.values import Flaw, Invalid, Shown
from poa_xl.i18n import number, say

_NUMBERS = ("target", *MONTHS)


def months_disagree(plan: Plan) -> Iterator[Fault]:
    """Months that do not make up the target under its type."""
    for index, row in enumerate(plan.rows):
        verdict = judge_row(row)
        if isinstance(row.target, Decimal) and verdict is not None and not verdict.holds:
            mixed = _mixed(row)
            if mixed:
                advice = say("escribirlos todos de la misma manera")
                yield Fault(index, "target", number(row.target), mixed, advice)
                continue
            name, reason, suggestion = verdict.field, verdict.reason, verdict.suggestion
            at, remedy = verdict.remedy or ("", None)
            value, expected = row.target, number(verdict.programmed)
            if name != "target":
                value = row.programmed[MONTHS.index(name)]
                expected = number(remedy) if remedy is not None and at == name else ""
            yield Fault(index, name, number(value), reason, suggestion, expected, remedy, at)


def _mixed(row: Row) -> str:
    """Say that some numbers of a row show as percentages and others do not: 36 % beside 0,36."""
    if Shown.PERCENT not in row.dresses.values():
        return ""
    values = {name: value for name in _NUMBERS if isinstance(value := row.get(name), Decimal) and value}
    shares = [name for name in values if row.dresses.get(name) is Shown.PERCENT]
    others = [name for name in values if name not in shares]
    if not shares or not others:
        return ""
    return say(
        "los formatos difieren: {one} es {share} % y {other} es {plain}, sin formato de porcentaje",
        one=_called(shares[0]),
        share=values[shares[0]],
        other=_called(others[0]),
        plain=values[others[0]],
    )


def _called(name: str) -> str:
    return "Meta" if name == "target" else name


def blank_month(plan: Plan) -> Iterator[Fault]:
    """A blank month in a row where most months are written, zeros too."""
    for index, row in enumerate(plan.rows):
        count = sum(month is None for month in row.months)
        if 0 < count < len(MONTHS) / 2 and row.programmed:
            for month in (MONTHS[i] for i, month in enumerate(row.months) if month is None):
                yield Fault(
                    index,
                    month,
                    "",
                    say("{month} está vacío, y casi todos los demás meses tienen valor", month=month),
                    say("escribir el valor, o 0"),
                )


def no_months(plan: Plan) -> Iterator[Fault]:
    """A target that no month works towards."""
    for index, row in enumerate(plan.rows):
        if not isinstance(row.target, Decimal) or not row.target or row.programmed:
            continue
        if not any(isinstance(month, Invalid) for month in row.months):
            yield Fault(
                index,
                "target",
                number(row.target),
                say("hay una Meta de {target} y ningún mes programado", target=row.target),
            )


def no_target(plan: Plan) -> Iterator[Fault]:
    """Months without a target, or with a target of 0."""
    for index, row in enumerate(plan.rows):
        if row.target is None and row.kind is not Kind.GROUP and row.programmed:
            yield Fault(
                index,
                "target",
                "",
                say("hay meses programados y ninguna Meta"),
                say(
                    "escribir la Meta: los meses suman {total}",
                    total=sum(row.programmed.values(), Decimal(0)),
                ),
            )


def not_a_number(plan: Plan) -> Iterator[Fault]:
    """A target or a month that is text: `36 horas`, `X`, `2-3`."""
    for index, field, text in _invalid(plan, Flaw.MALFORMED, Flaw.FOREIGN):
        yield Fault(index, field, text, say("«{text}» no es un número", text=text), say("escribir solo el número"))


def two_readings(plan: Plan) -> Iterator[Fault]:
    """A target or a month written as text that can be read in two ways."""
    for index, field, text in _invalid(plan, Flaw.AMBIGUOUS):
        yield Fault(index, field, text, ambiguous(text), say("escribir el número sin separador de miles"))


def negative(plan: Plan) -> Iterator[Fault]:
    """A target or a month below zero."""
    for index, row in enumerate(plan.rows):
        for field, value in zip(_NUMBERS, (row.target, *row.months), strict=True):
            if isinstance(value, Decimal) and value < 0:
                yield Fault(index, field, number(value), say("el valor es negativo"))


def unknown_kind(plan: Plan) -> Iterator[Fault]:
    """A Tipo de meta that is none of the five."""
    for index, field, text in invalid(plan, ("stated",), Flaw.MALFORMED):
        yield Fault(
            index,
            field,
            text,
            say("«{text}» no es un tipo de meta", text=text),
            say("uno de: {kinds}", kinds=", ".join(TargetKind)),
        )


def _invalid(plan: Plan, *flaws: Flaw) -> Iterator[tuple[int, str, str]]:
    return invalid(plan, _NUMBERS, *flaws)
