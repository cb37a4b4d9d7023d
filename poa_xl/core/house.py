"""What holds in the office whose plan this is: which columns its plan has, and which rules it keeps."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from poa_xl.core.findings import Severity


@dataclass(frozen=True)
class House:
    """An office's way of writing a plan; by default the customs' own, with every column and every rule.

    Attributes:
        name: What its layout is called.
        fields: The fields that its plan has columns for; None for all of them.
        learns: Whether nobody stated its customs, so that the plan itself must show which rules it keeps: a rule that
            many rows break is none, and what is left of it is no error.
        rules: Rule to the severity that the office gave it; None turns it off.
        codes_per_unit: Whether every unit counts its codes anew.
        any_code: Whether its codes are letters and numbers in any turn, and not numbers between dots.
        number_codes: Whether its codes are numbers to the program, and are read as they show.
        joined_codes: Whether its codes are spread over several columns.
    """

    name: str = "aduana"
    fields: frozenset[str] | None = None
    learns: bool = False
    rules: Mapping[str, Severity | None] = field(default_factory=dict)
    codes_per_unit: bool = False
    any_code: bool = False
    number_codes: bool = False
    joined_codes: bool = False

    def has(self, *names: str) -> bool:
        """Whether its plan has columns for all of some fields."""
        return self.fields is None or self.fields.issuperset(names)
