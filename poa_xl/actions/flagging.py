"""Control columns, colours and names of columns, written into the workbook of a plan under edit."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from poa_xl.actions import filtering
from poa_xl.actions.load import Opened
from poa_xl.books.patch import memory
from poa_xl.books.patch.editor import Editor
from poa_xl.books.patch.edits import SheetEdits
from poa_xl.core.findings import Finding
from poa_xl.core.flags import Flag
from poa_xl.core.plan import FIELDS, Plan
from poa_xl.core.quick import quick
from poa_xl.sheet import control
from poa_xl.sheet.cells import shown
from poa_xl.sheet.control_columns import BY_NAME
from poa_xl.sheet.extras import read_replaced
from poa_xl.sheet.grid import Merge, Value, column_number, letters
from poa_xl.sheet.headers import CONTROL, OURS, SHOWN
from poa_xl.sheet.named import named_ranges
from poa_xl.sheet.prompts import is_our_prompt
from poa_xl.sheet.spec import Cell

_FARTHEST = 200


@quick(frozen=True, slots=True)
class Change:
    """A cell that changes: where, what it showed, what it will show."""

    cell: str
    field: str
    before: str
    after: str


@dataclass
class Work:
    """A workbook under update."""

    editor: Editor
    opened: Opened
    mark: dict[str, str] = field(init=False)
    replaced: dict[str, tuple[str, str]] = field(init=False)

    def __post_init__(self) -> None:
        self.mark = self.opened.mark
        listed = self.opened.listed
        self.replaced = read_replaced(listed) if listed is not None else {}

    @property
    def edits(self) -> SheetEdits:
        """What is to change in the plan sheet."""
        return self.editor.sheet(self.opened.sheet)


@dataclass(frozen=True)
class Form:
    """A form of the plan sheet, judged.

    Attributes:
        opened: The form.
        plan: Its plan, as it is judged.
        columns: Letters of its columns, the control columns included.
        findings: What the checks say.
        flags: What they say of its rows.
        live: Row numbers of those that get formulas.
    """

    opened: Opened
    plan: Plan
    columns: Mapping[str, str]
    findings: Sequence[Finding]
    flags: Sequence[Flag]
    live: frozenset[int]


def own_lines(opened: Opened) -> list[int]:
    """Return the rows below the header that may hold something of ours, those of other forms left out."""
    layout = opened.layout
    ours = {layout.columns[name] for name in OURS if name in layout.columns}
    lines = sorted(opened.grid.cells.items())
    return [
        line
        for line, cells in lines
        if line > layout.bottom and ours & {*cells} and not any(line in rows for rows in layout.foreign)
    ]


def columns_of(work: Work) -> dict[str, str]:
    """Return the letters of all columns, new ones right of those that have a width too."""
    opened = work.opened
    return opened.columns([work.editor.last_column(opened.sheet, _FARTHEST)])


def place_control(work: Work, forms: Sequence[Form], *, functions: bool) -> list[list[Change]]:
    """Write the control columns beside every form of the sheet; return what changes of each."""
    opened, columns = work.opened, forms[0].columns
    numbers = {name: column_number(columns[name]) for name in CONTROL}
    new = [name for name in CONTROL if name not in opened.layout.columns]
    changes = [_place_cells(work, each, numbers, functions=functions) for each in forms]
    # Blank rows of a unit's workbook are flagged too: they wait for new operations.
    ends = [max((each.opened.first, *(row.line for row in each.plan.rows), *own_lines(each.opened))) for each in forms]
    last = max(ends)
    drop_formats(work, {name: columns[name] for name in CONTROL})
    areas = sorted(
        (
            (each.columns, rows)
            for each, end in zip(forms, ends, strict=True)
            for rows in _rows(range(each.opened.first, end + 1), each.opened)
        ),
        key=lambda area: area[1].start,
    )
    work.edits.rules = control.rules_over(areas)
    work.edits.choices = [control.choice_over(areas)]
    work.edits.columns = {numbers[name]: (BY_NAME[name].width, 1 if name in SHOWN else 2) for name in CONTROL}
    _remember(work, new, columns, last)
    tops = [each.opened.layout.bottom for each in forms]
    placed = opened.layout.columns.values()
    if len(forms) == 1:
        covered = Merge(tops[0], min(placed), last, numbers["reason"])
        filtered = filtering.cover(work.editor, opened.sheet, covered, work.mark.get(filtering.MARK, ""))
        work.mark = work.mark | ({filtering.MARK: filtered} if filtered else {})
    _name_columns(work, columns, last)
    return changes


def _rows(rows: range, opened: Opened) -> list[range]:
    """Cut rows at those of other forms."""
    own = [line for line in rows if not any(line in foreign for foreign in opened.layout.foreign)]
    runs = [[line for _, line in run] for _, run in groupby(enumerate(own), lambda pair: pair[1] - pair[0])]
    return [range(run[0], run[-1] + 1) for run in runs]


def _place_cells(work: Work, form: Form, numbers: Mapping[str, int], *, functions: bool) -> list[Change]:
    """Write the control cells of a form, and their captions into its heading."""
    opened, plan, columns = form.opened, form.plan, form.columns
    cells = control.control_cells(
        plan,
        form.flags,
        form.findings,
        columns,
        lambda row: row.line in form.live,
        first=opened.first,
        functions=functions,
    )
    new = [name for name in CONTROL if name not in opened.layout.columns]
    changes: list[Change] = []
    for name, cell in control.header_cells().items():
        if name in new:
            work.edits.cells[opened.layout.bottom, numbers[name]] = cell
    edits, grid = work.edits.cells, opened.grid
    # Where a column is new nothing stands that would go.
    kept = {name: number for name, number in numbers.items() if name not in new}
    ours = frozenset(kept.values())
    live = {line for line, column in grid.formulas if column in ours}
    for row, filled in zip(plan.rows, cells, strict=True):
        line, present = row.line, grid.cells.get(row.line, {})
        if not new and line not in live and _is_said(filled, numbers, present, ours):
            continue
        edits |= {(line, column): None for name, column in kept.items() if name not in filled}
        for name, cell in filled.items():
            column = numbers[name]
            if name not in SHOWN:
                is_blank = cell.value is None and not cell.formula
                if not is_blank or column in ours:
                    edits[line, column] = None if is_blank else cell
                continue
            edits[line, column] = cell
            value = present.get(column)
            if value == cell.value:
                continue
            before, after = shown(value), shown(cell.value)
            if before != after:
                changes.append(Change(f"{columns[name]}{line}", CONTROL[name], before, after))
    return changes


def _is_said(
    filled: Mapping[str, Cell], numbers: Mapping[str, int], present: Mapping[int, Value], ours: Collection[int]
) -> bool:
    """Whether the control cells of a row hold the values already that they are to hold, and nothing else."""
    if any(cell.formula for cell in filled.values()):
        return False
    wanted = {numbers[name]: cell.value for name, cell in filled.items() if cell.value is not None}
    return wanted == {column: value for column, value in present.items() if column in ours}


def _name_columns(work: Work, columns: Mapping[str, str], last: int) -> None:
    """Name the columns of the plan; a name that the planner uses for something else stays."""
    ours = set(work.mark.get("names", "").split(","))
    taken = {name.casefold() for name in work.editor.defined if name not in ours}
    named = named_ranges(work.opened.sheet, columns, work.opened.layout.bottom, last)
    kept = [name for name in named if name.casefold() not in taken]
    for name in ours - {*kept, ""}:
        work.editor.set_range(name, None)
    for name in kept:
        work.editor.set_range(name, named[name])
    work.mark = work.mark | {"names": ",".join(kept)}


def _remember(work: Work, new: Sequence[str], columns: Mapping[str, str], last: int) -> None:
    """Write down what is added, and keep the control columns off the printed page."""
    opened = work.opened
    added = (*new, *opened.added)
    mark = work.mark | {"columns": ",".join(name for name in OURS if name in added)}
    if new and "columns" not in work.mark:
        mark |= memory.written(work.editor.looks(opened.sheet, {column_number(columns[name]) for name in new}))
    if not work.editor.recalculates:
        mark["calc"] = work.editor.calculation
    work.editor.recalculate(on_load=True)
    if not work.editor.has_print_area(opened.sheet):
        mark["area"] = "1"
        fields = {column_number(columns[name]) for name in FIELDS if name in columns}
        right = letters(max(fields | set(opened.layout.unknown.values())))
        work.editor.set_print_area(opened.sheet, f"$A$1:${right}${max([last, *opened.grid.cells])}")
    work.mark = mark


def drop_formats(work: Work, ours: Mapping[str, str]) -> None:
    """Take away the conditional formats of control columns, by name and letters, and the list of *Tipo de meta*."""
    listed = '"' + ",".join(control.KINDS) + '"'
    work.edits.drop_rule = lambda formula: control.is_our_rule(formula, ours.values())
    work.edits.drop_choice = lambda formula: formula == listed and "stated" in ours
    work.edits.drop_prompt = is_our_prompt
