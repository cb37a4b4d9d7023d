"""What people install: small for planners, whole for the office, by scripts that ask for no rights."""

import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path

import pytest

from poa_xl.cli import main
from poa_xl.cli.front import FAULT, is_of_the_office
from tests.paths import MASTER

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
OFFICE = [re.split(r"\W", each)[0] for each in PROJECT["optional-dependencies"]["oficina"]]
# They come with those of the office, and with nothing that a planner has.
THEIRS = ("numpy", "mako", "greenlet", "dateutil")


def alone(
    folder: Path, *arguments: str, without: Sequence[str] = (*OFFICE, *THEIRS)
) -> "subprocess.CompletedProcess[str]":
    """Run a command as if some modules were not installed: by default nothing of the regional office."""
    start = f"import sys; sys.modules.update(dict.fromkeys({list(without)})); from poa_xl.cli import main; main()"
    command = [sys.executable, "-c", start, *arguments]
    return subprocess.run(command, check=False, capture_output=True, text=True, cwd=folder, env={"COLUMNS": "500"})


PLANNER = [
    ("check plan.xlsx", 1),
    ("check --json plan.xlsx", 1),
    ("update plan.xlsx", 1),
    ("update plan.xlsx --functions -o otro.xlsx", 1),
    ("clean plan.xlsx", 2),
    ("diff plan.xlsx plan.xlsx", 0),
    ("template -o plantilla.xlsx --year 2021", 0),
    ("addin build -o poa.xlam", 0),
    ("addin build --host calc -o poa.oxt", 0),
    ("addin install --startup inicio", 0),
    ("addin status --startup inicio", 1),
    ("--version", 0),
]


@pytest.mark.parametrize(("command", "code"), PLANNER)
def test_a_planner_needs_nothing_of_the_office(command: str, code: int, tmp_path: Path) -> None:
    shutil.copy(MASTER, tmp_path / "plan.xlsx")
    done = alone(tmp_path, *command.split())
    assert (done.returncode, "Traceback" in done.stderr, "oficina regional y le falta" in done.stderr) == (
        code,
        False,
        False,
    )


@pytest.mark.parametrize(
    "command", ["split plan.xlsx", "sync . --into plan.xlsx", "history --into plan.xlsx", "undo --into plan.xlsx"]
)
def test_the_office_is_told_what_it_lacks(command: str, tmp_path: Path) -> None:
    shutil.copy(MASTER, tmp_path / "plan.xlsx")
    done = alone(tmp_path, *command.split())
    assert (done.returncode, done.stdout) == (2, "")
    assert "esto es de la oficina regional y le falta" in done.stderr
    assert "sh instalar.sh oficina" in done.stderr


@pytest.mark.parametrize(
    ("module", "expected"),
    [
        ("sqlalchemy", True),
        ("sqlalchemy.exc", True),
        ("alembic.config", True),
        ("pandas", True),
        ("click", False),
        ("poa_xl.otro", False),
        ("", False),
    ],
)
def test_only_what_the_extra_brings_is_of_the_office(module: str, expected: bool) -> None:
    assert is_of_the_office(module) is expected


def test_a_module_of_ours_that_is_missing_is_a_bug(tmp_path: Path) -> None:
    done = alone(tmp_path, "template", "-o", "x.xlsx", "--year", "2021", without=["poa_xl.actions.template"])
    assert done.returncode == FAULT
    assert "poa_xl.actions.template" in done.stderr


# ---- the installers: what can be seen of them on a system that cannot run them


@pytest.fixture(scope="module")
def batch() -> str:
    raw = (ROOT / "installers" / "instalar.cmd").read_bytes()
    # In UTF-8 cmd.exe loses its place after letters of two bytes, and without CR it loses labels.
    assert raw.isascii()
    assert raw.count(b"\n") == raw.count(b"\r\n")
    return raw.decode().replace("\r\n", "\n")


def test_every_jump_of_the_batch_file_has_its_label(batch: str) -> None:
    labels = re.findall(r"^:(\w+)$", batch, re.MULTILINE)
    assert sorted(labels) == sorted(set(re.findall(r"\b(?:goto|call) :?(\w+)", batch)))


def test_the_batch_file_quotes_every_path(batch: str) -> None:
    """A user's folder may hold blanks, accents and ampersands."""
    lines = [line for line in batch.splitlines() if not line.startswith(("rem", "echo"))]
    for line in lines:
        outside = "".join(line.split('"')[::2])
        assert not re.search(r"%(home|here|links|poa|USERPROFILE|LOCALAPPDATA)%", outside), line


def test_no_installer_asks_for_rights(batch: str) -> None:
    shell = (ROOT / "installers" / "instalar.sh").read_text("utf-8")
    for word in ("sudo", "runas", "setx", "HKLM", "ProgramFiles", "/usr/local"):
        assert word not in batch + shell


def commands(text: str) -> Sequence[str]:
    return re.findall(r"(?:-m poa_xl|\"\$poa\"|poa\.cmd) (addin \w+(?: --host calc)?)", text)


def test_installers_call_commands_that_exist(batch: str) -> None:
    shell = (ROOT / "installers" / "instalar.sh").read_text("utf-8")
    found = {*commands(batch), *commands(shell)}
    assert found >= {"addin install", "addin install --host calc", "addin uninstall", "addin uninstall --host calc"}
    group = main.commands["addin"]
    assert {each.split()[1] for each in found} <= {*getattr(group, "commands")}  # noqa: B009 - a group of click
