"""What was modified while the plan is carried out, held against what was done and closed."""

from dataclasses import replace
from decimal import Decimal

import pytest

from poa_xl.core.checks.changed import CHANGED_CHECKS, check_changes
from poa_xl.core.findings import Severity
from poa_xl.core.house import House
from poa_xl.core.modifications import modifications
from poa_xl.core.plan import Kind, Plan, Row
from poa_xl.core.reports import NOTHING, Report
from tests.plans import change, code, small

T1, T3 = frozenset(range(3)), frozenset(range(9))
ONES = [Decimal(1)] * 12
EARLY = (*[Decimal(4)] * 3, *[None] * 9)


def report(*amounts: int | None) -> Report:
    return Report(None, tuple(None if a is None else Decimal(a) for a in (*amounts, *[None] * (12 - len(amounts)))))


def modified(before: Plan, text: str, **fields: object) -> Plan:
    after = change(before, text, **fields)
    return replace(after, modified=tuple(modifications(before, after)))


def rules(
    plan: Plan, done: Report = NOTHING, closed: frozenset[int] = frozenset(), text: str = "GRO1.1.1"
) -> list[str]:
    index = next(i for i, row in enumerate(plan.rows) if row.code == code(text))
    return [each.rule for each in check_changes(plan, {index: done}, closed)]


LOWERED = {"target": Decimal(9), "months": (*ONES[:9], *[None] * 3)}


@pytest.mark.parametrize(
    ("fields", "done", "closed", "expected"),
    [
        # Ten done, nine wanted; nine done is just enough, and who reports nothing has done nothing.
        (LOWERED, report(4, 4, 2), frozenset(), ["modificacion-bajo-ejecutado"]),
        (LOWERED, report(3, 3, 3), frozenset(), []),
        (LOWERED, report(), frozenset(), []),
        # A Meta that rises is no matter, even where more was done.
        ({"target": Decimal(15), "months": (Decimal(4), *ONES[:11])}, report(20), frozenset(), []),
        # Less of what there should be little is better.
        ({"target": Decimal(8), "measure": "Quejas", "months": (*ONES[:8], *[None] * 4)}, report(9), frozenset(), []),
        ({"target": None}, report(4, 4, 4), frozenset(), []),
        ({"months": (Decimal(0), Decimal(2), *ONES[:10])}, report(1), T1, ["modificacion-mes-cerrado"] * 2),
        ({"months": (*ONES[:10], Decimal(0), Decimal(2))}, report(1), T1, []),
        ({"owner": "Ana"}, report(1), T1, []),
    ],
)
def test_what_was_done_and_closed_is_not_planned_away(
    fields: dict[str, object], done: Report, closed: frozenset[int], expected: list[str]
) -> None:
    assert rules(modified(small(), "GRO1.1.1", **fields), done, closed) == expected


def test_operations_without_codes_are_found_by_what_stands_in_them() -> None:
    def plan(*targets: int) -> Plan:
        rows = (
            Row(Kind.OPERATION, name=name, target=Decimal(target), months=EARLY)
            for name, target in zip(("Talleres", "Visitas"), targets, strict=True)
        )
        return Plan(tuple(rows), house=House("otra", learns=True))

    before, after = plan(12, 12), plan(12, 9)
    after = replace(after, modified=tuple(modifications(before, after)))
    done = {0: report(4, 4), 1: report(4, 4, 4)}
    (found,) = check_changes(after, done, frozenset())
    assert found.rule == "modificacion-bajo-ejecutado"
    assert "Visitas" in found.message


@pytest.mark.parametrize(
    ("closed", "expected"), [(T1, ["modificacion-evaluada"]), (frozenset(), []), (T3, ["modificacion-evaluada"])]
)
def test_what_was_evaluated_in_full_is_not_changed_unseen(closed: frozenset[int], expected: list[str]) -> None:
    early = change(small(), "GRO1.1.1", months=EARLY)
    assert rules(modified(early, "GRO1.1.1", owner="Ana"), report(), closed) == expected
    assert rules(modified(small(), "GRO1.1.1", owner="Ana"), report(), closed) == []


def test_a_finding_stands_at_the_line_that_lists_it_and_a_house_may_switch_it_off() -> None:
    plan = modified(small(), "GRO1.1.1", **LOWERED)
    index = next(i for i, row in enumerate(plan.rows) if row.code == code("GRO1.1.1"))
    (found,) = check_changes(plan, {index: report(10)}, ())
    assert (found.severity, found.value, found.expected) == (Severity.ERROR, "9", "10")
    assert plan.modified[found.index - len(plan.rows) - len(plan.strays)].field == "target"
    quiet = replace(plan, house=House(rules={each.rule: None for each in CHANGED_CHECKS}))
    assert check_changes(quiet, {index: report(10)}, T3) == []
