"""Edits of one worksheet part, as splices."""

import re
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from xml.sax.saxutils import escape

from poa_xl.books.patch import spans
from poa_xl.books.patch.cells import cell_xml
from poa_xl.books.patch.columns import column_splices
from poa_xl.books.patch.formats import FormatEdits
from poa_xl.books.patch.scan import CellSpan, RowSpan, area, scan
from poa_xl.books.patch.spans import Splice
from poa_xl.books.patch.styles import Styles
from poa_xl.errors import CellError
from poa_xl.i18n import say
from poa_xl.sheet.grid import Merge, letters
from poa_xl.sheet.image import Cell, Choice, Rule


@dataclass
class SheetEdits:
    """What is to change in a worksheet.

    Attributes:
        cells: Row and column to a cell to put there; None takes the cell element away.
        keep_format: Places whose present format stays, whatever the cell's style says.
        raw: Type and inner XML of cells to put back as `SheetEditor.content` gave them, with their present format.
        rules: Conditional formats to add.
        drop_rule: Tells by its formula whether a conditional format goes.
        choices: Drop-down lists to add.
        drop_choice: Tells by its list whether a drop-down goes.
        columns: Column number to width and outline level, to set.
        drop_columns: Columns whose width and level were set by us and go.
    """

    cells: dict[tuple[int, int], Cell | None] = field(default_factory=dict)
    keep_format: set[tuple[int, int]] = field(default_factory=set)
    raw: dict[tuple[int, int], tuple[str, str]] = field(default_factory=dict)
    rules: list[Rule] = field(default_factory=list)
    drop_rule: Callable[[str], bool] | None = None
    choices: list[Choice] = field(default_factory=list)
    drop_choice: Callable[[str], bool] | None = None
    columns: dict[int, tuple[float, int]] = field(default_factory=dict)
    drop_columns: set[int] = field(default_factory=set)


@dataclass
class Edited:
    """What came of it: the new part, the cells that may differ, whether formulas came or went."""

    data: bytes
    touched: set[tuple[int, int]]
    formulas: bool


class SheetEditor:
    """Carries edits out on one worksheet part.

    Args:
        data: The part.
        place: File and part, for messages.
        edits: What to do.
        styles: The workbook's formats.
        tables: Header rows of the sheet's tables, whose texts are column names elsewhere too.
        date1904: Whether day numbers count from 1904.
    """

    def __init__(
        self, data: bytes, place: str, edits: SheetEdits, styles: Styles, tables: Sequence[Merge], *, date1904: bool
    ) -> None:
        self._data = data
        self._place = place
        self._edits = edits
        self._styles = styles
        self._tables = tables
        self._date1904 = date1904
        self._scan = scan(data, place, {row for row, _ in edits.cells})
        self._touched = set(edits.cells)
        self._formulas = False

    def run(self) -> Edited:
        """Give the new part.

        Raises:
            CellError: A cell cannot be written: inside a merge, an array formula, a data table.
        """
        heirs = self._heirs()
        if heirs:
            self._scan = scan(self._data, self._place, {row for row, _ in (*self._edits.cells, *heirs)})
        splices = [splice for row, wanted in self._by_row().items() for splice in self._row_splices(row, wanted)]
        splices += self._inherit(heirs)
        splices += self._dimension()
        splices += column_splices(self._data, self._scan, self._edits.columns, self._edits.drop_columns)
        formats = FormatEdits(self._data, self._scan, self._styles)
        splices += formats.drop_rules(self._edits.drop_rule) + formats.add_rules(self._edits.rules)
        splices += formats.choices(self._edits.choices, self._edits.drop_choice)
        return Edited(spans.apply(self._data, splices), self._touched, self._formulas)

    # Cells

    def _by_row(self) -> dict[int, dict[int, Cell | None]]:
        found: dict[int, dict[int, Cell | None]] = {}
        for (row, column), cell in sorted(self._edits.cells.items(), key=lambda entry: entry[0]):
            found.setdefault(row, {})[column] = cell
        return found

    def _row_splices(self, number: int, wanted: dict[int, Cell | None]) -> list[Splice]:
        row = self._scan.rows.get(number)
        if row is None:
            return self._new_row(number, {column: cell for column, cell in wanted.items() if cell is not None})
        present = {cell.column: cell for cell in row.cells}
        splices: list[Splice] = []
        added: list[str] = []
        for column, cell in wanted.items():
            old = present.get(column)
            self._check(number, column, old)
            if cell is None:
                if old is not None:
                    splices.append(Splice(old.start, old.end, b""))
                continue
            xml = self._xml(number, column, cell, old)
            after = next((each for each in row.cells if each.column > column), None)
            if old is not None:
                splices.append(Splice(old.start, old.end, xml.encode()))
            elif after is not None:
                splices.append(Splice(after.start, after.start, xml.encode()))
            else:
                added.append(xml)
        if added:
            splices.append(self._at_end(row, "".join(added)))
        return splices + self._spans(row, wanted)

    def _xml(self, row: int, column: int, cell: Cell, old: CellSpan | None) -> str:
        if (row, column) in self._edits.raw:
            return self._raw(row, column, old)
        keep = (row, column) in self._edits.keep_format
        style = old.style if keep and old is not None else self._styles.cell_format(cell.style)
        self._formulas |= bool(cell.formula)
        return cell_xml(
            f"{letters(column)}{row}", cell.value, cell.formula, style, self._scan.prefix, date1904=self._date1904
        )

    def _raw(self, row: int, column: int, old: CellSpan | None) -> str:
        kind, inside = self._edits.raw[row, column]
        style = f' s="{old.style}"' if old is not None and old.style is not None else ""
        prefix = self._scan.prefix
        self._formulas |= f"<{prefix}f" in inside
        name = f'<{prefix}c r="{letters(column)}{row}"{style}'
        return (
            f'{name} t="{kind}">{inside}</{prefix}c>'
            if kind
            else f"{name}>{inside}</{prefix}c>"
            if inside
            else f"{name}/>"
        )

    def _check(self, row: int, column: int, old: CellSpan | None) -> None:
        cell = f"{letters(column)}{row}"
        for merge in self._scan.merges:
            if _inside(merge, row, column) and (row, column) != (merge.top, merge.left):
                raise CellError(say("celda {cell}: está dentro de una combinación de celdas", cell=cell))
        if any(_inside(covered, row, column) for covered in self._scan.arrays):
            raise CellError(say("celda {cell}: pertenece a una fórmula matricial o a una tabla de datos", cell=cell))
        if any(_inside(header, row, column) for header in self._tables):
            raise CellError(say("celda {cell}: es el encabezado de una tabla de Excel", cell=cell))
        self._formulas |= old is not None and bool(old.formula)

    def _at_end(self, row: RowSpan, xml: str) -> Splice:
        if row.inner != row.end:
            at = row.cells[-1].end if row.cells else row.inner
            return Splice(at, at, xml.encode())
        tag = self._data[row.start : row.end].removesuffix(b"/>").rstrip()
        return Splice(row.start, row.end, tag + f">{xml}</{self._scan.prefix}row>".encode())

    def _new_row(self, number: int, cells: dict[int, Cell]) -> list[Splice]:
        if not cells:
            return []
        prefix = self._scan.prefix
        inside = "".join(self._xml(number, column, cell, None) for column, cell in sorted(cells.items()))
        xml = f'<{prefix}row r="{number}">{inside}</{prefix}row>'
        later = next((at for row, at in self._scan.starts if row > number), None)
        if later is not None:
            return [Splice(later, later, xml.encode())]
        part = self._scan.part("sheetData")
        if part is None:
            raise CellError(say("{place}: la hoja no tiene datos", place=self._place))
        node = _node(self._data, part.start, part.end)
        return [spans.appended(self._data[part.start : part.end], node, xml).moved(part.start)]

    def _spans(self, row: RowSpan, wanted: dict[int, Cell | None]) -> list[Splice]:
        """Let the row's `spans`, a hint that readers may trust, cover its cells."""
        match = re.search(rb'\sspans\s*=\s*"(\d+):(\d+)"', self._data[row.start : row.inner])
        if not match or row.inner == row.end:
            return []
        first, last = int(match[1]), int(match[2])
        new = self._right(last, wanted)
        if new == last:
            return []
        start = row.start + match.start(2)
        return [Splice(start, row.start + match.end(2), str(max(first, new)).encode())]

    def _right(self, last: int, wanted: dict[int, Cell | None]) -> int:
        """Where a hint that ended at a column ends now: farther for new cells, nearer when the last ones went."""
        kept = [column for column, cell in wanted.items() if cell is not None]
        gone = [column for column, cell in wanted.items() if cell is None]
        if gone and last <= max(gone) and max(kept, default=0) < last:
            return min(last, self._remaining)
        return max([last, *kept])

    @cached_property
    def _remaining(self) -> int:
        """Highest column that has a cell once the edits are done."""
        gone = Counter(column for (_, column), cell in self._edits.cells.items() if cell is None)
        kept = {column for (_, column), cell in self._edits.cells.items() if cell is not None}
        return max({*(self._scan.columns - gone), *kept}, default=1)

    def _dimension(self) -> list[Splice]:
        part = self._scan.part("dimension")
        if part is None or not self._edits.cells:
            return []
        node = _node(self._data, part.start, part.end)
        covered = area(node.get("ref"))
        if covered is None:
            return []
        kept = [place for place, cell in self._edits.cells.items() if cell is not None]
        right = self._right(covered.right, {column: cell for (_, column), cell in self._edits.cells.items()})
        bottom = max([covered.bottom, *(row for row, _ in kept)])
        ref = f"{letters(covered.left)}{covered.top}:{letters(right)}{bottom}"
        if (right, bottom) == (covered.right, covered.bottom):
            return []
        return [spans.with_attribute(self._data[part.start : part.end], node, "ref", ref).moved(part.start)]

    # Shared formulas

    def _heirs(self) -> dict[tuple[int, int], tuple[CellSpan, tuple[int, int]]]:
        """Map the next user of every shared formula whose master is overwritten to that master."""
        found: dict[tuple[int, int], tuple[CellSpan, tuple[int, int]]] = {}
        for number, row in self._scan.rows.items():
            for cell in row.cells:
                if not cell.is_master or (number, cell.column) not in self._edits.cells:
                    continue
                users = [place for place in self._scan.shared[cell.shared] if place not in self._edits.cells]
                if users:
                    found[users[0]] = (cell, (number, cell.column))
        return found

    def _inherit(self, heirs: dict[tuple[int, int], tuple[CellSpan, tuple[int, int]]]) -> list[Splice]:
        """Give each heir the text of the formula, moved to its place, and the range of the remaining users."""
        splices = []
        for (row, column), (master, (from_row, from_column)) in heirs.items():
            from openpyxl.formula.translate import Translator  # noqa: PLC0415 - heavy, and rarely needed

            users = [place for place in self._scan.shared[master.shared] if place not in self._edits.cells]
            rows, columns = [place[0] for place in users], [place[1] for place in users]
            ref = f"{letters(min(columns))}{min(rows)}:{letters(max(columns))}{max(rows)}"
            origin, target = f"{letters(from_column)}{from_row}", f"{letters(column)}{row}"
            moved = Translator(f"={master.text}", origin).translate_formula(target).removeprefix("=")
            heir = next(cell for cell in self._scan.rows[row].cells if cell.column == column)
            node = _node(self._data, heir.start, heir.end).child("f")
            if node is not None:
                prefix = self._scan.prefix
                xml = f'<{prefix}f t="shared" ref="{ref}" si="{master.shared}">{escape(moved)}</{prefix}f>'
                splices.append(Splice(heir.start + node.start, heir.start + node.end, xml.encode()))
                self._touched.add((row, column))
        return splices


def content(data: bytes, place: str, wanted: Collection[tuple[int, int]]) -> dict[tuple[int, int], tuple[str, str]]:
    """Give type and inner XML of cells of a worksheet part; blank ones are left out.

    Args:
        data: The part.
        place: File and part, for messages.
        wanted: Rows and columns.
    """
    found = scan(data, place, {row for row, _ in wanted})
    cells: dict[tuple[int, int], tuple[str, str]] = {}
    for number, row in found.rows.items():
        for cell in row.cells:
            if (number, cell.column) in wanted:
                node = _node(data, cell.start, cell.end)
                inside = data[cell.start + node.inner : cell.start + node.close].decode()
                cells[number, cell.column] = (node.get("t"), inside)
    return cells


def _inside(merge: Merge, row: int, column: int) -> bool:
    return merge.top <= row <= merge.bottom and merge.left <= column <= merge.right


def _node(data: bytes, start: int, end: int) -> spans.Node:
    return spans.read(data[start:end], "")
