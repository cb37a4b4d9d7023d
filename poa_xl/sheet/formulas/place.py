"""Where formulas stand, what their row is, and the pieces that many of them share."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property

from poa_xl.core.checks import CHECKS, judged
from poa_xl.core.codes import Code
from poa_xl.core.dates import MONTHS, SERIALS
from poa_xl.core.findings import Severity
from poa_xl.core.house import House
from poa_xl.core.plan import Kind, Plan, Row
from poa_xl.core.quick import quick
from poa_xl.core.rollup import Unknown, roll_up
from poa_xl.core.values import Flaw, Invalid
from poa_xl.sheet.grid import column_number

# Rows below the last one that budgets look at too, for rows that are put there later.
ROOM = 500
# A smaller difference is none: programs add in binary.
TINY = "0.000000001"
# Before each sentence of a reason, the stop of the one before. They look the same; the blank tells a fault from a
# warning and from a mere remark.
FAULT, DOUBT, REMARK = ". ", ".\u00a0", ".\u2002"
_MARKS = {Severity.ERROR: FAULT, Severity.WARNING: DOUBT}
# Begins every key, so that no program takes one for a number: 1.10 is not 1.1. Alone it is the key of rows that no sum
# finds by their code; it also ends the key of a row that may belong to a group and whose own code cannot be read.
SIGN = "·"
EMPTY = '""'
BLANKS = ("CHAR(9)", "CHAR(10)", "CHAR(13)", '"\u00a0"', '"\u202f"')


_LIVE: Mapping[str, Severity] = {each.rule: each.severity for each in CHECKS if each.live}


@dataclass(frozen=True)
class Sheet:
    """Where the formulas stand.

    Attributes:
        columns: Column letters by field, control columns included; fields that the sheet lacks are missing.
        first: First row of the plan.
        last: Last row of the plan.
        year: The year planned; 0 when nobody knows.
        top: Depth of the topmost codes, which need no row above them.
        learns: Whether months that make up the target under another type are doubtful only; see `core.checks`.
        rules: Rule to how bad a breach of it is, of the rules that formulas see and that the office keeps.
        turn: Index of the month with which the year planned begins.
    """

    columns: Mapping[str, str]
    first: int
    last: int
    year: int
    top: int = 1
    learns: bool = False
    rules: Mapping[str, Severity] = field(default_factory=lambda: _LIVE)
    turn: int = 0

    @cached_property
    def has_months_side_by_side(self) -> bool:
        """Whether one range covers the months, or the quarters where it has those."""
        numbers = [column_number(self.columns[month]) for month in MONTHS if month in self.columns]
        return bool(numbers) and numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def sheet_of(plan: Plan, columns: Mapping[str, str], first: int, last: int = 0) -> Sheet:
    """Return where the formulas of a plan stand.

    Args:
        plan: The plan, placed in its sheet.
        columns: Column letters by field, control columns included.
        first: First row below the header.
        last: Last row, where it lies below the plan's own last one.
    """
    bottom = max([first, last, *(row.line for row in plan.rows)])
    top = min((code.depth for _, code in plan.coded()), default=1)
    house = plan.house
    kept = judged(plan).kept if house.learns or house.rules or house.fields is not None else _LIVE
    # Of the codes of another office formulas see only how they were read, and never whose they are.
    unseen = [rule for rule in _LIVE if house.learns and rule.startswith("codigo-")]
    unseen += ["codigo-numerico"] * house.number_codes + ["codigo-duplicado"] * house.codes_per_unit
    seen = {rule: kept[rule] for rule in _LIVE if rule in kept and rule not in unseen}
    learns = house.learns and "meta-meses" not in house.rules
    turn = next((row.first for row in plan.rows), 0)
    return Sheet(columns, first, bottom, plan.planned_year or 0, top, learns, seen, turn)


@quick(frozen=True)
class Role:
    """What a row is among the others.

    Attributes:
        kind: What it is.
        is_parent: Whether its budget is the sum of other rows with codes.
        lines: Rows of the partida lines of an operation.
        is_shared: Whether it is one of several rows that repeat a code and are added up.
        orphans: Rows that a group adds up although the row between them is missing.
        above: Rows that it adds up and that stand above it.
        apart: All rows that it adds up, where the codes as they are typed do not tell them.
        told: Rows right below it that hold values, and their budgets, which may be texts that were read.
        is_disputed: Whether it is one of several versions, none of which counts.
        home: Code of the group to which the row may belong, should its own code not be readable.
        unread: The text in place of its code, where nobody understands that.
        code: Its code, where formulas would read another one from the cell.
    """

    kind: Kind = Kind.OPERATION
    is_parent: bool = False
    lines: Sequence[int] = ()
    is_shared: bool = False
    orphans: Sequence[int] = ()
    above: Sequence[int] = ()
    apart: Sequence[int] = ()
    told: Mapping[int, Decimal] = field(default_factory=dict)
    is_disputed: bool = False
    home: str = ""
    unread: str = ""
    code: str = ""

    @property
    def is_plain(self) -> bool:
        """Whether it says nothing of a row but what kind it is, and where it may belong."""
        return not (
            self.is_parent
            or self.lines
            or self.is_shared
            or self.orphans
            or self.above
            or self.apart
            or self.told
            or self.is_disputed
            or self.unread
            or self.code
        )


def roles_of(plan: Plan, fixed: Collection[int] = ()) -> list[Role]:
    """Return what each row is among the others.

    Args:
        plan: The plan.
        fixed: Row numbers of those that hold values instead of formulas.
    """
    homes = _homes(plan)
    parts = {line: head for head in plan.shared for line in plan.lines[head]}
    shared = {*plan.shared, *parts}
    roles = [role_of(plan, index, fixed) for index in range(len(plan.rows))]
    for index in homes.keys() | shared:
        roles[index] = replace(roles[index], home=homes.get(index, ""), is_shared=index in shared)
    return roles


def role_of(plan: Plan, index: int, fixed: Collection[int] = ()) -> Role:
    """Return what a row is among the others, but for what takes a look at all of them; see `roles_of`."""
    row = plan.rows[index]
    children = [plan.rows[child] for child in plan.children.get(index, ()) if child not in plan.disputed]
    orphans = [child.line for child in children if isinstance(child.code, Code) and child.code.parent != row.code]
    return Role(
        row.kind,
        is_parent=bool(children) or row.kind is Kind.GROUP,
        lines=[plan.rows[line].line for line in plan.lines.get(index, ())],
        orphans=orphans,
        above=[child.line for child in children if child.line < row.line and child.line not in orphans],
        apart=() if _are_typed_below(plan.house, row, children) else [child.line for child in children],
        told={
            child.line: child.budget for child in children if child.line in fixed and isinstance(child.budget, Decimal)
        },
        is_disputed=index in plan.disputed,
        unread=row.code.text if isinstance(row.code, Invalid) and row.code.flaw is Flaw.MALFORMED else "",
        code=str(row.code) if isinstance(row.code, Code) and _is_literal(plan.house, row.code) else "",
    )


def _are_typed_below(house: House, row: Row, children: Sequence[Row]) -> bool:
    """Whether the codes of rows are, as they are typed, that of a row above them with a dot and one part more."""
    if house.number_codes or house.joined_codes:
        return False
    own = _typed(row)
    return all(
        (code := _typed(child)).startswith(f"{own}.") and "." not in code[len(own) + 1 :]
        for child in children
        if isinstance(child.code, Code) and child.code.parent == row.code
    )


def _typed(row: Row) -> str:
    return (row.code.written or str(row.code)).upper() if isinstance(row.code, Code) else ""


def _is_literal(house: House, code: Code) -> bool:
    """Whether formulas would read another code from its cell, or none."""
    return house.learns or house.number_codes or not _is_plain(code)


def _is_plain(code: Code) -> bool:
    """Whether formulas read a code from its cell as we do."""
    cleaned = "".join(code.written.upper().split()).replace(".", " ")
    return not code.written or ".".join(cleaned.split()) == str(code)


def _homes(plan: Plan) -> dict[int, str]:
    """Map rows without a readable code to the deepest group whose sum they hinder."""
    found: dict[int, Code] = {}
    for index, total in enumerate(roll_up(plan)):
        code = plan.rows[index].code
        if isinstance(total, Unknown) and total.field == "code" and isinstance(code, Code):
            deepest = found.get(total.index)
            found[total.index] = code if deepest is None or code.depth > deepest.depth else deepest
    return {index: str(code) for index, code in found.items()}


@quick(frozen=True)
class Place:
    """A row of the sheet, as its formulas speak of it.

    Attributes:
        sheet: The sheet.
        row: Number of the row.
        role: What the row is.
    """

    sheet: Sheet
    row: int
    role: Role = Role()

    def has(self, *names: str) -> bool:
        """Whether the sheet has some columns."""
        return all(name in self.sheet.columns for name in names)

    def at(self, name: str) -> str:
        """The cell of a field in this row."""
        return f"{self.sheet.columns[name]}{self.row}"

    def whole(self, name: str) -> str:
        """The column of a field, over all rows and the room below them."""
        column = self.sheet.columns[name]
        return f"${column}${self.sheet.first}:${column}${self.sheet.last + ROOM}"

    @property
    def is_operation(self) -> bool:
        """Whether the row has a target."""
        return self.role.kind is Kind.OPERATION

    @property
    def is_line(self) -> bool:
        """Whether the row is a partida line."""
        return self.role.kind is Kind.LINE

    @property
    def is_judged(self) -> bool:
        """Whether the row has a target and months to hold it against."""
        return self.is_operation and self.has("target") and bool(self.months)

    @property
    def has_dates(self) -> bool:
        """Whether the row has a start and an end."""
        return self.has("start", "end") and not self.is_line

    @cached_property
    def months(self) -> list[tuple[str, str]]:
        """Names of the months and their cells; of quarters those of their last months."""
        return [(month, self.at(month)) for month in MONTHS if self.has(month)]

    @property
    def year(self) -> list[tuple[str, str]]:
        """The same in the order of the year planned."""
        turn = self.sheet.turn
        return sorted(self.months, key=lambda month: MONTHS.index(month[0]) < turn) if turn else self.months

    @cached_property
    def run(self) -> str:
        """The months as a list of arguments: one range where they stand side by side."""
        return self.first_months(len(MONTHS))

    def first_months(self, count: int) -> str:
        """Some months from the first one on, as a list of arguments."""
        cells = [cell for _, cell in self.year[:count]]
        return f"{cells[0]}:{cells[-1]}" if self.sheet.has_months_side_by_side else ",".join(cells)

    @property
    def is_empty(self) -> str:
        """Condition: nothing is written that makes this a row of the plan."""
        names = ("code" if self.has("code") else "name", "target", "budget")
        cells = f"COUNTA({','.join(self.at(name) for name in names if self.has(name))})"
        return f"{cells}+LEN({self.at('odd_months')})+{self.at('count')}=0" if self.is_judged else f"{cells}=0"

    def mark(self, rule: str) -> str:
        """What begins a clause about the breach of a rule; empty where the office does not keep it."""
        severity = self.sheet.rules.get(rule)
        return "" if severity is None else _MARKS[severity]

    def when(self, rule: str, condition: str, text: str, otherwise: str = EMPTY) -> str:
        """A sentence about the breach of a rule, its stop left to what comes behind it.

        Args:
            rule: The rule.
            condition: When it is broken.
            text: What is wrong: a formula that begins with a text.
            otherwise: What is said else.
        """
        mark = self.mark(rule)
        said = f'"{mark}{text[1:2].upper()}{text[2:]}'
        if mark and condition == "TRUE":
            return said
        return f"IF({condition},{said},{otherwise})" if mark else otherwise

    def saw(self, scope: str, state: str) -> str:
        """Condition: something was found that formulas cannot see."""
        return f'ISNUMBER(SEARCH("{scope}:{state}",{self.at("seen")}))'


def in_turn(formula: str) -> str:
    """Have a formula computed in turn, not in threads.

    Calc 7.4 does not wait for cells of other rows when it computes a column in threads while it loads a workbook.
    It computes no column so whose formulas hold MATCH.
    """
    return f"IF(MATCH(1,{{1}},0),{formula})" if formula else ""


def tells(cell: str, mark: str = FAULT) -> str:
    """Condition: reasons hold a fault, or another clause that begins as told."""
    return f'ISNUMBER(FIND("{mark}",{cell}))'


def is_number(cell: str) -> str:
    """Condition: a cell holds a number, neither a text nor a truth value nor an error."""
    return f"IF(ISNUMBER({cell}),NOT(ISLOGICAL({cell})),FALSE)"


def is_day(cell: str) -> str:
    """Condition: a cell holds a day on which a plan may lie."""
    return f"IF(ISNUMBER({cell}),AND({cell}>={SERIALS.start},{cell}<{SERIALS.stop}),FALSE)"


def is_blank(cell: str) -> str:
    """Condition: a cell holds nothing, or blanks."""
    return f'IFERROR(TRIM({cell})="",FALSE)'
