"""What commands say: sentences, tables, what was written; and how much of it."""

import errno
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import TypeVar

from rich.console import Console, RenderableType
from rich.text import Text

from poa_xl.i18n import reason, say
from poa_xl.terminal.door import Door, doors, harmless

# As wide as a table asks for, where nobody says how wide: in a pipe or a file.
_UNSIZED = 120

Thing = TypeVar("Thing")


class Screen:
    """Standard output and standard error of one command.

    Args:
        out: The door of standard output.

    Attributes:
        is_quiet: Whether only data, problems and nothing else are said.
        has_color: Whether colors may be used; None to let the terminal decide.
    """

    def __init__(self, out: Door) -> None:
        self._out = out
        self.is_quiet = False
        self.has_color: bool | None = None
        self._written: list[tuple[Path, Path | None]] = []

    def line(self, text: str, style: str = "") -> None:
        """Say a sentence."""
        self.show(Text(harmless(text), style=style))

    def show(self, *what: RenderableType) -> None:
        """Show tables, texts and what else rich draws, side by side; made by `poa_xl.terminal` only.

        A terminal gets sentences broken between words; a pipe or a file, each in one line.
        """
        if not self.is_quiet:
            console = self._console()
            are_texts = all(isinstance(each, Text) for each in what)
            console.print(*what, soft_wrap=are_texts and not console.is_terminal)

    def follow(self, text: str) -> None:
        """Say what to do next."""
        self._whole(say("Sigue: {what}", what=text), "cyan")

    def _whole(self, text: str, style: str = "") -> None:
        """Say a line from which people copy a command or a path: no break of ours stands in it."""
        if not self.is_quiet:
            self._console().print(Text(harmless(text), style=style), soft_wrap=True)

    def problem(self, text: str) -> None:
        """Say what could not be done, on standard error."""
        self._console(stderr=True).print(Text(harmless(text), style="bold red"), soft_wrap=True)

    def written(self, path: Path, backup: Path | None) -> None:
        """Say which workbook was written, and where the one before is."""
        self._written.append((path, backup))
        self._tell_written(path, backup)

    def _tell_written(self, path: Path, backup: Path | None) -> None:
        if backup is not None:
            self._whole(say("Respaldo: {path}", path=str(backup)))
        self._whole(say("Libro: {path}", path=str(path)), "bold")

    def data(self, data: str | bytes) -> None:
        """Write what another program will read: text in the letters of the stream, bytes as they are."""
        if isinstance(data, bytes):
            self._out.write_bytes(data)
        else:
            self._out.write(data)

    def tracked(self, things: Iterable[Thing], what: str, count: int) -> Iterable[Thing]:
        """Show a bar on standard error while things are gone through; nothing when nobody looks."""
        console = self._console(stderr=True)
        return _bar(things, what, count, console) if console.is_terminal and not self.is_quiet else things

    def _console(self, *, stderr: bool = False) -> Console:
        console = Console(stderr=stderr, highlight=False, no_color=None if self.has_color is not False else True)
        if not console.is_terminal and "COLUMNS" not in os.environ:
            console.width = max(console.width, _UNSIZED)
        return console

    def close(self, code: int, failed: int) -> int:
        """Say on standard error what standard output did not take.

        Args:
            code: What the command came to.
            failed: The exit code for what could not be done.

        Returns:
            The exit code: what the command came to, but where its only product was what nobody could be shown.
        """
        self._out.flush()
        failure = self._out.failure
        if failure is None:
            return code
        # Windows says EINVAL where others say EPIPE.
        reader_left = failure.errno in (errno.EPIPE, errno.EINVAL)
        if not reader_left:
            detail = say("está cerrada") if failure.errno == errno.EBADF else reason(failure)
            self.problem(say("la salida no se pudo escribir ({detail})", detail=detail))
        for path, backup in self._written:
            if backup is not None:
                self.problem(say("Respaldo: {path}", path=str(backup)))
            self.problem(say("Libro: {path}", path=str(path)))
        return code if reader_left or self._written else max(code, failed)


def _bar(things: Iterable[Thing], what: str, count: int, console: Console) -> Iterator[Thing]:
    from rich.progress import track  # noqa: PLC0415 - slow to load, and few commands show a bar

    yield from track(things, what, total=count, console=console, transient=True)


_SCREEN: ContextVar[Screen] = ContextVar("screen")


def screen() -> Screen:
    """Return the screen of the command that runs."""
    return _SCREEN.get()


@contextmanager
def opened() -> Iterator[Screen]:
    """Open a screen for a command: all text goes through doors meanwhile."""
    with doors() as (out, _):
        token = _SCREEN.set(Screen(out))
        try:
            yield _SCREEN.get()
        finally:
            _SCREEN.reset(token)
