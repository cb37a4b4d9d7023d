"""Every edit over every dialect: what nobody asked for stays, and the package stays valid."""

import warnings
import zipfile
from collections.abc import Callable
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from random import Random

import pytest

from poa_xl.actions.cleaning import clean_book
from poa_xl.actions.updating import Options, update_book
from poa_xl.books.package import Package
from poa_xl.books.patch.editor import Editor
from poa_xl.books.patch.moved import NewRow
from poa_xl.books.sheetxml import read_workbook
from poa_xl.errors import BookError
from poa_xl.sheet.spec import Cell, Content, SheetSpec, Style
from tests.books.zoo.comparator import Inserted, differences
from tests.books.zoo.dialects import DIALECTS, written
from tests.books.zoo.features import FEATURES, with_feature
from tests.books.zoo.fleet import by_openpyxl, by_xlsxwriter, respelled
from tests.books.zoo.rarities import RARITIES, with_rarity
from tests.books.zoo.validity import faults
from tests.books.zoo.workbooks import plan_workbook

RED = Style(bold=True, fill="#FF0000", number_format="0.0000")
# What an update adds to a plan sheet, in the words of the comparator.
OURS = (
    r"^POA!(Y|Z|A[A-Z]|B[A-Z]|C[A-C]|G[S-Z]|H[A-Z]|I[A-L])\d+$",
    r"^hoja POA: columnas (?:2[4-9]|[3-9]\d|2\d\d)-",
    r"^hoja POA: .*/(conditionalFormatting|cfRule|formula|dataValidations?|formula1)#",
    r"sheetFormatPr",
    r"^Hallazgos|^hoja Hallazgos",
    r"workbook\.xml: .*(definedName|calcPr|sheet\[Hallazgos\]|sheets)",
    # Filter arrows reach as far as the control columns.
    r"^hoja POA: /worksheet#1/autoFilter#1$",
)


def made(name: str, *, wide: bool) -> bytes:
    dialect = DIALECTS[name]
    data = written(plan_workbook(inline=dialect.inline, wide=wide), dialect)
    assert not [fault for fault in faults(data) if "conditionalFormatting" not in fault]
    return data


@pytest.fixture(params=[f"{name}-{size}" for name in DIALECTS for size in ("bare", "wide")])
def workbook(request: pytest.FixtureRequest) -> bytes:
    name, _, size = str(request.param).rpartition("-")
    return made(name, wide=size == "wide")


def edited(data: bytes, edit: Callable[[Editor], object]) -> bytes:
    editor = Editor(data, "p.xlsx")
    edit(editor)
    return editor.save()


def judged(before: bytes, after: bytes, allowed: tuple[str, ...] = (), moves: tuple[Inserted, ...] = ()) -> None:
    assert differences(before, after, moves, allowed) == []
    assert set(faults(after)) <= set(faults(before))


def value(data: bytes, row: int, column: int) -> object:
    return read_workbook(Package(data, "p.xlsx")).grids[0].get(row, column)


def test_cells_are_written(workbook: bytes) -> None:
    places: dict[tuple[int, int], Content] = {
        (6, 8): Decimal(7),
        (7, 3): "otra",
        (9, 30): Decimal("1.5"),
        (2, 2): "nueva",
        (40, 1): "abajo",
    }

    def edit(editor: Editor) -> None:
        editor.sheet("POA").cells = {place: Cell(content, RED) for place, content in places.items()}

    after = edited(workbook, edit)
    judged(workbook, after, (r"^POA!(H6|C7|AD9|B2|A40)$",))
    assert {place: value(after, *place) for place in places} == places


def test_cells_keep_their_format(workbook: bytes) -> None:
    def edit(editor: Editor) -> None:
        editor.sheet("POA").cells = {(8, 24): Cell(Decimal(9), RED)}
        editor.sheet("POA").keep_format = {(8, 24)}

    after = edited(workbook, edit)
    judged(workbook, after, (r"^POA!X8$",))
    assert value(after, 8, 24) == 9


@pytest.mark.parametrize("befores", [(6,), (9, 9), (2, 7, 12), (5,)])
def test_rows_are_inserted(workbook: bytes, befores: tuple[int, ...]) -> None:
    after = edited(workbook, lambda editor: editor.insert("POA", [NewRow(before) for before in befores]))
    judged(workbook, after, moves=(Inserted("POA", befores),))


def test_rows_that_are_like_others_are_inserted_and_filled(workbook: bytes) -> None:
    def edit(editor: Editor) -> None:
        editor.insert("POA", [NewRow(8, 7)])
        editor.sheet("POA").cells = {(8, 2): Cell("G1.9")}

    after = edited(workbook, edit)
    judged(workbook, after, (r"^POA!\w+8$", r"^POA!fila 8$"), (Inserted("POA", (8,)),))
    assert value(after, 8, 2) == "G1.9"


def test_sheets_come_and_go(workbook: bytes) -> None:
    image = SheetSpec("Nueva", {(1, 1): Cell("hola", RED), (2, 1): Cell(Decimal(1), formula="=POA!X5")})
    with_sheet = edited(workbook, lambda editor: editor.add_sheet(image))
    judged(workbook, with_sheet, ("Nueva", "/sheets"))
    judged(workbook, edited(with_sheet, lambda editor: editor.drop_sheet("Nueva")))


@pytest.mark.parametrize("name", DIALECTS)
def test_a_plan_is_updated_twice_and_cleaned(name: str, tmp_path: Path) -> None:
    path = tmp_path / "plan.xlsx"
    workbook = made(name, wide=True)
    path.write_bytes(workbook)
    for _ in range(2):
        update_book(path, Options())
        judged(workbook, path.read_bytes(), OURS)
    clean_book(path, Options())
    judged(workbook, path.read_bytes(), _left(workbook))


@pytest.mark.parametrize("name", FEATURES)
def test_what_stands_around_a_plan_stays(name: str, tmp_path: Path) -> None:
    hold_around_a_plan(written(with_feature(name), DIALECTS["plain"]), tmp_path)


@pytest.mark.parametrize("name", RARITIES)
def test_what_few_workbooks_have_stays_too(name: str, tmp_path: Path) -> None:
    hold_around_a_plan(with_rarity(name), tmp_path)


@pytest.mark.parametrize("name", ["numberless", "cells-without-r", "opened"])
def test_blank_cells_in_the_way_are_put_back_in_every_spelling(name: str, tmp_path: Path) -> None:
    parts = plan_workbook()
    RARITIES["rows with a look to the end"](parts)
    hold_around_a_plan(written(parts, DIALECTS[name]), tmp_path)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("write", [by_xlsxwriter, by_openpyxl])
def test_what_libraries_really_write_stays_in_every_spelling(
    write: Callable[[Random], bytes], seed: int, tmp_path: Path
) -> None:
    chance = Random(seed)  # noqa: S311 - what is drawn is no secret
    data = write(chance)
    hold_around_a_plan(respelled(data, chance) if seed else data, tmp_path)


def test_a_part_that_was_written_twice_is_no_hindrance() -> None:
    data = written(plan_workbook(wide=True), DIALECTS["plain"])
    for member, content in (("xl/tables/table1.xml", None), ("xl/tables/table1.xml", b"<otra/>")):
        buffer = BytesIO(data)
        with zipfile.ZipFile(buffer, "a") as package, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            package.writestr(member, content or package.read(member))
        if content is None:
            after = edited(buffer.getvalue(), lambda editor: editor.add_sheet(SheetSpec("Nueva", {})))
            assert differences(data, after, allowed=("Nueva", "/sheets")) == []
            assert faults(after) == []
        else:
            with pytest.raises(BookError, match=member):
                Editor(buffer.getvalue(), "p.xlsx")


def hold_around_a_plan(workbook: bytes, tmp_path: Path) -> None:
    """Carry every edit out, and see that nothing else changes."""

    def edit(editor: Editor) -> None:
        editor.sheet("POA").cells = {(6, 8): Cell(Decimal(7), RED), (2, 2): Cell("nueva", RED)}

    judged(workbook, edited(workbook, edit), (r"^POA!(H6|B2)$",))
    for befores in ((6,), (8, 8), (2, 7, 12)):
        after = edited(workbook, lambda editor: editor.insert("POA", [NewRow(each) for each in befores]))  # noqa: B023 - called at once
        judged(workbook, after, moves=(Inserted("POA", befores),))
    path = tmp_path / "plan.xlsx"
    path.write_bytes(workbook)
    for _ in range(2):
        update_book(path, Options())
        judged(workbook, path.read_bytes(), OURS)
    clean_book(path, Options())
    judged(workbook, path.read_bytes(), _left(workbook))


def _left(workbook: bytes) -> tuple[str, ...]:
    """What `clean` may leave otherwise: an empty container that the workbook had, which says nothing."""
    with zipfile.ZipFile(BytesIO(workbook)) as package:
        text = b"".join(package.read(name) for name in package.namelist() if name.lower().endswith(".xml"))
    empty = [name for name in ("definedNames", "dataValidations") if name.encode() in text.replace(b"\0", b"")]
    return tuple(rf"/{name}#1$" for name in empty)


@pytest.mark.parametrize(
    ("part", "old", "new"),
    [
        ("xl/worksheets/sheet1.xml", '<c r="H6"><v>12</v>', '<c r="H6"><v>13</v>'),
        ("xl/worksheets/sheet1.xml", '<c r="X7" s="1">', '<c r="X7">'),
        ("xl/worksheets/sheet1.xml", "<f>SUM(X6:\nX11)  +0</f>", "<f>SUM(X6:X10)+0</f>"),
        ("xl/worksheets/sheet1.xml", 'sqref="D6:D11"', 'sqref="D6:D12"'),
        ("xl/worksheets/sheet1.xml", '<mergeCell ref="A1:D1"/>', ""),
        ("xl/worksheets/sheet1.xml", '<brk id="8"', '<brk id="9"'),
        ("xl/worksheets/sheet1.xml", 'width="40"', 'width="41"'),
        ("xl/worksheets/sheet2.xml", '<f t="shared" si="0"/>', ""),
        ("xl/sharedStrings.xml", "<t>Pisiga</t>", "<t>pisiga</t>"),
        ("xl/workbook.xml", "POA!$X$5", "POA!$X$6"),
        ("xl/styles.xml", "<b/>", ""),
        ("xl/drawings/drawing1.xml", "<xdr:row>7</xdr:row>", "<xdr:row>8</xdr:row>"),
        ("xl/drawings/vmlDrawing1.vml", "<x:Row>7<", "<x:Row>8<"),
        ("xl/tables/table1.xml", "POA!$X$9", "POA!$X$8"),
    ],
)
def test_the_judge_sees_every_change(part: str, old: str, new: str) -> None:
    parts = plan_workbook(wide=True)
    content = parts[part]
    text = content.decode() if isinstance(content, bytes) else content
    assert old in text
    changed = {**parts, part: text.replace(old, new, 1).encode()}
    dialect = DIALECTS["plain"]
    assert differences(written(parts, dialect), written(changed, dialect)) != []


@pytest.mark.parametrize(
    ("part", "old", "new"),
    [
        ("xl/workbook.xml", "</definedNames>", '</definedNames><definedName name="a">1</definedName>'),
        ("xl/workbook.xml", "<definedNames>", '<definedNames><definedName name="TOTAL">1</definedName>'),
        ("xl/worksheets/sheet1.xml", '<cols><col min="1" max="1"', '<cols><col min="1" max="3"'),
        ("xl/worksheets/sheet1.xml", '<autoFilter ref="A4:X11"/>', ""),
        ("xl/worksheets/sheet1.xml", '<mergeCells count="1">', '<mergeCells count="2">'),
        ("xl/worksheets/sheet1.xml", '<row r="6"', '<row r="5"'),
        ("xl/worksheets/sheet1.xml", '<c r="A6">', '<c r="A7">'),
        ("xl/_rels/workbook.xml.rels", 'Target="styles.xml"', 'Target="nada.xml"'),
        ("[Content_Types].xml", "/xl/styles.xml", "/xl/nada.xml"),
    ],
)
def test_the_judge_sees_what_is_invalid(part: str, old: str, new: str) -> None:
    parts = plan_workbook(wide=True)
    assert old in str(parts[part])
    text = str(parts[part]).replace(old, new, 1)
    # Behind the filter stands what would have to come before it.
    text = (
        text.replace("</sheetData>", '</sheetData><mergeCells/><autoFilter ref="A4:X11"/>')
        if "autoFilter" in old
        else text
    )
    assert faults(written({**parts, part: text}, DIALECTS["plain"])) != []
