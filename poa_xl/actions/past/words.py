"""What people call the steps of a master."""

from poa_xl.i18n import say
from poa_xl.store.records import APPROVAL, CLEANED, CLOSING, MODIFICATIONS, TRACKED, UPDATED


def called(kind: str, number: int) -> str:
    """Name a step with its number."""
    names = {
        APPROVAL: say("la aprobación {number}"),
        MODIFICATIONS: say("la lista de modificaciones {number}"),
        TRACKED: say("la actualización {number} de Seguimiento"),
        CLOSING: say("el cierre o la apertura {number} de un trimestre"),
        UPDATED: say("la actualización {number}"),
        CLEANED: say("la limpieza {number}"),
    }
    return names.get(kind, say("la consolidación {number}")).format(number=number)


def what(kind: str, version: str = "", resolution: str = "") -> str:
    """Say in a word what a step is; of an approval the version and its document."""
    if version:
        return " · ".join(part for part in (version, resolution) if part)
    words = {
        MODIFICATIONS: say("modificaciones"),
        TRACKED: say("seguimiento"),
        CLOSING: say("trimestre"),
        UPDATED: say("actualización"),
        CLEANED: say("limpieza"),
    }
    return words.get(kind, say("consolidación"))
