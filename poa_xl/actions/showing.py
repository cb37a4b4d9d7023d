"""Rows that are shown: all of them, or only those that are red, with what stands above them."""

from collections.abc import Sequence

from poa_xl.actions import pressing, recorder
from poa_xl.books.live import LiveBook
from poa_xl.core.checks import check
from poa_xl.core.flags import State, flag
from poa_xl.core.plan import Plan
from poa_xl.store import journal


def toggle_red(book: LiveBook, button: str) -> tuple[int, bool]:
    """Hide the rows of the plan that are not red, but for the groups and operations above red ones; or show all again.

    What people had hidden themselves stays hidden when the others come back.

    Returns:
        How many rows are red, and whether only they show now.

    Raises:
        LayoutError: There is no plan.
        BookError: The sheet is protected with a password.
    """
    opened = pressing.open_plan(book)
    red = _red(opened.plan)
    rows = {*range(opened.first, opened.last + 1)}
    hidden = opened.grid.hidden & rows
    own, ours = journal.aside(book.address)
    more = rows - _seen(opened.plan, red) - hidden if red else set[int]()
    # With nothing left to hide it was done before, perhaps on another machine.
    is_on = bool(hidden) and (not more or (bool(ours) and ours <= hidden))
    if not is_on and not more:
        return len(red), False
    with recorder.recorded(book, opened, button) as done, pressing.unlocked(book, opened):
        done.press.hidden = sorted(hidden)
        if is_on:
            book.hide(opened.sheet, hidden - own, hidden=False)
        else:
            journal.set_aside(book.address, hidden - ours, more)
            book.hide(opened.sheet, more, hidden=True)
    return len(red), not is_on


def _red(plan: Plan) -> list[int]:
    """Return the indices of the rows that are red."""
    flags = flag(plan, check(plan))
    return [index for index, each in enumerate(flags) if each.state is State.RED]


def _seen(plan: Plan, red: Sequence[int]) -> set[int]:
    """Return the row numbers of red rows, and of the operations and groups that they stand in."""
    heads = {line: head for head, lines in plan.lines.items() for line in lines}
    parents = {child: above for above, children in plan.children.items() for child in children}
    found: set[int] = set()
    for index in red:
        step: int | None = index
        while step is not None and step not in found:
            found.add(step)
            step = heads.get(step, parents.get(step))
    return {plan.rows[index].line for index in found}
