"""Our Python in Pyodide: the rules and the sheet are the same there, test by test."""

import re
import subprocess
import sys
from pathlib import Path

TOP = Path(__file__).parents[2]
SAME = ("tests/core", "tests/sheet", "tests/actions/test_importing.py::test_the_repairs_are_the_golden_ones")


def test_the_tests_of_core_and_sheet_and_the_goldens_pass_in_pyodide(libraries: Path) -> None:
    done = subprocess.run(
        ["node", TOP / "web/tests/pyodide.mjs", libraries, *SAME], check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    # As many as here: none was left out.
    here = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "--collect-only", *SAME],
        cwd=TOP,
        capture_output=True,
        text=True,
        check=True,
    )
    (wanted,) = re.findall(r"(\d+) tests collected", here.stdout)
    assert re.search(rf"\b{wanted} passed", done.stdout), done.stdout[-2000:]
