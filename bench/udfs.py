"""How long does a worksheet function take on 20,000 rows in one call, against one call per cell?

Python's part only: what Excel or Calc add for each call, which weighs far more, is not in these figures.
"""

import random
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
import udfs
from poa_xl.core import targets

ROWS = 20_000
SAMPLE = 200


def timed(run: Callable[[], object]) -> float:
    targets._judge.cache_clear()  # noqa: SLF001 - every run judges anew
    udfs._money_by_code.cache_clear()  # noqa: SLF001 - and adds up anew
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def main() -> None:
    chance = random.Random(2020)  # noqa: S311 - figures to add up, no secrets
    months: list[list[object]] = [[float(chance.randrange(50)) for _ in range(12)] for _ in range(ROWS)]
    goals: list[list[object]] = [
        [sum(map(float, map(str, row))) + (i % 10 == 0)] for i, row in enumerate(months)
    ]  # one in ten red
    units: list[list[object]] = [["Trámites"]] * ROWS
    codes: list[list[object]] = [[f"G1.{i // 100}.{i % 100}"] for i in range(ROWS)]
    budgets: list[list[object]] = [[float(i)] for i in range(ROWS)]
    partidas: list[list[object]] = [[f"2{i % 9000:04}"] for i in range(ROWS)]
    whole: dict[str, Callable[[], object]] = {
        "POA_NIVEL": lambda: udfs.POA_NIVEL(codes),
        "POA_PRESUPUESTO": lambda: udfs.POA_PRESUPUESTO(codes, codes, budgets),
        "POA_DIFERENCIA": lambda: udfs.POA_DIFERENCIA(goals, units, months),
        "POA_ESTADO": lambda: udfs.POA_ESTADO(goals, units, months),
        "POA_MOTIVO": lambda: udfs.POA_MOTIVO(goals, units, months),
        "POA_PROGRAMADO": lambda: udfs.POA_PROGRAMADO(months),
        "POA_TRIMESTRES": lambda: udfs.POA_TRIMESTRES(months),
        "POA_PARTIDA": lambda: udfs.POA_PARTIDA("2", partidas, budgets),
        "POA_UNIDAD": lambda: udfs.POA_UNIDAD("Trámites", units, budgets, codes),
    }
    cell: dict[str, Callable[[int], object]] = {
        "POA_NIVEL": lambda i: udfs.POA_NIVEL([codes[i]]),
        "POA_PRESUPUESTO": lambda i: udfs.POA_PRESUPUESTO([codes[i]], codes, budgets),
        "POA_DIFERENCIA": lambda i: udfs.POA_DIFERENCIA([goals[i]], [units[i]], [months[i]]),
        "POA_ESTADO": lambda i: udfs.POA_ESTADO([goals[i]], [units[i]], [months[i]]),
        "POA_MOTIVO": lambda i: udfs.POA_MOTIVO([goals[i]], [units[i]], [months[i]]),
        "POA_PROGRAMADO": lambda i: udfs.POA_PROGRAMADO([months[i]]),
        "POA_TRIMESTRES": lambda i: udfs.POA_TRIMESTRES([months[i]]),
    }
    print(f"{ROWS:,} rows; one call per cell is taken from {SAMPLE} cells")
    for name, run in whole.items():
        one = min(timed(run) for _ in range(3))
        if name not in cell:
            print(f"{name:16} one call {one:5.2f} s")
            continue
        ask = cell[name]
        each = timed(lambda ask=ask: [ask(i) for i in range(SAMPLE)]) * ROWS / SAMPLE  # type: ignore[misc]
        print(f"{name:16} one call {one:5.2f} s; one call per cell {each:8.2f} s; ratio {each / one:.1f}")


if __name__ == "__main__":
    main()
