"""A worksheet part cut into what stands before its rows, the rows as bytes, and what stands behind.

Nothing is parsed that nobody asks for: a row is the bytes from its tag to the next one, and of a sheet of a million
cells only the rows that an edit touches are taken apart.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise

from poa_xl.books.patch import containers, spans
from poa_xl.books.patch.spans import Node
from poa_xl.books.xml import without_hidden
from poa_xl.errors import BookError
from poa_xl.i18n import say
from poa_xl.sheet.grid import column_number

# What may hold text that looks like a tag.
_HIDING = rb"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>"
_DATA = re.compile(rb"<((?:[\w.-]+:)?)sheetData(?=[\s/>])")
_NUMBER = re.compile(rb"(\sr\s*=\s*[\"'])(\d+)")
_CELL_NUMBER = re.compile(rb"(<(?:[\w.-]+:)?c\s(?:[^<>]*?\s)?r\s*=\s*[\"']\$?[A-Za-z]{1,3}\$?)\d+(?=[\"'])")
_HIDDEN_OR_NUMBER = re.compile(rb"(?s:%s)|%s" % (_HIDING, _CELL_NUMBER.pattern))
_ADDRESS = re.compile(rb"(\sr\s*=\s*[\"'])\$?([A-Za-z]{1,3})\$?(\d+)")


@dataclass(slots=True)
class Rows:
    """A worksheet part.

    Attributes:
        place: File and part, for messages.
        head: Everything before the first row.
        numbers: Number of each row, rising.
        texts: Each row, from its tag to where the next one begins.
        tail: Everything from the end tag of the rows on.
        prefix: Prefix of the elements, with the colon.
        unnumbered: Rows that do not say their number.
        closed: How the element was closed when it was written `<sheetData/>`.
    """

    place: str
    head: bytes
    numbers: list[int]
    texts: list[bytes]
    tail: bytes
    prefix: str = ""
    unnumbered: set[int] = field(default_factory=set)
    closed: bytes = b""

    def joined(self) -> bytes:
        """Return the part."""
        if self.closed and not self.texts:
            return self.head[:-1] + self.closed + self.tail[len(f"</{self.prefix}sheetData>") :]
        return b"".join((self.head, *self.texts, self.tail))

    def index(self, number: int) -> int:
        """Return the index of the first row with this number or a higher one."""
        return bisect_left(self.numbers, number)

    def get(self, number: int) -> bytes | None:
        """Return the bytes of a row; None when the sheet does not have it."""
        at = self.index(number)
        return self.texts[at] if at < len(self.numbers) and self.numbers[at] == number else None

    def around(self) -> tuple[bytes, Node]:
        """Return the part without its rows, and its tree."""
        data = self.head + self.tail
        return data, spans.read(data, self.place)

    def replace_around(self, data: bytes) -> None:
        """Take over a changed part without rows, as `around` gives it."""
        match = _opened(data)
        self.head, self.tail = data[:match], data[match:]


@dataclass(frozen=True, slots=True)
class CellBytes:
    """A cell of a row: its column, where it begins, where its tag and it itself end."""

    column: int
    start: int
    inner: int
    end: int


def cut(data: bytes, place: str) -> Rows:
    """Cut a worksheet part, in UTF-8.

    Raises:
        BookError: It is no worksheet, or its rows are out of order or doubled.
    """
    bare = without_hidden(data)
    match = _DATA.search(bare)
    if match is None:
        return _without_data(data, place)
    prefix = match[1].decode()
    inner = spans.tag_end(bare, match.start())
    if bare[inner - 2 : inner] == b"/>":
        tag = data[: inner - 2].rstrip()
        tail = f"</{prefix}sheetData>".encode() + data[inner:]
        return Rows(place, tag + b">", [], [], tail, prefix, closed=data[len(tag) : inner])
    close = bare.rfind(b"</" + match[1] + b"sheetData", inner)
    if close < 0:
        raise BookError(_damaged(place, say("falta el fin de las filas")))
    starts = [each.start() for each in re.finditer(rb"<%srow(?=[\s/>])" % re.escape(match[1]), bare[inner:close])]
    bounds = [inner + start for start in starts] + [close]
    texts = [data[start:stop] for start, stop in pairwise(bounds)]
    found = Rows(place, data[: bounds[0]], [], texts, data[close:], prefix)
    _number(found)
    return found


def _damaged(place: str, detail: str) -> str:
    return say("{place}: XML dañado ({detail}); abrir en Excel o Calc y guardar de nuevo", place=place, detail=detail)


def _without_data(data: bytes, place: str) -> Rows:
    root = spans.read(data, place)
    if root.name not in ("worksheet", "dialogsheet"):
        raise BookError(_damaged(place, say("no es una hoja de cálculo")))
    name = f"{root.prefix}sheetData"
    order = Node("worksheet", root.prefix, root.attributes, root.start, root.inner, root.close, root.end, root.children)
    return cut(spans.apply(data, containers.child(data, order, "sheetData", f"<{name}></{name}>")), place)


def _opened(data: bytes) -> int:
    bare = without_hidden(data)
    match = _DATA.search(bare)
    if match is None:
        raise ValueError("no rows here")
    return bare.index(b"</" + match[1] + b"sheetData", spans.tag_end(bare, match.start()))


def _number(found: Rows) -> None:
    number = 0
    for text in found.texts:
        written = _NUMBER.search(text, 0, text.find(b">"))
        if written is None:
            number = max(number + 1, _first_address(text, found.prefix))
            found.unnumbered.add(number)
        elif number < (now := int(written[2])):
            number = now
        else:
            raise BookError(
                say(
                    "{place}: la fila {row} está repetida o fuera de orden; abrir en Excel o Calc y guardar de nuevo",
                    place=found.place,
                    row=written[2].decode(),
                )
            )
        found.numbers.append(number)


def _first_address(text: bytes, prefix: str) -> int:
    """Return the row that the first cell of a row names; 0 when it names none."""
    start = text.find(f"<{prefix}c ".encode())
    match = _ADDRESS.search(text, start, text.find(b">", start)) if start >= 0 else None
    return int(match[3]) if match else 0


def cells(text: bytes, prefix: str) -> Iterator[CellBytes]:
    """Yield the cells of a row in the order in which they stand."""
    bare = without_hidden(text)
    end_tag = re.compile(rb"</%sc\s*>" % re.escape(prefix.encode()))
    column = at = 0
    pattern = re.compile(rb"<%sc(?=[\s/>])" % re.escape(prefix.encode()))
    while match := pattern.search(bare, at):
        start, inner = match.start(), spans.tag_end(bare, match.start())
        written = _ADDRESS.search(bare, start, inner)
        column = column_number(written[2].decode().upper()) if written else column + 1
        stop = None if bare[inner - 2 : inner] == b"/>" else end_tag.search(bare, inner)
        at = stop.end() if stop else inner
        yield CellBytes(column, start, inner, at)


def says_its_place(text: bytes, cell: CellBytes) -> bool:
    """Whether a cell of a row says where it stands; else it stands behind the one before it."""
    return _ADDRESS.search(text, cell.start, cell.inner) is not None


def last_column(text: bytes, prefix: str) -> int:
    """Return the column of the last cell of a row; 0 for a row without cells."""
    start = text.rfind(f"<{prefix}c ".encode())
    written = _ADDRESS.search(text, start, text.find(b">", start)) if start >= 0 and b"<!" not in text else None
    if written:
        return column_number(written[2].decode().upper())
    return max((cell.column for cell in cells(text, prefix)), default=0)


def row_end(text: bytes, prefix: str) -> int:
    """Return the place behind the cells of a row, where its extensions or its end tag begin; -1 for `<row/>`."""
    inner = spans.tag_end(text, 0)
    if text[inner - 2 : inner] == b"/>":
        return -1
    close = text.rindex(f"</{prefix}row".encode())
    # Extensions of a cell end with the cell; those right before the end are the row's.
    last = text[text.rindex(b"<", 0, close) : close]
    is_extended = re.fullmatch(rb"</?%bextLst\s*/?>\s*" % re.escape(prefix.encode()), last) is not None
    return text.rindex(f"<{prefix}extLst".encode(), 0, close) if is_extended else close


def numbered(text: bytes, prefix: str, number: int, new: int) -> bytes:
    """Return a row under another number, its cells too.

    Args:
        text: The row.
        prefix: Prefix of its elements, with the colon.
        number: Its number.
        new: Its new number.
    """
    inner = spans.tag_end(text, 0)
    tag, rest = text[:inner], text[inner:]
    if written := _NUMBER.search(tag):
        tag = tag[: written.start(2)] + b"%d" % new + tag[written.end(2) :]
    else:
        name = re.match(rb"<[\w.:-]+", tag)
        at = name.end() if name else 0
        tag = tag[:at] + b' r="%d"' % new + tag[at:]
    if number == new:
        return tag + rest
    if b"<!" in rest:
        return tag + _HIDDEN_OR_NUMBER.sub(lambda match: match[1] + b"%d" % new if match[1] else match[0], rest)
    pieces = _plain_number(prefix).split(rest)
    if rest.count(f"<{prefix}c".encode()) != len(pieces) // 2:
        # Not every cell says first where it stands.
        pieces = _CELL_NUMBER.split(rest)
    # Every second piece is what stands before a number.
    pieces[1::2] = [piece + b"%d" % new for piece in pieces[1::2]]
    return tag + b"".join(pieces)


@cache
def _plain_number(prefix: str) -> re.Pattern[bytes]:
    return re.compile(rb'(<%sc r="[A-Z]{1,3})\d+(?=")' % re.escape(prefix.encode()))
