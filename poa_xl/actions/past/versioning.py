"""The approved versions of a master: which ones it has, found by name, each with its plan."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from poa_xl.actions.past.marks import carried_by
from poa_xl.actions.past.opening import required_history, resolve
from poa_xl.books.files import real
from poa_xl.core.plan import Plan
from poa_xl.core.text import fold
from poa_xl.errors import SyncError
from poa_xl.i18n import say
from poa_xl.store.history import History, database_errors
from poa_xl.store.packing import unpack_rows
from poa_xl.store.records import DONE, Version


@dataclass(frozen=True)
class Approved:
    """A version of a master: what the history says of it, when it was written down, and its plan."""

    version: Version
    moment: str
    plan: Plan


def versions_of(history: History, master: Path, mark: Mapping[str, str]) -> list[Version]:
    """List the versions that a master builds on, the first one first.

    Args:
        history: Its history.
        master: Where it is.
        mark: What it carries of its last run; programs that drop hidden names leave us with where it is.
    """
    return history.versions(history.lineage(parent_of(history, master, mark)))


def approved_in(history: History, master: Path, mark: Mapping[str, str]) -> str:
    """Return the name of the last version that a master builds on; empty where none was approved."""
    return next((each.name for each in reversed(versions_of(history, master, mark))), "")


def parent_of(history: History, master: Path, mark: Mapping[str, str]) -> str | None:
    """Return the run that a master builds on: the one that it carries, else the last that was written there."""
    if "run" in mark:
        return mark["run"]
    written = (run.id for run in history.runs(DONE) if real(resolve(history, run.master)) == real(master))
    return next(written, None)


def named(versions: list[Version], name: str, file: str) -> Version:
    """Return the version of a name; the last one for none.

    Raises:
        SyncError: There is none.
    """
    if not versions:
        raise SyncError(say("{file}: todavía no tiene ninguna versión aprobada; poa approve la registra", file=file))
    if not name:
        return versions[-1]
    found = next((each for each in versions if fold(each.name) == fold(name)), None)
    if found is None:
        known = ", ".join(f"«{each.name}»" for each in versions)
        raise SyncError(say("{file}: no hay versión «{name}»; hay {known}", file=file, name=name, known=known))
    return found


def with_plan(history: History, version: Version) -> Approved:
    """Return a version with its plan.

    Raises:
        BookError: The history is damaged.
    """
    moments = {run.id: run.started_at for run in history.runs()}
    plan = Plan(unpack_rows(history.plan_of(version.run)))
    return Approved(version, moments.get(version.run, ""), plan)


def all_versions(master: Path, store: str | None = None) -> list[Approved]:
    """List the versions of a master with their plans.

    Raises:
        SyncError: There is no history.
        BookError: It, or the master, cannot be read.
    """
    mark = carried_by(master)
    with database_errors():
        history = required_history(store, master)
        return [with_plan(history, each) for each in versions_of(history, master, mark)]


def version_named(master: Path, name: str, store: str | None = None) -> Approved:
    """Return the version of a master that has a name, with its plan; see `all_versions`.

    Raises:
        SyncError: There is none; the message names those that there are.
    """
    found = all_versions(master, store)
    wanted = named([each.version for each in found], name, master.name)
    return next(each for each in found if each.version is wanted)
