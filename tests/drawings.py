"""One plan in random layouts: the same rows under any captions, in any order, with all that offices draw around them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from hypothesis import strategies as st

from poa_xl.sheet.grid import Value
from tests.layouts import ENGLISH, PORTUGUESE, SPANISH, Column, Form, Item, dated, done, four, items, months, of, typed

CAPTIONS = {
    "id": ("N°", "No.", "Nro.", "Ítem", "#"),
    "code": ("CÓDIGO", "Cód.", "COD. ACT.", "Code"),
    "name": ("ACTIVIDAD", "Descripción", "Tareas", "Activity", "Operaciones", "Denominación de la actividad"),
    "unit": ("Unidad responsable", "Centro de costo", "UNIDAD EJECUTORA", "Dependencia", "Office"),
    "measure": ("Unidad de medida", "U. DE MEDIDA", "U.M.", "Unit of measure"),
    "target": ("META", "Meta anual", "META FÍSICA", "TOTAL", "Annual target", "Meta 2026"),
    "owner": ("Responsable", "Cargo del responsable", "Person in charge"),
    "evidence": ("Medio de verificación", "Means of verification", "FUENTE DE VERIFICACIÓN"),
    "kind": ("TIPO", "Tipo de acumulación", "Forma de cálculo"),
    "": ("OBSERVACIONES", "Línea base", "Supuestos", "Remarks"),
}
CODES: tuple[Callable[[Item], Value], ...] = (
    lambda item: f"R{item.number // 5 + 1}.P{item.number % 5 + 1}.{item.number}",
    lambda item: f"AO.{item.number}(a)",
    lambda item: f"1-{item.number // 4 + 1:02}-{item.number:02}",
    lambda item: f"AOI00010{1000 + item.number}",
    lambda item: f"GRO1.{item.number}",
)
NAMES: tuple[Sequence[str], ...] = (
    SPANISH,
    ENGLISH,
    PORTUGUESE,
    [f"{each.upper()}-26" for each in SPANISH],
    [f"{each.lower()}_pl" for each in SPANISH],
    ["Ene.", "Febr.", "Mzo.", "Abr.", "My.", "Jun.", "Jul.", "Agto.", "Sept.", "Oct.", "Nov.", "Dic."],
    [f"Prog. {each}" for each in SPANISH],
    [str(number) for number in range(1, 13)],
    [f"Mes {number}" for number in range(1, 13)],
    ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"],
)
# How a month is written that nothing is programmed in, and one in which something is.
WRITTEN: tuple[Callable[[Item, int], Value], ...] = (
    lambda item, i: item.months[i],
    lambda item, i: item.months[i] or Decimal(0),
    lambda item, i: item.months[i] or "-",
    lambda item, i: typed(value) if isinstance(value := item.months[i], Decimal) else None,
)
WRONG = 9
_FEW = 3


def said(item: Item) -> Decimal:
    """The Meta of an activity; one of them is not what its months come to."""
    return item.target + (7 if item.number == WRONG else 0)


SHOWS: dict[str, Callable[[Item], Value]] = {
    "id": lambda item: Decimal(item.number),
    "name": lambda item: item.name,
    "unit": lambda item: item.unit,
    "measure": lambda item: item.measure,
    "target": said,
    "owner": lambda item: f"Lic. Persona {item.number}",
    "evidence": lambda item: f"Acta {item.number} de recepción",
    "kind": lambda _: "Suma",
    "": lambda _: None,
}


@dataclass(frozen=True)
class Drawing:
    """A form with the plan that it shows, and which of its fields it has."""

    form: Form
    plan: tuple[Item, ...]
    fields: frozenset[str]


@st.composite
def drawings(draw: st.DrawFn, *, units: bool = False, live: bool = False) -> Drawing:
    """Draw a layout.

    Args:
        draw: Given by Hypothesis.
        units: Whether it has a column of units.
        live: Whether its numbers are numbers, so that formulas read them.
    """
    optional = [each for each in CAPTIONS if each not in ("name", "target", *(["unit"] if units else []))]
    chosen = draw(st.lists(st.sampled_from(optional), unique=True, max_size=5))
    fields = draw(st.permutations(["name", "target", *(["unit"] if units else []), *chosen]))
    shows = SHOWS | {"code": draw(st.sampled_from(CODES))}
    columns = [Column((draw(st.sampled_from(CAPTIONS[each])),), shows[each], each) for each in fields]
    at = draw(st.integers(0, len(columns)))
    # Numbers are months beside words, and hardly where the columns are numbered too.
    is_numbered = len(fields) <= _FEW or draw(st.booleans())
    form = of(columns[:at], *_year(draw, NAMES[:7] if is_numbered else NAMES, live=live), columns[at:])
    return Drawing(_around(draw, replace(form, numbered=is_numbered)), items(), frozenset(fields))


def _year(draw: st.DrawFn, captions: Sequence[Sequence[str]], *, live: bool) -> list[list[Column]]:
    """The months, by one of the ways of drawing them."""
    above = draw(st.sampled_from(["", "CRONOGRAMA", "PROGRAMADO", "PROGRAMACIÓN MENSUAL"]))
    kind = draw(st.sampled_from(["plain", "plain", "plain", "dates", "done", "four"]))
    if kind == "dates":
        return [dated()]
    if kind == "four":
        return [four(draw(st.sampled_from([SPANISH, ENGLISH])))]
    if kind == "done":
        sides = [months(above="PROGRAMADO"), months(above="EJECUTADO", shows=done, name="done")]
        return sides[:: draw(st.sampled_from([1, -1]))]
    names = draw(st.sampled_from(captions))
    is_named = names in NAMES[:7]
    start = draw(st.sampled_from([0, 0, 6, 3])) if is_named else 0
    quarter = draw(st.sampled_from(["", "", "Trim. {}", "Total T{}"])) if is_named and not start else ""
    written = draw(st.sampled_from(WRITTEN[:1] if live else WRITTEN))
    return [months(names, above, start, written, quarter)]


def _around(draw: st.DrawFn, form: Form) -> Form:
    """What stands around the rows: titles, merges, margins, totals, signatures, headings that repeat."""
    upper = draw(st.booleans()) and form.depth == 1
    if upper:
        form = replace(form, columns=tuple(replace(c, captions=("PLAN 2026", *c.captions)) for c in form.columns))
    return replace(
        form,
        title=draw(
            st.sampled_from(
                [
                    (),
                    ("PLAN OPERATIVO ANUAL",),
                    ("MINISTERIO", "Gestión: 2026", "Instrucciones: llenar."),
                    tuple(f"{number}. Instrucción para llenar el formulario" for number in range(1, 16)),
                ]
            )
        ),
        left=draw(st.integers(0, 3)),
        merged=draw(st.booleans()),
        total=draw(st.sampled_from(["", "TOTAL", "TOTAL GENERAL"])),
        footer=draw(
            st.sampled_from([(), ("Elaborado por: A. B.", "Jefe de Planificación"), ("Nota: cifras preliminares",)])
        ),
        again=draw(st.sampled_from([frozenset(), frozenset({6}), frozenset({4, 8, 12})])),
    )
