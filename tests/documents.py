"""Documents made from the code and of each other, in `docs`: `make docs` writes them, a test compares."""

import ast
import inspect
import json
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

import click

from poa_xl.cli import main
from poa_xl.cli.front import example
from poa_xl.core.checks import CHECKS
from poa_xl.core.checks.changed import CHANGED_CHECKS
from poa_xl.core.checks.following import TRACK_CHECKS
from poa_xl.i18n import set_language
from poa_xl.sheet.fields import CAPTIONS
from poa_xl.sheet.keys import schema
from tests.guide import page

FOLDER = Path(__file__).parents[1] / "docs"
# What every command takes stands once, above.
_SHARED = ("quiet", "no_color", "help")


def commands() -> str:
    """Write the reference of the command line."""
    lines = [
        "# Los comandos",
        "",
        "Hecho por `make docs` con lo que dice cada comando de sí mismo; no se edita a mano.",
        "",
        (
            "Todos aceptan `--help`, `--quiet` (no muestra nada, salvo lo que no se pudo hacer) y `--no-color`. Terminan con 0 cuando "
            "todo está bien, 1 cuando hay hallazgos o algo por resolver, 2 cuando no se pudo, 3 por una falla del programa."
        ),
    ]
    for path, command in _commands(main, "poa"):
        lines += ["", f"## `{path}`", "", _sentence(command.help or ""), ""]
        lines += [f"```text\n{_usage(path, command)}\n{example(command)}\n```".replace("\n\n", "\n")]
        rows = [row for each in command.params if each.name not in _SHARED for row in _option(each)]
        if rows:
            lines += ["", "| opción | qué hace |", "|---|---|", *rows]
    return "\n".join(lines) + "\n"


def rules() -> str:
    """Write the table of the rules that a plan is held against."""
    lines = [
        "# Las reglas",
        "",
        "Hecho por `make docs` con las reglas mismas; no se edita a mano. Cada hallazgo lleva el nombre de su regla.",
        "",
        (
            "*En vivo*: las fórmulas de las columnas de control la ven en el momento; las demás, al verificar otra vez. *Costumbre*: en los "
            "planes de otras oficinas, que no la sigan muchas filas muestra que esa oficina no la tiene, y entonces no se exige. Una regla "
            "sobre columnas que el plan no tiene no se exige tampoco. Lo que va entre llaves lo pone cada caso."
        ),
        "",
        "| regla | gravedad | en vivo | costumbre | necesita | qué dice |",
        "|---|---|---|---|---|---|",
    ]
    for each in CHECKS:
        needs = ", ".join(dict.fromkeys(CAPTIONS.get(name, name) for name in each.needs))
        needs = "los meses" if len(each.needs) > 2 else needs
        said = "<br>".join(text.replace("|", "\\|") for text in messages(each.find))
        row = (f"`{each.rule}`", each.severity.label, _yes(each.live), _yes(each.is_custom), needs, said)
        lines.append("| " + " | ".join(row) + " |")
    lines += [
        "",
        "## Del seguimiento",
        "",
        "De lo que se informa en la hoja `Seguimiento`, hasta el mes de corte, y de lo que se modifica mientras tanto. Se apagan o cambian en `[reglas]` como las demás.",
        "",
        "| regla | gravedad | qué dice |",
        "|---|---|---|",
    ]
    finders = [(each.rule, each.severity, messages(each.find)) for each in TRACK_CHECKS]
    finders += [(each.rule, each.severity, messages(each.find)) for each in CHANGED_CHECKS]
    for rule, severity, texts in finders:
        said = "<br>".join(text.replace("|", "\\|") for text in texts)
        lines.append(f"| `{rule}` | {severity.label} | {said} |")
    return "\n".join(lines) + "\n"


def messages(function: Callable[..., object]) -> list[str]:
    """Return what a check may say, as it stands in the code: of itself and of the functions of the core that it calls."""
    seen, waiting, found = set[Callable[..., object]](), [function], list[str]()
    while waiting:
        current = waiting.pop(0)
        if current in seen:
            continue
        seen.add(current)
        around = vars(inspect.getmodule(current))
        for node in ast.walk(ast.parse(textwrap.dedent(inspect.getsource(current)))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                other = around.get(node.func.id)
                if node.func.id == "say" and isinstance(node.args[0], ast.Constant):
                    found.append(str(node.args[0].value))
                elif inspect.isfunction(other) and other.__module__.startswith("poa_xl.core."):
                    waiting.append(other)
                    verdicts = [each for each in vars(inspect.getmodule(other)).values() if inspect.isclass(each)]
                    waiting += [member for each in verdicts for member in _properties(each, current)]
    return list(dict.fromkeys(found))


def _properties(kind: type, function: Callable[..., object]) -> Iterator[Callable[..., object]]:
    """Find the properties of a class that a function reads by their names, as the functions that they are."""
    read = set(inspect.getsource(function).replace("(", ".").replace(",", ".").split("."))
    for name, member in vars(kind).items():
        if isinstance(member, property) and member.fget is not None and name in read:
            yield member.fget


def _commands(group: click.Group, path: str) -> Iterator[tuple[str, click.Command]]:
    with click.Context(group) as context:
        for name in group.list_commands(context):
            command = group.commands[name]
            if isinstance(command, click.Group):
                yield from _commands(command, f"{path} {name}")
            else:
                yield f"{path} {name}", command


def _usage(path: str, command: click.Command) -> str:
    with click.Context(command, info_name=path) as context:
        return " ".join([path, *command.collect_usage_pieces(context)])


def _option(each: click.Parameter) -> Iterator[str]:
    if isinstance(each, click.Option):
        with click.Context(click.Command("x")) as context:
            value = "" if each.is_flag or each.count else f" {each.make_metavar(context)}"
        names = ", ".join(f"`{name}`" for name in (*each.opts, *each.secondary_opts))
        yield f"| {names}{f' `{value.strip()}`' if value else ''} | {_sentence(each.help or '')} |".replace("\n", " ")


def _sentence(text: str) -> str:
    return " ".join(text.split())


def _yes(is_so: bool) -> str:
    return "sí" if is_so else ""


def settings() -> str:
    """The JSON Schema of an office's settings."""
    return json.dumps(schema(), ensure_ascii=False, indent=2) + "\n"


MADE: dict[str, Callable[[], str]] = {
    "comandos.md": commands,
    "reglas.md": rules,
    "poa.schema.json": settings,
    "guia.html": page,
}


if __name__ == "__main__":
    set_language("es")
    for name, write in MADE.items():
        (FOLDER / name).write_text(write(), "utf-8")
