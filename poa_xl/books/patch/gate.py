"""The proof after an edit: every other member byte-identical, every other cell with the same value, formula, format."""

import zipfile
from collections.abc import Collection, Mapping
from io import BytesIO

from poa_xl.books.xml import parse
from poa_xl.errors import BookError
from poa_xl.i18n import say

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
            was, now = read_cells(old.read(member), member), read_cells(new.read(member), member)
            differing = {place for place in {*was, *now} if was.get(place) != now.get(place)} - set(edited)
            if differing:
                row, column = min(differing)
                raise BookError(_fault(name, f"{member} R{row}C{column}"))


def read_cells(data: bytes, place: str) -> dict[tuple[int, int], Cell]:
    """Give type, format, formula and value of every cell, as written.

    Shared formulas count as such, not by their text: the master may move.
    """
    found: dict[tuple[int, int], Cell] = {}
    state: dict[str, str] = {}
    at = {"row": 0, "column": 0}

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
