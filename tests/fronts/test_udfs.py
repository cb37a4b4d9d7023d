"""Worksheet functions: what a cell shows, for one cell and for whole columns."""

import ast
import inspect
import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import pytest
import xlwings as xw
from hypothesis import given
from hypothesis import strategies as st

import udfs
from poa_xl.actions import settings as settings_of
from poa_xl.actions.load import load_one
from poa_xl.books.book import FileBook
from poa_xl.core.checks import check
from poa_xl.core.codes import Code
from poa_xl.core.flags import flag
from poa_xl.core.rollup import roll_up
from poa_xl.core.targets import judge_row
from poa_xl.errors import BookError
from poa_xl.sheet.areas import Placed
from tests import offices
from tests.paths import MASTER
from tests.strategies import codes

YEAR = [1.0] * 12


def column(*values: object) -> list[list[object]]:
    return [[value] for value in values]


@pytest.mark.parametrize(
    ("function", "code", "expected"),
    [
        (udfs.POA_NIVEL, "GROGR1.2.5", 3),
        (udfs.POA_NIVEL, " grogr1.2.5. ", 3),
        (udfs.POA_PADRE, "GROGR1.2.5", "GROGR1.2"),
        (udfs.POA_PADRE, "GROGR1", ""),
        (udfs.POA_ORDEN, "GROGR1.10", "GROGR.000001.000010"),
        (udfs.POA_NIVEL, None, None),
        (udfs.POA_NIVEL, "", None),
        (udfs.POA_NIVEL, "cinco", "#VALUE!"),
        (udfs.POA_PADRE, 1.1, "#VALUE!"),
        (udfs.POA_ORDEN, "#REF!", "#VALUE!"),
        (udfs.POA_NIVEL, column("G1", None, "x", "G1.2"), column(1, None, "#VALUE!", 2)),
        (udfs.POA_NIVEL, [["G1", "G1.2"], [None, "G1.2.3"]], [[1, 2], [None, 3]]),
    ],
)
def test_codes(function: Callable[[object], object], code: object, expected: object) -> None:
    assert function(code) == expected


@given(st.lists(codes, min_size=2, max_size=6))
def test_the_sort_key_sorts_as_codes_do(some: list[Code]) -> None:
    keys = {udfs.POA_ORDEN(str(code)): code for code in some}
    assert [keys[key] for key in sorted(keys)] == sorted(set(some))


CODES = column("G1", "G1.1", "G1.1.1", "G1.1.2", "G1.10", None, None, "G1.9.1")
BUDGETS = column(1.0, None, 100.0, "1.234,50", None, 30.0, 20.0, 7.0)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("G1", 100 + 1234.5 + 50 + 7),
        ("G1.1", 1334.5),
        ("G1.1.1", 100),
        ("G1.10", 50),  # two lines without a code, below an operation that states nothing
        ("G1.9", 7),  # no row of its own
        ("G1.2", "#N/A"),
        ("G2", "#N/A"),
        ("mal", "#VALUE!"),
        (None, None),
        (column("G1.1", None, "G3"), column(1334.5, None, "#N/A")),
    ],
)
def test_budgets_roll_up(code: object, expected: object) -> None:
    assert udfs.POA_PRESUPUESTO(code, CODES, BUDGETS) == expected


def test_an_amount_that_is_not_understood_spoils_what_stands_above_it_and_nothing_else() -> None:
    budgets = column(1.0, None, "1.234", 5.0, None, "x", 20.0, 7.0)
    asked = column("G1", "G1.1", "G1.1.1", "G1.1.2", "G1.10", "G1.9.1")
    assert udfs.POA_PRESUPUESTO(asked, CODES, budgets) == column("#VALUE!", "#VALUE!", "#VALUE!", 5, "#VALUE!", 7)


def test_a_total_row_below_an_operation_is_no_line_of_it() -> None:
    assert udfs.POA_PRESUPUESTO("G1", column("G1", "G1.1", "G1.2", None), column(None, 1, 2, 3)) == 3


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("G1.1", "G1.1.3"),
        ("G1.1.1", "G1.1.3"),
        ("G1", "G1.11"),
        ("G1.9", "G1.9.2"),
        ("G1.10", "G1.11"),
        ("G2", "#N/A"),
        ("G2.1", "#N/A"),
        ("mal", "#VALUE!"),
        (None, None),
        (column("G1.1", None), column("G1.1.3", None)),
    ],
)
def test_the_next_code_of_a_group(code: object, expected: object) -> None:
    assert udfs.POA_SIGUIENTE_CODIGO(code, CODES) == expected


def test_codes_that_end_in_letters_have_no_next_one() -> None:
    assert udfs.POA_SIGUIENTE_CODIGO("AO1", column("AO1", "AO1.1", "AO1.2")) == "AO1.3"


def test_a_code_weighs_what_it_costs_of_its_group() -> None:
    asked = column("G1.1", "G1.10", "G1.9", "G1.1.1", "G2", None, "mal")
    found = udfs.POA_PONDERACION(asked, CODES, BUDGETS)
    whole = 1334.5 + 50 + 7
    wanted = [1334.5 / whole, 50 / whole, 7 / whole, 100 / 1334.5, "#N/A", None, "#VALUE!"]
    assert [each for (each,) in found] == [pytest.approx(each) if isinstance(each, float) else each for each in wanted]
    assert sum(each for (each,) in found[:3]) == pytest.approx(1)


def test_without_a_budget_all_weigh_the_same_and_what_is_not_understood_weighs_nothing() -> None:
    codes_ = column("G1", "G1.1", "G1.2")
    assert udfs.POA_PONDERACION(codes_, codes_, column(None, None, None)) == column(1, 0.5, 0.5)
    assert udfs.POA_PONDERACION(codes_, codes_, column(None, "x", 1)) == column("#VALUE!", "#VALUE!", "#VALUE!")


def test_money_by_source_counts_each_boliviano_once() -> None:
    codes_ = column("G1", "G1.1", "G1.2", None, None, "G1.3")
    budgets = column(999, 100, None, 30, 20, 7)
    sources = column(None, "41", "20", None, 41.0, None)
    asked = column(41.0, "20", "10", None)
    assert udfs.POA_FUENTE(asked, sources, budgets, codes_) == column(120, 30, "#N/A", None)
    assert udfs.POA_FUENTE("41", sources, column(999, "x", None, 30, 20, 7), codes_) == "#VALUE!"


def test_rows_that_share_a_code_are_summed() -> None:
    assert udfs.POA_PRESUPUESTO("G1.1", column("G1", "G1.1", "G1.1"), column(None, 1, 2)) == 3


def test_ranges_of_different_sizes_are_refused() -> None:
    with pytest.raises(ValueError, match="los rangos no tienen el mismo tamaño: 2 y 1 celdas"):
        udfs.POA_PRESUPUESTO("G1", column("G1"), column(1, 2))
    with pytest.raises(ValueError, match="mismo tamaño"):
        udfs.POA_ESTADO(column(1, 2), "Trámites", [YEAR])
    with pytest.raises(ValueError, match="se necesitan doce meses y hay 11 columnas"):
        udfs.POA_ESTADO(1, "Trámites", [YEAR[1:]])


RATIO = "% de avance"
UP = [10.0, 20.0, 30.0, *[None] * 9]


@pytest.mark.parametrize(
    ("asked", "kind", "gap", "state", "reason"),
    [
        (
            (12.0, "Trámites", YEAR, None),
            "Acumulada",
            0,
            "VERDE",
            "Acumulada (según la unidad de medida): los meses cuadran",
        ),
        ((13.0, "Trámites", YEAR, None), "Acumulada", -1, "ROJO", "los meses suman 12, la Meta es 13: faltan 1"),
        ((30.0, RATIO, UP, "Avance"), "Avance", 0, "VERDE", "Avance (declarada): los meses cuadran con la Meta"),
        ((1.0, "Trámites", YEAR, "constante"), "Constante", 0, "VERDE", "Constante (declarada)"),
        (("36 horas", "Trámites", YEAR, None), "#VALUE!", "#VALUE!", "ROJO", "«36 horas» no es un número"),
        ((12.0, "Trámites", ["#REF!", *YEAR[1:]], None), "#VALUE!", "#VALUE!", "ROJO", "#REF!"),
        ((12.0, "Trámites", YEAR, "Mensual"), "#VALUE!", "#VALUE!", "ROJO", "«Mensual» no es un tipo de meta"),
        ((12.0, "Trámites", [None] * 12, None), None, None, "ROJO", "ningún mes programado"),
        ((None, "Trámites", YEAR, None), None, None, "ROJO", "Hay meses programados y ninguna Meta"),
        ((11.0, "Trámites", [*YEAR[1:], None], None), "Acumulada", 0, "AVISO", "DIC está vacío"),
        ((None, "Trámites", [None] * 12, None), None, None, "", None),
        ((0.0, "Trámites", [0.0] * 12, None), None, None, "VERDE", ""),
    ],
)
def test_a_target_against_its_months(
    asked: tuple[object, str, list[object], object], kind: object, gap: object, state: str, reason: str | None
) -> None:
    target, measure, months, stated = asked
    cells = (target, measure, [months], stated)
    assert udfs.POA_TIPO(*cells) == kind
    assert udfs.POA_DIFERENCIA(*cells) == gap
    assert udfs.POA_ESTADO(*cells) == state
    said = udfs.POA_MOTIVO(*cells)
    assert (said is None) if reason is None else (reason in said)


def test_columns_come_back_as_columns_and_a_single_unit_holds_for_all() -> None:
    targets, months = column(12.0, None, 3.0), [YEAR, [None] * 12, YEAR]
    assert udfs.POA_ESTADO(targets, "Trámites", months) == column("VERDE", "", "ROJO")
    assert udfs.POA_DIFERENCIA(targets, column("Trámites", None, "Trámites"), months) == column(0, None, 9)
    assert udfs.POA_ESTADO(targets, "Trámites", months, column("Constante", None, None)) == column("ROJO", "", "ROJO")
    assert udfs.POA_ESTADO(12, "Trámites", column(*YEAR)) == "VERDE"


@pytest.mark.parametrize(
    ("months", "stated", "last", "expected", "by_quarter"),
    [
        (YEAR, None, None, 12, [3, 3, 3, 3]),
        (YEAR, None, 6, 6, [3, 3, 3, 3]),
        (YEAR, None, "JUN", 6, [3, 3, 3, 3]),
        (UP, "Avance", 2, 20, [30, 30, 30, 30]),
        ([None, None, None, *UP[:3], *[None] * 6], "Avance", 3, 0, [0, 30, 30, 30]),
        (UP, None, 12, 60, [60, 0, 0, 0]),
        (UP, "Promedio", None, 20, [20, None, None, None]),
        ([36.0, 36.0, 40.0, *[36.0] * 9], "Constante", None, 40, [40, 36, 36, 36]),
        ([None] * 11 + [1.0], "Hito", 6, None, [None, None, None, 1]),
        ([None] * 12, None, None, None, [None] * 4),
        (["x", *YEAR[1:]], None, None, "#VALUE!", ["#VALUE!"] * 4),
        (YEAR, "Mensual", None, "#VALUE!", ["#VALUE!"] * 4),
    ],
)
def test_what_months_amount_to(
    months: list[object], stated: object, last: object, expected: object, by_quarter: list[object]
) -> None:
    assert udfs.POA_PROGRAMADO([months], stated, last) == expected
    assert udfs.POA_TRIMESTRES([months], stated) == [by_quarter]


@pytest.mark.parametrize("month", [0, 13, 1.5, "mes"])
def test_a_month_that_is_none_is_refused(month: object) -> None:
    with pytest.raises(ValueError, match="no es un mes"):
        udfs.POA_PROGRAMADO([YEAR], None, month)


PARTIDAS = column("25220", "24300;25900", "25900", None, "43120 - Equipo", "25400;3320", 25400.0, 3320.0)
SPENT = column(100.0, 300.0, 50.0, 999.0, 7.0, 30.0, 10.0, 20.0)


@pytest.mark.parametrize(
    ("partida", "money", "note"),
    [
        ("25220", 100, None),
        (25220.0, 100, None),
        ("25900", 350, "300 en celdas con varias partidas, sin dividir"),
        ("24300", 300, "300 en celdas con varias partidas, sin dividir"),
        ("2", 460, None),  # 24300;25900 lies in the group as a whole, 25400;3320 is divided below
        ("25", 460, "300 en celdas con varias partidas, sin dividir"),
        ("25400", 10, None),
        ("43120", 7, None),
        ("9", "#N/A", "ninguna fila tiene la partida 9"),
        ("servicios", "#VALUE!", "«servicios» no es una partida"),
        (None, None, None),
    ],
)
def test_partidas(partida: object, money: object, note: object) -> None:
    assert udfs.POA_PARTIDA(partida, PARTIDAS, SPENT) == money
    assert udfs.POA_PARTIDA(partida, PARTIDAS, SPENT, detalle=1) == [[money, note]]


def test_an_amount_that_is_not_understood_spoils_its_partidas() -> None:
    assert udfs.POA_PARTIDA(column("2", "4"), column("25220", "43120"), column("x", 7.0)) == column("#VALUE!", 7)


UNITS = column("Legal", "LEGAL ", "Legal", "Oruro", None)


def test_a_group_of_a_unit_is_not_counted_twice() -> None:
    rows = column("G1", "G1.1", "G1.1.1", "G1.1.2", None)
    budgets = column(None, 30.0, 10.0, 20.0, None)
    asked = column("Legal", "oruro", "Nadie", None)
    assert udfs.POA_UNIDAD(asked, UNITS, budgets, rows) == column(10, 20, "#N/A", None)
    assert udfs.POA_UNIDAD("Legal", UNITS, column(None, 30.0, "x", 20.0, None), rows) == "#VALUE!"


def test_units_and_sources_of_a_plan_without_codes_add_up_all_its_rows() -> None:
    budgets = column(None, 30.0, 10.0, 20.0, 5.0)
    assert udfs.POA_UNIDAD(column("Legal", "oruro", "Nadie"), UNITS, budgets) == column(40, 20, "#N/A")
    assert udfs.POA_FUENTE("legal", UNITS, budgets) == 40
    assert udfs.POA_FUENTE("Legal", UNITS, column(None, 30.0, "x", 20.0, None)) == "#VALUE!"
    blank = column(None, None, None, None, None)
    assert udfs.POA_UNIDAD("Legal", UNITS, budgets, blank) == 40


def table() -> list[list[object]]:
    """The plan of 2020 as a program hands the range over, from its header on."""
    source = load_one(FileBook(MASTER))
    lines = range(source.parsed.layout.bottom, max(source.grid.cells) + 1)
    rows = [[source.grid.get(line, column) for column in range(1, 25)] for line in lines]
    return [[float(each) if isinstance(each, Decimal) else each for each in row] for row in rows]


def test_the_plan_of_2020_says_in_cells_what_the_core_says() -> None:
    source = load_one(FileBook(MASTER))
    plan, places = source.parsed.plan, source.parsed.layout.columns
    rows = table()[1:]
    pick = {name: [[row[number - 1]] for row in rows] for name, number in places.items() if number <= 24}
    months = [row[places["ENE"] - 1 : places["DIC"]] for row in rows]
    asked = (pick["target"], pick["measure"], months)
    flags = flag(plan, check(plan))
    verdicts = [judge_row(row) for row in plan.rows]
    assert udfs.POA_PRESUPUESTO(pick["code"], pick["code"], pick["budget"]) == column(
        *[float(total) if isinstance(total, Decimal) else None for total in roll_up(plan)]
    )
    assert udfs.POA_TIPO(*asked) == column(*[each and str(each.kind) for each in verdicts])
    assert udfs.POA_DIFERENCIA(*asked) == column(*[each and float(each.difference) for each in verdicts])
    assert udfs.POA_ESTADO(*asked) == column(*[str(each.target) for each in flags])
    assert udfs.POA_PARTIDA("2", pick["partida"], pick["budget"]) == 24868363.0


def test_findings_spill() -> None:
    found = udfs.POA_HALLAZGOS(table())
    plan = load_one(FileBook(MASTER)).parsed.plan
    assert found[0] == ["Estado", "Fila", "Columna", "Código", "Encontrado", "Qué pasa", "Sugerencia"]
    assert len(found) == len(check(plan)) + 1
    assert found[1][:4] == ["ROJO", 114, "Meta", "GROGR1.2.5.1.10"]
    for corner, link in [
        ("A4", "#H117"),
        ("$A$4", "#H117"),
        ("'[POA.xlsx]POA 2020'!$A$4", "#'POA 2020'!H117"),
        ("$'POA 2020'.$A$4", "#'POA 2020'!H117"),
        ("Hoja1!C5", "#'Hoja1'!J118"),
        ("'O''Higgins'!A4", "#'O''Higgins'!H117"),
    ]:
        linked = udfs.POA_HALLAZGOS(table(), corner)
        assert (linked[0][1], linked[1][1]) == ("Celda", link)
    with pytest.raises(ValueError, match="«aquí» no es la dirección de una celda"):
        udfs.POA_HALLAZGOS(table(), "aquí")
    assert udfs.POA_HALLAZGOS([["a", "b"]]).startswith("el rango no tiene los encabezados de un plan")
    assert udfs.POA_HALLAZGOS(table()[:1]) == "Sin hallazgos"


@pytest.mark.parametrize(
    ("by", "header", "some"),
    [
        (
            "unidad",
            ["Unidad", "Operaciones", "Presupuesto", "VERDE", "ROJO", "AVISO"],
            ["Unidad Legal", 11, 564160.0, 10, 1, 0],
        ),
        ("Objetivo", ["Código", "Objetivo", "Presupuesto"], None),
        ("partida", ["Partida", "Presupuesto", "Nota"], ["24300;25900", 6257355.0, "varias partidas, sin dividir"]),
        ("trimestre", ["Trimestre", "Operaciones programadas", "Presupuesto"], None),
    ],
)
def test_summaries_add_up_to_the_plan(by: str, header: list[str], some: list[object] | None) -> None:
    found = udfs.POA_RESUMEN(table(), by)
    assert found[0] == header
    assert sum(row[header.index("Presupuesto")] for row in found[1:]) == 39745387
    assert some is None or some in found


def test_a_summary_of_something_else_is_refused() -> None:
    with pytest.raises(ValueError, match="«color» no es una forma de resumir: unidad, objetivo, partida, trimestre"):
        udfs.POA_RESUMEN(table(), "color")


def test_what_is_no_cell_is_refused() -> None:
    with pytest.raises(TypeError, match="object"):
        udfs.POA_NIVEL(object())


def far_right(folder: Path) -> Placed:
    """A plan of another office, whose range begins in D5 and whose fifth activity is wrong."""
    office = offices.far_right(offices.SLIP)
    lines = range(5, max(office.grid.cells) + 1)
    rows: list[list[object]] = [[office.grid.get(line, column) for column in range(4, 22)] for line in lines]
    return Placed(rows, str(folder / "plan.xlsx"), office.grid.name, 5, 4)


def test_a_plan_is_read_by_the_settings_beside_its_workbook(tmp_path: Path) -> None:
    found = udfs.POA_HALLAZGOS(far_right(tmp_path))
    assert [row[:3] for row in found[1:]] == [["ROJO", 6, "Meta"]]
    whole = udfs.POA_RESUMEN(far_right(tmp_path), "trimestre")
    settings = tmp_path / "poa.toml"
    # Letters and rows are of the sheet, wherever the range begins.
    settings.write_text('[plan]\nfila_meses = 5\nultima_fila = 9\n[columnas]\nmeta = "U"\n', "utf-8")
    assert udfs.POA_HALLAZGOS(far_right(tmp_path)) == "Sin hallazgos"
    assert udfs.POA_RESUMEN(far_right(tmp_path), "trimestre")[1][1] < whole[1][1]
    settings.write_text("[columnas]\ncolor = 1\n", "utf-8")
    assert "poa.toml" in udfs.POA_HALLAZGOS(far_right(tmp_path))
    with pytest.raises(BookError, match="color"):
        udfs.POA_RESUMEN(far_right(tmp_path), "trimestre")


def test_rows_of_no_known_place_are_read_by_settings_for_all_workbooks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings_of, "_FOR_ALL", [])
    rows = [*far_right(tmp_path)]
    assert len(udfs.POA_HALLAZGOS(rows)) == 2
    (tmp_path / "poa.toml").write_text("[reglas]\nmeta-meses = 'off'\n", "utf-8")
    settings_of.also_in(tmp_path)
    assert udfs.POA_HALLAZGOS(rows) == "Sin hallazgos"


class Cells:
    """A range as xlwings hands it over, of a workbook that may have no folder here."""

    def __init__(self, address: str | None) -> None:
        self.row, self.column, self.name = 5, 4, "POA"
        self.sheet, self.book, self._address = self, self, address

    @property
    def fullname(self) -> str:
        if self._address is None:
            raise xw.XlwingsError("OneDrive")
        return self._address


@pytest.mark.parametrize(("address", "told"), [("/plan.xlsx", "/plan.xlsx"), (None, "")])
def test_excel_says_where_a_plan_stands(address: str | None, told: str) -> None:
    read = SimpleNamespace(range=Cells(address), value=[[1.0]])
    steps = udfs._PLANS["rango_con_encabezado"].reader({"ndim": 2, "err_to_str": True})
    steps[-1](read)
    assert read.value == [[1.0]]
    assert (read.value.address, read.value.sheet, read.value.row, read.value.column) == (told, "POA", 5, 4)
    made = SimpleNamespace(range=None, value=[[1.0]])
    steps[-1](made)
    assert type(made.value) is list


def test_functions_know_the_core_the_sheet_and_the_settings_only() -> None:
    tree = ast.parse((Path(__file__).parents[2] / "udfs.py").read_text("utf-8"))
    names = {each.module or "" for each in ast.walk(tree) if isinstance(each, ast.ImportFrom)}
    ours = {name for name in names if name.startswith("poa_xl")}
    assert ours
    known = {"poa_xl.core", "poa_xl.actions.settings"}
    assert all(re.match(r"poa_xl\.(core|sheet|errors|i18n)\b", f"{name}.") for name in ours - known)


def test_every_function_stands_in_the_guide_with_its_arguments() -> None:
    guide = (Path(__file__).parents[2] / "docs" / "funciones.md").read_text("utf-8")
    for name, function in vars(udfs).items():
        if name.startswith("POA_"):
            given_ = inspect.signature(function).parameters.values()
            shown = "; ".join(p.name if p.default is p.empty else f"[{p.name}]" for p in given_)
            assert f"`{name}({shown})`" in guide


def test_a_sum_with_an_operation_whose_code_is_not_understood_is_an_error() -> None:
    codes = [["Código"], ["G1"], ["G1.1"], ["G1..2"], ["G2"], ["G2.1"], ["Firma"]]
    budgets = [["Presupuesto"], [None], [5.0], [6.0], [None], [7.0], [None]]
    assert udfs.POA_PRESUPUESTO([["G1"], ["G1.1"], ["G2"]], codes, budgets) == [["#VALUE!"], [5.0], [7.0]]
    assert udfs.POA_UNIDAD("U", [["U"]] * 7, budgets, codes) == 18.0


DUE = [[10.0] * 4 + [None] * 8]


@pytest.mark.parametrize(
    ("done", "month", "kind", "sense", "executed", "efficacy", "projection"),
    [
        ([10.0, 5.0, 12.0], "MAR", None, None, 27, 90, 36),
        ([10.0, 5.0], 2, "Acumulada", None, 15, 75, 30),
        ([10.0, 30.0], "febrero", "Promedio", None, 20, 200, 20),
        ([10.0, 30.0], "FEB", "Constante", "Menos es mejor", 20, 50, 20),
        ([5.0, 8.0], "FEB", "Avance", "", 8, 80, 8),
        ([None, 8.0], "FEB", None, None, 8, "Sin informar", "Sin informar"),
        ([], "ENE", None, None, None, "Sin informar", "Sin informar"),
        ([0.0], "ENE", None, "menos es mejor", 0, "Sin base", 0),
        (["diez"], "ENE", None, None, "#VALUE!", "#VALUE!", "#VALUE!"),
        ([10.0], "ENE", "Mensual", None, "#VALUE!", "#VALUE!", "#VALUE!"),
        ([10.0], "ENE", None, "al revés", 10, "#VALUE!", 40),
    ],
)
def test_what_was_executed(
    done: list[object],
    month: object,
    kind: object,
    sense: object,
    executed: object,
    efficacy: object,
    projection: object,
) -> None:
    row = [[*done, *[None] * (12 - len(done))]]
    assert udfs.POA_EJECUTADO(row, kind, month) == executed
    assert udfs.POA_EFICACIA(DUE, row, month, kind, sense) == efficacy
    assert udfs.POA_PROYECCION(DUE, row, month, kind) == projection


def test_tracking_over_columns() -> None:
    due, done = DUE * 3, [[value, *[None] * 11] for value in (10.0, 8.0, None)]
    assert udfs.POA_EJECUTADO(done) == column(10, 8, None)
    found = udfs.POA_EFICACIA(due, done, "ENE")
    assert found == column(100, 80, "Sin informar")
    assert udfs.POA_SEMAFORO(found) == column("Alto", "Medio", "Sin informar")
    assert udfs.POA_EFICACIA([[None] * 12] * 2, [[None] * 12, [3.0, *[None] * 11]], "DIC") == column(
        "Todavía no corresponde", "Sin programar"
    )
    with pytest.raises(ValueError, match="tamaño"):
        udfs.POA_EFICACIA(due, done[:2], "ENE")


@pytest.mark.parametrize(
    ("efficacy", "bands", "expected"),
    [
        (74.9, None, "Bajo"),
        (75.0, None, "Medio"),
        (89.99999999999999, None, "Alto"),
        (99.0, "cns", "Óptimo"),
        (60.0, [["Mal", 0.0], ["Bien", 60.0]], "Bien"),
        (59.0, [["Mal", 0.0], [None, None], ["Bien", "60"]], "Mal"),
        ("Sin informar", None, "Sin informar"),
        (None, None, None),
        ("#N/A", None, "#VALUE!"),
        (True, None, "#VALUE!"),
    ],
)
def test_bands(efficacy: object, bands: object, expected: object) -> None:
    assert udfs.POA_SEMAFORO(efficacy, bands) == expected


@pytest.mark.parametrize(
    ("bands", "why"),
    [
        ("OTRA", "no hay bandas"),
        ([["Mal", "x"], ["Bien", 60.0]], "dos columnas"),
        ([[0.0, 1.0, 2.0]], "dos columnas"),
        ([["a", 90.0], ["b", 50.0]], "ascend"),
    ],
)
def test_bands_that_are_none(bands: object, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        udfs.POA_SEMAFORO(50.0, bands)
