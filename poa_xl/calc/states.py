"""Which buttons make sense in a workbook that is open in Calc, and whether its colours are on.

Calc asks as it draws menu and toolbars, so nothing is read here but what it has at hand.
"""

from typing import Any

# As `poa_xl.sheet.identity` has it, which takes a moment to import.
_UNIT = "poa-xl unidad"


def is_of_unit(document: Any) -> bool:
    """Whether this is the workbook of a unit, in which the regional office's buttons do nothing."""
    known = document.DocumentProperties.UserDefinedProperties.PropertySetInfo.Properties
    return any(each.Name.strip() == _UNIT for each in known)


def is_painted(sheet: Any) -> bool:
    """Whether conditional formats of ours stand on a sheet."""
    formats = sheet.ConditionalFormats.getConditionalFormats()
    if not formats:
        return False
    from poa_xl.sheet.control import asks_state  # noqa: PLC0415 - see above

    entries = (each.getByIndex(number) for each in formats for number in range(each.getCount()))
    return any(asks_state(str(getattr(each, "Formula1", ""))) for each in entries)
