"""What a cell says when it does not say what it should."""

from dataclasses import dataclass, field
from enum import Enum, auto

from poa_xl.core.quick import quick


class Flaw(Enum):
    """Why a cell has no value that the plan can use."""

    ERROR = auto()  # the cell holds #REF! or another error
    UNCALCULATED = auto()  # a formula that no program has calculated yet
    NUMERIC = auto()  # a code that the program turned into a number or a date
    MALFORMED = auto()  # not a code, number, date or type of target
    AMBIGUOUS = auto()  # a number that 1.234,56 and 1,234.56 read differently, or a date that may be month first
    FOREIGN = auto()  # an amount that is not in bolivianos: another currency, a percentage
    LIMIT = auto()  # beyond what a cell can hold: see `core.limits`


class Shown(Enum):
    """What a number shows as by the format of its cell."""

    DATE = auto()
    DURATION = auto()
    PERCENT = auto()
    CURRENCY = auto()  # another one than the plan's
    THOUSANDS = auto()  # or millions, and the rest is left out


@dataclass(frozen=True, slots=True)
class Computed:
    """What a formula came to: two of them are the same, for what counts is that a formula stands there.

    Attributes:
        value: What it came to when it was read; None where nobody remembers.
    """

    value: object = field(default=None, compare=False)


@quick(frozen=True, slots=True)
class Invalid:
    """A cell that was read but not understood: kept as it stands, never taken for blank.

    Attributes:
        text: What the cell shows.
        flaw: Why it is no value.
    """

    text: str
    flaw: Flaw
