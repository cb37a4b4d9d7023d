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
from dataclasses import dataclass
from pathlib import Path

import poa_xl
from poa_xl.actions.converting import program_folder, settings_of
from poa_xl.actions.regional import NO_WINDOW, plain_environment
from poa_xl.addin.check import Check, bad
from poa_xl.addin.machine import own_python
from poa_xl.calc.extension import build
from poa_xl.calc.names import IDENTIFIER
from poa_xl.errors import BookError
from poa_xl.i18n import say

NAME = "poa_xl.oxt"
_OLDEST = (7, 4)
# A helper that LibreOffice starts has 20 seconds to answer it, and what a busy machine reads slowly the first time is
# there the next; there it was seen to end by itself too, and not when it was asked again. A request that is wrong is
# refused within a second, each time.
_ATTEMPTS = 4


def command() -> list[str]:
    """Return the `poa` that the buttons of the regional office run: this one."""
    return [sys.executable, "-m", "poa_xl.cli"]


@dataclass(frozen=True, slots=True)
class Installed:
    """The extension that LibreOffice has: its version, and whether all parts of it are registered."""

    version: str
    is_registered: bool


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
        found = _added(path) or _added(path)
    if found is None:
        raise BookError(say("LibreOffice tomó la extensión y no la registró: {remedy}", remedy=_closed()))
    return [
        say("Extensión: poa-xl {version} en LibreOffice", version=poa_xl.__version__),
        say("Cerrar LibreOffice y abrirlo otra vez: aparecen el menú y la barra POA."),
    ]


def _added(path: Path) -> Installed | None:
    """Add the extension once; None when LibreOffice did not register all of it, as when a helper was late."""
    _run("add", "--suppress-license", "--force", str(path))
    found = installed()
    return found if found is not None and found.is_registered else None


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


def installed() -> Installed | None:
    """Ask LibreOffice for the extension, of this person or of everybody; None for none.

    Raises:
        BookError: There is no LibreOffice, or it would not tell.
    """
    return _listed(_run("list")) or _listed(_run("list", "--shared"))


def _listed(text: str) -> Installed | None:
    """Find the extension in what the extension manager lists: its lines end where the next one's begin."""
    for block in re.split(r"^Identifier: ", text, flags=re.MULTILINE)[1:]:
        version = re.match(rf"{re.escape(IDENTIFIER)}\s+Version: (\S+)", block)
        if version is not None:
            states = re.findall(r"is registered: (\w+)", block)
            return Installed(version[1], bool(states) and {*states} == {"yes"})
    return None


def status() -> list[Check]:
    """Look at everything that the extension needs."""
    folder = program_folder()
    if folder is None:
        return [own_python(), bad(_absent(), say("instalar LibreOffice 7.4 o posterior"))]
    return [own_python(), *_office(folder), *_extension(), *_terminal()]


def _office(folder: Path) -> Iterator[Check]:
    version = _version(folder)
    shown = ".".join(map(str, version)) or "—"
    is_new = version >= _OLDEST
    yield Check(
        is_new,
        say("LibreOffice {version}: {path}", version=shown, path=str(folder)),
        "" if is_new else say("instalar LibreOffice 7.4 o posterior"),
    )
    loaders = [folder / "pythonloader.py", folder.parent / "Resources" / "pythonloader.py"]
    has_python = any(path.is_file() for path in loaders)
    lacking = say("instalar la parte de Python de LibreOffice (en Debian: python3-uno)")
    yield Check(has_python, say("Python dentro de LibreOffice"), "" if has_python else lacking)


def _extension() -> Iterator[Check]:
    again = say("poa addin install --host calc")
    try:
        found = installed()
    except BookError as error:
        yield bad(str(error), _closed())
        return
    if found is None:
        yield bad(say("La extensión no está instalada en LibreOffice"), again)
        return
    yield Check(
        found.version == poa_xl.__version__,
        say("versión de poa-xl: {found} en LibreOffice, {right} aquí", found=found.version, right=poa_xl.__version__),
        "" if found.version == poa_xl.__version__ else again,
    )
    if not found.is_registered:
        yield bad(say("LibreOffice tiene la extensión y no la registró"), again)


def _closed() -> str:
    return say("cerrar LibreOffice y repetir")


def _terminal(platform: str = sys.platform, environment: Mapping[str, str] = os.environ) -> Iterator[Check]:
    """Warn of a terminal from which LibreOffice cannot start its Python; elsewhere it brings one of its own."""
    active = environment.get("VIRTUAL_ENV") or environment.get("CONDA_PREFIX")
    if platform == "linux" and active:
        yield Check(
            is_good=True,
            found=say("En esta terminal hay un entorno de Python activado: {path}", path=active),
            remedy=say("abrir Calc desde su menú: desde esta terminal se cierra, con cualquier extensión en Python"),
        )


def _version(folder: Path) -> tuple[int, ...]:
    """Read the version of LibreOffice, without starting it."""
    settings = settings_of(folder)
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
    command = [str(unopkg), arguments[0], *everybody, *arguments[1:]]
    for _ in range(_ATTEMPTS):
        done = subprocess.run(  # noqa: S603 - LibreOffice's own command
            command,
            check=False,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            creationflags=NO_WINDOW,
            env=plain_environment(),
        )
        if done.returncode == 0:
            break
    if done.returncode != 0:
        lines = [line for line in done.stderr.splitlines() if line.strip()]
        raise BookError(say("LibreOffice no pudo: {text}", text=" ".join(lines) or str(done.returncode)))
    return done.stdout
