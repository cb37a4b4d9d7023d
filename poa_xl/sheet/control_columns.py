"""The table of the control columns: everything that is known of each of them, in one place.

Those that planners read come first; to the right of *Motivo*, hidden, stand the helpers that their formulas share.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from poa_xl.core.flags import Flag
from poa_xl.core.plan import Kind, Row
from poa_xl.core.quick import quick
from poa_xl.core.values import Invalid
from poa_xl.sheet import looks
from poa_xl.sheet.formulas import budgets, painted, reasons, remedies, targets
from poa_xl.sheet.formulas.place import Place
from poa_xl.sheet.grid import letters
from poa_xl.sheet.spec import Content, Style

_CENTAVO = Decimal("0.01")


@quick(frozen=True)
class Facts:
    """What the core says of a row.

    Attributes:
        row: The row.
        flag: Its flag.
        key: Its code as sums find it.
        amount: What it adds to the groups above.
        home: Code of the group in which the row stands, where its own cannot be read.
        seen: States and reasons that formulas cannot see: `fila:ROJO meta:AVISO|por qué`.
        is_open: Whether it hangs on a formula that no program has calculated yet.
    """

    row: Row
    flag: Flag
    key: str = ""
    amount: Content = None
    home: str = ""
    seen: str = ""
    is_open: bool = False


@dataclass(frozen=True)
class ControlColumn:
    """A column that poa-xl adds to the right of the planner's.

    Attributes:
        name: What the code calls it.
        caption: Its header; that of a helper looks like no header that a planner would write.
        width: In characters; 0 for hidden.
        value: What stands in it as a value; of a formula, what it came to where that is worth keeping.
        formula: What stands in it, as a formula without its equals sign; empty for rows that have none.
        look: How its cells look.
        paints: Whether it is there for the colours of the planner's cells.
    """

    name: str
    caption: str
    width: float
    value: Callable[[Facts], Content]
    formula: Callable[[Place], str]
    look: Style
    paints: bool = False

    @property
    def is_helper(self) -> bool:
        """Whether it is there for the other columns only."""
        return not self.width

    @property
    def is_formula_only(self) -> bool:
        """Whether nothing stands in it but formulas."""
        return self.value is _nothing


_TEXT = Style(fill=looks.CONTROL_FILL, align="center", border=True)
_AMOUNT = Style(fill=looks.CONTROL_FILL, align="right", indent=1, border=True)
_MONEY = Style(number_format=looks.MONEY, fill=looks.CONTROL_FILL, align="right", indent=1, border=True)
_CHOICE = Style(align="center", border=True, locked=False)
_LONG = Style(fill=looks.CONTROL_FILL, wrap=True, border=True)


def _stated(facts: Facts) -> Content:
    stated = facts.row.stated.text if isinstance(facts.row.stated, Invalid) else facts.row.stated
    return str(stated) if stated else None


def _kind(facts: Facts) -> Content:
    return str(facts.flag.verdict.kind) if facts.flag.verdict else None


def _programmed(facts: Facts) -> Content:
    return facts.flag.verdict.programmed if facts.flag.verdict else None


def _difference(facts: Facts) -> Content:
    return facts.flag.verdict.difference if facts.flag.verdict else None


def _computed(facts: Facts) -> Decimal | None:
    """A sum to the centavo, as formulas round it; what a row itself says as it stands."""
    found = facts.flag.computed
    return found if found is None or found == facts.row.budget else found.quantize(_CENTAVO, ROUND_HALF_UP)


def _gap(facts: Facts) -> Content:
    budget = facts.row.budget
    if facts.flag.budget_difference is None or not isinstance(budget, Decimal):
        return None
    return (budget - (_computed(facts) or 0)).quantize(_CENTAVO, ROUND_HALF_UP)


def _nothing(_: object) -> None:
    """Return what stands in a column of formulas whose values nobody reads."""


def _no_formula(_: object) -> str:
    return ""


def _helper(
    name: str, caption: str, formula: Callable[[Place], str], value: Callable[[Facts], Content] = _nothing
) -> ControlColumn:
    return ControlColumn(name, f"· {caption}", 0, value, formula, looks.UNSEEN)


def _paint(pack: tuple[str, ...]) -> ControlColumn:
    """Return the column that says how the cells of some fields stand."""

    def value(facts: Facts) -> Content:
        return painted.number_of(pack, facts.flag.painted, is_judged=facts.row.kind is Kind.OPERATION)

    # A letter, and neither month nor heading: recognition would take the column for one of the planner's.
    caption = f"color {letters(painted.PACKS.index(pack) + 1)}"
    return replace(_helper(paint_of(pack[0]), caption, painted.formula_of(pack), value), paints=True)


def paint_of(field: str) -> str:
    """Return the name of the column that the colours of a field look at."""
    return "budget_state" if field == "budget" else f"paint_{painted.pack_of(field)[0]}"


CONTROL_COLUMNS: tuple[ControlColumn, ...] = (
    ControlColumn("stated", "Tipo de meta", 12, _stated, _no_formula, _CHOICE),
    ControlColumn("kind", "Tipo aplicado", 12, _kind, targets.kind, _TEXT),
    ControlColumn("programmed", "Programado", 12, _programmed, targets.programmed, _AMOUNT),
    ControlColumn("difference", "Diferencia", 11, _difference, targets.difference, _AMOUNT),
    ControlColumn(
        "target_state", "Estado de la meta", 9, lambda each: str(each.flag.target) or None, targets.target_state, _TEXT
    ),
    ControlColumn("computed", "Presupuesto calculado", 14, _computed, budgets.computed, _MONEY),
    ControlColumn("budget_difference", "Diferencia de presupuesto", 13, _gap, budgets.budget_difference, _MONEY),
    ControlColumn(
        "budget_state",
        "Estado del presupuesto",
        12,
        lambda each: str(each.flag.budget) or None,
        budgets.budget_state,
        _TEXT,
    ),
    ControlColumn("state", "Estado", 9, lambda each: str(each.flag.state) or None, reasons.state, _TEXT),
    ControlColumn("reason", "Motivo", 70, lambda each: each.flag.reason or None, reasons.reason, _LONG),
    _helper("key", "código limpio", reasons.key, lambda each: each.key or None),
    _helper("unit_text", "unidad limpia", targets.unit),
    _helper("unit_class", "clase de unidad", targets.unit_class),
    _helper("odd_months", "meses que no son números", targets.odd_months),
    _helper("blank_or_negative", "meses vacíos o negativos", targets.blank_or_negative),
    _helper("programmed_months", "meses programados", targets.programmed_months),
    _helper("count", "cuántos meses", targets.count),
    _helper("last", "último programado", targets.last),
    _helper("distance", "distancia a la Meta", targets.distance),
    _helper("falls", "veces que baja", targets.falls),
    _helper("first_places", "decimales ENE-JUN", targets.first_places),
    _helper("last_places", "decimales JUL-DIC", targets.last_places),
    _helper("fits", "tipos que cuadran", targets.fits),
    _helper("outside", "meses fuera del plazo", targets.outside),
    _helper("why_target", "por la Meta", targets.why_target),
    _helper("remedy", "remedio de los meses", remedies.remedy),
    _helper("why_row", "por la fila", reasons.why_row),
    _helper("why_code", "por el Código", reasons.why_code),
    _helper("why_budget", "por el Presupuesto", budgets.why_budget),
    _helper("amount", "suma a su grupo", budgets.amount, lambda each: each.amount),
    _helper("group", "suma de sus filas, o su grupo", budgets.children, lambda each: each.home or None),
    replace(_helper("off", "meses que difieren", targets.off), paints=True),
    replace(_helper("blamed", "meses que se marcan", targets.blamed), paints=True),
    *map(_paint, painted.PACKS),
    _helper("seen", "visto al revisar", _no_formula, lambda each: each.seen or None),
)

# What an office may have beside them: what was approved, and how much it changed.
APPROVED_COLUMNS: tuple[ControlColumn, ...] = (
    ControlColumn("approved_target", "Meta aprobada", 12, _nothing, _no_formula, _AMOUNT),
    ControlColumn("target_change", "Δ Meta", 11, _nothing, _no_formula, _AMOUNT),
    ControlColumn("approved_budget", "Presupuesto aprobado", 14, _nothing, _no_formula, _MONEY),
    ControlColumn("budget_change", "Δ Presupuesto", 13, _nothing, _no_formula, _MONEY),
)

BY_NAME: Mapping[str, ControlColumn] = {column.name: column for column in (*CONTROL_COLUMNS, *APPROVED_COLUMNS)}
