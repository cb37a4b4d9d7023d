"""What number formats make of a number: a date, a percentage, or just a number."""

import re
from decimal import Decimal

from poa_xl.core.amounts import parse_number, sign_of

# How many times the number that it holds a cell shows.
FACTORS = {"percent": 100, "hours": 24, "minutes": 24 * 60, "seconds": 24 * 60 * 60}
# What a form starts with that shows a number of digits whatever the number is: `0.00`, `000`.
FIXED = "0"
# What a form starts with that shows another currency: its sign follows.
MONEY = "¤"
# What a form starts with that shows thousands of what the number is, or thousands of those: how many times follows.
THOUSANDS = ","
# The form that puts the sign of a percentage behind a number that is none.
SHARE = "%"
WRITTEN = (FIXED, MONEY, THOUSANDS, SHARE)
_ELAPSED = re.compile(r"\[(h+|m+|s+)\]")
_UNITS = {"h": "hours", "m": "minutes", "s": "seconds"}
# A sign of currency with its country, or a country alone.
_SIGN = re.compile(r"\[\$([^\]-]*)(?:-[^\]]*)?\]")
_BESIDE = re.compile(r"\[[^\]]*\]|[_*].|[\"\\]|[#0?][#0?,.]*")
_LEFT_OUT = re.compile(r"[0#?](,+)(?=[^0#?,]|$)")
_TYPED_SHARE = re.compile(r'"[^"]*%[^"]*"|\\%')
_QUOTED = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.')


def kind_of(code: str) -> str:
    """Return what a format shows a number as: `date`, a key of `FACTORS`, or a form; nothing for a plain number.

    Forms are `0.00`, `¤US$`, `,1` for thousands and `,2` for millions, `%` for a sign that only stands behind.

    Args:
        code: The format as files hold it, in English: `dd/mm/yyyy;@`.
    """
    if elapsed := _ELAPSED.search(code.lower()):
        return _UNITS[elapsed[1][0]]
    first = code.partition(";")[0]
    bare = _QUOTED.sub("", first).lower()
    if "%" in bare:
        return "percent"
    if left_out := _LEFT_OUT.search(bare):
        return f"{THOUSANDS}{len(left_out[1])}"
    if _TYPED_SHARE.search(first) and re.search(r"[0#?]", bare):
        return SHARE
    if re.fullmatch(r"0+(\.0+)?", bare):
        return "" if bare == "0" else bare
    if re.search(r"[dmyhs]", bare) and "general" not in bare:
        return "date"
    sign = sign_of(_BESIDE.sub("", _SIGN.sub(r" \1 ", first)) + " 1")
    return f"{MONEY}{sign}" if sign else ""


def scaled_by(number: Decimal, kind: str) -> Decimal:
    """Return what people read of a number under a key of `FACTORS`: 0.36 shows as 36 %, 1.5 days as 36 hours."""
    factor = FACTORS[kind]
    return number * factor if kind == "percent" else parse_number(f"{float(number) * factor:.12g}")


def unscaled(number: Decimal, factor: int) -> Decimal:
    """Return the number that a cell holds of which people read so many times it: the reverse of `scaled_by`."""
    return number / factor if factor == FACTORS["percent"] else parse_number(f"{float(number) / factor:.12g}")


def fixed(number: Decimal, form: str) -> str:
    """Write a number as a form shows it: 1.1 under `0.00` is 1.10, 7 under `000` is 007, 5 under `¤€` is € 5.

    Of thousands the form itself stands before the number, which is all that anybody asks.
    """
    if form == SHARE:
        return f"{number:f}{SHARE}"
    if form.startswith(THOUSANDS):
        return f"{form} {number:f}"
    if form.startswith(MONEY):
        return f"{form.removeprefix(MONEY)} {number:f}"
    whole, _, places = form.partition(".")
    width = len(whole) + (len(places) + 1 if places else 0)
    return f"{number:0{width}.{len(places)}f}"
