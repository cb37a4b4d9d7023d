"""What a workbook brings from another machine: paths to an add-in, settings for programs. Named, mended, never obeyed."""

import json
import shutil
import zipfile
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner
from lxml import etree

from poa_xl.actions.checking import check_file
from poa_xl.actions.updating import Options, update_book
from poa_xl.books.carried import foreign_settings, notices, without_paths
from poa_xl.books.package import Package, open_package
from poa_xl.cli import main
from tests.excel_saved import START, saved
from tests.paths import MASTER

OTHER = r"file:///D:\tarifas.xlsx"


@pytest.fixture(scope="module")
def functions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("funciones") / "plan.xlsx"
    shutil.copy(MASTER, path)
    update_book(path, Options(functions=True))
    return path


@pytest.fixture
def plan(functions: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(functions, tmp_path / "plan.xlsx"))


def contents(data: bytes | Path) -> dict[str, bytes]:
    raw = data if isinstance(data, bytes) else data.read_bytes()
    package = Package(raw, "x.xlsx")
    return {name: package.read(name) for name in package.names}


@pytest.mark.parametrize(
    "prefix",
    [
        "[1]!",
        "[7]!",
        "'C:\\Users\\José Núñez\\XLSTART\\poa_xl.xlam'!",
        "'C:\\O''Neil &amp; Cía\\poa_xl (2).xlam'!",
        "poa_xl.xlam!",
        "_xludf.",
        "_xldudf_",
    ],
)
def test_functions_are_called_by_their_names_again(prefix: str, plan: Path) -> None:
    before = contents(plan)
    saved(plan, prefix=prefix)
    (told,) = notices(open_package(plan))
    # Alike ones are one text that many cells share.
    assert int(told.split()[0]) >= 5
    assert contents(without_paths(plan.read_bytes(), "plan.xlsx")) == before


def test_a_mended_workbook_is_left_as_it_is(plan: Path) -> None:
    data = plan.read_bytes()
    assert without_paths(data, "plan.xlsx") is data
    assert notices(open_package(plan)) == []


def test_a_link_that_others_follow_stays_in_its_place_without_a_path(plan: Path) -> None:
    saved(plan, [START, OTHER])
    after = contents(without_paths(plan.read_bytes(), "plan.xlsx"))
    assert after["xl/workbook.xml"].count(b"<externalReference ") == 2
    assert b'Target="poa_xl.xlam"' in after["xl/externalLinks/_rels/externalLink1.xml.rels"]
    assert b"tarifas.xlsx" in after["xl/externalLinks/_rels/externalLink2.xml.rels"]
    assert b"]!POA_" not in after["xl/worksheets/sheet1.xml"]


def test_several_links_of_ours_at_the_end_go(plan: Path) -> None:
    saved(plan, [OTHER, START, START.replace("José", "Ana")], prefix="[3]!")
    after = contents(without_paths(plan.read_bytes(), "plan.xlsx"))
    assert after["xl/workbook.xml"].count(b"<externalReference ") == 1
    assert [name for name in after if "externalLink" in name] == [
        "xl/externalLinks/externalLink1.xml",
        "xl/externalLinks/_rels/externalLink1.xml.rels",
    ]
    assert b"externalLink2" not in after["[Content_Types].xml"] + after["xl/_rels/workbook.xml.rels"]


def test_functions_of_another_add_in_are_left(plan: Path) -> None:
    saved(plan, [r"file:///C:\otro.xlam"])
    assert notices(open_package(plan)) == []
    assert without_paths(plan.read_bytes(), "plan.xlsx") == plan.read_bytes()


def test_a_link_that_something_else_uses_stays(plan: Path) -> None:
    saved(plan)
    with zipfile.ZipFile(plan) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(
        b"<definedNames>", b'<definedNames><definedName name="otra">[1]!OTRA(1)</definedName>'
    )
    with zipfile.ZipFile(plan, "w") as package:
        for name, content in parts.items():
            package.writestr(name, content)
    after = contents(without_paths(plan.read_bytes(), "plan.xlsx"))
    assert b"[1]!OTRA(1)" in after["xl/workbook.xml"]
    assert b'Target="poa_xl.xlam"' in after["xl/externalLinks/_rels/externalLink1.xml.rels"]


def test_every_part_that_is_left_is_well_formed_and_known(plan: Path) -> None:
    after = contents(without_paths(saved(plan).read_bytes(), "plan.xlsx"))
    for name, content in after.items():
        if name.endswith((".xml", ".rels")):
            etree.fromstring(content)
    assert not [name for name in after if "externalLink" in name]


# ---- the commands


def run(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(main, arguments, catch_exceptions=False)
    return done.exit_code, done.output


def test_check_names_them_update_and_clean_mend_them(plan: Path) -> None:
    saved(plan)
    assert "por el complemento de otro equipo" in run("check", str(plan))[1]
    assert "por el complemento de otro equipo" in run("check", "--format", "csv", str(plan))[1]
    told = json.loads(run("check", "--json", str(plan))[1])["notices"]
    assert "por el complemento de otro equipo" in told[str(plan)][0]
    copy = Path(shutil.copy(plan, plan.with_name("copia.xlsx")))
    run("update", str(plan), "--functions")
    assert check_file(plan).notices == ()
    assert not [name for name in contents(plan) if "externalLink" in name]
    assert run("clean", str(copy))[0] == 0
    assert not [name for name in contents(copy) if "externalLink" in name]


def test_clean_mends_a_workbook_that_has_nothing_else_of_ours(tmp_path: Path) -> None:
    path = Path(shutil.copy(MASTER, tmp_path / "plan.xlsx"))
    assert run("clean", str(path))[0] == 2
    saved(path)
    assert run("clean", str(path))[0] == 0
    assert contents(path) == contents(MASTER)


SPELLINGS = ["poa_xl.conf", "POA_XL.CONF", "Poa_xl.Conf", "xlwings.conf", "código.PY", "poa_xl.conf "]


@pytest.mark.parametrize("name", SPELLINGS)
def test_a_sheet_that_would_start_programs_is_named(name: str, tmp_path: Path) -> None:
    path = tmp_path / "plan.xlsx"
    book = openpyxl.load_workbook(MASTER)
    sheet = book.create_sheet(name)
    sheet.append(["INTERPRETER_WIN", r"C:\malo.exe"])
    sheet.sheet_state = "veryHidden"
    book.save(path)
    code, said = run("check", str(path))
    assert (code, f"la hoja «{name}» pretende decir qué programa se arranca" in " ".join(said.split())) == (1, True)


@pytest.mark.parametrize("name", ["POA 2020", "poa_xl.conf 2", "conf", "py", "poa_xl"])
def test_other_sheets_are_not(name: str) -> None:
    assert foreign_settings([name]) == []


def test_sync_names_the_workbook_that_carries_one(tmp_path: Path) -> None:
    master = Path(shutil.copy(MASTER, tmp_path / "maestro.xlsx"))
    run("split", str(master), "-o", str(tmp_path / "u"))
    sent = min((tmp_path / "u").rglob("*.xlsx"))
    book = openpyxl.load_workbook(sent)
    book.create_sheet("POA_XL.conf")
    book.save(sent)
    done = CliRunner().invoke(main, ["sync", str(sent), "--into", str(master), "--dry-run", "--json"])
    lines = json.loads(done.stdout)["submissions"]
    assert ["POA_XL.conf" in each["note"] for each in lines if each["file"] == sent.name] == [True]
