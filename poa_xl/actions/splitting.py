"""One workbook per executing unit, its flags live: they follow every change with no Python at all."""

from dataclasses import dataclass
from pathlib import Path

from poa_xl.actions.load import load_aliases, load_one
from poa_xl.actions.naming import file_name, sheet_name, title_of
from poa_xl.books.book import FileBook
from poa_xl.core.checks import check
from poa_xl.core.flags import flag
from poa_xl.core.merge import split
from poa_xl.core.plan import Kind
from poa_xl.errors import LayoutError
from poa_xl.i18n import say
from poa_xl.sheet.parse import UNIT
from poa_xl.sheet.render import Flagged, place, plan_sheet


@dataclass(frozen=True, slots=True)
class Part:
    """The workbook of a unit: its operations, their lines, and the groups above them."""

    path: Path
    unit: str
    groups: int
    operations: int
    lines: int


def split_book(
    master: Path, folder: Path, sheet: str | None = None, aliases: Path | None = None, year: int | None = None
) -> list[Part]:
    """Write the workbook of each unit.

    Args:
        master: The regional plan.
        folder: Where the workbooks go; it is made when missing, older files are kept as backups.
        sheet: The plan sheet of the master, when it has several.
        aliases: The office's list of unit names; by default `unidades.toml` beside the master.
        year: The year planned; by default the commonest of the dates.

    Raises:
        BookError: The master cannot be read or a workbook cannot be written.
        LayoutError: The master holds no plan, or several.
    """
    source = load_one(FileBook(master), sheet, year)
    plan = load_aliases(aliases, master.parent).plan(source.parsed.plan)
    if not plan.rows:
        raise LayoutError(say("{file}: el plan no tiene ninguna fila", file=master.name))
    name, title = sheet_name(plan), source.parsed.title or title_of(plan)
    taken: set[str] = set()
    written = []
    for unit, part in split(plan).items():
        path = folder / file_name(unit, taken)
        head = (*title, unit or say("Sin unidad"))
        placed = place(part, path.name, name, head)
        findings = check(placed)
        image = plan_sheet(placed, name, head, Flagged(flag(placed, findings), findings))
        FileBook(path).write([image], {UNIT: unit})
        kinds = [row.kind for row in part.rows]
        written.append(Part(path, unit, *(kinds.count(kind) for kind in (Kind.GROUP, Kind.OPERATION, Kind.LINE))))
    return written
