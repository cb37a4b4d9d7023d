"""Lets the units of the demo report nine months: plausible, invented, and marked as such in every row.

Usage: seguimiento.py WORKBOOK. The workbook has its sheet Seguimiento already.
"""

import random
import sys
from decimal import Decimal
from pathlib import Path

from poa_xl.actions.load import load_one
from poa_xl.actions.tracking import tracked_in
from poa_xl.books.book import FileBook
from poa_xl.books.files import replace, stamp
from poa_xl.books.patch.editor import Editor
from poa_xl.core.dates import MONTHS
from poa_xl.core.flags import flag
from poa_xl.core.plan import Row, TargetKind
from poa_xl.core.reports import kind_of
from poa_xl.core.tracking import Sense, sense_of
from poa_xl.sheet.spec import Cell, Style
from poa_xl.sheet.tracking_columns import BY_NAME, PLACES
from poa_xl.sheet.tracking_read import match

CUTOFF = 9
SLOW = Decimal("0.9")
INVENTED = "dato inventado para la demostración"
CAUSES = (
    ("feriados y vacaciones del personal", "turnos de reemplazo desde octubre"),
    ("el equipo llegó tarde", "recuperar los trámites hasta noviembre"),
)


def report(path: Path) -> None:
    """Type what was executed and spent into every row, but for a few months that nobody reports."""
    opened = load_one(FileBook(path))
    tracked = tracked_in(opened)
    found, _ = match(opened.plan, tracked.entries)
    flags, chance = flag(opened.plan, ()), random.Random(2020)  # noqa: S311 - figures for a demo, no secrets
    editor = Editor(path.read_bytes(), path.name)
    edits = editor.sheet(tracked.grid.name if tracked.grid is not None else "")

    def put(line: int, name: str, value: Decimal | str) -> None:
        edits.cells[line, PLACES[name]] = Cell(value, BY_NAME[name].look)

    edits.cells[1, PLACES["executed_ENE"]] = Cell(
        f"Seguimiento de muestra: {INVENTED}", Style(bold=True, color="#C00000")
    )
    for index, entry in found.items():
        row, budget = opened.plan.rows[index], flags[index].computed
        pace = Decimal(chance.choice((60, 80, 85, 95, 98, 100, 100, 103, 110))) / 100
        for month in range(CUTOFF):
            due = row.months[month]
            if isinstance(due, Decimal) and due and chance.random() > 0.01:  # noqa: PLR2004 - one in a hundred
                put(entry.line, f"executed_{MONTHS[month]}", done(row, due, pace, chance))
            if budget:
                put(entry.line, f"spent_{MONTHS[month]}", round(budget / 12 * pace * chance.randint(70, 100) / 100, 0))
        put(entry.line, "proof", INVENTED)
        if pace < SLOW:
            cause, action = chance.choice(CAUSES)
            put(entry.line, "cause", f"{cause} ({INVENTED})")
            put(entry.line, "action", f"{action} ({INVENTED})")
    replace(path, editor.save(), expected=stamp(path))


def done(row: Row, due: Decimal, pace: Decimal, chance: random.Random) -> Decimal:
    """Return what a month of an operation came to: an Hito is reached or not, and who is slow takes more time."""
    if kind_of(row) is TargetKind.MILESTONE:
        return due if pace >= SLOW else Decimal(0)
    swing = Decimal(chance.randint(95, 105)) / 100
    places = 0 if due == due.to_integral_value() and due >= CUTOFF else 2
    return round(due / pace * swing if sense_of(row.measure) is Sense.LESS else due * pace * swing, places)


if __name__ == "__main__":
    report(Path(sys.argv[1]))
