"""What panels show of a finding."""

from decimal import Decimal
from pathlib import Path

from poa_xl.actions.load import load_one
from poa_xl.actions.offered import offered
from poa_xl.books.book import FileBook
from poa_xl.core.checks import check
from tests.plans import change, save, small


def test_a_finding_comes_with_its_row_and_the_remedy_as_people_read_it(tmp_path: Path) -> None:
    plan = change(change(small(), "GRO1.1", budget=Decimal("1234.5")), "GRO1.2.1", owner="")
    opened = load_one(FileBook(save(plan, tmp_path / "POA.xlsx")))
    found = {each.rule: each for each in (offered(opened, each) for each in check(opened.plan))}
    budget = found["presupuesto-grupo"]
    assert (budget.severity, budget.label, budget.cell, budget.line, budget.code) == (
        "ERROR",
        "ROJO",
        "X6",
        6,
        "GRO1.1",
    )
    assert (budget.remedy, budget.put, budget.at) == ("300", "300", "X6")
    owner = found["responsable-ausente"]
    assert (owner.unit, owner.remedy, owner.put, owner.at) == ("Unidad Legal", "", "", "")
