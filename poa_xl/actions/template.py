"""A blank plan to begin with."""

from pathlib import Path

from poa_xl.books.book import FileBook
from poa_xl.i18n import say
from poa_xl.sheet.blank import blank_sheet, help_sheet


def write_template(path: Path, year: int) -> Path | None:
    """Write a blank plan of a year.

    Returns:
        The backup of what stood there before; None when nothing did.

    Raises:
        BookError: It cannot be written.
    """
    title = (say("PLAN OPERATIVO ANUAL {year}", year=str(year)), say("(nombre de la unidad)"))
    return FileBook(path).write([blank_sheet(f"POA {year}", title), help_sheet()])
