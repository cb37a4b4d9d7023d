"""One plan in random layouts: read back, judged alike, flagged, recalculated, cleaned, sent and taken back."""

from pathlib import Path
from tempfile import TemporaryDirectory

import openpyxl
import pytest
from hypothesis import given, settings

from poa_xl.actions.cleaning import clean_book
from poa_xl.actions.load import Opened, find_plan, load_one
from poa_xl.actions.splitting import split_book
from poa_xl.actions.syncing import SyncOptions, sync
from poa_xl.actions.updating import Options, update_book
from poa_xl.books.book import FileBook
from poa_xl.core.checks import judged
from poa_xl.core.dates import MONTHS
from poa_xl.core.findings import Severity
from poa_xl.sheet.grid import Workbook
from poa_xl.sheet.headers import CONTROL, SHOWN
from tests.books.patch.torture import members
from tests.drawings import WRONG, Drawing, drawings, said
from tests.engines import iron, without_results
from tests.layouts import draw, saved


def asked(opened: Opened) -> set[str]:
    """What is said to be in doubt."""
    found = opened.layout.recognised
    return {each.field for each in found.doubts} if found is not None else set()


@settings(max_examples=150)
@given(drawings())
def test_one_plan_reads_back_and_is_judged_alike_in_any_layout(drawing: Drawing) -> None:
    drawn = draw(drawing.form, drawing.plan)
    opened = find_plan(Workbook("p.xlsx", (drawn.grid,)))
    rows = {row.line: row for row in opened.plan.rows}
    assert list(rows) == list(drawn.lines.values())
    for item in drawing.plan:
        row = rows[drawn.lines[item.number]]
        assert row.name == item.name
        assert [month or None for month in row.months] == list(item.months)
        if "target" not in asked(opened):
            assert row.target == said(item)
        for field in drawing.fields & {"measure", "unit", "id"}:
            assert getattr(row, field) == (item.number if field == "id" else getattr(item, field))
    findings = judged(opened.plan).findings
    red = {opened.plan.rows[each.index].line for each in findings if each.severity is Severity.ERROR}
    assert red == {drawn.lines[WRONG]}


@settings(max_examples=20)
@given(drawings(live=True))
def test_formulas_say_what_the_core_says_and_clean_gives_the_workbook_back(drawing: Drawing) -> None:
    with TemporaryDirectory() as folder:
        path = saved(Path(folder) / "plan.xlsx", draw(drawing.form, drawing.plan).grid)
        before = path.read_bytes()
        update_book(path, Options())
        layout = load_one(FileBook(path)).layout
        wanted = [column for field, column in layout.columns.items() if field in SHOWN and field != "reason"]
        page = openpyxl.load_workbook(path, data_only=True).worksheets[0]
        told = {
            (line, c.column): c.value for line, row in enumerate(page.iter_rows(), 1) for c in row if c.column in wanted
        }
        shown = iron(without_results(path))
        for place, value in told.items():
            found = shown.get(place)
            if isinstance(value, int | float):
                assert found == pytest.approx(value), place
            else:
                assert (found or "") == (value or ""), place
        clean_book(path, Options())
        old, new = members(before), members(path.read_bytes())
        assert {part for part in {*old, *new} if old.get(part) != new.get(part)} <= {"xl/workbook.xml", "xl/styles.xml"}


def cells(path: Path) -> dict[tuple[int, int], object]:
    """What the first sheet of a workbook holds, left of what we add."""
    layout = load_one(FileBook(path)).layout
    ours = {column for name, column in layout.columns.items() if name in CONTROL}
    page = openpyxl.load_workbook(path).worksheets[0]
    return {
        (c.row, c.column): c.value
        for row in page.iter_rows()
        for c in row
        if c.value is not None and c.column not in ours
    }


@settings(max_examples=8)
@given(drawings(units=True))
def test_an_untouched_answer_changes_nothing_and_one_edit_lands_in_one_cell(drawing: Drawing) -> None:
    with TemporaryDirectory() as folder:
        path = saved(Path(folder) / "maestro.xlsx", draw(drawing.form, drawing.plan).grid)
        before = cells(path)
        opened = load_one(FileBook(path))
        parts = split_book(path)
        assert [(part.problem, part.doubts) for part in parts] == [("", ())] * 3
        sync([part.path for part in parts], path, SyncOptions())
        assert cells(path) == before
        sent = load_one(FileBook(parts[1].path))
        row = next(row for row in sent.plan.rows if any(row.months))
        number = min(row.programmed)
        column = opened.layout.columns[MONTHS[number]]
        book = openpyxl.load_workbook(parts[1].path)
        book[sent.sheet].cell(row.line, column).value = 123
        book.save(parts[1].path)
        sync([part.path for part in parts], path, SyncOptions())
        changed = {place: value for place, value in cells(path).items() if before.get(place) != value}
        (line,) = [each.line for each in opened.plan.rows if each.name == row.name]
        assert changed == {(line, column): 123}
