"""Splitting a plan: what is sent, to whom, and what stands in the way of it."""

import os
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from poa_xl.actions.load import load_one
from poa_xl.actions.naming import file_name
from poa_xl.actions.splitting import split_book
from poa_xl.actions.syncing import sync
from poa_xl.books.book import FileBook
from poa_xl.books.package import open_package
from poa_xl.core.numbering import turns
from poa_xl.core.text import fold
from poa_xl.errors import SyncError
from poa_xl.sheet.identity import identity_of
from tests.books import packages as p
from tests.books.patch.torture import members
from tests.plans import edit, operation, save, small

LEGAL, PISIGA = "Unidad Legal.xlsx", "Adm Aduana Pisiga.xlsx"


@pytest.fixture
def master(tmp_path: Path) -> Path:
    return save(small(), tmp_path / "maestro.xlsx")


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def answer(path: Path) -> None:
    edit(path, ("GRO1.1.1", "owner", "Uno"))


def save_again(path: Path) -> None:
    """Save a workbook with nothing changed, as a program does: other bytes, the same cells."""
    path.write_bytes(p.pack(dict(members(path.read_bytes()))))


def loose(path: Path) -> None:
    save(small(), path)


def damage(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:400])


def words(path: Path) -> None:
    path.write_text("de la oficina", "utf-8")


def other_unit(path: Path) -> None:
    path.write_bytes((path.parent / PISIGA).read_bytes() + b"")
    edit(path, ("GRO1.1.2", "owner", "Dos"))


# What is sent, and where


def test_it_goes_beside_the_master_and_again_over_what_was_sent(master: Path) -> None:
    parts = split_book(master)
    assert {part.path for part in parts} == {master.parent / "enviados" / name for name in (LEGAL, PISIGA)}
    before = contents(master.parent / "enviados")
    assert [part.backup for part in split_book(master)] == [None, None]
    assert contents(master.parent / "enviados") == before
    edit(master, ("GRO1.1.1", "owner", "Otro"))
    assert [bool(part.backup) for part in split_book(master)] == [True, False]


@pytest.mark.parametrize("harm", [answer, loose, damage, words, other_unit])
def test_a_file_that_is_not_what_was_sent_stays_and_nothing_is_sent(master: Path, harm: object) -> None:
    folder = master.parent / "u"
    split_book(master, folder)
    harm(folder / LEGAL)  # type: ignore[operator]
    edit(master, ("GRO1.1.1", "name", "Otro nombre"), ("GRO1.1.2", "name", "Otro nombre"))
    before = contents(folder)
    with pytest.raises(SyncError, match=r"Unidad Legal\.xlsx \(.*--resend"):
        split_book(master, folder)
    assert contents(folder) == before
    parts = split_book(master, folder, resend=True)
    kept = next(part.backup for part in parts if part.path.name == LEGAL)
    assert kept is not None
    assert kept.read_bytes() == before[LEGAL]


def test_a_dry_run_says_what_would_be_sent_and_writes_nothing(master: Path) -> None:
    parts = split_book(master, dry_run=True)
    assert [(part.path.name, part.unit, part.operations) for part in parts] == [
        (LEGAL, "Unidad Legal", 2),
        (PISIGA, "Adm Aduana Pisiga", 1),
    ]
    assert [each.name for each in master.parent.iterdir()] == [master.name]
    split_book(master)
    answer(master.parent / "enviados" / LEGAL)
    with pytest.raises(SyncError, match=r"Unidad Legal\.xlsx \(.*--resend"):
        split_book(master, dry_run=True)


def test_one_unit_alone_is_sent_its_workbook(master: Path) -> None:
    folder = master.parent / "enviados"
    assert [part.unit for part in split_book(master, units=["unidad  LEGAL"])] == ["Unidad Legal"]
    assert [each.name for each in folder.iterdir()] == [LEGAL]
    # What stands in the way of another unit does not matter.
    split_book(master)
    loose(folder / PISIGA)
    assert [part.path.name for part in split_book(master, units=["Unidad Legal"])] == [LEGAL]
    with pytest.raises(SyncError, match="no está la unidad «Otra»; están: Unidad Legal, Adm Aduana Pisiga"):
        split_book(master, units=["Unidad Legal", "Otra"])


def test_all_files_in_the_way_are_named_at_once(master: Path) -> None:
    folder = master.parent / "u"
    split_book(master, folder)
    answer(folder / LEGAL)
    words(folder / PISIGA)
    with pytest.raises(SyncError, match=r"Pisiga.*no es un libro.*Legal.*cambió desde que se envió|Legal.*Pisiga"):
        split_book(master, folder)


def test_an_answer_that_says_what_was_sent_may_go_even_without_the_history(master: Path) -> None:
    folder = master.parent / "u"
    split_book(master, folder)
    save_again(folder / LEGAL)
    (master.parent / ".poa" / "history.sqlite").unlink()
    edit(master, ("GRO1.1.2", "owner", "Otro"))
    assert [part.path.name for part in split_book(master, folder) if part.backup] == [LEGAL, PISIGA]
    answer(folder / LEGAL)
    (master.parent / ".poa" / "history.sqlite").unlink()
    with pytest.raises(SyncError, match="cambió desde que se envió"):
        split_book(master, folder)


@pytest.mark.parametrize("resend", [False, True])
def test_the_master_is_never_replaced(tmp_path: Path, *, resend: bool) -> None:
    master = save(small(), tmp_path / LEGAL)
    before = master.read_bytes()
    with pytest.raises(SyncError, match="es el plan que se reparte"):
        split_book(master, tmp_path, resend=resend)
    link = tmp_path / "v"
    link.mkdir()
    (link / LEGAL).symlink_to(master)
    with pytest.raises(SyncError, match="es el plan que se reparte"):
        split_book(master, link, resend=resend)
    assert master.read_bytes() == before
    assert not (tmp_path / PISIGA).exists()


def test_a_folder_or_a_pipe_in_the_way_is_named(master: Path) -> None:
    (master.parent / "enviados" / LEGAL).mkdir(parents=True)
    with pytest.raises(SyncError, match=r"Unidad Legal\.xlsx no es un archivo"):
        split_book(master)
    (master.parent / "enviados" / LEGAL).rmdir()
    os.mkfifo(master.parent / "enviados" / LEGAL)
    with pytest.raises(SyncError, match=r"Unidad Legal\.xlsx no es un archivo"):
        split_book(master, resend=True)


def test_a_workbook_that_somebody_has_open_does_not_stop_the_others(master: Path) -> None:
    split_book(master)
    (master.parent / "enviados" / f"~${LEGAL}").write_bytes(bytes([3]) + b"Ana" + b" " * 50)
    edit(master, ("GRO1.1.1", "owner", "Otro"), ("GRO1.1.2", "owner", "Otro"))
    parts = {part.path.name: part for part in split_book(master)}
    assert "Ana" in parts[LEGAL].problem
    assert parts[PISIGA].backup is not None


# One unit, one workbook


@pytest.mark.parametrize(
    "spelling", ["UNIDAD LEGAL", "unidad legal", "Unidad  Legal", "Únidad Legal", " Unidad Legal ", "Unidad\u00a0Legal"]
)
def test_spellings_of_a_unit_are_one_workbook(tmp_path: Path, spelling: str) -> None:
    plan = small()
    rows = [replace(row, unit=spelling) if index == 5 else row for index, row in enumerate(plan.rows)]
    master = save(replace(plan, rows=tuple(rows)), tmp_path / "maestro.xlsx")
    parts = split_book(master)
    assert [(part.path.name, part.operations) for part in parts] == [(LEGAL, 2), (PISIGA, 1)]
    edit(parts[0].path, ("GRO1.2.1", "budget", 300), ("GRO1.1.1", "owner", "Uno"))
    done = sync([tmp_path / "enviados"], master)
    assert done.is_clean
    assert [(each.file, each.changed) for each in done.received] == [(PISIGA, 0), (LEGAL, 1)]
    assert [line.unit for line in done.result.submissions] == ["Adm Aduana Pisiga", "Unidad Legal"]


def test_units_that_differ_keep_their_own(tmp_path: Path) -> None:
    plan = small()
    rows = (*plan.rows, operation("GRO1.2.2", "Unidad Legal 2", 0))
    parts = split_book(save(replace(plan, rows=rows), tmp_path / "maestro.xlsx"))
    assert len(parts) == 3
    assert {identity.unit for part in parts if (identity := identity_of(open_package(part.path).properties))} == {
        "Unidad Legal",
        "Unidad Legal 2",
        "Adm Aduana Pisiga",
    }


@pytest.mark.parametrize(
    ("unit", "name"),
    [
        ("CON", "Unidad CON"),
        ("con", "Unidad con"),
        ("Lpt1", "Unidad Lpt1"),
        ("NUL.unidad", "Unidad NUL.unidad"),
        ("Com¹", "Unidad Com¹"),
        ("Consejo", "Consejo"),
        ("Depto.", "Depto"),
        ("A: uno/dos", "A uno dos"),
        ("x" * 300, "x" * 80),
        ("ñ" * 79 + ". b", "ñ" * 79),
        ("..", "Sin unidad"),
        ("", "Sin unidad"),
        ("?*", "Sin unidad"),
        ("a\x85b\tc", "a b c"),
        ("\U0001f600" * 80, "\U0001f600" * 50),
    ],
)
def test_a_file_is_called_as_every_system_can(unit: str, name: str) -> None:
    assert file_name(unit, set()) == f"{name}.xlsx"


@pytest.mark.parametrize(("one", "other"), [("A/B", "a?b"), ("Depto", "Depto."), ("Pá", "PA"), ("CON", "unidad con")])
def test_names_that_a_system_takes_for_one_are_told_apart(one: str, other: str) -> None:
    taken: set[str] = set()
    names = [file_name(each, taken) for each in (one, other)]
    assert names[1].endswith(" (2).xlsx")
    assert len({fold(name) for name in names}) == 2


def test_budgets_of_one_unit_in_two_spellings_are_summed_together(tmp_path: Path) -> None:
    plan = small()
    rows = [replace(row, unit="UNIDAD LEGAL") if index == 5 else row for index, row in enumerate(plan.rows)]
    master = save(replace(plan, rows=tuple(rows)), tmp_path / "maestro.xlsx")
    split_book(master)
    done = sync([tmp_path / "enviados"], tmp_path / "nuevo.xlsx")
    assert done.path is not None
    sheet = openpyxl.load_workbook(done.path, data_only=True)["Resumen"]
    found = {row[0]: row[1:3] for row in sheet.iter_rows(min_row=5, max_col=3, values_only=True) if row[0]}
    assert found["Unidad Legal"] == (2, 400)
    assert "UNIDAD LEGAL" not in found


# What could not come back


def test_rows_whose_changes_could_not_be_taken_are_said_when_they_are_sent(tmp_path: Path) -> None:
    plan = small()
    twin = replace(plan.rows[2], id=9, name="La otra")
    nameless = replace(plan.rows[3], code=None, name="Sin nada")
    parts = split_book(save(replace(plan, rows=(*plan.rows, twin, nameless)), tmp_path / "maestro.xlsx"))
    doubts = {part.path.name: part.doubts for part in parts}
    assert [each.partition("): ")[2].partition(";")[0] for each in doubts[LEGAL]] == [
        "su código está en 2 filas de la unidad"
    ] * 2
    assert [each.partition("): ")[2].partition(";")[0] for each in doubts[PISIGA]] == [
        "no tiene un código que se entienda"
    ]
    done = sync([tmp_path / "enviados"], tmp_path / "maestro.xlsx")
    assert (done.is_clean, done.outcomes) == (True, ())


def test_rows_of_units_that_number_alike_can_all_come_back(tmp_path: Path) -> None:
    rows = [operation(f"GRO1.1.{n}", unit, n) for unit in ("Unidad Legal", "Adm Aduana Pisiga") for n in (1, 2)]
    path = save(replace(small(), rows=tuple(rows)), tmp_path / "maestro.xlsx")
    parts = split_book(path)
    assert [part.doubts for part in parts] == [(), ()]
    for part in parts:
        edit(part.path, ("GRO1.1.2", "owner", f"De {part.unit}"))
    done = sync([tmp_path / "enviados"], path)
    assert [(str(each.code), each.theirs) for each in done.outcomes] == [
        ("GRO1.1.2", "De Adm Aduana Pisiga"),
        ("GRO1.1.2", "De Unidad Legal"),
    ]
    assert done.is_clean


@pytest.mark.parametrize("number", [1.1, 2, 1.25])
def test_a_code_that_is_a_number_comes_back_untouched_and_changed(tmp_path: Path, number: float) -> None:
    path = save(small(), tmp_path / "maestro.xlsx")
    edit(path, ("GRO1.1.2", "code", number))
    (pisiga,) = [part for part in split_book(path) if part.unit == "Adm Aduana Pisiga"]
    done = sync([tmp_path / "enviados"], path)
    assert (done.outcomes, done.is_clean) == ((), True)
    edit(pisiga.path, (str(number), "owner", "Uno"))
    done = sync([tmp_path / "enviados"], path)
    assert [(str(each.fate), each.theirs) for each in done.outcomes] == [("tomado", "Uno")]
    assert openpyxl.load_workbook(path)["POA 2020"]["B8"].value == number


def test_a_plan_without_budgets_goes_out_and_comes_back(tmp_path: Path) -> None:
    path = save(small(), tmp_path / "maestro.xlsx")
    book = openpyxl.load_workbook(path)
    for row in range(1, 20):
        for column in "WX":
            book["POA 2020"][f"{column}{row}"].value = None
    book.save(path)
    (legal,) = [part for part in split_book(path) if part.unit == "Unidad Legal"]
    edit(legal.path, ("GRO1.1.1", "ENE", 3), ("GRO1.1.1", "target", 14))
    done = sync([tmp_path / "enviados"], path)
    assert done.is_clean
    assert {each.field for each in done.outcomes} == {"ENE", "target"}


# Room for new operations, and whose codes they get


def test_three_rows_wait_for_new_operations_and_say_their_codes(master: Path) -> None:
    split_book(master)
    page = openpyxl.load_workbook(master.parent / "enviados" / LEGAL)["POA 2020"]
    told = {str(each.sqref): each.prompt for each in page.data_validations.dataValidation if each.type is None}
    assert told == {
        "B9": "Para una operación nueva: GRO1.1.3, reservado para esta unidad.",
        "B10": "Para una operación nueva: GRO1.1.5, reservado para esta unidad.",
        "B11": "Para una operación nueva: GRO1.1.7, reservado para esta unidad.",
        "B16": "Para una operación nueva: GRO1.2.2, reservado para esta unidad.",
        "B17": "Para una operación nueva: GRO1.2.3, reservado para esta unidad.",
        "B18": "Para una operación nueva: GRO1.2.4, reservado para esta unidad.",
    }
    for cell in told:
        assert not page[cell].protection.locked
        assert page[f"AB{cell[1:]}"].value.startswith("=")


def test_a_workbook_knows_its_turns_however_many_they_are(master: Path) -> None:
    rows = [operation(f"GRO1.{number}.1", unit) for number in range(3, 40) for unit in ("Unidad Legal", "Otra")]
    save(replace(small(), rows=(*small().rows, *rows)), master)
    split_book(master)
    properties = open_package(master.parent / "enviados" / LEGAL).properties
    assert max(map(len, properties.values())) <= 255
    identity = identity_of(properties)
    assert identity is not None
    assert identity.turns == turns(load_one(FileBook(master)).plan)["unidad legal"]
    assert len(identity.turns) == 39


def test_rows_outside_of_every_group_promise_no_code(master: Path) -> None:
    save(replace(small(), rows=(operation("GRO1", "Unidad Legal"),)), master)
    split_book(master)
    page = openpyxl.load_workbook(master.parent / "enviados" / LEGAL)["POA 2020"]
    assert not [each for each in page.data_validations.dataValidation if each.type is None]
    assert page["AB7"].value.startswith("=")
