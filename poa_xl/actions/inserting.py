"""Where the new rows of a merged plan go into the master's sheet, and which of its rows they look like."""

from collections.abc import Sequence
from dataclasses import dataclass

from poa_xl.actions.load import Opened
from poa_xl.books.patch.moved import NewRow
from poa_xl.core.codes import Code
from poa_xl.core.outcomes import Merged, MergedRow
from poa_xl.core.plan import Kind, Row
from poa_xl.sheet.executed import done_rows, label_in, last_of


@dataclass(frozen=True)
class New:
    """What is inserted for a new row of the plan.

    Attributes:
        rows: Its own row, and one below it that says what was executed where rows of its kind have one.
        label: Column and text of the cell by which that second row says so; None where there is none.
    """

    rows: tuple[NewRow, ...]
    label: tuple[int, str] | None = None


def new_rows(base: Opened, merged: Merged) -> list[New]:
    """Describe the rows to insert, in order: each behind the row that it follows, formatted like its nearest kin."""
    master = base.parsed.plan.rows
    done = done_rows(base.layout)
    above = base.parsed.layout.bottom
    found = []
    for number, each in enumerate(merged.rows):
        if each.index is not None:
            # What was executed of a row stays right below it.
            above = max(above, last_of(base.layout, master[each.index].line))
            continue
        model = _model(merged.rows, number)
        like = master[model.index].line if model is not None and model.index is not None else None
        is_kin = model is not None and model.row.kind is each.row.kind
        label = label_in(base.grid, like + 1) if is_kin and like is not None and like + 1 in done else None
        likes = [like] if label is None or like is None else [like, like + 1]
        found.append(New(tuple(NewRow(above + 1, one, grows=is_kin) for one in likes), label))
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
