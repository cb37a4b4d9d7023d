"""What Office.js tells of a workbook, made from its file: rows of values, of formulas and of formats, as JSON has them."""

# ruff: noqa: ANN401 - cells of openpyxl

import json
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.utils import datetime as moments
from openpyxl.utils import range_boundaries

from poa_xl.web.webbook import WebBook


def web_book(path: Path, answers: dict[str, bool] | None = None) -> WebBook:
    """Open a file as the pane has it, through JSON as on its way there."""
    return WebBook(json.loads(json.dumps(told(path))), answers)


def told(path: Path, active: str = "", selected: list[int] | None = None) -> dict[str, Any]:
    held: Any = openpyxl.load_workbook(path)
    shown = openpyxl.load_workbook(path, data_only=True)
    return {
        "name": path.name,
        "address": f"https://oficina.example/{path.name}",
        "program": "Excel",
        "active": active or held.worksheets[0].title,
        "selected": selected or [1, 1, 1, 1],
        "refuses": bool(held.security is not None and held.security.lockStructure),
        "date1904": held.epoch.year == 1904,
        "properties": {each.name: str(each.value) for each in held.custom_doc_props.props},
        "names": {name: f"={each.attr_text}" for name, each in held.defined_names.items()},
        "sheets": [_sheet(page, shown[page.title], held.epoch) for page in held.worksheets],
    }


def _sheet(page: Any, shown: Any, epoch: datetime) -> dict[str, Any]:
    places = [cell.coordinate for row in page.iter_rows() for cell in row if cell.value is not None]
    used = range_boundaries(page.dimensions) if places else (1, 1, 1, 1)
    left, top, right, bottom = used
    box = f"{page.cell(top, left).coordinate}:{page.cell(bottom, right).coordinate}"
    cells: list[Any] = list(zip(page[box], shown[box], strict=True)) if places else [((page["A1"],), (shown["A1"],))]
    boxes = [range_boundaries(str(area)) for area in page.merged_cells.ranges]
    totals = [range_boundaries(each.ref) for each in page.tables.values() if each.totalsRowCount]
    return {
        "name": page.title,
        "visible": page.sheet_state == "visible",
        "row": top,
        "column": left,
        "values": [[_value(cell, epoch) for cell in row] for _, row in cells],
        "formulas": [
            [_formula(cell, seen, epoch) for cell, seen in zip(row, line, strict=True)] for row, line in cells
        ],
        "formats": [[cell.number_format for cell in row] for row, _ in cells],
        "errors": [[cell.row, cell.column] for _, row in cells for cell in row if cell.data_type == "e"],
        "merges": [[top, left, bottom, right] for left, top, right, bottom in boxes],
        "hidden": [row for row, each in page.row_dimensions.items() if each.hidden],
        "protected": bool(page.protection.sheet),
        "unlocked": [[c.row, c.column] * 2 for row, _ in cells for c in row if not c.protection.locked],
        "rules": [
            [f"{area.sqref}/{n}", f"={rule.formula[0]}"]
            for area in page.conditional_formatting
            for n, rule in enumerate(area.rules)
            if rule.type == "expression"
        ],
        "totals": [[bottom, left, bottom, right] for left, _, right, bottom in totals],
        "arrows": page.auto_filter.ref or "",
        "validations": [
            [top, left, bottom, right, each.promptTitle or ""]
            for each in page.data_validations.dataValidation
            for left, top, right, bottom in map(range_boundaries, str(each.sqref).split())
        ],
    }


def _value(cell: Any, epoch: datetime) -> object:
    value = cell.value
    if isinstance(value, date | time | timedelta):
        days: float = moments.to_excel(value, epoch)  # type: ignore[no-untyped-call]
        return days
    return "" if value is None else value


def _formula(held: Any, shown: Any, epoch: datetime) -> object:
    return held.value if held.data_type == "f" else _value(shown, epoch)


def contents(page: Any, shown: Any, epoch: datetime) -> dict[tuple[int, int], object]:
    """What the cells of a sheet hold, as Office.js tells it; blank ones are left out."""
    found = {
        (cell.row, cell.column): _formula(cell, shown[cell.coordinate], epoch)
        for row in page.iter_rows()
        for cell in row
    }
    return {place: each for place, each in found.items() if each != ""}
