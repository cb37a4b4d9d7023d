"""Funciones POA_* para las celdas de Excel y de LibreOffice Calc.

Ranges in, `poa_xl.core` does the work, ranges out; a whole plan is read by the office's settings, as buttons read it. xlwings calls these with rows of cells; a single cell works too.
Docstrings and argument texts are what the function wizard shows, so they are in Spanish, one paragraph, in the
characters of cp1252. Annotations must be real at run time and known to xlwings: no unions, no keyword-only arguments.

No data frames here: what spills is rows already, and neither Calc nor a planner's machine has pandas. Functions of an
analyst's own spill frames by `poa_xl.frames.Sheet`.

Bad input comes back as the name of a cell error, which the wrapper in the workbook makes a real one; anything that
is raised becomes #VALUE! there.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any

import xlwings as xw

from poa_xl.actions.settings import profile_beside
from poa_xl.core import totals
from poa_xl.core.checks import TARGET_CHECKS, check
from poa_xl.core.codes import Code
from poa_xl.core.dates import MONTHS, month_number
from poa_xl.core.findings import Finding
from poa_xl.core.flags import flag, state_of
from poa_xl.core.numbering import codes_after
from poa_xl.core.plan import Kind, Plan, Row, TargetKind
from poa_xl.core.progress import quarters, reached
from poa_xl.core.reports import WORDS, parse_sense, rounded
from poa_xl.core.rollup import Total, Unknown, add, money_by_code
from poa_xl.core.targets import Verdict, judge_row
from poa_xl.core.text import fold
from poa_xl.core.tracking import SCALES, USUAL, Band, Progress, Scale, Sense, track
from poa_xl.core.values import Invalid
from poa_xl.errors import LayoutError, PoaError
from poa_xl.i18n import say
from poa_xl.sheet.areas import Placed, as_area, as_grid, as_list, flat
from poa_xl.sheet.cells import amount_of, code_of, flaw_of, stated_of, text_of
from poa_xl.sheet.grid import Value
from poa_xl.sheet.headers import find_layout
from poa_xl.sheet.parse import parse
from poa_xl.sheet.rows import is_code
from poa_xl.sheet.tables import findings_table, summary_table

VALUE, MISSING = "#VALUE!", "#N/A"

# What xlwings converts an argument by: a list of rows.
Cells = list[list[object]]
Result = Any
_BLANK: Cells = [[None]]
# Help of the arguments of a target held against its months.
_JUDGED = {
    "meta": "Meta, o columna de metas",
    "unidad": "Unidad de Medida de cada meta",
    "meses": "Los doce meses de cada meta, de ENE a DIC",
    "tipo": f"Opcional: Tipo de meta elegido ({', '.join(TargetKind)})",
}


class _Plan:
    """How xlwings reads a range with a plan: its rows of cells, and where they stand."""

    @staticmethod
    def reader(options: Any) -> Any:  # noqa: ANN401 - xlwings has no types for it
        """Return the steps of reading one."""
        from xlwings.conversion import ValueAccessor  # noqa: PLC0415 - Excel alone has it

        return ValueAccessor.reader(options).append_stage(_place)  # type: ignore[no-untyped-call]


def _place(read: Any) -> None:  # noqa: ANN401 - the same
    """Say of what was read where it stands; rows that a formula made stand nowhere."""
    cells = read.range
    if cells is None:
        return
    try:
        address = str(cells.sheet.book.fullname)
    except Exception:  # noqa: BLE001 - of a workbook in OneDrive that has no folder here it raises several kinds
        address = ""
    read.value = Placed(read.value, address, cells.sheet.name, cells.row, cells.column)


# Arguments that are a whole plan.
_PLANS = {"rango_con_encabezado": _Plan}


def _help(**texts: str) -> Callable[[Callable[..., Result]], Callable[..., Result]]:
    """Register a function with the help of its arguments; each comes as rows of cells, errors as their names."""

    def register(function: Callable[..., Result]) -> Callable[..., Result]:
        for name, text in texts.items():
            function = xw.arg(name, _PLANS.get(name), ndim=2, err_to_str=True, doc=text)(function)
        function.help_texts = texts  # type: ignore[attr-defined]
        return xw.func(category="POA")(function)

    return register


@_help(codigo="Código o rango de códigos, como GROGR1.2.5.1.10")
def POA_NIVEL(codigo: Cells) -> Result:
    """Nivel de un código: cuántas partes tiene. GROGR1.2.5 es de nivel 3."""
    return _each(codigo, lambda code: code.depth)


@_help(codigo="Código o rango de códigos, como GROGR1.2.5.1.10")
def POA_PADRE(codigo: Cells) -> Result:
    """Código del grupo de encima: de GROGR1.2.5 es GROGR1.2. Vacío si no hay."""
    return _each(codigo, lambda code: str(code.parent or ""))


@_help(codigo="Código o rango de códigos, como GROGR1.2.5.1.10")
def POA_ORDEN(codigo: Cells) -> Result:
    """Clave para ordenar códigos: con ella 1.10 va después de 1.9. Se usa en ORDENARPOR o en una columna auxiliar."""
    return _each(codigo, lambda code: ".".join((code.prefix, *(f"{part:06}" for part in code.parts))))


@_help(
    codigo="Código o rango de códigos de los que se quiere el presupuesto",
    codigos="Columna Código de todo el plan",
    presupuestos="Columna Presupuesto de todo el plan, del mismo tamaño",
)
def POA_PRESUPUESTO(codigo: Cells, codigos: Cells, presupuestos: Cells) -> Result:
    """Presupuesto de un código, sumado de lo que tiene debajo, con los argumentos B7; B7:B99; X7:X99. #N/D si no está."""
    found = _money_by_code(flat(codigos), flat(presupuestos))
    return _each(codigo, lambda code: _money(found[code]) if code in found else MISSING)


@_help(
    codigo="Código del grupo, o el de una operación que ya está en él; o un rango de ellos",
    codigos="Columna Código de todo el plan",
)
def POA_SIGUIENTE_CODIGO(codigo: Cells, codigos: Cells) -> Result:
    """El código que sigue para una operación nueva, escrito como los demás. Argumentos: B7; B7:B99. #N/D si el grupo no está."""
    codes = [code for code in (code_of(each) for each in as_list(codigos)) if isinstance(code, Code)]
    known, groups = {*codes}, {code.parent for code in codes}

    def following(code: Code) -> object:
        group = code if code in groups or code.parent not in groups else code.parent
        if group is None or (group not in known and group not in groups):
            return MISSING
        free = next(codes_after([each for each in known if each.parent == group], group), None)
        return MISSING if free is None else free.written or str(free)

    return _each(codigo, following)


@_help(
    codigo="Código o rango de códigos de los que se quiere la ponderación",
    codigos="Columna Código de todo el plan",
    presupuestos="Columna Presupuesto de todo el plan, del mismo tamaño",
)
def POA_PONDERACION(codigo: Cells, codigos: Cells, presupuestos: Cells) -> Result:
    """Peso de un código en el grupo de encima, por su presupuesto: de 0 a 1; los de un grupo suman 1. Sin presupuesto, partes iguales."""
    found = _money_by_code(flat(codigos), flat(presupuestos))
    beside: dict[object, list[Code]] = defaultdict(list)
    for code in found:
        beside[code.parent].append(code)

    def weight(code: Code) -> object:
        if code not in found:
            return MISSING
        own, whole = found[code] or Decimal(0), add(found[each] for each in beside[code.parent])
        if isinstance(own, Unknown) or isinstance(whole, Unknown):
            return VALUE
        return own / whole if whole else Decimal(1) / len(beside[code.parent])

    return _each(codigo, weight)


@_help(**_JUDGED)
def POA_TIPO(meta: Cells, unidad: Cells, meses: Cells, tipo: Cells = _BLANK) -> Result:
    """Tipo de meta: el elegido, o el que se deduce de la unidad de medida y de los meses."""
    return _judged(meta, unidad, meses, tipo, lambda verdict: str(verdict.kind))


@_help(
    meses="Los doce meses, de ENE a DIC; una fila por meta",
    tipo="Opcional: Tipo de meta; sin él, Acumulada",
    hasta_mes="Opcional: hasta qué mes, de 1 a 12 o por su nombre; sin él, todo el año",
)
def POA_PROGRAMADO(meses: Cells, tipo: Cells = _BLANK, hasta_mes: Cells = _BLANK) -> Result:
    """Lo que los meses hacen según el tipo de meta: suma, nivel, promedio o avance, hasta un mes."""
    rows = _months(meses)
    kinds, last = _fitted(as_list(tipo), len(rows)), _fitted(as_list(hasta_mes), len(rows))
    found = [_programmed(row, kind, _month(month)) for row, kind, month in zip(rows, kinds, last, strict=True)]
    return _shaped([[each] for each in found])


@_help(**_JUDGED)
def POA_DIFERENCIA(meta: Cells, unidad: Cells, meses: Cells, tipo: Cells = _BLANK) -> Result:
    """Programado menos Meta: negativo si falta, 0 si cuadra."""
    return _judged(meta, unidad, meses, tipo, lambda verdict: verdict.difference)


@_help(**_JUDGED)
def POA_ESTADO(meta: Cells, unidad: Cells, meses: Cells, tipo: Cells = _BLANK) -> Result:
    """VERDE si los meses cuadran con la Meta, ROJO si no, AVISO si hay que mirar. POA_MOTIVO dice por qué."""
    plan = _operations(meta, unidad, meses, tipo)
    found: dict[int, list[Finding]] = defaultdict(list)
    for finding in check(plan, TARGET_CHECKS):
        found[finding.index].append(finding)
    return _shaped([[str(state_of(found[index], seen=_has_target(row)))] for index, row in enumerate(plan.rows)])


@_help(**_JUDGED)
def POA_MOTIVO(meta: Cells, unidad: Cells, meses: Cells, tipo: Cells = _BLANK) -> Result:
    """Por qué POA_ESTADO dice lo que dice, y qué lo arreglaría."""
    plan = _operations(meta, unidad, meses, tipo)
    flags = flag(plan, check(plan, TARGET_CHECKS))
    return _shaped([[each.reason if _has_target(row) else None] for row, each in zip(plan.rows, flags, strict=True)])


@_help(meses="Los doce meses, de ENE a DIC; una fila por meta", tipo="Opcional: Tipo de meta; sin él, Acumulada")
def POA_TRIMESTRES(meses: Cells, tipo: Cells = _BLANK) -> Result:
    """Los cuatro trimestres según el tipo de meta: cuatro valores que se derraman a la derecha."""
    rows = _months(meses)
    return _shaped([_quarters(row, kind) for row, kind in zip(rows, _fitted(as_list(tipo), len(rows)), strict=True)])


@_help(
    ejecutado="Lo ejecutado cada mes, de ENE a DIC; una fila por meta; vacío es sin informar",
    tipo="Opcional: Tipo de meta; sin él, Acumulada",
    hasta_mes="Opcional: hasta qué mes, de 1 a 12 o por su nombre; sin él, todo el año",
)
def POA_EJECUTADO(ejecutado: Cells, tipo: Cells = _BLANK, hasta_mes: Cells = _BLANK) -> Result:
    """Lo ejecutado hasta un mes según el tipo de meta: suma, promedio, o lo último informado. Vacío si nada se informó."""
    rows = _months(ejecutado)
    last, kinds = _fitted(as_list(hasta_mes), len(rows)), _fitted(as_list(tipo), len(rows))
    read = zip(rows, last, kinds, strict=True)
    found = [_progress([None] * len(MONTHS), done, month, kind, None) for done, month, kind in read]
    return _shaped([[VALUE if each is None else each.executed] for each in found])


# Help of the arguments of what was executed against what was programmed.
_TRACKED = {
    "meses": "Los doce meses programados, de ENE a DIC; una fila por meta",
    "ejecutado": "Lo ejecutado cada mes, del mismo tamaño; vacío es sin informar, y no es cero",
    "hasta_mes": "Mes de corte, de 1 a 12 o por su nombre",
    "tipo": "Opcional: Tipo de meta; sin él, Acumulada",
}


@_help(**_TRACKED, sentido="Opcional: Más es mejor, o Menos es mejor; sin él, más es mejor")
def POA_EFICACIA(
    meses: Cells, ejecutado: Cells, hasta_mes: Cells, tipo: Cells = _BLANK, sentido: Cells = _BLANK
) -> Result:
    """Eficacia en porcentaje: lo ejecutado de lo programado hasta un mes. Si no la hay, dice por qué: Todavía no corresponde, Sin informar, Sin programar, Sin base."""
    return _tracked(meses, ejecutado, hasta_mes, tipo, sentido, lambda each: rounded(each.efficacy))


@_help(**_TRACKED)
def POA_PROYECCION(meses: Cells, ejecutado: Cells, hasta_mes: Cells, tipo: Cells = _BLANK) -> Result:
    """A cuánto se llega en diciembre si se sigue a este ritmo. Si no se puede decir, dice por qué."""
    return _tracked(meses, ejecutado, hasta_mes, tipo, _BLANK, lambda each: each.projection)


@_help(
    eficacia="Eficacia en porcentaje, o una columna de ellas",
    bandas="Opcional: nombre de unas bandas (CNS, ASUSS, Sacaba), o dos columnas: banda y desde qué porcentaje",
)
def POA_SEMAFORO(eficacia: Cells, bandas: Cells = _BLANK) -> Result:
    """Banda de una Eficacia. Un texto, como Sin informar, queda como está. Sin bandas: Bajo, Medio desde 75, Alto desde 90."""
    scale = _scale(bandas)
    area = as_area(eficacia)
    return _shaped([[_band(each, scale) for each in row] for row in area])


@_help(
    partida="Partida, o grupo por sus primeras cifras: 2, 25, 25220; o un rango de ellas",
    partidas="Columna Partida del plan",
    presupuestos="Columna Presupuesto del plan, del mismo tamaño",
    detalle="Opcional: VERDADERO para ver al lado cuánto está en celdas compartidas con otras partidas",
)
def POA_PARTIDA(partida: Cells, partidas: Cells, presupuestos: Cells, detalle: Cells = _BLANK) -> Result:
    """Presupuesto de una partida o de un grupo del clasificador. Una celda con varias partidas que no está dividida en filas cuenta entera en cada una."""
    budgets = [amount_of(each) for each in as_list(presupuestos)]
    texts = _same(as_list(partidas), len(budgets))
    plan = Plan(
        tuple(Row(Kind.LINE, partida=text_of(each), budget=budget) for each, budget in zip(texts, budgets, strict=True))
    )
    wanted = as_list(partida)
    found = [_partida(plan, text_of(each)) for each in wanted]
    if any(as_list(detalle)):
        return _shaped([list(each) for each in found])
    return _shaped(_like(as_area(partida), [money for money, _ in found]))


@_help(
    unidad="Unidad ejecutora, o un rango de ellas",
    unidades="Columna Área Unidad Ejecutora del plan",
    presupuestos="Columna Presupuesto del plan, del mismo tamaño",
    codigos="Opcional: columna Código del plan, del mismo tamaño; sin ella cuentan todas las filas",
)
def POA_UNIDAD(unidad: Cells, unidades: Cells, presupuestos: Cells, codigos: Cells = _BLANK) -> Result:
    """Presupuesto de una unidad, sin contar dos veces lo que los grupos ya suman. #N/D si no está."""
    plan = _plan(as_list(codigos), as_list(presupuestos), as_list(unidades))
    found = {fold(unit): totals.money_of_unit(plan, unit) for unit in {row.unit for row in plan.rows}}
    names = [fold(text_of(each)) for each in as_list(unidad)]
    return _shaped(
        _like(as_area(unidad), [_money(found[name]) if name in found else MISSING if name else None for name in names])
    )


@_help(
    fuente="Fuente, organismo u otra clave, o un rango de ellas",
    fuentes="Columna de la clave: Fuente, Organismo u otra del plan",
    presupuestos="Columna Presupuesto del plan, del mismo tamaño",
    codigos="Opcional: columna Código del plan, del mismo tamaño; sin ella cuentan todas las filas",
)
def POA_FUENTE(fuente: Cells, fuentes: Cells, presupuestos: Cells, codigos: Cells = _BLANK) -> Result:
    """Presupuesto de una fuente, un organismo u otra clave que el plan tenga en una columna, sin contar dos veces. #N/D si no está."""
    texts = as_list(fuentes)
    plan = _plan(as_list(codigos), as_list(presupuestos), texts)
    found = totals.money_by_text(plan, lambda row: fold(row.unit))
    return _shaped(_like(as_area(fuente), [_of_text(found, text_of(each)) for each in as_list(fuente)]))


def _of_text(found: Mapping[str, Total], text: str) -> object:
    if not text:
        return None
    return _money(found[fold(text)]) if fold(text) in found else MISSING


@_help(
    rango_con_encabezado="El plan entero, con la fila de encabezados",
    primera_celda='Opcional: CELDA("direccion"; A6), la primera del rango; entonces en lugar de la fila viene la celda',
)
def POA_HALLAZGOS(rango_con_encabezado: Cells, primera_celda: Cells = _BLANK) -> Result:
    """Todos los hallazgos del plan, en una tabla que se derrama: estado, dónde, columna, código, qué pasa y qué hacer. HIPERVINCULO lleva a la celda."""
    try:
        plan = _parsed(rango_con_encabezado)
    except PoaError as error:
        return str(error)
    table = findings_table(plan, text_of(as_list(primera_celda)[0]))
    return table if len(table) > 1 else say("Sin hallazgos")


@_help(
    rango_con_encabezado="El plan entero, con la fila de encabezados",
    por="unidad, objetivo, partida o trimestre",
)
def POA_RESUMEN(rango_con_encabezado: Cells, por: Cells) -> Result:
    """Totales del plan por unidad, objetivo, partida o trimestre, en una tabla que se derrama. Argumentos: A6:X99; "unidad"."""
    plan = _parsed(rango_con_encabezado)
    return summary_table(plan, text_of(as_list(por)[0]))


def _parsed(content: Cells) -> Plan:
    """Read a plan as the buttons do, by what the office says of it."""
    grid, profile = as_grid(content), profile_beside(content.address if isinstance(content, Placed) else "")
    if isinstance(content, Placed):
        profile = profile.within(content.row, content.column)
    layout = find_layout(grid, profile)
    if layout is None:
        raise LayoutError(say("el rango no tiene los encabezados de un plan: Código, Meta, ENE a DIC, Presupuesto"))
    return parse(grid, layout).plan


def _each(content: Cells, compute: Callable[[Code], object]) -> object:
    """Compute something of every code of an area; blank stays blank."""
    area = as_area(content)
    codes = [code_of(each) for row in area for each in row]
    return _shaped(_like(area, [compute(code) if isinstance(code, Code) else _blank_or(code) for code in codes]))


def _blank_or(value: object) -> object:
    return None if value is None else VALUE


def _like(area: Sequence[Sequence[object]], values: Sequence[object]) -> list[list[object]]:
    """Put values into the rows that an area has."""
    left = iter(values)
    return [[next(left) for _ in row] for row in area]


def _shaped(rows: Sequence[Sequence[object]]) -> object:
    """Return one cell as its value, more as rows; decimal numbers as the program wants them."""
    plain = [[float(each) if isinstance(each, Decimal) else each for each in row] for row in rows]
    return plain[0][0] if len(plain) == 1 and len(plain[0]) == 1 else plain


def _fitted(values: list[Value], count: int) -> list[Value]:
    """Return one value for each row; a single one holds for all."""
    return values * count if len(values) == 1 else _same(values, count)


def _same(values: list[Value], count: int) -> list[Value]:
    if len(values) != count:
        raise ValueError(
            say("los rangos no tienen el mismo tamaño: {one} y {other} celdas", one=len(values), other=count)
        )
    return values


def _months(content: Cells) -> list[list[Value]]:
    """Return the twelve months of each row; twelve cells one below the other are one row too."""
    area = as_area(content)
    if len(area) == len(MONTHS) and all(len(row) == 1 for row in area):
        area = [[row[0] for row in area]]
    if any(len(row) != len(MONTHS) for row in area):
        raise ValueError(say("se necesitan doce meses y hay {count} columnas", count=len(area[0])))
    return area


def _month(value: Value) -> int:
    """Return the index of a month: `6`, `JUN`, `junio`; December for a blank."""
    amount = amount_of(value)
    found = int(amount) if isinstance(amount, Decimal) and amount % 1 == 0 else month_number(text_of(value)) or 0
    if value is None or 1 <= found <= len(MONTHS):
        return found - 1 if value is not None else len(MONTHS) - 1
    raise ValueError(say("«{text}» no es un mes", text=text_of(value)))


def _programmed(row: list[Value], kind: Value, last: int) -> object:
    read = _amounts(row, kind)
    return VALUE if read is None else reached(*read, last)


def _quarters(row: list[Value], kind: Value) -> list[object]:
    read = _amounts(row, kind)
    return [VALUE] * 4 if read is None else list(quarters(*read))


def _amounts(row: list[Value], kind: Value) -> tuple[TargetKind, dict[int, Decimal]] | None:
    """Read type and programmed months; None when one of them is not understood."""
    stated, months = stated_of(kind), [amount_of(each) for each in row]
    if isinstance(stated, Invalid) or any(isinstance(each, Invalid) for each in months):
        return None
    return stated or TargetKind.CUMULATIVE, {
        i: each for i, each in enumerate(months) if isinstance(each, Decimal) and each
    }


def _progress(due: list[Value], done: list[Value], month: Value, kind: Value, sense: Value) -> Progress | None:
    """Hold the reports of a row against its programme; None when a cell is not understood."""
    stated, wanted = stated_of(kind), parse_sense(text_of(sense))
    programmed, executed = ([amount_of(each) for each in row] for row in (due, done))
    if any(isinstance(each, Invalid) for each in (stated, wanted, *programmed, *executed)):
        return None
    used = stated if isinstance(stated, TargetKind) else TargetKind.CUMULATIVE
    return track(used, wanted if isinstance(wanted, Sense) else Sense.MORE, programmed, executed, _month(month))


def _tracked(
    due: Cells, done: Cells, month: Cells, kind: Cells, sense: Cells, pick: Callable[[Progress], object]
) -> object:
    """Pick a figure of how every row stands, or the word for why there is none."""
    rows, reports = _months(due), _months(done)
    if len(rows) != len(reports):
        raise ValueError(
            say("los rangos no tienen el mismo tamaño: {one} y {other} celdas", one=len(rows), other=len(reports))
        )
    more = (_fitted(as_list(each), len(rows)) for each in (month, kind, sense))
    found = [_progress(*each) for each in zip(rows, reports, *more, strict=True)]
    return _shaped([[VALUE if each is None else WORDS.get(each.standing) or pick(each)] for each in found])


def _scale(bands: Cells) -> Scale:
    """Read bands: the name of some, or two columns; the usual ones for a blank."""
    area = [row for row in as_area(bands) if any(each is not None for each in row)]
    if not area:
        return USUAL
    if len(area) == 1 and len(area[0]) == 1:
        wanted = text_of(area[0][0])
        found = next((scale for name, scale in SCALES.items() if fold(name) == fold(wanted)), None)
        if found is None:
            raise ValueError(say("no hay bandas «{name}»; hay {names}", name=wanted, names=", ".join(SCALES)))
        return found
    read = [(text_of(row[0]), amount_of(row[-1])) for row in area]
    if any(len(row) != 2 for row in area) or any(not isinstance(lower, Decimal) for _, lower in read):  # noqa: PLR2004
        raise ValueError(say("las bandas son dos columnas: nombre y desde qué porcentaje"))
    return Scale(tuple(Band(name, "", lower) for name, lower in read if isinstance(lower, Decimal)), "")


def _band(value: Value, scale: Scale) -> object:
    if value is None or (isinstance(value, str) and flaw_of(value) is None):
        return value
    efficacy = rounded(value) if isinstance(value, Decimal) else None
    return scale.band(efficacy).name if efficacy is not None else VALUE


def _judged(target: Cells, measure: Cells, months: Cells, stated: Cells, pick: Callable[[Verdict], object]) -> object:
    """Pick something of the verdict on every target; a cell that was not understood makes a cell error."""
    plan = _operations(target, measure, months, stated)
    unread = {index for index, _, _ in plan.invalid}
    verdicts = [None if index in unread else judge_row(row) for index, row in enumerate(plan.rows)]
    return _shaped(
        [[VALUE if index in unread else pick(each) if each else None] for index, each in enumerate(verdicts)]
    )


def _operations(target: Cells, measure: Cells, months: Cells, stated: Cells) -> Plan:
    """Make a plan of operations that have a target and nothing else."""
    targets, rows = as_list(target), _months(months)
    read = zip(
        _same(targets, len(rows)),
        _fitted(as_list(measure), len(rows)),
        rows,
        _fitted(as_list(stated), len(rows)),
        strict=True,
    )
    return Plan(
        tuple(
            Row(
                Kind.OPERATION,
                line,
                target=amount_of(goal),
                measure=text_of(unit),
                months=tuple(map(amount_of, year)),
                stated=stated_of(kind),
            )
            for line, (goal, unit, year, kind) in enumerate(read, 1)
        )
    )


def _has_target(row: Row) -> bool:
    return row.target is not None or any(month is not None for month in row.months)


def _plan(codes: list[Value], budgets: list[Value], units: list[Value]) -> Plan:
    """Make a plan of columns: what has a code is a row; an amount without one, a line where its row states none.

    Where no row has a code, each that states an amount is one.
    """
    if not any(map(text_of, codes)):
        read_ = zip(map(amount_of, budgets), _same(units, len(budgets)), strict=True)
        return Plan(tuple(Row(Kind.OPERATION, unit=text_of(unit), budget=amount) for amount, unit in read_))
    read = [code_of(each) for each in codes]
    above = {code.parent for code in read if isinstance(code, Code)}
    rows: list[Row] = []
    open_ = False
    for code, budget, unit in zip(read, _same(budgets, len(read)), _fitted(units, len(read)), strict=True):
        amount = amount_of(budget)
        if is_code(code):
            open_ = amount is None
            kind = Kind.GROUP if isinstance(code, Code) and code in above else Kind.OPERATION
            rows.append(Row(kind, code=code, unit=text_of(unit), budget=amount))
        elif code is None and open_ and amount is not None:
            rows.append(Row(Kind.LINE, unit=text_of(unit), budget=amount))
    return Plan(tuple(rows))


@lru_cache(maxsize=8)
def _money_by_code(codes: tuple[object, ...], budgets: tuple[object, ...]) -> dict[Code, Total]:
    """Roll up once for all the cells that ask about the same columns."""
    return money_by_code(_plan(as_list(codes), as_list(budgets), [None]))


def _money(amount: Total | Invalid) -> object:
    return VALUE if isinstance(amount, Unknown | Invalid) else amount


def _partida(plan: Plan, wanted: str) -> tuple[object, object]:
    if not wanted:
        return None, None
    if not wanted.isdecimal():
        return VALUE, say("«{text}» no es una partida", text=wanted)
    found = totals.money_of_partida(plan, wanted)
    if found is None:
        return MISSING, say("ninguna fila tiene la partida {text}", text=wanted)
    money, shared = found
    return _money(money), say("{money} en celdas con varias partidas, sin dividir", money=shared) if shared else None
