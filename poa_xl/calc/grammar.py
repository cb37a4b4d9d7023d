"""Formulas as Excel writes them and as Calc writes them for programs; most differ in one separator only.

Calc has a parser for either grammar, but hands its tokens over one by one, which costs 5 ms a formula. What is only
made of the parts below is translated here; for the rest the parser is asked.
"""

import re

_SAME_NAMES = frozenset(
    {
        "ABS",
        "ADDRESS",
        "AND",
        "AVERAGE",
        "AVERAGEIF",
        "CHAR",
        "CHOOSE",
        "COLUMN",
        "COUNT",
        "COUNTA",
        "COUNTBLANK",
        "COUNTIF",
        "COUNTIFS",
        "DATE",
        "DAY",
        "FALSE",
        "FIND",
        "FIXED",
        "HLOOKUP",
        "HYPERLINK",
        "IF",
        "IFERROR",
        "INDEX",
        "INT",
        "ISBLANK",
        "ISERROR",
        "ISLOGICAL",
        "ISNA",
        "ISNUMBER",
        "ISTEXT",
        "LEFT",
        "LEN",
        "LOWER",
        "MATCH",
        "MAX",
        "MID",
        "MIN",
        "MOD",
        "MONTH",
        "N",
        "NOT",
        "OFFSET",
        "OR",
        "RIGHT",
        "ROUND",
        "ROW",
        "ROWS",
        "SEARCH",
        "SUBSTITUTE",
        "SUM",
        "SUMIF",
        "SUMIFS",
        "SUMPRODUCT",
        "SUMSQ",
        "TEXT",
        "TODAY",
        "TRIM",
        "TRUE",
        "UPPER",
        "VALUE",
        "VLOOKUP",
        "YEAR",
    }
)
_PARTS = re.compile(
    r'(?P<text>"[^"]*")|(?P<name>[A-Z]+)\(|(?P<truth>TRUE|FALSE)(?![A-Z0-9])|\$?[A-Z]{1,3}\$?[0-9]+(?![A-Z0-9(])|[0-9]+(?:\.[0-9]+)?(?:E[+-]?[0-9]+)?'
    r"|[-+*/^&=<>%() :{}]|(?P<separator>[,;])"
)


def to_calc(formula: str) -> str | None:
    """Write a formula of Excel as Calc's `setFormula` takes it; None when that needs the parser."""
    return _swapped(formula, ",", ";")


def to_excel(formula: str) -> str | None:
    """Write a formula of Calc's `getFormula` as Excel does; None when that needs the parser."""
    return _swapped(formula, ";", ",")


def _swapped(formula: str, old: str, new: str) -> str | None:
    place, parts = 0, []
    for found in _PARTS.finditer(formula):
        name = found["name"]
        if found.start() != place or (name and name not in _SAME_NAMES) or found["separator"] not in (None, old):
            return None
        parts.append(new if found["separator"] else f"{found[0]}()" if found["truth"] else found[0])
        place = found.end()
    return "".join(parts) if place == len(formula) else None
