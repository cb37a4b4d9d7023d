"""How sheets of ours come onto paper: oficio, across, as many pages side by side as letters need to stay readable."""

from poa_xl.i18n import say
from poa_xl.sheet.grid import letters, quoted
from poa_xl.sheet.spec import SheetSpec

# 8.5 x 13 inches: the "oficio" sheet of Bolivian offices.
FOLIO = 14
# Inches: left and right, top, bottom.
SIDE, HEAD, FOOT = 0.4, 0.5, 0.6
# No letter smaller than this, in points, and all tables are written in letters of that size.
_READABLE, _WRITTEN = 7, 9
_ROOM = (13 - 2 * SIDE) * _WRITTEN / _READABLE
# Of a character of the usual font, and around it; columns of no stated width.
_PER_CHARACTER, _AROUND, _PER_INCH, _USUAL = 7, 5, 96, 8.43


def printed_columns(image: SheetSpec) -> range:
    """Return the columns that are printed."""
    first, last = image.print_columns or (1, max((column for _, column in image.cells), default=1))
    return range(first, last + 1)


def repeated_columns(image: SheetSpec) -> tuple[int, int] | None:
    """Return the first and last column to print on every page: those that stay in sight on the screen too."""
    right = image.freeze[1] - 1 if image.freeze else 0
    return (1, right) if right and pages_across(image) > 1 else None


def pages_across(image: SheetSpec) -> int:
    """Return on how many pages side by side the columns stand in letters that can be read."""
    if image.one_page:
        return 1
    again = [column for column in printed_columns(image) if image.freeze and column < image.freeze[1]]
    others = [column for column in printed_columns(image) if column not in again]
    head = sum(_inches(image, column) for column in again)
    pages, used = 1, head
    for column in others:
        width = _inches(image, column)
        if used + width > _ROOM and used > head:
            pages, used = pages + 1, head
        used += width
    return pages


def _inches(image: SheetSpec, column: int) -> float:
    width = image.widths.get(column, _USUAL)
    return (width * _PER_CHARACTER + _AROUND) / _PER_INCH if width else 0


def footer(image: SheetSpec) -> str:
    """Return what stands at the foot of every page, as files write it."""
    left, middle, right = feet(image)
    # The blank keeps a day apart from the size of the letters.
    return f"&L&8{left}&C&8 {middle}&R&8{right}"


def feet(image: SheetSpec) -> tuple[str, str, str]:
    """Return what stands at the foot on the left, in the middle, on the right: file and sheet, when, page of how many.

    As programs write it: &F for the file, &A for the sheet, &P for the page, &N for how many there are.
    """
    return "&F · &A", image.printed.replace("&", "&&"), say("Página &P de &N")


def titles(image: SheetSpec) -> str:
    """Return the columns and rows to print on every page, as a defined name writes them; empty for none."""
    name, columns, rows = quoted(image.name), repeated_columns(image), image.repeat
    parts = [f"{name}!${letters(columns[0])}:${letters(columns[1])}"] if columns else []
    parts += [f"{name}!${rows[0]}:${rows[1]}"] if rows else []
    return ",".join(parts)


def area(image: SheetSpec) -> str:
    """Return the cells to print, `$A$1:$M$9`; empty for all."""
    if not image.print_columns:
        return ""
    first, last = (letters(column) for column in image.print_columns)
    return f"${first}$1:${last}${max(row for row, _ in image.cells)}"
