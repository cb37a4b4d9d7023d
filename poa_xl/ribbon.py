"""The buttons: one function each, over `actions`, on the workbook that is open.

Each takes the workbook and returns what to say about it; `poa_xl.button` does the rest.
"""

import platform
import sys
import webbrowser
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from textwrap import shorten
from typing import Any

import poa_xl
from poa_xl.actions import adding, pressing, previewing, recounting, regional, removing, showing, watching
from poa_xl.actions.evaluating import shares
from poa_xl.actions.load import Opened
from poa_xl.actions.moment import shown
from poa_xl.books.live import Box, LiveBook, address, file_of, is_in_a_cloud
from poa_xl.button import TITLE, Button, button, last_pressed
from poa_xl.core.checks import check
from poa_xl.core.dates import MONTHS
from poa_xl.core.findings import Finding, Located, Severity
from poa_xl.core.flags import sentence, sentences
from poa_xl.core.text import squeeze
from poa_xl.errors import BookError
from poa_xl.i18n import number, say
from poa_xl.sheet.ledger import CHANGES, own_sheets
from poa_xl.sheet.listing import TOP
from poa_xl.store import journal
from poa_xl.store.journal import Press
from poa_xl.store.log import excel_log, log_file

_SHOWN = 3
# The column of the decision in `Cambios`.
_DECISION = 2
_RUNS = 5
_WIDEST = 160


@button("Calcular presupuesto")
def calcular_presupuesto(book: LiveBook) -> str:
    """Write the budget of every group as the sum of its rows."""
    written, changed = pressing.total(book, "Calcular presupuesto")
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
    return _listed(say("{count} presupuestos de grupos cambiaron:", count=len(changed)), lines)


@button("Verificar metas")
def verificar_metas(book: LiveBook) -> str:
    """Hold every target against its months; red and green, and the list of findings."""
    opened, findings = pressing.verify(book, "Verificar metas")
    # Sheets that look like a plan too are named: it may have been one of them that was meant.
    aside = [shorten(say("Otra hoja no se revisó: {text}", text=text), _WIDEST) for text in opened.aside]
    if not findings:
        return "\n".join([say("Todo en verde: no hay hallazgos."), *aside])
    red = sum(each.severity is Severity.ERROR for each in findings)
    head = say("{red} en rojo y {warned} avisos. Están en la hoja Hallazgos:", red=red, warned=len(findings) - red)
    return "\n".join([_listed(head, [_finding(each) for each in opened.plan.located(findings)]), *aside])


@button("Repartir Meta")
def repartir_meta(book: LiveBook) -> str:
    """Spread the Meta of the selected rows over their months."""
    rows = pressing.spread_targets(book, "Repartir Meta")
    lines = [
        say(
            "{code}: {target} en {count} meses, como {kind}",
            code=str(row.code or ""),
            target=row.target,
            count=count,
            kind=str(kind),
        )
        for row, kind, count in rows
    ]
    return _listed(say("Se repartieron {count} Metas. Deshacer trae los meses de antes.", count=len(rows)), lines)


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


@button("Semáforo")
def semaforo(book: LiveBook) -> str:
    """Switch red and green on or off."""
    is_painted = pressing.toggle(book, "Semáforo")
    return say("Semáforo encendido.") if is_painted else say("Semáforo apagado. Las columnas de control siguen ahí.")


@button("Quitar")
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


@button("Solo rojos", in_bar=True)
def solo_rojos(book: LiveBook) -> str:
    """Show only what is red, with the groups above it; or all rows again."""
    count, is_on = showing.toggle_red(book, "Solo rojos")
    if is_on:
        return say("{count} filas en rojo, con los grupos de encima. Solo rojos otra vez muestra todas.", count=count)
    return say("Se ven todas las filas.") if count else say("Nada en rojo: se ven todas las filas.")


@button("Anterior", in_bar=True)
def anterior(book: LiveBook) -> str:
    """Go to the finding before the selected cell."""
    return _go(book, -1)


@button("Siguiente", in_bar=True)
def siguiente(book: LiveBook) -> str:
    """Go to the finding after the selected cell."""
    return _go(book, 1)


@button("Lista")
def lista(book: LiveBook) -> str:
    """Show the list of findings."""
    opened = pressing.open_plan(book)
    if opened.listed is None:
        pressing.verify(book, "Lista")
        opened = pressing.open_plan(book)
    if opened.listed is not None:
        book.select(opened.listed.name)
    return ""


@button("Registrar")
def registrar(book: LiveBook) -> str:
    """Go to the sheet `Seguimiento`, at the cut-off month; make it, or bring it up to date, where that is asked for."""
    spot = watching.spot_of(book, pressing.open_plan(book))
    if spot is None or (not spot.is_current and file_of(book) is not None):
        path = _file(book)
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
    return _listed(
        "\n".join((head, states, say("{count} hallazgos en lo informado, en la hoja Hallazgos:", count=len(wrong)))),
        [_finding(each) for each in wrong],
    )


@button("Cerrar trimestre")
def cerrar_trimestre(book: LiveBook) -> str:
    """Close the quarter of the cut-off month: what units send does not change its months any more."""
    path = _file(book)
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
    path = _saved(book)
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


@button("Repartir")
def repartir(book: LiveBook) -> str:
    """Write one workbook for each unit."""
    path = _saved(book)
    done = regional.run("split", str(path))
    lines = [say("{file}: {count} operaciones", file=part["file"], count=part["operations"]) for part in done["books"]]
    return _listed(say("{count} libros en {folder}:", count=len(lines), folder=done["folder"]), lines)


@button("Consolidar")
def consolidar(book: LiveBook) -> str:
    """Merge what the units sent back into this workbook, which is closed meanwhile."""
    path = _saved(book)
    source = regional.answers(path)
    if not source.is_dir():
        raise BookError(say("no existe {folder}: poner ahí los libros que enviaron las unidades", folder=str(source)))
    options: list[str] = []
    seen = regional.run("sync", str(source), "--into", str(path), "--dry-run")
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
        seen = regional.run("sync", str(source), "--into", str(path), "--dry-run", *options)
    question = say(
        "{preview}\n\n¿Escribirlo en {file}? Se cierra y se abre otra vez.",
        preview="\n".join(previewing.preview(seen)),
        file=book.name,
    )
    if not book.ask(question, f"{TITLE} · Consolidar"):
        return ""
    with book.closed():
        done = regional.run("sync", str(source), "--into", str(path), *options)
    if done["run"] is not None:
        journal.remember(str(path), Press("Consolidar", run=done["run"]))
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
    return _listed(head, problems)


def _show_changes(book: LiveBook) -> None:
    """Show the first change that waits for a decision: the sheet lists those first."""
    sheets = own_sheets(book.read().grids, (CHANGES,))
    if CHANGES in sheets:
        book.select(sheets[CHANGES].name, (TOP + 1, _DECISION))


@button("Estado de envíos")
def estado_de_envios(book: LiveBook) -> str:
    """Write where every unit stands into a workbook of its own, with a reminder for each that owes something."""
    path = _saved(book)
    output = path.parent / say("Estado de envíos de {name}.xlsx", name=path.stem)
    units = regional.run("status", str(path), "-o", str(output))["units"]
    book.show(output)
    counts = Counter(each["received"] for each in units)
    parts = [say("{status}: {count}", status=status, count=count) for status, count in counts.most_common()]
    waiting = sum(bool(each["reminder"]) for each in units)
    head = say(
        "{count} de {all} unidades tienen algo pendiente ({parts}).",
        count=waiting,
        all=len(units),
        parts=" · ".join(parts),
    )
    return "\n".join(
        [head, say("El recordatorio de cada una está en {file}, listo para copiar o enviar.", file=output.name)]
    )


@button("Aprobar")
def aprobar(book: LiveBook) -> str:
    """Freeze the plan as an approved version, under the resolution that the selected cell names."""
    path = _file(book)
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
    return _listed(head, [sentences(each["message"]) for each in done["findings"]])


@button("Modificaciones")
def modificaciones(book: LiveBook) -> str:
    """List what differs from the approved version, in a sheet of this workbook, which is closed meanwhile."""
    path = _file(book)
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
    return _listed(head, [sentences(each["message"]) for each in done["findings"]])


@button("Historial")
def historial(book: LiveBook) -> str:
    """Tell of the last consolidations and approvals."""
    told = regional.run("history", "--into", str(_file(book)))
    if not told["runs"]:
        return say("{file}: todavía no tiene consolidaciones.", file=book.name)
    states = {True: say("deshecha"), False: say("vigente")}
    lines = [
        " · ".join(
            (
                str(run["run"]),
                shown(run["time"]),
                states[run["state"] == "undone"],
                *_approved(run),
                *recounting.by_whom(told["changes"], run["run"]),
            )
        )
        for run in told["runs"]
    ]
    text = _listed(say("Últimas consolidaciones de {file}:", file=book.name), lines, _RUNS)
    code = _selected_code(book)
    mine = [each for each in told["changes"] if not code or each["code"] == code]
    head = say("Cambios de {code}:", code=code) if code else say("Últimos cambios:")
    rows = [recounting.change(each) for each in mine]
    return "\n".join([text, "", _listed(head, rows, _RUNS)]) if rows else text


def _selected_code(book: LiveBook) -> str:
    """Return the code of the row that is selected in the plan; empty for none."""
    opened, selected = pressing.open_plan(book), book.selected
    if selected is None or book.active != opened.sheet:
        return ""
    return next((str(row.code) for row in opened.plan.rows if row.line == selected.top and row.code), "")


def _approved(run: Mapping[str, Any]) -> Sequence[str]:
    """Say which version a step approved; nothing of other ones."""
    return (say("versión «{name}»", name=run["version"]),) if "version" in run else ()


@button("Deshacer")
def deshacer(book: LiveBook) -> str:
    """Bring back what the last button changed."""
    press = journal.recall(book.address)
    if press is not None and press.run is not None:
        path, run = _file(book), press.run
        question = say(
            "{file} se cerrará sin guardar y volverá a lo de antes de la consolidación {number}. ¿Seguir?",
            file=book.name,
            number=str(run),
        )
        lost = recounting.consequences(regional.run("history", "--into", str(path))["changes"], run)
        if lost:
            question = "\n".join([_listed(say("Se pierde lo que trajo:"), lost, _RUNS), "", question])
        if not book.ask(question, f"{TITLE} · Deshacer"):
            return ""
        with book.closed():
            regional.run("undo", str(run), "--into", str(path))
        journal.forget(str(path))
    else:
        press = pressing.undo(book)
    return say("Se deshizo «{button}».", button=press.button)


@button("Guía")
def guia(_: LiveBook) -> str:
    """Open the guide, at the button that was pressed last."""
    webbrowser.open(chapter(f"boton-{last_pressed()}" if last_pressed() else "", log_file().parent))
    return ""


@button("Diagnóstico")
def diagnostico(book: LiveBook) -> str:
    """Say what runs here, and open the log."""
    logs = [log_file(), *filter(None, [excel_log()])]
    for path in logs:
        if path.is_file():
            webbrowser.open(path.as_uri())
    return "\n".join(
        (
            f"poa-xl {poa_xl.__version__}",
            f"Python {platform.python_version()} · {sys.executable}",
            f"{platform.system()} {platform.release()} · {book.program}",
            say("Libro: {path}", path=book.address),
            *(say("Registro: {path}", path=str(path)) for path in logs),
        )
    )


@button("Acerca de")
def acerca_de(_: LiveBook) -> str:
    """Say what this is."""
    return say(
        "poa-xl {version}: el POA en orden, dentro del libro de siempre. Licencia BSD-3-Clause.",
        version=poa_xl.__version__,
    )


BUTTONS: dict[str, Button] = {
    each.name: each
    for each in (
        calcular_presupuesto,
        verificar_metas,
        nueva_operacion,
        nueva_partida,
        repartir_meta,
        semaforo,
        quitar,
        solo_rojos,
        anterior,
        siguiente,
        lista,
        registrar,
        evaluar,
        cerrar_trimestre,
        informe,
        repartir,
        consolidar,
        estado_de_envios,
        aprobar,
        modificaciones,
        historial,
        deshacer,
        guia,
        diagnostico,
        acerca_de,
    )
}


def guide() -> Path:
    """Return the page of the guide: inside the installed package, else in the checkout."""
    path = Path(__file__).parent / "guia" / "guia.html"
    return path if path.is_file() else Path(__file__).parents[1] / "docs" / "guia.html"


def chapter(anchor: str, folder: Path, platform: str = sys.platform) -> str:
    """Return the address of a chapter of the guide, for a browser.

    Args:
        anchor: Name of the chapter; empty for the beginning.
        folder: Where a page can be written: Windows opens files, and forgets what stands behind their names.
        platform: Name of the system, as `sys.platform` has it.
    """
    address = guide().as_uri() + (f"#{anchor}" if anchor else "")
    if platform != "win32" or not anchor:
        return address
    folder.mkdir(parents=True, exist_ok=True)
    page = folder / "guia.html"
    page.write_text(
        f'<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="0;url={address}">', "utf-8"
    )
    return page.as_uri()


def _go(book: LiveBook, step: int) -> str:
    """Select the next cell with a finding, row by row, from the selected one on, around at the end; say what it is."""
    opened = pressing.open_plan(book)
    found: dict[tuple[int, int], list[Finding]] = {}
    for where, finding in opened.plan.located(check(opened.plan)):
        if where.sheet == opened.sheet:
            found.setdefault(_place(opened, finding), []).append(finding)
    if not found:
        return say("Todo en verde: no hay hallazgos.")
    cells = sorted(found)
    selected = book.selected
    here = (selected.top, selected.left) if selected is not None and book.active == opened.sheet else (0, 0)
    ahead = [cell for cell in cells if (cell > here if step > 0 else cell < here)]
    target = (ahead or cells)[0 if step > 0 else -1]
    book.select(opened.sheet, target)
    head = say(
        "{number} de {count} · {cell}", number=str(cells.index(target) + 1), count=len(cells), cell=address(*target)
    )
    return " · ".join([head, *map(sentence, found[target])])


def _place(opened: Opened, finding: Finding) -> tuple[int, int]:
    columns = opened.layout.columns
    names = (name for name in (finding.field, "code", "name") if name in columns)
    return opened.plan.row_of(finding).line, columns[next(names)]


def _file(book: LiveBook) -> Path:
    """Return the file of a workbook.

    Raises:
        BookError: It is in no folder of this machine.
    """
    path = file_of(book)
    if path is not None:
        return path
    if is_in_a_cloud(book):
        raise BookError(
            say(
                "{file} está en OneDrive o SharePoint y no en una carpeta de este equipo, que este botón necesita: "
                "guardar una copia en el equipo (Archivo, Guardar una copia), abrirla y repetir",
                file=book.name,
            )
        )
    raise BookError(say("{file}: guardarlo primero como .xlsx, para que tenga una carpeta", file=book.name))


def _text_at(book: LiveBook, box: Box) -> str:
    """Return what the first cell of a box says."""
    here = box._replace(bottom=box.top, right=box.left)
    return squeeze(str(book.contents(book.active, here).contents[0][0] or ""))


def _saved(book: LiveBook) -> Path:
    """Save the workbook and give its file, which the regional office's buttons read."""
    path = _file(book)
    book.save()
    return path


def _finding(found: Located) -> str:
    return f"{found.where.cell} · {sentences(found.finding.message)}"


def _listed(head: str, lines: Sequence[str], most: int = _SHOWN) -> str:
    """Write a head and the first few lines."""
    rest = len(lines) - most
    more = [say("… y {count} más", count=rest)] if rest > 0 else []
    return "\n".join([head, *lines[:most], *more])


def _amount(value: object) -> str:
    return number(value) if not isinstance(value, str) and value is not None else "—"  # type: ignore[arg-type]
