"""Where Python and the DLL are on machines of people: with and without rights, from every kind of installer."""

import importlib.util
import os
import shutil
import subprocess
import sys
from importlib import metadata
from pathlib import Path, PureWindowsPath

import pytest
import xlwings

from poa_xl.addin import install as installing
from poa_xl.addin import machine
from poa_xl.addin.check import Check

STORE = "PythonSoftwareFoundation.Python.3.11_qbz5n2kfra8p0"


def dll(bits: int) -> str:
    return f"xlwings{bits}-{xlwings.__version__}.dll"


def placed(folder: Path, *kinds: int) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for bits in kinds:
        (folder / dll(bits)).touch()
    return folder


def quiet(_key: str, _name: str) -> None:
    return None


@pytest.mark.parametrize(
    ("packages", "library"),
    [
        ("venv/Lib/site-packages", "venv"),
        ("José Núñez/AppData/Roaming/Python/Python311/site-packages", "José Núñez/AppData/Roaming/Python"),
        (
            f"Packages/{STORE}/LocalCache/local-packages/Python311/site-packages",
            f"Packages/{STORE}/LocalCache/local-packages",
        ),
        ("uv/tools/poa-xl/Lib/site-packages", "uv/tools/poa-xl"),
        ("miniconda3/envs/poa/Lib/site-packages", "miniconda3/envs/poa"),
    ],
)
def test_the_dll_is_found_where_the_installer_put_it(
    packages: str, library: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = placed(tmp_path / library, 64, 32)
    info = tmp_path / packages / "xlwings-0.37.8.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: xlwings\nVersion: 0.37.8\n", "utf-8")
    up = os.path.relpath(folder, tmp_path / packages)
    (info / "RECORD").write_text(f"xlwings/__init__.py,,\n{up}/{dll(32)},,\n{up}/{dll(64)},,\n", "utf-8")
    found = metadata.PathDistribution(info).files
    monkeypatch.setattr(machine, "files", lambda _name: found)
    assert machine.libraries() == {64: folder / dll(64), 32: folder / dll(32)}
    assert installing.configuration()["DLL"] == str(folder)


def test_folders_are_asked_in_order_and_each_kind_by_itself(tmp_path: Path) -> None:
    first, second = placed(tmp_path / "a", 32), placed(tmp_path / "b", 64, 32)
    assert machine.libraries([tmp_path / "no", first, second]) == {32: first / dll(32), 64: second / dll(64)}
    assert machine.libraries([]) == {}


@pytest.mark.parametrize(
    ("there", "platform", "is_good"),
    [
        ((64, 32), None, True),
        ((64, 32), "x64", True),
        ((64, 32), "x86", True),
        ((64,), "x64", True),
        ((32,), "x86", True),
        ((32,), None, True),
        ((64,), "x86", False),
        ((32,), "x64", False),
        ((), "x64", False),
        ((), None, False),
        ((64,), "arm64", True),
    ],
)
def test_an_excel_of_either_kind_is_served(
    there: tuple[int, ...], platform: str | None, is_good: bool, tmp_path: Path
) -> None:
    found = machine.libraries([placed(tmp_path, *there)])
    checks = [*machine.check_libraries(found, lambda _key, name: platform if name == "Platform" else None)]
    assert all(each.is_good for each in checks) is is_good
    assert [each.found for each in checks if each.is_good] == [
        f"DLL para Excel de {bits} bits: {tmp_path / dll(bits)}" for bits in there
    ]
    wanted = {"x86": 32}.get(platform or "", 64)
    assert [each.found.split()[1] for each in checks if not each.is_good] == ([] if is_good else [f"{dll(wanted)},"])


@pytest.mark.parametrize(
    ("has_pip", "command"),
    [
        (True, f"-m pip install --force-reinstall --no-deps xlwings=={xlwings.__version__}"),
        (False, "repetir el instalador"),
    ],
)
def test_a_remedy_is_a_command_that_exists(has_pip: bool, command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: object() if has_pip else None)
    (missing,) = machine.check_libraries({}, quiet)
    assert command in missing.remedy


TARGET = PureWindowsPath(r"C:\Users\José\AppData\Roaming\Microsoft\Excel\XLSTART\poa_xl.xlam")
HIDDEN = rf"C:\Users\José\AppData\Local\Packages\{STORE}\LocalCache\Roaming\Microsoft\Excel\XLSTART\poa_xl.xlam"


@pytest.mark.parametrize(
    ("real", "is_hidden"),
    [(HIDDEN, True), (HIDDEN.upper(), True), (str(TARGET), False), (r"D:\Perfiles\José\XLSTART\poa_xl.xlam", False)],
)
def test_what_windows_hides_from_excel_is_known(real: str, is_hidden: bool) -> None:
    assert machine.hidden_place(Path(str(TARGET)), lambda _path: real) == (Path(real) if is_hidden else None)


def test_a_python_of_the_store_says_what_helps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    real = tmp_path / "Packages" / STORE / "LocalCache" / "Roaming" / "XLSTART"
    real.mkdir(parents=True)
    (tmp_path / "XLSTART").symlink_to(real, target_is_directory=True)
    written, said = installing.install(tmp_path / "XLSTART")
    assert written is None
    assert (real / "poa_xl.xlam").is_file()
    assert str(real / "poa_xl.xlam") in said[0]
    assert f"copiarlo con el Explorador de archivos a {tmp_path / 'XLSTART'}" in said[1]
    named = [
        each for each in installing.status(tmp_path / "XLSTART", quiet, "win32") if "Microsoft Store" in each.found
    ]
    assert [each.remedy for each in named] == [said[1]]


def test_without_roaming_folder_the_home_counts(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    expected = tmp_path / "AppData" / "Roaming" / "Microsoft" / "Excel" / "XLSTART"
    assert installing.startup_folder("win32", {}) == expected
    assert installing.startup_folder("win32", {"APPDATA": "/otro"}) == Path("/otro/Microsoft/Excel/XLSTART")


@pytest.mark.parametrize(
    ("platform", "command"), [("win32", "py -m poa_xl"), ("darwin", f'"{sys.executable}" -m poa_xl')]
)
def test_who_cannot_type_poa_is_told_what_to_type(platform: str, command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    assert machine.own_command(platform).remedy == f"escribir en su lugar: {command}"
    monkeypatch.setattr(shutil, "which", lambda _name: "/bin/poa")
    assert machine.own_command(platform) == Check(is_good=True, found="Programa poa: /bin/poa")


def test_the_package_runs_as_a_module(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "poa_xl", "--version"], check=True, capture_output=True, text=True, cwd=tmp_path
    )
    assert done.stdout.startswith("poa, ")


def test_macos_gets_its_script_and_the_doctor_misses_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    monkeypatch.setattr(sys, "platform", "darwin")
    folder = installing.startup_folder("darwin")
    assert installing.status(folder, quiet, "darwin")[-1].remedy == "poa addin install"
    written, said = installing.install(folder)
    assert written == tmp_path / installing._MAC_STARTUP / "poa_xl.xlam"
    script = tmp_path / "Library" / "Application Scripts" / "com.microsoft.Excel" / "poa_xl.applescript"
    assert said[-1] == f"Guion: {script}"
    assert all(each.is_good for each in installing.status(folder, quiet, "darwin"))
