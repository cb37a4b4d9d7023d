"""Workbooks of every kind, to be read in every way."""

import shutil
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import openpyxl

from poa_xl.actions.splitting import split_book
from poa_xl.core.plan import Plan
from tests.faults import every_fault
from tests.paths import MASTER
from tests.plans import change, save, small


def wrong() -> Plan:
    """A target that its months miss, and a group whose budget is no sum."""
    return change(change(small(), "GRO1.1.1", target=Decimal(13)), "GRO1.1", budget=Decimal(999))


def _percent(folder: Path) -> Path:
    """A plan with shares, some of them formulas, as numbers that show a percentage."""
    path = save(change(small(), "GRO1.1.1", target=Decimal("0.36"), months=(Decimal("0.03"),) * 12), folder / "p.xlsx")
    workbook = openpyxl.load_workbook(path)
    page = workbook["POA 2020"]
    row = next(cells[0].row for cells in page.iter_rows() if cells[1].value == "GRO1.1.1")
    for column in range(8, 22):
        if column != 9:
            page.cell(row or 0, column).number_format = "0%"
    workbook.save(path)
    return path


def _hidden(folder: Path) -> Path:
    """A plan with hidden rows, merged units and a hidden copy of its sheet."""
    path = save(wrong(), folder / "h.xlsx")
    workbook = openpyxl.load_workbook(path)
    page = workbook["POA 2020"]
    page.row_dimensions[8].hidden = True
    page.merge_cells("D7:D8")
    copy = workbook.copy_worksheet(page)
    copy.title, copy.sheet_state = "Copia", "hidden"
    workbook.save(path)
    return path


def _unit(folder: Path) -> Path:
    return split_book(save(wrong(), folder / "m.xlsx"), folder / "u")[0].path


MADE: dict[str, Callable[[Path], Path]] = {
    "wrong": lambda folder: save(wrong(), folder / "w.xlsx"),
    "every fault": lambda folder: save(every_fault(), folder / "f.xlsx"),
    "percent": _percent,
    "hidden": _hidden,
    "unit": _unit,
    "unit 2020": lambda folder: split_book(MASTER, folder / "u")[0].path,
    "2020": lambda folder: Path(shutil.copy(MASTER, folder)),
}
