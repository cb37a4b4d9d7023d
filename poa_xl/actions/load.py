"""Workbooks read as plans."""

from dataclasses import dataclass
from pathlib import Path

from poa_xl.books.book import Book
from poa_xl.core.aliases import Aliases
from poa_xl.core.text import fold
from poa_xl.errors import BookError, LayoutError
from poa_xl.i18n import say
from poa_xl.sheet.grid import Grid
from poa_xl.sheet.headers import Layout, find_layout
from poa_xl.sheet.parse import Parsed, parse

ALIASES = "unidades.toml"


@dataclass(frozen=True)
class Source:
    """A plan sheet of a workbook.

    Attributes:
        sheet: Name of the sheet.
        parsed: What it holds.
        others: The other sheets of the workbook.
        grid: Its cells.
    """

    sheet: str
    parsed: Parsed
    others: tuple[Grid, ...]
    grid: Grid


def load(book: Book, sheet: str | None = None, year: int | None = None) -> list[Source]:
    """Read every plan sheet of a workbook.

    Args:
        book: The workbook.
        sheet: Read this sheet only.
        year: The year planned, when it is known.

    Raises:
        BookError: It cannot be read.
        LayoutError: It holds no plan, or a plan without a required column.
    """
    grids = book.read()
    wanted = [grid for grid in grids if sheet is None or fold(grid.name) == fold(sheet)]
    names = ", ".join(f"«{grid.name}»" for grid in grids)
    if not wanted:
        raise LayoutError(say("{file}: no hay hoja «{sheet}»; hay {names}", file=book.name, sheet=sheet, names=names))
    found = [(grid, layout) for grid in wanted if (layout := layout_of(grid, book.name)) is not None]
    if not found:
        raise LayoutError(
            say(
                "{file}: ninguna hoja tiene los encabezados de un plan (Código, Meta, ENE a DIC, "
                "Presupuesto…); hay {names}",
                file=book.name,
                names=names,
            )
        )
    return [
        Source(
            grid.name,
            parse(grid, layout, book.name, year),
            tuple(other for other in grids if other.name != grid.name),
            grid,
        )
        for grid, layout in found
    ]


def load_one(book: Book, sheet: str | None = None, year: int | None = None) -> Source:
    """Read the one plan sheet of a workbook.

    Raises:
        BookError: It cannot be read.
        LayoutError: It holds no plan, or several and `sheet` does not say which.
    """
    sources = load(book, sheet, year)
    if len(sources) > 1:
        names = ", ".join(f"«{source.sheet}»" for source in sources)
        raise LayoutError(
            say(
                "{file}: hay más de una hoja con un plan: {names}; decir cuál con --sheet",
                file=book.name,
                names=names,
            )
        )
    return sources[0]


def load_aliases(path: Path | None, *beside: Path) -> Aliases:
    """Read the office's list of unit names.

    Args:
        path: The list; None to look for `unidades.toml`.
        *beside: Folders to look in, in this order.

    Returns:
        The list; an empty one when there is none.

    Raises:
        BookError: The list cannot be read.
    """
    chosen = path or next((folder / ALIASES for folder in beside if (folder / ALIASES).is_file()), None)
    if chosen is None:
        return Aliases()
    # Came with Python 3.11; what runs inside an older LibreOffice never comes here.
    import tomllib  # noqa: PLC0415

    try:
        data = tomllib.loads(chosen.read_text("utf-8"))
        words = {str(wrong): str(right) for wrong, right in data.get("palabras", {}).items()}
        units = {
            fold(other): str(official) for official, others in data.get("unidades", {}).items() for other in others
        }
    except (OSError, ValueError, AttributeError, TypeError) as error:
        raise BookError(
            say("{file}: la lista de unidades no se entiende ({detail})", file=str(chosen), detail=error)
        ) from error
    return Aliases(words, units)


def layout_of(grid: Grid, file: str) -> Layout | None:
    """Find the plan in a sheet as `find_layout` does; errors name the file too."""
    try:
        return find_layout(grid)
    except LayoutError as error:
        raise LayoutError(f"{file}: {error}") from error
