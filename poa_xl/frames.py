"""Plans, findings and changes as data frames with typed columns, for those who analyse with pandas.

    from poa_xl import frames

    plan = frames.plan("POA_2020.xlsx")
    plan[plan.kind == "operation"].groupby("unit").budget.sum()

Texts are `string`, whole numbers `Int64`, amounts `Float64`, days `datetime64[ms]`, truths `boolean`; what is missing
is missing. The columns stand in `poa_xl.actions.exporting`.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from os import PathLike
from pathlib import Path
from typing import Any

import pandas as pd

from poa_xl.actions import exporting

Place = str | PathLike[str]

_TYPES: Mapping[type, str] = {
    str: "string",
    int: "Int64",
    Decimal: "Float64",
    date: "datetime64[ms]",
    datetime: "datetime64[ms, UTC]",
    bool: "boolean",
}


def plan(*paths: Place, sheet: str | None = None, year: int | None = None) -> pd.DataFrame:
    """Return every row of the plans of some workbooks, with what the checks say of it; see `plan_table`."""
    return framed(exporting.PLAN, exporting.plan_table([Path(path) for path in paths], sheet, year))


def findings(*paths: Place, sheet: str | None = None, year: int | None = None) -> pd.DataFrame:
    """Return every finding of some workbooks; see `findings_table`."""
    return framed(exporting.FINDINGS, exporting.findings_table([Path(path) for path in paths], sheet, year))


def changes(master: Place, store: str | None = None) -> pd.DataFrame:
    """Return what became of every change that units brought into a master; see `changes_table`."""
    return framed(exporting.CHANGES, exporting.changes_table(Path(master), store))


def framed(columns: exporting.Columns, records: Iterable[exporting.Record]) -> pd.DataFrame:
    """Make a data frame of records.

    Args:
        columns: The columns in order, and what they hold.
        records: The rows.
    """
    rows = list(records)
    return pd.DataFrame({name: _series([row.get(name) for row in rows], kind) for name, kind in columns.items()})


def _series(values: list[exporting.Value], kind: type) -> Any:  # noqa: ANN401 - a series of whatever
    if kind is Decimal:
        return pd.Series([float(v) if isinstance(v, Decimal) else None for v in values], dtype=_TYPES[kind])
    if kind is datetime:
        return pd.to_datetime(pd.Series(values, dtype="object"), utc=True).astype("datetime64[ms, UTC]")
    return pd.Series(values, dtype=_TYPES[kind])
