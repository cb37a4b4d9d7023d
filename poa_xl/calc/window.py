"""What the window of Calc says for us: message boxes, its status bar."""

import contextlib
from typing import Any

import unohelper
from com.sun.star.awt.MessageBoxType import ERRORBOX, INFOBOX, QUERYBOX
from com.sun.star.view import XSelectionChangeListener


class _Shown(unohelper.Base, XSelectionChangeListener):  # type: ignore[misc]
    """A text in the status bar, until it is taken away or something else is selected: it covers what Calc says."""

    def __init__(self, controller: Any, text: str) -> None:
        self._controller = controller
        self._indicator = controller.Frame.createStatusIndicator()
        self._indicator.start(text, 0)
        controller.addSelectionChangeListener(self)

    def end(self) -> None:
        with contextlib.suppress(Exception):  # the workbook that it showed on may be closed by now
            self._controller.removeSelectionChangeListener(self)
            self._indicator.end()

    def selectionChanged(self, _: Any) -> None:
        self.end()

    def disposing(self, _: Any) -> None:
        """Nothing to do: the window is gone, and the text with it."""


# Every press of a button attaches to the program anew; what the one before wrote must be found.
_SHOWN: list[_Shown] = []


def report(controller: Any, text: str) -> None:
    """Say something in the status bar of a window; nothing where there is none, or no text."""
    while _SHOWN:
        _SHOWN.pop().end()
    if text and controller is not None:
        _SHOWN.append(_Shown(controller, text))


def current(desktop: Any) -> Any:
    """Return the window that boxes stand over; a workbook that was just opened is not the current one yet."""
    frame = desktop.getCurrentFrame() or next(iter(desktop.Frames), None)
    return frame.getContainerWindow() if frame is not None else None


def ask(desktop: Any, prompt: str, title: str, buttons: str, mode: str | None) -> str:
    """Show a message box over the window; without one nobody answers, which is `cancel`."""
    window = current(desktop)
    if window is None:
        return "cancel"
    kinds = {"critical": ERRORBOX, "info": INFOBOX, None: QUERYBOX if buttons != "ok" else INFOBOX}
    sets = {"ok": 1, "ok_cancel": 2, "yes_no": 3, "yes_no_cancel": 4}
    box = window.getToolkit().createMessageBox(window, kinds[mode], sets[buttons], title, prompt)
    answer = box.execute()
    box.dispose()
    return {0: "cancel", 1: "ok", 2: "yes", 3: "no"}.get(answer, "ok")
