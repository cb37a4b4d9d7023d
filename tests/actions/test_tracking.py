"""`Seguimiento` in the planner's own workbook: made, refreshed, checked, taken out, nothing lost."""

from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from poa_xl.actions.checking import check_file
from poa_xl.actions.cleaning import clean_book
from poa_xl.actions.load import load_one
from poa_xl.actions.tracking import tracked_in, typed_rows
from poa_xl.actions.updating import Options, update_book
from poa_xl.books.book import FileBook
from poa_xl.cli import main
from poa_xl.core.plan import FIELDS
from poa_xl.errors import BookError
from poa_xl.sheet.tracking_columns import ADDRESSES, PLACES
from poa_xl.sheet.tracking_read import TRACKING, Tracked
from tests.books.patch.torture import members, torture
from tests.paths import MASTER
from tests.plans import drop, edit, save, small
from tests.tracked import type_into

SEP = 8
TRACK = Options(track=True, until=SEP)
pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported")


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    return save(small(), tmp_path / "plan.xlsx")


def tracked(path: Path) -> Tracked:
    return tracked_in(load_one(FileBook(path)))


def typed(path: Path) -> dict[str, dict[str, object]]:
    return {each.key[1:]: dict(each.typed) for each in tracked(path).entries if each.typed}


def differing(one: bytes, other: bytes) -> set[str]:
    old, new = members(one), members(other)
    return {name for name in {*old, *new} if old.get(name) != new.get(name)}


def test_the_sheet_is_made_beside_the_plan_which_stays_as_it_is(plan: Path) -> None:
    before = [[row.get(name) for name in FIELDS] for row in load_one(FileBook(plan)).plan.rows]
    done = update_book(plan, TRACK)
    assert done.tracked is not None
    assert (done.tracked.sheet, done.tracked.cutoff, done.tracked.states) == (TRACKING, SEP, {"Sin informar": 3})
    assert [[row.get(name) for name in FIELDS] for row in load_one(FileBook(plan)).plan.rows] == before
    assert [each.key for each in tracked(plan).entries] == ["·GRO1.1.1", "·GRO1.1.2", "·GRO1.2.1"]
    assert openpyxl.load_workbook(plan).sheetnames == ["POA 2020", TRACKING, "Hallazgos"]


def test_tracking_twice_is_tracking_once(plan: Path) -> None:
    update_book(plan, TRACK)
    type_into(plan, {"GRO1.1.1": {"executed_ENE": 1}})
    update_book(plan, TRACK)
    data = plan.read_bytes()
    again = update_book(plan, TRACK)
    assert plan.read_bytes() == data
    assert again.backup is None


def test_an_update_refreshes_what_is_there_and_makes_nothing(plan: Path) -> None:
    assert update_book(plan, Options()).tracked is None
    update_book(plan, TRACK)
    edit(plan, ("GRO1.1.1", "name", "Otro nombre"))
    done = update_book(plan, Options())
    assert done.tracked is not None
    assert done.tracked.cutoff == SEP
    assert tracked(plan).entries[0].shown["name"] == "Otro nombre"


def test_the_cutoff_is_the_one_wanted_or_of_the_sheet_or_the_last_month_reported(plan: Path) -> None:
    done = update_book(plan, Options(track=True))
    assert done.tracked is not None
    assert done.tracked.cutoff == 0
    type_into(plan, {"GRO1.1.1": {"executed_MAR": 1}})
    book = openpyxl.load_workbook(plan)
    book[TRACKING]["B2"] = None
    book.save(plan)
    again = update_book(plan, Options(track=True))
    assert again.tracked is not None
    assert again.tracked.cutoff == 2


def test_what_was_typed_follows_its_operation(plan: Path) -> None:
    update_book(plan, TRACK)
    type_into(plan, {"GRO1.1.2": {"executed_ENE": 4, "cause": "lluvias"}, "GRO1.2.1": {"executed_FEB": "=2+3"}})
    drop(plan, "GRO1.1.1")
    update_book(plan, TRACK)
    assert typed(plan)["GRO1.1.2"] == {"executed_ENE": 4, "cause": "lluvias"}
    assert [each.line for each in tracked(plan).entries] == [5, 6, 7]
    page = openpyxl.load_workbook(plan)[TRACKING]
    assert page.cell(6, PLACES["executed_FEB"]).value == "=2+3"
    assert page.cell(7, PLACES["state"]).value == "Fuera del plan"


def test_what_people_did_to_the_sheet_stays(plan: Path) -> None:
    update_book(plan, TRACK)
    book = openpyxl.load_workbook(plan)
    page = book[TRACKING]
    page.title = "Seguimiento oficina"
    page.column_dimensions["B"].width = 77
    page["A20"] = "nota"
    book.save(plan)
    edit(plan, ("GRO1.1.1", "name", "Otro nombre"))
    done = update_book(plan, TRACK)
    assert done.tracked is not None
    assert done.tracked.sheet == "Seguimiento oficina"
    page = openpyxl.load_workbook(plan)["Seguimiento oficina"]
    assert page.column_dimensions["B"].width == 77
    assert "nota" in [cell.value for cell in page["A"]]
    assert len(page.conditional_formatting) == len({str(each.sqref) for each in page.conditional_formatting}) == 2


def test_findings_tell_their_cells_in_check_in_track_and_in_the_list(plan: Path) -> None:
    update_book(plan, TRACK)
    type_into(plan, {"GRO1.1.2": {"executed_ENE": "mucho", "spent_ENE": -5}})
    done = update_book(plan, TRACK)
    assert done.tracked is not None
    wanted = {
        ("seguimiento-no-numero", f"{ADDRESSES['executed_ENE']}6"),
        ("seguimiento-negativo", f"{ADDRESSES['spent_ENE']}6"),
    }
    assert wanted <= {(each.finding.rule, each.where.cell) for each in done.tracked.findings}
    checked = check_file(plan)
    assert wanted <= {(each.finding.rule, each.where.cell) for each in checked.findings}
    assert {each.where.sheet for each in checked.findings} == {TRACKING}
    page = openpyxl.load_workbook(plan)["Hallazgos"]
    assert {(f"'{TRACKING}'!{cell}") for _, cell in wanted} <= {
        link.location for row in page.iter_rows() for cell in row if (link := cell.hyperlink)
    }


def test_rules_can_be_turned_off_and_bands_chosen(plan: Path) -> None:
    plan.with_name("poa.toml").write_text(
        '[reglas]\nseguimiento-sin-informar = "off"\n[semaforo]\nescala = "CNS"\n', "utf-8"
    )
    done = update_book(plan, TRACK)
    assert done.tracked is not None
    assert done.tracked.findings == ()
    page = openpyxl.load_workbook(plan)[TRACKING]
    assert "Caja Nacional de Salud" in str(page["A3"].value)
    assert "Insatisfactorio" in str(page.cell(5, PLACES["state"]).value)


def test_clean_takes_an_empty_sheet_out(plan: Path) -> None:
    before = plan.read_bytes()
    update_book(plan, TRACK)
    clean_book(plan, Options())
    assert differing(before, plan.read_bytes()) <= {"xl/styles.xml"}


def test_clean_asks_what_becomes_of_what_was_typed(plan: Path) -> None:
    before = plan.read_bytes()
    update_book(plan, TRACK)
    rows = {"GRO1.1.1": {"executed_ENE": 1, "cause": "lluvias"}}
    type_into(plan, rows)
    tracked_before = plan.read_bytes()
    with pytest.raises(BookError, match="1 filas"):
        clean_book(plan, Options())
    assert plan.read_bytes() == tracked_before
    clean_book(plan, Options(keep=True))
    page = openpyxl.load_workbook(plan)[TRACKING]
    assert typed(plan) == rows
    assert (page["A5"].value, page["B5"].value, page["D5"].value) == ("GRO1.1.1", "Operación GRO1.1.1", 12)
    assert not [cell for row in page.iter_rows() for cell in row if str(cell.value).startswith("=")]
    assert not page.conditional_formatting
    update_book(plan, TRACK)
    assert typed(plan) == rows
    clean_book(plan, Options(keep=False))
    assert (
        openpyxl.load_workbook(plan).sheetnames
        == openpyxl.load_workbook(save(small(), plan.with_name("x.xlsx"))).sheetnames
    )
    assert len(before)


def test_a_workbook_with_everything_keeps_everything_else(tmp_path: Path) -> None:
    path = tmp_path / "todo.xlsx"
    path.write_bytes(torture())
    flagged = tmp_path / "flagged.xlsx"
    flagged.write_bytes(torture())
    update_book(flagged, Options())
    update_book(path, TRACK)
    old, new = members(flagged.read_bytes()), members(path.read_bytes())
    changed = {name for name in old if old[name] != new.get(name)}
    assert changed <= {"[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"} | {
        name for name in old if name.startswith("xl/worksheets/sheet") and name not in members(torture())
    }
    clean_book(path, Options(keep=False))
    clean_book(flagged, Options())
    assert differing(flagged.read_bytes(), path.read_bytes()) <= {"xl/styles.xml"}


def test_the_plan_of_2020_is_tracked(tmp_path: Path) -> None:
    path = tmp_path / "m.xlsx"
    path.write_bytes(MASTER.read_bytes())
    done = update_book(path, TRACK)
    assert done.tracked is not None
    assert sum(done.tracked.states.values()) == len(tracked(path).entries) == 96


def test_the_command_says_how_it_stands(plan: Path) -> None:
    run = CliRunner().invoke(main, ["track", str(plan), "--until", "septiembre"])
    assert run.exit_code == 1, run.output
    assert "Seguimiento hasta SEP" in run.output
    assert "Sin informar: 3" in run.output
    wrong = CliRunner().invoke(main, ["track", str(plan), "--until", "Brumario"])
    assert wrong.exit_code == 2
    assert "no es un mes" in wrong.output
    assert CliRunner().invoke(main, ["clean", str(plan)]).exit_code == 0


def test_the_command_asks_at_a_terminal(plan: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    update_book(plan, TRACK)
    type_into(plan, {"GRO1.1.1": {"executed_ENE": Decimal(1)}})
    assert typed_rows(plan) == 1
    assert CliRunner().invoke(main, ["clean", str(plan)]).exit_code == 2
    monkeypatch.setattr("poa_xl.cli.editing._asks", lambda: True)
    run = CliRunner().invoke(main, ["clean", str(plan)], input="\n")
    assert run.exit_code == 0, run.output
    assert "¿Dejarlas" in run.output
    assert typed(plan) == {"GRO1.1.1": {"executed_ENE": 1}}
