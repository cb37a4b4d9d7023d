"""The demo shows what the tool is for, and what it proposes at its end is true."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent


def recipe() -> list[str]:
    text = (ROOT / "Makefile").read_text("utf-8").partition("\ndemo:")[2].partition("\n\n")[0]
    lines = [line.strip().removeprefix("@") for line in text.splitlines()[1:]]
    return [line for line in lines if not line.startswith(("#", "rm"))]


def proposed() -> list[str]:
    lines = (ROOT / "demo" / "probar.txt").read_text("utf-8").splitlines()
    return [line.strip() for line in lines if re.match(r" {5}(\.venv|cp)", line)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo")


def run(line: str, folder: Path) -> tuple[int, str]:
    """Run a line of the Makefile or of the proposals in a folder of its own."""
    for name, value in (("$(POA)", f"{BIN}/poa"), ("$(BIN)", str(BIN)), ("$(DEMO)", str(folder)), ("$$", "$")):
        line = line.replace(name, value)
    line = re.sub(r"(?<!/)\.venv/bin", str(BIN), line).replace("build/demo", str(folder))
    # Whoever calls `make` has a terminal of that width, or none.
    around = {"PATH": "/usr/bin:/bin", "COLUMNS": "300"}
    done = subprocess.run(["/bin/sh", "-c", line], check=False, capture_output=True, text=True, cwd=ROOT, env=around)
    return done.returncode, done.stdout + done.stderr


def test_a_newcomer_sees_what_the_tool_is_for_and_can_go_on(folder: Path) -> None:
    said = ""
    for line in recipe():
        code, said_now = run(line, folder)
        assert code == 0, said_now
        said += said_now
    assert "No enviaron: Unidad Legal" in said
    assert re.search(r"conflicto +GROGR1\.1\.1\.1\.3 +Responsable +Supervisor de Aforo +Técnico de Aforo", said)
    assert re.search(r"rechazado +GROGR1\.1\.1\.1\.8 +Meta", said)
    assert "2 por resolver; 3 en rojo" in said
    opened = re.findall(r"build/demo/\w+\.xlsx", (ROOT / "demo" / "probar.txt").read_text("utf-8"))
    assert all((folder / Path(each).name).is_file() for each in opened)
    before = (folder / "POA_GRO_2020.xlsx").read_bytes()
    check, copy, sync, undo = proposed()
    code, said = run(check, folder)
    assert (code, "H12" in said, "entre 2 y 3" in said) == (1, True, True)
    assert run(copy, folder) == (0, "")
    code, said = run(sync, folder)
    assert (code, "No enviaron" in said, "1 por resolver" in said) == (1, False, True)
    assert (folder / "POA_GRO_2020.xlsx").read_bytes() != before
    assert run(undo, folder)[0] == 0
    assert (folder / "POA_GRO_2020.xlsx").read_bytes() == before
