"""Names by which LibreOffice knows the parts of the extension, and what it calls its functions."""

import re

IDENTIFIER = "org.poaxl.poa_xl"
FUNCTIONS = "org.poaxl.Functions"
BUTTONS = "org.poaxl.Buttons"
LOADING = "org.poaxl.Loading"
# The panel beside the cells: what makes it, the address that asks for it, and the deck of the sidebar that it is in.
PANELS = "org.poaxl.Panels"
FINDINGS = "private:resource/toolpanel/PoaPanels/Hallazgos"
DECK = "PoaDeck"
# What the menu calls it, behind `OF_ALL`.
PANEL = "panel"
# Beginnings of the addresses of buttons: those of everybody, and those that are grey in the workbook of a unit.
OF_ALL, OF_OFFICE = "org.poaxl.buttons:", "org.poaxl.office:"
_WORKSHEET, _METHOD = "POA_", "poa"


def method_of(function: str) -> str:
    """Return the method behind a worksheet function: of `POA_SIGUIENTE_CODIGO` it is `poaSiguienteCodigo`."""
    return _METHOD + "".join(map(str.capitalize, function.removeprefix(_WORKSHEET).split("_")))


def function_of(method: str) -> str:
    """Return the worksheet function of a method.

    Raises:
        AttributeError: It is no method of a worksheet function.
    """
    if not method.startswith(_METHOD):
        raise AttributeError(method)
    return _WORKSHEET + re.sub(r"(?<=.)(?=[A-Z])", "_", method.removeprefix(_METHOD)).upper()
