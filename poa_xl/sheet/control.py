"""The control columns of a plan sheet: what stands in them, as live formulas with their values, or as values."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from poa_xl.core.checks import LIVE_RULES
from poa_xl.core.dates import MONTHS
from poa_xl.core.findings import Finding
from poa_xl.core.flags import TARGET_FIELDS, Flag
from poa_xl.core.plan import Kind, Plan, Row, TargetKind
from poa_xl.core.values import Invalid
from poa_xl.i18n import say
from poa_xl.sheet import looks
from poa_xl.sheet.formulas import RowFormulas, Sheet, poa_functions, unseen_children
from poa_xl.sheet.headers import CONTROL
from poa_xl.sheet.image import Cell, Choice, Content, Rule, Style

WIDTHS: Mapping[str, float] = {
    "stated": 12,
    "kind": 12,
    "programmed": 12,
    "difference": 11,
    "target_state": 9,
    "computed": 14,
    "budget_difference": 13,
    "budget_state": 12,
    "state": 9,
    "reason": 70,
}

KINDS = tuple(TargetKind)

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
        values = _values(row, flag)
        live = sheet.has_months_side_by_side and is_live(row)
        formulas = _formulas(plan, index, flag, sheet, baked[index]) if live else {}
        if live and functions and row.kind is not Kind.LINE:
            own = poa_functions(sheet, row.line, plan.rows[0].line, is_operation=row.kind is Kind.OPERATION)
            # The function takes no lines where an operation states an amount of its own; the native formula does.
            formulas |= {name: formula for name, formula in own.items() if name != "computed" or not plan.lines}
        filled.append(
            {
                field: Cell(value, _style(field, value), f"={formulas[field]}" if field in formulas else "")
                for field, value in values.items()
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
    return {field: Cell(caption, looks.CONTROL_HEADER) for field, caption in CONTROL.items()}


def _area(columns: Mapping[str, str], fields: str, first: int, last: int) -> str:
    left, _, right = fields.partition(":")
    return f"{columns[left]}{first}:{columns[right or left]}{last}"


def _values(row: Row, flag: Flag) -> dict[str, Content]:
    stated = row.stated.text if isinstance(row.stated, Invalid) else row.stated
    gap = row.budget - flag.computed if isinstance(row.budget, Decimal) and flag.computed is not None else None
    return {
        "stated": str(stated) if stated else None,
        "kind": str(flag.verdict.kind) if flag.verdict else None,
        "programmed": flag.verdict.programmed if flag.verdict else None,
        "difference": flag.verdict.difference if flag.verdict else None,
        "target_state": str(flag.target) or None,
        "computed": flag.computed,
        "budget_difference": gap,
        "budget_state": str(flag.budget) or None,
        "state": str(flag.state) or None,
        "reason": flag.reason or None,
    }


def _style(field: str, content: Content) -> Style:
    is_number = isinstance(content, Decimal)
    return Style(
        number_format=looks.amount_format(content) if isinstance(content, Decimal) else "General",
        fill="" if field == "stated" else looks.CONTROL_FILL,
        align="right" if is_number else "" if field == "reason" else "center",
        indent=1 if is_number else 0,
        wrap=field == "reason",
        border=True,
        locked=field != "stated",
    )


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


def _formulas(plan: Plan, index: int, flag: Flag, sheet: Sheet, baked: Baked) -> dict[str, str]:
    row = plan.rows[index]
    own = RowFormulas(sheet, row.line)
    is_parent = index in plan.children or row.kind is Kind.GROUP
    found = {"budget_difference": own.budget_difference()}
    if is_parent:
        found["computed"] = own.computed_group()
    else:
        found["computed"] = own.computed_operation([plan.rows[line].line for line in plan.lines.get(index, ())])
    if row.kind is not Kind.LINE:
        found["budget_state"] = own.budget_state(
            baked.get("budget", ""), is_group=is_parent, unseen=unseen_children(plan, index)
        )
        found["state"] = own.state(baked.get("state", ""))
        found["reason"] = own.reason(flag.reason, str(flag.target), str(flag.budget))
    if row.kind is Kind.OPERATION:
        found["kind"] = own.kind()
        found["programmed"] = own.programmed()
        found["difference"] = own.difference()
        found["target_state"] = own.target_state(baked.get("target", ""))
    return found
