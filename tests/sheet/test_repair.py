from collections.abc import Sequence

import pytest

from poa_xl.core.aliases import Aliases
from poa_xl.core.dates import MONTHS
from poa_xl.core.plan import FIELDS
from poa_xl.sheet.printed import read_printed
from poa_xl.sheet.repair import Repaired, repair

QUANTITY = "Trámites"
TIME = "Horas promedio"


def fix(target: str, unit: str, tail: Sequence[str], name: str = "Nombre") -> Repaired:
    cells = ["7", "GRO1.1", name, "Unidad", "Jefe", "02/01/20", "31/12/20", target, unit, *tail]
    # A second row tells how the document writes numbers.
    other = "\t".join(["8", "GRO1.2", *[""] * 7, "1,234.50", "2,345.60", "3,456.70"])
    first, _ = repair(read_printed("\t".join(cells) + "\n" + other), Aliases({"Orouro": "Oruro"}))
    return first


def months(row: Repaired) -> list[str]:
    return [row.cells[month] for month in MONTHS]


def rest(row: Repaired) -> tuple[str, str, str]:
    return row.cells["evidence"], row.cells["partida"], row.cells["budget"]


TWELVE = ["1"] * 12


@pytest.mark.parametrize(
    ("target", "unit", "tail", "expected", "others"),
    [
        pytest.param("12", QUANTITY, [*TWELVE, "SIGEP", "25220", "9"], TWELVE, ("SIGEP", "25220", "9"), id="in-place"),
        pytest.param("36", TIME, ["36"] * 15 + ["0"], ["36"] * 12, ("", "", "0"), id="fifteen-values"),
        pytest.param(
            "11",
            QUANTITY,
            ["0", *TWELVE[1:], "5", "SPCID", "24300;25900", "4,493"],
            ["0", *TWELVE[1:]],
            ("SPCID", "24300;25900", "4,493"),
            id="thirteen-values",
        ),
        pytest.param(
            "12.20",
            "Millones",
            ["1.01"] * 13 + ["1.04", "0"],
            ["1.01"] * 11 + ["1.04"],
            ("", "", "0"),
            id="fourteen-values-but-for-rounding",
        ),
        pytest.param(
            "12",
            QUANTITY,
            [*TWELVE, "SIGEP 43120;4350", "", "7"],
            TWELVE,
            ("SIGEP", "43120;4350", "7"),
            id="partidas-glued-to-source",
        ),
        pytest.param(
            "11",
            QUANTITY,
            [*TWELVE[1:], "", "Informe", "", "0"],
            [*TWELVE[1:], ""],
            ("Informe", "", "0"),
            id="blank-month-stays-blank",
        ),
        pytest.param("12", QUANTITY, [*TWELVE, "", "25220", "9"], TWELVE, ("", "25220", "9"), id="no-source"),
    ],
)
def test_months_source_partida_and_budget_come_back(
    target: str, unit: str, tail: list[str], expected: list[str], others: tuple[str, str, str]
) -> None:
    row = fix(target, unit, tail)
    assert months(row) == expected
    assert rest(row) == others
    assert not row.doubts


@pytest.mark.parametrize(
    ("target", "unit", "tail", "measure", "expected"),
    [
        pytest.param("4", "Obra 0", ["0"] * 11 + ["4", "I", "", "0"], "Obra", ["0"] * 11 + ["4"], id="extra-copy"),
        pytest.param(
            "10",
            "Actividades 0 hechas",
            ["0", "10", *["0"] * 9, "", "I", "", "0"],
            "Actividades hechas",
            ["0", "0", "10", *["0"] * 9],
            id="the-missing-month",
        ),
        pytest.param(
            "5",
            "CDs 0",
            ["0", "1", "2", *["1"] * 3, *["0"] * 6, "I", "", "0"],
            "CDs 0",
            ["0", "1", "2", *["1"] * 3, *["0"] * 6],
            id="undecided-stays",
        ),
        pytest.param(
            "72",
            "CDs 0",
            ["0", "4", *["8"] * 9, "4", "I", "", "0"],
            "CDs",
            ["0", "0", "4", *["8"] * 8, "4"],
            id="the-first-of-thirteen",
        ),
        pytest.param("1944", "Usuarios 162", ["162"] * 15 + ["0"], "Usuarios", ["162"] * 12, id="copy-of-fifteen"),
        pytest.param(
            "12",
            "Total de 20 trámites",
            ["1"] * 12 + ["I", "", "0"],
            "Total de 20 trámites",
            TWELVE,
            id="a-number-that-belongs",
        ),
    ],
)
def test_a_month_glued_to_the_unit_comes_off(
    target: str, unit: str, tail: list[str], measure: str, expected: list[str]
) -> None:
    row = fix(target, unit, tail)
    assert row.cells["measure"] == measure
    assert months(row) == expected


@pytest.mark.parametrize(
    ("target", "tail"),
    [
        pytest.param("999", ["1"] * 15 + ["0"], id="no-choice-makes-up-the-target"),
        pytest.param("3", ["0", "1", "2", *["0"] * 11, "0"], id="two-choices-do"),
        pytest.param("s/n", ["1"] * 15 + ["0"], id="target-unreadable"),
        pytest.param("12", [*["1"] * 17, "0"], id="too-many"),
        pytest.param("12", [*["1"] * 13, "texto", "otro", "más", "0"], id="too-much-text"),
        pytest.param("12", [*["1"] * 13, "texto", "no es partida", "0"], id="no-partida"),
        pytest.param("12", [*["1"] * 12, "I", "25220", "x", "s/n"], id="no-budget"),
        pytest.param("12", [*["1"] * 9, "0"], id="too-few"),
    ],
)
def test_what_nothing_decides_stays_as_printed_and_is_doubted(target: str, tail: list[str]) -> None:
    row = fix(target, QUANTITY, tail)
    assert months(row) == tail[:12] + [""] * (12 - len(tail[:12]))
    assert [doubt.id for doubt in row.doubts] == ["7"]
    assert not row.repairs


def test_a_group_has_one_amount_wherever_it_is_printed() -> None:
    row = fix("", "", [*[""] * 15, "30,120"])
    assert row.cells["budget"] == "30,120"
    assert [each.column for each in row.repairs] == ["Presupuesto", "columna 25"]


def test_a_group_without_an_amount_stays_blank() -> None:
    row = fix("", "", [""] * 15)
    assert row.cells["budget"] == ""
    assert not row.repairs


def test_an_operation_without_any_value_stays() -> None:
    row = fix("12", QUANTITY, [])
    assert months(row) == [""] * 12
    assert not row.repairs


def test_words_of_the_list_are_put_right_and_written_down() -> None:
    row = fix("12", QUANTITY, [*TWELVE, "Informe", "", "0"], name="Despacho en Orouro")
    assert row.cells["name"] == "Despacho en Oruro"
    (each,) = row.repairs
    assert (each.id, each.before, each.after) == ("7", "Despacho en Orouro", "Despacho en Oruro")


def test_every_difference_to_the_print_is_a_repair() -> None:
    tail = ["36"] * 15 + ["0"]
    row = fix("36", TIME, tail)
    printed = dict(zip(FIELDS[9:], tail, strict=False))
    changed = [field for field, text in printed.items() if row.cells[field] != text]
    assert len(row.repairs) == len(changed) + 1  # and the cell beyond the last column
