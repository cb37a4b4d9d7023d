"""The three-way merge: every outcome of the table, line by line, and what it will be held against next time."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from poa_xl.core.applying import apply
from poa_xl.core.blocks import Block
from poa_xl.core.codes import Code
from poa_xl.core.deciding import decide
from poa_xl.core.offers import View, lost_rows
from poa_xl.core.outcomes import Fate, Limits, Merged, Outcome, Policy, Side, Spot
from poa_xl.core.plan import Kind, Plan, Row, TargetKind
from poa_xl.core.record import recorded, restored
from poa_xl.core.returned import Returned, by_code, examine
from poa_xl.core.threeway import merge
from poa_xl.core.values import Flaw, Invalid, Shown
from tests.plans import change, code, line, operation, small

LEGAL, PISIGA = "Unidad Legal", "Adm Aduana Pisiga"


def part(plan: Plan, unit: str) -> Plan:
    """The unit's operations with their lines, and all groups."""
    rows: list[Row] = []
    mine = False
    for row in plan.rows:
        mine = row.kind is Kind.GROUP or (row.unit == unit if row.kind is Kind.OPERATION else mine)
        if mine:
            rows.append(row)
    return Plan(tuple(rows), plan.year, partial=True)


def blocks(plan: Plan) -> dict[Code, Block]:
    return {code: versions[0] for code, versions in by_code(plan)[0].items()}


def back(theirs: Plan, unit: str | None = LEGAL, sent: Plan | None = None, file: str = "a.xlsx") -> Returned:
    """A file that comes back; by default held against the small plan."""
    base = part(small() if sent is None else sent, unit or LEGAL)
    return examine(file, theirs, blocks(base), unit)


def unmarked(theirs: Plan, file: str = "a.xlsx") -> Returned:
    return examine(file, theirs, None, None)


def fates(merged: Merged) -> list[tuple[str, str, str]]:
    return [(str(each.fate), str(each.code or ""), each.field) for each in merged.outcomes]


def value(merged: Merged, text: str, field: str) -> object:
    return next(row.get(field) for row in merged.plan if row.code == code(text))


def codes(merged: Merged) -> list[str]:
    return [str(row.code) for row in merged.plan if row.kind is not Kind.LINE]


def mine() -> Plan:
    return part(small(), LEGAL)


def adding(plan: Plan, *rows: Row) -> Plan:
    return replace(plan, rows=plan.rows + rows)


def without(plan: Plan, *texts: str) -> Plan:
    gone = {code(text) for text in texts}
    rows: list[Row] = []
    keep = True
    for row in plan.rows:
        keep = keep if row.kind is Kind.LINE else row.code not in gone
        if keep:
            rows.append(row)
    return replace(plan, rows=tuple(rows))


def lines(plan: Plan, *new: Row) -> Plan:
    """The lines of GRO1.2.1, which are the last rows."""
    kept = [row for row in plan.rows if row.kind is not Kind.LINE]
    return replace(plan, rows=(*kept, *new))


L1, L2 = line("25220", 100), line("25900", 200)


def reasons(merged: Merged) -> dict[tuple[str, str], str]:
    return {(str(each.fate), each.field): each.reason for each in merged.outcomes if each.fate is not Fate.TOTAL}


@pytest.mark.parametrize(
    ("name", "dress", "said"),
    [
        ("budget", Shown.CURRENCY, "tiene formato de otra moneda y cuenta como 150 bolivianos"),
        ("budget", Shown.PERCENT, "tiene formato de porcentaje y es el número 150"),
        ("target", Shown.DATE, "tiene formato de fecha y es el número 150"),
        ("target", Shown.PERCENT, ""),
    ],
)
def test_a_number_that_showed_as_something_else_is_taken_and_said(name: str, dress: Shown, said: str) -> None:
    dressed = {name: dress, "ENE": Shown.DURATION}
    theirs = change(mine(), "GRO1.1.1", **{name: Decimal(150), "dresses": dressed, "owner": "Otra"})
    assert reasons(merge(small(), [back(theirs)])) == {("tomado", name): said, ("tomado", "owner"): ""}


def test_so_it_is_of_new_rows() -> None:
    said = "tiene formato de otra moneda y cuenta como 5 bolivianos"
    new = replace(operation("GRO1.1.3", LEGAL, 5), dresses={"budget": Shown.CURRENCY})
    assert reasons(merge(small(), [back(adding(mine(), new))])) == {("fila nueva", ""): said}
    more = replace(line("31110", 5), dresses={"budget": Shown.CURRENCY})
    merged = merge(small(), [back(lines(mine(), L1, L2, more))])
    assert reasons(merged)["fila nueva", ""] == said


def test_an_untouched_part_changes_nothing_and_all_of_it_is_taken() -> None:
    merged = merge(small(), [back(mine())])
    assert merged.plan == small().rows
    assert merged.outcomes == ()
    assert merged.taken == {"a.xlsx": len(mine().rows)}


@pytest.mark.parametrize(
    ("theirs", "master", "fate", "result"),
    [
        ("Otro", "Jefe Unidad Legal", "tomado", "Otro"),
        ("Jefe Unidad Legal", "Otro", "", "Otro"),
        ("Otro", "Otro", "", "Otro"),
        ("Otro", " Otro \u200b", "", " Otro \u200b"),
        ("Uno", "Dos", "conflicto", "Dos"),
        ("", "Jefe Unidad Legal", "tomado", ""),
        ("", "Dos", "conflicto", "Dos"),
        ("Jefe  Unidad Legal ", "Jefe Unidad Legal", "", "Jefe Unidad Legal"),
    ],
)
def test_a_field_changed_by_one_side_by_both_alike_or_by_both_apart(
    theirs: str, master: str, fate: str, result: str
) -> None:
    merged = merge(change(small(), "GRO1.1.1", owner=master), [back(change(mine(), "GRO1.1.1", owner=theirs))])
    assert fates(merged) == ([(fate, "GRO1.1.1", "owner")] if fate else [])
    assert value(merged, "GRO1.1.1", "owner") == result
    assert merged.taken["a.xlsx"] == len(mine().rows) - (fate == "conflicto")


@pytest.mark.parametrize(
    ("field", "theirs"),
    [
        ("target", Decimal(24)),
        ("ENE", Decimal(2)),
        ("end", date(2020, 6, 30)),
        ("stated", TargetKind.MILESTONE),
        ("partida", "31110"),
        ("name", "Otra"),
    ],
)
def test_every_kind_of_field_travels(field: str, theirs: object) -> None:
    months = {"months": (theirs, *(Decimal(1),) * 11)} if field == "ENE" else {field: theirs}
    merged = merge(small(), [back(change(mine(), "GRO1.1.1", **months))])
    assert value(merged, "GRO1.1.1", field) == theirs


def test_numbers_are_compared_as_decimals() -> None:
    merged = merge(small(), [back(change(mine(), "GRO1.1.1", target=Decimal("12.000")))])
    assert merged.outcomes == ()


def test_budgets_of_the_groups_above_a_change_are_summed_anew_and_no_others() -> None:
    wrong = change(small(), "GRO1.2", budget=Decimal(7))
    merged = merge(wrong, [back(change(mine(), "GRO1.1.1", budget=Decimal(150)))])
    assert value(merged, "GRO1.1", "budget") == 350
    assert value(merged, "GRO1.2", "budget") == 7
    assert value(merged, "GRO1", "budget") == 650
    assert fates(merged).count(("suma", "GRO1.1", "budget")) == 1


@pytest.mark.parametrize(
    ("prefer", "fate", "result"),
    [(Side.UNIT, "tomado", "Uno"), (Side.MASTER, "queda el maestro", "Dos"), (None, "conflicto", "Dos")],
)
def test_a_preference_settles_conflicts_and_they_are_not_asked_again(
    prefer: Side | None, fate: str, result: str
) -> None:
    master = change(small(), "GRO1.1.1", owner="Dos")
    theirs = change(mine(), "GRO1.1.1", owner="Uno", measure="Casos")
    merged = merge(master, [back(theirs)], Policy(prefer=prefer))
    assert (fate, "GRO1.1.1", "owner") in fates(merged)
    assert value(merged, "GRO1.1.1", "owner") == result
    settled = merged.settled["a.xlsx"][code("GRO1.1.1")]
    assert settled is not None
    assert settled.head.measure == "Casos"
    assert settled.head.owner == ("Jefe Unidad Legal" if prefer is None else "Uno")


def test_a_decision_wins_over_a_preference() -> None:
    def decide(outcome: Outcome) -> Side | None:
        return Side.UNIT if outcome.field == "owner" and outcome.fate is Fate.CONFLICT else None

    master = change(small(), "GRO1.1.1", owner="Dos", measure="Casos")
    theirs = change(mine(), "GRO1.1.1", owner="Uno", measure="Actas")
    merged = merge(master, [back(theirs)], Policy(Side.MASTER, decide=decide))
    assert value(merged, "GRO1.1.1", "owner") == "Uno"
    assert value(merged, "GRO1.1.1", "measure") == "Casos"


def test_a_cell_of_the_master_with_a_formula_is_not_overwritten_unasked() -> None:
    theirs = change(mine(), "GRO1.1.1", target=Decimal(24))
    formulas = frozenset({(2, "target")})
    merged = merge(small(), [back(theirs)], limits=Limits(formulas))
    assert fates(merged) == [("conflicto", "GRO1.1.1", "target")]
    assert "fórmula" in merged.outcomes[0].reason
    assert value(merge(small(), [back(theirs)], Policy(Side.UNIT), Limits(formulas)), "GRO1.1.1", "target") == 24


def test_a_budget_that_a_formula_over_the_lines_comes_to_is_taken() -> None:
    theirs = change(lines(mine(), line("25220", 150), L2), "GRO1.2.1", budget=Decimal(350))
    merged = merge(small(), [back(theirs)], limits=Limits(frozenset({(5, "budget"), (4, "budget")})))
    assert value(merged, "GRO1.2.1", "budget") == 350
    assert value(merged, "GRO1.2", "budget") == 350
    assert Fate.CONFLICT not in {each.fate for each in merged.outcomes}


def test_a_sum_of_the_office_that_was_wrong_before_is_left_to_the_office() -> None:
    master = change(small(), "GRO1.1", budget=Decimal(1))
    merged = merge(
        master, [back(change(mine(), "GRO1.1.1", budget=Decimal(5)))], limits=Limits(frozenset({(1, "budget")}))
    )
    assert value(merged, "GRO1.1", "budget") == 1


# Rows that are new


def test_a_new_operation_comes_to_its_place_with_its_lines() -> None:
    new = operation("GRO1.1.10", LEGAL, 50), line("25220", 20), line("25900", 30)
    merged = merge(small(), [back(adding(mine(), *new))])
    assert codes(merged) == ["GRO1", "GRO1.1", "GRO1.1.1", "GRO1.1.2", "GRO1.1.10", "GRO1.2", "GRO1.2.1"]
    assert [row.budget for row in merged.plan[4:7]] == [50, 20, 30]
    assert value(merged, "GRO1", "budget") == 650
    assert merged.settled["a.xlsx"][code("GRO1.1.10")] == Block(new[0], new[1:])


def test_a_new_row_before_all_others() -> None:
    merged = merge(small(), [unmarked(Plan((operation("AAA1", "", 1),)))])
    assert codes(merged)[0] == "AAA1"


def test_a_code_that_two_units_created_is_a_conflict_until_one_is_decided() -> None:
    one = back(adding(mine(), operation("GRO1.1.3", LEGAL, 1)))
    other = back(adding(part(small(), PISIGA), operation("GRO1.1.3", PISIGA, 2)), PISIGA, file="b.xlsx")
    merged = merge(small(), [one, other], Policy(Side.UNIT))
    assert fates(merged) == [("conflicto", "GRO1.1.3", "")] * 2
    assert "a.xlsx, b.xlsx" in merged.outcomes[0].reason
    assert codes(merged) == codes(merge(small(), []))
    decided = merge(small(), [other, one], Policy(decide=lambda o: Side.UNIT if o.file == "b.xlsx" else None))
    assert value(decided, "GRO1.1.3", "unit") == PISIGA
    assert {fate for fate, _, field in fates(decided) if field == ""} == {"fila nueva", "queda el maestro"}
    nobody = merge(small(), [one, other], Policy(decide=lambda _: Side.MASTER))
    assert {fate for fate, *_ in fates(nobody)} == {"queda el maestro"}


def test_the_same_new_row_from_two_files_is_taken_once() -> None:
    new = operation("GRO1.1.3", "", 1)
    merged = merge(small(), [unmarked(Plan((new,)), name) for name in ("a.xlsx", "b.xlsx")])
    assert codes(merged).count("GRO1.1.3") == 1


# Rows that are gone


@pytest.mark.parametrize(("accept", "fate", "there"), [(False, "fila que falta", True), (True, "fila quitada", False)])
def test_a_removed_row_goes_only_when_removals_are_accepted(accept: bool, fate: str, there: bool) -> None:
    merged = merge(small(), [back(without(mine(), "GRO1.2.1"))], Policy(accept_removals=accept))
    assert (fate, "GRO1.2.1", "") in fates(merged)
    assert ("GRO1.2.1" in codes(merged)) is there
    assert merged.removed == (frozenset() if there else frozenset({5, 6, 7}))
    assert value(merged, "GRO1", "budget") == (600 if there else 300)


@pytest.mark.parametrize(("side", "there"), [(Side.UNIT, False), (Side.MASTER, True)])
def test_the_office_may_decide_about_a_removed_row(side: Side, there: bool) -> None:
    merged = merge(small(), [back(without(mine(), "GRO1.2.1"))], Policy(decide=lambda _: side))
    assert ("GRO1.2.1" in codes(merged)) is there
    assert merged.settled["a.xlsx"][code("GRO1.2.1")] is None


def test_a_removed_row_that_the_office_changed_is_kept_and_told() -> None:
    master = change(small(), "GRO1.2.1", owner="Otro")
    merged = merge(master, [back(without(mine(), "GRO1.2.1"))], Policy(accept_removals=True))
    assert [(each.fate, bool(each.reason)) for each in merged.outcomes] == [(Fate.MISSING, True)]


def test_nothing_is_removed_for_a_file_whose_codes_cannot_be_trusted() -> None:
    broken = adding(
        without(mine(), "GRO1.2.1"), replace(operation("GRO1.2.1", LEGAL), code=Invalid("1.2", Flaw.NUMERIC))
    )
    merged = merge(small(), [back(broken)], Policy(accept_removals=True))
    assert {fate for fate, *_ in fates(merged)} == {"rechazado", "fila que falta"}
    assert "GRO1.2.1" in codes(merged)


def test_a_group_is_not_removed_by_a_unit() -> None:
    merged = merge(small(), [back(without(mine(), "GRO1.1"))], Policy(accept_removals=True))
    assert fates(merged) == [("fila que falta", "GRO1.1", "")]


def test_what_the_office_removed_too_is_no_news() -> None:
    merged = merge(without(small(), "GRO1.2.1"), [back(without(mine(), "GRO1.2.1"))])
    assert merged.outcomes == ()
    assert merged.settled["a.xlsx"][code("GRO1.2.1")] is None


def test_what_the_office_removed_and_the_unit_left_alone_stays_away_and_is_told() -> None:
    merged = merge(without(small(), "GRO1.2.1"), [back(mine())])
    assert fates(merged) == [("ya no está en el maestro", "GRO1.2.1", "")]
    assert "GRO1.2.1" not in codes(merged)


@pytest.mark.parametrize(("prefer", "there"), [(None, False), (Side.MASTER, False), (Side.UNIT, True)])
def test_what_the_office_removed_and_the_unit_changed_is_a_conflict(prefer: Side | None, there: bool) -> None:
    theirs = back(change(mine(), "GRO1.1.1", owner="Otro"))
    merged = merge(without(small(), "GRO1.1.1"), [theirs], Policy(prefer))
    assert ("GRO1.1.1" in codes(merged)) is there


@pytest.mark.parametrize("accept", [False, True])
def test_an_operation_under_another_code_is_no_new_one_unless_removals_are_accepted(accept: bool) -> None:
    moved = change(mine(), "GRO1.1.1", code=code("GRO1.1.7"))
    merged = merge(small(), [back(moved)], Policy(accept_removals=accept))
    assert ("GRO1.1.7" in codes(merged)) is accept
    assert ("GRO1.1.1" in codes(merged)) is not accept
    assert value(merged, "GRO1", "budget") == 600


# Rows that cannot be taken


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda: change(mine(), "GRO1.1", name="Otro grupo"), "grupos"),
        (lambda: change(mine(), "GRO1.1.1", target=Invalid("doce", Flaw.MALFORMED)), "número"),
        (lambda: change(mine(), "GRO1.1.1", target=Invalid("1.234", Flaw.AMBIGUOUS)), "dos maneras"),
        (lambda: change(mine(), "GRO1.1.1", start=Invalid("1/2/20", Flaw.AMBIGUOUS)), "día/mes/año"),
        (lambda: change(mine(), "GRO1.1.1", budget=Invalid("$us 5", Flaw.FOREIGN)), "bolivianos"),
        (lambda: change(mine(), "GRO1.1.1", budget=Invalid("1E+300", Flaw.LIMIT)), "15 cifras"),
        (lambda: change(mine(), "GRO1.1.1", target=Invalid("#REF!", Flaw.ERROR)), "error"),
        (lambda: change(mine(), "GRO1.1.1", target=Invalid("=A1", Flaw.UNCALCULATED)), "sin calcular"),
        (lambda: change(mine(), "GRO1.1.1", end=Invalid("31/13/20", Flaw.MALFORMED)), "fecha"),
        (lambda: change(mine(), "GRO1.1.1", stated=Invalid("Otra", Flaw.MALFORMED)), "tipo de meta"),
        (lambda: change(mine(), "GRO1.1.1", flaws={"name": Invalid("#N/A", Flaw.ERROR)}, name=""), "error"),
        (lambda: lines(mine(), replace(L1, budget=Invalid("x", Flaw.MALFORMED)), L2), "número"),
        (lambda: change(mine(), "GRO1.1.1", kind=Kind.GROUP, target=None), "grupo u operación"),
        (lambda: adding(mine(), operation("GRO1.1.1", LEGAL, 5)), "varias filas"),
        (lambda: adding(mine(), operation("GRO1.1.2", PISIGA, 5)), "Pisiga"),
        (lambda: adding(mine(), operation("GRO1.1.9", PISIGA, 5)), "Pisiga"),
        (lambda: adding(mine(), replace(operation("GRO1.1.9", LEGAL), code=None)), "no tiene código"),
        (
            lambda: adding(mine(), replace(operation("GRO1.1.9", LEGAL), code=Invalid("1.1", Flaw.NUMERIC))),
            "como texto",
        ),
        (
            lambda: adding(mine(), replace(operation("GRO1.1.9", LEGAL), code=Invalid("G..1", Flaw.MALFORMED))),
            "no es un código",
        ),
    ],
)
def test_what_cannot_be_taken_says_why_and_the_rest_goes_on(make: Callable[[], Plan], reason: str) -> None:
    theirs = change(make(), "GRO1.2.1", evidence="Acta")
    merged = merge(small(), [back(theirs)])
    rejected = [each for each in merged.outcomes if each.fate is Fate.REJECTED]
    assert rejected
    assert all(reason in each.reason for each in rejected)
    assert merged.taken["a.xlsx"] < len(theirs.rows)
    if code("GRO1.2.1") not in {each.code for each in rejected}:
        assert value(merged, "GRO1.2.1", "evidence") == "Acta"


def test_the_same_flaw_as_was_sent_is_no_news() -> None:
    flawed = change(small(), "GRO1.1.1", target=Invalid("doce", Flaw.MALFORMED))
    merged = merge(flawed, [back(change(part(flawed, LEGAL), "GRO1.1.1", owner="Otro"), sent=flawed)])
    assert fates(merged) == [("tomado", "GRO1.1.1", "owner")]


def test_rows_without_a_code_that_were_sent_so_are_no_news() -> None:
    plan = adding(mine(), replace(operation("GRO1.9", LEGAL), code=None))
    returned = examine("a.xlsx", plan, blocks(mine()), LEGAL, by_code(plan)[1])
    assert returned.rejected == ()


def test_a_code_that_was_sent_twice_and_came_back_so_is_no_news() -> None:
    twin = operation("GRO1.1.1", LEGAL, 9)
    plan = adding(mine(), twin)
    twice = list(by_code(plan)[0][code("GRO1.1.1")])
    sent = {each: block for each, block in blocks(mine()).items() if each != code("GRO1.1.1")}
    assert examine("a.xlsx", plan, sent, LEGAL, twice).rejected == ()
    changed = change(plan, "GRO1.1.1", owner="Otro")
    assert len(examine("a.xlsx", changed, sent, LEGAL, twice).rejected) == 2


def test_a_code_that_stands_twice_in_the_master_is_not_guessed_at() -> None:
    master = adding(small(), operation("GRO1.1.1", LEGAL, 9))
    merged = merge(
        master, [back(change(mine(), "GRO1.1.1", owner="Otro")), back(without(mine(), "GRO1.1.1"), file="b")]
    )
    assert [str(each.fate) for each in merged.outcomes] == ["fila que falta", "rechazado"]
    assert all("repetido en el maestro" in each.reason for each in merged.outcomes)
    assert merged.plan == master.rows


def test_a_row_that_is_a_group_in_the_master_by_now_is_rejected() -> None:
    master = change(small(), "GRO1.1.1", kind=Kind.GROUP)
    merged = merge(master, [back(change(mine(), "GRO1.1.1", owner="Otro"))])
    assert "otra clase de fila" in merged.outcomes[0].reason


def test_a_unit_that_brings_a_group_of_the_office_anew_is_told() -> None:
    sent = without(mine(), "GRO1.1")
    returned = examine("a.xlsx", change(mine(), "GRO1.1", name="Otro"), blocks(sent), LEGAL)
    assert "grupos" in merge(small(), [returned]).outcomes[0].reason


def test_the_same_row_twice_in_a_file_counts_once() -> None:
    twin = next(row for row in mine().rows if row.code == code("GRO1.1.1"))
    theirs = change(adding(mine(), twin), "GRO1.1.1", owner="Otro")
    merged = merge(small(), [back(theirs)])
    assert fates(merged) == [("tomado", "GRO1.1.1", "owner")]
    assert merged.taken["a.xlsx"] == len(theirs.rows)


# Lines


@pytest.mark.parametrize(
    ("theirs", "master", "result", "outcomes"),
    [
        ((L1, L2), (L1, L2), [100, 200], []),
        ((line("25220", 150), L2), (L1, L2), [150, 200], ["tomado"]),
        ((L1, L2), (line("25220", 150), L2), [150, 200], []),
        ((line("25220", 150), L2), (L1, line("25900", 250)), [150, 250], ["tomado"]),
        ((line("25220", 150), L2), (line("25220", 170), L2), [170, 200], ["conflicto"]),
        ((L1, L2, line("31110", 5)), (L1, L2), [100, 200, 5], ["fila nueva"]),
        ((line("31110", 5), L1, L2), (L1, L2), [5, 100, 200], ["fila nueva"]),
        ((L1, L2, line("31110", 5)), (L1, L2, line("31110", 5)), [100, 200, 5], []),
        ((L1, L2, line("31110", 5)), (L1, L2, line("31120", 6)), [100, 200, 5, 6], ["fila nueva"]),
        ((L1,), (L1, L2), [100, 200], ["fila que falta"]),
        ((L1,), (L1,), [100], []),
        ((L1, L2), (L1,), [100], []),
        ((L1, line("25900", 9)), (L1,), [100], ["conflicto"]),
        ((replace(L1, partida="31110"), L2), (L1, L2), [100, 200], ["tomado"]),
        ((line("25220", 150), L2), (L1,), [150], ["tomado"]),
        ((line("25900", 9),), (L1, L2), [100, 9], ["tomado", "fila que falta"]),
    ],
)
def test_lines_are_merged_one_by_one(
    theirs: tuple[Row, ...], master: tuple[Row, ...], result: list[int], outcomes: list[str]
) -> None:
    merged = merge(lines(small(), *master), [back(lines(mine(), *theirs))])
    assert [row.budget for row in merged.plan if row.kind is Kind.LINE] == result
    assert [str(each.fate) for each in merged.outcomes if each.fate is not Fate.TOTAL] == outcomes


@pytest.mark.parametrize(
    ("policy", "left"),
    [
        (Policy(accept_removals=True), [100]),
        (Policy(decide=lambda _: Side.UNIT), [100]),
        (Policy(decide=lambda _: Side.MASTER), [100, 200]),
    ],
)
def test_a_removed_line_goes_when_it_may(policy: Policy, left: list[int]) -> None:
    merged = merge(small(), [back(lines(mine(), L1))], policy)
    assert [row.budget for row in merged.plan if row.kind is Kind.LINE] == left
    settled = merged.settled["a.xlsx"][code("GRO1.2.1")]
    assert settled is not None
    assert settled.lines == (L1,)


def test_nothing_is_removed_for_a_file_with_amounts_that_are_nobodys() -> None:
    found = replace(lines(without(mine(), "GRO1.1.1"), L1), strays=(L2,))
    merged = merge(small(), [back(found)], Policy(accept_removals=True))
    assert [(str(each.code), each.line) for each in merged.outcomes if each.fate is Fate.MISSING] == [
        ("GRO1.1.1", 0),
        ("GRO1.2.1", 2),
    ]
    assert all(each.reason for each in merged.outcomes if each.fate is Fate.MISSING)
    assert merged.removed == frozenset()


def test_a_removed_line_that_waits_is_asked_about_again() -> None:
    settled = merge(small(), [back(lines(mine(), L1))]).settled["a.xlsx"][code("GRO1.2.1")]
    assert settled is not None
    assert settled.lines == (L1, L2)


def test_two_files_with_other_lines_for_one_operation_are_a_conflict() -> None:
    files = [unmarked(lines(small(), line("25220", n), L2), f"{n}.xlsx") for n in (1, 2)]
    merged = merge(small(), files)
    assert [str(each.fate) for each in merged.outcomes] == ["conflicto"] * 2
    assert [row.budget for row in merged.plan if row.kind is Kind.LINE] == [100, 200]


# Workbooks that split never made


@pytest.mark.parametrize(
    ("theirs", "master", "fate", "result"),
    [
        ("Otro", "", "tomado", "Otro"),
        ("Otro", "Otro", "", "Otro"),
        ("", "Otro", "", "Otro"),
        ("Uno", "Dos", "conflicto", "Dos"),
    ],
)
def test_without_a_base_blanks_are_filled_and_differences_are_conflicts(
    theirs: str, master: str, fate: str, result: str
) -> None:
    plan = change(small(), "GRO1.1.1", owner=master)
    merged = merge(plan, [unmarked(change(small(), "GRO1.1.1", owner=theirs))])
    assert fates(merged) == ([(fate, "GRO1.1.1", "owner")] if fate else [])
    assert value(merged, "GRO1.1.1", "owner") == result


def test_two_files_that_fill_one_blank_alike_and_bring_the_same_lines_count_once() -> None:
    master = lines(change(small(), "GRO1.1.1", owner=""))
    files = [unmarked(small(), name) for name in ("a.xlsx", "b.xlsx")]
    merged = merge(master, files)
    assert value(merged, "GRO1.1.1", "owner") == "Jefe Unidad Legal"
    assert [row.budget for row in merged.plan if row.kind is Kind.LINE] == [100, 200]
    assert {str(each.fate) for each in merged.outcomes} == {"tomado", "fila nueva"}


def test_a_new_operation_goes_behind_the_lines_of_the_one_before() -> None:
    merged = merge(small(), [back(adding(mine(), operation("GRO1.2.2", LEGAL, 5)))])
    assert [str(row.code or row.partida) for row in merged.plan][-4:] == ["GRO1.2.1", "25220", "25900", "GRO1.2.2"]


def test_two_files_that_fill_one_blank_with_different_values_are_a_conflict_in_any_order() -> None:
    master = change(small(), "GRO1.1.1", owner="")
    files = [unmarked(change(small(), "GRO1.1.1", owner=name), f"{name}.xlsx") for name in ("Uno", "Dos")]
    for order in (files, files[::-1]):
        merged = merge(master, order, Policy(Side.UNIT))
        assert fates(merged) == [("conflicto", "GRO1.1.1", "owner")] * 2
        assert value(merged, "GRO1.1.1", "owner") == ""


def test_without_a_base_a_line_that_the_master_lacks_is_a_conflict_and_the_first_ones_are_taken() -> None:
    merged = merge(small(), [unmarked(lines(small(), L1, L2, line("31110", 5)))])
    assert [str(each.fate) for each in merged.outcomes] == ["conflicto"]
    bare = lines(small())
    merged = merge(bare, [unmarked(lines(small(), L1, L2))])
    assert [str(each.fate) for each in merged.outcomes] == ["fila nueva"] * 2
    merged = merge(small(), [unmarked(lines(small(), replace(L1, name="Otra"), L2))])
    assert fates(merged) == [("conflicto", "GRO1.2.1", "name")]


def test_without_a_base_a_settled_difference_is_remembered() -> None:
    theirs = unmarked(change(small(), "GRO1.1.1", owner="Otro"))
    assert merge(small(), [theirs]).settled == {}
    assert code("GRO1.1.1") in merge(small(), [theirs], Policy(Side.MASTER)).settled["a.xlsx"]


def test_fields_without_a_column_count_as_they_were_sent() -> None:
    flawed = change(small(), "GRO1.1.1", name="", flaws={"name": Invalid("#N/A", Flaw.ERROR)})
    base = blocks(part(flawed, LEGAL))
    bare = replace(
        part(flawed, LEGAL), rows=tuple(replace(row, name="", owner="", flaws={}) for row in part(flawed, LEGAL).rows)
    )
    theirs = change(adding(bare, line("31110", 5)), "GRO1.1.1", evidence="Acta")
    returned = examine("a.xlsx", theirs, base, LEGAL, absent=frozenset({"name", "owner"}))
    merged = merge(flawed, [returned])
    assert [fate for fate in fates(merged) if fate[0] != "suma"] == [
        ("tomado", "GRO1.1.1", "evidence"),
        ("fila nueva", "GRO1.2.1", ""),
    ]
    assert merged.plan[2].flaws == {"name": Invalid("#N/A", Flaw.ERROR)}


def test_records_give_rows_back() -> None:
    flawed = replace(
        operation("GRO1.1.1", LEGAL),
        id=4,
        code=Invalid("1.1", Flaw.NUMERIC),
        stated=TargetKind.MEAN,
        flaws={"name": Invalid("#REF!", Flaw.ERROR)},
        name="",
    )
    rows = (*small().rows, flawed)
    assert restored(recorded(rows)) == rows


# Whose a row is


@pytest.mark.parametrize(
    ("handed", "said"),
    [(PISIGA, "pasa la fila a otra"), ("Unidad Nueva", "pasa la fila a otra"), ("", "en blanco de quién es")],
)
def test_a_row_that_a_unit_hands_to_another_is_asked_and_not_taken(handed: str, said: str) -> None:
    merged = merge(small(), [back(change(mine(), "GRO1.1.1", unit=handed, owner="Uno"))])
    assert fates(merged) == [("tomado", "GRO1.1.1", "owner"), ("conflicto", "GRO1.1.1", "unit")]
    assert said in merged.outcomes[1].reason
    decided = merge(small(), [back(change(mine(), "GRO1.1.1", unit=handed))], Policy(decide=lambda _: Side.UNIT))
    assert value(decided, "GRO1.1.1", "unit") == handed


def test_another_spelling_of_its_own_name_is_no_change() -> None:
    merged = merge(small(), [back(change(mine(), "GRO1.1.1", unit="UNIDAD LEGAL", owner="Uno"))])
    assert fates(merged) == [("tomado", "GRO1.1.1", "owner")]
    assert value(merged, "GRO1.1.1", "unit") == LEGAL


def shared(*extra: Row) -> Plan:
    """A plan in which every unit numbers its own operations from 1."""
    return Plan(
        (
            operation("1", LEGAL, 10),
            operation("2", LEGAL, 20),
            operation("1", PISIGA, 30),
            operation("2", PISIGA, 40),
            *extra,
        )
    )


def only(plan: Plan, unit: str) -> Plan:
    return replace(plan, rows=tuple(row for row in plan.rows if row.unit == unit), partial=True)


@pytest.mark.parametrize(("unit", "at"), [(LEGAL, 0), (PISIGA, 2)])
def test_units_that_number_their_rows_alike_each_change_their_own(unit: str, at: int) -> None:
    plan = shared()
    theirs = change(only(plan, unit), "1", owner="Uno")
    merged = merge(plan, [back(theirs, unit, sent=only(plan, unit))])
    assert [row.owner for row in merged.plan] == ["Uno" if n == at else row.owner for n, row in enumerate(plan.rows)]
    assert (
        merge(plan, [back(only(plan, each), each, only(plan, each), each) for each in (LEGAL, PISIGA)]).outcomes == ()
    )


def test_where_units_number_alike_two_may_add_the_same_code() -> None:
    plan = shared()
    files = [
        back(adding(only(plan, each), operation("3", each, 5)), each, only(plan, each), each)
        for each in (LEGAL, PISIGA)
    ]
    merged = merge(plan, files)
    assert [each for each in fates(merged) if each[0] != "suma"] == [("fila nueva", "3", "")] * 2
    assert sorted(row.unit for row in merged.plan if row.code == code("3")) == [PISIGA, LEGAL]


def test_where_units_number_alike_each_removes_its_own() -> None:
    plan = shared()
    merged = merge(
        plan, [back(without(only(plan, PISIGA), "1"), PISIGA, only(plan, PISIGA))], Policy(accept_removals=True)
    )
    assert merged.removed == frozenset({2})


def test_a_row_whose_code_stands_there_as_a_number_is_known_by_what_it_shows() -> None:
    plan = Plan(tuple(replace(row, code=Invalid(str(row.code), Flaw.NUMERIC)) for row in shared().rows[:2]))
    drawn = shared().rows[:2]
    sent = Plan(drawn, partial=True)
    merged = merge(plan, [back(sent, LEGAL, sent)])
    assert (merged.outcomes, merged.plan) == ((), plan.rows)
    merged = merge(plan, [back(change(sent, "2", owner="Uno"), LEGAL, sent)])
    assert fates(merged) == [("tomado", "2", "owner")]
    assert [row.owner for row in merged.plan] == ["Jefe Unidad Legal", "Uno"]
    assert merged.plan[1].code == plan.rows[1].code


# Decisions


def rivals() -> list[Returned]:
    one = back(adding(mine(), operation("GRO1.1.3", LEGAL, 1)))
    return [one, back(adding(part(small(), PISIGA), operation("GRO1.1.3", PISIGA, 2)), PISIGA, file="b.xlsx")]


def test_two_units_with_the_same_right_stay_open_and_are_told_how_to_go_on() -> None:
    merged = merge(small(), rivals(), Policy(decide=lambda _: Side.UNIT))
    assert fates(merged) == [("conflicto", "GRO1.1.3", "")] * 2
    assert all("código GRO1.1.4" in each.reason for each in merged.outcomes)
    assert merged.taken == {"a.xlsx": 7, "b.xlsx": 4}


@pytest.mark.parametrize("other", [None, Side.UNIT, Side.MASTER])
def test_a_row_gets_the_code_that_the_office_chose_and_the_other_one_its_own(other: Side | None) -> None:
    def decide(outcome: Outcome) -> Side | Code | None:
        return code("GRO1.1.7") if outcome.file == "b.xlsx" else other

    merged = merge(small(), rivals(), Policy(decide=decide))
    assert value(merged, "GRO1.1.3", "unit") == LEGAL
    assert value(merged, "GRO1.1.7", "unit") == PISIGA
    assert value(merged, "GRO1.1", "budget") == 303
    settled = merged.settled["b.xlsx"][code("GRO1.1.3")]
    assert settled is not None
    assert settled.head.code == code("GRO1.1.7")


def test_a_chosen_code_that_is_taken_is_said_so_with_one_that_is_free() -> None:
    for chosen in ("GRO1.1.2", "GRO1.1.3"):
        ruling = {"a.xlsx": Side.MASTER, "b.xlsx": code(chosen)}
        merged = merge(small(), rivals(), Policy(decide=lambda outcome, by=ruling: by[outcome.file]))  # type: ignore[misc]
        (waiting,) = [each for each in merged.outcomes if each.fate is Fate.CONFLICT]
        assert f"el código {chosen} ya está en uso" in waiting.reason
        assert "código GRO1.1.4" in waiting.reason


def test_both_rows_may_get_other_codes() -> None:
    chosen = {"a.xlsx": "GRO1.1.8", "b.xlsx": "GRO1.1.9"}
    merged = merge(small(), rivals(), Policy(decide=lambda outcome: code(chosen[outcome.file])))
    assert [each for each in codes(merged) if each.startswith("GRO1.1.")][-2:] == ["GRO1.1.8", "GRO1.1.9"]


def test_two_decisions_for_one_cell_that_bring_different_values_stay_open() -> None:
    master = change(small(), "GRO1.1.1", owner="")
    files = [unmarked(change(small(), "GRO1.1.1", owner=name), f"{name}.xlsx") for name in ("Uno", "Dos")]
    merged = merge(master, files, Policy(decide=lambda _: Side.UNIT))
    assert fates(merged) == [("conflicto", "GRO1.1.1", "owner")] * 2
    assert all("dos decisiones" in each.reason for each in merged.outcomes)
    assert value(merged, "GRO1.1.1", "owner") == ""


# Cells of the master


def test_a_formula_that_comes_to_what_the_unit_sent_is_no_conflict() -> None:
    theirs = change(mine(), "GRO1.1.1", target=Decimal(13), months=(Decimal(2), *(Decimal(1),) * 11))

    def compute(index: int, name: str, values: Mapping[tuple[int, str], object]) -> object:
        assert (index, name) == (2, "target")
        return Decimal(11) + values[2, "ENE"]  # type: ignore[operator]

    merged = merge(small(), [back(theirs)], limits=Limits(frozenset({(2, "target")}), compute))
    assert fates(merged) == [("tomado", "GRO1.1.1", "ENE"), ("tomado", "GRO1.1.1", "target")]
    other = change(theirs, "GRO1.1.1", target=Decimal(14))
    merged = merge(small(), [back(other)], limits=Limits(frozenset({(2, "target")}), compute))
    assert ("conflicto", "GRO1.1.1", "target") in fates(merged)
    # So it is where the formula was never calculated, or where the office changed it since.
    for held in (Invalid("=SUM(J6:U6)", Flaw.UNCALCULATED), Decimal(7)):
        master = change(small(), "GRO1.1.1", target=held)
        merged = merge(master, [back(theirs)], limits=Limits(frozenset({(2, "target")}), compute))
        assert fates(merged) == [("tomado", "GRO1.1.1", "ENE"), ("tomado", "GRO1.1.1", "target")]


@pytest.mark.parametrize("policy", [Policy(), Policy(Side.UNIT), Policy(decide=lambda _: Side.UNIT)])
def test_a_cell_that_cannot_be_written_is_a_conflict_of_its_own_and_asked_again(policy: Policy) -> None:
    theirs = change(mine(), "GRO1.1.1", owner="Uno", evidence="Acta")
    merged = merge(small(), [back(theirs)], policy, Limits(barred={(2, "owner"): "está combinada"}))
    assert fates(merged) == [("tomado", "GRO1.1.1", "evidence"), ("conflicto", "GRO1.1.1", "owner")]
    assert merged.outcomes[1].reason == "está combinada"
    settled = merged.settled["a.xlsx"][code("GRO1.1.1")]
    assert settled is not None
    assert (settled.head.owner, settled.head.evidence) == ("Jefe Unidad Legal", "Acta")
    left = merge(small(), [back(theirs)], Policy(Side.MASTER), Limits(barred={(2, "owner"): "está combinada"}))
    assert value(left, "GRO1.1.1", "owner") == "Jefe Unidad Legal"


def test_a_new_row_comes_without_what_cannot_be_written_and_that_is_asked_again() -> None:
    new = replace(operation("GRO1.1.3", LEGAL, 50), line=9), replace(line("25220", 50), line=10)
    theirs = adding(mine(), *new)
    barred: dict[Spot, str] = {
        (("a.xlsx", 9), "owner"): "no",
        (("a.xlsx", 10), "budget"): "tampoco",
        (("b.xlsx", 9), "name"): "otro",
    }
    merged = merge(small(), [back(theirs)], limits=Limits(barred=barred))
    assert [(each.field, each.line, each.reason) for each in merged.outcomes if each.fate is Fate.CONFLICT] == [
        ("owner", 0, "no"),
        ("budget", 1, "tampoco"),
    ]
    added = next(row for row in merged.plan if row.code == code("GRO1.1.3"))
    assert (added.owner, added.name) == ("", new[0].name)
    settled = merged.settled["a.xlsx"][code("GRO1.1.3")]
    assert settled is not None
    assert (settled.head.owner, settled.lines[0].budget) == ("", None)
    assert merged.taken["a.xlsx"] == len(theirs.rows) - 2


def test_a_new_line_comes_without_what_cannot_be_written() -> None:
    theirs = adding(mine(), replace(line("31110", 5), line=12))
    merged = merge(small(), [back(theirs)], limits=Limits(barred={(("a.xlsx", 12), "budget"): "no"}))
    assert [(each.fate, each.field) for each in merged.outcomes if each.line == 3] == [
        (Fate.ADDED, ""),
        (Fate.CONFLICT, "budget"),
    ]
    assert merged.plan[-1].budget is None


def test_a_sum_whose_cell_cannot_be_written_is_left() -> None:
    theirs = back(change(mine(), "GRO1.1.1", budget=Decimal(150)))
    merged = merge(small(), [theirs], limits=Limits(barred={(1, "budget"): "no"}))
    assert value(merged, "GRO1.1", "budget") == 300
    assert value(merged, "GRO1", "budget") == 650


def test_a_removal_of_a_row_that_another_file_changes_waits() -> None:
    gone = back(without(mine(), "GRO1.2.1"))
    for changed in (
        change(small(), "GRO1.2.1", owner="Uno"),
        lines(small(), line("25220", 7), L2),
        lines(small(), L1, L2, line("3", 1)),
    ):
        other = examine("b.xlsx", changed, blocks(small()), None)
        merged = merge(small(), [gone, other], Policy(accept_removals=True))
        assert ("fila que falta", "GRO1.2.1", "") in fates(merged)
        assert merged.removed == frozenset()


def test_what_is_decided_can_be_printed_and_applied_again() -> None:
    theirs = change(adding(mine(), operation("GRO1.1.3", LEGAL, 1)), "GRO1.1.1", owner="Uno")
    returned = [back(theirs)]
    events = decide(small(), returned, Policy(), Limits())
    assert {type(each).__name__ for each in events} == {"Decision", "Settlement"}
    assert all(str(each).startswith(type(each).__name__) for each in events)
    once = apply(small(), events, Limits(), {"a.xlsx": len(theirs.rows)})
    assert once == merge(small(), returned)
    assert apply(small(), [], Limits(), {}).plan == small().rows


@pytest.mark.parametrize("is_first", [True, False])
@pytest.mark.parametrize("accept", [True, False])
def test_a_row_that_one_file_removes_and_another_changes_stays_and_is_told(*, is_first: bool, accept: bool) -> None:
    changed = change(mine(), "GRO1.2.1", owner="Otra")
    came = [back(without(mine(), "GRO1.2.1"), file="a.xlsx"), back(changed, file="b.xlsx")]
    merged = merge(small(), came if is_first else came[::-1], Policy(accept_removals=accept))
    assert "GRO1.2.1" in codes(merged)
    assert merged.removed == frozenset()
    assert any(each.fate.is_open and str(each.code) == "GRO1.2.1" for each in merged.outcomes)


@pytest.mark.parametrize("first", [True, False])
def test_a_row_that_the_office_removed_stays_away_when_one_of_two_files_was_sent_it(*, first: bool) -> None:
    theirs = change(mine(), "GRO1.1.1", owner="Otra persona")
    anew = Plan(tuple(row for row in theirs.rows if row.code == code("GRO1.1.1")))
    files = [back(theirs), unmarked(anew, "b.xlsx")]
    merged = merge(without(small(), "GRO1.1.1"), files if first else files[::-1])
    assert "GRO1.1.1" not in codes(merged)
    assert {each.fate for each in merged.outcomes if each.code == code("GRO1.1.1")} == {Fate.CONFLICT}


@pytest.mark.parametrize(("copies", "added"), [(1, 0), (2, 1), (3, 2)])
def test_a_line_that_the_office_added_too_is_matched_once(copies: int, added: int) -> None:
    new = line("31110", 5)
    master = adding(small(), new)
    merged = merge(master, [back(adding(mine(), *[new] * copies))])
    assert [each.fate for each in merged.outcomes].count(Fate.ADDED) == added
    assert [row.partida for row in merged.plan].count("31110") == copies


# Lines under another operation


def two_with_lines() -> Plan:
    rows = [operation("GRO1.1", LEGAL, 300), L1, L2, operation("GRO1.2", LEGAL, 50), line("31110", 50)]
    return Plan(tuple(rows), 2020)


def with_moved_line() -> Plan:
    rows = list(two_with_lines().rows)
    return Plan((*rows[:2], rows[3], rows[2], rows[4]), 2020)


@pytest.mark.parametrize(
    ("policy", "fates_", "budgets"),
    [
        (Policy(), ["conflicto"], [300, 100, 200, 50, 50]),
        (Policy(accept_removals=True), ["conflicto"], [300, 100, 200, 50, 50]),
        (Policy(Side.MASTER), ["queda el maestro"], [300, 100, 200, 50, 50]),
        (Policy(decide=lambda _: Side.UNIT), ["fila quitada", "fila nueva"], [300, 100, 50, 200, 50]),
    ],
)
def test_a_line_under_another_operation_is_one_change_that_is_asked(
    policy: Policy, fates_: list[str], budgets: list[int]
) -> None:
    plan = two_with_lines()
    returned = examine("a.xlsx", with_moved_line(), blocks(plan), LEGAL)
    merged = merge(plan, [returned], policy)
    assert [str(each.fate) for each in merged.outcomes if each.fate is not Fate.TOTAL] == fates_
    assert [row.budget for row in merged.plan] == budgets
    again = examine("a.xlsx", with_moved_line(), {**blocks(plan), **merged.settled["a.xlsx"]}, LEGAL)  # type: ignore[dict-item]
    assert again.is_news is (fates_ == ["conflicto"])


def test_a_line_of_which_more_came_than_went_is_not_taken_for_moved() -> None:
    plan = two_with_lines()
    returned = examine("a.xlsx", Plan((*with_moved_line().rows, L2)), blocks(plan), LEGAL)
    assert Fate.CONFLICT not in {each.fate for each in merge(plan, [returned]).outcomes}


def lines_by_operation(rows: Iterable[Row]) -> list[tuple[str, list[tuple[str, object]]]]:
    """Every operation with what its lines say, in any order."""
    found: list[tuple[str, list[tuple[str, object]]]] = []
    for row in rows:
        if row.kind is Kind.LINE:
            found[-1][1].append((row.partida, row.budget))
        else:
            found.append((str(row.code), []))
    return [(code, sorted(lines)) for code, lines in found]


@settings(max_examples=60)
@given(st.data())
def test_lines_that_a_unit_sorts_are_never_counted_twice(data: st.DataObject) -> None:
    drawn = st.tuples(st.sampled_from(["25220", "25900", "31110"]), st.integers(1, 3))
    sent = data.draw(st.lists(drawn, min_size=2, max_size=8))
    sizes = data.draw(st.lists(st.integers(0, 3), min_size=3, max_size=3).filter(lambda each: sum(each) >= len(sent)))
    heads = [operation(f"GRO1.{number}", LEGAL, 9) for number in (1, 2, 3)]

    def plan(said: Iterable[tuple[str, int]]) -> Plan:
        left = iter(said)
        return Plan(
            tuple(
                row
                for head, size in zip(heads, sizes, strict=True)
                for row in (head, *(line(*each) for each in islice(left, size)))
            ),
            2020,
        )

    master, answer = plan(sent), plan(data.draw(st.permutations(sent)))
    returned = examine("a.xlsx", answer, blocks(master), LEGAL)
    kept = merge(master, [returned])
    assert lines_by_operation(kept.plan) == lines_by_operation(master.rows)
    assert {each.fate for each in kept.outcomes} <= {Fate.CONFLICT}
    taken = merge(master, [returned], Policy(decide=lambda _: Side.UNIT))
    assert lines_by_operation(taken.plan) == lines_by_operation(answer.rows)
    known = {**blocks(master), **taken.settled.get("a.xlsx", {})}
    assert not examine("a.xlsx", answer, known, LEGAL).is_news  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("theirs", "fates_"),
    [
        ([L2, L1], []),
        ([replace(L2, budget=Decimal(250)), L1], ["tomado"]),
        ([line("31110", 5), L2, L1], ["fila nueva"]),
        ([L2], ["fila que falta"]),
    ],
)
def test_lines_in_another_order_are_the_same_lines(theirs: list[Row], fates_: list[str]) -> None:
    plan = replace(two_with_lines(), rows=two_with_lines().rows[:3])
    returned = examine("a.xlsx", Plan((plan.rows[0], *theirs)), blocks(plan), LEGAL)
    found = [str(each.fate) for each in merge(plan, [returned]).outcomes]
    assert found == fates_


def test_a_row_of_a_unit_that_the_master_does_not_know_by_its_code_could_not_come_back() -> None:
    master = Plan(
        (
            operation("GRO1.1.1", "Unidad Legal"),
            operation("GRO1.1.2", "Unidad Legal"),
            operation("GRO1.1.1", "Adm Aduana Pisiga"),
            operation("GRO1.1.2", "Adm Aduana Pisiga"),
        )
    )
    lost = list(lost_rows(View(master, Policy(), Limits()), Plan((operation("GRO1.1.1", "Otra"),)), "Otra"))
    assert [str(row.code) for row, _ in lost] == ["GRO1.1.1"]
