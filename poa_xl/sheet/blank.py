"""The blank plan: rows that keep codes text and dates dates, and a sheet that explains the columns."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import groupby

from poa_xl.core.plan import FIELDS, Kind, Plan, Row, TargetKind
from poa_xl.core.targets import holds_when
from poa_xl.i18n import say
from poa_xl.sheet import looks
from poa_xl.sheet.fields import TABLE, Holds
from poa_xl.sheet.grid import letters
from poa_xl.sheet.headers import CONTROL
from poa_xl.sheet.render import COLUMNS, first_row, plan_sheet
from poa_xl.sheet.spec import Cell, Choice, SheetSpec, Style

ROWS = 200

_FORMATS: Mapping[Holds, str] = {Holds.NUMBER: "0", Holds.CODE: looks.TEXT, Holds.DATE: looks.DATE}
# Digits that are a name, and money.
_OWN_FORMATS = {"partida": looks.TEXT, "budget": "#,##0.00"}


def blank_sheet(name: str, title: Sequence[str]) -> SheetSpec:
    """Draw a plan without rows: the layout, `ROWS` formatted lines, and the Tipo de meta to choose from."""
    image = plan_sheet(Plan((Row(Kind.GROUP),) * ROWS), name, title)
    top = first_row(title) + 1
    for (line, column), cell in list(image.cells.items()):
        if line >= top:
            field = TABLE[FIELDS[column - 1]]
            number_format = _OWN_FORMATS.get(field.name) or _FORMATS.get(field.holds, "General")
            image.cells[line, column] = Cell(
                None, replace(cell.style, number_format=number_format, bold=False, fill="", locked=False)
            )
    column = COLUMNS["stated"]
    image.cells[top - 1, column] = Cell(CONTROL["stated"], looks.CONTROL_HEADER)
    image.widths[column] = 12
    area = f"{letters(column)}{top}:{letters(column)}{top + ROWS - 1}"
    image.choices.append(
        Choice(
            area,
            tuple(TargetKind),
            say("Tipo de meta"),
            say("Dejar vacío para que se deduzca de la unidad de medida"),
        )
    )
    return image


def help_sheet() -> SheetSpec:
    """Explain every column and every type of target."""
    image = SheetSpec(say("Instrucciones"), tab="#7F7F7F", widths={1: 32, 2: 110})
    image.cells[1, 1] = Cell(say("Cómo se llena el plan"), looks.TITLE)
    image.heights[1] = 24
    line = 3
    for heading, meaning, entries in (
        (say("Columna"), say("Qué se escribe"), _columns()),
        (say("Tipo de meta"), say("Se cumple cuando"), {kind: holds_when(kind) for kind in TargetKind}),
    ):
        image.cells[line, 1] = Cell(heading, looks.HEADER)
        image.cells[line, 2] = Cell(meaning, looks.HEADER)
        for line, (caption, text) in enumerate(entries.items(), line + 1):  # noqa: B020 - goes on below the heading
            image.cells[line, 1] = Cell(caption, Style(bold=True, border=True))
            image.cells[line, 2] = Cell(text, Style(wrap=True, border=True))
        line += 2
    return image


def _columns() -> dict[str, str]:
    """Return what is written in each column; columns of one meaning are named from the first to the last."""
    found: dict[str, str] = {}
    for meant, fields in groupby(TABLE.values(), key=lambda each: each.meant):
        first, *others = (each.caption for each in fields)
        if len(others) > 1:
            caption = say("{first} a {last}", first=first, last=others[-1])
        elif others:
            caption = say("{first} y {last}", first=first, last=others[-1])
        else:
            caption = first
        found[caption] = meant()
    return found
