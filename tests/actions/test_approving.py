"""Approved versions: frozen, told, compared, undone to the byte; and the list of what was modified since."""

import sqlite3
import zipfile
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from poa_xl.actions.approving import Approval, Done, Terms, approve, modify
from poa_xl.actions.beside import typed_in
from poa_xl.actions.cleaning import clean_book
from poa_xl.actions.load import load_one
from poa_xl.actions.past.locking import locked
from poa_xl.actions.past.telling import tell
from poa_xl.actions.past.undoing import undo
from poa_xl.actions.past.versioning import all_versions, version_named
from poa_xl.actions.splitting import split_book
from poa_xl.actions.syncing import sync
from poa_xl.actions.updating import Options, update_book
from poa_xl.books.book import FileBook
from poa_xl.books.patch.editor import Editor
from poa_xl.cli import main
from poa_xl.core.checks import check
from poa_xl.core.modifications import Modification
from poa_xl.errors import BookError, StaleBookError, SyncError
from poa_xl.sheet.approved import APPROVED
from poa_xl.sheet.identity import identity_of
from poa_xl.store.records import APPROVAL, CLEANED, MODIFICATIONS, SYNC, UPDATED
from tests.office import Office
from tests.plans import add, edit, save, small

RA = Approval("RA-PE 01-024-20", day=date(2020, 1, 2), author="Ana")
LEGAL = "Unidad Legal.xlsx"


@pytest.fixture
def master(tmp_path: Path) -> Path:
    return save(small(), tmp_path / "maestro.xlsx")


def write(path: Path, sheet: str, cells: Mapping[str, str]) -> None:
    """Type into a workbook as a person would."""
    book = openpyxl.load_workbook(path)
    for cell, value in cells.items():
        book[sheet][cell] = value
    book.save(path)


def column(path: Path, sheet: str, number: int) -> list[object]:
    grid = next(grid for grid in FileBook(path).read() if grid.name == sheet)
    return [grid.get(row, number) for row in sorted(grid.cells) if row > 4]


def parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist()}


def told(done: Done) -> list[tuple[str, str, Modification]]:
    return [(each.code, each.field, each.kind) for each in done.modified]


def test_an_approval_is_in_the_history_and_in_the_workbook(master: Path) -> None:
    before = parts(master)
    done = approve(master, RA)
    assert (done.version.name, done.run, done.path, list(done.modified)) == ("Aprobado", 1, master, [])
    assert done.backup is not None
    (found,) = all_versions(master)
    assert found.version == done.version
    assert (found.version.resolution, found.version.day, found.version.author) == (
        "RA-PE 01-024-20",
        "2020-01-02",
        "Ana",
    )
    assert [row.budget for row in found.plan.rows] == [row.budget for row in small().rows]
    assert column(master, "Versiones", 1) == ["Aprobado"]
    assert column(master, "Versiones", 3) == [date(2020, 1, 2)]
    assert column(master, "Versiones", 6) == [Decimal(3)]
    assert column(master, "Versiones", 7) == [Decimal(600)]
    assert column(master, "Versiones", 8) == [found.version.sha256]
    after = parts(master)
    assert after["xl/worksheets/sheet1.xml"] == before["xl/worksheets/sheet1.xml"]
    assert {name for name in before if before[name] != after[name]} <= {
        "xl/workbook.xml",
        "xl/_rels/workbook.xml.rels",
        "[Content_Types].xml",
        "docProps/app.xml",
        "xl/styles.xml",
    }
    assert load_one(FileBook(master)).aside == ()


def test_later_approvals_are_reformulados_and_names_are_had_once(master: Path) -> None:
    approve(master, RA)
    edit(master, ("GRO1.1.1", "owner", "Ana"))
    assert approve(master, Approval("RA 2")).version.name == "Reformulado 1"
    assert approve(master, Approval("RA 3", "Reformulado  de agosto")).version.name == "Reformulado de agosto"
    assert approve(master, Approval("RA 4")).version.name == "Reformulado 3"
    with pytest.raises(SyncError, match="ya hay una versión «APROBADO»"):
        approve(master, Approval("RA 5", "APROBADO"))
    assert column(master, "Versiones", 1) == ["Aprobado", "Reformulado 1", "Reformulado de agosto", "Reformulado 3"]
    assert [each.version.name for each in all_versions(master)] == column(master, "Versiones", 1)
    owners = {version_named(master, name).plan.rows[2].owner for name in ("aprobado", "reformulado 1")}
    assert owners == {"Jefe Unidad Legal", "Ana"}
    with pytest.raises(SyncError, match="no hay versión «otra»; hay «Aprobado»"):
        version_named(master, "otra")


def test_a_year_is_undone_to_the_approved_plan_to_the_byte(master: Path) -> None:
    first = master.read_bytes()
    split_book(master, master.parent / "u")
    edit(master.parent / "u" / LEGAL, ("GRO1.1.1", "owner", "Ana"))
    sync([master.parent / "u"], master)
    approve(master, RA)
    approved = master.read_bytes()
    split_book(master, master.parent / "v")
    edit(master.parent / "v" / LEGAL, ("GRO1.1.1", "target", 13))
    sync([master.parent / "v"], master)
    synced = master.read_bytes()
    assert column(master, "Versiones", 1) == ["Aprobado"]
    assert told(modify(master)) == [("GRO1.1.1", "target", Modification.TARGET)]
    approve(master, Approval("RA 2"))
    steps = tell(None, master)
    assert [run.kind for run in steps.runs] == [APPROVAL, MODIFICATIONS, SYNC, APPROVAL, SYNC]
    assert [each.name for each in steps.versions.values()] == ["Aprobado", "Reformulado 1"]
    assert [undo(master=master).run.kind for _ in range(2)] == [APPROVAL, MODIFICATIONS]
    assert master.read_bytes() == synced
    assert [each.version.name for each in all_versions(master)] == ["Aprobado"]
    undo(master=master)
    assert master.read_bytes() == approved
    undo(master=master)
    undo(master=master)
    assert master.read_bytes() == first
    assert all_versions(master) == []


def test_what_was_modified_is_listed_in_place_and_its_reasons_stay(master: Path) -> None:
    approve(master, RA)
    edit(master, ("GRO1.1.1", "budget", 150), ("GRO1.1.2", "budget", 150), ("GRO1.1.1", "owner", "Ana"))
    done = modify(master)
    transfer = Modification.TRANSFER
    assert told(done) == [
        ("GRO1.1.1", "owner", Modification.OWNER),
        ("GRO1.1.1", "budget", transfer),
        ("GRO1.1.2", "budget", transfer),
    ]
    assert {(each.finding.rule, str(each.where)) for each in done.findings} == {
        ("modificacion-sin-motivo", f"maestro.xlsx Modificaciones!J{row}") for row in (5, 6, 7)
    }
    assert modify(master).run is None
    write(master, "Modificaciones", {"J5": "licencia", "J6": "faltaba", "J7": "sobraba", "K6": "INF 3", "A12": "nota"})
    edit(master, ("GRO1.1.1", "budget", 160))
    again = modify(master)
    assert [each.finding.rule for each in again.findings] == ["traspaso-descuadrado"]
    assert column(master, "Modificaciones", 10)[:3] == ["licencia", "faltaba", "sobraba"]
    assert column(master, "Modificaciones", 11)[:3] == [None, "INF 3", None]
    assert column(master, "Modificaciones", 1)[3:] == ["nota"]
    rules = [finding.rule for finding in check(load_one(FileBook(master)).plan)]
    assert rules.count("traspaso-descuadrado") == 1


def test_an_approval_settles_the_list_and_begins_a_new_one(master: Path) -> None:
    approve(master, RA)
    edit(master, ("GRO1.1.1", "owner", "Ana"))
    modify(master)
    write(master, "Modificaciones", {"J5": "licencia"})
    edit(master, ("GRO1.1.2", "owner", "Luis"))
    done = approve(master, Approval("RA 2"))
    assert len(done.modified) == 2
    assert [str(each.where) for each in done.findings] == ["maestro.xlsx Modificaciones!J6"]
    assert load_one(FileBook(master)).plan.modified == ()
    assert column(master, "Modificaciones", 1) == ["Aprobado", "Aprobado"]
    assert column(master, "Modificaciones", 10) == ["licencia", None]
    edit(master, ("GRO1.1.1", "owner", "Eva"))
    done = modify(master)
    assert [(each.before, each.after) for each in done.modified] == [("Ana", "Eva")]
    assert column(master, "Modificaciones", 1) == ["Reformulado 1", "Aprobado", "Aprobado"]
    assert column(master, "Modificaciones", 10) == [None, "licencia", None]


def test_a_dry_run_and_a_plan_as_approved_write_nothing(master: Path) -> None:
    approve(master, RA)
    edit(master, ("GRO1.1.1", "owner", "Ana"))
    before = master.read_bytes()
    done = modify(master, Terms(dry_run=True))
    assert (done.run, done.path, len(done.modified), len(done.findings)) == (None, None, 1, 1)
    assert master.read_bytes() == before
    assert [run.kind for run in tell(None, master).runs] == [APPROVAL]


def test_an_update_and_a_modification_leave_each_other_alone(master: Path) -> None:
    approve(master, RA)
    update_book(master, Options())
    add(master, "GRO1.1.3", "Unidad Legal", 40, line=13)
    done = modify(master)
    assert [(each.code, each.kind) for each in done.modified] == [("GRO1.1.3", Modification.NEW)]
    update_book(master, Options())
    assert modify(master).run is None
    assert column(master, "Hallazgos", 5).count("modificacion-sin-motivo") == 1


def test_a_clean_up_takes_the_sheets_and_keeps_what_was_typed_where_asked(master: Path) -> None:
    approve(master, RA)
    edit(master, ("GRO1.1.1", "budget", 150))
    modify(master)
    bare = clean_book(master, Options(output=master.with_name("limpio.xlsx")))
    assert bare.path is not None
    assert [grid.name for grid in FileBook(bare.path).read()] == ["POA 2020"]
    write(master, "Modificaciones", {"J5": "faltaba"})
    with pytest.raises(BookError, match="--keep-data"):
        clean_book(master, Options())
    assert CliRunner().invoke(main, ["clean", str(master), "--drop-data"]).exit_code == 0
    assert [grid.name for grid in FileBook(master).read()] == ["POA 2020"]


def test_what_was_typed_stays_as_values(master: Path) -> None:
    approve(master, RA)
    edit(master, ("GRO1.1.1", "budget", 150))
    modify(master)
    write(master, "Modificaciones", {"J5": "faltaba"})
    listed = modify(master)
    assert (listed.run, listed.findings) == (3, ())
    clean_book(master, Options(keep=True))
    (_, grid) = FileBook(master).read()
    assert (grid.name, dict(grid.formulas)) == ("Modificaciones", {})
    assert [grid.get(5, column) for column in (6, 7, 8, 10)] == [Decimal(100), Decimal(150), Decimal(50), "faltaba"]
    assert typed_in([grid]) == 1
    assert column(master, "Modificaciones", 10) == ["faltaba"]
    with pytest.raises(BookError, match="--keep-data"):
        clean_book(master, Options())


def test_what_was_sent_knows_its_version_and_an_older_one_is_told(master: Path) -> None:
    approve(master, RA)
    split_book(master, master.parent / "u")
    identity = identity_of(FileBook(master.parent / "u" / LEGAL).read().properties)
    assert identity is not None
    assert identity.approved == "Aprobado"
    edit(master.parent / "u" / LEGAL, ("GRO1.1.1", "owner", "Ana"))
    approve(master, Approval("RA 2"))
    done = sync([master.parent / "u"], master)
    notes = {line.unit: line.note for line in done.result.submissions}
    assert "se envió con Aprobado; el maestro está en Reformulado 1" in notes["Unidad Legal"]
    assert next(row.owner for row in load_one(FileBook(master)).plan.rows if row.unit == "Unidad Legal") == "Ana"
    split_book(master, master.parent / "v")
    edit(master.parent / "v" / LEGAL, ("GRO1.1.1", "owner", "Eva"))
    again = sync([master.parent / "v"], master)
    assert not any("se envió con" in line.note for line in again.result.submissions)


def test_who_has_no_version_a_units_workbook_or_company_is_told(master: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SyncError, match="todavía no tiene ninguna versión aprobada"):
        modify(master)
    with pytest.raises(SyncError, match="todavía no tiene ninguna versión aprobada"):
        version_named(master, "")
    split_book(master, master.parent / "u")
    with pytest.raises(SyncError, match="es el libro de Unidad Legal, no el maestro"):
        approve(master.parent / "u" / LEGAL, RA)
    monkeypatch.setenv("POA_WAIT", "0")
    with locked(master), pytest.raises(SyncError, match="en marcha"):
        approve(master, RA)


def test_versions_are_found_where_a_program_dropped_our_hidden_names(master: Path) -> None:
    approve(master, RA)
    book = openpyxl.load_workbook(master)
    for name in list(book.defined_names):
        del book.defined_names[name]
    book.save(master)
    assert [each.version.name for each in all_versions(master)] == ["Aprobado"]
    edit(master, ("GRO1.1.1", "owner", "Ana"))
    assert len(modify(master).modified) == 1
    assert approve(master, Approval("RA 2")).version.name == "Reformulado 1"
    assert column(master, "Versiones", 1) == ["Aprobado", "Reformulado 1"]
    assert [grid.name for grid in FileBook(master).read()] == ["POA 2020", "Modificaciones", "Versiones"]


def test_a_copy_from_before_has_no_version(master: Path) -> None:
    split_book(master, master.parent / "u")
    edit(master.parent / "u" / LEGAL, ("GRO1.1.1", "owner", "Ana"))
    sync([master.parent / "u"], master)
    copy = master.with_name("copia.xlsx")
    copy.write_bytes(master.read_bytes())
    approve(master, RA)
    assert all_versions(copy) == []


def test_nobody_logged_in_is_no_reason_to_stop(master: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody() -> str:
        raise OSError

    monkeypatch.setattr("getpass.getuser", nobody)
    assert approve(master, Approval("RA 1")).version.author == ""


def test_a_workbook_that_changes_meanwhile_stays_as_it_is(master: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Late(Editor):
        def save(self) -> bytes:
            data = super().save()
            edit(master, ("GRO1.1.1", "owner", "Otro"))
            return data

    monkeypatch.setattr("poa_xl.actions.approving.Editor", Late)
    with pytest.raises(StaleBookError):
        approve(master, RA)
    assert [grid.name for grid in FileBook(master).read()] == ["POA 2020"]
    assert all_versions(master) == []
    assert tell(None, master).runs == []


def test_a_history_whose_version_is_damaged_is_a_sentence(master: Path) -> None:
    approve(master, RA)
    connection = sqlite3.connect(master.parent / ".poa" / "history.sqlite")
    connection.execute("UPDATE runs SET content = x'00'")
    connection.commit()
    connection.close()
    with pytest.raises(BookError, match="la historia está dañada"):
        modify(master)


def test_columns_of_what_was_approved_stand_beside_the_plan_and_are_taken_out_again(
    master: Path, office: Office
) -> None:
    approve(master, RA)
    edit(master, ("GRO1.1.1", "budget", 160), ("GRO1.1.1", "target", 10))
    add(master, "GRO1.1.3", "Unidad Legal", 40, line=13)
    plain = parts(master)["xl/worksheets/sheet1.xml"]
    bare = load_one(FileBook(master))
    run = CliRunner().invoke(main, ["update", str(master), "--approved"])
    assert run.exit_code in (0, 1), run.output
    opened = load_one(FileBook(master))
    assert opened.layout.unknown == bare.layout.unknown
    assert [row.budget for row in opened.plan.rows] == [row.budget for row in bare.plan.rows]
    lines = {str(row.code): row.line for row in opened.plan.rows}
    page = openpyxl.load_workbook(office.convert(master, "xlsx"), data_only=True)["POA 2020"]

    def held(text: str) -> list[object]:
        return [page.cell(lines[text], opened.layout.columns[name]).value or None for name in APPROVED]

    assert held("GRO1.1.1") == [12, -2, 100, 60]
    assert held("GRO1.1.2") == [12, None, 200, None]
    # Of a row that the version does not have nothing was approved, and all of it is a change.
    assert held("GRO1.1.3") == [None, 12, None, 40]
    clean_book(master, Options(keep=False))
    again = load_one(FileBook(master))
    assert not {*APPROVED} & again.layout.columns.keys()
    assert again.grid.cells == bare.grid.cells
    assert parts(master)["xl/worksheets/sheet1.xml"] == plain


def test_rows_that_come_after_the_approval_and_later_versions_are_in_the_columns_of_what_was_approved(
    master: Path, office: Office
) -> None:
    approve(master, RA)
    edit(master, ("GRO1.1.1", "budget", 160), ("GRO1.1.1", "target", 10))
    update_book(master, Options(approved=version_named(master, "").plan))
    # What was approved stays as it is; an update gives the row that came since its own cells, by live formulas.
    add(master, "GRO1.1.3", "Unidad Legal", 70, line=13)
    update_book(master, Options())

    def held(text: str) -> list[object]:
        opened = load_one(FileBook(master))
        page = openpyxl.load_workbook(office.convert(master, "xlsx"), data_only=True)["POA 2020"]
        (line,) = (row.line for row in opened.plan.rows if str(row.code) == text)
        return [page.cell(line, opened.layout.columns[name]).value or None for name in APPROVED]

    assert held("GRO1.1.1") == [12, -2, 100, 60]
    assert held("GRO1.1.3") == [None, 12, None, 70]
    # A later version takes the place of the one before.
    approve(master, RA)
    assert held("GRO1.1.1") == [10, None, 160, None]
    assert held("GRO1.1.3") == [12, None, 70, None]


def test_an_update_of_a_master_is_a_step_and_so_is_a_clean_up(master: Path) -> None:
    approve(master, RA)
    approved = master.read_bytes()
    runner = CliRunner()
    assert runner.invoke(main, ["update", str(master)]).exit_code in (0, 1)
    updated = master.read_bytes()
    # Nothing is to be done, and nothing is written.
    assert runner.invoke(main, ["update", str(master)]).exit_code in (0, 1)
    assert master.read_bytes() == updated
    assert runner.invoke(main, ["clean", str(master), "--drop-data"]).exit_code == 0
    assert [run.kind for run in tell(None, master).runs] == [CLEANED, UPDATED, APPROVAL]
    told = runner.invoke(main, ["history", "--into", str(master)]).output
    assert [word for word in ("limpieza", "actualización", "Aprobado") if word in told] == [
        "limpieza",
        "actualización",
        "Aprobado",
    ]
    assert "la limpieza 3" in runner.invoke(main, ["undo", "--into", str(master)]).output
    assert master.read_bytes() == updated
    assert undo(master=master).run.kind == UPDATED
    assert master.read_bytes() == approved
    # The versions hold through all of it.
    assert [each.version.name for each in all_versions(master)] == ["Aprobado"]


def test_an_update_elsewhere_or_of_a_plan_without_a_history_is_no_step(master: Path, tmp_path: Path) -> None:
    runner = CliRunner()
    assert runner.invoke(main, ["update", str(master)]).exit_code in (0, 1)
    assert not (master.parent / ".poa").exists()
    approve(master, RA)
    edit(master, ("GRO1.1.1", "target", 10))
    for more in (["--dry-run"], ["-o", str(tmp_path / "otro.xlsx")]):
        assert runner.invoke(main, ["update", str(master), *more]).exit_code in (0, 1)
    assert [run.kind for run in tell(None, master).runs] == [APPROVAL]
