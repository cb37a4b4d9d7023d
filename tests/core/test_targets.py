from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pytest

from poa_xl.core.measures import MeasureKind, measure_kind
from poa_xl.core.plan import Kind, Row, TargetKind
from poa_xl.core.targets import judge, judge_row
from poa_xl.core.values import Flaw, Invalid, Shown

Months = Sequence[Decimal | None]


def year(*values: str) -> Months:
    """Twelve months from texts; `-` is blank; the last value fills the rest."""
    full = [*values, *[values[-1]] * (12 - len(values))]
    return [None if value == "-" else Decimal(value) for value in full]


@pytest.mark.parametrize(
    ("measure", "kind"),
    [
        ("Horas Promedio de tiempo de despacho desde Fase : Asignación", MeasureKind.TIME),
        ("Días Promedio: Etapa Levante del 75% de las DUIS observadas", MeasureKind.TIME),
        ("Promedio de días de atención", MeasureKind.TIME),
        ("Horas", MeasureKind.RATIO),
        ("Días", MeasureKind.RATIO),
        ("Horas de capacitación", MeasureKind.RATIO),
        ("Días de feria", MeasureKind.RATIO),
        ("Plazo (días)", MeasureKind.RATIO),
        ("Duración ( Días )", MeasureKind.RATIO),
        ("Capacitación (hrs.)", MeasureKind.RATIO),
        ("Plazo (meses)", MeasureKind.RATIO),
        ("Duración (semanas)", MeasureKind.RATIO),
        ("Informes (mensuales)", MeasureKind.QUANTITY),
        ("Informes (cada mes)", MeasureKind.QUANTITY),
        ("Reuniones en mesas", MeasureKind.QUANTITY),
        ("Número de horas de capacitación", MeasureKind.QUANTITY),
        ("Trámites atendidos a tiempo", MeasureKind.QUANTITY),
        ("Tiempo de despacho", MeasureKind.TIME),
        ("Tiempo promedio de despacho", MeasureKind.TIME),
        ("Tiempo en horas", MeasureKind.TIME),
        ("Minutos: tiempo de espera", MeasureKind.TIME),
        ("Horas por trámite", MeasureKind.TIME),
        ("Trámites por hora", MeasureKind.TIME),
        # Abbreviated, in brackets, or with a stroke for "por".
        ("Horas/trámite", MeasureKind.TIME),
        ("días / trámite", MeasureKind.TIME),
        ("Hrs/caso", MeasureKind.TIME),
        ("Trámites/hora", MeasureKind.TIME),
        ("Km/día", MeasureKind.TIME),
        ("Hrs. promedio", MeasureKind.TIME),
        ("Minutos/llamada", MeasureKind.TIME),
        ("Días promedio/trámite", MeasureKind.TIME),
        ("Promedio (días)", MeasureKind.TIME),
        ("Hrs.", MeasureKind.RATIO),
        ("Hrs. de capacitación", MeasureKind.RATIO),
        ("Min.", MeasureKind.RATIO),
        ("Segundos", MeasureKind.RATIO),
        ("Meses", MeasureKind.RATIO),
        ("Horas-hombre", MeasureKind.RATIO),
        ("Días-persona", MeasureKind.RATIO),
        ("Trámites/mes", MeasureKind.QUANTITY),
        ("Informe/Acta", MeasureKind.QUANTITY),
        ("Actas y/o informes", MeasureKind.QUANTITY),
        ("Mesas", MeasureKind.QUANTITY),
        ("Días de atención en promedio", MeasureKind.TIME),
        ("Estudiantes promedio", MeasureKind.RATIO),
        ("Cantidad de tasaciones (enero)", MeasureKind.QUANTITY),
        ("Trámites en horas de oficina", MeasureKind.QUANTITY),
        ("Tasa de éxito", MeasureKind.RATIO),
        ("Trámites promedio", MeasureKind.RATIO),
        ("Promedio mensual", MeasureKind.RATIO),
        ("Días promedio", MeasureKind.TIME),
        ("(Equipos implementados / Equipos requeridos) *100", MeasureKind.RATIO),
        ("% de Avance de Obra", MeasureKind.RATIO),
        ("Porcentaje de ejecución", MeasureKind.RATIO),
        ("Índice de satisfacción", MeasureKind.RATIO),
        ("(Total de resoluciones Firmes / Total de resoluciones)", MeasureKind.RATIO),
        ("Millones de Bs. Recaudados", MeasureKind.QUANTITY),
        ("Tránsitos autorizados por esta agencia", MeasureKind.QUANTITY),
        ("Denuncias con Resolución de Pago en efectivo o/y entrega", MeasureKind.QUANTITY),
        ("Metros lineales transferidos", MeasureKind.QUANTITY),
        ("", MeasureKind.QUANTITY),
    ],
)
def test_the_unit_of_measure_says_what_it_counts(measure: str, kind: MeasureKind) -> None:
    assert measure_kind(measure) is kind


RATIO = "% de avance"
_REAL = year(*"5.93 6.36 9.85 11.14 21.77 10.36 6.54 6.14 6.11 5.19 4.85 -".split())  # noqa: SIM905 - shorter
TIME = "Horas promedio"
COUNT = "Trámites"
K = TargetKind


@pytest.mark.parametrize(
    ("target", "measure", "months", "kind", "programmed", "holds"),
    [
        ("36", TIME, year("36"), K.CONSTANT, "36", True),
        ("36", TIME, year("36", "0", "-", "36", "0"), K.CONSTANT, "36", True),
        ("4", TIME, year("3", "5", "3", "5", "0"), K.MEAN, "4", True),
        ("36", TIME, year("40", "36"), K.CONSTANT, "40", False),
        ("12", "Días", year("-", "-", "3", "-", "-", "3", "-", "-", "3", "-", "-", "3"), K.CUMULATIVE, "12", True),
        ("5", "Días de feria", year("-", "5", "-"), K.MILESTONE, "5", True),
        ("8", "Horas", year("8"), K.CONSTANT, "8", True),
        ("12", "Días", year("3", "3", "3", "4", "-"), K.CUMULATIVE, "13", False),
        ("12", COUNT, year("1"), K.CUMULATIVE, "12", True),
        ("12", COUNT, year("12"), K.CUMULATIVE, "144", False),
        ("12", COUNT, year("0", "12", "0"), K.CUMULATIVE, "12", True),
        ("89", RATIO, year("0", "89", "0"), K.MILESTONE, "89", True),
        ("60", RATIO, year("0", "60", "0", "0", "60", "0"), K.CONSTANT, "60", True),
        (
            "100",
            RATIO,
            year("0", "25", "0", "0", "25", "0", "0", "25", "0", "0", "25", "-"),
            K.CUMULATIVE,
            "100",
            True,
        ),
        ("100", RATIO, year("10", "10", "40", "60", "100"), K.PROGRESS, "100", True),
        ("50", RATIO, year("40", "60", "50", "45", "55", "0"), K.MEAN, "50", True),
        ("100", RATIO, year("10", "20", "0"), K.CUMULATIVE, "30", False),
    ],
)
def test_the_type_is_inferred_and_judged(
    target: str,
    measure: str,
    months: Months,
    kind: TargetKind,
    programmed: str,
    holds: bool,
) -> None:
    verdict = judge(Decimal(target), measure, months)
    assert verdict is not None
    assert (verdict.kind, verdict.programmed, verdict.holds, verdict.stated) == (
        kind,
        Decimal(programmed),
        holds,
        False,
    )
    assert verdict.difference == Decimal(programmed) - Decimal(target)
    assert not verdict.rounding


@pytest.mark.parametrize(
    ("kind", "target", "months", "holds"),
    [
        (K.CUMULATIVE, "12", year("1"), True),
        (K.CUMULATIVE, "13", year("1"), False),
        (K.CONSTANT, "1", year("1"), True),
        (K.CONSTANT, "1", year("1", "2", "1"), False),
        (K.MEAN, "1.5", year("1", "2", "0"), True),
        (K.MEAN, "2", year("1", "2", "0"), False),
        (K.PROGRESS, "30", year("10", "0", "20", "20", "30"), True),
        (K.PROGRESS, "30", year("10", "20", "15", "30"), False),
        (K.PROGRESS, "30", year("10", "20"), False),
        (K.MILESTONE, "1", year("0", "1", "0"), True),
        (K.MILESTONE, "1", year("0", "2", "0"), False),
        (K.MILESTONE, "1", year("1", "1", "0"), False),
    ],
)
def test_what_the_planner_states_wins(kind: TargetKind, target: str, months: Months, holds: bool) -> None:
    verdict = judge(Decimal(target), COUNT, months, kind)
    assert verdict is not None
    assert (verdict.kind, verdict.stated, verdict.holds) == (kind, True, holds)
    assert kind.value in verdict.reason
    assert "declarada" in verdict.reason


@pytest.mark.parametrize(
    ("target", "months", "rounding", "holds"),
    [
        ("2210.23", year(*["184.2"] * 11, "184"), True, True),
        ("100", year(*["8.33"] * 11, "8.34"), True, True),
        ("18.21", year(*["1.51"] * 11, "1.54"), True, True),  # off by 0.06: the very limit
        ("18.22", year(*["1.51"] * 11, "1.54"), False, False),
        ("25.95", year(*["2.16"] * 9, "2.17"), False, True),
        ("13", year("1"), False, False),  # whole numbers are counted, not rounded
        ("12.4", year("1"), False, False),
        ("0.31", year("0.1", "0.1", "0.1", "0"), True, True),
        ("0.46", year("0.1", "0.1", "0.1", "0"), False, False),
    ],
)
def test_rounding_is_half_a_unit_of_the_last_place_per_month(
    target: str,
    months: Months,
    rounding: bool,
    holds: bool,
) -> None:
    verdict = judge(Decimal(target), "Millones de Bs.", months)
    assert verdict is not None
    assert (verdict.rounding, verdict.holds) == (rounding, holds)
    assert ("redondeo" in verdict.reason) == rounding


def test_a_mean_is_rounded_to_the_places_of_its_target() -> None:
    third = judge(Decimal("33.33"), TIME, year("33", "33", "34", "0"))
    assert third is not None
    assert third.rounding
    off = judge(Decimal("33.3"), TIME, year("33", "33", "35", "0"))
    assert off is not None
    assert not off.holds


@pytest.mark.parametrize(
    ("kind", "target", "months", "suggestion"),
    [
        (None, "100", _REAL, "poner 5,76 en DIC, que está vacío: así se alcanza la Meta"),
        (None, "3360", year("0", "336"), "sobra un mes de 336"),
        (None, "5", year("3", "2", "1", "0"), "sobra MAR: sin sus 1 se llega a la Meta"),
        (None, "13", year("3", "4", "8", "0"), ""),
        (None, "90", year("3", "-", "-", "0"), ""),
        (None, "20", year("10", "5", "8", "0"), ""),
        (K.CONSTANT, "36", year("36", "40", "36"), "poner 36 en cada mes programado, o cambiar la Meta"),
        (K.PROGRESS, "30", year("10", "20"), "en DIC poner 30"),
        (K.PROGRESS, "30", year("10", "20", "15", "30"), ""),
        (K.MILESTONE, "2", year("0", "1", "0"), "en FEB poner 2"),
        (K.MILESTONE, "2", year("1", "1", "0"), ""),
        (K.MEAN, "2", year("1", "1", "0"), ""),
    ],
)
def test_a_red_verdict_says_what_would_fix_it(
    kind: TargetKind | None, target: str, months: Months, suggestion: str
) -> None:
    verdict = judge(Decimal(target), COUNT, months, kind)
    assert verdict is not None
    assert not verdict.holds
    assert verdict.suggestion == suggestion


@pytest.mark.parametrize(
    ("kind", "target", "months", "words"),
    [
        (K.PROGRESS, "30", year("10", "20", "15", "29"), ["el avance baja en MAR", "llega a 29"]),
        (K.MILESTONE, "5", year("1", "2", "0"), ["2 meses programados", "ENE (1), FEB (2)"]),
        (K.MILESTONE, "1", year("1", "1", "0"), ["2 meses programados"]),
        (K.CONSTANT, "36", year("36", "40", "36"), ["FEB (40)"]),
        (K.MEAN, "2", year("1", "2", "2", "0"), ["el promedio de los meses es 1,67"]),
        (K.MEAN, "2", year("2.003", "2", "2", "0"), ["el promedio de los meses es 2,001"]),
        (K.CONSTANT, "36", year("40"), ["ENE–DIC (40) no son iguales a la Meta 36"]),
        (K.CONSTANT, "36", year("40", "40", "36", "40", "0"), ["ENE–FEB (40), ABR (40) no son iguales"]),
        (K.CUMULATIVE, "2", year("1", "2", "0"), ["sobran 1"]),
    ],
)
def test_a_red_verdict_says_what_is_wrong(kind: TargetKind, target: str, months: Months, words: list[str]) -> None:
    verdict = judge(Decimal(target), COUNT, months, kind)
    assert verdict is not None
    assert all(word in verdict.reason for word in words), verdict.reason


def test_an_inference_does_not_take_whatever_rule_passes() -> None:
    constant = judge(Decimal(36), COUNT, year("36"))
    assert constant is not None
    assert not constant.holds


@pytest.mark.parametrize("months", [year("-"), year("0"), [Invalid("X", Flaw.MALFORMED), *year("1")[1:]]])
def test_months_that_say_nothing_have_no_verdict(months: Months) -> None:
    assert judge(Decimal(1), COUNT, months) is None


def test_a_row_without_a_target_has_no_verdict() -> None:
    assert judge_row(Row(Kind.OPERATION, months=tuple(year("1")))) is None
    stated = judge_row(
        Row(Kind.OPERATION, target=Decimal(1), months=tuple(year("1")), stated=Invalid("x", Flaw.MALFORMED))
    )
    assert stated is not None
    assert not stated.stated


def test_a_meta_that_every_month_repeats_is_told_of_the_type_that_would_hold() -> None:
    verdict = judge(Decimal(1), "Servicio", year("1"))
    assert verdict is not None
    assert not verdict.holds
    assert "Constante" in verdict.suggestion
    stated = judge(Decimal(1), "Servicio", year("1"), TargetKind.CUMULATIVE)
    assert stated is not None
    assert "Constante" not in stated.suggestion
    uneven = judge(Decimal(1), "Servicio", year("1", "2"))
    assert uneven is not None
    assert "Constante" not in uneven.suggestion


@pytest.mark.parametrize("count", [2, 3, 12])
def test_months_that_meet_the_whole_target_each_are_told_the_type_that_says_so(count: int) -> None:
    verdict = judge(Decimal(5), "Trámites", [Decimal(5)] * count + [None] * (12 - count))
    assert verdict is not None
    assert "Constante" in verdict.suggestion
    stated = judge(Decimal(5), "Trámites", [Decimal(5)] * count + [None] * (12 - count), TargetKind.CUMULATIVE)
    assert stated is not None
    assert "Constante" not in stated.suggestion


def test_a_target_that_shows_as_a_percentage_is_a_ratio() -> None:
    row = Row(Kind.OPERATION, name="Responder pedidos", target=Decimal(100), months=tuple(year("100")))
    plain, share = judge_row(row), judge_row(replace(row, dresses={"target": Shown.PERCENT}))
    assert plain is not None
    assert share is not None
    assert (plain.kind, plain.holds) == (TargetKind.CUMULATIVE, False)
    assert (share.kind, share.holds) == (TargetKind.CONSTANT, True)


@pytest.mark.parametrize(
    ("target", "measure", "months", "stated", "remedy"),
    [
        ("12", "Trámites", year("1", "1", "1", "1", "1", "1", "1", "1", "1", "1", "1", "-"), None, ("DIC", "1")),
        ("12", "Trámites", year("1", "1", "1", "1", "1", "1", "1", "1", "1", "1", "-", "-"), None, None),
        ("10", "Trámites", year("6", "4", "2", "0"), None, ("MAR", "0")),
        ("10", "Trámites", year("5", "5", "5", "0"), None, None),
        ("36", "Horas", year("36", "36", "35", "36"), TargetKind.CONSTANT, ("MAR", "36")),
        ("36", "Horas", year("36", "36", "35", "35", "36"), TargetKind.CONSTANT, None),
        ("100", "% de avance", year("10", "40", "90", "0"), TargetKind.PROGRESS, ("MAR", "100")),
        ("100", "% de avance", year("50", "40", "90", "0"), TargetKind.PROGRESS, None),
        ("1", "Informe", year("0", "2", "0"), TargetKind.MILESTONE, ("FEB", "1")),
        ("1", "Informe", year("0", "1", "0"), TargetKind.MILESTONE, None),
    ],
)
def test_one_month_that_would_put_all_right_is_named_with_its_amount(
    target: str, measure: str, months: Months, stated: TargetKind | None, remedy: tuple[str, str] | None
) -> None:
    verdict = judge(Decimal(target), measure, months, stated)
    assert verdict is not None
    assert verdict.remedy == (None if remedy is None else (remedy[0], Decimal(remedy[1])))
    if remedy is not None:
        assert verdict.suggestion
