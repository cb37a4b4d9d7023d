"""`poa doctor`: everything that is wrong with an installation, and what helps."""

import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from poa_xl.addin.check import Check
from poa_xl.calc import registering as calc
from poa_xl.cli import doctor, main


def run() -> tuple[int, str]:
    done = CliRunner().invoke(main, ["doctor"], catch_exceptions=False)
    return done.exit_code, done.output


@pytest.fixture
def calm(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    """A machine with nothing wrong: no Excel, and a LibreOffice that is in order."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.setattr(calc, "program_folder", lambda: tmp_path)
    monkeypatch.setattr(calc, "status", lambda: [Check(is_good=True, found="LibreOffice 25.2")])
    return monkeypatch


def test_an_installation_in_order_is_told_part_by_part(calm: pytest.MonkeyPatch) -> None:
    assert calm is not None
    code, said = run()
    assert code == 0
    for word in (
        "poa-xl\n",
        "Excel\n",
        "LibreOffice Calc\n",
        "no existe en este sistema",
        "LibreOffice 25.2",
        "Todo está bien.",
    ):
        assert word in said
    assert "MAL" not in said


@pytest.mark.parametrize(
    ("missing", "code", "told"),
    [
        (["click"], 1, "MAL  falta click\n      → repetir el instalador: instalar.cmd\n"),
        (["sqlalchemy"], 1, "le falta sqlalchemy\n      → repetir el instalador: instalar.cmd oficina\n"),
        (
            ["alembic", "filelock", "pandas", "sqlalchemy"],
            0,
            "Sin lo de la oficina regional, que un planificador no necesita",
        ),
    ],
)
def test_what_is_missing_is_named_with_what_helps(
    missing: list[str], code: int, told: str, calm: pytest.MonkeyPatch
) -> None:
    whole = {"": ["click", "rich"], "oficina": ["alembic", "filelock", "pandas", "sqlalchemy"]}
    calm.setattr(doctor, "_requirements", whole.__getitem__)
    calm.setattr(doctor, "_missing", lambda names: [name for name in names if name in missing])
    found, said = run()
    assert (found, told in said) == (code, True)


def test_what_is_wrong_in_one_program_hides_no_other(calm: pytest.MonkeyPatch) -> None:
    calm.setattr(calc, "status", lambda: [Check(is_good=False, found="LibreOffice 6.0", remedy="instalar otro")])
    code, said = run()
    assert (
        code,
        "MAL  LibreOffice 6.0\n      → instalar otro" in said,
        "Lo que dice MAL tiene debajo qué hacer." in said,
    ) == (1, True, True)


def test_a_log_that_cannot_be_written_is_named(calm: pytest.MonkeyPatch) -> None:
    calm.setattr(os, "access", lambda _path, _mode: False)
    code, said = run()
    assert (code, "dar permiso de escritura en" in said) == (1, True)


def test_what_the_package_needs_is_known() -> None:
    assert {"click", "xlwings", "openpyxl"} <= {*doctor._requirements("")}
    assert {"pandas", "sqlalchemy"} <= {*doctor._requirements("oficina")}
    assert doctor._missing(["click", "xlwings", "no-existe"]) == ["no-existe"]
