"""Two workbooks compared as plans."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from poa_xl.actions.load import load_one
from poa_xl.actions.settings import load_profile
from poa_xl.books.book import FileBook
from poa_xl.books.files import keep_apart
from poa_xl.core.codes import Code
from poa_xl.core.diff import LINES, BlockChange, FieldChange, compare
from poa_xl.core.keys import comparable_plans
from poa_xl.core.plan import HOUSE, Plan
from poa_xl.i18n import say
from poa_xl.sheet import looks
from poa_xl.sheet.cells import shown
from poa_xl.sheet.fields import CAPTIONS
from poa_xl.sheet.headers import CONTROL
from poa_xl.sheet.listing import TOP, listing
from poa_xl.sheet.own import heading_of
from poa_xl.sheet.spec import Cell, SheetSpec, Style

SHEET = "Cambios"


@dataclass(frozen=True, slots=True)
class Difference:
    """One line of a comparison: what happened to which row, and of a changed one which field.

    Attributes:
        kind: `nueva`, `quitada`, `cambiada` or `trasladada`.
        code: The code, the new one where there is one; empty for none.
        name: Acción, operación o tarea.
        field: Caption of the field; empty for the row as a whole.
        before: What it was.
        after: What it is.
        where: Cell in the later workbook, in the earlier one for a row that is gone.
    """

    kind: str
    code: str
    name: str
    field: str
    before: str
    after: str
    where: str


def compare_books(before: Path, after: Path, output: Path | None = None, sheet: str | None = None) -> list[Difference]:
    """Compare the plans of two workbooks.

    Args:
        before: The earlier one.
        after: The later one.
        output: Write the differences into this workbook too.
        sheet: The plan sheet, when there are several.

    Raises:
        BookError: One cannot be read, or `output` cannot be written.
        LayoutError: One holds no plan, or several.
    """
    keep_apart(output, before, after)
    one, other = [
        load_one(FileBook(path), sheet, profile=load_profile(None, path.parent)).parsed for path in (before, after)
    ]
    by_row = one.layout.profile.by_row or other.layout.profile.by_row
    return _told(one.plan, other.plan, (before.name, after.name), output, by_row=by_row)


def compare_with(
    approved: Plan, name: str, after: Path, output: Path | None = None, sheet: str | None = None
) -> list[Difference]:
    """Compare an approved version with the plan of a workbook; see `compare_books`.

    Args:
        approved: The plan that was approved.
        name: What the version is called.
        after: The workbook.
        output: Write the differences into this workbook too.
        sheet: The plan sheet, when there are several.
    """
    keep_apart(output, after)
    present = load_one(FileBook(after), sheet, profile=load_profile(None, after.parent)).parsed
    return _told(approved, present.plan, (name, after.name), output, by_row=present.layout.profile.by_row)


def _told(before: Plan, after: Plan, names: tuple[str, str], output: Path | None, *, by_row: bool) -> list[Difference]:
    found = differences(before, after, by_row=by_row)
    if output is not None:
        FileBook(output).write([_image(found, *names)])
    return found


def differences(before: Plan, after: Plan, *, by_row: bool = False) -> list[Difference]:
    """Compare two plans, line by line as people read it; rows of other offices are told apart as in `poa sync`."""
    alike = comparable_plans(before, after, by_row=by_row)
    codes = {
        str(each.code): row.code.written or str(row.code) if isinstance(row.code, Code) else shown(row.code)
        for told, plan in zip(alike, (before, after), strict=True)
        for each, row in zip(told.rows, plan.rows, strict=True)
        if after.house != HOUSE
    }
    return [line for change in compare(*alike) for line in _lines(change, codes)]


def _lines(change: BlockChange, codes: Mapping[str, str]) -> list[Difference]:
    """Write a change down, by the code that stands in the row where it was told apart by a key."""
    block = change.after or change.before
    if block is None:
        return []
    head = block.head

    def told(value: object) -> str:
        return codes.get(str(value), str(value)) if isinstance(value, Code) else shown(value)

    def line(field: str, one: str, other: str, column: str = "code") -> Difference:
        return Difference(change.kind, told(head.code), head.name, field, one, other, str(head.where(column)))

    if change.fields:
        return [line(caption(each), told(each.before), told(each.after), each.field) for each in change.fields]
    amount = shown(head.budget)
    return [line("", amount, "") if change.after is None else line("", "", amount)]


def caption(change: FieldChange) -> str:
    """Name a field as the sheet does."""
    if change.field == LINES:
        return say("número de partidas")
    return heading_of(change.field, {**CAPTIONS, **CONTROL})


def _image(found: list[Difference], before: str, after: str) -> SheetSpec:
    columns = (
        (say("Cambio"), 12),
        (say("Código"), 18),
        (say("Acción, operación o tarea"), 50),
        (say("Columna"), 26),
        (say("Antes"), 36),
        (say("Después"), 36),
    )
    image = listing(SHEET, say("Cambios"), f"{before} → {after}", looks.NAVY, columns)
    boxed = Style(border=True, wrap=True, number_format=looks.TEXT)
    for row, each in enumerate(found, TOP + 1):
        texts = (each.kind, each.code, each.name, each.field, each.before, each.after)
        for column, text in enumerate(texts, 1):
            image.cells[row, column] = Cell(text or None, boxed)
        image.heights[row] = looks.row_height(zip(texts, (width for _, width in columns), strict=True))
    image.filter = f"A{TOP}:F{TOP + max(1, len(found))}"
    return image
