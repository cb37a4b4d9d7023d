"""From the text of a printed plan to a workbook."""

from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from poa_xl.actions.load import load_one
from poa_xl.actions.naming import sheet_name, title_of
from poa_xl.actions.settings import load_aliases, load_profile
from poa_xl.books.book import FileBook, MemoryBook
from poa_xl.books.files import keep_apart, read_file, replace, stamp
from poa_xl.core.amounts import Style
from poa_xl.core.blocks import comparable, value_of
from poa_xl.core.checks import check
from poa_xl.core.findings import Finding
from poa_xl.core.plan import FIELDS, Plan, Row
from poa_xl.errors import BookError, LayoutError
from poa_xl.i18n import say
from poa_xl.sheet.extras import repairs_sheet
from poa_xl.sheet.grid import Grid
from poa_xl.sheet.headers import find_layout
from poa_xl.sheet.imported import plan_of
from poa_xl.sheet.parse import Parsed, parse
from poa_xl.sheet.printed import Printed, PrintedRow, read_printed
from poa_xl.sheet.profile import Profile
from poa_xl.sheet.render import place, plan_sheet
from poa_xl.sheet.repair import Doubt, Repair, repair
from poa_xl.sheet.retyped import grid_of, sheet_of
from poa_xl.sheet.rows import Outside

Form: TypeAlias = tuple[Grid, Parsed]
_SHEET = "Plan"


@dataclass(frozen=True)
class Imported:
    """What an import came to.

    Attributes:
        path: The workbook written.
        backup: The workbook that stood there before, if any.
        printed: What the text held; its rows all became rows of the plan.
        plan: The plan, placed in the workbook.
        repairs: What was put right.
        doubts: Rows whose damage nothing decides.
        findings: What the checks say of the result.
    """

    path: Path
    backup: Path | None
    printed: Printed
    plan: Plan
    repairs: tuple[Repair, ...]
    doubts: tuple[Doubt, ...]
    findings: tuple[Finding, ...]


def import_text(
    source: Path,
    target: Path,
    aliases: Path | None = None,
    year: int | None = None,
    repairs: Path | None = None,
) -> Imported:
    """Import the text of a printed plan.

    Args:
        source: The text, UTF-8, tab separated.
        target: The workbook to write.
        aliases: The office's list of unit names; by default `unidades.toml` beside target or source.
        year: The year planned; by default the commonest of the dates.
        repairs: Write the repairs here too, as text.

    Raises:
        BookError: The text cannot be read, or what is written cannot be, or would take the place of what is read.
        LayoutError: The text holds no row of a plan.
        StaleBookError: The target changed meanwhile.
    """
    keep_apart(target, source, aliases)
    keep_apart(repairs, source, aliases, target)
    book = FileBook(target)
    names = load_aliases(aliases, target.parent, source.parent)
    text = _read(source)
    form = _form_of(text, source, year, load_profile(None, target.parent, source.parent))
    if form is not None:
        return _import_form(form, book, source.name, text)
    printed = read_printed(text)
    if not printed.rows:
        raise LayoutError(
            say(
                "{file}: ninguna línea es una fila de un plan (celdas separadas por tabulador)",
                file=source.name,
            )
        )
    repaired = repair(printed, names)
    plan = plan_of(repaired, printed.style, source.name, year)
    if len(plan.rows) != len(printed.rows):
        lost = {row.line for row in printed.rows} - {row.line for row in plan.rows}
        raise LayoutError(
            say(
                "{file}: las líneas {lines} no se entienden como filas; no se escribió nada",
                file=source.name,
                lines=", ".join(map(str, sorted(lost))),
            )
        )
    name, title = sheet_name(plan), title_of(plan)
    placed = place(plan, target.name, name, title)
    made = tuple(each for row in repaired for each in row.repairs)
    if repairs is not None:
        replace(repairs, repairs_text(made).encode(), expected=stamp(repairs))
    backup = book.write([plan_sheet(placed, name, title), repairs_sheet(made)])
    doubts = tuple(doubt for row in repaired for doubt in row.doubts)
    return Imported(target, backup, printed, placed, made, doubts, tuple(check(placed)))


def _form_of(text: str, source: Path, year: int | None, profile: Profile) -> Form | None:
    """Return the plan of a text in another form than the printed plan's; None where it is in that, or in none."""
    grid = grid_of(text, _SHEET)
    try:
        layout = find_layout(grid, profile)
    except LayoutError:
        return None
    if layout is None or layout.recognised is None:
        return None
    parsed = parse(grid, layout, source.name, year)
    return (grid, parsed) if parsed.plan.rows else None


def _import_form(form: Form, book: FileBook, source: str, text: str) -> Imported:
    """Write a plan as the form that it stands in.

    Raises:
        LayoutError: It would not read as it did.
    """
    grid, parsed = form
    image = sheet_of(grid, parsed)
    draft = MemoryBook(book.name)
    draft.write([image])
    profile = parsed.layout.profile
    again = load_one(MemoryBook(book.name, draft.data), profile=profile).plan
    if [_said(row) for row in again.rows] != [_said(row) for row in parsed.plan.rows]:
        raise LayoutError(say("{file}: el libro no se leería como el texto; no se escribió nada", file=source))
    backup = book.write([image])
    headers = sum(each.kind is Outside.HEADER for each in parsed.passed) + 1
    blank = sum(not line.strip() for line in text.splitlines())
    rows = tuple(PrintedRow(row.line, ()) for row in parsed.plan.rows)
    printed = Printed(rows, headers, blank, (), parsed.layout.style or Style.COMMA_DECIMAL)
    return Imported(book.path, backup, printed, again, (), (), tuple(check(again)))


def _said(row: Row) -> tuple[object, ...]:
    return (row.kind, row.line, *(comparable(value_of(row, name)) for name in FIELDS))


def _read(source: Path) -> str:
    try:
        return read_file(source).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BookError(say("{file}: no es texto en UTF-8; guardarlo así", file=source.name)) from error


def repairs_text(repairs: tuple[Repair, ...]) -> str:
    """Write repairs as text, one per line: Id, column, before, after, why, tab separated."""
    header = (say("Id"), say("Columna"), say("Impreso"), say("Corregido"), say("Por qué"))
    rows = (header, *((each.id, each.column, each.before, each.after, each.why) for each in repairs))
    return "".join("\t".join(row) + "\n" for row in rows)
