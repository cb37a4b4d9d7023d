"""What LibreOffice loads of the extension: the functions, the buttons, and the job that wakes formulas up on load.

LibreOffice loads this at its first need and the Python of the program runs it; what takes a moment to import is
imported where it is used.
"""

# ruff: noqa: PLC0415 - see above

import contextlib
from collections.abc import Callable
from typing import Any

import unohelper
from com.sun.star.frame import FeatureStateEvent, XDispatch, XDispatchProvider
from com.sun.star.lang import Locale, XInitialization, XLocalizable, XServiceInfo, XServiceName
from com.sun.star.sheet import XActivationEventListener, XAddIn
from com.sun.star.task import XJob
from com.sun.star.ui import XUIElementFactory
from org.poaxl import XFunctions

from poa_xl.calc.names import BUTTONS, DECK, FUNCTIONS, LOADING, OF_ALL, OF_OFFICE, PANEL, PANELS, function_of


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


class Buttons(unohelper.Base, XDispatchProvider, XDispatch, XInitialization, XServiceInfo):  # type: ignore[misc]
    """The buttons of menu and toolbar in a window, each a function of `ribbon.py`; LibreOffice asks which are grey."""

    def __init__(self, context: Any) -> None:
        self._context = context
        self._frame: Any = None

    def initialize(self, arguments: tuple[Any, ...]) -> None:
        self._frame = arguments[0] if arguments else None

    def getImplementationName(self) -> str:
        return BUTTONS

    def supportsService(self, name: str) -> bool:
        return name in self.getSupportedServiceNames()

    def getSupportedServiceNames(self) -> tuple[str, ...]:
        return (BUTTONS, "com.sun.star.frame.ProtocolHandler")

    def queryDispatch(self, address: Any, _target: str, _flags: int) -> Any:
        return self if address.Protocol in (OF_ALL, OF_OFFICE) else None

    def queryDispatches(self, asked: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(self.queryDispatch(each.FeatureURL, each.FrameName, each.SearchFlags) for each in asked)

    def dispatch(self, address: Any, _arguments: tuple[Any, ...]) -> None:
        from poa_xl import ribbon
        from poa_xl.calc.engine import attach
        from poa_xl.calc.program import live_book

        book = attach(self._context).books.active
        if address.Path == PANEL:
            _show_panel(self._frame)
        elif book is not None:
            ribbon.BUTTONS[address.Path](live_book(book))
        for watched in [*_WATCHED]:
            watched.tell()
        for panel in [*_PANELS]:
            # Its window may have closed with the workbook meanwhile.
            with contextlib.suppress(Exception):
                panel.refresh()

    def addStatusListener(self, listener: Any, address: Any) -> None:
        watched = Watched(self, self._frame, listener, address)
        watched.tell()
        if address.Path == _PRESSED:
            _WATCHED.append(watched)
            watched.follow()

    def removeStatusListener(self, listener: Any, _address: Any) -> None:
        for watched in [each for each in _WATCHED if each.listener == listener]:
            _WATCHED.remove(watched)
            watched.leave()


# The button that shows whether it is on, in every menu and toolbar of every window.
_PRESSED = "semaforo"
_WATCHED: list["Watched"] = []


class Watched(unohelper.Base, XActivationEventListener):  # type: ignore[misc]
    """A button in a menu or toolbar, and how LibreOffice is told whether it is grey, and whether it is on."""

    def __init__(self, source: Any, frame: Any, listener: Any, address: Any) -> None:
        self.listener = listener
        self._source, self._frame, self._address = source, frame, address
        self._controller: Any = None

    def tell(self) -> None:
        """Say how the button stands now."""
        is_enabled, is_on = True, None
        # What cannot be found out leaves the button as it is; pressed, it says a sentence.
        with contextlib.suppress(Exception):
            from poa_xl.calc.states import is_of_unit, is_painted

            controller = self._frame.getController()
            if self._address.Protocol == OF_OFFICE:
                is_enabled = not is_of_unit(controller.getModel())
            if self._address.Path == _PRESSED:
                is_on = is_painted(controller.getActiveSheet())
        event = FeatureStateEvent(self._source, self._address, "", is_enabled, False, is_on)  # noqa: FBT003 - as UNO wants
        with contextlib.suppress(Exception):
            self.listener.statusChanged(event)

    def follow(self) -> None:
        """Say so again whenever another sheet comes to the front."""
        with contextlib.suppress(Exception):
            self._controller = self._frame.getController()
            self._controller.addActivationEventListener(self)

    def leave(self) -> None:
        """Say nothing any more."""
        with contextlib.suppress(Exception):
            self._controller.removeActivationEventListener(self)

    def activeSpreadsheetChanged(self, _event: Any) -> None:
        self.tell()

    def disposing(self, _event: Any) -> None:
        self._controller = None


def _show_panel(frame: Any) -> None:
    """Open the sidebar of a window at our panel."""
    sidebar = frame.getController().getSidebar()
    sidebar.setVisible(True)
    sidebar.showDecks(True)  # noqa: FBT003
    sidebar.getDecks().getByName(DECK).activate(True)  # noqa: FBT003


# The panels that are open, in every window.
_PANELS: list[Any] = []


class Panels(unohelper.Base, XUIElementFactory, XServiceInfo):  # type: ignore[misc]
    """Makes the panel beside the cells, for the sidebar of a window."""

    def __init__(self, context: Any) -> None:
        self._context = context

    def getImplementationName(self) -> str:
        return PANELS

    def supportsService(self, name: str) -> bool:
        return name in self.getSupportedServiceNames()

    def getSupportedServiceNames(self) -> tuple[str, ...]:
        return (PANELS,)

    def createUIElement(self, _address: str, arguments: tuple[Any, ...]) -> Any:
        from poa_xl.calc.panel import Panel

        given = {each.Name: each.Value for each in arguments}
        return Panel(self._context, given["Frame"], given["ParentWindow"], _PANELS)


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
g_ImplementationHelper.addImplementation(Buttons, BUTTONS, (BUTTONS, "com.sun.star.frame.ProtocolHandler"))
g_ImplementationHelper.addImplementation(Loading, LOADING, (LOADING,))
g_ImplementationHelper.addImplementation(Panels, PANELS, (PANELS,))
