"""What number formats make of a number: a date, a percentage, or just a number."""

import re
from decimal import Decimal

from poa_xl.core.amounts import parse_number

# How many times the number that it holds a cell shows.
FACTORS = {"percent": 100, "hours": 24, "minutes": 24 * 60, "seconds": 24 * 60 * 60}
# What a form starts with that shows a number of digits whatever the number is: `0.00`, `000`.
FIXED = "0"
_ELAPSED = re.compile(r"\[(h+|m+|s+)\]")
_UNITS = {"h": "hours", "m": "minutes", "s": "seconds"}
_QUOTED = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.')


def kind_of(code: str) -> str:
    """Return what a format shows a number as: `date`, a key of `FACTORS`, a form such as `0.00`, or empty for a number.

    Args:
        code: The format as files hold it, in English: `dd/mm/yyyy;@`.
    """
    if elapsed := _ELAPSED.search(code.lower()):
        return _UNITS[elapsed[1][0]]
    bare = _QUOTED.sub("", code.partition(";")[0]).lower()
    if "%" in bare:
        return "percent"
    if re.fullmatch(r"0+(\.0+)?", bare):
        return "" if bare == "0" else bare
    return "date" if re.search(r"[dmyhs]", bare) and "general" not in bare else ""


def scaled_by(number: Decimal, kind: str) -> Decimal:
    """Return what people read of a number under a key of `FACTORS`: 0.36 shows as 36 %, 1.5 days as 36 hours."""
    factor = FACTORS[kind]
    return number * factor if kind == "percent" else parse_number(f"{float(number) * factor:.12g}")


def fixed(number: Decimal, form: str) -> str:
    """Write a number as a form of zeros shows it: 1.1 under `0.00` is 1.10, 7 under `000` is 007."""
    whole, _, places = form.partition(".")
    width = len(whole) + (len(places) + 1 if places else 0)
    return f"{number:0{width}.{len(places)}f}"
