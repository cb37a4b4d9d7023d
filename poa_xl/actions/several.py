"""Every plan of a workbook flagged or cleaned in one go; workbooks of other kinds as copies."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from poa_xl.actions.cleaning import clean_data
from poa_xl.actions.converting import converted
from poa_xl.actions.load import find_plans, load_one
from poa_xl.actions.reading import is_other
from poa_xl.actions.tracking import reported_plan
from poa_xl.actions.updating import Options, Updated, read_bytes, update_data, with_profile, write
from poa_xl.books.book import MemoryBook
from poa_xl.books.carried import without_paths
from poa_xl.books.files import real
from poa_xl.books.package import Package
from poa_xl.books.sheetxml import read_workbook
from poa_xl.core.plan import Plan
from poa_xl.errors import BookError, LayoutError
from poa_xl.i18n import say
from poa_xl.sheet.identity import identity_of
from poa_xl.sheet.profile import PLAIN
from poa_xl.store.records import CLEANED, FILE, FOLDER, UPDATED


@dataclass(frozen=True)
class _Source:
    """What is worked on: the bytes, where they are written, and what is lost in them already."""

    path: Path
    data: bytes
    lost: tuple[str, ...] = ()


def update_all(path: Path, options: Options, store: str | None = None) -> list[Updated]:
    """Flag a workbook as `update_book` does: its plan, or all of them where it has several and none is the best.

    A workbook of another kind stays as it is, and a copy of it that LibreOffice converts is flagged. In a master with a
    history it is a step of that.

    Args:
        path: The workbook.
        options: How.
        store: Where the history is; by default beside the workbook.

    Returns:
        What the update of each plan came to, in tab order.

    Raises:
        BookError: It cannot be read, converted, edited safely, or written.
        CellError: A cell of the control columns cannot be written.
        LayoutError: It holds no plan, or several and nobody can say which.
        StaleBookError: It changed meanwhile.
    """
    options = with_profile(path, options)
    source = _source(path, options)
    name, bare = source.path.name, without_paths(source.data, source.path.name)
    flagged: list[Updated] = []

    def flag_one(data: bytes, sheet: str) -> tuple[bytes, Updated]:
        beside = tuple((each.plan, each.findings) for each in _flat(flagged))
        after, one = update_data(data, name, replace(options, sheet=sheet), beside=beside)
        flagged.append(one)
        return after, one

    # Whoever says which sheet has several, and may flag others later.
    alone = None if options.sheet is None else ()
    after, done = _each(bare, name, options, lambda: update_data(bare, name, options, beside=alone), flag_one)
    if len(done) > 1 and options.rollup:
        raise BookError(say("{file}: tiene varios planes; decir con --sheet en cuál vale --rollup", file=name))
    target = options if source.path == path else replace(options, output=source.path)
    written = _write(path, source.data, after, target, UPDATED, store)
    return [replace(each, **written, lost=source.lost, parts=()) for each in _flat(done)]


def _flat(done: Sequence[Updated]) -> list[Updated]:
    """Put what came of the other forms of a sheet behind the first one."""
    return [one for each in done for one in (each, *each.parts)]


def clean_all(path: Path, options: Options, store: str | None = None) -> list[Updated]:
    """Take out of a workbook everything that `update_all` put in; see there.

    Raises:
        BookError: It cannot be read, edited safely, or written; or there is nothing of ours in it.
        LayoutError: It holds no plan, or several and nobody can say which.
        StaleBookError: It changed meanwhile.
    """
    if is_other(path):
        raise BookError(
            say(
                "{file}: no se edita, y nada hay en él de poa-xl; lo que hay que limpiar es su copia {copy}",
                file=path.name,
                copy=path.with_suffix(".xlsx").name,
            )
        )
    options = with_profile(path, options)
    data = read_bytes(path, options)
    bare = without_paths(data, path.name)
    after, done = _each(
        bare,
        path.name,
        options,
        lambda: clean_data(bare, path.name, options),
        lambda now, sheet: clean_data(now, path.name, replace(options, sheet=sheet)),
    )
    if after == bare == data:
        raise BookError(say("{file}: no tiene nada que poa-xl haya agregado", file=path.name))
    written = _write(path, data, after, options, CLEANED, store)
    return [replace(each, **written) for each in done]


def _write(path: Path, before: bytes, after: bytes, options: Options, kind: str, store: str | None) -> dict[str, Any]:
    """Write a workbook, a master as a step; give where, the backup and the number of the step."""
    is_step = not options.dry_run and options.output is None and after != before and _may_have_past(path, store)
    if is_step:
        # What a history is kept with is large, and a planner's installation has none of it.
        from poa_xl.actions.past.writing import has_past, rewrite_alone  # noqa: PLC0415

        is_step = has_past(path, store)
    if not is_step:
        written, backup = write(path, before, after, options)
        return {"path": written, "backup": backup}

    def plan_in(data: bytes) -> Plan:
        return reported_plan(
            load_one(MemoryBook(path.name, data), options.sheet, options.year, options.profile or PLAIN)
        )

    run, backup = rewrite_alone(path, before, after, kind, store, plan_in, backups=options.backups)
    return {"path": path, "backup": backup, "run": run.number}


def _may_have_past(path: Path, store: str | None) -> bool:
    return store is not None or (real(path).parent / FOLDER / FILE).is_file()


def _source(path: Path, options: Options) -> _Source:
    if not is_other(path):
        return _Source(path, read_bytes(path, options))
    target = options.output or path.with_suffix(".xlsx")
    if target.suffix.lower() != ".xlsx":
        raise BookError(say("{file}: tiene que terminar en .xlsx", file=target.name))
    if options.output is None and target.exists():
        raise BookError(
            say(
                "{file}: no se edita, y su copia {copy} ya existe; trabajar en ella, o decir otra con -o",
                file=path.name,
                copy=target.name,
            )
        )
    copy = converted(path)
    return _Source(target, copy.data, copy.lost)


def _each(
    data: bytes,
    name: str,
    options: Options,
    only: Callable[[], tuple[bytes, Updated]],
    one: Callable[[bytes, str], tuple[bytes, Updated]],
) -> tuple[bytes, list[Updated]]:
    """Work on the only plan of a workbook; on one after the other where it has several."""
    try:
        after, done = only()
    except LayoutError:
        # Nobody can say which one is meant: all of them are.
        sheets = _sheets(data, name, options)
        if not sheets:
            raise
    else:
        sheets = _sheets(data, name, options, elsewhere=True) if done.aside else []
        if not sheets:
            return after, [done]
    found = []
    for sheet in sheets:
        data, each = one(data, sheet)
        found.append(each)
    return data, found


def _sheets(data: bytes, name: str, options: Options, *, elsewhere: bool = False) -> list[str]:
    """Return the sheets of a workbook's plans, where several show; else none.

    Args:
        data: The workbook.
        name: Name of its file, for messages.
        options: How to update.
        elsewhere: Only where all are in other offices' forms: of those in ours one is the best.
    """
    book = read_workbook(Package(data, name))
    if options.sheet is not None or identity_of(book.properties) is not None:
        return []
    try:
        found = find_plans(book, None, options.year, options.profile or PLAIN)
    except LayoutError:
        return []
    shown = [each for each in found if each.grid.visible]
    is_meant = not elsewhere or all(each.layout.recognised is not None for each in shown)
    sheets = list(dict.fromkeys(each.sheet for each in shown))
    return sheets if len(sheets) > 1 and is_meant else []
