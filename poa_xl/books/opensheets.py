"""Sheets of an open workbook: cells written, rows put in, sheets drawn and painted, all in bulk."""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import date
from typing import Any, TypeVar

import xlwings as xw

from poa_xl.books.host import Program, optional
from poa_xl.books.live import Box, matrix_of
from poa_xl.books.opencells import contents, used_box
from poa_xl.sheet.areas import Area
from poa_xl.sheet.grid import runs
from poa_xl.sheet.spec import ConditionalFormat, Prompt, SheetSpec, Style

Item = TypeVar("Item")
# Changes in one step of Calc's undo list, well below the hundred that it keeps.
_SHORT = 40


class AttachedSheets:
    """The sheets of a workbook open in a program.

    Args:
        book: The workbook.
        program: The program that has it open.
    """

    def __init__(self, book: xw.Book, program: Program) -> None:
        self._book = book
        self._program = program

    def contents(self, sheet: str, box: Box | None = None) -> Area:
        """Read what cells hold."""
        return contents(self._book.sheets[sheet], box)

    def put(self, area: Area) -> None:
        """Write contents."""
        self._put(self._book.sheets[area.sheet], area)

    def _put(self, sheet: xw.Sheet, area: Area) -> None:
        width = max(map(len, area.contents))
        with self._program.step(self._book, "POA"):
            for column in range(width):
                at = area.column + column
                values = [[self._program.typed(row[column])] for row in area.contents]
                sheet.range((area.row, at), (area.row + len(values) - 1, at)).value = values

    def insert(self, sheet: str, row: int, like: int, count: int = 1) -> None:
        """Put rows in before a row."""
        page = self._book.sheets[sheet]
        with self._program.step(self._book, "POA"):
            page.range(f"{row}:{row + count - 1}").insert("down")
            model = like if like < row else like + count
            right = used_box(page).right
            try:
                for line in range(row, row + count):
                    page.range((model, 1), (model, right)).copy(page.range((line, 1)))
                    page.range((line, 1)).row_height = page.range((model, 1)).row_height or 15
            except Exception:
                self.take_out(sheet, row, count)
                raise

    def take_out(self, sheet: str, row: int, count: int = 1) -> None:
        """Take rows out."""
        self._book.sheets[sheet].range(f"{row}:{row + count - 1}").delete("up")

    def unlocked(self, sheet: str) -> AbstractContextManager[None]:
        """Lift the protection of a sheet for a while."""
        page = self._book.sheets[sheet]
        return self._program.unlocked(page) if self._program.is_protected(page) else nullcontext()

    def dress(self, sheet: str, box: Box, style: Style | None) -> None:
        """Apply a look to cells."""
        self._dress(self._book.sheets[sheet].range((box.top, box.left), (box.bottom, box.right)), style)

    def _dress(self, cells: xw.Range, style: Style | None) -> None:
        if style is None:
            cells.color = None
            return
        if not style.size:
            return
        with self._program.step(self._book, "POA"):
            if style.fill:
                cells.color = style.fill
            if style.color:
                cells.font.color = style.color
            if style.bold:
                cells.font.bold = True
            cells.font.size = style.size
            cells.vertical_alignment = "center"
            if style.align:
                cells.horizontal_alignment = style.align  # type: ignore[assignment] # ours are three of theirs
            if style.wrap:
                cells.wrap_text = True
            if style.number_format not in ("General", "@"):
                cells.number_format = style.number_format

    def widen(self, sheet: str, column: int, width: float, count: int = 1) -> None:
        """Set the width of columns."""
        self._book.sheets[sheet].range((1, column), (1, column + count - 1)).column_width = width

    def hide(self, sheet: str, rows: Collection[int], *, hidden: bool) -> None:
        """Hide rows, or show them again."""
        page = self._book.sheets[sheet]
        for top, _, bottom, _ in self._in_steps(list(runs([(row, 1) for row in sorted(rows)]))):
            self._program.hide(page, top, bottom, hidden=hidden)

    def arrows(self, sheet: str) -> str:
        """Return the cells over which filter arrows stand."""
        return self._program.arrows(self._book.sheets[sheet])

    def filter(self, sheet: str, cells: str) -> None:
        """Put filter arrows over cells."""
        with optional("put filter arrows over cells"):
            self._program.filter(self._book.sheets[sheet], cells)

    def draw(self, image: SheetSpec, after: str) -> None:
        """Make a sheet."""
        with self._program.step(self._book, "POA"):
            sheet = self._book.sheets.add(image.name, after=self._book.sheets[after])
            self._put(sheet, matrix_of(image.cells, image.name))
            self._fill_in_dates(sheet, image)
            self._lay_out(sheet, image)
            lines: dict[Style, list[tuple[int, int]]] = {}
            for place, cell in sorted(image.cells.items()):
                lines.setdefault(cell.style, []).append(place)
            for style, places in lines.items():
                for top, left, bottom, right in self._in_steps(list(runs(places))):
                    self._dress(sheet.range((top, left), (bottom, right)), style)
            self.paint(image.name, image.rules)
            with optional("say how a sheet comes onto paper"):
                self._program.print_as(sheet, image)

    def _fill_in_dates(self, sheet: xw.Sheet, image: SheetSpec) -> None:
        days = [place for place, cell in image.cells.items() if isinstance(cell.value, date) and not cell.formula]
        for place in self._in_steps(days):
            sheet.range(place).value = image.cells[place].value

    def _lay_out(self, sheet: xw.Sheet, image: SheetSpec) -> None:
        for column, width in self._in_steps(list(image.widths.items())):
            sheet.range((1, column)).column_width = width
        for row, height in self._in_steps(list(image.heights.items())):
            sheet.range((row, 1)).row_height = height
        for area in self._in_steps(image.merges):
            sheet.range(area).merge()
        for row, level in self._in_steps(list(image.levels.items())):
            for _ in range(level):
                sheet.range(f"{row}:{row}").group()
        for choice in self._in_steps(image.choices):
            sheet.range(choice.area).data_validation.set_list(choice.values)

    def _in_steps(self, items: Sequence[Item]) -> Iterator[Item]:
        """Go through items with what is done about them in steps that are short enough."""
        for start in range(0, len(items), _SHORT):
            with self._program.step(self._book, "POA"):
                yield from items[start : start + _SHORT]

    def drop(self, sheet: str) -> None:
        """Take a sheet away."""
        self._book.sheets[sheet].delete()

    def rules(self, sheet: str) -> list[str]:
        """Read the formulas of the conditional formats."""
        return [str(each.formula) for each in self._formats(sheet) if each.type == "custom"]

    def _formats(self, sheet: str) -> Any:  # noqa: ANN401 - xlwings has no name for it
        return self._book.sheets[sheet].used_range.conditional_formats

    def paint(self, sheet: str, rules: Sequence[ConditionalFormat]) -> None:
        """Add conditional formats. Excel reads their formulas from the active cell, so that must be their first one."""
        page = self._book.sheets[sheet]
        page.activate()
        for rule in self._in_steps(rules):
            cells, style = page.range(rule.area), rule.style
            page.range((cells.row, cells.column)).select()
            made = cells.conditional_formats.add_custom(
                rule.formula,
                fill_color=style.fill,
                font_color=style.color or None,
                font_bold=style.bold or None,
                font_italic=style.italic or None,
            )
            with optional("give a conditional format its box and its sign"):
                self._program.finish(made.impl, style)

    def unpaint(self, sheet: str, is_ours: Callable[[str], bool]) -> None:
        """Take conditional formats away, the last one first."""
        # Asked for once: programs look through all of them whenever somebody asks for one.
        found = [each for each in self._formats(sheet) if each.type == "custom" and is_ours(str(each.formula))]
        for each in self._in_steps(found[::-1]):
            each.delete()

    def help(self, sheet: str, prompts: Sequence[Prompt]) -> None:
        """Say things beside cells that are selected."""
        with optional("say things beside cells"):
            self._program.help(self._book.sheets[sheet], prompts)
