"""A sheet in memory as Office.js told of it: what its cells hold and show, and what else a program knows of them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypeAlias

from poa_xl.books.daynumbers import from_day_number
from poa_xl.books.live import Box
from poa_xl.core.limits import writable
from poa_xl.core.values import Flaw, Invalid
from poa_xl.sheet.areas import Content, value_of
from poa_xl.sheet.called import bare
from poa_xl.sheet.grid import Grid, Merge, Value
from poa_xl.sheet.number_format import FACTORS, fixed, kind_of, scaled_by

Step: TypeAlias = dict[str, Any]
Place: TypeAlias = tuple[int, int]


@dataclass
class Sheet:
    """A sheet as it is now.

    Attributes:
        name: Its name.
        contents: What cells hold, as `LiveBook.contents` gives it.
        values: What cells with formulas and errors show; of others it follows from what they hold.
        formats: What formats show numbers as; see `kind_of`.
        merges: Merged ranges.
        hidden: Hidden rows.
        visible: Whether it shows.
        protected: Whether locked cells refuse to be changed.
        unlocked: Cells that are not locked.
        rules: Conditional formats: what the program calls them, or the step that made them, and their formulas.
        totals: Cells in the totals rows of tables.
    """

    name: str
    contents: dict[Place, Content] = field(default_factory=dict)
    values: dict[Place, Value] = field(default_factory=dict)
    formats: dict[Place, str] = field(default_factory=dict)
    merges: list[Merge] = field(default_factory=list)
    hidden: frozenset[int] = frozenset()
    visible: bool = True
    protected: bool = False
    unlocked: frozenset[Place] = frozenset()
    rules: list[tuple[str | Step, str]] = field(default_factory=list)
    totals: frozenset[Place] = frozenset()

    def used(self) -> Box:
        """Return the cells that are used."""
        rows, columns = ({place[i] for place in self.contents} or {1} for i in (0, 1))
        return Box(min(rows), min(columns), max(rows), max(columns))

    def grid(self, *, date1904: bool) -> Grid:
        """Return it as sheets are read."""
        cells: dict[int, dict[int, Value]] = {}
        formulas: dict[Place, str] = {}
        scaled: dict[Place, int] = {}
        shown: dict[Place, str] = {}
        for place, content in sorted(self.contents.items()):
            if isinstance(content, str) and content.startswith("="):
                formulas[place] = content[1:]
            value = self.values[place] if place in self.values else _plain(content)
            kind = self.formats.get(place, "")
            if isinstance(value, Decimal) and kind == "date":
                day = from_day_number(float(value), date1904=date1904)
                if day is None:
                    shown[place] = kind
                value = day or value
            elif isinstance(value, Decimal) and kind in FACTORS:
                value, scaled[place] = scaled_by(value, kind), FACTORS[kind]
            elif isinstance(value, Decimal) and kind and fixed(value, kind) != f"{value:f}":
                shown[place] = fixed(value, kind)
            if value is not None:
                cells.setdefault(place[0], {})[place[1]] = value
        return Grid(
            self.name,
            cells,
            tuple(self.merges),
            self.hidden,
            date1904,
            self.visible,
            formulas,
            scaled,
            shown,
            self.totals,
        )

    def hold(self, place: Place, content: Content) -> None:
        """Take what a cell is to hold."""
        self.values.pop(place, None)
        if content is None or content == "":
            self.contents.pop(place, None)
            return
        self.contents[place] = content
        if isinstance(content, str) and content.startswith("="):
            self.values[place] = Invalid(content, Flaw.UNCALCULATED)


def sheet_of(told: Mapping[str, Any]) -> Sheet:
    """Take what was told of a sheet."""
    top, left = told["row"], told["column"]
    errors = {(row, column) for row, column in told["errors"]}
    sheet = Sheet(
        told["name"],
        merges=[Merge(*each) for each in told["merges"]],
        hidden=frozenset(told["hidden"]),
        visible=told["visible"],
        protected=told["protected"],
        unlocked=frozenset(_cells(told["unlocked"])),
        rules=[(name, formula) for name, formula in told["rules"]],
        totals=frozenset(_cells(told["totals"])),
    )
    kinds: dict[str, str] = {}
    for row, line in enumerate(zip(told["values"], told["formulas"], told["formats"], strict=True), top):
        for column, (value, formula, form) in enumerate(zip(*line, strict=True), left):
            place = (row, column)
            if value == "" and formula == "":
                continue
            is_formula = isinstance(formula, str) and formula.startswith("=") and formula != value
            is_text = isinstance(value, str) and place not in errors
            sheet.contents[place] = (
                bare(formula) if is_formula else f"'{value}" if is_text and value.startswith("=") else value
            )
            if place in errors:
                sheet.values[place] = Invalid(value, Flaw.ERROR)
            elif is_formula:
                sheet.values[place] = _value(value)
            kind = kinds.get(form)
            if kind is None:
                kind = kinds[form] = kind_of(form)
            if kind:
                sheet.formats[place] = kind
    return sheet


def _cells(boxes: Sequence[Sequence[int]]) -> Iterator[Place]:
    for top, left, bottom, right in boxes:
        for row in range(top, bottom + 1):
            yield from ((row, column) for column in range(left, right + 1))


def _plain(content: Content) -> Value:
    """Return the value of a cell that holds no formula."""
    return _value(content.removeprefix("'") if isinstance(content, str) and content.startswith("'=") else content)


def _value(content: Content) -> Value:
    return writable(content) if isinstance(content, str) and content else value_of(content)
