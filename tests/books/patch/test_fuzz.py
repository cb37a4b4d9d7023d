"""Whatever a workbook holds, an edit lands with nothing lost, or is refused with a sentence."""

import re
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from poa_xl.books.patch.editor import Editor
from poa_xl.books.patch.moved import Insertion, NewRow
from poa_xl.books.patch.references import shifted, template
from poa_xl.errors import PoaError
from poa_xl.sheet.spec import Cell, SheetSpec, Style
from tests.books.zoo.comparator import Inserted, differences, moved
from tests.books.zoo.dialects import DIALECTS, Dialect, written
from tests.books.zoo.validity import faults
from tests.books.zoo.workbooks import plan_workbook

RED = Style(bold=True, fill="#FF0000")
EXAMPLES = 25
PARTS = {wide: plan_workbook(wide=wide) for wide in (False, True)}

dialects = st.builds(
    Dialect,
    prefix=st.sampled_from(["", "x:", "ss.1:"]),
    closing=st.sampled_from(["/>", " />", "></{}>", "\n/>"]),
    quote=st.sampled_from(["'", '"']),
    turned=st.booleans(),
    newline=st.sampled_from(["", "\n", "\r\n  "]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "iso-8859-1"]),
    empty=st.sets(
        st.sampled_from(["definedNames", "calcPr", "cols", "mergeCells", "dataValidations", "hyperlinks"])
    ).map(tuple),
    drop=st.sets(st.sampled_from(["row/spans", "c/r", "dimension/ref", "col/width"])).map(tuple),
    words=st.booleans(),
    rooted=st.booleans(),
    strict=st.booleans(),
    columns=st.sampled_from(
        ["", '<col min="25" max="16384" width="11.5" customWidth="1"/>', '<col min="20" max="60" hidden="1"/>']
    ),
)
places = st.tuples(st.integers(1, 14), st.integers(1, 30))
contents = st.one_of(st.none(), st.text(max_size=6), st.decimals(-(10**9), 10**9, places=2), st.booleans())


@settings(max_examples=EXAMPLES)
@given(dialect=dialects, wide=st.booleans(), cells=st.dictionaries(places, contents, min_size=1, max_size=6))
def test_cells_land_in_any_dialect(
    dialect: Dialect, *, wide: bool, cells: dict[tuple[int, int], str | Decimal | bool | None]
) -> None:
    before = written(PARTS[wide], dialect)
    editor = Editor(before, "p.xlsx")
    editor.sheet("POA").cells = {place: Cell(content, RED) for place, content in cells.items() if place[0] > 1}
    after = editor.save()
    names = "|".join(f"{re.sub(r'[^A-Z]', '', shifted('A1', 0, column - 1))}{row}" for row, column in cells)
    assert differences(before, after, allowed=(rf"^POA!({names})$",)) == []
    assert set(faults(after)) <= set(faults(before))


@settings(max_examples=EXAMPLES)
@given(dialect=dialects, wide=st.booleans(), befores=st.lists(st.integers(2, 14), min_size=1, max_size=4))
def test_rows_land_in_any_dialect(dialect: Dialect, *, wide: bool, befores: list[int]) -> None:
    before = written(PARTS[wide], dialect)
    editor = Editor(before, "p.xlsx")
    editor.insert("POA", [NewRow(each) for each in befores])
    after = editor.save()
    assert differences(before, after, (Inserted("POA", befores),)) == []
    assert set(faults(after)) <= set(faults(before))


@settings(max_examples=EXAMPLES)
@given(data=st.data(), name=st.sampled_from(sorted(DIALECTS)))
def test_damage_is_refused_with_a_sentence_or_left_as_it_is(data: st.DataObject, name: str) -> None:
    parts = dict(PARTS[True])
    part = data.draw(st.sampled_from([name for name, content in parts.items() if isinstance(content, str)]))
    text = str(parts[part])
    start = data.draw(st.integers(0, len(text) - 1))
    piece = data.draw(
        st.sampled_from(["", "<", ">", '"', "&", "x", "-1", "<!--", "</row>", "<row/>", "99999999", "\x00"])
    )
    length = data.draw(st.integers(0, 12))
    before = written(parts, DIALECTS["plain"] if name == "utf-16" else Dialect())
    before = _replaced(before, part, (text[:start] + piece + text[start + length :]).encode())
    try:
        editor = Editor(before, "p.xlsx")
        editor.insert("POA", [NewRow(8, 7)])
        editor.sheet("POA").cells = {(9, 30): Cell("x", RED)}
        editor.add_sheet(SheetSpec("Nueva", {(1, 1): Cell("a")}))
        editor.save()
    except PoaError as error:
        message = str(error)
    else:
        message = "guardado"
    assert message


def _replaced(data: bytes, part: str, content: bytes) -> bytes:
    from tests.books.patch.torture import with_parts  # noqa: PLC0415 - the only use

    return with_parts(data, {part: content})


cell_names = st.builds(
    lambda sheet, low, column, high, row: f"{sheet}{low}{column}{high}{row}",
    st.sampled_from(["", "", "POA!", "'POA'!", "poa!", "Otra!", "[1]POA!"]),
    st.sampled_from(["", "$"]),
    st.sampled_from(["A", "X", "ab", "XFD", "XFE", "YTD"]),
    st.sampled_from(["", "$"]),
    st.integers(1, 40),
)
pieces = st.one_of(
    cell_names,
    st.builds(
        "{}:{}".format, cell_names.filter(lambda each: "!" not in each), cell_names.filter(lambda each: "!" not in each)
    ),
    st.sampled_from(
        ['"A5"', "LOG10(2)", "Tabla1[[#This Row],[x A5]]", "#REF!", "1E5", "Total.A5", "SUM(A:A)", "5:9", "{1,2}"]
    ),
)


@settings(max_examples=200)
@given(parts=st.lists(pieces, min_size=1, max_size=4), befores=st.lists(st.integers(1, 40), min_size=1, max_size=3))
def test_formulas_move_as_openpyxl_reads_them(parts: list[str], befores: list[int]) -> None:
    formula = "+".join(parts)
    insertion = Insertion("POA", tuple(NewRow(each) for each in sorted(befores)))
    assert insertion.formula(formula, "POA") == moved(formula, "POA", (Inserted("POA", befores),))


@settings(max_examples=200)
@given(parts=st.lists(pieces, min_size=1, max_size=4))
def test_a_formula_copied_nowhere_and_back_is_the_same(parts: list[str]) -> None:
    formula = "+".join(parts)
    assert shifted(formula, 0, 0).upper() == formula.upper()
    assert shifted(shifted(formula, 3, 2), -3, -2).upper() == formula.upper()


@settings(max_examples=200)
@given(parts=st.lists(pieces, min_size=1, max_size=4), down=st.integers(0, 50))
def test_a_template_reads_in_any_row_as_the_formula_copied_there(parts: list[str], down: int) -> None:
    formula = "+".join(parts).upper()
    assert template(formula, 7).at(7) == formula
    assert template(formula, 7).at(7 + down) == shifted(formula, down, 0)
