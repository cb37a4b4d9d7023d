"""Commands of the regional office: hand out, take in, look back, take back."""

# ruff: noqa: PLC0415 - what a command alone needs is imported inside it

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from poa_xl.cli import country
from poa_xl.cli.front import (
    FAILED,
    FILE,
    FOUND,
    INTO,
    JSON,
    SHEET,
    STORE,
    YEAR_OPTION,
    Command,
    file,
    no_book,
    quoted,
    wrote,
)
from poa_xl.i18n import say
from poa_xl.terminal.screen import screen

if TYPE_CHECKING:
    from poa_xl.actions.receiving import Received
    from poa_xl.actions.syncing import Synced


class _Step(click.ParamType[int]):
    """The number of a step of the history."""

    name = "integer"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:  # noqa: ANN401 - as click's
        """Read it."""
        if ctx is not None and param is not None:
            no_book(ctx, param, str(value))
        return click.INT.convert(value, param, ctx)


# From so many files on, only those with something to say are listed.
_MANY = 40


def add_to(group: click.Group) -> None:
    """Add the commands of this module to a group."""
    for command in (split, sync, status, history, undo):
        group.add_command(command)


@click.command(cls=Command, epilog="Ejemplo: poa split POA_2020.xlsx")
@click.argument("master", type=FILE, metavar="MAESTRO")
@file("-o", "--output", metavar="CARPETA", help="Carpeta de los libros; si no se da, enviados, junto al MAESTRO.")
@click.option(
    "--unit", "units", multiple=True, metavar="UNIDAD", help="Solo el libro de esta unidad; se puede repetir."
)
@click.option("--dry-run", is_flag=True, help="Muestra qué se escribiría, sin escribir nada.")
@click.option("--resend", is_flag=True, help="Envía de nuevo también donde hay una respuesta, que queda en respaldos.")
@file("--unidades", "aliases", help="Lista de unidades; si no se da, unidades.toml junto al MAESTRO.")
@click.option(
    "--jobs", type=click.IntRange(1), metavar="N", help="Procesos que dibujan; si no se da, según las unidades."
)
@SHEET
@YEAR_OPTION
@STORE
@JSON
def split(master: Path, output: Path | None, *, as_json: bool, **options: object) -> None:
    """Reparte el MAESTRO: un libro por unidad, con sus operaciones y los grupos de encima."""
    from poa_xl.actions.regional import ANSWERS
    from poa_xl.actions.sheetwise import split_sheets
    from poa_xl.terminal.changes import part_counts, parts
    from poa_xl.terminal.records import as_json as write

    made = split_sheets(master, output, **options)  # type: ignore[arg-type]
    folder = str(made[0].path.parent)
    failed = [part for part in made if part.problem]
    seen = screen()
    if as_json:
        books = [
            {
                "file": part.path.name,
                "unit": part.unit,
                **part_counts(part),
                "problem": part.problem,
                "doubts": list(part.doubts),
            }
            for part in made
        ]
        seen.data(write({"folder": folder, "books": books}))
    else:
        seen.show(parts(made))
        for part in made:
            if part.backup is not None:
                seen.line(say("Respaldo: {path}", path=str(part.backup)))
        written = {"count": len(made) - len(failed), "folder": folder}
        seen.line(
            say("Sin --dry-run se escribirían {count} libros en {folder}", **written)
            if options["dry_run"]
            else say("{count} libros en {folder}", **written)
        )
        for part in made:
            for doubt in part.doubts:
                seen.problem(f"{part.path.name}: {doubt}")
        for part in failed:
            seen.problem(part.problem)
        if not failed and not options["dry_run"]:
            seen.follow(
                say(
                    "enviar a cada unidad su libro y guardar las respuestas en la carpeta {folder}; después, "
                    "poa sync --into {master}",
                    folder=ANSWERS,
                    master=quoted(master.name),
                )
            )
    sys.exit(FAILED if failed else FOUND if any(part.doubts for part in made) else 0)


@click.command(cls=Command, epilog="Ejemplo: poa sync recibidos --into POA_2020.xlsx")
@click.argument("sources", nargs=-1, metavar="[ORIGEN]...")
@file("--into", "master", metavar="MAESTRO", help="Libro consolidado.")
@file(
    "--to",
    "dataset",
    metavar="CARPETA",
    help="En vez de un libro: los datos de muchas regionales, como Parquet; "
    "con .xlsx, un libro por regional y su índice.",
)
@click.option(
    "--engine",
    type=click.Choice(["procesos", "dask"]),
    default="procesos",
    show_default=True,
    help="Quién lee los libros, con --to.",
)
@click.option("--scheduler", default="", metavar="DIRECCIÓN", help="Planificador de Dask, con --engine dask.")
@file("-o", "--output", metavar="NUEVO.xlsx", help="Escribe un libro nuevo y deja MAESTRO como está.")
@click.option("--prefer", type=click.Choice(["unit", "master"]), help="Quién gana un conflicto.")
@click.option("--accept-removals", is_flag=True, help="Quita las filas que una unidad quitó.")
@click.option("--only", multiple=True, metavar="ARCHIVO", help="De varios archivos de una unidad, vale este.")
@click.option("--newest", is_flag=True, help="De varios archivos de una unidad, vale el último guardado.")
@click.option("--dry-run", is_flag=True, help="Muestra lo mismo y no escribe nada.")
@JSON
@click.option("--jobs", type=click.IntRange(1), metavar="N", help="Procesos que leen; si no se da, según los archivos.")
@STORE
@file("--unidades", "aliases", help="Lista de unidades; si no se da, unidades.toml.")
@YEAR_OPTION
@SHEET
@click.option("--force", is_flag=True, help="También un MAESTRO con firma digital, que deja de valer.")
def sync(  # noqa: PLR0913 - each is an option
    sources: Sequence[str],
    master: Path | None,
    dataset: Path | None,
    engine: str,
    scheduler: str,
    prefer: str | None,
    only: Sequence[str],
    *,
    as_json: bool,
    **options: object,
) -> None:
    """Consolida en MAESTRO los libros de ORIGEN: une, suma, verifica y pinta.

    ORIGEN son archivos y carpetas; si no se dan, la carpeta recibidos, junto al MAESTRO. Con --to, también lo que
    alcanza fsspec, como s3://.
    """
    if dataset is not None:
        country.collect(
            sources, dataset, master, engine, scheduler, only=tuple(only), prefer=prefer, as_json=as_json, **options
        )
        return
    if master is None:
        raise click.UsageError(say("falta --into MAESTRO o --to CARPETA"))
    if scheduler or engine != "procesos":
        raise click.UsageError(say("--engine y --scheduler van con --to"))
    from poa_xl.actions.regional import answers
    from poa_xl.actions.sheetwise import sync_sheets
    from poa_xl.actions.syncing import SyncOptions
    from poa_xl.core.outcomes import Side
    from poa_xl.errors import BookError
    from poa_xl.terminal import consolidation

    side = {"unit": Side.UNIT, "master": Side.MASTER}.get(prefer or "")
    wanted = SyncOptions(prefer=side, only=tuple(only), watch=_progress, **options)  # type: ignore[arg-type]
    given = [Path(each) for each in sources]
    if not given and not answers(master).exists():
        raise BookError(
            say("no existe {folder}: poner ahí los libros que enviaron las unidades", folder=str(answers(master)))
        )
    done = sync_sheets(given or [answers(master)], master, wanted)
    if as_json:
        text = consolidation.sheets_as_json(done) if all(done) else consolidation.as_json(done[""])
        screen().data(text)
    for sheet, each in () if as_json else done.items():
        if sheet:
            screen().line(say("Hoja «{sheet}»", sheet=sheet))
        screen().show(consolidation.drawn(each, several=len(each.received) > _MANY))
        if each.path is not None:
            wrote(each.path, each.backup)
            _follow(each)
    sys.exit(0 if all(each.is_clean for each in done.values()) else FOUND)


def _follow(done: "Synced") -> None:
    """Say what there is to do after a consolidation: decide, or ask for what did not come."""
    from poa_xl.sheet.ledger import MISSING

    book = quoted(done.path)
    if any(each.is_open for each in done.result.changes):
        text = say(
            "abrir {book} en la hoja Cambios, elegir en Decisión qué vale y repetir poa sync --into {book}", book=book
        )
        screen().follow(text)
    elif any(each.received == MISSING for each in done.result.submissions):
        screen().follow(say("poa status {book} --reminders escribe qué pedir a quien no envió", book=book))


@click.command(cls=Command, epilog="Ejemplo: poa status POA_2020.xlsx --reminders")
@click.argument("master", type=FILE, metavar="MAESTRO")
@file("--from", "folder", metavar="CARPETA", help="Las respuestas; si no se da, recibidos, junto al MAESTRO.")
@click.option(
    "--reminders", is_flag=True, help="Agrega el texto de un recordatorio para cada unidad a la que le falta algo."
)
@file("-o", "--output", metavar="ESTADO.xlsx", help="Lo escribe también como libro, con recordatorios y enlaces.")
@STORE
@JSON
def status(
    master: Path, folder: Path | None, output: Path | None, store: str | None, *, reminders: bool, as_json: bool
) -> None:
    """Dice en qué está cada unidad: qué llegó, cuándo, de quién, qué vale y cuánto hay en rojo.

    El MAESTRO queda como está.
    """
    from dataclasses import asdict

    from poa_xl.actions.standing import standings, write_standings
    from poa_xl.books.files import keep_apart
    from poa_xl.sheet.ledger import Pending
    from poa_xl.terminal import consolidation
    from poa_xl.terminal.records import as_json as write

    keep_apart(output, master)
    found = standings(master, folder, store)
    backup = write_standings(found, output) if output is not None else None
    is_pending = any(each.is_waiting for each in found)
    pending = Pending.of(found)
    seen = screen()
    if as_json:
        units = [{**asdict(each), "mailto": each.mailto} for each in found]
        counts = {"waiting": pending.count, "all": pending.units, "unknown": pending.files}
        seen.data(write({"units": units, **counts}))
    else:
        seen.show(consolidation.submissions(found))
        letters = [each for each in found if each.reminder]
        for each in letters if reminders else ():
            seen.line("")
            seen.line(each.subject)
            for text in each.reminder.splitlines():
                seen.line(text)
        seen.line(f"{pending.text}.")
        if output is not None:
            wrote(output, backup)
        elif letters and not reminders:
            seen.line(say("Con --reminders se escribe qué pedir a cada una; con -o ESTADO.xlsx, también como libro."))
    sys.exit(FOUND if is_pending else 0)


@click.command(cls=Command, epilog="Ejemplo: poa history GROGR1.2 --into POA_2020.xlsx")
@click.argument("code", default="", metavar="[CÓDIGO]", callback=no_book)
@click.option("--unit", default="", metavar="UNIDAD", help="Solo de esta unidad.")
@click.option("--since", default="", metavar="AAAA-MM-DD", help="Solo desde este día.")
@INTO
@STORE
@JSON
def history(code: str, unit: str, since: str, master: Path | None, store: str | None, *, as_json: bool) -> None:
    """Cuenta qué se aprobó y quién cambió qué, cuándo, desde qué archivo; de CÓDIGO y lo que está debajo, o de todo."""
    from poa_xl.actions.past.telling import tell
    from poa_xl.terminal import past

    told = tell(store, master, code, unit, since)
    if as_json:
        screen().data(past.as_json(told))
    else:
        screen().show(past.drawn(told))


@click.command(cls=Command, epilog="Ejemplo: poa undo --into POA_2020.xlsx")
@click.argument("number", type=_Step(), required=False, metavar="[NÚMERO]")
@INTO
@click.option(
    "--drop-data",
    "drop",
    is_flag=True,
    help="También si después se escribió en el libro: lo escrito queda solo en el respaldo.",
)
@click.option("--dry-run", is_flag=True, help="Solo dice qué se desharía y qué se perdería.")
@STORE
@JSON
def undo(
    number: int | None, master: Path | None, store: str | None, *, drop: bool, dry_run: bool, as_json: bool
) -> None:
    """Deshace el paso NÚMERO, o el último: una consolidación, una aprobación. El maestro vuelve a ser el de antes."""
    from poa_xl.actions.moment import shown
    from poa_xl.actions.past.undoing import undo as take_back
    from poa_xl.actions.past.words import called
    from poa_xl.terminal.records import as_json as write

    done = take_back(number, store, master, drop=drop, dry_run=dry_run)
    if as_json:
        backup = str(done.backup) if done.backup is not None else None
        screen().data(
            write(
                {
                    "run": done.run.number,
                    "kind": done.run.kind,
                    "master": str(done.master),
                    "backup": backup,
                    "lost": [*done.lost],
                }
            )
        )
        return
    step, time = called(done.run.kind, done.run.number), shown(done.run.started_at)
    said = say("Se desharía {step} del {time}") if dry_run else say("Se deshizo {step} del {time}")
    screen().line(said.format(step=step, time=time))
    if done.lost:
        screen().line(say("Lo escrito después deja de estar, y queda en el respaldo:"))
        for each in done.lost:
            screen().line(f"  {each}")
    if not dry_run:
        wrote(done.master, done.backup)


def _progress(files: Iterable["Received"], count: int) -> Iterable["Received"]:
    """Show how far it is while files are read."""
    return screen().tracked(files, say("Leyendo"), count)
