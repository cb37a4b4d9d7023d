"""The files that came back, found: workbooks, and whatever else units send instead."""

import os
import stat
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from poa_xl.books.files import BACKUPS, lock_owner
from poa_xl.books.package import is_book_name
from poa_xl.core.text import readable
from poa_xl.errors import SyncError
from poa_xl.i18n import reason, say

# What a program can save as .xlsx; what it is really is told when it is read.
_SHEETS = frozenset((".xls", ".xlsb", ".xlt", ".ods", ".ots", ".fods", ".csv", ".tsv", ".htm", ".html", ".et", ".wks"))
_PAGES = frozenset((".pdf", ".doc", ".docx", ".odt", ".rtf", ".jpg", ".jpeg", ".png", ".tif", ".tiff", ".gsheet"))
_BOXES = frozenset((".zip", ".rar", ".7z", ".gz", ".eml", ".msg"))
# How a package begins, and a workbook of old or one with a password.
_BEGINNINGS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_LOCKS = ("~$", ".~lock.")


@dataclass(frozen=True)
class Found:
    """A file that came back.

    Attributes:
        path: Where it is.
        name: What it is called: its name, with folders where names repeat.
        problem: Why it is not worth reading; empty when it is.
        note: What to know about it.
    """

    path: Path
    name: str
    problem: str = ""
    note: str = ""


def gather(sources: Sequence[Path], others: Sequence[Path]) -> list[Found]:
    """Find what came back in files and folders, sub-folders included.

    Args:
        sources: Files and folders.
        others: Workbooks to pass over, such as the master.

    Returns:
        Files in order, each with a name that no other has. Hidden files and backups are passed over, and so are files
        that no unit would send; what is no workbook and might be an answer comes with what to do about it.

    Raises:
        SyncError: There is nothing that could be read.
    """
    skipped = {os.path.realpath(each) for each in others}
    found: dict[str, Found] = {}
    for source in sources:
        for each in _look(source):
            real = os.path.realpath(each.path)
            if real not in skipped:
                found.setdefault(real, each)
    if not any(os.path.lexists(each) for each in sources):
        raise SyncError("\n".join(each.problem for each in found.values()))
    if not found:
        folders = ", ".join(map(str, sources))
        if skipped.intersection(map(os.path.realpath, sources)):
            raise SyncError(say("{folder}: es el maestro mismo; decir dónde están las respuestas", folder=folders))
        raise SyncError(say("{folder}: no hay ningún libro que una unidad haya enviado", folder=folders))
    return list(_named(sorted(found.values(), key=lambda each: each.path.as_posix())))


def _named(found: Sequence[Found]) -> Iterator[Found]:
    """Yield files by names that can be shown, no two alike: with folders where names repeat, then with a number."""
    count = Counter(readable(each.name) for each in found)
    taken: set[str] = set()
    for each in found:
        name = shown = readable(each.name if count[readable(each.name)] == 1 else each.path.as_posix())
        number = 1
        while shown in taken:
            number += 1
            shown = f"{name} ({number})"
        taken.add(shown)
        yield replace(each, name=shown)


def _look(source: Path) -> Iterator[Found]:
    try:
        mode = source.stat().st_mode
    except FileNotFoundError:
        yield Found(source, source.name, say("{file}: no existe", file=str(source)))
    except OSError as error:
        yield Found(
            source, source.name, say("{file}: no se puede leer ({detail})", file=str(source), detail=reason(error))
        )
    else:
        yield from _walk(source) if stat.S_ISDIR(mode) else (_file(source, mode),)


def _walk(folder: Path) -> Iterator[Found]:
    barred: list[OSError] = []
    for top, folders, files in os.walk(folder, onerror=barred.append):
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name != BACKUPS)
        yield from (
            Found(Path(top) / name, name, say("{file}: es una carpeta, no un libro", file=name))
            for name in folders
            if is_book_name(Path(name))
        )
        for path in (Path(top) / name for name in sorted(files)):
            mark = next((mark for mark in _LOCKS if path.name.startswith(mark)), "")
            if mark:
                yield from _orphan(path, mark)
            elif not path.name.startswith(".") and path.suffix.lower() in {*_SHEETS, *_PAGES, *_BOXES, ".numbers"}:
                yield _told(path)
            elif is_book_name(path) or (not path.name.startswith(".") and _is_like_a_book(path)):
                yield from _look(path)
    for error in barred:
        path = Path(str(error.filename))
        yield Found(
            path, path.name, say("{file}: la carpeta no se puede leer ({detail})", file=str(path), detail=reason(error))
        )


def _is_like_a_book(path: Path) -> bool:
    """Whether a file without an extension that we know begins as workbooks do: one that lost it, or a copy."""
    try:
        if not path.is_file():
            return False
        with path.open("rb") as file:
            return file.read(4).startswith(_BEGINNINGS)
    except OSError:
        return False


def _file(path: Path, mode: int) -> Found:
    if not stat.S_ISREG(mode):
        return Found(path, path.name, say("{file}: no es un archivo", file=path.name))
    owner = lock_owner(path)
    note = say("{owner} lo tiene abierto: puede faltar lo que no guardó", owner=owner) if owner else ""
    return Found(path, path.name, note=note)


def _told(path: Path) -> Found:
    """Say what to do about a file that is no workbook; of other spreadsheets their content tells it better."""
    kind = path.suffix.lower()
    if kind in _PAGES:
        problem = say("{file}: no es un libro; pedir el libro .xlsx que se envió", file=path.name)
    elif kind in _BOXES:
        problem = say("{file}: sacar de ahí el libro .xlsx y ponerlo en la carpeta", file=path.name)
    elif kind == ".numbers":
        problem = say("{file}: es un libro de Numbers; exportarlo como .xlsx", file=path.name)
    else:
        return next(_look(path))
    return Found(path, path.name, problem)


def _orphan(path: Path, mark: str) -> Iterator[Found]:
    """Tell of the mark of an open workbook that is not there itself."""
    book = path.with_name(path.name.removeprefix(mark).removesuffix("#"))
    if not book.exists() and is_book_name(book):
        owner = lock_owner(book) or say("otra persona")
        text = say("{file}: {owner} lo tiene abierto, pero aquí no está; guardarlo aquí", file=book.name, owner=owner)
        yield Found(path, book.name, text)
