"""Plans of offices that never were, drawn as the forms of many offices are: what is in a column is known by its field."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from itertools import groupby
from pathlib import Path

import openpyxl
from openpyxl.styles import PatternFill

from poa_xl.core.values import Flaw, Invalid
from poa_xl.sheet.grid import Grid, Merge, Value, letters

SPANISH = ("Ene", "Feb", "Mar", "Abr", "May", "Jun", "Jul", "Ago", "Sep", "Oct", "Nov", "Dic")
ENGLISH = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
PORTUGUESE = (
    "Janeiro",
    "Fevereiro",
    "Março",
    "Abril",
    "Maio",
    "Junho",
    "Julho",
    "Agosto",
    "Setembro",
    "Outubro",
    "Novembro",
    "Dezembro",
)
WORDS = (
    "Capacitar al personal",
    "Imprimir formularios",
    "Visitar comunidades",
    "Comprar equipos",
    "Dictar talleres",
    "Revisar expedientes",
    "Emitir informes",
    "Mantener vehículos",
    "Atender consultas",
    "Pintar oficinas",
    "Auditar procesos",
    "Difundir normas",
    "Evaluar proyectos",
    "Pagar servicios",
)
UNITS = ("Dirección de Salud", "Unidad de Sistemas", "Gerencia de Obras")
MEASURES = ("Taller", "Informe", "Visita", "Documento")


@dataclass(frozen=True)
class Item:
    """One activity: what the forms show of it."""

    number: int
    name: str
    unit: str
    measure: str
    months: tuple[Value, ...]
    partida: str = "25220"
    price: int = 10

    @property
    def amounts(self) -> list[Decimal]:
        return [value for value in self.months if isinstance(value, Decimal)]

    @property
    def target(self) -> Decimal:
        return sum(self.amounts, Decimal(0))

    def quarter(self, number: int) -> Decimal:
        return sum((v for v in self.months[3 * number - 3 : 3 * number] if isinstance(v, Decimal)), Decimal(0))


def items(count: int = 14) -> tuple[Item, ...]:
    found = []
    for i in range(count):
        months: list[Value] = [None] * 12
        for k in range(1 + i % 4):
            months[(5 * i + 3 * k) % 12] = Decimal(1 + (i * 7 + k) % 9)
        found.append(
            Item(
                i + 1,
                WORDS[i % len(WORDS)] + (f" {i}" if i >= len(WORDS) else ""),
                UNITS[i * 3 // count],
                MEASURES[i % 4],
                tuple(months),
                f"2{i % 9}{i % 7}00",
            )
        )
    return tuple(found)


@dataclass(frozen=True)
class Column:
    """A column of a form: its captions from top to bottom, what it shows of an item, and the field that it is."""

    captions: tuple[Value, ...]
    shows: Callable[[Item], Value]
    field: str = ""


def column(captions: str | tuple[Value, ...], shows: Callable[[Item], Value], name: str = "") -> Column:
    return Column((captions,) if isinstance(captions, str) else captions, shows, name)


def given(shows: Callable[[Item, int], Value], i: int) -> Callable[[Item], Value]:
    return lambda item: shows(item, i)


def months(
    names: Sequence[str] = SPANISH,
    above: str = "",
    start: int = 0,
    shows: Callable[[Item, int], Value] = lambda item, i: item.months[i],
    quarter: str = "",
    name: str = "month",
) -> list[Column]:
    """Twelve columns of months, with quarter sums between them where they have a name."""
    found = []
    for k in range(12):
        i = (start + k) % 12
        captions = (above, names[i]) if above else (names[i],)
        found.append(Column(captions, given(shows, i), f"{name} {i + 1}"))
        if quarter and k % 3 == 2:
            n = k // 3 + 1
            captions = (above, quarter.format(n)) if above else (quarter.format(n),)
            found.append(Column(captions, given(Item.quarter, n)))
    return found


@dataclass(frozen=True)
class Form:
    """A form of an office.

    Attributes:
        columns: Its columns.
        title: Lines above.
        footer: Lines below.
        total: First words of a row of totals; none without.
        merged: Whether captions are merged over the rows and columns that they cover.
        heads: Item number to the heading row above it.
        again: Item numbers above which the heading stands again.
        numbered: Whether a row below the heading numbers the columns.
        left: Blank columns on the left.
        between: Lines above a heading that stands again: the foot of the form above it, the title of this one.
        wide: Whether heading rows are merged across the sheet.
    """

    columns: tuple[Column, ...]
    title: tuple[str, ...] = ("Programa anual",)
    footer: tuple[str, ...] = ()
    total: str = ""
    merged: bool = False
    heads: dict[int, str] = field(default_factory=dict)
    again: frozenset[int] = frozenset()
    numbered: bool = False
    left: int = 0
    between: tuple[str, ...] = ()
    wide: bool = False

    @property
    def depth(self) -> int:
        return max(len(each.captions) for each in self.columns)


@dataclass
class Drawn:
    """A form that is drawn: the sheet, and where what stands."""

    grid: Grid
    columns: dict[str, str]
    lines: dict[int, int]


def draw(form: Form, plan: Sequence[Item], name: str = "Plan") -> Drawn:
    cells: dict[int, dict[int, Value]] = {}
    merges: list[Merge] = []
    line = 1
    for text in form.title:
        cells[line] = {1: text}
        line += 1
    line += bool(form.title)
    line = _heading(form, line, cells, merges)
    lines = {}
    for item in plan:
        if item.number in form.again:
            for text in form.between:
                cells[line] = {form.left + 1: text}
                line += 1
            line = _heading(form, line, cells, merges)
        if item.number in form.heads:
            cells[line] = {form.left + 1: form.heads[item.number]}
            if form.wide:
                merges.append(Merge(line, form.left + 1, line, form.left + len(form.columns)))
            line += 1
        row = {form.left + k: each.shows(item) for k, each in enumerate(form.columns, 1)}
        cells[line] = {column: value for column, value in row.items() if value is not None}
        lines[item.number] = line
        line += 1
    if form.total:
        cells[line] = {form.left + 1: form.total, **_sums(form, cells, lines)}
        line += 1
    for text in form.footer:
        line += 1
        cells[line] = {form.left + 2: text}
    places = {each.field: letters(form.left + k) for k, each in enumerate(form.columns, 1) if each.field}
    colours = {(row, k): f"rgb=FF{COLOUR}" for row, each in cells.items() for k, v in each.items() if v == PAINTED}
    cells = {row: {k: value for k, value in each.items() if value != PAINTED} for row, each in cells.items()}
    grid = Grid(name, {row: each for row, each in cells.items() if each}, tuple(merges), painted=colours)
    return Drawn(grid, places, lines)


def saved(path: Path, *grids: Grid) -> Path:
    """Write sheets as a workbook."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for grid in grids:
        page = book.create_sheet(grid.name)
        for row, cells in grid.cells.items():
            for number, value in cells.items():
                page.cell(row, number, value.text if isinstance(value, Invalid) else value)
        for row, number in grid.painted:
            page.cell(row, number).fill = PatternFill("solid", fgColor=f"FF{COLOUR}")
        for merge in grid.merges:
            page.merge_cells(None, merge.top, merge.left, merge.bottom, merge.right)
    book.save(path)
    return path


def _sums(form: Form, cells: dict[int, dict[int, Value]], lines: dict[int, int]) -> dict[int, Value]:
    found: dict[int, Value] = {}
    for k, each in enumerate(form.columns, form.left + 1):
        if each.field.startswith(("month", "target", "budget")):
            values = [cells[line].get(k) for line in lines.values()]
            found[k] = sum((value for value in values if isinstance(value, Decimal)), Decimal(0))
    return found


def _heading(form: Form, line: int, cells: dict[int, dict[int, Value]], merges: list[Merge]) -> int:
    depth = form.depth
    for row in range(depth):
        cells[line + row] = {}
    before: tuple[Value, ...] = ()
    for k, each in enumerate(form.columns, form.left + 1):
        # Captions of fewer lines stand at the top where they are merged, else at the bottom.
        count = len(each.captions)
        shift = 0 if form.merged else depth - count
        for row, text in enumerate(each.captions):
            is_band = row < count - 1 and before[: row + 1] == each.captions[: row + 1]
            if not is_band:
                cells[line + shift + row][k] = text
        if form.merged and count < depth:
            merges.append(Merge(line + count - 1, k, line + depth - 1, k))
        before = each.captions
    if form.merged:
        merges += _bands(form, line)
    if form.numbered:
        cells[line + depth] = {form.left + k: Decimal(k) for k in range(1, len(form.columns) + 1)}
    return line + depth + form.numbered


def _bands(form: Form, line: int) -> list[Merge]:
    """Merge every upper caption over the columns that it stands over."""
    found = []
    for _, group in groupby(enumerate(form.columns, form.left + 1), key=lambda pair: pair[1].captions[0]):
        places = [k for k, each in group if len(each.captions) > 1]
        if places:
            found.append(Merge(line, places[0], line, places[-1]))
    return found


NUMBER = column("N°", lambda item: Decimal(item.number), "id")
NAME = column("ACTIVIDAD", lambda item: item.name, "name")
UNIT = column("UNIDAD ORGANIZACIONAL", lambda item: item.unit, "unit")
MEASURE = column("U. DE MEDIDA", lambda item: item.measure, "measure")
TARGET = column("META ANUAL", lambda item: item.target, "target")
TOTAL = column("TOTAL", lambda item: item.target, "target")
CODE = column("CÓDIGO", lambda item: f"R{item.number // 5 + 1}.P{item.number % 5 + 1}.{item.number}", "code")
PRICE = column("COSTO UNITARIO", lambda item: Decimal(item.price))
PARTIDA = column("PARTIDA PRESUPUESTARIA", lambda item: item.partida, "partida")


def money(item: Item, i: int) -> Value:
    value = item.months[i]
    return value * item.price if isinstance(value, Decimal) else None


def cost(item: Item) -> Decimal:
    return item.target * item.price


def marked(item: Item, i: int) -> Value:
    return "X" if item.months[i] else None


def dashed(item: Item, i: int) -> Value:
    return item.months[i] or "-"


def typed(value: Decimal) -> str:
    return f"{value:,.2f} "


def signed(item: Item, i: int) -> Value:
    return f"S/ {value:,.2f}" if isinstance(value := money(item, i), Decimal) else "S/ -"


def half(item: Item, number: int) -> Value:
    return item.quarter(2 * number - 1) + item.quarter(2 * number)


def quarters(above: str, shows: Callable[[Item, int], Value], name: str = "month") -> list[Column]:
    """Four quarters below a band."""
    return [Column((above, f"Q{i}"), given(shows, i), f"{name} {3 * i}") for i in range(1, 5)]


def done(item: Item, i: int) -> Value:
    return item.months[i] if i < 3 else None


def four(names: Sequence[str]) -> list[Column]:
    """Four columns a month below one caption."""
    found: list[Column] = []
    for i in range(12):
        found += [
            Column((names[i], "Programado"), given(lambda item, k: item.months[k], i), f"month {i + 1}"),
            Column((names[i], "Ejecutado"), given(done, i), f"done {i + 1}"),
            Column((names[i], "% de cumplimiento"), lambda _: None),
            Column((names[i], "Medio de verificación"), lambda _: None),
        ]
    return found


def pairs(planned: str, executed: str, *, inside: bool = False) -> list[Column]:
    """What was planned and executed beside each other, said below the month or in its caption."""
    found: list[Column] = []
    for i, name in enumerate(SPANISH):
        one, other = ((f"{name} {each}",) if inside else (name, each) for each in (planned, executed))
        found += [
            Column(one, given(lambda item, k: item.months[k], i), f"month {i + 1}"),
            Column(other, given(done, i), f"done {i + 1}"),
        ]
    return found


def week(item: Item, k: int) -> Value:
    return "X" if item.months[k // 4] and item.number % 4 == k % 4 else None


def weeks(names: Sequence[str]) -> list[Column]:
    """Four weeks below each month, with a mark in one of them."""
    return [
        Column((names[i], str(k)), given(week, 4 * i + k - 1), f"month {i + 1}" if k == 1 else "")
        for i in range(12)
        for k in range(1, 5)
    ]


def dated() -> list[Column]:
    return [replace(each, captions=(date(2026, i, 1),)) for i, each in enumerate(months(), 1)]


def of(*columns: Column | Sequence[Column], **more: object) -> Form:
    flat: list[Column] = []
    for each in columns:
        flat += [each] if isinstance(each, Column) else each
    return replace(Form(tuple(flat)), **more)  # type: ignore[arg-type]


def reached(item: Item, number: int) -> Value:
    return item.quarter(number) if number == 1 else None


def early(item: Item, i: int) -> Value:
    return Decimal(item.number) if i == item.number % 3 else None


def early_total(item: Item) -> Value:
    return Decimal(item.number)


def counted(form: Form, usual: str, last: str) -> Form:
    """Number the columns of a form below their captions, the last one as what it is computed of."""
    count = len(form.columns)
    texts = [(last if k == count else usual).format(k) for k in range(1, count + 1)]
    pairs = zip(form.columns, texts, strict=True)
    return replace(form, columns=tuple(replace(each, captions=(*each.captions, text)) for each, text in pairs))


# A cell without content and with a colour.
PAINTED = "\0"
COLOUR = "9DC3E6"


def painted(item: Item, i: int) -> Value:
    return PAINTED if item.months[i] else None


def painting(shows: Callable[[Item], Value]) -> Callable[[Item], Value]:
    return lambda item: PAINTED if shows(item) else None


NUMBERS = tuple(map(str, range(1, 13)))
FORMS: dict[str, Form] = {
    "meta and unit of measure": of(NUMBER, NAME, UNIT, MEASURE, TARGET, months()),
    "total on the right": of(NUMBER, NAME, MEASURE, months(), TOTAL),
    "no target": of(NUMBER, NAME, MEASURE, months()),
    "letters and numbers as codes": of(CODE, NAME, MEASURE, TARGET, months()),
    "codes with dashes": of(
        column("COD", lambda item: f"1-{item.number // 4 + 1:02}-{item.number:02}", "code"), NAME, TARGET, months()
    ),
    "padded codes": of(
        column("Código AOI", lambda item: f"E1.{item.number // 5 + 1:02}.{item.number:02}", "code"),
        NAME,
        MEASURE,
        TARGET,
        months(),
    ),
    "codes of many digits beside those of what is above": of(
        column("Cód. OEI", lambda item: f"OEI.0{item.number // 9 + 1}"),
        column("Cód. AEI", lambda item: f"AEI.0{item.number // 9 + 1}.0{item.number % 3 + 1}"),
        column("Código AOI", lambda item: f"AOI00010{1000 + item.number}", "code"),
        column("Actividad Operativa", lambda item: item.name, "name"),
        MEASURE,
        TARGET,
        months(),
    ),
    "names below objectives and operations": of(
        column("COD", lambda item: f"OE{item.number // 5 + 1}.{item.number}", "code"),
        column("OBJETIVOS / OPERACIONES", lambda item: item.name, "name"),
        column("INDICADOR", lambda item: item.measure),
        TARGET,
        months(),
    ),
    "names that no caption speaks of": of(
        column("OBJETIVO ESTRATÉGICO", lambda item: f"OE {item.number // 5 + 1}"),
        column("OBJETIVO OPERATIVO", lambda item: item.name, "name"),
        column("INDICADOR", lambda item: f"Porcentaje de lo que toca a {item.name.lower()}"),
        TARGET,
        months(),
    ),
    "texts across the sheet below the heading": of(
        column("ARTICLES", lambda item: item.name, "name"),
        MEASURE,
        months(ENGLISH, above="MONTHLY REQUIREMENT"),
        TARGET,
        merged=True,
        heads={1: "PART I. SUPPLIES", 7: "PART II. OTHER ITEMS"},
        wide=True,
    ),
    "codes with brackets": of(
        column("Code", lambda item: f"AO.{item.number}(a)", "code"),
        column("Activity", lambda item: item.name, "name"),
        column("Target", lambda item: item.target, "target"),
        months(ENGLISH),
    ),
    "numbers as codes": of(
        column("CÓDIGO", lambda item: Decimal(item.number), "code"), NAME, MEASURE, TARGET, months()
    ),
    "codes in two columns": of(
        column("COD. OP.", lambda item: Decimal(item.number // 5 + 1)),
        column("COD. ACT.", lambda item: Decimal(item.number), "code"),
        NAME,
        TARGET,
        months(),
    ),
    "quarter sums between the months": of(
        NUMBER, NAME, MEASURE, column("META", lambda item: item.target, "target"), months(quarter="Trim. {}")
    ),
    "quarter sums under a band": of(
        NUMBER,
        NAME,
        column("META", lambda item: item.target, "target"),
        months(above="CRONOGRAMA", quarter="T{}"),
    ),
    "two heading rows, merged": of(
        NUMBER, NAME, UNIT, MEASURE, TARGET, months(above="PROGRAMACIÓN MENSUAL"), merged=True
    ),
    "three heading rows, merged": of(
        NUMBER,
        column(("DATOS", "Actividad"), lambda item: item.name, "name"),
        column(("DATOS", "Unidad de medida"), lambda item: item.measure, "measure"),
        TARGET,
        [replace(each, captions=("GESTIÓN", "MESES", *each.captions)) for each in months()],
        merged=True,
    ),
    "planned and executed side by side": of(
        NUMBER,
        NAME,
        TARGET,
        months(above="PROGRAMADO"),
        months(above="EJECUTADO", shows=done, name="done"),
    ),
    "P and E below the months": of(NUMBER, NAME, TARGET, pairs("P", "E"), merged=True),
    "P and E in the captions": of(NUMBER, NAME, TARGET, pairs("P", "E", inside=True)),
    "planned and real": of(NUMBER, NAME, TARGET, pairs("Prog.", "Real"), merged=True),
    "executed first": of(
        NUMBER,
        NAME,
        TARGET,
        months(above="EJECUTADO", shows=done, name="done"),
        months(above="PROGRAMADO"),
    ),
    "planned and executed in the captions": of(
        NUMBER,
        NAME,
        TARGET,
        months(tuple(f"{each.lower()}_pl" for each in SPANISH)),
        months(tuple(f"{each.lower()}_ej" for each in SPANISH), shows=done, name="done"),
    ),
    "four columns a month": of(NUMBER, NAME, MEASURE, TARGET, four(SPANISH)),
    "four columns a month, merged": of(NUMBER, NAME, MEASURE, TARGET, four(SPANISH), merged=True),
    "targets and actuals below each month": of(
        NUMBER,
        column("Activity", lambda item: item.name, "name"),
        column("Annual Target", lambda item: item.target, "target"),
        [
            Column((ENGLISH[i], caption), given(shows, i), f"{name} {i + 1}")
            for i in range(12)
            for caption, shows, name in (("Target", lambda item, k: item.months[k], "month"), ("Actual", done, "done"))
        ],
    ),
    "months and years": of(NUMBER, NAME, TARGET, months(tuple(f"{each.upper()}-26" for each in SPANISH))),
    "long months": of(NUMBER, NAME, TARGET, months(PORTUGUESE)),
    "months are numbers": of(NUMBER, NAME, MEASURE, TARGET, months(NUMBERS)),
    "months are called": of(NUMBER, NAME, MEASURE, TARGET, months(tuple(f"Mes {n}" for n in NUMBERS))),
    "fiscal year from July": of(NUMBER, NAME, TARGET, months(start=6)),
    "portuguese": of(
        NUMBER,
        column("Atividade / Produto", lambda item: item.name, "name"),
        column("Meta", lambda item: item.target, "target"),
        months(PORTUGUESE),
    ),
    "english items with units and cost": of(
        column("Item No.", lambda item: Decimal(item.number), "id"),
        column("General Description", lambda item: item.name, "name"),
        column("Unit of Issue", lambda item: item.measure, "measure"),
        column("Unit Cost", lambda item: Decimal(item.price)),
        months(ENGLISH),
        column("Total Quantity", lambda item: item.target, "target"),
        column("Total Amount", cost, "budget"),
        footer=("Prepared by: A. B.", "Approved by: C. D."),
    ),
    "money by month": of(
        PARTIDA,
        column("DESCRIPCIÓN DEL REQUERIMIENTO", lambda item: item.name, "name"),
        column("CANTIDAD", lambda item: item.target),
        PRICE,
        column("PRESUPUESTO TOTAL", cost, "target"),
        months(shows=money),
        total="TOTAL GENERAL",
    ),
    "money by month, total on the right": of(
        column("CÓDIGO", lambda item: f"A-{item.number}", "code"),
        column("DETALLE", lambda item: item.name, "name"),
        column("ITEM", lambda item: item.partida, "partida"),
        months(shows=money),
        column("TOTAL PRESUPUESTO", cost, "target"),
        total="TOTAL",
    ),
    "money as text": of(
        NUMBER,
        column("Descripción", lambda item: item.name, "name"),
        PARTIDA,
        months(shows=lambda item, i: typed(value) if isinstance(value := money(item, i), Decimal) else None),
        column("TOTAL", lambda item: typed(cost(item)), "target"),
    ),
    "dashes for nothing": of(NUMBER, NAME, MEASURE, TARGET, months(shows=dashed)),
    "marks": of(NUMBER, NAME, column("RESPONSABLE", lambda item: item.unit, "unit"), months(shows=marked)),
    "marks under numbers": of(NUMBER, NAME, MEASURE, months(NUMBERS, shows=marked)),
    "units as heading rows": of(
        NUMBER, NAME, MEASURE, TARGET, months(), heads={1: "Dirección Norte", 5: "Dirección Sur", 9: "Dirección Este"}
    ),
    "a heading that repeats": of(NUMBER, NAME, MEASURE, TARGET, months(), again=frozenset({5, 9})),
    "a double heading that repeats": of(
        NUMBER, NAME, MEASURE, TARGET, months(above="CRONOGRAMA"), again=frozenset({5, 9})
    ),
    "forms below one another": of(
        NUMBER,
        NAME,
        MEASURE,
        TARGET,
        months(),
        again=frozenset(range(2, 15)),
        heads={n: f"Formulario {n}" for n in range(1, 15)},
    ),
    "forms with signatures below one another": of(
        NUMBER,
        NAME,
        MEASURE,
        TARGET,
        months(),
        again=frozenset({5, 9}),
        between=("TOTAL", "Elaborado por: A. B.", "Jefe de Planificación", "FORMULARIO 2"),
    ),
    "misspelled months": of(
        NUMBER,
        NAME,
        TARGET,
        months(
            (
                "Enero",
                "Febero",
                "Marzo",
                "Abril",
                "Mayo",
                "Junio",
                "Julio",
                "Agosto",
                "Septiemre",
                "Octubre",
                "Noviembre",
                "Dicienbre",
            )
        ),
    ),
    "two series of quarters": of(
        NAME,
        MEASURE,
        quarters("PHYSICAL TARGETS", Item.quarter),
        column("TOTAL", lambda item: item.target, "target"),
        quarters("FINANCIAL REQUIREMENTS", lambda item, i: Item.quarter(item, i) * 1000, "money"),
        column("TOTAL COST", lambda item: item.target * 1000, "budget"),
    ),
    "two semesters": of(
        CODE,
        NAME,
        TARGET,
        [column(f"{n} SEMESTRE", given(half, i), f"month {6 * i}") for i, n in enumerate(("I", "II"), 1)],
    ),
    "amounts with the sign of a currency": of(
        column("ITEM", lambda item: Decimal(item.number), "id"),
        column("DESCRIPCIÓN DEL BIEN", lambda item: item.name, "name"),
        column("CLASIFICADOR DE GASTO", lambda item: f"2.3.1.{item.number % 5}.{item.number}", "partida"),
        MEASURE,
        months(shows=signed),
        column("TOTAL S/", lambda item: f"S/ {cost(item):,.2f}", "target"),
    ),
    "signatures below": of(
        NUMBER,
        NAME,
        MEASURE,
        TARGET,
        months(),
        total="TOTAL",
        footer=("Elaborado por: A. B.", "Revisado por: C. D.", "Nota: cifras preliminares"),
    ),
    "columns are numbered": of(NUMBER, NAME, MEASURE, TARGET, months(), numbered=True),
    "a wide margin": of(NUMBER, NAME, MEASURE, TARGET, months(), left=4),
    "no title": of(NUMBER, NAME, MEASURE, TARGET, months(), title=()),
    "dates and responsibles": of(
        NUMBER,
        NAME,
        column("RESPONSABLE", lambda item: f"Lic. Persona {item.number}", "owner"),
        column("FECHA INICIO", lambda _: date(2026, 1, 5), "start"),
        column("FECHA FIN", lambda _: date(2026, 12, 20), "end"),
        MEASURE,
        TARGET,
        months(),
        column("MEDIO DE VERIFICACIÓN", lambda item: f"Acta {item.number}", "evidence"),
    ),
    "baseline beside the target": of(
        NUMBER,
        NAME,
        column("INDICADOR", lambda item: f"N° de {item.measure}"),
        MEASURE,
        column("LÍNEA BASE", lambda item: item.target - 1),
        TARGET,
        months(),
    ),
    "objective and product": of(
        column("OBJETIVO", lambda item: f"Mejorar la gestión de {item.unit} en todo lo que hace"),
        column("PRODUCTO ESPERADO", lambda item: f"Producto {item.number // 4}"),
        column("TAREAS", lambda item: item.name, "name"),
        MEASURE,
        TARGET,
        months(),
    ),
    "four quarters": of(
        CODE,
        NAME,
        MEASURE,
        TARGET,
        [
            column(f"{n} TRIMESTRE", given(Item.quarter, i), f"month {3 * i}")
            for i, n in enumerate(("I", "II", "III", "IV"), 1)
        ],
    ),
    "units across before the months": of(
        NUMBER,
        NAME,
        column("CANTIDAD", lambda item: item.target),
        [
            column(f"UNIDAD {n}", given(lambda item, k: item.target if item.number % 4 == k else None, i))
            for i, n in enumerate("ABCD")
        ],
        PRICE,
        column("PRESUPUESTO TOTAL", cost, "target"),
        months(above="CRONOGRAMA", shows=money),
    ),
    "initials of the months": of(NUMBER, NAME, MEASURE, TARGET, months(tuple("EFMAMJJASOND"), above="PROGRAMACIÓN")),
    "weeks with marks": of(NUMBER, NAME, column("RESPONSABLE", lambda item: item.unit, "unit"), weeks(SPANISH)),
    "weeks with marks, merged": of(
        NUMBER, NAME, column("RESPONSABLE", lambda item: item.unit, "unit"), weeks(SPANISH), merged=True
    ),
    "quantities and money": of(
        CODE,
        NAME,
        MEASURE,
        column("META FÍSICA", lambda item: item.target, "target"),
        months(above="FÍSICO"),
        months(above="FINANCIERO", shows=money, name="money"),
        column("TOTAL Bs", cost, "budget"),
    ),
    "a service every month": of(
        NUMBER,
        NAME,
        MEASURE,
        column("META", lambda _: Decimal(1), "target"),
        months(shows=lambda *_: Decimal(1)),
    ),
    "painted months": of(NUMBER, NAME, MEASURE, TARGET, months(shows=painted)),
    "painted weeks": of(
        NUMBER,
        NAME,
        column("RESPONSABLE", lambda item: item.unit, "unit"),
        [replace(each, shows=painting(each.shows)) for each in weeks(SPANISH)],
    ),
    "one name for several rows": of(
        column("PROYECTO", lambda item: f"Proyecto {item.unit}" if item.number % 5 == 1 else None),
        column("DESCRIPCIÓN", lambda item: item.name if item.number % 3 == 1 else None, "name"),
        MEASURE,
        TARGET,
        months(),
    ),
    "targets with words": of(
        NUMBER,
        NAME,
        column("META", lambda item: f"{item.target} {item.measure}s", "target"),
        months(),
    ),
    "project, activity and centre of cost": of(
        column("PROGRAMA", lambda item: f"Programa {item.number // 6}"),
        column("CENTRO DE COSTO", lambda item: item.unit, "unit"),
        NAME,
        column("CLASIFICADOR DE GASTO", lambda item: item.partida, "partida"),
        months(shows=money),
        column("TOTAL", cost, "target"),
    ),
    "totals of quantity and of money": of(
        column("CENTRO DE COSTO", lambda item: item.unit, "unit"),
        CODE,
        NAME,
        MEASURE,
        months(),
        column("TOTAL FÍSICO", lambda item: item.target, "target"),
        column("TOTAL FINANCIERO S/", lambda item: item.target * 5000, "budget"),
    ),
    "a unit that answers, in Portuguese": of(
        NUMBER,
        column("Ação", lambda item: item.name, "name"),
        column("Unidade responsável", lambda item: f"Setor {item.number // 5}", "unit"),
        column("Meta física", lambda item: item.target, "target"),
        months(PORTUGUESE),
    ),
    "months as dates": of(NUMBER, NAME, TARGET, dated()),
    "columns are numbered and computed": counted(
        of(
            column("Particulars", lambda item: item.name, "name"),
            column("UACS CODE", lambda item: f"3101{item.number:06}", "code"),
            quarters("Physical Targets", Item.quarter),
            column(("Physical Targets", "Total"), lambda item: item.target, "target"),
        ),
        "({})",
        "{}=(3+4+5+6)",
    ),
    "columns are numbered in words": counted(
        of(NUMBER, NAME, MEASURE, months(ENGLISH), TOTAL), "(Col {})", "(Col {} x 5%)"
    ),
    "quarters with other words": of(
        CODE, NAME, TARGET, [column(f"% T{i}", given(Item.quarter, i), f"month {3 * i}") for i in range(1, 5)]
    ),
    "quarters planned and done": of(
        CODE,
        NAME,
        TARGET,
        [
            column(f"Trim {i} {word}", given(shows, i), f"{name} {3 * i}")
            for i in range(1, 5)
            for word, shows, name in (("prog.", Item.quarter, "month"), ("ejec.", reached, "done"))
        ],
    ),
    "numbers as codes below one caption": of(
        column(("CÓDIGO", "A.C.P."), lambda item: Decimal(item.number // 8 + 1)),
        column(("CÓDIGO", "OP."), lambda item: Decimal(item.number // 4 % 2 + 1)),
        column(("CÓDIGO", "TAR."), lambda item: Decimal(item.number % 4 + 1), "code"),
        column("DESCRIPCIÓN", lambda item: item.name, "name"),
        TARGET,
        MEASURE,
        months(),
        merged=True,
    ),
    "digits that classify no expense": of(
        CODE, NAME, MEASURE, column("UBIGEO", lambda item: f"08010{item.number % 3}"), TARGET, months()
    ),
    "an amount before months with quarter sums": of(
        column("PROYECTO", lambda item: f"Proyecto {item.number // 4}"),
        NAME,
        PARTIDA,
        column("MONTO CODIFICADO", cost, "target"),
        months(shows=money, quarter="TOTAL {} TRIMESTRE"),
        column("TOTAL PROGRAMADO", lambda _: Invalid("=SUM(A1)", Flaw.UNCALCULATED)),
    ),
    "all in the first quarter, with its total": of(
        NUMBER, NAME, months(shows=early, quarter="TOTAL T{}"), column("TOTAL", early_total, "target")
    ),
    "marks of the house": of(
        NUMBER,
        NAME,
        column("ENTREGABLE", lambda item: item.measure),
        months(shows=lambda item, i: "P" if item.months[i] else None),
    ),
    "total before the months and budget behind": of(
        NUMBER,
        NAME,
        column("TOTAL META", lambda item: item.target, "target"),
        months(),
        column("PRESUPUESTO (Bs)", lambda item: cost(item) + 5, "budget"),
        PARTIDA,
    ),
    "disbursements by month and quarter, merged": of(
        column("Programs / Activities / Projects", lambda item: item.name, "name"),
        column("Source of Fund", lambda _: "GAA"),
        column("Amount", cost, "target"),
        months(ENGLISH, above="MONTHLY DISBURSEMENT PROGRAM", shows=money, quarter="Q{} Total"),
        column("Remarks", lambda _: None),
        merged=True,
    ),
}


def grouped() -> Grid:
    """Draw a plan with codes in which groups and operations have a row of what was done below them."""
    code = column("CÓDIGO", lambda item: f"A.{item.number // 5 + 1}.{item.number % 5 + 1}", "code")
    kind = column("TIPO", lambda _: "PROG.")
    drawn = draw(of(code, UNIT, NAME, kind, months()), items())
    first = min(drawn.lines.values())
    cells = {line: each for line, each in drawn.grid.cells.items() if line < first}
    at, group = first, 0
    for number, line in drawn.lines.items():
        if group != number // 5 + 1:
            group = number // 5 + 1
            cells[at] = {1: f"A.{group}", 3: f"Grupo {group}", 4: "PROG."}
            cells[at + 1] = {4: "EJEC.", 5: Decimal(7)}
            at += 2
        cells[at] = drawn.grid.cells[line]
        cells[at + 1] = {4: "EJEC.", 5: Decimal(number)}
        at += 2
    return replace(drawn.grid, cells=cells)
