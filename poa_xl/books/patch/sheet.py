"""Edits of one worksheet part: rows as bytes, what stands around them as a tree."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from operator import itemgetter

from poa_xl.books.patch import rows, spans
from poa_xl.books.patch.arrays import arrays
from poa_xl.books.patch.cellxml import cell_xml
from poa_xl.books.patch.columns import column_splices
from poa_xl.books.patch.filters import filter_splices
from poa_xl.books.patch.formats import FormatEdits
from poa_xl.books.patch.memory import FormerLooks
from poa_xl.books.patch.ranges import area_of
from poa_xl.books.patch.rows import CellBytes
from poa_xl.books.patch.shared import Group, groups
from poa_xl.books.patch.spans import Splice
from poa_xl.books.patch.styles import Styles
from poa_xl.books.sharing import Share, shares
from poa_xl.books.xml import escape
from poa_xl.errors import CellError
from poa_xl.i18n import say
from poa_xl.sheet.grid import Merge, letters
from poa_xl.sheet.spec import Cell, Choice, ConditionalFormat, Prompt

_STYLE = re.compile(rb"\ss\s*=\s*[\"'](\d+)[\"']")
_SPANS = re.compile(rb"(\sspans\s*=\s*[\"'])(\d+):(\d+)")
_BETWEEN = re.compile(rb"<!|>\s")
_SPILLED = re.compile(rb"\scm\s*=")

_FIRST = itemgetter(0)

Place = tuple[int, int]


@dataclass
class SheetEdits:
    """What is to change in a worksheet.

    Attributes:
        cells: Row and column to a cell to put there; None takes the cell element away.
        keep_format: Places whose present format stays, whatever the cell's style says.
        raw: Type and inner XML of cells to put back as `content` gave them, with their present format.
        rules: Conditional formats to add.
        drop_rule: Tells by its formula whether a conditional format goes.
        choices: Drop-down lists to add.
        drop_choice: Tells by its list whether a drop-down goes.
        prompts: Input help to add, where a cell has no validation.
        drop_prompt: Tells by its title whether an input help goes.
        columns: Column number to width and outline level, to set.
        drop_columns: Columns whose width and level were set by us and go.
        filter: The cells of the filter arrows; an empty text takes them away, None leaves them as they are.
        former: What stood there before we set columns, to be given back when they go.
    """

    cells: dict[Place, Cell | None] = field(default_factory=dict)
    keep_format: set[Place] = field(default_factory=set)
    raw: dict[Place, tuple[str, str]] = field(default_factory=dict)
    rules: list[ConditionalFormat] = field(default_factory=list)
    drop_rule: Callable[[str], bool] | None = None
    choices: list[Choice] = field(default_factory=list)
    drop_choice: Callable[[str], bool] | None = None
    prompts: list[Prompt] = field(default_factory=list)
    drop_prompt: Callable[[str], bool] | None = None
    columns: dict[int, tuple[float, int]] = field(default_factory=dict)
    drop_columns: set[int] = field(default_factory=set)
    filter: str | None = None
    former: FormerLooks = field(default_factory=FormerLooks)


@dataclass
class Edited:
    """What came of it: the new part, the cells that may differ, whether formulas came or went."""

    data: bytes
    touched: set[Place]
    formulas: bool


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
        self._touched = set(edits.cells)
        # Formats of blank cells that come back where ours go.
        self._back: dict[Place, bytes] = {}
        self._formulas = False

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
        inherited = self._inherit(wanted)
        edited = {number: self._row(number, cells, part.get(number)) for number, cells in wanted.items()}
        for number in sorted(inherited.keys() - edited.keys()):
            edited[number] = part.get(number) or b""
        for number, heirs in inherited.items():
            edited[number] = self._with_heirs(edited[number], heirs)
        splices += self._dimension()
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
        found = dict(self._barred(self._by_row()))
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
        for _, reason in self._barred(wanted):
            raise CellError(reason)

    def _barred(self, wanted: Mapping[int, Mapping[int, Cell | None]]) -> Iterator[tuple[Place, str]]:
        node = self._root.child("mergeCells")
        merges = [area_of(each.get("ref")) for each in node.children] if node is not None else []
        for merge in merges:
            for row, column in _covered(merge, wanted):
                if merge is not None and (row, column) != (merge.top, merge.left):
                    reason = say("celda {cell}: está dentro de una combinación de celdas", cell=_address(row, column))
                    yield (row, column), reason
        for array in arrays(self._part):
            inside = list(_covered(array, wanted))
            if inside and len(inside) < (array.bottom - array.top + 1) * (array.right - array.left + 1):
                for row, column in inside:
                    yield (
                        (row, column),
                        say(
                            "celda {cell}: pertenece a una fórmula matricial o a una tabla de datos",
                            cell=_address(row, column),
                        ),
                    )
        for header in self._tables:
            for row, column in _covered(header, wanted):
                reason = say("celda {cell}: es el encabezado de una tabla de Excel", cell=_address(row, column))
                yield (row, column), reason

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
        blank = [cell for cell in rows.cells(text, prefix) if cell.column in sides and cell.inner == cell.end]
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
            inside = "".join(self._xml(number, column, cell, b"") for column, cell in added.items())
            return self._spanned(number, text[:at] + inside.encode() + text[close:], wanted)
        return self._spanned(number, self._merged(number, wanted, text, close), wanted)

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
        places = (text.find(f'<{prefix}c r="{_address(number, column)}"'.encode()) for column in wanted)
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
                splices.append(Splice(old.start, old.end, new))
            elif new:
                after = bisect_left(columns, column)
                at = present[after].start if after < len(present) else present[-1].end if present else close
                splices.append(Splice(at, at, new))
        return spans.apply(text, splices)

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
            return f'<{self._part.prefix}c r="{_address(row, column)}" s="{self._back[place].decode()}"/>'
        if place in self._edits.raw:
            return self._raw(row, column, old)
        style = self._style(row, column, old) if place in self._edits.keep_format else None
        if place not in self._edits.keep_format and cell.style.size:
            style = self._styles().cell_format(cell.style)
        self._formulas |= bool(cell.formula)
        return cell_xml(
            _address(row, column),
            cell.value,
            cell.formula,
            style,
            self._part.prefix,
            date1904=self._date1904,
            share=self._shares.get(place),
        )

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
        name = f'<{prefix}c r="{_address(row, column)}"{style}' + (f' t="{kind}"' if kind else "")
        return f"{name}>{inside}</{prefix}c>" if inside or kind else f"{name}/>"

    # Hints of size

    def _spanned(self, number: int, text: bytes, wanted: Mapping[int, Cell | None]) -> bytes:
        """Let the row's `spans`, a hint that readers may trust, cover its cells."""
        inner = spans.tag_end(text, 0)
        match = _SPANS.search(text, 0, inner)
        if not match:
            return text
        first, last = int(match[2]), int(match[3])
        kept = [column for column, cell in wanted.items() if cell is not None]
        low = min([first, *kept])
        high = max(low, self._right(last, wanted, self._edits.former.span(number)))
        if (low, high) == (first, last):
            return text
        return text[: match.end(1)] + f"{low}:{high}".encode() + text[match.end() :]

    def _right(self, last: int, wanted: Mapping[int, Cell | None], former: int) -> int:
        """Where a hint that ended at a column ends now: farther for new cells, nearer when the last ones went."""
        kept = [column for column, cell in wanted.items() if cell is not None]
        gone = [column for column, cell in wanted.items() if cell is None]
        if gone and last <= max(gone) and max(kept, default=0) < last:
            return min(last, max(former, self._remaining))
        return max([last, *kept])

    @cached_property
    def _remaining(self) -> int:
        """Highest column that has a cell once the edits are done."""
        part, cells = self._part, self._edits.cells
        kept = max((column for (_, column), cell in cells.items() if cell is not None), default=1)
        for number, text in zip(part.numbers, part.texts, strict=True):
            if rows.last_column(text, part.prefix) > kept:
                found = (cell.column for cell in rows.cells(text, part.prefix))
                kept = max([kept, *(column for column in found if cells.get((number, column), self) is not None)])
        return kept

    def _dimension(self) -> list[Splice]:
        node = self._root.child("dimension")
        covered = area_of(node.get("ref")) if node is not None else None
        if node is None or covered is None or not self._edits.cells:
            return []
        kept = [place for place, cell in self._edits.cells.items() if cell is not None]
        former = self._edits.former.right
        right = self._right(covered.right, {column: cell for (_, column), cell in self._edits.cells.items()}, former)
        if not self._part.texts and covered == Merge(1, 1, 1, 1):
            # `A1` is what an empty sheet says.
            covered = Merge(min(kept)[0], min(column for _, column in kept), 1, 1) if kept else covered
        top, left = (min([covered.top, *(row for row, _ in kept)]), min([covered.left, *(col for _, col in kept)]))
        bottom = max([covered.bottom, *(row for row, _ in kept)])
        if (top, left, bottom, right) == (covered.top, covered.left, covered.bottom, covered.right):
            return []
        ends = f"{letters(left)}{top}", f"{letters(right)}{bottom}"
        ref = ends[0] if ends[0] == ends[1] else ":".join(ends)
        return [spans.with_attribute(self._around, node, "ref", ref)]

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

    def _inherit(self, wanted: Mapping[int, Mapping[int, Cell | None]]) -> dict[int, list[tuple[Place, Group]]]:
        """Find who takes over the text of a shared formula whose master is overwritten.

        Returns:
            Row to heirs: the place, and what is left of the formula's users.
        """
        part = self._part
        if not any(b"shared" in (part.get(number) or b"") for number in wanted):
            return {}
        found: dict[int, list[tuple[Place, Group]]] = {}
        for group in self._groups:
            users = [place for place in group.users if place not in self._edits.cells]
            if group.master in self._edits.cells and users:
                left = Group(group.index, group.master, group.text, users)
                found.setdefault(users[0][0], []).append((users[0], left))
                self._touched.add(users[0])
        return found

    def _with_heirs(self, text: bytes, heirs: Sequence[tuple[Place, Group]]) -> bytes:
        """Hand each heir the text of the formula, moved to its place, and the range of the remaining users."""
        present = {cell.column: cell for cell in rows.cells(text, self._part.prefix)}
        return spans.apply(text, [_heir(text, present[place[1]], *heir) for heir in heirs for place in [heir[0]]])


def _heir(text: bytes, cell: CellBytes, place: Place, group: Group) -> Splice:
    tree = spans.read(text[cell.start : cell.end], "")
    node = tree.child("f") or tree
    lines, columns = [row for row, _ in group.users], [column for _, column in group.users]
    ref = f"{_address(min(lines), min(columns))}:{_address(max(lines), max(columns))}"
    kept = "".join(
        f' {key}="{escape(value)}"' for key, value in node.attributes.items() if key not in ("t", "ref", "si")
    )
    opened = f'<{node.qualified} t="shared" ref="{ref}" si="{group.index}"{kept}>'
    xml = f"{opened}{escape(group.at(place))}</{node.qualified}>"
    return Splice(cell.start + node.start, cell.start + node.end, xml.encode())


def _covered(merge: Merge | None, wanted: Mapping[int, Mapping[int, object]]) -> list[Place]:
    """List the wanted places, whose rows rise, inside a range, however large it says it is."""
    if merge is None:
        return []
    numbers = list(wanted)
    inside = numbers[bisect_left(numbers, merge.top) : bisect_right(numbers, merge.bottom)]
    return [(row, column) for row in inside for column in wanted[row] if merge.left <= column <= merge.right]


def _address(row: int, column: int) -> str:
    return f"{letters(column)}{row}"
