"""Formats: appended to styles.xml and never reused from elsewhere, changed or reordered."""

from collections.abc import Callable, Collection, Mapping
from functools import cached_property

from poa_xl.books.patch import containers
from poa_xl.books.patch.spans import Node, apply, read
from poa_xl.books.xml import quoteattr
from poa_xl.errors import BookError
from poa_xl.i18n import say
from poa_xl.sheet.spec import Style

_MOST_FORMATS = 64_000
_FIRST_FREE_FORMAT = 164
# What a workbook without formats gets: one of everything, as programs want it.
BLANK = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<styleSheet xmlns="{0}">'
    '<fonts count="1"><font><sz val="11"/><name val="Calibri"/><family val="2"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '</fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)
# What stands at a number that something refers to and nothing has: it must not take the look of ours.
_PLAIN = {
    "cellStyleXfs": '<xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>',
    "cellXfs": '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>',
    "dxfs": "<dxf/>",
    "fonts": '<font><sz val="11"/><name val="Calibri"/></font>',
    "fills": '<fill><patternFill patternType="none"/></fill>',
    "borders": "<border/>",
}
_GRAY = '<fill><patternFill patternType="gray125"/></fill>'
_USES = {"fontId": "fonts", "fillId": "fills", "borderId": "borders"}
_BUILT_IN = {"General": 0, "0": 1, "0.00": 2, "#,##0": 3, "#,##0.00": 4, "@": 49}


class Styles:
    """The styles part of a workbook, growing.

    Args:
        data: The part.
        place: File and part, for messages.
        used: Finds the numbers of `cellXfs` and `dxfs` that the sheets refer to, whether they are there or not.

    Raises:
        BookError: It is no styles part.
    """

    def __init__(self, data: bytes, place: str, used: Callable[[], Mapping[str, Collection[int]]] = dict) -> None:
        self._data = data
        self._waiting: dict[str, list[str]] = {}
        self._codes: dict[str, int] = {}
        self._place = place
        self._find_used = used
        self._known: dict[tuple[str, Style], int] = {}
        self._same: dict[int, tuple[Style, int]] = {}
        self._tree: tuple[bytes, Node] | None = None

    @property
    def data(self) -> bytes:
        """The part as it is now."""
        for collection, entries in self._waiting.items():
            self._data = apply(self._data, containers.put(self._data, self._root(), collection, "".join(entries)))
        self._waiting.clear()
        return self._data

    def cell_format(self, style: Style) -> int:
        """Return the number of the cell format that looks like `style`, added when it is not there."""
        # Thousands of cells share one style, and hashing it takes longer than writing the cell.
        same = self._same.get(id(style))
        if same is None or same[0] is not style:
            same = self._same[id(style)] = style, self._cell_format(style)
        return same[1]

    def _cell_format(self, style: Style) -> int:
        if ("xf", style) not in self._known:
            font = self._add("fonts", _font(style))
            fill = self._first("fills")
            fill = self._add("fills", _fill(style)) if style.fill else fill
            for collection in ("cellStyleXfs", "cellXfs"):
                self._first(collection)
            border = self._add("borders", _BORDER) if style.border else self._first("borders")
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
        """Return the number of the differential format that paints like `style`, added when it is not there."""
        if ("dxf", style) not in self._known:
            bold, italic = "<b/>" if style.bold else "", "<i/>" if style.italic else ""
            color = f'<color rgb="{_rgb(style.color)}"/>' if style.color else ""
            font = f"<font>{bold}{italic}{color}</font>" if bold or italic or color else ""
            shown = style.number_format
            code = ""
            if shown != "General":
                code = f'<numFmt numFmtId="{self._number_format(shown)}" formatCode={quoteattr(shown)}/>'
            fill = f'<fill><patternFill><bgColor rgb="{_rgb(style.fill)}"/></patternFill></fill>' if style.fill else ""
            xml = f"<dxf>{font}{code}{fill}{_box(style) if style.edge else ''}</dxf>"
            self._known["dxf", style] = self._add("dxfs", xml)
        return self._known["dxf", style]

    def _number_format(self, code: str) -> int:
        if code not in self._codes:
            self._codes[code] = _BUILT_IN[code] if code in _BUILT_IN else self._own_format(code)
        return self._codes[code]

    def _own_format(self, code: str) -> int:
        _, root = self.data, self._root()
        listed = root.child("numFmts")
        for node in listed.children if listed is not None else ():
            if node.get("formatCode") == code and node.get("numFmtId").isdigit():
                return int(node.get("numFmtId"))
        taken = [int(found) for node in root.walk() if (found := node.get("numFmtId")).isdigit()]
        number = max([_FIRST_FREE_FORMAT - 1, *taken]) + 1
        self._add("numFmts", f'<numFmt numFmtId="{number}" formatCode={quoteattr(code)}/>')
        return number

    def _root(self) -> Node:
        """Read the part, but for what waits to be put into it, once for each state of it."""
        if self._tree is None or self._tree[0] is not self._data:
            self._tree = (self._data, read(self._data, self._place))
        return self._tree[1]

    def _add(self, collection: str, xml: str) -> int:
        """Return the number of an entry of a collection, appended unless the very same bytes are there."""
        root = self._root()
        xml = _prefixed(xml, root.prefix)
        node = root.child(collection)
        present = node.children if node is not None else []
        for number, child in enumerate(present):
            if self._data[child.start : child.end] == xml.encode():
                return number
        waiting = self._waiting.setdefault(collection, [])
        if xml in waiting:
            return len(present) + waiting.index(xml)
        plain = _prefixed(_PLAIN.get(collection, ""), root.prefix)
        used = self._used(collection) if plain else ()
        while len(present) + len(waiting) in used:
            waiting.append(plain)
        waiting.append(xml)
        return len(present) + len(waiting) - 1

    def _first(self, collection: str) -> int:
        """Return the number of a collection's first entry, which our formats name; made where there is none."""
        node = self._root().child(collection)
        if (node is None or not node.children) and not self._waiting.get(collection):
            # Excel takes the second fill for gray, whatever it says.
            plain = [_PLAIN[collection], *([_GRAY] if collection == "fills" else [])]
            self._waiting[collection] = [_prefixed(xml, self._root().prefix) for xml in plain]
        return 0

    @cached_property
    def _used_by_sheets(self) -> Mapping[str, Collection[int]]:
        return self._find_used()

    def _used(self, collection: str) -> set[int]:
        """Numbers of a collection that something refers to."""
        found = set(self._used_by_sheets.get(collection, ()))
        formats = [
            each
            for name in ("cellStyleXfs", "cellXfs")
            if (node := self._root().child(name)) is not None
            for each in node.children
        ]
        for attribute, target in _USES.items():
            if target == collection:
                # A format that names none has the first one.
                found |= {int(number) for each in formats if (number := each.get(attribute, "0")).isdigit()}
        return found


_EDGE = '<{0} style="thin"><color rgb="FFBFBFBF"/></{0}>'
_BORDER = f"<border>{''.join(_EDGE.format(side) for side in ('left', 'right', 'top', 'bottom'))}<diagonal/></border>"


def _box(style: Style) -> str:
    line = f'style="{style.edge}"><color rgb="{_rgb(style.color)}"/>'
    return f"<border>{''.join(f'<{side} {line}</{side}>' for side in ('left', 'right', 'top', 'bottom'))}</border>"


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
