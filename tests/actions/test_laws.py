"""What must hold of every consolidation, on generated plans and edits, through real files."""

import itertools
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from poa_xl.actions.load import load_one
from poa_xl.actions.past.undoing import undo
from poa_xl.actions.splitting import split_book
from poa_xl.actions.syncing import SyncOptions, sync
from poa_xl.books.book import FileBook
from poa_xl.core.blocks import blocks, own_fields, value_of
from poa_xl.core.outcomes import Fate
from poa_xl.core.plan import Kind, Plan
from tests.plans import add, drop, edit, group, operation, save

UNITS = ("Unidad Legal", "Adm Aduana Pisiga", "Gerencia Regional Oruro")
FIELDS = {"owner": ("Uno", "Dos", ""), "target": (12, 24, 13), "DIC": (1, 7), "budget": (5, 900), "evidence": ("Acta",)}
law = settings(max_examples=12)

Edit = tuple[str, str, object]


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """A right plan in which every unit has something."""
    rows = [group("GRO1", 0)]
    total = 0
    units = itertools.chain(UNITS, itertools.repeat(None))
    for i in range(1, draw(st.integers(1, 2)) + 1):
        inner = []
        for j in range(1, draw(st.integers(2, 4)) + 1):
            unit = next(units) or draw(st.sampled_from(UNITS))
            inner.append(operation(f"GRO1.{i}.{j}", unit, draw(st.integers(0, 1000))))
        amount = sum(int(row.budget) for row in inner if isinstance(row.budget, Decimal))
        rows += [group(f"GRO1.{i}", amount), *inner]
        total += amount
    rows[0] = group("GRO1", total)
    return Plan(tuple(rows), 2020)


def operations(plan: Plan) -> list[tuple[str, str]]:
    return [(str(row.code), row.unit) for row in plan.rows if row.kind is Kind.OPERATION]


@st.composite
def edits(draw: st.DrawFn, plan: Plan) -> list[tuple[str, Edit]]:
    """Edits, each with who makes it: a unit in its own rows, or the office, named `oficina`."""
    found: dict[tuple[str, str, str], tuple[str, Edit]] = {}
    for _ in range(draw(st.integers(0, 5))):
        text, unit = draw(st.sampled_from(operations(plan)))
        name = draw(st.sampled_from(sorted(FIELDS)))
        who = draw(st.sampled_from(["oficina", unit]))
        value = draw(st.sampled_from(FIELDS[name]))
        found[who, text, name] = (who, (text, name, value))
    return list(found.values())


@contextmanager
def sent(plan: Plan, made: list[tuple[str, Edit]]) -> Iterator[Path]:
    """A master and what its units sent back, all of them edited."""
    with TemporaryDirectory() as name:
        master = save(plan, Path(name) / "maestro.xlsx")
        split_book(master, master.parent / "u")
        for who in {who for who, _ in made}:
            path = master if who == "oficina" else master.parent / "u" / f"{who}.xlsx"
            edit(path, *(each for each_who, each in made if each_who == who))  # type: ignore[arg-type]
        yield master


def content(path: Path) -> list[object]:
    plan = load_one(FileBook(path)).parsed.plan
    return [block.content for block in blocks(plan)] + [row.budget for row in plan.rows]


def values(path: Path) -> set[tuple[str, str, str]]:
    plan = load_one(FileBook(path)).parsed.plan
    return {(str(row.code), name, repr(value_of(row, name))) for row in plan.rows for name in own_fields(row)}


@law
@given(plans())
def test_untouched_splits_change_nothing(plan: Plan) -> None:
    with sent(plan, []) as master:
        before = content(master)
        done = sync([master.parent / "u"], master)
        assert done.is_clean
        assert done.outcomes == ()
        assert content(master) == before


@law
@given(st.data())
def test_twice_is_once(data: st.DataObject) -> None:
    plan = data.draw(plans())
    with sent(plan, data.draw(edits(plan))) as master:
        one = sync([master.parent / "u"], master)
        once = master.read_bytes()
        other = sync([master.parent / "u"], master)
        assert master.read_bytes() == once
        assert other.path is None
        waiting = [(each.fate, each.code, each.field) for each in one.outcomes if each.fate.is_open]
        assert [(each.fate, each.code, each.field) for each in other.outcomes if each.fate.is_open] == waiting


@law
@given(st.data())
def test_the_order_of_files_is_irrelevant(data: st.DataObject) -> None:
    plan = data.draw(plans())
    with sent(plan, data.draw(edits(plan))) as master:
        files = sorted((master.parent / "u").glob("*.xlsx"))
        order = data.draw(st.permutations(files))
        copy = master.parent / "copia"
        shutil.copytree(master.parent / ".poa", copy / ".poa")
        shutil.copy(master, copy / master.name)
        together = sync(files, master)
        sync(order, copy / master.name)
        assert content(copy / master.name) == content(master)
        assert together.path == master
        one_by_one = master.parent / "otra"
        shutil.copytree(copy / ".poa", one_by_one / ".poa")
        shutil.copy(next((master.parent / "respaldos").glob("*.xlsx")), one_by_one / master.name)
        for path in order:
            sync([path], one_by_one / master.name)
        assert content(one_by_one / master.name) == content(master)


@law
@given(st.data())
def test_disjoint_edits_all_land_and_conflicts_are_never_resolved_silently(data: st.DataObject) -> None:
    plan = data.draw(plans())
    made = data.draw(edits(plan))
    with sent(plan, made) as master:
        office = values(master)
        files = {path: values(path) for path in (master.parent / "u").glob("*.xlsx")}
        original = {(str(row.code), name): value_of(row, name) for row in plan.rows for name in own_fields(row)}
        done = sync([master.parent / "u"], master)
        after = {(each[0], each[1]): each[2] for each in values(master)}
        conflicts = {(str(each.code), each.field) for each in done.outcomes if each.fate is Fate.CONFLICT}
        for who, (text, name, value) in made:
            rivals = [other for other_who, (a, b, other) in made if (a, b) == (text, name) and other_who != who]
            shown = next(
                (
                    v
                    for a, b, v in (office if who == "oficina" else set().union(*files.values()))
                    if (a, b) == (text, name)
                ),
                "",
            )
            is_news = value != "" or original[text, name] != ""
            if not rivals and is_news:
                assert after[text, name] in (shown, repr(_as_read(value)))
                assert (text, name) not in conflicts
            elif (
                rivals
                and rivals[0] != value
                and _differs(value, original[text, name])
                and _differs(rivals[0], original[text, name])
            ):
                assert (text, name) in conflicts
                assert (text, name, after[text, name]) in office
        # No value is in the result that is in none of the inputs, but for the sums of groups.
        known = office.union(*files.values())
        assert {each for each in values(master) if each not in known} == set()


def _as_read(value: object) -> object:
    return Decimal(value) if isinstance(value, int) else value


def _differs(value: object, original: object) -> bool:
    return _as_read(value) != original


@law
@given(st.data())
def test_undo_restores_the_plan_and_the_bytes_of_the_backup(data: st.DataObject) -> None:
    plan = data.draw(plans())
    with sent(plan, data.draw(edits(plan))) as master:
        text, unit = data.draw(st.sampled_from(operations(plan)))
        drop(master.parent / "u" / f"{unit}.xlsx", text)
        first, _, _ = text.rpartition(".")
        if (master.parent / "u" / f"{unit}.xlsx").exists() and len([u for _, u in operations(plan) if u == unit]) > 1:
            kept = [t for t, u in operations(plan) if u == unit and t != text and t.startswith(first)]
            if kept:
                add(master.parent / "u" / f"{unit}.xlsx", f"{first}.77", unit, 3)
        before = master.read_bytes()
        done = sync([master.parent / "u"], master, SyncOptions(accept_removals=True))
        assert done.backup is not None
        assert done.backup.read_bytes() == before
        undo(master=master)
        assert master.read_bytes() == before
        sync([master.parent / "u"], master, SyncOptions(accept_removals=True))
        undo(master=master)
        assert master.read_bytes() == before
