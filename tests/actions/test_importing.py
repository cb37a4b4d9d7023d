"""The real plan, from its printed text."""

from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from poa_xl.actions.importing import Imported, import_text, repairs_text
from poa_xl.actions.load import load_one
from poa_xl.books.book import FileBook
from poa_xl.core.codes import Code
from poa_xl.core.findings import Severity
from poa_xl.core.plan import Kind
from poa_xl.core.rollup import roll_up
from poa_xl.core.targets import judge_row
from poa_xl.errors import BookError, LayoutError
from poa_xl.sheet.extras import REPAIRS, read_repairs
from tests.paths import ALIASES, GOLDEN, PRINTED


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Imported:
    return import_text(PRINTED, tmp_path_factory.mktemp("importar") / "POA_GRO_2020.xlsx", ALIASES)


def test_no_row_is_dropped(imported: Imported) -> None:
    kinds = Counter(row.kind for row in imported.plan.rows)
    assert len(imported.printed.rows) == len(imported.plan.rows) == 134
    assert (kinds[Kind.GROUP], kinds[Kind.OPERATION], kinds[Kind.LINE]) == (38, 96, 0)
    assert not imported.doubts
    assert not imported.printed.others


def test_every_group_is_the_sum_of_its_children(imported: Imported) -> None:
    totals = roll_up(imported.plan)
    groups = [i for i, row in enumerate(imported.plan.rows) if row.kind is Kind.GROUP]
    assert imported.plan.rows[0].budget == totals[0] == 39_745_387
    assert all(imported.plan.rows[i].budget == totals[i] for i in groups)


def test_all_but_two_operations_agree_with_their_target_three_by_rounding(imported: Imported) -> None:
    verdicts = {
        str(row.id): verdict
        for row in imported.plan.rows
        if row.kind is Kind.OPERATION and (verdict := judge_row(row)) is not None
    }
    assert len(verdicts) == 96
    assert {id_ for id_, verdict in verdicts.items() if verdict.rounding} == {"30", "56", "101"}
    red = {id_: verdict.suggestion for id_, verdict in verdicts.items() if not verdict.holds}
    assert red == {"180": "sobra un mes de 336", "194": "poner 5,76 en DIC, que está vacío: así se alcanza la Meta"}


def test_the_findings_are_those_of_the_plan_itself(imported: Imported) -> None:
    found = Counter((finding.severity, finding.rule) for finding in imported.findings)
    assert found == {
        (Severity.ERROR, "meta-meses"): 2,
        (Severity.WARNING, "codigo-salto"): 3,
        (Severity.WARNING, "meta-mes-vacio"): 2,
        (Severity.WARNING, "otra-regional"): 1,
        (Severity.WARNING, "partida-cifras"): 5,
        (Severity.WARNING, "unidad-contradice"): 1,
    }


def test_the_repairs_are_the_golden_ones(imported: Imported) -> None:
    golden = GOLDEN / "reparaciones_2020.txt"
    assert repairs_text(imported.repairs) == golden.read_text("utf-8")


def test_the_workbook_holds_the_plan_and_its_repairs(imported: Imported) -> None:
    source = load_one(FileBook(imported.path))
    assert [(row.id, row.code, row.months, row.budget) for row in source.parsed.plan.rows] == [
        (row.id, row.code, row.months, row.budget) for row in imported.plan.rows
    ]
    (repairs,) = source.others
    assert repairs.name == REPAIRS
    assert read_repairs(repairs) == list(imported.repairs)
    assert source.parsed.title == ("PLAN OPERATIVO ANUAL 2020", "Aduana Nacional · Gerencia Regional Oruro")


@pytest.mark.parametrize(
    ("id_", "field", "expected"),
    [
        (5, "budget", Decimal(0)),
        (5, "evidence", ""),
        (7, "unit", "Adm Aduana Interior Oruro"),
        (41, "partida", "43120;4350"),
        (59, "ENE", Decimal(0)),
        (59, "JUN", Decimal(41)),
        (72, "measure", "% de Avance de Obra"),
        (95, "measure", "(Trámites Observados / Total de Trámites aforados)*100"),
        (101, "DIC", Decimal("1.54")),
        (103, "FEB", Decimal(0)),
        (105, "evidence", "Reporte Pentaho o Informes"),
        (114, "partida", "24300;25900"),
        (185, "start", date(2020, 10, 1)),
        (194, "DIC", None),
    ],
)
def test_damage_is_put_right(imported: Imported, id_: int, field: str, expected: object) -> None:
    (row,) = (row for row in imported.plan.rows if row.id == id_)
    assert row.get(field) == expected


def test_every_code_of_the_print_is_in_the_plan(imported: Imported) -> None:
    printed = [row.get("code") for row in imported.printed.rows]
    assert [str(row.code) for row in imported.plan.rows if isinstance(row.code, Code)] == printed


def test_importing_twice_gives_the_same_bytes_and_keeps_a_backup_only_of_changes(tmp_path: Path) -> None:
    target = tmp_path / "plan.xlsx"
    first = import_text(PRINTED, target, ALIASES)
    data = target.read_bytes()
    again = import_text(PRINTED, target, ALIASES)
    assert target.read_bytes() == data
    assert first.backup is again.backup is None
    target.write_bytes(b"otra cosa")
    kept = import_text(PRINTED, target, ALIASES).backup
    assert kept is not None
    assert kept.read_bytes() == b"otra cosa"


def test_the_list_of_units_is_found_beside_the_text(tmp_path: Path) -> None:
    done = import_text(PRINTED, tmp_path / "plan.xlsx")
    assert {row.unit for row in done.plan.rows if "Orouro" in row.unit} == set()


def test_a_text_without_rows_is_refused(tmp_path: Path) -> None:
    text = tmp_path / "vacio.txt"
    text.write_text("Página 1\n", "utf-8")
    with pytest.raises(LayoutError, match=r"vacio\.txt"):
        import_text(text, tmp_path / "plan.xlsx")
    assert not (tmp_path / "plan.xlsx").exists()


def test_a_row_that_is_no_row_of_a_plan_stops_the_import(tmp_path: Path) -> None:
    text = tmp_path / "raro.txt"
    text.write_text("\t".join(["", "", "Firma del Gerente", *[""] * 21]) + "\n", "utf-8")
    with pytest.raises(LayoutError, match="líneas 1"):
        import_text(text, tmp_path / "plan.xlsx")


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00", "carpeta"])
def test_a_text_that_cannot_be_read_is_refused_by_name(tmp_path: Path, content: bytes | str | None) -> None:
    text = tmp_path / "texto.txt"
    if isinstance(content, bytes):
        text.write_bytes(content)
    elif content is not None:
        text.mkdir()
    with pytest.raises(BookError, match=r"texto\.txt"):
        import_text(text, tmp_path / "plan.xlsx")
