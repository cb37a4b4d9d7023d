"""Programs that xlwings speaks with: what Excel and Calc do in different ways, and what each may refuse."""

import contextlib
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import xlwings as xw

from poa_xl.i18n import say
from poa_xl.sheet.areas import Content
from poa_xl.sheet.grid import Merge, Value
from poa_xl.sheet.spec import Prompt, SheetSpec, Style

Cells = dict[int, dict[int, Value]]
LOG = logging.getLogger("poa_xl")


@dataclass(frozen=True)
class Details:
    """What there is to know of the cells of a sheet besides their values; see `Grid`.

    Attributes:
        formulas: As in the grid.
        kinds: What formats show numbers as, where that is no number and no day; see `kind_of`.
        merges: As in the grid.
        hidden: As in the grid.
        totals: As in the grid.
        painted: As in the grid, where the program tells.
    """

    formulas: Mapping[tuple[int, int], str] = field(default_factory=dict)
    kinds: Mapping[tuple[int, int], str] = field(default_factory=dict)
    merges: tuple[Merge, ...] = ()
    hidden: frozenset[int] = frozenset()
    totals: frozenset[tuple[int, int]] = frozenset()
    painted: Mapping[tuple[int, int], str] = field(default_factory=dict)


class Program(Protocol):
    """What Excel and Calc do in different ways."""

    @property
    def name(self) -> str:
        """What it is called, for diagnosis."""

    @property
    def counts_true_days(self) -> bool:
        """Whether 29 February 1900 is no day for it: its dates before come a day earlier than those of a file."""

    def address(self, book: xw.Book) -> str:
        """Where a workbook is: a path, or the address of a cloud."""

    def details(self, sheet: xw.Sheet, cells: Cells) -> Details:
        """Look at cells; `cells` are those that hold something."""

    def counts_from_1904(self, book: xw.Book) -> bool:
        """Whether day numbers of a workbook count from 1904."""

    def properties(self, book: xw.Book) -> dict[str, str]:
        """Read the custom properties of a workbook."""

    def typed(self, content: Content) -> Content:
        """Return what makes a cell hold a content when it is set."""

    def is_protected(self, sheet: xw.Sheet) -> bool:
        """Whether locked cells of a sheet refuse to be changed."""

    def is_locked(self, cells: xw.Range) -> bool:
        """Whether some of these cells are locked."""

    def unlocked(self, sheet: xw.Sheet) -> AbstractContextManager[None]:
        """Lift the protection of a sheet for a while; see `LiveBook`."""

    def refuses_sheets(self, book: xw.Book) -> bool:
        """Whether a workbook is protected against sheets that come or go."""

    def place(self, book: xw.Book) -> Callable[[], None]:
        """Return what scrolls back to where the window is now."""

    def step(self, book: xw.Book, name: str) -> AbstractContextManager[None]:
        """Make all changes inside one step of the program's own undo list."""

    def finish(self, painted: Any, style: Style) -> None:  # noqa: ANN401 - xlwings has no name for it
        """Set what xlwings has no words for in a conditional format: its box and its number format."""

    def help(self, sheet: xw.Sheet, prompts: Sequence[Prompt]) -> None:
        """Set the input help of cells in place of all of ours; a cell with a validation keeps that."""

    def hide(self, sheet: xw.Sheet, top: int, bottom: int, *, hidden: bool) -> None:
        """Hide rows from one to another, or show them again."""

    def arrows(self, sheet: xw.Sheet) -> str:
        """Return the cells over which filter arrows stand; empty for none."""

    def filter(self, sheet: xw.Sheet, cells: str) -> None:
        """Put filter arrows over cells in place of those that are there; empty for none."""

    def open(self, app: xw.App, path: Path) -> None:
        """Open a workbook, beside another one of its name too."""

    def print_as(self, sheet: xw.Sheet, image: SheetSpec) -> None:
        """Say how a sheet comes onto paper, where the program can be told."""

    def prompt(self, app: xw.App, question: str, title: str, given: str) -> str | None:
        """Ask in a box for a line of text; None when people do not go on."""


def has_password(sheet: str) -> str:
    """Say that the protection of a sheet stays."""
    return say(
        "la hoja «{sheet}» está protegida con contraseña y no se cambió nada: pedir el cambio a quien la protegió",
        sheet=sheet,
    )


@contextlib.contextmanager
def optional(what: str) -> Iterator[None]:
    """Go on when a program refuses what nobody needs; the log says so."""
    try:
        yield
    except Exception as error:  # noqa: BLE001 - every program refuses in its own way
        LOG.warning("could not %s: %s: %s", what, type(error).__name__, error)
