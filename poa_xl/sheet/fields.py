"""The planner's columns: one table that says of each what it holds, how it is called and how it is drawn."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto

from poa_xl.core.dates import MONTHS
from poa_xl.core.plan import FIELDS


class Holds(Enum):
    """What the cells of a column hold."""

    NUMBER = auto()  # a running number
    CODE = auto()
    TEXT = auto()
    DATE = auto()
    AMOUNT = auto()


@dataclass(frozen=True, slots=True)
class Field:
    """A column of the plan.

    Attributes:
        name: Its name in the code, one of `core.plan.FIELDS`.
        holds: What its cells hold.
        caption: Its header as the printed plan has it.
        width: Its width in characters.
        synonyms: Pattern of what else people call it, folded and without dots; months have their own reader.
        required: Whether the printed plan is none without it.
        filled: Whether a merged cell stands for every row that it covers. Numbers are not filled down: one amount over
            three rows is one amount, not three.
        wrapped: Whether its texts are long and broken into lines.
        centred: Whether its cells are centred.
        office: Whether the office gives its values, so that units find them locked.
    """

    name: str
    holds: Holds
    caption: str
    width: float
    synonyms: str = ""
    required: bool = False
    filled: bool = False
    wrapped: bool = False
    centred: bool = False
    office: bool = False


def _month(name: str) -> Field:
    return Field(name, Holds.AMOUNT, name, 7.5, required=True)


_TABLE = (
    Field("id", Holds.NUMBER, "Id", 5, r"id|n[o°º]|nro|num|item|#", centred=True, office=True),
    Field(
        "code",
        Holds.CODE,
        "Código",
        16,
        r"cod(igo)?( (de )?(poa|act(ividad)?|operacion|accion))?",
        required=True,
        office=True,
    ),
    Field(
        "name",
        Holds.TEXT,
        "Acciones, Operaciones, Tareas",
        46,
        r"(acciones|accion|operaciones|operacion|actividades|tareas|descripcion)\b.*",
        required=True,
        wrapped=True,
    ),
    Field(
        "unit",
        Holds.TEXT,
        "Área Unidad Ejecutora",
        18,
        r"(area )?(de )?(unidad (ejecutora|responsable|organizacional)|unidad)|area( organizacional)?",
        required=True,
        filled=True,
        wrapped=True,
    ),
    Field("owner", Holds.TEXT, "Responsable", 18, r"(cargo )?(del )?responsable", filled=True, wrapped=True),
    Field("start", Holds.DATE, "Inicio", 9, r"(fecha )?(de )?inicio", filled=True, centred=True),
    Field(
        "end",
        Holds.DATE,
        "Fin",
        9,
        r"(fecha )?(de )?(fin|final|finalizacion|conclusion|termino)",
        filled=True,
        centred=True,
    ),
    Field("target", Holds.AMOUNT, "Meta", 9, r"meta( anual| programada)?( \d{4})?", required=True),
    Field(
        "measure", Holds.TEXT, "Unidad de Medida", 24, r"(unidad|u) (de )?medida", required=True, filled=True,
        wrapped=True,
    ),
    *map(_month, MONTHS),
    Field(
        "evidence",
        Holds.TEXT,
        "Fuente o Medio de Verificación",
        20,
        r"fuente|(fuentes? )?(o |/ ?)?(medios?|fuentes?) (de )?verificacion",
        filled=True,
        wrapped=True,
    ),
    Field("partida", Holds.TEXT, "Partida", 10, r"partidas?( presupuestarias?)?|objeto del gasto", centred=True),
    Field(
        "budget",
        Holds.AMOUNT,
        "Presupuesto",
        13,
        r"(presupuesto|importe|monto)( total| programado| anual)?( \d{4})?( ?\(?(en )?bs ?\)?)?",
        required=True,
    ),
)  # fmt: skip

# In the order of the core.
TABLE: Mapping[str, Field] = {name: {each.name: each for each in _TABLE}[name] for name in FIELDS}


def names_of(*kinds: Holds) -> tuple[str, ...]:
    """Return the fields that hold something of some kinds, in the order of the plan."""
    return tuple(name for name, each in TABLE.items() if each.holds in kinds)


CAPTIONS: Mapping[str, str] = {name: each.caption for name, each in TABLE.items()}
TEXTS = names_of(Holds.TEXT)
DATES = names_of(Holds.DATE)
AMOUNTS = names_of(Holds.AMOUNT)
NUMBERS = names_of(Holds.NUMBER, Holds.AMOUNT)
# What formulas compute with.
COMPUTED = names_of(Holds.AMOUNT, Holds.DATE)
REQUIRED = tuple(name for name, each in TABLE.items() if each.required)
FILLED = tuple(name for name, each in TABLE.items() if each.filled)
