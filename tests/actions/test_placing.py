"""Cells of the master that cannot be written as the merge wants, and formulas: each is its row's business alone."""

import re
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.formula import ArrayFormula

from poa_xl.actions.computed import Sheet
from poa_xl.actions.load import load_one
from poa_xl.actions.splitting import split_book
from poa_xl.actions.syncing import Synced, SyncOptions, sync
from poa_xl.books.book import FileBook
from poa_xl.core.outcomes import Fate, Side
from poa_xl.sheet.grid import Grid, Value
from poa_xl.sheet.render import COLUMNS
from tests.books import packages as p
from tests.books.patch.torture import members
from tests.plans import add, code, edit, save, small

LEGAL, PISIGA = "Unidad Legal.xlsx", "Adm Aduana Pisiga.xlsx"
PAGE = "POA 2020"


@pytest.fixture
def master(tmp_path: Path) -> Path:
    return save(small(), tmp_path / "maestro.xlsx")


def value(path: Path, text: str, field: str) -> object:
    return next(row.get(field) for row in load_one(FileBook(path)).plan.rows if row.code == code(text))


def waiting(done: Synced) -> dict[tuple[str, str], str]:
    return {(str(each.code), each.field): each.reason for each in done.outcomes if each.fate is Fate.CONFLICT}


def caches(path: Path, values: dict[str, int | str]) -> None:
    """Write what formulas came to, as Excel does and openpyxl does not."""
    parts = dict(members(path.read_bytes()))
    sheet = parts["xl/worksheets/sheet1.xml"].decode()
    for cell, number in values.items():
        sheet = re.sub(rf'(<c r="{cell}"[^>]*>)(<f.*?</f>)<v(?:\s*/>|></v>)', rf"\1\2<v>{number}</v>", sheet)
    parts["xl/worksheets/sheet1.xml"] = sheet.encode()
    path.write_bytes(p.pack(parts))


def cached(path: Path, cell: str) -> object:
    return openpyxl.load_workbook(path, data_only=True)[PAGE][cell].value


# Cells that cannot be written


def merge_owners(path: Path) -> None:
    book = openpyxl.load_workbook(path)
    book[PAGE]["E8"].value = book[PAGE]["E7"].value
    book[PAGE].merge_cells("E7:E8")
    book.save(path)


def merge_across(path: Path) -> None:
    book = openpyxl.load_workbook(path)
    book[PAGE].merge_cells("D7:E7")
    book.save(path)


def array(path: Path) -> None:
    book = openpyxl.load_workbook(path)
    book[PAGE]["E7"] = ArrayFormula("E7:E8", '=T("x")')
    book.save(path)


@pytest.mark.parametrize(
    ("harm", "reason"),
    [(merge_owners, "está combinada con las de otras filas"), (merge_across, "combinación"), (array, "matricial")],
)
def test_a_cell_that_cannot_be_written_is_a_conflict_and_all_else_goes_on(
    master: Path, harm: object, reason: str
) -> None:
    split_book(master)
    harm(master)  # type: ignore[operator]
    folder = master.parent / "enviados"
    edit(folder / LEGAL, ("GRO1.1.1", "owner", "Uno"), ("GRO1.1.1", "budget", 150), ("GRO1.2.1", "owner", "Dos"))
    done = sync([folder], master, SyncOptions(prefer=Side.UNIT))
    assert list(waiting(done)) == [("GRO1.1.1", "owner")]
    assert reason in waiting(done)["GRO1.1.1", "owner"]
    assert (value(master, "GRO1.1.1", "budget"), value(master, "GRO1.2.1", "owner")) == (150, "Dos")
    again = sync([folder], master, SyncOptions(prefer=Side.UNIT))
    assert list(waiting(again)) == [("GRO1.1.1", "owner")]
    assert sync([folder], master, SyncOptions(prefer=Side.MASTER)).is_clean


def test_rows_that_share_a_cell_and_say_the_same_change_together(tmp_path: Path) -> None:
    plan = small()
    path = save(plan, tmp_path / "maestro.xlsx")
    edit(path, ("GRO1.1.2", "unit", "Unidad Legal"))
    merge_owners(path)
    split_book(path)
    unit = tmp_path / "enviados" / LEGAL
    edit(unit, ("GRO1.1.1", "owner", "Uno"), ("GRO1.1.2", "owner", "Uno"))
    done = sync([unit], path)
    assert done.is_clean
    assert [value(path, text, "owner") for text in ("GRO1.1.1", "GRO1.1.2")] == ["Uno", "Uno"]
    assert [str(each) for each in openpyxl.load_workbook(path)[PAGE].merged_cells.ranges] == ["E7:E8"]


def test_a_column_that_the_master_lacks_is_a_conflict_of_each_row(master: Path) -> None:
    split_book(master)
    book = openpyxl.load_workbook(master)
    for row in range(1, 20):
        book[PAGE][f"V{row}"].value = None
    book.save(master)
    folder = master.parent / "enviados"
    add(folder / LEGAL, "GRO1.1.3", "Unidad Legal", 50)
    edit(folder / PISIGA, ("GRO1.1.2", "evidence", "Acta"), ("GRO1.1.2", "owner", "Dos"))
    done = sync([folder], master)
    assert waiting(done).keys() == {("GRO1.1.3", "evidence"), ("GRO1.1.2", "evidence")}
    assert all("no tiene la columna Fuente" in reason for reason in waiting(done).values())
    assert (value(master, "GRO1.1.3", "budget"), value(master, "GRO1.1.2", "owner")) == (50, "Dos")
    assert waiting(sync([folder], master)).keys() == {("GRO1.1.3", "evidence"), ("GRO1.1.2", "evidence")}


def test_a_new_row_among_rows_that_share_a_cell_comes_without_it(master: Path) -> None:
    book = openpyxl.load_workbook(master)
    book[PAGE].merge_cells("V8:V9")
    book.save(master)
    split_book(master)
    folder = master.parent / "enviados"
    add(folder / LEGAL, "GRO1.1.3", "Unidad Legal", 50)
    edit(folder / PISIGA, ("GRO1.1.2", "owner", "Dos"))
    done = sync([folder], master)
    assert value(master, "GRO1.1.3", "budget") == 50
    assert value(master, "GRO1.1.2", "owner") == "Dos"
    assert waiting(done).keys() <= {("GRO1.1.3", "evidence")}


@pytest.mark.parametrize("day", ["15/03/1850", "31/12/1899"])
def test_a_date_that_programs_do_not_have_goes_out_and_comes_back_as_a_text(master: Path, day: str) -> None:
    edit(master, ("GRO1.1.1", "start", day))
    split_book(master)
    folder = master.parent / "enviados"
    sent = openpyxl.load_workbook(folder / LEGAL)[PAGE]
    assert day in {cell.value for row in sent.iter_rows() for cell in row}
    edit(folder / PISIGA, ("GRO1.1.2", "owner", "Dos"))
    done = sync([folder], master)
    assert [str(each.code) for each in done.outcomes] == ["GRO1.1.2"]
    edit(folder / LEGAL, ("GRO1.2.1", "start", day))
    (refused,) = (each for each in sync([folder], master).outcomes if each.fate is Fate.REJECTED)
    assert "1900" in refused.reason


# Formulas of the office


def test_a_meta_that_is_a_formula_over_the_months_is_no_conflict(master: Path) -> None:
    edit(master, ("GRO1.1.1", "target", "=SUM(J7:U7)"), ("GRO1.1.2", "target", "=J8+K8*11"))
    caches(master, {"H7": 12, "H8": 12})
    split_book(master)
    folder = master.parent / "enviados"
    edit(folder / LEGAL, ("GRO1.1.1", "ENE", 3), ("GRO1.1.1", "target", 14))
    edit(folder / PISIGA, ("GRO1.1.2", "ENE", 2))
    done = sync([folder], master)
    assert done.is_clean
    sheet = openpyxl.load_workbook(master)[PAGE]
    assert (sheet["H7"].value, cached(master, "H7")) == ("=SUM(J7:U7)", 14)
    assert (sheet["H8"].value, cached(master, "H8")) == ("=J8+K8*11", 13)
    edit(folder / LEGAL, ("GRO1.1.1", "target", 20))
    assert list(waiting(sync([folder], master))) == [("GRO1.1.1", "target")]
    assert cached(master, "H7") == 14


@pytest.mark.parametrize(
    ("formula", "comes_to", "short"),
    [
        ("=X7+X8", 300, True),
        ("=SUM(X7:X8)", 350, False),
        ("=SUM(X7,X8)", 300, True),
        ("=SUBTOTAL(9,X7:X8)", 350, False),
        ("=VLOOKUP(1,A1:X9,24,0)", None, True),
        ('=SUMIFS(X7:X99,B7:B99,B6&".*")-SUMIFS(X7:X99,B7:B99,B6&".*.*")', 350, False),
    ],
)
def test_beside_a_sum_stands_what_the_formula_gives_and_a_row_it_lacks_is_a_point_to_resolve(
    master: Path, formula: str, comes_to: int | None, short: bool
) -> None:
    edit(master, ("GRO1.1", "budget", formula))
    caches(master, {"X6": 300})
    split_book(master)
    folder = master.parent / "enviados"
    add(folder / LEGAL, "GRO1.1.3", "Unidad Legal", 50)
    done = sync([folder / LEGAL], master)
    assert cached(master, "X6") == comes_to
    assert (("GRO1.1", "budget") in waiting(done)) is short
    assert done.is_clean is not short
    assert bool(done.result.findings) is short
    assert str(openpyxl.load_workbook(master)[PAGE]["X6"].value).startswith(formula[:5])


@pytest.mark.parametrize(
    ("above", "below", "named"),
    [
        ("=X6+X9", "=X7+X8", ["GRO1.1"]),
        ("=SUM(X6,X9)", "=X7+X8", ["GRO1.1"]),
        ("=X6+X9", "=VLOOKUP(1,A1:X9,24,0)", ["GRO1.1"]),
        ("=X7+X8+X9", "=X7+X8", ["GRO1", "GRO1.1"]),
        ("=X7+X8+X9", "=SUM(X7:X8)", ["GRO1"]),
        ("=X6+X9", "=SUM(X7:X8)", []),
    ],
)
def test_of_sums_over_sums_the_one_that_lacks_a_row_is_named(
    master: Path, above: str, below: str, named: list[str]
) -> None:
    edit(master, ("GRO1", "budget", above), ("GRO1.1", "budget", below))
    caches(master, {"X5": 600, "X6": 300})
    split_book(master)
    add(master.parent / "enviados" / LEGAL, "GRO1.1.3", "Unidad Legal", 50)
    done = sync([master.parent / "enviados" / LEGAL], master)
    assert sorted(code for code, field in waiting(done) if field == "budget") == named
    told = {str(each.code) for each in done.outcomes if each.fate is Fate.TOTAL}
    assert told == ({"GRO1", "GRO1.1"} if not named else {"GRO1.1"} if named == ["GRO1"] else set())


@pytest.mark.parametrize(
    ("total", "comes_to", "is_named"),
    [
        ("=SUM(X7:X8,X11:X12)", 680, False),
        ("=X5", 680, False),
        ("=SUBTOTAL(109,X7:X8)+X10", 680, False),
        ("=SUMPRODUCT(X7:X12*1)", None, False),
        ("=SUM(W1:W2)", 630, False),
        (630, 630, True),
        (631, 631, False),
    ],
)
def test_a_total_below_the_plan_is_what_its_formula_gives_and_a_typed_one_is_named(
    master: Path, total: int | str, comes_to: int | None, is_named: bool
) -> None:
    edit(master, ("GRO1.1.1", "budget", 130), ("GRO1.1", "budget", 330), ("GRO1", "budget", 630))
    book = openpyxl.load_workbook(master)
    last = book[PAGE].max_row + 1
    book[PAGE][f"C{last}"], book[PAGE][f"X{last}"] = "TOTAL GENERAL", total
    book.save(master)
    if isinstance(total, str):
        caches(master, {f"X{last}": 630})
    split_book(master)
    folder = master.parent / "enviados"
    add(folder / LEGAL, "GRO1.1.3", "Unidad Legal", 50)
    done = sync([folder / LEGAL], master)
    assert cached(master, f"X{last + 1}") == comes_to
    assert [f"X{last + 1} es un número escrito" in each for each in done.notes if "TOTAL" in each] == [True] * is_named


def test_formulas_above_formulas_are_followed(master: Path) -> None:
    edit(
        master,
        ("GRO1", "budget", "=X6+X9"),
        ("GRO1.1", "budget", "=SUM(X7:X8)"),
        ("GRO1.2", "budget", "=X10"),
        ("GRO1.2.1", "budget", "=X11+X12"),
    )
    caches(master, {"X5": 600, "X6": 300, "X9": 300, "X10": 300})
    split_book(master)
    folder = master.parent / "enviados"
    book = openpyxl.load_workbook(folder / LEGAL)
    page = book[PAGE]
    line = next(row for row in range(5, 25) if page[f"W{row}"].value == "25900")
    page[f"X{line}"] = 250
    head = next(row for row in range(5, 25) if page[f"B{row}"].value == "GRO1.2.1")
    page[f"X{head}"] = 350
    book.save(folder / LEGAL)
    assert sync([folder / LEGAL], master).is_clean
    assert [cached(master, cell) for cell in ("X5", "X9", "X10")] == [650, 350, 350]


@pytest.mark.parametrize(
    ("formula", "result"),
    [
        ("1+2*3-4/2", 5),
        ("-(1+2)", -3),
        ("+A1", 10),
        ("a1+$A$2", 30),
        ("SUM(A1:A3)", 30),
        ("SUM(A1:A2,5)", 35),
        ("SUM(A1,A2,-B9)", 30),
        ("SUM(A1+A2,1)", 31),
        ("ROUND(A1/3,2)", Decimal("3.33")),
        ("ROUND(-2.5,0)", -3),
        ("N(A1)", 10),
        ("SUBTOTAL(109,A1:A2)", 30),
        ("SUBTOTAL(1,A1:A2)", None),
        ("1E2", 100),
        (".5+1.", Decimal("1.5")),
        ("SUM(A2:A1)", 30),
        ("SUM(A3)", 0),
        ("A3+1", None),
        ("A4", None),
        ("A5+1", None),
        ("A6+1", 11),
        ("SUM(A4:A4)", None),
        ("A1/0", None),
        ("A1/A9", None),
        ("IF(A1>1,2,3)", None),
        ("A1:A2", None),
        ("SUM(A1", None),
        ("(A1", None),
        ("A1+", None),
        ("Hoja2!A1", None),
        ("A1 A2", None),
        ("PI()", None),
        ("", None),
        ("A7", None),
        ("{1}", None),
        ('SUMIFS(A1:A2,C1:C2,"x*")', 30),
        ('SUMIFS(A1:A2,C1:C2,"X.1")', 10),
        ('SUMIFS(A1:A2,C1:C2,C1&"")', 10),
        ('SUMIFS(A1:A2,C1:C2,"x?2",C1:C2,"*2")', 20),
        ('SUMIFS(A1:A2,C1:C2,"<>x")', None),
        ("SUMIFS(A1:A2,C1:C2,A1)", None),
        ('SUMIFS(OFFSET($A$1,0,0,2,1),OFFSET(A1,0,2,2,1),"x.*")', 30),
        ("SUM(OFFSET(A1,0,0,0,1))", None),
        ("SUM(OFFSET(A1,1,0))", None),
        ('SUMIFS(A1:A2,1,"x")', None),
        ("SUMIFS(A1:A2)", None),
        ("ROUND(A1)", None),
        ("SUM(A1:5)", None),
    ],
)
def test_formulas_that_add_up_are_computed_and_others_are_not(formula: str, result: object) -> None:
    cells: dict[int, dict[int, Value]] = {
        1: {1: Decimal(10), 3: "x.1"},
        2: {1: Decimal(20), 3: "x.2"},
        3: {1: "texto"},
        4: {1: Decimal(0)},
        6: {1: Decimal(0)},
        7: {1: Decimal(0)},
    }
    formulas = {(1, 26): formula, (4, 1): "VLOOKUP(1,2)", (5, 1): "Z1", (6, 1): "A1", (7, 1): "A7"}
    assert Sheet(Grid("x", cells, formulas=formulas)).comes_to((1, 26)) == result


def test_formulas_that_read_a_changed_cell_are_known() -> None:
    formulas = {(1, 2): "A1+1", (2, 2): "B1*2", (3, 2): "A2"}
    sheet = Sheet(Grid("x", {1: {1: Decimal(1)}, 2: {1: Decimal(5)}}, formulas=formulas), {(1, 1): Decimal(3)})
    assert [sheet.comes_to((row, 2)) for row in (1, 2, 3)] == [4, 8, 5]
    assert sheet.reached == {(1, 2), (2, 2)}


@pytest.mark.parametrize("form", ["0%", "[h]:mm", "[mm]:ss", "dd/mm/yyyy", "[$$-409]#,##0.00"])
@pytest.mark.parametrize("name", ["budget", "ENE"])
def test_a_number_is_written_as_its_cell_shows_it_and_money_as_it_counts(tmp_path: Path, form: str, name: str) -> None:
    master = save(small(), tmp_path / "m.xlsx")
    book = openpyxl.load_workbook(master)
    book["POA 2020"].cell(7, COLUMNS[name]).number_format = form
    book.save(master)
    folder = tmp_path / "u"
    split_book(master, folder)
    edit(folder / "Unidad Legal.xlsx", ("GRO1.1.1", name, 150))
    sync([folder], master)
    held = openpyxl.load_workbook(master)["POA 2020"].cell(7, COLUMNS[name]).value
    read = next(row for row in load_one(FileBook(master)).plan.rows if row.code == code("GRO1.1.1")).get(name)
    assert read == 150
    if name == "budget" and form != "dd/mm/yyyy":
        assert held in (150, timedelta(days=150))
