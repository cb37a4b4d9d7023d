"""The proof after an edit: every other member byte-identical, every other cell with the same value, formula, format."""

import re
import zipfile
from collections.abc import Collection, Mapping
from io import BytesIO

from poa_xl.books.xml import parse
from poa_xl.errors import BookError
from poa_xl.i18n import say

# Where a row begins, its number, and where the rows end; `<` stands nowhere else in a well-formed part.
_ROW = re.compile(rb"<(?:[\w.-]+:)?row(?=[\s/>])")
_NUMBER = re.compile(rb"\sr\s*=\s*[\"'](\d+)[\"']")
_END = re.compile(rb"</(?:[\w.-]+:)?sheetData\s*>")

Cell = tuple[str, str, str, str]


def verify(
    before: bytes, after: bytes, name: str, changed: Collection[str], cells: Mapping[str, Collection[tuple[int, int]]]
) -> None:
    """Compare a package before and after an edit.

    Args:
        before: The package that was read.
        after: The package to be written.
        name: Name of the file, for messages.
        changed: Members that the edit may change, add or drop.
        cells: Worksheet member to the cells (row, column) that it may change.

    Raises:
        BookError: Something else differs: a bug of ours, and nothing is written.
    """
    with zipfile.ZipFile(BytesIO(before)) as old, zipfile.ZipFile(BytesIO(after)) as new:
        if new.testzip() is not None:
            raise BookError(_fault(name, str(new.testzip())))
        names = {*old.namelist(), *new.namelist()} - set(changed)
        for member in names:
            if member not in old.namelist() or member not in new.namelist() or old.read(member) != new.read(member):
                raise BookError(_fault(name, member))
        for member, edited in cells.items():
            place = _first_difference(old.read(member), new.read(member), member, set(edited))
            if place is not None:
                raise BookError(_fault(name, f"{member} R{place[0]}C{place[1]}"))


def _first_difference(before: bytes, after: bytes, place: str, edited: set[tuple[int, int]]) -> tuple[int, int] | None:
    """Find the first cell that differs and was not to be edited.

    Rows without an edit must be the same bytes; only the others are taken apart.
    """
    was, now = _rows(before), _rows(after)
    edited_rows = {row for row, _ in edited}
    for row in sorted({*was, *now}):
        one, other = was.get(row, b""), now.get(row, b"")
        if one == other:
            continue
        old = read_cells(b"<rows>" + one + b"</rows>", place, above=row - 1)
        new = read_cells(b"<rows>" + other + b"</rows>", place, above=row - 1)
        differing = {cell for cell in {*old, *new} if old.get(cell) != new.get(cell)} - edited
        if differing or row not in edited_rows:
            return min(differing, default=(row, 0))
    return None


def _rows(data: bytes) -> dict[int, bytes]:
    """Cut the rows of a worksheet part out, by number."""
    starts = [match.start() for match in _ROW.finditer(data)]
    end = next((match.start() for match in _END.finditer(data)), len(data))
    found: dict[int, bytes] = {}
    number = 0
    for start, stop in zip(starts, [*starts, end][1:], strict=True):
        written = _NUMBER.search(data, start, data.index(b">", start))
        number = int(written[1]) if written else number + 1
        found[number] = data[start:stop]
    return found


def read_cells(data: bytes, place: str, *, above: int = 0) -> dict[tuple[int, int], Cell]:
    """Give type, format, formula and value of every cell, as written.

    Shared formulas count as such, not by their text: the master may move.

    Args:
        data: Rows in an element.
        place: File and part, for messages.
        above: Number of the row above the first one, which may not say its own.
    """
    found: dict[tuple[int, int], Cell] = {}
    state: dict[str, str] = {}
    at = {"row": above, "column": 0}

    def row(attributes: dict[str, str]) -> None:
        at["row"] = int(attributes.get("r", at["row"] + 1))
        at["column"] = 0

    def cell(attributes: dict[str, str]) -> None:
        address = attributes.get("r", "")
        bare = address.rstrip("0123456789")
        at["column"] = sum((ord(char) - 64) * 26**i for i, char in enumerate(reversed(bare))) or at["column"] + 1
        state.clear()
        state.update(t=attributes.get("t", "n"), s=attributes.get("s", "0"), f="", v="", now="")

    def formula(attributes: dict[str, str]) -> None:
        state["now"] = "" if attributes.get("t") == "shared" else "f"
        state["f"] = f"{attributes.get('t', '')}{attributes.get('si', '')}="

    def value(_: dict[str, str]) -> None:
        state["now"] = "v"

    def text(data: str) -> None:
        if state.get("now"):
            state[state["now"]] += data

    def stop() -> None:
        state["now"] = ""

    def close() -> None:
        found[at["row"], at["column"]] = (state["t"], state["s"], state["f"], state["v"])

    opened = {"row": row, "c": cell, "f": formula, "v": value, "t": value}
    parse(data, place, opened, {"c": close, "f": stop, "v": stop, "t": stop}, text)
    return found


def _fault(name: str, what: str) -> str:
    return say("{file}: la comprobación final encontró un cambio no pedido en {what}; no se escribió nada",
               file=name, what=what)  # fmt: skip
