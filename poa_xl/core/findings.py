"""What a check says: which rule, how bad, in which cell, and what would be right."""

from dataclasses import dataclass
from enum import IntEnum


class Severity(IntEnum):
    """How bad a finding is; the worst sorts first."""

    ERROR = 0
    WARNING = 1

    @property
    def label(self) -> str:
        """The word that planners see."""
        return "ROJO" if self is Severity.ERROR else "AVISO"


@dataclass(frozen=True, slots=True, order=True)
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


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, or may be.

    Attributes:
        rule: Short name of the check.
        severity: Error or warning.
        where: The cell to look at.
        value: What the cell shows.
        expected: What it should show, empty when nobody can tell.
        message: What is wrong, a sentence.
        suggestion: What would fix it, empty when nobody can tell.
    """

    rule: str
    severity: Severity
    where: Where
    value: str
    expected: str
    message: str
    suggestion: str = ""
