"""A sheet to be written: cells with values and looks, and what a printed plan needs around them.

Pure description. `poa_xl.books.writer` turns it into a workbook.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TypeAlias

from poa_xl.core.quick import quick

Content: TypeAlias = str | Decimal | date | bool | None


@quick(frozen=True, slots=True)
class Style:
    """The look of a cell; colours are `#RRGGBB`, empty means none.

    Attributes:
        size: Of the letters, in points; 0 for cells that nobody sees: they get no look at all.
        edge: Of a conditional format only: a box of its own around the cell, `thin`, `dashed` or `dotted`.
    """

    number_format: str = "General"
    bold: bool = False
    italic: bool = False
    size: float = 9
    color: str = ""
    fill: str = ""
    align: str = ""
    wrap: bool = False
    border: bool = False
    indent: int = 0
    locked: bool = True
    edge: str = ""


@quick(frozen=True, slots=True)
class Cell:
    """One cell.

    Attributes:
        value: What it shows; the calculated value where it holds a formula.
        style: How it looks.
        formula: English formula with commas and a leading `=`; empty for a plain value.
        link: Target inside the workbook, `'Sheet'!A1`, or a letter to be written, `mailto:…`; empty for none.
    """

    value: Content
    style: Style = Style()
    formula: str = ""
    link: str = ""

    @property
    def leads_out(self) -> bool:
        """Whether the link leads out of the workbook."""
        return self.link.startswith("mailto:")


@quick(frozen=True, slots=True)
class ConditionalFormat:
    """A conditional format: a formula that holds no function and no separator, and the look it gives."""

    area: str
    formula: str
    style: Style


@quick(frozen=True, slots=True)
class Choice:
    """A drop-down list over an area; other texts are refused where it is strict."""

    area: str
    values: tuple[str, ...]
    title: str = ""
    message: str = ""
    strict: bool = True


@quick(frozen=True, slots=True)
class Prompt:
    """What is said beside a cell while it is selected; whatever is typed there is taken."""

    area: str
    title: str
    message: str


@quick(frozen=True, slots=True)
class Bound:
    """Areas, blanks between, that take numbers or dates only, from `low` to `high`; dates count as day numbers.

    One of the kind `any` takes everything, and says its message where it is selected.
    """

    area: str
    kind: str
    low: float
    high: float
    title: str
    message: str


@quick(frozen=True, slots=True)
class Series:
    """A series of a chart: its name and the areas of its labels and values, absolute with sheet name."""

    name: str
    labels: str
    values: str
    color: str


@quick(frozen=True, slots=True)
class Chart:
    """A chart anchored at a cell, some pixels below its top: bars, or lines over the labels; sizes in pixels."""

    cell: str
    title: str
    series: tuple[Series, ...]
    stacked: bool = False
    size: tuple[int, int] = (760, 360)
    down: int = 0
    number_format: str = "#,##0"
    line: bool = False


@dataclass
class SheetSpec:
    """One sheet.

    Attributes:
        name: What its tab says.
        cells: Row and column number, from 1, to cell.
        widths: Column number to width in characters; 0 hides the column.
        levels: Row number to outline level, 0 to 7.
        column_levels: Column number to outline level.
        heights: Row number to height in points; the program fits the others.
        merges: Areas to merge, such as `A1:X1`.
        rules: Conditional formats.
        choices: Drop-down lists.
        bounds: Areas that take numbers or dates only.
        charts: Charts.
        freeze: Row and column number of the first cell that scrolls.
        repeat: First and last row to print on every page.
        print_columns: First and last column to print.
        one_page: Whether it prints on a single page.
        printed: What stands in the middle of the foot of every page, such as the day of the check.
        is_mapped: Whether the letters of columns and the numbers of rows are printed, so that cells are found by them.
        filter: Area of the filter buttons.
        tab: Colour of the tab.
        protect: Whether locked cells are protected, without a password; filters, formats, widths and new rows stay
            allowed.
    """

    name: str
    cells: dict[tuple[int, int], Cell] = field(default_factory=dict)
    widths: dict[int, float] = field(default_factory=dict)
    levels: dict[int, int] = field(default_factory=dict)
    column_levels: dict[int, int] = field(default_factory=dict)
    heights: dict[int, float] = field(default_factory=dict)
    merges: list[str] = field(default_factory=list)
    rules: list[ConditionalFormat] = field(default_factory=list)
    choices: list[Choice] = field(default_factory=list)
    bounds: list[Bound] = field(default_factory=list)
    charts: list[Chart] = field(default_factory=list)
    freeze: tuple[int, int] | None = None
    repeat: tuple[int, int] | None = None
    print_columns: tuple[int, int] | None = None
    one_page: bool = False
    printed: str = ""
    is_mapped: bool = False
    filter: str = ""
    tab: str = ""
    protect: bool = False
