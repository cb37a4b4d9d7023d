"""Control columns: formulas where they can be live, states baked in where they cannot."""

import re
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from poa_xl.core.checks import check
from poa_xl.core.findings import Finding, Severity
from poa_xl.core.flags import flag
from poa_xl.core.plan import Kind, Plan
from poa_xl.core.values import Flaw, Invalid
from poa_xl.sheet import control
from poa_xl.sheet.formulas import Role, RowFormulas, Sheet, literal
from poa_xl.sheet.grid import letters
from poa_xl.sheet.image import Cell
from poa_xl.sheet.render import COLUMNS, place
from tests.plans import change, group, line, operation, small

LETTERS: Mapping[str, str] = {name: letters(column) for name, column in COLUMNS.items()}


def filled(plan: Plan, columns: Mapping[str, str] = LETTERS, extra: tuple[Finding, ...] = ()) -> control.Controls:
    placed = place(plan, "p.xlsx", "POA", ())
    findings = [*check(placed), *extra]
    return control.control_cells(placed, flag(placed, findings), findings, columns, lambda _: True)


def error(field: str, severity: Severity = Severity.ERROR) -> Finding:
    return Finding("otra-regla", severity, 2, field, "", "", "mal")


def formula(cells: Mapping[str, Cell], field: str) -> str:
    return cells[field].formula


def test_findings_that_formulas_cannot_see_are_baked_in() -> None:
    red = filled(small(), extra=(error("target"), error("budget"), error("owner")))[2]
    assert formula(red, "target_state") == '="ROJO"'
    assert formula(red, "budget_state") == '="ROJO"'
    assert formula(red, "state").startswith('=IF(TRUE,"ROJO"')
    warned = filled(small(), extra=(error("ENE", Severity.WARNING),))[2]
    assert 'IF(TRUE,"AVISO","VERDE")' in formula(warned, "target_state")
    assert 'IF(TRUE,"AVISO","VERDE")' in formula(warned, "state")


def test_months_that_are_not_side_by_side_get_values_and_a_rule_each() -> None:
    columns = {**LETTERS, "DIC": "AZ"}
    assert all(cell.formula == "" for cells in filled(small(), columns) for cell in cells.values())
    areas = {rule.area for rule in control.rules(columns, 2, 9)}
    assert {"AZ2:AZ9", "J2:J9"} <= areas
    assert "J2:U9" in {rule.area for rule in control.rules(LETTERS, 2, 9)}


def test_lines_that_are_not_side_by_side_are_listed() -> None:
    sheet = Sheet(LETTERS, 20, 2020)
    assert "SUM(X4,X6)" in RowFormulas(sheet, 3, Role(lines=[4, 6])).computed()
    assert "SUM(X4:X5)" in RowFormulas(sheet, 3, Role(lines=[4, 5])).computed()


def test_lines_have_no_states() -> None:
    cells = filled(small())[6]
    assert formula(cells, "state") == ""
    assert formula(cells, "computed").startswith("=IF(ISNUMBER(X8)")


def test_a_plan_without_dates_is_not_held_against_them() -> None:
    columns = {name: column for name, column in LETTERS.items() if name not in ("start", "end")}
    assert "YEAR" not in RowFormulas(Sheet(columns, 9, 2020), 3).target_state()
    assert "YEAR" in RowFormulas(Sheet(LETTERS, 9, 2020), 3).target_state()


def test_a_formula_never_reads_its_own_column_from_its_own_row_up() -> None:
    group = RowFormulas(Sheet(LETTERS, 9, 2020), 2, Role(Kind.GROUP, is_parent=True))
    assert "OFFSET($B2,1," in group.computed()
    assert "OFFSET($B2,1," in group.children()


def test_formulas_fit_into_a_cell_and_texts_into_a_formula() -> None:
    assert max(len(cell.formula) for cells in filled(small()) for cell in cells.values()) < 8192
    assert literal('a"b') == '"a""b"'
    assert literal("") == '""'
    assert literal("x" * 600).count("&") == 2


def test_what_the_planner_states_is_shown_as_it_stands() -> None:
    plan = change(small(), "GRO1.1.1", stated=Invalid("Mensual", Flaw.MALFORMED))
    assert filled(plan)[2]["stated"].value == "Mensual"


def test_functions_replace_the_formulas_that_they_can() -> None:
    rows = [row for row in small().rows if row.kind is not Kind.LINE]
    placed = place(Plan((*rows, replace(operation("GRO1.2.2", "A"), budget=Decimal(1)))), "p.xlsx", "POA", ())
    cells = control.control_cells(
        placed, flag(placed, []), [], LETTERS, lambda row: row.budget != Decimal(1), functions=True
    )
    assert formula(cells[2], "kind") == "=POA_TIPO(H4,I4,J4:U4,Y4)"
    assert formula(cells[0], "computed") == "=POA_PRESUPUESTO(B2,$B$2:$B$8,$X$2:$X$8)"
    assert formula(cells[0], "kind") == ""
    assert formula(cells[6], "computed") == ""


def test_functions_leave_budgets_with_lines_to_native_formulas() -> None:
    placed = place(small(), "p.xlsx", "POA", ())
    cells = control.control_cells(placed, flag(placed, []), [], LETTERS, lambda _: True, functions=True)
    assert all("POA_" not in formula(each, "computed") for each in cells)
    assert formula(cells[2], "target_state").startswith("=POA_ESTADO(")


# What Excel 2016, Calc 7.4 and Calc 25.2 all have; none of them is newer than Excel 2007, so no prefix is needed.
SHARED = {
    "ABS",
    "AND",
    "COLUMN",
    "COUNT",
    "COUNTBLANK",
    "COUNTIF",
    "IF",
    "IFERROR",
    "INDEX",
    "ISNA",
    "ISNUMBER",
    "LEFT",
    "LOWER",
    "MATCH",
    "MAX",
    "MIN",
    "MONTH",
    "N",
    "NOT",
    "OFFSET",
    "OR",
    "ROUND",
    "SEARCH",
    "SUBSTITUTE",
    "SUM",
    "SUMIFS",
    "SUMPRODUCT",
    "YEAR",
}


def test_formulas_use_functions_that_every_program_has() -> None:
    formulas = [cell.formula for cells in filled(small()) for cell in cells.values()]
    used = {name for text in formulas for name in re.findall(r"([A-Z][A-Z0-9.]*)\(", re.sub(r'"[^"]*"', "", text))}
    assert used <= SHARED
    assert not any("_xlfn" in text or ";" in re.sub(r'"[^"]*"', "", text) for text in formulas)


def test_parts_that_repeat_the_code_of_their_operation_count_beside_it() -> None:
    head = operation("GRO1.1.1", "Unidad Legal", 100)
    part = replace(line("31110", 50), code=head.code)
    plan = Plan((group("GRO1.1", 150), head, part, replace(part, target=head.target), group("GRO1.2", 0)), 2020)
    cells = filled(plan)
    assert (cells[1]["computed"].value, cells[1]["budget_difference"].value) == (200, None)
    assert "SUM(X3:X5)" in formula(cells[1], "computed")
    assert formula(cells[1], "budget_difference") == ""
    assert [text.count("+N(X") for text in (formula(cells[0], "computed"), formula(cells[4], "computed"))] == [1, 0]


def test_a_sum_that_nobody_knows_has_no_formula_that_would_make_one() -> None:
    cells = filled(change(small(), "GRO1.1.1", budget=Invalid("1.234", Flaw.AMBIGUOUS)))
    for row in cells[:2]:
        assert (row["computed"], row["budget_difference"]) == (
            Cell(None, row["computed"].style),
            Cell(None, row["computed"].style),
        )
        assert formula(row, "budget_state") == '="AVISO"'
    assert formula(cells[4], "computed")
