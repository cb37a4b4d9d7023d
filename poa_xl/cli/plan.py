"""Commands for one plan: make it, check it, report on it, compare it, hand it to other programs."""

# ruff: noqa: PLC0415 - what a command alone needs is imported inside it

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from poa_xl.cli.front import (
    FAILED,
    FILE,
    FOUND,
    JSON,
    SHEET,
    STORE,
    UNTIL,
    YEAR,
    YEAR_OPTION,
    Command,
    file,
    quoted,
    wrote,
)
from poa_xl.i18n import say
from poa_xl.terminal.screen import screen

if TYPE_CHECKING:
    from poa_xl.actions.checking import Checked

_MANY_COLUMNS = 12


def add_to(group: click.Group) -> None:
    """Add the commands of this module to a group."""
    for command in (import_, template, check, report, diff, export):
        group.add_command(command)


@click.command("import", cls=Command, epilog="Ejemplo: poa import plan.txt -o POA_2020.xlsx")
@click.argument("text", type=FILE, metavar="TEXTO")
@file("-o", "--output", required=True, metavar="ARCHIVO.xlsx", help="Libro que se escribe.")
@file("--unidades", help="Lista de unidades; si no se da, unidades.toml junto al libro.")
@YEAR_OPTION
@file("--repairs", help="Escribe también la lista de reparaciones, como texto.")
def import_(text: Path, output: Path, unidades: Path | None, year: int | None, repairs: Path | None) -> None:
    """Convierte el TEXTO de un plan impreso (celdas separadas por tabulador) en un libro."""
    from poa_xl.actions.importing import import_text
    from poa_xl.core.plan import Kind
    from poa_xl.terminal.findings import summary

    done = import_text(text, output, unidades, year, repairs)
    seen = screen()
    kinds = [row.kind for row in done.plan.rows]
    seen.line(
        say(
            "{rows} filas impresas = {written} filas en el libro ({groups} grupos, {operations} operaciones)",
            rows=len(done.printed.rows),
            written=len(done.plan.rows),
            groups=kinds.count(Kind.GROUP),
            operations=kinds.count(Kind.OPERATION),
        )
    )
    seen.line(say("{count} celdas reparadas; cada una está en la hoja Reparaciones", count=len(done.repairs)))
    for line, content in done.printed.others:
        seen.line(say("línea {line}: no es una fila: {text}", line=line, text=content), "yellow")
    for doubt in done.doubts:
        message = say("línea {line}, Id {id}: {message}", line=doubt.line, id=doubt.id, message=doubt.message)
        seen.line(message, "yellow")
    seen.show(summary(done.findings))
    if repairs is not None:
        wrote(repairs, None)
    wrote(done.path, done.backup)
    book = quoted(done.path)
    seen.follow(
        say("poa check {book} dice qué hay que corregir; después, poa split {book} reparte a las unidades", book=book)
    )
    sys.exit(FOUND if done.doubts or done.printed.others else 0)


@click.command(cls=Command, epilog="Ejemplo: poa template -o plan.xlsx --year 2021")
@file("-o", "--output", required=True, metavar="ARCHIVO", help="Archivo que se escribe: .xlsx, o .docx con --report.")
@click.option("--year", type=YEAR, metavar="AÑO", help="Gestión.")
@click.option("--report", "is_report", is_flag=True, help="La plantilla de Word del informe, para editarla.")
@file("--like", help="La plantilla de esta oficina: el mismo formulario que este plan lleno, en blanco.")
@click.option("--sheet", metavar="HOJA", help="Hoja del plan de --like, cuando hay varias.")
def template(output: Path, year: int | None, like: Path | None, sheet: str | None, *, is_report: bool) -> None:
    """Escribe una plantilla vacía de plan, o la del informe de seguimiento."""
    from poa_xl.actions.template import write_report_template, write_template

    if is_report:
        wrote(output, write_report_template(output))
        return
    if like is not None:
        from poa_xl.actions.blanking import write_like

        backup, rows = write_like(like, output, sheet)
        screen().line(say("{count} filas en blanco, en el formulario de {file}", count=rows, file=like.name))
        wrote(output, backup)
        _follow_template(output)
        return
    if year is None:
        raise click.UsageError(say("falta --year, la gestión de la plantilla"))
    wrote(output, write_template(output, year))
    _follow_template(output)


def _follow_template(output: Path) -> None:
    screen().follow(say("llenar el plan y revisarlo con poa check {book}", book=quoted(output)))


@click.command(cls=Command, epilog="Ejemplo: poa check plan.xlsx")
@click.argument("files", type=FILE, nargs=-1, required=True, metavar="ARCHIVO...")
@YEAR_OPTION
@click.option("--sheet", metavar="HOJA", help="Solo esta hoja.")
@click.option("--json", "form", flag_value="json", help="Lo mismo que --format json.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json", "csv"]),
    default="table",
    show_default=True,
    help="Cómo se muestran: tabla, o datos para otro programa o para Excel.",
)
def check(files: Sequence[Path], year: int | None, sheet: str | None, form: str) -> None:
    """Muestra todos los hallazgos de los libros."""
    from poa_xl.actions.checking import check_files
    from poa_xl.terminal.findings import csv_of, records
    from poa_xl.terminal.records import as_json

    results = check_files(files, sheet, year)
    problems = [result for result in results if result.problem]
    findings = [finding for result in results for finding in result.findings]
    if form == "json":
        told: dict[str, object] = {"problems": {result.file: result.problem for result in problems}}
        told["notices"] = {result.file: result.notices for result in results if result.notices}
        told["notes"] = {result.file: result.notes for result in results if result.notes}
        screen().data(as_json({**told, "findings": records(findings)}))
    else:
        if form == "csv":
            screen().data(csv_of(findings))
            for result in results:
                for notice in result.notices:
                    screen().problem(f"{result.file}: {notice}")
        else:
            _show_checked(results)
        for result in problems:
            screen().problem(result.problem)
    has_more = any(result.notices for result in results)
    sys.exit(FAILED if problems else FOUND if findings or has_more else 0)


def _show_checked(results: "Sequence[Checked]") -> None:
    from poa_xl.terminal.findings import counts, listed

    seen = screen()
    findings = [finding for result in results for finding in result.findings]
    if findings:
        seen.show(listed(findings, several=len(results) > 1))
    for result in results:
        _show_unknown(result)
        for note in result.notes:
            seen.line(f"{result.file}: {note}", "cyan")
        for other in result.aside:
            seen.line(say("{file}: no se revisó otra hoja: {text}", file=result.file, text=other), "yellow")
        for notice in result.notices:
            seen.line(f"{result.file}: {notice}", "yellow")
    read = [result for result in results if not result.problem]
    if not read:
        return
    seen.line(
        say(
            "Libros: {files}. Filas: {rows} (grupos {groups}, operaciones {operations}, partidas {lines}); "
            "fuera del plan {passed}, ocultas {hidden}.",
            files=len(read),
            rows=sum(result.groups + result.operations + result.lines for result in results),
            groups=sum(result.groups for result in results),
            operations=sum(result.operations for result in results),
            lines=sum(result.lines for result in results),
            passed=sum(result.passed for result in results),
            hidden=sum(result.hidden for result in results),
        )
    )
    seen.show(counts([each.finding for each in findings]))


def _show_unknown(result: "Checked") -> None:
    """Name the columns that nobody knows; of very many, the first ones and how many there are."""
    names = [f"«{name}»" for name in result.unknown]
    if len(names) > _MANY_COLUMNS:
        names = [*names[:_MANY_COLUMNS], say("y {count} más", count=len(names) - _MANY_COLUMNS)]
    if names:
        listed = ", ".join(names)
        text = say("{file}: columnas desconocidas, no se verificaron: {names}", file=result.file, names=listed)
        screen().line(text, "dim")


@click.command(cls=Command, epilog="Ejemplo: poa report plan.xlsx --until SEP -o informe.xlsx")
@click.argument("file", type=FILE, metavar="ARCHIVO")
@UNTIL
@file("-o", "--output", required=True, metavar="INFORME", help="Informe que se escribe: .xlsx, o .docx de Word.")
@file(
    "--template",
    metavar="PLANTILLA.docx",
    help="Plantilla del informe de Word; si no se da, plantilla_informe.docx junto al libro, o la de poa-xl.",
)
@click.option(
    "--weights",
    type=click.Choice(["ponderacion", "presupuesto", "igual"]),
    help="Cuánto pesa cada operación; si no se dice, la columna Ponderación, o igual.",
)
@SHEET
@YEAR_OPTION
@JSON
def report(file: Path, output: Path, *, as_json: bool, **options: object) -> None:
    """Escribe el informe de seguimiento del libro ARCHIVO: cifras, curva, bandas, lo que está en rojo, lo que falta."""
    from poa_xl.actions.evaluating import report_book, shares
    from poa_xl.core.dates import MONTHS
    from poa_xl.terminal import tracked as told

    done = report_book(file, output, **options)  # type: ignore[arg-type]
    seen = screen()
    if as_json:
        seen.data(told.report_as_json(done))
        return
    physical, financial = shares(done.found)
    text = say(
        "Hasta {month}: avance físico {physical} ({weights}), ejecución financiera {financial}",
        month=MONTHS[done.found.cutoff],
        physical=physical,
        weights=done.weights,
        financial=financial,
    )
    seen.line(text)
    for state, count in done.found.states.items():
        seen.line(f"  {state}: {count}")
    wrote(done.path, done.backup)


@click.command(cls=Command, epilog="Ejemplo: poa diff antes.xlsx despues.xlsx")
@click.argument("before", type=FILE, metavar="ANTES")
@click.argument("after", type=FILE, required=False, metavar="[DESPUÉS]")
@click.option("--against", metavar="VERSIÓN", help="Compara ANTES con esta versión aprobada de él, que va primero.")
@STORE
@file("-o", "--output", metavar="ARCHIVO.xlsx", help="Escribe los cambios también en este libro.")
@SHEET
@JSON
def diff(
    before: Path,
    after: Path | None,
    output: Path | None,
    sheet: str | None,
    against: str | None,
    store: str | None,
    *,
    as_json: bool,
) -> None:
    """Compara dos planes: filas nuevas, quitadas, cambiadas y trasladadas.

    Con --against, un plan y una versión aprobada de él: aprobado, reformulado 1, …
    """
    from dataclasses import asdict

    from poa_xl.actions.comparing import compare_books, compare_with
    from poa_xl.terminal import records
    from poa_xl.terminal.changes import differences

    if (after is None) is (against is None):
        raise click.UsageError(say("dar dos libros, o uno y --against con una versión aprobada de él"))
    if after is not None:
        found = compare_books(before, after, output, sheet)
    else:
        from poa_xl.actions.past.versioning import version_named

        version = version_named(before, against or "", store)
        found = compare_with(version.plan, version.version.name, before, output, sheet)
    seen = screen()
    if as_json:
        seen.data(records.as_json([asdict(each) for each in found]))
    else:
        if found:
            seen.show(differences(found))
        rows = len({each.code for each in found})
        seen.line(say("{count} diferencias en {rows} filas", count=len(found), rows=rows))
        if output is not None:
            wrote(output, None)
    sys.exit(FOUND if found else 0)


@click.command(cls=Command, epilog="Ejemplo: poa export POA_2020.xlsx -o plan.csv")
@click.argument("files", type=FILE, nargs=-1, required=True, metavar="ARCHIVO...")
@file("-o", "--output", required=True, metavar="TABLA", help="Lo que se escribe: .csv, .json o .parquet.")
@click.option(
    "--what",
    type=click.Choice(["plan", "findings", "changes"]),
    default="plan",
    show_default=True,
    help="Filas del plan, hallazgos, o cambios que trajeron las unidades a un maestro.",
)
@click.option("--sheet", metavar="HOJA", help="Solo esta hoja.")
@YEAR_OPTION
@STORE
def export(
    files: Sequence[Path], output: Path, what: str, sheet: str | None, year: int | None, store: str | None
) -> None:
    """Escribe planes, hallazgos o cambios como una tabla para Excel, pandas u otro programa."""
    from poa_xl.actions import exporting
    from poa_xl.books.files import keep_apart, replace, stamp
    from poa_xl.terminal.exported import suffix_of, written

    suffix = suffix_of(output)
    keep_apart(output, *files)
    if what == "changes" and len(files) > 1:
        raise click.UsageError(say("los cambios son de un solo maestro"))
    if what == "changes":
        records = exporting.changes_table(files[0], store)
    else:
        table = exporting.plan_table if what == "plan" else exporting.findings_table
        records = table(files, sheet, year)
    before = stamp(output)
    rows = list(records)
    backup = replace(output, written(suffix, exporting.TABLES[what], rows), expected=before)
    screen().line(say("{count} filas", count=len(rows)))
    wrote(output, backup)
