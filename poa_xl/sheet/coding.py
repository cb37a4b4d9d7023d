"""How the codes of a plan are written, learned from the plan: the majority's form is the house's form."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import NamedTuple

from poa_xl.core.codes import Code, parse_any_code, parse_code
from poa_xl.core.values import Invalid
from poa_xl.sheet.cells import code_of, text_of
from poa_xl.sheet.grid import Grid, Value
from poa_xl.sheet.heading import is_blank

_FEW = 3
_SHARE = 0.2

Read = Callable[[int], "Code | None | Invalid"]


class Codes(NamedTuple):
    """How the codes of a plan are read.

    Attributes:
        read: From row number to code.
        are_any: Whether any letters and numbers in turn are one.
        are_numbers: Whether they are numbers to the program, and are read as they show.
    """

    read: Read
    are_any: bool
    are_numbers: bool


def code_reader(
    grid: Grid,
    columns: tuple[int, ...],
    lines: list[int],
    form: str = "",
    separator: str = ".",
    padding: int = 0,
    *,
    learns: bool = False,
) -> Codes:
    """Learn how to read the codes of a plan.

    Letters and numbers between dots are read as such, and what departs from that is no code. Where too many depart
    to be slips, any letters and numbers in turn are a code. Where most are numbers, they are read as they show; a whole
    number among codes of numbers alone, the `1` above `1.1`, has lost nothing by being one.

    Args:
        grid: The sheet.
        columns: The columns of the code; several where it is spread over them.
        lines: The rows of the plan.
        form: How codes are written, where the office says it: `puntos`, `libre` or `numero`.
        separator: What stands between the parts of a code that is spread over columns.
        padding: Digits that each number of such a code is written with.
        learns: Whether the plan itself shows how its office writes codes.

    Returns:
        How to read them.
    """
    is_spread = len(columns) > 1
    values = _joined(grid, columns, lines, separator, padding) if is_spread else _single(grid, columns, lines)
    texts = [value for value in values.values() if isinstance(value, str) and not is_blank(value)]
    numbers = [line for line, value in values.items() if isinstance(value, Decimal)]
    strange = [text for text in texts if isinstance(parse_code(text), Invalid)]
    strange = [text for text in strange if isinstance(parse_any_code(text), Code)]
    is_free = form == "libre" or (not form and len(strange) >= max(_FEW, _SHARE * len(texts)))
    parse = parse_any_code if is_free else parse_code
    are_numbers = form == "numero" or (not form and len(numbers) >= _FEW and len(numbers) > len(texts))
    codes = [code for text in texts if isinstance(code := parse(text), Code)]
    has_wholes = learns and bool(codes) and not any(code.prefix or code.letters for code in codes)

    def read(line: int) -> Code | None | Invalid:
        value = values.get(line)
        if isinstance(value, Decimal) and (are_numbers or (has_wholes and value == value.to_integral_value())):
            written = grid.shown.get((line, columns[0]), "")
            return parse(written if written[:1].isdecimal() else text_of(value))
        if isinstance(value, str) and parse is parse_any_code:
            found = code_of(value)
            return parse(value) if isinstance(found, Invalid) else found
        return code_of(value)

    return Codes(read, parse is parse_any_code, are_numbers)


def _single(grid: Grid, columns: tuple[int, ...], lines: list[int]) -> Mapping[int, Value]:
    return {line: grid.get(line, column) for line in lines for column in columns}


def _joined(grid: Grid, columns: tuple[int, ...], lines: list[int], separator: str, padding: int) -> dict[int, Value]:
    """Join the parts of every row; a part that is left out is the one above it."""
    found: dict[int, Value] = {}
    last: dict[int, str] = {}
    for line in lines:
        parts = {column: text_of(grid.get(line, column)) for column in columns}
        parts = {column: text.zfill(padding) if text.isdigit() else text for column, text in parts.items()}
        given = [column for column in columns if parts[column]]
        if not given:
            continue
        for number, column in enumerate(columns):
            if not parts[column] and column < given[-1]:
                parts[column] = last.get(column, "")
            elif parts[column]:
                # A new part begins its own count.
                last = {each: text for each, text in last.items() if each in columns[:number]}
                last[column] = parts[column]
        found[line] = separator.join(parts[column] for column in columns if parts[column])
    return found
