"""The history in a file and on a server: one contract for both."""

import contextlib
import hashlib
import multiprocessing
import sqlite3
import uuid
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy.engine import URL

import poa_xl.store
from poa_xl.actions.past.telling import tell
from poa_xl.actions.past.undoing import undo
from poa_xl.actions.splitting import split_book
from poa_xl.actions.syncing import SyncOptions, sync
from poa_xl.core.blocks import Block
from poa_xl.core.codes import Code
from poa_xl.errors import BookError, PoaError
from poa_xl.store.address import location
from poa_xl.store.history import History
from poa_xl.store.packing import pack, pack_settled
from poa_xl.store.page import history as page
from poa_xl.store.page.tables import HEAD, TABLES
from poa_xl.store.records import APPROVAL, DONE, PENDING, SYNC, UNDONE, Entry, Input, Run, Sent, Version
from poa_xl.store.schema import inputs, metadata
from tests.plans import edit, group, operation, save, small
from tests.server import Server


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    started = Server()
    yield started
    started.stop()


@pytest.fixture(params=["file", "server"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "file":
        return f"sqlite:///{tmp_path / 'h.sqlite'}"
    started: Server = request.getfixturevalue("server")
    return started.database()


@pytest.fixture(params=["file", "server", "page"])
def history(request: pytest.FixtureRequest, tmp_path: Path) -> History:
    """A history, of each kind that there is: that of a page too, which is no other file."""
    if request.param == "page":
        return cast("History", page.History(tmp_path / "h.sqlite"))
    started = request.getfixturevalue("server") if request.param == "server" else None
    store = started.database() if started is not None else f"sqlite:///{tmp_path / 'h.sqlite'}"
    return History(location(store, tmp_path / "m.xlsx"))


def sending(unit: str, content: bytes = b"x", plan: str = "GRO1") -> Sent:
    key = hashlib.sha256(unit.encode() + content).hexdigest()
    return Sent(key, plan, 2020, unit, 0, "2020-01-02T10:00:00+00:00", f"{unit}.xlsx", content)


def begun(
    history: History, *read: Input, parent: str | None = None, became: tuple[Entry, ...] = (), content: bytes = b"plan"
) -> Run:
    name = uuid.uuid4().hex
    run = Run(name, 0, parent, "?", f"2020-02-0{len(history.runs()) + 1}", "m.xlsx", None, "a" * 64, None)
    return history.begin(run, content, read, became)


def approved(history: History, name: str, parent: str | None = None) -> Run:
    run = Run(uuid.uuid4().hex, 0, parent, "?", "2020-02-01", "m.xlsx", None, "a" * 64, None, APPROVAL)
    return history.begin(run, b"plan", version=Version(run.id, name, "RA 1", "2020-01-02", "Ana", "c" * 64))


def came(base: str, file: str = "a.xlsx", settled: bytes = b"", waiting: int = 0, **more: str) -> Input:
    given = {"sha256": "1" * 64, "unit": "Legal", "author": "Ana", "places": "p" * 1000} | more
    return Input(
        given["sha256"],
        file,
        given["unit"],
        base,
        given["author"],
        "2020-02-01",
        10,
        9,
        waiting,
        "POA",
        0,
        "",
        given["places"],
        settled,
        "recibido",
    )


def entry(code: str, unit: str = "Legal", file: str = "a.xlsx") -> Entry:
    return Entry("tomado", code, 0, "Responsable", "", "Uno", unit, file, "E7", "")


def test_the_same_content_is_one_sending_and_another_one_is_the_next_version(history: History) -> None:
    first, other = history.send([sending("Legal"), sending("Pisiga")])
    assert (first.version, other.version) == (1, 1)
    (again,) = history.send([sending("Legal")])
    assert (again.id, again.version) == (first.id, 1)
    (second,) = history.send([sending("Legal", b"y")])
    assert second.version == 2
    found = history.sent(first.id)
    assert found is not None
    assert found.content == b"x"
    assert history.sent("0" * 64) is None
    assert history.units("GRO1", 2020) == ["Legal", "Pisiga"]
    assert history.units("GRO1", 2021) == []
    listed = history.all_sent([first.id, second.id, "0" * 64])
    assert {key: (each.version, each.content) for key, each in listed.items()} == {
        first.id: (1, b""),
        second.id: (2, b""),
    }


def test_runs_are_numbered_confirmed_and_dropped_with_all_that_is_theirs(history: History) -> None:
    first = begun(history, came("b" * 64), became=(entry("GRO1.1"),), content=b"uno")
    second = begun(history, came("b" * 64, "b.xlsx"), parent=first.id, became=(entry("GRO1.2"),), content=b"dos")
    assert (first.number, second.number, first.state) == (1, 2, PENDING)
    history.confirm(first.id)
    history.confirm(second.id, UNDONE)
    assert [(run.number, run.state) for run in history.runs()] == [(2, UNDONE), (1, DONE)]
    assert [run.number for run in history.runs(DONE, PENDING)] == [1]
    assert history.lineage(second.id) == [second.id, first.id]
    assert history.lineage("nadie") == []
    assert (history.plan_of(first.id), history.plan_of(second.id), history.plan_of("nadie")) == (b"uno", b"dos", b"")
    history.drop(second.id)
    assert [run.number for run in history.runs()] == [1]
    assert history.taken([first.id, second.id])[0].file == "a.xlsx"
    assert len(history.taken([first.id, second.id])) == 1
    assert [each.entry.code for each in history.past()] == ["GRO1.1"]


def test_versions_are_runs_and_told_in_their_order(history: History) -> None:
    first = approved(history, "Aprobado")
    between = begun(history, parent=first.id)
    second = approved(history, "Reformulado 1", parent=between.id)
    stranger = approved(history, "Aprobado")
    assert [(run.number, run.kind) for run in history.runs()] == [
        (4, APPROVAL),
        (3, APPROVAL),
        (2, SYNC),
        (1, APPROVAL),
    ]
    assert [each.name for each in history.versions(history.lineage(second.id))] == ["Aprobado", "Reformulado 1"]
    assert [each.name for each in history.versions(history.lineage(between.id))] == ["Aprobado"]
    assert history.versions([stranger.id]) == [Version(stranger.id, "Aprobado", "RA 1", "2020-01-02", "Ana", "c" * 64)]
    history.drop(second.id)
    assert [each.name for each in history.versions([first.id, second.id])] == ["Aprobado"]


def test_the_same_content_sent_again_is_of_the_version_of_now(history: History) -> None:
    history.send([sending("Legal")])
    (again,) = history.send([replace(sending("Legal"), approved="Aprobado")])
    assert (again.version, again.approved) == (1, "Aprobado")
    found = history.sent(again.id)
    assert found is not None
    assert found.approved == "Aprobado"


def test_what_was_taken_is_listed_by_lineage_without_the_plans(history: History) -> None:
    one, two = "1" * 64, "2" * 64
    first = begun(history, came(one), came(two, "b.xlsx"), content=b"x" * 10**6)
    second = begun(history, came(one, "c.xlsx", waiting=1), content=b"y" * 10**6)
    stranger = begun(history, came(one, "z.xlsx"))
    lineage = [second.id, first.id]
    assert [(each.run, each.file, each.open) for each in history.taken(lineage)] == [
        (1, "a.xlsx", 0),
        (1, "b.xlsx", 0),
        (2, "c.xlsx", 1),
    ]
    assert history.taken([]) == []
    last = {each.base: each for each in history.last_taken(lineage)}
    assert {base: (each.file, each.settled, each.places) for base, each in last.items()} == {
        one: ("c.xlsx", b"", "p" * 1000),
        two: ("b.xlsx", b"", "p" * 1000),
    }
    assert [each.file for each in history.last_taken([stranger.id])] == ["z.xlsx"]


def test_what_later_runs_settled_counts_in_their_order(history: History) -> None:
    base = "b" * 64
    code, other = Code("GRO", (1, 1)), Code("GRO", (1, 2))
    block = Block(operation("GRO1.1", "Legal", 5), ())
    first = begun(history, came(base, settled=pack_settled({code: None, other: Block(group("GRO1.2"), ())})))
    second = begun(history, came(base, settled=pack_settled({code: block})))
    begun(history, came(base, settled=pack_settled({other: None})))
    begun(history, came("c" * 64, settled=pack_settled({other: None})))
    found = history.settled(base, [second.id, first.id])
    assert set(found) == {"GRO1.1", "GRO1.2"}
    settled = found["GRO1.1"]
    assert settled is not None
    assert settled.head.budget == 5
    assert found["GRO1.2"] is not None


def test_the_past_is_told_by_code_unit_and_day(history: History) -> None:
    became = (entry("GRO1.1"), entry("GRO1.10"), entry("GRO1.1.1", "Pisiga"), entry("GRO1_1"), entry("", "Otra", ""))
    run = begun(history, came("b" * 64), became=became)
    assert history.past() == []  # pending: it may never have been
    history.confirm(run.id)

    def codes(**asked: str) -> list[str]:
        return [each.entry.code for each in history.past(**asked)]

    assert codes() == ["GRO1.1", "GRO1.10", "GRO1.1.1", "GRO1_1", ""]
    assert codes(code="GRO1.1") == ["GRO1.1", "GRO1.1.1"]
    assert codes(code="GRO1_1") == ["GRO1_1"]
    assert codes(code="GRO%") == []
    assert codes(unit="Pisiga") == ["GRO1.1.1"]
    assert codes(since="2020-02-01") == codes()
    assert codes(since="2020-02-02") == []
    assert {each.author for each in history.past(code="GRO1.1")} == {"Ana"}
    assert history.past(unit="Otra")[0].author == ""


def test_any_letters_are_kept(history: History) -> None:
    text = "ñandú 😀 'comillas\" % _ \\ ; --"
    run = begun(history, came("b" * 64, text, unit=text), became=(entry("GRO1.1", text, text),))
    history.confirm(run.id)
    (told,) = history.past(unit=text)
    assert (told.entry.file, told.entry.unit) == (text, text)


def test_a_whole_consolidation_is_kept_told_and_undone(store: str, tmp_path: Path) -> None:
    master = save(small(), tmp_path / "maestro.xlsx")
    split_book(master, tmp_path / "u", store=store)
    before = master.read_bytes()
    edit(tmp_path / "u" / "Unidad Legal.xlsx", ("GRO1.1.1", "owner", "Uno"))
    assert sync([tmp_path / "u"], master, SyncOptions(store=store)).run == 1
    again = sync([tmp_path / "u"], master, SyncOptions(store=store))
    assert again.run is None
    assert any("nada cambió" in note for note in again.notes)
    assert [each.entry.after for each in tell(store, master).past] == ["Uno"]
    undo(None, store, master)
    assert master.read_bytes() == before


def _work(store: str, folder: str, units: list[str]) -> None:
    history = History(location(store, Path(folder) / "m.xlsx"))
    for number in range(10):
        history.send([sending(unit, str(number).encode()) for unit in units])
        run = begun(history, came("b" * 64))
        history.confirm(run.id)


def test_two_offices_at_once_number_their_runs_one_after_the_other(store: str, tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    work = [context.Process(target=_work, args=(store, str(tmp_path), [f"U{n}", "Común"])) for n in range(3)]
    for each in work:
        each.start()
    for each in work:
        each.join()
    assert [each.exitcode for each in work] == [0, 0, 0]
    history = History(location(store, tmp_path / "m.xlsx"))
    assert sorted(run.number for run in history.runs()) == list(range(1, 31))
    assert {run.state for run in history.runs()} == {DONE}
    assert history.latest("GRO1", 2020)["comun"][0] == 10


# Migrations, there and back


def migrating(engine: sa.Engine, action: str, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(poa_xl.store.__path__[0]) / "migrations").replace("%", "%%"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        getattr(command, action)(config, revision)


def test_migrations_go_up_and_down_and_lose_no_row(store: str, tmp_path: Path) -> None:
    url = location(store, tmp_path / "m.xlsx")
    engine = sa.create_engine(url, poolclass=sa.pool.NullPool)
    for revision in ("0001", "0002", "0003", "0004", "0005"):
        migrating(engine, "upgrade", revision)
    history = History(url)
    (sent,) = history.send([sending("Legal")])
    run = begun(history, came(sent.id), became=(entry("GRO1.1"),))
    history.confirm(run.id)
    for revision in ("0004", "0003", "0002", "0001"):
        migrating(engine, "downgrade", revision)
    assert [index["name"] for index in sa.inspect(engine).get_indexes("inputs")] == []
    again = History(url)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    assert [each.file for each in again.taken([run.id])] == ["a.xlsx"]
    assert [each.entry.code for each in again.past()] == ["GRO1.1"]
    assert again.sent(sent.id) == sent
    migrating(engine, "downgrade", "base")
    assert sa.inspect(engine).get_table_names() == ["alembic_version"]


def test_what_was_settled_is_found_by_an_index(tmp_path: Path) -> None:
    url = location(None, tmp_path / "m.xlsx")
    History(url)
    engine = sa.create_engine(url, poolclass=sa.pool.NullPool)
    query = sa.select(inputs.c.settled).where(inputs.c.base == "x")
    text = str(query.compile(engine, compile_kwargs={"literal_binds": True}))
    with engine.connect() as connection:
        plan = " ".join(str(row) for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}"))
    assert "ix_inputs_base" in plan


def test_a_server_that_does_not_answer_is_a_sentence(tmp_path: Path) -> None:
    master = save(small(), tmp_path / "maestro.xlsx")
    nowhere = f"postgresql+psycopg://poa@/poa?host={tmp_path}"
    with pytest.raises(PoaError):
        split_book(master, tmp_path / "u", store=nowhere)
    with pytest.raises(BookError, match="no responde"):
        tell(nowhere, master)


def test_a_password_is_never_shown(tmp_path: Path) -> None:
    master = save(small(), tmp_path / "maestro.xlsx")
    with pytest.raises(BookError) as caught:
        tell(f"postgresql+psycopg://poa:secreto@/poa?host={tmp_path}", master)
    assert "secreto" not in str(caught.value)


def test_reading_takes_no_more_memory_after_more_runs(tmp_path: Path) -> None:
    import tracemalloc  # noqa: PLC0415 - only here

    history = History(URL.create("sqlite", database=str(tmp_path / "h.sqlite")))
    plan, settled = pack(["x" * 50] * 10_000) + b"x" * 10**6, b"y" * 10**5

    def peak(lineage: list[str]) -> int:
        tracemalloc.start()
        history.taken(lineage)
        history.last_taken(lineage)
        history.runs()
        history.lineage(lineage[0])
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    lineage: list[str] = []
    for _ in range(20):
        files = [came(f"{n:064}", f"{n}.xlsx", settled) for n in range(10)]
        lineage.insert(0, begun(history, *files, parent=lineage[0] if lineage else None, content=plan).id)
    peak(lineage[-2:])
    # Twenty plans of a megabyte and two hundred files of a hundred kilobytes lie there.
    assert peak(lineage) < 2 * 10**6


def test_a_page_makes_the_tables_of_this_version_and_reads_what_the_office_wrote(tmp_path: Path) -> None:
    page.History(tmp_path / "page.sqlite")
    History(location(str(tmp_path / "office.sqlite"), tmp_path))

    def told(name: str) -> list[tuple[str, ...]]:
        with contextlib.closing(sqlite3.connect(tmp_path / name)) as database:
            tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            columns = [
                (each, *row[1:]) for each in sorted(tables) for row in database.execute(f"PRAGMA table_info({each})")
            ]
            return [*columns, *database.execute("SELECT version_num FROM alembic_version")]

    assert told("page.sqlite") == told("office.sqlite")
    assert (HEAD,) in told("page.sqlite")
    assert TABLES.count("CREATE TABLE") == len(metadata.tables)
    # What one of them writes the other reads.
    office = History(location(str(tmp_path / "page.sqlite"), tmp_path))
    begun(office, became=(Entry("tomado", "GRO1", 0, "Meta", "1", "2", "U", "u.xlsx", "H3", ""),))
    here = page.History(tmp_path / "page.sqlite")
    assert here.runs() == office.runs()
    here.confirm(office.runs()[0].id)
    assert here.past() == office.past() != []


@pytest.mark.parametrize("version", ["0001", "9999"])
def test_a_page_refuses_the_history_of_another_version(version: str, tmp_path: Path) -> None:
    page.History(tmp_path / "h.sqlite")
    with contextlib.closing(sqlite3.connect(tmp_path / "h.sqlite")) as database, database:
        database.execute("UPDATE alembic_version SET version_num = ?", [version])
    with pytest.raises(BookError, match="es de otra versión de poa-xl"):
        page.History(tmp_path / "h.sqlite")


def test_what_is_no_history_is_told_to_a_page(tmp_path: Path) -> None:
    (tmp_path / "h.sqlite").write_bytes(b"x" * 4096)
    with pytest.raises(page.DatabaseError) as caught:
        page.History(tmp_path / "h.sqlite")
    assert "not a database" in str(caught.value.orig)
    with pytest.raises(BookError, match="no se puede leer"), page.database_errors():
        raise caught.value
