"""The report on a plan under tracking, at a cut-off month."""

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from poa_xl.actions.load import Opened, load_one
from poa_xl.actions.settings import load_profile
from poa_xl.actions.tracking import reports_in
from poa_xl.books.book import FileBook, MemoryBook
from poa_xl.books.files import keep_apart, replace, stamp
from poa_xl.core.evaluation import Evaluation, Weigh, equal, evaluate
from poa_xl.core.flags import flag
from poa_xl.core.reports import figure
from poa_xl.core.text import fold
from poa_xl.core.tracking import USUAL
from poa_xl.errors import BookError
from poa_xl.i18n import say
from poa_xl.sheet.cells import amount_of
from poa_xl.sheet.evaluation import report_sheets

BUDGET, EQUAL, WEIGHT = "presupuesto", "igual", "ponderacion"


@dataclass(frozen=True)
class Reported:
    """A report that was written: where, the backup, the figures, and what operations were weighed by."""

    path: Path
    backup: Path | None
    found: Evaluation
    weights: str


def report_book(
    path: Path,
    output: Path,
    until: int | None = None,
    sheet: str | None = None,
    year: int | None = None,
    weights: str | None = None,
    template: Path | None = None,
) -> Reported:
    """Write the report on a plan.

    Args:
        path: The plan and its `Seguimiento`.
        output: The workbook or Word document to be written.
        until: Index of the cut-off month; by default the one that the sheet says.
        sheet: The plan sheet, when there are several.
        year: The year planned.
        weights: What operations are weighed by: `presupuesto`, `igual` or `ponderacion`; by default the column
            Ponderación where the plan has one, else all the same.
        template: Of a Word document, what it is filled in from; see `document`.

    Raises:
        BookError: It has no `Seguimiento`, or the template is not understood, or the report cannot be written.
        LayoutError: It holds no plan, or several.
    """
    keep_apart(output, path)
    suffix = output.suffix.lower()
    if suffix not in (".xlsx", ".docx"):
        raise BookError(say("{file}: el informe es un libro .xlsx, o un documento .docx", file=output.name))
    opened = load_one(FileBook(path), sheet, year, load_profile(None, path.parent))
    found, words = evaluation_of(opened, until, weights)
    before = stamp(output)
    if suffix == ".docx":
        from poa_xl.actions.document import document  # noqa: PLC0415 - only this one needs what writes for Word

        data = document(found, opened.parsed.title, words, template, path.parent)
    else:
        book = MemoryBook(output.name)
        book.write(report_sheets(found, opened.parsed.title, words))
        data = book.data or b""
    return Reported(output, replace(output, data, expected=before), found, words)


def evaluation_of(opened: Opened, until: int | None = None, weights: str | None = None) -> tuple[Evaluation, str]:
    """Evaluate a plan with its `Seguimiento`; see `report_book`. Give in which words operations are weighed too.

    Raises:
        BookError: Nothing says what was executed, or there is no column of weights that were asked for.
    """
    told = reports_in(opened)
    if told is None:
        raise BookError(say("{file}: no tiene la hoja Seguimiento; poa track la pone", file=opened.book.name))
    reports, cutoff = told
    weigh, words = _weights(opened, weights)
    found = evaluate(
        opened.plan,
        reports,
        {index: each.computed for index, each in enumerate(flag(opened.plan, ()))},
        cutoff if until is None else until,
        opened.layout.profile.scale or USUAL,
        weigh,
    )
    return found, words


def shares(found: Evaluation) -> tuple[str, str]:
    """Write the physical and the financial progress of all of it, in percent."""
    both = (found.whole.physical.value, found.whole.financial)
    physical, financial = (say("sin dato") if each is None else f"{figure(each)} %" for each in both)
    return physical, financial


def _weights(opened: Opened, wanted: str | None) -> tuple[Weigh, str]:
    """Return how operations are weighed, and in which words.

    Raises:
        BookError: By a column that the plan does not have.
    """
    unknown = opened.layout.unknown
    column = next((column for text, column in unknown.items() if fold(text).startswith("ponderacion")), None)
    if wanted == WEIGHT and column is None:
        raise BookError(say("{file}: el plan no tiene la columna Ponderación", file=opened.book.name))
    rows = opened.plan.rows
    if wanted == BUDGET:
        flags = flag(opened.plan, ())
        return lambda index: flags[index].computed, say("por presupuesto")
    if wanted != EQUAL and column is not None:

        def weight(index: int) -> Decimal | None:
            value = amount_of(opened.grid.get(rows[index].line, column))
            return value if isinstance(value, Decimal) else None

        return weight, say("por la columna Ponderación")
    return equal, say("todas iguales")
