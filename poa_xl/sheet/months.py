"""Captions of months, in any language and order that offices write them in."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from functools import lru_cache
from itertools import islice

from poa_xl.core.dates import MONTH_NAMES, SERIALS, from_serial
from poa_xl.core.text import fold
from poa_xl.sheet.grid import Value

YEAR = 12
_QUARTERS = 4
_OURS = "·"
# Of so many months spelled right the others may be misspelled.
_FEWEST_SPELLED = 7
_ALIKE = 0.75
_LONGEST = 24
_FEWEST_TEXTS = 3
_WIDEST_GAP = 4
_MOST_OTHER_WORDS = 2

_NUMBERED = re.compile(r"(?:mes|month|m|p)?\s*0?(\d{1,2})\s*[°º.]?|0?(\d{1,2})\s*(?:[°º.]|o|er|do|to)?\s*(?:mes|month)")
# Months written short: their first letter, then letters of the name in its order.
_FULL = tuple(
    names.split()
    for names in (
        "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
        "january february march april may june july august september october november december",
        "janeiro fevereiro marco abril maio junho julho agosto setembro outubro novembro dezembro",
    )
)
_SHORT = 5
_TWELVE = ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii"]
_YEAR_AND_MONTH = re.compile(r"20\d\d[-/. ]?(0[1-9]|1[0-2])|(0?[1-9]|1[0-2])[-/. ]20\d\d")
# The number of the day before all that a plan may lie on: no month's amount needs to be taken for a day.
_BEFORE = Decimal(SERIALS.start - 1)


@dataclass(frozen=True, slots=True)
class Run:
    """Twelve months, four quarters or two semesters side by side in one row.

    Attributes:
        columns: Their columns, in the order of the sheet.
        first: The month of the first one, 1 to 12.
        label: What else each of the captions says: `pl` of `ene_pl`.
        span: Months that each column covers: 3 of a quarter.
        weeks: Columns that each month is cut into, its weeks; 1 where it is not.
    """

    columns: tuple[int, ...]
    first: int = 1
    label: str = ""
    span: int = 1
    weeks: int = 1

    @property
    def cells(self) -> tuple[range, ...]:
        """The columns of each month."""
        return tuple(range(column, column + self.weeks) for column in self.columns)


def words_of(value: Value) -> str:
    """Return a caption folded, with everything but letters, digits, % and # taken for blanks."""
    return _words(value) if isinstance(value, str) else "" if value is None else _words(str(value))


@lru_cache(maxsize=16_384)
def _words(text: str) -> str:
    return " ".join(re.findall(r"[a-z0-9%#º°]+", fold(text)))


def month_of(value: Value) -> tuple[int, str] | None:
    """Return the month that a caption names, and its other words; None when it names none."""
    if isinstance(value, date):
        return value.month, ""
    return _month_of_text(value) if isinstance(value, str) and len(value) <= _LONGEST else None


@lru_cache(maxsize=16_384)
def _month_of_text(text: str) -> tuple[int, str] | None:
    if match := _YEAR_AND_MONTH.fullmatch(text.strip()):
        return int(match[1] or match[2]), ""
    words = _words(text).split()
    named = [word for word in words if word in MONTH_NAMES]
    others = [word for word in words if word not in MONTH_NAMES and not word.isdigit()]
    if len(named) != 1 or len(others) > _MOST_OTHER_WORDS:
        return None
    return MONTH_NAMES[named[0]], " ".join(others)


def named_runs(cells: Mapping[int, Value]) -> list[Run]:
    """Find the months of a heading row by their names, or as dates.

    Returns:
        Every series of twelve months, from any month on; several where a year stands there more than once.
    """
    if len(cells) < YEAR or not _may_name_months(cells.values()):
        return []
    # Helper columns of ours speak of months too.
    cells = {column: value for column, value in cells.items() if not (isinstance(value, str) and value[:1] == _OURS)}
    named = _named_months(cells)
    spelled = _runs_of(named) if len(named) >= YEAR else []
    return (
        spelled
        or _contracted(cells)
        or _serial(cells)
        or (_runs_of(_named_months(_spelled(cells))) if len(named) >= _FEWEST_SPELLED else [])
    )


def _may_name_months(values: Iterable[Value]) -> bool:
    """Whether a row may be a year of months: hardly any row of a plan, and none needs a second look then."""
    texts: list[str] = []
    short = days = named = 0
    for value in values:
        if isinstance(value, str):
            if len(value) <= _LONGEST:
                texts.append(value)
                short += len(value) <= 2 * _SHORT
        elif isinstance(value, Decimal):
            days += value > _BEFORE
        else:
            named += isinstance(value, date)
    if short >= YEAR or days >= YEAR:
        return True
    # Texts are looked at until too few are left.
    spare = named + len(texts) - _FEWEST_SPELLED
    unnamed = (text for text in texts if _month_of_text(text) is None)
    return spare >= 0 and next(islice(unnamed, spare, None), None) is None


def numbered_runs(cells: Mapping[int, Value], texts_above: int) -> list[Run]:
    """Find captions 1 to 12, I to XII, or `Mes 1` to `Mes 12`, where texts beside or above show that they are one."""
    numbers = {column: _number_of(value) for column, value in cells.items()}
    texts = sum(isinstance(value, str) and numbers[column] is None for column, value in cells.items())
    if max(texts, texts_above) < _FEWEST_TEXTS:
        return []
    now: list[int] = []
    for column in sorted(cells):
        number = numbers[column]
        if number == len(now) + 1 and (not now or column - now[-1] <= _WIDEST_GAP):
            now.append(column)
        elif number == 1:
            now = [column]
        if len(now) == YEAR:
            # Where it goes on counting, it numbers the columns.
            after = next((each for each in sorted(cells) if each > column), 0)
            return [Run(tuple(now))] if numbers.get(after) != YEAR + 1 else []
    return []


def _named_months(cells: Mapping[int, Value]) -> list[tuple[int, tuple[int, str]]]:
    """Return the columns whose captions name a month, in order, each with what `month_of` says."""
    return [(column, found) for column in sorted(cells) if (found := month_of(cells[column])) is not None]


def _runs_of(named: Sequence[tuple[int, tuple[int, str]]]) -> list[Run]:
    series: dict[str, list[tuple[int, int]]] = {}
    for column, (month, label) in named:
        series.setdefault(label, []).append((column, month))
    runs = [Run(*run, label) for label, captions in series.items() for run in _years(captions)]
    return sorted(runs, key=lambda run: run.columns)


def _years(captions: Iterable[tuple[int, int]]) -> Iterable[tuple[tuple[int, ...], int]]:
    """Cut a series of captions into years; what does not follow upon the last month begins anew."""
    now: list[tuple[int, int]] = []
    for column, month in captions:
        if now and month != now[-1][1] % YEAR + 1:
            now = []
        now.append((column, month))
        if len(now) == YEAR:
            yield tuple(column for column, _ in now), now[0][1]
            now = []


def _spelled(cells: Mapping[int, Value]) -> dict[int, Value]:
    """Spell months right that look like one, in a row that names most of them."""
    return {column: _like_month(value) for column, value in cells.items()}


def _like_month(value: Value) -> Value:
    if not isinstance(value, str) or month_of(value) is not None or len(value) > _LONGEST:
        return value
    found = [
        get_close_matches(word, MONTH_NAMES, 1, _ALIKE) for word in words_of(value).split() if len(word) > _FEWEST_TEXTS
    ]
    return found[0][0] if len(found) == 1 and found[0] else value


def _contracted(cells: Mapping[int, Value]) -> list[Run]:
    """Months written short, side by side: `E F M A …`, `Febr.`, `Agto.`, `E N E`."""
    near = {column: value for column, value in cells.items() if isinstance(value, str) and len(value) <= 2 * _SHORT}
    if len(near) < YEAR:
        return []
    short = {column: _letters_in(value) for column, value in sorted(near.items())}
    columns = [column for column, text in short.items() if 0 < len(text) <= _SHORT]
    for at in range(len(columns) - YEAR + 1):
        run = columns[at : at + YEAR]
        is_near = run[-1] - run[0] < YEAR + _QUARTERS
        first = next((k for k in range(YEAR) if is_near and _are_months([short[c] for c in run], k)), None)
        if first is not None:
            return [Run(tuple(run), first + 1)]
    return []


def _are_months(texts: Sequence[str], first: int) -> bool:
    """Whether twelve texts are short for the months of one language, from one of them on."""
    return any(all(map(_is_short_for, texts, (*names[first:], *names[:first]))) for names in _FULL)


@lru_cache(maxsize=4096)
def _letters_in(text: str) -> str:
    """The letters of a caption, folded; nothing where it has digits."""
    return "" if any(map(str.isdigit, text)) else _words(text).replace(" ", "")


def _is_short_for(text: str, name: str) -> bool:
    rest = iter(name)
    return text[0] == name[0] and all(letter in rest for letter in text)


def _serial(cells: Mapping[int, Value]) -> list[Run]:
    """Day numbers of twelve first days of a month, whose date format was lost."""
    days = [
        (column, day)
        for column, value in sorted(cells.items())
        if isinstance(value, Decimal)
        and value > _BEFORE
        and (day := from_serial(float(value))) is not None
        and day.day == 1
    ]
    return [Run(*run) for run in _years((column, day.month) for column, day in days)]


def _number_of(value: Value) -> int | None:
    if isinstance(value, str):
        text = fold(value).strip(" .")
        if text in _TWELVE:
            return _TWELVE.index(text) + 1
        match = _NUMBERED.fullmatch(text)
        return int(match[1] or match[2]) if match else None
    return int(value) if isinstance(value, Decimal) and value == value.to_integral_value() else None


def by_month(run: Run, months: Sequence[str]) -> dict[str, int]:
    """Return the columns of a run by month; a quarter stands in its last month."""
    ends = range(run.first + run.span - 2, run.first + run.span - 2 + YEAR, run.span)
    return {months[end % YEAR]: column for end, column in zip(ends, run.columns, strict=True)}
