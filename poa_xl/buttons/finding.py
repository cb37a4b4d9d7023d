"""The buttons that lead through the findings."""

from poa_xl.actions import pressing, showing, verifying
from poa_xl.actions.correcting import correct
from poa_xl.actions.load import Opened
from poa_xl.books.live import LiveBook, address
from poa_xl.button import Button, button
from poa_xl.core.checks import check
from poa_xl.core.findings import Finding
from poa_xl.core.flags import sentence
from poa_xl.i18n import say

_CORRECT = "Corregir"


@button("Solo rojos", in_bar=True)
def solo_rojos(book: LiveBook) -> str:
    """Show only what is red, with the groups above it; or all rows again."""
    count, is_on = showing.toggle_red(book, "Solo rojos")
    if is_on:
        return say("{count} filas en rojo, con los grupos de encima. Solo rojos otra vez muestra todas.", count=count)
    return say("Se ven todas las filas.") if count else say("Nada en rojo: se ven todas las filas.")


@button("Anterior", in_bar=True)
def anterior(book: LiveBook) -> str:
    """Go to the finding before the selected cell."""
    return _go(book, -1)


@button("Siguiente", in_bar=True)
def siguiente(book: LiveBook) -> str:
    """Go to the finding after the selected cell."""
    return _go(book, 1)


@button("Lista")
def lista(book: LiveBook) -> str:
    """Show the list of findings."""
    opened = pressing.open_plan(book)
    if opened.listed is None:
        verifying.verify(book, "Lista")
        opened = pressing.open_plan(book)
    if opened.listed is not None:
        book.select(opened.listed.name)
    return ""


def correcting(rule: str, cell: str, remedy: str, *, in_bar: bool = False) -> Button:
    """Return the button that panels show beside a finding: it puts the remedy into its cell."""

    def corregir(book: LiveBook) -> str:
        return correct(book, rule, cell, remedy, _CORRECT)

    return Button(_CORRECT, corregir, in_bar=in_bar)


def _go(book: LiveBook, step: int) -> str:
    """Select the next cell with a finding, row by row, from the selected one on, around at the end; say what it is."""
    opened = pressing.open_plan(book)
    found: dict[tuple[int, int], list[Finding]] = {}
    for where, finding in opened.plan.located(check(opened.plan)):
        if where.sheet == opened.sheet:
            found.setdefault(_place(opened, finding), []).append(finding)
    if not found:
        return say("Todo en verde: no hay hallazgos.")
    cells = sorted(found)
    selected = book.selected
    here = (selected.top, selected.left) if selected is not None and book.active == opened.sheet else (0, 0)
    ahead = [cell for cell in cells if (cell > here if step > 0 else cell < here)]
    target = (ahead or cells)[0 if step > 0 else -1]
    book.select(opened.sheet, target)
    head = say(
        "{number} de {count} · {cell}", number=str(cells.index(target) + 1), count=len(cells), cell=address(*target)
    )
    return " · ".join([head, *map(sentence, found[target])])


def _place(opened: Opened, finding: Finding) -> tuple[int, int]:
    columns = opened.layout.columns
    names = (name for name in (finding.field, "code", "name") if name in columns)
    return opened.plan.row_of(finding).line, columns[next(names)]
