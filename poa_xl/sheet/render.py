"""From a plan to the image of its sheet: the layout of the printed plan, plus the control columns."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from poa_xl.core.codes import Code
from poa_xl.core.dates import MONTHS
from poa_xl.core.flags import Flag, State
from poa_xl.core.plan import FIELDS, Kind, Origin, Plan, Row, TargetKind
from poa_xl.core.values import Invalid
from poa_xl.i18n import say
from poa_xl.sheet import looks
from poa_xl.sheet.grid import letters
from poa_xl.sheet.headers import CAPTIONS, CONTROL
from poa_xl.sheet.image import Cell, Choice, Content, Rule, SheetImage, Style

_WIDTHS: Mapping[str, float] = {
    "id": 5,
    "code": 16,
    "name": 46,
    "unit": 18,
    "owner": 18,
    "start": 9,
    "end": 9,
    "target": 9,
    "measure": 24,
    **dict.fromkeys(MONTHS, 7.5),
    "evidence": 20,
    "partida": 10,
    "budget": 13,
}
_CONTROL_WIDTHS: Mapping[str, float] = {
    "stated": 12,
    "programmed": 12,
    "difference": 11,
    "target_state": 9,
    "computed": 14,
    "budget_difference": 13,
    "budget_state": 12,
    "state": 9,
    "reason": 70,
}
_WRAPPED = {"name", "unit", "owner", "measure", "evidence"}
_CENTRED = {"id", "start", "end", "partida"}

COLUMNS: Mapping[str, int] = {name: number for number, name in enumerate((*FIELDS, *CONTROL), 1)}


def first_row(title: Sequence[str]) -> int:
    """Row number of the header under a title block of some lines and a blank one."""
    return len(title) + 2 if title else 1


def place(plan: Plan, file: str, sheet: str, title: Sequence[str]) -> Plan:
    """Give every row the address that it will have in the sheet that `plan_sheet` draws.

    Findings made from the result point into that sheet.
    """
    origin = Origin(file, sheet, {name: letters(column) for name, column in COLUMNS.items()})
    top = first_row(title) + 1
    rows = (replace(row, origin=origin, line=line) for line, row in enumerate(plan.rows, top))
    return replace(plan, rows=tuple(rows))


def plan_sheet(plan: Plan, name: str, title: Sequence[str], flags: Sequence[Flag] | None = None) -> SheetImage:
    """Draw a plan.

    Args:
        plan: The plan.
        name: Name of the sheet.
        title: Lines above the header, the first one large.
        flags: One flag per row; with them come the control columns and the red and green.

    Returns:
        A sheet with a frozen header that repeats in print, groups shaded and outlined by level.
    """
    image = SheetImage(name, tab=looks.NAVY)
    for number, text in enumerate(title, 1):
        image.cells[number, 1] = Cell(text, looks.TITLE if number == 1 else looks.SUBTITLE)
        image.heights[number] = 24 if number == 1 else 16
    header = first_row(title)
    image.heights[header] = 32
    for field, caption in CAPTIONS.items():
        image.cells[header, COLUMNS[field]] = Cell(caption, looks.HEADER)
        image.widths[COLUMNS[field]] = _WIDTHS[field]
    for line, row in enumerate(plan.rows, header + 1):
        _draw_row(image, line, row)
    last = header + max(1, len(plan.rows))
    image.freeze = (header + 1, COLUMNS["unit"])
    image.repeat = (header, header)
    image.print_columns = (1, len(FIELDS))
    image.filter = f"A{header}:{letters(len(FIELDS))}{last}"
    if flags is not None:
        _draw_control(image, plan, header, flags)
    return image


def _draw_row(image: SheetImage, line: int, row: Row) -> None:
    depth = row.code.depth if isinstance(row.code, Code) and row.kind is not Kind.LINE else 0
    if depth:
        image.levels[line] = min(depth - 1, 7)
    for field in FIELDS:
        image.cells[line, COLUMNS[field]] = Cell(_content(row, field), _style(row, field, depth))
    bold = 0.92 if row.kind is Kind.GROUP else 1
    image.heights[line] = looks.row_height((str(row.get(field)), (_WIDTHS[field] - 1.5) * bold) for field in _WRAPPED)


def _content(row: Row, field: str) -> Content:
    value = row.get(field)
    if field in row.flaws:
        return row.flaws[field].text
    if isinstance(value, Invalid):
        return value.text
    if isinstance(value, Code):
        return value.written or str(value)
    if isinstance(value, int):
        return Decimal(value)
    return value if isinstance(value, Decimal | date) else str(value or "") or None


def _style(row: Row, field: str, depth: int) -> Style:
    is_group = row.kind is Kind.GROUP
    value = row.get(field)
    number_format = looks.TEXT
    if isinstance(value, Decimal):
        number_format = looks.amount_format(value)
    elif isinstance(value, date):
        number_format = looks.DATE
    elif field == "id":
        number_format = "0"
    return Style(
        number_format=number_format,
        bold=is_group,
        fill=looks.LEVELS[min(depth, len(looks.LEVELS)) - 1] if is_group and depth else "",
        align="center" if field in _CENTRED else "right" if isinstance(value, Decimal) else "",
        indent=1 if field in _WRAPPED or (isinstance(value, Decimal) and field not in MONTHS) else 0,
        wrap=field in _WRAPPED,
        border=True,
        locked=is_group or field in ("id", "code"),
    )


def _draw_control(image: SheetImage, plan: Plan, header: int, flags: Sequence[Flag]) -> None:
    for field, caption in CONTROL.items():
        column = COLUMNS[field]
        image.cells[header, column] = Cell(caption, looks.CONTROL_HEADER)
        image.widths[column] = _CONTROL_WIDTHS[field]
        image.column_levels[column] = 1
    for line, (row, flag) in enumerate(zip(plan.rows, flags, strict=True), header + 1):
        for field, content in _control(row, flag).items():
            image.cells[line, COLUMNS[field]] = Cell(content, _control_style(field, content))
    last = header + max(1, len(plan.rows))
    image.choices.append(
        Choice(
            _area("stated", "stated", header + 1, last),
            tuple(TargetKind),
            say("Tipo de meta"),
            say("Dejar vacío para que se deduzca de la unidad de medida"),
        )
    )
    image.rules += _rules(header + 1, last)


def _control(row: Row, flag: Flag) -> dict[str, Content]:
    stated = row.stated.text if isinstance(row.stated, Invalid) else row.stated
    gap = row.budget - flag.computed if isinstance(row.budget, Decimal) and flag.computed is not None else None
    return {
        "stated": str(stated) if stated else None,
        "programmed": flag.verdict.programmed if flag.verdict else None,
        "difference": flag.verdict.difference if flag.verdict else None,
        "target_state": str(flag.target) or None,
        "computed": flag.computed,
        "budget_difference": gap,
        "budget_state": str(flag.budget) or None,
        "state": str(flag.state) or None,
        "reason": flag.reason or None,
    }


def _control_style(field: str, content: Content) -> Style:
    return Style(
        number_format=looks.amount_format(content) if isinstance(content, Decimal) else looks.TEXT,
        fill="" if field == "stated" else looks.CONTROL_FILL,
        align="right" if isinstance(content, Decimal) else "" if field == "reason" else "center",
        indent=1 if isinstance(content, Decimal) else 0,
        wrap=field == "reason",
        border=True,
        locked=field != "stated",
    )


def _rules(first: int, last: int) -> list[Rule]:
    """Paint the planner's own cells from the control columns, with neither function nor separator."""
    painted = (
        ("target", "target", "target_state"),
        (MONTHS[0], MONTHS[-1], "target_state"),
        ("budget", "budget", "budget_state"),
        ("state", "state", "state"),
    )
    return [
        Rule(
            _area(left, right, first, last),
            f'=${letters(COLUMNS[source])}{first}="{state}"',
            looks.PAINT[state],
        )
        for left, right, source in painted
        for state in (State.RED, State.WARNING, State.GREEN)
    ]


def _area(left: str, right: str, first: int, last: int) -> str:
    return f"{letters(COLUMNS[left])}{first}:{letters(COLUMNS[right])}{last}"
