"""What was executed against what was programmed: tables for every type of target, and laws that hold for all."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poa_xl.core.plan import Amount, TargetKind
from poa_xl.core.tracking import (
    SCALES,
    Band,
    Scale,
    Sense,
    Standing,
    efficiency,
    sense_of,
    share,
    track,
    weighted,
)
from poa_xl.core.values import Flaw, Invalid

MAR, JUN, SEP, DEC = 2, 5, 8, 11
ACUMULADA, CONSTANTE, PROMEDIO, AVANCE, HITO = TargetKind


def year(text: str) -> list[Amount]:
    """Write twelve months: `.` is blank, `?` cannot be read, what is missing at the end is blank."""
    signs: dict[str, Amount] = {".": None, "?": Invalid("s/n", Flaw.MALFORMED)}
    found = [signs[word] if word in signs else Decimal(word) for word in text.split()]
    return found + [None] * (12 - len(found))


Case = tuple[TargetKind, str, str, int, Standing, int | None, int | None, Decimal | int | None, Decimal | int | None]
CASES: list[Case] = [
    # kind, programmed, executed, cut-off: standing, programmed, executed, efficacy, projection
    (ACUMULADA, "10 10 10 10 10 10 10 10 10 10 10 10", "10 5 15", MAR, Standing.JUDGED, 30, 30, 100, 120),
    (ACUMULADA, "10 10 10 10", "10 5 9", MAR, Standing.JUDGED, 30, 24, 80, 32),
    (ACUMULADA, "10 10 10 10", "10 . 9", MAR, Standing.UNREPORTED, 30, 19, None, None),
    (ACUMULADA, "10 10 10 10", "10 0 9", MAR, Standing.JUDGED, 30, 19, Decimal(1900) / 30, Decimal(76) / 3),
    (ACUMULADA, "10 10 10 10", "10 ? 9", MAR, Standing.UNREPORTED, 30, 19, None, None),
    (ACUMULADA, "10 . 10", "10 4 10", MAR, Standing.JUDGED, 20, 24, 120, 24),
    (ACUMULADA, ". . . . 5", ". .", MAR, Standing.NOT_DUE, None, None, None, None),
    (ACUMULADA, ". . . . 5", "0 0 0", MAR, Standing.NOT_DUE, None, 0, None, None),
    (ACUMULADA, ". . . . 5", "0 3", MAR, Standing.UNPROGRAMMED, None, 3, None, None),
    (ACUMULADA, "10 10", "10 10 99", MAR, Standing.JUDGED, 20, 119, 595, 119),
    (ACUMULADA, "5 -5", "5 0", MAR, Standing.NO_RATIO, 0, 5, None, None),
    (CONSTANTE, "36 36 36 36", "36 40 44", MAR, Standing.JUDGED, 36, 40, Decimal(4000) / 36, 40),
    (CONSTANTE, "36 . 36", "36 99 36", MAR, Standing.JUDGED, 36, 36, 100, 36),
    (CONSTANTE, "36 36 36", ". . .", MAR, Standing.UNREPORTED, 36, None, None, None),
    (CONSTANTE, ". . . 36", "40", MAR, Standing.UNPROGRAMMED, None, 40, None, None),
    (PROMEDIO, "1 2 3 6", "2 2 2", MAR, Standing.JUDGED, 2, 2, 100, 3),
    (AVANCE, "10 20 50 100", "5 20 40", MAR, Standing.JUDGED, 50, 40, 80, 80),
    (AVANCE, "10 20 50 100", ". . 40", MAR, Standing.JUDGED, 50, 40, 80, 80),
    (AVANCE, "10 20 50 100", "5 20 .", MAR, Standing.UNREPORTED, 50, 20, None, None),
    (AVANCE, "10 . . 100", ". . 12", MAR, Standing.JUDGED, 10, 12, 120, 120),
    (HITO, ". . 1", ". . 1", MAR, Standing.JUDGED, 1, 1, 100, 1),
    (HITO, ". . 1", ". 1", MAR, Standing.JUDGED, 1, 1, 100, 1),
    (HITO, ". . 1", ". . 0", MAR, Standing.JUDGED, 1, 0, 0, 0),
    (HITO, ". . 1", ". .", MAR, Standing.UNREPORTED, 1, None, None, None),
    (HITO, ". . 1", "0 0", MAR, Standing.UNREPORTED, 1, 0, None, None),
    (HITO, ". . . 1", ". . 1", MAR, Standing.UNPROGRAMMED, None, 1, None, None),
    (HITO, ". . . 1", ". . .", MAR, Standing.NOT_DUE, None, None, None, None),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_every_type_counts_in_its_own_way(case: Case) -> None:
    kind, programmed, executed, cutoff, *expected, efficacy, close = case
    found = track(kind, Sense.MORE, year(programmed), year(executed), cutoff)
    assert [found.standing, found.programmed, found.executed] == expected
    for figure, right in ((found.efficacy, efficacy), (found.projection, close)):
        assert (figure is None) is (right is None)
        assert figure is None or right is None or abs(figure - right) < Decimal("1e-12")


@pytest.mark.parametrize(
    ("kind", "executed", "missing"),
    [(ACUMULADA, "1 . . 4", (1, 2)), (CONSTANTE, ". 2 ?", (0, 2)), (AVANCE, "1 . .", (1, 2)), (HITO, ". .", (0, 1, 2))],
)
def test_months_without_a_report_are_named(kind: TargetKind, executed: str, missing: tuple[int, ...]) -> None:
    assert track(kind, Sense.MORE, year("1 2 3 4"), year(executed), MAR).unreported == missing


@pytest.mark.parametrize(
    ("executed", "cutoff", "late"),
    [
        (". . 1", JUN, 0),
        (". 1", JUN, 0),
        (". . 0 0 1", JUN, 2),
        (". . 0", JUN, 3),
        (". . 0 0.5 1", JUN, 2),
        (". . .", SEP, 6),
    ],
)
def test_a_milestone_says_how_late_it_is(executed: str, cutoff: int, late: int) -> None:
    assert track(HITO, Sense.MORE, year(". . 1"), year(executed), cutoff).late == late


@pytest.mark.parametrize(
    ("programmed", "executed", "standing", "efficacy"),
    [
        ("36 36", "18 18", Standing.JUDGED, 200),
        ("36 36", "72 72", Standing.JUDGED, 50),
        ("36 36", "0 0", Standing.NO_RATIO, None),
        ("-1 -1", "1 1", Standing.NO_RATIO, None),
    ],
)
def test_less_may_be_better(programmed: str, executed: str, standing: Standing, efficacy: int | None) -> None:
    found = track(CONSTANTE, Sense.LESS, year(programmed), year(executed), MAR)
    assert (found.standing, found.efficacy) == (standing, efficacy)


@pytest.mark.parametrize(
    ("measure", "sense"),
    [
        ("Horas promedio", Sense.LESS),
        ("Tiempo de despacho (horas)", Sense.LESS),
        ("Días", Sense.LESS),
        ("horas", Sense.LESS),
        ("Reclamos atendidos fuera de plazo", Sense.LESS),
        ("Costo por trámite", Sense.LESS),
        ("QUEJAS", Sense.LESS),
        ("Trámites", Sense.MORE),
        ("% de avance", Sense.MORE),
        ("Horas de capacitación", Sense.MORE),
        ("", Sense.MORE),
        ("Costosas obras", Sense.MORE),
        ("Informe", Sense.MORE),
    ],
)
def test_the_unit_of_measure_says_which_way_is_better(measure: str, sense: Sense) -> None:
    assert sense_of(measure) is sense
    assert {sense_of(measure, each) for each in Sense} == {*Sense}


# ---- laws

AMOUNTS = st.decimals(min_value="0.01", max_value=10_000, places=2)
MONTHS = st.lists(st.one_of(st.none(), AMOUNTS), min_size=12, max_size=12)
REPORTS = st.lists(st.one_of(st.none(), st.just(Decimal(0)), AMOUNTS), min_size=12, max_size=12)
KINDS, SENSES, CUTOFFS = st.sampled_from(TargetKind), st.sampled_from(Sense), st.integers(0, 11)


@given(KINDS, SENSES, MONTHS, CUTOFFS)
def test_what_is_done_as_programmed_is_a_hundred_percent(
    kind: TargetKind, sense: Sense, months: list[Amount], cutoff: int
) -> None:
    found = track(kind, sense, months, months, cutoff)
    if any(months[: cutoff + 1]):
        assert found.standing is Standing.JUDGED
        assert found.efficacy == Decimal(100)
        assert cutoff < DEC or found.projection == found.programmed
    else:
        assert found.standing is Standing.NOT_DUE


@given(KINDS, SENSES, MONTHS, REPORTS, CUTOFFS, REPORTS)
def test_what_comes_after_the_cut_off_changes_nothing(
    kind: TargetKind, sense: Sense, months: list[Amount], reports: list[Amount], cutoff: int, later: list[Amount]
) -> None:
    changed = reports[: cutoff + 1] + later[cutoff + 1 :]
    assert track(kind, sense, months, changed, cutoff) == track(kind, sense, months, reports, cutoff)


@given(KINDS, SENSES, MONTHS, REPORTS, CUTOFFS, st.integers(2, 9))
def test_the_size_of_the_unit_does_not_matter(
    kind: TargetKind, sense: Sense, months: list[Amount], reports: list[Amount], cutoff: int, factor: int
) -> None:
    def larger(amounts: list[Amount]) -> list[Amount]:
        return [each * factor if isinstance(each, Decimal) else each for each in amounts]

    one, other = (track(kind, sense, *each, cutoff) for each in ((months, reports), (larger(months), larger(reports))))
    assert (one.standing, one.unreported, one.late) == (other.standing, other.unreported, other.late)
    if one.efficacy is not None and other.efficacy is not None:
        assert abs(one.efficacy - other.efficacy) < Decimal("1e-15") * max(one.efficacy, Decimal(1))


@given(KINDS, MONTHS, st.lists(AMOUNTS, min_size=12, max_size=12), CUTOFFS)
def test_both_ways_are_each_other_turned_round(
    kind: TargetKind, months: list[Amount], reports: list[Amount], cutoff: int
) -> None:
    more, less = (track(kind, sense, months, reports, cutoff).efficacy for sense in (Sense.MORE, Sense.LESS))
    assert (more is None) is (less is None)
    if more is not None and less is not None:
        assert abs(more * less - 10_000) < Decimal("1e-15")


@given(KINDS, SENSES, MONTHS, REPORTS, CUTOFFS)
def test_there_is_a_figure_exactly_when_one_can_be_judged(
    kind: TargetKind, sense: Sense, months: list[Amount], reports: list[Amount], cutoff: int
) -> None:
    found = track(kind, sense, months, reports, cutoff)
    assert (found.efficacy is not None) is (found.projection is not None) is (found.standing is Standing.JUDGED)
    assert bool(found.unreported) is (found.standing is Standing.UNREPORTED)
    assert all(
        months[month] and reports[month] is None
        for month in found.unreported
        if kind is not AVANCE and kind is not HITO
    )
    assert (found.programmed is None) is not any(months[: cutoff + 1])


# ---- bands


@pytest.mark.parametrize(
    ("scale", "efficacy", "name"),
    [
        ("poa-xl", "0", "Bajo"),
        ("poa-xl", "74.99", "Bajo"),
        ("poa-xl", "75", "Medio"),
        ("poa-xl", "89.999", "Medio"),
        ("poa-xl", "90", "Alto"),
        ("poa-xl", "500", "Alto"),
        ("poa-xl", "-3", "Bajo"),
        ("CNS", "98.9", "Bueno"),
        ("CNS", "99", "Óptimo"),
        ("CNS", "80", "Regular"),
        ("ASUSS", "50", "Medio"),
        ("Sacaba", "79", "Regular"),
    ],
)
def test_a_band_begins_with_its_lower_bound(scale: str, efficacy: str, name: str) -> None:
    assert SCALES[scale].band(Decimal(efficacy)).name == name


@pytest.mark.parametrize("scale", SCALES.values(), ids=SCALES)
def test_shipped_scales_say_where_they_come_from_and_hold_every_figure(scale: Scale) -> None:
    assert scale.source
    assert scale.bands[0].lower == 0
    assert {band.color for band in scale.bands} <= {"ROJO", "AVISO", "VERDE"}
    assert len({band.name for band in scale.bands}) == len(scale.bands)
    assert [scale.band(band.lower) for band in scale.bands] == [*scale.bands]


@pytest.mark.parametrize("lowers", [[], [50, 50], [80, 50]])
def test_bands_that_do_not_ascend_are_refused(lowers: list[int]) -> None:
    with pytest.raises(ValueError, match="must ascend"):
        Scale(tuple(Band("x", "ROJO", Decimal(each)) for each in lowers), "prueba")


def test_a_red_band_is_explained_or_the_lowest_where_none_is_red() -> None:
    def reds(*colors: str) -> list[int]:
        scale = Scale(tuple(Band(str(i), each, Decimal(i)) for i, each in enumerate(colors)), "prueba")
        assert not scale.is_red(None)
        return [i for i, band in enumerate(scale.bands) if scale.is_red(band)]

    assert reds("ROJO", "ROJO", "VERDE") == [0, 1]
    assert reds("#F8CBAD", "#DDEBF7") == [0]
    assert reds("VERDE") == []


def test_more_than_the_limit_is_worth_a_word() -> None:
    assert [SCALES["CNS"].is_over(Decimal(each)) for each in (102, "102.1")] == [False, True]
    assert [SCALES["poa-xl"].is_over(Decimal(each)) for each in (120, 121)] == [False, True]


@given(st.decimals(-100, 1000, places=2), st.decimals(-100, 1000, places=2))
def test_a_better_figure_is_in_no_worse_band(one: Decimal, other: Decimal) -> None:
    for scale in SCALES.values():
        places = [scale.bands.index(scale.band(each)) for each in sorted((one, other))]
        assert places == sorted(places)


# ---- groups, and money


@pytest.mark.parametrize(
    ("executed", "whole", "expected"), [(50, 200, 25), (0, 200, 0), (None, 200, None), (50, 0, None), (50, None, None)]
)
def test_a_share_needs_a_whole(executed: int | None, whole: int | None, expected: int | None) -> None:
    part = Decimal(executed) if executed is not None else None
    assert share(part, Decimal(whole) if whole is not None else None) == expected


def test_efficiency_is_physical_over_financial() -> None:
    assert efficiency(Decimal(80), Decimal(40)) == 2
    assert efficiency(None, Decimal(40)) is efficiency(Decimal(80), None) is efficiency(Decimal(80), Decimal(0)) is None


PARTS = st.lists(
    st.tuples(st.one_of(st.none(), AMOUNTS), st.one_of(st.none(), st.decimals(-1, 100, places=1))), max_size=8
)


@given(PARTS)
def test_a_mean_lies_between_what_it_is_of_and_every_part_is_counted(
    parts: list[tuple[Decimal | None, Decimal | None]],
) -> None:
    found = weighted(parts)
    counted = [figure for figure, weight in parts if figure is not None and weight is not None and weight > 0]
    assert (found.judged, found.left_out) == (len(counted), len(parts) - len(counted))
    assert (found.value is None) is (not counted)
    if found.value is not None:
        assert min(counted) - Decimal("1e-15") <= found.value <= max(counted) + Decimal("1e-15")
        turned = weighted(reversed(parts)).value
        assert turned is not None
        assert abs(found.value - turned) < Decimal("1e-15")


@given(st.lists(AMOUNTS, min_size=1, max_size=8))
def test_equal_weights_give_the_plain_mean(figures: list[Decimal]) -> None:
    found = weighted((each, Decimal(3)) for each in figures).value
    assert found is not None
    assert abs(found - sum(figures, Decimal(0)) / len(figures)) < Decimal("1e-15")
