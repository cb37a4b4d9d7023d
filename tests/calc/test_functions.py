"""The `POA_*` functions in the cells of a running Calc."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlwings as xw
from openpyxl.worksheet.formula import ArrayFormula

import udfs
from poa_xl.actions.load import load_one
from poa_xl.actions.updating import Options, update_book
from poa_xl.addin.wrappers import functions
from poa_xl.books.book import FileBook
from poa_xl.core.checks import check
from poa_xl.core.flags import flag
from poa_xl.sheet.areas import Placed
from poa_xl.sheet.grid import column_number
from tests.excel_saved import saved
from tests.paths import MASTER, ROOT
from tests.running import Running

LOCALES = ("en-US", "es-BO")
FIRST, LAST = 5, 138
# What a planner types, for row 5 of the plan of 2020 or for the whole column.
ONE = {
    "POA_NIVEL": "B5",
    "POA_PADRE": "B5",
    "POA_ORDEN": "B5",
    "POA_PRESUPUESTO": "B5;$B$5:$B$138;$X$5:$X$138",
    "POA_TIPO": "H5;I5;J5:U5",
    "POA_PROGRAMADO": 'J5:U5;"Acumulada";"JUN"',
    "POA_EJECUTADO": 'J5:U5;"Promedio";"JUN"',
    "POA_EFICACIA": 'J5:U5;J5:U5;"SEP";"Avance"',
    "POA_PROYECCION": 'J5:U5;J5:U5;"FEB"',
    # Of one cell Calc does not say that it is blank: the Id never is.
    "POA_SEMAFORO": 'A5;"CNS"',
    "POA_DIFERENCIA": "H5;I5;J5:U5",
    "POA_ESTADO": "H5;I5;J5:U5",
    "POA_MOTIVO": "H5;I5;J5:U5",
    "POA_PARTIDA": "W5;$W$5:$W$138;$X$5:$X$138",
    "POA_UNIDAD": "D5;$D$5:$D$138;$X$5:$X$138;$B$5:$B$138",
    "POA_FUENTE": "D5;$D$5:$D$138;$X$5:$X$138;$B$5:$B$138",
    "POA_SIGUIENTE_CODIGO": "B5;$B$5:$B$138",
    "POA_PONDERACION": "B5;$B$5:$B$138;$X$5:$X$138",
}
MANY = {
    name: asked.replace("B5;", "B5:B138;")
    .replace("H5;", "H5:H138;")
    .replace("A5;", "A5:A138;")
    .replace("I5;", "I5:I138;")
    .replace("U5", "U138")
    .replace("W5;", "W5:W138;")
    .replace("D5;", "D5:D138;")
    for name, asked in ONE.items()
}
MANY |= {name: asked if asked.count(":") else f"{asked}:B138" for name, asked in MANY.items()}
MANY["POA_TRIMESTRES"] = "J5:U138"
TABLES = {"POA_HALLAZGOS": "A4:X138", "POA_RESUMEN": 'A4:X138;"unidad"'}


@pytest.fixture
def master(tmp_path: Path) -> Path:
    """The plan of 2020 in a place of its own: a program locks what it opens."""
    return Path(shutil.copy(MASTER, tmp_path))


@pytest.fixture(params=LOCALES)
def plan(request: pytest.FixtureRequest, running: Running, master: Path) -> Iterator[xw.Sheet]:
    """The plan of 2020, open."""
    with running.speaking(request.param):
        book = running.open(master)
        cell = book.sheets[0].api.getCellRangeByName("ZZ1")
        cell.Value = 1.5
        assert cell.String == {"en-US": "1.5", "es-BO": "1,5"}[request.param]
        yield book.sheets[0]


def values(sheet: xw.Sheet) -> list[list[object]]:
    found: list[list[object]] = sheet.range("A1:X138").options(ndim=2, err_to_str=True).value
    return found


def area(cells: list[list[object]], text: str) -> list[list[object]]:
    """The argument as the core's functions take it."""
    if text.startswith('"'):
        return [[text.strip('"')]]
    ends = [re.fullmatch(r"([A-Z]+)(\d+)", each) for each in text.replace("$", "").split(":")]
    (left, top), (right, bottom) = [(column_number(end[1]), int(end[2])) for end in (ends[0], ends[-1]) if end]
    return [row[left - 1 : right] for row in cells[top - 1 : bottom]]


def expected(cells: list[list[object]], name: str, asked: str) -> list[list[object]]:
    found = getattr(udfs, name)(*(area(cells, each) for each in asked.split(";")))
    rows = found if isinstance(found, list) else [[found]]
    return [[float(each) if isinstance(each, int) else each or None for each in row] for row in rows]


def shown(cells: Any) -> list[list[object]]:  # noqa: ANN401 - a UNO object
    """What cells show, errors by the names that Excel gives them."""
    rows = [list(row) for row in cells.getDataArray()]
    return [
        [each if each is not None else cells.getCellByPosition(j, i).String for j, each in enumerate(row)]
        for i, row in enumerate(rows)
    ]


def blank(rows: list[list[object]]) -> list[list[object]]:
    return [[each or None for each in row] for row in rows]


def test_every_function_in_every_row_says_what_the_core_says(plan: xw.Sheet) -> None:
    cells = values(plan)
    for number, (name, asked) in enumerate(ONE.items()):
        column = plan.api.getCellRangeByPosition(39 + number, FIRST - 1, 39 + number, LAST - 1)
        texts = [
            asked.replace("5", str(row)) if "$" not in asked else _moved(asked, row) for row in range(FIRST, LAST + 1)
        ]
        column.setFormulaArray(tuple((f"={name}({text})",) for text in texts))
        wanted = [expected(cells, name, text)[0] for text in texts]
        assert blank(shown(column)) == blank(wanted), name


def _moved(asked: str, row: int) -> str:
    first, rest = asked.split(";", 1)
    return f"{first[0]}{row};{rest}"


def test_every_function_over_whole_columns_says_what_the_core_says(plan: xw.Sheet) -> None:
    given = values(plan)
    for name, asked in {**MANY, **TABLES}.items():
        wanted = expected(given, name, asked)
        cells = plan.api.getCellRangeByPosition(39, 0, 39 + len(wanted[0]) - 1, len(wanted) - 1)
        cells.setArrayFormula(f"={name}({asked})")
        assert blank(shown(cells)) == blank(wanted), name
        cells.clearContents(16)


def test_the_states_of_the_plan_are_those_of_the_core(plan: xw.Sheet) -> None:
    source = load_one(FileBook(MASTER)).parsed.plan
    cells = plan.api.getCellRangeByName("AN5:AN138")
    cells.setFormulaArray(tuple((f"=POA_ESTADO(H{row};I{row};J{row}:U{row})",) for row in range(FIRST, LAST + 1)))
    flags = flag(source, check(source))
    found = {row.line: shown(cells)[row.line - FIRST][0] for row in source.rows}
    assert found == {row.line: str(each.target) for row, each in zip(source.rows, flags, strict=True)}


# Examples are written as in a Spanish Excel.
SPANISH = {
    "SI": "IF",
    "REDONDEAR": "ROUND",
    "IZQUIERDA": "LEFT",
    "INDICE": "INDEX",
    "CELDA": "CELL",
    "HIPERVINCULO": "HYPERLINK",
    '"direccion"': '"address"',
}


def examples(text: str) -> list[tuple[str, str]]:
    """The formulas of a text with what it says that they give."""
    return re.findall(r"`(=[^`]*)`(?: → ([^|\s]*[^|\s,;.]))?", text)


def shown_as(value: object) -> object:
    """A number as Bolivian offices write it."""
    if not isinstance(value, float):
        return value
    return f"{value:,.4f}".rstrip("0").rstrip(".").translate(str.maketrans(",.", ".,"))


def test_every_example_of_the_documentation_gives_what_it_says(running: Running, master: Path) -> None:
    text = (ROOT / "docs" / "funciones.md").read_text("utf-8")
    # The section has months of its own, written in words.
    head, section, rest = text.partition("## Seguimiento")
    section, tail, rest = rest.partition("\n## ")
    found = examples(text)
    assert [formula for formula, result in found if not result] == []
    called = {*re.findall(r"POA_[A-Z_]+(?=\()", "".join(formula for formula, _ in found))}
    assert called == {each.name for each in functions(udfs)}
    update_book(master, Options())
    with running.speaking("es-BO"):
        book = running.open(master)
        months = book.sheets.add("Meses", after=book.sheets[0])
        months.range("J5:L5").value, months.range("J6:L6").value = [[10.0] * 3], [[10.0, 5.0, 12.0]]
        for page, part in ((book.sheets[0], head + tail + rest), (months, section)):
            cell = page.api.getCellRangeByName("CZ5")
            for formula, result in examples(part):
                english = formula
                for spanish, name in SPANISH.items():
                    english = re.sub(rf"(?<![A-Z_]){spanish}(?![A-Z_])", name, english)
                cell.setArrayFormula(english)
                assert shown_as(cell.getDataArray()[0][0]) == result, formula


def test_changing_a_month_calculates_again(plan: xw.Sheet) -> None:
    state = plan.api.getCellRangeByName("AN9")
    state.setFormula("=POA_ESTADO(H9;I9;J9:U9)")
    assert state.String == "VERDE"
    plan.range("L9").value = 1
    assert state.String == "ROJO"
    count = plan.api.getCellRangeByName("AN10")
    # What is one cell can be counted and compared.
    count.setFormula('=COUNTIF(AN9:AN9;"ROJO")+IF(AN9="ROJO";10;0)')
    assert count.Value == 11


@pytest.mark.parametrize(
    ("formula", "error"),
    [
        ('=POA_NIVEL("cinco")', "#VALUE!"),
        ("=POA_NIVEL(4)", "#VALUE!"),
        ('=POA_PRESUPUESTO("GROGR9";B5:B138;X5:X138)', "#N/A"),
        ("=POA_PRESUPUESTO(B5;B5:B138;X5:X137)", "#VALUE!"),
        ('=POA_PROGRAMADO(J9:U9;"Acumulada";13)', "#VALUE!"),
        ("=POA_PROGRAMADO(J9:T9)", "#VALUE!"),
        ("=POA_PROGRAMADO(3)", "Err:504"),
        ("=POA_NIVEL(NA())", "#N/A"),
        ('=POA_RESUMEN(A4:X138;"color")', "#VALUE!"),
    ],
)
def test_bad_input_is_an_error_and_no_text(running: Running, master: Path, formula: str, error: str) -> None:
    book = running.open(master)
    cell = book.sheets[0].api.getCellRangeByName("AN5")
    cell.setFormula(formula)
    assert (cell.String, cell.getError() != 0) == (error, True)
    cell = book.sheets[0].api.getCellRangeByName("AN6")
    cell.setFormula(f"=IFERROR({formula[1:]};7)")
    assert cell.Value == 7


def test_a_blank_cell_is_blank_and_no_zero(running: Running, master: Path) -> None:
    book = running.open(master)
    cells = book.sheets[0].api.getCellRangeByName("AN1:AN5")
    texts = (
        "POA_NIVEL(ZZ1)",
        "POA_ESTADO(ZZ1;ZZ1;J9:U9)",
        "POA_ESTADO(ZZ1;ZZ1;AZ1:BK1)",
        "POA_PROGRAMADO(J9:U9;ZZ1;ZZ1)",
        "POA_PARTIDA(ZZ1;W5:W138;X5:X138)",
    )
    cells.setFormulaArray(tuple((f"={text}",) for text in texts))
    months = book.sheets[0].range("J9:U9").value
    wanted = ("", udfs.POA_ESTADO(None, None, months), "", udfs.POA_PROGRAMADO(months), "")
    assert tuple(row[0] for row in cells.getDataArray()) == wanted


def test_a_whole_column_is_read_as_far_as_it_goes(running: Running, master: Path) -> None:
    book = running.open(master)
    cells = book.sheets[0].api.getCellRangeByName("AN1:AN2")
    cells.setFormulaArray((("=POA_PRESUPUESTO(B5;B5:B138;X5:X138)",), ("=POA_PRESUPUESTO(B5;B:B;X:X)",)))
    assert [row[0] for row in cells.getDataArray()] == [39745387.0, 39745387.0]


def test_a_plan_is_read_by_the_settings_beside_its_workbook(running: Running, master: Path) -> None:
    (master.parent / "poa.toml").write_text("[plan]\nultima_fila = 60\n[reglas]\nmeta-meses = 'off'\n", "utf-8")
    book = running.open(master)
    cells = book.sheets[0].api.getCellRangeByName("AN5:AN6")
    texts = ('SUM(INDEX(POA_RESUMEN(A4:X138;"trimestre");0;3))', "ROWS(POA_HALLAZGOS(A4:X138))")
    found = []
    for cell, text in enumerate(texts):
        cells.getCellByPosition(0, cell).setArrayFormula(f"={text}")
        found.append(cells.getCellByPosition(0, cell).Value)
    rows = Placed(area(values(book.sheets[0]), "A4:X138"), str(master), book.sheets[0].name, 4, 1)
    table = udfs.POA_HALLAZGOS(rows)
    assert found == [sum(row[2] for row in udfs.POA_RESUMEN(rows, "trimestre")[1:]), len(table)]
    assert 0 < found[0] < 39745387
    assert 1 < found[1] < len(udfs.POA_HALLAZGOS([*rows]))


def test_the_wizard_has_help_for_every_function_and_argument(running: Running) -> None:
    known = running.service("com.sun.star.sheet.FunctionDescriptions")
    described = [{each.Name: each.Value for each in known.getByIndex(i)} for i in range(known.Count)]
    found = {
        each["Name"]: (each["Description"], [(a.Name, a.Description) for a in each["Arguments"] or ()])
        for each in described
    }
    ours = {each.name: (each.help, [(a.name, a.help) for a in each.arguments]) for each in functions(udfs)}
    assert {name: found.get(name) for name in ours} == ours


@pytest.mark.parametrize("prefix", ["", "[1]!", r"'C:\Users\José Núñez\XLSTART\poa_xl.xlam'!", "_xludf.", "_xldudf_"])
def test_what_poa_update_wrote_as_functions_computes(prefix: str, running: Running, tmp_path: Path) -> None:
    path = tmp_path / "POA.xlsx"
    update_book(MASTER, Options(output=path, functions=True))
    _spoil(path)
    if prefix:
        saved(path, prefix=prefix)
    book = running.open(path)
    assert not book.api.isModified()
    assert not book.api.UndoManager.isUndoPossible()
    plan = load_one(FileBook(MASTER)).parsed.plan
    states = {row.line: str(each.target) for row, each in zip(plan.rows, flag(plan, check(plan)), strict=True)}
    sheet = book.sheets[0]
    assert {line: sheet.range((line, 29)).value or "" for line in states} == states
    sheet.range("L9").value = 1
    assert sheet.range("AC9").value == "ROJO"
    assert sheet.range("DA5:DA6").value == [1, 2]


def _spoil(path: Path) -> None:
    """Add an array formula, as Excel writes one, and let the file forget what its formulas came to."""
    book = openpyxl.load_workbook(path)
    book.worksheets[0]["DA5"] = ArrayFormula("DA5:DA6", "=POA_NIVEL(B5:B6)")
    book.save(path)


def test_functions_survive_being_saved_and_opened_again(running: Running, tmp_path: Path) -> None:
    book = running.app.books.add()
    sheet = book.sheets[0]
    sheet.range("A1").value = "G1.2"
    sheet.range("B1").api.getCellByPosition(0, 0).setFormula("=POA_NIVEL(A1)")
    sheet.range("C1:C2").api.setArrayFormula("=POA_NIVEL(A1:A2)")
    book.save(str(tmp_path / "niveles.xlsx"))
    book.close()
    sheet = running.open(tmp_path / "niveles.xlsx").sheets[0]
    sheet.range("A1").value = "G1.2.3"
    assert (sheet.range("B1").value, sheet.range("C1").value) == (3, 3)
