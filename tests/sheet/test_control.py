"""Control columns: formulas where they can be live, states baked in where they cannot."""

import itertools
import re
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

import pytest

from poa_xl.core.checks import check
from poa_xl.core.dates import MONTHS
from poa_xl.core.findings import Finding, Severity
from poa_xl.core.flags import State, flag
from poa_xl.core.plan import FIELDS, Kind, Plan, Row
from poa_xl.core.values import Flaw, Invalid
from poa_xl.sheet import control, looks
from poa_xl.sheet.control_columns import CONTROL_COLUMNS
from poa_xl.sheet.formulas import budgets, reasons, targets
from poa_xl.sheet.formulas.functions import poa_functions
from poa_xl.sheet.formulas.painted import PACKS
from poa_xl.sheet.formulas.place import Place, Role, Sheet, roles_of
from poa_xl.sheet.grid import letters
from poa_xl.sheet.render import COLUMNS, place
from poa_xl.sheet.spec import Cell
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


def at(row: int = 3, role: Role | None = None, columns: Mapping[str, str] = LETTERS, last: int = 200) -> Place:
    return Place(Sheet(columns, 2, last, 2020), row, role or Role())


def without(*names: str) -> Mapping[str, str]:
    return {name: column for name, column in LETTERS.items() if name not in names}


APART = {**LETTERS, **{month: letters(10 + 4 * number) for number, month in enumerate(MONTHS)}} | {
    column.name: letters(70 + number) for number, column in enumerate(CONTROL_COLUMNS)
}
ROLES = (
    Role(),
    Role(lines=[4, 6]),
    Role(lines=[4, 5], is_shared=True),
    Role(home="G1.1", unread="G-1"),
    Role(Kind.GROUP, is_parent=True, orphans=[9], told={7: Decimal(5)}),
    Role(Kind.LINE),
    Role(Kind.LINE, is_shared=True),
    Role(is_disputed=True),
)


def written(place: Place) -> dict[str, str]:
    return {column.name: made for column in CONTROL_COLUMNS if (made := column.formula(place))}


def test_findings_that_formulas_cannot_see_are_written_down() -> None:
    extra = (error("target"), error("budget", Severity.WARNING), error("owner", Severity.WARNING))
    assert filled(small(), extra=extra)[2]["seen"].value == (
        "fila:ROJO budget:AVISO presupuesto:AVISO owner:AVISO target:ROJO meta:ROJO|Mal. Mal. Mal"
    )
    assert (
        filled(small(), extra=(error("ENE", Severity.WARNING),))[2]["seen"].value
        == "fila:AVISO ENE:AVISO meta:AVISO|Mal"
    )
    assert filled(small())[2]["seen"].value is None


def test_the_worst_finding_decides_whatever_comes_last() -> None:
    extra = (error("target"), error("target", Severity.WARNING))
    assert str(filled(small(), extra=extra)[2]["seen"].value).startswith("fila:ROJO target:ROJO meta:ROJO|")


def test_months_that_are_not_side_by_side_have_formulas_and_a_rule_each() -> None:
    columns = {**LETTERS, "DIC": "BZ"}
    assert filled(small(), columns)[2]["programmed"].formula.count("BZ4") == 3
    areas = {rule.area for rule in control.rules(columns, 2, 9)}
    assert {"BZ2:BZ9", "J2:J9"} <= areas


def test_every_cell_of_the_planner_has_colours_of_its_own() -> None:
    rules = control.rules(LETTERS, 2, 9)
    areas = {rule.area for rule in rules}
    assert areas == {f"{LETTERS[name]}2:{LETTERS[name]}9" for name in (*FIELDS, "stated", *control.STATES)}
    red = [rule.formula for rule in rules if rule.style.fill == looks.PAINT[State.RED].fill]
    assert len({*red}) == len(areas) - 1, "the budget looks at the column that says how it stands"
    assert all(control.is_our_rule(rule.formula, LETTERS.values()) for rule in rules)


def test_lines_that_are_not_side_by_side_are_listed() -> None:
    assert "SUM(X4,X6)" in budgets.computed(at(role=Role(lines=[4, 6])))
    assert "SUM(X4:X5)" in budgets.computed(at(role=Role(lines=[4, 5])))
    assert "SUM(X3,X4:X5)" in budgets.computed(at(role=Role(lines=[4, 5], is_shared=True)))


def test_lines_have_no_verdict() -> None:
    cells = filled(small())[6]
    assert formula(cells, "kind") == formula(cells, "target_state") == formula(cells, "group") == ""
    assert formula(cells, "computed").startswith("=IF(ISNUMBER(X8)")
    assert formula(cells, "key") == '="·"'


@pytest.mark.parametrize(
    "missing",
    [
        ("start", "end"),
        ("owner",),
        ("measure",),
        ("budget",),
        ("code",),
        ("start", "end", "owner", "measure", "budget", "code", "id", "partida", "evidence", "name", "unit"),
    ],
)
def test_a_column_that_the_sheet_lacks_is_asked_for_by_no_formula(missing: tuple[str, ...]) -> None:
    columns = without(*missing)
    for role in ROLES:
        for name, made in written(at(role=role, columns=columns)).items():
            bare = re.sub(r'"[^"]*"', "x", made)
            used = set(re.findall(r"\$?([A-Z]{1,2})\$?\d", bare))
            assert used <= set(columns.values()), (name, role)
            assert not re.search(r"[(,+][,)+]|OR\(\)|&&|&\)", bare), (name, made)


def test_a_plan_without_dates_is_not_held_against_them() -> None:
    assert targets.outside(at(columns=without("end"))) == reasons.why_dates(at(columns=without("end"))) == ""
    assert "YEAR" in targets.outside(at())
    assert "2020" not in targets.outside(Place(Sheet(LETTERS, 2, 9, 0), 3))
    assert "YEAR(F3)" not in reasons.why_dates(Place(Sheet(LETTERS, 2, 9, 0), 3))


def test_months_that_nobody_holds_against_the_target_are_marked_by_no_formula() -> None:
    kept = {rule: severity for rule, severity in at().sheet.rules.items() if rule != "meta-meses"}
    free = Place(replace(at().sheet, rules=kept), 3)
    assert (targets.off(free), targets.blamed(free)) == ("", "")
    assert targets.off(at()) != targets.blamed(at()) != ""
    assert "los meses dan" not in targets.why_target(free)
    assert "los meses dan" in targets.why_target(at())


def test_the_budget_of_a_group_reads_only_the_rows_below_it_and_those_that_are_named() -> None:
    group = Place(Sheet(LETTERS, 2, 9, 2020), 4, Role(Kind.GROUP, is_parent=True, above=[2], orphans=[8]))
    for is_locked, start in ((True, "SUMIFS(X5:X$509,B5:B$509,"), (False, "SUMIFS(OFFSET($B4,1,22,505,1),")):
        made = budgets.roll_up(group, is_locked=is_locked)
        assert made.startswith(start)
        assert made.endswith("+SUM(X2)+SUM(X8)")


def test_a_row_is_known_by_its_role() -> None:
    plan = Plan(
        (
            group("G1", 0),
            operation("G1.1", "A", 1),
            replace(operation("G1.2", "A", 1), code=Invalid("1.2", Flaw.NUMERIC)),
            replace(operation("G1.3", "A", 1), code=Invalid("G1-3", Flaw.MALFORMED)),
            operation("G1.4.1", "A"),
        ),
        2020,
    )
    roles = roles_of(place(plan, "p.xlsx", "POA", ()), {3})
    assert [(role.is_parent, role.home, role.unread) for role in roles] == [
        (True, "", ""),
        (False, "", ""),
        (False, "G1", ""),
        (False, "", "G1-3"),
        (False, "", ""),
    ]
    assert (roles[0].orphans, roles[0].told) == ([6], {3: Decimal(1)})


def test_formulas_are_short_and_texts_in_them_too() -> None:
    for columns, last in ((LETTERS, 9_999), (APART, 9_999)):
        for role in ROLES:
            for name, made in written(at(last, role, columns, last)).items():
                assert len(made) <= 1_000, (name, last)
                assert all(len(text) <= 255 for text in re.findall(r'"([^"]*)"', made)), name


def test_helpers_are_few_and_hidden_and_look_like_no_header() -> None:
    helpers = [column for column in CONTROL_COLUMNS if column.is_helper]
    assert len([column for column in helpers if not column.paints]) <= 22
    assert len(helpers) <= 33
    painted = [column.name for column in helpers if column.paints]
    assert painted == ["off", "blamed", *(f"paint_{pack[0]}" for pack in PACKS)]
    assert all(column.caption.startswith("·") for column in helpers)
    assert [column.is_helper for column in CONTROL_COLUMNS] == [False] * 10 + [True] * len(helpers)


def test_what_the_planner_states_is_shown_as_it_stands() -> None:
    plan = change(small(), "GRO1.1.1", stated=Invalid("Mensual", Flaw.MALFORMED))
    assert filled(plan)[2]["stated"].value == "Mensual"


def uncalculated(row: Row, field: str) -> Row:
    flaw = Invalid("=A1", Flaw.UNCALCULATED)
    if field in MONTHS:
        return replace(
            row, months=tuple(flaw if month == field else each for month, each in zip(MONTHS, row.months, strict=True))
        )
    return replace(row, **{field: flaw})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("number", "field", "open_rows"),
    [(2, "target", {2}), (2, "ENE", {2}), (2, "budget", {0, 1, 2}), (6, "budget", {0, 4, 5, 6}), (2, "start", {2})],
)
def test_what_hangs_on_a_formula_that_nobody_calculated_has_no_value_yet(
    number: int, field: str, open_rows: set[int]
) -> None:
    rows = [*small().rows]
    rows[number] = uncalculated(rows[number], field)
    cells = filled(Plan(tuple(rows), 2020))
    assert {i for i, each in enumerate(cells) if each["state"].formula and each["state"].value is None} == open_rows
    assert all(
        each[name].value is None for i in open_rows for each in [cells[i]] for name in each if each[name].formula
    )
    # Nobody knows: it is no red.
    placed = place(Plan(tuple(rows), 2020), "p.xlsx", "POA", ())
    assert State.RED not in {each.state for each in flag(placed, check(placed))}


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
    assert 'POA_TIPO(H3,"",' in poa_functions(at(columns=without("measure")))["kind"]
    assert [*poa_functions(at(columns=APART))] == ["computed"]


def test_functions_leave_budgets_with_lines_to_native_formulas() -> None:
    placed = place(small(), "p.xlsx", "POA", ())
    cells = control.control_cells(placed, flag(placed, []), [], LETTERS, lambda _: True, functions=True)
    assert all("POA_" not in formula(each, "computed") for each in cells)
    assert formula(cells[2], "target_state").startswith("=POA_ESTADO(")


def test_an_operation_whose_lines_hold_values_holds_values_too() -> None:
    placed = place(small(), "p.xlsx", "POA", ())
    cells = control.control_cells(placed, flag(placed, []), [], LETTERS, lambda row: row.line != 8)
    assert [bool(formula(each, "computed")) for each in cells[4:8]] == [True, False, False, True]
    assert cells[5]["amount"].value == cells[5]["computed"].value != 0
    assert "+IF(ISNUMBER(X7),0,300)" in formula(cells[4], "group")


# What every program has and computes alike; none is newer than Excel 2007, so no prefix is needed, none is volatile.
SHARED = {
    "ABS",
    "ADDRESS",
    "AND",
    "CHAR",
    "CHOOSE",
    "COLUMN",
    "COUNT",
    "COUNTA",
    "COUNTIF",
    "COUNTIFS",
    "FIND",
    "FIXED",
    "IF",
    "IFERROR",
    "ISBLANK",
    "ISERROR",
    "ISLOGICAL",
    "ISNA",
    "ISNUMBER",
    "ISTEXT",
    "LEFT",
    "LEN",
    "LOWER",
    "MATCH",
    "MAX",
    "MID",
    "MIN",
    "MONTH",
    "NOT",
    "OR",
    "RIGHT",
    "ROUND",
    "ROW",
    "SEARCH",
    "SUBSTITUTE",
    "SUM",
    "SUMIFS",
    "SUMSQ",
    "TRIM",
    "UPPER",
    "YEAR",
}


def test_formulas_use_functions_that_every_program_has() -> None:
    formulas = [made for role in ROLES for made in written(at(role=role)).values()]
    used = {name for text in formulas for name in re.findall(r"([A-Z][A-Z0-9.]*)\(", re.sub(r'"[^"]*"', "", text))}
    assert used <= SHARED
    assert not any("_xlfn" in text or ";" in re.sub(r'"[^"]*"', "", text) for text in formulas)


def test_parts_that_repeat_the_code_of_their_operation_count_beside_it() -> None:
    head = operation("GRO1.1.1", "Unidad Legal", 100)
    part = replace(line("31110", 50), code=head.code)
    plan = Plan((group("GRO1.1", 150), head, part, replace(part, target=head.target), group("GRO1.2", 0)), 2020)
    cells = filled(plan)
    assert (cells[1]["computed"].value, cells[1]["budget_difference"].value) == (200, None)
    assert "SUM(X3,X4:X5)" in formula(cells[1], "computed")
    assert formula(cells[1], "budget_difference") == ""
    assert [f"X{row + 2}" in formula(cells[row], "amount") for row in (1, 2, 3)] == [True] * 3


def test_what_one_group_may_have_is_found_below_it_until_its_code_is_readable() -> None:
    key = reasons.key(at(role=Role(home="G1.1", unread='a"b')))
    assert f'{LETTERS["group"]}3&".·"' in key
    assert '"·G1.·"' in reasons.key(at(role=Role(Kind.GROUP, is_parent=True, home="G1")))
    assert '<>"a""b"' in key


@pytest.mark.parametrize("severities", list(itertools.permutations([Severity.ERROR, Severity.WARNING])))
@pytest.mark.parametrize("field", ["target", "ENE", "budget", "owner"])
def test_of_what_formulas_cannot_see_the_worst_is_what_stands_there(severities: list[Severity], field: str) -> None:
    def marks(*found: Severity) -> str:
        cells = filled(small(), extra=tuple(error(field, severity) for severity in found))[2]
        return str(cells["seen"].value).partition("|")[0]

    assert marks(*severities) == marks(Severity.ERROR)
    assert "AVISO" not in marks(*severities)
    assert marks(Severity.WARNING) == marks(Severity.ERROR).replace("ROJO", "AVISO")


@pytest.mark.parametrize("columns", [LETTERS, APART, without("code"), without("start"), without("partida", "budget")])
@pytest.mark.parametrize("row", [3, 7, 10, 99, 199, 1048576])
def test_formulas_that_are_written_once_read_in_every_row_as_if_they_were_written_there(
    columns: Mapping[str, str], row: int
) -> None:
    written = control.Written(Sheet(columns, 2, 200, 2020))
    for role in (*(Role(kind) for kind in Kind), *ROLES):
        place = at(row, role, columns)
        assert written.at(place) == {column.name: column.formula(place) for column in CONTROL_COLUMNS}


def test_a_formula_that_looks_at_rows_around_is_written_for_each_row() -> None:
    anywhere = control._ANYWHERE
    pieces = control._pieces(f"A{anywhere - 1}+B{anywhere}*SUM(C{anywhere}:C{anywhere + 1})")
    assert control._filled(*pieces, 10) == "A9+B10*SUM(C10:C11)"
