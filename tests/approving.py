"""What LibreOffice tells and asks: a listener that writes down, a handler that says yes to the extension manager."""

from typing import Any

import unohelper
from com.sun.star.frame import XStatusListener
from com.sun.star.task import XInteractionHandler
from com.sun.star.ucb import XCommandEnvironment, XProgressHandler


class Approving(unohelper.Base, XCommandEnvironment, XInteractionHandler, XProgressHandler):  # type: ignore[misc]
    """An environment of commands that nobody watches."""

    def getInteractionHandler(self) -> "Approving":  # noqa: N802 - named by UNO
        return self

    def getProgressHandler(self) -> "Approving":  # noqa: N802 - named by UNO
        return self

    def handle(self, request: Any) -> None:  # noqa: ANN401 - a UNO object
        import uno  # noqa: PLC0415 - loaded by now

        approve = uno.getTypeByName("com.sun.star.task.XInteractionApprove")
        for answer in request.getContinuations():
            chosen = answer.queryInterface(approve)
            if chosen is not None:
                chosen.select()

    def push(self, _: object) -> None:
        """Nobody looks."""

    def update(self, _: object) -> None:
        """Nobody looks."""

    def pop(self) -> None:
        """Nobody looks."""


class Told(unohelper.Base, XStatusListener):  # type: ignore[misc]
    """Stands for a menu or a toolbar: is told how a button stands."""

    def __init__(self) -> None:
        self.said: list[tuple[bool, object]] = []

    def statusChanged(self, event: Any) -> None:  # noqa: N802, ANN401 - named by UNO
        self.said.append((event.IsEnabled, event.State))

    def disposing(self, _: object) -> None:
        """Nothing is held."""
