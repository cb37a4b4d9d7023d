"""What the tests of the pane share: the built site, Pyodide's libraries for tests, files that a person picks."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from poa_xl.actions.splitting import split_book
from tests.conftest import _running, running
from tests.office import Office
from tests.plans import edit, save, small

__all__ = ("_running", "running")
TOP = Path(__file__).parents[2]
# The last hypothesis that is Python alone, and what it and pytest lean on; each as a wheel for every system.
LIBRARIES = (
    "pytest",
    "iniconfig",
    "packaging",
    "pluggy",
    "pygments",
    "hypothesis==6.140.2",
    "attrs",
    "sortedcontainers",
    "openpyxl",
    "et_xmlfile",
    "xlsxwriter",
)


@pytest.fixture(scope="session")
def site() -> Path:
    """Build the site as `make web` does."""
    out = TOP / "build" / "web"
    subprocess.run(["node", TOP / "web" / "build.mjs", out], check=True)
    return out


@pytest.fixture(scope="session")
def libraries() -> Path:
    """Install what tests in Pyodide need beside our code."""
    out = TOP / "build" / "pyodide-libraries"
    if not (out / "hypothesis").is_dir():
        only = ["--only-binary=:all:", "--platform", "any", "--implementation", "py", "--no-deps"]
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, "--python-version", "3.14", *only, "--target", out, *LIBRARIES], check=True)
    return out


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """LibreOffice, which recalculates what was written."""
    return Office(tmp_path_factory.mktemp("libreoffice"))


@pytest.fixture(scope="session")
def answered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a master, what it sent, and what came back: a change, a conflict, and a file that is none."""
    folder = tmp_path_factory.mktemp("answered")
    master = save(small(), folder / "POA.xlsx")
    split_book(master, folder / "enviados", jobs=1)
    shutil.copytree(folder / "enviados", folder / "recibidos")
    edit(folder / "recibidos" / "Unidad Legal.xlsx", ("GRO1.1.1", "owner", "Ana"), ("GRO1.1.1", "budget", 120))
    edit(master, ("GRO1.1.1", "budget", 150))
    (folder / "recibidos" / "roto.xlsx").write_bytes(b"no")
    return folder
