"""History and undo; and what is left when a consolidation is killed at any step."""

import multiprocessing
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
import sqlalchemy as sa
from filelock import FileLock

from poa_xl.actions.approving import Approval, approve, modify
from poa_xl.actions.closing import track_book
from poa_xl.actions.load import load_one
from poa_xl.actions.past.locking import locked
from poa_xl.actions.past.marks import run_of
from poa_xl.actions.past.opening import open_history
from poa_xl.actions.past.recovering import UNDOING, recover
from poa_xl.actions.past.telling import tell
from poa_xl.actions.past.undoing import undo
from poa_xl.actions.splitting import split_book
from poa_xl.actions.syncing import SyncOptions, sync
from poa_xl.actions.updating import Options
from poa_xl.books.book import FileBook
from poa_xl.errors import BookError, SyncError
from poa_xl.store.history import History
from tests.paths import ROOT
from tests.plans import code, edit, save, small
from tests.tracked import type_into

LEGAL = "Unidad Legal.xlsx"


@pytest.fixture
def master(tmp_path: Path) -> Path:
    path = save(small(), tmp_path / "maestro.xlsx")
    split_book(path, tmp_path / "u")
    edit(tmp_path / "u" / LEGAL, ("GRO1.1.1", "budget", 150))
    return path


def budget(path: Path) -> object:
    return next(row.budget for row in load_one(FileBook(path)).parsed.plan.rows if row.code == code("GRO1.1.1"))


def history(master: Path) -> History:
    return open_history(None, master)


def test_runs_are_undone_one_after_the_other(master: Path) -> None:
    first = master.read_bytes()
    sync([master.parent / "u"], master)
    second = master.read_bytes()
    edit(master.parent / "u" / LEGAL, ("GRO1.1.1", "budget", 160))
    sync([master.parent / "u"], master)
    assert budget(master) == 160
    assert undo(master=master).run.number == 2
    assert master.read_bytes() == second
    with pytest.raises(SyncError, match="ya no está vigente"):
        undo(2, master=master)
    assert undo(1, master=master).run.number == 1
    assert master.read_bytes() == first
    with pytest.raises(SyncError, match="no hay nada que deshacer"):
        undo(master=master)
    with pytest.raises(SyncError, match="no hay ningún paso 9"):
        undo(9, master=master)
    assert [run.state for run in tell(master=master).runs] == ["undone", "undone"]


def test_a_master_that_changed_since_is_not_undone_and_the_changes_are_told(master: Path) -> None:
    sync([master.parent / "u"], master)
    edit(master, *(("GRO1.2.1", name, "Otro") for name in ("owner", "evidence")))
    with pytest.raises(SyncError, match=r"GRO1\.2\.1 Responsable: Jefe Unidad Legal → Otro"):
        undo(master=master)
    assert budget(master) == 150


def test_what_was_written_since_goes_with_a_step_where_that_is_said(master: Path) -> None:
    first = master.read_bytes()
    sync([master.parent / "u"], master)
    edit(master, ("GRO1.2.1", "owner", "Otro"))
    typed = master.read_bytes()
    assert undo(master=master, drop=True, dry_run=True).lost == ["GRO1.2.1 Responsable: Jefe Unidad Legal → Otro"]
    assert master.read_bytes() == typed
    done = undo(master=master, drop=True)
    assert done.lost == ["GRO1.2.1 Responsable: Jefe Unidad Legal → Otro"]
    assert master.read_bytes() == first
    assert done.backup is not None
    assert done.backup.read_bytes() == typed


def test_what_was_reported_and_said_of_modifications_since_is_told(master: Path) -> None:
    approve(master, Approval("RA 1"))
    track_book(master, Options(until=2))
    tracked = master.read_bytes()
    type_into(master, {"GRO1.2.1": {"executed_ENE": 5}})
    with pytest.raises(SyncError, match=r"cambió después de .*: GRO1\.2\.1 Ejecutado ENE:  → 5\. Con --drop-data"):
        undo(master=master)
    edit(master, ("GRO1.1.1", "owner", "Ana"))
    modify(master)
    type_into(master, {"GRO1.2.1": {"cause": "lluvia"}})
    book = openpyxl.load_workbook(master)
    book["Modificaciones"]["J5"] = "licencia"
    book.save(master)
    with pytest.raises(SyncError, match=r"antes de deshacer .* hay que deshacer la lista de modificaciones 3"):
        undo(2, master=master)
    assert undo(master=master, drop=True).lost == [
        "GRO1.2.1 Causa del desvío:  → lluvia",
        "GRO1.1.1 Responsable, Motivo: licencia",
    ]
    told = undo(master=master, drop=True).lost
    assert "GRO1.2.1 Ejecutado ENE:  → 5" in told
    assert undo(master=master).run.number == 1
    assert tracked != master.read_bytes()


@pytest.mark.parametrize("spoil", [lambda path: path.write_bytes(b"x"), lambda path: path.unlink()])
def test_a_master_that_is_none_any_more_is_not_undone(master: Path, spoil: Callable[[Path], None]) -> None:
    sync([master.parent / "u"], master)
    spoil(master)
    with pytest.raises(SyncError, match="se guardó de nuevo o no está"):
        undo(master=master)


def test_a_backup_that_is_gone_is_told(master: Path) -> None:
    done = sync([master.parent / "u"], master)
    assert done.backup is not None
    done.backup.unlink()
    with pytest.raises(BookError, match="respaldo"):
        undo(master=master)
    assert budget(master) == 150


def test_a_master_that_a_run_made_goes_with_it_and_a_backup_stays(master: Path) -> None:
    new = master.parent / "nuevo.xlsx"
    sync([master.parent / "u"], new)
    data = new.read_bytes()
    done = undo(master=new)
    assert not new.exists()
    assert done.backup is not None
    assert done.backup.read_bytes() == data


def test_the_folder_may_move_as_a_whole(master: Path, tmp_path: Path) -> None:
    before = master.read_bytes()
    sync([master.parent / "u"], master)
    folder = tmp_path / "otra"
    folder.mkdir()
    for name in ("maestro.xlsx", ".poa", "respaldos"):
        (tmp_path / name).rename(folder / name)
    undo(master=folder / "maestro.xlsx")
    assert (folder / "maestro.xlsx").read_bytes() == before


def test_there_is_no_history_where_nobody_consolidated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for ask in (tell, undo):
        with pytest.raises(SyncError, match=r"m\.xlsx: todavía no tiene consolidaciones"):
            ask(master=tmp_path / "m.xlsx")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SyncError, match=r"--into .* --store"):
        tell()
    assert list(tmp_path.iterdir()) == []


def test_a_history_of_a_later_version_is_refused(master: Path) -> None:
    engine = sa.create_engine(f"sqlite:///{master.parent / '.poa' / 'history.sqlite'}")
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    with pytest.raises(BookError, match="más nueva"):
        sync([master.parent / "u"], master)


def test_migrations_make_what_the_schema_says(master: Path) -> None:
    from alembic.autogenerate import compare_metadata  # noqa: PLC0415 - heavy
    from alembic.migration import MigrationContext  # noqa: PLC0415

    from poa_xl.store.schema import metadata  # noqa: PLC0415

    engine = sa.create_engine(f"sqlite:///{master.parent / '.poa' / 'history.sqlite'}")
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    engine.dispose()


# Two at once


def test_a_second_consolidation_waits_for_the_first(master: Path) -> None:
    lock = FileLock(master.parent / ".poa" / "maestro.xlsx.lock", thread_local=False)
    lock.acquire()
    before = master.read_bytes()
    seen: list[bytes] = []

    def end() -> None:
        seen.append(master.read_bytes())
        lock.release(force=True)

    threading.Timer(0.5, end).start()
    assert sync([master.parent / "u"], master).path == master
    assert seen == [before]


def test_a_second_consolidation_refuses_when_the_first_does_not_end(
    master: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POA_WAIT", "0.2")
    before = master.read_bytes()
    with FileLock(master.parent / ".poa" / "maestro.xlsx.lock"), pytest.raises(SyncError, match="está en marcha"):
        sync([master.parent / "u"], master)
    assert master.read_bytes() == before


def _sync(folder: str, master: str) -> None:
    sync([Path(folder)], Path(master))


def test_two_at_once_lose_nothing(master: Path) -> None:
    edit(master.parent / "u" / "Adm Aduana Pisiga.xlsx", ("GRO1.1.2", "owner", "Uno"))
    context = multiprocessing.get_context("spawn")
    work = [
        context.Process(target=_sync, args=(str(master.parent / "u" / name), str(master)))
        for name in (LEGAL, "Adm Aduana Pisiga.xlsx")
    ]
    for each in work:
        each.start()
    for each in work:
        each.join(60)
    assert [each.exitcode for each in work] == [0, 0]
    rows = {str(row.code): row for row in load_one(FileBook(master)).parsed.plan.rows}
    assert rows["GRO1.1.1"].budget == 150
    assert rows["GRO1.1.2"].owner == "Uno"
    assert len(tell(master=master).runs) == 2


# Killed


# What is called before and after everything that a consolidation or an undo leaves behind on the disk.
STEPS = (
    "poa_xl.store.history.History.begin",
    "poa_xl.store.history.History.confirm",
    "poa_xl.books.files._keep",
    "poa_xl.books.files._swap",
    "os.fsync",
    "pathlib.Path.replace",
    "shutil.copy2",
)

_KILLER = """
import importlib, os, sys
from pathlib import Path
step, moment, times, action, master, folder = sys.argv[1:]
name, _, last = step.rpartition(".")
try:
    owner = importlib.import_module(name)
except ModuleNotFoundError:
    module, _, attribute = name.rpartition(".")
    owner = getattr(importlib.import_module(module), attribute)
real = getattr(owner, last)
left = [int(times)]
def killed(*args, **named):
    left[0] -= 1
    if left[0] == 0 and moment == "before":
        os._exit(9)
    given = real(*args, **named)
    if left[0] == 0 and moment == "after":
        os._exit(9)
    return given
setattr(owner, last, killed)
from poa_xl.actions.past.undoing import undo
from poa_xl.actions.syncing import sync
if action == "sync":
    sync([Path(folder)], Path(master))
else:
    undo(master=Path(master))
os._exit(0)
"""


def killed(step: str, moment: str, times: int, action: str, master: Path) -> bool:
    """Run an action in a process that dies at a step; tell whether it came to that."""
    arguments = [step, moment, str(times), action, str(master), str(master.parent / "u")]
    done = subprocess.run([sys.executable, "-c", _KILLER, *arguments], cwd=ROOT, check=False, capture_output=True)
    assert done.returncode in (0, 9), done.stderr.decode()
    return done.returncode == 9


@pytest.mark.parametrize("action", ["sync", "undo"])
@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("step", STEPS)
def test_killed_at_any_step_master_and_history_agree_old_or_new(
    master: Path, step: str, moment: str, action: str
) -> None:
    old = master.read_bytes()
    if action == "undo":
        sync([master.parent / "u"], master)
    new = master.read_bytes()
    times = 1
    while killed(step, moment, times, action, master):
        times += 1
        data = master.read_bytes()
        told = tell_after_recovery(master)
        if action == "undo":
            assert data in (old, new)
            assert told == (["done"] if data == new else ["undone"])
            if data == old:
                sync([master.parent / "u"], master)
                new = master.read_bytes()
        elif data == old:
            assert told == []
        else:
            assert told == ["done"]
            assert budget(master) == 150
            assert run_of(master) == history(master).runs()[0].id
            undo(master=master)
            assert master.read_bytes() == old
            _forget(master)
    assert list(master.parent.glob(".poa-*.tmp")) == []


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("step", STEPS)
def test_an_undo_that_was_killed_is_finished_by_the_next_one_and_no_other_run_is_touched(
    master: Path, step: str, moment: str
) -> None:
    sync([master.parent / "u"], master)
    first = master.read_bytes()
    edit(master.parent / "u" / LEGAL, ("GRO1.1.1", "budget", 160))
    sync([master.parent / "u"], master)
    times = 1
    while killed(step, moment, times, "undo", master):
        times += 1
        latest = history(master).runs()[0]
        if latest.state != "undone":
            assert undo(master=master).run.number == latest.number
        assert master.read_bytes() == first
        states = {run.number: run.state for run in history(master).runs()}
        assert (states[latest.number], states[1]) == ("undone", "done")
        sync([master.parent / "u"], master)


def tell_after_recovery(master: Path) -> list[str]:
    """States of the runs as the next consolidation finds them; a dry one changes nothing else."""
    sync([master.parent / "u" / "Adm Aduana Pisiga.xlsx"], master, SyncOptions(dry_run=True))
    with locked(master):
        recover(history(master))
    return [run.state for run in tell(master=master).runs]


def _forget(master: Path) -> None:
    for run in history(master).runs():
        history(master).drop(run.id)


def test_an_undo_cut_short_before_the_master_changed_did_not_happen(master: Path) -> None:
    sync([master.parent / "u"], master)
    run = history(master).runs()[0]
    history(master).confirm(run.id, UNDOING)
    assert tell_after_recovery(master) == ["done"]


def test_a_disk_that_is_full_leaves_the_old_master(master: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = master.read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(BookError, match="sigue intacto"):
        sync([master.parent / "u"], master)
    monkeypatch.undo()
    assert master.read_bytes() == before
    assert tell_after_recovery(master) == []
    assert list(master.parent.glob(".poa-*.tmp")) == []
