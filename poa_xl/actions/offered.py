"""What panels show beside a workbook: each finding with its cell, and the remedy that a press puts there."""

from dataclasses import dataclass
from decimal import Decimal

from poa_xl.actions.load import Opened
from poa_xl.core.codes import Code
from poa_xl.core.findings import Finding
from poa_xl.i18n import number


@dataclass(frozen=True, slots=True)
class Offered:
    """A finding as a panel shows it.

    Attributes:
        rule: Its rule.
        severity: Name of its severity.
        label: The word for that.
        cell: Its cell, in the sheet of the plan.
        line: The row of that sheet.
        code: Code of the row, empty where it has none.
        unit: Unit of the row, likewise.
        value: What the cell shows.
        message: What is wrong.
        suggestion: What would be right.
        remedy: What is to stand in `at`, exact; empty where nobody can tell.
        put: The same as people read it.
        at: The cell for the remedy.
    """

    rule: str
    severity: str
    label: str
    cell: str
    line: int
    code: str
    unit: str
    value: str
    message: str
    suggestion: str
    remedy: str
    put: str
    at: str


def offered(opened: Opened, found: Finding) -> Offered:
    """Return a finding as panels show it."""
    row = opened.plan.row_of(found)
    remedy = found.remedy if found.at in opened.layout.columns else None
    return Offered(
        found.rule,
        found.severity.name,
        found.severity.label,
        opened.plan.where(found).cell,
        row.line,
        str(row.code) if isinstance(row.code, Code) else "",
        row.unit,
        found.value,
        found.message,
        found.suggestion,
        "" if remedy is None else str(remedy),
        number(remedy) if isinstance(remedy, Decimal) else remedy or "",
        "" if remedy is None else row.where(found.at).cell,
    )
