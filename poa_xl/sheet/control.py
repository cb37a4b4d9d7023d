"""The control columns of a plan sheet: what stands in them, as live formulas with their values, or as values."""

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from poa_xl.core.checks import LIVE_RULES
from poa_xl.core.dates import MONTHS
from poa_xl.core.findings import Finding
from poa_xl.core.flags import TARGET_FIELDS, Flag
from poa_xl.core.plan import Kind, Plan, Row, TargetKind
from poa_xl.i18n import say
from poa_xl.sheet import looks
from poa_xl.sheet.control_columns import CONTROL_COLUMNS, ControlColumn
from poa_xl.sheet.formulas import RowFormulas, Sheet, poa_functions, role_of
from poa_xl.sheet.image import Cell, Choice, Content, Rule, Style

KINDS = tuple(TargetKind)
# Programs that have a workbook open may put an equals sign in front.
_OUR_RULE = re.compile(rf'=?\$([A-Z]{{1,3}})\$?\d+="(?:{"|".join(looks.PAINT)})"')

Controls = list[dict[str, Cell]]


def control_cells(
    plan: Plan,
    flags: Sequence[Flag],
    findings: Sequence[Finding],
    columns: Mapping[str, str],
    is_live: Callable[[Row], bool],
    *,
    functions: bool = False,
) -> Controls:
    """Fill the control columns.

    Args:
        plan: The plan, placed in its sheet.
        flags: One flag per row.
        findings: What they were made from.
        columns: Column letters by field, the control columns included.
        is_live: Tells whether a row gets formulas; its numbers and dates must be real ones, no texts.
        functions: Write `POA_*` functions where there are some, instead of native formulas.

    Returns:
        One cell per control column for each row; formulas carry the values that they come to.
    """
    sheet = Sheet(columns, max((row.line for row in plan.rows), default=0), plan.planned_year or 0)
    baked = _baked(findings)
    filled: Controls = []
    for index, (row, flag) in enumerate(zip(plan.rows, flags, strict=True)):
        live = sheet.has_months_side_by_side and is_live(row)
        role = replace(role_of(plan, index), baked=baked[index], flag=flag)
        own = RowFormulas(sheet, row.line, role)
        formulas = {column.name: column.formula(own) for column in CONTROL_COLUMNS} if live else {}
        if live and functions and row.kind is not Kind.LINE:
            made = poa_functions(sheet, row.line, plan.rows[0].line, is_operation=row.kind is Kind.OPERATION)
            # The function takes no lines where an operation states an amount of its own; the native formula does.
            formulas |= {name: formula for name, formula in made.items() if name != "computed" or not plan.lines}
        filled.append(
            {
                column.name: _cell(column, column.value(row, flag), formulas.get(column.name, ""))
                for column in CONTROL_COLUMNS
            }
        )
    return filled


def rules(columns: Mapping[str, str], first: int, last: int) -> list[Rule]:
    """Paint the planner's own cells from the control columns; no function and no separator in the formulas.

    Programs want both in the user's language when a format is added to an open workbook.
    """
    painted = [("target", "target_state"), *((month, "target_state") for month in MONTHS)]
    if Sheet(columns, last, 0).has_months_side_by_side:
        painted = [("target", "target_state"), (f"{MONTHS[0]}:{MONTHS[-1]}", "target_state")]
    painted += [("budget", "budget_state"), ("state", "state")]
    return [
        Rule(_area(columns, fields, first, last), f'=${columns[source]}{first}="{state}"', style)
        for fields, source in painted
        for state, style in looks.PAINT.items()
    ]


def is_our_rule(formula: str, columns: Collection[str]) -> bool:
    """Whether a conditional format is one of `rules`, made from control columns of these letters."""
    match = _OUR_RULE.fullmatch(formula)
    return match is not None and match[1] in columns


def choice(columns: Mapping[str, str], first: int, last: int) -> Choice:
    """Let the planner choose the Tipo de meta."""
    return Choice(
        _area(columns, "stated", first, last),
        KINDS,
        say("Tipo de meta"),
        say("Dejar vacío para que se deduzca de la unidad de medida"),
    )


def header_cells() -> dict[str, Cell]:
    """Give the headers of the control columns."""
    return {column.name: Cell(column.caption, looks.CONTROL_HEADER) for column in CONTROL_COLUMNS}


def _area(columns: Mapping[str, str], fields: str, first: int, last: int) -> str:
    left, _, right = fields.partition(":")
    return f"{columns[left]}{first}:{columns[right or left]}{last}"


def _cell(column: ControlColumn, value: Content, formula: str) -> Cell:
    return Cell(value, _style(column, value), f"={formula}" if formula else "")


def _style(column: ControlColumn, content: Content) -> Style:
    if not isinstance(content, Decimal):
        return replace(column.look, number_format="General", align="" if column.look.wrap else "center", indent=0)
    return replace(column.look, number_format=looks.amount_format(content))


Baked = dict[str, str]


def _baked(findings: Sequence[Finding]) -> dict[int, Baked]:
    """Gather by row the states that formulas cannot see: of the target's cells, of the budget's, of all."""
    worst: dict[int, Baked] = defaultdict(dict)
    for finding in sorted(findings, key=lambda each: -each.severity):
        if finding.rule in LIVE_RULES:
            continue
        row = worst[finding.index]
        row["state"] = finding.severity.label
        if finding.field in TARGET_FIELDS:
            row["target"] = finding.severity.label
        elif finding.field == "budget":
            row["budget"] = finding.severity.label
    return worst
