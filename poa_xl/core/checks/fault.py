"""What a check yields, before rule, severity and address are added."""

from collections.abc import Iterator
from decimal import Decimal

from poa_xl.core.findings import Finding, Severity
from poa_xl.core.plan import Plan
from poa_xl.core.quick import quick
from poa_xl.core.values import Flaw


@quick(frozen=True, slots=True)
class Fault:
    """A breach of a rule.

    Attributes:
        index: Index of the row in the plan.
        field: Name of the field, one of `DECIDED`.
        value: What the cell shows.
        message: What is wrong, a sentence.
        suggestion: What would fix it.
        expected: What the cell should show.
        remedy: The number, or the text of partidas, that would fix it when it stood in the cell.
        at: The field of the same row in which that would have to stand, where it is another one.
    """

    index: int
    field: str
    value: str
    message: str
    suggestion: str = ""
    expected: str = ""
    remedy: Decimal | str | None = None
    at: str = ""

    def finding(self, rule: str, severity: Severity) -> Finding:
        """Return it as a finding of a rule."""
        return Finding(
            rule,
            severity,
            self.index,
            self.field,
            self.value,
            self.expected,
            self.message,
            self.suggestion,
            self.remedy,
            self.at or self.field,
        )


def invalid(plan: Plan, fields: tuple[str, ...], *flaws: Flaw) -> Iterator[tuple[int, str, str]]:
    """Yield row index, field and text of every cell of some fields that has one of some flaws."""
    return ((index, name, value.text) for index, name, value in plan.invalid if value.flaw in flaws and name in fields)
