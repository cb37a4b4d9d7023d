"""The plan: rows in the order of the sheet, each value as read or `Invalid`, each with its address.

GROGR1.3               group       sum of its children
  GROGR1.3.1           group
    GROGR1.3.1.1.2     operation   sum of its lines, or its own amount where it has none
      25500            line        as typed
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, TypeAlias

from poa_xl.core.codes import Code
from poa_xl.core.dates import MONTHS
from poa_xl.core.enums import StrEnum
from poa_xl.core.findings import Finding, Located, Where
from poa_xl.core.house import House
from poa_xl.core.quick import quick
from poa_xl.core.values import Invalid, Shown

if TYPE_CHECKING:
    from poa_xl.core.modifications import Modified

Amount: TypeAlias = Decimal | None | Invalid
Day: TypeAlias = date | None | Invalid

# The customs' own.
HOUSE = House()

# The planner's columns, in the order of the printed plan.
FIELDS = (
    "id",
    "code",
    "name",
    "unit",
    "owner",
    "start",
    "end",
    "target",
    "measure",
    *MONTHS,
    "evidence",
    "partida",
    "budget",
)

# What is decided about a row: the planner's columns and the Tipo de meta beside them.
DECIDED = (*FIELDS, "stated")

# What is reported month by month: what was done, and what was spent, in bolivianos.
SERIES = ("executed", "spent")


def monthly(series: str, month: str) -> str:
    """Return the field of a month of one of `SERIES`: `executed_ENE`."""
    return f"{series}_{month}"


# What is reported of an operation during the year; it stands in a sheet beside the plan, or in the plan itself.
REPORTED = (
    "sense",
    *(monthly(series, month) for series in SERIES for month in MONTHS),
    "cause",
    "action",
    "proof",
)
_REPORTED = frozenset(REPORTED)
_MONTH = {name: number for number, name in enumerate(MONTHS)}

# How the names of an office's own columns begin, those that no field is for; what follows is their heading.
OWN = "·"

# Texts in which people write words and names.
PROSE = ("name", "unit", "owner", "measure", "evidence")
TEXTS = (*PROSE, "partida")
# Amounts: what is reached, month by month, and what it costs.
AMOUNTS = ("target", *MONTHS, "budget")

_MAY_BE_INVALID = ("id", "code", "start", "end", "target", "budget", "stated")


class Kind(Enum):
    """What a row of the plan is."""

    GROUP = "group"
    OPERATION = "operation"
    LINE = "line"


class TargetKind(StrEnum):
    """Tipo de meta: how the months make up the target. The values are what the sheet shows."""

    CUMULATIVE = "Acumulada"
    CONSTANT = "Constante"
    MEAN = "Promedio"
    PROGRESS = "Avance"
    MILESTONE = "Hito"


@dataclass(frozen=True, slots=True)
class Origin:
    """The sheet that a row was read from.

    Attributes:
        file: Name of the file, without folders.
        sheet: Name of the sheet.
        columns: Column letters by field name.
    """

    file: str = ""
    sheet: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)


@quick(frozen=True, slots=True)
class Row:
    """One row of the plan.

    Attributes:
        kind: Group, operation or line.
        line: Row number in the sheet, from 1.
        origin: File, sheet and columns.
        id: Running number of the printed plan.
        code: Position in the hierarchy; None on lines without one.
        name: Acción, operación or tarea.
        unit: Executing unit.
        owner: Person or post responsible.
        start: First day.
        end: Last day.
        target: Meta.
        measure: Unit of measure of the target.
        months: Twelve amounts, January first.
        first: Index of the month with which the year planned begins.
        evidence: Source of verification.
        partida: Classifier codes as written, `24300;25900`.
        budget: Presupuesto, bolivianos.
        stated: Tipo de meta that the planner chose.
        marked: Whether the months hold an X where others write amounts: they say when, and not how much.
        flaws: What stands in text fields that hold an error or an uncalculated formula; the field is blank.
        dresses: What the numbers show as that show as something else, by field.
        reported: What was reported of it, by name in `REPORTED`, blanks left out.
        own: What stands in the office's own columns, by their names, which begin with `OWN`; blanks are None.
        beside: Where that stands: the sheet and its columns.
        beside_line: Its row number there; 0 for none.
    """

    kind: Kind
    line: int = 0
    origin: Origin = Origin()
    id: int | None | Invalid = None
    code: Code | None | Invalid = None
    name: str = ""
    unit: str = ""
    owner: str = ""
    start: Day = None
    end: Day = None
    target: Amount = None
    measure: str = ""
    months: tuple[Amount, ...] = (None,) * 12
    first: int = 0
    evidence: str = ""
    partida: str = ""
    budget: Amount = None
    stated: TargetKind | None | Invalid = None
    marked: bool = False
    flaws: Mapping[str, Invalid] = field(default_factory=dict)
    dresses: Mapping[str, Shown] = field(default_factory=dict)
    reported: Mapping[str, object] = field(default_factory=dict)
    own: Mapping[str, object] = field(default_factory=dict)
    beside: Origin = Origin()
    beside_line: int = 0

    def get(self, name: str) -> object:
        """Return a field by its name in `FIELDS` or `REPORTED`, or what stands in a column of the office's own."""
        if name in _MONTH:
            return self.months[_MONTH[name]]
        if name in _REPORTED:
            return self.reported.get(name)
        return self.own.get(name) if name.startswith(OWN) else getattr(self, name)

    def where(self, name: str) -> Where:
        """Return the address of a field; the row's code cell where the sheet has no such column, or its name's."""
        if name in _REPORTED and self.beside_line and name in self.beside.columns:
            return Where(self.beside.file, self.beside.sheet, f"{self.beside.columns[name]}{self.beside_line}")
        columns = self.origin.columns
        letters = columns.get(name) or columns.get("code") or columns.get("name", "")
        return Where(self.origin.file, self.origin.sheet, f"{letters}{self.line}" if letters else "")

    @property
    def programmed(self) -> dict[int, Decimal]:
        """Programmed months in the order of the year: index from 0 to amount. Blank and 0 are not programmed."""
        turned = sorted(enumerate(self.months), key=lambda pair: pair[0] < self.first) if self.first else None
        return {i: m for i, m in turned or enumerate(self.months) if isinstance(m, Decimal) and m}

    @property
    def partidas(self) -> list[str]:
        """The single classifier codes of the cell."""
        return [*_partidas(self.partida)]


@lru_cache(maxsize=1 << 12)
def _partidas(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in re.split(r"[;,/\n]", text) if part.strip())


@dataclass(frozen=True)
class Plan:
    """Rows in sheet order, with what can be derived from them once.

    Attributes:
        rows: The rows.
        year: The year planned; None to take it from the dates.
        disputed: Indices of rows that are versions of one operation: all are shown, none counts.
        partial: Whether it is one unit's part of a plan, in whose numbering gaps are no news.
        house: What holds in its office.
        strays: Rows of the sheet that state an amount and that nothing explains. They are no part of the plan, and
            findings about them count them after its rows.
        modified: What the workbook lists as modified since the plan was approved; findings about the lines of that
            list count them after all rows.
        derived: What others derived from all of it once, by the name of that; a plan that is replaced begins anew.
    """

    rows: tuple[Row, ...]
    year: int | None = None
    disputed: frozenset[int] = frozenset()
    partial: bool = False
    house: House = HOUSE
    strays: tuple[Row, ...] = ()
    modified: tuple["Modified", ...] = ()
    derived: dict[str, object] = field(default_factory=dict, init=False, repr=False, compare=False)

    @cached_property
    def planned_year(self) -> int | None:
        """The year stated, else the commonest year among the dates."""
        if self.year is not None:
            return self.year
        days = (day for row in self.rows for day in (row.start, row.end))
        years = Counter(day.year for day in days if isinstance(day, date))
        return years.most_common(1)[0][0] if years else None

    @cached_property
    def prefix(self) -> str:
        """The commonest prefix of the codes."""
        prefixes = Counter(row.code.prefix for row in self.rows if isinstance(row.code, Code))
        return prefixes.most_common(1)[0][0] if prefixes else ""

    @cached_property
    def by_code(self) -> dict[Code, int]:
        """Index of the first row of each code; lines are left out."""
        found: dict[Code, int] = {}
        for index, code in self.coded():
            found.setdefault(code, index)
        return found

    @cached_property
    def invalid(self) -> list[tuple[int, str, Invalid]]:
        """Row index, field and content of every cell that was not understood, row by row."""
        found: list[tuple[int, str, Invalid]] = []
        for index, row in enumerate(self.rows):
            for name in _MAY_BE_INVALID:
                value = getattr(row, name)
                if isinstance(value, Invalid):
                    found.append((index, name, value))
            for i, month in enumerate(row.months):
                if isinstance(month, Invalid):
                    found.append((index, MONTHS[i], month))
            found += ((index, name, flaw) for name, flaw in row.flaws.items())
        return found

    @cached_property
    def lines(self) -> dict[int, list[int]]:
        """Indices of the lines of each operation, by the operation's index."""
        found: dict[int, list[int]] = {}
        above = -1
        for index, row in enumerate(self.rows):
            if row.kind is Kind.OPERATION:
                above = index
            elif row.kind is Kind.GROUP:
                above = -1
            elif above >= 0:
                found.setdefault(above, []).append(index)
        return found

    @cached_property
    def shared(self) -> frozenset[int]:
        """Indices of the operations whose lines repeat their code: the own amount is the first of the parts."""
        return frozenset(
            head
            for head, lines in self.lines.items()
            if isinstance(self.rows[head].code, Code)
            and self.rows[head].partida
            and all(
                self.rows[line].code == self.rows[head].code
                and not set(self.rows[line].partidas) & set(self.rows[head].partidas)
                for line in lines
            )
        )

    @cached_property
    def children(self) -> dict[int, list[int]]:
        """Indices of the rows right below each row, by the index of the nearest ancestor that exists."""
        found: dict[int, list[int]] = {}
        for index, code in self.coded():
            parent = self.parent_of(code)
            if parent is not None:
                found.setdefault(parent, []).append(index)
        return found

    def parent_of(self, code: Code) -> int | None:
        """Index of the nearest ancestor that the plan holds."""
        return next((self.by_code[above] for above in code.ancestors() if above in self.by_code), None)

    def where(self, finding: Finding) -> Where:
        """Return the cell that a finding is about."""
        return self.row_of(finding).where(finding.field)

    def row_of(self, finding: Finding) -> Row:
        """Return the row that a finding is about."""
        if finding.index < len(self.rows):
            return self.rows[finding.index]
        lines = (each.line or each.row for each in self.modified)
        return (*self.strays, *lines)[finding.index - len(self.rows)]

    def located(self, findings: Iterable[Finding]) -> tuple[Located, ...]:
        """Pair findings with their cells."""
        return tuple(Located(self.where(finding), finding) for finding in findings)

    def coded(self) -> Iterator[tuple[int, Code]]:
        """Yield index and code of every group and operation that has a valid code."""
        for index, row in enumerate(self.rows):
            if row.kind is not Kind.LINE and isinstance(row.code, Code):
                yield index, row.code
