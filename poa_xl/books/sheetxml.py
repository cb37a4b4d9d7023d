"""Worksheet parts: every cell with its value, its error or its missing calculation told apart.

The fast readers hand over `''` for an error, for a formula without a value and for a blank alike; whoever
reads money cannot use them on their own. This pass sees all three. Cells of a plainly written sheet are taken by one
regular expression (`plaincells`); for any other sheet, and for all that is not cells, there is expat.
"""

import contextlib
from collections.abc import Mapping

from poa_xl.books.package import Package, SheetPart
from poa_xl.books.patch.ranges import area_of
from poa_xl.books.plaincells import PlainCells
from poa_xl.books.sharedparts import Shared, shared_of
from poa_xl.books.xml import Closed, Opened, parse
from poa_xl.errors import BookError
from poa_xl.i18n import say
from poa_xl.sheet.grid import LAST_COLUMN, LAST_ROW, Grid, Workbook

_DIGITS = "0123456789"
_LEVELS = "1234567"


def read_workbook(package: Package, known: Mapping[str, Grid] | None = None, shared: Shared | None = None) -> Workbook:
    """Read a package.

    Args:
        package: The package.
        known: Sheets that were read before and are as they were, by their parts.
        shared: What its sheets share, where that was read.

    Raises:
        BookError: A part is missing or damaged.
    """
    common, before = shared or shared_of(package), known or {}
    grids = tuple(before.get(sheet.part) or read_sheet(package, sheet, common) for sheet in package.sheets)
    return Workbook(package.name, grids, package.properties, package.marks)


def read_sheet(package: Package, sheet: SheetPart, shared: Shared, data: bytes | None = None) -> Grid:
    """Read a sheet.

    Args:
        package: The package.
        sheet: The sheet.
        shared: What the sheets of the package share.
        data: What stands in its part, where that is to be something else.

    Raises:
        BookError: The part is missing or damaged.
    """
    reader = _SheetReader(shared, f"{package.name}: {sheet.part}")
    reader.read(package.read(sheet.part) if data is None else data)
    return Grid(
        sheet.name,
        reader.cells,
        tuple(reader.merges),
        frozenset(reader.hidden),
        shared.date1904,
        sheet.visible,
        reader.formulas,
        reader.scaled,
        reader.shown,
        totals=_totals(package, sheet.part),
        painted=reader.painted,
        levels=reader.levels,
        indents=reader.indents,
    )


def _totals(package: Package, part: str) -> frozenset[tuple[int, int]]:
    """Find the cells in the totals rows of a sheet's tables."""
    found: set[tuple[int, int]] = set()
    for table in package.related(part, "table").values():
        with contextlib.suppress(BookError):  # what a table says of a row is a help, and no reason to refuse a sheet
            root = package.tree(table)
            area = area_of(root.get("ref", ""))
            if area is not None and root.get("totalsRowCount", "0") != "0":
                found |= {(area.bottom, column) for column in range(area.left, area.right + 1)}
    return frozenset(found)


class _SheetReader(PlainCells):
    """Handlers over one worksheet part."""

    def read(self, data: bytes) -> None:
        self._parse(self._read_plain(data) or data)

    def _parse(self, data: bytes) -> None:
        opened: dict[str, Opened] = {
            "row": self._open_row,
            "c": self._open_cell,
            "v": self._open_text,
            "f": self._open_formula,
            "t": self._open_text,
            "rPh": self._open_phonetic,
            "mergeCell": self._add_merge,
        }
        closed: dict[str, Closed] = {
            "c": self._close_cell,
            "v": self._close_value,
            "f": self._close_formula,
            "t": self._close_run,
            "rPh": self._close_phonetic,
        }
        parse(data, self._place, opened, closed, self._add_text)

    def _open_row(self, attributes: dict[str, str]) -> None:
        self._row = int(attributes.get("r", self._row + 1))
        self._is_numbered = "r" in attributes
        self._column = 0
        if attributes.get("hidden") in ("1", "true"):
            self.hidden.add(self._row)
        level = attributes.get("outlineLevel", "0")
        if level in _LEVELS:
            self.levels[self._row] = int(level)

    def _open_cell(self, attributes: dict[str, str]) -> None:
        address = attributes.get("r")
        if address:
            name = address.rstrip(_DIGITS)
            self._column = self._columns.get(name) or self._number_of(name)
            if not self._is_numbered:
                # A row that does not say its number may have its first cell say it.
                self._row = max(self._row, int(address[len(name) :]))
        else:
            self._column += 1
        self._is_numbered = True
        self._is_rich = "vm" in attributes
        self._type = attributes.get("t", "n")
        self._style = int(attributes.get("s", 0))
        self._value = self._formula = None

    def _close_cell(self) -> None:
        value = self._convert()
        if self._formula is not None:
            self._keep_formula(self._formula)
        if value is not None:
            self.cells.setdefault(self._row, {})[self._column] = value
            if isinstance(value, str) and self._style in self._shared.indents:
                self.indents[self._row, self._column] = self._shared.indents[self._style]
        elif self._style in self._shared.colours:
            self.painted[self._row, self._column] = self._shared.colours[self._style]

    def _open_formula(self, attributes: dict[str, str]) -> None:
        self._pieces = []
        self._group = attributes.get("si", "") if attributes.get("t") == "shared" else ""

    def _open_text(self, _: dict[str, str]) -> None:
        self._pieces = []

    def _add_text(self, data: str) -> None:
        if self._pieces is not None:
            self._pieces.append(data)

    def _taken(self) -> str:
        text = "".join(self._pieces or ())
        self._pieces = None
        return text

    def _close_value(self) -> None:
        self._value = self._taken()

    def _close_formula(self) -> None:
        self._formula = self._taken()

    def _close_run(self) -> None:
        self._value = (self._value or "") + self._taken()

    def _open_phonetic(self, _: dict[str, str]) -> None:
        """Put aside what was read: the reading aid that follows is no part of the text."""
        self._aside = self._value

    def _close_phonetic(self) -> None:
        self._value = self._aside

    def _add_merge(self, attributes: dict[str, str]) -> None:
        ref = attributes.get("ref", "")
        merge = area_of(ref)
        if merge is not None and ":" in ref:
            if merge.bottom > LAST_ROW or merge.right > LAST_COLUMN:
                raise BookError(
                    say(
                        "{place}: las celdas combinadas {ref} pasan el final de la hoja; abrir en Excel o Calc y "
                        "guardar de nuevo",
                        place=self._place,
                        ref=ref,
                    )
                )
            self.merges.append(merge)
