"""What a workbook brings back, held against what was sent: the changed blocks, and what cannot be taken.

One file at a time, and with no look at the master: what stays is as small as what the unit changed.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from poa_xl.core.blocks import Block, all_fields, blocks, comparable, identity, value_of, with_fields
from poa_xl.core.codes import Code
from poa_xl.core.findings import Where
from poa_xl.core.limits import limit_of
from poa_xl.core.plan import TEXTS, Kind, Plan, Row
from poa_xl.core.values import Computed, Flaw, Invalid
from poa_xl.i18n import say


@dataclass(frozen=True, slots=True)
class Rejection:
    """Rows that are not taken, as a block: why, and the cell to look at; its field where it is about one."""

    block: Block
    where: Where
    reason: str
    field: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class Pair:
    """A block as it was sent, None for a new one, and as it came back."""

    base: Block | None
    theirs: Block


@dataclass(frozen=True)
class Returned:
    """What a file brings.

    Attributes:
        file: What the file is called in messages; no two alike.
        unit: Whose it is; None when nobody knows, and then it may bring rows of any unit.
        read: Rows of the plan in it.
        changed: Blocks that differ from what was sent, or are new; all of them, where what was sent is not known.
        removed: Blocks that were sent and are not there any more.
        rejected: What cannot be taken, whatever the master says.
        moved: Blocks of `changed` that are one of `removed` under another code: the old code by the new one.
        places: Row numbers of every block with a code of its own, as one text: of a thousand files they all stay.
        has_strays: Whether it has rows with an amount of which nobody knows whose they are.
    """

    file: str
    unit: str | None
    read: int
    changed: tuple[Pair, ...] = ()
    removed: tuple[Block, ...] = ()
    rejected: tuple[Rejection, ...] = ()
    moved: Mapping[Code, Code] = field(default_factory=dict)
    places: str = ""
    has_strays: bool = False

    @property
    def is_news(self) -> bool:
        """Whether it says anything else than what it was held against."""
        return bool(self.changed or self.removed or self.rejected)

    def lines(self) -> Iterator[tuple[str, tuple[int, ...]]]:
        """Yield code and row numbers, head first, of every block with a code of its own."""
        for text in self.places.splitlines():
            code, *numbers = text.split(" ")
            yield code, tuple(map(int, numbers))

    @property
    def is_whole(self) -> bool:
        """Whether it is known of every row what it is; if not, what looks removed may only stand elsewhere."""
        return not self.has_strays and not any(not isinstance(each.block.head.code, Code) for each in self.rejected)


def examine(
    file: str,
    theirs: Plan,
    sent: Mapping[Code, Block] | None,
    unit: str | None,
    loose: Sequence[Block] = (),
    absent: frozenset[str] = frozenset(),
) -> Returned:
    """Hold a plan that came back against what was sent.

    Args:
        file: What the file is called in messages.
        theirs: Its plan.
        sent: What was sent, by code; None when nobody knows.
        unit: Whose it is, when that is known.
        loose: What was sent without a code of its own: with none that is valid, or with one that stood twice.
        absent: Fields that the file has no column for any more; they count as unchanged, not as blank.
    """
    known = Counter(block.content for block in loose)
    found, without_code = by_code(theirs)
    rejected = [_codeless(block) for block in _unknown(without_code, known)]
    changed: list[Pair] = []
    base = sent or {}
    for code, came in found.items():
        former = base.get(code)
        if former is None:
            versions = list(_unknown(came, known))
        else:
            versions = [_fitted(_filled(each, former, absent) if absent else each, former) for each in came]
        if all(former is not None and each.says_the_same_as(former) for each in versions):
            continue
        reason = _refusal(versions, former, unit)
        if reason is None:
            changed.append(Pair(former, versions[0]))
        else:
            rejected += [replace(reason, block=each) for each in versions]
    removed = tuple(block for code, block in base.items() if code not in found)
    places = "\n".join(
        " ".join([str(code), *(str(row.line) for row in versions[0].rows)]) for code, versions in found.items()
    )
    moved = _moved(changed, removed)
    strays = bool(theirs.strays)
    return Returned(file, unit, len(theirs.rows), tuple(changed), removed, tuple(rejected), moved, places, strays)


def _filled(block: Block, former: Block, absent: frozenset[str]) -> Block:
    """Return a block with the fields that have no column as they were sent."""
    lines = [
        with_fields(row, {name: value_of(former.lines[i], name) for name in absent}) if i < len(former.lines) else row
        for i, row in enumerate(block.lines)
    ]
    return Block(with_fields(block.head, {name: value_of(former.head, name) for name in absent}), tuple(lines))


def _fitted(block: Block, former: Block) -> Block:
    """Return a block in which what a formula came to stands for it, where no formula was sent."""
    rows = [_plain(row, was) if row.own and was is not None else row for row, was in _with_former(block, former)]
    return Block(rows[0], tuple(rows[1:]))


def _plain(row: Row, was: Row) -> Row:
    typed = {
        name: value.value
        for name, value in row.own.items()
        if isinstance(value, Computed) and not isinstance(was.own.get(name), Computed)
    }
    return with_fields(row, typed)


def by_code(plan: Plan) -> tuple[dict[Code, list[Block]], list[Block]]:
    """Return the blocks of a plan by code, in their order, and those without a valid code."""
    found: dict[Code, list[Block]] = defaultdict(list)
    loose: list[Block] = []
    for block in blocks(plan):
        if isinstance(block.head.code, Code):
            found[block.head.code].append(block)
        else:
            loose.append(block)
    return dict(found), loose


def _unknown(came: Iterable[Block], known: Counter[tuple[object, ...]]) -> Iterator[Block]:
    """Yield blocks but for those that were sent as they are, each as often as it was sent."""
    for block in came:
        content = block.content
        if known[content]:
            known[content] -= 1
        else:
            yield block


def _codeless(block: Block) -> Rejection:
    """Reject a block that has no valid code."""
    code = block.head.code
    if isinstance(code, Invalid) and code.flaw is Flaw.NUMERIC:
        reason = say("el código {code} quedó como número o fecha; escribirlo como texto", code=code.text)
    elif isinstance(code, Invalid):
        reason = say("«{code}» no es un código", code=code.text)
    else:
        reason = say("la fila no tiene código")
    return Rejection(block, block.head.where("code"), reason)


def _refusal(versions: Sequence[Block], former: Block | None, unit: str | None) -> Rejection | None:
    """Return why the versions of one code cannot be taken; None when they can."""
    block = versions[0]
    head = block.head
    if any(other.content != block.content for other in versions[1:]):
        lines = ", ".join(str(each.head.line) for each in versions)
        where = versions[1].head.where("code")
        return Rejection(block, where, say("el código está en varias filas: {lines}", lines=lines))
    if former is not None and head.kind is not former.head.kind:
        reason = say("la fila dejó de ser lo que era: grupo u operación, según su Meta y sus meses")
        return Rejection(block, head.where("target"), reason)
    if former is not None and head.kind is Kind.GROUP and unit is not None:
        return Rejection(block, head.where("name"), say("los grupos son de la oficina regional"))
    for row, was in _with_former(block, former):
        for name, value in _invalid(row):
            if was is None or value_of(was, name) != value:
                return Rejection(block, row.where(name), _why(name, value), name, value.text)
    return None


def _why(name: str, value: Invalid) -> str:
    """Say what is wrong with a cell that was not understood, and what would be right."""
    if value.flaw is Flaw.ERROR:
        return say("la celda tiene un error; corregir la fórmula o escribir el valor")
    if value.flaw is Flaw.UNCALCULATED:
        return say("la fórmula está sin calcular; abrir el libro en Excel o Calc y guardarlo")
    if value.flaw is Flaw.LIMIT:
        return limit_of(name, is_text=name in TEXTS).message
    if value.flaw is Flaw.FOREIGN:
        return say("no son bolivianos; escribir el monto en bolivianos")
    if value.flaw is Flaw.AMBIGUOUS and name in ("start", "end"):
        return say("la fecha se lee de dos maneras; escribir día/mes/año")
    if value.flaw is Flaw.AMBIGUOUS:
        return say("el número se lee de dos maneras; escribirlo como número")
    if name in ("start", "end"):
        return say("no es una fecha; escribir día/mes/año")
    if name == "stated":
        return say("no es un tipo de meta; elegir uno de la lista")
    return say("no es un número")


def _with_former(block: Block, former: Block | None) -> Iterable[tuple[Row, Row | None]]:
    lines = former.lines if former is not None else ()
    yield block.head, former.head if former is not None else None
    for i, row in enumerate(block.lines):
        yield row, lines[i] if i < len(lines) else None


def _invalid(row: Row) -> Iterable[tuple[str, Invalid]]:
    for name in all_fields(row):
        value = value_of(row, name)
        if isinstance(value, Invalid):
            yield name, value


def _moved(changed: Sequence[Pair], removed: Sequence[Block]) -> dict[Code, Code]:
    """Find blocks that only changed their code."""
    gone = {identity(block): block.head.code for block in removed if block.head.kind is Kind.OPERATION}
    if not gone:
        return {}
    return {
        pair.theirs.head.code: gone[key]  # type: ignore[misc]
        for pair in changed
        if pair.base is None and (key := identity(pair.theirs)) in gone
    }


def same(one: object, other: object, name: str = "") -> bool:
    """Return whether two values of a field are the same to people; see `comparable`."""
    return comparable(one, name) == comparable(other, name)


def is_blank(value: object) -> bool:
    """Return whether a field is blank."""
    return value is None or value == ""
