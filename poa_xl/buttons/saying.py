"""What buttons of several groups need: the file of the workbook, and how they say what they found."""

from collections.abc import Sequence
from pathlib import Path

from poa_xl.books.live import LiveBook, file_of, is_in_a_cloud
from poa_xl.core.findings import Located
from poa_xl.core.flags import sentences
from poa_xl.errors import BookError
from poa_xl.i18n import say

_SHOWN = 3


def own_file(book: LiveBook) -> Path:
    """Return the file of a workbook.

    Raises:
        BookError: It is in no folder of this machine.
    """
    path = file_of(book)
    if path is not None:
        return path
    if is_in_a_cloud(book):
        raise BookError(
            say(
                "{file} está en OneDrive o SharePoint y no en una carpeta de este equipo, que este botón necesita: "
                "guardar una copia en el equipo (Archivo, Guardar una copia), abrirla y repetir",
                file=book.name,
            )
        )
    raise BookError(say("{file}: guardarlo primero como .xlsx, para que tenga una carpeta", file=book.name))


def saved_file(book: LiveBook) -> Path:
    """Save the workbook and give its file, which the regional office's buttons read."""
    path = own_file(book)
    book.save()
    return path


def finding_line(found: Located) -> str:
    """Write where a finding is, and what it says."""
    return f"{found.where.cell} · {sentences(found.finding.message)}"


def listed(head: str, lines: Sequence[str], most: int = _SHOWN) -> str:
    """Write a head and the first few lines."""
    rest = len(lines) - most
    more = [say("… y {count} más", count=rest)] if rest > 0 else []
    return "\n".join([head, *lines[:most], *more])
