"""What a spreadsheet program can hold, in one table: each limit once, with the sentence that says it.

What passes the reading can be written again: a value beyond a limit comes as `Invalid`, never as a value.
"""

import re
from dataclasses import dataclass
from decimal import Decimal

from poa_xl.core.values import Flaw, Invalid
from poa_xl.i18n import say

# Excel's own; Calc holds as much or more.
TEXT = 32_767  # UTF-16 units of a cell
FORMULA = 8_192
LITERAL = 255  # characters of a text in a formula
ROWS, COLUMNS = 1_048_576, 16_384  # XFD
ROW_HEIGHT = 409.5  # points
SHEET_NAME = 31
PROMPT, PROMPT_TITLE = 255, 32  # of a validation
DIGITS = 15  # of a number that is kept as it is typed
FIRST_YEAR, LAST_YEAR = 1900, 9999
# Ours: no plan comes near, and what does is a slip.
AMOUNT = Decimal(10) ** DIGITS
SMALLEST = -20  # exponent of an amount's first digit
CODE_PARTS, CODE_DIGITS = 32, 9
_SHOWN = 40
# What no XML can hold: halves of characters and the two codes that are none.
_UNWRITABLE = re.compile("[\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Limit:
    """What is wrong with a value beyond a limit, and what to do; sentences for people."""

    message: str
    suggestion: str


def limit_of(field: str, *, is_text: bool) -> Limit:
    """Say what a field cannot hold: `start`, `code`, another text, else an amount such as `budget`."""
    if field in ("start", "end"):
        message = say("las fechas de una hoja van de {first} a {last}", first=str(FIRST_YEAR), last=str(LAST_YEAR))
        return Limit(message, say("escribir la fecha completa: día/mes/año"))
    if field == "code":
        message = say(
            "un código tiene a lo más {parts} partes de {digits} cifras", parts=CODE_PARTS, digits=CODE_DIGITS
        )
        return Limit(message, say("escribir el código de la fila"))
    if is_text:
        message = say("una celda tiene a lo más {most} caracteres, y solo los que se pueden guardar", most=TEXT)
        return Limit(message, say("acortar el texto, o escribirlo de nuevo"))
    message = say("una celda guarda {digits} cifras, y ningún plan pasa de {most}", digits=DIGITS, most=AMOUNT)
    return Limit(message, say("escribir el número con menos cifras"))


def within(amount: Decimal, shown: str = "") -> Decimal | Invalid:
    """Return an amount that a cell keeps digit by digit; `Invalid` for any other. Exponents are never written out."""
    _, digits, exponent = amount.as_tuple()
    if not isinstance(exponent, int):
        return Invalid(shown or str(amount), Flaw.MALFORMED)
    if not amount:
        return Decimal(0) if exponent else amount
    is_long = len(digits) > DIGITS and len("".join(map(str, digits)).rstrip("0")) > DIGITS
    if is_long or not SMALLEST <= amount.adjusted() < DIGITS:
        return Invalid(cut(shown or str(amount)), Flaw.LIMIT)
    return amount


def writable(text: str) -> str | Invalid:
    """Return a text that a cell can hold; `Invalid` for any other."""
    if len(text) * 2 > TEXT and len(text.encode("utf-16-le", "surrogatepass")) > TEXT * 2:
        return Invalid(cut(text), Flaw.LIMIT)
    if not text.isascii() and _UNWRITABLE.search(text):
        return Invalid(cut(_UNWRITABLE.sub("\ufffd", text)), Flaw.LIMIT)
    return text


def cut(text: str) -> str:
    """Shorten a text for a message."""
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
