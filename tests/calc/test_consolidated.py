"""The consolidated workbook of 2020 in a real spreadsheet program: formulas recalculated, colours rendered."""

from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from poa_xl.actions.importing import import_text
from poa_xl.actions.splitting import split_book
from poa_xl.actions.syncing import sync
from poa_xl.books.book import FileBook
from poa_xl.core.checks import check
from poa_xl.core.flags import Flag, State, flag
from poa_xl.core.plan import FIELDS, Kind, Plan
from poa_xl.sheet import looks
from poa_xl.sheet.extras import SUMMARY, summary_sheet
from poa_xl.sheet.render import COLUMNS, Flagged, plan_sheet
from tests.office import Office
from tests.paths import ALIASES, PRINTED


@dataclass
class Consolidated:
    path: Path
    plan: Plan
    flags: list[Flag]


@pytest.fixture(scope="module")
def consolidated(tmp_path_factory: pytest.TempPathFactory) -> Consolidated:
    folder = tmp_path_factory.mktemp("consolidado")
    master = import_text(PRINTED, folder / "POA.xlsx", ALIASES).path
    split_book(master, folder / "unidades")
    done = sync([folder / "unidades"], folder / "consolidado.xlsx")
    return Consolidated(folder / "consolidado.xlsx", done.result.plan, flag(done.result.plan, check(done.result.plan)))


def test_the_summary_recalculates_to_the_values_that_we_wrote(
    consolidated: Consolidated, office: Office, tmp_path: Path
) -> None:
    plan, flags = consolidated.plan, consolidated.flags
    sheet = plan.rows[0].origin.sheet
    image = summary_sheet(plan, sheet, flags)
    formulas = {place: cell for place, cell in image.cells.items() if cell.formula}
    # The file holds a wrong result for every formula, so that only calculation can give the right one.
    image.cells |= {place: replace(cell, value=Decimal(-1)) for place, cell in formulas.items()}
    path = tmp_path / "resumen.xlsx"
    FileBook(path).write([plan_sheet(plan, sheet, ("POA",) * 2, Flagged(flags, check(plan))), image])
    page = openpyxl.load_workbook(office.convert(path, "xlsx"), data_only=True)[SUMMARY]
    calculated = {place: page.cell(*place).value for place in formulas}
    assert len(formulas) > 50
    assert calculated == {place: cell.value for place, cell in formulas.items()}


PAINT = {state: looks.PAINT[state].fill for state in looks.PAINT}


def test_calc_paints_every_cell_as_the_core_says(consolidated: Consolidated, office: Office) -> None:
    table = office.colors(consolidated.path)[0]
    for row, flags in zip(consolidated.plan.rows, consolidated.flags, strict=True):
        cells = table[row.line - 1]
        for name in FIELDS:
            background = PAINT.get(flags.painted.get(name, State.NONE))
            if background:
                assert cells[COLUMNS[name] - 1][1] == background, (row.id, name)
            else:
                assert cells[COLUMNS[name] - 1][1] not in PAINT.values(), (row.id, name)
        assert cells[COLUMNS["budget"] - 1][1] == PAINT[flags.budget], row.id
        assert cells[COLUMNS["state"] - 1] == (str(flags.state), PAINT[flags.state]), row.id


def test_two_operations_are_red_and_say_why(consolidated: Consolidated, office: Office) -> None:
    tables = office.colors(consolidated.path)
    red = [row for row in tables[0] if len(row) > COLUMNS["reason"] - 1 and row[COLUMNS["state"] - 1][0] == "ROJO"]
    assert [row[0][0] for row in red] == ["180", "194"]
    listed = {text for table in tables[1:] for row in table for text, _ in row}
    # What is live says by how much; what would help stands in the list of findings.
    for row, much, advice in zip(
        red,
        ("sobran 336", "faltan 5"),
        ("Sobra un mes de 336.", "Poner 5,76 en DIC, que está vacío: así se alcanza la Meta."),
        strict=True,
    ):
        assert much in row[COLUMNS["reason"] - 1][0]
        assert advice in listed


def test_flags_follow_a_month_that_somebody_changes(consolidated: Consolidated, office: Office, tmp_path: Path) -> None:
    """The file holds the flags of before the change, and formulas that know better."""
    operation = next(row for row in consolidated.plan.rows if row.kind is Kind.OPERATION)
    changed = replace(operation, months=(Decimal(99), *operation.months[1:]))
    rows = tuple(changed if row is operation else row for row in consolidated.plan.rows)
    flagged = Flagged(consolidated.flags, check(consolidated.plan))
    sheet = operation.origin.sheet
    path = tmp_path / "cambio.xlsx"
    FileBook(path).write([plan_sheet(replace(consolidated.plan, rows=rows), sheet, ("a", "b"), flagged)])
    cells = office.colors(path)[0][operation.line - 1]
    # That month is red, and the Meta lightly so.
    assert cells[COLUMNS["ENE"] - 1][1] == PAINT[State.RED]
    assert cells[COLUMNS["FEB"] - 1][1] == PAINT[State.GREEN]
    assert cells[COLUMNS["target"] - 1][1] == PAINT[State.PART]
    assert cells[COLUMNS["state"] - 1] == ("ROJO", PAINT[State.RED])
    assert "los meses dan" in cells[COLUMNS["reason"] - 1][0]
