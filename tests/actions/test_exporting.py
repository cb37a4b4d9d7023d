"""Plans, findings and changes as tables: typed, whole, the same in every form."""

import csv
import io
import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner, Result
from hypothesis import given

from poa_xl import frames
from poa_xl.actions.exporting import FINDINGS, PLAN, TABLES
from poa_xl.actions.load import load_one
from poa_xl.actions.splitting import split_book
from poa_xl.actions.syncing import sync
from poa_xl.books.book import FileBook, MemoryBook
from poa_xl.cli import main
from poa_xl.core.dates import MONTHS
from poa_xl.core.plan import Plan
from poa_xl.core.values import Flaw, Invalid
from poa_xl.terminal.records import unquoted
from tests.paths import ROOT
from tests.plans import TITLE, change, edit, save, small
from tests.strategies import plans


@pytest.fixture
def book(tmp_path: Path) -> Path:
    plan = change(small(), "GRO1.1.1", target=Decimal("13.25"), budget=Invalid("s/n", Flaw.MALFORMED))
    return save(change(plan, "GRO1.1.2", name="=1+1", start=date(2020, 2, 29)), tmp_path / "p.xlsx")


def run(*line: object) -> Result:
    return CliRunner().invoke(main, [str(each) for each in line])


def test_a_frame_holds_every_row_with_its_types(book: Path) -> None:
    frame = frames.plan(book)
    plan = load_one(FileBook(book)).plan
    assert list(frame.columns) == list(PLAN)
    assert len(frame) == len(plan.rows) == 8
    types = {name: str(kind) for name, kind in frame.dtypes.items()}
    assert {types[name] for name in ("id", "row", "level")} == {"Int64"}
    assert {types[name] for name in ("target", "ENE", "budget", "programmed", "computed_budget")} == {"Float64"}
    assert {types[name] for name in ("start", "end")} == {"datetime64[ms]"}
    assert {types[name] for name in ("code", "name", "unit", "state", "unread")} == {"string"}
    row = frame[frame.code == "GRO1.1.1"].iloc[0]
    assert row.target == 13.25
    assert row.budget is pd.NA
    assert row.unread == "budget: s/n"
    assert row.state == "ROJO"
    assert (row.target_kind, row.programmed, row["row"]) == ("Acumulada", 12, 7)
    assert frame[frame.code == "GRO1.1.2"].start.iloc[0] == pd.Timestamp(2020, 2, 29)


def test_findings_and_changes_are_frames_too(tmp_path: Path) -> None:
    master = save(change(small(), "GRO1.1.1", target=Decimal(13)), tmp_path / "maestro.xlsx")
    found = frames.findings(master)
    assert list(found.columns) == list(FINDINGS)
    assert found[["rule", "cell", "code", "field", "row"]].to_numpy().tolist() == [
        ["meta-meses", "H7", "GRO1.1.1", "target", 7]
    ]
    split_book(master, tmp_path / "u")
    edit(tmp_path / "u" / "Unidad Legal.xlsx", ("GRO1.1.1", "owner", "Uno"))
    sync([tmp_path / "u"], master)
    changed = frames.changes(master)
    assert changed[["run", "fate", "code", "after", "undone"]].to_numpy().tolist() == [
        [1, "tomado", "GRO1.1.1", "Uno", False]
    ]
    assert str(changed.dtypes["time"]) == "datetime64[ms, UTC]"


def test_an_empty_table_has_its_columns_and_types(tmp_path: Path) -> None:
    frame = frames.findings(save(small(), tmp_path / "p.xlsx"))
    assert len(frame) == 0
    assert list(frame.columns) == list(FINDINGS)
    assert str(frame.dtypes["row"]) == "Int64"


@pytest.mark.parametrize("what", ["plan", "findings"])
def test_every_form_holds_the_same(book: Path, what: str) -> None:
    for suffix in ("csv", "json", "parquet"):
        done = run("export", book, "-o", book.with_suffix(f".{suffix}"), "--what", what)
        assert done.exit_code == 0, done.output
    expected = getattr(frames, what)(book)
    parquet = pd.read_parquet(book.with_suffix(".parquet"))
    pd.testing.assert_frame_equal(parquet.convert_dtypes(), expected.convert_dtypes(), check_dtype=False)
    listed = json.loads(book.with_suffix(".json").read_text("utf-8"))
    assert [list(row) for row in listed] == [list(TABLES[what])] * len(expected)
    text = book.with_suffix(".csv").read_bytes().decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))
    for one, other, third in zip(rows, listed, expected.to_dict("records"), strict=True):
        for name, kind in TABLES[what].items():
            typed = other[name]
            if typed is None:
                assert one[name] == ""
                assert pd.isna(third[name])
            elif kind is Decimal:
                assert float(one[name].replace(",", ".")) == typed == third[name]
            elif kind is str:
                assert unquoted(one[name]) == typed == third[name]
            else:
                assert one[name] == str(typed)


def test_a_table_takes_the_place_of_no_workbook_and_keeps_what_stood_there(book: Path, tmp_path: Path) -> None:
    assert run("export", book, "-o", tmp_path / "t.xlsx").exit_code == 2
    link = tmp_path / "t.csv"
    link.symlink_to(book)
    before = book.read_bytes()
    assert run("export", book, "-o", link).exit_code == 2
    assert book.read_bytes() == before
    link.unlink()
    link.write_text("de antes", "utf-8")
    assert "respaldos" in run("export", book, "-o", link).output
    assert [each.read_text("utf-8") for each in (tmp_path / "respaldos").glob("t *.csv")] == ["de antes"]


def test_what_cannot_be_exported_is_a_sentence_and_nothing_is_written(book: Path, tmp_path: Path) -> None:
    for line in (
        [tmp_path / "no.xlsx", "-o", tmp_path / "t.csv"],
        [book, "-o", tmp_path / "t.csv", "--what", "changes"],
        [book, book, "-o", tmp_path / "t.csv", "--what", "changes"],
        [book, "-o", tmp_path / "t.csv", "--sheet", "Otra"],
    ):
        done = run("export", *line)
        assert done.exit_code == 2
        assert "Traceback" not in done.output
    assert not (tmp_path / "t.csv").exists()


def test_without_pyarrow_parquet_says_what_to_install(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys  # noqa: PLC0415 - only here

    monkeypatch.setitem(sys.modules, "pyarrow", None)
    done = run("export", book, "-o", book.with_suffix(".parquet"))
    assert done.exit_code == 2
    assert "poa-xl[parquet]" in done.stderr
    assert run("export", book, "-o", book.with_suffix(".csv")).exit_code == 0


@given(plans())
def test_sums_of_a_frame_are_those_of_the_plan(plan: Plan) -> None:
    from poa_xl.actions.exporting import row_record  # noqa: PLC0415 - without a file
    from poa_xl.core.checks import check  # noqa: PLC0415
    from poa_xl.core.flags import flag  # noqa: PLC0415
    from poa_xl.sheet.render import plan_sheet  # noqa: PLC0415

    book = MemoryBook("p.xlsx")
    book.write([plan_sheet(plan, "POA 2020", TITLE)])
    read = load_one(book).plan
    frame = frames.framed(PLAN, (row_record(*each) for each in zip(read.rows, flag(read, check(read)), strict=True)))
    tops = frame[(frame.kind == "group") & (frame.level == 1)]
    assert tops.budget.sum() == sum(float(row.budget) for row in plan.rows[:1] if isinstance(row.budget, Decimal))
    assert (frame.budget.dropna() == frame.computed_budget[frame.budget.notna()].fillna(frame.budget)).all()


def test_every_column_stands_in_the_docs() -> None:
    text = (ROOT / "docs" / "analisis.md").read_text("utf-8")
    names = {name for columns in TABLES.values() for name in columns} - set(MONTHS)
    assert [name for name in sorted(names) if f"`{name}`" not in text] == []
