"""What does telling errors, missing calculations and blanks apart cost, against readers that do not?

Peers in the same run: python-calamine, the fastest reader we know, and openpyxl in its read-only mode.
"""

import tempfile
import time
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from pathlib import Path

import openpyxl
from python_calamine import CalamineWorkbook

from poa_xl.books.book import FileBook
from poa_xl.sheet.spec import Cell, SheetSpec

TEXTS = 5


def workbook(path: Path, rows: int) -> None:
    cells = {
        (row, column): Cell(f"Texto {row % 50}" if column <= TEXTS else Decimal(row * column) / 4)
        for row in range(1, rows + 1)
        for column in range(1, 25)
    }
    FileBook(path).write([SheetSpec("POA", cells)])


def with_calamine(path: Path) -> object:
    return CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()


def with_openpyxl(path: Path) -> object:
    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    return [list(row) for row in book.worksheets[0].iter_rows(values_only=True)]


def best(run: Callable[[], object], times: int) -> float:
    found = []
    for _ in range(times):
        start = time.perf_counter()
        run()
        found.append(time.perf_counter() - start)
    return min(found)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        for rows, times in ((200, 10), (20_000, 2)):
            path = Path(folder) / f"{rows}.xlsx"
            workbook(path, rows)

            calamine = best(partial(with_calamine, path), times)
            ours = best(FileBook(path).read, times)
            slow = best(partial(with_openpyxl, path), times)
            print(
                f"{rows:>6} rows x 24: calamine 1 ({calamine * 1000:.1f} ms), ours {ours / calamine:.1f}, openpyxl {slow / calamine:.1f}"
            )


if __name__ == "__main__":
    main()
