"""The sheet that a unit gets: its operations to be edited, everything of the office locked, room for new rows."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from itertools import islice
from types import MappingProxyType

from poa_xl.core.codes import Code
from poa_xl.core.numbering import Turn, free_codes
from poa_xl.core.plan import FIELDS, Kind, Plan
from poa_xl.i18n import say
from poa_xl.sheet import control, looks
from poa_xl.sheet.control_columns import CONTROL_COLUMNS
from poa_xl.sheet.fields import AMOUNTS, COMPUTED, DATES, TABLE
from poa_xl.sheet.formulas.budgets import roll_up
from poa_xl.sheet.formulas.place import Place, Role, role_of, sheet_of
from poa_xl.sheet.grid import letters
from poa_xl.sheet.render import COLUMNS, Flagged, first_row, plan_sheet
from poa_xl.sheet.spec import Bound, Cell, SheetSpec, Style

# Blank rows behind the operations of each group.
SPARES = 3
_SPARE = Style(border=True, fill="#FFFBEB", locked=False)


def room(plan: Plan) -> frozenset[int]:
    """Find where a unit may add operations: behind the last one of each of its groups.

    Returns:
        Indices of the rows that blank rows follow, `SPARES` of them.
    """
    last: dict[Code | None, int] = {}
    for index, row in enumerate(plan.rows):
        if row.kind is Kind.OPERATION and isinstance(row.code, Code):
            last[row.code.parent] = max([index, *plan.lines.get(index, ())])
    return frozenset(last.values())


def unit_sheet(
    plan: Plan, name: str, title: Sequence[str], flagged: Flagged, own: Mapping[Code, Turn] = MappingProxyType({})
) -> SheetSpec:
    """Draw the plan of a unit, placed with `room`.

    Args:
        plan: The unit's part, placed in its sheet.
        name: Name of the sheet.
        title: Lines above the header.
        flagged: What the checks say.
        own: The unit's turns at new codes, by group.

    Returns:
        A protected sheet without a password. Groups add up what stands below them. Blank rows between the blocks
        take new operations; their flags come to life with what is typed, and the first cell says which code is theirs.
    """
    image = plan_sheet(plan, name, title, flagged, [row.line for row in plan.rows])
    ends = {plan.rows[index].line: _home(plan, index) for index in sorted(room(plan))}
    spare = {line + number: home for line, home in ends.items() for number in range(1, SPARES + 1)}
    addresses = {field: letters(column) for field, column in COLUMNS.items()}
    header = first_row(title)
    last = max([header + 1, *(row.line for row in plan.rows), *spare])
    sheet = sheet_of(plan, addresses, header + 1, last)
    written = control.Written(sheet)
    for line, home in spare.items():
        _draw_spare(image, Place(sheet, line, Role(home=str(home or ""))), written)
    for index, row in enumerate(plan.rows):
        place = (row.line, COLUMNS["budget"])
        if row.kind is Kind.GROUP and index in plan.children:
            formula = roll_up(Place(sheet, row.line, role_of(plan, index)), is_locked=True)
            image.cells[place] = replace(image.cells[place], formula=f"={formula}")
    image.protect = True
    image.filter = f"A{header}:{addresses['reason']}{last}"
    area = f"{{0}}{header + 1}:{{0}}{last}"
    for is_date in (True, False):
        fields = (field for field in COMPUTED if (field in DATES) is is_date)
        image.bounds.append(_bound(" ".join(area.format(addresses[field]) for field in fields), is_date=is_date))
    image.bounds += _reserved(plan, ends, own)
    image.choices = [control.choice(addresses, header + 1, last)]
    image.rules = control.rules(addresses, header + 1, last)
    return image


def _home(plan: Plan, index: int) -> Code | None:
    """Return the group in which a row below this one stands."""
    above = (row.code for row in reversed(plan.rows[: index + 1]) if row.kind is not Kind.LINE)
    code = next((code for code in above if isinstance(code, Code)), None)
    return code.parent if code is not None else None


def _reserved(plan: Plan, ends: Mapping[int, Code | None], own: Mapping[Code, Turn]) -> Iterator[Bound]:
    """Say in the first cell of blank rows which code is theirs."""
    for line, home in ends.items():
        codes = free_codes(plan, home, own.get(home)) if home is not None else iter(())
        for number, code in enumerate(islice(codes, SPARES), line + 1):
            text = say("Para una operación nueva: {code}, reservado para esta unidad.", code=code.written or str(code))
            yield Bound(f"{letters(COLUMNS['code'])}{number}", "any", 0, 0, say("Código"), text)


def _draw_spare(image: SheetSpec, place: Place, written: control.Written) -> None:
    image.cells |= {(place.row, column): cell for column, cell in _spare_cells().items()}
    formulas = written.at(place)
    for column in CONTROL_COLUMNS:
        made = formulas[column.name]
        if made or not column.is_helper:
            image.cells[place.row, COLUMNS[column.name]] = Cell(None, column.look, f"={made}" if made else "")
    image.cells[place.row, COLUMNS["group"]] = Cell(place.role.home or None)


@cache
def _spare_cells() -> dict[int, Cell]:
    """Return the cells of a blank row by column: those of the planner's."""
    found = {}
    for field in FIELDS:
        shows = looks.DATE if field in DATES else "General" if field in AMOUNTS else looks.TEXT
        found[COLUMNS[field]] = Cell(None, replace(_SPARE, number_format=shows, wrap=TABLE[field].wrapped))
    return found


def _bound(area: str, *, is_date: bool) -> Bound:
    if is_date:
        return Bound(area, "date", 36526, 73050, say("Fecha"), say("Escribir una fecha: día/mes/año"))
    return Bound(area, "decimal", -1e12, 1e12, say("Número"), say("Escribir un número; vacío si no hay"))
