"""Files replaced whole or not at all, the old one kept."""

import contextlib
import hashlib
import os
import shutil
import tempfile
from datetime import datetime
from pathlib import Path

from poa_xl.books.package import lock_owner
from poa_xl.errors import BookError, StaleBookError
from poa_xl.i18n import say

BACKUPS = "respaldos"


def stamp(path: Path) -> str | None:
    """Give the SHA-256 of a file; None when there is none."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except FileNotFoundError:
        return None


def replace(path: Path, data: bytes, *, expected: str | None = None, backups: Path | None = None) -> Path | None:
    """Put new bytes in a file's place: a backup first, then one atomic step.

    Args:
        path: The file; it may not exist yet, nor its folder.
        data: Its new content.
        expected: Stamp of the content that `data` was made from; None when the file was not there.
        backups: Folder for the backup; by default `respaldos` beside the file.

    Returns:
        The backup; None when there was nothing to keep, or nothing would change.

    Raises:
        StaleBookError: The file is not the one that was read.
        BookError: Somebody has it open, or the folder refuses.
    """
    owner = lock_owner(path)
    if owner:
        raise BookError(say("{file}: {owner} lo tiene abierto; cerrarlo y repetir", file=path.name, owner=owner))
    present = stamp(path)
    if present != expected:
        raise StaleBookError(say("{file}: cambió mientras se trabajaba; repetir", file=path.name))
    if present == hashlib.sha256(data).hexdigest():
        return None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        backup = _keep(path, backups or path.parent / BACKUPS) if present else None
        _swap(path, data)
    except OSError as error:
        raise BookError(
            say("{file}: no se pudo escribir ({detail}); el archivo anterior sigue intacto",
                file=str(path), detail=error.strerror or error)
        ) from error  # fmt: skip
    return backup


def _keep(path: Path, folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    moment = datetime.now().astimezone()
    name = f"{path.stem} {moment:%Y-%m-%d %H%M%S}"
    backup = folder / f"{name}{path.suffix}"
    number = 1
    while backup.exists():
        number += 1
        backup = folder / f"{name} ({number}){path.suffix}"
    shutil.copy2(path, backup)
    return backup


def _swap(path: Path, data: bytes) -> None:
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".poa-", suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            shutil.copymode(path, temporary)
        else:
            Path(temporary).chmod(0o666 & ~_umask())
        Path(temporary).replace(path)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            Path(temporary).unlink()
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
