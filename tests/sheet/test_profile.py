"""The settings of an office, and what they change."""

import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from poa_xl.core.amounts import Style
from poa_xl.core.checks import CHECKS, judged
from poa_xl.core.checks.changed import CHANGED_CHECKS
from poa_xl.core.checks.following import TRACK_CHECKS
from poa_xl.core.findings import Severity
from poa_xl.core.plan import FIELDS, Kind
from poa_xl.core.tracking import SCALES, Band, Scale
from poa_xl.core.values import Flaw, Invalid
from poa_xl.errors import LayoutError
from poa_xl.sheet.forms import FORMS, form_of, name_of
from poa_xl.sheet.grid import Grid, Value
from poa_xl.sheet.headers import find_layout
from poa_xl.sheet.keys import COLUMN_KEYS, SECTIONS, problems_of, schema
from poa_xl.sheet.parse import Parsed, parse
from poa_xl.sheet.profile import PLAIN, profile_of
from tests.layouts import (
    CODE,
    MEASURE,
    NAME,
    NUMBER,
    NUMBERS,
    TARGET,
    UNITS,
    Item,
    column,
    cost,
    draw,
    items,
    money,
    months,
    of,
)
from tests.layouts import FORMS as DRAWN
from tests.paths import ROOT

SCHEMA = ROOT / "docs" / "poa.schema.json"
KEYS = ROOT / "docs" / "poa-toml.md"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"columna": {}}, ["[columna]", "«columnas»"]),
        ({"columnas": {"metas": "D"}}, ["[columnas] metas", "«meta»"]),
        ({"columnas": "D"}, ["[columnas]", "sección"]),
        ({"columnas": {"meta": 4}}, ["[columnas] meta", "un texto"]),
        ({"columnas": {"codigo": 4}}, ["un texto o una lista"]),
        ({"plan": {"fila_meses": "3"}}, ["fila_meses", "un número entero"]),
        ({"plan": {"fila_meses": True}}, ["fila_meses"]),
        ({"reglas": {"codigo-orden": "rojos"}}, ["codigo-orden", "off, aviso, rojo", "«rojo»"]),
        ({"reglas": {"codigo-order": "off"}}, ["codigo-order", "«codigo-orden»"]),
        ({"meses": {"inicio": "julyo"}}, ["[meses] inicio", "no es un mes"]),
        ({"zzz": {}}, ["[zzz]"]),
        ({"semaforo": {"escala": "cns"}}, ["[semaforo] escala", "«CNS»"]),
        ({"semaforo": {"exceso": "120"}}, ["[semaforo] exceso", "un número"]),
        ({"semaforo": {"bandas": []}}, ["[semaforo] bandas", "ninguna"]),
        ({"semaforo": {"bandas": ["Alto"]}}, ["bandas, 1", "desde = 90 }"]),
        ({"semaforo": {"bandas": [{"nombre": "A", "color": "verdes", "desde": 0}]}}, ["bandas, 1, color", "«verde»"]),
        ({"semaforo": {"bandas": [{"nombre": "A", "color": "#12345", "desde": 0}]}}, ["bandas, 1, color", "#FFC000"]),
        ({"semaforo": {"bandas": [{"nombre": "A", "color": 3, "desde": 0}]}}, ["bandas, 1, color", "«3»"]),
        ({"semaforo": {"bandas": [{"nombre": " ", "color": "rojo", "desde": 0}]}}, ["bandas, 1, nombre", "60 letras"]),
        ({"semaforo": {"bandas": [{"nombre": "x" * 61, "color": "rojo", "desde": 0}]}}, ["1, nombre", "60 letras"]),
        ({"semaforo": {"bandas": [{"nombre": 1, "color": "rojo", "desde": 0}]}}, ["bandas, 1, nombre", "«1»"]),
        ({"semaforo": {"bandas": [{"nombre": "sin Informar", "color": "rojo", "desde": 0}]}}, ["1, nombre", "Estado"]),
        (
            {"semaforo": {"bandas": [{"nombre": n, "color": "rojo", "desde": i} for i, n in enumerate("Aa")]}},
            ["bandas, 2, nombre", "«a»"],
        ),
        ({"semaforo": {"exceso": float("nan")}}, ["[semaforo] exceso", "un número"]),
        ({"semaforo": {"bandas": [{"nombre": "A", "color": "rojo", "desde": float("inf")}]}}, ["bandas, 1, desde"]),
        ({"semaforo": {"bandas": [{"nombre": "A", "color": "rojo", "desde": "x"}]}}, ["bandas, 1, desde", "«x»"]),
        ({"semaforo": {"bandas": [{"nombre": f"A{n}", "color": "rojo", "desde": n} for n in (50, 0)]}}, ["más baja"]),
    ],
)
def test_what_is_no_setting_is_named_with_the_nearest_name(data: dict[str, Any], said: list[str]) -> None:
    (problem,) = problems_of(data)
    assert all(each in problem for each in said)


def test_an_office_chooses_its_bands_or_writes_its_own() -> None:
    assert PLAIN.scale is None
    assert profile_of({"semaforo": {"escala": "CNS"}}).scale == SCALES["CNS"]
    more = profile_of({"semaforo": {"escala": "ASUSS", "exceso": 110.5, "fuente": "Circular 3"}}).scale
    assert more == replace(SCALES["ASUSS"], most=Decimal("110.5"), source="Circular 3")
    bands = [{"nombre": "Mal", "color": "rojo", "desde": 0}, {"nombre": "Bien", "color": "verde", "desde": 62.5}]
    assert problems_of({"semaforo": {"bandas": bands}}) == []
    own = profile_of({"semaforo": {"bandas": bands}}).scale
    assert own == Scale((Band("Mal", "ROJO", Decimal(0)), Band("Bien", "VERDE", Decimal("62.5"))), "poa.toml")
    colours = ["Amarillo", "naranja", "#00b0f0", "celeste", "rojo"]
    many = [{"nombre": f" Banda  {i}", "color": each, "desde": 10 * i} for i, each in enumerate(colours)]
    assert problems_of({"semaforo": {"bandas": many}}) == []
    scale = profile_of({"semaforo": {"bandas": many}}).scale
    assert scale is not None
    assert [band.color for band in scale.bands] == ["AVISO", "#F8CBAD", "#00B0F0", "#DDEBF7", "ROJO"]
    assert scale.bands[1].name == "Banda 1"


def test_all_problems_are_said_at_once() -> None:
    assert len(problems_of({"colunas": {}, "reglas": {"x": "off", "y": "off"}, "meta": {"de": "nada"}})) == 4


def test_the_offices_own_words_are_free() -> None:
    assert problems_of({"unidades": {"Unidad Legal": ["legal"]}, "palabras": {"Aduna": "Aduana"}}) == []


def test_every_key_is_documented_and_in_the_schema() -> None:
    text = KEYS.read_text("utf-8")
    for section, keys in SECTIONS.items():
        assert f"[{section}]" in text
        assert [key for key in keys if section != "reglas" and f"`{key}" not in text] == []
    assert json.loads(SCHEMA.read_text("utf-8")) == schema()
    assert set(SECTIONS["reglas"]) == {
        *(each.rule for each in CHECKS),
        *(each.rule for each in TRACK_CHECKS),
        *(each.rule for each in CHANGED_CHECKS),
    }
    assert set(COLUMN_KEYS) == set(SECTIONS["columnas"])
    assert set(COLUMN_KEYS.values()) <= set(FIELDS)


def read(grid: Grid, **data: Any) -> Parsed:  # noqa: ANN401 - as TOML gives it
    assert problems_of(data) == []
    layout = find_layout(grid, profile_of(data))
    assert layout is not None
    return parse(grid, layout, "norte.xlsx", 2026)


FORM = draw(DRAWN["baseline beside the target"], items())


@pytest.mark.parametrize("place", ["E", "LÍNEA BASE", "linea  base"])
def test_a_column_is_said_by_its_letter_or_its_header(place: str) -> None:
    parsed = read(FORM.grid, columnas={"meta": place})
    assert parsed.layout.addresses["target"] == "E"
    assert parsed.layout.recognised is not None
    assert "poa.toml" in parsed.layout.recognised.proposals["target"].reason


def test_a_column_that_the_plan_does_not_have_is_not_guessed() -> None:
    assert "measure" in read(FORM.grid).layout.columns
    told = dict.fromkeys(
        ("medida", "id", "codigo", "meta", "nombre", "unidad", "responsable", "presupuesto"), "ninguna"
    )
    columns = read(FORM.grid, columnas={**told, "nombre": "B"}).layout.columns
    assert set(columns) & set(FIELDS[:9]) == {"name"}


def test_the_sum_may_be_the_target() -> None:
    parsed = read(FORM.grid, meta={"de": "suma"})
    assert "target" not in parsed.layout.columns
    assert all(row.target is None for row in parsed.plan.rows)


@pytest.mark.parametrize("data", [{"columnas": {"meta": "NO HAY"}}, {"plan": {"fila_meses": 1}}])
def test_settings_that_do_not_fit_are_left_aside_and_said(data: dict[str, Any]) -> None:
    layout = find_layout(FORM.grid, profile_of({**data, "reglas": {"id-orden": "rojo"}}))
    assert layout is not None
    assert layout.addresses["target"] == "F"
    assert "poa.toml" in layout.unfit
    assert layout.house.rules["id-orden"] is Severity.ERROR
    assert find_layout(Grid("Vacía"), profile_of(data)) is None


def test_a_rule_is_off_or_weighs_what_the_office_says() -> None:
    cells = {row: dict(each) for row, each in FORM.grid.cells.items()}
    cells[FORM.lines[3]][6] = Decimal(99_999)
    grid = replace(FORM.grid, cells=cells)
    for value, wanted in (("off", []), ("aviso", [Severity.WARNING]), ("rojo", [Severity.ERROR])):
        found = judged(read(grid, reglas={"meta-meses": value}).plan).findings
        assert [each.severity for each in found if each.rule == "meta-meses"] == wanted


def test_the_customs_profile_keeps_every_rule() -> None:
    form = of(NUMBER, NAME, column("RESPONSABLE", lambda _: None, "owner"), TARGET, months())
    grid = draw(form, items()).grid
    assert "responsable-ausente" in judged(read(grid).plan).habits
    found = judged(read(grid, plan={"perfil": "aduana"}).plan)
    assert found.habits == {}
    assert sum(each.rule == "responsable-ausente" for each in found.findings) == 14


def test_the_months_may_be_said_by_their_first_column_or_all_of_them() -> None:
    drawn = draw(DRAWN["planned and executed side by side"], items())
    first = drawn.columns["done 1"]
    assert read(drawn.grid, meses={"columnas": first}).layout.addresses["ENE"] == first
    own = [drawn.columns[f"month {i}"] for i in range(1, 13)]
    assert read(drawn.grid, meses={"columnas": own}).layout.addresses["DIC"] == own[-1]
    beside = read(drawn.grid, meses={"columnas": "E"}).layout
    assert (beside.addresses["ENE"], beside.addresses["DIC"]) == ("E", "P")


def test_months_without_names_are_said_with_their_row() -> None:
    form = of(NUMBER, NAME, TARGET, months(tuple(f"c{i}" for i in range(12))))
    drawn = draw(form, items())
    assert find_layout(drawn.grid) is None
    layout = read(drawn.grid, plan={"fila_meses": 3}, meses={"columnas": "D"}).layout
    assert (layout.addresses["ENE"], layout.addresses["target"], layout.bottom) == ("D", "C", 3)
    assert find_layout(drawn.grid, profile_of({"meses": {"columnas": "D"}})) is None


def test_a_year_may_start_in_any_month() -> None:
    drawn = draw(of(NUMBER, NAME, MEASURE, TARGET, months(NUMBERS)), items())
    assert read(drawn.grid, meses={"inicio": "julio"}).layout.addresses["JUL"] == drawn.columns["month 1"]


@pytest.mark.parametrize(("source", "unit"), [("hoja", "Plan"), ("archivo", "norte"), ("columna", "")])
def test_the_unit_may_be_the_sheet_or_the_file(source: str, unit: str) -> None:
    drawn = draw(DRAWN["meta and unit of measure"], items())
    grid = replace(
        drawn.grid, cells={row: {c: v for c, v in each.items() if c != 3} for row, each in drawn.grid.cells.items()}
    )
    assert {row.unit for row in read(grid, unidad={"de": source}).plan.rows} == {unit}


def test_the_office_says_which_series_is_the_programme() -> None:
    two = of(CODE, NAME, TARGET, months(above="FÍSICO"), months(above="FINANCIERO", shows=money, name="money"))
    drawn = draw(two, items())
    layout = find_layout(drawn.grid, profile_of({"meses": {"serie": "Financiero"}}))
    assert layout is not None
    assert layout.addresses["ENE"] == drawn.columns["money 1"]
    assert layout.recognised is not None
    assert not [each for each in layout.recognised.doubts if each.field == "meses"]
    for words, count in (("inversión", "0"), ("i", "2")):
        unfit = find_layout(drawn.grid, profile_of({"meses": {"serie": words}}))
        assert unfit is not None
        assert f"hay {count} series" in unfit.unfit


def test_the_office_says_what_its_year_is_cut_into() -> None:
    drawn = draw(of(NUMBER, NAME, TARGET, months()), items())
    below = draw(DRAWN["four quarters"], items()).grid.cells
    grid = replace(drawn.grid, cells={**drawn.grid.cells, **{line + 37: each for line, each in below.items()}})
    layout = find_layout(grid, profile_of({"meses": {"calendario": "trimestres"}}))
    assert layout is not None
    assert layout.recognised is not None
    assert (layout.recognised.heading.run.span, layout.recognised.heading.at) == (3, 40)


def test_the_offices_own_marks_say_in_this_month() -> None:
    drawn = draw(of(NUMBER, NAME, months(shows=lambda item, i: "prog" if item.months[i] else None)), items())
    layout = find_layout(drawn.grid, profile_of({"meses": {"marcas": ["prog"]}}))
    assert layout is not None
    assert layout.marks
    row = parse(drawn.grid, layout).plan.rows[0]
    assert row.marked
    assert [value is not None for value in row.months] == [value is not None for value in items()[0].months]


def test_parts_of_a_code_are_joined_as_the_office_writes_them() -> None:
    drawn = draw(DRAWN["codes in two columns"], items())
    plain = find_layout(drawn.grid)
    told = find_layout(drawn.grid, profile_of({"codigo": {"separador": "-", "relleno": 2, "forma": "libre"}}))
    assert plain is not None
    assert told is not None
    codes = [getattr(parse(drawn.grid, each).plan.rows[6].code, "written", "") for each in (plain, told)]
    assert codes == ["2.7", "02-07"]


def test_the_sign_of_the_currency_is_said_where_few_amounts_carry_it() -> None:
    drawn = draw(of(NUMBER, NAME, TARGET, months()), items())
    cells = {line: dict(each) for line, each in drawn.grid.cells.items()}
    cells[drawn.lines[1]][4] = "₱ 1.00"
    grid = replace(drawn.grid, cells=cells)
    for settings, read_as in (({}, Invalid("₱ 1.00", Flaw.FOREIGN)), ({"moneda": {"signo": "₱"}}, Decimal(1))):
        layout = find_layout(grid, profile_of(settings))
        assert layout is not None
        assert parse(grid, layout).plan.rows[0].months[0] == read_as


def test_rows_are_told_apart_by_what_they_are_called_where_the_office_says_so() -> None:
    assert profile_of({"codigo": {"clave": "fila"}}).by_row
    assert profile_of({"codigo": {"clave": "unidad+codigo"}}).codes_per_unit


def test_months_in_a_number_of_columns_that_makes_no_year_are_said() -> None:
    drawn = draw(of(NUMBER, NAME, TARGET, months()), items())
    layout = find_layout(drawn.grid, profile_of({"meses": {"columnas": list("DEFGH")}}))
    assert layout is not None
    assert "5 columnas" in layout.unfit


def test_heading_rows_name_the_unit_of_the_rows_below() -> None:
    drawn = draw(DRAWN["units as heading rows"], items())
    units = [row.unit for row in read(drawn.grid).plan.rows]
    assert units == ["Dirección Norte"] * 4 + ["Dirección Sur"] * 4 + ["Dirección Este"] * 6


def test_the_last_row_may_be_said() -> None:
    drawn = draw(DRAWN["meta and unit of measure"], items())
    assert len(read(drawn.grid, plan={"ultima_fila": drawn.lines[5]}).plan.rows) == 5


def thousands(item: Item, i: int) -> Value:
    return f"{value * 1000:,}" if isinstance(value := money(item, i), Decimal) else None


def test_numbers_as_text_have_the_style_that_is_said() -> None:
    form = of(NUMBER, NAME, months(shows=thousands), column("TOTAL", lambda item: f"{cost(item) * 1000:,}", "target"))
    grid = draw(form, items()).grid
    told, seen = (read(grid, **data) for data in ({"moneda": {"numeros": "1,234.56"}}, {}))
    for parsed in (told, seen):
        assert parsed.plan.rows[0].target == cost(items()[0]) * 1000
    # What nobody said is a guess, and told as one.
    assert seen.layout.recognised is not None
    assert [each.field for each in seen.layout.recognised.doubts] == ["numeros"]
    assert profile_of({"moneda": {"numeros": "1.234,56"}}).style is Style.COMMA_DECIMAL


def test_codes_are_read_as_the_office_says() -> None:
    form = of(
        column(
            "CÓDIGO", lambda item: f"R{item.number}-{item.number}" if item.number == 1 else f"R{item.number}", "code"
        ),
        NAME,
        TARGET,
        months(),
    )
    grid = draw(form, items()).grid
    assert "codigo-mal-formado" in {each.rule for each in judged(read(grid).plan).findings}
    free = read(grid, codigo={"forma": "libre", "clave": "unidad+codigo"}).plan
    assert "codigo-mal-formado" not in {each.rule for each in judged(free).findings}
    assert free.house.codes_per_unit
    few = draw(of(column("CÓDIGO", lambda item: Decimal(item.number), "code"), NAME, TARGET, months()), items(2)).grid
    assert [str(row.code) for row in read(few, codigo={"forma": "numero"}).plan.rows] == ["1", "2"]
    assert profile_of({"codigo": {"forma": "aprendida"}}).code == ""


def test_a_known_form_is_named_by_its_words() -> None:
    assert name_of("Código AOI / Actividad Operativa / Unidad de Medida", quarters=False) == "poi-peru"
    assert name_of("Operación / Indicador / Unidad Responsable", quarters=False) == "cns-4"
    assert name_of("Centro de Costo / Clasificador / TOTAL", quarters=False) == "gasto"
    assert name_of("Meta", quarters=True) == "trimestral"
    assert name_of("Meta", quarters=False) == "reconocido"
    assert form_of("poi-peru").style is Style.POINT_DECIMAL
    assert all(form.rules.keys() <= SECTIONS["reglas"].keys() for form in FORMS.values())
    assert SECTIONS["plan"]["perfil"].choices == ("aduana", "cns-4", "poi-peru", "gasto", "trimestral", "reconocido")


def test_nothing_said_is_a_plain_profile() -> None:
    assert profile_of({}) == PLAIN
    assert not PLAIN.describes


def test_without_a_name_for_its_rows_a_plan_is_refused_with_the_line_that_settles_it() -> None:
    grid = draw(of(NUMBER, MEASURE, TARGET, months()), items()).grid
    with pytest.raises(LayoutError, match=r"(?s)fila 3.*U\. DE MEDIDA.*poa\.toml.*nombre"):
        find_layout(grid)


def test_rows_of_other_kinds_are_told_apart_where_there_are_no_codes() -> None:
    assert {row.kind for row in read(FORM.grid).plan.rows} == {Kind.OPERATION}
    assert UNITS[0] in {
        row.unit for row in read(draw(DRAWN["project, activity and centre of cost"], items()).grid).plan.rows
    }


def test_of_a_range_counts_what_is_said_of_its_rows_and_columns() -> None:
    said = profile_of(
        {
            "plan": {"fila_meses": 6, "ultima_fila": 40},
            "columnas": {"meta": ["D", "Meta anual"], "codigo": "B"},
            "meses": {"columnas": ["F", "G"]},
        }
    )
    assert said.within(1, 1) == said
    moved = said.within(5, 4)
    assert (moved.row, moved.last, moved.months) == (2, 36, ("C", "D"))
    assert moved.columns == {"target": ("A", "Meta anual"), "code": ()}
    assert (said.within(7, 7).row, said.within(7, 7).months) == (0, ())
    assert PLAIN.within(5, 4) == PLAIN
