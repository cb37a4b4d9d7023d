"""From the cells of a sheet to a plan: every row becomes a row of the plan or is passed over by name."""

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from poa_xl.core.amounts import is_percentage, sign_of, without_sign
from poa_xl.core.codes import Code
from poa_xl.core.dates import MONTHS, is_month_first
from poa_xl.core.house import House
from poa_xl.core.plan import DECIDED, Amount, Day, Kind, Origin, Plan, Row
from poa_xl.core.quick import completed
from poa_xl.core.text import squeeze
from poa_xl.core.values import Computed, Invalid, Shown
from poa_xl.i18n import say
from poa_xl.sheet.body import is_mark
from poa_xl.sheet.cells import amount_of, day_of, flaw_of, id_of, stated_of, text_of
from poa_xl.sheet.coding import Codes, code_reader
from poa_xl.sheet.fields import AMOUNTS, DATES, FILLED, TEXTS
from poa_xl.sheet.grid import Grid, Value
from poa_xl.sheet.headers import OURS, Layout, header_rows
from poa_xl.sheet.months import words_of
from poa_xl.sheet.number_format import FACTORS, SHARE, THOUSANDS, unscaled
from poa_xl.sheet.own import addresses, own_columns
from poa_xl.sheet.references import sums_column
from poa_xl.sheet.rows import Evidence, Outside, carries_over, rule
from poa_xl.sheet.summing import summing

# The fields that a row of the plan holds; other columns of the layout are ours.
_READ = frozenset(DECIDED)
# How far an outline level sets a row in, in blanks: further than any name.
_LEVEL = 1000
# What stands before the name of a unit.
_UNIT_LABEL = re.compile(
    r"(nombre de (la|el) )?(unidad|area|direccion|dependencia|gerencia|oficina|departamento|office"
    r"|end user|centro de costos?|facultad|carrera|instituto|secretaria|jefatura|distrital|regional)"
    r"(?! de medida)( [a-z]+){0,3}"
)


@dataclass(frozen=True, slots=True)
class Passed:
    """A row that is not part of the plan.

    Attributes:
        line: Row number in the sheet.
        kind: What it is instead.
        text: What stands in it, for people.
        reason: What shows that it is that, for people.
    """

    line: int
    kind: Outside
    text: str
    reason: str = ""


@dataclass(frozen=True)
class Parsed:
    """What a sheet holds: rows read = rows of the plan + rows passed over.

    Attributes:
        plan: The plan.
        layout: Where it stands.
        title: Texts above the header, top to bottom.
        passed: Rows below the header that are not part of the plan.
        hidden: How many rows of the plan are hidden or filtered out.
    """

    plan: Plan
    layout: Layout
    title: tuple[str, ...]
    passed: tuple[Passed, ...]
    hidden: int

    @property
    def last(self) -> int:
        """Last row of the plan: new rows go above what stands below it, a total above all."""
        return max((row.line for row in self.plan.rows), default=self.layout.bottom)

    @property
    def read(self) -> int:
        """Rows below the header that hold anything."""
        return len(self.plan.rows) + len(self.passed)


def parse(grid: Grid, layout: Layout, file: str = "", year: int | None = None, *, partial: bool = False) -> Parsed:
    """Read the plan that stands in a sheet.

    Args:
        grid: The sheet.
        layout: Where the plan stands in it.
        file: Name of the file, for addresses.
        year: The year planned, when it is known.
        partial: Whether it is the workbook of one unit, and other rows of the plan stand elsewhere.

    Returns:
        Rows in sheet order; nothing is raised for wrong data, it comes as `Invalid` values.
    """
    reader = _Reader(grid, layout, Origin(file, grid.name, addresses(layout)))
    rows: list[Row] = []
    passed: list[Passed] = []
    strays: list[Row] = []
    is_closed = False
    repeated = header_rows(grid, layout)
    for line in reader.lines:
        cells = reader.cells(line)
        if line in repeated:
            passed.append(Passed(line, Outside.HEADER, _shown(cells), say("repite los encabezados")))
            continue
        reason = _aside(layout, line)
        if reason:
            passed.append(Passed(line, Outside.NOTE, _shown(cells), reason))
            if line not in reader.foreign:
                reader.take_heading(line, cells)
            continue
        row = reader.row(line)
        evidence = reader.evidence(row, cells)
        ruling = rule(evidence, rows, is_closed=is_closed)
        if isinstance(ruling.kind, Kind):
            rows.append(completed(row, kind=ruling.kind, unit=row.unit or reader.unit))
            is_closed = is_closed and ruling.kind is Kind.LINE
            continue
        is_closed = is_closed or (ruling.kind is Outside.TOTAL and not carries_over(evidence.texts))
        passed.append(Passed(line, ruling.kind, _shown(cells), ruling.reason))
        if ruling.kind is Outside.AMOUNT:
            strays.append(row)
        elif ruling.kind is Outside.NOTE:
            reader.take_heading(line, cells)
    title = tuple(
        squeeze(value)
        for line in sorted(grid.cells)
        if line < layout.top and not any(line in rows for rows in layout.foreign)
        for value in grid.cells[line].values()
        if isinstance(value, str) and squeeze(value)
    )
    if layout.recognised is not None:
        rows, strays, passed = _without_headings(reader, rows, strays, passed)
    hidden = sum(row.line in grid.hidden for row in rows)
    house = _house(layout, rows, reader.codes)
    plan = Plan(tuple(rows), year, partial=partial, house=house, strays=tuple(strays))
    return Parsed(plan, layout, title, tuple(passed), hidden)


def _without_headings(
    reader: "_Reader", rows: list[Row], strays: list[Row], passed: list[Passed]
) -> tuple[list[Row], list[Row], list[Passed]]:
    """Take the headings of groups without a code out of the rows, and those that are explained out of the strays."""
    found = summing(rows, strays, passed, reader.indents)
    reasons = {
        True: (Outside.TOTAL, say("su importe es la suma de las filas de abajo")),
        False: (Outside.AMOUNT, say("es el título de las filas de abajo, y su importe o sus meses no son su suma")),
    }
    told = []
    for line, is_right in found.items():
        kind, reason = reasons[is_right]
        told.append(Passed(line, kind, _shown(reader.cells(line)), reason))
    heads = [row for row in rows if found.get(row.line) is False]
    kept = [each for each in passed if each.line not in found]
    return (
        [row for row in rows if row.line not in found],
        sorted([*(row for row in strays if not found.get(row.line)), *heads], key=lambda row: row.line),
        sorted([*kept, *told], key=lambda each: each.line),
    )


def _house(layout: Layout, rows: Sequence[Row], codes: Codes) -> House:
    """A plan without groups, in which units use the same codes, counts them per unit."""
    units: dict[Code, set[str]] = defaultdict(set)
    for row in rows:
        if isinstance(row.code, Code):
            units[row.code].add(row.unit)
    is_flat = all(row.kind is not Kind.GROUP for row in rows)
    given = layout.profile.codes_per_unit
    per_unit = (is_flat and any(len(each) > 1 for each in units.values())) if given is None else given
    house = layout.house
    return replace(
        house,
        learns=house.learns or codes.are_any,
        codes_per_unit=per_unit,
        any_code=codes.are_any,
        number_codes=codes.are_numbers,
        joined_codes=len(layout.code) > 1,
    )


class _Reader:
    """Reads the rows of one sheet.

    Attributes:
        lines: Numbers of the rows below the header that hold anything of the planner's.
        codes: How its codes are read.
        unit: The unit of rows that name none themselves.
        foreign: Those of the lines that are of another form.
        indents: Row number to how far its name is set in.
    """

    def __init__(self, grid: Grid, layout: Layout, origin: Origin) -> None:
        self._grid = grid
        self._layout = layout
        self._origin = origin
        self._merged = _merged(grid, layout)
        self._names = {column: name for name, column in layout.columns.items()}
        self._own_columns = own_columns(layout)
        self._typed = {name: column for name, column in layout.columns.items() if name in _READ}
        self._ours = {layout.columns[name] for name in OURS if name in layout.columns} | {layout.keys or 0}
        below = ((number, self._theirs(number)) for number in sorted(grid.cells) if number > layout.bottom)
        self._cells = {line: cells for line, cells in below if any(map(text_of, cells.values()))}
        self.lines = list(self._cells)
        columns = layout.code or tuple(layout.columns[name] for name in ("code",) if name in layout.columns)
        self.foreign = frozenset(line for line in self.lines if any(line in rows for rows in layout.foreign))
        lines = [line for line in self.lines if line not in layout.again and line <= (layout.last or line)]
        lines = [line for line in lines if line not in self.foreign]
        names = {line: grid.get(line, layout.columns.get("name", 0)) for line in lines}
        self.indents = {
            line: grid.levels.get(line, 0) * _LEVEL
            + grid.indents.get((line, layout.columns.get("name", 0)), 0)
            + len(name)
            - len(name.lstrip())
            for line, name in names.items()
            if isinstance(name, str)
        }
        self.codes = code_reader(
            grid,
            columns,
            lines,
            layout.profile.code,
            layout.profile.separator,
            layout.profile.padding,
            learns=layout.house.learns,
        )
        # Rows in which a number may show as something else.
        self._dressed = {line for line, _ in (*grid.scaled, *grid.shown)}
        self._first = layout.recognised.heading.run.first - 1 if layout.recognised is not None else 0
        self.unit = {"sheet": grid.name, "file": origin.file.rpartition(".")[0]}.get(layout.unit_from, "")
        own = layout.recognised.said if layout.recognised is not None else ""
        self._marks = (*layout.profile.marks, own) if own else layout.profile.marks
        self._is_labelled = is_labelled(grid, layout)
        for line in sorted(line for line in grid.cells if line < layout.top):
            self.take_heading(line, grid.cells[line])
        dates = [
            value
            for line in lines
            for name in DATES
            if isinstance(value := grid.get(line, layout.columns.get(name, 0)), str)
        ]
        self._day = partial(day_of, date1904=grid.date1904, is_doubtful=any(map(is_month_first, dates)))
        self._told = partial(amount_of, style=layout.style, sign=layout.sign, date1904=grid.date1904)
        # By identity: the sheet holds one number for all cells that say the same in the same way.
        self._amounts: dict[int, tuple[Decimal, Amount]] = {}

    def cells(self, line: int) -> dict[int, Value]:
        """Cells of one of the lines; what only we wrote beside a blank row makes no row of it."""
        return self._cells[line]

    def _theirs(self, line: int) -> dict[int, Value]:
        return {column: value for column, value in self._grid.cells[line].items() if column not in self._ours}

    def row(self, line: int) -> Row:
        """Read a row, whatever it is."""
        values = _values(self._grid, self._layout, self._typed, self._merged, line)
        values |= {month: self._week_sum(line, columns) for month, columns in self._layout.weeks.items()}
        marks = self._marks
        marked = [
            month
            for month in MONTHS
            if self._layout.marks and (is_mark(values.get(month), marks) or self._is_painted(line, month))
        ]
        values |= dict.fromkeys(marked, Decimal(1))
        dresses = self._dresses(line, values)
        factor = self._grid.scaled.get((line, self._layout.columns.get("budget", 0)), 1)
        if factor != 1 and isinstance(budget := values["budget"], Decimal):
            # Money is no share of anything and lasts no time: what counts is the number in the cell.
            values["budget"] = unscaled(budget, factor)
        row = _row(self._origin, line, values, self.codes.read(line), self._day, self._amount)
        own = {name: self._own(line, column) for name, column in self._own_columns.items()}
        first = self._first
        is_more = marked or dresses or own or first
        return completed(row, marked=bool(marked), dresses=dresses, own=own, first=first) if is_more else row

    def _amount(self, value: Value, *, is_money: bool) -> Amount:
        if not isinstance(value, Decimal):
            return self._told(value, is_money=is_money)
        known = self._amounts.get(id(value))
        if known is None:
            known = self._amounts[id(value)] = value, self._told(value)
        return known[1]

    def _own(self, line: int, column: int) -> object:
        """Read a cell of a column that no field is for."""
        value = self._grid.get(line, column)
        read = flaw_of(value) or value
        return Computed(read) if (line, column) in self._grid.formulas else read

    def _is_painted(self, line: int, month: str) -> bool:
        """Whether a blank month has one of the colours that say "in this month"."""
        found = self._layout.recognised
        columns = self._layout.weeks.get(month) or (self._layout.columns.get(month, 0),)
        return found is not None and any(self._grid.painted.get((line, column)) in found.paint for column in columns)

    def _dresses(self, line: int, values: Mapping[str, Value]) -> dict[str, Shown]:
        """Return the amounts of a row that show as something else than a number."""
        found: dict[str, Shown] = {}
        if line not in self._dressed and not any(isinstance(values.get(name), str | date) for name in AMOUNTS):
            return found
        for name in AMOUNTS:
            place = (line, self._layout.columns.get(name, 0))
            value, factor, shown = values.get(name), self._grid.scaled.get(place), self._grid.shown.get(place, "")
            if factor is not None:
                found[name] = Shown.PERCENT if factor == FACTORS["percent"] else Shown.DURATION
            elif isinstance(value, date) or shown == "date":
                found[name] = Shown.DATE
            elif isinstance(value, str) and is_percentage(value):
                found[name] = Shown.PERCENT
            elif shown.startswith(THOUSANDS):
                found[name] = Shown.THOUSANDS
            elif name == "budget" and shown.endswith(SHARE):
                found[name] = Shown.PERCENT
            elif name == "budget" and sign_of(without_sign(shown, self._layout.sign)):
                found[name] = Shown.CURRENCY
        return found

    def _week_sum(self, line: int, columns: tuple[int, ...]) -> Value:
        """A month that is cut into weeks: a mark in one of them marks it, numbers add up, a text is told as it is."""
        values = [value for column in columns if (value := self._grid.get(line, column)) is not None]
        amounts = [amount_of(value, self._layout.style, sign=self._layout.sign) for value in values]
        if values and all(isinstance(amount, Decimal) for amount in amounts):
            return sum((amount for amount in amounts if isinstance(amount, Decimal)), Decimal(0))
        marks = self._marks
        return next((value for value in values if is_mark(value, marks)), values[0] if values else None)

    def evidence(self, row: Row, cells: Mapping[int, Value]) -> Evidence:
        """Gather what shows what a row is."""
        names, totals = self._names, self._grid.totals
        is_elsewhere = self._layout.recognised is not None
        return Evidence(
            row,
            {names.get(column, column): value for column, value in cells.items() if isinstance(value, str)},
            is_continued=(row.line, "code") in self._merged,
            in_totals=bool(totals) and any((row.line, column) in totals for column in cells),
            summed=_summed(self._grid, self._layout, row.line),
            has_partidas="partida" in self._layout.columns,
            is_elsewhere=is_elsewhere,
            is_below=row.line > (self._layout.last or row.line),
            # Nobody asks of the printed plan.
            filled=sum(bool(text_of(value)) for value in cells.values()) if is_elsewhere else 0,
        )

    def take_heading(self, line: int, cells: Mapping[int, Value]) -> None:
        """Take the unit of the rows below it from a row that says it, or holds a single text where units stand so."""
        if self._is_labelled:
            self.unit = unit_in(cells) or self.unit
            return
        is_heading = len([value for value in cells.values() if text_of(value)]) == 1 and line > self._layout.bottom
        if is_heading and self._layout.unit_from == "heading" and line <= (self._layout.last or line):
            self.unit = _shown(cells)


def _aside(layout: Layout, line: int) -> str:
    """Say why a row is none of the plan, where that was seen when its columns were recognised; empty otherwise."""
    found = layout.recognised
    if found is not None and line in found.done:
        return say("dice lo ejecutado de la fila de arriba")
    if found is not None and line in found.rates:
        return say("dice qué parte de lo programado se ejecutó")
    if found is not None and line in found.money:
        return say("dice lo que cuesta la fila de arriba")
    if any(line in rows for rows in layout.foreign):
        return say("es de otro formulario, con otras columnas")
    return say("está entre dos formularios") if found is not None and line in found.aside else ""


def is_labelled(grid: Grid, layout: Layout) -> bool:
    """Whether rows say of themselves that they name the unit, in a plan without a column for it."""
    is_open = layout.recognised is not None and "unit" not in layout.columns and not layout.profile.unit_from
    return is_open and any(map(unit_in, grid.cells.values()))


def unit_in(cells: Mapping[int, Value]) -> str:
    """Return the unit that a row names, in one cell or two: `UNIDAD EJECUTORA: Dirección de Obras`; empty for none."""
    texts = [squeeze(value) for _, value in sorted(cells.items()) if isinstance(value, str) and squeeze(value)]
    for number, text in enumerate(texts):
        label, colon, name = text.partition(":")
        if colon and _UNIT_LABEL.fullmatch(words_of(label)):
            return name.strip() or next(iter(texts[number + 1 :]), "")
    return ""


def _summed(grid: Grid, layout: Layout, line: int) -> frozenset[str]:
    """Return the amounts of a row whose formula adds up the column that it stands in."""
    return frozenset(
        name
        for name in AMOUNTS
        if (column := layout.columns.get(name)) is not None
        and (line, column) in grid.formulas
        and sums_column(grid.formulas[line, column], line, column)
    )


def _shown(cells: Mapping[int, Value]) -> str:
    """Write what stands in a row, for people."""
    return " · ".join(shown for value in cells.values() if (shown := text_of(value)))


def _merged(grid: Grid, layout: Layout) -> dict[tuple[int, str], tuple[int, int]]:
    """Map row and field of every cell that a merge continues downwards to the cell that holds the value."""
    names = {column: name for name, column in layout.columns.items()}
    last = max(grid.cells, default=0)
    return {
        (line, names[merge.left]): (merge.top, merge.left)
        for merge in grid.merges
        if merge.top > layout.bottom and merge.left in names
        for line in range(merge.top + 1, min(merge.bottom, last) + 1)
    }


def _values(
    grid: Grid,
    layout: Layout,
    columns: Mapping[str, int],
    merged: Mapping[tuple[int, str], tuple[int, int]],
    line: int,
) -> dict[str, Value]:
    cells = grid.cells.get(line, {})
    values = {name: cells.get(column) for name, column in columns.items()}
    # Elsewhere one name may stand beside several rows; in the printed plan those are its partida lines.
    for name in (FILLED if layout.recognised is None else (*FILLED, "name")) if merged else ():
        if (line, name) in merged:
            values[name] = grid.get(*merged[line, name])
    return values


def _row(
    origin: Origin,
    line: int,
    values: Mapping[str, Value],
    code: Code | None | Invalid,
    day: Callable[[Value], Day],
    amount: Callable[..., Amount],
) -> Row:
    flaws: dict[str, Invalid] = {}
    texts: dict[str, Any] = {}
    for name in TEXTS:
        value = values.get(name)
        flaw = flaw_of(value)
        if flaw is not None:
            flaws[name] = flaw
        texts[name] = text_of(value) if flaw is None else ""
    # Most rows are groups, or have months in which nothing is programmed.
    said = {name: value for name in AMOUNTS if (value := values.get(name)) is not None}
    amounts = dict.fromkeys(AMOUNTS) | {name: amount(value, is_money=name == "budget") for name, value in said.items()}
    return Row(
        kind=Kind.LINE,
        line=line,
        origin=origin,
        id=id_of(values.get("id")),
        code=code,
        start=day(values.get("start")),
        end=day(values.get("end")),
        target=amounts["target"],
        months=tuple(amounts[month] for month in MONTHS),
        budget=amounts["budget"],
        stated=stated_of(values.get("stated")),
        flaws=flaws,
        **texts,
    )
