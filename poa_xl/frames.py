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
from xlwings.conversion import Converter, Options

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


class Sheet(Converter):
    """What brings a data frame into open cells and back, for `Range.options(frames.Sheet)` of xlwings.

        sheet["A1"].options(frames.Sheet).value = frames.findings("POA_2020.xlsx")
        found = sheet["A1"].expand().options(frames.Sheet).value

    A row of captions, then the rows; what is missing is blank, and a text that begins like a formula stays a text. Read
    back, columns with the captions of our tables get their types again. A function that a notebook's author writes
    for cells spills a frame with `@xw.ret(frames.Sheet)`.
    """

    @classmethod
    def base_reader(cls, options: Any, base_type: Any = None) -> Any:  # noqa: ANN401 - a pipeline of xlwings
        """Return the steps that read cells, always as rows."""
        return super().base_reader(Options(options).override(ndim=2), base_type)  # type: ignore[no-untyped-call]

    @staticmethod
    def read_value(rows: list[list[Any]], _: Options) -> pd.DataFrame:
        """Return the cells as a data frame: the first row captions the columns."""
        captions, *body = rows
        columns = {str(caption): [row[place] for row in body] for place, caption in enumerate(captions)}
        known = {**exporting.CHANGES, **exporting.FINDINGS, **exporting.PLAN}
        return pd.DataFrame({name: _read(values, known.get(name)) for name, values in columns.items()})

    @staticmethod
    def write_value(frame: pd.DataFrame, _: Options) -> list[list[Any]]:
        """Return captions and rows as cells take them."""
        rows = frame.astype(object).where(frame.notna(), None).to_numpy().tolist()
        return [[str(name) for name in frame.columns], *[[_cell(value) for value in row] for row in rows]]


def _read(values: list[Any], kind: type | None) -> Any:  # noqa: ANN401 - a series of whatever
    if kind is None:
        return pd.Series(values)
    if kind is str:
        # Codes such as 1.10 may have become numbers on their way; whole ones have no decimals.
        values = [f"{value:g}" if isinstance(value, float) else value for value in values]
    return _series([Decimal(str(each)) if kind is Decimal and each is not None else each for each in values], kind)


def _cell(value: object) -> object:
    if isinstance(value, pd.Timestamp):
        return value.tz_localize(None).to_pydatetime()
    return f"'{value}" if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "'")) else value
