"""The regional office's buttons: units, versions, what was done and how it is taken back."""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from poa_xl.actions import pressing, previewing, recorder, recounting, regional
from poa_xl.actions.load import Opened
from poa_xl.actions.moment import shown
from poa_xl.actions.past.words import called, what
from poa_xl.books.live import Box, LiveBook, file_of
from poa_xl.button import TITLE, button
from poa_xl.buttons.saying import listed, numbered, numbers, one_of, own_file, saved_file
from poa_xl.core.flags import sentences
from poa_xl.core.text import squeeze
from poa_xl.errors import BookError
from poa_xl.i18n import say
from poa_xl.sheet.fields import CAPTIONS
from poa_xl.sheet.ledger import own_sheets
from poa_xl.sheet.listing import CHANGES, TOP
from poa_xl.store import journal
from poa_xl.store.journal import Press

# The column of the decision in `Cambios`.
_DECISION = 2
_RUNS = 5
_MOST_STEPS = 12


@button("Repartir", of_office=True)
def repartir(book: LiveBook) -> str:
    """Write one workbook for each unit, into the folder and for the units that people say."""
    path = saved_file(book)
    title = f"{TITLE} · Repartir"
    answer = book.prompt(say("¿En qué carpeta?"), title, str(path.parent / regional.SENT))
    if not answer:
        return ""
    folder = str(path.parent / answer)
    seen = regional.run("split", str(path), "-o", folder, "--dry-run")["books"]
    lines = [numbered(number, part) for number, part in enumerate(seen, 1)]
    question = "\n".join([*lines, say("¿A qué unidades? Sus números, con coma entre uno y otro; vacío, a todas.")])
    answer = book.prompt(question, title)
    if answer is None:
        return ""
    chosen = [seen[number - 1] for number in numbers(answer, len(seen))]
    units = [word for part in chosen for word in ("--unit", part["unit"])] if chosen != seen else []
    done = regional.run("split", str(path), "-o", folder, *units)
    lines = [say("{file}: {count} operaciones", file=part["file"], count=part["operations"]) for part in done["books"]]
    return listed(say("{count} libros en {folder}:", count=len(lines), folder=done["folder"]), lines)


@button("Consolidar", of_office=True)
def consolidar(book: LiveBook) -> str:
    """Merge what the units sent back into this workbook, which is closed meanwhile."""
    path = saved_file(book)
    sources = _sources(book, path)
    if not sources:
        return ""
    options: list[str] = []
    seen = regional.run("sync", *sources, "--into", str(path), "--dry-run")
    for twice in previewing.several(seen):
        question = say(
            "{unit} envió {count} archivos: {files}. ¿Tomar el último guardado, {last}?",
            unit=twice.unit,
            count=len(twice.files),
            files=", ".join(twice.files),
            last=twice.last,
        )
        if book.ask(question, f"{TITLE} · Consolidar"):
            options += ["--only", twice.last]
    if options:
        seen = regional.run("sync", *sources, "--into", str(path), "--dry-run", *options)
    question = say(
        "{preview}\n\n¿Escribirlo en {file}? Se cierra y se abre otra vez.",
        preview="\n".join(previewing.preview(seen)),
        file=book.name,
    )
    if not book.ask(question, f"{TITLE} · Consolidar"):
        return ""
    with book.closed():
        done = regional.run("sync", *sources, "--into", str(path), *options)
    if done["run"] is not None:
        journal.remember(str(path), Press("Consolidar", run=done["run"], sources=sources))
    if done["open"]:
        _show_changes(book)
    problems = [each["problem"] for each in done["files"] if each["problem"]]
    head = say(
        "{files} libros: {taken} filas tomadas de {read} leídas; {open} por resolver en la hoja Cambios.",
        files=len(done["files"]),
        taken=done["taken"],
        read=done["read"],
        open=done["open"],
    )
    again = say("Decidir en la columna Decisión y pulsar Consolidar otra vez, ahí mismo.")
    return listed(f"{head}\n{again}" if done["open"] else head, problems)


def _sources(book: LiveBook, path: Path) -> list[str]:
    """Ask where the answers are; in the sheet of decisions they are those of the time before. None when people stop.

    Raises:
        BookError: One of the places is not there.
    """
    usual = str(regional.answers(path))
    press = journal.recall(book.address)
    before = press.sources if press is not None and press.sources else [usual]
    if _is_deciding(book):
        return before
    question = say("¿En qué carpeta están los libros que enviaron las unidades? También uno o varios archivos, con ;")
    answer = book.prompt(question, f"{TITLE} · Consolidar", "; ".join(before))
    names = [part.strip().strip('"') for part in (answer or "").split(";")]
    found = [str(path.parent / name) for name in names if name]
    absent = next((each for each in found if not Path(each).exists()), None)
    if absent is not None:
        raise BookError(say("no existe {folder}: poner ahí los libros que enviaron las unidades", folder=absent))
    return found


def _is_deciding(book: LiveBook) -> bool:
    """Whether people look at the sheet in which a consolidation is decided."""
    sheets = own_sheets(book.read().grids, (CHANGES,))
    return CHANGES in sheets and sheets[CHANGES].name == book.active


def _show_changes(book: LiveBook) -> None:
    """Show the first change that waits for a decision: the sheet lists those first."""
    sheets = own_sheets(book.read().grids, (CHANGES,))
    if CHANGES in sheets:
        book.select(sheets[CHANGES].name, (TOP + 1, _DECISION))


@button("Estado de envíos", of_office=True)
def estado_de_envios(book: LiveBook) -> str:
    """Write where every unit stands into a workbook of its own, with a reminder for each that owes something."""
    path = saved_file(book)
    output = path.parent / say("Estado de envíos de {name}.xlsx", name=path.stem)
    found = regional.run("status", str(path), "-o", str(output))
    units = found["units"]
    book.show(output)
    counts = Counter(each["received"] for each in units)
    parts = [say("{status}: {count}", status=status, count=count) for status, count in counts.most_common()]
    head = say(
        "{count} de {all} unidades tienen algo pendiente ({parts}).",
        count=found["waiting"],
        all=found["all"],
        parts=" · ".join(parts),
    )
    return "\n".join(
        [head, say("El recordatorio de cada una está en {file}, listo para copiar o enviar.", file=output.name)]
    )


@button("Aprobar", of_office=True)
def aprobar(book: LiveBook) -> str:
    """Freeze the plan as an approved version, under the resolution that the selected cell names."""
    path = own_file(book)
    selected = book.selected
    resolution = "" if selected is None else _text_at(book, selected)
    if not resolution:
        raise BookError(say("elegir primero la celda que dice la resolución que aprueba el plan, y repetir"))
    question = say(
        "Se guardará y cerrará {file}, se registrará su plan como versión aprobada con «{resolution}» y se "
        "abrirá otra vez. ¿Seguir?",
        file=book.name,
        resolution=resolution,
    )
    if not book.ask(question, f"{TITLE} · Aprobar"):
        return ""
    book.save()
    with book.closed():
        done = regional.run("approve", str(path), "--resolution", resolution)
    journal.remember(str(path), Press("Aprobar", run=done["run"]))
    head = say(
        "El plan quedó como versión «{name}»; cambios respecto de la anterior: {count}.",
        name=done["version"],
        count=len(done["modifications"]),
    )
    return listed(head, [sentences(each["message"]) for each in done["findings"]])


@button("Modificaciones", of_office=True)
def modificaciones(book: LiveBook) -> str:
    """List what differs from the approved version, in a sheet of this workbook, which is closed meanwhile."""
    path = own_file(book)
    if not regional.run("history", "--into", str(path))["versions"]:
        raise BookError(
            say("{file}: todavía no tiene ninguna versión aprobada; el botón Aprobar la registra", file=book.name)
        )
    question = say(
        "Se guardará y cerrará {file}, se pondrá al día su hoja Modificaciones y se abrirá otra vez. ¿Seguir?",
        file=book.name,
    )
    if not book.ask(question, f"{TITLE} · Modificaciones"):
        return ""
    book.save()
    with book.closed():
        done = regional.run("modifications", str(path))
    if done["run"] is not None:
        journal.remember(str(path), Press("Modificaciones", run=done["run"]))
    head = say(
        "Cambios respecto de la versión «{name}»: {count}. Están en la hoja Modificaciones.",
        name=done["version"],
        count=len(done["modifications"]),
    )
    return listed(head, [sentences(each["message"]) for each in done["findings"]])


@button("Historial", of_office=True)
def historial(book: LiveBook) -> str:
    """Tell of the last steps, consolidations and versions in one line of time."""
    told = regional.run("history", "--into", str(own_file(book)))
    if not told["runs"]:
        return say("{file}: todavía no tiene consolidaciones.", file=book.name)
    states = {True: say("deshecha"), False: say("vigente")}
    lines = [
        " · ".join(
            (
                str(run["run"]),
                shown(run["time"]),
                states[run["state"] == "undone"],
                what(run["kind"], run.get("version", ""), run.get("resolution", "")),
                *recounting.by_whom(told["changes"], run["run"]),
            )
        )
        for run in told["runs"]
    ]
    text = listed(say("Historia de {file}, lo último primero:", file=book.name), lines, _RUNS)
    opened = pressing.open_plan(book)
    code = _selected_code(book, opened)
    mine = [each for each in told["changes"] if not code or each["code"] == code]
    head = say("Cambios de {code}:", code=code) if code else say("Últimos cambios:")
    rows = [recounting.change(each) for each in mine]
    if not rows:
        return text
    _go_to(book, opened, mine[0])
    return "\n".join([text, "", listed(head, rows, _RUNS)])


def _go_to(book: LiveBook, opened: Opened, change: recounting.Change) -> None:
    """Select the cell of a change, where the plan still has its row and column."""
    columns = {
        caption: opened.layout.columns[name] for name, caption in CAPTIONS.items() if name in opened.layout.columns
    }
    row = next((row.line for row in opened.plan.rows if row.code and str(row.code) == change["code"]), 0)
    if row and change["field"] in columns:
        book.select(opened.sheet, (row, columns[change["field"]]))


def _selected_code(book: LiveBook, opened: Opened) -> str:
    """Return the code of the row that is selected in the plan; empty for none."""
    selected = book.selected
    if selected is None or book.active != opened.sheet:
        return ""
    return next((str(row.code) for row in opened.plan.rows if row.line == selected.top and row.code), "")


@button("Deshacer")
def deshacer(book: LiveBook) -> str:
    """Bring back what the last button changed; after that steps of the history, one or several."""
    press = journal.recall(book.address)
    if press is not None and press.run is None:
        return say("Se deshizo «{button}».", button=recorder.undo(book).button)
    told, steps = _steps(book)
    if not steps:
        return say("Se deshizo «{button}».", button=recorder.undo(book).button)
    title = f"{TITLE} · Deshacer"
    chosen = steps[:1]
    if len(steps) > 1:
        lines = [say("{step}, del {time}", step=_step(each), time=shown(each["time"])) for each in steps[:_MOST_STEPS]]
        question = say("¿Hasta qué paso? Se deshacen ese y los posteriores. Escribir su número.")
        answer = book.prompt("\n".join([*lines, question]), title, str(steps[0]["run"]))
        if answer is None:
            return ""
        last = one_of(answer, [each["run"] for each in steps])
        chosen = [each for each in steps if each["run"] >= last]
    path = own_file(book)
    undo = [("undo", str(each["run"]), "--into", str(path), "--drop-data") for each in chosen]
    question = _what_goes(book.name, told, chosen, regional.run(*undo[0], "--dry-run")["lost"])
    if not book.ask(question, title):
        return ""
    with book.closed():
        for each in undo:
            regional.run(*each)
    journal.forget(str(path))
    if press is not None and [each["run"] for each in chosen] == [press.run]:
        return say("Se deshizo «{button}».", button=press.button)
    return say("Se deshizo: {steps}.", steps=", ".join(map(_step, chosen)))


def _what_goes(file: str, told: Mapping[str, Any], chosen: Sequence[Mapping[str, Any]], typed: Sequence[str]) -> str:
    """Ask whether to take steps back, and say what goes with them."""
    lines = []
    if lost := [line for each in chosen for line in recounting.consequences(told["changes"], each["run"])]:
        lines += [listed(say("Se pierde lo que trajo:"), lost, _RUNS), ""]
    if typed:
        lines += [listed(say("Se pierde lo que se escribió después, y queda en respaldos:"), typed, _RUNS), ""]
    if len(chosen) > 1:
        lines.append(say("Lo que se escribió a mano entre esos pasos también vuelve atrás, y queda en respaldos."))
    question = say(
        "{file} se cerrará sin guardar y volverá a lo de antes de {step}. ¿Seguir?", file=file, step=_step(chosen[-1])
    )
    return "\n".join([*lines, question])


def _steps(book: LiveBook) -> tuple[Mapping[str, Any], list[Mapping[str, Any]]]:
    """Return what the history of a workbook tells, and its steps that can be taken back, the last one first."""
    path = file_of(book)
    if path is None:
        return {}, []
    # Without a history, or without the program that reads it, there is nothing to take back in it.
    try:
        told = regional.run("history", "--into", str(path))
    except BookError:
        return {}, []
    return told, [each for each in told["runs"] if each["state"] != "undone"]


def _step(run: Mapping[str, Any]) -> str:
    return called(run["kind"], run["run"])


def _text_at(book: LiveBook, box: Box) -> str:
    """Return what the first cell of a box says."""
    here = box._replace(bottom=box.top, right=box.left)
    return squeeze(str(book.contents(book.active, here).contents[0][0] or ""))
