"""The settings of an office, `poa.toml`: what its plan looks like, where the plan itself does not say it plainly."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from poa_xl.core.amounts import Style
from poa_xl.core.checks import CHECKS
from poa_xl.core.dates import MONTHS, month_number
from poa_xl.core.findings import Severity
from poa_xl.core.text import fold
from poa_xl.i18n import say

# Section [columnas]: what a column is called there.
COLUMN_KEYS: Mapping[str, str] = {
    "id": "id",
    "codigo": "code",
    "nombre": "name",
    "unidad": "unit",
    "responsable": "owner",
    "inicio": "start",
    "fin": "end",
    "meta": "target",
    "medida": "measure",
    "verificacion": "evidence",
    "partida": "partida",
    "presupuesto": "budget",
}
KEY_OF: Mapping[str, str] = {name: key for key, name in COLUMN_KEYS.items()}
SEVERITIES: Mapping[str, Severity | None] = {"off": None, "aviso": Severity.WARNING, "rojo": Severity.ERROR}
STYLES: Mapping[str, Style] = {"1.234,56": Style.COMMA_DECIMAL, "1,234.56": Style.POINT_DECIMAL}
UNIT_FROM: Mapping[str, str] = {"columna": "column", "encabezado": "heading", "hoja": "sheet", "archivo": "file"}
NONE = "ninguna"


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


def _column(what: str) -> Key:
    return Key(("string",), f"Columna {what}: su letra o su encabezado; «{NONE}» si el plan no la tiene.")


_PROFILES = ("aduana", "cns-4", "poi-peru", "gasto", "trimestral", "reconocido")
_RULE = Key(("string",), "off no la aplica; aviso o rojo dicen cuánto pesa.", tuple(SEVERITIES))

SECTIONS: Mapping[str, Mapping[str, Key]] = {
    "plan": {
        "perfil": Key(("string",), "Formulario conocido del que se parte.", _PROFILES),
        "hoja": Key(("string",), "Hoja del plan, cuando hay varias."),
        "fila_meses": Key(("integer",), "Fila en la que están los nombres de los meses."),
        "ultima_fila": Key(("integer",), "Última fila del plan; lo de abajo no se lee."),
    },
    "columnas": {
        "id": _column("del número de orden"),
        "codigo": Key(("string", "array"), "Columna del código; una lista si está repartido en varias."),
        "nombre": _column("que nombra cada fila"),
        "unidad": _column("de la unidad que ejecuta"),
        "responsable": _column("del responsable"),
        "inicio": _column("de la fecha de inicio"),
        "fin": _column("de la fecha de fin"),
        "meta": _column("de la meta o del total"),
        "medida": _column("de la unidad de medida"),
        "verificacion": _column("del medio de verificación"),
        "partida": _column("de la partida"),
        "presupuesto": _column("del presupuesto"),
    },
    "codigo": {
        "forma": Key(
            ("string",), "Cómo se escribe; sin ella se aprende del plan.", ("aprendida", "puntos", "libre", "numero")
        ),
        "clave": Key(("string",), "Qué distingue una fila de otra.", ("codigo", "unidad+codigo")),
    },
    "meses": {
        "columnas": Key(("string", "array"), "Primera columna de los meses programados, o las doce."),
        "inicio": Key(("string",), "Primer mes de la gestión, cuando las columnas no lo dicen."),
    },
    "meta": {"de": Key(("string",), "De dónde sale la meta.", ("columna", "total", "suma"))},
    "moneda": {"numeros": Key(("string",), "Cómo están escritos los números que son texto.", tuple(STYLES))},
    "unidad": {"de": Key(("string",), "De dónde sale la unidad de cada fila.", tuple(UNIT_FROM))},
    "reglas": {each.rule: _RULE for each in CHECKS},
    "palabras": {},
    "unidades": {},
}
# Sections whose keys are the office's own words.
_FREE = ("palabras", "unidades")


@dataclass(frozen=True)
class Profile:
    """What an office says of its plan; what it does not say is recognised.

    Attributes:
        name: The form that it starts from; empty for none.
        sheet: The sheet of the plan.
        row: The row of the months.
        last: The last row of the plan.
        columns: Field to its columns, letters or headers; empty where the plan has no such column.
        code: How codes are written: `puntos`, `libre`, `numero`; empty to learn it from the plan.
        codes_per_unit: Whether every unit counts its codes anew; None to learn it.
        months: The first column of the programmed months, or all of them; empty to recognise them.
        first_month: The first month of the year planned, 1 to 12.
        sums: Whether the sum of the months is the target.
        style: How numbers that are texts are written.
        unit_from: Where the unit of a row stands; empty to recognise it.
        rules: Rule to its severity; None turns it off.
    """

    name: str = ""
    sheet: str = ""
    row: int = 0
    last: int | None = None
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    code: str = ""
    codes_per_unit: bool | None = None
    months: tuple[str, ...] = ()
    first_month: int = 1
    sums: bool = False
    style: Style | None = None
    unit_from: str = ""
    rules: Mapping[str, Severity | None] = field(default_factory=dict)

    @property
    def describes(self) -> bool:
        """Whether it says anything of where things stand, so that the printed plan's headers do not decide alone."""
        return bool(self.columns or self.months or self.row or self.sums)


PLAIN = Profile()


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
        yield say("{where}: «{value}» no es {types}", where=where, value=value,
                  types=say(" o ").join(_named_type(each) for each in known.types))  # fmt: skip
    elif known.choices and value not in known.choices:
        nearest = _nearest(str(value), known.choices)
        yield say("{where}: «{value}» no es uno de: {choices}{nearest}", where=where, value=value,
                  choices=", ".join(known.choices), nearest=nearest)  # fmt: skip
    elif key == "inicio" and section == "meses" and month_number(str(value)) is None:
        yield say("{where}: «{value}» no es un mes", where=where, value=value)


def _nearest(word: str, known: Mapping[str, object] | tuple[str, ...]) -> str:
    found = get_close_matches(fold(word), list(known), 1, 0.6)
    return say("; ¿«{nearest}»?", nearest=found[0]) if found else ""


def _type_of(value: object) -> str:
    if isinstance(value, bool):
        return "boolean"
    return {str: "string", int: "integer", list: "array"}.get(type(value), type(value).__name__)


def _named_type(name: str) -> str:
    return {"string": say("un texto"), "integer": say("un número entero"), "array": say("una lista")}[name]


def profile_of(data: Mapping[str, Any]) -> Profile:
    """Take settings without problems for a profile."""
    plan, months = data.get("plan", {}), data.get("meses", {})
    columns = {
        COLUMN_KEYS[key]: () if value == NONE else tuple(map(str, value if isinstance(value, list) else [value]))
        for key, value in data.get("columnas", {}).items()
    }
    given = months.get("columnas", [])
    key = data.get("codigo", {}).get("clave")
    form = data.get("codigo", {}).get("forma", "")
    return Profile(
        name=plan.get("perfil", ""),
        sheet=plan.get("hoja", ""),
        row=plan.get("fila_meses", 0),
        last=plan.get("ultima_fila"),
        columns=columns,
        code="" if form == "aprendida" else form,
        codes_per_unit=None if key is None else key == "unidad+codigo",
        months=tuple(map(str, given if isinstance(given, list) else [given])),
        first_month=month_number(months.get("inicio", MONTHS[0])) or 1,
        sums=data.get("meta", {}).get("de") == "suma",
        style=STYLES.get(data.get("moneda", {}).get("numeros", "")),
        unit_from=UNIT_FROM.get(data.get("unidad", {}).get("de", ""), ""),
        rules={rule: SEVERITIES[value] for rule, value in data.get("reglas", {}).items()},
    )


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
    if "array" in key.types:
        found["items"] = {"type": "string"}
    if key.choices:
        found["enum"] = list(key.choices)
    return found


@dataclass(frozen=True, slots=True)
class Form:
    """A form that several offices share.

    Attributes:
        marks: Words of its headers, all of which but one must stand there.
        settings: What is known of it beyond what its headers say.
    """

    marks: tuple[str, ...]
    settings: Mapping[str, Mapping[str, Any]]


_NO_HIERARCHY = {"codigo-sin-superior": "off", "codigo-salto": "off", "codigo-orden": "off"}

# Made from the descriptions of the forms. What a plan says itself goes before.
FORMS: Mapping[str, Form] = {
    # Caja Nacional de Salud, form 4: operations below results, one sheet for each unit.
    "cns-4": Form(
        ("resultado", "operacion", "unidad responsable", "indicador"),
        {"reglas": {**_NO_HIERARCHY, "responsable-ausente": "off"}},
    ),
    # Peru, actividades operativas: physical and financial programme side by side, codes of the national system.
    "poi-peru": Form(
        ("aoi", "actividad operativa", "unidad de medida"),
        {"reglas": {**_NO_HIERARCHY, "codigo-escritura": "off"}, "moneda": {"numeros": "1,234.56"}},
    ),
    # Programmes of expenses by centre of cost: the months are money, the code is that of the classifier.
    "gasto": Form(
        ("centro de costo", "clasificador", "total"),
        {"reglas": {**_NO_HIERARCHY, "partida-cifras": "off", "codigo-duplicado": "off"}},
    ),
}
CUSTOMS, RECOGNISED, QUARTERLY = "aduana", "reconocido", "trimestral"


def form_of(captions: str, *, quarters: bool) -> str:
    """Return the known form whose words stand in the headers of a plan; any plan by quarters is one of its own."""
    words = fold(captions)
    found = (name for name, form in FORMS.items() if sum(mark in words for mark in form.marks) >= len(form.marks) - 1)
    return next(found, QUARTERLY if quarters else RECOGNISED)


def rules_of(form: str) -> Mapping[str, Severity | None]:
    """Return what is known of the rules of a form."""
    settings = FORMS[form].settings if form in FORMS else {}
    return {rule: SEVERITIES[value] for rule, value in settings.get("reglas", {}).items()}


def style_of(form: str) -> Style | None:
    """Return how a form writes numbers that are texts, where that is known."""
    settings = FORMS[form].settings if form in FORMS else {}
    return STYLES.get(settings.get("moneda", {}).get("numeros", ""))
