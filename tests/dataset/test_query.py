"""Questions to a dataset: it alone can be read, nothing can be written, and what is no question is told."""

import re
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result

from poa_xl.cli import main
from poa_xl.dataset import books
from poa_xl.dataset.books import write_books
from poa_xl.dataset.collect import CollectOptions, collect
from poa_xl.dataset.query import query
from poa_xl.errors import BookError
from tests.country import REGIONS, country
from tests.paths import ROOT


def run(*line: object) -> Result:
    return CliRunner().invoke(main, [str(each) for each in line], env={"COLUMNS": "160", "LANGUAGE": "es"})


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = country(tmp_path_factory.mktemp("country"))
    (folder / REGIONS[0] / "malo.xlsx").write_bytes(b"PK no")
    return folder


@pytest.fixture(scope="module")
def dataset(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dataset") / "it's"
    collect([str(source)], folder, CollectOptions(jobs=1))
    return folder


@pytest.mark.parametrize(
    ("sql", "wanted"),
    [
        (
            "SELECT region, sum(counted) FROM rows GROUP BY region ORDER BY region",
            [(each, Decimal(600)) for each in REGIONS],
        ),
        ("SELECT count(*) FROM changes", [(0,)]),
        ("SELECT typeof(region) FROM changes UNION SELECT typeof(region) FROM rows", [("VARCHAR",)]),
        ("WITH red AS (SELECT * FROM rows WHERE state = 'ROJO') SELECT count(*) FROM red", [(0,)]),
        ("SELECT NULL, 1.50, true", [(None, Decimal("1.5"), True)]),
        ("SELECT [region] FROM rows WHERE region = 'La Paz' LIMIT 1", [("La Paz",)]),
    ],
)
def test_a_question_is_answered(dataset: Path, sql: str, wanted: list[tuple[object, ...]]) -> None:
    assert list(query(dataset, sql).rows) == wanted


def test_the_questions_of_the_guide_are_answered(dataset: Path) -> None:
    text = (ROOT / "docs" / "pais.md").read_text("utf-8")
    (asked,) = re.findall(r"```sql\n(.*?)```", text, re.DOTALL)
    questions = [each for each in asked.split(";\n") if each.strip()]
    assert len(questions) == 6
    assert [len(query(dataset, each).rows) for each in questions] == [4, 0, 1, 0, 0, 2]


@pytest.mark.parametrize(
    "sql",
    [
        "DROP VIEW rows",
        "CREATE TABLE x AS SELECT 1",
        "COPY (SELECT 1) TO 'x.csv'",
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM read_text('/etc/hostname')",
        "SET enable_external_access = true",
        "INSTALL httpfs",
        "ATTACH 'x.db'",
        "SELECT 1; SELECT 2",
        "SELECT",
        "SELECT nada FROM rows",
        "",
        "hola",
    ],
)
def test_anything_else_is_refused_with_a_sentence(dataset: Path, sql: str) -> None:
    with pytest.raises(BookError, match="pregunta"):
        query(dataset, sql)


def test_a_folder_that_is_none_of_ours_is_told(tmp_path: Path) -> None:
    with pytest.raises(BookError, match="no es una carpeta de poa sync --to"):
        query(tmp_path)


def test_books_lead_to_each_region_and_name_what_is_missing(dataset: Path, tmp_path: Path) -> None:
    made = write_books(dataset, tmp_path / "pais.xlsx")
    assert [path.name for path, _ in made] == ["pais.xlsx", *(f"{each}.xlsx" for each in REGIONS)]
    index = openpyxl.load_workbook(tmp_path / "pais.xlsx")
    page = index["Resumen"]
    assert [[cell.value for cell in row][:6] for row in page.iter_rows(min_row=2, max_row=3)] == [
        [REGIONS[0], 2, 1, 10, 0, 600],
        [REGIONS[1], 2, 0, 10, 0, 600],
    ]
    link = page["A3"].hyperlink
    assert link is not None
    # XlsxWriter's way of writing a path, which Excel and Calc both follow.
    assert link.target == f"pais\\{REGIONS[1].replace(' ', '%20')}.xlsx"
    assert [row[1].value for row in index["Sin tomar"].iter_rows(min_row=2)] == ["malo.xlsx"]
    plan = openpyxl.load_workbook(tmp_path / "pais" / f"{REGIONS[1]}.xlsx")["POA"]
    assert sum(1 for row in plan.iter_rows(min_row=2) if row[1].value) == 10 - 2
    again = write_books(dataset, tmp_path / "pais.xlsx")
    assert all(backup is None or backup.exists() for _, backup in again)


def test_a_list_that_no_sheet_holds_goes_on_in_the_next(
    dataset: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(books, "MOST_ROWS", 8)
    write_books(dataset, tmp_path / "pais.xlsx")
    workbook = openpyxl.load_workbook(tmp_path / "pais" / f"{REGIONS[1]}.xlsx")
    assert workbook.sheetnames[:2] == ["POA", "POA 2"]
    assert [sheet.max_row for sheet in workbook.worksheets[:2]] == [8, 4]


def test_sync_to_a_folder_and_questions_by_command(source: Path, tmp_path: Path) -> None:
    done = run("sync", source, "--to", tmp_path / "d", "--jobs", "1")
    assert done.exit_code == 1
    assert "4 libros tomados, de ellos 4 leídos ahora; 1 sin tomar" in done.stdout
    assert "malo.xlsx" in done.stderr
    asked = run(
        "query",
        tmp_path / "d",
        "SELECT of_unit, sum(counted) AS bs FROM rows WHERE counted > 0 GROUP BY of_unit ORDER BY of_unit",
    )
    assert asked.exit_code == 0
    assert "Unidad Legal" in asked.stdout
    assert "800" in asked.stdout
    assert run("query", tmp_path / "d").stdout.count("600") == 2
    listed = run(
        "query", tmp_path / "d", "SELECT code, counted, start FROM rows WHERE counted > 250", "-o", tmp_path / "r.csv"
    )
    assert listed.exit_code == 0
    assert (tmp_path / "r.csv").read_text("utf-8-sig").splitlines()[0] == "code;counted;start"
    assert '"taken": 4' in run("sync", source, "--to", tmp_path / "d", "--json").stdout
    assert '"region": "La Paz"' in run("query", tmp_path / "d", "--json").stdout


def test_sync_to_a_workbook_by_command(source: Path, tmp_path: Path) -> None:
    done = run("sync", source, "--to", tmp_path / "pais.xlsx")
    assert done.exit_code == 1
    assert sorted(each.name for each in tmp_path.rglob("*.xlsx")) == sorted(
        ["pais.xlsx", *(f"{each}.xlsx" for each in REGIONS)]
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--to", "d", "--into", "m.xlsx"), "--into y --to no van juntos"),
        (("--to", "d", "--prefer", "unit", "--accept-removals", "--dry-run"), "--prefer, --accept-removals, --dry-run"),
        (("--to", "d", "--engine", "dask"), "--scheduler"),
        (("--to", "d", "--scheduler", "tcp://x:1"), "--engine dask"),
        (("--into", "m.xlsx", "--engine", "dask"), "van con --to"),
        ((), "falta --into MAESTRO o --to CARPETA"),
    ],
)
def test_options_that_do_not_go_together_are_told(source: Path, arguments: tuple[str, ...], said: str) -> None:
    done = run("sync", source, *arguments)
    assert done.exit_code == 2
    assert said in done.stderr


def test_sync_to_needs_a_source(tmp_path: Path) -> None:
    assert "ORIGEN" in run("sync", "--to", tmp_path / "d").stderr


@pytest.mark.parametrize(("module", "line"), [("duckdb", ("query", "d")), ("pyarrow", ("sync", "x", "--to", "d"))])
def test_what_is_not_installed_is_named(
    dataset: Path, module: str, line: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    import sys  # noqa: PLC0415 - only here

    monkeypatch.setitem(sys.modules, module, None)
    for name in [each for each in sys.modules if each.startswith("poa_xl.dataset")]:
        monkeypatch.delitem(sys.modules, name)
    done = run(*(str(dataset) if each == "d" else each for each in line))
    assert done.exit_code == 2
    assert f"falta {module}: instalar poa-xl[pais]" in done.stderr
