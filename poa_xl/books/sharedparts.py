"""What the sheets of a workbook share: strings, and what cell formats show numbers as."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from poa_xl.books.colours import colours_of
from poa_xl.books.package import Package
from poa_xl.books.xml import Closed, Opened, parse
from poa_xl.core.limits import writable
from poa_xl.core.values import Invalid
from poa_xl.sheet.number_format import kind_of

_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_BUILT_IN_DATES = {*range(14, 23), *range(27, 37), 45, 47, *range(50, 59)}
_BUILT_IN_HOURS = "46"
_BUILT_IN_CENTS = "2"
_BUILT_IN_PERCENTS = {9, 10}


@dataclass(frozen=True)
class Shared:
    """What the sheets of a workbook share.

    Attributes:
        strings: Shared strings by index.
        formats: Per cell format what `number_format.kind_of` says.
        date1904: Whether day numbers count from 1904.
        colours: Cell format to the colour that its cells are filled with, of those that are.
        indents: Cell format to how far it sets texts in, of those that do.
    """

    strings: list[str | Invalid]
    formats: list[str]
    date1904: bool
    colours: Mapping[int, str] = field(default_factory=dict)
    indents: Mapping[int, int] = field(default_factory=dict)


def shared_of(package: Package) -> Shared:
    """Return what the sheets of a package share.

    Raises:
        BookError: A part is missing or damaged.
    """
    return Shared(_strings(package), _formats(package), package.date1904, colours_of(package), _indents(package))


def unescape(text: str) -> str | Invalid:
    """Resolve the `_x000D_` escapes of a string; half a character, or more than a cell holds, makes no text."""
    if "_x" in text:
        text = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)
        # Two halves that were escaped one by one are a whole.
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
    return writable(text)


class _StringReader:
    """Handlers over the shared strings; phonetic readings are left out."""

    def __init__(self) -> None:
        self.found: list[str | Invalid] = []
        self._pieces: list[str] = []
        self._in_text = self._phonetic = False

    def read(self, data: bytes, place: str) -> None:
        opened: dict[str, Opened] = {"t": self._open_text, "rPh": self._open_phonetic}
        closed: dict[str, Closed] = {
            "t": self._close_text,
            "rPh": self._close_phonetic,
            "si": self._close_string,
        }
        parse(data, place, opened, closed, self._add_text)

    def _open_text(self, _: dict[str, str]) -> None:
        self._in_text = not self._phonetic

    def _close_text(self) -> None:
        self._in_text = False

    def _open_phonetic(self, _: dict[str, str]) -> None:
        self._phonetic = True

    def _close_phonetic(self) -> None:
        self._phonetic = False

    def _close_string(self) -> None:
        self.found.append(unescape("".join(self._pieces)))
        self._pieces.clear()

    def _add_text(self, data: str) -> None:
        if self._in_text:
            self._pieces.append(data)


def _strings(package: Package) -> list[str | Invalid]:
    part = package.only("sharedStrings")
    if part is None:
        return []
    reader = _StringReader()
    reader.read(package.read(part), f"{package.name}: {part}")
    return reader.found


def _formats(package: Package) -> list[str]:
    part = package.only("styles")
    if part is None:
        return []
    tree = package.tree(part)
    codes = {each.get("numFmtId", ""): each.get("formatCode", "") for each in tree.iter("numFmt")}
    formats = tree.find("cellXfs")
    return [_format_kind(each.get("numFmtId", "0"), codes) for each in (formats if formats is not None else ())]


def _indents(package: Package) -> dict[int, int]:
    part = package.only("styles")
    formats = package.tree(part).find("cellXfs") if part is not None else None
    said = ((number, each.find("alignment")) for number, each in enumerate(formats if formats is not None else ()))
    found = {number: looks.get("indent", "0") for number, looks in said if looks is not None}
    return {number: int(indent) for number, indent in found.items() if indent.isdecimal() and int(indent)}


def _format_kind(number: str, codes: dict[str, str]) -> str:
    if number in codes:
        return kind_of(codes[number])
    if number == _BUILT_IN_CENTS:
        return kind_of("0.00")
    if number == _BUILT_IN_HOURS:
        return "hours"
    if number.isdigit() and int(number) in _BUILT_IN_DATES:
        return "date"
    return "percent" if number.isdigit() and int(number) in _BUILT_IN_PERCENTS else ""
