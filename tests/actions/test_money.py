"""Captions of the budget that speak of other money than bolivianos."""

from pathlib import Path

import openpyxl
import pytest

from poa_xl.actions.checking import check_file
from tests.plans import save, small

MONEY, LARGE = "habla de otra moneda", "habla de miles o de millones"


@pytest.mark.parametrize(
    ("caption", "said"),
    [
        ("PRESUPUESTO $us", [MONEY]),
        ("Presupuesto (Sus.)", [MONEY]),
        ("PRESUPUESTO EN USD", [MONEY]),
        ("Presupuesto en dólares", [MONEY]),
        ("Presupuesto (en miles de Bs)", [LARGE]),
        ("Presupuesto (millones de $us)", [MONEY, LARGE]),
        ("Presupuesto Bs.", []),
        ("Presupuesto", []),
        ("Presupuesto real", []),
        ("Presupuesto y sus fuentes", []),
    ],
)
def test_other_money_in_the_caption_of_the_budget_is_said(tmp_path: Path, caption: str, said: list[str]) -> None:
    path = save(small(), tmp_path / "p.xlsx")
    book = openpyxl.load_workbook(path)
    page = book["POA 2020"]
    (cell,) = (cell for row in page.iter_rows() for cell in row if cell.value == "Presupuesto")
    cell.value = caption
    book.save(path)
    notes = check_file(path).notes
    assert [each for each in (MONEY, LARGE) if any(each in note for note in notes)] == said


def test_where_the_office_says_which_money_is_its_own_nothing_is_said(tmp_path: Path) -> None:
    path = save(small(), tmp_path / "p.xlsx")
    book = openpyxl.load_workbook(path)
    page = book["POA 2020"]
    (cell,) = (cell for row in page.iter_rows() for cell in row if cell.value == "Presupuesto")
    cell.value = "Presupuesto $us"
    book.save(path)
    (tmp_path / "poa.toml").write_text('[moneda]\nsigno = "$us"\n', "utf-8")
    assert not any(MONEY in note for note in check_file(path).notes)
