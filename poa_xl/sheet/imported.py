"""From repaired rows of a printed plan to a plan."""

from collections.abc import Sequence
from decimal import Decimal

from poa_xl.core.amounts import Style, parse_amount
from poa_xl.core.plan import Plan
from poa_xl.sheet.fields import NUMBERS
from poa_xl.sheet.grid import Grid, Value
from poa_xl.sheet.headers import Layout
from poa_xl.sheet.parse import parse
from poa_xl.sheet.printed import COLUMNS
from poa_xl.sheet.repair import Repaired

_LAYOUT = Layout(0, 0, {field: column for column, field in enumerate(COLUMNS, 1)}, {})


def plan_of(rows: Sequence[Repaired], style: Style, file: str, year: int | None = None) -> Plan:
    """Read repaired rows as a plan.

    Args:
        rows: The rows; the line in the text becomes the row number of the addresses.
        style: How the document writes numbers: `906,000` has one reading there.
        file: Name of the text, for addresses.
        year: The year planned, when it is known.

    Returns:
        One row of the plan per repaired row.
    """
    cells = {
        row.line: {
            column: value
            for column, field in enumerate(COLUMNS, 1)
            if (value := _value(field, row.cells[field], style)) is not None
        }
        for row in rows
    }
    return parse(Grid("", cells), _LAYOUT, file, year).plan


def _value(field: str, text: str, style: Style) -> Value:
    number = parse_amount(text, style) if field in NUMBERS else None
    return number if isinstance(number, Decimal) else text or None
