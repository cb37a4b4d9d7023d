"""Every button of the extension, dispatched as toolbar and menu do, inside a running Calc without a window."""

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlwings as xw
from click.testing import CliRunner

from poa_xl import ribbon
from poa_xl.actions.load import Opened
from poa_xl.actions.splitting import split_book
from poa_xl.cli import main
from poa_xl.core.checks import CHECKS, check, modified
from poa_xl.core.codes import Code
from poa_xl.core.flags import Flag, State, flag
from poa_xl.core.plan import Kind
from poa_xl.core.rollup import roll_up
from poa_xl.sheet import looks
from poa_xl.sheet.listing import TOP
from poa_xl.sheet.tracking_columns import PLACES
from poa_xl.sheet.tracking_read import TRACKING
from tests.faults import every_fault
from tests.layouts import NAME, NUMBER, TARGET, TOTAL, draw, items, months, of, saved
from tests.paths import MASTER
from tests.plans import change, save, small
from tests.pressed import contents, grid, open_plan
from tests.running import Running

Open = Callable[[Running, Path], xw.Book]


def _real(running: Running, folder: Path) -> xw.Book:
    path = folder / "POA.xlsx"
    path.write_bytes(MASTER.read_bytes())
    return running.open(path)


def _faulty(running: Running, folder: Path) -> xw.Book:
    """A plan with every kind of finding that an open workbook can have."""
    book = running.open(save(every_fault(), folder / "POA.xlsx"))
    opened = open_plan(book)
    column = opened.layout.columns["code"]
    # What a file cannot keep of a plan: a code that is a number, one in small letters, an error that is none of text.
    number = next(row for row in opened.plan.rows if str(row.code) == "1.1")
    book.sheets[opened.sheet].range((number.line, column)).value = 1.1
    last = max(row.line for row in opened.plan.rows if isinstance(row.code, Code))
    cell = book.sheets[opened.sheet].range((last, column))
    cell.value = str(cell.value).lower()
    book.sheets[opened.sheet].range((last, opened.layout.columns["budget"])).formula = "=1/0"
    # What only cells can show: an amount as a date, a date month first; and money that nothing explains.
    others = (row for row in opened.plan.rows if isinstance(row.code, Code) and row.programmed)
    shown = next(row for row in others if row.budget == 100)
    page, columns = book.sheets[opened.sheet], opened.layout.columns
    page.range((shown.line, columns["budget"])).number_format = "dd/mm/yyyy"
    page.range((shown.line, columns["start"])).value = "12/31/2020"
    page.range((opened.last + 2, columns["name"])).value = "Varios"
    page.range((opened.last + 2, columns["budget"])).value = 77
    return book


@pytest.fixture(params=[_real, _faulty], ids=["2020", "faulty"])
def book(request: pytest.FixtureRequest, running: Running, tmp_path: Path) -> Iterator[xw.Book]:
    """An open plan, under the settings of Bolivia; `test_ribbon` has the same buttons under those of the program."""
    with running.speaking("es-BO"):
        opened: xw.Book = request.param(running, tmp_path)
        opened.api.UndoManager.clear()
        yield opened


def content(book: xw.Book) -> dict[str, object]:
    """Everything that a button could change: values, formulas, looks, choices, conditional formats, widths, sheets."""
    found: dict[str, object] = {}
    for sheet in book.sheets:
        api = sheet.api
        area = api.getCellRangeByPosition(0, 0, 40, max(150, sheet.used_range.last_cell.row))
        found[sheet.name] = (
            contents(sheet, 150, 41),
            dict(_looks(area)),
            [api.Columns.getByIndex(i).Width for i in range(41)],
            api.ConditionalFormats.getLength(),
        )
    return found


LOOKS = (
    "CellBackColor",
    "CharColor",
    "CharHeight",
    "CharWeight",
    "HoriJustify",
    "IsTextWrapped",
    "NumberFormat",
    "VertJustify",
)


def _looks(area: Any) -> Iterator[tuple[tuple[int, int], object]]:  # noqa: ANN401 - a UNO object
    looks_ = area.getUniqueCellFormatRanges()
    for each in (looks_.getByIndex(i) for i in range(looks_.Count)):
        shown = (*(str(value) for value in each.getPropertyValues(LOOKS)), each.Validation.Type.value)
        for place in each.RangeAddresses:
            for row in range(place.StartRow, place.EndRow + 1):
                for column in range(place.StartColumn, place.EndColumn + 1):
                    yield (row, column), shown


def filled(found: dict[str, object]) -> dict[str, object]:
    """What cells hold."""
    return {name: part[0] for name, part in found.items()}  # type: ignore[index]


def steps(book: xw.Book) -> tuple[str, ...]:
    titles: tuple[str, ...] = book.api.UndoManager.getAllUndoActionTitles()
    return titles


def flags(opened: Opened) -> list[Flag]:
    return flag(opened.plan, check(opened.plan))


def test_the_faulty_plan_has_every_kind_of_finding(running: Running, tmp_path: Path) -> None:
    book = _faulty(running, tmp_path)
    running.press(book, "verificar_metas")
    opened = open_plan(book)
    book.sheets[opened.sheet].range((opened.first + 1, opened.layout.columns["stated"])).value = "Mensual"
    found = {finding.rule for finding in check(open_plan(book).plan)}
    # Left out are what cannot be in an open workbook, a formula that was never calculated, and the rules of the sheet
    # of modifications, which this one does not have.
    others = {each.rule for each in CHECKS if each.find.__module__ == modified.__name__}
    assert found == {each.rule for each in CHECKS} - {"formula-sin-calcular"} - others


def test_verifying_says_what_the_core_says_and_is_one_step(book: xw.Book, running: Running, tmp_path: Path) -> None:
    before, opened = content(book), open_plan(book)
    book.sheets[0].range("C7").select()
    running.press(book, "verificar_metas")
    after = open_plan(book)
    expected = flags(opened)
    states = ("target_state", "budget_state", "state")
    shown = [[after.grid.get(row.line, after.layout.columns[name]) for name in states] for row in after.plan.rows]
    assert shown == [[str(each.target) or None, str(each.budget) or None, str(each.state) or None] for each in expected]
    listed = grid(book, "Hallazgos")
    assert sum(bool(row.get(1) in ("ROJO", "AVISO")) for row in listed.cells.values()) == len(check(opened.plan))
    # What is painted: the columns of states, and each of the planner's cells as it stands.
    fills = running.fills(book, tmp_path)
    for state in (State.RED, State.WARNING, State.GREEN):
        painted = sum([*each.painted.values(), each.target, each.budget, each.state].count(state) for each in expected)
        assert fills.count(looks.PAINT[state].fill) >= painted, state
    assert book.selection is not None
    assert book.selection.address == "$C$7"
    assert steps(book) == ("POA: Verificar metas",)
    # Not done again: Calc 7.4 ended at that, with the columns that colours look at and the 2020 plan.
    book.api.UndoManager.undo()
    assert content(book) == before


def test_budgets_become_sums_in_one_step(book: xw.Book, running: Running) -> None:
    before, opened = content(book), open_plan(book)
    running.press(book, "calcular_presupuesto")
    after = open_plan(book)
    totals = roll_up(opened.plan)
    rows = after.plan.rows
    for index, children in after.plan.children.items():
        if rows[index].kind is Kind.GROUP and isinstance(totals[index], Decimal):
            amounts = [rows[child].budget for child in children]
            if all(isinstance(each, Decimal | None) for each in amounts):
                assert rows[index].budget == sum(each for each in amounts if isinstance(each, Decimal))
    if not [each for each in check(opened.plan) if each.rule == "presupuesto-partidas"]:
        assert [row.budget for row in rows if row.kind is Kind.GROUP] == [
            totals[index] for index, row in enumerate(rows) if row.kind is Kind.GROUP
        ]
    assert steps(book) == ("POA: Calcular presupuesto",)
    book.api.UndoManager.undo()
    assert content(book) == before


def test_light_and_removal_are_one_step_each(book: xw.Book, running: Running) -> None:
    before = content(book)
    running.press(book, "verificar_metas")
    verified = content(book)
    running.press(book, "semaforo")
    running.press(book, "quitar")
    assert steps(book) == ("POA: Quitar", "POA: Semáforo", "POA: Verificar metas")
    assert filled(content(book)) == filled(before)
    book.api.UndoManager.undo()
    book.api.UndoManager.undo()
    assert content(book) == verified
    book.api.UndoManager.undo()
    assert content(book) == before


def test_our_own_undo_is_one_step_too(book: xw.Book, running: Running) -> None:
    before = filled(content(book))
    running.press(book, "verificar_metas")
    running.press(book, "deshacer")
    assert filled(content(book)) == before
    assert steps(book) == ("POA: deshacer «Verificar metas»", "POA: Verificar metas")


def test_going_through_findings_selects_them_and_changes_nothing(book: xw.Book, running: Running) -> None:
    before = content(book)
    plan = open_plan(book).plan
    cells = {plan.where(each).cell for each in check(plan)}
    seen = []
    for _ in range(len(cells) + 1):
        running.press(book, "siguiente")
        assert book.selection is not None
        seen.append(book.selection.get_address(row_absolute=False, column_absolute=False))
    assert set(seen) == cells
    assert seen[-1] == seen[0]
    running.press(book, "anterior")
    assert book.selection is not None
    assert book.selection.get_address(row_absolute=False, column_absolute=False) == seen[-2]
    assert content(book) == before
    assert steps(book) == ()


def test_a_target_is_spread_in_one_step(running: Running, tmp_path: Path) -> None:
    book = running.open(save(small(), tmp_path / "POA.xlsx"))
    before = content(book)
    row = next(row for row in open_plan(book).plan.rows if str(row.code) == "GRO1.1.1")
    book.sheets[0].range(f"L{row.line}:O{row.line}").select()
    running.press(book, "repartir_meta")
    after = next(row for row in open_plan(book).plan.rows if str(row.code) == "GRO1.1.1")
    assert after.months == tuple(map(Decimal, (0, 0, 3, 3, 3, 3, 0, 0, 0, 0, 0, 0)))
    assert steps(book) == ("POA: Repartir Meta",)
    book.api.UndoManager.undo()
    assert content(book) == before


def test_a_unit_spreads_in_its_protected_workbook(running: Running, tmp_path: Path) -> None:
    parts = split_book(save(small(), tmp_path / "POA.xlsx"), tmp_path / "unidades")
    book = running.open(parts[0].path)
    row = next(row for row in open_plan(book).plan.rows if row.kind is Kind.OPERATION)
    book.sheets[0].range(f"J{row.line}:K{row.line}").select()
    running.press(book, "repartir_meta")
    after = next(row for row in open_plan(book).plan.rows if row.kind is Kind.OPERATION)
    assert after.months[:3] == tuple(map(Decimal, (6, 6, 0)))


def test_an_operation_is_added_in_one_step_and_lives(running: Running, tmp_path: Path) -> None:
    book = running.open(save(small(), tmp_path / "POA.xlsx"))
    running.press(book, "verificar_metas")
    before, count = content(book), len(steps(book))
    book.sheets[0].range("H7").select()
    running.press(book, "nueva_operacion")
    added = next(row for row in open_plan(book).plan.rows if row.line == 9)
    assert (str(added.code), added.kind, added.unit) == ("GRO1.1.3", Kind.OPERATION, "Unidad Legal")
    page, plan = book.sheets[0], open_plan(book)
    state = page.range((9, plan.layout.columns["target_state"]))
    page.range("H9").value, page.range("I9").value = 12, "Trámites"
    page.range("J9:U9").value = [[1.0] * 12]
    assert state.value == "VERDE"
    page.range("X9").value = 50
    assert page.range((6, plan.layout.columns["computed"])).value == 350
    while len(steps(book)) > count:
        book.api.UndoManager.undo()
    assert content(book) == before


def test_a_partida_is_added_in_one_step(running: Running, tmp_path: Path) -> None:
    book = running.open(save(small(), tmp_path / "POA.xlsx"))
    before = content(book)
    book.sheets[0].range("H7").select()
    running.press(book, "nueva_partida")
    assert steps(book) == ("POA: Nueva partida",)
    page = book.sheets[0]
    page.range("W9").value, page.range("X9").value = "25900", 40
    row = next(row for row in open_plan(book).plan.rows if str(row.code) == "GRO1.1.1")
    assert row.budget == 140
    running.press(book, "deshacer")  # it refuses: something was typed since
    assert page.range("X9").value == 40
    page.range("W9:X9").value = [[None, None]]
    running.press(book, "deshacer")
    assert content(book) == before


def test_a_unit_adds_more_than_there_are_free_rows_for(running: Running, tmp_path: Path) -> None:
    split_book(save(small(), tmp_path / "POA.xlsx"), tmp_path / "unidades")
    path = tmp_path / "unidades" / "Unidad Legal.xlsx"
    allowed = _allowed(path)
    book = running.open(path)
    for _ in range(4):
        book.sheets[0].range("H8").select()
        running.press(book, "nueva_operacion")
    rows = [row for row in open_plan(book).plan.rows if row.kind is Kind.OPERATION]
    assert [(row.line, str(row.code)) for row in rows[1:5]] == [
        (9, "GRO1.1.3"),
        (10, "GRO1.1.5"),
        (11, "GRO1.1.7"),
        (12, "GRO1.1.9"),
    ]
    page = book.sheets[0]
    page.range("H12").value, page.range("I12").value = 12, "Trámites"
    page.range("J12:U12").value = [[1.0] * 12]
    state = page.range((12, open_plan(book).layout.columns["target_state"]))
    assert (page.api.isProtected(), state.value) == (True, "VERDE")
    book.save(str(tmp_path / "otra.xlsx"))
    assert _allowed(tmp_path / "otra.xlsx") == allowed


def _allowed(path: Path) -> dict[str, object]:
    protection = openpyxl.load_workbook(path)["POA 2020"].protection
    return {name: getattr(protection, name) for name in ("sheet", "insertRows", "autoFilter", "formatColumns", "sort")}


def test_in_the_workbook_of_a_unit_what_makes_no_sense_is_grey(running: Running, tmp_path: Path) -> None:
    master = save(small(), tmp_path / "POA.xlsx")
    parts = split_book(master, tmp_path / "unidades")
    book, unit = running.open(master), running.open(parts[0].path)
    # The light is on in the workbook of a unit: it comes with its colours.
    states = {name: running.stands(unit, name) for name in ribbon.BUTTONS}
    off = {name for name, each in ribbon.BUTTONS.items() if each.is_off_in_units}
    assert states == {name: (name not in off, True if name == "semaforo" else None) for name in ribbon.BUTTONS}
    assert {running.stands(book, name)[0] for name in ribbon.BUTTONS} == {True}


def test_the_light_shows_whether_it_is_on(running: Running, tmp_path: Path) -> None:
    book = running.open(save(small(), tmp_path / "POA.xlsx"))
    seen = [running.stands(book, "semaforo")]
    for button in ("verificar_metas", "semaforo", "semaforo"):
        running.press(book, button)
        seen.append(running.stands(book, "semaforo"))
    assert [is_on for _, is_on in seen] == [False, True, False, True]
    told = running.watched(book, "semaforo")
    running.press(book, "semaforo")
    assert [is_on for _, is_on in told.said] == [True, False]


def test_the_list_is_made_and_shown(book: xw.Book, running: Running) -> None:
    running.press(book, "lista")
    assert book.sheets.active.name == "Hallazgos"
    assert steps(book) == ("POA: Lista",)


def test_the_list_comes_onto_paper_as_from_a_command(running: Running, tmp_path: Path) -> None:
    book = running.open(save(small(), tmp_path / "POA.xlsx"))
    running.press(book, "lista")
    page = book.sheets["Hallazgos"].api
    style = book.api.StyleFamilies.getByName("PageStyles").getByName(page.PageStyle)
    assert (style.IsLandscape, style.Width, style.Height) == (True, 33020, 21590)
    assert (style.ScaleToPagesX, style.ScaleToPagesY) == (1, 0)
    assert (page.getPrintTitleRows(), page.getTitleRows().StartRow, page.getPrintTitleColumns()) == (True, 3, False)
    foot = style.RightPageFooterContent
    # Fields for file and sheet, page and number of pages: what they show out of a page depends on what was laid out before.
    assert re.sub(r"\d+", "???", foot.RightText.getString()) == "Página ??? de ???"
    assert foot.LeftText.getString() == "??? · ???"
    assert len(steps(book)) == 1


def test_columns_have_names_for_formulas_of_the_planners_own(running: Running, tmp_path: Path) -> None:
    book = running.open(save(small(), tmp_path / "POA.xlsx"))
    running.press(book, "verificar_metas")
    assert steps(book) == ("POA: Verificar metas",)
    book.sheets[0].range("AZ1").formula = "=SUM(POA_presupuestos)"
    column = book.sheets[0].range("X5:X12").value
    assert book.sheets[0].range("AZ1").value == sum(each for each in column if each)
    book.sheets[0].range("AZ1").value = None
    running.press(book, "quitar")
    assert not [each.name for each in book.names if each.name.startswith("POA_")]
    running.press(book, "deshacer")
    assert "POA_presupuestos" in [each.name for each in book.names]


def test_what_only_tells_changes_nothing(book: xw.Book, running: Running) -> None:
    before = content(book)
    book.sheets[0].range("AZ99").select()
    for button in (
        "historial",
        "diagnostico",
        "acerca_de",
        "guia",
        "consolidar",
        "aprobar",
        "modificaciones",
        "deshacer",
    ):
        running.press(book, button)
    assert content(book) == before
    assert steps(book) == ()
    assert "guia.html" in running.opened()[-1]


def test_where_units_stand_opens_beside_the_plan_and_splitting_waits_for_an_answer(
    running: Running, tmp_path: Path
) -> None:
    path = save(small(), tmp_path / "POA.xlsx")
    split_book(path, tmp_path / "enviados")
    book, before = running.open(path), sorted(tmp_path.rglob("*.xlsx"))
    running.press(book, "repartir")  # nobody says where to
    assert sorted(tmp_path.rglob("*.xlsx")) == before
    running.press(book, "estado_de_envios")
    listed = running.app.books["Estado de envíos de POA.xlsx"].sheets[0]
    assert [listed[cell].value for cell in ("A5", "B5")] == ["Adm Aduana Pisiga", "no envió"]


def test_only_red_rows_show_until_it_is_pressed_again(running: Running, tmp_path: Path) -> None:
    book = running.open(save(change(small(), "GRO1.1.1", target=Decimal(13)), tmp_path / "POA.xlsx"))
    lines = {str(row.code): row.line for row in open_plan(book).plan.rows if row.code}
    running.press(book, "solo_rojos")
    hidden = open_plan(book).grid.hidden
    assert lines["GRO1.1.2"] in hidden
    assert not {lines["GRO1"], lines["GRO1.1"], lines["GRO1.1.1"]} & hidden
    assert steps(book) == ("POA: Solo rojos",)
    running.press(book, "solo_rojos")
    assert not open_plan(book).grid.hidden


def test_the_year_is_reported_evaluated_and_told(running: Running, tmp_path: Path) -> None:
    path = save(small(), tmp_path / "POA.xlsx")
    done = CliRunner().invoke(main, ["track", str(path), "--until", "FEB"])
    assert done.exit_code in (0, 1), done.output
    book = running.open(path)
    running.press(book, "registrar")
    assert book.sheets.active.name == TRACKING
    assert book.selection is not None
    assert (book.selection.row, book.selection.column) == (TOP + 1, PLACES["executed_FEB"])
    running.press(book, "evaluar")
    assert "Hallazgos" in [sheet.name for sheet in book.sheets]
    running.press(book, "informe")
    assert {each.name for each in tmp_path.glob("informe*")} == {"informe_POA_FEB.xlsx", "informe_POA_FEB.docx"}
    before = content(book)
    running.press(book, "cerrar_trimestre")  # nobody says yes
    assert content(book) == before


def test_a_protected_sheet_is_left_alone(running: Running, tmp_path: Path) -> None:
    book = running.open(save(small(), tmp_path / "POA.xlsx"))
    book.sheets[0].api.protect("x")
    before = content(book)
    for button in ("verificar_metas", "semaforo", "quitar"):
        running.press(book, button)
    assert content(book) == before


def test_in_the_protected_workbook_of_a_unit_only_the_list_is_new(running: Running, tmp_path: Path) -> None:
    parts = split_book(save(small(), tmp_path / "POA.xlsx"), tmp_path / "unidades")
    book = running.open(parts[0].path)
    before = content(book)
    running.press(book, "verificar_metas")
    after = content(book)
    assert {name: after[name] for name in before} == before
    assert "Hallazgos" in after
    assert steps(book) == ("POA: Verificar metas",)


def test_a_workbook_that_takes_no_sheets_is_left_alone(running: Running, tmp_path: Path) -> None:
    book = running.open(save(small(), tmp_path / "POA.xlsx"))
    book.api.protect("x")
    before = content(book)
    running.press(book, "verificar_metas")
    assert content(book) == before
    running.press(book, "calcular_presupuesto")
    assert steps(book)[0] == "POA: Calcular presupuesto"


def test_a_failure_half_way_leaves_a_log_and_no_trace_in_the_workbook(running: Running, tmp_path: Path) -> None:
    book = running.open(save(small(), tmp_path / "POA.xlsx"))
    before = contents(book.sheets[0], 150, 41)
    # What would be kept for Deshacer has no place to be written to.
    kept = running.state / "deshacer"
    kept.mkdir(parents=True, exist_ok=True)
    away = kept.rename(running.state / "deshacer-aparte")
    kept.write_text("", "utf-8")
    running.press(book, "verificar_metas")
    kept.unlink()
    away.rename(kept)
    assert contents(book.sheets[0], 150, 41) == before
    assert [sheet.name for sheet in book.sheets] == ["POA 2020"]
    assert "Verificar metas" in running.log()
    assert "FileExistsError" in running.log()


def test_recognising_another_form_changes_nothing_and_writes_nothing_unasked(running: Running, tmp_path: Path) -> None:
    folder = tmp_path / "otra"
    folder.mkdir()
    form = draw(of(NUMBER, NAME, TARGET, months(), TOTAL), items(), "POA")
    book = running.open(saved(folder / "plan.xlsx", form.grid))
    before = content(book)
    # Without a window, the box that asks closes as if it were cancelled.
    running.press(book, "reconocer")
    assert (content(book), steps(book)) == (before, ())
    assert [each.name for each in folder.iterdir() if not each.name.startswith(".")] == ["plan.xlsx"]


def test_every_button_of_the_ribbon_was_pressed_here() -> None:
    text = Path(__file__).read_text("utf-8")
    assert [name for name in ribbon.BUTTONS if f'"{name}"' not in text] == []
