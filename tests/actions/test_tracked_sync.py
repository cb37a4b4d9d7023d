"""What units report comes back into the office's `Seguimiento`, by the same merge as the plan."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from poa_xl.actions.approving import Approval, approve, modify
from poa_xl.actions.closing import close_quarter
from poa_xl.actions.load import load_one
from poa_xl.actions.past.undoing import undo
from poa_xl.actions.splitting import split_book
from poa_xl.actions.syncing import SyncOptions, sync
from poa_xl.actions.tracking import closed_months, tracked_in
from poa_xl.actions.updating import Options, update_book
from poa_xl.books.book import FileBook
from poa_xl.core.outcomes import Fate, Side
from poa_xl.sheet.tracking_columns import ADDRESSES, PLACES
from poa_xl.sheet.tracking_read import TRACKING
from tests.plans import add, edit, save, small
from tests.tracked import type_into

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported")


@pytest.fixture
def master(tmp_path: Path) -> Path:
    path = save(small(), tmp_path / "master.xlsx")
    update_book(path, Options(track=True, until=8))
    return type_into(path, {"GRO1.1.1": {"executed_ENE": 1, "cause": "de la oficina"}})


def typed(path: Path) -> dict[str, dict[str, object]]:
    entries = tracked_in(load_one(FileBook(path))).entries
    return {each.key[1:]: dict(each.typed) for each in entries if each.typed}


def parts(master: Path) -> tuple[Path, Path]:
    found = {each.unit: each.path for each in split_book(master)}
    return found["Unidad Legal"], found["Adm Aduana Pisiga"]


def test_each_unit_gets_its_own_rows_with_what_is_known(master: Path) -> None:
    legal, pisiga = parts(master)
    assert typed(legal) == {"GRO1.1.1": {"executed_ENE": 1, "cause": "de la oficina"}}
    assert typed(pisiga) == {}
    keys = [each.key for each in tracked_in(load_one(FileBook(pisiga))).entries]
    assert keys == ["·GRO1.1.2"]
    page = openpyxl.load_workbook(legal)[TRACKING]
    assert page.protection.sheet
    assert not page.cell(5, PLACES["executed_ENE"]).protection.locked
    assert page.cell(5, PLACES["efficacy"]).protection.locked
    assert page["B2"].value == "SEP"


def test_a_master_that_is_not_tracked_sends_none(tmp_path: Path) -> None:
    legal, _ = parts(save(small(), tmp_path / "master.xlsx"))
    assert TRACKING not in openpyxl.load_workbook(legal).sheetnames


def test_what_came_back_stands_in_the_office_s_sheet(master: Path) -> None:
    legal, pisiga = parts(master)
    type_into(
        legal,
        {"GRO1.1.1": {"executed_FEB": 2, "cause": None}, "GRO1.2.1": {"sense": "Menos es mejor", "spent_ENE": 7.5}},
    )
    type_into(pisiga, {"GRO1.1.2": {"executed_MAR": 3, "action": "contratar", "proof": "informe 3"}})
    edit(pisiga, ("GRO1.1.2", "name", "Otro nombre"))
    done = sync([legal, pisiga], master)
    assert done.is_clean
    assert typed(master) == {
        "GRO1.1.1": {"executed_ENE": 1, "executed_FEB": 2},
        "GRO1.1.2": {"executed_MAR": 3, "action": "contratar", "proof": "informe 3"},
        "GRO1.2.1": {"sense": "Menos es mejor", "spent_ENE": Decimal("7.5")},
    }
    taken = {(str(each.code), each.field, each.where.sheet, each.where.cell) for each in done.outcomes}
    assert ("GRO1.1.2", "executed_MAR", TRACKING, f"{ADDRESSES['executed_MAR']}5") in taken
    assert ("GRO1.1.2", "name", "POA 2020", "C4") in {(code, field, sheet, "C4") for code, field, sheet, _ in taken}
    again = sync([legal, pisiga], master)
    assert any("nada cambió" in note for note in again.notes)


def test_two_that_changed_one_month_are_a_conflict_that_the_office_settles(master: Path) -> None:
    legal, _ = parts(master)
    type_into(legal, {"GRO1.1.1": {"executed_ENE": 4}})
    type_into(master, {"GRO1.1.1": {"executed_ENE": 5}})
    done = sync([legal], master)
    (conflict,) = [each for each in done.outcomes if each.fate is Fate.CONFLICT]
    assert (conflict.field, conflict.base, conflict.master, conflict.theirs) == ("executed_ENE", 1, 5, 4)
    assert typed(master)["GRO1.1.1"]["executed_ENE"] == 5
    page = openpyxl.load_workbook(master)["Cambios"]
    assert "Ejecutado ENE" in [cell.value for cell in page["E"]]
    assert sync([legal], master, SyncOptions(prefer=Side.UNIT)).is_clean
    assert typed(master)["GRO1.1.1"]["executed_ENE"] == 4


def test_what_is_no_number_is_rejected_and_stays_with_the_unit(master: Path) -> None:
    legal, _ = parts(master)
    type_into(legal, {"GRO1.1.1": {"executed_FEB": "dos"}, "GRO1.2.1": {"executed_FEB": 2}})
    done = sync([legal], master)
    (rejected,) = [each for each in done.outcomes if each.fate is Fate.REJECTED]
    assert (str(rejected.code), rejected.field, rejected.theirs) == ("GRO1.1.1", "executed_FEB", "dos")
    assert typed(master)["GRO1.2.1"] == {"executed_FEB": 2}


def test_a_unit_that_lost_its_sheet_takes_nothing_away(master: Path) -> None:
    legal, _ = parts(master)
    book = openpyxl.load_workbook(legal)
    del book[TRACKING]
    book.save(legal)
    edit(legal, ("GRO1.1.1", "name", "Otro nombre"))
    assert sync([legal], master).is_clean
    assert typed(master)["GRO1.1.1"] == {"executed_ENE": 1, "cause": "de la oficina"}


def test_a_master_without_the_sheet_says_so(master: Path) -> None:
    legal, _ = parts(master)
    type_into(legal, {"GRO1.1.1": {"executed_FEB": 2}})
    book = openpyxl.load_workbook(master)
    del book[TRACKING]
    book.save(master)
    done = sync([legal], master)
    assert {each.reason for each in done.outcomes if each.fate is Fate.CONFLICT} == {
        "el maestro no tiene la hoja Seguimiento; poa track la pone"
    }


def test_a_new_operation_comes_with_a_row(master: Path) -> None:
    legal, _ = parts(master)
    add(legal, "GRO1.1.3", "Unidad Legal", 5)
    assert sync([legal], master).is_clean
    keys = [each.key for each in tracked_in(load_one(FileBook(master))).entries]
    assert keys == ["·GRO1.1.1", "·GRO1.1.2", "·GRO1.1.3", "·GRO1.2.1"]
    assert typed(master)["GRO1.1.1"] == {"executed_ENE": 1, "cause": "de la oficina"}


def test_a_workbook_made_new_holds_what_was_reported(master: Path, tmp_path: Path) -> None:
    legal, pisiga = parts(master)
    type_into(pisiga, {"GRO1.1.2": {"executed_MAR": 3}})
    target = tmp_path / "nuevo.xlsx"
    sync([legal, pisiga], master, SyncOptions(output=target))
    assert typed(target) == {"GRO1.1.1": {"executed_ENE": 1, "cause": "de la oficina"}, "GRO1.1.2": {"executed_MAR": 3}}


def test_a_workbook_made_new_holds_versions_modifications_and_what_is_closed(master: Path, tmp_path: Path) -> None:
    approve(master, Approval("RA 1", day=date(2020, 1, 2), author="Ana"))
    edit(master, ("GRO1.1.2", "owner", "Eva"))
    modify(master)
    book = openpyxl.load_workbook(master)
    book["Modificaciones"]["J5"] = "licencia"
    book["Versiones"]["I5"] = "nota"
    book[TRACKING].cell(5, PLACES["clean"]).value = "·GRO1.1.9"
    book.save(master)
    close_quarter(master, "T1", Options(until=3))
    legal, pisiga = parts(master)
    type_into(pisiga, {"GRO1.1.2": {"executed_ABR": 3}})
    edit(legal, ("GRO1.2.1", "owner", "Luis"))
    target = tmp_path / "nuevo.xlsx"
    sync([legal, pisiga], master, SyncOptions(output=target))
    made, former = (load_one(FileBook(path)) for path in (target, master))
    assert closed_months(made) == {0, 1, 2}
    assert tracked_in(made).cutoff == 3
    assert typed(target)["GRO1.1.9"] == {"executed_ENE": 1, "cause": "de la oficina"}
    assert typed(target)["GRO1.1.2"] == {"executed_ABR": 3}
    assert made.versions is not None
    assert former.versions is not None
    columns = range(1, 10)
    assert [made.versions.get(5, each) for each in columns] == [former.versions.get(5, each) for each in columns]
    assert [(each.code, each.after, each.motive) for each in made.plan.modified] == [("GRO1.1.2", "Eva", "licencia")]
    told = {each.code: each.after for each in modify(target).modified}
    assert told == {"GRO1.1.2": "Eva", "GRO1.2.1": "Luis"}


def test_a_run_names_the_sheets_of_other_steps_still(master: Path) -> None:
    approve(master, Approval("RA 1"))
    legal, _ = parts(master)
    type_into(legal, {"GRO1.1.1": {"executed_FEB": 2}})
    sync([legal], master)
    assert load_one(FileBook(master)).carried["versions"] == "Versiones"


def test_a_consolidation_is_undone_to_the_byte(master: Path) -> None:
    before = master.read_bytes()
    legal, _ = parts(master)
    type_into(legal, {"GRO1.1.1": {"executed_FEB": 2}})
    sync([legal], master)
    assert master.read_bytes() != before
    undo(master=master)
    assert master.read_bytes() == before
