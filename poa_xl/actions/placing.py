"""A merged plan put into the master's own workbook, cell by cell, nothing else of it touched."""

import itertools
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from poa_xl.actions.computed import Place, Sheet, refreshed
from poa_xl.actions.inserting import new_rows
from poa_xl.actions.load import Opened, find_again, find_plan
from poa_xl.actions.tracking import tracked_in
from poa_xl.books.patch.editor import Editor
from poa_xl.books.patch.moved import Insertion
from poa_xl.core.blocks import adds_up, all_fields, comparable, value_of
from poa_xl.core.dates import MONTHS
from poa_xl.core.outcomes import Merged, MergedRow, Spot
from poa_xl.core.plan import DECIDED, FIELDS, OWN, Kind, Row, TargetKind
from poa_xl.core.values import Computed
from poa_xl.errors import CellError
from poa_xl.i18n import say
from poa_xl.sheet.body import MARK
from poa_xl.sheet.executed import (
    EXECUTED,
    Spots,
    executed_fields,
    executed_spots,
    group_spots,
    last_of,
)
from poa_xl.sheet.fields import CAPTIONS, FILLED
from poa_xl.sheet.grid import Grid, letters
from poa_xl.sheet.headers import CONTROL
from poa_xl.sheet.number_format import unscaled
from poa_xl.sheet.own import heading_of, places
from poa_xl.sheet.render import content_of
from poa_xl.sheet.rows import Outside
from poa_xl.sheet.spec import Cell, Content


@dataclass
class Placed:
    """The workbook with the merged plan in it.

    Attributes:
        editor: The workbook under edit, the merged plan in it; nothing is where some cell cannot be written.
        opened: The plan as it reads now.
        lines: Row number in the sheet of every merged row, in their order.
        stated: Tipo de meta by row number, where the sheet has no column for it yet.
        barred: Cells that cannot be written, with the reasons; nothing was written when there are any.
        short: What sums come to that stay formulas and do not sum up what is below them, by the number of the merged
            row; None where only a spreadsheet program can say.
        led: Of those, the ones whose own formula is right: it looks at a sum that is short.
        written: Cells of the plan sheet that got other values.
    """

    editor: Editor
    opened: Opened
    lines: list[int]
    stated: dict[int, TargetKind | None] = field(default_factory=dict)
    barred: dict[Spot, str] = field(default_factory=dict)
    short: dict[int, Decimal | None] = field(default_factory=dict)
    led: set[int] = field(default_factory=set)
    written: Collection[Place] = ()


def put(editor: Editor, base: Opened, merged: Merged, year: int | None = None) -> Placed:
    """Put a merged plan into the workbook that `base` was read from.

    Args:
        editor: The workbook, nothing edited yet.
        base: Its plan sheet; the plan in it is what was merged.
        merged: What came of it.
        year: The year planned, when it is known.

    Returns:
        The workbook. Formulas stay formulas: beside those that a change reaches stands what they come to, and nothing
        where nobody here can say. If some cell cannot be written, none is, and it is said which.

    Raises:
        BookError: The package cannot be edited safely, or rows cannot be inserted.
        CellError: The workbook does not read as it was written.
    """
    rows = new_rows(base, merged)
    book = base.book
    if rows:
        editor.insert(base.sheet, [new for each in rows for new in each.rows])
        book = editor.workbook(book)
    grid = next(each for each in book if each.name == base.sheet)
    insertion = Insertion(base.sheet, tuple(new for each in rows for new in each.rows))
    numbers = iter(insertion.numbers)
    new = iter([(next(numbers), next(numbers) if each.label is not None else 0) for each in rows])
    master = base.parsed.plan.rows
    where = [next(new) if each.index is None else (insertion.row(master[each.index].line), 0) for each in merged.rows]
    placed = Placed(editor, base, [line for line, _ in where])
    if merged.is_as_it_was:
        return placed
    labels = iter([each.label for each in rows if each.label is not None])
    done = {number: (line, *next(labels)) for number, (_, line) in enumerate(where) if line}
    totals = frozenset(insertion.row(each.line) for each in base.parsed.passed if each.kind is Outside.TOTAL)
    draft = _Draft(base, grid, merged, placed, done, totals)
    draft.fill()
    for index in merged.removed:
        line = master[index].line
        for each in range(line, last_of(base.layout, line) + 1):
            draft.empty(insertion.row(each))
    draft.settle_formulas()
    draft.hand_over(editor)
    obstacles = editor.obstacles(base.sheet)
    placed.barred |= {draft.spots[place]: reason for place, reason in obstacles.items() if place in draft.spots}
    if placed.barred:
        return placed
    if draft.values:
        editor.recalculate(on_load=True)
    book = editor.workbook(book)
    placed.written = draft.values.keys() | draft.refreshed.keys()
    written = {line for line, _ in placed.written}
    again = find_again(_moved(base, insertion) if rows else base, book, written.union(insertion.numbers))
    placed.opened = again or find_plan(book, base.sheet, year, profile=base.layout.profile)
    _prove(placed, draft)
    return placed


def _moved(base: Opened, insertion: Insertion) -> Opened:
    """Return a plan as it stands where rows were inserted that say nothing yet."""
    parsed = base.parsed
    lines = [insertion.row(row.line) for row in parsed.plan.rows]
    rows = (
        row if row.line == line else replace(row, line=line) for row, line in zip(parsed.plan.rows, lines, strict=True)
    )
    passed = tuple(replace(each, line=insertion.row(each.line)) for each in parsed.passed)
    return replace(base, parsed=replace(parsed, plan=replace(parsed.plan, rows=tuple(rows)), passed=passed))


@dataclass
class _Draft:
    """Cells of the plan sheet as they are to be.

    Attributes:
        base: The plan sheet as it was.
        grid: Its cells, new rows in place.
        merged: What is to stand there.
        placed: What comes of it.
        done: Number of a new row to the row below it that is to say what was executed of it, and to column and text of
            the cell that says so.
        totals: Numbers of the rows that are totals.
        values: Cells to be written.
        kept: Cells whose formula may stay, each with what it should come to, number of the merged row and field.
        spots: Whose cell each one is.
        refreshed: What formulas come to that stay; None where nobody here can say.
    """

    base: Opened
    grid: Grid
    merged: Merged
    placed: Placed
    done: Mapping[int, tuple[int, int, str]] = field(default_factory=dict)
    totals: frozenset[int] = frozenset()
    values: dict[Place, Content] = field(default_factory=dict)
    kept: dict[Place, tuple[Decimal, int, str]] = field(default_factory=dict)
    spots: dict[Place, Spot] = field(default_factory=dict)
    refreshed: dict[Place, Decimal | None] = field(default_factory=dict)

    def fill(self) -> None:
        """Write down every field that changes."""
        for number, each in enumerate(self.merged.rows):
            fields = each.changed if each.index is not None else (*DECIDED, *each.row.own)
            for name in fields:
                self._fill(number, each, name)
        for line, column, text in self.done.values():
            self.values[line, column] = text
        self._bar_reports()
        self._fill_merged()

    def _bar_reports(self) -> None:
        """Bar what was executed of rows that have no place for it: none at all, or a formula of the office's."""
        layout, plan = self.base.layout, self.base.plan
        is_beside = tracked_in(self.base).grid is not None
        spots: Spots = {} if is_beside else executed_spots(layout, plan)
        here, groups = executed_fields(spots), group_spots(layout, plan, self.base.grid)
        for number, each in enumerate(self.merged.rows):
            is_group = each.row.kind is Kind.GROUP
            names = each.changed if each.index is not None else each.row.reported.keys()
            if not is_group and not here:
                continue
            if each.index is not None:
                own = executed_fields({0: {**groups, **spots}.get(each.index, {})})
            else:
                own = EXECUTED if layout.done or number in self.done else frozenset()
            for name in names & (EXECUTED if is_group else here) - own:
                spot: Spot = (each.index if each.index is not None else (each.file, each.row.line), name)
                self.placed.barred[spot] = say("su fila no tiene dónde decir lo ejecutado")

    def _fill(self, number: int, each: MergedRow, name: str) -> None:
        columns, line = places(self.base.layout), self.placed.lines[number]
        spot: Spot = (each.index if each.index is not None else (each.file, each.row.line), name)
        if name in self.base.layout.weeks:
            return  # The weeks of the month are columns of their own.
        if name not in columns:
            if name == "stated" and (each.index is not None or each.row.stated):
                stated = each.row.stated
                self.placed.stated[line] = stated if isinstance(stated, TargetKind) else None
            return
        place = (line, columns[name])
        value = content_of(each.row, name)
        if isinstance(value, Decimal) and (factor := self.grid.factor(place, name)) != 1:
            value = unscaled(value, factor)
        self.spots[place] = spot
        if place in self.grid.formulas and isinstance(value, Decimal):
            self.kept[place] = (value, number, name)
        else:
            self.values[place] = _suited(value, self.base, name, self.grid.get(*place))

    def _fill_merged(self) -> None:
        """Write into cells that several rows share where all of them say the same; bar them where they do not."""
        rows = {line: number for number, line in enumerate(self.placed.lines)}
        names = {column: name for name, column in self.base.parsed.layout.columns.items() if name in FILLED}
        for merge in self.grid.merges:
            name = names.get(merge.left, "")
            shared = [rows[line] for line in range(merge.top, merge.bottom + 1) if line in rows] if name else []
            wanted = [(line, merge.left) for line in range(merge.top, merge.bottom + 1)]
            wanted = [place for place in wanted if place in self.values]
            if not wanted or merge.top == merge.bottom:
                continue
            said = {comparable(value_of(self.merged.rows[number].row, name)) for number in shared}
            if len(said) == 1 and merge.top in rows:
                self.values[merge.top, merge.left] = self.values[wanted[0]]
                self.spots.setdefault((merge.top, merge.left), self.spots[wanted[0]])
                for place in wanted:
                    if place[0] != merge.top:
                        del self.values[place]
                continue
            for place in wanted:
                cell = f"{letters(place[1])}{place[0]}"
                self.placed.barred[self.spots[place]] = say(
                    "la celda {cell} está combinada con las de otras filas", cell=cell
                )

    def empty(self, line: int) -> None:
        """Take the content of a row away; the row stays, blank, so that no formula loses what it points at."""
        layout = self.base.parsed.layout
        for column in {*layout.columns.values(), *layout.unknown.values()}:
            self.values[line, column] = None

    def settle_formulas(self) -> None:
        """Keep the formulas that come to what they should, and sums whatever they come to; others are overwritten."""
        sheet = Sheet(self.grid, self.values)
        for place, (value, number, name) in self.kept.items():
            if not self._is_sum(number, name) and sheet.comes_to(place) != value:
                self.values[place] = value
        sheet = Sheet(self.grid, self.values)
        for place, (value, number, _) in self.kept.items():
            if place in self.values:
                continue
            self.refreshed[place] = sheet.comes_to(place)
            if self.refreshed[place] != value:
                self.placed.short[number] = self.refreshed[place]
                right = {other: each for other, (each, _, _) in self.kept.items() if other != place}
                if Sheet(self.grid, {**right, **self.values}).comes_to(place) == value:
                    self.placed.led.add(number)
        if self.values:
            self._refresh_others(sheet)

    def _refresh_others(self, sheet: Sheet) -> None:
        """Note what formulas come to by now that nothing is written into: those of the plan and of its totals."""
        lines = {*self.placed.lines, *self.totals} if self.totals else {*self.placed.lines}
        named = places(self.base.layout).items()
        columns = {column for name, column in named if name in FIELDS or name.startswith(OWN)}
        for place in self.grid.formulas.keys() - self.values.keys() - self.refreshed.keys():
            if place[0] not in lines or place[1] not in columns:
                continue
            comes_to = sheet.comes_to(place)
            if comes_to is not None and place in sheet.reached:
                self.refreshed[place] = comes_to
            elif comes_to is None and place[0] in self.totals and isinstance(self.grid.get(*place), Decimal):
                self.refreshed[place] = None

    def hand_over(self, editor: Editor) -> None:
        """Tell an editor what to write."""
        edits = editor.sheet(self.base.sheet)
        edits.cells |= {place: Cell(value) for place, value in self.values.items()}
        edits.keep_format |= self.values.keys()
        present = editor.content(self.base.sheet, self.refreshed.keys()) if self.refreshed else {}
        for place, (kind, inside) in present.items():
            edits.cells[place] = Cell(None)
            edits.raw[place] = refreshed(kind, inside, self.refreshed[place])

    def _is_sum(self, number: int, name: str) -> bool:
        """Whether a field is a budget that is a sum: of a group, or of the lines of an operation."""
        rows = self.merged.rows
        lines = itertools.takewhile(lambda each: each.row.kind is Kind.LINE, rows[number + 1 :])
        row = rows[number].row
        return name == "budget" and (row.kind is Kind.GROUP or adds_up(row, [each.row for each in lines]))


def _suited(value: Content, base: Opened, name: str, former: object) -> Content:
    """Write a date as text where the column's dates are texts, and a mark where months are marked."""
    if base.layout.marks and name in MONTHS and value == 1 and not isinstance(former, Decimal):
        return MARK
    if not isinstance(value, date) or isinstance(former, date):
        return value
    column = places(base.layout)[name]
    shown = [base.grid.get(row.line, column) for row in base.parsed.plan.rows]
    is_text = isinstance(former, str) or not any(isinstance(each, date) for each in shown)
    return f"{value:%d/%m/%Y}" if is_text else value


def _read(row: Row, name: str) -> object:
    """Return a field as it reads; of a formula, what it comes to."""
    value = value_of(row, name)
    return comparable(value.value if isinstance(value, Computed) else value)


def _prove(placed: Placed, draft: _Draft) -> None:
    """Hold what reads now against what was merged: every field that was written, and no row more or less.

    Raises:
        CellError: It does not.
    """
    base, merged = draft.base, draft.merged
    again = {row.line: row for row in placed.opened.plan.rows}
    columns = places(base.layout)
    wrong = []
    for number, (line, each) in enumerate(zip(placed.lines, merged.rows, strict=True)):
        row = again.pop(line, None)
        names = each.changed if each.index is not None else frozenset(all_fields(each.row))
        for field_name in sorted(names & columns.keys()):
            if field_name == "budget" and number in placed.short:
                continue
            if row is None or _read(row, field_name) != _read(each.row, field_name):
                wrong.append(f"{heading_of(field_name, {**CAPTIONS, **CONTROL})} {line}")
                spot = draft.spots.get((line, columns[field_name]))
                if spot is not None and row is not None:
                    placed.barred[spot] = say("la celda no se leería como se consolidó")
    if (wrong and not placed.barred) or again:
        cells = ", ".join([*wrong, *map(str, again)])
        raise CellError(say("{file}: no quedaría como se consolidó: {cells}", file=base.book.name, cells=cells))
