"""Tables as files for other programs, by what the name of the file says."""

import io
import json
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from pathlib import Path

from poa_xl.actions.exporting import Columns, Record, Value
from poa_xl.errors import BookError
from poa_xl.i18n import say
from poa_xl.terminal.records import as_csv

SUFFIXES = (".csv", ".json", ".parquet")


def suffix_of(output: Path) -> str:
    """Return the kind of file that a name asks for.

    Raises:
        BookError: It is none of `SUFFIXES`.
    """
    suffix = output.suffix.lower()
    if suffix not in SUFFIXES:
        raise BookError(say("«{file}» no termina en {kinds}", file=output.name, kinds=", ".join(SUFFIXES)))
    return suffix


def written(suffix: str, columns: Columns, records: Iterable[Record]) -> bytes:
    """Write a table as one of `SUFFIXES`.

    Raises:
        BookError: What Parquet needs is not installed.
    """
    if suffix == ".csv":
        rows = ({name: _day(value) for name, value in row.items()} for row in records)
        return as_csv(list(columns), rows)
    if suffix == ".json":
        listed = [{name: _number(row.get(name)) for name in columns} for row in records]
        return json.dumps(listed, ensure_ascii=False, indent=1).encode("utf-8", "replace")
    return _parquet(columns, records)


def _parquet(columns: Columns, records: Iterable[Record]) -> bytes:
    try:
        import pyarrow  # noqa: F401, ICN001, PLC0415 - heavy, and only some have it

        from poa_xl.frames import framed  # noqa: PLC0415
    except ModuleNotFoundError as error:
        raise BookError(
            say("para escribir Parquet falta {module}: instalar poa-xl[parquet]", module=error.name or "pyarrow")
        ) from error
    buffer = io.BytesIO()
    framed(columns, records).to_parquet(buffer, index=False)
    return buffer.getvalue()


def _day(value: Value) -> Value:
    return value.isoformat() if isinstance(value, date) else value


def _number(value: Value) -> object:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return _day(value)
