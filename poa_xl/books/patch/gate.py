"""The proof after an edit: nothing else differs, and what differs is as the schema wants it.

It shares no code with the edits that it judges, but for the tables of the schema. Every other member must be the same
bytes, every other cell have the same value, formula and format. Inserted rows are judged by `walk`.
"""

import re
import zipfile
from collections.abc import Collection, Mapping
from io import BytesIO
from itertools import pairwise

from poa_xl.books.patch import spans
from poa_xl.books.patch.containers import faults
from poa_xl.books.xml import feed, make_parser, parse, without_hidden
from poa_xl.errors import BookError
from poa_xl.i18n import say

_DATA = re.compile(rb"<((?:[\w.-]+:)?)sheetData(?=[\s/>])")
_NUMBER = re.compile(rb"<[\w.:-]+(?:\s[^<>]*?)?\sr\s*=\s*[\"'](\d+)[\"']")
_ROW = re.compile(rb"<((?:[\w.-]+:)?)row(?=[\s/>])")
_ADDRESS = re.compile(rb"\sr\s*=\s*[\"']\$?[A-Za-z]+\$?(\d+)")
_SAID = re.compile(rb"\sr\s*=\s*[\"']\d+[\"']")
_SPANS = re.compile(rb"\sspans\s*=\s*[\"'][^\"']*[\"']")

Place = tuple[int, int]
Cell = tuple[str, str, str, str]


def verify(
    before: bytes,
    after: bytes,
    name: str,
    changed: Collection[str],
    cells: Mapping[str, Collection[Place]],
    moved: Mapping[str, bytes] | None = None,
) -> None:
    """Compare a package before and after an edit.

    Args:
        before: The package that was read.
        after: The package to be written.
        name: Name of the file, for messages.
        changed: Members that the edit may change, add or drop.
        cells: Worksheet member to the cells (row, column) that it may change.
        moved: Members as an insertion of rows left them, to be compared instead of those read.

    Raises:
        BookError: Something else differs, or is not as the schema wants it: a bug of ours, and nothing is written.
    """
    with zipfile.ZipFile(BytesIO(before)) as old, zipfile.ZipFile(BytesIO(after)) as new:
        present, former = set(new.namelist()), set(old.namelist())
        for member in {*former, *present} - set(changed):
            if member not in former or member not in present or old.read(member) != new.read(member):
                raise BookError(fault(name, member))
        for member in sorted(present & {*changed, *cells}):
            was = (moved or {}).get(member) or (spans.as_utf8(old.read(member), member) if member in former else b"")
            is_xml = member.lower().endswith((".xml", ".rels"))
            if is_xml:
                _compare(_Part(was, member), _Part(new.read(member), member), name, cells.get(member))
            else:
                new.read(member)


def verify_part(was: bytes, now: bytes, member: str, name: str, cells: Collection[Place]) -> None:
    """Compare a worksheet before and after an edit, as `verify` does.

    Args:
        was: The part that was read.
        now: The part that came of it.
        member: Its name.
        name: Name of the file, for messages.
        cells: The cells (row, column) that the edit may change.

    Raises:
        BookError: Something else differs: a bug of ours.
    """
    _compare(_Part(was, member), _Part(now, member), name, cells)


class _Part:
    """A part: what stands around its rows, and the rows."""

    def __init__(self, data: bytes, name: str) -> None:
        self.name = name
        self.data = data
        self.head, self.inside, self.tail = cut_data(data)

    def faults(self) -> set[str]:
        """What the schema does not allow."""
        return faults(spans.read(self.head + self.tail, self.name)) if self.data else set()


def _compare(was: _Part, now: _Part, name: str, edited: Collection[Place] | None) -> None:
    place = f"{name}: {now.name}"
    if edited is None:
        feed(make_parser(place), now.data, place)
    wrong = now.faults()
    if wrong and was.data:
        wrong -= was.faults()
    if wrong:
        raise BookError(fault(place, ", ".join(sorted(wrong))))
    cell = None if edited is None else _first_difference(was, now, edited)
    if cell is not None:
        raise BookError(fault(name, f"{now.name} R{cell[0]}C{cell[1]}"))


def cut_data(data: bytes) -> tuple[bytes, bytes, bytes]:
    """Cut a part into what stands before, in and behind `sheetData`; other parts are all head."""
    bare = without_hidden(data)
    match = _DATA.search(bare)
    if match is None:
        return data, b"", b""
    inner = bare.index(b">", match.start()) + 1
    if bare[inner - 2 : inner] == b"/>":
        return data[:inner], b"", data[inner:]
    close = bare.rindex(b"</" + match[1] + b"sheetData")
    return data[:inner], data[inner:close], data[close:]


def _first_difference(was: _Part, now: _Part, edited: Collection[Place]) -> Place | None:
    """Find the first cell that differs and was not to be edited.

    Rows without an edit must be the same bytes; only those that are not the same without the edited cells are taken
    apart.
    """
    before, after = _unequal(was.inside, now.inside)
    wanted: dict[int, set[int]] = {}
    for row, column in edited:
        wanted.setdefault(row, set()).add(column)
    # Rows that came through as they were are not read again; they were when the workbook was.
    feed(make_parser(now.name), b"<rows>" + b"".join(after.values()) + b"</rows>", now.name)
    strip = _Strip()
    for row in sorted({*before, *after}):
        one, other = before.get(row, b""), after.get(row, b"")
        if one == other:
            continue
        columns = wanted.get(row, set())
        if one and columns and strip.are_same(one, other, columns):
            continue
        old, new = cells_of(one, now.name, row), cells_of(other, now.name, row)
        edited_here = {(row, each) for each in columns}
        differing = {cell for cell in {*old, *new} if old.get(cell) != new.get(cell)} - edited_here
        if differing or (not columns and _tag(one) != _tag(other)):
            return min(differing, default=(row, 0))
    return None


def _tag(row: bytes) -> bytes:
    """Return the start of a row without its number, which it need not say."""
    return _SAID.sub(b"", row.partition(b">")[0], count=1)


class _Strip:
    """Rows without the cells of some columns."""

    def __init__(self) -> None:
        self._patterns: dict[frozenset[int], re.Pattern[bytes]] = {}

    def are_same(self, one: bytes, other: bytes, columns: Collection[int]) -> bool:
        """Whether two rows are the same bytes without the cells of some columns and their hints of size."""
        tag, mark, rest = one.partition(b">")
        now, now_mark, now_rest = other.partition(b">")
        if (mark, _SPANS.sub(b"", tag)) != (now_mark, _SPANS.sub(b"", now)):
            return False
        # Most rows get cells at their end and nothing else: what was added has to be such cells.
        end = rest.rfind(b"</")
        more = len(now_rest) - len(rest)
        if end >= 0 and more >= 0 and now_rest.startswith(rest[:end]) and now_rest.endswith(rest[end:]):
            added = now_rest[end : end + more]
            return not self._without(added, columns)
        return self._without(rest, columns) == self._without(now_rest, columns)

    def _without(self, cells: bytes, columns: Collection[int]) -> bytes:
        key = frozenset(columns)
        if key not in self._patterns:
            names = b"|".join(sorted(_letters(column).encode() for column in key))
            self._patterns[key] = re.compile(
                rb"<((?:[\w.-]+:)?)c r=\"(?:%s)\d+\"[^<>]*?(?:/>|>.*?</\1c>)" % names, re.DOTALL
            )
        return self._patterns[key].sub(b"", cells)


def _letters(column: int) -> str:
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def _unequal(before: bytes, after: bytes) -> tuple[dict[int, bytes], dict[int, bytes]]:
    """Cut the rows of a sheet before and after by number, those that are equal left out where no row came or went."""
    one, other = _texts(before), _texts(after)
    pairs = [(was, now) for was, now in zip(one, other, strict=False) if was != now]
    numbers = [(_NUMBER.match(was), _NUMBER.match(now)) for was, now in pairs]
    if len(one) != len(other) or any(old is None or new is None or old[1] != new[1] for old, new in numbers):
        return rows_in(before), rows_in(after)
    found = [int(new[1]) for _, new in numbers if new is not None]
    olds, news = [was for was, _ in pairs], [now for _, now in pairs]
    return dict(zip(found, olds, strict=True)), dict(zip(found, news, strict=True))


def _texts(inside: bytes) -> list[bytes]:
    bare = without_hidden(inside)
    first = _ROW.search(bare)
    if first is None:
        return []
    starts = [each.start() for each in re.finditer(rb"<%srow(?=[\s/>])" % re.escape(first[1]), bare)]
    return [inside[start:stop] for start, stop in pairwise([*starts, len(inside)])]


def rows_in(inside: bytes) -> dict[int, bytes]:
    """Cut rows, as `cut_data` gives them, by number."""
    found: dict[int, bytes] = {}
    number = 0
    for text in _texts(inside):
        written = _NUMBER.match(text)
        first = None if written else _ADDRESS.search(text)
        number = int(written[1]) if written else max(number + 1, int(first[1]) if first else 0)
        found[number] = text
    return found


def cells_of(row: bytes, place: str, number: int) -> dict[Place, Cell]:
    """Return the cells of a row as `read_cells` does, under this number whatever it says."""
    return read_cells(b"<rows>" + row + b"</rows>", place, above=number - 1) if row else {}


def read_cells(data: bytes, place: str, *, above: int = 0) -> dict[Place, Cell]:
    """Return type, format, formula and value of every cell, as written.

    Shared formulas count as such, not by their text: the master may move. A row counts by its place, not by what it
    says, so that rows can be compared wherever they stand.

    Args:
        data: Rows in an element.
        place: File and part, for messages.
        above: Number of the row above the first one.
    """
    found: dict[Place, Cell] = {}
    state: dict[str, str] = {}
    at = {"row": above, "column": 0}

    def row(attributes: dict[str, str]) -> None:
        at["row"] = at["row"] + 1 if above else int(attributes.get("r", at["row"] + 1))
        at["column"] = 0

    def cell(attributes: dict[str, str]) -> None:
        bare = attributes.get("r", "").replace("$", "").rstrip("0123456789").upper()
        at["column"] = sum((ord(char) - 64) * 26**i for i, char in enumerate(reversed(bare))) or at["column"] + 1
        state.clear()
        state.update(t=attributes.get("t", "n"), s=attributes.get("s", "0"), f="", v="", now="")

    def formula(attributes: dict[str, str]) -> None:
        state["now"] = "" if attributes.get("t") == "shared" else "f"
        state["f"] = f"{attributes.get('t', '')}{attributes.get('si', '')}="

    def value(_: dict[str, str]) -> None:
        state["now"] = "v"

    def text(data: str) -> None:
        if state.get("now"):
            state[state["now"]] += data

    def stop() -> None:
        state["now"] = ""

    def close() -> None:
        found[at["row"], at["column"]] = (state["t"], state["s"], state["f"], state["v"])

    opened = {"row": row, "c": cell, "f": formula, "v": value, "t": value}
    parse(data, place, opened, {"c": close, "f": stop, "v": stop, "t": stop}, text)
    return found


def fault(name: str, what: str) -> str:
    """Say that something differs that nobody asked for."""
    return say(
        "{file}: la comprobación final encontró un cambio no pedido en {what}; no se escribió nada",
        file=name,
        what=what,
    )
