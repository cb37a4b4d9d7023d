"""Captions of the parts of a year longer than a month: two, three, four or six, in numbers, in words or by months."""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

from poa_xl.core.dates import MONTH_NAMES
from poa_xl.sheet.grid import Value
from poa_xl.sheet.months import YEAR, Run, words_of

_OURS = "·"
_MOST_OTHER_WORDS = 2
# Between two months: `Enero a Marzo`.
_BETWEEN = {"a", "al", "to", "y", "e", "de", "and"}
# A part of the year without the word for it, which stands above: `I`, `2do`.
_LONE = re.compile(
    r"[1-6](?:°|º|o|er|ro|do|to|st|nd|rd|th)?|iv|vi?|i{1,3}|primero?|segundo|tercero?|cuarto|quinto|sexto"
)
_LONGEST_PERIOD = 40
_LONGEST_ROMAN = 3
_ORDINALS = {
    "i": 1,
    "ii": 2,
    "iii": 3,
    "iv": 4,
    "primer": 1,
    "primero": 1,
    "segundo": 2,
    "tercer": 3,
    "tercero": 3,
    "cuarto": 4,
    "v": 5,
    "vi": 6,
    "quinto": 5,
    "sexto": 6,
    "first": 1,
    "second": 2,
    "third": 3,
    "fourth": 4,
}

# At most two other words before and behind: `% T1`, `Prog. T1`, `T1 2026`.
_OTHERS = r"[^\W\d_]+ (?:[^\W\d_]+ )?|% ?"
_THEN = r" [^\W_]+(?: [^\W_]+)?| ?%"

# Months that a column covers, to what it is called then; those that cut the year finest come first.
_PERIODS = {
    span: re.compile(
        rf"(?P<left>(?:{_OTHERS})?)(?:(?:{words})\s*(?P<after>[1-6]|iv|vi?|i{{1,3}})"
        rf"|(?P<before>[1-6]|iv|vi?|i{{1,3}}|{'|'.join(word for word in _ORDINALS if len(word) > _LONGEST_ROMAN)})"
        rf"\s*(?:°|º|o|er|ro|do|to|st|nd|rd|th)?\s*(?:{words}))(?P<right>(?:{_THEN})?)"
    )
    for span, words in {
        2: "bim|bimestre",
        3: "q|t|trim|trimestre|quarter|qtr",
        4: "cuat|cuatr|cuatrim|cuatrimestre",
        6: "s|sem|semestre|semester",
    }.items()
}

# The word for a part of the year in a caption over several: `PROGRAMACIÓN TRIMESTRAL`.
_BANDS = {2: "bimestr", 4: "cuatrimestr", 3: "trimestr", 6: "semestr"}
_ENDS = 2


def periods_in(cells: Mapping[int, Value]) -> list[Run]:
    """Find the parts of a year in a heading row, the finest that there are; several series where it says them anew."""
    named = [(column, periods) for column, value in sorted(cells.items()) if (periods := _periods_of(value))]
    if len(named) < _ENDS:
        return []
    for span in _PERIODS:
        count = YEAR // span
        series: dict[str, list[tuple[int, int]]] = {}
        for column, periods in named:
            if (found := periods.get(span)) is not None:
                series.setdefault(found[1], []).append((column, found[0]))
        runs = [
            Run(tuple(column for column, _ in parts[at : at + count]), label=label, span=span)
            for label, parts in series.items()
            if [number for _, number in parts] == [*range(1, count + 1)] * (len(parts) // count)
            for at in range(0, len(parts), count)
        ]
        if runs:
            return sorted(runs, key=lambda run: run.columns)
    return []


def below_band(cells: Mapping[int, Value], band: Callable[[int], Value]) -> Mapping[int, Value]:
    """Return a heading row with the word for the parts of a year that stands above them put before each: `I`, `2do`."""
    lone = [column for column, value in cells.items() if _LONE.fullmatch(words_of(value))]
    if len(lone) <= 1:
        return cells
    words = {column: words_of(above) for column in lone if isinstance(above := band(column), str)}
    spans = {
        column: next((span for span, word in _BANDS.items() if word in said), 0)
        for column, said in words.items()
        if not is_period(said)
    }
    return {**cells, **{column: f"{words_of(cells[column])} {_BANDS[span]}e" for column, span in spans.items() if span}}


def is_period(text: str) -> bool:
    """Whether a caption names a part of the year: `TOTAL I TRIMESTRE`."""
    return bool(_periods_of(text))


def _periods_of(value: Value) -> Mapping[int, tuple[int, str]]:
    """Return the parts of the year that a caption may name, by their months, and its other words."""
    if not isinstance(value, str) or len(value) > _LONGEST_PERIOD or value.startswith(_OURS):
        return {}
    return _periods_in_words(words_of(value))


@lru_cache(maxsize=16_384)
def _periods_in_words(words: str) -> Mapping[int, tuple[int, str]]:
    return {span: found for span in _PERIODS if (found := _period_in(words, span)) is not None}


def _period_in(words: str, span: int) -> tuple[int, str] | None:
    match = _PERIODS[span].fullmatch(words)
    if match is None:
        return _range_of(words.split(), span)
    shown = match["after"] or match["before"]
    others = f"{match['left'] or ''} {match['right'] or ''}".split()
    number = int(shown) if shown.isdigit() else _ORDINALS[shown]
    return number, " ".join(word for word in others if not (word.isdigit() or word in MONTH_NAMES))


def _range_of(words: Sequence[str], span: int) -> tuple[int, str] | None:
    """Return the part of the year from one month to another, and the other words of its caption."""
    named = [MONTH_NAMES[word] for word in words if word in MONTH_NAMES]
    others = [word for word in words if not (word in MONTH_NAMES or word in _BETWEEN or word.isdigit())]
    if len(named) != _ENDS or len(others) > _MOST_OTHER_WORDS:
        return None
    first, last = named
    is_part = last - first + 1 == span and first % span == 1
    return (first // span + 1, " ".join(others)) if is_part else None
