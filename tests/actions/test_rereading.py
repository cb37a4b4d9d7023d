"""A workbook that came back, read by the rows that differ from what was sent: it reads as it does whole."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from poa_xl.actions.load import Opened, find_plan
from poa_xl.actions.past.opening import open_history
from poa_xl.actions.rereading import AsSent, reread, sent_texts
from poa_xl.actions.splitting import split_book
from poa_xl.actions.syncing import sync
from poa_xl.books.book import FileBook
from poa_xl.books.package import Package
from poa_xl.books.patch.editor import Editor
from poa_xl.core.plan import Plan, Row
from poa_xl.sheet.grid import Value
from poa_xl.sheet.identity import identity_of
from poa_xl.sheet.render import COLUMNS
from poa_xl.sheet.spec import Cell
from poa_xl.store.packing import unpack_rows
from poa_xl.store.schema import sent as sent_table
from tests.actions.conftest import judged
from tests.books import packages as p
from tests.books.patch.torture import members
from tests.plans import group, line, operation, save

LEGAL = "Unidad Legal.xlsx"
Edits = dict[tuple[int, str], Cell]
# Where the rows stand: a title of two lines, the unit, the header, then the plan, three spare rows behind each group.
ROWS = {"GRO1": 6, "GRO1.1": 7, "GRO1.1.1": 8, "spare": 15, "GRO1.2": 18, "GRO1.2.1": 19, "GRO1.2.2": 22}


def big() -> Plan:
    rows: list[Row] = [group("GRO1", 0)]
    for i in range(1, 4):
        rows.append(group(f"GRO1.{i}", 0))
        for j in range(1, 4):
            rows.append(operation(f"GRO1.{i}.{j}", "Unidad Legal", 300))
            rows += [line("25220", 100), line("25900", 200)] if j != 2 else []
    return Plan(tuple(rows), 2020)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("rereading")
    split_book(save(big(), folder / "maestro.xlsx"))
    return folder


@pytest.fixture(scope="module")
def book(home: Path) -> bytes:
    return (home / "enviados" / LEGAL).read_bytes()


@pytest.fixture(scope="module")
def known(home: Path, book: bytes) -> AsSent:
    identity = identity_of(Package(book, LEGAL).properties)
    assert identity is not None
    found = open_history(None, home / "maestro.xlsx").sent(identity.base)
    assert found is not None
    as_sent = sent_texts(found.texts or b"", unpack_rows(found.content))
    assert as_sent is not None
    return as_sent


def edited(book: bytes, edits: Edits) -> bytes:
    editor = Editor(book, LEGAL)
    cells = editor.sheet("POA 2020").cells
    for (row, name), cell in edits.items():
        cells[row, COLUMNS[name]] = cell
    return editor.save()


def altered(book: bytes, change: Callable[[str], str]) -> bytes:
    part = "xl/worksheets/sheet1.xml"
    parts = dict(members(book))
    return p.pack(parts | {part: change(parts[part].decode()).encode()})


def typed(code: str) -> Edits:
    """A new operation in a spare row."""
    row = operation(code, "Unidad Legal", 5)
    values = {"code": code, "name": "Nueva", "unit": row.unit, "owner": "Jefe", "start": row.start, "end": row.end}
    months = dict.fromkeys(("ENE", "FEB"), Decimal(6))
    return {
        (ROWS["spare"], name): Cell(value)  # type: ignore[arg-type]
        for name, value in {
            **values,
            **months,
            "target": Decimal(12),
            "measure": "Trámites",
            "budget": Decimal(5),
        }.items()
    }


def test_the_rows_stand_where_these_tests_think(book: bytes) -> None:
    plan = find_plan(FileBook(Path(LEGAL), Package(book, LEGAL)).read()).plan
    assert {str(row.code): row.line for row in plan.rows if str(row.code) in ROWS} == {
        code: line for code, line in ROWS.items() if code != "spare"
    }


OPERATION, PARTIDA = ROWS["GRO1.2.1"], ROWS["GRO1.2.1"] + 1
# What a unit does, and how the rows that differ are told.
ANSWERS: dict[str, Edits] = {
    "nothing": {},
    "a text": {(OPERATION, "owner"): Cell("Otro & <otro>")},
    "a text with blanks": {(OPERATION, "owner"): Cell("  Jefe  Unidad Legal ")},
    "an amount": {(OPERATION, "ENE"): Cell(Decimal("1.5"))},
    "a date": {(OPERATION, "start"): Cell(date(2020, 2, 3))},
    "a date as text": {(OPERATION, "start"): Cell("03/02/2020")},
    "a date with its month first": {(OPERATION, "start"): Cell("12/31/2020"), (OPERATION, "end"): Cell("02/03/2020")},
    "an amount as text": {(OPERATION, "budget"): Cell("1.234,56")},
    "a doubtful amount": {(OPERATION, "budget"): Cell("1.234")},
    "no amount": {(OPERATION, "target"): Cell("doce")},
    "a formula": {(OPERATION, "target"): Cell(Decimal(12), formula="=6+6")},
    "an uncalculated formula": {(OPERATION, "target"): Cell(None, formula="=6+6")},
    "a kind of target": {(OPERATION, "stated"): Cell("Hito")},
    "no kind of target": {(OPERATION, "stated"): Cell("otro")},
    "a code": {(OPERATION, "code"): Cell("GRO1.2.9")},
    "a code that stands elsewhere": {(OPERATION, "code"): Cell("GRO1.1.1")},
    "a code that is none": {(OPERATION, "code"): Cell("¿?")},
    "a code that is a number": {(OPERATION, "code"): Cell(Decimal("1.1"))},
    "no code": {(OPERATION, "code"): Cell(None)},
    "no months, so that it is a group": {(OPERATION, n): Cell(None) for n in COLUMNS if n.isupper() or n == "target"},
    "a partida": {(PARTIDA, "partida"): Cell("31110")},
    "no partida and no amount": {(PARTIDA, "partida"): Cell(None), (PARTIDA, "budget"): Cell(None)},
    "a partida that became an operation": {(PARTIDA, "code"): Cell("GRO1.2.7"), (PARTIDA, "target"): Cell(Decimal(1))},
    "a total": {(PARTIDA, "name"): Cell("TOTAL")},
    "a row emptied": {(OPERATION, name): Cell(None) for name in COLUMNS},
    "a new operation": typed("GRO1.1.9"),
    "a new operation under an operation": typed("GRO1.1.3.1"),
    "a note": {(ROWS["spare"], "name"): Cell("Falta la firma")},
    "an amount that nothing explains": {(ROWS["spare"], "budget"): Cell(Decimal(7))},
    "a sum of the column": {(ROWS["spare"], "budget"): Cell(Decimal(900), formula="=SUM(X8:X14)")},
    "blanks in a spare row": {(ROWS["spare"], "name"): Cell("  ")},
    "the headers again": {
        (ROWS["spare"], name): Cell(text)
        for name, text in {
            "code": "Código",
            "name": "Acciones",
            "target": "Meta",
            "unit": "Área Unidad Ejecutora",
        }.items()
    },
    "the name of a group": {(ROWS["GRO1.2"], "name"): Cell("Otro grupo")},
    "the first row below the header": {(ROWS["GRO1"], "name"): Cell("Otro")},
    "the title": {(1, "id"): Cell("OTRO TÍTULO")},
    "a header": {(5, "owner"): Cell("Responsables")},
}
# What changes how other rows are read, or could.
WHOLE = {
    "the first row below the header",
    "the title",
    "a header",
    "a sum of the column",
    "a total",
    "a row emptied",
    "no months, so that it is a group",
}


@pytest.mark.parametrize("answer", ANSWERS)
def test_an_answer_reads_as_it_does_whole(book: bytes, known: AsSent, answer: str) -> None:
    data = edited(book, ANSWERS[answer]) if ANSWERS[answer] else book
    found = judged(Package(data, LEGAL), known, None)
    assert (found is None) is (answer in WHOLE)


values = st.one_of(
    st.none(),
    st.integers(-2, 3).map(Decimal),
    st.decimals(0, 10**6, places=2),
    st.dates(date(2019, 1, 1), date(2021, 12, 31)),
    st.sampled_from(
        [
            "",
            " ",
            "x",
            "-",
            "TOTAL",
            "Van",
            "GRO1.1.1",
            "GRO1.2",
            "GRO1.1.1.1",
            "1.10",
            "25900",
            "Meta",
            "Hito",
            "#REF!",
            "31/12/2020",
            "12/31/2020",
            "1.234",
            "1,5",
            "Código",
            "50%",
            "Bs 7",
        ]
    ),
)
places = st.tuples(st.integers(6, 36), st.sampled_from(list(COLUMNS)[: list(COLUMNS).index("stated") + 1]))


@settings(max_examples=30)
@given(edits=st.dictionaries(places, values, min_size=1, max_size=6), is_formula=st.booleans())
def test_whatever_is_typed_reads_as_it_does_whole(
    book: bytes, known: AsSent, edits: dict[tuple[int, str], Value], *, is_formula: bool
) -> None:
    cells = {
        place: Cell(value, formula="=SUM(X7:X9)" if is_formula and isinstance(value, Decimal) else "")  # type: ignore[arg-type]
        for place, value in edits.items()
    }
    judged(Package(edited(book, cells), LEGAL), known, None)


def hidden(text: str) -> str:
    return text.replace('<row r="9"', '<row r="9" hidden="1"')


def merged(text: str) -> str:
    return text.replace("</sheetData>", '</sheetData><mergeCells count="1"><mergeCell ref="B9:B10"/></mergeCells>', 1)


def beside(text: str) -> str:
    at = text.index("</row>", text.index('<row r="9"'))
    return text[:at] + '<c r="DD9"><v>1</v></c>' + text[at:]


def spaced(text: str) -> str:
    return text.replace("<sheetData>", "<sheetData>\n")


def unsorted(text: str) -> str:
    at = text.index("</row>", text.index('<row r="9"'))
    return text[:at] + '<c r="C9" t="inlineStr"><is><t>otro</t></is></c>' + text[at:]


@pytest.mark.parametrize("change", [hidden, merged, beside, spaced, unsorted])
def test_a_sheet_that_is_not_plainly_written_is_read_as_a_whole(
    book: bytes, known: AsSent, change: Callable[[str], str]
) -> None:
    assert reread(Package(altered(book, change), LEGAL), known, None) is None


def test_only_what_differs_is_read(book: bytes, known: AsSent) -> None:
    found = reread(Package(edited(book, ANSWERS["an amount"]), LEGAL), known, None)
    assert isinstance(found, Opened)
    below = [row for row in found.grid.cells if row > known.extent.bottom]
    # The row below the header, the group above the operation, itself with its lines, the next operation.
    assert below == [ROWS["GRO1"], *range(ROWS["GRO1.2"], ROWS["GRO1.2.2"] + 1)]


def test_a_history_without_texts_still_holds(tmp_path: Path, book: bytes) -> None:
    def rows() -> Iterator[Sequence[object]]:
        for texts in (True, False):
            folder = tmp_path / str(texts)
            folder.mkdir()
            master = save(big(), folder / "maestro.xlsx")
            split_book(master)
            (folder / "recibidos").mkdir()
            (folder / "recibidos" / LEGAL).write_bytes(edited(book, ANSWERS["an amount"]))
            history = open_history(None, master)
            if not texts:
                with sa.create_engine(history.url).begin() as connection:
                    connection.execute(sa.update(sent_table).values(texts=None))
            done = sync([folder / "recibidos"], master)
            yield [done.outcomes, done.result.plan.rows, done.received[0].returned]

    first, second = rows()
    assert first == second
    assert len(first[0]) == 1  # type: ignore[arg-type]
