"""The buttons, pressed in a stand-in for Excel on Windows and on macOS."""

import logging
import shutil
import tomllib
from collections.abc import Callable, Sequence
from pathlib import Path
from types import SimpleNamespace

import pytest
import xlwings as xw
from openpyxl.styles import Protection

from poa_xl import ribbon
from poa_xl.actions import pressing, recorder
from poa_xl.actions.checking import check_file
from poa_xl.actions.splitting import split_book
from poa_xl.books import excel
from poa_xl.books.attached import AttachedBook
from poa_xl.books.live import Box
from poa_xl.button import said_of
from poa_xl.core.checks import check
from poa_xl.core.flags import State, flag, sentences
from poa_xl.core.plan import Kind, Plan
from poa_xl.core.values import Flaw, Invalid
from poa_xl.sheet.areas import Area
from poa_xl.sheet.headers import CONTROL
from poa_xl.sheet.listing import TOP
from poa_xl.sheet.spec import Prompt
from poa_xl.sheet.tracking_columns import PLACES
from poa_xl.sheet.tracking_read import CUTOFF, TRACKING
from poa_xl.store.log import log_file
from tests import layouts
from tests.excel import SPILL, App, Apple, Book, Com, excel_book
from tests.kinds import EVERY
from tests.layouts import NAME, NUMBER, TARGET, TOTAL, Column, draw, items, months, of, saved
from tests.made import MADE, wrong
from tests.plans import edit, save, small

CLOUD = "https://d.docs.live.net/0123/Documentos/POA.xlsx"
Open = Callable[..., tuple[AttachedBook, Book, App]]


@pytest.fixture(params=[Com, Apple], ids=["windows", "macos"])
def opened(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Open:
    """Return a function that opens a plan, or a file, in the stand-in."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))

    def open_(given: Plan | Path, address: str = "") -> tuple[AttachedBook, Book, App]:
        path = given if isinstance(given, Path) else save(given, tmp_path / "POA.xlsx")
        made = excel_book(path, request.param, address)
        monkeypatch.setattr(xw.engines, "active", xw.Engine(impl=made[2].engine))
        return made

    return open_


def held(book: AttachedBook) -> dict[str, object]:
    return {name: book.contents(name) for name in book.sheets}


def test_a_day_with_the_buttons(opened: Open) -> None:
    live, _, app = opened(wrong())
    before = held(live)
    ribbon.verificar_metas(live)
    assert app.said[-1].startswith("3 en rojo y 0 avisos. Están en la hoja Hallazgos:\n")
    assert live.sheets == ["POA 2020", "Hallazgos"]
    assert (live.active, live.selected) == ("POA 2020", (1, 1, 1, 1))
    flagged = pressing.open_plan(live)
    assert flagged.is_flagged
    assert recorder.is_painted(live, flagged)
    verified = held(live)
    ribbon.verificar_metas(live)
    assert held(live) == verified
    ribbon.semaforo(live)
    assert not recorder.is_painted(live, pressing.open_plan(live))
    ribbon.deshacer(live)
    assert recorder.is_painted(live, pressing.open_plan(live))
    ribbon.calcular_presupuesto(live)
    assert "GRO1.1: decía 999, ahora 300" in app.said[-1]
    ribbon.deshacer(live)
    assert held(live) == verified
    ribbon.quitar(live)
    # The columns stay a little wider than they were; what they hold is gone.
    assert {name: strip(area) for name, area in held(live).items()} == {n: strip(a) for n, a in before.items()}
    assert app.window == {"ScrollRow": 3, "ScrollColumn": 2}
    assert (app.screen_updating, app.calculation, app.bar[-1]) == (True, "automatic", False)
    assert not log_file().exists() or "Traceback" not in log_file().read_text("utf-8")


def strip(area: object) -> list[list[object]]:
    rows = [list(row) for row in area.contents]  # type: ignore[attr-defined]
    for row in rows:
        while row and row[-1] in (None, ""):
            row.pop()
    return rows


def test_other_sheets_that_look_like_a_plan_are_named(opened: Open, tmp_path: Path) -> None:
    live, _, app = opened(MADE["hidden"](tmp_path))
    ribbon.verificar_metas(live)
    assert app.said[-1].endswith("\nNo se revisó: la hoja «Copia» también parece un plan")


def test_excel_shows_states_by_more_than_colour(opened: Open) -> None:
    live, book, _ = opened(wrong())
    ribbon.verificar_metas(live)
    assert {look.NumberFormat for look in book.looks.values()} == {"General", '"▲ "@', '"! "@', '"✓ "@', '"? "@'}
    assert {look.Borders.LineStyle for look in book.looks.values()} == {0, 1, -4115, -4118}
    red = next(look for look in book.looks.values() if look.Borders.LineStyle == 1)
    # Excel counts colours with red in the lowest byte.
    assert red.Borders.Color == 0x06009C


def test_going_through_findings(opened: Open) -> None:
    live, book, app = opened(wrong())
    cells = []
    for number in range(4):
        ribbon.siguiente(live)
        cells.append(live.selected)
        assert str(app.bar[-1]).startswith(f"{number % 3 + 1} de 3 · ")
    assert "los meses suman 12, la Meta es 13: faltan 1" in str(app.bar)
    assert app.said == []
    assert len({*cells}) == 3
    assert cells[0] == cells[3]
    ribbon.anterior(live)
    assert live.selected == cells[2]
    book.area = None
    ribbon.siguiente(live)
    assert live.selected == cells[0]


@pytest.mark.parametrize(
    ("selected", "expected"),
    [
        ("H7", [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2]),
        ("L7:O7", [0, 0, 3, 3, 3, 4, 0, 0, 0, 0, 0, 0]),
        ("B7:X7", [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2]),
    ],
)
def test_a_target_is_spread_over_months_and_taken_back(selected: str, expected: list[int], opened: Open) -> None:
    live, book, app = opened(wrong())
    before = held(live)
    row = next(row for row in pressing.open_plan(live).plan.rows if str(row.code) == "GRO1.1.1")
    book.current = "POA 2020"
    book.area = selected.replace("7", str(row.line))
    fill = book.held["POA 2020"].cell(row.line, 10).fill.fgColor.rgb
    ribbon.repartir_meta(live)
    assert app.said[-1].startswith("Se repartieron 1 Metas.")
    assert f"GRO1.1.1: 13 en {sum(map(bool, expected))} meses, como Acumulada" in app.said[-1]
    after = next(row for row in pressing.open_plan(live).plan.rows if str(row.code) == "GRO1.1.1")
    assert list(after.months) == expected
    ribbon.deshacer(live)
    assert held(live) == before
    assert book.held["POA 2020"].cell(row.line, 10).fill.fgColor.rgb == fill


def test_what_cannot_be_spread_is_said(opened: Open, tmp_path: Path) -> None:
    live, book, app = opened(MADE["percent"](tmp_path))
    before = held(live)
    row = next(row for row in pressing.open_plan(live).plan.rows if str(row.code) == "GRO1.1.1")
    for area, said in (
        ("B1", "Elegir primero una celda en la fila de una operación que tenga Meta"),
        (f"H{row.line}", "están en porcentaje; repartirla a mano"),
        (None, "Elegir primero una celda"),
    ):
        book.area = area
        ribbon.repartir_meta(live)
        assert said in app.said[-1]
    other = next(row for row in pressing.open_plan(live).plan.rows if str(row.code) == "GRO1.1.2")
    book.area = f"H{other.line}"
    book.held["POA 2020"].protection.sheet = True
    for locked, said in (({12}, "está protegida"), ({9, 22}, "Se repartieron 1 Metas.")):
        for column in range(9, 23):
            book.held["POA 2020"].cell(other.line, column).protection = Protection(locked=column in locked)
        assert held(live) == before
        ribbon.repartir_meta(live)
        assert said in app.said[-1]


def test_a_protected_sheet_and_a_protected_workbook_are_left_alone(opened: Open) -> None:
    live, book, app = opened(wrong())
    before = held(live)
    book.held["POA 2020"].protection.sheet = True
    ribbon.verificar_metas(live)
    assert "está protegida" in app.said[-1]
    book.held["POA 2020"].protection.sheet = False
    book.structure = True
    ribbon.verificar_metas(live)
    assert "protegido contra hojas nuevas" in app.said[-1]
    assert held(live) == before


SENTENCES = {
    "verificar_metas": "3 en rojo",
    "calcular_presupuesto": "1 presupuestos",
    "nueva_operacion": "Elegir primero",
    "nueva_partida": "Elegir primero",
    "repartir_meta": "Elegir primero",
    "semaforo": "Semáforo encendido",
    "quitar": "no tiene nada",
    "reconocer": "formulario de la aduana",
    "solo_rojos": "",
    "anterior": "",
    "siguiente": "",
    "lista": "",
    "registrar": "está en OneDrive o SharePoint",
    "evaluar": "el botón Registrar la pone",
    "cerrar_trimestre": "está en OneDrive o SharePoint",
    "informe": "está en OneDrive o SharePoint",
    "repartir": "está en OneDrive o SharePoint",
    "consolidar": "está en OneDrive o SharePoint",
    "estado_de_envios": "está en OneDrive o SharePoint",
    "aprobar": "está en OneDrive o SharePoint",
    "modificaciones": "está en OneDrive o SharePoint",
    "historial": "está en OneDrive o SharePoint",
    "deshacer": "No hay nada que deshacer",
    "guia": "",
    "diagnostico": CLOUD,
    "acerca_de": "poa-xl",
}


@pytest.mark.parametrize("name", ribbon.BUTTONS)
def test_in_a_cloud_every_button_works_or_says_what_to_do(
    name: str, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webbrowser.open", lambda _: True)
    live, _, app = opened(wrong(), CLOUD)
    ribbon.BUTTONS[name](live)
    assert [SENTENCES[name] in text for text in app.said] == [True] * bool(SENTENCES[name])
    assert "error del programa" not in "".join(app.said)


OFFICE = [name for name, each in ribbon.BUTTONS.items() if each.of_office]


def test_the_office_s_buttons_are_those_that_need_all_units() -> None:
    assert OFFICE == [
        "cerrar_trimestre",
        "repartir",
        "consolidar",
        "estado_de_envios",
        "aprobar",
        "modificaciones",
        "historial",
    ]


@pytest.mark.parametrize("name", OFFICE)
def test_the_office_s_buttons_do_nothing_in_the_workbook_of_a_unit(name: str, opened: Open, tmp_path: Path) -> None:
    split_book(save(small(), tmp_path / "maestro.xlsx"), tmp_path / "u")
    live, _, app = opened(tmp_path / "u" / "Unidad Legal.xlsx")
    before, files = held(live), sorted(tmp_path.rglob("*.xlsx"))
    ribbon.BUTTONS[name](live)
    assert len(app.said) == 1
    assert app.said[0].startswith("Este libro es de Unidad Legal, y «")
    assert (held(live), sorted(tmp_path.rglob("*.xlsx"))) == (before, files)


def test_what_was_done_in_a_cloud_is_undone_there(opened: Open) -> None:
    live, _, app = opened(wrong(), CLOUD)
    before = held(live)
    ribbon.verificar_metas(live)
    ribbon.deshacer(live)
    assert app.said[-1] == "Se deshizo «Verificar metas»."
    assert {name: strip(area) for name, area in held(live).items()} == {n: strip(a) for n, a in before.items()}


def test_the_office_s_buttons_ask_before_they_close_the_workbook(opened: Open, tmp_path: Path) -> None:
    live, book, app = opened(small())
    ribbon.repartir(live)
    assert app.said[-1].startswith("2 libros en ")
    (tmp_path / "recibidos").mkdir(exist_ok=True)
    (answer, *_) = (tmp_path / "enviados").glob("*.xlsx")
    (tmp_path / "recibidos" / answer.name).write_bytes(answer.read_bytes())
    app.answer = "cancel"
    ribbon.consolidar(live)
    assert book in app.open_books
    app.answer = "ok"
    ribbon.consolidar(live)
    assert "filas tomadas" in app.said[-1]
    assert book not in app.open_books
    assert [each.fullname for each in app.open_books] == [str(tmp_path / "POA.xlsx")]
    assert "Cambios" in live.sheets


def test_the_office_s_buttons_do_with_a_sheet_for_each_unit_what_the_commands_do(opened: Open, tmp_path: Path) -> None:
    form = layouts.of(layouts.NUMBER, layouts.NAME, layouts.MEASURE, layouts.TARGET, layouts.months())
    plan = layouts.items()
    grids = [layouts.draw(form, plan[7 * k : 7 * k + 7], name).grid for k, name in enumerate(("Salud", "Obras"))]
    live, _, app = opened(layouts.saved(tmp_path / "POA.xlsx", *grids))
    ribbon.repartir(live)
    assert app.said[-1].startswith("2 libros en ")
    (tmp_path / "enviados").rename(tmp_path / "recibidos")
    ribbon.consolidar(live)
    assert app.said[-1].startswith("2 libros: 14 filas tomadas de 14 leídas; 0 por resolver")


def test_the_list_comes_onto_paper_as_from_a_command(opened: Open) -> None:
    live, book, app = opened(wrong())
    ribbon.verificar_metas(live)
    if app.system is Apple:
        assert not book.pages
        return
    page = book.pages["Hallazgos"]
    assert (page.PaperSize, page.Orientation, page.Zoom, page.FitToPagesWide) == (14, 2, False, 1)
    assert (page.PrintTitleRows, page.PrintTitleColumns) == ("$4:$4", "")
    assert (page.LeftFooter, page.RightFooter) == ("&8 &F · &A", "&8 Página &P de &N")
    assert page.CenterFooter.startswith("&8 Revisado")


def test_columns_have_names_until_they_are_taken_out(opened: Open) -> None:
    live, book, _ = opened(wrong())
    book.names.add("POA_metas", "='POA 2020'!$AZ$1:$AZ$9")
    before = dict(live.names)
    ribbon.verificar_metas(live)
    last = pressing.open_plan(live).last
    given = dict(live.names)
    assert given["POA_codigos"] == f"'POA 2020'!$B$5:$B${last}"
    assert given["POA_meses"] == f"'POA 2020'!$J$5:$U${last}"
    assert given["POA_metas"] == before["POA_metas"], "somebody's own"
    # Of a name that does not reach all rows, as after rows at the end, the rest is put right.
    book.names("POA_codigos").refers_to = "='POA 2020'!$B$5:$B$7"
    ribbon.verificar_metas(live)
    assert dict(live.names) == given
    ribbon.deshacer(live)
    assert live.names["POA_codigos"] == "'POA 2020'!$B$5:$B$7"
    ribbon.verificar_metas(live)
    ribbon.quitar(live)
    assert dict(live.names) == before
    ribbon.deshacer(live)
    assert dict(live.names) == given


@pytest.mark.parametrize("former", ["", "A4:X12"])
def test_filter_arrows_reach_over_the_control_columns_until_these_are_taken_out(
    opened: Open, former: str, tmp_path: Path
) -> None:
    live, _, app = opened(wrong())
    live.filter("POA 2020", former)
    ribbon.verificar_metas(live)
    over = f"A4:{pressing.open_plan(live).columns()['reason']}12" if app.system is Com else ""
    former = former if app.system is Com else ""
    assert live.arrows("POA 2020") == over
    ribbon.deshacer(live)
    assert live.arrows("POA 2020") == former
    ribbon.verificar_metas(live)
    live.filter("POA 2020", "")
    ribbon.verificar_metas(live)
    assert live.arrows("POA 2020") == "", "somebody took them away"
    live.filter("POA 2020", over)
    ribbon.quitar(live)
    assert live.arrows("POA 2020") == former
    ribbon.deshacer(live)
    assert live.arrows("POA 2020") == over
    for kept in (tmp_path / "state").rglob("*.flechas.json"):
        kept.unlink()
    ribbon.quitar(live)
    assert live.arrows("POA 2020") == ("A4:X12" if over else ""), "nobody knows what there was"


def test_filter_arrows_over_other_rows_stay_as_they_are(opened: Open) -> None:
    live, _, app = opened(wrong())
    live.filter("POA 2020", "A5:X9")
    ribbon.verificar_metas(live)
    ribbon.quitar(live)
    assert live.arrows("POA 2020") == ("A5:X9" if app.system is Com else "")


def test_splitting_asks_where_to_and_for_whom(opened: Open, tmp_path: Path) -> None:
    live, _, app = opened(small())
    for written in ([None], [str(tmp_path / "a"), None], [str(tmp_path / "a"), "3"], [str(tmp_path / "a"), "uno"]):
        app.written = [*written]
        ribbon.repartir(live)
        assert not (tmp_path / "a").exists()
    assert app.said[-1] == "«uno» no está en la lista (1, 2): no se hizo nada."
    app.written = [str(tmp_path / "a"), "1"]
    ribbon.repartir(live)
    where, whom, done = app.said[-3:]
    assert where == "POA · Repartir: ¿En qué carpeta?"
    assert "1 · Unidad Legal (operaciones: 2)\n2 · Adm Aduana Pisiga (operaciones: 1)\n" in whom
    assert done.startswith(f"1 libros en {tmp_path / 'a'}:\nUnidad Legal.xlsx")
    assert [each.name for each in (tmp_path / "a").iterdir()] == ["Unidad Legal.xlsx"]
    # Where Excel has no box for a text, what stands in it is proposed.
    app.refuses = ("input_box",)
    ribbon.repartir(live)
    assert app.said[-1].startswith(f"2 libros en {tmp_path / 'enviados'}:")


def test_a_question_longer_than_the_box_of_excel_is_said_before_it(opened: Open) -> None:
    live, _, app = opened(small())
    assert live.prompt("\n".join(["x" * 300, "¿Cuál?"]), "POA", "1") == "1"
    assert app.said == ["x" * 300, "POA: ¿Cuál?"]


def test_consolidating_asks_from_where_and_not_again_where_it_is_decided(opened: Open, tmp_path: Path) -> None:
    live, _, app = opened(small())
    ribbon.repartir(live)
    shutil.copytree(tmp_path / "enviados", tmp_path / "otra")
    app.written = [None]
    ribbon.consolidar(live)
    assert app.said[-1].startswith("POA · Consolidar: ¿En qué carpeta")
    app.written = [str(tmp_path / "no está")]
    ribbon.consolidar(live)
    assert app.said[-1].startswith("No existe ")
    app.written = [f"{tmp_path / 'otra' / 'Unidad Legal.xlsx'}; {tmp_path / 'otra' / 'Adm Aduana Pisiga.xlsx'}"]
    ribbon.consolidar(live)
    assert app.said[-1].startswith("2 libros: ")
    live.select("Cambios")
    count = len(app.said)
    ribbon.consolidar(live)
    assert not [text for text in app.said[count:] if "¿En qué carpeta" in text]
    assert app.said[-1].startswith("2 libros: ")


def test_steps_of_the_history_are_taken_back_down_to_the_one_that_is_chosen(opened: Open, tmp_path: Path) -> None:
    live, _, app = opened(small())
    ribbon.repartir(live)
    shutil.copytree(tmp_path / "enviados", tmp_path / "recibidos")
    for number, code in enumerate(("GRO1.1.1", "GRO1.2.1", "GRO1.1.1")):
        edit(tmp_path / "recibidos" / "Unidad Legal.xlsx", (code, "owner", f"Persona {number}"))
        ribbon.consolidar(live)
    owners = {str(row.code): row.owner for row in pressing.open_plan(live).plan.rows}
    assert (owners["GRO1.1.1"], owners["GRO1.2.1"]) == ("Persona 2", "Persona 1")
    app.written = ["9"]
    ribbon.deshacer(live)
    assert app.said[-1] == "«9» no está en la lista (3, 2, 1): no se hizo nada."
    app.written = ["2"]
    ribbon.deshacer(live)
    asked, question, done = app.said[-3:]
    assert "¿Hasta qué paso?" in asked
    assert "Persona 2" in question
    assert "Persona 1" in question
    assert done == "Se deshizo: la consolidación 3, la consolidación 2."
    # Further back nothing is left of the last button: the history is asked.
    ribbon.deshacer(live)
    assert app.said[-1] == "Se deshizo: la consolidación 1."
    owners = {str(row.code): row.owner for row in pressing.open_plan(live).plan.rows}
    assert not {"Persona 0", "Persona 1", "Persona 2"} & {*owners.values()}
    ribbon.deshacer(live)
    assert "No hay nada que deshacer" in app.said[-1]


def test_where_units_stand_opens_as_a_workbook_of_its_own(opened: Open, tmp_path: Path) -> None:
    live, book, app = opened(small())
    ribbon.repartir(live)
    before = held(live)
    ribbon.estado_de_envios(live)
    output = tmp_path / "Estado de envíos de POA.xlsx"
    assert [each.fullname for each in app.open_books] == [book.fullname, str(output)]
    assert "2 de 2 unidades tienen algo pendiente (no envió: 2)." in app.said[-1]
    assert output.name in app.said[-1]
    assert held(live) == before


def hidden(live: AttachedBook) -> set[int]:
    return {*pressing.open_plan(live).grid.hidden}


def test_only_red_rows_show_with_what_stands_above_them(opened: Open) -> None:
    live, book, app = opened(wrong())
    plan = pressing.open_plan(live)
    lines = {str(row.code): row.line for row in plan.plan.rows if row.code}
    own = lines["GRO1.1.2"]
    book.sheets("POA 2020").held.row_dimensions[own].hidden = True
    ribbon.solo_rojos(live)
    red = {
        row.line
        for row, each in zip(plan.plan.rows, flag(plan.plan, check(plan.plan)), strict=True)
        if each.state is State.RED
    }
    seen = {*range(plan.first, plan.last + 1)} - hidden(live)
    assert red - {own} <= seen
    assert lines["GRO1.1"] in seen
    assert hidden(live) > {own}
    assert str(app.bar[-1]).startswith(f"{len(red)} filas en rojo")
    only = hidden(live)
    ribbon.solo_rojos(live)
    assert hidden(live) == {own}
    assert app.bar[-1] == "Se ven todas las filas."
    ribbon.deshacer(live)
    assert hidden(live) == only
    ribbon.solo_rojos(live)
    assert hidden(live) == {own}
    ribbon.solo_rojos(live)
    assert hidden(live) == only
    ribbon.deshacer(live)
    assert hidden(live) == {own}


def test_nothing_is_hidden_where_nothing_is_red_and_shown_where_somebody_else_hid_it(
    opened: Open, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    live, _, app = opened(small())
    ribbon.solo_rojos(live)
    assert hidden(live) == set()
    assert app.bar[-1] == "Nada en rojo: se ven todas las filas."
    live, _, app = opened(wrong())
    ribbon.solo_rojos(live)
    assert hidden(live)
    # Another machine knows nothing of it.
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "another"))
    ribbon.solo_rojos(live)
    assert hidden(live) == set()


def test_the_history_says_who_changed_what_and_undoing_what_it_takes_along(opened: Open, tmp_path: Path) -> None:
    live, _, app = opened(small())
    ribbon.repartir(live)
    shutil.copytree(tmp_path / "enviados", tmp_path / "recibidos")
    for number, code in enumerate(("GRO1.1.1", "GRO1.2.1")):
        edit(tmp_path / "recibidos" / "Unidad Legal.xlsx", (code, "owner", f"Persona {number}"))
    ribbon.consolidar(live)
    live.select("POA 2020", (1, 1))
    ribbon.historial(live)
    said = app.said[-1]
    assert said.startswith("Historia de ")
    assert "vigente · consolidación · 2 cambios: Unidad Legal (2)" in said.splitlines()[1]
    assert "Últimos cambios:" in said
    assert "GRO1.1.1 · Responsable: «" in said
    assert "» → «Persona 0» (Unidad Legal" in said
    plan = pressing.open_plan(live)
    first = next(row.line for row in plan.plan.rows if str(row.code) == "GRO1.1.1")
    assert live.selected is not None
    assert live.selected[:2] == (first, plan.layout.columns["owner"])
    line = next(row.line for row in pressing.open_plan(live).plan.rows if str(row.code) == "GRO1.2.1")
    live.select("POA 2020", (line, 4))
    ribbon.historial(live)
    said = app.said[-1]
    assert "Cambios de GRO1.2.1:" in said
    assert "Persona 1" in said
    assert "Persona 0" not in said
    app.answer = "cancel"
    ribbon.deshacer(live)
    asked = app.said[-1]
    assert asked.startswith("Se pierde lo que trajo:\n")
    assert "Persona 0" in asked
    assert "Persona 1" in asked
    assert asked.endswith("¿Seguir?")


def test_a_plan_is_approved_modified_and_taken_back_by_button(opened: Open, tmp_path: Path) -> None:
    live, _, app = opened(small())
    ribbon.modificaciones(live)
    assert "ninguna versión aprobada" in app.said[-1] or "no tiene consolidaciones" in app.said[-1]
    live.select("POA 2020", (40, 40))
    ribbon.aprobar(live)
    assert "Elegir primero la celda que dice la resolución" in app.said[-1]
    live.put(Area("POA 2020", 40, 40, [["RA-PE 01-024-20"]]))
    app.answer = "cancel"
    ribbon.aprobar(live)
    assert "Versiones" not in live.sheets
    app.answer = "ok"
    ribbon.aprobar(live)
    assert app.said[-1].startswith("El plan quedó como versión «Aprobado»")
    assert "Versiones" in live.sheets
    app.answer = "cancel"
    ribbon.modificaciones(live)
    assert "Modificaciones" not in live.sheets
    app.answer = "ok"
    ribbon.modificaciones(live)
    assert app.said[-1] == "Cambios respecto de la versión «Aprobado»: 0. Están en la hoja Modificaciones."
    assert "Modificaciones" in live.sheets
    ribbon.historial(live)
    steps = app.said[-1].splitlines()[1:3]
    assert "· vigente · modificaciones" in steps[0]
    assert "· vigente · Aprobado · RA-PE 01-024-20" in steps[1]
    edit(tmp_path / "POA.xlsx", ("GRO1.1.1", "owner", "Otra persona"))
    ribbon.deshacer(live)
    assert "Se pierde lo que se escribió después, y queda en respaldos:" in app.said[-2]
    assert "→ Otra persona" in app.said[-2]
    assert "volverá a lo de antes de la lista de modificaciones 2. ¿Seguir?" in app.said[-2]
    assert app.said[-1] == "Se deshizo «Modificaciones»."
    assert "Modificaciones" not in live.sheets


def test_a_quarter_is_reported_evaluated_closed_and_told_by_button(opened: Open, tmp_path: Path) -> None:
    live, _, app = opened(small())
    app.answer = "cancel"
    ribbon.registrar(live)
    assert TRACKING not in live.sheets
    app.answer = "ok"
    ribbon.registrar(live)
    assert app.said[-1].startswith("POA.xlsx no tiene la hoja Seguimiento.")
    assert live.active == TRACKING
    executed = PLACES["executed_ENE"]
    assert live.selected == (5, executed) * 2
    # Somebody types two months and chooses the cut-off; who stands in a row of the plan is taken to its report.
    live.put(Area(TRACKING, 5, executed, [[1.0, 0.5], [1.0, 1.0]]))
    live.put(Area(TRACKING, *CUTOFF, [["FEB"]]))
    line = pressing.open_plan(live).plan.rows[3].line
    live.select("POA 2020", (line, 1))
    ribbon.registrar(live)
    operations = [row.line for row in pressing.open_plan(live).plan.rows if row.kind is Kind.OPERATION]
    assert (live.active, live.selected) == (TRACKING, (TOP + 1 + operations.index(line), executed + 1) * 2)
    ribbon.evaluar(live)
    assert app.said[-1].startswith("Hasta FEB: avance físico ")
    assert "en la hoja Hallazgos" in app.said[-1]
    assert "seguimiento-verificacion" in str(live.contents("Hallazgos").contents)
    ribbon.deshacer(live)
    assert "Hallazgos" not in live.sheets or "seguimiento-verificacion" not in str(live.contents("Hallazgos").contents)
    ribbon.informe(live)
    assert app.said[-1].endswith("informe_POA_FEB.docx.")
    assert {each.name for each in tmp_path.glob("informe*")} == {"informe_POA_FEB.xlsx", "informe_POA_FEB.docx"}
    ribbon.cerrar_trimestre(live)
    assert app.said[-1].startswith("Trimestres cerrados: T1.")
    assert live.contents(TRACKING, Box(1, 3, 1, 3)).contents == [["Cerrado: T1"]]
    ribbon.deshacer(live)
    assert app.said[-1] == "Se deshizo «Cerrar trimestre»."
    assert live.contents(TRACKING, Box(1, 3, 1, 3)).contents == [[None]]


@pytest.mark.parametrize("answer", ["cancel", "ok"])
def test_what_was_typed_beside_the_plan_goes_only_where_that_is_said(opened: Open, answer: str) -> None:
    live, _, app = opened(small())
    ribbon.registrar(live)
    live.select("POA 2020", (40, 40))
    live.put(Area("POA 2020", 40, 40, [["RA 1"]]))
    ribbon.aprobar(live)
    executed = PLACES["executed_ENE"]
    live.put(Area(TRACKING, 5, executed, [[1.5]]))
    before = held(live)
    app.answer = answer
    ribbon.quitar(live)
    assert "1 filas" in app.said[-2]
    assert {"Versiones", "Hallazgos"}.isdisjoint(live.sheets)
    assert (TRACKING in live.sheets) is (answer == "cancel")
    if TRACKING in live.sheets:
        kept = live.contents(TRACKING).contents
        assert kept[4][executed - 1] == 1.5
        assert not [each for row in kept for each in row if str(each).startswith("=")]
    ribbon.deshacer(live)
    assert {name: strip(area) for name, area in held(live).items()} == {n: strip(a) for n, a in before.items()}


def test_without_a_workbook_a_sentence_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    said: list[str] = []
    monkeypatch.setattr(excel, "tell", lambda text, _: said.append(text))

    def none() -> xw.Book:
        raise xw.XlwingsError("Book.caller() must not be called directly.")

    monkeypatch.setattr(xw.Book, "caller", staticmethod(none))
    for name in ribbon.BUTTONS:
        ribbon.BUTTONS[name]()
    assert len(said) == len(ribbon.BUTTONS)
    assert len({*said}) == 1
    assert said[0].startswith("No hay ningún libro abierto que se pueda editar: abrir el libro del POA (si está en")
    assert "no workbook: XlwingsError" in log_file().read_text("utf-8")


def test_a_status_bar_that_refuses_stops_nothing(opened: Open) -> None:
    live, _, app = opened(wrong())
    app.refuses = ("status_bar",)
    ribbon.verificar_metas(live)
    assert app.said[-1].startswith("3 en rojo")
    assert "could not write the status bar: OSError" in log_file().read_text("utf-8")


def test_a_failure_half_way_leaves_everything_as_it_was(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    live, _, app = opened(wrong())
    before = held(live)
    real, calls = AttachedBook.draw, []

    def fail(*given: object, **more: object) -> None:
        real(*given, **more)  # type: ignore[arg-type]
        calls.append(given)
        raise RuntimeError("se cayó")

    monkeypatch.setattr(AttachedBook, "draw", fail)
    ribbon.verificar_metas(live)
    assert len(calls) == 1
    assert {name: strip(area) for name, area in held(live).items()} == {n: strip(a) for n, a in before.items()}
    assert "No se perdió nada" in app.said[-1]
    assert "RuntimeError: se cayó" in log_file().read_text("utf-8")
    assert logging.getLogger("poa_xl").handlers == []


def test_errors_without_a_name_are_errors_and_times_of_day_are_numbers(opened: Open) -> None:
    live, book, _ = opened(small())
    page = book.shown["POA 2020"]
    cell = page["X7"]
    cell.value, cell.data_type = "#SPILL!", "e"
    assert SPILL < 0
    assert live.read()[0].get(7, 24) == Invalid("#¡ERROR!", Flaw.ERROR)


# A button and a command find the same.


# What openpyxl, and so the stand-in, cannot open; `tests/books/zoo` holds how these are read.
UNOPENED = {
    f"dialect: {name}"
    for name in ("closedxml", "numberless", "cells-without-r", "utf-16", "strict", "opened", "pyexcelerate")
}
OPENED = {name: make for name, make in EVERY.items() if name not in UNOPENED}


@pytest.mark.parametrize("make", OPENED.values(), ids=OPENED.keys())
def test_a_button_finds_what_the_command_finds(
    make: Callable[[Path], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    path = make(tmp_path)
    checked = check_file(path)
    live, book, app = excel_book(path, Com)
    monkeypatch.setattr(xw.engines, "active", xw.Engine(impl=app.engine))
    ribbon.verificar_metas(live)
    assert "error del programa" not in app.said[-1]
    if checked.problem:
        assert app.said[-1] == said_of(checked.problem)
        return
    sheet = pressing.open_plan(live).sheet
    listed = next(grid for grid in live.read() if grid.name == "Hallazgos")
    rows = [cells for line, cells in sorted(listed.cells.items()) if line > TOP]
    links = [book.held["Hallazgos"].cell(line, 2).value for line in sorted(listed.cells) if line > TOP]
    cells = [str(link).rpartition('","')[2].rstrip('")') for link in links]
    told = [(cell, row[1], row[5], row[7]) for cell, row in zip(cells, rows, strict=True)]
    assert told == [
        (each.where.cell, each.finding.severity.label, each.finding.rule, sentences(each.finding.message))
        for each in checked.findings
        if each.where.sheet == sheet
    ]
    assert {*CONTROL} <= {*pressing.open_plan(live).layout.columns}


class _Validation:
    """What Excel's own object for a validation is asked for here."""

    def __init__(self, title: str = "") -> None:
        self.InputTitle, self.InputMessage = title, ""
        self.kind: int | None = None
        self.is_gone = False

    def Add(self, kind: int) -> None:  # noqa: N802
        self.kind = kind

    def Delete(self) -> None:  # noqa: N802
        self.is_gone = True


def test_excel_says_why_beside_cells_that_have_no_validation() -> None:
    ours, theirs, blank = _Validation("▲ ROJO · revisado 29/11/2026"), _Validation("Fecha"), _Validation()
    validated = SimpleNamespace(
        Cells=[SimpleNamespace(Row=row, Column=5, Validation=rule) for row, rule in ((4, ours), (5, theirs))]
    )
    cells = {
        area: SimpleNamespace(row=row, column=5, api=SimpleNamespace(Validation=rule))
        for area, row, rule in (("E5", 5, theirs), ("E6", 6, blank))
    }
    api = SimpleNamespace(Cells=SimpleNamespace(SpecialCells=lambda _: validated))
    sheet = SimpleNamespace(api=api, range=cells.__getitem__)
    excel.Excel().help(sheet, [Prompt(area, "▲ ROJO · revisado 30/11/2026", "Mal.") for area in cells])  # type: ignore[arg-type]
    assert (ours.is_gone, theirs.is_gone, theirs.InputTitle, theirs.kind) == (True, False, "Fecha", None)
    assert (blank.kind, blank.InputTitle, blank.InputMessage) == (0, "▲ ROJO · revisado 30/11/2026", "Mal.")


def test_excel_fails_where_no_cell_has_a_validation_and_help_comes_all_the_same() -> None:
    blank = _Validation()
    sheet = SimpleNamespace(
        api=SimpleNamespace(), range=lambda _: SimpleNamespace(row=1, column=1, api=SimpleNamespace(Validation=blank))
    )
    excel.Excel().help(sheet, [Prompt("A1", "! AVISO · revisado 30/11/2026", "Falta.")])  # type: ignore[arg-type]
    assert blank.InputMessage == "Falta."


def form_of(tmp_path: Path, *columns: Column | Sequence[Column]) -> Path:
    folder = tmp_path / "otra"
    folder.mkdir()
    return saved(folder / "plan.xlsx", draw(of(*columns), items(), "POA").grid)


def test_what_is_recognised_is_shown_asked_about_and_written(opened: Open, tmp_path: Path) -> None:
    planned = Column(("CANTIDAD",), lambda item: item.target + (item.number == 4))
    path = form_of(tmp_path, NUMBER, NAME, planned, months(), TOTAL)
    live, _, app = opened(path)
    before = held(live)
    ribbon.reconocer(live)
    asked, shown, done = app.said
    assert "C «CANTIDAD»" in asked
    assert "P «TOTAL»" in asked
    assert "Acciones, Operaciones, Tareas: B (seguro; encabezado «ACTIVIDAD»)" in shown
    assert "Meta: C (en duda;" in shown
    assert "poa.toml" in done
    assert tomllib.loads((path.parent / "poa.toml").read_text("utf-8"))["columnas"]["meta"] == "CANTIDAD"
    assert held(live) == before
    app.answer = "cancel"
    (path.parent / "poa.toml").unlink()
    ribbon.reconocer(live)
    assert app.said[-1].startswith("No se escribió nada")
    assert not (path.parent / "poa.toml").exists()


def test_of_several_series_of_months_the_planner_says_which(
    opened: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = form_of(tmp_path, NUMBER, NAME, months(above="2026"), months(above="2027"))
    live, _, _ = opened(path)
    said: list[str] = []

    def ask(_: AttachedBook, question: str, __: str) -> bool:
        said.append(question)
        return len(said) > 1

    monkeypatch.setattr(AttachedBook, "ask", ask)
    ribbon.reconocer(live)
    assert "en la columna C" in said[0]
    assert tomllib.loads((path.parent / "poa.toml").read_text("utf-8"))["meses"] == {"columnas": "O"}


def test_a_workbook_in_no_folder_is_recognised_and_nothing_written(opened: Open, tmp_path: Path) -> None:
    live, _, app = opened(form_of(tmp_path, NUMBER, NAME, TARGET, months()), CLOUD)
    ribbon.reconocer(live)
    assert app.said[-1].endswith("o usar poa map.")
    assert "Meta: C (seguro;" in app.said[-1]
