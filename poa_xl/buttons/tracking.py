"""The buttons of the year: what was done, how it stands, the report."""

from poa_xl.actions import pressing, regional, watching
from poa_xl.actions.evaluating import shares
from poa_xl.books.live import LiveBook, file_of
from poa_xl.button import TITLE, button
from poa_xl.buttons.saying import finding_line, listed, own_file, saved_file
from poa_xl.core.dates import MONTHS
from poa_xl.i18n import say
from poa_xl.store import journal
from poa_xl.store.journal import Press


@button("Registrar")
def registrar(book: LiveBook) -> str:
    """Go to the sheet `Seguimiento`, at the cut-off month; make it, or bring it up to date, where that is asked for."""
    spot = watching.spot_of(book, pressing.open_plan(book))
    if spot is None or (not spot.is_current and file_of(book) is not None):
        path = own_file(book)
        why = (
            say("{file} no tiene la hoja Seguimiento.", file=book.name)
            if spot is None
            else say("El plan cambió y la hoja «{sheet}» no tiene sus mismas filas.", sheet=spot.sheet)
        )
        question = say("{why} ¿Guardar y cerrar el libro, ponerla al día y abrirlo otra vez?", why=why)
        if book.ask(question, f"{TITLE} · Registrar"):
            book.save()
            with book.closed():
                done = regional.run("track", str(path))
            if done["run"] is not None:
                journal.remember(str(path), Press("Registrar", run=done["run"]))
            spot = watching.spot_of(book, pressing.open_plan(book))
    if spot is not None:
        book.select(spot.sheet, spot.cell)
    return ""


@button("Evaluar")
def evaluar(book: LiveBook) -> str:
    """Say how the plan stands at the cut-off month, and list what is wrong with what was reported."""
    found, wrong = watching.evaluate(book, "Evaluar")
    physical, financial = shares(found)
    head = say(
        "Hasta {month}: avance físico {physical}, ejecución financiera {financial}.",
        month=MONTHS[found.cutoff],
        physical=physical,
        financial=financial,
    )
    states = "; ".join(f"{state}: {count}" for state, count in found.states.items())
    if not wrong:
        return "\n".join((head, states, say("No hay hallazgos en lo informado.")))
    return listed(
        "\n".join((head, states, say("{count} hallazgos en lo informado, en la hoja Hallazgos:", count=len(wrong)))),
        [finding_line(each) for each in wrong],
    )


@button("Cerrar trimestre", of_office=True)
def cerrar_trimestre(book: LiveBook) -> str:
    """Close the quarter of the cut-off month: what units send does not change its months any more."""
    path = own_file(book)
    cutoff = watching.cutoff(pressing.open_plan(book))
    quarter = f"T{cutoff // 3 + 1}"
    question = say(
        "El corte es {month}. Se guardará y cerrará {file}, se cerrará el trimestre {quarter}, cuyos meses "
        "las unidades ya no podrán cambiar, y se abrirá otra vez. ¿Seguir?",
        month=MONTHS[cutoff],
        file=book.name,
        quarter=quarter,
    )
    if not book.ask(question, f"{TITLE} · Cerrar trimestre"):
        return ""
    book.save()
    with book.closed():
        done = regional.run("track", str(path), "--close", quarter)
    journal.remember(str(path), Press("Cerrar trimestre", run=done["run"]))
    return say("Trimestres cerrados: {names}. Deshacer lo abre otra vez.", names=", ".join(done["closed"]))


@button("Informe")
def informe(book: LiveBook) -> str:
    """Write the report at the cut-off month beside the workbook, as a workbook and as a Word document."""
    path = saved_file(book)
    month = MONTHS[watching.cutoff(pressing.open_plan(book))]
    target = path.with_name(f"informe_{path.stem}_{month}.xlsx")
    done = regional.run("report", str(path), "-o", str(target))
    word = regional.run("report", str(path), "-o", str(target.with_suffix(".docx")))
    return say(
        "Hasta {month}: avance físico {physical}, ejecución financiera {financial}. El informe es {file}, y en "
        "Word {word}.",
        month=month,
        physical=done["physical"],
        financial=done["financial"],
        file=done["path"],
        word=word["path"],
    )
