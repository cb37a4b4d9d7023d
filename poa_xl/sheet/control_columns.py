"""The table of the control columns: everything that is known of each of them, in one place."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from poa_xl.core.flags import Flag
from poa_xl.core.plan import Row
from poa_xl.core.values import Invalid
from poa_xl.sheet import looks
from poa_xl.sheet.formulas import RowFormulas
from poa_xl.sheet.image import Content, Style


@dataclass(frozen=True)
class ControlColumn:
    """A column that poa-xl adds to the right of the planner's.

    Attributes:
        name: What the code calls it.
        caption: Its header.
        width: In characters.
        value: What stands in it, as values.
        formula: What stands in it, as a formula without its equals sign; empty for rows that have none.
        look: How its cells look.
    """

    name: str
    caption: str
    width: float
    value: Callable[[Row, Flag], Content]
    formula: Callable[[RowFormulas], str]
    look: Style


_TEXT = Style(fill=looks.CONTROL_FILL, align="center", border=True)
_AMOUNT = Style(fill=looks.CONTROL_FILL, align="right", indent=1, border=True)
_MONEY = Style(number_format=looks.MONEY, fill=looks.CONTROL_FILL, align="right", indent=1, border=True)
_CHOICE = Style(align="center", border=True, locked=False)
_LONG = Style(fill=looks.CONTROL_FILL, wrap=True, border=True)


def _stated(row: Row, _: Flag) -> Content:
    stated = row.stated.text if isinstance(row.stated, Invalid) else row.stated
    return str(stated) if stated else None


CONTROL_COLUMNS: tuple[ControlColumn, ...] = (
    ControlColumn("stated", "Tipo de meta", 12, _stated, lambda _: "", _CHOICE),
    ControlColumn(
        "kind",
        "Tipo aplicado",
        12,
        lambda _, flag: str(flag.verdict.kind) if flag.verdict else None,
        RowFormulas.kind,
        _TEXT,
    ),
    ControlColumn(
        "programmed",
        "Programado",
        12,
        lambda _, flag: flag.verdict.programmed if flag.verdict else None,
        RowFormulas.programmed,
        _AMOUNT,
    ),
    ControlColumn(
        "difference",
        "Diferencia",
        11,
        lambda _, flag: flag.verdict.difference if flag.verdict else None,
        RowFormulas.difference,
        _AMOUNT,
    ),
    ControlColumn(
        "target_state",
        "Estado de la meta",
        9,
        lambda _, flag: str(flag.target) or None,
        RowFormulas.target_state,
        _TEXT,
    ),
    ControlColumn("computed", "Presupuesto calculado", 14, lambda _, flag: flag.computed, RowFormulas.computed, _MONEY),
    ControlColumn(
        "budget_difference",
        "Diferencia de presupuesto",
        13,
        lambda _, flag: flag.budget_difference,
        RowFormulas.budget_difference,
        _MONEY,
    ),
    ControlColumn(
        "budget_state",
        "Estado del presupuesto",
        12,
        lambda _, flag: str(flag.budget) or None,
        RowFormulas.budget_state,
        _TEXT,
    ),
    ControlColumn("state", "Estado", 9, lambda _, flag: str(flag.state) or None, RowFormulas.state, _TEXT),
    ControlColumn("reason", "Motivo", 70, lambda _, flag: flag.reason or None, RowFormulas.reason, _LONG),
)

BY_NAME: Mapping[str, ControlColumn] = {column.name: column for column in CONTROL_COLUMNS}
