"""The twin of the Excel add-in, opened in Calc: its modules are there, and ours run."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from poa_xl.addin import build as building
from poa_xl.addin.build import Module, build, read_modules
from tests.running import Running


@pytest.fixture
def opened(running: Running, tmp_path: Path) -> Iterator[Any]:
    documents: list[Any] = []

    def open_(data: bytes) -> Any:  # noqa: ANN401 - a UNO object
        path = tmp_path / f"poa{len(documents)}.xlsm"
        path.write_bytes(data)
        allowed = running.uno.createUnoStruct("com.sun.star.beans.PropertyValue")
        allowed.Name, allowed.Value = "MacroExecutionMode", 4
        documents.append(running.app.api.loadComponentFromURL(path.as_uri(), "_default", 0, (allowed,)))
        return documents[-1]

    yield open_
    for document in documents:
        document.close(True)  # noqa: FBT003 - UNO takes no names


def test_every_module_is_there(opened: Any) -> None:  # noqa: ANN401 - a function
    library = opened(build(".xlsm")).BasicLibraries.getByName("poa_xl")
    assert {module.name for module in read_modules()} <= {*library.getElementNames()}


def test_our_modules_run(opened: Any, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ANN401 - a function
    modules = read_modules()

    def ours(_: Path | None = None) -> list[Module]:
        # Basic compiles a library as a whole, and what xlwings brings calls Windows and macOS.
        return [module for module in modules if module.name not in ("xlwings", "Dictionary")]

    monkeypatch.setattr(building, "read_modules", ours)
    document = opened(build(".xlsm"))
    place = "vnd.sun.star.script:poa_xl.PoaCells.PoaCell?language=Basic&location=document"
    script = document.getScriptProvider().getScript(place)
    assert script.invoke(("ROJO",), (), ())[0] == "ROJO"
    assert script.invoke((5.0,), (), ())[0] == 5
    # An error value crosses the bridge as nothing; a text would cross as a text.
    assert script.invoke(("#N/A",), (), ())[0] is None
