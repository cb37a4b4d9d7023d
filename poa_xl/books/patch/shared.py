"""Shared formulas: one text for many cells, each reading it as if it were copied to its place."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache

from poa_xl.books.patch import rows, spans
from poa_xl.books.patch.moved import Insertion
from poa_xl.books.patch.references import relative_rows, shifted
from poa_xl.books.patch.rows import Rows
from poa_xl.books.xml import without_hidden
from poa_xl.sheet.grid import column_number

_SHARED = re.compile(rb"\st\s*=\s*[\"']shared[\"']")
_FORMULA = re.compile(
    rb"<(?:[\w.-]+:)?f(?=[^<>]*\st\s*=\s*[\"']shared)(?P<tag>\s[^<>]*?)(?:/>|>(?P<text>.*?)</(?:[\w.-]+:)?f\s*>)",
    re.DOTALL,
)
_INDEX = re.compile(rb"\ssi\s*=\s*[\"'](\d+)[\"']")

Place = tuple[int, int]


@dataclass
class Group:
    """The users of one shared formula.

    Attributes:
        index: Its number in the sheet; a text further down may take the same number.
        master: The cell that holds the text; None when none does.
        text: The text.
        users: All cells that use it, the master too, in order.
    """

    index: str
    master: Place | None = None
    text: str = ""
    users: list[Place] = field(default_factory=list)

    def at(self, place: Place) -> str:
        """Return the formula as a user reads it."""
        row, column = self.master or place
        return shifted(self.text, place[0] - row, place[1] - column)


def groups(part: Rows, columns: Iterable[int] = ()) -> list[Group]:
    """Find the shared formulas of a sheet.

    Args:
        part: The sheet.
        columns: Only those with a user in one of these columns; empty for all.
    """
    found: list[Group] = []
    latest: dict[str, Group] = {}
    for number, text in zip(part.numbers, part.texts, strict=True):
        if b"shared" not in text or not _SHARED.search(text):
            continue
        for column, index, formula in _users(text, part.prefix):
            group = latest.get(index.decode())
            if group is None or (formula and group.master is not None):
                group = latest[index.decode()] = Group(index.decode())
                found.append(group)
            group.users.append((number, column))
            if formula:
                group.master = (number, column)
                group.text = spans.read(b"<t>" + formula + b"</t>", "").text
    wanted = set(columns)
    return [group for group in found if not wanted or wanted & {column for _, column in group.users}]


def _users(text: bytes, prefix: str) -> Iterator[tuple[int, bytes, bytes | None]]:
    """Yield of the cells of a row that share a formula the column, the index, and the text where it stands."""
    plain = _plain(prefix).findall(text)
    if len(plain) == text.count(b"shared"):
        # Written as all common programs do; nothing else in the row says the word.
        yield from ((column_number(name.decode()), index, formula) for name, index, formula in plain)
        return
    bare = without_hidden(text)
    for cell in rows.cells(text, prefix):
        match = _FORMULA.search(bare, cell.inner, cell.end)
        if match is not None and (index := _INDEX.search(match["tag"])):
            inside = match["text"]
            yield cell.column, index[1], inside if inside is None else text[match.start("text") : match.end("text")]


@cache
def _plain(prefix: str) -> re.Pattern[bytes]:
    return re.compile(
        rb'<%sc r="([A-Z]{1,3})\d+"[^<>]*><%sf t="shared"(?: ref="[^"<>]*")? si="(\d+)"(?:/>|>([^<]*)</)'
        % (prefix.encode(), prefix.encode())
    )


class SharedFormulas:
    """What becomes of the shared formulas of a sheet when rows are inserted.

    Users that still read the moved text as it was meant go on sharing; the others get a text of their own.

    Args:
        part: The sheet, as it was.
        sheet: Its name.
        insertion: What was inserted.
    """

    def __init__(self, part: Rows, sheet: str, insertion: Insertion) -> None:
        self._insertion = insertion
        self._sheet = sheet
        self._is_own = sheet.casefold() == insertion.sheet.casefold()
        self._own: dict[Place, str] = {}
        self._masters: dict[Place, str] = {}
        for group in groups(part):
            if group.master is not None:
                self._divide(group, group.master)

    def own_text(self, row: int, column: int) -> str | None:
        """Return the text that a user no longer shares; None when it does, or never did."""
        return self._own.get((row, column))

    def master_text(self, row: int, column: int) -> str | None:
        """Return the moved text of a master; None for other cells."""
        return self._masters.get((row, column))

    def _divide(self, group: Group, master: Place) -> None:
        moved = self._insertion.formula(group.text, self._sheet)
        here = self._row(master[0])
        references = relative_rows(group.text)
        is_simple = self._is_own and all(
            not fixed and not sheet and row == master[0] for sheet, fixed, row in references
        )
        if moved != group.text:
            self._masters[master] = moved
        if is_simple and moved == shifted(group.text, here - master[0], 0):
            # Every user looks at its own row only, which moves as it does.
            return
        for place in group.users:
            if place == master:
                continue
            row, column = place
            meant = self._insertion.formula(group.at(place), self._sheet)
            if shifted(moved, self._row(row) - here, column - master[1]) != meant:
                self._own[place] = meant

    def _row(self, row: int) -> int:
        return self._insertion.row(row) if self._is_own else row
