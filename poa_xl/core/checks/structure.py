"""Codes, their order, and cells that hold no value at all."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import takewhile

from poa_xl.core.checks.fault import Fault, invalid
from poa_xl.core.codes import Code, candidates
from poa_xl.core.dates import MONTHS
from poa_xl.core.dress import undressed
from poa_xl.core.limits import limit_of
from poa_xl.core.plan import DECIDED, TEXTS, Kind, Plan, Row
from poa_xl.core.values import Flaw, Invalid
from poa_xl.i18n import number, say

_FEW = 2
_RARE = 5


def malformed_code(plan: Plan) -> Iterator[Fault]:
    """A code that is not letters and numbers between dots."""
    for index, field, text in invalid(plan, ("code",), Flaw.MALFORMED):
        yield Fault(
            index,
            field,
            text,
            say("«{text}» no es un código", text=text),
            say(
                "letras y números separados por puntos, como {example}",
                example=f"{plan.prefix or 'GROGR'}1.2.5",
            ),
        )


def numeric_code(plan: Plan) -> Iterator[Fault]:
    """A code that the program turned into a number or a date: 1.10 becomes 1.1."""
    for index, field, text in invalid(plan, ("code",), Flaw.NUMERIC):
        likely = " o ".join(str(code) for code in candidates(text, plan.prefix) if code not in plan.by_code)
        yield Fault(
            index,
            field,
            text,
            say("el código se guardó como número o fecha ({text}): {text}0 y {text} ya no se distinguen", text=text)
            if "." in text
            else say("el código se guardó como número o fecha ({text})", text=text),
            say("dar a la celda formato de texto y escribir {likely}", likely=likely)
            if likely
            else say("dar a la celda formato de texto y escribir el código otra vez"),
            likely,
        )


def missing_code(plan: Plan) -> Iterator[Fault]:
    """A group or an operation without a code."""
    for index, row in enumerate(plan.rows):
        if row.kind is not Kind.LINE and row.code is None:
            yield Fault(
                index,
                "code",
                "",
                say("la fila tiene Meta, meses o presupuesto y no tiene código"),
                say("escribir el código, o quitar la fila del plan"),
            )


def unusual_spelling(plan: Plan) -> Iterator[Fault]:
    """A code that was understood but is not written as the others are."""
    coded = [(index, code) for index, code in plan.coded() if code.written]
    odd = [(index, code) for index, code in coded if code.written != str(code)]
    if plan.house.any_code or len(odd) > max(_FEW, len(coded) / 2):
        # Most are: this is how the house writes its codes, padded with zeros or parted by dashes.
        yield from _unlike_the_others(coded)
        return
    for index, code in odd:
        yield Fault(
            index,
            "code",
            code.written,
            say("el código está escrito «{written}»", written=code.written),
            say("escribir {code}", code=str(code)),
            str(code),
        )


def _unlike_the_others(coded: Sequence[tuple[int, Code]]) -> Iterator[Fault]:
    """Codes whose form is not that of nearly all others of their depth."""
    forms: dict[int, Counter[str]] = defaultdict(Counter)
    for _, code in coded:
        forms[code.depth][_form(code)] += 1
    for index, code in coded:
        (usual, count), *_ = forms[code.depth].most_common(1)
        if _form(code) != usual and forms[code.depth][_form(code)] * _RARE < count:
            example = next(other.written for _, other in coded if (other.depth, _form(other)) == (code.depth, usual))
            yield Fault(
                index,
                "code",
                code.written,
                say("el código está escrito «{written}»", written=code.written),
                say("escribirlo como los demás, por ejemplo {example}", example=example),
            )


def _form(code: Code) -> str:
    return re.sub(r"\d", "9", re.sub(r"[^\W\d_]+", "A", code.written))


def unexplained(plan: Plan) -> Iterator[Fault]:
    """A row that states an amount and of which nobody knows whether it belongs to an operation or is a total."""
    for index, row in enumerate(plan.strays, len(plan.rows)):
        stated = ((name, row.get(name)) for name in ("budget", "target", *MONTHS))
        field, value = next((name, value) for name, value in stated if value is not None)
        yield Fault(
            index,
            field,
            value.text if isinstance(value, Invalid) else str(value),
            *_why_unexplained(row),
        )


def _why_unexplained(row: Row) -> tuple[str, str]:
    if not row.partida:
        return (
            say("la fila tiene un importe y ni código ni partida: no se cuenta"),
            say("escribir su código o su partida; si es un total, escribir TOTAL"),
        )
    return (
        say(
            "la fila tiene la partida {partida} y no se sabe si es de la operación de arriba o un total: no se cuenta",
            partida=row.partida,
        ),
        say(
            "si es un gasto, ponerlo debajo de su operación y encima de los totales, con un nombre que no empiece con "
            "Total; si es un total, borrar su partida"
        ),
    )


def duplicate_code(plan: Plan) -> Iterator[Fault]:
    """A code that another row has already."""
    for index, code in plan.coded():
        first = plan.by_code[code]
        is_another = plan.house.codes_per_unit and plan.rows[first].unit != plan.rows[index].unit
        if first != index and index not in plan.disputed and not is_another:
            yield Fault(
                index,
                "code",
                str(code),
                say("el código {code} ya está en {cell}", code=str(code), cell=_place(plan, first, index)),
                _other_code(plan, code),
            )


def _other_code(plan: Plan, code: Code) -> str:
    """Say what to do about a code that another row has: as a number it may have lost its last zero."""
    if plan.house.number_codes and code.depth > 1:
        return say(
            "los códigos son números, y {code}0 se guarda como {code}: escribirlos como texto, o dar a una de las dos "
            "filas otro código",
            code=str(code),
        )
    return say("dar a una de las dos filas otro código")


def missing_parent(plan: Plan) -> Iterator[Fault]:
    """A code whose parent has no row; the topmost level of the plan needs none."""
    top = min((code.depth for _, code in plan.coded()), default=0)
    tops: dict[str, int] = {}
    for _, code in plan.coded() if plan.house.learns else ():
        tops[code.prefix] = min(code.depth, tops.get(code.prefix, code.depth))
    for index, code in plan.coded():
        parent = code.parent
        if parent is not None and code.depth > tops.get(code.prefix, top) and parent not in plan.by_code:
            yield Fault(
                index,
                "code",
                str(code),
                say("falta la fila {parent}, superior de {code}", parent=str(parent), code=str(code)),
                say("agregar {parent} encima, o corregir el código", parent=str(parent)),
            )


def wrong_order(plan: Plan) -> Iterator[Fault]:
    """A code that stands after a later one of its prefix: 1.10 before 1.9."""
    last: dict[tuple[str, str], Code] = {}
    for index, code in plan.coded():
        key = (code.prefix, plan.rows[index].unit if plan.house.codes_per_unit else "")
        before = last.get(key)
        if before is not None and code < before:
            yield Fault(
                index,
                "code",
                str(code),
                say("{code} está después de {before}", code=str(code), before=str(before)),
                say("mover la fila antes de {before}", before=str(before)),
            )
        last[key] = code


def numbering_gap(plan: Plan) -> Iterator[Fault]:
    """A number that is skipped among the children of one parent."""
    if plan.partial or plan.house.any_code:
        return
    last: dict[tuple[str, tuple[int, ...]], int] = {}
    unread = _unread(plan)
    for code in sorted(plan.by_code):
        key = (code.prefix, code.parts[:-1])
        expected = last.get(key, 0) + 1
        while (*code.parts[:-1], expected) in unread and expected < code.parts[-1]:
            expected += 1
        if code.parts[-1] > expected:
            # A row right above whose code cannot be read at all may be any.
            expected += _nameless_above(plan, plan.by_code[code])
        last[key] = code.parts[-1]
        if code.parts[-1] > expected and code.depth > 1:
            skipped = Code(code.prefix, (*code.parts[:-1], expected))
            yield Fault(
                plan.by_code[code],
                "code",
                str(code),
                say("falta {skipped}: la numeración salta a {code}", skipped=str(skipped), code=str(code)),
            )


def _nameless_above(plan: Plan, index: int) -> int:
    """Count the operations and groups right above a row that have an error, or nothing, for a code."""
    above = (plan.rows[at] for at in range(index - 1, -1, -1) if plan.rows[at].kind is not Kind.LINE)
    return sum(1 for _ in takewhile(lambda row: _is_nameless(row.code), above))


def _is_nameless(code: Code | Invalid | None) -> bool:
    return not isinstance(code, Code) and (code is None or code.flaw not in (Flaw.NUMERIC, Flaw.MALFORMED))


def _unread(plan: Plan) -> set[tuple[int, ...]]:
    """Return the numbers of codes that stand in the plan and are not understood: a code that is one of them is there.

    Of such a cell it is said that it is wrong; that its row is missing besides would be untrue.
    """
    numeric = {code.parts for _, _, text in invalid(plan, ("code",), Flaw.NUMERIC) for code in candidates(text, "")}
    malformed = {
        tuple(map(int, re.findall(r"\d{1,9}", text))) for _, _, text in invalid(plan, ("code",), Flaw.MALFORMED)
    }
    return numeric | malformed


def wrong_id(plan: Plan) -> Iterator[Fault]:
    """An Id that is no whole number, stands twice or falls."""
    for index, field, text in invalid(plan, ("id",), Flaw.MALFORMED):
        yield Fault(index, field, text, say("«{text}» no es un Id", text=text), say("un número entero"))
    highest: int | None = None
    for index, row in enumerate(plan.rows):
        is_same_operation = row.kind is Kind.LINE and row.id == highest
        if not isinstance(row.id, int) or index in plan.disputed or is_same_operation:
            continue
        if row.id == 1 and highest is not None and highest > 1:
            # Each unit, or each form, numbers its rows anew.
            highest = None
        if highest is not None and row.id <= highest:
            what = say("se repite") if row.id == highest else say("es menor que el anterior, {last}", last=highest)
            yield Fault(index, "id", str(row.id), say("el Id {id} {what}", id=str(row.id), what=what))
        highest = max(row.id, highest or row.id)


def cell_error(plan: Plan) -> Iterator[Fault]:
    """A cell that holds #REF! or the like."""
    for index, field, text in invalid(plan, DECIDED, Flaw.ERROR):
        yield Fault(
            index,
            field,
            text,
            say("la celda contiene el error {text}", text=text),
            say("corregir la fórmula o escribir el valor"),
        )


def beyond_limit(plan: Plan) -> Iterator[Fault]:
    """A value that no cell can hold."""
    for index, field, text in invalid(plan, DECIDED, Flaw.LIMIT):
        limit = limit_of(field, is_text=field in TEXTS)
        yield Fault(index, field, text, limit.message, limit.suggestion)


def unusual_format(plan: Plan) -> Iterator[Fault]:
    """A number that shows as a date, as hours, or, where it is money, as a percentage or as other money."""
    for index, row in enumerate(plan.rows):
        for field, value, said in undressed(row):
            yield Fault(index, field, number(value), said, say("cambiar el formato a Número"))


def uncalculated(plan: Plan) -> Iterator[Fault]:
    """A formula that has never been calculated."""
    for index, field, text in invalid(plan, DECIDED, Flaw.UNCALCULATED):
        yield Fault(
            index,
            field,
            text,
            say("la fórmula nunca se calculó: no se sabe cuánto vale"),
            say("abrir el libro en Excel o Calc y guardarlo"),
        )


def _place(plan: Plan, first: int, index: int) -> str:
    there, here = plan.rows[first].where("code"), plan.rows[index].where("code")
    return there.cell if (there.file, there.sheet) == (here.file, here.sheet) else str(there)
