"""`poa doctor`: everything that is wrong with an installation, in all programs, and what helps."""

# ruff: noqa: PLC0415 - what a command alone needs is imported inside it

import os
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from poa_xl import __version__
from poa_xl.cli.front import FOUND, Command
from poa_xl.i18n import say
from poa_xl.terminal.screen import screen

if TYPE_CHECKING:
    from poa_xl.addin.check import Check

_NAME = "poa-xl"


def add_to(group: click.Group) -> None:
    """Add the command of this module to a group."""
    group.add_command(doctor)


@click.command(cls=Command, epilog="Ejemplo: poa doctor")
def doctor() -> None:
    """Revisa toda la instalación, en Excel y en Calc, y dice qué hacer con lo que está mal."""
    seen = screen()
    is_good = True
    for title, checks in _looks():
        seen.line("")
        seen.line(title, "bold")
        is_good = show(checks) and is_good
    seen.line("")
    seen.line(say("Todo está bien.") if is_good else say("Lo que dice MAL tiene debajo qué hacer."))
    sys.exit(0 if is_good else FOUND)


def show(checks: Sequence["Check"]) -> bool:
    """Show what was looked at, line by line; return whether all of it is in order."""
    seen = screen()
    for each in checks:
        mark, style = (say("bien"), "green") if each.is_good else (say("MAL"), "bold red")
        if each.is_good and each.remedy:
            mark, style = say("nota"), "yellow"
        seen.line(f"{mark:5}{each.found}", style)
        if each.remedy:
            seen.line(f"      → {each.remedy}")
    return all(each.is_good for each in checks)


def _looks() -> Iterator[tuple[str, list["Check"]]]:
    """Look part by part; one that cannot be looked at hides no other."""
    from poa_xl.actions.converting import program_folder
    from poa_xl.addin.check import good
    from poa_xl.addin.install import startup_folder
    from poa_xl.addin.install import status as excel
    from poa_xl.addin.machine import own_command, own_python
    from poa_xl.calc.registering import status as calc

    yield "poa-xl", [good(f"poa-xl {__version__}"), own_python(), own_command(), *_packages(), _office(), _log()]
    folder = startup_folder()
    known = {own_python(), own_command()}
    absent = good(say("Excel no existe en este sistema; se trabaja en LibreOffice Calc"))
    yield "Excel", [each for each in excel(folder) if each not in known] if folder is not None else [absent]
    has_calc = program_folder() is not None
    missing = good(say("no está instalado; quien trabaja en Excel no lo necesita"))
    yield "LibreOffice Calc", [each for each in calc() if each not in known] if has_calc else [missing]


def _requirements(extra: str) -> list[str]:
    """Return the names of what the package needs on every system, or what an extra adds."""
    import importlib.metadata

    listed = importlib.metadata.requires(_NAME) or []
    wanted = [each for each in listed if (f"'{extra}'" in each or f'"{extra}"' in each if extra else ";" not in each)]
    return [re.split(r"[^\w.-]", each)[0] for each in wanted]


def _missing(names: Sequence[str]) -> list[str]:
    import importlib.metadata

    found = {str(each.metadata["Name"]).casefold().replace("_", "-") for each in importlib.metadata.distributions()}
    return [name for name in names if name.casefold().replace("_", "-") not in found]


def _packages() -> list["Check"]:
    from poa_xl.addin.check import bad

    return [bad(say("falta {package}", package=name), _again("")) for name in _missing(_requirements(""))]


def _office() -> "Check":
    from poa_xl.addin.check import Check, bad, good

    needed = _requirements("oficina")
    lacking = _missing(needed)
    if not lacking:
        return good(say("Con lo de la oficina regional: repartir, consolidar, historia"))
    if len(lacking) < len(needed):
        return bad(say("a lo de la oficina regional le falta {package}", package=", ".join(lacking)), _again("oficina"))
    return Check(
        is_good=True,
        found=say("Sin lo de la oficina regional, que un planificador no necesita"),
        remedy=say("para tenerlo: {command}", command=_again("oficina")),
    )


def _again(extra: str) -> str:
    return say("repetir el instalador: {command}", command=f"instalar.cmd {extra}".strip())


def _log() -> "Check":
    """Whether the errors of buttons can be written down."""
    from poa_xl.addin.check import bad, good
    from poa_xl.store.log import log_file

    path = log_file()
    folder = next(each for each in (path.parent, *path.parents) if each.exists())
    if os.access(path if path.is_file() else folder, os.W_OK):
        return good(say("Registro: {path}", path=str(path)))
    return bad(
        say("Registro: {path}", path=str(path)), say("dar permiso de escritura en {folder}", folder=str(Path(folder)))
    )
