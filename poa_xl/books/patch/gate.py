"""The proof after an edit: nothing else differs, and what differs is as the schema wants it.

It shares no code with the edits that it judges, but for the tables of the schema. Every other member must be the same
bytes, every other cell have the same value, formula and format. Inserted rows are judged by `walk`.
"""

import re
import zipfile
from collections.abc import Collection, Mapping
from io import BytesIO

from poa_xl.books.patch import spans
from poa_xl.books.patch.containers import faults
from poa_xl.books.xml import parse
from poa_xl.errors import BookError
from poa_xl.i18n import say

_DATA = re.compile(rb"<((?:[\w.-]+:)?)sheetData(?=[\s/>])")
_NUMBER = re.compile(rb"<[\w.:-]+(?:\s[^<>]*?)?\sr\s*=\s*[\"'](\d+)[\"']")
_HIDDEN = re.compile(rb"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>", re.DOTALL)
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
            if member not in former or member not in present or not _is_same(old, new, member):
                raise BookError(fault(name, member))
        for member in sorted(present & {*changed, *cells}):
            data = new.read(member)
            was = (moved or {}).get(member) or (spans.as_utf8(old.read(member), member) if member in former else b"")
            _check_schema(was, data, f"{name}: {member}")
            place = _first_difference(was, data, member, cells[member]) if member in cells else None
            if place is not None:
                raise BookError(fault(name, f"{member} R{place[0]}C{place[1]}"))


def _is_same(old: zipfile.ZipFile, new: zipfile.ZipFile, member: str) -> bool:
    one, other = old.getinfo(member), new.getinfo(member)
    return (one.CRC, one.file_size) == (other.CRC, other.file_size) and old.read(member) == new.read(member)


def _check_schema(before: bytes, after: bytes, place: str) -> None:
    """Refuse what is no XML, or breaks the order of the schema where it was kept before."""
    if not place.lower().endswith((".xml", ".rels")):
        return
    parse(after, place, {}, {}, lambda _: None)
    head, _, tail = cut_data(after)
    wrong = faults(spans.read(head + tail, place))
    if wrong and before:
        head, _, tail = cut_data(before)
        wrong -= faults(spans.read(head + tail, place))
    if wrong:
        raise BookError(fault(place, ", ".join(sorted(wrong))))


def cut_data(data: bytes) -> tuple[bytes, bytes, bytes]:
    """Cut a part into what stands before, in and behind `sheetData`; other parts are all head."""
    bare = _bare(data)
    match = _DATA.search(bare)
    if match is None:
        return data, b"", b""
    inner = bare.index(b">", match.start()) + 1
    if bare[inner - 2 : inner] == b"/>":
        return data[:inner], b"", data[inner:]
    close = bare.rindex(b"</" + match[1] + b"sheetData")
    return data[:inner], data[inner:close], data[close:]


def _bare(data: bytes) -> bytes:
    return _HIDDEN.sub(lambda match: b" " * len(match[0]), data) if b"<!" in data or data.find(b"<?", 5) > 0 else data


def _first_difference(before: bytes, after: bytes, place: str, edited: Collection[Place]) -> Place | None:
    """Find the first cell that differs and was not to be edited.

    Rows without an edit must be the same bytes; only those that are not the same without the edited cells are taken
    apart.
    """
    was, now = rows_of(before), rows_of(after)
    wanted: dict[int, set[int]] = {}
    for row, column in edited:
        wanted.setdefault(row, set()).add(column)
    strip = _Strip()
    for row in sorted({*was, *now}):
        one, other = was.get(row, b""), now.get(row, b"")
        columns = wanted.get(row, set())
        if one == other or (one and columns and strip.without(one, columns) == strip.without(other, columns)):
            continue
        old, new = cells_of(one, place, row), cells_of(other, place, row)
        edited_here = {(row, each) for each in columns}
        differing = {cell for cell in {*old, *new} if old.get(cell) != new.get(cell)} - edited_here
        if differing or (not columns and _tag(one) != _tag(other)):
            return min(differing, default=(row, 0))
    return None


def _tag(row: bytes) -> bytes:
    """Give the start of a row without its number, which it need not say."""
    return _SAID.sub(b"", row.partition(b">")[0], count=1)


class _Strip:
    """Rows without the cells of some columns."""

    def __init__(self) -> None:
        self._patterns: dict[frozenset[int], re.Pattern[bytes]] = {}

    def without(self, row: bytes, columns: Collection[int]) -> bytes:
        """Give a row without these cells and without its hint of size."""
        key = frozenset(columns)
        if key not in self._patterns:
            names = b"|".join(sorted(_letters(column).encode() for column in key))
            self._patterns[key] = re.compile(
                rb"<((?:[\w.-]+:)?)c r=\"(?:%s)\d+\"[^<>]*?(?:/>|>.*?</\1c>)" % names, re.DOTALL
            )
        tag, mark, rest = row.partition(b">")
        return _SPANS.sub(b"", tag) + mark + self._patterns[key].sub(b"", rest)


def _letters(column: int) -> str:
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def rows_of(data: bytes) -> dict[int, bytes]:
    """Cut the rows of a worksheet part out, by number."""
    _, inside, _ = cut_data(data)
    match = _DATA.search(_bare(data))
    if not inside or match is None:
        return {}
    starts = [each.start() for each in re.finditer(rb"<%srow(?=[\s/>])" % re.escape(match[1]), _bare(inside))]
    found: dict[int, bytes] = {}
    number = 0
    for start, stop in zip(starts, [*starts, len(inside)][1:], strict=True):
        written = _NUMBER.match(inside, start, inside.index(b">", start) + 1)
        first = re.search(rb"\sr\s*=\s*[\"']\$?[A-Za-z]+\$?(\d+)", inside[start:stop])
        number = int(written[1]) if written else max(number + 1, int(first[1]) if first else 0)
        found[number] = inside[start:stop]
    return found


def cells_of(row: bytes, place: str, number: int) -> dict[Place, Cell]:
    """Give the cells of a row as `read_cells` does, under this number whatever it says."""
    return read_cells(b"<rows>" + row + b"</rows>", place, above=number - 1) if row else {}


def read_cells(data: bytes, place: str, *, above: int = 0) -> dict[Place, Cell]:
    """Give type, format, formula and value of every cell, as written.

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
    return say("{file}: la comprobación final encontró un cambio no pedido en {what}; no se escribió nada",
               file=name, what=what)  # fmt: skip
