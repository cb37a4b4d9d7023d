"""Work on many files, each for itself: one that raises, hangs, or ends its process is no other's problem."""

# ruff: noqa: PLC0415 - a command about one file needs neither processes nor, as a rule, the log

import contextlib
import math
import os
import sys
import time
import traceback
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, TypeVar

from poa_xl.actions.collecting import rarely_collecting
from poa_xl.errors import SyncError
from poa_xl.i18n import language, say, set_language

if TYPE_CHECKING:
    from multiprocessing import Process
    from multiprocessing.connection import Connection

Task = TypeVar("Task")
Found = TypeVar("Found")

# A plan of 20,000 rows takes some ten seconds.
_BUDGET = 120.0
_TASKS_PER_PROCESS = 24


@dataclass(frozen=True)
class Outcome(Generic[Task, Found]):
    """What came of a task: what was found, or the sentence that says why nothing was."""

    task: Task
    found: Found | None
    problem: str = ""


@dataclass
class _Worker(Generic[Task, Found]):
    """A process that works on one task at a time, so many seconds at the most."""

    work: Callable[[Task], Found]
    task: Task
    seconds: float
    deadline: float = field(init=False)
    connection: "Connection" = field(init=False)
    process: "Process" = field(init=False)

    def __post_init__(self) -> None:
        from multiprocessing import Pipe, Process

        self.connection, other = Pipe()
        self.process = Process(target=_serve, args=(other, self.connection, self.work, language()), daemon=True)
        self.process.start()
        other.close()
        self.begin(self.task)

    def begin(self, task: Task) -> None:
        self.task, self.deadline = task, time.monotonic() + self.seconds
        # It may have died since its last task; the answer that never comes says so.
        with contextlib.suppress(OSError):
            self.connection.send(task)

    def end(self) -> None:
        self.process.kill()
        self.process.join()
        self.connection.close()


def apart(
    work: Callable[[Task], Found], tasks: Sequence[Task], name: Callable[[Task], str], jobs: int = 1
) -> Iterator[Outcome[Task, Found]]:
    """Carry tasks out in processes of their own.

    Args:
        work: What to do; a function of a module, which returns what can be pickled.
        tasks: What to do it with.
        name: Tells what a task is called in messages and in the log.
        jobs: Number of processes.

    Yields:
        What came of each task, in no particular order.

    Raises:
        SyncError: `POA_FILE_SECONDS`, the time that each task may take, is no number.
    """
    if sys.platform == "emscripten":
        # A page has no processes.
        yield from (guarded(work, task, name(task)) for task in tasks)
        return
    from multiprocessing.connection import wait

    seconds = budget()
    waiting = deque(tasks)
    workers: list[_Worker[Task, Found]] = []
    try:
        while waiting or workers:
            while waiting and len(workers) < jobs:
                workers.append(_Worker(work, waiting.popleft(), seconds))
            soonest = min(worker.deadline for worker in workers)
            ready = wait([worker.connection for worker in workers], max(0.0, soonest - time.monotonic()))
            for worker in list(workers):
                done = _outcome(worker, name, is_ready=worker.connection in ready)
                if done is None:
                    continue
                if worker.process.is_alive() and waiting:
                    worker.begin(waiting.popleft())
                else:
                    worker.end()
                    workers.remove(worker)
                yield done
    finally:
        for worker in workers:
            worker.end()


def _outcome(
    worker: _Worker[Task, Found], name: Callable[[Task], str], *, is_ready: bool
) -> Outcome[Task, Found] | None:
    """Return what came of a worker's task; None while it is at it. A worker that is beyond help is ended."""
    task, called = worker.task, name(worker.task)
    if is_ready:
        try:
            found, detail, trace = worker.connection.recv()
        except (EOFError, OSError):
            worker.process.join()
            detail = say("el programa que lo leía se cerró, con código {code}", code=str(worker.process.exitcode))
            return Outcome(task, None, _logged(called, detail, detail))
        return Outcome(task, found) if not trace else Outcome(task, None, _logged(called, detail, trace))
    if time.monotonic() < worker.deadline:
        return None
    worker.process.kill()
    worker.process.join()
    detail = say("tardó más de {count} segundos (POA_FILE_SECONDS)", count=f"{worker.seconds:g}")
    return Outcome(task, None, _logged(called, detail, detail))


def processes(tasks: int, wanted: int | None = None) -> int:
    """Return how many processes so many tasks are worth: starting one costs as much as a dozen files.

    Args:
        tasks: How many there are.
        wanted: How many processes the user wants.
    """
    return wanted or min(os.cpu_count() or 1, 1 + tasks // _TASKS_PER_PROCESS)


def guarded(work: Callable[[Task], Found], task: Task, called: str) -> Outcome[Task, Found]:
    """Carry one task out in this process; whatever it raises is its problem, and goes to the log."""
    found, detail, trace = _safely(work, task)
    return Outcome(task, found) if not trace else Outcome(task, None, _logged(called, detail, trace))


def budget() -> float:
    """Return how long one file may take, in seconds.

    Raises:
        SyncError: `POA_FILE_SECONDS` says something else.
    """
    text = os.environ.get("POA_FILE_SECONDS", "").strip()
    try:
        seconds = float(text) if text else _BUDGET
    except ValueError:
        seconds = math.nan
    if not 0 < seconds < math.inf:
        raise SyncError(say("POA_FILE_SECONDS: «{text}» no es un número de segundos", text=text))
    return seconds


def _logged(called: str, detail: str, trace: str) -> str:
    from poa_xl.store.log import LOG, log_file, logged

    with contextlib.suppress(OSError), logged():
        LOG.error("%s\n%s", called, trace)
    return say(
        "{file}: no se pudo leer: {detail}; lo demás sigue. El registro es {log}",
        file=called,
        detail=detail,
        log=str(log_file()),
    )


def _serve(connection: "Connection", far: "Connection", work: Callable[[Task], object], tongue: str) -> None:
    # A process that still held the other end would wait for ever for one that was killed.
    far.close()
    set_language(tongue)
    with contextlib.suppress(EOFError, OSError, KeyboardInterrupt), rarely_collecting():
        while True:
            connection.send(_safely(work, connection.recv()))


def _safely(work: Callable[[Task], Found], task: Task) -> tuple[Found | None, str, str]:
    """Return what was found; else what went wrong in short, and its traceback."""
    try:
        return work(task), "", ""
    except Exception as error:  # noqa: BLE001 - whatever it is, the other files go on
        return None, f"{type(error).__name__}: {error}"[:200], traceback.format_exc()
