"""Input help of flagged cells: what it says, and within which limits."""

import pytest

from poa_xl.core.checks import check
from poa_xl.core.findings import Finding, Severity
from poa_xl.core.limits import PROMPT, PROMPT_TITLE
from poa_xl.i18n import set_language
from poa_xl.sheet.grid import letters
from poa_xl.sheet.prompts import is_our_prompt, prompts
from poa_xl.sheet.render import COLUMNS, place
from tests.plans import change, small

LETTERS = {name: letters(column) for name, column in COLUMNS.items()}
DAY = "30/11/2026"


def test_a_flagged_cell_says_why_and_what_helps_and_when_it_was_seen() -> None:
    plan = place(change(small(), "GRO1.1.1", owner=""), "p.xlsx", "POA", ())
    told = {each.area: each for each in prompts(plan, check(plan), LETTERS, DAY)}
    assert {*told} == {"E4", f"{LETTERS['state']}4"}
    assert told["E4"].title == "▲ ROJO · revisado 30/11/2026"
    assert told["E4"].message == f"La operación no tiene responsable.\nLo de ahora: Motivo, {LETTERS['reason']}4."


def test_the_worst_comes_first_and_what_is_too_long_is_cut() -> None:
    plan = place(small(), "p.xlsx", "POA", ())
    long = Finding("x", Severity.WARNING, 2, "code", "", "", "m" * 400)
    short = Finding("y", Severity.ERROR, 2, "code", "", "", "mal", "poner otro")
    (cell, state) = prompts(plan, [long, short], LETTERS, DAY, live=False)
    assert cell.title.startswith("▲ ROJO")
    assert cell.message.startswith("Mal. → Poner otro.")
    assert cell.message.endswith("…\nSe actualiza al revisar otra vez.")
    assert (len(cell.message), len(cell.title) <= PROMPT_TITLE) == (PROMPT, True)
    assert state.message == cell.message


def test_rows_and_columns_that_the_plan_has_not_are_left_out() -> None:
    plan = place(small(), "p.xlsx", "POA", ())
    some = [
        Finding("x", Severity.ERROR, len(plan.rows), "code", "", "", "m"),
        Finding("x", Severity.ERROR, 2, "owner", "", "", "m"),
    ]
    without = {name: column for name, column in LETTERS.items() if name != "owner"}
    assert [each.area for each in prompts(plan, some, without, DAY)] == [f"{LETTERS['state']}4"]


@pytest.mark.parametrize("language", ["es", "en"])
def test_our_help_is_known_again_in_every_language(language: str) -> None:
    plan = place(change(small(), "GRO1.1.1", owner=""), "p.xlsx", "POA", ())
    set_language(language)
    try:
        titles = {each.title for each in prompts(plan, check(plan), LETTERS, DAY)}
    finally:
        set_language("es")
    assert titles
    assert all(is_our_prompt(title) for title in titles)
    assert not any(is_our_prompt(title) for title in ("", "Fecha", "▲ ROJO", "Tipo de meta · revisado 3"))
