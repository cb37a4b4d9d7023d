"""One workbook per executing unit, its flags live: they follow every change with no Python at all.

What each unit gets is kept in the history, to be held against what it sends back.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from poa_xl.actions.load import load_aliases, load_one
from poa_xl.actions.moment import now
from poa_xl.actions.naming import file_name, root_of, sheet_name, title_of
from poa_xl.actions.past.opening import open_history
from poa_xl.books.book import FileBook, MemoryBook
from poa_xl.core.checks import check
from poa_xl.core.flags import flag
from poa_xl.core.merge import split
from poa_xl.core.plan import Kind, Plan
from poa_xl.core.record import recorded
from poa_xl.errors import LayoutError
from poa_xl.i18n import say
from poa_xl.sheet.identity import Identity
from poa_xl.sheet.image import SheetImage
from poa_xl.sheet.render import Flagged, place
from poa_xl.sheet.unit import room, unit_sheet
from poa_xl.store.history import Sent, database_errors
from poa_xl.store.packing import key_of, pack


@dataclass(frozen=True, slots=True)
class Part:
    """The workbook of a unit: its operations, their lines, and the groups above them."""

    path: Path
    unit: str
    groups: int
    operations: int
    lines: int


def split_book(
    master: Path,
    folder: Path,
    sheet: str | None = None,
    aliases: Path | None = None,
    year: int | None = None,
    store: str | None = None,
) -> list[Part]:
    """Write the workbook of each unit.

    Args:
        master: The regional plan.
        folder: Where the workbooks go; it is made when missing, older files are kept as backups.
        sheet: The plan sheet of the master, when it has several.
        aliases: The office's list of unit names; by default `unidades.toml` beside the master.
        year: The year planned; by default the commonest of the dates.
        store: Where the history is; by default beside the master.

    Raises:
        BookError: The master cannot be read, a workbook cannot be written, or the history does not open.
        LayoutError: The master holds no plan, or several.
    """
    source = load_one(FileBook(master), sheet, year)
    plan = load_aliases(aliases, master.parent).plan(source.parsed.plan)
    if not plan.rows:
        raise LayoutError(say("{file}: el plan no tiene ninguna fila", file=master.name))
    name, title = sheet_name(plan), source.parsed.title or title_of(plan)
    taken: set[str] = set()
    root, moment = root_of(plan), now()
    written = []
    with database_errors():
        history = open_history(store, master)
        for unit, part in split(plan).items():
            path = folder / file_name(unit, taken)
            image = _image(part, path.name, name, (*title, unit or say("Sin unidad")))
            (sent,) = history.send([_sent(root, plan.planned_year, unit, moment, path.name, image)])
            identity = Identity(unit, root, sent.year, sent.version, sent.sent_at, sent.id, name)
            FileBook(path).write([image], identity.properties)
            kinds = [row.kind for row in part.rows]
            written.append(Part(path, unit, *(kinds.count(kind) for kind in (Kind.GROUP, Kind.OPERATION, Kind.LINE))))
    return written


def _image(part: Plan, file: str, name: str, title: Sequence[str]) -> SheetImage:
    placed = place(part, file, name, title, room(part))
    findings = check(placed)
    return unit_sheet(placed, name, title, Flagged(flag(placed, findings), findings))


def _sent(root: str, year: int | None, unit: str, moment: str, file: str, image: SheetImage) -> Sent:
    """Describe what a unit gets, as it will be read again."""
    book = MemoryBook(file)
    book.write([image])
    content = recorded(load_one(book).parsed.plan.rows)
    key = key_of({"plan": root, "year": year, "unit": unit, "rows": content})
    return Sent(key, root, year, unit, 0, moment, file, pack(content))
