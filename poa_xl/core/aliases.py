"""Names of units as the office wants them, whatever the rows say."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from poa_xl.core.plan import PROSE, Plan, Row
from poa_xl.core.text import fold


@dataclass(frozen=True)
class Aliases:
    """What the office's list says.

    Attributes:
        words: Misspelled word to right word; applies to every text.
        units: Folded other name of a unit to its official name.
    """

    words: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)

    def text(self, text: str) -> str:
        """Put misspelled words right."""
        for wrong, right in self.words.items():
            text = re.sub(rf"\b{re.escape(wrong)}\b", right, text)
        return text

    def unit(self, text: str) -> str:
        """Return the official name of a unit."""
        text = self.text(text)
        return self.units.get(fold(text), text)

    def row(self, row: Row) -> Row:
        """Put the texts of a row right."""
        changed = {name: new for name in PROSE if (new := self.field(name, row)) != getattr(row, name)}
        return replace(row, **changed) if changed else row  # type: ignore[arg-type]

    def field(self, name: str, row: Row) -> str:
        """Put one text of a row right; a unit's name is also its owner's where offices answer as a whole."""
        text: str = getattr(row, name)
        return self.unit(text) if name in ("unit", "owner") else self.text(text)

    def plan(self, plan: Plan) -> Plan:
        """Put the texts of a plan right."""
        if not self.words and not self.units:
            return plan
        return replace(plan, rows=tuple(map(self.row, plan.rows)))
