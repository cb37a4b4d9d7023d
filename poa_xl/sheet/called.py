"""Calls of our functions as other programs and other machines write them.

Excel saves the functions of an add-in with the place of its file: `[1]!POA_TIPO(...)` and a link to the startup folder
of whoever saved, or the whole path; other programs put a prefix of their own before what they do not know. Only the
bare name is the same everywhere.
"""

import re
from collections.abc import Callable

# As it stands in a workbook, and as Calc writes a function that it knows.
_NAME = r"(?:POA_|ORG\.POAXL\.FUNCTIONS\.POA)[A-Z_]+\("
_PLACE = r"\[(?P<link>\d+)\]!|'(?:[^']|'')*poa_xl(?:[^']|'')*'!|[\w.]*poa_xl[\w.]*!|_xl(?:udf|fn|ws|l)\.|_xldudf_"
# Texts and quoted names are passed over: what looks like a call in them is none.
_CALL = re.compile(
    rf'(?P<text>"(?:[^"]|"")*")|(?P<place>{_PLACE})(?={_NAME})|(?P<other>\'(?:[^\']|\'\')*\'!)', re.IGNORECASE
)


def bare(formula: str, is_ours: Callable[[int], bool] = lambda _number: True) -> str:
    """Return a formula in which our functions are called by their names alone.

    Args:
        formula: With or without its `=`; separators of any language.
        is_ours: Whether the link of a number leads to our add-in.
    """

    def written(match: re.Match[str]) -> str:
        link = match["link"]
        return "" if match["place"] and (link is None or is_ours(int(link))) else match[0]

    return _CALL.sub(written, formula)
