"""The formulas once more, in the engine of ONLYOFFICE: `make test-engines`."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from poa_xl.core.plan import Plan
from tests.calc.test_agreement import CASES, agree, op
from tests.engines import onlyoffice
from tests.plans import group, line, operation


def test_every_type_of_target(tmp_path: Path) -> None:
    rows = [op(i, target, measure, months, stated=kind) for i, (target, measure, months, kind) in enumerate(CASES, 1)]
    agree(Plan((group("G1", 0), *rows), 2020), None, tmp_path, 1, onlyoffice)


def test_budgets(tmp_path: Path) -> None:
    plan = Plan(
        (
            replace(group("G1"), budget=Decimal("1000000000.02")),
            group("G1.1", 90),
            operation("G1.1.1", "A", 90),
            line("25220", 40),
            line("25900", 50),
            group("G1.2"),
            replace(operation("G1.2.1", "A"), budget=Decimal("999999910.02")),
            group("G1.3", 5),
            operation("G1.3.1", "A", 6),
        ),
        2020,
    )
    agree(plan, None, tmp_path, 1, onlyoffice)
