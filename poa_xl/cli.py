"""The command line: arguments in, text and an exit code out.

Exit codes: 0 clean, 1 findings (or conflicts), 2 could not. What a command alone needs is imported inside it:
`poa check` must start fast.
"""

# ruff: noqa: PLC0415 - see above

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from poa_xl import __version__
from poa_xl.errors import PoaError
from poa_xl.i18n import LANGUAGES, say, set_language

if TYPE_CHECKING:
    from poa_xl.actions.checking import Checked
    from poa_xl.actions.receiving import Received
    from poa_xl.actions.splitting import Part
    from poa_xl.actions.updating import Updated

FOUND, FAILED = 1, 2
_NARROWEST = 100
_MANY = 40
_MANY_COLUMNS = 12

FILE = click.Path(path_type=Path)
# What a date of a workbook can be in.
YEAR = click.IntRange(1900, 9999)
JSON = click.option("--json", "as_json", is_flag=True, help="Para otro programa.")
STORE = click.option("--store", metavar="URL", help="La historia; si no se da, .poa/history.sqlite junto al MASTER.")


class _Poa(click.Group):
    """The group: our own errors become one line and exit code 2; the rest are bugs and keep tracebacks."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except PoaError as error:
            _console(stderr=True).print(Text(str(error), style="bold red"))
            ctx.exit(FAILED)


@click.group(cls=_Poa, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--lang", type=click.Choice(LANGUAGES), help="Idioma de los mensajes.  [POA_LANG]")
@click.version_option(__version__, prog_name="poa")
def main(lang: str | None) -> None:
    """Plan operativo anual en Excel: verificar, repartir, consolidar."""
    set_language(lang or os.environ.get("POA_LANG", "es"))


@main.command("import")
@click.argument("text", type=FILE)
@click.option("-o", "--output", type=FILE, required=True, metavar="FILE.xlsx", help="Libro que se escribe.")
@click.option("--unidades", type=FILE, help="Lista de unidades; si no se da, unidades.toml junto al libro.")
@click.option("--year", type=YEAR, help="Gestión; si no se da, la de las fechas.")
@click.option("--repairs", type=FILE, help="Escribe también la lista de reparaciones, como texto.")
def import_(text: Path, output: Path, unidades: Path | None, year: int | None, repairs: Path | None) -> None:
    """Convierte el TEXT de un plan impreso (celdas separadas por tabulador) en un libro."""
    from poa_xl.actions.importing import import_text
    from poa_xl.core.plan import Kind
    from poa_xl.report import counts

    done = import_text(text, output, unidades, year, repairs)
    console = _console()
    kinds = [row.kind for row in done.plan.rows]
    console.print(
        say(
            "{rows} filas impresas = {written} filas en el libro ({groups} grupos, {operations} operaciones)",
            rows=len(done.printed.rows),
            written=len(done.plan.rows),
            groups=kinds.count(Kind.GROUP),
            operations=kinds.count(Kind.OPERATION),
        )
    )
    console.print(say("{count} celdas reparadas; cada una está en la hoja Reparaciones", count=len(done.repairs)))
    for line, content in done.printed.others:
        console.print(Text(say("línea {line}: no es una fila: {text}", line=line, text=content), style="yellow"))
    for doubt in done.doubts:
        console.print(Text(say("línea {line}, Id {id}: {message}", line=doubt.line, id=doubt.id,
                               message=doubt.message), style="yellow"))  # fmt: skip
    console.print(say("Hallazgos:"), counts(done.findings))
    _say_written(console, done.path, done.backup)
    sys.exit(FOUND if done.doubts or done.printed.others else 0)


@main.command()
@click.argument("files", type=FILE, nargs=-1, required=True)
@click.option("--year", type=YEAR, help="Gestión; si no se da, la de las fechas.")
@click.option("--sheet", help="Solo esta hoja.")
@click.option("--json", "form", flag_value="json", help="Lo mismo que --format json.")
@click.option("--format", "form", type=click.Choice(["table", "json", "csv"]), default="table", show_default=True)
def check(files: Sequence[Path], year: int | None, sheet: str | None, form: str) -> None:
    """Muestra todos los hallazgos de los libros."""
    from poa_xl.actions.checking import check_files

    results = check_files(files, sheet, year)
    problems = [result for result in results if result.problem]
    findings = [finding for result in results for finding in result.findings]
    if form == "table":
        _print_checked(results)
    else:
        from poa_xl import report

        shown = {result.file: result.problem for result in problems}
        told = {result.file: result.notices for result in results if result.notices}
        notes = {result.file: result.notes for result in results if result.notes}
        text = (
            report.as_csv(findings)
            if form == "csv"
            else report.as_json(findings, problems=shown, notices=told, notes=notes)
        )
        click.echo(text, nl=form == "json")
        if form == "csv":
            _print_problems(problems)
    has_more = any(result.notices for result in results)
    sys.exit(FAILED if problems else FOUND if findings or has_more else 0)


@main.command()
@click.argument("master", type=FILE)
@click.option("-o", "--output", type=FILE, metavar="DIR",
              help="Carpeta de los libros; si no se da, enviados, junto al MASTER.")  # fmt: skip
@click.option("--resend", is_flag=True, help="Envía de nuevo también donde hay una respuesta, que queda en respaldos.")
@click.option("--unidades", "aliases", type=FILE, help="Lista de unidades; si no se da, unidades.toml junto al MASTER.")
@click.option("--sheet", help="Hoja del plan, cuando hay varias.")
@click.option("--year", type=YEAR, help="Gestión; si no se da, la de las fechas.")
@STORE
@JSON
def split(master: Path, output: Path | None, *, as_json: bool, **options: object) -> None:
    """Reparte el MASTER: un libro por unidad, con sus operaciones y los grupos de encima."""
    from poa_xl.actions.splitting import split_book

    parts = split_book(master, output, **options)  # type: ignore[arg-type]
    folder = str(parts[0].path.parent)
    failed = [part for part in parts if part.problem]
    if as_json:
        books = [{"file": part.path.name, **_counts(part), "problem": part.problem} for part in parts]
        _echo_json({"folder": folder, "books": books})
        sys.exit(FAILED if failed else 0)
    table = _table()
    table.add_column(say("Libro"), overflow="fold")
    for caption in (say("Grupos"), say("Operaciones"), say("Partidas")):
        table.add_column(caption, justify="right")
    for part in parts:
        table.add_row(Text(part.path.name), *map(str, _counts(part).values()))
    console = _console()
    console.print(table)
    for part in parts:
        if part.backup is not None:
            console.print(say("Respaldo: {path}", path=str(part.backup)))
    console.print(say("{count} libros en {folder}", count=len(parts) - len(failed), folder=folder))
    _print_problems(failed)
    sys.exit(FAILED if failed else 0)


@main.command()
@click.argument("sources", type=FILE, nargs=-1, metavar="[SOURCE]...")
@click.option("--into", "master", type=FILE, required=True, metavar="MASTER", help="Libro consolidado.")
@click.option("-o", "--output", type=FILE, metavar="NEW.xlsx", help="Escribe un libro nuevo y deja MASTER como está.")
@click.option("--prefer", type=click.Choice(["unit", "master"]), help="Quién gana un conflicto.")
@click.option("--accept-removals", is_flag=True, help="Quita las filas que una unidad quitó.")
@click.option("--only", multiple=True, metavar="FILE", help="De varios archivos de una unidad, vale este.")
@click.option("--newest", is_flag=True, help="De varios archivos de una unidad, vale el último guardado.")
@click.option("--dry-run", is_flag=True, help="Muestra lo mismo y no escribe nada.")
@JSON
@click.option("--jobs", type=click.IntRange(1), help="Procesos que leen; si no se da, según los archivos.")
@STORE
@click.option("--unidades", "aliases", type=FILE, help="Lista de unidades; si no se da, unidades.toml.")
@click.option("--year", type=YEAR, help="Gestión; si no se da, la de las fechas.")
@click.option("--sheet", help="Hoja del plan en MASTER, cuando hay varias.")
@click.option("--force", is_flag=True, help="También un MASTER con firma digital, que deja de valer.")
def sync(
    sources: Sequence[Path], master: Path, prefer: str | None, only: Sequence[str], *, as_json: bool, **options: object
) -> None:
    """Consolida en MASTER los libros de SOURCE: une, suma, verifica y pinta.

    SOURCE son archivos y carpetas; si no se dan, la carpeta recibidos, junto al MASTER.
    """
    from poa_xl.actions.regional import answers
    from poa_xl.actions.syncing import SyncOptions
    from poa_xl.actions.syncing import sync as run
    from poa_xl.core.outcomes import Side

    side = {"unit": Side.UNIT, "master": Side.MASTER}.get(prefer or "")
    wanted = SyncOptions(prefer=side, only=tuple(only), watch=_progress, **options)  # type: ignore[arg-type]
    done = run(sources or [answers(master)], master, wanted)
    if as_json:
        from poa_xl.sync_report import as_json as write

        click.echo(write(done))
    else:
        from poa_xl.sync_report import as_text

        _console().print(as_text(done, several=len(done.received) > _MANY))
        if done.path is not None:
            _say_written(_console(), done.path, done.backup)
    sys.exit(0 if done.is_clean else FOUND)


@main.command()
@click.argument("code", default="")
@click.option("--unit", default="", help="Solo de esta unidad.")
@click.option("--since", default="", metavar="AAAA-MM-DD", help="Solo desde este día.")
@click.option("--into", "master", type=FILE, metavar="MASTER", help="El maestro; su historia está a su lado.")
@STORE
@JSON
def history(code: str, unit: str, since: str, master: Path | None, store: str | None, *, as_json: bool) -> None:
    """Cuenta quién cambió qué, cuándo y desde qué archivo; de CODE y lo que está debajo, o de todo."""
    from poa_xl.actions.past.telling import tell
    from poa_xl.sync_report import history_json, history_text

    told = tell(store, master, code, unit, since)
    if as_json:
        click.echo(history_json(told))
    else:
        _console().print(history_text(told))


@main.command()
@click.argument("run", type=int, required=False)
@click.option("--into", "master", type=FILE, metavar="MASTER", help="El maestro; su historia está a su lado.")
@STORE
@JSON
def undo(run: int | None, master: Path | None, store: str | None, *, as_json: bool) -> None:
    """Deshace la consolidación RUN, o la última: el maestro vuelve a ser el de antes."""
    from poa_xl.actions.moment import shown
    from poa_xl.actions.past.undoing import undo as take_back

    done = take_back(run, store, master)
    if as_json:
        backup = str(done.backup) if done.backup is not None else None
        _echo_json({"run": done.run.number, "master": str(done.master), "backup": backup})
        return
    _console().print(say("Se deshizo la consolidación {number} del {time}", number=str(done.run.number),
                         time=shown(done.run.started_at)))  # fmt: skip
    _say_written(_console(), done.master, done.backup)


@main.command()
@click.option("-o", "--output", type=FILE, required=True, metavar="FILE.xlsx", help="Libro que se escribe.")
@click.option("--year", type=YEAR, required=True, help="Gestión.")
def template(output: Path, year: int) -> None:
    """Escribe una plantilla vacía de plan."""
    from poa_xl.actions.template import write_template

    _say_written(_console(), output, write_template(output, year))


@main.command()
@click.argument("before", type=FILE)
@click.argument("after", type=FILE)
@click.option("-o", "--output", type=FILE, metavar="FILE.xlsx", help="Escribe los cambios también en este libro.")
@click.option("--sheet", help="Hoja del plan, cuando hay varias.")
@JSON
def diff(before: Path, after: Path, output: Path | None, sheet: str | None, *, as_json: bool) -> None:
    """Compara dos planes: filas nuevas, quitadas, cambiadas y trasladadas."""
    from poa_xl.actions.comparing import compare_books

    found = compare_books(before, after, output, sheet)
    if as_json:
        from dataclasses import asdict

        _echo_json([asdict(each) for each in found])
        sys.exit(FOUND if found else 0)
    console = _console()
    if found:
        table = _table()
        table.add_column(say("Cambio"), style="bold")
        table.add_column(say("Código"), no_wrap=True)
        for caption in (say("Columna"), say("Antes"), say("Después")):
            table.add_column(caption, overflow="fold", ratio=1)
        for each in found:
            cells = (each.kind, each.code, each.field or each.name, each.before, each.after)
            table.add_row(*(Text(text) for text in cells))
        console.print(table)
    console.print(say("{count} diferencias en {rows} filas", count=len(found), rows=len({each.code for each in found})))
    if output is not None:
        _say_written(console, output, None)
    sys.exit(FOUND if found else 0)


@main.group()
def addin() -> None:
    """El complemento de Excel y la extensión de Calc: construirlos, instalarlos, quitarlos, revisarlos."""


HOST = click.option("--host", type=click.Choice(["excel", "calc"]), default="excel", show_default=True,
                    help="Para qué programa.")  # fmt: skip


@addin.command("build")
@HOST
@click.option("-o", "--output", type=FILE, metavar="FILE",
              help="Complemento (.xlam), libro con lo mismo (.xlsm), o extensión (.oxt).")  # fmt: skip
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
    _say_written(_console(), output, replace(output, data, expected=before))


STARTUP = click.option("--startup", type=FILE, metavar="DIR", help="Carpeta de inicio de Excel, si es otra.")


@addin.command("install")
@HOST
@STARTUP
def addin_install(host: str, startup: Path | None) -> None:
    """Construye el complemento y lo pone donde Excel lo abre; o la extensión, en LibreOffice."""
    if host == "calc":
        from poa_xl.calc.install import install as extend

        for line in extend():
            click.echo(line)
        return
    from poa_xl.addin.install import install, startup_folder

    written, said = install(startup or startup_folder())
    for line in said:
        click.echo(line)
    sys.exit(0 if written else FAILED)


@addin.command("uninstall")
@HOST
@STARTUP
def addin_uninstall(host: str, startup: Path | None) -> None:
    """Quita el complemento de donde Excel lo abre; o la extensión, de LibreOffice."""
    if host == "calc":
        from poa_xl.calc.install import uninstall as take_out

        lines = take_out()
    else:
        from poa_xl.addin.install import startup_folder, uninstall

        lines = uninstall(startup or startup_folder())
    for line in lines:
        click.echo(line)


@addin.command("status")
@HOST
@STARTUP
def addin_status(host: str, startup: Path | None) -> None:
    """Revisa todo lo que el complemento o la extensión necesita y dice qué hacer."""
    if host == "calc":
        from poa_xl.calc.install import status as look

        checks = look()
    else:
        from poa_xl.addin.install import startup_folder, status

        checks = status(startup or startup_folder())
    console = _console()
    for each in checks:
        mark, style = (say("bien"), "green") if each.is_good else (say("MAL"), "bold red")
        console.print(Text.assemble((f"{mark:5}", style), each.found), soft_wrap=True)
        if each.remedy:
            console.print(Text(f"      → {each.remedy}"), soft_wrap=True)
    sys.exit(0 if all(each.is_good for each in checks) else FOUND)


def _updating(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options that `update` and `clean` share."""
    options = (
        click.argument("file", type=FILE),
        click.option("--sheet", help="Hoja del plan, cuando hay varias."),
        click.option("-o", "--output", type=FILE, metavar="FILE.xlsx", help="Escribe aquí y deja el libro como está."),
        click.option("--backup", "backups", type=FILE, metavar="DIR", help="Carpeta del respaldo."),
        click.option("--dry-run", is_flag=True, help="Muestra qué cambiaría y no escribe nada."),
        click.option("--force", is_flag=True, help="También un libro con firma digital, que deja de valer."),
    )
    for option in reversed(options):
        command = option(command)
    return command


@main.command()
@_updating
@click.option("--year", type=YEAR, help="Gestión; si no se da, la de las fechas.")
@click.option("--values", is_flag=True, help="Escribe valores en lugar de fórmulas.")
@click.option("--functions", is_flag=True, help="Escribe funciones POA_* en lugar de fórmulas.")
@click.option("--rollup", is_flag=True, help="Escribe también los presupuestos de los grupos, como fórmulas.")
def update(file: Path, **options: object) -> None:
    """Pone el semáforo en el libro FILE, sin perder nada de él."""
    from poa_xl.actions.updating import Options, update_book
    from poa_xl.report import counts

    done = update_book(file, Options(**options))  # type: ignore[arg-type]
    console = _console()
    _print_changes(done)
    if done.fixed:
        rows = ", ".join(map(str, done.fixed))
        console.print(
            say("con valores y no con fórmulas, por tener números escritos como texto: filas {rows}", rows=rows)
        )
    for change in done.pending:
        text = say(
            "{cell}: el presupuesto dice {before} y sus filas suman {after}; --rollup lo escribe",
            cell=change.cell,
            before=change.before or "—",
            after=change.after,
        )
        console.print(Text(text, style="yellow"))
    console.print(say("Hallazgos:"), counts(done.findings))
    if done.path is not None:
        _say_written(console, done.path, done.backup)
    sys.exit(FOUND if done.findings else 0)


@main.command()
@_updating
def clean(file: Path, **options: object) -> None:
    """Quita del libro FILE todo lo que `update` agregó."""
    from poa_xl.actions.updating import Options, clean_book

    done = clean_book(file, Options(**options))  # type: ignore[arg-type]
    _print_changes(done)
    if done.path is not None:
        _say_written(_console(), done.path, done.backup)


def _print_changes(done: "Updated") -> None:
    """Show every cell in a dry run; else how many."""
    console = _console()
    if done.path is None and done.changes:
        table = _table()
        table.add_column(say("Celda"), style="bold", no_wrap=True)
        for caption in (say("Columna"), say("Antes"), say("Después")):
            table.add_column(caption, overflow="fold", ratio=1)
        for change in done.changes:
            table.add_row(*(Text(text) for text in (change.cell, change.field, change.before, change.after)))
        console.print(table)
    console.print(say("{count} celdas cambian en la hoja «{sheet}»", count=len(done.changes), sheet=done.sheet))
    for other in done.aside:
        console.print(Text(say("No se tocó otra hoja: {text}", text=other), style="yellow"))
    if done.mended:
        console.print(Text(say("Una versión anterior de poa-xl había dejado fuera de lugar estas entradas del archivo; "
                               "ya están en su lugar: {names}", names=", ".join(sorted(set(done.mended)))),
                           style="dim"))  # fmt: skip


def _print_checked(results: "Sequence[Checked]") -> None:
    from poa_xl.report import as_table, counts

    console = _console()
    findings = [finding for result in results for finding in result.findings]
    if findings:
        console.print(as_table(findings, several=len(results) > 1))
    for result in results:
        _print_unknown(console, result)
        for note in result.notes:
            console.print(Text(f"{result.file}: {note}", style="cyan"))
        for other in result.aside:
            console.print(Text(say("{file}: no se revisó otra hoja: {text}", file=result.file, text=other),
                               style="yellow"))  # fmt: skip
        for notice in result.notices:
            console.print(Text(f"{result.file}: {notice}", style="yellow"))
    _print_problems([result for result in results if result.problem])
    rows = sum(result.groups + result.operations + result.lines for result in results)
    text = Text(
        say(
            "Libros: {files}. Filas: {rows} (grupos {groups}, operaciones {operations}, partidas {lines}); "
            "fuera del plan {passed}, ocultas {hidden}.",
            files=len(results),
            rows=rows,
            groups=sum(result.groups for result in results),
            operations=sum(result.operations for result in results),
            lines=sum(result.lines for result in results),
            passed=sum(result.passed for result in results),
            hidden=sum(result.hidden for result in results),
        )
    )
    console.print(text)
    if any(not result.problem for result in results):
        console.print(counts([each.finding for each in findings]))


def _print_unknown(console: Console, result: "Checked") -> None:
    """Name the columns that nobody knows; of very many, the first ones and how many there are."""
    names = [f"«{name}»" for name in result.unknown]
    if len(names) > _MANY_COLUMNS:
        more = say("y {count} más", count=len(names) - _MANY_COLUMNS)
        names = [*names[:_MANY_COLUMNS], more]
    if names:
        text = say(
            "{file}: columnas desconocidas, no se verificaron: {names}", file=result.file, names=", ".join(names)
        )
        console.print(Text(text, style="dim"))


def _print_problems(results: "Sequence[Checked] | Sequence[Part]") -> None:
    for result in results:
        _console(stderr=True).print(Text(result.problem, style="bold red"))


def _say_written(console: Console, path: Path, backup: Path | None) -> None:
    if backup is not None:
        console.print(say("Respaldo: {path}", path=str(backup)), soft_wrap=True)
    console.print(Text(say("Libro: {path}", path=str(path)), style="bold"), soft_wrap=True)


def _progress(files: Iterable["Received"], count: int) -> Iterable["Received"]:
    """Show a bar while files are read; nothing when nobody looks."""
    console = _console(stderr=True)
    return _bar(files, count, console) if console.is_terminal else files


def _bar(files: Iterable["Received"], count: int, console: Console) -> Iterator["Received"]:
    from rich.progress import track

    yield from track(files, say("Leyendo"), total=count, console=console, transient=True)


def _counts(part: "Part") -> dict[str, int]:
    return {"groups": part.groups, "operations": part.operations, "lines": part.lines}


def _echo_json(found: object) -> None:
    import json

    click.echo(json.dumps(found, ensure_ascii=False, indent=2))


def _table() -> Table:
    from rich import box

    return Table(box=box.SIMPLE_HEAD, pad_edge=False)


def _console(*, stderr: bool = False) -> Console:
    """Give a console; one that nobody sized (a file, a pipe) is wide enough for a table."""
    console = Console(stderr=stderr, highlight=False)
    if not console.is_terminal and "COLUMNS" not in os.environ:
        console.width = max(console.width, _NARROWEST)
    return console


if __name__ == "__main__":
    main()
