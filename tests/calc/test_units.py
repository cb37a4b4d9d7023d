"""The workbook of a unit in a real spreadsheet program: what is typed comes to life, what is the office's is locked."""

from pathlib import Path

import openpyxl

from poa_xl.actions.splitting import split_book
from poa_xl.actions.syncing import sync
from poa_xl.core.plan import FIELDS
from poa_xl.sheet.headers import SHOWN
from poa_xl.sheet.render import COLUMNS
from tests.office import Office
from tests.plans import save, small

NEW = {
    "B9": "GRO1.1.3",
    "C9": "Nueva",
    "D9": "Unidad Legal",
    "E9": "Jefe",
    "H9": 12,
    "I9": "Trámites",
    "W9": "25220",
    "X9": 50,
}
MONTHS = {f"{letter}9": 1 for letter in "JKLMNOPQRSTU"}


def legal(tmp_path: Path) -> Path:
    split_book(save(small(), tmp_path / "maestro.xlsx"), tmp_path / "u")
    return tmp_path / "u" / "Unidad Legal.xlsx"


def test_a_new_operation_typed_into_the_blank_row_is_flagged_and_counted_and_comes_back(
    office: Office, tmp_path: Path
) -> None:
    path = legal(tmp_path)
    steps = [("set", "POA 2020", cell, value) for cell, value in {**NEW, **MONTHS}.items()]
    edited = office.edit(path, *steps)
    page = openpyxl.load_workbook(edited, data_only=True)["POA 2020"]
    assert [page.cell(9, COLUMNS[name]).value for name in ("kind", "programmed", "target_state", "state")] == [
        "Acumulada",
        12,
        "VERDE",
        "VERDE",
    ]
    assert (page["X7"].value, page["X6"].value) == (150, 450)
    assert [page.cell(line, COLUMNS["state"]).value for line in (6, 7, 8)] == ["VERDE"] * 3
    edited.replace(path)
    done = sync([tmp_path / "u"], tmp_path / "maestro.xlsx")
    assert {(str(each.fate), str(each.code)) for each in done.outcomes if each.code and each.field == ""} == {
        ("fila nueva", "GRO1.1.3")
    }
    assert done.is_clean
    assert done.result.plan.rows[0].budget == 650


def test_a_blank_row_shows_nothing_and_a_wrong_month_turns_red(office: Office, tmp_path: Path) -> None:
    path = legal(tmp_path)
    blank = openpyxl.load_workbook(office.convert(path, "xlsx"), data_only=True)["POA 2020"]
    assert [blank.cell(9, COLUMNS[name]).value or "" for name in (*FIELDS, *SHOWN)] == [""] * 34
    edited = office.edit(path, ("set", "POA 2020", "J8", 5))
    assert openpyxl.load_workbook(edited, data_only=True)["POA 2020"].cell(8, COLUMNS["state"]).value == "ROJO"


def test_calc_understands_what_is_locked(office: Office, tmp_path: Path) -> None:
    page = openpyxl.load_workbook(office.convert(legal(tmp_path), "xlsx"))["POA 2020"]
    assert page.protection.sheet
    assert page["B8"].protection.locked
    assert page["X7"].protection.locked
    assert not page["H8"].protection.locked
    assert not page["B9"].protection.locked


def test_the_sheets_of_a_consolidation_are_read_and_coloured(office: Office, tmp_path: Path) -> None:
    path = legal(tmp_path)
    office.edit(path, ("set", "POA 2020", "X8", 150)).replace(path)
    sync([path], tmp_path / "maestro.xlsx")
    cells = {text: color for table in office.colors(tmp_path / "maestro.xlsx") for row in table for text, color in row}
    assert cells["no envió"] == "#FFC7CE"
    assert cells["recibido"] == "#C6EFCE"
