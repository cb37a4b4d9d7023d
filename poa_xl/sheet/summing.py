"""Headings of groups without a code, known by their amounts: each is the sum of the rows below it."""

from bisect import bisect
from collections.abc import Sequence
from decimal import Decimal
from typing import Protocol

from poa_xl.core.plan import Row
from poa_xl.core.rollup import differ

_FEWEST = 2


class _Line(Protocol):
    @property
    def line(self) -> int: ...


def summing(rows: Sequence[Row], strays: Sequence[Row], passed: Sequence[_Line]) -> frozenset[int]:
    """Find the rows that state an amount, are of no operation, and say what the rows below them come to.

    Such a sum ends where the next row begins that is none of the plan, or where the plan ends; it has two terms at
    least, which is no chance.

    Args:
        rows: The rows of the plan.
        strays: Rows that state an amount of which nothing says whose it is.
        passed: All rows that are none of the plan.

    Returns:
        Their row numbers. Cost: rows x strays.
    """
    outside = sorted(each.line for each in passed)
    return frozenset(each.line for each in strays if _is_sum(each, rows, outside))


def _is_sum(stray: Row, rows: Sequence[Row], outside: Sequence[int]) -> bool:
    if not isinstance(stray.budget, Decimal) or not stray.budget:
        return False
    total, count = Decimal(0), 0
    below = [row for row in rows if row.line > stray.line]
    for row, after in zip(below, [*(each.line for each in below[1:]), None], strict=True):
        if isinstance(row.budget, Decimal):
            total += row.budget
            count += 1
        is_end = after is None or bisect(outside, row.line) < bisect(outside, after)
        if is_end and count >= _FEWEST and not differ(total, stray.budget):
            return True
    return False
