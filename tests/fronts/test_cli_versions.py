"""The commands of the plan's year: approve, list versions, compare with one, list what was modified."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from poa_xl.cli import main
from tests.plans import edit, save, small


def run(*args: object) -> Result:
    result = CliRunner().invoke(main, [str(arg) for arg in args])
    assert result.exit_code != 3, result.output
    return result


@pytest.fixture
def master(tmp_path: Path) -> Path:
    return save(small(), tmp_path / "maestro.xlsx")


def test_a_year_from_approval_to_undo(master: Path) -> None:
    done = run("approve", master, "--resolution", "RA 1", "--date", "2/1/2020", "--by", "Ana")
    assert "Es la primera" in done.stdout
    assert "respecto de la anterior" not in done.stdout
    assert (done.exit_code, "Aprobado" in done.stdout) == (0, True)
    edit(master, ("GRO1.1.1", "owner", "Ana"), ("GRO1.1.1", "target", 13))
    listed = run("modifications", master)
    assert listed.exit_code == 1
    for text in ("Cambio de responsable", "Modificación de meta", "J5", "Jefe Unidad Legal"):
        assert text in listed.stdout
    second = json.loads(run("approve", master, "--resolution", "RA 2", "--as", "Ajuste", "--json").stdout)
    assert (second["version"], second["run"], len(second["modifications"]), len(second["findings"])) == (
        "Ajuste",
        3,
        2,
        2,
    )
    assert second["modifications"][0] == {
        "code": "GRO1.1.1",
        "field": "Responsable",
        "approved": "Jefe Unidad Legal",
        "present": "Ana",
        "difference": None,
        "kind": "Cambio de responsable",
    }
    told = run("versions", master).stdout
    assert ("Aprobado" in told, "02/01/2020" in told, "Ajuste" in told) == (True, True, True)
    versions = json.loads(run("versions", master, "--json").stdout)
    assert next((each["name"], each["day"], each["budget"]) for each in versions) == ("Aprobado", "2020-01-02", "600")
    runs = json.loads(run("history", "--into", master, "--json").stdout)["runs"]
    assert [(each["kind"], each.get("version")) for each in runs] == [
        ("approval", "Ajuste"),
        ("modifications", None),
        ("approval", "Aprobado"),
    ]
    line = run("history", "--into", master).stdout
    assert ("Ajuste · RA 2" in line, "modificaciones" in line) == (True, True)
    assert "la aprobación 3" in run("undo", "--into", master).stdout
    assert "la lista de modificaciones 2" in run("undo", "--into", master).stdout
    assert run("undo", 9, "--into", master).exit_code == 2


def test_a_plan_is_compared_with_any_version_of_it(master: Path) -> None:
    run("approve", master, "--resolution", "RA 1")
    edit(master, ("GRO1.1.1", "owner", "Ana"))
    run("approve", master, "--resolution", "RA 2")
    edit(master, ("GRO1.1.1", "owner", "Eva"))
    for name, former in (("aprobado", "Jefe Unidad Legal"), ("Reformulado 1", "Ana")):
        (found,) = json.loads(run("diff", master, "--against", name, "--json").stdout)
        assert (found["field"], found["before"], found["after"]) == ("Responsable", former, "Eva")
    assert run("diff", master, "--against", "otra").exit_code == 2
    assert run("diff", master).exit_code == 2
    assert run("diff", master, master, "--against", "aprobado").exit_code == 2


def test_what_is_no_date_is_refused_and_what_is_not_there_is_told(master: Path) -> None:
    assert run("approve", master, "--resolution", "RA 1", "--date", "31/02/2020").exit_code == 2
    assert run("versions", master).exit_code == 2
    run("split", master, "-o", master.parent / "u")
    assert "todavía no tiene ninguna versión aprobada" in run("versions", master).stdout
    assert json.loads(run("versions", master, "--json").stdout) == []


def test_modifications_as_data_and_with_nothing_to_say(master: Path) -> None:
    run("approve", master, "--resolution", "RA 1")
    assert run("modifications", master).exit_code == 0
    found = json.loads(run("modifications", master, "--dry-run", "--json").stdout)
    assert (found["version"], found["run"], found["modifications"]) == ("Aprobado", None, [])
