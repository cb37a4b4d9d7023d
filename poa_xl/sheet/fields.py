"""The planner's columns: one table that says of each what it holds, how it is called and how it is drawn."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum, auto

from poa_xl.core.dates import MONTHS
from poa_xl.core.plan import FIELDS
from poa_xl.i18n import say


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
        meant: What is written there, for those who fill in a blank plan; fields that follow each other may share it.
        key: Its key in `poa.toml`; months have keys of their own.
        asked: What that key is the column of, in the words of its help.
        synonyms: Pattern of what else people call it, folded and without dots; months have their own reader.
        words: Patterns of words in the captions of other offices, in three languages, the surest first; folded,
            punctuation left out. They are searched for, and only say that the column may be the one.
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
    meant: Callable[[], str]
    key: str = ""
    asked: str = ""
    synonyms: str = ""
    words: tuple[str, ...] = ()
    required: bool = False
    filled: bool = False
    wrapped: bool = False
    centred: bool = False
    office: bool = False

    def rank(self, caption: str) -> int | None:
        """Return how sure the words of a folded caption make the field, 0 the surest; None where they do not."""
        return next((i for i, word in enumerate(self.words) if re.search(word, caption)), None)


def _in_year() -> str:
    return say("Fechas día/mes/año dentro de la gestión.")


def _in_month() -> str:
    return say("Lo programado en cada mes; 0 donde no se programa nada.")


def _month(name: str) -> Field:
    return Field(name, Holds.AMOUNT, name, 7.5, _in_month, required=True)


_TABLE = (
    Field(
        "id",
        Holds.NUMBER,
        "Id",
        5,
        lambda: say("Número de orden de la fila: sube de fila en fila."),
        key="id",
        asked="del número de orden",
        synonyms=r"id|n[o°º]|nro|num|item|#",
        words=("^(n|n ?[°º]|no|nro|num|numero|item|item no|id|#|ord|orden|correlativo)$",),
        centred=True,
        office=True,
    ),
    Field(
        "code",
        Holds.CODE,
        "Código",
        16,
        lambda: say("Letras y números separados por puntos: GROGR1.2.5. El de arriba es GROGR1.2."),
        key="codigo",
        asked="del código",
        synonyms=r"cod(igo)?( (de )?(poa|act(ividad)?|operacion|accion))?",
        words=(r"\b(cod|codigo|code)\b",),
        required=True,
        office=True,
    ),
    Field(
        "name",
        Holds.TEXT,
        "Acciones, Operaciones, Tareas",
        46,
        lambda: say("Qué se hace. Un grupo lleva código y no lleva Meta ni meses."),
        key="nombre",
        asked="que nombra cada fila",
        synonyms=r"(acciones|accion|operaciones|operacion|actividades|tareas|descripcion)\b.*",
        words=(
            "descripcion (de la )?actividad",
            "name activity",
            "actividad name",
            "general desc",
            "item desc",
            "productos y activ",
            "detalle req",
            r"^tareas?\b",
            "^justificacion",
            "^actividad(es)?$",
            "actividad$",
            "requerimiento",
            "^descripcion",
            "^description",
            "^(acciones|operaciones)",
            "^nombre (del )?(evento|infra)",
            "^detalle",
            "denominacion",
            "^nombres?$",
            "^name",
            "^articulo",
            "^particulars",
            "^account title",
            "actividad",
            "descripcion",
            "activit",
            "tarea",
            "accion",
            "operacion",
            "producto",
            "servicio",
            "atividade",
            "produto",
            "descricao",
            "proyecto",
        ),
        required=True,
        wrapped=True,
    ),
    Field(
        "unit",
        Holds.TEXT,
        "Área Unidad Ejecutora",
        18,
        lambda: say("La unidad que ejecuta, escrita siempre igual."),
        key="unidad",
        asked="de la unidad que ejecuta",
        synonyms=r"(area )?(de )?(unidad (ejecutora|responsable|organizacional)|unidad)|area( organizacional)?",
        words=(
            r"unidade? (responsa\w*|ejecutora|organ\w*|solicitante|administrativa|requir\w*|operativa|gestora|usuaria)",
            "centro (de )?costos?$",
            r"area (unidad|ejec\w*|responsable|usuaria|requir\w*)",
            "^(unidad o )?area$",
            r"^organo\b",
            "^(gerencia|oficina|jefatura|coordinacion|division|institucion)$",
            "^secretaria( direccion)?$",
            "^centro gestor$",
            "end user",
            r"\bentidad",
            "dependencia",
            "^direccion$",
            "departamento",
            "code location",
            "^((implementing|responsible|lead) )?office$",
            "office( unit)? responsible",
            "(implementing|responsible) unit",
            "^opr$",
        ),
        required=True,
        filled=True,
        wrapped=True,
    ),
    Field(
        "owner",
        Holds.TEXT,
        "Responsable",
        18,
        lambda: say("El cargo que responde por la operación."),
        key="responsable",
        asked="del responsable",
        synonyms=r"(cargo )?(del )?responsable",
        words=("responsable", "responsavel", "person in charge", "^responsible", "responsible$", "^encargad"),
        filled=True,
        wrapped=True,
    ),
    Field(
        "start",
        Holds.DATE,
        "Inicio",
        9,
        _in_year,
        key="inicio",
        asked="de la fecha de inicio",
        synonyms=r"(fecha )?(de )?inicio",
        words=("fecha (de )?inicio", "^inicio", "start", "data (de )?inicio"),
        filled=True,
        centred=True,
    ),
    Field(
        "end",
        Holds.DATE,
        "Fin",
        9,
        _in_year,
        key="fin",
        asked="de la fecha de fin",
        synonyms=r"(fecha )?(de )?(fin|final|finalizacion|conclusion|termino)",
        words=(
            "fecha (de )?(fin|conclusion|termino)",
            r"^fin( (de|del|prog)\b.*)?$",
            "conclusion$",
            r"^end\b",
            "finish",
            "end date",
            "termino$",
        ),
        filled=True,
        centred=True,
    ),
    Field(
        "target",
        Holds.AMOUNT,
        "Meta",
        9,
        lambda: say("El número que se quiere alcanzar en el año."),
        key="meta",
        asked="de la meta o del total",
        synonyms=r"meta( anual| programada)?( \d{4})?",
        words=(r"\bmetas?\b", r"^total\b", r"\btotal$", "pl total", r"\btarget\b", r"^program\w+ anual"),
        required=True,
    ),
    Field(
        "measure",
        Holds.TEXT,
        "Unidad de Medida",
        24,
        lambda: say("En qué se cuenta la Meta: trámites, horas promedio, un porcentaje."),
        key="medida",
        asked="de la unidad de medida",
        synonyms=r"(unidad|u) (de )?medida",
        words=(
            "unidad(es)? (de )?medida",
            "unit of",
            "^unidad$",
            "^unit$",
            r"\bu ?m\b",
            r"^uni?d?a?d? (de )?med",
            "^(unid|und|ud|uom|u de m)$",
            "unit measure",
            "medida$",
            "^unidade",
        ),
        required=True,
        filled=True,
        wrapped=True,
    ),
    *map(_month, MONTHS),
    Field(
        "evidence",
        Holds.TEXT,
        "Fuente o Medio de Verificación",
        20,
        lambda: say("Dónde se comprueba."),
        key="verificacion",
        asked="del medio de verificación",
        synonyms=r"fuente|(fuentes? )?(o |/ ?)?(medios?|fuentes?) (de )?verificacion",
        words=(r"medios? (de )?verif", "means of verification", "evidencia", "^mov$"),
        filled=True,
        wrapped=True,
    ),
    Field(
        "partida",
        Holds.TEXT,
        "Partida",
        10,
        lambda: say("Cinco cifras; varias se separan con punto y coma: 24300;25900."),
        key="partida",
        asked="de la partida",
        synonyms=r"partidas?( presupuestarias?)?|objeto del gasto",
        words=(
            "partida",
            r"\bitem\b(?! (no|desc))",
            "objeto (de |del )?gasto",
            "clasificador",
            "especifica de gasto",
            "^(objeto )?especifico( de gasto)?$",
            "account code",
        ),
        centred=True,
    ),
    Field(
        "budget",
        Holds.AMOUNT,
        "Presupuesto",
        13,
        lambda: say("Bolivianos. El de un grupo es la suma de sus filas."),
        key="presupuesto",
        asked="del presupuesto",
        synonyms=r"(presupuesto|importe|monto)( total| programado| anual)?( \d{4})?( ?\(?(en )?bs ?\)?)?",
        words=(
            "presupuesto",
            "budget",
            "costo total",
            "total cost",
            "precio total",
            "financier",
            "financial (target|requirement)",
            r"\bpi[am]\b",
            r"\bppto\b",
            r"techo presup",
            "codificado",
            "^funding",
            "^inversion( total)?$",
            "^cost$",
            "recursos",
            "monto",
            "importe",
            "total pri",
            "total amo",
            "orcamento",
            "^financiamiento$",
            "^amount",
            "appropriation",
            "allocation",
            "allotment",
            "asignacion",
            "valor total",
            "^costos?( (estimado|referencial|programado|anual|q|s|usd?|gs|lps?|mxn))*$",
            r"\bbs\b",
            "bolivianos",
        ),
        required=True,
    ),
)

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
