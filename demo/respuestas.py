"""Lets the units of the demo answer as units do: two of them wrongly, one not at all, one against the office.

Usage: respuestas.py MASTER SENT ANSWERS. What is changed is invented; the plan is that of 2020.
"""

import shutil
import sys
from decimal import Decimal
from pathlib import Path

from poa_xl.actions.load import load_one
from poa_xl.books.book import FileBook
from poa_xl.books.files import replace, stamp
from poa_xl.books.patch.editor import Editor
from poa_xl.core.plan import Kind
from poa_xl.sheet.spec import Cell, Style

SILENT = "Unidad Legal.xlsx"
# File, code, field, new value. Which row it is, the code says.
CHANGED: tuple[tuple[str, str, str, Decimal | str], ...] = (
    # A Meta that is no number: nobody guesses which one was meant.
    ("Adm Aduana Pisiga.xlsx", "GROGR1.1.1.1.8", "target", "entre 2 y 3"),
    # Months that no longer add up to the Meta.
    ("Unidad de Fiscalización.xlsx", "GROGR1.2.2.3.3", "DIC", Decimal(99)),
    # What a unit may do, and does well.
    ("Adm Aduana Tambo Quemado.xlsx", "GROGR1.1.1.1.9", "evidence", "Informe trimestral de la Administración"),
)
# The office and a unit change the same cell.
CONFLICT = ("Adm Aduana Interior Oruro.xlsx", "GROGR1.1.1.1.3", "owner", "Técnico de Aforo", "Supervisor de Aforo")


def answer(master: Path, sent: Path, answers: Path) -> None:
    """Put the answers into their folder, and change the master meanwhile."""
    shutil.copytree(sent, answers, dirs_exist_ok=True)
    (answers / SILENT).unlink()
    for file, code, field, value in CHANGED:
        edit(answers / file, code, field, value)
    file, code, field, theirs, ours = CONFLICT
    edit(answers / file, code, field, theirs)
    edit(master, code, field, ours)


def edit(path: Path, code: str, field: str, value: Decimal | str) -> None:
    """Type a value into the cell of an operation, as a person does."""
    opened = load_one(FileBook(path))
    row = next(row for row in opened.plan.rows if str(row.code) == code and row.kind is Kind.OPERATION)
    editor = Editor(path.read_bytes(), path.name)
    place = (row.line, opened.layout.columns[field])
    edits = editor.sheet(opened.sheet)
    edits.cells[place] = Cell(value, Style())
    edits.keep_format.add(place)
    replace(path, editor.save(), expected=stamp(path))


if __name__ == "__main__":
    answer(*map(Path, sys.argv[1:]))
