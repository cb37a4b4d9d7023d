"""The workbook that a consolidation goes into: one that is there, or none yet."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeAlias

from poa_xl.actions.load import Opened
from poa_xl.actions.mapping import pinned
from poa_xl.actions.naming import root_of
from poa_xl.actions.tracking import reported_plan
from poa_xl.core.aliases import Aliases
from poa_xl.core.keys import keyed, keys_of
from poa_xl.core.plan import Plan
from poa_xl.sheet import ledger
from poa_xl.sheet.grid import Grid
from poa_xl.sheet.own import own_columns
from poa_xl.sheet.profile import PLAIN, Profile


@dataclass(frozen=True)
class Fresh:
    """No master yet: it is made from what comes."""

    plan: Plan = field(default_factory=lambda: Plan(()))
    run: None = None
    root: str = ""
    profile: Profile = PLAIN
    own: frozenset[str] = frozenset()
    saved: tuple[str, str] = ("", "")

    def written(self, _: str) -> None:
        """Return None: no run has written anything."""


@dataclass(frozen=True)
class Existing:
    """A master that is there.

    Attributes:
        opened: Its plan in its workbook.
        data: Its bytes.
        stamp: Their hash.
        mark: What the last run wrote down in it.
        saved: Who saved it last, and when.
        names: The office's list of unit names.
    """

    opened: Opened
    data: bytes
    stamp: str
    mark: Mapping[str, str]
    saved: tuple[str, str]
    names: Aliases

    @cached_property
    def plan(self) -> Plan:
        """Its plan, units called as the office wants, its rows told apart by code or by key."""
        plan = self.names.plan(reported_plan(self.opened))
        layout = self.opened.layout
        return keyed(plan, keys_of(plan, by_row=layout.profile.by_row)) if layout.recognised is not None else plan

    @property
    def root(self) -> str:
        """Code of its root."""
        return root_of(self.names.plan(self.opened.plan))

    @property
    def profile(self) -> Profile:
        """What is known of its layout, for workbooks that show less of it."""
        return pinned(self.opened) if self.opened.layout.recognised is not None else PLAIN

    @property
    def own(self) -> frozenset[str]:
        """Names of the columns that it has besides those of fields."""
        return frozenset(own_columns(self.opened.layout))

    @property
    def run(self) -> str | None:
        """The run that wrote it; None when none did."""
        return self.mark.get("run")

    @property
    def sheets(self) -> list[str]:
        """Names of the sheets that the last run wrote."""
        return self.mark.get("sheets", "").split("|")

    def written(self, name: str) -> Grid | None:
        """Return a sheet that the last run wrote, by what it was called then; None when there is none."""
        return ledger.own_sheets(self.opened.others, self.sheets).get(name)


Master: TypeAlias = Fresh | Existing
