"""What a history tells of changes, in a few lines: what the buttons Historial and Deshacer show."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from poa_xl.i18n import say

Change = Mapping[str, Any]
_LONGEST = 40
# Units that a line names.
_MOST = 3


def by_whom(changes: Iterable[Change], run: int) -> Iterator[str]:
    """Say how many changes a run made, and from whom; nothing where it made none.

    Args:
        changes: Changes as `poa history --json` tells of them.
        run: Number of the run.
    """
    found = Counter(each["unit"] for each in changes if each["run"] == run)
    if found:
        units = [say("{unit} ({count})", unit=unit, count=count) for unit, count in found.most_common(_MOST)]
        more = len(found) - _MOST
        names = ", ".join([*units, *([say("y {count} más", count=more)] if more > 0 else [])])
        yield say("{count} cambios: {names}", count=sum(found.values()), names=names)


def change(each: Change) -> str:
    """Say what changed, where, and who changed it."""
    place = " · ".join(part for part in (each["code"], each["field"]) if part)
    what = f"{place}: {_short(each['before'])} → {_short(each['after'])}"
    who = " · ".join(part for part in (each["unit"], each["author"], each["fate"]) if part)
    return f"{what} ({who})"


def consequences(changes: Iterable[Change], run: int) -> list[str]:
    """Say what taking a run back takes along."""
    return [change(each) for each in changes if each["run"] == run]


def _short(text: str) -> str:
    shown = text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
    return f"«{shown}»" if shown else say("vacío")
