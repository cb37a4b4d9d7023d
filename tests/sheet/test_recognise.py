"""Plans of other offices are read as they are."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poa_xl.core.checks import judged
from poa_xl.core.dates import MONTHS
from poa_xl.core.findings import Severity
from poa_xl.core.plan import Kind, Origin
from poa_xl.core.record import recorded, restored
from poa_xl.core.values import Flaw, Invalid
from poa_xl.sheet.executed import last_of
from poa_xl.sheet.grid import Grid, Merge, Value, column_number
from poa_xl.sheet.headers import OURS, Layout, find_layout
from poa_xl.sheet.parse import Parsed, parse
from poa_xl.sheet.rows import Outside
from tests.layouts import (
    CODE,
    ENGLISH,
    FORMS,
    MEASURE,
    NAME,
    NUMBER,
    NUMBERS,
    PARTIDA,
    PORTUGUESE,
    SPANISH,
    TARGET,
    TOTAL,
    UNIT,
    Column,
    Drawn,
    Form,
    Item,
    column,
    cost,
    draw,
    items,
    months,
    of,
    painted,
    quarters,
    weeks,
)

# What the months of a form are not read from, or say without a number.
BLANK = {
    "marks of the house",
    "painted months",
    "marks",
    "marks under numbers",
    "weeks with marks",
    "weeks with marks, merged",
    "painted weeks",
}
OPEN = {"no target", "a service every month"}


def layout_in(drawn: Drawn) -> Layout:
    layout = find_layout(drawn.grid)
    assert layout is not None
    return layout


def read(drawn: Drawn) -> Parsed:
    return parse(drawn.grid, layout_in(drawn), "p.xlsx", 2026)


@pytest.mark.parametrize("name", FORMS)
def test_the_columns_of_a_form_are_recognised(name: str) -> None:
    drawn = draw(FORMS[name], items())
    layout = layout_in(drawn)
    found = {f"month {i}": letters for i, month in enumerate(MONTHS, 1) if (letters := layout.addresses.get(month))}
    found |= {each: letters for each, letters in layout.addresses.items() if each not in MONTHS}
    wanted = {each: letters for each, letters in drawn.columns.items() if not each.startswith(("done", "money"))}
    # Where the months are money, the target is the budget too.
    assert {each: letters for each, letters in found.items() if each != "budget" or each in wanted} == wanted


@pytest.mark.parametrize("name", FORMS)
def test_every_row_is_read_and_no_other(name: str) -> None:
    drawn = draw(FORMS[name], items())
    parsed = read(drawn)
    assert [row.line for row in parsed.plan.rows] == list(drawn.lines.values())
    assert {row.kind for row in parsed.plan.rows} == {Kind.OPERATION}
    layout = parsed.layout
    for row in parsed.plan.rows:
        shown = {month: drawn.grid.get(row.line, layout.columns[month]) for month in MONTHS if month in layout.columns}
        numbers = {month: value for month, value in shown.items() if isinstance(value, Decimal)}
        assert {month: row.get(month) for month in numbers} == numbers


@pytest.mark.parametrize("name", FORMS)
def test_a_right_plan_has_no_red_in_any_form(name: str) -> None:
    checked = judged(read(draw(FORMS[name], items())).plan)
    assert [each.rule for each in checked.findings if each.severity is Severity.ERROR] == []


@pytest.mark.parametrize("name", sorted(FORMS.keys() - BLANK - OPEN - {"targets with words"}))
def test_a_wrong_month_is_red_in_every_form(name: str) -> None:
    plan = list(items())
    form = FORMS[name]
    shows = {each.field: each for each in form.columns}
    drawn = draw(form, plan)
    layout = layout_in(drawn)
    target = shows.get("target")
    if target is None or form.total:
        return
    line = drawn.lines[3]
    cells = {row: dict(each) for row, each in drawn.grid.cells.items()}
    cells[line][layout.columns["target"]] = Decimal(99_999)
    parsed = parse(replace(drawn.grid, cells=cells), layout, "p.xlsx", 2026)
    reds = [each for each in judged(parsed.plan).findings if each.severity is Severity.ERROR]
    assert [(each.rule, parsed.plan.rows[each.index].line) for each in reds] == [("meta-meses", line)]


def doubts(drawn: Drawn) -> list[str]:
    found = layout_in(drawn).recognised
    assert found is not None
    return [each.field for each in found.doubts]


def test_what_the_evidence_leaves_open_is_said() -> None:
    two = of(NUMBER, NAME, months(above="SERIE A"), months(above="SERIE B", name="other"), TARGET)
    assert "meses" in doubts(draw(two, items()))
    assert doubts(draw(of(NUMBER, NAME, months()), items())) == ["target"]
    assert doubts(draw(of(NUMBER, NAME, column("DATO", lambda item: item.target), months()), items(4))) == ["target"]
    shifted = of(
        NUMBER, NAME, TARGET, months(shows=lambda item, i: item.months[i - 1] if item.number % 3 == 1 else Decimal(9))
    )
    assert doubts(draw(shifted, items())) == ["target"]
    assert doubts(draw(of(NUMBER, NAME, TARGET, months()), items())) == []


def test_a_blank_form_is_read_by_its_captions() -> None:
    blank = of(NUMBER, NAME, MEASURE, TARGET, months(shows=lambda *_: None))
    drawn = draw(replace(blank, columns=tuple(replace(each, shows=lambda _: None) for each in blank.columns)), items(1))
    assert layout_in(drawn).addresses["target"] == "D"
    asked = of(
        NUMBER, NAME, column("VALOR META DEL AÑO QUE VIENE", lambda item: item.target), months(shows=lambda *_: None)
    )
    assert doubts(draw(asked, items())) == ["target"]


def test_a_second_heading_row_below_the_months_holds_words_over_numbers() -> None:
    drawn = draw(of(column("CÉDULA", lambda item: Decimal(item.number * 1000)), NAME, months(), TOTAL), items())
    cells = {row + (row > 3): each for row, each in drawn.grid.cells.items()}
    cells[4] = {1: "de identidad", 15: "en el año"}
    layout = find_layout(replace(drawn.grid, cells=cells))
    assert layout is not None
    assert (layout.top, layout.bottom) == (3, 4)
    assert layout.columns["target"] == 15


def test_rows_of_texts_under_the_heading_are_no_heading() -> None:
    drawn = draw(of(NUMBER, NAME, MEASURE, months(), TOTAL), items())
    cells = {row + (row > 3): each for row, each in drawn.grid.cells.items()}
    cells[4] = {2: "Programa uno", 3: "Salud"}
    layout = find_layout(replace(drawn.grid, cells=cells))
    assert layout is not None
    assert layout.bottom == 3


def test_captions_that_reach_down_belong_to_the_heading() -> None:
    drawn = draw(of(NUMBER, NAME, months(), TOTAL), items())
    cells = {row + (row > 3): each for row, each in drawn.grid.cells.items()}
    merges = tuple(Merge(3, column, 4, column) for column in range(1, 16))
    layout = find_layout(replace(drawn.grid, cells=cells, merges=merges))
    assert layout is not None
    assert (layout.top, layout.bottom) == (3, 4)
    # So they do once ours stand beside them, in the lowest row.
    ours = {16 + number: caption for number, caption in enumerate(OURS.values())}
    again = find_layout(replace(drawn.grid, cells=cells | {4: ours}, merges=merges))
    assert again is not None
    assert (again.top, again.bottom) == (3, 4)
    assert again.columns.keys() >= OURS.keys()


def test_weeks_with_numbers_add_up_and_a_text_is_told() -> None:
    plain = of(NUMBER, NAME, TARGET, weeks(SPANISH))
    form = replace(plain, columns=tuple(replace(each, shows=numbered(each)) for each in plain.columns))
    drawn = draw(form, items())
    parsed = read(drawn)
    assert [row.target for row in parsed.plan.rows] == [sum(row.programmed.values()) for row in parsed.plan.rows]
    cells = {row: dict(each) for row, each in drawn.grid.cells.items()}
    cells[drawn.lines[1]][column_number("D")] = "algo"
    row = parse(replace(drawn.grid, cells=cells), parsed.layout).plan.rows[0]
    assert row.months[0] == Invalid("algo", Flaw.MALFORMED)


def numbered(each: Column) -> Callable[[Item], Value]:
    """Numbers in the second week where a form has marks."""
    if len(each.captions) == 1:
        return each.shows
    i = SPANISH.index(str(each.captions[0]))
    return lambda item: item.months[i] if each.captions[1] == "2" else None


def test_rows_of_what_was_done_below_what_was_planned_are_no_rows_of_the_plan() -> None:
    kind = column("TIPO", lambda _: "PROG.")
    drawn = draw(of(NUMBER, NAME, MEASURE, kind, months(), TOTAL), items())
    first = min(drawn.lines.values())
    cells = {line: each for line, each in drawn.grid.cells.items() if line < first}
    for shift, line in enumerate(drawn.lines.values()):
        cells[line + shift] = drawn.grid.cells[line]
        cells[line + shift + 1] = {4: "EJEC.", 5: Decimal(1), 17: Decimal(1)}
    parsed = read(replace(drawn, grid=replace(drawn.grid, cells=cells)))
    assert [row.name for row in parsed.plan.rows] == [item.name for item in items()]
    assert [each.line for each in parsed.passed] == [first + 1 + 2 * i for i in range(14)]
    assert {each.reason for each in parsed.passed} == {"dice lo ejecutado de la fila de arriba"}
    assert judged(parsed.plan).findings == []
    # Where some rows say something else the column is none of that kind.
    cells[first] = {**cells[first], 4: "INVERSIÓN"}
    again = read(replace(drawn, grid=replace(drawn.grid, cells=cells)))
    assert {each.reason for each in again.passed} == {"tiene un importe y nada dice de quién es"}


@pytest.mark.parametrize("apart", [True, False])
def test_rows_that_say_so_name_the_unit_of_the_rows_below(apart: bool) -> None:
    form = of(
        NUMBER,
        NAME,
        MEASURE,
        TARGET,
        months(),
        title=("POA", "Dependencia: Obras"),
        again=frozenset({5}),
        between=("Aprobado por: A. B.", "UNIDAD EJECUTORA: Dirección de Salud", "OBJETIVO: Curar"),
    )
    drawn = draw(form, items())
    cells = {line: dict(each) for line, each in drawn.grid.cells.items()}
    if apart:
        cells[2] = {1: "Dependencia:", 3: "Obras"}
    parsed = read(replace(drawn, grid=replace(drawn.grid, cells=cells)))
    assert [row.unit for row in parsed.plan.rows] == ["Obras"] * 4 + ["Dirección de Salud"] * 10
    between = [each for each in parsed.passed if each.reason == "está entre dos formularios"]
    assert [each.text for each in between] == list(form.between)


def test_another_currency_than_the_plans_own_is_no_amount() -> None:
    drawn = draw(FORMS["amounts with the sign of a currency"], items())
    cells = {line: dict(each) for line, each in drawn.grid.cells.items()}
    cells[drawn.lines[1]][column_number("E")] = "$ 5.00"
    cells[drawn.lines[2]][column_number("E")] = "S/ cinco"
    rows = read(replace(drawn, grid=replace(drawn.grid, cells=cells))).plan.rows
    assert rows[0].months[0] == Invalid("$ 5.00", Flaw.FOREIGN)
    assert rows[1].months[0] == Invalid("S/ cinco", Flaw.MALFORMED)


def test_amounts_under_the_months_are_no_heading() -> None:
    counted = of(NUMBER, NAME, TARGET, months(shows=lambda item, i: f"{item.number + i} talleres"))
    assert [row.name for row in read(draw(counted, items())).plan.rows] == [item.name for item in items()]


def test_helper_columns_of_ours_that_speak_of_months_are_no_series() -> None:
    ours = [column(f"· color de {each}", lambda _: None) for each in MONTHS]
    layout = layout_in(draw(of(NUMBER, NAME, TARGET, months(), ours), items()))
    assert layout.recognised is not None
    assert layout.recognised.heading.others == ()


def test_a_post_is_no_unit() -> None:
    posts = column("RESPONSABLE", lambda item: f"Jefe de Unidad {item.number % 3}", "owner")
    assert "unit" not in layout_in(draw(of(NUMBER, NAME, posts, TARGET, months()), items())).columns


def test_numbers_that_start_anew_are_months_where_they_come_to_twelve() -> None:
    drawn = draw(of(NUMBER, NAME, MEASURE, column("1", lambda _: None), TARGET, months(NUMBERS)), items())
    assert layout_in(drawn).addresses["ENE"] == drawn.columns["month 1"]


def test_a_heading_of_another_table_above_does_not_hide_the_plan() -> None:
    above = draw(of(column("RESUMEN", lambda item: item.unit), months()), items(2))
    below = draw(of(NUMBER, NAME, MEASURE, TARGET, months()), items())
    shift = max(above.grid.cells) + 3
    cells = dict(above.grid.cells) | {row + shift: each for row, each in below.grid.cells.items()}
    layout = find_layout(Grid("Plan", cells))
    assert layout is not None
    assert layout.addresses["target"] == below.columns["target"]


def test_a_second_code_of_the_caption_is_not_taken_where_it_tells_nothing() -> None:
    same = of(
        column("CÓDIGO", lambda item: f"A-{item.number // 5}", "code"),
        column("CÓD.", lambda _: Decimal(1)),
        NAME,
        TARGET,
        months(),
    )
    assert layout_in(draw(same, items())).code == ()


def test_how_much_of_the_printed_plan_is_lacking_can_be_counted() -> None:
    assert layout_in(draw(FORMS["meta and unit of measure"], items())).lacking == 2


def test_a_rule_that_nearly_all_rows_break_says_that_the_layout_was_misread() -> None:
    form = of(NUMBER, NAME, MEASURE, column("META", lambda _: None, "target"), months())
    plan = read(draw(form, items())).plan
    checked = judged(replace(plan, house=replace(plan.house, fields=frozenset({"target"}))))
    assert checked.habits["meta-ausente"] == 14
    bare = replace(plan, rows=tuple(replace(row, target=Decimal(5), months=(None,) * 12) for row in plan.rows))
    assert judged(bare).habits["meta-sin-meses"] == 14


def test_a_marked_month_is_kept_in_the_history() -> None:
    rows = read(draw(FORMS["marks"], items(3))).plan.rows
    assert restored(recorded(rows)) == tuple(replace(row, line=0, origin=Origin()) for row in rows)
    assert all(row.marked for row in rows)


def but(number: int, caption: str) -> Column:
    """A target that is wrong in one row."""
    return column(caption, lambda item: item.target if item.number != number else Decimal(0))


def test_of_two_targets_that_agree_nearly_alike_both_are_named() -> None:
    drawn = draw(of(NUMBER, NAME, but(2, "META INICIAL"), but(5, "META FINAL"), months()), items())
    found = layout_in(drawn).recognised
    assert found is not None
    assert found.proposals["target"].rivals == (3,)
    assert all(text in found.doubts[0].message for text in ("META INICIAL", "META FINAL"))
    same = draw(of(NUMBER, NAME, but(0, "META INICIAL"), but(0, "META FINAL"), months()), items())
    assert doubts(same) == []


def test_a_target_that_is_typed_goes_before_one_that_adds_up_the_months() -> None:
    drawn = draw(of(NUMBER, NAME, but(5, "CANT."), months(), column("TOTAL", lambda item: item.target)), items())
    total = column_number("P")
    formulas = {(line, total): f"SUM(D{line}:O{line})" for line in drawn.lines.values()}
    assert layout_in(drawn).addresses["target"] == "P"
    grid = replace(drawn.grid, formulas=formulas)
    layout = find_layout(grid)
    assert layout is not None
    assert layout.addresses["target"] == "C"
    checked = judged(parse(grid, layout).plan)
    assert [each.rule for each in checked.findings if each.severity is Severity.ERROR] == ["meta-meses"]
    alone = draw(of(NUMBER, NAME, MEASURE, months(), TOTAL), items())
    again = find_layout(replace(alone.grid, formulas=formulas))
    assert again is not None
    assert again.addresses["target"] == "P"


def test_a_quantity_of_the_year_goes_before_the_total_of_its_months_also_where_no_formula_shows() -> None:
    drawn = draw(of(NUMBER, NAME, MEASURE, but(5, "Cant. Anual"), months(), TOTAL), items())
    assert layout_in(drawn).addresses["target"] == "D"
    assert doubts(drawn) == ["target"]


@pytest.mark.parametrize(
    ("field", "caption"),
    [
        *(("measure", each) for each in ("Unid.", "Und.", "U. de M.", "UOM")),
        *(("unit", each) for each in ("Unidad Orgánica", "Área Usuaria", "Gerencia", "Órgano responsable", "Oficina")),
        *(
            ("unit", each)
            for each in ("Secretaría / Dirección", "Unidad requirente", "Unidad operativa", "Lead Office")
        ),
        *(
            ("unit", each)
            for each in ("Office/Unit Responsible", "Responsible Unit", "OPR", "Division", "Centro gestor")
        ),
        *(("owner", each) for each in ("Person Responsible", "Encargado")),
        *(("evidence", each) for each in ("MOV", "Medio de verif.")),
        *(("budget", each) for each in ("PIM", "Techo presupuestario", "PPTO 2026", "Codificado", "Inversión")),
        *(("budget", each) for each in ("Financial Target", "Funding Requirement")),
        *(("name", each) for each in ("Particulars", "Account Title", "Performance Indicator", "Indicador")),
    ],
)
def test_what_offices_call_their_columns(field: str, caption: str) -> None:
    shows: dict[str, Callable[[Item], Value]] = {
        "measure": lambda item: item.measure,
        "unit": lambda item: item.unit,
        "owner": lambda item: ("Ana Rojas", "Luis Vera")[item.number % 2],
        "evidence": lambda item: ("Informe", "Acta")[item.number % 2],
        "budget": lambda item: Decimal(item.number * 1000),
        "name": lambda item: item.name,
    }
    one = column(caption, shows[field])
    name = [] if field == "name" else [NAME]
    layout = layout_in(draw(of(NUMBER, one, *name, TARGET, months()), items()))
    assert layout.addresses[field] == "B"


def test_formulas_that_nobody_has_calculated_name_no_rows() -> None:
    never = column("VARIACIÓN", lambda item: Invalid(f"=A{item.number}", Flaw.UNCALCULATED))
    result = column("RESULTADO / ACTIVIDAD", lambda item: item.name, "name")
    assert layout_in(draw(of(NUMBER, result, TARGET, months(), never), items())).addresses["name"] == "B"


def test_codes_of_items_are_codes_whatever_stands_above_them() -> None:
    code = column("Item & Specifications", lambda item: f"{10_000_000 + item.number}-AC-{item.number:02}", "code")
    assert layout_in(draw(of(code, NAME, MEASURE, months(), TOTAL), items())).addresses["code"] == "A"


def test_a_name_that_no_caption_speaks_of_is_said_as_a_doubt() -> None:
    assert doubts(draw(FORMS["names that no caption speaks of"], items())) == ["name"]
    assert doubts(draw(FORMS["names below objectives and operations"], items())) == []


def test_of_physical_and_financial_series_the_physical_one_is_the_programme() -> None:
    form = of(
        NAME,
        quarters("FINANCIAL REQUIREMENTS", lambda item, i: Item.quarter(item, i) * 1000, "money"),
        quarters("PHYSICAL TARGETS", Item.quarter),
        TARGET,
    )
    drawn = draw(form, items())
    assert layout_in(drawn).addresses["MAR"] == drawn.columns["month 3"]
    assert doubts(drawn) == []


def test_targets_that_are_kept_or_reached_are_in_no_doubt() -> None:
    every = column("META", lambda _: Decimal(1), "target")
    kept = draw(of(NUMBER, NAME, every, months(shows=lambda *_: Decimal(1))), items())
    reached = draw(of(NUMBER, NAME, every, months(shows=lambda _, i: Decimal(i + 1) / 12)), items())
    assert doubts(kept) == doubts(reached) == []


def programmed(drawn: Drawn) -> list[list[bool]]:
    return [[bool(month) for month in row.months] for row in read(drawn).plan.rows if row.marked]


def test_a_painted_month_is_programmed() -> None:
    wanted = [[bool(month) for month in item.months] for item in items()]
    drawn = draw(FORMS["painted months"], items())
    assert programmed(drawn) == wanted
    assert programmed(draw(FORMS["marks"], items())) == wanted
    assert programmed(draw(FORMS["painted weeks"], items())) == programmed(draw(FORMS["weeks with marks"], items()))
    assert doubts(drawn) == doubts(draw(of(NUMBER, NAME, months(shows=painted)), items())) == []
    # A mark beside the colours is one too.
    line, column_ = drawn.lines[1], min(k for row, k in drawn.grid.painted if row == drawn.lines[2])
    cells = {row: {**each, **({column_: "X"} if row == line else {})} for row, each in drawn.grid.cells.items()}
    both = programmed(replace(drawn, grid=replace(drawn.grid, cells=cells)))
    assert [sum(row) for row in both] == [sum(row) + (not number) for number, row in enumerate(wanted)]


SHADES = {
    "rows": [(row, k) for row in range(4, 18, 2) for k in range(5, 17)],
    "columns": [(row, k) for row in range(4, 18) for k in range(6, 17, 3)],
    "one row": [(6, 5), (6, 6)],
    "nothing": [],
}


@pytest.mark.parametrize("name", SHADES)
def test_shades_of_rows_and_columns_say_nothing(name: str) -> None:
    drawn = draw(of(NUMBER, NAME, MEASURE, TARGET, months(shows=lambda *_: None)), items())
    grid = replace(drawn.grid, painted=dict.fromkeys(SHADES[name], "theme=4"))
    assert programmed(replace(drawn, grid=grid)) == []


def test_where_months_hold_numbers_colours_say_nothing() -> None:
    drawn = draw(FORMS["meta and unit of measure"], items())
    blank = draw(FORMS["painted months"], items()).grid.painted
    grid = replace(drawn.grid, painted=blank)
    assert read(replace(drawn, grid=grid)).plan == read(drawn).plan


def test_lines_to_sign_on_end_a_form() -> None:
    form = of(NUMBER, NAME, MEASURE, TARGET, months(), again=frozenset({5, 9}), between=("F. ____________", "Jefatura"))
    drawn = draw(form, items())
    cells = {row: dict(each) for row, each in drawn.grid.cells.items()}
    for row, texts in cells.items():
        if texts.get(1) in form.between:
            cells[row] |= {9: "F. ____________" if str(texts[1]).startswith("F") else "Gerencia"}
    parsed = read(replace(drawn, grid=replace(drawn.grid, cells=cells)))
    assert [row.line for row in parsed.plan.rows] == list(drawn.lines.values())


def test_a_unit_is_a_piece_or_an_office_as_its_cells_say() -> None:
    piece = draw(of(NUMBER, NAME, column("UNIDAD", lambda item: item.measure, "measure"), TARGET, months()), items())
    office = draw(of(NUMBER, NAME, column("UNIDAD", lambda item: item.unit, "unit"), TARGET, months()), items())
    for drawn, field in ((piece, "measure"), (office, "unit")):
        assert layout_in(drawn).addresses[field] == "C"


@pytest.mark.parametrize("caption", ["ITEM", "Item & Specifications", "N° ÍTEM"])
def test_items_that_are_counted_are_no_classifier(caption: str) -> None:
    drawn = draw(of(column(caption, lambda item: Decimal(item.number), "id"), NAME, TARGET, months()), items())
    assert "partida" not in layout_in(drawn).columns


def test_words_and_numbers_below_the_months_are_both_heading() -> None:
    drawn = draw(of(NUMBER, NAME, TARGET, months(), numbered=True), items())
    cells = {row + (row > 3): each for row, each in drawn.grid.cells.items()}
    cells[4] = dict.fromkeys(range(4, 16), "Programado")
    layout = find_layout(replace(drawn.grid, cells=cells))
    assert layout is not None
    assert (layout.top, layout.bottom) == (3, 5)


def test_the_last_row_may_be_one_that_is_not_programmed() -> None:
    plan = [*items(), replace(items()[0], number=15, name="Sin programar", months=(None,) * 12)]
    drawn = draw(of(NUMBER, NAME, UNIT, MEASURE, months(), TARGET), plan)
    assert layout_in(drawn).last == drawn.lines[15]
    unnamed = draw(
        of(
            NUMBER,
            column("DETALLE", lambda item: item.name if item.number < 15 else None, "name"),
            UNIT,
            MEASURE,
            months(),
        ),
        plan,
    )
    assert layout_in(unnamed).last == unnamed.lines[15]


def test_what_stands_alone_below_the_plan_is_no_row_of_it() -> None:
    drawn = draw(of(NUMBER, NAME, UNIT, MEASURE, TARGET, months(), footer=("Sello y firma",)), items())
    assert layout_in(drawn).last == drawn.lines[14]
    assert [each.text for each in read(drawn).passed] == ["Sello y firma"]


@pytest.mark.parametrize(
    "name", ["meta and unit of measure", "portuguese", "units as heading rows", "total on the right"]
)
def test_prepared_rows_that_nobody_filled_in_are_no_rows(name: str) -> None:
    drawn = draw(FORMS[name], items())
    cells = {row: dict(each) for row, each in drawn.grid.cells.items()}
    last = max(cells)
    number, target = (column_number(drawn.columns[each]) for each in ("id", "target"))
    for row in range(1, 300):
        cells[last + row] = {number: Decimal(14 + row), target: Decimal(0)}
    grid = replace(drawn.grid, cells=cells)
    layout = find_layout(grid)
    assert layout is not None
    plan = parse(grid, layout).plan
    assert [row.line for row in plan.rows] == list(drawn.lines.values())
    assert judged(plan).findings == []


def test_numbers_that_start_anew_in_each_unit_are_right() -> None:
    drawn = draw(of(column("N°", lambda item: Decimal(item.number % 5 + 1), "id"), NAME, TARGET, months()), items())
    assert "id-orden" not in {each.rule for each in judged(read(drawn).plan).findings}
    assert "id-orden" not in judged(read(drawn).plan).habits


def test_months_that_fit_under_another_type_are_a_warning_with_that_type() -> None:
    every = column("META", lambda item: Decimal(1) if item.number == 3 else item.target, "target")
    form = of(
        NUMBER, NAME, MEASURE, every, months(shows=lambda item, i: Decimal(1) if item.number == 3 else item.months[i])
    )
    (finding,) = judged(read(draw(form, items())).plan).findings
    assert (finding.rule, finding.severity) == ("meta-meses", Severity.WARNING)
    assert "Constante" in finding.suggestion


@st.composite
def drawings(draw_: st.DrawFn) -> tuple[Form, tuple[str, ...]]:
    """The same columns in any order, under any captions, with bands, blanks, totals and quarters or without."""
    captions = {
        "name": ("ACTIVIDAD", "Descripción", "Tareas", "Activity"),
        "measure": ("Unidad de medida", "U. DE MEDIDA"),
        "target": ("META", "Meta anual", "TOTAL"),
        "unit": ("Unidad responsable", "Centro de costo"),
        "id": ("N°", "No.", "Nro."),
    }
    shows = {
        "name": NAME.shows,
        "measure": MEASURE.shows,
        "target": TARGET.shows,
        "unit": UNIT.shows,
        "id": NUMBER.shows,
    }
    fields = draw_(st.permutations(["name", "measure", "target", "unit", "id"]))
    chosen = [column(draw_(st.sampled_from(captions[each])), shows[each], each) for each in fields]
    names = draw_(st.sampled_from([SPANISH, ENGLISH, PORTUGUESE, tuple(f"{each}-26" for each in SPANISH)]))
    above = draw_(st.sampled_from(["", "CRONOGRAMA", "PROGRAMADO"]))
    run = months(names, above, draw_(st.integers(0, 11)), quarter=draw_(st.sampled_from(["", "Trim. {}"])))
    at = draw_(st.integers(0, 5))
    blanks = [column("", lambda _: None)] * draw_(st.integers(0, 1))
    form = of(
        chosen[:at],
        blanks,
        run,
        chosen[at:],
        left=draw_(st.integers(0, 3)),
        merged=draw_(st.booleans()),
        total=draw_(st.sampled_from(["", "TOTAL"])),
        numbered=draw_(st.booleans()),
    )
    return form, tuple(fields)


@given(drawings())
def test_one_plan_reads_the_same_in_any_layout(drawn: tuple[Form, tuple[str, ...]]) -> None:
    form, _ = drawn
    sheet = draw(form, items())
    parsed = read(sheet)
    assert [(row.name, row.unit, row.measure, row.target, row.months, row.id) for row in parsed.plan.rows] == [
        (item.name, item.unit, item.measure, item.target, item.months, item.number) for item in items()
    ]
    assert [each.rule for each in judged(parsed.plan).findings if each.severity is Severity.ERROR] == []


def test_a_total_that_is_only_the_sum_gives_way_to_what_was_planned_beside_it_and_is_asked_about() -> None:
    planned = column("CANTIDAD", lambda item: item.target + (item.number == 4))
    drawn = draw(of(CODE, NAME, MEASURE, planned, months(), TOTAL), items())
    found = layout_in(drawn).recognised
    assert found is not None
    (doubt,) = found.doubts
    assert (doubt.field, doubt.line) == ("target", '[columnas]\nmeta = "D"')
    assert "Q «TOTAL»" in doubt.message
    assert [each.rule for each in judged(read(drawn).plan).findings] == ["meta-meses"]
    stated = replace(planned, captions=("META",), field="target")
    drawn = draw(of(CODE, NAME, MEASURE, stated, months(), column("TOTAL", lambda item: item.target)), items())
    assert layout_in(drawn).recognised.doubts == ()  # type: ignore[union-attr]
    assert layout_in(drawn).addresses["target"] == "D"


@pytest.mark.parametrize("text", ["Nota: depende de una transferencia", "Notes: subject to release", "Aprobado por:"])
@pytest.mark.parametrize("name", ["meta and unit of measure", "marks", "money by month"])
def test_a_note_between_the_rows_ends_no_plan(name: str, text: str) -> None:
    form = FORMS[name]
    noted = draw(replace(form, heads={5: text, 9: text}), items())
    assert [row.line for row in read(noted).plan.rows] == list(noted.lines.values())
    ended = draw(replace(form, footer=("Elaborado por: A. B.", text, "Cargo")), items())
    assert [row.line for row in read(ended).plan.rows] == list(ended.lines.values())


@pytest.mark.parametrize("word", ["Leyenda", "LEYENDA:", "Simbología", "Abreviaturas.", "Referencias:"])
@pytest.mark.parametrize("name", ["meta and unit of measure", "marks", "money by month"])
def test_the_legend_below_a_plan_is_no_row(name: str, word: str) -> None:
    drawn = draw(FORMS[name], items())
    last = max(drawn.grid.cells)
    start = column_number(drawn.columns["name"])
    legend: dict[int, dict[int, Value]] = {last + 2: {start: word}, last + 3: {start: "X", start + 1: "programado"}}
    more = replace(drawn, grid=replace(drawn.grid, cells={**drawn.grid.cells, **legend}))
    assert [row.line for row in read(more).plan.rows] == list(drawn.lines.values())


def test_another_table_below_the_plan_is_none_of_it() -> None:
    drawn = draw(of(NUMBER, NAME, MEASURE, TARGET, months()), items())
    last = max(drawn.grid.cells)
    table: dict[int, dict[int, Value]] = {
        last + 3: {1: "RECURSOS HUMANOS"},
        last + 4: {1: "N°", 2: "Cargo", 3: "Cantidad", 4: "Remuneración"},
        **{last + 4 + n: {1: Decimal(n), 2: f"Especialista {n}", 3: Decimal(2), 4: Decimal(3500)} for n in (1, 2, 3)},
    }
    with_table = replace(drawn, grid=replace(drawn.grid, cells={**drawn.grid.cells, **table}))
    assert [row.line for row in read(with_table).plan.rows] == list(drawn.lines.values())


@pytest.mark.parametrize(("gap", "is_apart"), [(2, True), (3, True), (1, False)])
def test_a_small_table_below_is_told_by_the_rows_between(gap: int, is_apart: bool) -> None:
    budget = column("PRESUPUESTO", lambda item: Decimal(10 * item.number), "budget")
    drawn = draw(of(NAME, budget, MEASURE, TARGET, months()), items())
    title = max(drawn.grid.cells) + gap + 1
    table: dict[int, dict[int, Value]] = {
        title: {1: "RESUMEN"},
        title + 1: {1: "Fuente", 2: "Monto"},
        **{title + 1 + n: {1: f"Fuente {n}", 2: Decimal(500)} for n in (1, 2)},
    }
    parsed = read(replace(drawn, grid=replace(drawn.grid, cells={**drawn.grid.cells, **table})))
    assert [row.line for row in parsed.plan.rows] == list(drawn.lines.values())
    assert [row.line for row in parsed.plan.strays] == ([] if is_apart else [title + 2, title + 3])


def test_an_activity_that_is_called_like_a_legend_stays_a_row() -> None:
    form = FORMS["meta and unit of measure"]
    called = [replace(each, name="Leyenda") if each.number == 3 else each for each in items()]
    drawn = draw(form, called)
    assert [row.line for row in read(drawn).plan.rows] == list(drawn.lines.values())


def test_what_stands_below_the_foot_without_the_usual_columns_is_no_row() -> None:
    form = FORMS["meta and unit of measure"]
    drawn = draw(replace(form, footer=("Nota: resumen",)), items())
    last = max(drawn.grid.cells)
    start = column_number(drawn.columns["month 1"])
    more: dict[int, dict[int, Value]] = {last + 1: {2: "Todo", **{start + k: Decimal(3) for k in range(12)}}}
    grid = replace(drawn.grid, cells={**drawn.grid.cells, **more})
    layout = find_layout(grid)
    assert layout is not None
    assert [row.line for row in parse(grid, layout).plan.rows] == list(drawn.lines.values())


@pytest.mark.parametrize("words", [("Programado", "Realizado"), ("P", "E"), ("PROG.", "EJEC.")])
@pytest.mark.parametrize("done", [0, 1, 5])
def test_rows_of_what_was_done_are_known_by_their_word_also_while_they_are_blank(
    words: tuple[str, str], done: int
) -> None:
    said = column("P/E", lambda _: words[0])
    drawn = draw(of(NAME, MEASURE, TARGET, said, months()), items())
    cells: dict[int, dict[int, Value]] = {}
    lines = []
    for number, (row, each) in enumerate(sorted(drawn.grid.cells.items())):
        cells[2 * row] = dict(each)
        if row in drawn.lines.values():
            lines.append(2 * row)
            cells[2 * row + 1] = {4: words[1], **({5: Decimal(1)} if number < done + 3 else {})}
    grid = replace(drawn.grid, cells=cells)
    layout = find_layout(grid)
    assert layout is not None
    parsed = parse(grid, layout)
    assert [row.line for row in parsed.plan.rows] == lines
    assert parsed.plan.strays == ()


@pytest.mark.parametrize("words", [("PROG.", "EJEC."), ("Programado", "Real"), ("P", "E")])
@pytest.mark.parametrize("count", [1, 2])
def test_plain_words_say_what_was_done_however_short_the_plan_is(words: tuple[str, str], count: int) -> None:
    said = column("", lambda _: words[0])
    drawn = draw(of(NAME, MEASURE, TARGET, said, months()), items(count))
    cells = {row: dict(each) for row, each in drawn.grid.cells.items()}
    for row in sorted(drawn.lines.values(), reverse=True):
        at = row + (row - min(drawn.lines.values()))
        cells[at] = cells.pop(row)
        cells[at + 1] = {4: words[1], 5: Decimal(1)}
    grid = replace(drawn.grid, cells=cells)
    layout = find_layout(grid)
    assert layout is not None
    assert layout.recognised is not None
    sure = len(words[0]) > 1
    assert len(layout.recognised.done) == (count if sure else 0)


def test_rows_that_are_marked_in_every_month_are_no_heading() -> None:
    every = of(NUMBER, NAME, column("ENTREGABLE", lambda item: item.measure), months(shows=lambda *_: "P"))
    drawn = draw(every, items())
    assert [row.line for row in read(drawn).plan.rows] == list(drawn.lines.values())
    assert all(row.marked for row in read(drawn).plan.rows)


@pytest.mark.parametrize(
    ("formula", "is_known"), [("SUM(E{0}:P{0})", True), ("SUM(E{0}:H{0})", False), ("C{0}*2", False)]
)
def test_a_meta_that_nobody_has_calculated_is_known_by_the_months_that_it_adds_up(formula: str, is_known: bool) -> None:
    price = column("PRESUPUESTO", lambda _: Decimal(5), "budget")
    drawn = draw(of(NUMBER, NAME, MEASURE, column("Valor", lambda item: item.target), months(), price), items())
    lines = drawn.lines.values()
    cells = {
        row: {k: Invalid("=", Flaw.UNCALCULATED) if k == 4 and row in lines else value for k, value in each.items()}
        for row, each in drawn.grid.cells.items()
    }
    grid = replace(drawn.grid, cells=cells, formulas={(row, 4): formula.format(row) for row in lines})
    found = find_layout(grid)
    assert found is not None
    assert (found.columns.get("target") == 4) is is_known


def test_a_table_with_its_months_in_the_same_columns_is_no_part_of_the_plan() -> None:
    income = draw(
        of(
            column("Rubro", lambda item: f"1110{item.number}"),
            column("Concepto", lambda item: f"Transferencia {item.number}"),
            column("Fuente", lambda _: "TGN"),
            column("Monto", lambda item: item.target),
            months(),
        ),
        items(3),
    )
    plan = draw(of(PARTIDA, NAME, UNIT, TARGET, months()), items())
    shift = max(income.grid.cells) + 2
    cells = dict(income.grid.cells) | {row + shift: each for row, each in plan.grid.cells.items()}
    drawn = Drawn(Grid("P", cells), plan.columns, {number: row + shift for number, row in plan.lines.items()})
    parsed = read(drawn)
    assert [row.line for row in parsed.plan.rows] == list(drawn.lines.values())
    assert layout_in(drawn).addresses["unit"] == "C"


def test_a_heading_that_stands_again_may_spell_its_months_otherwise() -> None:
    first = draw(of(NUMBER, NAME, TARGET, months()), items(5))
    second = draw(of(NUMBER, NAME, TARGET, months(PORTUGUESE)), items(5))
    shift = max(first.grid.cells) + 2
    cells = dict(first.grid.cells) | {row + shift: each for row, each in second.grid.cells.items()}
    drawn = Drawn(Grid("P", cells), first.columns, first.lines)
    rows = [*first.lines.values(), *(line + shift for line in second.lines.values())]
    assert [row.line for row in read(drawn).plan.rows] == rows


def test_a_target_without_months_is_no_error_of_another_office() -> None:
    plan = [replace(each, months=(None,) * 12) if each.number == 4 else each for each in items()]
    goals = {each.number: each.target for each in items()}
    drawn = draw(of(NUMBER, NAME, replace(TARGET, shows=lambda item: goals[item.number]), months()), plan)
    (found,) = judged(read(drawn).plan).findings
    assert (found.rule, found.severity) == ("meta-sin-meses", Severity.WARNING)
    plan = [replace(each, months=(None,) * 12) if each.number % 3 == 0 else each for each in items()]
    drawn = draw(of(NUMBER, NAME, replace(TARGET, shows=lambda item: goals[item.number]), months()), plan)
    assert judged(read(drawn).plan).findings == []


def test_rows_of_what_was_done_and_of_its_share_are_none_of_the_plan() -> None:
    cells: dict[int, dict[int, Value]] = {1: dict(enumerate(["N°", "ACTIVIDAD", "META", "P/E", *SPANISH], 1))}
    line = 2
    for item in items(6):
        for word, value in (("Programado", Decimal(2)), ("Ejecutado", Decimal(1)), ("% de avance", Decimal("0.5"))):
            cells[line] = {4: word, 5: value, 8: value}
            if word == "Programado":
                cells[line] |= {1: Decimal(item.number), 2: item.name, 3: Decimal(4)}
            line += 1
    drawn = Drawn(Grid("P", cells), {}, {})
    parsed = read(drawn)
    assert [row.line for row in parsed.plan.rows] == [*range(2, 20, 3)]
    assert [each.line for each in parsed.passed] == [row for row in range(2, 20) if row % 3 != 2]
    assert [last_of(parsed.layout, row) for row in (1, 2, 5, 6)] == [1, 4, 7, 7]
    assert judged(parsed.plan).findings == []


def test_a_type_of_target_called_sum_makes_no_row_a_total() -> None:
    kind = column("TIPO", lambda _: "Suma")
    drawn = draw(of(NUMBER, NAME, kind, TARGET, months(), total="TOTAL"), items())
    assert [row.line for row in read(drawn).plan.rows] == list(drawn.lines.values())


def rising(item: Item, i: int) -> Value:
    """An Avance from July on; the one of the third activity falls in the order in which the year goes."""
    at = (i - 6) % 12
    falls = item.number == 3 and at == 11
    return Decimal(at // 3 * 25 + 25 - (50 if falls else 0)) if at % 3 == 2 else None


def test_in_a_year_from_july_an_advance_goes_with_the_columns() -> None:
    share = column("UNIDAD DE MEDIDA", lambda _: "% de avance", "measure")
    goal = column("META ANUAL", lambda _: Decimal(100), "target")
    drawn = draw(of(NUMBER, NAME, share, goal, months(start=6, shows=rising)), items())
    plan = read(drawn).plan
    assert {row.first for row in plan.rows} == {6}
    assert [*plan.rows[0].programmed] == [8, 11, 2, 5]
    assert [(plan.rows[each.index].line, each.rule) for each in judged(plan).findings] == [
        (drawn.lines[3], "meta-meses")
    ]
    assert "JUN" in judged(plan).findings[0].message + str(judged(plan).findings[0].suggestion)
    assert restored(recorded(plan.rows))[0].first == 6


def test_months_that_say_what_was_reached_so_far_are_warned_of_and_the_one_that_does_not_get_there_is_red() -> None:
    goal = column("META ANUAL", lambda item: Decimal(24 + 5 * (item.number == 4)), "target")
    drawn = draw(of(NUMBER, NAME, MEASURE, goal, months(shows=lambda _, i: Decimal(2 * i + 2))), items())
    checked = judged(read(drawn).plan)
    assert "meta-meses" not in checked.habits
    red = [each for each in checked.findings if each.severity is Severity.ERROR]
    assert [(each.index, each.rule) for each in red] == [(3, "meta-meses")]
    warned = [each for each in checked.findings if each.severity is Severity.WARNING]
    assert len(warned) == 13
    assert all("Avance" in each.suggestion for each in warned)


def grouped(*, wrong: bool = False) -> Drawn:
    """A plan without codes: objectives, and below them components, each with what its activities cost."""
    cells: dict[int, dict[int, Value]] = {1: dict(enumerate(["ACTIVIDAD", "META", *SPANISH, "PRESUPUESTO"], 1))}
    lines = {}
    line = 2
    plan = items(12)
    for top in range(2):
        own = plan[6 * top : 6 * top + 6]
        # The second activity of each objective costs nothing.
        priced = {each.number: cost(each) for each in own if each is not own[1]}
        cells[line] = {1: f"Objetivo {top}", 15: sum(priced.values(), Decimal(0))}
        line += 1
        for part in (own[:3], own[3:]):
            amount = sum((priced.get(each.number, Decimal(0)) for each in part), Decimal(0))
            cells[line] = {1: f"Componente {top}", 15: amount + (7 if wrong and top else 0)}
            line += 1
            for each in part:
                months_ = {3 + k: value for k, value in enumerate(each.months) if value is not None}
                cells[line] = {1: each.name, 2: each.target, **months_}
                cells[line] |= {15: priced[each.number]} if each.number in priced else {}
                lines[each.number] = line
                line += 1
    return Drawn(Grid("P", cells), {}, lines)


def test_groups_without_codes_are_known_by_what_the_rows_below_them_cost() -> None:
    drawn = grouped()
    parsed = read(drawn)
    assert [row.line for row in parsed.plan.rows] == list(drawn.lines.values())
    assert [each.kind for each in parsed.passed] == [Outside.TOTAL] * 6
    assert parsed.plan.strays == ()
    assert judged(parsed.plan).findings == []
    parsed = read(grouped(wrong=True))
    assert [row.line for row in parsed.plan.strays] == [12, 16]
    assert {each.rule for each in judged(parsed.plan).findings} == {"fila-sin-explicar"}


def test_months_that_were_planned_anew_leave_open_which_hold() -> None:
    form = of(NUMBER, NAME, TARGET, months(above="PROGRAMACIÓN INICIAL"), months(above="REPROGRAMACIÓN"))
    (doubt,) = doubts(draw(form, items()))
    assert doubt == "meses"


@pytest.mark.parametrize("first", [1, 2])
def test_a_row_that_numbers_twelve_columns_names_no_months(first: int) -> None:
    captions = ["Particulars", "Actual", "Estimate", *(f"{each} Quarter" for each in ("1st", "2nd", "3rd", "4th"))]
    captions += ["Total", "Variance", "Remarks", "Office", "Source"]
    cells: dict[int, dict[int, Value]] = {
        1: dict(enumerate(captions, first)),
        2: {column: Decimal(number) for number, column in enumerate(range(first, first + 12), 1)},
    }
    for item in items():
        parts = [item.quarter(number) for number in range(1, 5)]
        row: list[Value] = [item.name, Decimal(3), Decimal(4), *parts, item.target, Decimal(0), None, "Planning", "GAA"]
        cells[len(cells) + 1] = {column: value for column, value in enumerate(row, first) if value is not None}
    grid = Grid("BED 2", cells)
    layout = find_layout(grid)
    assert layout is not None
    assert [layout.columns[month] - first for month in MONTHS[2::3]] == [3, 4, 5, 6]
    assert (layout.columns["name"], layout.columns["target"]) == (first, first + 7)
    assert [row.name for row in parse(grid, layout).plan.rows] == [item.name for item in items()]


def test_formulas_that_nobody_has_calculated_are_no_names() -> None:
    said = column("INDICADOR DE GESTIÓN", lambda item: f"Número de {item.name} concluidos: {item.number}", "name")
    totals = [
        column(("TOTAL", word), lambda item: Invalid(f"=SUM(A{item.number})", Flaw.UNCALCULATED)) for word in "AB"
    ]
    drawn = draw(of(UNIT, said, TARGET, months(), totals), items())
    assert layout_in(drawn).addresses["name"] == drawn.columns["name"]
    assert len(read(drawn).plan.rows) == len(items())


@pytest.mark.parametrize("post", ["Division Chief {}", "Unit Head {}", "Area Manager {}", "Directora de Unidad {}"])
def test_a_post_is_no_unit_in_any_language(post: str) -> None:
    posts = column("RESPONSIBLE PERSON", lambda item: post.format(item.number % 3), "owner")
    assert layout_in(draw(of(NUMBER, NAME, posts, TARGET, months()), items())).columns.keys() & {"owner", "unit"} == {
        "owner"
    }


def test_items_below_an_activity_that_is_named_once_are_rows_of_the_plan() -> None:
    activity = column("ACTIVIDAD", lambda item: item.name if item.number % 2 else None, "name")
    item = column("DESCRIPCIÓN DEL ÍTEM", lambda each: f"Bienes {each.number}")
    total = column("TOTAL", lambda each: sum(filter(None, each.amounts), Decimal(0)), "target")
    drawn = draw(
        of(
            column("PROGRAMA", lambda _: "01"),
            activity,
            item,
            PARTIDA,
            months(shows=lambda each, i: each.months[i]),
            total,
        ),
        items(),
    )
    parsed = read(drawn)
    assert [row.line for row in parsed.plan.rows] == list(drawn.lines.values())
    assert (parsed.passed, judged(parsed.plan).findings) == ((), [])


ODD: dict[str, tuple[Form, dict[str, str]]] = {
    "what was accomplished in a budget year": (
        of(
            NAME,
            quarters("Physical Target (Budget Year)", Item.quarter),
            column(("Physical Target (Budget Year)", "Total"), lambda item: item.target, "target"),
            column(("Physical Accomplishment (Budget Year)", "Total"), lambda item: item.target - 1),
        ),
        {"target": "target", "budget": ""},
    ),
    "a text about targets": (
        of(
            NUMBER,
            column("Meta", lambda item: f"Meta {item.number % 3}"),
            NAME,
            MEASURE,
            column("Programado anual", lambda item: item.target, "target"),
            months(),
        ),
        {"target": "target"},
    ),
    "the same code in all rows": (
        of(
            column("Cod. Presup.", lambda _: "2024-0800-1-21-1"),
            column("Objeto específico", lambda item: f"54{item.number:03}", "partida"),
            NAME,
            months(),
            TOTAL,
        ),
        {"code": "", "partida": "partida"},
    ),
    "an office that is responsible": (
        of(NAME, TARGET, months(), column("Office Responsible", lambda item: f"Planning {item.number % 3}", "unit")),
        {"unit": "unit", "owner": ""},
    ),
    "what all sources finance": (
        of(
            NUMBER,
            NAME,
            TARGET,
            quarters("PROGRAMACIÓN", Item.quarter),
            column(("FINANCIAMIENTO", "Propio"), lambda item: Decimal(item.number)),
            column(("FINANCIAMIENTO", "Externo"), lambda _: Decimal(5)),
            column(("FINANCIAMIENTO", "Total"), lambda item: Decimal(5 + item.number), "budget"),
        ),
        {"budget": "budget"},
    ),
}


@pytest.mark.parametrize("name", ODD)
def test_captions_are_held_against_what_stands_below_them(name: str) -> None:
    form, wanted = ODD[name]
    drawn = draw(form, items())
    found = layout_in(drawn).addresses
    assert {field: found.get(field, "") for field in wanted} == {
        field: drawn.columns[own] if own else "" for field, own in wanted.items()
    }
