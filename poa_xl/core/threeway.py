"""Three-way merge by code and field: what was sent, what came back, and what the office has by now."""

from collections.abc import Sequence

from poa_xl.core.applying import apply
from poa_xl.core.deciding import decide
from poa_xl.core.outcomes import Limits, Merged, Policy
from poa_xl.core.plan import Plan
from poa_xl.core.returned import Returned

_FREE = Limits()


def merge(master: Plan, returned: Sequence[Returned], policy: Policy | None = None, limits: Limits = _FREE) -> Merged:
    """Merge what came back into the master.

    Args:
        master: The plan as the office has it.
        returned: What the files bring; their order plays no part.
        policy: How to settle conflicts; by default not at all.
        limits: What to know of the master's cells; by default all can be written.

    Returns:
        The plan that comes of it, and what became of every change.
    """
    events = decide(master, returned, policy or Policy(), limits)
    return apply(master, events, limits, {each.file: each.read for each in returned})
