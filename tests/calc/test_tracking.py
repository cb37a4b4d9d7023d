"""The formulas of `Seguimiento`, recalculated by LibreOffice, say what the core says: figures, Estado and Motivo.

IronCalc is no judge here: it has no ranges that end where INDEX says, as all of these do at the cut-off.
"""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from poa_xl.books.book import FileBook
from poa_xl.core.dates import MONTHS
from poa_xl.core.plan import Plan, Row, TargetKind
from poa_xl.core.tracking import SCALES, USUAL, Band, Scale, Sense
from poa_xl.sheet.grid import Value
from poa_xl.sheet.tracking_columns import BY_NAME, PLACES, Part
from tests.engines import without_results
from tests.office import Office
from tests.plans import group, operation
from tests.tracked import images_of, operations, source_of

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported")


def agree(
    plan: Plan,
    typed: Mapping[tuple[int, str], Value],
    cutoff: int | None,
    office: Office,
    folder: Path,
    scale: Scale = USUAL,
) -> list[tuple[object, object]]:
    """Let Calc compute a sheet whose file holds no results, and compare every cell that people see with the core.

    Returns:
        Estado and Motivo of every operation, as Calc shows them.
    """
    source = source_of(plan, scale)
    images = images_of(source, typed, cutoff)
    path = folder / "p.xlsx"
    path.unlink(missing_ok=True)
    FileBook(path).write(images)
    bare = without_results(path, "xl/worksheets/sheet2.xml", wrong="?")
    (folder / "xlsx" / bare.name).unlink(missing_ok=True)
    page = openpyxl.load_workbook(office.convert(bare, "xlsx"), data_only=True).worksheets[1]
    for (row, column), cell in images[1].cells.items():
        name = next((each for each, number in PLACES.items() if number == column), "")
        if not name or BY_NAME[name].part is Part.HELPER:
            continue
        found = page.cell(row, column).value
        reason = page.cell(row, PLACES["reason"]).value
        if isinstance(cell.value, Decimal):
            assert isinstance(found, int | float), (name, row, cell.value, found, reason)
            assert float(found) == pytest.approx(float(cell.value), abs=1e-6), (name, row, reason)
        else:
            assert (found or "") == (cell.value or ""), (name, row, reason)
    lines = range(5, 5 + len(operations(plan)))
    return [(page.cell(line, PLACES["state"]).value, page.cell(line, PLACES["reason"]).value) for line in lines]


def op(number: int, kind: TargetKind | None, measure: str, months: str) -> Row:
    values = tuple(None if word == "." else Decimal(word) for word in months.split())
    return replace(
        operation(f"G1.{number}", "Unidad Legal", 100),
        stated=kind,
        measure=measure,
        months=(*values, *[None] * (12 - len(values))),
    )


ACUMULADA, CONSTANTE, PROMEDIO, AVANCE, HITO = TargetKind
CASES: list[tuple[TargetKind, str, str, Mapping[str, Value], str]] = [
    (ACUMULADA, "10 10 10", "10 5 15", {}, "Alto"),
    (ACUMULADA, "10 10 10", "10 5 10", {}, "Medio"),
    (ACUMULADA, "10 10 10", "10 . 9", {}, "Sin informar"),
    (ACUMULADA, "10 10 10", "10 X 9", {}, "Sin informar"),
    (ACUMULADA, ". . . 5", ". .", {}, "Todavía no corresponde"),
    (ACUMULADA, ". . . 5", "0 3", {}, "Sin programar"),
    (ACUMULADA, "5 -5", "5 0", {}, "Sin base"),
    (ACUMULADA, "1 1 1", "2 2 2", {}, "Alto"),
    (ACUMULADA, "0.1 0.1 0.1", "0.1 0.1 0.07", {}, "Alto"),
    (CONSTANTE, "36 36 36", "36 40 44", {}, "Alto"),
    (CONSTANTE, "36 . 36", "36 99 36", {}, "Alto"),
    (CONSTANTE, "36 36 36", ". . .", {}, "Sin informar"),
    (CONSTANTE, ". . . 36", "40 50 X", {}, "Sin programar"),
    (PROMEDIO, "10 10 13", "9 9 11.7", {}, "Alto"),
    (PROMEDIO, "1 2 3", "2 X 2", {}, "Sin informar"),
    (AVANCE, "10 20 50", "5 20 40", {}, "Medio"),
    (AVANCE, "10 20 50", ". . 30", {}, "Bajo"),
    (AVANCE, "10 20 50", "5 20 .", {}, "Sin informar"),
    (HITO, ". 1", ". . 1", {}, "Alto"),
    (HITO, ". 1", ". . 0", {}, "Bajo"),
    (HITO, ". 1", ". .", {}, "Sin informar"),
    (HITO, ". 1", "1", {}, "Alto"),
    (HITO, ". . . 1", ". . 1", {}, "Sin programar"),
    (CONSTANTE, "36 36 36", "40 40 40", {"sense": "Menos es mejor"}, "Alto"),
    (CONSTANTE, "36 36 36", "48 48 48", {"sense": " menos es mejor "}, "Medio"),
    (CONSTANTE, "36 36 36", "0 0 0", {"sense": "Menos es mejor"}, "Sin base"),
    (ACUMULADA, "5 5 5", "5 5 5", {"spent_ENE": Decimal(30), "spent_ABR": Decimal(500)}, "Alto"),
    (ACUMULADA, "5 5 5", "5 5 5", {"spent_ENE": Decimal(0)}, "Alto"),
]
MEASURES = (
    "Trámites",
    "Horas promedio",
    "Días",
    "Quejas recibidas",
    "Costo por trámite",
    "horas",
    "",
    "Índice de Errores",
)


def typed(line: int, executed: str, more: Mapping[str, Value]) -> dict[tuple[int, str], Value]:
    words = {f"executed_{month}": word for month, word in zip(MONTHS, executed.split(), strict=False) if word != "."}
    values = {name: word if word == "X" else Decimal(word) for name, word in words.items()}
    return {(line, name): value for name, value in {**values, **more}.items()}


def test_every_type_and_standing(office: Office, tmp_path: Path) -> None:
    rows = [op(i, kind, "Trámites", months) for i, (kind, months, *_) in enumerate(CASES, 1)]
    rows += [op(100 + i, None, measure, "10 10 10 10 10 10 10 10 10 10 10 10") for i, measure in enumerate(MEASURES)]
    cells: dict[tuple[int, str], Value] = {}
    for line, (_, _, executed, more, _) in enumerate(CASES, 5):
        cells |= typed(line, executed, more)
    for line in range(5 + len(CASES), 5 + len(CASES) + len(MEASURES)):
        cells |= typed(line, "8 8 8", {"sense": "Más es mejor"} if line % 2 else {})
    said = agree(Plan((group("G1"), *rows), 2020), cells, 2, office, tmp_path)
    assert [state for state, _ in said[: len(CASES)]] == [case[-1] for case in CASES]
    assert said[0] == ("Alto", "Acumulada: 30 de 30 = 100 %")
    assert said[1] == ("Medio", "Acumulada: 25 de 30 = 83,33 %")
    assert said[2] == ("Sin informar", "falta informar: FEB")
    assert said[7] == ("Alto", "Acumulada: 6 de 3 = 200 %; más de 120 %, revisar lo programado")
    assert said[18] == ("Alto", "Hito: 1 de 1 = 100 %; meses de atraso: 1")
    assert said[24] == ("Medio", "Constante: 36 sobre 48 = 75 %")


def test_no_cutoff_says_nothing(office: Office, tmp_path: Path) -> None:
    plan = Plan((group("G1"), op(1, ACUMULADA, "Trámites", "1 1 1")), 2020)
    assert agree(plan, typed(5, "1 1", {}), None, office, tmp_path) == [(None, None)]


def test_the_bands_of_an_office(office: Office, tmp_path: Path) -> None:
    rows = [op(i, ACUMULADA, "Trámites", "100") for i in range(1, 7)]
    cells = {
        place: value
        for line, done in enumerate(("74.9", "75", "90", "98.99999", "99", "102.1"), 5)
        for place, value in typed(line, done, {}).items()
    }
    said = agree(Plan((group("G1"), *rows), 2020), cells, 0, office, tmp_path, SCALES["CNS"])
    assert [state for state, _ in said] == ["Insatisfactorio", "Regular", "Bueno", "Bueno", "Óptimo", "Óptimo"]
    assert "más de 102 %" in str(said[-1][1])


def test_any_number_of_bands_at_their_very_bounds(office: Office, tmp_path: Path) -> None:
    lowers = [Decimal(-5), *(Decimal(number) * Decimal("2.5") for number in range(1, 80))]
    scale = Scale(tuple(Band(f'Banda "{each}"', "#FFC000", each) for each in lowers), "prueba", Decimal(199))
    done = [*lowers[1:], *(each - Decimal("0.01") for each in lowers[1:])]
    rows = [op(i, ACUMULADA, "Trámites", "100") for i, _ in enumerate(done, 1)]
    cells = {place: value for line, each in enumerate(done, 5) for place, value in typed(line, str(each), {}).items()}
    said = agree(Plan((group("G1"), *rows), 2020), cells, 0, office, tmp_path, scale)
    assert [state for state, _ in said] == [f'Banda "{each}"' for each in (*lowers[1:], *lowers[:-1])]


amounts = st.integers(0, 60).map(Decimal) | st.decimals(0, 500, places=2)
months = st.lists(st.none() | st.just(Decimal(0)) | amounts, min_size=12, max_size=12)
reported = st.lists(st.none() | st.just(Decimal(0)) | amounts | st.just("n/d"), min_size=12, max_size=12)


@st.composite
def drawn(draw: st.DrawFn) -> tuple[Plan, dict[tuple[int, str], Value]]:
    rows, cells = list[Row](), dict[tuple[int, str], Value]()
    for number in range(1, draw(st.integers(20, 40)) + 1):
        measure, kind = draw(st.sampled_from(MEASURES)), draw(st.none() | st.sampled_from(TargetKind))
        base = operation(f"G1.{number}", "Unidad Legal", draw(st.integers(0, 10**6)))
        rows.append(replace(base, measure=measure, stated=kind, months=tuple(draw(months))))
        for month, value in zip(MONTHS, draw(reported), strict=True):
            cells[number + 4, f"executed_{month}"] = value
            if draw(st.booleans()):
                cells[number + 4, f"spent_{month}"] = draw(amounts)
        cells[number + 4, "sense"] = draw(st.none() | st.sampled_from([*Sense, "Mas es mejor", "?"]))
    return Plan((group("G1"), *rows), 2020), {place: value for place, value in cells.items() if value is not None}


@settings(max_examples=5)
@given(drawn(), st.integers(0, 11))
def test_what_is_drawn(
    office: Office, tmp_path: Path, case: tuple[Plan, dict[tuple[int, str], Value]], cutoff: int
) -> None:
    agree(*case, cutoff, office, tmp_path)
