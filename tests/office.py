"""LibreOffice, the one real spreadsheet program that runs here: it recalculates and renders our workbooks."""

import json
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from lxml import html

# Formulas are calculated on load, whatever the file says they came to.
_RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry"
 xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""


class Office:
    """An installed LibreOffice with a profile of its own.

    Args:
        profile: Folder for the profile.
    """

    def __init__(self, profile: Path) -> None:
        self.profile = profile
        (profile / "user").mkdir(parents=True)
        (profile / "user" / "registrymodifications.xcu").write_text(_RECALCULATE, "utf-8")
        program = shutil.which("soffice")
        assert program is not None, "LibreOffice is missing: run `bash .ci/office`"
        self.program = program

    def convert(self, path: Path, form: str, reading: str = "") -> Path:
        """Open a workbook, recalculate it and save it in another form (`xlsx`, `html`, `pdf`); `reading` says how."""
        folder = path.parent / form
        command = [
            self.program,
            "--headless",
            "--norestore",
            f"-env:UserInstallation={self.profile.as_uri()}",
            *([f"--infilter={reading}"] if reading else []),
            "--convert-to",
            form,
            "--outdir",
            str(folder),
            str(path),
        ]
        made = folder / f"{path.stem}.{form}"
        for _ in range(2):  # a new profile makes the program end once and ask to be started again
            subprocess.run(command, check=False, capture_output=True, timeout=900)
            if made.exists():
                return made
        raise AssertionError(f"LibreOffice made no {made.name}")

    def convert_all(self, paths: Sequence[Path], form: str) -> None:
        """Open many workbooks of a folder one after the other, recalculate and save them in another form."""
        folder = paths[0].parent / form
        command = [
            self.program,
            "--headless",
            "--norestore",
            f"-env:UserInstallation={self.profile.as_uri()}",
            "--convert-to",
            form,
            "--outdir",
            str(folder),
            *map(str, paths),
        ]
        for _ in range(2):  # see above
            subprocess.run(command, check=False, capture_output=True, timeout=900)
            if all((folder / f"{path.stem}.{form}").exists() for path in paths):
                return
        raise AssertionError(f"LibreOffice made not all of {len(paths)} files")

    def edit(self, path: Path, *steps: Sequence[object]) -> Path:
        """Open a workbook in Calc, carry steps out (see `tests/calc_edit.py`), and save it as another one."""
        program = Path(self.program).resolve().parent / "soffice.bin"
        target = path.parent / "edited" / path.name
        target.parent.mkdir(exist_ok=True)
        script = Path(__file__).with_name("calc_edit.py")
        arguments = [str(program), self.profile.as_uri(), str(path), str(target), json.dumps(steps)]
        done = subprocess.run(
            ["/usr/bin/python3", str(script), *arguments], check=False, capture_output=True, text=True
        )
        assert target.exists(), done.stderr
        return target

    def colors(self, path: Path) -> list[list[list[tuple[str, str]]]]:
        """Render a workbook and give text and background of every cell: sheet, row, column.

        The background is `#RRGGBB` in capitals, empty where there is none.
        """
        page = html.fromstring(self.convert(path, "html").read_bytes())
        return [
            [
                [
                    ("".join(map(str, cell.itertext())).strip(), (cell.get("bgcolor") or "").upper())
                    for cell in row.iter("td")
                ]
                for row in table.iter("tr")
            ]
            for table in page.iter("table")
        ]
