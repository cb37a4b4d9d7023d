"""The planner's own workbook, flagged and cleaned."""

import re
import stat
import subprocess
import sys
import time
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.datavalidation import DataValidation

from poa_xl.actions.cleaning import clean_book
from poa_xl.actions.load import load_one
from poa_xl.actions.updating import Options, update_book
from poa_xl.books.book import FileBook
from poa_xl.books.files import stamp
from poa_xl.books.patch.editor import Editor
from poa_xl.core.checks import check
from poa_xl.core.flags import State, flag
from poa_xl.core.plan import FIELDS, TargetKind
from poa_xl.core.values import Flaw, Invalid
from poa_xl.errors import BookError, LayoutError, StaleBookError
from poa_xl.sheet.grid import letters
from poa_xl.sheet.headers import CONTROL
from poa_xl.sheet.listing import FINDINGS
from poa_xl.sheet.looks import PAINT
from poa_xl.sheet.mark import MARK
from poa_xl.sheet.prompts import is_our_prompt
from poa_xl.sheet.render import COLUMNS
from tests.books import packages as p
from tests.books.patch.torture import members, torture, with_parts
from tests.office import Office
from tests.paths import MASTER
from tests.plans import change, save, small

PLAN = MASTER
pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported")


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    path = tmp_path / "plan.xlsx"
    path.write_bytes(PLAN.read_bytes())
    return path


def content(path: Path) -> list[tuple[object, ...]]:
    return [(row.kind, *(row.get(name) for name in FIELDS)) for row in load_one(FileBook(path)).parsed.plan.rows]


def differing(one: bytes, other: bytes) -> set[str]:
    old, new = members(one), members(other)
    return {name for name in {*old, *new} if old.get(name) != new.get(name)}


def test_the_planner_s_columns_keep_their_values(plan: Path) -> None:
    before = content(plan)
    done = update_book(plan, Options())
    assert content(plan) == before
    assert done.backup is not None
    assert done.backup.read_bytes() == PLAN.read_bytes()
    assert len(done.findings) == 14
    assert done.fixed == ()
    page = openpyxl.load_workbook(plan)["POA 2020"]
    assert [page.cell(4, COLUMNS[name]).value for name in CONTROL] == list(CONTROL.values())
    assert str(page.cell(9, COLUMNS["state"]).value).startswith("=IF(")


def test_clean_gives_the_file_back_but_for_formats_that_nobody_uses(plan: Path) -> None:
    update_book(plan, Options())
    clean_book(plan, Options())
    assert differing(PLAN.read_bytes(), plan.read_bytes()) == {"xl/styles.xml"}


def test_updating_twice_is_updating_once(plan: Path) -> None:
    update_book(plan, Options())
    data = plan.read_bytes()
    again = update_book(plan, Options())
    assert plan.read_bytes() == data
    assert (again.changes, again.backup) == ((), None)


def test_everything_that_a_workbook_can_hold_survives_update_and_clean(tmp_path: Path) -> None:
    path = tmp_path / "tortura.xlsm"
    path.write_bytes(torture())
    done = update_book(path, Options())
    assert done.findings == ()
    declared = {
        "xl/worksheets/sheet1.xml",
        "xl/worksheets/sheet5.xml",
        "xl/workbook.xml",
        "xl/_rels/workbook.xml.rels",
        "xl/styles.xml",
        "[Content_Types].xml",
    }
    assert differing(torture(), path.read_bytes()) == declared
    clean_book(path, Options())
    assert differing(torture(), path.read_bytes()) == {"xl/styles.xml"}


def test_a_type_that_the_planner_chose_survives(plan: Path) -> None:
    update_book(plan, Options())
    book = openpyxl.load_workbook(plan)
    book["POA 2020"].cell(9, COLUMNS["stated"]).value = "Promedio"
    book.save(plan)
    update_book(plan, Options())
    row = load_one(FileBook(plan)).parsed.plan.rows[4]
    assert row.stated is TargetKind.MEAN
    page = openpyxl.load_workbook(plan)["POA 2020"]
    assert page.cell(9, COLUMNS["stated"]).value == "Promedio"


def test_a_column_that_was_there_before_stays_after_cleaning(tmp_path: Path) -> None:
    path = tmp_path / "p.xlsx"
    header = {**p.HEADER, "Y": p.text("Tipo de meta")}
    xml = p.sheet({1: header, 2: p.GROUP, 3: {**p.OPERATION, "Y": p.text("Acumulada")}})
    styles = p.STYLES.replace("<fills><fill/></fills>", "<fonts/><fills><fill/></fills><borders/>")
    path.write_bytes(p.pack({**p.parts([("POA", xml)]), "xl/styles.xml": styles}))
    update_book(path, Options())
    clean_book(path, Options())
    row = load_one(FileBook(path)).parsed.plan.rows[1]
    assert row.stated is TargetKind.CUMULATIVE


def test_values_instead_of_formulas(plan: Path) -> None:
    done = update_book(plan, Options(values=True))
    assert done.fixed == ()
    page = openpyxl.load_workbook(plan)["POA 2020"]
    assert page.cell(9, COLUMNS["programmed"]).value == 36
    assert page.cell(10, COLUMNS["state"]).value == "VERDE"
    assert b"<f>" not in members(plan.read_bytes())["xl/worksheets/sheet1.xml"]


def test_functions_instead_of_formulas(plan: Path) -> None:
    update_book(plan, Options(functions=True))
    page = openpyxl.load_workbook(plan)["POA 2020"]
    assert page.cell(9, COLUMNS["target_state"]).value == "=POA_ESTADO(H9,I9,J9:U9,Y9)"
    assert page.cell(5, COLUMNS["computed"]).value == "=POA_PRESUPUESTO(B5,$B$5:$B$138,$X$5:$X$138)"
    cached = openpyxl.load_workbook(plan, data_only=True)["POA 2020"]
    assert cached.cell(9, COLUMNS["target_state"]).value == "VERDE"


def test_rows_with_numbers_as_text_get_values_and_are_named(tmp_path: Path) -> None:
    path = tmp_path / "p.xlsx"
    styles = p.STYLES.replace("<fills><fill/></fills>", "<fonts/><fills><fill/></fills><borders/>")
    xml = p.plan_sheet({"H": p.text("12,00")})
    path.write_bytes(p.pack({**p.parts([("POA", xml)]), "xl/styles.xml": styles}))
    done = update_book(path, Options())
    assert done.fixed == (3,)
    percent = p.plan_sheet({"H": p.number("0.12", 2)})
    path.write_bytes(p.pack({**p.parts([("POA", percent)]), "xl/styles.xml": styles}))
    assert update_book(path, Options()).fixed == (3,)


def test_group_budgets_become_formulas_only_when_asked(tmp_path: Path) -> None:
    path = save(change(small(), "GRO1.1", budget=Decimal(1)), tmp_path / "p.xlsx")
    shown = update_book(path, Options())
    assert [each.cell for each in shown.changes if each.field == "Presupuesto"] == []
    assert [(each.cell, each.before, each.after) for each in shown.pending] == [("X6", "1", "300")]
    done = update_book(path, Options(rollup=True))
    assert [(each.cell, each.before, each.after) for each in done.changes if each.field == "Presupuesto"] == [
        ("X6", "1", "300")
    ]
    formulas = openpyxl.load_workbook(path)["POA 2020"]
    assert all(str(formulas.cell(line, 24).value).startswith("=SUMIFS(") for line in (5, 6, 9))
    assert formulas["X6"].number_format == "#,##0"
    assert load_one(FileBook(path)).parsed.plan.rows[1].budget == 300
    again = update_book(path, Options(rollup=True))
    assert again.changes == ()


def test_a_planner_s_own_formula_that_is_right_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    path.write_bytes(torture())
    update_book(path, Options(rollup=True))
    assert openpyxl.load_workbook(path)["POA"]["X5"].value == "=SUM(X6:X8)"


def test_a_dry_run_writes_nothing_and_shows_every_cell(plan: Path) -> None:
    before = stamp(plan)
    done = update_book(plan, Options(dry_run=True))
    assert stamp(plan) == before
    assert done.path is None
    assert ("AG9", "Estado", "", "VERDE") in {(each.cell, each.field, each.before, each.after) for each in done.changes}
    assert len(done.changes) > 900


def test_another_file_is_written_and_the_workbook_stays(plan: Path, tmp_path: Path) -> None:
    before = stamp(plan)
    other = tmp_path / "otra" / "copia.xlsx"
    done = update_book(plan, Options(output=other))
    assert (done.path, stamp(plan)) == (other, before)
    assert update_book(plan, Options(output=other, values=True)).backup is not None
    assert clean_book(other, Options(backups=tmp_path / "b")).backup == next((tmp_path / "b").iterdir())


def test_the_control_columns_stay_off_the_printed_page(tmp_path: Path) -> None:
    styles = p.STYLES.replace("<fills><fill/></fills>", "<fonts/><fills><fill/></fills><borders/>")
    path = tmp_path / "p.xlsx"
    path.write_bytes(p.pack({**p.parts([("POA", p.plan_sheet())]), "xl/styles.xml": styles}))
    before = members(path.read_bytes())
    update_book(path, Options())
    workbook = members(path.read_bytes())["xl/workbook.xml"].decode()
    assert "'POA'!$A$1:$X$3" in workbook
    clean_book(path, Options())
    assert members(path.read_bytes())["xl/workbook.xml"] == before["xl/workbook.xml"]


def test_a_sheet_hallazgos_of_the_planner_s_own_is_not_touched(plan: Path) -> None:
    book = openpyxl.load_workbook(plan)
    book.create_sheet(FINDINGS)["A1"] = "lo mío"
    book.save(plan)
    update_book(plan, Options())
    update_book(plan, Options())
    assert openpyxl.load_workbook(plan).sheetnames == ["POA 2020", "Reparaciones", FINDINGS, f"{FINDINGS} POA"]
    clean_book(plan, Options())
    assert openpyxl.load_workbook(plan)[FINDINGS]["A1"].value == "lo mío"


def test_what_cannot_be_updated_is_refused_and_stays(plan: Path, tmp_path: Path) -> None:
    with pytest.raises(BookError, match="no tiene nada"):
        clean_book(plan, Options())
    with pytest.raises(BookError, match="no existe"):
        update_book(tmp_path / "nada.xlsx", Options())
    with pytest.raises(LayoutError, match="ninguna"):
        update_book(plan, Options(sheet="Reparaciones"))
    signed = tmp_path / "firmado.xlsx"
    signed.write_bytes(with_parts(plan.read_bytes(), {"_xmlsignatures/sig1.xml": b"<a/>"}))
    with pytest.raises(BookError, match="firma"):
        update_book(signed, Options())
    assert update_book(signed, Options(force=True)).path == signed
    (tmp_path / "~$plan.xlsx").write_bytes(b"\x03Ana" + b" " * 50)
    with pytest.raises(BookError, match="Ana"):
        update_book(plan, Options())
    (tmp_path / "~$plan.xlsx").unlink()
    assert plan.read_bytes() == PLAN.read_bytes()


def test_a_read_only_file_is_refused(plan: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plan.chmod(stat.S_IRUSR)
    monkeypatch.setattr("os.access", lambda *_: False)  # root may write anything
    with pytest.raises(BookError, match="solo lectura"):
        update_book(plan, Options())


def test_a_file_that_changes_meanwhile_is_not_overwritten(plan: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    saved = Editor.save

    def slow(editor: Editor) -> bytes:
        plan.write_bytes(b"otro")
        return saved(editor)

    monkeypatch.setattr(Editor, "save", slow)
    with pytest.raises(StaleBookError):
        update_book(plan, Options())
    assert plan.read_bytes() == b"otro"


def test_what_an_update_added_is_written_down(plan: Path) -> None:
    update_book(plan, Options())
    mark = FileBook(plan).read().marks.get(MARK)
    assert mark is not None
    keys = dict(part.partition("=")[::2] for part in mark.split(";"))
    assert re.fullmatch(r"stated,kind,.*,reason,key,.*,seen", keys["columns"])
    assert (keys["sheet"], keys["right"], keys["first"]) == ("Hallazgos", "24", "25")


def test_calc_paints_every_cell_of_the_updated_plan_as_the_core_says(plan: Path, office: Office) -> None:
    update_book(plan, Options())
    parsed = load_one(FileBook(plan)).parsed.plan
    flags = flag(parsed, check(parsed))
    table = office.colors(plan)[0]
    paint = {state: style.fill for state, style in PAINT.items()}
    for row, flags_of in zip(parsed.rows, flags, strict=True):
        cells = table[row.line - 1]
        for name in FIELDS:
            color = cells[COLUMNS[name] - 1][1]
            assert color == paint.get(flags_of.painted.get(name, State.NONE), color), (row.id, name)
            assert name in flags_of.painted or color not in paint.values(), (row.id, name)
        assert cells[COLUMNS["budget"] - 1][1] == paint[flags_of.budget], row.id
        assert cells[COLUMNS["state"] - 1] == (str(flags_of.state), paint[flags_of.state]), row.id


def test_in_calc_rows_are_inserted_and_moved_and_months_changed_and_the_flags_follow(
    tmp_path: Path, office: Office
) -> None:
    path = save(small(), tmp_path / "p.xlsx")
    update_book(path, Options(rollup=True))
    steps: list[list[object]] = [
        # Right below its group: the place that a plain range would miss.
        ["insert", "POA 2020", 7],
        ["set", "POA 2020", "B7", "GRO1.1.3"],
        ["set", "POA 2020", "H7", 12],
        ["set", "POA 2020", "X7", 50],
        # GRO1.1.1 now stands in row 8: one month more. GRO1.1.2 of row 9 moves below the other group, in row 10.
        ["set", "POA 2020", "J8", 2],
        ["set", "POA 2020", "B9", ""],
        ["set", "POA 2020", "H9", ""],
        ["set", "POA 2020", "X9", ""],
        ["insert", "POA 2020", 11],
        ["set", "POA 2020", "B11", "GRO1.2.2"],
        ["set", "POA 2020", "H11", 12],
        ["set", "POA 2020", "X11", 200],
    ]
    page = openpyxl.load_workbook(office.edit(path, *steps), data_only=True)["POA 2020"]
    budgets = {page.cell(row, 2).value: page.cell(row, 24).value for row in range(5, 13)}
    assert (budgets["GRO1"], budgets["GRO1.1"], budgets["GRO1.2"]) == (650, 150, 500)
    assert page.cell(8, COLUMNS["programmed"]).value == 13
    assert page.cell(8, COLUMNS["target_state"]).value == "ROJO"
    assert page.cell(8, COLUMNS["state"]).value == "ROJO"
    assert page.cell(10, COLUMNS["state"]).value == "VERDE"


def test_dates_are_no_reason_to_hold_values(tmp_path: Path) -> None:
    path = save(change(small(), "GRO1.1.1", start=date(2020, 2, 1)), tmp_path / "p.xlsx")
    assert update_book(path, Options()).fixed == ()


@pytest.mark.parametrize("name", ["p.xltx", "p.xltm", "p.xlsm"])
def test_templates_and_macro_workbooks_are_updated_as_what_they_are(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(torture())
    assert update_book(path, Options()).path == path
    assert "xl/vbaProject.bin" in members(path.read_bytes())


def test_a_kill_at_any_moment_leaves_the_old_file_or_the_new_one(plan: Path) -> None:
    old = plan.read_bytes()
    update_book(plan, Options())
    new = plan.read_bytes()
    for delay in (0.05, 0.2, 0.35, 0.45, 0.55, 0.7):
        plan.write_bytes(old)
        process = subprocess.Popen([sys.executable, "-m", "poa_xl.cli", "update", str(plan)], stdout=subprocess.DEVNULL)
        time.sleep(delay)
        process.kill()
        process.wait()
        assert plan.read_bytes() in (old, new)


def test_clean_puts_back_the_budgets_that_a_roll_up_replaced(plan: Path) -> None:
    update_book(plan, Options(rollup=True))
    update_book(plan, Options())
    update_book(plan, Options(rollup=True))
    clean_book(plan, Options())
    assert differing(PLAN.read_bytes(), plan.read_bytes()) == {"xl/styles.xml"}


def test_budgets_are_put_back_by_code_after_rows_were_inserted(tmp_path: Path, office: Office) -> None:
    path = save(change(small(), "GRO1.1", budget=Invalid("cien", Flaw.MALFORMED)), tmp_path / "p.xlsx")
    update_book(path, Options(rollup=True))
    moved = office.edit(path, ["insert", "POA 2020", 5])
    clean_book(moved, Options())
    page = openpyxl.load_workbook(moved)["POA 2020"]
    assert [page.cell(row, 24).value for row in (6, 7, 10)] == [600, "cien", 300]
    assert FINDINGS not in openpyxl.load_workbook(moved).sheetnames


def helped(path: Path) -> dict[str, tuple[str | None, str | None]]:
    page = openpyxl.load_workbook(path)["POA 2020"]
    found = page.data_validations.dataValidation
    return {str(each.sqref): (each.promptTitle, each.prompt) for each in found if each.type is None}


def test_a_flagged_cell_says_why_until_the_next_check_finds_it_right(tmp_path: Path) -> None:
    path = save(change(small(), "GRO1.1.1", owner="", months=tuple(map(Decimal, range(12)))), tmp_path / "p.xlsx")
    book = openpyxl.load_workbook(path)
    # The planner's own validation stands on the Meta, and stays alone there.
    own = DataValidation("decimal", formula1="0", formula2="99", operator="between")
    own.add("H5:H9")
    book["POA 2020"].add_data_validation(own)
    book.save(path)
    before = path.read_bytes()
    update_book(path, Options())
    line = next(row.line for row in load_one(FileBook(path)).parsed.plan.rows if str(row.code) == "GRO1.1.1")
    state, reason = (letters(COLUMNS[name]) for name in ("state", "reason"))
    told = helped(path)
    assert {*told} == {f"E{line}", f"{state}{line}"}
    title, text = told[f"E{line}"]
    assert title is not None
    assert is_our_prompt(title)
    assert text is not None
    assert text.startswith("La operación no tiene responsable.")
    assert f"{reason}{line}" in text
    # What is put right says nothing after the next check; what is left still does.
    book = openpyxl.load_workbook(path)
    book["POA 2020"][f"E{line}"] = "Jefe"
    book.save(path)
    update_book(path, Options())
    assert {*helped(path)} == {f"{state}{line}"}
    path.write_bytes(before)
    update_book(path, Options())
    clean_book(path, Options())
    assert helped(path) == {}
    assert [str(each.sqref) for each in openpyxl.load_workbook(path)["POA 2020"].data_validations.dataValidation] == [
        "H5:H9"
    ]
