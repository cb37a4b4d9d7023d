"""Spreadsheet engines as judges: they compute a workbook whose formulas hold no results, or wrong ones."""

import re
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import ironcalc
import openpyxl

from tests.office import Office

# Row and column to what a program shows; nothing for blank.
Shown = Mapping[tuple[int, int], object]
Engine = Callable[[Path], Shown]

_CELL = re.compile(rb"(<c [^>]*?)( t=\"[a-z]+\")?(>(?:<f[^>]*/>|<f[^>]*>[^<]*</f>))<v>[^<]*</v>")


def without_results(path: Path, sheet: str = "xl/worksheets/sheet1.xml", wrong: str = "") -> Path:
    """Take the results of all formulas out of a sheet, or put a wrong one in their place: nothing can be copied."""
    made = path.with_name(f"{path.stem}_{'wrong' if wrong else 'bare'}.xlsx")
    value = f"<v>{wrong}</v>".encode() if wrong else b""
    kind = b' t="str"' if wrong else b""
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            if name == sheet:
                data, count = _CELL.subn(rb"\g<1>" + kind + rb"\g<3>" + value, data)
                assert count, "the sheet has no results"
            new.writestr(name, data)
    return made


def calc(office: Office) -> Engine:
    """Return LibreOffice, which computes everything on loading."""

    def run(path: Path) -> Shown:
        (path.parent / "xlsx" / path.name).unlink(missing_ok=True)
        page = openpyxl.load_workbook(office.convert(path, "xlsx"), data_only=True).worksheets[0]
        return {
            (cell.row, cell.column): cell.value for row in page.iter_rows() for cell in row if cell.value is not None
        }

    return run


class _Computed(dict[tuple[int, int], object]):
    """What IronCalc shows, asked cell by cell."""

    def __init__(self, path: Path) -> None:
        self._model = ironcalc.load_from_xlsx(str(path), "en", "UTC", "en")
        self._model.evaluate()

    def __missing__(self, place: tuple[int, int]) -> object:
        return self._model.get_cell_value(0, *place)

    def get(self, place: tuple[int, int], default: object = None) -> object:
        return default if (found := self[place]) is None else found


def iron(path: Path) -> Shown:
    """Compute with IronCalc, which adds plainly, as few programs do."""
    return _Computed(path)
