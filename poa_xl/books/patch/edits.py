"""What is to change in a worksheet, and what came of it."""

from collections.abc import Callable
from dataclasses import dataclass, field

from poa_xl.books.patch.memory import FormerLooks
from poa_xl.sheet.spec import Cell, Choice, ConditionalFormat, Prompt

Place = tuple[int, int]


@dataclass
class SheetEdits:
    """What is to change in a worksheet.

    Attributes:
        cells: Row and column to a cell to put there; None takes the cell element away.
        keep_format: Places whose present format stays, whatever the cell's style says.
        raw: Type and inner XML of cells to put back as `content` gave them, with their present format.
        rules: Conditional formats to add.
        drop_rule: Tells by its formula whether a conditional format goes.
        choices: Drop-down lists to add.
        drop_choice: Tells by its list whether a drop-down goes.
        prompts: Input help to add, where a cell has no validation.
        drop_prompt: Tells by its title whether an input help goes.
        columns: Column number to width and outline level, to set.
        drop_columns: Columns whose width and level were set by us and go.
        filter: The cells of the filter arrows; an empty text takes them away, None leaves them as they are.
        former: What stood there before we set columns, to be given back when they go.
    """

    cells: dict[Place, Cell | None] = field(default_factory=dict)
    keep_format: set[Place] = field(default_factory=set)
    raw: dict[Place, tuple[str, str]] = field(default_factory=dict)
    rules: list[ConditionalFormat] = field(default_factory=list)
    drop_rule: Callable[[str], bool] | None = None
    choices: list[Choice] = field(default_factory=list)
    drop_choice: Callable[[str], bool] | None = None
    prompts: list[Prompt] = field(default_factory=list)
    drop_prompt: Callable[[str], bool] | None = None
    columns: dict[int, tuple[float, int]] = field(default_factory=dict)
    drop_columns: set[int] = field(default_factory=set)
    filter: str | None = None
    former: FormerLooks = field(default_factory=FormerLooks)


@dataclass
class Edited:
    """What came of it: the new part, the cells that may differ, whether formulas came or went."""

    data: bytes
    touched: set[Place]
    formulas: bool
