"""What buttons of several groups need: the file of the workbook, and how they say what they found."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

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


def numbered(number: int, part: Mapping[str, Any]) -> str:
    """Name the unit of a workbook that `poa split` tells of, and how much is in it, with its number in a list."""
    return say(
        "{number} · {unit} (operaciones: {count})",
        number=str(number),
        unit=part["unit"] or say("Sin unidad"),
        count=part["operations"],
    )


def numbers(answer: str, most: int) -> list[int]:
    """Read which of a numbered list people chose: all where they wrote nothing.

    Raises:
        BookError: They wrote something else than numbers of the list.
    """
    words = answer.replace(";", ",").replace(",", " ").split()
    return sorted({one_of(word, range(1, most + 1)) for word in words}) or [*range(1, most + 1)]


def one_of(answer: str, known: Sequence[int]) -> int:
    """Read which number of a list people chose.

    Raises:
        BookError: It is none of them.
    """
    word = answer.strip()
    if word.isdecimal() and int(word) in known:
        return int(word)
    shown = ", ".join(map(str, known))
    raise BookError(say("«{word}» no está en la lista ({numbers}): no se hizo nada", word=word, numbers=shown))
