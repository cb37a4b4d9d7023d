"""The plan of 2020 under tracking, its reports drawn: core, native formulas and functions say the same in a running Calc."""

import random
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from poa_xl.actions.load import load_one
from poa_xl.books.book import FileBook
from poa_xl.core.dates import MONTHS
from poa_xl.core.plan import Plan, TargetKind
from poa_xl.core.reports import assess
from poa_xl.core.tracking import Sense, Standing, track
from poa_xl.sheet.grid import Value
from poa_xl.sheet.tracking import lines_of
from poa_xl.sheet.tracking_columns import ADDRESSES, PLACES
from tests.engines import without_results
from tests.paths import MASTER
from tests.running import Running
from tests.tracked import images_of, operations, source_of, typed_into

# How a month may be reported: as programmed, below, above, not at all, as nothing, far off, not as a number.
WORDS = {"=": "1", "-": "0.7", "+": "1.3", ".": None, "0": "0", "far": "1000", "X": "X"}
# As a person types them into a row: months, reports, cut-off, tipo and Sentido of this row.
_A = ADDRESSES
ASKED = {
    "POA_EJECUTADO": f"{_A['executed_ENE']}{{0}}:{_A['executed_DIC']}{{0}};{_A['kind']}{{0}};$B$2",
    "POA_EFICACIA": f"{_A['ENE']}{{0}}:{_A['DIC']}{{0}};{_A['executed_ENE']}{{0}}:{_A['executed_DIC']}{{0}};$B$2;"
    f'{_A["kind"]}{{0}};IF({_A["less"]}{{0}};"Menos es mejor";"Más es mejor")',
    "POA_PROYECCION": f"{_A['ENE']}{{0}}:{_A['DIC']}{{0}};{_A['executed_ENE']}{{0}}:{_A['executed_DIC']}{{0}};$B$2;"
    f"{_A['kind']}{{0}}",
    "POA_SEMAFORO": f"{_A['efficacy']}{{0}}",
}
SAID = ("done", "efficacy", "projection", "state", "reason")


def year(seed: int) -> tuple[Plan, dict[tuple[int, str], Value], int]:
    """Draw a cut-off, and of every operation its Tipo de meta, its Sentido and its reports."""
    chance = random.Random(seed)  # noqa: S311 - figures for a test, no secrets
    plan = load_one(FileBook(MASTER)).parsed.plan
    rows, cells = list(plan.rows), dict[tuple[int, str], Value]()
    for line, index in enumerate(operations(plan), 5):
        rows[index] = replace(rows[index], stated=chance.choice([None, *TargetKind]))
        cells[line, "sense"] = chance.choice([None, None, *Sense])
        for month, amount in zip(MONTHS, rows[index].months, strict=True):
            word = chance.choice([*WORDS, "=", "=", "="])
            told = WORDS[word]
            base = amount if isinstance(amount, Decimal) and amount else Decimal(1 if word == "+" else 0)
            cells[line, f"executed_{month}"] = told if told in (None, "X") else round(base * Decimal(told), 2)
    return replace(plan, rows=tuple(rows)), cells, chance.randrange(12)


@pytest.mark.parametrize("locale", ["en-US", "es-BO"])
@settings(max_examples=2, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 10**6))
def test_core_formulas_and_functions_agree(running: Running, tmp_path: Path, locale: str, seed: int) -> None:
    plan, cells, cutoff = year(seed)
    typed = {place: value for place, value in cells.items() if value is not None}
    source = source_of(plan)
    path = tmp_path / "p.xlsx"
    path.unlink(missing_ok=True)
    FileBook(path).write(images_of(source, typed, cutoff))
    reports = {entry.line: entry.report for entry in typed_into(source, typed, cutoff).entries}
    with running.speaking(locale):
        book = running.open(without_results(path, "xl/worksheets/sheet2.xml", wrong="?"))
        book.api.calculateAll()
        page = book.sheets[1].api
        lines = lines_of(source.plan)
        first, last = min(lines.values()), max(lines.values())
        native = {name: column(page, PLACES[name] - 1, first, last) for name in SAID}
        called = {}
        for number, (name, asked) in enumerate(ASKED.items(), len(PLACES) + 2):
            area = page.getCellRangeByPosition(number, first - 1, number, last - 1)
            area.setFormulaArray(tuple((f"={name}({asked.format(line)})",) for line in range(first, last + 1)))
            called[name] = column(page, number, first, last)
        book.close()
    for index, line in lines.items():
        row, report, here = source.plan.rows[index], reports[line], line - first
        said = assess(row, report, None, cutoff, source.scale)
        shown = {name: values[here] for name, values in native.items()}
        expected = {
            "done": said.progress.executed,
            "efficacy": said.efficacy,
            "projection": said.progress.projection,
            "state": said.state,
            "reason": said.reason,
        }
        assert_same(shown, expected, line)
        functions = {name: values[here] for name, values in called.items()}
        if any(value == "X" for (at, _), value in typed.items() if at == line):
            assert functions["POA_EFICACIA"] == "#VALUE!"
            continue
        done = track(said.progress.kind, said.progress.sense, (None,) * 12, report.executed, cutoff).executed
        word = said.efficacy if said.progress.standing is Standing.JUDGED else said.state
        more = track(said.progress.kind, Sense.MORE, row.months, report.executed, cutoff)
        close = more.projection if more.standing is Standing.JUDGED else functions["POA_PROYECCION"]
        state = said.state if said.efficacy is not None else None
        assert_same(
            functions,
            {"POA_EJECUTADO": done, "POA_EFICACIA": word, "POA_PROYECCION": close, "POA_SEMAFORO": state},
            line,
        )


def column(page: Any, number: int, first: int, last: int) -> list[object]:  # noqa: ANN401 - a UNO object
    """What the cells of a column show, errors by their names."""
    area = page.getCellRangeByPosition(number, first - 1, number, last - 1)
    values = (row[0] for row in area.getDataArray())
    return [each if each is not None else area.getCellByPosition(0, i).String for i, each in enumerate(values)]


def assert_same(shown: Mapping[str, object], expected: Mapping[str, object], line: int) -> None:
    for name, value in expected.items():
        found = shown[name]
        if isinstance(value, Decimal):
            assert isinstance(found, float), (name, line, found, value)
            assert found == pytest.approx(float(value), abs=1e-6), (name, line)
        else:
            assert (found or None) == (value or None), (name, line)
