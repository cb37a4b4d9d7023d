"""What one cell says, as a value of the plan: the value, None for a blank, `Invalid` for anything else."""

import re
from datetime import date, datetime
from decimal import Decimal

from poa_xl.core.amounts import Style, is_percentage, parse_amount, without_sign
from poa_xl.core.codes import Code, parse_code
from poa_xl.core.dates import from_serial, has_two_readings, parse_date, to_serial
from poa_xl.core.limits import DIGITS, FIRST_YEAR, within, writable
from poa_xl.core.plan import Amount, Day, TargetKind
from poa_xl.core.text import fold, squeeze
from poa_xl.core.values import Computed, Flaw, Invalid
from poa_xl.i18n import number, say
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
        return f"{value.day:02}/{value.month:02}/{value.year:04}"
    if isinstance(value, Decimal) and abs(value.adjusted()) > DIGITS:
        return str(value)
    return "" if value is None else f"{value:f}"


def shown(value: object) -> str:
    """Return a value as people read it in lists and messages: numbers and dates as the language writes them."""
    if value is None or type(value) is str:
        return value or ""
    if isinstance(value, Invalid):
        return value.text
    if isinstance(value, Computed):
        return say("(fórmula)")
    if isinstance(value, Decimal):
        return number(value)
    return text_of(value) if isinstance(value, date | bool) else str(value)


def flaw_of(value: Value) -> Invalid | None:
    """Return what is wrong with a cell that holds an error, an uncalculated formula, or what no cell can hold."""
    if isinstance(value, str):
        kept = writable(value)
        if isinstance(kept, Invalid):
            return kept
        is_error = "#" in value and _ERROR_TEXT.fullmatch(squeeze(value))
        return Invalid(squeeze(value), Flaw.ERROR) if is_error else None
    return value if isinstance(value, Invalid) else None


def amount_of(
    value: Value, style: Style | None = None, *, sign: str = "", is_money: bool = False, date1904: bool = False
) -> Amount:
    """Read an amount.

    Args:
        value: What the cell holds. A dash is a 0, as it is in accounts; a date is the number that shows as one.
        style: How numbers that are texts are written, where that is known.
        sign: The sign of the plan's own currency, where it is not bolivianos.
        is_money: Whether it states bolivianos, of which a percentage is none.
        date1904: Whether day numbers count from 1904.
    """
    if isinstance(value, Decimal):
        return within(value)
    if isinstance(value, Invalid) or value is None:
        return value
    if isinstance(value, str):
        bare = without_sign(value, sign)
        read = Decimal(0) if squeeze(bare) in DASHES else parse_amount(bare, style)
        if isinstance(read, Invalid) and bare != value:
            read = Invalid(squeeze(value), read.flaw)
        is_share = is_money and isinstance(read, Decimal) and is_percentage(value)
        return Invalid(squeeze(value), Flaw.FOREIGN) if is_share else read
    if isinstance(value, date) and value.year >= FIRST_YEAR:
        return to_serial(value, date1904=date1904)
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


def day_of(value: Value, *, date1904: bool, is_doubtful: bool = False) -> Day:
    """Read a date.

    Args:
        value: What the cell holds.
        date1904: Whether day numbers count from 1904.
        is_doubtful: Whether other dates have the month first, so that one that may be read so is in doubt.
    """
    if isinstance(value, date) and value.year < FIRST_YEAR:
        return Invalid(text_of(value), Flaw.LIMIT)
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, str):
        found = flaw_of(value) or parse_date(value)
        is_open = is_doubtful and isinstance(found, date) and has_two_readings(value)
        return Invalid(squeeze(value), Flaw.AMBIGUOUS) if is_open else found
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
