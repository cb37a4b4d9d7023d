"""How long do worksheet functions take on 20,000 rows inside Calc: one matrix formula, a formula in each cell, native ones?

The peer of the budgets is the native formula that `poa update --rollup` writes. What is taken from a sample of cells is
multiplied up.
"""

import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))
from poa_xl.sheet.formulas.budgets import roll_up
from poa_xl.sheet.formulas.place import Place, Sheet
from poa_xl.sheet.grid import letters
from poa_xl.sheet.render import COLUMNS
from tests.running import Running

ROWS, SAMPLE = 20_000, 100
FIRST, LAST = 2, ROWS + 1
AT = {name: letters(number) for name, number in COLUMNS.items()}


def fill(sheet: Any) -> None:  # noqa: ANN401 - a UNO object
    """Type a plan of 20,000 operations: codes, units of measure, months that make up their targets, budgets."""
    chance = random.Random(2020)  # noqa: S311 - figures to add up, no secrets
    for row in range(FIRST, LAST + 1, 1000):
        block = []
        for line in range(row, min(row + 1000, LAST + 1)):
            months = [float(chance.randrange(50)) for _ in range(12)]
            values = {
                "code": f"G1.{line // 100}.{line % 100 + 1}",
                "unit": "Unidad Legal",
                "target": sum(months),
                "measure": "Trámites",
                "partida": f"2{line % 9000:04}",
                "budget": float(line),
            }
            cells: list[object] = [""] * 24
            for name, value in values.items():
                cells[COLUMNS[name] - 1] = value
            cells[COLUMNS["ENE"] - 1 : COLUMNS["DIC"]] = months
            block.append(tuple(cells))
        sheet.getCellRangeByPosition(0, row - 1, 23, row + len(block) - 2).setDataArray(tuple(block))


def asked(name: str, first: int, last: int) -> str:
    """Arguments for some rows; other columns whole."""

    def rows(field: str, other: str = "") -> str:
        return f"{AT[field]}{first}:{AT[other or field]}{last}"

    judged = f"{rows('target')};{rows('measure')};{rows('ENE', 'DIC')}"
    code, budget = (f"${AT[each]}${FIRST}:${AT[each]}${LAST}" for each in ("code", "budget"))
    return f"{rows('code')};{code};{budget}" if name == "POA_PRESUPUESTO" else judged


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        office = Running(Path(folder))
        try:
            sheet = office.app.books.add().sheets[0].api
            fill(sheet)
            report(sheet)
        finally:
            office.stop()


def report(sheet: Any) -> None:  # noqa: ANN401 - a UNO object
    where = 60
    native_sheet = Sheet(AT, FIRST, LAST, 2020)
    print(f"{ROWS:,} rows in Calc; formulas in cells are taken from {SAMPLE}")
    natives: dict[str, Callable[[int], str]] = {
        "POA_PRESUPUESTO": lambda row: roll_up(Place(native_sheet, row)),
    }
    for name in ("POA_PRESUPUESTO", "POA_TIPO", "POA_ESTADO", "POA_MOTIVO"):
        native = natives.get(name)
        whole = sheet.getCellRangeByPosition(where, FIRST - 1, where, LAST - 1)
        once = timed(whole, whole.setArrayFormula, f"={name}({asked(name, FIRST, LAST)})")
        cells = sheet.getCellRangeByPosition(where, FIRST - 1, where, FIRST + SAMPLE - 2)
        rows = range(FIRST, FIRST + SAMPLE)
        ours = tuple((f"={name}({asked(name, row, row)})",) for row in rows)
        each = timed(cells, cells.setFormulaArray, ours) * ROWS / SAMPLE
        line = f"{name:16} one matrix {once:6.2f} s; one per cell {each:8.1f} s, ratio {each / once:7.1f}"
        if native is not None:
            theirs = tuple((f"={native(row).replace(',', ';')}",) for row in rows)
            peer = timed(cells, cells.setFormulaArray, theirs) * ROWS / SAMPLE
            line += f"; native per cell {peer:8.1f} s, ratio to the matrix {peer / once:6.1f}"
        print(line)


def timed(cells: Any, enter: Callable[[Any], None], formulas: object) -> float:  # noqa: ANN401 - a UNO object
    """Enter formulas, have them calculated by reading them, and take them out again."""
    start = time.perf_counter()
    enter(formulas)
    cells.getDataArray()
    took = time.perf_counter() - start
    cells.clearContents(16)
    return took


if __name__ == "__main__":
    main()
