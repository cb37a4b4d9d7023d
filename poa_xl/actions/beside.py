"""The sheets beside a plan that tell of its versions, taken out again; what people typed there is kept where asked."""

from collections.abc import Iterable

from poa_xl.actions.load import Opened
from poa_xl.books.patch.editor import Editor
from poa_xl.core.values import Invalid
from poa_xl.errors import BookError
from poa_xl.i18n import say
from poa_xl.sheet.grid import Grid
from poa_xl.sheet.modified import is_modified_sheet, typed_rows
from poa_xl.sheet.spec import Cell


def without_versions(editor: Editor, opened: Opened, *, keep: bool | None) -> None:
    """Take `Versiones` and `Modificaciones` out; where something was typed into the latter it may stay, as values.

    Raises:
        BookError: People typed something, and nobody said what is to become of it.
    """
    if opened.versions is not None:
        editor.drop_sheet(opened.versions.name)
    grid = opened.modifications
    if grid is None:
        return
    rows = typed_rows(grid)
    if rows and keep is None:
        raise BookError(
            say(
                "{file}: en la hoja «{sheet}» hay {count} filas con motivos y documentos; --keep-data las deja, sin "
                "fórmulas; --drop-data las quita también",
                file=opened.book.name,
                sheet=grid.name,
                count=rows,
            )
        )
    if not rows or not keep:
        editor.drop_sheet(grid.name)
        return
    edits = editor.sheet(grid.name)
    for place in grid.formulas:
        value = grid.get(*place)
        edits.cells[place] = Cell(value.text if isinstance(value, Invalid) else value)
        edits.keep_format.add(place)


def typed_in(grids: Iterable[Grid]) -> int:
    """Return how many rows of the list of modifications hold something that people typed."""
    return sum(typed_rows(grid) for grid in grids if is_modified_sheet(grid))
