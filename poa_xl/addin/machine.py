"""What this machine has for the add-in: its Python, the DLL of xlwings, the registry, what Windows hides from Excel.

Python is installed in many ways: for everybody, for one person without rights, from the Microsoft Store, by uv, in a
virtual environment. Each puts the DLL elsewhere, so its place is asked for and not assumed.
"""

import contextlib
import importlib.util
import os
import shutil
import site
import struct
import sys
from collections.abc import Callable, Iterable, Iterator
from importlib.metadata import files
from pathlib import Path

import xlwings

from poa_xl.addin.check import Check, bad, good
from poa_xl.i18n import say

# Key and name to value, of this user, else of the machine; None where the registry holds none.
Registry = Callable[[str, str], int | str | None]

_BITS = (64, 32)
_OFFICE = r"Software\Microsoft\Office\ClickToRun\Configuration"
_PLATFORMS: dict[int | str | None, int] = {"x64": 64, "x86": 32}
# A program from the Microsoft Store writes here when it writes into AppData; no other program sees it.
_PRIVATE = ("packages", "localcache")


def own_python() -> Check:
    """Return which Python runs this."""
    return good(
        say(
            "Python {version}, {bits} bits: {path}",
            version=sys.version.split()[0],
            bits=str(8 * struct.calcsize("P")),
            path=sys.executable,
        )
    )


def own_command(platform: str = sys.platform) -> Check:
    """Whether `poa` can be typed in a terminal; where it cannot, what to type."""
    found = shutil.which("poa")
    if found is not None:
        return good(say("Programa poa: {path}", path=found))
    typed = "py -m poa_xl" if platform == "win32" else f'"{sys.executable}" -m poa_xl'
    return Check(
        is_good=True,
        found=say("El programa poa no está en el PATH"),
        remedy=say("escribir en su lugar: {command}", command=typed),
    )


def library_name(bits: int) -> str:
    """Return the name of the DLL for an Excel of so many bits."""
    return f"xlwings{bits}-{xlwings.__version__}.dll"


def libraries(folders: Iterable[Path] | None = None) -> dict[int, Path]:
    """Find the DLLs of xlwings.

    Args:
        folders: Where to look, in this order; by default everywhere that an installer of Python packages puts them.

    Returns:
        Bits of Excel to the DLL that it can load.
    """
    found: dict[int, Path] = {}
    for folder in _usual() if folders is None else folders:
        for bits in _BITS:
            path = folder / library_name(bits)
            if bits not in found and path.is_file():
                found[bits] = path
    return found


def _usual() -> Iterator[Path]:
    """Where the DLL may be: where the installer says that it put it, then where installers usually do."""
    for each in files("xlwings") or ():
        if each.suffix == ".dll":
            yield Path(str(each.locate())).resolve().parent
    yield from (Path(sys.prefix), Path(sys.executable).parent, Path(sys.executable).parent.parent)
    if user := site.getuserbase():
        yield Path(user)


def check_libraries(found: dict[int, Path], registry: Registry) -> Iterator[Check]:
    """Hold the DLLs against the Excel installed; where nobody knows its bits, one DLL of either kind will do."""
    excel = _PLATFORMS.get(registry(_OFFICE, "Platform"))
    for bits in _BITS:
        if bits in found:
            yield good(say("DLL para Excel de {bits} bits: {path}", bits=str(bits), path=str(found[bits])))
    if excel not in found if excel is not None else not found:
        lacking = library_name(excel or _BITS[0])
        yield bad(say("falta {file}, por la que Excel llama a Python", file=lacking), _reinstall())


def _reinstall() -> str:
    if importlib.util.find_spec("pip") is None:
        return say("repetir el instalador: instalar.cmd o instalar.sh")
    return f'"{sys.executable}" -m pip install --force-reinstall --no-deps xlwings=={xlwings.__version__}'


def hidden_place(path: Path, resolve: Callable[[str], str] = os.path.realpath) -> Path | None:
    """Return where Windows really keeps what a Python of the Microsoft Store wrote; None where it is in place."""
    real = resolve(str(path))
    parts = real.casefold().replace("\\", "/").split("/")
    return Path(real) if all(each in parts for each in _PRIVATE) and real != str(path) else None


def windows_registry(key: str, name: str) -> int | str | None:
    """Read a value of this user's registry, else of the machine's."""
    import winreg  # noqa: PLC0415 - Windows only

    for root in (winreg.HKEY_CURRENT_USER, winreg.HKEY_LOCAL_MACHINE):  # type: ignore[attr-defined,unused-ignore]
        with (
            contextlib.suppress(OSError),
            winreg.OpenKey(root, key) as opened,  # type: ignore[attr-defined,unused-ignore]
        ):
            value: int | str = winreg.QueryValueEx(opened, name)[0]  # type: ignore[attr-defined,unused-ignore]
            return value
    return None
