"""Lists of things: a table where there is room for one, else a block for each."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from rich import box
from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.table import Table
from rich.text import Text

from poa_xl.i18n import say
from poa_xl.terminal.door import harmless

# Below this, columns would be so narrow that words break.
_ROOM = 110
# More rows than this nobody reads in a terminal.
MOST = 200
_LONGEST = 40


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a listing.

    Attributes:
        caption: What stands above it.
        style: How it looks.
        is_key: Whether it says which thing this is; such cells head the block.
        is_number: Whether it holds numbers.
        is_whole: Whether its texts may not be broken.
        width: The most that it takes; 0 for no limit.
        share: How much of the room that is left it takes, against other columns.
    """

    caption: str
    style: str = ""
    is_key: bool = False
    is_number: bool = False
    is_whole: bool = False
    width: int = 0
    share: int = 0


@dataclass
class Listing:
    """Things, one row each. Cells are plain text: nothing in them is markup, or obeyed by a terminal.

    Attributes:
        columns: The columns.
        title: What stands above all; empty for nothing.
        title_style: How the title looks.
    """

    columns: Sequence[Column]
    title: str = ""
    title_style: str = "bold"
    _rows: list[tuple[list[Text], str]] = field(default_factory=list)

    def add(self, *cells: str | tuple[str, str], style: str = "") -> None:
        """Add a row: a text for each column, or text and style."""
        pairs = (cell if isinstance(cell, tuple) else (cell, "") for cell in cells)
        self._rows.append(([Text(harmless(text), style=look) for text, look in pairs], style))

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Draw it as wide as there is room."""
        if options.max_width >= _ROOM:
            yield self._table()
        else:
            yield from self._blocks(console, options.max_width)

    def _table(self) -> Table:
        table = Table(
            box=box.SIMPLE_HEAD,
            pad_edge=False,
            title=Text(self.title) if self.title else None,
            title_justify="left",
            title_style=self.title_style,
        )
        for each in self.columns:
            table.add_column(
                Text(each.caption),
                style=each.style,
                justify="right" if each.is_number else "left",
                overflow="fold",
                no_wrap=each.is_whole,
                max_width=each.width or None,
                ratio=each.share or None,
            )
        for cells, style in self._rows:
            table.add_row(*cells, style=style)
        return table

    def _blocks(self, console: Console, width: int) -> Iterable[RenderableType]:
        if self.title:
            yield Text(self.title, style=self.title_style)
        for cells, style in self._rows:
            filled = [(column, cell) for column, cell in zip(self.columns, cells, strict=True) if cell.plain]
            heads = [self._styled(column, cell) for column, cell in filled if column.is_key]
            yield Text("  ", style=style).join(heads)
            numbers = [f"{column.caption} {cell.plain}" for column, cell in filled if column.is_number]
            if numbers:
                yield from _indented(Text(" · ".join(numbers), style=style), console, width)
            for column, cell in filled:
                if not column.is_key and not column.is_number:
                    line = Text.assemble((f"{column.caption}: ", "dim"), self._styled(column, cell), style=style)
                    yield from _indented(line, console, width)
        yield Text()

    @staticmethod
    def _styled(column: Column, cell: Text) -> Text:
        return Text(cell.plain, style=cell.style or column.style)


def _indented(text: Text, console: Console, width: int) -> Iterable[Text]:
    """Break a text into lines, set in by two; nothing stands behind the last word of a line, for whoever copies it."""
    for line in text.wrap(console, width - 2):
        line.rstrip()
        yield Text.assemble("  ", line)


def cut(text: str) -> str:
    """Shorten a name that would fill the screen."""
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def spot(code: str, line: int) -> str:
    """Name a row: its code, and which partida line of it."""
    return f"{code} · {say('partida')} {line}" if line else code
