"""`poa report`: what the office hands in every quarter."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner

from poa_xl.actions.evaluating import report_book
from poa_xl.actions.updating import Options, update_book
from poa_xl.cli import main
from poa_xl.errors import BookError
from poa_xl.sheet.tracking_read import TRACKING
from tests.plans import save, small
from tests.tracked import type_into

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported")
ROWS: dict[str, dict[str, object]] = {
    "GRO1.1.1": {"executed_ENE": 1, "executed_FEB": 1, "executed_MAR": 1, "spent_ENE": 50},
    "GRO1.1.2": {"executed_ENE": 1, "executed_FEB": 0, "executed_MAR": 0, "cause": "lluvias", "action": "contratar"},
}


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    path = save(small(), tmp_path / "plan.xlsx")
    update_book(path, Options(track=True, until=2))
    return type_into(path, ROWS)


def column(page: Any, letter: str) -> list[object]:  # noqa: ANN401 - a sheet of openpyxl
    return [cell.value for cell in page[letter] if cell.value is not None]


def test_the_report_has_its_sheets_figures_and_a_native_chart(plan: Path, tmp_path: Path) -> None:
    before = plan.read_bytes()
    done = report_book(plan, tmp_path / "informe.xlsx")
    assert plan.read_bytes() == before
    book = openpyxl.load_workbook(done.path)
    assert book.sheetnames == ["Informe", "Por unidad", "Por objetivo", "Por banda", "En rojo", "Sin informar"]
    cover: Any = book["Informe"]
    assert cover["A2"].value == "Informe de seguimiento hasta MAR"
    figures = dict(zip(column(cover, "A")[2:9], column(cover, "B")[:7], strict=True))
    assert figures["Operaciones"] == 3
    assert figures["Presupuesto ejecutado, Bs"] == 50
    assert figures["Operaciones sin informar"] == 1
    assert len(cover._charts) == 1
    assert type(cover._charts[0]).__name__ == "LineChart"
    assert column(book["En rojo"], "A")[3:] == ["GRO1.1.2"]
    assert [book["En rojo"][f"{letter}5"].value for letter in "FG"] == ["lluvias", "contratar"]
    assert column(book["Sin informar"], "D")[1:] == ["ENE FEB MAR"]
    assert column(book["Por banda"], "D")[1:] == ["Bajo", "Alto", "Sin informar"]
    assert column(book["Por unidad"], "A")[3:] == ["Unidad Legal", "Adm Aduana Pisiga"]
    # Nobody of the second unit said what was spent; and units have no codes.
    assert column(book["Por unidad"], "F")[-2:] == [50, "sin dato"]


def test_what_operations_weigh_is_said(plan: Path, tmp_path: Path) -> None:
    output = tmp_path / "informe.xlsx"
    assert report_book(plan, output).weights == "todas iguales"
    assert report_book(plan, output, weights="presupuesto").weights == "por presupuesto"
    with pytest.raises(BookError, match="Ponderación"):
        report_book(plan, output, weights="ponderacion")
    book = openpyxl.load_workbook(plan)
    page = book["POA 2020"]
    right = max(cell.column for cell in page[4] if cell.value) + 1
    header = next(cell.row for row in page.iter_rows() for cell in row if cell.value == "Código")
    page.cell(header, right).value = "Ponderación"
    for line in range(header + 1, page.max_row + 1):
        # One is typed as a text.
        page.cell(line, right).value = "3,0" if page.cell(line, 2).value == "GRO1.1.1" else 1
    book.save(plan)
    done = report_book(plan, output)
    assert done.weights == "por la columna Ponderación"
    value = done.found.whole.physical.value
    assert value is not None
    assert round(value, 2) == Decimal("83.33")


def test_what_cannot_be_reported_is_said(plan: Path, tmp_path: Path) -> None:
    with pytest.raises(BookError, match="xlsx"):
        report_book(plan, tmp_path / "informe.pdf")
    with pytest.raises(BookError, match="no tiene la hoja Seguimiento"):
        report_book(save(small(), tmp_path / "otro.xlsx"), tmp_path / "informe.xlsx")
    with pytest.raises(BookError):
        report_book(plan, plan)


def test_the_command_tells_the_figures(plan: Path, tmp_path: Path) -> None:
    output = tmp_path / "informe.xlsx"
    run = CliRunner().invoke(main, ["report", str(plan), "--until", "MAR", "-o", str(output)])
    assert run.exit_code == 0, run.output
    assert "Hasta MAR: avance físico 66,67 %" in run.output
    assert TRACKING in openpyxl.load_workbook(plan).sheetnames
