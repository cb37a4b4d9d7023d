"""The columns of what was approved, put into a workbook under edit."""

from collections.abc import Mapping

from poa_xl.actions.load import Opened
from poa_xl.books.patch.edits import SheetEdits
from poa_xl.core.plan import Plan
from poa_xl.sheet.approved import APPROVED, approved_cells
from poa_xl.sheet.control_columns import BY_NAME
from poa_xl.sheet.grid import column_number, letters


def place_approved(
    edits: SheetEdits,
    opened: Opened,
    plan: Plan,
    columns: Mapping[str, str],
    approved: Plan,
) -> None:
    """Write what was approved where its columns stand, else right of all others; and by formulas how much it changed.

    Args:
        edits: What is to change in the plan sheet.
        opened: The plan as it reads now.
        plan: The plan as it will be.
        columns: Letters of all columns but these.
        approved: The version.
    """
    here = opened.layout.columns
    letters_of = {name: letters(here[name]) for name in APPROVED if name in here}
    free = max(column_number(letter) for letter in (*columns.values(), *letters_of.values())) + 1
    for name in APPROVED:
        if name not in letters_of:
            letters_of[name], free = letters(free), free + 1
    for (row, name), cell in approved_cells(plan, columns, letters_of, approved, opened.is_live).items():
        edits.cells[row or opened.layout.bottom, column_number(letters_of[name])] = cell
    edits.columns |= {column_number(letter): (BY_NAME[name].width, 1) for name, letter in letters_of.items()}
