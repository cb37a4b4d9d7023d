"""A Meta spread over months."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poa_xl.core.plan import TargetKind
from poa_xl.core.spreading import kind_to_spread, months_of, spread
from poa_xl.core.targets import judge
from tests.plans import operation

SUM, EACH, MEAN, GROWS, ONCE = (
    TargetKind.CUMULATIVE,
    TargetKind.CONSTANT,
    TargetKind.MEAN,
    TargetKind.PROGRESS,
    TargetKind.MILESTONE,
)


@pytest.mark.parametrize(
    ("target", "kind", "months", "expected"),
    [
        ("120", SUM, range(12), "10 10 10 10 10 10 10 10 10 10 10 10"),
        ("100", SUM, range(12), "8 8 8 8 8 8 8 8 8 8 8 12"),
        ("10", SUM, (2, 5, 8, 11), "0 0 2 0 0 2 0 0 2 0 0 4"),
        ("1.25", SUM, (0, 1, 2), "0.41 0.41 0.43 0 0 0 0 0 0 0 0 0"),
        ("3", SUM, range(12), "0 0 0 1 0 0 0 1 0 0 0 1"),
        ("5", SUM, range(8), "0 1 0 1 1 0 1 1 0 0 0 0"),
        ("7", SUM, (4,), "0 0 0 0 7 0 0 0 0 0 0 0"),
        ("7", SUM, (4, 4), "0 0 0 0 7 0 0 0 0 0 0 0"),
        ("36", EACH, (0, 3, 6, 9), "36 0 0 36 0 0 36 0 0 36 0 0"),
        ("36", MEAN, (10, 11), "0 0 0 0 0 0 0 0 0 0 36 36"),
        ("100", GROWS, range(3, 7), "0 0 0 25 50 75 100 0 0 0 0 0"),
        ("100", GROWS, range(3), "33 66 100 0 0 0 0 0 0 0 0 0"),
        ("1", ONCE, (1, 5, 9), "0 0 0 0 0 0 0 0 0 1 0 0"),
    ],
)
def test_a_target_is_spread(target: str, kind: TargetKind, months: list[int], expected: str) -> None:
    assert spread(Decimal(target), kind, months) == tuple(map(Decimal, expected.split()))


@given(
    st.decimals(Decimal("0.01"), 10**9, places=2) | st.integers(1, 10**6).map(Decimal),
    st.sampled_from(TargetKind),
    st.sets(st.integers(0, 11), min_size=1),
)
def test_what_is_spread_holds(target: Decimal, kind: TargetKind, months: set[int]) -> None:
    amounts = spread(target, kind, list(months))
    verdict = judge(target, "", amounts, kind)
    assert verdict is not None
    assert verdict.holds
    assert verdict.difference == 0
    assert {month for month, amount in enumerate(amounts) if amount} <= months


@pytest.mark.parametrize(
    ("measure", "stated", "kind"),
    [
        ("Trámites", None, SUM),
        ("Tiempo promedio en horas", None, EACH),
        ("% de avance", None, EACH),
        ("% de avance", GROWS, GROWS),
    ],
)
def test_the_type_that_is_stated_wins(measure: str, stated: TargetKind | None, kind: TargetKind) -> None:
    assert kind_to_spread(replace(operation("G1", "Legal"), measure=measure, stated=stated)) is kind


@pytest.mark.parametrize(
    ("programmed", "start", "end", "months"),
    [
        ((0, 2, None, 3), date(2020, 1, 1), date(2020, 12, 31), (1, 3)),
        ((), date(2020, 3, 1), date(2020, 6, 30), (2, 3, 4, 5)),
        ((), date(2019, 3, 1), date(2021, 6, 30), tuple(range(12))),
        ((), None, date(2020, 2, 1), (0, 1)),
        ((), date(2020, 9, 1), date(2020, 2, 1), tuple(range(12))),
    ],
)
def test_months_are_those_programmed_or_those_between_the_dates(
    programmed: tuple[int | None, ...], start: date | None, end: date | None, months: tuple[int, ...]
) -> None:
    amounts = [None if each is None else Decimal(each) for each in programmed]
    twelve = (*amounts, *[None] * (12 - len(amounts)))
    assert months_of(replace(operation("G1", "Legal"), months=twelve, start=start, end=end), 2020) == months
