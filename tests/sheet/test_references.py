"""What a formula looks at."""

import pytest

from poa_xl.sheet.references import sums_column, sums_row


@pytest.mark.parametrize(
    "formula",
    [
        "SUM(X5:X9)",
        "SUBTOTAL(109,X5:X9)",
        "SUBTOTAL(109,[Presupuesto])",
        "SUM(Plan[Presupuesto])",
        "SUM($X$5:$X$9)",
        "SUM(X:X)",
        "sum(x5:x9)",
        "SUMIF(W:W,25220,X:X)",
        "X5+X6",
        "+X5 + $X$7+X9",
        "SUM(X5:X7,X9)",
        "ROUND(SUM(X5:X9),2)",
        "AGGREGATE(9,5,Plan[Presupuesto])",
    ],
)
def test_a_formula_that_adds_up_its_column_is_known(formula: str) -> None:
    assert sums_column(formula, 10, 24)


@pytest.mark.parametrize(
    "formula",
    [
        "",
        "SUM(J10:U10)",
        "X9*0.13",
        "X9",
        "W5+X6",
        "SUM(X10:X10)",
        "SUM(W5:W9)",
        "SUM(V5:X9)",
        "'Otra'!X5",
        "Otra!X5:X9",
        '"X5:X9"',
        "X5-X6",
        "SUM(X5:X9X)",
        "100+200",
    ],
)
def test_other_formulas_are_not(formula: str) -> None:
    assert not sums_column(formula, 10, 24)


@pytest.mark.parametrize(
    ("formula", "columns"),
    [
        ("SUM(F4:H4)", {6, 7, 8}),
        ("sum( $F$4 : H4 )", {6, 7, 8}),
        ("SUM(H4:F4,J4)", {6, 7, 8, 10}),
        ("F4+G4+$H4", {6, 7, 8}),
        ("F4", {6}),
        ("", set()),
        ("SUM(F4:H5)", set()),
        ("SUM(F5:H5)", set()),
        ("SUM(F4:H4)+1", set()),
        ("F4-G4", set()),
        ("SUM(F4:H4)*2", set()),
        ("ROUND(SUM(F4:H4),2)", set()),
        ("SUM(Otra!F4:H4)", set()),
    ],
)
def test_the_cells_of_its_own_row_that_a_formula_adds_up_are_known(formula: str, columns: set[int]) -> None:
    assert sums_row(formula, 4) == columns
