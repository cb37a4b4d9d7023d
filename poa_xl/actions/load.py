"""Workbooks opened as plans: the one way, for closed ones, for those open in a program and for those in memory."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import chain

from poa_xl.books.book import Book
from poa_xl.core.dates import MONTHS, month_number
from poa_xl.core.plan import Plan, Row
from poa_xl.core.text import fold
from poa_xl.core.values import Invalid
from poa_xl.errors import LayoutError
from poa_xl.i18n import say
from poa_xl.sheet.candidate import candidate_in
from poa_xl.sheet.fields import COMPUTED, DATES
from poa_xl.sheet.grid import LAST_COLUMN, Grid, Workbook, column_number, is_same_sheet, letters
from poa_xl.sheet.headers import CONTROL, OURS, SHOWN, Layout, find_layout, others_in
from poa_xl.sheet.identity import UNIT, identity_of
from poa_xl.sheet.listing import FINDINGS, find_ours, is_beside, is_findings_sheet
from poa_xl.sheet.mark import RUN_MARK, mark_name, read_mark
from poa_xl.sheet.modified import MODIFIED, is_modified_sheet, read_modified
from poa_xl.sheet.parse import Parsed, is_labelled, parse
from poa_xl.sheet.profile import PLAIN, Profile
from poa_xl.sheet.reparse import reparse
from poa_xl.sheet.tracking_read import is_tracking_sheet
from poa_xl.sheet.versions import VERSIONS, is_versions_sheet

_SEVERAL = 2
# What sheets are called that are called after no unit.
_COMMON = re.compile(
    "hoja|sheet|planilha|plan|poa|poi|pao|poai|pei|anexo|formulario|form|cuadro|tabla|matriz|programacion|anual|operativo"
    "|objetivo|trimestre|semestre|gestion|ano|resumen|consolidado|borrador|final|version|original|reformulado|inicial"
    "|aprobado|seguimiento|evaluacion|fisico|financiero|copia|de|del|la|y|i|ii|iii|iv|v|vi"
)


@dataclass(frozen=True)
class Opened:
    """A plan in its workbook.

    Attributes:
        book: The workbook.
        grid: The sheet that the plan stands on.
        parsed: What that sheet holds.
        others: The other sheets.
        aside: Of each other sheet that looks like a plan too, why it was not taken.
        parts: The other forms of its sheet, whose months stand in other columns.
    """

    book: Workbook
    grid: Grid
    parsed: Parsed
    others: tuple[Grid, ...]
    aside: tuple[str, ...] = ()
    parts: tuple["Opened", ...] = ()

    @property
    def sheet(self) -> str:
        """Name of the plan sheet."""
        return self.grid.name

    @property
    def plan(self) -> Plan:
        """The plan."""
        return self.parsed.plan

    @property
    def layout(self) -> Layout:
        """Where the plan stands in its sheet."""
        return self.parsed.layout

    @property
    def mark_name(self) -> str:
        """The hidden name under which an update writes down what it adds."""
        return mark_name(self.book.marks, self.sheet)

    @property
    def mark(self) -> dict[str, str]:
        """What an update wrote down about what it added."""
        return read_mark(self.book.marks.get(self.mark_name))

    @property
    def first(self) -> int:
        """First row below the header."""
        return self.layout.bottom + 1

    @property
    def last(self) -> int:
        """Last row of the plan."""
        return max((row.line for row in self.plan.rows), default=self.first)

    @property
    def is_flagged(self) -> bool:
        """Whether the control columns are there."""
        return all(name in self.layout.columns for name in SHOWN)

    @property
    def added(self) -> tuple[str, ...]:
        """Control columns that an update added: those it wrote down; all of them where that got lost.

        Single columns of these names may be the planner's own, and those of a unit's workbook came with it.
        """
        if self.mark:
            wanted = self.mark.get("columns", "").split(",")
            return tuple(name for name in OURS if name in wanted and name in self.layout.columns)
        present = tuple(name for name in CONTROL if name in self.layout.columns)
        places = [self.layout.columns[name] for name in present]
        is_block = self.is_flagged and places == [*range(places[0], places[0] + len(places))]
        return present if is_block and UNIT not in self.book.properties else ()

    @property
    def listed(self) -> Grid | None:
        """The sheet of findings; a sheet that does not look like it is not ours, whatever it is called."""
        return find_ours(self.others, FINDINGS, [self.mark.get("sheet", FINDINGS)], is_findings_sheet)

    @property
    def modifications(self) -> Grid | None:
        """The sheet that lists what was modified since the plan was approved."""
        return find_ours(self.others, MODIFIED, [self.carried.get("modifications", MODIFIED)], is_modified_sheet)

    @property
    def versions(self) -> Grid | None:
        """The sheet that lists the approved versions."""
        return find_ours(self.others, VERSIONS, [self.carried.get("versions", VERSIONS)], is_versions_sheet)

    @property
    def carried(self) -> dict[str, str]:
        """What the last run wrote down: its id, and the sheets that it keeps."""
        return read_mark(self.book.marks.get(RUN_MARK))

    def columns(self, used: Collection[int] = ()) -> dict[str, str]:
        """Return the letters of all columns; control columns that are missing stand right of everything else.

        Where something at the end of the sheet leaves no room they stand in the first gap right of the plan.

        Args:
            used: Numbers of columns that are taken without holding anything.

        Raises:
            LayoutError: There is no room for them.
        """
        found = self.layout.addresses
        missing = [name for name in CONTROL if name not in found]
        first, bottom = self.layout.bottom, self.last
        merged = (each.right for each in self.grid.merges if each.top <= bottom and each.bottom >= first)
        filled = {column for cells in self.grid.cells.values() for column in cells}
        last = max((*used, *merged, *filled), default=0)
        if missing and last + len(missing) > LAST_COLUMN:
            gap = self._gap(filled, max(used, default=0), len(missing))
            if gap:
                return found | {name: letters(column) for column, name in enumerate(missing, gap)}
            row = next((row for row, cells in self.grid.cells.items() if last in cells), 1)
            raise LayoutError(
                say(
                    "{file}: hoja «{sheet}»: a la derecha de {cell} no hay lugar para las columnas de control; borrar "
                    "lo que hay ahí, o llevarlo cerca del plan, y repetir",
                    file=self.book.name,
                    sheet=self.sheet,
                    cell=f"{letters(last)}{row}",
                )
            )
        return found | {name: letters(column) for column, name in enumerate(missing, last + 1)}

    def _gap(self, filled: Collection[int], used: int, width: int) -> int:
        """Return where some blank columns begin right of the plan; 0 where there are not as many."""
        layout = self.layout
        merged = {each.right for each in self.grid.merges if each.right < LAST_COLUMN}
        known = {column_number(place) for place in layout.addresses.values()} | {*layout.unknown.values()}
        low = max({used, *known}) + 1
        taken = sorted(column for column in {*filled, *merged} if column >= low)
        for column in taken:
            if column - low >= width:
                break
            low = column + 1
        return low if low + width - 1 <= LAST_COLUMN else 0

    def untold(self, name: str) -> frozenset[int]:
        """Return the rows whose cell of a field holds no number, so that formulas do not add it up."""
        column = self.layout.columns.get(name, 0)
        return frozenset(row.line for row in self.plan.rows if not isinstance(self.grid.get(row.line, column), Decimal))

    def is_live(self, row: Row) -> bool:
        """Whether formulas read a row as we do.

        There is no percentage, no mark, no week, no text that is taken for a value, and nothing that a merged cell
        above says for the row.

        That a text is no number formulas see for themselves.
        """
        layout = self.layout
        if row.marked or layout.weeks:
            return False

        def is_told(name: str, column: int) -> bool:
            value = self.grid.get(row.line, column)
            if value is None:
                return row.get(name) not in (None, "")
            # Calc takes a truth value for the number 1 in a cell that has a number format.
            if isinstance(value, bool):
                return True
            is_computed = name in DATES or (name in COMPUTED and not isinstance(row.get(name), Invalid))
            return isinstance(value, str) and is_computed

        columns = {name: layout.columns[name] for name in (*COMPUTED, "owner", "measure") if name in layout.columns}
        return not any(
            is_told(name, column) or (row.line, column) in self.grid.scaled for name, column in columns.items()
        )


def load(book: Book, sheet: str | None = None, year: int | None = None, profile: Profile = PLAIN) -> list[Opened]:
    """Read a workbook and open every plan of it; see `find_plans`.

    Raises:
        BookError: It cannot be read.
        LayoutError: It holds no plan.
    """
    return find_plans(book.read(), sheet, year, profile)


def load_one(book: Book, sheet: str | None = None, year: int | None = None, profile: Profile = PLAIN) -> Opened:
    """Read a workbook and open its plan; see `find_plan`.

    Raises:
        BookError: It cannot be read.
        LayoutError: It holds no plan, or several and `sheet` does not say which.
    """
    return find_plan(book.read(), sheet, year, profile=profile)


def find_plans(
    book: Workbook, sheet: str | None = None, year: int | None = None, profile: Profile = PLAIN
) -> list[Opened]:
    """Open every sheet that holds a whole plan; one that holds several forms with other columns, for each of them.

    Args:
        book: The workbook.
        sheet: Look at this sheet only.
        year: The year planned, when it is known.
        profile: What the office says of its plan.

    Returns:
        The plans in tab order; sheets that lack something are told beside the first one.

    Raises:
        LayoutError: There is none; the message says of each sheet that looks like one what was recognised and what it
            lacks, the best one first.
    """
    whole, lacking = _candidates(book, sheet, profile)
    found: list[Opened] = []
    for grid, layout in whole:
        parts, tables = others_in(grid, layout)
        aside = (*(() if found else lacking.values()), *(below(grid, each) for each in tables))
        found.append(_opened(book, grid, layout, year, aside))
        found += [_opened(book, grid, each, year, ()) for each in parts]
    return found


def find_plan(
    book: Workbook,
    sheet: str | None = None,
    year: int | None = None,
    active: str | None = None,
    profile: Profile = PLAIN,
) -> Opened:
    """Open the plan of a workbook.

    Of several sheets with a whole plan that counts which is looked at, then the one that was sent, then one
    that lacks fewer columns, then one that shows.

    Args:
        book: The workbook.
        sheet: Look at this sheet only.
        year: The year planned, when it is known.
        active: The sheet that is looked at, in a workbook that is open in a program.
        profile: What the office says of its plan.

    Raises:
        LayoutError: There is none, and the message says what the best sheet lacks; or several are equally good.
    """
    whole, lacking = _candidates(book, sheet, profile)
    identity = identity_of(book.properties)
    sent = identity.sheet if identity is not None else ""

    def rank(grid: Grid, layout: Layout) -> tuple[bool, bool, int, bool]:
        looked_at, was_sent = is_same_sheet(grid.name, active or ""), is_same_sheet(grid.name, sent)
        # Sheets of units are as good as each other, whatever columns one of them lacks.
        return looked_at, was_sent, 0 if layout.unit_from == "sheet" else -layout.lacking, grid.visible

    best = max(rank(*each) for each in whole)
    chosen = [each for each in whole if rank(*each) == best]
    if len(chosen) > 1:
        names = ", ".join(f"«{grid.name}»" for grid, _ in chosen)
        if active is not None:
            raise LayoutError(
                say("hay más de una hoja con un plan: {names}; ir a la que se quiere y repetir", names=names)
            )
        raise LayoutError(
            say("{file}: hay más de una hoja con un plan: {names}; decir cuál con --sheet", file=book.name, names=names)
        )
    grid, layout = chosen[0]
    rest = [*beside(other.name for other, _ in whole if other is not grid)]
    forms, tables = others_in(grid, layout)
    rest += [below(grid, each) for each in chain(forms, tables)]
    parts = tuple(_opened(book, grid, each, year, ()) for each in forms)
    return replace(_opened(book, grid, layout, year, (*rest, *lacking.values())), parts=parts)


def beside(sheets: Iterable[str]) -> tuple[str, ...]:
    """Say of each sheet that it looks like a plan too."""
    return tuple(say("la hoja «{sheet}» también parece un plan", sheet=each) for each in sheets)


def find_again(before: Opened, book: Workbook, lines: Collection[int]) -> Opened | None:
    """Open a plan once more in whose sheet some rows were written, and no other sheet was.

    Args:
        before: The plan as it read before, its rows where they stand now.
        book: The workbook as it is.
        lines: The rows that were written, those that came among them; none went.

    Returns:
        What `find_plan` gives; None where the plan is to be read as a whole.
    """
    grid = next(each for each in book if each.name == before.sheet)
    if before.modifications is not None or _look(grid, before.layout.profile) != before.layout:
        return None
    parsed = reparse(before.parsed, grid, lines, book.name)
    others = tuple(other for other in book if other is not grid)
    return replace(before, book=book, grid=grid, parsed=parsed, others=others) if parsed is not None else None


def _candidates(
    book: Workbook, sheet: str | None, profile: Profile
) -> tuple[list[tuple[Grid, Layout]], dict[str, str]]:
    """Return the sheets that hold a whole plan; and of those that look like one, what they lack."""
    book = replace(book, grids=tuple(grid for grid in book if not _is_beside(grid)))
    names = ", ".join(f"«{grid.name}»" for grid in book)
    settled = [grid for grid in book if sheet is None and is_same_sheet(grid.name, profile.sheet)]
    wanted = settled or [grid for grid in book if sheet is None or is_same_sheet(grid.name, sheet)]
    wanted = wanted or [grid for grid in book if fold(grid.name) == fold(sheet or "")]
    if not wanted:
        raise LayoutError(say("{file}: no hay hoja «{sheet}»; hay {names}", file=book.name, sheet=sheet, names=names))
    whole: list[tuple[Grid, Layout]] = []
    lacking: dict[str, LayoutError] = {}
    for grid in wanted:
        found = _look(grid, profile)
        if isinstance(found, LayoutError):
            lacking[grid.name] = found
        elif found is not None:
            whole.append((grid, found))
    whole = _of_sheets(book, whole, profile)
    if lacking and not whole:
        shown = {grid.name: grid.visible for grid in wanted}
        ranked = sorted(lacking, key=lambda name: (lacking[name].lacking, not shown[name]))
        told = "\n".join(str(lacking[name]) for name in ranked)
        raise LayoutError(f"{book.name}: {told}") from lacking[ranked[0]]
    if not whole:
        text = say(
            "{file}: ninguna hoja tiene los encabezados de un plan (doce meses seguidos, y una columna que nombre las "
            "filas); hay {names}",
            file=book.name,
            names=names,
        )
        near = [
            say("hoja «{sheet}»: {problems}", sheet=grid.name, problems=candidate.told())
            for grid in wanted
            if (candidate := candidate_in(grid)) is not None
        ]
        if not near:
            near = [
                say(
                    "ninguna fila dice cómo se llaman las columnas: escribir los encabezados (actividad, meta, los "
                    "meses) encima de las filas"
                )
            ]
        raise LayoutError("\n".join((text, *near)))
    return whole, {name: str(error) for name, error in lacking.items()}


def _of_sheets(book: Workbook, whole: list[tuple[Grid, Layout]], profile: Profile) -> list[tuple[Grid, Layout]]:
    """Let sheets be the units that they are called after, where several hold plans and none says whose its rows are."""
    if not any(_is_of_nobody(*each) for each in whole) or UNIT in book.properties:
        return whole
    known = {grid.name: layout for grid, layout in whole}
    found = ((grid, known.get(grid.name) or _look(grid, profile)) for grid in book if _may_be_unit(grid.name))
    if sum(isinstance(layout, Layout) and _is_of_nobody(grid, layout) for grid, layout in found) < _SEVERAL:
        return whole
    return [
        (grid, replace(layout, unit_from="sheet") if _is_of_nobody(grid, layout) else layout) for grid, layout in whole
    ]


def _is_of_nobody(grid: Grid, layout: Layout) -> bool:
    """Whether nothing in a sheet of another office says whose its rows are, and its name may."""
    is_open = layout.recognised is not None and layout.unit_from == "column" and not layout.profile.unit_from
    return is_open and "unit" not in layout.columns and _may_be_unit(grid.name) and not is_labelled(grid, layout)


def _may_be_unit(sheet: str) -> bool:
    """Whether a sheet may be called after a unit: not after what all of them are, a part of the year, or a number."""
    words = [word for word in fold(sheet).replace(".", " ").split() if not any(map(str.isdigit, word))]
    return bool(words) and not all(_COMMON.fullmatch(word) or month_number(word) for word in words)


def below(grid: Grid, layout: Layout) -> str:
    """Say that a form with other columns stands in the sheet too, and how to choose it."""
    months = [layout.columns[month] for month in MONTHS if month in layout.columns]
    row = layout.recognised.heading.at if layout.recognised is not None else layout.bottom
    return say(
        "hoja «{sheet}»: en la fila {row} empieza otro cuadro, con los meses en {first} a {last}; no se trató aquí; "
        "para elegirlo, en poa.toml: [plan] fila_meses = {row}",
        sheet=grid.name,
        row=str(row),
        first=letters(min(months)),
        last=letters(max(months)),
    )


def _is_beside(grid: Grid) -> bool:
    """Whether a sheet is one that we keep beside a plan: many of its rows would be taken for headings, one by one."""
    return is_beside(grid) or is_tracking_sheet(grid) or is_modified_sheet(grid) or is_versions_sheet(grid)


def _look(grid: Grid, profile: Profile) -> Layout | LayoutError | None:
    try:
        return find_layout(grid, profile)
    except LayoutError as error:
        return error


def _opened(book: Workbook, grid: Grid, layout: Layout, year: int | None, aside: tuple[str, ...]) -> Opened:
    parsed = parse(grid, layout, book.name, year, partial=UNIT in book.properties)
    opened = Opened(book, grid, parsed, tuple(other for other in book if other is not grid), aside)
    listed = opened.modifications
    if listed is None:
        return opened
    plan = replace(parsed.plan, modified=read_modified(listed, parsed.plan, book.name))
    return replace(opened, parsed=replace(parsed, plan=plan))
