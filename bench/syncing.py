"""What does a consolidation cost, against merely reading and writing the same cells, and against an analyst's script?

Workbooks of 134 rows, as `poa split` makes them, months that differ, one operation in four red. In each one a cell
changes, or an operation is added. Peers in the same run: python-calamine, which reads all cells and tells no errors
apart, with XlsxWriter, which writes them into one sheet; and pandas (`read_excel` with its default engine, `concat`,
`groupby`, `to_excel`), which merges nothing and checks nothing. Every contestant has a process of its own: processor time
and memory. The number of workbooks is an argument.
"""

import shutil
import sys
import tempfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import pandas as pd
import xlsxwriter
from python_calamine import CalamineWorkbook

from bench.contest import cost
from poa_xl.actions.splitting import split_book
from poa_xl.actions.syncing import SyncOptions, sync
from poa_xl.books.book import FileBook
from poa_xl.books.patch.editor import Editor
from poa_xl.core.codes import parse_code
from poa_xl.core.plan import Kind, Plan, Row
from poa_xl.sheet.render import plan_sheet
from poa_xl.sheet.spec import Cell

JOBS = 2
SHEET = "POA 2020"
HEADER = 5
RED = 4


def plan(units: int) -> Plan:
    """A plan in which every unit's workbook has 13 groups and 121 operations."""
    rows = [_group("GRO1", units * 12100)]
    for unit in range(1, units + 1):
        rows.append(_group(f"GRO1.{unit}", 12100))
        for k in range(1, 12):
            rows.append(_group(f"GRO1.{unit}.{k}", 1100))
            rows += [_operation(f"GRO1.{unit}.{k}.{j}", f"Unidad {unit:04}", unit + 11 * k + j) for j in range(1, 12)]
    return Plan(tuple(rows), 2020)


def _group(code: str, budget: int) -> Row:
    return Row(Kind.GROUP, code=parse_code(code), name=f"Grupo {code}", budget=Decimal(budget))


def _operation(code: str, unit: str, number: int) -> Row:
    months = tuple(Decimal((number + month) % 5 + 1) for month in range(12))
    return Row(
        Kind.OPERATION,
        code=parse_code(code),
        name=f"Operación {code}",
        unit=unit,
        owner="Jefe",
        start=date(2020, 1, 2),
        end=date(2020, 12, 31),
        target=sum(months, Decimal(0)) + (not number % RED),
        measure="Trámites",
        months=months,
        evidence="Informe",
        partida="25220",
        budget=Decimal(100),
    )


def change_one_cell(path: Path, owner: str = "Otro responsable") -> None:
    editor = Editor(path.read_bytes(), path.name)
    editor.sheet(SHEET).cells[HEADER + 4, 5] = Cell(owner)
    path.write_bytes(editor.save())


def add_an_operation(path: Path) -> None:
    """Fill in the blank row behind the first block."""
    editor = Editor(path.read_bytes(), path.name)
    grid = FileBook(path).read()[0]
    group = str(grid.get(HEADER + 3, 2))
    line = next(row for row in range(HEADER + 4, HEADER + 40) if grid.get(row, 2) is None)
    cells = editor.sheet(SHEET).cells
    model = {column: grid.get(HEADER + 4, column) for column in range(3, 25)}
    for column, value in {**model, 2: f"{group}.90"}.items():
        cells[line, column] = Cell(value)  # type: ignore[arg-type]
    path.write_bytes(editor.save())


def bare(folder: Path, output: Path) -> None:
    with xlsxwriter.Workbook(output) as book:
        page, line = book.add_worksheet(), 0
        for path in sorted(folder.glob("*.xlsx")):
            for row in CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python():
                page.write_row(line, 0, row)
                line += 1


def script(folder: Path, output: Path) -> None:
    files = sorted(folder.glob("*.xlsx"))
    frames = [pd.read_excel(path, sheet_name=SHEET, header=HEADER - 1) for path in files]
    together = pd.concat(frames, ignore_index=True)
    sums = together[together["Meta"].notna()].groupby("Área Unidad Ejecutora")["Presupuesto"].sum()
    with pd.ExcelWriter(output) as writer:
        together.to_excel(writer, sheet_name="POA", index=False)
        sums.to_excel(writer, sheet_name="Resumen")


def ours(folder: Path, master: Path) -> None:
    sync([folder], master, SyncOptions(jobs=JOBS))


def main() -> None:
    units = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    with tempfile.TemporaryDirectory() as name:
        sent = Path(name) / "sent"
        sent.mkdir()
        FileBook(sent / "maestro.xlsx").write([plan_sheet(plan(units), SHEET, ("PLAN OPERATIVO ANUAL 2020", "GRO"))])
        divided = cost(split_book, sent / "maestro.xlsx", sent / "u")
        print(
            f"{units} workbooks of 134 rows, {JOBS} processes; split: {divided}, {divided.seconds / units:.3f} s each"
        )
        for what, edit in (("one cell changed", change_one_cell), ("one operation added", add_an_operation)):
            folder = Path(name) / edit.__name__
            shutil.copytree(sent, folder)
            for path in (folder / "u").glob("*.xlsx"):
                edit(path)
            read = cost(bare, folder / "u", Path(name) / "bare.xlsx")
            pandas = cost(script, folder / "u", Path(name) / "pandas.xlsx")
            first, again = (cost(ours, folder / "u", folder / "maestro.xlsx") for _ in range(2))
            print(f"{what}: bare read and write 1 ({read})")
            for who, each in (("sync", first), ("the same again", again), ("pandas", pandas)):
                print(
                    f"  {who}: {each.seconds / read.seconds:.1f} ({each}); pandas / this {pandas.seconds / each.seconds:.1f}"
                )


if __name__ == "__main__":
    main()
