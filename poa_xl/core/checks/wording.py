"""Texts: units that are one unit, rows that speak of somebody else, rows that nobody answers for."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from difflib import SequenceMatcher

from poa_xl.core.checks.fault import Fault
from poa_xl.core.plan import PROSE, Kind, Plan
from poa_xl.core.text import fold, words
from poa_xl.i18n import say

_ALIKE = 0.75
_SHORTEST = 4
_CUSTOMS = re.compile(r"adm\w*\.? (?:de )?(?:la )?aduana (?:de )?(.+)")
_REGION = re.compile(r"Geren(?:cia|te) Regional (?:de )?((?:[A-ZÁÉÍÓÚÑ]\w+ ?)+)")


def near_alike_unit(plan: Plan) -> Iterator[Fault]:
    """A unit that differs from a commoner one by a few letters of one word, by case, accents or punctuation."""
    written = Counter(row.unit for row in plan.rows if row.unit)
    better = {**_respelled(written), **_misspelled(written)}
    for index, row in enumerate(plan.rows):
        if row.unit in better:
            right = better[row.unit]
            yield Fault(
                index,
                "unit",
                row.unit,
                say("se parece a «{right}», que es más frecuente", right=right),
                say("escribir «{right}»", right=right),
                right,
            )


def _respelled(written: Counter[str]) -> dict[str, str]:
    """Map spellings that differ by case, accents, blanks or punctuation to their commonest form."""
    forms: dict[str, list[str]] = defaultdict(list)
    for unit, _ in written.most_common():
        forms[" ".join(words(unit)) or fold(unit)].append(unit)
    return {unit: first for first, *others in forms.values() for unit in others}


def _misspelled(written: Counter[str]) -> dict[str, str]:
    """Map units to a commoner one that differs in one word only, and there by little.

    Units that agree in all other words meet in a bucket, so that the cost stays linear in the words.
    """
    buckets: dict[tuple[str, ...], list[tuple[str, str]]] = defaultdict(list)
    for unit, _ in written.most_common():
        parts = words(unit)
        for i, word in enumerate(parts):
            if len(word) >= _SHORTEST and word.isalpha():
                buckets[(*parts[:i], "", *parts[i + 1 :])].append((word, unit))
    better: dict[str, str] = {}
    for entries in buckets.values():
        (word, right), *others = entries
        for other, unit in others:
            if other != word and SequenceMatcher(None, word, other).ratio() >= _ALIKE:
                better.setdefault(unit, right)
    return better


def unit_contradicts(plan: Plan) -> Iterator[Fault]:
    """A row of one customs office whose text names another one and not its own."""
    places = {row.unit: match[1] for row in plan.rows if (match := _CUSTOMS.fullmatch(fold(row.unit)))}
    named = {place: unit for unit, place in places.items()}
    if len(named) < 2:  # noqa: PLR2004 - a contradiction takes two
        return
    alternatives = "|".join(re.escape(place) for place in sorted(named, key=len, reverse=True))
    pattern = re.compile(rf"\b(?:{alternatives})\b")
    for index, row in enumerate(plan.rows):
        own = places.get(row.unit)
        found = set(pattern.findall(fold(row.name))) if own else set()
        if found and own not in found:
            other = named[min(found)]
            yield Fault(
                index,
                "unit",
                row.unit,
                say(
                    "el texto de la fila habla de «{other}» y la unidad es «{unit}»",
                    other=other,
                    unit=row.unit,
                ),
                say("¿«{other}»?", other=other),
                other,
            )


def other_region(plan: Plan) -> Iterator[Fault]:
    """A text that names another Gerencia Regional than the plan's own."""
    regions = Counter(region for row in plan.rows for region in _regions(row.unit) or _regions(row.owner))
    if not regions:
        return
    own = regions.most_common(1)[0][0]
    for index, row in enumerate(plan.rows):
        for field in PROSE:
            for region in _regions(str(row.get(field))):
                if SequenceMatcher(None, fold(region), fold(own)).ratio() < _ALIKE:
                    yield Fault(
                        index,
                        field,
                        str(row.get(field)),
                        say(
                            "nombra la Gerencia Regional {region}; el plan es de {own}",
                            region=region,
                            own=own,
                        ),
                        say("¿{own}?", own=own),
                    )


def _regions(text: str) -> list[str]:
    return [match[1].strip() for match in _REGION.finditer(text)]


def missing_owner(plan: Plan) -> Iterator[Fault]:
    """An operation for which nobody answers."""
    for index, row in enumerate(plan.rows):
        if row.kind is Kind.OPERATION and not row.owner:
            yield Fault(index, "owner", "", say("la operación no tiene responsable"))
