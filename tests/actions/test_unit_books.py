"""Workbooks of units in the layout of another office: cut down, sent, taken back."""

import zipfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.table import Table

from poa_xl.actions.checking import check_file
from poa_xl.actions.closing import close_quarter
from poa_xl.actions.load import load_one
from poa_xl.actions.mapping import pinned
from poa_xl.actions.splitting import Part, split_book
from poa_xl.actions.syncing import Synced, SyncOptions, sync
from poa_xl.actions.tracking import tracked_in
from poa_xl.actions.updating import Options, update_book
from poa_xl.books.book import FileBook
from poa_xl.core.dates import MONTHS
from poa_xl.core.outcomes import Fate
from poa_xl.core.plan import OWN, Kind
from poa_xl.sheet.grid import letters
from poa_xl.sheet.own import own_columns
from poa_xl.sheet.tracking_columns import PLACES
from poa_xl.sheet.tracking_read import TRACKING
from tests.judges.excel_rules import broken
from tests.layouts import FORMS, MEASURE, NAME, NUMBER, TARGET, UNIT, Form, column, draw, items, months, of, saved

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported")


def with_units(form: Form) -> Form:
    """The form with a column of units, where it says them nowhere."""
    is_said = form.heads or any(each.field == "unit" for each in form.columns)
    return form if is_said else replace(form, columns=(form.columns[0], UNIT, *form.columns[1:]))


CHOSEN = (
    "meta and unit of measure",
    "letters and numbers as codes",
    "quarter sums between the months",
    "three heading rows, merged",
    "four columns a month, merged",
    "units as heading rows",
    "marks",
    "money as text",
    "forms with signatures below one another",
    "four quarters",
)
REPEATED = {
    "codes that every unit counts anew": of(
        column("CÓDIGO", lambda item: f"1.{item.number % 3 + 1}", "code"), UNIT, NAME, TARGET, months()
    ),
    "rows that are called the same": of(NUMBER, UNIT, column("ACTIVIDAD", lambda _: "Apoyo", "name"), TARGET, months()),
}
ALL = {name: with_units(FORMS[name]) for name in CHOSEN} | REPEATED


def master(name: str, folder: Path) -> Path:
    return saved(folder / "maestro.xlsx", draw(ALL[name], items()).grid)


def values(path: Path, width: int) -> list[tuple[object, ...]]:
    page = openpyxl.load_workbook(path).worksheets[0]
    return [tuple(cell.value for cell in row[:width]) for row in page.iter_rows()]


def take(parts: list[Part], path: Path) -> Synced:
    return sync([part.path for part in parts], path, SyncOptions())


@pytest.mark.parametrize("name", ALL)
def test_a_unit_gets_its_rows_of_the_master_and_gives_one_edit_back(name: str, tmp_path: Path) -> None:
    path = master(name, tmp_path)
    before = path.read_bytes()
    opened = load_one(FileBook(path))
    width = max(max(cells) for cells in opened.grid.cells.values())
    rows = values(path, width)
    parts = split_book(path)
    assert [(part.problem, part.doubts) for part in parts] == [("", ())] * len(parts)
    assert len(parts) == 3
    for part in parts:
        own = [row.line for row in opened.plan.rows if row.unit == part.unit]
        got = values(part.path, width)
        top = opened.layout.bottom
        assert got[:top] == rows[:top]
        assert [row for row in got[top:] if row in [rows[line - 1] for line in own]] == [rows[i - 1] for i in own]
        assert broken(part.path.read_bytes()) == []
        others = {row.unit for row in opened.plan.rows} - {part.unit}
        with zipfile.ZipFile(part.path) as package:
            told = b"".join(map(package.read, package.namelist())).decode("utf-8", "ignore")
        assert [unit for unit in others if unit in told] == []
    assert not take(parts, path).outcomes
    again = load_one(FileBook(path))
    assert [replace(r, origin=opened.plan.rows[0].origin) for r in again.plan.rows] == [
        replace(r, origin=opened.plan.rows[0].origin) for r in opened.plan.rows
    ]
    unit = load_one(FileBook(parts[1].path), profile=pinned(opened))
    month = next(name for name in ("DIC", "ENE") if name in unit.layout.columns)
    book = openpyxl.load_workbook(parts[1].path)
    book[opened.sheet].cell(unit.plan.rows[-1].line, unit.layout.columns[month]).value = 77
    book.save(parts[1].path)
    done = take(parts, path)
    assert [(each.fate, each.field) for each in done.outcomes] == [(Fate.TAKEN, month)]
    line = [row.line for row in opened.plan.rows if row.unit == parts[1].unit][-1]
    now = values(path, width)
    changed = [
        f"{letters(k + 1)}{i + 1}"
        for i, (old, new) in enumerate(zip(rows, now, strict=False))
        for k in range(width)
        if old[k] != new[k]
    ]
    assert changed == [f"{letters(opened.layout.columns[month])}{line}"]
    assert before != path.read_bytes()


@pytest.mark.parametrize(
    ("name", "heading"),
    [
        ("baseline beside the target", "LÍNEA BASE"),
        ("baseline beside the target", "INDICADOR"),
        ("english items with units and cost", "Unit Cost"),
        ("money by month", "CANTIDAD"),
        ("four columns a month, merged", "Mar Medio de verificación"),
        ("quantities and money", "FINANCIERO Dic"),
        ("names that no caption speaks of", "OBJETIVO ESTRATÉGICO"),
        ("weeks with marks, merged", "Feb 2"),
    ],
)
def test_what_a_unit_writes_into_a_column_of_its_offices_own_comes_to_that_cell(
    name: str, heading: str, tmp_path: Path
) -> None:
    path = saved(tmp_path / "maestro.xlsx", draw(with_units(FORMS[name]), items()).grid)
    opened = load_one(FileBook(path))
    column = own_columns(opened.layout)[OWN + heading]
    width = max(max(cells) for cells in opened.grid.cells.values())
    rows = values(path, width)
    parts = split_book(path)
    done = take(parts, path)
    assert (done.outcomes, [each.unknown for each in done.received]) == ((), [()] * 3)
    unit = load_one(FileBook(parts[1].path), profile=pinned(opened))
    typed(parts[1].path, unit.sheet, unit.plan.rows[-1].line, column, "X")
    done = take(parts, path)
    assert (Fate.TAKEN, OWN + heading) in [(each.fate, each.field) for each in done.outcomes]
    line = [row.line for row in opened.plan.rows if row.unit == parts[1].unit][-1]
    rows[line - 1] = (*rows[line - 1][: column - 1], "X", *rows[line - 1][column:])
    assert values(path, width) == rows
    changes = openpyxl.load_workbook(path)["Cambios"]
    assert heading in [cell.value for row in changes.iter_rows() for cell in row]


def typed(path: Path, sheet: str, line: int, column: int, value: object) -> None:
    book = openpyxl.load_workbook(path)
    book[sheet].cell(line, column).value = value  # type: ignore[assignment]
    book.save(path)


def test_both_sides_of_a_conflict_over_a_column_of_their_own_are_told(tmp_path: Path) -> None:
    path = saved(tmp_path / "maestro.xlsx", draw(with_units(FORMS["baseline beside the target"]), items()).grid)
    opened = load_one(FileBook(path))
    column = own_columns(opened.layout)[OWN + "INDICADOR"]
    parts = split_book(path)
    typed(path, opened.sheet, opened.plan.rows[0].line, column, "de la oficina")
    unit = load_one(FileBook(parts[0].path), profile=pinned(opened))
    typed(parts[0].path, unit.sheet, unit.plan.rows[0].line, column, "de la unidad")
    (outcome,) = take(parts, path).outcomes
    assert (outcome.fate, outcome.master, outcome.theirs) == (Fate.CONFLICT, "de la oficina", "de la unidad")


def test_a_formula_of_their_own_stays_and_what_takes_its_place_is_told(tmp_path: Path) -> None:
    form = with_units(FORMS["english items with units and cost"])
    path = saved(tmp_path / "maestro.xlsx", draw(form, items()).grid)
    opened = load_one(FileBook(path))
    column = own_columns(opened.layout)[OWN + "Unit Cost"]
    book = openpyxl.load_workbook(path)
    for row in opened.plan.rows:
        book[opened.sheet].cell(row.line, column).value = f"={letters(opened.layout.columns['target'])}{row.line}*2"
    book.save(path)
    parts = split_book(path)
    assert take(parts, path).outcomes == ()
    lines = [row.line for row in load_one(FileBook(parts[0].path), profile=pinned(opened)).plan.rows]
    typed(parts[0].path, opened.sheet, lines[0], column, 123)
    (outcome,) = take(parts, path).outcomes
    assert (outcome.fate, outcome.theirs, outcome.where.cell) == (
        Fate.CONFLICT,
        123,
        f"{letters(column)}{lines[0]}",
    )


def test_a_column_that_a_unit_added_is_named_and_one_that_it_took_away_is_no_change(tmp_path: Path) -> None:
    path = saved(tmp_path / "maestro.xlsx", draw(with_units(FORMS["baseline beside the target"]), items()).grid)
    opened = load_one(FileBook(path))
    parts = split_book(path)
    columns = own_columns(opened.layout)
    book = openpyxl.load_workbook(parts[0].path)
    page = book[opened.sheet]
    for line in range(opened.layout.bottom, page.max_row + 1):
        page.cell(line, columns[OWN + "INDICADOR"]).value = None
    page.cell(opened.layout.bottom, columns[OWN + "INDICADOR"]).value = "APUNTES"
    page.cell(opened.layout.bottom + 1, columns[OWN + "INDICADOR"]).value = "algo"
    book.save(parts[0].path)
    done = take(parts, path)
    assert done.outcomes == ()
    assert [each.unknown for each in done.received if each.unit == parts[0].unit] == [("APUNTES",)]


def test_a_mark_that_a_unit_sets_comes_to_the_master_as_a_mark(tmp_path: Path) -> None:
    path = master("marks", tmp_path)
    parts = split_book(path)
    unit = load_one(FileBook(parts[0].path))
    row = unit.plan.rows[0]
    month = next(name for name in MONTHS if not row.get(name))
    book = openpyxl.load_workbook(parts[0].path)
    book[unit.sheet].cell(row.line, unit.layout.columns[month]).value = "x"
    book.save(parts[0].path)
    assert [(each.fate, each.field) for each in take(parts, path).outcomes] == [(Fate.TAKEN, month)]
    opened = load_one(FileBook(path))
    line = next(each.line for each in opened.plan.rows if each.name == row.name)
    assert opened.grid.get(line, opened.layout.columns[month]) == "X"


@pytest.mark.parametrize("name", ["marks", "forms with signatures below one another", "four quarters"])
def test_a_consolidation_written_elsewhere_is_the_masters_own_form(name: str, tmp_path: Path) -> None:
    path = master(name, tmp_path)
    before = path.read_bytes()
    parts = split_book(path)
    other = tmp_path / "consolidado.xlsx"
    sync([part.path for part in parts], path, SyncOptions(output=other))
    width = max(max(cells) for cells in load_one(FileBook(path)).grid.cells.values())
    assert values(other, width) == values(path, width)
    assert path.read_bytes() == before
    assert check_file(other).findings == check_file(path).findings == ()


def test_what_an_update_added_to_the_master_does_not_go_to_the_units(tmp_path: Path) -> None:
    path = master("meta and unit of measure", tmp_path)
    plain = split_book(path)
    sizes = {part.unit: values(part.path, 60) for part in plain}
    update_book(path, Options())
    again = split_book(path, tmp_path / "otra")
    assert {part.unit: values(part.path, 60) for part in again} == sizes
    assert [page.title for page in openpyxl.load_workbook(again[0].path)] == ["Plan", "Hallazgos"]


def test_a_row_that_a_unit_copied_is_rejected_and_one_that_it_renamed_is_taken(tmp_path: Path) -> None:
    path = master("meta and unit of measure", tmp_path)
    parts = split_book(path)
    book = openpyxl.load_workbook(parts[0].path)
    page = book["Plan"]
    page["B4"] = "Capacitar a todos"
    for column_ in range(1, page.max_column + 1):
        page.cell(9, column_).value = page.cell(5, column_).value
    page["B9"] = "Copia"
    book.save(parts[0].path)
    done = take(parts, path)
    assert sorted(str(each.fate) for each in done.outcomes) == ["rechazado", "rechazado", "tomado"]
    assert openpyxl.load_workbook(path)["Plan"]["B4"].value == "Capacitar a todos"


def test_a_workbook_that_cannot_be_cut_is_said_and_does_not_stop_the_others(tmp_path: Path) -> None:
    path = master("meta and unit of measure", tmp_path)
    book = openpyxl.load_workbook(path)
    book["Plan"].add_table(Table(displayName="T", ref="A3:D5"))
    book.save(path)
    parts = split_book(path)
    assert [bool(part.problem) for part in parts] == [False, True, True]
    assert "A3:D5" in parts[1].problem


def test_sums_come_to_what_is_left_and_what_looks_at_others_is_a_value(tmp_path: Path) -> None:
    form = of(NUMBER, NAME, UNIT, MEASURE, TARGET, months(), total="TOTAL", footer=("Elaborado por: A. B.",))
    path = saved(tmp_path / "m.xlsx", draw(form, items()).grid)
    book = openpyxl.load_workbook(path)
    page = book["Plan"]
    page["E18"] = "=SUM(E4:E17)"
    page["T5"] = "=E5/E18"
    page["T6"] = "=E17*2"
    book.create_sheet("Otros")["A1"] = "Gerencia de Obras"
    book.save(path)
    parts = split_book(path)
    first = openpyxl.load_workbook(parts[0].path)
    assert first.sheetnames == ["Plan", "Hallazgos"]
    page = first["Plan"]
    assert (page["A9"].value, page["E9"].value) == ("TOTAL", "=SUM(E4:E8)")
    assert (page["T5"].value, page["T6"].value) == ("=E5/E9", None)
    assert page["B11"].value == "Elaborado por: A. B."
    total = openpyxl.load_workbook(parts[0].path, data_only=True)["Plan"]["E9"].value
    assert total == sum(item.target for item in items()[:5])


@pytest.mark.parametrize(
    "name", ["letters and numbers as codes", "three heading rows, merged", "codes that every unit counts anew"]
)
def test_a_unit_gets_its_tracking_and_gives_what_it_reports_back(name: str, tmp_path: Path) -> None:
    path = master(name, tmp_path)
    update_book(path, Options(track=True, until=2))
    first = reports(path)
    rows = [row for row in load_one(FileBook(path)).plan.rows if row.kind is Kind.OPERATION]
    assert len(first) == len(rows)
    type_rows(path, {1: {"executed_ENE": 3, "cause": "de la oficina"}})
    close_quarter(path, "T1", Options())
    parts = split_book(path)
    assert [(part.problem, part.doubts) for part in parts] == [("", ())] * len(parts)
    assert sum(len(reports(part.path)) for part in parts) == len(rows)
    assert sum("de la oficina" in str(reports(part.path)) for part in parts) == 1
    for part in parts:
        page = openpyxl.load_workbook(part.path)[TRACKING]
        assert (page["B2"].value, page.protection.sheet) == ("MAR", True)
        assert page.cell(5, PLACES["executed_FEB"]).protection.locked
        assert not page.cell(5, PLACES["executed_ABR"]).protection.locked
        assert broken(part.path.read_bytes()) == []
        type_rows(part.path, {0: {"executed_ABR": 7, "proof": part.unit}})
    done = take(parts, path)
    assert done.is_clean
    told = reports(path)
    assert sorted(str(each["proof"]) for each in told if "proof" in each) == sorted(part.unit for part in parts)
    assert [each["executed_ABR"] for each in told if "proof" in each] == [7] * len(parts)
    assert "de la oficina" in str(told)


def reports(path: Path) -> list[dict[str, object]]:
    return [dict(each.typed) for each in tracked_in(load_one(FileBook(path))).entries]


def type_rows(path: Path, rows: Mapping[int, Mapping[str, object]]) -> None:
    """Type into some rows of the sheet, the first one 0."""
    lines = [each.line for each in tracked_in(load_one(FileBook(path))).entries]
    book = openpyxl.load_workbook(path)
    for number, values in rows.items():
        for field, value in values.items():
            book[TRACKING].cell(lines[number], PLACES[field]).value = value  # type: ignore[assignment]
    book.save(path)
