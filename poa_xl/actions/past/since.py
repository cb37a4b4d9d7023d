"""What people wrote into a master after a step of its history: in the plan, in `Seguimiento`, in `Modificaciones`."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from poa_xl.actions.comparing import differences
from poa_xl.actions.load import Opened, load_one
from poa_xl.actions.past.opening import resolve
from poa_xl.actions.settings import load_profile
from poa_xl.actions.tracking import reported_plan
from poa_xl.books.book import FileBook, MemoryBook
from poa_xl.books.files import read_file, stamp
from poa_xl.core.plan import Plan, Row
from poa_xl.errors import PoaError
from poa_xl.sheet.cells import shown
from poa_xl.sheet.modified import typed_texts
from poa_xl.sheet.tracking_columns import BY_NAME
from poa_xl.sheet.tracking_read import key_of
from poa_xl.store.history import History
from poa_xl.store.packing import unpack_rows
from poa_xl.store.records import APPROVAL, MODIFICATIONS, Run

# Steps whose plan in the history is without what was reported; they leave that as it was.
_PLAIN = (APPROVAL, MODIFICATIONS)


def written_since(history: History, run: Run, path: Path) -> list[str]:
    """Say what a master holds that a step did not leave there, a line each; nothing where nobody can say."""
    try:
        present = load_one(FileBook(path), profile=load_profile(None, path.parent))
        before = _before(history, run, present)
        left = Plan(unpack_rows(history.plan_of(run.id)))
        return [
            *_of_plan(left, present),
            *_of_reports(_reported(before) if run.kind in _PLAIN else left, _reported(present)),
            *_of_reasons(before, present),
        ]
    except PoaError:
        return []


def _before(history: History, run: Run, present: Opened) -> Opened | None:
    """Open what stood there before the step; None where the step made the workbook, or its backup is gone."""
    path = resolve(history, run.backup or "")
    if not path.is_file() or stamp(path) != run.before:
        return None
    return load_one(MemoryBook(path.name, read_file(path)), profile=present.layout.profile)


def _reported(opened: Opened | None) -> Plan:
    return Plan(()) if opened is None else reported_plan(opened)


def _of_plan(left: Plan, present: Opened) -> Iterator[str]:
    for each in differences(left, present.plan, by_row=present.layout.profile.by_row):
        yield f"{each.code} {each.field or each.kind}: {each.before} → {each.after}"


def _of_reports(before: Plan, after: Plan) -> Iterator[str]:
    former, now = _by_key(before), _by_key(after)
    for key, row in now.items():
        was = former[key].reported if key in former else {}
        for name in {**was, **row.reported}:
            one, other = shown(was.get(name)), shown(row.reported.get(name))
            if one != other:
                yield f"{shown(row.code) or row.name} {BY_NAME[name].caption}: {one} → {other}"


def _by_key(plan: Plan) -> Mapping[str, Row]:
    return {key_of(row): row for row in plan.rows if row.reported}


def _of_reasons(before: Opened | None, present: Opened) -> Iterator[str]:
    listed = before.modifications if before is not None else None
    known = typed_texts(listed) if listed is not None else {}
    now = typed_texts(present.modifications) if present.modifications is not None else {}
    for key, text in now.items():
        if known.get(key) != text:
            code, column, caption = key[1], key[2], key[-1]
            yield f"{code} {column}, {caption}: {text}"
