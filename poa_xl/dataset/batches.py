"""The files of a dataset: one part a batch and table, written as a whole or not at all, known again after a stop.

    DIR/poa.json                                   what makes the folder one of ours
    DIR/rows/region=La%20Paz/part-3f2a….parquet
    DIR/findings/…  DIR/changes/…  DIR/submissions/…

The part of `submissions` is written last and taken away first: where it stands, the others of its batch do too.
"""

import contextlib
import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from urllib.parse import quote, unquote

import pyarrow as pa
import pyarrow.parquet as pq

import poa_xl
from poa_xl.dataset.schema import TABLES, schema
from poa_xl.errors import SyncError
from poa_xl.i18n import reason, say

MARK = "poa.json"
# What was refused is tried again each time.
REFUSED = "refused"
_LAST = "submissions"
_MADE_BY = b"poa-xl"


class Parts:
    """The parts in a folder.

    Args:
        folder: The dataset; made where it is not there.

    Raises:
        SyncError: The folder holds something else, or cannot be written in.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        mark = folder / MARK
        try:
            if folder.exists() and not mark.exists() and any(folder.iterdir()):
                raise SyncError(
                    say("{folder}: no está vacía y no es de poa sync --to; elegir otra carpeta", folder=str(folder))
                )
            folder.mkdir(parents=True, exist_ok=True)
            _write(mark, json.dumps({"made_by": "poa-xl", "version": poa_xl.__version__, "tables": [*TABLES]}).encode())
        except OSError as error:
            raise SyncError(
                say("{file}: no se puede escribir en su carpeta ({detail})", file=str(folder), detail=reason(error))
            ) from error

    def keep(self, wanted: Mapping[str, str]) -> set[str]:
        """Take away every part that is not wanted as it is; what a stop left unfinished goes too.

        Args:
            wanted: Hash of every file that is to count, by its full path.

        Returns:
            Full paths of the files that stand in the parts that stay.
        """
        kept: set[str] = set()
        valid: set[tuple[str, str]] = set()
        for path in sorted((self.folder / _LAST).glob("region=*/*.parquet")):
            files = _files(path)
            if path.stem != REFUSED and files and all(wanted.get(place) == sha for place, sha in files):
                kept |= {place for place, _ in files}
                valid.add((path.parent.name, path.name))
            else:
                path.unlink()
        for name in TABLES:
            for path in (self.folder / name).glob("region=*/*"):
                if (path.parent.name, path.name) not in valid:
                    path.unlink()
            for region in (self.folder / name).glob("region=*"):
                with contextlib.suppress(OSError):  # it holds parts
                    region.rmdir()
        return kept

    def add(self, region: str, key: str, tables: Mapping[str, Sequence[pa.Table]]) -> None:
        """Write one batch of a region.

        Args:
            region: The region.
            key: What no other batch of the region is called.
            tables: The records of each table; those without any get no file.
        """
        for name in sorted(TABLES, key=lambda each: each == _LAST):
            found = pa.concat_tables([schema(TABLES[name]).empty_table(), *tables.get(name, ())])
            if not found.num_rows:
                continue
            marked = found.replace_schema_metadata({_MADE_BY: poa_xl.__version__.encode()})
            buffer = pa.BufferOutputStream()
            pq.write_table(marked, buffer, compression="zstd")
            folder = self.folder / name / f"region={quote(region, safe='')}"
            folder.mkdir(parents=True, exist_ok=True)
            _write(folder / f"{key}.parquet", buffer.getvalue().to_pybytes())

    def regions(self) -> list[str]:
        """List the regions there are."""
        return sorted(unquote(each.name.removeprefix("region=")) for each in (self.folder / _LAST).glob("region=*"))

    def batches(self, table: str, region: str) -> Iterator[pa.RecordBatch]:
        """Yield the records of a region, a few thousand at a time."""
        folder = self.folder / table / f"region={quote(region, safe='')}"
        for path in sorted(folder.glob("*.parquet")):
            with pq.ParquetFile(path) as file:
                yield from file.iter_batches(batch_size=4096)


def batch_key(files: Iterable[tuple[str, str]]) -> str:
    """Name a batch by the full paths and hashes of its files: the same ones come to the same name."""
    text = "\n".join(f"{place}\t{sha}" for place, sha in files)
    return f"part-{hashlib.sha256(text.encode('utf-8', 'surrogateescape')).hexdigest()[:16]}"


def _files(path: Path) -> list[tuple[str, str]]:
    """List full path and hash of the files of a part; none where another version made it, or it is damaged."""
    try:
        with pq.ParquetFile(path) as file:
            if (file.schema_arrow.metadata or {}).get(_MADE_BY) != poa_xl.__version__.encode():
                return []
            read = file.read(["path", "sha256"])
    except (OSError, pa.ArrowException, KeyError):
        return []
    return [(each["path"] or "", each["sha256"] or "") for each in read.to_pylist()]


def _write(path: Path, data: bytes) -> None:
    """Write a file in one step; it is derived and needs no backup."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.write_bytes(data)
    beside.replace(path)
