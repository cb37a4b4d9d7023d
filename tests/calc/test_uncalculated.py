"""A plan whose formulas no program has calculated, opened in Calc, which takes over what a file says of the others."""

from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from poa_xl.actions.load import load_one
from poa_xl.actions.splitting import split_book
from poa_xl.actions.updating import Options, update_book
from poa_xl.books.book import FileBook
from tests.layouts import MEASURE, NAME, NUMBER, TARGET, UNIT, column, draw, items, months, of, saved
from tests.running import Running

FORM = of(NUMBER, NAME, UNIT, MEASURE, TARGET, months(), column("PRESUPUESTO", lambda _: Decimal(5), "budget"))
FIRST, LAST = 4, 17


def plan(path: Path) -> Path:
    """A plan whose Metas are sums of the months, and one wrong one among them."""
    saved(path, draw(FORM, items()).grid)
    book = openpyxl.load_workbook(path)
    page = book["Plan"]
    for row in range(FIRST, LAST + 1):
        page.cell(row, 5).value = f"=SUM(F{row}:Q{row})"
    page.cell(FIRST + 1, 5).value = f"=SUM(F{FIRST + 1}:Q{FIRST + 1})+1"
    book.save(path)
    return path


@pytest.mark.parametrize("is_sent", [True, False])
def test_a_meta_that_fits_is_green_when_it_is_calculated_and_never_red_before(
    running: Running, tmp_path: Path, *, is_sent: bool
) -> None:
    path = plan(tmp_path / "m.xlsx")
    if is_sent:
        path = split_book(path)[0].path
    else:
        update_book(path, Options())
    opened = load_one(FileBook(path))
    at = opened.layout.columns
    rows = [row.line for row in opened.plan.rows]
    stored = openpyxl.load_workbook(path, data_only=True)["Plan"]
    assert {stored.cell(row, at["state"]).value for row in rows} == {None}
    shown = running.open(path).sheets["Plan"]
    states = [shown.range((row, at["state"])).value for row in rows]
    assert states == ["VERDE", "ROJO", *["VERDE"] * (len(rows) - 2)]
    assert shown.range((rows[0], at["reason"])).value == "Acumulada: los meses cuadran con la Meta."
