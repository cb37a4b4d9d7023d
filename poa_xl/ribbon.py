"""The buttons: one function each, over `actions`, on the workbook that is open.

Each takes the workbook and says at the end, in one box, what was done. What goes wrong for a reason the planner can
understand is a sentence in that box; anything else goes to the log, and the box says where that is.
"""

import functools
import logging
import platform
import sys
import traceback
import webbrowser
from collections.abc import Callable, Sequence
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any

import xlwings as xw

import poa_xl
from poa_xl.actions import pressing, regional
from poa_xl.actions.moment import shown
from poa_xl.books import live
from poa_xl.core.checks import check
from poa_xl.core.findings import Finding, Located, Severity
from poa_xl.errors import BookError, PoaError
from poa_xl.i18n import number, say
from poa_xl.store import journal
from poa_xl.store.journal import Press, folder

TITLE = "POA"
# Folder of the units' workbooks, beside the master.
_SHOWN = 3
_RUNS = 5

Button = Callable[[xw.Book], str]


def _button(caption: str) -> Callable[[Button], Callable[..., None]]:
    """Make a button of a function that does its work and gives what to say about it."""

    def wrap(work: Button) -> Callable[..., None]:
        @functools.wraps(work)
        def press(book: xw.Book | None = None) -> None:
            opened = book if book is not None else xw.Book.caller()
            app, name = opened.app, opened.fullname
            app.status_bar = say("POA: {caption}…", caption=caption)
            try:
                text, mode = work(opened), "info"
            except PoaError as error:
                text, mode = str(error), "critical"
            except Exception:  # noqa: BLE001 - whatever it is, the planner gets a sentence and the log the rest
                _log_error(f"{caption}: {name}")
                text, mode = (
                    say("No se pudo, por un error del programa. No se perdió nada. El detalle está en {file}; el botón "
                        "Diagnóstico lo abre.", file=str(log_file())),
                    "critical",
                )  # fmt: skip
            app.status_bar = False
            if text:
                app.alert(text, f"{TITLE} · {caption}", mode=mode)

        press.caption = caption  # type: ignore[attr-defined]
        return press

    return wrap


@_button("Calcular presupuesto")
def calcular_presupuesto(book: xw.Book) -> str:
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


@_button("Verificar metas")
def verificar_metas(book: xw.Book) -> str:
    """Hold every target against its months; red and green, and the list of findings."""
    opened, findings = pressing.verify(book, "Verificar metas")
    if not findings:
        return say("Todo en verde: no hay hallazgos.")
    red = sum(each.severity is Severity.ERROR for each in findings)
    head = say("{red} en rojo y {warned} avisos. Están en la hoja Hallazgos:", red=red, warned=len(findings) - red)
    return _listed(head, [_finding(each) for each in opened.plan.located(findings)])


@_button("Semáforo")
def semaforo(book: xw.Book) -> str:
    """Switch red and green on or off."""
    is_painted = pressing.toggle(book, "Semáforo")
    return say("Semáforo encendido.") if is_painted else say("Semáforo apagado. Las columnas de control siguen ahí.")


@_button("Quitar")
def quitar(book: xw.Book) -> str:
    """Take out everything that these buttons put in."""
    count = pressing.remove(book, "Quitar")
    return say("Se quitaron {count} columnas y hojas que poa-xl había agregado. Deshacer las trae.", count=count)


@_button("Anterior")
def anterior(book: xw.Book) -> str:
    """Go to the finding before the selected cell."""
    return _go(book, -1)


@_button("Siguiente")
def siguiente(book: xw.Book) -> str:
    """Go to the finding after the selected cell."""
    return _go(book, 1)


@_button("Lista")
def lista(book: xw.Book) -> str:
    """Show the list of findings."""
    opened = pressing.open_plan(book)
    if not opened.listed:
        opened, _ = pressing.verify(book, "Lista")
    book.sheets[opened.listed].activate()
    return ""


@_button("Repartir")
def repartir(book: xw.Book) -> str:
    """Write one workbook for each unit."""
    path = _saved(book)
    done = regional.run("split", str(path))
    lines = [say("{file}: {count} operaciones", file=part["file"], count=part["operations"]) for part in done["books"]]
    return _listed(say("{count} libros en {folder}:", count=len(lines), folder=done["folder"]), lines)


@_button("Consolidar")
def consolidar(book: xw.Book) -> str:
    """Merge what the units sent back into this workbook, which is closed meanwhile."""
    path = _saved(book)
    source = regional.answers(path)
    if not source.is_dir():
        raise BookError(say("no existe {folder}: poner ahí los libros que enviaron las unidades", folder=str(source)))
    question = say("Se guardará y cerrará {file}, se unirán los libros de {folder} y se abrirá otra vez. ¿Seguir?",
                   file=book.name, folder=str(source))  # fmt: skip
    app = book.app
    if app.alert(question, f"{TITLE} · Consolidar", "ok_cancel") == "cancel":
        return ""
    done = _reopening(book, path, lambda: regional.run("sync", str(source), "--into", str(path)))
    if done["run"] is not None:
        journal.remember(str(path), Press("Consolidar", run=done["run"]))
    problems = [each["problem"] for each in done["files"] if each["problem"]]
    head = say("{files} libros: {taken} filas tomadas de {read} leídas; {open} por resolver en la hoja Cambios.",
               files=len(done["files"]), taken=done["taken"], read=done["read"], open=done["open"])  # fmt: skip
    return _listed(head, problems)


@_button("Historial")
def historial(book: xw.Book) -> str:
    """Tell of the last consolidations."""
    runs = regional.run("history", "--into", str(_file(book)))["runs"]
    if not runs:
        return say("{file}: todavía no tiene consolidaciones.", file=book.name)
    states = {True: say("deshecha"), False: say("vigente")}
    lines = [f"{run['run']} · {shown(run['time'])} · {states[run['state'] == 'undone']}" for run in runs]
    return _listed(say("Últimas consolidaciones de {file}:", file=book.name), lines, _RUNS)


@_button("Deshacer")
def deshacer(book: xw.Book) -> str:
    """Bring back what the last button changed."""
    press = journal.recall(book.fullname)
    if press is not None and press.run is not None:
        path, run = Path(book.fullname), press.run
        question = say("{file} se cerrará sin guardar y volverá a lo de antes de la consolidación {number}. ¿Seguir?",
                       file=book.name, number=str(run))  # fmt: skip
        if book.app.alert(question, f"{TITLE} · Deshacer", "ok_cancel") == "cancel":
            return ""
        _reopening(book, path, lambda: regional.run("undo", str(run), "--into", str(path)))
        journal.forget(str(path))
    else:
        press = pressing.undo(book)
    return say("Se deshizo «{button}».", button=press.button)


@_button("Guía")
def guia(_: xw.Book) -> str:
    """Open the guide."""
    webbrowser.open(guide().as_uri())
    return ""


@_button("Diagnóstico")
def diagnostico(book: xw.Book) -> str:
    """Say what runs here, and open the log."""
    path = log_file()
    if path.is_file():
        webbrowser.open(path.as_uri())
    return "\n".join(
        (
            f"poa-xl {poa_xl.__version__} · xlwings {xw.__version__}",
            f"Python {platform.python_version()} · {sys.executable}",
            f"{platform.system()} {platform.release()} · {book.app.engine.name}",
            say("Libro: {path}", path=book.fullname),
            say("Registro: {path}", path=str(path)),
        )
    )


@_button("Acerca de")
def acerca_de(_: xw.Book) -> str:
    """Say what this is."""
    return say("poa-xl {version}: el POA en orden, dentro del libro de siempre. Licencia BSD-3-Clause.",
               version=poa_xl.__version__)  # fmt: skip


BUTTONS: dict[str, Callable[..., None]] = {
    each.__name__: each
    for each in (
        calcular_presupuesto, verificar_metas, semaforo, quitar, anterior, siguiente, lista, repartir, consolidar,
        historial, deshacer, guia, diagnostico, acerca_de,
    )
}  # fmt: skip


def guide() -> Path:
    """Give the file of the guide: inside the installed package, else in the checkout."""
    path = Path(__file__).with_name("guia.md")
    return path if path.is_file() else Path(__file__).parents[1] / "docs" / "guia.md"


def log_file() -> Path:
    """Give the file that errors go to."""
    return folder() / "poa-xl.log"


def _log_error(text: str) -> None:
    """Write what went wrong, with its traceback, to the log."""
    handler = RotatingFileHandler(log_file(), maxBytes=500_000, backupCount=1, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
    logger = logging.getLogger("poa_xl.ribbon")
    logger.addHandler(handler)
    logger.error("%s\n%s", text, traceback.format_exc())
    logger.removeHandler(handler)
    handler.close()


def _go(book: xw.Book, step: int) -> str:
    """Select the next cell with a finding, row by row, from the selected one on; around at the end."""
    opened = pressing.open_plan(book)
    cells = sorted({_place(opened, each) for each in check(opened.plan)})
    if not cells:
        return say("Todo en verde: no hay hallazgos.")
    selected = book.selection
    is_here = selected is not None and book.sheets.active.name == opened.sheet.name
    here = (selected.row, selected.column) if selected is not None and is_here else (0, 0)
    ahead = [cell for cell in cells if (cell > here if step > 0 else cell < here)]
    target = (ahead or cells)[0 if step > 0 else -1]
    opened.sheet.activate()
    opened.sheet.range(target).select()
    return ""


def _place(opened: pressing.Opened, finding: Finding) -> tuple[int, int]:
    columns = opened.layout.columns
    return opened.plan.rows[finding.index].line, columns.get(finding.field, columns["code"])


def _file(book: xw.Book) -> Path:
    path = Path(book.fullname)
    if not path.is_file():
        raise BookError(say("{file}: guardarlo primero como .xlsx, para que tenga una carpeta", file=book.name))
    return path


def _saved(book: xw.Book) -> Path:
    """Save the workbook and give its file, which the regional office's buttons read."""
    path = _file(book)
    book.save()
    return path


def _reopening(book: xw.Book, path: Path, work: Callable[[], Any]) -> Any:  # noqa: ANN401 - whatever the work gives
    """Close a workbook while something writes its file, and open it again whatever happens."""
    app = book.app
    book.close()
    try:
        return work()
    finally:
        live.reopen(app, path)


def _finding(found: Located) -> str:
    return f"{found.where.cell} · {found.finding.message}"


def _listed(head: str, lines: Sequence[str], most: int = _SHOWN) -> str:
    """Write a head and the first few lines."""
    rest = len(lines) - most
    more = [say("… y {count} más", count=rest)] if rest > 0 else []
    return "\n".join([head, *lines[:most], *more])


def _amount(value: object) -> str:
    return number(value) if not isinstance(value, str) and value is not None else "—"  # type: ignore[arg-type]
