"""The sheet `Versiones`: which versions of the plan were approved, by which document, when."""

from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from datetime import date
from decimal import Decimal

from poa_xl.i18n import say
from poa_xl.sheet import looks
from poa_xl.sheet.cells import text_of
from poa_xl.sheet.grid import Grid, Value, letters
from poa_xl.sheet.listing import TOP, is_list, keep_notes, listing
from poa_xl.sheet.spec import Cell, SheetSpec, Style

VERSIONS = "Versiones"
# What the first version is called, and the later ones.
FIRST, LATER = "Aprobado", "Reformulado {number}"

_CAPTIONS = {1: "Versión", 2: "Resolución", 8: "Contenido (SHA-256)"}
_WIDTH = 8
_TEXT = Style(border=True, wrap=True, number_format=looks.TEXT)
_CENTRED = Style(border=True, align="center", number_format=looks.TEXT)
_DAY = Style(border=True, align="center", number_format="dd/mm/yyyy")
_COUNT = Style(border=True, align="center", number_format="0")
_MONEY = Style(border=True, align="right", number_format="#,##0.00")


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A line of `Versiones`; a budget that cannot be summed up is the text that says so."""

    name: str
    resolution: str
    day: date
    author: str
    moment: str
    operations: int
    budget: Decimal | str
    sha256: str


def name_of(number: int) -> str:
    """Return what the office calls its versions, the first one 0."""
    return LATER.format(number=number) if number else FIRST


def versions_sheet(lines: Sequence[VersionLine], former: Grid | None = None) -> SheetSpec:
    """List the approved versions, the first one first; what people typed beside them is kept."""
    columns = (
        (say("Versión"), 18),
        (say("Resolución"), 30),
        (say("Fecha"), 12),
        (say("Registró"), 20),
        (say("Cuándo"), 17),
        (say("Operaciones"), 12),
        (say("Presupuesto"), 18),
        (say("Contenido (SHA-256)"), 66),
    )
    subtitle = say("Lo que cada versión contiene está en la historia, junto al libro; poa diff la compara")
    image = listing(VERSIONS, say("Versiones aprobadas"), subtitle, "#375623", columns)
    styles = (_TEXT, _TEXT, _DAY, _TEXT, _CENTRED, _COUNT, _MONEY, _TEXT)
    for number, line in enumerate(lines, TOP + 1):
        values = astuple(line)
        for column, (value, style) in enumerate(zip(values, styles, strict=True), 1):
            image.cells[number, column] = Cell(Decimal(value) if isinstance(value, int) else value or None, style)
        image.heights[number] = looks.row_height([(line.name, 18), (line.resolution, 30), (line.author, 20)])
    image.filter = f"A{TOP}:{letters(_WIDTH)}{TOP + max(1, len(lines))}"
    if former is not None:
        keep_notes(image, former, range(1, _WIDTH + 1), ((1, 8), (1,)), lambda cells: isinstance(cells.get(8), str))
    return image


def is_versions_sheet(grid: Grid) -> bool:
    """Whether a sheet is one that `versions_sheet` drew."""
    return is_list(grid, _CAPTIONS)


def read_versions(grid: Grid) -> list[VersionLine]:
    """Read the versions that a sheet lists; what people typed below them is none."""
    lines = (_read(cells) for row, cells in sorted(grid.cells.items()) if row > TOP)
    return [line for line in lines if line is not None]


def _read(cells: Mapping[int, Value]) -> VersionLine | None:
    name, resolution, author, moment, sha256 = (text_of(cells.get(column)) for column in (1, 2, 4, 5, 8))
    day, operations, budget = (cells.get(column) for column in (3, 6, 7))
    if not sha256 or not isinstance(day, date) or not isinstance(operations, Decimal):
        return None
    total = budget if isinstance(budget, Decimal) else text_of(budget)
    return VersionLine(name, resolution, day, author, moment, int(operations), total, sha256)
