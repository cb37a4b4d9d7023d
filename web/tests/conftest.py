"""What the tests of the pane share: the built site, and Pyodide's libraries for tests."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.office import Office

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
