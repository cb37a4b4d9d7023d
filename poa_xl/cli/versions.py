"""Commands for the plan's year: approve it, list its versions, list what was modified since."""

# ruff: noqa: PLC0415 - what a command alone needs is imported inside it

import sys
from datetime import date
from pathlib import Path

import click

from poa_xl.cli.front import FILE, FOUND, JSON, SHEET, STORE, YEAR_OPTION, Command, file, quoted, wrote
from poa_xl.i18n import say
from poa_xl.terminal.screen import screen


class Day(click.ParamType[date]):
    """A day as people write it: 31/12/2020, or 2020-12-31."""

    name = "día"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Read it."""
        from poa_xl.core.dates import parse_date

        found = parse_date(str(value))
        if not isinstance(found, date):
            self.fail(say("«{text}» no es una fecha; escribir día/mes/año", text=str(value)), param, ctx)
        return found


def add_to(group: click.Group) -> None:
    """Add the commands of this module to a group."""
    for command in (approve, versions, modifications):
        group.add_command(command)


_BACKUP = file("--backup", "backups", metavar="CARPETA", help="Carpeta del respaldo.")
_FORCE = click.option("--force", is_flag=True, help="También un libro con firma digital, que deja de valer.")


@click.command(cls=Command, epilog='Ejemplo: poa approve POA_2020.xlsx --resolution "RA-PE 01-024-20"')
@click.argument("file", type=FILE, metavar="MAESTRO")
@click.option(
    "--as",
    "name",
    default="",
    metavar="NOMBRE",
    help="Cómo se llama; si no se da, Aprobado, y después Reformulado 1, 2, …",
)
@click.option("--resolution", required=True, metavar="DOCUMENTO", help="La resolución que lo aprueba.")
@click.option("--date", "day", type=Day(), metavar="DD/MM/AAAA", help="Su fecha; si no se da, hoy.")
@click.option("--by", "author", default="", metavar="QUIÉN", help="Quién lo registra; si no se da, el usuario.")
@SHEET
@YEAR_OPTION
@STORE
@_BACKUP
@_FORCE
@JSON
def approve(
    file: Path, name: str, resolution: str, day: date | None, author: str, *, as_json: bool, **options: object
) -> None:
    """Registra el plan del MAESTRO como versión aprobada: en la historia y en la hoja Versiones."""
    from poa_xl.actions.approving import Approval, Terms
    from poa_xl.actions.approving import approve as run
    from poa_xl.terminal import versions as told

    done = run(file, Approval(resolution, name, day, author), Terms(**options))  # type: ignore[arg-type]
    seen = screen()
    if as_json:
        seen.data(told.done_as_json(done))
    else:
        seen.show(told.findings_of(done))
        name, count = done.version.name, len(done.modified)
        first = say("Versión «{name}» registrada. Es la primera; contra ella se dirá lo que se modifique.", name=name)
        later = say("Versión «{name}» registrada: {count} cambios respecto de la anterior", name=name, count=count)
        seen.line(first if done.is_first else later)
        wrote(file, done.backup)
        text = say(
            "poa split {book} envía a las unidades el plan aprobado; poa modifications {book} lista lo que cambie",
            book=quoted(file),
        )
        seen.follow(text)
    sys.exit(FOUND if done.findings else 0)


@click.command(cls=Command, epilog="Ejemplo: poa versions POA_2020.xlsx")
@click.argument("file", type=FILE, metavar="MAESTRO")
@STORE
@JSON
def versions(file: Path, store: str | None, *, as_json: bool) -> None:
    """Muestra las versiones aprobadas del MAESTRO: cuándo, con qué documento, cuánto suman."""
    from poa_xl.actions.past.versioning import all_versions
    from poa_xl.terminal import versions as told

    found = all_versions(file, store)
    if as_json:
        screen().data(told.as_json(found))
    elif found:
        screen().show(told.listed(found))
    else:
        screen().line(say("{file}: todavía no tiene ninguna versión aprobada; poa approve la registra", file=file.name))


@click.command(cls=Command, epilog="Ejemplo: poa modifications POA_2020.xlsx")
@click.argument("file", type=FILE, metavar="MAESTRO")
@click.option("--dry-run", is_flag=True, help="Muestra lo mismo y no escribe nada.")
@SHEET
@YEAR_OPTION
@STORE
@_BACKUP
@_FORCE
@JSON
def modifications(file: Path, *, as_json: bool, **options: object) -> None:
    """Hace o actualiza la hoja Modificaciones: lo que cambió desde la última versión aprobada.

    Motivo, Informe técnico y Documento los escribe el planificador; quedan por código y columna.
    """
    from poa_xl.actions.approving import Terms, modify
    from poa_xl.terminal import versions as told

    done = modify(file, Terms(**options))  # type: ignore[arg-type]
    seen = screen()
    if as_json:
        seen.data(told.done_as_json(done))
    else:
        if done.modified:
            seen.show(told.modified(done.modified))
        seen.show(told.findings_of(done))
        text = say(
            "{count} cambios respecto de la versión «{version}»", count=len(done.modified), version=done.version.name
        )
        seen.line(text)
        if done.path is not None:
            wrote(done.path, done.backup)
            if done.modified:
                seen.follow(
                    say(
                        "escribir Motivo, Informe técnico y Documento en la hoja Modificaciones; después, poa approve "
                        "{book} registra la modificación",
                        book=quoted(file),
                    )
                )
    sys.exit(FOUND if done.findings else 0)
