"""The table of the columns of the sheet `Seguimiento`: everything that is known of each of them, in one place.

What people type stands among what is linked to the plan and what formulas say; helpers stand hidden on the right.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum, auto

from poa_xl.core.dates import MONTHS
from poa_xl.core.plan import monthly
from poa_xl.core.reports import Assessed
from poa_xl.core.tracking import Sense
from poa_xl.sheet import looks
from poa_xl.sheet.formulas import targets
from poa_xl.sheet.formulas import tracking as formulas
from poa_xl.sheet.formulas.tracking import Track, executed_of
from poa_xl.sheet.grid import letters
from poa_xl.sheet.spec import Content, Style


class Part(Enum):
    """Where the content of a column comes from."""

    LINKED = auto()  # from the plan, by a formula
    TYPED = auto()  # from people
    SAID = auto()  # from formulas over the row
    HELPER = auto()  # from formulas, for other formulas


@dataclass(frozen=True)
class TrackColumn:
    """A column of the sheet.

    Attributes:
        name: What the code calls it.
        caption: Its header.
        width: In characters; 0 for hidden.
        part: Where its content comes from.
        look: How its cells look.
        formula: Its formula without equals sign, where it is one over the row.
        value: What that comes to.
        level: Outline level.
        field: The field of the plan that it is linked to.
    """

    name: str
    caption: str
    width: float
    part: Part
    look: Style
    formula: Callable[[Track], str] | None = None
    value: Callable[[Assessed], Content] | None = None
    level: int = 0
    field: str = ""


_LINK = Style(fill=looks.CONTROL_FILL, wrap=True, border=True)
_CENTRED = Style(fill=looks.CONTROL_FILL, align="center", border=True)
_TYPED = Style(align="right", border=True, locked=False)
_TEXT = Style(wrap=True, border=True, locked=False)
_FIGURE = Style(fill=looks.CONTROL_FILL, align="right", border=True)
_SHORT = Style(fill=looks.CONTROL_FILL, align="right", border=True, number_format="#,##0.00")
_PERCENT = Style(fill=looks.CONTROL_FILL, align="right", border=True, number_format="#,##0.0")
_RATIO = Style(fill=looks.CONTROL_FILL, align="right", border=True, number_format="0.00")
_MONEY = Style(fill=looks.CONTROL_FILL, align="right", border=True, number_format=looks.MONEY)
_STATE = Style(fill=looks.CONTROL_FILL, align="center", bold=True, wrap=True, border=True)


def _linked(field: str, caption: str, width: float, look: Style = _LINK) -> TrackColumn:
    return TrackColumn(field, caption, width, Part.LINKED, look, field=field)


def _said(
    name: str,
    caption: str,
    width: float,
    look: Style,
    formula: Callable[[Track], str],
    value: Callable[[Assessed], Content],
) -> TrackColumn:
    return TrackColumn(name, caption, width, Part.SAID, look, formula, value)


def _helper(name: str, caption: str, formula: Callable[[Track], str] | None = None, field: str = "") -> TrackColumn:
    return TrackColumn(name, f"· {caption}", 0, Part.HELPER, looks.UNSEEN, formula, level=1, field=field)


TRACK_COLUMNS: tuple[TrackColumn, ...] = (
    _linked("code", "Código", 16),
    _linked("name", "Acción", 40),
    _linked("unit", "Unidad", 16),
    _linked("target", "Meta", 9, _CENTRED),
    _linked("measure", "Unidad de Medida", 18),
    TrackColumn("kind", "Tipo de meta", 11, Part.LINKED, _CENTRED, field="kind"),
    TrackColumn("sense", "Sentido", 12, Part.TYPED, Style(align="center", wrap=True, border=True, locked=False)),
    *(TrackColumn(executed_of(month), f"Ejecutado {month}", 9, Part.TYPED, _TYPED) for month in MONTHS),
    TrackColumn("current", "Presupuesto vigente", 0, Part.LINKED, _MONEY, level=1, field="computed"),
    *(
        TrackColumn(monthly("spent", month), f"Presupuesto ejecutado {month}", 0, Part.TYPED, _TYPED, level=1)
        for month in MONTHS
    ),
    _said("by_then", "Programado a la fecha", 11, _SHORT, formulas.by_then, lambda each: each.progress.programmed),
    _said("done", "Ejecutado a la fecha", 10, _SHORT, formulas.done, lambda each: each.progress.executed),
    _said("efficacy", "Eficacia %", 9, _PERCENT, formulas.efficacy, lambda each: each.efficacy),
    _said("financial", "Ejecución financiera %", 10, _PERCENT, formulas.financial, lambda each: each.financial),
    _said("efficiency", "Eficiencia", 10, _RATIO, formulas.efficiency, lambda each: each.efficiency),
    _said("projection", "Proyección al cierre", 11, _SHORT, formulas.projection, lambda each: each.progress.projection),
    _said("state", "Estado", 14, _STATE, formulas.state, lambda each: each.state),
    _said("reason", "Motivo", 40, _LINK, formulas.reason, lambda each: each.reason),
    TrackColumn("cause", "Causa del desvío", 30, Part.TYPED, _TEXT),
    TrackColumn("action", "Acción correctiva", 30, Part.TYPED, _TEXT),
    TrackColumn("proof", "Medio de verificación", 26, Part.TYPED, _TEXT),
    # What the plan holds goes by the names that it has there, so that formulas of the plan work here too.
    *(_helper(month, f"programado {month}", field=month) for month in MONTHS),
    _helper("clean", "código limpio"),
    _helper("written", "código como está en el plan"),
    _helper("unit_text", "unidad limpia", lambda row: targets.unit(row.place), "unit_text"),
    _helper("unit_class", "clase de unidad", lambda row: targets.unit_class(row.place), "unit_class"),
    _helper("less", "menos es mejor", formulas.sense),
    _helper("number", "número del tipo", formulas.number),
    _helper("due", "meses programados a la fecha", formulas.due),
    _helper("last_due", "último programado a la fecha", formulas.last_due),
    _helper("last_done", "último informado a la fecha", formulas.last_done),
    _helper("both", "meses programados e informados", formulas.both),
    _helper("missing", "meses sin informar", formulas.missing),
    _helper("late", "meses de atraso", formulas.late),
)

BY_NAME: Mapping[str, TrackColumn] = {column.name: column for column in TRACK_COLUMNS}
PLACES: Mapping[str, int] = {column.name: number for number, column in enumerate(TRACK_COLUMNS, 1)}
ADDRESSES: Mapping[str, str] = {name: letters(number) for name, number in PLACES.items()}
TYPED = tuple(column.name for column in TRACK_COLUMNS if column.part is Part.TYPED)
SENSES = tuple(Sense)
