"""Findings and totals as tables for a sheet: rows of texts and numbers, headers first."""

import re
from collections.abc import Callable

from poa_xl.core.checks import check
from poa_xl.core.codes import Code
from poa_xl.core.flags import State, flag
from poa_xl.core.plan import Plan
from poa_xl.core.rollup import Total, Unknown, roll_up
from poa_xl.core.text import fold
from poa_xl.core.totals import by_partida, by_quarter, by_unit, objectives
from poa_xl.i18n import say
from poa_xl.sheet.fields import CAPTIONS
from poa_xl.sheet.grid import column_number, letters, quoted
from poa_xl.sheet.headers import CONTROL

Table = list[list[object]]

# Of a cell, as Excel and Calc write it: `'[POA.xlsx]POA 2020'!$A$4`, `$'POA 2020'.$A$4`.
_ADDRESS = re.compile(r"(?:(?P<sheet>.+)[.!])?\$?(?P<column>[A-Z]{1,3})\$?(?P<row>[1-9]\d*)", re.IGNORECASE)


def findings_table(plan: Plan, corner: str = "") -> Table:
    """List all findings, the worst first: state, row, column, code, what was found, what is wrong, what to do.

    Args:
        plan: The plan. It stands in a range: rows are numbered from its first one.
        corner: Address of the first cell of that range, as Excel or Calc write it; with it comes the cell of each
            finding in the place of the row, as HYPERLINK takes it.

    Returns:
        The table; without findings it has no rows.

    Raises:
        ValueError: The address is none.
    """
    place = _link(corner) if corner else None
    captions = {**CAPTIONS, **CONTROL}
    table: Table = [
        [
            say("Estado"),
            say("Celda") if place else say("Fila"),
            say("Columna"),
            say("Código"),
            say("Encontrado"),
            say("Qué pasa"),
            say("Sugerencia"),
        ]
    ]
    for each in check(plan):
        row = plan.row_of(each)
        code = str(row.code) if isinstance(row.code, Code) else ""
        caption = captions[each.field]
        at = place(row.where(each.field).cell) if place else row.line
        table.append([each.severity.label, at, caption, code, each.value, each.message, each.suggestion])
    return table


def _link(corner: str) -> Callable[[str], str]:
    """Return what makes a link of the address of a cell in a range that begins at another cell."""
    match = _ADDRESS.fullmatch(corner)
    if match is None:
        raise ValueError(say("«{text}» no es la dirección de una celda", text=corner))
    sheet = re.sub(r"^\[[^\]]*\]", "", (match["sheet"] or "").removeprefix("$").strip("'")).replace("''", "'")
    left, top = column_number(match["column"].upper()), int(match["row"])

    def link(cell: str) -> str:
        column = cell.rstrip("0123456789")
        moved = f"{letters(column_number(column) + left - 1)}{int(cell.removeprefix(column)) + top - 1}"
        return f"#{quoted(sheet)}!{moved}" if sheet else f"#{moved}"

    return link


def _money(total: Total) -> object:
    """Return an amount; the name of an error where one of its terms cannot be read, so that no sum skips it."""
    return "#VALUE!" if isinstance(total, Unknown) else float(total or 0)


def summary_table(plan: Plan, by: str) -> Table:
    """Sum the plan up.

    Args:
        plan: The plan.
        by: `unidad`, `objetivo`, `partida` or `trimestre`.

    Raises:
        ValueError: It is none of them.
    """
    tables = {"unidad": _by_unit, "objetivo": _by_objective, "partida": _by_partida, "trimestre": _by_quarter}
    if fold(by) not in tables:
        raise ValueError(say("«{by}» no es una forma de resumir: {known}", by=by, known=", ".join(tables)))
    return tables[fold(by)](plan)


def _by_unit(plan: Plan) -> Table:
    tallies = by_unit(plan, flag(plan, check(plan)))
    seen = (State.GREEN, State.RED, State.WARNING)
    return [
        [say("Unidad"), say("Operaciones"), say("Presupuesto"), *map(str, seen)],
        *(
            [unit, each.operations, _money(each.budget), *(each.states[state] for state in seen)]
            for unit, each in tallies.items()
        ),
    ]


def _by_objective(plan: Plan) -> Table:
    money = roll_up(plan)
    wanted = {row.line for row in objectives(plan)}
    lines = [(row, amount) for row, amount in zip(plan.rows, money, strict=True) if row.line in wanted]
    return [
        [say("Código"), say("Objetivo"), say("Presupuesto")],
        *([str(row.code), row.name, _money(amount)] for row, amount in lines),
    ]


def _by_partida(plan: Plan) -> Table:
    found = by_partida(plan)
    notes = {0: say("sin partida"), 1: ""}
    return [
        [say("Partida"), say("Presupuesto"), say("Nota")],
        *(
            [";".join(partidas), _money(money), notes.get(len(partidas), say("varias partidas, sin dividir"))]
            for partidas, money in found.items()
        ),
    ]


def _by_quarter(plan: Plan) -> Table:
    operations, money, idle = by_quarter(plan)
    table: Table = [[say("Trimestre"), say("Operaciones programadas"), say("Presupuesto")]]
    table += [
        [number, count, _money(each)] for number, (count, each) in enumerate(zip(operations, money, strict=True), 1)
    ]
    return [*table, [say("sin meses programados"), None, _money(idle)]] if idle else table
