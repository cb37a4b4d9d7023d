"""Masters with a plan of other units in each of several sheets: handed out and consolidated sheet by sheet."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Any

from poa_xl.actions.choosing import is_named
from poa_xl.actions.converting import package_of
from poa_xl.actions.gathering import gather
from poa_xl.actions.load import find_plans
from poa_xl.actions.settings import load_aliases, load_profile
from poa_xl.actions.splitting import Part, split_book
from poa_xl.actions.syncing import Synced, SyncOptions, sync
from poa_xl.books.book import FileBook
from poa_xl.core.blocks import unit_names
from poa_xl.core.text import fold
from poa_xl.errors import LayoutError, PoaError, SyncError
from poa_xl.i18n import say
from poa_xl.sheet.identity import identity_of

_SEVERAL = 2


def split_sheets(
    master: Path,
    folder: Path | None = None,
    sheet: str | None = None,
    aliases: Path | None = None,
    units: Collection[str] = (),
    **options: Any,  # noqa: ANN401 - as `split_book` has them
) -> list[Part]:
    """Write the workbook of each unit, as `split_book` does, of all sheets that are plans of other units each.

    Args:
        master: The regional plan.
        folder: Where the workbooks go.
        sheet: The plan sheet of the master; None for all of them.
        aliases: The office's list of unit names.
        units: Only workbooks of these units; by default of all.
        options: What else `split_book` takes.

    Returns:
        One entry per unit, sheet by sheet.

    Raises:
        SyncError: There is no such unit, workbooks of two sheets would have one name, or as `split_book` says; nothing
            was written of any sheet.
    """
    try:
        return split_book(master, folder, sheet, aliases, units=units, **options)
    except LayoutError:
        sheets = sheets_of(master, aliases) if sheet is None else {}
        if not sheets:
            raise
    strange = [unit for unit in units if not any(fold(unit) in known for known in sheets.values())]
    if strange:
        raise SyncError(say("ninguna hoja de {file} tiene la unidad «{unit}»", file=master.name, unit=strange[0]))
    wanted = {name: [unit for unit in units if fold(unit) in known] for name, known in sheets.items()}
    asked = {name: own for name, own in wanted.items() if own or not units}

    def made(**how: Any) -> list[Part]:  # noqa: ANN401 - as `split_book` has them
        each = (split_book(master, folder, name, aliases, units=own, **how) for name, own in asked.items())
        return list(chain.from_iterable(each))

    # What is in the way of a sheet behind is found before anything is written.
    tried = made(**{**options, "dry_run": True})
    paths = [part.path for part in tried]
    twice = [part for number, part in enumerate(tried) if part.path in paths[:number]]
    if twice:
        raise SyncError(
            say(
                "no se repartió nada: los libros de dos unidades de hojas distintas se llamarían {file}; repartir cada "
                "hoja aparte, con --sheet y --output",
                file=twice[0].path.name,
            )
        )
    return tried if options.get("dry_run") else made(**options)


def sync_sheets(sources: Sequence[Path], master: Path, options: SyncOptions) -> dict[str, Synced]:
    """Consolidate workbooks into the sheets of a master that they were sent from, as `sync` does into one.

    Args:
        sources: Workbooks, and folders that hold some.
        master: The regional plan.
        options: How; with a sheet that one alone.

    Returns:
        What came of each sheet that something came for, by its name, which is empty where there is only one plan.
        Where a sheet leaves something to decide those behind it wait: the sheet *Cambios* tells of one of them.

    Raises:
        SyncError: Another workbook is to be written, a file does not say of which sheet it is, or as `sync` says.
    """
    try:
        return {"": sync(sources, master, options)}
    except LayoutError:
        sheets = sheets_of(master, options.aliases) if options.sheet is None else {}
        if not sheets:
            raise
    if options.output is not None:
        raise SyncError(
            say("{file}: tiene varios planes; decir con --sheet cuál se consolida en otro libro", file=master.name)
        )
    files = by_sheet(sources, master, sheets)
    done: dict[str, Synced] = {}
    names = [name for name in sheets if name in files]
    for number, name in enumerate(names):
        only = tuple(each for each in options.only if _is_of(each, name, files))
        done[name] = _of_units(sync(files[name], master, replace(options, sheet=name, only=only)), name, sheets)
        waiting = ", ".join(f"«{each}»" for each in names[number + 1 :])
        if waiting and not done[name].is_clean and not options.dry_run:
            text = say(
                "decidir lo que falta en la hoja Cambios, o corregir los archivos, y repetir; esperan las hojas "
                "{waiting}",
                waiting=waiting,
            )
            done[name] = replace(done[name], notes=(*done[name].notes, text))
            break
    return done


def by_sheet(sources: Sequence[Path], master: Path, sheets: Mapping[str, frozenset[str]]) -> dict[str, list[Path]]:
    """Return the files of each sheet of a master; what is no workbook goes with the first one, where it is told of.

    Raises:
        SyncError: A file does not say of which sheet it is, or there is nothing to be read.
    """
    files: dict[str, list[Path]] = defaultdict(list)
    strange: list[str] = []
    for each in gather(sources, [master]):
        name = next(iter(sheets)) if each.problem else _sheet_of(each.path, sheets)
        if name:
            files[name].append(each.path)
        else:
            strange.append(each.name)
    if strange:
        raise SyncError(
            say(
                "no se sabe de qué hoja del maestro son: {files}; consolidarlos aparte, con --sheet",
                files=", ".join(strange),
            )
        )
    return files


def sheets_of(master: Path, aliases: Path | None = None) -> dict[str, frozenset[str]]:
    """Return the sheets of a master that are plans of other units each, with those, folded; none where they are not.

    Raises:
        BookError: It cannot be read.
    """
    names = load_aliases(aliases, master.parent)
    try:
        plans = find_plans(FileBook(master).read(), profile=load_profile(None, master.parent))
    except LayoutError:
        return {}
    shown = [each for each in plans if each.grid.visible and each.layout.recognised is not None]
    found = {each.sheet: frozenset(unit_names(names.plan(each.plan))) for each in shown}
    units = [unit for each in found.values() for unit in each]
    is_whole = len(found) == len(plans) >= _SEVERAL and all(found.values())
    return found if is_whole and "" not in units and len({*units}) == len(units) else {}


def _of_units(done: Synced, name: str, sheets: Mapping[str, frozenset[str]]) -> Synced:
    """Return what came of a sheet without what `Cambios` has of units of others, which is told with those."""
    others = frozenset[str]().union(*(units for other, units in sheets.items() if other != name))
    own = [line for line in done.result.changes if fold(line.unit) not in others]
    return replace(done, result=replace(done.result, changes=own))


def _is_of(wanted: str, sheet: str, files: Mapping[str, Sequence[Path]]) -> bool:
    """Whether a file that is to count came for a sheet; what came for none is refused by the first one."""
    meant = [name for name, own in files.items() if any(is_named(path, wanted) for path in own)]
    return sheet in meant or not meant


def _sheet_of(path: Path, sheets: Mapping[str, frozenset[str]]) -> str:
    """Return the sheet that a workbook was sent from; empty where it does not say so."""
    identity = None
    with suppress(PoaError):
        identity = identity_of(package_of(path).properties)
    return identity.sheet if identity is not None and identity.sheet in sheets else ""
