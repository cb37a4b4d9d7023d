"""Texts as people type them, made comparable."""

import re
import unicodedata
from functools import lru_cache

# Zero-width characters, byte-order and direction marks: invisible, and they make equal texts unequal.
_INVISIBLE = dict.fromkeys([0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0x200E, 0x200F, 0x00AD])


@lru_cache(maxsize=1 << 14)
def squeeze(text: str) -> str:
    """Drop invisible characters, compose accents, make every run of white space one blank."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text.translate(_INVISIBLE))
    return " ".join(text.split())


@lru_cache(maxsize=1 << 14)
def fold(text: str) -> str:
    """Make a text comparable: `squeeze`, then without accents and case."""
    decomposed = unicodedata.normalize("NFKD", squeeze(text))
    return "".join(char for char in decomposed if not unicodedata.combining(char)).casefold()


def words(text: str) -> list[str]:
    """Split a folded text into its words, punctuation left out."""
    return re.findall(r"\w+", fold(text))
