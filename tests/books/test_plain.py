"""Plainly written sheets take a short way; it must come to what expat comes to, or give way to it."""

from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from poa_xl.books import sheetxml
from poa_xl.books.package import Package
from poa_xl.books.sheetxml import read_workbook
from poa_xl.errors import BookError
from poa_xl.sheet.grid import Workbook
from tests.books import packages as p
from tests.books.patch.torture import torture
from tests.office import Office
from tests.paths import WORKBOOKS

FILES = sorted(WORKBOOKS.rglob("*.xlsx"))


def both(data: bytes, monkeypatch: pytest.MonkeyPatch) -> tuple[Workbook | str, Workbook | str, bool]:
    """What the short way and what expat make of a workbook; and whether the short way was gone to its end."""
    gone: list[bool] = []
    short = sheetxml._SheetReader._read_plain

    def watched(reader: sheetxml._SheetReader, part: bytes) -> bytes:
        rest = short(reader, part)
        gone.append(bool(rest))
        return rest

    found: list[Workbook | str] = []
    for way in (watched, lambda *_: b""):
        with monkeypatch.context() as patch:
            patch.setattr(sheetxml._SheetReader, "_read_plain", way)
            try:
                found.append(read_workbook(Package(data, "p.xlsx")))
            except BookError as error:
                found.append(str(error))
    return found[0], found[1], all(gone)


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_our_own_workbooks(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    short, long, gone = both(path.read_bytes(), monkeypatch)
    assert short == long
    assert gone


def test_workbooks_that_openpyxl_and_calc_saved(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    openpyxl.load_workbook(FILES[0]).save(tmp_path / "openpyxl.xlsx")
    for path in (tmp_path / "openpyxl.xlsx", office.convert(tmp_path / "openpyxl.xlsx", "xlsx")):
        short, long, gone = both(path.read_bytes(), monkeypatch)
        assert short == long
        assert gone


def test_a_workbook_with_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    short, long, _ = both(torture(), monkeypatch)
    assert short == long


PIECES = st.sampled_from(
    [
        '<row r="2">',
        '<row r="3" hidden="1" spans="1:2">',
        '<row r="4"/>',
        "</row>",
        "\n",
        " ",
        "<!-- x -->",
        "x",
        '<c r="A2" t="inlineStr"><is><t>a &amp; b</t></is></c>',
        '<c r="B2"><v>1.5</v></c>',
        '<c r="C2" s="1"><v>43831</v></c>',
        '<c r="D2" t="str"><f>A1&amp;"x"</f><v>x</v></c>',
        '<c r="E2"><f>A1</f><v></v></c>',
        '<c r="E3"><f>A1</f></c>',
        '<c r="F2" t="shared"><f t="shared" si="0"/><v>1</v></c>',
        '<c r="G2" t="e"><v>#REF!</v></c>',
        '<c r="H2"/>',
        '<c r="I2" t="b"><v>1</v></c>',
        '<c t="n" r="J2"><v>3</v></c>',
        "<c><v>4</v></c>",
        '<c r="K2" s="2"><v>0.5</v></c>',
        '<c r="L2" t="str"><v>_x000D_</v></c>',
        '<c r="M2"><v>&bad;</v></c>',
        '<c r="N2" t="inlineStr"><is><r><t>a</t></r></is></c>',
        '<c r="O2" t="inlineStr"><is><t xml:space="preserve"> a </t></is></c>',
        "\x01",
        '<c r="P2"><v>1</v>',
        "<![CDATA[x]]>",
        '<c r="Q2" t="str"><v>ñ\u200b😀</v></c>',
        '<c r="R2" s="99"><v>1</v></c>',
        '<c r="S2" t="d"><v>2020-01-02</v></c>',
    ]
)


@settings(max_examples=400)
@given(st.lists(PIECES, max_size=8))
def test_whatever_stands_in_a_sheet_both_ways_agree(pieces: list[str]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        inside = "".join(pieces)
        xml = f'<worksheet xmlns="{p.MAIN}"><sheetData>{inside}</sheetData><mergeCells><mergeCell ref="A1:A2"/></mergeCells></worksheet>'
        short, long, _ = both(p.pack(p.parts([("POA", xml)])), patch)
        assert short == long


@pytest.mark.parametrize("encoding", ["utf-16", "iso-8859-1", "utf-8-sig"])
def test_other_encodings(encoding: str, monkeypatch: pytest.MonkeyPatch) -> None:
    name = {"utf-8-sig": "UTF-8"}.get(encoding, encoding.upper())
    xml = f'<?xml version="1.0" encoding="{name}"?>' + p.plan_sheet({"C": p.text("Operación")})
    short, long, _ = both(
        p.pack({**p.parts([("POA", "")]), "xl/worksheets/sheet1.xml": xml.encode(encoding)}), monkeypatch
    )
    assert short == long
    assert isinstance(long, Workbook)
