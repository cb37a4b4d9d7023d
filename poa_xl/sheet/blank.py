"""The blank plan: rows that keep codes text and dates dates, and a sheet that explains the columns."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from poa_xl.core.plan import FIELDS, Kind, Plan, Row, TargetKind
from poa_xl.i18n import say
from poa_xl.sheet import looks
from poa_xl.sheet.fields import CAPTIONS
from poa_xl.sheet.grid import letters
from poa_xl.sheet.headers import CONTROL
from poa_xl.sheet.render import COLUMNS, first_row, plan_sheet
from poa_xl.sheet.spec import Cell, Choice, SheetSpec, Style

ROWS = 200

_FORMATS: Mapping[str, str] = {
    **dict.fromkeys(FIELDS, "General"),
    "id": "0",
    "code": looks.TEXT,
    "partida": looks.TEXT,
    "start": looks.DATE,
    "end": looks.DATE,
    "budget": "#,##0.00",
}


def blank_sheet(name: str, title: Sequence[str]) -> SheetSpec:
    """Draw a plan without rows: the layout, `ROWS` formatted lines, and the Tipo de meta to choose from."""
    image = plan_sheet(Plan((Row(Kind.GROUP),) * ROWS), name, title)
    top = first_row(title) + 1
    for (line, column), cell in list(image.cells.items()):
        if line >= top:
            number_format = _FORMATS[FIELDS[column - 1]]
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
        (say("Tipo de meta"), say("Se cumple cuando"), _kinds()),
    ):
        image.cells[line, 1] = Cell(heading, looks.HEADER)
        image.cells[line, 2] = Cell(meaning, looks.HEADER)
        for line, (caption, text) in enumerate(entries.items(), line + 1):  # noqa: B020 - goes on below the heading
            image.cells[line, 1] = Cell(caption, Style(bold=True, border=True))
            image.cells[line, 2] = Cell(text, Style(wrap=True, border=True))
        line += 2
    return image


def _columns() -> dict[str, str]:
    return {
        CAPTIONS["id"]: say("Número de orden de la fila: sube de fila en fila."),
        CAPTIONS["code"]: say("Letras y números separados por puntos: GROGR1.2.5. El de arriba es GROGR1.2."),
        CAPTIONS["name"]: say("Qué se hace. Un grupo lleva código y no lleva Meta ni meses."),
        CAPTIONS["unit"]: say("La unidad que ejecuta, escrita siempre igual."),
        CAPTIONS["owner"]: say("El cargo que responde por la operación."),
        say("Inicio y Fin"): say("Fechas día/mes/año dentro de la gestión."),
        CAPTIONS["target"]: say("El número que se quiere alcanzar en el año."),
        CAPTIONS["measure"]: say("En qué se cuenta la Meta: trámites, horas promedio, un porcentaje."),
        say("ENE a DIC"): say("Lo programado en cada mes; 0 donde no se programa nada."),
        CAPTIONS["evidence"]: say("Dónde se comprueba."),
        CAPTIONS["partida"]: say("Cinco cifras; varias se separan con punto y coma: 24300;25900."),
        CAPTIONS["budget"]: say("Bolivianos. El de un grupo es la suma de sus filas."),
    }


def _kinds() -> dict[str, str]:
    return {
        TargetKind.CUMULATIVE: say("Los meses suman la Meta."),
        TargetKind.CONSTANT: say("Cada mes programado es igual a la Meta."),
        TargetKind.MEAN: say("El promedio de los meses programados es la Meta."),
        TargetKind.PROGRESS: say("Los meses nunca bajan y el último programado es la Meta."),
        TargetKind.MILESTONE: say("Un solo mes está programado y es igual a la Meta."),
    }
