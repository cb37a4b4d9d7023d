"""A sheet in memory as Office.js told of it: what its cells hold and show, and what else a program knows of them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypeAlias, TypeVar

from poa_xl.books.daynumbers import from_day_number
from poa_xl.books.live import Box
from poa_xl.books.patch.moved import Insertion
from poa_xl.books.patch.ranges import area_of
from poa_xl.books.patch.references import shifted
from poa_xl.books.patch.removed import GoneError, Removal
from poa_xl.core.limits import writable
from poa_xl.core.values import Flaw, Invalid
from poa_xl.sheet.areas import Content, value_of
from poa_xl.sheet.called import bare
from poa_xl.sheet.grid import Grid, Merge, Value, letters
from poa_xl.sheet.number_format import FACTORS, fixed, kind_of, scaled_by

Step: TypeAlias = dict[str, Any]
Place: TypeAlias = tuple[int, int]
Kept = TypeVar("Kept")


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
        arrows: Cells over which filter arrows stand; empty for none.
        validations: Cells that take only some things, or that say something when selected, with the title of that.
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
    arrows: str = ""
    validations: dict[Box, str] = field(default_factory=dict)

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

    def move(self, move: Insertion | Removal) -> None:
        """Have what stands on it follow rows that come or go; formulas see `follow`."""
        self.contents = _moved(self.contents, move)
        self.values = _moved(self.values, move)
        self.formats = _moved(self.formats, move)
        self.hidden = frozenset(row for row, _ in _moved(dict.fromkeys((row, 1) for row in self.hidden), move))
        self.unlocked = frozenset(_moved(dict.fromkeys(self.unlocked), move))
        self.totals = frozenset(_moved(dict.fromkeys(self.totals), move))
        self.merges = [each for merge in self.merges if (each := area_of(move.area(_ref(merge))))]
        self.arrows = move.area(self.arrows)
        found = ((box_of(move.area(_ref(box))), title) for box, title in self.validations.items())
        self.validations = {box: title for box, title in found if box is not None}

    def follow(self, move: Insertion | Removal) -> None:
        """Have formulas follow rows that come or go, on this sheet or another one."""
        for place, content in self.contents.items():
            if isinstance(content, str) and content.startswith("="):
                self.contents[place] = followed(content, move, self.name)
        self.rules = [(made, followed(formula, move, self.name)) for made, formula in self.rules]

    def copy(self, source: int, row: int) -> None:
        """Have a row be like another one: formulas as they read there, formats, what is locked."""
        for place in [place for place in self.contents if place[0] == source]:
            content = self.contents[place]
            if isinstance(content, str) and content.startswith("="):
                content = f"={shifted(content[1:], row - source, 0)}"
            self.hold((row, place[1]), content)
        self.formats |= {(row, column): kind for (line, column), kind in self.formats.items() if line == source}
        self.unlocked |= {(row, column) for line, column in self.unlocked if line == source}


def box_of(ref: str) -> Box | None:
    """Read a range or a single address; None when it is neither."""
    area = area_of(ref)
    return None if area is None else Box(area.top, area.left, area.bottom, area.right)


def _ref(box: Box | Merge) -> str:
    return f"{letters(box.left)}{box.top}:{letters(box.right)}{box.bottom}"


def _moved(places: Mapping[Place, Kept], move: Insertion | Removal) -> dict[Place, Kept]:
    """Return what stands at places where it stands when rows have come or gone."""
    is_gone = move.is_gone if isinstance(move, Removal) else lambda _: False
    return {(move.row(row), column): kept for (row, column), kept in places.items() if not is_gone(row)}


def followed(formula: str, move: Insertion | Removal, sheet: str) -> str:
    """Return a formula when rows have come or gone; one that looks at what is gone is an error, as in Excel."""
    try:
        return f"={move.formula(formula.removeprefix('='), sheet)}"
    except GoneError:
        return "=#REF!"


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
        unlocked=frozenset(cells(told["unlocked"])),
        rules=[(name, formula) for name, formula in told["rules"]],
        totals=frozenset(cells(told["totals"])),
        arrows=told["arrows"],
        validations={Box(*box): title for *box, title in told["validations"]},
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


def cells(boxes: Iterable[Sequence[int]]) -> Iterator[Place]:
    """Return the places of rectangles of cells."""
    for top, left, bottom, right in boxes:
        for row in range(top, bottom + 1):
            yield from ((row, column) for column in range(left, right + 1))


def _plain(content: Content) -> Value:
    """Return the value of a cell that holds no formula."""
    return _value(content.removeprefix("'") if isinstance(content, str) and content.startswith("'=") else content)


def _value(content: Content) -> Value:
    return writable(content) if isinstance(content, str) and content else value_of(content)
