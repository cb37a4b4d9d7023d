"""What a formula looks at."""

import pytest

from poa_xl.sheet.references import moved, sums_column


@pytest.mark.parametrize(
    ("formula", "rows", "columns", "expected"),
    [
        ("SUM(J5:J9)", 0, 1, "SUM(K5:K9)"),
        ("SUM(J5:J9)", 2, 0, "SUM(J7:J11)"),
        ("$J5+J$5+$J$5", 1, 1, "$J6+K$5+$J$5"),
        ('"A1"&A1', 1, 0, '"A1"&A2'),
        ("'Hoja A1'!A1+LOG10(B2)", 1, 0, "'Hoja A1'!A2+LOG10(B3)"),
        ("Z1", 0, 1, "AA1"),
        ("YTD2026+A1B", 1, 1, "YTD2026+A1B"),
        ("a1", 1, 1, "B2"),
    ],
)
def test_a_shared_formula_is_meant_relative_to_where_it_stands(
    formula: str, rows: int, columns: int, expected: str
) -> None:
    assert moved(formula, rows, columns) == expected


@pytest.mark.parametrize(
    "formula",
    ["SUM(X5:X9)", "SUBTOTAL(109,X5:X9)", "SUBTOTAL(109,[Presupuesto])", "SUM(Plan[Presupuesto])", "SUM($X$5:$X$9)",
     "SUM(X:X)", "sum(x5:x9)", "SUMIF(W:W,25220,X:X)", "X5+X6", "+X5 + $X$7+X9", "SUM(X5:X7,X9)", "ROUND(SUM(X5:X9),2)",
     "AGGREGATE(9,5,Plan[Presupuesto])"],
)  # fmt: skip
def test_a_formula_that_adds_up_its_column_is_known(formula: str) -> None:
    assert sums_column(formula, 10, 24)


@pytest.mark.parametrize(
    "formula",
    ["", "SUM(J10:U10)", "X9*0.13", "X9", "W5+X6", "SUM(X10:X10)", "SUM(W5:W9)", "SUM(V5:X9)", "'Otra'!X5", "Otra!X5:X9",
     '"X5:X9"', "X5-X6", "SUM(X5:X9X)", "100+200"],
)  # fmt: skip
def test_other_formulas_are_not(formula: str) -> None:
    assert not sums_column(formula, 10, 24)
