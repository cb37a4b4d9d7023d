"""Formulas that look at cells which hold other values by now, and what stands beside them.

Programs calculate them when they open the workbook. Until then readers see what was calculated last: so what can be
said here is written, and what cannot is left out.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TypeAlias

from poa_xl.actions.computed import Place, Sheet, refreshed
from poa_xl.actions.load import Opened
from poa_xl.books.patch.editor import Editor
from poa_xl.books.patch.references import looked_at
from poa_xl.core.values import Flaw, Invalid
from poa_xl.sheet.grid import LAST_COLUMN, LAST_ROW, Grid, Merge, Value
from poa_xl.sheet.own import places
from poa_xl.sheet.spec import Cell

# A sheet, folded, and an area of it.
_Area: TypeAlias = tuple[str, Merge]
_WHOLE = Merge(1, 1, LAST_ROW, LAST_COLUMN)


def refresh(editor: Editor, opened: Opened, lines: Iterable[int], written: Iterable[Place] = ()) -> None:
    """Bring up to date what stands beside formulas that changed cells lead to; those of the plan's rows are settled.

    Args:
        editor: The workbook under edit, all else to be edited said.
        opened: Its plan as it reads now.
        lines: Rows of the plan.
        written: Cells of the plan sheet that earlier stages gave other values.
    """
    grids = [grid for grid in opened.book if grid.name in editor.stay]
    changed = {grid.name: _differing(editor, grid) for grid in grids}
    # No formula knows of columns that are new.
    known = {column for each in (opened, *opened.parts) for column in each.layout.columns.values()}
    own = {place: value for place, value in changed[opened.sheet].items() if place[1] in known}
    changed[opened.sheet] = dict.fromkeys(written) | own
    rows, columns = {*lines}, {*places(opened.layout).values()}

    pending = editor.pending(opened.sheet)

    def is_settled(sheet: str, place: Place) -> bool:
        is_plan = sheet == opened.sheet and place[0] in rows and place[1] in columns
        # A sheet of ours that is drawn again holds what its formulas come to.
        return is_plan or (place in pending if sheet == opened.sheet else bool(editor.pending(sheet)))

    found = outdated(grids, editor.definitions, changed, is_settled)
    sheets: dict[str, Sheet] = {}
    for grid in grids:
        sheets[grid.name.casefold()] = Sheet(grid, _differing(editor, grid), others=sheets)
    for grid in grids:
        _write(editor, sheets[grid.name.casefold()], found.get(grid.name, ()))


def _differing(editor: Editor, grid: Grid) -> dict[Place, Value]:
    """Return the cells of a sheet that get other values than they have."""
    found: dict[Place, Value] = {}
    for place, cell in editor.pending(grid.name).items():
        before, after = grid.get(*place), cell.value if cell is not None else None
        before = before / grid.scaled.get(place, 1) if isinstance(before, Decimal) else before
        if isinstance(before, Invalid) and before.flaw is Flaw.UNCALCULATED:
            before = None
        if before != after and (before, after) not in ((None, ""), ("", None)):
            found[place] = after
    return found


def _write(editor: Editor, sheet: Sheet, found: Collection[Place]) -> None:
    """Write what formulas come to by now, where that is not what stands there; arrays of several cells stay."""
    comes_to = {place: sheet.comes_to(place) for place in found}
    wanted = {place for place, value in comes_to.items() if value is None or value != sheet.grid.get(*place)}
    if not wanted:
        return
    name = sheet.grid.name
    edits = editor.sheet(name)
    for place, (kind, inside) in editor.content(name, wanted).items():
        edits.cells[place] = Cell(None)
        edits.raw[place] = refreshed(kind, inside, comes_to[place])
    for place in editor.obstacles(name).keys() & wanted:
        del edits.cells[place], edits.raw[place]
    editor.recalculate(on_load=True)


def outdated(
    grids: Iterable[Grid],
    definitions: Mapping[str, str],
    changed: Mapping[str, Collection[Place]],
    is_settled: Callable[[str, Place], bool],
) -> dict[str, set[Place]]:
    """Return by sheet the formulas that look at changed cells, or at other such formulas.

    Args:
        grids: The sheets.
        definitions: Names, folded, to the formulas that they stand for.
        changed: Sheet to the cells that hold other values than they did.
        is_settled: Tells of sheet and place whether the formula there is to be left alone.
    """
    waiting = {
        (grid.name, place): areas
        for grid in grids
        for place in grid.formulas
        if not is_settled(grid.name, place)
        if (areas := [*_areas(grid.formulas[place], grid.name.casefold(), definitions, frozenset())])
    }
    found: dict[str, set[Place]] = defaultdict(set)
    news: Mapping[str, Collection[Place]] = changed
    while any(news.values()):
        columns = {name.casefold(): _columns(places) for name, places in news.items()}
        reached = [each for each, areas in waiting.items() if any(_holds(area, columns) for area in areas)]
        more: dict[str, set[Place]] = defaultdict(set)
        for name, place in reached:
            del waiting[name, place]
            more[name].add(place)
            found[name].add(place)
        news = more
    return dict(found)


def _areas(text: str, own: str, definitions: Mapping[str, str], seen: frozenset[str]) -> Iterator[_Area]:
    """Yield the areas that a formula looks at, names resolved; all of a sheet where it computes which part of it.

    No sheet means any of them.
    """
    looked = [(_folded(sheet) or own, what) for sheet, what in looked_at(text)]
    called = {what.casefold() for _, what in looked if isinstance(what, str)}
    if "indirect" in called:
        yield "", _WHOLE
    for sheet, what in looked:
        if isinstance(what, Merge):
            yield sheet, _WHOLE if "offset" in called else what
        elif (name := what.casefold()) in definitions and name not in seen:
            yield from _areas(definitions[name], sheet, definitions, seen | {name})


def _folded(sheet: str) -> str:
    return sheet.strip("'").replace("''", "'").casefold()


def _columns(places: Iterable[Place]) -> dict[int, list[int]]:
    """Sort places: column to its rows."""
    columns: dict[int, list[int]] = defaultdict(list)
    for row, column in sorted(places):
        columns[column].append(row)
    return columns


def _holds(area: _Area, changed: Mapping[str, Mapping[int, Sequence[int]]]) -> bool:
    """Whether one of some cells stands in an area; of several sheets, or of any, in each of them."""
    sheet, spot = area
    here = [changed[sheet]] if sheet in changed else [*changed.values()] if not sheet or ":" in sheet else []
    for columns in here:
        for column, rows in columns.items():
            at = bisect_left(rows, spot.top)
            if spot.left <= column <= spot.right and at < len(rows) and rows[at] <= spot.bottom:
                return True
    return False
