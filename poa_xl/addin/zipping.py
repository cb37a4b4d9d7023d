"""Packages of parts, the same bytes for the same parts, on any system."""

import io
import zipfile
from collections.abc import Mapping, Sequence

_MOMENT = (2020, 1, 1, 0, 0, 0)


def unpacked(data: bytes) -> dict[str, bytes]:
    """Return the parts of a package by name."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


def packed(parts: Mapping[str, bytes], head: Sequence[str]) -> bytes:
    """Zip the parts, those of `head` first, the others by name."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name in [*head, *sorted(parts.keys() - {*head})]:
            entry = zipfile.ZipInfo(name, _MOMENT)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 0
            package.writestr(entry, parts[name])
    return buffer.getvalue()
