"""Where every unit stands."""

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlparse

import openpyxl
import pytest
from click.testing import CliRunner

from poa_xl.actions.splitting import split_book
from poa_xl.actions.standing import standings
from poa_xl.actions.syncing import sync
from poa_xl.cli import main
from poa_xl.core.outcomes import Fate
from poa_xl.sheet.grid import Grid
from poa_xl.sheet.ledger import BULLET, SubmissionLine, keep_typed, submissions_sheet
from poa_xl.sheet.listing import TOP
from tests.plans import add, drop, edit, old_figures, save, small

LEGAL, PISIGA = "Unidad Legal.xlsx", "Adm Aduana Pisiga.xlsx"


@pytest.fixture
def master(tmp_path: Path) -> Path:
    path = save(small(), tmp_path / "maestro.xlsx")
    split_book(path)
    return path


def target(cell: Any) -> str:  # noqa: ANN401 - a cell of openpyxl
    return str(cell.hyperlink.target)


def words(master: Path) -> dict[str, str]:
    return {each.unit: each.received for each in standings(master)}


def test_before_anything_came_all_are_asked(master: Path) -> None:
    found = standings(master)
    assert words(master) == {"Adm Aduana Pisiga": "no envió", "Unidad Legal": "no envió"}
    assert all("No llegó ninguna respuesta" in each.reminder for each in found)
    assert all(each.note == f"se le envió el {each.sent}" for each in found)


def test_every_answer_is_worth_what_it_is(master: Path) -> None:
    folder = Path(shutil.copytree(master.parent / "enviados", master.parent / "recibidos"))
    before = master.read_bytes()
    assert words(master) == {"Adm Aduana Pisiga": "enviado", "Unidad Legal": "enviado"}
    edit(folder / LEGAL, ("GRO1.1.1", "target", 77))
    drop(folder / PISIGA, "GRO1.1.2")
    found = {each.unit: each for each in standings(master)}
    assert {unit: each.received for unit, each in found.items()} == {
        "Adm Aduana Pisiga": "incompleto",
        "Unidad Legal": "recibido",
    }
    assert "GRO1.1.1 en rojo: " in found["Unidad Legal"].reminder
    assert "no se tomó: GRO1.1.2" in found["Adm Aduana Pisiga"].reminder
    letters = [line for each in found.values() for line in each.reminder.splitlines() if line.startswith(BULLET)]
    assert all(line.endswith(".") and line.removeprefix(BULLET)[0].isupper() for line in letters)
    link = urlparse(found["Unidad Legal"].mailto)
    assert parse_qs(link.query)["subject"] == ["POA 2020 de Unidad Legal: lo que falta"]
    assert parse_qs(link.query)["body"] == [found["Unidad Legal"].reminder]
    (folder / LEGAL).write_text("nada", "utf-8")
    assert words(master)["Unidad Legal"] in ("rechazado", "no envió")
    assert master.read_bytes() == before


def test_what_was_taken_earlier_counts_though_the_folder_is_empty(master: Path) -> None:
    folder = Path(shutil.copytree(master.parent / "enviados", master.parent / "recibidos"))
    edit(folder / LEGAL, ("GRO1.1.1", "owner", "Otra"))
    (folder / PISIGA).unlink()
    sync([folder], master)
    shutil.rmtree(folder)
    assert words(master) == {"Adm Aduana Pisiga": "no envió", "Unidad Legal": "recibido"}
    assert [bool(each.reminder) for each in standings(master)] == [True, False]


def test_the_command_says_it_and_what_to_ask_for(master: Path) -> None:
    said = CliRunner().invoke(main, ["status", str(master)])
    assert said.exit_code == 1
    assert "2 de 2 unidades tienen algo pendiente." in said.output
    assert "--reminders" in said.output
    said = CliRunner().invoke(main, ["status", str(master), "--reminders"])
    assert said.output.count("Buenos días: sobre el POA 2020 de ") == 2
    units = json.loads(CliRunner().invoke(main, ["status", str(master), "--json"]).stdout)["units"]
    assert [each["received"] for each in units] == ["no envió", "no envió"]
    assert units[0]["mailto"].startswith("mailto:?subject=POA%202020")


def test_a_conflict_waits_for_the_office_and_nobody_is_asked_for_it(master: Path) -> None:
    folder = Path(shutil.copytree(master.parent / "enviados", master.parent / "recibidos"))
    edit(folder / LEGAL, ("GRO1.1.1", "owner", "Otra"))
    edit(folder / PISIGA, ("GRO1.1.2", "owner", "Nadie"))
    edit(master, ("GRO1.1.1", "owner", "La de la regional"))
    sync([folder], master)
    for _ in range(2):
        legal = {each.unit: each for each in standings(master)}["Unidad Legal"]
        assert (legal.received, legal.undecided, legal.reminder, legal.is_waiting) == ("recibido", 1, "", True)
        assert "por decidir en la hoja Cambios: 1" in legal.note
        said = CliRunner().invoke(main, ["status", str(master), "--reminders"])
        assert (said.exit_code, "1 de 2 unidades tienen algo pendiente." in said.output) == (1, True)
        assert "Buenos días" not in said.output
        page = openpyxl.load_workbook(master)["Envíos"]
        assert page["A2"].value.endswith(" · 1 de 2 unidades tienen algo pendiente")
        # What an earlier run left open waits on, though the answers were put away.
        shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.parametrize("sameness", ["equal", "as sent", "older"])
def test_a_file_in_whose_place_another_counts_is_asked_of_nobody(master: Path, sameness: str) -> None:
    folder = Path(shutil.copytree(master.parent / "enviados", master.parent / "recibidos"))
    shutil.copy(folder / LEGAL, folder / "otra vez.xlsx")
    edit(folder / LEGAL, ("GRO1.1.1", "owner", "Otra"))
    if sameness == "equal":
        shutil.copy(folder / LEGAL, folder / "otra vez.xlsx")
    elif sameness == "older":
        (folder / "otra vez.xlsx").rename(master.parent / "otra vez.xlsx")
        sync([folder], master)
        (master.parent / "otra vez.xlsx").rename(folder / "otra vez.xlsx")
        (folder / LEGAL).unlink()
    spare = next(each for each in standings(master) if each.file == "otra vez.xlsx")
    assert (spare.instead, spare.reminder, spare.is_waiting) == (LEGAL, "", False)


def test_a_formula_of_the_master_that_falls_short_waits_at_no_unit(master: Path) -> None:
    edit(master, ("GRO1.1", "budget", "=X7+X8"))
    old_figures(master, 300)
    folder = Path(shutil.copytree(master.parent / "enviados", master.parent / "recibidos"))
    add(folder / LEGAL, "GRO1.1.3", "Unidad Legal", 50)
    (folder / PISIGA).unlink()
    (conflict,) = (each for each in sync([folder], master).outcomes if each.fate is Fate.CONFLICT)
    assert (conflict.file, conflict.field) == ("", "budget")
    assert [each.undecided for each in standings(master)] == [0, 0]


def test_units_are_counted_once_and_files_of_nobody_apart(master: Path) -> None:
    folder = Path(shutil.copytree(master.parent / "enviados", master.parent / "recibidos"))
    shutil.copy(folder / LEGAL, folder / "otra.xlsx")
    for name in (LEGAL, "otra.xlsx"):
        edit(folder / name, ("GRO1.1.1", "owner", name))
    edit(folder / PISIGA, ("GRO1.1.2", "owner", "Otra"))
    for name in ("foto.jpg", "datos.csv"):
        (folder / name).write_text("nada", "utf-8")
    said = CliRunner().invoke(main, ["status", str(master)])
    assert "1 de 2 unidades tienen algo pendiente; archivos de los que no se sabe de quién son: 2." in said.output
    data = json.loads(CliRunner().invoke(main, ["status", str(master), "--json"]).stdout)
    assert (data["waiting"], data["all"], data["unknown"], len(data["units"])) == (1, 2, 2, 5)


def test_the_list_is_written_as_a_workbook_of_its_own(master: Path) -> None:
    output = master.parent / "estado.xlsx"
    before = master.read_bytes()
    said = CliRunner().invoke(main, ["status", str(master), "-o", str(output)])
    assert said.exit_code == 1, said.output
    assert master.read_bytes() == before
    page = openpyxl.load_workbook(output)["Envíos"]
    lines = standings(master)
    assert page["A1"].value == "Estado de envíos"
    assert page["A2"].value.endswith(" · 2 de 2 unidades tienen algo pendiente")
    for row, line in enumerate(lines, TOP + 1):
        texts = [page.cell(row, column).value for column in (1, 2, 13, 14, 15)]
        assert texts == [line.unit, "no envió", line.sent, line.reminder, "Escribir correo"]
        assert target(page.cell(row, 15)) == line.mailto
    again = CliRunner().invoke(main, ["status", str(master), "-o", str(master)])
    assert again.exit_code == 2
    assert master.read_bytes() == before


def test_sync_writes_the_reminders_beside_what_came(master: Path) -> None:
    folder = Path(shutil.copytree(master.parent / "enviados", master.parent / "recibidos"))
    edit(folder / LEGAL, ("GRO1.1.1", "target", 77))
    (folder / PISIGA).unlink()
    for _ in range(2):
        sync([folder], master)
        page = openpyxl.load_workbook(master)["Envíos"]
        found = {page.cell(row, 1).value: row for row in (TOP + 1, TOP + 2)}
        for line in standings(master, folder):
            assert target(page.cell(found[line.unit], 15)) == line.mailto
            assert page.cell(found[line.unit], 14).value == line.reminder != ""
        assert page.print_title_rows == "$4:$4"


def test_a_letter_that_is_too_long_says_where_the_rest_stands() -> None:
    wanted = "\n".join(["Buenos días", "", *(f"{BULLET}{number}: {'á' * 40}" for number in range(40)), "", "Gracias."])
    line = SubmissionLine("U", "no envió", "", "", "", 0, 0, 0, 0, 0, 0, "", subject="POA", reminder=wanted)
    assert len(line.mailto) <= 2000
    body = parse_qs(urlparse(line.mailto).query)["body"][0].splitlines()
    assert body[:3] == wanted.splitlines()[:3]
    assert body[-3:] == [f"{BULLET}y lo demás que dice la hoja Hallazgos", "", "Gracias."]
    assert replace(line, reminder="").mailto == ""


def test_notes_beside_the_narrower_list_of_before_stay_beside_their_line() -> None:
    lines = [SubmissionLine(unit, "no envió", "", "", "", 0, 0, 0, 0, 0, 0, "") for unit in ("A", "B")]
    former = {
        4: {1: "Unidad", 2: "Recibido", 3: "Archivo", 12: "Observación", 13: "Mi columna"},
        5: {1: "B", 2: "no envió", 13: "llamar"},
    }
    image = submissions_sheet(lines, "")
    keep_typed(image, Grid("Envíos", former))
    assert image.cells[6, 16].value == "llamar"
    assert image.cells[4, 16].value == "Mi columna"
    drawn = {row: {column: cell.value for (at, column), cell in image.cells.items() if at == row} for row in (4, 5, 6)}
    again = submissions_sheet(lines, "")
    keep_typed(again, Grid("Envíos", drawn))
    assert (again.cells[6, 16].value, (6, 19) in again.cells) == ("llamar", False)
