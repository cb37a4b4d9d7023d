"""How cells look in Calc: fonts, colours, conditional formats."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import uno
import unohelper
from com.sun.star.beans import PropertyValue
from com.sun.star.document import XUndoAction
from com.sun.star.lang import Locale
from com.sun.star.table import BorderLine2

from poa_xl.calc.member import Member

if TYPE_CHECKING:
    from poa_xl.calc.cell_ranges import Range

_FORMULA = uno.Enum("com.sun.star.sheet.ConditionOperator", "FORMULA")
_ITALIC = uno.Enum("com.sun.star.awt.FontSlant", "ITALIC")
# com.sun.star.table.BorderLineStyle
_LINES = {"thin": 0, "dashed": 2, "dotted": 1}


class Font(Member):
    """The font of a range."""

    __slots__ = ("_cells",)

    def __init__(self, cells: Any) -> None:
        self._cells = cells

    @property
    def bold(self) -> bool:
        return bool(self._cells.CharWeight > 100)  # noqa: PLR2004 - normal

    @bold.setter
    def bold(self, value: bool) -> None:
        self._cells.CharWeight = 150.0 if value else 100.0

    @property
    def size(self) -> float:
        return float(self._cells.CharHeight)

    @size.setter
    def size(self, value: float) -> None:
        self._cells.CharHeight = float(value)

    @property
    def color(self) -> tuple[int, int, int] | None:
        return to_rgb(self._cells.CharColor)

    @color.setter
    def color(self, value: Any) -> None:
        self._cells.CharColor = from_color(value)


class ConditionalFormats(Member):
    """The conditional formats that stand on this range, or on a part of it.

    They are read and written through the older of Calc's two interfaces: what the newer one adds shows only after
    the workbook was saved and opened again (seen in 7.4).
    """

    __slots__ = ("_range",)

    def __init__(self, cells: "Range") -> None:
        self._range = cells

    def _all(self) -> list["ConditionalFormat"]:
        own = self._range
        document = own.sheet.book.document
        found = []
        for each in own.sheet.api.ConditionalFormats.getConditionalFormats():
            areas = each.Range.RangeAddresses if each.Range is not None else ()
            if any(_meet(area, own) for area in areas):
                ranges = document.createInstance("com.sun.star.sheet.SheetCellRanges")
                ranges.addRangeAddresses(areas, False)  # noqa: FBT003 - UNO takes no names
                found += [ConditionalFormat(document, ranges, i) for i in range(ranges.ConditionalFormat.Count)]
        return found

    def __iter__(self) -> Iterator["ConditionalFormat"]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())

    def __call__(self, number: int) -> "ConditionalFormat":
        return self._all()[number - 1]

    def add_custom(self, spec: dict[str, Any]) -> "ConditionalFormat":
        """Add a format that a formula switches on; fill and font come as a cell style of its own."""
        cells, sheet = self._range.api, self._range.sheet
        entries = cells.ConditionalFormat
        values = {
            "Operator": _FORMULA,
            "Formula1": spec["formula"].removeprefix("="),
            "SourcePosition": sheet.api.getCellByPosition(self._range.column - 1, self._range.row - 1).CellAddress,
            "StyleName": _style(sheet.book.document, cells.getCellByPosition(0, 0), spec),
        }
        entries.addNew(tuple(PropertyValue(name, 0, value, 0) for name, value in values.items()))
        cells.ConditionalFormat = entries
        return ConditionalFormat(sheet.book.document, cells, entries.Count - 1)


class ConditionalFormat(Member):
    """One conditional format of some cells."""

    __slots__ = ("_cells", "_document", "_number")
    type = "custom"

    def __init__(self, document: Any, cells: Any, number: int) -> None:
        self._document = document
        self._cells = cells
        self._number = number

    @property
    def formula(self) -> str:
        return "=" + str(self._cells.ConditionalFormat.getByIndex(self._number).getFormula1())

    def finish(self, edge: str, color: str, number_format: str) -> None:
        """Draw a box and set a number format: a cell style of its own, like the one there but for that."""
        entries = self._cells.ConditionalFormat
        entry = entries.getByIndex(self._number)
        name = f"{entry.getStyleName()} {edge}{number_format}".replace('"', "").replace("@", "").strip()
        if name == entry.getStyleName():
            return
        styles = self._document.StyleFamilies.getByName("CellStyles")
        if not styles.hasByName(name):
            _vary(self._document, styles, entry.getStyleName(), name, (edge, color, number_format))
        entry.setStyleName(name)
        self._cells.ConditionalFormat = entries

    def delete(self) -> None:
        before = _entries(self._cells)
        after = before[: self._number] + before[self._number + 1 :]
        change = _Change(self._document.UndoManager, self._cells, before, after)
        change.redo()
        self._document.UndoManager.addUndoAction(change)


class _Change(unohelper.Base, XUndoAction):  # type: ignore[misc]
    """Taking a conditional format away, for the undo list: Calc 7.4 keeps no note of it when it was the last one."""

    def __init__(self, steps: Any, cells: Any, before: list[dict[str, Any]], after: list[dict[str, Any]]) -> None:
        self.Title = "POA"
        self._steps, self._cells, self._before, self._after = steps, cells, before, after

    def undo(self) -> None:
        self._set(self._before)

    def redo(self) -> None:
        self._set(self._after)

    def _set(self, wanted: list[dict[str, Any]]) -> None:
        entries = self._cells.ConditionalFormat
        entries.clear()
        for each in wanted:
            entries.addNew(tuple(PropertyValue(name, 0, value, 0) for name, value in each.items()))
        self._steps.lock()
        self._cells.ConditionalFormat = entries
        self._steps.unlock()


def _entries(cells: Any) -> list[dict[str, Any]]:
    """Read the conditional formats of some cells, as `addNew` takes them."""
    entries = cells.ConditionalFormat
    names = ("Operator", "Formula1", "Formula2", "SourcePosition", "StyleName")
    return [{name: getattr(entries.getByIndex(i), f"get{name}")() for name in names} for i in range(entries.Count)]


def _meet(area: Any, cells: "Range") -> bool:
    down = area.StartRow < cells.bottom and area.EndRow + 1 >= cells.row
    return bool(down and area.StartColumn < cells.right and area.EndColumn + 1 >= cells.column)


def _style(document: Any, cell: Any, spec: dict[str, Any]) -> str:
    """Return the cell style for a look, made when it is not there yet."""
    fill, font = spec.get("fill_color"), spec.get("font_color")
    bold, italic = bool(spec.get("font_bold")), bool(spec.get("font_italic"))
    weight = f"{' N' if bold else ''}{' K' if italic else ''}"
    name = f"POA {_hex(fill)} {_hex(font)}{weight} {cell.CharHeight:g} {cell.VertJustify}"
    styles = document.StyleFamilies.getByName("CellStyles")
    if not styles.hasByName(name) and any(sheet.isProtected() for sheet in document.Sheets):
        # While a sheet is protected no style can be made; the file brought some for its own conditional formats.
        alike = (each for each in styles if _is_alike(each, fill, font))
        found = next(alike, None)
        if found is None:
            raise NotImplementedError("ConditionalFormats.add_custom (protected sheet)")
        return str(found.Name)
    if not styles.hasByName(name):
        style = document.createInstance("com.sun.star.style.CellStyle")
        styles.insertByName(name, style)
        # What the standard style says would be painted too, so size and place of the text are said again.
        style.CharHeight, style.VertJustify = cell.CharHeight, cell.VertJustify
        if fill is not None:
            style.CellBackColor = from_color(fill)
        if font is not None:
            style.CharColor = from_color(font)
        if bold:
            style.CharWeight = 150.0
        if italic:
            style.CharPosture = _ITALIC
    return name


def _vary(document: Any, styles: Any, former: str, name: str, look: tuple[str, str, str]) -> None:
    """Make a cell style that differs from another one by its box and its number format."""
    edge, color, number_format = look
    style, like = document.createInstance("com.sun.star.style.CellStyle"), styles.getByName(former)
    styles.insertByName(name, style)
    for each in ("CharHeight", "VertJustify", "CellBackColor", "CharColor", "CharWeight", "CharPosture"):
        setattr(style, each, getattr(like, each))
    if edge:
        line = BorderLine2()
        line.Color, line.LineStyle = from_color(color), _LINES[edge]
        line.OuterLineWidth = line.LineWidth = 18
        style.LeftBorder = style.RightBorder = style.TopBorder = style.BottomBorder = line
    if number_format:
        formats, where = document.NumberFormats, Locale("en", "US", "")
        known = formats.queryKey(number_format, where, False)  # noqa: FBT003 - UNO takes no names
        style.NumberFormat = known if known >= 0 else formats.addNew(number_format, where)


def _is_alike(style: Any, fill: object, font: object) -> bool:
    colors = (-1 if each is None else from_color(each) for each in (fill, font))
    return (style.CellBackColor, style.CharColor) == tuple(colors)


def from_color(value: Any) -> int:
    """Take a colour as xlwings does for Calc's number: red in the highest byte."""
    if isinstance(value, str):
        return int(value.lstrip("#"), 16)
    if isinstance(value, Sequence):
        red, green, blue = value
        return int((red << 16) + (green << 8) + blue)
    # Excel's one number has red in the lowest byte.
    return int(((value & 255) << 16) + (value & 0xFF00) + (value >> 16))


def _hex(value: object) -> str:
    return "" if value is None else f"{from_color(value):06X}"


def to_rgb(value: int) -> tuple[int, int, int] | None:
    """Return Calc's number as red, green, blue; None for automatic."""
    return None if value == -1 else ((value >> 16) & 255, (value >> 8) & 255, value & 255)
