"""What real sheets and cells throw at us: one file per case, read right or turned into a finding."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
import python_calamine
from hypothesis import given, settings
from hypothesis import strategies as st

from poa_xl.actions.checking import Checked, check_file
from poa_xl.actions.load import load_one
from poa_xl.books.book import FileBook, MemoryBook
from poa_xl.books.package import Package
from poa_xl.books.sheetxml import read_workbook
from poa_xl.core.codes import Code
from poa_xl.core.plan import Kind, Plan
from poa_xl.core.values import Flaw, Invalid
from poa_xl.sheet.grid import Grid, Merge, column_number, letters
from poa_xl.sheet.spec import Cell, SheetSpec
from tests.books import packages as p

Letters = Mapping[str, str]


def grid(operation: Letters) -> Grid:
    return read_workbook(Package(p.book(operation), "p.xlsx"))[0]


def checked(tmp_path: Path, xml: str, workbook: str = "") -> Checked:
    data = p.pack(p.parts([("POA", xml)], workbook=workbook))
    return check_file(p.save(tmp_path / "p.xlsx", data))


def plan(tmp_path: Path, xml: str) -> Plan:
    return load_one(FileBook(p.save(tmp_path / "p.xlsx", p.pack(p.parts([("POA", xml)]))))).parsed.plan


def found(result: Checked) -> set[tuple[str, str]]:
    return {(finding.rule, where.cell) for where, finding in result.findings}


# Cells of the operation in row 3, and the findings that they must give: rule and cell.
CELLS: list[tuple[str, Letters, set[tuple[str, str]]]] = [
    ("17-code-as-number", {"B": p.number("1.1")}, {("codigo-numerico", "B3"), ("presupuesto-desconocido", "X2")}),
    ("17-code-as-date", {"B": p.number(43862, 1)}, {("codigo-numerico", "B3"), ("presupuesto-desconocido", "X2")}),
    ("17-code-with-blanks", {"B": p.text(" G1. 1 ")}, {("codigo-escritura", "B3")}),
    ("17-code-with-trailing-dot", {"B": p.text("G1.1.")}, {("codigo-escritura", "B3")}),
    ("17-code-with-no-break-space", {"B": p.text("\u00a0G1.1\u00a0")}, set()),
    ("17-code-with-zero-width-space", {"B": p.text("G1\u200b.1")}, set()),
    ("17-code-in-lower-case", {"B": p.text("g1.1")}, {("codigo-escritura", "B3")}),
    ("17-code-with-apostrophe", {"B": p.text("'G1.1")}, {("codigo-escritura", "B3")}),
    ("18-no-style", {"X": p.text("1.00,00")}, {("presupuesto-no-numero", "X3"), ("presupuesto-desconocido", "X2")}),
    ("18-comma-decimals", {"X": p.text("100,00")}, set()),
    ("18-point-decimals", {"X": p.text("100.00 ")}, set()),
    ("18-currency", {"X": p.text("Bs 100")}, set()),
    ("18-brackets", {"X": p.text("(500)")}, {("presupuesto-negativo", "X3"), ("presupuesto-grupo", "X2")}),
    ("18-two-readings", {"X": p.text("1.234")}, {("presupuesto-ambiguo", "X3"), ("presupuesto-desconocido", "X2")}),
    ("18-dash", {"X": p.text("-")}, {("presupuesto-grupo", "X2")}),
    ("18-none", {"X": p.text("s/n")}, {("presupuesto-no-numero", "X3"), ("presupuesto-desconocido", "X2")}),
    ("18-spanish-error-text", {"X": p.text("#¡REF!")}, {("celda-error", "X3"), ("presupuesto-desconocido", "X2")}),
    ("19-ref", {"X": p.raw("<v>#REF!</v>", "e")}, {("celda-error", "X3"), ("presupuesto-desconocido", "X2")}),
    ("19-div-of-a-formula", {"H": p.raw("<f>1/0</f><v>#DIV/0!</v>", "e")}, {("celda-error", "H3")}),
    ("19-na-in-a-month", {"J": p.raw("<v>#N/A</v>", "e")}, {("celda-error", "J3")}),
    ("19-name-in-a-text", {"E": p.raw("<v>#NAME?</v>", "e")}, {("celda-error", "E3"), ("responsable-ausente", "E3")}),
    (
        "19-value-in-the-code",
        {"B": p.raw("<v>#VALUE!</v>", "e")},
        {("celda-error", "B3"), ("presupuesto-desconocido", "X2")},
    ),
    ("19-error-as-text", {"X": p.text("#N/A")}, {("celda-error", "X3"), ("presupuesto-desconocido", "X2")}),
    (
        "20-uncalculated",
        {"X": p.raw("<f>SUM(A1:A2)</f>")},
        {("formula-sin-calcular", "X3"), ("presupuesto-desconocido", "X2")},
    ),
    ("20-uncalculated-with-empty-value", {"H": p.raw("<f>A1</f><v></v>")}, {("formula-sin-calcular", "H3")}),
    ("20-formula-that-returns-nothing", {"Y": p.raw('<f>""</f><v></v>', "str")}, set()),
    ("20-formula-that-returns-text", {"H": p.raw('<f>"12"</f><v>12</v>', "str")}, set()),
    ("20-formula-with-constants", {"H": p.raw("<f>21-9</f><v>12</v>")}, set()),
    ("20-shared-formula", {"H": p.raw('<f t="shared" si="0"/><v>12</v>')}, set()),
    ("20-array-formula", {"H": p.raw('<f t="array" ref="H3">SUM(A1)</f><v>12</v>')}, set()),
    ("20-formula-to-another-workbook", {"H": p.raw("<f>[1]Hoja1!A1</f><v>12</v>")}, set()),
    ("21-date-as-text", {"F": p.text("02/01/20")}, set()),
    ("21-date-as-iso-text", {"F": p.text("2020-01-02")}, set()),
    ("21-date-with-month-name", {"F": p.text("2 de enero de 2020")}, set()),
    ("21-date-in-another-order", {"F": p.text("01/13/20")}, {("fecha-invalida", "F3")}),
    ("21-day-number", {"F": p.number(43832)}, set()),
    ("21-no-such-day", {"F": p.text("31/02/20")}, {("fecha-invalida", "F3")}),
    ("21-iso-cell", {"F": p.raw("<v>2020-01-02T00:00:00</v>", "d")}, set()),
    ("21-iso-cell-broken", {"F": p.raw("<v>ayer</v>", "d")}, {("fecha-invalida", "F3")}),
    ("22-percent-format", {"H": p.number("0.12", 2), "I": p.text("%")}, set()),
    ("22-target-with-unit", {"H": p.text("12 horas")}, {("meta-no-numero", "H3")}),
    ("22-range", {"H": p.text("2-3")}, {("meta-no-numero", "H3")}),
    ("22-x-in-a-month", {"J": p.text("X")}, {("meta-no-numero", "J3")}),
    ("22-boolean", {"J": p.raw("<v>1</v>", "b")}, {("meta-no-numero", "J3")}),
    ("22-na-text", {"J": p.text("NA")}, {("meta-no-numero", "J3")}),
    ("22-none-text", {"J": p.text("None")}, {("meta-no-numero", "J3")}),
    ("22-null-text", {"J": p.text("null")}, {("meta-no-numero", "J3")}),
    (
        "22-fifteen-digits",
        {"J": p.number("0.1"), "K": p.number("0.2"), "L": p.number("2.7"), "H": p.number("12.000000000000002")},
        set(),
    ),
    ("22-negative-zero", {"J": p.number("-0.0"), "H": p.number(11)}, set()),
    ("22-scientific", {"X": p.number("1E+02")}, set()),
    (
        "22-number-that-is-none",
        {"X": p.raw("<v>cien</v>")},
        {("presupuesto-no-numero", "X3"), ("presupuesto-desconocido", "X2")},
    ),
    ("23-semicolon", {"W": p.text("24300;25900")}, set()),
    ("23-comma", {"W": p.text("24300, 25900")}, set()),
    ("23-slash", {"W": p.text("24300/25900")}, set()),
    ("23-line-break", {"W": p.text("24300\n25900")}, set()),
    ("23-number", {"W": p.number(25220)}, set()),
    ("23-four-digits", {"W": p.text("4350")}, {("partida-cifras", "W3")}),
    ("23-six-digits", {"W": p.text("252200")}, {("partida-cifras", "W3")}),
    ("23-with-a-name", {"W": p.text("25220 Consultores")}, set()),
]


@pytest.mark.parametrize(("cells", "expected"), [case[1:] for case in CELLS], ids=[case[0] for case in CELLS])
def test_a_cell_is_read_right_or_becomes_a_finding(
    tmp_path: Path, cells: Letters, expected: set[tuple[str, str]]
) -> None:
    result = checked(tmp_path, p.plan_sheet(cells))
    assert result.problem == ""
    assert found(result) == expected
    assert all(where.file == "p.xlsx" and where.sheet == "POA" for where, _ in result.findings)


def test_24_units_spelled_in_five_ways_are_told(tmp_path: Path) -> None:
    spelled = ["Adm Aduana Oruro"] * 3 + [
        "ADM ADUANA ORURO",
        "Adm  Aduana Oruró",
        "Adm Aduana Orouro",
        "Adn Aduana Oruro",
    ]
    rows = {
        line: {**p.OPERATION, "A": p.number(line), "B": p.text(f"G1.{line - 2}"), "D": p.text(unit)}
        for line, unit in enumerate(spelled, 3)
    }
    group = {**p.GROUP, "X": p.number(100 * len(spelled))}
    result = checked(tmp_path, p.sheet({1: p.HEADER, 2: group, **rows}))
    assert found(result) == {("unidad-parecida", f"D{line}") for line in (6, 7, 8)}


def test_17_a_code_with_a_cyrillic_letter_belongs_to_its_latin_group(tmp_path: Path) -> None:
    rows = {2: {**p.GROUP, "B": p.text("GRO1")}, 3: {**p.OPERATION, "B": p.text("GR\u041e1.1")}}
    read = plan(tmp_path, p.sheet({1: p.HEADER, **rows}))
    assert [row.code for row in read.rows] == [Code("GRO", (1,)), Code("GRO", (1, 1))]
    assert read.children == {0: [1]}


def test_21_dates_of_a_workbook_that_counts_from_1904(tmp_path: Path) -> None:
    cells = {"F": p.number(42370, 1), "G": p.number(42734, 1)}
    assert found(checked(tmp_path, p.plan_sheet(cells), '<workbookPr date1904="1"/>')) == set()


def test_9_a_title_block_and_a_header_on_row_40(tmp_path: Path) -> None:
    xml = p.sheet({1: {"A": p.text("POA")}, 40: p.HEADER, 41: p.GROUP, 42: p.OPERATION})
    result = checked(tmp_path, xml)
    assert (result.groups, result.operations, result.findings) == (1, 1, ())


def test_9_a_header_in_two_merged_rows_with_months_as_dates(tmp_path: Path) -> None:
    upper = {key: cell for key, cell in p.HEADER.items() if key < "J" or key > "U"} | {"J": p.text("PROGRAMACIÓN 2020")}
    lower = {
        letters(9 + month): p.number((date(2020, month, 1) - date(1899, 12, 30)).days, 4) for month in range(1, 13)
    }
    merges = "".join(f'<mergeCell ref="{c}1:{c}2"/>' for c in "ABCDEFGHIVWX") + '<mergeCell ref="J1:U1"/>'
    xml = p.sheet({1: upper, 2: lower, 3: p.GROUP, 4: p.OPERATION}, f"<mergeCells>{merges}</mergeCells>")
    result = checked(tmp_path, xml)
    assert (result.groups, result.operations, result.findings, result.unknown) == (1, 1, (), ())


def test_9_a_header_repeated_at_each_page(tmp_path: Path) -> None:
    result = checked(tmp_path, p.sheet({1: p.HEADER, 2: p.GROUP, 3: p.HEADER, 4: p.OPERATION}))
    assert (result.groups, result.operations, result.passed, result.findings) == (1, 1, 1, ())


def test_10_columns_moved_renamed_and_unknown_ones_between(tmp_path: Path) -> None:
    def moved(cells: Letters) -> dict[str, str]:
        shifted = {letters(24 - i): cells[letters(i + 1)] for i in range(24) if letters(i + 1) in cells}
        return {letters(column_number(key) + (column_number(key) > 5)): cell for key, cell in shifted.items()}

    header = moved({**p.HEADER, "D": p.text("UNIDAD RESPONSABLE"), "H": p.text("META 2020")}) | {"F": p.text("Notas")}
    result = checked(tmp_path, p.sheet({1: header, 2: moved(p.GROUP), 3: moved(p.OPERATION)}))
    assert (result.groups, result.operations, result.findings, result.unknown) == (1, 1, (), ("Notas",))


def test_10_a_missing_column_and_a_doubled_one_are_refused_by_name(tmp_path: Path) -> None:
    header = {**p.HEADER, "H": p.text("ENERO")}
    problem = checked(tmp_path, p.sheet({1: header, 2: p.GROUP})).problem
    assert "p.xlsx" in problem
    assert "«POA»" in problem
    assert "Meta" in problem
    assert "H1, J1" in problem


def test_10_four_columns_per_month(tmp_path: Path) -> None:
    fixed = {key: cell for key, cell in p.HEADER.items() if key < "J"}
    upper: dict[str, str] = dict(fixed)
    lower: dict[str, str] = {}
    operation = {key: cell for key, cell in p.OPERATION.items() if key < "J"}
    merges = "".join(f'<mergeCell ref="{key}1:{key}2"/>' for key in fixed)
    for i in range(12):
        columns = [letters(10 + 4 * i + j) for j in range(4)]
        upper[columns[0]] = p.HEADER[letters(10 + i)]
        merges += f'<mergeCell ref="{columns[0]}1:{columns[3]}1"/>'
        for column, caption in zip(columns, ("Programado", "Realizado", "Cumplimiento", "Medio"), strict=True):
            lower[column] = p.text(caption)
        operation[columns[0]] = p.number(1)
        operation[columns[1]] = p.number(99)
    for i, key in enumerate("VWX"):
        upper[letters(58 + i)] = p.HEADER[key]
    operation[letters(59)] = p.text("25220")
    operation[letters(60)] = p.number(100)
    group = {"B": p.GROUP["B"], "C": p.GROUP["C"], letters(60): p.number(100)}
    xml = p.sheet({1: upper, 2: lower, 3: group, 4: operation}, f"<mergeCells>{merges}</mergeCells>")
    result = checked(tmp_path, xml)
    assert (result.groups, result.operations, result.findings) == (1, 1, ())
    assert len(result.unknown) == 36


def test_11_one_code_merged_over_its_partida_lines(tmp_path: Path) -> None:
    line = {"W": p.text("25220"), "X": p.number(50)}
    rows = plan(
        tmp_path,
        p.sheet(
            {1: p.HEADER, 2: p.GROUP, 3: p.OPERATION, 4: line, 5: line},
            '<mergeCells><mergeCell ref="B3:B5"/><mergeCell ref="D3:D5"/><mergeCell ref="C2:I2"/><mergeCell ref="x"/></mergeCells>',
        ),
    ).rows
    assert [row.kind for row in rows] == [Kind.GROUP, Kind.OPERATION, Kind.LINE, Kind.LINE]
    assert [row.unit for row in rows[1:]] == ["Unidad Legal"] * 3
    assert rows[0].unit == ""


def test_12_hidden_filtered_and_grouped_rows_are_read(tmp_path: Path) -> None:
    second = {**p.OPERATION, "A": p.number(2), "B": p.text("G1.2")}
    xml = p.sheet(
        {1: p.HEADER, 2: {**p.GROUP, "X": p.number(200)}, 3: p.OPERATION, 4: second},
        attributes={3: 'hidden="1"', 4: 'hidden="true" outlineLevel="2"'},
    )
    result = checked(tmp_path, xml)
    assert (result.operations, result.hidden, result.findings) == (2, 2, ())


def test_14_totals_notes_and_signatures_are_passed_over(tmp_path: Path) -> None:
    xml = p.sheet(
        {
            1: p.HEADER,
            2: p.GROUP,
            3: p.OPERATION,
            4: {"C": p.text("SUBTOTAL G1"), "X": p.number(100)},
            6: {"B": p.text("TOTAL"), "X": p.number(100)},
            9: {"C": p.text("Elaborado por: Ana Mamani")},
        }
    )
    result = checked(tmp_path, xml)
    assert (result.groups, result.operations, result.passed, result.findings) == (1, 1, 3, ())


def test_a_second_plan_sheet_is_checked_too(tmp_path: Path) -> None:
    data = p.pack(p.parts([("POA", p.plan_sheet()), ("Otra", p.plan_sheet({"E": p.text("")}))]))
    result = check_file(p.save(tmp_path / "p.xlsx", data))
    assert result.operations == 2
    assert [str(where) for where, _ in result.findings] == ["p.xlsx Otra!E3"]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (p.raw("<v>1</v>", "b"), True),
        (p.raw("<v>0</v>", "b"), False),
        (p.number("0.1234", 2), Decimal("12.34")),
        (p.number("0.30000000000000004"), Decimal("0.3")),
        (p.number(12, 5), Decimal(12)),
        (p.number(43832, 1), date(2020, 1, 2)),
        (p.number(59, 1), date(1900, 2, 28)),
        (p.raw("<v>#NULL!</v>", "e"), Invalid("#NULL!", Flaw.ERROR)),
        (p.raw("<f>A1</f>"), Invalid("=A1", Flaw.UNCALCULATED)),
        (p.raw("<is><r><t>a</t></r><r><t>b</t></r><rPh><t>c</t></rPh></is>", "inlineStr"), "ab"),
        (p.raw("<v>a_x0041__x005F_x0041_</v>", "str"), "aA_x0041_"),
        (p.raw(""), None),
    ],
)
def test_a_cell_holds_what_it_shows(cell: str, expected: object) -> None:
    assert grid({"Z": cell}).get(3, 26) == expected


def test_a_code_survives_with_what_was_written(tmp_path: Path) -> None:
    row = plan(tmp_path, p.plan_sheet({"B": p.text("G1.1.")})).rows[1]
    assert isinstance(row.code, Code)
    assert row.code.written == "G1.1."


plain = st.one_of(
    st.text(
        st.characters(min_codepoint=32, max_codepoint=0x2FFF, exclude_categories=("Cs", "Cn")), min_size=1, max_size=20
    ),
    st.decimals(-(10**9), 10**9, places=3),
    st.booleans(),
)


@settings(max_examples=60)
@given(values=st.dictionaries(st.tuples(st.integers(1, 9), st.integers(1, 9)), plain, min_size=1))
def test_our_reader_agrees_with_two_others(
    values: dict[tuple[int, int], str | Decimal | bool], tmp_path_factory: pytest.TempPathFactory
) -> None:
    book = MemoryBook("p.xlsx")
    book.write([SheetSpec("Hoja", {place: Cell(value) for place, value in values.items()})])
    assert book.data is not None
    path = p.save(tmp_path_factory.mktemp("lectores") / "p.xlsx", book.data)
    ours = book.read()[0]
    theirs = openpyxl.load_workbook(path, data_only=True)["Hoja"]
    calamine = (
        python_calamine.CalamineWorkbook.from_path(path).get_sheet_by_name("Hoja").to_python(skip_empty_area=False)
    )
    for (row, column), value in values.items():
        assert ours.get(row, column) == value
        for other in (theirs.cell(row, column).value, calamine[row - 1][column - 1]):
            if isinstance(value, Decimal):
                assert isinstance(other, int | float)
                assert float(value) == pytest.approx(other)
            else:
                assert other == value


@pytest.mark.parametrize("name", ["_xD800_", "XFE", "ZZZ", "AAAA", "Ñ", "A A", ""])
@pytest.mark.parametrize("form", ["plain", "careful"])
def test_a_cell_in_a_column_that_no_sheet_has_is_refused_by_name(tmp_path: Path, name: str, form: str) -> None:
    xml = p.plan_sheet({"H": p.number(12)})
    assert 'r="H3"' in xml
    wrong = xml.replace('r="H3"', f'r="{name}3"')
    if form == "careful":
        wrong = wrong.replace("<sheetData>", "<!-- not plainly written --><sheetData>")
    assert "no existe" in checked(tmp_path, wrong).problem


def test_places_in_small_letters_are_read_as_the_others() -> None:
    xml = p.plan_sheet(after='<mergeCells count="2"><mergeCell ref="a3:b3"/><mergeCell ref="$C$3:$D$3"/></mergeCells>')
    small = xml.replace('r="X3"', 'r="x3"')
    found = [read_workbook(Package(p.pack(p.parts([("POA", each)])), "p.xlsx"))[0] for each in (xml, small)]
    assert found[0].merges == found[1].merges == (Merge(3, 1, 3, 2), Merge(3, 3, 3, 4))
    assert [each.get(3, 24) for each in found] == [Decimal(100), Decimal(100)]


@pytest.mark.parametrize("form", ["plain", "careful"])
def test_what_is_set_in_within_a_cell_is_read_as_if_it_were_not(form: str) -> None:
    xml = p.plan_sheet(
        {
            "H": p.number("\n    12\n  "),
            "J": p.raw("<v> 1 </v>", "b"),
            "K": p.raw("<v> #N/A\n</v>", "e"),
            "L": p.raw("<v> </v>"),
            "W": p.raw("<v> 25220 </v>", "str"),
            "X": p.raw("<f>\n  =SUM(J3:K3)\n</f><v> 100\t</v>"),
        }
    )
    xml = xml if form == "plain" else xml.replace("<sheetData>", "<!-- not plainly written --><sheetData>")
    found = read_workbook(Package(p.pack(p.parts([("POA", xml)])), "p.xlsx"))[0]
    values = [found.get(3, column_number(letter)) for letter in "HJKLWX"]
    assert values == [Decimal(12), True, Invalid("#N/A", Flaw.ERROR), None, " 25220 ", Decimal(100)]
    assert dict(found.formulas) == {(3, 24): "SUM(J3:K3)"}


def test_formulas_are_kept_with_their_text_shared_ones_where_they_stand() -> None:
    found = grid(
        {
            "H": p.raw("<f>SUM(J3:U3)</f><v>12</v>"),
            "J": p.raw('<f t="shared" ref="J3:L3" si="0">J1+$A$1</f><v>1</v>'),
            "K": p.raw('<f t="shared" si="0"/><v>1</v>'),
            "M": p.raw('<f t="shared" si="9"/><v>1</v>'),
            "X": p.raw("<f>A1&amp;B1</f>"),
        }
    ).formulas
    assert {letters(column): text for (_, column), text in found.items()} == {
        "H": "SUM(J3:U3)",
        "J": "J1+$A$1",
        "K": "K1+$A$1",
        "M": "",
        "X": "A1&B1",
    }


def test_the_totals_row_of_a_table_is_known(tmp_path: Path) -> None:
    totals = {"C": p.text("En todo"), "W": p.text("25220"), "X": p.number(100)}
    xml = p.sheet({1: p.HEADER, 2: p.GROUP, 3: p.OPERATION, 4: totals}, after='<tableParts count="1"/>')
    members = p.parts([("POA", xml)])
    relations = next(name for name in members if name.startswith("xl/worksheets/"))
    folder, name = relations.rsplit("/", 1)
    kind = f"{p.RELATIONS}/table"
    members[f"{folder}/_rels/{name}.rels"] = (
        f'<Relationships xmlns="{p.PACKAGE}"><Relationship Id="rId1" Type="{kind}" Target="../tables/table1.xml"/>'
        "</Relationships>"
    )
    for count, expected in (("1", 1), ("0", 0)):
        members["xl/tables/table1.xml"] = f'<table xmlns="{p.MAIN}" ref="A1:X4" totalsRowCount="{count}"/>'
        result = check_file(p.save(tmp_path / "p.xlsx", p.pack(members)))
        assert (result.problem, result.passed, result.lines) == ("", expected, 1 - expected)
    members["xl/tables/table1.xml"] = "<table"
    assert check_file(p.save(tmp_path / "p.xlsx", p.pack(members))).problem == ""


def test_a_duration_counts_hours_and_other_formats_are_named(tmp_path: Path) -> None:
    cells = {"H": p.number(0.5, 6), "J": p.number("1.66666666666667", 6), "K": p.number(12, 1), "X": p.number(100, 2)}
    members = p.parts([("POA", p.plan_sheet(cells))])
    styles = p.STYLES.replace("</cellXfs>", '<xf numFmtId="46"/></cellXfs>')
    members["xl/styles.xml"] = styles
    path = p.save(tmp_path / "p.xlsx", p.pack(members))
    row = load_one(FileBook(path)).parsed.plan.rows[1]
    assert [row.target, *row.months[:2], row.budget] == [12, 40, 12, 100]
    formats = {where.cell for where, finding in check_file(path).findings if finding.rule == "celda-formato"}
    assert formats == {"H3", "J3", "K3", "X3"}


@pytest.mark.parametrize("text", ["_xD800_a", "a_xDC00_", "_xFFFE_", "x" * 40_000], ids=["high", "low", "no", "long"])
@pytest.mark.parametrize("column", ["B", "C", "D", "H", "W", "Z"])
def test_a_text_that_no_cell_can_hold_is_a_finding_and_no_traceback(tmp_path: Path, column: str, text: str) -> None:
    path = p.save(tmp_path / "p.xlsx", p.pack(p.parts([("POA", p.plan_sheet({column: p.text(text)}))])))
    found = {(finding.rule, where.cell) for where, finding in check_file(path).findings}
    assert ("celda-limite", f"{column}3") in found or column == "Z"
    assert grid({"C": p.text("_xD83D__xDE00_")}).get(3, 3) == "\U0001f600"
