"""Commands that edit a planner's own workbook: flag it, follow its year, take all of that out again."""

# ruff: noqa: PLC0415 - what a command alone needs is imported inside it

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from poa_xl.cli.front import FILE, FOUND, JSON, SHEET, STORE, UNTIL, YEAR_OPTION, Command, file, quoted, wrote
from poa_xl.i18n import say
from poa_xl.terminal.screen import screen

if TYPE_CHECKING:
    from poa_xl.actions.updating import Updated


class _Quarter(click.Choice[str]):
    """A quarter, in letters of either case."""

    def normalize_choice(self, choice: object, ctx: click.Context | None) -> str:
        """Write it as we do."""
        return super().normalize_choice(choice, ctx).upper()


_QUARTER = _Quarter(["T1", "T2", "T3", "T4"])


def add_to(group: click.Group) -> None:
    """Add the commands of this module to a group."""
    for command in (update, clean, track):
        group.add_command(command)


def _updating(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options that `update` and `clean` share."""
    options = (
        click.argument("file", type=FILE, metavar="ARCHIVO"),
        SHEET,
        file("-o", "--output", metavar="ARCHIVO.xlsx", help="Escribe aquí y deja el libro como está."),
        file("--backup", "backups", metavar="CARPETA", help="Carpeta del respaldo."),
        click.option("--dry-run", is_flag=True, help="Muestra qué cambiaría y no escribe nada."),
        click.option("--force", is_flag=True, help="También un libro con firma digital, que deja de valer."),
    )
    for option in reversed(options):
        command = option(command)
    return command


@click.command(cls=Command, epilog="Ejemplo: poa update plan.xlsx")
@_updating
@YEAR_OPTION
@click.option("--values", is_flag=True, help="Escribe valores en lugar de fórmulas.")
@click.option("--functions", is_flag=True, help="Escribe funciones POA_* en lugar de fórmulas.")
@click.option("--rollup", is_flag=True, help="Escribe también los presupuestos de los grupos, como fórmulas.")
@click.option(
    "--approved",
    "is_compared",
    is_flag=True,
    help="También la Meta y el Presupuesto de la última versión aprobada, y cuánto cambiaron.",
)
@STORE
def update(file: Path, store: str | None, *, is_compared: bool, **options: object) -> None:
    """Pone el semáforo en el libro ARCHIVO, sin perder nada de él."""
    from poa_xl.actions.several import update_all
    from poa_xl.actions.updating import Options
    from poa_xl.terminal.findings import summary

    if is_compared:
        from poa_xl.actions.past.versioning import version_named

        options["approved"] = version_named(file, "", store).plan
    found = update_all(file, Options(**options), store)  # type: ignore[arg-type]
    seen = screen()
    for text in found[0].lost:
        seen.line(text, "yellow")
    for done in found:
        _show_changes(done)
        if done.fixed:
            rows = ", ".join(map(str, done.fixed))
            seen.line(
                say("con valores y no con fórmulas, por tener números escritos como texto: filas {rows}", rows=rows)
            )
        for change in done.pending:
            text = say(
                "{cell}: el presupuesto dice {before} y sus filas suman {after}; --rollup lo escribe",
                cell=change.cell,
                before=change.before or "—",
                after=change.after,
            )
            seen.line(text, "yellow")
    findings = [finding for done in found for finding in done.findings]
    seen.show(summary(findings))
    if found[0].path is not None:
        wrote(found[0].path, found[0].backup)
        if findings:
            seen.follow(say("en el libro, la hoja Hallazgos lleva a cada celda; al corregirla, su color cambia solo"))
    sys.exit(FOUND if findings else 0)


def _asks() -> bool:
    """Whether there is somebody to ask."""
    return sys.stdin.isatty()


@click.command(cls=Command, epilog="Ejemplo: poa clean plan.xlsx")
@_updating
@click.option(
    "--keep-data/--drop-data",
    "keep",
    default=None,
    help="Qué pasa con lo escrito en Seguimiento y en Modificaciones; si no se dice, pregunta.",
)
@STORE
def clean(file: Path, store: str | None, **options: object) -> None:
    """Quita del libro ARCHIVO todo lo que `update`, `track`, `approve` y `modifications` agregaron."""
    from poa_xl.actions.several import clean_all
    from poa_xl.actions.updating import Options

    if options["keep"] is None and _asks():
        from poa_xl.actions.beside import typed_in
        from poa_xl.actions.tracking import typed_rows
        from poa_xl.books.book import FileBook

        rows = typed_rows(file) + typed_in(FileBook(file).read())
        question = say(
            "En Seguimiento y Modificaciones hay {count} filas con lo que se escribió. ¿Dejarlas, sin fórmulas?",
            count=rows,
        )
        options["keep"] = click.confirm(question, default=True) if rows else None
    found = clean_all(file, Options(**options), store)  # type: ignore[arg-type]
    for done in found:
        _show_changes(done)
    if found[0].path is not None:
        wrote(found[0].path, found[0].backup)


@click.command(cls=Command, epilog="Ejemplo: poa track plan.xlsx --until SEP")
@_updating
@YEAR_OPTION
@UNTIL
@click.option(
    "--close",
    "closes",
    type=_QUARTER,
    metavar="TRIMESTRE",
    help="Cierra un trimestre: lo que cambie en sus meses ya no se toma.",
)
@click.option("--reopen", type=_QUARTER, metavar="TRIMESTRE", help="Abre otra vez un trimestre cerrado.")
@click.option("--reason", default="", metavar="TEXTO", help="Por qué se abre otra vez.")
@STORE
@JSON
def track(
    file: Path,
    until: int | None,
    closes: str | None,
    reopen: str | None,
    reason: str,
    store: str | None,
    *,
    as_json: bool,
    **options: object,
) -> None:
    """Pone o pone al día la hoja Seguimiento del libro ARCHIVO: lo ejecutado contra lo programado."""
    from poa_xl.actions.closing import close_quarter, track_book
    from poa_xl.actions.updating import Options
    from poa_xl.core.dates import MONTHS
    from poa_xl.terminal import tracked as told
    from poa_xl.terminal.findings import counts, listed

    if closes or reopen:
        if (closes and reopen) or options["dry_run"] or options["output"]:
            raise click.UsageError(say("--close y --reopen van solos, sin --dry-run ni --output"))
        chosen = Options(until=until, **options)  # type: ignore[arg-type]
        ended = close_quarter(file, closes or reopen or "", chosen, store, reopen=reopen is not None, reason=reason)
        if as_json:
            screen().data(told.closed_as_json(ended))
            return
        names = ", ".join(ended.closed) or say("ninguno")
        screen().line(say("Trimestres cerrados: {names}", names=names))
        wrote(ended.path, ended.backup)
        return
    done = track_book(file, Options(until=until, **options), store)  # type: ignore[arg-type]
    tracked, seen = done.tracked, screen()
    if as_json:
        seen.data(told.as_json(done))
    elif tracked is not None:
        if tracked.findings:
            seen.show(listed(tracked.findings))
        seen.line(
            say("Seguimiento hasta {month}, en la hoja «{sheet}»:", month=MONTHS[tracked.cutoff], sheet=tracked.sheet)
        )
        for state, count in tracked.states.items():
            seen.line(f"  {state}: {count}")
        seen.show(counts([each.finding for each in tracked.findings]))
    if done.path is not None and not as_json:
        wrote(done.path, done.backup)
        if tracked is not None:
            report = f"poa report {quoted(done.path)} --until {MONTHS[tracked.cutoff]} -o informe.xlsx"
            seen.follow(
                say(
                    "escribir lo ejecutado en la hoja «{sheet}»; después, {command}",
                    sheet=tracked.sheet,
                    command=report,
                )
            )
    sys.exit(FOUND if tracked is not None and tracked.findings else 0)


def _show_changes(done: "Updated") -> None:
    """Show every cell in a dry run; else how many."""
    from poa_xl.terminal.changes import changed_cells

    seen = screen()
    if done.path is None and done.changes:
        seen.show(changed_cells(done.changes))
    seen.line(say("{count} celdas cambian en la hoja «{sheet}»", count=len(done.changes), sheet=done.sheet))
    for other in done.aside:
        seen.line(say("No se trató: {text}", text=other), "yellow")
    if done.mended:
        text = say(
            "Una versión anterior de poa-xl había dejado fuera de lugar estas entradas del archivo; "
            "ya están en su lugar: {names}",
            names=", ".join(sorted(set(done.mended))),
        )
        seen.line(text, "dim")
