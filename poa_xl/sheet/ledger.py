"""The sheets that a consolidation keeps in the master: where rows come from, who sent what, what changed."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass, field, fields, replace
from decimal import Decimal
from functools import partial
from operator import attrgetter
from urllib.parse import quote

from poa_xl.core.codes import Code, read_code
from poa_xl.core.flags import sentences
from poa_xl.core.outcomes import Fate, Side
from poa_xl.core.quick import quick
from poa_xl.core.text import fold, squeeze
from poa_xl.i18n import say
from poa_xl.sheet import looks
from poa_xl.sheet.grid import Grid, Value, letters, quoted
from poa_xl.sheet.listing import CHANGES, LISTS, PROVENANCE, SUBMISSIONS, TOP, find_ours, is_list, keep_notes, listing
from poa_xl.sheet.spec import Cell, Choice, ConditionalFormat, Content, SheetSpec, Style

# What the answer of a unit is worth: the workbook as it was sent, one saved with nothing changed, an answer, one of
# which something is missing or cannot be read, one of which nothing could be taken; none.
SENT, SAME, RECEIVED, PARTIAL, REFUSED, MISSING = (
    "enviado",
    "sin cambios",
    "recibido",
    "incompleto",
    "rechazado",
    "no envió",
)

_CODE = "código"
# How a decision gives a new row another code.
CODE_WORD = f"{_CODE} {{code}}"


@dataclass(frozen=True, slots=True)
class _Shape:
    """By what the lines of one of these sheets are known among what people typed there.

    Attributes:
        width: How many columns it fills.
        keys: Columns that tell its lines apart, the surest first.
        column: A column that holds in each line one of `words`.
        words: These words; numbers where there are none.
        later: Captions by column of the last columns, which sheets of earlier versions lack.
    """

    width: int
    keys: Sequence[Sequence[int]]
    column: int
    words: Collection[str] = ()
    later: Mapping[int, str] = field(default_factory=dict)

    def is_line(self, cells: Mapping[int, Value]) -> bool:
        """Whether a row is a line of ours."""
        value = cells.get(self.column)
        return value in self.words if self.words else str(value).isdecimal()


_SHAPES: Mapping[str, _Shape] = {
    SUBMISSIONS: _Shape(
        15,
        ((1, 3), (1,)),
        2,
        (SENT, SAME, RECEIVED, PARTIAL, REFUSED, MISSING),
        {13: "Enviado", 14: "Recordatorio", 15: "Correo"},
    ),
    CHANGES: _Shape(
        14,
        ((3, 4, 5, 6, 7, 9), (3, 4, 5, 9)),
        1,
        tuple(map(str, Fate)),
    ),
    PROVENANCE: _Shape(8, ((2, 3),), 1),
}

# Before each thing that a reminder asks for.
BULLET = "- "
# Excel takes links of 2,079 characters, and Windows hands on some fewer.
_LONGEST_LINK = 2000
# Columns of `Envíos` from Versión to No tomadas.
_OF_A_FILE = range(6, 11)
_TEXT = Style(border=True, wrap=True, number_format=looks.TEXT)
# To be copied from: a letter in full would make each row ten lines high.
_LETTER = Style(border=True, number_format=looks.TEXT)
_CENTRED = Style(border=True, align="center", number_format=looks.TEXT)
_COUNT = Style(border=True, align="center", number_format="0")
_OPEN = Style(border=True, align="center", number_format=looks.TEXT, fill="#FFF2CC", locked=False)
_BAD = Style(fill="#FFC7CE", color="#9C0006", bold=True)
_GOOD = Style(fill="#C6EFCE", color="#006100")


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """A line of `Cambios`, as texts; `row` is 0 for the operation itself, else the number of its partida line."""

    fate: str
    decision: str
    code: str
    row: str
    field: str
    master: str
    theirs: str
    sent: str
    unit: str
    file: str
    cell: str
    author: str
    time: str
    reason: str

    @property
    def is_open(self) -> bool:
        """Whether the office has something to decide or to ask for."""
        return self.fate in {str(fate) for fate in Fate if fate.is_open}

    @property
    def key(self) -> tuple[str, ...]:
        """What a decision is about: the same values again, not the same cell."""
        return (self.code, self.row, self.field, self.master, self.theirs, self.unit)


@dataclass(frozen=True, slots=True)
class SubmissionLine:
    """A line of `Envíos`: a unit, what came of it, and what to write to it where something is missing.

    `undecided` counts the conflicts of its file, which wait for the office; `instead` is the file of the unit that
    counts in its place, so that nobody has to be asked about this one. Of a file that is not `known` nobody can say
    whose it is.
    """

    unit: str
    received: str
    file: str
    author: str
    time: str
    version: int
    rows: int
    taken: int
    changed: int
    rejected: int
    red: int
    note: str
    sent: str = ""
    subject: str = ""
    reminder: str = ""
    undecided: int = 0
    instead: str = ""
    known: bool = True

    @property
    def is_waiting(self) -> bool:
        """Whether the unit has to do something, or the office about what it sent."""
        return bool(self.reminder or self.undecided)

    @property
    def mailto(self) -> str:
        """The reminder as a link that mail programs open; the address is left to be chosen.

        Programs take no longer links than this: then the end of the list is left out, and the letter says so.
        """
        if not self.reminder:
            return ""
        lines = self.reminder.splitlines()
        listed = [number for number, line in enumerate(lines) if line.startswith(BULLET)]
        rest = BULLET + say("y lo demás que dice la hoja Hallazgos")
        link = self._letter(lines)
        for last in reversed(listed):
            if len(link) <= _LONGEST_LINK:
                break
            link = self._letter([*lines[:last], rest, *lines[listed[-1] + 1 :]])
        return link

    def _letter(self, lines: Sequence[str]) -> str:
        return f"mailto:?subject={quote(self.subject)}&body={quote(chr(10).join(lines))}"


@quick(frozen=True, slots=True)
class ProvenanceLine:
    """A line of `Procedencia`: a row of the master by code and number, and where it comes from."""

    code: str
    row: str
    file: str
    sheet: str
    line: str
    sha256: str
    time: str


# What a line holds, in order; `astuple` copies every text, and there are as many lines as rows of the plan.
_PROVENANCE = attrgetter(*(each.name for each in fields(ProvenanceLine)))


def own_sheets(grids: Sequence[Grid], named: Collection[str]) -> dict[str, Grid]:
    """Return the sheets that the last consolidation left, by what we call them.

    Args:
        grids: The sheets beside the plan.
        named: Names that it wrote down.
    """
    found = {name: find_ours(grids, name, named, partial(is_list, captions=LISTS[name])) for name in _SHAPES}
    return {name: grid for name, grid in found.items() if grid is not None}


def keep_typed(image: SheetSpec, former: Grid) -> None:
    """Keep what people typed beside the lines of one of these sheets, drawn again and still by its own name."""
    shape = _SHAPES[image.name]
    if not is_list(former, shape.later):
        former = _widened(former, shape.width - len(shape.later), len(shape.later))
    keep_notes(image, former, range(1, shape.width + 1), shape.keys, shape.is_line)


def _widened(former: Grid, width: int, more: int) -> Grid:
    """Return a sheet of so many columns of ours with more of them: what people typed stands further right."""
    cells = {
        row: {column + more * (column > width): value for column, value in line.items()}
        for row, line in former.cells.items()
    }
    return replace(former, cells=cells)


def ruling_of(text: str) -> Side | Code | None:
    """Read what the office decided: `unidad`, `maestro`, or another code for a new row; None for anything else."""
    sides = {fold(side): side for side in Side}
    word, _, rest = squeeze(text).partition(" ")
    if fold(text) in sides:
        return sides[fold(text)]
    code = read_code(rest.lstrip(": ")) if fold(word).rstrip(":") == fold(_CODE) else None
    return code if isinstance(code, Code) else None


def changes_sheet(
    lines: Sequence[ChangeLine], title: str, places: Mapping[tuple[str, str], str] | None = None
) -> SheetSpec:
    """List changes, those first that wait for a decision; the office writes `unidad` or `maestro` beside them.

    Args:
        lines: The changes.
        title: When and from what.
        places: Code and number of the partida line to the cell of the master that a link leads to.
    """
    columns = (
        (say("Estado"), 13),
        (say("Decisión"), 11),
        (say("Código"), 17),
        (say("Partida n.º"), 9),
        (say("Columna"), 20),
        (say("Maestro"), 26),
        (say("Unidad trae"), 26),
        (say("Se envió"), 22),
        (say("Unidad"), 26),
        (say("Archivo"), 26),
        (say("Celda"), 8),
        (say("Quién"), 14),
        (say("Cuándo"), 17),
        (say("Por qué"), 44),
    )
    ordered = sorted(lines, key=lambda line: not line.is_open)
    waiting = sum(line.is_open for line in lines)
    subtitle = say(
        "{title} · {count} por resolver; escribir unidad o maestro en Decisión y consolidar otra vez",
        title=title,
        count=waiting,
    )
    image = listing(CHANGES, say("Cambios"), subtitle, "#BF8F00", columns)
    # Scrolled or on a second page, one still sees which change it is.
    image.freeze, image.printed = (TOP + 1, 4), title
    widths = [width for _, width in columns]
    for number, line in enumerate(ordered, TOP + 1):
        values = astuple(replace(line, reason=sentences(line.reason)))
        for column, value in enumerate(values, 1):
            style = _CENTRED if column in (1, 4, 11) else _TEXT
            if column == 2:  # noqa: PLR2004 - Decisión
                style = _OPEN if line.fate in (Fate.CONFLICT, Fate.MISSING) else _CENTRED
            image.cells[number, column] = Cell(value or None, style)
        place = (places or {}).get((line.code, line.row), "")
        if place:
            image.cells[number, 3] = Cell(line.code, looks.LINK, link=place)
        image.heights[number] = looks.row_height(zip(values, widths, strict=True))
    last = TOP + max(1, len(ordered))
    image.choices.append(
        Choice(
            f"B{TOP + 1}:B{last}",
            tuple(map(str, Side)),
            say("Decisión"),
            say(
                "unidad: vale lo que trae el archivo; maestro: queda como está; "
                "código y un código: la fila nueva entra con ese"
            ),
            strict=False,
        )
    )
    first = TOP + 1
    image.rules += [
        ConditionalFormat(f"A{first}:A{last}", f'=$A{first}="{fate}"', _BAD if fate.is_open else _GOOD)
        for fate in Fate
        if fate.is_open or fate in (Fate.TAKEN, Fate.ADDED)
    ]
    image.filter = f"A{TOP}:{letters(len(columns))}{last}"
    return image


def read_changes(grid: Grid) -> list[ChangeLine]:
    """Read back what `changes_sheet` wrote, with the decisions of the office."""
    return [ChangeLine(*texts) for texts in _texts(grid, len(fields(ChangeLine)))]


@dataclass(frozen=True)
class Pending:
    """How many units have something pending, of how many; and how many files there are that are nobody's."""

    count: int
    units: int
    files: int

    @classmethod
    def of(cls, lines: Sequence[SubmissionLine]) -> "Pending":
        """Count lines; of a unit several files may have come."""
        units = {fold(line.unit): False for line in lines if line.known}
        units |= {fold(line.unit): True for line in lines if line.known and line.is_waiting}
        return cls(sum(units.values()), len(units), sum(not line.known for line in lines))

    @property
    def text(self) -> str:
        """Say it."""
        text = say("{count} de {all} unidades tienen algo pendiente", count=self.count, all=self.units)
        if not self.files:
            return text
        return say("{text}; archivos de los que no se sabe de quién son: {count}", text=text, count=self.files)


def submissions_sheet(lines: Sequence[SubmissionLine], title: str) -> SheetSpec:
    """List the units: who sent, what was taken of it, who is missing, and what to write to whom."""
    columns = (
        (say("Unidad"), 30),
        (say("Recibido"), 11),
        (say("Archivo"), 26),
        (say("Quién"), 12),
        (say("Cuándo"), 15),
        (say("Versión"), 8),
        (say("Filas"), 6),
        (say("Tomadas"), 9),
        (say("Cambiadas"), 10),
        (say("No tomadas"), 9),
        (say("En rojo"), 8),
        (say("Observación"), 45),
        (say("Enviado"), 15),
        (say("Recordatorio"), 60),
        (say("Correo"), 16),
    )
    subtitle = f"{title} · {Pending.of(lines).text}"
    image = listing(SUBMISSIONS, say("Estado de envíos"), subtitle, "#2E75B6", columns)
    # Letters are for sending, not for paper.
    image.print_columns, image.printed = (1, len(columns) - 2), title
    image.freeze = (TOP + 1, 2)
    for number, line in enumerate(lines, TOP + 1):
        values = astuple(replace(line, note=sentences(line.note)))[: len(columns) - 2]
        for column, value in enumerate((*values, line.reminder), 1):
            style = _COUNT if isinstance(value, int) else _CENTRED if column in (2, 5, 13) else _TEXT
            style = _LETTER if column == len(columns) - 1 else style
            is_idle = line.received == MISSING and column in _OF_A_FILE
            is_idle |= column == _OF_A_FILE.start and not value
            content: Content = Decimal(value) if isinstance(value, int) else value or None
            content = None if is_idle else content
            image.cells[number, column] = Cell(content, style)
        link = say("Escribir correo") if line.reminder else None
        image.cells[number, len(columns)] = Cell(link, looks.LINK if link else _TEXT, link=line.mailto)
        image.heights[number] = looks.row_height([(line.unit, 30), (line.file, 26), (line.note, 45)])
    last = TOP + max(1, len(lines))
    first = TOP + 1
    image.rules += [
        *(ConditionalFormat(f"B{first}:B{last}", f'=$B{first}="{each}"', _BAD) for each in (MISSING, REFUSED, PARTIAL)),
        *(ConditionalFormat(f"B{first}:B{last}", f'=$B{first}="{each}"', _GOOD) for each in (RECEIVED, SAME)),
    ]
    image.filter = f"A{TOP}:{letters(len(columns))}{last}"
    return image


def provenance_sheet(lines: Iterable[tuple[int, ProvenanceLine]], plan_sheet: str, title: str) -> SheetSpec:
    """List where the rows of the master come from.

    Args:
        lines: Row numbers of the master, each with its provenance.
        plan_sheet: Name of the plan sheet, for links.
        title: When and from what.
    """
    columns = (
        (say("Fila"), 8),
        (say("Código"), 18),
        (say("Partida n.º"), 9),
        (say("Archivo"), 34),
        (say("Hoja"), 14),
        (say("Fila en el archivo"), 10),
        (say("SHA-256"), 66),
        (say("Cuándo"), 17),
    )
    image = listing(PROVENANCE, say("Procedencia"), title, "#7F7F7F", columns)
    image.printed = title
    count = 0
    for number, (row, line) in enumerate(lines, TOP + 1):
        image.cells[number, 1] = Cell(str(row), looks.LINK, link=f"{quoted(plan_sheet)}!A{row}")
        for column, value in enumerate(_PROVENANCE(line), 2):
            image.cells[number, column] = Cell(value or None, _CENTRED if column in (3, 6) else _TEXT)
        count += 1
    image.filter = f"A{TOP}:{letters(len(columns))}{TOP + max(1, count)}"
    return image


def read_provenance(grid: Grid) -> dict[tuple[str, str], ProvenanceLine]:
    """Read back what `provenance_sheet` wrote, by code and number of the partida line."""
    found = [ProvenanceLine(*texts[1:]) for texts in _texts(grid, 1 + len(fields(ProvenanceLine)))]
    return {(line.code, line.row): line for line in found}


def _texts(grid: Grid, width: int) -> Iterable[list[str]]:
    for number in sorted(grid.cells):
        cells: Mapping[int, object] = grid.cells[number]
        # Below the lines may stand what people typed.
        if number > TOP and cells.get(1) is not None:
            yield ["" if cells.get(column) is None else str(cells[column]) for column in range(1, width + 1)]
