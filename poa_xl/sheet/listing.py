"""Sheets that are one list: a title, a subtitle, captions on row 4, lines below."""

from collections import defaultdict, deque
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from itertools import chain

from poa_xl.core.text import fold
from poa_xl.core.values import Invalid
from poa_xl.i18n import in_every_language
from poa_xl.sheet import looks
from poa_xl.sheet.cells import text_of
from poa_xl.sheet.grid import Grid, Value, is_same_sheet
from poa_xl.sheet.spec import Cell, SheetSpec, Style

FINDINGS = "Hallazgos"
SUBMISSIONS = "Envíos"
CHANGES = "Cambios"
PROVENANCE = "Procedencia"

# Row of the captions.
TOP = 4
# The lists that are drawn beside a plan and hold none, each with captions by which it is known.
LISTS: Mapping[str, Mapping[int, str]] = {
    FINDINGS: {3: "Código", 5: "Regla", 7: "Qué pasa"},
    SUBMISSIONS: {1: "Unidad", 2: "Recibido", 3: "Archivo"},
    CHANGES: {2: "Decisión", 5: "Columna", 6: "Maestro"},
    PROVENANCE: {1: "Fila", 2: "Código", 7: "SHA-256"},
}

Columns = Sequence[tuple[str, float]]
# What people typed beside a list.
_TYPED = Style(wrap=True)


def listing(name: str, title: str, subtitle: str, tab: str, columns: Columns = ()) -> SheetSpec:
    """Draw the head of a list, frozen and repeated on every printed page.

    Args:
        name: Name of the sheet.
        title: First line.
        subtitle: Second line.
        tab: Colour of the tab.
        columns: Caption and width of each column.
    """
    image = SheetSpec(name, tab=tab, freeze=(TOP + 1, 1), repeat=(TOP, TOP), heights={1: 24, 2: 16})
    image.cells[1, 1] = Cell(title, looks.TITLE)
    image.cells[2, 1] = Cell(subtitle, looks.SUBTITLE)
    caption(image, columns)
    return image


def caption(image: SheetSpec, columns: Columns) -> None:
    """Write the captions of a list and set its widths."""
    for column, (text, width) in enumerate(columns, 1):
        image.cells[TOP, column] = Cell(text, looks.HEADER)
        image.widths[column] = width
    if columns:
        image.heights[TOP] = 24


def is_list(grid: Grid, captions: Mapping[int, str]) -> bool:
    """Whether a sheet has the shape of a list of ours: these captions in these columns, in any language."""
    return all(grid.get(TOP, column) in in_every_language(text) for column, text in captions.items())


def find_ours(grids: Iterable[Grid], name: str, named: Collection[str], is_ours: Callable[[Grid], bool]) -> Grid | None:
    """Return the sheet that we drew under a name, or under that name with more behind it.

    Args:
        grids: Where to look; a sheet that does not look like ours is none of them, whatever it is called.
        name: What we call it.
        named: Sheets that we wrote down; they come first. Programs that drop hidden names leave us with the name alone.
        is_ours: Whether a sheet looks like it.
    """
    alike = [grid for grid in grids if fold(grid.name).startswith(fold(name)) and is_ours(grid)]
    first = (grid for grid in alike if any(is_same_sheet(grid.name, each) for each in named))
    return next(chain(first, alike), None)


def keep_notes(
    image: SheetSpec,
    former: Grid,
    own: Collection[int],
    keys: Sequence[Sequence[int]],
    is_line: Callable[[Mapping[int, Value]], bool],
) -> None:
    """Put what people typed into a list where it belongs in the same list drawn again.

    A note beside a line goes where that line is now; where the line is gone the note comes below the others, with what
    the line was about. What people typed below the lines comes below them again.

    Args:
        image: The list drawn again.
        former: The list as it was.
        own: Columns that the list itself fills.
        keys: Columns that tell lines apart, the surest first.
        is_line: Whether a row of the former list is one of its lines.
    """
    bottom = max((TOP, *(row for row, _ in image.cells)))
    places = [_by_texts(image, key) for key in keys]
    taken: set[int] = set()
    for row, cells in sorted(former.cells.items()):
        notes = {column: value for column, value in cells.items() if row < TOP or column not in own}
        if row <= TOP:
            _type(image, row, {column: value for column, value in notes.items() if (row, column) not in image.cells})
            continue
        place = _same_line(cells, keys, places, taken)
        if place is not None:
            taken.add(place)
        elif notes or not is_line(cells):
            bottom += 1
            kept = {column for key in keys for column in key}
            notes |= {column: value for column, value in cells.items() if column in kept or not is_line(cells)}
        _type(image, place or bottom, notes)


def _by_texts(image: SheetSpec, key: Sequence[int]) -> dict[tuple[str, ...], deque[int]]:
    """Return the rows of lines by their texts in some columns, top to bottom; lines without any are left out."""
    texts: dict[int, dict[int, str]] = defaultdict(dict)
    for (row, column), cell in image.cells.items():
        if row > TOP and column in key:
            texts[row][column] = text_of(cell.value)
    found: dict[tuple[str, ...], deque[int]] = defaultdict(deque)
    for row, said in sorted(texts.items()):
        if any(said.values()):
            found[tuple(said.get(column, "") for column in key)].append(row)
    return found


def _same_line(
    cells: Mapping[int, Value],
    keys: Sequence[Sequence[int]],
    places: Sequence[Mapping[tuple[str, ...], deque[int]]],
    taken: Collection[int],
) -> int | None:
    """Return the row that says the same in the columns of the first key by which one does, and is not taken yet."""
    for key, rows_by_texts in zip(keys, places, strict=True):
        rows = rows_by_texts.get(tuple(text_of(cells.get(column)) for column in key), deque())
        while rows and rows[0] in taken:
            rows.popleft()
        if rows:
            return rows[0]
    return None


def _type(image: SheetSpec, row: int, values: Mapping[int, Value]) -> None:
    for column, value in values.items():
        content = value.text if isinstance(value, Invalid) else value
        image.cells[row, column] = Cell(content, _TYPED)


def is_findings_sheet(grid: Grid) -> bool:
    """Whether a sheet has the shape of one that lists findings."""
    return is_list(grid, LISTS[FINDINGS])


def is_beside(grid: Grid) -> bool:
    """Whether a sheet has the shape of any of these lists."""
    return any(is_list(grid, captions) for captions in LISTS.values())
