"""What number formats make of a number."""

from decimal import Decimal

import pytest

from poa_xl.sheet.number_format import fixed, kind_of


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
        ("[$$-409]#,##0.00", "¤$"),
        ("#,##0.00\\ [$€-1]", "¤€"),
        ('"$us" #,##0.00', "¤$"),
        ('"US$"#,##0', "¤US$"),
        ('_-"S/" * #,##0.00_-', "¤S/"),
        ("[$USD] #,##0", "¤USD"),
        ("$#,##0.00;($#,##0.00)", "¤$"),
        ('#,##0.00 "Sus"', "¤SUS"),
        ('"Bs" #,##0.00', ""),
        ("[$Bs-400A]#,##0.00", ""),
        ("[$-409]#,##0.00", ""),
        ('#,##0 "soles y"', "¤SOLES"),
        ("_-* #,##0.00_-;-* #,##0.00_-", ""),
        ("#,##0.00", ""),
        ("#,##0,", ",1"),
        ("#,##0,;-#,##0,", ",1"),
        ('0.0,,"M"', ",2"),
        ("#,##0,.00", ",1"),
        ('"a, b" 0', ""),
        ('0"%"', "%"),
        ("0\\%", "%"),
        ('0" % anual"', "%"),
        ('"100 %"', ""),
    ],
)
def test_a_format_says_what_a_number_shows_as(code: str, kind: str) -> None:
    assert kind_of(code) == kind


@pytest.mark.parametrize(
    ("form", "text"), [("%", "12000%"), (",1", ",1 12000"), ("0.00", "12000.00"), ("¤€", "€ 12000")]
)
def test_a_number_is_written_as_its_form_shows_it(form: str, text: str) -> None:
    assert fixed(Decimal(12000), form) == text
