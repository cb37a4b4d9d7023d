"""Copies of the sheet that was sent, in the workbook of a unit: what only they say."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import zip_longest

from poa_xl.actions.load import Opened, find_plans
from poa_xl.core.blocks import Block, own_fields, value_of
from poa_xl.core.codes import Code
from poa_xl.core.plan import Row
from poa_xl.core.returned import Returned, same
from poa_xl.i18n import say
from poa_xl.sheet.profile import Profile

# A sheet with fewer of the rows that were sent is no copy.
_LEAST = 0.5
# Cells that are named of a sheet.
_MOST = 5


def said_elsewhere(
    source: Opened,
    sent: Mapping[Code, Block],
    returned: Returned,
    examine: Callable[[Opened], Returned],
    year: int | None,
    profile: Profile,
) -> dict[str, list[str]]:
    """Return by sheet the cells of copies that were changed where the sheet that counts says what was sent.

    Args:
        source: The workbook of a unit, opened at the sheet that counts.
        sent: What was sent, by code.
        returned: What that sheet brings.
        examine: Holds another sheet against what was sent.
        year: The year planned, as the user states it.
        profile: What is known of the layout.
    """
    if not source.aside:
        return {}
    copies = [each for each in find_plans(source.book, None, year, profile) if _is_copy(each, source, sent)]
    found = {each.sheet: list(_cells(examine(each), returned, sent)) for each in copies}
    return {sheet: cells for sheet, cells in found.items() if cells}


def named(elsewhere: Mapping[str, Sequence[str]]) -> str:
    """Name what `said_elsewhere` found: sheets, and some cells of each."""
    return "; ".join(f"«{sheet}» {_few(cells)}" for sheet, cells in elsewhere.items())


def _few(cells: Sequence[str]) -> str:
    more = [say("y {count} más", count=len(cells) - _MOST)] if len(cells) > _MOST else []
    return ", ".join([*cells[:_MOST], *more])


def _is_copy(other: Opened, source: Opened, sent: Mapping[Code, Block]) -> bool:
    """Whether a sheet holds most of the rows that were sent, for the same year."""
    held = {row.code for row in other.plan.rows} & sent.keys()
    is_alike = len(held) >= len(sent) * _LEAST and other.plan.planned_year == source.plan.planned_year
    return is_alike and other.sheet != source.sheet


def _cells(copy: Returned, returned: Returned, sent: Mapping[Code, Block]) -> Iterator[str]:
    """Yield the cells that only the copy changed."""
    told = [pair.theirs for pair in returned.changed] + [each.block for each in returned.rejected]
    codes = {block.head.code for block in told}
    news = [pair.theirs for pair in copy.changed] + [each.block for each in copy.rejected]
    for block in news:
        if block.head.code not in codes and not any(block.content == each.content for each in told):
            was = sent.get(block.head.code) if isinstance(block.head.code, Code) else None
            for row, former in zip_longest(block.rows, was.rows if was is not None else ()):
                yield from _differing(row, former) if row is not None else ()


def _differing(row: Row, former: Row | None) -> Iterator[str]:
    """Yield the cells of a row that say something else than before; of a new row the one that names it."""
    if former is None:
        yield row.where("code").cell
        return
    for name in own_fields(row):
        if not same(value_of(row, name), value_of(former, name), name):
            yield row.where(name).cell
