"""How a sheet of ours comes onto paper in Excel on Windows, as files get it from `books.writer`."""

from typing import Any

from poa_xl.books.host import optional
from poa_xl.sheet import paper
from poa_xl.sheet.grid import letters
from poa_xl.sheet.spec import SheetSpec

_LANDSCAPE, _ACROSS = 2, 2  # XlPageOrientation, XlOrder
_POINTS = 72  # to an inch


def set_page(page: Any, image: SheetSpec) -> None:  # noqa: ANN401 - Excel's own object
    """Say how a sheet comes onto paper, by its PageSetup."""
    with optional("choose the paper: the printer has none like it, or there is no printer"):
        page.PaperSize = paper.FOLIO
    page.Orientation, page.Zoom, page.Order = _LANDSCAPE, False, _ACROSS
    page.FitToPagesWide = paper.pages_across(image)
    page.FitToPagesTall = 1 if image.one_page else False
    page.LeftMargin = page.RightMargin = paper.SIDE * _POINTS
    page.TopMargin, page.BottomMargin = paper.HEAD * _POINTS, paper.FOOT * _POINTS
    page.LeftFooter, page.CenterFooter, page.RightFooter = (f"&8 {each}" for each in paper.feet(image))
    columns = paper.repeated_columns(image)
    page.PrintTitleRows = f"${image.repeat[0]}:${image.repeat[1]}" if image.repeat else ""
    page.PrintTitleColumns = f"${letters(columns[0])}:${letters(columns[1])}" if columns else ""
    page.PrintArea = paper.area(image)
