"""Files are replaced whole or not at all, at whatever step the replacing fails."""

import os
import re
import shutil
import stat
import tempfile
from pathlib import Path

import pytest

from poa_xl.books.files import BACKUPS, read_file, replace, stamp
from poa_xl.errors import BookError, StaleBookError


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "plan.xlsx"
    file.write_bytes(b"antes")
    return file


def test_a_new_file_is_made_with_its_folder(tmp_path: Path) -> None:
    target = tmp_path / "a" / "b" / "plan.xlsx"
    assert replace(target, b"nuevo") is None
    assert target.read_bytes() == b"nuevo"
    assert stat.S_IMODE(target.stat().st_mode) & 0o600 == 0o600


def test_the_old_file_is_kept(path: Path) -> None:
    backup = replace(path, b"despues", expected=stamp(path))
    assert backup is not None
    assert backup.parent == path.parent / BACKUPS
    assert backup.read_bytes() == b"antes"
    assert path.read_bytes() == b"despues"


def test_backups_of_one_second_do_not_replace_each_other(path: Path) -> None:
    backups = set()
    for number in range(3):
        backup = replace(path, b"%d" % number, expected=stamp(path))
        assert backup is not None
        backups.add(backup)
    assert len(backups) == 3
    assert all(backup.exists() for backup in backups)


def test_the_same_content_writes_nothing(path: Path) -> None:
    assert replace(path, b"antes", expected=stamp(path)) is None
    assert not (path.parent / BACKUPS).exists()


def test_permissions_are_kept(path: Path) -> None:
    path.chmod(0o640)
    replace(path, b"despues", expected=stamp(path))
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


@pytest.mark.parametrize("expected", [None, "otro"])
def test_a_file_that_changed_is_not_overwritten(path: Path, expected: str | None) -> None:
    with pytest.raises(StaleBookError, match=r"plan\.xlsx"):
        replace(path, b"despues", expected=expected)
    assert path.read_bytes() == b"antes"


@pytest.mark.parametrize(
    ("name", "content", "owner"),
    [
        ("~$plan.xlsx", b"\x0aAna Mamani" + b" " * 40, "Ana Mamani"),
        ("~$plan.xlsx", b"", "otra persona"),
        (".~lock.plan.xlsx#", b",Juan Choque,pc1,25.11.2026 10:00,file:///x;", "Juan Choque"),
        (".~lock.plan.xlsx#", b"raro", "otra persona"),
    ],
)
def test_a_file_that_somebody_has_open_is_not_overwritten(path: Path, name: str, content: bytes, owner: str) -> None:
    path.with_name(name).write_bytes(content)
    with pytest.raises(BookError, match=owner):
        replace(path, b"despues", expected=stamp(path))
    assert path.read_bytes() == b"antes"


@pytest.mark.parametrize("step", ["mkdir", "copy2", "mkstemp", "fdopen", "fsync", "copymode", "replace"])
def test_a_failure_at_any_step_leaves_the_old_file(path: Path, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    expected = stamp(path)
    owner: object = {
        "mkdir": Path,
        "copy2": shutil,
        "mkstemp": tempfile,
        "fdopen": os,
        "fsync": os,
        "copymode": shutil,
        "replace": Path,
    }[step]

    def fail(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(owner, step, fail)
    with pytest.raises(BookError, match=r"plan\.xlsx.*intacto"):
        replace(path, b"despues", expected=expected)
    monkeypatch.undo()
    assert path.read_bytes() == b"antes"
    assert not list(path.parent.glob("*.tmp")) + list(path.parent.glob(".poa-*"))


def test_a_disk_that_fills_up_leaves_no_half_backup(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def half(_: Path, target: Path) -> None:
        target.write_bytes(b"an")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(shutil, "copy2", half)
    with pytest.raises(BookError, match="el disco está lleno"):
        replace(path, b"despues", expected=stamp(path))
    assert [each.name for each in path.parent.rglob("*") if each.is_file()] == ["plan.xlsx"]


@pytest.mark.parametrize("kind", ["folder", "pipe", "loop", "below a file", "too long", "missing"])
def test_what_cannot_be_read_is_told(path: Path, kind: str) -> None:
    other = path.with_name("otro.xlsx")
    if kind == "folder":
        other.mkdir()
    elif kind == "pipe":
        os.mkfifo(other)
    elif kind == "loop":
        other.symlink_to(other)
    elif kind == "below a file":
        other = path / "otro.xlsx"
    elif kind == "too long":
        other = path.with_name("x" * 300)
    with pytest.raises(BookError, match=re.escape(other.name)):
        read_file(other)


def test_an_interruption_leaves_the_old_file_and_is_not_swallowed(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        replace(path, b"despues", expected=stamp(path))
    assert path.read_bytes() == b"antes"
    assert not list(path.parent.glob(".poa-*"))
