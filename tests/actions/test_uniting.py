"""A plan taken apart and put together through real files, where there is no master yet or nobody changed it."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from poa_xl.actions.checking import check_file
from poa_xl.actions.importing import import_text
from poa_xl.actions.load import load_one
from poa_xl.actions.splitting import split_book
from poa_xl.actions.syncing import SyncOptions, sync
from poa_xl.books.book import FileBook
from poa_xl.core.outcomes import Fate
from poa_xl.core.plan import FIELDS, Kind, Plan, TargetKind
from poa_xl.errors import BookError, LayoutError, StaleBookError, SyncError
from poa_xl.sheet.extras import REPAIRS, SUMMARY
from poa_xl.sheet.headers import CONTROL
from poa_xl.sheet.identity import identity_of
from poa_xl.sheet.listing import CHANGES, FINDINGS, PROVENANCE, SUBMISSIONS
from tests.paths import ALIASES, PRINTED
from tests.plans import TITLE, change, code, edit, group, operation, save, small


def content(plan: Plan) -> list[tuple[object, ...]]:
    return [(row.kind, *(row.get(name) for name in FIELDS)) for row in plan.rows]


def read(path: Path) -> Plan:
    return load_one(FileBook(path)).parsed.plan


def sent(plan: Plan, folder: Path) -> Path:
    """Split a plan into the folder `unidades` and give it."""
    split_book(save(plan, folder / "maestro.xlsx"), folder / "unidades")
    return folder / "unidades"


def balance(done: object) -> bool:
    received = getattr(done, "received", ())
    return all(each.rows == each.taken + each.rejected for each in received) and bool(received)


def test_the_real_plan_comes_back_cell_for_cell(tmp_path: Path) -> None:
    master = import_text(PRINTED, tmp_path / "POA.xlsx", ALIASES).path
    parts = split_book(master, tmp_path / "unidades")
    done = sync([tmp_path / "unidades"], tmp_path / "consolidado.xlsx")
    assert sum(part.operations for part in parts) == 96
    assert content(read(tmp_path / "consolidado.xlsx")) == content(read(master))
    assert done.is_clean
    assert sum(each.taken for each in done.received) == sum(each.rows for each in done.received) == 192
    again = load_one(FileBook(tmp_path / "consolidado.xlsx"))
    assert again.parsed.title == load_one(FileBook(master)).parsed.title
    assert [grid.name for grid in again.others] == [FINDINGS, SUMMARY, SUBMISSIONS, CHANGES, PROVENANCE]


def test_syncing_into_the_master_changes_no_value_of_it(tmp_path: Path) -> None:
    master = import_text(PRINTED, tmp_path / "POA.xlsx", ALIASES).path
    before = content(read(master))
    split_book(master, tmp_path / "unidades")
    done = sync([tmp_path / "unidades"], master)
    assert content(read(master)) == before
    assert done.backup is not None
    assert [grid.name for grid in load_one(FileBook(master)).others] == [
        REPAIRS,
        FINDINGS,
        SUBMISSIONS,
        CHANGES,
        PROVENANCE,
    ]
    data = master.read_bytes()
    again = sync([tmp_path / "unidades"], master)
    assert (again.path, again.backup) == (None, None)
    assert master.read_bytes() == data


@settings(max_examples=15)
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
    first = content(sync([folder / "a"], folder / "uno.xlsx").result.plan)
    split_book(folder / "uno.xlsx", folder / "b")
    assert content(sync([folder / "b"], folder / "dos.xlsx").result.plan) == first
    assert [entry[:-1] for entry in first] == [entry[:-1] for entry in content(plan)]


def test_without_a_master_two_versions_are_both_shown_and_neither_is_chosen(tmp_path: Path) -> None:
    folder = sent(small(), tmp_path)
    other = change(read(folder / "Unidad Legal.xlsx"), "GRO1.1.1", budget=Decimal(1), owner="Otro")
    save(other, folder / "Otra.xlsx")
    done = sync([folder], tmp_path / "nuevo.xlsx")
    rows = [row for row in read(tmp_path / "nuevo.xlsx").rows if row.code == code("GRO1.1.1")]
    assert {(str(row.budget), row.owner) for row in rows} == {("100", "Jefe Unidad Legal"), ("1", "Otro")}
    found = [each for each in done.result.findings if each.rule == "sincronizacion-conflicto"]
    assert {done.result.plan.where(each).cell for each in found} == {"B7", "B8"}
    assert all("Responsable, Presupuesto" in each.message for each in found)
    assert {each.file for each in done.outcomes if each.fate is Fate.CONFLICT} == {"Unidad Legal.xlsx", "Otra.xlsx"}
    assert done.result.plan.rows[0].budget == 500
    assert [each.rejected for each in done.received] == [0, 1, 1]
    assert balance(done)


def test_versions_that_differ_in_their_lines_say_so(tmp_path: Path) -> None:
    folder = sent(small(), tmp_path)
    plan = read(folder / "Unidad Legal.xlsx")
    rows = (*plan.rows[:-1], replace(plan.rows[-1], partida="31110"))
    save(Plan(rows), folder / "Otra.xlsx")
    done = sync([folder], tmp_path / "nuevo.xlsx")
    assert all("partidas" in each.reason for each in done.outcomes)


def test_an_unreadable_file_is_named_and_the_rest_goes_on(tmp_path: Path) -> None:
    folder = sent(small(), tmp_path)
    (folder / "roto.xlsx").write_bytes(b"PK\x03\x04 roto")
    edit(folder / "Unidad Legal.xlsx", ("GRO1.1.1", "owner", "Otro"))
    done = sync([folder], tmp_path / "maestro.xlsx")
    assert [each.file for each in done.received if each.problem] == ["roto.xlsx"]
    assert not done.is_clean
    assert read(tmp_path / "maestro.xlsx").rows[2].owner == "Otro"


def test_when_no_file_can_be_read_nothing_is_written(tmp_path: Path) -> None:
    master = save(small(), tmp_path / "maestro.xlsx")
    before = master.read_bytes()
    (tmp_path / "roto.xlsx").write_bytes(b"PK\x03\x04 roto")
    done = sync([tmp_path / "roto.xlsx"], master)
    assert done.path is None
    assert master.read_bytes() == before


def test_lock_files_hidden_files_backups_and_the_master_itself_are_passed_over(tmp_path: Path) -> None:
    folder = sent(small(), tmp_path)
    for name in ("~$Unidad Legal.xlsx", ".oculto.xlsx", "notas.txt"):
        (folder / name).write_bytes(b"x")
    for name in ("carpeta.xlsx", "respaldos", ".git"):
        (folder / name).mkdir()
        save(small(), folder / name / "viejo.txt.xlsx") if name != "carpeta.xlsx" else None
    done = sync([folder], folder / "consolidado.xlsx")
    assert [each.file for each in done.received if not each.problem] == ["Adm Aduana Pisiga.xlsx", "Unidad Legal.xlsx"]
    assert [each.problem for each in done.received if each.problem] == ["carpeta.xlsx: es una carpeta, no un libro"]
    assert len(sync([folder], folder / "consolidado.xlsx").received) == 3


def test_files_and_folders_are_found_at_any_depth_and_named_apart(tmp_path: Path) -> None:
    folder = sent(small(), tmp_path)
    deep = folder / "oeste" / "2020"
    deep.mkdir(parents=True)
    (folder / "Adm Aduana Pisiga.xlsx").rename(deep / "Unidad Legal.xlsx")
    done = sync([folder, folder / "Unidad Legal.xlsx"], tmp_path / "maestro.xlsx")
    assert sorted(each.unit for each in done.received) == ["Adm Aduana Pisiga", "Unidad Legal"]
    assert len({each.file for each in done.received}) == 2


def test_one_file_alone_gives_its_title_without_the_unit(tmp_path: Path) -> None:
    folder = sent(small(), tmp_path)
    (folder / "Adm Aduana Pisiga.xlsx").unlink()
    sync([folder], tmp_path / "nuevo.xlsx")
    assert load_one(FileBook(tmp_path / "nuevo.xlsx")).parsed.title == TITLE


def test_columns_that_do_not_come_along_are_named(tmp_path: Path) -> None:
    folder = sent(small(), tmp_path)
    path = folder / "Unidad Legal.xlsx"
    book = openpyxl.load_workbook(path)
    book["POA 2020"].cell(5, 40, "Observaciones")
    book.save(path)
    done = sync([folder], tmp_path / "nuevo.xlsx")
    assert [each.unknown for each in done.received] == [(), ("Observaciones",)]
    assert any("Observaciones" in each.note for each in done.result.submissions)


def test_a_master_that_changes_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    folder = sent(small(), tmp_path)
    master = tmp_path / "maestro.xlsx"

    def slow(files: object, _: int) -> list[object]:
        save(change(small(), "GRO1.1.1", owner="Otro"), master)
        return list(files)  # type: ignore[call-overload, no-any-return]

    with pytest.raises(StaleBookError, match=r"maestro\.xlsx"):
        sync([folder], master, SyncOptions(watch=slow))  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["nada", "vacia"])
def test_a_folder_without_workbooks_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "vacia").mkdir()
    with pytest.raises(SyncError, match=name):
        sync([tmp_path / name], tmp_path / "m.xlsx")


def test_units_are_called_as_the_office_wants(tmp_path: Path) -> None:
    (tmp_path / "unidades.toml").write_text('[unidades]\n"Asesoría Legal" = ["unidad legal"]\n', "utf-8")
    parts = split_book(save(small(), tmp_path / "m.xlsx"), tmp_path / "u")
    assert [part.path.name for part in parts] == ["Asesoría Legal.xlsx", "Adm Aduana Pisiga.xlsx"]
    done = sync([tmp_path / "u"], tmp_path / "m.xlsx")
    assert done.is_clean
    assert read(tmp_path / "m.xlsx").rows[2].unit == "Unidad Legal"


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
    assert [part.path.name for part in parts] == ["A B C.xlsx", "a b c (2).xlsx", "Sin unidad.xlsx"]
    assert content(sync([tmp_path / "u"], tmp_path / "n.xlsx").result.plan) == content(read(tmp_path / "m.xlsx"))


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
    edit(tmp_path / "u" / "Unidad Legal.xlsx", ("GRO1.1.1", "owner", "Otro"))
    sync([tmp_path / "u"], master, SyncOptions(sheet="POA 2020"))
    assert load_one(FileBook(master), "POA 2020").parsed.plan.rows[2].owner == "Otro"


def test_gaps_in_the_numbering_of_a_part_are_no_news(tmp_path: Path) -> None:
    folder = sent(small(), tmp_path)
    pisiga = folder / "Adm Aduana Pisiga.xlsx"
    assert check_file(pisiga).findings == ()
    save(read(pisiga), tmp_path / "suelto.xlsx")
    assert {finding.rule for _, finding in check_file(tmp_path / "suelto.xlsx").findings} == {"codigo-salto"}


def test_a_plan_without_rows_is_not_split(tmp_path: Path) -> None:
    with pytest.raises(LayoutError, match="ninguna fila"):
        split_book(save(Plan(()), tmp_path / "m.xlsx"), tmp_path / "u")
    assert not (tmp_path / "u").exists()


def test_the_workbook_of_a_unit_has_live_flags_a_choice_of_types_and_an_identity(tmp_path: Path) -> None:
    folder = sent(small(), tmp_path)
    path = folder / "Unidad Legal.xlsx"
    page = openpyxl.load_workbook(path)["POA 2020"]
    header = [cell.value for cell in page[5]]
    assert header[24:] == list(CONTROL.values())
    assert str(page.cell(8, 24 + 5).value).startswith("=IF")
    lists = [each for each in page.data_validations.dataValidation if each.type == "list"]
    assert lists[0].formula1 == '"Acumulada,Constante,Promedio,Avance,Hito"'
    identity = identity_of(FileBook(path).read().properties)
    assert identity is not None
    assert (identity.unit, identity.plan, identity.year, identity.version) == ("Unidad Legal", "GRO1", 2020, 1)
    assert len(identity.base) == 64


def test_what_the_office_keeps_is_locked_and_the_unit_may_add_rows(tmp_path: Path) -> None:
    page = openpyxl.load_workbook(sent(small(), tmp_path) / "Unidad Legal.xlsx")["POA 2020"]
    assert page.protection.sheet
    assert page.protection.password is None
    allowed = ("autoFilter", "formatCells", "formatColumns", "formatRows", "insertRows")
    assert not any(getattr(page.protection, name) for name in allowed)
    assert page.protection.deleteRows
    assert page.protection.sort
    locked = {cell.coordinate for row in page["A6:X18"] for cell in row if cell.protection.locked}
    operations = {"8": ["A", "B"], "13": ["A", "B"]}
    for line, columns in operations.items():
        assert {f"{column}{line}" for column in columns} <= locked
        assert not {f"{column}{line}" for column in "CDEFGHIJUVWX"} & locked
    assert {f"{column}6" for column in "ABCDX"} <= locked
    spare = [
        row[0].row
        for row in page["A6:A24"]
        if page.cell(row[0].row, 2).value is None and not page.cell(row[0].row, 2).protection.locked
    ]
    assert spare == [9, 10, 11, 16, 17, 18]
    for cell, kind in {"H6": "decimal", "J18": "decimal", "U6": "decimal", "F18": "date", "G6": "date"}.items():
        assert [each.type for each in page.data_validations.dataValidation if cell in each.sqref] == [kind], cell


def test_a_type_that_the_unit_chose_arrives_in_a_new_workbook_and_in_the_master(tmp_path: Path) -> None:
    folder = sent(small(), tmp_path)
    edit(folder / "Unidad Legal.xlsx", ("GRO1.1.1", "stated", "Hito"))
    done = sync([folder], tmp_path / "nuevo.xlsx")
    assert [row.stated for row in done.result.plan.rows if row.code == code("GRO1.1.1")] == [TargetKind.MILESTONE]
    sync([folder], tmp_path / "maestro.xlsx")
    assert read(tmp_path / "maestro.xlsx").rows[2].stated is TargetKind.MILESTONE


def test_sending_again_without_changes_sends_the_same_and_changes_make_a_new_version(tmp_path: Path) -> None:
    folder = sent(small(), tmp_path)
    before = {path.name: path.read_bytes() for path in folder.glob("*.xlsx")}
    split_book(tmp_path / "maestro.xlsx", folder)
    assert {path.name: path.read_bytes() for path in folder.glob("*.xlsx")} == before
    edit(tmp_path / "maestro.xlsx", ("GRO1.1.1", "owner", "Otro"))
    split_book(tmp_path / "maestro.xlsx", folder)
    versions = {path.name: identity_of(FileBook(path).read().properties) for path in folder.glob("*.xlsx")}
    assert {name: each.version for name, each in versions.items() if each} == {
        "Unidad Legal.xlsx": 2,
        "Adm Aduana Pisiga.xlsx": 1,
    }


def test_kinds_of_rows_stay_what_they_were(tmp_path: Path) -> None:
    folder = sent(small(), tmp_path)
    done = sync([folder], tmp_path / "nuevo.xlsx")
    assert [row.kind for row in done.result.plan.rows].count(Kind.LINE) == 2
