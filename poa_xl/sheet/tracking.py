"""The sheet `Seguimiento` drawn: one row per operation, linked to the plan, what was typed kept by code."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from poa_xl.core.dates import MONTHS
from poa_xl.core.flags import Flag, State
from poa_xl.core.plan import SERIES, Amount, Kind, Plan, Row, monthly
from poa_xl.core.reports import NOTHING, WORDS, Assessed, Report, assess, figure, kind_of
from poa_xl.core.tracking import Scale, Standing
from poa_xl.core.values import Invalid
from poa_xl.i18n import say
from poa_xl.sheet import looks
from poa_xl.sheet.formulas import tracking as formulas
from poa_xl.sheet.formulas.place import Place, Sheet, in_turn
from poa_xl.sheet.formulas.tracking import Track, executed_of
from poa_xl.sheet.grid import Grid, Value, column_number, quoted
from poa_xl.sheet.listing import TOP, keep_notes, listing
from poa_xl.sheet.spec import Cell, Choice, ConditionalFormat, Content, SheetSpec, Style
from poa_xl.sheet.tracking_columns import ADDRESSES, PLACES, SENSES, TRACK_COLUMNS, TYPED, Part, TrackColumn
from poa_xl.sheet.tracking_read import CUTOFF, TRACKING, Entry, Tracked, marks_of, match, retyped

GONE = "Fuera del plan"
MOVED = "Fila movida"
_CHOICE = Style(bold=True, size=11, align="center", border=True, fill="#FFFBEB", locked=False)
_PAINTED = {
    WORDS[Standing.UNPROGRAMMED]: State.WARNING,
    WORDS[Standing.UNREPORTED]: State.WARNING,
    WORDS[Standing.NO_RATIO]: State.WARNING,
    GONE: State.WARNING,
    MOVED: State.WARNING,
}
# Helpers that the control columns of the plan have too.
_KNOWN = ("unit_text", "unit_class")
_HIGH = (("name", 40), ("measure", 18), ("reason", 40), ("cause", 30), ("action", 30))


@dataclass(frozen=True)
class Source:
    """The plan that the sheet is about.

    Attributes:
        plan: The plan, placed in its sheet.
        flags: One flag per row.
        sheet: Name of its sheet.
        columns: Letters of its columns by field, control columns included.
        is_live: Tells of which rows formulas read what we read; the others get values.
        scale: The office's bands.
        grid: The cells of its sheet; None where it is drawn only now.
        closed: Indexes of the months that the office closed.
        done: Where the plan sheet itself says what was executed, and what: index of an operation to index of a month.
    """

    plan: Plan
    flags: Sequence[Flag]
    sheet: str
    columns: Mapping[str, str]
    is_live: Callable[[Row], bool]
    scale: Scale
    grid: Grid | None = None
    closed: frozenset[int] = frozenset()
    done: Mapping[int, Mapping[int, tuple[str, Amount]]] = field(default_factory=dict)

    def reported(self, index: int, report: Report) -> Report:
        """Return what was reported of an operation, with what the plan sheet says of it."""
        cells = self.done.get(index, {})
        executed = (cells[month][1] if month in cells else told for month, told in enumerate(report.executed))
        return replace(report, executed=tuple(executed)) if cells else report

    def code(self, row: Row) -> Content:
        """What the code cell of a row holds, as it stands there."""
        if self.grid is None:
            return getattr(row.code, "written", "") or _content(row.code)
        return typed(self.grid.get(row.line, column_number(self.columns["code"])))

    def cell(self, row: Row, field: str) -> str:
        """The cell of a field in the plan; empty where formulas cannot read it there."""
        has = field in self.columns and self.is_live(row)
        return f"{quoted(self.sheet)}!${self.columns[field]}${row.line}" if has else ""


def tracking_sheet(
    source: Source,
    former: Tracked,
    cutoff: int | None,
    reported: Mapping[int, Mapping[str, object]] | None = None,
) -> SheetSpec:
    """Draw the sheet.

    Args:
        source: The plan.
        former: The sheet as it is, whose typed cells are kept.
        cutoff: Index of the cut-off month; None to leave that open.
        reported: By row number in the plan, what is to stand in its row instead of what stands there, by column; None
            for a blank.
    """
    image = listing(
        TRACKING, say("Seguimiento"), say("Corte"), "#2E75B6", [(each.caption, each.width) for each in TRACK_COLUMNS]
    )
    image.freeze = (TOP + 1, 3)
    image.heights |= {3: 16, TOP: 38}
    image.cells[CUTOFF] = Cell(MONTHS[cutoff] if cutoff is not None else None, _CHOICE)
    image.cells[2, 3] = Cell(say("← mes hasta el que se evalúa"), replace(looks.NOTE, wrap=False))
    image.cells[2, PLACES["clean"]] = Cell(
        Decimal(cutoff + 1) if cutoff is not None else "", Style(), f"={formulas.cutoff_number()}"
    )
    quarters = ", ".join(f"T{quarter}" for quarter in sorted({month // 3 + 1 for month in source.closed}))
    text = say("Cerrado: {quarters}", quarters=quarters) if quarters else None
    image.cells[1, 3] = Cell(text, replace(looks.NOTE, wrap=False))
    image.cells[3, 1] = Cell(legend(source.scale), replace(looks.NOTE, wrap=False))
    image.column_levels = {PLACES[each.name]: each.level for each in TRACK_COLUMNS if each.level}
    found, gone = match(source.plan, former.entries)
    lines, marks = lines_of(source.plan), marks_of(source.plan)
    for index, line in lines.items():
        told = (reported or {}).get(source.plan.rows[index].line)
        entry = found.get(index)
        _draw(image, source, index, line, entry if told is None else retyped(entry, told), cutoff)
        image.cells[line, PLACES["clean"]] = Cell(marks[index])
    for line, entry in enumerate(gone, TOP + 1 + len(lines)):
        _draw_gone(image, entry, line)
    last = TOP + max(len(lines) + len(gone), 1)
    image.rules = rules(source.scale, last)
    image.choices = [
        Choice("B2", MONTHS, say("Corte"), say("Mes hasta el que se evalúa")),
        Choice(_area("sense", last), SENSES, say("Sentido"), say("Dejar vacío para que se deduzca de la unidad")),
    ]
    image.filter = f"A{TOP}:{ADDRESSES['proof']}{last}"
    if former.grid is not None:
        own = {*PLACES.values()}
        keep_notes(image, former.grid, own, ((PLACES["clean"],),), lambda cells: PLACES["clean"] in cells)
    return image


def lines_of(plan: Plan) -> dict[int, int]:
    """Return the row of every operation in a sheet drawn anew, by its index in the plan."""
    operations = (index for index, row in enumerate(plan.rows) if row.kind is Kind.OPERATION)
    return {index: line for line, index in enumerate(operations, TOP + 1)}


def legend(scale: Scale) -> str:
    """Say the bands of an office and where they come from."""
    first, *rest = scale.bands
    listed = (
        [say("{band} (menos de {lower} %)", band=first.name, lower=figure(rest[0].lower))] if rest else [first.name]
    )
    listed += [say("{band} (desde {lower} %)", band=band.name, lower=figure(band.lower)) for band in rest]
    return say("Bandas de Eficacia: {bands}. Fuente: {source}.", bands=", ".join(listed), source=scale.source)


def rules(scale: Scale, last: int) -> list[ConditionalFormat]:
    """Paint Eficacia and Estado by the band whose name stands in Estado."""
    first = f"${ADDRESSES['state']}{TOP + 1}"
    bands = {band.name: style_of(band.color) for band in scale.bands}
    words = {word: looks.PAINT[state] for word, state in _PAINTED.items() if word not in bands}
    painted = (("efficacy", bands), ("state", {**bands, **words}))
    return [
        ConditionalFormat(_area(name, last), f'={first}="{word.replace(chr(34), chr(34) * 2)}"', style)
        for name, looked in painted
        for word, style in looked.items()
    ]


def is_our_rule(formula: str) -> bool:
    """Whether a conditional format is one of `rules`."""
    return formula.removeprefix("=").startswith(f'${ADDRESSES["state"]}{TOP + 1}="')


def style_of(color: str) -> Style:
    """Return the look of a band: of one of the plan's own states, or of a colour."""
    states = {str(state): style for state, style in looks.PAINT.items()}
    return states.get(color.upper()) or Style(fill=color, color=looks.ink(color))


def _area(name: str, last: int) -> str:
    return f"{ADDRESSES[name]}{TOP + 1}:{ADDRESSES[name]}{last}"


def _draw(image: SheetSpec, source: Source, index: int, line: int, entry: Entry | None, cutoff: int | None) -> None:
    row, flag = source.plan.rows[index], source.flags[index]
    report = source.reported(index, entry.report if entry is not None else NOTHING)
    said = assess(row, report, flag.computed, cutoff, source.scale) if cutoff is not None else None
    track = Track(Place(Sheet(ADDRESSES, TOP + 1, line, 0), line), source.scale)
    values = linked(row, flag)
    for column in TRACK_COLUMNS:
        image.cells[line, PLACES[column.name]] = _cell(column, source, row, track, values, said)
    if entry is not None:
        _type(image, entry, line)
    for month, (there, amount) in source.done.get(index, {}).items():
        place = (line, PLACES[executed_of(MONTHS[month])])
        look = replace(image.cells[place].style, locked=True, fill=looks.CONTROL_FILL)
        value = amount.text if isinstance(amount, Invalid) else "" if amount is None else amount
        image.cells[place] = Cell(value, look, f"={formulas.link(there)}")
    written = source.cell(row, "code")
    if written:
        image.cells[line, PLACES["written"]] = Cell(source.code(row))
        _watch(image, line, formulas.moved(track, written))
    texts = {
        "name": row.name,
        "measure": row.measure,
        "reason": said.reason if said else "",
        "cause": report.cause,
        "action": report.action,
    }
    image.heights[line] = looks.row_height((texts[name], width) for name, width in _HIGH)


def _watch(image: SheetSpec, line: int, moved: str) -> None:
    """Let Estado say when another operation stands in the plan where the one of this row stood."""
    told = {"state": MOVED, "reason": "el plan cambió de orden: repetir poa track"}
    for name, text in told.items():
        place = (line, PLACES[name])
        cell = image.cells[place]
        image.cells[place] = replace(cell, formula=f'=IF({moved},"{text}",{cell.formula[1:]})')


def linked(row: Row, flag: Flag) -> dict[str, Content]:
    """Return what the linked columns show."""
    values: dict[str, Content] = {name: _content(row.get(name)) for name in ("name", "unit", "target", "measure")}
    code = row.code
    values["code"] = getattr(code, "written", "") or _content(code)
    values["kind"] = str(kind_of(row)) if flag.verdict is not None else None
    values["current"] = flag.computed
    return values | {month: _number(amount) for month, amount in zip(MONTHS, row.months, strict=True)}


def _content(value: object) -> Content:
    if isinstance(value, Invalid):
        return value.text
    return value if isinstance(value, Decimal) else str(value) if value else None


def _number(value: object) -> Content:
    return value if isinstance(value, Decimal) and value else None


def _cell(
    column: TrackColumn, source: Source, row: Row, track: Track, values: Mapping[str, Content], said: Assessed | None
) -> Cell:
    if column.name in _KNOWN and (there := source.cell(row, column.field)):
        # The plan's control columns know it already.
        return Cell(None, column.look, f"={in_turn(there)}")
    if column.formula is not None:
        value = column.value(said) if column.value is not None and said is not None else None
        shown = None if column.part is Part.HELPER else "" if value is None else value
        return Cell(shown, column.look, f"={column.formula(track)}")
    if not column.field:
        is_closed = any(column.name == monthly(each, MONTHS[m]) for each in SERIES for m in source.closed)
        return Cell(None, replace(column.look, locked=True, fill=looks.CONTROL_FILL) if is_closed else column.look)
    value, cell = values[column.name], source.cell(row, column.field)
    if not cell:
        return Cell(value, column.look)
    formula = formulas.programmed(cell) if column.name in MONTHS else formulas.link(cell)
    # Control columns are formulas of another sheet, which Calc must have computed before.
    formula = in_turn(formula) if column.name in ("kind", "current") else formula
    return Cell("" if value is None else value, column.look, f"={formula}")


def _type(image: SheetSpec, entry: Entry, line: int) -> None:
    """Put what people typed where their operation stands now."""
    for name, value in entry.typed.items():
        place = (line, PLACES[name])
        look = image.cells[place].style
        formula = entry.formulas.get(name, "")
        image.cells[place] = Cell(typed(value), look, f"={formula}" if formula else "")


def typed(value: Value) -> Content:
    """Return what was typed as it is written again."""
    return value.text if isinstance(value, Invalid) else value


def _draw_gone(image: SheetSpec, entry: Entry, line: int) -> None:
    """Keep the row of an operation that the plan holds no more."""
    for column in TRACK_COLUMNS:
        value = typed(entry.shown.get(column.name)) if column.part is Part.LINKED else None
        if column.part is not Part.HELPER:
            image.cells[line, PLACES[column.name]] = Cell(value, column.look)
    for name in TYPED:
        image.cells[line, PLACES[name]] = Cell(None, image.cells[line, PLACES[name]].style)
    _type(image, entry, line)
    image.cells[line, PLACES["code"]] = Cell(
        typed(entry.shown.get("written")) or entry.key.lstrip("·"), image.cells[line, PLACES["code"]].style
    )
    image.cells[line, PLACES["state"]] = Cell(GONE, image.cells[line, PLACES["state"]].style)
    image.cells[line, PLACES["clean"]] = Cell(entry.mark)
