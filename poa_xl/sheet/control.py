"""The control columns of a plan sheet: what stands in them, as live formulas with their values, or as values."""

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import cache
from itertools import chain

from poa_xl.core.codes import Code
from poa_xl.core.dates import MONTHS
from poa_xl.core.findings import Finding
from poa_xl.core.flags import TARGET_FIELDS, Flag, State, clause, sentences
from poa_xl.core.plan import FIELDS, Kind, Plan, Row, TargetKind
from poa_xl.core.rollup import Unknown, roll_up
from poa_xl.core.values import Flaw, Invalid
from poa_xl.i18n import say
from poa_xl.sheet import looks
from poa_xl.sheet.control_columns import BY_NAME, CONTROL_COLUMNS, ControlColumn, Facts, paint_of
from poa_xl.sheet.formulas import budgets, painted
from poa_xl.sheet.formulas.functions import poa_functions
from poa_xl.sheet.formulas.place import SIGN, Place, Role, Sheet, roles_of, sheet_of
from poa_xl.sheet.spec import Cell, Choice, ConditionalFormat, Content, Style

KINDS = tuple(TargetKind)
# The columns that say how a row stands, which people read.
STATES = ("target_state", "budget_state", "state")
# Only what has a target, a budget or a verdict can be good; other cells are marked where something is wrong.
_JUDGED = {"target", *MONTHS, "budget", *STATES}
_FOUND = (State.RED, State.WARNING)
# Their colours look at a column that says the state by its name.
_SAYING = {"budget", *STATES}
# Programs that have a workbook open may put an equals sign in front. Earlier versions wrote names of states only.
_CELL = re.compile(r"\$([A-Z]{1,3})\$?\d+")
_NAME = "|".join(looks.PAINT)
_ASKED = rf'{_CELL.pattern}="(?:{_NAME})"'
_OUR_RULE = re.compile(rf"=?(?:{_ASKED}|(?:[()+*]|{_CELL.pattern}(?:<|>=|=)\d+)+)")
# A row that no sheet has, and those around it: where formulas stand that are written for any row.
_ANYWHERE = 7654321
_AROUND = re.compile("765432[012]")

Controls = list[dict[str, Cell]]


def control_cells(
    plan: Plan,
    flags: Sequence[Flag],
    findings: Sequence[Finding],
    columns: Mapping[str, str],
    is_live: Callable[[Row], bool],
    *,
    first: int = 0,
    functions: bool = False,
) -> Controls:
    """Fill the control columns.

    Args:
        plan: The plan, placed in its sheet.
        flags: One flag per row.
        findings: What they were made from.
        columns: Column letters by field, the control columns included.
        is_live: Tells whether a row gets formulas; its numbers and dates must be real ones, no texts.
        first: First row below the header; by default the plan's first one.
        functions: Write `POA_*` functions where there are some, instead of native formulas.

    Returns:
        One cell per control column for each row, blank helpers of a row without formulas left out; formulas carry the
        values that they come to, but for rows that hang on formulas without a value.
    """
    sheet = sheet_of(plan, columns, first or min((row.line for row in plan.rows), default=1))
    fixed = _fixed(plan, is_live)
    seen = _unseen(findings, sheet.rules)
    open_rows = _open(plan)
    filled: Controls = []
    written = Written(sheet)
    for index, (row, flag, role) in enumerate(zip(plan.rows, flags, roles_of(plan, fixed), strict=True)):
        place = Place(sheet, row.line, role)
        facts = Facts(
            row,
            flag,
            _key(row, role),
            _amount(plan, index, flag, role),
            "" if role.is_parent else role.home,
            seen.get(index, ""),
            index in open_rows,
        )
        is_fixed = row.line in fixed
        if is_fixed and not functions:
            filled.append({column.name: _cell(column, facts, "") for column in _VALUED})
            continue
        formulas = {} if is_fixed else written.at(place)
        if functions and not is_fixed:
            # The function takes no lines where an operation states an amount of its own; the native formula does.
            made = poa_functions(place)
            formulas |= {name: formula for name, formula in made.items() if name != "computed" or not plan.lines}
        filled.append({column.name: _cell(column, facts, formulas.get(column.name, "")) for column in CONTROL_COLUMNS})
    return filled


def _key(row: Row, role: Role) -> str:
    """Return the code of a row as sums find it: what its formula gives, should it hold a value."""
    if role.is_disputed or _is_part(role):
        return SIGN
    if isinstance(row.code, Code):
        return f"{SIGN}{row.code}"
    return f"{SIGN}{role.home}.{SIGN}" if role.home else SIGN


class Written:
    """Formulas of rows. Of those that differ in nothing but where they stand they are written once.

    Args:
        sheet: Where they stand.
    """

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self._known: dict[Kind, dict[str, tuple[list[str], list[int]]]] = {}

    def at(self, place: Place) -> dict[str, str]:
        """Return the formulas of a row by control column."""
        role = place.role
        if role.kind is Kind.GROUP or not role.is_plain:
            return self._formulas(place)
        # Where such a row may belong is a value beside it, and no formula says it.
        known = self._known.get(role.kind)
        if known is None:
            anywhere = self._formulas(Place(self._sheet, _ANYWHERE, Role(role.kind)))
            known = self._known[role.kind] = {name: _pieces(text) for name, text in anywhere.items()}
        row = str(place.row)
        return {
            name: row.join(texts) if not offsets else _filled(texts, offsets, place.row)
            for name, (texts, offsets) in known.items()
        }

    @staticmethod
    def _formulas(place: Place) -> dict[str, str]:
        return {column.name: column.formula(place) for column in CONTROL_COLUMNS}


def _pieces(formula: str) -> tuple[list[str], list[int]]:
    """Cut a formula that may stand anywhere at its rows; give how far off each is, nothing where all are its own."""
    texts, rows = _AROUND.split(formula), [int(each) - _ANYWHERE for each in _AROUND.findall(formula)]
    return texts, rows if any(rows) else []


def _filled(texts: Sequence[str], offsets: Sequence[int], row: int) -> str:
    rows = (str(row + offset) for offset in offsets)
    return "".join(chain.from_iterable(zip(texts, rows, strict=False))) + texts[-1]


def _amount(plan: Plan, index: int, flag: Flag, role: Role) -> Content:
    """Return what a row adds to the groups above it: what its formula gives, should it hold a value."""
    if role.is_disputed or _is_part(role) or index in plan.children:
        return None
    row = plan.rows[index]
    amount = row.budget if role.is_shared else flag.computed
    if flag.is_unknown or isinstance(amount, Invalid) or (role.home and amount):
        return Decimal(budgets.UNREAD + row.line)
    return amount


def _is_part(role: Role) -> bool:
    """Whether a row counts with the operation above it only."""
    return role.kind is Kind.LINE and not role.is_shared


def _fixed(plan: Plan, is_live: Callable[[Row], bool]) -> set[int]:
    """Return the row numbers of those that get values: what formulas do not read as we do, and what sums it up."""
    fixed = {row.line for row in plan.rows if not is_live(row)}
    for index, lines in plan.lines.items():
        if any(plan.rows[line].line in fixed for line in lines):
            fixed.add(plan.rows[index].line)
    return fixed


def _open(plan: Plan) -> set[int]:
    """Return the indices of the rows whose state hangs on a formula that no program has calculated yet."""
    found = {index for index, _, value in plan.invalid if value.flaw is Flaw.UNCALCULATED}
    totals = roll_up(plan) if found else []
    return found | {i for i, total in enumerate(totals) if isinstance(total, Unknown) and total.index in found}


def rules(columns: Mapping[str, str], first: int, last: int) -> list[ConditionalFormat]:
    """Paint the planner's own cells from the control columns; no function and no separator in the formulas.

    Programs want both in the user's language when a format is added to an open workbook.
    """
    return rules_over([(columns, range(first, last + 1))])


def rules_over(forms: Sequence[tuple[Mapping[str, str], range]]) -> list[ConditionalFormat]:
    """Do the same for forms below one another: the letters of the columns of each, and its rows; the topmost first."""
    columns, _ = forms[0]
    found: list[ConditionalFormat] = []
    for field in (*FIELDS, "stated", *STATES):
        own = [(each, area) for each, area in forms if field in each]
        if not own:
            continue
        first = own[0][1].start
        places = " ".join(_area(each, field, area.start, area.stop - 1) for each, area in own)
        source = f"${columns[field if field in STATES else paint_of(field)]}{first}"
        target = f"${columns[paint_of('target')]}{first}"
        found += [
            ConditionalFormat(
                places,
                f'={source}="{state}"' if field in _SAYING else f"={painted.condition(field, state, source, target)}",
                style,
            )
            for state, style in (looks.SIGNED if field in STATES else looks.PAINT).items()
            if state in _FOUND or (field in _JUDGED and (state is not State.PART or field == "target"))
        ]
    return found


def is_our_rule(formula: str, columns: Collection[str]) -> bool:
    """Whether a conditional format is one of `rules`, made from control columns of these letters."""
    asked = _CELL.findall(formula)
    return bool(asked) and {*asked} <= {*columns} and _OUR_RULE.fullmatch(formula) is not None


def asks_state(formula: str) -> bool:
    """Whether a conditional format asks a cell for one of our states, as most of `rules` do."""
    return re.fullmatch(f"=?{_ASKED}", formula) is not None


def choice(columns: Mapping[str, str], first: int, last: int) -> Choice:
    """Let the planner choose the Tipo de meta."""
    return choice_over([(columns, range(first, last + 1))])


def choice_over(forms: Sequence[tuple[Mapping[str, str], range]]) -> Choice:
    """Do the same beside forms below one another."""
    return Choice(
        " ".join(_area(columns, "stated", rows.start, rows.stop - 1) for columns, rows in forms),
        KINDS,
        say("Tipo de meta"),
        say("Dejar vacío para que se deduzca de la unidad de medida"),
    )


def header_cells() -> dict[str, Cell]:
    """Return the headers of the control columns."""
    return {column.name: Cell(column.caption, looks.CONTROL_HEADER) for column in CONTROL_COLUMNS}


def _area(columns: Mapping[str, str], fields: str, first: int, last: int) -> str:
    left, _, right = fields.partition(":")
    return f"{columns[left]}{first}:{columns[right or left]}{last}"


def _cell(column: ControlColumn, facts: Facts, formula: str) -> Cell:
    if formula and column.is_helper and not column.paints:
        # Nobody reads what helpers come to, but for colours; there nothing at all is as good as an empty text.
        return Cell(None, column.look, f"={formula}")
    value = column.value(facts)
    if value is None and not formula:
        return _blank(column.name)
    if formula and facts.is_open:
        # Programs show what stands there until they calculate all, and that nobody knew; blank ones they do at once.
        value = None
    elif formula and value is None and not column.is_helper:
        # An empty text is a result too.
        value = ""
    style = _style(column.name, looks.amount_format(value) if isinstance(value, Decimal) else "")
    return Cell(value, style, f"={formula}" if formula else "")


# The columns that hold something where formulas stand nowhere.
_VALUED = tuple(column for column in CONTROL_COLUMNS if not column.is_formula_only)


@cache
def _blank(name: str) -> Cell:
    return Cell(None, _style(name, ""))


@cache
def _style(name: str, number_format: str) -> Style:
    """Return the look of a control cell that holds a number of this format, or no number."""
    column = BY_NAME[name]
    if column.is_helper:
        return column.look
    if not number_format:
        return replace(column.look, number_format="General", align="" if column.look.wrap else "center", indent=0)
    return replace(column.look, number_format=number_format)


def _unseen(findings: Sequence[Finding], live: Collection[str]) -> dict[int, str]:
    """Gather by index of the row what formulas cannot see: states of all, of the target, of the budget, and why."""
    worst: dict[int, dict[str, str]] = defaultdict(dict)
    whys: dict[int, list[str]] = defaultdict(list)
    for finding in sorted(findings, key=lambda each: -each.severity):
        if finding.rule in live:
            continue
        states = worst[finding.index]
        states["fila"] = finding.severity.label
        states[finding.field] = finding.severity.label
        if finding.field in TARGET_FIELDS:
            states["meta"] = finding.severity.label
        elif finding.field == "budget":
            states["presupuesto"] = finding.severity.label
        whys[finding.index].insert(0, sentences(clause(finding)))
    # The last stop is put by the formula that says it.
    return {
        index: " ".join(f"{scope}:{state}" for scope, state in states.items())
        + "|"
        + " ".join(whys[index]).removesuffix(".")
        for index, states in worst.items()
    }
