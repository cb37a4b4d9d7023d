"""A blank plan to begin with; and the Word template of the report, to be edited."""

from importlib.resources import files
from pathlib import Path

from poa_xl.books.book import FileBook
from poa_xl.books.files import replace, stamp
from poa_xl.errors import BookError
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


def write_report_template(path: Path) -> Path | None:
    """Write the template of the report that comes with poa-xl.

    Returns:
        The backup of what stood there before; None when nothing did.

    Raises:
        BookError: It cannot be written, or is to be no .docx.
    """
    if path.suffix.lower() != ".docx":
        raise BookError(say("{file}: la plantilla del informe es un documento .docx", file=path.name))
    return replace(path, (files("poa_xl") / "templates" / "informe.docx").read_bytes(), expected=stamp(path))
