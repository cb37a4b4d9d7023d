"""A finding whose remedy is a number, put right in an open workbook."""

from poa_xl.actions.pressing import need_cells, open_plan, recorded
from poa_xl.books.live import Box, LiveBook
from poa_xl.core.checks import check
from poa_xl.errors import BookError
from poa_xl.i18n import number, say
from poa_xl.sheet.areas import Area
from poa_xl.sheet.number_format import unscaled


def correct(book: LiveBook, rule: str, cell: str, remedy: str, button: str) -> str:
    """Write the remedy of a finding into its cell; give what to say about it.

    Args:
        book: The workbook.
        rule: The rule of the finding.
        cell: Its cell.
        remedy: The number as it was shown, exact.
        button: What is said to have been pressed.

    Raises:
        BookError: The finding is gone or asks for another number now, or the cell holds a formula or is locked.
        LayoutError: There is no plan.
    """
    opened = open_plan(book)
    plan = opened.plan
    listed = (each for each in check(plan) if each.rule == rule and plan.where(each).cell == cell)
    found = next((each for each in listed if each.remedy is not None and str(each.remedy) == remedy), None)
    if found is None or found.remedy is None:
        raise BookError(say("{cell}: el hallazgo ya no está, o pide otro valor; leer de nuevo", cell=cell))
    place = (plan.row_of(found).line, opened.layout.columns[found.field])
    if place in opened.grid.formulas:
        raise BookError(say("{cell}: hay una fórmula; corregirla a mano, o reemplazarla por el valor", cell=cell))
    need_cells(book, opened, Box(*place, *place))
    value = unscaled(found.remedy, opened.grid.factor(place, found.field))
    with recorded(book, opened, button) as done:
        done.put(Area(opened.sheet, *place, [[float(value)]]))
    return say(
        "{cell}: antes {before}, ahora {after}. «Deshacer» lo devuelve.",
        cell=cell,
        before=found.value or "—",
        after=number(found.remedy),
    )
