"""What LibreOffice loads of the extension: the functions, the buttons, and the job that wakes formulas up on load.

LibreOffice loads this at its first need and the Python of the program runs it; what takes a moment to import is
imported where it is used.
"""

# ruff: noqa: PLC0415 - see above

import contextlib
from collections.abc import Callable
from typing import Any

import unohelper
from com.sun.star.lang import Locale, XLocalizable, XServiceInfo, XServiceName
from com.sun.star.sheet import XAddIn
from com.sun.star.task import XJob, XJobExecutor
from org.poaxl import XFunctions

from poa_xl.calc.names import BUTTONS, FUNCTIONS, LOADING, function_of


class Functions(unohelper.Base, XFunctions, XAddIn, XLocalizable, XServiceName, XServiceInfo):  # type: ignore[misc]
    """The `POA_*` functions: `udfs.py`, called by Calc."""

    def __init__(self, _context: Any) -> None:
        self._locale = Locale("es", "BO", "")

    def __getattr__(self, name: str) -> Callable[..., object]:
        import udfs
        from poa_xl.calc.calling import called

        function = called(getattr(udfs, function_of(name)))
        setattr(self, name, function)
        return function

    def getServiceName(self) -> str:
        return FUNCTIONS

    def getImplementationName(self) -> str:
        return f"{FUNCTIONS}.python"

    def supportsService(self, name: str) -> bool:
        return name in self.getSupportedServiceNames()

    def getSupportedServiceNames(self) -> tuple[str, ...]:
        return (FUNCTIONS, "com.sun.star.sheet.AddIn")

    def setLocale(self, locale: Any) -> None:
        self._locale = locale

    def getLocale(self) -> Any:
        return self._locale

    # Names and help stand in CalcAddIns.xcu; Calc asks only for what does not.
    def getProgrammaticFuntionName(self, shown: str) -> str:  # spelt so by UNO
        return shown

    def getDisplayFunctionName(self, name: str) -> str:
        return name

    def getFunctionDescription(self, _name: str) -> str:
        return ""

    def getDisplayArgumentName(self, _name: str, _number: int) -> str:
        return ""

    def getArgumentDescription(self, _name: str, _number: int) -> str:
        return ""

    def getProgrammaticCategoryName(self, _name: str) -> str:
        return "Add-In"

    def getDisplayCategoryName(self, _name: str) -> str:
        return "Add-In"


class Buttons(unohelper.Base, XJobExecutor):  # type: ignore[misc]
    """The buttons of menu and toolbar, each a function of `ribbon.py`."""

    def __init__(self, context: Any) -> None:
        self._context = context

    def trigger(self, name: str) -> None:
        from poa_xl import ribbon
        from poa_xl.calc.engine import attach
        from poa_xl.calc.program import live_book

        book = attach(self._context).books.active
        if book is not None:
            ribbon.BUTTONS[name](live_book(book))


class Loading(unohelper.Base, XJob):  # type: ignore[misc]
    """Wakes up the formulas of a workbook that was opened."""

    def __init__(self, _context: Any) -> None:
        pass

    def execute(self, arguments: tuple[Any, ...]) -> None:
        from poa_xl.calc.loading import wake

        given = {each.Name: each.Value for each in arguments}
        environment = {each.Name: each.Value for each in given.get("Environment", ())}
        document = environment.get("Model")
        # Whatever happens here, the workbook is open, and that is what counts.
        with contextlib.suppress(Exception):
            if document is not None and document.supportsService("com.sun.star.sheet.SpreadsheetDocument"):
                wake(document)


g_ImplementationHelper = unohelper.ImplementationHelper()
g_ImplementationHelper.addImplementation(Functions, f"{FUNCTIONS}.python", (FUNCTIONS,))
g_ImplementationHelper.addImplementation(Buttons, BUTTONS, (BUTTONS,))
g_ImplementationHelper.addImplementation(Loading, LOADING, (LOADING,))
