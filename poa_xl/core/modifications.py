"""What differs from the approved plan, field by field, each with the kind of modification that an office knows.

Every difference is of exactly one kind, and the kind follows from what differs:

  months or dates, the same Meta    reprogramación
  Meta, its unit or its type        modificación de meta
  money up and money down           traspaso; only up: incremento; only down: reducción
  unit or responsible               cambio de responsable
  texts and codes                   denominación
  an operation come or gone         alta, baja
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from poa_xl.core.blocks import Block, comparable, own_fields, value_of
from poa_xl.core.dates import MONTHS
from poa_xl.core.diff import BlockChange, compare
from poa_xl.core.enums import StrEnum
from poa_xl.core.keys import comparable_plans, key_of_texts
from poa_xl.core.plan import Kind, Plan, Row

_ZERO = Decimal(0)


class Modification(StrEnum):
    """What kind of modification a difference is. The values are what the sheet shows."""

    SCHEDULE = "Reprogramación"
    TARGET = "Modificación de meta"
    TRANSFER = "Traspaso"
    INCREASE = "Incremento"
    REDUCTION = "Reducción"
    OWNER = "Cambio de responsable"
    NEW = "Alta"
    GONE = "Baja"
    NAME = "Denominación"


# The kinds of what fields say whatever else differs, where it is not a name; months and money depend on more.
_OF_A_FIELD: Mapping[str, Modification] = {
    "unit": Modification.OWNER,
    "owner": Modification.OWNER,
    "start": Modification.SCHEDULE,
    "end": Modification.SCHEDULE,
    "target": Modification.TARGET,
    "measure": Modification.TARGET,
    "stated": Modification.TARGET,
    "partida": Modification.TRANSFER,
    "budget": Modification.REDUCTION,
}
# Kinds that come and go with money.
MONEY = (Modification.TRANSFER, Modification.INCREASE, Modification.REDUCTION, Modification.NEW, Modification.GONE)


@dataclass(frozen=True, slots=True)
class Modified:
    """One difference between the approved plan and the present one.

    Attributes:
        code: The code of the operation as people see it; the present one where it is there, empty where it has none.
        name: Its Acción, operación o tarea.
        field: Name of the field, one of `DECIDED`; empty for an operation that came or went.
        partida: Whose money it is, of what a partida line says or an operation came or went with.
        before: What was approved.
        after: What holds.
        kind: What kind of modification it is.
        row: The row of the present plan; that of the approved one for what is gone.
        document: The document that the planner names for it.
        motive: The reason that the planner gives.
        line: Where a sheet lists it, as a row: its motive is the name there, the difference its budget.
        mark: What tells its operation apart where no code of its own does: the key by which both plans were compared.
        seen: There, by what its row is found in the plan that lists it, `key_of_texts`; of what is gone the key.
    """

    code: str
    name: str
    field: str
    partida: str
    before: object
    after: object
    kind: Modification
    row: Row
    document: str = ""
    motive: str = ""
    line: Row | None = None
    mark: str = ""
    seen: str = ""

    @property
    def about(self) -> str:
        """What tells its operation apart."""
        return self.mark or self.code

    @property
    def called(self) -> str:
        """What people call its operation."""
        return self.code or self.name

    @property
    def key(self) -> "Key":
        """What it is about."""
        return (self.about, self.field, self.partida)

    @property
    def difference(self) -> Decimal | None:
        """How much more it is than what was approved; None for what are no amounts."""
        if not isinstance(self.before, Decimal) and not isinstance(self.after, Decimal):
            return None
        return amount_of(self.after) - amount_of(self.before)


Key = tuple[str, str, str]


def amount_of(value: object) -> Decimal:
    """Return an amount; nothing for a blank, and for what is none."""
    return value if isinstance(value, Decimal) else _ZERO


def modifications(
    approved: Plan, plan: Plan, documents: Mapping[Key, str] | None = None, *, by_row: bool = False
) -> list[Modified]:
    """List what differs from the approved plan, in the order of the codes.

    The running number and the budgets of groups are derived and are no modification.

    Args:
        approved: The approved plan.
        plan: The plan as it is.
        documents: The document that the planner names for a difference; money up and money down is one traspaso where
            both are of one document, or of none.
        by_row: Whether rows are told apart by what stands in them whatever their codes.
    """
    named = documents or {}
    alike = comparable_plans(approved, plan, by_row=by_row)
    # Rows that have another key than their code, by that key.
    marked = {
        str(told.code): row
        for keyed, shown in zip(alike, (approved, plan), strict=True)
        for told, row in zip(keyed.rows, shown.rows, strict=True)
        if told.code != row.code
    }
    found = (_shown(each, marked) for change in compare(*alike) for each in _of_block(change))
    return told_apart([replace(each, document=named.get(each.key, "")) for each in found])


def _shown(each: Modified, marked: Mapping[str, Row]) -> Modified:
    """Say of which operation a difference is as people do, and keep by what it was told apart."""
    row = marked.get(each.code)
    if row is None:
        return each
    ends = [_code(marked[str(end)]) if str(end) in marked else end for end in (each.before, each.after)]
    seen = each.code if each.kind is Modification.GONE else key_of_texts(row)
    return replace(each, code=_code(row), mark=each.code, seen=seen, before=ends[0], after=ends[1])


def told_apart(found: Sequence[Modified]) -> list[Modified]:
    """Tell traspasos from more money and from less: money up and money down under one document is a traspaso."""
    ways: dict[str, set[bool]] = defaultdict(set)
    for each in found:
        if each.kind in MONEY and each.difference:
            ways[each.document].add(each.difference > 0)
    return [_with_way(each, ways[each.document]) for each in found]


def _with_way(each: Modified, ways: set[bool]) -> Modified:
    """Tell a traspaso from more money and from less."""
    if each.field != "budget":
        return each
    if len(ways) > 1:
        return replace(each, kind=Modification.TRANSFER)
    return replace(each, kind=Modification.INCREASE if True in ways else Modification.REDUCTION)


def _of_block(change: BlockChange) -> Iterator[Modified]:
    before, after = change.before, change.after
    if before is None or after is None:
        for block, kind in ((before, Modification.GONE), (after, Modification.NEW)):
            yield from _whole(block, kind) if block is not None else ()
        return
    is_split = bool(before.lines or after.lines)
    has_target = any(
        each.field in ("target", "measure", "stated") for each in _of_row(before.head, after.head, skip="budget")
    )
    months = Modification.TARGET if has_target else Modification.SCHEDULE
    yield from _of_row(before.head, after.head, skip="budget" if is_split else "", months=months)
    if is_split:
        yield from _of_lines(before, after)


def _whole(block: Block, kind: Modification) -> Iterator[Modified]:
    """Say of an operation that came or went what money it is about, partida by partida."""
    for partida, amount in money_of(block).items() or (("", None),):
        was, is_ = (None, amount) if kind is Modification.NEW else (amount, None)
        yield Modified(_code(block.head), block.head.name, "", partida, was, is_, kind, block.head)


def money_of(block: Block) -> dict[str, Decimal]:
    """Return what an operation costs by partida; its own amount where its lines state none."""
    if block.head.kind is Kind.GROUP:
        return {}
    found: dict[str, Decimal] = defaultdict(Decimal)
    for row in _payers(block):
        found[row.partida] += amount_of(row.budget)
    return dict(found)


def _payers(block: Block) -> Sequence[Row]:
    """Return the rows whose amounts make up what an operation costs."""
    plan = Plan(block.rows)
    if plan.shared:
        return block.rows
    lines = [row for row in block.lines if isinstance(row.budget, Decimal)]
    return lines or [block.head][: isinstance(block.head.budget, Decimal)]


def _of_row(
    before: Row, after: Row, *, skip: str = "", months: Modification = Modification.SCHEDULE
) -> Iterator[Modified]:
    for name in own_fields(after):
        was, is_ = value_of(before, name), value_of(after, name)
        if name in ("id", skip) or comparable(was) == comparable(is_):
            continue
        if name == "budget" and amount_of(was) == amount_of(is_):
            continue
        kind = months if name in MONTHS else _OF_A_FIELD.get(name, Modification.NAME)
        yield Modified(_code(after), after.name, name, "", was, is_, kind, after)


def _of_lines(before: Block, after: Block) -> Iterator[Modified]:
    """Hold the money of two versions of an operation against each other, partida by partida; then what else differs."""
    was, is_ = money_of(before), money_of(after)
    code = _code(after.head)
    for partida in {**was, **is_}:
        if was.get(partida, _ZERO) != is_.get(partida, _ZERO):
            yield Modified(
                code,
                after.head.name,
                "budget",
                partida,
                was.get(partida),
                is_.get(partida),
                Modification.REDUCTION,
                _paying(after, partida),
            )
    former, present = by_label(before), by_label(after)
    for label in {**former, **present}:
        one, other = former.get(label), present.get(label)
        found = _of_row(one, other, skip="budget") if one and other else _line(one, other)
        yield from (replace(each, code=code, name=after.head.name, partida=label) for each in found)


def _line(before: Row | None, after: Row | None) -> Iterator[Modified]:
    """Say of a line that came or went without money that it did; its money says so else."""
    for line in (before, after):
        if line is not None and not amount_of(line.budget):
            was, is_ = ("" if each is None else each.partida for each in (before, after))
            yield Modified("", "", "partida", "", was, is_, Modification.TRANSFER, line)


def _paying(block: Block, partida: str) -> Row:
    """Return the row of an operation that pays with a partida; its head where none does any more."""
    return next((row for row in _payers(block) if row.partida == partida), block.head)


def by_label(block: Block) -> dict[str, Row]:
    """Return the lines of an operation by their partida; a second one of a partida has its number behind it."""
    seen: Counter[str] = Counter()
    found = {}
    for line in block.lines:
        seen[line.partida] += 1
        number = seen[line.partida]
        found[line.partida if number == 1 else f"{line.partida} ({number})"] = line
    return found


def _code(row: Row) -> str:
    code = row.code
    return "" if code is None else str(getattr(code, "text", code))
