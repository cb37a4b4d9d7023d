"""What holds in every test of the actions: a file that is read by its rows that differ reads as it does whole."""

from pathlib import Path

import pytest

from poa_xl.actions import receiving
from poa_xl.actions.load import Opened, find_plan
from poa_xl.actions.rereading import AsSent, reread
from poa_xl.books.book import FileBook
from poa_xl.books.package import Package


def facts(opened: Opened) -> tuple[object, ...]:
    """Return all that a consolidation takes of a plan that was opened."""
    parsed = opened.parsed
    places = [(row.line, row.origin) for row in parsed.plan.rows]
    return parsed.plan, places, parsed.layout, parsed.title, parsed.passed, parsed.hidden, opened.sheet, opened.aside


def judged(package: Package, sent: AsSent, year: int | None) -> Opened | None:
    """Read a file by its rows that differ, and hold it against the same file read whole."""
    found = reread(package, sent, year)
    if found is not None:
        whole = find_plan(FileBook(Path(package.name), package).read(), None, year)
        assert facts(found) == facts(whole)
    return found


@pytest.fixture(autouse=True)
def _judge(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receiving, "reread", judged)
