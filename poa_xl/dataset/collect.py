"""All files of a country into a dataset: found, looked at, chosen, read, kept; taken up again where a stop left it."""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, nullcontext
from dataclasses import dataclass, field, replace
from itertools import groupby
from pathlib import Path
from typing import Any

from poa_xl.actions.against import Terms
from poa_xl.actions.choosing import choose
from poa_xl.actions.past.opening import open_history
from poa_xl.actions.receiving import Received
from poa_xl.actions.settings import load_aliases
from poa_xl.dataset.batches import REFUSED, Parts, batch_key
from poa_xl.dataset.engines import Cluster, Engine, Processes
from poa_xl.dataset.extract import Extract, Task, extract, look, submission
from poa_xl.dataset.schema import SUBMISSIONS, table
from poa_xl.dataset.sources import Source, is_url, listed
from poa_xl.errors import SyncError
from poa_xl.i18n import say

# So many files are a part: few enough to be read again after a stop, enough for Parquet to be small.
_BATCH = 200

Watch = Callable[[Iterable[Any], int], Iterable[Any]]


@dataclass(frozen=True)
class CollectOptions:
    """How to collect.

    Attributes:
        only: Of several files of a unit, names of those that count.
        newest: Of several files of a unit, take the one saved last.
        jobs: Processes that read; by default as many as there are processors.
        store: The history that knows what was sent; without one nothing is told of changes.
        aliases: The list of unit names.
        year: The year planned, where the files do not say.
        scheduler: Address of a Dask cluster's; empty for processes of this machine.
        watch: Sees the files as they come.
    """

    only: tuple[str, ...] = ()
    newest: bool = False
    jobs: int | None = None
    store: str | None = None
    aliases: Path | None = None
    year: int | None = None
    scheduler: str = ""
    watch: Watch = lambda things, _: things


@dataclass
class Collected:
    """What came of it.

    Attributes:
        folder: The dataset.
        taken: Files whose rows are in it, those of earlier runs included.
        read: Of these, the ones read now.
        refused: Files that are not in it; each says why.
        rows: Rows read now.
    """

    folder: Path
    taken: int = 0
    read: int = 0
    rows: int = 0
    refused: list[Received] = field(default_factory=list)


def collect(sources: Sequence[str], folder: Path, options: CollectOptions | None = None) -> Collected:
    """Read the plans of all files into a dataset.

    Args:
        sources: Files, folders, and URLs that fsspec reaches.
        folder: The dataset; what stands in it and is still true is not read again.
        options: How.

    Raises:
        SyncError: There is nothing to read, the folder is something else's, or the cluster does not answer.
        BookError: The list of unit names cannot be read.
    """
    chosen = options or CollectOptions()
    files = listed(sources)
    parts = Parts(folder)
    engine: Engine = Cluster(chosen.scheduler) if chosen.scheduler else Processes(chosen.jobs or os.cpu_count() or 1)
    with closing(engine) if isinstance(engine, Cluster) else nullcontext():
        return _collect(files, parts, engine, _terms(sources, chosen), chosen)


def _collect(files: Sequence[Source], parts: Parts, engine: Engine, terms: Terms, options: CollectOptions) -> Collected:
    looked = dict(_looked(files, engine))
    counting, refused = _chosen(files, looked, options, terms)
    kept = parts.keep({each.place: looked[each.place].sha256 for each in counting})
    done = Collected(parts.folder, taken=len(kept))
    batches = list(_batches([each for each in counting if each.place not in kept]))
    left = [len(batch) for batch in batches]
    home = {each.place: number for number, batch in enumerate(batches) for each in batch}
    held: dict[int, dict[str, Extract]] = {}
    tasks = [Task(each, terms) for batch in batches for each in batch]
    for outcome in options.watch(engine(extract, tasks, _called), len(tasks)):
        source = outcome.task.source
        number = home[source.place]
        left[number] -= 1
        problem = outcome.problem or (outcome.found.received.problem if outcome.found is not None else "")
        if outcome.found is None or problem:
            refused.append((source, replace(looked[source.place], problem=problem)))
        else:
            held.setdefault(number, {})[source.place] = outcome.found
        if not left[number]:
            _put(parts, batches[number], held.pop(number, {}), done)
    for region, several in groupby(sorted(refused, key=lambda each: (each[0].region, each[0].place)), _region):
        lines = [submission(received, source) for source, received in several]
        parts.add(region, REFUSED, {"submissions": [table(SUBMISSIONS, lines)]})
    done.refused = [received for _, received in refused]
    return done


def _terms(sources: Sequence[str], options: CollectOptions) -> Terms:
    folders = [Path(each) if Path(each).is_dir() else Path(each).parent for each in sources if not is_url(each)]
    aliases = load_aliases(options.aliases, *folders)
    history = open_history(options.store, Path()) if options.store else None
    url = history.url if history is not None else None
    return Terms(url, (), aliases, "", None, options.year, whole=True)


def _looked(files: Sequence[Source], engine: Engine) -> Iterator[tuple[str, Received]]:
    for outcome in engine(look, files, lambda each: each.found.name):
        found = outcome.task.found
        received = outcome.found or Received(found.name, found.path, problem=outcome.problem)
        yield outcome.task.place, received


def _chosen(
    files: Sequence[Source], looked: dict[str, Received], options: CollectOptions, terms: Terms
) -> tuple[list[Source], list[tuple[Source, Received]]]:
    """Return the files that count, and the others with the reason: of a unit one file of a region and year does."""
    counting: list[Source] = []
    refused: list[tuple[Source, Received]] = []
    for name in options.only:
        if not any(name in (each.found.name, each.place) for each in files):
            raise SyncError(say("--only {name}: no hay tal archivo", name=name))
    for _, several in groupby(files, lambda each: each.region):
        mine = {each.found.name: each for each in several}
        came = [looked[each.place] for each in mine.values()]
        only = [name for name in options.only if name in mine]
        for received in choose(came, only, newest=options.newest, aliases=terms.aliases):
            source = mine[received.file]
            if received.problem:
                refused.append((source, received))
            else:
                counting.append(source)
    return sorted(counting, key=lambda each: (each.region, each.found.name)), refused


def _batches(files: Sequence[Source]) -> Iterator[list[Source]]:
    for _, several in groupby(files, lambda each: each.region):
        mine = list(several)
        yield from (mine[start : start + _BATCH] for start in range(0, len(mine), _BATCH))


def _put(parts: Parts, batch: Sequence[Source], held: dict[str, Extract], done: Collected) -> None:
    """Write a batch whose files have all come; what was refused of it is told apart."""
    found = [(each, held[each.place]) for each in batch if each.place in held]
    if not found:
        return
    key = batch_key((source.place, each.received.sha256) for source, each in found)
    names = found[0][1].tables
    parts.add(batch[0].region, key, {name: [each.tables[name] for _, each in found] for name in names})
    done.taken += len(found)
    done.read += len(found)
    done.rows += sum(each.tables["rows"].num_rows for _, each in found)


def _called(task: Task) -> str:
    return task.source.found.name


def _region(each: tuple[Source, Received]) -> str:
    return each[0].region
