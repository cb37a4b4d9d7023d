"""What does an edit that loses nothing cost?

100 cells in a sheet of 20,000 rows x 24 columns: our patch against the same edit with openpyxl, and against merely
unzipping, parsing and zipping the sheet again. And `poa update` of plans of several sizes against openpyxl reading and
writing the same file.
"""

import io
import tempfile
import time
import zipfile
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from functools import partial
from pathlib import Path
from pyexpat import ParserCreate

import openpyxl

from poa_xl.actions.cleaning import clean_book
from poa_xl.actions.updating import Options, update_book
from poa_xl.books.book import FileBook
from poa_xl.books.patch.editor import Editor
from poa_xl.core.codes import Code
from poa_xl.core.plan import Kind, Plan, Row
from poa_xl.sheet.render import plan_sheet
from poa_xl.sheet.spec import Cell, SheetSpec

ROWS, COLUMNS, CELLS = 20_000, 24, 100
TEXTS = 5


def workbook(path: Path) -> bytes:
    cells = {
        (row, column): Cell(f"Texto {row % 50}" if column <= TEXTS else Decimal(row * column) / 4)
        for row in range(1, ROWS + 1)
        for column in range(1, COLUMNS + 1)
    }
    FileBook(path).write([SheetSpec("POA", cells)])
    return path.read_bytes()


def patched(data: bytes) -> bytes:
    editor = Editor(data, "p.xlsx")
    for row in range(1, ROWS, ROWS // CELLS):
        editor.sheet("POA").cells[row, 30] = Cell(Decimal(row))
    return editor.save()


def with_openpyxl(data: bytes) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(data))
    for row in range(1, ROWS, ROWS // CELLS):
        book["POA"].cell(row, 30, row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def floor(data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        sheet = old.read("xl/worksheets/sheet1.xml")
        ParserCreate().Parse(sheet, True)  # noqa: FBT003 - the parser's own signature
        new.writestr("xl/worksheets/sheet1.xml", sheet)
    return out.getvalue()


def plan(rows: int) -> Plan:
    """A plan with months that differ, one operation in four red."""
    top = Row(Kind.GROUP, code=Code("G", (1,)), name="Grupo", budget=Decimal(100 * (rows - 1)))
    operation = Row(Kind.OPERATION, owner="Jefe", measure="Trámites", partida="25220", budget=Decimal(100))
    found = [top]
    for number in range(1, rows):
        months = tuple(Decimal((number + month) % 5 + 1) for month in range(12))
        found.append(
            replace(
                operation,
                code=Code("G", (1, number)),
                name=f"Operación {number}",
                unit=f"Unidad {number % 30}",
                months=months,
                target=sum(months, Decimal(0)) + (not number % 4),
            )
        )
    return Plan(tuple(found), 2020)


def timed(run: Callable[[], object]) -> float:
    start = time.process_time()
    run()
    return time.process_time() - start


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        data = workbook(Path(folder) / "grande.xlsx")
        base, ours, theirs = (timed(partial(each, data)) for each in (floor, patched, with_openpyxl))
        print(
            f"{CELLS} cells in {ROWS:,} rows: unzip, parse, zip 1 ({base:.1f} s), ours {ours / base:.1f}, openpyxl {theirs / base:.1f}"
        )
        for rows in (134, 2_000, 20_000):
            path, done = Path(folder) / f"{rows}.xlsx", Path(folder) / f"f{rows}.xlsx"
            FileBook(path).write([plan_sheet(plan(rows), "POA", ())])
            theirs = timed(partial(with_openpyxl_as_is, path.read_bytes()))
            runs = {
                "values": partial(update_book, path, Options(values=True, output=Path(folder) / "v.xlsx")),
                "formulas": partial(update_book, path, Options(output=done)),
                "again": partial(update_book, done, Options(output=Path(folder) / "a.xlsx")),
                "clean": partial(clean_book, done, Options(output=Path(folder) / "c.xlsx")),
            }
            told = ", ".join(f"{name} {timed(run) / theirs:.2f}" for name, run in runs.items())
            print(f"update of {rows:>6,} rows: openpyxl load and save 1 ({theirs:.2f} s), {told}")


def with_openpyxl_as_is(data: bytes) -> None:
    openpyxl.load_workbook(io.BytesIO(data)).save(io.BytesIO())


if __name__ == "__main__":
    main()
