"""What an edit of columns cuts, written down in a few characters and given back when our columns go."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from poa_xl.books.patch import spans
from poa_xl.books.patch.rows import Rows
from poa_xl.books.patch.spans import Node

_SPANS = re.compile(rb"\sspans\s*=\s*[\"']\d+:(\d+)")
# A sheet whose rows end in too many places gets its hints computed again instead.
_MOST_RUNS = 40


@dataclass(frozen=True)
class FormerLooks:
    """What a sheet said about its size and its columns before ours were set.

    Attributes:
        right: Last column of its `dimension`; 0 for none.
        runs: First and last row, and where the `spans` of the rows between ended.
        level: Its `outlineLevelCol`; None where nobody wrote it down, empty where there was none.
        columns: Column entries that covered ours, as attributes; `first` is where ours began.
        first: The first of our columns.
    """

    right: int = 0
    runs: tuple[tuple[int, int, int], ...] = ()
    level: str | None = None
    columns: tuple[dict[str, str], ...] = field(default_factory=tuple)
    first: int = 0

    def span(self, row: int) -> int:
        """Where the `spans` of a row ended; 0 where that was not written down."""
        return next((right for low, high, right in self.runs if low <= row <= high), 0)


def look(part: Rows, root: Node, right: int, columns: Collection[int]) -> FormerLooks:
    """See what setting columns would cut.

    Args:
        part: The sheet.
        root: What stands around its rows.
        right: Last column of its dimension.
        columns: The columns to be set.
    """
    first, last = min(columns), max(columns)
    form = root.child("sheetFormatPr")
    cols = root.child("cols")
    covering = [
        {"min": each.get("min"), "max": each.get("max")} | dict(each.attributes)
        for each in (cols.children if cols is not None else ())
        if int(each.get("max", "0")) >= first and int(each.get("min", "0")) <= last
    ]
    level = form.get("outlineLevelCol") if form is not None else ""
    return FormerLooks(right, _runs(part), level, tuple(covering), first)


def _runs(part: Rows) -> tuple[tuple[int, int, int], ...]:
    runs: list[tuple[int, int, int]] = []
    for number, text in zip(part.numbers, part.texts, strict=True):
        match = _SPANS.search(text, 0, spans.tag_end(text, 0))
        right = int(match[1]) if match else 0
        if runs and runs[-1][2] == right:
            runs[-1] = (runs[-1][0], number, right)
        elif len(runs) == _MOST_RUNS:
            return ()
        else:
            runs.append((number, number, right))
    return tuple(run for run in runs if run[2])


def written(looks: FormerLooks) -> dict[str, str]:
    """Write former looks down as short texts by key."""
    texts = {
        "right": str(looks.right or ""),
        "spans": ",".join(f"{low}-{high}:{right}" for low, high, right in looks.runs),
        "first": str(looks.first or ""),
        "cols": "|".join(",".join(f"{key}:{value}" for key, value in each.items()) for each in looks.columns),
    }
    found = {key: text for key, text in texts.items() if text}
    return found | ({} if looks.level is None else {"level": looks.level or "-"})


def read(texts: Mapping[str, str]) -> FormerLooks:
    """Read former looks back; what is not there, or was changed by hand, counts as not written down."""
    runs = re.findall(r"(\d+)-(\d+):(\d+)", texts.get("spans", ""))
    columns = [dict(pair.partition(":")[::2] for pair in each.split(",")) for each in texts.get("cols", "").split("|")]
    level = texts.get("level")
    return FormerLooks(
        _number(texts.get("right")),
        tuple((int(low), int(high), int(right)) for low, high, right in runs),
        None if level is None else level.removeprefix("-"),
        tuple(each for each in columns if each.get("min", "").isdigit() and each.get("max", "").isdigit()),
        _number(texts.get("first")),
    )


def _number(text: str | None) -> int:
    return int(text) if text and text.isdigit() else 0
