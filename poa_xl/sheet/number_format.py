"""What number formats make of a number: a date, a percentage, or just a number."""

import re

# How many times the number that it holds a cell shows.
FACTORS = {"percent": 100, "hours": 24, "minutes": 24 * 60, "seconds": 24 * 60 * 60}
_ELAPSED = re.compile(r"\[(h+|m+|s+)\]")
_UNITS = {"h": "hours", "m": "minutes", "s": "seconds"}
_QUOTED = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.')


def kind_of(code: str) -> str:
    """Return what a format shows a number as: `date`, a key of `FACTORS`, or empty for a number.

    Args:
        code: The format as files hold it, in English: `dd/mm/yyyy;@`.
    """
    if elapsed := _ELAPSED.search(code.lower()):
        return _UNITS[elapsed[1][0]]
    bare = _QUOTED.sub("", code.partition(";")[0]).lower()
    if "%" in bare:
        return "percent"
    return "date" if re.search(r"[dmyhs]", bare) and "general" not in bare else ""
