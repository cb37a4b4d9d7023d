"""What number formats make of a number: a date, a percentage, or just a number."""

import re

_QUOTED = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.')


def kind_of(code: str) -> str:
    """Return what a format shows a number as: `date`, `percent`, or empty for a number.

    Args:
        code: The format as files hold it, in English: `dd/mm/yyyy;@`.
    """
    bare = _QUOTED.sub("", code.partition(";")[0]).lower()
    if "%" in bare:
        return "percent"
    return "date" if re.search(r"[dmyhs]", bare) and "general" not in bare else ""
