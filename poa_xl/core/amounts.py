"""Amounts: decimal, from cells that hold numbers or texts in either style."""

import re
from decimal import Decimal
from enum import Enum
from math import isfinite

from poa_xl.core.text import squeeze
from poa_xl.core.values import Flaw, Invalid

# The last digit that a spreadsheet keeps is the 15th: 0.1 + 0.2 is 0.3 there.
_SIGNIFICANT = 15
_CURRENCY = re.compile(r"^(?:Bs\.?|BOB|\$us\.?|\$)\s*|\s*(?:Bs\.?|BOB)$", re.IGNORECASE)
_ERROR = re.compile(r"#[\w¡¿/]+[!?]?|#N/[AD]", re.IGNORECASE)
_SCIENTIFIC = re.compile(r"\d+(?:[.,]\d+)?E[+-]?\d+", re.IGNORECASE)


class Style(Enum):
    """Which mark separates thousands and which one decimals."""

    COMMA_DECIMAL = (".", ",")  # 1.234,56
    POINT_DECIMAL = (",", ".")  # 1,234.56


def parse_number(raw: str) -> Decimal:
    """Take the text of a cell's binary number for what the cell shows: 15 significant digits.

    Raises:
        ValueError: It is no finite number.
    """
    if len(raw) <= _SIGNIFICANT and raw.isdigit():
        return Decimal(raw)
    value = float(raw)
    if not isfinite(value):
        raise ValueError(raw)
    return Decimal(raw if len(raw) <= _SIGNIFICANT else f"{value:.{_SIGNIFICANT}g}") + 0


def parse_amount(text: str, style: Style | None = None) -> Decimal | None | Invalid:
    """Read an amount.

    Blanks between digits, a currency sign, a percent sign and brackets for a negative amount are understood.

    Args:
        text: What the cell shows.
        style: The style of the document, where it is known; otherwise both are tried.

    Returns:
        The amount; None for a blank text; `Invalid` when it is no number, a cell error, or when the two
        styles read it differently (`1.234`).
    """
    shown = squeeze(text)
    if not shown:
        return None
    if _ERROR.fullmatch(shown):
        return Invalid(shown, Flaw.ERROR)
    bare, sign = _unwrap(shown)
    if _SCIENTIFIC.fullmatch(bare):
        return sign * Decimal(bare.replace(",", "."))
    found = {value for each in ([style] if style else Style) if (value := _read(bare, each)) is not None}
    if not found:
        return Invalid(shown, Flaw.MALFORMED)
    return sign * found.pop() if len(found) == 1 else Invalid(shown, Flaw.AMBIGUOUS)


def decimals(value: Decimal) -> int:
    """Count the decimal places that a number uses: 184.20 uses one."""
    exponent = value.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _unwrap(shown: str) -> tuple[str, int]:
    text, sign = shown.removesuffix("%").rstrip(), 1
    if text.startswith("(") and text.endswith(")"):
        text, sign = text[1:-1], -1
    text = _CURRENCY.sub("", text)
    if text[:1] in ("-", "−"):
        text, sign = text[1:], -sign
    return text.lstrip("+").strip(), sign


def _read(bare: str, style: Style) -> Decimal | None:
    thousands, point = map(re.escape, style.value)
    # A group of thousands never starts with 0, so 0.300 has one reading only.
    form = rf"(?:\d+|[1-9]\d{{0,2}}(?:{thousands}\d{{3}})+|[1-9]\d{{0,2}}(?: \d{{3}})+)(?:{point}\d+)?"
    if not re.fullmatch(form, bare):
        return None
    return Decimal(bare.replace(style.value[0], "").replace(" ", "").replace(style.value[1], "."))
