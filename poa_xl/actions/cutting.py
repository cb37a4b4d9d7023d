"""The workbook of a unit in the layout of its office: the master's own, cut down to the unit's rows."""

from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from poa_xl.actions.cleaning import clean_data
from poa_xl.actions.computed import Sheet, refreshed
from poa_xl.actions.figures import Figures
from poa_xl.actions.load import Opened, load_one
from poa_xl.actions.mapping import pinned
from poa_xl.actions.tracking import Known, closed_mark, reported_plan
from poa_xl.actions.updating import Options, update_data
from poa_xl.books.book import MemoryBook
from poa_xl.books.carried import without_paths
from poa_xl.books.patch.custom import with_properties
from poa_xl.books.patch.cutdown import cut_down
from poa_xl.books.patch.editor import Editor
from poa_xl.core.codes import Code, read_code
from poa_xl.core.keys import keyed
from poa_xl.core.plan import Plan, Row
from poa_xl.sheet.cells import text_of
from poa_xl.sheet.executed import rows_below
from poa_xl.sheet.headers import KEYS
from poa_xl.sheet.identity import UNIT
from poa_xl.sheet.mark import MARK, write_mark
from poa_xl.sheet.profile import Profile
from poa_xl.sheet.rows import Outside
from poa_xl.sheet.spec import Cell, Style

_FARTHEST = 200
_LEADS = (Outside.HEADER, Outside.NOTE)


@dataclass(frozen=True)
class Draft:
    """A workbook of a unit, its plan as it will be read again, and what is to be said of it."""

    data: bytes
    plan: Plan
    said: tuple[str, ...] = ()


@dataclass
class Cutter:
    """Cuts the workbooks of units out of the master's own.

    Attributes:
        data: The bytes of the master.
        master: Where it is.
        source: Its plan sheet.
        plan: The plan in it, its rows told apart by code or by key.
        keys: Index of a row to its key; empty where codes tell the rows apart.
    """

    data: bytes
    master: Path
    source: Opened
    plan: Plan
    keys: Mapping[int, Code]

    @property
    def sheet(self) -> str:
        """Name of the plan sheet."""
        return self.source.sheet

    def draft(self, unit: str, part: Plan, file: str, known: Known | None = None) -> Draft:
        """Return the workbook of a unit, its flags live, and its plan as it will be read again.

        Args:
            unit: Whose it is.
            part: Its rows.
            file: Name of its file.
            known: What holds of the `Seguimiento` of the master; the unit gets its own where the master has one.

        Raises:
            BookError: It cannot be cut down.
        """
        clean, source = self._clean
        lines = {row.line for row in part.rows}
        gone = _gone(source, lines, self._figures)
        data, shrunk = cut_down(clean, file, self.sheet, gone)
        data = with_properties(data, file, {UNIT: unit})
        data = _refreshed(data, file, self.sheet, self._profile, shrunk) if shrunk else data
        data, said = self._summed(data, file, gone, lines)
        data = self._flagged(data, file, {row.line - bisect_left(gone, row.line): row for row in part.rows}, known)
        own = {self.plan.rows[index].line: code for index, code in self.keys.items()}
        keys = {line - bisect_left(gone, line): code for line, code in own.items() if line in lines}
        data = _with_keys(data, file, source, keys) if keys else data
        opened = load_one(MemoryBook(file, data), self.sheet, profile=self._profile)
        return Draft(data, with_sent_keys(opened, reported_plan(opened)), said)

    def _summed(self, data: bytes, file: str, gone: Sequence[int], lines: set[int]) -> tuple[bytes, tuple[str, ...]]:
        """Let figures of the whole office be those of the unit."""
        if not gone or not self._figures.explained:
            return data, ()
        after = load_one(MemoryBook(file, data), self.sheet, profile=self._profile).grid
        cells, said = self._figures.cells(after, gone, lines)
        if not cells:
            return data, said
        editor = Editor(data, file)
        edits = editor.sheet(self.sheet)
        edits.cells |= cells
        edits.keep_format |= cells.keys()
        return editor.save(), said

    def _flagged(self, data: bytes, file: str, rows: Mapping[int, Row], known: Known | None) -> bytes:
        options = Options(sheet=self.sheet, profile=self._profile)
        if known is None:
            return update_data(data, file, options)[0]
        if known.closed:
            editor = Editor(data, file)
            editor.set_name(MARK, write_mark(closed_mark(known.closed)))
            data = editor.save()
        reported = {line: row.reported for line, row in rows.items()}
        options = replace(options, track=True, until=known.cutoff, guard=True)
        return update_data(data, file, options, reported=reported)[0]

    @cached_property
    def _profile(self) -> Profile:
        return pinned(self.source)

    @cached_property
    def _figures(self) -> Figures:
        return Figures(self._clean[1])

    @cached_property
    def _clean(self) -> tuple[bytes, Opened]:
        """The master as it was before poa-xl flagged it."""
        # What people typed beside the plan goes to each unit anew.
        options = Options(sheet=self.sheet, profile=self.source.layout.profile, keep=False)
        data, _ = clean_data(without_paths(self.data, self.master.name), self.master.name, options)
        return data, load_one(MemoryBook(self.master.name, data), self.sheet, profile=self.source.layout.profile)


def _with_keys(data: bytes, name: str, source: Opened, keys: Mapping[int, Code]) -> bytes:
    """Put keys beside rows, in a hidden column."""
    editor = Editor(data, name)
    column = editor.last_column(source.sheet, _FARTHEST) + 1
    edits = editor.sheet(source.sheet)
    edits.cells[source.layout.bottom, column] = Cell(KEYS, Style())
    edits.cells |= {(line, column): Cell(str(code), Style()) for line, code in keys.items()}
    edits.columns[column] = (0, 2)
    return editor.save()


def with_sent_keys(opened: Opened, plan: Plan) -> Plan:
    """Return the plan of a unit's workbook whose rows have the keys that a split wrote beside them for codes."""
    column = opened.layout.keys
    if column is None:
        return plan
    codes = ((index, read_code(text_of(opened.grid.get(row.line, column)))) for index, row in enumerate(plan.rows))
    return keyed(plan, {index: code for index, code in codes if isinstance(code, Code)})


def _gone(source: Opened, lines: set[int], figures: Figures) -> list[int]:
    """Return the rows that go: those of other units, and what leads to them or sums them up alone."""
    layout, plan = source.layout, [row.line for row in source.plan.rows]
    passed = {each.line: each.kind for each in source.parsed.passed}
    below = rows_below(layout)
    last = max([*plan, *below])
    found = []
    above: int | None = None
    for line in range(layout.bottom + 1, last + 1):
        known = figures.stays(line, lines) if line in passed else None
        if known is not None:
            stays = known
        elif line in passed and passed[line] in _LEADS and line not in below:
            stays = _leads(line, passed, plan, lines)
        elif line in plan:
            above, stays = line, line in lines
        else:
            stays = above is None or above in lines
        found += [] if stays else [line]
    return found + [line for line in sorted(passed) if line > last and figures.stays(line, lines) is False]


def _leads(line: int, passed: Collection[int], plan: Sequence[int], lines: set[int]) -> bool:
    """Whether rows of the unit follow a heading before the next one."""
    first = next(row for row in plan if row > line)
    stop = min((row for row in passed if row > first), default=max(plan) + 1)
    return any(first <= row < stop for row in lines)


def _refreshed(data: bytes, name: str, sheet: str, profile: Profile, places: Collection[tuple[int, int]]) -> bytes:
    """Put beside formulas that look at fewer rows what they come to now."""
    editor = Editor(data, name)
    grid = load_one(MemoryBook(name, data), sheet, profile=profile).grid
    known = Sheet(grid)
    values = {place: known.comes_to(place) for place in places}
    edits = editor.sheet(sheet)
    for place, (kind, inside) in editor.content(sheet, values.keys()).items():
        edits.cells[place] = Cell(None)
        edits.raw[place] = refreshed(kind, inside, values[place])
    return editor.save()
