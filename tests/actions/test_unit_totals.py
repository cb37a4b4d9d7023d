"""Totals that were typed in the master: in a unit's workbook they are the unit's own."""

import zipfile
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from poa_xl.actions.splitting import Part, split_book
from poa_xl.actions.syncing import SyncOptions, sync
from tests.judges.excel_rules import broken
from tests.layouts import SPANISH

Row = list[Any]
FIRST = 5


def operation(code: str | None, name: str, unit: str, months: Sequence[int], budget: object, weight: object) -> Row:
    cells: Row = [None] * 12
    for month in months:
        cells[month] = month + 1
    return [code, name, unit, sum(month + 1 for month in months), *cells, budget, weight]


def plain() -> list[Row]:
    return [
        operation("1", "Capacitar", "Obras", (1, 2), 100, 0.1),
        operation("2", "Imprimir", "Salud", (3, 4), 200, 0.2),
        operation("3", "Visitar", "Obras", (0, 7), 300, 0.3),
        operation("4", "Pintar", "Salud", (1, 5), 250, 0.4),
    ]


def typed(rows: Sequence[Row], text: str, columns: Sequence[int] = range(4, 19)) -> Row:
    """The row of totals over others, its numbers typed."""
    total: Row = [None, text, *([None] * 16)]
    for column in columns:
        total[column - 1] = sum(float(str(row[column - 1])) for row in rows if row[column - 1] is not None)
    return total


def book(path: Path, rows: Sequence[Row], top: Sequence[Row] = (["Programa anual"], [], [])) -> Worksheet:
    page = openpyxl.Workbook().active
    assert isinstance(page, Worksheet)
    page.title = "Plan"
    headings = ["CÓDIGO", "ACTIVIDAD", "UNIDAD ORGANIZACIONAL", "META", *SPANISH, "PRESUPUESTO", "PONDERACIÓN"]
    for row in (*top, headings, *rows):
        page.append(row)
    for line in range(FIRST, FIRST + len(rows)):
        page.cell(line, 18).number_format = "0%"
    assert page.parent is not None
    page.parent.save(path)
    return page


def values_of(path: Path) -> list[tuple[object, ...]]:
    return [row[:18] for row in openpyxl.load_workbook(path)["Plan"].iter_rows(values_only=True)]


def sent(path: Path) -> dict[str, Part]:
    return {part.unit: part for part in split_book(path)}


def shown(part: Part, *, values: bool = False) -> list[tuple[object, ...]]:
    page = openpyxl.load_workbook(part.path, data_only=values)["Plan"]
    return [tuple(cell.value for cell in row[:18]) for row in page.iter_rows()]


def row_of(part: Part, text: str, *, values: bool = False) -> tuple[object, ...]:
    return next(row for row in shown(part, values=values) if text in row)


@pytest.mark.parametrize(
    "text",
    [
        "TOTAL",
        "Total general",
        "Sub total",
        "GRAND TOTAL",
        "Total geral",
        "Totais",
        "Suma",
        "Sum",
        "Soma",
        "TOTALES Bs",
    ],
)
def test_a_total_is_the_units_own_by_whatever_word_it_is_called(text: str, tmp_path: Path) -> None:
    path = tmp_path / "m.xlsx"
    book(path, [*plain(), typed(plain(), text)])
    before = values_of(path)
    parts = sent(path)
    for unit, part in parts.items():
        own = [row for row in plain() if row[2] == unit]
        assert (part.problem, part.doubts, broken(part.path.read_bytes())) == ("", (), [])
        wanted = [float(str(value or 0)) for value in typed(own, text)[3:18]]
        assert [float(str(value or 0)) for value in row_of(part, text, values=True)[3:18]] == pytest.approx(wanted)
        assert row_of(part, text)[3] == "=SUM(D5:D6)"
        assert row_of(part, text)[17] == "=SUM(R5:R6)"
    assert not sync([part.path for part in parts.values()], path, SyncOptions()).outcomes
    assert values_of(path) == before


def test_totals_of_blocks_go_with_the_rows_that_they_add_up(tmp_path: Path) -> None:
    rows = plain()
    path = tmp_path / "m.xlsx"
    block = [*rows[:2], typed(rows[:2], "Total objetivo 1"), *rows[2:3], typed(rows[2:3], "Total objetivo 2")]
    book(path, [*block, *rows[3:], typed(rows[3:], "Total objetivo 3"), typed(rows, "TOTAL")])
    parts = sent(path)
    works = [row[1:4] for row in shown(parts["Obras"])[4:9]]
    assert works == [
        ("Capacitar", "Obras", 5),
        ("Total objetivo 1", None, "=SUM(D5)"),
        ("Visitar", "Obras", 9),
        ("Total objetivo 2", None, 9),
        ("TOTAL", None, "=SUM(D5,D7)"),
    ]
    health = [row[1] for row in shown(parts["Salud"])[4:9]]
    assert health == ["Imprimir", "Total objetivo 1", "Pintar", "Total objetivo 3", "TOTAL"]
    assert row_of(parts["Salud"], "TOTAL", values=True)[16] == 450


def above(rows: list[Row]) -> list[Row]:
    return [typed(rows[:2], "Total eje 1"), *rows[:2], typed(rows[2:], "Total eje 2"), *rows[2:]]


def test_totals_above_the_rows_that_they_add_up_are_understood(tmp_path: Path) -> None:
    rows = plain()
    rows[1][2], rows[2][2] = "Obras", "Salud"
    path = tmp_path / "m.xlsx"
    more = [operation("5", "Auditar", "Obras", (9,), 70, 0.0), operation("6", "Evaluar", "Salud", (9,), 80, 0.0)]
    book(path, [*above(rows), typed(more, "Total eje 3"), *more])
    works = sent(path)["Obras"]
    names = ["Total eje 1", "Capacitar", "Imprimir", "Total eje 3", "Auditar"]
    assert [row[1] for row in shown(works)[4:9]] == names
    assert row_of(works, "Total eje 1")[16] == 300
    assert row_of(works, "Total eje 3")[16] == "=SUM(Q9)"


def test_a_total_in_the_title_is_found_in_the_column_of_money(tmp_path: Path) -> None:
    path = tmp_path / "m.xlsx"
    book(path, plain(), (["Programa anual"], ["Presupuesto total:", None, None, None, 850], ["Total de personas", 9]))
    works = sent(path)["Obras"]
    assert shown(works)[1][:5] == ("Presupuesto total:", None, None, None, "=SUM(Q5:Q6)")
    assert shown(works, values=True)[1][4] == 400
    assert shown(works)[2][:2] == ("Total de personas", 9)
    assert works.doubts == ()


def test_a_mean_stays_a_mean(tmp_path: Path) -> None:
    total = typed(plain(), "TOTAL", range(4, 18))
    total[17] = 0.25
    path = tmp_path / "m.xlsx"
    book(path, [*plain(), total])
    health = sent(path)["Salud"]
    assert row_of(health, "TOTAL")[17] == "=AVERAGE(R5:R6)"
    assert row_of(health, "TOTAL", values=True)[17] == pytest.approx(0.3)


def spoiled(total: Row) -> None:
    total[16] = 999


def as_text(total: Row) -> None:
    total[16] = "999,00"


@pytest.mark.parametrize("spoil", [spoiled, as_text])
def test_a_total_that_nothing_explains_is_left_out_and_said(spoil: Callable[[Row], None], tmp_path: Path) -> None:
    total = typed(plain(), "TOTAL")
    spoil(total)
    path = tmp_path / "m.xlsx"
    book(path, [*plain(), total])
    health = sent(path)["Salud"]
    assert row_of(health, "TOTAL")[16] is None
    assert row_of(health, "TOTAL")[3] == "=SUM(D5:D6)"
    assert len(health.doubts) == 1
    assert "Q7" in health.doubts[0]
    assert "TOTAL" in health.doubts[0]


def test_money_that_is_text_is_added_up_as_a_number(tmp_path: Path) -> None:
    rows = plain()
    for row in rows:
        row[16] = f"{row[16]},00"
    path = tmp_path / "m.xlsx"
    total = typed(plain(), "TOTAL")
    total[16] = "850,00"
    book(path, [*rows, total])
    assert row_of(sent(path)["Salud"], "TOTAL")[16] == 450


def test_a_formula_over_rows_that_go_leaves_no_figure_of_the_whole_office(tmp_path: Path) -> None:
    path = tmp_path / "m.xlsx"
    page = book(path, [*plain(), typed(plain(), "TOTAL")])
    raw = '<c r="Q9"><f>Q5+Q6+Q7+Q8</f><v>850</v></c>'
    page["Q9"] = 850
    assert page.parent is not None
    page.parent.save(path)
    replace_cell(path, '<c r="Q9" t="n"><v>850</v></c>', raw)
    health = sent(path)["Salud"]
    assert row_of(health, "TOTAL")[16] == "=SUM(Q5:Q6)"
    assert row_of(health, "TOTAL", values=True)[16] == 450


def replace_cell(path: Path, old: str, new: str) -> None:
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    name = "xl/worksheets/sheet1.xml"
    assert old.encode() in parts[name]
    parts[name] = parts[name].replace(old.encode(), new.encode())
    with zipfile.ZipFile(path, "w") as package:
        for each, data in parts.items():
            package.writestr(each, data)


def test_groups_show_what_their_rows_cost_in_the_unit(tmp_path: Path) -> None:
    def group(code: str, name: str, budget: int) -> Row:
        return [code, name, None, *([None] * 13), budget, None]

    rows = plain()
    for row, code in zip(rows, ("1.1", "1.2", "1.3", "2.1"), strict=True):
        row[0] = code
    path = tmp_path / "m.xlsx"
    listed = [group("1", "Eje uno", 600), *rows[:3], group("2", "Eje dos", 999), *rows[3:], typed(rows, "TOTAL")]
    book(path, listed)
    before = values_of(path)
    parts = sent(path)
    works = parts["Obras"]
    assert row_of(works, "Eje uno", values=True)[16] == 400
    assert row_of(works, "TOTAL", values=True)[16] == 400
    # All its rows are the unit's: it stays wrong as the master has it, for all to see.
    assert row_of(parts["Salud"], "Eje dos")[16] == 999
    assert row_of(parts["Salud"], "Eje uno", values=True)[16] == 200
    assert not sync([part.path for part in parts.values()], path, SyncOptions()).outcomes
    assert values_of(path) == before


def test_a_group_whose_figure_is_not_what_its_rows_cost_has_none_in_a_part_of_it(tmp_path: Path) -> None:
    rows = plain()
    for row, code in zip(rows, ("1.1", "1.2", "1.3", "1.4"), strict=True):
        row[0] = code
    path = tmp_path / "m.xlsx"
    book(path, [["1", "Eje uno", None, *([None] * 13), 777, None], *rows])
    works = sent(path)["Obras"]
    assert row_of(works, "Eje uno")[16] is None
    assert "Q5" in works.doubts[0]
    assert Decimal(str(row_of(works, "Capacitar")[16])) == 100
