"""What a merge says: what is decided about every change and why, and the plan that comes of it.

`decide` makes a list of events from the master and what came back; `apply` carries them out. Each event is a value that
can be printed, and nothing happens to the master that no event says.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from poa_xl.core.blocks import Block
from poa_xl.core.codes import Code
from poa_xl.core.enums import StrEnum
from poa_xl.core.findings import Where
from poa_xl.core.plan import Row
from poa_xl.core.quick import quick

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


# What the office decides: whose value counts, or which code a new row gets instead.
Ruling: TypeAlias = Side | Code | None
Decide = Callable[[Outcome], Ruling]


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

    def side(self, outcome: Outcome) -> Ruling:
        """Return who wins a conflict."""
        return self.decide(outcome) or self.prefer


# A cell that a merge would write: the master's row by its index, or a new one by file and row number there; the field.
Spot: TypeAlias = tuple[int | tuple[str, int], str]
# What the formula in a cell of the master comes to when some cells hold other values; None when nobody can say.
Compute = Callable[[int, str, Mapping[tuple[int, str], object]], object]


def _unknown(index: int, name: str, values: Mapping[tuple[int, str], object]) -> object:  # noqa: ARG001 - a `Compute`
    return None


@dataclass(frozen=True)
class Limits:
    """What a merge must know of the master's cells.

    Attributes:
        formulas: Row index and field of those that hold formulas, which no value replaces unasked.
        compute: What such a formula comes to.
        barred: Cells that cannot be written, each with the reason.
        absent: Fields for which the master has no column, each with the reason.
        closed: Fields that the office closed, each with what to say about it: no change of them is taken.
    """

    formulas: frozenset[tuple[int, str]] = frozenset()
    compute: Compute = _unknown
    barred: Mapping[Spot, str] = field(default_factory=dict)
    absent: Mapping[str, str] = field(default_factory=dict)
    closed: Mapping[str, str] = field(default_factory=dict)

    def bar(self, spot: Spot) -> str:
        """Say why a cell cannot be written; nothing when it can."""
        return self.barred.get(spot, "") or self.absent.get(spot[1], "")


@dataclass(frozen=True, slots=True)
class SetField:
    """A field of a row of the master gets a value."""

    index: int
    field: str
    value: object


@dataclass(frozen=True, slots=True)
class AddLine:
    """A partida line comes behind a row of the master, and behind those that came there before."""

    after: int
    row: Row
    file: str


@dataclass(frozen=True, slots=True)
class AddBlock:
    """An operation or group comes where its code belongs."""

    block: Block
    file: str


@dataclass(frozen=True, slots=True)
class Remove:
    """Rows of the master go."""

    rows: tuple[int, ...]


Edit: TypeAlias = SetField | AddLine | AddBlock | Remove


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of one change, and what that does to the master; nothing when the master stays as it is."""

    outcome: Outcome
    edit: Edit | None = None


@dataclass(frozen=True, slots=True)
class Settlement:
    """What a file will be held against next time, for one code; None when that is gone."""

    file: str
    code: Code
    block: Block | None


@dataclass(frozen=True, slots=True)
class Loss:
    """How many rows of a file are not taken."""

    file: str
    rows: int


Event: TypeAlias = Decision | Settlement | Loss


@quick(frozen=True, slots=True)
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
    def is_as_it_was(self) -> bool:
        """Whether the master needs no edit to hold it."""
        return not self.removed and not any(each.changed or each.index is None for each in self.rows)

    @property
    def plan(self) -> tuple[Row, ...]:
        """The rows of the result as a plan has them."""
        return tuple(each.row for each in self.rows)
