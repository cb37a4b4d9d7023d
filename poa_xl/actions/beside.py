"""Sheets of ours beside a plan, taken out again; what people typed there is kept where that is asked for."""

from collections.abc import Iterable

from poa_xl.actions.load import Opened
from poa_xl.books.patch.editor import Editor
from poa_xl.books.patch.edits import SheetEdits
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
    refusal = say(
        "{file}: en la hoja «{sheet}» hay {count} filas con motivos y documentos; --keep-data las deja, sin "
        "fórmulas; --drop-data las quita también",
        file=opened.book.name,
        sheet=grid.name,
        count=rows,
    )
    edits = left(editor, grid, refusal if rows else "", keep=keep)
    if edits is None:
        return
    for place in grid.formulas:
        value = grid.get(*place)
        edits.cells[place] = Cell(value.text if isinstance(value, Invalid) else value)
        edits.keep_format.add(place)


def left(editor: Editor, grid: Grid, refusal: str, *, keep: bool | None) -> SheetEdits | None:
    """Return the edits of a sheet that stays for what people typed there; any other is dropped.

    Args:
        editor: The workbook.
        grid: The sheet.
        refusal: What to say while nobody said what is to become of it; empty where nothing was typed.
        keep: Whether it is to stay.

    Raises:
        BookError: Something was typed, and nobody said.
    """
    if refusal and keep is None:
        raise BookError(refusal)
    if refusal and keep:
        return editor.sheet(grid.name)
    editor.drop_sheet(grid.name)
    return None


def typed_in(grids: Iterable[Grid]) -> int:
    """Return how many rows of the list of modifications hold something that people typed."""
    return sum(typed_rows(grid) for grid in grids if is_modified_sheet(grid))
