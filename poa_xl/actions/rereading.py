"""The workbook of a unit read again: of what was sent only the rows that differ, the others as the history has them.

At a split one text per row is kept of every workbook that is plainly made. When it comes back, rows whose text is the
same say the same; the reader sees the others alone, each with the rows around it that say what it is. Whatever is not
as expected goes to the reader as a whole.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace

from poa_xl.actions.load import Opened, find_plan
from poa_xl.books.package import Package, SheetPart
from poa_xl.books.rowtexts import Extent, row_texts
from poa_xl.books.sharedparts import Shared, shared_of
from poa_xl.books.sheetxml import read_sheet
from poa_xl.core.codes import Code
from poa_xl.core.plan import Kind, Origin, Row
from poa_xl.errors import PoaError
from poa_xl.sheet.fields import DATES
from poa_xl.sheet.grid import Workbook, column_number, letters
from poa_xl.sheet.headers import OURS
from poa_xl.store.packing import pack, unpack

_STATED = "stated"
_LAST_LETTER = 26
# Beyond that share of rows that differ a sheet is read as a whole.
_MOST = 0.5


@dataclass(frozen=True)
class AsSent:
    """A plan sheet as it was sent.

    Attributes:
        rows: The rows of its plan.
        sheet: Its name.
        extent: Which cells its texts hold.
        columns: Letters of its columns by field.
        texts: Row number to text, of every row that held anything.
    """

    rows: Sequence[Row]
    sheet: str
    extent: Extent
    columns: Mapping[str, str]
    texts: Mapping[int, str]


def kept_texts(package: Package, opened: Opened) -> bytes:
    """Return what is to be kept of a workbook that is sent, packed; nothing where rows do not stand for themselves.

    Args:
        package: The workbook.
        opened: Its plan.
    """
    extent = _extent(opened)
    if extent is None or len(package.sheets) != 1 or not _is_plain(opened, extent):
        return b""
    found = row_texts(package, package.sheets[0], shared_of(package), extent)
    if found is None or _below(found.texts, extent) != [row.line for row in opened.plan.rows]:
        return b""
    texts = {str(line): text for line, text in found.texts.items()}
    return pack([opened.sheet, asdict(extent), opened.layout.addresses, texts])


def sent_texts(data: bytes, rows: Sequence[Row]) -> AsSent | None:
    """Read what `kept_texts` packed.

    Args:
        data: What it gave; nothing of a history that an earlier version wrote.
        rows: The rows of the plan that was sent.
    """
    if not data:
        return None
    sheet, extent, columns, texts = unpack(data)
    return AsSent(rows, sheet, Extent(**extent), columns, {int(line): text for line, text in texts.items()})


def _below(texts: Iterable[int], extent: Extent) -> list[int]:
    """Return the rows below the header, in order."""
    return sorted(line for line in texts if line > extent.bottom)


def _extent(opened: Opened) -> Extent | None:
    columns = opened.layout.columns
    ours = [column for name, column in columns.items() if name in OURS and name != _STATED]
    theirs = [column for name, column in columns.items() if name not in OURS or name == _STATED]
    if not ours or not max(theirs) < min(ours) <= _LAST_LETTER:
        return None
    return Extent(opened.layout.bottom, letters(min(ours)), max(ours))


def _is_plain(opened: Opened, extent: Extent) -> bool:
    """Whether every row below the header is one of the plan, and none says how others are to be read."""
    grid, layout, plan = opened.grid, opened.layout, opened.plan
    house = plan.house
    days = [layout.columns[name] for name in DATES if name in layout.columns]
    summed = _summed(opened, extent)
    return (
        layout.recognised is None
        and layout.keys is None
        and not (opened.parsed.passed or plan.strays or opened.parsed.hidden or plan.modified)
        and not (house.any_code or house.number_codes)
        and any(row.kind is Kind.GROUP for row in plan.rows)
        and all(row.code is None or isinstance(row.code, Code) for row in plan.rows)
        and not any(row.dresses or row.marked or row.reported for row in plan.rows)
        and not any(isinstance(grid.get(row.line, column), str) for row in plan.rows for column in days)
        # A formula may make a row without a code a sum.
        and all(row.code is not None for row in plan.rows if row.line in summed)
    )


def _summed(opened: Opened, extent: Extent) -> set[int]:
    """Return the rows in which a formula stands in the planner's columns."""
    return {line for line, column in opened.grid.formulas if column < column_number(extent.ours)}


def reread(package: Package, sent: AsSent, year: int | None) -> Opened | None:
    """Open the plan of a workbook that came back by the rows in which it differs from what was sent.

    Args:
        package: The workbook.
        sent: What was sent.
        year: The year planned, when it is known.

    Returns:
        The plan, whole; its grid holds only what was read. None where the workbook is to be read as a whole.
    """
    if len(package.sheets) != 1 or package.sheets[0].name != sent.sheet:
        return None
    sheet, shared = package.sheets[0], shared_of(package)
    found = row_texts(package, sheet, shared, sent.extent)
    if found is None:
        return None
    changed = {line for line in found.texts.keys() | sent.texts.keys() if found.texts.get(line) != sent.texts.get(line)}
    # The row below the header may be taken for its second line.
    if any(line <= sent.extent.bottom + 1 for line in changed) or len(changed) > len(sent.texts) * _MOST:
        return None
    known = dict(zip(_below(sent.texts, sent.extent), sent.rows, strict=True))
    seen = _around(changed, known)
    header = {line for line in found.rows if line <= sent.extent.bottom + 1}
    opened = _opened(package, sheet, shared, found.with_only(seen | header), year)
    return _joined(opened, sent, known, changed) if opened is not None else None


def _around(changed: Collection[int], known: Mapping[int, Row]) -> set[int]:
    """Return the rows to read: those that differ, from the group or operation above them to the next one below."""
    lines = sorted(known)
    heads = [line for line in lines if known[line].kind is not Kind.LINE and line not in changed]
    found = set(changed)
    for line in changed:
        above, below = bisect_left(heads, line), bisect_right(heads, line)
        first = heads[above - 1] if above else 0
        last = heads[below] if below < len(heads) else lines[-1]
        found.update(lines[bisect_left(lines, first) : bisect_right(lines, last)])
    return found


def _opened(package: Package, sheet: SheetPart, shared: Shared, data: bytes, year: int | None) -> Opened | None:
    try:
        grid = read_sheet(package, sheet, shared, data)
        return find_plan(Workbook(package.name, (grid,), package.properties, package.marks), None, year)
    except PoaError:  # the reader of the whole says what there is to say
        return None


def _joined(opened: Opened, sent: AsSent, known: Mapping[int, Row], changed: Collection[int]) -> Opened | None:
    """Put the rows that were not read among those that were; None where those around say that more has changed."""
    plan, layout = opened.plan, opened.layout
    read = {row.line: row for row in plan.rows}
    if layout.recognised is not None or layout.bottom != sent.extent.bottom or layout.addresses != sent.columns:
        return None
    if plan.house.any_code or plan.house.number_codes or any(each.line not in changed for each in opened.parsed.passed):
        return None
    if any(line not in changed and known[line].kind is not row.kind for line, row in read.items()):
        return None
    # A formula may make a row without a code a sum, and one that is shared stands in a row that was not read.
    codes = {line: row.code for line, row in read.items()}
    if any(line in changed and codes.get(line) is None for line in _summed(opened, sent.extent)):
        return None
    origin = Origin(opened.book.name, sent.sheet, layout.addresses)
    rows = {line: replace(row, line=line, origin=origin) for line, row in known.items() if line not in changed}
    rows |= {line: row for line, row in read.items() if line in changed}
    if all(row.kind is not Kind.GROUP for row in rows.values()):
        return None
    # What is said of the whole from some of its rows: with groups in it no code is counted by unit.
    house = replace(plan.house, codes_per_unit=False)
    whole = replace(plan, rows=tuple(rows[line] for line in sorted(rows)), house=house)
    return replace(opened, parsed=replace(opened.parsed, plan=whole))
