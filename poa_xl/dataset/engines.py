"""Who reads the files: processes of this machine, or a Dask cluster. What one file does to its reader stays with it."""

import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from poa_xl.actions.apart import Outcome, apart, budget, guarded, processes
from poa_xl.errors import SyncError
from poa_xl.i18n import language, say, set_language

Task = TypeVar("Task")
Found = TypeVar("Found")

# How long to wait for a cluster, and how often one task may lose its worker.
_PATIENCE = "15s"
_LOSSES = 3
# Seconds that a worker may need for its first task beside the time of the task itself: it has all our modules to load.
_COLD = 60
_TICK = 0.5


class Engine(Protocol):
    """Carries out many tasks, each for itself."""

    def __call__(
        self, work: Callable[[Task], Found], tasks: Sequence[Task], name: Callable[[Task], str]
    ) -> Iterator[Outcome[Task, Found]]:
        """Yield what came of each task, in no particular order; see `apart`."""


class Processes:
    """Processes of this machine.

    Args:
        jobs: How many.
    """

    def __init__(self, jobs: int) -> None:
        self._jobs = jobs

    def __call__(
        self, work: Callable[[Task], Found], tasks: Sequence[Task], name: Callable[[Task], str]
    ) -> Iterator[Outcome[Task, Found]]:
        """Yield what came of each task; see `Engine`."""
        return apart(work, tasks, name, self._jobs)


@dataclass
class _Flight(Generic[Task]):
    """A task on its way: when its time is over, and the worker that has it, if one does."""

    task: Task
    end: float
    worker: str = ""


@dataclass(frozen=True)
class _Landing(Generic[Task, Found]):
    """What came of a task, and at which worker; lost when nothing came back from its workers."""

    outcome: Outcome[Task, Found]
    lost: bool = False
    worker: str = ""


class Cluster:
    """Workers of a Dask cluster, each with poa-xl and the same files at the same paths or URLs.

    A task that loses its worker goes to another; one that takes longer than its time is given up, and its worker
    started anew. What workers end over or do not give back in time, what none takes, and what is left when the
    scheduler ends, is read here, in processes of its own, where a file that hangs is told.

    Args:
        address: Of the scheduler, `tcp://10.0.0.5:8786`.

    Raises:
        SyncError: Dask is not installed, or nobody answers.
    """

    def __init__(self, address: str) -> None:
        try:
            from distributed import Client  # noqa: PLC0415 - heavy, and only clusters need it
        except ModuleNotFoundError as error:
            name = error.name or "distributed"
            raise SyncError(say("para --engine dask falta {module}: instalar poa-xl[cluster]", module=name)) from error
        try:
            self._client: Any = Client(address, timeout=_PATIENCE, set_as_default=False)  # type: ignore[no-untyped-call]
        except (OSError, ValueError) as error:
            text = say("{address}: no responde ningún planificador de Dask ({detail})", address=address, detail=error)
            raise SyncError(text) from error
        # The workers that have carried something out.
        self._warm: set[str] = set()

    def __call__(
        self, work: Callable[[Task], Found], tasks: Sequence[Task], name: Callable[[Task], str]
    ) -> Iterator[Outcome[Task, Found]]:
        """Yield what came of each task; see `Engine`."""
        lost: list[Task] = []
        rest = list(tasks)
        try:
            for done in self._pass(work, tasks, name):
                rest.remove(done.outcome.task)
                if done.lost:
                    lost.append(done.outcome.task)
                else:
                    yield done.outcome
        except OSError:  # the scheduler is gone, and with it what it knew of the others
            lost += rest
        # A task that ends its worker takes along those that wait there: apart, each shows whose doing it was.
        yield from apart(work, lost, name, processes(len(lost)))

    def _pass(
        self, work: Callable[[Task], Found], tasks: Sequence[Task], name: Callable[[Task], str]
    ) -> Iterator["_Landing[Task, Found]"]:
        """Yield what came of each task, and whether it is all one knows that its workers ended."""
        seconds, tongue = budget(), language()
        waiting = deque(enumerate(tasks))
        flying: dict[Any, _Flight[Task]] = {}
        looked = time.monotonic()
        while waiting or flying:
            while waiting and len(flying) < max(1, self._threads()):
                number, task = waiting.popleft()
                key = f"poa-{number}-{time.time_ns()}"
                future = self._client.submit(
                    _carried_out, work, task, name(task), tongue, key=key, pure=False, retries=_LOSSES
                )
                flying[future] = _Flight(task, time.monotonic() + seconds + _COLD)
            landed = [each for each in flying if each.done()]
            for future in landed:
                flight = flying.pop(future)
                landing: _Landing[Task, Found] = _landed(future, flight.task)
                self._warm |= {landing.worker} - {""}
                yield landing
            if time.monotonic() > looked + _TICK:
                self._look(flying, seconds)
                looked = time.monotonic()
            late = [each for each, flight in flying.items() if time.monotonic() > flight.end]
            for future in late:
                self._give_up(future)
                # It may hang, no worker may have taken it, or Dask lost sight of it with a worker that ended.
                yield _Landing(Outcome(flying.pop(future).task, None), lost=True)
            if late and not self._threads():  # nobody is left who would take the others
                yield from (_Landing(Outcome(task, None), lost=True) for _, task in waiting)
                waiting.clear()
            for flight in flying.values() if late else ():  # the others on that worker begin again
                flight.worker = ""
            if not landed and not late:
                time.sleep(_TICK / 10)

    def close(self) -> None:
        """Leave the cluster; its workers stay."""
        self._client.close()

    def _threads(self) -> int:
        return sum(self._client.nthreads().values())

    def _look(self, flying: "dict[Any, _Flight[Task]]", seconds: float) -> None:
        """Count the time of each task from when a worker took it: workers may be lost, and need time to start."""
        holding = {key: worker for worker, keys in self._client.processing().items() for key in keys}
        for future, flight in flying.items():
            worker = holding.get(future.key, "")
            if worker != flight.worker:
                cold = 0 if worker in self._warm else _COLD
                flight.worker, flight.end = worker, time.monotonic() + seconds + cold

    def _give_up(self, future: Any) -> None:  # noqa: ANN401 - Dask has no types
        """Cancel a task, and start the worker anew that hangs on it."""
        busy = [worker for worker, keys in self._client.processing().items() if future.key in keys]
        future.cancel(force=True)
        if busy:
            self._client.restart_workers(busy, timeout=60, raise_for_error=False)


def _landed(future: Any, task: Task) -> _Landing[Task, Found]:  # noqa: ANN401 - Dask has no types
    try:
        worker, outcome = future.result()
    except Exception:  # noqa: BLE001 - what befalls a task comes as its outcome: this befell its worker, or the way here
        return _Landing(Outcome(task, None), lost=True)
    return _Landing(outcome, worker=worker)


def _carried_out(
    work: Callable[[Task], Found], task: Task, called: str, tongue: str
) -> tuple[str, Outcome[Task, Found]]:
    from distributed import get_worker  # noqa: PLC0415 - heavy

    set_language(tongue)
    return str(get_worker().address), guarded(work, task, called)
