"""What the last button changed in an open workbook, kept outside of it so that it can be taken back.

Programs forget their own undo list when a macro runs, and the process that ran it is gone by then.
"""

import hashlib
import json
from collections.abc import Collection
from dataclasses import asdict, dataclass, field
from pathlib import Path

from poa_xl.sheet.areas import Area


@dataclass
class Press:
    """One press of a button.

    Attributes:
        button: What it says on it.
        sheet: The plan sheet.
        before: Contents before, area by area.
        after: Contents after, of the same areas.
        made: Sheets that were not there before.
        gone: Contents of sheets that are no longer there.
        painted: Plan sheet whose cells were painted, or were not, before.
        was_painted: Which of the two.
        inserted: First and number of the rows that were put into the plan sheet, in turn.
        hidden: Rows of the plan that were hidden before, where the button hides or shows some; None where it does not.
        arrows: Over which cells filter arrows stood before, where the button put or took some; None where it did not.
        named: What names stood for before that were given or changed; an empty text for one that was not there.
        run: Number of the consolidation, when the button was that.
        sources: Where the answers were that it took.
    """

    button: str
    sheet: str = ""
    before: list[Area] = field(default_factory=list)
    after: list[Area] = field(default_factory=list)
    made: list[str] = field(default_factory=list)
    gone: list[Area] = field(default_factory=list)
    painted: str = ""
    was_painted: bool = False
    inserted: list[tuple[int, int]] = field(default_factory=list)
    hidden: list[int] | None = None
    arrows: str | None = None
    named: dict[str, str] = field(default_factory=dict)
    run: int | None = None
    sources: list[str] = field(default_factory=list)


# Ends the names of the files that say which rows are hidden, and where filter arrows stood before ours.
_ASIDE, _ARROWS = ".ocultas", ".flechas"
# Where a host keeps journals and the log itself: a page has no folder of its user.
_KEPT: list[Path] = []


def keep_in(place: Path) -> None:
    """Keep journals and the log in a folder from here on."""
    _KEPT[:] = [place]


def folder() -> Path:
    """Return the folder for journals and the log: of this user, where the host has named none."""
    if _KEPT:
        return _KEPT[0]
    import platformdirs  # noqa: PLC0415 - what a page carries does without

    return platformdirs.user_state_path("poa-xl", appauthor=False, ensure_exists=True)


def remember(book: str, press: Press) -> None:
    """Keep the last press of a workbook, in the place of the one before."""
    path = _file(book)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"libro": book, **asdict(press)}, ensure_ascii=False), "utf-8")


def recall(book: str) -> Press | None:
    """Return the last press of a workbook; None when there is none."""
    try:
        data = json.loads(_file(book).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    data.pop("libro")
    for name in ("before", "after", "gone"):
        data[name] = [Area(**each) for each in data[name]]
    return Press(**data)


def forget(book: str) -> None:
    """Drop the last press of a workbook."""
    _file(book).unlink(missing_ok=True)


def set_aside(book: str, own: Collection[int], ours: Collection[int]) -> None:
    """Keep which rows people had hidden, and which a button hid besides."""
    path = _file(book, _ASIDE)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps([sorted(own), sorted(ours)]), "utf-8")


def aside(book: str) -> tuple[frozenset[int], frozenset[int]]:
    """Return the rows that `set_aside` kept; none where there is nothing."""
    try:
        own, ours = json.loads(_file(book, _ASIDE).read_text("utf-8"))
    except (OSError, ValueError):
        return frozenset(), frozenset()
    return frozenset(own), frozenset(ours)


def keep_arrows(book: str, cells: str) -> None:
    """Keep over which cells filter arrows stood before ours; an empty text for none."""
    path = _file(book, _ARROWS)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(cells), "utf-8")


def kept_arrows(book: str) -> str | None:
    """Return what `keep_arrows` kept; None where there is nothing."""
    try:
        return str(json.loads(_file(book, _ARROWS).read_text("utf-8")))
    except (OSError, ValueError):
        return None


def _file(book: str, more: str = "") -> Path:
    return folder() / "deshacer" / f"{hashlib.sha256(book.encode()).hexdigest()[:24]}{more}.json"
