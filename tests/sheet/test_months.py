"""Months and parts of the year, as offices caption them."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import pytest

from poa_xl.sheet.control_columns import CONTROL_COLUMNS
from poa_xl.sheet.grid import Value
from poa_xl.sheet.heading import headings
from poa_xl.sheet.months import named_runs, numbered_runs
from poa_xl.sheet.periods import periods_in
from tests.layouts import (
    ENGLISH,
    MEASURE,
    NAME,
    NUMBER,
    PORTUGUESE,
    SPANISH,
    TARGET,
    Column,
    Item,
    draw,
    given,
    items,
    months,
    of,
)

MONTHS: dict[str, Sequence[Value]] = {
    "full": [
        "ENERO",
        "FEBRERO",
        "MARZO",
        "ABRIL",
        "MAYO",
        "JUNIO",
        "JULIO",
        "AGOSTO",
        "SETIEMBRE",
        "OCTUBRE",
        "NOVIEMBRE",
        "DICIEMBRE",
    ],
    "portuguese": PORTUGUESE,
    "short": ["Ene.", "Febr.", "Mzo.", "Abr.", "My.", "Jun.", "Jul.", "Agto.", "Sept.", "Oct.", "Nov.", "Dic."],
    "two letters": ["En", "Fb", "Mz", "Ab", "My", "Jn", "Jl", "Ag", "St", "Oc", "Nv", "Dc"],
    "spaced": [" ".join(each.upper()) for each in SPANISH],
    "initials": [f"{each}." for each in "EFMAMJJASOND"],
    "english initials": list("JFMAMJJASOND"),
    "with what they hold": [f"Monto {each} (Bs)" for each in SPANISH],
    "with a number": [f"Mes {number} ({each})" for number, each in enumerate(SPANISH, 1)],
    "year and month": [f"2026-{number:02}" for number in range(1, 13)],
    "month and year": [f"{number}/2026" for number in range(1, 13)],
    "joined": [f"2026{number:02}" for number in range(1, 13)],
    "dates": [date(2026, number, 1) for number in range(1, 13)],
}
NUMBERED: dict[str, Sequence[Value]] = {
    "digits": [Decimal(number) for number in range(1, 13)],
    "roman": ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"],
    "ordinals": [f"{number}° mes" for number in range(1, 13)],
    "two digits": [f"{number:02}" for number in range(1, 13)],
}
# What is no year of months.
OTHERS: dict[str, Sequence[Value]] = {
    "eleven": SPANISH[:11],
    "out of order": [*SPANISH[1:], "Feb"],
    "words": ["En", "Fe", "Ma", "Ab", "Ma", "Ju", "Ju", "Ag", "Se", "Oc", "Xx", "Di"],
    "codes": [f"2026-{number:02}" for number in range(7, 19)],
}


def row(captions: Sequence[Value]) -> dict[int, Value]:
    return {1: "N°", 2: "Actividad", 3: "Unidad", 4: "Meta", **dict(enumerate(captions, 5))}


@pytest.mark.parametrize("name", MONTHS)
def test_twelve_months_are_known_however_they_are_written(name: str) -> None:
    assert [run.columns for run in named_runs(row(MONTHS[name]))] == [tuple(range(5, 17))]


@pytest.mark.parametrize("name", NUMBERED)
def test_twelve_numbers_are_months_beside_words(name: str) -> None:
    assert [run.columns for run in numbered_runs(row(NUMBERED[name]), 0)] == [tuple(range(5, 17))]
    assert numbered_runs(dict(enumerate(NUMBERED[name], 5)), 0) == []


@pytest.mark.parametrize("first", range(2, 13))
@pytest.mark.parametrize("name", ["short", "initials", "two letters"])
def test_a_year_written_short_begins_with_any_month(name: str, first: int) -> None:
    turned = [*MONTHS[name][first - 1 :], *MONTHS[name][: first - 1]]
    assert [(run.columns, run.first) for run in named_runs(row(turned))] == [(tuple(range(5, 17)), first)]


@pytest.mark.parametrize("count", [13, 14, 20])
def test_columns_that_are_numbered_are_no_months(count: int) -> None:
    assert numbered_runs({k: Decimal(k) for k in range(1, count + 1)}, texts_above=9) == []


@pytest.mark.parametrize("name", OTHERS)
def test_other_captions_are_no_months(name: str) -> None:
    assert named_runs(row(OTHERS[name])) == []


PARTS: dict[str, tuple[str, Sequence[str], int]] = {
    "roman below": ("PROGRAMACIÓN TRIMESTRAL", ("I", "II", "III", "IV"), 3),
    "ordinals below": ("Trimestre", ("1er", "2do", "3er", "4to"), 3),
    "words below": ("TRIMESTRES", ("Primero", "Segundo", "Tercero", "Cuarto"), 3),
    "digits below": ("Programación por semestre", ("1", "2"), 6),
    "thirds below": ("CUATRIMESTRE", ("I", "II", "III"), 4),
    "from month to month": ("", ("Ene-Mar", "Abr-Jun", "Jul-Sep", "Oct-Dic"), 3),
    "from month to month, in words": ("Meta", ("Enero a Junio", "Julio a Diciembre"), 6),
    "english": ("", ("1st Qtr", "2nd Qtr", "3rd Qtr", "4th Qtr"), 3),
    "with their months": (
        "",
        ("Trimestre I (Ene-Mar)", "Trimestre II (Abr-Jun)", "Trimestre III (Jul-Sep)", "Trimestre IV (Oct-Dic)"),
        3,
    ),
    "ordinal sign": ("", ("1º Semestre", "2º Semestre"), 6),
    "with a percent": ("", ("% T1", "% T2", "% T3", "% T4"), 3),
}


@pytest.mark.parametrize("is_merged", [False, True])
@pytest.mark.parametrize("name", PARTS)
def test_parts_of_the_year_are_known_by_their_captions_and_by_what_stands_above(name: str, is_merged: bool) -> None:
    band, captions, span = PARTS[name]

    def shows(item: Item, number: int) -> Value:
        return sum(item.amounts, Decimal(0)) if number == 0 else None

    parts = [Column((band, text) if band else (text,), given(shows, k)) for k, text in enumerate(captions)]
    form = of(NUMBER, NAME, MEASURE, TARGET, parts, merged=is_merged)
    (heading,) = headings(draw(form, items()).grid)
    assert (heading.run.columns, heading.run.span) == (tuple(range(5, 5 + len(captions))), span)


@pytest.mark.parametrize(
    "captions",
    [
        ("Ene-Mar", "Abr-Jun", "Jul-Ago", "Sep-Dic"),
        ("T1", "T2", "T3"),
        ("I", "II", "III", "IV"),
        ("Ene-Mar y Abr de todo lo que se hizo",),
    ],
)
def test_what_cuts_no_year_into_equal_parts_is_none(captions: tuple[str, ...]) -> None:
    assert periods_in(row(captions)) == []


def test_what_we_add_is_no_part_of_the_year() -> None:
    ours: dict[int, Value] = dict(enumerate((each.caption for each in CONTROL_COLUMNS), 5))
    assert (named_runs(ours), periods_in(ours)) == ([], [])


def counted(_: Item, number: int) -> Value:
    return Decimal(number)


def test_quantities_below_named_quarters_are_no_captions() -> None:
    parts = [Column((f"{n} TRIMESTRE",), given(counted, k)) for k, n in enumerate(("I", "II", "III", "IV"), 1)]
    found = headings(draw(of(NUMBER, NAME, TARGET, parts), items()).grid)
    assert [(each.bottom, each.again) for each in found] == [(3, frozenset())]


def test_english_months_below_a_band() -> None:
    (heading,) = headings(draw(of(NUMBER, NAME, months(ENGLISH, above="MONTHS"), merged=True), items()).grid)
    assert heading.run.columns == tuple(range(3, 15))
