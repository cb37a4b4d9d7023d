"""Files read with a sentence for every refusal, and replaced whole or not at all, the old one kept."""

import contextlib
import glob
import hashlib
import os
import shutil
import sys
import tempfile
from datetime import datetime
from pathlib import Path

from poa_xl.errors import BookError, StaleBookError
from poa_xl.i18n import reason, say

BACKUPS = "respaldos"


def real(path: Path) -> Path:
    """Return where a path leads, symbolic links followed; nothing need be there.

    Raises:
        BookError: A link leads back to itself.
    """
    try:
        return path.resolve()
    except (OSError, RuntimeError) as error:  # the latter is how Python before 3.13 says that links go in a circle
        raise BookError(say("{file}: un enlace da vueltas y no lleva a ningún archivo", file=str(path))) from error


def keep_apart(output: Path | None, *inputs: Path | None) -> None:
    """Refuse to write over what is read, by whatever name or link it is called.

    Raises:
        BookError: The output is one of the inputs.
    """
    for each in inputs:
        if output is not None and each is not None and _is_same(output, each):
            raise BookError(
                say(
                    "{file}: es el mismo archivo que se lee; elegir otro nombre para lo que se escribe",
                    file=str(output),
                )
            )


def _is_same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return real(one) == real(other)


def read_file(path: Path) -> bytes:
    """Return the content of a file.

    Raises:
        BookError: It is not there, is no file, or cannot be read.
    """
    try:
        if path.is_dir():
            raise BookError(say("{file}: es una carpeta, no un archivo", file=str(path)))
        # A pipe or a device might never end.
        if path.exists() and not path.is_file():
            raise BookError(say("{file}: no es un archivo", file=str(path)))
        return path.read_bytes()
    except FileNotFoundError as error:
        raise BookError(say("{file}: no existe", file=str(path))) from error
    except (OSError, RuntimeError, ValueError) as error:
        detail = reason(error) if isinstance(error, OSError) else error
        raise BookError(say("{file}: no se puede leer ({detail})", file=str(path), detail=detail)) from error


def stamp(path: Path) -> str | None:
    """Return the SHA-256 of a file; None when there is none.

    Raises:
        BookError: It cannot be read.
    """
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise BookError(say("{file}: no se puede leer ({detail})", file=str(path), detail=reason(error))) from error


def lock_owner(path: Path) -> str | None:
    """Return who has a workbook open, by the lock file that Excel or Calc puts beside it; else None."""
    excel = path.with_name(f"~${path.name}")
    calc = path.with_name(f".~lock.{path.name}#")
    try:
        if excel.exists():
            raw = excel.read_bytes()
            return raw[1 : 1 + raw[0]].decode("latin-1").strip() if raw else say("otra persona")
        if calc.exists():
            return calc.read_text("utf-8", "replace").split(",")[1].strip() or say("otra persona")
    except (OSError, IndexError):
        return say("otra persona")
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

    A symbolic link stays one: what it leads to is replaced. Mode, owner and group stay as far as we may set them.

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
    _refuse_open(path)
    shown, path = path, real(path)
    _refuse_open(path)
    present = stamp(path)
    if present is not None and not os.access(path, os.W_OK):
        raise BookError(say("{file}: es de solo lectura", file=path.name))
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
            say(
                "{file}: no se pudo escribir ({detail}); el archivo anterior sigue intacto",
                file=str(shown),
                detail=reason(error),
            )
        ) from error
    return kept


def backup_name(path: Path, folder: Path | None = None) -> Path:
    """Choose a name for a backup that no file has: the time, in `respaldos` beside the file or in another folder."""
    path = real(path)
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
    _refuse_open(path)
    path = real(path)
    _refuse_open(path)
    try:
        backup = _keep(path, backup_name(path, backups))
        path.unlink()
    except OSError as error:
        raise BookError(say("{file}: no se pudo quitar ({detail})", file=str(path), detail=reason(error))) from error
    return backup


def _refuse_open(path: Path) -> None:
    owner = lock_owner(path)
    if owner:
        raise BookError(say("{file}: {owner} lo tiene abierto; cerrarlo y repetir", file=path.name, owner=owner))


def _keep(path: Path, backup: Path) -> Path:
    backup.parent.mkdir(parents=True, exist_ok=True)
    try:
        shutil.copy2(path, backup)
    except BaseException:
        # Half a backup is worse than none: it looks like one.
        with contextlib.suppress(OSError):
            backup.unlink()
        raise
    return backup


def _swap(path: Path, data: bytes) -> None:
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=_prefix(path), suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            _dress(path, temporary)
        else:
            Path(temporary).chmod(0o666 & ~_umask())
        Path(temporary).replace(path)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            Path(temporary).unlink()
        raise


def _dress(path: Path, temporary: str) -> None:
    """Copy to a new file owner, group, access lists and mode of the one whose place it takes, where we may."""
    was = path.stat()
    if sys.platform != "win32":
        # Only root gives files away; a group may be set by whoever belongs to it.
        for owner, group in ((was.st_uid, -1), (-1, was.st_gid)):
            with contextlib.suppress(OSError):
                os.chown(temporary, owner, group)
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            for name in os.listxattr(path):
                os.setxattr(temporary, name, os.getxattr(path, name))
    # Last, since a new owner takes special modes away.
    shutil.copymode(path, temporary)


def sweep(path: Path) -> None:
    """Take away what a replacement of this file left behind when it was killed; nobody else may be at it."""
    path = real(path)
    for left in path.parent.glob(f"{glob.escape(_prefix(path))}*.tmp"):
        with contextlib.suppress(OSError):
            left.unlink()


def _prefix(path: Path) -> str:
    return f".poa-{path.name}-"


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
