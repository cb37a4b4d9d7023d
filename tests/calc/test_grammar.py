"""Formulas in Excel's grammar and in Calc's, with Calc's own parsers as the judge."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poa_xl.calc.grammar import to_calc, to_excel
from poa_xl.core.checks import check
from poa_xl.core.flags import flag
from poa_xl.core.plan import Kind
from poa_xl.sheet.control import control_cells
from poa_xl.sheet.grid import letters
from poa_xl.sheet.render import COLUMNS, place
from tests.plans import small
from tests.running import Running


def native() -> list[str]:
    """The formulas that we write, one of each kind."""
    plan = place(small(), "p.xlsx", "POA", ())
    columns = {name: letters(number) for name, number in COLUMNS.items()}
    findings = check(plan)
    filled = control_cells(plan, flag(plan, findings), findings, columns, lambda _: True)
    rows = {row.kind: cells for row, cells in zip(plan.rows, filled, strict=True)}
    return [cell.formula for kind in Kind for cell in rows[kind].values() if cell.formula]


@pytest.mark.parametrize("formula", native())
def test_our_formulas_are_translated_as_calc_reads_them(formula: str, running: Running) -> None:
    ours = to_calc(formula)
    assert ours is not None
    book = running.app.books.add()
    cell = book.sheets[0].range("AZ30").api.getCellByPosition(0, 0)
    parser = book.sheets[0].range("AZ30").impl._parser()
    cell.setTokens(parser.parseFormula(formula[1:], cell.CellAddress))
    read = cell.Formula
    cell.setFormula(ours)
    # Calc's parser makes numbers of bare truth values, and we make calls of them.
    assert cell.Formula.replace("FALSE()", "0").replace("TRUE()", "1") == read
    back = to_excel(read)
    assert back is not None
    cell.setTokens(parser.parseFormula(back[1:], cell.CellAddress))
    assert cell.Formula == read


@pytest.mark.parametrize(
    "formula",
    [
        "=Plan!A1",
        "='Plan 1'!A1",
        "=LET(x,1,x)",
        "=SUM(A1;B1)",
        "=A1:INDEX(B:B,2)",
        "=POA_NIVEL(A1)",
        "={1,2;3,4}",
        "=#REF!",
        "=A:A",
        "=nombre",
        "=_xlfn.XLOOKUP(A1,B1,C1)",
        "=[1]Hoja!A1",
        '="sin cerrar',
    ],
)
def test_what_is_not_plain_is_left_to_the_parser(formula: str) -> None:
    assert to_calc(formula) is None


parts = st.sampled_from(
    ["A1", "$B$22", "1.5", "SUM(A1:B2,C3)", 'IF(A1="x;,y",TRUE,FALSE())', '"a,b;""c"""', "(1+2)", "-3%", "{1,2}"]
)


@given(st.lists(parts, min_size=1, max_size=5), st.sampled_from("+-*/&=<>"))
def test_translating_there_and_back_changes_nothing(some: list[str], sign: str) -> None:
    formula = "=" + sign.join(some)
    there = to_calc(formula)
    assert there is not None
    back = to_excel(there)
    assert back == formula.replace("TRUE,", "TRUE(),")
    assert to_calc(str(back)) == there
