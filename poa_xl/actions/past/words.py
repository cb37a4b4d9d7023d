"""What people call the steps of a master."""

from poa_xl.i18n import say
from poa_xl.store.history import APPROVAL, CLOSING, MODIFICATIONS, TRACKED, Run


def called(run: Run) -> str:
    """Name a step with its number."""
    number = str(run.number)
    if run.kind == APPROVAL:
        return say("la aprobación {number}", number=number)
    if run.kind == MODIFICATIONS:
        return say("la lista de modificaciones {number}", number=number)
    if run.kind == TRACKED:
        return say("la actualización {number} de Seguimiento", number=number)
    if run.kind == CLOSING:
        return say("el cierre o la apertura {number} de un trimestre", number=number)
    return say("la consolidación {number}", number=number)


def kind_of(run: Run) -> str:
    """Say in a word what a step is."""
    words = {MODIFICATIONS: say("modificaciones"), TRACKED: say("seguimiento"), CLOSING: say("trimestre")}
    return words.get(run.kind, say("consolidación"))
