"""Rows that hold values, since formulas would read them otherwise: the sums of the rows above know what they cost."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from poa_xl.actions.load import load_one
from poa_xl.actions.updating import Options, update_book
from poa_xl.books.book import FileBook
from poa_xl.core.checks import check
from poa_xl.core.codes import Code
from poa_xl.core.flags import Flag, State, flag
from poa_xl.core.plan import Plan, Row
from poa_xl.core.values import Flaw, Invalid
from poa_xl.sheet.render import COLUMNS
from tests.engines import Engine, calc, iron, without_results
from tests.kinds import EVERY, ODD
from tests.office import Office
from tests.plans import group, line, operation, save

COMPARED = ("target_state", "computed", "budget_difference", "budget_state", "state")


def bad(text: str, flaw: Flaw = Flaw.MALFORMED) -> Invalid:
    return Invalid(text, flaw)


def told(row: Row, **fields: object) -> Row:
    """A row whose start is a text, which formulas read otherwise than we do."""
    return replace(row, start=bad("1/2/20", Flaw.AMBIGUOUS), **fields)  # type: ignore[arg-type]


def below(*rows: Row, budget: int | None = 100) -> list[Row]:
    return [group("G1", budget), group("G1.1", budget), operation("G1.1.1", "U", 100), *rows]


OTHER = operation("G1.1.2", "U", 50)
PART = replace(line("31110", 50), code=OTHER.code, name=OTHER.name, unit=OTHER.unit)
# What stands below a group, and the worse state of its two groups.
CASES: dict[str, tuple[Sequence[Row], State]] = {
    "a right one": (below(told(OTHER), budget=150), State.GREEN),
    "a wrong sum": (below(told(OTHER)), State.RED),
    "a code that is a number": (below(told(OTHER, code=bad("1.5", Flaw.NUMERIC))), State.WARNING),
    "no code": (below(told(OTHER, code=None)), State.WARNING),
    "a code that is none": (below(told(OTHER, code=bad("G1-1-2"))), State.WARNING),
    "no code and no money": (below(told(OTHER, code=None, budget=Decimal(0))), State.GREEN),
    "a group without a code": (below(told(group("G1.2", 50), code=bad("1.2", Flaw.NUMERIC))), State.WARNING),
    "an amount with two readings": (below(told(OTHER, budget=bad("1.234", Flaw.AMBIGUOUS))), State.WARNING),
    "a text for an amount": (below(told(OTHER, budget=bad("mil"))), State.WARNING),
    "an error for an amount": (below(told(OTHER, budget=bad("#REF!", Flaw.ERROR))), State.WARNING),
    "lines that add up": (below(told(OTHER), line("25220", 40), line("25900", 10), budget=150), State.GREEN),
    "a line that is a text": (
        below(told(OTHER), line("25220", 50), replace(line("25900", 1), budget=bad("s/n"))),
        State.WARNING,
    ),
    "no code, and a line that is a text": (
        below(told(OTHER, code=None), replace(line("25900", 1), budget=bad("s/n"))),
        State.WARNING,
    ),
    "parts that repeat a code": (below(told(OTHER), PART, budget=200), State.GREEN),
    "a part with two readings": (
        below(told(OTHER, budget=bad("1.234", Flaw.AMBIGUOUS)), PART, budget=200),
        State.WARNING,
    ),
    "a group that nobody knows": (
        [
            group("G1", 100),
            group("G1.1", 100),
            operation("G1.1.1", "U", 100),
            told(group("G1.1.2"), budget=bad("1.234", Flaw.AMBIGUOUS)),
        ],
        State.WARNING,
    ),
}


def everything() -> Plan:
    """All of them in one plan, each with a prefix of its own."""
    rows: list[Row] = []
    for number, (case, _) in enumerate(CASES.values()):
        prefix = f"G{chr(65 + number)}"
        rows += [replace(row, code=Code(prefix, row.code.parts)) if isinstance(row.code, Code) else row for row in case]
    return Plan(tuple(rows), 2020)


def numbered(path: Path, plan: Plan) -> Path:
    """Make numbers of the codes that a program took for some: what we write are texts."""
    book = openpyxl.load_workbook(path)
    page = book["POA 2020"]
    for row, read in zip(plan.rows, load_one(FileBook(path)).plan.rows, strict=True):
        if isinstance(row.code, Invalid) and row.code.flaw is Flaw.NUMERIC:
            page.cell(read.line, COLUMNS["code"], float(row.code.text))
    book.save(path)
    return path


def agree(path: Path, engine: Engine) -> list[Flag]:
    """Update a workbook, have its formulas computed, and compare with the core."""
    update_book(path, Options())
    opened = load_one(FileBook(path))
    plan, columns = opened.plan, opened.layout.columns
    flags = flag(plan, check(plan))
    shown = engine(without_results(path, wrong="?"))
    for row, each in zip(plan.rows, flags, strict=True):
        expected = (each.target, each.computed, each.budget_difference, each.budget, each.state)
        for name, value in zip(COMPARED, expected, strict=True):
            found, where = shown.get((row.line, columns[name])) or None, (row.line, row.code, name)
            if isinstance(value, Decimal):
                assert float(str(found or 0)) == pytest.approx(float(value)), where
            else:
                assert (found or "") == str(value or ""), where
    return flags


@pytest.mark.parametrize("name", CASES)
def test_formulas_beside_values_say_what_the_core_says(name: str, tmp_path: Path) -> None:
    rows, state = CASES[name]
    plan = Plan(tuple(rows), 2020)
    flags = agree(numbered(save(plan, tmp_path / "p.xlsx"), plan), iron)
    states = {flags[0].state, flags[1].state}
    assert next(each for each in (State.RED, State.WARNING, State.GREEN) if each in states) is state


def test_so_they_do_in_calc(office: Office, tmp_path: Path) -> None:
    agree(save(everything(), tmp_path / "p.xlsx"), calc(office))


@pytest.mark.parametrize("make", [EVERY[f"odd: {name}"] for name in ODD], ids=ODD)
def test_formulas_in_odd_workbooks_say_what_the_core_says(make: Callable[[Path], Path], tmp_path: Path) -> None:
    agree(make(tmp_path), iron)
