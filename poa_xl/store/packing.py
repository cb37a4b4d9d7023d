"""Plans and blocks as the history keeps them: compressed JSON."""

import hashlib
import json
import zlib
from collections.abc import Mapping
from typing import Any

from poa_xl.core.blocks import Block
from poa_xl.core.plan import Row
from poa_xl.core.record import recorded, restored
from poa_xl.errors import BookError
from poa_xl.i18n import say


def pack(content: object) -> bytes:
    """Write plain data as compressed JSON, the same bytes for the same data."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return zlib.compress(text.encode())


def unpack(data: bytes) -> Any:  # noqa: ANN401 - as JSON gives it
    """Read what `pack` wrote.

    Raises:
        BookError: The bytes are damaged.
    """
    try:
        return json.loads(zlib.decompress(data))
    except (zlib.error, ValueError, TypeError) as error:
        raise BookError(_damaged(error)) from error


def unpack_rows(data: bytes) -> tuple[Row, ...]:
    """Read rows that `pack` wrote.

    Raises:
        BookError: The bytes are damaged.
    """
    return _restored(unpack(data))


def _restored(records: Any) -> tuple[Row, ...]:  # noqa: ANN401 - as JSON gives it
    try:
        return restored(records)
    except (AttributeError, LookupError, TypeError, ValueError, ArithmeticError) as error:
        raise BookError(_damaged(error)) from error


def _damaged(error: Exception) -> str:
    return say("la historia está dañada y no se puede leer ({detail}); reponerla de un respaldo", detail=error)


def key_of(content: object) -> str:
    """Return the hash of plain data."""
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def pack_settled(settled: Mapping[Any, Block | None]) -> bytes:
    """Write blocks by code."""
    return pack({str(code): None if block is None else recorded(block.rows) for code, block in settled.items()})


def unpack_settled(data: bytes) -> dict[str, Block | None]:
    """Read what `pack_settled` wrote.

    Raises:
        BookError: The bytes are damaged.
    """
    found = unpack(data)
    if not isinstance(found, dict):
        raise BookError(_damaged(TypeError(type(found).__name__)))
    return {code: None if rows is None else _block(rows) for code, rows in found.items()}


def _block(records: object) -> Block:
    rows = _restored(records)
    if not rows:
        raise BookError(_damaged(ValueError("0")))
    return Block(rows[0], rows[1:])
