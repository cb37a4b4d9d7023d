"""The panel beside the cells: what was found in the plan, and what helps, in the sidebar of Calc."""

# mypy: disable-error-code="misc, no-untyped-call"

import contextlib
from collections.abc import Callable, Sequence
from string import digits
from time import monotonic
from typing import Any

import unohelper
from com.sun.star.awt import Size, XActionListener, XItemListener, XWindowListener
from com.sun.star.lang import XComponent
from com.sun.star.sheet import XActivationEventListener
from com.sun.star.ui import LayoutSize, XSidebarPanel, XToolPanel, XUIElement
from com.sun.star.ui.UIElementType import TOOLPANEL
from com.sun.star.util import XModifyListener
from com.sun.star.view import XSelectionChangeListener

from poa_xl import ribbon
from poa_xl.actions.offered import Offered, offered
from poa_xl.actions.pressing import open_plan
from poa_xl.books.live import LiveBook, address
from poa_xl.button import said_of
from poa_xl.buttons.finding import correcting
from poa_xl.calc.engine import attach
from poa_xl.calc.names import FINDINGS
from poa_xl.calc.program import live_book
from poa_xl.core.checks import check
from poa_xl.core.findings import Severity
from poa_xl.core.flags import sentences
from poa_xl.errors import PoaError
from poa_xl.i18n import say
from poa_xl.sheet.grid import column_number
from poa_xl.store.log import LOG, logged

# In units of which a letter is about four wide and eight high: edges, a line of text, a button, the text of a finding.
_EDGE, _LINE, _ROW, _TEXT, _NARROW, _LOW = 3, 9, 14, 76, 110, 210
_APPFONT = 17  # com.sun.star.util.MeasureUnit
_ALL = 15  # com.sun.star.awt.PosSize
# A plan that takes longer to read is read when somebody asks for it, and not at each change.
_QUICK = 0.5
# What the filter lets through, by place: all, red, warnings, those of the selected row.
_KINDS = {1: Severity.ERROR.name, 2: Severity.WARNING.name}
_THIS_ROW = 3
_SIGNS = {Severity.ERROR.name: "▲", Severity.WARNING.name: "!"}


class Panel(
    unohelper.Base,
    XUIElement,
    XToolPanel,
    XSidebarPanel,
    XComponent,
    XActionListener,
    XItemListener,
    XWindowListener,
    XSelectionChangeListener,
    XActivationEventListener,
    XModifyListener,
):
    """The findings of the plan in a window of Calc.

    Args:
        context: The UNO component context.
        frame: The window's frame.
        parent: Where the sidebar wants it.
        others: The panels that are open; it is one of them until it goes.
    """

    def __init__(self, context: Any, frame: Any, parent: Any, others: list[Any]) -> None:
        self.Frame, self.ResourceURL, self.Type = frame, FINDINGS, TOOLPANEL
        self._context, self._controller = context, frame.getController()
        self._parent, self._others = parent, others
        self._found: list[Offered] = []
        self._shown: list[Offered] = []
        self._sheet = self._problem = ""
        self._watched: Any = None
        self._is_filling = self._is_stale = False
        self._cost = 0.0
        self._works: dict[str, Callable[[], None]] = {}
        self._window = self._make("UnoControlContainer", "UnoControlContainerModel")
        self._parts: dict[str, Any] = {}
        self._build()
        others.append(self)
        parent.addWindowListener(self)
        self._controller.addSelectionChangeListener(self)
        self._controller.addActivationEventListener(self)
        self._place(parent.getPosSize())
        self._window.setVisible(True)
        self.read()

    def _make(self, kind: str, model: str) -> Any:
        make = self._context.ServiceManager.createInstanceWithContext
        control = make(f"com.sun.star.awt.{kind}", self._context)
        control.setModel(make(f"com.sun.star.awt.{model}", self._context))
        return control

    def _build(self) -> None:
        self._window.createPeer(self._parent.getToolkit(), self._parent)
        self._add("head", "FixedText", MultiLine=True)
        kinds = (say("Todos los hallazgos"), say("Solo rojos"), say("Solo avisos"), say("Esta fila"))
        self._add("filter", "ListBox", Dropdown=True, HelpText=say("Qué mostrar"))
        kinds = (say("Todos los hallazgos"), say("Solo rojos"), say("Solo avisos"), say("Esta fila"))
        self._parts["filter"].addItems(kinds, 0)
        self._parts["filter"].selectItemPos(0, True)  # noqa: FBT003 - UNO takes no names
        self._add("list", "ListBox", HelpText=say("Elegir un hallazgo lleva a su celda"))
        self._add("text", "Edit", MultiLine=True, ReadOnly=True, VScroll=True, Border=1)
        self._add("correct", "Button", self._correct, Label=say("Corregir"), Enabled=False)
        self._add("back", "Button", lambda: self._press("anterior"), Label=ribbon.BUTTONS["anterior"].caption)
        self._add("on", "Button", lambda: self._press("siguiente"), Label=ribbon.BUTTONS["siguiente"].caption)
        self._add("again", "Button", self.read, Label=say("Leer de nuevo"))
        self._parts["filter"].addItemListener(self)
        self._parts["list"].addItemListener(self)

    def _add(self, name: str, kind: str, work: Callable[[], None] | None = None, **properties: object) -> None:
        part = self._make(f"UnoControl{kind}", f"UnoControl{kind}Model")
        for key, value in properties.items():
            part.getModel().setPropertyValue(key, value)
        self._window.addControl(name, part)
        self._parts[name] = part
        if work is not None:
            part.setActionCommand(name)
            part.addActionListener(self)
            self._works[name] = work

    def _dots(self, width: int, height: int) -> Any:
        return self._window.convertSizeToPixel(Size(width, height), _APPFONT)

    def _place(self, area: Any) -> None:
        """Lay everything out: the list takes what is left."""
        edge, line, row = (self._dots(0, each).Height for each in (_EDGE, _LINE, _ROW))
        wide, text = max(1, area.Width - 2 * edge), self._dots(0, _TEXT).Height
        below = text + 3 * (row + edge) + edge
        rest = max(row, area.Height - 2 * line - row - 4 * edge - below)
        half = (wide - edge) // 2
        top = edge
        rows: tuple[tuple[tuple[str, ...], int], ...] = (
            (("head",), 2 * line),
            (("filter",), row),
            (("list",), rest),
            (("text",), text),
            (("correct",), row),
            (("back", "on"), row),
            (("again",), row),
        )
        for names, height in rows:
            for number, name in enumerate(names):
                width = wide if len(names) == 1 else half
                self._parts[name].setPosSize(edge + number * (half + edge), top, width, height, _ALL)
            top += height + edge
        self._window.setPosSize(0, 0, area.Width, area.Height, _ALL)

    def _book(self) -> LiveBook | None:
        document = self._controller.getModel()
        books = (each for each in attach(self._context).books if each.api == document)
        book = next(books, None)
        return None if book is None else live_book(book)

    def read(self) -> None:
        """Read the plan and show what is found in it, or why there is none."""
        book = self._book()
        if book is None:
            return
        began = monotonic()
        self._found, self._is_stale = [], False
        head, self._problem = say("No hay un plan que mostrar."), ""
        with logged():
            try:
                head = self._judge(book)
            except PoaError as error:
                self._problem = said_of(str(error))
            except Exception:  # noqa: BLE001 - as for buttons: a sentence here, and the rest in the log
                LOG.exception("panel: %s", book.name)
                self._problem = say("Un error del programa lo impidió. El botón Diagnóstico abre el detalle.")
        self._cost = monotonic() - began
        self._parts["head"].setText(head)
        self._fill()

    def _is_busy(self) -> bool:
        """Whether a button is at work, of which the end counts."""
        return bool(self._controller.getModel().hasControllersLocked())

    def refresh(self) -> None:
        """Read the plan again where it changed, or where another sheet came to the front, which may be another one."""
        book = None if self._is_busy() else self._book()
        if book is not None and (self._is_stale or book.active != self._sheet):
            self.read()

    def _judge(self, book: LiveBook) -> str:
        opened = open_plan(book)
        self._follow(opened.sheet)
        self._found = [
            offered(opened, found)
            for where, found in opened.plan.located(check(opened.plan))
            if where.sheet == opened.sheet
        ]
        red = sum(each.severity == Severity.ERROR.name for each in self._found)
        if not self._found:
            return say("{sheet}: todo en verde, no hay hallazgos.", sheet=opened.sheet)
        return say(
            "{sheet}: {red} en rojo y {warned} avisos.", sheet=opened.sheet, red=red, warned=len(self._found) - red
        )

    def _follow(self, sheet: str) -> None:
        """Be told of changes in a sheet."""
        if self._watched is not None:
            self._watched.removeModifyListener(self)
        self._sheet = sheet
        self._watched = self._controller.getModel().Sheets.getByName(sheet)
        self._watched.addModifyListener(self)

    def _fill(self) -> None:
        """List what the filter lets through."""
        kind, line = self._parts["filter"].getSelectedItemPos(), self._line()
        self._shown = [
            each
            for each in self._found
            if (kind not in _KINDS or each.severity == _KINDS[kind]) and (kind != _THIS_ROW or each.line == line)
        ]
        texts = (f"{_SIGNS[each.severity]} {each.cell} · {sentences(each.message)}" for each in self._shown)
        self._is_filling = True
        self._parts["list"].removeItems(0, self._parts["list"].getItemCount())
        self._parts["list"].addItems(tuple(texts), 0)
        self._is_filling = False
        self._mark()

    def _line(self) -> int:
        """Return the row that is selected in the sheet of the plan; 0 for none."""
        place = self._selected()
        return place[0] if place is not None else 0

    def _selected(self) -> tuple[int, str] | None:
        """Return row and address of the cell that is selected in the sheet of the plan."""
        book = self._book()
        selected = book.selected if book is not None and book.active == self._sheet else None
        if selected is None:
            return None
        return selected.top, address(selected.top, selected.left)

    def _mark(self) -> None:
        """Show the finding of the selected cell, else of its row, else none."""
        line, cell = self._selected() or (0, "")
        numbers = [number for number, each in enumerate(self._shown) if each.line == line]
        exact = [number for number in numbers if self._shown[number].cell == cell]
        chosen = next(iter(exact or numbers), None)
        parts = self._parts["list"]
        self._is_filling = True
        if chosen is not None:
            if parts.getSelectedItemPos() not in (exact or numbers):
                parts.selectItemPos(chosen, True)  # noqa: FBT003 - UNO takes no names
        elif parts.getSelectedItemPos() >= 0:
            parts.selectItemPos(parts.getSelectedItemPos(), False)  # noqa: FBT003
        self._is_filling = False
        self._tell()

    def _chosen(self) -> Offered | None:
        number = self._parts["list"].getSelectedItemPos()
        return self._shown[number] if 0 <= number < len(self._shown) else None

    def _tell(self) -> None:
        """Say all of the chosen finding, and what can be done about it."""
        chosen = self._chosen()
        lines: Sequence[str] = ()
        label = say("Corregir")
        if chosen is not None:
            lines = [
                " · ".join(part for part in (chosen.label, chosen.cell, chosen.code, chosen.unit) if part),
                sentences(chosen.message),
                *([say("Remedio: {text}", text=sentences(chosen.suggestion))] if chosen.suggestion else []),
            ]
            if chosen.remedy:
                label = say("Corregir: poner {value} en {cell}", value=chosen.put, cell=chosen.at)
        elif self._is_stale:
            lines = [say("El plan cambió desde que se leyó: «Leer de nuevo» lo revisa otra vez.")]
        elif self._problem:
            lines = [self._problem]
        elif self._shown:
            lines = [say("Elegir un hallazgo de la lista: lleva a su celda, y aquí dice todo y qué lo remedia.")]
        self._parts["text"].setText("\n".join(lines))
        self._parts["correct"].setLabel(label)
        self._parts["correct"].setEnable(chosen is not None and bool(chosen.remedy))

    def _correct(self) -> None:
        chosen, book = self._chosen(), self._book()
        if chosen is not None and book is not None:
            correcting(chosen.rule, chosen.cell, chosen.remedy, in_bar=True)(book)
            self.read()

    def _press(self, name: str) -> None:
        book = self._book()
        if book is not None:
            ribbon.BUTTONS[name](book)

    # What UNO calls.

    def getRealInterface(self) -> "Panel":
        return self

    def getWindow(self) -> Any:
        return self._window

    def createAccessible(self, _parent: Any) -> Any:
        return self._window.getAccessibleContext()

    def getHeightForWidth(self, _width: int) -> Any:
        low = self._dots(0, _LOW).Height
        return LayoutSize(low, -1, low)

    def getMinimalWidth(self) -> int:
        return int(self._dots(_NARROW, 0).Width)

    def actionPerformed(self, event: Any) -> None:
        self._works[event.ActionCommand]()

    def itemStateChanged(self, event: Any) -> None:
        if self._is_filling:
            return
        if event.Source == self._parts["filter"]:
            self._fill()
            return
        chosen, book = self._chosen(), self._book()
        self._tell()
        if chosen is not None and book is not None:
            book.select(self._sheet, (chosen.line, column_number(chosen.cell.rstrip(digits))))

    def selectionChanged(self, _event: Any) -> None:
        if self._is_busy():
            return
        if self._is_stale and self._cost < _QUICK:
            self.read()
        elif self._parts["filter"].getSelectedItemPos() == _THIS_ROW:
            self._fill()
        else:
            self._mark()

    def activeSpreadsheetChanged(self, _event: Any) -> None:
        self.refresh()

    def modified(self, _event: Any) -> None:
        self._is_stale = True

    def windowResized(self, event: Any) -> None:
        self._place(event.Source.getPosSize())

    def windowMoved(self, _event: Any) -> None:
        """Nothing to do: it moves with the sidebar."""

    def windowShown(self, _event: Any) -> None:
        self.refresh()

    def windowHidden(self, _event: Any) -> None:
        """Nothing to do."""

    def disposing(self, _event: Any) -> None:
        """Nothing to do: what goes with the window is told by `dispose`."""

    def dispose(self) -> None:
        if self in self._others:
            self._others.remove(self)
        for leave in (
            lambda: self._parent.removeWindowListener(self),
            lambda: self._controller.removeSelectionChangeListener(self),
            lambda: self._controller.removeActivationEventListener(self),
            lambda: self._watched.removeModifyListener(self),
        ):
            with contextlib.suppress(Exception):  # the workbook may be closed by now
                leave()

    def addEventListener(self, _listener: Any) -> None:
        """Nobody waits for its end."""

    def removeEventListener(self, _listener: Any) -> None:
        """See `addEventListener`."""
