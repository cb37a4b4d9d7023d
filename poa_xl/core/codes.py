"""Hierarchical codes: `GROGR1.2.5.1.10`, compared part by part, so that 1.10 follows 1.9."""

import re
from collections.abc import Iterator
from dataclasses import field
from functools import lru_cache

from poa_xl.core.limits import CODE_DIGITS, CODE_PARTS, cut
from poa_xl.core.quick import quick
from poa_xl.core.text import squeeze
from poa_xl.core.values import Flaw, Invalid

_LONGEST = 30
_FORM = re.compile(r"([A-Z]*)(\d+(?:\.\d+)*)")
# Cyrillic and Greek capitals that look like Latin ones and come in by copy and paste.
_LOOK_ALIKE = str.maketrans("АВСЕНІКМОРТХУΑΒΕΗΙΚΜΝΟΡΤΧΥΖ", "ABCEHIKMOPTXYABEHIKMNOPTXYZ")


@quick(frozen=True, slots=True, order=True)
class Code:
    """A code of the hierarchy.

    Attributes:
        prefix: Leading letters, upper case, may be empty.
        parts: The numbers, at least one.
        written: The text in the cell; plays no part in comparisons.
        letters: Letters before each number but the first, `P` in `R1.P1`; empty where there are none at all.
    """

    prefix: str
    parts: tuple[int, ...]
    written: str = field(default="", compare=False)
    letters: tuple[str, ...] = ()

    def __str__(self) -> str:
        if not self.letters:
            return self.prefix + ".".join(map(str, self.parts))
        first, *rest = self.parts
        pairs = zip(self.letters, rest, strict=True)
        # A letter alone, the `a` of `1(a)`, is a part with the number 0.
        shown = (f"{letters}{number or ''}" if letters else str(number) for letters, number in pairs)
        return ".".join([f"{self.prefix}{first}", *shown])

    @property
    def depth(self) -> int:
        """Number of parts: 1 for the root."""
        return len(self.parts)

    @property
    def parent(self) -> "Code | None":
        """The code one level up; None for a root."""
        return next(self.ancestors(), None)

    def ancestors(self) -> Iterator["Code"]:
        """Yield the codes above, nearest first."""
        for length in range(len(self.parts) - 1, 0, -1):
            letters = self.letters[: length - 1]
            yield Code(self.prefix, self.parts[:length], letters=letters if any(letters) else ())


@lru_cache(maxsize=1 << 14)
def parse_code(text: str) -> Code | None | Invalid:
    """Read a code as people type it.

    Blanks, invisible characters, a leading apostrophe, a trailing dot, lower case and look-alike letters
    are put right; `Code.written` keeps what was there.

    Returns:
        The code, None for a blank text, `Invalid` for anything else.
    """
    written = squeeze(text)
    if not written:
        return None
    match = _FORM.fullmatch(re.sub(r"\s", "", written).lstrip("'").rstrip(".").upper().translate(_LOOK_ALIKE))
    if match is None:
        return Invalid(cut(written), Flaw.MALFORMED)
    if _is_beyond(match[2]):
        return Invalid(cut(written), Flaw.LIMIT)
    return Code(match[1], tuple(map(int, match[2].split("."))), written)


def read_code(text: str) -> Code | None | Invalid:
    """Read a code that was read before, of whichever house it is."""
    found = parse_code(text)
    return parse_any_code(text) if isinstance(found, Invalid) else found


def _is_beyond(numbers: str) -> bool:
    parts = numbers.split(".")
    return len(parts) > CODE_PARTS or max(map(len, parts)) > CODE_DIGITS


def parse_any_code(text: str) -> Code | None | Invalid:
    """Read a code of any house: `R1.P1.1`, `AO.1(a)`, `1-02-03`; letters and numbers in turn, whatever parts them.

    Returns:
        The code, None for a blank text, `Invalid` for one without a number or longer than a code is.
    """
    written = squeeze(text)
    if not written:
        return None
    bare = re.sub(r"\s", "", written).lstrip("'").upper().translate(_LOOK_ALIKE)
    if len(bare) > _LONGEST:
        return Invalid(cut(written), Flaw.MALFORMED)
    tokens = re.findall(r"([A-Z]*)(\d*)", re.sub(r"^([A-Z]+)[^A-Z0-9]+(?=\d)", r"\1", bare))
    pairs = [(letters, int(number or 0)) for letters, number in tokens if letters or number]
    if not any(number for _, number in tokens) or not bare.isascii():
        return Invalid(written, Flaw.MALFORMED)
    (prefix, first), *rest = pairs
    letters = tuple(each for each, _ in rest)
    return Code(prefix, (first, *(number for _, number in rest)), written, letters if any(letters) else ())


def candidates(shown: str, prefix: str) -> list[Code]:
    """List what a code was before the program took it for a number or a date.

    Args:
        shown: The number (`1.1`) or ISO date (`2020-02-01`) in the cell.
        prefix: The prefix that the other codes of the plan have.

    Returns:
        Likely codes, the plainest first: 1.1 may have been 1.1 or 1.10; 1 February 2020 was 1.2.20 or 2.1.20.
    """
    if re.fullmatch(r"\d+-\d+-\d+", shown):
        year, month, day = map(int, shown.split("-"))
        return [Code(prefix, (day, month, year % 100)), Code(prefix, (month, day, year % 100))]
    if not re.fullmatch(r"\d+(\.\d+)?", shown):
        return []
    parts = tuple(map(int, shown.split(".")))
    plain = Code(prefix, parts)
    return [plain, Code(prefix, (*parts[:-1], parts[-1] * 10))] if len(parts) > 1 else [plain]
