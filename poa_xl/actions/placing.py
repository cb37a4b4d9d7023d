"""A merged plan put into the master's own workbook, cell by cell, nothing else of it touched."""

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from poa_xl.actions.load import Opened, load_one
from poa_xl.books.book import MemoryBook
from poa_xl.books.patch.editor import Editor
from poa_xl.books.patch.moved import Insertion, NewRow
from poa_xl.core.codes import Code
from poa_xl.core.merge import adds_up, comparable, own_fields, value_of
from poa_xl.core.outcomes import Merged, MergedRow
from poa_xl.core.plan import DECIDED, Kind, Row, TargetKind
from poa_xl.errors import CellError
from poa_xl.i18n import say
from poa_xl.sheet.fields import CAPTIONS
from poa_xl.sheet.headers import CONTROL
from poa_xl.sheet.image import Cell, Content
from poa_xl.sheet.render import content_of

_VALUE = re.compile(r"<(\w+:)?v(?:/>|>[^<]*</(\w+:)?v>)")


@dataclass
class Placed:
    """The workbook with the merged plan in it.

    Attributes:
        data: Its bytes.
        lines: Row number in the sheet of every merged row, in their order.
        stated: Tipo de meta by row number, where the sheet has no column for it yet.
    """

    data: bytes
    lines: list[int]
    stated: dict[int, TargetKind | None] = field(default_factory=dict)


def put(data: bytes, name: str, base: Opened, merged: Merged, *, force: bool = False) -> Placed:
    """Put a merged plan into the workbook that `base` was read from.

    Args:
        data: The workbook.
        name: Its name, for messages.
        base: Its plan sheet; the plan in it is what was merged.
        merged: What came of it.
        force: Edit a digitally signed workbook too.

    Returns:
        The workbook. Formulas stay formulas: of sums that a change reaches, the value that they will come to is
        written beside them.

    Raises:
        BookError: The package cannot be edited safely, or rows cannot be inserted.
        CellError: A cell cannot be written, or does not read as it was written.
    """
    rows = _new_rows(base, merged)
    if rows:
        editor = Editor(data, name, force=force)
        editor.insert(base.sheet, rows)
        data = editor.save()
    insertion = Insertion(base.sheet, tuple(rows))
    new = iter(insertion.numbers)
    master = base.parsed.plan.rows
    lines = [next(new) if each.index is None else insertion.row(master[each.index].line) for each in merged.rows]
    placed = Placed(data, lines)
    editor = Editor(data, name, force=force)
    _fill(editor, base, merged, placed)
    for index in merged.removed:
        _empty(editor, base, insertion.row(master[index].line))
    if merged.removed or any(each.changed or each.index is None for each in merged.rows):
        editor.recalculate(on_load=True)
    placed.data = editor.save()
    _prove(placed, name, base, merged)
    return placed


def _new_rows(base: Opened, merged: Merged) -> list[NewRow]:
    """Describe the rows to insert, in order: each behind the row that it follows, formatted like its nearest kin."""
    master = base.parsed.plan.rows
    above = base.parsed.layout.bottom
    found = []
    for number, each in enumerate(merged.rows):
        if each.index is not None:
            above = max(above, master[each.index].line)
            continue
        model = _model(merged.rows, number)
        like = master[model.index].line if model is not None and model.index is not None else None
        is_kin = model is not None and model.row.kind is each.row.kind
        found.append(NewRow(above + 1, like, grows=is_kin))
    return found


def _model(rows: Sequence[MergedRow], number: int) -> MergedRow | None:
    """Choose the row of the master whose formats a new one gets: its kin, the nearest above, else below."""
    row = rows[number].row
    near = [*reversed(rows[:number]), *rows[number + 1 :]]
    old = [each for each in near if each.index is not None]
    kin = [each for each in old if each.row.kind is row.kind]
    if row.kind is Kind.GROUP:
        kin.sort(key=lambda each: abs(_depth(each.row) - _depth(row)))
    return next(iter(kin or old), None)


def _depth(row: Row) -> int:
    return row.code.depth if isinstance(row.code, Code) else 0


def _fill(editor: Editor, base: Opened, merged: Merged, placed: Placed) -> None:
    edits = editor.sheet(base.sheet)
    columns = base.parsed.layout.columns
    grid = base.grid
    master = base.parsed.plan.rows
    refreshed: dict[tuple[int, int], Decimal] = {}
    for number, (line, each) in enumerate(zip(placed.lines, merged.rows, strict=True)):
        fields = each.changed if each.index is not None else DECIDED
        old = master[each.index].line if each.index is not None else 0
        for name in fields:
            if name not in columns:
                if name == "stated" and (each.index is not None or each.row.stated):
                    placed.stated[line] = each.row.stated if isinstance(each.row.stated, TargetKind) else None
                elif each.index is not None or value_of(each.row, name) not in (None, ""):
                    raise CellError(_no_column(name, each.row))
                continue
            column = columns[name]
            value = content_of(each.row, name)
            is_kept = (old, column) in grid.formulas and _is_sum(merged.rows, number, name)
            if is_kept and isinstance(value, Decimal):
                refreshed[line, column] = value
                continue
            if (old, column) in grid.scaled and isinstance(value, Decimal):
                value = value / grid.scaled[old, column]
            edits.cells[line, column] = Cell(_suited(value, base, name, grid.get(old, column)))
            edits.keep_format.add((line, column))
    present = editor.content(base.sheet, refreshed.keys()) if refreshed else {}
    for place, (kind, inside) in present.items():
        edits.cells[place] = Cell(None)
        edits.raw[place] = ("" if kind != "n" else kind, _refresh(inside, refreshed[place]))


def _refresh(inside: str, value: Decimal) -> str:
    """Put the value that a formula will come to beside it."""
    match = re.match(r"<(\w+:)?f\b", inside)
    prefix = (match[1] or "") if match is not None else ""
    return f"{_VALUE.sub('', inside)}<{prefix}v>{value:f}</{prefix}v>"


def _is_sum(rows: Sequence[MergedRow], number: int, name: str) -> bool:
    """Tell whether a field is a budget that is a sum: of a group, or of the lines of an operation."""
    row = rows[number].row
    lines = itertools.takewhile(lambda each: each.row.kind is Kind.LINE, rows[number + 1 :])
    return name == "budget" and (row.kind is Kind.GROUP or adds_up(row, [each.row for each in lines]))


def _suited(value: Content, base: Opened, name: str, former: object) -> Content:
    """Write a date as text where the column's dates are texts: a number would show in its place."""
    if not isinstance(value, date) or isinstance(former, date):
        return value
    column = base.parsed.layout.columns[name]
    shown = [base.grid.get(row.line, column) for row in base.parsed.plan.rows]
    is_text = isinstance(former, str) or not any(isinstance(each, date) for each in shown)
    return f"{value:%d/%m/%Y}" if is_text else value


def _empty(editor: Editor, base: Opened, line: int) -> None:
    """Take the content of a row away; the row stays, blank, so that no formula loses what it points at."""
    edits = editor.sheet(base.sheet)
    for column in {*base.parsed.layout.columns.values(), *base.parsed.layout.unknown.values()}:
        edits.cells[line, column] = Cell(None)
        edits.keep_format.add((line, column))


def _prove(placed: Placed, name: str, base: Opened, merged: Merged) -> None:
    """Read the workbook again: every row must say what was merged.

    Raises:
        CellError: A row does not.
    """
    again = {row.line: row for row in load_one(MemoryBook(name, placed.data), base.sheet).parsed.plan.rows}
    wrong = []
    for line, each in zip(placed.lines, merged.rows, strict=True):
        row = again.pop(line, None)
        names = each.changed if each.index is not None else frozenset(own_fields(each.row))
        wrong += [
            f"{CAPTIONS.get(field) or CONTROL[field]} {line}"
            for field in sorted(names & base.parsed.layout.columns.keys())
            if row is None or comparable(value_of(row, field)) != comparable(value_of(each.row, field))
        ]
    if wrong or again:
        cells = ", ".join([*wrong, *map(str, again)])
        raise CellError(say("{file}: no quedaría como se consolidó: {cells}", file=name, cells=cells))


def _no_column(name: str, row: Row) -> str:
    caption = CAPTIONS.get(name) or CONTROL[name]
    return say("el maestro no tiene la columna {caption}, que la fila {code} trae", caption=caption,
               code=str(row.code or row.partida))  # fmt: skip
