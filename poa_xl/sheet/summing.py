"""Headings of groups without a code, known by their figures: each is the sum of the rows below it."""

from bisect import bisect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import takewhile
from typing import Protocol

from poa_xl.core.codes import Code
from poa_xl.core.plan import Amount, Kind, Row
from poa_xl.core.rollup import differ
from poa_xl.sheet.fields import TABLE, Holds

_FEWEST = 2
# Digits that a group of a classifier has where it is filled up with zeros.
_LONG = 4
# What rows of activities have and the heading above them lacks.
_LACKED = tuple(name for name, each in TABLE.items() if each.holds is not Holds.AMOUNT and name != "name")


class _Line(Protocol):
    @property
    def line(self) -> int: ...


@dataclass(frozen=True)
class _Term:
    """What counts in a sum: a row, or a heading with all the rows below it.

    Attributes:
        row: The row.
        last: Its last row.
        is_heading: Whether it is one.
    """

    row: Row
    last: int
    is_heading: bool = False


def summing(
    rows: Sequence[Row], strays: Sequence[Row], passed: Sequence[_Line], indents: Mapping[int, int]
) -> dict[int, bool]:
    """Find the rows that are of no operation, and say what the rows below them come to.

    Such a sum ends where the next row begins that is none of the plan, at the next heading, or where the plan ends; it
    has two terms at least, which is no chance. A row with a name of its own is a heading only where it lacks what the
    rows below it have, or where they are set in; one with a code only where no code below it is a part of its own:
    `10 0 000` above `10 0 001`.

    Args:
        rows: The rows of the plan.
        strays: Rows that state an amount of which nothing says whose it is.
        passed: All rows that are none of the plan.
        indents: Row number to how far its name is set in.

    Returns:
        Their row numbers; each with whether all that it states is such a sum. One below which rows with budgets are set
        in is a heading whatever its own budget says. Cost: rows x headings.
    """
    outside = sorted(each.line for each in passed)
    loose = {row.line for row in strays}
    found: dict[int, bool] = {}
    # The rows below the one that is looked at, each heading as one, the nearest one last.
    terms: list[_Term] = []
    for row in sorted([*rows, *strays], key=lambda each: -each.line):
        if row.kind is Kind.LINE and row.line not in loose:
            continue
        below = terms[-1].row if terms else row
        is_above = row.line in loose or _is_above(row, below, indents)
        is_open = is_above or _classifies(row, below)
        count, is_right = _terms_of(row, terms, outside) if is_open else (0, False)
        if row.code is not None:
            count = count if _stand_beside(row, terms[len(terms) - count :]) else 0
        elif is_above and not count and row.budget is not None:
            count = _set_in(row, terms, indents)
        if count:
            found[row.line] = is_right
            last = terms[-count].last
            del terms[-count:]
            terms.append(_Term(row, last, is_heading=True))
        elif row.line not in loose:
            terms.append(_Term(row, row.line))
    return found


def _stand_beside(row: Row, terms: Sequence[_Term]) -> bool:
    """Whether none of the rows below one is so by its code: what such a parent costs is added up by codes."""
    return isinstance(row.code, Code) and not any(
        isinstance(term.row.code, Code) and row.code in term.row.code.ancestors() for term in terms
    )


def _is_above(row: Row, below: Row, indents: Mapping[int, int]) -> bool:
    """Whether a row lacks what the one below it has, or that one is set in."""
    return _lacks(row, below) or indents.get(row.line, 0) < indents.get(below.line, 0)


def _classifies(row: Row, below: Row) -> bool:
    """Whether the digits of a row are those that the ones of the row below it begin with: 53 and 530101, 2100 and 2110.

    That counts only with sums. Short numbers that follow each other begin alike too: 10, 11.
    """
    pairs = ((str(row.get(name) or ""), str(below.get(name) or "")) for name in ("code", "partida"))
    return any(
        own.isdecimal()
        and other.isdecimal()
        and own != other
        and other.startswith(own.rstrip("0") if _is_long(own) else own)
        for own, other in pairs
    )


def _is_long(digits: str) -> bool:
    return len(digits) >= _LONG and bool(digits.strip("0"))


def _lacks(row: Row, below: Row) -> bool:
    """Whether a row lacks what the one below it has; with a unit of measure like that one it is an activity too."""
    if row.measure and below.measure:
        return False
    return any(below.get(name) not in (None, "") and row.get(name) in (None, "") for name in (*_LACKED, *below.own))


def _terms_of(row: Row, terms: Sequence[_Term], outside: Sequence[int]) -> tuple[int, bool]:
    """Return how many of the terms a row adds up, and whether its budget is their sum too; 0 for none."""
    months = _amounts(row.months)
    budget = row.budget if isinstance(row.budget, Decimal) and row.budget else None
    if months is None or not (any(months) or budget is not None):
        return 0, False
    sums, total, programmed, priced = [Decimal(0)] * len(months), Decimal(0), 0, 0
    for count, term in enumerate(reversed(terms), 1):
        amounts = _amounts(term.row.months)
        if amounts is None:
            return 0, False
        sums = [sum(pair, Decimal(0)) for pair in zip(sums, amounts, strict=True)]
        programmed += any(amounts)
        if isinstance(term.row.budget, Decimal):
            total += term.row.budget
            priced += 1
        if not _is_end(terms, count, outside):
            continue
        is_month = any(months) and sums == months and (term.is_heading or programmed >= _FEWEST)
        is_sum = budget is not None and not differ(total, budget) and (term.is_heading or priced >= _FEWEST)
        if is_month or is_sum:
            return count, (is_month or not any(months)) and (is_sum or budget is None)
    return 0, False


def _set_in(row: Row, terms: Sequence[_Term], indents: Mapping[int, int]) -> int:
    """Count the terms right below a row that are set in, where several of them have budgets; 0 else.

    What is spent on one partida is no heading, and what lacks nothing that the row below it has is none either: names
    are pasted with blanks before them, and rows are outlined to be folded.
    """
    if row.partida or not terms or not _lacks(row, terms[-1].row):
        return 0
    own = indents.get(row.line, 0)
    inner = [*takewhile(lambda term: indents.get(term.row.line, 0) > own, reversed(terms))]
    return len(inner) if sum(term.row.budget is not None for term in inner) >= _FEWEST else 0


def _amounts(months: Sequence[Amount]) -> list[Decimal] | None:
    """The months of a row, blank ones as 0; None where one cannot be read."""
    amounts = [Decimal(0) if month is None else month for month in months]
    read = [amount for amount in amounts if isinstance(amount, Decimal)]
    return read if len(read) == len(amounts) else None


def _is_end(terms: Sequence[_Term], count: int, outside: Sequence[int]) -> bool:
    """Whether a sum may end behind so many terms."""
    if count == len(terms):
        return True
    term, after = terms[-count], terms[-count - 1]
    return after.is_heading or bisect(outside, term.last) < bisect(outside, after.row.line)
