"""XML of a package, read with expat: local names only, no document type, any encoding that XML allows."""

from collections.abc import Callable, Mapping
from pyexpat import ExpatError, ParserCreate
from xml.etree.ElementTree import Element, TreeBuilder

from poa_xl.errors import BookError
from poa_xl.i18n import say

Start = Callable[[str, dict[str, str]], None]
End = Callable[[str], object]
Text = Callable[[str], None]


def parse(data: bytes, place: str, start: Start, end: End, text: Text) -> None:
    """Run handlers over an XML document.

    Args:
        data: The document.
        place: File and part, for messages.
        start: Called with the local name and the attributes of each element, prefixes stripped.
        end: Called with the local name.
        text: Called with character data, possibly in pieces.

    Raises:
        BookError: It is not well-formed, or it brings a document type (entities can be made to explode).
    """
    names: dict[str, str] = {}

    def on_start(name: str, attributes: dict[str, str]) -> None:
        start(names.get(name) or names.setdefault(name, local(name)), attributes)

    def on_end(name: str) -> None:
        end(names[name])

    def on_doctype(*_: object) -> None:
        raise BookError(say("{place}: contiene una definición de tipo de documento; no se lee", place=place))

    parser = ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = on_start
    parser.EndElementHandler = on_end
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = on_doctype
    try:
        parser.Parse(data, True)  # noqa: FBT003 - the parser's own signature
    except (ExpatError, LookupError, ValueError) as error:
        raise BookError(
            say(
                "{place}: XML dañado ({detail}); abrir en Excel o Calc y guardar de nuevo",
                place=place,
                detail=error,
            )
        ) from error


def parse_tree(data: bytes, place: str) -> Element:
    """Read an XML document as a tree; element and attribute names lose their prefixes.

    Raises:
        BookError: As `parse`.
    """
    builder = TreeBuilder()

    def start(name: str, attributes: Mapping[str, str]) -> None:
        builder.start(name, {local(key): value for key, value in attributes.items()})

    parse(data, place, start, builder.end, builder.data)
    return builder.close()


def local(name: str) -> str:
    """Strip the prefix of a qualified name."""
    return name.rpartition(":")[2]
