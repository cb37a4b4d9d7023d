"""A worksheet of XlsxWriter whose cells are put in and written out by us, row by row and without its detours.

The library checks each cell in five calls and writes it in ten; looks through each formula for thirty functions newer
than Excel 2010, which ours do not use; writes each one in full, and a result of 0 for those that have none. What stands
in its table is what itself would put there, for charts look it up.
"""

from collections.abc import Iterator, Mapping

from xlsxwriter.format import Format
from xlsxwriter.worksheet import (
    CellBlankTuple,
    CellBooleanTuple,
    CellFormulaTuple,
    CellNumberTuple,
    CellStringTuple,
    Worksheet,
)

from poa_xl.books.sharing import Share, shares
from poa_xl.books.xml import escape
from poa_xl.sheet.grid import letters

# As longer ones are, in units of UTF-16, the library cuts them.
_PLAIN = 16_000
_ERRORS = frozenset(("#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"))


class Page(Worksheet):  # type: ignore[misc]
    """A worksheet that shares formulas that are alike.

    Attributes:
        formulas: The formulas by row and column, from 1, without their equals sign.
        shares: How they are shared.
        styles: The attribute of a cell by its look.
    """

    def __init__(self) -> None:
        super().__init__()
        self.formulas: dict[tuple[int, int], str] = {}
        self.shares: dict[tuple[int, int], Share] = {}
        self.styles: dict[Format | None, str] = {}

    def take(self, formulas: Mapping[tuple[int, int], str]) -> None:
        """Take the formulas of the sheet, by row and column, from 1."""
        self.shares = shares(formulas)
        self.formulas = {place: formula.removeprefix("=") for place, formula in formulas.items()}

    def put(self, row: int, column: int, value: object, look: Format | None, *, is_formula: bool = False) -> None:
        """Put in a cell, row and column from 1."""
        if is_formula:
            cell = CellFormulaTuple("0", look, value)
        elif value is None:
            if look is None:
                return
            cell = CellBlankTuple(look)
        elif isinstance(value, bool):
            cell = CellBooleanTuple(int(value), look)
        elif isinstance(value, int | float):
            cell = CellNumberTuple(value, look)
        elif isinstance(value, str) and len(value) < _PLAIN:
            cell = CellStringTuple(self.str_table._get_shared_string_index(value), look)  # noqa: SLF001
        elif isinstance(value, str):
            self.write_string(row - 1, column - 1, value, look)
            return
        else:
            self.write_datetime(row - 1, column - 1, value, look)
            return
        self._check_dimensions(row - 1, column - 1)
        self.table[row - 1][column - 1] = cell

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:  # noqa: ARG002, FBT001, FBT002 - the library's signature
        return formula.removeprefix("=")

    def _write_rows(self) -> None:
        self._calculate_spans()
        names = [letters(column + 1) for column in range(self.dim_colmax + 1)]
        for row in range(self.dim_rowmin, self.dim_rowmax + 1):
            cells = self.table.get(row)
            shape = self.row_info.get(row)
            if cells:
                self._write_row(row, self.row_spans.get(row // 16), shape)
                self.fh.write("".join(self._written(row, cells, names)))
                self._xml_end_tag("row")
            elif shape is not None:
                self._write_empty_row(row, self.row_spans.get(row // 16), shape)

    def _written(self, row: int, cells: Mapping[int, tuple[object, ...]], names: list[str]) -> Iterator[str]:
        line = row + 1
        for column in sorted(cells):
            cell = cells[column]
            start = f'<c r="{names[column]}{line}"{self._style(cell.format)}'  # type: ignore[attr-defined]
            kind = type(cell)
            if kind is CellFormulaTuple:
                yield start + self._formula(line, column + 1, cell.value)  # type: ignore[attr-defined]
            elif kind is CellBlankTuple:
                yield f"{start}/>"
            elif kind is CellStringTuple:
                yield f'{start} t="s"><v>{cell.string}</v></c>'  # type: ignore[attr-defined]
            elif kind is CellBooleanTuple:
                yield f'{start} t="b"><v>{cell.boolean}</v></c>'  # type: ignore[attr-defined]
            else:
                yield f"{start}><v>{cell.number:.16G}</v></c>"  # type: ignore[attr-defined]

    def _style(self, look: Format | None) -> str:
        if look not in self.styles:
            # Numbered in the order in which the library comes upon them.
            self.styles[look] = f' s="{look._get_xf_index()}"' if look is not None else ""  # noqa: SLF001 - as the library does
        return self.styles[look]

    def _formula(self, line: int, column: int, result: object) -> str:
        share = self.shares.get((line, column))
        text = escape(self.formulas[line, column]) if share is None or share.area else ""
        attributes = share.attributes if share else ""
        made = f"<f{attributes}>{text}</f>" if text else f"<f{attributes}/>"
        # What was never calculated has no result; an empty text is one too.
        if result is None:
            return f">{made}</c>"
        if isinstance(result, bool):
            return f' t="b">{made}<v>{int(result)}</v></c>'
        if isinstance(result, str):
            return f' t="{"e" if result in _ERRORS else "str"}">{made}<v>{escape(result)}</v></c>'
        return f">{made}<v>{result}</v></c>"
