"""Formulas of other sheets, and beside the plan, that look at cells which a consolidation or an update changes."""

from pathlib import Path

import openpyxl
import pytest
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.formula import ArrayFormula
from openpyxl.worksheet.table import Table

from poa_xl.actions.outdated import outdated
from poa_xl.actions.splitting import split_book
from poa_xl.actions.syncing import sync
from poa_xl.actions.updating import Options, update_book
from poa_xl.sheet.grid import Grid
from tests.books.patch.torture import members
from tests.plans import edit, old_figures, save, small

MINE = "Mi cuadro"
LEFT_OUT = None
# What each formula comes to when a unit's 100 in X7 became 150 and the groups followed.
FORMULAS: dict[str, object] = {
    "='POA 2020'!X7": 150,
    "='poa 2020'!$X$7*2": 300,
    "=SUM('POA 2020'!X7:X8)+1": 351,
    "='POA 2020'!X5": 650,
    "=A1+A2": 450,
    "=IF('POA 2020'!X7>0,'POA 2020'!X7,0)": LEFT_OUT,
    "=IF(A6>1,1,0)": LEFT_OUT,
    "=SUM('POA 2020'!X:X)": LEFT_OUT,
    "=SUM('POA 2020'!7:7)": LEFT_OUT,
    "=COUNT('POA 2020'!$Z$99:A1)": LEFT_OUT,
    "=SUM(OFFSET('POA 2020'!A1,6,23,1,1))": 150,
    "=INDIRECT(\"'POA 2020'!X\"&7)": LEFT_OUT,
    "=Dinero": LEFT_OUT,
    "=Suma_de_todo": LEFT_OUT,
    "=SUM(Mia[Monto])": LEFT_OUT,
    "='Otro''s'!A1": 150,
    "='POA 2020'!X8": 999,
    "=SUM('POA 2020'!J7:U7)": 999,
    "=NOW()": 999,
    "=Tasa*2": 999,
    "=B1*2": 999,
    "=[1]POA!X7": 999,
    '="POA 2020!X7"': 999,
    "=Nadie": 999,
}


@pytest.fixture
def master(tmp_path: Path) -> Path:
    """A plan, a sheet of the office's with formulas over it, each with the same figure beside it, and one between."""
    path = save(small(), tmp_path / "m.xlsx")
    book = openpyxl.load_workbook(path)
    page = book.create_sheet(MINE)
    for row, text in enumerate(FORMULAS, 1):
        page.cell(row, 1).value = text
    page["B1"] = 5
    other = book.create_sheet("Otro's")
    other["A1"] = "='POA 2020'!X7"
    plan = book["POA 2020"]
    plan["AA1"] = "=X7+1"
    for name, text in {
        "Dinero": "'POA 2020'!$X$7",
        "Suma_de_todo": "SUM(Dinero,Suma_de_todo)",
        "Tasa": f"'{MINE}'!$B$1",
    }.items():
        book.defined_names[name] = DefinedName(name, attr_text=text)
    other["E1"] = ArrayFormula("E1", "=SUM('POA 2020'!X7*1)")
    other["E2"] = ArrayFormula("E2:E3", "='POA 2020'!X7:X8")
    other["C1"], other["C2"] = "Monto", "='POA 2020'!X7"
    other.add_table(Table(displayName="Mia", ref="C1:C2"))
    book.save(path)
    return old_figures(path, 999)


def beside(path: Path) -> dict[str, object]:
    """Return what stands beside the formulas of the office's sheets."""
    formulas, values = openpyxl.load_workbook(path), openpyxl.load_workbook(path, data_only=True)
    assert [cell.value for (cell,) in formulas[MINE].iter_rows(max_col=1)] == [*FORMULAS]
    found = {text: values[MINE].cell(row, 1).value for row, text in enumerate(FORMULAS, 1)}
    other = values["Otro's"]
    arrays = {"matriz": other["E1"].value, "matriz de varias": other["E2"].value}
    return found | arrays | {"otro": other["A1"].value, "al lado": values["POA 2020"]["AA1"].value}


def test_a_consolidation_leaves_no_old_figure_beside_a_formula(master: Path) -> None:
    split_book(master)
    folder = (master.parent / "enviados").rename(master.parent / "recibidos")
    edit(folder / "Unidad Legal.xlsx", ("GRO1.1.1", "budget", 150))
    sync([folder], master)
    # What belongs to several cells cannot be written alone; programs calculate it.
    now = FORMULAS | {"otro": 150, "al lado": 151, "matriz": 150, "matriz de varias": 999}
    assert beside(master) == now
    workbook = dict(members(master.read_bytes()))["xl/workbook.xml"]
    assert b'fullCalcOnLoad="1"' in workbook
    # What is right by now, or was left out, stays so.
    update_book(master, Options())
    assert beside(master) == now


def test_an_update_that_changes_no_figure_changes_none_beside_a_formula(master: Path) -> None:
    update_book(master, Options())
    assert {*beside(master).values()} == {999}
    edit(master, ("GRO1.1.1", "target", 20))
    old_figures(master, 999)
    update_book(master, Options())
    # Estado changed, and whole rows hold it; nobody knows what a computed reference looks at.
    figures = {text: value for text, value in beside(master).items() if value != 999}
    assert figures == {
        "=SUM('POA 2020'!7:7)": None,
        "=SUM(OFFSET('POA 2020'!A1,6,23,1,1))": 100,
        "=INDIRECT(\"'POA 2020'!X\"&7)": None,
    }


def test_group_budgets_that_are_written_reach_the_formulas_over_them(master: Path) -> None:
    edit(master, ("GRO1", "budget", 1))
    old_figures(master, 999)
    update_book(master, Options(rollup=True))
    found = beside(master)
    assert (found["='POA 2020'!X5"], found["='POA 2020'!X7"]) == (600, 999)


def test_a_reference_over_several_sheets_is_one_to_each() -> None:
    grids = [Grid("A"), Grid("B"), Grid("C", formulas={(1, 1): "SUM(A:B!X7)", (2, 1): "SUM(B!X7:IF(1,X8))"})]
    assert outdated(grids, {}, {"B": {(7, 24)}}, lambda *_: False) == {"C": {(1, 1), (2, 1)}}
    assert outdated(grids, {}, {"B": set()}, lambda *_: False) == {}
    assert outdated(grids, {}, {"B": {(7, 24)}}, lambda *_: True) == {}
