"""What we use of libraries beyond what they promise: each is named here, and fails here first when a new version differs."""

import inspect
import io
import zipfile
from importlib.metadata import version

import pytest
import xlsxwriter
from pyopenvba.cfb import CFB
from pyopenvba.vba import compress, decompress
from xlsxwriter.worksheet import Worksheet

from tests.paths import ROOT

PRIVATE = ("xlsxwriter", "pyopenvba", "click", "xlwings")


def pinned() -> dict[str, str]:
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    return dict(line.lower().split("==") for line in lines if "==" in line)


@pytest.mark.parametrize("name", PRIVATE)
def test_what_was_tested_is_what_is_pinned(name: str) -> None:
    assert version(name) == pinned()[name]


def test_xlsxwriter_asks_a_page_how_formulas_are_written() -> None:
    assert list(inspect.signature(Worksheet._prepare_formula).parameters) == [
        "self",
        "formula",
        "expand_future_functions",
    ]
    assert list(inspect.signature(Worksheet._xml_formula_element).parameters)[:4] == [
        "self",
        "formula",
        "result",
        "attributes",
    ]
    asked: list[tuple[str, object, object]] = []

    class Page(Worksheet):  # type: ignore[misc]
        def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:  # noqa: ARG002, FBT002
            return formula.removeprefix("=")

        def _xml_formula_element(self, formula: str, result: object, attributes: object) -> None:
            asked.append((formula, result, dict(attributes)["r"]))  # type: ignore[call-overload]
            self.fh.write('<c r="B2"><f>1+1</f><v>2</v></c>')

    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        book.add_worksheet("A", Page).write_formula(1, 1, "=1+1", None, 2)
    assert asked == [("1+1", 2, "B2")]
    with zipfile.ZipFile(buffer) as archive:
        assert b'<c r="B2"><f>1+1</f><v>2</v></c>' in archive.read("xl/worksheets/sheet1.xml")


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
