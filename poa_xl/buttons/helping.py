"""The buttons that explain: the guide, what runs here, what this is."""

import platform
import sys
import webbrowser
from pathlib import Path

import poa_xl
from poa_xl.books.live import LiveBook
from poa_xl.button import button, last_pressed
from poa_xl.i18n import say
from poa_xl.store.log import excel_log, log_file


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


def guide() -> Path:
    """Return the page of the guide: inside the installed package, else in the checkout."""
    package = Path(poa_xl.__file__).parent
    path = package / "guia" / "guia.html"
    return path if path.is_file() else package.parent / "docs" / "guia.html"


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
