"""A finding whose remedy is known, put right in an open workbook."""

from decimal import Decimal

from poa_xl.actions.load import Opened
from poa_xl.actions.pressing import need_cells, open_plan
from poa_xl.actions.recorder import recorded
from poa_xl.books.live import Box, LiveBook
from poa_xl.core.checks import check
from poa_xl.core.findings import Finding
from poa_xl.errors import BookError
from poa_xl.i18n import number, say
from poa_xl.sheet.areas import Area, Content
from poa_xl.sheet.grid import Value
from poa_xl.sheet.number_format import unscaled


def correct(book: LiveBook, rule: str, cell: str, remedy: str, button: str) -> str:
    """Write the remedy of a finding into its cell; give what to say about it.

    Args:
        book: The workbook.
        rule: The rule of the finding.
        cell: Its cell.
        remedy: What is to stand there, as it was shown, exact.
        button: What is said to have been pressed.

    Raises:
        BookError: The finding is gone or asks for another number now, or the cell holds a formula or is locked.
        LayoutError: There is no plan.
    """
    opened = open_plan(book)
    plan = opened.plan
    listed = (each for each in check(plan) if each.rule == rule and plan.where(each).cell == cell)
    found = next((each for each in listed if each.remedy is not None and str(each.remedy) == remedy), None)
    if found is None or found.at not in opened.layout.columns:
        raise BookError(say("{cell}: el hallazgo ya no está, o pide otro valor; leer de nuevo", cell=cell))
    row = plan.row_of(found)
    place, at = (row.line, opened.layout.columns[found.at]), row.where(found.at).cell
    if place in opened.grid.formulas:
        raise BookError(say("{cell}: hay una fórmula; corregirla a mano, o reemplazarla por el valor", cell=at))
    need_cells(book, opened, Box(*place, *place))
    before = opened.grid.get(*place)
    with recorded(book, opened, button) as done:
        done.put(Area(opened.sheet, *place, [[_content(opened, place, found, before)]]))
    return say(
        "{cell}: antes {before}, ahora {after}. «Deshacer» lo devuelve.",
        cell=at,
        before=(found.value if found.at == found.field else _shown(before)) or "—",
        after=_shown(found.remedy),
    )


def _content(opened: Opened, place: tuple[int, int], found: Finding, before: Value) -> Content:
    """Return what the cell is to hold: a number as the cell shows it, a partida as number or text as it was."""
    if isinstance(found.remedy, Decimal):
        return float(unscaled(found.remedy, opened.grid.factor(place, found.at)))
    is_number = isinstance(before, Decimal) and str(found.remedy).isdecimal()
    return float(str(found.remedy)) if is_number else str(found.remedy)


def _shown(value: object) -> str:
    return number(value) if isinstance(value, Decimal) else "" if value is None else str(value)
