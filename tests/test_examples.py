"""The three examples of the guide's chapter for other offices, carried out to the letter."""

import re
import shlex
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner

from poa_xl.cli import main
from poa_xl.core.text import squeeze
from poa_xl.sheet.grid import Value
from tests.guide import FOLDER
from tests.layouts import Form, Item, column, cost, draw, items, money, months, of, saved

_SECTION = re.compile(r"### Tres ejemplos\n(.*?)\n### ", re.DOTALL)
_BLOCK = re.compile(r"```(text|toml)\n(.*?)```", re.DOTALL)
_TITLES = (
    "Un formulario con metas y sin códigos",
    "Una programación de gasto",
    "Un plan en el que algo queda en duda",
)


def more(numbers: tuple[int, ...], amount: int) -> Callable[[Item], Value]:
    """Show targets of which some are not what the months add up to."""
    return lambda item: item.target + (amount if item.number in numbers else 0)


# What stands below the headings that the examples name.
_SHOWN: dict[str, Callable[[Item], Value]] = {
    "N°": lambda item: Decimal((item.number - 1) % 5 + 1),
    "ACTIVIDAD": lambda item: item.name,
    "UNIDAD RESPONSABLE": lambda item: item.unit,
    "U. DE MEDIDA": lambda item: item.measure,
    "META ANUAL": more((3,), 7),
    "META INICIAL": more((3, 5), 5),
    "META REPROGRAMADA": more((7,), 5),
    "PARTIDA": lambda item: item.partida,
    "DETALLE": lambda item: item.name,
    "CANTIDAD": lambda item: item.target,
    "PRECIO UNITARIO": lambda item: Decimal(item.price),
    "PRESUPUESTO TOTAL": cost,
}


def section() -> str:
    found = _SECTION.search((FOLDER / "guia.md").read_text("utf-8"))
    assert found is not None
    return found[1]


def example(title: str) -> str:
    pieces = re.split(r"^\*\*(.*?)\.\*\*", section(), flags=re.MULTILINE)
    return dict(zip(pieces[1::2], pieces[2::2], strict=True))[title]


def form(text: str) -> Form:
    headings = re.sub(r"\s+", " ", re.findall(r"`([^`]* · [^`]*)`", text)[0]).split(" · ")
    assert headings[-1] == "Ene … Dic"
    columns = [column(each, _SHOWN[each]) for each in headings[:-1]]
    if "TOTAL GENERAL" not in text:
        return of(columns, months())
    return of(
        columns, months(shows=money), total="TOTAL GENERAL", footer=("Elaborado por: A. B.", "Aprobado por: C. D.")
    )


def test_there_are_three() -> None:
    assert tuple(re.findall(r"^\*\*(.*?)\.\*\*", section(), flags=re.MULTILINE)) == _TITLES


@pytest.mark.parametrize("title", _TITLES)
def test_an_example_of_the_guide_is_true_to_the_letter(
    title: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = example(title)
    (name, *_) = re.findall(r"^poa \w+ (\w+\.xlsx)", text, flags=re.MULTILINE)
    saved(tmp_path / name, draw(form(text), items()).grid)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    commands = 0
    for kind, block in _BLOCK.findall(text):
        lines = block.splitlines()
        if kind == "toml":
            written = (tmp_path / "poa.toml").read_text("utf-8").splitlines()
            assert [line for line in lines if line not in written] == []
            continue
        command, *told = lines
        program, *arguments = shlex.split(command)
        assert program == "poa"
        done = CliRunner().invoke(main, arguments)
        assert done.exit_code in (0, 1), done.output
        output = squeeze(done.output)
        assert [line for line in told if squeeze(line) not in output] == []
        commands += 1
    assert commands
