"""The command line as its users meet it: text, files and exit codes."""

import csv
import io
import json
import re
import subprocess
import sys
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import click
import openpyxl
import pytest
from click.testing import CliRunner, Result

from poa_xl.actions.previewing import preview
from poa_xl.cli import main
from poa_xl.cli.front import Main
from poa_xl.core.plan import Plan
from poa_xl.i18n import set_language
from poa_xl.terminal.findings import COLUMNS
from tests.books import packages as p
from tests.layouts import MEASURE, NAME, NUMBER, TARGET, draw, items, months, of, saved
from tests.paths import ALIASES, PRINTED, ROOT
from tests.plans import change, code, edit, group, operation, save, small


@pytest.fixture(autouse=True)
def _spanish() -> object:
    yield
    set_language("es")


def run(*args: object) -> Result:
    result = CliRunner().invoke(main, [str(arg) for arg in args])
    assert result.exit_code != 3, result.output
    return result


@pytest.fixture
def good(tmp_path: Path) -> Path:
    return save(small(), tmp_path / "bueno.xlsx")


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    return save(change(small(), "GRO1.1.1", target=Decimal(13), unit="Unidad  Legall"), tmp_path / "malo.xlsx")


def test_check_of_a_clean_plan_ends_with_0(good: Path) -> None:
    result = run("check", good)
    assert result.exit_code == 0
    assert "ningún hallazgo" in result.output
    assert "Filas: 8 (grupos 3, operaciones 3, partidas 2)" in result.output


def test_check_lists_findings_by_severity_and_ends_with_1(bad: Path) -> None:
    result = run("check", bad)
    assert result.exit_code == 1
    assert result.output.index("ROJO (1)") < result.output.index("meta-meses") < result.output.index("AVISO (1)")
    assert "H7" in result.output
    assert re.search(r"1 en rojo,\s+1 avisos\s*$", result.output)


def test_check_of_a_file_that_cannot_be_read_ends_with_2_and_goes_on(good: Path, bad: Path) -> None:
    result = run("check", good.parent / "no.xlsx", good, bad)
    assert result.exit_code == 2
    assert "no.xlsx" in result.stderr
    assert "meta-meses" in result.stdout
    assert "Traceback" not in result.output


def test_check_writes_json(good: Path, bad: Path) -> None:
    result = run("check", "--json", bad, good.parent / "no.xlsx")
    assert result.exit_code == 2
    data = json.loads(result.stdout)
    assert [finding["rule"] for finding in data["findings"]] == ["meta-meses", "unidad-parecida"]
    assert data["findings"][0]["cell"] == "H7"
    assert list(data["problems"]) == [str(good.parent / "no.xlsx")]


def test_check_writes_csv(bad: Path) -> None:
    result = run("check", "--format", "csv", bad)
    rows = list(csv.DictReader(io.StringIO(result.stdout_bytes.decode("utf-8-sig")), delimiter=";"))
    assert tuple(rows[0]) == COLUMNS
    assert [row["severity"] for row in rows] == ["ROJO", "AVISO"]


def test_check_takes_year_and_sheet(good: Path) -> None:
    assert "fecha-gestion" in run("check", "--year", 2021, good).output
    assert run("check", "--sheet", "poa 2020", good).exit_code == 0
    other = run("check", "--sheet", "Otra", good)
    assert other.exit_code == 2
    assert "«POA 2020»" in other.stderr


def test_check_names_columns_that_nobody_knows(tmp_path: Path) -> None:
    path = save(small(), tmp_path / "p.xlsx")
    book = openpyxl.load_workbook(path)
    book["POA 2020"]["Y4"] = "Observaciones"
    book.save(path)
    assert "«Observaciones»" in run("check", path).output


def test_messages_come_in_english(bad: Path) -> None:
    result = run("--lang", "en", "check", bad)
    assert "the months add up to 12" in " ".join(result.output.split())


def test_the_language_comes_from_the_environment(bad: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POA_LANG", "en_US.UTF-8")
    assert "the months add up to 12" in " ".join(run("check", bad).output.split())


def test_import_split_and_sync_the_real_plan(tmp_path: Path) -> None:
    master = tmp_path / "POA.xlsx"
    repairs = tmp_path / "reparaciones.txt"
    result = run("import", PRINTED, "-o", master, "--unidades", ALIASES, "--repairs", repairs)
    assert result.exit_code == 0
    assert "134 filas impresas = 134 filas en el libro (38 grupos, 96 operaciones)" in result.output
    assert len(repairs.read_text("utf-8").splitlines()) == 255
    result = run("split", master, "-o", tmp_path / "u")
    assert result.exit_code == 0
    assert "10 libros" in result.output
    assert "guardar las respuestas en la carpeta recibidos; después, poa sync --into POA.xlsx" in result.output
    assert run("history", "--into", master).output == "Todavía no hay ningún paso: nada se consolidó ni se aprobó.\n"
    assert "Sigue" not in run("split", master, "-o", tmp_path / "v", "--dry-run").output
    result = run("sync", tmp_path / "u", "--into", tmp_path / "c.xlsx")
    assert result.exit_code == 0
    assert "192 filas leídas = 192 tomadas (0 cambian algo) + 0 no tomadas" in result.output
    assert "0 por resolver" in result.output
    assert str(tmp_path / "c.xlsx") in result.output


def test_import_tells_of_doubts_and_other_lines(tmp_path: Path) -> None:
    text = tmp_path / "t.txt"
    cells = ["7", "GRO1.1", "N", "U", "J", "02/01/20", "31/12/20", "999", "Trámites", *["1"] * 15, "0"]
    text.write_text("Página 1\n" + "\t".join(cells) + "\n", "utf-8")
    result = run("import", text, "-o", tmp_path / "p.xlsx")
    assert result.exit_code == 1
    assert "línea 1:" in result.output
    assert "línea 2, Id 7" in result.output


def test_sync_ends_with_1_for_conflicts_and_files_that_cannot_be_read_and_with_2_when_it_could_not(
    good: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "u"
    run("split", good, "-o", folder)
    edit(folder / "Unidad Legal.xlsx", ("GRO1.1.1", "owner", "Uno"))
    edit(good, ("GRO1.1.1", "owner", "Dos"))
    result = run("sync", folder, "--into", good)
    assert result.exit_code == 1
    text = " ".join(result.output.split())
    assert "POR RESOLVER (1)" in text
    assert "conflicto GRO1.1.1 Responsable Dos Uno" in text
    assert "10 filas leídas = 9 tomadas (0 cambian algo) + 1 no tomadas" in text
    assert run("sync", folder, "--into", good, "--prefer", "unit").exit_code == 0
    (folder / "roto.xlsx").write_bytes(b"")
    result = run("sync", folder, "--into", good)
    assert result.exit_code == 1
    assert "roto.xlsx" in result.output
    assert run("sync", folder / "nada", "--into", good).exit_code == 2


def test_sync_in_json_says_the_same(good: Path, tmp_path: Path) -> None:
    run("split", good, "-o", tmp_path / "u")
    edit(tmp_path / "u" / "Unidad Legal.xlsx", ("GRO1.1.1", "owner", "Uno"))
    told = json.loads(run("sync", tmp_path / "u", "--into", good, "--json").output)
    assert (told["read"], told["taken"], told["rejected"], told["run"]) == (10, 10, 0, 1)
    assert [(each["fate"], each["code"], each["field"]) for each in told["changes"]] == [
        ("tomado", "GRO1.1.1", "Responsable")
    ]
    assert told["files"][0]["sha256"]


def test_history_tells_who_changed_what_and_undo_takes_it_back(good: Path, tmp_path: Path) -> None:
    before = good.read_bytes()
    run("split", good, "-o", tmp_path / "u")
    edit(tmp_path / "u" / "Unidad Legal.xlsx", ("GRO1.1.1", "owner", "Uno"))
    run("sync", tmp_path / "u", "--into", good)
    text = " ".join(run("history", "GRO1.1", "--into", good).output.split())
    assert "tomado GRO1.1.1" in text
    assert "Unidad Legal.xlsx" in text
    changes = json.loads(run("history", "--json", "--into", good).output)["changes"]
    assert [(each["field"], each["before"], each["after"]) for each in changes] == [
        ("Responsable", "Jefe Unidad Legal", "Uno")
    ]
    assert json.loads(run("history", "GRO1.2", "--json", "--into", good).output)["changes"] == []
    assert json.loads(run("history", "--unit", "Otra", "--json", "--into", good).output)["changes"] == []
    assert json.loads(run("history", "--since", "2999-01-01", "--json", "--into", good).output)["changes"] == []
    result = run("undo", "--into", good)
    assert result.exit_code == 0
    assert "Se deshizo la consolidación 1" in result.output
    assert good.read_bytes() == before
    assert "deshecha" in run("history", "--into", good).output
    assert run("undo", "--into", good).exit_code == 2
    assert run("history", "--into", tmp_path / "u" / "x.xlsx").exit_code == 2


def test_many_files_are_summed_up(tmp_path: Path) -> None:
    rows = [group("GRO1")] + [operation(f"GRO1.{n}", f"Unidad {n:02}", 1) for n in range(1, 46)]
    master = save(Plan(tuple(rows), 2020), tmp_path / "m.xlsx")
    run("split", master, "-o", tmp_path / "u")
    edit(tmp_path / "u" / "Unidad 07.xlsx", ("GRO1.7", "owner", "Uno"))
    result = run("sync", tmp_path / "u", "--into", master)
    assert "y 44 unidades sin novedad" in result.output
    assert "Unidad 07" in result.output


def test_sync_says_where_the_backup_is(good: Path, tmp_path: Path) -> None:
    run("split", good, "-o", tmp_path / "u")
    assert "respaldos" in run("sync", tmp_path / "u", "--into", good).output


def test_template_is_a_plan_without_findings(tmp_path: Path) -> None:
    result = run("template", "-o", tmp_path / "p.xlsx", "--year", 2021)
    assert result.exit_code == 0
    assert run("check", tmp_path / "p.xlsx").exit_code == 0


@pytest.mark.parametrize("command", ["split", "sync"])
def test_what_cannot_be_done_is_one_line_and_2(command: str, tmp_path: Path) -> None:
    option = "-o" if command == "split" else "--into"
    result = run(command, tmp_path / "no", option, tmp_path / "x.xlsx")
    assert result.exit_code == 2
    assert str(tmp_path / "no") in result.stderr.replace("\n", "")
    assert "Traceback" not in result.output


def test_square_brackets_in_a_plan_are_no_markup(tmp_path: Path) -> None:
    path = save(change(small(), "GRO1.1.1", unit="Unidad [red]Legall"), tmp_path / "p.xlsx")
    book = save(change(small(), "GRO1.1.1", target=Decimal(13), measure="[bold]x"), tmp_path / "[q].xlsx")
    assert "[q].xlsx" in run("check", path, book).output


def test_check_starts_without_the_heavy_libraries(good: Path) -> None:
    code = (
        "import sys; from poa_xl.cli import main\n"
        "try: main()\nexcept SystemExit: pass\n"
        "print(sorted({'pandas', 'xlwings', 'openpyxl', 'xlsxwriter', 'lxml', 'numpy'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code, "check", str(good)], capture_output=True, text=True, check=True)
    assert done.stdout.strip().endswith("[]")


def test_a_command_loads_its_own_module_and_no_other(good: Path) -> None:
    code = (
        "import sys; from poa_xl.cli import main\n"
        "try: main()\nexcept SystemExit: pass\n"
        "print(sorted(each for each in sys.modules if each.startswith('poa_xl.cli.')))"
    )
    for arguments, loaded in (
        (["--version"], ["poa_xl.cli.front"]),
        (["check", str(good)], ["poa_xl.cli.front", "poa_xl.cli.plan"]),
    ):
        done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True)
        assert done.stdout.strip().endswith(str(loaded))


def test_every_command_stands_under_the_name_of_its_module() -> None:
    assert isinstance(main, Main)
    assert {*main.commands} == {*main.modules}


def test_every_command_and_option_stands_in_the_guide() -> None:
    guide = (ROOT / "docs" / "guia.md").read_text("utf-8")
    readme = (ROOT / "README.md").read_text("utf-8")
    assert isinstance(main, click.Group)
    commands = dict(main.commands)
    for name, found in main.commands.items():
        if isinstance(found, click.Group):
            commands |= {f"{name} {inner}": command for inner, command in found.commands.items()}
    for name, command in commands.items():
        assert f"poa {name}" in guide
        assert f"poa {name.partition(' ')[0]}" in readme
        options = [opt for param in command.params for opt in param.opts if opt.startswith("--")]
        missing = [opt for opt in options if f"`{opt}" not in guide and f"poa {name} {opt}" not in guide]
        assert not missing, (name, missing)


def test_a_progress_bar_shows_on_a_terminal_only(good: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run("split", good, "-o", tmp_path / "u")
    assert "Leyendo" not in run("sync", tmp_path / "u", "--into", tmp_path / "a.xlsx").stderr
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    assert "Leyendo" in run("sync", tmp_path / "u", "--into", tmp_path / "b.xlsx").stderr


def test_update_and_clean_a_workbook(bad: Path) -> None:
    before = bad.read_bytes()
    result = run("update", "--dry-run", bad)
    assert result.exit_code == 1
    assert bad.read_bytes() == before
    assert "Programado" in result.output
    result = run("update", bad)
    assert result.exit_code == 1
    assert "respaldos" in result.output
    assert "1 en rojo" in result.output
    assert run("clean", bad).exit_code == 0
    assert run("clean", bad).exit_code == 2


def test_update_of_a_clean_plan_ends_with_0(good: Path) -> None:
    assert run("update", good).exit_code == 0


def test_update_names_rows_that_hold_values(tmp_path: Path) -> None:
    path = tmp_path / "p.xlsx"
    styles = p.STYLES.replace("<fills><fill/></fills>", "<fonts/><fills><fill/></fills><borders/>")
    path.write_bytes(p.pack({**p.parts([("POA", p.plan_sheet({"H": p.text("12,0")}))]), "xl/styles.xml": styles}))
    assert "filas 3" in run("update", path).output


def test_update_shows_group_budgets_that_a_roll_up_would_change(tmp_path: Path) -> None:
    path = save(change(small(), "GRO1.1", budget=Decimal(1)), tmp_path / "p.xlsx")
    assert "X6: el presupuesto dice 1 y sus filas suman 300" in " ".join(run("update", path).output.split())
    assert "--rollup" not in run("update", "--rollup", path).output
    # Of a formula that was never calculated nobody knows what it says.
    edit(path, ("GRO1.1", "budget", "=SUM(OFFSET(X6,1,0,2))"))
    said = " ".join(run("update", path).output.split())
    assert "X6: el presupuesto dice (sin calcular) y sus filas suman 300" in said
    assert "OFFSET" not in said


def test_diff_shows_what_changed(good: Path, tmp_path: Path) -> None:
    after = change(small(), "GRO1.1.1", owner="Otro", start=date(2020, 2, 1))
    after = change(after, "GRO1.1.2", code=code("GRO1.2.9"))
    rows = (*after.rows[:6], operation("GRO1.2.2", "U", 7), *after.rows[8:])
    path = save(replace(after, rows=rows), tmp_path / "despues.xlsx")
    result = run("diff", good, path, "-o", tmp_path / "cambios.xlsx")
    assert result.exit_code == 1
    text = " ".join(result.output.split())
    assert "cambiada GRO1.1.1 Responsable Jefe Unidad Legal Otro" in text
    assert "cambiada GRO1.1.1 Inicio 02/01/2020 01/02/2020" in text
    assert "trasladada GRO1.2.9" in text
    assert "nueva GRO1.2.2" in text
    assert "número de partidas" in text
    page = openpyxl.load_workbook(tmp_path / "cambios.xlsx")["Cambios"]
    assert [page.cell(4, column).value for column in (1, 2, 5, 6)] == ["Cambio", "Código", "Antes", "Después"]
    assert page["A2"].value == "bueno.xlsx → despues.xlsx"
    data = json.loads(run("diff", "--json", path, good).stdout)
    assert {"quitada", "cambiada", "trasladada"} == {each["kind"] for each in data}
    assert all(each["where"] for each in data)


def test_diff_of_one_plan_with_itself_is_empty(good: Path) -> None:
    assert run("diff", good, good).exit_code == 0
    assert run("diff", "--json", good, good).stdout.strip() == "[]"
    assert run("diff", good, good.parent / "no.xlsx").exit_code == 2


def test_a_master_with_a_sheet_for_each_unit_is_handed_out_and_taken_in_sheet_by_sheet(tmp_path: Path) -> None:
    form = of(NUMBER, NAME, MEASURE, TARGET, months())
    grids = [draw(form, items()[7 * k : 7 * k + 7], name).grid for k, name in enumerate(("Salud", "Obras"))]
    path = saved(tmp_path / "plan.xlsx", *grids)
    assert run("split", path).exit_code == 0
    result = run("sync", tmp_path / "enviados", "--into", path)
    assert result.exit_code == 0
    assert "Hoja «Salud»" in result.output
    assert "Hoja «Obras»" in result.output
    told = json.loads(run("sync", tmp_path / "enviados", "--into", path, "--dry-run", "--json").output)
    assert [each["sheet"] for each in told["sheets"]] == ["Salud", "Obras"]
    assert (told["run"], told["path"], told["read"], told["taken"]) == (None, None, 14, 14)
    assert preview(told)[:2] == ["Obras: enviado", "Salud: enviado"]
    for name in ("Salud", "Obras"):
        book = openpyxl.load_workbook(tmp_path / "enviados" / f"{name}.xlsx")
        book[name]["E4"] = 77
        book.save(tmp_path / "enviados" / f"{name}.xlsx")
    told = json.loads(run("sync", tmp_path / "enviados", "--into", path, "--json").output)
    first, last = told["sheets"]
    assert (told["run"], told["path"], told["backup"]) == (last["run"], last["path"], first["backup"])
    assert [each["unit"] for each in told["changes"]] == ["Salud", "Obras"]
