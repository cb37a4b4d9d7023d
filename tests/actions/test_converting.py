"""Workbooks of other kinds: flagged in a copy, taken where a unit sends one, refused where nothing can be done."""

from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from poa_xl.actions import converting
from poa_xl.actions.checking import check_file
from poa_xl.actions.converting import converted, package_of
from poa_xl.actions.load import load_one
from poa_xl.actions.several import clean_all, update_all
from poa_xl.actions.splitting import split_book
from poa_xl.actions.syncing import SyncOptions, sync
from poa_xl.actions.updating import Options
from poa_xl.books.book import FileBook
from poa_xl.cli import main
from poa_xl.core.outcomes import Fate
from poa_xl.errors import BookError
from poa_xl.sheet.grid import Grid
from tests.layouts import FORMS, draw, items, saved
from tests.office import Office

NAME = "meta and unit of measure"


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    return saved(tmp_path / "plan.xlsx", draw(FORMS[NAME], items()).grid)


@pytest.mark.parametrize("kind", ["xls", "ods"])
def test_an_update_works_on_a_copy_and_says_so(kind: str, plan: Path, office: Office) -> None:
    path = office.convert(plan, kind)
    before = path.read_bytes()
    (done,) = update_all(path, Options())
    copy = path.with_suffix(".xlsx")
    assert (done.path, done.backup, len(done.lost)) == (copy, None, 1)
    assert path.read_bytes() == before
    opened = load_one(FileBook(copy))
    assert opened.is_flagged
    assert [row.months for row in opened.plan.rows] == [row.months for row in load_one(FileBook(plan)).plan.rows]
    assert check_file(path).findings == check_file(copy).findings == ()
    with pytest.raises(BookError, match=copy.name):
        update_all(path, Options())
    with pytest.raises(BookError, match=copy.name):
        clean_all(path, Options())
    with pytest.raises(BookError, match="terminar en"):
        update_all(path, Options(output=path.with_name("otro.ods")))
    clean_all(copy, Options())
    assert not load_one(FileBook(copy)).is_flagged


def test_the_command_says_what_is_lost(plan: Path, office: Office, tmp_path: Path) -> None:
    path = office.convert(plan, "ods")
    done = CliRunner().invoke(main, ["update", str(path), "-o", str(tmp_path / "copia.xlsx")])
    assert done.exit_code == 0
    assert "plan.ods: la copia la hizo LibreOffice" in done.output
    assert (tmp_path / "copia.xlsx").is_file()


@pytest.mark.parametrize("kind", ["xls", "ods"])
def test_an_answer_of_another_kind_is_taken(kind: str, plan: Path, office: Office) -> None:
    parts = split_book(plan)
    unit = load_one(FileBook(parts[0].path))
    book = openpyxl.load_workbook(parts[0].path)
    book[unit.sheet].cell(unit.plan.rows[0].line, unit.layout.columns["DIC"]).value = 77
    book.save(parts[0].path)
    answers = office.convert(parts[0].path, kind).parent
    done = sync([answers], plan, SyncOptions())
    assert [(each.fate, each.field) for each in done.outcomes] == [(Fate.TAKEN, "DIC")]
    row = next(row for row in load_one(FileBook(plan)).plan.rows if row.name == unit.plan.rows[0].name)
    assert row.get("DIC") == 77
    assert sync([answers], plan, SyncOptions()).outcomes == ()


def test_without_libreoffice_it_is_said_what_to_do(
    plan: Path, office: Office, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = office.convert(plan, "ods")
    monkeypatch.setattr(converting, "program_folder", lambda: None)
    with pytest.raises(BookError, match="guardarlo como"):
        update_all(path, Options())
    monkeypatch.setattr(converting, "program_folder", lambda: tmp_path)
    with pytest.raises(BookError, match="no lo pudo convertir"):
        package_of(path)
    program = tmp_path / "soffice"
    program.write_text("#!/bin/sh\nexit 1\n", "utf-8")
    program.chmod(0o755)
    with pytest.raises(BookError, match="guardarlo como"):
        converted(path)


@pytest.mark.parametrize(("name", "data"), [("plan.xls", b"a;b;c"), ("plan.ods", b"PK"), ("plan.xls", b"PK")])
def test_what_is_no_such_workbook_is_not_made_one(name: str, data: bytes, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(BookError):
        package_of(path)


def test_cells_sheets_and_macros_that_are_lost_are_named(
    plan: Path, office: Office, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    grid = draw(FORMS[NAME], items()).grid
    both = saved(tmp_path / "dos.xlsx", grid, Grid("Otra", {1: {1: "a"}}))
    path = office.convert(both, "xls")
    path.write_bytes(path.read_bytes() + "_VBA_PROJECT".encode("utf-16-le"))
    book = openpyxl.load_workbook(plan)
    book.worksheets[0]["B4"] = "Otro nombre"
    book.save(plan)
    monkeypatch.setattr(converting, "_as_xlsx", lambda *_: plan.read_bytes())
    lost = " ".join(converted(path).lost)
    assert all(text in lost for text in ("sus macros", "«Otra» no está", "1 celdas dicen otra cosa en la copia: B4"))
