"""Codes, amounts, dates and texts as people type them."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poa_xl.books.daynumbers import from_day_number
from poa_xl.core.amounts import Style, decimals, parse_amount, parse_number
from poa_xl.core.codes import Code, candidates, parse_code
from poa_xl.core.dates import MONTHS, from_serial, has_two_readings, is_month_first, month_number, parse_date, to_serial
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
        # Money has cents: three digits behind a mark are thousands.
        ("Bs 1.000", "1000"),
        ("10.000 Bs.", "10000"),
        ("1,234 bolivianos", "1234"),
        ("Bs 10.000.-", "10000"),
        ("Bs: 10.000", "10000"),
        ("Bs/ 500,50", "500.50"),
        ("10.000,00.-", "10000"),
        ("500,00.--", "500"),
        ("500,-", "500"),
        ("500 Bs.-", "500"),
        ("1.000,00 Bs.-", "1000"),
        ("10.000 Bs.-", "10000"),
        (",5", "0.5"),
        ("Bs .50", "0.5"),
        ("Bs.- 500,00", "500"),
        ("Bs.1.234,56", "1234.56"),
        ("1.234,56 Bs.", "1234.56"),
        ("1234.5 Bolivianos", "1234.5"),
        ("BOB500", "500"),
        ("500-", "-500"),
        ("500 –", "-500"),
        ("- 500", "-500"),
        ("-Bs 500", "-500"),
        ("Bs -500", "-500"),
        ("Bs. -500", "-500"),
        ("(Bs 500)", "-500"),
        ("Bs (500)", "-500"),
        ("(-500)", "-500"),
        ("39'745.387", "39745387"),
        ("39'745.387,50", "39745387.5"),
        ("39’745,387.50", "39745387.5"),
        ("1'000.50", "1000.5"),
        ("1'000,50", "1000.5"),
        ("1'234'567.89", "1234567.89"),
        ("39´745", "39745"),
        ("1E+14", "1E+14"),
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
        ("1_000", BAD),
        ("٣", BAD),
        ("10 mil", BAD),
        ("2.5 M", BAD),
        ("500 .00", BAD),
        ("5-00", BAD),
        ("--5", BAD),
        ("Bs", BAD),
        ("%", BAD),
        ("Bs.-500", BAD),
        ("Bs-500", BAD),
        ("EUR", BAD),
        ("pens 5", BAD),
        ("$us 500", Flaw.FOREIGN),
        ("1.000 $us.", Flaw.FOREIGN),
        ("$ 1.234,50", Flaw.FOREIGN),
        ("US$ 5", Flaw.FOREIGN),
        ("USD 1,234.50", Flaw.FOREIGN),
        ("50 usd", Flaw.FOREIGN),
        ("€ 1.000,00", Flaw.FOREIGN),
        ("EUR 5", Flaw.FOREIGN),
        ("3 euros", Flaw.FOREIGN),
        ("5 dólares", Flaw.FOREIGN),
        ("S/ 500", Flaw.FOREIGN),
        ("S/. 500", Flaw.FOREIGN),
        ("500USD", Flaw.FOREIGN),
        ("1.500Sus", Flaw.FOREIGN),
        ("Dls. 500", Flaw.FOREIGN),
        ("500 soles", Flaw.FOREIGN),
        ("1 real", Flaw.FOREIGN),
        ("500 pesos", Flaw.FOREIGN),
        ("COP 500", Flaw.FOREIGN),
        ("500 UFV", Flaw.FOREIGN),
        ("UFVs 500", Flaw.FOREIGN),
        ("₲ 500", Flaw.FOREIGN),
        ("₡500", Flaw.FOREIGN),
        ("¢ 50", Flaw.FOREIGN),
        ("Gs. 500", Flaw.FOREIGN),
        ("CHF 5", Flaw.FOREIGN),
        ("50 por ciento", Flaw.FOREIGN),
        ("5 solares", Flaw.MALFORMED),
        ("Err:502", Flaw.ERROR),
        ("Err:5", Flaw.MALFORMED),
        ("9E999999", Flaw.LIMIT),
        ("1E9999999", Flaw.LIMIT),
        ("-1E15", Flaw.LIMIT),
        ("1e-30", Flaw.LIMIT),
        ("1234567890123456", Flaw.LIMIT),
        ("0,1234567890123456", Flaw.LIMIT),
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
        ("02/01/2020 00:00:00", date(2020, 1, 2)),
        ("2/1/2020 0:00", date(2020, 1, 2)),
        ("02/01/2020 12:00 a. m.", date(2020, 1, 2)),
        ("2020-01-02 00:00:00.000", date(2020, 1, 2)),
        ("2020/01/02", date(2020, 1, 2)),
        ("20200102", date(2020, 1, 2)),
        ("02. 01. 2020", date(2020, 1, 2)),
        ("02|01|2020", date(2020, 1, 2)),
        ("jueves, 2 de enero de 2020", date(2020, 1, 2)),
        ("JUEVES 02 DE ENERO DEL 2020", date(2020, 1, 2)),
        ("2 Enero, 2020", date(2020, 1, 2)),
        ("2-ene.-20", date(2020, 1, 2)),
        ("02 - ENE - 20", date(2020, 1, 2)),
        ("1º de enero de 2020", date(2020, 1, 1)),
        ("1° enero 2020", date(2020, 1, 1)),
        ("1ro. de febrero del 2020", date(2020, 2, 1)),
        ("1er de marzo de 2020", date(2020, 3, 1)),
        ("Primero de mayo de 2020", date(2020, 5, 1)),
        ("jue. 2 ene. 2020", date(2020, 1, 2)),
        ("Mar, 31 mar 2020", date(2020, 3, 31)),
        ("sáb 4/ene/20", date(2020, 1, 4)),
        ("2 January 2020", date(2020, 1, 2)),
        ("2 de março de 2020", date(2020, 3, 2)),
        ("Jan 2, 2020", date(2020, 1, 2)),
        ("enero 2, 2020", date(2020, 1, 2)),
        ("Mar. 31 de 2020", date(2020, 3, 31)),
        ("02/01/'20", date(2020, 1, 2)),
        ("2-ene-’20", date(2020, 1, 2)),
        ("2/1/20.", date(2020, 1, 2)),
        ("2020-01-02T00:00:00-04:00", date(2020, 1, 2)),
        ("nada 2, 2020", Invalid("nada 2, 2020", BAD)),
        ("enero 20", Invalid("enero 20", BAD)),
        ("primero de enero", Invalid("primero de enero", BAD)),
        ("mañana 2 de enero de 2020", Invalid("mañana 2 de enero de 2020", BAD)),
        ("Enero 2020", Invalid("Enero 2020", BAD)),
        ("20201301", Invalid("20201301", BAD)),
        ("29/02/1900", Invalid("29/02/1900", BAD)),
        ("31/12/1899", Invalid("31/12/1899", Flaw.LIMIT)),
        ("01/01/1850", Invalid("01/01/1850", Flaw.LIMIT)),
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


def test_long_texts_are_no_numbers_and_take_no_time() -> None:
    assert parse_amount("9" * 5000) == Invalid(f"{'9' * 39}…", Flaw.LIMIT)
    assert parse_amount("x" * 5000) == Invalid(f"{'x' * 39}…", BAD)
    assert parse_date("1" * 5000) == Invalid(f"{'1' * 39}…", BAD)
    assert not is_month_first("1" * 5000)
    assert not has_two_readings("1" * 5000)


@pytest.mark.parametrize(
    ("text", "flaw"),
    [
        ("G" + "1." * 5000 + "1", Flaw.LIMIT),
        ("G" + "9" * 5000, Flaw.LIMIT),
        ("G1." + "9" * 10, Flaw.LIMIT),
        ("x" * 5000, BAD),
    ],
)
def test_codes_that_no_plan_has_are_beyond_the_limit(text: str, flaw: Flaw) -> None:
    found = parse_code(text)
    assert isinstance(found, Invalid)
    assert (found.flaw, len(found.text)) == (flaw, min(len(text), 40))


@pytest.mark.parametrize(
    ("text", "month_first", "two"),
    [
        ("12/31/20", True, False),
        ("1/2/20", False, True),
        ("31/12/20", False, False),
        ("2/2/20", False, False),
        ("13/13/20", False, False),
        ("1/32/20", False, False),
        ("2020-01-02", False, False),
        ("x", False, False),
        ("1-2-2020 0:00", False, True),
    ],
)
def test_what_the_month_first_would_make_of_a_date(text: str, month_first: bool, two: bool) -> None:
    assert (is_month_first(text), has_two_readings(text)) == (month_first, two)


@pytest.mark.parametrize("from_1904", [False, True])
@given(day=st.dates(date(1904, 1, 2), date(2099, 12, 31)))
def test_the_number_behind_a_date_is_its_day_number(day: date, from_1904: bool) -> None:
    number = to_serial(day, date1904=from_1904)
    assert from_day_number(float(number), date1904=from_1904) == day


@pytest.mark.parametrize("number", ["1", "58", "59", "61", "1000", "43832", "2.5", "1000.75"])
def test_a_number_that_shows_as_a_date_is_found_again(number: str) -> None:
    day = from_day_number(float(number), date1904=False)
    assert day is not None
    assert to_serial(day) == Decimal(number)


@pytest.mark.parametrize("raw", ["1_000", "1e999", "", "x", "0x10", "1 000", "nan", "inf", "²"])
def test_the_text_of_a_number_is_taken_to_the_letter(raw: str) -> None:
    with pytest.raises((ValueError, ArithmeticError)):
        parse_number(raw)


@pytest.mark.parametrize("number", [0.5, 60, 60.5, -5, 2958465.9999999, 2958466, 1e300])
def test_day_numbers_that_are_no_day_stay_numbers(number: float) -> None:
    assert from_day_number(number, date1904=False) is None
    assert from_day_number(2958465.5, date1904=False) is not None
