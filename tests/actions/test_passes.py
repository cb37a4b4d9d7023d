"""How often the work is done: once, and once for the proof."""

from collections import Counter
from collections.abc import Collection
from pathlib import Path
from typing import Any

import pytest

import poa_xl.books.patch.editor as editing
import poa_xl.books.sheetxml as reading
from poa_xl.actions import consolidated, load, placing, splitting, updating
from poa_xl.actions.load import Opened
from poa_xl.actions.splitting import split_book
from poa_xl.actions.syncing import SyncOptions, sync
from poa_xl.books import writer
from poa_xl.core.outcomes import Fate
from poa_xl.sheet.grid import Workbook
from poa_xl.sheet.unit import unit_sheet
from tests.plans import add, edit, save, small

LEGAL = "Unidad Legal.xlsx"


@pytest.fixture
def master(tmp_path: Path) -> Path:
    master = save(small(), tmp_path / "maestro.xlsx")
    split_book(master, tmp_path / "u")
    return master


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Count what this process does; the files that come back are read in others."""
    found: Counter[str] = Counter()

    def counted(module: Any, name: str) -> None:  # noqa: ANN401 - a module
        work = getattr(module, name)

        def count(*args: object, **named: object) -> object:
            found[name] += 1
            return work(*args, **named)

        monkeypatch.setattr(module, name, count)

    for module, name in (
        (load, "parse"),
        (load, "reparse"),
        (editing, "rewrite"),
        (editing, "verify"),
        (updating, "findings_sheet"),
        (consolidated, "telling_sheets"),
        (splitting, "draw"),
        (writer, "draw"),
    ):
        counted(module, name)
    return found


def test_a_sync_packs_and_proves_the_master_once_and_reads_once_more_only_what_it_wrote(
    master: Path, done: Counter[str]
) -> None:
    edit(master.parent / "u" / LEGAL, ("GRO1.1.1", "owner", "Otro"))
    done.clear()
    result = sync([master.parent / "u"], master)
    assert result.run == 1
    assert (done["parse"], done["reparse"], done["rewrite"], done["verify"]) == (1, 1, 1, 1)


def test_so_does_one_that_inserts_rows(master: Path, done: Counter[str]) -> None:
    add(master.parent / "u" / LEGAL, "GRO1.2.2", "Unidad Legal", 50)
    done.clear()
    result = sync([master.parent / "u"], master)
    assert Fate.ADDED in {each.fate for each in result.outcomes}
    assert (done["parse"], done["reparse"], done["rewrite"], done["verify"]) == (1, 1, 1, 1)


def test_a_plan_with_new_rows_reads_as_it_does_whole(master: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    unit = master.parent / "u" / LEGAL
    add(unit, "GRO1.2.2", "Unidad Legal", 50)
    edit(unit, ("GRO1.2.1", "owner", "Otra"))
    read: list[tuple[Opened | None, Opened]] = []

    def both(before: Opened, book: Workbook, lines: Collection[int]) -> Opened | None:
        read.append((load.find_again(before, book, lines), load.find_plan(book, before.sheet)))
        return read[-1][0]

    monkeypatch.setattr(placing, "find_again", both)
    sync([master.parent / "u"], master, SyncOptions(dry_run=True))
    ((again, whole),) = read
    assert again is not None
    assert (again.parsed, again.grid, again.columns()) == (whole.parsed, whole.grid, whole.columns())


def test_a_sync_that_has_nothing_to_do_reads_the_master_and_draws_nothing(master: Path, done: Counter[str]) -> None:
    edit(master.parent / "u" / LEGAL, ("GRO1.1.1", "owner", "Otro"))
    first = sync([master.parent / "u"], master)
    before = master.read_bytes()
    done.clear()
    again = sync([master.parent / "u"], master)
    assert (again.run, again.path, again.result.data) == (None, None, before)
    assert done == {"parse": 1}
    assert [each.code for each in again.result.plan.rows] == [each.code for each in first.result.plan.rows]
    assert {each.rule for each in again.result.findings} == {each.rule for each in first.result.findings}
    assert [each.unit for each in again.result.submissions] == [each.unit for each in first.result.submissions]


def test_a_trial_run_draws_all_the_same(master: Path, done: Counter[str]) -> None:
    sync([master.parent / "u"], master)
    done.clear()
    sync([master.parent / "u"], master, SyncOptions(dry_run=True))
    assert done["telling_sheets"] == 1


def test_a_split_draws_each_workbook_once(tmp_path: Path, done: Counter[str]) -> None:
    parts = split_book(save(small(), tmp_path / "m.xlsx"), tmp_path / "u")
    done.clear()
    again = split_book(tmp_path / "m.xlsx", tmp_path / "u")
    assert len(parts) == len(again) == done["draw"]


def test_processes_draw_the_same_workbooks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1577836800")
    save(small(), tmp_path / "m.xlsx")
    for jobs in (1, 2):
        split_book(tmp_path / "m.xlsx", tmp_path / str(jobs), store=f"sqlite:///{tmp_path}/{jobs}.db", jobs=jobs)
    for path in (tmp_path / "1").glob("*.xlsx"):
        assert path.read_bytes() == (tmp_path / "2" / path.name).read_bytes()


def test_a_workbook_that_cannot_be_drawn_stops_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    work = unit_sheet

    def fails(plan: object, *rest: Any) -> object:  # noqa: ANN401 - as the function takes them
        if rest[1][-1] == "Unidad Legal":
            raise ValueError("mal")
        return work(plan, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(splitting, "unit_sheet", fails)
    parts = split_book(save(small(), tmp_path / "m.xlsx"), tmp_path / "u", jobs=1)
    assert [bool(part.problem) for part in parts] == [part.unit == "Unidad Legal" for part in parts]
    assert [path.name for path in sorted((tmp_path / "u").glob("*.xlsx"))] == ["Adm Aduana Pisiga.xlsx"]


def test_known_sheets_are_not_read_again(master: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    edit(master.parent / "u" / LEGAL, ("GRO1.1.1", "owner", "Otro"))
    sync([master.parent / "u"], master)
    edit(master.parent / "u" / LEGAL, ("GRO1.1.1", "owner", "Otro más"))
    read: list[str] = []
    work = reading.read_sheet

    def counts(package: Any, sheet: Any, shared: Any) -> object:  # noqa: ANN401 - as the function takes them
        read.append(sheet.name)
        return work(package, sheet, shared)

    monkeypatch.setattr(reading, "read_sheet", counts)
    assert sync([master.parent / "u"], master).run == 2
    assert Counter(read) == {
        "POA 2020": 2,
        "Hallazgos": 1,
        "Envíos": 1,
        "Cambios": 1,
        "Procedencia": 1,
    }
