"""Colours and number formats of everything that poa-xl draws."""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from textwrap import wrap

from poa_xl.core.amounts import decimals
from poa_xl.core.flags import State
from poa_xl.core.limits import ROW_HEIGHT
from poa_xl.sheet.spec import Style

NAVY = "#1F3864"
LEVELS = ("#B4C6E7", "#CFDBF0", "#E1E9F6", "#F0F4FA")
CONTROL_FILL = "#F2F2F2"

TITLE = Style(bold=True, size=16, color=NAVY)
SUBTITLE = Style(size=11, color="#595959")
HEADER = Style(bold=True, color="#FFFFFF", fill=NAVY, align="center", wrap=True, border=True)
CONTROL_HEADER = Style(bold=True, color="#FFFFFF", fill="#7F7F7F", align="center", wrap=True, border=True)
# Of what stands in hidden columns.
UNSEEN = Style(size=0)
NOTE = Style(italic=True, color="#595959", wrap=True)
LINK = Style(color="#0563C1", border=True)

# Excel's own "bad" and "neutral", which planners know, and a green pale enough to be the rule. On grey paper, and for
# whoever does not see these colours, red is bold in a box and amber slanted in a dashed one.
PAINT = {
    State.GREEN: Style(fill="#E2F0D9", color="#375623"),
    State.RED: Style(fill="#FFC7CE", color="#9C0006", bold=True, edge="thin"),
    State.WARNING: Style(fill="#FFEB9C", color="#7F6000", italic=True, edge="dashed"),
    State.FAILED: Style(fill="#D9D2E9", color="#4C1130", bold=True, edge="dotted"),
    State.PART: Style(fill="#FDE9EB", color="#9C0006"),
}
# Where the word for the state stands in the cell, a sign goes before it.
SIGNS = {State.GREEN: "✓", State.RED: "▲", State.WARNING: "!", State.FAILED: "?"}
SIGNED = {state: replace(PAINT[state], edge="", number_format=f'"{sign} "@') for state, sign in SIGNS.items()}
CHART = {State.GREEN: "#70AD47", State.RED: "#E15759", State.WARNING: "#F2C14E"}

# Brightness above which a colour takes black letters, in thousandths of 255 steps.
_MIDDLE = 128_000
DATE = "dd/mm/yy"
MONEY = "#,##0"
TEXT = "@"


def ink(fill: str) -> str:
    """Return black or white, whichever is read better on a colour."""
    red, green, blue = (int(fill[at : at + 2], 16) for at in (1, 3, 5))
    return "#000000" if 299 * red + 587 * green + 114 * blue > _MIDDLE else "#FFFFFF"


def amount_format(value: Decimal) -> str:
    """Return the number format that shows all decimal places of a value and no more."""
    places = decimals(value)
    return f"#,##0.{'0' * places}" if places else "#,##0"


def row_height(texts: Iterable[tuple[str, float]], size: float = 9) -> float:
    """Estimate the height of a row with wrapped texts.

    No program fits rows that a library wrote, so the file must say how high they are.

    Args:
        texts: Text and width of its column in characters.
        size: Font size in points.

    Returns:
        Points; at least one line, and no more than a row can be high.
    """
    per_width = 12.5 / size
    lines = max((_lines(text, max(1, int(width * per_width))) for text, width in texts if text), default=1)
    return min(round(lines * size * 1.36 + 3, 1), ROW_HEIGHT)


def _lines(text: str, width: int) -> int:
    """Count the lines that a text fills, its own breaks among them."""
    # What fits is one line; only tabs may need more than they are long.
    lines = text.split("\n")
    return sum(1 if len(line) <= width and "\t" not in line else max(1, len(wrap(line, width))) for line in lines)
