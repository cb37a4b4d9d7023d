"""Formats: appended to styles.xml and never reused from elsewhere, changed or reordered."""

from xml.sax.saxutils import quoteattr

from poa_xl.books.patch.spans import Node, Splice, appended, apply, read, with_attribute
from poa_xl.errors import BookError
from poa_xl.i18n import say
from poa_xl.sheet.image import Style

_ORDER = (
    "numFmts",
    "fonts",
    "fills",
    "borders",
    "cellStyleXfs",
    "cellXfs",
    "cellStyles",
    "dxfs",
    "tableStyles",
    "colors",
    "extLst",
)
_MOST_FORMATS = 64_000
_FIRST_FREE_FORMAT = 164
_BUILT_IN = {"General": 0, "0": 1, "0.00": 2, "#,##0": 3, "#,##0.00": 4, "@": 49}


class Styles:
    """The styles part of a workbook, growing.

    Args:
        data: The part.
        place: File and part, for messages.

    Raises:
        BookError: It is no styles part.
    """

    def __init__(self, data: bytes, place: str) -> None:
        self.data = data
        self._place = place
        self._known: dict[tuple[str, Style], int] = {}
        self._tree: tuple[bytes, Node] | None = None

    def cell_format(self, style: Style) -> int:
        """Give the number of the cell format that looks like `style`, added when it is not there."""
        if ("xf", style) not in self._known:
            font = self._add("fonts", _font(style))
            fill = self._add("fills", _fill(style)) if style.fill else 0
            border = self._add("borders", _BORDER) if style.border else 0
            xml = (
                f'<xf numFmtId="{self._number_format(style.number_format)}" fontId="{font}" fillId="{fill}" '
                f'borderId="{border}" xfId="0" applyNumberFormat="1" applyFont="1" applyFill="1" applyBorder="1" '
                f'applyAlignment="1" applyProtection="1">{_alignment(style)}'
                f'<protection locked="{int(style.locked)}"/></xf>'
            )
            number = self._add("cellXfs", xml)
            if number >= _MOST_FORMATS:
                raise BookError(
                    say(
                        "{place}: el libro ya tiene {count} formatos de celda",
                        place=self._place,
                        count=number,
                    )
                )
            self._known["xf", style] = number
        return self._known["xf", style]

    def differential(self, style: Style) -> int:
        """Give the number of the differential format that paints like `style`, added when it is not there."""
        if ("dxf", style) not in self._known:
            font = f'<font><color rgb="{_rgb(style.color)}"/></font>' if style.color else ""
            fill = f'<fill><patternFill><bgColor rgb="{_rgb(style.fill)}"/></patternFill></fill>' if style.fill else ""
            self._known["dxf", style] = self._add("dxfs", f"<dxf>{font}{fill}</dxf>")
        return self._known["dxf", style]

    def _number_format(self, code: str) -> int:
        if code in _BUILT_IN:
            return _BUILT_IN[code]
        root = self._root()
        formats = [node for node in root.walk() if node.name == "numFmt"]
        for node in formats:
            if node.get("formatCode") == code:
                return int(node.get("numFmtId"))
        number = max([_FIRST_FREE_FORMAT - 1, *(int(node.get("numFmtId")) for node in formats)]) + 1
        self._add("numFmts", f'<numFmt numFmtId="{number}" formatCode={quoteattr(code)}/>')
        return number

    def _root(self) -> Node:
        """Read the part, once for each state of it."""
        if self._tree is None or self._tree[0] is not self.data:
            self._tree = (self.data, read(self.data, self._place))
        return self._tree[1]

    def _add(self, collection: str, xml: str) -> int:
        """Give the number of an entry of a collection, appended unless the very same bytes are there."""
        root = self._root()
        xml = _prefixed(xml, root.prefix)
        node = root.child(collection)
        if node is None:
            at = _place_for(root, collection)
            name = f"{root.prefix}{collection}"
            self.data = apply(self.data, [Splice(at, at, f'<{name} count="1">{xml}</{name}>'.encode())])
            return 0
        for number, child in enumerate(node.children):
            if self.data[child.start : child.end] == xml.encode():
                return number
        count = len(node.children)
        splices = [appended(self.data, node, xml)]
        if "count" in node.attributes and not node.is_empty:
            splices.append(with_attribute(self.data, node, "count", str(count + 1)))
        self.data = apply(self.data, splices)
        return count


_EDGE = '<{0} style="thin"><color rgb="FFBFBFBF"/></{0}>'
_BORDER = f"<border>{''.join(_EDGE.format(side) for side in ('left', 'right', 'top', 'bottom'))}<diagonal/></border>"


def _font(style: Style) -> str:
    bold, italic = "<b/>" if style.bold else "", "<i/>" if style.italic else ""
    color = f'<color rgb="{_rgb(style.color)}"/>' if style.color else '<color theme="1"/>'
    return f'<font>{bold}{italic}<sz val="{style.size:g}"/>{color}<name val="Calibri"/><family val="2"/></font>'


def _fill(style: Style) -> str:
    solid = f'<fgColor rgb="{_rgb(style.fill)}"/><bgColor indexed="64"/>'
    return f'<fill><patternFill patternType="solid">{solid}</patternFill></fill>'


def _alignment(style: Style) -> str:
    across = f' horizontal="{style.align}"' if style.align else ""
    wrap = ' wrapText="1"' if style.wrap else ""
    indent = f' indent="{style.indent}"' if style.indent else ""
    return f'<alignment{across} vertical="center"{wrap}{indent}/>'


def _rgb(color: str) -> str:
    return f"FF{color.removeprefix('#').upper()}"


def _prefixed(xml: str, prefix: str) -> str:
    return xml.replace("</", "\0").replace("<", f"<{prefix}").replace("\0", f"</{prefix}") if prefix else xml


def _place_for(root: Node, collection: str) -> int:
    """Where a collection that is missing belongs."""
    before = _ORDER[: _ORDER.index(collection)]
    places = [node.end for node in root.children if node.name in before]
    return max(places, default=root.inner)
