"""Headers are matched by meaning."""

from collections.abc import Sequence
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poa_xl.core.dates import MONTHS
from poa_xl.core.plan import FIELDS
from poa_xl.errors import LayoutError
from poa_xl.sheet.fields import CAPTIONS
from poa_xl.sheet.grid import Grid, Merge, Value, column_number, letters
from poa_xl.sheet.headers import CONTROL, field_of, find_layout, header_rows

PRINTED = list(CAPTIONS.values())


def grid(*rows: Sequence[Value], top: int = 1, left: int = 1, merges: Sequence[Merge] = ()) -> Grid:
    cells = {
        line: {column: value for column, value in enumerate(row, left) if value is not None}
        for line, row in enumerate(rows, top)
    }
    return Grid("POA", {line: row for line, row in cells.items() if row}, tuple(merges))


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("Id", "id"),
        ("Nº", "id"),
        ("No.", "id"),
        ("Código", "code"),
        ("COD. ACT.", "code"),
        ("CODIGO POA", "code"),
        ("Co\u0301digo", "code"),
        ("Acciones, Operaciones, Tareas", "name"),
        ("ACCIONES/OPERACIONES", "name"),
        ("Descripción", "name"),
        ("Area Unidad Ejecutora", "unit"),
        ("Área  Unidad\nEjecutora", "unit"),
        ("ÁREA", "unit"),
        ("Unidad Responsable", "unit"),
        ("Unidad de Medida", "measure"),
        ("Responsable", "owner"),
        ("Inicio", "start"),
        ("Fecha de Inicio", "start"),
        ("Fin", "end"),
        ("Fecha de conclusión", "end"),
        ("Meta", "target"),
        ("META 2023", "target"),
        ("Meta anual", "target"),
        ("ENE", "ENE"),
        ("ENERO", "ENE"),
        ("Ene.", "ENE"),
        ("ENE-20", "ENE"),
        ("Ene 2020", "ENE"),
        ("SET", "SEP"),
        ("Septiembre", "SEP"),
        (date(2020, 5, 1), "MAY"),
        (datetime(2020, 12, 1), "DIC"),  # noqa: DTZ001 - cells know no zone
        ("Fuente o Medio de Verificación", "evidence"),
        ("Medios de verificación", "evidence"),
        ("Partida", "partida"),
        ("Partida Presupuestaria", "partida"),
        ("Presupuesto", "budget"),
        ("PRESUPUESTO (Bs.)", "budget"),
        ("Presupuesto 2020", "budget"),
        ("Tipo de meta", "stated"),
        ("Estado", "state"),
        ("Observaciones", None),
        ("", None),
        (7, None),
        (None, None),
        ("Marca", None),
    ],
)
def test_a_header_means_a_field(header: Value, field: str | None) -> None:
    assert field_of(header) == field


@given(st.permutations(PRINTED), st.integers(1, 40), st.integers(1, 30))
def test_columns_may_stand_in_any_order_and_place(captions: list[str], top: int, left: int) -> None:
    layout = find_layout(grid(captions, top=top + 1, left=left))
    assert layout is not None
    assert (layout.top, layout.bottom) == (top + 1, top + 1)
    assert {captions[column - left] for column in layout.columns.values()} == set(PRINTED)
    assert all(captions[layout.columns[name] - left] == CAPTIONS[name] for name in FIELDS)


def test_unknown_columns_are_named_and_ours_are_known() -> None:
    layout = find_layout(grid([*PRINTED, "Observaciones", *CONTROL.values(), "Línea\nbase"]))
    assert layout is not None
    assert layout.unknown == {"Observaciones": 25, "Línea base": 26 + len(CONTROL)}
    assert layout.columns["stated"] == 26
    assert layout.addresses["stated"] == "Z"


def test_a_sheet_without_a_code_column_is_no_plan() -> None:
    assert find_layout(grid(["Id", "Meta", "ENE", "FEB", "MAR", "ABR"])) is None
    assert find_layout(grid(["Código", "Nombre"])) is None
    assert find_layout(Grid("Vacía")) is None


def test_missing_columns_are_named_with_the_headers_that_are_there() -> None:
    captions = [caption for caption in PRINTED if caption not in ("Meta", "DIC")]
    with pytest.raises(LayoutError, match=r"«POA».*Meta, DIC.*fila 3.*Código"):
        find_layout(grid(captions, top=3))


def test_a_column_that_stands_twice_is_named_with_its_cells() -> None:
    with pytest.raises(LayoutError, match=r"Meta está 2 veces: H2, Y2"):
        find_layout(grid([*PRINTED, "Meta 2020"], top=2))


def test_a_header_may_span_two_rows_under_a_merged_band() -> None:
    upper: list[Value] = [caption if caption not in MONTHS else None for caption in PRINTED]
    upper[9] = "PROGRAMACIÓN MENSUAL"
    lower: list[Value] = [caption if caption in MONTHS else None for caption in PRINTED]
    merges = [Merge(5, 10, 5, 21), *(Merge(5, c, 6, c) for c in range(1, 25) if not 10 <= c <= 21)]
    layout = find_layout(grid(upper, lower, top=5, merges=merges))
    assert layout is not None
    assert (layout.top, layout.bottom) == (5, 6)
    assert layout.columns == {name: column for column, name in enumerate(FIELDS, 1)}
    assert layout.unknown == {}


def test_of_four_columns_per_month_the_programmed_one_counts() -> None:
    fixed, last = PRINTED[:9], PRINTED[21:]
    upper: list[Value] = [*fixed]
    lower: list[Value] = [None] * 9
    merges = [Merge(1, c, 2, c) for c in range(1, 10)]
    for month in MONTHS:
        left = len(upper) + 1
        merges.append(Merge(1, left, 1, left + 3))
        upper += [month, None, None, None]
        lower += ["Programado", "Realizado", "Cumplimiento", "Medio"]
    upper += last
    layout = find_layout(grid(upper, lower, merges=merges))
    assert layout is not None
    assert [layout.columns[month] for month in MONTHS] == [10 + 4 * i for i in range(12)]
    assert "ENE Realizado" in layout.unknown


def test_a_repeated_header_is_known_again() -> None:
    sheet = grid(PRINTED, ["1", "G1"], PRINTED)
    layout = find_layout(sheet)
    assert layout is not None
    assert header_rows(sheet, layout) == {3}


def test_a_repeated_header_is_known_when_its_words_differ_and_a_data_row_is_none() -> None:
    other = [{"ENE": "Enero", "Código": "COD."}.get(text, text) for text in PRINTED]
    sheet = grid(PRINTED, other, ["Código", "Código"], ["1", "G1", "Meta"])
    layout = find_layout(sheet)
    assert layout is not None
    assert header_rows(sheet, layout) == {2}


def test_a_repeated_header_of_two_lines_is_known_line_by_line() -> None:
    upper = [*PRINTED[:9], "PROGRAMACIÓN MENSUAL", *[None] * 11, *PRINTED[21:]]
    lower = [*[None] * 9, *MONTHS, *[None] * 3]
    data = ["1", "G1", "Grupo", *[None] * 21]
    sheet = grid(upper, lower, data, upper, lower, data)
    layout = find_layout(sheet)
    assert layout is not None
    assert (layout.top, layout.bottom) == (1, 2)
    assert header_rows(sheet, layout) == {4, 5}


@given(st.integers(1, 16384))
def test_column_letters_read_back(column: int) -> None:
    assert column_number(letters(column)) == column


def test_column_letters() -> None:
    assert [letters(column) for column in (1, 26, 27, 28, 702, 703, 16384)] == [
        "A",
        "Z",
        "AA",
        "AB",
        "ZZ",
        "AAA",
        "XFD",
    ]


def test_a_refusal_says_what_was_recognised_where_and_the_line_that_settles_it() -> None:
    captions = [caption for caption in PRINTED if caption != "DIC"]
    with pytest.raises(
        LayoutError, match=r"faltan las columnas DIC;.*se reconoció: Id A, Código B,.*faltan los meses DIC: agregar"
    ):
        find_layout(grid(captions, top=3))
    with pytest.raises(LayoutError, match=r"(?s)Meta está 2 veces: H2, Y2;.*poa\.toml:\s+\[columnas\]\s+meta = \"H\""):
        find_layout(grid([*PRINTED, "Meta 2020"], top=2))
    with pytest.raises(LayoutError, match=r"(?s)DIC está 2 veces.*\[meses\]\s+columnas = \[\"J\", .*\"U\"\]"):
        find_layout(grid([*PRINTED, "DIC"], top=2))
