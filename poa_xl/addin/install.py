"""Puts the add-in where Excel looks for it, takes it out again, and says what stands in its way.

A file that a program on the machine writes into XLSTART carries no mark of the web and lies in a trusted location:
nobody has to trust anything. The add-in is built here and now, because its VBA names the DLL of xlwings by version.
"""

import os
import shutil
import struct
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import platformdirs
import xlwings

import poa_xl
from poa_xl.addin import sources
from poa_xl.addin.build import CONFIGURATION, build
from poa_xl.books.book import MemoryBook
from poa_xl.books.files import replace, retire, stamp
from poa_xl.errors import BookError, PoaError
from poa_xl.i18n import say

NAME = "poa_xl.xlam"
_MAC_STARTUP = "Library/Group Containers/UBF8T346G9.Office/User Content.localized/Startup.localized/Excel"
_MAC_SCRIPTS = "Library/Application Scripts/com.microsoft.Excel"
_SECURITY = r"Software\{policies}Microsoft\Office\16.0\Excel\Security"
_DISABLED_MACROS = 4

# Key and name to number; None where the registry holds none.
Registry = Callable[[str, str], int | None]


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that the doctor looked at: whether it is in order, what was found, what to do."""

    is_good: bool
    found: str
    remedy: str = ""


def _good(found: str) -> Check:
    return Check(is_good=True, found=found)


def _bad(found: str, remedy: str) -> Check:
    return Check(is_good=False, found=found, remedy=remedy)


def startup_folder(platform: str = sys.platform, environment: Mapping[str, str] = os.environ) -> Path | None:
    """Give the folder whose add-ins Excel opens at its start; None on a system without Excel."""
    if platform == "win32":
        return Path(environment["APPDATA"]) / "Microsoft" / "Excel" / "XLSTART"
    return Path.home() / _MAC_STARTUP if platform == "darwin" else None


def settings() -> dict[str, str]:
    """Give what every add-in must know, whatever the machine: how Python runs, and which versions belong together.

    The folder of the workbook stays out of Python's path: nothing that lies beside a workbook gets to run.
    """
    return {
        "ADD_WORKBOOK_TO_PYTHONPATH": "False",
        "UDF MODULES": "udfs",
        "USE UDF SERVER": "True",
        "SHOW CONSOLE": "False",
        "POA_XL": poa_xl.__version__,
        "XLWINGS": xlwings.__version__,
    }


def configuration() -> dict[str, str]:
    """Give the settings of an add-in on this machine: the interpreter, and where `udfs.py` is."""
    interpreter = Path(sys.executable)
    silent = interpreter.with_name("pythonw.exe")
    return {
        "INTERPRETER_WIN": str(silent if silent.is_file() else interpreter),
        "INTERPRETER_MAC": str(interpreter),
        "PYTHONPATH": str(sources.root()),
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
            say("En Windows escribiría {file} en %APPDATA%\\Microsoft\\Excel\\XLSTART; en macOS, en la carpeta de "
                "inicio de Excel, y copiaría el guion de xlwings.", file=NAME),
            say("poa addin build escribe el complemento en cualquier sistema."),
        ]  # fmt: skip
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / NAME
    data = build(".xlam", configuration())
    if target.is_file() and target.read_bytes() == data:
        return target, [say("Complemento: {path} ya estaba al día", path=str(target))]
    replace(target, data, expected=stamp(target), backups=_backups())
    done = [
        say("Complemento: {path}", path=str(target)),
        say("Cerrar Excel y abrirlo otra vez: aparece la pestaña POA."),
    ]
    if sys.platform == "darwin":
        done.append(_install_script())
    return target, done


def uninstall(folder: Path | None) -> list[str]:
    """Take the add-in out of the startup folder.

    Returns:
        What was done, or would be done where Excel is.
    """
    if folder is None:
        return [say("En este sistema no hay Excel: no se hizo nada. Donde haya, quitaría {file} de su inicio.",
                    file=NAME)]  # fmt: skip
    target = folder / NAME
    if not target.is_file():
        return [say("{path}: no está instalado", path=str(target))]
    retire(target, _backups())
    return [say("Se quitó {path}", path=str(target))]


def own_python() -> Check:
    """Tell which Python runs this."""
    return _good(say("Python {version}, {bits} bits: {path}", version=sys.version.split()[0],
                     bits=str(8 * struct.calcsize("P")), path=sys.executable))  # fmt: skip


def status(folder: Path | None, registry: Registry | None = None, platform: str = sys.platform) -> list[Check]:
    """Look at everything that the add-in needs.

    Args:
        folder: The startup folder; None where there is no Excel.
        registry: Reads numbers of the current user's registry; by default that of Windows.
        platform: Name of the system, as `sys.platform` has it.
    """
    checks = [
        own_python(),
        _good(say("xlwings {version}", version=xlwings.__version__)),
    ]  # fmt: skip
    if folder is None:
        return [
            *checks,
            Check(
                is_good=False,
                found=say("En este sistema no hay Excel"),
                remedy=say("usar poa addin install donde lo haya"),
            ),
        ]
    checks += _installed(folder)
    if platform == "win32":
        checks += [*_library(Path(sys.prefix)), *_policies(registry or _windows_registry)]
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
    """Give a folder for what was there before; Excel would open a copy that lay in the startup folder."""
    return platformdirs.user_state_path("poa-xl", appauthor=False) / "respaldos"


def _installed(folder: Path) -> Iterator[Check]:
    target = folder / NAME
    again = say("poa addin install lo escribe de nuevo")
    if not target.is_file():
        yield _bad(say("{path}: no está instalado", path=str(target)), say("poa addin install"))
    else:
        yield _good(say("Complemento: {path}", path=str(target)))
        try:
            known = read_configuration(target)
        except PoaError as error:
            yield _bad(str(error), again)
        else:
            yield from _agreement(known, again)
    for other in sorted(folder.glob("*poa*.xla*")):
        if other.name != NAME:
            yield Check(
                is_good=False,
                found=say("{path}: resto de otra versión", path=str(other)),
                remedy=say("borrarlo con Excel cerrado"),
            )


def _agreement(known: Mapping[str, str], again: str) -> Iterator[Check]:
    expected = configuration()
    for key in ("POA_XL", "XLWINGS"):
        name, found, right = key.lower().replace("_", "-"), known.get(key, ""), expected[key]
        yield Check(found == right, say("versión de {name}: {found} en el complemento, {right} aquí", name=name,
                                        found=found or "—", right=right), "" if found == right else again)  # fmt: skip
    for key in ("INTERPRETER_MAC", "PYTHONPATH"):
        path = known.get(key, "")
        is_there = bool(path) and Path(path).exists()
        yield Check(is_there, say("{key}: {path}", key=key, path=path or "—"), "" if is_there else again)


def _library(prefix: Path) -> Iterator[Check]:
    bits = 8 * struct.calcsize("P")
    path = prefix / f"xlwings{bits}-{xlwings.__version__}.dll"
    yield Check(path.is_file(), say("DLL: {path}", path=str(path)),
                "" if path.is_file() else say("py -m pip install --force-reinstall xlwings=={version}",
                                              version=xlwings.__version__))  # fmt: skip


def _policies(registry: Registry) -> Iterator[Check]:
    """Look for settings that keep add-ins in XLSTART from running."""
    ask = say("pedir al administrador del sistema que permita los complementos de XLSTART")
    for policies in ("Policies\\", ""):
        key = _SECURITY.format(policies=policies)
        if registry(key, "VBAWarnings") == _DISABLED_MACROS:
            yield _bad(say("las macros están desactivadas sin aviso ({key})", key=key), ask)
        if registry(key + r"\Trusted Locations", "AllLocationsDisabled") == 1:
            yield _bad(say("las ubicaciones de confianza están desactivadas ({key})", key=key), ask)


def _windows_registry(key: str, name: str) -> int | None:
    import winreg  # noqa: PLC0415 - Windows only

    try:
        with winreg.OpenKey(winreg.HKEY_CURRENT_USER, key) as opened:  # type: ignore[attr-defined,unused-ignore]
            return int(winreg.QueryValueEx(opened, name)[0])  # type: ignore[attr-defined,unused-ignore]
    except OSError:
        return None


def _install_script() -> str:
    """Copy the AppleScript by which Excel for macOS starts Python."""
    name = f"xlwings-{xlwings.__version__}.applescript"
    folder = Path.home() / _MAC_SCRIPTS
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(Path(xlwings.__file__).parent / name, folder / name)
    return say("Guion de xlwings: {path}", path=str(folder / name))
