"""Calc with a window, on a screen that nobody sees: a real mouse on the buttons, and a planner's day, as in Bolivia."""

import contextlib
import json
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import xlwings as xw
from click.testing import CliRunner

from poa_xl.actions.offered import offered
from poa_xl.actions.splitting import split_book
from poa_xl.books.book import FileBook
from poa_xl.cli import main
from poa_xl.core.checks import check
from poa_xl.core.flags import State, sentences
from poa_xl.sheet import looks
from tests.paths import MASTER
from tests.plans import save, small
from tests.pressed import open_plan
from tests.running import Running
from tests.screen import Screen

# Among the cells.
BESIDE = (700, 600)
RED, GREEN = (looks.PAINT[state].fill for state in (State.RED, State.GREEN))


@pytest.fixture(scope="module")
def screen() -> Iterator[Screen]:
    shown = Screen()
    yield shown
    shown.stop()


@pytest.fixture(scope="module")
def _windows(screen: Screen, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    office = Running(tmp_path_factory.mktemp("windows"), screen.name, "es-BO")
    yield office
    office.stop()


@pytest.fixture
def office(_windows: Running) -> Iterator[Running]:
    yield _windows
    for book in _windows.app.books:
        book.close()


def shown(office: Running, path: Path) -> xw.Book:
    """Open a workbook as large as the screen."""
    book = office.open(path)
    office.fill_screen(book)
    return book


def press(office: Running, screen: Screen, caption: str) -> str:
    """Click a button of the toolbar, wait for its box, and give what it says."""
    screen.click(*office.where(caption))
    return said(office)


def said(office: Running, part: str = "") -> str:
    return str(office.wait(lambda: [text for text in office.boxes() if part in text])[0])


def answer(office: Running, screen: Screen, caption: str = "OK") -> None:
    """Click an answer in a box. Nobody manages the windows of this screen: a first click may only wake one."""

    def is_gone() -> bool:
        screen.click(*office.where(caption))
        time.sleep(1)
        return not office.boxes()

    time.sleep(0.3)
    office.wait(is_gone)
    screen.click(*BESIDE)


def accept(office: Running, screen: Screen, asked: str, following: str, caption: str = "Aceptar") -> None:
    """Go on from a box that asks something, with what stands in it, to the box that follows."""

    def is_next() -> bool:
        texts = office.boxes()
        # A box that was answered goes while it is looked for.
        with contextlib.suppress(AssertionError):
            if any(asked in text for text in texts):
                screen.click(*office.where(caption))
                time.sleep(1)
        return any(following in text for text in texts)

    time.sleep(0.3)
    office.wait(is_next)


def test_a_click_on_the_toolbar_verifies_the_plan(office: Running, screen: Screen, tmp_path: Path) -> None:
    path = tmp_path / "POA.xlsx"
    path.write_bytes(MASTER.read_bytes())
    book = shown(office, path)
    text = press(office, screen, "Verificar metas")
    assert text.startswith("POA · Verificar metas\n2 en rojo y 12 avisos. Están en la hoja Hallazgos:\nH117 · ")
    answer(office, screen)
    assert [sheet.name for sheet in book.sheets] == ["POA 2020", "Hallazgos", "Reparaciones"]
    assert open_plan(book).is_flagged
    fills = office.fills(book, tmp_path)
    assert RED in fills
    assert GREEN in fills
    assert "Licencia BSD-3-Clause" in press(office, screen, "Acerca de")
    answer(office, screen)


def test_the_regional_office_consolidates_by_clicks(office: Running, screen: Screen, tmp_path: Path) -> None:
    shown(office, save(small(), tmp_path / "POA.xlsx"))
    assert "¿En qué carpeta?" in press(office, screen, "Repartir")
    accept(office, screen, "¿En qué carpeta?", "¿A qué unidades?")
    accept(office, screen, "¿A qué unidades?", "\n2 libros en ")
    answer(office, screen)
    shutil.copytree(tmp_path / "enviados", tmp_path / "recibidos")
    assert "¿En qué carpeta" in press(office, screen, "Consolidar")
    accept(office, screen, "¿En qué carpeta", "¿Escribirlo en ")
    answer(office, screen, "Cancel")
    assert "¿En qué carpeta" in press(office, screen, "Consolidar")
    accept(office, screen, "¿En qué carpeta", "¿Escribirlo en ")
    accept(office, screen, "¿Escribirlo en ", "2 libros: ", "OK")
    told = said(office, "2 libros: ")
    assert "filas tomadas" in told
    assert "0 por resolver en la hoja Cambios." in told
    answer(office, screen)
    assert "Cambios" in [sheet.name for sheet in office.app.books[0].sheets]
    assert "\n1 · " in press(office, screen, "Historial")
    answer(office, screen)


def cell(book: xw.Book, code: str, name: str) -> xw.Range:
    opened = open_plan(book)
    row = next(row for row in opened.plan.rows if str(row.code) == code)
    return book.sheets[opened.sheet].range((row.line, opened.layout.columns[name]))


def test_a_planners_day(office: Running, screen: Screen, tmp_path: Path) -> None:
    """Open the unit's workbook, break a month, see red, mend it, see green, save, and send it to be consolidated."""
    master = save(small(), tmp_path / "POA.xlsx")
    part = next(each for each in split_book(master, tmp_path / "unidades") if each.unit == "Unidad Legal")
    book = shown(office, part.path)
    cell(book, "GRO1.1.1", "MAR").value = 7
    assert "los meses suman 18, la Meta es 12: sobran 6" in press(office, screen, "Verificar metas")
    answer(office, screen)
    state = cell(book, "GRO1.1.1", "target_state")
    assert state.value == "ROJO"
    red = office.fills(book, tmp_path).count(RED)
    assert red >= 14
    cell(book, "GRO1.1.1", "MAR").value = 2
    cell(book, "GRO1.1.1", "ABR").value = 0
    assert state.value == "VERDE"
    assert office.fills(book, tmp_path).count(RED) <= red - 14
    assert GREEN in office.fills(book, tmp_path)
    sent = tmp_path / "enviado" / part.path.name
    sent.parent.mkdir()
    book.save(str(sent))
    book.close()
    done = CliRunner().invoke(main, ["sync", str(sent), "--into", str(master), "--json"])
    told = json.loads(done.stdout)
    assert (told["read"], told["rejected"]) == (told["taken"], 0)
    assert told["files"][0]["changed"] == 1
    grids = {grid.name: grid for grid in FileBook(master).read()}
    assert [
        grids["POA 2020"].get(row, column)
        for row in grids["POA 2020"].cells
        for column in (12, 13)
        if grids["POA 2020"].get(row, 2) == "GRO1.1.1"
    ] == [2, 0]


def test_the_panel_leads_to_what_was_found_and_puts_it_right(office: Running, screen: Screen, tmp_path: Path) -> None:
    path = tmp_path / "POA.xlsx"
    path.write_bytes(MASTER.read_bytes())
    book = shown(office, path)
    opened = open_plan(book)
    found = [offered(opened, each) for each in check(opened.plan)]
    wanted = next(each for each in found if each.remedy and each.at != each.cell)
    screen.click(*office.where("POA"))
    screen.click(*office.wait(lambda: office.place("Panel de hallazgos")))
    shows = f"▲ {wanted.cell} · {sentences(wanted.message)}"
    screen.click(*office.wait(lambda: office.place(shows)))
    page = book.sheets[opened.sheet]
    office.wait(lambda: book.selection is not None and book.selection.address == page.range(wanted.cell).address)
    screen.click(*office.wait(lambda: office.place(f"Corregir: poner {wanted.put} en {wanted.at}")))
    office.wait(lambda: page.range(wanted.at).value)
    office.wait(lambda: not office.place(shows))
    assert wanted not in [offered(opened, each) for each in check(open_plan(book).plan)]
    screen.click(*office.where("Siguiente"))
    office.wait(lambda: book.selection is not None and book.selection.address != page.range(wanted.cell).address)
    book.api.UndoManager.undo()
    screen.click(*office.where("Leer de nuevo"))
    office.wait(lambda: office.place(shows))
