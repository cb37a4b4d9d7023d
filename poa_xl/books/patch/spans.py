"""Small XML parts as trees of byte spans, so that edits splice bytes and leave all others alone."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from poa_xl.books.xml import feed, local, make_parser
from poa_xl.errors import BookError
from poa_xl.i18n import say

# A tag, attribute values with `>` in them included.
_TAG = re.compile(rb"<[^>\"']*(?:\"[^\"]*\"[^>\"']*|'[^']*'[^>\"']*)*>")
_ENCODING = re.compile(rb"(<\?xml[^>]*encoding\s*=\s*[\"'])([A-Za-z0-9._-]+)")
_MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"<\0": "utf-16-le", b"\0<": "utf-16-be"}


@dataclass(eq=False)
class Node:
    """An element.

    Attributes:
        name: Local name.
        prefix: Its prefix with the colon, empty for none.
        attributes: As written, qualified names.
        start: Where its start tag begins.
        inner: Where its content begins; equal to `end` for `<a/>`.
        close: Where its end tag begins; equal to `end` for `<a/>`.
        end: Behind its last byte.
        children: Elements inside.
    """

    name: str
    prefix: str
    attributes: dict[str, str]
    start: int
    inner: int
    close: int = 0
    end: int = 0
    children: list["Node"] = field(default_factory=list)
    text: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether it is written `<a/>`."""
        return self.inner == self.end

    @property
    def qualified(self) -> str:
        """Its name with the prefix."""
        return f"{self.prefix}{self.name}"

    def child(self, name: str) -> "Node | None":
        """Return the first child with a local name."""
        return next((each for each in self.children if each.name == name), None)

    def walk(self) -> Iterator["Node"]:
        """Yield all elements inside, in document order."""
        for each in self.children:
            yield each
            yield from each.walk()

    def get(self, name: str, default: str = "") -> str:
        """Return an attribute by its local name."""
        return next((value for key, value in self.attributes.items() if local(key) == name), default)


@dataclass(frozen=True, slots=True)
class Splice:
    """Bytes `start` to `end` of a part give way to `new`."""

    start: int
    end: int
    new: bytes

    def moved(self, by: int) -> "Splice":
        """Return the same splice in a part that this one's begins `by` bytes into."""
        return Splice(self.start + by, self.end + by, self.new)


def apply(data: bytes, splices: Iterable[Splice]) -> bytes:
    """Carry splices out; those at one place in the order given.

    Raises:
        ValueError: Two overlap.
    """
    pieces: list[bytes] = []
    at = 0
    for splice in sorted(splices, key=lambda each: each.start):
        if splice.start < at:
            raise ValueError("overlapping splices")
        pieces += (data[at : splice.start], splice.new)
        at = splice.end
    return b"".join((*pieces, data[at:]))


def read(data: bytes, place: str) -> Node:
    """Read an XML part, written in UTF-8.

    Raises:
        BookError: It is not well-formed, or has a document type.
    """
    top = Node("", "", {}, 0, 0)
    stack = [top]
    parser = make_parser(place)

    def start(name: str, attributes: dict[str, str]) -> None:
        at = parser.CurrentByteIndex
        prefix, _, bare = name.rpartition(":")
        node = Node(bare, f"{prefix}:" if prefix else "", attributes, at, tag_end(data, at))
        stack[-1].children.append(node)
        stack.append(node)

    def end(_: str) -> None:
        node = stack.pop()
        at = parser.CurrentByteIndex
        if data[node.inner - 2 : node.inner] == b"/>":
            node.close = node.end = node.inner
        else:
            node.close, node.end = at, tag_end(data, at)

    def text(data: str) -> None:
        stack[-1].text += data

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    feed(parser, data, place)
    return top.children[0]


def as_utf8(data: bytes, place: str) -> bytes:
    """Convert a part to UTF-8 where it is written in something else: offsets and new bytes would not fit.

    Raises:
        BookError: Its bytes are not what it declares.
    """
    mark = next((name for start, name in _MARKS.items() if data.startswith(start)), "")
    declared = _ENCODING.search(data[:200])
    encoding = mark or (declared[2].decode("ascii").lower() if declared else "utf-8")
    if encoding in ("utf-8", "us-ascii", "ascii"):
        return data
    try:
        text = data.decode(encoding)
    except (UnicodeError, LookupError) as error:
        raise BookError(
            say(
                "{place}: no está escrita en {encoding}, como dice; abrir en Excel o Calc y guardar de nuevo",
                place=place,
                encoding=encoding,
            )
        ) from error
    return _ENCODING.sub(rb"\1UTF-8", text.encode(), count=1)


def tag_end(data: bytes, at: int) -> int:
    """Return the place behind the tag that begins at `at`."""
    match = _TAG.match(data, at)
    if match is None:
        raise ValueError("no tag here")
    return match.end()


def with_attribute(data: bytes, node: Node, name: str, value: str) -> Splice:
    """Set an attribute of an element, in its place or behind the others."""
    tag = data[node.start : node.inner]
    found = re.search(rb"(\s%s\s*=\s*)(\"[^\"]*\"|'[^']*')" % name.encode(), tag)
    if found:
        start, end = node.start + found.start(2), node.start + found.end(2)
        return Splice(start, end, f'"{value}"'.encode())
    at = node.inner - (2 if tag.endswith(b"/>") else 1)
    return Splice(at, at, f' {name}="{value}"'.encode())


def without_attribute(data: bytes, node: Node, name: str) -> Splice:
    """Take an attribute of an element away, with the blank before it."""
    tag = data[node.start : node.inner]
    found = re.search(rb"\s%s\s*=\s*(\"[^\"]*\"|'[^']*')" % name.encode(), tag)
    if not found:
        return Splice(node.start, node.start, b"")
    return Splice(node.start + found.start(), node.start + found.end(), b"")
