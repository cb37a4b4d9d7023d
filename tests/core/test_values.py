"""Codes, amounts, dates and texts as people type them."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poa_xl.core.amounts import Style, decimals, parse_amount, parse_number
from poa_xl.core.codes import Code, candidates, parse_code
from poa_xl.core.dates import MONTHS, from_serial, month_number, parse_date
from poa_xl.core.text import fold, squeeze, words
from poa_xl.core.values import Flaw, Invalid
from tests.strategies import amounts, codes


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("GROGR1.2.5.1.10", Code("GROGR", (1, 2, 5, 1, 10))),
        ("1.10", Code("", (1, 10))),
        (" GROGR 1. 2 ", Code("GROGR", (1, 2))),
        ("GROGR1.2.", Code("GROGR", (1, 2))),
        ("grogr1.2", Code("GROGR", (1, 2))),
        ("'GROGR1.2", Code("GROGR", (1, 2))),
        ("GROGR\u00a01.2", Code("GROGR", (1, 2))),
        ("GROGR1\u200b.2", Code("GROGR", (1, 2))),
        ("GRОGR1.2", Code("GROGR", (1, 2))),  # a Cyrillic O
        ("", None),
        (" \u00a0", None),
        ("GROGR1..2", Invalid("GROGR1..2", Flaw.MALFORMED)),
        ("GROGR", Invalid("GROGR", Flaw.MALFORMED)),
        ("GROGR1.a", Invalid("GROGR1.a", Flaw.MALFORMED)),
        ("GROGR1,2", Invalid("GROGR1,2", Flaw.MALFORMED)),
        ("1.2-GROGR", Invalid("1.2-GROGR", Flaw.MALFORMED)),
    ],
)
def test_codes_are_read(text: str, expected: object) -> None:
    assert parse_code(text) == expected


def test_a_code_remembers_how_it_was_written() -> None:
    code = parse_code(" grogr1.2. ")
    assert isinstance(code, Code)
    assert (code.written, str(code)) == ("grogr1.2.", "GROGR1.2")


@given(codes)
def test_a_code_reads_back(code: Code) -> None:
    assert parse_code(str(code)) == code


@given(codes, codes)
def test_codes_compare_part_by_part(one: Code, other: Code) -> None:
    assert (one < other) == ((one.prefix, one.parts) < (other.prefix, other.parts))


def test_ten_comes_after_nine_and_is_not_under_one() -> None:
    nine, ten = Code("G", (1, 9)), Code("G", (1, 10))
    assert nine < ten
    assert Code("G", (1, 1)) not in ten.ancestors()


@given(codes)
def test_ancestors_are_the_parents_of_parents(code: Code) -> None:
    above = list(code.ancestors())
    assert [each.depth for each in above] == list(range(code.depth - 1, 0, -1))
    assert code.parent == (above[0] if above else None)


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        ("1.1", ["GRO1.1", "GRO1.10"]),
        ("2.21", ["GRO2.21", "GRO2.210"]),
        ("7", ["GRO7"]),
        ("2020-02-01", ["GRO1.2.20", "GRO2.1.20"]),
        ("VERDADERO", []),
    ],
)
def test_a_numeric_code_has_candidates(shown: str, expected: list[str]) -> None:
    assert [str(code) for code in candidates(shown, "GRO")] == expected


BAD = Flaw.MALFORMED
TWO = Flaw.AMBIGUOUS


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1.234,56", "1234.56"),
        ("1,234.56", "1234.56"),
        ("10,000.00 ", "10000"),
        ("39,745,387", "39745387"),
        ("39.745.387", "39745387"),
        ("Bs 1.000,5", "1000.5"),
        ("Bs. 12", "12"),
        ("1 234,56", "1234.56"),
        ("1\u202f234,56", "1234.56"),
        ("(500)", "-500"),
        ("-500", "-500"),
        ("−500", "-500"),
        ("+7", "7"),
        ("36%", "36"),
        ("36 %", "36"),
        ("1E+05", "100000"),
        ("1,5e3", "1500"),
        ("5,76", "5.76"),
        ("0.300", "0.300"),
        ("0,00", "0"),
        ("12345.678", "12345.678"),
        ("7", "7"),
        ("0", "0"),
    ],
)
def test_amounts_are_read_in_either_style(text: str, expected: str) -> None:
    assert parse_amount(text) == Decimal(expected)


@pytest.mark.parametrize(
    ("text", "flaw"),
    [
        ("1.234", TWO),
        ("1,234", TWO),
        ("Bs 1.000", TWO),
        ("906,000", TWO),
        ("-", BAD),
        ("s/n", BAD),
        ("36 horas", BAD),
        ("2-3", BAD),
        ("X", BAD),
        ("NA", BAD),
        ("None", BAD),
        ("1,23,4.5", BAD),
        ("1.2.3", BAD),
        ("()", BAD),
        ("#REF!", Flaw.ERROR),
        ("#¡REF!", Flaw.ERROR),
        ("#DIV/0!", Flaw.ERROR),
        ("#N/A", Flaw.ERROR),
        ("#N/D", Flaw.ERROR),
        ("#¿NOMBRE?", Flaw.ERROR),
    ],
)
def test_what_is_no_amount_says_why(text: str, flaw: Flaw) -> None:
    assert parse_amount(text) == Invalid(text, flaw)


def test_a_blank_text_is_no_amount() -> None:
    assert parse_amount("\u00a0 ") is None


def test_a_known_style_leaves_one_reading() -> None:
    assert parse_amount("906,000", Style.POINT_DECIMAL) == 906000
    assert parse_amount("906,000", Style.COMMA_DECIMAL) == 906


@given(amounts)
def test_a_written_amount_reads_back_or_is_ambiguous(amount: Decimal) -> None:
    english = f"{amount:,.2f}"
    spanish = english.translate(str.maketrans(",.", ".,"))
    assert parse_amount(english) == parse_amount(spanish) == amount


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("0.30000000000000004", "0.3"),
        ("36", "36"),
        ("36.5", "36.5"),
        ("-0.0", "0"),
        ("-0", "0"),
        ("1E5", "100000"),
        ("1152921504606846976", "1152921504606850000"),
        ("0.33333333333333331", "0.333333333333333"),
    ],
)
def test_numbers_of_cells_have_fifteen_digits(raw: str, expected: str) -> None:
    number = parse_number(raw)
    assert number == Decimal(expected)
    assert not number.is_signed()


@pytest.mark.parametrize("raw", ["cien", "NaN", "inf", ""])
def test_what_is_no_finite_number_is_refused(raw: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the cell's text is all there is to say
        parse_number(raw)


@pytest.mark.parametrize(
    ("value", "places"), [("184.20", 1), ("5.76", 2), ("36", 0), ("1E+3", 0), ("0", 0), ("NaN", 0)]
)
def test_decimal_places_that_are_used(value: str, places: int) -> None:
    assert decimals(Decimal(value)) == places


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("02/01/20", date(2020, 1, 2)),
        ("2/1/2020", date(2020, 1, 2)),
        ("02-01-2020", date(2020, 1, 2)),
        ("2.1.20", date(2020, 1, 2)),
        ("2020-01-02", date(2020, 1, 2)),
        ("2020-01-02T00:00:00", date(2020, 1, 2)),
        ("2 de enero de 2020", date(2020, 1, 2)),
        ("02-ene-20", date(2020, 1, 2)),
        ("1 de Setiembre del 2020", date(2020, 9, 1)),
        ("2/ENE./2020", date(2020, 1, 2)),
        ("29/02/20", date(2020, 2, 29)),
        ("", None),
        ("31/02/20", Invalid("31/02/20", BAD)),
        ("01/13/20", Invalid("01/13/20", BAD)),
        ("2 de nada de 2020", Invalid("2 de nada de 2020", BAD)),
        ("pronto", Invalid("pronto", BAD)),
    ],
)
def test_dates_are_day_month_year(text: str, expected: object) -> None:
    assert parse_date(text) == expected


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_a_written_date_reads_back(day: date) -> None:
    assert parse_date(f"{day:%d/%m/%y}") == parse_date(f"{day:%d/%m/%Y}") == parse_date(day.isoformat()) == day


@pytest.mark.parametrize(
    ("serial", "date1904", "expected"),
    [
        (43832, False, date(2020, 1, 2)),
        (43832.5, False, date(2020, 1, 2)),
        (42370, True, date(2020, 1, 2)),
        (36, False, None),
        (10**6, False, None),
    ],
)
def test_day_numbers_are_believed_where_a_plan_may_lie(serial: float, date1904: bool, expected: object) -> None:
    assert from_serial(serial, date1904=date1904) == expected


@pytest.mark.parametrize(
    ("text", "number"),
    [("ENE", 1), ("Enero", 1), ("ene.", 1), ("SET", 9), ("Sept.", 9), ("DIC", 12), ("Trimestre", None)],
)
def test_months_have_names(text: str, number: int | None) -> None:
    assert month_number(text) == number


def test_twelve_months() -> None:
    assert [month_number(month) for month in MONTHS] == list(range(1, 13))


def test_texts_are_made_comparable() -> None:
    assert squeeze("  A\u200b\u00a0 ñ\n") == "A ñ"
    assert fold("Área  EJECUTORA") == fold("a\u0301rea ejecutora") == "area ejecutora"
    assert words("Adm. Aduana (Pisiga)") == ["adm", "aduana", "pisiga"]
