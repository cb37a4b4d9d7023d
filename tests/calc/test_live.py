"""Every rule broken in a unit's workbook: Calc's *Estado* is what `check` says, and *Motivo* names what is wrong."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from poa_xl.actions.load import load_one
from poa_xl.actions.splitting import split_book
from poa_xl.books.book import FileBook
from poa_xl.books.patch.editor import Editor
from poa_xl.core.checks import CHECKS, check
from poa_xl.core.checks.changed import CHANGED_CHECKS
from poa_xl.core.dates import MONTHS
from poa_xl.core.flags import flag
from poa_xl.core.plan import Plan
from poa_xl.sheet.render import COLUMNS
from poa_xl.sheet.spec import Cell
from tests.engines import Shown, calc
from tests.office import Office
from tests.plans import group, line, operation, save

Put = str | Decimal | date | None


@dataclass(frozen=True)
class Breach:
    """What is typed over a right operation: fields, the rule that they break, and what *Motivo* says of it."""

    rule: str
    put: Mapping[str, Put]
    says: str


ALL = dict.fromkeys(MONTHS)
BREACHES = (
    Breach("meta-meses", {"ENE": Decimal(5)}, "los meses dan 16, la Meta es 12: sobran 4"),
    Breach("meta-meses", {"ENE": Decimal(0)}, "los meses dan 11, la Meta es 12: faltan 1"),
    Breach("meta-meses", {"target": Decimal(11)}, "la Meta es 11: sobran 1 → sobra un mes de 1"),
    Breach("meta-meses", {"DIC": None}, "faltan 1 → poner 1 en el mes vacío: así se alcanza la Meta. Meses sin valor"),
    Breach("meta-meses", {"target": Decimal(1)}, "sobran 11 → si cada mes se cumple la Meta entera, elegir Constante"),
    Breach(
        "meta-meses",
        {"stated": "Constante", "ENE": Decimal(2), "target": Decimal(1)},
        "sobran 1 → poner 1 en cada mes programado, o cambiar la Meta",
    ),
    Breach("meta-meses", {"stated": "Avance"}, "faltan 11 → en DIC poner 12"),
    Breach("meta-meses", {"stated": "Hito", **dict.fromkeys(MONTHS), "MAR": Decimal(3)}, "faltan 9 → en MAR poner 12"),
    Breach("meta-mes-vacio", {"ABR": None}, "meses sin valor: ABR"),
    Breach("meta-sin-meses", ALL, "hay Meta y ningún mes programado"),
    Breach("meta-ausente", {"target": None}, "hay meses programados y falta la Meta"),
    Breach("meta-no-numero", {"target": "36 horas"}, "la Meta no es un número"),
    Breach("meta-no-numero", {"MAY": "X", "OCT": "2-3"}, "no es un número: MAY OCT"),
    Breach("meta-ambigua", {"FEB": "1.234"}, "no es un número: FEB"),
    Breach("meta-negativa", {"ENE": Decimal(-1), "FEB": Decimal(3)}, "hay un mes negativo"),
    Breach("meta-negativa", {"target": Decimal(-12), **dict.fromkeys(MONTHS, Decimal(-1))}, "la Meta es negativa"),
    Breach("meta-tipo", {"stated": "Mensual"}, "ese Tipo de meta no existe"),
    Breach("fecha-orden", {"start": date(2020, 9, 1), "end": date(2020, 3, 1)}, "Fin es antes de Inicio"),
    Breach("fecha-gestion", {"start": date(2019, 12, 1)}, "Inicio está fuera de la gestión 2020"),
    Breach("fecha-gestion", {"end": date(2021, 2, 1)}, "Fin está fuera de la gestión 2020"),
    Breach("fecha-meses", {"start": date(2020, 3, 1), "end": date(2020, 11, 30)}, "fuera del plazo: ENE FEB DIC"),
    Breach("celda-error", {"measure": "=1/0"}, "tiene un error: Unidad de Medida"),
    Breach("celda-error", {"JUN": "=1/0"}, "no es un número: JUN"),
    Breach("celda-error", {"budget": "=1/0"}, "el Presupuesto tiene un error"),
    Breach("celda-error", {"start": "=1/0"}, "Inicio tiene un error"),
    Breach("celda-error", {"name": "=1/0", "partida": "=1/0"}, "tiene un error: Acciones Partida"),
    Breach("codigo-numerico", {"code": Decimal("1.1")}, "es un número → dar a la celda formato de texto y escribirlo"),
    Breach("codigo-ausente", {"code": None}, "falta el código → escribirlo, o quitar la fila del plan"),
    Breach(
        "codigo-duplicado", {"code": "GRO1.1.1"}, "el código ya está en la fila 8 → dar otro código a una de las dos"
    ),
    Breach(
        "codigo-duplicado", {"code": "gro1. 1.1."}, "el código ya está en otra fila → dar otro código a una de las dos"
    ),
    Breach(
        "codigo-sin-superior", {"code": "GRO1.7.1"}, "falta la fila GRO1.7 → agregarla encima, o corregir el código"
    ),
    Breach("codigo-sin-superior", {"code": "GRO1.1.80.2.1"}, "falta la fila GRO1.1.80.2 → agregarla encima"),
    Breach("responsable-ausente", {"owner": None}, "falta el Responsable"),
    Breach("responsable-ausente", {"owner": "  "}, "falta el Responsable"),
    Breach("presupuesto-no-numero", {"budget": "mil"}, "el Presupuesto no es un número → escribir solo el número"),
    Breach("presupuesto-ambiguo", {"budget": "1.234"}, "el Presupuesto no es un número"),
    Breach("presupuesto-negativo", {"budget": Decimal(-5)}, "el Presupuesto es negativo"),
)
# These are broken by the rows beside those above: see `plan`.
BESIDE = {"presupuesto-grupo", "presupuesto-hereda", "presupuesto-partidas", "presupuesto-desconocido"}
FIRST = 8  # the row of the first breach


def plan() -> Plan:
    """A group of right operations, one for each breach, and sums that are wrong or that nobody knows."""
    rows = [group("GRO1", 3), group("GRO1.1", 3), operation("GRO1.1.1", "Unidad Legal", 1)]
    rows += [operation(f"GRO1.1.{number}", "Unidad Legal", 1) for number in range(2, len(BREACHES) + 2)]
    rows += [group("GRO1.2", 99), operation("GRO1.2.1", "Unidad Legal", 7), line("25220", 4), line("25900", 5)]
    rows += [group("GRO1.3", 8), operation("GRO1.3.1", "Unidad Legal", 8)]
    rows += [group("GRO1.4", -5), operation("GRO1.4.1", "Unidad Legal", -5)]
    return Plan(tuple(rows), 2020)


@pytest.fixture(scope="module")
def broken(office: Office, tmp_path_factory: pytest.TempPathFactory) -> tuple[Plan, Shown]:
    """The workbook of a unit with every breach typed in, as Calc computes and saves it."""
    folder = tmp_path_factory.mktemp("live")
    split_book(save(plan(), folder / "maestro.xlsx"), folder / "u")
    path = folder / "u" / "Unidad Legal.xlsx"
    editor = Editor(path.read_bytes(), path.name)
    sheet = editor.sheet("POA 2020")
    for row, breach in enumerate(BREACHES, FIRST):
        for name, value in breach.put.items():
            is_formula = isinstance(value, str) and value.startswith("=")
            place = (row, COLUMNS[name])
            sheet.cells[place] = Cell(None, formula=str(value)) if is_formula else Cell(value)
            sheet.keep_format.add(place)
    wrong = next(row.line for row in load_one(FileBook(path)).plan.rows if str(row.code) == "GRO1.2")
    sheet.cells[wrong, COLUMNS["budget"]] = Cell(Decimal(99))
    path.write_bytes(editor.save())
    shown = calc(office)(path)
    return load_one(FileBook(path.parent / "xlsx" / path.name)).plan, shown


def test_every_row_is_as_the_check_says(broken: tuple[Plan, Shown]) -> None:
    found, shown = broken
    flags = flag(found, check(found))
    states = {
        row.line: (str(each.state), shown.get((row.line, COLUMNS["state"])) or "")
        for row, each in zip(found.rows, flags, strict=True)
    }
    assert len(states) == len(plan().rows)
    assert {line: pair for line, pair in states.items() if pair[0] != pair[1]} == {}


@pytest.mark.parametrize("number", range(len(BREACHES)), ids=[breach.rule for breach in BREACHES])
def test_the_reason_names_what_is_wrong(broken: tuple[Plan, Shown], number: int) -> None:
    found, shown = broken
    breach, row = BREACHES[number], FIRST + number
    rules = {finding.rule for finding in check(found) if found.rows[finding.index].line == row}
    assert breach.rule in rules
    reason = " ".join(str(shown[row, COLUMNS["reason"]]).split())
    assert breach.says.casefold() in reason.casefold()
    assert reason[0].isupper()
    assert reason.endswith(".")
    assert ".." not in reason
    assert "cuadran" not in reason or breach.rule.startswith(("codigo", "presupuesto", "responsable", "fecha", "celda"))


def test_sums_say_why(broken: tuple[Plan, Shown]) -> None:
    found, shown = broken
    rules = {finding.rule for finding in check(found)}
    assert rules >= BESIDE
    said = {str(row.code): str(shown.get((row.line, COLUMNS["reason"]))) for row in found.rows}
    assert "No se puede sumar: 3 montos no se leen" in said["GRO1.1"]
    assert "El Presupuesto dice 99.00 y sus filas suman 7.00 → poner 7.00" in said["GRO1.2"]
    assert "El Presupuesto dice 7.00 y sus filas suman 9.00 → poner 9.00" in said["GRO1.2.1"]
    assert "El Presupuesto es negativo por sus filas" in said["GRO1.4"]
    assert said["GRO1.3"] == "El presupuesto es la suma de sus filas."


def test_every_rule_that_formulas_see_is_broken_here_and_the_others_are_in_the_guide() -> None:
    live = {each.rule for each in CHECKS if each.live}
    # No workbook that a program has computed breaks the rule of formulas that none has computed.
    assert {breach.rule for breach in BREACHES} | BESIDE | {"formula-sin-calcular"} == live
    guide = (Path(__file__).parents[2] / "docs" / "guia.md").read_text("utf-8")
    section = guide.split("### Lo que las fórmulas no ven")[1].split("\n##")[0]
    unseen = {each.rule for each in CHECKS if not each.live} | {each.rule for each in CHANGED_CHECKS}
    assert unseen == {*re.findall(r"^\| `([a-z-]+)`", section, re.MULTILINE)}
