"""Processes and a real cluster of two workers come to the same, whatever befalls a reader; files that S3 holds too."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from poa_xl.dataset.collect import CollectOptions, collect
from poa_xl.dataset.engines import Cluster, Engine, Processes
from poa_xl.dataset.query import query
from poa_xl.dataset.sources import listed
from poa_xl.errors import SyncError
from tests.country import REGIONS, country, doubled
from tests.paths import ROOT

WORK = [f"tarea {number}" for number in range(12)]


class Workers:
    """A scheduler and some workers with their nannies, as an office would start them on several machines."""

    def __init__(self, folder: Path, count: int = 2) -> None:
        self.folder = folder
        environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "DASK_DISTRIBUTED__WORKER__DAEMON": "False",
            # Each worker that a task ends has to start again before it can be seen that it ends the next one too.
            "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "1",
        }
        program = [sys.executable, "-m", "distributed.cli.dask_scheduler"]
        place = folder / "scheduler.json"
        common: dict[str, Any] = {"env": environment, "cwd": folder, "stderr": subprocess.DEVNULL}
        self._running = [
            subprocess.Popen(
                [*program, "--scheduler-file", str(place), "--port", "0", "--no-dashboard", "--host", "127.0.0.1"],
                **common,
            )
        ]
        while not place.exists():
            assert self._running[0].poll() is None
            time.sleep(0.1)
        program = [sys.executable, "-m", "distributed.cli.dask_worker"]
        self._running += [
            subprocess.Popen(
                [
                    *program,
                    "--scheduler-file",
                    str(place),
                    "--nthreads",
                    "1",
                    "--no-dashboard",
                    "--host",
                    "127.0.0.1",
                    "--name",
                    f"w{number}",
                    "--local-directory",
                    str(folder),
                ],
                **common,
            )
            for number in range(count)
        ]
        from distributed import Client  # noqa: PLC0415 - heavy

        made: Any = Client  # Dask has no types
        self.client: Any = made(scheduler_file=str(place), set_as_default=False)
        if count:
            self.client.wait_for_workers(count, timeout=120)
        self.address = str(self.client.scheduler.address)

    def kill_one(self) -> None:
        """End the process of one worker, as a machine that loses its power does."""
        found = self.client.run(os.getpid)
        os.kill(next(iter(found.values())), signal.SIGKILL)

    def kill_scheduler(self) -> None:
        self._running[0].kill()

    def stop(self) -> None:
        self.client.close()
        for each in reversed(self._running):
            each.terminate()
        for each in self._running:
            each.wait(300)


@pytest.fixture(scope="module")
def workers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workers]:
    started = Workers(tmp_path_factory.mktemp("cluster"))
    yield started
    started.stop()


@pytest.fixture(params=["processes", "cluster"])
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    if request.param == "processes":
        yield Processes(2)
        return
    made = Cluster(request.getfixturevalue("workers").address)
    yield made
    made.close()


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = country(tmp_path_factory.mktemp("country"))
    (folder / REGIONS[0] / "malo.xlsx").write_bytes(b"PK no")
    return folder


def rows(folder: Path) -> list[tuple[object, ...]]:
    found = query(folder, "SELECT * EXCLUDE (file), file FROM rows ORDER BY region, file, row")
    told = query(folder, "SELECT region, file, problem FROM submissions ORDER BY ALL")
    return [*found.rows, *told.rows]


def test_all_that_work_comes_to_is_there_once(engine: Engine) -> None:
    done = list(engine(doubled, WORK, str))
    assert sorted(each.task for each in done) == sorted(WORK)
    assert all(each.found == each.task * 2 and not each.problem for each in done)


@pytest.mark.parametrize(
    ("task", "said"), [("falla", "ValueError"), ("cuelga", "POA_FILE_SECONDS"), ("muere", "no se pudo leer")]
)
def test_what_one_does_to_its_reader_stops_no_other(
    engine: Engine, task: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POA_FILE_SECONDS", "20" if task != "cuelga" else "6")
    done = {each.task: each for each in engine(doubled, [*WORK[:4], task, *WORK[4:]], str)}
    assert done.keys() == {*WORK, task}
    assert said in done[task].problem
    assert {each: done[each].problem for each in WORK if done[each].found != each * 2} == {}


def test_a_worker_that_is_killed_midway_changes_nothing(workers: Workers) -> None:
    engine = Cluster(workers.address)
    tasks = [f"{number}" for number in range(300)]
    killer = threading.Timer(1.0, workers.kill_one)
    killer.start()
    done = list(engine(doubled, tasks, str))
    killer.join()
    engine.close()
    assert {each.task: each.found for each in done} == {task: task * 2 for task in tasks}
    workers.client.wait_for_workers(2, timeout=120)


def test_what_no_worker_takes_is_read_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POA_FILE_SECONDS", "1")
    monkeypatch.setattr("poa_xl.dataset.engines._COLD", 1)
    deserted = Workers(tmp_path, 0)
    engine = Cluster(deserted.address)
    done = list(engine(doubled, WORK, str))
    engine.close()
    deserted.stop()
    assert {each.task: each.found for each in done} == {task: task * 2 for task in WORK}


def test_what_a_scheduler_leaves_that_ends_midway_is_read_here(tmp_path: Path) -> None:
    lonely = Workers(tmp_path, 1)
    engine = Cluster(lonely.address)
    tasks = [f"{number}" for number in range(200)]
    found = {}
    for number, each in enumerate(engine(doubled, tasks, str)):
        if number == len(WORK):
            lonely.kill_scheduler()
        found[each.task] = each.found
    engine.close()
    lonely.stop()
    assert found == {task: task * 2 for task in tasks}


def test_a_cluster_comes_to_the_same_dataset_as_one_process(source: Path, workers: Workers, tmp_path: Path) -> None:
    collect([str(source)], tmp_path / "one", CollectOptions(jobs=1))
    done = collect([str(source)], tmp_path / "many", CollectOptions(scheduler=workers.address))
    assert (done.taken, len(done.refused)) == (4, 1)
    assert rows(tmp_path / "one") == rows(tmp_path / "many")
    names = [
        sorted(each.relative_to(tmp_path / top).as_posix() for each in (tmp_path / top).rglob("part-*"))
        for top in ("one", "many")
    ]
    assert names[0] == names[1]


def test_a_scheduler_that_does_not_answer_is_told(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("poa_xl.dataset.engines._PATIENCE", "1s")
    with pytest.raises(SyncError, match="no responde"):
        collect([str(source)], tmp_path / "d", CollectOptions(scheduler="tcp://127.0.0.1:9"))


def test_without_dask_it_is_said_what_to_install(source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(SyncError, match=r"poa-xl\[cluster\]"):
        collect([str(source)], tmp_path / "d", CollectOptions(scheduler="tcp://127.0.0.1:9"))


@pytest.fixture(scope="module")
def bucket(source: Path) -> Iterator[str]:
    """The country in a server that speaks as S3 does."""
    from moto.server import ThreadedMotoServer  # noqa: PLC0415 - heavy

    server = ThreadedMotoServer("127.0.0.1", 0)
    server.start()
    address, port = server.get_host_and_port()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL", f"http://{address}:{port}")
        patch.setenv("AWS_ACCESS_KEY_ID", "poa")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "poa")
        patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        import s3fs  # noqa: PLC0415 - heavy

        files = s3fs.S3FileSystem()
        files.mkdir("planes")
        for path in source.rglob("*.xlsx"):
            files.pipe_file(f"planes/pais/{path.relative_to(source).as_posix()}", path.read_bytes())
        files.pipe_file("planes/pais/La Paz/~$abierto.xlsx", b"x")
        yield "s3://planes/pais"
    server.stop()


def test_files_of_a_bucket_come_as_those_of_a_folder(source: Path, bucket: str, tmp_path: Path) -> None:
    done = collect([bucket], tmp_path / "far", CollectOptions(jobs=2))
    assert (done.taken, [each.file for each in done.refused]) == (4, ["malo.xlsx"])
    collect([str(source)], tmp_path / "near", CollectOptions(jobs=1))
    assert rows(tmp_path / "far") == rows(tmp_path / "near")
    again = collect([bucket], tmp_path / "far", CollectOptions(jobs=1))
    assert (again.taken, again.read) == (4, 0)
    assert (
        query(tmp_path / "far", "SELECT path FROM submissions WHERE problem IS NULL")
        .rows[0][0]
        .startswith("s3://planes/pais/")
    )


def test_what_no_url_reaches_is_told(bucket: str) -> None:
    for url, said in (
        (f"{bucket}/nada", "no hay ningún libro"),
        ("s3://ningun-balde", "no se puede leer|no hay"),
        ("nada://x/y", "no se puede leer"),
    ):
        with pytest.raises(SyncError, match=said):
            listed([url])


def test_one_file_of_a_bucket_has_its_folder_for_a_region(bucket: str) -> None:
    (found,) = listed([f"{bucket}/La Paz/Unidad Legal.xlsx"])
    assert (found.region, found.found.name) == ("La Paz", "Unidad Legal.xlsx")
