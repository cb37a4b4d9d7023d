"""What Excel reads of the worksheet functions of the pane: `functions.json`, made from `udfs.py`, a file a language."""

import json
from collections.abc import Sequence
from typing import Any

from poa_xl.addin.wrappers import Argument, Function
from poa_xl.core.plan import TargetKind
from poa_xl.core.tracking import Sense
from poa_xl.web.captions import caption

NAMESPACE = "POA"
# What is chosen from a list. Names of lists have three letters or more.
_CHOSEN = {
    "por": ("unidad", "objetivo", "partida", "trimestre"),
    "tipo": tuple(map(str, TargetKind)),
    "sentido": tuple(map(str, Sense)),
}
# Of these, arguments that are one value, never a column of them.
_SINGLE = ("por",)
# Arguments that are a whole plan, which is read by where it stands.
_PLANS = ("rango_con_encabezado",)


def id_of(function: Function) -> str:
    """Return the name of a function behind the point: of `POA_TIPO` it is `TIPO`."""
    return function.name.removeprefix("POA_")


def metadata(found: Sequence[Function], help_url: str, language: str = "es") -> str:
    """Write `functions.json`.

    Args:
        found: The functions; see `addin.wrappers.functions`.
        help_url: The page that the function wizard opens.
        language: Of the texts; identifiers are the same in all.
    """
    told = {
        # Without it a range with one error in it never comes to us.
        "allowErrorForDataTypeAny": True,
        "functions": [_function(each, help_url, language) for each in found],
        "enums": [
            {
                "id": name.upper(),
                "type": "string",
                "values": [{"name": each, "stringValue": each, "tooltip": each} for each in values],
            }
            for name, values in _CHOSEN.items()
        ],
    }
    return json.dumps(told, ensure_ascii=False, indent=1)


def _function(each: Function, help_url: str, language: str) -> dict[str, Any]:
    is_placed = any(argument.name in _PLANS for argument in each.arguments)
    return {
        "id": id_of(each),
        "name": id_of(each),
        "description": _shown(each.help, language),
        "helpUrl": help_url,
        "parameters": [_parameter(argument, language) for argument in each.arguments],
        "result": {"type": "any", "dimensionality": "matrix"},
        "options": {"cancelable": True} | ({"requiresParameterAddresses": True} if is_placed else {}),
    }


def _parameter(argument: Argument, language: str) -> dict[str, Any]:
    told: dict[str, Any] = {"name": argument.name, "description": _shown(argument.help, language)}
    if argument.name in _SINGLE:
        told |= {"type": "string", "dimensionality": "scalar"}
    else:
        told |= {"type": "any", "dimensionality": "matrix"}
    if argument.name in _CHOSEN:
        told["customEnumId"] = argument.name.upper()
    return told | ({"optional": True} if argument.optional else {})


def _shown(text: str, language: str) -> str:
    """Return a help text in which our functions are called as people type them here."""
    return caption(text, language).replace("POA_", f"{NAMESPACE}.")
