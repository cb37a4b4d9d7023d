"""The sheet that a unit gets: its operations to be edited, everything of the office locked, room for new rows."""

from collections.abc import Sequence
from dataclasses import replace

from poa_xl.core.codes import Code
from poa_xl.core.plan import FIELDS, Kind, Plan
from poa_xl.i18n import say
from poa_xl.sheet import control, looks
from poa_xl.sheet.control_columns import CONTROL_COLUMNS
from poa_xl.sheet.fields import AMOUNTS, COMPUTED, DATES, TABLE
from poa_xl.sheet.formulas.budgets import roll_up
from poa_xl.sheet.formulas.place import Place, Role, role_of, sheet_of
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
        take new operations; their flags come to life with what is typed.
    """
    image = plan_sheet(plan, name, title, flagged, [row.line for row in plan.rows])
    spare = {plan.rows[index].line + 1: _home(plan, index) for index in sorted(room(plan))}
    addresses = {field: letters(column) for field, column in COLUMNS.items()}
    header = first_row(title)
    last = max([header + 1, *(row.line for row in plan.rows), *spare])
    sheet = sheet_of(plan, addresses, header + 1, last)
    for line, home in spare.items():
        _draw_spare(image, Place(sheet, line, Role(home=home)))
    for index, row in enumerate(plan.rows):
        place = (row.line, COLUMNS["budget"])
        if row.kind is Kind.GROUP and index in plan.children:
            formula = roll_up(Place(sheet, row.line, role_of(plan, index)), is_locked=True)
            image.cells[place] = replace(image.cells[place], formula=f"={formula}")
    image.protect = True
    image.filter = f"A{header}:{letters(len(FIELDS))}{last}"
    area = f"{{0}}{header + 1}:{{0}}{last}"
    image.bounds += [_bound(area.format(addresses[field]), is_date=field in DATES) for field in COMPUTED]
    image.choices = [control.choice(addresses, header + 1, last)]
    image.rules = control.rules(addresses, header + 1, last)
    return image


def _home(plan: Plan, index: int) -> str:
    """Return the group in which a row below this one stands."""
    above = (row.code for row in reversed(plan.rows[: index + 1]) if row.kind is not Kind.LINE)
    code = next((code for code in above if isinstance(code, Code)), None)
    return str(code.parent or "") if code else ""


def _draw_spare(image: SheetImage, place: Place) -> None:
    for field in FIELDS:
        number_format = looks.DATE if field in DATES else "General" if field in AMOUNTS else looks.TEXT
        image.cells[place.row, COLUMNS[field]] = Cell(
            None, replace(_SPARE, number_format=number_format, wrap=TABLE[field].wrapped)
        )
    for column in CONTROL_COLUMNS:
        made = column.formula(place)
        if made or not column.is_helper:
            image.cells[place.row, COLUMNS[column.name]] = Cell(None, column.look, f"={made}" if made else "")
    image.cells[place.row, COLUMNS["group"]] = Cell(place.role.home or None)


def _bound(area: str, *, is_date: bool) -> Bound:
    if is_date:
        return Bound(area, "date", 36526, 73050, say("Fecha"), say("Escribir una fecha: día/mes/año"))
    return Bound(area, "decimal", -1e12, 1e12, say("Número"), say("Escribir un número; vacío si no hay"))
