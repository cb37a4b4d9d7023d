"""The damage of printed pages put right, from evidence only, and every repair written down.

Evidence is: a year has twelve months; under the type of target that the unit of measure allows, the months
make up the Meta; a group's row holds one amount only; a partida is five digits, one of four was cut; a bare
number in a unit of measure that equals the first month slid there; the office's list of unit names. Where
that does not decide, what is printed stays and a doubt is raised.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

from poa_xl.core.aliases import Aliases
from poa_xl.core.amounts import Style, parse_amount
from poa_xl.core.dates import MONTHS
from poa_xl.core.plan import PROSE
from poa_xl.core.targets import Verdict, judge
from poa_xl.i18n import say
from poa_xl.sheet.fields import CAPTIONS
from poa_xl.sheet.printed import COLUMNS, HEAD, Printed, PrintedRow

_YEAR = len(MONTHS)
_PARTIDAS = re.compile(r"\d{4,5}(?:;\d{4,5})*")
_GLUED_PARTIDA = re.compile(r"(.*\S)\s+(\d{4,5}(?:;\d{4,5})*)")
_MOST_EXTRA = 4


@dataclass(frozen=True, slots=True)
class Repair:
    """One cell put right.

    Attributes:
        id: Id of the row as printed.
        column: Caption of the column.
        before: What is printed there.
        after: What belongs there.
        why: The evidence.
    """

    id: str
    column: str
    before: str
    after: str
    why: str


@dataclass(frozen=True, slots=True)
class Doubt:
    """A row whose damage the evidence does not decide: it stays as printed."""

    line: int
    id: str
    message: str


@dataclass(frozen=True, slots=True)
class Repaired:
    """A row put right.

    Attributes:
        line: Number of its line in the text.
        cells: Field to text.
        repairs: What was changed.
        doubts: What was left.
    """

    line: int
    cells: dict[str, str]
    repairs: tuple[Repair, ...]
    doubts: tuple[Doubt, ...] = ()


@dataclass(frozen=True, slots=True)
class _Months:
    values: tuple[str, ...]
    why: str
    unglued: bool


def repair(printed: Printed, aliases: Aliases) -> list[Repaired]:
    """Put the rows of a printed plan right; as many come out as went in, in the same order."""
    return [_repair(row, printed.style, aliases) for row in printed.rows]


def _repair(row: PrintedRow, style: Style, aliases: Aliases) -> Repaired:
    cells = {field: row.get(field) for field in COLUMNS}
    reasons: dict[str, str] = {}
    doubts: tuple[Doubt, ...] = ()
    is_group = not row.get("target") and sum(map(bool, row.tail)) <= 1
    restored = _group(row) if is_group else _operation(row, style)
    if restored is not None:
        changed, reasons = restored
        cells |= changed
    elif any(row.tail):
        message = say("los valores no caen en sus columnas y nada decide cuáles sobran: queda como está impreso")
        doubts = (Doubt(row.line, row.get("id"), message),)
    for field in (name for name in PROSE if name in cells):
        text = aliases.unit(cells[field]) if field in ("unit", "owner") else aliases.text(cells[field])
        if text != cells[field]:
            alias = say("lista de unidades de la oficina")
            reasons[field] = "; ".join(filter(None, (reasons.get(field), alias)))
            cells[field] = text
    return Repaired(row.line, cells, tuple(_repairs(row, cells, reasons)), doubts)


def _repairs(row: PrintedRow, cells: dict[str, str], reasons: dict[str, str]) -> Iterator[Repair]:
    for field in COLUMNS:
        if cells[field] != row.get(field):
            yield Repair(row.get("id"), CAPTIONS[field], row.get(field), cells[field], reasons[field])
    for number, text in enumerate(row.beyond, len(COLUMNS) + 1):
        if text and "budget" in reasons:
            yield Repair(row.get("id"), say("columna {number}", number=number), text, "", reasons["budget"])


Restored = tuple[dict[str, str], dict[str, str]]


def _group(row: PrintedRow) -> Restored:
    budget = next((cell for cell in row.tail if cell), "")
    cells = dict.fromkeys(COLUMNS[len(HEAD) :], "") | {"budget": budget}
    return cells, {"budget": say("único monto de la fila de un grupo, impreso fuera de su columna")}


def _operation(row: PrintedRow, style: Style) -> Restored | None:
    """Find months, source, partida and budget among the cells after the unit; None when nothing decides."""
    tail = list(row.tail)
    if not tail or _number(tail[-1], style) is None:
        return None
    *body, budget = tail
    unit, glued = _unglue(row.get("measure"), body[0] if body else "")
    placed = len(body) == _YEAR + 2 and _is_placed(body, style)
    count = _YEAR if placed else next((i for i, cell in enumerate(body) if _number(cell, style) is None), len(body))
    rest = body[count:]
    if not placed and (len(rest) > 2 or (len(rest) == 2 and not _PARTIDAS.fullmatch(rest[1]))):  # noqa: PLR2004 - source, partida
        return None
    months = _months(body[:count], glued, row.get("target"), unit, style)
    if months is None:
        return None
    evidence, partida, split = _evidence(*[*rest, "", ""][:2])
    shifted = say("hay {count} valores donde van doce meses: lo que sigue se corrió", count=count)
    cells = dict(zip(MONTHS, months.values, strict=True)) | {
        "evidence": evidence,
        "partida": partida,
        "budget": budget,
    }
    reasons = dict.fromkeys(MONTHS, months.why) | {
        "evidence": split or shifted,
        "partida": split or shifted,
        "budget": shifted,
    }
    if months.unglued:
        cells["measure"] = unit
        reasons["measure"] = say("el {number} es el valor de un mes, pegado a la unidad", number=glued or "")
    return cells, reasons


def _is_placed(body: Sequence[str], style: Style) -> bool:
    """Return whether twelve months, source and partida stand in their columns."""
    *months, evidence, partida = body
    return (
        all(not month or _number(month, style) is not None for month in months)
        and _number(evidence, style) is None
        and (not partida or bool(_PARTIDAS.fullmatch(partida)))
    )


def _unglue(measure: str, first: str) -> tuple[str, str | None]:
    """Take a month's value out of a unit of measure: a word of it that is the first month's number."""
    words = measure.split()
    if not first or first not in words:
        return measure, None
    words.remove(first)
    return " ".join(words), first


def _months(values: Sequence[str], glued: str | None, target: str, unit: str, style: Style) -> _Months | None:
    """Choose the twelve months.

    Args:
        values: Cells where months are printed; twelve, some blank, when all columns are in place.
        glued: Value found in the unit of measure.
        target: Meta as printed.
        unit: Unit of measure without the glued value.
        style: How the document writes numbers.
    """
    meta = _number(target, style)
    whole = "" not in values
    if len(values) == _YEAR and (glued is None or (whole and _holds(meta, unit, values, style))):
        return _Months(tuple(values), "", unglued=glued is not None)
    if meta is None:
        return None
    if glued is not None and len(values) == _YEAR and not values[-1]:
        values = values[:-1]
    for pool, unglued in _pools(values, glued):
        extra = len(pool) - _YEAR
        if not 0 <= extra <= _MOST_EXTRA:
            continue
        found = _choose(meta, unit, pool, style)
        if found is not None:
            why = (
                say(
                    "se imprimieron {count} valores; quitando {extra} los doce meses cuadran con la Meta",
                    count=len(pool),
                    extra=extra,
                )
                if extra
                else say("con el valor pegado a la unidad son doce meses y cuadran con la Meta")
            )
            return _Months(found, why, unglued=unglued)
    return None


def _pools(values: Sequence[str], glued: str | None) -> Iterator[tuple[Sequence[str], bool]]:
    """Yield the values that the months may be among: those printed, then with the glued one."""
    if len(values) >= _YEAR:
        yield values, glued is not None
    if glued is not None:
        yield (glued, *values), True


def _choose(meta: Decimal, unit: str, pool: Sequence[str], style: Style) -> tuple[str, ...] | None:
    """Return the only twelve values, in order, that make up the target; exactly, else but for rounding."""
    exact: set[tuple[str, ...]] = set()
    rounded: set[tuple[str, ...]] = set()
    for chosen in set(combinations(pool, _YEAR)):
        verdict = _judge(meta, unit, chosen, style)
        if verdict is not None and verdict.holds:
            (rounded if verdict.rounding else exact).add(chosen)
    likely = exact or rounded
    return likely.pop() if len(likely) == 1 else None


def _holds(meta: Decimal | None, unit: str, values: Sequence[str], style: Style) -> bool:
    verdict = _judge(meta, unit, values, style)
    return verdict is not None and verdict.holds


def _judge(meta: Decimal | None, unit: str, values: Sequence[str], style: Style) -> Verdict | None:
    return judge(meta, unit, [_number(value, style) for value in values]) if meta is not None else None


def _evidence(evidence: str, partida: str) -> tuple[str, str, str]:
    """Part a source and the partidas that are glued to it; the third text is the reason, if any."""
    match = _GLUED_PARTIDA.fullmatch(evidence)
    if partida or match is None:
        return evidence, partida, ""
    return match[1], match[2], say("partidas pegadas a la fuente, columna Partida vacía")


def _number(text: str, style: Style) -> Decimal | None:
    value = parse_amount(text, style)
    return value if isinstance(value, Decimal) else None
