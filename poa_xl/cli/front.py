"""What all commands have in common: the group, options, errors, the language of help."""

import contextlib
import gettext
import os
import re
import sys
import traceback
from collections.abc import Callable, Iterator, MutableMapping, Sequence
from importlib import import_module, resources
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import click

from poa_xl import __version__
from poa_xl.actions.collecting import rarely_collecting
from poa_xl.core.dates import month_number
from poa_xl.errors import PoaError
from poa_xl.i18n import LANGUAGES, language, reason, say, set_language
from poa_xl.terminal.screen import Screen, opened, screen

FOUND, FAILED, FAULT, STOPPED = 1, 2, 3, 130
# Not to be taken for a message of ours by who collects these.
_word_of_click = gettext.gettext

FILE = click.Path(path_type=Path)
# What a date of a workbook can be in.
YEAR = click.IntRange(1900, 9999)
# The commands that people need first, in the order of their work.
FIRST = ("check", "update", "split", "sync", "undo")
# More characters than the first sentence of any command has.
_LONGEST = 1000


Decorated = TypeVar("Decorated", bound=Callable[..., object])


def file(*names: str, **more: Any) -> Callable[[Decorated], Decorated]:  # noqa: ANN401 - as click's
    """Add an option that is a file."""
    return click.option(*names, type=FILE, **{"metavar": "ARCHIVO", **more})


YEAR_OPTION = click.option("--year", type=YEAR, metavar="AÑO", help="Gestión; si no se da, la de las fechas.")
SHEET = click.option("--sheet", metavar="HOJA", help="Hoja del plan, cuando hay varias.")
JSON = click.option("--json", "as_json", is_flag=True, help="Para otro programa.")
STORE = click.option("--store", metavar="URL", help="La historia; si no se da, .poa/history.sqlite junto al MAESTRO.")
INTO = file("--into", "master", metavar="MAESTRO", help="El maestro; su historia está a su lado.")


def _month(ctx: click.Context, param: click.Parameter, value: str | None) -> int | None:
    found = month_number(value or "")
    if value and found is None:
        raise click.BadParameter(say("«{value}» no es un mes: ENE, FEB, …, DIC", value=value), ctx, param)
    return None if found is None else found - 1


def no_book(ctx: click.Context, param: click.Parameter, value: str) -> str:
    """Return an argument that is no workbook; people put the master there, as in other commands."""
    from poa_xl.actions.reading import is_workbook_name  # noqa: PLC0415 - commands start without what reads workbooks

    if is_workbook_name(Path(value)):
        text = say("el maestro va con --into: {command}", command=f"{ctx.command_path} --into {quoted(value)}")
        raise click.BadParameter(text, ctx, param)
    return value


def quoted(path: object) -> str:
    """Write a file as it is typed in a command."""
    return f'"{path}"' if " " in str(path) else str(path)


UNTIL = click.option(
    "--until", callback=_month, metavar="MES", help="Mes de corte; si no se da, el que dice la hoja Seguimiento."
)


def _quiet(_: click.Context, __: click.Parameter, value: bool) -> None:  # noqa: FBT001 - as click calls it
    if value:
        screen().is_quiet = True


def _plain(_: click.Context, __: click.Parameter, value: bool) -> None:  # noqa: FBT001 - as click calls it
    if value:
        screen().has_color = False


def _speak(_: click.Context, __: click.Parameter, value: str | None) -> None:
    if value:
        set_language(value)
        os.environ["LANGUAGE"] = value


def _shared() -> list[click.Parameter]:
    """Make the options that the group and every command take."""
    return [
        click.Option(
            ["-q", "--quiet"],
            is_flag=True,
            expose_value=False,
            callback=_quiet,
            help="No muestra nada, salvo lo que no se pudo hacer.",
        ),
        click.Option(
            ["--no-color"], is_flag=True, expose_value=False, callback=_plain, help="Sin colores.  [NO_COLOR]"
        ),
    ]


class _Helping(click.Command):
    """A command whose `--help` explains itself in the language of now, not of when click first asked."""

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = _word_of_click("Show this message and exit.")
        return option


class Command(_Helping):
    """A command with the shared options; its example stands below its help."""

    def __init__(self, *args: Any, **named: Any) -> None:  # noqa: ANN401 - as click's
        named |= {"options_metavar": "[OPCIONES]"}
        super().__init__(*args, **named)
        self.params += _shared()


class Group(_Helping, click.Group):
    """A group whose errors become one sentence and an exit code, and whose words are those of the language."""

    command_class = Command
    group_class = type

    def __init__(self, *args: Any, **named: Any) -> None:  # noqa: ANN401 - as click's
        named |= {"options_metavar": "[OPCIONES]", "subcommand_metavar": "COMANDO [ARGUMENTOS]..."}
        super().__init__(*args, **named)

    def main(self, args: Sequence[str] | None = None, prog_name: str | None = None, **named: Any) -> NoReturn:  # type: ignore[override]  # noqa: ANN401 - as click's
        """Run a command; ends the process with its exit code."""
        named.pop("standalone_mode", None)
        with opened() as seen, _speaking(), rarely_collecting():
            code = seen.close(self._run(seen, args, prog_name, named), FAILED)
        sys.exit(code)

    def _run(self, seen: Screen, args: Sequence[str] | None, name: str | None, named: dict[str, Any]) -> int:
        try:
            code = super().main(args, name, standalone_mode=False, **named)
        except SystemExit as end:
            code = end.code
        except click.exceptions.NoArgsIsHelpError as error:
            seen.problem(error.format_message())
            return FAILED
        except click.ClickException as error:
            context = getattr(error, "ctx", None)
            if context is not None:
                seen.problem(context.get_usage())
            seen.problem(error.format_message())
            if context is not None:
                seen.problem(_way_out(context))
            return FAILED
        except (click.Abort, KeyboardInterrupt):
            seen.problem(say("Interrumpido."))
            return STOPPED
        except PoaError as error:
            from poa_xl.button import said_of  # noqa: PLC0415 - what a command that ends well has no use for

            seen.problem(said_of(str(error)))
            return FAILED
        except OSError as error:
            file = str(error.filename) if error.filename else say("El sistema no lo permite")
            seen.problem(f"{file}: {reason(error)}")
            return FAILED
        except Exception as error:  # noqa: BLE001 - a fault of ours: all of it is shown, and no exit code of a result
            return _broken(seen, error)
        return code if isinstance(code, int) else 0

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what each command does: its first sentence, and no half of it."""
        found = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        with formatter.section(_word_of_click("Commands")):
            formatter.write_dl([(name, gist(command)) for name, command in found if command is not None])

    def list_commands(self, ctx: click.Context) -> list[str]:
        """List the commands: those that people need first, then the others by name."""
        names = super().list_commands(ctx)
        return [*(name for name in FIRST if name in names), *(name for name in names if name not in FIRST)]


class Main(Group):
    """The group of all commands, each in a module that is loaded when somebody asks for it.

    Attributes:
        modules: Command to the module that adds it.
    """

    def __init__(self, *args: Any, **named: Any) -> None:  # noqa: ANN401 - as click's
        self.modules: dict[str, str] = {}
        self._loaded: dict[str, click.Command] = {}
        super().__init__(*args, **named)

    @property
    def commands(self) -> MutableMapping[str, click.Command]:
        """All commands by name."""
        for module in dict.fromkeys(self.modules.values()):
            import_module(module).add_to(self)
        return self._loaded

    @commands.setter
    def commands(self, commands: MutableMapping[str, click.Command]) -> None:
        self._loaded = {**commands}

    def add_command(self, cmd: click.Command, name: str | None = None) -> None:
        """Add a command, as its module does."""
        self._loaded[name or cmd.name or ""] = cmd

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - as click calls it
        """Return a command, loading no more than its module."""
        if cmd_name in self.modules and cmd_name not in self._loaded:
            import_module(self.modules[cmd_name]).add_to(self)
        return self._loaded.get(cmd_name)


def _broken(seen: Screen, error: Exception) -> int:
    """Tell of what nobody foresaw: a part that this installation does not bring, or else a fault of ours."""
    module = error.name or "" if isinstance(error, ModuleNotFoundError) else ""
    if is_of_the_office(module):
        seen.problem(_lacking(module))
        return FAILED
    traceback.print_exception(error)
    return FAULT


def is_of_the_office(module: str) -> bool:
    """Whether a module comes with the extra of the regional office, and not with the planner's installation."""
    from importlib.metadata import requires  # noqa: PLC0415 - needed once in a life

    listed = [each for each in requires("poa-xl") or () if "extra ==" in each]
    return any(re.split(r"[^\w-]", each)[0].casefold() == module.partition(".")[0].casefold() for each in listed)


def _lacking(module: str) -> str:
    return say(
        "esto es de la oficina regional y le falta {module}, que la instalación del planificador no trae. Repetir el "
        "instalador con la palabra oficina (instalar.cmd oficina, sh instalar.sh oficina), o instalar poa-xl[oficina] "
        "con pip",
        module=module.partition(".")[0],
    )


@contextlib.contextmanager
def _speaking() -> Iterator[None]:
    """Let click speak our language: its words are in a catalogue of ours, found by gettext as it looks for them."""
    before, domain = os.environ.get("LANGUAGE"), gettext.textdomain()
    with resources.as_file(resources.files("poa_xl").joinpath("locale")) as folder:
        gettext.bindtextdomain("poa_xl_click", folder)
        gettext.textdomain("poa_xl_click")
        set_language(os.environ.get("POA_LANG", "es"))
        os.environ["LANGUAGE"] = language()
        try:
            yield
        finally:
            gettext.textdomain(domain)
            if before is None:
                del os.environ["LANGUAGE"]
            else:
                os.environ["LANGUAGE"] = before


@click.group(
    cls=Main,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="`poa COMANDO --help` da un ejemplo de cada uno.",
)
@click.option(
    "--lang",
    type=click.Choice(LANGUAGES),
    expose_value=False,
    is_eager=True,
    callback=_speak,
    help="Idioma de los mensajes.  [POA_LANG]",
)
@click.version_option(__version__, prog_name="poa", help="Muestra la versión y termina.")
@click.pass_context
def main(ctx: click.Context) -> None:
    """Plan operativo anual en Excel: verificar, repartir, consolidar."""
    if ctx.invoked_subcommand is None:
        _greet(ctx)


main.params += _shared()


def _greet(ctx: click.Context) -> None:
    """Show what people need first: a line for each command, and how it is called."""
    seen = screen()
    seen.line(say("poa cuida el plan operativo anual. Lo que más se usa:"))
    for name in FIRST:
        command = main.commands[name]
        seen.line("")
        seen.line(f"  {example(command)}", "bold")
        seen.line(f"      {gist(command)}")
    seen.line("")
    seen.line(say("Todos los comandos: {command} --help", command=ctx.command_path))


def _way_out(context: click.Context) -> str:
    """Say to somebody who typed a command wrongly how it is called, or where all commands are."""
    shown = example(context.command)
    if shown and not isinstance(context.command, click.Group):
        return say("Por ejemplo: {example}", example=shown)
    return say("Todos los comandos: {command} --help", command=context.command_path)


def gist(command: click.Command) -> str:
    """Return what a command does, in a sentence."""
    return command.get_short_help_str(limit=_LONGEST)


def example(command: click.Command) -> str:
    """Return the example of a command, as it is typed."""
    return (command.epilog or "").partition(":")[2].strip()


def wrote(output: Path, backup: Path | None) -> None:
    """Say what was written; shorthand for commands."""
    screen().written(output, backup)
