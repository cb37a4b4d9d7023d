"""How a plan is understood is shown, asked and kept."""

import json
import shutil
import sys
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from poa_xl.actions.checking import check_file
from poa_xl.actions.cleaning import clean_book
from poa_xl.actions.mapping import answered, map_file, toml_of, write_settings
from poa_xl.actions.settings import load_aliases, load_profile, read_settings
from poa_xl.actions.updating import Options, update_book
from poa_xl.cli import main
from poa_xl.errors import BookError, LayoutError
from poa_xl.sheet.grid import Grid, column_number
from poa_xl.sheet.keys import problems_of
from poa_xl.sheet.profile import PLAIN
from tests.layouts import FORMS, NAME, NUMBER, Column, column, draw, items, months, of, saved
from tests.plans import edit, save, small


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    return saved(tmp_path / "plan.xlsx", draw(FORMS["two heading rows, merged"], items()).grid)


def but(number: int, caption: str) -> Column:
    """A target that is wrong in one row."""
    return column(caption, lambda item: item.target if item.number != number else Decimal(0))


TWO = of(NUMBER, NAME, but(2, "META INICIAL"), but(5, "META REPROGRAMADA"), months())


@pytest.fixture
def doubtful(tmp_path: Path) -> Path:
    return saved(tmp_path / "duda.xlsx", draw(TWO, items()).grid)


def run(*arguments: object, text: str | None = None) -> tuple[int, str]:
    done = CliRunner().invoke(main, [*map(str, arguments)], input=text)
    return done.exit_code, done.output


def test_every_column_is_shown_with_its_header_samples_and_reason(plan: Path) -> None:
    (found,) = map_file(plan)
    name = next(each for each in found.columns if each.field == "nombre")
    assert (name.letter, name.header) == ("B", "ACTIVIDAD")
    assert name.samples == tuple(item.name for item in items()[:3])
    assert "ACTIVIDAD" in name.reason
    assert (found.header, found.first, found.last) == ((3, 4), 5, 18)
    assert (found.target, found.months[0], found.months[-1]) == ("E", "F", "Q")
    assert (found.counts["filas"], found.counts["rojo"]) == (14, 0)
    assert found.rows[0]["nombre"] == items()[0].name
    assert len(found.rows) == 10


def test_what_we_put_beside_a_plan_is_no_part_of_how_it_is_understood(tmp_path: Path) -> None:
    path = save(small(), tmp_path / "POA.xlsx")
    before = [(each.letter, each.header) for each in map_file(path)[0].columns]
    update_book(path, Options())
    (found,) = map_file(path)
    assert [(each.letter, each.header) for each in found.columns if each.header != "Tipo de meta"] == before
    assert next(each for each in found.columns if each.field == "presupuesto").samples[0] == "600"
    assert "encabezado en la fila 4, plan en las filas 5 a 12" in run("map", path)[1]


@pytest.mark.parametrize("name", FORMS)
def test_what_is_written_reads_the_same_plan(name: str, tmp_path: Path) -> None:
    path = saved(tmp_path / "plan.xlsx", draw(FORMS[name], items()).grid)
    (first,) = map_file(path)
    assert problems_of(first.settings) == []
    written, backup = write_settings(tmp_path, first.settings)
    assert backup is None
    assert read_settings(written) == first.settings
    (again,) = map_file(path)
    assert (again.fields, again.months, again.code, again.counts) == (
        first.fields,
        first.months,
        first.code,
        first.counts,
    )


def test_what_stands_there_of_units_and_rules_stays(tmp_path: Path, plan: Path) -> None:
    (tmp_path / "poa.toml").write_text(
        '[unidades]\n"Unidad Legal" = ["legal \\"x\\""]\n[reglas]\nid-orden = "off"\n', "utf-8"
    )
    before = read_settings(tmp_path / "poa.toml")
    _, backup = write_settings(tmp_path, map_file(plan)[0].settings)
    assert backup is not None
    after = read_settings(tmp_path / "poa.toml")
    assert (after["unidades"], after["reglas"]) == (before["unidades"], before["reglas"])
    assert load_aliases(None, tmp_path).unit('LEGAL "x"') == "Unidad Legal"


def test_the_older_list_of_units_still_works(tmp_path: Path) -> None:
    (tmp_path / "unidades.toml").write_text('[unidades]\n"Unidad Legal" = ["legal"]\n', "utf-8")
    (tmp_path / "poa.toml").write_text('[palabras]\n"Aduna" = "Aduana"\n', "utf-8")
    names = load_aliases(None, tmp_path)
    assert (names.unit("Legal"), names.text("Aduna")) == ("Unidad Legal", "Aduana")


@pytest.mark.parametrize("text", ["[plan", "[colunas]\n", "unidades = 3\n"])
def test_settings_that_say_nothing_are_refused_with_their_file(text: str, tmp_path: Path) -> None:
    (tmp_path / "poa.toml").write_text(text, "utf-8")
    with pytest.raises(BookError, match=r"poa\.toml"):
        load_profile(None, tmp_path)


def test_a_list_of_units_of_another_shape_is_refused(tmp_path: Path) -> None:
    (tmp_path / "unidades.toml").write_text("unidades = 3\n", "utf-8")
    with pytest.raises(BookError, match="lista de unidades"):
        load_aliases(None, tmp_path)


def test_texts_are_written_as_toml_reads_them(tmp_path: Path) -> None:
    told = {"unidades": {'a "b" \\ c': ["d\te", "f\ng"]}, "plan": {"fila_meses": 3}}
    told["semaforo"] = {"bandas": [{"nombre": "Bajo", "color": "rojo", "desde": 0.5}], "exceso": 110}
    (tmp_path / "x.toml").write_text(toml_of(told), "utf-8")
    assert read_settings(tmp_path / "x.toml") == told


def test_an_answer_takes_the_place_of_a_proposal() -> None:
    base = {"columnas": {"meta": "D"}, "meta": {"de": "suma"}}
    assert answered(base, {"meta": "E"}) == {"columnas": {"meta": "E"}}
    assert answered(base, {"meta": "suma"}) == {"columnas": {}, "meta": {"de": "suma"}}
    assert answered({}, {"meses": "F", "unidad": "ninguna"}) == {
        "meses": {"columnas": "F"},
        "columnas": {"unidad": "ninguna"},
    }


def test_the_command_shows_and_writes_nothing_by_itself(plan: Path) -> None:
    code, text = run("map", plan)
    assert code == 0
    assert all(word in text for word in ("ACTIVIDAD", "META ANUAL", "14 filas", "--yes"))
    assert not (plan.parent / "poa.toml").exists()


def test_what_is_in_doubt_is_said_with_the_line_that_settles_it(doubtful: Path) -> None:
    code, text = run("map", doubtful)
    assert code == 1
    assert "En duda" in text
    assert "[columnas] meta" in text
    code, text = run("map", doubtful, "--set", "meta=META INICIAL", "--yes")
    assert code == 0
    assert read_settings(doubtful.parent / "poa.toml")["columnas"]["meta"] == "META INICIAL"
    assert map_file(doubtful)[0].target == "C"
    assert map_file(doubtful)[0].questions == ()


def test_another_program_gets_all_of_it_as_json(doubtful: Path) -> None:
    code, text = run("map", doubtful, "--json")
    (sheet,) = json.loads(text)["sheets"]
    assert code == 1
    assert (sheet["target"], sheet["name"], sheet["first"], sheet["last"]) == ("D", "B", 4, 17)
    assert sheet["questions"][0]["field"] == "meta"
    assert run("map", doubtful, "--json", "--yes")[0] == 1
    assert (doubtful.parent / "poa.toml").is_file()


@pytest.mark.parametrize("given", ["meta", "meta=", "metas=D"])
def test_a_wrong_answer_is_refused_with_the_keys(given: str, plan: Path) -> None:
    code, text = run("map", plan, "--set", given)
    assert code == 2
    assert "CLAVE=COLUMNA" in text


def test_the_sheet_that_is_most_of_a_plan_comes_first(tmp_path: Path) -> None:
    poor = draw(of(NUMBER, NAME, months()), items(2), "Resumen").grid
    good = draw(FORMS["meta and unit of measure"], items(), "POA").grid
    path = saved(tmp_path / "dos.xlsx", poor, good)
    assert [each.sheet for each in map_file(path)] == ["POA", "Resumen"]
    assert map_file(path, "Resumen")[0].target is None
    assert "Resumen" in run("map", path)[1]


def test_what_one_sheet_settles_keeps_no_other_one_out(tmp_path: Path) -> None:
    grids = [draw(FORMS["meta and unit of measure"], items(), name).grid for name in ("LEGAL", "OBRAS")]
    path = saved(tmp_path / "dos.xlsx", *grids)
    assert run("map", path, "--yes", "--set", "meta=C")[0] == 0
    assert "hoja" not in read_settings(tmp_path / "poa.toml")["plan"]
    assert check_file(path).operations == 2 * len(items())
    assert run("map", path, "--yes", "--sheet", "OBRAS")[0] == 0
    assert read_settings(tmp_path / "poa.toml")["plan"]["hoja"] == "OBRAS"


def test_what_is_not_said_anew_of_a_plan_stays(doubtful: Path) -> None:
    settings = doubtful.parent / "poa.toml"
    settings.write_text('[plan]\nultima_fila = 12\n[meta]\nde = "suma"\n[meses]\nmarcas = ["P"]\n', "utf-8")
    found = answered(map_file(doubtful)[0].settings, {"meta": "META INICIAL"})
    write_settings(doubtful.parent, found)
    kept = read_settings(settings)
    assert (kept["plan"]["ultima_fila"], kept["meses"], kept["columnas"]["meta"]) == (
        12,
        {"marcas": ["P"]},
        "META INICIAL",
    )
    assert "meta" not in kept
    (again,) = map_file(doubtful)
    assert (again.target, again.last) == ("C", 12)
    write_settings(doubtful.parent, answered(again.settings, {"meta": "suma"}))
    assert map_file(doubtful)[0].target is None


def test_the_printed_plan_needs_no_settings_but_its_name(tmp_path: Path) -> None:
    path = save(small(), tmp_path / "plan.xlsx")
    (found,) = map_file(path)
    assert (found.profile, found.settings["plan"]["perfil"]) == ("aduana", "aduana")
    assert found.fields["presupuesto"] == "X"
    write_settings(tmp_path, found.settings)
    assert check_file(path).problem == ""


def test_no_plan_is_no_proposal(tmp_path: Path) -> None:
    path = saved(tmp_path / "notas.xlsx", Grid("Notas", {1: {1: "Nada"}}))
    with pytest.raises(LayoutError):
        map_file(path)


def cells(path: Path) -> dict[str, list[list[object]]]:
    book = openpyxl.load_workbook(path)
    return {page.title: [[cell.value for cell in row] for row in page.iter_rows()] for page in book}


@pytest.mark.parametrize("name", FORMS)
def test_any_plan_is_flagged_right_of_its_columns_and_cleaned(name: str, tmp_path: Path) -> None:
    drawn = draw(FORMS[name], items())
    path = saved(tmp_path / "plan.xlsx", drawn.grid)
    before, checked = cells(path), check_file(path)
    done = update_book(path, Options())
    assert done.path == path
    assert sorted(each.rule for each in done.findings) == sorted(each.finding.rule for each in checked.findings)
    again = check_file(path)
    assert [each.where for each in again.findings] == [each.where for each in checked.findings]
    widest = max(column for row in drawn.grid.cells.values() for column in row)
    after = cells(path)["Plan"]
    assert [row[:widest] for row in after] == [row[:widest] for row in before["Plan"]]
    assert any(after[drawn.lines[1] - 1][widest:])
    clean_book(path, Options())
    assert cells(path) == before


def test_settings_beside_the_workbook_count_for_update_too(doubtful: Path) -> None:
    (doubtful.parent / "poa.toml").write_text('[columnas]\nmeta = "META INICIAL"\n', "utf-8")
    found = update_book(doubtful, Options()).findings
    assert {each.rule for each in found} >= {"meta-meses"}
    assert column_number("D") == 4


@pytest.mark.parametrize(
    "name", ["meta and unit of measure", "padded codes", "marks", "codes in two columns", "money by month"]
)
def test_a_plan_of_another_office_comes_back_as_it_was_sent(name: str, tmp_path: Path) -> None:
    path = saved(tmp_path / "plan.xlsx", draw(FORMS[name], items()).grid)
    before = cells(path)["Plan"]
    assert run("split", path)[0] in (0, 1)
    shutil.copytree(tmp_path / "enviados", tmp_path / "recibidos")
    code, text = run("sync", "--into", path)
    assert code in (0, 1)
    assert "Traceback" not in text
    after = cells(path)["Plan"]
    assert [row[: len(before[0])] for row in after] == before


def test_settings_count_for_what_is_sent_consolidated_and_compared(tmp_path: Path) -> None:
    path = save(small(), tmp_path / "plan.xlsx")
    (tmp_path / "poa.toml").write_text('[reglas]\nresponsable-ausente = "off"\n[plan]\nhoja = "POA 2020"\n', "utf-8")
    edit(path, ("GRO1.1.1", "owner", None))
    assert run("check", path)[0] == 0
    assert run("split", path)[0] == 0
    shutil.copytree(tmp_path / "enviados", tmp_path / "recibidos")
    code, text = run("sync", "--into", path)
    assert (code, "responsable" in text) == (0, False)
    assert run("diff", path, path)[0] == 0


def test_an_older_python_says_that_it_reads_no_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "poa.toml").write_text("[reglas]\n", "utf-8")
    monkeypatch.setitem(sys.modules, "tomllib", None)
    with pytest.raises(BookError, match=r"poa\.toml: el Python .* usar poa check"):
        load_profile(None, tmp_path)
    assert load_profile(None, tmp_path / "otra") is PLAIN
