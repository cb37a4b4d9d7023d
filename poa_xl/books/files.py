"""Files replaced whole or not at all, the old one kept."""

import contextlib
import glob
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


def replace(
    path: Path,
    data: bytes,
    *,
    expected: str | None = None,
    backups: Path | None = None,
    backup: Path | None = None,
) -> Path | None:
    """Put new bytes in a file's place: a backup first, then one atomic step.

    Args:
        path: The file; it may not exist yet, nor its folder.
        data: Its new content.
        expected: Stamp of the content that `data` was made from; None when the file was not there.
        backups: Folder for the backup; by default `respaldos` beside the file.
        backup: The backup itself, where its name was chosen with `backup_name`.

    Returns:
        The backup; None when there was nothing to keep, or nothing would change.

    Raises:
        StaleBookError: The file is not the one that was read.
        BookError: Somebody has it open, or the folder refuses.
    """
    owner = lock_owner(path)
    if owner:
        raise BookError(say("{file}: {owner} lo tiene abierto; cerrarlo y repetir", file=path.name, owner=owner))
    if path.exists() and not os.access(path, os.W_OK):
        raise BookError(say("{file}: es de solo lectura", file=path.name))
    present = stamp(path)
    if present != expected:
        raise StaleBookError(say("{file}: cambió mientras se trabajaba; repetir", file=path.name))
    if present == hashlib.sha256(data).hexdigest():
        return None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        kept = _keep(path, backup or backup_name(path, backups)) if present else None
        _swap(path, data)
    except OSError as error:
        raise BookError(
            say("{file}: no se pudo escribir ({detail}); el archivo anterior sigue intacto",
                file=str(path), detail=error.strerror or error)
        ) from error  # fmt: skip
    return kept


def backup_name(path: Path, folder: Path | None = None) -> Path:
    """Choose a name for a backup that no file has: the time, in `respaldos` beside the file or in another folder."""
    place = folder or path.parent / BACKUPS
    name = f"{path.stem} {datetime.now().astimezone():%Y-%m-%d %H%M%S}"
    backup = place / f"{name}{path.suffix}"
    number = 1
    while backup.exists():
        number += 1
        backup = place / f"{name} ({number}){path.suffix}"
    return backup


def retire(path: Path, backups: Path | None = None) -> Path:
    """Take a file away; a backup of it stays.

    Returns:
        The backup.

    Raises:
        BookError: Somebody has it open, or the folder refuses.
    """
    owner = lock_owner(path)
    if owner:
        raise BookError(say("{file}: {owner} lo tiene abierto; cerrarlo y repetir", file=path.name, owner=owner))
    try:
        backup = _keep(path, backup_name(path, backups))
        path.unlink()
    except OSError as error:
        raise BookError(
            say("{file}: no se pudo quitar ({detail})", file=str(path), detail=error.strerror or error)
        ) from error
    return backup


def _keep(path: Path, backup: Path) -> Path:
    backup.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(path, backup)
    return backup


def _swap(path: Path, data: bytes) -> None:
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=_prefix(path), suffix=".tmp")
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


def sweep(path: Path) -> None:
    """Take away what a replacement of this file left behind when it was killed; nobody else may be at it."""
    for left in path.parent.glob(f"{glob.escape(_prefix(path))}*.tmp"):
        with contextlib.suppress(OSError):
            left.unlink()


def _prefix(path: Path) -> str:
    return f".poa-{path.name}-"


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
