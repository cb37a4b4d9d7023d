"""The one door for text to the terminal: any stream, any letters, any width."""

import csv
import io
import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import click
import openpyxl
import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from poa_xl.cli import main
from poa_xl.cli.front import FIRST, example
from poa_xl.core.values import Flaw, Invalid
from poa_xl.i18n import set_language
from poa_xl.sheet.headers import SHOWN
from poa_xl.terminal.door import Door, harmless
from poa_xl.terminal.listing import Column, Listing
from poa_xl.terminal.records import as_csv, as_json, unquoted
from tests.office import Office
from tests.paths import ROOT
from tests.plans import change, edit, save, small

LEGAL = "Unidad Legal.xlsx"
WORDS = ROOT / "poa_xl" / "locale" / "es" / "LC_MESSAGES" / "poa_xl_click.po"
POA = [sys.executable, "-m", "poa_xl.cli"]


@pytest.fixture(autouse=True)
def _spanish() -> object:
    yield
    set_language("es")


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    return save(change(small(), "GRO1.1.1", target=13, name="Añadir «comillas» → y más…"), tmp_path / "año.xlsx")


def poa(*args: object, after: str = "", **environment: str) -> "subprocess.CompletedProcess[bytes]":
    """Run the command line in a process of its own; `after` is what follows in the shell's line."""
    line = [*POA, *map(str, args)]
    env = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG", "PYTHON", "POA_"))}
    if not after:
        return subprocess.run(line, check=False, capture_output=True, env=env | environment, cwd=ROOT)
    whole = f'"$@" {after}'
    return subprocess.run(
        ["bash", "-o", "pipefail", "-c", whole, "bash", *line],
        check=False,
        capture_output=True,
        env=env | environment,
        cwd=ROOT,
    )


ENCODINGS = [
    {"PYTHONIOENCODING": "ascii"},
    {"PYTHONIOENCODING": "cp1252"},
    {"PYTHONIOENCODING": "cp437"},
    {"PYTHONIOENCODING": "latin-1"},
    {"PYTHONIOENCODING": "utf-16"},
    {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    {"LC_ALL": "C"},
    {"LANG": "es_BO.UTF-8"},
]


@pytest.mark.parametrize("environment", ENCODINGS, ids=lambda env: " ".join(env.values()))
def test_any_encoding_shows_all_of_it_and_ends_as_it_should(bad: Path, environment: dict[str, str]) -> None:
    for line, code in (
        (["check", bad], 1),
        (["check", "--json", bad], 1),
        (["check", "--format", "csv", bad], 1),
        (["update", "--dry-run", bad], 1),
        (["check", bad.with_name("ñandú 😀.xlsx")], 2),
        (["--help"], 0),
        (["sync", "--help"], 0),
        ([], 0),
        (["chek"], 2),
    ):
        done = poa(*line, **environment)
        assert done.returncode == code, (line, done.stderr)
        assert b"Traceback" not in done.stderr
        assert done.stdout or done.stderr


def test_what_an_encoding_lacks_is_shown_by_something_like_it() -> None:
    below = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    door = Door(below)
    door.write("«Código» → año… — 3 ≤ 4 😀\udc80\n")
    door.flush()
    assert below.buffer.getvalue() == b'"Codigo" -> ano... - 3 <= 4 ??\n'


@pytest.mark.parametrize("after", ["> /dev/full", ">&-"])
def test_a_workbook_that_was_written_is_said_even_where_nothing_can_be(bad: Path, after: str) -> None:
    done = poa("update", bad, after=after)
    assert done.returncode == 1  # findings
    said = done.stderr.decode()
    assert f"Libro: {bad}" in said
    assert "respaldos" in said
    assert "la salida no se pudo escribir" in said
    assert "Traceback" not in said
    assert "Exception ignored" not in said
    assert len(list((bad.parent / "respaldos").iterdir())) == 1


@pytest.mark.parametrize("after", ["> /dev/full", ">&-"])
@pytest.mark.parametrize("line", [["check"], ["check", "--json"], ["check", "--format", "csv"]])
def test_a_result_that_nobody_could_be_shown_is_none(bad: Path, after: str, line: list[str]) -> None:
    done = poa(*line, bad, after=after)
    assert done.returncode == 2
    assert "la salida no se pudo escribir" in done.stderr.decode()
    assert "Traceback" not in done.stderr.decode()
    assert "Exception ignored" not in done.stderr.decode()


@pytest.mark.parametrize("line", [["--help"], ["--version"], ["check", "--help"], []])
def test_help_into_a_full_disk_is_no_traceback(line: list[str]) -> None:
    done = poa(*line, after="> /dev/full")
    assert done.returncode == 2
    assert "Traceback" not in done.stderr.decode()


def test_a_closed_standard_error_stops_nothing(bad: Path) -> None:
    assert poa("check", bad, after="2>&-").returncode == 1
    assert poa("check", bad.with_name("no.xlsx"), after="2>&-").returncode == 2
    assert poa("check", bad.with_name("no.xlsx"), after=">&- 2>&-").returncode == 2


def test_a_reader_that_leaves_changes_nothing_of_the_result(bad: Path) -> None:
    # `true` reads nothing; more than a pipe holds is written.
    many = [bad] * 400
    done = poa("check", *many, after="| true")
    assert done.returncode == 1
    assert done.stderr == b""
    done = poa("update", bad, after="| true")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr.decode()


EVIL = "\x1b[31mrojo\x1b]0;título\x07 \x9b2J\u202eal revés\u2066\u200f [bold]negrita[/bold] [/] :smile: \x7f"


def test_nothing_in_a_workbook_is_obeyed_by_the_terminal(tmp_path: Path) -> None:
    folder = tmp_path / "[red]u \x1b[2J"
    folder.mkdir()
    plan = change(small(), "GRO1.1.1", target=13, budget=Invalid("[bold]mil[/bold]\u202e\u009b", Flaw.MALFORMED))
    path = save(plan, folder / "p \x1b[31m [b].xlsx")
    book = openpyxl.load_workbook(path)
    book["POA 2020"]["Y4"] = "[bold]Otra\u202e columna[/]\u0085"
    book.save(path)
    for line in (
        ["check", path],
        ["check", "--json", path],
        ["update", path],
        ["check", path, path],
        ["split", path],
        ["check", folder / EVIL],
        ["diff", path, path],
        ["nada \x1b[31m"],
        ["check", "--\x1b[31m"],
    ):
        done = CliRunner().invoke(main, [str(each) for each in line], env={"COLUMNS": "200"})
        assert done.exit_code in (0, 1, 2), done.output
        assert not set(done.output) & set("\x1b\x9b\x07\u202e\u2066\u200f\x7f\x85"), line
    told = CliRunner().invoke(main, ["check", str(path), str(path)], env={"COLUMNS": "300"}).output
    assert "[bold]Otra" in told
    assert "[bold]mil[/bold]" in told


@given(st.text(st.characters(codec="utf-16", categories=["Cc", "Cf", "Lu", "Zl", "Zp"])))
def test_no_text_that_comes_through_moves_the_cursor_or_turns_direction(text: str) -> None:
    import unicodedata  # noqa: PLC0415 - only here

    shown = harmless(text)
    assert len(shown) == len(text)
    assert all(letter in "\n\t" or unicodedata.category(letter) != "Cc" for letter in shown)
    assert not any(
        unicodedata.bidirectional(letter) in ("RLE", "LRE", "RLO", "LRO", "PDF", "RLI", "LRI", "FSI", "PDI")
        for letter in shown
    )


# CSV

TEXTS = [
    "=1+1",
    "+591 7",
    "-x",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "'=1",
    "''-",
    "=cmd|' /C calc'!A0",
    "＝1",
    "a;b",
    'c"d',
    "e\nf",
    "",
    " =1",
    "'",
    "'a",
    "ñ 😀",
    "-500",
    "-1.234,5",
    "+1",
    "--1",
]


@pytest.mark.parametrize("text", TEXTS)
def test_csv_brings_every_text_back(text: str) -> None:
    data = as_csv(["a", "b"], [{"a": text, "b": "x"}])
    (row,) = csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";")
    assert unquoted(row["a"] or "") == text
    assert row["b"] == "x"


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cf"]))))
def test_csv_brings_any_texts_back(texts: list[str]) -> None:
    names = [f"c{number}" for number in range(len(texts) + 1)]
    rows = list(
        csv.reader(
            io.StringIO(as_csv(names, [dict(zip(names, texts, strict=False))]).decode("utf-8-sig"), newline=""),
            delimiter=";",
        )
    )
    assert [unquoted(text) for text in rows[1][:-1]] == texts
    assert not any(text[:1] in ("=", "@", "\t", "\r") for text in rows[1])


def test_csv_is_what_excel_opens_by_a_double_click() -> None:
    from decimal import Decimal  # noqa: PLC0415 - only here

    rows = [{"n": Decimal("39745387.50"), "f": 0.1, "i": -3, "b": True, "x": None, "bad": float("nan")}]
    data = as_csv(["n", "f", "i", "b", "x", "bad"], rows)
    assert data.startswith(b"\xef\xbb\xbf")
    assert data.decode("utf-8-sig") == "n;f;i;b;x;bad\r\n39745387,50;0,1;-3;1;;\r\n"
    set_language("en")
    assert "39745387.50;0.1" in as_csv(["n", "f"], rows).decode()


def test_csv_in_calc_holds_numbers_and_texts_and_no_formula(tmp_path: Path, office: Office) -> None:
    from decimal import Decimal  # noqa: PLC0415 - only here

    texts = [text for text in TEXTS if text.strip() and "\r" not in text]
    path = tmp_path / "t.csv"
    path.write_bytes(as_csv(["t", "n"], [{"t": text, "n": Decimal("-1234.5")} for text in texts]))
    # Semicolons, UTF-8, Spanish of Bolivia, numbers and formulas recognised as by a double click.
    made = office.convert(path, "xlsx", "CSV:59,34,76,1,,16394,false,true,false,false,false,-1,true")
    page = openpyxl.load_workbook(made).active
    assert page is not None
    shown = [(cell.value, cell.data_type) for (cell,) in page.iter_rows(min_row=2, max_col=1)]
    numbers = {"-500": -500, "-1.234,5": -1234.5}
    for text, (value, kind) in zip(texts, shown, strict=True):
        if text in numbers:
            assert value == numbers[text]
        else:
            assert (unquoted(str(value)), kind) == (text, "s"), text
    assert {cell.value for (cell,) in page.iter_rows(min_row=2, min_col=2, max_col=2)} == {-1234.5}


def test_check_quotes_formulas_of_a_workbook_in_csv(tmp_path: Path) -> None:
    path = save(change(small(), "GRO1.1.1", unit="=1+1 Unidad Legal", target=13), tmp_path / "p.xlsx")
    done = CliRunner().invoke(main, ["check", "--format", "csv", str(path)])
    rows = list(csv.DictReader(io.StringIO(done.stdout_bytes.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert rows
    assert not any(text.startswith(("=", "+", "@")) for row in rows for text in row.values())


def test_json_holds_nothing_that_a_terminal_obeys() -> None:
    text = as_json([EVIL])
    assert json.loads(text) == [EVIL]
    assert harmless(text) == text


# Width


def drawn(listing: Listing, width: int) -> str:
    console = Console(width=width, file=io.StringIO(), color_system=None)
    console.print(listing)
    return console.file.getvalue()  # type: ignore[attr-defined,no-any-return]


def test_below_110_columns_there_is_a_block_for_each_thing() -> None:
    columns = (
        Column("Unidad", is_key=True),
        Column("Estado", is_key=True),
        Column("Filas", is_number=True),
        Column("Rojas", is_number=True),
        Column("Observación"),
    )
    listing = Listing(columns, "TÍTULO")
    listing.add("Unidad Legal", "recibido", "12", "1", "una observación larga " * 6)
    listing.add("Otra", "no envió", "", "", "")
    assert "Observación\n" not in drawn(listing, 109)
    lines = drawn(listing, 80).splitlines()
    assert [line.rstrip() for line in lines[:3]] == ["TÍTULO", "Unidad Legal  recibido", "  Filas 12 · Rojas 1"]
    assert all(len(line) <= 80 for line in lines)
    assert all(line.startswith("  ") for line in lines[2:5])
    assert "Otra  no envió" in lines
    table = drawn(listing, 110).splitlines()
    assert "Unidad" in table[2]
    assert "Observación" in table[2]


@pytest.mark.parametrize("width", ["40", "80", "109", "110", "200"])
def test_at_any_width_all_is_said(bad: Path, tmp_path: Path, width: str) -> None:
    runner = CliRunner(env={"COLUMNS": width})
    assert runner.invoke(main, ["split", str(bad), "-o", str(tmp_path / "u")]).exit_code == 0
    edit(tmp_path / "u" / LEGAL, ("GRO1.1.1", "owner", "Uno"))
    told = " ".join(runner.invoke(main, ["sync", str(tmp_path / "u"), "--into", str(bad)]).output.split())
    for words in ("Unidad Legal", "recibido", "GRO1.1.1", "Responsable", "Uno"):
        assert words in told
    assert "meta-meses" in runner.invoke(main, ["check", str(bad)]).output.replace("\n", "")


# Help


def commands(group: click.Command = main, path: Sequence[str] = ()) -> list[tuple[list[str], click.Command]]:
    found = []
    for name, command in group.commands.items() if isinstance(group, click.Group) else ():
        found += commands(command, [*path, name]) if isinstance(command, click.Group) else [([*path, name], command)]
    return found


def test_every_command_has_an_example_that_holds() -> None:
    for path, command in commands():
        words = shlex.split(example(command))
        assert words[: len(path) + 1] == ["poa", *path], path
        command.make_context(path[-1], words[len(path) + 1 :])


ENGLISH = (
    "Usage",
    "Options",
    "Commands",
    "Show ",
    "OPTIONS",
    "COMMAND",
    "ARGS",
    "default:",
    "required",
    "INTEGER",
    "PATH",
    "Error",
    "Try ",
    "No such",
    "Missing",
    "Invalid",
)


def test_help_speaks_spanish_and_only_that() -> None:
    for path, _ in [([], main), (["addin"], main), *commands()]:
        text = CliRunner().invoke(main, [*path, "--help"]).output
        assert "Uso: " in text
        assert not [word for word in ENGLISH if word in text], path


@pytest.mark.parametrize(
    "line",
    [
        ["chek"],
        ["check"],
        ["check", "--yeer"],
        ["check", "--year", "3", "x"],
        ["check", "--year", "x", "x"],
        ["check", "--format", "x", "x"],
        ["undo", "x"],
        ["undo", "1", "2"],
        ["check", "--year"],
        ["sync", "x"],
        ["addin", "x"],
        ["check", "--json=3", "x"],
    ],
)
def test_what_is_typed_wrong_is_told_in_spanish(line: list[str]) -> None:
    done = CliRunner().invoke(main, line)
    assert done.exit_code == 2
    assert not [word for word in ENGLISH if word in done.stderr]


def typed(*words: object) -> tuple[int, str]:
    done = CliRunner(env={"COLUMNS": "80"}).invoke(main, [str(word) for word in words], prog_name="poa")
    return done.exit_code, done.output


def test_what_is_typed_wrong_ends_with_how_it_is_right() -> None:
    assert typed("check")[1].splitlines()[-1] == "Por ejemplo: poa check plan.xlsx"
    assert typed("chek")[1].splitlines()[-1] == "Todos los comandos: poa --help"
    assert typed("addin", "x")[1].splitlines()[-1] == "Todos los comandos: poa addin --help"
    assert "'T1', 'T2', 'T3', 'T4'" in typed("track", "p.xlsx", "--close", "T5")[1]


@pytest.mark.parametrize("command", ["history", "undo"])
def test_a_master_where_another_word_belongs_is_told_with_the_line_to_type(command: str) -> None:
    code, text = typed(command, "mi plan.xlsx")
    assert code == 2
    assert f'el maestro va con --into: poa {command} --into "mi plan.xlsx"' in text


def test_the_list_of_commands_breaks_off_no_sentence() -> None:
    text = typed("--help")[1]
    assert "..." not in text.partition("Comandos:")[2]
    assert "sin perder nada de él." in " ".join(text.split())


def test_where_no_book_was_read_nothing_is_counted(tmp_path: Path) -> None:
    code, text = typed("check", tmp_path / "no.xlsx")
    assert code == 2
    assert "Libros" not in text


def test_of_a_master_that_is_not_there_nothing_is_told(bad: Path) -> None:
    typed("split", bad)
    code, text = typed("status", bad.with_name("otro.xlsx"))
    assert code == 2
    assert "no existe" in text


def test_a_dry_run_tells_columns_of_ours_as_columns(bad: Path) -> None:
    told = typed("update", "--dry-run", bad)[1]
    assert "Columna: Estado de la meta" in told
    # Nobody chose a Tipo de meta.
    assert told.count("Columna: ") == len(SHOWN) - 1
    typed("update", bad)
    told = typed("clean", "--dry-run", bad)[1]
    assert "Antes: 9 celdas" in told
    assert told.count("Columna: ") == len(SHOWN)


def test_work_ends_with_what_to_do_next(bad: Path) -> None:
    def following(*words: object) -> str:
        text = " ".join(typed(*words)[1].split())
        return text.rpartition("Sigue: ")[2]

    assert "la hoja Hallazgos" in following("update", bad)
    assert "poa sync --into" in following("split", bad)
    folder = bad.parent / "enviados"
    edit(folder / LEGAL, ("GRO1.1.1", "owner", "Uno"))
    (folder / LEGAL).rename(bad.with_name(LEGAL))
    assert "--reminders" in following("sync", bad.with_name(LEGAL), "--into", bad)
    edit(bad.with_name(LEGAL), ("GRO1.1.1", "target", "x"))
    assert "elegir en Decisión" in following("sync", bad.with_name(LEGAL), "--into", bad)
    assert "poa modifications" in following("approve", bad, "--resolution", "RA 1")
    edit(bad, ("GRO1.1.1", "owner", "Dos"))
    assert "escribir Motivo" in following("modifications", bad)
    assert "--until MAR" in following("track", bad, "--until", "MAR")
    assert following("template", "-o", bad.with_name("t.xlsx"), "--year", "2021").startswith("llenar el plan")


def test_what_was_not_taken_never_stood_there(bad: Path) -> None:
    typed("split", bad)
    for field, value in (("owner", "Uno"), ("target", "x")):
        edit(bad.parent / "enviados" / LEGAL, ("GRO1.1.1", field, value))
        typed("sync", bad.parent / "enviados", "--into", bad)
    told = typed("history", "--into", bad)[1]
    assert "Se pidió: x" in told
    assert "Después: Uno" in told


def test_click_speaks_english_where_that_is_asked_for() -> None:
    assert "Usage: " in CliRunner().invoke(main, ["--lang", "en", "check", "--help"]).output
    assert "Usage: " in CliRunner().invoke(main, ["--help"], env={"POA_LANG": "en"}).output


def test_every_word_of_click_that_people_meet_is_translated() -> None:
    folder = Path(click.__file__).parent
    files = [(name, "python") for name in ("core.py", "exceptions.py", "formatting.py", "parser.py", "types.py")]
    found = extract_from_dir(folder, files, keywords={"_": None, "ngettext": (1, 2)})
    with WORDS.open("rb") as file:
        known = {message.id for message in read_po(file) if message.string}
    # What only programmers meet: prompts, dates, UUIDs, wrong declarations.
    ours = (
        "declar",
        "deprecated",
        "must be an iterable",
        "(dynamic)",
        "defined twice",
        "same flag",
        "UUID",
        "format",
        "Choice(",
    )
    met = {message if isinstance(message, str) else tuple(message[:2]) for _, _, message, _, _ in found}
    assert {message for message in met if not any(word in str(message) for word in ours)} <= known


def test_poa_alone_shows_the_five_commands_of_every_day() -> None:
    done = CliRunner().invoke(main, [])
    assert done.exit_code == 0
    places = [done.output.index(f"poa {name} ") for name in FIRST]
    assert places == sorted(places)
    assert "poa addin" not in done.output
    assert "--help" in done.output


@pytest.mark.parametrize("line", [["-q", "check"], ["check", "--quiet"]])
def test_quiet_says_problems_only(bad: Path, line: list[str]) -> None:
    done = CliRunner().invoke(main, [*line, str(bad)])
    assert (done.exit_code, done.output) == (1, "")
    done = CliRunner().invoke(main, [*line, str(bad.with_name("no.xlsx"))])
    assert done.exit_code == 2
    assert "no.xlsx" in done.stderr
    assert json.loads(CliRunner().invoke(main, [*line, "--json", str(bad)]).stdout)["findings"]


@pytest.mark.parametrize("line", [["--no-color", "check"], ["check", "--no-color"]])
def test_no_color_means_none(bad: Path, line: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm-256color")
    assert "\x1b[31" in CliRunner().invoke(main, ["check", str(bad)], color=True).output.replace("\x1b[1;31", "\x1b[31")
    assert "\x1b[31" not in CliRunner().invoke(main, [*line, str(bad)], color=True).output.replace(
        "\x1b[1;31", "\x1b[31"
    )


def test_a_terminal_gets_sentences_broken_between_words_and_what_is_copied_whole(
    bad: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    monkeypatch.setenv("TERM", "xterm")
    whole = "Filas: 8 (grupos 3, operaciones 3, partidas 2); fuera del plan 0, ocultas 0."
    assert whole in CliRunner().invoke(main, ["check", str(bad)]).output
    monkeypatch.setenv("FORCE_COLOR", "1")

    def lines(*command: str) -> list[str]:
        return re.sub(r"\x1b\[[\d;]*m", "", CliRunner().invoke(main, [*command, str(bad)]).output).splitlines()

    shown = lines("check")
    assert max(map(len, shown)) <= 60
    assert whole in " ".join(" ".join(shown).split())
    assert any(line.startswith("Respaldo: ") and line.endswith(".xlsx") for line in lines("update"))


def test_a_fault_of_ours_keeps_its_traceback_and_is_no_result(bad: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fault(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("poa_xl.actions.checking.check_files", fault)
    done = CliRunner().invoke(main, ["check", str(bad)])
    assert done.exit_code == 3
    assert "ZeroDivisionError" in done.stderr


def test_an_interruption_is_told(bad: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("poa_xl.actions.checking.check_files", interrupt)
    done = CliRunner().invoke(main, ["check", str(bad)])
    assert done.exit_code == 130
    assert "Interrumpido" in done.stderr


@pytest.mark.parametrize(
    ("words", "offered"), [("poa sta", "status"), ("poa status --remi", "--reminders"), ("poa sync --pre", "--prefer")]
)
def test_the_shell_completes_what_is_typed(words: str, offered: str) -> None:
    program = Path(sys.executable).with_name("poa")
    count = str(len(words.split()) - 1)
    environment = os.environ | {"_POA_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": count}
    done = subprocess.run([program], check=False, capture_output=True, encoding="utf-8", env=environment)
    assert f"plain,{offered}" in done.stdout.splitlines()


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_what_the_guide_says_for_completion_prints_a_script(shell: str) -> None:
    source = f"_POA_COMPLETE={shell}_source"
    assert source in (ROOT / "docs" / "guia.md").read_text("utf-8")
    program = Path(sys.executable).with_name("poa")
    environment = os.environ | {"_POA_COMPLETE": f"{shell}_source"}
    done = subprocess.run([program], check=False, capture_output=True, encoding="utf-8", env=environment)
    assert f"_POA_COMPLETE={shell}_complete" in done.stdout
