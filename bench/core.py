"""How long do roll-up and all checks take on 100,000 rows, and how does the roll-up compare with pandas?

The peer is the roll-up that an analyst writes: one `groupby` per level over the codes cut to that level.
"""

import random
import time
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pandas as pd

from poa_xl.core.checks import CHECKS, check
from poa_xl.core.codes import Code
from poa_xl.core.plan import Kind, Plan, Row
from poa_xl.core.rollup import roll_up

ROWS = 100_000


def plan() -> Plan:
    """Five levels, ten children each where possible, operations at the bottom."""
    rows: list[Row] = []
    chance = random.Random(2020)  # noqa: S311 - figures to add up, no secrets

    def grow(parts: tuple[int, ...]) -> None:
        if len(rows) >= ROWS:
            return
        leaf = len(parts) == 5  # noqa: PLR2004 - depth of the printed plan
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
                target=Decimal(12) if leaf else None,
                measure="Trámites",
                months=(Decimal(1),) * 12 if leaf else (None,) * 12,
                partida="25220" if leaf else "",
                budget=Decimal(chance.randrange(10**6)) if leaf else None,
            )
        )
        if not leaf:
            for number in range(1, 11):
                grow((*parts, number))

    for number in range(1, 11):
        grow((number,))
    return Plan(tuple(rows), 2020)


def with_pandas(frame: pd.DataFrame) -> dict[str, float]:
    found: dict[str, float] = {}
    for level in range(1, 6):
        keys = frame["code"].str.split(".").str[:level].str.join(".")
        found |= {str(key): float(total) for key, total in frame["budget"].groupby(keys).sum().items()}
    return found


def timed(run: Callable[[], object]) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def main() -> None:
    big = plan()
    operations = [row for row in big.rows if row.kind is Kind.OPERATION]
    budgets = [float(row.budget) for row in operations if isinstance(row.budget, Decimal)]
    frame = pd.DataFrame({"code": [str(row.code) for row in operations], "budget": budgets})
    ours = timed(lambda: roll_up(big))
    theirs = timed(lambda: with_pandas(frame))
    checks = timed(lambda: check(Plan(big.rows, 2020)))
    print(f"{len(big.rows):,} rows, {len(CHECKS)} checks")
    print(f"roll-up: {ours:.2f} s; pandas: {theirs:.2f} s; ratio {ours / theirs:.2f}")
    print(f"all checks: {checks:.2f} s, {checks / ours:.1f} x the roll-up")
    half = Plan(big.rows[: ROWS // 2], 2020)
    print(f"half the rows: {timed(lambda: check(half)) / checks:.2f} of the time (linear: 0.50)")


if __name__ == "__main__":
    main()
