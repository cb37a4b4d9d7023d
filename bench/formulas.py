"""What do live formulas cost who stores, reads and computes a unit's workbook?

Peers in the same run: the same workbook with values only, and with every formula spelled out in its cell.
"""

import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from unittest.mock import patch

from python_calamine import CalamineWorkbook

sys.path.insert(0, str(Path(__file__).parents[1]))
from poa_xl.actions.importing import import_text
from poa_xl.actions.load import load_one
from poa_xl.books.book import FileBook
from poa_xl.core.checks import check
from poa_xl.core.flags import flag
from poa_xl.core.plan import Plan
from poa_xl.sheet.render import Flagged, place
from poa_xl.sheet.unit import room, unit_sheet
from tests.office import Office
from tests.paths import PRINTED

TITLE = ("PLAN OPERATIVO ANUAL 2020",)


def write(plan: Plan, path: Path, *, live: bool, shared: bool = True) -> Path:
    """Write a plan as one unit gets it, all of it the unit's own."""
    placed = place(plan, path.name, "POA 2020", TITLE, room(plan))
    findings = check(placed)
    image = unit_sheet(placed, "POA 2020", TITLE, Flagged(flag(placed, findings), findings, live=live))
    if not live:
        image.cells = {at: type(cell)(cell.value, cell.style) for at, cell in image.cells.items()}
    if shared:
        FileBook(path).write([image])
    else:
        with patch("poa_xl.books.pages.shares", return_value={}):
            FileBook(path).write([image])
    return path


def best(run: Callable[[], object], times: int) -> float:
    """Return the shortest of several runs, in milliseconds."""
    found = []
    for _ in range(times):
        start = time.perf_counter()
        run()
        found.append(time.perf_counter() - start)
    return min(found) * 1000


def main() -> None:
    """Print size and times of each."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        plan = load_one(FileBook(import_text(PRINTED, home / "m.xlsx").path)).plan
        office = Office(home / "office")
        peers = {
            "values": write(plan, home / "values.xlsx", live=False),
            "spelled out": write(plan, home / "plain.xlsx", live=True, shared=False),
            "shared": write(plan, home / "shared.xlsx", live=True),
        }
        office.convert(peers["values"], "csv")
        print(f"{len(plan.rows)} rows; size of the file and of its sheet, reading, loading with recalculation in Calc")
        for name, path in peers.items():
            sheet = zipfile.ZipFile(path).getinfo("xl/worksheets/sheet1.xml").file_size
            calamine = best(lambda path=path: CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python(), 9)  # type: ignore[misc]
            ours = best(lambda path=path: load_one(FileBook(path)), 5)  # type: ignore[misc]
            calc = best(lambda path=path: _converted(office, path), 3)  # type: ignore[misc]
            print(
                f"{name:12} {path.stat().st_size / 1000:6.0f} KB {sheet / 1000:6.0f} KB; "
                f"calamine {calamine:5.1f} ms; ours {ours:6.1f} ms; Calc {calc:6.0f} ms"
            )


def _converted(office: Office, path: Path) -> Path:
    (path.parent / "csv" / f"{path.stem}.csv").unlink(missing_ok=True)
    return office.convert(path, "csv")


if __name__ == "__main__":
    main()
