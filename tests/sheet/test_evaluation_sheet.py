"""The sheets of a report."""

from poa_xl.core.evaluation import evaluate
from poa_xl.core.plan import Plan
from poa_xl.core.tracking import USUAL
from poa_xl.sheet.evaluation import report_sheets
from tests.plans import group


def test_a_list_of_nothing_says_so() -> None:
    found = evaluate(Plan((group("G1"),), 2020), {}, {}, 2, USUAL)
    sheets = {image.name: image for image in report_sheets(found, (), "todas iguales")}
    assert sheets["En rojo"].cells[5, 1].value == "Ninguna"
    assert sheets["Informe"].cells[1, 1].value == "Informe"
    assert sheets["Informe"].cells[5, 2].value == "sin dato"
