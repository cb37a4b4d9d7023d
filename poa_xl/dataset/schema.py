"""The tables of a dataset: what their columns hold, as Parquet types; amounts are decimal and exact."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal

import pyarrow as pa

from poa_xl.actions.exporting import FINDINGS as EXPORTED_FINDINGS
from poa_xl.actions.exporting import PLAN, Columns, Record

# An amount has at most 15 digits before the point (core.limits); of its decimals a workbook keeps no more than these.
_AMOUNT = pa.decimal128(38, 18)
_TYPES: Mapping[type, pa.DataType] = {
    str: pa.string(),
    int: pa.int64(),
    bool: pa.bool_(),
    date: pa.date32(),
    datetime: pa.timestamp("ms", "UTC"),
    Decimal: _AMOUNT,
}

# `counted` is the amount of a row that counts in a sum over all rows, each boliviano once; where `hindered` is true,
# nobody knows it. `operation` and `of_unit` are those of the operation that a line belongs to, or the row's own.
ROWS: Columns = {**PLAN, "operation": str, "of_unit": str, "counted": Decimal, "hindered": bool}
FINDINGS: Columns = EXPORTED_FINDINGS
CHANGES: Columns = dict.fromkeys(
    ("file", "unit", "kind", "code", "field", "before", "after", "sheet", "cell", "reason"), str
)
SUBMISSIONS: Columns = {
    **dict.fromkeys(
        ("file", "path", "sha256", "unit", "author", "saved_at", "status", "sheet", "problem", "note"), str
    ),
    **dict.fromkeys(("year", "version", "read", "passed", "red", "warned", "changed"), int),
    "known": bool,
}
TABLES: Mapping[str, Columns] = {
    "rows": ROWS,
    "findings": FINDINGS,
    "changes": CHANGES,
    "submissions": SUBMISSIONS,
}


def schema(columns: Columns) -> pa.Schema:
    """Return the Parquet schema of a table."""
    return pa.schema([(name, _TYPES[kind]) for name, kind in columns.items()])


def table(columns: Columns, records: Iterable[Record]) -> pa.Table:
    """Make a table of records; what they lack is missing."""
    rows = list(records)
    shape = schema(columns)
    arrays = [pa.array([row.get(each.name) for row in rows], each.type) for each in shape]
    return pa.Table.from_arrays(arrays, schema=shape)


def is_exact(amount: Decimal) -> bool:
    """Return whether an amount can be kept as it is."""
    _, digits, exponent = amount.as_tuple()
    return (
        isinstance(exponent, int)
        and exponent >= -_AMOUNT.scale
        and len(digits) + exponent <= (_AMOUNT.precision - _AMOUNT.scale)
    )
