"""What a look at an installation comes to, thing by thing."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at: whether it is in order, what was found, what to do."""

    is_good: bool
    found: str
    remedy: str = ""


def good(found: str) -> Check:
    """Return a check that is in order."""
    return Check(is_good=True, found=found)


def bad(found: str, remedy: str) -> Check:
    """Return a check that is not in order."""
    return Check(is_good=False, found=found, remedy=remedy)
