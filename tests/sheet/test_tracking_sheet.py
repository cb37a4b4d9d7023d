"""The sheet `Seguimiento`: what stands where, and that what people typed stays with its operation."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from poa_xl.core.flags import State
from poa_xl.core.plan import Kind, Plan
from poa_xl.core.tracking import SCALES, USUAL, Band, Scale
from poa_xl.core.values import Flaw, Invalid
from poa_xl.sheet import looks
from poa_xl.sheet.grid import Grid
from poa_xl.sheet.tracking import GONE, MOVED, is_our_rule, legend, rules, style_of, tracking_sheet
from poa_xl.sheet.tracking_columns import ADDRESSES, PLACES, TRACK_COLUMNS, TYPED
from poa_xl.sheet.tracking_read import Tracked, find_tracking, is_tracking_sheet, match, read_tracking
from tests.plans import change, code, group, operation, small
from tests.tracked import Typed, grid_of, operations, source_of, typed_into

SEP = 8


def drawn(plan: Plan, former: Tracked | None = None) -> Grid:
    return grid_of(tracking_sheet(source_of(plan), former or Tracked(), SEP))


def test_one_row_per_operation_in_the_order_of_the_plan() -> None:
    plan = small()
    grid = drawn(plan)
    assert is_tracking_sheet(grid)
    assert find_tracking([Grid("x"), grid]) == grid
    tracked = read_tracking(grid)
    assert tracked.cutoff == SEP
    assert [each.key for each in tracked.entries] == [f"·{plan.rows[index].code}" for index in operations(plan)]
    assert [each.line for each in tracked.entries] == [5, 6, 7]
    assert {name for each in tracked.entries for name in each.typed} == set()


def test_all_columns_that_the_office_asks_for_are_there() -> None:
    captions = [each.caption for each in TRACK_COLUMNS if not each.caption.startswith("·")]
    months = ["ENE", "FEB", "MAR", "ABR", "MAY", "JUN", "JUL", "AGO", "SEP", "OCT", "NOV", "DIC"]
    assert captions == [
        "Código",
        "Acción",
        "Unidad",
        "Meta",
        "Unidad de Medida",
        "Tipo de meta",
        "Sentido",
        *(f"Ejecutado {month}" for month in months),
        "Presupuesto vigente",
        *(f"Presupuesto ejecutado {month}" for month in months),
        "Programado a la fecha",
        "Ejecutado a la fecha",
        "Eficacia %",
        "Ejecución financiera %",
        "Eficiencia",
        "Proyección al cierre",
        "Estado",
        "Motivo",
        "Causa del desvío",
        "Acción correctiva",
        "Medio de verificación",
    ]
    image = tracking_sheet(source_of(small()), Tracked(), SEP)
    assert image.cells[2, 2].value == "SEP"
    assert image.choices[0].area == "B2"
    assert image.cells[5, PLACES["target"]].formula == "=IF('POA'!$H$4=\"\",\"\",'POA'!$H$4)"
    assert image.widths[PLACES["spent_ENE"]] == 0
    assert not image.cells[5, PLACES["executed_ENE"]].style.locked


def test_no_sheet_is_nothing_tracked() -> None:
    assert read_tracking(None) == Tracked()
    assert find_tracking([Grid("Seguimiento", {4: {1: "Código"}})]) is None


def test_what_was_typed_goes_where_its_operation_goes() -> None:
    plan = small()
    typed: Typed = {
        (5, "executed_ENE"): Decimal(3),
        (5, "cause"): "lluvias",
        (7, "sense"): "Menos es mejor",
        (7, "spent_FEB"): "x",
    }
    former = typed_into(source_of(plan), typed, SEP)
    turned = replace(plan, rows=(*plan.rows[4:], *plan.rows[:4]))
    again = read_tracking(drawn(turned, former))
    kept = {each.key: dict(each.typed) for each in again.entries}
    assert kept == {
        "·GRO1.1.1": {"executed_ENE": 3, "cause": "lluvias"},
        "·GRO1.1.2": {},
        "·GRO1.2.1": {"sense": "Menos es mejor", "spent_FEB": "x"},
    }
    assert [each.line for each in again.entries if each.key == "·GRO1.1.1"] == [6]


def test_the_row_of_an_operation_that_is_gone_stays_below_and_comes_back() -> None:
    plan = small()
    former = typed_into(source_of(plan), {(5, "executed_ENE"): Decimal(3)}, SEP)
    without = replace(plan, rows=tuple(row for row in plan.rows if row.code != code("GRO1.1.1")))
    grid = drawn(without, former)
    assert grid.get(7, PLACES["state"]) == GONE
    assert (grid.get(7, 1), grid.get(7, PLACES["executed_ENE"])) == ("GRO1.1.1", 3)
    assert drawn(without, read_tracking(grid)) == grid
    back = read_tracking(drawn(plan, read_tracking(grid)))
    assert [dict(each.typed) for each in back.entries] == [{"executed_ENE": 3}, {}, {}]


def test_an_operation_with_a_new_code_keeps_its_row() -> None:
    plan = small()
    former = typed_into(source_of(plan), {(5, "cause"): "lluvias"}, SEP)
    renamed = change(plan, "GRO1.1.1", code=code("GRO1.1.9"))
    # The plan's own formula shows the new code in the row of the old one.
    entries = tuple(
        replace(each, shown={**each.shown, "code": "GRO1.1.9"}) if each.key == "·GRO1.1.1" else each
        for each in former.entries
    )
    found, gone = match(source_of(renamed).plan, entries)
    assert gone == []
    assert found[2].typed == {"cause": "lluvias"}


def test_operations_without_a_code_and_with_the_same_one_keep_their_rows() -> None:
    rows = (
        group("G1"),
        operation("G1.1", "A"),
        operation("G1.1", "B"),
        replace(operation("G1.2", "C"), code=None),
        replace(operation("G1.3", "D"), code=Invalid("1-1", Flaw.MALFORMED)),
    )
    plan = Plan(rows, 2020)
    typed = {(line, "cause"): f"causa {line}" for line in range(5, 9)}
    former = typed_into(source_of(plan), typed, SEP)
    again = read_tracking(drawn(plan, former))
    assert [each.report.cause for each in again.entries] == [f"causa {line}" for line in range(5, 9)]
    # In another order each keeps its own; one with another name takes what is left.
    turned = replace(plan, rows=(rows[0], rows[2], replace(rows[1], name="Otro nombre"), *rows[3:]))
    again = read_tracking(drawn(turned, former))
    assert [each.report.cause for each in again.entries] == [f"causa {line}" for line in (6, 5, 7, 8)]
    fewer = read_tracking(drawn(replace(plan, rows=(rows[0], rows[2], *rows[3:])), former))
    assert [each.report.cause for each in fewer.entries] == [f"causa {line}" for line in (6, 7, 8, 5)]
    back = read_tracking(drawn(plan, fewer))
    assert [each.report.cause for each in back.entries] == [f"causa {line}" for line in range(5, 9)]


def test_notes_of_people_stay() -> None:
    plan = small()
    source = source_of(plan)
    grid = grid_of(tracking_sheet(source, Tracked(), SEP))
    cells = {row: dict(values) for row, values in grid.cells.items()}
    cells[6][99], cells[2][99], cells[20] = "ojo", "de la oficina", {1: "suma a mano"}
    noted = read_tracking(replace(grid, cells=cells))
    turned = replace(plan, rows=(*plan.rows[4:], *plan.rows[:4]))
    again = drawn(turned, noted)
    assert again.get(7, 99) == "ojo"
    assert again.get(2, 99) == "de la oficina"
    assert again.get(8, 1) == "suma a mano"


def test_formulas_that_people_typed_stay_formulas() -> None:
    source = source_of(small())
    grid = grid_of(tracking_sheet(source, Tracked(), SEP), {(5, "executed_ENE"): Decimal(8)})
    grid = replace(grid, formulas={**grid.formulas, (5, PLACES["executed_ENE"]): "5+3"})
    image = tracking_sheet(source, read_tracking(grid), SEP)
    assert image.cells[5, PLACES["executed_ENE"]].formula == "=5+3"


def test_what_is_no_number_is_kept_and_told() -> None:
    error, words = Invalid("#REF!", Flaw.ERROR), "en trámite"
    typed: Typed = {
        (5, "executed_ENE"): error,
        (5, "executed_FEB"): words,
        (5, "executed_MAR"): "#N/A",
        (5, "executed_ABR"): True,
        (5, "executed_MAY"): "12",
        (5, "executed_JUN"): " ",
        (5, "executed_JUL"): date(2020, 1, 1),
    }
    source = source_of(small())
    tracked = typed_into(source, typed, SEP)
    executed = tracked.entries[0].report.executed
    assert [each.flaw for each in executed[:5] if isinstance(each, Invalid)] == [
        Flaw.ERROR,
        Flaw.MALFORMED,
        Flaw.ERROR,
        Flaw.MALFORMED,
        Flaw.MALFORMED,
    ]
    assert executed[5] is None
    assert isinstance(executed[6], Decimal)
    image = tracking_sheet(source, tracked, SEP)
    assert image.cells[5, PLACES["executed_ENE"]].value == "#REF!"


def test_a_row_that_formulas_do_not_read_gets_values() -> None:
    source = replace(source_of(small()), is_live=lambda row: row.code != code("GRO1.1.1"))
    image = tracking_sheet(source, Tracked(), SEP)
    assert image.cells[5, PLACES["target"]].formula == ""
    assert image.cells[5, PLACES["target"]].value == 12
    assert MOVED not in image.cells[5, PLACES["state"]].formula
    assert image.cells[6, PLACES["target"]].formula
    assert MOVED in image.cells[6, PLACES["state"]].formula


def test_the_code_is_watched_as_it_stands_in_its_cell() -> None:
    source = source_of(small())
    grid = Grid("POA", {4: {2: Decimal("1.1")}})
    image = tracking_sheet(replace(source, grid=grid), Tracked(), SEP)
    assert image.cells[5, PLACES["written"]].value == Decimal("1.1")


def test_a_plan_without_operations_has_a_sheet_too() -> None:
    image = tracking_sheet(source_of(Plan((group("G1"),), 2020)), Tracked(), None)
    assert image.cells[2, 2].value is None
    assert image.filter == f"A4:{ADDRESSES['proof']}5"


def test_bands_are_told_in_words_and_colours() -> None:
    assert "Bajo (menos de 75 %), Medio (desde 75 %), Alto (desde 90 %)" in legend(USUAL)
    one = Scale((Band("Todo", "VERDE", Decimal(0)),), "x")
    assert "Todo" in legend(one)
    painted = rules(SCALES["CNS"], 9)
    assert {each.area for each in painted} == {
        f"{ADDRESSES[name]}5:{ADDRESSES[name]}9" for name in ("efficacy", "state")
    }
    assert all(is_our_rule(each.formula) for each in painted)
    assert {"Óptimo", "Regular"} <= {each.formula.split('"')[1] for each in painted}
    assert style_of("rojo") == looks.PAINT[State.RED]
    assert (style_of("#1F3864").color, style_of("#FFC000").color) == ("#FFFFFF", "#000000")


values = st.none() | st.integers(0, 99).map(Decimal) | st.text("añx ", min_size=1, max_size=3).filter(str.strip)


@given(st.data())
def test_nothing_typed_is_ever_lost(data: st.DataObject) -> None:
    plan = small()
    former = Tracked()
    for _ in range(3):
        cells = {
            (line, name): value
            for line in range(5, 8)
            for name in data.draw(st.lists(st.sampled_from(TYPED), max_size=4))
            if (value := data.draw(values)) is not None
        }
        grid = grid_of(tracking_sheet(source_of(plan), former, SEP))
        lines = {each.line for each in read_tracking(grid).entries}
        merged = {row: dict(each) for row, each in grid.cells.items()}
        for (line, name), value in cells.items():
            if line in lines:
                merged[line][PLACES[name]] = value
        typed = read_tracking(replace(grid, cells=merged))
        operations_ = [row for row in plan.rows if row.kind is Kind.OPERATION]
        kept = data.draw(st.permutations(operations_).map(lambda rows: rows[: max(1, len(rows) - 1)]))
        plan = replace(plan, rows=tuple(kept))
        former = read_tracking(grid_of(tracking_sheet(source_of(plan), typed, SEP)))
        before = {each.key: dict(each.typed) for each in typed.entries if each.typed}
        after = {each.key: dict(each.typed) for each in former.entries if each.typed}
        assert before == after
