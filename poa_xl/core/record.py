"""Rows as plain records, to be kept as JSON: `restored(recorded(rows)) == rows`, but for their addresses."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from itertools import chain
from operator import attrgetter
from typing import Any

from poa_xl.core.codes import Code, read_code
from poa_xl.core.dates import MONTHS
from poa_xl.core.plan import DECIDED, Kind, Row, TargetKind
from poa_xl.core.values import Computed, Flaw, Invalid

Record = dict[str, Any]

# The fields that a row holds one by one, the months apart.
_PLAIN = tuple(name for name in DECIDED if name not in MONTHS)
_plain = attrgetter(*_PLAIN)

# What is read in another way than field by field.
_APART = frozenset(("kind", "flaws", "reported", "own", *MONTHS))
_KINDS = {kind.value: kind for kind in Kind}
_READERS: Mapping[str, Callable[[str], object]] = {
    "f": lambda _: Computed(),
    "c": read_code,
    "t": TargetKind,
    "n": Decimal,
    "d": date.fromisoformat,
    "m": datetime.fromisoformat,
}


def recorded(rows: Iterable[Row]) -> list[Record]:
    """Write rows as records: `kind`, then every field that is not blank; types other than text are tagged."""
    return [_record(row) for row in rows]


def restored(records: Sequence[Mapping[str, Any]]) -> tuple[Row, ...]:
    """Read rows back from records; a field that is missing is blank."""
    return tuple(_row(record) for record in records)


def _record(row: Row) -> Record:
    found: Record = {"kind": row.kind.value}
    for name, value in chain(zip(_PLAIN, _plain(row), strict=True), zip(MONTHS, row.months, strict=True)):
        if value is not None and value != "":
            found[name] = _tagged(value)
    if row.marked:
        found["marked"] = True
    if row.first:
        found["first"] = row.first
    if row.reported:
        found["reported"] = {name: _tagged(value) for name, value in row.reported.items()}
    if row.own:
        found["own"] = {name: _tagged(value) for name, value in row.own.items()}
    if row.flaws:
        found["flaws"] = {name: _tagged(flaw) for name, flaw in row.flaws.items()}
    return found


def _row(record: Mapping[str, Any]) -> Row:
    values = {name: _value(value) for name, value in record.items() if name not in _APART}
    flaws, reported, own = (
        {name: _value(value) for name, value in record[each].items()} if each in record else {}
        for each in ("flaws", "reported", "own")
    )
    months = tuple(_value(value) for value in map(record.get, MONTHS))
    return Row(_KINDS[record["kind"]], months=months, flaws=flaws, reported=reported, own=own, **values)


def _tagged(value: object) -> object:
    if type(value) is str:
        return value
    if isinstance(value, Invalid):
        return ["?", value.text, value.flaw.name]
    if isinstance(value, Computed):
        return ["f", ""]
    if isinstance(value, Code):
        return ["c", value.written or str(value)]
    if isinstance(value, TargetKind):
        return ["t", value.value]
    if isinstance(value, Decimal):
        return ["n", str(value)]
    if isinstance(value, datetime):
        return ["m", value.isoformat()]
    if isinstance(value, date):
        return ["d", value.isoformat()]
    return value


def _value(tagged: Any) -> Any:  # noqa: ANN401 - as JSON gives it
    if not isinstance(tagged, list):
        return tagged
    tag, text, *rest = tagged
    if tag == "?":
        return Invalid(text, Flaw[rest[0]])
    return _read(tag, text)


@lru_cache(maxsize=1 << 12)
def _read(tag: str, text: str) -> object:
    """Read a value; the rows of a plan hold the same few dates and amounts."""
    return _READERS[tag](text)
