"""What all buttons have in common: the workbook they are pressed in, and what they say at the end.

A button says in one box what was done. What goes wrong for a reason the planner can understand is a sentence in that
box; anything else goes to the log, and the box says where that is.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from poa_xl.books.live import LiveBook
from poa_xl.core.flags import sentences, stopped
from poa_xl.errors import BookError, PoaError
from poa_xl.i18n import say
from poa_xl.sheet.identity import identity_of
from poa_xl.store.log import LOG, log_file, logged

TITLE = "POA"

Work = Callable[[LiveBook], str]

# A name, of a file, a folder or a cell in its sheet, before what is said of it.
_NAMED = re.compile(r"[^:]*\.[A-Za-z]{3,4}:|\S+\.[A-Za-z]{3,4}\b|[^:]*![A-Z]+\d+\b|\S*[/\\]|\S+: ")


@dataclass(frozen=True)
class Button:
    """A button: called, it does its work on a workbook and says what came of it.

    Attributes:
        caption: What it says on it.
        work: What it does; returns what to say about it.
        in_bar: Whether that is said in the status bar, and no box has to be answered.
        of_office: Whether it is for the regional office's plan, and not for the workbook of a unit.
        is_locked: Whether what it would change is locked in the workbook of a unit.
    """

    caption: str
    work: Work
    in_bar: bool = False
    of_office: bool = False
    is_locked: bool = False

    @property
    def is_off_in_units(self) -> bool:
        """Whether programs show it grey in the workbook of a unit."""
        return self.of_office or self.is_locked

    @property
    def name(self) -> str:
        """What the code calls it."""
        return self.work.__name__

    def __call__(self, book: LiveBook | None = None) -> None:
        """Press it, in the workbook of Excel that is looked at where none is given."""
        with logged():
            opened = book if book is not None else _called()
            if opened is not None:
                _press(opened, self)


# Of this process: the button Guía opens what it says about the one before it.
_LAST: list[str] = []


def last_pressed() -> str:
    """Return the name of the button that was pressed last, Guía itself left out; empty for none."""
    return _LAST[-1] if _LAST else ""


def button(
    caption: str, *, in_bar: bool = False, of_office: bool = False, is_locked: bool = False
) -> Callable[[Work], Button]:
    """Make a button of a function that does its work and returns what to say about it; see `Button`."""
    return partial(Button, caption, in_bar=in_bar, of_office=of_office, is_locked=is_locked)


def _called() -> LiveBook | None:
    """Return the workbook of Excel that a button was pressed in; None where there is none, which is said."""
    from poa_xl.books import excel  # noqa: PLC0415 - Calc says itself which workbook it is

    try:
        return excel.caller()
    except PoaError as error:
        excel.tell(said_of(str(error)), TITLE)
        return None


def said_of(text: str) -> str:
    """Write what an error says as a sentence; the name of a file or a cell that it begins with stays as it is."""
    return stopped(text) if _NAMED.match(text) else sentences(text)


def _need_office(book: LiveBook, pressed: Button) -> None:
    """Say of a button of the regional office that it does nothing in the workbook of a unit.

    Raises:
        BookError: It is one, and this is the workbook of a unit.
    """
    unit = identity_of(book.properties) if pressed.of_office else None
    if unit is not None:
        raise BookError(
            say(
                "este libro es de {unit}, y «{caption}» es para el plan de la oficina regional: no se hizo nada. Aquí "
                "sirven Verificar metas, Siguiente y Nueva operación; al terminar, guardar el libro y enviarlo",
                unit=unit.unit or book.name,
                caption=pressed.caption,
            )
        )


def _press(book: LiveBook, pressed: Button) -> None:
    caption = pressed.caption
    if pressed.name != "guia":
        _LAST[:] = [pressed.name]
    book.report(say("POA: {caption}…", caption=caption))
    is_error = True
    try:
        _need_office(book, pressed)
        text = pressed.work(book)
        is_error = False
    except PoaError as error:
        text = said_of(str(error))
    except Exception:  # noqa: BLE001 - whatever it is, the planner gets a sentence and the log the rest
        LOG.exception("%s: %s", caption, book.name)
        text = say(
            "No se pudo, por un error del programa. No se perdió nada. El detalle está en {file}; el botón "
            "Diagnóstico lo abre.",
            file=str(log_file()),
        )
    is_quiet = pressed.in_bar and not is_error
    book.report(text if is_quiet else "")
    if text and not is_quiet:
        book.tell(text, f"{TITLE} · {caption}", is_error=is_error)
