"""The sheet that a unit gets: its operations to be edited, everything of the office locked, room for new rows."""

from collections.abc import Sequence
from dataclasses import replace

from poa_xl.core.codes import Code
from poa_xl.core.plan import FIELDS, Kind, Plan
from poa_xl.i18n import say
from poa_xl.sheet import control, looks
from poa_xl.sheet.control_columns import CONTROL_COLUMNS
from poa_xl.sheet.fields import AMOUNTS, COMPUTED, DATES, TABLE
from poa_xl.sheet.formulas import RowFormulas, Sheet
from poa_xl.sheet.grid import letters
from poa_xl.sheet.image import Bound, Cell, SheetImage, Style
from poa_xl.sheet.render import COLUMNS, Flagged, first_row, plan_sheet

_SPARE = Style(border=True, fill="#FFFBEB", locked=False)


def room(plan: Plan) -> frozenset[int]:
    """Find where a unit may add operations: behind the last one of each of its groups.

    Returns:
        Indices of the rows that a blank row follows.
    """
    last: dict[Code | None, int] = {}
    for index, row in enumerate(plan.rows):
        if row.kind is Kind.OPERATION and isinstance(row.code, Code):
            last[row.code.parent] = max([index, *plan.lines.get(index, ())])
    return frozenset(last.values())


def unit_sheet(plan: Plan, name: str, title: Sequence[str], flagged: Flagged) -> SheetImage:
    """Draw the plan of a unit, placed with `room`.

    Args:
        plan: The unit's part, placed in its sheet.
        name: Name of the sheet.
        title: Lines above the header.
        flagged: What the checks say.

    Returns:
        A protected sheet without a password. Groups add up what stands below them. Blank rows between the blocks
        take new operations; their flags come to life with the code.
    """
    image = plan_sheet(plan, name, title, flagged, [row.line for row in plan.rows])
    spare = [plan.rows[index].line + 1 for index in sorted(room(plan))]
    addresses = {field: letters(column) for field, column in COLUMNS.items()}
    header = first_row(title)
    last = max([header + 1, *(row.line for row in plan.rows), *spare])
    sheet = Sheet(addresses, last, plan.planned_year or 0)
    for line in spare:
        _draw_spare(image, RowFormulas(sheet, line), f"${addresses['code']}{line}", line)
    for index, row in enumerate(plan.rows):
        place = (row.line, COLUMNS["budget"])
        if row.kind is Kind.GROUP and index in plan.children:
            image.cells[place] = replace(image.cells[place], formula=f"={RowFormulas(sheet, row.line).children()}")
    image.protect = True
    image.filter = f"A{header}:{letters(len(FIELDS))}{last}"
    area = f"{{0}}{header + 1}:{{0}}{last}"
    image.bounds += [_bound(area.format(addresses[field]), is_date=field in DATES) for field in COMPUTED]
    image.choices = [control.choice(addresses, header + 1, last)]
    image.rules = control.rules(addresses, header + 1, last)
    return image


def _draw_spare(image: SheetImage, own: RowFormulas, code: str, line: int) -> None:
    for field in FIELDS:
        number_format = looks.DATE if field in DATES else "General" if field in AMOUNTS else looks.TEXT
        image.cells[line, COLUMNS[field]] = Cell(
            None, replace(_SPARE, number_format=number_format, wrap=TABLE[field].wrapped)
        )
    for column in CONTROL_COLUMNS:
        made = column.formula(own)
        formula = f'=IF({code}="","",{made})' if made else ""
        image.cells[line, COLUMNS[column.name]] = Cell("" if formula else None, column.look, formula)


def _bound(area: str, *, is_date: bool) -> Bound:
    if is_date:
        return Bound(area, "date", 36526, 73050, say("Fecha"), say("Escribir una fecha: día/mes/año"))
    return Bound(area, "decimal", -1e12, 1e12, say("Número"), say("Escribir un número; vacío si no hay"))
