"""Consolidation into a master that exists: in place, three ways, with its sheets, decisions and history."""

import hashlib
import json
import re
import unittest.mock
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from openpyxl.comments import Comment

from poa_xl.actions import receiving, rereading
from poa_xl.actions.load import find_plan, load_one
from poa_xl.actions.past.opening import open_history
from poa_xl.actions.past.undoing import undo
from poa_xl.actions.splitting import split_book
from poa_xl.actions.syncing import Synced, SyncOptions, sync
from poa_xl.books.book import FileBook
from poa_xl.core.outcomes import Fate, Side
from poa_xl.core.plan import Kind, Plan
from poa_xl.errors import BookError, SyncError
from poa_xl.sheet.extras import SUMMARY
from poa_xl.sheet.grid import Workbook
from poa_xl.sheet.listing import CHANGES, FINDINGS, PROVENANCE, SUBMISSIONS
from poa_xl.terminal.consolidation import as_json
from tests.books import packages as p
from tests.books.patch.torture import members, torture
from tests.plans import add, code, drop, edit, save, small

LEGAL, PISIGA = "Unidad Legal.xlsx", "Adm Aduana Pisiga.xlsx"


@pytest.fixture
def master(tmp_path: Path) -> Path:
    path = save(small(), tmp_path / "maestro.xlsx")
    split_book(path, tmp_path / "u")
    return path


@pytest.fixture
def folder(master: Path) -> Path:
    return master.parent / "u"


def read(path: Path) -> Plan:
    return load_one(FileBook(path)).parsed.plan


def value(path: Path, text: str, field: str) -> object:
    return next(row.get(field) for row in read(path).rows if row.code == code(text))


def fates(done: Synced) -> set[tuple[str, str, str]]:
    return {(str(each.fate), str(each.code or ""), each.field) for each in done.outcomes if each.fate is not Fate.TOTAL}


def page(path: Path, name: str) -> list[dict[str, object]]:
    """The table of one of our sheets, one dictionary per line."""
    rows = list(openpyxl.load_workbook(path)[name].iter_rows(min_row=4, values_only=True))
    return [dict(zip(map(str, rows[0]), row, strict=True)) for row in rows[1:] if any(row)]


def decide(path: Path, text: str, decision: str) -> None:
    book = openpyxl.load_workbook(path)
    sheet = book[CHANGES]
    for row in range(5, sheet.max_row + 1):
        if sheet.cell(row, 3).value == text and sheet.cell(row, 1).value in ("conflicto", "fila que falta"):
            sheet.cell(row, 2).value = decision
    book.save(path)


# What lands


def test_disjoint_edits_of_units_and_office_all_land_and_groups_are_summed(master: Path, folder: Path) -> None:
    edit(folder / LEGAL, ("GRO1.1.1", "budget", 150), ("GRO1.2.1", "owner", "Uno"))
    edit(folder / PISIGA, ("GRO1.1.2", "ENE", 3), ("GRO1.1.2", "target", 14))
    edit(master, ("GRO1.2.1", "evidence", "Acta"), ("GRO1", "name", "Plan"))
    done = sync([folder], master)
    assert done.is_clean
    assert value(master, "GRO1.1.1", "budget") == 150
    assert value(master, "GRO1.2.1", "owner") == "Uno"
    assert value(master, "GRO1.2.1", "evidence") == "Acta"
    assert value(master, "GRO1.1.2", "ENE") == 3
    assert value(master, "GRO1", "name") == "Plan"
    assert value(master, "GRO1", "budget") == 650
    assert [(each.file, each.changed, each.rejected) for each in done.received] == [(PISIGA, 1, 0), (LEGAL, 2, 0)]


def test_a_new_operation_stands_in_its_place_with_the_formats_of_its_neighbours(master: Path, folder: Path) -> None:
    add(folder / LEGAL, "GRO1.1.3", "Unidad Legal", 50)
    done = sync([folder], master)
    assert fates(done) == {("fila nueva", "GRO1.1.3", "")}
    plan = read(master)
    assert [str(row.code) for row in plan.rows if row.kind is not Kind.LINE] == [
        "GRO1",
        "GRO1.1",
        "GRO1.1.1",
        "GRO1.1.2",
        "GRO1.1.3",
        "GRO1.2",
        "GRO1.2.1",
    ]
    new = next(row for row in plan.rows if row.code == code("GRO1.1.3"))
    above = next(row for row in plan.rows if row.code == code("GRO1.1.2"))
    sheet = openpyxl.load_workbook(master)["POA 2020"]
    for column in "ABCDEFGHIJUVWX":
        one, other = sheet[f"{column}{new.line}"], sheet[f"{column}{above.line}"]
        assert one.style_id == other.style_id, column
    assert sheet[f"F{new.line}"].is_date
    assert sheet.row_dimensions[new.line].outlineLevel == sheet.row_dimensions[above.line].outlineLevel
    assert value(master, "GRO1.1", "budget") == 350
    assert value(master, "GRO1.2.1", "budget") == 300


def test_moved_columns_title_rows_renamed_files_and_extra_sheets_change_nothing(master: Path, folder: Path) -> None:
    book = openpyxl.load_workbook(folder / LEGAL)
    sheet = book["POA 2020"]
    sheet.insert_rows(1, 3)
    sheet.move_range("E1:E30", cols=60)
    sheet.title = "POA de Legal"
    book.create_sheet("Notas")["A1"] = "x"
    book.save(folder / "final FINAL (2).xlsx")
    (folder / LEGAL).unlink()
    before = [[row.get(name) for name in ("code", "owner", "budget")] for row in read(master).rows]
    done = sync([folder], master)
    assert done.is_clean
    assert [[row.get(name) for name in ("code", "owner", "budget")] for row in read(master).rows] == before


def test_only_the_cells_that_change_are_touched_and_everything_else_of_the_master_stays(
    master: Path, folder: Path
) -> None:
    book = openpyxl.load_workbook(master)
    sheet = book["POA 2020"]
    sheet["C7"].comment = Comment("revisar con la MAE", "Ana")
    sheet["Z4"] = "Observaciones"
    sheet["Z7"] = "pendiente"
    sheet["C20"] = "Firma: el Gerente"
    book.create_sheet("Apuntes")["B2"] = "no perder"
    book.save(master)
    before = members(master.read_bytes())
    edit(folder / LEGAL, ("GRO1.1.1", "owner", "Otro"))
    sync([folder], master)
    after = members(master.read_bytes())
    changed = {name for name, data in before.items() if after.get(name) != data}
    assert changed <= {
        "xl/worksheets/sheet1.xml",
        "xl/workbook.xml",
        "xl/_rels/workbook.xml.rels",
        "[Content_Types].xml",
        "xl/styles.xml",
    }
    book = openpyxl.load_workbook(master)
    assert book["POA 2020"]["C7"].comment.text == "revisar con la MAE"
    assert (book["POA 2020"]["Z7"].value, book["POA 2020"]["C20"].value) == ("pendiente", "Firma: el Gerente")
    assert book.sheetnames == ["POA 2020", "Apuntes", FINDINGS, SUBMISSIONS, CHANGES, PROVENANCE]


def test_formulas_of_the_office_stay_formulas_and_show_what_they_will_come_to(master: Path, folder: Path) -> None:
    edit(
        master, ("GRO1.1", "budget", "=X7+X8"), ("GRO1", "budget", "=SUM(X6,X9)"), ("GRO1.1.2", "target", "=SUM(J8:U8)")
    )
    _cache(master, {"X6": 300, "X5": 600, "H8": 12})
    edit(folder / LEGAL, ("GRO1.1.1", "budget", 150))
    edit(folder / PISIGA, ("GRO1.1.2", "target", 13))
    done = sync([folder], master)
    assert fates(done) == {("tomado", "GRO1.1.1", "budget"), ("conflicto", "GRO1.1.2", "target")}
    sheet = openpyxl.load_workbook(master)["POA 2020"]
    assert (sheet["X6"].value, sheet["X5"].value, sheet["H8"].value) == ("=X7+X8", "=SUM(X6,X9)", "=SUM(J8:U8)")
    assert value(master, "GRO1", "budget") == 650
    sync([folder], master, SyncOptions(prefer=Side.UNIT))
    assert openpyxl.load_workbook(master)["POA 2020"]["H8"].value == 13


def _cache(path: Path, values: dict[str, int]) -> None:
    """Write what formulas came to, as Excel does and openpyxl does not."""
    parts = dict(members(path.read_bytes()))
    sheet = parts["xl/worksheets/sheet1.xml"].decode()
    for cell, number in values.items():
        sheet = re.sub(rf'(<c r="{cell}"[^>]*>)<f>([^<]*)</f><v(?:\s*/>|></v>)', rf"\1<f>\2</f><v>{number}</v>", sheet)
    parts["xl/worksheets/sheet1.xml"] = sheet.encode()
    path.write_bytes(p.pack(parts))


def test_a_formula_of_the_office_takes_new_rows_in(master: Path, folder: Path) -> None:
    edit(master, ("GRO1.1", "budget", "=SUM(X7:X8)"))
    _cache(master, {"X6": 300})
    add(folder / LEGAL, "GRO1.1.3", "Unidad Legal", 50)
    done = sync([folder], master)
    assert (done.is_clean, done.notes) == (True, ())
    assert openpyxl.load_workbook(master)["POA 2020"]["X6"].value == "=SUM(X7:X9)"


def test_a_formula_over_several_sheets_stays_and_is_told_of(master: Path, folder: Path) -> None:
    book = openpyxl.load_workbook(master)
    book.create_sheet("Otra")["A1"] = "=SUM('POA 2020:Otra'!X9)"
    book.move_sheet("Otra", 1 - book.index(book["Otra"]))
    book.save(master)
    add(folder / LEGAL, "GRO1.1.3", "Unidad Legal", 50)
    done = sync([folder], master)
    assert openpyxl.load_workbook(master)["Otra"]["A1"].value == "=SUM('POA 2020:Otra'!X9)"
    assert any("SUM('POA 2020:Otra'!X9)" in note for note in done.notes)


def test_percentages_and_dates_typed_as_texts_stay_what_they_are(tmp_path: Path) -> None:
    path = save(small(), tmp_path / "maestro.xlsx")
    book = openpyxl.load_workbook(path)
    sheet = book["POA 2020"]
    for cell in ("H7", *(f"{letter}7" for letter in "JKLMNOPQRSTU")):
        sheet[cell].value = 0.5
        sheet[cell].number_format = "0%"
    for line in range(5, 13):
        sheet[f"F{line}"].value = "02/01/20"
    book.save(path)
    split_book(path, tmp_path / "u")
    edit(tmp_path / "u" / LEGAL, ("GRO1.1.1", "target", 40), ("GRO1.1.1", "start", _day(3, 2)))
    sync([tmp_path / "u"], path)
    sheet = openpyxl.load_workbook(path)["POA 2020"]
    assert sheet["H7"].value == pytest.approx(0.4)
    assert sheet["F7"].value == "03/02/2020"
    assert value(path, "GRO1.1.1", "target") == 40


def _day(day: int, month: int) -> datetime:
    return datetime(2020, month, day)  # noqa: DTZ001 - a date of a sheet has no zone


# Conflicts and what the office decides


def test_a_conflict_keeps_the_masters_value_shows_both_and_waits_for_a_decision(master: Path, folder: Path) -> None:
    edit(folder / LEGAL, ("GRO1.1.1", "owner", "Uno"))
    book = openpyxl.load_workbook(folder / LEGAL)
    book.properties.lastModifiedBy = "Ana Rojas"
    book.save(folder / LEGAL)
    edit(master, ("GRO1.1.1", "owner", "Dos"))
    book = openpyxl.load_workbook(master)
    book.properties.lastModifiedBy = "Juan Choque"
    book.save(master)
    done = sync([folder], master)
    assert fates(done) == {("conflicto", "GRO1.1.1", "owner")}
    assert value(master, "GRO1.1.1", "owner") == "Dos"
    (line,) = [each for each in page(master, CHANGES) if each["Estado"] == "conflicto"]
    assert (line["Maestro"], line["Unidad trae"], line["Se envió"]) == ("Dos", "Uno", "Jefe Unidad Legal")
    assert (line["Unidad"], line["Archivo"], line["Celda"], line["Quién"]) == ("Unidad Legal", LEGAL, "E8", "Ana Rojas")
    assert line["Cuándo"]
    assert re.match(r"Última vez que se guardó el maestro: Juan Choque, \d\d/\d\d/20", str(line["Por qué"]))


@pytest.mark.parametrize(("decision", "result"), [("unidad", "Uno"), ("Maestro ", "Dos"), ("UNIDAD", "Uno")])
def test_the_office_decides_in_the_sheet_and_is_not_asked_again(
    master: Path, folder: Path, decision: str, result: str
) -> None:
    edit(folder / LEGAL, ("GRO1.1.1", "owner", "Uno"))
    edit(master, ("GRO1.1.1", "owner", "Dos"))
    sync([folder], master)
    decide(master, "GRO1.1.1", decision)
    done = sync([folder], master)
    assert done.is_clean
    assert value(master, "GRO1.1.1", "owner") == result
    again = sync([folder], master)
    assert again.is_clean
    assert again.path is None
    assert value(master, "GRO1.1.1", "owner") == result


def test_a_decision_about_values_that_changed_since_is_not_carried_out(master: Path, folder: Path) -> None:
    edit(folder / LEGAL, ("GRO1.1.1", "owner", "Uno"))
    edit(master, ("GRO1.1.1", "owner", "Dos"))
    sync([folder], master)
    decide(master, "GRO1.1.1", "unidad")
    edit(master, ("GRO1.1.1", "owner", "Tres"))
    done = sync([folder], master)
    assert fates(done) == {("conflicto", "GRO1.1.1", "owner")}
    assert any("GRO1.1.1 Responsable (Unidad Legal): la decisión «unidad» no se usó" in note for note in done.notes)


def test_a_decision_that_is_none_is_told(master: Path, folder: Path) -> None:
    edit(folder / LEGAL, ("GRO1.1.1", "owner", "Uno"))
    edit(master, ("GRO1.1.1", "owner", "Dos"))
    sync([folder], master)
    decide(master, "GRO1.1.1", "quizás")
    assert any("quizás" in note for note in sync([folder], master).notes)
    decide(master, "GRO1.1.1", " ")
    assert not any("decisión" in note for note in sync([folder], master).notes)
    # A code is given to new rows; here is none.
    drop(folder / PISIGA, "GRO1.1.2")
    sync([folder], master)
    for text in ("GRO1.1.1", "GRO1.1.2"):
        decide(master, text, "código GRO1.1.9")
    notes = [note for note in sync([folder], master).notes if "decisión" in note]
    assert [note.partition(" (")[0] for note in notes] == ["GRO1.1.1 Responsable", "GRO1.1.2"]
    assert all("«código GRO1.1.9» vale solo para una fila nueva" in note for note in notes)


@pytest.mark.parametrize(("prefer", "result"), [(Side.UNIT, "Uno"), (Side.MASTER, "Dos")])
def test_a_preference_settles_all_conflicts(master: Path, folder: Path, prefer: Side, result: str) -> None:
    edit(folder / LEGAL, ("GRO1.1.1", "owner", "Uno"))
    edit(master, ("GRO1.1.1", "owner", "Dos"))
    assert sync([folder], master, SyncOptions(prefer=prefer)).is_clean
    assert value(master, "GRO1.1.1", "owner") == result
    assert sync([folder], master).is_clean


def test_a_removed_row_is_reported_and_goes_when_the_office_says_so(master: Path, folder: Path) -> None:
    drop(folder / PISIGA, "GRO1.1.2")
    assert fates(sync([folder], master)) == {("fila que falta", "GRO1.1.2", "")}
    assert value(master, "GRO1.1.2", "budget") == 200
    decide(master, "GRO1.1.2", "unidad")
    done = sync([folder], master)
    assert fates(done) == {("fila quitada", "GRO1.1.2", "")}
    assert code("GRO1.1.2") not in {row.code for row in read(master).rows}
    assert value(master, "GRO1", "budget") == 400
    assert sync([folder], master).is_clean


def test_removals_may_be_accepted_all_at_once(master: Path, folder: Path) -> None:
    drop(folder / PISIGA, "GRO1.1.2")
    assert sync([folder], master, SyncOptions(accept_removals=True)).is_clean
    assert code("GRO1.1.2") not in {row.code for row in read(master).rows}


def test_what_earlier_runs_left_open_stays_listed_until_its_unit_sends_again(master: Path, folder: Path) -> None:
    edit(folder / LEGAL, ("GRO1.1.1", "owner", "Uno"))
    edit(master, ("GRO1.1.1", "owner", "Dos"))
    sync([folder / LEGAL], master)
    edit(folder / PISIGA, ("GRO1.1.2", "owner", "Tres"))
    sync([folder / PISIGA], master)
    assert {(each["Estado"], each["Código"]) for each in page(master, CHANGES)} == {
        ("conflicto", "GRO1.1.1"),
        ("tomado", "GRO1.1.2"),
    }


# What is rejected


def test_another_units_row_and_rows_that_do_not_parse_are_rejected_and_the_rest_goes_on(
    master: Path, folder: Path
) -> None:
    add(folder / LEGAL, "GRO1.1.2", "Adm Aduana Pisiga", 7)
    edit(folder / LEGAL, ("GRO1.1.1", "target", "doce"), ("GRO1.2.1", "owner", "Otro"))
    done = sync([folder], master)
    assert fates(done) == {
        ("rechazado", "GRO1.1.2", ""),
        ("rechazado", "GRO1.1.1", "target"),
        ("tomado", "GRO1.2.1", "owner"),
    }
    legal = next(each for each in done.received if each.file == LEGAL)
    assert (legal.rows, legal.taken, legal.rejected) == (8, 6, 2)
    assert value(master, "GRO1.1.2", "budget") == 200
    assert value(master, "GRO1.2.1", "owner") == "Otro"


def test_a_code_that_excel_took_for_a_number_is_rejected_and_nothing_is_removed_for_it(
    master: Path, folder: Path
) -> None:
    edit(folder / PISIGA, ("GRO1.1.2", "code", 1.1))
    done = sync([folder], master, SyncOptions(accept_removals=True))
    assert {fate for fate, *_ in fates(done)} == {"rechazado", "fila que falta"}
    assert value(master, "GRO1.1.2", "budget") == 200


def test_a_file_of_another_year_or_plan_is_refused(master: Path, tmp_path: Path) -> None:
    other = save(small(), tmp_path / "otro.xlsx")
    edit(other, *((f"GRO1{rest}", "code", f"ALT1{rest}") for rest in ("", ".1", ".1.1", ".1.2", ".2", ".2.1")))
    split_book(other, tmp_path / "v", store=str(tmp_path / "otra.sqlite"))
    done = sync([tmp_path / "v"], master)
    assert all("otro plan" in each.problem for each in done.received)
    assert done.path is None
    split_book(master, tmp_path / "w", year=2021)
    assert all("gestión 2021" in each.problem for each in sync([tmp_path / "w"], master).received)


# Twice, late, not at all


def test_two_files_of_one_unit_are_both_named_and_none_is_taken_until_one_is_chosen(master: Path, folder: Path) -> None:
    (folder / "copia.xlsx").write_bytes((folder / LEGAL).read_bytes())
    edit(folder / LEGAL, ("GRO1.1.1", "owner", "Uno"))
    edit(folder / "copia.xlsx", ("GRO1.1.1", "owner", "Dos"))
    done = sync([folder], master)
    problems = {each.file: each.problem for each in done.received if each.problem}
    assert set(problems) == {LEGAL, "copia.xlsx"}
    assert "Responsable: Uno / Dos" in problems[LEGAL]
    assert value(master, "GRO1.1.1", "owner") == "Jefe Unidad Legal"
    assert [each["Recibido"] for each in page(master, SUBMISSIONS)] == ["enviado", "rechazado", "rechazado"]
    done = sync([folder], master, SyncOptions(only=("copia.xlsx",)))
    assert value(master, "GRO1.1.1", "owner") == "Dos"
    assert [each.file for each in done.received if each.problem] == [LEGAL]
    with pytest.raises(SyncError, match="nada"):
        sync([folder], master, SyncOptions(only=("nada.xlsx",)))


def test_the_newest_of_two_files_may_count(master: Path, folder: Path) -> None:
    (folder / "copia.xlsx").write_bytes((folder / LEGAL).read_bytes())
    edit(folder / LEGAL, ("GRO1.1.1", "owner", "Uno"))
    edit(folder / "copia.xlsx", ("GRO1.1.1", "owner", "Dos"))
    _saved(folder / LEGAL, 2)
    _saved(folder / "copia.xlsx", 1)
    sync([folder], master, SyncOptions(newest=True))
    assert value(master, "GRO1.1.1", "owner") == "Uno"


def test_of_two_files_saved_at_one_moment_none_is_the_newest(master: Path, folder: Path) -> None:
    (folder / "copia.xlsx").write_bytes((folder / LEGAL).read_bytes())
    for name in (LEGAL, "copia.xlsx"):
        edit(folder / name, ("GRO1.1.1", "owner", name))
        _saved(folder / name, 1)
    done = sync([folder], master, SyncOptions(newest=True))
    problems = [each.problem for each in done.received if each.problem]
    assert len(problems) == 2
    assert all("guardado en el mismo momento" in each and "--newest" not in each for each in problems)


def test_two_equal_files_of_one_unit_count_once(master: Path, folder: Path) -> None:
    edit(folder / LEGAL, ("GRO1.1.1", "owner", "Uno"))
    (folder / "copia.xlsx").write_bytes((folder / LEGAL).read_bytes())
    done = sync([folder], master)
    assert value(master, "GRO1.1.1", "owner") == "Uno"
    assert ["es igual a" in each.problem for each in done.received] == [False, False, True]


def _saved(path: Path, month: int) -> None:
    book = openpyxl.load_workbook(path)
    book.properties.modified = datetime(2026, month, 1)  # noqa: DTZ001 - as openpyxl wants it
    with unittest.mock.patch("openpyxl.writer.excel.datetime") as clock:
        clock.datetime.now.return_value = book.properties.modified
        book.save(path)


def test_an_older_file_that_comes_late_takes_nothing_back(master: Path, folder: Path) -> None:
    edit(folder / LEGAL, ("GRO1.1.1", "owner", "Uno"))
    _saved(folder / LEGAL, 1)
    old = (folder / LEGAL).read_bytes()
    edit(folder / LEGAL, ("GRO1.1.1", "owner", "Dos"))
    _saved(folder / LEGAL, 2)
    sync([folder], master)
    (folder / LEGAL).write_bytes(old)
    done = sync([folder], master)
    assert any("es anterior a" in each.problem for each in done.received)
    assert value(master, "GRO1.1.1", "owner") == "Dos"
    sync([folder], master, SyncOptions(only=(LEGAL,)))
    assert value(master, "GRO1.1.1", "owner") == "Uno"


def test_a_unit_that_corrects_itself_is_no_conflict(master: Path, folder: Path) -> None:
    for name in ("Uno", "Dos", "Tres"):
        edit(folder / LEGAL, ("GRO1.1.1", "owner", name))
        assert sync([folder], master).is_clean
        assert value(master, "GRO1.1.1", "owner") == name


def test_a_master_put_back_from_a_backup_takes_everything_again(master: Path, folder: Path) -> None:
    before = master.read_bytes()
    edit(folder / LEGAL, ("GRO1.1.1", "owner", "Uno"))
    sync([folder], master)
    master.write_bytes(before)
    sync([folder], master)
    assert value(master, "GRO1.1.1", "owner") == "Uno"


def test_who_did_not_send_is_named(master: Path, folder: Path) -> None:
    sync([folder / PISIGA], master)
    lines = page(master, SUBMISSIONS)
    assert [(each["Unidad"], each["Recibido"]) for each in lines] == [
        ("Adm Aduana Pisiga", "enviado"),
        ("Unidad Legal", "no envió"),
    ]
    edit(folder / LEGAL, ("GRO1.1.1", "owner", "Uno"))
    sync([folder / LEGAL], master)
    assert [each["Recibido"] for each in page(master, SUBMISSIONS)] == ["enviado", "recibido"]


# Provenance


def test_every_row_says_which_row_of_which_file_it_comes_from(master: Path, folder: Path) -> None:
    add(folder / LEGAL, "GRO1.1.3", "Unidad Legal", 50)
    sha256 = hashlib.sha256((folder / LEGAL).read_bytes()).hexdigest()
    sync([folder / LEGAL], master)
    lines = {(each["Código"], each["Partida n.º"]): each for each in page(master, PROVENANCE)}
    assert len(lines) == len(read(master).rows)
    new = lines["GRO1.1.3", None]
    assert (new["Archivo"], new["Hoja"], new["Fila en el archivo"], new["SHA-256"]) == (LEGAL, "POA 2020", "9", sha256)
    assert lines["GRO1.2.1", "2"]["Archivo"] == LEGAL
    assert lines["GRO1.1.2", None]["Archivo"] == "maestro"
    sync([folder / PISIGA], master)
    lines = {(each["Código"], each["Partida n.º"]): each for each in page(master, PROVENANCE)}
    assert (lines["GRO1.1.3", None]["Archivo"], lines["GRO1.1.2", None]["Archivo"]) == (LEGAL, PISIGA)


def test_sheets_of_the_office_with_our_names_stay(master: Path, folder: Path) -> None:
    book = openpyxl.load_workbook(master)
    book.create_sheet(CHANGES)["A1"] = "de la oficina"
    book.save(master)
    sync([folder], master)
    edit(folder / LEGAL, ("GRO1.1.1", "owner", "Uno"))
    sync([folder], master)
    book = openpyxl.load_workbook(master)
    assert book[CHANGES]["A1"].value == "de la oficina"
    assert f"{CHANGES} POA" in book.sheetnames
    assert book.sheetnames.count(PROVENANCE) == 1


@pytest.mark.parametrize("is_forgotten", [False, True])
def test_what_the_office_typed_beside_its_lists_stays(master: Path, folder: Path, is_forgotten: bool) -> None:
    edit(folder / LEGAL, ("GRO1.1.1", "owner", "Uno"))
    edit(master, ("GRO1.1.1", "owner", "Dos"))
    sync([folder], master)
    book = openpyxl.load_workbook(master)
    book[CHANGES]["P4"], book[CHANGES]["P5"], book[CHANGES]["A30"] = "nota", "hablar con Legal", "revisado"
    line = next(cells for cells in book[PROVENANCE].iter_rows(min_row=5) if cells[1].value == "GRO1.1.2")
    book[PROVENANCE].cell(line[0].row or 0, 10).value = "verificado"
    units = [cells[0].value for cells in book[SUBMISSIONS].iter_rows(min_row=5)]
    book[SUBMISSIONS].cell(5, 17).value = "llamar"
    if is_forgotten:
        for name in [name for name in book.defined_names if name.startswith("_poa")]:
            del book.defined_names[name]
    book.save(master)
    sync([folder], master)
    book = openpyxl.load_workbook(master)
    assert book.sheetnames.count(CHANGES) == 1
    assert (book[CHANGES]["P4"].value, book[CHANGES]["P5"].value) == ("nota", "hablar con Legal")
    assert [cells[0].value for cells in book[CHANGES].iter_rows(min_row=5)].count("revisado") == 1
    noted = [cells[1].value for cells in book[PROVENANCE].iter_rows(min_row=5) if len(cells) > 9 and cells[9].value]
    assert noted == ["GRO1.1.2"]
    told = [cells[0].value for cells in book[SUBMISSIONS].iter_rows(min_row=5) if cells[16].value == "llamar"]
    assert told == units[:1]


def test_changes_lead_to_the_rows_that_they_are_about(master: Path, folder: Path) -> None:
    edit(folder / LEGAL, ("GRO1.1.1", "owner", "Uno"))
    edit(master, ("GRO1.1.1", "owner", "Dos"))
    for _ in range(2):
        sync([folder], master)
        book = openpyxl.load_workbook(master)
        cells = next(each for each in book[CHANGES].iter_rows(min_row=5) if each[2].value == "GRO1.1.1")
        link = cells[2].hyperlink
        assert link is not None
        sheet, _, place = str(link.location).rpartition("!")
        assert book[sheet.strip("'")][place].row == next(
            cell.row for cell in book[sheet.strip("'")]["B"] if cell.value == "GRO1.1.1"
        )
        assert (cells[5].value, cells[6].value) == ("Dos", "Uno")


@pytest.mark.parametrize("named", ["POA 2020", "Datos", "Hallazgos"])
def test_no_mark_of_a_run_takes_a_sheet_away(named: str, master: Path, folder: Path) -> None:
    book = openpyxl.load_workbook(master)
    if named != "POA 2020":
        book.create_sheet(named)["A1"] = "de la oficina"
    text = f'"run=x;sheets={named}"'
    book.defined_names["_poa_xl_run"] = openpyxl.workbook.defined_name.DefinedName("_poa_xl_run", attr_text=text)
    book.save(master)
    sync([folder], master)
    assert named in openpyxl.load_workbook(master).sheetnames


# Without what was sent


def test_without_the_history_it_is_compared_to_two_and_said_so(master: Path, folder: Path) -> None:
    edit(folder / LEGAL, ("GRO1.1.1", "owner", "Uno"))
    (master.parent / ".poa" / "history.sqlite").unlink()
    done = sync([folder], master)
    assert fates(done) == {("conflicto", "GRO1.1.1", "owner")}
    assert any("no se sabe qué se envió" in note for note in done.notes)
    assert sync([folder], master, SyncOptions(prefer=Side.UNIT)).is_clean
    assert value(master, "GRO1.1.1", "owner") == "Uno"


def test_a_history_that_is_no_database_is_put_aside(master: Path, folder: Path) -> None:
    store = master.parent / ".poa" / "history.sqlite"
    store.write_bytes(b"no es una base de datos, pero es de alguien" * 50)
    done = sync([folder], master)
    assert done.path == master
    assert [path.read_bytes()[:9] for path in store.parent.glob("*.ajeno")] == [b"no es una"]


def test_a_workbook_that_split_never_made_fills_blanks_and_differs_otherwise(master: Path, tmp_path: Path) -> None:
    edit(master, ("GRO1.1.1", "evidence", None))
    loose = save(small(), tmp_path / "suelto.xlsx")
    edit(loose, ("GRO1.1.1", "owner", "Uno"))
    done = sync([loose], master)
    assert fates(done) == {("conflicto", "GRO1.1.1", "owner"), ("tomado", "GRO1.1.1", "evidence")}


# Where it is written


def test_a_dry_run_prints_the_same_and_writes_nothing(master: Path, folder: Path) -> None:
    edit(folder / LEGAL, ("GRO1.1.1", "owner", "Uno"))
    before = {path: path.read_bytes() for path in master.parent.rglob("*") if path.is_file()}
    dry = sync([folder], master, SyncOptions(dry_run=True))
    assert {path: path.read_bytes() for path in master.parent.rglob("*") if path.is_file()} == before
    wet = sync([folder], master)
    assert dry.outcomes == wet.outcomes
    one, other = json.loads(as_json(dry)), json.loads(as_json(wet))
    assert one["changes"] == other["changes"]
    assert (one["run"], one["path"], other["run"]) == (None, None, 1)


def test_a_dry_run_makes_no_history(tmp_path: Path) -> None:
    folder = tmp_path / "u"
    folder.mkdir()
    save(small(), folder / "uno.xlsx")
    sync([folder], tmp_path / "m.xlsx", SyncOptions(dry_run=True))
    assert {path.name for path in tmp_path.rglob("*")} == {"u", "uno.xlsx"}


def test_a_new_workbook_may_be_written_instead(master: Path, folder: Path, tmp_path: Path) -> None:
    before = master.read_bytes()
    add(folder / LEGAL, "GRO1.1.3", "Unidad Legal", 50)
    done = sync([folder], master, SyncOptions(output=tmp_path / "nuevo.xlsx"))
    assert master.read_bytes() == before
    assert done.path == tmp_path / "nuevo.xlsx"
    assert value(tmp_path / "nuevo.xlsx", "GRO1", "budget") == 650
    assert sync([folder], master).is_clean
    assert value(master, "GRO1.1.3", "budget") == 50


def test_a_master_that_cannot_be_edited_in_place_says_why_and_offers_a_new_one(
    master: Path, folder: Path, tmp_path: Path
) -> None:
    parts = dict(members(master.read_bytes()))
    master.write_bytes(p.pack(parts | {"_xmlsignatures/sig1.xml": b"<Signature/>"}))
    edit(folder / PISIGA, ("GRO1.1.2", "owner", "Uno"))
    with pytest.raises(SyncError, match=r"firma digital.*-o NUEVO"):
        sync([folder], master)
    assert sync([folder], master, SyncOptions(output=tmp_path / "nuevo.xlsx")).path is not None


def test_only_xlsx_is_made_anew(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(BookError, match="xlsx"):
        sync([folder], tmp_path / "nuevo.xlsm")


def test_the_history_may_stand_elsewhere(tmp_path: Path) -> None:
    master = save(small(), tmp_path / "m.xlsx")
    url = f"sqlite:///{tmp_path / 'otra' / 'historia.db'}"
    split_book(master, tmp_path / "u", store=url)
    edit(tmp_path / "u" / LEGAL, ("GRO1.1.1", "budget", 7))
    assert sync([tmp_path / "u"], master, SyncOptions(store=url)).is_clean
    assert len(open_history(url, master).runs()) == 1
    assert not (tmp_path / ".poa" / "history.sqlite").exists()
    assert read(master).rows[0].budget == Decimal(507)


@pytest.mark.parametrize("url", ["nada://x", "oracle+nada://x", "://"])
def test_an_address_that_is_none_is_refused(folder: Path, master: Path, url: str) -> None:
    with pytest.raises(BookError, match="no es la dirección"):
        sync([folder], master, SyncOptions(store=url))


@pytest.mark.parametrize("jobs", [1, 2])
def test_any_number_of_processes_comes_to_the_same(master: Path, folder: Path, jobs: int) -> None:
    edit(folder / LEGAL, ("GRO1.1.1", "owner", "Uno"))
    done = sync([folder], master, SyncOptions(jobs=jobs))
    assert fates(done) == {("tomado", "GRO1.1.1", "owner")}


def test_the_summary_of_a_workbook_that_we_made_is_brought_up_to_date(folder: Path, tmp_path: Path) -> None:
    made = tmp_path / "hecho.xlsx"
    sync([folder], made)
    edit(folder / LEGAL, ("GRO1.1.1", "budget", 150))
    done = sync([folder], made)
    assert not done.notes
    grid = next(each for each in FileBook(made).read() if each.name == SUMMARY)
    assert {str(cells.get(1)): cells.get(3) for cells in grid.cells.values()}["Unidad Legal"] == 450
    add(folder / LEGAL, "GRO1.1.3", "Unidad Legal", 50)
    assert not sync([folder], made).notes
    edit(made, ("GRO1.2.1", "unit", "Unidad Nueva"))
    edit(folder / LEGAL, ("GRO1.1.1", "budget", 160))
    assert any("Resumen" in note for note in sync([folder], made).notes)


def test_a_column_that_the_unit_lost_wipes_nothing(master: Path, folder: Path) -> None:
    edit(folder / LEGAL, ("GRO1.1.1", "budget", 150))
    book = openpyxl.load_workbook(folder / LEGAL)
    page = book["POA 2020"]
    for column in ("E", "V", "A"):
        for row in range(5, 20):
            page[f"{column}{row}"].value = None
    book.save(folder / LEGAL)
    done = sync([folder], master)
    assert fates(done) == {("tomado", "GRO1.1.1", "budget")}
    assert value(master, "GRO1.2.1", "owner") == "Jefe Unidad Legal"


def test_the_workbook_of_a_unit_is_no_master(folder: Path) -> None:
    with pytest.raises(SyncError, match="no el maestro"):
        sync([folder / PISIGA], folder / LEGAL)


def test_a_master_that_somebody_has_open_stays_and_no_run_is_left(master: Path, folder: Path) -> None:
    edit(folder / LEGAL, ("GRO1.1.1", "owner", "Uno"))
    lock = master.parent / f"~${master.name}"
    lock.write_bytes(bytes([3]) + b"Ana" + b" " * 50)
    with pytest.raises(BookError, match="Ana"):
        sync([folder], master)
    assert open_history(None, master).runs() == []
    lock.unlink()
    sync([folder], master)
    lock.write_bytes(bytes([3]) + b"Ana" + b" " * 50)
    with pytest.raises(BookError, match="Ana"):
        undo(master=master)
    assert [run.state for run in open_history(None, master).runs()] == ["done"]


@pytest.mark.filterwarnings("ignore:.*extension is not supported")
def test_a_master_with_everything_in_it_keeps_everything(tmp_path: Path) -> None:
    path = tmp_path / "maestro.xlsm"
    path.write_bytes(torture())
    (part,) = split_book(path, tmp_path / "u")
    edit(part.path, ("G1.1", "owner", "Otro"), ("G1.1", "budget", 77))
    add(part.path, "G1.99", part.unit, 5)
    before = members(path.read_bytes())
    done = sync([tmp_path / "u"], path)
    assert fates(done) == {("tomado", "G1.1", "owner"), ("tomado", "G1.1", "budget"), ("fila nueva", "G1.99", "")}
    after = members(path.read_bytes())
    assert before.keys() - after.keys() == set()
    # What the new row moves, what names sheets, new formats, what a formula elsewhere comes to; all else to the byte.
    assert {name for name, data in before.items() if after[name] != data} == {
        "[Content_Types].xml",
        "xl/_rels/workbook.xml.rels",
        "xl/workbook.xml",
        "xl/styles.xml",
        "xl/worksheets/sheet1.xml",
        "xl/worksheets/sheet2.xml",
        "xl/charts/chart1.xml",
        "xl/drawings/drawing1.xml",
        "xl/drawings/vmlDrawing1.vml",
    }
    was, now = (each["xl/worksheets/sheet2.xml"] for each in (before, after))
    assert now == was.replace(b"<f>POA!X5*2</f><v>800</v>", b"<f>POA!X5*2</f><v>764</v>") != was
    undo(master=path)
    assert members(path.read_bytes()) == before


def test_a_file_that_was_taken_as_a_whole_is_not_read_again(
    master: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit(folder / LEGAL, ("GRO1.1.1", "owner", "Uno"))
    edit(folder / PISIGA, ("GRO1.1.2", "owner", "Dos"))
    edit(master, ("GRO1.1.2", "owner", "Tres"))
    first = sync([folder], master)
    before = page(master, PROVENANCE)
    log = master.parent / "leídos"

    def watched(book: Workbook, *rest: object, **more: object) -> object:
        with log.open("a", encoding="utf-8") as lines:
            lines.write(f"{book.name}\n")
        return find_plan(book, *rest, **more)  # type: ignore[arg-type]

    for module in (receiving, rereading):
        monkeypatch.setattr(module, "find_plan", watched)
    (folder / LEGAL).rename(folder / "Legal, otra vez.xlsx")
    again = sync([folder], master, SyncOptions(prefer=Side.MASTER))
    assert set(log.read_text("utf-8").splitlines()) == {PISIGA}
    assert again.is_clean
    assert sum(each.rows for each in again.received) == sum(each.rows for each in first.received)
    assert [each["Recibido"] for each in page(master, SUBMISSIONS)] == ["recibido", "recibido"]
    assert [line["Código"] for line in page(master, PROVENANCE)] == [line["Código"] for line in before]
    drop(master, "GRO1.1.1")
    assert ("ya no está en el maestro", "GRO1.1.1", "") in fates(sync([folder], master))
    edit(folder / "Legal, otra vez.xlsx", ("GRO1.2.1", "owner", "Cuatro"))
    assert ("tomado", "GRO1.2.1", "owner") in fates(sync([folder], master))


def test_untouched_workbooks_of_a_master_that_has_a_code_twice_bring_no_news(tmp_path: Path) -> None:
    plan = small()
    twice = replace(plan, rows=(*plan.rows, replace(plan.rows[2], id=9, budget=Decimal(7))))
    path = save(twice, tmp_path / "maestro.xlsx")
    split_book(path, tmp_path / "u")
    done = sync([tmp_path / "u"], path)
    assert done.outcomes == ()
    assert done.is_clean


@pytest.mark.parametrize("decision", ["maestro", "unidad"])
def test_a_decision_alone_is_a_run_that_can_be_told_and_undone(master: Path, folder: Path, decision: str) -> None:
    edit(folder / LEGAL, ("GRO1.1.1", "owner", "Uno"))
    edit(master, ("GRO1.1.1", "owner", "Dos"))
    assert sync([folder], master).run == 1
    decide(master, "GRO1.1.1", decision)
    # No file changed since: what the office wrote is all that is new.
    done = sync([folder], master)
    assert done.run == 2
    assert done.path == master
    assert not any("nada cambió" in note for note in done.notes)
    assert sync([folder], master).run is None


def test_a_removal_of_what_the_office_changed_is_a_conflict_and_takes_nothing_away(master: Path, folder: Path) -> None:
    drop(folder / LEGAL, "GRO1.1.1")
    edit(master, ("GRO1.1.1", "owner", "Dos"))
    for options in (SyncOptions(), SyncOptions(accept_removals=True)):
        done = sync([folder], master, options)
        assert value(master, "GRO1.1.1", "owner") == "Dos", options
        assert any(each.code == code("GRO1.1.1") and each.fate.is_open for each in done.outcomes)


def test_a_new_code_of_two_units_is_told_apart_by_a_decision_and_stays_so(master: Path, folder: Path) -> None:
    add(folder / LEGAL, "GRO1.1.3", "Unidad Legal", 50)
    add(folder / PISIGA, "GRO1.1.3", "Adm Aduana Pisiga", 70)
    assert fates(sync([folder], master)) == {("conflicto", "GRO1.1.3", "")}
    book = openpyxl.load_workbook(master)
    for row in book[CHANGES].iter_rows(min_row=5):
        row[1].value = "unidad"
    book.save(master)
    done = sync([folder], master)
    assert all("código GRO1.1.4" in each.reason for each in done.outcomes)
    assert {each["Decisión"] for each in page(master, CHANGES)} == {"unidad"}
    book = openpyxl.load_workbook(master)
    for row in book[CHANGES].iter_rows(min_row=5):
        row[1].value = "unidad" if row[8].value == "Unidad Legal" else "Código: gro1.1.4"
    book.save(master)
    done = sync([folder], master)
    assert done.is_clean
    assert (value(master, "GRO1.1.3", "budget"), value(master, "GRO1.1.4", "budget")) == (50, 70)
    assert sync([folder], master).outcomes == ()
    edit(folder / PISIGA, ("GRO1.1.3", "owner", "Uno"))
    assert fates(sync([folder], master)) == {("tomado", "GRO1.1.4", "owner")}
    assert value(master, "GRO1.1.3", "owner") == "Jefe Unidad Legal"


def test_a_master_without_budgets_takes_new_rows(master: Path, folder: Path) -> None:
    book = openpyxl.load_workbook(master)
    assert book["POA 2020"]["X4"].value == "Presupuesto"
    book["POA 2020"]["X4"] = None
    book.save(master)
    add(folder / PISIGA, "GRO1.1.3", "Adm Aduana Pisiga", 5)
    assert sync([folder / PISIGA], master).path == master
    assert code("GRO1.1.3") in {row.code for row in read(master).rows}


@pytest.mark.parametrize("unread", ["1.234", "mil", "$us 500", "#REF!", "36%"])
def test_above_a_cell_that_nobody_understands_no_sum_is_written_and_none_is_green(unread: str, tmp_path: Path) -> None:
    """A unit's answer lands; what its group comes to nobody knows, and what stood there stays."""
    master = edit(save(small(), tmp_path / "maestro.xlsx"), ("GRO1.1.2", "budget", unread))
    split_book(master, tmp_path / "u")
    edit(tmp_path / "u" / LEGAL, ("GRO1.1.1", "budget", 150))
    add(tmp_path / "u" / LEGAL, "GRO1.2.2", "Unidad Legal", 40)
    done = sync([tmp_path / "u"], master)
    assert ("tomado", "GRO1.1.1", "budget") in fates(done)
    assert [value(master, each, "budget") for each in ("GRO1", "GRO1.1", "GRO1.1.1", "GRO1.2")] == [600, 300, 150, 340]
    opened = load_one(FileBook(master))
    hindered = opened.plan.rows[3].where("budget").cell
    shown = {
        str(row.code): [
            opened.grid.get(row.line, opened.layout.columns[name]) for name in ("state", "budget_state", "reason")
        ]
        for row in opened.plan.rows
    }
    for each in ("GRO1", "GRO1.1"):
        assert shown[each][:2] == ["AVISO", "AVISO"]
        assert f"No se puede sumar: {hindered}" in str(shown[each][2])
    assert shown["GRO1.2"][:2] == ["VERDE", "VERDE"]
    assert shown["GRO1.1.2"][:2] == ["ROJO", "ROJO"]
    # Once somebody writes what it costs, sums are sums again.
    edit(master, ("GRO1.1.2", "budget", 200))
    edit(tmp_path / "u" / LEGAL, ("GRO1.1.1", "budget", 160))
    sync([tmp_path / "u"], master)
    assert [value(master, each, "budget") for each in ("GRO1", "GRO1.1", "GRO1.2")] == [700, 360, 340]
