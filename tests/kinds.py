"""Every workbook that the tests have or can make, for what must hold of all of them."""

import shutil
from collections.abc import Callable, Mapping, Sequence
from datetime import date, time, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.worksheet.table import Table

from poa_xl.core.dates import MONTHS
from poa_xl.core.plan import Plan, Row
from poa_xl.sheet.fields import CAPTIONS
from poa_xl.sheet.grid import Grid
from poa_xl.sheet.render import COLUMNS
from tests.books.zoo.dialects import DIALECTS, written
from tests.books.zoo.workbooks import plan_workbook
from tests.faults import CASES
from tests.layouts import FORMS, draw, items, saved
from tests.made import MADE
from tests.paths import WORKBOOKS
from tests.plans import save, small

Make = Callable[[Path], Path]
Page = Any  # a worksheet of openpyxl


def _copied(source: Path, folder: Path) -> Path:
    return Path(shutil.copy(source, folder))


def _fault(rule: str, folder: Path) -> Path:
    rows, _, _ = CASES[rule]
    return save(Plan(tuple(row for row in rows if isinstance(row, Row)), 2020), folder / "f.xlsx")


def _form(name: str, folder: Path) -> Path:
    return saved(folder / "plan.xlsx", draw(FORMS[name], items()).grid)


def _dialect(name: str, folder: Path) -> Path:
    dialect = DIALECTS[name]
    path = folder / "z.xlsx"
    path.write_bytes(written(plan_workbook(inline=dialect.inline), dialect))
    return path


# The small plan stands in rows 5 to 12; a few cells of it are other ones, or others stand below.
FIRST, LAST = 5, 12


def _put(page: Page, row: int, **values: object) -> None:
    for name, value in values.items():
        page.cell(row, COLUMNS[name], value)


def _typed(row: int, values: Mapping[str, object], formats: Mapping[str, str]) -> Callable[[Page], None]:
    def put(page: Page) -> None:
        _put(page, row, **values)
        for name, code in formats.items():
            page.cell(row, COLUMNS[name]).number_format = code

    return put


def _below(*rows: Mapping[str, object]) -> Callable[[Page], None]:
    def put(page: Page) -> None:
        for number, values in enumerate(rows, LAST + 1):
            _put(page, number, **values)

    return put


def _headers_again(page: Page) -> None:
    page.insert_rows(9)
    for name, caption in CAPTIONS.items():
        if name in COLUMNS:
            page.cell(9, COLUMNS[name], caption)


def _table(page: Page) -> None:
    _put(page, LAST + 1, name="En todo", budget=600)
    table = Table(displayName="Plan", ref=f"A{FIRST - 1}:X{LAST + 1}")
    table.totalsRowCount = 1
    table._initialise_columns()  # type: ignore[attr-defined] # what openpyxl itself calls as it saves
    for column, cell in zip(table.tableColumns, page[FIRST - 1], strict=False):
        column.name = str(cell.value)
    page.add_table(table)


def _merged_code(page: Page) -> None:
    page.cell(LAST - 1, COLUMNS["code"], None)
    page.merge_cells(None, LAST - 2, COLUMNS["code"], LAST - 1, COLUMNS["code"])


def _merged(*names: str) -> Callable[[Page], None]:
    """What the cell above says counts for the row below it too."""

    def put(page: Page) -> None:
        for name in names:
            page.cell(8, COLUMNS[name], None)
            page.merge_cells(None, 7, COLUMNS[name], 8, COLUMNS[name])

    return put


def _numbered(page: Page) -> None:
    """Codes that are numbers to the program: all of them."""
    for row, code in zip(range(FIRST, LAST - 1), (1, 1.1, 1.11, 1.12, 1.2, 1.21), strict=True):
        page.cell(row, COLUMNS["code"], code)


def _per_unit(page: Page) -> None:
    """Two units that use the same codes, and no groups."""
    page.delete_rows(FIRST, LAST)
    for row, (code, unit) in enumerate((("A1", "Norte"), ("A2", "Norte"), ("A1", "Sur"), ("A2", "Sur")), FIRST):
        _put(
            page,
            row,
            code=code,
            name=f"Tarea {code}",
            unit=unit,
            owner="Jefe",
            target=12,
            measure="Trámites",
            partida="25220",
            budget=5,
            start=date(2020, 1, 2),
            end=date(2020, 12, 31),
            **dict.fromkeys(MONTHS, 1),
        )


SPENT: Mapping[str, object] = {"name": "Total de horas extra", "partida": "25220", "budget": 50}
ODD: Mapping[str, Callable[[Page], None]] = {
    "hours": _typed(
        7, {"target": timedelta(hours=12), "ENE": timedelta(hours=1)}, {"target": "[h]:mm", "ENE": "[h]:mm"}
    ),
    "minutes": _typed(7, {"FEB": timedelta(minutes=90)}, {"FEB": "[mm]:ss"}),
    "an amount as hours": _typed(7, {"budget": 4.5}, {"budget": "[h]:mm"}),
    "an amount as a date": _typed(7, {"budget": 1000, "ENE": 3}, {"budget": "dd/mm/yyyy", "ENE": "dd/mm/yy"}),
    "an hour of a day": _typed(7, {"ENE": time(1, 30), "FEB": 0}, {"ENE": "h:mm", "FEB": "dd/mm/yyyy"}),
    "money of others": _typed(7, {"budget": 100}, {"budget": "[$$-409]#,##0.00"}),
    "money of others, in words": _typed(8, {"budget": 200}, {"budget": '"$us" #,##0.00'}),
    "our money": _typed(7, {"budget": 100}, {"budget": '#,##0.00 "Bs"'}),
    "a share of money": _typed(7, {"budget": 0.5}, {"budget": "0%"}),
    "shares": _typed(7, {"target": 0.36, "ENE": 0.03, "FEB": 3}, {"target": "0%", "ENE": "0.00%"}),
    "texts for amounts": _typed(7, {"budget": "39'745.387", "target": "12 trámites", "ENE": "1.234", "FEB": "50%"}, {}),
    "money": _typed(7, {"budget": "$us 500"}, {}),
    "texts for dates": _typed(7, {"start": "31/02/2020", "end": "12/31/2020"}, {}),
    "a serial for a date": _typed(7, {"start": 43833, "end": 43833.5}, {"start": "General", "end": "General"}),
    "days with hours": _typed(7, {"start": date(2020, 1, 2)}, {"start": "dd/mm/yyyy hh:mm"}),
    "truth": _typed(7, {"ENE": True, "budget": True, "start": False}, {}),
    "a code that is a number": _typed(7, {"code": 1.1}, {}),
    "blanks": _typed(7, {"owner": "  ", "measure": "Horas\nPromedio", "code": " GRO1.1.1. "}, {}),
    "long texts": _typed(7, {"name": "x" * 9000, "evidence": "ñ\n" * 400}, {}),
    "a total": _below({"name": "TOTAL", "budget": 600}),
    "a total with a partida": _below(SPENT),
    "a total, and something below it": _below({"name": "TOTAL", "budget": 600}, {"partida": "25220", "budget": 5}),
    "sums carried over": _below(
        {"name": "Van", "budget": 600}, {"name": "Vienen", "budget": 600}, {"partida": "31110", "budget": 5}
    ),
    "money that nothing explains": _below({}, {"budget": 77}, {"name": "Imprevistos", "target": 4, "ENE": 4}),
    "signatures": _below({}, {"name": "Elaborado por"}, {"code": "VºBº", "budget": 0}),
    "headers again": _headers_again,
    "a table with a totals row": _table,
    "a merged code": _merged_code,
    "a merged responsible": _merged("owner"),
    "merged dates and measures": _merged("start", "end", "measure"),
    "codes that are numbers": _numbered,
    "codes per unit": _per_unit,
    "parts that repeat a code": _below(
        {"code": "GRO1.2.1", "name": "Operación GRO1.2.1", "unit": "Unidad Legal", "partida": "31110", "budget": 9}
    ),
}


def _odd(name: str, folder: Path) -> Path:
    path = save(small(), folder / "o.xlsx")
    book = openpyxl.load_workbook(path)
    ODD[name](book["POA 2020"])
    book.save(path)
    return path


SETTINGS = {
    "rules": '[reglas]\nfecha-gestion = "off"\nmeta-meses = "aviso"\npresupuesto-sin-partida = "rojo"\n',
    "columns": '[columnas]\nresponsable = "ninguna"\nmeta = "H"\n',
    "a sheet": '[plan]\nhoja = "POA 2020"\nultima_fila = 9\n',
    "unclear": '[plan]\nhojas = "POA 2020"\n',
}


def _settled(name: str, folder: Path) -> Path:
    """A workbook with what an office says of its plan beside it."""
    (folder / "poa.toml").write_text(SETTINGS[name], "utf-8")
    return MADE["every fault"](folder)


def _two(folder: Path) -> Path:
    """Two plans in one workbook; the second one is wrong in a row."""
    path = save(small(), folder / "d.xlsx")
    book = openpyxl.load_workbook(path)
    copy = book.copy_worksheet(book["POA 2020"])
    copy.title = "POA bis"
    copy["H7"] = 13
    book.save(path)
    return path


def _none(folder: Path) -> Path:
    return saved(folder / "n.xlsx", Grid("Notas", {1: {1: "nada que planificar"}}))


def _every() -> dict[str, Make]:
    found: dict[str, Make] = {f"made: {name}": make for name, make in MADE.items()}
    for path in sorted(WORKBOOKS.rglob("*.xlsx")):
        found[f"kept: {path.stem}"] = partial(_copied, path)
    kinds: Sequence[tuple[str, Callable[[str, Path], Path], Sequence[str]]] = (
        ("fault", _fault, [*CASES]),
        ("form", _form, [*FORMS]),
        ("dialect", _dialect, [*DIALECTS]),
        ("odd", _odd, [*ODD]),
        ("settings", _settled, [*SETTINGS]),
    )
    for kind, make, names in kinds:
        found |= {f"{kind}: {name}": partial(make, name) for name in names}
    return found | {"two plans": _two, "no plan": _none}


EVERY: Mapping[str, Make] = _every()
