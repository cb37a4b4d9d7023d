"""Puts the add-in where Excel looks for it, takes it out again, and says what stands in its way.

A file that a program on the machine writes into XLSTART carries no mark of the web and lies in a trusted location:
nobody has to trust anything. The add-in is built here and now, because its VBA names the DLL of xlwings by version.
"""

import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import platformdirs
import xlwings

import poa_xl
from poa_xl.addin import sources
from poa_xl.addin.build import CONFIGURATION, build
from poa_xl.addin.check import Check, bad, good
from poa_xl.addin.machine import (
    Registry,
    check_libraries,
    hidden_place,
    libraries,
    own_command,
    own_python,
    windows_registry,
)
from poa_xl.books.book import MemoryBook
from poa_xl.books.files import replace, retire, stamp
from poa_xl.errors import BookError, PoaError
from poa_xl.i18n import say

NAME = "poa_xl.xlam"
_SCRIPT = "poa_xl.applescript"
_MAC_STARTUP = "Library/Group Containers/UBF8T346G9.Office/User Content.localized/Startup.localized/Excel"
_MAC_SCRIPTS = "Library/Application Scripts/com.microsoft.Excel"
_SECURITY = r"Software\{policies}Microsoft\Office\16.0\Excel\Security"
_DISABLED_MACROS = 4


def startup_folder(platform: str = sys.platform, environment: Mapping[str, str] = os.environ) -> Path | None:
    """Return the folder whose add-ins Excel opens at its start; None on a system without Excel."""
    if platform == "win32":
        roaming = environment.get("APPDATA")
        return (Path(roaming) if roaming else Path.home() / "AppData" / "Roaming") / "Microsoft" / "Excel" / "XLSTART"
    return Path.home() / _MAC_STARTUP if platform == "darwin" else None


def settings() -> dict[str, str]:
    """Return what every add-in must know, whatever the machine: which versions belong together."""
    return {"POA_XL": poa_xl.__version__, "XLWINGS": xlwings.__version__}


def configuration() -> dict[str, str]:
    """Return the settings of an add-in on this machine: the interpreter, where `udfs.py` is, where the DLLs are."""
    interpreter = Path(sys.executable)
    silent = interpreter.with_name("pythonw.exe")
    folders = dict.fromkeys(str(path.parent) for path in libraries().values())
    return {
        "INTERPRETER_WIN": str(silent if silent.is_file() else interpreter),
        "INTERPRETER_MAC": str(interpreter),
        "PYTHONPATH": str(sources.root()),
        "DLL": "|".join(folders),
        **settings(),
    }


def install(folder: Path | None) -> tuple[Path | None, list[str]]:
    """Build the add-in and write it into the startup folder.

    Args:
        folder: The startup folder; None where there is no Excel, and then nothing is done.

    Returns:
        The file written, and what was done or would be done where Excel is, in sentences.
    """
    if folder is None:
        return None, [
            say("En este sistema no hay Excel: no se hizo nada."),
            say(
                "En Windows escribiría {file} en %APPDATA%\\Microsoft\\Excel\\XLSTART; en macOS, en la carpeta de "
                "inicio de Excel, y copiaría el guion de xlwings.",
                file=NAME,
            ),
            say("poa addin build escribe el complemento en cualquier sistema."),
        ]
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / NAME
    data = build(".xlam", configuration())
    if target.is_file() and target.read_bytes() == data:
        done = [say("Complemento: {path} ya estaba al día", path=str(target))]
    else:
        replace(target, data, expected=stamp(target), backups=_backups())
        done = [
            say("Complemento: {path}", path=str(target)),
            say("Cerrar Excel y abrirlo otra vez: aparece la pestaña POA."),
        ]
    hidden = hidden_place(target)
    if hidden is not None:
        return None, list(_hidden(target, hidden))
    if sys.platform == "darwin":
        done.append(_install_script())
    return target, done


def _hidden(target: Path, hidden: Path) -> tuple[str, str]:
    """Say that Excel does not see the add-in, and what helps."""
    return (
        say(
            "Este Python es de Microsoft Store y Windows guardó el complemento en {path}, donde Excel no lo ve.",
            path=str(hidden),
        ),
        say(
            "copiarlo con el Explorador de archivos a {folder}, o instalar con instalar.cmd, que trae otro Python",
            folder=str(target.parent),
        ),
    )


def uninstall(folder: Path | None) -> list[str]:
    """Take the add-in out of the startup folder.

    Returns:
        What was done, or would be done where Excel is.
    """
    if folder is None:
        return [
            say("En este sistema no hay Excel: no se hizo nada. Donde haya, quitaría {file} de su inicio.", file=NAME)
        ]
    target = folder / NAME
    if not target.is_file():
        return [say("{path}: no está instalado", path=str(target))]
    retire(target, _backups())
    return [say("Se quitó {path}", path=str(target))]


def status(folder: Path | None, registry: Registry | None = None, platform: str = sys.platform) -> list[Check]:
    """Look at everything that the add-in needs.

    Args:
        folder: The startup folder; None where there is no Excel.
        registry: Reads values of the registry; by default that of Windows.
        platform: Name of the system, as `sys.platform` has it.
    """
    checks = [own_python(), own_command(platform), good(say("xlwings {version}", version=xlwings.__version__))]
    if folder is None:
        return [*checks, bad(say("En este sistema no hay Excel"), say("usar poa addin install donde lo haya"))]
    checks += _installed(folder)
    if platform == "win32":
        registry = registry or windows_registry
        checks += [*check_libraries(libraries(), registry), *_policies(registry)]
    if platform == "darwin":
        checks.append(_script())
    return checks


def read_configuration(path: Path) -> dict[str, str]:
    """Read what an installed add-in knows.

    Raises:
        BookError: It is no add-in of ours.
    """
    for grid in MemoryBook(path.name, path.read_bytes()).read():
        if grid.name == CONFIGURATION:
            return {str(row.get(1)): str(row.get(2, "")) for row in grid.cells.values()}
    raise BookError(say("{file}: no es el complemento de poa-xl", file=path.name))


def _backups() -> Path:
    """Return a folder for what was there before; Excel would open a copy that lay in the startup folder."""
    return platformdirs.user_state_path("poa-xl", appauthor=False) / "respaldos"


def _installed(folder: Path) -> Iterator[Check]:
    target = folder / NAME
    again = say("poa addin install lo escribe de nuevo")
    if not target.is_file():
        yield bad(say("{path}: no está instalado", path=str(target)), say("poa addin install"))
    else:
        yield good(say("Complemento: {path}", path=str(target)))
        hidden = hidden_place(target)
        if hidden is not None:
            yield bad(*_hidden(target, hidden))
        try:
            known = read_configuration(target)
        except PoaError as error:
            yield bad(str(error), again)
        else:
            yield from _agreement(known, again)
    for other in sorted(folder.glob("*poa*.xla*")):
        if other.name != NAME:
            yield bad(say("{path}: resto de otra versión", path=str(other)), say("borrarlo con Excel cerrado"))


def _agreement(known: Mapping[str, str], again: str) -> Iterator[Check]:
    expected = configuration()
    for key in ("POA_XL", "XLWINGS"):
        name, found, right = key.lower().replace("_", "-"), known.get(key, ""), expected[key]
        yield Check(
            found == right,
            say(
                "versión de {name}: {found} en el complemento, {right} aquí", name=name, found=found or "—", right=right
            ),
            "" if found == right else again,
        )
    for key in ("INTERPRETER_MAC", "PYTHONPATH"):
        path = known.get(key, "")
        is_there = bool(path) and Path(path).exists()
        yield Check(is_there, say("{key}: {path}", key=key, path=path or "—"), "" if is_there else again)


def _policies(registry: Registry) -> Iterator[Check]:
    """Look for settings that keep add-ins in XLSTART from running."""
    ask = say("pedir al administrador del sistema que permita los complementos de XLSTART")
    for policies in ("Policies\\", ""):
        key = _SECURITY.format(policies=policies)
        if registry(key, "VBAWarnings") == _DISABLED_MACROS:
            yield bad(say("las macros están desactivadas sin aviso ({key})", key=key), ask)
        if registry(key + r"\Trusted Locations", "AllLocationsDisabled") == 1:
            yield bad(say("las ubicaciones de confianza están desactivadas ({key})", key=key), ask)


def _script() -> Check:
    path = Path.home() / _MAC_SCRIPTS / _SCRIPT
    if path.is_file() and path.read_bytes() == (sources.macros() / _SCRIPT).read_bytes():
        return good(say("Guion: {path}", path=str(path)))
    return bad(say("{path}: falta o es de otra versión", path=str(path)), say("poa addin install"))


def _install_script() -> str:
    """Copy the AppleScript by which Excel for macOS starts Python."""
    path = Path.home() / _MAC_SCRIPTS / _SCRIPT
    replace(path, (sources.macros() / _SCRIPT).read_bytes(), expected=stamp(path), backups=_backups())
    return say("Guion: {path}", path=str(path))
