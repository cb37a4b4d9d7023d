"""Names for the columns of a plan."""

from pathlib import Path

import openpyxl
import pytest
from openpyxl.workbook.defined_name import DefinedName

from poa_xl.actions.cleaning import clean_book
from poa_xl.actions.updating import Options, update_book
from poa_xl.sheet.named import NAMES, PLAN, named_ranges
from tests.plans import add, save, small


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    return save(small(), tmp_path / "POA.xlsx")


def names(path: Path) -> dict[str, str]:
    found = openpyxl.load_workbook(path).defined_names
    return {name: each.attr_text for name, each in found.items() if not each.hidden}


def test_an_update_names_the_columns_and_a_clean_up_takes_the_names_out(plan: Path) -> None:
    update_book(plan, Options())
    assert names(plan) == {
        "POA_codigos": "'POA 2020'!$B$5:$B$12",
        "POA_acciones": "'POA 2020'!$C$5:$C$12",
        "POA_unidades": "'POA 2020'!$D$5:$D$12",
        "POA_metas": "'POA 2020'!$H$5:$H$12",
        "POA_medidas": "'POA 2020'!$I$5:$I$12",
        "POA_meses": "'POA 2020'!$J$5:$U$12",
        "POA_partidas": "'POA 2020'!$W$5:$W$12",
        "POA_presupuestos": "'POA 2020'!$X$5:$X$12",
        "POA_tipos": "'POA 2020'!$Y$5:$Y$12",
        "POA_plan": "'POA 2020'!$B$4:$X$12",
    }
    clean_book(plan, Options())
    assert names(plan) == {}
    assert openpyxl.load_workbook(plan)["POA 2020"]["B5"].value == "GRO1"


def test_names_follow_rows_that_come(plan: Path) -> None:
    update_book(plan, Options())
    add(plan, "GRO1.2.2", "Unidad Legal", 7, line=13)
    update_book(plan, Options())
    assert names(plan)["POA_codigos"] == "'POA 2020'!$B$5:$B$13"


def test_a_name_of_the_planner_s_own_is_respected(plan: Path) -> None:
    book = openpyxl.load_workbook(plan)
    book.defined_names["poa_CODIGOS"] = DefinedName("poa_CODIGOS", attr_text="'POA 2020'!$Z$1")
    book.save(plan)
    for _ in range(2):
        update_book(plan, Options())
        found = names(plan)
        assert found["poa_CODIGOS"] == "'POA 2020'!$Z$1"
        assert "POA_codigos" not in found
        assert "POA_metas" in found
    clean_book(plan, Options())
    assert names(plan) == {"poa_CODIGOS": "'POA 2020'!$Z$1"}


def test_columns_that_are_missing_get_no_name_and_scattered_months_neither() -> None:
    columns = {"code": "A", "target": "B", "ENE": "C"}
    assert named_ranges("Hoja 'uno'", columns, 1, 9) == {
        "POA_codigos": "'Hoja ''uno'''!$A$2:$A$9",
        "POA_metas": "'Hoja ''uno'''!$B$2:$B$9",
    }
    assert PLAN not in NAMES


def test_a_name_whose_column_went_goes_too(plan: Path) -> None:
    update_book(plan, Options())
    book = openpyxl.load_workbook(plan)
    page = book["POA 2020"]
    for row in range(4, 13):
        page.cell(row, 23).value = None
    book.save(plan)
    update_book(plan, Options())
    assert "POA_partidas" not in names(plan)
