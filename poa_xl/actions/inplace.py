"""What stands where the workbooks of units are to go, and whether a new one may take its place."""

from collections.abc import Iterable
from pathlib import Path

from poa_xl.actions.load import load_one
from poa_xl.actions.regional import ANSWERS
from poa_xl.actions.tracking import reported_plan
from poa_xl.books.book import FileBook
from poa_xl.books.files import stamp
from poa_xl.books.package import open_package
from poa_xl.core.aliases import Aliases
from poa_xl.core.plan import Plan
from poa_xl.core.record import recorded
from poa_xl.errors import PoaError, SyncError
from poa_xl.i18n import say
from poa_xl.sheet.identity import identity_of
from poa_xl.store.history import History
from poa_xl.store.packing import key_of


def in_the_way(
    paths: Iterable[Path], master: Path, history: History | None, names: Aliases, *, resend: bool
) -> dict[Path, str | None]:
    """Return the stamp of what stands where workbooks are to go; None for nothing.

    Raises:
        SyncError: Something stands there that a new workbook must not replace.
    """
    sent = history.copies() if history is not None else {}
    stamps: dict[Path, str | None] = {}
    answers: list[str] = []
    others: list[str] = []
    for path in paths:
        if path.exists() and path.samefile(master):
            others.append(say("{file} es el plan que se reparte", file=path.name))
        elif path.exists() and not path.is_file():
            others.append(say("{file} no es un archivo", file=path.name))
        else:
            stamps[path] = stamp(path)
            reason = "" if stamps[path] is None or stamps[path] in sent else _held(path, names)
            answers += [f"{path.name} ({reason})"] if reason and not resend else []
    if others:
        raise SyncError(say("no se repartió nada: {files}; elegir otra carpeta con --output", files="; ".join(others)))
    if answers:
        raise SyncError(
            say(
                "no se repartió nada, para no perder lo que hay en {folder}: {files}. Llevarlo a la carpeta {answers} "
                "y consolidarlo con poa sync; o repetir con --resend, que lo deja en respaldos y envía de nuevo",
                folder=str(next(iter(stamps)).parent),
                files="; ".join(answers),
                answers=ANSWERS,
            )
        )
    return stamps


def _held(path: Path, names: Aliases) -> str:
    """Say what a file is whose bytes the history does not know; empty where it says what was sent all the same.

    So are workbooks of older versions known, and of a history that was lost.
    """
    try:
        package = open_package(path)
        identity = identity_of(package.properties)
        if identity is None:
            return say("no lo hizo poa split")
        plan = reported_plan(load_one(FileBook(path, package)))
    except PoaError as error:
        return str(error).removeprefix(f"{path.name}: ")
    keys = {sent_key(identity.plan, identity.year, identity.unit, each) for each in (plan, names.plan(plan))}
    return "" if identity.base in keys else say("cambió desde que se envió")


def sent_key(root: str, year: int | None, unit: str, plan: Plan) -> str:
    """Return the key in the history of what a unit was sent."""
    return key_of({"plan": root, "year": year, "unit": unit, "rows": recorded(plan.rows)})
