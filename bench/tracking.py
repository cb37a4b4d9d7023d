"""What does the year cost? `poa track` against `poa update`, and a consolidation with `Seguimiento` against one without.

Ratios, medians of some runs in one process: the tracking should cost at most twice what the plan alone does.
"""

import statistics
import tempfile
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

from poa_xl.actions.load import load_one
from poa_xl.actions.splitting import split_book
from poa_xl.actions.syncing import SyncOptions, sync
from poa_xl.actions.tracking import tracked_in
from poa_xl.actions.updating import Options, update_book
from poa_xl.books.book import FileBook
from poa_xl.books.patch.editor import Editor
from poa_xl.sheet.spec import Cell, Style
from poa_xl.sheet.tracking_columns import PLACES

PLAN = Path(__file__).parents[1] / "workbooks" / "POA_GRO_2020.xlsx"
RUNS = 5
MOST = 2


def seconds(work: Callable[[], object]) -> float:
    begin = time.process_time()
    work()
    return time.process_time() - begin


def updated(folder: Path, options: Options) -> float:
    """Seconds to flag a plan anew, or to track it, where that was done before."""
    path = folder / "plan.xlsx"
    path.write_bytes(PLAN.read_bytes())
    update_book(path, options)
    data = path.read_bytes()

    def once() -> float:
        path.write_bytes(data)
        return seconds(lambda: update_book(path, options))

    return statistics.median(once() for _ in range(RUNS))


def consolidated(folder: Path, *, tracked: bool) -> float:
    """Seconds to consolidate all units of the plan, each with one cell changed."""
    master = folder / "master.xlsx"
    master.write_bytes(PLAN.read_bytes())
    update_book(master, Options(track=tracked, until=8))
    answers = [part.path for part in split_book(master)]
    for path in answers:
        opened = load_one(FileBook(path))
        row = next(row for row in opened.plan.rows if row.target is not None)
        editor = Editor(path.read_bytes(), path.name)
        editor.sheet(opened.sheet).cells[row.line, opened.layout.columns["evidence"]] = Cell("Informe", Style())
        for entry in tracked_in(opened).entries:
            editor.sheet("Seguimiento").cells[entry.line, PLACES["executed_ENE"]] = Cell(Decimal(1), Style())
        path.write_bytes(editor.save())
    data = master.read_bytes()

    def once() -> float:
        master.write_bytes(data)
        return seconds(lambda: sync(answers, master, SyncOptions(jobs=1, dry_run=True)))

    return statistics.median(once() for _ in range(RUNS))


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folders = [Path(name) / each for each in "abcd"]
        for each in folders:
            each.mkdir()
        plain, year = updated(folders[0], Options()), updated(folders[1], Options(track=True, until=8))
        print(f"poa update {plain:.2f} s, poa track {year:.2f} s: {year / plain:.2f} times (at most {MOST})")
        plain, year = (consolidated(each, tracked=number == 1) for number, each in enumerate(folders[2:]))
        print(f"poa sync {plain:.2f} s, with Seguimiento {year:.2f} s: {year / plain:.2f} times (at most {MOST})")


if __name__ == "__main__":
    main()
