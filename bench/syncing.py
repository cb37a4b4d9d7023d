"""What does a consolidation cost, against merely reading the same files, and against the script an analyst would write?

Peers in the same run: python-calamine over as many processes, and pandas with its default engine (`read_excel`,
`concat`, `groupby`). Workbooks of 134 rows, as `poa split` makes them, one cell changed in each. The number of files is
an argument; a thousand take a quarter of an hour to make.
"""

import resource
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from decimal import Decimal
from pathlib import Path

import pandas as pd
from python_calamine import CalamineWorkbook

from poa_xl.actions import syncing
from poa_xl.actions.splitting import split_book
from poa_xl.actions.syncing import SyncOptions, sync
from poa_xl.books.book import FileBook
from poa_xl.books.patch.editor import Editor
from poa_xl.core.codes import parse_code
from poa_xl.core.plan import Kind, Plan, Row
from poa_xl.core.threeway import merge
from poa_xl.sheet.image import Cell
from poa_xl.sheet.render import plan_sheet

JOBS = 2
SHEET = "POA 2020"
HEADER = 5


def plan(units: int) -> Plan:
    """A plan in which every unit's workbook has 13 groups and 121 operations."""
    rows = [_group("GRO1", units * 12100)]
    for unit in range(1, units + 1):
        rows.append(_group(f"GRO1.{unit}", 12100))
        for k in range(1, 12):
            rows.append(_group(f"GRO1.{unit}.{k}", 1100))
            rows += [_operation(f"GRO1.{unit}.{k}.{j}", f"Unidad {unit:04}") for j in range(1, 12)]
    return Plan(tuple(rows), 2020)


def _group(code: str, budget: int) -> Row:
    return Row(Kind.GROUP, code=parse_code(code), name=f"Grupo {code}", budget=Decimal(budget))


def _operation(code: str, unit: str) -> Row:
    return Row(
        Kind.OPERATION,
        code=parse_code(code),
        name=f"Operación {code}",
        unit=unit,
        owner="Jefe",
        start=date(2020, 1, 2),
        end=date(2020, 12, 31),
        target=Decimal(12),
        measure="Trámites",
        months=(Decimal(1),) * 12,
        evidence="Informe",
        partida="25220",
        budget=Decimal(100),
    )


def change_one_cell(path: Path, owner: str = "Otro responsable") -> None:
    editor = Editor(path.read_bytes(), path.name)
    editor.sheet(SHEET).cells[HEADER + 4, 5] = Cell(owner)
    path.write_bytes(editor.save())


def read_one(path: Path) -> int:
    return len(CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python())


def bare(files: list[Path]) -> int:
    with ProcessPoolExecutor(JOBS) as pool:
        return sum(pool.map(read_one, files, chunksize=4))


def script(files: list[Path]) -> object:
    frames = [pd.read_excel(path, sheet_name=SHEET, header=HEADER - 1, engine="openpyxl") for path in files]
    together = pd.concat(frames, ignore_index=True)
    return together[together["Meta"].notna()].groupby("Área Unidad Ejecutora")["Presupuesto"].sum()


def compare(folder: Path, master: Path) -> object:
    """Read the files, hold them against what was sent and merge them: all but checking and writing the master."""
    options = SyncOptions(dry_run=True, jobs=JOBS)
    work = syncing._begin([folder], master, master, options)  # noqa: SLF001 - the part that is measured
    received = syncing._receive(work, [folder])  # noqa: SLF001
    return merge(work.master.plan, [each.returned for each in received if each.returned])


def timed(run: Callable[[], object]) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def main() -> None:
    units = int(sys.argv[1]) if len(sys.argv) > 1 else 40
    with tempfile.TemporaryDirectory() as name:
        folder, master = Path(name) / "u", Path(name) / "maestro.xlsx"
        FileBook(master).write([plan_sheet(plan(units), SHEET, ("PLAN OPERATIVO ANUAL 2020", "GRO"))])
        split_book(master, folder)
        files = sorted(folder.glob("*.xlsx"))
        for path in files:
            change_one_cell(path)
        read = timed(lambda: bare(files))
        together = timed(lambda: compare(folder, master))
        whole = timed(lambda: sync([folder], master, SyncOptions(jobs=JOBS)))
        again = timed(lambda: compare(folder, master))
        pandas = timed(lambda: script(files))
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        workers = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        print(
            f"{units} workbooks of 134 rows, {JOBS} processes: bare read 1 ({read:.2f} s), read and merge {together / read:.1f}, "
            f"with checks, flags and writing {whole / read:.1f}, the same files again {again / read:.1f}, "
            f"pandas {pandas / read:.1f} "
            f"({pandas / together:.1f} times read and merge); {memory:.0f} MB, each worker {workers:.0f} MB"
        )


if __name__ == "__main__":
    main()
