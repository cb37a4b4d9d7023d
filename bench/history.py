"""Does the twentieth consolidation of a folder cost more than the second one?

Every run keeps the plan that came of it and what it settled with each unit. The folder is consolidated twice; the second
run is then written down again, as runs three to nineteen, plan and all; the last one is for real. Each is a process of
its own, so that its memory is its own. The number of workbooks is an argument.
"""

import multiprocessing
import resource
import sys
import tempfile
import time
from pathlib import Path

import sqlalchemy as sa

from bench.syncing import change_one_cell, plan
from poa_xl.actions.past.opening import open_history
from poa_xl.actions.splitting import split_book
from poa_xl.actions.syncing import SyncOptions, sync
from poa_xl.books.book import FileBook
from poa_xl.sheet.render import plan_sheet
from poa_xl.store.schema import inputs, runs

RUNS = 20


def run(master: Path, folder: Path, answer: "multiprocessing.Queue[tuple[float, float]]") -> None:
    start = time.perf_counter()
    sync([folder], master, SyncOptions(jobs=1))
    answer.put((time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024))


def measured(master: Path, folder: Path) -> tuple[float, float]:
    context = multiprocessing.get_context("spawn")
    answer: multiprocessing.Queue[tuple[float, float]] = context.Queue()
    process = context.Process(target=run, args=(master, folder, answer))
    process.start()
    found = answer.get()
    process.join()
    return found


def grow(master: Path) -> None:
    """Write the last run down as often as makes nineteen, each the parent of the next; the master carries the last."""
    engine = sa.create_engine(open_history(None, master).url)
    with engine.begin() as connection:
        last = connection.execute(sa.select(runs).order_by(runs.c.number.desc())).mappings().first()
        if last is None:
            raise SystemExit("no run")
        files = connection.execute(sa.select(inputs).where(inputs.c.run == last["id"])).mappings().all()
        parent = last["parent"]
        for number in range(last["number"], RUNS - 1):
            older = {**last, "id": f"{number:032}", "number": number + 100, "parent": parent}
            connection.execute(sa.insert(runs).values(older))
            connection.execute(sa.insert(inputs), [{**each, "run": older["id"]} for each in files])
            parent = older["id"]
        connection.execute(sa.update(runs).where(runs.c.id == last["id"]).values(parent=parent, number=RUNS + 200))
    engine.dispose()


def main() -> None:
    units = int(sys.argv[1]) if len(sys.argv) > 1 else 40
    with tempfile.TemporaryDirectory() as name:
        folder, master = Path(name) / "u", Path(name) / "maestro.xlsx"
        FileBook(master).write([plan_sheet(plan(units), "POA 2020", ("PLAN OPERATIVO ANUAL 2020", "GRO"))])
        split_book(master, folder)
        for path in folder.glob("*.xlsx"):
            change_one_cell(path, "Uno")
        figures = []
        for owner in ("Dos", "Tres", ""):
            if not owner:
                grow(master)
            figures.append(measured(master, folder))
            first = min(folder.glob("*.xlsx"))
            change_one_cell(first, owner or "Cuatro")
        (_, _), (second, memory), (last, grown) = figures
        size = (master.parent / ".poa" / "history.sqlite").stat().st_size / 2**20
        print(
            f"{units} workbooks, one changed since: second run {second:.2f} s, {memory:.0f} MB; run {RUNS} {last:.2f} s, {grown:.0f} MB "
            f"(history {size:.0f} MB)"
        )


if __name__ == "__main__":
    main()
