"""Quarters closed and opened again, in workbook and history."""

from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from poa_xl.actions.closing import close_quarter
from poa_xl.actions.load import load_one
from poa_xl.actions.past.undoing import undo
from poa_xl.actions.splitting import split_book
from poa_xl.actions.syncing import SyncOptions, sync
from poa_xl.actions.tracking import closed_months, tracked_in
from poa_xl.actions.updating import Options, update_book
from poa_xl.books.book import FileBook
from poa_xl.cli import main
from poa_xl.core.outcomes import Fate, Side
from poa_xl.errors import BookError
from poa_xl.sheet.tracking_columns import PLACES
from poa_xl.sheet.tracking_read import TRACKING
from tests.plans import save, small
from tests.tracked import type_into

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported")


@pytest.fixture
def master(tmp_path: Path) -> Path:
    path = save(small(), tmp_path / "master.xlsx")
    update_book(path, Options(track=True, until=2))
    return type_into(path, {"GRO1.1.1": {"executed_ENE": 1}})


def executed(path: Path, month: str) -> object:
    entries = tracked_in(load_one(FileBook(path))).entries
    return next(each.typed.get(f"executed_{month}") for each in entries if each.key == "·GRO1.1.1")


def legal(master: Path) -> Path:
    return next(each.path for each in split_book(master, resend=True) if each.unit == "Unidad Legal")


def test_a_closed_quarter_is_locked_for_units_and_their_later_changes_are_rejected(master: Path) -> None:
    early = legal(master)
    done = close_quarter(master, "T1", Options())
    assert done.closed == ("T1",)
    assert closed_months(load_one(FileBook(master))) == {0, 1, 2}
    assert openpyxl.load_workbook(master)[TRACKING]["C1"].value == "Cerrado: T1"
    type_into(early, {"GRO1.1.1": {"executed_ENE": 9, "executed_ABR": 4}})
    came = sync([early], master, SyncOptions(prefer=Side.UNIT))
    (rejected,) = [each for each in came.outcomes if each.fate is Fate.REJECTED]
    assert rejected.field == "executed_ENE"
    assert "ENE está cerrado (T1)" in rejected.reason
    assert (executed(master, "ENE"), executed(master, "ABR")) == (1, 4)
    page = openpyxl.load_workbook(legal(master))[TRACKING]
    assert page.cell(5, PLACES["executed_MAR"]).protection.locked
    assert page.cell(5, PLACES["spent_MAR"]).protection.locked
    assert not page.cell(5, PLACES["executed_ABR"]).protection.locked


def test_it_opens_again_with_a_reason_and_both_are_remembered(master: Path) -> None:
    early = legal(master)
    close_quarter(master, "T1", Options())
    with pytest.raises(BookError, match="--reason"):
        close_quarter(master, "T1", Options(), reopen=True)
    done = close_quarter(master, "T1", Options(), reopen=True, reason="llegó tarde el informe")
    assert done.closed == ()
    assert openpyxl.load_workbook(master)[TRACKING]["C1"].value is None
    type_into(early, {"GRO1.1.1": {"executed_ENE": 9}})
    assert sync([early], master).is_clean
    assert executed(master, "ENE") == 9
    told = CliRunner().invoke(main, ["history", "T1", "--into", str(master), "--json"])
    assert told.exit_code == 0, told.output
    assert "llegó tarde" in told.output
    assert "cerrado" in told.output


def test_closing_is_undone_to_the_byte(master: Path) -> None:
    before = master.read_bytes()
    close_quarter(master, "T2", Options())
    undo(master=master)
    assert master.read_bytes() == before


def test_what_cannot_be_closed_is_said(master: Path, tmp_path: Path) -> None:
    close_quarter(master, "T1", Options())
    with pytest.raises(BookError, match="ya está cerrado"):
        close_quarter(master, "T1", Options())
    with pytest.raises(BookError, match="no está cerrado"):
        close_quarter(master, "T2", Options(), reopen=True, reason="x")
    with pytest.raises(BookError, match="no tiene la hoja Seguimiento"):
        close_quarter(save(small(), tmp_path / "otro.xlsx"), "T1", Options())


def test_the_command_closes_and_opens(master: Path) -> None:
    run = CliRunner().invoke(main, ["track", str(master), "--close", "t1"])
    assert run.exit_code == 0, run.output
    assert "Trimestres cerrados: T1" in run.output
    run = CliRunner().invoke(main, ["track", str(master), "--reopen", "T1", "--reason", "tarde"])
    assert "Trimestres cerrados: ninguno" in run.output
    assert CliRunner().invoke(main, ["track", str(master), "--close", "T1", "--dry-run"]).exit_code == 2
