"""The history of a master, opened; and paths as it keeps them."""

from pathlib import Path

from poa_xl.books.files import real, stamp
from poa_xl.errors import BookError, SyncError
from poa_xl.i18n import say
from poa_xl.store.address import file_of, location
from poa_xl.store.history import DatabaseError, History
from poa_xl.store.records import FOLDER

# Bytes of paths that are not UTF-8, as Python reads them, and the private letters that a database keeps for them.
_KEPT = {odd: odd - 0xDC00 + 0xF700 for odd in range(0xDC80, 0xDD00)}


def open_history(store: str | None, master: Path) -> History:
    """Open the history of a master; one that is no database is put aside and a new one begun, but for a stated one.

    Raises:
        BookError: It cannot be opened; what stands where it was stated to be may be anybody's, the master even.
    """
    url = location(store, real(master))
    try:
        return History(url)
    except DatabaseError as error:
        file = file_of(url)
        if store is not None or file is None or not file.is_file() or "not a database" not in str(error.orig):
            raise BookError(
                say("{url}: la historia no se puede abrir ({detail})", url=str(file or url), detail=error.orig)
            ) from error
        file.replace(file.with_name(f"{file.name}.{stamp(file) or ''}.ajeno"))
        return History(url)


def present_history(store: str | None, master: Path) -> History | None:
    """Open the history of a master without making one; None when there is none, or no database.

    Raises:
        BookError: A later version of poa-xl wrote it, or `store` is no address.
    """
    url = location(store, real(master))
    file = file_of(url)
    if file is not None and not file.is_file():
        return None
    try:
        return History(url)
    except DatabaseError:
        return None


def required_history(store: str | None, master: Path | None) -> History:
    """Open the history of a master; by default of any in this folder.

    Raises:
        SyncError: There is none.
        BookError: It cannot be read.
    """
    beside = master or Path("maestro.xlsx")
    history = present_history(store, beside)
    if history is not None:
        return history
    url = location(store, real(beside))
    file = file_of(url)
    if file is None or file.exists():
        raise BookError(
            say("{url}: la historia no se puede leer: no es una base de datos, o no responde", url=str(file or url))
        )
    if master is not None and store is None:
        raise SyncError(say("{file}: todavía no tiene consolidaciones.", file=master.name))
    raise SyncError(
        say("{url}: no hay historia; decir con --into cuál es el maestro o con --store dónde está", url=store or FOLDER)
    )


def resolve(history: History, text: str) -> Path:
    """Return a path that the history holds: relative to the folder that the history is in."""
    return (_home(history) or Path()) / text.translate({kept: odd for odd, kept in _KEPT.items()})


def relative(history: History, path: Path) -> str:
    """Write a path as the history keeps it, so that the folder can move as a whole."""
    absolute, home = real(path), _home(history)
    if home is None or not absolute.is_relative_to(home):
        return str(absolute).translate(_KEPT)
    return absolute.relative_to(home).as_posix().translate(_KEPT)


def _home(history: History) -> Path | None:
    """Return the folder that a history belongs to; None for one on a server."""
    file = file_of(history.url)
    if file is None:
        return None
    file = real(file)
    return file.parent.parent if file.parent.name == FOLDER else file.parent
