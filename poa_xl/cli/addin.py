"""Commands that put poa-xl into Excel and LibreOffice."""

# ruff: noqa: PLC0415 - what a command alone needs is imported inside it

import sys
from pathlib import Path

import click

from poa_xl.cli.doctor import show
from poa_xl.cli.front import FAILED, FOUND, Group, file, wrote
from poa_xl.i18n import say
from poa_xl.terminal.screen import screen

_HOST = click.option(
    "--host", type=click.Choice(["excel", "calc"]), default="excel", show_default=True, help="Para qué programa."
)
_BUILT = click.option(
    "--host", type=click.Choice(["excel", "calc", "web"]), default="excel", show_default=True, help="Para qué programa."
)
_STARTUP = file("--startup", metavar="CARPETA", help="Carpeta de inicio de Excel, si es otra.")


def add_to(group: click.Group) -> None:
    """Add the commands of this module to a group."""
    group.add_command(addin)


@click.group(cls=Group)
def addin() -> None:
    """El complemento de Excel y la extensión de Calc: construirlos, instalarlos, quitarlos, revisarlos."""


@addin.command("build", epilog="Ejemplo: poa addin build --host calc -o poa_xl.oxt")
@_BUILT
@file("-o", "--output", help="Complemento (.xlam), libro con lo mismo (.xlsm), extensión (.oxt), o carpeta del panel.")
@click.option("--url", metavar="URL", help="Panel: dirección https:// en que la oficina pone la carpeta.")
@file("--site", metavar="ZIP", help="Panel: poa_xl_web.zip de la versión, si no se construyó aquí.")
@click.option("--office-js", metavar="URL", help="Panel: de dónde viene office.js; sin decirlo, de Microsoft.")
def addin_build(host: str, output: Path | None, url: str | None, site: Path | None, office_js: str | None) -> None:
    """Construye el complemento, la extensión o el panel, en cualquier sistema."""
    from poa_xl.books.files import replace, stamp

    if host == "web":
        _build_web(output, url, site, office_js)
        return
    if url or site or office_js:
        raise click.BadParameter(say("--url, --site y --office-js son de --host web"))
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


def _build_web(output: Path | None, url: str | None, site: Path | None, office_js: str | None) -> None:
    from poa_xl.addin import sources
    from poa_xl.web.site import OFFICE_JS, build

    if not url:
        raise click.UsageError(say("--host web necesita --url: la dirección https:// en que estará el panel"))
    folder = output or Path("poa_xl_web")
    files = build(site or sources.root() / "build" / "web", folder, url, office_js or OFFICE_JS)
    screen().line(
        say(
            "{folder}: {count} archivos. Ponerlos en {url} y dar manifest.xml a Excel.",
            folder=str(folder),
            count=len(files),
            url=url,
        )
    )


@addin.command("serve", epilog="Ejemplo: poa addin serve poa_xl_web")
@click.argument("folder", metavar="CARPETA", type=click.Path(path_type=Path), default="poa_xl_web")
@click.option("--port", type=int, metavar="PUERTO", default=8443, show_default=True, help="Puerto de este equipo.")
def addin_serve(folder: Path, port: int) -> None:
    """Sirve el panel en este equipo, con TLS, para probarlo; hasta Ctrl+C."""
    from poa_xl.store.journal import folder as kept
    from poa_xl.web.serving import certificates, server

    authority, certificate = certificates(kept() / "tls")
    with server(folder, port, certificate) as made:
        screen().line(
            say(
                "https://localhost:{port}/pane.html · confiar una vez en {path}; Ctrl+C termina.",
                port=str(made.server_address[1]),
                path=str(authority),
            )
        )
        try:
            made.serve_forever()
        except KeyboardInterrupt:
            screen().line(say("Terminado."))


@addin.command("install", epilog="Ejemplo: poa addin install")
@_HOST
@_STARTUP
def addin_install(host: str, startup: Path | None) -> None:
    """Construye el complemento y lo pone donde Excel lo abre; o la extensión, en LibreOffice."""
    if host == "calc":
        from poa_xl.calc.registering import install as extend

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
        from poa_xl.calc.registering import uninstall as take_out

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
        from poa_xl.calc.registering import status as look

        checks = look()
    else:
        from poa_xl.addin.install import startup_folder, status

        checks = status(startup or startup_folder())
    sys.exit(0 if show(checks) else FOUND)
