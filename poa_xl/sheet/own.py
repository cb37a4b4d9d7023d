"""The columns that an office has besides those that a field is for: an indicator, a baseline, a unit price.

Nothing judges them. They are read so that what a unit changes in them comes to the master, or is told of.
"""

from collections import Counter
from collections.abc import Mapping

from poa_xl.core.plan import OWN
from poa_xl.sheet.grid import letters
from poa_xl.sheet.headers import OURS, Layout


def own_columns(layout: Layout) -> dict[str, int]:
    """Return the columns with a heading that no field is for, by their names; none in the printed plan's own form.

    A heading that stands over several columns names the second one with `(2)`, and so on.
    """
    if layout.recognised is None:
        return {}
    ours = {layout.columns[name] for name in OURS if name in layout.columns}
    # Of a month that is cut into weeks, each week is a column of its own.
    weeks = {column for columns in layout.weeks.values() for column in columns}
    # What was executed is reported, and merged as reports are.
    used = {*layout.columns.values(), *layout.done.values(), *layout.code, layout.keys} - weeks | ours
    shown = {column: text for column, text in layout.recognised.heading.shown.items() if text or column in weeks}
    seen: Counter[str] = Counter()
    found = {}
    for column in sorted(column for column in {*shown, *weeks} if column not in used):
        text = shown.get(column, "")
        seen[text] += 1
        found[OWN + (text if seen[text] == 1 else f"{text} ({seen[text]})")] = column
    return found


def places(layout: Layout) -> dict[str, int]:
    """Return every column that may be merged by its name: those of fields and the office's own."""
    return {**layout.columns, **own_columns(layout)}


def addresses(layout: Layout) -> dict[str, str]:
    """Return column letters by the names that `places` gives."""
    return {name: letters(column) for name, column in places(layout).items()}


def heading_of(name: str, captions: Mapping[str, str]) -> str:
    """Return what people call a field: its caption, or the heading of the office's own column."""
    return name.removeprefix(OWN) if name.startswith(OWN) else captions[name]
