"""Where things are written: through links, beside the real file, never over what is read."""

import os
import stat
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from poa_xl.actions.cleaning import clean_book
from poa_xl.actions.comparing import compare_books
from poa_xl.actions.importing import import_text
from poa_xl.actions.moment import now
from poa_xl.actions.past.locking import locked
from poa_xl.actions.past.opening import open_history
from poa_xl.actions.past.telling import tell
from poa_xl.actions.past.undoing import undo
from poa_xl.actions.splitting import split_book
from poa_xl.actions.syncing import SyncOptions, sync
from poa_xl.actions.updating import Options, update_book
from poa_xl.books.files import BACKUPS
from poa_xl.errors import BookError, PoaError, SyncError
from poa_xl.store.schema import inputs, runs
from tests.plans import edit, save, small

if TYPE_CHECKING:
    from collections.abc import Callable

LEGAL = "Unidad Legal.xlsx"
# One is not UTF-8, as folders of older systems are.
NAMES = (os.fsdecode(b"a\xf1o"), "oficina ¿2020?", "a?b=c", "a%20b", "a#b", "100%", "a;b&c", "ñandú 😀", "'comillas\"")


def prepared(folder: Path) -> Path:
    master = save(small(), folder / "maestro.xlsx")
    split_book(master, folder / "u")
    edit(folder / "u" / LEGAL, ("GRO1.1.1", "budget", 150))
    return master


@pytest.mark.parametrize("name", NAMES)
def test_the_history_stays_in_the_folder_whatever_its_name(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    folder.mkdir()
    master = prepared(folder)
    before = master.read_bytes()
    sync([folder / "u"], master)
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert (folder / ".poa" / "history.sqlite").is_file()
    undo(master=master)
    assert master.read_bytes() == before


@pytest.mark.parametrize("name", [os.fsdecode(b"pl\xf1.xlsx"), "a\nb\x1b[31m.xlsx", "[bold]x[].xlsx"])
def test_a_master_may_be_called_anything(tmp_path: Path, name: str) -> None:
    master = prepared(tmp_path).rename(tmp_path / name)
    update_book(master, Options())
    before = master.read_bytes()
    sync([tmp_path / "u"], master)
    undo(master=master)
    assert master.read_bytes() == before
    assert len(tell(None, master).runs) == 1


@pytest.mark.parametrize("name", ["maestro.xlsx", "notas.txt"])
def test_a_store_that_is_something_else_is_refused_and_stays(tmp_path: Path, name: str) -> None:
    master = prepared(tmp_path)
    (tmp_path / "notas.txt").write_text("nada de nada, y bastante largo para no parecer vacío" * 9, "utf-8")
    was = (tmp_path / name).read_bytes()
    store = str(tmp_path / name)
    for act in (
        lambda: split_book(master, tmp_path / "v", store=store),
        lambda: sync([tmp_path / "u"], master, SyncOptions(store=store)),
    ):
        with pytest.raises(BookError, match=name):
            act()
        assert (tmp_path / name).read_bytes() == was


@pytest.mark.parametrize("name", NAMES)
def test_a_store_that_is_a_file_may_be_called_anything(tmp_path: Path, name: str) -> None:
    store = str(tmp_path / f"{name}.sqlite")
    master = save(small(), tmp_path / "maestro.xlsx")
    split_book(master, tmp_path / "u", store=store)
    sync([tmp_path / "u"], master, SyncOptions(store=store))
    assert len(tell(store, master).runs) == 1
    assert Path(store).is_file()
    assert not (tmp_path / ".poa" / "history.sqlite").exists()


@pytest.mark.parametrize("depth", [1, 2])
def test_a_link_stays_a_link_and_all_else_is_beside_what_it_leads_to(tmp_path: Path, depth: int) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "otra").mkdir()
    master = prepared(tmp_path / "real")
    link = master
    for number in range(depth):
        link = tmp_path / "otra" / f"enlace{number}.xlsx"
        link.symlink_to(master if number == 0 else link.with_name(f"enlace{number - 1}.xlsx"))
    before = master.read_bytes()
    done = sync([tmp_path / "real" / "u"], link)
    assert link.is_symlink()
    assert not master.is_symlink()
    assert master.read_bytes() != before
    assert done.backup is not None
    assert done.backup.parent == tmp_path / "real" / BACKUPS
    assert not {".poa", BACKUPS} & {each.name for each in (tmp_path / "otra").iterdir()}
    # Known under both names.
    assert len(tell(master=master).runs) == len(tell(master=link).runs) == 1
    undo(master=link)
    assert link.is_symlink()
    assert master.read_bytes() == before


def test_a_folder_that_is_a_link_is_written_into(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "enlace").symlink_to(tmp_path / "real")
    master = prepared(tmp_path / "enlace")
    sync([tmp_path / "enlace" / "u"], master)
    assert (tmp_path / "enlace").is_symlink()
    assert (tmp_path / "real" / ".poa").is_dir()


def test_a_link_that_leads_to_nothing_yet_is_written_through(tmp_path: Path) -> None:
    link = tmp_path / "enlace.xlsx"
    link.symlink_to(tmp_path / "nuevo.xlsx")
    plan = save(small(), tmp_path / "plan.xlsx")
    update_book(plan, Options(output=link))
    assert link.is_symlink()
    assert (tmp_path / "nuevo.xlsx").is_file()


def test_links_in_a_circle_are_a_sentence(tmp_path: Path) -> None:
    one, other = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    one.symlink_to(other)
    other.symlink_to(one)
    plan = save(small(), tmp_path / "plan.xlsx")
    for attempt in (
        lambda: update_book(plan, Options(output=one)),
        lambda: update_book(one, Options()),
        lambda: sync([plan], one),
    ):
        with pytest.raises(PoaError, match="enlace"):
            attempt()


@pytest.mark.skipif(sys.platform == "win32", reason="owners and modes are POSIX's")
def test_mode_owner_and_group_stay(tmp_path: Path) -> None:
    plan = save(small(), tmp_path / "plan.xlsx")
    plan.chmod(0o640)
    groups = [*os.getgroups(), os.getgid()]
    # Only root may try another owner; whoever runs this belongs to some group.
    owner, group = (1234, 4321) if os.geteuid() == 0 else (os.geteuid(), groups[-1])
    os.chown(plan, owner, group)
    update_book(plan, Options())
    after = plan.stat()
    assert (after.st_uid, after.st_gid, stat.S_IMODE(after.st_mode)) == (owner, group, 0o640)


# What is read is never written over


def same(path: Path, kind: str) -> Path:
    """Another name of a file."""
    other = path.with_name(f"otro nombre{path.suffix}")
    if kind == "plain":
        return path
    if kind == "dots":
        return path.parent / "u" / ".." / path.name
    if kind == "symlink":
        other.symlink_to(path)
    else:
        other.hardlink_to(path)
    return other


@pytest.mark.parametrize("kind", ["plain", "dots", "symlink", "hardlink"])
@pytest.mark.parametrize("action", ["update", "clean", "diff-first", "diff-second", "sync-master", "sync-source"])
def test_no_output_takes_the_place_of_an_input(tmp_path: Path, kind: str, action: str) -> None:
    master = prepared(tmp_path)
    other = save(small(), tmp_path / "b.xlsx")
    output = same(master, kind)
    before = {path: path.read_bytes() for path in (master, other)}
    attempts: dict[str, Callable[[], object]] = {
        "update": lambda: update_book(master, Options(output=output)),
        "clean": lambda: clean_book(master, Options(output=output)),
        "diff-first": lambda: compare_books(master, other, output),
        "diff-second": lambda: compare_books(other, master, output),
        "sync-master": lambda: sync([tmp_path / "u"], master, SyncOptions(output=output)),
        "sync-source": lambda: sync([master], other, SyncOptions(output=output)),
    }
    with pytest.raises(BookError, match="es el mismo archivo que se lee"):
        attempts[action]()
    assert {path: path.read_bytes() for path in (master, other)} == before


TEXT = "1\tGROGR1\tACCIÓN\t\t\t01/01/20\t31/12/20" + "\t" * 16 + "\t10\n"


@pytest.mark.parametrize("kind", ["plain", "dots", "symlink", "hardlink"])
@pytest.mark.parametrize("clash", ["output", "repairs", "both", "names"])
def test_an_import_spares_its_text_and_its_list(tmp_path: Path, kind: str, clash: str) -> None:
    (tmp_path / "u").mkdir()
    text = tmp_path / "plan.xlsx"
    text.write_text(TEXT, "utf-8")
    names = tmp_path / "unidades.toml"
    names.write_text("", "utf-8")
    out, fixed = tmp_path / "o.xlsx", tmp_path / "r.txt"
    given = {
        "output": lambda: (same(text, kind), fixed),
        "repairs": lambda: (out, same(text, kind)),
        "both": lambda: (out, out),
        "names": lambda: (out, same(names, kind)),
    }[clash]()
    with pytest.raises(BookError, match="es el mismo archivo que se lee"):
        import_text(text, given[0], names, None, given[1])
    assert text.read_text("utf-8") == TEXT
    assert names.read_text("utf-8") == ""
    assert not out.exists()


def test_a_list_of_repairs_that_stood_there_is_kept(tmp_path: Path) -> None:
    text = tmp_path / "plan.txt"
    text.write_text(TEXT, "utf-8")
    fixed = tmp_path / "r.txt"
    fixed.write_text("de antes", "utf-8")
    import_text(text, tmp_path / "o.xlsx", None, None, fixed)
    assert fixed.read_text("utf-8").startswith("Id\t")
    assert [each.read_text("utf-8") for each in (tmp_path / BACKUPS).glob("r *.txt")] == ["de antes"]


@pytest.mark.parametrize("name", ["salida.xlsm", "salida.csv", "salida"])
def test_a_workbook_is_not_written_under_the_name_of_another_kind(tmp_path: Path, name: str) -> None:
    plan = save(small(), tmp_path / "plan.xlsx")
    with pytest.raises(BookError, match=r"\.xlsx"):
        update_book(plan, Options(output=tmp_path / name))


# Odd settings and damaged histories: sentences


@pytest.mark.parametrize("text", ["pronto", "-1", "nan", "inf", "1s", "0x10", "treinta"])
def test_a_patience_that_is_no_number_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("POA_WAIT", text)
    with pytest.raises(SyncError, match="POA_WAIT"), locked(tmp_path / "m.xlsx"):
        pass


@pytest.mark.parametrize("text", ["ayer", "1.5", "99999999999999999999", "-99999999999999", "0x1"])
def test_a_build_time_that_is_none_is_a_sentence(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", text)
    with pytest.raises(PoaError, match="SOURCE_DATE_EPOCH"):
        now()


@pytest.mark.parametrize(
    "store",
    [
        "",
        " ",
        "sqlite://",
        "sqlite:///:memory:",
        "foo://bar",
        "postgresql://h:port/db",
        "mysql://h/db",
        "://",
        "{folder}",
    ],
)
def test_an_odd_store_is_a_sentence(tmp_path: Path, store: str) -> None:
    master = save(small(), tmp_path / "maestro.xlsx")
    given = store.format(folder=tmp_path)
    for attempt in (
        lambda: split_book(master, tmp_path / "u", store=given),
        lambda: sync([master], master, SyncOptions(store=given)),
        lambda: sync([master], master, SyncOptions(store=given, dry_run=True)),
        lambda: tell(given, master),
        lambda: undo(None, given, master),
    ):
        with pytest.raises(PoaError):
            attempt()
    assert not (tmp_path / "u").exists()


@pytest.mark.parametrize("content", [b"", b"x", b"\x78\x9c\x03\x00", b'{"a":1}'])
@pytest.mark.parametrize("column", [runs.c.content, inputs.c.settled])
def test_a_damaged_blob_is_a_sentence(tmp_path: Path, column: sa.Column[bytes], content: bytes) -> None:
    master = prepared(tmp_path)
    sync([tmp_path / "u"], master)
    engine = sa.create_engine(open_history(None, master).url)
    with engine.begin() as connection:
        connection.execute(sa.update(column.table).values({column: content}))
    engine.dispose()
    edit(tmp_path / "u" / LEGAL, ("GRO1.1.1", "budget", 160))
    edit(master, ("GRO1.1.2", "budget", 7))
    with pytest.raises(PoaError, match=r"dañad|cambió"):
        undo(master=master)
    try:
        done = sync([tmp_path / "u"], master)
    except PoaError as error:
        assert "dañada" in str(error)  # noqa: PT017 - either is right, a traceback is not
    else:
        assert column is runs.c.content or any("dañada" in each.problem for each in done.received)


def test_a_history_of_a_later_version_is_refused_by_all(tmp_path: Path) -> None:
    master = prepared(tmp_path)
    sync([tmp_path / "u"], master)
    engine = sa.create_engine(open_history(None, master).url)
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    before = master.read_bytes()
    for attempt in (
        lambda: tell(master=master),
        lambda: undo(master=master),
        lambda: split_book(master, tmp_path / "u2"),
        lambda: sync([tmp_path / "u"], master),
        lambda: sync([tmp_path / "u"], master, SyncOptions(dry_run=True)),
    ):
        with pytest.raises(BookError, match="más nueva"):
            attempt()
    assert master.read_bytes() == before


def test_a_history_that_is_none_is_not_told_as_an_empty_one(tmp_path: Path) -> None:
    master = prepared(tmp_path)
    (tmp_path / ".poa" / "history.sqlite").write_bytes(b"otra cosa" * 200)
    for attempt in (lambda: tell(master=master), lambda: undo(master=master)):
        with pytest.raises(BookError, match="no es una base de datos"):
            attempt()
