"""What stands on paper, rendered by Calc: states are told apart by luminance, or by a sign."""

import itertools
import subprocess
from decimal import Decimal
from pathlib import Path

from poa_xl.books.book import FileBook
from poa_xl.core.checks import check
from poa_xl.core.flags import State, flag
from poa_xl.sheet import looks
from poa_xl.sheet.render import COLUMNS, Flagged, place, plan_sheet
from tests.office import Office
from tests.plans import change, small

# As the three states differ for whoever sees no colours; text needs more, a patch beside a patch does not.
APART = 1.5
STATES = (State.GREEN, State.WARNING, State.RED)


def luminance(color: str) -> float:
    """Relative luminance, as the guidelines for accessible pages define it."""
    parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_states_are_told_apart_on_grey_paper(office: Office, tmp_path: Path) -> None:
    months = (None, *[Decimal(1)] * 11)
    plan = change(small(), "GRO1.1.1", target=Decimal(11), months=months)
    plan = place(change(plan, "GRO1.2.1", target=Decimal(99)), "p.xlsx", "POA", ())
    findings = check(plan)
    flags = flag(plan, findings)
    assert {each.state for each in flags} >= {*STATES}
    image = plan_sheet(plan, "POA", (), Flagged(flags, findings))
    image.print_columns = (1, COLUMNS["reason"])
    image.freeze = None
    path = tmp_path / "p.xlsx"
    FileBook(path).write([image])
    printed = office.convert(path, "pdf")
    text = subprocess.run(["pdftotext", "-layout", printed, "-"], check=True, capture_output=True, text=True).stdout
    picture = tmp_path / "page"
    subprocess.run(["pdftoppm", "-r", "100", "-f", "1", "-l", "1", printed, picture], check=True)
    (page,) = tmp_path.glob("page*.ppm")
    pixels = page.read_bytes()
    for state in STATES:
        assert bytes.fromhex(looks.PAINT[state].fill[1:]) in pixels, state
    for one, other in itertools.combinations(STATES, 2):
        light, dark = sorted((luminance(looks.PAINT[each].fill) for each in (one, other)), reverse=True)
        signs = {looks.SIGNS[one], looks.SIGNS[other]}
        are_signed = len(signs) == 2 and all(f"{looks.SIGNS[each]} {each}" in text for each in (one, other))
        assert (light + 0.05) / (dark + 0.05) >= APART or are_signed, (one, other)
