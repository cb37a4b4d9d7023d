"""What does `poa check` of one workbook cost, start included, against `import pandas` alone?

The plan has 134 rows. Processor time of a Python of its own, the median of five; each command runs once before, and may
write down what it compiles, as an installed program does.
"""

import os
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.syncing import SHEET, plan
from poa_xl.books.book import FileBook
from poa_xl.sheet.render import plan_sheet

TIMES = 5


def seconds(*command: str) -> float:
    found = []
    # Where the bytecode may not be kept, each start compiles all of our source, and none of that of pandas.
    surroundings = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    for _ in range(TIMES + 1):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, *command], env=surroundings, capture_output=True, check=False)  # noqa: S603 - commands of this file
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        found.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return statistics.median(found[1:])


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "poa.xlsx"
        FileBook(path).write([plan_sheet(plan(1), SHEET, ())])
        pandas = seconds("-c", "import pandas")
        for name, command in (
            ("python alone", ("-c", "pass")),
            ("import poa_xl.cli", ("-c", "import poa_xl.cli")),
            ("poa --version", ("-m", "poa_xl", "--version")),
            ("poa check", ("-m", "poa_xl", "check", str(path))),
        ):
            found = seconds(*command)
            print(f"{name}: {found / pandas:.2f} ({found * 1000:.0f} ms); import pandas 1 ({pandas * 1000:.0f} ms)")


if __name__ == "__main__":
    main()
