"""What a cell can hold, at its limits and one beyond."""

from decimal import Decimal

import pytest

from poa_xl.core import limits
from poa_xl.core.limits import limit_of, within, writable
from poa_xl.core.plan import DECIDED, TEXTS
from poa_xl.core.values import Flaw, Invalid
from poa_xl.sheet import control, looks
from poa_xl.sheet.extras import REPAIRS, SUMMARY
from poa_xl.sheet.listing import CHANGES, FINDINGS, PROVENANCE, SUBMISSIONS


@pytest.mark.parametrize(
    "number",
    [
        "0",
        "999999999999999",
        "-999999999999999",
        "0.000000000000001",
        "1E+14",
        "123456789.012345",
        "1E-20",
        "100000000000000.000",
        "1.50000000000000000000",
    ],
)
def test_what_a_cell_keeps_digit_by_digit_is_an_amount(number: str) -> None:
    assert within(Decimal(number)) == Decimal(number)


@pytest.mark.parametrize(
    "number", ["1E+15", "-1E+15", "1234567890123456", "0.1234567890123456", "1E-21", "9E+999999", "1E-999999"]
)
def test_what_it_does_not_is_none(number: str) -> None:
    found = within(Decimal(number))
    assert isinstance(found, Invalid)
    assert found.flaw is Flaw.LIMIT
    assert len(found.text) <= 40


def test_a_zero_of_any_exponent_is_zero_and_no_number_is_none() -> None:
    assert str(within(Decimal("0E+999"))) == "0"
    assert within(Decimal("NaN")) == Invalid("NaN", Flaw.MALFORMED)


@pytest.mark.parametrize("text", ["", "x" * limits.TEXT, "ñ" * limits.TEXT, "😀" * (limits.TEXT // 2), "a\U0001f600b"])
def test_texts_that_a_cell_holds_are_kept(text: str) -> None:
    assert writable(text) == text


@pytest.mark.parametrize(
    "text", ["x" * (limits.TEXT + 1), "😀" * (limits.TEXT // 2 + 1), "a\ud800", "\udc00b", "a\ufffe", "\uffff"]
)
def test_others_are_none(text: str) -> None:
    found = writable(text)
    assert isinstance(found, Invalid)
    assert found.flaw is Flaw.LIMIT
    assert found.text.encode()


@pytest.mark.parametrize("field", DECIDED)
def test_every_field_has_its_sentence(field: str) -> None:
    limit = limit_of(field, is_text=field in TEXTS)
    assert limit.message
    assert limit.suggestion


def test_what_we_draw_keeps_to_the_limits() -> None:
    chosen = control.choice({"stated": "Y"}, 2, 9)
    assert len(chosen.title) <= limits.PROMPT_TITLE
    assert len(chosen.message) <= limits.PROMPT
    assert looks.row_height([("palabra " * 5000, 10)]) == limits.ROW_HEIGHT
    assert looks.row_height([("palabra", 10)]) < limits.ROW_HEIGHT
    sheets = (FINDINGS, SUMMARY, REPAIRS, CHANGES, SUBMISSIONS, PROVENANCE)
    assert all(len(f"{name} POA") <= limits.SHEET_NAME for name in sheets)
