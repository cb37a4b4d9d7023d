"""A consolidation in Pyodide: what comes of it is what `poa sync` makes of the same files, and its history goes on there."""

import json
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from poa_xl.actions.past.telling import tell
from poa_xl.actions.past.versioning import all_versions
from poa_xl.actions.sheetwise import sync_sheets
from poa_xl.actions.syncing import SyncOptions, sync
from poa_xl.core.outcomes import Fate
from poa_xl.store.records import SYNC
from tests.layouts import MEASURE, NAME, NUMBER, TARGET, draw, items, months, of, saved
from tests.plans import edit

TOP = Path(__file__).parents[2]
LEGAL = "Unidad Legal.xlsx"


Jobs = list[dict[str, Any]]


def run(site: Path, out: Path, jobs: Jobs) -> Jobs:
    """Do jobs in Pyodide, one after the other: what was said of each; files handed over stand in a folder for each."""
    (out / "jobs.json").write_text(json.dumps(jobs), "utf-8")
    made = subprocess.run(
        ["node", TOP / "web/tests/consolidate.mjs", site, out / "jobs.json", out],
        check=False,
        capture_output=True,
        text=True,
    )
    assert made.returncode == 0, (made.stdout + made.stderr)[-4000:]
    told: Jobs = json.loads((out / "done.json").read_text("utf-8"))
    return told


@pytest.fixture(scope="module")
def done(site: Path, answered: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[list[dict[str, Any]], Path]:
    out = tmp_path_factory.mktemp("done")
    answers = [str(each) for each in sorted((answered / "recibidos").iterdir())]
    history = str(answered / ".poa" / "history.sqlite")
    first = {"master": [str(answered / "POA.xlsx")], "answers": answers, "history": [history]}
    jobs = [
        {**first, "asked": {}},
        {**first, "asked": {"write": True}},
        # The same again, and now with what the page itself kept.
        {**first, "history": [], "asked": {"write": True, "prefer": "unit"}},
        {"master": [str(answered / "recibidos" / LEGAL)], "answers": answers, "history": [], "asked": {}},
        {"master": [str(answered / "recibidos" / "roto.xlsx")], "answers": answers, "history": [], "asked": {}},
        # The last consolidation taken back, and once more.
        {"master": [str(out / "2" / "POA.xlsx")], "answers": [], "history": [], "asked": {"deed": "take_back"}},
        {"master": [str(answered / "POA.xlsx")], "answers": [], "history": [], "asked": {"deed": "take_back"}},
        {"master": [str(answered / "POA.xlsx")], "answers": [], "history": [], "asked": {"deed": "hand_out"}},
        {**first, "asked": {"deed": "standing"}},
    ]
    return run(site, out, jobs), out


def parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist()}


def test_a_preview_tells_unit_by_unit_and_writes_nothing(done: tuple[list[dict[str, Any]], Path]) -> None:
    told = done[0][0]
    assert (told["problem"], told["files"]) == ("", [])
    units = {each["unit"]: each for each in told["units"]}
    assert units["Unidad Legal"]["received"] == "recibido"
    assert units["Unidad Legal"]["changed"] == 1
    assert [each["received"] for each in told["units"] if each["file"] == "roto.xlsx"] == ["rechazado"]
    assert [
        (each["code"], each["field"], each["master"], each["theirs"]) for each in told["changes"] if each["open"]
    ] == [("GRO1.1.1", "Presupuesto", "150", "120")]
    assert told["waiting"] == 1


def test_the_result_is_what_the_command_makes_and_its_history_goes_on_there(
    done: tuple[list[dict[str, Any]], Path], answered: Path, tmp_path: Path
) -> None:
    assert [each["name"] for each in done[0][1]["files"]] == ["POA.xlsx", "history.sqlite"]
    here = shutil.copytree(answered, tmp_path / "office")
    sync([here / "recibidos"], here / "POA.xlsx", SyncOptions(newest=True, jobs=1))
    made, wanted = parts(done[1] / "1" / "POA.xlsx"), parts(here / "POA.xlsx")
    assert made.keys() == wanted.keys()
    assert made["xl/worksheets/sheet1.xml"] == wanted["xl/worksheets/sheet1.xml"]
    # At the office the history of the page is one of its own.
    there = shutil.copytree(answered, tmp_path / "there")
    for each, place in (("POA.xlsx", there), ("history.sqlite", there / ".poa")):
        shutil.copy(done[1] / "1" / each, place / each)
    assert [(run.kind, run.master, run.state) for run in tell(None, there / "POA.xlsx").runs] == [
        (SYNC, "POA.xlsx", "done")
    ]
    again = sync([there / "recibidos"], there / "POA.xlsx", SyncOptions(newest=True, jobs=1))
    assert again.path is None


def test_the_page_remembers_the_history(
    done: tuple[list[dict[str, Any]], Path], answered: Path, tmp_path: Path
) -> None:
    told = done[0][2]
    assert told["waiting"] == 0
    assert "no se sabe qué se envió" not in " ".join(told["notes"])
    there = shutil.copytree(answered, tmp_path / "there")
    shutil.copy(done[1] / "2" / "history.sqlite", there / ".poa" / "history.sqlite")
    assert len(tell(None, there / "POA.xlsx").runs) == 2


@pytest.mark.parametrize(("job", "said"), [(3, "es el libro de Unidad Legal, no el maestro"), (4, "roto.xlsx")])
def test_what_is_no_master_is_a_sentence(job: int, said: str, done: tuple[list[dict[str, Any]], Path]) -> None:
    assert said in done[0][job]["problem"]


def test_the_last_step_is_taken_back_to_the_byte(done: tuple[list[dict[str, Any]], Path], answered: Path) -> None:
    told = done[0][5]
    assert (told["problem"], [each["name"] for each in told["files"]]) == ("", ["POA.xlsx", "history.sqlite"])
    assert (done[1] / "5" / "POA.xlsx").read_bytes() == (answered / "POA.xlsx").read_bytes()
    # What stands there now is not what the step before left.
    assert "cambió después de" in done[0][6]["problem"]


def test_units_get_their_workbooks_and_the_history_knows_what_was_sent(
    done: tuple[list[dict[str, Any]], Path], answered: Path, tmp_path: Path
) -> None:
    told = done[0][7]
    assert told["problem"] == ""
    assert [each["name"] for each in told["files"]] == ["enviados.zip", "history.sqlite"]
    master = Path(shutil.copy(answered / "POA.xlsx", tmp_path))
    (tmp_path / ".poa").mkdir()
    shutil.copy(done[1] / "7" / "history.sqlite", tmp_path / ".poa")
    with zipfile.ZipFile(done[1] / "7" / "enviados.zip") as archive:
        archive.extractall(tmp_path / "recibidos")
    names = [each.name for each in sorted((tmp_path / "recibidos").iterdir())]
    assert names == sorted(each["file"] for each in told["parts"])
    assert names == sorted(each.name for each in (answered / "enviados").iterdir())
    edit(tmp_path / "recibidos" / LEGAL, ("GRO1.1.1", "owner", "Ana"))
    came = sync([tmp_path / "recibidos"], master, SyncOptions(jobs=1))
    assert came.is_clean
    assert [(str(each.code), each.field, each.fate) for each in came.outcomes] == [("GRO1.1.1", "owner", Fate.TAKEN)]


def test_where_every_unit_stands_is_told_with_what_to_write(done: tuple[list[dict[str, Any]], Path]) -> None:
    told = done[0][8]
    units = {each["unit"]: each for each in told["units"]}
    assert units["Unidad Legal"]["received"] == "recibido"
    assert any(each["reminder"] and each["mailto"].startswith("mailto:") for each in told["units"])
    assert [each["name"] for each in told["files"]] == ["Estado de envíos de POA.xlsx"]
    assert zipfile.is_zipfile(done[1] / "8" / "Estado de envíos de POA.xlsx")


SHEETS = ("Salud", "Educación", "Obras")


def changed(path: Path, sheet: str, cell: str, value: int) -> None:
    book = openpyxl.load_workbook(path)
    book[sheet][cell] = value
    book.save(path)


def held(path: Path) -> dict[str, list[tuple[object, ...]]]:
    book = openpyxl.load_workbook(path)
    return {name: [row[:16] for row in book[name].iter_rows(values_only=True)] for name in SHEETS}


def test_a_master_with_a_plan_in_each_sheet_is_handed_out_and_consolidated_sheet_by_sheet(
    site: Path, tmp_path: Path
) -> None:
    form = of(NUMBER, NAME, MEASURE, TARGET, months())
    grids = [draw(form, items()[4 * k : 4 * k + 4], name).grid for k, name in enumerate(SHEETS)]
    office, there = tmp_path / "office", tmp_path / "there"
    office.mkdir()
    there.mkdir()
    master = saved(office / "plan.xlsx", *grids)
    (sent,) = run(site, there, [{"master": [str(master)], "answers": [], "history": [], "asked": {"deed": "hand_out"}}])
    assert (sent["problem"], [each["unit"] for each in sent["parts"]]) == ("", [*SHEETS])
    history = office / ".poa" / "history.sqlite"
    history.parent.mkdir()
    shutil.copy(there / "0" / "history.sqlite", history)
    with zipfile.ZipFile(there / "0" / "enviados.zip") as archive:
        archive.extractall(office / "recibidos")
    answers = [office / "recibidos" / f"{name}.xlsx" for name in ("Salud", "Obras")]
    changed(answers[0], "Salud", "E4", 77)
    changed(answers[1], "Obras", "F5", 88)
    first = {"master": [str(master)], "answers": [*map(str, answers)], "history": [str(history)]}
    jobs: Jobs = [
        {**first, "asked": {}},
        {**first, "asked": {"write": True}},
        {**first, "asked": {"deed": "standing"}},
    ]
    seen, written, standing = run(site, there, jobs)
    for told in (seen, written):
        assert told["problem"] == ""
        assert [(each["unit"], each["received"]) for each in told["units"]] == [
            ("Salud", "recibido"),
            ("Obras", "recibido"),
        ]
        assert {(each["sheet"], each["unit"]) for each in told["changes"]} == {("Salud", "Salud"), ("Obras", "Obras")}
    assert [each["unit"] for each in standing["units"] if each["received"] == "no envió"] == ["Educación"]
    # The commands make the same of the same files.
    here = shutil.copytree(office, tmp_path / "here")
    sync_sheets([here / "recibidos" / each.name for each in answers], here / "plan.xlsx", SyncOptions(jobs=1))
    assert held(there / "1" / "plan.xlsx") == held(here / "plan.xlsx") != held(master)
    assert [(run.kind, run.state) for run in tell(None, here / "plan.xlsx").runs] == [(SYNC, "done")] * 2


def test_a_plan_is_approved_and_what_is_modified_and_done_is_told(site: Path, answered: Path, tmp_path: Path) -> None:
    master = str(answered / "POA.xlsx")
    first: dict[str, Any] = {"answers": [], "history": []}
    (tmp_path / "1").mkdir()
    refused, frozen = run(
        site,
        tmp_path / "1",
        [
            {**first, "master": [master], "asked": {"deed": "freeze", "resolution": " "}},
            {**first, "master": [master], "asked": {"deed": "freeze", "resolution": "RA-PE 01-024-20"}},
        ],
    )
    assert refused["problem"] == "escribir primero la resolución que aprueba el plan"
    assert "«Aprobado»" in frozen["said"]
    assert [each["name"] for each in frozen["files"]] == ["POA.xlsx", "history.sqlite"]
    office = tmp_path / "office"
    (office / ".poa").mkdir(parents=True)
    edit(Path(shutil.copy(tmp_path / "1" / "1" / "POA.xlsx", office)), ("GRO1.1.1", "budget", 175))
    shutil.copy(tmp_path / "1" / "1" / "history.sqlite", office / ".poa")
    picked = {"master": [str(office / "POA.xlsx")], "answers": [], "history": [str(office / ".poa" / "history.sqlite")]}
    (tmp_path / "2").mkdir()
    changed_, past = run(
        site,
        tmp_path / "2",
        [{**picked, "asked": {"deed": "modified"}}, {**picked, "history": [], "asked": {"deed": "past"}}],
    )
    assert changed_["problem"] == ""
    assert "Están en la hoja Modificaciones" in changed_["said"]
    assert openpyxl.load_workbook(tmp_path / "2" / "0" / "POA.xlsx").sheetnames[-1] == "Modificaciones"
    assert [("Aprobado · RA-PE 01-024-20" in line, "vigente" in line) for line in past["lines"]] == [
        (False, True),
        (True, True),
    ]
    # The commands go on with it.
    here = tmp_path / "2" / "0"
    (here / ".poa").mkdir()
    shutil.move(here / "history.sqlite", here / ".poa")
    assert [each.version.resolution for each in all_versions(here / "POA.xlsx")] == ["RA-PE 01-024-20"]


def test_the_year_is_tracked_closed_and_reported(site: Path, answered: Path, tmp_path: Path) -> None:
    picked: dict[str, Any] = {"answers": [], "history": []}
    for name in ("1", "2"):
        (tmp_path / name).mkdir()
    (tracked,) = run(
        site,
        tmp_path / "1",
        [{**picked, "master": [str(answered / "POA.xlsx")], "asked": {"deed": "track", "until": 4}}],
    )
    assert (tracked["problem"], [each["name"] for each in tracked["files"]]) == ("", ["POA.xlsx"])
    assert tracked["said"] == "Seguimiento hasta MAY, en la hoja «Seguimiento»:"
    master = tmp_path / "1" / "0" / "POA.xlsx"
    assert "Seguimiento" in openpyxl.load_workbook(master).sheetnames
    deeds = [{"deed": "report"}, {"deed": "report", "until": 8}, {"deed": "close"}, {"deed": "take_back"}]
    jobs = [{**picked, "master": [str(master)], "asked": each} for each in deeds[:3]]
    jobs.append({**picked, "master": [str(tmp_path / "2" / "2" / "POA.xlsx")], "asked": deeds[3]})
    may, september, closed, back = run(site, tmp_path / "2", jobs)
    assert [each["name"] for each in may["files"]] == ["informe_POA_MAY.xlsx"]
    assert [each["name"] for each in september["files"]] == ["informe_POA_SEP.xlsx"]
    assert openpyxl.load_workbook(tmp_path / "2" / "0" / "informe_POA_MAY.xlsx").sheetnames
    assert (closed["problem"], "T2" in closed["said"]) == ("", True)
    assert back["step"] == "el cierre o la apertura 1 de un trimestre"
    assert (tmp_path / "2" / "3" / "POA.xlsx").read_bytes() == master.read_bytes()
