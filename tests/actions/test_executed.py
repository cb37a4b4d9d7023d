"""Plans that say themselves what was executed: in columns beside their months, or in rows below."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from poa_xl.actions.checking import check_file
from poa_xl.actions.cleaning import clean_book
from poa_xl.actions.evaluating import report_book
from poa_xl.actions.load import load_one
from poa_xl.actions.splitting import split_book
from poa_xl.actions.syncing import sync
from poa_xl.actions.tracking import reports_in, tracked_in
from poa_xl.actions.updating import Options, update_book
from poa_xl.books.book import FileBook
from poa_xl.core.dates import MONTHS
from poa_xl.core.outcomes import Fate
from poa_xl.sheet.executed import executed_spots
from poa_xl.sheet.grid import Grid
from poa_xl.sheet.listing import TOP
from poa_xl.sheet.tracking_columns import PLACES
from poa_xl.sheet.tracking_read import TRACKING
from tests.engines import without_results
from tests.layouts import FORMS, NAME, NUMBER, UNIT, column, draw, items, months, of, saved
from tests.office import Office

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported")


def beside() -> Grid:
    form = FORMS["four columns a month, merged"]
    return draw(replace(form, columns=(form.columns[0], UNIT, *form.columns[1:])), items()).grid


def below() -> Grid:
    """Rows of what was done below those of what was planned."""
    kind = column("TIPO", lambda _: "PROG.")
    drawn = draw(of(NUMBER, UNIT, NAME, kind, months()), items())
    first = min(drawn.lines.values())
    cells = {line: each for line, each in drawn.grid.cells.items() if line < first}
    for shift, line in enumerate(drawn.lines.values()):
        cells[line + shift] = drawn.grid.cells[line]
        cells[line + shift + 1] = {4: "EJEC.", 5: Decimal(1)}
    return replace(drawn.grid, cells=cells)


@pytest.fixture(params=[beside, below], ids=["beside", "below"])
def plan(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return saved(tmp_path / "plan.xlsx", request.param())


def put(path: Path, number: int, month: int, value: object) -> str:
    """Type what was executed where the plan itself has it; give the cell."""
    opened = load_one(FileBook(path))
    spots = executed_spots(opened.layout, opened.plan)
    row, column = spots[sorted(spots)[number]][month]
    book = openpyxl.load_workbook(path)
    cell = book[opened.sheet].cell(row, column)
    cell.value = value  # type: ignore[assignment]
    book.save(path)
    return str(cell.coordinate)


def executed(path: Path, number: int) -> list[object]:
    told = reports_in(load_one(FileBook(path)))
    assert told is not None
    reports, _ = told
    return list(reports[sorted(reports)[number]].executed)


def test_it_is_read_as_it_is_without_any_sheet_of_ours(plan: Path) -> None:
    for month in range(4):
        put(plan, 0, month, 3)
    cell = put(plan, 1, 1, "tres")
    before = plan.read_bytes()
    assert executed(plan, 0)[:5] == [3, 3, 3, 3, None]
    found = report_book(plan, plan.with_name("informe.xlsx")).found
    assert found.cutoff == 3
    assert found.operations[0].report.executed[0] == 3
    findings = {(each.finding.rule, each.where.cell) for each in check_file(plan).findings}
    assert ("seguimiento-no-numero", cell) in findings
    assert not [rule for rule, _ in findings if rule in ("seguimiento-causa", "seguimiento-verificacion")]
    assert plan.read_bytes() == before


def test_seguimiento_follows_it_by_formulas(plan: Path) -> None:
    cell = put(plan, 0, 1, 4)
    done = update_book(plan, Options(track=True))
    opened = load_one(FileBook(plan))
    entry = tracked_in(opened).entries[0]
    page = openpyxl.load_workbook(plan)[TRACKING]
    at = page.cell(entry.line, PLACES[f"executed_{MONTHS[1]}"])
    absolute = "".join(f"${part}" for part in (cell.rstrip("0123456789"), cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")))
    assert absolute in str(at.value)
    assert at.protection.locked
    assert "executed_FEB" not in entry.typed
    assert entry.report.executed[1] == 4
    assert done.tracked is not None
    assert done.tracked.cutoff == reports_in(opened)[1]  # type: ignore[index]
    # A change in the plan is what holds, whatever the last refresh wrote down.
    put(plan, 0, 1, 5)
    assert executed(plan, 0)[1] == 5
    update_book(plan, Options(track=True, until=1))
    assert tracked_in(load_one(FileBook(plan))).entries[0].report.executed[1] == 5
    clean_book(plan, Options())
    assert TRACKING not in openpyxl.load_workbook(plan).sheetnames


def test_a_unit_reports_in_its_plan_and_the_office_s_plan_takes_it(plan: Path) -> None:
    update_book(plan, Options(track=True, until=4))
    (first, *_) = split_book(plan)
    assert first.problem == ""
    put(first.path, 0, 4, 9)
    done = sync([first.path], plan)
    assert done.is_clean
    assert Decimal(9) in [report.executed[4] for report in reports_in(load_one(FileBook(plan)))[0].values()]  # type: ignore[index]
    opened = load_one(FileBook(plan))
    spots = executed_spots(opened.layout, opened.plan)
    assert 9 in [opened.grid.get(*cells[4]) for cells in spots.values()]


def test_calc_computes_what_the_core_says(plan: Path, office: Office) -> None:
    for month in range(4):
        put(plan, 0, month, 3)
        put(plan, 1, month, "tres" if month else 2)
    update_book(plan, Options(track=True, until=3))
    said = openpyxl.load_workbook(plan, data_only=True)[TRACKING]
    number = 1 + openpyxl.load_workbook(plan).sheetnames.index(TRACKING)
    bare = without_results(plan, f"xl/worksheets/sheet{number}.xml", wrong="?")
    shown = openpyxl.load_workbook(office.convert(bare, "xlsx"), data_only=True)[TRACKING]
    for row in range(TOP + 1, said.max_row + 1):
        for name in ("by_then", "done", "efficacy", "projection", "state", "reason"):
            wanted, found = (page.cell(row, PLACES[name]).value for page in (said, shown))
            assert (found or None) == (pytest.approx(wanted) if isinstance(wanted, float) else wanted or None), name


def executed_cells(path: Path, month: int) -> list[object]:
    """What the plan sheet of a file says was executed in a month, operation by operation."""
    opened = load_one(FileBook(path))
    return [opened.grid.get(*cells[month]) for _, cells in sorted(executed_spots(opened.layout, opened.plan).items())]


def test_what_units_report_in_their_plans_comes_into_that_of_the_office(plan: Path) -> None:
    put(plan, 0, 2, 3)
    (first, *_) = split_book(plan)
    before = executed_cells(plan, 4)
    # Reported anew, another value in the place of what was sent, and a text that is no number.
    put(first.path, 0, 4, 9)
    put(first.path, 0, 2, 4)
    cell = put(first.path, 1, 3, "tres")
    done = sync([first.path], plan)
    came = {each.field: each for each in done.outcomes}
    assert {name: each.fate for name, each in came.items()} == {
        "executed_MAY": Fate.TAKEN,
        "executed_MAR": Fate.TAKEN,
        "executed_ABR": Fate.REJECTED,
    }
    assert came["executed_ABR"].where.cell == cell
    assert TRACKING not in openpyxl.load_workbook(plan).sheetnames
    assert 9 in executed_cells(plan, 4)
    assert 4 in executed_cells(plan, 2)
    assert "tres" not in executed_cells(plan, 3)
    # Nothing else of what was executed is touched, and what came is not taken twice.
    assert sorted(map(str, executed_cells(plan, 4))) != sorted(map(str, before))
    written = plan.read_bytes()
    assert sync([first.path], plan).path is None
    assert plan.read_bytes() == written


def test_two_who_report_the_same_month_otherwise_are_a_conflict(plan: Path) -> None:
    (first, *_) = split_book(plan)
    put(first.path, 0, 4, 9)
    opened = load_one(FileBook(first.path))
    code = opened.plan.rows[min(executed_spots(opened.layout, opened.plan))].name
    master = load_one(FileBook(plan))
    spots = executed_spots(master.layout, master.plan)
    number = next(n for n, index in enumerate(sorted(spots)) if master.plan.rows[index].name == code)
    put(plan, number, 4, 8)
    done = sync([first.path], plan)
    assert [(each.field, each.master, each.theirs) for each in done.outcomes if each.fate is Fate.CONFLICT] == [
        ("executed_MAY", 8, 9)
    ]
    assert 8 in executed_cells(plan, 4)
