"""Headers, matched by meaning: which column holds what, wherever it stands and however it is spelled."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache

from poa_xl.core.amounts import Style
from poa_xl.core.dates import MONTHS, month_number
from poa_xl.core.house import House
from poa_xl.core.plan import FIELDS, HOUSE
from poa_xl.core.text import fold, squeeze
from poa_xl.errors import LayoutError
from poa_xl.i18n import say
from poa_xl.sheet.candidate import candidate_in, name_in, toml
from poa_xl.sheet.control_columns import APPROVED_COLUMNS, CONTROL_COLUMNS
from poa_xl.sheet.fields import CAPTIONS, REQUIRED, TABLE
from poa_xl.sheet.forms import CUSTOMS, form_of, name_of
from poa_xl.sheet.grid import Grid, Value, column_number, letters
from poa_xl.sheet.heading import Heading, heading_at, headings
from poa_xl.sheet.keys import KEY_OF
from poa_xl.sheet.months import Run, by_month, words_of
from poa_xl.sheet.profile import LETTERS, PLAIN, Profile
from poa_xl.sheet.recognise import Recognised, recognise

# What poa-xl adds to the right of the planner's columns.
CONTROL: Mapping[str, str] = {column.name: column.caption for column in CONTROL_COLUMNS}
# The same, and what stands there only where an office asks for it.
OURS: Mapping[str, str] = {**CONTROL, **{column.name: column.caption for column in APPROVED_COLUMNS}}
# Those of them that planners read.
# Of the hidden column in which a split writes what tells the rows of a unit apart.
KEYS = "· clave de la fila"
SHOWN = tuple(column.name for column in CONTROL_COLUMNS if not column.is_helper)

_SYNONYMS: Mapping[str, str] = {
    **{name: each.synonyms for name, each in TABLE.items() if each.synonyms},
    **{name: fold(caption) for name, caption in OURS.items()},
}
# One pattern with a name for each: the first that fits a whole text.
_FIELD = re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in _SYNONYMS.items()))
_CONTROL_WORDS = {words_of(caption): name for name, caption in OURS.items()}
_MONTH = re.compile(r"([a-z]+)[ /'-]*(?:\d{4}|\d{2})?")
_PLANNED = re.compile(r"prog.*|plan.*")
# What captions are made of: texts, and dates where months are written so.
_CAPTION = (str, date)
_FEWEST = 5
_LONGEST = 80


@dataclass(frozen=True)
class Layout:
    """Where the plan stands in a sheet.

    Attributes:
        top: First row of the header.
        bottom: Last row of the header.
        columns: Field name to column number; of a code spread over several columns, the last one.
        unknown: Header text to column number, of columns that nobody knows.
        house: What holds in the office whose layout it is.
        code: The columns that make up the code, where it is spread over several.
        done: Month to the column of what was executed, where the plan has such columns.
        again: Rows below that repeat the header.
        last: Last row of the plan, where what follows is a footer; None to the end of the sheet.
        style: How numbers that are texts are written, where the plan itself shows it.
        sign: The sign of the plan's own currency, where it is not bolivianos.
        marks: Whether the months hold an X where others write amounts.
        weeks: Month to all its columns, where it is cut into weeks.
        profile: What the office says of its plan.
        unfit: What its settings say that this sheet does not have; they were left aside then.
        unit_from: Where the unit of a row stands: in its column, or in a heading row above it.
        recognised: What the columns were recognised by; None where every header is the printed plan's own.
        keys: The column in which a split wrote what tells rows apart; None without one.
        foreign: Rows that are those of another form, with other columns.
    """

    top: int
    bottom: int
    columns: Mapping[str, int]
    unknown: Mapping[str, int]
    house: House = HOUSE
    code: tuple[int, ...] = ()
    done: Mapping[str, int] = field(default_factory=dict)
    again: frozenset[int] = frozenset()
    last: int | None = None
    style: Style | None = None
    sign: str = ""
    marks: bool = False
    weeks: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    profile: Profile = PLAIN
    unfit: str = ""
    unit_from: str = "column"
    recognised: Recognised | None = None
    keys: int | None = None
    foreign: tuple[range, ...] = ()

    @property
    def lacking(self) -> int:
        """How many columns of the printed plan it lacks."""
        return sum(name not in self.columns for name in REQUIRED)

    @property
    def addresses(self) -> dict[str, str]:
        """Column letters by field name."""
        return {name: letters(column) for name, column in self.columns.items()}


def field_of(header: Value) -> str | None:
    """Return which field a header cell means: `ENE-20`, a date in January and `Enero` all mean ENE."""
    if isinstance(header, date):
        return MONTHS[header.month - 1]
    return _field_of_text(header) if isinstance(header, str) and len(header) <= _LONGEST else None


@lru_cache(maxsize=16_384)
def _field_of_text(header: str) -> str | None:
    text = squeeze(fold(header).replace(".", " "))
    if (match := _MONTH.fullmatch(text)) and (month := month_number(match[1])):
        return MONTHS[month - 1]
    found = _FIELD.fullmatch(text)
    return found.lastgroup if found is not None else None


def find_layout(grid: Grid, profile: Profile = PLAIN) -> Layout | None:
    """Find the plan in a sheet.

    Where every header is the printed plan's own, they decide. Else the columns are recognised: see `recognise`.

    Args:
        grid: The sheet.
        profile: What the office says of its plan.

    Returns:
        The layout; None when the sheet does not look like a plan: it has neither twelve months in a row nor a
        header with a code column and four others.

    Raises:
        LayoutError: It looks like a plan and what a judgement needs is not there.
    """
    try:
        return _find(grid, profile)
    except _UnfitError as unfit:
        # Said beside what is found: settings of one form lie beside workbooks of another.
        plain = Profile(rules=profile.rules, style=profile.style, unit_from=profile.unit_from)
        found = _find(grid, plain)
        return replace(found, unfit=str(unfit)) if found is not None else None


class _UnfitError(Exception):
    """The office's settings speak of headers that a sheet does not have."""


def _find(grid: Grid, profile: Profile) -> Layout | None:
    printed = None if profile.describes else _printed(grid)
    if printed is not None and not printed.problems():
        return replace(printed.layout(profile), foreign=_foreign(grid, printed.bottom))
    found = best_of(grid, profile)
    is_open = printed is not None and printed.twice and (found is None or not found.programmed)
    if found is None or is_open:
        if printed is not None:
            problems = "; ".join((*printed.problems(), *printed.remedy(grid)))
            text = say("hoja «{sheet}»: {problems}", sheet=grid.name, problems=problems)
            raise LayoutError(text, len(printed.missing) + len(printed.twice))
        return None
    if not {"name", "code"} & found.proposals.keys():
        raise LayoutError(
            say(
                "hoja «{sheet}»: hay meses en la fila {row} y ninguna columna que nombre las filas; los encabezados "
                "que hay son: {seen}; la que lo haga se dice en poa.toml:",
                sheet=grid.name,
                row=str(found.heading.at),
                seen=_listed(found.heading),
            )
            + "\n"
            + toml({"columnas": {"nombre": letters(_unnamed(grid, found.heading))}}),
            1,
        )
    return layout_from(found, profile)


def _unnamed(grid: Grid, heading: Heading) -> int:
    return name_in(grid, heading.bottom, [column for column in heading.captions if column not in heading.series])


def others_in(grid: Grid, layout: Layout) -> tuple[list[Layout], list[Layout]]:
    """Return what else in a sheet has months, in other columns than the plan: parts of it, and tables of another kind.

    A part is called as the plan is, in half of its columns at least.
    """
    if not layout.foreign:
        return [], []
    profile = Profile(rules=layout.profile.rules, style=layout.profile.style, unit_from=layout.profile.unit_from)
    found = (each for each in _recognised(grid, profile) if not layout.top <= each.heading.top <= layout.bottom)
    plans = [each for each in found if {"name", "code"} & each.proposals.keys() and each.last > each.heading.bottom]
    own = _called(layout.columns, lambda column: grid.get(layout.bottom, column) or grid.get(layout.top, column))
    parts: list[Layout] = []
    tables: list[Layout] = []
    for each in plans:
        columns = {name: proposal.columns[-1] for name, proposal in each.proposals.items()}
        same = own & _called(columns, each.heading.lowest)
        (parts if 2 * len(same) >= len(columns) else tables).append(layout_from(each, profile))
    return parts, tables


def _called(columns: Mapping[str, int], caption: Callable[[int], Value]) -> set[tuple[str, str]]:
    """Return what fields are called."""
    return {(name, words_of(caption(column))) for name, column in columns.items()}


def best_of(grid: Grid, profile: Profile = PLAIN) -> Recognised | None:
    """Recognise the plan below every heading of a sheet, and choose the one that is most of a plan."""
    return max(_recognised(grid, profile), key=lambda each: each.weight, default=None)


def _recognised(grid: Grid, profile: Profile) -> list[Recognised]:
    return [
        recognise(
            grid,
            heading,
            frozenset({*_ours(heading).values(), _keys(heading) or 0}),
            _given(grid.name, heading, profile),
            profile.marks,
        )
        for heading in _headings(grid, profile)
    ]


def _headings(grid: Grid, profile: Profile) -> list[Heading]:
    """The headings of a sheet, where the office says so with the row and the months that it says."""
    found = headings(grid, profile.span)
    if profile.series:
        found = [_of_series(grid.name, each, profile.series) for each in found]
    if profile.row and not profile.months:
        at = [each for each in found if each.at == profile.row]
        if found and not at:
            text = say(
                "hoja «{sheet}»: poa.toml dice [plan] fila_meses = {row} y ahí no hay meses",
                sheet=grid.name,
                row=str(profile.row),
            )
            raise _UnfitError(text)
        found = at
    if not profile.months:
        return [_turned(each, profile.first_month) for each in found]
    columns = tuple(column_number(each) for each in profile.months)
    if len(columns) == 1:
        runs = (run for each in found for run in (each.run, *each.others) if run.columns[0] == columns[0])
        columns = next(runs, Run(tuple(range(columns[0], columns[0] + len(MONTHS))))).columns
    row = profile.row or next((each.at for each in found), 0)
    if not row:
        return []
    if len(MONTHS) % len(columns):
        raise _UnfitError(
            say(
                "poa.toml dice [meses] columnas con {count} columnas; son 12, 4 de trimestres, 2 de semestres, o solo "
                "la primera",
                count=len(columns),
            )
        )
    run = Run(columns, profile.first_month, span=len(MONTHS) // len(columns))
    return [replace(heading_at(grid, row, run), is_unclear=False)]


def _of_series(sheet: str, heading: Heading, words: str) -> Heading:
    """Take the series of a heading whose captions hold some words for the programmed one.

    Raises:
        _UnfitError: There is none, or there are several.
    """
    chosen = [run for run in heading.runs if words_of(words) in heading.labels.get(run.columns[0], "")]
    if len(chosen) != 1:
        raise _UnfitError(
            say(
                "hoja «{sheet}»: poa.toml dice [meses] serie = «{words}» y hay {count} series de meses con esas "
                "palabras",
                sheet=sheet,
                words=words,
                count=len(chosen),
            )
        )
    return replace(heading, run=chosen[0], is_unclear=False)


def _turned(heading: Heading, first: int) -> Heading:
    return replace(heading, run=replace(heading.run, first=first)) if first > 1 else heading


def _given(sheet: str, heading: Heading, profile: Profile) -> dict[str, tuple[int, ...]]:
    """Take what the office says of its columns, letters or headers, for their numbers.

    Raises:
        _UnfitError: There is no such header, or there are several.
    """
    found: dict[str, tuple[int, ...]] = {"target": ()} if profile.sums else {}
    for name, places in profile.columns.items():
        found[name] = tuple(_place(sheet, heading, KEY_OF[name], place) for place in places)
    return found


def _place(sheet: str, heading: Heading, key: str, place: str) -> int:
    if LETTERS.fullmatch(place):
        return column_number(place)
    wanted = words_of(place)
    whole = [column for column, text in heading.shown.items() if words_of(text) == wanted]
    columns = whole or [column for column in heading.shown if heading.lowest(column) == wanted]
    if len(columns) == 1:
        return columns[0]
    raise _UnfitError(
        say(
            "hoja «{sheet}»: poa.toml dice [columnas] {key} = «{place}» y hay {count} columnas con ese encabezado; los "
            "que hay son: {seen}",
            sheet=sheet,
            key=key,
            place=place,
            count=len(columns),
            seen=_listed(heading),
        )
    )


def _listed(heading: Heading) -> str:
    return ", ".join(f"{letters(column)} «{text}»" for column, text in heading.shown.items() if text)


def layout_from(found: Recognised, profile: Profile = PLAIN) -> Layout:
    """Take what was recognised for the layout of a sheet."""
    heading = found.heading
    columns = {name: each.columns[-1] for name, each in found.proposals.items()}
    columns |= by_month(heading.run, MONTHS)
    columns |= _ours(heading)
    code = found.proposals["code"].columns if "code" in found.proposals else ()
    keys = _keys(heading)
    known = {*columns.values(), *code, *heading.series, keys}
    # Captions of ours say nothing of the office's form.
    ours = {*_ours(heading).values(), keys}
    theirs = [text for column, text in heading.shown.items() if column not in ours]
    name = profile.name or name_of(" / ".join(theirs), quarters=heading.run.span > 1)
    form = form_of(name)
    own = "heading" if found.has_heading_rows else "column"
    return Layout(
        heading.top,
        heading.bottom,
        columns,
        {text: column for column, text in heading.shown.items() if text and column not in known},
        House(name, frozenset(columns), learns=name != CUSTOMS, rules={**form.rules, **profile.rules}),
        code if len(code) > 1 else (),
        by_month(heading.done, MONTHS) if heading.done else {},
        heading.again,
        profile.last or found.last,
        profile.style or found.style or form.style,
        profile.sign or found.sign,
        found.marks,
        _weeks(heading.run),
        profile,
        unit_from=profile.unit_from or ("column" if "unit" in columns else own),
        recognised=found,
        keys=keys,
        foreign=heading.foreign,
    )


def _keys(heading: Heading) -> int | None:
    """The column that a split added to tell rows apart."""
    return next((column for column, text in heading.shown.items() if text.endswith(KEYS)), None)


def _weeks(run: Run) -> dict[str, tuple[int, ...]]:
    places = by_month(run, MONTHS) if run.weeks > 1 else {}
    return {month: tuple(range(column, column + run.weeks)) for month, column in places.items()}


def _ours(heading: Heading) -> dict[str, int]:
    """Columns that poa-xl added, where enough of them stand there to be no chance; of equal captions the rightmost.

    What stands above them is what an office wrote over its last columns.
    """
    found = {
        name: column
        for column, text in sorted(heading.shown.items())
        if (name := _CONTROL_WORDS.get(heading.lowest(column))) is not None
        and column not in heading.series
        and fold(text).endswith(fold(OURS[name]))
    }
    return found if len(found) >= _FEWEST else {}


def header_rows(grid: Grid, layout: Layout) -> frozenset[int]:
    """Return the rows below the header that repeat it or one of its two lines, as page breaks of a printed plan do."""
    lines = [_texts(grid.cells.get(row, {})) for row in range(layout.top, layout.bottom + 1)]
    return (
        frozenset(
            row
            for row, cells in grid.cells.items()
            if row > layout.bottom and (_means_header(cells, layout) or any(_says(cells, line) for line in lines))
        )
        | layout.again
    )


def _texts(cells: Mapping[int, Value]) -> dict[int, str]:
    return {column: fold(value) for column, value in cells.items() if isinstance(value, str)}


def _means_header(cells: Mapping[int, Value], layout: Layout) -> bool:
    # Most rows of a plan hold too few captions for a header.
    if sum(isinstance(value, _CAPTION) for value in cells.values()) * 2 <= len(FIELDS):
        return False
    if field_of(cells.get(layout.columns.get("code", 0))) != "code":
        return False
    hits = sum(field_of(cells.get(column)) == name for name, column in layout.columns.items())
    return hits > len(FIELDS) / 2


def _says(cells: Mapping[int, Value], line: Mapping[int, str]) -> bool:
    """Whether most of what stands in a row stands in a line of the header too, in the same columns."""
    if sum(isinstance(value, str) for value in cells.values()) * 2 <= len(cells):
        return False
    same = sum(
        isinstance(value, str) and bool(text := line.get(column)) and fold(value) == text
        for column, value in cells.items()
    )
    return same > 1 and same * 2 > len(cells)


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


def _foreign(grid: Grid, bottom: int) -> tuple[range, ...]:
    """Rows below the printed plan's header that stand below months in other columns."""
    return next((each.foreign for each in headings(grid) if each.top <= bottom <= each.bottom), ())


@dataclass(frozen=True)
class _Printed:
    """A header of the printed plan, whole or in part."""

    top: int
    bottom: int
    matched: Mapping[str, list[int]]
    seen: Mapping[int, str]
    again: frozenset[int]

    @property
    def twice(self) -> dict[str, list[int]]:
        """Fields that stand more than once."""
        return {name: columns for name, columns in self.matched.items() if len(columns) > 1}

    @property
    def missing(self) -> list[str]:
        """Required fields that do not stand there."""
        return [name for name in REQUIRED if name not in self.matched]

    def problems(self) -> list[str]:
        """Say what is missing or stands more than once."""
        found = [
            say(
                "la columna {caption} está {count} veces: {cells}",
                caption=_named(name),
                count=len(columns),
                cells=", ".join(f"{letters(column)}{self.bottom}" for column in columns),
            )
            for name, columns in self.twice.items()
        ]
        if self.missing:
            found.append(
                say(
                    "faltan las columnas {missing}; los encabezados que hay en la fila {row} son: {seen}",
                    missing=", ".join(map(_named, self.missing)),
                    row=str(self.bottom),
                    seen=", ".join(self.seen.values()),
                )
            )
        return found

    def remedy(self, grid: Grid) -> Iterator[str]:
        """Say what was recognised, and what would settle the rest."""
        if not self.twice:
            candidate = candidate_in(grid)
            yield from [candidate.told()] if candidate is not None else []
            return
        found = {name: columns for name, columns in self.matched.items() if len(columns) == 1}
        yield say("se reconoció: {found}", found=", ".join(f"{_named(n)} {letters(c)}" for n, (c,) in found.items()))
        name, columns = next(iter(self.twice.items()))
        months = [letters(self.matched[month][0]) for month in MONTHS if month in self.matched]
        settings: dict[str, dict[str, object]] = {"columnas": {KEY_OF.get(name, name): letters(columns[0])}}
        if name in MONTHS:
            settings = {"meses": {"columnas": months}}
        yield say("se puede decir en poa.toml:") + f"\n{toml(settings)}"

    def layout(self, profile: Profile) -> Layout:
        """The layout, where there are no problems."""
        columns = {name: first for name, (first,) in self.matched.items()}
        known = set(columns.values())
        unknown = {text: column for column, text in self.seen.items() if column not in known}
        house = replace(HOUSE, fields=frozenset(columns) | {"stated"}, rules=profile.rules)
        return Layout(
            self.top,
            self.bottom,
            columns,
            unknown,
            house,
            again=self.again,
            last=profile.last,
            style=profile.style,
            profile=profile,
        )


def _printed(grid: Grid) -> _Printed | None:
    """Find the first header with a code column and four others of the printed plan."""
    covers = _covers(grid)
    for row in sorted(grid.cells):
        single = _match(grid, covers, row, row)
        if "code" not in single or len(single) < _FEWEST:
            continue
        double = _match(grid, covers, row, row + 1)
        is_double = row + 1 in grid.cells and "code" in double and _score(double) > _score(single)
        bottom = row + 1 if is_double else row
        seen = {
            column: text
            for column in _columns(grid, covers, row, bottom)
            if (text := _caption(grid, covers, row, bottom, column))
        }
        again = _repeated(grid, row) if is_double else frozenset()
        return _Printed(row, bottom, double if is_double else single, seen, again)
    return None


def _repeated(grid: Grid, top: int) -> frozenset[int]:
    """Rows where a header of two rows stands again, both of them."""
    first, second = grid.cells[top], grid.cells[top + 1]
    starts = (row for row in grid.cells if row > top and grid.cells[row] == first)
    return frozenset(each for row in starts if grid.cells.get(row + 1) == second for each in (row, row + 1))


def _caption(grid: Grid, covers: Covers, top: int, bottom: int, column: int) -> str:
    parts = (_text(grid, covers, row, column) for row in dict.fromkeys((top, bottom)))
    return squeeze(" ".join(dict.fromkeys(str(part) for part in parts if part is not None)))


def _named(name: str) -> str:
    return {**CAPTIONS, **OURS}[name]
