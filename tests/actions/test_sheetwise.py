"""A master with a sheet for each unit: judged, handed out and consolidated as one plan of several sheets."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from poa_xl.actions.load import find_plans, load_one
from poa_xl.actions.sheetwise import sheets_of, split_sheets, sync_sheets
from poa_xl.actions.standing import standings
from poa_xl.actions.syncing import SyncOptions
from poa_xl.books.book import FileBook
from poa_xl.errors import LayoutError, SyncError
from poa_xl.sheet.grid import Grid, Workbook
from tests.layouts import FORMS, MEASURE, NAME, NUMBER, TARGET, UNIT, Form, draw, items, months, of, saved

FORM = of(NUMBER, NAME, MEASURE, TARGET, months())
NAMES = ("Salud", "Educación", "Obras")


def sheets(names: tuple[str, ...] = NAMES, form: Form = FORM) -> list[Grid]:
    return [draw(form, items()[4 * k : 4 * k + 4], name).grid for k, name in enumerate(names)]


def units(*grids: Grid) -> dict[str, set[str]]:
    plans = find_plans(Workbook("p.xlsx", grids))
    return {each.sheet: {row.unit for row in each.plan.rows} for each in plans}


def edited(path: Path, cell: str, value: int, sheet: str = "") -> None:
    book = openpyxl.load_workbook(path)
    book[sheet or book.sheetnames[0]][cell] = value
    book.save(path)


def content(path: Path) -> Mapping[str, list[tuple[object, ...]]]:
    book = openpyxl.load_workbook(path)
    return {name: [row[:16] for row in book[name].iter_rows(values_only=True)] for name in NAMES}


@pytest.fixture
def master(tmp_path: Path) -> Path:
    return saved(tmp_path / "plan.xlsx", *sheets())


def test_a_sheet_that_names_no_unit_is_that_of_the_unit_it_is_called_after() -> None:
    assert units(*sheets()) == {name: {name} for name in NAMES}
    (one,) = find_plans(Workbook("p.xlsx", tuple(sheets())), "Obras")
    assert {row.unit for row in one.plan.rows} == {"Obras"}


@pytest.mark.parametrize(
    "names",
    [("POA 2025", "POA 2026"), ("Enero", "Febrero"), ("Hoja1", "Hoja2"), ("POA", "Salud"), ("Plan", "Plan (2)")],
)
def test_sheets_that_are_called_after_no_unit_name_none(names: tuple[str, ...]) -> None:
    assert set().union(*units(*sheets(names)).values()) == {""}


def test_what_a_sheet_says_of_its_units_goes_before_its_name(tmp_path: Path) -> None:
    own = of(NUMBER, NAME, UNIT, MEASURE, TARGET, months())
    assert {"Salud", "Obras"}.isdisjoint(set().union(*units(*sheets(form=own)).values()))
    assert sheets_of(saved(tmp_path / "p.xlsx", *sheets(form=own))) == {}


def test_every_unit_gets_its_sheet_and_changes_come_to_the_sheet_that_they_are_of(master: Path) -> None:
    before = content(master)
    parts = split_sheets(master)
    assert [(part.unit, part.problem, part.doubts) for part in parts] == [(name, "", ()) for name in NAMES]
    assert [load_one(FileBook(part.path)).sheet for part in parts] == list(NAMES)
    done = sync_sheets([master.parent / "enviados"], master, SyncOptions())
    assert list(done) == list(NAMES)
    assert content(master) == before
    edited(parts[0].path, "E4", 77)
    edited(parts[2].path, "F5", 88)
    done = sync_sheets([master.parent / "enviados"], master, SyncOptions())
    assert all(each.is_clean for each in done.values())
    assert not any(
        "Área Unidad" in line.note or "Código" in line.note
        for each in done.values()
        for line in each.result.submissions
    )
    after = content(master)
    changed = [
        (name, row, k)
        for name in NAMES
        for row, (old, new) in enumerate(zip(before[name], after[name], strict=True), 1)
        for k in range(16)
        if old[k] != new[k]
    ]
    assert changed == [("Salud", 4, 4), ("Obras", 5, 5)]


def test_some_units_alone(master: Path) -> None:
    assert [part.unit for part in split_sheets(master, units=["obras"])] == ["Obras"]
    with pytest.raises(SyncError, match="Deportes"):
        split_sheets(master, units=["Obras", "Deportes"])
    assert [part.unit for part in split_sheets(master, sheet="Salud")] == ["Salud"]


def test_nothing_is_written_where_something_is_in_the_way_of_a_sheet_behind(master: Path) -> None:
    folder = master.parent / "enviados"
    folder.mkdir()
    saved(folder / "Obras.xlsx", *sheets(("Obras",)))
    with pytest.raises(SyncError, match=r"Obras\.xlsx"):
        split_sheets(master)
    assert [each.name for each in folder.iterdir()] == ["Obras.xlsx"]
    assert [part.unit for part in split_sheets(master, dry_run=True, units=["Salud"])] == ["Salud"]
    assert [each.name for each in folder.iterdir()] == ["Obras.xlsx"]


def test_no_workbook_takes_the_place_of_one_of_another_sheet(tmp_path: Path) -> None:
    path = saved(tmp_path / "plan.xlsx", *sheets(("Obras", "Obras.")))
    with pytest.raises(SyncError, match=r"Obras\.xlsx.*--sheet"):
        split_sheets(path)
    assert not (tmp_path / "enviados").exists()


def test_a_file_that_counts_is_one_of_its_sheet(master: Path) -> None:
    part = split_sheets(master)[2]
    edited(part.path, "F5", 88)
    other = part.path.with_name("Obras 2.xlsx")
    other.write_bytes(part.path.read_bytes())
    edited(part.path, "F5", 99)
    folder = part.path.parent
    with pytest.raises(SyncError, match=r"Nadie\.xlsx"):
        sync_sheets([folder], master, SyncOptions(only=("Nadie.xlsx",)))
    done = sync_sheets([folder], master, SyncOptions(only=("Obras 2.xlsx",)))
    assert list(done) == list(NAMES)
    assert openpyxl.load_workbook(master)["Obras"]["F5"].value == 88


def test_a_sheet_with_something_to_decide_lets_the_others_wait(master: Path) -> None:
    parts = split_sheets(master)
    edited(parts[0].path, "E4", 77)
    edited(master, "E4", 66, "Salud")
    edited(parts[2].path, "F5", 88)
    done = sync_sheets([part.path for part in parts], master, SyncOptions())
    assert list(done) == ["Salud"]
    assert "«Educación», «Obras»" in done["Salud"].notes[-1]
    assert list(sync_sheets([part.path for part in parts], master, SyncOptions(dry_run=True))) == list(NAMES)


def test_a_decision_about_a_sheet_is_told_with_that_one_alone(master: Path) -> None:
    parts = split_sheets(master)
    edited(parts[1].path, "E4", 77)
    edited(master, "E4", 66, "Educación")
    files = [part.path for part in parts]
    sync_sheets(files, master, SyncOptions())
    again = sync_sheets(files, master, SyncOptions(dry_run=True))
    assert [sum(line.is_open for line in each.result.changes) for each in again.values()] == [0, 1, 0]
    edited(parts[0].path, "E5", 55)
    book = openpyxl.load_workbook(master)
    book["Cambios"]["B5"] = "unidad"
    book.save(master)
    done = sync_sheets(files, master, SyncOptions())
    assert not any("no se usó" in note for each in done.values() for note in each.notes)
    assert [[line.fate for line in each.result.changes] for each in done.values()] == [["tomado"], ["tomado"], []]
    assert openpyxl.load_workbook(master)["Educación"]["E4"].value == 77


def test_what_belongs_to_no_sheet_is_refused(master: Path, tmp_path: Path) -> None:
    split_sheets(master)
    folder = master.parent / "enviados"
    with pytest.raises(SyncError, match="--sheet"):
        sync_sheets([folder], master, SyncOptions(output=tmp_path / "n.xlsx"))
    (folder / "foto.pdf").write_bytes(b"%PDF")
    assert [each.file for each in sync_sheets([folder], master, SyncOptions())["Salud"].received] == [
        "Salud.xlsx",
        "foto.pdf",
    ]
    saved(folder / "otro.xlsx", draw(FORM, items()).grid)
    with pytest.raises(SyncError, match="otro"):
        sync_sheets([folder], master, SyncOptions())


def test_several_plans_that_share_units_want_their_sheet(tmp_path: Path) -> None:
    path = saved(
        tmp_path / "p.xlsx", *(replace(each, name=name) for each, name in zip(sheets(), ("A1", "B2"), strict=False))
    )
    with pytest.raises(LayoutError, match="--sheet"):
        split_sheets(path)
    with pytest.raises(LayoutError, match="--sheet"):
        sync_sheets([tmp_path], path, SyncOptions())
    with pytest.raises(LayoutError, match="--sheet"):
        standings(path)
    assert sheets_of(saved(tmp_path / "n.xlsx", Grid("Nada", {1: {1: "hola"}}))) == {}


def test_a_master_with_one_plan_is_as_ever(tmp_path: Path) -> None:
    form = FORMS["meta and unit of measure"]
    path = saved(tmp_path / "p.xlsx", draw(form, items()).grid)
    assert len(split_sheets(path)) == 3
    assert list(sync_sheets([tmp_path / "enviados"], path, SyncOptions())) == [""]


def test_where_every_unit_stands_is_told_of_all_sheets(master: Path) -> None:
    parts = split_sheets(master)
    assert [line.unit for line in standings(master)] == list(NAMES)
    edited(parts[0].path, "E4", 77)
    found = standings(master, parts[0].path.parent)
    assert [(line.unit, line.received) for line in found] == [
        ("Salud", "recibido"),
        ("Educación", "enviado"),
        ("Obras", "enviado"),
    ]
