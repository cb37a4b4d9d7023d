"""How cells look in Calc: fonts, colours, conditional formats."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import uno

from poa_xl.calc.member import Member

if TYPE_CHECKING:
    from poa_xl.calc.cells import Range

_EXPRESSION = uno.getConstantByName("com.sun.star.sheet.ConditionFormatOperator.EXPRESSION")


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
    """The conditional formats that stand on exactly this range, or on a part of it."""

    __slots__ = ("_range",)

    def __init__(self, cells: "Range") -> None:
        self._range = cells

    def _all(self) -> list["ConditionalFormat"]:
        own = self._range
        found = []
        for each in own.sheet.api.ConditionalFormats.getConditionalFormats():
            areas = each.Range.RangeAddresses if each.Range is not None else ()
            if any(_meet(area, own) for area in areas):
                found += [ConditionalFormat(own.sheet, each, i) for i in range(each.Count)]
        return found

    def __iter__(self) -> Iterator["ConditionalFormat"]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())

    def __call__(self, number: int) -> "ConditionalFormat":
        return self._all()[number - 1]

    def add_custom(self, spec: dict[str, Any]) -> "ConditionalFormat":
        """Add a format that a formula switches on; fill and font come as a cell style of its own."""
        sheet = self._range.sheet
        document = sheet.book.document
        ranges = document.createInstance("com.sun.star.sheet.SheetCellRanges")
        ranges.addRangeAddress(self._range.api.RangeAddress, False)  # noqa: FBT003 - UNO takes no names
        formats = sheet.api.ConditionalFormats
        key = formats.createByRange(ranges)
        created = next(each for each in formats.getConditionalFormats() if key == each.ID)
        created.createEntry(0, 0)
        entry = created.getByIndex(0)
        entry.Operator = _EXPRESSION
        entry.Formula1 = spec["formula"].removeprefix("=")
        entry.StyleName = _style(document, spec)
        return ConditionalFormat(sheet, created, 0)


class ConditionalFormat(Member):
    """One conditional format."""

    __slots__ = ("_entry", "_id", "_sheet")
    type = "custom"

    def __init__(self, sheet: Any, created: Any, number: int) -> None:
        self._sheet = sheet
        self._id = created.ID
        self._entry = created.getByIndex(number)

    @property
    def formula(self) -> str:
        return "=" + str(self._entry.Formula1)

    def delete(self) -> None:
        self._sheet.api.ConditionalFormats.removeByID(self._id)


def _meet(area: Any, cells: "Range") -> bool:
    down = area.StartRow < cells.bottom and area.EndRow + 1 >= cells.row
    return bool(down and area.StartColumn < cells.right and area.EndColumn + 1 >= cells.column)


def _style(document: Any, spec: dict[str, Any]) -> str:
    """Give the cell style for a look, made when it is not there yet."""
    fill, font = spec.get("fill_color"), spec.get("font_color")
    bold = bool(spec.get("font_bold"))
    name = f"POA {_hex(fill)} {_hex(font)}{' N' if bold else ''}"
    styles = document.StyleFamilies.getByName("CellStyles")
    if not styles.hasByName(name):
        style = document.createInstance("com.sun.star.style.CellStyle")
        styles.insertByName(name, style)
        if fill is not None:
            style.CellBackColor = from_color(fill)
        if font is not None:
            style.CharColor = from_color(font)
        if bold:
            style.CharWeight = 150.0
    return name


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
    """Give Calc's number as red, green, blue; None for automatic."""
    return None if value == -1 else ((value >> 16) & 255, (value >> 8) & 255, value & 255)
