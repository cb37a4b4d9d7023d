"""The keys of `poa.toml`: what each is for, which values it takes, and what is wrong with those that stand there."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches
from math import isfinite
from re import fullmatch
from typing import Any

from poa_xl.core.amounts import Style
from poa_xl.core.checks import CHECKS
from poa_xl.core.checks.changed import CHANGED_CHECKS
from poa_xl.core.checks.following import TRACK_CHECKS
from poa_xl.core.dates import month_number
from poa_xl.core.findings import Severity
from poa_xl.core.reports import WORDS
from poa_xl.core.text import fold, squeeze
from poa_xl.core.tracking import SCALES
from poa_xl.i18n import say
from poa_xl.sheet.fields import TABLE, Field, Holds
from poa_xl.sheet.forms import NAMES

# Sections [reglas], [moneda], [unidad], [meses] and [columnas]: what is written there, and what it means.
SEVERITIES: Mapping[str, Severity | None] = {"off": None, "aviso": Severity.WARNING, "rojo": Severity.ERROR}
STYLES: Mapping[str, Style] = {"1.234,56": Style.COMMA_DECIMAL, "1,234.56": Style.POINT_DECIMAL}
UNIT_FROM: Mapping[str, str] = {"columna": "column", "encabezado": "heading", "hoja": "sheet", "archivo": "file"}
# What a year is cut into, to the months that each part has.
CALENDARS: Mapping[str, int] = {"meses": 1, "bimestres": 2, "trimestres": 3, "cuatrimestres": 4, "semestres": 6}
NONE = "ninguna"
# Section [semaforo]: what a band is made of, and what its colours are called in the sheets.
BAND: Mapping[str, str] = {"nombre": "string", "color": "string", "desde": "number"}
COLORS: Mapping[str, str] = {
    "rojo": "ROJO",
    "aviso": "AVISO",
    "verde": "VERDE",
    "amarillo": "AVISO",
    "naranja": "#F8CBAD",
    "celeste": "#DDEBF7",
    "azul": "#9DC3E6",
    "gris": "#D9D9D9",
}
# Any other colour, as programs write them.
OTHER_COLOR = r"#[0-9A-Fa-f]{6}"
# What the name of a band may have, which formulas hold as a text.
_LONGEST = 60


@dataclass(frozen=True, slots=True)
class Key:
    """A key of the settings.

    Attributes:
        types: What its value may be, by the names of JSON Schema.
        help: What it is for.
        choices: The values that it takes; empty for any.
    """

    types: tuple[str, ...]
    help: str
    choices: tuple[str, ...] = ()


def _column(field: Field) -> Key:
    """Return what the key of a column says; only a code may be spread over several."""
    if field.holds is Holds.CODE:
        return Key(("string", "array"), f"Columna {field.asked}; una lista si está repartido en varias.")
    return Key(("string",), f"Columna {field.asked}: su letra o su encabezado; «{NONE}» si el plan no la tiene.")


# Section [columnas].
KEY_OF: Mapping[str, str] = {name: each.key for name, each in TABLE.items() if each.key}
COLUMN_KEYS: Mapping[str, str] = {key: name for name, key in KEY_OF.items()}
_RULES = (
    *(each.rule for each in CHECKS),
    *(each.rule for each in TRACK_CHECKS),
    *(each.rule for each in CHANGED_CHECKS),
)
_RULE = Key(("string",), "off no la aplica; aviso o rojo dicen cuánto pesa.", tuple(SEVERITIES))

SECTIONS: Mapping[str, Mapping[str, Key]] = {
    "plan": {
        "perfil": Key(("string",), "Formulario conocido del que se parte.", NAMES),
        "hoja": Key(("string",), "Hoja del plan, cuando hay varias."),
        "fila_meses": Key(("integer",), "Fila en la que están los nombres de los meses."),
        "ultima_fila": Key(("integer",), "Última fila del plan; lo de abajo no se lee."),
    },
    "columnas": {each.key: _column(each) for each in TABLE.values() if each.key},
    "codigo": {
        "forma": Key(
            ("string",), "Cómo se escribe; sin ella se aprende del plan.", ("aprendida", "puntos", "libre", "numero")
        ),
        "separador": Key(("string",), "Lo que va entre las partes de un código repartido; un punto si no se dice."),
        "relleno": Key(("integer",), "Cifras con las que se escribe cada número de un código repartido: 2 para 01."),
        "clave": Key(("string",), "Qué distingue una fila de otra.", ("codigo", "unidad+codigo", "fila")),
    },
    "meses": {
        "columnas": Key(("string", "array"), "Primera columna de los meses programados, o las doce."),
        "inicio": Key(("string",), "Primer mes de la gestión, cuando las columnas no lo dicen."),
        "serie": Key(("string",), "Palabras del encabezado de la serie programada, cuando hay varias."),
        "calendario": Key(("string",), "En qué se parte el año.", tuple(CALENDARS)),
        "marcas": Key(("array",), "Textos que dicen «en este mes», además de X."),
    },
    "meta": {"de": Key(("string",), "De dónde sale la meta.", ("columna", "total", "suma"))},
    "moneda": {
        "numeros": Key(("string",), "Cómo están escritos los números que son texto.", tuple(STYLES)),
        "signo": Key(("string",), "Signo de la moneda del plan, si no son bolivianos: S/, $, ₱."),
    },
    "unidad": {"de": Key(("string",), "De dónde sale la unidad de cada fila.", tuple(UNIT_FROM))},
    "reglas": dict.fromkeys(_RULES, _RULE),
    "semaforo": {
        "escala": Key(("string",), "Bandas ya hechas, por su nombre.", tuple(SCALES)),
        "bandas": Key(
            ("array",), "Bandas propias, de la más baja a la más alta: nombre, color y desde qué porcentaje."
        ),
        "fuente": Key(("string",), "La norma que las dice."),
        "exceso": Key(("integer", "number"), "Porcentaje desde el que lo ejecutado de más merece una explicación."),
    },
    "palabras": {},
    "unidades": {},
}
# Sections whose keys are the office's own words.
_FREE = ("palabras", "unidades")


def problems_of(data: Mapping[str, Any]) -> list[str]:
    """Check settings: every unknown section, key and value with the nearest name that would be right."""
    return list(_problems(data))


def _problems(data: Mapping[str, Any]) -> Iterator[str]:
    for section, values in data.items():
        if section not in SECTIONS:
            yield say("no hay una sección [{section}]{nearest}", section=section, nearest=_nearest(section, SECTIONS))
        elif not isinstance(values, dict):
            yield say("[{section}] tiene que ser una sección con claves", section=section)
        elif section not in _FREE:
            for key, value in values.items():
                yield from _wrong(section, key, value)


def _wrong(section: str, key: str, value: object) -> Iterator[str]:
    known = SECTIONS[section].get(key)
    where = f"[{section}] {key}"
    if known is None:
        yield say("{where}: no hay esa clave{nearest}", where=where, nearest=_nearest(key, SECTIONS[section]))
    elif _type_of(value) not in known.types:
        yield say(
            "{where}: «{value}» no es {types}",
            where=where,
            value=value,
            types=say(" o ").join(_named_type(each) for each in known.types),
        )
    elif known.choices and value not in known.choices:
        nearest = _nearest(str(value), known.choices)
        yield say(
            "{where}: «{value}» no es uno de: {choices}{nearest}",
            where=where,
            value=value,
            choices=", ".join(known.choices),
            nearest=nearest,
        )
    elif key == "inicio" and section == "meses" and month_number(str(value)) is None:
        yield say("{where}: «{value}» no es un mes", where=where, value=value)
    elif key == "bandas":
        yield from _wrong_bands(where, value)


def _wrong_bands(where: str, bands: Any) -> Iterator[str]:  # noqa: ANN401 - whatever TOML holds
    lowers: list[Decimal] = []
    names = {fold(word) for word in WORDS.values()}
    for number, band in enumerate(bands, 1):
        at = f"{where}, {number}"
        if not isinstance(band, dict) or band.keys() != BAND.keys():
            yield say('{where}: una banda se escribe {{ nombre = "Alto", color = "verde", desde = 90 }}', where=at)
            continue
        name = band["nombre"]
        if not isinstance(name, str) or not 0 < len(squeeze(name)) <= _LONGEST:
            yield say(
                "{where}, nombre: «{value}» no es un texto de 1 a {most} letras",
                where=at,
                value=name,
                most=str(_LONGEST),
            )
        elif fold(name) in names:
            yield say("{where}, nombre: «{value}» ya dice otra cosa en Estado", where=at, value=name)
        names.add(fold(str(name)))
        if not isinstance(band["color"], str) or color_of(band["color"]) is None:
            yield say(
                "{where}: «{value}» no es un color como #FFC000, ni uno de: {choices}{nearest}",
                where=f"{at}, color",
                value=band["color"],
                choices=", ".join(COLORS),
                nearest=_nearest(str(band["color"]), COLORS),
            )
        if _type_of(band["desde"]) not in ("integer", "number"):
            yield say(
                "{where}: «{value}» no es {types}",
                where=f"{at}, desde",
                value=band["desde"],
                types=_named_type("number"),
            )
            continue
        lowers.append(Decimal(str(band["desde"])))
    if lowers != sorted(set(lowers)):
        yield say("{where}: tienen que ir de la más baja a la más alta, sin repetir «desde»", where=where)
    if not bands:
        yield say("{where}: no hay ninguna", where=where)


def color_of(text: str) -> str | None:
    """Return how the sheets call a colour; None for what is none."""
    if fullmatch(OTHER_COLOR, text):
        return text.upper()
    return COLORS.get(fold(text).strip())


def _nearest(word: str, known: Mapping[str, object] | tuple[str, ...]) -> str:
    folded = {fold(each): each for each in known}
    found = get_close_matches(fold(word), list(folded), 1, 0.6)
    return say("; ¿«{nearest}»?", nearest=folded[found[0]]) if found else ""


def _type_of(value: object) -> str:
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, float) and not isfinite(value):
        return "nan"
    return {str: "string", int: "integer", float: "number", list: "array"}.get(type(value), type(value).__name__)


def _named_type(name: str) -> str:
    return {
        "string": say("un texto"),
        "integer": say("un número entero"),
        "number": say("un número"),
        "array": say("una lista"),
    }[name]


def schema() -> dict[str, Any]:
    """Write the settings down as a JSON Schema, so that editors complete them."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "poa.toml",
        "type": "object",
        "additionalProperties": False,
        "properties": {name: _section_schema(name, keys) for name, keys in SECTIONS.items()},
    }


def _section_schema(name: str, keys: Mapping[str, Key]) -> dict[str, Any]:
    if name in _FREE:
        of = {"type": "string"} if name == "palabras" else {"type": "array", "items": {"type": "string"}}
        return {"type": "object", "additionalProperties": of}
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": {key: _key_schema(each) for key, each in keys.items()},
    }


def _key_schema(key: Key) -> dict[str, Any]:
    found: dict[str, Any] = {"type": key.types[0] if len(key.types) == 1 else list(key.types), "description": key.help}
    if key is SECTIONS["semaforo"]["bandas"]:
        band: dict[str, Any] = {name: {"type": each} for name, each in BAND.items()}
        band["color"] = {"type": "string", "anyOf": [{"enum": list(COLORS)}, {"pattern": f"^{OTHER_COLOR}$"}]}
        found["items"] = {"type": "object", "additionalProperties": False, "required": [*BAND], "properties": band}
    elif "array" in key.types:
        found["items"] = {"type": "string"}
    if key.choices:
        found["enum"] = list(key.choices)
    return found
