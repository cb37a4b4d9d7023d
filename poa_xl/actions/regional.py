"""What the regional office's buttons ask for: the same `poa` that is run by hand, in a process of its own.

A consolidation edits closed files and keeps a history, with libraries that not every Python inside a spreadsheet
program has. The installed `poa` has them all.
"""

import importlib.util
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from poa_xl.errors import BookError
from poa_xl.i18n import language, say

# Beside the master: where the workbooks of the units go to, and where their answers are received. Offices that began
# with an earlier version have one folder for both.
SENT, ANSWERS, FORMER = "enviados", "recibidos", "administraciones"
# Beside the code inside the Calc extension: which `poa` installed it.
COMMAND = Path(__file__).parents[1] / "command.json"
# What is set for one Python leads another one astray: that of a spreadsheet program, or that of a virtual environment.
_FOREIGN = ("PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV", "VIRTUAL_ENV_PROMPT", "CONDA_PREFIX")
_SYSTEM = ("/usr/bin", "/bin")
# On Windows a command would flash a black window.
NO_WINDOW = 0x08000000 if sys.platform == "win32" else 0
_FAILED = 2


def command() -> list[str]:
    """Return the program and its first arguments.

    Raises:
        BookError: `poa` is not installed.
    """
    if importlib.util.find_spec("poa_xl.cli") is not None:
        return [sys.executable, "-m", "poa_xl.cli"]
    if COMMAND.is_file():
        known: list[str] = json.loads(COMMAND.read_text("utf-8"))
        if Path(known[0]).is_file():
            return known
    found = shutil.which("poa")
    if found is not None:
        return [found]
    for python in usual(Path.home()):
        if python.is_file():
            return [str(python), "-m", "poa_xl"]
    raise BookError(
        say(
            "este botón necesita el programa poa, que no está instalado en este equipo: correr instalar.cmd oficina "
            "(en Linux y macOS, sh instalar.sh oficina) de la carpeta de poa-xl, y repetir"
        )
    )


def usual(home: Path) -> tuple[Path, ...]:
    """Return the Pythons of the folders that our installers fill."""
    return (
        home / ".local" / "share" / "poa-xl" / "venv" / "bin" / "python",
        home / "poa-xl" / "venv" / "Scripts" / "python.exe",
    )


def answers(master: Path) -> Path:
    """Return the folder in which the answers for a master are received."""
    former = master.parent / FORMER
    return former if former.is_dir() and not (master.parent / ANSWERS).is_dir() else master.parent / ANSWERS


def plain_environment(environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Return an environment in which no foreign Python comes before the one that a program expects.

    The Python inside LibreOffice takes the first `python3` of the path for itself: with a virtual environment on it no
    extension in Python starts.
    """
    kept = {name: value for name, value in environment.items() if name not in _FOREIGN}
    if "PATH" in kept:
        kept["PATH"] = os.pathsep.join(each for each in kept["PATH"].split(os.pathsep) if not _has_python(each))
    return kept


def _has_python(folder: str) -> bool:
    names = ("python3", "python", "python.exe")
    return folder not in _SYSTEM and any(Path(folder, name).exists() for name in names)


def run(*arguments: str) -> dict[str, Any]:
    """Run `poa` with `--json`.

    Raises:
        BookError: It could not; the message is what `poa` said.
    """
    done = _run([*command(), *arguments, "--json"])
    if done.returncode >= _FAILED or not done.stdout:
        last = done.stderr.strip().splitlines()
        raise BookError("\n".join(last) if done.returncode == _FAILED else last[-1] if last else "poa")
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _run(line: Sequence[str]) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(  # noqa: S603 - our own program, its arguments are no shell's business
        line,
        check=False,
        capture_output=True,
        encoding="utf-8",
        env={**plain_environment(), "PYTHONUTF8": "1", "POA_LANG": language(), "COLUMNS": "10000"},
        stdin=subprocess.DEVNULL,
        creationflags=NO_WINDOW,
    )
