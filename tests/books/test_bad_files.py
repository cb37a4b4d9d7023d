"""What real files throw at us, before any cell is read: read right, or refused with a reason."""

import io
import re
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from poa_xl.actions.checking import check_file
from poa_xl.books.package import Package, is_book_name
from poa_xl.books.sheetxml import read_workbook
from poa_xl.errors import BookError
from poa_xl.sheet.grid import letters
from tests.books import packages as p

GOOD = p.book()


def without(name: str) -> bytes:
    members = p.parts([("POA", p.plan_sheet())])
    del members[name]
    return p.pack(members)


def replaced(name: str, content: str | bytes) -> bytes:
    return p.pack({**p.parts([("POA", p.plan_sheet())]), name: content})


def broken_crc() -> bytes:
    stored = io.BytesIO()
    with zipfile.ZipFile(stored, "w", zipfile.ZIP_STORED) as package:
        for name, content in p.parts([("POA", p.plan_sheet())]).items():
            package.writestr(name, content)
    data = stored.getvalue()
    return data.replace(b"Unidad Legal", b"Unidad Leg4l", 1)


def doubled() -> bytes:
    buffer = io.BytesIO(GOOD)
    with zipfile.ZipFile(buffer, "a") as package:
        package.writestr("xl/WORKSHEETS/sheet1.xml", p.plan_sheet())
    return buffer.getvalue()


def encrypted_member() -> bytes:
    """Set the encryption bit of every member in both of its headers."""
    data = bytearray(GOOD)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(mark)
        while at >= 0:
            data[at + offset] |= 1
            at = data.find(mark, at + 1)
    return bytes(data)


def bomb() -> bytes:
    """A package whose directory promises a sheet of two gigabytes."""
    data = bytearray(GOOD)
    at = data.rfind(b"PK\x01\x02")
    data[at + 24 : at + 28] = struct.pack("<I", 2 * 2**30 - 1)
    return bytes(data)


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
ENTITIES = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><worksheet>&b;</worksheet>'

REFUSED: list[tuple[str, str, bytes, str]] = [
    ("1-zero-bytes", "p.xlsx", b"", "cero bytes"),
    ("1-lock-file", "~$p.xlsx", b"\x03Ana" + b" " * 50, "Ana lo tiene abierto"),
    ("2-encrypted", "p.xlsx", OLE + "EncryptedPackage".encode("utf-16-le"), "contraseña"),
    ("2-xls", "p.xlsx", OLE, r"\.xls antiguo"),
    (
        "2-ods",
        "p.xlsx",
        p.pack({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<a/>"}),
        r"\.ods",
    ),
    ("2-xlsb", "p.xlsx", p.pack({"[Content_Types].xml": "<Types/>", "xl/workbook.bin": b"x"}), r"\.xlsb"),
    ("2-html", "p.xlsx", b"<html><table><tr><td>1</td></tr></table></html>", "HTML"),
    ("2-csv", "p.xlsx", b"Id;C\xf3digo;Meta\n", "CSV"),
    ("2-zip", "p.xlsx", p.pack({"hola.txt": "x"}), "zip y no un libro"),
    ("3-truncated", "p.xlsx", GOOD[: len(GOOD) // 2], "cortado"),
    ("3-only-a-head", "p.xlsx", b"PK\x03\x04", "cortado"),
    ("3-crc", "p.xlsx", broken_crc(), "xl/worksheets/sheet1.xml"),
    ("3-doubled-member", "p.xlsx", doubled(), "dos veces"),
    ("3-encrypted-member", "p.xlsx", encrypted_member(), "parte dañada"),
    ("3-missing-worksheet", "p.xlsx", without("xl/worksheets/sheet1.xml"), "xl/worksheets/sheet1.xml"),
    ("3-missing-workbook", "p.xlsx", without("xl/workbook.xml"), "xl/workbook.xml"),
    ("3-missing-root-relations", "p.xlsx", without("_rels/.rels"), "_rels/.rels"),
    ("3-missing-relations", "p.xlsx", without("xl/_rels/workbook.xml.rels"), "«POA» no tiene parte"),
    (
        "3-no-sheets",
        "p.xlsx",
        replaced("xl/workbook.xml", f'<workbook xmlns="{p.MAIN}"><sheets/></workbook>'),
        "ninguna hoja",
    ),
    ("3-malformed-xml", "p.xlsx", replaced("xl/worksheets/sheet1.xml", "<worksheet><sheetData>"), "XML dañado"),
    (
        "3-bad-numbers-in-xml",
        "p.xlsx",
        replaced("xl/worksheets/sheet1.xml", '<worksheet><row r="x"/></worksheet>'),
        "XML dañado",
    ),
    ("4-bomb", "p.xlsx", bomb(), "MB"),
    ("4-entities", "p.xlsx", replaced("xl/worksheets/sheet1.xml", ENTITIES), "definición de tipo"),
    ("4-entities-in-styles", "p.xlsx", replaced("xl/styles.xml", ENTITIES), "definición de tipo"),
]


@pytest.mark.parametrize(("name", "data", "reason"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED])
def test_a_file_that_is_no_workbook_is_refused_by_name_with_a_reason(
    tmp_path: Path, name: str, data: bytes, reason: str
) -> None:
    result = check_file(p.save(tmp_path / name, data))
    assert result.problem
    assert name.removeprefix("~$") in result.problem
    assert re.search(reason, result.problem)


def test_a_text_whose_shared_string_is_missing_is_refused_by_cell(tmp_path: Path) -> None:
    data = p.book({"C": p.raw("<v>5</v>", "s")})
    assert "celda C3" in check_file(p.save(tmp_path / "p.xlsx", data)).problem


@pytest.mark.parametrize("make", [lambda path: path, lambda path: path.mkdir() or path])
def test_what_is_not_there_or_is_a_folder_is_refused(tmp_path: Path, make: Callable[[Path], Path]) -> None:
    assert "p.xlsx" in check_file(make(tmp_path / "p.xlsx")).problem


def reads_well(path: Path) -> None:
    result = check_file(path)
    assert result.problem == ""
    assert (result.groups, result.operations) == (1, 1)
    assert result.findings == ()


def strict() -> bytes:
    xml = p.plan_sheet().replace(p.MAIN, p.STRICT)
    return p.pack(p.parts([("POA", xml)], relations=p.STRICT_RELATIONS, main=p.STRICT))


def prefixed() -> bytes:
    xml = p.plan_sheet().replace(f'xmlns="{p.MAIN}"', f'xmlns:x="{p.MAIN}"')
    for tag in ("worksheet", "sheetData", "row", "c", "v", "is", "t"):
        xml = (
            xml.replace(f"<{tag} ", f"<x:{tag} ").replace(f"<{tag}>", f"<x:{tag}>").replace(f"</{tag}>", f"</x:{tag}>")
        )
    return replaced("xl/worksheets/sheet1.xml", xml)


def absolute() -> bytes:
    rels = str(p.parts([("POA", "")])["xl/_rels/workbook.xml.rels"])
    return replaced(
        "xl/_rels/workbook.xml.rels",
        rels.replace("worksheets/", "/xl/worksheets/").replace("styles", "../xl/./styles"),
    )


def unaddressed() -> bytes:
    """No r= on rows and cells: position counts, so that every column is written, blank ones too."""
    cells = {letters(column): p.OPERATION.get(letters(column), "<c/>") for column in range(1, 25)}
    group = {letters(column): p.GROUP.get(letters(column), "<c/>") for column in range(1, 25)}
    xml = p.sheet({1: p.HEADER, 2: group, 3: cells})
    return replaced("xl/worksheets/sheet1.xml", re.sub(r' r="\w+"', "", xml))


def backslashed() -> bytes:
    return p.pack(
        {f"\\{name}".replace("/", "\\"): content for name, content in p.parts([("POA", p.plan_sheet())]).items()}
    )


def descriptors() -> bytes:
    """Written to a stream that cannot seek, so that sizes follow the members."""

    class Stream(io.RawIOBase):
        def __init__(self) -> None:
            self.data = b""

        def writable(self) -> bool:
            return True

        def write(self, data: object) -> int:
            chunk = bytes(data)  # type: ignore[call-overload]
            self.data += chunk
            return len(chunk)

    stream = Stream()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in p.parts([("POA", p.plan_sheet())]).items():
            package.writestr(name, content)
    return stream.data


def zip64() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in p.parts([("POA", p.plan_sheet())]).items():
            with package.open(name, "w", force_zip64=True) as member:
                member.write(content if isinstance(content, bytes) else content.encode())
    return buffer.getvalue()


def utf16(xml: str) -> bytes:
    return ('<?xml version="1.0" encoding="UTF-16"?>' + xml).encode("utf-16")


def shared() -> bytes:
    rich = "<si><r><t>Unidad </t></r><r><rPr><b/></rPr><t>Legal</t></r><rPh><t>ruido</t></rPh></si>"
    strings = f"<si><t>Operación_x000D_</t></si>{rich}"
    xml = p.plan_sheet({"C": p.raw("<v>0</v>", "s"), "D": p.raw("<v>1</v>", "s")})
    return p.pack(p.parts([("POA", xml)], strings=strings))


def with_chart_sheet() -> bytes:
    members = p.parts([("POA", p.plan_sheet()), ("Gráfico", "")])
    rels = str(members["xl/_rels/workbook.xml.rels"])
    members["xl/_rels/workbook.xml.rels"] = rels.replace(
        '/worksheet" Target="worksheets/sheet2.xml"', '/chartsheet" Target="chartsheets/sheet2.xml"'
    )
    return p.pack(members)


def hidden() -> bytes:
    members = p.parts([("Ñandú «x» 31 caracteres aquí !!!", p.plan_sheet()), ("poa ", p.sheet({}))])
    members["xl/workbook.xml"] = str(members["xl/workbook.xml"]).replace(
        'sheetId="2"', 'sheetId="2" state="veryHidden"'
    )
    return p.pack(members)


READ: list[tuple[str, str, bytes]] = [
    ("3-zip64", "p.xlsx", zip64()),
    ("3-data-descriptors", "p.xlsx", descriptors()),
    ("3-backslashes", "p.xlsx", backslashed()),
    ("4-utf16", "p.xlsx", replaced("xl/worksheets/sheet1.xml", utf16(p.plan_sheet()))),
    ("4-byte-order-mark", "p.xlsx", replaced("xl/worksheets/sheet1.xml", b"\xef\xbb\xbf" + p.plan_sheet().encode())),
    ("5-strict", "p.xlsx", strict()),
    ("5-prefix", "p.xlsx", prefixed()),
    ("5-inline-strings", "p.xlsx", GOOD),
    ("5-absolute-names", "p.xlsx", absolute()),
    ("5-no-addresses", "p.xlsx", unaddressed()),
    ("6-xlsm", "p.xlsm", GOOD),
    ("6-xltx", "p.xltx", GOOD),
    ("6-chart-sheet", "p.xlsx", with_chart_sheet()),
    ("6-very-hidden-sheet-and-long-name", "p.xlsx", hidden()),
    (
        "7-wrong-dimension",
        "p.xlsx",
        replaced(
            "xl/worksheets/sheet1.xml", p.plan_sheet().replace("<sheetData>", '<dimension ref="A1:B2"/><sheetData>')
        ),
    ),
    (
        "7-empty-fill-and-nameless-style",
        "p.xlsx",
        replaced(
            "xl/styles.xml",
            p.STYLES.replace("</styleSheet>", '<cellStyles count="1"><cellStyle xfId="0"/></cellStyles></styleSheet>'),
        ),
    ),
    (
        "13-stray-cell-at-the-end",
        "p.xlsx",
        replaced(
            "xl/worksheets/sheet1.xml",
            p.plan_sheet().replace("</sheetData>", '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'),
        ),
    ),
    ("5-shared-and-rich-strings", "p.xlsx", shared()),
]


@pytest.mark.parametrize(("name", "data"), [case[1:] for case in READ], ids=[case[0] for case in READ])
def test_a_file_that_is_odd_but_right_is_read(tmp_path: Path, name: str, data: bytes) -> None:
    reads_well(p.save(tmp_path / name, data))


def test_a_workbook_without_styles_is_read_with_its_day_numbers(tmp_path: Path) -> None:
    members = p.parts([("POA", p.plan_sheet())])
    del members["xl/styles.xml"]
    members["xl/_rels/workbook.xml.rels"] = str(members["xl/_rels/workbook.xml.rels"]).replace("/styles", "/nada")
    reads_well(p.save(tmp_path / "p.xlsx", p.pack(members)))


def test_cell_formats_that_do_not_exist_are_general(tmp_path: Path) -> None:
    reads_well(p.save(tmp_path / "p.xlsx", p.book({"H": p.number(12, 999)})))


def test_dates_out_of_range_stay_numbers(tmp_path: Path) -> None:
    findings = check_file(p.save(tmp_path / "p.xlsx", p.book({"F": p.number(-5, 1)}))).findings
    assert ("fecha-invalida", "F3") in {(finding.rule, where.cell) for where, finding in findings}


def test_hidden_sheets_and_sheets_that_differ_by_a_blank_are_told_apart() -> None:
    grids = read_workbook(Package(hidden(), "p.xlsx"))
    assert [(grid.name, grid.visible) for grid in grids] == [
        ("Ñandú «x» 31 caracteres aquí !!!", True),
        ("poa ", False),
    ]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a.xlsx", True),
        ("a.XLSM", True),
        ("a.xltx", True),
        ("~$a.xlsx", False),
        (".a.xlsx", False),
        ("a.xls", False),
    ],
)
def test_workbooks_are_known_by_name(name: str, expected: bool) -> None:
    assert is_book_name(Path(name)) is expected


@settings(max_examples=150)
@given(st.integers(0, len(GOOD) - 1), st.integers(0, 255), st.booleans())
def test_no_damage_ends_in_anything_but_a_refusal(at: int, byte: int, cut: bool) -> None:
    data = GOOD[:at] if cut else GOOD[:at] + bytes([byte]) + GOOD[at + 1 :]
    try:
        grids = read_workbook(Package(data, "p.xlsx"))
    except BookError as error:
        assert "p.xlsx" in str(error)  # noqa: PT017 - a refusal and a reading are both right
    else:
        assert grids
