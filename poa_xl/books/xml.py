"""XML of a package, read with expat: local names only, no document type, any encoding that XML allows."""

import re
from collections.abc import Callable, Mapping
from pyexpat import ExpatError, ParserCreate, XMLParserType
from typing import TypeAlias
from xml.etree.ElementTree import Element, TreeBuilder

from poa_xl.errors import BookError
from poa_xl.i18n import say

_HIDDEN = re.compile(rb"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>", re.DOTALL)

Opened: TypeAlias = Callable[[dict[str, str]], object]
Closed: TypeAlias = Callable[[], object]


# What `xml.sax.saxutils` does: that brings half of the net along, and costs every command a twentieth of a second.


def escape(text: str, others: Mapping[str, str] | None = None) -> str:
    """Write a text as the content of an element, and some characters more as the entities that are given."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    for char, entity in (others or {}).items():
        text = text.replace(char, entity)
    return text


def unescape(text: str, others: Mapping[str, str] | None = None) -> str:
    """Take back what `escape` wrote, and some entities more."""
    for entity, char in {"&lt;": "<", "&gt;": ">", **(others or {}), "&amp;": "&"}.items():
        text = text.replace(entity, char)
    return text


def quoteattr(text: str, others: Mapping[str, str] | None = None) -> str:
    """Write a text as the value of an attribute, its quotation marks included."""
    plain = escape(text, {**(others or {}), "\n": "&#10;", "\r": "&#13;", "\t": "&#9;"})
    if '"' not in plain:
        return f'"{plain}"'
    return f"'{plain}'" if "'" not in plain else '"' + plain.replace('"', "&quot;") + '"'


class _Table(dict[str, Callable[..., object] | None]):
    """Handlers by qualified name; a name that was not asked for is looked up without its prefix, once."""

    def __init__(self, by_local_name: Mapping[str, Callable[..., object]]) -> None:
        super().__init__(by_local_name)

    def __missing__(self, name: str) -> Callable[..., object] | None:
        return self.setdefault(name, self.get(local(name)))


def parse(
    data: bytes,
    place: str,
    opened: Mapping[str, Opened],
    closed: Mapping[str, Closed],
    text: Callable[[str], object],
) -> None:
    """Run handlers over an XML document; elements without a handler cost next to nothing.

    Args:
        data: The document.
        place: File and part, for messages.
        opened: By local name, called with the attributes of each such element.
        closed: By local name, called at its end.
        text: Called with character data, possibly in pieces.

    Raises:
        BookError: It is not well-formed, or it brings a document type (entities can be made to explode).
    """
    starts, ends = _Table(opened), _Table(closed)

    def on_start(name: str, attributes: dict[str, str]) -> None:
        handler = starts[name]
        if handler is not None:
            handler(attributes)

    def on_end(name: str) -> None:
        handler = ends[name]
        if handler is not None:
            handler()

    _run(data, place, on_start, on_end, text)


def parse_tree(data: bytes, place: str) -> Element:
    """Read an XML document as a tree; element and attribute names lose their prefixes.

    Raises:
        BookError: As `parse`.
    """
    builder = TreeBuilder()

    def on_start(name: str, attributes: dict[str, str]) -> None:
        builder.start(local(name), {local(key): value for key, value in attributes.items()})

    def on_end(name: str) -> None:
        builder.end(local(name))

    _run(data, place, on_start, on_end, builder.data)
    return builder.close()


def local(name: str) -> str:
    """Strip the prefix of a qualified name."""
    return name.rpartition(":")[2]


def make_parser(place: str) -> XMLParserType:
    """Return an expat parser that refuses document types, whose entities can be made to explode."""

    def on_doctype(*_: object) -> None:
        raise BookError(say("{place}: contiene una definición de tipo de documento; no se lee", place=place))

    parser = ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = on_doctype
    return parser


def feed(parser: XMLParserType, data: bytes, place: str) -> None:
    """Parse a whole document.

    Raises:
        BookError: It is not well-formed.
    """
    try:
        parser.Parse(data, True)  # noqa: FBT003 - the parser's own signature
    except (ExpatError, LookupError, ValueError) as error:
        raise BookError(
            say("{place}: XML dañado ({detail}); abrir en Excel o Calc y guardar de nuevo", place=place, detail=error)
        ) from error


def without_hidden(data: bytes) -> bytes:
    """Blank out comments, CDATA sections and instructions, so that what stands in them is no tag; places stay."""
    start = max(data.find(b"?>", 0, 200), 0) + 2
    # Most parts hold neither character; looking for one is many times faster than for two.
    has_sections = b"!" in data and b"<!" in data
    if not has_sections and data.find(b"?", start) < 0:
        return data
    return _HIDDEN.sub(lambda match: b" " * len(match[0]), data)


def _run(
    data: bytes,
    place: str,
    start: Callable[[str, dict[str, str]], object],
    end: Callable[[str], object],
    text: Callable[[str], object],
) -> None:
    parser = make_parser(place)
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    feed(parser, data, place)
