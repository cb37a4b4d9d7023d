"""A history, told."""

from dataclasses import dataclass, field
from pathlib import Path

from poa_xl.actions.past.opening import required_history
from poa_xl.store.history import database_errors
from poa_xl.store.records import PENDING, Past, Run, Version


@dataclass
class Told:
    """A history as it is told: what became of changes, the runs, the latest first; the version that a run approved."""

    past: list[Past]
    runs: list[Run] = field(default_factory=list)
    versions: dict[str, Version] = field(default_factory=dict)


def tell(store: str | None = None, master: Path | None = None, code: str = "", unit: str = "", since: str = "") -> Told:
    """List who changed what, when, from which file.

    Args:
        store: Where the history is; by default beside the master.
        master: The master; by default any in this folder.
        code: Only of this code and what is below it.
        unit: Only of this unit.
        since: Only from this day on, ISO.

    Raises:
        SyncError: There is no history.
        BookError: It cannot be read.
    """
    history = required_history(store, master)
    with database_errors():
        runs = [run for run in history.runs() if run.state != PENDING]
        versions = {each.run: each for each in history.versions([run.id for run in runs])}
        return Told(history.past(code, unit, since), runs, versions)
