"""From a plan to the image of its sheet: the layout of the printed plan, plus the control columns."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cache

from poa_xl.core.codes import Code
from poa_xl.core.dates import MONTHS
from poa_xl.core.findings import Finding
from poa_xl.core.flags import Flag
from poa_xl.core.limits import FIRST_YEAR
from poa_xl.core.plan import FIELDS, Kind, Origin, Plan, Row
from poa_xl.core.values import Computed, Invalid
from poa_xl.sheet import control, looks
from poa_xl.sheet.control_columns import BY_NAME
from poa_xl.sheet.fields import TABLE
from poa_xl.sheet.grid import letters
from poa_xl.sheet.headers import CONTROL
from poa_xl.sheet.spec import Cell, Content, SheetSpec, Style

_WRAPPED = tuple(name for name, each in TABLE.items() if each.wrapped)

COLUMNS: Mapping[str, int] = {name: number for number, name in enumerate((*FIELDS, *CONTROL), 1)}
# Programs have no dates before this year: these are written as texts.


@dataclass(frozen=True)
class Flagged:
    """What the checks say of a placed plan: one flag per row, the findings that they were made from, live or not."""

    flags: Sequence[Flag]
    findings: Sequence[Finding]
    live: bool = True


def first_row(title: Sequence[str]) -> int:
    """Row number of the header under a title block of some lines and a blank one."""
    return len(title) + 2 if title else 1


def place(
    plan: Plan, file: str, sheet: str, title: Sequence[str], gaps: frozenset[int] = frozenset(), height: int = 1
) -> Plan:
    """Return a plan whose rows have the address that they will have in the sheet that `plan_sheet` draws.

    Findings made from the result point into that sheet. Blank rows, `height` of them, follow each of the rows at the
    indices `gaps`.
    """
    origin = Origin(file, sheet, {name: letters(column) for name, column in COLUMNS.items()})
    top = first_row(title) + 1
    blank = sorted(gaps)
    rows = (
        replace(row, origin=origin, line=top + i + height * bisect_left(blank, i)) for i, row in enumerate(plan.rows)
    )
    return replace(plan, rows=tuple(rows), strays=(), modified=())


def plan_sheet(
    plan: Plan,
    name: str,
    title: Sequence[str],
    flagged: Flagged | None = None,
    lines: Sequence[int] | None = None,
) -> SheetSpec:
    """Draw a plan.

    Args:
        plan: The plan.
        name: Name of the sheet.
        title: Lines above the header, the first one large.
        flagged: What the checks say; with it come the control columns and the red and green.
        lines: Row numbers of the plan's rows; by default they follow the header without gaps.

    Returns:
        A sheet with a frozen header that repeats in print, groups shaded and outlined by level.
    """
    image = SheetSpec(name, tab=looks.NAVY)
    for number, text in enumerate(title, 1):
        image.cells[number, 1] = Cell(text, looks.TITLE if number == 1 else looks.SUBTITLE)
        image.heights[number] = 24 if number == 1 else 16
    header = first_row(title)
    image.heights[header] = 32
    for field, each in TABLE.items():
        image.cells[header, COLUMNS[field]] = Cell(each.caption, looks.HEADER)
        image.widths[COLUMNS[field]] = each.width
    lines = range(header + 1, header + 1 + len(plan.rows)) if lines is None else lines
    for line, row in zip(lines, plan.rows, strict=True):
        _draw_row(image, line, row)
    last = max([header + 1, *lines])
    image.freeze = (header + 1, COLUMNS["unit"])
    image.repeat = (header, header)
    image.print_columns = (1, len(FIELDS))
    image.is_mapped = flagged is not None
    right = len(FIELDS) if flagged is None else COLUMNS["reason"]
    image.filter = f"A{header}:{letters(right)}{last}"
    if flagged is not None:
        _draw_control(image, plan, header, flagged, lines)
    return image


def _draw_row(image: SheetSpec, line: int, row: Row) -> None:
    depth = row.code.depth if isinstance(row.code, Code) and row.kind is not Kind.LINE else 0
    if depth:
        image.levels[line] = min(depth - 1, 7)
    for field in FIELDS:
        image.cells[line, COLUMNS[field]] = Cell(content_of(row, field), _style(row, field, depth))
    bold = 0.92 if row.kind is Kind.GROUP else 1
    image.heights[line] = looks.row_height(
        (str(row.get(field)), (TABLE[field].width - 1.5) * bold) for field in _WRAPPED
    )


def content_of(row: Row, field: str) -> Content:
    """Return what the cell of a field holds: the value, or the text that stands for none."""
    value = row.get(field)
    if field in row.flaws:
        return row.flaws[field].text
    if field in row.own:
        return own_content(value)
    if isinstance(value, Invalid):
        return value.text
    if isinstance(value, Code):
        return value.written or str(value)
    if isinstance(value, int):
        return Decimal(value)
    if isinstance(value, date) and value.year < FIRST_YEAR:
        return f"{value:%d/%m}/{value.year:04}"
    return value if isinstance(value, Decimal | date) else str(value or "") or None


def own_content(value: object) -> Content:
    """Return what a cell in a column of the office's own holds."""
    if isinstance(value, Computed):
        return own_content(value.value)
    if isinstance(value, Invalid):
        return value.text
    return value if isinstance(value, Decimal | date | bool) else str(value or "") or None


def _style(row: Row, field: str, depth: int) -> Style:
    value = row.get(field)
    number_format = looks.TEXT
    if isinstance(value, Decimal):
        number_format = looks.amount_format(value)
    elif isinstance(value, date):
        number_format = looks.DATE
    elif field == "id":
        number_format = "0"
    return _look(field, number_format, depth, is_group=row.kind is Kind.GROUP, is_amount=isinstance(value, Decimal))


@cache
def _look(field: str, number_format: str, depth: int, *, is_group: bool, is_amount: bool) -> Style:
    return Style(
        number_format=number_format,
        bold=is_group,
        fill=looks.LEVELS[min(depth, len(looks.LEVELS)) - 1] if is_group and depth else "",
        align="center" if TABLE[field].centred else "right" if is_amount else "",
        indent=1 if TABLE[field].wrapped or (is_amount and field not in MONTHS) else 0,
        wrap=TABLE[field].wrapped,
        border=True,
        locked=is_group or TABLE[field].office,
    )


def _draw_control(image: SheetSpec, plan: Plan, header: int, flagged: Flagged, lines: Sequence[int]) -> None:
    addresses = {name: letters(column) for name, column in COLUMNS.items()}
    for field, cell in control.header_cells().items():
        column = COLUMNS[field]
        image.cells[header, column] = cell
        image.widths[column] = BY_NAME[field].width
        image.column_levels[column] = 2 if BY_NAME[field].is_helper else 1
    filled = control.control_cells(
        plan, flagged.flags, flagged.findings, addresses, lambda _: flagged.live, first=header + 1
    )
    for line, row, cells in zip(lines, plan.rows, filled, strict=True):
        for field, cell in cells.items():
            is_seen = row.kind is Kind.OPERATION and not BY_NAME[field].is_helper
            if is_seen or cell.formula or cell.value is not None:
                image.cells[line, COLUMNS[field]] = cell
    last = max([header + 1, *lines])
    image.choices.append(control.choice(addresses, header + 1, last))
    image.rules += control.rules(addresses, header + 1, last)
