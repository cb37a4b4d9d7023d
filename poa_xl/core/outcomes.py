"""What a merge says: the fate of every change, who decides about it, and the plan that comes of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from poa_xl.core.codes import Code
from poa_xl.core.enums import StrEnum
from poa_xl.core.findings import Where
from poa_xl.core.merge import Block
from poa_xl.core.plan import Row

# The row as a whole, where an outcome is about no single field.
ROW = ""


class Fate(StrEnum):
    """What became of something that a file brings. The values are what people see."""

    TAKEN = "tomado"
    ADDED = "fila nueva"
    REMOVED = "fila quitada"
    TOTAL = "suma"
    MASTER = "queda el maestro"
    GONE = "ya no está en el maestro"
    CONFLICT = "conflicto"
    MISSING = "fila que falta"
    REJECTED = "rechazado"

    @property
    def is_open(self) -> bool:
        """Whether the office has something to decide or to ask for."""
        return self in (Fate.CONFLICT, Fate.MISSING, Fate.REJECTED)


_NOWHERE = Where()


class Side(StrEnum):
    """Whose value counts. The values are what the office writes as its decision."""

    UNIT = "unidad"
    MASTER = "maestro"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one change.

    Attributes:
        fate: What.
        file: Which file asks for it; empty where it follows from other changes.
        code: The operation or group.
        line: Which row of it: 0 for its head, else the number of the partida line, from 1.
        field: Name of the field; `ROW` for the row as a whole.
        base: What was sent; None when nobody knows.
        master: What the master had.
        theirs: What came.
        where: The cell in the file.
        reason: Why, a sentence; empty where the fate says it all.
    """

    fate: Fate
    file: str
    code: Code | None
    line: int = 0
    field: str = ROW
    base: object = None
    master: object = None
    theirs: object = None
    where: Where = _NOWHERE
    reason: str = ""


Decide = Callable[[Outcome], Side | None]


@dataclass(frozen=True)
class Policy:
    """How conflicts and removals are settled.

    Attributes:
        prefer: Whose value wins a conflict; None for nobody's.
        accept_removals: Whether rows that a unit removed go.
        decide: What the office decided about a conflict or a removal; None for nothing.
    """

    prefer: Side | None = None
    accept_removals: bool = False
    decide: Decide = lambda _: None

    def side(self, outcome: Outcome) -> Side | None:
        """Tell who wins a conflict."""
        return self.decide(outcome) or self.prefer


@dataclass(frozen=True, slots=True)
class MergedRow:
    """A row of the result.

    Attributes:
        row: As it is to be.
        index: Which row of the master it was; None for a new one.
        changed: Fields that differ from the master's.
        file: Where a new row comes from.
    """

    row: Row
    index: int | None
    changed: frozenset[str] = frozenset()
    file: str = ""


@dataclass(frozen=True)
class Merged:
    """The result.

    Attributes:
        rows: All rows in order.
        removed: Indices of rows of the master that go.
        outcomes: What became of every change, in the order of the codes.
        settled: For each file, what it will be held against next time: blocks by code, None for one that is gone.
        taken: Rows taken of each file, unchanged ones included; all others of it were rejected or are in conflict.
        disputed: Indices of rows that are versions of one operation: all are shown, none counts.
    """

    rows: tuple[MergedRow, ...]
    removed: frozenset[int]
    outcomes: tuple[Outcome, ...]
    settled: Mapping[str, Mapping[Code, Block | None]]
    taken: Mapping[str, int]
    disputed: frozenset[int] = frozenset()

    @property
    def plan(self) -> tuple[Row, ...]:
        """The rows of the result as a plan has them."""
        return tuple(each.row for each in self.rows)
