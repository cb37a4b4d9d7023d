"""A plan read again after some of its rows changed: those, and the rows around them that say what they are."""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Sequence
from dataclasses import replace

from poa_xl.core.codes import Code
from poa_xl.core.plan import Kind, Row
from poa_xl.sheet.fields import DATES
from poa_xl.sheet.grid import Grid
from poa_xl.sheet.parse import Parsed, parse


def reparse(before: Parsed, grid: Grid, lines: Collection[int], file: str = "") -> Parsed | None:
    """Read the plan that stands in a sheet, some of whose rows changed since it was read.

    Args:
        before: What it held before, its rows where they stand now; its layout holds.
        grid: The sheet as it is.
        lines: The rows that changed, those that came among them. No row went.
        file: Name of the file, for addresses.

    Returns:
        What `parse` gives; None where rows may say how others are to be read, or what they are.
    """
    if not _stands_alone(before, grid) or any(line <= before.layout.bottom for line in lines):
        return None
    seen = _around(lines, before.plan.rows, grid)
    cells = {line: row for line, row in grid.cells.items() if line <= before.layout.bottom or line in seen}
    small = parse(replace(grid, cells=cells), before.layout, file, before.plan.year, partial=before.plan.partial)
    read = {row.line: row for row in small.plan.rows}
    same = {row.line: row for row in before.plan.rows if row.line not in lines}
    # What stands right below the header might be taken for its second line, but for a row that it was and is.
    kept: dict[int, Kind | None] = {line: row.kind for line, row in same.items() if line in seen}
    top = before.layout.bottom + 1
    if top in lines:
        kept[top] = next((row.kind for row in before.plan.rows[:1] if row.line == top), None)
    is_as_before = all(line in read and read[line].kind is kind for line, kind in kept.items())
    rows = {**same, **read}
    has_groups = any(row.kind is Kind.GROUP for row in rows.values())
    if not _stands_alone(small, grid) or not is_as_before or not has_groups:
        return None
    plan = replace(before.plan, rows=tuple(rows[line] for line in sorted(rows)))
    passed = [*(each for each in before.passed if each.line not in seen), *small.passed]
    hidden = sum(line in grid.hidden for line in rows)
    return Parsed(plan, before.layout, small.title, tuple(sorted(passed, key=lambda each: each.line)), hidden)


def _around(lines: Collection[int], rows: Sequence[Row], grid: Grid) -> set[int]:
    """Return the rows to read: those that changed, from the group or operation above them to the next one below."""
    present = sorted(grid.cells)
    heads = [row.line for row in rows if row.kind is not Kind.LINE and row.line not in lines]
    found = set(lines)
    for line in lines:
        above, below = bisect_left(heads, line), bisect_right(heads, line)
        first = heads[above - 1] if above else 0
        last = heads[below] if below < len(heads) else max(present, default=0)
        found.update(present[bisect_left(present, first) : bisect_right(present, last)])
    return found


def _stands_alone(parsed: Parsed, grid: Grid) -> bool:
    """Whether no row of a plan says how another one is to be read."""
    layout, rows, house = parsed.layout, parsed.plan.rows, parsed.plan.house
    days = [layout.columns[name] for name in DATES if name in layout.columns]
    return (
        layout.recognised is None
        and layout.unit_from == "column"
        and not parsed.plan.strays
        and not (house.any_code or house.number_codes)
        and all(merge.bottom <= layout.bottom for merge in grid.merges)
        and all(row.code is None or isinstance(row.code, Code) for row in rows)
        and not any(isinstance(grid.get(row.line, column), str) for row in rows for column in days)
    )
