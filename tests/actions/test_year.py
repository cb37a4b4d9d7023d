"""A year of the real plan, played from start to end through files: made, approved, tracked, modified, closed, told."""

import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from poa_xl.actions.approving import Approval, approve, modify
from poa_xl.actions.closing import close_quarter, track_book
from poa_xl.actions.evaluating import report_book
from poa_xl.actions.importing import import_text
from poa_xl.actions.load import load_one
from poa_xl.actions.past.telling import tell
from poa_xl.actions.past.undoing import undo
from poa_xl.actions.past.versioning import all_versions
from poa_xl.actions.splitting import split_book
from poa_xl.actions.syncing import Synced, SyncOptions, sync
from poa_xl.actions.tracking import closed_months, tracked_in
from poa_xl.actions.updating import Options
from poa_xl.books.book import FileBook
from poa_xl.core.dates import MONTHS
from poa_xl.core.modifications import Modification
from poa_xl.core.outcomes import Fate, Side
from poa_xl.errors import SyncError
from poa_xl.sheet.tracking_read import TRACKING, match
from poa_xl.store.records import APPROVAL, CLOSING, MODIFICATIONS, SYNC, TRACKED
from tests.paths import ALIASES, PRINTED
from tests.plans import edit
from tests.tracked import type_into

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported")

LEGAL, FISCAL, ARICA = "Unidad Legal", "Unidad de Fiscalización", "Agente Aduana Exterior Arica"
PISIGA, ADMIN = "Adm Aduana Pisiga", "Unidad Administrativa"
T1, T2, T3 = (range(first, first + 3) for first in (0, 3, 6))
RED = "GROGR1.1.2.1.2"
PLAN = "POA 2020"


@dataclass
class Year:
    """A master in its folder, and what its units send."""

    master: Path

    def parts(self) -> dict[str, Path]:
        """Send every unit its workbook."""
        return {each.unit: each.path for each in split_book(self.master, resend=True, jobs=1)}

    def answer(self, sent: Path, months: range, more: Mapping[str, Mapping[str, object]] | None = None) -> Path:
        """Return the workbook of a unit, with all that was programmed in some months done, and proved."""
        path = Path(shutil.copy(sent, self.master.parent / f"{sent.stem} {months.stop}.xlsx"))
        told = done(path, months)
        return type_into(
            path, {code: {**told.get(code, {}), **(more or {}).get(code, {})} for code in {**told, **(more or {})}}
        )

    def sync(self, files: Iterable[Path], prefer: Side | None = None) -> Synced:
        """Consolidate; of every file, rows read are rows taken and rows rejected."""
        came = sync([*files], self.master, SyncOptions(prefer=prefer, jobs=1))
        assert not [each.problem for each in came.received if each.problem]
        return came

    def typed(self) -> dict[str, dict[str, object]]:
        """What stands in the office's sheet, by code."""
        return {each.key[1:]: dict(each.typed) for each in tracked_in(load_one(FileBook(self.master))).entries}


def done(path: Path, months: range) -> dict[str, dict[str, object]]:
    opened = load_one(FileBook(path))
    found, _ = match(opened.plan, tracked_in(opened).entries)
    told: dict[str, dict[str, object]] = {}
    for index, entry in found.items():
        amounts = {
            f"executed_{MONTHS[month]}": amount
            for month in months
            if isinstance(amount := opened.plan.rows[index].months[month], Decimal) and amount
        }
        if amounts:
            told[entry.key[1:]] = {**amounts, "proof": "informe del trimestre"}
    return told


def fates(came: Synced, *wanted: Fate) -> list[tuple[str, str, str]]:
    return [(str(each.code), each.field, each.reason) for each in came.outcomes if each.fate in wanted]


def type_motives(master: Path) -> None:
    """Write a motive beside every modification, as the planner does."""
    book = openpyxl.load_workbook(master)
    page = book["Modificaciones"]
    columns = {str(cell.value): cell.column for cell in page[4] if cell.value}
    for row in range(5, page.max_row + 1):
        if page.cell(row, 1).value:
            page.cell(row, columns["Motivo"]).value = "cambió la demanda"
            page.cell(row, columns["Documento"]).value = "RA-PE 01-020-20"
    book.save(master)


def made(year: Year) -> None:
    """Ten units get their part of the printed plan, one mends what was red, and it is approved."""
    master = year.master
    import_text(PRINTED, master, ALIASES)
    parts = year.parts()
    assert len(parts) == 10
    edit(
        parts[LEGAL], ("GROGR1.2.5.1.10", "target", 3360), ("GROGR1.2.5.1.10", "ENE", 0), ("GROGR1.2.5.1.10", "DIC", 0)
    )
    assert year.sync(parts.values()).is_clean
    approve(master, Approval("RA-PE 01-001-20", day=date(2020, 1, 2)))


def first_quarter(year: Year) -> None:
    """Nine report, of which one writes a text for a number and one lost its sheet; one is late."""
    master = year.master
    track_book(master, Options(until=2))
    parts = year.parts()
    answers = {unit: year.answer(path, T1) for unit, path in parts.items()}
    type_into(answers[FISCAL], {"GROGR1.2.2.3.3": {"executed_FEB": "treinta"}})
    book = openpyxl.load_workbook(answers[ARICA])
    del book[TRACKING]
    book.save(answers[ARICA])
    late = answers.pop(LEGAL)
    came = year.sync(answers.values())
    ((code, field, _),) = fates(came, Fate.REJECTED, Fate.CONFLICT)
    assert (code, field) == ("GROGR1.2.2.3.3", "executed_FEB")
    typed = year.typed()
    assert (typed["GROGR1.2.2.3.3"], typed["GROGR1.2.2.3.9"]["executed_FEB"]) == ({}, 70)
    assert typed["GROGR1.1.1.1.33"] == {}
    assert typed["GROGR1.1.1.1.1"]["executed_MAR"] == 36
    type_into(answers[FISCAL], {"GROGR1.2.2.3.3": {"executed_FEB": 30}})
    assert year.sync([answers[FISCAL]]).is_clean
    assert year.typed()["GROGR1.2.2.3.3"]["executed_FEB"] == 30
    close_quarter(master, "T1", Options())

    # What comes after the close is rejected; it is opened for the late one, and closed again.
    came = year.sync([late], Side.UNIT)
    assert {reason for _, _, reason in fates(came, Fate.REJECTED)} == {
        f"{month} está cerrado (T1); poa track --reopen lo abre" for month in MONTHS[:3]
    }
    close_quarter(master, "T1", Options(), reopen=True, reason="Unidad Legal informó tarde")
    assert year.sync([late]).is_clean
    assert year.typed()["GROGR1.2.5.1.1"]["executed_FEB"] == 13
    close_quarter(master, "T1", Options())


def second_quarter(year: Year) -> None:
    """The plan is modified meanwhile, and the planner writes down why."""
    master = year.master
    parts = year.parts()
    answers = {unit: year.answer(path, T2) for unit, path in parts.items()}
    edit(answers[PISIGA], (RED, "DIC", 1350), (RED, "target", 11800))
    edit(answers[ADMIN], ("GROGR1.1.1.1.35", "budget", 900000), ("GROGR1.1.1.1.37", "budget", 216000))
    assert year.sync(answers.values()).is_clean
    close_quarter(master, "T2", Options(until=5))
    listed = modify(master)
    assert {(each.code, each.field, each.kind) for each in listed.modified} == {
        (RED, "target", Modification.TARGET),
        (RED, "DIC", Modification.TARGET),
        ("GROGR1.1.1.1.35", "budget", Modification.TRANSFER),
        ("GROGR1.1.1.1.37", "budget", Modification.TRANSFER),
    }
    assert {each.finding.rule for each in listed.findings} == {"modificacion-sin-motivo", "modificacion-evaluada"}
    type_motives(master)
    second = approve(master, Approval("RA-PE 01-020-20", day=date(2020, 7, 1)))
    assert second.version.name == "Reformulado 1"
    # Money of what was to be done by June moves after June was closed.
    assert [each.finding.rule for each in second.findings] == ["modificacion-evaluada"] * 2
    assert [each.version.name for each in all_versions(master)] == ["Aprobado", "Reformulado 1"]


def third_quarter(year: Year) -> None:
    """One is in the red and says why, one never answers, one reports of a closed quarter; the report is drawn."""
    master = year.master
    parts = year.parts()
    red = {RED: {f"executed_{MONTHS[month]}": 100 for month in T3}}
    words = {"cause": "feriados", "action": "turnos hasta noviembre"}
    answers = {
        unit: year.answer(path, T3, {RED: {**red[RED], **words}} if unit == PISIGA else {})
        for unit, path in parts.items()
    }
    del answers[ARICA]
    type_into(answers[FISCAL], {"GROGR1.2.2.3.3": {"executed_ENE": 1}})
    came = year.sync(answers.values())
    ((code, field, reason),) = fates(came, Fate.REJECTED, Fate.CONFLICT)
    assert (code, field, reason[:18]) == ("GROGR1.2.2.3.3", "executed_ENE", "ENE está cerrado (")
    # What it sent for the quarter before is all that there is of it.
    assert [each.unit for each in came.result.submissions if "consolidación" in each.note] == [ARICA]
    close_quarter(master, "T3", Options(until=8))
    opened = load_one(FileBook(master))
    assert closed_months(opened) == frozenset(range(9))
    report = report_book(master, master.with_name("informe.xlsx")).found
    assert (report.cutoff, report.whole.operations, len(report.by_unit)) == (8, 96, 10)
    reds = {str(each.row.code): each.report.cause for each in report.operations if each.said.state == "Bajo"}
    assert reds == {RED: "feriados"}
    assert {each.row.unit for each in report.unreported} == {ARICA}
    told = {group.name: group.unreported for group in report.by_unit if group.unreported}
    assert told == {ARICA: len(report.unreported)}
    report_book(master, master.with_name("informe.docx"))
    opened_again = load_one(FileBook(master))
    assert opened_again.plan.rows == opened.plan.rows


def test_a_year_is_played_to_its_close_and_taken_back_to_the_approved_plan(tmp_path: Path) -> None:
    year = Year(tmp_path / "POA_GRO_2020.xlsx")
    master = year.master
    made(year)
    approved = master.read_bytes()
    first_quarter(year)
    second_quarter(year)
    third_quarter(year)
    steps = [run.kind for run in tell(None, master).runs]
    assert steps == [
        CLOSING,
        SYNC,
        APPROVAL,
        MODIFICATIONS,
        CLOSING,
        SYNC,
        CLOSING,
        SYNC,
        CLOSING,
        SYNC,
        CLOSING,
        SYNC,
        SYNC,
        TRACKED,
        APPROVAL,
        SYNC,
    ]
    assert [undo(master=master).run.kind for _ in range(3)] == [CLOSING, SYNC, APPROVAL]
    # What the planner typed after a step goes with it where he says so, and stays in the backup.
    with pytest.raises(SyncError, match=r"cambió después de la lista de modificaciones .*Motivo: cambió la demanda"):
        undo(master=master)
    taken = undo(master=master, drop=True)
    assert len(taken.lost) == 8
    assert taken.backup is not None
    assert "cambió la demanda" in str(load_one(FileBook(taken.backup)).modifications)
    for _ in steps[4:-2]:
        assert undo(master=master).lost == ()
    assert master.read_bytes() == approved
