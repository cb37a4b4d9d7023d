"""Where every unit stands."""

import json
import shutil
from pathlib import Path
from urllib.parse import parse_qs, urlparse

import pytest
from click.testing import CliRunner

from poa_xl.actions.splitting import split_book
from poa_xl.actions.standing import standings
from poa_xl.actions.syncing import sync
from poa_xl.cli import main
from tests.plans import drop, edit, save, small

LEGAL, PISIGA = "Unidad Legal.xlsx", "Adm Aduana Pisiga.xlsx"


@pytest.fixture
def master(tmp_path: Path) -> Path:
    path = save(small(), tmp_path / "maestro.xlsx")
    split_book(path)
    return path


def words(master: Path) -> dict[str, str]:
    return {each.line.unit: each.line.received for each in standings(master)}


def test_before_anything_came_all_are_asked(master: Path) -> None:
    found = standings(master)
    assert words(master) == {"Adm Aduana Pisiga": "no envió", "Unidad Legal": "no envió"}
    assert all("No llegó ninguna respuesta" in each.reminder for each in found)
    assert all(each.line.note.startswith("se le envió el ") for each in found)


def test_every_answer_is_worth_what_it_is(master: Path) -> None:
    folder = Path(shutil.copytree(master.parent / "enviados", master.parent / "recibidos"))
    before = master.read_bytes()
    assert words(master) == {"Adm Aduana Pisiga": "enviado", "Unidad Legal": "enviado"}
    edit(folder / LEGAL, ("GRO1.1.1", "target", 77))
    drop(folder / PISIGA, "GRO1.1.2")
    found = {each.line.unit: each for each in standings(master)}
    assert {unit: each.line.received for unit, each in found.items()} == {
        "Adm Aduana Pisiga": "incompleto", "Unidad Legal": "recibido",
    }  # fmt: skip
    assert "GRO1.1.1 en rojo: " in found["Unidad Legal"].reminder
    assert "no se tomó: GRO1.1.2" in found["Adm Aduana Pisiga"].reminder
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
