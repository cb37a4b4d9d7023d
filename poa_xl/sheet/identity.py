"""What a unit's workbook says of itself in its custom properties, so that it is known when it comes back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from textwrap import wrap

from poa_xl.core.codes import Code
from poa_xl.core.numbering import Turn, read_turns, write_turns

# The one property that every workbook of a unit has.
UNIT = "poa-xl unidad"
_PLAN, _YEAR, _VERSION, _SENT, _BASE, _SHEET = (
    f"poa-xl {name}" for name in ("plan", "gestion", "version", "enviado", "base", "hoja")
)
_TURNS = "poa-xl códigos"
_APPROVED = "poa-xl aprobado"
# Excel cuts longer texts.
_LONGEST = 255


@dataclass(frozen=True, slots=True)
class Identity:
    """Whose workbook it is, and of which sending.

    Attributes:
        unit: The executing unit; empty for rows without one.
        plan: Code of the plan's root, such as `GROGR1`.
        year: The year planned; None when nobody knows.
        version: Which sending of this unit's part it is, from 1.
        sent_at: When, ISO.
        base: Key of what was sent, in the history.
        sheet: The plan sheet that was sent.
        turns: By group, which numbers are the unit's for new operations.
        approved: Name of the approved version that the plan was then; empty for none.
    """

    unit: str
    plan: str = ""
    year: int | None = None
    version: int = 0
    sent_at: str = ""
    base: str = ""
    sheet: str = ""
    turns: Mapping[Code, Turn] = field(default_factory=dict, hash=False)
    approved: str = ""

    @property
    def properties(self) -> dict[str, str]:
        """The custom properties that say so."""
        return {
            UNIT: self.unit,
            _PLAN: self.plan,
            _YEAR: str(self.year or ""),
            _VERSION: str(self.version),
            _SENT: self.sent_at,
            _BASE: self.base,
            _SHEET: self.sheet,
            **({_APPROVED: self.approved} if self.approved else {}),
            **{f"{_TURNS} {number}": text for number, text in enumerate(wrap(write_turns(self.turns), _LONGEST), 1)},
        }


def identity_of(properties: Mapping[str, str]) -> Identity | None:
    """Read an identity, whichever blanks a program put around it; None for a workbook that no split made."""
    found = {name.strip(): value.strip() for name, value in properties.items()}
    if UNIT not in found:
        return None
    year, version = (found.get(name, "") for name in (_YEAR, _VERSION))
    return Identity(
        found[UNIT],
        found.get(_PLAN, ""),
        int(year) if year.isdecimal() else None,
        int(version) if version.isdecimal() else 0,
        found.get(_SENT, ""),
        found.get(_BASE, ""),
        # Before the sheet was written down it was always called so.
        found.get(_SHEET) or f"POA {year}".strip(),
        read_turns(" ".join(text for name, text in found.items() if name.startswith(_TURNS))),
        found.get(_APPROVED, ""),
    )
