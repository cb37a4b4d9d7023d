"""Small plans to test with, and their workbooks."""

import re
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl

from poa_xl.actions.load import load_one
from poa_xl.books.book import FileBook
from poa_xl.core.codes import Code, parse_code
from poa_xl.core.plan import FIELDS, Kind, Plan, Row
from poa_xl.sheet.render import plan_sheet

Typed = str | float | date | None

TITLE = ("PLAN OPERATIVO ANUAL 2020", "Gerencia Regional Oruro")


def code(text: str) -> Code:
    found = parse_code(text)
    assert isinstance(found, Code)
    return found


def group(text: str, budget: int | None = None, number: int | None = None) -> Row:
    return Row(
        Kind.GROUP,
        id=number,
        code=code(text),
        name=f"Grupo {text}",
        start=date(2020, 1, 2),
        end=date(2020, 12, 31),
        budget=None if budget is None else Decimal(budget),
    )


def operation(text: str, unit: str, budget: int = 0, target: int = 12, number: int | None = None) -> Row:
    return Row(
        Kind.OPERATION,
        id=number,
        code=code(text),
        name=f"Operación {text}",
        unit=unit,
        owner=f"Jefe {unit}".strip(),
        start=date(2020, 1, 2),
        end=date(2020, 12, 31),
        target=Decimal(target),
        measure="Trámites",
        months=(Decimal(1),) * 12,
        evidence="Informe",
        partida="25220" if budget else "",
        budget=Decimal(budget),
    )


def line(partida: str, budget: int) -> Row:
    return Row(Kind.LINE, name=f"Tarea {partida}", partida=partida, budget=Decimal(budget))


def small() -> Plan:
    """Two units, one group each of its own, one shared, and an operation with two lines."""
    return Plan(
        (
            group("GRO1", 600, 1),
            group("GRO1.1", 300, 2),
            operation("GRO1.1.1", "Unidad Legal", 100, number=3),
            operation("GRO1.1.2", "Adm Aduana Pisiga", 200, number=4),
            group("GRO1.2", 300, 5),
            operation("GRO1.2.1", "Unidad Legal", 300, number=6),
            line("25220", 100),
            line("25900", 200),
        ),
        2020,
    )


def save(plan: Plan, path: Path, title: Sequence[str] = TITLE) -> Path:
    FileBook(path).write([plan_sheet(plan, "POA 2020", title)])
    return path


def change(plan: Plan, text: str, **fields: object) -> Plan:
    """Change fields of the row with a code."""
    rows = (replace(row, **fields) if row.code == code(text) else row for row in plan.rows)  # type: ignore[arg-type]
    return replace(plan, rows=tuple(rows))


def edit(path: Path, *changes: tuple[str, str, Typed]) -> Path:
    """Change cells of a plan workbook as a person would: code, field, value; everything else of it stays."""
    source = load_one(FileBook(path)).parsed
    rows = {row.code: row for row in source.plan.rows if row.kind is not Kind.LINE}
    book = openpyxl.load_workbook(path)
    page = next(page for page in book.worksheets if page.title.startswith("POA"))
    for text, name, value in changes:
        page[rows[code(text)].where(name).cell] = value
    book.save(path)
    return path


def add(path: Path, text: str, unit: str, budget: int, *, line: int = 0) -> Path:
    """Type a new operation into the first blank row that a unit's workbook has for it, or into a row."""
    source = load_one(FileBook(path)).parsed
    taken = {row.line for row in source.plan.rows}
    parent = code(text).parent
    above = max(row.line for row in source.plan.rows if isinstance(row.code, Code) and row.code.parent == parent)
    at = line or next(number for number in range(above, above + 99) if number not in taken)
    book = openpyxl.load_workbook(path)
    page = next(page for page in book.worksheets if page.title.startswith("POA"))
    new = operation(text, unit, budget)
    for name, letters in source.layout.addresses.items():
        if name in FIELDS:
            value: Any = new.get(name)
            page[f"{letters}{at}"] = str(value) if isinstance(value, Code) else value
    book.save(path)
    return path


def drop(path: Path, text: str) -> Path:
    """Delete the row with a code."""
    row = next(row for row in load_one(FileBook(path)).parsed.plan.rows if row.code == code(text))
    book = openpyxl.load_workbook(path)
    page = next(page for page in book.worksheets if page.title.startswith("POA"))
    page.delete_rows(row.line)
    book.save(path)
    return path


def old_figures(path: Path, figure: int) -> Path:
    """Write a figure beside all formulas that openpyxl left without one, as programs write what they calculated."""
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts.items():
            is_sheet = name.startswith("xl/worksheets/sheet")
            kept = re.sub(rb"(</f>)<v(?:\s*/>|></v>)", rb"\1<v>%d</v>" % figure, data) if is_sheet else data
            package.writestr(name, kept)
    return path
