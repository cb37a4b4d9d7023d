"""Sheets that are one list: a title, a subtitle, captions on row 4, lines below."""

from collections.abc import Sequence

from poa_xl.sheet import looks
from poa_xl.sheet.image import Cell, SheetImage

# Row of the captions.
TOP = 4

Columns = Sequence[tuple[str, float]]


def listing(name: str, title: str, subtitle: str, tab: str, columns: Columns = ()) -> SheetImage:
    """Draw the head of a list, frozen and repeated on every printed page.

    Args:
        name: Name of the sheet.
        title: First line.
        subtitle: Second line.
        tab: Colour of the tab.
        columns: Caption and width of each column.
    """
    image = SheetImage(name, tab=tab, freeze=(TOP + 1, 1), repeat=(TOP, TOP), heights={1: 24, 2: 16})
    image.cells[1, 1] = Cell(title, looks.TITLE)
    image.cells[2, 1] = Cell(subtitle, looks.SUBTITLE)
    caption(image, columns)
    return image


def caption(image: SheetImage, columns: Columns) -> None:
    """Write the captions of a list and set its widths."""
    for column, (text, width) in enumerate(columns, 1):
        image.cells[TOP, column] = Cell(text, looks.HEADER)
        image.widths[column] = width
    if columns:
        image.heights[TOP] = 24
