"""What we write down in hidden names of a workbook, so that we know our own again: `key=value` parts."""

import re
from collections.abc import Mapping
from itertools import count

# What an update added, for the next one and for `clean`.
MARK = "_poa_xl"
# The run that made a master what it is, and the sheets that it keeps there.
RUN_MARK = "_poa_xl_run"
# In a mark: the sheet of the plan, where a workbook has several.
PLAN = "plan"
_NUMBERED = re.compile(rf"{MARK}(_\d+)?")


def read_mark(text: str | None) -> dict[str, str]:
    """Return the parts of a hidden name of ours, by key; none when there is no such name."""
    return dict(part.partition("=")[::2] for part in (text or "").split(";") if part)


def write_mark(mark: Mapping[str, str]) -> str:
    """Return the text that `read_mark` reads."""
    return ";".join(f"{key}={value}" for key, value in sorted(mark.items()))


def is_mark_name(name: str) -> bool:
    """Whether a hidden name is one of ours."""
    return name == RUN_MARK or bool(_NUMBERED.fullmatch(name))


def mark_name(marks: Mapping[str, str], sheet: str) -> str:
    """Return the name under which is written down what was added to a sheet: its own, else one that is free for it."""
    plans = {name: read_mark(text).get(PLAN) for name, text in marks.items() if _NUMBERED.fullmatch(name)}
    own = next((name for name, plan in plans.items() if plan == plan_of(sheet)), None)
    if own is not None:
        return own
    if plans.get(MARK) is None:
        return MARK
    return next(name for number in count(2) if (name := f"{MARK}_{number}") not in plans)


def plan_of(sheet: str) -> str:
    """Return what a mark says of a sheet."""
    return sheet.replace(";", ",")
