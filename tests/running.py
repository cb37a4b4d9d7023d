"""LibreOffice running, with its workbooks open: what the engine for xlwings talks to."""

import contextlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import xlwings as xw

from poa_xl.actions.regional import plain_environment
from poa_xl.calc.extension import build
from poa_xl.calc.names import OF_ALL, OF_OFFICE
from poa_xl.ribbon import BUTTONS


def program() -> Path:
    """Return the folder of the programs of the LibreOffice that is first on the path."""
    found = shutil.which("soffice")
    assert found is not None, "LibreOffice is missing: run `bash .ci/office`"
    return Path(found).resolve().parent


def load_uno() -> ModuleType:
    """Import UNO into a virtual environment, and nothing else of the system's packages.

    It is taken from beside the programs, where Debian puts it; it is built for the Python of the system, so ours must
    be of that version.
    """
    beside = program().parents[1] / "python3" / "dist-packages"
    if str(program()) not in sys.path:
        sys.path.append(str(program()))
    for name in ("uno", "unohelper"):
        if name not in sys.modules:
            spec = importlib.util.spec_from_file_location(name, beside / f"{name}.py")
            assert spec is not None, "UNO is missing: run `bash .ci/office`"
            assert spec.loader is not None
            sys.modules[name] = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(sys.modules[name])
    return sys.modules["uno"]


# com.sun.star.accessibility.AccessibleRole
_ALERT, _DIALOG, _FOLDED = 1, 12, 7
_PRESSED = (33, 34, 36, 42, 44)  # items of lists, menus, their items, buttons of boxes and of toolbars
_DEEPEST = 16
_LOCALE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Setup/L10N"><prop oor:name="ooSetupSystemLocale" oor:op="fuse"><value>{}</value></prop></item>
<item oor:path="/org.openoffice.Office.Linguistic/General"><prop oor:name="UILocale" oor:op="fuse"><value>{}</value></prop></item>
</oor:items>
"""
_MOST = 200
_REFUSALS = 5


def _children(context: Any) -> Iterator[Any]:  # noqa: ANN401 - UNO objects
    # A sheet has a child for each of its cells.
    count = context.getAccessibleChildCount()
    if count < _MOST:
        for number in range(count):
            yield context.getAccessibleChild(number).getAccessibleContext()


def _search(context: Any, caption: str, depth: int = 0) -> Any:  # noqa: ANN401 - UNO objects
    # Each question goes to another process: a name is asked for first, and what folds out of a box is left alone.
    if context.getAccessibleName() == caption:
        is_shown = context.getAccessibleRole() in _PRESSED and context.getSize().Width > 0
        if is_shown:
            return context
    if depth < _DEEPEST and context.getAccessibleRole() != _FOLDED:
        for child in _children(context):
            found = _search(child, caption, depth + 1)
            if found is not None:
                return found
    return None


def _texts(context: Any) -> Iterator[str]:  # noqa: ANN401 - UNO objects
    if context.getAccessibleName():
        yield context.getAccessibleName()
    for child in _children(context):
        yield from _texts(child)


def address_of(button: str) -> str:
    """Return the address under which menu and toolbar press a button."""
    return (OF_OFFICE if BUTTONS[button].is_off_in_units else OF_ALL) + button


class Running:
    """A LibreOffice of our own, attached to xlwings, with our extension in it.

    Args:
        profile: Folder for its profile.
        display: X display to show its windows on; by default they are shown nowhere.
        locale: What decimal comma, separators and dates follow; by default what this machine says.
        language: What its menus speak, where that is installed.
    """

    def __init__(self, profile: Path, display: str = "", locale: str = "", language: str = "en-US") -> None:
        self.uno: Any = load_uno()
        pipe = f"poa-{os.getpid()}-{display.strip(':')}"
        self._command = [
            str(program() / "soffice.bin"),
            *([] if display else ["--headless"]),
            "--norestore",
            "--nologo",
            "--nodefault",
            "--nofirststartwizard",
            f"-env:UserInstallation={profile.as_uri()}",
            f"--accept=pipe,name={pipe};urp;",
        ]
        # Loading UNO tells the environment of this process where the installed one is; another one must not hear it.
        self._environment = {**plain_environment(), "XDG_STATE_HOME": str(profile / "state")}
        if locale:
            (profile / "user").mkdir(parents=True)
            (profile / "user" / "registrymodifications.xcu").write_text(_LOCALE.format(locale, language), "utf-8")
        # Instead of a browser: what it was asked to open.
        browser = profile / "browser.sh"
        self._opened, self.state = profile / "opened.txt", profile / "state" / "poa-xl"
        browser.write_text(f'#!/bin/sh\necho "$1" >> "{self._opened}"\n', "utf-8")
        browser.chmod(0o755)
        self._environment["BROWSER"] = str(browser)
        if display:
            self._environment |= {"DISPLAY": display, "SAL_USE_VCLPLUGIN": "gen"}
        # A new profile makes the program end once, in later versions after it has answered already.
        subprocess.run(
            [*self._command, "--terminate_after_init"], env=self._environment, check=False, capture_output=True
        )
        self._process = self._start()
        try:
            self._reach(pipe, profile)
        except BaseException:
            self._process.kill()
            self._process.wait()
            raise

    def _reach(self, pipe: str, profile: Path) -> None:
        local = self.uno.getComponentContext()
        resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
        self.context = self._connect(resolver, f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        from poa_xl.calc.engine import attach  # noqa: PLC0415 - it needs UNO

        self.app: xw.App = attach(self.context)
        self._extend(profile / "poa_xl.oxt")

    def service(self, name: str) -> Any:  # noqa: ANN401 - a UNO object
        """Make a service of the running program."""
        return self.context.ServiceManager.createInstanceWithContext(name, self.context)

    @contextlib.contextmanager
    def speaking(self, locale: str) -> Iterator[None]:
        """Change what decimal comma, separators and dates follow, as in the settings of the program."""
        provider = self.service("com.sun.star.configuration.ConfigurationProvider")
        node = self.uno.createUnoStruct("com.sun.star.beans.NamedValue", "nodepath", "/org.openoffice.Setup/L10N")
        settings = provider.createInstanceWithArguments("com.sun.star.configuration.ConfigurationUpdateAccess", (node,))
        before = settings.ooSetupSystemLocale
        settings.ooSetupSystemLocale = locale
        settings.commitChanges()
        yield
        settings.ooSetupSystemLocale = before
        settings.commitChanges()

    def fill_screen(self, book: xw.Book, width: int = 1600, height: int = 900) -> None:
        """Show a workbook as large as the screen, and wait until its toolbars are there."""
        window = book.api.getCurrentController().Frame.ContainerWindow
        window.setPosSize(0, 0, width, height, 15)
        window.toFront()
        self.wait(lambda: any(_search(each, "Acerca de") for each in self._windows()))
        time.sleep(0.5)

    def where(self, caption: str) -> tuple[int, int]:
        """Find what shows on the screen by what it says: the middle of a button, or of a menu's title."""
        found = self.place(caption)
        assert found is not None, f"nothing on the screen says {caption!r}"
        return found

    def place(self, caption: str) -> tuple[int, int] | None:
        """Find it, or None where nothing says so."""
        for context in self._windows():
            found = _search(context, caption)
            if found is not None:
                place, size = found.getLocationOnScreen(), found.getSize()
                return place.X + size.Width // 2, place.Y + size.Height // 2
        return None

    def boxes(self) -> list[str]:
        """Return what message boxes say that are open now."""
        kinds = (_ALERT, _DIALOG)
        return ["\n".join(_texts(each)) for each in self._windows() if each.getAccessibleRole() in kinds]

    def wait(self, what: Callable[[], Any]) -> Any:  # noqa: ANN401 - whatever is waited for
        """Ask until the answer is something."""
        for _ in range(1200):
            found = what()
            if found:
                return found
            time.sleep(0.1)
        raise AssertionError("waited for nothing")

    def _windows(self) -> list[Any]:
        toolkit = self.service("com.sun.star.awt.Toolkit")
        windows = [toolkit.getTopWindow(number) for number in range(toolkit.getTopWindowCount())]
        contexts = [window.getAccessibleContext() for window in windows if window is not None]
        return [context for context in contexts if context is not None]

    def opened(self) -> list[str]:
        """Tell what the program asked a browser to open."""
        return self._opened.read_text("utf-8").splitlines()

    def log(self) -> str:
        """Return the log of our extension."""
        return (self.state / "poa-xl.log").read_text("utf-8")

    def press(self, book: xw.Book, button: str) -> None:
        """Press a button as menu and toolbar do; without a window, boxes close as they come."""
        frame = book.api.getCurrentController().Frame
        helper = self.service("com.sun.star.frame.DispatchHelper")
        helper.executeDispatch(frame, address_of(button), "", 0, ())

    def stands(self, book: xw.Book, button: str) -> tuple[bool, object]:
        """Ask as menu and toolbar do whether a button can be pressed, and whether it is on; None for one that is not."""
        said: tuple[bool, object] = self.watched(book, button).said[-1]
        return said

    def watched(self, book: xw.Book, button: str) -> Any:  # noqa: ANN401 - a UNO object
        """Ask so, and be told from then on."""
        from tests.approving import Told  # noqa: PLC0415 - it needs UNO

        address = self.uno.createUnoStruct("com.sun.star.util.URL")
        address.Complete = address_of(button)
        _, address = self.service("com.sun.star.util.URLTransformer").parseStrict(address)
        told = Told()
        book.api.getCurrentController().Frame.queryDispatch(address, "", 0).addStatusListener(told, address)
        return told

    def open(self, path: Path) -> xw.Book:
        """Open a workbook as a person would."""
        return self.app.books.open(str(path))

    def fills(self, book: xw.Book, folder: Path) -> list[str]:
        """Return the backgrounds that show in an open workbook, cell by cell, those of conditional formats included."""
        page = folder / "shown.html"
        form = self.uno.createUnoStruct("com.sun.star.beans.PropertyValue")
        form.Name, form.Value = "FilterName", "HTML (StarCalc)"
        book.api.storeToURL(page.as_uri(), (form,))
        return re.findall(r'bgcolor="(#\w+)"', page.read_text("utf-8", errors="replace"))

    def stop(self) -> None:
        self.app.api.terminate()
        self._process.wait(300)

    def _extend(self, path: Path) -> None:
        """Add the extension as the extension manager does; `unopkg` refuses to work for root.

        LibreOffice gives a helper of its own 20 seconds to start, which a busy machine may need for reading it from
        the disk; so a refusal is asked again.
        """
        from tests.approving import Approving  # noqa: PLC0415 - it needs UNO

        path.write_bytes(build([sys.executable, "-m", "poa_xl.cli"]))
        manager = self.context.getByName("/singletons/com.sun.star.deployment.ExtensionManager")
        refusal = ""
        for _ in range(_REFUSALS):
            try:
                manager.addExtension(path.as_uri(), (), "user", manager.createAbortChannel(), Approving())
            except Exception as error:  # noqa: BLE001 - UNO's, which lose their message when pytest passes them on
                refusal = repr(error)
            else:
                return
        raise AssertionError(f"LibreOffice did not take the extension: {refusal}")

    def _start(self) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            self._command, env=self._environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    def _connect(self, resolver: Any, url: str) -> Any:  # noqa: ANN401 - UNO objects
        for _ in range(600):
            try:
                return resolver.resolve(url)
            except Exception:  # noqa: BLE001 - UNO's NoConnectException, a class that pytest cannot import
                if self._process.poll() is not None:  # a new profile ends once and asks to be started again
                    self._process = self._start()
                time.sleep(0.1)
        raise AssertionError("LibreOffice did not answer")
