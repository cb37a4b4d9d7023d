"""The merge and its second table: what is reported of operations follows the same laws as their plan."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from poa_xl.core.blocks import value_of, with_fields
from poa_xl.core.outcomes import Fate, Limits, Policy, Side
from poa_xl.core.plan import REPORTED, Kind, Plan, Row
from poa_xl.core.record import recorded, restored
from poa_xl.core.returned import Returned, by_code, examine
from poa_xl.core.threeway import merge
from poa_xl.core.values import Flaw, Invalid
from tests.plans import code, small

LEGAL = "Unidad Legal"
Told = Mapping[str, object]

CLOSED = {"executed_ENE": "ENE está cerrado", "spent_FEB": "FEB está cerrado"}


def told(plan: Plan, text: str, reported: Told) -> Plan:
    rows = (replace(row, reported=dict(reported)) if row.code == code(text) else row for row in plan.rows)
    return replace(plan, rows=tuple(rows))


def base_of(plan: Plan) -> dict[object, object]:
    return {key: versions[0] for key, versions in by_code(plan)[0].items()}


def back(theirs: Plan, sent: Plan, file: str = "a.xlsx") -> Returned:
    mine = tuple(row for row in theirs.rows if row.unit in ("", LEGAL))
    known = tuple(row for row in sent.rows if row.unit in ("", LEGAL))
    return examine(file, Plan(mine, 2020, partial=True), base_of(Plan(known, 2020)), LEGAL)  # type: ignore[arg-type]


values = st.sampled_from([None, Decimal(0), Decimal(5), Decimal("7.50")])
texts = st.sampled_from([None, "lluvias", "falta de personal"])
reports = st.fixed_dictionaries(
    {
        "executed_ENE": values,
        "executed_DIC": values,
        "spent_FEB": values,
        "cause": texts,
        "action": texts,
        "proof": texts,
    }
).map(lambda found: {name: value for name, value in found.items() if value is not None})


def row_of(rows: tuple[Row, ...], text: str = "GRO1.1.1") -> Row:
    return next(row for row in rows if row.code == code(text))


@given(reports, reports, reports)
def test_a_field_is_the_unit_s_where_the_office_left_it_the_office_s_where_the_unit_did(
    sent: Told, office: Told, unit: Told
) -> None:
    plan = small()
    base = told(plan, "GRO1.1.1", sent)
    merged = merge(told(plan, "GRO1.1.1", office), [back(told(plan, "GRO1.1.1", unit), base)])
    found = row_of(merged.plan).reported
    conflicts = {each.field for each in merged.outcomes if each.fate is Fate.CONFLICT}
    for name in REPORTED:
        was, here, there = sent.get(name), office.get(name), unit.get(name)
        assert (name in conflicts) == (was not in (here, there) and here != there), name
        assert found.get(name) == (there if here == was else here), name
    # The plan's own fields and all other rows are as they were.
    assert [replace(row, reported={}) for row in merged.plan] == list(plan.rows)


@given(reports, reports, reports, st.sampled_from(Side))
def test_a_preference_settles_every_field_and_no_other_file_matters(
    sent: Told, office: Told, unit: Told, side: Side
) -> None:
    plan = small()
    master, base, theirs = (told(plan, "GRO1.1.1", each) for each in (office, sent, unit))
    merged = merge(master, [back(theirs, base)], Policy(side))
    found = row_of(merged.plan).reported
    assert not any(each.fate is Fate.CONFLICT for each in merged.outcomes)
    for name in REPORTED:
        was, here, there = sent.get(name), office.get(name), unit.get(name)
        open_ = was not in (here, there) and here != there
        wanted = (there if side is Side.UNIT else here) if open_ else (there if here == was else here)
        assert found.get(name) == wanted, name


@given(reports, reports)
def test_merging_again_what_was_merged_is_no_news(sent: Told, unit: Told) -> None:
    plan = small()
    base, theirs = told(plan, "GRO1.1.1", sent), told(plan, "GRO1.1.1", unit)
    merged = merge(base, [back(theirs, base)])
    again = merge(Plan(merged.plan, 2020), [back(theirs, base)])
    assert again.plan == merged.plan
    assert not any(each.fate.is_open or each.fate is Fate.TAKEN for each in again.outcomes)


@given(reports, reports, reports)
def test_no_change_of_a_closed_month_is_taken_whoever_is_preferred(sent: Told, office: Told, unit: Told) -> None:
    plan = small()
    master, base, theirs = (told(plan, "GRO1.1.1", each) for each in (office, sent, unit))
    merged = merge(master, [back(theirs, base)], Policy(Side.UNIT), Limits(closed=CLOSED))
    found = row_of(merged.plan).reported
    rejected = {each.field: each.reason for each in merged.outcomes if each.fate is Fate.REJECTED}
    for name, reason in CLOSED.items():
        assert found.get(name) == office.get(name)
        asks = unit.get(name) != sent.get(name) and unit.get(name) != office.get(name)
        assert rejected.get(name) == (reason if asks else None)
    # It is held against what was sent, so that it is told again until somebody puts it right.
    settled = [block for blocks in merged.settled.values() for block in blocks.values() if block is not None]
    for block in settled:
        for name in rejected:
            assert block.head.get(name) == sent.get(name)


@given(reports)
def test_the_history_gives_reports_back(unit: Told) -> None:
    row = row_of(told(small(), "GRO1.1.1", {**unit, "sense": Invalid("?", Flaw.MALFORMED)}).rows)
    (again,) = restored(recorded([row]))
    assert again.reported == row.reported
    assert "reported" not in recorded(small().rows)[0]


def test_two_files_that_report_one_month_otherwise_are_a_conflict() -> None:
    plan = small()
    files = [back(told(plan, "GRO1.1.1", {"executed_ENE": Decimal(each)}), plan, f"{each}.xlsx") for each in (1, 2)]
    merged = merge(plan, files)
    assert {each.reason for each in merged.outcomes} == {"otro archivo trae otro valor"}
    assert row_of(merged.plan).reported == {}


def test_a_field_that_is_blanked_is_gone() -> None:
    row = with_fields(row_of(small().rows), {"cause": "lluvias", "executed_ENE": Decimal(3), "name": "Otra"})
    assert (row.name, row.reported) == ("Otra", {"cause": "lluvias", "executed_ENE": 3})
    assert with_fields(row, {"cause": "", "executed_ENE": None}).reported == {}
    assert value_of(row, "cause") == "lluvias"
    assert row.where("cause") == row.where("code")
    assert row.kind is Kind.OPERATION
