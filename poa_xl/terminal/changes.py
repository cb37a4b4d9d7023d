"""What an update, a clean-up or a comparison changes, for people."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from poa_xl.i18n import say
from poa_xl.sheet.headers import CONTROL
from poa_xl.terminal.listing import Column, Listing

if TYPE_CHECKING:  # what splits needs the history, which a planner does not have
    from poa_xl.actions.comparing import Difference
    from poa_xl.actions.flagging import Change
    from poa_xl.actions.splitting import Part

_OURS = frozenset(CONTROL.values())


def changed_cells(changes: Sequence["Change"]) -> Listing:
    """List cells with their values before and after."""
    found = Listing((Column(say("Celda"), "bold", is_key=True, is_whole=True), *_before_and_after()))
    ours: dict[str, list[Change]] = {}
    for each in changes:
        if each.field in _OURS and not (each.before and each.after):
            ours.setdefault(each.field, []).append(each)
        else:
            found.add(each.cell, each.field, each.before, each.after)
    # A column of ours that comes or goes is one thing, not one for each row.
    for field, cells in ours.items():
        count = say("{count} celdas", count=len(cells))
        place = cells[0].cell if len(cells) == 1 else f"{cells[0].cell}:{cells[-1].cell}"
        found.add(place, field, *((count, "") if cells[0].before else ("", count)))
    return found


def differences(found: Sequence["Difference"]) -> Listing:
    """List what differs between two plans."""
    columns = (Column(say("Cambio"), "bold", is_key=True), Column(say("Código"), is_key=True, is_whole=True))
    listed = Listing((*columns, *_before_and_after()))
    for each in found:
        listed.add(each.kind, each.code, each.field or each.name, each.before, each.after)
    return listed


def parts(found: Sequence["Part"]) -> Listing:
    """List the workbooks of the units."""
    captions = (say("Grupos"), say("Operaciones"), say("Partidas"))
    listed = Listing((Column(say("Libro"), is_key=True), *(Column(caption, is_number=True) for caption in captions)))
    for each in found:
        listed.add(each.path.name, *map(str, part_counts(each).values()))
    return listed


def part_counts(part: "Part") -> dict[str, int]:
    """Return how many rows of each kind a unit got."""
    return {"groups": part.groups, "operations": part.operations, "lines": part.lines}


def _before_and_after() -> tuple[Column, ...]:
    return tuple(Column(caption, share=1) for caption in (say("Columna"), say("Antes"), say("Después")))
