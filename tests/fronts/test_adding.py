"""New operations and partidas by button, in a stand-in for Excel on Windows and on macOS."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
import xlwings as xw

from poa_xl import ribbon
from poa_xl.actions import pressing
from poa_xl.actions.splitting import split_book
from poa_xl.books.attached import AttachedBook
from poa_xl.core.codes import Code
from poa_xl.core.plan import Kind, Plan, Row
from poa_xl.sheet.areas import Matrix
from poa_xl.sheet.executed import executed_spots
from poa_xl.sheet.headers import SHOWN
from tests.excel import App, Apple, Book, Com, excel_book
from tests.layouts import grouped, saved
from tests.offices import OFFICES, SLIP
from tests.plans import change, code, edit, group, line, operation, save, small

Open = Callable[[Plan | Path], tuple[AttachedBook, Book, App]]


@pytest.fixture(params=[Com, Apple], ids=["windows", "macos"])
def opened(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Open:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))

    def open_(given: Plan | Path) -> tuple[AttachedBook, Book, App]:
        path = given if isinstance(given, Path) else save(given, tmp_path / "POA.xlsx")
        made = excel_book(path, request.param)
        monkeypatch.setattr(xw.engines, "active", xw.Engine(impl=made[2].engine))
        return made

    return open_


@pytest.fixture
def legal(tmp_path: Path) -> Path:
    split_book(save(small(), tmp_path / "maestro.xlsx"))
    return tmp_path / "enviados" / "Unidad Legal.xlsx"


def held(book: AttachedBook) -> dict[str, Matrix]:
    """What all sheets hold; rows that hold nothing at the end do not count."""
    found: dict[str, Matrix] = {}
    for name in book.sheets:
        rows: Matrix = [[None if each == "" else each for each in row] for row in book.contents(name).contents]
        while rows and not any(each is not None for each in rows[-1]):
            rows.pop()
        found[name] = rows
    return found


def rows(book: AttachedBook) -> list[Row]:
    return list(pressing.open_plan(book).plan.rows)


def choose(book: Book, live: AttachedBook, text: str, column: str = "H") -> Row:
    found = next(row for row in rows(live) if row.code == code(text))
    book.current, book.area = found.origin.sheet, f"{column}{found.line}"
    return found


def test_an_operation_comes_behind_its_group_with_the_next_code_and_goes_again(opened: Open) -> None:
    live, book, app = opened(small())
    before = held(live)
    choose(book, live, "GRO1.1.1")
    ribbon.nueva_operacion(live)
    assert app.said[-1].startswith("GRO1.1.3, en la fila 9.")
    added = next(row for row in rows(live) if row.line == 9)
    assert (str(added.code), added.kind, added.unit, added.name) == ("GRO1.1.3", Kind.OPERATION, "Unidad Legal", "")
    assert [str(row.code) for row in rows(live) if row.code] == [
        "GRO1",
        "GRO1.1",
        "GRO1.1.1",
        "GRO1.1.2",
        "GRO1.1.3",
        "GRO1.2",
        "GRO1.2.1",
    ]
    assert (live.active, live.selected) == ("POA 2020", (9, 3, 9, 3))
    assert book.held["POA 2020"]["H9"].number_format == book.held["POA 2020"]["H8"].number_format
    ribbon.deshacer(live)
    assert held(live) == before


def test_sums_that_end_above_take_the_new_row_in(opened: Open, tmp_path: Path) -> None:
    path = edit(
        save(small(), tmp_path / "POA.xlsx"),
        ("GRO1.1", "budget", "=SUM(X7:X8)"),
        ("GRO1", "budget", "=X6+X9"),
        ("GRO1.1.2", "target", "=SUM(J8:U8)"),
    )
    live, book, _ = opened(path)
    before = held(live)
    choose(book, live, "GRO1.1.2")
    ribbon.nueva_operacion(live)
    page = book.held["POA 2020"]
    assert [page[cell].value for cell in ("X6", "X5", "H8", "H9")] == ["=SUM(X7:X9)", "=X6+X10", "=SUM(J8:U8)", None]
    ribbon.deshacer(live)
    assert held(live) == before


def test_new_rows_are_flagged_where_the_plan_is(opened: Open) -> None:
    live, book, _ = opened(small())
    ribbon.verificar_metas(live)
    choose(book, live, "GRO1.2.1")
    ribbon.nueva_operacion(live)
    plan = pressing.open_plan(live)
    added = next(row for row in plan.plan.rows if str(row.code) == "GRO1.2.2")
    assert added.line == 13
    above = [plan.grid.formulas.get((10, plan.layout.columns[name]), "") for name in SHOWN[1:]]
    ours = [plan.grid.formulas.get((13, plan.layout.columns[name]), "") for name in SHOWN[1:]]
    assert all(above)
    assert all("13" in each for each in ours)


def test_planners_own_columns_keep_the_formulas_that_look_at_their_row(opened: Open, tmp_path: Path) -> None:
    path = save(small(), tmp_path / "POA.xlsx")
    import openpyxl  # noqa: PLC0415

    book_ = openpyxl.load_workbook(path)
    page = book_["POA 2020"]
    page["Y4"], page["Z4"], page["AA4"] = "Doble", "De arriba", "Nota"
    for row in (7, 8):
        page[f"Y{row}"], page[f"Z{row}"], page[f"AA{row}"] = f"=X{row}*2", f"=X{row - 1}", "mía"
    book_.save(path)
    live, book, _ = opened(path)
    choose(book, live, "GRO1.1.2")
    ribbon.nueva_operacion(live)
    page = book.held["POA 2020"]
    assert [page[f"{column}9"].value for column in ("Y", "Z", "AA")] == ["=X9*2", None, None]


def test_in_the_workbook_of_a_unit_the_free_rows_and_the_reserved_codes_come_first(opened: Open, legal: Path) -> None:
    live, book, app = opened(legal)
    book.held["POA 2020"].protection.sheet = True
    before = held(live)
    said = []
    for _ in range(3):
        choose(book, live, "GRO1.1.1")
        ribbon.nueva_operacion(live)
        said.append(app.said[-1].partition(".  ")[0][:24])
    if app.system is Apple:
        assert "está protegida con contraseña" in app.said[-1]
        assert held(live) == before
        return
    assert said == ["GRO1.1.3, en la fila 9. ", "GRO1.1.5, en la fila 10.", "GRO1.1.7, en la fila 11."]
    choose(book, live, "GRO1.1.1")
    ribbon.nueva_operacion(live)
    assert app.said[-1].startswith("GRO1.1.9, en la fila 12.")
    assert book.held["POA 2020"].protection.sheet
    assert book.allowed == {"AllowInsertingRows": True, "AllowFiltering": True}
    added = [row for row in rows(live) if row.kind is Kind.OPERATION and str(row.code).startswith("GRO1.1.")]
    assert {row.unit for row in added} == {"Unidad Legal"}
    plan = pressing.open_plan(live)
    for row in added:
        assert (row.line, plan.layout.columns["state"]) in plan.grid.formulas
    ribbon.deshacer(live)
    assert book.held["POA 2020"].protection.sheet
    assert [str(row.code) for row in rows(live) if row.kind is Kind.OPERATION] == [
        "GRO1.1.1",
        "GRO1.1.3",
        "GRO1.1.5",
        "GRO1.1.7",
        "GRO1.2.1",
    ]


def test_a_password_of_the_office_s_is_not_lifted(opened: Open, legal: Path) -> None:
    live, book, app = opened(legal)
    book.held["POA 2020"].protection.sheet = True
    book.password = "x"  # noqa: S105 - of a sheet, to test with
    before = held(live)
    choose(book, live, "GRO1.1.1")
    ribbon.nueva_partida(live)
    assert "está protegida con contraseña" in app.said[-1]
    assert held(live) == before


def test_nobody_is_told_to_lift_what_the_office_locked(
    legal: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    live, book, app = excel_book(legal)
    monkeypatch.setattr(xw.engines, "active", xw.Engine(impl=app.engine))
    book.held["POA 2020"].protection.sheet = True
    ribbon.semaforo(live)
    assert "quitarle la protección" not in app.said[-1]
    assert "pedirle el cambio" in app.said[-1]


def test_another_protected_sheet_is_left_alone(opened: Open) -> None:
    live, book, app = opened(small())
    choose(book, live, "GRO1.1.1")
    book.held["POA 2020"].protection.sheet = True
    ribbon.nueva_operacion(live)
    assert "está protegida" in app.said[-1]


def test_the_first_partida_is_what_the_operation_cost(opened: Open) -> None:
    live, book, app = opened(small())
    before = held(live)
    choose(book, live, "GRO1.1.1")
    ribbon.nueva_partida(live)
    assert app.said[-1].startswith("Fila 9, para otra partida de GRO1.1.1.")
    assert "es ahora su primera partida" in app.said[-1]
    page = book.held["POA 2020"]
    assert [page[cell].value for cell in ("W7", "X7", "W8", "X8", "W9", "X9", "B8", "H8")] == [
        None,
        "=SUM(X8:X9)",
        "25220",
        100,
        None,
        None,
        None,
        None,
    ]
    assert live.selected == (9, 23, 9, 23)
    ribbon.deshacer(live)
    assert held(live) == before


def test_a_further_partida_comes_below_the_others_and_is_added_up(opened: Open) -> None:
    live, book, app = opened(small())
    ribbon.verificar_metas(live)
    before = held(live)
    for selected in ("GRO1.2.1", "line"):
        found = choose(book, live, "GRO1.2.1")
        book.area = f"X{found.line + (selected == 'line')}"
        ribbon.nueva_partida(live)
        assert "primera partida" not in app.said[-1]
        page = book.held["POA 2020"]
        assert page["X10"].value == "=SUM(X11:X13)"
        plan = pressing.open_plan(live)
        assert "X11:X13" in plan.grid.formulas[10, plan.layout.columns["computed"]]
        assert (13, plan.layout.columns["budget_state"]) in plan.grid.formulas
        ribbon.deshacer(live)
        assert held(live) == before


def test_lines_that_repeat_the_code_of_their_operation_get_one_that_does(opened: Open) -> None:
    shared = replace(line("25900", 200), code=code("GRO1.2.1"), name="")
    plan = replace(small(), rows=(*small().rows[:6], shared))
    live, book, _ = opened(change(plan, "GRO1.2.1", budget=small().rows[2].budget))
    choose(book, live, "GRO1.2.1")
    ribbon.nueva_partida(live)
    assert book.held["POA 2020"]["B12"].value == "GRO1.2.1"


def test_a_group_without_operations_gets_its_first_one(opened: Open) -> None:
    live, book, app = opened(Plan((*small().rows, group("GRO1.3")), 2020))
    choose(book, live, "GRO1.3")
    ribbon.nueva_operacion(live)
    assert app.said[-1].startswith("GRO1.3.1, en la fila 14.")


@pytest.mark.parametrize(
    ("text", "press", "sentence"),
    [
        ("GRO1", ribbon.nueva_operacion, "Debajo de GRO1 hay grupos"),
        ("GRO1", ribbon.nueva_partida, "en la fila de una operación"),
        ("", ribbon.nueva_operacion, "en una fila del plan"),
        ("none", ribbon.nueva_partida, "en una fila del plan"),
    ],
)
def test_what_cannot_be_added_is_said(
    text: str, press: Callable[[AttachedBook], None], sentence: str, opened: Open
) -> None:
    live, book, app = opened(small())
    before = held(live)
    if text == "none":
        book.area = None
    elif text:
        choose(book, live, text)
    press(live)
    assert sentence in app.said[-1]
    assert held(live) == before


def test_codes_that_nobody_can_count_on_are_typed_by_hand(opened: Open) -> None:
    rows_ = [replace(operation("GRO1.1", "A"), code=Code("AO", (1, 0), "AO.1(a)", ("A",)))]
    live, book, app = opened(Plan(tuple(rows_), 2020))
    book.area = "H5"
    ribbon.nueva_operacion(live)
    assert "no se numeran solos" in app.said[-1] or "un código que se entienda" in app.said[-1]


def test_merged_cells_are_not_torn(opened: Open) -> None:
    live, book, app = opened(small())
    for page in (book.held["POA 2020"], book.shown["POA 2020"]):
        page.merge_cells("D7:D8")
    before = held(live)
    choose(book, live, "GRO1.1.1")
    ribbon.nueva_partida(live)
    assert "celdas combinadas" in app.said[-1]
    assert held(live) == before


def test_a_new_operation_gets_its_row_of_what_is_executed_where_others_have_one(opened: Open, tmp_path: Path) -> None:
    live, book, app = opened(saved(tmp_path / "plan.xlsx", grouped()))
    before = held(live)
    found = choose(book, live, "A1.2")
    ribbon.nueva_operacion(live)
    assert "A.1.6" in app.said[-1] or "A1.6" in app.said[-1]
    after = {row.name: row.line for row in rows(live)}
    line = after["Grupo 2"] - 2
    page = book.held["Plan"]
    assert [page[f"D{each}"].value for each in range(line - 2, line + 4)] == ["PROG.", "EJEC."] * 3
    assert [page[f"E{each}"].value for each in range(line - 1, line + 2)] == [4, 0, None]
    spots = executed_spots(pressing.open_plan(live).layout, pressing.open_plan(live).plan)
    assert line + 1 in {cells[0][0] for cells in spots.values()}
    assert found.line + 1 in {cells[0][0] for cells in spots.values()}
    ribbon.deshacer(live)
    assert held(live) == before


def test_a_partida_comes_below_the_row_of_what_is_executed(opened: Open, tmp_path: Path) -> None:
    grid = grouped()
    cells = {line: dict(each) for line, each in grid.cells.items()}
    heading = next(line for line, each in cells.items() if each.get(1) == "CÓDIGO")
    cells[heading] |= {17: "PARTIDA", 18: "PRESUPUESTO"}
    for each in cells.values():
        if each.get(4) == "PROG." and each.get(2):
            each |= {17: "25220", 18: Decimal(100)}
    live, book, _ = opened(saved(tmp_path / "plan.xlsx", replace(grid, cells=cells)))
    before = held(live)
    found = choose(book, live, "A1.2")
    ribbon.nueva_partida(live)
    page = book.held["Plan"]
    assert [page[f"D{found.line + shift}"].value for shift in range(5)] == ["PROG.", "EJEC.", None, None, "PROG."]
    assert page[f"R{found.line}"].value == f"=SUM(R{found.line + 2}:R{found.line + 3})"
    assert page[f"R{found.line + 2}"].value == 100
    ribbon.deshacer(live)
    assert held(live) == before


def test_what_fails_half_way_leaves_no_row(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.excel import Range  # noqa: PLC0415

    live, book, app = opened(small())
    before = held(live)

    def fail(*_: object) -> None:
        raise OSError(-2147352567, "Exception occurred.")

    choose(book, live, "GRO1.1.1")
    with monkeypatch.context() as patched:
        patched.setattr(Range, "copy", fail)
        ribbon.nueva_operacion(live)
    assert "error del programa" in app.said[-1]
    assert held(live) == before


def pressed(book: AttachedBook, made: Book, line: int, press: Callable[[AttachedBook], object]) -> None:
    """Press a button with a cell of a row selected."""
    made.current = pressing.open_plan(book).sheet
    made.area = f"A{line}"
    press(book)


@pytest.mark.parametrize(
    ("name", "code", "cells"),
    [("municipality", "10.0.13", ["10", "0000", "013"]), ("split_codes", "1.1.0.6", [1, 1, 0, 6])],
)
def test_a_new_code_stands_in_the_columns_that_make_it_up(
    name: str, code: str, cells: list[object], opened: Open, tmp_path: Path
) -> None:
    office = OFFICES[name](0)
    live, book, app = opened(saved(tmp_path / "p.xlsx", office.grid))
    before = held(live)
    pressed(live, book, min(office.rows), ribbon.nueva_operacion)
    assert app.said[-1].startswith(code)
    sheet = pressing.open_plan(live).sheet
    assert any(row[: len(cells)] == cells for row in held(live)[sheet])
    assert code in {str(row.code) for row in rows(live)}
    ribbon.deshacer(live)
    assert held(live) == before


def test_codes_that_have_not_a_part_for_each_column_are_written_by_hand(opened: Open, tmp_path: Path) -> None:
    live, book, app = opened(saved(tmp_path / "p.xlsx", OFFICES["municipality"](0).grid))
    before = held(live)
    pressed(live, book, min(row.line for row in rows(live) if row.kind is Kind.GROUP), ribbon.nueva_operacion)
    assert held(live) == before
    assert "a mano" in app.said[-1]


@pytest.mark.parametrize("name", ["ceplan", "summed_above", "individual"])
def test_where_operations_have_no_partidas_none_is_added(name: str, opened: Open, tmp_path: Path) -> None:
    office = OFFICES[name](0)
    live, book, app = opened(saved(tmp_path / "p.xlsx", office.grid))
    before = held(live)
    pressed(live, book, min(office.rows), ribbon.nueva_partida)
    assert held(live) == before
    assert "no tiene partidas debajo" in app.said[-1]


@pytest.mark.parametrize("name", ["thirds", "goals_by_quarter", "signs_below_months"])
def test_a_target_is_spread_over_the_parts_of_the_year_that_the_form_has(
    name: str, opened: Open, tmp_path: Path
) -> None:
    office = OFFICES[name](SLIP)
    live, book, app = opened(saved(tmp_path / "p.xlsx", office.grid))
    before = held(live)
    pressed(live, book, office.slip, ribbon.repartir_meta)
    assert app.said[-1].startswith("Se repartieron 1 Metas.")
    (row,) = [row for row in rows(live) if row.line == office.slip]
    assert sum(row.programmed.values()) == row.target
    assert f"\n{row.code or row.name}: " in app.said[-1]
    ribbon.deshacer(live)
    assert held(live) == before


def test_a_target_without_months_goes_to_the_parts_in_which_it_works(opened: Open, tmp_path: Path) -> None:
    office = OFFICES["goals_by_quarter"](0)
    line = min(office.rows)
    cells = {c: v for c, v in office.grid.cells[line].items() if c < 6}
    grid = replace(office.grid, cells={**office.grid.cells, line: {**cells, 5: Decimal(8)}})
    live, book, _ = opened(saved(tmp_path / "p.xlsx", grid))
    pressed(live, book, line, ribbon.repartir_meta)
    (row,) = [row for row in rows(live) if row.line == line]
    assert [int(amount) for amount in row.programmed.values()] == [2, 2, 2, 2]
