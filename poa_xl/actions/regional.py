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
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from poa_xl.errors import BookError
from poa_xl.i18n import language, say

# Beside the master: where the workbooks of the units go to, and where their answers are received. Offices that began
# with an earlier version have one folder for both.
SENT, ANSWERS, FORMER = "enviados", "recibidos", "administraciones"
# Beside the code inside the Calc extension: which `poa` installed it.
COMMAND = Path(__file__).parents[1] / "command.json"
# What a spreadsheet program sets for its own Python would lead another one astray.
_FOREIGN = ("PYTHONHOME", "PYTHONPATH")
# On Windows a command would flash a black window.
NO_WINDOW = 0x08000000 if sys.platform == "win32" else 0
_FAILED = 2


def command() -> list[str]:
    """Give the program and its first arguments.

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
    if found is None:
        raise BookError(
            say("este botón necesita el programa poa, que no está instalado en este equipo: instalar poa-xl con "
                "Python y repetir poa addin install --host calc")
        )  # fmt: skip
    return [found]


def answers(master: Path) -> Path:
    """Return the folder in which the answers for a master are received."""
    former = master.parent / FORMER
    return former if former.is_dir() and not (master.parent / ANSWERS).is_dir() else master.parent / ANSWERS


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
    environment = {name: value for name, value in os.environ.items() if name not in _FOREIGN}
    return subprocess.run(  # noqa: S603 - our own program, its arguments are no shell's business
        line,
        check=False,
        capture_output=True,
        encoding="utf-8",
        env={**environment, "PYTHONUTF8": "1", "POA_LANG": language(), "COLUMNS": "10000"},
        stdin=subprocess.DEVNULL,
        creationflags=NO_WINDOW,
    )
