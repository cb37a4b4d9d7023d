"""One workbook per executing unit, its flags live: they follow every change with no Python at all.

What each unit gets is kept in the history, to be held against what it sends back.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from poa_xl.actions.load import load_one
from poa_xl.actions.moment import now
from poa_xl.actions.naming import file_name, root_of, sheet_name, title_of
from poa_xl.actions.past.opening import open_history
from poa_xl.actions.regional import ANSWERS, SENT
from poa_xl.actions.settings import load_aliases, load_profile
from poa_xl.books import files
from poa_xl.books.book import FileBook, MemoryBook
from poa_xl.books.files import stamp
from poa_xl.books.package import open_package
from poa_xl.core.aliases import Aliases
from poa_xl.core.blocks import split
from poa_xl.core.checks import check
from poa_xl.core.codes import Code
from poa_xl.core.flags import flag
from poa_xl.core.numbering import Turn, turns
from poa_xl.core.offers import View, lost_rows
from poa_xl.core.outcomes import Limits, Policy
from poa_xl.core.plan import Kind, Plan
from poa_xl.core.record import recorded
from poa_xl.core.text import fold
from poa_xl.errors import LayoutError, PoaError, SyncError
from poa_xl.i18n import say
from poa_xl.sheet.cells import shown
from poa_xl.sheet.identity import Identity, identity_of
from poa_xl.sheet.image import SheetImage
from poa_xl.sheet.render import Flagged, place
from poa_xl.sheet.unit import SPARES, room, unit_sheet
from poa_xl.store.history import History, Sent, database_errors
from poa_xl.store.packing import key_of, pack


@dataclass(frozen=True, slots=True)
class Part:
    """The workbook of a unit: its operations, their lines, and the groups above them.

    Attributes:
        path: Where it is.
        unit: Whose it is.
        groups: Rows that are groups.
        operations: Rows that are operations.
        lines: Rows that are partida lines.
        backup: What stood there before; None when nothing did, or it was the same.
        problem: Why it could not be written; empty when it was.
        doubts: Of rows whose changes could not be taken when they come back, which and why.
    """

    path: Path
    unit: str
    groups: int
    operations: int
    lines: int
    backup: Path | None = None
    problem: str = ""
    doubts: tuple[str, ...] = ()


def split_book(
    master: Path,
    folder: Path | None = None,
    sheet: str | None = None,
    aliases: Path | None = None,
    year: int | None = None,
    store: str | None = None,
    *,
    resend: bool = False,
) -> list[Part]:
    """Write the workbook of each unit.

    Args:
        master: The regional plan.
        folder: Where the workbooks go, by default `enviados` beside the master; it is made when missing.
        sheet: The plan sheet of the master, when it has several.
        aliases: The office's list of unit names; by default `unidades.toml` beside the master.
        year: The year planned; by default the commonest of the dates.
        store: Where the history is; by default beside the master.
        resend: Put new workbooks also in the place of files that are not as they were sent; backups of them stay.

    Returns:
        One entry per unit; those that could not be written say why, and do not stop the others.

    Raises:
        SyncError: A file in the way is not what was sent: an answer, or somebody else's. Nothing was written.
        BookError: The master cannot be read, or the history does not open.
        LayoutError: The master holds no plan, or several.
    """
    source = load_one(FileBook(master), sheet, year, load_profile(None, master.parent))
    names = load_aliases(aliases, master.parent)
    plan = names.plan(source.parsed.plan)
    if not plan.rows:
        raise LayoutError(say("{file}: el plan no tiene ninguna fila", file=master.name))
    target = folder if folder is not None else master.parent / SENT
    taken: set[str] = set()
    parts = {target / file_name(unit, taken): (unit, part) for unit, part in split(plan).items()}
    name, title = sheet_name(plan), source.parsed.title or title_of(plan)
    root, moment = root_of(plan), now()
    view, given = View(plan, Policy(), Limits()), turns(plan)
    written = []
    with database_errors():
        history = open_history(store, master)
        present = _present(parts, master, history, names, resend=resend)
        for path, (unit, part) in parts.items():
            own = given.get(fold(unit), {})
            image = _image(part, path.name, name, (*title, unit or say("Sin unidad")), own)
            read = _read_again(path.name, image)
            key = _key(root, plan.planned_year, unit, read)
            content = pack(recorded(read.rows))
            (sent,) = history.send([Sent(key, root, plan.planned_year, unit, 0, moment, path.name, content)])
            identity = Identity(unit, root, sent.year, sent.version, sent.sent_at, sent.id, name, own)
            book = MemoryBook(path.name)
            book.write([image], identity.properties)
            data = book.data or b""
            history.copied({hashlib.sha256(data).hexdigest(): sent.id})
            doubts = tuple(
                say("fila {line} ({code}): {reason}; lo que la unidad cambie en ella no se podrá tomar",
                    line=row.line, code=shown(row.code) or row.name, reason=reason)
                for row, reason in lost_rows(view, read, unit)
            )  # fmt: skip
            written.append(replace(_write(path, unit, part, data, present[path]), doubts=doubts))
    return written


def _write(path: Path, unit: str, part: Plan, data: bytes, present: str | None) -> Part:
    groups, operations, lines = ([row.kind for row in part.rows].count(kind) for kind in Kind)
    written = Part(path, unit, groups, operations, lines)
    try:
        return replace(written, backup=files.replace(path, data, expected=present))
    except PoaError as error:
        return replace(written, problem=str(error))


def _present(
    paths: Iterable[Path], master: Path, history: History, names: Aliases, *, resend: bool
) -> dict[Path, str | None]:
    """Return the stamp of what stands where workbooks are to go; None for nothing.

    Raises:
        SyncError: Something stands there that a new workbook must not replace.
    """
    sent = history.copies()
    stamps: dict[Path, str | None] = {}
    answers: list[str] = []
    others: list[str] = []
    for path in paths:
        if path.exists() and path.samefile(master):
            others.append(say("{file} es el plan que se reparte", file=path.name))
        elif path.exists() and not path.is_file():
            others.append(say("{file} no es un archivo", file=path.name))
        else:
            stamps[path] = stamp(path)
            reason = "" if stamps[path] is None or stamps[path] in sent else _held(path, names)
            answers += [f"{path.name} ({reason})"] if reason and not resend else []
    if others:
        raise SyncError(say("no se repartió nada: {files}; elegir otra carpeta con --output", files="; ".join(others)))
    if answers:
        raise SyncError(
            say(
                "no se repartió nada, para no perder lo que hay en {folder}: {files}. Llevarlo a la carpeta {answers} "
                "y consolidarlo con poa sync; o repetir con --resend, que lo deja en respaldos y envía de nuevo",
                folder=str(next(iter(stamps)).parent),
                files="; ".join(answers),
                answers=ANSWERS,
            )
        )
    return stamps


def _held(path: Path, names: Aliases) -> str:
    """Say what a file is whose bytes the history does not know; empty where it says what was sent all the same.

    So are workbooks of older versions known, and of a history that was lost.
    """
    try:
        package = open_package(path)
        identity = identity_of(package.properties)
        if identity is None:
            return say("no lo hizo poa split")
        plan = load_one(FileBook(path, package)).parsed.plan
    except PoaError as error:
        return str(error).removeprefix(f"{path.name}: ")
    keys = {_key(identity.plan, identity.year, identity.unit, each) for each in (plan, names.plan(plan))}
    return "" if identity.base in keys else say("cambió desde que se envió")


def _image(part: Plan, file: str, name: str, title: Sequence[str], own: Mapping[Code, Turn]) -> SheetImage:
    placed = place(part, file, name, title, room(part), SPARES)
    findings = check(placed)
    return unit_sheet(placed, name, title, Flagged(flag(placed, findings), findings), own)


def _read_again(file: str, image: SheetImage) -> Plan:
    """Return what a unit gets as it will be read again."""
    book = MemoryBook(file)
    book.write([image])
    return load_one(book).parsed.plan


def _key(root: str, year: int | None, unit: str, plan: Plan) -> str:
    return key_of({"plan": root, "year": year, "unit": unit, "rows": recorded(plan.rows)})
