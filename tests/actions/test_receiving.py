"""What came back: whatever it is, it is named, it keeps its unit, and it stops nothing else."""

import itertools
import os
import re
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from poa_xl.actions import apart, checking, receiving, rereading
from poa_xl.actions.checking import check_files
from poa_xl.actions.load import find_plan, find_plans
from poa_xl.actions.splitting import split_book
from poa_xl.actions.syncing import Synced, SyncOptions, sync
from poa_xl.errors import SyncError
from poa_xl.sheet import ledger
from poa_xl.sheet.grid import Workbook
from poa_xl.sheet.ledger import SubmissionLine
from poa_xl.store.log import log_file
from tests.books import packages as p
from tests.books.patch.torture import members
from tests.plans import Typed, drop, edit, save, small

LEGAL, PISIGA = "Unidad Legal.xlsx", "Adm Aduana Pisiga.xlsx"
CUSTOM = "docProps/custom.xml"


@pytest.fixture
def master(tmp_path: Path) -> Path:
    path = save(small(), tmp_path / "maestro.xlsx")
    split_book(path)
    (tmp_path / "recibidos").mkdir()
    return path


@pytest.fixture
def answers(master: Path) -> Path:
    """A folder in which one unit has answered, with something changed."""
    folder = master.parent / "recibidos"
    (folder / PISIGA).write_bytes((master.parent / "enviados" / PISIGA).read_bytes())
    edit(folder / PISIGA, ("GRO1.1.2", "owner", "Dos"))
    return folder


@pytest.fixture
def legal(master: Path) -> bytes:
    return (master.parent / "enviados" / LEGAL).read_bytes()


def line(done: Synced, unit: str = "Unidad Legal") -> SubmissionLine:
    (found,) = [each for each in done.result.submissions if each.unit == unit]
    return found


def altered(data: bytes, part: str, change: Callable[[str], str]) -> bytes:
    parts = dict(members(data))
    return p.pack(parts | {part: change(parts[part].decode()).encode()})


# What an answer is worth


def test_a_workbook_as_it_was_sent_is_no_answer(master: Path, answers: Path, legal: bytes) -> None:
    (answers / LEGAL).write_bytes(legal)
    done = sync([answers], master)
    assert (line(done).received, line(done).note) == ("enviado", "sin cambios desde que se envió")
    assert line(done, "Adm Aduana Pisiga").received == "recibido"


def test_one_that_was_saved_with_nothing_changed_says_so_also_the_second_time(
    master: Path, answers: Path, legal: bytes
) -> None:
    (answers / "otro nombre.xlsx").write_bytes(p.pack(dict(members(legal))))
    for _ in range(2):
        done = sync([answers], master)
        assert (line(done).received, line(done).note) == ("sin cambios", "se guardó otra vez, sin cambios")
        edit(answers / PISIGA, ("GRO1.1.2", "owner", "Tres"))


def test_an_answer_stays_one_when_it_is_read_again(master: Path, answers: Path) -> None:
    for owner in ("Tres", "Cuatro"):
        done = sync([answers], master)
        assert line(done, "Adm Aduana Pisiga").received == "recibido"
        edit(master, ("GRO1.1.1", "owner", owner))
    (answers / "copia.xlsx").write_bytes(p.pack(dict(members((answers / PISIGA).read_bytes()))))
    (answers / PISIGA).unlink()
    assert line(sync([answers], master), "Adm Aduana Pisiga").received == "recibido"


@pytest.mark.parametrize("harm", ["row", "word"])
def test_an_answer_of_which_something_is_missing_is_incomplete_until_it_is_settled(
    master: Path, answers: Path, legal: bytes, harm: str
) -> None:
    (answers / LEGAL).write_bytes(legal)
    if harm == "row":
        drop(answers / LEGAL, "GRO1.1.1")
    else:
        edit(answers / LEGAL, ("GRO1.1.1", "budget", "mucho"))
    assert line(sync([answers], master)).received == "incompleto"
    if harm == "row":
        assert line(sync([answers], master, SyncOptions(accept_removals=True))).received == "recibido"


def test_who_did_not_answer_is_told_with_the_day_of_the_sending(master: Path, answers: Path) -> None:
    done = sync([answers], master)
    assert line(done).received == "no envió"
    assert re.fullmatch(r"se le envió el \d\d/\d\d/\d{4} \d\d:\d\d", line(done).note)


def test_an_answer_to_an_older_sending_says_so(master: Path, answers: Path, legal: bytes) -> None:
    edit(master, ("GRO1.1.1", "name", "Otra cosa"))
    split_book(master)
    (answers / LEGAL).write_bytes(legal)
    edit(answers / LEGAL, ("GRO1.2.1", "owner", "Uno"))
    done = sync([answers], master)
    assert "responde al envío 1 (" in line(done).note
    assert "el último a esta unidad es el 2 (" in line(done).note
    assert line(done, "Adm Aduana Pisiga").note == ""


def test_what_was_sent_takes_no_answer_back(master: Path, answers: Path) -> None:
    sync([answers], master)
    done = sync([master.parent / "enviados"], master)
    assert line(done, "Adm Aduana Pisiga").received == "enviado"
    assert "ya tomado en la consolidación 1" in line(done, "Adm Aduana Pisiga").note
    assert done.outcomes == ()


def test_both_folders_at_once_count_the_answer(master: Path, answers: Path) -> None:
    done = sync([master.parent], master)
    assert done.is_clean
    assert {(each.file, each.status) for each in done.received} == {
        (LEGAL, "enviado"),
        ((answers / PISIGA).as_posix(), "recibido"),
        ((master.parent / "enviados" / PISIGA).as_posix(), "enviado"),
    }
    assert sum(each.taken for each in done.received) == sum(each.rows for each in done.received)


# What is no workbook


def locked(path: Path, _: bytes) -> None:
    path.with_name(f"~${path.name}").write_bytes(bytes([3]) + b"Ana" + b" " * 50)


def calc_lock(path: Path, _: bytes) -> None:
    path.with_name(f".~lock.{path.name}#").write_text(",Ana,pc,hoy;", "utf-8")


def ods(path: Path, _: bytes) -> None:
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        package.writestr(
            "meta.xml",
            '<office:document-meta xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
            'xmlns:meta="urn:oasis:names:tc:opendocument:xmlns:meta:1.0"><office:meta>'
            '<meta:user-defined meta:name="poa-xl unidad"> Unidad Legal </meta:user-defined>'
            "</office:meta></office:document-meta>",
        )


def content(data: bytes) -> Callable[[Path, bytes], None]:
    def write(path: Path, _: bytes) -> None:
        path.write_bytes(data)

    return write


def half(path: Path, legal: bytes) -> None:
    path.write_bytes(legal[: len(legal) // 2])


def pipe(path: Path, _: bytes) -> None:
    os.mkfifo(path)


def loop(path: Path, _: bytes) -> None:
    path.symlink_to(path)


def dangling(path: Path, _: bytes) -> None:
    path.symlink_to(path.with_name("nada.xlsx"))


def folder(path: Path, _: bytes) -> None:
    path.mkdir()


def no_plan(path: Path, legal: bytes) -> None:
    path.write_bytes(legal)
    book = openpyxl.load_workbook(path)
    book.worksheets[0].delete_rows(1, 40)
    book.save(path)


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
FOREIGN: list[tuple[str, Callable[[Path, bytes], None], str]] = [
    ("Unidad Legal.ods", content(b"PK"), "dañado"),
    ("lo de siempre.ods", ods, "guardarlo como .xlsx"),
    ("Unidad Legal.xls", content(OLE), "guardarlo como .xlsx"),
    ("UNIDAD LEGAL (2).XLSB", content(b"PK"), "dañado"),
    ("Unidad Legal final.csv", content(b"a;b;c"), "guardarlo como .xlsx"),
    ("unidad  legal.xlsx", content(OLE + "EncryptedPackage".encode("utf-16-le")), "contraseña"),
    ("Unidad Legal.xlsx", content(b""), "cero bytes"),
    ("Unidad Legal.xlsx", half, "pedir otra copia"),
    ("Unidad Legal.pdf", content(b"%PDF"), "pedir el libro .xlsx que se envió"),
    ("Unidad Legal.docx", content(b"PK"), "pedir el libro .xlsx que se envió"),
    ("Unidad Legal.zip", content(b"PK"), "sacar de ahí el libro"),
    ("Unidad Legal.numbers", content(b"PK"), "exportarlo como .xlsx"),
    ("Unidad Legal.xlsx", pipe, "no es un archivo"),
    ("Unidad Legal.xlsx", loop, "no se puede leer"),
    ("Unidad Legal.xlsx", dangling, "no existe"),
    ("Unidad Legal.xlsx", folder, "es una carpeta"),
    ("Unidad Legal.xlsx", locked, "Ana lo tiene abierto"),
    ("Unidad Legal.xlsx", calc_lock, "Ana lo tiene abierto"),
    ("lo de siempre.xlsx", no_plan, "ninguna hoja tiene los encabezados"),
]


@pytest.mark.parametrize(("name", "make", "said"), FOREIGN, ids=[f"{n} {m.__name__}" for n, m, _ in FOREIGN])
def test_a_file_that_cannot_be_taken_keeps_its_unit_and_says_what_to_do(
    master: Path, answers: Path, legal: bytes, name: str, make: Callable[[Path, bytes], None], said: str
) -> None:
    make(answers / name, legal)
    done = sync([answers], master)
    assert (line(done).received, said in line(done).note) == ("rechazado", True), line(done)
    assert line(done, "Adm Aduana Pisiga").changed == 1
    assert not done.is_clean
    assert done.path == master


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        (os.fsdecode(b"a\xf1o.xlsx"), "a\ufffdo.xlsx"),
        ("a\nb\x1b[31m.xlsx", "a\ufffdb\ufffd[31m.xlsx"),
        ("Unidad Legal", "Unidad Legal"),
        ("Unidad Legal.xlsx.bak", "Unidad Legal.xlsx.bak"),
        ("Unidad Legal.xlsx.1", "Unidad Legal.xlsx.1"),
        ("%20 ? # [b].XLSX", "%20 ? # [b].XLSX"),
    ],
)
def test_an_answer_may_be_called_anything(master: Path, answers: Path, legal: bytes, name: str, shown: str) -> None:
    (answers / LEGAL).write_bytes(legal)
    edit(answers / LEGAL, ("GRO1.1.1", "owner", "Uno")).rename(answers / name)
    done = sync([answers], master)
    assert (line(done).received, line(done).file) == ("recibido", shown)


def test_answers_whose_names_look_alike_are_told_apart(master: Path, answers: Path, legal: bytes) -> None:
    for name in (b"a\xf1o.xlsx", b"a\xf2o.xlsx"):
        (answers / os.fsdecode(name)).write_bytes(legal)
    done = sync([answers], master)
    assert len({each.file for each in done.received}) == 3


@pytest.mark.parametrize(
    ("cells", "received", "note"),
    [
        ({"C": "Imprevistos", "X": 999}, "incompleto", "no se tomó: fila {line}"),
        ({"X": "500USD"}, "incompleto", "no se tomó: fila {line}"),
        ({"C": "Otra tarea", "W": "25220", "X": 5, "A": None}, "recibido", ""),
        ({"C": "Gasto total", "X": 999}, "recibido", "filas fuera del plan: 1"),
        ({"C": "Elaborado por"}, "recibido", "filas fuera del plan: 1"),
    ],
)
def test_a_row_with_money_that_is_not_taken_is_named(
    master: Path, answers: Path, cells: dict[str, Any], received: str, note: str
) -> None:
    book = openpyxl.load_workbook(answers / PISIGA)
    page = next(page for page in book.worksheets if page.title.startswith("POA"))
    at = max(cell.row for cell in page["B"] if cell.value == "GRO1.1.2") + (1 if "W" in cells else 40)
    for letter, value in cells.items():
        page[f"{letter}{at}"] = value
    book.save(answers / PISIGA)
    for _ in range(2):
        found = line(sync([answers], master), "Adm Aduana Pisiga")
        assert found.received == received
        assert note.format(line=at) in found.note


def test_a_workbook_that_somebody_has_open_is_taken_and_said_so(master: Path, answers: Path) -> None:
    locked(answers / PISIGA, b"")
    found = line(sync([answers], master), "Adm Aduana Pisiga")
    assert (found.received, found.note) == ("recibido", "Ana lo tiene abierto: puede faltar lo que no guardó")


def test_a_file_of_nobody_knows_whom_is_named_all_the_same(master: Path, answers: Path) -> None:
    (answers / "plan.pdf").write_bytes(b"%PDF")
    done = sync([answers], master)
    assert line(done, "no se sabe de quién").file == "plan.pdf"
    assert line(done).received == "no envió"


def test_a_source_that_is_not_there_does_not_stop_the_others(master: Path, answers: Path) -> None:
    done = sync([answers, master.parent / "nada"], master)
    assert [each.problem.endswith("no existe") for each in done.received] == [False, True]
    with pytest.raises(SyncError, match="es el maestro mismo"):
        sync([master], master)
    (master.parent / "vacía").mkdir()
    with pytest.raises(SyncError, match="no hay ningún libro que una unidad haya enviado"):
        sync([master.parent / "vacía"], master)
    with pytest.raises(SyncError, match="nada: no existe"):
        sync([master.parent / "nada"], master)


def test_a_folder_that_cannot_be_read_is_named(master: Path, answers: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (answers / "cerrada").mkdir()
    walk = os.walk

    def barred(top: Path, *, onerror: Callable[[OSError], None] | None = None, **options: bool) -> Iterator[object]:
        if onerror is not None:
            onerror(PermissionError(13, "Permission denied", str(answers / "cerrada")))
        return walk(top, onerror=onerror, **options)

    monkeypatch.setattr(os, "walk", barred)
    done = sync([answers], master)
    assert any("cerrada: la carpeta no se puede leer" in each.problem for each in done.received)
    assert line(done, "Adm Aduana Pisiga").changed == 1


# Whatever happens while a file is read


def fail(_: Workbook) -> None:
    raise AssertionError("ni esto")


def deep(book: Workbook) -> None:
    deep(book)


def die(_: Workbook) -> None:
    os._exit(3)


def hang(_: Workbook) -> None:
    time.sleep(600)


def exhaust(_: Workbook) -> None:
    raise MemoryError


TROUBLE: list[tuple[Callable[[Workbook], None], str]] = [
    (fail, "AssertionError: ni esto"),
    (deep, "RecursionError"),
    (die, "se cerró, con código 3"),
    (hang, "tardó más de 3 segundos"),
    (exhaust, "MemoryError"),
]


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize(("trouble", "said"), TROUBLE)
def test_trouble_with_one_file_is_its_own(
    master: Path,
    answers: Path,
    legal: bytes,
    monkeypatch: pytest.MonkeyPatch,
    trouble: Callable[[Workbook], None],
    said: str,
    jobs: int,
) -> None:
    (answers / LEGAL).write_bytes(legal)
    (answers / "a.xlsx").write_bytes(legal)
    edit(answers / LEGAL, ("GRO1.2.1", "owner", "Uno"))

    def troubled(book: Workbook, *rest: Any, **named: Any) -> object:  # noqa: ANN401 - whatever `find_plan` takes
        if book.name == "a.xlsx":
            trouble(book)
        return find_plan(book, *rest, **named)

    for module in (receiving, rereading):
        monkeypatch.setattr(module, "find_plan", troubled)
    monkeypatch.setenv("POA_FILE_SECONDS", "3")
    done = sync([answers], master, SyncOptions(jobs=jobs))
    problems = {each.file: each.problem for each in done.received}
    assert said in problems.pop("a.xlsx")
    assert problems == {LEGAL: "", PISIGA: ""}
    assert {each.changed for each in done.received if not each.problem} == {1}
    assert "a.xlsx" in log_file().read_text("utf-8")


@pytest.mark.parametrize(("trouble", "said"), TROUBLE)
def test_checking_goes_on_after_trouble_with_one_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trouble: Callable[[Workbook], None], said: str
) -> None:
    paths = [save(small(), tmp_path / f"{name}.xlsx") for name in "abc"]

    def troubled(book: Workbook, *rest: object) -> object:
        if book.name == "b.xlsx":
            trouble(book)
        return find_plans(book, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(checking, "find_plans", troubled)
    monkeypatch.setenv("POA_FILE_SECONDS", "3")
    results = check_files(paths)
    assert [said in each.problem for each in results] == [False, True, False]
    assert [each.operations for each in results] == [3, 0, 3]
    if trouble in (fail, exhaust):
        assert said in check_files([paths[1]])[0].problem


@pytest.mark.parametrize("text", ["nada", "-1", "0", "inf", "nan"])
def test_a_time_that_is_no_time_is_refused(
    master: Path, answers: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setenv("POA_FILE_SECONDS", text)
    with pytest.raises(SyncError, match="POA_FILE_SECONDS"):
        sync([answers], master)


def test_no_process_is_left_when_nobody_wants_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POA_FILE_SECONDS", "30")
    found = apart.apart(time.sleep, [0, 60, 60], str, jobs=2)
    assert next(found).task == 0
    begun = time.monotonic()
    found.close()  # type: ignore[attr-defined]
    assert time.monotonic() - begun < 20


# What a workbook says of itself


@pytest.mark.parametrize("blanks", [" ", "\n      ", "\t"])
def test_blanks_that_a_program_puts_around_properties_change_nothing(
    master: Path, answers: Path, legal: bytes, blanks: str
) -> None:
    def indent(text: str) -> str:
        return re.sub(r"(<vt:lpwstr>)([^<]*)(</vt:lpwstr>)", rf"\1{blanks}\2{blanks}\3", text)

    edit(master.parent / "enviados" / LEGAL, ("GRO1.1.1", "owner", "Uno"))
    changed = (master.parent / "enviados" / LEGAL).read_bytes()
    assert changed != legal
    (answers / LEGAL).write_bytes(altered(changed, CUSTOM, indent))
    done = sync([answers], master)
    assert done.is_clean
    assert (line(done).received, line(done).changed) == ("recibido", 1)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("poa-xl unidad", "Adm Aduana Pisiga", "lo que se envió con su clave era de Unidad Legal"),
        ("poa-xl gestion", "2019", "es de la gestión 2019"),
        ("poa-xl gestion", "", "lo que se envió con su clave era de Unidad Legal"),
        ("poa-xl plan", "ALT1", "es de otro plan"),
        ("poa-xl plan", "", "lo que se envió con su clave era de Unidad Legal"),
        ("poa-xl unidad", "UNIDAD  LÉGAL", ""),
        ("poa-xl plan", "gro1", ""),
        ("poa-xl version", "mil", ""),
    ],
)
def test_what_it_says_is_believed_only_where_it_agrees_with_what_was_sent(
    master: Path, answers: Path, legal: bytes, name: str, value: str, said: str
) -> None:
    def other(text: str) -> str:
        return re.sub(rf'(name="{name}"><vt:lpwstr>)[^<]*', rf"\g<1>{value}", text)

    (answers / PISIGA).unlink()
    (answers / LEGAL).write_bytes(altered(legal, CUSTOM, other))
    done = sync([answers], master, SyncOptions(accept_removals=True))
    (received,) = done.received
    assert said in received.problem
    assert bool(received.problem) == bool(said)
    assert done.outcomes == ()


def test_of_two_sheets_with_a_plan_the_one_that_was_sent_counts(master: Path, answers: Path, legal: bytes) -> None:
    for number, title in itertools.product((0, 1), ("POA 2020 (2)", "Copia")):
        (answers / LEGAL).write_bytes(legal)
        book = openpyxl.load_workbook(answers / LEGAL)
        copy = book.copy_worksheet(book.worksheets[0])
        copy.title = title
        copy["E8"] = "en la copia"
        book.move_sheet(copy, -number)
        book["POA 2020"]["E8"] = "Uno"
        book.save(answers / LEGAL)
        done = sync([answers], master)
        assert [(each.theirs, each.code and str(each.code)) for each in done.outcomes if each.file == LEGAL] == (
            [("Uno", "GRO1.1.1")] if (number, title) == (0, "POA 2020 (2)") else []
        )
        assert title in line(done).note


@pytest.mark.parametrize(
    ("name", "copied", "sheet", "found"),
    [
        ("POA 2020 (2)", {"E8": "Dos"}, {}, (ledger.REFUSED, "E8")),
        ("Copia de POA 2020", {"X8": 700, "E8": "Dos"}, {}, (ledger.REFUSED, "E8, X8")),
        ("respuesta", {"J8": "doce"}, {}, (ledger.REFUSED, "J8")),
        ("poa-2020", {"E8": "Dos"}, {"E8": "Dos"}, (ledger.RECEIVED, "")),
        ("Plan", {}, {"E8": "Dos"}, (ledger.RECEIVED, "")),
        ("Hoja1", {"E8": "Dos", "G8": "31/10/20"}, {"E8": "Uno"}, (ledger.RECEIVED, "")),
        ("Hoja2", {"E13": "Dos"}, {"E8": "Uno"}, (ledger.PARTIAL, "E13")),
        ("Hoja3", {"B14": "GRO1.2.7", "C14": "Nueva", "H14": 1}, {"E8": "Uno"}, (ledger.PARTIAL, "B14")),
        (
            "Hoja4",
            {f"{c}{r}": "x" for c in "CEV" for r in (8, 13)},
            {},
            (ledger.REFUSED, "C8, E8, V8, C13, E13, y 1 más"),
        ),
        ("Hoja5", {}, {}, (ledger.SAME, "")),
    ],
)
def test_an_answer_in_a_copy_of_the_sheet_is_not_lost(
    master: Path,
    answers: Path,
    legal: bytes,
    name: str,
    copied: dict[str, Typed],
    sheet: dict[str, Typed],
    found: tuple[str, str],
) -> None:
    (answers / LEGAL).write_bytes(legal)
    book = openpyxl.load_workbook(answers / LEGAL)
    copy = book.copy_worksheet(book.worksheets[0])
    copy.title = name
    for page, values in ((copy, copied), (book.worksheets[0], sheet)):
        for cell, value in values.items():
            page[cell] = value
    book.save(answers / LEGAL)
    done = sync([answers], master)
    assert line(done).received == found[0]
    assert name in line(done).note
    told = found[1]
    assert f"«{name}» {told}" in line(done).note if told else "copia" not in line(done).note.replace(name, "")
    assert line(done, "Adm Aduana Pisiga").changed == 1


def test_two_sheets_of_which_none_was_sent_are_told_apart_by_what_they_hold(
    master: Path, answers: Path, legal: bytes
) -> None:
    (answers / LEGAL).write_bytes(legal)
    book = openpyxl.load_workbook(answers / LEGAL)
    copy = book.copy_worksheet(book.worksheets[0])
    book.worksheets[0].title, copy.title = "Uno", "Dos"
    copy.delete_rows(8, 12)
    book["Uno"]["E8"] = "Otro"
    book.save(answers / LEGAL)
    assert line(sync([answers], master)).changed == 1
    copy = book.copy_worksheet(book.worksheets[0])
    book.save(answers / LEGAL)
    assert "dejar en el libro solo la que vale" in line(sync([answers], master)).note


@pytest.mark.parametrize(
    ("changes", "state", "said"),
    [
        # A column under a name that nobody knows is one that may hold the answer.
        ({"E5": "Encargado", "E8": "Uno"}, ledger.PARTIAL, "no volvió la columna «Responsable»"),
        ({"V5": "Respaldo físico", "V8": "Acta"}, ledger.PARTIAL, "columna desconocida «Respaldo físico»"),
        ({"E5": None, **{f"E{row}": None for row in range(6, 16)}}, ledger.SAME, "no volvió la columna «Responsable»"),
        ({"Z5": "Observación", "Z8": "Uno"}, ledger.SAME, "columna desconocida «Observación»"),
        ({"E5": "RESPONSABLE DEL CARGO", "E8": "Uno"}, ledger.PARTIAL, "columna desconocida «RESPONSABLE DEL CARGO»"),
        ({"E5": "Cargo del responsable", "E8": "Uno"}, ledger.RECEIVED, ""),
    ],
)
def test_a_column_that_did_not_come_back_is_told(
    master: Path, answers: Path, legal: bytes, changes: dict[str, Typed], state: str, said: str
) -> None:
    (answers / LEGAL).write_bytes(legal)
    book = openpyxl.load_workbook(answers / LEGAL)
    for cell, value in changes.items():
        book.worksheets[0][cell] = value
    book.save(answers / LEGAL)
    found = line(sync([answers], master))
    assert (found.received, said in found.note) == (state, True)
    assert (bool(said) and said in found.reminder) == (state == ledger.PARTIAL)


@pytest.mark.parametrize(
    ("unit", "state", "said"),
    [
        ("UNIDAD LEGAL", ledger.SAME, ""),
        ("unidad légal", ledger.SAME, ""),
        (" Unidad\nLegal ", ledger.SAME, ""),
        ("Unidad Ilegal", ledger.RECEIVED, "la unidad pasa la fila a otra: Unidad Ilegal"),
        (None, ledger.RECEIVED, "la unidad dejó en blanco de quién es la fila"),
    ],
)
def test_another_spelling_of_its_own_name_is_no_change(
    master: Path, answers: Path, legal: bytes, unit: str | None, state: str, said: str
) -> None:
    (answers / LEGAL).write_bytes(legal)
    book = openpyxl.load_workbook(answers / LEGAL)
    book.worksheets[0]["D8"] = unit
    book.save(answers / LEGAL)
    done = sync([answers], master)
    assert line(done).received == state
    assert [each.reason for each in done.outcomes if each.file == LEGAL] == ([said] if said else [])
