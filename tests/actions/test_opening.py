"""One way to open a plan: which sheet counts, what is ours, what people typed is kept."""

from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from poa_xl.actions.checking import check_file
from poa_xl.actions.cleaning import clean_book
from poa_xl.actions.load import Opened, find_plan, find_plans
from poa_xl.actions.splitting import split_book
from poa_xl.actions.updating import Options, update_book
from poa_xl.books.book import FileBook
from poa_xl.errors import LayoutError
from poa_xl.i18n import set_language
from poa_xl.sheet.fields import CAPTIONS
from poa_xl.sheet.grid import LAST_COLUMN, Grid, Workbook, letters
from poa_xl.sheet.headers import CONTROL
from poa_xl.sheet.identity import Identity
from poa_xl.sheet.listing import FINDINGS, LISTS, TOP
from poa_xl.sheet.mark import MARK
from tests.plans import change, save, small

VALUES = {"code": "GRO1.1", "name": "Operación", "unit": "Legal", "measure": "Informe"}


def plan_grid(name: str, *without: str, visible: bool = True) -> Grid:
    fields = [field for field in CAPTIONS if field not in without]
    header = {column: CAPTIONS[field] for column, field in enumerate(fields, 1)}
    row = {column: VALUES[field] for column, field in enumerate(fields, 1) if field in VALUES}
    return Grid(name, {1: header, 2: row}, visible=visible)


def book(*grids: Grid, **more: dict[str, str]) -> Workbook:
    return Workbook("p.xlsx", grids, **more)


SENT = Identity("Legal", "GRO1", 2020, 1, sheet="POA").properties
RANKED = {
    "a poor sheet before": (book(plan_grid("Resumen", "ENE", "measure"), plan_grid("POA")), None, "POA", 1),
    "a poor sheet behind": (book(plan_grid("POA"), plan_grid("Otro", "budget")), None, "POA", 1),
    "no plan at all beside": (book(Grid("Notas", {1: {1: "hola"}}), plan_grid("POA")), None, "POA", 0),
    "a hidden copy": (book(plan_grid("Viejo", visible=False), plan_grid("POA")), None, "POA", 1),
    "the one that was sent": (book(plan_grid("POA (2)"), plan_grid("POA"), properties=SENT), None, "POA", 1),
    "the one that was sent, hidden": (
        book(plan_grid("POA (2)"), plan_grid("POA", visible=False), properties=SENT),
        None,
        "POA",
        1,
    ),
    "the one looked at": (book(plan_grid("Uno"), plan_grid("Dos")), "dos", "Dos", 1),
    "the one looked at is poor": (book(plan_grid("Uno"), plan_grid("Dos", "ENE")), "Dos", "Uno", 1),
}


@pytest.mark.parametrize(("workbook", "active", "name", "aside"), RANKED.values(), ids=RANKED.keys())
def test_the_best_sheet_counts_and_the_others_are_named(
    workbook: Workbook, active: str | None, name: str, aside: int
) -> None:
    opened = find_plan(workbook, active=active)
    assert opened.sheet == name
    others = [grid.name for grid in workbook if grid.name not in (name, "Notas")]
    assert [other in text for other, text in zip(others, opened.aside, strict=True)] == [True] * aside


@pytest.mark.parametrize("name", LISTS)
def test_a_list_of_ours_is_no_plan_whatever_it_quotes(name: str) -> None:
    quoted = {row + TOP: cells for row, cells in plan_grid("").cells.items()}
    opened = find_plan(book(Grid(name, {TOP: dict(LISTS[name]), **quoted}), plan_grid("POA")))
    assert (opened.sheet, opened.aside) == ("POA", ())
    with pytest.raises(LayoutError, match="no hay hoja"):
        find_plan(book(Grid(name, {TOP: dict(LISTS[name]), **quoted})), name)


@pytest.mark.parametrize(("active", "remedy"), [(None, "--sheet"), ("Notas", "ir a la que se quiere")])
def test_of_equally_good_sheets_none_is_guessed(active: str | None, remedy: str) -> None:
    with pytest.raises(LayoutError, match=f"«Uno», «Dos».*{remedy}"):
        find_plan(book(plan_grid("Uno"), plan_grid("Dos")), active=active)


def test_a_sheet_can_be_chosen_by_its_name_as_programs_compare_names() -> None:
    workbook = book(plan_grid("Uno"), plan_grid("Gestión"))
    assert [find_plan(workbook, name).sheet for name in ("UNO", "gestión", "gestion")] == ["Uno", "Gestión", "Gestión"]
    with pytest.raises(LayoutError, match="no hay hoja «Tres»"):
        find_plan(workbook, "Tres")


def test_where_none_is_whole_the_lack_of_the_best_one_is_told() -> None:
    workbook = book(plan_grid("Resumen", "ENE", "FEB", "measure"), plan_grid("POA", "DIC"))
    with pytest.raises(LayoutError, match=r"^p\.xlsx: hoja «POA»: faltan las columnas DIC;"):
        find_plan(workbook)
    with pytest.raises(LayoutError, match="hoja «Resumen»"):
        find_plan(workbook, "resumen")


def test_every_whole_plan_is_opened_and_poor_sheets_are_told_once() -> None:
    found = find_plans(book(plan_grid("Uno"), plan_grid("Pobre", "ENE"), plan_grid("Dos")))
    assert [(opened.sheet, len(opened.aside)) for opened in found] == [("Uno", 1), ("Dos", 0)]


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    return save(change(small(), "GRO1.1", budget=999), tmp_path / "plan.xlsx")


def opened(path: Path) -> Opened:
    return find_plan(FileBook(path).read())


def forget(path: Path) -> None:
    """Lose the hidden names, as some programs do."""
    workbook = openpyxl.load_workbook(path)
    for name in [name for name in workbook.defined_names if name.startswith("_poa")]:
        del workbook.defined_names[name]
    workbook.save(path)


def test_what_is_ours_is_known_without_the_hidden_name(plan: Path) -> None:
    update_book(plan, Options())
    forget(plan)
    assert opened(plan).mark == {}
    update_book(plan, Options())
    assert [grid.name for grid in FileBook(plan).read()] == ["POA 2020", FINDINGS]
    forget(plan)
    clean_book(plan, Options())
    assert [grid.name for grid in FileBook(plan).read()] == ["POA 2020"]
    assert not {*CONTROL} & {*opened(plan).layout.columns}


def test_a_list_in_the_other_language_is_ours_too(plan: Path) -> None:
    set_language("en")
    update_book(plan, Options())
    set_language("es")
    forget(plan)
    update_book(plan, Options())
    assert [grid.name for grid in FileBook(plan).read()] == ["POA 2020", FINDINGS]


def lie(path: Path, mark: str) -> None:
    workbook = openpyxl.load_workbook(path)
    workbook.defined_names[MARK] = openpyxl.workbook.defined_name.DefinedName(MARK, attr_text=f'"{mark}"', hidden=True)
    workbook.save(path)


@pytest.mark.parametrize(
    "mark", ["columns=stated;sheet=POA 2020", "sheet=POA 2020", "columns=budget,code,target;sheet=Datos", "x"]
)
def test_no_mark_makes_us_take_away_what_is_not_ours(mark: str, plan: Path) -> None:
    workbook = openpyxl.load_workbook(plan)
    workbook.create_sheet("Datos").append(["Datos propios"])
    workbook.save(plan)
    lie(plan, mark)
    before = opened(plan)
    update_book(plan, Options())
    clean_book(plan, Options())
    after = opened(plan)
    assert [grid.name for grid in after.book] == ["POA 2020", "Datos"]
    assert (after.grid.cells, after.layout) == (before.grid.cells, before.layout)


@pytest.mark.parametrize("name", ["HALLAZGOS", "hallazgos", "Hallazgos"])
def test_a_sheet_of_the_planner_s_with_the_name_of_ours_stays(name: str, plan: Path) -> None:
    workbook = openpyxl.load_workbook(plan)
    workbook.create_sheet(name).append(["mis", "apuntes"])
    workbook.create_sheet("hallazgos poa").append(["otros"])
    workbook.save(plan)
    for _ in range(2):
        update_book(plan, Options())
        assert [grid.name for grid in FileBook(plan).read()] == ["POA 2020", name, "hallazgos poa", "Hallazgos POA 2"]
    assert FileBook(plan).read()[1].cells == {1: {1: "mis", 2: "apuntes"}}


def test_what_people_typed_beside_our_list_stays_with_its_finding(tmp_path: Path) -> None:
    faulty = change(change(small(), "GRO1.1", budget=999), "GRO1.1.1", target=13, owner="")
    plan = save(faulty, tmp_path / "plan.xlsx")
    update_book(plan, Options())
    workbook = openpyxl.load_workbook(plan)
    page = workbook[FINDINGS]
    codes = [page.cell(row, 3).value for row in range(5, page.max_row + 1)]
    page["I4"], page["D1"] = "Observación", "revisado por Ana"
    for row, text in enumerate(codes, 5):
        page.cell(row, 9, f"nota de {text}")
    page.cell(page.max_row + 3, 2, "al pie")
    page["J5"] = "#DIV/0!"
    plan_page = workbook["POA 2020"]
    wrong = next(row for row in plan_page.iter_rows() if row[1].value == "GRO1.1")
    wrong[23].value = 300
    workbook.save(plan)
    update_book(plan, Options())
    (listed,) = (grid for grid in FileBook(plan).read() if grid.name == FINDINGS)
    assert (listed.get(4, 9), listed.get(1, 4)) == ("Observación", "revisado por Ana")
    notes = {line: cells for line, cells in listed.cells.items() if line > 4 and 9 in cells}
    assert sorted(str(cells[9]) for cells in notes.values()) == sorted(f"nota de {text}" for text in codes)
    assert all(cells[9] == f"nota de {cells[3]}" for cells in notes.values())
    assert len([cells for line, cells in notes.items() if 1 in cells]) == 2
    assert [cells[10] for cells in notes.values() if 10 in cells] == ["#DIV/0!"]
    assert [cells.get(2) for cells in listed.cells.values()].count("al pie") == 1
    data = plan.read_bytes()
    update_book(plan, Options())
    assert plan.read_bytes() == data


def test_replaced_budgets_make_room_for_notes(plan: Path) -> None:
    update_book(plan, Options())
    workbook = openpyxl.load_workbook(plan)
    workbook[FINDINGS]["K5"] = "mi nota"
    workbook.save(plan)
    update_book(plan, Options(rollup=True))
    update_book(plan, Options(rollup=True))
    listed = opened(plan).listed
    assert listed is not None
    assert "mi nota" in [cells.get(11) for cells in listed.cells.values()]
    clean_book(plan, Options())
    assert {str(row.code): row.budget for row in opened(plan).plan.rows}["GRO1.1"] == 999


LAST_PLACE = LAST_COLUMN - len(CONTROL)


@pytest.mark.parametrize(
    ("taken", "first"),
    [
        ((LAST_PLACE,), LAST_PLACE + 1),
        ((LAST_COLUMN,), 25),
        ((LAST_PLACE + 1,), 25),
        ((27, LAST_COLUMN), 28),
        ((*range(27, 400, len(CONTROL)), LAST_COLUMN), [*range(27, 400, len(CONTROL))][-1] + 1),
        ((*range(27, LAST_COLUMN, len(CONTROL)), LAST_COLUMN), 0),
    ],
)
def test_control_columns_stand_where_there_is_room(taken: tuple[int, ...], first: int, plan: Path) -> None:
    workbook = openpyxl.load_workbook(plan)
    for column in taken:
        workbook["POA 2020"].cell(9, column, "lejos")
    workbook.save(plan)
    data = plan.read_bytes()
    if not first:
        with pytest.raises(LayoutError, match=f"a la derecha de {letters(LAST_COLUMN)}9 no hay lugar"):
            update_book(plan, Options())
        assert plan.read_bytes() == data
        return
    for _ in range(2):
        update_book(plan, Options())
        assert opened(plan).layout.columns[next(iter(CONTROL))] == first
    clean_book(plan, Options())
    assert openpyxl.load_workbook(plan)["POA 2020"].cell(9, taken[0]).value == "lejos"
    assert not opened(plan).is_flagged


def test_a_unit_s_workbook_keeps_its_own_lights(tmp_path: Path) -> None:
    path = split_book(save(small(), tmp_path / "POA.xlsx"), tmp_path / "unidades")[0].path

    def drawn() -> tuple[list[tuple[str, list[str]]], list[str], list[str]]:
        page = openpyxl.load_workbook(path)["POA 2020"]
        rules = sorted(
            (str(area.sqref), [rule.formula[0] for rule in each])
            for area, each in ((area, area.rules) for area in page.conditional_formatting)
        )
        lists = sorted(f"{each.sqref} {each.formula1}" for each in page.data_validations.dataValidation)
        return rules, lists, [str(cell.value) for cell in page[9]]

    before = drawn()
    update_book(path, Options())
    update_book(path, Options())
    clean_book(path, Options())
    assert drawn() == before
    assert [grid.name for grid in FileBook(path).read()] == ["POA 2020"]


def test_check_names_the_sheets_that_it_could_not_check(plan: Path) -> None:
    workbook = openpyxl.load_workbook(plan)
    copy = workbook.copy_worksheet(workbook["POA 2020"])
    copy.title = "Resumen"
    cells = {cell.value: cell for row in copy.iter_rows() for cell in row}
    cells["DIC"].value = None
    workbook.save(plan)
    done = check_file(plan)
    assert done.problem == ""
    assert len(done.aside) == 1
    assert "«Resumen»: faltan las columnas DIC" in done.aside[0]


def test_a_workbook_is_the_sequence_of_its_sheets() -> None:
    workbook = book(plan_grid("Uno"), plan_grid("Dos"))
    assert (len(workbook), workbook[1].name, [grid.name for grid in workbook]) == (2, "Dos", ["Uno", "Dos"])
    assert replace(workbook, name="q").grids == workbook.grids
