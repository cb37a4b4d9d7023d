"""What we use of libraries beyond what they promise: each is named here, and fails here first when a new version differs."""

import inspect
import io
import re
import tomllib
import zipfile
from datetime import date
from importlib.metadata import version

import pytest
import xlsxwriter
from pyopenvba.cfb import CFB
from pyopenvba.vba import compress, decompress
from xlsxwriter import worksheet as library
from xlsxwriter.worksheet import Worksheet

import poa_xl
from tests.paths import ROOT

PRIVATE = ("xlsxwriter", "pyopenvba", "click", "xlwings")


def pinned() -> dict[str, str]:
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    return dict(line.lower().split("==") for line in lines if "==" in line)


@pytest.mark.parametrize("name", PRIVATE)
def test_what_was_tested_is_what_is_pinned(name: str) -> None:
    assert version(name) == pinned()[name]


def test_the_pythons_that_the_package_names_are_tested() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    named = {each.split()[-1] for each in project["classifiers"] if re.search(r"Python :: 3\.\d+$", each)}
    lowest = project["requires-python"].removeprefix(">=")
    newer = re.search(r"for version in ([\d. ]+);", (ROOT / ".ci" / "pythons").read_text("utf-8"))
    assert newer is not None
    assert lowest in named
    assert named <= {lowest, *newer[1].split()}


def test_the_version_is_one_that_the_changelog_dates() -> None:
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert re.search(rf"^## \[{re.escape(poa_xl.__version__)}\] - \d{{4}}-\d\d-\d\d$", text, re.MULTILINE)


def test_xlsxwriter_asks_a_page_for_its_rows() -> None:
    """What `books/pages.py` takes the place of, and what it calls."""
    named = {
        "_write_rows": ["self"],
        "_calculate_spans": ["self"],
        "_write_row": ["self", "row", "spans", "row_info", "empty_row"],
        "_write_empty_row": ["self", "row", "spans", "row_info"],
        "_check_dimensions": ["self", "row", "col", "ignore_row", "ignore_col"],
        "_prepare_formula": ["self", "formula", "expand_future_functions"],
    }
    assert {name: list(inspect.signature(getattr(Worksheet, name)).parameters) for name in named} == named

    class Page(Worksheet):  # type: ignore[misc]
        def _write_rows(self) -> None:
            asked.append(self.table)
            self._calculate_spans()
            assert (self.row_spans, self.row_info, self.dim_rowmin, self.dim_rowmax, self.dim_colmax) == (
                {0: "1:6"},
                {},
                1,
                1,
                5,
            )
            self._write_row(1, self.row_spans[0], None)
            self.fh.write('<c r="B2"><f>1+1</f><v>2</v></c>')
            self._xml_end_tag("row")

    asked: list[object] = []
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        page, look = book.add_worksheet("A", Page), book.add_format({"bold": True})
        page.write_formula(1, 0, "=1+1", look, 2)
        page.write_number(1, 1, 2.5)
        page.write_string(1, 2, "a")
        page.write_blank(1, 3, None, look)
        page.write_boolean(1, 4, True)  # noqa: FBT003 - as the library takes it
        page.write_datetime(1, 5, date(2020, 1, 2))
        assert page.str_table._get_shared_string_index("b") == 1
    cells = {
        0: library.CellFormulaTuple("1+1", look, 2),
        1: library.CellNumberTuple(2.5, None),
        2: library.CellStringTuple(0, None),
        3: library.CellBlankTuple(look),
        4: library.CellBooleanTuple(1, None),
        5: library.CellDatetimeTuple(43832, None),
    }
    assert asked == [{1: cells}]
    assert [type(cell) for cell in cells.values()] == [type(cell) for cell in page.table[1].values()]
    assert look._get_xf_index() == look._get_xf_index()
    with zipfile.ZipFile(buffer) as archive:
        assert b'<row r="2" spans="1:6"><c r="B2"><f>1+1</f><v>2</v></c></row>' in archive.read(
            "xl/worksheets/sheet1.xml"
        )


def test_pyopenvba_opens_the_project_and_packs_it_again() -> None:
    for name in ("from_bytes", "get_stream_in_storage", "write_stream_in_storage"):
        assert callable(getattr(CFB, name))
    for data in (b"x", b"PoaVerificar" * 1000, bytes(range(256)) * 20):
        assert decompress(compress(data)) == data


def test_click_takes_its_words_from_gettext() -> None:
    import gettext  # noqa: PLC0415 - only here

    import click.core  # noqa: PLC0415

    assert vars(click.core)["_"] is gettext.gettext
    assert isinstance(click.Command("x").get_help_option(click.Context(click.Command("x"))), click.Option)
