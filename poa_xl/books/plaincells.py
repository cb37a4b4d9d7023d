"""Cells written the way that Excel, Calc and the common libraries write them, taken by one regular expression.

It must account for every byte of the sheet's data; a sheet where it does not is read otherwise.
"""

import re
from xml.etree.ElementTree import ParseError, fromstring

from poa_xl.books.cellvalues import CellValues
from poa_xl.core.values import Flaw, Invalid
from poa_xl.sheet.grid import Value

_UTF_8 = re.compile(
    rb"(?!\xff|\xfe)(?:\xef\xbb\xbf)?\s*(?:<\?xml(?![^>]*encoding=['\"](?!utf-8['\"])))?", re.IGNORECASE
)
_CONTROL = bytes({*range(32)} - {9, 10, 13})
# A row's start tag or its end, or a whole cell; attributes in the order in which all common programs write them.
_PLAIN = re.compile(
    r'<c r="([A-Z]{1,3})\d{1,7}"(?: s="(\d{1,9})")?(?: t="([a-zA-Z]+)")?'
    r"(?:/>|>(<f(?: [^<>]*)?(?:/>|>([^<]*)</f>))?"
    r'(?:<v>([^<]*)</v>|<v ?/>|<is><t(?: xml:space="preserve")?>([^<]*)</t></is>)?</c>)'
    r'|<row r="(\d{1,7})"([^<>]*?)(/?)>|</row>'
)
# A cell with a text, by its place and its format.
_TEXT = re.compile(r'<c r="([A-Z]{1,3})(\d{1,7})" s="(\d{1,9})" t="(?:s|str|inlineStr)">')
_LEVEL = re.compile(r' outlineLevel="([1-7])"')
_SHARED = re.compile(r' si="(\d+)"')
# What a cell holds that shares a formula and was never calculated.
_UNCALCULATED = Invalid("=", Flaw.UNCALCULATED)


def plain_parts(data: bytes) -> tuple[bytes, str, bytes] | None:
    """Take a sheet apart: what stands before its rows, its rows, what follows; None where it is not plainly written."""
    start, end = data.find(b"<sheetData>"), data.rfind(b"</sheetData>")
    head = data[:start]
    if start < 0 or end < start or b"<!" in head or b"\r" in data or not _UTF_8.match(head):
        return None
    if len(data.translate(None, _CONTROL)) < len(data):
        return None
    try:
        return head, data[start + len("<sheetData>") : end].decode(), data[end + len("</sheetData>") :]
    except UnicodeDecodeError:
        return None


def entities(text: str) -> str:
    """Resolve the entities of a text without tags."""
    # No tag and no document type can be in it: nothing that could explode.
    return "".join(fromstring(f"<t>{text}</t>").itertext()) if "&" in text else text  # noqa: S314


class PlainCells(CellValues):
    """Takes the cells of a plainly written worksheet."""

    def _read_plain(self, data: bytes) -> bytes:
        """Take the cells of a plainly written sheet; give the rest of it, nothing when it is not written so."""
        parts = plain_parts(data)
        if parts is None:
            return b""
        head, text, tail = parts
        if not self._take_cells(text):
            self.cells.clear()
            self.hidden.clear()
            self.formulas.clear()
            self.scaled.clear()
            self.shown.clear()
            self.painted.clear()
            self.levels.clear()
            self.indents.clear()
            self._row = 0
            return b""
        return head + b"<sheetData/>" + tail

    def _take_cells(self, text: str) -> bool:  # noqa: C901 - the loop over every cell there is
        """Take cell after cell; tell whether there was nothing else."""
        at = 0
        cells: dict[int, Value] | None = None
        filled = {str(style): colour for style, colour in self._shared.colours.items()}
        for match in _PLAIN.finditer(text):
            start, end = match.span()
            if start != at:
                return False
            at = end
            name, style, kind, calculated, _, value, inline, row, looks, closed = match.groups()
            if name is None:
                # A row begins where none is open, and ends where one is.
                if (row is None) is (cells is None):
                    return False
                cells = self._open_plain_row(int(row), looks) if row is not None else None
                cells = None if closed else cells
            elif cells is None:
                return False
            elif value and calculated is None and (style, kind, value) in self._alike:
                cells[self._columns.get(name) or self._number_of(name)] = self._alike[style, kind, value]
            elif calculated in self._copied and self._is_known(style, kind, value, inline):
                column = self._columns.get(name) or self._number_of(name)
                self.formulas.add_copy((self._row, column), *self._copied[calculated])
                cells[column] = self._alike[style, kind, value] if value else _UNCALCULATED
            elif value or inline or calculated is not None:
                if not self._take_cell(cells, match):
                    return False
            elif style in filled:
                self.painted[self._row, self._columns.get(name) or self._number_of(name)] = filled[style]
        self._drop_blank_rows()
        self._take_indents(text)
        return at == len(text) and cells is None

    def _take_indents(self, text: str) -> None:
        """Write down how far the formats of texts set them in; most workbooks have none that does."""
        found = {str(style): indent for style, indent in self._shared.indents.items()}
        for name, row, style in _TEXT.findall(text) if found else ():
            if style in found and name in self._columns:
                self.indents[int(row), self._columns[name]] = found[style]

    def _is_known(self, style: str, kind: str, value: str, inline: str) -> bool:
        """Whether a cell that shares a formula holds what another one did, or was never calculated."""
        return (style, kind, value) in self._alike if value else not inline and kind != "str"

    def _drop_blank_rows(self) -> None:
        for number in [number for number, cells in self.cells.items() if not cells]:
            del self.cells[number]

    def _take_cell(self, cells: dict[int, Value], match: re.Match[str]) -> bool:
        """Take a cell that holds something; tell whether it was understood."""
        name, style, kind, calculated, formula, value, inline = match.groups()[:7]
        self._column = self._columns.get(name) or self._number_of(name)
        self._type, self._style = kind or "n", int(style or 0)
        try:
            self._value = entities(inline or value or "")
            self._formula = None if calculated is None else entities(formula or "")
        except ParseError:
            return False
        group = _SHARED.search(calculated) if calculated and "shared" in calculated else None
        self._group = group[1] if group else ""
        self._close_plain_cell(cells)
        place = self._row, self._column
        is_shown = self._column in cells and place not in self.scaled and place not in self.shown
        if value and is_shown:
            self._alike[style, kind, value] = cells[self._column]
        if calculated is not None and not self._formula and self._group in self._masters:
            first, shared = self._masters[self._group]
            self._copied[calculated] = shared, first
        return True

    def _close_plain_cell(self, cells: dict[int, Value]) -> None:
        found = self._convert()
        if self._formula is not None:
            self._keep_formula(self._formula)
        if found is not None:
            cells[self._column] = found

    def _open_plain_row(self, number: int, looks: str) -> dict[int, Value]:
        self._row = number
        if ' hidden="1"' in looks or ' hidden="true"' in looks:
            self.hidden.add(number)
        if "outlineLevel" in looks and (level := _LEVEL.search(looks)):
            self.levels[number] = int(level[1])
        return self.cells.setdefault(number, {})
