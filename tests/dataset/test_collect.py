"""Many files into a dataset: every row once, exact, taken up again after a stop, nothing refused in silence."""

import shutil
import signal
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import pytest

from poa_xl.actions.exporting import plan_table
from poa_xl.dataset import collect as collecting
from poa_xl.dataset.batches import Parts
from poa_xl.dataset.collect import Collected, CollectOptions, collect
from poa_xl.dataset.query import query
from poa_xl.errors import SyncError
from tests.country import REGIONS, country, plan_of
from tests.paths import ROOT
from tests.plans import change, save


@pytest.fixture(scope="module")
def _country(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return country(tmp_path_factory.mktemp("country"))


@pytest.fixture
def source(_country: Path, tmp_path: Path) -> Path:
    shutil.copytree(_country, tmp_path / "pais")
    shutil.copy(_country.parent / "historia.sqlite", tmp_path / "historia.sqlite")
    return tmp_path / "pais"


def gathered(source: Path, folder: Path, **options: object) -> Collected:
    return collect([str(source)], folder, CollectOptions(jobs=1, **options))  # type: ignore[arg-type]


def rows(folder: Path) -> list[tuple[object, ...]]:
    found = query(folder, "SELECT region, file, row, code, kind, counted, state FROM rows ORDER BY ALL")
    return list(found.rows)


def edit(path: Path, wanted: str, column: int, value: object) -> None:
    workbook = openpyxl.load_workbook(path)
    page = workbook["POA 2020"]
    line = next(cells[0].row for cells in page.iter_rows() if cells[1].value == wanted)
    page.cell(line or 0, column).value = value  # type: ignore[assignment]
    workbook.save(path)


def test_every_row_of_every_file_comes_with_its_region_and_what_the_checks_say(source: Path, tmp_path: Path) -> None:
    done = gathered(source, tmp_path / "d")
    files = sorted(source.rglob("*.xlsx"))
    assert (done.taken, done.read, done.refused) == (4, 4, [])
    single = [each for path in files for each in plan_table([path])]
    assert done.rows == len(single) == query(tmp_path / "d", "SELECT sum(read) FROM submissions").rows[0][0]
    found = query(
        tmp_path / "d", "SELECT file, row, code, budget, target, state, reason FROM rows ORDER BY file, row, code"
    )
    wanted = [
        (each["file"], each["row"], each["code"], each["budget"], each["target"], each["state"], each["reason"])
        for each in single
    ]
    assert sorted(found.rows, key=str) == sorted(wanted, key=str)
    assert sorted(each[0] for each in query(tmp_path / "d").rows) == sorted(REGIONS)


def test_each_boliviano_counts_once_whoever_lists_the_groups(source: Path, tmp_path: Path) -> None:
    gathered(source, tmp_path / "d")
    assert [(row[0], row[4]) for row in query(tmp_path / "d").rows] == [(region, Decimal(600)) for region in REGIONS]


def test_other_programs_read_it_as_they_read_any_dataset(source: Path, tmp_path: Path) -> None:
    gathered(source, tmp_path / "d")
    frame = pd.read_parquet(tmp_path / "d" / "rows")
    assert set(frame.region) == set(REGIONS)
    assert {type(each) for each in frame.counted.dropna()} == {Decimal}
    assert sum(frame.counted.dropna()) == Decimal(1200)
    part = next((tmp_path / "d" / "rows").rglob("*.parquet"))
    assert str(pq.read_schema(part).field("budget").type) == "decimal128(38, 18)"


@pytest.mark.parametrize("amount", ["0.1", "4.66666666666667", "123456789012.99", "999999999999999"])
def test_amounts_are_exact(tmp_path: Path, amount: str) -> None:
    save(change(plan_of("LPZ"), "LPZ1.1.1", target=Decimal(amount)), tmp_path / "p" / "uno.xlsx")
    gathered(tmp_path / "p", tmp_path / "d")
    found = query(tmp_path / "d", "SELECT target, unread FROM rows WHERE code = 'LPZ1.1.1'").rows
    assert found == [(Decimal(amount), None)]


def test_an_amount_without_an_exact_place_is_told_as_it_is(tmp_path: Path) -> None:
    save(
        change(plan_of("LPZ"), "LPZ1.1.1", budget=Decimal("1E-20"), target=Decimal("2E-19")),
        tmp_path / "p" / "uno.xlsx",
    )
    gathered(tmp_path / "p", tmp_path / "d")
    ((budget, unread, hindered),) = query(
        tmp_path / "d", "SELECT budget, unread, hindered FROM rows WHERE code = 'LPZ1.1.1'"
    ).rows
    assert budget is None
    assert "budget: 1E-20" in unread
    assert "target: 2E-19" in unread
    assert hindered is True


def test_an_amount_that_nobody_can_read_hinders_the_sum_of_its_region(source: Path, tmp_path: Path) -> None:
    edit(source / REGIONS[0] / "Unidad Legal.xlsx", "LPZ1.1.1", 24, "1.000 $us")
    gathered(source, tmp_path / "d")
    found = {row[0]: row[5] for row in query(tmp_path / "d").rows}
    assert found == {REGIONS[0]: True, REGIONS[1]: False}


def test_a_second_run_reads_nothing_and_changes_nothing(source: Path, tmp_path: Path) -> None:
    gathered(source, tmp_path / "d")
    before = {path: path.read_bytes() for path in (tmp_path / "d").rglob("*.parquet")}
    again = gathered(source, tmp_path / "d")
    assert (again.taken, again.read) == (4, 0)
    assert before == {path: path.read_bytes() for path in (tmp_path / "d").rglob("*.parquet")}


def test_what_changed_or_went_is_put_right(source: Path, tmp_path: Path) -> None:
    gathered(source, tmp_path / "d")
    edit(source / REGIONS[0] / "Unidad Legal.xlsx", "LPZ1.1.1", 24, 777)
    (source / REGIONS[1] / "Unidad Legal.xlsx").unlink()
    again = gathered(source, tmp_path / "d")
    assert again.taken == 3
    assert query(tmp_path / "d", "SELECT counted FROM rows WHERE code = 'LPZ1.1.1'").rows == [(Decimal(777),)]
    assert query(tmp_path / "d", "SELECT DISTINCT region FROM rows WHERE unit = 'Unidad Legal'").rows == [(REGIONS[0],)]
    fresh = tmp_path / "fresh"
    gathered(source, fresh)
    assert rows(fresh) == rows(tmp_path / "d")


def test_a_run_that_was_killed_is_taken_up_where_it_stopped(source: Path, tmp_path: Path) -> None:
    for number in range(5):
        save(
            plan_of(
                f"X{number}".replace("0", "A").replace("1", "B").replace("2", "C").replace("3", "D").replace("4", "E")
            ),
            source / "Oruro" / f"{number}.xlsx",
        )
    script = f"""
import os, signal
from pathlib import Path
from poa_xl.dataset import collect
collect._BATCH = 2
def watch(things, count):
    for number, each in enumerate(things):
        yield each
        if number == 5:
            os.kill(os.getpid(), signal.SIGKILL)
collect.collect([{str(source)!r}], Path({str(tmp_path / "d")!r}), collect.CollectOptions(jobs=1, watch=watch))
"""
    # Read to its end: a process of its own that stayed behind would keep it open.
    killed = subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=False, capture_output=True, timeout=600)
    assert (killed.returncode, killed.stderr) == (-signal.SIGKILL, b"")
    held = len(list((tmp_path / "d" / "submissions").rglob("*.parquet")))
    assert held in (2, 3)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(collecting, "_BATCH", 2)
        done = gathered(source, tmp_path / "d")
    assert done.taken == 9
    assert done.read == 9 - 2 * held
    gathered(source, tmp_path / "fresh")
    assert rows(tmp_path / "fresh") == rows(tmp_path / "d")


def test_what_a_stop_left_half_written_goes(source: Path, tmp_path: Path) -> None:
    gathered(source, tmp_path / "d")
    wanted = rows(tmp_path / "d")
    lost = next((tmp_path / "d" / "submissions").rglob("*.parquet"))
    lost.unlink()
    half = tmp_path / "d" / "rows" / "region=La%20Paz" / ".part-1.parquet.77"
    half.write_bytes(b"PAR1 half")
    part = next((tmp_path / "d" / "submissions").rglob("*.parquet"))
    part.write_bytes(b"damaged")
    done = gathered(source, tmp_path / "d")
    assert done.read == 4
    assert not half.exists()
    assert rows(tmp_path / "d") == wanted


def test_files_that_cannot_be_read_are_named_and_stop_nobody(source: Path, tmp_path: Path) -> None:
    (source / REGIONS[0] / "malo.xlsx").write_bytes(b"PK no")
    (source / REGIONS[0] / "carta.pdf").write_bytes(b"%PDF")
    openpyxl.Workbook().save(source / REGIONS[1] / "vacio.xlsx")
    done = gathered(source, tmp_path / "d")
    assert done.taken == 4
    assert sorted(each.file for each in done.refused) == ["carta.pdf", "malo.xlsx", "vacio.xlsx"]
    told = query(
        tmp_path / "d", "SELECT file, problem, status FROM submissions WHERE problem IS NOT NULL ORDER BY file"
    ).rows
    assert [row[0] for row in told] == ["carta.pdf", "malo.xlsx", "vacio.xlsx"]
    assert all(row[1] and row[2] == "rechazado" for row in told)
    again = gathered(source, tmp_path / "d")
    assert (again.read, len(again.refused)) == (0, 3)


def test_of_two_files_of_a_unit_one_counts(source: Path, tmp_path: Path) -> None:
    twin = source / REGIONS[0] / "Unidad Legal (2).xlsx"
    shutil.copy(source / REGIONS[0] / "Unidad Legal.xlsx", twin)
    edit(twin, "LPZ1.1.1", 24, 150)
    unsettled = gathered(source, tmp_path / "d")
    assert sorted(each.file for each in unsettled.refused) == ["Unidad Legal (2).xlsx", "Unidad Legal.xlsx"]
    settled = gathered(source, tmp_path / "d", only=(twin.name,))
    assert [each.file for each in settled.refused] == ["Unidad Legal.xlsx"]
    assert query(tmp_path / "d", "SELECT counted FROM rows WHERE code = 'LPZ1.1.1'").rows == [(Decimal(150),)]
    with pytest.raises(SyncError, match=r"--only otro\.xlsx"):
        gathered(source, tmp_path / "d", only=("otro.xlsx",))


def test_changes_are_told_against_what_was_sent(source: Path, tmp_path: Path) -> None:
    edit(source / REGIONS[0] / "Unidad Legal.xlsx", "LPZ1.1.1", 24, 777)
    gathered(source, tmp_path / "d", store=f"sqlite:///{tmp_path / 'historia.sqlite'}")
    told = query(tmp_path / "d", "SELECT region, unit, kind, code, field, before, after, cell FROM changes").rows
    assert [row[:7] for row in told] == [(REGIONS[0], "Unidad Legal", "changed", "LPZ1.1.1", "budget", "100", "777")]
    assert told[0][7].startswith("X")
    states = query(tmp_path / "d", "SELECT status, count(*) FROM submissions GROUP BY ALL ORDER BY ALL").rows
    assert states == [("recibido", 1), ("sin cambios", 3)]


def test_operations_in_two_books_are_told(source: Path, tmp_path: Path) -> None:
    save(plan_of("LPZ"), source / "Copia" / "otra.xlsx")
    gathered(source, tmp_path / "d")
    found = query(tmp_path / "d", "SELECT code, regions, times, counted FROM conflicts ORDER BY code").rows
    assert [row[:3] for row in found] == [(each, "Copia, La Paz", 2) for each in ("LPZ1.1.1", "LPZ1.1.2", "LPZ1.2.1")]


def test_a_folder_of_somebody_else_stays(source: Path, tmp_path: Path) -> None:
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "carta.txt").write_text("mía")
    with pytest.raises(SyncError, match="no está vacía"):
        gathered(source, tmp_path / "d")
    assert [each.name for each in (tmp_path / "d").iterdir()] == ["carta.txt"]


def test_a_folder_that_cannot_be_written_in_is_told(source: Path, tmp_path: Path) -> None:
    (tmp_path / "archivo").write_text("no es carpeta")
    with pytest.raises(SyncError, match="no se puede escribir"):
        gathered(source, tmp_path / "archivo" / "d")


def test_parts_know_their_regions(source: Path, tmp_path: Path) -> None:
    gathered(source, tmp_path / "d")
    parts = Parts(tmp_path / "d")
    assert parts.regions() == list(REGIONS)
    assert sum(batch.num_rows for batch in parts.batches("rows", REGIONS[1])) > 0
    assert not list(parts.batches("rows", "Nada"))
