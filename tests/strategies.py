"""Shared Hypothesis strategies: codes, amounts, plans."""

from decimal import Decimal

from hypothesis import strategies as st

from poa_xl.core.codes import Code
from poa_xl.core.plan import Plan, Row
from tests.plans import group, line, operation

codes = st.builds(
    Code,
    st.sampled_from(["", "GRO", "GROGR"]),
    st.lists(st.integers(0, 200), min_size=1, max_size=6).map(tuple),
)

amounts = st.decimals(min_value=0, max_value=10**9, places=2)

UNITS = ("Unidad Legal", "Adm Aduana Pisiga", "Gerencia Regional Oruro")


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """A right plan: budgets rolled up, months that make up their targets, codes in order."""
    rows: list[Row] = []
    top = Decimal(0)
    for i in range(1, draw(st.integers(1, 3)) + 1):
        inner: list[Row] = []
        total = Decimal(0)
        for j in range(1, draw(st.integers(0, 4)) + 1):
            lines = [line("25220", amount) for amount in draw(st.lists(st.integers(1, 10**6), max_size=3))]
            budget = sum((each.budget for each in lines if isinstance(each.budget, Decimal)), Decimal(0))
            inner += [operation(f"GRO1.{i}.{j}", draw(st.sampled_from(UNITS)), int(budget)), *lines]
            total += budget
        rows += [group(f"GRO1.{i}", int(total)), *inner]
        top += total
    return Plan((group("GRO1", int(top)), *rows), 2020)
