"""Commands for many regions at once: all workbooks into a dataset, and questions to it."""

# ruff: noqa: PLC0415 - what a command alone needs is imported inside it

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from poa_xl.cli.front import FILE, FOUND, JSON, Command, file, wrote
from poa_xl.errors import BookError
from poa_xl.i18n import say
from poa_xl.terminal.screen import screen

if TYPE_CHECKING:
    from poa_xl.dataset.collect import Collected, CollectOptions

# Options of `sync` that a dataset has no use for.
_ELSEWHERE = {
    "output": "-o",
    "prefer": "--prefer",
    "accept_removals": "--accept-removals",
    "dry_run": "--dry-run",
    "sheet": "--sheet",
    "force": "--force",
}


def add_to(group: click.Group) -> None:
    """Add the commands of this module to a group."""
    group.add_command(query)


def collect(
    sources: Sequence[str],
    target: Path,
    master: Path | None,
    engine: str,
    scheduler: str,
    **options: Any,  # noqa: ANN401
) -> None:
    """Carry out `poa sync --to`."""
    as_json = options.pop("as_json")
    if master is not None:
        raise click.UsageError(say("--into y --to no van juntos"))
    if not sources:
        raise click.UsageError(say("con --to hay que decir ORIGEN"))
    useless = [option for name, option in _ELSEWHERE.items() if options.pop(name, None)]
    if useless:
        raise click.UsageError(say("con --to no van: {options}", options=", ".join(useless)))
    if (engine == "dask") is not bool(scheduler):
        raise click.UsageError(say("--engine dask y --scheduler DIRECCIÓN van juntos"))
    try:
        from poa_xl.dataset.collect import CollectOptions
    except ModuleNotFoundError as error:
        name = error.name or "pyarrow"
        raise BookError(say("para --to falta {module}: instalar poa-xl[pais]", module=name)) from error
    wanted = CollectOptions(scheduler=scheduler, watch=_progress, **options)
    if target.suffix.lower() == ".xlsx":
        with tempfile.TemporaryDirectory(prefix="poa_xl_") as folder:
            done = _collected(sources, Path(folder) / "datos", wanted, as_json=as_json)
            from poa_xl.dataset.books import write_books

            for path, backup in write_books(done.folder, target):
                wrote(path, backup)
    else:
        done = _collected(sources, target, wanted, as_json=as_json)
        if not as_json:
            screen().line(say("Carpeta: {path}", path=str(target)), "bold")
    sys.exit(FOUND if done.refused else 0)


def _collected(sources: Sequence[str], folder: Path, options: "CollectOptions", *, as_json: bool) -> "Collected":
    from poa_xl.dataset.collect import collect as run
    from poa_xl.dataset.query import query as ask
    from poa_xl.terminal import dataset
    from poa_xl.terminal.records import as_json as write

    done = run(sources, folder, options)
    regions = ask(folder)
    seen = screen()
    if as_json:
        refused = [{"file": each.file, "problem": each.problem} for each in done.refused]
        counts = {"taken": done.taken, "read": done.read, "rows": done.rows}
        seen.data(write({**counts, "refused": refused, "regions": dataset.records(regions)}))
        return done
    seen.show(dataset.overview(regions))
    seen.line(
        say(
            "{taken} libros tomados, de ellos {read} leídos ahora; {count} sin tomar",
            taken=done.taken,
            read=done.read,
            count=len(done.refused),
        )
    )
    for each in done.refused:
        seen.problem(each.problem if each.problem.startswith(each.file) else f"{each.file}: {each.problem}")
    again = ask(folder, "SELECT count(*), coalesce(sum(counted), 0) FROM conflicts").rows[0]
    if again[0]:
        seen.problem(dataset.repeated(*again))
    return done


@click.command(cls=Command, epilog='Ejemplo: poa query pais "SELECT of_unit, sum(counted) FROM rows GROUP BY of_unit"')
@click.argument("folder", type=FILE, metavar="CARPETA")
@click.argument("sql", required=False, metavar="[PREGUNTA]")
@file("-o", "--output", metavar="TABLA", help="Escribe la respuesta: .csv, .json o .parquet.")
@JSON
def query(folder: Path, sql: str | None, output: Path | None, *, as_json: bool) -> None:
    """Contesta una PREGUNTA en SQL sobre los datos que reunió `poa sync --to`.

    Las tablas son rows, findings, changes, submissions y conflicts; sin PREGUNTA, el resumen por regional.
    """
    from poa_xl.books.files import replace, stamp
    from poa_xl.dataset.query import query as ask
    from poa_xl.terminal import dataset
    from poa_xl.terminal.records import as_json as write

    answer = ask(folder, *([sql] if sql else []))
    if as_json:
        screen().data(write(dataset.records(answer)))
    elif output is not None:
        before = stamp(output)
        wrote(output, replace(output, dataset.table(answer, output), expected=before))
    else:
        screen().show(dataset.overview(answer) if sql is None else dataset.listed(answer))
    if not as_json:
        screen().line(say("{count} filas", count=len(answer.rows)))


def _progress(files: Any, count: int) -> Any:  # noqa: ANN401 - passes through whatever comes
    """Show how far it is while files are read."""
    return screen().tracked(files, say("Leyendo"), count)
