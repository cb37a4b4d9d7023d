"""The XML of a cell."""

import re
from datetime import date, datetime
from decimal import Decimal

from poa_xl.books.sharing import Share
from poa_xl.books.xml import escape
from poa_xl.core import limits
from poa_xl.errors import CellError
from poa_xl.i18n import say
from poa_xl.sheet.spec import Content

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


def cell_xml(
    address: str,
    value: Content,
    formula: str,
    style: int | None,
    prefix: str = "",
    *,
    date1904: bool = False,
    share: Share | None = None,
) -> str:
    """Write a cell.

    Args:
        address: Such as `H12`.
        value: Its value; of a formula, what it came to.
        formula: English formula with a leading `=`; empty for a plain value.
        style: Number of its format; None for none.
        prefix: Prefix of the part's elements, with the colon.
        date1904: Whether day numbers count from 1904.
        share: Its part in a formula that several cells share.

    Raises:
        CellError: The text is longer than a cell can hold.
    """
    look = "" if style is None else f' s="{style}"'
    kind, inside = _content(address, value, is_formula=bool(formula), prefix=prefix, date1904=date1904)
    if formula and share is not None and not share.area:
        inside = f"<{prefix}f{share.attributes}/>{inside}"
    elif formula:
        kept = share.attributes if share is not None else ""
        inside = f"<{prefix}f{kept}>{escape(formula.removeprefix('='))}</{prefix}f>{inside}"
    if not inside:
        return f'<{prefix}c r="{address}"{look}/>'
    return f'<{prefix}c r="{address}"{look}{kind}>{inside}</{prefix}c>'


def _content(address: str, value: Content, *, is_formula: bool, prefix: str, date1904: bool) -> tuple[str, str]:
    if value is None:
        return "", ""
    if isinstance(value, bool):
        return ' t="b"', f"<{prefix}v>{int(value)}</{prefix}v>"
    if isinstance(value, Decimal):
        return "", f"<{prefix}v>{_plain(value)}</{prefix}v>"
    if isinstance(value, date):
        return "", f"<{prefix}v>{_day_number(value, date1904=date1904)}</{prefix}v>"
    if len(value) > limits.TEXT:
        raise CellError(
            say(
                "celda {cell}: el texto tiene {count} caracteres y caben {most}",
                cell=address,
                count=len(value),
                most=limits.TEXT,
            )
        )
    text = escape(xml_text(value))
    if is_formula:
        return ' t="str"', f"<{prefix}v>{text}</{prefix}v>"
    space = ' xml:space="preserve"' if value != value.strip() or "\n" in value else ""
    return ' t="inlineStr"', f"<{prefix}is><{prefix}t{space}>{text}</{prefix}t></{prefix}is>"


def xml_text(text: str) -> str:
    """Escape what the file format writes as `_xHHHH_`: control characters, and texts that look like that."""
    if text.isprintable() and "_x" not in text:
        return text
    marked = _ESCAPED.sub("_x005F_", text).replace("\r", "_x000D_")
    return _CONTROL.sub(lambda match: f"_x{ord(match[0]):04X}_", marked)


def _plain(value: Decimal) -> str:
    return str(int(value)) if value == value.to_integral_value() else repr(float(value))


def _day_number(value: date, *, date1904: bool) -> str:
    epoch = date(1904, 1, 1) if date1904 else date(1899, 12, 30)
    days = (date(value.year, value.month, value.day) - epoch).days
    if not isinstance(value, datetime):
        return str(days)
    return repr(days + (value.hour * 3600 + value.minute * 60 + value.second) / 86400)
