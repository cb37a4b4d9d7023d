"""Contestants of a bench, each in a process of its own: processor time and memory, processes that it starts included."""

import multiprocessing
import resource
import statistics
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Cost:
    """What it took: processor seconds, and megabytes at the most of one process."""

    seconds: float
    memory: float

    def __str__(self) -> str:
        return f"{self.seconds:.2f} s, {self.memory:.0f} MB"


def cost(run: Callable[..., object], *args: object, times: int = 1) -> Cost:
    """Return what a function of a module costs, its imports left out; the median of some times."""
    context = multiprocessing.get_context("spawn")
    found = []
    for _ in range(times):
        answers: multiprocessing.Queue[Cost] = context.Queue()
        process = context.Process(target=_measured, args=(run, args, answers))
        process.start()
        found.append(answers.get())
        process.join()
    return Cost(statistics.median(each.seconds for each in found), max(each.memory for each in found))


def _measured(run: Callable[..., object], args: tuple[object, ...], answers: "multiprocessing.Queue[Cost]") -> None:
    start = _seconds()
    run(*args)
    own, others = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    answers.put(Cost(_seconds() - start, max(own.ru_maxrss, others.ru_maxrss) / 1024))


def _seconds() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)
