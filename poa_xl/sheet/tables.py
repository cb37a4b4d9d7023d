"""Findings and totals as tables for a sheet: rows of texts and numbers, headers first."""

from poa_xl.core.checks import check
from poa_xl.core.codes import Code
from poa_xl.core.flags import State, flag
from poa_xl.core.plan import Plan
from poa_xl.core.rollup import Total, Unknown, roll_up
from poa_xl.core.text import fold
from poa_xl.core.totals import by_partida, by_quarter, by_unit, objectives
from poa_xl.i18n import say
from poa_xl.sheet.fields import CAPTIONS
from poa_xl.sheet.headers import CONTROL

Table = list[list[object]]


def findings_table(plan: Plan) -> Table:
    """List all findings, the worst first: state, row, column, code, what was found, what is wrong, what to do.

    The plan stands in a range: rows are numbered from its first one. Without findings the table has no rows.
    """
    captions = {**CAPTIONS, **CONTROL}
    table: Table = [
        [
            say("Estado"),
            say("Fila"),
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
        table.append([each.severity.label, row.line, caption, code, each.value, each.message, each.suggestion])
    return table


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
