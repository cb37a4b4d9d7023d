"""Plans as the public offices of several countries draw them; the offices and their figures are made up here."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from poa_xl.sheet.grid import Grid, Merge, Value
from tests.layouts import SPANISH, Item, items

INITIALS = tuple("EFMAMJJASOND")
LONG = (
    "Enero",
    "Febrero",
    "Marzo",
    "Abril",
    "Mayo",
    "Junio",
    "Julio",
    "Agosto",
    "Septiembre",
    "Octubre",
    "Noviembre",
    "Diciembre",
)
MONTHS_IN_ENGLISH = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
Captions = tuple[Value, ...]
# The activity whose target is not what its months come to, where a plan is drawn with a slip.
SLIP = 5


@dataclass
class Office:
    """A plan of an office, and what is right.

    Attributes:
        grid: The sheet.
        rows: Row number of each activity to its name and what its months come to.
        slip: The row whose target is wrong; 0 without one.
    """

    grid: Grid
    rows: dict[int, tuple[str, Decimal]]
    slip: int = 0


@dataclass
class Page:
    """A sheet that is being drawn, from top to bottom."""

    left: int = 0
    cells: dict[int, dict[int, Value]] = field(default_factory=dict)
    merges: list[Merge] = field(default_factory=list)
    rows: dict[int, tuple[str, Decimal]] = field(default_factory=dict)
    at: int = 1
    slip: int = 0
    slipped: int = 0

    def put(self, *values: Value, shift: int = 0) -> int:
        """Write a row; return its number."""
        here = self.cells.setdefault(self.at, {})
        here |= {self.left + shift + k: value for k, value in enumerate(values, 1) if value is not None}
        self.at += 1
        return self.at - 1

    def across(self, text: str, width: int) -> None:
        """Write a text that is merged over some columns."""
        self.merges.append(Merge(self.at, self.left + 1, self.at, self.left + width))
        self.put(text)

    def skip(self, count: int = 1) -> None:
        self.at += count

    def head(self, *columns: Captions) -> None:
        """Write a heading: equal captions side by side are one, merged; short columns reach down."""
        depth = max(map(len, columns))
        for level in range(depth):
            start = 0
            for k, each in enumerate(columns):
                end = k + 1
                same = end < len(columns) and level < len(each) and columns[end][: level + 1] == each[: level + 1]
                if same and level < len(each) - 1:
                    continue
                if level < len(each):
                    self.cells.setdefault(self.at + level, {})[self.left + start + 1] = each[level]
                    bottom = self.at + (depth - 1 if level == len(each) - 1 else level)
                    merge = Merge(self.at + level, self.left + start + 1, bottom, self.left + end)
                    if (merge.left, merge.top) != (merge.right, merge.bottom):
                        self.merges.append(merge)
                start = end
        self.at += depth

    def activity(self, item: Item, *values: Value, total: Decimal | None = None) -> int:
        line = self.put(*values)
        self.rows[line] = (item.name, item.target if total is None else total)
        if item.number == self.slip:
            self.slipped = line
        return line

    def office(self, name: str = "POA") -> Office:
        cells = {row: each for row, each in self.cells.items() if each}
        return Office(Grid(name, cells, tuple(self.merges)), self.rows, self.slipped)


def said(page: Page, item: Item) -> Decimal:
    return item.target + (7 if item.number == page.slip else 0)


def heading_of(months: Sequence[Value], *above: str) -> list[Captions]:
    return [(*above, each) for each in months]


def money(item: Item) -> list[Value]:
    return [value * 1000 if isinstance(value, Decimal) else None for value in item.months]


def quarters(item: Item) -> list[Decimal]:
    return [item.quarter(n) for n in range(1, 5)]


def municipality(slip: int = 0) -> Office:
    """A municipality in Bolivia: category in three columns, initials below quarters, subtotals by programme."""
    page = Page(slip=slip)
    page.across("GOBIERNO AUTÓNOMO MUNICIPAL DE VILLA NUEVA", 22)
    page.across("PLAN OPERATIVO ANUAL - GESTIÓN 2026", 22)
    page.put("Formulario N° 3: Programación de operaciones")
    page.skip()
    trims = ("1er TRIM.", "2do TRIM.", "3er TRIM.", "4to TRIM.")
    page.head(
        ("CATEGORÍA PROGRAMÁTICA", "PROG."),
        ("CATEGORÍA PROGRAMÁTICA", "PROY."),
        ("CATEGORÍA PROGRAMÁTICA", "ACT."),
        ("DENOMINACIÓN",),
        ("INDICADOR",),
        ("L.B.",),
        ("META",),
        *[("PROGRAMACIÓN DE EJECUCIÓN MENSUAL", trims[i // 3], INITIALS[i]) for i in range(12)],
        ("PRESUPUESTO Bs.",),
    )
    for programme in range(3):
        own = [item for item in items() if item.number % 3 == programme]
        page.put(f"{10 + programme}", "0000", "000", f"PROGRAMA DE {('SALUD', 'EDUCACIÓN', 'OBRAS')[programme]}")
        for item in own:
            code = (f"{10 + programme}", "0000", f"{item.number:03}")
            shown = (item.name, f"N° de {item.measure}", Decimal(0), said(page, item))
            page.activity(item, *code, *shown, *item.months, item.target * 100)
        total = sum((item.target * 100 for item in own), Decimal(0))
        page.put(None, None, None, f"TOTAL PROGRAMA {10 + programme}", *[None] * 15, total)
    page.put("TOTAL GENERAL", *[None] * 18, sum((item.target * 100 for item in items()), Decimal(0)))
    page.skip(3)
    page.put(None, None, "_____________________", *[None] * 6, "_____________________")
    page.put(None, None, "Secretario de Planificación", *[None] * 6, "Alcalde Municipal")
    return page.office()


def ceplan(slip: int = 0) -> Office:
    """Peru's POI: CEPLAN's categories, two rows for each activity, what is done and what it costs."""
    page = Page(slip=slip)
    page.put("PLAN OPERATIVO INSTITUCIONAL 2026")
    page.put("Pliego:", "001 Gobierno Regional")
    page.put("Unidad Ejecutora:", "100 Sede central")
    page.skip()
    page.head(
        ("OEI",),
        ("AEI",),
        ("Categoría Presupuestal",),
        ("Centro de Costo",),
        ("Código AOI",),
        ("Actividad Operativa e Inversiones",),
        ("Unidad de Medida",),
        ("Tipo de meta",),
        *heading_of(SPANISH, "Programación mensual"),
        ("Total Anual",),
    )
    for item in items():
        named = (f"OEI.0{item.number // 5 + 1}", f"AEI.0{item.number // 5 + 1}.01", "9001. ACCIONES CENTRALES")
        coded = (f"{item.number // 4 + 1:02}.01", f"AOI000100{1000 + item.number}", item.name, item.measure)
        line = page.activity(item, *named, *coded, "Físico", *item.months, said(page, item))
        page.put(*[None] * 7, "Financiero", *money(item), item.target * 1000)
        page.merges += [Merge(line, k, line + 1, k) for k in range(1, 8)]
    return page.office("POI")


def thirds(slip: int = 0) -> Office:
    """An office in Ecuador: thirds of the year, quantity and money of each, objectives merged over their rows."""
    page = Page(slip=slip)
    page.across("MATRIZ DE PLANIFICACIÓN OPERATIVA ANUAL", 14)
    page.skip()
    page.head(
        ("Objetivo Estratégico Institucional",),
        ("Programa",),
        ("Proyecto",),
        ("Actividad",),
        ("Indicador",),
        ("Meta anual",),
        *[("Programación cuatrimestral de la meta", f"{n} Cuatrimestre") for n in ("I", "II", "III")],
        ("Ítem presupuestario",),
        ("Presupuesto (USD)",),
        ("Responsable",),
        ("Medio de verificación",),
    )
    for item in items():
        parts = [sum((v for v in item.months[k : k + 4] if isinstance(v, Decimal)), Decimal(0)) for k in (0, 4, 8)]
        first = item.number % 5 == 1
        above = (f"OEI {item.number // 5 + 1}. Incrementar la cobertura", f"Programa {item.number // 5}", "Proyecto A")
        shown = (item.name, f"Número de {item.measure}", said(page, item))
        line = page.activity(
            item,
            *(above if first else [None] * 3),
            *shown,
            *parts,
            f"5306{item.number:02}",
            item.target * 50,
            f"Director {item.unit}",
            "Informe",
        )
        if first:
            page.merges += [Merge(line, k, line + min(4, len(items()) - item.number), k) for k in (1, 2, 3)]
    page.put("TOTAL", *[None] * 9, sum((item.target * 50 for item in items()), Decimal(0)))
    return page.office("POA 2026")


def lines_of_action(slip: int = 0) -> Office:
    """A secretariat in Mexico: objective, strategy and line of action by code, totals for each quarter."""
    page = Page(slip=slip)
    page.put("Programa Operativo Anual 2026")
    page.put("Dependencia:", "Secretaría de Desarrollo")
    page.skip()
    page.head(
        ("Clave",),
        ("Objetivo / Estrategia / Línea de acción",),
        ("Unidad de medida",),
        ("Meta anual",),
        *[
            ("Calendarización", caption)
            for n in range(4)
            for caption in (*[each.upper() for each in SPANISH[3 * n : 3 * n + 3]], f"T{n + 1}")
        ],
        ("Total",),
    )
    for item in items():
        if item.number % 6 == 1:
            page.put(f"{item.number // 6 + 1}", f"Objetivo {item.number // 6 + 1}. Impulsar el desarrollo")
        if item.number % 3 == 1:
            page.put(f"{item.number // 6 + 1}.{item.number % 6 // 3 + 1}", "Estrategia de fortalecimiento")
        at = f"{(item.number - 1) // 6 + 1}.{(item.number - 1) % 6 // 3 + 1}.{(item.number - 1) % 3 + 1}"
        spread: list[Value] = []
        for n in range(4):
            spread += [*item.months[3 * n : 3 * n + 3], item.quarter(n + 1)]
        page.activity(item, at, item.name, item.measure, said(page, item), *spread, item.target)
    return page.office()


def action_plan(slip: int = 0) -> Office:
    """An institute in Colombia: quarters as percentages of what is to be reached, numbers as text dates beside."""
    page = Page(slip=slip)
    page.put(None, "PLAN DE ACCIÓN INSTITUCIONAL", *[None] * 8, "Código: DE-F-01")
    page.put(None, "Proceso: Direccionamiento estratégico", *[None] * 8, "Versión: 3")
    page.skip()
    page.head(
        ("Dimensión MIPG",),
        ("Proceso",),
        ("No.",),
        ("Actividad",),
        ("Producto o entregable",),
        ("Fecha inicio",),
        ("Fecha fin",),
        ("Meta",),
        *[("Programación trimestral", f"T{n}") for n in range(1, 5)],
        ("Responsable",),
        ("Observaciones",),
    )
    for item in items():
        dated = (date(2026, 1, 15), date(2026, 12, 15))
        shown = ("Gestión con valores", "Planeación", Decimal(item.number), item.name, item.measure)
        page.activity(item, *shown, *dated, said(page, item), *quarters(item), f"Profesional {item.number}")
    return page.office("Plan de acción")


def cost_centres(slip: int = 0) -> Office:
    """A ministry in Guatemala: a heading row for each centre of cost, quantity and money below every month."""
    page = Page(slip=slip)
    page.across("PLAN OPERATIVO ANUAL 2026", 30)
    page.across("PROGRAMACIÓN MENSUAL DE METAS FÍSICAS Y FINANCIERAS", 30)
    page.skip()
    page.head(
        ("Código SNIP",),
        ("Producto / Subproducto",),
        ("Unidad de medida",),
        *[(month, kind) for month in LONG for kind in ("Física", "Financiera Q")],
        ("Total anual", "Física"),
        ("Total anual", "Financiera Q"),
    )
    for item in items():
        if item.number % 5 == 1:
            page.across(f"CENTRO DE COSTO: {('Dirección General', 'Planificación', 'Auditoría')[item.number // 5]}", 29)
        pairs = [value for pair in zip(item.months, money(item), strict=True) for value in pair]
        page.activity(
            item, f"{2000 + item.number}", item.name, item.measure, *pairs, said(page, item), item.target * 1000
        )
    return page.office()


def split_codes(slip: int = 0) -> Office:
    """A ministry in Paraguay: the code in four columns of numbers, months by number, texts for all amounts."""
    page = Page(slip=slip)
    page.put("ENTIDAD: 12 08 Ministerio")
    page.skip()
    page.head(
        ("TP",),
        ("PG",),
        ("SP",),
        ("PY",),
        ("Descripción del producto",),
        ("Unidad de medida",),
        ("Meta anual",),
        *heading_of([str(n) for n in range(1, 13)], "Meses"),
    )
    for item in items():
        code = (Decimal(1), Decimal(item.number // 6 + 1), Decimal(0), Decimal(item.number))
        typed = [f"{value:,.0f} " if isinstance(value, Decimal) else "-" for value in item.months]
        page.activity(item, *code, item.name, item.measure, f"{said(page, item):,.0f} ", *typed)
    return page.office()


def far_right(slip: int = 0) -> Office:
    """An agency whose table begins in column D: months as dates, a subtotal for every objective, notes below."""
    page = Page(left=3, slip=slip)
    page.put("SERVICIO NACIONAL DE SANIDAD")
    page.put("Programación 2026")
    page.skip(2)
    page.head(
        ("N°",),
        ("Objetivo de gestión",),
        ("Operación",),
        ("Responsable",),
        ("Unidad de medida",),
        *[(date(2026, n, 1),) for n in range(1, 13)],
        ("TOTAL",),
    )
    for start in (0, 5, 10):
        own = items()[start : start + 5]
        for item in own:
            goal = f"Objetivo {start // 5 + 1}: proteger la sanidad" if item is own[0] else None
            named = (Decimal(item.number), goal, item.name, "Jefe distrital", item.measure)
            page.activity(item, *named, *item.months, said(page, item))
        sums = [sum((v for item in own if isinstance(v := item.months[k], Decimal)), Decimal(0)) for k in range(12)]
        page.put(None, f"SUBTOTAL OBJETIVO {start // 5 + 1}", None, None, None, *sums, sum(sums, Decimal(0)))
    page.skip()
    page.put("Nota: las cifras son preliminares.")
    return page.office()


def planned_and_reached(slip: int = 0) -> Office:
    """A hospital in El Salvador: `P` and `R` below every month, quarter totals between, percentage at the end."""
    page = Page(slip=slip)
    page.put("HOSPITAL NACIONAL")
    page.skip()
    columns: list[Captions] = []
    for n in range(4):
        columns += [(month, kind) for month in LONG[3 * n : 3 * n + 3] for kind in ("P", "R")]
        columns += [(f"Total {n + 1}° trimestre", kind) for kind in ("P", "R")]
    page.head(("No.",), ("Actividades",), ("Meta anual",), ("Medio de verificación",), *columns, ("%",))
    for item in items():
        spread: list[Value] = []
        for n in range(4):
            for value in item.months[3 * n : 3 * n + 3]:
                spread += [value, value if n == 0 else None]
            spread += [item.quarter(n + 1), item.quarter(1) if n == 0 else None]
        page.activity(item, Decimal(item.number), item.name, said(page, item), "Registro", *spread)
    return page.office("PAO")


def individual(slip: int = 0) -> Office:
    """A POAI of one official: functions with weights, marks in the months, signatures at both ends."""
    page = Page(slip=slip)
    page.across("PROGRAMACIÓN OPERATIVA ANUAL INDIVIDUAL (POAI)", 17)
    page.put("Denominación del puesto:", None, "Técnico en planificación")
    page.put("Unidad:", None, "Dirección de Planificación")
    page.skip()
    page.head(
        ("N°",),
        ("FUNCIONES / RESULTADOS ESPECÍFICOS",),
        ("PONDERACIÓN %",),
        *heading_of(INITIALS, "CRONOGRAMA"),
        ("FUENTE DE VERIFICACIÓN",),
    )
    for item in items(8):
        marks = ["X" if value else None for value in item.months]
        count = Decimal(sum(each is not None for each in marks))
        page.activity(item, Decimal(item.number), item.name, Decimal(12), *marks, "Informe", total=count)
    page.skip(2)
    page.put(None, "Servidor público", *[None] * 6, "Inmediato superior")
    return page.office("POAI")


def two_rows(slip: int = 0) -> Office:
    """A prefecture: `P` and `E` in rows below each other, name and target merged over both, quarters summed."""
    page = Page(slip=slip)
    page.put("SEGUIMIENTO AL POA 2026")
    page.skip()
    page.head(
        ("COD.",),
        ("OPERACIÓN",),
        ("META",),
        ("P/E",),
        *[
            (f"{n + 1}° TRIMESTRE", caption)
            for n in range(4)
            for caption in (*[each.upper() for each in SPANISH[3 * n : 3 * n + 3]], "TOTAL")
        ],
    )
    for item in items():
        spread: list[Value] = []
        for n in range(4):
            spread += [*item.months[3 * n : 3 * n + 3], item.quarter(n + 1)]
        line = page.activity(item, f"1.{item.number // 6 + 1}.{item.number}", item.name, said(page, item), "P", *spread)
        page.put(None, None, None, "E", *spread[:4])
        page.merges += [Merge(line, k, line + 1, k) for k in (1, 2, 3)]
    return page.office("Seguimiento")


def several_years(slip: int = 0) -> Office:
    """A ministry's plan of several years: months of the first one, single columns for the others."""
    page = Page(slip=slip)
    page.put("PLAN OPERATIVO MULTIANUAL 2026-2028")
    page.skip()
    page.head(
        ("Código",),
        ("Actividad operativa",),
        ("Unidad de medida",),
        ("Línea base 2025",),
        *heading_of(SPANISH, "2026"),
        ("2026", "Total 2026"),
        ("2027",),
        ("2028",),
    )
    for item in items():
        more = (item.target + 2, item.target + 3)
        page.activity(
            item,
            f"AO.{item.number:02}",
            item.name,
            item.measure,
            item.target - 1,
            *item.months,
            said(page, item),
            *more,
        )
    return page.office("Multianual")


def tasks(slip: int = 0) -> Office:
    """A university: operations with a target, tasks below them with marks alone, in a column of their own."""
    page = Page(slip=slip)
    page.across("UNIVERSIDAD AUTÓNOMA - PLAN OPERATIVO ANUAL", 18)
    page.put("FACULTAD:", "Ciencias Económicas")
    page.skip()
    page.head(
        ("OBJETIVO DE GESTIÓN",),
        ("OPERACIONES",),
        ("RESULTADO ESPERADO",),
        ("INDICADOR",),
        ("META",),
        *heading_of([each.upper() for each in SPANISH], "CRONOGRAMA DE EJECUCIÓN"),
        ("PRESUPUESTO", "FUNCIONAMIENTO"),
        ("PRESUPUESTO", "INVERSIÓN"),
        ("PRESUPUESTO", "TOTAL"),
    )
    for item in items():
        goal = f"OG {item.number // 5 + 1} Mejorar la formación" if item.number % 5 == 1 else None
        shown = (goal, item.name, f"Se cuenta con {item.measure}", f"N° de {item.measure}s")
        page.activity(item, *shown, said(page, item), *item.months, item.target * 10, None, item.target * 10)
    page.put("TOTAL PRESUPUESTO", *[None] * 16, sum((item.target * 10 for item in items()), Decimal(0)))
    return page.office("FCE")


def both_series(slip: int = 0) -> Office:
    """A governorate: quantities, then money, each with its total; weights of the operations; a row of numbers."""
    page = Page(slip=slip)
    page.put("GOBIERNO AUTÓNOMO DEPARTAMENTAL")
    page.skip()
    page.head(
        ("CÓDIGO PEI",),
        ("CÓDIGO POA",),
        ("ACCIONES DE CORTO PLAZO / OPERACIONES",),
        ("PONDERACIÓN (%)",),
        ("UNIDAD EJECUTORA",),
        *heading_of(SPANISH, "PROGRAMACIÓN FÍSICA"),
        ("PROGRAMACIÓN FÍSICA", "TOTAL"),
        *heading_of(SPANISH, "PROGRAMACIÓN FINANCIERA (Bs)"),
        ("PROGRAMACIÓN FINANCIERA (Bs)", "TOTAL"),
    )
    page.put(*[f"({k})" for k in range(1, 32)])
    for item in items():
        shown = (
            f"2.{item.number // 7 + 1}",
            f"2.{item.number // 7 + 1}.{item.number}",
            item.name,
            Decimal(7),
            item.unit,
        )
        page.activity(item, *shown, *item.months, said(page, item), *money(item), item.target * 1000)
    return page.office("GAD")


def four_rows(slip: int = 0) -> Office:
    """A fund: four rows for each operation, what is planned and done in quantities and in money."""
    page = Page(slip=slip)
    page.put("SEGUIMIENTO FÍSICO FINANCIERO")
    page.skip()
    page.head(("CÓDIGO",), ("OPERACIÓN",), ("META ANUAL",), ("DETALLE",), *heading_of(SPANISH, "2026"), ("TOTAL",))
    for item in items():
        shown = (f"OP.{item.number}", item.name, said(page, item), "Físico programado")
        line = page.activity(item, *shown, *item.months, item.target)
        page.put(None, None, None, "Físico ejecutado", *item.months[:3])
        page.put(None, None, None, "Financiero programado", *money(item), item.target * 1000)
        page.put(None, None, None, "Financiero ejecutado", *money(item)[:3])
        page.merges += [Merge(line, k, line + 3, k) for k in (1, 2, 3)]
    return page.office()


def lettered(slip: int = 0) -> Office:
    """An institute in Guatemala: objectives with a number and what they cost, activities with letters below them."""
    page = Page(slip=slip)
    page.put("INSTITUTO")
    page.skip()
    page.head(
        ("N°",), ("OBJETIVO / ACTIVIDAD",), ("INDICADOR",), ("META",), *heading_of(INITIALS, "MESES"), ("COSTO Q",)
    )
    for start in (0, 5, 10):
        own = items()[start : start + 5]
        goal = (Decimal(start // 5 + 1), f"Objetivo {start // 5 + 1}: mejorar los servicios")
        page.put(*goal, *[None] * 14, sum((item.target for item in own), Decimal(0)))
        for letter, item in zip("abcde", own, strict=False):
            shown = (f"{letter})", item.name, f"N° de {item.measure}s", said(page, item))
            page.activity(item, *shown, *item.months, item.target)
    return page.office()


def summed_above(slip: int = 0) -> Office:
    """A department: objectives that say the sums of their activities month by month, whose names are set in."""
    page = Page(slip=slip)
    page.put("DIRECCIÓN DEPARTAMENTAL")
    page.skip()
    page.head(("DESCRIPCIÓN",), ("UNIDAD DE MEDIDA",), ("META",), *heading_of(SPANISH), ("PRESUPUESTO",))
    for start in (0, 5, 10):
        own = items()[start : start + 5]
        sums = [sum((v for item in own if isinstance(v := item.months[k], Decimal)), Decimal(0)) for k in range(12)]
        cost = sum((item.target * 10 for item in own), Decimal(0))
        page.put(f"OBJETIVO {start // 5 + 1} MEJORAR LA GESTIÓN", None, sum(sums, Decimal(0)), *sums, cost)
        for item in own:
            shown = (f"   {item.name}", item.measure, said(page, item))
            page.activity(item, *shown, *item.months, item.target * 10)
    return page.office()


def health_network(slip: int = 0) -> Office:
    """A health service in Bolivia: what is planned for the year before the months, their total behind them."""
    page = Page(slip=slip)
    page.across("SERVICIO DEPARTAMENTAL DE SALUD", 20)
    page.skip()
    page.head(
        ("ÁREA",),
        ("RESULTADO",),
        ("ACTIVIDADES",),
        ("MEDIOS DE VERIFICACIÓN",),
        ("POBLACIÓN OBJETIVO",),
        ("PROG. ANUAL",),
        *heading_of(INITIALS, "MESES"),
        ("TOTAL PROG.",),
        ("COSTO",),
    )
    for item in items():
        shown = (item.unit, "Reducir la mortalidad", item.name, "SNIS", item.target * 13, said(page, item))
        page.activity(item, *shown, *item.months, item.target, item.target * 7)
    return page.office("SEDES")


def pieces_and_costs(slip: int = 0) -> Office:
    """A district: numbers as texts with a comma, from column D on, the quantity before the months, costs behind."""
    page = Page(left=3, slip=slip)
    page.put("DISTRITAL ORIENTE")
    page.skip()
    named = ("COD", "OPERACIONES", "U. MED.", "CANTIDAD")
    behind = ("TOTAL", "COSTO UNIT.", "COSTO TOTAL", "PART.")
    page.head(*((each,) for each in named), *heading_of([f"{m}-20" for m in SPANISH]), *((each,) for each in behind))
    for item in items():
        typed = [f"{value:.2f}".replace(".", ",") if isinstance(value, Decimal) else "0,00" for value in item.months]
        goal, total, cost = (f"{v:.2f}".replace(".", ",") for v in (said(page, item), item.target, item.target * 10))
        code = f"{item.number // 9 + 1}.{item.number}"
        page.activity(item, code, item.name, item.measure, goal, *typed, total, "10,00", cost, item.partida)
    return page.office()


def signs_below_months(slip: int = 0) -> Office:
    """A secretariat: `F` and `$` below every month, the programme's code in two columns."""
    page = Page(slip=slip)
    page.put("SECRETARÍA DE SALUD")
    page.skip()
    named = (("Prog.",), ("Subprog.",), ("Descripción de la meta",), ("U.M.",))
    page.head(*named, *[(m.upper(), k) for m in LONG for k in ("F", "$")], ("TOTAL", "F"), ("TOTAL", "$"))
    for item in items():
        pairs = [value for pair in zip(item.months, money(item), strict=True) for value in pair]
        code = ("01", f"{item.number:02d}")
        page.activity(item, *code, item.name, item.measure, *pairs, said(page, item), item.target * 1000)
    return page.office()


def goals_by_quarter(slip: int = 0) -> Office:
    """A ministry in Ecuador: goal, result and share below every quarter, no word for what rows are called."""
    page = Page(slip=slip)
    page.across("GOBIERNO POR RESULTADOS", 18)
    page.skip()
    kinds = ("Meta", "Logrado", "% Avance")
    named = (("Nivel",), ("Objetivo operativo",), ("Indicador",), ("Fórmula",), ("Meta anual",))
    page.head(*named, *[(f"TRIMESTRE {n}", kind) for n in range(1, 5) for kind in kinds], ("Responsable",))
    for item in items():
        spread: list[Value] = []
        for n, value in enumerate(quarters(item)):
            spread += [value, value if n == 0 else None, None]
        shown = ("N3", item.name, f"Número de {item.measure}", "Conteo", said(page, item))
        page.activity(item, *shown, *spread, "Ana")
    return page.office("GPR")


def physical_plan(slip: int = 0) -> Office:
    """An agency in the Philippines: a row that numbers its twelve columns, the total before the quarters."""
    page = Page(slip=slip)
    page.put("PHYSICAL PLAN")
    page.skip()
    before, physical = "Current Year's Accomplishments", "Physical Targets (Budget Year)"
    page.head(
        ("Particulars",),
        ("UACS CODE",),
        *((before, each) for each in ("Actual Jan 1-Sept 30", "Estimate Oct 1-Dec 31", "Total")),
        *((physical, each) for each in ("Total", "1st Quarter", "2nd Quarter", "3rd Quarter", "4th Quarter")),
        ("Variance",),
        ("Remarks",),
    )
    page.put(*map(Decimal, range(1, 13)))
    for item in items():
        if item.number % 5 == 1:
            page.put(f"PROGRAM {item.number}", f"3{item.number:02d}0100000000000")
            page.put("Output Indicators")
        done = (Decimal(30), Decimal(10), Decimal(40))
        page.activity(item, item.name, None, *done, said(page, item), *quarters(item))
    return page.office("BED-2")


def halves(slip: int = 0) -> Office:
    """An institute in El Salvador: the target of the year between the two halves of it, each with its own total."""
    page = Page(slip=slip)
    page.put("PROGRAMACIÓN DE METAS")
    page.skip()
    page.head(
        *[(each,) for each in ("Área", "Actividad", "Unidad de medida", *SPANISH[:6], "Subtotal 1er semestre")],
        *[(each,) for each in ("Meta anual", *SPANISH[6:], "Subtotal 2° semestre", "Medio de verificación")],
    )
    for item in items():
        sums = [
            sum(value for value in half if isinstance(value, Decimal)) for half in (item.months[:6], item.months[6:])
        ]
        parts = (*item.months[:6], Decimal(sums[0]), said(page, item), *item.months[6:], Decimal(sums[1]))
        page.activity(item, item.unit, item.name, item.measure, *parts, "Informe")
    return page.office("Metas")


def objectives_beside(slip: int = 0) -> Office:
    """A health office in the Philippines: objectives beside the first of their activities, money, totals by quarter."""
    page = Page(slip=slip)
    page.put("Work & Financial Plan")
    page.skip()
    named = (
        "Strategic Objective",
        "Activities",
        "Physical Target",
        "Object of Expenditure",
        "Source of Fund",
        "Amount",
    )
    parts: list[Captions] = []
    for n, name in enumerate(("First", "Second", "Third", "Fourth")):
        parts += [(f"{name} Quarter", each) for each in (*MONTHS_IN_ENGLISH[3 * n : 3 * n + 3], "Total")]
    page.head(*[(each,) for each in named], *parts, ("Person Responsible",))
    for item in items():
        objective = f"SO{item.number // 5 + 1}: Improve the outcomes of health" if item.number % 5 == 1 else None
        spread: list[Value] = []
        for n in range(4):
            spread += [*item.months[3 * n : 3 * n + 3], item.quarter(n + 1)]
        shown = (objective, item.name, f"{item.number} activities", "Training", "GAA", said(page, item))
        page.activity(item, *shown, *spread, "Coordinator")
    return page.office("WFP")


def results_above(slip: int = 0) -> Office:
    """A town hall in El Salvador: a result above its activities, in the column of their numbers: 1.1, 1.2."""
    page = Page(slip=slip)
    page.put("PLAN ANUAL OPERATIVO")
    page.skip()
    page.head(*[(each,) for each in ("No.", "RESULTADO / ACTIVIDAD", "UNIDAD DE MEDIDA", "META ANUAL", *SPANISH)])
    for item in items():
        if item.number % 5 == 1:
            page.across(f"RESULTADO {item.number // 5 + 1}: Mejorar el servicio al ciudadano", 16)
        code = f"{(item.number - 1) // 5 + 1}.{(item.number - 1) % 5 + 1}"
        page.activity(item, code, item.name, item.measure, said(page, item), *item.months)
    return page.office("PAO")


OFFICES: Mapping[str, Callable[[int], Office]] = {
    each.__name__: each
    for each in (
        municipality,
        ceplan,
        thirds,
        lines_of_action,
        action_plan,
        cost_centres,
        split_codes,
        far_right,
        planned_and_reached,
        individual,
        two_rows,
        several_years,
        tasks,
        both_series,
        four_rows,
        lettered,
        summed_above,
        health_network,
        pieces_and_costs,
        signs_below_months,
        goals_by_quarter,
        physical_plan,
        halves,
        objectives_beside,
        results_above,
    )
}
