"""New operations and new partida lines in an open workbook, where they belong, with all that makes their row live."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from itertools import groupby, takewhile

from poa_xl.actions.load import Opened
from poa_xl.actions.pressing import need_cells, open_plan
from poa_xl.actions.recorder import Recorder, recorded
from poa_xl.books.live import Box, LiveBook
from poa_xl.books.patch.moved import Insertion, NewRow
from poa_xl.books.patch.references import relative_rows
from poa_xl.core.blocks import adds_up
from poa_xl.core.codes import Code
from poa_xl.core.dates import MONTHS
from poa_xl.core.numbering import free_codes
from poa_xl.core.plan import FIELDS, Kind, Plan
from poa_xl.errors import BookError
from poa_xl.i18n import say
from poa_xl.sheet.areas import Area, Content
from poa_xl.sheet.control_columns import CONTROL_COLUMNS
from poa_xl.sheet.executed import done_rows, label_in, last_of
from poa_xl.sheet.formulas.place import Place, Role, role_of, sheet_of
from poa_xl.sheet.grid import column_number
from poa_xl.sheet.headers import OURS
from poa_xl.sheet.identity import identity_of

# What the planner fills in first.
_FIRST = {Kind.OPERATION: ("name", "target", "code"), Kind.LINE: ("partida", "budget", "name")}


@dataclass(frozen=True)
class Added:
    """A row that was added.

    Attributes:
        line: Its row number.
        code: Its code; of a line that of its operation.
        moved: Whether what the operation cost stands in a line of its own now.
    """

    line: int
    code: str
    moved: bool = False


def add_operation(book: LiveBook, button: str) -> Added:
    """Add an operation behind those of the group in which a cell is selected, with the next code that is free.

    In a unit's workbook it gets one of the blank rows and the next code that is reserved for the unit.

    Raises:
        BookError: No row of the plan is selected, it belongs to no group, or nothing can be written there.
    """
    opened = open_plan(book)
    plan = opened.plan
    index = _selected(book, opened)
    group = _group(plan, index)
    identity = identity_of(opened.book.properties)
    turn = identity.turns.get(group) if identity is not None else None
    code = next(free_codes(plan, group, turn), None)
    if code is None or "code" not in opened.layout.columns:
        raise BookError(
            say("los códigos de {group} no se numeran solos: escribir la operación nueva a mano", group=str(group))
        )
    beside = [each for each in plan.children.get(plan.by_code.get(group, -1), ()) if _is_operation(plan, each)]
    last = max((max([each, *plan.lines.get(each, ())]) for each in beside), default=index)
    unit = identity.unit if identity is not None else plan.rows[index].unit
    values: dict[str, Content] = {"unit": unit or None}
    values |= dict.fromkeys((month for month in MONTHS if month in opened.layout.columns), 0.0)
    like = plan.rows[beside[-1] if beside else _nearest(plan, last, Kind.OPERATION)].line
    typed = _typed(opened, like, code)
    with recorded(book, opened, button) as done, _unlocked(book, opened):
        spare = _spare(opened, plan.rows[last].line) if identity is not None else 0
        line = spare or _below(opened, plan.rows[last].line)
        label = label_in(opened.grid, like + 1) if like + 1 in done_rows(opened.layout) else None
        if not spare:
            _insert(done, line, [like] if label is None else [like, like + 1])
        _fill(done, line, values, typed)
        if label is not None and not spare:
            _label(done, line, like, label)
        _bring_to_life(done, {line: Role(home=str(group) if identity is not None else "")})
    book.select(opened.sheet, (line, _first(opened, Kind.OPERATION)))
    return Added(line, str(code))


def add_line(book: LiveBook, button: str) -> Added:
    """Add a partida line below the operation in which a cell is selected.

    What an operation without lines costs becomes its first line, and its own budget the sum of them.

    Raises:
        BookError: No operation is selected, or nothing can be written there.
    """
    opened = open_plan(book)
    plan = opened.plan
    index = _selected(book, opened)
    if plan.rows[index].kind is Kind.LINE:
        index = next((head for head, lines in plan.lines.items() if index in lines), index)
    if plan.rows[index].kind is not Kind.OPERATION:
        raise BookError(say("elegir primero una celda en la fila de una operación, y repetir"))
    row, lines = plan.rows[index], [plan.rows[each] for each in plan.lines.get(index, ())]
    has_lines = bool({"partida", "budget"} & opened.layout.columns.keys())
    if opened.layout.recognised is not None and not (has_lines and row.code is not None):
        raise BookError(
            say(
                "en este formulario una operación no tiene partidas debajo: faltan los códigos, o las columnas Partida "
                "y Presupuesto"
            )
        )
    moved = not lines and (bool(row.partida) or row.budget is not None) and "budget" in opened.layout.columns
    at, count = _below(opened, max([row.line, *(each.line for each in lines)])), 2 if moved else 1
    first = min([at, *(each.line for each in lines)])
    with recorded(book, opened, button) as done, _unlocked(book, opened):
        own = _held(book, opened, row.line)
        _insert(done, at, [lines[-1].line if lines else row.line] * count)
        for line in range(at, at + count):
            is_first = moved and line == at
            _fill(done, line, {"code": str(row.code)} if index in plan.shared else own if is_first else {})
        if moved or adds_up(row, lines):
            column = opened.layout.addresses["budget"]
            wanted: dict[str, Content] = {"budget": f"=SUM({column}{first}:{column}{at + count - 1})"}
            _write(done, row.line, wanted | ({"partida": None} if "partida" in own else {}))
        rows = range(first, at + count)
        role = replace(role_of(plan, index), lines=tuple(rows))
        _bring_to_life(done, {row.line: role, **dict.fromkeys(rows, Role(kind=Kind.LINE))})
    book.select(opened.sheet, (at + count - 1, _first(opened, Kind.LINE)))
    return Added(at + count - 1, str(row.code or ""), moved=moved)


def _selected(book: LiveBook, opened: Opened) -> int:
    """Return the index of the row of the plan that is selected, or that the selected one stands below.

    Raises:
        BookError: None is.
    """
    selected = book.selected if book.active == opened.sheet else None
    above = [index for index, row in enumerate(opened.plan.rows) if selected is not None and row.line <= selected.top]
    if not above:
        raise BookError(say("elegir primero una celda en una fila del plan, y repetir"))
    return above[-1]


def _group(plan: Plan, index: int) -> Code:
    """Return the group to which an operation that is added at a row belongs.

    Raises:
        BookError: There is none, or other groups stand below it.
    """
    head = next((row for row in reversed(plan.rows[: index + 1]) if row.kind is not Kind.LINE), None)
    code = head.code if head is not None else None
    group = code.parent if isinstance(code, Code) and head is not None and head.kind is Kind.OPERATION else code
    if not isinstance(group, Code):
        raise BookError(
            say("la fila elegida no tiene un código que se entienda: elegir otra del mismo grupo, y repetir")
        )
    below = plan.children.get(plan.by_code.get(group, -1), ())
    if below and not any(_is_operation(plan, each) for each in below):
        raise BookError(
            say(
                "debajo de {group} hay grupos y no operaciones: elegir una celda en el grupo que tendrá la operación "
                "nueva, y repetir",
                group=str(group),
            )
        )
    return group


def _is_operation(plan: Plan, index: int) -> bool:
    return plan.rows[index].kind is Kind.OPERATION


def _nearest(plan: Plan, index: int, kind: Kind) -> int:
    """Return the nearest row of a kind, those above first; the row itself where there is none."""
    found = [each for each, row in enumerate(plan.rows) if row.kind is kind]
    return min(found, key=lambda each: (each > index, abs(each - index)), default=index)


def _spare(opened: Opened, line: int) -> int:
    """Return the first blank row right below a row of a unit's workbook; 0 for none."""
    planned = {row.line for row in opened.plan.rows}
    columns = {opened.layout.columns[name] for name in FIELDS if name in opened.layout.columns}
    room = takewhile(lambda each: each not in planned, range(line + 1, max(planned) + 4))
    return next(
        (
            each
            for each in room
            if not columns & opened.grid.cells.get(each, {}).keys()
            and (each, opened.layout.columns.get("state", 0)) in opened.grid.formulas
        ),
        0,
    )


def _unlocked(book: LiveBook, opened: Opened) -> AbstractContextManager[None]:
    """Lift the protection that the office gave a unit's workbook, for as long as rows are added.

    Raises:
        BookError: It has a password, or the sheet is no unit's and is protected.
    """
    if identity_of(opened.book.properties) is None:
        need_cells(book, opened)
    return book.unlocked(opened.sheet)


def _below(opened: Opened, line: int) -> int:
    """Return the row below one of the plan, and below those that say what was executed of it."""
    return last_of(opened.layout, line) + 1


def _label(done: Recorder, line: int, like: int, label: tuple[int, str]) -> None:
    """Say of a new row, and of the one below it, which is planned and which is executed, as the rows like them do."""
    column, text = label
    _fill(done, line + 1, {})
    planned = done.opened.grid.get(like, column)
    words: list[list[Content]] = [[planned if isinstance(planned, str) else None], [text]]
    done.put(Area(done.opened.sheet, line, column, words))


def _insert(done: Recorder, line: int, likes: Sequence[int]) -> None:
    """Put rows in, each like another, and have sums that end right above take them in.

    Raises:
        BookError: Merged cells stand in the way.
    """
    opened, book = done.opened, done.book
    merged = next((each for each in opened.grid.merges if each.top < line <= each.bottom), None)
    if merged is not None:
        raise BookError(
            say(
                "{sheet}: las filas {first} a {last} tienen celdas combinadas y no se puede insertar entre ellas",
                sheet=opened.sheet,
                first=str(merged.top),
                last=str(merged.bottom),
            )
        )
    names = [name for name in FIELDS if name in opened.layout.columns]
    columns = sorted(opened.layout.columns[name] for name in names)
    was = book.contents(opened.sheet, Box(opened.first, columns[0], opened.last, columns[-1]))
    at = line
    for like, alike in groupby(likes):
        count = len([*alike])
        done.insert(at, like if like < line else like + at - line, count)
        at += count
    plain, grown = (
        Insertion(opened.sheet, tuple(NewRow(line, like, grows=grows) for like in likes)) for grows in (False, True)
    )
    for row, cells in enumerate(was.contents, was.row):
        for column, content in enumerate(cells, was.column):
            if column in columns and isinstance(content, str) and content.startswith("="):
                wanted = grown.formula(content[1:], opened.sheet)
                if wanted != plain.formula(content[1:], opened.sheet):
                    done.put(Area(opened.sheet, grown.row(row), column, [[f"={wanted}"]]))


def _held(book: LiveBook, opened: Opened, line: int) -> dict[str, Content]:
    """Return what an operation says that goes to its first line."""
    columns = {name: opened.layout.columns[name] for name in ("partida", "budget") if name in opened.layout.columns}
    return {
        name: book.contents(opened.sheet, Box(line, column, line, column)).contents[0][0]
        for name, column in columns.items()
    }


def _typed(opened: Opened, like: int, code: Code) -> dict[int, Content]:
    """Return the cells of a new code: one, or a part in each of its columns, written as in the row that it is like.

    Raises:
        BookError: The code has not as many numbers as columns.
    """
    columns = opened.layout.code or (opened.layout.columns["code"],)
    if len(columns) == 1:
        return {columns[0]: code.written or str(code)}
    if code.prefix or code.letters or len(code.parts) != len(columns):
        raise BookError(
            say(
                "los códigos de {group} no se numeran solos: escribir la operación nueva a mano", group=str(code.parent)
            )
        )
    found: dict[int, Content] = {}
    for column, part in zip(columns, code.parts, strict=True):
        value = opened.grid.get(like, column)
        # A part that is left out is the one above it.
        is_left = value is None and column != columns[-1]
        found[column] = None if is_left else str(part).zfill(len(value)) if isinstance(value, str) else float(part)
    return found


def _fill(done: Recorder, line: int, values: Mapping[str, Content], typed: Mapping[int, Content] | None = None) -> None:
    """Write a new row: what is given, formulas of the planner's that look at their own row only, and nothing else."""
    opened = done.opened
    names = {opened.layout.columns[name]: name for name in FIELDS if name in opened.layout.columns}
    ours = {opened.layout.columns[name] for name in OURS if name in opened.layout.columns}
    right = max([*names, *opened.layout.unknown.values()])
    held = done.book.contents(opened.sheet, Box(line, 1, line, right)).contents[0]
    known = typed or {}
    row: list[Content] = [
        known[column]
        if column in known
        else values.get(names.get(column, ""), content if _is_own(content, line) and column not in names else None)
        for column, content in enumerate(held, 1)
    ]
    for left, cells in _beside(row, ours):
        done.put(Area(opened.sheet, line, left, [cells]))


def _is_own(content: Content, line: int) -> bool:
    """Whether a cell holds a formula that looks at cells of its own row only."""
    if not isinstance(content, str) or not content.startswith("="):
        return False
    return all(not sheet and row == line for sheet, _, row in relative_rows(content[1:]))


def _beside(row: Sequence[Content], without: set[int]) -> Iterator[tuple[int, list[Content]]]:
    """Split a row into what stands side by side between columns that are left out."""
    left = 1
    for column in (*sorted(each for each in without if each <= len(row)), len(row) + 1):
        if column > left:
            yield left, list(row[left - 1 : column - 1])
        left = column + 1


def _write(done: Recorder, line: int, values: Mapping[str, Content]) -> None:
    for name, content in values.items():
        done.put(Area(done.opened.sheet, line, done.opened.layout.columns[name], [[content]]))


def _bring_to_life(done: Recorder, roles: Mapping[int, Role]) -> None:
    """Write the formulas of the control columns into rows, where the sheet has them."""
    opened = open_plan(done.book)
    if not opened.is_flagged or any(not opened.is_live(row) for row in opened.plan.rows if row.line in roles):
        return
    sheet = sheet_of(opened.plan, opened.columns(), opened.first, max(roles))
    for line, role in roles.items():
        place = Place(sheet, line, role)
        formulas = [(column, column.formula(place)) for column in CONTROL_COLUMNS if column.name != "stated"]
        cells: dict[int, Content] = {
            column_number(sheet.columns[column.name]): f"={formula}" if formula else None
            for column, formula in formulas
        }
        if role.home:
            cells[column_number(sheet.columns["group"])] = role.home
        left, right = min(cells), max(cells)
        held = done.book.contents(opened.sheet, Box(line, left, line, right)).contents[0]
        done.put(Area(opened.sheet, line, left, [[cells.get(column, was) for column, was in enumerate(held, left)]]))


def _first(opened: Opened, kind: Kind) -> int:
    columns = opened.layout.columns
    return next((columns[name] for name in _FIRST[kind] if name in columns), 1)
