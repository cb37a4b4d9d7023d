"""Paper: letters that can be read, heads and feet on every page, whoever writes the file."""

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace

import pytest

from poa_xl.books import writer
from poa_xl.books.patch.editor import Editor
from poa_xl.core.checks import check
from poa_xl.core.flags import flag
from poa_xl.sheet import ledger, paper
from poa_xl.sheet.extras import findings_sheet, repairs_sheet, summary_sheet
from poa_xl.sheet.listing import listing
from poa_xl.sheet.modified import modified_sheet
from poa_xl.sheet.render import Flagged, place, plan_sheet
from poa_xl.sheet.spec import Cell, SheetSpec
from poa_xl.sheet.versions import versions_sheet
from tests.plans import small

PLAN = place(small(), "l.xlsx", "POA", ("POA",))
FLAGGED = Flagged(flag(PLAN, check(PLAN)), check(PLAN))

SHEETS: dict[str, Callable[[], SheetSpec]] = {
    "plan": lambda: plan_sheet(PLAN, "POA", ("POA",), FLAGGED),
    "findings": lambda: findings_sheet(check(PLAN), PLAN, day="30/11/2026"),
    "summary": lambda: summary_sheet(PLAN, "POA", FLAGGED.flags),
    "repairs": lambda: repairs_sheet(()),
    "submissions": lambda: ledger.submissions_sheet((), "Al 30/11/2026 21:45"),
    "changes": lambda: ledger.changes_sheet((), "Al 30/11/2026 21:45"),
    "provenance": lambda: ledger.provenance_sheet((), "POA", "Al 30/11/2026 21:45"),
    "modified": lambda: modified_sheet((), "Aprobado", None, None),
    "versions": lambda: versions_sheet(()),
}


def pieces(image: SheetSpec) -> list[float]:
    """Return how wide each page is, in inches, when columns go to as many pages as the sheet asks for."""
    repeated = paper.repeated_columns(image)
    head = [*range(repeated[0], repeated[1] + 1)] if repeated else []
    widths = {
        column: (image.widths.get(column, 8.43) * 7 + 5) / 96 if image.widths.get(column, 1) else 0.0
        for column in paper.printed_columns(image)
    }
    first = sum(widths[column] for column in head)
    pages = [first]
    for column, width in widths.items():
        if column not in head:
            if pages[-1] + width > 12.2 * 9 / 7:
                pages.append(first)
            pages[-1] += width
    return pages


def test_how_units_stand_comes_onto_one_page() -> None:
    assert paper.pages_across(SHEETS["submissions"]()) == 1


@pytest.mark.parametrize("name", SHEETS)
def test_letters_on_paper_have_seven_points_at_least(name: str) -> None:
    image = SHEETS[name]()
    pages = pieces(image)
    assert image.one_page or len(pages) == paper.pages_across(image)
    assert image.one_page or 9 * 12.2 / max(pages) >= 7


def test_a_plan_on_two_pages_says_on_both_what_its_rows_are() -> None:
    image = SHEETS["plan"]()
    assert (paper.pages_across(image), paper.repeated_columns(image)) == (2, (1, 3))
    assert image.is_mapped, "cells that the list of findings names are found on paper"


def test_letters_for_sending_are_not_printed() -> None:
    image = SHEETS["submissions"]()
    captions = [image.cells[4, column].value for column in paper.printed_columns(image)]
    assert captions[-1] == "Enviado"
    assert "Recordatorio" not in captions
    assert paper.pages_across(image) == 1


def test_names_of_rules_are_out_of_sight() -> None:
    image = SHEETS["findings"]()
    assert [column for column, width in image.widths.items() if not width] == [5]
    assert image.cells[4, 5].value == "Regla"


def page(data: bytes, part: str) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return package.read(part).decode()


@pytest.mark.parametrize("name", SHEETS)
def test_both_writers_print_alike(name: str) -> None:
    image = SHEETS[name]()
    drawn = writer.build([image])
    editor = Editor(writer.build([SheetSpec("Otra", cells={(1, 1): Cell("x")})]), "l.xlsx")
    editor.add_sheet(replace(image, charts=[], merges=[]))
    spliced = editor.save()
    one, other = page(drawn, "xl/worksheets/sheet1.xml"), page(spliced, "xl/worksheets/sheet2.xml")
    for wanted in (
        r"<oddFooter>[^<]*",
        r"headings=\"1\"",
        r"fitToWidth=\"\d+\"",
        r"paperSize=\"\d+\"",
        r"<pageMargins [^>]*",
    ):
        found = [re.findall(wanted, each) or ['fitToWidth="1"'] for each in (one, other)]
        assert found[0] == found[1]
    names = [page(each, "xl/workbook.xml").replace("'", "") for each in (drawn, spliced)]
    for kind in ("_xlnm.Print_Titles", "_xlnm.Print_Area"):
        areas = [re.findall(rf'name="{kind}"[^>]*>([^<]*)', each) for each in names]
        assert areas[0] == areas[1]


@pytest.mark.parametrize("name", ["findings", "submissions", "changes", "provenance"])
def test_the_foot_says_file_sheet_day_and_page(name: str) -> None:
    foot = paper.footer(SHEETS[name]())
    assert foot.startswith("&L&8&F · &A&C&8 ")
    assert "30/11/2026" in foot
    assert foot.endswith("&R&8Página &P de &N")


def test_a_sign_in_the_foot_is_no_command() -> None:
    image = listing("X", "X", "", "#000000")
    image.printed = "1 & 2"
    assert "&C&8 1 && 2&R" in paper.footer(image)
