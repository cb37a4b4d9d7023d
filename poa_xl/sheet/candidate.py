"""A sheet that is refused: what of a plan was recognised in it, what it lacks, the settings that would settle it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from poa_xl.core.dates import MONTHS
from poa_xl.i18n import say
from poa_xl.sheet.fields import CAPTIONS, TABLE
from poa_xl.sheet.grid import Grid, Value, letters
from poa_xl.sheet.heading import is_blank
from poa_xl.sheet.months import YEAR, month_of, words_of

_LOOKED_AT = 80
_BELOW = 60
_FEWEST = 2
_SEVERAL = 3
# What says on its own that a row captions a plan.
_TELLING = {"name", "code", "target", "measure"}
_PARTS = (YEAR, 6, 4, 3, 2)


@dataclass(frozen=True)
class Candidate:
    """The row of a sheet that looks most like a plan's heading.

    Attributes:
        row: Its number.
        fields: Fields to their columns.
        months: Months that it captions, fewer than twelve.
        free: Columns side by side that could be those of the months.
        name: The column that could name the rows.
    """

    row: int
    fields: Mapping[str, int]
    months: tuple[str, ...]
    free: tuple[int, ...]
    name: int

    def told(self) -> str:
        """Say what was recognised, what is missing, and what would settle it."""
        found = ", ".join(f"{CAPTIONS[name]} {letters(column)}" for name, column in self.fields.items())
        parts = [say("en la fila {row} se reconoció: {found}", row=str(self.row), found=found)]
        if self.months:
            missing = ", ".join(month for month in MONTHS if month not in self.months)
            parts.append(
                say("faltan los meses {missing}: agregar sus columnas, vacías donde nada se programa", missing=missing)
            )
        else:
            parts.append(say("no se reconocieron los meses"))
        count = next((count for count in _PARTS if count <= len(self.free)), 0)
        # Columns that are called after months are no other parts of the year.
        if count == YEAR or (count and count == len(self.free) and not self.months):
            columns = [letters(column) for column in self.free[:count]]
            given: dict[str, dict[str, object]] = {
                "plan": {"fila_meses": self.row},
                "meses": {"columnas": columns if count < YEAR else columns[0]},
            }
            if not self.fields.keys() & {"name", "code"}:
                given["columnas"] = {"nombre": letters(self.name)}
            text = say(
                "si las columnas {first} a {last} son el año, decirlo en poa.toml:", first=columns[0], last=columns[-1]
            )
            parts.append(f"{text}\n{toml(given)}")
        elif not self.months:
            parts.append(
                say("ni hay columnas que puedan serlo: poa-xl revisa lo programado por meses o partes del año")
            )
        return "; ".join(parts)


def toml(settings: Mapping[str, Mapping[str, object]]) -> str:
    """Write settings as they stand in `poa.toml`, set in from the left; texts, numbers and lists of texts."""
    lines = []
    for section, values in settings.items():
        lines.append(f"    [{section}]")
        lines += (f"    {key} = {_value(value)}" for key, value in values.items())
    return "\n".join(lines)


def _value(value: object) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(map(_value, value)) + "]"
    return str(value) if isinstance(value, int) else f'"{value}"'


def candidate_in(grid: Grid) -> Candidate | None:
    """Return the row of a sheet that looks most like a plan's heading; None where none does."""
    best: Candidate | None = None
    for row in sorted(grid.cells)[:_LOOKED_AT]:
        cells = {column: value for column, value in sorted(grid.cells[row].items()) if not is_blank(value)}
        fields = _fields(cells)
        if len(fields) < _FEWEST or not fields.keys() & _TELLING or (best and len(fields) <= len(best.fields)):
            continue
        # Months may stand below a band, one row or two further down.
        lines = (grid.cells.get(line, {}).values() for line in range(row, row + _SEVERAL))
        named = {found[0] for values in lines for value in values if (found := month_of(value)) is not None}
        months = tuple(MONTHS[month - 1] for month in sorted(named)) if len(named) >= _SEVERAL else ()
        free = _free(grid, row, set(fields.values()))
        others = [column for column in cells if column not in {*fields.values(), *free}]
        best = Candidate(row, fields, months, free, name_in(grid, row, others or list(fields.values())))
    return best


def name_in(grid: Grid, bottom: int, columns: Sequence[int]) -> int:
    """Return which of some columns could name the rows below a heading best: by its texts, and how many differ."""
    rows = [row for row in sorted(grid.cells) if row > bottom][:_BELOW]
    told = {column: len({str(grid.get(row, column)) for row in rows if grid.get(row, column)}) for column in columns}
    texts = {column: sum(isinstance(grid.get(row, column), str) for row in rows) for column in columns}
    return max(columns, key=lambda column: (texts[column], told[column]), default=1)


def _fields(cells: Mapping[int, Value]) -> dict[str, int]:
    """Return the fields that the texts of a row speak of, each of its first column."""
    found: dict[str, int] = {}
    for column, value in cells.items():
        words = words_of(value) if isinstance(value, str) else ""
        ranks = {name: rank for name, each in TABLE.items() if words and (rank := each.rank(words)) is not None}
        free = [name for name in ranks if name not in found]
        if free:
            found[min(free, key=lambda name: ranks[name])] = column
    return found


def _free(grid: Grid, row: int, taken: set[int]) -> tuple[int, ...]:
    """The longest stretch of columns that no field was recognised in and that hold numbers or short texts below."""
    below = [grid.cells[line] for line in sorted(grid.cells) if row < line <= row + _BELOW]
    used = {column for cells in below for column, value in cells.items() if _is_short(value)} - taken
    stretches: list[list[int]] = []
    for column in sorted(used):
        if stretches and column == stretches[-1][-1] + 1:
            stretches[-1].append(column)
        else:
            stretches.append([column])
    longest: list[int] = max(stretches, key=len, default=[])
    return tuple(longest)


def _is_short(value: Value) -> bool:
    return isinstance(value, Decimal) or (isinstance(value, str) and len(value) <= _SEVERAL)
