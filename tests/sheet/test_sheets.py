"""What is drawn: plan sheet, findings, summary, repairs, blank plan."""

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poa_xl.books.book import MemoryBook
from poa_xl.core.amounts import parse_amount
from poa_xl.core.checks import check
from poa_xl.core.flags import flag
from poa_xl.core.limits import ROW_HEIGHT
from poa_xl.core.plan import FIELDS, Kind, Plan, Row, TargetKind
from poa_xl.core.values import Flaw, Invalid
from poa_xl.sheet import looks
from poa_xl.sheet.blank import ROWS, blank_sheet, help_sheet
from poa_xl.sheet.extras import findings_sheet, read_repairs, repairs_sheet, summary_sheet
from poa_xl.sheet.fields import CAPTIONS
from poa_xl.sheet.grid import Grid, quoted
from poa_xl.sheet.headers import CONTROL, SHOWN, find_layout
from poa_xl.sheet.listing import keep_notes, listing
from poa_xl.sheet.looks import row_height
from poa_xl.sheet.parse import Parsed, parse
from poa_xl.sheet.render import COLUMNS, Flagged, content_of, place, plan_sheet
from poa_xl.sheet.repair import Repair
from poa_xl.sheet.spec import Cell, SheetSpec
from tests.plans import TITLE, change, code, small


def reread(image: SheetSpec) -> Parsed:
    book = MemoryBook("libro.xlsx")
    book.write([image])
    (grid,) = book.read()
    layout = find_layout(grid)
    assert layout is not None
    return parse(grid, layout, "libro.xlsx")


def flagged(plan: Plan) -> Flagged:
    findings = check(plan)
    return Flagged(flag(plan, findings), findings)


def content(plan: Plan) -> list[tuple[object, ...]]:
    return [(row.kind, *(row.get(name) for name in FIELDS), row.stated) for row in plan.rows]


def test_a_drawn_plan_reads_back_the_same() -> None:
    parsed = reread(plan_sheet(small(), "POA 2020", TITLE))
    assert content(parsed.plan) == content(small())
    assert parsed.title == TITLE
    assert not parsed.passed


def test_values_that_nobody_understood_are_drawn_as_they_stand() -> None:
    odd = change(
        small(),
        "GRO1.1.1",
        code=Invalid("1..2", Flaw.MALFORMED),
        budget=Invalid("s/n", Flaw.MALFORMED),
        start=Invalid("31/02/20", Flaw.MALFORMED),
        stated=Invalid("Mensual", Flaw.MALFORMED),
        evidence="",
        flaws={"evidence": Invalid("#REF!", Flaw.ERROR)},
    )
    placed = place(odd, "libro.xlsx", "POA", TITLE)
    parsed = reread(plan_sheet(placed, "POA", TITLE, flagged(placed)))
    assert content(parsed.plan) == content(odd)
    assert parsed.plan.rows[2].flaws == {"evidence": Invalid("#REF!", Flaw.ERROR)}


@given(st.lists(st.decimals(0, 10**9, places=2), min_size=12, max_size=12), st.sampled_from([None, *TargetKind]))
def test_any_months_and_type_read_back_the_same(months: list[Decimal], stated: TargetKind | None) -> None:
    plan = change(small(), "GRO1.1.2", months=tuple(months), stated=stated)
    placed = place(plan, "libro.xlsx", "POA", ())
    parsed = reread(plan_sheet(placed, "POA", (), flagged(placed)))
    assert content(parsed.plan) == content(plan)


def test_a_placed_row_points_at_the_cell_that_is_drawn() -> None:
    placed = place(small(), "libro.xlsx", "POA", TITLE)
    image = plan_sheet(placed, "POA", TITLE)
    for row in placed.rows:
        where = row.where("name")
        assert image.cells[row.line, COLUMNS["name"]].value == row.name
        assert where.cell == f"C{row.line}"


def test_the_header_is_frozen_and_repeats_in_print_and_groups_are_outlined() -> None:
    image = plan_sheet(small(), "POA", TITLE)
    assert image.freeze == (5, 4)
    assert image.repeat == (4, 4)
    assert image.print_columns == (1, 24)
    assert [image.levels[line] for line in (5, 6, 7, 10)] == [0, 1, 2, 2]
    assert image.cells[4, 2].value == "Código"
    assert image.cells[5, 1].style.fill == looks.LEVELS[0]


def test_control_columns_stand_outside_the_print_area_and_fold_away() -> None:
    placed = place(small(), "l.xlsx", "POA", TITLE)
    image = plan_sheet(placed, "POA", TITLE, flagged(placed))
    assert [image.cells[4, column].value for column in sorted(image.column_levels)] == list(CONTROL.values())
    assert min(image.column_levels) == len(FIELDS) + 1
    assert image.choices[0].values == tuple(TargetKind)
    assert not any(re.search(r"[\w.]\(|[,;{}]", rule.formula) for rule in image.rules), "no function, no separator"


def test_control_columns_say_what_is_wrong() -> None:
    placed = place(change(small(), "GRO1.1.1", target=Decimal(11)), "l.xlsx", "POA", TITLE)
    image = plan_sheet(placed, "POA", TITLE, flagged(placed))
    shown = {name: image.cells[7, COLUMNS[name]].value for name in SHOWN}
    assert shown["programmed"] == 12
    assert shown["difference"] == 1
    assert (shown["target_state"], shown["budget_state"], shown["state"]) == ("ROJO", "VERDE", "ROJO")
    assert "suman 12" in str(shown["reason"])
    assert image.cells[5, COLUMNS["computed"]].value == 600


def test_findings_link_to_their_cells() -> None:
    placed = place(change(small(), "GRO1.1.1", owner=""), "l.xlsx", "Plan d'Oruro", TITLE)
    image = findings_sheet(check(placed), placed)
    assert image.cells[5, 2].link == "'Plan d''Oruro'!E7"
    assert [image.cells[5, column].value for column in (1, 3, 5)] == [
        "ROJO",
        "GRO1.1.1",
        "responsable-ausente",
    ]


def test_no_findings_leave_a_head_only() -> None:
    assert max(row for row, _ in findings_sheet([], small()).cells) == 4


def test_the_summary_adds_up_by_unit_and_objective() -> None:
    placed = place(small(), "l.xlsx", "POA", TITLE)
    image = summary_sheet(placed, "POA", flag(placed, check(placed)))
    table = [[image.cells[line, column].value for column in range(1, 7)] for line in (5, 6, 7)]
    assert table == [
        ["Unidad Legal", 2, 400, 2, 0, 0],
        ["Adm Aduana Pisiga", 1, 200, 1, 0, 0],
        ["Total", 3, 600, 3, 0, 0],
    ]
    assert [image.cells[line, 3].value for line in (11, 12)] == [300, 300]
    assert len(image.charts) == 3


def test_the_summary_leads_to_the_rows_of_units_and_objectives() -> None:
    long = "Unidad " + "muy " * 70 + "larga"
    placed = place(change(small(), "GRO1.2.1", unit=long), "l.xlsx", 'Plan "A"', TITLE)
    image = summary_sheet(placed, 'Plan "A"', flag(placed, check(placed)))
    links = {place: cell.formula for place, cell in image.cells.items() if cell.formula.startswith("=HYPERLINK(")}
    assert links[7, 1] == (
        """=HYPERLINK("#'Plan ""A""'!D"&ROW(INDEX('Plan "A"'!$D$5:$D$12,MATCH("Unidad Legal",'Plan "A"'!$D$5:$D$12,0))),"""
        '"Unidad Legal")'
    )
    assert links[12, 2] == """=HYPERLINK("#'Plan ""A""'!B"&ROW('Plan "A"'!$B$6),"GRO1.1")"""
    # A text that no formula can hold is a text.
    assert image.cells[5, 1].value == long
    assert (5, 1) not in links


def test_the_summary_of_an_empty_plan_is_empty() -> None:
    image = summary_sheet(Plan(()), "POA", [])
    assert len(image.charts) == 2
    assert "0 operaciones" in str(image.cells[2, 1].value)


def test_the_summary_counts_a_unit_under_every_spelling_that_its_rows_have() -> None:
    plan = change(change(small(), "GRO1.1.1", unit='Unidad "Légal"'), "GRO1.2.1", unit='UNIDAD "LEGAL"')
    placed = place(plan, "x.xlsx", "POA", TITLE)
    image = summary_sheet(placed, "POA", flag(placed, check(placed)))
    formulas = [cell.formula for (_, column), cell in sorted(image.cells.items()) if column == 2 and cell.formula]
    assert any('""L' in formula and formula.count("COUNTIFS(") == 2 for formula in formulas)


def test_operations_without_unit_or_budget_do_not_break_the_summary() -> None:
    plan = change(small(), "GRO1.1.1", unit="")
    plan = change(plan, "GRO1.1.2", budget=Invalid("s/n", Flaw.MALFORMED))
    plan = change(plan, "GRO1.1", budget=Invalid("s/n", Flaw.MALFORMED))
    placed = place(plan, "l.xlsx", "POA", TITLE)
    image = summary_sheet(placed, "POA", flag(placed, check(placed)))
    assert [image.cells[line, 1].value for line in (5, 6, 7)] == [
        "Unidad Legal",
        "Adm Aduana Pisiga",
        "Total",
    ]
    assert [str(image.cells[line, 3].value)[:20] for line in (6, 7, 11)] == ["No se puede sumar: X"] * 3


def test_repairs_read_back_the_same() -> None:
    repairs = [Repair("5", "ENE", "36", "", "porque"), Repair("6", "FEB", "", "1", "sí")]
    book = MemoryBook("l.xlsx")
    book.write([repairs_sheet(repairs)])
    assert read_repairs(book.read()[0]) == repairs


def test_notes_stay_with_their_lines_also_where_lines_are_alike() -> None:
    image = listing("Lista", "Lista", "", "#FFFFFF", [("Clave", 9), ("Dato", 9)])
    image.cells |= {(5, 1): Cell("x"), (6, 1): Cell("x"), (7, 1): Cell(None), (7, 2): Cell("sin clave")}
    former = Grid("Lista", {5: {1: "x", 3: "uno"}, 6: {1: "x", 3: "dos"}, 7: {1: "x", 3: "tres"}})
    keep_notes(image, former, {1, 2}, [(1,)], lambda cells: 1 in cells)
    assert [image.cells[row, 3].value for row in (5, 6, 8)] == ["uno", "dos", "tres"]


def test_quoted_doubles_the_quote() -> None:
    assert quoted("d'Oruro") == "'d''Oruro'"


def test_the_blank_plan_is_a_plan_without_rows() -> None:
    image = blank_sheet("POA 2021", TITLE)
    parsed = reread(image)
    assert parsed.plan.rows == ()
    codes = [image.cells[line, COLUMNS["code"]].style.number_format for line in range(5, 5 + ROWS)]
    assert set(codes) == {"@"}


def test_the_help_explains_every_column_and_type() -> None:
    shown = {str(cell.value) for (_, column), cell in help_sheet().cells.items() if column == 1}
    months = set(list(CAPTIONS.values())[9:21])
    assert set(CAPTIONS.values()) - months - {"Inicio", "Fin"} <= shown
    assert set(TargetKind) <= shown


@pytest.mark.parametrize(
    ("value", "expected"), [("36", "#,##0"), ("5.76", "#,##0.00"), ("184.20", "#,##0.0"), ("1E+2", "#,##0")]
)
def test_number_formats_show_all_places(value: str, expected: str) -> None:
    amount = parse_amount(value)
    assert isinstance(amount, Decimal)
    assert looks.amount_format(amount) == expected


def test_rows_grow_with_their_texts() -> None:
    assert looks.row_height([]) == looks.row_height([("corto", 40)])
    assert looks.row_height([("palabra " * 40, 20)]) > 5 * looks.row_height([("corto", 20)])


def test_a_date_that_no_cell_can_hold_is_drawn_as_text() -> None:
    assert content_of(Row(Kind.OPERATION, start=date(1850, 1, 2)), "start") == "02/01/1850"


def test_a_line_with_a_code_is_no_level() -> None:
    row = Row(Kind.LINE, code=code("GRO1.1.1.1"), partida="25220", budget=Decimal(5))
    image = plan_sheet(Plan((*small().rows[:3], replace(row))), "POA", ())
    assert 5 not in image.levels


def test_no_text_makes_a_row_higher_than_a_row_can_be() -> None:
    assert row_height([("palabra " * 5000, 20)]) == ROW_HEIGHT
    assert row_height([]) == row_height([("", 10)]) < row_height([("dos líneas de texto", 10)]) < ROW_HEIGHT
