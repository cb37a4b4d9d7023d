"""How a sheet of ours comes onto paper in Calc: a page style of its own, as files get it from `books.writer`."""

import re
from typing import Any

import uno

from poa_xl.sheet import paper
from poa_xl.sheet.spec import SheetSpec

_INCH = 2540  # in hundredths of a millimetre
_WIDTH, _HEIGHT = 13, 8.5
_FIELDS = {"&F": "FileName", "&A": "SheetName", "&P": "PageNumber", "&N": "PageCount"}
_PIECES = re.compile("(&[FAPN&])")


def set_page(document: Any, page: Any, image: SheetSpec) -> None:
    """Say how a sheet comes onto paper."""
    style = _style(document, f"POA {page.Name}")
    style.IsLandscape, style.Width, style.Height = True, round(_WIDTH * _INCH), round(_HEIGHT * _INCH)
    style.LeftMargin = style.RightMargin = round(paper.SIDE * _INCH)
    style.TopMargin, style.BottomMargin = round(paper.HEAD * _INCH), round(paper.FOOT * _INCH)
    style.ScaleToPagesX, style.ScaleToPagesY = paper.pages_across(image), 1 if image.one_page else 0
    style.PrintDownFirst, style.HeaderIsOn, style.FooterIsOn = False, False, True
    foot = style.RightPageFooterContent
    for text, said in zip((foot.LeftText, foot.CenterText, foot.RightText), paper.feet(image), strict=True):
        _write(document, text, said)
    style.RightPageFooterContent = foot
    page.PageStyle = style.Name
    columns = paper.repeated_columns(image)
    if image.repeat:
        page.setTitleRows(_area(top=image.repeat[0], bottom=image.repeat[1]))
    page.setPrintTitleRows(bool(image.repeat))
    if columns:
        page.setTitleColumns(_area(left=columns[0], right=columns[1]))
    page.setPrintTitleColumns(bool(columns))
    if image.print_columns:
        area = page.getCellRangeByName(paper.area(image).replace("$", "")).RangeAddress
        page.setPrintAreas((area,))


def _style(document: Any, name: str) -> Any:
    styles = document.StyleFamilies.getByName("PageStyles")
    if not styles.hasByName(name):
        styles.insertByName(name, document.createInstance("com.sun.star.style.PageStyle"))
    return styles.getByName(name)


def _write(document: Any, text: Any, said: str) -> None:
    """Write a text with fields for file, sheet and page."""
    text.setString("")
    cursor = text.createTextCursor()
    for piece in _PIECES.split(said):
        cursor.gotoEnd(False)  # noqa: FBT003 - UNO takes no names
        if piece in _FIELDS:
            field = document.createInstance(f"com.sun.star.text.TextField.{_FIELDS[piece]}")
            text.insertTextContent(cursor, field, False)  # noqa: FBT003 - UNO takes no names
        else:
            text.insertString(cursor, piece.replace("&&", "&"), False)  # noqa: FBT003 - UNO takes no names
    cursor.gotoStart(False)  # noqa: FBT003 - UNO takes no names
    cursor.gotoEnd(True)  # noqa: FBT003 - UNO takes no names
    cursor.CharHeight = 8.0


def _area(*, top: int = 1, left: int = 1, bottom: int = 1, right: int = 1) -> Any:
    found = uno.createUnoStruct("com.sun.star.table.CellRangeAddress")
    found.StartRow, found.StartColumn, found.EndRow, found.EndColumn = top - 1, left - 1, bottom - 1, right - 1
    return found
