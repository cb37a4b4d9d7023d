"""What number formats make of a number."""

import pytest

from poa_xl.sheet.number_format import kind_of


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("[h]:mm", "hours"),
        ("[HH]:mm:ss", "hours"),
        ("[mm]:ss", "minutes"),
        ("[s]", "seconds"),
        ("h:mm", "date"),
        ("dd/mm/yyyy;@", "date"),
        ("[$-400A]d mmm yy", "date"),
        ("0.00%", "percent"),
        ('0" dias"', ""),
        ("[Red]0", ""),
        ("0.00", "0.00"),
        ("000", "000"),
        ("General", ""),
        ("#,##0.00", ""),
    ],
)
def test_a_format_says_what_a_number_shows_as(code: str, kind: str) -> None:
    assert kind_of(code) == kind
