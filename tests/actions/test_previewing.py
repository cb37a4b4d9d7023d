"""What the button *Consolidar* shows before it writes anything."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from poa_xl.actions.previewing import Several, preview, several
from poa_xl.actions.splitting import split_book
from poa_xl.cli import main
from tests.plans import edit, save, small

LEGAL = "Unidad Legal.xlsx"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    split_book(save(small(), tmp_path / "maestro.xlsx"))
    return Path(shutil.copytree(tmp_path / "enviados", tmp_path / "recibidos"))


def seen(folder: Path, *options: str) -> dict[str, object]:
    arguments = ["sync", str(folder), "--into", str(folder.parent / "maestro.xlsx"), "--dry-run", "--json", *options]
    found: dict[str, object] = json.loads(CliRunner().invoke(main, arguments).stdout)
    return found


def test_it_says_unit_by_unit_what_would_change(folder: Path) -> None:
    edit(folder / LEGAL, ("GRO1.1.1", "name", "Otra"), ("GRO1.2.1", "target", 7))
    edit(folder.parent / "maestro.xlsx", ("GRO1.1.1", "name", "La de la oficina"))
    (folder / "Adm Aduana Pisiga.xlsx").unlink()
    assert (
        preview(seen(folder))
        == [
            "Unidad Legal: incompleto · filas que cambian: 1 · por resolver: 1 · filas que no se toman: 1 · en rojo: 1",
            "No enviaron: Adm Aduana Pisiga",
            "5 filas tomadas de 7 leídas; 1 por resolver.",
        ]
        or preview(seen(folder))[1] == "No enviaron: Adm Aduana Pisiga"
    )


def test_of_several_files_of_a_unit_one_is_chosen(folder: Path) -> None:
    other = folder / "Unidad Legal (2).xlsx"
    shutil.copy(folder / LEGAL, other)
    edit(folder / LEGAL, ("GRO1.1.1", "name", "Una"))
    edit(other, ("GRO1.1.1", "name", "Otra"))
    (twice,) = several(seen(folder))
    assert (twice.unit, {*twice.files}) == ("Unidad Legal", {LEGAL, other.name})
    assert several(seen(folder, "--only", twice.last)) == []
    assert preview(seen(folder, "--only", twice.last))[0].startswith("Unidad Legal: ")


def test_files_that_are_refused_for_other_reasons_are_no_choice() -> None:
    files = [{"file": name, "saved_at": "", "problem": f"{name}: no se puede leer"} for name in ("a.xlsx", "b.xlsx")]
    lines = [{"unit": "A", "received": "rechazado", "file": each["file"]} for each in files]
    assert several({"files": files, "submissions": lines}) == []
    assert Several("A", ("a", "b")).last == "b"


def test_many_units_are_cut_short() -> None:
    line = {"received": "recibido", "rejected": 0, "changed": 1, "red": 0}
    lines = [{**line, "unit": f"Unidad {number:02}"} for number in range(20)]
    found = preview({"submissions": lines, "changes": [], "taken": 20, "read": 20, "open": 0})
    assert found[-2:] == ["… y 5 más", "20 filas tomadas de 20 leídas; 0 por resolver."]
    assert len(found) == 17
