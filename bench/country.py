"""What do the plans of a country cost, how does it grow, and does memory stay flat, against a script with pandas?

Workbooks of 134 rows in ten regions, as `poa split` makes them, a fifth of them with months that miss their Meta. The
peer reads the same files with pandas (openpyxl and calamine) and writes one Parquet file; it checks nothing. The number
of files is an argument: 120 by default; 1200 take some minutes. Processor time and memory of all processes
together.
"""

import random
import resource
import sys
import tempfile
import textwrap
import time
from decimal import Decimal
from pathlib import Path

import psutil
from syncing import HEADER, SHEET, plan

from poa_xl.actions.splitting import split_book
from poa_xl.books.book import FileBook
from poa_xl.books.patch.editor import Editor
from poa_xl.sheet.render import plan_sheet
from poa_xl.sheet.spec import Cell

REGIONS, JOBS = 10, 2
RED = 1 / 5

OURS = f"""
    from pathlib import Path
    from poa_xl.dataset.collect import CollectOptions, collect
    done = collect([FILES], Path(TO), CollectOptions(jobs={JOBS}))
    assert not done.refused
"""
PANDAS = """
    import pandas as pd
    from pathlib import Path
    files = sorted(Path(FILES).rglob("*.xlsx"))
    frames = [pd.read_excel(each, sheet_name=SHEET, header=HEADER - 1, engine=ENGINE).astype(str) for each in files]
    pd.concat(frames, ignore_index=True).to_parquet(TO)
"""


def made(folder: Path, count: int) -> Path:
    """Make workbooks: every region has the same units, each file values of its own."""
    chance = random.Random(1)  # noqa: S311 - no secret
    master = folder / "maestro.xlsx"
    FileBook(master).write([plan_sheet(plan(count // REGIONS), SHEET, ("PLAN OPERATIVO ANUAL 2020", "GRO"))])
    split_book(master, folder / "enviados")
    for number in range(REGIONS):
        region = folder / "pais" / f"Regional {number}"
        region.mkdir(parents=True)
        for sent in (folder / "enviados").glob("*.xlsx"):
            editor = Editor(sent.read_bytes(), sent.name)
            cells = editor.sheet(SHEET).cells
            for row in chance.sample(range(HEADER + 4, HEADER + 15), 5):
                cells[row, 24] = Cell(Decimal(chance.randrange(100, 99_999)))
                if chance.random() < RED:
                    cells[row, 10] = Cell(Decimal(chance.randrange(2, 9)))
            (region / sent.name).write_bytes(editor.save())
    return folder / "pais"


def cost(code: str, **names: object) -> tuple[float, float, float]:
    """Run a script in a process of its own: seconds, processor seconds, most megabytes of it and its workers at once."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    head = "".join(f"{name} = {value!r}\n" for name, value in names.items())
    start = time.perf_counter()
    run = psutil.Popen([sys.executable, "-c", head + textwrap.dedent(code)])
    most = 0
    while run.poll() is None:
        most = max(most, held(run))
        time.sleep(0.02)
    if run.returncode:
        raise SystemExit(run.returncode)
    wall = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall, used, most / 2**20


def held(run: psutil.Process) -> int:
    """Bytes that a process and its workers hold now; what workers share with it counts once."""
    try:
        return sum(each.memory_full_info().uss for each in (run, *run.children(recursive=True)))
    except psutil.Error:  # one ended meanwhile
        return 0


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 120
    print(f"{'files':>6} {'':<28} {'s':>7} {'CPU s':>7} {'MB':>6} {'ms a file':>10}")
    for files in (count // 3, count):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            where = str(made(folder, files))
            shared = {"FILES": where, "SHEET": SHEET, "HEADER": HEADER}
            ours = {"FILES": where, "TO": str(folder / "datos")}
            told = {
                "poa sync --to": cost(OURS, **ours),
                "poa sync --to, again": cost(OURS, **ours),
                "pandas, calamine": cost(PANDAS, **shared, TO=str(folder / "c.parquet"), ENGINE="calamine"),
                "pandas, openpyxl": cost(PANDAS, **shared, TO=str(folder / "o.parquet"), ENGINE="openpyxl"),
            }
            for who, (wall, used, memory) in told.items():
                print(f"{files:>6} {who:<28} {wall:>7.1f} {used:>7.1f} {memory:>6.0f} {used / files * 1000:>10.0f}")


if __name__ == "__main__":
    main()
