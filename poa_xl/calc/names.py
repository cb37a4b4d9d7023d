"""Names by which LibreOffice knows the parts of the extension, and what it calls its functions."""

IDENTIFIER = "org.poaxl.poa_xl"
FUNCTIONS = "org.poaxl.Functions"
BUTTONS = "org.poaxl.Buttons"
LOADING = "org.poaxl.Loading"
_WORKSHEET, _METHOD = "POA_", "poa"


def method_of(function: str) -> str:
    """Return the method behind a worksheet function: of `POA_NIVEL` it is `poaNivel`."""
    return _METHOD + function.removeprefix(_WORKSHEET).capitalize()


def function_of(method: str) -> str:
    """Return the worksheet function of a method.

    Raises:
        AttributeError: It is no method of a worksheet function.
    """
    if not method.startswith(_METHOD):
        raise AttributeError(method)
    return _WORKSHEET + method.removeprefix(_METHOD).upper()
