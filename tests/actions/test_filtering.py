"""Filter arrows over the control columns, and back again; filters and tables of the planner's stay whole."""

import re
from pathlib import Path

import pytest

from poa_xl.actions.cleaning import clean_book
from poa_xl.actions.updating import Options, update_book
from poa_xl.books.patch.editor import Editor
from poa_xl.books.patch.ranges import area_of
from poa_xl.errors import BookError
from poa_xl.sheet.headers import SHOWN
from tests.books import packages as p
from tests.books.patch.torture import members

SHEET = "xl/worksheets/sheet1.xml"
CRITERIA = '<filterColumn colId="3"><filters><filter val="Unidad Legal"/></filters></filterColumn>'
# The heading stands on row 1, the plan ends on row 3; its last column is X.
LAST = 24 + len(SHOWN)


def book(path: Path, after: str = "", names: str = "", table: str = "") -> Path:
    found = p.parts([("POA", p.plan_sheet(after=after))])
    if names:
        found["xl/workbook.xml"] = str(found["xl/workbook.xml"]).replace(
            "</sheets>", f"</sheets><definedNames>{names}</definedNames>"
        )
    if table:
        found["xl/worksheets/_rels/sheet1.xml.rels"] = (
            f'<Relationships xmlns="{p.PACKAGE}"><Relationship Id="rId1" Type="{p.RELATIONS}/table" '
            'Target="../tables/table1.xml"/></Relationships>'
        )
        found["xl/tables/table1.xml"] = (
            f'<table xmlns="{p.MAIN}" id="1" name="T" displayName="T" ref="{table}" headerRowCount="0"/>'
        )
    return p.save(path, p.pack(found))


def ref(path: Path) -> str:
    return Editor(path.read_bytes(), path.name).arrows("POA").ref


def update(path: Path) -> str:
    update_book(path, Options(backups=path.parent / "respaldos"))
    return ref(path)


def clean(path: Path) -> None:
    clean_book(path, Options(backups=path.parent / "respaldos"))


def test_a_sheet_without_arrows_gets_them_over_plan_and_control_columns(tmp_path: Path) -> None:
    path = book(tmp_path / "p.xlsx")
    before = members(path.read_bytes())
    area = area_of(update(path))
    assert area is not None
    assert (area.top, area.left, area.bottom, area.right) == (1, 1, 3, LAST)
    assert update(path), "a second check leaves them there"
    clean(path)
    assert members(path.read_bytes())[SHEET] == before[SHEET]


@pytest.mark.parametrize("inside", ["", CRITERIA])
def test_arrows_of_the_planner_s_reach_further_and_come_back_as_they_were(tmp_path: Path, inside: str) -> None:
    name = '<definedName name="_xlnm._FilterDatabase" localSheetId="0" hidden="1">\'POA\'!$A$1:$X$3</definedName>'
    path = book(tmp_path / "p.xlsx", f'<autoFilter ref="A1:X3">{inside}</autoFilter>', name)
    before = members(path.read_bytes())
    area = area_of(update(path))
    assert area is not None
    assert (area.top, area.left, area.bottom, area.right) == (1, 1, 3, LAST)
    after = members(path.read_bytes())
    assert inside.encode() in after[SHEET]
    kept = re.search(r'_FilterDatabase" localSheetId="0" hidden="1">([^<]*)', after["xl/workbook.xml"].decode())
    assert kept is not None
    assert area_of(kept[1].rpartition("!")[2]) == area
    clean(path)
    assert members(path.read_bytes())[SHEET] == before[SHEET]
    assert members(path.read_bytes())["xl/workbook.xml"] == before["xl/workbook.xml"]


@pytest.mark.parametrize(
    ("after", "table"),
    [
        ('<autoFilter ref="A2:X3"/>', ""),
        ("", "A1:X3"),
        ("", "C2:D3"),
        ('<sheetProtection sheet="1"/>', ""),
    ],
    ids=["a filter over other rows", "a table", "a table over a part", "a protected sheet"],
)
def test_what_has_arrows_of_its_own_or_no_use_for_them_stays(tmp_path: Path, after: str, table: str) -> None:
    path = book(tmp_path / "p.xlsx", after, table=table)
    before = ref(path)
    assert update(path) == before


def test_arrows_that_reach_as_far_already_stay_as_they_are(tmp_path: Path) -> None:
    path = book(tmp_path / "p.xlsx", '<autoFilter ref="$A$1:$AZ$9"/>')
    assert update(path) == "$A$1:$AZ$9"
    clean(path)
    assert ref(path) == "$A$1:$AZ$9"


def edit(path: Path, old: str, new: str) -> None:
    found = members(path.read_bytes())
    text = re.sub(old, new, found[SHEET].decode(), count=1)
    path.write_bytes(p.pack({**found, SHEET: text}))


def test_arrows_that_the_planner_took_away_stay_away(tmp_path: Path) -> None:
    name = '<definedName name="_xlnm._FilterDatabase" localSheetId="0" hidden="1">POA!$A$1:$X$3</definedName>'
    path = book(tmp_path / "p.xlsx", names=name)
    assert not update(path)
    clean(path)
    assert name in members(path.read_bytes())["xl/workbook.xml"].decode()


def test_arrows_that_somebody_took_away_stay_away(tmp_path: Path) -> None:
    path = book(tmp_path / "p.xlsx")
    update(path)
    edit(path, r"<autoFilter [^>]*/>", "")
    assert update(path) == ""


def test_arrows_that_grew_meanwhile_keep_their_rows(tmp_path: Path) -> None:
    path = book(tmp_path / "p.xlsx", '<autoFilter ref="A1:X3"/>')
    update(path)
    edit(path, r'(<autoFilter ref="A1:[A-Z]+)3"', r'\g<1>9"')
    clean(path)
    assert ref(path) == "A1:X9"


@pytest.mark.parametrize("theirs", ["", '<autoFilter ref="A1:X3"/>'])
def test_rows_filtered_out_by_a_column_of_ours_are_not_left_hidden(tmp_path: Path, theirs: str) -> None:
    path = book(tmp_path / "p.xlsx", theirs)
    update(path)
    chosen = '<filterColumn colId="26"><filters><filter val="ROJO"/></filters></filterColumn>'
    edit(path, r"(<autoFilter [^>]*)/>", rf"\1>{chosen}</autoFilter>")
    data = path.read_bytes()
    with pytest.raises(BookError, match="filtro"):
        clean(path)
    assert path.read_bytes() == data
