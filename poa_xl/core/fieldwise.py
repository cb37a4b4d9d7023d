"""One row of the master against the versions of it that files offer: field by field."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from poa_xl.core.blocks import adds_up, all_fields, value_of
from poa_xl.core.dress import said_of
from poa_xl.core.offers import Offer, View
from poa_xl.core.outcomes import Decision, Fate, Outcome, Policy, Ruling, SetField, Side
from poa_xl.core.plan import Row
from poa_xl.core.returned import is_blank, same
from poa_xl.core.text import fold
from poa_xl.i18n import say


@dataclass(frozen=True)
class Version:
    """A row as a file offers it, and as it was sent; None when nobody knows."""

    offer: Offer
    base: Row | None
    row: Row

    def wants(self, name: str, master: object) -> bool:
        """Whether it asks for another value than the master's."""
        theirs = value_of(self.row, name)
        if same(theirs, master, name):
            return False
        return not is_blank(theirs) if self.base is None else not same(theirs, value_of(self.base, name), name)

    def is_clean(self, name: str, master: object) -> bool:
        """Whether the office left a field as it was sent, or blank where nobody knows."""
        return is_blank(master) if self.base is None else same(master, value_of(self.base, name), name)


def decide_row(view: View, index: int, versions: Sequence[Version], line: int = 0) -> list[Decision]:
    """Decide about the fields of a row that some version wants to be otherwise.

    Args:
        view: The master.
        index: The row.
        versions: What files offer for it.
        line: Its number among the lines of its operation, from 1; 0 for the operation or group itself.
    """
    present = view.master.rows[index]
    names = [name for name in all_fields(present) if name != "code" or line]
    # What a formula comes to depends on the other fields.
    names.sort(key=lambda name: (index, name) in view.limits.formulas)
    decided: list[Decision] = []
    for name in names:
        wanting = [each for each in versions if each.wants(name, value_of(present, name))]
        if wanting:
            taken = {(index, each.edit.field): each.edit.value for each in decided if isinstance(each.edit, SetField)}
            decided += _field(view, index, name, wanting, line, taken)
    return decided


def open_fields(decisions: Sequence[Decision], file: str) -> list[str]:
    """Return the fields of a file's version about which nothing could be decided, or whose change is not taken."""
    outcomes = (each.outcome for each in decisions)
    return [each.field for each in outcomes if each.file == file and each.fate in (Fate.CONFLICT, Fate.REJECTED)]


def _field(
    view: View, index: int, name: str, versions: Sequence[Version], line: int, taken: dict[tuple[int, str], object]
) -> Iterator[Decision]:
    """Decide about one field: a value goes in when it is the only one and the office left the field alone."""
    master = value_of(view.master.rows[index], name)
    several = any(not same(value_of(each.row, name), value_of(versions[0].row, name), name) for each in versions)
    is_clean = any(each.is_clean(name, master) for each in versions)
    rulings: list[Ruling] = []
    offered = []
    outcomes = []
    for each in versions:
        was = value_of(each.base, name) if each.base is not None else None
        outcome = Outcome(
            Fate.CONFLICT,
            each.offer.file,
            each.offer.code,
            line,
            name,
            was,
            master,
            value_of(each.row, name),
            each.row.where(name),
            _reason(view, index, name, each, taken, several=several),
        )
        if name in view.limits.closed:
            yield Decision(replace(outcome, fate=Fate.REJECTED, reason=view.limits.closed[name]))
            continue
        offered.append(each)
        outcomes.append(outcome)
        is_agreed = not outcome.reason and (is_clean or _gives(view, index, name, outcome.theirs, taken))
        rulings.append(Side.UNIT if is_agreed else _ruling(view.policy, outcome, several=several))
    if not outcomes:
        return
    wanted = [each.theirs for each, ruling in zip(outcomes, rulings, strict=True) if ruling is Side.UNIT]
    is_split = any(not same(each, wanted[0], name) for each in wanted)
    barred = view.limits.bar((index, name))
    for each, outcome, ruling in zip(offered, outcomes, rulings, strict=True):
        if ruling is Side.UNIT and barred:
            yield Decision(outcome)
        elif ruling is Side.UNIT and is_split:
            yield Decision(replace(outcome, reason=say("dos decisiones dicen unidad, y traen otro valor cada una")))
        elif ruling is Side.UNIT:
            # The master shows the number in a format of its own: how it showed in the file is told here alone.
            done = replace(outcome, fate=Fate.TAKEN, reason=said_of([each.row], name))
            yield Decision(done, SetField(index, name, outcome.theirs))
        elif ruling is Side.MASTER:
            yield Decision(replace(outcome, fate=Fate.MASTER, reason=""))
        else:
            yield Decision(outcome)


def _ruling(policy: Policy, outcome: Outcome, *, several: bool) -> Ruling:
    return policy.decide(outcome) if several else policy.side(outcome)


def _reason(
    view: View, index: int, name: str, version: Version, taken: dict[tuple[int, str], object], *, several: bool
) -> str:
    """Say why a value does not go in by itself; nothing when it may."""
    theirs = value_of(version.row, name)
    unit = version.offer.source.unit
    barred = view.limits.bar((index, name))
    if barred or several:
        return barred or say("otro archivo trae otro valor")
    if name == "unit" and unit is not None and is_blank(theirs):
        return say("la unidad dejó en blanco de quién es la fila")
    if name == "unit" and unit is not None and fold(str(theirs)) != fold(unit):
        return say("la unidad pasa la fila a otra: {unit}", unit=str(theirs))
    is_formula = (index, name) in view.limits.formulas
    if is_formula and not (name == "budget" and adds_up(version.row, version.offer.theirs.lines)):
        is_given = _gives(view, index, name, theirs, taken)
        return "" if is_given else say("la celda del maestro tiene una fórmula")
    return ""


def _gives(view: View, index: int, name: str, theirs: object, taken: dict[tuple[int, str], object]) -> bool:
    """Whether the master's cell is a formula that comes to a value once what is taken stands there."""
    comes_to = view.limits.compute(index, name, taken) if (index, name) in view.limits.formulas else None
    return comes_to is not None and same(comes_to, theirs)
