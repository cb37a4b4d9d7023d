"""The pane in Chromium: with the mouse, with the keyboard, without a network, under the strict policy."""

import json
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from poa_xl.actions.past.telling import tell
from poa_xl.addin import sources
from poa_xl.addin.tab import groups
from poa_xl.web import manifests
from poa_xl.web.buttons import offered
from poa_xl.web.serving import server
from poa_xl.web.site import build
from tests.office_js import told

TOP = Path(__file__).parents[2]
REAL = TOP / "workbooks" / "POA_GRO_2020.xlsx"
PLAN = "POA 2020"
EVIL = "<img src=x onerror=alert(1)><script>alert(2)</script>"


@pytest.fixture(scope="module")
def found(site: Path, answered: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    folder = tmp_path_factory.mktemp("pane")
    panel, pictures = folder / "panel", TOP / "build" / "panel"
    shutil.rmtree(pictures, ignore_errors=True)
    pictures.mkdir(parents=True)
    build(site, panel, "https://poa.oficina.gob.bo/panel", "./office.js")
    book = told(REAL, PLAN, [1, 1, 1, 1])
    # What a cell says goes into what a finding says: here it would like to be a picture that runs a script.
    sheet = book["sheets"][0]
    for name in ("values", "formulas"):
        sheet[name][117 - sheet["row"]][8 - sheet["column"]] = EVIL
        # And a group whose budget is not the sum of its rows.
        sheet[name][8 - sheet["row"]][24 - sheet["column"]] = 7
    (folder / "told.json").write_text(json.dumps(book), "utf-8")
    subprocess.run(["node", TOP / "web/tests/bundle.mjs", folder / "told.json", folder], check=True)
    # What replaces it later: its script, its looks, and nothing else.
    other = shutil.copytree(site, folder / "other")
    for name, old, new in (("pane.js", "Listo.", "Dispuesto."), ("pane.css", "margin: 0", "margin: 1px")):
        (path,) = other.rglob(name)
        assert old in path.read_text("utf-8") or name == "pane.css"
        path.write_text(path.read_text("utf-8").replace(old, new) + "\n", "utf-8")
    build(other, folder / "newer", "https://poa.oficina.gob.bo/panel", "./office.js")
    # As an office does that has no net: its own copy beside the pane.
    shutil.copy(folder / "office.es.js", panel / "office.js")
    with server(panel, 0) as made:
        threading.Thread(target=made.serve_forever, daemon=True).start()
        url = f"http://localhost:{made.server_address[1]}"
        done = subprocess.run(
            ["node", TOP / "web/tests/pane.mjs", url, panel, pictures, answered, folder / "newer"],
            check=False,
            capture_output=True,
            text=True,
            env={**os.environ, "NODE_NO_WARNINGS": "1"},
        )
        made.shutdown()
    assert done.returncode == 0, (done.stdout + done.stderr)[-4000:]
    return json.loads((pictures / "found.json").read_text("utf-8"))


def captions(language: str) -> list[str]:
    told_ = json.loads(manifests.buttons(groups(sources.macros() / "customUI14.xml")))
    return [each["caption"] for group in told_[language] for each in group["buttons"]]


def test_the_findings_of_the_plan_stand_in_the_pane(found: dict[str, Any]) -> None:
    assert found["language"] == "es"
    assert found["count"] == f"{len(found['findings'])} hallazgos"
    assert any("faltan 5,76" in each and "H129" in each for each in found["findings"])
    # A click goes to the cell, and the pane explains the row.
    assert found["went"]["active"] == PLAN
    assert found["about"].startswith("Celda elegida")
    assert "Elegir una celda" not in found["about"]


def test_the_pane_has_the_buttons_of_the_ribbon(found: dict[str, Any]) -> None:
    assert found["buttons"] == captions("es")
    assert {*found["commands"]} == {*offered()}


def test_a_button_writes_into_the_workbook(found: dict[str, Any]) -> None:
    assert "en rojo y" in found["message"]
    assert [sheet["name"] for sheet in found["verified"]["sheets"]][:2] == [PLAN, "Hallazgos"]
    assert found["verified"]["sheets"][0]["rules"]
    assert "Hallazgos" not in [sheet["name"] for sheet in found["removed"]["sheets"]]
    # Pressed on the ribbon, what it says has to be seen.
    assert found["removed"]["panes"] > 0


def test_what_a_cell_says_is_never_html(found: dict[str, Any]) -> None:
    assert len(found["searched"]) == 1
    assert EVIL in found["searched"][0]
    assert found["html"] == 0


def test_findings_are_filtered(found: dict[str, Any]) -> None:
    assert 0 < found["red"] < len(found["findings"])


def test_nothing_is_wrong_for_people_with_other_tools(found: dict[str, Any]) -> None:
    assert (found["axe"], found["axeOpen"], found["axeEnglish"]) == ([], [], [])


def test_all_comes_from_one_address(found: dict[str, Any]) -> None:
    (origin,) = found["origins"]
    assert origin.startswith("http://localhost:")
    assert found["errors"] == []


def test_a_recalculation_is_one_trip_with_real_errors(found: dict[str, Any]) -> None:
    done = found["functions"]
    assert (done["cells"], done["numbers"]) == (134, 134)
    wrong, unknown, short, error = done["errors"]
    assert wrong[0][0]["code"] == "#VALUE!" if isinstance(wrong[0], list) else wrong[0] == "#VALUE!"
    assert unknown[0] == "#N/A" or unknown[0][0]["code"] == "#N/A"
    assert short[0] == "#VALUE!"
    assert "doce meses" in short[1]
    assert error


def test_calls_that_excel_takes_back_are_answered_no_more(found: dict[str, Any]) -> None:
    assert (found["functions"]["settled"], found["functions"]["asked"]) == ([], [[2]])


def test_a_function_is_told_where_its_plan_stands(found: dict[str, Any]) -> None:
    assert any("faltan 5,76" in row for row in found["functions"]["placed"])


def test_the_pane_opens_without_a_network_after_the_first_visit(found: dict[str, Any]) -> None:
    assert found["offline"] == found["count"]
    assert len(found["kept"]) == 1


def test_versions_are_never_mixed(found: dict[str, Any]) -> None:
    (first,) = found["kept"]
    assert found["half"] == {"kept": [first], "waits": False, "line": "Listo."}
    # What is open goes on as it is, until a person asks for the new one.
    (second,) = {*found["whole"]["kept"]} - {first}
    assert (found["whole"]["waits"], found["whole"]["line"]) == (True, "Listo.")
    assert found["taken"] == {"kept": [second], "line": "Dispuesto."}


def test_the_keyboard_alone_is_enough_and_english_too(found: dict[str, Any]) -> None:
    assert found["english"]["lang"] == "en"
    assert "POA · Check targets" in found["english"]["message"]
    # Who pressed a button with the keyboard goes on from there.
    assert found["english"]["focus"] == "BUTTON Check targets"
    assert " red and " in found["english"]["message"]
    assert "Hallazgos" in found["english"]["sheets"] or "Findings" in found["english"]["sheets"]
    assert found["keyboard"] != [1, 1, 1, 1]


def test_python_that_does_not_answer_is_a_sentence(found: dict[str, Any]) -> None:
    assert "did not answer in time" in found["late"]


@pytest.mark.parametrize("lacking", ["wasm", "worker"])
def test_what_keeps_python_from_starting_is_a_sentence(lacking: str, found: dict[str, Any]) -> None:
    assert "El panel no pudo iniciar Python." in found[lacking] or "could not start Python" in found[lacking]


def test_the_policy_holds(found: dict[str, Any]) -> None:
    assert "allowed" not in found["policy"].values()
    assert {*found["policy"]} == {"html", "eval", "script", "inline", "fetch", "policy", "worker"}
    assert found["worker_fetch"] == "TypeError"


@pytest.mark.parametrize(
    "rule",
    [
        "base-uri",
        "connect-src",
        "font-src",
        "form-action",
        "frame-src",
        "img-src",
        "media-src",
        "style-src-attr",
        "style-src-elem",
    ],
)
def test_nothing_comes_from_elsewhere_or_goes_there(rule: str, found: dict[str, Any]) -> None:
    assert rule in found["blocked"]


def test_picked_files_are_consolidated_and_handed_over(found: dict[str, Any], tmp_path: Path) -> None:
    done = found["regional"]
    assert "Elegir el maestro" in done["lacking"]
    assert done["preview"] == "Vista previa: todavía no se escribió nada. 2 cambios, 1 por resolver."
    assert any(each.startswith("Unidad Legal") and "recibido" in each for each in done["units"])
    assert any("roto.xlsx" in each or "rechazado" in each for each in done["units"])
    assert any("GRO1.1.1 · Presupuesto: 150 → 120" in each for each in done["changes"])
    assert done["downloads"] == ["POA.xlsx", "history.sqlite"]
    assert done["axe"] == []
    # What was downloaded is the master that goes on at the office.
    (tmp_path / ".poa").mkdir()
    shutil.copy(TOP / "build/panel/POA.xlsx", tmp_path)
    shutil.copy(TOP / "build/panel/history.sqlite", tmp_path / ".poa")
    assert [run.state for run in tell(None, tmp_path / "POA.xlsx").runs] == ["done"]
    # The page found the history again when it was opened anew.
    assert done["again"].endswith("2 cambios, 1 por resolver.") or "nada cambió" in done["again"]


def test_the_office_hands_out_sees_who_is_missing_and_takes_back(found: dict[str, Any], answered: Path) -> None:
    done = found["regional"]
    assert done["sent"]["told"] == "2 libros, en un archivo .zip."
    assert done["sent"]["downloads"] == ["enviados.zip", "history.sqlite"]
    assert any(each.startswith("Unidad Legal") for each in done["sent"]["units"])
    assert "unidades tienen algo pendiente" in done["standing"]["told"]
    assert done["standing"]["downloads"] == ["Estado de envíos de POA.xlsx"]
    assert done["standing"]["mail"].startswith("mailto:")
    assert done["undone"]["told"].startswith("Se deshizo ")
    assert done["undone"]["downloads"] == ["POA.xlsx", "history.sqlite"]
    assert (TOP / "build/panel/antes/POA.xlsx").read_bytes() == (answered / "POA.xlsx").read_bytes()
    assert [done[name]["axe"] for name in ("sent", "standing", "undone")] == [[], [], []]


def test_the_settings_of_an_office_hold_until_they_are_forgotten(found: dict[str, Any]) -> None:
    done = found["settings"]
    assert done["none"] == done["forgotten"]["line"] == "Sin poa.toml: vale lo que cada plan dice de sí."
    assert done["lacking"] == "Elegir primero el archivo poa.toml."
    assert done["wrong"]["line"].startswith("poa.toml: ")
    assert "no-hay" in done["wrong"]["line"]
    assert done["right"]["line"] == done["kept"] == "Vale el poa.toml que se eligió aquí."
    assert any("faltan 5,76" in each for each in done["wrong"]["red"])
    assert not any("faltan 5,76" in each for each in done["right"]["red"])
    assert any("faltan 5,76" in each for each in done["forgotten"]["red"])
    assert done["axe"] == []


def test_a_remedy_in_another_cell_says_which(found: dict[str, Any]) -> None:
    assert any("Corregir: poner 5,76, en U129" in each for each in found["findings"])


def test_a_number_that_is_the_remedy_is_put_with_one_click(found: dict[str, Any]) -> None:
    done = found["corrected"]
    assert done["value"] == 3027000
    assert "X8: antes 7, ahora 3.027.000" in done["message"]
    assert "Deshacer" in done["message"]
    assert not any(each.startswith("X8") for each in done["findings"])
    assert any(each.startswith("X8") for each in found["findings"])
    assert done["back"] == 7
