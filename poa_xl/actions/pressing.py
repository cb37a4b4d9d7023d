"""What every button on an open workbook begins with: the plan, and whether what it will change may be changed."""

import contextlib
from contextlib import AbstractContextManager

from poa_xl.actions.load import Opened, find_plan
from poa_xl.actions.settings import profile_beside
from poa_xl.books.live import Box, LiveBook
from poa_xl.errors import BookError
from poa_xl.i18n import say
from poa_xl.sheet.identity import identity_of


def open_plan(book: LiveBook) -> Opened:
    """Find the plan in an open workbook: on the active sheet, else on the best of those that have one.

    What the office says of its plan in `poa.toml` counts as it does for commands.

    Raises:
        BookError: There are settings beside the workbook that cannot be read.
        LayoutError: There is none, or there are several and none of them is active.
    """
    return find_plan(book.read(), active=book.active, profile=profile_beside(book.address))


def need_cells(book: LiveBook, opened: Opened, box: Box | None = None) -> None:
    """Say beforehand what could not be done half-way.

    Raises:
        BookError: The sheet of the plan is protected, and some of the cells are locked.
    """
    if book.is_protected(opened.sheet, box) and identity_of(opened.book.properties) is not None:
        raise BookError(
            say(
                "la oficina regional bloqueó esas celdas de «{sheet}» y no se cambió nada: pedirle el cambio; lo "
                "demás se puede editar",
                sheet=opened.sheet,
            )
        )
    if book.is_protected(opened.sheet, box):
        raise BookError(
            say(
                "la hoja «{sheet}» está protegida y no se cambió nada: quitarle la protección (en Excel, Revisar; en "
                "Calc, Herramientas) y repetir",
                sheet=opened.sheet,
            )
        )


def unlocked(book: LiveBook, opened: Opened) -> AbstractContextManager[None]:
    """Lift the protection of the plan sheet for a while, where it is protected."""
    return book.unlocked(opened.sheet) if book.is_protected(opened.sheet) else contextlib.nullcontext()


def need_sheets(book: LiveBook) -> None:
    """Say beforehand what could not be done half-way.

    Raises:
        BookError: The workbook is protected against sheets that come or go.
    """
    if book.refuses_sheets:
        raise BookError(
            say(
                "{file}: el libro está protegido contra hojas nuevas y no se cambió nada: quitarle la protección (en "
                "Excel, Revisar; en Calc, Herramientas) y repetir",
                file=book.name,
            )
        )
