"""A plan at a cut-off: shares, states, the curve of the year."""

from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from poa_xl.core.evaluation import Evaluation, advance, evaluate
from poa_xl.core.plan import Amount, Plan, TargetKind
from poa_xl.core.reports import Report
from poa_xl.core.tracking import USUAL, Sense
from tests.plans import change, small

MAR = 2
TWELVE = (None,) * 12


def year(*amounts: float | None) -> tuple[Amount, ...]:
    found = [None if each is None else Decimal(str(each)) for each in amounts]
    return (*found, *TWELVE[len(found) :])


def reported(*amounts: float | None, spent: float | None = None, **more: object) -> Report:
    return Report(executed=year(*amounts), spent=year(spent), **more)  # type: ignore[arg-type]


def evaluated(reports: dict[int, Report], plan: Plan | None = None, **more: object) -> Evaluation:
    budgets = {2: Decimal(100), 3: Decimal(200), 5: Decimal(300)}
    return evaluate(plan or small(), reports, budgets, MAR, USUAL, **more)  # type: ignore[arg-type]


def test_units_and_objectives_add_up_to_the_whole() -> None:
    found = evaluated({2: reported(1, 1, 1, spent=50), 3: reported(1, 0.5, 0, spent=100), 5: reported(1, None, 1)})
    assert [(each.name, each.operations, each.unreported) for each in found.by_unit] == [
        ("Unidad Legal", 2, 1),
        ("Adm Aduana Pisiga", 1, 0),
    ]
    assert [
        [each.code, each.physical.value, each.budget, each.spent, each.financial] for each in found.by_objective
    ] == [
        ["GRO1.1", 75, 300, 150, 50],
        # Nobody said what was spent of it, which is not nothing.
        ["GRO1.2", None, 300, None, None],
    ]
    whole = found.whole
    assert [whole.operations, whole.physical.value, whole.physical.judged, whole.unreported] == [3, 75, 2, 1]
    assert [whole.budget, whole.spent, whole.financial] == [600, 150, 25]
    assert sum(each.operations for each in found.by_unit) == sum(each.operations for each in found.by_objective) == 3


def test_weights_change_the_mean() -> None:
    reports = {2: reported(1, 1, 1), 3: reported(1, 0.5, 0)}
    budgets = {2: Decimal(100), 3: Decimal(300)}
    found = evaluated(reports, weigh=budgets.get)
    assert found.whole.physical.value == Decimal("62.5")


def test_states_come_by_band_then_by_word() -> None:
    found = evaluated({2: reported(1, 1, 1), 3: reported(1, 0, 0)})
    assert found.states == {"Bajo": 1, "Medio": 0, "Alto": 1, "Sin informar": 1}
    assert list(found.states) == ["Bajo", "Medio", "Alto", "Sin informar"]
    assert [str(each.row.code) for each in found.red] == ["GRO1.1.2"]
    assert [str(each.row.code) for each in found.unreported] == ["GRO1.2.1"]


def test_the_curve_runs_to_the_cutoff_and_the_programme_to_the_end() -> None:
    found = evaluated({index: reported(1, 1, 0) for index in (2, 3, 5)})
    points = found.curve()
    assert [month for month, *_ in points][:3] == ["ENE", "FEB", "MAR"]
    assert points[0][1] == points[0][2]
    assert points[2][2] == points[1][2] == points[1][1]
    assert [points[-1][1], points[-1][2]] == [100, None]
    assert [done for *_, done in points[3:]] == [None] * 9


def _advance(plan: Plan, report: Report, month: int) -> tuple[Decimal, Decimal]:
    return advance(evaluated({2: report}, plan).operations[0], month)


def test_every_type_of_target_has_its_own_way_through_the_year() -> None:
    def op(kind: TargetKind, *months: float | None) -> Plan:
        return change(small(), "GRO1.1.1", stated=kind, months=year(*months), target=Decimal(10))

    assert list(_advance(op(TargetKind.CUMULATIVE, 2, 2, 4, 2), reported(2, 1), 1)) == [40, 30]
    assert list(_advance(op(TargetKind.PROGRESS, 2, 4, 10), reported(1, 3), 1)) == [40, 30]
    assert list(_advance(op(TargetKind.MILESTONE, None, 10), reported(0, 5), 1)) == [100, 50]
    assert list(_advance(op(TargetKind.CONSTANT, 10, 10, 10, 10), reported(10, 5), 1)) == [50, Decimal("37.5")]
    assert list(_advance(op(TargetKind.CONSTANT, 10, 10, 10, 10), reported(10), 1)) == [50, 25]
    less = reported(10, 20, sense=Sense.LESS)
    assert list(_advance(op(TargetKind.CONSTANT, 10, 10, 10, 10), replace(less, executed=year(20, 20)), 1)) == [50, 25]
    assert list(_advance(op(TargetKind.CUMULATIVE, 2, 2, 4, 2), replace(less, executed=year(4, 4)), 1)) == [40, 20]
    assert list(_advance(op(TargetKind.CUMULATIVE, 2, 2, 4, 2), replace(less, executed=year(0, 0)), 1)) == [40, 0]
    assert list(_advance(op(TargetKind.CONSTANT, None, None, 10, 10), reported(5), 1)) == [0, 0]


amounts = st.lists(st.none() | st.integers(0, 9).map(Decimal), min_size=12, max_size=12).map(tuple)


@given(st.dictionaries(st.sampled_from([2, 3, 5]), amounts.map(lambda found: Report(executed=found))))
def test_the_programme_never_falls_and_ends_at_the_whole(reports: dict[int, Report]) -> None:
    due = [point for _, point, _ in evaluated(reports).curve()]
    assert due == sorted(due)  # type: ignore[type-var]
    assert due[-1] == 100
