"""The files of a country, found: in folders, or where fsspec reaches; each with the region that it belongs to."""

import contextlib
import os
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from poa_xl.actions.gathering import Found, gather
from poa_xl.books.package import is_book_name
from poa_xl.errors import SyncError
from poa_xl.i18n import say


@dataclass(frozen=True)
class Source:
    """A file that is to be read.

    Attributes:
        found: The file; of one that fsspec reaches, its path is the URL's.
        region: The folder right below what was named, or what was named where the file stands right in it.
        url: Where fsspec reaches it; empty for a file of this machine.
    """

    found: Found
    region: str
    url: str = ""

    @property
    def place(self) -> str:
        """Its full path or URL: what it is known by from run to run."""
        return self.url or str(self.found.path)


def is_url(text: str) -> bool:
    """Return whether a text names what fsspec reaches; a drive of Windows is none."""
    return len(urlsplit(text).scheme) > 1 and "://" in text


def listed(sources: Sequence[str]) -> list[Source]:
    """Find all files, in the order of regions and names; each name stands for one file.

    Raises:
        SyncError: There is nothing that could be read, or nothing that can reach it.
    """
    found: dict[str, Source] = {}
    for text in sources:
        for each in _remote(text) if is_url(text) else _local(Path(text)):
            found.setdefault(each.url or os.path.realpath(each.found.path), each)
    names: dict[tuple[str, str], int] = {}
    for each in found.values():
        names[each.region, each.found.name] = names.get((each.region, each.found.name), 0) + 1
    named = (
        each if names[each.region, each.found.name] == 1 else replace(each, found=replace(each.found, name=each.place))
        for each in found.values()
    )
    return sorted(named, key=lambda each: (each.region, each.found.name))


@contextlib.contextmanager
def at_hand(source: Source) -> Iterator[Found]:
    """Yield a file as one of this machine; one that fsspec reaches is fetched, and taken away again.

    Raises:
        OSError: It cannot be fetched.
    """
    if not source.url:
        yield source.found
        return
    system, place = _reached(source.url)
    with tempfile.TemporaryDirectory(prefix="poa_xl_") as folder:
        path = Path(folder) / Path(source.found.name).name
        path.write_bytes(system.cat_file(place))
        yield replace(source.found, path=path)


def _local(source: Path) -> Iterator[Source]:
    top = source if source.is_dir() else source.parent
    for each in gather([source], []):
        parts = each.path.relative_to(top).parts if each.path.is_relative_to(top) else (each.path.name,)
        named = replace(each, name=each.path.name)
        yield Source(named, parts[0] if len(parts) > 1 else top.resolve().name)


def _remote(source: str) -> Iterator[Source]:
    system, place = _reached(source)
    try:
        places = [place] if system.isfile(place) else sorted(system.find(place))
    except Exception as error:
        raise SyncError(say("{file}: no se puede leer ({detail})", file=source, detail=error)) from error
    top = place.rstrip("/") if places != [place] else place.rpartition("/")[0]
    books = [each for each in places if is_book_name(Path(each)) and not Path(each).name.startswith((".", "~$"))]
    if not books:
        raise SyncError(say("{folder}: no hay ningún libro .xlsx o .xlsm", folder=source))
    for each in books:
        parts = each.removeprefix(top).strip("/").split("/")
        region = parts[0] if len(parts) > 1 else top.rpartition("/")[2]
        yield Source(Found(Path(each), Path(each).name), region, system.unstrip_protocol(each))


def _reached(url: str) -> tuple[Any, str]:
    """Return the file system of a URL, and the path there.

    Raises:
        SyncError: What reaches it is not installed, or there is none.
    """
    try:
        from fsspec.core import url_to_fs  # noqa: PLC0415 - only URLs need it

        system, place = url_to_fs(url)
    except ImportError as error:
        text = say("{file}: para leerlo hay que instalar {module}", file=url, module=error.name or str(error))
        raise SyncError(text) from error
    except ValueError as error:
        raise SyncError(say("{file}: no se puede leer ({detail})", file=url, detail=error)) from error
    return system, str(place)
