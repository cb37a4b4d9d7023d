"""Headers, matched by meaning: which column holds what, wherever it stands and however it is spelled."""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from poa_xl.core.dates import MONTHS, month_number
from poa_xl.core.plan import FIELDS
from poa_xl.core.text import fold, squeeze
from poa_xl.errors import LayoutError
from poa_xl.i18n import say
from poa_xl.sheet.control_columns import CONTROL_COLUMNS
from poa_xl.sheet.fields import CAPTIONS, REQUIRED, TABLE
from poa_xl.sheet.grid import Grid, Value, letters

# What poa-xl adds to the right of the planner's columns.
CONTROL: Mapping[str, str] = {column.name: column.caption for column in CONTROL_COLUMNS}

_SYNONYMS: Mapping[str, str] = {
    **{name: each.synonyms for name, each in TABLE.items() if each.synonyms},
    **{name: fold(caption) for name, caption in CONTROL.items()},
}
_PATTERNS = {name: re.compile(pattern) for name, pattern in _SYNONYMS.items()}
_MONTH = re.compile(r"([a-z]+)[ /'-]*(?:\d{4}|\d{2})?")
_PLANNED = re.compile(r"prog.*|plan.*")
_FEWEST = 5
_LONGEST = 80


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the plan stands in a sheet.

    Attributes:
        top: First row of the header.
        bottom: Last row of the header.
        columns: Field name to column number.
        unknown: Header text to column number, of columns that nobody knows.
    """

    top: int
    bottom: int
    columns: Mapping[str, int]
    unknown: Mapping[str, int]

    @property
    def addresses(self) -> dict[str, str]:
        """Column letters by field name."""
        return {name: letters(column) for name, column in self.columns.items()}


def field_of(header: Value) -> str | None:
    """Tell which field a header cell means: `ENE-20`, a date in January and `Enero` all mean ENE."""
    if isinstance(header, date):
        return MONTHS[header.month - 1]
    return _field_of_text(header) if isinstance(header, str) and len(header) <= _LONGEST else None


@lru_cache(maxsize=4096)
def _field_of_text(header: str) -> str | None:
    text = squeeze(fold(header).replace(".", " "))
    if (match := _MONTH.fullmatch(text)) and (month := month_number(match[1])):
        return MONTHS[month - 1]
    return next((name for name, pattern in _PATTERNS.items() if pattern.fullmatch(text)), None)


def find_layout(grid: Grid) -> Layout | None:
    """Find the header of a plan.

    Args:
        grid: The sheet.

    Returns:
        The layout of the first header in the sheet; None when the sheet does not look like a plan: no row
        has a code column and four others.

    Raises:
        LayoutError: A column stands twice, or the sheet looks like a plan and lacks a required column.
    """
    covers = _covers(grid)
    for row in sorted(grid.cells):
        single = _match(grid, covers, row, row)
        if "code" not in single or len(single) < _FEWEST:
            continue
        double = _match(grid, covers, row, row + 1)
        is_double = row + 1 in grid.cells and "code" in double and _score(double) > _score(single)
        bottom = row + 1 if is_double else row
        return _layout(grid, covers, row, bottom, double if is_double else single)
    return None


def is_header(grid: Grid, layout: Layout, row: int) -> bool:
    """Tell whether a row repeats the header, as page breaks of a printed plan do."""
    cells = grid.cells[row]
    if field_of(cells.get(layout.columns["code"])) != "code":
        return False
    hits = sum(field_of(cells.get(column)) == name for name, column in layout.columns.items())
    return hits > len(FIELDS) / 2


Covers = Mapping[tuple[int, int], tuple[int, int]]


def _covers(grid: Grid) -> Covers:
    """Map every cell of the merges that could belong to a header to its anchor."""
    return {
        (row, column): (merge.top, merge.left)
        for merge in grid.merges
        if merge.bottom - merge.top <= 1 and merge.right - merge.left < len(FIELDS)
        for row in range(merge.top, merge.bottom + 1)
        for column in range(merge.left, merge.right + 1)
    }


def _score(matched: Mapping[str, list[int]]) -> tuple[int, int]:
    """Rank a reading of the header: more fields are better, then fewer that stand twice."""
    return len(matched), -sum(map(len, matched.values()))


def _text(grid: Grid, covers: Covers, row: int, column: int) -> Value:
    return grid.get(*covers.get((row, column), (row, column)))


def _match(grid: Grid, covers: Covers, top: int, bottom: int) -> dict[str, list[int]]:
    """Map fields to the columns whose header means them, over one header row or two."""
    found: dict[str, list[int]] = defaultdict(list)
    for column in _columns(grid, covers, top, bottom):
        upper, lower = _text(grid, covers, top, column), _text(grid, covers, bottom, column)
        name = _meaning(upper, lower)
        if name:
            found[name].append(column)
    return dict(found)


def _meaning(upper: Value, lower: Value) -> str | None:
    """Read two header rows of a column: below a month, of `Programado`, `Realizado` the first counts."""
    name = field_of(upper)
    if name in MONTHS and lower != upper and isinstance(lower, str):
        return name if _PLANNED.fullmatch(fold(lower)) else None
    return field_of(lower) or (name if lower == upper or lower is None else None)


def _columns(grid: Grid, covers: Covers, top: int, bottom: int) -> list[int]:
    columns = {column for row in (top, bottom) for column in grid.cells.get(row, {})}
    return sorted(columns | {column for row, column in covers if row in (top, bottom)})


def _layout(grid: Grid, covers: Covers, top: int, bottom: int, matched: Mapping[str, list[int]]) -> Layout:
    seen = {
        column: text
        for column in _columns(grid, covers, top, bottom)
        if (text := _caption(grid, covers, top, bottom, column))
    }
    twice = {name: columns for name, columns in matched.items() if len(columns) > 1}
    missing = [name for name in REQUIRED if name not in matched]
    problems = [
        say("la columna {caption} está {count} veces: {cells}", caption=_named(name), count=len(columns),
            cells=", ".join(f"{letters(column)}{bottom}" for column in columns))
        for name, columns in twice.items()
    ]  # fmt: skip
    if missing:
        problems.append(
            say(
                "faltan las columnas {missing}; los encabezados que hay en la fila {row} son: {seen}",
                missing=", ".join(map(_named, missing)),
                row=str(bottom),
                seen=", ".join(seen.values()),
            )
        )
    if problems:
        text = say("hoja «{sheet}»: {problems}", sheet=grid.name, problems="; ".join(problems))
        raise LayoutError(text, len(missing) + len(twice))
    columns = {name: first for name, (first,) in matched.items()}
    known = set(columns.values())
    return Layout(top, bottom, columns, {text: column for column, text in seen.items() if column not in known})


def _caption(grid: Grid, covers: Covers, top: int, bottom: int, column: int) -> str:
    parts = (_text(grid, covers, row, column) for row in dict.fromkeys((top, bottom)))
    return squeeze(" ".join(dict.fromkeys(str(part) for part in parts if part is not None)))


def _named(name: str) -> str:
    return {**CAPTIONS, **CONTROL}[name]
