"""Plans that say themselves what was executed: in columns beside their months, or in rows below."""

import shutil
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
from poa_xl.actions.syncing import SyncOptions, sync
from poa_xl.actions.tracking import reports_in, tracked_in
from poa_xl.actions.updating import Options, update_book
from poa_xl.books.book import FileBook
from poa_xl.core.dates import MONTHS
from poa_xl.core.outcomes import Fate, Side
from poa_xl.sheet.executed import executed_spots
from poa_xl.sheet.grid import Grid
from poa_xl.sheet.listing import TOP
from poa_xl.sheet.tracking_columns import PLACES
from poa_xl.sheet.tracking_read import TRACKING
from tests.engines import without_results
from tests.layouts import FORMS, NAME, NUMBER, UNIT, column, draw, grouped, items, months, of, saved
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


def test_where_nothing_was_reported_yet_nothing_is_missing(plan: Path) -> None:
    opened = load_one(FileBook(plan))
    book = openpyxl.load_workbook(plan)
    for cells in executed_spots(opened.layout, opened.plan).values():
        for spot in cells.values():
            book[opened.sheet].cell(*spot).value = None
    book.save(plan)
    assert [
        each.finding.rule for each in check_file(plan).findings if each.finding.rule.startswith("seguimiento")
    ] == []
    assert reports_in(load_one(FileBook(plan))) is None
    put(plan, 0, 1, 4)
    missing = [each for each in check_file(plan).findings if each.finding.rule == "seguimiento-sin-informar"]
    assert missing


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


@pytest.fixture
def office_plan(tmp_path: Path) -> Path:
    """A plan of groups and operations, each with a row of what was done below it."""
    return saved(tmp_path / "plan.xlsx", grouped())


def shown(path: Path) -> dict[str, tuple[object, object]]:
    """Name to what a plan with rows below says was planned, and executed, in January."""
    opened = load_one(FileBook(path))
    column = opened.layout.columns["ENE"]
    return {
        row.name: (opened.grid.get(row.line, column), opened.grid.get(row.line + 1, column))
        for row in opened.plan.rows
        if opened.grid.get(row.line + 1, 4) == "EJEC."
    }


def type_new(path: Path, code: str, done: object | None) -> None:
    """Write a new operation below the last one, with a row of what was done of it where that is given."""
    opened = load_one(FileBook(path))
    last = opened.plan.rows[-1]
    book = openpyxl.load_workbook(path)
    page = book[opened.sheet]
    rows: list[tuple[object, ...]] = [(code, last.unit, "Operación nueva", "PROG.", 4)]
    rows += [(None, None, None, "EJEC.", done)] if done is not None else []
    for line, row in enumerate(rows, last.line + 2):
        for number, value in enumerate(row, 1):
            page.cell(line, number).value = value  # type: ignore[assignment]
    book.save(path)


def test_a_unit_gets_what_was_executed_of_its_own_rows_only(office_plan: Path) -> None:
    for part in split_book(office_plan):
        opened = load_one(FileBook(part.path))
        labels = [line for line in opened.grid.cells if opened.grid.get(line, 4) == "EJEC."]
        assert labels == [row.line + 1 for row in opened.plan.rows]


@pytest.mark.parametrize("done", [3, None], ids=["executed", "planned only"])
def test_a_new_operation_comes_below_what_was_executed_of_the_one_before(office_plan: Path, done: object) -> None:
    before = shown(office_plan)
    book = openpyxl.load_workbook(office_plan)
    page = book.active
    assert page is not None
    end = page.max_row
    page.cell(1, 8).value = f'=SUMIF($D$4:$D${end},"EJEC.",$E$4:$E${end})'
    book.save(office_plan)
    (first, *_, last) = split_book(office_plan)
    type_new(first.path, "A.2.7", done)
    type_new(last.path, "A.3.7", done)
    assert sync([first.path, last.path], office_plan).is_clean
    after = shown(office_plan)
    assert after.pop("Operación nueva") == (4, done)
    assert after == before
    names = [row.name for row in load_one(FileBook(office_plan)).plan.rows]
    assert names.index("Operación nueva") == names.index("Grupo 3") - 1
    assert names[-1] == "Operación nueva"
    formula = openpyxl.load_workbook(office_plan)["Plan"].cell(1, 8).value
    assert formula == f'=SUMIF($D$4:$D${end + 4},"EJEC.",$E$4:$E${end + 4})'
    # And it can be reported on from then on.
    for part in split_book(office_plan, resend=True):
        if part.unit == first.unit:
            put(part.path, -1, 1, 6)
            assert sync([part.path], office_plan).is_clean
    assert 6 in executed_cells(office_plan, 1)


def test_what_was_executed_goes_with_its_operation(office_plan: Path) -> None:
    (first, *_) = split_book(office_plan)
    opened = load_one(FileBook(first.path))
    row = next(each for each in opened.plan.rows if each.name == "Visitar comunidades")
    book = openpyxl.load_workbook(first.path)
    book[opened.sheet].delete_rows(row.line, 2)
    book.save(first.path)
    before = shown(office_plan)
    done = sync([first.path], office_plan, SyncOptions(accept_removals=True))
    assert done.is_clean
    del before["Visitar comunidades"]
    assert shown(office_plan) == before
    grid = load_one(FileBook(office_plan)).grid
    assert Decimal(3) not in [grid.get(line, 5) for line in grid.cells if grid.get(line, 4) == "EJEC."]


@pytest.mark.parametrize("track", [False, True], ids=["alone", "with Seguimiento"])
def test_what_is_typed_of_a_group_is_consolidated_and_counts_nowhere(
    office_plan: Path, tmp_path: Path, *, track: bool
) -> None:
    told = reports_in(load_one(FileBook(office_plan)))
    assert told is not None
    assert len(told[0]) == 14
    if track:
        update_book(office_plan, Options(track=True))
    (first, *_) = split_book(office_plan)
    opened = load_one(FileBook(first.path))
    group = next(row for row in opened.plan.rows if row.name == "Grupo 1")
    copy = Path(shutil.copy(office_plan, tmp_path / "copia.xlsx"))
    for path in (first.path, copy):
        book = openpyxl.load_workbook(path)
        book[opened.sheet].cell(group.line + 1, 5).value = 9
        book.save(path)
    # Groups are the office's: a unit's word is told as not taken; that of another copy of the plan is taken if wanted.
    (told_off,) = sync([first.path], office_plan).outcomes
    assert (told_off.fate, told_off.reason) == (Fate.REJECTED, "los grupos son de la oficina regional")
    assert [(each.field, each.fate) for each in sync([copy], office_plan).outcomes] == [("executed_ENE", Fate.CONFLICT)]
    assert shown(office_plan)["Grupo 1"] == (None, 7)
    done = sync([copy], office_plan, SyncOptions(prefer=Side.UNIT))
    assert [(each.field, each.fate) for each in done.outcomes] == [("executed_ENE", Fate.TAKEN)]
    assert shown(office_plan)["Grupo 1"] == (None, 9)


def test_a_sum_of_a_group_follows_what_is_reported_and_nobody_types_over_it(office_plan: Path, tmp_path: Path) -> None:
    plan = load_one(FileBook(office_plan)).plan
    lines = {row.name: row.line for row in plan.rows}
    below = [row.line + 1 for row in plan.rows if str(row.code).startswith("A1.")]
    book = openpyxl.load_workbook(office_plan)
    page = book["Plan"]
    page.cell(lines["Grupo 1"] + 1, 5).value = "=" + "+".join(f"E{line}" for line in below)
    page.cell(lines["Grupo 1"] + 1, 18).value = f"=E{lines['Grupo 1'] + 1}*2"
    book.save(office_plan)
    (first, *_) = split_book(office_plan)
    opened = load_one(FileBook(first.path))
    own = {row.name: row.line for row in opened.plan.rows}
    book = openpyxl.load_workbook(first.path)
    book[opened.sheet].cell(own["Capacitar al personal"] + 1, 5).value = 11
    book[opened.sheet].cell(own["Grupo 1"] + 1, 5).value = 99
    book.save(first.path)
    done = sync([first.path], office_plan)
    assert {(str(each.code), each.field, each.fate) for each in done.outcomes} == {
        ("A1.2", "executed_ENE", Fate.TAKEN),
        ("A1", "", Fate.REJECTED),
    }
    assert shown(office_plan)["Capacitar al personal"] == (1, 11)
    said = openpyxl.load_workbook(office_plan, data_only=True)["Plan"]
    assert [said.cell(lines["Grupo 1"] + 1, column).value for column in (5, 18)] == [11 + 2 + 3 + 4, 40]
    copy = Path(shutil.copy(office_plan, tmp_path / "copia.xlsx"))
    book = openpyxl.load_workbook(copy)
    book["Plan"].cell(lines["Grupo 1"] + 1, 5).value = 99
    book.save(copy)
    (barred,) = sync([copy], office_plan, SyncOptions(prefer=Side.UNIT)).outcomes
    assert (barred.field, barred.fate) == ("executed_ENE", Fate.CONFLICT)
    assert str(openpyxl.load_workbook(office_plan)["Plan"].cell(lines["Grupo 1"] + 1, 5).value).startswith("=E")
