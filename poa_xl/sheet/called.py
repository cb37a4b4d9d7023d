"""Calls of our functions as other programs and other machines write them.

Excel saves the functions of an add-in with the place of its file: `[1]!POA_TIPO(...)` and a link to the startup folder
of whoever saved, or the whole path; other programs put a prefix of their own before what they do not know. Only the
bare name is the same everywhere, but for the pane: functions of Office.js have a namespace before a point.

| where | `POA_TIPO(...)` is written |
|---|---|
| in our code, Excel with the add-in, Calc with the extension | `POA_TIPO(` |
| in Excel with the pane, as people see and type it | `POA.TIPO(` |
| in a file that Excel saved with the pane | `_xldudf_POA_TIPO(` |
"""

import re
from collections.abc import Callable

# As it stands in a workbook, and as Calc writes a function that it knows.
_NAME = r"(?:POA_|ORG\.POAXL\.FUNCTIONS\.POA)[A-Z_]+\("
_PLACE = r"\[(?P<link>\d+)\]!|'(?:[^']|'')*poa_xl(?:[^']|'')*'!|[\w.]*poa_xl[\w.]*!|_xl(?:udf|fn|ws|l)\.|_xldudf_"
# Texts and quoted names are passed over: what looks like a call in them is none.
_CALL = re.compile(
    rf'(?P<text>"(?:[^"]|"")*")|(?P<place>{_PLACE})(?={_NAME})|(?<![\w.])(?P<space>POA)\.(?=[A-Z_]+\()'
    r"|(?P<other>'(?:[^']|'')*'!)",
    re.IGNORECASE,
)
# What a formula has that calls one of them; most have none of it.
_WORDS = ("POA_", "POA.", "POAXL")
_OURS = re.compile(r"""(?P<text>"(?:[^"]|"")*"|'(?:[^']|'')*'!)|(?<![\w.!])POA_(?=[A-Z_]+\()""", re.IGNORECASE)


def bare(formula: str, is_ours: Callable[[int], bool] = lambda _number: True) -> str:
    """Return a formula in which our functions are called by their names alone.

    Args:
        formula: With or without its `=`; separators of any language.
        is_ours: Whether the link of a number leads to our add-in.
    """
    upper = formula.upper()
    if not any(word in upper for word in _WORDS):
        return formula

    def written(match: re.Match[str]) -> str:
        link = match["link"]
        if match["space"]:
            return f"{match['space']}_"
        return "" if match["place"] and (link is None or is_ours(int(link))) else match[0]

    return _CALL.sub(written, formula)


def spaced(formula: str) -> str:
    """Return a formula in which our functions are called as the pane has them: `POA.TIPO(...)`."""
    return _OURS.sub(lambda match: match["text"] or "POA.", formula)
