"""What a merge looks at: the master by code, and the blocks that files offer for it."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from poa_xl.core.blocks import Block
from poa_xl.core.codes import Code, parse_code
from poa_xl.core.outcomes import ROW, Fate, Limits, Outcome, Policy
from poa_xl.core.plan import Kind, Plan, Row
from poa_xl.core.returned import Pair, Returned
from poa_xl.core.text import fold
from poa_xl.core.values import Flaw, Invalid
from poa_xl.i18n import say

# A block by its code, and by its unit where units share codes.
Target = tuple[Code, str]


def code_of(row: Row) -> Code | None:
    """Return the code of a row; also one that stands there as a number, which a unit gets as the text it shows."""
    if isinstance(row.code, Invalid) and row.code.flaw is Flaw.NUMERIC:
        found = parse_code(row.code.text)
        return found if isinstance(found, Code) else None
    return row.code if isinstance(row.code, Code) else None


def lost_rows(view: "View", part: Plan, unit: str) -> Iterator[tuple[Row, str]]:
    """Yield the operations of a unit's part whose changes could not be taken when they come back, and why.

    Args:
        view: The master.
        part: What the unit gets, as it will be read again.
        unit: Whose it is.
    """
    count = Counter(row.code for row in part.rows if row.kind is Kind.OPERATION and isinstance(row.code, Code))
    for row in part.rows:
        if row.kind is not Kind.OPERATION:
            continue
        if not isinstance(row.code, Code):
            yield row, say("no tiene un código que se entienda")
        elif count[row.code] > 1:
            yield row, say("su código está en {count} filas de la unidad", count=count[row.code])
        elif len(view.find(row.code, unit)) != 1:
            yield row, say("no se puede saber qué fila del plan es, por su código")


@dataclass(frozen=True)
class Offer:
    """A block that a file offers."""

    source: Returned
    pair: Pair

    @property
    def file(self) -> str:
        """The file."""
        return self.source.file

    @property
    def theirs(self) -> Block:
        """The block as it came."""
        return self.pair.theirs

    @property
    def base(self) -> Block | None:
        """The block as it was sent; None when nobody knows, or it is new."""
        return self.pair.base

    @property
    def code(self) -> Code:
        """Its code."""
        return self.theirs.code

    @property
    def unit(self) -> str:
        """Whose it is."""
        return self.source.unit if self.source.unit is not None else self.theirs.head.unit

    def whole(self, fate: Fate, reason: str = "") -> Outcome:
        """Describe what becomes of the block as a whole."""
        head = self.theirs.head
        base = self.base.head.name if self.base is not None else None
        shown = head.name or head.partida
        return Outcome(fate, self.file, self.code, 0, ROW, base, None, shown, head.where("code"), reason)


@dataclass(frozen=True)
class View:
    """The master under a merge, with what decides about it."""

    master: Plan
    policy: Policy
    limits: Limits

    @cached_property
    def indices(self) -> dict[Code, list[int]]:
        """Indices of the groups and operations of each code."""
        found: dict[Code, list[int]] = defaultdict(list)
        for index, row in enumerate(self.master.rows):
            code = code_of(row)
            if row.kind is not Kind.LINE and code is not None:
                found[code].append(index)
        return dict(found)

    @cached_property
    def per_unit(self) -> bool:
        """Whether units number their operations each for itself: most codes are those of several units."""
        rows = self.master.rows
        codes = [
            {rows[index].unit for index in each if rows[index].kind is not Kind.GROUP} for each in self.indices.values()
        ]
        return sum(len(units) > 1 for units in codes) * 2 > sum(map(bool, codes))

    def find(self, code: Code, unit: str) -> list[int]:
        """Return the indices of the rows that a unit's code may mean; one where it is clear."""
        known = self.indices.get(code, [])
        if len(known) <= 1 and not self.per_unit:
            return known
        own = [index for index in known if self._is_of(index, unit)]
        return own if own or self.per_unit else known

    def target(self, code: Code, unit: str) -> Target:
        """Return what offers for one block have in common."""
        is_own = self.per_unit or len(self.indices.get(code, ())) > 1
        return code, fold(unit) if is_own else ""

    def block(self, index: int) -> Block:
        """Return the master's block with a head."""
        lines = self.master.lines.get(index, ())
        return Block(self.master.rows[index], tuple(self.master.rows[i] for i in lines))

    def free(self, code: Code, taken: Iterable[Code] = ()) -> Code:
        """Return the next code beside one that nobody has."""
        used = {*self.indices, *taken}
        last = code.parts[-1]
        while (found := Code(code.prefix, (*code.parts[:-1], last), letters=code.letters)) in used:
            last += 1
        return found

    def _is_of(self, index: int, unit: str) -> bool:
        row = self.master.rows[index]
        return row.kind is Kind.GROUP or fold(row.unit) == fold(unit)
