"""What one cell says, as a value of the plan: the value, None for a blank, `Invalid` for anything else."""

import re
from datetime import date, datetime
from decimal import Decimal

from poa_xl.core.amounts import Style, parse_amount
from poa_xl.core.codes import Code, parse_code
from poa_xl.core.dates import from_serial, parse_date
from poa_xl.core.plan import Amount, Day, TargetKind
from poa_xl.core.text import fold, squeeze
from poa_xl.core.values import Flaw, Invalid
from poa_xl.i18n import number
from poa_xl.sheet.grid import Value

DASHES = ("-", "–", "—")
_ERROR_TEXT = re.compile(r"#([A-Z¡¿/0]+[!?]|N/[AD])")


def text_of(value: Value) -> str:
    """Write any value as a text field holds it."""
    if isinstance(value, str):
        return squeeze(value)
    if isinstance(value, Invalid):
        return value.text
    if isinstance(value, bool):
        return "VERDADERO" if value else "FALSO"
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    return "" if value is None else f"{value:f}"


def shown(value: object) -> str:
    """Return a value as people read it in lists and messages: numbers and dates as the language writes them."""
    if isinstance(value, Invalid):
        return value.text
    if isinstance(value, Decimal):
        return number(value)
    return text_of(value) if isinstance(value, date | bool) else "" if value is None else str(value)


def flaw_of(value: Value) -> Invalid | None:
    """Tell what is wrong with a cell that holds an error or an uncalculated formula."""
    if isinstance(value, str) and _ERROR_TEXT.fullmatch(squeeze(value)):
        return Invalid(squeeze(value), Flaw.ERROR)
    return value if isinstance(value, Invalid) else None


def amount_of(value: Value, style: Style | None = None) -> Amount:
    """Read an amount; a dash is a 0, as it is in accounts. `style` is that of the document, where it is known."""
    if isinstance(value, Decimal | Invalid) or value is None:
        return value
    if isinstance(value, str):
        return Decimal(0) if squeeze(value) in DASHES else parse_amount(value, style)
    return Invalid(text_of(value), Flaw.MALFORMED)


def id_of(value: Value) -> int | None | Invalid:
    """Read a running number."""
    amount = amount_of(value)
    if isinstance(amount, Decimal):
        return int(amount) if amount == amount.to_integral_value() else Invalid(text_of(value), Flaw.MALFORMED)
    return amount


def code_of(value: Value) -> Code | None | Invalid:
    """Read a code; a number or a date is what a program made of one."""
    if isinstance(value, str):
        return flaw_of(value) or parse_code(value)
    if value is None or isinstance(value, Invalid):
        return value
    if isinstance(value, bool):
        return Invalid(text_of(value), Flaw.MALFORMED)
    return Invalid(value.strftime("%Y-%m-%d") if isinstance(value, date) else text_of(value), Flaw.NUMERIC)


def day_of(value: Value, *, date1904: bool) -> Day:
    """Read a date."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, str):
        return flaw_of(value) or parse_date(value)
    if isinstance(value, Decimal):
        return from_serial(float(value), date1904=date1904) or Invalid(text_of(value), Flaw.MALFORMED)
    return Invalid(text_of(value), Flaw.MALFORMED) if isinstance(value, bool) else value


def stated_of(value: Value) -> TargetKind | None | Invalid:
    """Read a Tipo de meta."""
    text = text_of(value)
    if not text or isinstance(value, Invalid):
        return value if isinstance(value, Invalid) else None
    kinds = {fold(kind): kind for kind in TargetKind}
    return kinds.get(fold(text)) or Invalid(text, Flaw.MALFORMED)
