"""A plan taken apart and put together through real files."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.comments import Comment

from poa_xl.actions.checking import check_file
from poa_xl.actions.importing import import_text
from poa_xl.actions.load import load_one
from poa_xl.actions.splitting import split_book
from poa_xl.actions.syncing import Synced, sync_folder
from poa_xl.books.book import FileBook
from poa_xl.core.plan import FIELDS, Kind, Plan, TargetKind
from poa_xl.errors import BookError, LayoutError, StaleBookError, SyncError
from poa_xl.sheet.extras import FINDINGS, REPAIRS, SUMMARY
from poa_xl.sheet.headers import CONTROL
from tests.paths import ALIASES, PRINTED
from tests.plans import TITLE, change, code, group, operation, save, small


def content(plan: Plan) -> list[tuple[object, ...]]:
    return [(row.kind, *(row.get(name) for name in FIELDS)) for row in plan.rows]


def read(path: Path) -> Plan:
    return load_one(FileBook(path)).parsed.plan


def sent(plan: Plan, folder: Path) -> Path:
    """Split a plan into the folder `unidades` and give it."""
    split_book(save(plan, folder / "maestro.xlsx"), folder / "unidades")
    return folder / "unidades"


def test_the_real_plan_comes_back_cell_for_cell(tmp_path: Path) -> None:
    master = import_text(PRINTED, tmp_path / "POA.xlsx", ALIASES).path
    parts = split_book(master, tmp_path / "unidades")
    done = sync_folder(tmp_path / "unidades", tmp_path / "consolidado.xlsx")
    assert sum(part.operations for part in parts) == 96
    assert content(read(tmp_path / "consolidado.xlsx")) == content(read(master))
    assert not done.conflicts
    assert sum(each.rows for each in done.received) + done.kept == len(done.plan.rows) + done.repeated
    again = load_one(FileBook(tmp_path / "consolidado.xlsx"))
    assert again.parsed.title == load_one(FileBook(master)).parsed.title
    assert [grid.name for grid in again.others] == [FINDINGS, SUMMARY]


def test_syncing_into_the_master_changes_no_value_of_it(tmp_path: Path) -> None:
    master = import_text(PRINTED, tmp_path / "POA.xlsx", ALIASES).path
    before = content(read(master))
    split_book(master, tmp_path / "unidades")
    done = sync_folder(tmp_path / "unidades", master)
    assert content(read(master)) == before
    assert done.backup is not None
    assert [grid.name for grid in load_one(FileBook(master)).others] == [FINDINGS, SUMMARY, REPAIRS]
    data = master.read_bytes()
    assert sync_folder(tmp_path / "unidades", master).backup is None
    assert master.read_bytes() == data


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_untouched_splits_of_any_right_plan_change_nothing(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("ley")
    units = ["Unidad Legal", "Adm Aduana Pisiga", "Ñ/Unidad: rara", ""]
    rows = [group("GRO1")]
    for i in range(1, data.draw(st.integers(1, 3)) + 1):
        rows.append(group(f"GRO1.{i}"))
        for j in range(1, data.draw(st.integers(0, 3)) + 1):
            unit = data.draw(st.sampled_from(units))
            rows.append(operation(f"GRO1.{i}.{j}", unit, data.draw(st.integers(0, 10**6))))
    plan = Plan(tuple(rows), 2020)
    save(plan, folder / "semilla.xlsx")
    split_book(folder / "semilla.xlsx", folder / "a")
    first = content(sync_folder(folder / "a", folder / "uno.xlsx").plan)
    split_book(folder / "uno.xlsx", folder / "b")
    assert content(sync_folder(folder / "b", folder / "dos.xlsx").plan) == first
    assert [entry[:-1] for entry in first] == [entry[:-1] for entry in content(plan)]


def test_a_unit_s_change_arrives_and_budgets_roll_up(tmp_path: Path) -> None:
    folder = sent(small(), tmp_path)
    path = folder / "Adm Aduana Pisiga.xlsx"
    save(change(read(path), "GRO1.1.2", budget=Decimal(250)), path, (*TITLE, "Adm Aduana Pisiga"))
    done = sync_folder(folder, tmp_path / "maestro.xlsx")
    budgets = {str(row.code): str(row.budget) for row in done.plan.rows if row.kind is not Kind.LINE}
    assert (budgets["GRO1.1.2"], budgets["GRO1.1"], budgets["GRO1"]) == ("250", "350", "650")


def test_two_versions_are_both_shown_and_neither_is_chosen(tmp_path: Path) -> None:
    folder = sent(small(), tmp_path)
    other = change(read(folder / "Unidad Legal.xlsx"), "GRO1.1.1", budget=Decimal(1), owner="Otro")
    save(other, folder / "Unidad Legal (1).xlsx")
    done = sync_folder(folder, tmp_path / "nuevo.xlsx")
    rows = [row for row in read(tmp_path / "nuevo.xlsx").rows if row.code == code("GRO1.1.1")]
    assert {(str(row.budget), row.owner) for row in rows} == {("100", "Jefe Unidad Legal"), ("1", "Otro")}
    assert len(done.conflicts) == 2
    assert {finding.where.cell for finding in done.conflicts} == {"B7", "B8"}
    assert all("Responsable, Presupuesto" in finding.message for finding in done.conflicts)
    assert {"Unidad Legal.xlsx" in f.message or "Unidad Legal (1).xlsx" in f.message for f in done.conflicts} == {True}
    assert done.plan.rows[0].budget == 500


def test_versions_that_differ_in_their_lines_say_so(tmp_path: Path) -> None:
    folder = sent(small(), tmp_path)
    plan = read(folder / "Unidad Legal.xlsx")
    rows = (*plan.rows[:-1], replace(plan.rows[-1], partida="31110"))
    save(Plan(rows), folder / "Otra.xlsx")
    done = sync_folder(folder, tmp_path / "nuevo.xlsx")
    assert all("partidas" in finding.message for finding in done.conflicts)


def test_an_unreadable_file_is_named_and_the_master_stays(tmp_path: Path) -> None:
    folder = sent(small(), tmp_path)
    (folder / "roto.xlsx").write_bytes(b"PK\x03\x04 roto")
    before = (tmp_path / "maestro.xlsx").read_bytes()
    done = sync_folder(folder, tmp_path / "maestro.xlsx")
    assert [each.file for each in done.received if each.problem] == ["roto.xlsx"]
    assert len(done.received) == 3
    assert done.path is None
    assert (tmp_path / "maestro.xlsx").read_bytes() == before
    assert sync_folder(folder, tmp_path / "maestro.xlsx", partial=True).path == tmp_path / "maestro.xlsx"


def test_what_no_file_brings_stays_as_the_master_had_it(tmp_path: Path) -> None:
    folder = sent(small(), tmp_path)
    (folder / "Adm Aduana Pisiga.xlsx").unlink()
    done = sync_folder(folder, tmp_path / "maestro.xlsx")
    assert content(done.plan) == content(small())
    assert done.kept == 1


def test_lock_files_hidden_files_and_the_master_itself_are_passed_over(tmp_path: Path) -> None:
    folder = sent(small(), tmp_path)
    for name in ("~$Unidad Legal.xlsx", ".oculto.xlsx", "notas.txt"):
        (folder / name).write_bytes(b"x")
    (folder / "carpeta.xlsx").mkdir()
    done = sync_folder(folder, folder / "consolidado.xlsx")
    assert len(done.received) == 2
    assert len(sync_folder(folder, folder / "consolidado.xlsx").received) == 2


def test_one_file_alone_gives_its_title_without_the_unit(tmp_path: Path) -> None:
    folder = sent(small(), tmp_path)
    (folder / "Adm Aduana Pisiga.xlsx").unlink()
    sync_folder(folder, tmp_path / "nuevo.xlsx")
    assert load_one(FileBook(tmp_path / "nuevo.xlsx")).parsed.title == TITLE


def _with_sheet(path: Path) -> None:
    book = openpyxl.load_workbook(path)
    book.create_sheet("Notas")["A1"] = "no perder"
    book.save(path)


def _with_column(path: Path) -> None:
    book = openpyxl.load_workbook(path)
    page = book["POA 2020"]
    header = next(row for row in range(1, 9) if page.cell(row, 2).value == "Código")
    page.cell(header, 26, "Observaciones")
    book.save(path)


def _with_signature(path: Path) -> None:
    book = openpyxl.load_workbook(path)
    book["POA 2020"]["C20"] = "Firma: el Gerente"
    book.save(path)


def _with_comment(path: Path) -> None:
    book = openpyxl.load_workbook(path)
    book["POA 2020"]["C7"].comment = Comment("revisar", "Ana")
    book.save(path)


@pytest.mark.parametrize("change_master", [_with_sheet, _with_column, _with_signature, _with_comment])
def test_a_master_that_holds_more_than_we_write_is_refused(tmp_path: Path, change_master: object) -> None:
    folder = sent(small(), tmp_path)
    assert callable(change_master)
    change_master(tmp_path / "maestro.xlsx")
    before = (tmp_path / "maestro.xlsx").read_bytes()
    with pytest.raises(SyncError, match="perdería"):
        sync_folder(folder, tmp_path / "maestro.xlsx")
    assert (tmp_path / "maestro.xlsx").read_bytes() == before


def test_columns_that_do_not_come_along_are_named(tmp_path: Path) -> None:
    folder = sent(small(), tmp_path)
    _with_column(folder / "Unidad Legal.xlsx")
    done = sync_folder(folder, tmp_path / "nuevo.xlsx")
    assert [each.unknown for each in done.received] == [(), ("Observaciones",)]


def test_a_master_that_changes_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    folder = sent(small(), tmp_path)
    master = tmp_path / "maestro.xlsx"

    def slow(paths: object) -> list[Path]:
        save(change(small(), "GRO1.1.1", owner="Otro"), master)
        assert isinstance(paths, list)
        return paths

    with pytest.raises(StaleBookError, match=r"maestro\.xlsx"):
        sync_folder(folder, master, progress=slow)


@pytest.mark.parametrize("name", ["nada", "vacia"])
def test_a_folder_without_workbooks_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "vacia").mkdir()
    with pytest.raises(SyncError, match=name):
        sync_folder(tmp_path / name, tmp_path / "m.xlsx")


def test_only_xlsx_is_written(tmp_path: Path) -> None:
    folder = sent(small(), tmp_path)
    with pytest.raises(BookError, match="xlsx"):
        sync_folder(folder, tmp_path / "m.xlsm")


def test_units_are_called_as_the_office_wants(tmp_path: Path) -> None:
    (tmp_path / "unidades.toml").write_text('[unidades]\n"Asesoría Legal" = ["unidad legal"]\n', "utf-8")
    parts = split_book(save(small(), tmp_path / "m.xlsx"), tmp_path / "u")
    assert [part.path.name for part in parts] == ["Asesoría Legal.xlsx", "Adm Aduana Pisiga.xlsx"]


@pytest.mark.parametrize("text", ["[palabras", 'palabras = "x"\n', "[unidades]\nA = 3\n"])
def test_a_list_of_units_that_is_none_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "unidades.toml").write_text(text, "utf-8")
    with pytest.raises(BookError, match=r"unidades\.toml"):
        split_book(save(small(), tmp_path / "m.xlsx"), tmp_path / "u")


def test_units_with_names_that_no_file_can_have_get_files(tmp_path: Path) -> None:
    plan = change(small(), "GRO1.1.1", unit="A/B: C?")
    plan = change(plan, "GRO1.1.2", unit="a b  c")
    plan = change(plan, "GRO1.2.1", unit="")
    parts = split_book(save(plan, tmp_path / "m.xlsx"), tmp_path / "u")
    assert [part.path.name for part in parts] == ["A B  C.xlsx", "a b c.xlsx", "Sin unidad.xlsx"]
    assert content(sync_folder(tmp_path / "u", tmp_path / "n.xlsx").plan) == content(read(tmp_path / "m.xlsx"))


def test_two_plan_sheets_in_one_master_are_not_guessed_between(tmp_path: Path) -> None:
    master = save(small(), tmp_path / "m.xlsx")
    book = openpyxl.load_workbook(master)
    book.copy_worksheet(book.worksheets[0])
    book.save(master)
    with pytest.raises(LayoutError, match="--sheet"):
        split_book(master, tmp_path / "u")
    assert len(split_book(master, tmp_path / "u", "POA 2020")) == 2
    with pytest.raises(LayoutError, match="Nada"):
        split_book(master, tmp_path / "u", "Nada")


def test_figures_of_a_sync_always_balance(tmp_path: Path) -> None:
    folder = sent(small(), tmp_path)
    save(change(read(folder / "Unidad Legal.xlsx"), "GRO1.1.1", owner="Otro"), folder / "Copia.xlsx")
    done: Synced = sync_folder(folder, tmp_path / "maestro.xlsx")
    assert sum(each.rows for each in done.received) + done.kept == len(done.plan.rows) + done.repeated


def test_gaps_in_the_numbering_of_a_part_are_no_news(tmp_path: Path) -> None:
    folder = sent(small(), tmp_path)
    pisiga = folder / "Adm Aduana Pisiga.xlsx"
    assert check_file(pisiga).findings == ()
    save(read(pisiga), tmp_path / "suelto.xlsx")
    assert {finding.rule for finding in check_file(tmp_path / "suelto.xlsx").findings} == {"codigo-salto"}


def test_a_plan_without_rows_is_not_split(tmp_path: Path) -> None:
    with pytest.raises(LayoutError, match="ninguna fila"):
        split_book(save(Plan(()), tmp_path / "m.xlsx"), tmp_path / "u")
    assert not (tmp_path / "u").exists()


def test_the_workbook_of_a_unit_has_live_flags_and_a_choice_of_types(tmp_path: Path) -> None:
    folder = sent(small(), tmp_path)
    page = openpyxl.load_workbook(folder / "Unidad Legal.xlsx")["POA 2020"]
    header = [cell.value for cell in page[5]]
    assert header[24:] == list(CONTROL.values())
    assert str(page.cell(8, 24 + 5).value).startswith("=IF")
    assert page.data_validations.dataValidation[0].formula1 == '"Acumulada,Constante,Promedio,Avance,Hito"'


def test_a_type_that_the_unit_chose_arrives_in_the_master(tmp_path: Path) -> None:
    folder = sent(small(), tmp_path)
    path = folder / "Unidad Legal.xlsx"
    book = openpyxl.load_workbook(path)
    book["POA 2020"]["Y8"] = "Hito"
    book.save(path)
    done = sync_folder(folder, tmp_path / "nuevo.xlsx")
    assert [row.stated for row in done.plan.rows if row.code == code("GRO1.1.1")] == [TargetKind.MILESTONE]
