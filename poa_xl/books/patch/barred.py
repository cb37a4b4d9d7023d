"""Cells that no edit may write: inside a merge, part of an array or a table of data, the heading of a table."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence

from poa_xl.books.patch.arrays import arrays
from poa_xl.books.patch.edits import Place
from poa_xl.books.patch.ranges import address, area_of
from poa_xl.books.patch.rows import Rows
from poa_xl.books.patch.spans import Node
from poa_xl.i18n import say
from poa_xl.sheet.grid import Merge
from poa_xl.sheet.spec import Cell


def barred(
    part: Rows, root: Node, tables: Sequence[Merge], wanted: Mapping[int, Mapping[int, Cell | None]]
) -> Iterator[tuple[Place, str]]:
    """Yield the wanted cells that cannot be written, each with the reason.

    Args:
        part: The worksheet.
        root: What stands around its rows.
        tables: Header rows of its tables.
        wanted: Rows, rising, to columns to what is to stand there.
    """
    node = root.child("mergeCells")
    merges = [area_of(each.get("ref")) for each in node.children] if node is not None else []
    for merge in merges:
        for row, column in _covered(merge, wanted):
            if merge is not None and (row, column) != (merge.top, merge.left):
                reason = say("celda {cell}: está dentro de una combinación de celdas", cell=address(row, column))
                yield (row, column), reason
    for array in arrays(part):
        inside = list(_covered(array, wanted))
        if inside and len(inside) < (array.bottom - array.top + 1) * (array.right - array.left + 1):
            for row, column in inside:
                yield (
                    (row, column),
                    say(
                        "celda {cell}: pertenece a una fórmula matricial o a una tabla de datos",
                        cell=address(row, column),
                    ),
                )
    for header in tables:
        for row, column in _covered(header, wanted):
            reason = say("celda {cell}: es el encabezado de una tabla de Excel", cell=address(row, column))
            yield (row, column), reason


def _covered(merge: Merge | None, wanted: Mapping[int, Mapping[int, object]]) -> list[Place]:
    """List the wanted places, whose rows rise, inside a range, however large it says it is."""
    if merge is None:
        return []
    numbers = list(wanted)
    inside = numbers[bisect_left(numbers, merge.top) : bisect_right(numbers, merge.bottom)]
    return [(row, column) for row in inside for column in wanted[row] if merge.left <= column <= merge.right]
