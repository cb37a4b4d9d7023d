"""What sheets, titles and files are called."""

import re
from collections import Counter

from poa_xl.core.codes import Code
from poa_xl.core.plan import Plan
from poa_xl.core.text import fold, squeeze
from poa_xl.i18n import say

_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f-\x9f]')
# What Windows takes for a device, whatever the extension.
_DEVICE = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])(\..*)?", re.IGNORECASE)
_LONGEST = 80
# Linux counts bytes, and needs room for a number and the extension.
_MOST_BYTES = 200


def sheet_name(plan: Plan) -> str:
    """Name the plan sheet after the planned year."""
    return f"POA {plan.planned_year}" if plan.planned_year else "POA"


def root_of(plan: Plan) -> str:
    """Name a plan by the code of its root, such as `GROGR1`; by its prefix where several share it."""
    tops = {row.code for row in plan.rows if isinstance(row.code, Code) and not row.code.depth > 1}
    return str(tops.pop()) if len(tops) == 1 else plan.prefix


def title_of(plan: Plan) -> tuple[str, ...]:
    """Title block of a plan that brings none: what it is, and whose."""
    first = say("PLAN OPERATIVO ANUAL {year}", year=str(plan.planned_year or "")).strip()
    regions = Counter(row.unit for row in plan.rows if row.unit.startswith("Gerencia Regional"))
    return (first, f"Aduana Nacional · {regions.most_common(1)[0][0]}") if regions else (first,)


def file_name(unit: str, taken: set[str]) -> str:
    """Name the workbook of a unit as every system can; `taken` holds the folded names in use and gets the new one."""
    stem = squeeze(_FORBIDDEN.sub(" ", unit))[:_LONGEST].encode()[:_MOST_BYTES].decode(errors="ignore").strip(" .")
    stem = f"Unidad {stem}" if _DEVICE.fullmatch(stem) else stem or say("Sin unidad")
    name, number = stem, 1
    while fold(name) in taken:
        number += 1
        name = f"{stem} ({number})"
    taken.add(fold(name))
    return f"{name}.xlsx"
