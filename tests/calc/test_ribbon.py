"""The buttons, pressed on workbooks that are open in a real spreadsheet program."""

import shutil
import webbrowser
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
import xlwings as xw

from poa_xl import ribbon as real
from poa_xl.actions.checking import check_file
from poa_xl.actions.load import load_one
from poa_xl.books import excel
from poa_xl.books.attached import AttachedBook
from poa_xl.books.book import FileBook
from poa_xl.books.live import address
from poa_xl.core.checks import check
from poa_xl.core.flags import State, flag, sentences
from poa_xl.core.plan import Plan
from poa_xl.sheet import control, looks
from poa_xl.sheet.areas import Area, Matrix
from poa_xl.sheet.listing import TOP
from poa_xl.sheet.prompts import is_our_prompt
from poa_xl.store.log import log_file
from tests.kinds import EVERY
from tests.layouts import FORMS, draw, items, saved
from tests.made import MADE, wrong
from tests.plans import edit, save, small
from tests.pressed import contents, grid, is_painted, live, open_plan, put, ribbon
from tests.running import Running
from tests.vba import python_line

Open = Callable[[Plan], xw.Book]


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the message boxes said; they are answered with OK, and those that ask for a text with what stands there."""
    from poa_xl.calc.engine import App  # noqa: PLC0415 - it needs UNO

    texts: list[str] = []

    def alert(_: App, prompt: str, *__: object) -> str:
        texts.append(prompt)
        return "ok"

    monkeypatch.setattr(App, "alert", alert)
    monkeypatch.setattr(App, "prompt", lambda _app, _question, _title, given: given)
    return texts


@pytest.fixture
def opened(running: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Open]:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))

    def open_(plan: Plan) -> xw.Book:
        return running.open(save(plan, tmp_path / "POA.xlsx"))

    yield open_
    for book in running.app.books:
        book.close()


def cells(book: xw.Book) -> dict[str, Matrix]:
    return {sheet.name: contents(sheet, 20, 40) for sheet in book.sheets}


def miss_another(book: xw.Book) -> None:
    """Type a target that its months miss, as a planner would."""
    plan = open_plan(book)
    row = next(row for row in plan.plan.rows if str(row.code) == "GRO1.1.2")
    book.sheets[plan.sheet].range((row.line, plan.layout.columns["target"])).value = 77


def fills(book: xw.Book) -> dict[str, list[object]]:
    return {
        sheet.name: [sheet.range((row, column)).color for row in range(1, 12) for column in range(1, 36)]
        for sheet in book.sheets
    }


def test_verifying_flags_the_plan_and_says_so(opened: Open, said: list[str]) -> None:
    book = opened(wrong())
    before = open_plan(book)
    ribbon.verificar_metas(book)
    after = open_plan(book)
    assert after.is_flagged
    assert [
        replace(row, origin=each.origin) for row, each in zip(after.plan.rows, before.plan.rows, strict=True)
    ] == list(before.plan.rows)
    state = {row.line: after.grid.get(row.line, after.layout.columns["target_state"]) for row in after.plan.rows}
    expected = {
        row.line: str(each.target) or None
        for row, each in zip(after.plan.rows, flag(after.plan, check(after.plan)), strict=True)
    }
    assert state == expected
    assert [sheet.name for sheet in book.sheets] == ["POA 2020", "Hallazgos"]
    assert said[0].startswith("3 en rojo y 0 avisos. Están en la hoja Hallazgos:\n")
    assert "los meses suman 12, la Meta es 13: faltan 1" in said[0]


def test_flags_follow_what_is_typed(opened: Open, said: list[str], running: Running, tmp_path: Path) -> None:
    book = opened(wrong())
    ribbon.verificar_metas(book)
    red, green = (looks.PAINT[state].fill for state in (State.RED, State.GREEN))
    shown = running.fills(book, tmp_path)
    assert red in shown
    assert green in shown
    plan = open_plan(book)
    row = next(row for row in plan.plan.rows if str(row.code) == "GRO1.1.1")
    state = book.sheets[plan.sheet].range((row.line, plan.layout.columns["target_state"]))
    assert state.value == "ROJO"
    book.sheets[plan.sheet].range((row.line, plan.layout.columns["target"])).value = 12
    assert state.value == "VERDE"
    assert running.fills(book, tmp_path).count(red) == shown.count(red) - 15
    assert len(said) == 1


def test_verifying_twice_changes_nothing(opened: Open, said: list[str]) -> None:
    book = opened(wrong())
    ribbon.verificar_metas(book)
    once = cells(book)
    ribbon.verificar_metas(book)
    assert cells(book) == once
    assert said[0] == said[1]
    found = open_plan(book)
    wanted = control.rules(found.columns(), found.first, found.last)
    assert len(book.sheets[found.sheet].range("A1:AH20").conditional_formats) == len(wanted)


def helped(book: xw.Book) -> dict[str, str]:
    """Where help is shown when a cell is selected, and its title."""
    page = book.sheets["POA 2020"].api
    cells = ((row, column) for row in range(14) for column in range(40))
    rules = {place: page.getCellByPosition(place[1], place[0]).Validation for place in cells}
    return {
        address(row + 1, column + 1): rule.InputTitle
        for (row, column), rule in rules.items()
        if is_our_prompt(rule.InputTitle)
    }


def test_a_flagged_cell_says_why_until_the_next_check(opened: Open) -> None:
    book = opened(wrong())
    ribbon.verificar_metas(book)
    found = open_plan(book)
    red = {str(row.code): row.line for row in found.plan.rows if row.code}
    state = found.columns()["state"]
    told = helped(book)
    assert {f"X{red['GRO1.1']}", f"{state}{red['GRO1.1']}"} <= {*told}
    assert all(title.startswith(("▲ ROJO · revisado ", "! AVISO · revisado ")) for title in told.values())
    book.sheets["POA 2020"].range((red["GRO1.1"], 24)).value = 300
    ribbon.verificar_metas(book)
    assert {*helped(book)} < {*told}
    assert not any(cell.endswith(str(red["GRO1.1"])) for cell in helped(book))
    ribbon.quitar(book)
    assert helped(book) == {}


def test_totals_are_written_as_formulas(opened: Open, said: list[str]) -> None:
    book = opened(wrong())
    ribbon.calcular_presupuesto(book)
    assert said == ["1 presupuestos de grupos cambiaron:\nGRO1.1: decía 999, ahora 300"]
    budgets = {str(row.code): row.budget for row in open_plan(book).plan.rows if row.code}
    assert (budgets["GRO1"], budgets["GRO1.1"], budgets["GRO1.2"]) == tuple(map(Decimal, (600, 300, 300)))
    ribbon.calcular_presupuesto(book)
    assert said[1] == "Los presupuestos de todos los grupos ya son la suma de sus filas."
    ribbon.deshacer(book)
    assert {str(row.code): row.budget for row in open_plan(book).plan.rows}["GRO1.1"] == 999


@pytest.mark.parametrize(
    "press",
    [
        (ribbon.verificar_metas,),
        (ribbon.calcular_presupuesto,),
        (ribbon.verificar_metas, ribbon.semaforo),
        (ribbon.verificar_metas, ribbon.quitar),
        (ribbon.verificar_metas, miss_another, ribbon.verificar_metas),
    ],
    ids=lambda press: press[-1].__name__,
)
def test_undoing_brings_back_what_the_last_button_changed(
    press: tuple[Callable[[xw.Book], None], ...], opened: Open, said: list[str]
) -> None:
    book = opened(wrong())
    for each in press[:-1]:
        each(book)
    before, colors, painted = cells(book), fills(book), is_painted(book)
    press[-1](book)
    ribbon.deshacer(book)
    assert said[-1].startswith("Se deshizo «")
    assert cells(book) == before
    assert fills(book) == colors
    assert is_painted(book) == painted
    ribbon.deshacer(book)
    assert said[-1] == "No hay nada que deshacer en POA.xlsx."


def test_undoing_is_refused_when_a_cell_was_edited_since(opened: Open, said: list[str]) -> None:
    book = opened(wrong())
    ribbon.calcular_presupuesto(book)
    plan = open_plan(book)
    row = next(row for row in plan.plan.rows if str(row.code) == "GRO1.1")
    cell = book.sheets[plan.sheet].range((row.line, plan.layout.columns["budget"]))
    cell.value = 301
    ribbon.deshacer(book)
    assert (
        said[-1]
        == f"POA 2020!X{row.line} se editó después de «Calcular presupuesto»; deshacer borraría ese cambio y no se hace."
    )
    assert cell.value == 301


def test_the_light_goes_off_and_on(opened: Open, said: list[str], running: Running, tmp_path: Path) -> None:
    book = opened(wrong())
    ribbon.semaforo(book)
    assert is_painted(book)
    assert looks.PAINT[State.RED].fill in running.fills(book, tmp_path)
    ribbon.semaforo(book)
    assert not is_painted(book)
    book.sheets["Hallazgos"].delete()
    assert looks.PAINT[State.RED].fill not in running.fills(book, tmp_path)
    assert open_plan(book).is_flagged
    ribbon.semaforo(book)
    assert is_painted(book)
    assert said == [
        "Semáforo encendido.",
        "Semáforo apagado. Las columnas de control siguen ahí.",
        "Semáforo encendido.",
    ]


def test_removing_leaves_the_plan_as_it_was(opened: Open, said: list[str]) -> None:
    book = opened(wrong())
    before = cells(book)
    ribbon.verificar_metas(book)
    ribbon.quitar(book)
    assert cells(book) == before
    assert not is_painted(book)
    assert said[-1] == "Se quitaron 11 columnas y hojas que poa-xl había agregado. Deshacer las trae."
    ribbon.quitar(book)
    assert said[-1] == "POA.xlsx: no tiene nada que poa-xl haya agregado."


def test_going_from_finding_to_finding(opened: Open, said: list[str]) -> None:
    book = opened(wrong())
    places = []
    for _ in range(4):
        ribbon.siguiente(book)
        assert book.selection is not None
        places.append(book.selection.address)
    ribbon.anterior(book)
    assert len(set(places)) == 3
    assert places[3] == places[0]
    assert book.selection is not None
    assert book.selection.address == places[2]
    assert said == []


def test_the_list_is_shown_and_made_when_missing(opened: Open, said: list[str]) -> None:
    book = opened(wrong())
    ribbon.lista(book)
    assert book.sheets.active.name == "Hallazgos"
    assert said == []


def test_selection_scroll_and_modes_stay(opened: Open, said: list[str]) -> None:
    book = opened(wrong())
    sheet = book.sheets[0]
    sheet["D9"].select()
    controller = book.api.getCurrentController()
    controller.setFirstVisibleRow(3)
    row = controller.getFirstVisibleRow()
    ribbon.verificar_metas(book)
    assert book.selection is not None
    assert (book.sheets.active.name, book.selection.address, controller.getFirstVisibleRow()) == (
        "POA 2020",
        "$D$9",
        row,
    )
    assert (book.app.screen_updating, book.app.calculation) == (True, "automatic")
    assert len(said) == 1


@pytest.mark.parametrize("where", ["paint", "draw"])
def test_a_failure_half_way_leaves_everything_as_it_was(
    where: str, opened: Open, said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    book = opened(wrong())
    before, colors = cells(book), fills(book)

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("se cayó")

    monkeypatch.setattr(AttachedBook, where, fail)
    ribbon.verificar_metas(book)
    assert cells(book) == before
    assert fills(book) == colors
    assert (book.app.screen_updating, book.app.calculation) == (True, "automatic")
    assert "No se perdió nada" in said[0]
    assert "RuntimeError: se cayó" in log_file().read_text("utf-8")


def test_a_workbook_that_is_no_plan_gets_a_sentence(running: Running, opened: Open, said: list[str]) -> None:
    assert opened is not None
    book = running.app.books.add()
    book.sheets[0]["A1"].value = "Hola"
    for press in (
        ribbon.verificar_metas,
        ribbon.calcular_presupuesto,
        ribbon.semaforo,
        ribbon.quitar,
        ribbon.siguiente,
        ribbon.lista,
    ):
        press(book)
    assert len(said) == 6
    assert all("ninguna hoja tiene los encabezados de un plan" in text for text in said)
    for press in (ribbon.repartir, ribbon.consolidar, ribbon.historial):
        press(book)
        assert "guardarlo primero" in said[-1]
    book.close()


def test_only_red_rows_show_in_one_step_that_calc_takes_back_too(opened: Open, said: list[str]) -> None:
    book = opened(wrong())
    ribbon.solo_rojos(book)
    only = open_plan(book).grid.hidden
    lines = {str(row.code): row.line for row in open_plan(book).plan.rows if row.code}
    assert only
    assert lines["GRO1.1"] not in only
    ribbon.solo_rojos(book)
    assert not open_plan(book).grid.hidden
    ribbon.deshacer(book)
    assert said[-1] == "Se deshizo «Solo rojos»."
    assert open_plan(book).grid.hidden == only
    ribbon.solo_rojos(book)
    assert not open_plan(book).grid.hidden
    book.api.UndoManager.undo()
    assert open_plan(book).grid.hidden == only


def test_the_office_splits_consolidates_and_takes_it_back(
    opened: Open, running: Running, said: list[str], tmp_path: Path
) -> None:
    book = opened(small())
    ribbon.consolidar(book)
    assert said[-1].startswith("No existe ")
    ribbon.repartir(book)
    assert said[-1].startswith("2 libros en ")
    ribbon.estado_de_envios(book)
    listed = running.app.books["Estado de envíos de POA.xlsx"]
    assert [listed.sheets[0][cell].value for cell in ("A5", "B5", "O5")] == [
        "Adm Aduana Pisiga",
        "no envió",
        "Escribir correo",
    ]
    assert listed.sheets[0]["O5"].hyperlink.startswith("mailto:?subject=POA%202020")
    listed.close()
    shutil.copytree(tmp_path / "enviados", tmp_path / "recibidos")
    unit = next((tmp_path / "recibidos").glob("*Legal*.xlsx"))
    edit(unit, ("GRO1.1.1", "name", "Operación mejor"))
    ribbon.consolidar(running.app.books["POA.xlsx"])
    assert "2 libros: " in said[-1]
    assert "0 por resolver" in said[-1]
    book = running.app.books["POA.xlsx"]
    assert "Operación mejor" in [row.name for row in open_plan(book).plan.rows]
    ribbon.historial(book)
    assert said[-1].startswith("Historia de POA.xlsx, lo último primero:\n1 · ")
    ribbon.deshacer(running.app.books["POA.xlsx"])
    assert said[-1] == "Se deshizo «Consolidar»."
    assert "Operación mejor" not in [row.name for row in open_plan(running.app.books["POA.xlsx"]).plan.rows]


def test_consolidating_opens_its_own_again_beside_another_of_the_same_name(
    opened: Open, running: Running, said: list[str], tmp_path: Path
) -> None:
    book = opened(small())
    ribbon.repartir(book)
    shutil.copytree(tmp_path / "enviados", tmp_path / "recibidos")
    other = save(small(), tmp_path / "otra" / "POA.xlsx")
    running.app.impl.books.open(str(other))
    ribbon.consolidar(book)
    assert "2 libros: " in said[-1]
    assert sorted(each.fullname for each in running.app.books) == sorted(map(str, (tmp_path / "POA.xlsx", other)))


def test_help_opens_and_tells(opened: Open, said: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    pages: list[str] = []
    monkeypatch.setattr(webbrowser, "open", pages.append)
    book = opened(small())
    ribbon.guia(book)
    ribbon.diagnostico(book)
    ribbon.acerca_de(book)
    assert "guia.html" in pages[0]
    assert "xlwings 0." in said[0]
    assert "LibreOffice Calc" in said[0]
    assert "BSD-3-Clause" in said[1]


def test_merged_units_are_read_for_every_row(opened: Open, said: list[str]) -> None:
    book = opened(small())
    plan = open_plan(book)
    rows = [row.line for row in plan.plan.rows if str(row.code) in ("GRO1.1.1", "GRO1.1.2")]
    column = plan.layout.columns["unit"]
    book.sheets[plan.sheet].range((rows[1], column)).value = None
    book.sheets[plan.sheet].range((rows[0], column), (rows[1], column)).merge()
    units = {str(row.code): row.unit for row in open_plan(book).plan.rows}
    assert (units["GRO1.1.1"], units["GRO1.1.2"]) == ("Unidad Legal", "Unidad Legal")
    assert said == []


PRESSED = {
    "calcular_presupuesto": "1 presupuestos de grupos cambiaron",
    "verificar_metas": "3 en rojo",
    "nueva_operacion": "Elegir primero",
    "nueva_partida": "Elegir primero",
    "repartir_meta": "Elegir primero",
    "semaforo": "Semáforo encendido",
    "quitar": "POA.xlsx: no tiene nada",
    "reconocer": "Los encabezados son los del formulario de la aduana",
    "solo_rojos": "",
    "anterior": "",
    "siguiente": "",
    "lista": "",
    "registrar": "POA.xlsx no tiene la hoja Seguimiento.",
    "evaluar": "POA.xlsx: no tiene la hoja Seguimiento",
    "cerrar_trimestre": "POA.xlsx: no tiene la hoja Seguimiento",
    "informe": "POA.xlsx: no tiene la hoja Seguimiento",
    "repartir": "2 libros en",
    "consolidar": "No existe",
    "estado_de_envios": "2 de 2 unidades tienen algo pendiente (no envió: 2).",
    "aprobar": "El plan quedó como versión «Aprobado»",
    "modificaciones": "POA.xlsx: todavía no tiene",
    "historial": "POA.xlsx: todavía no tiene consolidaciones.",
    "deshacer": "No hay nada que deshacer",
    "guia": "",
    "diagnostico": "poa-xl ",
    "acerca_de": "poa-xl ",
}


@pytest.mark.parametrize("name", real.BUTTONS)
def test_what_vba_hands_to_python_runs_on_the_open_workbook(
    name: str, opened: Open, said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webbrowser, "open", lambda _: True)
    book = opened(wrong())
    # Where Excel would say which workbook called.
    monkeypatch.setattr(excel, "caller", lambda: live(book))
    exec(compile(python_line(name), "<ribbon>", "exec"), {})  # noqa: S102 - what Excel hands to Python
    # Some ask before they do it.
    assert (said[-1] if said else "").startswith(PRESSED[name]), said
    assert bool(said) == bool(PRESSED[name]), said


def test_what_a_planner_typed_is_never_run_as_a_formula(opened: Open, said: list[str]) -> None:
    book = opened(small())
    plan = open_plan(book)
    cell = book.sheets[plan.sheet].range((plan.plan.rows[2].line, plan.layout.columns["target"]))
    cell.value = "'=1+1"
    ribbon.verificar_metas(book)
    ribbon.verificar_metas(book)
    listed = grid(book, "Hallazgos")
    assert "=1+1" in [listed.get(line, 6) for line in range(5, 9)]
    assert "«=1+1» no es un número" in said[0]
    before = cells(book)
    ribbon.quitar(book)
    ribbon.deshacer(book)
    assert cells(book) == before


def test_of_two_plans_the_active_one_is_meant_and_the_right_one_restored(opened: Open, said: list[str]) -> None:
    book = opened(wrong())
    first = book.sheets[0]
    second = book.sheets.add("Otro", after=first)
    put(book, Area("Otro", 1, 1, contents(first, 14, 24)))
    first.activate()
    before = cells(book)
    ribbon.calcular_presupuesto(book)
    second.activate()
    ribbon.deshacer(book)
    assert said[-1] == "Se deshizo «Calcular presupuesto»."
    assert cells(book) == before
    book.sheets.add("Notas", after=second).activate()
    ribbon.verificar_metas(book)
    assert said[-1] == "Hay más de una hoja con un plan: «POA 2020», «Otro»; ir a la que se quiere y repetir."


# `tests/fronts/test_excel.py` presses it on every workbook; here are those that Calc may take for something else. A
# truth value in a cell with a number format is the number 1 to Calc, and nothing tells it from one.
KINDS = (
    *(f"made: {name}" for name in MADE),
    *(
        f"odd: {name}"
        for name in (
            "hours",
            "an amount as hours",
            "an amount as a date",
            "shares",
            "texts for amounts",
            "days with hours",
            "a total with a partida",
            "a table with a totals row",
            "a merged code",
        )
    ),
    "form: two heading rows, merged",
    "settings: rules",
    "two plans",
)


@pytest.mark.parametrize("make", [EVERY[name] for name in KINDS], ids=KINDS)
def test_a_button_finds_what_the_command_finds(
    make: Callable[[Path], Path], running: Running, said: list[str], tmp_path: Path
) -> None:
    path = make(tmp_path)
    with running.speaking("es-BO"):
        book = running.open(path)
        opened = open_plan(book)
        found = [(each.where.cell, sentences(each.finding.message)) for each in check_file(path, opened.sheet).findings]
        ribbon.verificar_metas(book)
        listed = grid(book, "Hallazgos")
    lines = [cells for line, cells in sorted(listed.cells.items()) if line > TOP]
    assert [(cells[2], cells[7]) for cells in lines] == found
    assert "error del programa" not in said[-1]


def test_painted_months_are_seen_in_the_open_workbook(running: Running, tmp_path: Path, said: list[str]) -> None:
    path = saved(tmp_path / "pintado.xlsx", draw(FORMS["painted months"], items(), "POA").grid)
    book = running.open(path)
    rows = open_plan(book).plan.rows
    assert [row.months for row in rows] == [row.months for row in load_one(FileBook(path)).plan.rows]
    assert all(row.marked for row in rows)
    assert said == []
    book.close()
