"""What a check says: which rule, how bad, of which row and field, and what would be right."""

from decimal import Decimal
from enum import IntEnum
from typing import NamedTuple

from poa_xl.core.quick import quick


class Severity(IntEnum):
    """How bad a finding is; the worst sorts first."""

    ERROR = 0
    WARNING = 1

    @property
    def label(self) -> str:
        """The word that planners see."""
        return "ROJO" if self is Severity.ERROR else "AVISO"


@quick(frozen=True, slots=True, order=True)
class Where:
    """A place in a workbook.

    Attributes:
        file: Name of the file, without folders.
        sheet: Name of the sheet, empty when the finding is about the file.
        cell: Address such as `H12`, empty when the finding is about the sheet.
    """

    file: str = ""
    sheet: str = ""
    cell: str = ""

    def __str__(self) -> str:
        place = "!".join(part for part in (self.sheet, self.cell) if part)
        return " ".join(part for part in (self.file, place) if part)


@quick(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, or may be; its address is made at the edge, by `Plan.where`.

    Attributes:
        rule: Short name of the check.
        severity: Error or warning.
        index: Index of the row in the plan.
        field: Name of the field, one of `DECIDED`.
        value: What the cell shows.
        expected: What it should show, empty when nobody can tell.
        message: What is wrong, a sentence.
        suggestion: What would fix it, empty when nobody can tell.
        remedy: The number, or the text of partidas, that would fix it when it stood in the cell; None where that is not
            all, or not sure.
        at: The field of the same row in which the remedy would have to stand.
    """

    rule: str
    severity: Severity
    index: int
    field: str
    value: str
    expected: str
    message: str
    suggestion: str = ""
    remedy: Decimal | str | None = None
    at: str = ""


class Located(NamedTuple):
    """A finding with its address: what findings of several sheets are listed by."""

    where: Where
    finding: Finding
