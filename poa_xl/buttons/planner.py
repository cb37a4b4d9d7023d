"""The planner's buttons: what changes the plan, and what shows how it stands."""

from textwrap import shorten

from poa_xl.actions import adding, filling, removing, verifying
from poa_xl.books.live import LiveBook
from poa_xl.button import TITLE, button
from poa_xl.buttons.saying import finding_line, listed
from poa_xl.core.findings import Severity
from poa_xl.i18n import number, say

_WIDEST = 160


@button("Calcular presupuesto", is_locked=True)
def calcular_presupuesto(book: LiveBook) -> str:
    """Write the budget of every group as the sum of its rows."""
    written, changed = filling.total(book, "Calcular presupuesto")
    if not written:
        return say("Los presupuestos de todos los grupos ya son la suma de sus filas.")
    if not changed:
        return say("Ningún monto cambia. {count} presupuestos de grupos son ahora fórmulas.", count=written)
    lines = [
        say(
            "{code}: decía {before}, ahora {after}",
            code=str(row.code),
            before=_amount(row.budget),
            after=_amount(after),
        )
        for row, after in changed
    ]
    return listed(say("{count} presupuestos de grupos cambiaron:", count=len(changed)), lines)


@button("Verificar metas")
def verificar_metas(book: LiveBook) -> str:
    """Hold every target against its months; red and green, and the list of findings."""
    opened, findings = verifying.verify(book, "Verificar metas")
    # Sheets that look like a plan too are named: it may have been one of them that was meant.
    aside = [shorten(say("No se revisó: {text}", text=text), _WIDEST) for text in opened.aside]
    if not findings:
        return "\n".join([say("Todo en verde: no hay hallazgos."), *aside])
    red = sum(each.severity is Severity.ERROR for each in findings)
    head = say("{red} en rojo y {warned} avisos. Están en la hoja Hallazgos:", red=red, warned=len(findings) - red)
    return "\n".join([listed(head, [finding_line(each) for each in opened.plan.located(findings)]), *aside])


@button("Repartir Meta")
def repartir_meta(book: LiveBook) -> str:
    """Spread the Meta of the selected rows over their months."""
    rows = filling.spread_targets(book, "Repartir Meta")
    lines = [
        say(
            "{code}: {target} en {count} meses, como {kind}",
            code=str(row.code or row.name),
            target=row.target,
            count=count,
            kind=str(kind),
        )
        for row, kind, count in rows
    ]
    return listed(say("Se repartieron {count} Metas. Deshacer trae los meses de antes.", count=len(rows)), lines)


@button("Nueva operación")
def nueva_operacion(book: LiveBook) -> str:
    """Add an operation to the group of the selected row."""
    added = adding.add_operation(book, "Nueva operación")
    return say(
        "{code}, en la fila {line}. Escribir su nombre, su Meta y sus meses; Deshacer la quita.",
        code=added.code,
        line=str(added.line),
    )


@button("Nueva partida")
def nueva_partida(book: LiveBook) -> str:
    """Add a partida line to the selected operation."""
    added = adding.add_line(book, "Nueva partida")
    said = say(
        "Fila {line}, para otra partida de {code}. Escribir la partida y su monto; Deshacer la quita.",
        code=added.code,
        line=str(added.line),
    )
    more = say("Lo que la operación costaba es ahora su primera partida, y su Presupuesto, la suma de ellas.")
    return f"{said}\n{more}" if added.moved else said


@button("Semáforo", is_locked=True)
def semaforo(book: LiveBook) -> str:
    """Switch red and green on or off."""
    is_painted = verifying.toggle(book, "Semáforo")
    return say("Semáforo encendido.") if is_painted else say("Semáforo apagado. Las columnas de control siguen ahí.")


@button("Quitar", is_locked=True)
def quitar(book: LiveBook) -> str:
    """Take out everything that poa-xl put in; what people typed beside the plan stays unless they say otherwise."""

    def drop(rows: int) -> bool:
        question = say(
            "En Seguimiento y Modificaciones hay {count} filas con lo que se escribió. ¿Quitarlas también? "
            "Deshacer las trae; Cancelar las deja, sin fórmulas.",
            count=rows,
        )
        return book.ask(question, f"{TITLE} · Quitar")

    count = removing.remove(book, "Quitar", drop=drop)
    return say("Se quitaron {count} columnas y hojas que poa-xl había agregado. Deshacer las trae.", count=count)


def _amount(value: object) -> str:
    return number(value) if not isinstance(value, str) and value is not None else "—"  # type: ignore[arg-type]
