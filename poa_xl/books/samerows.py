"""A sheet read again after an edit: of its rows only those that are not as they were."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from typing import TypeVar

from poa_xl.books.package import Package, SheetPart
from poa_xl.books.plaincells import plain_parts
from poa_xl.books.sharedparts import Shared
from poa_xl.books.sharing import Texts
from poa_xl.books.sheetxml import read_sheet
from poa_xl.sheet.grid import Grid

_ROW = '<row r="'
_NUMBER = re.compile(r'<row r="(\d+)"')
# Beyond that share of rows that differ a sheet is read as a whole.
_MOST = 0.5

Kept = TypeVar("Kept")


def read_again(package: Package, sheet: SheetPart, shared: Shared, was: bytes, now: bytes, before: Grid) -> Grid | None:
    """Read a sheet of which it is known what stood in it before.

    Args:
        package: The package.
        sheet: The sheet.
        shared: What the sheets of the package share, as it was before too.
        was: What stood in its part.
        now: What stands there.
        before: The sheet as it was read from `was`.

    Returns:
        What `read_sheet` gives; None where it is not plainly written, or more than single rows differ.

    Raises:
        BookError: The part is damaged.
    """
    old, new = plain_parts(was), plain_parts(now)
    if old is None or new is None or old[2] != new[2] or "<!" in old[1] or "<!" in new[1]:
        return None
    rows, others = old[1].split(_ROW), new[1].split(_ROW)
    pairs = [pair for pair in zip(rows, others, strict=False) if pair[0] != pair[1]]
    numbers = {one.partition('"')[0]: other.partition('"')[0] for one, other in pairs}
    if len(rows) != len(others) or len(pairs) > len(rows) * _MOST or any(was != now for was, now in numbers.items()):
        return None
    # A shared formula may stand in rows that are the same.
    if not all(map(str.isdecimal, numbers)) or any('t="shared"' in text for pair in pairs for text in pair):
        return None
    text = "".join(_ROW + other for _, other in pairs)
    found = read_sheet(package, sheet, shared, new[0] + b"<sheetData>" + text.encode() + b"</sheetData>" + new[2])
    lines = {int(number) for number in numbers}
    cells = {line: found.cells.get(line, {}) if line in lines else kept for line, kept in before.cells.items()}
    cells |= {line: found.cells[line] for line in found.cells.keys() - cells.keys()}
    return replace(
        before,
        cells={line: cells[line] for line in sorted(cells) if cells[line]},
        hidden=before.hidden - lines | found.hidden,
        formulas=_formulas(before.formulas, lines, found.formulas),
        scaled=_joined(before.scaled, lines, found.scaled),
        shown=_joined(before.shown, lines, found.shown),
        painted=_joined(before.painted, lines, found.painted),
        indents=_joined(before.indents, lines, found.indents),
        levels={**{line: level for line, level in before.levels.items() if line not in lines}, **found.levels},
    )


def read_moved(
    package: Package,
    sheet: SheetPart,
    shared: Shared,
    was: bytes,
    now: bytes,
    before: Grid,
    moved: Callable[[int], int],
) -> Grid | None:
    """Read a sheet into which rows were inserted, all others being as they were but for their formulas.

    Args:
        package: The package.
        sheet: The sheet.
        shared: What the sheets of the package share, as it was before too.
        was: What stood in its part.
        now: What stands there.
        before: The sheet as it was read from `was`.
        moved: Gives the new number of a row.

    Returns:
        What `read_sheet` gives; None where it is not plainly written, or many rows hold formulas.

    Raises:
        BookError: The part is damaged.
    """
    old, new = plain_parts(was), plain_parts(now)
    if old is None or new is None or "<!" in old[1] or "<!" in new[1]:
        return None
    former, rows = _numbered(old[1]), _numbered(new[1])
    kept = {line: moved(line) for line, text in former.items() if "<f" not in text}
    fresh = rows.keys() - kept.values()
    if not rows.keys() >= {*kept.values()} or len(fresh) > len(rows) * _MOST:
        return None
    text = "".join(rows[line] for line in rows if line in fresh)
    found = read_sheet(package, sheet, shared, new[0] + b"<sheetData>" + text.encode() + b"</sheetData>" + new[2])
    cells = {**{kept[line]: row for line, row in before.cells.items() if line in kept}, **found.cells}
    return replace(
        found,
        cells={line: cells[line] for line in sorted(cells)},
        hidden=found.hidden | {kept[line] for line in before.hidden if line in kept},
        scaled=_shifted(before.scaled, kept, found.scaled),
        shown=_shifted(before.shown, kept, found.shown),
        painted=_shifted(before.painted, kept, found.painted),
        levels={**{kept[line]: level for line, level in before.levels.items() if line in kept}, **found.levels},
    )


def _numbered(text: str) -> dict[int, str]:
    """Cut plainly written rows by number; those that do not say it first are left out."""
    rows = (_ROW + each for each in text.split(_ROW)[1:])
    return {int(match[1]): row for row in rows if (match := _NUMBER.match(row))}


def _shifted(
    before: Mapping[tuple[int, int], Kept], kept: Mapping[int, int], found: Mapping[tuple[int, int], Kept]
) -> dict[tuple[int, int], Kept]:
    moved = {(kept[row], column): each for (row, column), each in before.items() if row in kept}
    return {**moved, **found}


def _joined(
    before: Mapping[tuple[int, int], Kept], lines: Collection[int], found: Mapping[tuple[int, int], Kept]
) -> dict[tuple[int, int], Kept]:
    return {**{place: each for place, each in before.items() if place[0] not in lines}, **found}


def _formulas(
    before: Mapping[tuple[int, int], str], lines: Collection[int], found: Mapping[tuple[int, int], str]
) -> Mapping[tuple[int, int], str]:
    """Return the formulas of both; those that are shared are not written out for it."""
    if not isinstance(before, Texts):
        return _joined(before, lines, found)
    return before.with_rows(lines, found)
