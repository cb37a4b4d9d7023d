"""What people call the steps of a master."""

from poa_xl.i18n import say
from poa_xl.store.history import APPROVAL, MODIFICATIONS, Run


def called(run: Run) -> str:
    """Name a step with its number."""
    number = str(run.number)
    if run.kind == APPROVAL:
        return say("la aprobación {number}", number=number)
    if run.kind == MODIFICATIONS:
        return say("la lista de modificaciones {number}", number=number)
    return say("la consolidación {number}", number=number)
