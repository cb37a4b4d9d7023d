"""Sheets that cannot be read say what was recognised, what is missing, and what would settle it: done to the letter."""

import tomllib
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pytest

from poa_xl.actions.load import find_plan
from poa_xl.core.dates import MONTHS
from poa_xl.errors import LayoutError
from poa_xl.sheet.grid import Grid, Workbook
from poa_xl.sheet.profile import PLAIN, Profile, profile_of
from tests.layouts import (
    MEASURE,
    NAME,
    NUMBER,
    SPANISH,
    TARGET,
    TOTAL,
    Column,
    Form,
    Item,
    column,
    draw,
    given,
    items,
    marked,
    months,
    of,
    quarters,
)
from tests.sheet.test_parse import COLUMNS, HEADER, OPERATION

QUECHUA = ["Qhulla", "Hatun", "Pauqar", "Ayriwa", "Aymura", "Inti", "Anta", "Qhapaq", "Uma", "Kantaray", "Aya", "Kapaq"]


def captioned(columns: Sequence[Column], *captions: str) -> list[Column]:
    return [replace(each, captions=(text,)) for each, text in zip(columns, captions, strict=True)]


SETTLED: dict[str, Form] = {
    "months of other names": of(NUMBER, NAME, TARGET, months(QUECHUA)),
    "months without a caption": of(NUMBER, NAME, MEASURE, TARGET, captioned(months(), *[""] * 12)),
    "periods": of(NUMBER, NAME, MEASURE, TARGET, months([f"Periodo {each}" for each in "ABCDEFGHIJKL"])),
    "months named twice": of(NUMBER, NAME, TARGET, months((*SPANISH[:6], *SPANISH[:6]))),
    "marks below other names": of(NUMBER, NAME, MEASURE, months(QUECHUA, shows=marked)),
    "four phases": of(
        NUMBER, NAME, TARGET, captioned(quarters("", Item.quarter), *[f"Fase {each}" for each in "ABCD"])
    ),
    "the target behind": of(NUMBER, NAME, MEASURE, months(QUECHUA), TOTAL),
    "other names below a title": of(NUMBER, NAME, TARGET, months(QUECHUA), title=("Plan", "Unidad de Obras")),
    "a name that is called nothing": of(
        column("Ítems varios", lambda item: item.name), MEASURE, TARGET, months(QUECHUA), title=("Plan",)
    ),
    "no name": of(NUMBER, column("X", lambda item: Decimal(3 * item.number)), TARGET, months()),
    "numbers for names": of(NUMBER, column("Ref", lambda item: Decimal(1000 + item.number)), months(), TOTAL),
}


def refusal(grid: Grid, profile: Profile = PLAIN) -> str:
    with pytest.raises(LayoutError) as refused:
        find_plan(Workbook("p.xlsx", (grid,)), profile=profile)
    return str(refused.value)


def settings(text: str) -> str:
    """The lines for `poa.toml` in a refusal, as they stand there."""
    return "\n".join(line for line in text.splitlines() if line.startswith("    "))


@pytest.mark.parametrize("name", SETTLED)
def test_the_lines_that_a_refusal_names_settle_it(name: str) -> None:
    drawn = draw(SETTLED[name], items())
    text = refusal(drawn.grid)
    opened = find_plan(Workbook("p.xlsx", (drawn.grid,)), profile=profile_of(tomllib.loads(settings(text))))
    assert [row.line for row in opened.plan.rows] == list(drawn.lines.values())
    months_ = [opened.layout.addresses[month] for month in ("MAR", "DIC")]
    assert months_ == [drawn.columns[each] for each in ("month 3", "month 12")]


@pytest.mark.parametrize(
    ("kept", "missing"), [(range(11), "DIC"), (range(3, 12), "ENE, FEB, MAR"), ((0, 5, 11), "FEB")]
)
def test_months_that_are_missing_are_named(kept: Sequence[int], missing: str) -> None:
    whole = months()
    text = refusal(draw(of(NUMBER, NAME, TARGET, [whole[i] for i in kept]), items()).grid)
    assert f"faltan los meses {missing}" in text
    added = [each if i in kept else replace(each, shows=lambda _: None) for i, each in enumerate(whole)]
    drawn = draw(of(NUMBER, NAME, TARGET, added), items())
    opened = find_plan(Workbook("p.xlsx", (drawn.grid,)))
    assert [row.line for row in opened.plan.rows] == list(drawn.lines.values())


def test_months_that_are_missing_below_a_band_are_named_too() -> None:
    half = months(above="PRIMER SEMESTRE")[:6]
    text = refusal(draw(of(NUMBER, NAME, TARGET, half, merged=True), items()).grid)
    assert "faltan los meses JUL, AGO, SEP, OCT, NOV, DIC" in text
    assert "son el año" not in text


def test_each_sheet_that_comes_near_is_told_with_what_it_has() -> None:
    grids = [
        draw(of(NUMBER, NAME, TARGET, months(QUECHUA)), items(), "Uno").grid,
        draw(of(column("Fecha", given(lambda _, k: Decimal(k), 1))), items(), "Notas").grid,
        draw(of(NUMBER, NAME, MEASURE, TARGET), items(), "Dos").grid,
    ]
    with pytest.raises(LayoutError) as refused:
        find_plan(Workbook("p.xlsx", tuple(grids)))
    first, *rest = str(refused.value).splitlines()
    assert "«Uno», «Notas», «Dos»" in first
    told = [line for line in rest if not line.startswith("    ")]
    assert [line.split("»")[0] for line in told] == ["hoja «Uno", "hoja «Dos"]
    assert "Meta C" in told[0]
    assert "Unidad de Medida C" in told[1]


def test_a_sheet_without_captions_is_told_to_have_some() -> None:
    columns = captioned((NUMBER, NAME, TARGET, *months()), *[""] * 15)
    text = refusal(draw(of(columns), items()).grid)
    assert settings(text) == ""
    assert "escribir los encabezados" in text


@pytest.mark.parametrize("name", ["Meta 2020", "DIC", "Presupuesto"])
def test_a_column_of_the_printed_plan_that_stands_twice_is_settled_too(name: str) -> None:
    heading = {**HEADER, max(HEADER) + 1: name}
    # Nothing is programmed that could tell which of both is meant.
    given_ = {COLUMNS[field]: value for field, value in OPERATION.items() if field not in MONTHS}
    rows = dict.fromkeys((2, 3), given_)
    grid = Grid("POA", {1: heading, **rows})
    opened = find_plan(Workbook("p.xlsx", (grid,)), profile=profile_of(tomllib.loads(settings(refusal(grid)))))
    assert [row.line for row in opened.plan.rows] == [2, 3]
    assert {each: opened.layout.columns[each] for each in ("target", "DIC", "budget")} == {
        each: COLUMNS[each] for each in ("target", "DIC", "budget")
    }
