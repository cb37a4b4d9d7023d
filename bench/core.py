"""How long do roll-up and all checks take on 100,000 rows, how do they grow, and how does the roll-up compare with pandas?

Months differ from row to row, and one operation in four is red. Sizes are arguments: 10000 100000 1000000. The peer is the roll-up that an analyst writes: one `groupby` per level over the codes cut to that level.
"""

import random
import resource
import sys
import time
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pandas as pd

from poa_xl.core.checks import CHECKS, check
from poa_xl.core.codes import Code
from poa_xl.core.plan import Kind, Plan, Row
from poa_xl.core.rollup import roll_up

SIZES = (10_000, 100_000)
RED = 4


def plan(size: int) -> Plan:
    """Five levels, ten children each where possible, operations at the bottom."""
    rows: list[Row] = []
    chance = random.Random(2020)  # noqa: S311 - figures to add up, no secrets

    def grow(parts: tuple[int, ...]) -> None:
        if len(rows) >= size:
            return
        leaf = len(parts) == 5  # noqa: PLR2004 - depth of the printed plan
        months = tuple(Decimal(chance.randrange(1, 50)) for _ in range(12))
        rows.append(
            Row(
                Kind.OPERATION if leaf else Kind.GROUP,
                line=len(rows) + 2,
                id=len(rows) + 1,
                code=Code("GRO", parts),
                name=f"Operación {len(rows)} de la unidad {len(rows) % 300}",
                unit=f"Unidad número {len(rows) % 300}",
                owner="Jefe",
                start=date(2020, 1, 2),
                end=date(2020, 12, 31),
                target=sum(months, Decimal(0)) + (not len(rows) % RED) if leaf else None,
                measure="Trámites",
                months=months if leaf else (None,) * 12,
                partida="25220" if leaf else "",
                budget=Decimal(chance.randrange(10**6)) if leaf else None,
            )
        )
        if not leaf:
            for number in range(1, 11):
                grow((*parts, number))

    for number in range(1, 1 + max(10, size // 10_000)):
        grow((number,))
    return Plan(tuple(rows), 2020)


def with_pandas(frame: pd.DataFrame) -> dict[str, float]:
    found: dict[str, float] = {}
    for level in range(1, 6):
        keys = frame["code"].str.split(".").str[:level].str.join(".")
        found |= {str(key): float(total) for key, total in frame["budget"].groupby(keys).sum().items()}
    return found


def timed(run: Callable[[], object]) -> float:
    start = time.process_time()
    run()
    return time.process_time() - start


def main() -> None:
    former = 0.0
    for size in [int(each) for each in sys.argv[1:]] or SIZES:
        big = plan(size)
        operations = [row for row in big.rows if row.kind is Kind.OPERATION]
        budgets = [float(row.budget) for row in operations if isinstance(row.budget, Decimal)]
        frame = pd.DataFrame({"code": [str(row.code) for row in operations], "budget": budgets})
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        ours, theirs = timed(lambda: roll_up(big)), timed(lambda: with_pandas(frame))  # noqa: B023 - called at once
        checks = timed(lambda: check(Plan(big.rows, 2020)))  # noqa: B023
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / len(big.rows)
        step = f", {checks / former:.1f} x the size before" if former else ""
        print(
            f"{len(big.rows):>9,} rows: roll-up {ours:.2f} s, pandas {theirs:.2f} s, ratio {ours / theirs:.2f}; "
            f"{len(CHECKS)} checks {checks:.2f} s{step}, {grown:.1f} kB a row"
        )
        former = checks


if __name__ == "__main__":
    main()
