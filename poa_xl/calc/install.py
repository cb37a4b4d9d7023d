"""Puts the extension into LibreOffice, takes it out again, and says what stands in its way.

The extension manager of LibreOffice does the work, through its command `unopkg`: for this person, or for everybody on
the machine when the administrator asks.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import poa_xl
from poa_xl.actions.regional import NO_WINDOW
from poa_xl.addin.check import Check
from poa_xl.addin.machine import own_python
from poa_xl.calc.extension import build
from poa_xl.calc.names import IDENTIFIER
from poa_xl.errors import BookError
from poa_xl.i18n import say

NAME = "poa_xl.oxt"
_OLDEST = (7, 4)
_MAC = Path("/Applications/LibreOffice.app/Contents/MacOS")


def program_folder(environment: Mapping[str, str] = os.environ) -> Path | None:
    """Find the folder of LibreOffice's programs: by the path, else where its installers put it."""
    found = shutil.which("soffice", path=environment.get("PATH"))
    roots = [environment[name] for name in ("ProgramFiles", "ProgramFiles(x86)") if name in environment]
    usual = [_MAC, *(Path(root) / "LibreOffice" / "program" for root in roots)]
    known = [Path(found).resolve().parent, *usual] if found is not None else usual
    return next((folder for folder in known if _settings(folder) is not None), None)


def _settings(folder: Path) -> Path | None:
    """Give the file beside the programs that tells the version."""
    places = (folder / "bootstraprc", folder / "bootstrap.ini", folder.parent / "Resources" / "bootstraprc")
    return next((path for path in places if path.is_file()), None)


def command() -> list[str]:
    """Give the `poa` that the buttons of the regional office run: this one."""
    return [sys.executable, "-m", "poa_xl.cli"]


def install() -> list[str]:
    """Build the extension and add it, in the place of an older one.

    Returns:
        What was done, in sentences.

    Raises:
        BookError: There is no LibreOffice, or it would not.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / NAME
        path.write_bytes(build(command()))
        # Whoever LibreOffice runs as must be able to read it.
        Path(folder).chmod(0o755)
        _run("add", "--suppress-license", "--force", str(path))
    return [
        say("Extensión: poa-xl {version} en LibreOffice", version=poa_xl.__version__),
        say("Cerrar LibreOffice y abrirlo otra vez: aparecen el menú y la barra POA."),
    ]


def uninstall() -> list[str]:
    """Take the extension out.

    Returns:
        What was done, in sentences.

    Raises:
        BookError: There is no LibreOffice, or it would not.
    """
    if installed() is None:
        return [say("La extensión no está instalada en LibreOffice")]
    _run("remove", IDENTIFIER)
    return [say("Se quitó la extensión de LibreOffice. Cerrarlo y abrirlo otra vez.")]


def installed() -> str | None:
    """Give the version of the extension that LibreOffice has, for this person or for everybody; None for none.

    Raises:
        BookError: There is no LibreOffice, or it would not tell.
    """
    wanted = rf"Identifier: {re.escape(IDENTIFIER)}\s+Version: (\S+)"
    found = re.search(wanted, _run("list")) or re.search(wanted, _run("list", "--shared"))
    return found[1] if found else None


def status() -> list[Check]:
    """Look at everything that the extension needs."""
    folder = program_folder()
    if folder is None:
        return [own_python(), Check(is_good=False, found=_absent(), remedy=say("instalar LibreOffice 7.4 o posterior"))]
    return [own_python(), *_office(folder), *_extension()]


def _office(folder: Path) -> Iterator[Check]:
    version = _version(folder)
    shown = ".".join(map(str, version)) or "—"
    is_new = version >= _OLDEST
    yield Check(is_new, say("LibreOffice {version}: {path}", version=shown, path=str(folder)),
                "" if is_new else say("instalar LibreOffice 7.4 o posterior"))  # fmt: skip
    loaders = [folder / "pythonloader.py", folder.parent / "Resources" / "pythonloader.py"]
    has_python = any(path.is_file() for path in loaders)
    lacking = say("instalar la parte de Python de LibreOffice (en Debian: python3-uno)")
    yield Check(has_python, say("Python dentro de LibreOffice"), "" if has_python else lacking)


def _extension() -> Iterator[Check]:
    again = say("poa addin install --host calc")
    try:
        found = installed()
    except BookError as error:
        yield Check(is_good=False, found=str(error), remedy=say("cerrar LibreOffice y repetir"))
        return
    if found is None:
        yield Check(is_good=False, found=say("La extensión no está instalada en LibreOffice"), remedy=again)
    else:
        yield Check(found == poa_xl.__version__, say("versión de poa-xl: {found} en LibreOffice, {right} aquí",
                                                     found=found, right=poa_xl.__version__),
                    "" if found == poa_xl.__version__ else again)  # fmt: skip


def _version(folder: Path) -> tuple[int, ...]:
    """Read the version of LibreOffice, without starting it."""
    settings = _settings(folder)
    found = re.search(r"ProductKey=\D*([\d.]+)", settings.read_text("utf-8")) if settings is not None else None
    return tuple(map(int, found[1].split("."))) if found else ()


def _absent() -> str:
    return say("En este sistema no se encontró LibreOffice")


def _unopkg() -> Path:
    """Find the command of the extension manager.

    Raises:
        BookError: There is none.
    """
    found = shutil.which("unopkg")
    folder = program_folder()
    inside = [folder / name for name in ("unopkg.com", "unopkg")] if folder is not None else []
    known = [Path(found), *inside] if found is not None else inside
    path = next((path for path in known if path.is_file()), None)
    if path is None:
        raise BookError(_absent())
    return path


def _run(*arguments: str) -> str:
    unopkg = _unopkg()
    # For the administrator it works for everybody only.
    everybody = ["--shared"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    done = subprocess.run(  # noqa: S603 - LibreOffice's own command
        [str(unopkg), arguments[0], *everybody, *arguments[1:]],
        check=False, capture_output=True, encoding="utf-8", errors="replace", creationflags=NO_WINDOW,
    )  # fmt: skip
    if done.returncode != 0:
        lines = [line for line in done.stderr.splitlines() if line.strip()]
        raise BookError(say("LibreOffice no pudo: {text}", text=" ".join(lines) or str(done.returncode)))
    return done.stdout
