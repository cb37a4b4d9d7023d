"""A blank form in the layout of an office, made from a plan that is filled in."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from pathlib import Path

from poa_xl.actions.cleaning import clean_data
from poa_xl.actions.computed import Place, refreshed
from poa_xl.actions.load import Opened, load_one
from poa_xl.actions.settings import load_profile
from poa_xl.actions.updating import Options
from poa_xl.books import files
from poa_xl.books.book import MemoryBook
from poa_xl.books.carried import without_paths
from poa_xl.books.files import keep_apart, stamp
from poa_xl.books.package import open_package
from poa_xl.books.patch.custom import with_properties
from poa_xl.books.patch.cutdown import cut_down
from poa_xl.books.patch.editor import Editor
from poa_xl.core.plan import Kind
from poa_xl.errors import BookError
from poa_xl.i18n import say
from poa_xl.sheet.identity import identity_of
from poa_xl.sheet.rows import Outside
from poa_xl.sheet.spec import Cell, Style

# Rows between those of the plan that stay: the heading again, and what nothing is known of.
_STAY = (Outside.HEADER, Outside.TOTAL)


def write_like(example: Path, target: Path, sheet: str | None = None) -> tuple[Path | None, int]:
    """Write a blank form like a plan: its columns, looks, heading and foot, its formulas, and rows without content.

    Other sheets of the example and what they say do not go along, unless formulas of the form look at them.

    Args:
        example: A plan in the layout of the office.
        target: What is written.
        sheet: The plan sheet, when there are several.

    Returns:
        The backup of what stood there before, None when nothing did; and how many rows are there to be filled in.

    Raises:
        BookError: The example cannot be read or cut down, or is the workbook of a unit.
        LayoutError: It holds no plan, or several.
    """
    keep_apart(target, example)
    if target.suffix.lower() != example.suffix.lower():
        raise BookError(
            say(
                "{file}: la plantilla es del mismo tipo que su ejemplo: {suffix}",
                file=target.name,
                suffix=example.suffix,
            )
        )
    before = stamp(target)
    package = open_package(example)
    identity = identity_of(package.properties)
    if identity is not None:
        raise BookError(
            say(
                "{file}: es el libro de {unit}; la plantilla se hace del plan de la oficina",
                file=example.name,
                unit=identity.unit or "—",
            )
        )
    profile = load_profile(None, example.parent)
    options = Options(sheet=sheet, profile=profile, keep=False)
    clean, _ = clean_data(without_paths(package.data, example.name), example.name, options)
    source = load_one(MemoryBook(example.name, clean), sheet, profile=profile)
    gone = _gone(source)
    data, _ = cut_down(clean, target.name, source.sheet, gone)
    data = with_properties(data, target.name, {})
    data, count = _blank(data, target.name, source, gone)
    return files.replace(target, data, expected=before), count


def _gone(source: Opened) -> list[int]:
    """Return the rows that go: groups and heading rows, which say what one plan is about; none where all are such."""
    rows, passed = source.plan.rows, source.parsed.passed
    groups = {row.line for row in rows if row.kind is Kind.GROUP}
    found = groups if len(groups) < len(rows) else set()
    between = {each.line for each in passed if each.kind not in _STAY and source.first <= each.line <= source.last}
    return sorted(found | between)


def _blank(data: bytes, name: str, source: Opened, gone: Sequence[int]) -> tuple[bytes, int]:
    """Take out of the rows what was typed, and what formulas came to; totals that were typed go too.

    Args:
        data: The form, some rows of the example taken out.
        name: What it is called.
        source: The example.
        gone: The rows that were taken out.

    Returns:
        The blank form, and how many rows it has.
    """
    typed = {row.line for row in source.plan.rows}.difference(gone)
    totals = {each.line for each in source.parsed.passed if each.kind is Outside.TOTAL}
    editor = Editor(data, name)
    edits = editor.sheet(source.sheet)
    formulas: set[Place] = set()
    for line in sorted(typed | totals):
        now = line - bisect_left(gone, line)
        for column, value in source.grid.cells.get(line, {}).items():
            if (line, column) in source.grid.formulas:
                formulas.add((now, column))
            elif line in typed or not isinstance(value, str):
                edits.cells[now, column] = Cell(None)
                edits.keep_format.add((now, column))
    # A colour that says "in this month" is content too.
    for line, column in _marks(source):
        if line in typed:
            edits.cells[line - bisect_left(gone, line), column] = Cell(None, Style(border=True))
    for place, (kind, inside) in editor.content(source.sheet, formulas).items():
        edits.cells[place] = Cell(None)
        edits.raw[place] = refreshed(kind, inside, None)
    editor.recalculate(on_load=True)
    return editor.save(), len(typed)


def _marks(source: Opened) -> Iterator[Place]:
    found = source.layout.recognised
    paint = found.paint if found is not None else ()
    return (place for place, colour in source.grid.painted.items() if colour in paint)
