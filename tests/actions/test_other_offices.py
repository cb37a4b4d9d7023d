"""What works on a plan works on the plan of another office: compared, told, never wrong."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from poa_xl.actions.approving import Approval, Terms, approve, modify
from poa_xl.actions.comparing import compare_books, compare_with
from poa_xl.actions.evaluating import evaluation_of
from poa_xl.actions.load import load_one
from poa_xl.actions.past.undoing import undo
from poa_xl.actions.past.versioning import version_named
from poa_xl.actions.splitting import split_book
from poa_xl.actions.syncing import SyncOptions, sync
from poa_xl.actions.updating import Options, update_book
from poa_xl.books.book import FileBook
from poa_xl.errors import LayoutError
from poa_xl.sheet.cells import shown
from poa_xl.sheet.own import own_columns, places
from tests.actions.test_unit_books import ALL, typed, with_units
from tests.layouts import FORMS, draw, items, saved

FORM = with_units(FORMS["baseline beside the target"])


def written(path: Path, name: str = "", changes: Mapping[tuple[int, str], object] | None = None) -> Path:
    """Write a form, with other values in some rows, counted from 0."""
    saved(path, draw(ALL[name] if name else FORM, items()).grid)
    opened = load_one(FileBook(path))
    for (index, field), value in (changes or {}).items():
        typed(path, opened.sheet, opened.plan.rows[index].line, places(opened.layout)[field], value)
    return path


def told(before: Path, after: Path) -> list[tuple[str, str, str, str, str]]:
    return [(each.kind, each.code, each.field, each.before, each.after) for each in compare_books(before, after)]


@pytest.mark.parametrize("name", ["", *ALL])
def test_a_plan_does_not_differ_from_itself(name: str, tmp_path: Path) -> None:
    assert told(written(tmp_path / "a.xlsx", name), written(tmp_path / "b.xlsx", name)) == []


@pytest.mark.parametrize(
    ("name", "changes", "lines"),
    [
        ("", {(3, "MAR"): 99}, [("cambiada", "", "MAR", "", "99")]),
        ("", {(3, "name"): "Otro"}, [("cambiada", "", "Acciones, Operaciones, Tareas", "Comprar equipos", "Otro")]),
        ("", {(3, "·LÍNEA BASE"): 5}, [("cambiada", "", "LÍNEA BASE", "21", "5")]),
        ("codes that every unit counts anew", {(3, "MAR"): 99}, [("cambiada", "1.2", "MAR", "", "99")]),
        ("rows that are called the same", {(3, "MAR"): 99}, [("cambiada", "", "MAR", "", "99")]),
    ],
)
def test_a_change_is_told_of_the_row_that_it_is_in(
    name: str, changes: Mapping[tuple[int, str], object], lines: list[tuple[str, ...]], tmp_path: Path
) -> None:
    assert told(written(tmp_path / "a.xlsx", name), written(tmp_path / "b.xlsx", name, changes)) == lines


def test_a_row_under_another_code_is_another_row(tmp_path: Path) -> None:
    name = "codes that every unit counts anew"
    path, other = written(tmp_path / "a.xlsx", name), written(tmp_path / "b.xlsx", name, {(3, "code"): "1.9"})
    assert told(path, other) == [("trasladada", "1.9", "Código", "1.2", "1.9")]
    renamed = written(tmp_path / "c.xlsx", name, {(3, "code"): "1.9", (3, "MAR"): 99})
    assert sorted(each[:2] for each in told(path, renamed)) == [("nueva", "1.9"), ("quitada", "1.2")]


def test_rows_without_codes_come_and_go(tmp_path: Path) -> None:
    path, other = written(tmp_path / "a.xlsx"), written(tmp_path / "b.xlsx")
    book = openpyxl.load_workbook(other)
    opened = load_one(FileBook(path))
    book[opened.sheet].delete_rows(opened.plan.rows[3].line)
    book.save(other)
    assert [(each.kind, each.name) for each in compare_books(path, other)] == [("quitada", "Comprar equipos")]
    assert [(each.kind, each.name) for each in compare_books(other, path)] == [("nueva", "Comprar equipos")]


@pytest.mark.parametrize("name", ["", "codes that every unit counts anew", "rows that are called the same"])
def test_what_was_approved_stands_beside_the_row_that_it_is_about(name: str, tmp_path: Path) -> None:
    path = written(tmp_path / "plan.xlsx", name)
    targets = [row.target for row in load_one(FileBook(path)).plan.rows if isinstance(row.target, Decimal)]
    assert len(targets) == len(items())
    approve(path, Approval("RA 1", day=date(2026, 1, 2)), Terms())
    opened = load_one(FileBook(path))
    typed(path, opened.sheet, opened.plan.rows[3].line, places(opened.layout)["target"], 77)
    approved = version_named(path, "").plan
    assert [(each.field, each.before, each.after) for each in compare_with(approved, "Aprobado", path)] == [
        ("Meta", shown(targets[3]), "77")
    ]
    update_book(path, Options(approved=approved))
    opened = load_one(FileBook(path))
    columns = opened.layout.columns
    was = [opened.grid.get(row.line, columns["approved_target"]) for row in opened.plan.rows]
    changes = [opened.grid.get(row.line, columns["target_change"]) for row in opened.plan.rows]
    assert was == targets
    assert changes == [77 - targets[3] if index == 3 else 0 for index in range(len(targets))]
    done = modify(path, Terms())
    assert [(each.field, each.before, each.after) for each in done.modified] == [("target", targets[3], 77)]


@pytest.mark.parametrize(
    "work", [lambda path: update_book(path, Options(track=True)), lambda path: evaluation_of(load_one(FileBook(path)))]
)
def test_a_year_that_begins_in_july_is_not_followed_with_wrong_figures(
    work: Callable[[Path], object], tmp_path: Path
) -> None:
    path = saved(tmp_path / "plan.xlsx", draw(FORMS["fiscal year from July"], items()).grid)
    before = path.read_bytes()
    with pytest.raises(LayoutError, match="empieza en JUL"):
        work(path)
    assert path.read_bytes() == before
    update_book(path, Options())


def test_two_answers_of_a_unit_are_compared_in_its_offices_form(tmp_path: Path) -> None:
    path = written(tmp_path / "maestro.xlsx")
    opened = load_one(FileBook(path))
    part = split_book(path)[0]
    second = tmp_path / "otra.xlsx"
    second.write_bytes(part.path.read_bytes())
    line = load_one(FileBook(path)).plan.rows[0].line
    column = own_columns(opened.layout)["·LÍNEA BASE"]
    for file, value in ((part.path, 5), (second, 6)):
        typed(file, opened.sheet, line, column, value)
    done = sync([part.path, second], path, SyncOptions())
    assert all("LÍNEA BASE: 5 / 6" in each.problem or "LÍNEA BASE: 6 / 5" in each.problem for each in done.received)


def test_a_consolidation_of_another_office_is_undone(tmp_path: Path) -> None:
    path = written(tmp_path / "maestro.xlsx")
    before = path.read_bytes()
    opened = load_one(FileBook(path))
    part = split_book(path)[0]
    typed(part.path, opened.sheet, opened.plan.rows[0].line, own_columns(opened.layout)["·INDICADOR"], "otro")
    sync([part.path], path, SyncOptions())
    assert path.read_bytes() != before
    undo(master=path)
    assert path.read_bytes() == before
