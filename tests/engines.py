"""Spreadsheet engines as judges: they compute a workbook whose formulas hold no results, or wrong ones."""

import json
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


_DUMP = """(function () {
    var sheet = Api.GetSheets()[0], found = {}, places = %s;
    places.forEach(function (at) { var cell = sheet.GetCells(at[0], at[1]); cell.SetValue(cell.GetFormula()); });
    places.forEach(function (at) { found[at.join()] = sheet.GetCells(at[0], at[1]).GetValue2(); });
    GlobalVariable["dump"] = JSON.stringify(found);
})();"""


def onlyoffice(path: Path) -> Shown:
    """Compute with the engine of ONLYOFFICE, which waits for a formula to be typed."""
    import docbuilder  # noqa: PLC0415 - 200 MB, and only `make test-engines` has it

    page = openpyxl.load_workbook(path).worksheets[0]
    places = [(cell.row, cell.column) for row in page.iter_rows() for cell in row if cell.data_type == "f"]
    builder = docbuilder.CDocBuilder()
    builder.OpenFile(str(path), "")
    # Typed from the right, so that helpers are there before what rests on them.
    builder.ExecuteCommand(_DUMP % json.dumps(sorted(places, key=lambda at: -at[1])))
    found = json.loads(builder.GetContext().GetGlobal()["GlobalVariable"]["dump"].ToString())
    builder.CloseFile()
    return {
        (int(row), int(column)): _typed(value)
        for (row, column), value in ((at.split(","), each) for at, each in found.items())
    }


def _typed(value: object) -> object:
    """Take a number that is written as a text for what it is."""
    try:
        return float(str(value))
    except ValueError:
        return value
