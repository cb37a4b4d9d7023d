"""Legacy drawings: the anchors of notes and the anchors, cells and lists of form controls.

VML is often no XML and rarely says how it is encoded; only digits and formulas are replaced, everything else keeps
its bytes.
"""

import re
from collections.abc import Callable
from typing import Protocol

from poa_xl.books.xml import escape, unescape

_ROW = re.compile(r"(<(?:\w+:)?Row>\s*)(\d+)(\s*</)")
_ANCHOR = re.compile(r"(<(?:\w+:)?Anchor>)([^<]*)(</)")
_FORMULA = re.compile(r"(<(?:\w+:)?Fmla(?:Link|Range|Txbx|Group|Pict)>)([^<]*)(</)")
_DECLARED = re.compile(rb"<\?xml[^>]*encoding\s*=\s*[\"']([\w.-]+)")
_ENTITIES = {"&quot;": '"', "&apos;": "'"}
_SHAPE = re.compile(r"<((?:\w+:)?shape)(?=\s).*?</\1>", re.DOTALL)
_TOP, _BOTTOM = 2, 6


class Move(Protocol):
    """What became of the rows of a sheet."""

    @property
    def sheet(self) -> str:
        """Name of the sheet."""

    def row(self, number: int) -> int:
        """Return the new number of a row."""

    def formula(self, text: str, sheet: str) -> str:
        """Return a formula whose references follow."""


def shapes_but_for(data: bytes, is_gone: Callable[[int], bool]) -> bytes:
    """Return a legacy drawing without the shapes that belong to some rows, notes above all."""
    encoding = _encoding(data)

    def kept(match: re.Match[str]) -> str:
        row = _ROW.search(match[0])
        return "" if row is not None and is_gone(int(row[2]) + 1) else match[0]

    return _SHAPE.sub(kept, data.decode(encoding)).encode(encoding)


def moved_vml(data: bytes, sheet: str, insertion: Move) -> bytes:
    """Move what a legacy drawing refers to; rows count from 0 there.

    Args:
        data: The part, in any encoding.
        sheet: The sheet that it belongs to.
        insertion: What was inserted.
    """
    encoding = _encoding(data)
    text = data.decode(encoding)

    def formula(match: re.Match[str]) -> str:
        old = unescape(match[2], _ENTITIES)
        new = insertion.formula(old, sheet)
        return match[0] if new == old else f"{match[1]}{escape(new)}{match[3]}"

    new = _FORMULA.sub(formula, text)
    if sheet.casefold() == insertion.sheet.casefold():
        row = _row_mover(insertion)
        new = _ROW.sub(lambda match: f"{match[1]}{row(match[2])}{match[3]}", new)
        new = _ANCHOR.sub(lambda match: f"{match[1]}{_anchor(match[2], row)}{match[3]}", new)
    return data if new == text else new.encode(encoding)


def _row_mover(insertion: Move) -> Callable[[str], str]:
    return lambda row: str(insertion.row(int(row) + 1) - 1)


def _anchor(text: str, row: Callable[[str], str]) -> str:
    """Move the rows among the eight numbers of an anchor; blanks and line breaks stay."""
    values = text.split(",")
    for at in (_TOP, _BOTTOM):
        if at < len(values):
            values[at] = re.sub(r"\d+", lambda match: row(match[0]), values[at], count=1)
    return ",".join(values)


def _encoding(data: bytes) -> str:
    """Find an encoding that reads the bytes and writes the same ones again."""
    declared = _DECLARED.search(data[:200])
    candidates = [declared[1].decode().lower()] if declared else []
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        candidates = ["utf-16-le" if data[:2] == b"\xff\xfe" else "utf-16-be"]
    return next((each for each in (*candidates, "utf-8") if _reads(data, each)), "latin-1")


def _reads(data: bytes, encoding: str) -> bool:
    try:
        return data.decode(encoding).encode(encoding) == data
    except (UnicodeError, LookupError):
        return False
