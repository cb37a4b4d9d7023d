"""A box that asks for a line of text, which Calc has none of."""

import math
from typing import Any

from poa_xl.i18n import say

# In units of which a letter is about four wide and eight high.
_WIDTH, _EDGE, _LINE, _ROW, _BUTTON = 260, 6, 9, 14, 56
_LETTERS = 62
_OK, _CANCEL = 1, 2  # com.sun.star.awt.PushButtonType
_PLACE = 3  # com.sun.star.awt.PosSize, X and Y


def ask_line(context: Any, window: Any, question: str, title: str, given: str) -> str | None:
    """Ask for a line of text over a window; None when people do not go on."""
    make = context.ServiceManager.createInstanceWithContext
    model = make("com.sun.star.awt.UnoControlDialogModel", context)
    lines = sum(max(1, math.ceil(len(line) / _LETTERS)) for line in question.split("\n"))
    answer = 2 * _EDGE + lines * _LINE
    buttons = answer + _ROW + _EDGE
    model.Width, model.Height, model.Title = _WIDTH, buttons + _ROW + _EDGE, title
    wide = _WIDTH - 2 * _EDGE
    _add(model, "FixedText", "question", (_EDGE, _EDGE, wide, lines * _LINE), Label=question, MultiLine=True)
    _add(model, "Edit", "answer", (_EDGE, answer, wide, _ROW), Text=given)
    left = _WIDTH - 2 * (_BUTTON + _EDGE)
    place = (left, buttons, _BUTTON, _ROW)
    _add(model, "Button", "ok", place, Label=say("Aceptar"), PushButtonType=_OK, DefaultButton=True)
    place = (left + _BUTTON + _EDGE, buttons, _BUTTON, _ROW)
    _add(model, "Button", "cancel", place, Label=say("Cancelar"), PushButtonType=_CANCEL)
    dialog = make("com.sun.star.awt.UnoControlDialog", context)
    dialog.setModel(model)
    dialog.createPeer(window.getToolkit(), window)
    around, box = window.getPosSize(), dialog.getPosSize()
    dialog.setPosSize((around.Width - box.Width) // 2, (around.Height - box.Height) // 3, 0, 0, _PLACE)
    dialog.getControl("answer").setFocus()
    is_given = dialog.execute() == 1
    text = str(dialog.getControl("answer").getText())
    dialog.dispose()
    return text if is_given else None


def _add(model: Any, kind: str, name: str, place: tuple[int, int, int, int], **properties: object) -> None:
    part = model.createInstance(f"com.sun.star.awt.UnoControl{kind}Model")
    part.PositionX, part.PositionY, part.Width, part.Height = place
    part.Name = name
    for key, value in properties.items():
        part.setPropertyValue(key, value)
    model.insertByName(name, part)
