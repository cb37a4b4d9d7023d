"""Texts as people type them, made comparable."""

import re
import unicodedata
from functools import lru_cache

# Zero-width characters, byte-order and direction marks: invisible, and they make equal texts unequal.
_INVISIBLE = dict.fromkeys([0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0x200E, 0x200F, 0x00AD])
# What no list shows and no database keeps: control characters, and the bytes of names that are not UTF-8.
_ODD = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


@lru_cache(maxsize=1 << 14)
def squeeze(text: str) -> str:
    """Drop invisible characters, compose accents, make every run of white space one blank."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text.translate(_INVISIBLE))
    return " ".join(text.split())


def readable(name: str) -> str:
    """Return the name of a file as it can be shown and kept, a sign in the place of what cannot."""
    return _ODD.sub("\ufffd", name)


@lru_cache(maxsize=1 << 14)
def fold(text: str) -> str:
    """Make a text comparable: `squeeze`, then without accents and case."""
    plain = squeeze(text)
    if plain.isascii():
        return plain.casefold()
    decomposed = unicodedata.normalize("NFKD", plain)
    return "".join(char for char in decomposed if not unicodedata.combining(char)).casefold()


def words(text: str) -> list[str]:
    """Split a folded text into its words, punctuation left out."""
    return re.findall(r"\w+", fold(text))
