"""The report as a Word document: filled in, read back, and drawn by LibreOffice."""

import io
import zipfile
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner
from docx import Document
from lxml import etree

from poa_xl.actions.document import TEMPLATE, shipped
from poa_xl.actions.evaluating import report_book
from poa_xl.actions.updating import Options, update_book
from poa_xl.books.word import Figures, fill
from poa_xl.cli import main
from poa_xl.errors import BookError
from tests.office import Office
from tests.plans import change, save, small
from tests.tracked import type_into

CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    path = save(change(small(), "GRO1.1.1", name="Recaudar <más> & mejor"), tmp_path / "plan.xlsx")
    update_book(path, Options(track=True, until=1))
    return type_into(
        path,
        {
            "GRO1.1.1": {"executed_ENE": 1, "executed_FEB": 1, "proof": "acta"},
            "GRO1.1.2": {"executed_ENE": 0.5, "executed_FEB": 0.5, "cause": "feriados", "spent_ENE": 50},
        },
    )


def tables(path: Path) -> list[list[list[str]]]:
    return [[[cell.text for cell in row.cells] for row in table.rows] for table in Document(str(path)).tables]


def shown(data: bytes, number: int) -> list[list[str]]:
    """What the series of a chart show: names of its points, then its values."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        root = etree.fromstring(package.read(f"word/charts/chart{number}.xml"))
    return [[each.text or "" for each in one.iter(f"{CHART}v")] for one in root.iter(f"{CHART}cat", f"{CHART}val")]


def test_the_report_says_what_the_evaluation_says(plan: Path, tmp_path: Path) -> None:
    target = tmp_path / "informe.docx"
    done = report_book(plan, target)
    texts = "\n".join(each.text for each in Document(str(target)).paragraphs)
    assert "Hasta FEB de 2020, el avance físico del plan es 75 % y la ejecución financiera, 8,33 %" in texts
    assert "{{" not in texts
    assert "Bandas de Eficacia: Bajo (menos de 75 %)" in texts
    states, units, goals, red, missing, _ = tables(target)
    assert states[1:] == [["Bajo", "1"], ["Medio", "0"], ["Alto", "1"], ["Sin informar", "1"]]
    assert [row[0] for row in units] == ["Unidad", *(each.name for each in done.found.by_unit)]
    assert len(goals) == 1 + len(done.found.by_objective)
    assert red[1:] == [["GRO1.1.2", "Operación GRO1.1.2", "Adm Aduana Pisiga", "50 %", "feriados", "falta"]]
    assert [row[0] for row in missing[1:]] == ["GRO1.2.1"]
    data = target.read_bytes()
    assert shown(data, 1) == [["Bajo", "Medio", "Alto", "Sin informar"], ["1", "0", "1", "1"]]
    curve = done.found.curve()
    assert shown(data, 2)[3] == [str(value) for _, _, value in curve if value is not None]
    with zipfile.ZipFile(target) as package:
        book = openpyxl.load_workbook(io.BytesIO(package.read("word/embeddings/grafico2.xlsx")))
    assert [cell.value for cell in book["Sheet1"][1]] == [None, "Programado", "Ejecutado"]
    assert [cell.value for cell in book["Sheet1"]["A"]][1:] == [month for month, _, _ in curve]


def test_texts_of_the_plan_are_texts_and_no_marks(tmp_path: Path) -> None:
    path = save(change(small(), "GRO1.1.1", name="<w:p/> & {{ 7 * 7 }}"), tmp_path / "plan.xlsx")
    update_book(path, Options(track=True, until=0))
    report_book(path, tmp_path / "informe.docx")
    assert "<w:p/> & {{ 7 * 7 }}" in str(tables(tmp_path / "informe.docx"))


def test_an_office_edits_its_own_template(plan: Path, tmp_path: Path) -> None:
    own = tmp_path / TEMPLATE
    run = CliRunner().invoke(main, ["template", "--report", "-o", str(own)])
    assert run.exit_code == 0, run.output
    assert own.read_bytes() == shipped()
    document = Document(str(own))
    document.paragraphs[0].text = "Informe trimestral de la Gerencia"
    document.save(str(own))
    report_book(plan, tmp_path / "informe.docx")
    assert Document(str(tmp_path / "informe.docx")).paragraphs[0].text == "Informe trimestral de la Gerencia"
    other = tmp_path / "otra.docx"
    other.write_bytes(shipped())
    run = CliRunner().invoke(main, ["report", str(plan), "-o", str(tmp_path / "i.docx"), "--template", str(other)])
    assert run.exit_code == 0, run.output
    assert Document(str(tmp_path / "i.docx")).paragraphs[0].text == "Informe de seguimiento"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{{ fisisco }}", "fisisco"),
        ("{% for x in unidades %}", "no se entiende"),
        ("{{ ''.__class__.mro() }}", "unsafe"),
    ],
)
def test_a_mark_that_is_wrong_is_named(text: str, said: str, plan: Path, tmp_path: Path) -> None:
    document = Document(io.BytesIO(shipped()))
    document.paragraphs[0].text = text
    document.save(str(tmp_path / TEMPLATE))
    with pytest.raises(BookError, match=said) as raised:
        report_book(plan, tmp_path / "informe.docx")
    assert TEMPLATE in str(raised.value)
    assert not (tmp_path / "informe.docx").exists()


def test_what_is_no_template_is_said(plan: Path, tmp_path: Path) -> None:
    (tmp_path / TEMPLATE).write_bytes(b"no")
    with pytest.raises(BookError, match="no es un documento de Word"):
        report_book(plan, tmp_path / "informe.docx")
    with pytest.raises(BookError, match=r"\.xlsx, o un documento \.docx"):
        report_book(plan, tmp_path / "informe.odt")
    run = CliRunner().invoke(main, ["template", "-o", str(tmp_path / "p.xlsx")])
    assert run.exit_code == 2
    run = CliRunner().invoke(main, ["template", "--report", "-o", str(tmp_path / "p.xlsx")])
    assert run.exit_code == 2


def test_a_chart_that_nobody_knows_stays_as_it_is(plan: Path) -> None:
    data = fill(shipped(), "p.docx", _texts(plan), {"otra": Figures(["x"], [("y", [Decimal(1)])])})
    assert shown(data, 1) == shown(shipped(), 1)


def _texts(plan: Path) -> dict[str, object]:
    from poa_xl.actions.document import texts_of  # noqa: PLC0415

    found = report_book(plan, plan.with_name("i.docx")).found
    return dict(texts_of(found, ("Plan",), "todas iguales"))


def test_libreoffice_draws_it(plan: Path, office: Office, tmp_path: Path) -> None:
    report_book(plan, tmp_path / "informe.docx")
    page = office.convert(tmp_path / "informe.docx", "pdf")
    assert page.read_bytes().startswith(b"%PDF")
