"""LibreOffice running, with its workbooks open: what the engine for xlwings talks to."""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path
from types import ModuleType
from typing import Any

import xlwings as xw

# Where Debian puts the Python side of UNO; it is built for the Python of the system, so ours must be of that version.
_UNO = Path("/usr/lib/python3/dist-packages")


def load_uno() -> ModuleType:
    """Import UNO into a virtual environment, and nothing else of the system's packages."""
    for name in ("uno", "unohelper"):
        if name not in sys.modules:
            spec = importlib.util.spec_from_file_location(name, _UNO / f"{name}.py")
            assert spec is not None, "UNO is missing: run `bash .ci/office`"
            assert spec.loader is not None
            sys.modules[name] = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(sys.modules[name])
    return sys.modules["uno"]


class Running:
    """A LibreOffice of our own, without a window, attached to xlwings.

    Args:
        profile: Folder for its profile.
    """

    def __init__(self, profile: Path) -> None:
        self.uno: Any = load_uno()
        found = shutil.which("soffice")
        assert found is not None, "LibreOffice is missing: run `bash .ci/office`"
        pipe = f"poa-{os.getpid()}"
        self._command = [
            str(Path(found).resolve().parent / "soffice.bin"), "--headless", "--norestore", "--nologo", "--nodefault",
            f"-env:UserInstallation={profile.as_uri()}", f"--accept=pipe,name={pipe};urp;",
        ]  # fmt: skip
        self._process = self._start()
        local = self.uno.getComponentContext()
        resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
        self.context = self._connect(resolver, f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        from poa_xl.calc.engine import attach  # noqa: PLC0415 - it needs UNO

        self.app: xw.App = attach(self.context)

    def open(self, path: Path) -> xw.Book:
        """Open a workbook as a person would."""
        return self.app.books.open(str(path))

    def fills(self, book: xw.Book, folder: Path) -> list[str]:
        """Give the backgrounds that show in an open workbook, cell by cell, those of conditional formats included."""
        page = folder / "shown.html"
        form = self.uno.createUnoStruct("com.sun.star.beans.PropertyValue")
        form.Name, form.Value = "FilterName", "HTML (StarCalc)"
        book.api.storeToURL(page.as_uri(), (form,))
        return re.findall(r'bgcolor="(#\w+)"', page.read_text("utf-8", errors="replace"))

    def stop(self) -> None:
        self.app.api.terminate()
        self._process.wait(30)

    def _start(self) -> "subprocess.Popen[bytes]":
        # Loading UNO tells the environment of this process where the installed one is; another one must not hear it.
        return subprocess.Popen(self._command, env={**os.environ}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def _connect(self, resolver: Any, url: str) -> Any:  # noqa: ANN401 - UNO objects
        for _ in range(600):
            try:
                return resolver.resolve(url)
            except Exception:  # noqa: BLE001 - UNO's NoConnectException, a class that pytest cannot import
                if self._process.poll() is not None:  # a new profile ends once and asks to be started again
                    self._process = self._start()
                time.sleep(0.1)
        raise AssertionError("LibreOffice did not answer")
