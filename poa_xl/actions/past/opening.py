"""The history of a master, opened; and paths as it keeps them."""

from pathlib import Path

from sqlalchemy.exc import DatabaseError

from poa_xl.books.files import stamp
from poa_xl.errors import BookError, SyncError
from poa_xl.i18n import say
from poa_xl.store.history import FOLDER, History, file_of, location


def open_history(store: str | None, master: Path) -> History:
    """Open the history of a master; one that is no database is put aside and a new one begun.

    Raises:
        BookError: It cannot be opened.
    """
    url = location(store, master)
    try:
        return History(url)
    except DatabaseError as error:
        file = file_of(url)
        if file is None or not file.is_file() or "not a database" not in str(error.orig):
            raise BookError(say("{url}: la historia no se puede abrir ({detail})", url=url,
                                detail=error.orig)) from error  # fmt: skip
        file.replace(file.with_name(f"{file.name}.{stamp(file) or ''}.ajeno"))
        return History(url)


def present_history(store: str | None, master: Path) -> History | None:
    """Open the history of a master without making anything; None when there is none that can be read."""
    file = file_of(location(store, master))
    if file is not None and not file.is_file():
        return None
    try:
        return History(location(store, master), migrate=file is None)
    except DatabaseError:
        return None


def required_history(store: str | None, master: Path | None) -> History:
    """Open the history of a master; by default of any in this folder.

    Raises:
        SyncError: There is none.
    """
    history = present_history(store, master or Path("maestro.xlsx"))
    if history is not None:
        return history
    if master is not None and store is None:
        raise SyncError(say("{file}: todavía no tiene consolidaciones.", file=master.name))
    raise SyncError(
        say("{url}: no hay historia; decir con --into cuál es el maestro o con --store dónde está", url=store or FOLDER)
    )


def resolve(history: History, text: str) -> Path:
    """Give a path that the history holds: relative to the folder that the history is in."""
    return _home(history) / text


def relative(history: History, path: Path) -> str:
    """Write a path as the history keeps it, so that the folder can move as a whole."""
    absolute, home = path.resolve(), _home(history).resolve()
    return absolute.relative_to(home).as_posix() if absolute.is_relative_to(home) else str(absolute)


def _home(history: History) -> Path:
    file = file_of(history.url)
    return Path() if file is None else file.parent.parent if file.parent.name == FOLDER else file.parent
