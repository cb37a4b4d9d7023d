"""The one door for text to the terminal: it always opens, and lets nothing harmful through.

A stream may not know our letters (a pipe on Windows, `PYTHONIOENCODING=ascii`), may be closed, full, or read by a
program that left. None of that may end a command in the middle, after it has written a workbook.
"""

import codecs
import contextlib
import errno
import io
import os
import re
import sys
import unicodedata
from collections.abc import Callable, Iterator
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from typing_extensions import Buffer

# What a terminal would obey: control characters but for line breaks and tabs, and what turns the direction of text.
_COMMANDS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_SEEN = "�"
# How signs of ours look where only plain letters can be shown.
_PLAIN = {
    "→": "->",
    "…": "...",
    "—": "-",
    "–": "-",
    "─": "-",
    "━": "-",
    "╺": "-",
    "╸": "-",
    "│": "|",
    "•": "*",
    "·": "-",
    "«": '"',
    "»": '"',
    "“": '"',
    "”": '"',
    "‘": "'",
    "’": "'",
    "≤": "<=",
    "≥": ">=",
    "≠": "/=",
    "√": "v",
    "º": "o",
    "ª": "a",
    "¿": "",
    "¡": "",
    "▲": "^",
    "✓": "v",
    "×": "x",
    "÷": "/",
}


def harmless(text: str) -> str:
    """Return a text with a sign in the place of every character that a terminal would obey."""
    return _COMMANDS.sub(_SEEN, text)


def _plain(error: UnicodeError) -> tuple[str, int]:
    """Replace what an encoding lacks: by a sign that looks like it, else the letter without its accent, else `?`."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    shown = []
    for letter in error.object[error.start : error.end]:
        bare = unicodedata.normalize("NFKD", letter).encode("ascii", "ignore").decode()
        shown.append(_PLAIN.get(letter, bare or ("" if unicodedata.combining(letter) else "?")))
    return "".join(shown), error.end


codecs.register_error("poa-plain", _plain)


class Door(io.TextIOBase):
    """A stream that takes every text and never fails; what went wrong first is kept in `failure`.

    It says of itself that it is UTF-8, so that whoever writes need not care; the real encoding is met here.

    Args:
        stream: Where texts go; None where there is nothing, as when standard output was closed.
    """

    def __init__(self, stream: IO[str] | None) -> None:
        self._stream = stream
        self.failure: OSError | None = None
        self._real = getattr(stream, "encoding", None) or "utf-8"
        self.buffer = _Bytes(self)

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """What may be written: everything."""
        return "utf-8"

    def write(self, text: str) -> int:
        """Write a text, in letters that the stream has."""
        self._try(lambda stream: stream.write(text.encode(self._real, "poa-plain").decode(self._real)))
        return len(text)

    def write_bytes(self, data: "Buffer") -> None:
        """Write bytes as they are, behind all text so far."""

        def put(stream: IO[str]) -> None:
            stream.flush()
            stream.buffer.write(data)  # type: ignore[attr-defined]
            stream.buffer.flush()  # type: ignore[attr-defined]

        self._try(put)

    def flush(self) -> None:
        """Hand over what was written."""
        if self.failure is None and self._stream is not None:
            self._try(lambda stream: stream.flush())

    def isatty(self) -> bool:
        """Whether a person looks at it."""
        return self._stream is not None and self._stream.isatty()

    def fileno(self) -> int:
        """Return the number of the stream behind, for those who ask how wide it is."""
        if self._stream is None:
            raise io.UnsupportedOperation
        return self._stream.fileno()

    def writable(self) -> bool:
        """Whether one may write: always."""
        return True

    def _try(self, what: Callable[[IO[str]], object]) -> None:
        if self.failure is not None:
            return
        if self._stream is None:
            self.failure = OSError(errno.EBADF, os.strerror(errno.EBADF))
            return
        try:
            what(self._stream)
        except OSError as error:
            self._fail(error)
        except ValueError:  # closed meanwhile
            self._fail(OSError(errno.EBADF, os.strerror(errno.EBADF)))

    def _fail(self, error: OSError) -> None:
        self.failure = error
        # What is still in its buffer would be tried again, and fail again, when Python ends.
        with contextlib.suppress(OSError, ValueError, AttributeError):
            number = self._stream.fileno() if self._stream is not None else -1
            nothing = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nothing, number)
            os.close(nothing)


class _Bytes(io.RawIOBase):
    """The way of bytes through a door."""

    def __init__(self, door: Door) -> None:
        self._door = door

    def writable(self) -> bool:
        return True

    def write(self, data: "Buffer") -> int:
        self._door.write_bytes(data)
        return len(memoryview(data))

    def flush(self) -> None:
        self._door.flush()


@contextlib.contextmanager
def doors() -> Iterator[tuple[Door, Door]]:
    """Let all that is written to standard output and standard error go through doors, meanwhile."""
    was = sys.stdout, sys.stderr
    out, err = Door(was[0]), Door(was[1])
    sys.stdout, sys.stderr = out, err
    try:
        yield out, err
    finally:
        out.flush()
        err.flush()
        sys.stdout, sys.stderr = was
