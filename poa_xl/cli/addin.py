"""Commands that put poa-xl into Excel and LibreOffice."""

# ruff: noqa: PLC0415 - what a command alone needs is imported inside it

import sys
from pathlib import Path

import click

from poa_xl.cli.doctor import show
from poa_xl.cli.front import FAILED, FOUND, Group, file, wrote
from poa_xl.i18n import say
from poa_xl.terminal.screen import screen

_HOST = click.option("--host", type=click.Choice(["excel", "calc"]), default="excel", show_default=True,
                    help="Para qué programa.")  # fmt: skip
_STARTUP = file("--startup", metavar="CARPETA", help="Carpeta de inicio de Excel, si es otra.")


def add_to(group: click.Group) -> None:
    """Add the commands of this module to a group."""
    group.add_command(addin)


@click.group(cls=Group)
def addin() -> None:
    """El complemento de Excel y la extensión de Calc: construirlos, instalarlos, quitarlos, revisarlos."""


@addin.command("build", epilog="Ejemplo: poa addin build --host calc -o poa_xl.oxt")
@_HOST
@file("-o", "--output", help="Complemento (.xlam), libro con lo mismo (.xlsm), o extensión (.oxt).")
def addin_build(host: str, output: Path | None) -> None:
    """Construye el complemento o la extensión, en cualquier sistema."""
    from poa_xl.books.files import replace, stamp

    kinds = {"excel": (".xlam", ".xlsm"), "calc": (".oxt",)}[host]
    output = output or Path(f"poa_xl{kinds[0]}")
    suffix = output.suffix.lower()
    if suffix not in kinds:
        raise click.BadParameter(say("«{file}» no termina en {kinds}", file=output.name, kinds=", ".join(kinds)))
    before = stamp(output)
    if host == "calc":
        from poa_xl.calc.extension import build as build_extension

        data = build_extension()
    else:
        from poa_xl.addin.build import build
        from poa_xl.addin.install import settings

        data = build(suffix, settings())
    wrote(output, replace(output, data, expected=before))


@addin.command("install", epilog="Ejemplo: poa addin install")
@_HOST
@_STARTUP
def addin_install(host: str, startup: Path | None) -> None:
    """Construye el complemento y lo pone donde Excel lo abre; o la extensión, en LibreOffice."""
    if host == "calc":
        from poa_xl.calc.install import install as extend

        for line in extend():
            screen().line(line)
        return
    from poa_xl.addin.install import install, startup_folder

    written, said = install(startup or startup_folder())
    for line in said:
        screen().line(line)
    sys.exit(0 if written else FAILED)


@addin.command("uninstall", epilog="Ejemplo: poa addin uninstall --host calc")
@_HOST
@_STARTUP
def addin_uninstall(host: str, startup: Path | None) -> None:
    """Quita el complemento de donde Excel lo abre; o la extensión, de LibreOffice."""
    if host == "calc":
        from poa_xl.calc.install import uninstall as take_out

        lines = take_out()
    else:
        from poa_xl.addin.install import startup_folder, uninstall

        lines = uninstall(startup or startup_folder())
    for line in lines:
        screen().line(line)


@addin.command("status", epilog="Ejemplo: poa addin status")
@_HOST
@_STARTUP
def addin_status(host: str, startup: Path | None) -> None:
    """Revisa todo lo que el complemento o la extensión necesita y dice qué hacer."""
    if host == "calc":
        from poa_xl.calc.install import status as look

        checks = look()
    else:
        from poa_xl.addin.install import startup_folder, status

        checks = status(startup or startup_folder())
    sys.exit(0 if show(checks) else FOUND)
