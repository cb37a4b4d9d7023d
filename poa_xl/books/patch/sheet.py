"""Edits of one worksheet part: rows as bytes, what stands around them as a tree."""

import re
from bisect import bisect_left
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cached_property
from operator import itemgetter

from poa_xl.books.patch import rows, spans
from poa_xl.books.patch.barred import barred
from poa_xl.books.patch.cellxml import cell_xml
from poa_xl.books.patch.columns import column_splices
from poa_xl.books.patch.edits import Edited, Place, SheetEdits
from poa_xl.books.patch.extent import Extent
from poa_xl.books.patch.filters import filter_splices
from poa_xl.books.patch.formats import FormatEdits
from poa_xl.books.patch.heirs import heirs_of, with_heirs
from poa_xl.books.patch.ranges import address
from poa_xl.books.patch.shared import Group, groups
from poa_xl.books.patch.spans import Splice
from poa_xl.books.patch.styles import Styles
from poa_xl.books.sharing import Share, shares
from poa_xl.errors import CellError
from poa_xl.sheet.grid import Merge, letters
from poa_xl.sheet.spec import Cell, Content

_STYLE = re.compile(rb"\ss\s*=\s*[\"'](\d+)[\"']")
_BETWEEN = re.compile(rb"<!|>\s")

# Contents that are kept, for cells that are alike; longer texts are each said once.
_MOST_KEPT, _SHORT = 10_000, 32

_FIRST = itemgetter(0)


class SheetEditor:
    """Carries edits out on one worksheet part.

    Args:
        data: The part, in UTF-8.
        place: File and part, for messages.
        edits: What to do.
        styles: Gives the workbook's formats; not called where none is needed.
        tables: Header rows of the sheet's tables, whose texts are column names elsewhere too.
        date1904: Whether day numbers count from 1904.
    """

    def __init__(
        self,
        data: bytes,
        place: str,
        edits: SheetEdits,
        styles: Callable[[], Styles],
        tables: Sequence[Merge],
        *,
        date1904: bool,
    ) -> None:
        self._edits = edits
        self._styles = styles
        self._tables = tables
        self._date1904 = date1904
        self._part = rows.cut(data, place)
        self._around, self._root = self._part.around()
        self._extent = Extent(self._part, edits)
        self._touched = set(edits.cells)
        # Formats of blank cells that come back where ours go.
        self._back: dict[Place, bytes] = {}
        self._formulas = False
        # What is written behind the address of cells that are alike: most of thousands of control cells are.
        self._alike: dict[tuple[type, Content, int | None, int | None], str] = {}

    def run(self) -> Edited:
        """Return the new part.

        Raises:
            CellError: A cell cannot be written: inside a merge, an array formula, a data table.
        """
        part = self._part
        wanted = self._by_row()
        self._check(wanted)
        self._give_looks_back(wanted)
        splices = column_splices(self._around, self._root, self._edits)
        # In the order of the schema: several may go to one place.
        splices += filter_splices(self._around, self._root, self._edits.filter)
        formats = FormatEdits(self._around, self._root, self._styles)
        splices += formats.drop_rules(self._edits.drop_rule) + formats.add_rules(self._edits.rules)
        edits = self._edits
        splices += formats.validations(edits.choices, edits.drop_choice, edits.prompts, edits.drop_prompt)
        inherited = self._inherited(wanted)
        edited = {number: self._row(number, cells, part.get(number)) for number, cells in wanted.items()}
        for number in sorted(inherited.keys() - edited.keys()):
            edited[number] = part.get(number) or b""
        for number, heirs in inherited.items():
            edited[number] = with_heirs(edited[number], part.prefix, heirs)
        splices += self._extent.dimension(self._around, self._root)
        self._put(edited)
        part.replace_around(spans.apply(self._around, splices))
        return Edited(part.joined(), self._touched, self._formulas)

    def _put(self, edited: Mapping[int, bytes]) -> None:
        part = self._part
        if all(part.get(number) is not None for number in edited):
            for number, text in edited.items():
                part.texts[part.index(number)] = text
            return
        texts = {**dict(zip(part.numbers, part.texts, strict=True)), **{n: text for n, text in edited.items() if text}}
        part.numbers = sorted(texts)
        part.texts = [texts[number] for number in part.numbers]
        if part.unnumbered:
            # A row between rows that do not say their number would shift those behind it.
            part.texts = [
                rows.numbered(text, part.prefix, number, number) if number in part.unnumbered else text
                for number, text in zip(part.numbers, part.texts, strict=True)
            ]

    # What may not be written

    def _by_row(self) -> dict[int, dict[int, Cell | None]]:
        found: dict[int, dict[int, Cell | None]] = {}
        for (row, column), cell in self._edits.cells.items():
            found.setdefault(row, {})[column] = cell
        return {row: dict(sorted(found[row].items(), key=_FIRST)) for row in sorted(found)}

    def obstacles(self) -> dict[Place, str]:
        """Return the cells that cannot be written as the edits say, each with the reason."""
        found = dict(barred(self._part, self._root, self._tables, self._by_row()))
        return found | {place: reason for place in self._edits.cells if (reason := self._refusal(*place))}

    def _refusal(self, row: int, column: int) -> str:
        """Say why no cell holds what the edits put into one; nothing where it does."""
        cell = self._edits.cells[row, column]
        try:
            if cell is not None:
                self._xml(row, column, cell, None)
        except CellError as error:
            return str(error)
        return ""

    def _check(self, wanted: Mapping[int, Mapping[int, Cell | None]]) -> None:
        for _, reason in barred(self._part, self._root, self._tables, wanted):
            raise CellError(reason)

    def _give_looks_back(self, wanted: Mapping[int, dict[int, Cell | None]]) -> None:
        """Put blank cells where ours go in the midst of blank cells of one format, as some programs fill rows with."""
        band = self._edits.drop_columns
        for number, cells in wanted.items() if band else ():
            gone = [column for column in cells if column in band and cells[column] is None]
            look = self._look_around(number) if gone else b""
            if look:
                self._back |= {(number, column): look for column in gone}
                cells.update(dict.fromkeys(gone, Cell(None)))

    def _look_around(self, number: int) -> bytes:
        """Return the format of the blank cells of a row on both sides of our columns; nothing where it is not one."""
        text, prefix = self._part.get(number), self._part.prefix
        sides = {min(self._edits.drop_columns) - 1, max(self._edits.drop_columns) + 1}
        if text is None or rows.last_column(text, prefix) < max(sides):
            return b""
        beside = (cell for cell in rows.cells(text, prefix) if cell.column in sides)
        blank = [cell for cell in beside if text[cell.inner : cell.end].lstrip()[:2] in (b"", b"</")]
        looks = [_STYLE.search(text, cell.start, cell.inner) for cell in blank]
        found = {look[1] if look else b"" for look in looks}
        return found.pop() if len(blank) == len(sides) and len(found) == 1 else b""

    # Rows

    def _row(self, number: int, wanted: Mapping[int, Cell | None], text: bytes | None) -> bytes:
        """Return a row with its edits."""
        prefix = self._part.prefix
        added = {column: cell for column, cell in wanted.items() if cell is not None}
        if text is None:
            inside = "".join(self._xml(number, column, cell, None) for column, cell in added.items())
            return f'<{prefix}row r="{number}">{inside}</{prefix}row>'.encode() if added else b""
        close = rows.row_end(text, prefix)
        if close < 0:
            if not added:
                return text
            inner = spans.tag_end(text, 0)
            text = text[: inner - 2].rstrip() + f"></{prefix}row>".encode() + text[inner:]
            close = rows.row_end(text, prefix)
        at = close if min(wanted) > rows.last_column(text, prefix) else self._own_end(number, wanted, text, close)
        if at and (added or at < close):
            self._formulas |= b"<%sf" % prefix.encode() in text[at:close]
            inside = self._written(number, added)
            return self._extent.spanned(number, text[:at] + inside.encode() + text[close:], wanted)
        return self._extent.spanned(number, self._merged(number, wanted, text, close), wanted)

    def _own_end(self, number: int, wanted: Mapping[int, Cell | None], text: bytes, close: int) -> int:
        """Return where the end of a row begins that holds wanted cells and nothing else; 0 where there is none.

        Control columns stand so: written again, they take the place of all bytes from there on.
        """
        prefix = self._part.prefix
        first, last = min(wanted), max(wanted)
        if last - first + 1 != len(wanted) or rows.last_column(text, prefix) > last:
            return 0
        if any((number, column) in self._edits.keep_format or (number, column) in self._edits.raw for column in wanted):
            return 0
        places = (text.find(f'<{prefix}c r="{address(number, column)}"'.encode()) for column in wanted)
        found = [place for place in places if place > 0]
        at = found[0] if found else close
        # Nothing else may stand there: no cell of another column or without address, no blanks, no comment.
        is_plain = text.count(f"<{prefix}c".encode(), at, close) == len(found) and not _BETWEEN.search(text, at, close)
        return at if found and is_plain else 0

    def _merged(self, number: int, wanted: Mapping[int, Cell | None], text: bytes, close: int) -> bytes:
        """Put cells of a row among those that it has."""
        present = list(rows.cells(text, self._part.prefix))
        known = {cell.column: cell for cell in present}
        columns = [cell.column for cell in present]
        splices: list[Splice] = []
        for column, cell in wanted.items():
            old = known.get(column)
            body = text[old.start : old.end] if old is not None else b""
            self._formulas |= b"<%sf" % self._part.prefix.encode() in body
            new = self._xml(number, column, cell, body).encode() if cell is not None else b""
            if old is not None:
                behind = present[bisect_left(columns, column) + 1 :][:1]
                if not new and any(
                    each.column not in wanted and not rows.says_its_place(text, each) for each in behind
                ):
                    # The next one counts from here, and stays.
                    new = f'<{self._part.prefix}c r="{address(number, column)}"/>'.encode()
                splices.append(Splice(old.start, old.end, new))
            elif new:
                after = bisect_left(columns, column)
                at = present[after].start if after < len(present) else present[-1].end if present else close
                splices.append(Splice(at, at, new))
        return spans.apply(text, splices)

    def _written(self, row: int, added: Mapping[int, Cell]) -> str:
        """Write cells that stand at the end of a row, where nothing of what stood there is kept."""
        edits = self._edits
        if self._back or edits.raw or edits.keep_format or any(cell.formula for cell in added.values()):
            return "".join(self._xml(row, column, cell, b"") for column, cell in added.items())
        # Of many rows of values most hold what others do.
        prefix, pieces = self._part.prefix, []
        for column, cell in added.items():
            style = self._styles().cell_format(cell.style) if cell.style.size else None
            known = self._alike.get((cell.value.__class__, cell.value, style, None))
            xml = f'<{prefix}c r="{letters(column)}{row}"{known}' if known else self._xml(row, column, cell, b"")
            pieces.append(xml)
        return "".join(pieces)

    def _xml(self, row: int, column: int, cell: Cell, old: bytes | None) -> str:
        """Write a cell.

        Args:
            row: Its row.
            column: Its column.
            cell: What to write.
            old: The cell that stands there, empty for none; None in a row that is not there yet.
        """
        place = (row, column)
        if place in self._back:
            return f'<{self._part.prefix}c r="{address(row, column)}" s="{self._back[place].decode()}"/>'
        if place in self._edits.raw:
            return self._raw(row, column, old)
        style = self._style(row, column, old) if place in self._edits.keep_format else None
        if place not in self._edits.keep_format and cell.style.size:
            style = self._styles().cell_format(cell.style)
        share = None
        if cell.formula:
            self._formulas = True
            share = self._shares.get(place)
        prefix, where, value = self._part.prefix, address(row, column), cell.value
        key = value.__class__, value, style, share.number if share is not None else None
        has_text = cell.formula and (share is None or share.area)
        known = self._alike.get(key) if not has_text else None
        if known is not None:
            return f'<{prefix}c r="{where}"{known}'
        xml = cell_xml(where, value, cell.formula, style, prefix, date1904=self._date1904, share=share)
        if not has_text and len(self._alike) < _MOST_KEPT and not (isinstance(value, str) and len(value) > _SHORT):
            self._alike[key] = xml[len(f'<{prefix}c r="{where}"') :]
        return xml

    def _style(self, row: int, column: int, old: bytes | None) -> int | None:
        """Return the format of a cell: its own, else its row's, else its column's."""
        if old:
            found = _STYLE.search(old, 0, old.find(b">") + 1)
            return int(found[1]) if found else None
        text = self._part.get(row)
        if text is not None:
            tag = text[: spans.tag_end(text, 0)]
            if b"customFormat" in tag and (found := _STYLE.search(tag)):
                return int(found[1])
        return self._column_style(column)

    def _column_style(self, column: int) -> int | None:
        node = self._root.child("cols")
        for each in node.children if node is not None else ():
            if int(each.get("min", "0")) <= column <= int(each.get("max", "0")):
                return int(each.get("style")) if each.get("style").isdigit() else None
        return None

    def _raw(self, row: int, column: int, old: bytes | None) -> str:
        kind, inside = self._edits.raw[row, column]
        number = self._style(row, column, old)
        style = f' s="{number}"' if number is not None else ""
        prefix = self._part.prefix
        self._formulas |= f"<{prefix}f" in inside
        name = f'<{prefix}c r="{address(row, column)}"{style}' + (f' t="{kind}"' if kind else "")
        return f"{name}>{inside}</{prefix}c>" if inside or kind else f"{name}/>"

    # Shared formulas

    @cached_property
    def _shares(self) -> dict[Place, Share]:
        """The formulas to be written that are alike, under numbers that no other formula of the sheet has."""
        formulas = {place: cell.formula for place, cell in self._edits.cells.items() if cell and cell.formula}
        kept = [
            int(group.index)
            for group in (self._groups if any(b"shared" in text for text in self._part.texts) else ())
            if not self._edits.cells.keys() >= {*group.users}
        ]
        taken = max(kept, default=-1)
        return shares({place: text for place, text in formulas.items() if place not in self._edits.raw}, taken + 1)

    @cached_property
    def _groups(self) -> list[Group]:
        """The shared formulas of the sheet as it was."""
        return groups(self._part)

    def _inherited(self, wanted: Collection[int]) -> dict[int, list[tuple[Place, Group]]]:
        if not any(b"shared" in (self._part.get(number) or b"") for number in wanted):
            return {}
        found = heirs_of(self._groups, self._edits.cells)
        self._touched |= {place for heirs in found.values() for place, _ in heirs}
        return found
