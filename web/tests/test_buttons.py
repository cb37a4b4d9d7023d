"""Every button over Microsoft's own client code, held to what the same button does in Excel with the add-in installed."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlwings as xw

from poa_xl import ribbon
from poa_xl.actions.load import load_one
from poa_xl.books.book import FileBook
from poa_xl.core.checks import check
from poa_xl.core.flags import flag
from poa_xl.sheet.grid import column_number
from poa_xl.store import journal
from poa_xl.web.buttons import BY_THE_PANE, offered
from tests.excel import Com, excel_book
from tests.faults import every_fault
from tests.office import Office
from tests.office_js import contents, told
from tests.plans import save
from tests.pressed import live
from tests.running import Running

TOP = Path(__file__).parents[2]
REAL = TOP / "workbooks" / "POA_GRO_2020.xlsx"
PLAN = "POA 2020"
# A row whose target is there to be spread over its months.
SELECTED = {"real": "H9:H12", "faults": "H3:H6"}
ASKED = [name for name in offered() if name not in BY_THE_PANE]
CHAINS = [[name] for name in ASKED] + [["verificar_metas", name] for name in ASKED if name != "verificar_metas"]
CHAINS += [[name, "deshacer"] for name in ASKED if name != "deshacer"] + [["verificar_metas", "quitar", "deshacer"]]


@pytest.fixture(scope="module")
def plans(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("plans")
    real = folder / REAL.name
    real.write_bytes(REAL.read_bytes())
    return {"real": real, "faults": save(every_fault(), folder / "faltas.xlsx")}


@pytest.fixture(autouse=True)
def _kept(tmp_path: Path) -> Iterator[None]:
    journal.keep_in(tmp_path)
    yield
    journal.keep_in(TOP / "build")


class Pressed:
    """Jobs for `press.mjs`: gathered first, done in one process, which starts Python once."""

    def __init__(self, site: Path, folder: Path) -> None:
        self.site, self.folder = site, folder

    def __call__(self, jobs: list[dict[str, Any]]) -> list[dict[str, Any]]:
        asked, out = self.folder / "jobs.json", self.folder / "done.json"
        for number, job in enumerate(jobs):
            job["told"]["address"] += f"?{number}"
        asked.write_text(json.dumps(jobs), "utf-8")
        done = subprocess.run(
            ["node", TOP / "web/tests/press.mjs", self.site, asked, out], check=False, capture_output=True, text=True
        )
        assert done.returncode == 0, (done.stdout + done.stderr)[-3000:]
        # The log of Python: no button met an error of the program.
        assert "Traceback" not in done.stderr, done.stderr[-3000:]
        found: list[dict[str, Any]] = json.loads(out.read_text("utf-8"))
        return found


@pytest.fixture(scope="module")
def pressed(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Pressed:
    return Pressed(site, tmp_path_factory.mktemp("pressed"))


@pytest.fixture(scope="module")
def done(pressed: Pressed, plans: dict[str, Path]) -> dict[tuple[str, str], dict[str, Any]]:
    asked = [(name, chain) for name in plans for chain in CHAINS]
    jobs = [{"told": told(plans[name], PLAN, _box(SELECTED[name])), "presses": chain} for name, chain in asked]
    found = pressed(jobs)
    return {(name, " ".join(chain)): each for (name, chain), each in zip(asked, found, strict=True)}


def _box(area: str) -> list[int]:
    left, top, right, bottom = openpyxl.utils.range_boundaries(area)
    return [top, left, bottom, right]


@pytest.mark.parametrize("chain", CHAINS, ids=" ".join)
@pytest.mark.parametrize("name", ["real", "faults"])
def test_a_button_does_here_what_it_does_in_excel(
    name: str,
    chain: list[str],
    done: dict[tuple[str, str], dict[str, Any]],
    plans: dict[str, Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    here = done[name, " ".join(chain)]
    live, book, app = excel_book(plans[name], Com)
    monkeypatch.setattr(xw.engines, "active", xw.Engine(impl=app.engine))
    book.current, book.area = PLAN, SELECTED[name]
    for button in chain:
        ribbon.BUTTONS[button](live)
    there = {page.title: contents(page, book.shown[page.title], book.held.epoch) for page in book.held.worksheets}
    assert [sheet["name"] for sheet in here["sheets"]] == list(there)
    for sheet in here["sheets"]:
        assert _cells(sheet) == there[sheet["name"]]
        assert [each["formula"] for each in sheet["rules"]] == [rule for _, rule in book.painted[sheet["name"]]]
        page = book.held[sheet["name"]]
        for place, look in sheet["looks"].items():
            fill = page.cell(*map(int, place.split(","))).fill
            shown = "" if fill.patternType is None else f"#{fill.fgColor.rgb[2:]}"
            assert shown == look.get("fill", ""), place
        assert len(sheet["merges"]) == len(page.merged_cells.ranges)
        # Where rows come the stand-in for Excel moves contents only.
        if not {"nueva_operacion", "nueva_partida"} & {*chain}:
            assert sheet["hidden"] == sorted(row for row, each in page.row_dimensions.items() if each.hidden)
            assert sheet["arrows"] == (page.auto_filter.ref or "")
            assert {called: text.removeprefix("=") for called, text in here["names"].items()} == {
                called: str(each.attr_text) for called, each in book.held.defined_names.items()
            }
    # The stand-in goes on looking at a sheet that is gone.
    assert here["active"] == (book.current if book.current in there else PLAN)
    assert [each["text"] for each in here["said"] if each["title"]] == app.said
    # What one request or answer of Excel on the web has room for.
    assert here["largest"] < 5_000_000


def _cells(sheet: dict[str, Any]) -> dict[tuple[int, int], object]:
    return {tuple(map(int, place.split(","))): value for place, value in sheet["cells"].items()}  # type: ignore[misc]


def test_a_small_plan_takes_few_trips(done: dict[tuple[str, str], dict[str, Any]]) -> None:
    # Four to read everything, two to see whether it is still so, the rest to write, in pieces of two megabytes at most:
    # control columns, helpers and colours are some six thousand cells. The last one is what Excel may refuse.
    assert done["real", "verificar_metas"]["requests"] <= 10


def test_what_was_written_says_in_calc_what_python_says(
    done: dict[tuple[str, str], dict[str, Any]], tmp_path: Path, office: Office
) -> None:
    book: Any = openpyxl.load_workbook(REAL)
    here = done["real", "verificar_metas"]
    (sheet,) = (each for each in here["sheets"] if each["name"] == PLAN)
    for place, content in _cells(sheet).items():
        if (isinstance(content, str) and content.startswith("=")) or book[PLAN].cell(*place).value is None:
            book[PLAN].cell(*place).value = content
    path = tmp_path / "libro.xlsx"
    book.save(path)
    seen = openpyxl.load_workbook(office.convert(path, "xlsx"), data_only=True)[PLAN]
    opened = load_one(FileBook(path))
    flags = flag(opened.plan, check(opened.plan))
    state = column_number(opened.columns()["state"])
    said = [seen.cell(row.line, state).value or "" for row in opened.plan.rows]
    assert said == [str(each.state) for each in flags]
    assert "ROJO" in said


def test_a_colleague_who_was_faster_is_not_overwritten(pressed: Pressed, plans: dict[str, Path]) -> None:
    before = told(plans["faults"], PLAN)
    edit = {"request": 6, "sheet": PLAN, "row": 3, "column": 2, "value": "otro"}
    (one,) = pressed([{"told": told(plans["faults"], PLAN), "presses": ["verificar_metas"], "edit": edit}])
    assert one["said"][-1] == {"text": f"stale {PLAN}", "title": "POA", "is_error": True}
    (sheet,) = one["sheets"]
    wanted = {
        (r, c): each
        for r, row in enumerate(before["sheets"][0]["formulas"], before["sheets"][0]["row"])
        for c, each in enumerate(row, before["sheets"][0]["column"])
        if each != ""
    }
    assert _cells(sheet) == wanted | {(3, 2): "otro"}


@pytest.mark.parametrize("fail", [1, 7, 20, 40])
def test_what_the_program_refuses_half_way_is_taken_back(fail: int, pressed: Pressed, plans: dict[str, Path]) -> None:
    first, second = pressed(
        [
            {"told": told(plans["faults"], PLAN), "presses": ["verificar_metas"], "fail": fail},
            {"told": told(plans["faults"], PLAN), "presses": []},
        ]
    )
    assert first["said"][-1]["text"].startswith("refused There was an internal error")
    assert [(each["name"], _cells(each), each["rules"]) for each in first["sheets"]] == [
        (each["name"], _cells(each), each["rules"]) for each in second["sheets"]
    ]


@pytest.mark.parametrize("fail", [0, 1, 2, 4])
def test_rows_that_came_half_way_go_again(fail: int, pressed: Pressed, plans: dict[str, Path]) -> None:
    given = told(plans["real"], PLAN, _box("H9:H9"))
    first, second = pressed(
        [{"told": given, "presses": ["nueva_partida"], "fail": fail}, {"told": {**given}, "presses": []}]
    )
    said = first["said"][-1]["text"]
    # The first two things that can fail are what a new row looks like.
    assert said.startswith("unbegun " if fail < 2 else "refused ")
    assert [_cells(each) for each in first["sheets"]] == [_cells(each) for each in second["sheets"]]


@pytest.mark.parametrize("password", ["", "1234"])
def test_a_protection_without_a_password_is_lifted_for_a_while(
    password: str, pressed: Pressed, plans: dict[str, Path]
) -> None:
    given = told(plans["faults"], PLAN, _box("H3:H6"))
    given["sheets"][0] |= {"protected": True, "password": password}
    (done_,) = pressed([{"told": given, "presses": ["solo_rojos"]}])
    (sheet,) = done_["sheets"]
    assert (sheet["protected"], sheet["allowed"]) == (True, {"allowFormatCells": True})
    assert bool(sheet["hidden"]) is not bool(password)
    if password:
        assert done_["said"][-1]["text"] == f"locked {PLAN}"


def test_what_is_said_beside_cells_comes_and_goes_and_that_of_others_stays(
    pressed: Pressed, plans: dict[str, Path]
) -> None:
    given = told(plans["faults"], PLAN, _box("H3:H6"))
    # Two cells of an office's that say different things, and one of many that say nothing.
    own = [[1, 1, 1, 1, "Uno"], [2, 1, 2, 1, "Dos"], [3, 40, 60, 40, ""]]
    given["sheets"][0]["validations"] = own
    # Excel tells of neighbours together.
    given["sheets"][0]["together"] = [1, 1, 2, 1]
    jobs = [{"told": given, "presses": presses} for presses in (["verificar_metas"], ["verificar_metas", "quitar"])]
    shown, gone = ([[*each["box"], each["title"]] for each in one["sheets"][0]["validations"]] for one in pressed(jobs))
    assert shown[:3] == gone == own
    assert len(shown) > 20
    assert all("revisado" in title for *_, title in shown[3:])


def saved(done_: dict[str, Any], path: Path) -> Path:
    """Write what a workbook holds as Excel would save it, without what formulas come to."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for sheet in done_["sheets"]:
        page, texts = book.create_sheet(sheet["name"]), {*sheet["texts"]}
        for place, content in sheet["cells"].items():
            cell = page.cell(*map(int, place.split(",")), content)
            is_text = isinstance(content, str) and (place in texts or not content.startswith("="))
            cell.data_type = "s" if is_text else cell.data_type
            cell.number_format = sheet["formats"][place]
        for top, left, bottom, right in sheet["merges"]:
            page.merge_cells(start_row=top, start_column=left, end_row=bottom, end_column=right)
    book.save(path)
    return path


# Of what is compared in Calc, some seconds each, what every run does.
FEW = {
    ("real", "verificar_metas"),
    ("real", "nueva_operacion"),
    ("real", "nueva_partida"),
    ("faults", "verificar_metas"),
    ("faults", "calcular_presupuesto"),
    ("faults", "verificar_metas quitar"),
    ("faults", "verificar_metas quitar deshacer"),
}
COMPARED = [
    pytest.param(name, chain, id=f"{name} {said}", marks=[] if (name, said) in FEW else [pytest.mark.slow])
    for name in ("real", "faults")
    for chain in CHAINS
    for said in (" ".join(chain),)
]


@pytest.mark.parametrize(("name", "chain"), COMPARED)
def test_what_a_button_wrote_comes_to_the_same_in_calc_as_what_it_writes_there(
    name: str,
    chain: list[str],
    done: dict[tuple[str, str], dict[str, Any]],
    plans: dict[str, Path],
    running: Running,
    tmp_path: Path,
) -> None:
    folder = tmp_path / "calc"
    folder.mkdir()
    with running.speaking("es-BO"):
        there = running.open(Path(shutil.copy(plans[name], folder)))
        there.sheets[PLAN].activate()
        there.sheets[PLAN].range(SELECTED[name]).select()
        for button in chain:
            ribbon.BUTTONS[button](live(there))
        # Two of one name are not opened at once.
        here = running.open(saved(done[name, " ".join(chain)], tmp_path / "panel.xlsx"))
        here.api.calculateAll()
        one, two = ({grid.name: grid.cells for grid in live(each).read()} for each in (here, there))
    assert one.keys() == two.keys()
    for sheet, cells in one.items():
        assert cells == two[sheet], sheet
