"""The extension for LibreOffice as a file, and how it gets into LibreOffice."""

import io
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner

import poa_xl
import udfs
from poa_xl import ribbon
from poa_xl.actions.converting import program_folder
from poa_xl.actions.regional import plain_environment, usual
from poa_xl.addin import sources
from poa_xl.addin.wrappers import functions
from poa_xl.calc import registering
from poa_xl.calc.extension import build, buttons, interface
from poa_xl.calc.names import DECK, FINDINGS, IDENTIFIER, OF_ALL, OF_OFFICE, PANEL, PANELS, function_of, method_of
from poa_xl.cli import main
from poa_xl.errors import BookError

VALUE = "{http://openoffice.org/2001/registry}name"


@pytest.fixture(scope="module")
def parts() -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(build())) as package:
        return {name: package.read(name) for name in package.namelist()}


def test_the_same_sources_give_the_same_bytes() -> None:
    assert build() == build()


def test_every_part_is_declared_and_every_declared_part_is_there(parts: dict[str, bytes]) -> None:
    manifest = ET.fromstring(parts["META-INF/manifest.xml"])  # noqa: S314 - our own
    named = [each.attrib["{http://openoffice.org/2001/manifest}full-path"] for each in manifest]
    assert set(named) <= set(parts)
    rest = {name for name in parts if not name.startswith(("pythonpath/", "icons/", "META-INF/"))}
    assert rest - {"description.xml"} == set(named)


def test_the_extension_manager_shows_our_version(parts: dict[str, bytes]) -> None:
    assert f'<version value="{poa_xl.__version__}"/>' in parts["description.xml"].decode()


def test_menu_and_toolbar_are_the_ribbon(parts: dict[str, bytes]) -> None:
    groups = buttons(sources.macros() / "customUI14.xml")
    names = [each.name for group in groups for each in group]
    assert names == list(ribbon.BUTTONS)
    assert [each.caption for group in groups for each in group] == [press.caption for press in ribbon.BUTTONS.values()]
    tree = ET.fromstring(parts["Addons.xcu"])  # noqa: S314 - our own
    # The planner's groups are a toolbar, the others a second one; the menu opens the panel too.
    for bars, more in ((["org.poaxl.menu"], [PANEL]), (["org.poaxl.toolbar", "org.poaxl.toolbar.oficina"], [])):
        nodes = [next(each for each in tree.iter("node") if each.get(VALUE) == bar) for bar in bars]
        urls = [each.findtext("value", "") for node in nodes for each in node.iter("prop") if each.get(VALUE) == "URL"]
        assert urls.count("private:separator") == len(groups) - len(bars) + len(more)
        pressed = [url for url in urls if url != "private:separator"]
        assert [url.partition(":")[2] for url in pressed] == [*names, *more]
        heads = [OF_OFFICE if each.is_off_in_units else OF_ALL for each in ribbon.BUTTONS.values()]
        assert [f"{head}{name}" for head, name in zip(heads, names, strict=True)] == pressed[: len(names)]
    assert f"<value>{OF_ALL}* {OF_OFFICE}*</value>" in parts["ProtocolHandler.xcu"].decode()
    shown = {each.get(VALUE) for each in ET.fromstring(parts["CalcWindowState.xcu"]).iter("node")}  # noqa: S314 - ours
    assert shown >= {f"private:resource/toolbar/addon_{bar}" for bar in bars}
    assert {name for name in parts if name.startswith("icons/")} == {f"icons/{name}.svg" for name in names}


def test_the_sidebar_has_a_deck_with_the_panel_and_knows_what_makes_it(parts: dict[str, bytes]) -> None:
    tree = ET.fromstring(parts["Sidebar.xcu"])  # noqa: S314 - our own
    told = [
        {prop.get(VALUE): prop.findtext("value") for prop in node.findall("prop")}
        for kind in ("DeckList", "PanelList")
        for node in tree.findall(f".//node[@{VALUE}='{kind}']/node")
    ]
    assert (told[0]["Id"], told[1]["DeckId"], told[1]["ImplementationURL"]) == (DECK, DECK, FINDINGS)
    assert {each["ContextList"] for each in told} == {"Calc, any, visible"}
    assert f"<value>{PANELS}</value>" in parts["Factories.xcu"].decode()
    icon = (told[0]["IconURL"] or "").rpartition(f"{IDENTIFIER}/")[2]
    assert icon in parts


def test_every_function_has_its_name_its_help_and_its_arguments(parts: dict[str, bytes]) -> None:
    tree = ET.fromstring(parts["CalcAddIns.xcu"])  # noqa: S314 - our own
    idl = parts["poa_xl.idl"].decode()
    found = functions(udfs)
    assert idl == interface(found)
    for each in found:
        assert function_of(method_of(each.name)) == each.name
        node = next(part for part in tree.iter("node") if part.get(VALUE) == method_of(each.name))
        told = {part.get(VALUE): part.findtext("value") for part in node.findall("prop")}
        assert told["DisplayName"] == told["CompatibilityName"] == each.name
        assert told["Description"] == each.help
        assert len(node.findall("node/node")) == len(each.arguments)


def test_what_is_carried_is_python_alone_and_free(parts: dict[str, bytes]) -> None:
    carried = [name for name in parts if name.startswith("pythonpath/")]
    kinds = {Path(name).suffix for name in carried}
    assert kinds == {".py", ".mo", ".html", ".png", ".txt"}
    assert not [name for name in carried if "/pro/" in name]
    assert "pythonpath/xlwings/LICENSE.txt" in carried
    assert "pythonpath/platformdirs/LICENSE.txt" in carried


@pytest.fixture
def unpacked(parts: dict[str, bytes], tmp_path: Path) -> Path:
    for name, data in parts.items():
        path = tmp_path / "oxt" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return tmp_path / "oxt"


def isolated(unpacked: Path, code: str, path: str = "") -> "subprocess.CompletedProcess[str]":
    """Run code with what is carried and the standard library, and nothing else."""
    start = f"import sys; sys.path.insert(0, {str(unpacked / 'pythonpath')!r}); {code}"
    environment = {"PATH": path, "HOME": str(unpacked), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        [sys.executable, "-I", "-S", "-c", start], check=False, capture_output=True, text=True, env=environment
    )


def test_it_needs_nothing_but_the_standard_library(unpacked: Path) -> None:
    code = "import udfs, poa_xl.ribbon; from poa_xl.buttons.helping import guide"
    done = isolated(unpacked, f"{code}; print(udfs.POA_NIVEL('G1.2'), guide().name)")
    assert (done.stdout, done.stderr) == ("2 guia.html\n", "")


def test_the_regional_buttons_find_the_poa_that_installed_it_else_one_that_is_anywhere_usual(
    unpacked: Path, tmp_path: Path
) -> None:
    ask = "from poa_xl.actions import regional; print(regional.command())"
    assert "correr instalar.cmd oficina" in isolated(unpacked, ask).stderr
    for python in reversed(usual(unpacked)):
        python.parent.mkdir(parents=True)
        python.touch()
        assert isolated(unpacked, ask).stdout == f"['{python}', '-m', 'poa_xl']\n"
    program = tmp_path / "poa"
    program.write_text("#!/bin/sh\n", "utf-8")
    program.chmod(0o755)
    assert isolated(unpacked, ask, str(tmp_path)).stdout == f"['{program}']\n"
    with zipfile.ZipFile(io.BytesIO(build([sys.executable, "-m", "poa_xl.cli"]))) as package:
        (unpacked / "pythonpath/poa_xl/command.json").write_bytes(package.read("pythonpath/poa_xl/command.json"))
    assert isolated(unpacked, ask, str(tmp_path)).stdout == f"['{sys.executable}', '-m', 'poa_xl.cli']\n"
    run = "from poa_xl.actions import regional; print(regional.run('history', '--into', 'no.xlsx'))"
    assert "no.xlsx: todavía no tiene consolidaciones." in isolated(unpacked, run).stderr


@pytest.fixture
def manager(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """LibreOffice's extension manager with a profile of its own; it refuses root, so somebody else is asked then."""
    real = shutil.which("unopkg")
    assert real is not None, "LibreOffice is missing: run `bash .ci/office`"
    home = Path("/tmp") / f"poa-unopkg-{os.getpid()}"  # noqa: S108 - somebody else must get in
    home.mkdir(mode=0o777)
    home.chmod(0o777)
    before = "setpriv --reuid=65534 --regid=65534 --clear-groups " if os.geteuid() == 0 else ""
    shim = tmp_path / "bin" / "unopkg"
    shim.parent.mkdir()
    shim.write_text(f'#!/bin/sh\nexport HOME={home} TMPDIR={home}\nexec {before}{real} "$@"\n', "utf-8")
    shim.chmod(0o755)
    monkeypatch.setenv("PATH", f"{shim.parent}:{os.environ['PATH']}")
    monkeypatch.setenv("TMPDIR", str(home))
    monkeypatch.setattr(tempfile, "tempdir", str(home))
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    yield shim
    shutil.rmtree(home)


def test_it_is_installed_looked_at_and_taken_out_again(manager: Path) -> None:
    assert manager.is_file()

    def run(command: str) -> tuple[int, str]:
        done = CliRunner().invoke(main, ["addin", command, "--host", "calc"])
        return done.exit_code, done.output

    code, text = run("status")
    assert code == 1
    assert "MAL  La extensión no está instalada" in text
    said = f"Extensión: poa-xl {poa_xl.__version__} en LibreOffice\n"
    said += "Cerrar LibreOffice y abrirlo otra vez: aparecen el menú y la barra POA.\n"
    assert run("install") == (0, said)
    code, text = run("status")
    assert (code, "MAL" in text) == (0, False)
    assert f"versión de poa-xl: {poa_xl.__version__} en LibreOffice" in text
    assert run("install") == (0, said)
    assert run("uninstall") == (0, "Se quitó la extensión de LibreOffice. Cerrarlo y abrirlo otra vez.\n")
    assert run("uninstall") == (0, "La extensión no está instalada en LibreOffice\n")


def test_one_that_the_administrator_installed_for_everybody_is_seen(manager: Path) -> None:
    found = f"Identifier: org.otra\\n  is registered: no\\nIdentifier: {IDENTIFIER}\\n  Version: 9.9\\n  is registered: yes\\n"
    manager.write_text(f'#!/bin/sh\n[ "$2" = --shared ] && printf "{found}\\n"\nexit 0\n', "utf-8")
    assert registering.installed() == registering.Installed("9.9", is_registered=True)


def test_one_that_libreoffice_did_not_register_is_no_good(manager: Path) -> None:
    lines = (
        f"Identifier: {IDENTIFIER}\\n  Version: {poa_xl.__version__}\\n  is registered: yes\\n    is registered: no\\n"
    )
    manager.write_text(f'#!/bin/sh\n[ "$1" = list ] && printf "{lines}"\nexit 0\n', "utf-8")
    said = [(each.is_good, each.remedy) for each in registering.status()]
    assert (False, "poa addin install --host calc") in said
    with pytest.raises(BookError, match="no la registró"):
        registering.install()


def test_it_is_installed_from_within_a_virtual_environment(manager: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """LibreOffice's Python takes the first one of the path for itself, and then no extension in Python starts."""
    venv = Path(tempfile.gettempdir()) / "venv"
    subprocess.run(["/usr/bin/python3", "-m", "venv", "--without-pip", str(venv)], check=True)
    monkeypatch.setenv("PATH", f"{venv / 'bin'}:{os.environ['PATH']}")
    monkeypatch.setenv("VIRTUAL_ENV", str(venv))
    assert manager.is_file()
    assert registering.install()[0].startswith("Extensión: ")
    assert registering.installed() == registering.Installed(poa_xl.__version__, is_registered=True)
    last = registering.status()[-1]
    assert (last.is_good, str(venv) in last.found, "desde su menú" in last.remedy) == (True, True, True)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"PATH": "{venv}:/usr/bin:/bin", "VIRTUAL_ENV": "{venv}"}, {"PATH": "/usr/bin:/bin"}),
        (
            {"PATH": "/bin:{venv}:{plain}", "PYTHONHOME": "x", "PYTHONPATH": "y", "CONDA_PREFIX": "z"},
            {"PATH": "/bin:{plain}"},
        ),
        ({"HOME": "/h"}, {"HOME": "/h"}),
    ],
)
def test_no_foreign_python_reaches_a_child(given: dict[str, str], expected: dict[str, str], tmp_path: Path) -> None:
    venv, plain = tmp_path / "v" / "bin", tmp_path / "p"
    venv.mkdir(parents=True)
    plain.mkdir()
    (venv / "python3").touch()

    def filled(values: dict[str, str]) -> dict[str, str]:
        return {name: value.format(venv=venv, plain=plain) for name, value in values.items()}

    assert plain_environment(filled(given)) == filled(expected)


@pytest.mark.parametrize(("platform", "told"), [("linux", 1), ("win32", 0), ("darwin", 0)])
def test_only_where_libreoffice_has_no_python_of_its_own_a_terminal_matters(platform: str, told: int) -> None:
    assert len([*registering._terminal(platform, {"VIRTUAL_ENV": "/v"})]) == told
    assert [*registering._terminal(platform, {})] == []


def test_what_the_manager_refuses_is_told(manager: Path) -> None:
    manager.write_text("#!/bin/sh\necho 'no hay lugar' >&2\nexit 1\n", "utf-8")
    with pytest.raises(BookError, match="LibreOffice no pudo: no hay lugar"):
        registering.install()
    assert not all(each.is_good for each in registering.status())


@pytest.mark.parametrize(("fails", "calls"), [(0, 1), (1, 2), (3, 4), (9, 4)])
@pytest.mark.parametrize("end", ["echo NoConnectException >&2; exit 1", "kill -SEGV $$", "exit 1"])
def test_libreoffice_is_asked_again_when_its_helper_was_late_or_it_ended(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, end: str, fails: int, calls: int
) -> None:
    called = tmp_path / "called"
    shim = tmp_path / "unopkg"
    shim.write_text(f'#!/bin/sh\necho >> "{called}"\n[ $(wc -l < "{called}") -gt {fails} ] && exit 0\n{end}\n', "utf-8")
    shim.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    if fails < calls:
        assert registering.installed() is None
    else:
        with pytest.raises(BookError, match=r"LibreOffice no pudo: (NoConnectException|-11|1)$"):
            registering.installed()
    # Two lists are asked for, unless the first fails.
    assert len(called.read_text("utf-8").splitlines()) == calls + (fails < calls)


def test_what_was_not_registered_the_first_time_is_added_again(manager: Path) -> None:
    added = manager.with_name("added")
    listed = f"Identifier: {IDENTIFIER}\\n  Version: {poa_xl.__version__}\\n  is registered: "
    manager.write_text(
        f'#!/bin/sh\n[ "$1" = add ] && echo >> "{added}" && exit 0\n'
        f'[ $(wc -l < "{added}") -gt 1 ] && printf "{listed}yes\\n" || printf "{listed}no\\n"\n',
        "utf-8",
    )
    assert registering.install()[0].startswith("Extensión: ")
    assert len(added.read_text("utf-8").splitlines()) == 2


def test_without_libreoffice_it_is_said_and_nothing_done(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BookError, match="no se encontró LibreOffice"):
        registering.install()
    assert [each.is_good for each in registering.status()] == [True, False]


@pytest.mark.parametrize("layout", ["linux", "windows"])
def test_libreoffice_is_found_where_its_installers_put_it(layout: str, tmp_path: Path) -> None:
    folder = tmp_path / "LibreOffice" / "program"
    folder.mkdir(parents=True)
    (folder / ("bootstraprc" if layout == "linux" else "bootstrap.ini")).write_text(
        "ProductKey=LibreOffice 25.2\n", "utf-8"
    )
    (folder / "soffice").write_text("", "utf-8")
    (folder / "soffice").chmod(0o755)
    known = {"PATH": str(folder)} if layout == "linux" else {"PATH": "", "ProgramFiles": str(tmp_path)}
    assert program_folder(known) == folder
    assert registering._version(folder) == (25, 2)


@pytest.mark.parametrize(("host", "name"), [("calc", "x.xlam"), ("excel", "x.oxt")])
def test_a_file_of_the_other_program_is_refused(host: str, name: str, tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["addin", "build", "--host", host, "-o", str(tmp_path / name)])
    assert done.exit_code == 2
    assert f"«{name}» no termina en" in done.output


def test_building_writes_the_file(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["addin", "build", "--host", "calc", "-o", str(tmp_path / "p.oxt")])
    assert done.exit_code == 0
    assert (tmp_path / "p.oxt").read_bytes() == build()
