"""Codes for new operations: each unit of a group has turns of its own, so that no two units take the same one.

Of the units that work in a group, in the order of their names, the first one takes the numbers that leave 0 when
divided by how many they are, the second one those that leave 1, and so on. That holds from one sending to the next, as
long as the same units work there. Where units number for themselves, or one works alone, every number is its own.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import filterfalse

from poa_xl.core.codes import Code, read_code
from poa_xl.core.plan import Kind, Plan
from poa_xl.core.text import fold

_LAST_NUMBER = re.compile(r"\d+(?=\D*\Z)")
_WRITTEN = re.compile(r"(\S+)>(\d+):(\d+)/([1-9]\d*)")


@dataclass(frozen=True, slots=True)
class Turn:
    """Which numbers of a group are one's own.

    Attributes:
        last: The highest number that the group had when turns were given.
        rest: What the own numbers leave when divided by `step`.
        step: How many share the numbers.
    """

    last: int
    rest: int = 0
    step: int = 1

    def numbers(self) -> Iterator[int]:
        """Yield the own numbers above the last one, without end."""
        number = self.last + 1 + (self.rest - self.last - 1) % self.step
        while True:
            yield number
            number += self.step


def turns(plan: Plan) -> dict[str, dict[Code, Turn]]:
    """Return the turns of each unit in the groups where it has operations: by folded name of the unit, by group."""
    units: dict[Code, set[str]] = defaultdict(set)
    last: dict[Code, int] = defaultdict(int)
    owners: dict[Code, set[str]] = defaultdict(set)
    for index, code in plan.coded():
        group, unit = code.parent, fold(plan.rows[index].unit)
        if group is None:
            continue
        last[group] = max(last[group], code.parts[-1])
        if plan.rows[index].kind is Kind.OPERATION:
            units[group].add(unit)
            owners[code].add(unit)
    # Most codes are those of several units: each unit numbers for itself.
    is_each_for_itself = sum(len(names) > 1 for names in owners.values()) * 2 > len(owners)
    found: dict[str, dict[Code, Turn]] = defaultdict(dict)
    for group, names in units.items():
        for rest, unit in enumerate(sorted(names)):
            found[unit][group] = Turn(last[group]) if is_each_for_itself else Turn(last[group], rest, len(names))
    return dict(found)


def free_codes(plan: Plan, group: Code, turn: Turn | None = None) -> Iterator[Code]:
    """Yield codes for new operations of a group, written as those beside them are; none where they end in letters.

    Args:
        plan: The plan.
        group: The group.
        turn: Whose turn it is; by default every number above the highest one is free.
    """
    return codes_after([code for _, code in plan.coded() if code.parent == group], group, turn)


def codes_after(beside: Iterable[Code], group: Code, turn: Turn | None = None) -> Iterator[Code]:
    """Yield codes for new operations beside others; see `free_codes`.

    Args:
        beside: The codes right below the group.
        group: The group.
        turn: As there.
    """
    taken = {code.parts[-1]: code for code in beside}
    model = taken[max(taken)] if taken else None
    if model is not None and not model.parts[-1]:
        return
    free = filterfalse(taken.__contains__, (turn or Turn(max(taken, default=0))).numbers())
    yield from map(partial(_written, model, group), free)


def write_turns(given: Mapping[Code, Turn]) -> str:
    """Write turns down as one text."""
    return " ".join(f"{code}>{turn.last}:{turn.rest}/{turn.step}" for code, turn in given.items())


def read_turns(text: str) -> dict[Code, Turn]:
    """Read turns from a text; what is none is passed over."""
    found = {}
    for code, *numbers in _WRITTEN.findall(text):
        group = read_code(code)
        if isinstance(group, Code):
            found[group] = Turn(*map(int, numbers))
    return found


def _written(model: Code | None, group: Code, number: int) -> Code:
    """Return the code of a number, with as many digits as the one beside it has."""
    if model is None:
        letters = (*group.letters, "") if group.letters else ()
        return Code(group.prefix, (*group.parts, number), letters=letters)
    code = Code(model.prefix, (*model.parts[:-1], number), letters=model.letters)
    was = _LAST_NUMBER.search(model.written)
    text = _LAST_NUMBER.sub(f"{number:0{len(was[0])}}", model.written) if was and was[0].startswith("0") else ""
    text = text or _LAST_NUMBER.sub(str(number), model.written)
    return Code(code.prefix, code.parts, text if read_code(text) == code else str(code), code.letters)
