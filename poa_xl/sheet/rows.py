"""What a row of a sheet is, decided in one place by evidence, and said with its reason.

In this order: a table's totals row, the words of a total in a row without a code, a formula that adds up its own
column, a merged or repeated code, a target, a partida, a code. A row that states an amount and is none of these, or
both a total and something else, is passed over by name: nothing is added that nobody can explain, and nothing goes
without a word.
"""

import re
from collections.abc import Mapping, Sequence
from enum import Enum

from poa_xl.core.codes import Code
from poa_xl.core.dates import MONTHS
from poa_xl.core.plan import PROSE, Kind, Row
from poa_xl.core.quick import quick
from poa_xl.core.text import fold, squeeze, words
from poa_xl.core.values import Flaw, Invalid
from poa_xl.i18n import say


class Outside(Enum):
    """What a row is that is no part of the plan."""

    HEADER = "header"
    TOTAL = "total"
    AMOUNT = "amount"  # it states one, and nothing says whose
    NOTE = "note"


@quick(frozen=True, slots=True)
class Evidence:
    """What is known of a row.

    Attributes:
        row: Its values.
        texts: The texts in its cells by field, and by column number where the column is not known.
        is_continued: Whether its code cell is merged with the one above.
        in_totals: Whether a table takes it for its totals row.
        summed: Fields whose formula adds up the column that it stands in.
        has_partidas: Whether the sheet has a column for partidas.
        is_elsewhere: Whether the columns were recognised in the plan of another office, where less can be taken for
            granted: codes of any form or none at all, amounts without partidas.
        is_below: Whether it stands below the last row that was recognised as one of the plan.
        filled: How many of its cells hold anything; counted elsewhere only.
    """

    row: Row
    texts: Mapping[str | int, str]
    is_continued: bool = False
    in_totals: bool = False
    summed: frozenset[str] = frozenset()
    has_partidas: bool = True
    is_elsewhere: bool = False
    is_below: bool = False
    filled: int = 0


@quick(frozen=True, slots=True)
class Ruling:
    """What a row is, and why."""

    kind: Kind | Outside
    reason: str = ""


# Words that make a row a total wherever they stand among the first ones, and what may stand before them.
_TOTALS = {
    "total",
    "totales",
    "totals",
    "totais",
    "subtotal",
    "subtotals",
    "subtotais",
    "subtotales",
    "subtot",
    "tot",
    "sumatotal",
    "totalgeneral",
}
_BESIDE = {
    "sub",
    "gran",
    "grand",
    "general",
    "generales",
    "geral",
    "overall",
    "importe",
    "presupuesto",
    "monto",
    "costo",
    "suma",
    "sumas",
    "sum",
    "sums",
    "soma",
    "somas",
    "saldo",
    "saldos",
    "parcial",
    "acumulado",
    "anual",
    "programado",
    "poa",
    "gestion",
    "iguales",
    "de",
    "del",
    "la",
    "el",
    "en",
    "por",
    "a",
    "y",
    "bs",
    "bolivianos",
}
# Words that do so where nothing else than such words stands beside them.
_SUMS = {"importe", "presupuesto", "monto", "suma", "sumas", "saldo", "saldos", "sum", "sums", "soma", "somas"}
_ADDING = {"suma", "sumas", "suman", "sumatoria", "sumatorias", "somatorio"}
# `Inversión total`: of two words the last one counts too.
_PAIR = 2
# `T O T A L`, as it is drawn out over a wide cell.
_SPELLED = re.compile(r"\b\w(?: \w){3,}\b")
_CARRIED = {"van", "vienen", "pasan"}
_FIRST = 3
# A text that speaks of an amount: `10 mil`, `Bs.-500`.
_COUNTED = re.compile(r"[^\w]*(?:Bs\W*)?\d", re.IGNORECASE)
# Cells that a row of another office's plan fills at least.
_FILLED = 3
# Cells in which a row without a total speaks of something else.
_ASIDE = ("measure", "evidence", "partida")


def is_total(text: str) -> bool:
    """Whether a text says that its row is a total: `TOTAL GENERAL`, `Sub total G1.1`, `Importe Bs`, `Costo total`."""
    said = words(_SPELLED.sub(lambda spelled: spelled[0].replace(" ", ""), squeeze(text)))
    said = said[1:] if len(said) > 1 and said[0].isdecimal() else said
    if len(said) == _PAIR and said[1] in _TOTALS:
        return True
    for number, word in enumerate(said[:_FIRST]):
        if word in _TOTALS:
            return all(before in _BESIDE for before in said[:number])
    if said and said[0] in _ADDING:
        return True
    return bool(said) and any(word in _SUMS for word in said) and all(w in _BESIDE or w.isdecimal() for w in said)


def rule(evidence: Evidence, above: Sequence[Row], *, is_closed: bool = False) -> Ruling:
    """Decide what a row is.

    Args:
        evidence: What is known of it.
        above: The rows of the plan above it.
        is_closed: Whether a total ended what stands above it: what follows belongs to no operation any more.
    """
    row = evidence.row
    is_one = _is_coded(evidence) if evidence.is_elsewhere else is_code(row.code)
    code = row.code if is_one and not is_total(evidence.texts.get("code", "")) else None
    is_named = evidence.is_elsewhere and is_total(row.name) and not _contradicts(evidence)
    total = _total(evidence) if code is None or is_named else None
    if total is not None:
        return total
    if evidence.is_below:
        return Ruling(Outside.NOTE, say("está debajo del plan"))
    head_at = next((i for i in range(len(above) - 1, -1, -1) if above[i].kind is not Kind.LINE), None)
    head = above[head_at] if head_at is not None else None
    follows = head is not None and head.kind is Kind.OPERATION and not is_closed
    if evidence.is_continued and not (evidence.is_elsewhere and _has_target(row)):
        return Ruling(Kind.LINE, say("su código está combinado con el de arriba"))
    if follows and head is not None and _repeats(row, head, above[head_at:]):
        return Ruling(Kind.LINE, say("repite el código de su operación con otra partida"))
    is_own = _has_target(row) and not _is_aside(evidence) and not _adds_up(evidence)
    if is_own and (code is not None or any(row.get(name) for name in PROSE)):
        return Ruling(Kind.OPERATION, say("tiene Meta o meses"))
    if code is not None:
        below = isinstance(code, Code) and follows and head is not None and code.parent == head.code
        has_money = row.budget is not None or bool(row.partida)
        return Ruling(Kind.LINE if below and has_money else Kind.GROUP, say("tiene código"))
    if follows and head is not None and _is_line(evidence, head):
        return Ruling(Kind.LINE, say("tiene partida y sigue a una operación"))
    if reason := _why_activity(evidence, is_closed=is_closed):
        return Ruling(Kind.OPERATION, reason)
    # A prepared row that nobody has filled in holds a number and the zeros of its formulas.
    if _states_amount(row):
        return Ruling(Outside.AMOUNT, say("tiene un importe y nada dice de quién es"))
    return Ruling(Outside.NOTE)


def _is_coded(evidence: Evidence) -> bool:
    """Whether a row of another office's plan has a code: a sentence that stands alone in its column heads rows."""
    code = evidence.row.code
    return code is not None and not (isinstance(code, Invalid) and evidence.filled == 1)


def _adds_up(evidence: Evidence) -> bool:
    """Whether the target and the months of a row elsewhere are formulas that add up their columns, as a group's are."""
    programmed = {month for month in MONTHS if evidence.row.get(month) is not None}
    return evidence.is_elsewhere and bool(programmed) and {"target", *programmed} <= evidence.summed


def carries_over(texts: Mapping[str | int, str]) -> bool:
    """Whether a row takes a sum to the next page: such a total ends nothing."""
    return any(set(words(text)) & _CARRIED for text in texts.values())


def is_code(code: Code | Invalid | None) -> bool:
    """Whether a code cell holds a code, or something that was meant to be one."""
    if not isinstance(code, Invalid):
        return code is not None
    return any(map(str.isdigit, code.text)) or code.flaw is Flaw.ERROR


def _total(evidence: Evidence) -> Ruling | None:
    """Return that a row is a total, or is called one and has what none has."""
    reason = _why_total(evidence)
    if not reason or not _contradicts(evidence):
        return Ruling(Outside.TOTAL, reason) if reason else None
    kind = Outside.AMOUNT if _states_amount(evidence.row) else Outside.NOTE
    return Ruling(kind, say("{reason}, y tiene una partida o una unidad de medida", reason=reason))


def _why_total(evidence: Evidence) -> str:
    if evidence.in_totals:
        return say("es la fila de totales de una tabla")
    text = _total_text(evidence)
    if text:
        return say("dice «{text}»", text=text)
    # A sum over the lines below it is what an operation without a code costs, where it has a target of its own.
    decisive = evidence.summed - {"budget"} if _has_target(evidence.row) else evidence.summed
    return say("su fórmula suma la columna") if decisive else ""


def _contradicts(evidence: Evidence) -> bool:
    """Whether a row is named a total of something, as `Total de horas extra`, and has what only other rows have."""
    row = evidence.row
    if evidence.in_totals or evidence.summed or not is_total(row.name):
        return False
    is_bare = all(word in _TOTALS | _SUMS | _BESIDE | {"partida"} or word.isdecimal() for word in words(row.name))
    return not is_bare and (any(map(str.isdigit, row.partida)) or (bool(row.measure) and _has_target(row)))


def _total_text(evidence: Evidence) -> str:
    name = evidence.row.name
    if name and is_total(name):
        return name
    is_firm = bool(name) and bool(evidence.row.measure or evidence.row.partida)
    for field, text in evidence.texts.items():
        is_aside = field in _ASIDE or isinstance(field, int)
        if field not in ("code", "id") and (is_firm or (name and is_aside)):
            continue
        if is_total(text) or (carries_over({field: text}) and len(words(text)) <= _FIRST):
            return text
    return ""


def _is_line(evidence: Evidence, head: Row) -> bool:
    """Whether a row without a code is a line of the operation above it."""
    row = evidence.row
    if row.partida or "partida" in row.flaws:
        return head.code is not None or not evidence.is_elsewhere
    if evidence.is_elsewhere:
        return row.budget is not None and head.code is not None
    return row.budget is not None and not evidence.has_partidas and bool(row.name)


def _why_activity(evidence: Evidence, *, is_closed: bool) -> str:
    """Say why a row of another office's plan is an activity: it is named, or an item of one that is named once."""
    row = evidence.row
    if not evidence.is_elsewhere or evidence.filled < _FILLED:
        return ""
    if row.name:
        return say("tiene nombre y otros datos")
    return say("tiene partida y meses") if row.partida and _has_target(row) and not is_closed else ""


def _is_aside(evidence: Evidence) -> bool:
    """Whether a row holds hardly anything, and where amounts should be only texts: names below lines to sign on."""
    return evidence.is_elsewhere and evidence.filled < _FILLED and not _states_amount(evidence.row)


def _has_target(row: Row) -> bool:
    return row.target is not None or any(month is not None for month in row.months)


def _states_amount(row: Row) -> bool:
    return any(map(_is_amount, (row.budget, row.target, *row.months)))


def _is_amount(value: object) -> bool:
    """Whether a cell states an amount, also one that cannot be read; a 0 and a text that begins with words are none."""
    if not isinstance(value, Invalid):
        return bool(value)
    return value.flaw is not Flaw.MALFORMED or _COUNTED.match(value.text) is not None


def _repeats(row: Row, head: Row, block: Sequence[Row]) -> bool:
    """Whether a row says once more what its operation says, but for the partida and its amount."""
    if not isinstance(row.code, Code) or row.code != head.code or not row.partida or row.budget is None:
        return False
    if any(fold(row.partida) == fold(each.partida) for each in block):
        return False
    same = all(not (mine := getattr(row, name)) or fold(mine) == fold(getattr(head, name)) for name in ("name", "unit"))
    return same and (not _has_target(row) or (row.target, row.months) == (head.target, head.months))
