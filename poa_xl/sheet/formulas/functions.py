"""Control columns as `POA_*` functions, which the add-in and the Calc extension bring."""

from poa_xl.core.dates import MONTHS
from poa_xl.sheet.formulas.place import Place


def poa_functions(place: Place) -> dict[str, str]:
    """Return field to formula, without the equals sign, of those control columns of a row that a function fills."""
    found = {}
    if place.has("code", "budget") and not place.is_line:
        code, budget = (
            "${0}${1}:${0}${2}".format(place.sheet.columns[name], place.sheet.first, place.sheet.last)
            for name in ("code", "budget")
        )
        found["computed"] = f"POA_PRESUPUESTO({place.at('code')},{code},{budget})"
    if place.is_judged and place.has(*MONTHS) and place.sheet.has_months_side_by_side:
        measure = place.at("measure") if place.has("measure") else '""'
        arguments = f"{place.at('target')},{measure},{place.run},{place.at('stated')}"
        found |= {
            "kind": f"POA_TIPO({arguments})",
            "programmed": f"POA_PROGRAMADO({place.run},{place.at('kind')})",
            "difference": f"POA_DIFERENCIA({arguments})",
            "target_state": f"POA_ESTADO({arguments})",
        }
    return found
